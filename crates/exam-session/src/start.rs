//! Whether a person may start, and with which attempt.

use jiff::Timestamp;
use thiserror::Error;

use crate::attempt::AttemptState;
use crate::clock::{is_due_for_closing, plus_seconds, shanghai_text};
use crate::roster::RosterStatus;
use crate::rules::Rules;
use crate::state::{ExamFacts, ExamState, exam_state};

/// One attempt of a person at an exam, as far as a start must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Try {
    /// Its number, from 1.
    pub number: u32,
    /// Its state as stored.
    pub state: AttemptState,
    /// It was annulled (作废重考): it uses up no try.
    pub annulled: bool,
    /// Its deadline, with any extension.
    pub deadline: Timestamp,
    /// When it ended, if it did.
    pub ended_at: Option<Timestamp>,
    /// Whether it is a pass; `None` while it is not marked.
    pub passed: Option<bool>,
}

impl Try {
    /// Whether answers of it may still count at `now`.
    pub fn is_live(&self, late_sync_seconds: i64, now: Timestamp) -> bool {
        self.state == AttemptState::Answering && !is_due_for_closing(self.deadline, late_sync_seconds, now)
    }
}

/// What a press of 开始 leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartDecision {
    /// A new attempt with this number. An attempt left open past its time is to be closed first.
    New {
        /// From 1.
        number: u32,
    },
    /// The attempt that is open: a second press never makes a second paper.
    Resume {
        /// Its number.
        number: u32,
    },
    /// Neither, and why.
    Refused(Refusal),
}

/// Why a person may not start now.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The exam is a draft, or the person is not on its roster: to the person it is not there.
    #[error("您不在这场考试的名单内：如有疑问，请联系本单位联络员")]
    NotOnRoster,
    /// 已取消.
    #[error("这场考试已取消")]
    Cancelled,
    /// 未开始.
    #[error("考试尚未开始：开始时间为 {}", shanghai_text(*.0))]
    NotOpenYet(Timestamp),
    /// 暂停.
    #[error("考试已暂停：恢复后可以开始，您的时间不会减少")]
    Paused,
    /// 已结束.
    #[error("考试已于 {} 结束，不能再开始：如有特殊情况，请联系本单位联络员", shanghai_text(*.0))]
    Closed(Timestamp),
    /// 免考.
    #[error("您已获准免考，不需要参加")]
    Exempt,
    /// 缓考.
    #[error("您已获准缓考，请等待另行安排的考试")]
    Deferred,
    /// No try is left.
    #[error("您已用完 {0} 次考试机会")]
    NoAttemptsLeft(u32),
    /// Passed, and the exam ends with that.
    #[error("您已达标，不需要再考")]
    AlreadyPassed,
    /// Whether another try is needed is not known yet.
    #[error("上一次的成绩尚未评出，请稍后再试")]
    NotMarkedYet,
    /// The wait between two attempts is not over.
    #[error("距离上一次考试的间隔未满：{} 起可以再考", shanghai_text(*.0))]
    WaitUntil(Timestamp),
}

/// The tries used up: those that were not annulled.
pub fn attempts_used(tries: &[Try]) -> u32 {
    tries.iter().filter(|one| !one.annulled).fold(0, |used, _| used.saturating_add(1))
}

/// The tries left; never less than none.
pub fn attempts_left(rules: &Rules, tries: &[Try]) -> u32 {
    rules.attempts.saturating_sub(attempts_used(tries))
}

/// Whether and how a person may start at `now`; `status` is `None` when the roster lacks the person.
pub fn may_start(
    rules: &Rules,
    exam: &ExamFacts,
    status: Option<RosterStatus>,
    tries: &[Try],
    now: Timestamp,
) -> StartDecision {
    match refusal_by_exam(exam, status, now) {
        Some(refusal @ (Refusal::NotOnRoster | Refusal::Cancelled)) => return StartDecision::Refused(refusal),
        refusal => {
            // An open attempt goes on past the closing of the window, when all its time was granted.
            if let Some(open) = tries.iter().find(|one| one.is_live(rules.late_sync_seconds, now)) {
                return StartDecision::Resume { number: open.number };
            }
            if let Some(refusal) = refusal {
                return StartDecision::Refused(refusal);
            }
        }
    }
    match refusal_by_tries(rules, tries, now) {
        Some(refusal) => StartDecision::Refused(refusal),
        None => {
            let last = tries.iter().map(|one| one.number).max().unwrap_or(0);
            StartDecision::New { number: last.saturating_add(1) }
        }
    }
}

