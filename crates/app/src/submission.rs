//! Handing in: once, with a receipt that can be checked later; and the closing of attempts that nobody hands in.

use std::collections::{BTreeMap, BTreeSet};

use api::FieldError;
use api::attempt::{ReceiptView, SubmissionReply, SubmissionRequest};
use exam_session::save::{SaveFacts, SaveOrder};
use exam_session::{SubmissionDecision, decide_submission};
use organisation::Role;
use storage::answers::{AnswerRow, SaveOutcome, SaveRequest};
use storage::attempts::AttemptRow;

use crate::answering::Sitter;
use crate::clock::from_micros;
use crate::exam_info::{ExamInfo, attempt_state};
use crate::marking::{Closing, Ending, answers_by_attempt, close, kept_reply};
use crate::together::Together;
use crate::{App, AppError, AppResult, Principal};

/// Attempts closed in one transaction at the most.
const CLOSE_AT_ONCE: usize = 50;
/// Attempts looked at in one round at the most.
const CLOSE_A_ROUND: i64 = 2_000;

/// A hand-in as it comes: the answers that the phone still had, checked, and what it believes the server to hold.
#[derive(Clone)]
struct HandIn {
    attempt: String,
    exam: String,
    rows: Vec<SaveRequest>,
    epoch: Option<i64>,
    revisions: BTreeMap<u32, i64>,
}

/// Where hand-ins wait for each other: many hand in within one minute, too.
#[derive(Default)]
pub(crate) struct HandIns(Together<HandIn, HandedIn>);

/// A hand-in and whether it was the first.
#[derive(Debug, Clone)]
pub struct HandedIn {
    /// The body.
    pub reply: SubmissionReply,
    /// `false` when it had been handed in before: the same body again.
    pub is_new: bool,
}

impl App {
    /// Hands an attempt in, with the answers that the phone still had.
    ///
    /// # Errors
    /// [`AppError::AnswersMissing`] when the server lacks a revision that the phone names;
    /// [`AppError::AttemptTakenOver`] for a device whose epoch is over; [`AppError::AttemptClosed`] for a void one.
    pub fn submit(&self, sitter: &Sitter, request: &SubmissionRequest) -> AppResult<HandedIn> {
        let (rows, checked) = self.check_all(sitter, request.epoch, &request.answers)?;
        let refused: Vec<FieldError> = checked.iter().filter_map(crate::answering::Checked::refused).collect();
        if !refused.is_empty() {
            return Err(AppError::Invalid(refused));
        }
        let revisions = revisions(&request.revisions)?;
        let hand_in = HandIn {
            attempt: sitter.attempt.clone(),
            exam: sitter.exam().to_owned(),
            rows,
            epoch: sitter.epoch_of(request.epoch),
            revisions,
        };
        self.inner.hand_ins.0.ask(hand_in, |hand_ins| self.submit_together(hand_ins))
    }

    fn submit_together(&self, hand_ins: Vec<HandIn>) -> Vec<AppResult<HandedIn>> {
        let count = hand_ins.len();
        // Of an attempt that is handed in twice at once, the second comes after the first.
        let mut seen = BTreeSet::new();
        let is_first: Vec<bool> = hand_ins.iter().map(|one| seen.insert(one.attempt.clone())).collect();
        let firsts: Vec<HandIn> =
            hand_ins.iter().zip(&is_first).filter(|(_, first)| **first).map(|(one, _)| one.clone()).collect();
        let mut together = match self.submit_group(firsts) {
            Ok(outcomes) => Some(outcomes.into_iter()),
            Err(AppError::Unavailable { cause }) => return AppError::Unavailable { cause }.for_each_of(count),
            Err(error) => {
                tracing::warn!(?error, count, "hand-ins could not be written together; one by one now");
                None
            }
        };
        let mut outcomes = Vec::with_capacity(count);
        for (hand_in, first) in hand_ins.into_iter().zip(is_first) {
            let outcome = match together.as_mut().filter(|_| first).and_then(Iterator::next) {
                Some(outcome) => Ok(outcome),
                None => self.submit_group(vec![hand_in]).and_then(|outcomes| {
                    outcomes.into_iter().next().ok_or_else(|| AppError::Internal("no outcome of a hand-in".to_owned()))
                }),
            };
            outcomes.push(outcome.and_then(|outcome| outcome.map_err(refusal)));
        }
        outcomes
    }

