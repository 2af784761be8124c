//! Settings of one exam that reach beyond its paper: entry by waves, leaves of the page, the freeze of edits.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zhijie_tests::{Client, Database, zhijie};

use crate::district::{self, District, activate, person, rules, sit};

crate::on_both_databases!(waves_come_in_one_after_the_other, leaves_of_the_page, edits_are_frozen_while_it_runs);

const LIMIT: Duration = Duration::from_secs(60);

fn with(field: &str, value: Value) -> Value {
    let mut rules = rules();
    rules[field] = value;
    rules
}

fn assignment(client: &Client, exam: &str) -> Value {
    let all = client.get("/api/v1/me/assignments").expect(200).body;
    all["items"].as_array().expect("items").iter().find(|item| item["exam"] == exam).expect("the exam").clone()
}

fn codes(district: &District, login: &str) -> Client {
    let (login, code) = district.codes().into_iter().find(|(known, _)| known == login).expect("a code");
    activate(&district.server, &login, &code)
}

fn waves_come_in_one_after_the_other(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&with("entry_waves", json!({ "count": 3, "interval_seconds": 1800 })), -60, 9000, 1800);
    let view = district.manager.get(&format!("/api/v1/exams/{exam}")).expect(200).body;
    let waves = view["waves"].as_array().expect("waves");
    let sizes: Vec<i64> = waves.iter().filter_map(|wave| wave["people"].as_i64()).collect();
    assert_eq!(sizes, [4, 3, 2], "{view}");
    assert_eq!(waves[0]["opens_at"], view["opens_at"]);
    assert_eq!(waves[0]["units"][0]["title"], "区财政局", "the largest unit comes first, as a whole: {view}");
    let roster = district.manager.get(&format!("/api/v1/exams/{exam}/roster?limit=50")).expect(200).body;
    let entries = roster["items"].as_array().expect("entries");
    let at_the_opening = entries.iter().filter(|entry| entry["entry_at"] == view["opens_at"]).count();
    assert_eq!(at_the_opening, 4, "{roster}");

    let first = codes(&district, "1001");
    assert_eq!(assignment(&first, &exam)["state"], "open");
    first.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({})).expect(201);
    // Of the same office, another unit: not yet, and it says when.
    let later = codes(&district, "1003");
    let due = assignment(&later, &exam);
    assert_eq!(due["state"], "upcoming");
    assert!(waves[1..].iter().any(|wave| wave["opens_at"] == due["opens_at"]), "{due} {view}");
    let refused =
        later.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({})).expect_problem(409, "window-not-open");
    assert!(refused.body["title"].as_str().is_some_and(|title| title.contains("开始时间为")), "{}", refused.body);
    let timeline =
        district.manager.get(&format!("/api/v1/exams/{exam}/people/{}/timeline", person(&later))).expect(200);
    assert_eq!(timeline.body["can_start"], false, "{}", timeline.body);

    // Another exam, whose second wave comes in about now: by then it can be started.
    let soon = with("entry_waves", json!({ "count": 2, "interval_seconds": 62, "by": "person" }));
    let soon = district.publish(&soon, -60, 9000, 1800);
    let limit = Instant::now() + LIMIT;
    for client in [&first, &later] {
        loop {
            let reply = client.post(&format!("/api/v1/exams/{soon}/attempts"), &json!({}));
            if reply.status == 201 {
                break;
            }
            reply.expect_problem(409, "window-not-open");
            assert!(Instant::now() < limit, "the wave never came in");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    // What cannot be kept is refused by its field, in words.
    for (waves, field) in [
        (json!({ "count": 1, "interval_seconds": 60 }), "entry_waves.count"),
        (json!({ "count": 6, "interval_seconds": 1800 }), "entry_waves.count"),
        (json!({ "count": 3, "interval_seconds": 0 }), "entry_waves.interval_seconds"),
        (json!({ "count": 3 }), "entry_waves"),
    ] {
        let body = json!({
            "title": "不行", "kind": "test", "blueprint": "suce-20", "rules": with("entry_waves", waves),
            "audience": { "units": [{ "unit": district.top, "subtree": true }] },
            "opens_at": "2036-01-01T09:00:00+08:00", "closes_at": "2036-01-01T11:00:00+08:00", "duration_seconds": 1800,
        });
        let refused = district.manager.post("/api/v1/exams", &body).expect_problem(422, "invalid");
        assert_eq!(refused.body["errors"][0]["field"], field, "{}", refused.body);
    }
}

/// 西安光机所: at most three screen leaves. edwisely-ai/Tech-Bridge#242: a screen that goes off hands nothing in.
fn leaves_of_the_page(database: &Database) {
    let district = district::start(database);
    let rule = json!({ "most": 1, "from_seconds": 10, "then": "hand_in" });
    let exam = district.publish(&with("screen_leaves", rule), -60, 3600, 1800);
    let sitting = sit(&district, &exam, "1001");
    let info = assignment(&sitting.account, &exam);
    assert!(info["instructions"].as_str().is_some_and(|text| text.contains("最多 1 次")), "told before: {info}");
    let path = |leave: &str| format!("/api/v1/attempts/{}/screen-leaves/{leave}", sitting.attempt);
    let tell = |leave: &str, away_ms: i64| sitting.phone.put(&path(leave), &json!({ "away_ms": away_ms }));
    let said = |reply: zhijie_tests::Reply| {
        let body = reply.expect(200).body;
        (body["counted"].as_i64().expect("a count"), body["hand_in"].as_bool().expect("a word"))
    };
    assert_eq!(said(tell("a", 9_999)), (0, false), "a short look away is no leave");
    assert_eq!(said(tell("b", 10_000)), (1, false));
    assert_eq!(said(tell("b", 10_000)), (1, false), "told twice, counted once");
    assert_eq!(said(tell("c", 3_600_000)), (2, true), "one too many");
    let again = format!("/api/v1/exams/{exam}/attempts");
    let resumed = sitting.account.post(&again, &json!({ "device": "one" })).expect(200);
    assert_eq!(resumed.body["screen_leaves"], json!({ "most": 1, "from_seconds": 10, "hand_in": true, "counted": 2 }));
    // The phone is asked to hand in; the server does not do it behind its back, with answers still on the phone.
    assert_eq!(resumed.body["state"], "answering");
    for (leave, body, field) in [
        ("d", json!({ "away_ms": -1 }), "away_ms"),
        ("d", json!({ "away_ms": 90_000_000_000_i64 }), "away_ms"),
        ("d", json!({ "away_ms": 1, "left_at": "昨天" }), "left_at"),
        (&*"x".repeat(65), json!({ "away_ms": 1 }), "leave"),
    ] {
        let refused = sitting.phone.put(&path(leave), &body).expect_problem(422, "invalid");
        assert_eq!(refused.body["errors"][0]["field"], field, "{}", refused.body);
    }
    let other = sit(&district, &exam, "2001");
    other.phone.put(&path("e"), &json!({ "away_ms": 20_000 })).expect_problem(404, "not-found");

    // The desk sees it; people decide.
    let live = district.manager.get(&format!("/api/v1/exams/{exam}/live")).expect(200).body;
    assert_eq!(live["total"]["left_too_often"], 1, "{live}");
    let timeline = format!("/api/v1/exams/{exam}/people/{}/timeline", person(&sitting.account));
    let timeline = district.manager.get(&timeline).expect(200).body;
    assert_eq!(timeline["attempts"][0]["left_screen"], 2);
    let told = timeline["events"].as_array().expect("events").iter().filter(|event| event["kind"] == "left_screen");
    assert_eq!(told.count(), 2, "{timeline}");

    // An older device's word does not count, nor does anything after the end.
    sitting.account.post(&again, &json!({ "device": "two" })).expect(200);
    tell("f", 20_000).expect_problem(409, "attempt-taken-over");
    sitting.account.post(&format!("/api/v1/attempts/{}/submission", sitting.attempt), &json!({})).expect(201);
    sitting.account.put(&path("g"), &json!({ "away_ms": 20_000 })).expect_problem(409, "attempt-closed");
    let plain = district.publish(&rules(), -60, 3600, 1800);
    let started = other.account.post(&format!("/api/v1/exams/{plain}/attempts"), &json!({})).expect(201).body;
    assert_eq!(started["screen_leaves"], Value::Null);
    let path = format!("/api/v1/attempts/{}/screen-leaves/a", started["id"].as_str().expect("an id"));
    other.account.put(&path, &json!({ "away_ms": 20_000 })).expect_problem(409, "conflict");
}

fn edits_are_frozen_while_it_runs(database: &Database) {
    let district = district::start(database);
    let manager = &district.manager;
    let roster = database.folder().join("one-more.csv");
    std::fs::write(&roster, "工号,姓名,单位\n1009,新一,区财政局\n").expect("written");
    let import = |arguments: &[&str]| {
        let mut all = vec!["people", "import", roster.to_str().expect("a path")];
        all.extend(arguments);
        zhijie(database, &all)
    };
    let preview = manager
        .upload("/api/v1/imports", &[("kind", "people")], "名册.csv", "工号,姓名,单位\n1008,新二,区财政局\n".as_bytes())
        .expect(201);
    let commit = format!("/api/v1/imports/{}/commit", preview.text("id"));
    let new_unit = json!({ "name": "区新局", "parent": district.top });

    // A minute before it opens, nothing is frozen; while it runs, everything that it stands on is.
    let exam = district.publish(&with("freeze_edits", json!(true)), 3600, 9000, 1800);
    manager.post("/api/v1/units", &new_unit).expect(201);
    manager.post(&format!("/api/v1/exams/{exam}/cancellation"), &json!({ "reason": "改期" })).expect(201);
    let exam = district.publish(&with("freeze_edits", json!(true)), -60, 9000, 1800);
    let frozen = |reply: zhijie_tests::Reply| {
        let reply = reply.expect_problem(409, "conflict");
        assert!(reply.body["title"].as_str().is_some_and(|title| title.contains("正在进行")), "{}", reply.body);
    };
    frozen(manager.post(&commit, &json!({})));
    frozen(manager.post("/api/v1/units", &json!({ "name": "区新新局", "parent": district.top })));
    let lists = manager.get("/api/v1/lists/rank").expect(200);
    let etag = lists.header("etag").expect("an etag").to_owned();
    let same = json!({ "items": lists.body["items"] });
    frozen(manager.with_header("If-Match", &etag).put("/api/v1/lists/rank", &same));
    // The command line, too; a SQLite file belongs to its server, there it is refused anyway.
    let refused = import(&[]);
    assert!(!refused.status.success(), "{}", String::from_utf8_lossy(&refused.stderr));
    let beside_the_server = database.url().starts_with("postgres");
    if beside_the_server {
        assert!(String::from_utf8_lossy(&refused.stderr).contains("正在进行"));
        assert!(import(&["--dry-run"]).status.success(), "looking is allowed");
    }

    // The work of the day goes on.
    let sitting = sit(&district, &exam, "1001");
    let leave = json!({ "person": person(&codes(&district, "1002")), "reason": "病假" });
    manager.post(&format!("/api/v1/exams/{exam}/leaves"), &leave).expect(204);
    let extension = json!({ "all": true, "seconds": 60, "reason": "断电" });
    manager.post(&format!("/api/v1/exams/{exam}/extensions"), &extension).expect(201);
    sitting.phone.post(&format!("/api/v1/attempts/{}/submission", sitting.attempt), &json!({})).expect(201);

    // Over, or called off, nothing is frozen any more.
    manager.post(&format!("/api/v1/exams/{exam}/cancellation"), &json!({ "reason": "试运行" })).expect(201);
    manager.post(&commit, &json!({})).expect(200);
    assert_eq!(import(&[]).status.success(), beside_the_server);
}
