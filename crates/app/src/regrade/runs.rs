//! Runs that mark a whole exam again, in short transactions; a run that a crash cut short is finished later.

use std::collections::BTreeSet;

use api::FieldError;
use api::exam_day::{Regrade, RegradeRequest, RegradeRun, RulingRequest, RulingView, ScoreChange};
use exam_session::state::ExamState;
use serde_json::json;
use storage::scores::{RulingRow, ScoreRunRow};

use super::rulings::{Rulings, checked, place, read};
use super::{mark_again, remark, score_by, score_of};
use crate::bank::BankState;
use crate::clock::rfc3339_micros;
use crate::exam_info::ExamInfo;
use crate::exams::{checked_reason, to_json, to_value};
use crate::questions::may_see;
use crate::secrets::lock_key;
use crate::{App, AppError, AppResult, Principal, acts, new_id};

/// What stands in place of a secure question.
pub(super) const HIDDEN_STEM: &str = "（保密题）";
/// Attempts marked again in one transaction.
const AT_ONCE: i64 = 50;
/// Changes that a report lists.
const LISTED: usize = 500;
/// A run that has not moved for so long was cut short, in microseconds.
const CUT_SHORT_US: i64 = 60 * 1_000_000;

impl App {
    /// Marks an exam again under its rulings and new ones, or says what that would change.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a ruling on a question that no paper has; [`AppError::Conflict`] while another run goes
    /// on, or once sealed data would have to change.
    pub fn regrade(&self, principal: &Principal, exam_id: &str, request: &RegradeRequest) -> AppResult<Regrade> {
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        self.regrade_exam(&principal.account, &exam, request, &|pool| may_see(principal, pool))
    }

    /// As [`App::regrade`], for whoever has the files.
    ///
    /// # Errors
    /// As [`App::regrade`].
    pub fn regrade_by(&self, actor: &str, exam_id: &str, request: &RegradeRequest) -> AppResult<Regrade> {
        self.regrade_exam(actor, &self.exam_info(exam_id)?, request, &|_| true)
    }

    fn regrade_exam(
        &self,
        actor: &str,
        exam: &ExamInfo,
        request: &RegradeRequest,
        sees: &dyn Fn(&str) -> bool,
    ) -> AppResult<Regrade> {
        match exam.state(self.now()) {
            ExamState::Draft => return Err(AppError::Conflict("考试还没有发布".to_owned())),
            ExamState::Cancelled => return Err(AppError::Conflict("考试已取消，不再评分".to_owned())),
            _ => {}
        }
        let bank = self.bank()?;
        let rulings = self.ruling_rows(actor, exam, &bank, &request.rulings)?;
        refuse_hidden_keys(&bank, &rulings, sees)?;
        if request.dry_run {
            let report = self.try_rulings(exam, &bank, &rulings)?;
            let questions: Vec<&str> = rulings.iter().map(|row| row.question_ref.as_str()).collect();
            let detail = json!({ "questions": questions, "changed": report.changed });
            let (actor, exam_id, now_us) = (actor.to_owned(), exam.row.id.clone(), self.now_us());
            self.store()
                .write(move |connection| acts::note(connection, now_us, &actor, "regrade_tried", &exam_id, &detail))?;
            return Ok(report);
        }
        let reasons: Vec<&str> = rulings.iter().map(|row| row.reason.as_str()).collect();
        let reason = match (&request.reason, reasons.is_empty()) {
            (Some(reason), _) => checked_reason(reason)?,
            (None, false) => reasons.join("；"),
            (None, true) => return Err(AppError::invalid("reason", "请写明重新评分的原因")),
        };
        let (actor, exam_id, now_us) = (actor.to_owned(), exam.row.id.clone(), self.now_us());
        let run = self.store().write(move |connection| {
            storage::exams::exam_for_update(connection, &exam_id)?;
            if storage::scores::unfinished_runs(connection)?.iter().any(|run| run.exam_id == exam_id) {
                return Err(AppError::Conflict("这场考试正在重新评分，请稍候".to_owned()));
            }
            for row in &rulings {
                storage::scores::insert_ruling(connection, row)?;
            }
            let generation = storage::scores::begin_run(connection, &exam_id, &reason, &actor, now_us)?;
            let detail = json!({ "generation": generation, "rulings": rulings.len(), "reason": reason });
            acts::note(connection, now_us, &actor, "exam_regraded", &exam_id, &detail)?;
            storage::scores::runs(connection, &exam_id)?
                .pop()
                .ok_or_else(|| AppError::Internal("a run without a row".to_owned()))
        })?;
        self.finish_run(run)
    }