    /// Hands in attempts that differ, in one transaction. What the phones send along is stored or kept aside whatever
    /// becomes of the hand-in: a refusal is an outcome of the transaction, not its undoing.
    fn submit_group(&self, hand_ins: Vec<HandIn>) -> AppResult<Vec<Result<HandedIn, SubmissionDecision>>> {
        let bank = self.bank()?;
        let (now, now_us) = (self.now(), self.now_us());
        self.store().write(move |connection| {
            let exams: BTreeSet<&str> = hand_ins.iter().map(|one| one.exam.as_str()).collect();
            let mut held = BTreeMap::new();
            for exam in exams {
                held.insert(exam, (ExamInfo::new(storage::exams::exam_shared(connection, exam)?)?, Vec::new()));
            }
            let ids: Vec<&str> = hand_ins.iter().map(|one| one.attempt.as_str()).collect();
            let mut attempts: BTreeMap<String, AttemptRow> = storage::attempts::attempts_for_update(connection, &ids)?
                .into_iter()
                .map(|row| (row.id.clone(), row))
                .collect();
            let rows: Vec<SaveRequest> = hand_ins.iter().flat_map(|one| one.rows.iter().cloned()).collect();
            let outcomes = storage::answers::save_answers(connection, &rows)?;
            if outcomes.contains(&SaveOutcome::Failed) {
                return Err(AppError::Internal("an answer of a submission could not be stored".to_owned()));
            }
            let ids: Vec<String> = hand_ins.iter().map(|one| one.attempt.clone()).collect();
            let stored = answers_by_attempt(connection, &ids)?;
            // What is decided at once, and by place what is closed below.
            let mut outcomes: BTreeMap<usize, Result<HandedIn, SubmissionDecision>> = BTreeMap::new();
            for (place, one) in hand_ins.iter().enumerate() {
                let attempt = attempts.remove(&one.attempt).ok_or(AppError::NotFound("这次作答"))?;
                let orders = orders(stored.get(&one.attempt).map(Vec::as_slice).unwrap_or_default());
                let decision = decide_submission(&facts(&attempt, now_us)?, one.epoch, &one.revisions, &orders, now);
                let ending = match decision {
                    SubmissionDecision::Submit { late } => Ending::ByPerson { late },
                    SubmissionDecision::CloseByDeadline => Ending::ByDeadline,
                    SubmissionDecision::AlreadySubmitted => {
                        let handed_in = HandedIn { reply: kept_reply(&attempt)?.0, is_new: false };
                        outcomes.insert(place, Ok(handed_in));
                        continue;
                    }
                    refused => {
                        outcomes.insert(place, Err(refused));
                        continue;
                    }
                };
                if let Some((_, closings)) = held.get_mut(one.exam.as_str()) {
                    closings.push((place, Closing { attempt, ending }));
                }
            }
            for (exam, closings) in held.into_values() {
                let (places, closings): (Vec<usize>, Vec<Closing>) = closings.into_iter().unzip();
                let replies = close(connection, &bank, &exam, closings, now_us)?;
                for (place, reply) in places.into_iter().zip(replies) {
                    outcomes.insert(place, Ok(HandedIn { reply, is_new: true }));
                }
            }
            Ok::<_, AppError>(outcomes.into_values().collect())
        })
    }

