//! Virtual takers at once on a demo district (tecnickcom/tcexam#266: everybody starts in the same minute): `cargo run --release -p zhijie-tests --example takers [TAKERS] [SECONDS]`.
//!
//! Each taker signs in, starts, saves every answer at a steady pace over SECONDS, and hands in. Latencies are those that
//! a taker sees; the load generator runs beside the server on the same machine.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use zhijie_tests::{Client, Database, Server};

const PASSWORD: &str = "takers-2026-load";

type Samples = Arc<Mutex<Vec<(&'static str, Duration, u16)>>>;

fn main() {
    let number =
        |n: usize, otherwise: u64| std::env::args().nth(n).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (takers, seconds) = (number(1, 200), number(2, 30));
    let database = Database::sqlite();
    // Made first, then started again: what making the demo takes is not what serving takes.
    drop(Server::start(&database, &["--demo"]));
    let server = Server::start(&database, &["--demo"]);
    println!("RSS at rest {} MiB", server.resident_kib() / 1024);
    let manager =
        Server::demo_accounts(&database).into_iter().find(|account| account.role == "manager").expect("a manager");
    let manager = server.sign_in(&manager.login, &manager.password);
    let exams = manager.get("/api/v1/exams").expect(200);
    let exam = exams.body["items"]
        .as_array()
        .expect("exams")
        .iter()
        .find(|exam| exam["state"] == "open")
        .expect("an open exam")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let wanted = usize::try_from(takers).expect("small");
    let units = manager.get("/api/v1/units").expect(200);
    let mut codes: Vec<(String, String)> = Vec::new();
    // Unit by unit, as slips are printed: from the small ones up.
    let mut units: Vec<(i64, &str)> = units.body["items"]
        .as_array()
        .expect("units")
        .iter()
        .map(|unit| (unit["people"].as_i64().expect("a count"), unit["id"].as_str().expect("an id")))
        .collect();
    units.sort_unstable();
    for (_, unit) in units {
        if codes.len() >= wanted {
            break;
        }
        let path = format!("/api/v1/units/{unit}/activation-codes");
        let issued = manager.post(&path, &json!({ "only_missing": true })).expect(201);
        codes.extend(issued.body["items"].as_array().expect("codes").iter().map(|item| {
            let text = |field: &str| item[field].as_str().expect("a text").to_owned();
            (text("login"), text("code"))
        }));
    }
    codes.truncate(wanted);
    println!("RSS with codes issued {} MiB", server.resident_kib() / 1024);
    let samples: Samples = Samples::default();
    let began = Instant::now();
    let threads: Vec<_> = codes
        .into_iter()
        .map(|(login, code)| {
            let (client, exam, samples) = (server.client(), exam.clone(), Arc::clone(&samples));
            std::thread::spawn(move || take(&client, &exam, &login, &code, Duration::from_secs(seconds), &samples))
        })
        .collect();
    for thread in threads {
        thread.join().expect("a taker");
    }
    report(&samples.lock().expect("samples"), began.elapsed(), server.resident_kib());
}

fn take(client: &Client, exam: &str, login: &str, code: &str, over: Duration, samples: &Samples) {
    let timed = |what: &'static str, call: &dyn Fn() -> zhijie_tests::Reply| {
        let at = Instant::now();
        let reply = call();
        samples.lock().expect("samples").push((what, at.elapsed(), reply.status));
        reply
    };
    let signed = timed("activate", &|| {
        client.post("/api/v1/activations", &json!({ "login": login, "code": code, "password": PASSWORD }))
    });
    let account = client.with_token(signed.text("token"));
    let started =
        timed("start", &|| account.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": login })));
    let attempt = started.text("id").to_owned();
    let phone = client.with_token(started.text("token"));
    let slots = started.body["slots"].as_array().expect("slots").clone();
    let pace = over / u32::try_from(slots.len()).expect("small");
    // Takers answer at moments of their own.
    let offset: u32 = login.bytes().map(u32::from).sum::<u32>() % 97;
    std::thread::sleep(pace * offset / 97);
    for slot in &slots {
        let next = Instant::now() + pace;
        let response = match slot["kind"].as_str().expect("a kind") {
            "single" => json!(["A"]),
            "multiple" => json!(["A", "B"]),
            _ => json!(true),
        };
        let path = format!("/api/v1/attempts/{attempt}/answers/{}", slot["slot"]);
        timed("save", &|| phone.put(&path, &json!({ "revision": 1, "response": response })));
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    timed("submit", &|| phone.post(&format!("/api/v1/attempts/{attempt}/submission"), &json!({})));
}

fn report(samples: &[(&'static str, Duration, u16)], took: Duration, resident_kib: u64) {
    println!("{} calls in {:.1} s, server RSS {} MiB", samples.len(), took.as_secs_f64(), resident_kib / 1024);
    println!("| call | n | errors | p50 ms | p90 ms | p99 ms | max ms |\n| --- | --- | --- | --- | --- | --- | --- |");
    for what in ["activate", "start", "save", "submit"] {
        let mut times: Vec<Duration> =
            samples.iter().filter(|(call, ..)| *call == what).map(|(_, time, _)| *time).collect();
        let errors = samples.iter().filter(|(call, _, status)| *call == what && *status >= 400).count();
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1_000.0;
        println!(
            "| {what} | {} | {errors} | {:.1} | {:.1} | {:.1} | {:.1} |",
            times.len(),
            at(50),
            at(90),
            at(99),
            at(100)
        );
    }
}
