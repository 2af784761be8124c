//! Seals and the ledger: what was sealed or noted and then altered is named.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Server, zhijie};

use crate::district::some_response;

crate::on_both_databases!(a_sealed_exam_cannot_be_altered_unseen, what_comes_after_the_seal_is_put_away);

struct Demo {
    server: Server,
    manager: Client,
    auditor: Client,
}

fn demo(database: &Database) -> Demo {
    let server = Server::start(database, &["--demo"]);
    let accounts = Server::demo_accounts(database);
    let client = |role: &str| {
        let account = accounts.iter().find(|account| account.role == role).expect("an account");
        server.sign_in(&account.login, &account.password)
    };
    let (manager, auditor) = (client("manager"), client("audit_admin"));
    Demo { server, manager, auditor }
}

fn exam_in_state(client: &Client, state: &str) -> String {
    let exams = client.get("/api/v1/exams").expect(200);
    let found = exams.body["items"].as_array().expect("exams").iter().find(|exam| exam["state"] == state).cloned();
    found.expect("an exam")["id"].as_str().expect("an id").to_owned()
}

fn verified(demo: &Demo) -> Value {
    demo.auditor.get("/api/v1/ledger/verification").expect(200).body
}

fn a_sealed_exam_cannot_be_altered_unseen(database: &Database) {
    let demo = demo(database);
    let (past, open) = (exam_in_state(&demo.manager, "closed"), exam_in_state(&demo.manager, "open"));
    let sealing = |exam: &str| demo.manager.post(&format!("/api/v1/exams/{exam}/sealing"), &json!({}));
    sealing(&open).expect_problem(409, "conflict");
    sealing("none").expect_problem(404, "not-found");
    let sealed = sealing(&past).expect(201);
    assert_eq!(sealed.body["generation"], 1);
    let files = sealed.body["files"].as_array().expect("files").clone();
    let paths: Vec<&str> = files.iter().map(|file| file["path"].as_str().expect("a path")).collect();
    for part in ["roster/", "responses/", "scores/generation=1/"] {
        assert!(paths.iter().any(|path| path.starts_with(part) && path.contains(&past)), "{part}: {paths:?}");
    }
    assert!(sealed.body["receipts"].as_i64() > Some(1_000), "{}", sealed.body);
    sealing(&past).expect_problem(409, "conflict");
    assert_eq!(demo.manager.get(&format!("/api/v1/exams/{past}")).expect(200).body["state"], "sealed");
    let leave = json!({ "person": "none", "reason": "x" });
    demo.manager.post(&format!("/api/v1/exams/{past}/leaves"), &leave).expect_problem(409, "conflict");

    // The act stands in the ledger, the head vouches for it.
    let entries = demo.auditor.get("/api/v1/ledger?limit=200").expect(200);
    let entry = entries.body["items"].as_array().expect("entries").iter().find(|entry| entry["kind"] == "exam_sealed");
    let entry = entry.expect("the seal").clone();
    assert_eq!((&entry["subject"], &entry["detail"]["manifest"]), (&json!(past), &sealed.body["manifest"]));
    let head = demo.auditor.get("/api/v1/ledger/head").expect(200);
    assert!(head.body["sequence"].as_i64() >= entry["sequence"].as_i64(), "{}", head.body);
    demo.manager.get("/api/v1/ledger").expect_problem(403, "forbidden");
    let good = verified(&demo);
    assert_eq!((&good["valid"], &good["first_bad"]), (&json!(true), &Value::Null), "{good}");

    altered_files_are_named(database, &demo, &paths);
    an_outsider_checks(database, &demo);

    // Marked again under a ruling: a second generation, the first stays.
    let questions = demo.manager.get(&format!("/api/v1/exams/{past}/questions")).expect(200);
    let asked = questions.body["items"][0].clone();
    let ruling = json!({
        "question": asked["question"], "part": asked["part"], "policy": "give_to_all", "reason": "表述有歧义",
    });
    let again =
        demo.manager.post(&format!("/api/v1/exams/{past}/regrades"), &json!({ "rulings": [ruling] })).expect(201);
    assert!(again.body["changed"].as_i64() > Some(0), "{}", again.body);
    let second = sealing(&past).expect(201);
    assert_eq!(second.body["generation"], 2);
    assert!(
        second.body["files"]
            .as_array()
            .expect("files")
            .iter()
            .all(|file| { file["path"].as_str().is_some_and(|path| path.starts_with("scores/generation=2/")) })
    );
    assert_eq!(second.body["receipts_root"], sealed.body["receipts_root"]);
    let good = verified(&demo);
    assert_eq!(good["valid"], true, "{good}");

    // The reason is a free text: the chain holds its digest, the text stands beside it.
    let entries = demo.auditor.get("/api/v1/ledger?limit=200").expect(200);
    let items = entries.body["items"].as_array().expect("entries");
    let entry = items.iter().find(|entry| entry["kind"] == "exam_regraded").expect("the regrade");
    assert_eq!((&entry["reason"], &entry["reason_matches"]), (&json!("表述有歧义"), &json!(true)), "{entry}");
    assert!(entry["detail"]["reason_sha256"].is_string(), "{entry}");
    assert!(!entry["text"].as_str().expect("a text").contains("表述有歧义"), "{entry}");

    let file = second.body["files"][0]["path"].as_str().expect("a path").to_owned();
    what_a_crash_left_is_swept(database, demo, &file);
}

