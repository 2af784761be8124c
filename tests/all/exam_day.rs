//! The day of an exam: more time, pauses, incidents, corrections, answers kept for review (PRACTICE §4, DESIGN §5).

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use zhijie_tests::{Client, Database};

use crate::district::{self, District, Sitting, person, rules, sit, some_response};

crate::on_both_databases!(
    extensions_reach_whom_they_should,
    a_pause_costs_nobody_a_second,
    void_and_reopen,
    a_wrong_key_is_marked_again,
    a_secure_key_cannot_be_probed,
    late_answers_are_decided_on,
    the_desk_says_who_is_where,
);

fn at(value: &Value) -> Timestamp {
    value.as_str().expect("an instant").parse().expect("RFC 3339")
}

fn seconds_between(from: &Value, to: &Value) -> i64 {
    at(to).duration_since(at(from)).as_secs()
}

fn status(sitting: &Sitting) -> Value {
    sitting.phone.get(&format!("/api/v1/attempts/{}", sitting.attempt)).expect(200).body
}

fn unit_of(client: &Client) -> String {
    client.get("/api/v1/me").expect(200).body["person"]["unit"].as_str().expect("a unit").to_owned()
}

fn answer_all(sitting: &Sitting) {
    for slot in &sitting.slots {
        let number = slot["slot"].as_i64().expect("a number");
        sitting
            .phone
            .put(&sitting.path(number), &json!({ "revision": 1, "response": some_response(slot) }))
            .expect(200);
    }
}

fn hand_in(sitting: &Sitting) -> Value {
    sitting.phone.post(&format!("/api/v1/attempts/{}/submission", sitting.attempt), &json!({})).expect(201).body
}

fn result(sitting: &Sitting) -> Value {
    sitting.account.get(&format!("/api/v1/attempts/{}/result", sitting.attempt)).expect(200).body
}

fn notices(client: &Client) -> Vec<Value> {
    client.get("/api/v1/me/notices").expect(200).body["items"].as_array().expect("notices").clone()
}

/// ls1intum/Artemis#7045: time is extended for everyone while the exam runs.
fn extensions_reach_whom_they_should(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let (first, second) = (sit(&district, &exam, "1001"), sit(&district, &exam, "2001"));
    let (before_first, before_second) = (status(&first), status(&second));
    let path = format!("/api/v1/exams/{exam}/extensions");
    let manager = &district.manager;
    for (body, word) in [
        (json!({ "all": true, "seconds": 600, "reason": " " }), "原因"),
        (json!({ "all": true, "seconds": 0, "reason": "停电" }), "24 小时"),
        (json!({ "all": true, "seconds": 90_000, "reason": "停电" }), "24 小时"),
        (json!({ "seconds": 60, "reason": "停电" }), "person、unit 或 all"),
        (json!({ "all": true, "person": "x", "seconds": 60, "reason": "停电" }), "person、unit 或 all"),
    ] {
        let refused = manager.post(&path, &body).expect_problem(422, "invalid");
        assert!(refused.body.to_string().contains(word), "{word}: {}", refused.body);
    }
    manager.post(&path, &json!({ "person": "none", "seconds": 60, "reason": "停电" })).expect_problem(404, "not-found");

    let unit = unit_of(&first.account);
    let given = manager.post(&path, &json!({ "unit": unit, "seconds": 300, "reason": "断网" })).expect(201);
    assert_eq!(given.body["attempts"], 1);
    assert_eq!(seconds_between(&before_first["deadline"], &status(&first)["deadline"]), 300);
    assert_eq!(status(&second)["deadline"], before_second["deadline"], "another unit's people keep their time");

    let given = manager.post(&path, &json!({ "all": true, "seconds": 600, "reason": "停电" })).expect(201);
    assert_eq!(given.body["attempts"], 2);
    assert_eq!(seconds_between(&before_first["deadline"], &status(&first)["deadline"]), 900);
    assert_eq!(seconds_between(&before_second["deadline"], &status(&second)["deadline"]), 600);

    // Whoever has not begun gets the later closing, and a person alone a longer attempt, too.
    let (login, code) = district.codes().into_iter().find(|(login, _)| login == "2002").expect("a code");
    let third = district::activate(&district.server, &login, &code);
    let own = person(&third);
    let given = manager.post(&path, &json!({ "person": own, "seconds": 900, "reason": "视力障碍" })).expect(201);
    assert_eq!((given.body["attempts"].clone(), given.body["lengthens"].clone()), (json!(0), json!(true)));
    let due = third.get("/api/v1/me/assignments").expect(200).body["items"][0].clone();
    assert_eq!(due["duration_seconds"], 1800 + 900);
    let listed = manager.get(&format!("/api/v1/exams/{exam}")).expect(200);
    assert_eq!(seconds_between(&listed.body["closes_at"], &due["closes_at"]), 900);
    let started = third.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "a" })).expect(201);
    let granted = seconds_between(&started.body["server_now"], &started.body["deadline"]);
    assert!((2699..=2700).contains(&granted), "{granted}");
    // The token that the phone has now lasts as long as the new deadline: the status brings a fresh one.
    assert!(status(&first)["token"].as_str().is_some_and(|token| !token.is_empty()));
}

