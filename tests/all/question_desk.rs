//! A bank with a small law of its own beside the real ones, and the people who work with questions.

use app::bank::BankFiles;
use question_bank::law::{
    Article, ArticleNo, Edition, EditionId, Jurisdiction, LawTexts, Quality, Register, Validity, hash_han, hash_text,
    normalise_text,
};
use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Reply, Server, zhijie};

use crate::district::{PASSWORD, ROSTER, activate, reset, top_code};

/// The articles of the small law, invented.
pub const ARTICLES: [(&str, &str); 2] = [
    ("7", "处分的种类为：\n（一）警告；\n（二）记过；\n（三）开除。"),
    ("8", "处分的期间为：\n（一）警告，六个月；\n（二）记过，十二个月。\n处分决定自作出之日起生效。"),
];
/// Questions on it that are in papers from the start.
pub const STEMS: [&str; 3] = ["甲法里哪一项是处分？", "甲法里最轻的处分是哪一项？", "甲法里期间半年的处分是哪一项？"];

/// A served bank.
pub struct Desk {
    /// The server.
    pub server: Server,
    /// Its manager, who is nothing else.
    pub manager: Client,
    /// An author.
    pub author: Client,
    /// Another author.
    pub second: Client,
    /// A reviewer.
    pub reviewer: Client,
    /// Somebody who is author and reviewer at once.
    pub both: Client,
    /// Id of the top unit.
    pub top: String,
}

fn edition() -> Edition {
    let articles = ARTICLES.iter().map(|(no, text)| Article {
        no: ArticleNo::from(*no),
        label: format!("第{}条", if *no == "7" { "七" } else { "八" }),
        length: u32::try_from(normalise_text(text).chars().count()).expect("short"),
        sha_text: hash_text(text),
        sha_han: hash_han(text),
        validity: Validity::InForce,
        note: None,
    });
    Edition {
        id: EditionId::from("jia-fa-2020"),
        law: "jia-fa".into(),
        edition: "2020".into(),
        title: "中华人民共和国甲乙法".into(),
        short_title: "甲法".into(),
        kind: "法律".into(),
        issuer: "甲机关".into(),
        promulgated: "2019-12-01".parse().ok(),
        effective: "2020-01-01".parse().ok(),
        superseded_on: None,
        quality: Quality::B,
        jurisdiction: Jurisdiction::National,
        notes: None,
        articles: articles.collect(),
    }
}

fn questions() -> String {
    let mut text = "law = \"jia-fa\"\nedition = \"2020\"\n".to_owned();
    for (stem, no) in STEMS.iter().zip(1..) {
        text.push_str(&format!(
            "[[question]]\nref = \"jia-{no}\"\nversion = 1\nstate = \"active\"\nauthor = \"bank-a\"\n\
             reviewer = \"bank-b\"\nkind = \"single\"\npool = \"exam\"\ntopics = [\"jia\"]\nlevel = \"recall\"\n\
             audience = [\"all\"]\nprior_facility = 0.6\nchecked_on = 2026-01-01\nreview_by = 2036-01-01\n\
             stem = \"{stem}\"\noptions = [{{ id = \"a\", text = \"警告\" }}, \
             {{ id = \"b\", text = \"降级\", misconception = \"误以为有降级\" }}, \
             {{ id = \"c\", text = \"批评\", misconception = \"把批评当处分\" }}]\nkey = [\"a\"]\n\
             explanation = \"种类里有它。\"\n[[question.citation]]\narticle = \"7\"\nitem = 1\nwords = \"警告\"\n"
        ));
    }
    let mut texts = LawTexts::default();
    texts.insert(edition().id, ARTICLES.iter().map(|(no, text)| (ArticleNo::from(*no), (*text).to_owned())));
    let register = Register::from_editions([edition()]).expect("one edition");
    let bound = question_bank::bind::bind_file("jia.toml", &text, &register, &texts);
    assert_eq!((bound.written, bound.problems.len()), (3, 0), "{:?}", bound.problems);
    bound.text
}

/// Writes the bank that the program comes with, and the small law, as a folder.
pub fn write_bank(folder: &std::path::Path) {
    let files = BankFiles::embedded();
    for (name, text) in files.laws.iter().chain(&files.gists).chain(&files.questions).chain(&files.blueprints) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let topics = format!("{}\n[[topic]]\nslug = \"jia\"\ntitle = \"甲法知识\"\n", files.topics);
    std::fs::write(folder.join("topics.toml"), topics).expect("written");
    std::fs::write(folder.join("laws/jia-fa-2020.toml"), edition().to_toml()).expect("written");
    let gists = "edition = \"jia-fa-2020\"\n[gist]\n\"7\" = \"列出处分的种类。\"\n\"8\" = \"定下处分的期间。\"\n";
    std::fs::write(folder.join("gists/jia-fa-2020.toml"), gists).expect("written");
    std::fs::write(folder.join("questions/jia.toml"), questions()).expect("written");
}

