//! What the server knows and answers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use api::attempt::{
    AttemptStatus, AttemptView, BatchSaveReply, BatchSaveRequest, OptionView, ReceiptView, SaveReply, SaveRequest,
    SavedAnswer, SlotOutcome, SlotView, StartRequest, SubmissionReply, SubmissionRequest,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::Notify;

use super::Conduct;

#[derive(Default)]
pub(super) struct Attempt {
    taker: String,
    device: String,
    epoch: i64,
    /// (epoch, revision, response) by slot.
    pub(super) answers: BTreeMap<i64, (i64, i64, Value)>,
    receipt: Option<(SubmissionReply, String)>,
}

#[derive(Default)]
pub(super) struct State {
    takers: u32,
    questions: i64,
    pub(super) attempts: BTreeMap<String, Attempt>,
    saves: u64,
    pub(super) requests: BTreeMap<String, u64>,
    pub(super) connections: u64,
}

pub(super) struct Server {
    pub(super) conduct: Conduct,
    pub(super) state: Arc<Mutex<State>>,
    pub(super) outage: Notify,
}

/// What is sent back.
pub(super) enum Answer {
    Json(u16, String),
    Busy,
    /// Nothing: the connection is cut.
    Cut,
    /// Half of it, then cut.
    Half(String),
}

pub(super) fn problem(status: u16, kind: &str) -> String {
    json!({ "type": kind, "title": "不行", "detail": "", "status": status, "request_id": "r" }).to_string()
}

fn refuse(status: u16, kind: &str) -> Answer {
    Answer::Json(status, problem(status, kind))
}

fn ok(status: u16, value: &impl serde::Serialize) -> Answer {
    Answer::Json(status, serde_json::to_string(value).expect("JSON"))
}

const NOW: &str = "2026-11-25T09:00:00+08:00";

fn slots(questions: i64) -> Vec<SlotView> {
    let option = |id: &str| OptionView { id: id.to_owned(), text: format!("选项 {id}") };
    (1..=questions)
        .map(|slot| SlotView {
            slot,
            kind: ["single", "multiple", "judgement", "blank"][usize::try_from(slot % 4).expect("small")].to_owned(),
            stem: format!("第 {slot} 题“\u{1F600}”\n"),
            marks: api::Marks(150),
            options: (slot % 4 < 2).then(|| ["A", "B", "C", "D"].map(option).to_vec()),
            blanks: (slot % 4 == 3).then_some(2),
            group: None,
        })
        .collect()
}

impl Server {
    pub(super) fn answer(&self, method: &str, path: &str, token: &str, body: &[u8]) -> Answer {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let kind = match parts.as_slice() {
            ["attempts", _] => "attempts/{id}",
            ["attempts", _, "answers", _] => "answers/{slot}",
            ["attempts", _, rest] => rest,
            ["exams", _, rest] => rest,
            ["receipts", _] => "receipts/{number}",
            ["rehearsals", _] => "rehearsals/{exam}",
            [only] => only,
            other => panic!("{other:?}"),
        };
        let mut state = self.state.lock().expect("state");
        *state.requests.entry(format!("{method} {kind}")).or_default() += 1;
        match (method, parts.as_slice()) {
            ("POST", ["rehearsals"]) => {
                let request: Value = serde_json::from_slice(body).expect("JSON");
                state.takers = u32::try_from(request["takers"].as_u64().expect("takers")).expect("few");
                state.questions = request["questions"].as_i64().expect("questions");
                assert!(request["duration_seconds"].as_u64().expect("a duration") > 0);
                let tokens: Vec<String> = (0..state.takers).map(|taker| format!("taker-{taker}")).collect();
                ok(201, &json!({ "exam": "exam-1", "tokens": tokens }))
            }
            ("DELETE", ["rehearsals", _]) => Answer::Json(200, "{}".to_owned()),
            ("POST", ["sessions"]) => sign_in(body),
            ("POST", ["exams", "exam-1", "attempts"]) if token.starts_with("taker-") => enter(&mut state, token, body),
            ("GET", ["receipts", number]) if token.starts_with("taker-") => self.receipt(&state, number),
            (_, ["attempts", id, rest @ ..]) if token.split('.').next() == Some(id) => {
                self.attempt(&mut state, (method, rest), id, token, body)
            }
            _ => refuse(401, "not-signed-in"),
        }
    }

