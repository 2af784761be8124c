//! Answers saved while 50,000 people are imported, on SQLite: `import_saves [PEOPLE] [TAKERS] [PACE_MS]`.
//!
//! A demo district is served; takers sit its open exam and save an answer every so many milliseconds each. First for a while with
//! nothing beside, then while a manager uploads a roster and writes it. The latencies are those that a taker sees; the
//! load generator runs beside the server on the same machine.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use zhijie_tests::{Client, Database, Server};

const PASSWORD: &str = "takers-2026-load";
/// How long is measured with nothing beside.
const ALONE: Duration = Duration::from_secs(15);

/// What went on, and how long a save took.
type Samples = Arc<Mutex<Vec<(&'static str, Duration, u16)>>>;

/// What goes on beside the saves.
static PHASE: Mutex<&str> = Mutex::new("warm-up");

fn phase(name: &'static str) {
    *PHASE.lock().expect("a phase") = name;
}

fn main() {
    let number =
        |n: usize, otherwise: usize| std::env::args().nth(n).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (people, takers) = (number(1, 50_000), number(2, 2_000));
    // Between two saves of a taker.
    let pace = Duration::from_millis(u64::try_from(number(3, 10_000)).expect("a pace"));
    let database = Database::sqlite();
    drop(Server::start(&database, &["--demo"]));
    let server = Server::start(&database, &["--demo"]);
    let manager = Server::demo_accounts(&database).into_iter().find(|account| account.role == "manager");
    let manager = manager.expect("a manager");
    let manager = server.sign_in(&manager.login, &manager.password);
    let phones = sit(&server, &manager, takers);
    let samples: Samples = Samples::default();
    let over = Arc::new(AtomicBool::new(false));
    let revision = Arc::new(AtomicI64::new(1));
    let threads: Vec<_> = phones
        .into_iter()
        .enumerate()
        .map(|(n, phone)| {
            let (samples, over, revision) = (Arc::clone(&samples), Arc::clone(&over), Arc::clone(&revision));
            let offset = pace * u32::try_from(n % 1_000).expect("small") / 1_000;
            std::thread::spawn(move || {
                std::thread::sleep(offset);
                while !over.load(Ordering::Relaxed) {
                    let next = Instant::now() + pace;
                    let at = Instant::now();
                    let status = phone.save(revision.fetch_add(1, Ordering::Relaxed));
                    let what = *PHASE.lock().expect("a phase");
                    samples.lock().expect("samples").push((what, at.elapsed(), status));
                    std::thread::sleep(next.saturating_duration_since(Instant::now()));
                }
            })
        })
        .collect();
    std::thread::sleep(Duration::from_secs(2));
    phase("nothing");
    std::thread::sleep(ALONE);
    let csv = roster(people);
    phase("preview");
    let at = Instant::now();
    let preview = manager.upload("/api/v1/imports", &[("kind", "people")], "全区.csv", csv.as_bytes()).expect(201);
    let previewed = at.elapsed();
    assert_eq!(preview.body["preview"]["people"]["new"], people, "{}", preview.body["preview"]["people"]);
    phase("commit");
    let at = Instant::now();
    let commit = format!("/api/v1/imports/{}/commit", preview.text("id"));
    manager.post(&commit, &json!({})).expect(200);
    let committed = at.elapsed();
    phase("after");
    std::thread::sleep(Duration::from_secs(3));
    over.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().expect("a taker");
    }
    println!(
        "{people} people: preview {:.1} s, commit {:.1} s, {:.1} s in all; {takers} takers; server RSS {} MiB",
        previewed.as_secs_f64(),
        committed.as_secs_f64(),
        (previewed + committed).as_secs_f64(),
        server.resident_kib() / 1024
    );
    report(&samples.lock().expect("samples"));
}

/// A taker in the middle of the exam.
struct Phone {
    client: Client,
    path: String,
    response: serde_json::Value,
}

impl Phone {
    fn save(&self, revision: i64) -> u16 {
        self.client.put(&self.path, &json!({ "revision": revision, "response": self.response })).status
    }
}

/// Activates accounts of the demo and starts an attempt with each.
fn sit(server: &Server, manager: &Client, takers: usize) -> Vec<Phone> {
    let exams = manager.get("/api/v1/exams").expect(200);
    let exams = exams.body["items"].as_array().expect("exams").clone();
    let exam = exams.iter().find(|exam| exam["state"] == "open").expect("an open exam")["id"].clone();
    let units = manager.get("/api/v1/units").expect(200);
    let mut units: Vec<(i64, String)> = units.body["items"]
        .as_array()
        .expect("units")
        .iter()
        .map(|unit| (unit["people"].as_i64().expect("a count"), unit["id"].as_str().expect("an id").to_owned()))
        .collect();
    units.sort_unstable();
    let mut phones = Vec::new();
    for (_, unit) in units {
        let path = format!("/api/v1/units/{unit}/activation-codes");
        let issued = manager.post(&path, &json!({ "only_missing": true })).expect(201);
        for item in issued.body["items"].as_array().expect("codes") {
            if phones.len() == takers {
                return phones;
            }
            let body = json!({ "login": item["login"], "code": item["code"], "password": PASSWORD });
            let signed = server.client().post("/api/v1/activations", &body).expect(201);
            let account = server.client().with_token(signed.text("token"));
            let attempts = format!("/api/v1/exams/{}/attempts", exam.as_str().expect("an id"));
            let started = account.post(&attempts, &json!({ "device": "load" })).expect(201);
            let slot = &started.body["slots"][0];
            let response = match slot["kind"].as_str().expect("a kind") {
                "single" => json!(["A"]),
                "multiple" => json!(["A", "B"]),
                _ => json!(true),
            };
            phones.push(Phone {
                client: server.client().with_token(started.text("token")),
                path: format!("/api/v1/attempts/{}/answers/{}", started.text("id"), slot["slot"]),
                response,
            });
        }
    }
    phones
}

/// People in 600 units of three offices each.
fn roster(people: usize) -> String {
    let mut csv = String::from("工号,姓名,单位,职级,政治面貌,出生年月\n");
    for n in 0..people {
        let (unit, office, year, month) = (n % 600, n % 3, 60 + n % 40, 1 + n % 9);
        writeln!(csv, "{},人{}甲,单位{unit:03}/科室{office},一级科员,中共党员,19{year}-0{month}", 500_000 + n, n % 997)
            .expect("written");
    }
    csv
}

fn report(samples: &[(&'static str, Duration, u16)]) {
    println!("| beside the saves | saves | errors | p50 ms | p90 ms | p99 ms | max ms |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for what in ["nothing", "preview", "commit"] {
        let own = samples.iter().filter(|(phase, ..)| *phase == what);
        let errors = own.clone().filter(|(.., status)| *status != 200).count();
        let mut times: Vec<Duration> = own.map(|(_, time, _)| *time).collect();
        times.sort_unstable();
        let at = |percent: usize| {
            let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
            times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
        };
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
