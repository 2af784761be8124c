//! The clock jumps over the deadlines while people save and hand in.

use diesel::{Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection};
use serde_json::{Value, json};
use storage::{DatabaseUrl, Store};
use zhijie_tests::{Database, MachineClock, Reply, Server};

use super::phones::{Ledger, Next, Phone, Working, phones, response};
use super::wait_until;
use crate::district::{self, District, PASSWORD, rules, sit};

crate::on_both_databases!(
    a_clock_that_jumps_over_the_deadlines,
    a_demo_clock_goes_forward_only,
    a_machine_whose_clock_is_set,
);

/// Length of the test that is sat.
const SECONDS: i64 = 600;
/// A jump that no deadline lies in.
const SMALL_JUMP_SECONDS: i64 = 60;
/// After it, later than anything is taken: the length, two minutes for what comes late, and some.
const PAST_THE_END_SECONDS: i64 = SECONDS + 120 + 5 - SMALL_JUMP_SECONDS;
/// Those who save until they are told that it is over.
const SAVING: usize = 12;
/// Those who hand in while the clock jumps.
const HANDING_IN: usize = 8;

/// What a phone may be told then.
fn over(reply: &Reply) -> Next {
    let problem = reply.clone().expect_problem(409, "attempt-closed");
    assert_eq!(problem.body["kept_for_review"], true, "what comes too late is kept for a person to decide on");
    Next::Over
}

/// On PostgreSQL two nodes close at once.
fn a_clock_that_jumps_over_the_deadlines(database: &Database) {
    let nodes: Vec<Server> =
        (0..if database.is_postgres() { 2 } else { 1 }).map(|_| Server::start(database, &["--demo"])).collect();
    let addresses: Vec<&str> = nodes.iter().map(Server::address).collect();
    let own = phones(&nodes[0], SAVING, u32::try_from(SECONDS).expect("small"));
    let handing_in = phones(&nodes[0], HANDING_IN, u32::try_from(SECONDS).expect("small"));
    let all: Vec<String> = own.iter().chain(&handing_in).map(|phone| phone.attempt.clone()).collect();
    for phone in &handing_in {
        answer_some(phone, addresses[0]);
    }
    let working = Working::start(own, &addresses, over);
    wait_until("saves before", || working.acked() > 100);
    assert_eq!(working.refused(), 0);
    // No deadline lies in it: nothing happens.
    jump(&addresses, SMALL_JUMP_SECONDS);
    let before = working.acked();
    wait_until("saves after a small jump", || working.acked() > before + 20);
    assert_eq!(working.refused(), 0);

    std::thread::scope(|scope| {
        for (number, phone) in handing_in.iter().enumerate() {
            let address = addresses[number % addresses.len()];
            scope.spawn(move || hand_in(phone, address));
        }
        jump(&addresses, PAST_THE_END_SECONDS);
    });
    wait_until("all are told that it is over", || working.are_over());
    let ledgers = working.ledgers();
    assert!(ledgers.iter().all(|ledger| ledger.is_over));
    for ledger in &ledgers {
        ledger.compare(addresses[0]);
    }
    // Told by the clock; written down by whichever node comes first.
    wait_until("all are closed", || open_attempts(database) == 0);
    drop(nodes);
    let store = Store::open(&DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    for attempt in &all {
        closed_once(&store, attempt, ledgers.iter().find(|ledger| ledger.attempt == *attempt));
    }
    store.shut_down();
}

/// Attempts that the database has open, beside the server that runs.
fn open_attempts(database: &Database) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        open: i64,
    }
    let query = diesel::sql_query("SELECT count(*) AS open FROM attempts WHERE state = 'answering'");
    let count: Count = match database.url().strip_prefix("sqlite:") {
        Some(path) => query.get_result(&mut SqliteConnection::establish(path).expect("opens")),
        None => query.get_result(&mut PgConnection::establish(database.url()).expect("opens")),
    }
    .expect("a count");
    count.open
}

/// Moves the clock of every node, all at once.
fn jump(addresses: &[&str], seconds: i64) {
    std::thread::scope(|scope| {
        for address in addresses {
            scope.spawn(move || {
                let body = json!({ "advance_seconds": seconds });
                zhijie_tests::Client::new(address).post("/api/v1/demo/clock", &body).expect(200);
            });
        }
    });
}

/// Answers the first slots.
fn answer_some(phone: &Phone, address: &str) {
    for slot in &phone.slots[..3] {
        let (_, path) = phone.path(slot);
        phone.at(address).put(&path, &json!({ "revision": 1, "response": response(slot, 1) })).expect(200);
    }
}

/// Hands in; whoever comes too late gets the receipt of what the clock handed in, or is told.
fn hand_in(phone: &Phone, address: &str) {
    let client = phone.at(address);
    let submission = format!("/api/v1/attempts/{}/submission", phone.attempt);
    let reply = client.post(&submission, &json!({}));
    match reply.status {
        200 | 201 => assert_eq!(reply.body["answered"], 3, "{}", reply.body),
        _ => {
            reply.expect_problem(409, "attempt-closed");
            return;
        }
    }
    // Again: the same receipt, once the clock has jumped, too.
    let again = client.post(&submission, &json!({})).expect(200);
    assert_eq!(again.body, reply.body);
}

