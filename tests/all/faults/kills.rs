//! Servers and databases are killed, and come back.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use zhijie_tests::{Client, Database, PrivatePostgres, Server};

use super::{BETWEEN_SECONDS, Rehearsal, rounds, wait_until_ready};

crate::on_both_databases!(killed_servers_lose_nothing);

fn killed_servers_lose_nothing(database: &Database) {
    let (url, data): (&str, &Path) = (database.url(), database.folder());
    let mut server = Server::start_at(url, data, "127.0.0.1:0", &["--demo"]);
    let address = server.address().to_owned();
    let rehearsal = Rehearsal::start(&address, 60, rounds() * BETWEEN_SECONDS + 10);
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds() {
        std::thread::sleep(Duration::from_secs(BETWEEN_SECONDS.into()));
        server.kill();
        let begun = std::time::Instant::now();
        server = Server::start_at(url, data, &address, &["--demo"]);
        wait_until_ready(&address);
        slowest = slowest.max(begun.elapsed());
    }
    println!("ready again after at most {slowest:?}");
    rehearsal.proves_that_nothing_is_lost().felt_the_faults();
}

/// The database is killed and started again, and stands still for five seconds; the servers recover without a hand.
#[test]
fn a_killed_postgres_loses_nothing() {
    let postgres = PrivatePostgres::start();
    let folder = tempfile::TempDir::new().expect("a folder");
    let server = Server::start_at(&postgres.url(), folder.path(), "127.0.0.1:0", &["--demo"]);
    let rehearsal = Rehearsal::start(server.address(), 60, rounds() * (BETWEEN_SECONDS + 6) + 12);
    for _ in 0..rounds() {
        std::thread::sleep(Duration::from_secs(BETWEEN_SECONDS.into()));
        postgres.kill();
        // The node stays in rotation, and says itself that it cannot.
        let reply = Client::new(server.address()).get("/readyz");
        assert_eq!((reply.status, &reply.body["database"]), (200, &json!("down")));
        postgres.resume();
        wait_until_ready(server.address());
        postgres.freeze(true);
        let asked = std::time::Instant::now();
        let reply = Client::new(server.address()).get("/readyz");
        assert_eq!(
            (reply.status, &reply.body["database"]),
            (200, &json!("down")),
            "a database that hangs is down, too"
        );
        std::thread::sleep(Duration::from_secs(5).saturating_sub(asked.elapsed()));
        postgres.freeze(false);
        wait_until_ready(server.address());
    }
    rehearsal.proves_that_nothing_is_lost().felt_the_faults();
}