fn a_pause_costs_nobody_a_second(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let sitting = sit(&district, &exam, "1001");
    let before = status(&sitting);
    let closes = district.manager.get(&format!("/api/v1/exams/{exam}")).expect(200).body["closes_at"].clone();
    let pauses = format!("/api/v1/exams/{exam}/pauses");
    let current = format!("{pauses}/current");
    district.manager.delete(&current).expect_problem(409, "conflict");
    district.manager.post(&pauses, &json!({ "reason": "" })).expect_problem(422, "invalid");
    district.manager.post(&pauses, &json!({ "reason": "机房断电" })).expect(201);
    district.manager.post(&pauses, &json!({ "reason": "机房断电" })).expect_problem(409, "conflict");

    // Nobody starts; whoever answers goes on saving; the remaining time stands still.
    let (login, code) = district.codes().into_iter().find(|(login, _)| login == "2001").expect("a code");
    let other = district::activate(&district.server, &login, &code);
    let refused = other.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "b" }));
    let refused = refused.expect_problem(409, "window-not-open");
    assert!(refused.body.to_string().contains("暂停"), "{}", refused.body);
    let slot = &sitting.slots[0];
    let body = json!({ "revision": 1, "response": some_response(slot) });
    let saved = sitting.phone.put(&sitting.path(slot["slot"].as_i64().expect("a number")), &body).expect(200);
    assert_eq!(saved.body["outcome"], "stored");
    let first = status(&sitting);
    assert_eq!(first["paused"]["reason"], "机房断电");
    let limit = Instant::now() + Duration::from_secs(20);
    let later = loop {
        let later = status(&sitting);
        if seconds_between(&first["server_now"], &later["server_now"]) >= 2 {
            break later;
        }
        assert!(Instant::now() < limit, "the clock stands still");
        std::thread::sleep(Duration::from_millis(100));
    };
    let left = |body: &Value| at(&body["deadline"]).duration_since(at(&body["server_now"])).as_millis();
    assert!((left(&first) - left(&later)).abs() < 100, "{first} {later}");

    let ended = district.manager.delete(&current).expect(200);
    let outage = at(&ended.body["resumed_at"]).duration_since(at(&ended.body["paused_at"]));
    assert!(outage.as_secs() >= 2, "{outage}");
    let after = status(&sitting);
    assert!(after.get("paused").is_none_or(Value::is_null), "{after}");
    let moved = at(&after["deadline"]).duration_since(at(&before["deadline"]));
    // What is told is cut to milliseconds, each instant by itself.
    assert!((moved - outage).as_millis().abs() <= 1, "{moved} {outage}");
    let closes_now = district.manager.get(&format!("/api/v1/exams/{exam}")).expect(200).body["closes_at"].clone();
    let by = at(&closes_now).duration_since(at(&closes));
    assert!(by >= outage && by.as_secs() <= outage.as_secs() + 1, "{by} {outage}");
    other.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "b" })).expect(201);
}

