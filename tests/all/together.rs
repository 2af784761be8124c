//! What many do in the same moment is done together: nobody gets another's, nobody gets two, a refusal is its own.

use std::collections::BTreeSet;
use std::sync::Barrier;

use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Reply};

use crate::district::{self, PASSWORD, activate, rules, some_response};

crate::on_both_databases!(starts_and_hand_ins_of_one_moment);

/// Presses of everybody, all in the same moment; the replies in their order.
fn at_once<'a>(calls: impl IntoIterator<Item = (&'a Client, String, Value)>) -> Vec<Reply> {
    let calls: Vec<_> = calls.into_iter().collect();
    let barrier = Barrier::new(calls.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = calls
            .iter()
            .map(|(client, path, body)| {
                scope.spawn(|| {
                    barrier.wait();
                    client.post(path, body)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a reply")).collect()
    })
}

fn starts_and_hand_ins_of_one_moment(database: &Database) {
    let district = district::start(database);
    let mut one_try = rules();
    one_try["attempts"] = json!(1);
    let exam = district.publish(&one_try, -60, 3600, 1800);
    let people: Vec<Client> =
        district.codes().iter().map(|(login, code)| activate(&district.server, login, code)).collect();
    assert_eq!(people.len(), 9);
    let on_leave = people[8].get("/api/v1/me").expect(200).body["person"]["id"].clone();
    let leave = json!({ "person": on_leave, "reason": "病假" });
    district.manager.post(&format!("/api/v1/exams/{exam}/leaves"), &leave).expect(204);

    // Each presses three times at once, one has leave, and one presses at an exam that is none.
    let start = format!("/api/v1/exams/{exam}/attempts");
    let presses = people.iter().flat_map(|client| vec![(client, start.clone(), json!({ "device": "one" })); 3]);
    let nowhere = (&people[0], "/api/v1/exams/none/attempts".to_owned(), json!({}));
    let replies = at_once(presses.chain([nowhere]));
    replies[27].clone().expect_problem(404, "not-found");
    let mut attempts = BTreeSet::new();
    for (n, own) in replies[..24].chunks(3).enumerate() {
        let ids: BTreeSet<&str> = own.iter().map(|reply| reply.text("id")).collect();
        assert_eq!(ids.len(), 1, "person {n}: three presses, one paper");
        let new = own.iter().filter(|reply| reply.status == 201).count();
        assert_eq!((new, own.iter().filter(|reply| reply.status == 200).count()), (1, 2), "person {n}");
        assert!(own.iter().all(|reply| reply.body["slots"] == own[0].body["slots"]), "person {n}: the same paper");
        attempts.extend(ids.into_iter().map(str::to_owned));
    }
    assert_eq!(attempts.len(), 8, "everybody their own");
    for reply in &replies[24..27] {
        reply.clone().expect_problem(409, "conflict");
    }

    // Everybody hands in three times at once with an answer that only the phone has; one names a revision that nobody
    // has, and one sends an answer to a slot that is not there.
    let sittings: Vec<(&Client, &Reply)> = people.iter().zip(replies.chunks(3).map(|own| &own[0])).take(8).collect();
    let hand_in = |n: usize, reply: &Reply| {
        let slot = &reply.body["slots"][0];
        let mut body = json!({ "answers": [{ "slot": slot["slot"], "revision": 1, "response": some_response(slot) }] });
        if n == 6 {
            body["revisions"] = json!({ "2": 4 });
        }
        if n == 7 {
            body["answers"][0]["slot"] = json!(99);
        }
        (format!("/api/v1/attempts/{}/submission", reply.text("id")), body)
    };
    let calls = sittings.iter().enumerate().flat_map(|(n, (client, reply))| {
        let (path, body) = hand_in(n, reply);
        vec![(*client, path, body); 3]
    });
    let handed_in = at_once(calls);
    let mut receipts = BTreeSet::new();
    for (n, own) in handed_in.chunks(3).enumerate() {
        match n {
            6 => own.iter().for_each(|reply| drop(reply.clone().expect_problem(409, "answers-missing"))),
            7 => own.iter().for_each(|reply| drop(reply.clone().expect_problem(422, "invalid"))),
            _ => {
                assert_eq!(own.iter().filter(|reply| reply.status == 201).count(), 1, "person {n}: handed in once");
                assert!(own.iter().all(|reply| reply.body == own[0].body), "person {n}: one receipt");
                assert_eq!(own[0].body["answered"], 1, "person {n}");
                receipts.insert(own[0].text("receipt").to_owned());
            }
        }
    }
    assert_eq!(receipts.len(), 6, "everybody their own");
    // The refused answer of one kept nobody's back, and what came with the refused hand-in is stored.
    let status = sittings[6].0.get(&format!("/api/v1/attempts/{}", sittings[6].1.text("id"))).expect(200).body;
    assert_eq!(status["state"], "answering");
    assert_eq!(status["answers"].as_object().map(serde_json::Map::len), Some(1), "{status}");

    // Signing in at once, some with a wrong word: each hears of their own.
    let anybody = district.server.client();
    let passwords = [PASSWORD, "wrong-2026-word"];
    let calls = (0..8).map(|n| {
        let login = if n < 4 { "1001" } else { "2001" };
        (&anybody, "/api/v1/sessions".to_owned(), json!({ "login": login, "password": passwords[n % 2] }))
    });
    for (n, reply) in at_once(calls).into_iter().enumerate() {
        assert_eq!(reply.status, if n % 2 == 0 { 201 } else { 401 }, "{}", reply.body);
    }
}
