//! Leaving the exam page (切屏): what a phone reports is kept among the steps of its attempt.

use api::attempt::{ScreenLeaveReply, ScreenLeaveRequest, ScreenLeavesView};
use exam_session::screen::LEAVES_KEPT;
use exam_session::{ScreenLeaves, StepKind, decide_leave};
use serde_json::{Value, json};
use storage::DbConnection;

use crate::answering::Sitter;
use crate::clock::{parse, rfc3339};
use crate::exam_info::ExamInfo;
use crate::marking::step_word;
use crate::{App, AppError, AppResult};

/// Characters of a phone's own name for a leave at the most.
const LEAVE_CHARS: usize = 64;
/// The longest time away that a phone may claim, in milliseconds: a day.
const AWAY_MS_MOST: i64 = 86_400_000;

impl App {
    /// Keeps that the page was left. The same leave told twice is one.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when the exam does not count leaves; [`AppError::AttemptClosed`] once it is over;
    /// [`AppError::AttemptTakenOver`] for a device whose epoch is over; [`AppError::Invalid`].
    pub fn report_leave(
        &self,
        sitter: &Sitter,
        leave: &str,
        request: &ScreenLeaveRequest,
    ) -> AppResult<ScreenLeaveReply> {
        if leave.is_empty() || leave.chars().count() > LEAVE_CHARS {
            return Err(AppError::invalid("leave", format!("编号应为 1 到 {LEAVE_CHARS} 个字符")));
        }
        if !(0..=AWAY_MS_MOST).contains(&request.away_ms) {
            return Err(AppError::invalid("away_ms", format!("离开的时长应在 0 到 {AWAY_MS_MOST} 毫秒之间")));
        }
        let left_at = request.left_at.as_deref().map(parse).transpose();
        let left_at = left_at.map_err(|reason| AppError::invalid("left_at", reason))?.map(rfc3339);
        let exam = self.exam_info(sitter.exam())?;
        let rule = rule(&exam)?;
        let epoch = sitter.epoch_of(request.epoch);
        let (attempt, leave, away_ms) = (sitter.attempt.clone(), leave.to_owned(), request.away_ms);
        let (now, now_us) = (self.now(), self.now_us());
        let decided = self.store().write(move |connection| {
            let row = storage::attempts::attempt_for_update(connection, &attempt)?;
            if epoch.is_some_and(|epoch| epoch < row.epoch) {
                return Err(AppError::AttemptTakenOver);
            }
            if row.state != "answering" || row.late_until_at(now_us) < now_us {
                return Err(AppError::AttemptClosed { kept_for_review: false });
            }
            let known = leaves(connection, &attempt)?;
            let counted = u32::try_from(known.len()).unwrap_or(u32::MAX);
            if known.contains(&leave) {
                return Ok(decide_leave(&rule, counted, -1));
            }
            let decided = decide_leave(&rule, counted, away_ms);
            if decided.is_leave && counted < LEAVES_KEPT {
                let detail = json!({ "leave": leave, "away_ms": away_ms, "left_at": left_at, "epoch": row.epoch });
                let word = step_word(StepKind::LeftScreen);
                storage::attempts::append_step(connection, &attempt, word, now_us, &detail.to_string())?;
            }
            Ok(decided)
        })?;
        Ok(ScreenLeaveReply {
            counted: decided.counted,
            most: rule.most,
            hand_in: decided.hand_in,
            server_now: rfc3339(now),
        })
    }

    /// What whoever goes on with an attempt must know of leaving the page; none where leaves are not counted.
    pub(crate) fn screen_leaves_view(
        &self,
        exam: &ExamInfo,
        attempt: Option<&str>,
    ) -> AppResult<Option<ScreenLeavesView>> {
        let Some(rule) = exam.rules.screen_leaves else { return Ok(None) };
        let counted = match attempt {
            Some(attempt) => self.store().read(|connection| leaves(connection, attempt))?.len(),
            None => 0,
        };
        Ok(Some(ScreenLeavesView {
            most: rule.most,
            from_seconds: rule.from_seconds,
            hand_in: rule.then == exam_session::screen::TooManyLeaves::HandIn,
            counted: u32::try_from(counted).unwrap_or(u32::MAX),
        }))
    }
}

fn rule(exam: &ExamInfo) -> AppResult<ScreenLeaves> {
    exam.rules.screen_leaves.ok_or_else(|| AppError::Conflict("这场考试不记录离开页面".to_owned()))
}

/// The leaves of an attempt, by the phone's own names for them.
fn leaves(connection: &mut DbConnection, attempt: &str) -> AppResult<Vec<String>> {
    let word = step_word(StepKind::LeftScreen);
    storage::attempts::steps(connection, attempt)?
        .into_iter()
        .filter(|step| step.kind == word)
        .map(|step| {
            let detail: Value =
                serde_json::from_str(&step.detail_json).map_err(|error| AppError::corrupt("step", error))?;
            Ok(detail.get("leave").and_then(Value::as_str).unwrap_or_default().to_owned())
        })
        .collect()
}