fn void_and_reopen(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let sitting = sit(&district, &exam, "1001");
    answer_all(&sitting);
    let receipt = hand_in(&sitting);
    let manager = &district.manager;
    let voidings = format!("/api/v1/attempts/{}/voidings", sitting.attempt);
    let reopenings = format!("/api/v1/attempts/{}/reopenings", sitting.attempt);
    manager.post(&voidings, &json!({ "reason": "" })).expect_problem(422, "invalid");
    manager.post(&voidings, &json!({ "reason": "替考", "kind": "gone" })).expect_problem(422, "invalid");

    // Reopened: it goes on with what was answered, and is handed in again under a new receipt; the old one stays good.
    let reopened = manager.post(&reopenings, &json!({ "reason": "误触交卷", "seconds": 600 })).expect(201);
    assert_eq!(reopened.body["state"], "answering");
    assert!(reopened.body["warnings"].to_string().contains("答案"), "keys were out: {}", reopened.body);
    manager.post(&reopenings, &json!({ "reason": "误触交卷", "seconds": 600 })).expect_problem(409, "conflict");
    let path = format!("/api/v1/attempts/{}/result", sitting.attempt);
    sitting.account.get(&path).expect_problem(403, "not-released");
    let resumed =
        sitting.account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "one" })).expect(200);
    assert_eq!(resumed.body["answers"].as_object().expect("answers").len(), sitting.slots.len());
    let left = seconds_between(&resumed.body["server_now"], &resumed.body["deadline"]);
    assert!((590..=600).contains(&left), "{left}");
    let phone = district.server.client().with_token(resumed.text("token"));
    let again = phone.post(&format!("/api/v1/attempts/{}/submission", sitting.attempt), &json!({})).expect(201);
    assert_ne!(again.body["receipt"], receipt["receipt"]);
    for number in [&receipt["receipt"], &again.body["receipt"]] {
        let checked =
            sitting.account.get(&format!("/api/v1/receipts/{}", number.as_str().expect("a number"))).expect(200);
        assert_eq!(checked.body["answered"], 20);
    }

    // Annulled: as if it had never been; the person may sit again, and the first sitting is the new one.
    manager.post(&voidings, &json!({ "reason": "设备故障" })).expect(201);
    manager.post(&voidings, &json!({ "reason": "设备故障" })).expect_problem(409, "conflict");
    assert_eq!(manager.get(&format!("/api/v1/exams/{exam}")).expect(200).body["taken"], 0);
    let due = sitting.account.get("/api/v1/me/assignments").expect(200).body["items"][0].clone();
    assert_eq!((due["state"].clone(), due["attempts_used"].clone()), (json!("open"), json!(0)), "{due}");
    let second =
        sitting.account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "one" })).expect(201);
    // While that one is open, the void one cannot come back.
    manager.post(&reopenings, &json!({ "reason": "误判", "seconds": 60 })).expect_problem(409, "conflict");
    let second_id = second.text("id").to_owned();
    let told: Vec<String> =
        notices(&sitting.account).iter().map(|notice| notice["kind"].as_str().expect("a kind").to_owned()).collect();
    assert_eq!(told, ["voided", "reopened"], "the newest first");

    // Disqualified while answering: it ends, counts as taken and failed, and what comes late is kept.
    manager
        .post(&format!("/api/v1/attempts/{second_id}/voidings"), &json!({ "reason": "替考", "kind": "disqualified" }))
        .expect(201);
    let phone = district.server.client().with_token(second.text("token"));
    let slot = &second.body["slots"][0];
    let late = phone.put(
        &format!("/api/v1/attempts/{second_id}/answers/1"),
        &json!({ "revision": 1, "response": some_response(slot) }),
    );
    assert_eq!(late.expect_problem(409, "attempt-closed").body["kept_for_review"], true);
    let results = manager.get(&format!("/api/v1/units/{}/results?exam={exam}", district.top)).expect(200);
    assert_eq!((results.body["total"]["taken"].clone(), results.body["total"]["passed"].clone()), (json!(1), json!(0)));
    manager.post("/api/v1/attempts/none/voidings", &json!({ "reason": "x" })).expect_problem(404, "not-found");
}

