//! 错题: only what is released, each question once, the newest paper first; and nothing of anybody else.

use serde_json::{Value, json};
use storage::{DatabaseUrl, Store};
use zhijie_tests::{Client, Database, Reply, Server};

use crate::district::{self, District, PASSWORD, activate, rules, some_response};

crate::on_both_databases!(
    wrong_answers_come_with_their_rule,
    nothing_before_the_release,
    voided_attempts_do_not_appear
);

/// Sits an exam with some answers to `slots` of its questions; answers the attempt's id.
fn sit(district: &District, account: &Client, exam: &str, slots: usize) -> String {
    let started = account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "one" })).expect(201);
    let attempt = started.text("id").to_owned();
    let phone = district.server.client().with_token(started.text("token"));
    for slot in started.body["slots"].as_array().expect("slots").iter().take(slots) {
        let path = format!("/api/v1/attempts/{attempt}/answers/{}", slot["slot"]);
        phone.put(&path, &json!({ "revision": 1, "response": some_response(slot) })).expect(200);
    }
    phone.post(&format!("/api/v1/attempts/{attempt}/submission"), &json!({})).expect(201);
    attempt
}

fn somebody(district: &District, codes: &[(String, String)], login: &str) -> Client {
    let (login, code) = codes.iter().find(|(known, _)| known == login).expect("a code");
    activate(&district.server, login, code)
}

fn wrong(client: &Client, query: &str) -> Reply {
    client.get(&format!("/api/v1/me/wrong-answers{query}")).expect(200)
}

fn items(reply: &Reply) -> Vec<Value> {
    reply.body["items"].as_array().expect("a list").clone()
}

fn stem(item: &Value) -> String {
    item["question"]["stem"].as_str().expect("a stem").to_owned()
}

fn wrong_answers_come_with_their_rule(database: &Database) {
    let district = district::start(database);
    let codes = district.codes();
    let account = somebody(&district, &codes, "1001");
    assert_eq!(wrong(&account, "").body, json!({ "items": [], "next": null }), "nothing was taken yet");

    let exam = district.publish(&rules(), -60, 3600, 1800);
    let first = sit(&district, &account, &exam, 20);
    let result = account.get(&format!("/api/v1/attempts/{first}/result")).expect(200).body;
    let failed: Vec<&Value> =
        result["slots"].as_array().expect("slots").iter().filter(|slot| slot["correct"] == false).collect();
    let listed = items(&wrong(&account, ""));
    assert!(listed.len() > 3, "the first option of everything is seldom right: {}", listed.len());
    assert_eq!(listed.len(), failed.len());
    for (item, slot) in listed.iter().zip(&failed) {
        for field in ["slot", "response", "marks", "marks_max", "question", "key", "explanation", "citations"] {
            assert_eq!(item[field], slot[field], "{field} is as in the result");
        }
        assert_eq!([&item["attempt"], &item["exam"]], [&json!(first), &json!(exam)]);
        assert_eq!((&item["exam_title"], &item["times_wrong"]), (&json!("纪法小测"), &json!(1)));
        assert_eq!(item["submitted_at"], result["submitted_at"]);
        assert_eq!(item["accepted"].is_array(), item["question"]["kind"] == "blank", "{item}");
    }

    // A second try, left blank: every question of it is wrong now, and comes first; the others stay behind.
    let second = sit(&district, &account, &exam, 0);
    let both = items(&wrong(&account, ""));
    let newer = both.iter().take_while(|item| item["attempt"] == json!(second)).count();
    assert_eq!(newer, 20, "the newest paper comes first");
    assert!(both.iter().skip(newer).all(|item| item["attempt"] == json!(first)));
    let mut stems: Vec<String> =
        both.iter().map(|item| format!("{} {}", stem(item), item["question"]["group"])).collect();
    stems.sort();
    stems.dedup();
    assert_eq!(stems.len(), both.len(), "each question once");
    let times: i64 = both.iter().map(|item| item["times_wrong"].as_i64().expect("a count")).sum();
    assert_eq!(times, i64::try_from(20 + failed.len()).expect("small"), "every time is counted");
    let of_first = items(&wrong(&account, &format!("?attempt={first}")));
    assert_eq!(of_first.len(), failed.len(), "all of one attempt, though some were wrong again");
    assert_eq!(of_first[0]["attempt"], json!(first));

    // Pages put together are the whole.
    let mut paged = Vec::new();
    let mut query = "?limit=7".to_owned();
    loop {
        let page = wrong(&account, &query);
        assert!(items(&page).len() <= 7);
        paged.extend(items(&page));
        let Some(next) = page.body["next"].as_str() else { break };
        query = format!("?limit=7&after={next}");
    }
    assert_eq!(paged, both);
    account.get("/api/v1/me/wrong-answers?after=here").expect_problem(422, "invalid");

    // Nobody sees anybody else's.
    let other = somebody(&district, &codes, "2001");
    assert_eq!(items(&wrong(&other, &format!("?attempt={first}"))), Vec::<Value>::new());
    assert_eq!(wrong(&district.manager, "").body["items"], json!([]), "an account without a person has none");
}

