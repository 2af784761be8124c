//! From nothing, without `--demo`: roster → activation → exam → figures → export, by command line and API alone.

use serde_json::{Value, json};
use zhijie_tests::{Database, zhijie};

use crate::district::{self, PASSWORD, activate, rules, some_response};

crate::on_both_databases!(
    a_district_tests_itself,
    papers_are_the_same_everywhere,
    imports_can_be_undone,
    a_published_paper_is_fixed,
    figures_follow_the_scope,
    a_demo_is_never_public,
);

fn a_district_tests_itself(database: &Database) {
    let district = district::start(database);
    let codes = district.codes();
    assert_eq!(codes.len(), 9);
    let (login, code) = codes.iter().find(|(login, _)| login == "1001").expect("1001").clone();

    // Nobody gets in before activation, and a code works once.
    let before = district.server.client().post("/api/v1/sessions", &json!({ "login": login, "password": "x1" }));
    before.expect_problem(403, "activation-required");
    let examinee = activate(&district.server, &login, &code);
    let again = district
        .server
        .client()
        .post("/api/v1/activations", &json!({ "login": login, "code": code, "password": PASSWORD }));
    again.expect_problem(401, "wrong-credentials");
    assert_eq!(examinee.get("/api/v1/me").expect(200).body["person"]["name"], "张三", "the inner space is gone");

    let exam = district.publish(&rules(), -60, 3600, 1800);
    let assignments = examinee.get("/api/v1/me/assignments").expect(200);
    assert_eq!(assignments.body["items"][0]["exam"], json!(exam));
    assert_eq!(assignments.body["items"][0]["state"], "open");

    // PRACTICE §4, ls1intum/Artemis#6208: a second impatient press makes no second paper.
    let first = examinee.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "phone" })).expect(201);
    let second = examinee.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "phone" })).expect(200);
    assert_eq!(first.text("id"), second.text("id"));
    assert_eq!(first.body["slots"], second.body["slots"]);

    let attempt = first.text("id").to_owned();
    let phone = district.server.client().with_token(first.text("token"));
    for slot in first.body["slots"].as_array().expect("slots").iter().take(19) {
        let number = slot["slot"].as_i64().expect("a number");
        let response = some_response(slot);
        let saved = phone
            .put(
                &format!("/api/v1/attempts/{attempt}/answers/{number}"),
                &json!({ "revision": 1, "response": response }),
            )
            .expect(200);
        assert_eq!(saved.body["outcome"], "stored");
        assert_eq!(saved.body["response"], response, "the reply holds the phone's own response");
    }
    let done =
        phone.post(&format!("/api/v1/attempts/{attempt}/submission"), &json!({ "revisions": { "1": 1 } })).expect(201);
    assert_eq!(done.body["unanswered"], json!([20]));
    let repeated = phone.post(&format!("/api/v1/attempts/{attempt}/submission"), &json!({})).expect(200);
    assert_eq!(done.body, repeated.body, "the same receipt again");
    let receipt = examinee.get(&format!("/api/v1/receipts/{}", done.text("receipt"))).expect(200);
    assert_eq!(receipt.body["answered"], 19);
    assert_eq!(receipt.text("digest").len(), 64);

    let result = examinee.get(&format!("/api/v1/attempts/{attempt}/result")).expect(200).body;
    check_result(&result);
    check_unit_figures(&district, &exam);
    check_mastery_waits_for_the_end(&district, &exam);
}

fn check_result(result: &Value) {
    let sum = |list: &Value| -> f64 {
        list.as_array().expect("a list").iter().map(|one| one["marks"].as_f64().expect("marks")).sum()
    };
    let total = result["marks"].as_f64().expect("marks");
    assert!((sum(&result["slots"]) - total).abs() < 1e-9, "the total is the sum of the slots");
    assert!((sum(&result["topics"]) - total).abs() < 1e-9, "and of the topics");
    assert_eq!(result["verdict"], if total >= 60.0 { "passed" } else { "failed" });
    assert!(result["clause"].as_str().is_some_and(|clause| !clause.is_empty()));
    for slot in result["slots"].as_array().expect("slots") {
        assert!(slot["key"] != Value::Null && slot["explanation"].as_str().is_some_and(|text| !text.is_empty()));
        let citation = &slot["citations"][0];
        assert!(citation["words"].as_str().is_some_and(|words| !words.is_empty()), "{citation}");
        assert!(citation["gist"].as_str().is_some_and(|gist| !gist.is_empty()), "{citation}");
        assert!(citation.get("text").is_none(), "no text was imported: {citation}");
    }
}