fn refusal_by_exam(exam: &ExamFacts, status: Option<RosterStatus>, now: Timestamp) -> Option<Refusal> {
    let state = exam_state(exam, now);
    match (state, status) {
        (ExamState::Draft, _) | (_, None) => Some(Refusal::NotOnRoster),
        (ExamState::Cancelled, _) => Some(Refusal::Cancelled),
        (_, Some(RosterStatus::Exempt)) => Some(Refusal::Exempt),
        (_, Some(RosterStatus::Deferred)) => Some(Refusal::Deferred),
        (ExamState::Published, _) => Some(Refusal::NotOpenYet(exam.opens_at)),
        (ExamState::Open, _) if exam.paused_at.is_some() => Some(Refusal::Paused),
        (ExamState::Closed | ExamState::Sealed, _) => Some(Refusal::Closed(exam.closes_at)),
        (ExamState::Open, Some(RosterStatus::Due)) => None,
    }
}

fn refusal_by_tries(rules: &Rules, tries: &[Try], now: Timestamp) -> Option<Refusal> {
    let counted = || tries.iter().filter(|one| !one.annulled);
    if attempts_left(rules, tries) == 0 {
        return Some(Refusal::NoAttemptsLeft(rules.attempts));
    }
    if rules.until_passed {
        if counted().any(|one| one.passed == Some(true)) {
            return Some(Refusal::AlreadyPassed);
        }
        if counted().any(|one| one.passed.is_none() && one.state != AttemptState::Voided) {
            return Some(Refusal::NotMarkedYet);
        }
    }
    let wait = rules.wait_seconds.filter(|seconds| *seconds > 0)?;
    let last_end = counted().map(|one| one.ended_at.unwrap_or(one.deadline)).max()?;
    let until = plus_seconds(last_end, wait);
    (now < until).then_some(Refusal::WaitUntil(until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::MarksCenti;

    fn at(text: &str) -> Timestamp {
        format!("2026-12-01T{text}+08:00").parse().unwrap()
    }

    fn exam() -> ExamFacts {
        ExamFacts {
            opens_at: at("09:00:00"),
            closes_at: at("18:00:00"),
            published: true,
            cancelled: false,
            sealed: false,
            paused_at: None,
        }
    }

    fn rules(attempts: u32) -> Rules {
        Rules { attempts, ..Rules::with_pass_marks(MarksCenti::from_whole(60)) }
    }

    fn ended(number: u32, end: &str, passed: Option<bool>) -> Try {
        Try {
            number,
            state: AttemptState::Submitted,
            annulled: false,
            deadline: at("17:00:00"),
            ended_at: Some(at(end)),
            passed,
        }
    }

    fn open(number: u32, deadline: &str) -> Try {
        let deadline = at(deadline);
        Try { number, state: AttemptState::Answering, annulled: false, deadline, ended_at: None, passed: None }
    }

    fn refused(refusal: Refusal) -> StartDecision {
        StartDecision::Refused(refusal)
    }

    #[test]
    fn window_and_roster_decide_first() {
        let due = Some(RosterStatus::Due);
        let first = StartDecision::New { number: 1 };
        for (exam, status, now, expected) in [
            (exam(), due, "09:00:00", first.clone()),
            (exam(), due, "17:59:59", first),
            (exam(), due, "08:59:59", refused(Refusal::NotOpenYet(at("09:00:00")))),
            (exam(), due, "18:00:00", refused(Refusal::Closed(at("18:00:00")))),
            (ExamFacts { published: false, ..exam() }, due, "10:00:00", refused(Refusal::NotOnRoster)),
            (ExamFacts { paused_at: Some(at("09:30:00")), ..exam() }, due, "10:00:00", refused(Refusal::Paused)),
            (ExamFacts { cancelled: true, ..exam() }, due, "10:00:00", refused(Refusal::Cancelled)),
            (ExamFacts { sealed: true, ..exam() }, due, "10:00:00", refused(Refusal::Closed(at("18:00:00")))),
            (exam(), None, "10:00:00", refused(Refusal::NotOnRoster)),
            (ExamFacts { cancelled: true, ..exam() }, None, "10:00:00", refused(Refusal::NotOnRoster)),
            (exam(), Some(RosterStatus::Exempt), "10:00:00", refused(Refusal::Exempt)),
            (exam(), Some(RosterStatus::Deferred), "10:00:00", refused(Refusal::Deferred)),
        ] {
            assert_eq!(may_start(&rules(1), &exam, status, &[], at(now)), expected, "{now} {status:?}");
        }
    }

    /// ls1intum/Artemis#6208: a second impatient press gave one person two papers.
    #[test]
    fn an_open_attempt_is_resumed_never_doubled() {
        let due = Some(RosterStatus::Due);
        let resumed = StartDecision::Resume { number: 1 };
        for (now, attempts, expected) in [
            ("10:00:00", 1, resumed.clone()),
            ("10:00:00", 3, resumed.clone()),
            ("10:30:00", 3, resumed.clone()), // at the deadline
            ("10:32:00", 3, resumed),         // in the late-sync time, to send what is still on the phone
            ("10:32:01", 3, StartDecision::New { number: 2 }),
            ("10:32:01", 1, refused(Refusal::NoAttemptsLeft(1))),
        ] {
            assert_eq!(may_start(&rules(attempts), &exam(), due, &[open(1, "10:30:00")], at(now)), expected, "{now}");
        }
        // Full duration granted: past the closing one can go on but not begin.
        let late = [open(1, "18:20:00")];
        assert_eq!(may_start(&rules(1), &exam(), due, &late, at("18:10:00")), StartDecision::Resume { number: 1 });
        // A leave granted in the middle does not take the paper away.
        let deferred = Some(RosterStatus::Deferred);
        assert_eq!(may_start(&rules(1), &exam(), deferred, &late, at("10:00:00")), StartDecision::Resume { number: 1 });
    }

    #[test]
    fn further_attempts_need_a_try_left_and_the_wait_over() {
        let annulled = Try { annulled: true, state: AttemptState::Voided, ..ended(1, "10:00:00", None) };
        let disqualified = Try { state: AttemptState::Voided, ..ended(1, "10:00:00", None) };
        let waiting = |attempts| Rules { wait_seconds: Some(3600), ..rules(attempts) };
        let until_passed = Rules { until_passed: true, ..rules(5) };
        let failed = ended(1, "10:00:00", Some(false));
        let second = StartDecision::New { number: 2 };
        for (rules, tries, now, expected) in [
            (rules(3), vec![failed], "10:00:00", second.clone()),
            (rules(1), vec![failed], "11:00:00", refused(Refusal::NoAttemptsLeft(1))),
            (rules(2), vec![failed, ended(2, "11:00:00", None)], "12:00:00", refused(Refusal::NoAttemptsLeft(2))),
            (rules(1), vec![annulled], "11:00:00", second.clone()),
            (rules(1), vec![disqualified], "11:00:00", refused(Refusal::NoAttemptsLeft(1))),
            (waiting(2), vec![failed], "10:59:59", refused(Refusal::WaitUntil(at("11:00:00")))),
            (waiting(2), vec![failed], "11:00:00", second.clone()),
            (waiting(1), vec![annulled], "10:00:01", second.clone()),
            (waiting(1), vec![], "10:00:01", StartDecision::New { number: 1 }),
            (waiting(2), vec![open(1, "10:00:00")], "10:30:00", refused(Refusal::WaitUntil(at("11:00:00")))),
            (until_passed.clone(), vec![failed], "11:00:00", second.clone()),
            (until_passed.clone(), vec![ended(1, "10:00:00", Some(true))], "11:00:00", refused(Refusal::AlreadyPassed)),
            (until_passed.clone(), vec![ended(1, "10:00:00", None)], "11:00:00", refused(Refusal::NotMarkedYet)),
            (until_passed, vec![disqualified], "11:00:00", second),
            (rules(3), vec![ended(1, "10:00:00", Some(true))], "11:00:00", StartDecision::New { number: 2 }),
        ] {
            let decision = may_start(&rules, &exam(), Some(RosterStatus::Due), &tries, at(now));
            assert_eq!(decision, expected, "{tries:?} {now}");
        }
        assert_eq!((attempts_used(&[failed, annulled]), attempts_left(&rules(1), &[failed, failed])), (1, 0));
    }

    #[test]
    fn a_refusal_says_when() {
        assert_eq!(
            Refusal::WaitUntil(at("11:00:00")).to_string(),
            "距离上一次考试的间隔未满：2026年12月1日 11:00 起可以再考"
        );
    }
}
