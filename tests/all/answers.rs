//! Saving: order, takeover, deadlines, crashes (PRACTICE §4).

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Server};

use crate::district::{self, PASSWORD, activate, rules, sit, some_response};

crate::on_both_databases!(
    revisions_and_epochs,
    bad_saves_are_named,
    a_killed_server_loses_nothing,
    the_deadline_is_the_servers,
    nothing_is_shown_before_the_opening,
    a_flood_is_throttled_and_hurts_nobody,
);

fn revisions_and_epochs(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let sitting = sit(&district, &exam, "1001");
    let slot = sitting.slots.iter().find(|slot| slot["kind"] == "single").expect("a 单选");
    let path = sitting.path(slot["slot"].as_i64().expect("a number"));
    let save = |client: &Client, revision: i64, letter: &str| {
        client.put(&path, &json!({ "revision": revision, "response": [letter] }))
    };
    assert_eq!(save(&sitting.phone, 2, "B").expect(200).body["outcome"], "stored");
    // Replayed: the lost reply must not frighten anybody.
    assert_eq!(save(&sitting.phone, 2, "B").expect(200).body["outcome"], "stored");
    let stale = save(&sitting.phone, 1, "A").expect(200);
    assert_eq!(stale.body["outcome"], "superseded");
    assert_eq!(stale.body["response"], json!(["B"]), "what stands is told");
    assert_eq!(stale.body["revision"], 2);

    // Another device takes over; the old one fills only what the new one has not touched.
    let taken =
        sitting.account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "two" })).expect(200);
    assert_eq!(taken.body["epoch"], 2);
    assert_eq!(taken.body["answers"][slot["slot"].to_string()]["response"], json!(["B"]), "nothing is lost");
    let new_phone = district.server.client().with_token(taken.text("token"));
    assert_eq!(save(&new_phone, 1, "C").expect(200).body["outcome"], "stored", "a new epoch counts from one");
    save(&sitting.phone, 9, "D").expect_problem(409, "attempt-taken-over");
    // The old token does not become the new one by saying so.
    sitting
        .phone
        .put(&path, &json!({ "revision": 9, "response": ["D"], "epoch": 2 }))
        .expect_problem(409, "attempt-taken-over");
    sitting.account.put(&path, &json!({ "revision": 9, "response": ["D"], "epoch": 7 })).expect_problem(422, "invalid");
    let untouched = sitting.slots.iter().find(|other| other["slot"] != slot["slot"]).expect("another slot");
    let filled = sitting.phone.put(
        &sitting.path(untouched["slot"].as_i64().expect("a number")),
        &json!({ "revision": 1, "response": some_response(untouched) }),
    );
    assert_eq!(filled.expect(200).body["outcome"], "stored");
    sitting.phone.get(&format!("/api/v1/attempts/{}", sitting.attempt)).expect_problem(409, "attempt-taken-over");
    sitting
        .phone
        .post(&format!("/api/v1/attempts/{}/submission", sitting.attempt), &json!({}))
        .expect_problem(409, "attempt-taken-over");

    // A hand-in that names a revision which the server lacks is told so.
    let number = slot["slot"].to_string();
    let lacking = new_phone.post(
        &format!("/api/v1/attempts/{}/submission", sitting.attempt),
        &json!({ "revisions": { number.as_str(): 5 } }),
    );
    let lacking = lacking.expect_problem(409, "answers-missing");
    assert_eq!(lacking.body["errors"][0]["field"], json!(format!("revisions.{number}")));
    let done = new_phone.post(
        &format!("/api/v1/attempts/{}/submission", sitting.attempt),
        &json!({
            "answers": [{ "slot": slot["slot"], "revision": 5, "response": ["D"] }],
            "revisions": { number.as_str(): 5 },
        }),
    );
    assert_eq!(done.expect(201).body["answered"], 2);
    let late = save(&new_phone, 6, "A").expect_problem(409, "attempt-closed");
    assert_eq!(late.body["kept_for_review"], true, "nothing that a phone sends is thrown away");
}