    fn attempt(&self, state: &mut State, call: (&str, &[&str]), id: &str, token: &str, body: &[u8]) -> Answer {
        let epoch: i64 = token.split('.').nth(1).expect("an epoch").parse().expect("a number");
        match call {
            ("GET", []) => self.status(&state.attempts[id], id),
            ("PUT", ["answers", slot]) => {
                let save: SaveRequest = serde_json::from_slice(body).expect("a save");
                let slot: i64 = slot.parse().expect("a slot");
                assert_eq!(save.epoch, Some(epoch));
                let given = (slot, save.revision, save.response);
                self.save(state, id, epoch, &given).unwrap_or_else(|(revision, response)| {
                    let stored = (revision, &response) == (given.1, &given.2);
                    let reply = SaveReply {
                        outcome: if stored { "stored" } else { "superseded" }.to_owned(),
                        revision,
                        response,
                        saved_at: NOW.into(),
                        deadline: NOW.into(),
                        server_now: NOW.into(),
                    };
                    self.after_save(state, ok(200, &reply))
                })
            }
            ("PUT", ["answers"]) => {
                let batch: BatchSaveRequest = serde_json::from_slice(body).expect("a batch");
                let mut outcomes = Vec::new();
                for one in batch.answers {
                    match self.save(state, id, epoch, &(one.slot, one.revision, one.response)) {
                        Ok(refusal) => return refusal,
                        Err((revision, response)) => outcomes.push(SlotOutcome {
                            slot: one.slot,
                            outcome: "stored".to_owned(),
                            revision,
                            response: Some(response),
                            reason: None,
                        }),
                    }
                }
                ok(200, &BatchSaveReply { outcomes, deadline: NOW.into(), server_now: NOW.into() })
            }
            ("POST", ["submission"]) => self.submit(state, id, serde_json::from_slice(body).expect("a submission")),
            other => panic!("{other:?}"),
        }
    }

    /// An answer in place of a reply, or what is held of the slot.
    fn save(&self, state: &mut State, id: &str, epoch: i64, given: &(i64, i64, Value)) -> Result<Answer, (i64, Value)> {
        state.saves += 1;
        let number = state.saves;
        let conduct = &self.conduct;
        let attempt = state.attempts.get_mut(id).expect("an attempt");
        let (slot, revision, response) = given.clone();
        if let Some((at, length)) = conduct.stall
            && number == at
        {
            // Everybody waits: there is one thread.
            std::thread::sleep(length);
        }
        if conduct.busy.is_some_and(|(from, count)| (from..from + count).contains(&number)) {
            return Ok(Answer::Busy);
        }
        if conduct.closes_at.is_some_and(|from| number >= from) || attempt.receipt.is_some() {
            return Ok(refuse(409, "attempt-closed"));
        }
        if epoch < attempt.epoch {
            return Ok(refuse(409, "attempt-taken-over"));
        }
        if conduct.drops_save == Some(number) {
            return Err((revision, response));
        }
        let held = attempt.answers.entry(slot).or_insert((0, 0, Value::Null));
        if (held.0, held.1) > (epoch, revision) {
            return Err((held.1, held.2.clone()));
        }
        *held = (epoch, revision, response.clone());
        if conduct.alters_save == Some(number) {
            held.2 = json!(["Z"]);
        }
        if conduct.outage.is_some_and(|(at, _)| number == at) {
            self.outage.notify_one();
            return Ok(Answer::Cut);
        }
        Err((revision, response))
    }

    /// The reply to a save, or what becomes of it.
    fn after_save(&self, state: &State, reply: Answer) -> Answer {
        let is_turn = |every: Option<u64>| every.is_some_and(|every| state.saves.is_multiple_of(every));
        match reply {
            Answer::Json(_, _) if is_turn(self.conduct.cuts_every) => Answer::Cut,
            Answer::Json(_, body) if is_turn(self.conduct.halves_every) => Answer::Half(body),
            other => other,
        }
    }

    fn status(&self, attempt: &Attempt, id: &str) -> Answer {
        let mut status = serde_json::to_value(AttemptStatus {
            token: None,
            id: id.to_owned(),
            exam: "exam-1".to_owned(),
            state: "answering".to_owned(),
            epoch: attempt.epoch,
            deadline: NOW.into(),
            server_now: NOW.into(),
            paused: None,
            given: Vec::new(),
            announcements: Vec::new(),
            answers: saved(attempt),
        })
        .expect("JSON");
        if self.conduct.hides_answers {
            status.as_object_mut().expect("an object").remove("answers");
        }
        ok(200, &status)
    }

