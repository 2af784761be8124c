//! Law texts: an invented law is registered, its texts are imported article by article, and shown where they are proven.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zhijie_tests::{Database, zhijie};

use crate::district::{self, rules, sit};

crate::on_both_databases!(texts_are_imported_article_by_article, two_nodes_know_the_same_bank);

/// Four articles of a law that does not exist.
const ARTICLES: [(&str, &str); 4] = [
    ("第一条", "为了让测试有章可循，制定本办法。"),
    ("第二条", "测试人员应当在三日内提交记录；逾期的，不予受理。"),
    ("第三条", "记录由两人保管，各执一份。"),
    ("第四条", "本办法自公布之日起施行。"),
];

/// The bank of the repository in a folder of the test's own, with the invented law in its register.
fn bank_with_a_law(database: &Database) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").join("question-bank");
    let bank = database.folder().join("bank");
    copy(&root, &bank);
    let source = database.folder().join("source");
    std::fs::create_dir_all(&source).expect("a folder");
    let law = json!({
        "id": "ceshi-banfa-2020", "law": "ceshi-banfa", "edition": "2020", "title": "测试办法", "short_title": "测试办法",
        "kind": "部门规章", "issuer": "测试部", "promulgated": "2020-01-01", "effective": "2020-02-01",
        "superseded_on": null, "quality": "A", "notes": null,
    });
    std::fs::write(source.join("index.json"), json!({ "laws": [law] }).to_string()).expect("written");
    let mut lines = vec![json!({ "record": "law", "id": "ceshi-banfa-2020" }).to_string()];
    for (index, (label, text)) in ARTICLES.iter().enumerate() {
        let no = (index + 1).to_string();
        lines.push(json!({ "record": "article", "no": no, "label": label, "text": text }).to_string());
    }
    std::fs::write(source.join("ceshi-banfa-2020.jsonl"), lines.join("\n")).expect("written");
    let out = database.folder().join("register");
    let path = |path: &Path| path.to_str().expect("a path").to_owned();
    let made = zhijie(database, &["laws", "register", "--laws", &path(&source), "--out", &path(&out)]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let file = "ceshi-banfa-2020.toml";
    let register = std::fs::read_to_string(out.join(file)).expect("the register");
    assert!(!register.contains("三日内"), "the register holds no text: {register}");
    std::fs::copy(out.join(file), bank.join("laws").join(file)).expect("copied");
    bank
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
        }
    }
}

fn import_bank(database: &Database, bank: &Path) {
    let done = zhijie(database, &["bank", "import", bank.to_str().expect("a path")]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn text(articles: &[(&str, &str)]) -> String {
    let body: Vec<String> = articles.iter().map(|(label, text)| format!("{label}　{text}")).collect();
    format!("测试办法\n（2020年1月1日测试部公布）\n\n{}\n", body.join("\n"))
}

fn texts_are_imported_article_by_article(database: &Database) {
    let bank = bank_with_a_law(database);
    import_bank(database, &bank);
    let district = district::start(database);
    let manager = &district.manager;
    let article =
        |no: &str| manager.get(&format!("/api/v1/laws/ceshi-banfa/editions/2020/articles/{no}")).expect(200).body;
    assert!(article("2").get("text").is_none_or(Value::is_null), "nothing was imported yet");

    // One article with another comma, one with another word, one missing, one too many.
    let spoilt = text(&[
        ARTICLES[0],
        ("第二条", "测试人员应当在三日内提交记录,逾期的不予受理。"),
        ("第三条", "记录由三人保管，各执一份。"),
        ("第五条", "这一条不在登记册里。"),
    ]);
    let upload = |name: &str, bytes: &[u8]| manager.upload("/api/v1/imports", &[("kind", "laws")], name, bytes);
    let preview = upload("办法.txt", spoilt.as_bytes()).expect(201);
    let report = &preview.body["preview"]["editions"][0];
    assert_eq!(report["id"], "ceshi-banfa-2020");
    let figures = ["same", "punctuation_only", "different", "missing", "extra"].map(|name| report[name].clone());
    assert_eq!(figures, [json!(1), json!(1), json!(1), json!(1), json!(1)], "{report}");
    let import = preview.text("id").to_owned();
    manager.post(&format!("/api/v1/imports/{import}/commit"), &json!({})).expect(200);
    assert_eq!(article("1")["text"], ARTICLES[0].1);
    assert!(article("2")["text"].as_str().is_some_and(|text| text.contains("三日内")));
    assert!(article("3").get("text").is_none_or(Value::is_null), "a text that differs from the register is not shown");

    // The whole and right text afterwards, as GB18030 from an old machine and by the command line's own path.
    let whole = text(&ARTICLES);
    let preview = upload("办法.txt", whole.as_bytes()).expect(201);
    assert_eq!(preview.body["preview"]["editions"][0]["same"], 4);
    let import = preview.text("id").to_owned();
    manager.post(&format!("/api/v1/imports/{import}/commit"), &json!({})).expect(200);
    assert_eq!(article("3")["text"], ARTICLES[2].1);
    manager.post(&format!("/api/v1/imports/{import}/undo"), &json!({})).expect_problem(409, "conflict");

    for (name, bytes, word) in [
        ("空.txt", Vec::new(), "文件"),
        ("别的.txt", "今天天气很好。".as_bytes().to_vec(), ""),
        ("陌生.txt", text(&[("第一条", "谁也没有登记过的一条。")]).into_bytes(), "登记册"),
        ("坏的.docx", b"PK\x03\x04 not a zip".to_vec(), ""),
    ] {
        let refused = upload(name, &bytes).expect_problem(422, "invalid");
        assert!(refused.body.to_string().contains(word), "{name}: {}", refused.body);
    }
}

/// A bank imported beside a running node is known to it within ten seconds; on SQLite a second process is refused.
fn two_nodes_know_the_same_bank(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    sit(&district, &exam, "1001");
    let bank = bank_with_a_law(database);
    let done = zhijie(database, &["bank", "import", bank.to_str().expect("a path")]);
    if !database.is_postgres() {
        assert!(!done.status.success());
        assert!(String::from_utf8_lossy(&done.stderr).contains("正被另一个"), "the file belongs to its server");
        return;
    }
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let path = "/api/v1/laws/ceshi-banfa/editions/2020";
    let limit = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while district.manager.get(path).status != 200 {
        assert!(std::time::Instant::now() < limit, "the running node does not learn of the new law");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}
