//! Two nodes without state on one PostgreSQL, behind the proxy of `docs/nginx.conf`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Passed, PrivatePostgres, Proxy, Server};

use super::phones::unavailable;
use super::{BETWEEN_SECONDS, Rehearsal, rounds, wait_until, wait_until_ready};
use crate::district::{self, PASSWORD, rules, some_response};

/// How long a node may not know what was revoked on another.
const REVOKED_WITHIN: Duration = Duration::from_secs(10);
/// Wrong passwords of one account until it has to wait.
const FAILURES: usize = 10;
/// What both nodes are started with.
const ARGUMENTS: [&str; 2] = ["--trusted-proxy", "127.0.0.1/32"];

/// Two nodes and the proxy in front of them.
struct Cluster {
    nodes: [Server; 2],
    proxy: Proxy,
    manager: String,
    top: String,
}

impl Cluster {
    fn start(database: &Database) -> Self {
        let district = district::start_with(database, &ARGUMENTS);
        let second = Server::start(database, &ARGUMENTS);
        let proxy = Proxy::start([district.server.address(), second.address()]);
        let signed_in = json!({ "login": "manager", "password": PASSWORD });
        let session = Client::new(proxy.address()).post("/api/v1/sessions", &signed_in).expect(201);
        Self { nodes: [district.server, second], proxy, manager: session.text("token").to_owned(), top: district.top }
    }

    /// A caller through the proxy.
    fn client(&self) -> Client {
        Client::new(self.proxy.address())
    }

    /// A caller of one node.
    fn at(&self, node: usize, token: &str) -> Client {
        self.nodes[node].client().with_token(token)
    }

    fn manager(&self) -> Client {
        self.client().with_token(&self.manager)
    }

    /// Publishes an exam for everybody, through the proxy.
    fn publish(&self) -> String {
        let now = jiff::Timestamp::now();
        let at = |seconds: i64| (now + jiff::SignedDuration::from_secs(seconds)).to_string();
        let draft = json!({
            "title": "两台服务器", "kind": "test", "blueprint": "suce-20", "rules": rules(),
            "audience": { "units": [{ "unit": self.top, "subtree": true }] },
            "opens_at": at(-60), "closes_at": at(3600), "duration_seconds": 1800, "seed": "nodes",
        });
        let exam = self.manager().post("/api/v1/exams", &draft).expect(201).text("id").to_owned();
        self.manager().post(&format!("/api/v1/exams/{exam}/publication"), &json!({})).expect(201);
        exam
    }

    /// Activates people through the proxy; answers the account's token of each.
    fn activate<const N: usize>(&self, logins: [&str; N]) -> [String; N] {
        let path = format!("/api/v1/units/{}/activation-codes", self.top);
        let codes = self.manager().post(&path, &json!({ "only_missing": true })).expect(201);
        logins.map(|login| {
            let items = codes.body["items"].as_array().expect("codes");
            let code =
                items.iter().find(|item| item["login"] == login).expect("a code")["code"].as_str().expect("text");
            let body = json!({ "login": login, "code": code, "password": PASSWORD });
            self.client().post("/api/v1/activations", &body).expect(201).text("token").to_owned()
        })
    }
}

/// The nodes that answered certain requests.
fn asked<'a>(passed: &'a [Passed], method: &str, path: &str) -> Vec<&'a str> {
    let of = |one: &&Passed| one.method == method && one.path.starts_with(path);
    passed.iter().filter(of).flat_map(|one| one.nodes.iter().map(String::as_str)).collect()
}

