//! The disk is full for a while.

use serde_json::json;
use zhijie_tests::{Account, Client, Database, PrivatePostgres, Server, SmallDisk, with_disks};

use super::phones::{Next, Working, phones, unavailable};
use super::{Rehearsal, wait_until, wait_until_ready};

/// MiB of a disk on which a demo fits.
const DISK_MEBIBYTES: u64 = 512;
/// MiB that are free when the load begins.
const FREE_MEBIBYTES: u64 = 16;
/// Length of the rehearsal that goes on meanwhile.
const SECONDS: u32 = 20;

#[test]
fn a_full_disk_under_sqlite() {
    with_disks("faults::disk::a_full_disk_under_sqlite", || {
        let disk = SmallDisk::new(DISK_MEBIBYTES);
        let url = format!("sqlite:{}", disk.path().join("zhijie.sqlite").display());
        a_full_disk_loses_nothing(&disk, &url, disk.path());
    });
}

/// The tables' disk. Where the log of what is written cannot grow, PostgreSQL ends: that is a killed database.
#[test]
fn a_full_disk_under_postgres() {
    with_disks("faults::disk::a_full_disk_under_postgres", || {
        let disk = SmallDisk::new(DISK_MEBIBYTES);
        let postgres = PrivatePostgres::start_on(disk.path());
        let database = Database::of(&postgres);
        a_full_disk_loses_nothing(&disk, database.url(), database.folder());
    });
}

fn a_full_disk_loses_nothing(disk: &SmallDisk, url: &str, data: &std::path::Path) {
    // Ended in order, the demo leaves no log with room in it that a full disk could go on with.
    let server = Server::start_at(url, data, "127.0.0.1:0", &["--demo"]);
    let accounts = Server::accounts_in(data);
    server.ask_to_stop();
    assert!(server.wait_for_its_end().success());
    let server = Server::start_at(url, data, "127.0.0.1:0", &["--demo"]);
    let own = phones(&server, 8, 600);
    let spare = phones(&server, 1, 600).remove(0);
    disk.shrink(FREE_MEBIBYTES);
    let rehearsal = Rehearsal::start(server.address(), 40, SECONDS);
    let working = Working::start(own, &[server.address()], unavailable);
    wait_until("saves before", || working.acked() > 100);
    assert_eq!(working.refused(), 0);

    disk.fill();
    wait_until("saves are refused", || working.refused() > 50);
    while_it_is_full(&server, &spare.at(server.address()), &spare.attempt, &accounts);

    disk.free();
    let before = working.acked();
    wait_until("saves work again", || working.acked() > before + 100);
    wait_until_ready(server.address());
    server.sign_in(&accounts[0].login, &accounts[0].password);
    let ledgers = working.ledgers();
    assert!(ledgers.iter().all(|ledger| ledger.acked.len() == 10));
    for ledger in &ledgers {
        ledger.compare(server.address());
    }
    let report = rehearsal.proves_that_nothing_is_lost();
    report.felt_the_faults();
    assert_eq!(report.whole["faults"], json!({}), "told to come again, never cut off and no 500: {}", report.short());

    server.ask_to_stop();
    assert!(server.wait_for_its_end().success());
    let server = Server::start_at(url, data, "127.0.0.1:0", &["--demo"]);
    for ledger in &ledgers {
        ledger.compare(server.address());
    }
}

/// What must be written is put off, what need not be is answered.
fn while_it_is_full(server: &Server, phone: &Client, attempt: &str, accounts: &[Account]) {
    let client = server.client();
    for page in ["/healthz", "/"] {
        client.get(page).expect(200);
    }
    let status = phone.get(&format!("/api/v1/attempts/{attempt}")).expect(200);
    assert_eq!(status.body["state"], "answering");
    let ready = client.get("/readyz").expect(200);
    assert_eq!(ready.body["database"], "up", "it answers, only it cannot write");
    // A page that was written in part may still take something small: it is refused in the end, and never otherwise.
    for (path, body) in [
        ("/api/v1/sessions", json!({ "login": accounts[0].login, "password": accounts[0].password })),
        ("/api/v1/rehearsals", json!({ "takers": 1, "questions": 10, "duration_seconds": 600 })),
    ] {
        wait_until(&format!("{path} is put off"), || {
            let reply = client.post(path, &body);
            reply.status != 201 && unavailable(&reply) == Next::Again
        });
    }
    let handed_in = phone.post(&format!("/api/v1/attempts/{attempt}/submission"), &json!({}));
    if handed_in.status != 201 {
        unavailable(&handed_in);
    }
}