    fn ruling_rows(
        &self,
        actor: &str,
        exam: &ExamInfo,
        bank: &BankState,
        requests: &[RulingRequest],
    ) -> AppResult<Vec<RulingRow>> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        let sat = self.questions_sat(exam)?;
        let now_us = self.now_us();
        let mut rows = Vec::with_capacity(requests.len());
        for (index, request) in requests.iter().enumerate() {
            let field = format!("rulings[{index}]");
            let reason = checked_reason(&request.reason).map_err(|error| within(&field, error))?;
            let item = request.part.unwrap_or(1).saturating_sub(1);
            let versions: Vec<u32> = sat
                .keys()
                .filter(|(question, version, part)| {
                    *question == request.question
                        && *part == item
                        && request.version.is_none_or(|wanted| wanted == *version)
                })
                .map(|(_, version, _)| *version)
                .collect();
            let has_parts = sat.keys().any(|(question, _, part)| *question == request.question && *part > 0);
            if has_parts && request.part.is_none_or(|part| part == 0) {
                let text = format!("“{}”是案例题，请写明第几小题（part，从 1 起）", request.question);
                return Err(AppError::invalid(format!("{field}.part"), text));
            }
            if versions.len() > 1 && !request.keys.is_empty() && request.version.is_none() {
                let text = format!("“{}”在试卷上有 {} 个版本，请写明 version", request.question, versions.len());
                return Err(AppError::invalid(format!("{field}.version"), text));
            }
            if versions.is_empty() {
                let text = format!("没有试卷用到题目“{}”，请核对题号", request.question);
                return Err(AppError::invalid(format!("{field}.question"), text));
            }
            for version in versions {
                let question = bank.question(&request.question, version)?;
                let asked = question.items().get(item).ok_or_else(|| {
                    AppError::invalid(format!("{field}.part"), format!("题目“{}”没有这一小题", request.question))
                })?;
                rows.push(RulingRow {
                    id: new_id(),
                    exam_id: exam.row.id.clone(),
                    question_ref: request.question.clone(),
                    version: i64::from(version),
                    item: i64::try_from(item).unwrap_or(0),
                    ruling_json: to_json(&checked(asked, request, &field)?)?,
                    reason: reason.clone(),
                    ruled_by: actor.to_owned(),
                    ruled_at: now_us,
                });
            }
        }
        Ok(rows)
    }

    /// What rulings would change, without writing anything.
    fn try_rulings(&self, exam: &ExamInfo, bank: &BankState, rows: &[RulingRow]) -> AppResult<Regrade> {
        let mut report = Regrade { dry_run: true, generation: exam.row.scores_generation, ..Regrade::default() };
        let mut rulings = self.store().read(|connection| Rulings::load(connection, bank, &exam.row.id))?;
        for row in rows {
            rulings.add(bank, row)?;
        }
        let ids = self
            .store()
            .read(|connection| storage::scores::attempts_before(connection, &exam.row.id, i64::MAX, i64::MAX))?;
        let mut changes = Vec::new();
        for id in ids {
            let (attempt, outcome) = self.store().read(|connection| {
                let attempt = storage::attempts::attempt(connection, &id)?;
                let (outcome, ..) = remark(connection, bank, exam, &rulings, &attempt)?;
                Ok::<_, AppError>((attempt, outcome))
            })?;
            let change = super::Remarked { before: score_of(&attempt), after: score_by(&outcome) };
            tally(&mut report, &change);
            if change.is_changed() {
                changes.push((attempt.id, attempt.person_id, change));
            }
        }
        report.items = self.listed(&exam.row.id, changes)?;
        Ok(report)
    }

    /// Marks what a run has left, and closes it. Any node may do this; each attempt is marked once a generation.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when somebody else is at it, or it is finished.
    pub fn finish_run(&self, mut run: ScoreRunRow) -> AppResult<Regrade> {
        let _held = self
            .store()
            .hold(lock_key("regrade", &run.exam_id))?
            .ok_or_else(|| AppError::Conflict("这场考试正在重新评分，请稍候".to_owned()))?;
        let unfinished = self.store().read(storage::scores::unfinished_runs)?;
        if !unfinished.iter().any(|open| (&open.exam_id, open.generation) == (&run.exam_id, run.generation)) {
            return Err(AppError::Conflict("这次重新评分已经完成".to_owned()));
        }
        let bank = self.bank()?;
        let mut report = Regrade { generation: run.generation, ..Regrade::default() };
        let mut changes = Vec::new();
        // One paper that cannot be marked keeps its old score and stands in nobody's way; a seal names it.
        let mut unmarkable = BTreeSet::new();
        loop {
            let now_us = self.now_us();
            let (exam_id, reason) = (run.exam_id.clone(), run.reason.clone());
            let (bank, skip) = (std::sync::Arc::clone(&bank), unmarkable.clone());
            let (group, failed) = self.store().write(move |connection| {
                let exam = ExamInfo::new(storage::exams::exam_shared(connection, &exam_id)?)?;
                let generation = exam.row.scores_generation;
                let most = AT_ONCE.saturating_add(i64::try_from(skip.len()).unwrap_or(i64::MAX));
                let mut ids = storage::scores::attempts_before(connection, &exam_id, generation, most)?;
                ids.retain(|id| !skip.contains(id));
                let (mut group, mut failed) = (Vec::with_capacity(ids.len()), Vec::new());
                for id in ids {
                    let attempt = storage::attempts::attempt_for_update(connection, &id)?;
                    let person = attempt.person_id.clone();
                    match mark_again(connection, &bank, &exam, attempt, &reason, now_us) {
                        Ok(change) => group.push((id, person, change)),
                        // Found before anything of this paper was written.
                        Err(AppError::Internal(error)) => failed.push((id, error)),
                        Err(error) => return Err(error),
                    }
                }
                Ok::<_, AppError>((group, failed))
            })?;
            if group.is_empty() && failed.is_empty() {
                break;
            }
            for (id, error) in failed {
                tracing::error!(attempt = id, error, "this paper cannot be marked again; it keeps its score");
                unmarkable.insert(id);
            }
            for (attempt, person, change) in group {
                tally(&mut report, &change);
                if change.is_changed() {
                    changes.push((attempt, person, change));
                }
            }
        }
        report.unmarkable = unmarkable.into_iter().collect();
        run.finished_at = Some(self.now_us());
        run.attempts = run.attempts.saturating_add(report.attempts);
        run.changed = run.changed.saturating_add(report.changed);
        run.to_passed = run.to_passed.saturating_add(report.to_passed);
        run.to_failed = run.to_failed.saturating_add(report.to_failed);
        report.items = self.listed(&run.exam_id, changes)?;
        self.store().write(move |connection| storage::scores::update_run(connection, &run))?;
        Ok(report)
    }

    /// Finishes runs that a crash cut short.
    ///
    /// # Errors
    /// What the database says.
    pub fn finish_runs(&self) -> AppResult<()> {
        let old = self.now_us().saturating_sub(CUT_SHORT_US);
        for run in self.store().read(storage::scores::unfinished_runs)? {
            if run.started_at < old {
                tracing::warn!(exam = run.exam_id, generation = run.generation, "a run was cut short; finishing it");
                let exam = run.exam_id.clone();
                match self.finish_run(run) {
                    Ok(_) | Err(AppError::Conflict(_)) => {}
                    Err(error) => tracing::error!(%error, exam, "a run of marking cannot be finished; trying again"),
                }
            }
        }
        Ok(())
    }

    fn listed(&self, exam: &str, mut changes: Vec<(String, String, super::Remarked)>) -> AppResult<Vec<ScoreChange>> {
        changes.sort_by_key(|(_, _, change)| change.before.verdict == change.after.verdict);
        changes.truncate(LISTED);
        let directory = self.directory()?;
        self.store().read(|connection| {
            changes
                .into_iter()
                .map(|(attempt, person, change)| {
                    let place = storage::exams::place(connection, exam, &person)?;
                    let name = storage::organisation::person(connection, &person)?.name;
                    Ok(ScoreChange {
                        attempt,
                        person,
                        name,
                        unit_name: directory.unit_name(&place.unit_id),
                        before: change.before,
                        after: change.after,
                    })
                })
                .collect()
        })
    }

    /// The rulings of an exam, the latest on each question.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the exam is not the caller's to run.
    pub fn rulings(&self, principal: &Principal, exam_id: &str) -> AppResult<Vec<RulingView>> {
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        let bank = self.bank()?;
        let rows = self.store().read(|connection| storage::scores::rulings(connection, exam_id))?;
        rows.iter().rev().map(|row| ruling_view(&bank, row, &|pool| may_see(principal, pool))).collect()
    }

    /// The runs that marked an exam again, the latest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the exam is not the caller's to run.
    pub fn regrade_runs(&self, principal: &Principal, exam_id: &str) -> AppResult<Vec<RegradeRun>> {
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        let rows = self.store().read(|connection| storage::scores::runs(connection, exam_id))?;
        Ok(rows.into_iter().rev().map(run_view).collect())
    }
}

