//! Answers kept for review (留待复核): what came too late, decided on one by one.

use api::exam_day::KeptAnswer;
use exam_session::state::ExamState;
use organisation::Role;
use serde_json::json;
use storage::answers::{AnswerRow, KeptAnswerRow};

use super::{notice, require_published};
use crate::access::units_in_scope;
use crate::clock::rfc3339_micros;
use crate::exam_info::ExamInfo;
use crate::exams::checked_reason;
use crate::marking::step_word;
use crate::regrade::mark_again;
use crate::{App, AppError, AppResult, Principal, acts};

impl App {
    /// The answers of an exam that came too late, by their arrival.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the exam is not the caller's to run.
    pub fn kept_answers(&self, principal: &Principal, exam_id: &str) -> AppResult<Vec<KeptAnswer>> {
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        let directory = self.directory()?;
        let units = units_in_scope(principal, &directory, &[Role::Manager]);
        let rows = self.store().read(|connection| storage::exam_day::kept_of_exam(connection, exam_id, &units))?;
        rows.into_iter()
            .map(|(row, person, name, unit)| {
                Ok(KeptAnswer {
                    unit_name: directory.unit_name(&unit),
                    response: serde_json::from_str(&row.response_json)
                        .map_err(|error| AppError::corrupt("response", error))?,
                    received_at: rfc3339_micros(row.received_at),
                    answered_at: row.answered_at.map(rfc3339_micros),
                    id: row.id,
                    attempt: row.attempt_id,
                    person,
                    name,
                    unit,
                    slot: row.slot,
                    decision: row.decision,
                    decision_reason: row.decision_reason,
                })
            })
            .collect()
    }

    /// Decides on one of them, with the reason. An admitted answer becomes the slot's, marked late, and the attempt is
    /// marked again.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it was decided before, a newer answer stands, or the attempt cannot take it.
    pub fn decide_kept(&self, principal: &Principal, id: &str, admitted: bool, reason: &str) -> AppResult<()> {
        let reason = checked_reason(reason)?;
        let kept = self
            .store()
            .read(|connection| storage::exam_day::kept_answer(connection, id))
            .map_err(AppError::or_not_found("这条留待复核的作答"))?;
        let (exam, _) = self.managed_attempt(principal, &kept.attempt_id).map_err(|error| match error {
            AppError::NotFound(_) => AppError::NotFound("这条留待复核的作答"),
            other => other,
        })?;
        let bank = self.bank()?;
        let (now, now_us) = (self.now(), self.now_us());
        let actor = principal.account.clone();
        self.store().write(move |connection| {
            let exam = ExamInfo::new(storage::exams::exam_shared(connection, &exam.row.id)?)?;
            match exam.state(now) {
                // The sealed answers stay as they are; what still comes in must be able to be put away.
                ExamState::Sealed if !admitted => {}
                ExamState::Sealed => {
                    let text = format!("考试“{}”已封存，迟到的作答不能再采用，只能定为不采用", exam.row.title);
                    return Err(AppError::Conflict(text));
                }
                state => require_published(&exam, state)?,
            }
            let attempt = storage::attempts::attempt_for_update(connection, &kept.attempt_id)?;
            let decision = if admitted { "admitted" } else { "rejected" };
            storage::exam_day::decide_kept(connection, &kept.id, decision, &reason, &actor, now_us).map_err(
                |error| match error {
                    storage::StorageError::Conflict(_) => AppError::Conflict("这条作答已经处理过".to_owned()),
                    other => other.into(),
                },
            )?;
            let detail = json!({ "kept": kept.id, "slot": kept.slot, "decision": decision, "reason": reason });
            acts::note(connection, now_us, &actor, "kept_answer_decided", &attempt.id, &detail)?;
            let told = if admitted { "已采用" } else { "未采用" };
            let text = format!("您在“{}”第 {} 题迟到的作答{told}。原因：{reason}", exam.row.title, kept.slot);
            let told = notice(&attempt.person_id, &attempt.exam_id, Some(&attempt.id), "kept_answer", text, now_us);
            storage::exam_day::insert_notices(connection, &[told])?;
            if !admitted {
                return Ok(());
            }
            if attempt.marked_at.is_none() || attempt.state == "voided" {
                let text = "这份答卷尚未评分或已作废，请等评分后再处理";
                return Err(AppError::Conflict(text.to_owned()));
            }
            admit(connection, &kept)?;
            let step = step_word(exam_session::StepKind::AnswerAdmitted);
            storage::attempts::append_step(connection, &attempt.id, step, now_us, &detail.to_string())?;
            mark_again(connection, &bank, &exam, attempt, &format!("采用迟到的作答：{reason}"), now_us)?;
            Ok(())
        })
    }
}

/// Puts a kept answer into its slot, unless a newer one stands there.
fn admit(connection: &mut storage::DbConnection, kept: &KeptAnswerRow) -> AppResult<()> {
    let standing = storage::answers::of_attempt(connection, &kept.attempt_id)?
        .into_iter()
        .find(|row| row.slot == kept.slot)
        .map(|row| (row.epoch, row.revision));
    if standing.is_some_and(|standing| standing >= (kept.epoch, kept.revision)) {
        return Err(AppError::Conflict("这一题已有更新的作答，不能用较早的一份代替".to_owned()));
    }
    storage::answers::admit(
        connection,
        &AnswerRow {
            attempt_id: kept.attempt_id.clone(),
            slot: kept.slot,
            epoch: kept.epoch,
            revision: kept.revision,
            response_json: kept.response_json.clone(),
            answered_at: kept.answered_at,
            received_at: kept.received_at,
            elapsed_ms: None,
            late: true,
        },
    )?;
    Ok(())
}