/// Imports the bank and the roster, grants the roles, and serves.
pub fn open(database: &Database) -> Desk {
    let bank = database.folder().join("bank");
    write_bank(&bank);
    let imported = zhijie(database, &["bank", "import", bank.to_str().expect("a path")]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let roster = database.folder().join("roster.csv");
    std::fs::write(&roster, ROSTER).expect("written");
    let imported = zhijie(database, &["people", "import", roster.to_str().expect("a path")]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let top = top_code(database);
    for (login, role) in [
        ("manager", "manager"),
        ("author", "author"),
        ("second", "author"),
        ("reviewer", "reviewer"),
        ("both", "author"),
        ("both", "reviewer"),
    ] {
        let granted = zhijie(database, &["account", "grant", login, role, "--scope", &top]);
        assert!(granted.status.success(), "{}", String::from_utf8_lossy(&granted.stderr));
    }
    let logins = ["manager", "author", "second", "reviewer", "both"];
    let codes = logins.map(|login| reset(database, login));
    let server = Server::start(database, &[]);
    for (login, code) in logins.iter().zip(&codes) {
        activate(&server, login, code);
    }
    let [manager, author, second, reviewer, both] = logins.map(|login| server.sign_in(login, PASSWORD));
    let units = manager.get("/api/v1/units").expect(200);
    let units = units.body["items"].as_array().expect("units");
    let top = units.iter().find(|unit| unit["parent"].is_null()).expect("one top")["id"].as_str().expect("an id");
    Desk { manager, author, second, reviewer, both, top: top.to_owned(), server }
}

/// A whole 单选 on the small law, without a reference.
pub fn single(stem: &str) -> Value {
    json!({
        "pool": "exam", "topics": ["jia"], "level": "recall", "audience": ["all"], "prior_facility": 0.6,
        "body": { "item": {
            "kind": "single", "stem": stem,
            "options": [
                { "id": "a", "text": "警告" },
                { "id": "b", "text": "降级", "misconception": "误以为有降级" },
                { "id": "c", "text": "批评", "misconception": "把批评当处分" },
            ],
            "key": "a", "explanation": "种类里有它。",
            "citations": [{ "law": "jia-fa", "edition": "2020", "article": "7", "item": 1, "words": "警告" }],
        } },
    })
}

impl Desk {
    /// Imports the texts of the small law.
    pub fn import_texts(&self) {
        let mut lines = vec![json!({ "record": "law", "id": "jia-fa-2020", "title": "甲法" }).to_string()];
        lines.extend(
            ARTICLES
                .iter()
                .map(|(no, text)| json!({ "record": "article", "no": no, "label": "", "text": text }).to_string()),
        );
        let made = self
            .manager
            .upload("/api/v1/imports", &[("kind", "laws")], "甲法.jsonl", lines.join("\n").as_bytes())
            .expect(201);
        let path = format!("/api/v1/imports/{}/commit", made.text("id"));
        self.manager.post(&path, &json!({})).expect(200);
    }

    /// A step in the life of a question.
    pub fn step(&self, who: &Client, reference: &str, body: &Value) -> Reply {
        who.post(&format!("/api/v1/questions/{reference}/state-changes"), body)
    }

    /// A reviewer's decision.
    pub fn review(&self, who: &Client, reference: &str, decision: &str, comment: &str) -> Reply {
        let body = json!({ "decision": decision, "comment": comment });
        who.post(&format!("/api/v1/questions/{reference}/reviews"), &body)
    }

    /// A change by somebody who has read the newest version.
    pub fn change(&self, who: &Client, reference: &str, content: &Value) -> Reply {
        let read = who.get(&format!("/api/v1/questions/{reference}")).expect(200);
        let etag = format!("\"{}\"", read.text("etag"));
        who.with_header("If-Match", &etag).post(&format!("/api/v1/questions/{reference}/versions"), content)
    }

    /// Writes a question and brings it into papers; answers its reference.
    pub fn activated(&self, content: &Value) -> String {
        let made = self.author.post("/api/v1/questions", content).expect(201);
        let reference = made.text("ref").to_owned();
        self.to_active(&reference);
        reference
    }

    /// Brings a draft of the author's into papers.
    pub fn to_active(&self, reference: &str) {
        self.step(&self.author, reference, &json!({ "to": "submitted" })).expect(201);
        self.review(&self.reviewer, reference, "approved", "").expect(201);
        let body = json!({ "to": "active", "unproven_reason": "原文未导入，已核对纸质文本" });
        self.step(&self.author, reference, &body).expect(201);
    }
}
