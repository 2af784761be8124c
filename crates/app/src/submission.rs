//! Handing in: once, with a receipt that can be checked later; and the closing of attempts that nobody hands in.

use std::collections::BTreeMap;

use api::FieldError;
use api::attempt::{ReceiptView, SubmissionReply, SubmissionRequest};
use exam_session::save::{SaveFacts, SaveOrder};
use exam_session::{SubmissionDecision, decide_submission};
use organisation::Role;
use storage::DbConnection;
use storage::answers::SaveOutcome;
use storage::attempts::AttemptRow;

use crate::answering::Sitter;
use crate::clock::from_micros;
use crate::exam_info::{ExamInfo, attempt_state};
use crate::marking::{Ending, close, kept_reply};
use crate::{App, AppError, AppResult, Principal};

/// Attempts closed in one transaction at the most.
const CLOSE_AT_ONCE: usize = 50;
/// Attempts looked at in one round at the most.
const CLOSE_A_ROUND: i64 = 2_000;

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
        let bank = self.bank()?;
        let exam = self.exam_of_attempt(&sitter.attempt)?;
        let (now, now_us) = (self.now(), self.now_us());
        let epoch = sitter.epoch_of(request.epoch);
        let id = sitter.attempt.clone();
        // What the phone sends along is stored or kept aside whatever becomes of the hand-in: a refusal is an outcome
        // of the transaction, not its undoing.
        let outcome = self.store().write(move |connection| {
            let exam = ExamInfo { row: storage::exams::exam_shared(connection, &exam.row.id)?, ..exam };
            let attempt = storage::attempts::attempt_for_update(connection, &id)?;
            let outcomes = storage::answers::save_answers(connection, &rows)?;
            if outcomes.contains(&SaveOutcome::Failed) {
                return Err(AppError::Internal("an answer of a submission could not be stored".to_owned()));
            }
            let stored = stored_orders(connection, &id)?;
            let decision = decide_submission(&facts(&attempt, now_us)?, epoch, &revisions, &stored, now);
            let ending = match decision {
                SubmissionDecision::Submit { late } => Ending::ByPerson { late },
                SubmissionDecision::CloseByDeadline => Ending::ByDeadline,
                SubmissionDecision::AlreadySubmitted => {
                    return Ok(Ok(HandedIn { reply: kept_reply(&attempt)?.0, is_new: false }));
                }
                refused => return Ok(Err(refused)),
            };
            let (_, reply) = close(connection, &bank, &exam, attempt, ending, now_us)?;
            Ok::<_, AppError>(Ok(HandedIn { reply, is_new: true }))
        })?;
        outcome.map_err(refusal)
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
            let mut closed = 0;
            for id in &ids {
                let attempt = storage::attempts::attempt_for_update(connection, id)?;
                if attempt.state != "answering" || attempt.late_until_at(now_us) >= now_us {
                    continue;
                }
                close(connection, &bank, &exam, attempt, Ending::ByDeadline, now_us)?;
                closed += 1;
            }
            Ok(closed)
        })
    }

    pub(crate) fn exam_of_attempt(&self, attempt: &str) -> AppResult<ExamInfo> {
        let row = self.store().read(|connection| {
            let attempt = storage::attempts::attempt(connection, attempt)?;
            storage::exams::exam(connection, &attempt.exam_id)
        })?;
        ExamInfo::new(row)
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

fn stored_orders(connection: &mut DbConnection, attempt: &str) -> AppResult<BTreeMap<u32, SaveOrder>> {
    Ok(storage::answers::of_attempt(connection, attempt)?
        .into_iter()
        .filter_map(|row| Some((u32::try_from(row.slot).ok()?, SaveOrder { epoch: row.epoch, revision: row.revision })))
        .collect())
}