fn check_unit_figures(district: &district::District, exam: &str) {
    let progress = district.manager.get(&format!("/api/v1/units/{}/progress?exam={exam}", district.top)).expect(200);
    assert_eq!(
        [&progress.body["registered"], &progress.body["due"], &progress.body["taken"], &progress.body["missing"]],
        [&json!(9), &json!(9), &json!(1), &json!(8)]
    );
    assert_eq!(progress.body["absent"], 0, "nobody is absent before the end");
    let leave = json!({ "person": missing(district, exam)[0]["person"], "reason": "住院" });
    district.manager.post(&format!("/api/v1/exams/{exam}/leaves"), &leave).expect(204);
    let exempt = json!({ "person": missing(district, exam)[0]["person"], "reason": "两年内退休" });
    district.manager.post(&format!("/api/v1/exams/{exam}/exemptions"), &exempt).expect(204);
    let results =
        district.manager.get(&format!("/api/v1/units/{}/results?exam={exam}&by=subunit", district.top)).expect(200);
    let total = &results.body["total"];
    assert_eq!(
        [&total["registered"], &total["exempt"], &total["due"], &total["deferred"]],
        [9, 1, 8, 1].map(|n| json!(n)).iter().collect::<Vec<_>>()[..]
    );
    // One paper's mark is one person's: no mean of fewer than five.
    assert!(total["mean"].is_null() && total["median"].is_null(), "{total}");
    let passed = total["passed"].as_f64().expect("a count");
    assert_eq!(total["pass_of_due"].as_f64(), Some(passed / 8.0), "pass rate by due, beside");
    assert_eq!(total["pass_of_taken"].as_f64(), Some(passed), "the pass rate by taken");
}

fn missing(district: &district::District, exam: &str) -> Vec<Value> {
    let reply = district.manager.get(&format!("/api/v1/units/{}/missing?exam={exam}", district.top)).expect(200);
    reply.body["items"].as_array().expect("people").clone()
}

fn check_mastery_waits_for_the_end(district: &district::District, exam: &str) {
    let analyst = district.server.sign_in("analyst", PASSWORD);
    analyst.get(&format!("/api/v1/analysis/mastery?exam={exam}")).expect_problem(409, "conflict");
    // Phases come with the education plan: there is none to be found yet.
    analyst.get("/api/v1/analysis/mastery?phase=1").expect_problem(404, "not-found");
    analyst.get("/api/v1/analysis/mastery").expect_problem(422, "invalid");
    let results = format!("/api/v1/units/{}/results?phase=1", district.top);
    district.manager.get(&results).expect_problem(404, "not-found");
}

/// The same seed gives the same paper on SQLite and PostgreSQL: one snapshot for both.
fn papers_are_the_same_everywhere(database: &Database) {
    let district = district::start(database);
    let mut rules = rules();
    // A paper depends on the day whose law holds: not on the day on which the test runs.
    rules["law_date"] = json!("2026-11-25");
    let exam = district.publish(&rules, -60, 3600, 1800);
    let people = district.manager.get("/api/v1/people?query=1002").expect(200);
    let person = people.body["items"][0]["id"].as_str().expect("an id").to_owned();
    let preview = district.manager.get(&format!("/api/v1/exams/{exam}/preview?person={person}")).expect(200);
    let paper: Vec<String> = preview.body["slots"]
        .as_array()
        .expect("slots")
        .iter()
        .map(|slot| {
            let options: Vec<&str> = slot["options"]
                .as_array()
                .map(|options| options.iter().filter_map(|option| option["text"].as_str()).collect())
                .unwrap_or_default();
            let stem: String = slot["stem"].as_str().expect("a stem").chars().take(12).collect();
            let first: Vec<String> = options.iter().map(|text| text.chars().take(4).collect()).collect();
            format!("{} {} {stem} [{}]", slot["slot"], slot["kind"].as_str().expect("a kind"), first.join("|"))
        })
        .collect();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("paper_of_1002", paper.join("\n"));
    });
}

