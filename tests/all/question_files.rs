//! `bank import` and `bank export`: files in and out by the command line.

use std::path::{Path, PathBuf};

use app::bank::{BankFiles, load};
use question_bank::Severity;
use question_bank::question::Question;
use serde_json::{Value, json};
use zhijie_tests::{Database, zhijie};

use crate::district::top_code;
use crate::question_desk::write_bank;

crate::on_both_databases!(a_bank_goes_through_the_database, files_become_drafts, what_a_format_loses_is_said);

fn run(database: &Database, arguments: &[&str], code: i32) -> (Value, String) {
    let output = zhijie(database, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    (serde_json::from_slice(&output.stdout).unwrap_or(Value::Null), said)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

fn questions(folder: &Path) -> Vec<Question> {
    let loaded = load(&BankFiles::read(folder).expect("a bank"));
    assert!(loaded.problems.iter().all(|problem| problem.severity != Severity::Error), "{:?}", loaded.problems);
    let mut questions: Vec<Question> = loaded.bank.questions().cloned().collect();
    questions.sort_by(|a, b| a.reference.cmp(&b.reference));
    questions
}

fn a_bank_goes_through_the_database(database: &Database) {
    let first = database.folder().join("bank");
    write_bank(&first);
    let (preview, _) = run(database, &["bank", "import", text(&first), "--dry-run", "--json"], 0);
    assert_eq!(preview["format"], "zhijie-toml");
    let mut names: Vec<&String> = preview.as_object().expect("an object").keys().collect();
    names.sort();
    assert_eq!(names, ["counts", "format", "problems", "questions"]);
    assert_eq!(preview["counts"]["questions"], json!(questions(&first).len()));
    let case =
        preview["questions"].as_array().expect("questions").iter().find(|one| one["kind"] == "case").expect("a case");
    assert!(case["stem"].as_str().is_some_and(|stem| !stem.is_empty()) && case["parts"].as_array().is_some(), "{case}");
    run(database, &["bank", "import", text(&first)], 0);
    let (_, said) = run(database, &["bank", "import", text(&first)], 0);
    assert!(said.contains("新题 0，新版本 0"), "{said}");

    // TOML → database → TOML is the same bank, which checks clean and goes in again unchanged.
    let second = database.folder().join("again");
    run(database, &["bank", "export", "--format", "toml", "--with-secure", text(&second)], 0);
    assert_eq!(questions(&second), questions(&first));
    run(database, &["bank", "check", text(&second)], 0);
    let (_, said) = run(database, &["bank", "import", text(&second)], 0);
    assert!(said.contains("新题 0，新版本 0") && said.contains("未写入 0"), "{said}");
    let one = database.folder().join("one.toml");
    run(database, &["bank", "export", "--format", "toml", "--law", "jia-fa", text(&one)], 0);
    let (preview, _) = run(database, &["bank", "import", text(&one), "--dry-run", "--json"], 2);
    assert_eq!(
        (&preview["counts"]["questions"], &preview["counts"]["errors"]),
        (&json!(3), &json!(3)),
        "all are taken"
    );

    // A new version by file takes the place of the old one; a file's draft waits beside it.
    let jia = first.join("questions/jia.toml");
    let changed = std::fs::read_to_string(&jia).expect("read").replacen(
        "version = 1\nstate = \"active\"",
        "version = 2\nstate = \"draft\"",
        1,
    );
    std::fs::write(&jia, changed).expect("written");
    let (outcome, _) = run(database, &["bank", "import", text(&first), "--json"], 0);
    assert_eq!((&outcome["new_versions"], &outcome["refused"]), (&json!(1), &json!([])));
    let store = storage::Store::open(&storage::DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let rows = store.read(|connection| storage::questions::versions(connection, "jia-1")).expect("read");
    let states: Vec<(i64, &str, bool)> = rows.iter().map(|row| (row.version, row.state.as_str(), row.head)).collect();
    assert_eq!(states, [(1, "active", false), (2, "draft", true)]);
    store.shut_down();
    drop(store);
    let changed = std::fs::read_to_string(&jia).expect("read").replacen(
        "version = 2\nstate = \"draft\"",
        "version = 3\nstate = \"active\"",
        1,
    );
    std::fs::write(&jia, changed).expect("written");
    run(database, &["bank", "import", text(&first)], 0);
    let store = storage::Store::open(&storage::DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let rows = store.read(|connection| storage::questions::versions(connection, "jia-1")).expect("read");
    let states: Vec<(i64, &str)> = rows.iter().map(|row| (row.version, row.state.as_str())).collect();
    assert_eq!(states, [(1, "retired"), (2, "draft"), (3, "active")]);
    store.shut_down();
}

fn file(database: &Database, name: &str, content: &str) -> PathBuf {
    let path = database.folder().join(name);
    std::fs::write(&path, content).expect("written");
    path
}

fn files_become_drafts(database: &Database) {
    let bank = database.folder().join("bank");
    write_bank(&bank);
    run(database, &["bank", "import", text(&bank)], 0);
    let roster = file(database, "roster.csv", crate::district::ROSTER);
    run(database, &["people", "import", text(&roster)], 0);
    let top = top_code(database);
    run(database, &["account", "grant", "author", "author", "--scope", &top], 0);
    run(database, &["account", "grant", "manager", "manager", "--scope", &top], 0);

    let gift = file(
        database,
        "题.gift",
        "::cli-1::哪一项最重？{=开除 ~警告#混同 ~记过#混同}\n\n甲->乙{=甲 -> 乙 =丙 -> 丁}\n",
    );
    let (preview, said) = run(database, &["bank", "import", text(&gift), "--dry-run", "--json"], 3);
    assert_eq!(
        preview["questions"],
        json!([{ "ref": "cli-1", "kind": "single", "stem": "哪一项最重？", "options": ["开除", "警告", "记过"], "key": ["A"],
            "explanation": "" }])
    );
    assert_eq!((preview["format"].as_str(), &preview["counts"]["errors"]), (Some("gift"), &json!(1)));
    assert!(said.contains("连线题"), "{said}");
    let problem =
        preview["problems"].as_array().expect("problems").iter().find(|one| one["severity"] == "error").expect("one");
    assert_eq!((&problem["row"], &problem["ref"]), (&json!(3), &Value::Null));
    let (_, said) = run(database, &["bank", "import", text(&gift), "--author", "manager"], 2);
    assert!(said.contains("不是命题人"), "{said}");
    run(database, &["bank", "import", text(&gift), "--author", "nobody"], 2);
    let (done, _) = run(database, &["bank", "import", text(&gift), "--author", "author", "--json"], 3);
    assert_eq!(done["drafts"], json!(["cli-1"]));
    // Again: its reference is taken, nothing can be done.
    run(database, &["bank", "import", text(&gift)], 2);
    // The same question under no reference is passed over unless asked for.
    let same = file(database, "同.gift", "甲法里哪一项是处分？{=警告 ~降级 ~批评}\n");
    let (_, said) = run(database, &["bank", "import", text(&same)], 0);
    assert!(said.contains("题库里已有（跳过）1"), "{said}");
    let (done, _) = run(database, &["bank", "import", text(&same), "--with-duplicates", "--json"], 0);
    assert!(done["drafts"][0].as_str().is_some_and(|reference| reference.starts_with('q')), "{done}");
    let plain = file(database, "题.txt", "1. 甲____。\n答案：乙\n");
    let (preview, _) = run(database, &["bank", "import", text(&plain), "--format", "text", "--dry-run", "--json"], 0);
    assert_eq!(preview["questions"][0]["key"], json!([["乙"]]));
    run(database, &["bank", "import", text(&plain), "--format", "pdf"], 2);
    run(database, &["bank", "import", "nowhere.gift"], 2);
    let store = storage::Store::open(&storage::DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let row = store.read(|connection| storage::questions::versions(connection, "cli-1")).expect("read").remove(0);
    assert_eq!((row.state.as_str(), row.author.as_str(), row.author_id.is_some()), ("draft", "author", true));
    store.shut_down();
}

fn what_a_format_loses_is_said(database: &Database) {
    let bank = database.folder().join("bank");
    write_bank(&bank);
    run(database, &["bank", "import", text(&bank)], 0);
    let out = |name: &str| database.folder().join(name);
    let (_, said) = run(database, &["bank", "export", "--format", "gift", "--pool", "exam", text(&out("题.gift"))], 0);
    assert!(said.contains("GIFT 不含") && said.contains("案例题没有写入"), "{said}");
    let (_, said) = run(database, &["bank", "export", "--format", "xlsx", "--topic", "jia", text(&out("题.xlsx"))], 0);
    assert!(said.contains("表格不含") && said.contains("导出 3 道题"), "{said}");
    run(
        database,
        &["bank", "export", "--format", "json", "--kind", "case", "--pool", "exam", text(&out("题.json"))],
        0,
    );
    let cases: Value = serde_json::from_slice(&std::fs::read(out("题.json")).expect("read")).expect("JSON");
    assert!(cases.as_array().is_some_and(|cases| !cases.is_empty()), "{cases}");
    // What was written is read back with the same questions, in another bank.
    for name in ["题.xlsx", "题.gift"] {
        let (preview, _) = run(database, &["bank", "import", text(&out(name)), "--dry-run", "--json"], 2);
        let jia = preview["questions"]
            .as_array()
            .expect("questions")
            .iter()
            .find(|one| one["ref"] == "jia-1")
            .expect("jia-1");
        assert_eq!((&jia["options"], &jia["key"]), (&json!(["警告", "降级", "批评"]), &json!(["A"])), "{name}");
    }
    run(database, &["bank", "export", "--format", "pdf", text(&out("x.pdf"))], 2);
    run(database, &["bank", "export", "--format", "json", "--pool", "open", text(&out("x.json"))], 2);
    // The secure pool goes out only on purpose.
    let secret = std::fs::read_to_string(bank.join("questions/jia.toml"))
        .expect("read")
        .replace("ref = \"jia-", "ref = \"secret-")
        .replace("pool = \"exam\"", "pool = \"secure\"");
    let secret: String =
        secret.lines().filter(|line| !line.starts_with("bind = ")).map(|line| format!("{line}\n")).collect();
    let secret = secret.replace("reviewer = \"bank-b\"", "reviewer = \"bank-b\"\nunproven_reason = \"试\"");
    std::fs::write(bank.join("questions/secret.toml"), secret).expect("written");
    run(database, &["bank", "import", text(&bank)], 0);
    let (_, said) = run(database, &["bank", "export", "--format", "json", text(&out("y.json"))], 2);
    assert!(said.contains("33 道保密题") && !out("y.json").exists(), "{said}");
    run(database, &["bank", "export", "--format", "json", "--pool", "exam", text(&out("y.json"))], 0);
    run(database, &["bank", "export", "--format", "json", "--with-secure", text(&out("z.json"))], 0);
    assert!(std::fs::read_to_string(out("z.json")).expect("read").contains("secret-1"));
}
