//! The matrix role × endpoint × scope, walked by HTTP.

use std::collections::BTreeSet;

use organisation::Role;
use serde_json::json;
use server::endpoints::{Access, ENDPOINTS};
use zhijie_tests::{Client, Database, Server};

crate::on_both_databases!(every_role_at_every_endpoint);

/// Every documented operation is in the matrix, and the other way round.
#[test]
fn the_document_and_the_matrix_agree() {
    let document = serde_json::to_value(server::openapi_document()).expect("JSON");
    let mut documented = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("operations").keys() {
            documented.insert((method.to_uppercase(), path.clone()));
        }
    }
    let in_matrix: BTreeSet<(String, String)> = ENDPOINTS
        .iter()
        .filter(|endpoint| endpoint.path.starts_with("/api/v1/") && endpoint.access != Access::Demo)
        .map(|endpoint| (endpoint.method.to_owned(), endpoint.path.to_owned()))
        .collect();
    assert_eq!(documented, in_matrix);
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_json_snapshot!("openapi", document);
    });
}

fn filled(path: &str) -> String {
    let mut out = String::new();
    for part in path.split('/').skip(1) {
        out.push('/');
        out.push_str(match part {
            "{slot}" => "1",
            part if part.starts_with('{') => "none",
            part => part,
        });
    }
    out
}

fn call(client: &Client, method: &str, path: &str) -> (u16, String) {
    let path = match path {
        "/api/v1/units/{unit}/progress" | "/api/v1/units/{unit}/missing" | "/api/v1/units/{unit}/results" => {
            format!("{}?exam=none", filled(path))
        }
        "/api/v1/analysis/mastery" | "/api/v1/analysis/mastery.svg" => format!("{path}?exam=none"),
        "/api/v1/exams/{exam}/preview" => format!("{}?person=none", filled(path)),
        path => filled(path),
    };
    let reply = match method {
        "GET" => client.get(&path),
        "DELETE" => client.delete(&path),
        method => client.send(method, &path, &json!({})),
    };
    (reply.status, reply.body["type"].as_str().unwrap_or_default().to_owned())
}

fn every_role_at_every_endpoint(database: &Database) {
    let server = Server::start(database, &["--demo"]);
    let accounts = Server::demo_accounts(database);
    let stranger = server.client();
    for endpoint in ENDPOINTS {
        let (status, kind) = call(&stranger, endpoint.method, endpoint.path);
        match endpoint.access {
            Access::Public | Access::Loopback | Access::Demo | Access::Rehearsal => {
                assert!(kind != "forbidden" && status != 403, "{} {}", endpoint.method, endpoint.path);
            }
            _ => assert_eq!((status, kind.as_str()), (401, "not-signed-in"), "{} {}", endpoint.method, endpoint.path),
        }
    }
    for role in Role::ALL {
        let account = accounts.iter().find(|account| account.role == role.slug()).expect("an account of each role");
        let client = server.sign_in(&account.login, &account.password);
        // A head or liaison is an examinee, too.
        let held: Vec<String> = client.get("/api/v1/me").expect(200).body["roles"]
            .as_array()
            .expect("roles")
            .iter()
            .map(|role| role["role"].as_str().expect("a role").to_owned())
            .collect();
        for endpoint in ENDPOINTS {
            // Signing out and changing the password would end the walk.
            if ["/api/v1/sessions/current", "/api/v1/me/password", "/metrics"].contains(&endpoint.path) {
                continue;
            }
            let (status, kind) = call(&client, endpoint.method, endpoint.path);
            let allowed = match endpoint.access {
                Access::Roles(roles) => roles.iter().any(|role| held.contains(&role.slug().to_owned())),
                _ => true,
            };
            let what = format!("{role:?} {} {}: {status} {kind}", endpoint.method, endpoint.path);
            if allowed {
                assert!(
                    kind != "forbidden" && kind != "not-signed-in" || endpoint.path.ends_with("renewals"),
                    "{what}"
                );
                assert_ne!(status, 500, "{what}");
            } else {
                assert_eq!((status, kind.as_str()), (403, "forbidden"), "{what}");
            }
        }
    }
    scopes(&server, &accounts);
    nobody_rises(&server, &accounts);
    small_groups(&server, &accounts);
}

