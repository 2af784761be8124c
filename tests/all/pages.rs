//! The pages as they are served: what may be kept for good, and what is asked again.

use zhijie_tests::{Database, Server};

crate::on_both_databases!(files_are_kept_by_version, the_service_worker_keeps_the_officials_pages);

/// The version that the pages name.
fn version(html: &str) -> &str {
    html.split("\"/v/").nth(1).expect("a versioned address").split('/').next().expect("a version")
}

fn files_are_kept_by_version(database: &Database) {
    let server = Server::start(database, &[]);
    let client = server.client();
    let page = client.get("/exam.html").expect(200);
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let html = String::from_utf8(page.bytes.clone()).expect("text");
    let version = version(&html).to_owned();
    assert_eq!(html.matches("/js/").count(), html.matches(&format!("/v/{version}/js/")).count(), "all by version");
    for address in html.split('"').filter(|part| part.starts_with("/v/")) {
        let file = client.get(address).expect(200);
        assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"), "{address}");
        let plain = client.get(address.trim_start_matches(&format!("/v/{version}"))).expect(200);
        assert_eq!(plain.bytes, file.bytes, "{address}");
        assert_eq!(plain.header("cache-control"), Some("no-cache"), "{address}");
        let etag = plain.header("etag").expect("an etag").to_owned();
        let again = client.with_header("If-None-Match", &etag).get(address);
        assert_eq!(again.status, 304, "{address}");
    }
    // Two nodes, one of them renewed already: the file of this node serves, and nobody keeps it.
    let other = client.get("/v/0123456789abcdef/js/exam.js").expect(200);
    assert_eq!(other.header("cache-control"), Some("no-store"));
    for address in ["/v/0123456789abcdef/js/none.js", "/v/js/exam.js", "/v/", "/v/0123456789abcdef/"] {
        let missing = client.get(address);
        assert!(missing.status == 404 || address.ends_with("f/"), "{address}: {}", missing.status);
    }
}

fn the_service_worker_keeps_the_officials_pages(database: &Database) {
    let server = Server::start(database, &[]);
    let client = server.client();
    let html = String::from_utf8(client.get("/index.html").expect(200).bytes).expect("text");
    let worker = client.get("/sw.js").expect(200);
    assert_eq!(worker.header("cache-control"), Some("no-cache"), "a new version is seen at once");
    assert!(worker.header("content-type").is_some_and(|kind| kind.starts_with("text/javascript")));
    assert!(worker.header("content-security-policy").is_some());
    let text = String::from_utf8(worker.bytes).expect("text");
    let texts: Vec<&str> = text.split(['"', '`']).collect();
    assert!(texts.contains(&version(&html)), "it is of the pages' version");
    let list = texts.iter().find(|list| list.split(' ').any(|path| path == "/exam.html")).expect("a list of files");
    let kept: Vec<&str> = list.split(' ').collect();
    for path in ["/exam.html", "/index.html", "/practice.html", "/js/exam.js", "/js/outbox.js", "/css/phone.css"] {
        assert!(kept.contains(&path), "{path} of {kept:?}");
    }
    for path in &kept {
        assert!(!path.contains("/api/") && !path.contains("/staff/"), "{path}");
        client.get(&format!("/v/{}{path}", version(&html))).expect(200);
    }
}
