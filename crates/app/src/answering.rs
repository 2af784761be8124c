//! Saving answers: checked against the form here, decided by the writer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use api::FieldError;
use api::attempt::{
    AttemptView, BatchSaveReply, BatchSaveRequest, SaveReply, SaveRequest, SavedAnswer, SlotOutcome, SlotSave,
};
use exam_session::clock::clamp_answered_at;
use exam_session::save::InvalidSave;
use scoring::{Response, Shape};
use serde_json::Value;
use storage::answers::{AnswerRow, SaveOutcome, SaveRequest as Row};
use storage::attempts::AttemptRow;

use crate::clock::{from_micros, parse, rfc3339, rfc3339_micros};
use crate::exam_info::ExamInfo;
use crate::form::Form;
use crate::principal::Caller;
use crate::status::state_at;
use crate::{App, AppError, AppResult, new_id};

/// Answers in one call at the most.
pub const BATCH_ANSWERS: usize = 300;
/// Time in view that a phone may claim, in milliseconds: a day.
const ELAPSED_MS_MOST: i64 = 86_400_000;
/// Attempts whose shapes are kept in memory.
const SHAPES_KEPT: usize = 20_000;

/// What must be known of an attempt to check what comes for it. None of it ever changes.
#[derive(Debug)]
pub(crate) struct AttemptFacts {
    exam: String,
    person: String,
    started_at: i64,
    shapes: Vec<Shape>,
}

/// Attempts that were asked about lately.
#[derive(Default)]
pub(crate) struct AttemptCache(Mutex<BTreeMap<String, Arc<AttemptFacts>>>);

/// Who saves: proof that the attempt is theirs, and the epoch of their device.
#[derive(Debug, Clone)]
pub struct Sitter {
    /// The attempt.
    pub attempt: String,
    /// The epoch that the token was issued for; none for a caller that came with a session.
    pub epoch: Option<i64>,
    facts: Arc<AttemptFacts>,
}

impl Sitter {
    /// The exam of the attempt.
    pub(crate) fn exam(&self) -> &str {
        &self.facts.exam
    }

    /// The epoch that a call stands for. A token speaks for its own epoch or an older one, never for a newer.
    pub(crate) fn epoch_of(&self, given: Option<i64>) -> Option<i64> {
        match (self.epoch, given) {
            (Some(own), Some(given)) => Some(given.min(own)),
            (own, given) => given.or(own),
        }
    }
}

/// Answers that wait for the writer.
pub struct Queued {
    receiver: storage::SaveReceiver,
}

impl Queued {
    /// Waits until they are durable, or refused.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn outcomes(self) -> AppResult<Vec<SaveOutcome>> {
        match self.receiver.await {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(AppError::Unavailable { cause: "the writer has stopped".to_owned() }),
        }
    }
}

