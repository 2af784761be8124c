//! Papers take what is in use at that moment: no draft, nothing retired, the version that was activated.

use std::collections::BTreeSet;

use serde_json::json;
use zhijie_tests::{Client, Database, Server};

use crate::district::{PASSWORD, activate};
use crate::question_desk::{self, Desk, STEMS, single};

crate::on_both_databases!(
    papers_follow_the_life_of_questions,
    a_fixed_paper_is_named,
    a_retired_question_is_not_drawn_elsewhere
);

fn blueprint(desk: &Desk, id: &str, mode: &str) {
    let body = json!({
        "id": id, "title": "甲法小卷", "pools": ["exam"], "mode": mode,
        "sections": [{ "title": "单选题", "kind": "single", "count": 2, "marks_each": 1,
            "rows": [{ "topics": ["jia"], "kind": "single", "count": 2 }] }],
    });
    desk.manager.post("/api/v1/blueprints", &body).expect(201);
}

fn exam(desk: &Desk, blueprint: &str) -> String {
    use app::clock::Clock as _;
    let now = app::clock::SystemClock::default().now().as_microsecond();
    let at = |offset: i64| app::clock::rfc3339_micros(now + offset * 1_000_000);
    let body = json!({
        "title": "甲法小测", "kind": "test", "blueprint": blueprint,
        "rules": { "pass_marks": 1, "attempts": 5, "count": "best", "full_duration": false, "late_sync_seconds": 0,
            "release_marks": "at_submission", "release_keys": "at_submission", "shuffle": true, "clauses": {} },
        "audience": { "units": [{ "unit": desk.top, "subtree": true }] },
        "opens_at": at(-60), "closes_at": at(7200), "duration_seconds": 1800, "seed": "tests",
    });
    desk.manager.post("/api/v1/exams", &body).expect(201).text("id").to_owned()
}

/// Every stem that somebody of the district would get.
fn drawn(manager: &Client, exam: &str) -> BTreeSet<String> {
    let people = manager.get("/api/v1/people?limit=200").expect(200);
    let mut stems = BTreeSet::new();
    for person in people.body["items"].as_array().expect("people") {
        let path = format!("/api/v1/exams/{exam}/preview?person={}", person["id"].as_str().expect("an id"));
        for slot in manager.get(&path).expect(200).body["slots"].as_array().expect("slots") {
            stems.insert(slot["stem"].as_str().expect("a stem").to_owned());
        }
    }
    stems
}

fn stems(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|stem| (*stem).to_owned()).collect()
}

fn papers_follow_the_life_of_questions(database: &Database) {
    let desk = question_desk::open(database);
    blueprint(&desk, "jia-random", "random");
    let exam = exam(&desk, "jia-random");
    let [first, second, third] = STEMS;
    assert_eq!(drawn(&desk.manager, &exam), stems(&STEMS), "nine people see all three");

    // A draft, a submitted and an approved one are in no paper.
    let reference = desk.author.post("/api/v1/questions", &single("新写的题？")).expect(201).text("ref").to_owned();
    assert_eq!(drawn(&desk.manager, &exam), stems(&STEMS), "a draft");
    desk.step(&desk.author, &reference, &json!({ "to": "submitted" })).expect(201);
    assert_eq!(drawn(&desk.manager, &exam), stems(&STEMS), "a submitted one");
    desk.review(&desk.reviewer, &reference, "approved", "").expect(201);
    assert_eq!(drawn(&desk.manager, &exam), stems(&STEMS), "an approved one");
    desk.step(&desk.author, &reference, &json!({ "to": "active", "unproven_reason": "试" })).expect(201);
    assert!(drawn(&desk.manager, &exam).contains("新写的题？"));
    desk.step(&desk.manager, &reference, &json!({ "to": "retired", "reason": "试" })).expect(201);
    assert_eq!(drawn(&desk.manager, &exam), stems(&STEMS), "retired: never drawn from that moment");

    // Somebody sits the paper; then one of its questions gets a new version and another one is retired.
    desk.manager.post(&format!("/api/v1/exams/{exam}/publication"), &json!({})).expect(201);
    let codes = desk
        .manager
        .post(&format!("/api/v1/units/{}/activation-codes", desk.top), &json!({ "only_missing": true }))
        .expect(201);
    let code =
        codes.body["items"].as_array().expect("codes").iter().find(|code| code["login"] == "1001").expect("1001");
    let examinee = activate(&desk.server, "1001", code["code"].as_str().expect("a code"));
    let started = examinee.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({})).expect(201);
    desk.change(&desk.author, "jia-1", &single("甲法里哪一项才是处分？")).expect(201);
    assert!(drawn(&desk.manager, &exam).contains(first), "the old version stays until the new one is activated");
    desk.to_active("jia-1");
    desk.step(&desk.manager, "jia-2", &json!({ "to": "retired", "reason": "试" })).expect(201);
    let now = drawn(&desk.manager, &exam);
    assert_eq!(now, stems(&["甲法里哪一项才是处分？", third]), "{second} is out");
    // What was begun goes on as it was, to its result.
    let resumed = examinee.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({})).expect(200);
    assert_eq!(resumed.body["slots"], started.body["slots"]);
    let phone = desk.server.client().with_token(started.text("token"));
    let path = format!("/api/v1/attempts/{}", started.text("id"));
    phone.put(&format!("{path}/answers/1"), &json!({ "revision": 1, "response": ["A"] })).expect(200);
    phone.post(&format!("{path}/submission"), &json!({})).expect(201);
    let result = examinee.get(&format!("{path}/result")).expect(200);
    assert_eq!(result.body["slots"].as_array().expect("slots").len(), 2);
    let again = examinee.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({})).expect(201);
    for slot in again.body["slots"].as_array().expect("slots") {
        assert!(now.contains(slot["stem"].as_str().expect("a stem")), "{slot}");
    }
}