fn imports_can_be_undone(database: &Database) {
    let district = district::start(database);
    let more = "工号,姓名,单位\n1001,张三,青石镇\n3001,冯二,区审计局\n";
    let preview = district
        .manager
        .upload("/api/v1/imports", &[("kind", "people"), ("mode", "add")], "more.csv", more.as_bytes())
        .expect(201);
    assert_eq!(preview.body["preview"]["people"]["new"], 1);
    assert_eq!(preview.body["preview"]["people"]["moved"], 1);
    let id = preview.text("id").to_owned();
    let people = || {
        district.manager.get("/api/v1/people?query=3001").expect(200).body["items"].as_array().expect("a list").len()
    };
    assert_eq!(people(), 0, "a preview writes nothing");
    district.manager.post(&format!("/api/v1/imports/{id}/commit"), &json!({})).expect(200);
    assert_eq!(people(), 1);
    district.manager.post(&format!("/api/v1/imports/{id}/commit"), &json!({})).expect_problem(409, "conflict");
    district.manager.post(&format!("/api/v1/imports/{id}/undo"), &json!({})).expect(200);
    assert_eq!(people(), 0);
    let back = district.manager.get("/api/v1/people?query=1001").expect(200);
    assert_eq!(back.body["items"][0]["unit_name"], "区财政局");

    // `full` that would take over 5 % away asks for the number.
    let roster = database.folder().join("few.csv");
    std::fs::write(&roster, "工号,姓名,单位\n1001,张三,区财政局\n").expect("written");
    let refused = zhijie_with_running_server(database, &district, &roster);
    assert!(refused.contains("8 人离开"), "{refused}");
}

fn zhijie_with_running_server(database: &Database, district: &district::District, roster: &std::path::Path) -> String {
    if !database.is_postgres() {
        // One process at a time holds a SQLite file: a second one is refused, and says so.
        let output = zhijie(database, &["people", "import", roster.to_str().expect("a path")]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("正被另一个 zhijie 进程使用"));
    }
    let bytes = std::fs::read(roster).expect("read");
    let preview = district
        .manager
        .upload("/api/v1/imports", &[("kind", "people"), ("mode", "full")], "few.csv", &bytes)
        .expect(201);
    let id = preview.text("id").to_owned();
    let refused =
        district.manager.post(&format!("/api/v1/imports/{id}/commit"), &json!({})).expect_problem(422, "invalid");
    let reason = refused.body["errors"][0]["reason"].as_str().expect("a reason").to_owned();
    district.manager.post(&format!("/api/v1/imports/{id}/commit"), &json!({ "confirm_left": 8 })).expect(200);
    nobody_who_left_gets_a_code(district);
    let left = district.manager.get("/api/v1/people").expect(200);
    assert_eq!(left.body["items"].as_array().expect("a list").len(), 1, "those who left are gone from the list");
    reason
}

/// Whoever has left gets no activation code: neither in bulk, nor alone, nor with the code of before.
fn nobody_who_left_gets_a_code(district: &district::District) {
    let codes = district
        .manager
        .post(&format!("/api/v1/units/{}/activation-codes", district.top), &json!({ "only_missing": false }))
        .expect(201);
    let logins: Vec<&str> =
        codes.body["items"].as_array().expect("codes").iter().filter_map(|item| item["login"].as_str()).collect();
    assert!(logins.iter().all(|login| *login == "1001"), "{logins:?}");
}