#[test]
fn an_attempt_may_go_to_another_node_at_each_request() {
    let database = Database::postgres();
    let cluster = Cluster::start(&database);
    let exam = cluster.publish();
    let [account] = cluster.activate(["1001"]);
    let starts = format!("/api/v1/exams/{exam}/attempts");
    let started = cluster.client().with_token(&account).post(&starts, &json!({ "device": "one" })).expect(201);
    let attempt = format!("/api/v1/attempts/{}", started.text("id"));
    let phone = cluster.client().with_token(started.text("token"));
    let slots = started.body["slots"].as_array().expect("slots");
    for revision in [1, 2] {
        for slot in slots {
            let path = format!("{attempt}/answers/{}", slot["slot"]);
            let saved = phone.put(&path, &json!({ "revision": revision, "response": some_response(slot) })).expect(200);
            assert_eq!((&saved.body["outcome"], &saved.body["revision"]), (&json!("stored"), &json!(revision)));
        }
    }
    // nginx notes a request after its answer is out.
    let all = || asked(&cluster.proxy.passed(), "PUT", &attempt).len() >= 2 * slots.len();
    wait_until("every save stands in the proxy's log", all);
    let passed = cluster.proxy.passed();
    let saves = asked(&passed, "PUT", &attempt);
    assert_eq!(saves.len(), 2 * slots.len());
    assert!(saves.windows(2).all(|two| two[0] != two[1]), "each save went to the other node: {saves:?}");
    // An older answer is told from a newer one, whichever node took which.
    for node in [0, 1] {
        let phone = cluster.at(node, started.text("token"));
        let path = format!("{attempt}/answers/1");
        let old = phone.put(&path, &json!({ "revision": 1, "response": some_response(&slots[0]) })).expect(200);
        assert_eq!((&old.body["outcome"], &old.body["revision"]), (&json!("superseded"), &json!(2)));
    }

    // A takeover on one node is over for the old device on the other at once.
    let taken = cluster.at(0, &account).post(&starts, &json!({ "device": "two" })).expect(200);
    assert_eq!(taken.body["epoch"], 2);
    let old = cluster.at(1, started.text("token"));
    old.get(&attempt).expect_problem(409, "attempt-taken-over");
    let new = cluster.at(1, taken.text("token"));
    let answer = json!({ "revision": 1, "response": some_response(&slots[0]) });
    assert_eq!(new.put(&format!("{attempt}/answers/1"), &answer).expect(200).body["outcome"], "stored");
    let late = json!({ "revision": 9, "response": some_response(&slots[0]) });
    cluster
        .at(0, started.text("token"))
        .put(&format!("{attempt}/answers/1"), &late)
        .expect_problem(409, "attempt-taken-over");

    // Handed in on one node, it is over on the other; again it is the same receipt.
    let receipt = cluster.at(1, taken.text("token")).post(&format!("{attempt}/submission"), &json!({})).expect(201);
    let again = cluster.at(0, taken.text("token")).post(&format!("{attempt}/submission"), &json!({})).expect(200);
    assert_eq!(receipt.body, again.body);
    cluster
        .at(0, taken.text("token"))
        .put(&format!("{attempt}/answers/1"), &late)
        .expect_problem(409, "attempt-closed");
}