/// In the database: one end, one marking, a mark for each slot, and a receipt that counts what is held.
fn closed_once(store: &Store, attempt: &str, ledger: Option<&Ledger>) {
    let (row, steps, marks, answers) = store
        .read(|connection| {
            Ok::<_, storage::StorageError>((
                storage::attempts::attempt(connection, attempt)?,
                storage::attempts::steps(connection, attempt)?,
                storage::attempts::marks(connection, attempt)?,
                storage::answers::of_attempt(connection, attempt)?,
            ))
        })
        .expect("read");
    let count = |kinds: &[&str]| steps.iter().filter(|step| kinds.contains(&step.kind.as_str())).count();
    let ends = (count(&["submitted", "auto_submitted"]), count(&["marked"]));
    assert_eq!(ends, (1, 1), "{attempt} {}: {steps:?}", row.state);
    assert!(["submitted", "auto_submitted"].contains(&row.state.as_str()), "{}", row.state);
    assert_eq!(i64::try_from(marks.len()), Ok(row.slots), "each slot is marked once");
    let given = answers.iter().filter(|answer| answer.response_json != "null").count();
    assert_eq!(row.answered, i64::try_from(given).ok(), "the receipt counts what is held");
    for (slot, acked) in ledger.iter().flat_map(|ledger| &ledger.acked) {
        let held = answers.iter().find(|answer| answer.slot == *slot).expect("an answer");
        let response: Value = serde_json::from_str(&held.response_json).expect("JSON");
        assert_eq!((held.revision, &response), (acked.revision, &acked.response), "what was acknowledged was marked");
    }
}

fn a_demo_clock_goes_forward_only(database: &Database) {
    let server = Server::start(database, &["--demo"]);
    let client = server.client();
    for seconds in [-1_i64, i64::MIN, i64::MAX] {
        let refused = client.post("/api/v1/demo/clock", &json!({ "advance_seconds": seconds }));
        let refused = refused.expect_problem(422, "invalid");
        assert_eq!(refused.body["errors"][0]["field"], "advance_seconds");
    }
    client.post("/api/v1/demo/clock", &json!({ "advance_seconds": 0 })).expect(200);
}

/// Somebody sets the machine's clock back, and far forward. A node on PostgreSQL goes by the database's clock and does not
/// notice; a server on SQLite has no other clock: it loses nothing, and closes once what its clock says is over.
fn a_machine_whose_clock_is_set(database: &Database) {
    let district = district::start(database);
    let exam = district.publish(&rules(), -60, 3600, SECONDS);
    let live_at = |server: &Server| {
        let manager = server.sign_in("manager", PASSWORD);
        manager.get(&format!("/api/v1/exams/{exam}/live")).expect(200).body
    };
    let nodes_at = |server: &Server| {
        let nodes = live_at(server)["nodes"].as_array().expect("nodes").clone();
        nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    wait_until("the server is on the desk", || nodes_at(&district.server).len() == 1);
    let before = nodes_at(&district.server);
    let District { server, manager, top } = district;
    let address = server.address().to_owned();
    server.ask_to_stop();
    assert!(server.wait_for_its_end().success());
    // The same server at the same address, on a machine whose clock the test sets.
    let clock = MachineClock::new();
    let district = District { server: Server::start_by(&clock, database, &address, &[]), manager, top };
    let sitting = sit(&district, &exam, "1001");
    let live = || live_at(&district.server);
    // It sets its clock by the database's before it writes its line.
    wait_until("the server is on the desk", || nodes_at(&district.server).iter().any(|id| !before.contains(id)));
    let slot = &sitting.slots[0];
    let save = |revision: i64| {
        let body = json!({ "revision": revision, "response": response(slot, revision) });
        sitting.phone.put(&sitting.path(slot["slot"].as_i64().expect("a number")), &body)
    };
    let status = || sitting.phone.get(&format!("/api/v1/attempts/{}", sitting.attempt)).expect(200).body;
    assert_eq!(save(1).expect(200).body["outcome"], "stored");
    let deadline = status()["deadline"].clone();

    clock.set(-3600);
    assert_eq!(save(2).expect(200).body["outcome"], "stored", "revisions count, not clocks");
    let body = status();
    assert_eq!((&body["state"], &body["deadline"]), (&json!("answering"), &deadline));
    assert_eq!(body["answers"]["1"]["revision"], 2);

    clock.set(SECONDS + 120 + 60);
    if database.is_postgres() {
        assert_eq!(save(3).expect(200).body["outcome"], "stored", "another clock than the machine's counts");
        assert_eq!(live()["total"]["answering"], 1);
    } else {
        wait_until("it is closed", || live()["total"]["auto_submitted"] == 1);
        over(&save(3));
    }
    clock.set(0);
    if database.is_postgres() {
        assert_eq!(save(4).expect(200).body["outcome"], "stored");
        let handed_in = sitting.phone.post(&format!("/api/v1/attempts/{}/submission", sitting.attempt), &json!({}));
        assert_eq!(handed_in.expect(201).body["answered"], 1);
    } else {
        over(&save(4));
        let body = status();
        assert_eq!((&body["state"], &body["answers"]["1"]["revision"]), (&json!("auto_submitted"), &json!(2)));
    }
    let attempt = sitting.attempt.clone();
    drop((sitting, district));
    let store = Store::open(&DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    closed_once(&store, &attempt, None);
    store.shut_down();
}