/// tcexam#435: a wrong key is found after people sat. Artemis#1471, #2908: a dry run first, flips of the verdict are
/// counted, pressing twice changes nothing more.
fn a_wrong_key_is_marked_again(database: &Database) {
    let district = district::start(database);
    let mut strict = rules();
    strict["attempts"] = json!(1);
    let exam = district.publish(&strict, -60, 3600, 1800);
    let (first, second) = (sit(&district, &exam, "1001"), sit(&district, &exam, "2001"));
    answer_all(&first);
    hand_in(&first);
    let before = result(&first);
    let manager = &district.manager;
    let questions = manager.get(&format!("/api/v1/exams/{exam}/questions")).expect(200);
    let items = questions.body["items"].as_array().expect("questions").clone();
    assert!(items.iter().all(|item| !item["key"].is_null() && item["papers"].as_i64() >= Some(1)), "{items:?}");
    // A 单选 that the first person had wrong.
    let wrong = before["slots"]
        .as_array()
        .expect("slots")
        .iter()
        .find(|slot| slot["correct"] == false && slot["question"]["kind"] == "single");
    let wrong = wrong.expect("a wrong 单选").clone();
    let stem = wrong["question"]["stem"].as_str().expect("a stem");
    let asked = items.iter().find(|item| item["stem"] == stem).expect("the question").clone();
    let path = format!("/api/v1/exams/{exam}/regrades");
    let ruling = |policy: &str, keys: Value| json!({ "question": asked["question"], "part": asked["part"], "policy": policy, "keys": keys, "reason": "答案有误" });
    for (body, word) in [
        (json!({ "rulings": [ruling("none", json!([]))] }), "give_to_all"),
        (json!({ "rulings": [ruling("by_key", json!([["z"]]))] }), "选项"),
        (json!({ "rulings": [ruling("give_to_all", json!([["a"]]))] }), "送分"),
        (json!({ "rulings": [{ "question": "none-001", "policy": "give_to_all", "reason": "x" }] }), "题号"),
        (json!({ "rulings": [] }), "原因"),
    ] {
        let refused = manager.post(&path, &body).expect_problem(422, "invalid");
        assert!(refused.body.to_string().contains(word), "{word}: {}", refused.body);
    }
    let all = json!({ "rulings": [ruling("give_to_all", json!([]))] });
    let mut dry = all.clone();
    dry["dry_run"] = json!(true);
    let tried = manager.post(&path, &dry).expect(200);
    assert_eq!((tried.body["attempts"].clone(), tried.body["changed"].clone()), (json!(1), json!(1)), "{}", tried.body);
    assert_eq!(result(&first)["marks"], before["marks"], "a dry run writes nothing");

    let done = manager.post(&path, &all).expect(201);
    assert_eq!(done.body["generation"], 2);
    assert_eq!(done.body["items"][0]["before"]["marks"], before["marks"]);
    let after = result(&first);
    let gained = wrong["marks_max"].as_f64().expect("a number") - wrong["marks"].as_f64().expect("a number");
    let marks = |body: &Value| body["marks"].as_f64().expect("a number");
    assert!((marks(&after) - marks(&before) - gained).abs() < 1e-9, "{before} {after}");
    // The result says so; the key that was wrong, and why it was said to be right, are shown no more.
    let of_wrong = |body: &Value| {
        let slots = body["slots"].as_array().expect("slots");
        slots.iter().find(|slot| slot["slot"] == wrong["slot"]).expect("the slot").clone()
    };
    assert!(wrong["key"].is_array() && wrong["explanation"].is_string() && wrong["ruling"].is_null(), "{wrong}");
    let ruled = of_wrong(&after);
    assert_eq!(ruled["ruling"], json!({ "policy": "give_to_all", "keys": [], "reason": "答案有误" }));
    assert!(ruled["key"].is_null() && ruled["explanation"].is_null() && ruled["correct"] == true, "{ruled}");
    let told = notices(&first.account);
    assert!(told[0]["text"].as_str().expect("a text").contains("答案有误"), "{told:?}");
    let id = told[0]["id"].as_str().expect("an id");
    second.account.post(&format!("/api/v1/me/notices/{id}/reading"), &json!({})).expect_problem(404, "not-found");
    first.account.post(&format!("/api/v1/me/notices/{id}/reading"), &json!({})).expect(204);

    // Once more changes nothing; whoever hands in later is marked under the ruling at once, and is told meanwhile.
    let again = manager.post(&path, &json!({ "reason": "再核一遍" })).expect(201);
    assert_eq!((again.body["generation"].clone(), again.body["changed"].clone()), (json!(3), json!(0)));
    let has_it = second.slots.iter().find(|slot| slot["stem"] == stem);
    let given = status(&second)["given"].clone();
    assert_eq!(given, has_it.map_or(json!([]), |slot| json!([slot["slot"]])));
    hand_in(&second);
    let blank = result(&second);
    assert!((marks(&blank) - has_it.map_or(0.0, |slot| slot["marks"].as_f64().expect("marks"))).abs() < 1e-9);

    // Another key instead: the latest ruling on a question holds.
    let options: Vec<String> = asked["options"]
        .as_array()
        .expect("options")
        .iter()
        .map(|o| o["id"].as_str().expect("id").to_owned())
        .collect();
    let keys: Vec<Value> = options.iter().map(|id| json!([id])).collect();
    manager.post(&path, &json!({ "rulings": [ruling("by_key", json!(keys))] })).expect(201);
    assert!((marks(&result(&first)) - marks(&after)).abs() < 1e-9, "any option is right now, and one was chosen");
    assert!(marks(&result(&second)).abs() < 1e-9, "a blank is right no more");
    let ruled = of_wrong(&result(&first));
    let mut letters = ruled["ruling"]["keys"].as_array().expect("keys").clone();
    letters.sort_by_key(Value::to_string);
    assert_eq!(letters, ["A", "B", "C", "D"].map(|letter| json!([letter])), "in the letters shown: {ruled}");
    assert!(ruled["key"].is_array() && ruled["explanation"].is_null(), "{ruled}");
    if has_it.is_some() {
        let list = second.account.get("/api/v1/me/wrong-answers?limit=200").expect(200).body;
        let listed = list["items"].as_array().expect("items").iter().find(|item| item["question"]["stem"] == stem);
        assert_eq!(listed.expect("left blank")["ruling"]["policy"], "by_key");
    }
    let rulings = manager.get(&format!("/api/v1/exams/{exam}/rulings")).expect(200);
    assert_eq!(rulings.body["items"].as_array().expect("rulings").len(), 2);
    let runs = manager.get(&path).expect(200).body["items"].as_array().expect("runs").clone();
    let generations: Vec<Option<i64>> = runs.iter().map(|run| run["generation"].as_i64()).collect();
    assert_eq!(generations, [Some(4), Some(3), Some(2)], "the latest first");
    assert_eq!((runs[1]["changed"].clone(), runs[1]["reason"].clone()), (json!(0), json!("再核一遍")));
    assert!(runs.iter().all(|run| run["finished_at"].is_string()), "{runs:?}");
}

