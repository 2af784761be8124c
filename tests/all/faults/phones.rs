//! Phones that save over and over, each with a ledger of what was acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use zhijie_tests::{Client, Reply, Server};

/// Between two saves of a phone: half of what the server allows one attempt.
const PAUSE: Duration = Duration::from_millis(40);

/// A virtual taker of a rehearsal who has started.
pub(super) struct Phone {
    pub(super) attempt: String,
    pub(super) token: String,
    pub(super) slots: Vec<Value>,
}

/// An answer as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) revision: i64,
    pub(super) response: Value,
}

/// What became of a reply that acknowledges nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The same answer again.
    Again,
    /// The attempt is over.
    Over,
}

/// What one phone has sent, and what it was told.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) attempt: String,
    token: String,
    pub(super) acked: BTreeMap<i64, Given>,
    sent: BTreeMap<i64, Given>,
    /// Whether it was told that its attempt is over.
    pub(super) is_over: bool,
}

/// Virtual takers of a demo, started, with a paper of ten questions.
pub(super) fn phones(server: &Server, count: usize, seconds: u32) -> Vec<Phone> {
    let client = server.client();
    let made = client
        .post("/api/v1/rehearsals", &json!({ "takers": count, "questions": 10, "duration_seconds": seconds }))
        .expect(201);
    let start = format!("/api/v1/exams/{}/attempts", made.text("exam"));
    made.body["tokens"]
        .as_array()
        .expect("tokens")
        .iter()
        .map(|token| {
            let taker = client.with_token(token.as_str().expect("a token"));
            let begun = taker.post(&start, &json!({ "device": "phone" })).expect(201);
            Phone {
                attempt: begun.text("id").to_owned(),
                token: begun.text("token").to_owned(),
                slots: begun.body["slots"].as_array().expect("slots").clone(),
            }
        })
        .collect()
}

/// An answer to a slot that differs from the one of the revision before.
pub(super) fn response(slot: &Value, revision: i64) -> Value {
    let odd = revision % 2 == 1;
    match slot["kind"].as_str().expect("a kind") {
        "single" => json!([if odd { "A" } else { "B" }]),
        "multiple" => json!(["A", if odd { "B" } else { "C" }]),
        "judgement" => json!(odd),
        _ => {
            let blanks = usize::try_from(slot["blanks"].as_u64().unwrap_or(1)).expect("small");
            json!(vec![format!("第{revision}稿"); blanks])
        }
    }
}

impl Phone {
    /// Where the answer to a slot goes, and its number.
    pub(super) fn path(&self, slot: &Value) -> (i64, String) {
        let number = slot["slot"].as_i64().expect("a number");
        (number, format!("/api/v1/attempts/{}/answers/{number}", self.attempt))
    }

    /// A caller with the attempt's token.
    pub(super) fn at(&self, address: &str) -> Client {
        Client::new(address).with_token(&self.token)
    }

    /// The answers that the server holds.
    pub(super) fn held(&self, address: &str) -> Value {
        self.held_by(&Client::new(address))
    }

    /// The same over a connection that is there.
    pub(super) fn held_by(&self, client: &Client) -> Value {
        let path = format!("/api/v1/attempts/{}", self.attempt);
        client.with_token(&self.token).get(&path).expect(200).body["answers"].clone()
    }
}

/// Phones at work.
pub(super) struct Working {
    stop: Arc<AtomicBool>,
    acked: Arc<AtomicU64>,
    refused: Arc<AtomicU64>,
    threads: Vec<JoinHandle<Ledger>>,
}

impl Working {
    /// Lets phones save at these nodes in turn. `judge` looks at each reply that acknowledges nothing, and panics at one
    /// that must not be.
    pub(super) fn start(phones: Vec<Phone>, addresses: &[&str], judge: fn(&Reply) -> Next) -> Self {
        let (stop, acked, refused) = (Arc::default(), Arc::default(), Arc::default());
        let threads = phones
            .into_iter()
            .map(|phone| {
                let desk = Desk {
                    clients: addresses.iter().map(|address| phone.at(address)).collect(),
                    stop: Arc::clone(&stop),
                    acked: Arc::clone(&acked),
                    refused: Arc::clone(&refused),
                    judge,
                };
                std::thread::spawn(move || desk.work(&phone))
            })
            .collect();
        Self { stop, acked, refused, threads }
    }

