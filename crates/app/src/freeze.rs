//! The freeze of edits (考试期间冻结修改): while an exam whose rules say so runs, what the exam stands on is left alone,
//! so that everybody draws from the same bank and nothing heavy runs beside the saves. The work of the day itself
//! (leave, extensions, activation codes, rulings) goes on, and a wrong question can still be retired.

use exam_session::clock::shanghai_text;
use jiff::Timestamp;

use crate::exam_info::ExamInfo;
use crate::{App, AppError, AppResult};

impl App {
    /// Refuses an edit of `what` while an exam freezes it.
    ///
    /// # Errors
    /// [`AppError::Conflict`], naming the exam and when the freeze ends.
    pub(crate) fn refuse_frozen(&self, what: &str) -> AppResult<()> {
        let now = self.now();
        let running = self.store().read(|connection| storage::exams::begun(connection, now.as_microsecond()))?;
        for row in running {
            let exam = ExamInfo::new(row)?;
            if exam.rules.freeze_edits && !exam.is_over(now) {
                let until = until(exam.last_answer_at());
                return Err(AppError::Conflict(format!(
                    "“{}”正在进行，按考试规则此间不能修改{what}：请在{until}再做",
                    exam.row.title
                )));
            }
        }
        Ok(())
    }
}

/// When the freeze ends, in words.
fn until(last: Timestamp) -> String {
    if last == Timestamp::MAX {
        return "考试恢复并结束以后".to_owned();
    }
    format!("{} 以后", shanghai_text(last))
}
