//! An exam as stored, read into what the domain asks of it.

use exam_session::clock::last_answer_at;
use exam_session::release::ReleaseFacts;
use exam_session::state::{ExamFacts, ExamState, exam_state};
use exam_session::{AttemptState, RosterStatus, Rules, Window};
use jiff::Timestamp;
use storage::attempts::AttemptRow;
use storage::exams::ExamRow;

use crate::clock::from_micros;
use crate::{AppError, AppResult};

/// The exam of everyone's first try of the program: three practice questions that do not count.
pub const TRIAL: &str = "trial";

/// An exam with its rules read.
#[derive(Debug, Clone)]
pub struct ExamInfo {
    /// As stored.
    pub row: ExamRow,
    /// Its rules.
    pub rules: Rules,
}

impl ExamInfo {
    /// Reads the rules of a stored exam.
    ///
    /// # Errors
    /// [`AppError::Internal`] for stored rules that are none.
    pub fn new(row: ExamRow) -> AppResult<Self> {
        let rules = serde_json::from_str(&row.rules_json).map_err(|error| AppError::corrupt("rules", error))?;
        Ok(Self { row, rules })
    }

    /// The window.
    pub fn window(&self) -> Window {
        Window {
            opens_at: from_micros(self.row.opens_at),
            closes_at: from_micros(self.row.closes_at),
            duration_seconds: self.row.duration_seconds,
        }
    }

    /// What was done to it, and when it is open.
    pub fn facts(&self) -> ExamFacts {
        ExamFacts {
            opens_at: from_micros(self.row.opens_at),
            closes_at: from_micros(self.row.closes_at),
            published: self.row.state != "draft",
            cancelled: self.row.state == "cancelled",
            sealed: self.row.state == "sealed",
        }
    }

    /// Its state by the clock.
    pub fn state(&self, now: Timestamp) -> ExamState {
        exam_state(&self.facts(), now)
    }

    /// The last instant at which an answer of anybody can still count.
    ///
    /// Extensions move the deadline of attempts themselves; none is granted yet, so there is nothing to add.
    pub fn last_answer_at(&self) -> Timestamp {
        last_answer_at(&self.window(), self.rules.full_duration, 0, self.rules.late_sync_seconds)
    }

    /// Whether nothing can change any more in what was answered.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now > self.last_answer_at()
    }

    /// Whether it is the trial, which counts nowhere.
    pub fn is_trial(&self) -> bool {
        self.row.kind == TRIAL
    }

    /// What decides on the release of an attempt's marks and keys.
    pub fn release_facts(&self, attempt: &AttemptRow, answering: bool) -> ReleaseFacts {
        ReleaseFacts {
            ended: attempt.state != "answering" && attempt.marked_at.is_some(),
            answering,
            last_answer_at: self.last_answer_at(),
        }
    }
}

/// The word of an exam's state in the contract.
pub fn state_word(state: ExamState) -> &'static str {
    match state {
        ExamState::Draft => "draft",
        ExamState::Published => "published",
        ExamState::Open => "open",
        ExamState::Closed => "closed",
        ExamState::Sealed => "sealed",
        ExamState::Cancelled => "cancelled",
    }
}

/// The domain's state of an attempt from the stored word.
///
/// # Errors
/// [`AppError::Internal`] for a word that is none.
pub fn attempt_state(word: &str) -> AppResult<AttemptState> {
    Ok(match word {
        "answering" => AttemptState::Answering,
        "submitted" => AttemptState::Submitted,
        "auto_submitted" => AttemptState::AutoSubmitted,
        "voided" => AttemptState::Voided,
        other => return Err(AppError::Internal(format!("attempt state {other}"))),
    })
}

/// The domain's status on a roster from the stored word.
///
/// # Errors
/// [`AppError::Internal`] for a word that is none.
pub fn roster_status(word: &str) -> AppResult<RosterStatus> {
    Ok(match word {
        "due" => RosterStatus::Due,
        "exempt" => RosterStatus::Exempt,
        "deferred" => RosterStatus::Deferred,
        other => return Err(AppError::Internal(format!("roster status {other}"))),
    })
}