    /// Answers acknowledged so far.
    pub(super) fn acked(&self) -> u64 {
        self.acked.load(Ordering::Acquire)
    }

    /// Saves that were not.
    pub(super) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Acquire)
    }

    /// Whether all have been told that their attempts are over. One that has failed is over, too: its ledger says why.
    pub(super) fn are_over(&self) -> bool {
        self.threads.iter().all(JoinHandle::is_finished)
    }

    /// Ends them.
    pub(super) fn ledgers(mut self) -> Vec<Ledger> {
        self.stop.store(true, Ordering::Release);
        std::mem::take(&mut self.threads).into_iter().map(|thread| thread.join().expect("a phone that works")).collect()
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
    }
}

struct Desk {
    clients: Vec<Client>,
    stop: Arc<AtomicBool>,
    acked: Arc<AtomicU64>,
    refused: Arc<AtomicU64>,
    judge: fn(&Reply) -> Next,
}

impl Desk {
    fn work(self, phone: &Phone) -> Ledger {
        let mut ledger = Ledger { attempt: phone.attempt.clone(), token: phone.token.clone(), ..Ledger::default() };
        let mut turns = self.clients.iter().cycle();
        for revision in 1.. {
            for slot in &phone.slots {
                let (number, path) = phone.path(slot);
                let given = Given { revision, response: response(slot, revision) };
                let body = json!({ "revision": revision, "response": given.response });
                ledger.sent.insert(number, given.clone());
                loop {
                    if self.stop.load(Ordering::Acquire) {
                        return ledger;
                    }
                    let reply = turns.next().expect("a node").put(&path, &body);
                    std::thread::sleep(PAUSE);
                    if reply.status == 200 {
                        assert_eq!(
                            (&reply.body["outcome"], &reply.body["revision"], &reply.body["response"]),
                            (&json!("stored"), &json!(revision), &given.response),
                            "{}",
                            reply.body
                        );
                        ledger.acked.insert(number, given);
                        self.acked.fetch_add(1, Ordering::AcqRel);
                        break;
                    }
                    self.refused.fetch_add(1, Ordering::AcqRel);
                    if (self.judge)(&reply) == Next::Over {
                        ledger.is_over = true;
                        return ledger;
                    }
                }
            }
        }
        ledger
    }
}

impl Ledger {
    /// Compares with what a server holds: each slot the last acknowledged answer, or the one sent after it.
    #[track_caller]
    pub(super) fn compare(&self, address: &str) {
        let path = format!("/api/v1/attempts/{}", self.attempt);
        let status = Client::new(address).with_token(&self.token).get(&path).expect(200);
        for (slot, acked) in &self.acked {
            let held = &status.body["answers"][slot.to_string()];
            let held = Given { revision: held["revision"].as_i64().unwrap_or(0), response: held["response"].clone() };
            assert!(
                held == *acked || Some(&held) == self.sent.get(slot),
                "slot {slot}: acked {acked:?}, held {held:?}"
            );
        }
    }
}

/// A refusal for a while, as a phone must be told it: 503 with when to come again.
#[track_caller]
pub(super) fn unavailable(reply: &Reply) -> Next {
    reply.clone().expect_problem(503, "unavailable");
    let wait = reply.header("retry-after").and_then(|text| text.parse::<u64>().ok());
    assert!(wait.is_some_and(|seconds| (1..=30).contains(&seconds)), "Retry-After: {wait:?}");
    Next::Again
}

/// For whom nothing may go wrong.
#[track_caller]
pub(super) fn never(reply: &Reply) -> Next {
    panic!("{}: {}", reply.status, reply.body)
}
