//! A small district from nothing: what most tests stand on.

use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Server, zhijie};

/// The password that everybody chooses here.
pub const PASSWORD: &str = "xuexi-2026-jilv";

/// A roster of two units, as csv.
pub const ROSTER: &str = "\
工号,姓名,单位,领导职务层次,职级,政治面貌,出生年月
1001,张 三,区财政局,乡科级正职,一级主任科员,中共党员,1975.03
1002,李四,区财政局,乡科级副职,三级主任科员,中共党员,1980-07
1003,王五,区财政局/办公室,,一级科员,群众,199001
1004,赵六,区财政局/办公室,,一级科员,中共党员,1991年2月
1005,钱七,区财政局,,二级科员,中共党员,1992-05
1006,孙八,区财政局,,二级科员,中共党员,1988-11
2001,周九,青石镇,乡科级正职,一级主任科员,中共党员,1970-01
2002,吴十,青石镇,,一级科员,中共党员,1985-09
2003,郑一,青石镇/双桥村,,,群众,1979-12
";

/// A served district with a manager who is signed in.
pub struct District {
    /// The server.
    pub server: Server,
    /// Its manager.
    pub manager: Client,
    /// Id of the top unit.
    pub top: String,
}

/// Imports the roster by the command line, grants the manager, and serves.
pub fn start(database: &Database) -> District {
    start_with(database, &[])
}

/// As [`start`], with arguments for the server.
pub fn start_with(database: &Database, arguments: &[&str]) -> District {
    let roster = database.folder().join("roster.csv");
    std::fs::write(&roster, ROSTER).expect("written");
    let imported = zhijie(database, &["people", "import", roster.to_str().expect("a path"), "--json"]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let report: Value = serde_json::from_slice(&imported.stdout).expect("one JSON object");
    assert_eq!(report["people"]["new"], 9, "{report}");
    for (login, role) in [("manager", "manager"), ("analyst", "analyst"), ("security", "security_admin")] {
        let top = top_code(database);
        let granted = zhijie(database, &["account", "grant", login, role, "--scope", &top]);
        assert!(granted.status.success(), "{}", String::from_utf8_lossy(&granted.stderr));
    }
    let code = reset(database, "manager");
    let analyst_code = reset(database, "analyst");
    let server = Server::start(database, arguments);
    let manager = activate(&server, "manager", &code);
    activate(&server, "analyst", &analyst_code);
    let units = manager.get("/api/v1/units").expect(200);
    let top = units.body["items"]
        .as_array()
        .expect("units")
        .iter()
        .find(|unit| unit["parent"].is_null())
        .expect("one top")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    District { server, manager, top }
}

/// The code of the top unit, learnt from a refusal: a fresh import names it itself.
pub fn top_code(database: &Database) -> String {
    let store = storage::Store::open(&storage::DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let units = store.read(storage::organisation::units).expect("units");
    store.shut_down();
    units.into_iter().find(|unit| unit.parent_id.is_none()).expect("one top").code
}

/// A new activation code by the command line.
pub fn reset(database: &Database, login: &str) -> String {
    let printed = zhijie(database, &["account", "reset", login]);
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let text = String::from_utf8(printed.stdout).expect("text");
    let after = text.split("激活码 ").nth(1).expect("a code");
    after.split_whitespace().next().expect("a code").to_owned()
}

/// Trades a code for a password and signs in.
pub fn activate(server: &Server, login: &str, code: &str) -> Client {
    let reply = server
        .client()
        .post("/api/v1/activations", &json!({ "login": login, "code": code, "password": PASSWORD }))
        .expect(201);
    server.client().with_token(reply.text("token"))
}

impl District {
    /// Codes for everybody, as a liaison prints them: login and code.
    pub fn codes(&self) -> Vec<(String, String)> {
        let reply = self
            .manager
            .post(&format!("/api/v1/units/{}/activation-codes", self.top), &json!({ "only_missing": true }))
            .expect(201);
        reply.body["items"]
            .as_array()
            .expect("codes")
            .iter()
            .map(|item| {
                assert!(item["qr_svg"].as_str().is_some_and(|svg| svg.contains("<svg")), "{item}");
                (item["login"].as_str().expect("login").to_owned(), item["code"].as_str().expect("code").to_owned())
            })
            .collect()
    }

    /// Makes and publishes an exam for everybody; answers its id.
    pub fn publish(&self, rules: &Value, opens: i64, closes: i64, seconds: i64) -> String {
        self.publish_from("suce-20", rules, opens, closes, seconds)
    }

    /// The same from another blueprint.
    pub fn publish_from(&self, blueprint: &str, rules: &Value, opens: i64, closes: i64, seconds: i64) -> String {
        let now = app::clock::SystemClock::default();
        let at = |offset: i64| {
            use app::clock::Clock as _;
            let micros = now.now().as_microsecond() + offset * 1_000_000;
            app::clock::rfc3339_micros(micros)
        };
        let draft = self
            .manager
            .post(
                "/api/v1/exams",
                &json!({
                    "title": "纪法小测", "kind": "test", "blueprint": blueprint, "rules": rules,
                    "audience": { "units": [{ "unit": self.top, "subtree": true }] },
                    "opens_at": at(opens), "closes_at": at(closes), "duration_seconds": seconds, "seed": "tests",
                }),
            )
            .expect(201);
        let id = draft.text("id").to_owned();
        let published = self.manager.post(&format!("/api/v1/exams/{id}/publication"), &json!({})).expect(201);
        assert_eq!(published.body["roster"], 9, "{}", published.body);
        id
    }
}

/// Rules for a test: pass mark 60, keys at submission.
pub fn rules() -> Value {
    json!({
        "pass_marks": 60, "bands": [{ "from": 90, "name": "优秀" }, { "from": 60, "name": "合格" }],
        "attempts": 2, "count": "best", "full_duration": false, "late_sync_seconds": 120,
        "release_marks": "at_submission", "release_keys": "at_submission", "shuffle": true, "clauses": {},
    })
}

/// Some answer that fits a slot.
pub fn some_response(slot: &Value) -> Value {
    match slot["kind"].as_str().expect("a kind") {
        "single" => json!(["A"]),
        "multiple" => json!(["A", "B"]),
        "judgement" => json!(true),
        _ => json!(vec!["甲"; usize::try_from(slot["blanks"].as_u64().unwrap_or(1)).expect("small")]),
    }
}

/// Whose account it is: the id of the person.
pub fn person(client: &Client) -> String {
    client.get("/api/v1/me").expect(200).body["person"]["id"].as_str().expect("a person").to_owned()
}

/// Someone who sits an exam: by the attempt's token, and by the account.
pub struct Sitting {
    /// Id of the attempt.
    pub attempt: String,
    /// Its slots.
    pub slots: Vec<Value>,
    /// With the attempt's token.
    pub phone: Client,
    /// With the account's.
    pub account: Client,
}

/// Activates an account and starts.
pub fn sit(district: &District, exam: &str, login: &str) -> Sitting {
    let (login, code) = district.codes().into_iter().find(|(known, _)| known == login).expect("a code");
    let account = activate(&district.server, &login, &code);
    let started = account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "one" })).expect(201);
    Sitting {
        attempt: started.text("id").to_owned(),
        slots: started.body["slots"].as_array().expect("slots").clone(),
        phone: district.server.client().with_token(started.text("token")),
        account,
    }
}

impl Sitting {
    /// Where the answer to a slot goes.
    pub fn path(&self, slot: i64) -> String {
        format!("/api/v1/attempts/{}/answers/{slot}", self.attempt)
    }
}
