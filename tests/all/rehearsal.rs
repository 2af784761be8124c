//! Rehearsals: real attempts of virtual takers, seen in no list and no figure, and wiped without a trace.

use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Server};

use crate::district::{self, District, PASSWORD, some_response};

crate::on_both_databases!(a_rehearsal_leaves_nothing_behind);

fn count(client: &Client, path: &str) -> usize {
    client.get(path).expect(200).body["items"].as_array().expect("items").len()
}

fn a_rehearsal_leaves_nothing_behind(database: &Database) {
    // Codes by the command line want the file for themselves.
    let top = district::start(database).top;
    let code = district::reset(database, "security");
    let server = Server::start(database, &[]);
    let security = district::activate(&server, "security", &code);
    let manager = server.sign_in("manager", PASSWORD);
    let district = District { server, manager, top };
    let manager = &district.manager;
    let units = |client: &Client| client.get("/api/v1/units").expect(200).body["items"].clone();
    let before = (count(manager, "/api/v1/people"), count(manager, "/api/v1/exams"), units(manager));
    let path = "/api/v1/rehearsals";
    district.server.client().post(path, &json!({})).expect_problem(401, "not-signed-in");
    for (body, field) in [
        (json!({ "takers": 0, "questions": 5, "duration_seconds": 600 }), "takers"),
        (json!({ "takers": 30_000, "questions": 5, "duration_seconds": 600 }), "takers"),
        (json!({ "takers": 3, "questions": 0, "duration_seconds": 600 }), "questions"),
        (json!({ "takers": 3, "questions": 5, "duration_seconds": 1 }), "duration_seconds"),
    ] {
        let refused = manager.post(path, &body).expect_problem(422, "invalid");
        assert_eq!(refused.body["errors"][0]["field"], field);
    }
    let made = manager.post(path, &json!({ "takers": 3, "questions": 10, "duration_seconds": 600 })).expect(201);
    let exam = made.text("exam").to_owned();
    let tokens: Vec<String> =
        made.body["tokens"].as_array().expect("tokens").iter().map(|t| t.as_str().expect("text").to_owned()).collect();
    assert_eq!(tokens.len(), 3);
    for token in &tokens {
        let taker = district.server.client().with_token(token);
        let attempt = taker.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "v" })).expect(201);
        let slots = attempt.body["slots"].as_array().expect("slots").clone();
        assert_eq!(slots.len(), 10);
        let phone = district.server.client().with_token(attempt.text("token"));
        let answers: Vec<Value> = slots
            .iter()
            .map(|slot| json!({ "slot": slot["slot"], "revision": 1, "response": some_response(slot) }))
            .collect();
        let own = format!("/api/v1/attempts/{}", attempt.text("id"));
        phone.put(&format!("{own}/answers"), &json!({ "answers": answers })).expect(200);
        assert_eq!(phone.post(&format!("{own}/submission"), &json!({})).expect(201).body["answered"], 10);
    }
    assert_eq!(before, (count(manager, "/api/v1/people"), count(manager, "/api/v1/exams"), units(manager)));
    assert_eq!(count(&security, "/api/v1/accounts?query=rehearsal"), 0);
    assert_eq!(count(&security, "/api/v1/accounts?query=manager"), 1);
    manager.get(&format!("/api/v1/exams/{exam}")).expect_problem(404, "not-found");
    manager.get(&format!("/api/v1/exams/{exam}/roster")).expect_problem(404, "not-found");
    let figures = format!("/api/v1/units/{}/results?exam={exam}", district.top);
    manager.get(&figures).expect_problem(404, "not-found");

    manager.delete(&format!("{path}/{exam}")).expect(204);
    manager.delete(&format!("{path}/{exam}")).expect_problem(404, "not-found");
    let real = district.publish(&district::rules(), -60, 3600, 1800);
    manager.delete(&format!("{path}/{real}")).expect_problem(404, "not-found");
    let taker = district.server.client().with_token(&tokens[0]);
    // The taker is gone, though another node or this one may know the token for some seconds.
    let refused = taker.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({}));
    assert!([401, 404].contains(&refused.status), "{}", refused.body);
}