    fn submit(&self, state: &mut State, id: &str, request: SubmissionRequest) -> Answer {
        let questions = state.questions;
        let attempt = state.attempts.get_mut(id).expect("an attempt");
        if self.conduct.forgets_at_submission {
            attempt.answers.pop_first();
        }
        let lacks = |slot: &str, revision: i64| {
            attempt.answers.get(&slot.parse().expect("a slot")).is_none_or(|held| held.1 < revision)
        };
        let missing: Vec<Value> = request
            .revisions
            .iter()
            .filter(|(slot, revision)| lacks(slot, **revision))
            .map(|(slot, _)| json!({ "field": format!("revisions.{slot}"), "reason": "尚未送达" }))
            .collect();
        if !missing.is_empty() && !self.conduct.forgets_at_submission {
            let mut body: Value = serde_json::from_str(&problem(409, "answers-missing")).expect("JSON");
            body["errors"] = Value::Array(missing);
            return Answer::Json(409, body.to_string());
        }
        let is_given = |slot: &i64| attempt.answers.get(slot).is_some_and(|held| !held.2.is_null());
        let unanswered: Vec<i64> = (1..=questions).filter(|slot| !is_given(slot)).collect();
        let held: Vec<Value> = attempt
            .answers
            .iter()
            .map(|(slot, (epoch, revision, response))| json!([slot, epoch, revision, response.to_string()]))
            .collect();
        let content = json!({ "attempt": id, "exam": "exam-1", "submitted_at": NOW, "answers": held });
        let digest: String = Sha256::digest(content.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
        let reply = SubmissionReply {
            receipt: format!("R{id}"),
            submitted_at: NOW.into(),
            answered: questions - i64::try_from(unanswered.len()).expect("few"),
            unanswered,
            late: false,
        };
        let (reply, _) = attempt.receipt.get_or_insert((reply, digest));
        ok(201, reply)
    }

    fn receipt(&self, state: &State, number: &str) -> Answer {
        let attempt = &state.attempts[&number[1..]];
        let (reply, digest) = attempt.receipt.clone().expect("a receipt");
        let digest = if self.conduct.wrong_digest { "0".repeat(64) } else { digest };
        let (submitted_at, answered) = (reply.submitted_at, reply.answered);
        ok(200, &ReceiptView { exam: "exam-1".to_owned(), submitted_at, answered, digest })
    }
}

fn sign_in(body: &[u8]) -> Answer {
    let request: api::session::SignIn = serde_json::from_slice(body).expect("a sign-in");
    if request.password != "right" {
        return refuse(401, "wrong-credentials");
    }
    let login = request.login;
    let account = json!({ "id": login, "login": login, "name": login, "roles": [] });
    ok(201, &json!({ "token": "session", "expires_at": NOW, "account": account }))
}

fn enter(state: &mut State, token: &str, body: &[u8]) -> Answer {
    let device = serde_json::from_slice::<StartRequest>(body).expect("a start").device.expect("a device");
    let id = format!("attempt-of-{token}");
    let is_new = !state.attempts.contains_key(&id);
    let attempt = state.attempts.entry(id.clone()).or_insert_with(|| Attempt {
        taker: token.to_owned(),
        device: device.clone(),
        epoch: 1,
        ..Attempt::default()
    });
    assert_eq!(attempt.taker, token);
    if attempt.device != device {
        attempt.device = device;
        attempt.epoch += 1;
    }
    let view = AttemptView {
        id: id.clone(),
        exam: "exam-1".to_owned(),
        title: "演练".to_owned(),
        state: "answering".to_owned(),
        epoch: attempt.epoch,
        deadline: NOW.into(),
        server_now: NOW.into(),
        token: format!("{id}.{}", attempt.epoch),
        slots: slots(state.questions),
        answers: saved(attempt),
        screen_leaves: None,
    };
    ok(if is_new { 201 } else { 200 }, &view)
}

fn saved(attempt: &Attempt) -> BTreeMap<String, SavedAnswer> {
    let saved = attempt.answers.iter().map(|(slot, (_, revision, response))| {
        (slot.to_string(), SavedAnswer { revision: *revision, response: response.clone(), saved_at: NOW.into() })
    });
    saved.collect()
}
