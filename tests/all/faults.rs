//! Faults under rehearsal: servers and databases are killed, and every acknowledged answer must still be there.
//!
//! Short by default; `ZHIJIE_FAULT_ROUNDS=50 tests/run faults` runs long.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zhijie_tests::{Client, Database, PrivatePostgres, Server, binary};

/// How often each thing is killed.
fn rounds() -> u32 {
    std::env::var("ZHIJIE_FAULT_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

/// Seconds between two faults.
const BETWEEN_SECONDS: u32 = 4;

/// A rehearsal under way.
struct Rehearsal(Child);

impl Rehearsal {
    fn start(address: &str, takers: u32, seconds: u32) -> Self {
        let child = Command::new(binary())
            .args(["rehearse", "--url", &format!("http://{address}"), "--through-faults", "--json"])
            .args(["--takers", &takers.to_string(), "--duration", &seconds.to_string(), "--questions", "10"])
            .args(["--arrivals", "even"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the rehearsal starts");
        Self(child)
    }

    /// Waits for its report: nothing lost, no error, and the faults were felt.
    fn proves_that_nothing_is_lost(self) {
        let output = self.0.wait_with_output().expect("it ends");
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        let short = json!({
            "started": report["started"], "submitted": report["submitted"], "acked": report["acked"],
            "lost": report["lost"], "errors": report["errors"], "faults": report["faults"],
            "lost_answers": report["lost_answers"],
        });
        assert_eq!((&report["lost"], &report["errors"]), (&json!(0), &json!({})), "{short}");
        assert!(report["acked"].as_i64() > Some(100), "{short}");
        assert!(report["faults"].as_object().is_some_and(|faults| !faults.is_empty()), "no fault was felt: {short}");
        assert_eq!(output.status.code(), Some(0), "{short}");
    }
}

/// Waits until a server answers, and until its database does.
fn wait_until_ready(address: &str) {
    let limit = Instant::now() + Duration::from_secs(30);
    loop {
        let ready = std::panic::catch_unwind(|| {
            let reply = Client::new(address).get("/readyz");
            reply.status == 200 && reply.body["database"] == "up"
        });
        if ready.unwrap_or(false) {
            return;
        }
        assert!(Instant::now() < limit, "the server is not ready in time");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn kill_the_server(url: &str, data: &Path) {
    let mut server = Server::start_at(url, data, "127.0.0.1:0", &["--demo"]);
    let address = server.address().to_owned();
    let rehearsal = Rehearsal::start(&address, 60, rounds() * BETWEEN_SECONDS + 15);
    for _ in 0..rounds() {
        std::thread::sleep(Duration::from_secs(BETWEEN_SECONDS.into()));
        server.kill();
        server = Server::start_at(url, data, &address, &["--demo"]);
        wait_until_ready(&address);
    }
    rehearsal.proves_that_nothing_is_lost();
}

#[test]
fn killed_servers_lose_nothing_on_sqlite() {
    let database = Database::sqlite();
    kill_the_server(database.url(), database.folder());
}

#[test]
fn killed_servers_lose_nothing_on_postgres() {
    let database = Database::postgres();
    kill_the_server(database.url(), database.folder());
}

/// The database is killed and started again, and stands still for five seconds; the servers recover without a hand.
#[test]
fn a_killed_postgres_loses_nothing() {
    let postgres = PrivatePostgres::start();
    let folder = tempfile::TempDir::new().expect("a folder");
    let server = Server::start_at(&postgres.url(), folder.path(), "127.0.0.1:0", &["--demo"]);
    let rehearsal = Rehearsal::start(server.address(), 60, rounds() * (BETWEEN_SECONDS + 6) + 20);
    for _ in 0..rounds() {
        std::thread::sleep(Duration::from_secs(BETWEEN_SECONDS.into()));
        postgres.kill();
        // The node stays in rotation, and says itself that it cannot.
        let reply = Client::new(server.address()).get("/readyz");
        assert_eq!((reply.status, &reply.body["database"]), (200, &json!("down")));
        postgres.resume();
        wait_until_ready(server.address());
        postgres.freeze(true);
        std::thread::sleep(Duration::from_secs(5));
        postgres.freeze(false);
        wait_until_ready(server.address());
    }
    rehearsal.proves_that_nothing_is_lost();
}
