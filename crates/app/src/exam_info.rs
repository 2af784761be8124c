//! An exam as stored, read into what the domain asks of it.

use exam_session::clock::{Allowance, last_answer_at};
use exam_session::release::ReleaseFacts;
use exam_session::state::{ExamFacts, ExamState, exam_state};
use exam_session::{AttemptState, RosterStatus, Rules, Window};
use jiff::Timestamp;
use storage::attempts::AttemptRow;
use storage::exam_day::ExtensionRow;
use storage::exams::{ExamRow, RosterRow};

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
    /// What the person in question is granted beyond everybody.
    pub allowance: Allowance,
    /// How much later than the opening the person in question comes in (分批入场), in seconds.
    pub entry_delay_seconds: i64,
}

impl ExamInfo {
    /// Reads the rules of a stored exam.
    ///
    /// # Errors
    /// [`AppError::Internal`] for stored rules that are none.
    pub fn new(row: ExamRow) -> AppResult<Self> {
        let rules = serde_json::from_str(&row.rules_json).map_err(|error| AppError::corrupt("rules", error))?;
        Ok(Self { row, rules, allowance: Allowance::default(), entry_delay_seconds: 0 })
    }

    /// The window, with what extensions and pauses have added to it.
    pub fn window(&self) -> Window {
        let everybody = Allowance { closing_seconds: self.row.extended_seconds, duration_seconds: 0 };
        Window {
            opens_at: from_micros(self.row.opens_at),
            closes_at: from_micros(self.row.closes_at),
            duration_seconds: self.row.duration_seconds,
        }
        .with(everybody)
        .with(self.allowance)
    }

    /// The exam as it is for a person of whom the roster says `place`.
    pub fn for_place(self, place: &RosterRow, extensions: &[ExtensionRow]) -> Self {
        let mut allowance = Allowance::default();
        let own = extensions.iter().filter(|row| row.exam_id == place.exam_id && concerns(row, place));
        for row in own {
            allowance.closing_seconds = allowance.closing_seconds.saturating_add(row.seconds);
            if row.lengthens {
                allowance.duration_seconds = allowance.duration_seconds.saturating_add(row.seconds);
            }
        }
        let entry_delay_seconds = self.entry_delay(place.entry_wave);
        Self { allowance, entry_delay_seconds, ..self }
    }

    fn entry_delay(&self, wave: i64) -> i64 {
        let wave = u32::try_from(wave).unwrap_or(0);
        self.rules.entry_waves.map_or(0, |waves| waves.delay_seconds(wave))
    }

    /// When a wave comes in; waves count from 0. Without waves everybody comes in at the opening.
    pub fn wave_opens_at(&self, wave: i64) -> Timestamp {
        from_micros(self.row.opens_at.saturating_add(self.entry_delay(wave).saturating_mul(1_000_000)))
    }

    /// From when on the person in question can start.
    pub fn opens_at(&self) -> Timestamp {
        from_micros(self.row.opens_at.saturating_add(self.entry_delay_seconds.saturating_mul(1_000_000)))
    }

    /// What was done to it, and when it is open.
    pub fn facts(&self) -> ExamFacts {
        ExamFacts {
            opens_at: self.opens_at(),
            closes_at: self.window().closes_at,
            published: self.row.state != "draft",
            cancelled: self.row.state == "cancelled",
            sealed: self.row.state == "sealed",
            paused_at: self.row.paused_at.map(from_micros),
        }
    }

    /// Its state by the clock.
    pub fn state(&self, now: Timestamp) -> ExamState {
        exam_state(&self.facts(), now)
    }

    /// The last instant at which an answer of anybody can still count: by the rules, or by what was granted to some.
    /// While the exam is paused nobody can tell.
    pub fn last_answer_at(&self) -> Timestamp {
        if self.row.paused_at.is_some() {
            return Timestamp::MAX;
        }
        last_answer_at(&self.window(), self.rules.full_duration, 0, self.rules.late_sync_seconds)
            .max(from_micros(self.row.answers_until))
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

/// Whether an extension that is not everybody's is this person's.
fn concerns(extension: &ExtensionRow, place: &RosterRow) -> bool {
    match (extension.scope.as_str(), extension.subject_id.as_deref()) {
        ("person", Some(person)) => person == place.person_id,
        ("unit", Some(unit)) => place.unit_path.split('/').any(|id| id == unit),
        _ => false,
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
