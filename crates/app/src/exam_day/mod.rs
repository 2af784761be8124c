//! The day of an exam: more time, pauses, incidents of single attempts, answers kept for review, the desk (考务台).
//!
//! Locks are taken in one order everywhere: exam, place on the roster, attempts by id, answers.

mod attempts;
mod extensions;
mod kept;
mod live;
mod node;
mod notices;
mod timeline;

pub use node::Node;

use exam_session::state::ExamState;
use storage::exam_day::NoticeRow;

use crate::exam_info::ExamInfo;
use crate::{AppError, AppResult, Principal, new_id};

/// The longest extension or reopening in one act, in seconds: a day.
const SECONDS_MOST: i64 = 86_400;

/// Refuses what can only be done to an exam that runs, or still may.
fn require_published(exam: &ExamInfo, state: ExamState) -> AppResult<()> {
    match state {
        ExamState::Draft => Err(AppError::Conflict("考试还没有发布".to_owned())),
        ExamState::Cancelled => Err(AppError::Conflict(format!("考试“{}”已取消", exam.row.title))),
        ExamState::Sealed => Err(AppError::Conflict(format!("考试“{}”已封存，不能再改", exam.row.title))),
        ExamState::Published | ExamState::Open | ExamState::Closed => Ok(()),
    }
}

fn checked_seconds(seconds: i64) -> AppResult<i64> {
    if (1..=SECONDS_MOST).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(AppError::invalid("seconds", format!("时间应在 1 秒到 {SECONDS_MOST} 秒（24 小时）之间")))
    }
}

/// Nobody decides on the own paper.
fn refuse_own(principal: &Principal, person: &str) -> AppResult<()> {
    if principal.person.as_deref() == Some(person) {
        return Err(AppError::Forbidden("不能办理自己的考试，请由另一位考务管理员办理".to_owned()));
    }
    Ok(())
}

/// A notice to one person.
pub(crate) fn notice(person: &str, exam: &str, attempt: Option<&str>, kind: &str, body: String, at: i64) -> NoticeRow {
    NoticeRow {
        id: new_id(),
        person_id: person.to_owned(),
        exam_id: exam.to_owned(),
        attempt_id: attempt.map(str::to_owned),
        kind: kind.to_owned(),
        body,
        created_at: at,
        read_at: None,
    }
}