fn bad_saves_are_named(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let sitting = sit(&district, &exam, "1001");
    let other = sit(&district, &exam, "2001");
    let single = sitting.slots.iter().find(|slot| slot["kind"] == "single").expect("a 单选");
    let number = single["slot"].as_i64().expect("a number");
    for (path, body, status, kind, word) in [
        (sitting.path(99), json!({ "revision": 1, "response": ["A"] }), 422, "invalid", "没有第 99 题"),
        (sitting.path(-1), json!({ "revision": 1, "response": ["A"] }), 422, "invalid", "没有第 -1 题"),
        (sitting.path(number), json!({ "revision": 1, "response": true }), 422, "invalid", "字母"),
        (sitting.path(number), json!({ "revision": 1, "response": ["A", "B"] }), 422, "invalid", ""),
        (sitting.path(number), json!({ "revision": 1, "response": ["Z"] }), 422, "invalid", ""),
        (sitting.path(number), json!({ "revision": 0, "response": ["A"] }), 422, "invalid", "修订号"),
        (
            sitting.path(number),
            json!({ "revision": 4_000_000_000_000_i64, "response": ["A"] }),
            422,
            "invalid",
            "修订号",
        ),
        (sitting.path(number), json!({ "response": ["A"] }), 422, "invalid", ""),
        (other.path(number), json!({ "revision": 1, "response": ["A"] }), 404, "not-found", ""),
    ] {
        let reply = sitting.phone.put(&path, &body).expect_problem(status, kind);
        assert!(reply.body.to_string().contains(word), "{word}: {}", reply.body);
    }
    let long = format!("{{\"revision\":1,\"response\":[\"{}\"]}}", "长".repeat(4_000_000));
    let refused = sitting.phone.send_bytes("PUT", &sitting.path(number), "application/json", long.into_bytes());
    refused.expect_problem(413, "too-large");
    let status = sitting.phone.get(&format!("/api/v1/attempts/{}", sitting.attempt)).expect(200);
    assert_eq!(status.body["answers"], json!({}), "nothing of all that was stored");

    // A batch with one bad answer among good ones stores the good ones and names the bad.
    let batch = sitting.phone.put(
        &format!("/api/v1/attempts/{}/answers", sitting.attempt),
        &json!({ "answers": [
            { "slot": number, "revision": 1, "response": ["B"] },
            { "slot": 99, "revision": 1, "response": ["B"] },
        ] }),
    );
    let batch = batch.expect(200);
    assert_eq!(batch.body["outcomes"][0]["outcome"], "stored");
    assert_eq!(batch.body["outcomes"][1]["outcome"], "invalid");
    assert!(batch.body["outcomes"][1]["reason"].as_str().is_some_and(|reason| reason.contains("99")));
}

/// meesudzu/trac-nghiem-online#20: what was shown as saved is there after the plug was pulled.
fn a_killed_server_loses_nothing(database: &Database) {
    let mut district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let sitting = sit(&district, &exam, "1001");
    for slot in &sitting.slots {
        let number = slot["slot"].as_i64().expect("a number");
        let body = json!({ "revision": 1, "response": some_response(slot) });
        assert_eq!(sitting.phone.put(&sitting.path(number), &body).expect(200).body["outcome"], "stored");
    }
    district.server.kill();
    district.server = Server::start(database, &[]);
    let account = district.server.sign_in("1001", PASSWORD);
    let resumed = account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "one" })).expect(200);
    assert_eq!(resumed.text("id"), sitting.attempt);
    assert_eq!(resumed.body["answers"].as_object().expect("answers").len(), sitting.slots.len());
    let phone = district.server.client().with_token(resumed.text("token"));
    let done = phone.post(&format!("/api/v1/attempts/{}/submission", sitting.attempt), &json!({})).expect(201);
    assert_eq!(done.body["unanswered"], json!([]));
}