#[test]
fn nodes_know_of_each_other() {
    let database = Database::postgres();
    let cluster = Cluster::start(&database);
    let exam = cluster.publish();
    let [first, second] = cluster.activate(["1001", "2001"]);
    let starts = format!("/api/v1/exams/{exam}/attempts");
    let begin = |node: usize, account: &str| {
        cluster.at(node, account).post(&starts, &json!({ "device": "one" })).expect(201).body.clone()
    };
    let attempts: [Value; 2] = [begin(0, &first), begin(1, &second)];

    // Live counts: the same on either, with both nodes up.
    let live =
        |node: usize| cluster.at(node, &cluster.manager).get(&format!("/api/v1/exams/{exam}/live")).expect(200).body;
    for node in [0, 1] {
        assert_eq!(live(node)["total"]["answering"], 2);
        wait_until("both nodes are on the desk", || {
            live(node)["nodes"].as_array().is_some_and(|nodes| nodes.len() == 2)
        });
    }
    // Announced on one, read on the other.
    let announcements = format!("/api/v1/exams/{exam}/announcements");
    cluster.at(0, &cluster.manager).post(&announcements, &json!({ "text": "第三题以卷面为准" })).expect(204);
    for (node, attempt) in [(1, &attempts[0]), (0, &attempts[1])] {
        let phone = cluster.at(node, attempt["token"].as_str().expect("a token"));
        let status = phone.get(&format!("/api/v1/attempts/{}", attempt["id"].as_str().expect("an id"))).expect(200);
        assert_eq!(status.body["announcements"][0]["text"], "第三题以卷面为准");
    }
    let submission = format!("/api/v1/attempts/{}/submission", attempts[0]["id"].as_str().expect("an id"));
    cluster.at(1, attempts[0]["token"].as_str().expect("a token")).post(&submission, &json!({})).expect(201);
    assert_eq!((&live(0)["total"]["submitted"], &live(0)["total"]["answering"]), (&json!(1), &json!(1)));
    assert_eq!(live(1)["total"], live(0)["total"]);

    // Wrong passwords count for both.
    let guess = |node: usize, password: &str| {
        cluster.nodes[node].client().post("/api/v1/sessions", &json!({ "login": "1001", "password": password }))
    };
    for number in 0..FAILURES {
        guess(number % 2, "wrong-password").expect_problem(401, "wrong-credentials");
    }
    for node in [0, 1] {
        guess(node, PASSWORD).expect_problem(429, "too-many-requests");
    }
    // The address that counts is the caller's, as the proxy says it: who writes it by himself is not believed.
    let lying = cluster.client().with_header("X-Forwarded-For", "203.0.113.7");
    let body = json!({ "login": "nobody", "password": "wrong-password" });
    lying.post("/api/v1/sessions", &body).expect_problem(401, "wrong-credentials");
    assert!(!failed_from(&database, "203.0.113.7") && failed_from(&database, "127.0.0.1"));
}

