//! The states that exams and assignments are in, by the clock.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::roster::RosterStatus;

/// The state of an exam (考试状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExamState {
    /// 草稿.
    Draft,
    /// 已发布, not yet open.
    Published,
    /// 进行中: can be started.
    Open,
    /// 已结束: can no more be started.
    Closed,
    /// 已封存: its data are immutable.
    Sealed,
    /// 已取消.
    Cancelled,
}

/// What was done to an exam, and its window; the clock does the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExamFacts {
    /// The window opens.
    pub opens_at: Timestamp,
    /// The window closes.
    pub closes_at: Timestamp,
    /// It was published.
    pub published: bool,
    /// It was cancelled.
    pub cancelled: bool,
    /// It was sealed.
    pub sealed: bool,
    /// Since when it is paused (暂停): its window stands still.
    pub paused_at: Option<Timestamp>,
}

/// The state of an exam at an instant.
pub fn exam_state(exam: &ExamFacts, now: Timestamp) -> ExamState {
    match exam {
        ExamFacts { cancelled: true, .. } => ExamState::Cancelled,
        ExamFacts { sealed: true, .. } => ExamState::Sealed,
        ExamFacts { published: false, .. } => ExamState::Draft,
        _ if now < exam.opens_at => ExamState::Published,
        _ if exam.paused_at.unwrap_or(now) < exam.closes_at => ExamState::Open,
        _ => ExamState::Closed,
    }
}

/// The state of one person's assignment (任务状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentState {
    /// 未开始: the window is not open yet.
    Upcoming,
    /// 可以开始.
    Open,
    /// 答题中.
    InProgress,
    /// 已交卷 at least once; whether another try is left is another figure.
    Submitted,
    /// 已结束, without a paper handed in, or nothing to be done.
    Closed,
}

/// What became of an assignment (结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing to be told yet.
    None,
    /// 合格.
    Passed,
    /// 不合格.
    Failed,
    /// 缺考.
    Absent,
    /// 缓考.
    Deferred,
    /// 免考.
    Exempt,
}

/// What is known of one person's assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignmentFacts {
    /// The exam by the clock.
    pub exam: ExamState,
    /// The person on the roster.
    pub status: RosterStatus,
    /// There is an attempt that may still be answered.
    pub answering: bool,
    /// Attempts that ended, the annulled ones left out.
    pub ended: u32,
    /// Whether the attempt that counts is a pass; `None` while it is not marked.
    pub passed: Option<bool>,
    /// Marks may be shown to whoever asks.
    pub marks_released: bool,
}

/// The state of an assignment.
pub fn assignment_state(facts: &AssignmentFacts) -> AssignmentState {
    match facts.exam {
        ExamState::Cancelled => AssignmentState::Closed,
        _ if facts.answering => AssignmentState::InProgress,
        _ if facts.ended > 0 => AssignmentState::Submitted,
        ExamState::Draft | ExamState::Published => AssignmentState::Upcoming,
        ExamState::Open if facts.status == RosterStatus::Due => AssignmentState::Open,
        ExamState::Open | ExamState::Closed | ExamState::Sealed => AssignmentState::Closed,
    }
}