/// ls1intum/Artemis#1469: the connection is lost in the last minute; what was saved is marked, though nobody asks.
fn the_deadline_is_the_servers(database: &Database) {
    let district = district::start(database);
    let mut short = rules();
    short["late_sync_seconds"] = json!(1);
    let exam = district.publish(&short, -60, 3600, 60);
    let sitting = sit(&district, &exam, "1001");
    // A short exam cannot be made shorter than its rules allow, so the store's row is moved into the past.
    let slot = &sitting.slots[0];
    let number = slot["slot"].as_i64().expect("a number");
    let body = json!({ "revision": 1, "response": some_response(slot) });
    sitting.phone.put(&sitting.path(number), &body).expect(200);
    let status = format!("/api/v1/attempts/{}", sitting.attempt);
    let limit = Instant::now() + Duration::from_secs(90);
    let closed = loop {
        let reply = sitting.account.get(&status).expect(200);
        if reply.body["state"] != "answering" {
            break reply;
        }
        assert!(Instant::now() < limit, "the attempt was not closed in time: {}", reply.body);
        std::thread::sleep(Duration::from_millis(500));
    };
    assert_eq!(closed.body["state"], "auto_submitted");
    let late = sitting.phone.put(&sitting.path(number), &json!({ "revision": 2, "response": some_response(slot) }));
    assert_eq!(late.expect_problem(409, "attempt-closed").body["kept_for_review"], true);
    // What a late hand-in brings along is kept as well, once, however often it is sent.
    let other = &sitting.slots[1];
    let along = json!({ "answers": [{ "slot": other["slot"], "revision": 1, "response": some_response(other) }] });
    for _ in 0..2 {
        // The first may come before the scheduler has closed the attempt: then it is the one that closes it.
        let reply = sitting.phone.post(&format!("{status}/submission"), &along);
        assert!(reply.status == 200 || reply.status == 201, "{}", reply.body);
    }
    assert_eq!(kept_answers(database, &district, &sitting.attempt), database.is_postgres().then_some(2));
    // Alanosy/online-exam-system-backend: a late hand-in is not refused, the saved answers count.
    let limit = Instant::now() + Duration::from_secs(30);
    let result = loop {
        let reply = sitting.account.get(&format!("{status}/result"));
        if reply.status == 200 || Instant::now() > limit {
            break reply.expect(200);
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    assert_eq!(result.body["slots"].as_array().expect("slots").len(), 20);
    let receipt = sitting.phone.post(&format!("{status}/submission"), &json!({})).expect(200);
    assert_eq!(receipt.body["answered"], 1);
}

fn a_flood_is_throttled_and_hurts_nobody(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let wild = sit(&district, &exam, "1001");
    let calm = sit(&district, &exam, "2001");
    let path = format!("/api/v1/attempts/{}/answers", wild.attempt);
    let batch: Vec<Value> = wild
        .slots
        .iter()
        .cycle()
        .take(200)
        .map(|slot| json!({ "slot": slot["slot"], "revision": 1, "response": some_response(slot) }))
        .collect();
    let replies: Vec<u16> = (0..6).map(|_| wild.phone.put(&path, &json!({ "answers": batch })).status).collect();
    assert!(replies.contains(&429), "{replies:?}");
    let slot = &calm.slots[0];
    let number = slot["slot"].as_i64().expect("a number");
    let body = json!({ "revision": 1, "response": some_response(slot) });
    assert_eq!(calm.phone.put(&calm.path(number), &body).expect(200).body["outcome"], "stored");
}

/// ls1intum/Artemis#13071: nothing of a paper can be had before the opening, and a published window does not move.
fn nothing_is_shown_before_the_opening(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), 3_600, 7_200, 1_800);
    let (login, code) = district.codes().into_iter().find(|(login, _)| login == "1001").expect("1001");
    let account = activate(&district.server, &login, &code);
    let due = account.get("/api/v1/me/assignments").expect(200);
    assert_eq!(due.body["items"][0]["state"], "upcoming");
    let early = account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "one" }));
    let early = early.expect_problem(409, "window-not-open");
    assert!(early.body.get("slots").is_none());
    let moved = district.manager.with_header("If-Match", "\"2\"").send(
        "PATCH",
        &format!("/api/v1/exams/{exam}"),
        &json!({ "opens_at": "2026-01-01T09:00:00+08:00" }),
    );
    moved.expect_problem(409, "conflict");
    account.post("/api/v1/exams/nowhere/attempts", &json!({})).expect_problem(404, "not-found");
}

/// How many answers were put aside; a SQLite file belongs to its server, so it is not looked into.
fn kept_answers(database: &Database, _district: &district::District, attempt: &str) -> Option<usize> {
    if !database.is_postgres() {
        return None;
    }
    let store = storage::Store::open(&storage::DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let kept = store.read(|connection| storage::answers::kept(connection, attempt)).expect("read");
    store.shut_down();
    Some(kept.len())
}