impl App {
    /// The caller as the one who sits an attempt. Somebody else's attempt is not found.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn sitter(&self, caller: &Caller, attempt: &str) -> AppResult<Sitter> {
        let facts = self.attempt_facts(attempt)?;
        let not_found = AppError::NotFound("这次作答");
        match caller {
            Caller::Attempt(claims) if claims.sub == attempt => {
                Ok(Sitter { attempt: attempt.to_owned(), epoch: Some(claims.epoch), facts })
            }
            Caller::Account(principal) if principal.person.as_deref() == Some(facts.person.as_str()) => {
                Ok(Sitter { attempt: attempt.to_owned(), epoch: None, facts })
            }
            _ => Err(not_found),
        }
    }

    /// As [`App::sitter`], if nothing has to be read for it: the way of nearly every save.
    pub fn known_sitter(&self, caller: &Caller, attempt: &str) -> Option<AppResult<Sitter>> {
        self.kept_facts(attempt).map(|_| self.sitter(caller, attempt))
    }

    fn kept_facts(&self, attempt: &str) -> Option<Arc<AttemptFacts>> {
        self.inner.attempts.0.lock().ok()?.get(attempt).cloned()
    }

    fn attempt_facts(&self, attempt: &str) -> AppResult<Arc<AttemptFacts>> {
        if let Some(facts) = self.kept_facts(attempt) {
            return Ok(facts);
        }
        let row = self
            .store()
            .read(|connection| storage::attempts::attempt(connection, attempt))
            .map_err(AppError::or_not_found("这次作答"))?;
        self.keep_facts(&row, &Form::parse(&row.paper_json)?)
    }

    fn keep_facts(&self, row: &AttemptRow, form: &Form) -> AppResult<Arc<AttemptFacts>> {
        let bank = self.bank()?;
        let facts = Arc::new(AttemptFacts {
            exam: row.exam_id.clone(),
            person: row.person_id.clone(),
            started_at: row.started_at,
            shapes: form.slots.iter().map(|slot| slot.shape(&bank)).collect::<AppResult<_>>()?,
        });
        if let Ok(mut kept) = self.inner.attempts.0.lock() {
            if kept.len() >= SHAPES_KEPT {
                // Whatever goes is read again when it is asked for.
                kept.clear();
            }
            kept.insert(row.id.clone(), Arc::clone(&facts));
        }
        Ok(facts)
    }

    /// Queues one answer.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a wrong slot, revision, epoch or response; [`AppError::Unavailable`] when the
    /// queue is full.
    pub fn queue_save(&self, sitter: &Sitter, slot: i64, request: &SaveRequest) -> AppResult<Queued> {
        let save = SlotSave {
            slot,
            revision: request.revision,
            response: request.response.clone(),
            answered_at: request.answered_at.clone(),
            elapsed_ms: request.elapsed_ms,
        };
        let row = self.check(sitter, request.epoch, &save).map_err(|error| AppError::Invalid(vec![error]))?;
        Ok(Queued { receiver: self.store().enqueue_saves(vec![row])? })
    }

    /// The reply to one answer.
    ///
    /// # Errors
    /// [`AppError::AttemptClosed`], [`AppError::AttemptTakenOver`], [`AppError::Invalid`].
    pub fn save_reply(&self, outcome: SaveOutcome) -> AppResult<SaveReply> {
        let server_now = rfc3339(self.now());
        let reply = |word: &str, saved: storage::answers::Saved| {
            Ok(SaveReply {
                outcome: word.to_owned(),
                revision: saved.answer.revision,
                response: response_value(&saved.answer)?,
                saved_at: rfc3339_micros(saved.answer.received_at),
                deadline: rfc3339_micros(saved.deadline),
                server_now,
            })
        };
        match outcome {
            SaveOutcome::Stored(saved) => reply("stored", saved),
            SaveOutcome::Superseded(saved) => reply("superseded", saved),
            SaveOutcome::TakenOver(_) => Err(AppError::AttemptTakenOver),
            SaveOutcome::Closed { kept_for_review } => Err(AppError::AttemptClosed { kept_for_review }),
            SaveOutcome::Invalid(invalid) => Err(AppError::invalid(invalid_field(invalid), invalid.to_string())),
            SaveOutcome::NoAttempt => Err(AppError::NotFound("这次作答")),
            SaveOutcome::Failed => Err(not_stored()),
        }
    }

    /// Queues many answers of one attempt; those that are no answers are named, the others go on.
    ///
    /// # Errors
    /// [`AppError::TooLarge`] over [`BATCH_ANSWERS`]; [`AppError::Unavailable`] when the queue is full.
    pub fn queue_batch(&self, sitter: &Sitter, request: &BatchSaveRequest) -> AppResult<(Queued, Vec<Checked>)> {
        let (rows, checked) = self.check_all(sitter, request.epoch, &request.answers)?;
        Ok((Queued { receiver: self.store().enqueue_saves(rows)? }, checked))
    }

    /// The reply to many answers. The deadline is the stored one when any answer was taken.
    ///
    /// # Errors
    /// [`AppError::AttemptClosed`] when the attempt took none of them.
    pub fn batch_reply(
        &self,
        sitter: &Sitter,
        checked: &[Checked],
        outcomes: Vec<SaveOutcome>,
    ) -> AppResult<BatchSaveReply> {
        let mut outcomes = outcomes.into_iter();
        let mut slots = Vec::with_capacity(checked.len());
        let mut deadline = None;
        let mut closed = None;
        let mut taken = 0_usize;
        for one in checked {
            let outcome = match &one.refused {
                Some(error) => slot_outcome(one, "invalid", one.revision, None, Some(error.reason.clone())),
                None => match outcomes.next().unwrap_or(SaveOutcome::Failed) {
                    SaveOutcome::Stored(saved) => {
                        taken += 1;
                        deadline = Some(saved.deadline);
                        slot_outcome(one, "stored", saved.answer.revision, Some(response_value(&saved.answer)?), None)
                    }
                    SaveOutcome::Superseded(saved) => {
                        taken += 1;
                        deadline = Some(saved.deadline);
                        let response = Some(response_value(&saved.answer)?);
                        slot_outcome(one, "superseded", saved.answer.revision, response, Some("已有更新的答案".into()))
                    }
                    SaveOutcome::TakenOver(saved) => {
                        taken += 1;
                        deadline = Some(saved.deadline);
                        let response = Some(response_value(&saved.answer)?);
                        let reason = Some("另一台设备已作答此题".into());
                        slot_outcome(one, "superseded", saved.answer.revision, response, reason)
                    }
                    SaveOutcome::Closed { kept_for_review } => {
                        closed = Some(closed.unwrap_or(false) || kept_for_review);
                        let reason =
                            if kept_for_review { "已过时间，已另行保存待核" } else { "作答已结束" };
                        slot_outcome(one, "invalid", one.revision, None, Some(reason.into()))
                    }
                    SaveOutcome::Invalid(invalid) => {
                        slot_outcome(one, "invalid", one.revision, None, Some(invalid.to_string()))
                    }
                    SaveOutcome::NoAttempt => return Err(AppError::NotFound("这次作答")),
                    // A fault of ours: the phone must send all of it again, what was stored included.
                    SaveOutcome::Failed => return Err(not_stored()),
                },
            };
            slots.push(outcome);
        }
        if let (Some(kept_for_review), 0) = (closed, taken) {
            return Err(AppError::AttemptClosed { kept_for_review });
        }
        let deadline = match deadline {
            Some(deadline) => deadline,
            None => self
                .store()
                .read(|connection| storage::attempts::attempt(connection, &sitter.attempt))?
                .deadline_at(self.now_us()),
        };
        Ok(BatchSaveReply { outcomes: slots, deadline: rfc3339_micros(deadline), server_now: rfc3339(self.now()) })
    }

    pub(crate) fn check_all(
        &self,
        sitter: &Sitter,
        epoch: Option<i64>,
        answers: &[SlotSave],
    ) -> AppResult<(Vec<Row>, Vec<Checked>)> {
        if answers.len() > BATCH_ANSWERS {
            return Err(AppError::TooLarge(format!("一次最多送 {BATCH_ANSWERS} 题的答案，请分批")));
        }
        let mut rows = Vec::with_capacity(answers.len());
        let mut checked = Vec::with_capacity(answers.len());
        for save in answers {
            let refused = match self.check(sitter, epoch, save) {
                Ok(row) => {
                    rows.push(row);
                    None
                }
                Err(error) => Some(error),
            };
            checked.push(Checked { slot: save.slot, revision: save.revision, refused });
        }
        Ok((rows, checked))
    }

    fn check(&self, sitter: &Sitter, epoch: Option<i64>, save: &SlotSave) -> Result<Row, FieldError> {
        let refuse = |field: &str, reason: String| FieldError { field: field.to_owned(), reason };
        let slots = sitter.facts.shapes.len();
        let shape = usize::try_from(save.slot)
            .ok()
            .and_then(|slot| slot.checked_sub(1))
            .and_then(|index| sitter.facts.shapes.get(index))
            .ok_or_else(|| refuse("slot", format!("这份试卷没有第 {} 题（共 {slots} 题），请刷新页面", save.slot)))?;
        if !(1..=exam_session::save::REVISION_MAX).contains(&save.revision) {
            return Err(refuse("revision", exam_session::save::InvalidSave::Revision.to_string()));
        }
        let response = Response::parse(&save.response, shape).map_err(|error| refuse("response", error.to_string()))?;
        let response_json = if response.is_answer() {
            serde_json::to_string(&save.response).map_err(|error| refuse("response", error.to_string()))?
        } else {
            Value::Null.to_string()
        };
        if save.elapsed_ms.is_some_and(|elapsed| !(0..=ELAPSED_MS_MOST).contains(&elapsed)) {
            return Err(refuse("elapsed_ms", "用时应是 0 到一天之间的毫秒数".to_owned()));
        }
        let received_at = self.now();
        let answered_at = save
            .answered_at
            .as_deref()
            .map(|text| parse(text).map_err(|reason| refuse("answered_at", reason)))
            .transpose()?
            .map(|claim| clamp_answered_at(claim, from_micros(sitter.facts.started_at), received_at));
        Ok(Row {
            id: new_id(),
            attempt_id: sitter.attempt.clone(),
            slot: save.slot,
            epoch: sitter.epoch_of(epoch),
            revision: save.revision,
            response_json,
            answered_at: answered_at.map(jiff::Timestamp::as_microsecond),
            received_at: received_at.as_microsecond(),
            elapsed_ms: save.elapsed_ms,
        })
    }

    /// An attempt as the phone gets it, with its form and the answers that are stored.
    pub(crate) fn attempt_view(
        &self,
        exam: &ExamInfo,
        attempt: &AttemptRow,
        form: &Form,
        answers: &[AnswerRow],
    ) -> AppResult<AttemptView> {
        let bank = self.bank()?;
        self.keep_facts(attempt, form)?;
        let now_us = self.now_us();
        let late_until = attempt.late_until_at(now_us);
        Ok(AttemptView {
            id: attempt.id.clone(),
            exam: attempt.exam_id.clone(),
            title: exam.row.title.clone(),
            state: state_at(&attempt.state, late_until, now_us),
            epoch: attempt.epoch,
            deadline: rfc3339_micros(attempt.deadline_at(now_us)),
            server_now: rfc3339(self.now()),
            token: self.tokens().attempt(&attempt.id, &attempt.person_id, attempt.epoch, from_micros(late_until))?,
            slots: form.views(&bank)?,
            answers: saved_answers(answers)?,
            screen_leaves: self.screen_leaves_view(exam, None)?,
        })
    }
}