/// From its publication on the paper is what is stored: the bank may change, the exam does not.
fn a_published_paper_is_fixed(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let stored = district.manager.get(&format!("/api/v1/exams/{exam}")).expect(200);
    assert!(stored.body["paper"].as_str().is_some_and(|paper| !paper.is_empty()), "{}", stored.body);
    let people = district.manager.get("/api/v1/people?limit=200").expect(200);
    let stems = |person: &Value| {
        let path = format!("/api/v1/exams/{exam}/preview?person={}", person["id"].as_str().expect("an id"));
        let slots = district.manager.get(&path).expect(200).body["slots"].as_array().expect("slots").clone();
        let mut stems: Vec<String> =
            slots.iter().map(|slot| slot["stem"].as_str().expect("a stem").to_owned()).collect();
        stems.sort();
        stems
    };
    let people = people.body["items"].as_array().expect("people").clone();
    let first = stems(&people[0]);
    assert!(people.iter().all(|person| stems(person) == first), "everybody has the same questions");
}

/// What a head sees of an exam counts the own units; by topic, only once nothing can change any more.
fn figures_follow_the_scope(database: &Database) {
    let server = zhijie_tests::Server::start(database, &["--demo"]);
    let accounts = zhijie_tests::Server::demo_accounts(database);
    let client = |role: &str| {
        let account = accounts.iter().find(|account| account.role == role).expect("an account");
        (server.sign_in(&account.login, &account.password), account.unit.clone())
    };
    let ((head, unit), (manager, top)) = (client("unit_head"), client("manager"));
    let exams = |client: &zhijie_tests::Client| client.get("/api/v1/exams").expect(200).body["items"].clone();
    let (seen, all) = (exams(&head), exams(&manager));
    for (own, whole) in seen.as_array().expect("exams").iter().zip(all.as_array().expect("exams")) {
        assert_eq!(own["id"], whole["id"]);
        let progress =
            head.get(&format!("/api/v1/units/{unit}/progress?exam={}", own["id"].as_str().expect("an id"))).expect(200);
        assert_eq!(own["due"], progress.body["due"], "the list counts what the unit's page counts");
        assert!(own["due"].as_i64() < whole["due"].as_i64(), "{own} {whole}");
    }
    let by_topic = |exam: &Value| {
        let id = exam["id"].as_str().expect("an id");
        manager.get(&format!("/api/v1/units/{top}/results?exam={id}&by=topic"))
    };
    let open = all.as_array().expect("exams").iter().find(|exam| exam["state"] == "open").expect("an open one");
    by_topic(open).expect_problem(409, "conflict");
    let past = all.as_array().expect("exams").iter().find(|exam| exam["state"] == "closed").expect("a past one");
    let results = by_topic(past).expect(200).body;
    let rows = results["rows"].as_array().expect("rows");
    assert!(rows.len() >= 5, "{results}");
    let number = |row: &Value, field: &str| row[field].as_f64().unwrap_or_else(|| panic!("no {field} in {row}"));
    for row in rows {
        let facility = number(row, "mean") / number(row, "marks_max");
        // Everybody has the paper's questions on a topic: the mean over the worth is the facility.
        assert!((facility - number(row, "facility")).abs() < 1e-9, "{row}");
        assert_eq!(row["taken"], results["total"]["taken"], "{row}");
    }
    let sum: f64 = rows.iter().map(|row| number(row, "mean")).sum();
    let blank = number(&results["total"], "blank");
    let taken = number(&results["total"], "taken");
    // The mean of all papers counts blank ones as nothing, as their topics do.
    assert!(blank == 0.0 || taken > blank);
    assert!((sum - number(&results["total"], "mean")).abs() < 1e-6, "topics add up to the mean: {sum} {results}");
}

/// The passwords of a demo are known to everybody: neither it nor its data is served on a public address.
fn a_demo_is_never_public(database: &Database) {
    let refused = zhijie(database, &["serve", "--demo", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(2));
    drop(zhijie_tests::Server::start(database, &["--demo"]));
    let refused = zhijie(database, &["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("演示"), "{}", String::from_utf8_lossy(&refused.stderr));
}
