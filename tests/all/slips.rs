//! Activation slips: made by the command line and by the page, good for activation, and never at the cost of old codes.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use lopdf::Document;
use serde_json::json;
use zhijie_tests::{Database, Server, zhijie};

use crate::district::{self, PASSWORD, activate, reset};

crate::on_both_databases!(slips_by_the_command_line, slips_by_the_page, a_failure_leaves_the_old_codes);

/// The text of each page, without blanks.
fn pages(pdf: &[u8]) -> Vec<String> {
    let document = Document::load_mem(pdf).expect("a PDF");
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    let text = |number: &u32| document.extract_text(&[*number]).expect("text");
    numbers.iter().map(|number| text(number).split_whitespace().collect()).collect()
}

/// Login and code of a person's slip.
fn slip_of(pages: &[String], name: &str) -> (String, String) {
    let text = pages.concat();
    let slip = text.split(name).nth(1).unwrap_or_else(|| panic!("no slip of {name}: {text}"));
    let after =
        |label: &str, chars: usize| -> String { slip.split(label).nth(1).expect(label).chars().take(chars).collect() };
    (after("登录名", 4), after("激活码", 10))
}

fn codes(database: &Database, arguments: &[&str]) -> Output {
    zhijie(database, &[&["people", "codes"], arguments].concat())
}

fn import(database: &Database) {
    let roster = database.folder().join("roster.csv");
    std::fs::write(&roster, district::ROSTER).expect("written");
    let imported = zhijie(database, &["people", "import", roster.to_str().expect("a path")]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

fn slips_by_the_command_line(database: &Database) {
    import(database);
    let out = tempfile::tempdir().expect("a folder");
    let file = out.path().join("激活条.pdf");
    let path = file.to_str().expect("a path");
    let printed = codes(database, &["--unit", "区财政局", "--url", "https://jifa.example.gov.cn/", path]);
    let said = String::from_utf8_lossy(&printed.stderr).into_owned();
    assert!(printed.status.success() && said.contains("2 个单位，6 张激活条，2 页"), "{said}");
    assert!(!said.contains("没有写明网址") && printed.stdout.is_empty(), "{said}");
    assert_eq!(file.metadata().expect("a file").permissions().mode() & 0o777, 0o600);
    assert_eq!(files(out.path()), ["激活条.pdf"]);
    let both = pages(&std::fs::read(&file).expect("read"));
    assert!(both[0].starts_with("区财政局") && both[1].starts_with("区财政局办公室"), "{both:?}");
    assert!(both[0].contains("https://jifa.example.gov.cn/activate.html"), "{}", both[0]);

    // By path, and over the same file: the codes are new ones.
    let (login, old) = slip_of(&both, "王五");
    let again = codes(database, &["--unit", "区财政局/办公室", path]);
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(again.status.success() && said.contains("没有写明网址") && said.contains("2 张"), "{said}");
    let office = pages(&std::fs::read(&file).expect("read"));
    let (same, new) = slip_of(&office, "王五");
    assert_eq!((office.len(), &same), (1, &login));
    assert_ne!(new, old);

    let server = Server::start(database, &[]);
    let refused = json!({ "login": login, "code": old, "password": PASSWORD });
    server.client().post("/api/v1/activations", &refused).expect_problem(401, "wrong-credentials");
    activate(&server, &login, &new);
    let (login, code) = slip_of(&both, "张三");
    activate(&server, &login, &code);
}

fn slips_by_the_page(database: &Database) {
    let district = district::start(database);
    let path = format!("/api/v1/units/{}/activation-slips", district.top);
    let browser = district.manager.with_header("Origin", "https://jifa.example.gov.cn");
    let printed = browser.post(&path, &json!({ "only_missing": true })).expect(201);
    assert_eq!(printed.header("content-type"), Some("application/pdf"));
    assert_eq!((printed.header("x-slips"), printed.header("x-lacking")), (Some("9"), Some("")));
    assert!(printed.header("content-disposition").is_some_and(|value| value.starts_with("attachment")));
    let slips = pages(&printed.bytes);
    assert_eq!(slips.len(), 4, "a page for each unit: {slips:?}");
    assert!(slips[0].contains("扫码，或打开https://jifa.example.gov.cn/activate.html"), "{}", slips[0]);
    let (login, code) = slip_of(&slips, "郑一");
    assert_eq!(login, "2003");
    activate(&district.server, &login, &code);
    // Who has activated keeps the password.
    let again = district.manager.post(&path, &json!({ "only_missing": true })).expect(201);
    assert_eq!(again.header("x-slips"), Some("8"));
    assert!(!pages(&again.bytes).concat().contains("郑一"));
    district.server.sign_in("2003", PASSWORD);
    district.manager.post("/api/v1/units/none/activation-slips", &json!({})).expect_problem(404, "not-found");
}

fn a_failure_leaves_the_old_codes(database: &Database) {
    import(database);
    let code = reset(database, "1003");
    let out = tempfile::tempdir().expect("a folder");
    let file = out.path().join("out.pdf");
    let (path, missing) = (file.to_str().expect("a path"), out.path().join("none/out.pdf"));
    let text = out.path().join("text.ttf");
    std::fs::write(&text, "no font").expect("written");
    for (arguments, exit, says) in [
        (vec!["--unit", "税务局", path], 2, "没有“税务局”这个单位"),
        (vec!["--unit", "办公室", "--url", "jifa.example.gov.cn", path], 2, "https://主机"),
        (vec!["--unit", "办公室", "--font", "/none.ttf", path], 2, "无法读取字体文件 /none.ttf"),
        (vec!["--unit", "办公室", "--font", text.to_str().expect("a path"), path], 2, "不是可用的字体文件"),
        (vec!["--unit", "办公室", missing.to_str().expect("a path")], 1, "激活码没有变化"),
    ] {
        let refused = codes(database, &arguments);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!((refused.status.code(), said.contains(says)), (Some(exit), true), "{arguments:?}: {said}");
        assert_eq!(files(out.path()), ["text.ttf"], "{arguments:?}");
    }
    let server = Server::start(database, &[]);
    activate(&server, "1003", &code);
    drop(server);

    // When nobody needs a code there is no file either.
    let office = reset(database, "1004");
    let server = Server::start(database, &[]);
    activate(&server, "1004", &office);
    drop(server);
    let nobody = codes(database, &["--unit", "办公室", path]);
    let said = String::from_utf8_lossy(&nobody.stderr).into_owned();
    assert_eq!((nobody.status.code(), said.contains("没有需要发码的人")), (Some(1), true), "{said}");
    assert_eq!(files(out.path()), ["text.ttf"]);
}