/// Whoever may not see the key of a secure question must not find it out by trying keys and reading whose marks change.
fn a_secure_key_cannot_be_probed(database: &Database) {
    let district = district::start(database);
    let manager = &district.manager;
    let blueprint = json!({
        "id": "secure-3", "title": "保密题三道", "pools": ["secure"], "mode": "fixed",
        "shuffle_within_section": true, "shuffle_options": true,
        "sections": [{ "title": "单选题", "kind": "single", "count": 3, "marks_each": 1,
            "rows": [{ "kind": "single", "count": 3 }] }],
    });
    manager.post("/api/v1/blueprints", &blueprint).expect(201);
    let mut lenient = rules();
    (lenient["pass_marks"], lenient["bands"]) = (json!(1), json!([]));
    let exam = district.publish_from("secure-3", &lenient, -60, 3600, 1800);
    let sitting = sit(&district, &exam, "1001");
    answer_all(&sitting);
    hand_in(&sitting);
    let asked = manager.get(&format!("/api/v1/exams/{exam}/questions")).expect(200).body["items"][0].clone();
    assert_eq!((&asked["stem"], &asked["key"]), (&json!("（保密题）"), &Value::Null), "{asked}");
    let path = format!("/api/v1/exams/{exam}/regrades");
    let ruling = |policy: &str, keys: Value| json!({ "question": asked["question"], "policy": policy, "keys": keys, "reason": "有疑义" });
    for is_dry in [true, false] {
        let body = json!({ "rulings": [ruling("by_key", json!([["a"]]))], "dry_run": is_dry });
        let refused = manager.post(&path, &body).expect_problem(403, "forbidden");
        assert!(refused.body.to_string().contains("保密题"), "{}", refused.body);
    }
    assert_eq!(manager.get(&path).expect(200).body["items"], json!([]), "nothing was marked");
    // Giving the marks needs no key; the list of rulings still hides stem and key.
    manager.post(&path, &json!({ "rulings": [ruling("give_to_all", json!([]))] })).expect(201);
    let ruled = manager.get(&format!("/api/v1/exams/{exam}/rulings")).expect(200).body["items"][0].clone();
    assert_eq!((&ruled["stem"], &ruled["keys"]), (&json!("（保密题）"), &json!([])), "{ruled}");
}