    /// What a receipt proves. Its holder, and those who run the exam, may ask.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn receipt(&self, principal: &Principal, number: &str) -> AppResult<ReceiptView> {
        let number: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
        let number = number.to_ascii_uppercase();
        let attempt = self
            .store()
            .read(|connection| match storage::attempts::by_receipt(connection, &number) {
                Err(storage::StorageError::NotFound) => {
                    // The attempt was reopened since: what was handed in then is still proven.
                    let past = storage::scores::past_receipt(connection, &number)?;
                    let attempt = storage::attempts::attempt(connection, &past.attempt_id)?;
                    Ok(AttemptRow { receipt_json: Some(past.receipt_json), ..attempt })
                }
                found => found,
            })
            .map_err(AppError::or_not_found("这个回执"))?;
        let own = principal.person.as_deref() == Some(attempt.person_id.as_str());
        if !own && !principal.has_any(&[Role::Manager, Role::AuditAdmin]) {
            return Err(AppError::NotFound("这个回执"));
        }
        let (reply, digest) = kept_reply(&attempt)?;
        Ok(ReceiptView { exam: attempt.exam_id, submitted_at: reply.submitted_at, answered: reply.answered, digest })
    }

    /// Closes and marks attempts whose time, late-sync time included, is over. Returns how many.
    ///
    /// Any number of nodes may do this at once: each attempt is locked and looked at again before it is closed.
    ///
    /// # Errors
    /// [`AppError::Unavailable`]. An attempt that cannot be marked is named in the log and harms no other.
    pub fn close_due_attempts(&self) -> AppResult<usize> {
        let now_us = self.now_us();
        let due =
            self.store().read(|connection| storage::attempts::due_for_closing(connection, now_us, CLOSE_A_ROUND))?;
        let mut by_exam: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (exam, attempt) in due {
            by_exam.entry(exam).or_default().push(attempt);
        }
        let mut closed = 0;
        for (exam, mut ids) in by_exam {
            ids.sort();
            for group in ids.chunks(CLOSE_AT_ONCE) {
                match self.close_group(&exam, group.to_vec()) {
                    Ok(count) => closed += count,
                    Err(AppError::Unavailable { cause }) => return Err(AppError::Unavailable { cause }),
                    Err(_) => closed += self.close_one_by_one(&exam, group),
                }
            }
        }
        Ok(closed)
    }

    fn close_one_by_one(&self, exam: &str, ids: &[String]) -> usize {
        let mut closed = 0;
        for id in ids {
            match self.close_group(exam, vec![id.clone()]) {
                Ok(count) => closed += count,
                Err(error) => tracing::error!(attempt = %id, ?error, "an attempt cannot be closed"),
            }
        }
        closed
    }

    fn close_group(&self, exam: &str, ids: Vec<String>) -> AppResult<usize> {
        let bank = self.bank()?;
        let now_us = self.now_us();
        let exam = exam.to_owned();
        self.store().write(move |connection| {
            let exam = ExamInfo::new(storage::exams::exam_shared(connection, &exam)?)?;
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let closings: Vec<Closing> = storage::attempts::attempts_for_update(connection, &ids)?
                .into_iter()
                .filter(|attempt| attempt.state == "answering" && attempt.late_until_at(now_us) < now_us)
                .map(|attempt| Closing { attempt, ending: Ending::ByDeadline })
                .collect();
            Ok(close(connection, &bank, &exam, closings, now_us)?.len())
        })
    }
}

fn refusal(decision: SubmissionDecision) -> AppError {
    match decision {
        SubmissionDecision::AnswersMissing { slots } => AppError::AnswersMissing(
            slots
                .iter()
                .map(|slot| FieldError {
                    field: format!("revisions.{slot}"),
                    reason: format!("第 {slot} 题的答案尚未送达"),
                })
                .collect(),
        ),
        SubmissionDecision::TakenOver => AppError::AttemptTakenOver,
        _ => AppError::AttemptClosed { kept_for_review: false },
    }
}

fn revisions(given: &BTreeMap<String, i64>) -> AppResult<BTreeMap<u32, i64>> {
    given
        .iter()
        .map(|(slot, revision)| {
            let number = slot.parse().map_err(|_| AppError::invalid(format!("revisions.{slot}"), "题号应是数字"))?;
            Ok((number, *revision))
        })
        .collect()
}

fn facts(attempt: &AttemptRow, now_us: i64) -> AppResult<SaveFacts> {
    Ok(SaveFacts {
        state: attempt_state(&attempt.state)?,
        epoch: attempt.epoch,
        deadline: from_micros(attempt.deadline_at(now_us)),
        late_sync_seconds: attempt.late_until.saturating_sub(attempt.deadline) / 1_000_000,
        slots: u32::try_from(attempt.slots).unwrap_or(0),
    })
}

fn orders(stored: &[AnswerRow]) -> BTreeMap<u32, SaveOrder> {
    stored
        .iter()
        .filter_map(|row| Some((u32::try_from(row.slot).ok()?, SaveOrder { epoch: row.epoch, revision: row.revision })))
        .collect()
}