/// The outcome of an assignment, as far as it may be told.
pub fn outcome(facts: &AssignmentFacts) -> Outcome {
    let over = matches!(facts.exam, ExamState::Closed | ExamState::Sealed);
    match facts.status {
        _ if facts.exam == ExamState::Cancelled => Outcome::None,
        RosterStatus::Exempt => Outcome::Exempt,
        _ if facts.ended > 0 => match facts.passed {
            Some(true) if facts.marks_released => Outcome::Passed,
            Some(false) if facts.marks_released => Outcome::Failed,
            _ => Outcome::None,
        },
        RosterStatus::Deferred => Outcome::Deferred,
        RosterStatus::Due if over && !facts.answering => Outcome::Absent,
        RosterStatus::Due => Outcome::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-12-01T{text}+08:00").parse().unwrap()
    }

    #[test]
    fn exams_open_and_close_by_the_clock() {
        use ExamState::{Cancelled, Closed, Draft, Open, Published, Sealed};
        for (published, cancelled, sealed, now, expected) in [
            (false, false, false, "12:00:00", Draft),
            (true, false, false, "08:59:59", Published),
            (true, false, false, "09:00:00", Open),
            (true, false, false, "17:59:59", Open),
            (true, false, false, "18:00:00", Closed),
            (true, false, true, "19:00:00", Sealed),
            (true, true, false, "12:00:00", Cancelled),
            (false, true, false, "12:00:00", Cancelled),
        ] {
            let exam = ExamFacts {
                opens_at: at("09:00:00"),
                closes_at: at("18:00:00"),
                published,
                cancelled,
                sealed,
                paused_at: None,
            };
            assert_eq!(exam_state(&exam, at(now)), expected, "{now}");
        }
    }

    #[test]
    fn a_paused_window_stands_still() {
        for (paused, now, expected) in [
            ("17:50:00", "17:55:00", ExamState::Open),
            ("17:50:00", "19:00:00", ExamState::Open),
            ("18:00:00", "19:00:00", ExamState::Closed),
            ("08:30:00", "08:40:00", ExamState::Published),
            ("08:30:00", "20:00:00", ExamState::Open),
        ] {
            let exam = ExamFacts {
                opens_at: at("09:00:00"),
                closes_at: at("18:00:00"),
                published: true,
                cancelled: false,
                sealed: false,
                paused_at: Some(at(paused)),
            };
            assert_eq!(exam_state(&exam, at(now)), expected, "{paused} {now}");
        }
    }

    #[test]
    fn assignments_follow_exam_roster_and_attempts() {
        use AssignmentState as A;
        use ExamState as E;
        use RosterStatus::{Deferred, Due, Exempt};
        // exam, status, answering, ended, passed, released → state, outcome
        for (exam, status, answering, ended, passed, marks_released, state, result) in [
            (E::Published, Due, false, 0, None, false, A::Upcoming, Outcome::None),
            (E::Open, Due, false, 0, None, false, A::Open, Outcome::None),
            (E::Open, Due, true, 0, None, false, A::InProgress, Outcome::None),
            (E::Closed, Due, true, 0, None, false, A::InProgress, Outcome::None),
            (E::Open, Due, false, 1, Some(true), false, A::Submitted, Outcome::None),
            (E::Open, Due, false, 1, None, true, A::Submitted, Outcome::None),
            (E::Open, Due, false, 1, Some(true), true, A::Submitted, Outcome::Passed),
            (E::Open, Due, true, 1, Some(false), true, A::InProgress, Outcome::Failed),
            (E::Closed, Due, false, 1, Some(false), true, A::Submitted, Outcome::Failed),
            (E::Closed, Due, false, 0, None, true, A::Closed, Outcome::Absent),
            (E::Sealed, Due, false, 0, None, true, A::Closed, Outcome::Absent),
            (E::Open, Exempt, false, 0, None, false, A::Closed, Outcome::Exempt),
            (E::Published, Exempt, false, 0, None, false, A::Upcoming, Outcome::Exempt),
            (E::Open, Deferred, false, 0, None, false, A::Closed, Outcome::Deferred),
            (E::Closed, Deferred, false, 0, None, true, A::Closed, Outcome::Deferred),
            (E::Closed, Deferred, false, 1, Some(true), true, A::Submitted, Outcome::Passed),
            (E::Cancelled, Due, true, 0, None, false, A::Closed, Outcome::None),
        ] {
            let facts = AssignmentFacts { exam, status, answering, ended, passed, marks_released };
            assert_eq!((assignment_state(&facts), outcome(&facts)), (state, result), "{facts:?}");
        }
    }
}
