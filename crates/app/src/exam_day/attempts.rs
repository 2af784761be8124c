//! Incidents of single attempts: void (作废) and reopen (恢复作答).

use api::exam_day::{AttemptChanged, ReopeningRequest, VoidingRequest};
use exam_session::StepKind;
use exam_session::release::keys_released;
use exam_session::verdict::PassFail;
use serde_json::json;
use storage::DbConnection;
use storage::attempts::AttemptRow;
use storage::exam_day::DayChange;
use storage::scores::PastReceiptRow;

use super::{checked_seconds, notice, refuse_own, require_published};
use crate::clock::{from_micros, rfc3339_micros};
use crate::exam_info::{ExamInfo, attempt_state};
use crate::exams::checked_reason;
use crate::marking::{step_word, verdict_word};
use crate::regrade::put_score_aside;
use crate::{App, AppError, AppResult, Principal, acts};

const SECOND_US: i64 = 1_000_000;

impl App {
    /// The exam of an attempt, if the caller runs it. Somebody else's attempt is not found.
    pub(super) fn managed_attempt(&self, principal: &Principal, attempt: &str) -> AppResult<(ExamInfo, AttemptRow)> {
        let (row, exam) = self
            .store()
            .read(|connection| {
                let row = storage::attempts::attempt(connection, attempt)?;
                let exam = storage::exams::exam(connection, &row.exam_id)?;
                Ok::<_, AppError>((row, exam))
            })
            .map_err(|error| match error {
                AppError::NotFound(_) => AppError::NotFound("这次作答"),
                other => other,
            })?;
        let exam = ExamInfo::new(exam)?;
        if exam.is_trial() || self.require_manager_of(principal, &exam.row).is_err() {
            return Err(AppError::NotFound("这次作答"));
        }
        refuse_own(principal, &row.person_id)?;
        Ok((exam, row))
    }

    /// Voids an attempt, with the reason: `annulled` as if it had never been (the person may sit again), or
    /// `disqualified`: taken and failed. What was answered is kept.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it is void already, or the exam is sealed.
    pub fn void_attempt(
        &self,
        principal: &Principal,
        attempt: &str,
        request: &VoidingRequest,
    ) -> AppResult<AttemptChanged> {
        let reason = checked_reason(&request.reason)?;
        let (kind, told) = match request.kind.as_deref() {
            None | Some("annulled") => ("annulled", "您的一次作答已作废，可以重新参加"),
            Some("disqualified") => ("disqualified", "您的一次作答已被取消成绩"),
            Some(other) => {
                let text = format!("没有“{other}”这种作废，可用 annulled（作废重考）或 disqualified（取消成绩）");
                return Err(AppError::invalid("kind", text));
            }
        };
        let (exam, row) = self.managed_attempt(principal, attempt)?;
        let now = self.now();
        let now_us = now.as_microsecond();
        let actor = principal.account.clone();
        let row = self.store().write(move |connection| {
            let exam = ExamInfo::new(storage::exams::exam_shared(connection, &exam.row.id)?)?;
            require_published(&exam, exam.state(now))?;
            let mut row = storage::attempts::attempt_for_update(connection, &row.id)?;
            after(&row, StepKind::Voided)?;
            row.state = "voided".to_owned();
            row.voiding = Some(kind.to_owned());
            row.closed_at = row.closed_at.or(Some(now_us));
            row.held_since = None;
            if kind == "disqualified" {
                disqualify(connection, &mut row, &reason, now_us)?;
            }
            storage::attempts::update(connection, &row)?;
            let detail = json!({ "kind": kind, "reason": reason });
            step(connection, &row, StepKind::Voided, now_us, &detail)?;
            let text = format!("{told}。考试：{}；原因：{reason}", exam.row.title);
            let notice = notice(&row.person_id, &row.exam_id, Some(&row.id), "voided", text, now_us);
            storage::exam_day::insert_notices(connection, &[notice])?;
            acts::note(connection, now_us, &actor, "attempt_voided", &row.id, &detail)?;
            Ok::<_, AppError>(row)
        })?;
        Ok(changed(&row, now_us, Vec::new()))
    }

