//! SIGTERM: what was accepted is written and acknowledged before the server ends.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use serde_json::json;
use zhijie_tests::{Client, Database, Server};

use super::phones::{Given, Phone, phones, response, unavailable};
use super::wait_until;

crate::on_both_databases!(a_server_that_is_asked_to_stop_under_load);

/// Phones that save meanwhile.
const PHONES: usize = 40;

/// Under load: each save is acknowledged, put off, or nobody is there any more; what was acknowledged is there.
fn a_server_that_is_asked_to_stop_under_load(database: &Database) {
    let server = Server::start(database, &["--demo"]);
    let address = server.address().to_owned();
    let phones = phones(&server, PHONES, 600);
    // A connection that somebody keeps open holds up nobody.
    let idle = server.client();
    idle.get("/healthz").expect(200);
    let (acked, ended) = std::thread::scope(|scope| {
        let saving: Vec<_> =
            phones.iter().map(|phone| scope.spawn(|| save_until_nobody_is_there(phone, &address))).collect();
        let watch = server.client();
        wait_until("all save", || phones.iter().all(|phone| phone.held_by(&watch)["1"]["revision"].as_i64() > Some(2)));
        server.ask_to_stop();
        let acked: Vec<Given> = saving.into_iter().map(|saving| saving.join().expect("told properly")).collect();
        let begun = std::time::Instant::now();
        let ended = server.wait_for_its_end();
        println!("ended {:?} after the last reply", begun.elapsed());
        (acked, ended)
    });
    assert_eq!(ended.code(), Some(0));
    let server = Server::start(database, &["--demo"]);
    for (phone, acked) in phones.iter().zip(&acked) {
        let held = phone.held(server.address())["1"].clone();
        let [last, cut] = [acked.revision, acked.revision + 1];
        let given = held["revision"].as_i64().filter(|revision| [last, cut].contains(revision));
        let given = given.unwrap_or_else(|| panic!("acked {acked:?}, held {held}"));
        assert_eq!(held["response"], response(&phone.slots[0], given));
    }
}

/// Saves in one slot over and over; answers what was acknowledged last.
fn save_until_nobody_is_there(phone: &Phone, address: &str) -> Given {
    let client = phone.at(address);
    let (_, path) = phone.path(&phone.slots[0]);
    let mut acked = Given { revision: 0, response: json!(null) };
    loop {
        let given = Given { revision: acked.revision + 1, response: response(&phone.slots[0], acked.revision + 1) };
        let Ok(reply) = client.try_put(&path, &json!({ "revision": given.revision, "response": given.response }))
        else {
            return acked;
        };
        if reply.status == 200 {
            assert_eq!((&reply.body["outcome"], &reply.body["response"]), (&json!("stored"), &given.response));
            acked = given;
        } else {
            unavailable(&reply);
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
}

fn waiting(client: &Client) -> usize {
    let reply = client.get("/metrics").expect(200);
    let text = String::from_utf8(reply.bytes).expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix("zhijie_answers_waiting ")).expect("a gauge");
    line.parse().expect("a number")
}

/// With a queue that cannot move until after the signal: somebody else locks the table. (On SQLite nobody else can: a save
/// that meets a foreign lock is put off at once.)
#[test]
fn a_queue_is_drained_after_the_signal() {
    let database = Database::postgres();
    let server = Server::start(&database, &["--demo"]);
    let address = server.address().to_owned();
    let phones = phones(&server, PHONES, 600);
    let save = |phone: &Phone, revision: i64| {
        let (_, path) = phone.path(&phone.slots[0]);
        let given = response(&phone.slots[0], revision);
        let reply = phone.at(&address).put(&path, &json!({ "revision": revision, "response": given })).expect(200);
        assert_eq!((&reply.body["outcome"], &reply.body["response"]), (&json!("stored"), &given), "{}", reply.body);
    };
    for phone in &phones {
        save(phone, 1);
    }
    let watch = server.client();
    let mut lock = PgConnection::establish(database.url()).expect("opens");
    lock.batch_execute("BEGIN; LOCK TABLE answers IN EXCLUSIVE MODE").expect("locked");
    let ended = std::thread::scope(|scope| {
        let saves: Vec<_> = phones.iter().map(|phone| scope.spawn(|| save(phone, 2))).collect();
        wait_until("all saves wait", || waiting(&watch) == PHONES);
        server.ask_to_stop();
        wait_until("nobody else is let in", || std::net::TcpStream::connect(&address).is_err());
        assert!(saves.iter().all(|save| !save.is_finished()), "nothing is acknowledged before it is durable");
        lock.batch_execute("ROLLBACK").expect("unlocked");
        for save in saves {
            save.join().expect("acknowledged");
        }
        server.wait_for_its_end()
    });
    assert_eq!(ended.code(), Some(0));
    let server = Server::start(&database, &["--demo"]);
    for phone in &phones {
        let held = &phone.held(server.address())["1"];
        assert_eq!((&held["revision"], &held["response"]), (&json!(2), &response(&phone.slots[0], 2)));
    }
}