fn late_answers_are_decided_on(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let sitting = sit(&district, &exam, "1001");
    hand_in(&sitting);
    assert!(result(&sitting)["marks"].as_f64().expect("marks").abs() < 1e-9);
    let judgements: Vec<&Value> = sitting.slots.iter().filter(|slot| slot["kind"] == "judgement").collect();
    let released = result(&sitting);
    for slot in judgements.iter().take(2) {
        let number = slot["slot"].as_i64().expect("a number");
        let index = usize::try_from(number - 1).expect("small");
        let right = released["slots"][index]["key"].clone();
        let late = sitting.phone.put(&sitting.path(number), &json!({ "revision": 1, "response": right }));
        late.expect_problem(409, "attempt-closed");
    }
    let manager = &district.manager;
    let listed = manager.get(&format!("/api/v1/exams/{exam}/kept-answers")).expect(200);
    let kept = listed.body["items"].as_array().expect("kept").clone();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0]["name"], "张三");
    let decide = |kept: &Value, admitted: bool| {
        let path = format!("/api/v1/kept-answers/{}/decision", kept["id"].as_str().expect("an id"));
        manager.post(&path, &json!({ "admitted": admitted, "reason": "网络中断，有截图" }))
    };
    decide(&kept[0], true).expect(204);
    decide(&kept[0], true).expect_problem(409, "conflict");
    let worth = judgements[0]["marks"].as_f64().expect("marks");
    assert!((result(&sitting)["marks"].as_f64().expect("marks") - worth).abs() < 1e-9);
    decide(&kept[1], false).expect(204);
    decide(&kept[1], true).expect_problem(409, "conflict");
    assert!((result(&sitting)["marks"].as_f64().expect("marks") - worth).abs() < 1e-9);
    let told: Vec<Value> = notices(&sitting.account).into_iter().map(|notice| notice["kind"].clone()).collect();
    assert_eq!(told.len(), 3, "{told:?}");
}