fn a_fixed_paper_is_named(database: &Database) {
    let desk = question_desk::open(database);
    blueprint(&desk, "jia-fixed", "fixed");
    // A paper that was put together before a retirement is not published after it.
    let paper = desk.manager.post("/api/v1/papers", &json!({ "blueprint": "jia-fixed", "seed": "before" })).expect(201);
    assert_eq!(paper.body["unmet"], json!([]));
    let published = exam(&desk, "jia-fixed");
    desk.manager.post(&format!("/api/v1/exams/{published}/publication"), &json!({})).expect(201);
    let on_it = drawn(&desk.manager, &published);
    let (place, _) = STEMS.iter().enumerate().find(|(_, stem)| on_it.contains(**stem)).expect("one of the three");
    let reference = format!("jia-{}", place + 1);
    let retired = desk.step(&desk.manager, &reference, &json!({ "to": "retired", "reason": "答案有误" })).expect(201);
    assert_eq!(retired.body["in_fixed_papers"][0]["exam"], json!(published), "{}", retired.body);
    assert_eq!(drawn(&desk.manager, &published), on_it, "a published fixed paper is not changed behind anybody's back");
    for other in ["jia-1", "jia-2", "jia-3"] {
        let body = json!({ "to": "retired", "reason": "试" });
        if other != reference {
            desk.step(&desk.manager, other, &body).expect(201);
        }
    }
    let mut draft = json!({ "paper": paper.text("id"), "title": "用旧卷", "kind": "test" });
    draft["rules"] = json!({ "pass_marks": 1, "attempts": 1, "count": "best", "full_duration": false,
        "late_sync_seconds": 0, "release_marks": "at_submission", "release_keys": "at_submission", "shuffle": true, "clauses": {} });
    draft["audience"] = json!({ "units": [{ "unit": desk.top, "subtree": true }] });
    draft["opens_at"] = json!("2036-01-01T09:00:00+08:00");
    draft["closes_at"] = json!("2036-01-02T09:00:00+08:00");
    draft["duration_seconds"] = json!(1800);
    let late = desk.manager.post("/api/v1/exams", &draft).expect(201);
    let refused = desk.manager.post(&format!("/api/v1/exams/{}/publication", late.text("id")), &json!({}));
    refused.expect_problem(422, "invalid");
}

/// On another node, which has the bank in memory, a retired question is out at once, too.
fn a_retired_question_is_not_drawn_elsewhere(database: &Database) {
    let desk = question_desk::open(database);
    blueprint(&desk, "jia-random", "random");
    let exam = exam(&desk, "jia-random");
    let node = if database.is_postgres() { Some(Server::start(database, &[])) } else { None };
    let there = node.as_ref().map_or_else(|| desk.manager.clone(), |node| node.sign_in("manager", PASSWORD));
    assert_eq!(drawn(&there, &exam), stems(&STEMS));
    desk.step(&desk.manager, "jia-3", &json!({ "to": "retired", "reason": "试" })).expect(201);
    assert_eq!(drawn(&there, &exam), stems(&STEMS[..2]));
}