    /// Lets a person go on with an attempt that had ended, for so many seconds from now, with the reason. Its marks and
    /// receipt are put aside; the receipt stays good as a proof.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it is open, another attempt of the person is, or the exam is sealed or cancelled.
    pub fn reopen_attempt(
        &self,
        principal: &Principal,
        attempt: &str,
        request: &ReopeningRequest,
    ) -> AppResult<AttemptChanged> {
        let reason = checked_reason(&request.reason)?;
        let seconds = checked_seconds(request.seconds)?;
        let (exam, row) = self.managed_attempt(principal, attempt)?;
        let now = self.now();
        let now_us = now.as_microsecond();
        let release = exam.release_facts(&row, false);
        let mut warnings = Vec::new();
        if row.marked_at.is_some() && keys_released(&exam.rules, &release, now) {
            warnings.push("此人可能已经看到本卷的答案和解析".to_owned());
        }
        let actor = principal.account.clone();
        let row = self
            .store()
            .write(move |connection| {
                let exam = ExamInfo::new(storage::exams::exam_for_update(connection, &exam.row.id)?)?;
                require_published(&exam, exam.state(now))?;
                let mut row = storage::attempts::attempt_for_update(connection, &row.id)?;
                after(&row, StepKind::Reopened)?;
                if row.marks_centi.is_some() {
                    put_score_aside(connection, &row, &format!("恢复作答：{reason}"), now_us)?;
                    storage::scores::delete_marks(connection, &row.id)?;
                }
                give_up_receipt(connection, &row, now_us)?;
                open_again(&mut row, &exam, seconds, now_us);
                storage::attempts::update(connection, &row)?;
                storage::exam_day::change_exam(
                    connection,
                    &row.exam_id,
                    DayChange {
                        extended_seconds: exam.row.extended_seconds,
                        answers_until: exam.row.answers_until.max(row.late_until),
                        paused_at: exam.row.paused_at,
                    },
                )?;
                let detail = json!({ "seconds": seconds, "reason": reason });
                step(connection, &row, StepKind::Reopened, now_us, &detail)?;
                let minutes = seconds.saturating_add(59) / 60;
                let text =
                    format!("您的作答已恢复，请在 {minutes} 分钟内完成。考试：{}；原因：{reason}", exam.row.title);
                let notice = notice(&row.person_id, &row.exam_id, Some(&row.id), "reopened", text, now_us);
                storage::exam_day::insert_notices(connection, &[notice])?;
                acts::note(connection, now_us, &actor, "attempt_reopened", &row.id, &detail)?;
                Ok::<_, AppError>(row)
            })
            .map_err(|error| match error {
                // The index that allows one open attempt a person.
                AppError::Conflict(text) if text.starts_with("内容与已有的冲突") => {
                    AppError::Conflict("此人另有一次作答正在进行，不能再恢复这一次".to_owned())
                }
                other => other,
            })?;
        Ok(changed(&row, now_us, warnings))
    }
}

/// The stored state after a step, if it may be taken.
fn after(row: &AttemptRow, step: StepKind) -> AppResult<()> {
    attempt_state(&row.state)?.after(step).map(|_| ()).map_err(|error| AppError::Conflict(error.to_string()))
}

fn step(
    connection: &mut DbConnection,
    row: &AttemptRow,
    kind: StepKind,
    at: i64,
    detail: &serde_json::Value,
) -> AppResult<()> {
    storage::attempts::append_step(connection, &row.id, step_word(kind), at, &detail.to_string())?;
    Ok(())
}

/// Taken and failed, whatever was earned; that is put aside.
fn disqualify(connection: &mut DbConnection, row: &mut AttemptRow, reason: &str, now_us: i64) -> AppResult<()> {
    if row.marks_centi.is_some() {
        put_score_aside(connection, row, &format!("取消成绩：{reason}"), now_us)?;
        storage::scores::delete_marks(connection, &row.id)?;
    }
    row.marks_centi = Some(0);
    row.verdict = Some(verdict_word(PassFail::Failed).to_owned());
    row.band = Some("取消成绩".to_owned());
    row.clause = Some(format!("取消成绩：{reason}"));
    row.marked_at = Some(now_us);
    Ok(())
}

fn give_up_receipt(connection: &mut DbConnection, row: &AttemptRow, at: i64) -> AppResult<()> {
    if let (Some(receipt), Some(receipt_json)) = (&row.receipt, &row.receipt_json) {
        let past = PastReceiptRow {
            receipt: receipt.clone(),
            attempt_id: row.id.clone(),
            receipt_json: receipt_json.clone(),
            replaced_at: at,
        };
        storage::scores::keep_receipts(connection, &[past])?;
    }
    Ok(())
}

fn open_again(row: &mut AttemptRow, exam: &ExamInfo, seconds: i64, now_us: i64) {
    row.state = "answering".to_owned();
    // A hand-in that the phone still repeats belongs to the time before: it is told to come back.
    row.epoch = row.epoch.saturating_add(1);
    row.voiding = None;
    row.deadline = now_us.saturating_add(seconds.saturating_mul(SECOND_US));
    row.late_until = exam_session::late_until(from_micros(row.deadline), exam.rules.late_sync_seconds).as_microsecond();
    row.held_since = exam.row.paused_at.map(|_| now_us);
    row.closed_at = None;
    row.receipt = None;
    row.receipt_json = None;
    row.answered = None;
    row.marks_centi = None;
    row.verdict = None;
    row.band = None;
    row.clause = None;
    row.marked_at = None;
}

fn changed(row: &AttemptRow, now_us: i64, warnings: Vec<String>) -> AttemptChanged {
    AttemptChanged {
        attempt: row.id.clone(),
        state: row.state.clone(),
        deadline: rfc3339_micros(row.deadline_at(now_us)),
        warnings,
    }
}