/// A liaison's slips hold no code for the head; a manager resets no administrator; nobody grants beyond the own scope.
fn nobody_rises(server: &Server, accounts: &[zhijie_tests::Account]) {
    let of = |role: &str| accounts.iter().find(|account| account.role == role).expect("an account");
    let (liaison, head) = (of("liaison"), of("unit_head"));
    assert_eq!(liaison.unit, head.unit);
    let client = server.sign_in(&liaison.login, &liaison.password);
    let codes = client
        .post(&format!("/api/v1/units/{}/activation-codes", liaison.unit), &json!({ "only_missing": false }))
        .expect(201);
    let logins: Vec<&str> =
        codes.body["items"].as_array().expect("codes").iter().filter_map(|item| item["login"].as_str()).collect();
    assert!(!logins.is_empty() && !logins.contains(&head.login.as_str()), "{logins:?}");
    let security = server.sign_in(&of("security_admin").login, &of("security_admin").password);
    let listed = security.get("/api/v1/accounts?query=demo-system-admin").expect(200);
    let admin = listed.body["items"][0]["id"].as_str().expect("an id").to_owned();
    let etag = listed.body["items"][0]["etag"].as_str().expect("an etag").to_owned();
    let manager = server.sign_in(&of("manager").login, &of("manager").password);
    let refused = manager.post(&format!("/api/v1/accounts/{admin}/activation-codes"), &json!({}));
    assert!(refused.status == 403 || refused.status == 404, "{}", refused.body);
    let path = format!("/api/v1/accounts/{admin}/roles");
    let two = json!({ "roles": [
        { "role": "system_admin", "scope": [liaison.unit] },
        { "role": "audit_admin", "scope": [liaison.unit] },
    ] });
    security.put(&path, &two).expect_problem(428, "precondition-required");
    security.with_header("If-Match", &format!("\"{etag}\"")).put(&path, &two).expect_problem(422, "invalid");
}

/// Who sees no names gets no figure of fewer than five, nor what would give one away; marks only after the end.
fn small_groups(server: &Server, accounts: &[zhijie_tests::Account]) {
    let leader = accounts.iter().find(|account| account.role == "leader").expect("a leader");
    let client = server.sign_in(&leader.login, &leader.password);
    let exams = client.get("/api/v1/exams").expect(200);
    for exam in exams.body["items"].as_array().expect("exams") {
        let (id, is_over) = (exam["id"].as_str().expect("an id"), exam["state"] == "closed");
        for unit in client.get("/api/v1/units").expect(200).body["items"].as_array().expect("units") {
            let path = format!("/api/v1/units/{}/results?exam={id}&by=rank", unit["id"].as_str().expect("an id"));
            let results = client.get(&path).expect(200);
            let total = &results.body["total"];
            let rows = results.body["rows"].as_array().expect("rows");
            let hidden: Vec<_> = rows.iter().filter(|row| row["suppressed"] == true).collect();
            for row in rows.iter().chain([total]) {
                if row["suppressed"] == true {
                    assert!(row["registered"].is_null() && row["mean"].is_null(), "{row}");
                } else {
                    assert!(row["registered"].as_i64().is_some_and(|count| count >= 5), "{row}");
                    assert!(is_over || (row["mean"].is_null() && row["passed"].is_null()), "{row}");
                }
            }
            if hidden.len() == 1 {
                assert_eq!(total["suppressed"], true, "one hidden row follows from the total: {}", results.body);
            }
        }
    }
}

/// iomad/iomad#2493, #2494, #2168, #2324: a head sees the own units only.
fn scopes(server: &Server, accounts: &[zhijie_tests::Account]) {
    let heads: Vec<_> = accounts.iter().filter(|account| account.role == "unit_head").collect();
    let [one, two] = heads.as_slice() else { panic!("two unit heads") };
    assert_ne!(one.unit, two.unit);
    let client = server.sign_in(&one.login, &one.password);
    let exams = client.get("/api/v1/exams").expect(200);
    let exam = exams.body["items"][0]["id"].as_str().expect("an exam").to_owned();
    for what in ["progress", "missing", "results"] {
        client.get(&format!("/api/v1/units/{}/{what}?exam={exam}", one.unit)).expect(200);
        client.get(&format!("/api/v1/units/{}/{what}?exam={exam}", two.unit)).expect_problem(404, "not-found");
    }
    client.get(&format!("/api/v1/units/{}/activations", two.unit)).expect_problem(404, "not-found");
    for what in ["activation-codes", "activation-slips"] {
        client.post(&format!("/api/v1/units/{}/{what}", two.unit), &json!({})).expect_problem(404, "not-found");
    }
    let units = client.get("/api/v1/units").expect(200);
    let ids: Vec<&str> =
        units.body["items"].as_array().expect("units").iter().filter_map(|unit| unit["id"].as_str()).collect();
    assert!(ids.contains(&one.unit.as_str()) && !ids.contains(&two.unit.as_str()), "{ids:?}");
    let people = client.get(&format!("/api/v1/people?unit={}", two.unit));
    people.expect_problem(404, "not-found");
    for person in client.get("/api/v1/people?limit=200").expect(200).body["items"].as_array().expect("people") {
        assert!(ids.contains(&person["unit"].as_str().expect("a unit")), "{person}");
    }
}