fn nothing_before_the_release(database: &Database) {
    let district = district::start(database);
    let codes = district.codes();
    for release_keys in ["after_window", "never"] {
        let login = if release_keys == "never" { "1003" } else { "1002" };
        let account = somebody(&district, &codes, login);
        let mut rules = rules();
        rules["release_keys"] = json!(release_keys);
        let exam = district.publish(&rules, -60, 3600, 1800);
        let attempt = sit(&district, &account, &exam, 20);
        let result = account.get(&format!("/api/v1/attempts/{attempt}/result")).expect(200).body;
        assert_eq!(result["keys_released"], false, "the marks are shown, the keys are not");
        assert_eq!(items(&wrong(&account, "")), Vec::<Value>::new(), "{release_keys}");
        assert_eq!(items(&wrong(&account, &format!("?attempt={attempt}"))), Vec::<Value>::new(), "{release_keys}");
    }
    // While a second try is open, the keys of the first are hidden again.
    let account = somebody(&district, &codes, "1004");
    let exam = district.publish(&rules(), -60, 3600, 1800);
    sit(&district, &account, &exam, 20);
    assert!(!items(&wrong(&account, "")).is_empty());
    account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "one" })).expect(201);
    assert_eq!(items(&wrong(&account, "")), Vec::<Value>::new(), "another paper of the same exam is open");
}

fn voided_attempts_do_not_appear(database: &Database) {
    let mut district = district::start(database);
    let codes = district.codes();
    let account = somebody(&district, &codes, "1005");
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let kept = sit(&district, &account, &exam, 20);
    let void = sit(&district, &account, &exam, 0);
    assert_eq!(items(&wrong(&account, ""))[0]["attempt"], json!(void));

    // One process at a time holds a SQLite file.
    district.server.kill();
    make_void(database, &void);
    district.server = Server::start(database, &[]);
    let account = district.server.sign_in("1005", PASSWORD);
    let listed = items(&wrong(&account, ""));
    assert!(!listed.is_empty() && listed.iter().all(|item| item["attempt"] == json!(kept)), "{void} is void");
    assert!(listed.iter().all(|item| item["times_wrong"] == 1), "and does not count");
    assert_eq!(items(&wrong(&account, &format!("?attempt={void}"))), Vec::<Value>::new());
}

/// Makes an attempt void in the database.
fn make_void(database: &Database, attempt: &str) {
    let store = Store::open(&DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let id = attempt.to_owned();
    store
        .write(move |connection| {
            let mut row = storage::attempts::attempt(connection, &id)?;
            row.state = "voided".to_owned();
            row.voiding = Some("annulled".to_owned());
            storage::attempts::update(connection, &row)
        })
        .expect("written");
    store.shut_down();
}