/// Whoever may not see the key of a secure question must not find it out by trying keys and reading how many marks change.
fn refuse_hidden_keys(bank: &BankState, rows: &[RulingRow], sees: &dyn Fn(&str) -> bool) -> AppResult<()> {
    for row in rows {
        let (version, _) = place(row)?;
        let is_hidden = !sees(bank.question(&row.question_ref, version)?.pool.as_str());
        if is_hidden && !read(row)?.keys.is_empty() {
            return Err(AppError::Forbidden(format!(
                "“{}”是保密题，您看不到它的答案，也不能另定答案；可以送分，或请命题人、审题人办理",
                row.question_ref
            )));
        }
    }
    Ok(())
}

/// A ruling as its readers see it. Of a question of the secure pool only those who may see it get stem and keys.
pub(super) fn ruling_view(bank: &BankState, row: &RulingRow, sees: &dyn Fn(&str) -> bool) -> AppResult<RulingView> {
    let stored = read(row)?;
    let (version, item) = place(row)?;
    let question = bank.question(&row.question_ref, version)?;
    let is_open = sees(question.pool.as_str());
    let stem = match question.items().get(item) {
        Some(item) if is_open => item.stem.clone(),
        _ => HIDDEN_STEM.to_owned(),
    };
    let policy = to_value(&stored.policy)?;
    Ok(RulingView {
        question: row.question_ref.clone(),
        version,
        part: question.passage().map(|_| item.saturating_add(1)),
        stem,
        policy: policy.as_str().unwrap_or_default().to_owned(),
        keys: if is_open { stored.keys } else { Vec::new() },
        reason: row.reason.clone(),
        ruled_at: rfc3339_micros(row.ruled_at),
    })
}

fn run_view(row: ScoreRunRow) -> RegradeRun {
    RegradeRun {
        generation: row.generation,
        reason: row.reason,
        started_at: rfc3339_micros(row.started_at),
        finished_at: row.finished_at.map(rfc3339_micros),
        attempts: row.attempts,
        changed: row.changed,
        to_passed: row.to_passed,
        to_failed: row.to_failed,
    }
}

fn tally(report: &mut Regrade, change: &super::Remarked) {
    report.attempts = report.attempts.saturating_add(1);
    if change.is_changed() {
        report.changed = report.changed.saturating_add(1);
    }
    match (change.before.verdict.as_str(), change.after.verdict.as_str()) {
        ("failed", "passed") => report.to_passed = report.to_passed.saturating_add(1),
        ("passed", "failed") => report.to_failed = report.to_failed.saturating_add(1),
        _ => {}
    }
}

fn within(field: &str, error: AppError) -> AppError {
    match error {
        AppError::Invalid(errors) => AppError::Invalid(
            errors
                .into_iter()
                .map(|error| FieldError { field: format!("{field}.{}", error.field), reason: error.reason })
                .collect(),
        ),
        other => other,
    }
}
