//! Faults under rehearsal: servers and databases are killed, disks fill, clocks jump, connections are cut, nodes go; every
//! acknowledged answer must still be there.
//!
//! Short by default; `ZHIJIE_FAULT_ROUNDS=50 tests/run faults` runs long.

mod clock;
mod cuts;
mod disk;
mod drain;
mod kills;
mod nodes;
mod phones;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zhijie_tests::{Client, binary};

/// How often each thing is done.
fn rounds() -> u32 {
    std::env::var("ZHIJIE_FAULT_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2)
}

/// Seconds between two faults.
const BETWEEN_SECONDS: u32 = 4;
/// How long anything may take to come back.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits until something holds; `what` says what did not.
#[track_caller]
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let limit = Instant::now() + LIMIT;
    while !holds() {
        assert!(Instant::now() < limit, "{what}: not within {LIMIT:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until a server answers, and until its database does; answers how long that took.
fn wait_until_ready(address: &str) -> Duration {
    let begun = Instant::now();
    wait_until("the server is ready", || {
        Client::new(address).try_get("/readyz").is_ok_and(|reply| reply.status == 200 && reply.body["database"] == "up")
    });
    begun.elapsed()
}

/// A rehearsal under way.
struct Rehearsal(Child);

/// Its report.
struct Report {
    whole: Value,
    success: bool,
}

impl Rehearsal {
    /// On a demo.
    fn start(address: &str, takers: u32, seconds: u32) -> Self {
        Self::begin(address, takers, seconds, None)
    }

    /// On a real installation, for a manager.
    fn start_as(token: &str, address: &str, takers: u32, seconds: u32) -> Self {
        Self::begin(address, takers, seconds, Some(token))
    }

    fn begin(address: &str, takers: u32, seconds: u32, token: Option<&str>) -> Self {
        let child = Command::new(binary())
            .args(["rehearse", "--url", &format!("http://{address}"), "--through-faults", "--json"])
            .args(["--takers", &takers.to_string(), "--duration", &seconds.to_string(), "--questions", "10"])
            .args(["--arrivals", "even"])
            .envs(token.map(|token| ("ZHIJIE_TOKEN", token)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the rehearsal starts");
        Self(child)
    }

    /// Waits for its report: every paper handed in, nothing lost, no error.
    fn proves_that_nothing_is_lost(mut self) -> Report {
        let mut text = String::new();
        let mut stdout = self.0.stdout.take().expect("piped");
        std::io::Read::read_to_string(&mut stdout, &mut text).expect("it ends");
        let status = self.0.wait().expect("it ends");
        let whole: Value = serde_json::from_str(&text).expect("a report");
        let report = Report { whole, success: status.success() };
        let of = |field: &str| &report.whole[field];
        assert_eq!((of("lost"), of("errors")), (&json!(0), &json!({})), "{}", report.short());
        assert_eq!(
            (of("left"), of("started")),
            (&json!(0), of("submitted")),
            "an attempt is stuck: {}",
            report.short()
        );
        assert!(of("acked").as_i64() > Some(100), "{}", report.short());
        assert!(report.success, "{}", report.short());
        println!("{}", report.short());
        report
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Report {
    /// The takers noticed that something was wrong.
    #[track_caller]
    fn felt_the_faults(&self) {
        let felt = self.whole["faults"].as_object().is_some_and(|faults| !faults.is_empty())
            || self.whole["delayed"].as_i64() > Some(0);
        assert!(felt, "no fault was felt: {}", self.short());
    }

    fn short(&self) -> String {
        let fields = [
            "takers",
            "started",
            "submitted",
            "left",
            "saves",
            "acked",
            "lost",
            "errors",
            "faults",
            "recovered",
            "delayed",
            "delayed_by",
            "lost_answers",
        ];
        let short: serde_json::Map<String, Value> =
            fields.iter().map(|field| ((*field).to_owned(), self.whole[*field].clone())).collect();
        Value::Object(short).to_string()
    }
}