/// Whether a wrong password was counted for an address.
fn failed_from(database: &Database, address: &str) -> bool {
    let store = storage::Store::open(&storage::DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let count = store
        .read(|connection| storage::accounts::failures_since(connection, &format!("address:{address}"), 0))
        .expect("read");
    store.shut_down();
    count > 0
}

/// Signed out, or with other rights, on one node: on the other within ten seconds.
#[test]
fn what_is_revoked_on_one_node_is_over_on_the_other() {
    let database = Database::postgres();
    let cluster = Cluster::start(&database);
    let [account, other] = cluster.activate(["1001", "2001"]);
    for token in [&account, &other] {
        for node in [0, 1] {
            cluster.at(node, token).get("/api/v1/me").expect(200);
        }
    }
    cluster.at(0, &account).delete("/api/v1/sessions/current").expect(204);
    let signed_out = Instant::now();
    cluster.at(0, &account).get("/api/v1/me").expect_problem(401, "not-signed-in");
    wait_until("the other node knows", || {
        let asked = Instant::now();
        let reply = cluster.at(1, &account).get("/api/v1/me");
        if reply.status == 401 {
            return true;
        }
        reply.expect(200);
        assert!(asked < signed_out + REVOKED_WITHIN, "still believed {:?} after the sign-out", asked - signed_out);
        false
    });
    println!("known {:?} after the sign-out", signed_out.elapsed());
    for node in [0, 1] {
        cluster.at(node, &other).get("/api/v1/me").expect(200);
    }
}

/// One node is killed, the other asked to stop, in turn, in the middle of a rehearsal: the proxy finds the one that is left.
#[test]
fn a_rehearsal_survives_the_loss_of_either_node() {
    let database = Database::postgres();
    let cluster = Cluster::start(&database);
    let rehearsal =
        Rehearsal::start_as(&cluster.manager, cluster.proxy.address(), 60, rounds() * 2 * BETWEEN_SECONDS + 10);
    let Cluster { nodes: [mut first, mut second], proxy, .. } = cluster;
    let [first_address, second_address] = [first.address().to_owned(), second.address().to_owned()];
    for _ in 0..rounds() {
        std::thread::sleep(Duration::from_secs(BETWEEN_SECONDS.into()));
        first.kill();
        std::thread::sleep(Duration::from_secs(1));
        first = Server::start_at(database.url(), database.folder(), &first_address, &ARGUMENTS);
        wait_until_ready(&first_address);
        std::thread::sleep(Duration::from_secs(BETWEEN_SECONDS.into()));
        second.ask_to_stop();
        let ended = second.wait_for_its_end();
        assert_eq!(ended.code(), Some(0), "it drains and ends in order");
        second = Server::start_at(database.url(), database.folder(), &second_address, &ARGUMENTS);
        wait_until_ready(&second_address);
    }
    let report = rehearsal.proves_that_nothing_is_lost();
    let passed = proxy.passed();
    let saves = asked(&passed, "PUT", "/api/v1/attempts/");
    for address in [&first_address, &second_address] {
        assert!(saves.contains(&address.as_str()), "{address} took no save: {}", report.short());
    }
    let repeated = passed.iter().filter(|one| one.nodes.len() > 1).count();
    println!("{} requests, {repeated} of them went on to the other node", passed.len());
    assert!(repeated > 0, "no request found a node gone: nothing was tested");
}

/// Without a database the nodes stay in rotation and say so; what cannot be answered is put off, through the proxy, too.
#[test]
fn without_a_database_requests_are_put_off() {
    let postgres = PrivatePostgres::start();
    let database = Database::of(&postgres);
    let cluster = Cluster::start(&database);
    let exam = cluster.publish();
    let [account] = cluster.activate(["1001"]);
    let starts = format!("/api/v1/exams/{exam}/attempts");
    let started = cluster.client().with_token(&account).post(&starts, &json!({ "device": "one" })).expect(201);
    let phone = cluster.client().with_token(started.text("token"));
    let path = format!("/api/v1/attempts/{}/answers/1", started.text("id"));
    let slot = &started.body["slots"][0];
    let save = |revision: i64| phone.put(&path, &json!({ "revision": revision, "response": some_response(slot) }));
    for revision in [1, 2] {
        save(revision).expect(200);
    }
    for round in 0..rounds().div_ceil(2) {
        let revision = i64::from(round) + 3;
        postgres.kill();
        let gone = Instant::now();
        for node in &cluster.nodes {
            let ready = node.client().get("/readyz").expect(200);
            assert_eq!(ready.body["database"], "down");
            node.client().get("/healthz").expect(200);
        }
        cluster.client().get("/").expect(200);
        // For five seconds, and on both nodes twice at the least.
        let mut tries = 0;
        while gone.elapsed() < Duration::from_secs(5) || tries < 4 {
            unavailable(&save(revision));
            tries += 1;
            std::thread::sleep(Duration::from_millis(100));
        }
        unavailable(&phone.get(&format!("/api/v1/attempts/{}", started.text("id"))));
        unavailable(&cluster.client().post("/api/v1/sessions", &json!({ "login": "1001", "password": PASSWORD })));
        postgres.resume();
        for node in &cluster.nodes {
            wait_until_ready(node.address());
        }
        wait_until("saves work again", || match save(revision) {
            reply if reply.status == 200 => reply.body["revision"] == revision,
            reply => unavailable(&reply) == super::phones::Next::Over,
        });
        let status = phone.get(&format!("/api/v1/attempts/{}", started.text("id"))).expect(200);
        assert_eq!(status.body["answers"]["1"]["revision"], revision);
    }
    let refused = cluster.proxy.passed().iter().filter(|one| one.status == 502).count();
    assert_eq!(refused, 0, "the proxy gave up both nodes: {}", cluster.proxy.errors());
}
