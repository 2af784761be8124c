//! The demo district, by its API alone.

use serde_json::json;
use zhijie_tests::{Database, Server};

use crate::district::some_response;

crate::on_both_databases!(the_whole_way);

/// Set at the start of a process or never: the server sees to it by itself, whoever starts it.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn the_server_runs_with_a_setting_that_gives_memory_back() {
    let database = Database::sqlite();
    let server = Server::start(&database, &[]);
    assert_eq!(server.environment("MALLOC_MMAP_THRESHOLD_").as_deref(), Some("131072"));
    assert_eq!(server.client().get("/healthz").status, 200);
}

fn the_whole_way(database: &Database) {
    let server = Server::start(database, &["--demo"]);
    let accounts = Server::demo_accounts(database);
    let of = |role: &str| {
        let account = accounts.iter().find(|account| account.role == role).expect("an account");
        (server.sign_in(&account.login, &account.password), account.unit.clone())
    };
    let (examinee, _) = of("examinee");
    let assignments = examinee.get("/api/v1/me/assignments").expect(200);
    let open = assignments.body["items"].as_array().expect("a list").iter().find(|item| item["state"] == "open");
    let exam = open.expect("an open exam")["exam"].as_str().expect("an id").to_owned();

    let trial = examinee.post("/api/v1/exams/trial/attempts", &json!({ "device": "d" })).expect(201);
    assert_eq!(trial.body["slots"].as_array().expect("slots").len(), 3);

    let started = examinee.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "d" })).expect(201);
    let attempt = started.text("id").to_owned();
    let phone = server.client().with_token(started.text("token"));
    let answers: Vec<_> = started.body["slots"]
        .as_array()
        .expect("slots")
        .iter()
        .map(|slot| json!({ "slot": slot["slot"], "revision": 1, "response": some_response(slot) }))
        .collect();
    phone.put(&format!("/api/v1/attempts/{attempt}/answers"), &json!({ "answers": answers })).expect(200);
    phone.post(&format!("/api/v1/attempts/{attempt}/submission"), &json!({})).expect(201);
    let result = examinee.get(&format!("/api/v1/attempts/{attempt}/result")).expect(200);
    assert_eq!(result.body["keys_released"], false, "keys wait for the end of the window");
    assert!(result.body["slots"][0].get("key").is_none());

    let (head, unit) = of("unit_head");
    let progress = head.get(&format!("/api/v1/units/{unit}/progress?exam={exam}")).expect(200);
    assert_eq!(progress.body["absent"], 0);
    assert!(progress.body["missing"].as_i64().expect("a count") > 0);
    let live = head.get(&format!("/api/v1/units/{unit}/results?exam={exam}&by=rank")).expect(200);
    assert!(live.body["rows"].as_array().is_some_and(|rows| !rows.is_empty()));

    let (analyst, _) = of("analyst");
    let exams = analyst.get("/api/v1/exams").expect(200);
    let past = exams.body["items"].as_array().expect("exams").iter().find(|item| item["state"] == "closed");
    let past = past.expect("last year's exam")["id"].as_str().expect("an id").to_owned();
    check_mastery(&analyst, &past);
    let mastery = analyst.get(&format!("/api/v1/analysis/mastery?exam={past}&by=unit,rank,topic")).expect(200);
    check_command_line(database, &past, &mastery.body);

    let (manager, _) = of("manager");
    manager.post("/api/v1/demo/clock", &json!({ "advance_seconds": 15 * 86_400 })).expect(200);
    // The account's token is over by then; signing in again is what a person would do.
    let (examinee, _) = of("examinee");
    let result = examinee.get(&format!("/api/v1/attempts/{attempt}/result")).expect(200);
    assert_eq!(result.body["keys_released"], true);
    assert!(result.body["slots"][0]["citations"][0]["words"].as_str().is_some_and(|words| !words.is_empty()));
    let (head, unit) = of("unit_head");
    let progress = head.get(&format!("/api/v1/units/{unit}/progress?exam={exam}")).expect(200);
    assert!(progress.body["absent"].as_i64().expect("a count") > 0, "who stayed away is absent now");
    assert_eq!(progress.body["missing"], 0);
}

/// The same figures by the command line as by the API.
fn check_command_line(database: &Database, exam: &str, api: &serde_json::Value) {
    if !database.is_postgres() {
        // A SQLite file belongs to the server that runs.
        return;
    }
    let out = database.folder().join("mastery.json");
    let path = out.to_str().expect("a path");
    let done = zhijie_tests::zhijie(
        database,
        &["report", "mastery", "--exam", exam, "--by", "unit,rank,topic", "--format", "json", path],
    );
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let written: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).expect("written")).expect("JSON");
    assert_eq!(&written, api);
}

fn check_mastery(analyst: &zhijie_tests::Client, exam: &str) {
    let mastery = analyst.get(&format!("/api/v1/analysis/mastery?exam={exam}&by=unit,rank,topic")).expect(200);
    let rows = mastery.body["rows"].as_array().expect("rows");
    assert!(rows.len() > 500, "{} rows", rows.len());
    let mut shown = 0;
    for row in rows {
        if row["suppressed"] == true {
            assert!(row["facility"].is_null() && row["persons"].is_null(), "{row}");
            continue;
        }
        shown += 1;
        assert!(row["persons"].as_i64().expect("a count") >= 5, "{row}");
        let [low, facility, high] = ["low", "facility", "high"].map(|field| row[field].as_f64().expect("a share"));
        assert!(0.0 <= low && low <= facility && facility <= high && high <= 1.0, "{row}");
    }
    assert!(shown > 100, "{shown} rows are shown");
    for (format, magic) in [("xlsx", &b"PK"[..]), ("csv", &b"\xef\xbb\xbf"[..]), ("parquet", &b"PAR1"[..])] {
        let job = analyst
            .post(
                "/api/v1/reports",
                &json!({ "kind": "mastery", "scope": { "exam": exam, "by": "rank,topic" }, "format": format }),
            )
            .expect(202);
        let id = job.text("id").to_owned();
        let limit = std::time::Instant::now() + std::time::Duration::from_secs(60);
        loop {
            let state = analyst.get(&format!("/api/v1/reports/{id}")).expect(200);
            match state.text("state") {
                "done" => break,
                "failed" => panic!("{}", state.body),
                _ => assert!(std::time::Instant::now() < limit, "{}", state.body),
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let file = analyst.get(&format!("/api/v1/reports/{id}/file")).expect(200);
        assert!(file.bytes.starts_with(magic), "{format}");
    }
    for chart in ["heatmap", "intervals"] {
        let svg =
            analyst.get(&format!("/api/v1/analysis/mastery.svg?exam={exam}&by=rank,topic&chart={chart}")).expect(200);
        assert!(String::from_utf8_lossy(&svg.bytes).contains("<svg"));
    }
}