fn not_stored() -> AppError {
    AppError::Unavailable { cause: "an answer could not be stored".to_owned() }
}

fn invalid_field(invalid: InvalidSave) -> &'static str {
    match invalid {
        InvalidSave::UnknownSlot { .. } => "slot",
        InvalidSave::Revision => "revision",
        InvalidSave::Epoch => "epoch",
    }
}

/// One answer of a batch after the check against the form.
#[derive(Debug, Clone)]
pub struct Checked {
    slot: i64,
    revision: i64,
    refused: Option<FieldError>,
}

impl Checked {
    /// The error, if the answer was refused.
    pub(crate) fn refused(&self) -> Option<FieldError> {
        self.refused.as_ref().map(|error| FieldError {
            field: format!("answers.{}.{}", self.slot, error.field),
            reason: error.reason.clone(),
        })
    }
}

fn slot_outcome(
    one: &Checked,
    outcome: &str,
    revision: i64,
    response: Option<Value>,
    reason: Option<String>,
) -> SlotOutcome {
    SlotOutcome { slot: one.slot, outcome: outcome.to_owned(), revision, response, reason }
}

fn response_value(row: &AnswerRow) -> AppResult<Value> {
    serde_json::from_str(&row.response_json).map_err(|error| AppError::corrupt("response", error))
}

pub(crate) fn saved_answers(rows: &[AnswerRow]) -> AppResult<BTreeMap<String, SavedAnswer>> {
    rows.iter()
        .map(|row| {
            let saved = SavedAnswer {
                revision: row.revision,
                response: response_value(row)?,
                saved_at: rfc3339_micros(row.received_at),
            };
            Ok((row.slot.to_string(), saved))
        })
        .collect()
}