/// A seal that was cut short leaves files that no manifest names; whoever starts next takes them away.
fn what_a_crash_left_is_swept(database: &Database, demo: Demo, sealed: &str) {
    let left = database.folder().join("lake").join(sealed.replace("generation=2", "generation=3"));
    std::fs::create_dir_all(left.parent().expect("a folder")).expect("made");
    std::fs::write(&left, b"half").expect("written");
    let Demo { server, .. } = demo;
    server.kill();
    let demo = self::demo(database);
    assert!(!left.exists(), "{}", left.display());
    assert!(database.folder().join("lake").join(sealed).exists(), "what is sealed stays");
    let good = verified(&demo);
    assert_eq!(good["valid"], true, "{good}");
}

fn altered_files_are_named(database: &Database, demo: &Demo, paths: &[&str]) {
    let lake: PathBuf = database.folder().join("lake");
    for path in paths {
        let file = lake.join(path);
        let bytes = std::fs::read(&file).expect("a sealed file");
        let mut altered = bytes.clone();
        let middle = altered.len() / 2;
        altered[middle] ^= 1;
        std::fs::write(&file, &altered).expect("altered");
        let bad = verified(demo);
        assert_eq!((&bad["valid"], &bad["first_bad"]["file"]), (&json!(false), &json!(path)), "{bad}");
        std::fs::remove_file(&file).expect("removed");
        let bad = verified(demo);
        assert_eq!(bad["first_bad"]["file"], json!(path), "{bad}");
        std::fs::write(&file, &bytes).expect("as it was");
    }
    let more = lake.join(paths[0]).with_file_name("more.parquet");
    std::fs::write(&more, b"x").expect("written");
    assert_eq!(verified(demo)["valid"], false, "a file too many");
    std::fs::remove_file(&more).expect("removed");
    let good = verified(demo);
    assert_eq!(good["valid"], true, "{good}");
}