/// "Why can this person not start?"
fn the_desk_says_who_is_where(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let sitting = sit(&district, &exam, "1001");
    answer_all(&sitting);
    let manager = &district.manager;
    let live = format!("/api/v1/exams/{exam}/live");
    let limit = Instant::now() + Duration::from_secs(30);
    let seen = loop {
        let seen = manager.get(&live).expect(200).body;
        if seen["nodes"].as_array().is_some_and(|nodes| !nodes.is_empty()) {
            break seen;
        }
        assert!(Instant::now() < limit, "no node says that it is up: {seen}");
        std::thread::sleep(Duration::from_millis(200));
    };
    assert_eq!(seen["total"]["due"], 9);
    assert_eq!((seen["total"]["answering"].clone(), seen["total"]["not_started"].clone()), (json!(1), json!(8)));
    assert!(seen["nodes"][0]["disk_free_bytes"].as_i64() > Some(0), "{seen}");
    let titles: Vec<&str> =
        seen["units"].as_array().expect("units").iter().filter_map(|unit| unit["title"].as_str()).collect();
    assert!(titles.contains(&"区财政局") && titles.contains(&"青石镇"), "{titles:?}");
    let all = seen["units"].as_array().expect("units").clone();
    for row in &all {
        let unit = row["unit"].as_str().expect("an id");
        let below = manager.get(&format!("{live}?unit={unit}")).expect(200).body;
        if unit == district.top {
            continue;
        }
        assert_eq!(below["total"]["due"], row["due"], "{below}");
        let sum: i64 = below["units"].as_array().expect("units").iter().filter_map(|unit| unit["due"].as_i64()).sum();
        assert_eq!(json!(sum), row["due"], "{below}");
    }
    manager.get(&format!("{live}?unit=none")).expect_problem(404, "not-found");
    manager.post(&format!("/api/v1/exams/{exam}/announcements"), &json!({ "text": "请看清题号" })).expect(204);
    assert_eq!(manager.get(&live).expect(200).body["announcements"][0]["text"], "请看清题号");
    let own = person(&sitting.account);
    let path = format!("/api/v1/exams/{exam}/people/{own}/timeline");
    let shown = manager.get(&path).expect(200).body;
    assert!(
        shown["can_start"] == true && shown["advice"].as_str().is_some_and(|text| text.contains("继续")),
        "{shown}"
    );
    assert_eq!(
        (shown["attempts"][0]["answered"].clone(), shown["attempts"][0]["slots"].clone()),
        (json!(20), json!(20))
    );
    sitting.account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "two" })).expect(200);
    let shown = manager.get(&path).expect(200).body;
    assert_eq!(shown["attempts"][0]["devices"], 1);
    assert_eq!(manager.get(&live).expect(200).body["total"]["second_device"], 1);

    let roster = manager.get(&format!("/api/v1/exams/{exam}/roster?query=2002")).expect(200);
    let other = roster.body["items"][0]["person"].as_str().expect("a person").to_owned();
    advice(&district, &exam, &other, false, "激活");
    manager.post(&format!("/api/v1/exams/{exam}/leaves"), &json!({ "person": other, "reason": "住院" })).expect(204);
    let (login, code) = district.codes().into_iter().find(|(login, _)| login == "2002").expect("a code");
    district::activate(&district.server, &login, &code);
    advice(&district, &exam, &other, false, "缓考");
    manager.get(&format!("/api/v1/exams/{exam}/people/none/timeline")).expect_problem(404, "not-found");
}

fn advice(district: &District, exam: &str, person: &str, can_start: bool, word: &str) {
    let shown = district.manager.get(&format!("/api/v1/exams/{exam}/people/{person}/timeline")).expect(200).body;
    assert_eq!(shown["can_start"], can_start, "{shown}");
    assert!(shown["advice"].as_str().is_some_and(|text| text.contains(word)), "{shown}");
}