fn an_outsider_checks(database: &Database, demo: &Demo) {
    let folder = database.folder();
    let save = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("written");
        path.to_str().expect("a path").to_owned()
    };
    // Whoever exports later than the anchor was taken has more entries, and must have those of the anchor.
    let limit = Instant::now() + Duration::from_secs(20);
    let anchor = loop {
        let reply = demo.auditor.get("/api/v1/ledger/anchor");
        if reply.status == 200 {
            break save("anchor.json", &reply.bytes);
        }
        assert!(Instant::now() < limit, "{}", reply.body);
        std::thread::sleep(Duration::from_millis(200));
    };
    let export = demo.auditor.get("/api/v1/ledger/export").expect(200).bytes;
    let check = |path: &str| {
        let checked = zhijie(database, &["ledger", "verify", "--export", path, "--anchor", &anchor, "--json"]);
        let report: Value = serde_json::from_slice(&checked.stdout).unwrap_or(Value::Null);
        (checked.status.code(), report)
    };
    let (code, report) = check(&save("ledger.jsonl", &export));
    assert_eq!((code, &report["valid"]), (Some(0), &json!(true)), "{report}");

    let mut flipped = export.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let (code, report) = check(&save("flipped.jsonl", &flipped));
    assert_eq!((code, &report["valid"]), (Some(1), &json!(false)), "{report}");
    assert!(report["first_bad"]["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{report}");

    let text = String::from_utf8(export).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    let cut: String = lines[..lines.len() - 3].iter().map(|line| format!("{line}\n")).collect();
    let (code, report) = check(&save("cut.jsonl", cut.as_bytes()));
    assert_eq!((code, &report["valid"]), (Some(1), &json!(false)), "{report}");
    let _ = &demo.server;
}

/// A phone comes back weeks later with answers: they change nothing that is sealed, and do not stand open for ever.
fn what_comes_after_the_seal_is_put_away(database: &Database) {
    let demo = demo(database);
    let accounts = Server::demo_accounts(database);
    let examinee = accounts.iter().find(|account| account.role == "examinee").expect("an examinee").clone();
    let phone = demo.server.sign_in(&examinee.login, &examinee.password);
    let exam = exam_in_state(&demo.manager, "open");
    let attempt = phone.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "a" })).expect(201);
    let slot = attempt.body["slots"][0].clone();
    let body = json!({ "revision": 1, "response": some_response(&slot) });
    let answer = format!("/api/v1/attempts/{}/answers/1", attempt.text("id"));
    phone.put(&answer, &body).expect(200);
    demo.manager.post("/api/v1/demo/clock", &json!({ "advance_seconds": 20 * 86_400 })).expect(200);

    let manager = accounts.iter().find(|account| account.role == "manager").expect("a manager");
    let manager = demo.server.sign_in(&manager.login, &manager.password);
    let sealing = format!("/api/v1/exams/{exam}/sealing");
    let limit = Instant::now() + Duration::from_secs(60);
    let sealed = loop {
        let reply = manager.post(&sealing, &json!({}));
        if reply.status != 409 {
            break reply.expect(201);
        }
        assert!(Instant::now() < limit, "{}", reply.body);
        std::thread::sleep(Duration::from_millis(200));
    };
    assert_eq!(sealed.body["receipts"], 1);
    let phone = demo.server.sign_in(&examinee.login, &examinee.password);
    let late = phone.put(&answer, &json!({ "revision": 2, "response": Value::Null }));
    assert_eq!(late.expect_problem(409, "attempt-closed").body["kept_for_review"], true);
    let kept = manager.get(&format!("/api/v1/exams/{exam}/kept-answers")).expect(200).body["items"][0].clone();
    let decision = format!("/api/v1/kept-answers/{}/decision", kept["id"].as_str().expect("an id"));
    let reason = "考试已封存";
    let refused = manager.post(&decision, &json!({ "admitted": true, "reason": reason }));
    assert!(refused.expect_problem(409, "conflict").body.to_string().contains("封存"));
    manager.post(&decision, &json!({ "admitted": false, "reason": reason })).expect(204);
    manager.post(&sealing, &json!({})).expect_problem(409, "conflict");
    let auditor = accounts.iter().find(|account| account.role == "audit_admin").expect("an audit administrator");
    let auditor = demo.server.sign_in(&auditor.login, &auditor.password);
    assert_eq!(auditor.get("/api/v1/ledger/verification").expect(200).body["valid"], true);
}
