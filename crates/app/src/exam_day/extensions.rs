//! More time (延时) and pauses (暂停).

use std::collections::BTreeMap;

use api::exam_day::{ExtensionRequest, ExtensionView, PauseView};
use exam_session::clock::Allowance;
use exam_session::late_until;
use exam_session::state::ExamState;
use organisation::{Role, UnitId};
use serde_json::json;
use storage::DbConnection;
use storage::exam_day::{DayChange, ExtensionRow, PauseRow, Reach};

use super::{checked_seconds, refuse_own, require_published};
use crate::access::require_unit;
use crate::clock::rfc3339_micros;
use crate::directory::Directory;
use crate::exam_info::ExamInfo;
use crate::exams::checked_reason;
use crate::{App, AppError, AppResult, Principal, acts, new_id};

const SECOND_US: i64 = 1_000_000;

impl App {
    /// Grants more time. Whoever is answering gets a later deadline; whoever has not begun, a later closing. A single
    /// person who is not answering gets that much more for the next attempt, too.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for no or several scopes, or a time out of range; [`AppError::Conflict`] once nothing can
    /// count any more.
    pub fn extend(&self, principal: &Principal, exam_id: &str, request: &ExtensionRequest) -> AppResult<ExtensionView> {
        let reason = checked_reason(&request.reason)?;
        let seconds = checked_seconds(request.seconds)?;
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        if let Some(person) = &request.person {
            refuse_own(principal, person)?;
        }
        let directory = self.directory()?;
        let (scope, subject, reach) = match (&request.person, &request.unit, request.all) {
            (Some(person), None, false) => ("person", Some(person.clone()), Reach::Person(person.clone())),
            (None, Some(unit), false) => {
                require_unit(principal, &directory, &[Role::Manager], unit)?;
                ("unit", Some(unit.clone()), Reach::Units(directory.subtree(unit)?))
            }
            (None, None, true) => ("all", None, Reach::All),
            _ => return Err(AppError::invalid("all", "请指定一个范围：person、unit 或 all 之一")),
        };
        let now = self.now();
        let row = ExtensionRow {
            id: new_id(),
            exam_id: exam_id.to_owned(),
            scope: scope.to_owned(),
            subject_id: subject,
            seconds,
            attempts: 0,
            lengthens: false,
            reason,
            granted_by: principal.account.clone(),
            granted_at: now.as_microsecond(),
        };
        let tree = std::sync::Arc::clone(&directory);
        let row = self.store().write(move |connection| {
            let exam = ExamInfo::new(storage::exams::exam_for_update(connection, &row.exam_id)?)?;
            require_published(&exam, exam.state(now))?;
            if exam.is_over(now) {
                let text = "考试已全部结束，不能再延时；个别人员可以用“恢复作答”";
                return Err(AppError::Conflict(text.to_owned()));
            }
            if let Reach::Person(person) = &reach {
                storage::exams::place(connection, &row.exam_id, person)
                    .map_err(AppError::or_not_found("名单上的这个人"))?;
            }
            grant(connection, &tree, &exam, row, &reach)
        })?;
        self.extension_view(&directory, row)
    }

    pub(super) fn extension_view(&self, directory: &Directory, row: ExtensionRow) -> AppResult<ExtensionView> {
        let subject_name = match (row.scope.as_str(), &row.subject_id) {
            ("person", Some(person)) => {
                self.store().read(|connection| storage::organisation::person(connection, person))?.name
            }
            ("unit", Some(unit)) => directory.unit_name(unit),
            _ => "全体".to_owned(),
        };
        Ok(ExtensionView {
            id: row.id,
            scope: row.scope,
            subject: row.subject_id,
            subject_name,
            seconds: row.seconds,
            attempts: row.attempts,
            lengthens: row.lengthens,
            reason: row.reason,
            granted_at: rfc3339_micros(row.granted_at),
        })
    }

    /// Stops the clock of an exam: nobody starts, whoever answers may go on and loses no time.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it is paused already, not open, or over.
    pub fn pause(&self, principal: &Principal, exam_id: &str, reason: &str) -> AppResult<PauseView> {
        let reason = checked_reason(reason)?;
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        let now = self.now();
        let now_us = now.as_microsecond();
        let row = PauseRow {
            id: new_id(),
            exam_id: exam_id.to_owned(),
            reason,
            paused_by: principal.account.clone(),
            paused_at: now_us,
            resumed_by: None,
            resumed_at: None,
        };
        let row = self.store().write(move |connection| {
            let exam = ExamInfo::new(storage::exams::exam_for_update(connection, &row.exam_id)?)?;
            require_published(&exam, exam.state(now))?;
            if exam.row.paused_at.is_some() {
                return Err(AppError::Conflict("考试已经暂停".to_owned()));
            }
            if exam.state(now) == ExamState::Published || exam.is_over(now) {
                return Err(AppError::Conflict("考试尚未开始或已全部结束，不需要暂停".to_owned()));
            }
            let open = storage::exam_day::open_attempts_for_update(connection, &row.exam_id, &Reach::All)?;
            storage::exam_day::hold_attempts(connection, &row.exam_id, now_us)?;
            storage::exam_day::change_exam(
                connection,
                &row.exam_id,
                DayChange {
                    extended_seconds: exam.row.extended_seconds,
                    answers_until: exam.row.answers_until,
                    paused_at: Some(now_us),
                },
            )?;
            storage::exam_day::insert_pause(connection, &row)?;
            let detail = json!({ "reason": row.reason, "attempts": open.len() });
            acts::note(connection, now_us, &row.paused_by, "exam_paused", &row.exam_id, &detail)?;
            Ok::<_, AppError>(row)
        })?;
        Ok(pause_view(row))
    }

    /// Lets the clock of a paused exam run again: every deadline and the closing move by the length of the pause.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it is not paused.
    pub fn resume_exam(&self, principal: &Principal, exam_id: &str) -> AppResult<PauseView> {
        let exam = self.exam_info(exam_id)?;
        self.require_manager_of(principal, &exam.row)?;
        let now_us = self.now_us();
        let (exam_id, actor) = (exam_id.to_owned(), principal.account.clone());
        let row = self.store().write(move |connection| {
            let exam = ExamInfo::new(storage::exams::exam_for_update(connection, &exam_id)?)?;
            let Some(paused_at) = exam.row.paused_at else {
                return Err(AppError::Conflict("考试没有暂停".to_owned()));
            };
            storage::exam_day::open_attempts_for_update(connection, &exam_id, &Reach::All)?;
            let latest = storage::exam_day::release_attempts(connection, &exam_id, now_us)?;
            // Rounded up: nobody loses a second.
            let outage_seconds = now_us.saturating_sub(paused_at).max(0).saturating_add(SECOND_US - 1) / SECOND_US;
            let until = exam.row.answers_until;
            let moved = if until > 0 { until.saturating_add(outage_seconds * SECOND_US) } else { 0 };
            storage::exam_day::change_exam(
                connection,
                &exam_id,
                DayChange {
                    extended_seconds: exam.row.extended_seconds.saturating_add(outage_seconds),
                    answers_until: moved.max(latest.unwrap_or(0)),
                    paused_at: None,
                },
            )?;
            storage::exam_day::end_pause(connection, &exam_id, &actor, now_us)?;
            let detail = json!({ "seconds": outage_seconds });
            acts::note(connection, now_us, &actor, "exam_resumed", &exam_id, &detail)?;
            storage::exam_day::pauses(connection, &exam_id)?
                .pop()
                .ok_or_else(|| AppError::Internal("a pause without a row".to_owned()))
        })?;
        Ok(pause_view(row))
    }
}

/// Writes an extension: deadlines, the closing, the last instant at which an answer may count.
fn grant(
    connection: &mut DbConnection,
    directory: &Directory,
    exam: &ExamInfo,
    mut row: ExtensionRow,
    reach: &Reach,
) -> AppResult<ExtensionRow> {
    let micros = row.seconds.saturating_mul(SECOND_US);
    let open = storage::exam_day::open_attempts_for_update(connection, &row.exam_id, reach)?;
    let latest = storage::exam_day::move_deadlines(connection, &open, micros)?.unwrap_or(0);
    row.attempts = i64::try_from(open.len()).unwrap_or(i64::MAX);
    row.lengthens = row.scope == "person" && open.is_empty();
    storage::exam_day::insert_extension(connection, &row)?;
    let mut change = DayChange {
        extended_seconds: exam.row.extended_seconds,
        answers_until: exam.row.answers_until,
        paused_at: exam.row.paused_at,
    };
    if row.scope == "all" {
        change.extended_seconds = change.extended_seconds.saturating_add(row.seconds);
        if change.answers_until > 0 {
            change.answers_until = change.answers_until.saturating_add(micros);
        }
        change.answers_until = change.answers_until.max(latest);
    } else {
        let partial = storage::exam_day::partial_extensions(connection, std::slice::from_ref(&row.exam_id))?;
        let bound = last_of_the_extended(directory, exam, &partial);
        change.answers_until = change.answers_until.max(latest).max(bound);
    }
    storage::exam_day::change_exam(connection, &row.exam_id, change)?;
    let detail = json!({
        "scope": row.scope, "subject": row.subject_id, "seconds": row.seconds,
        "attempts": row.attempts, "reason": row.reason,
    });
    acts::note(connection, row.granted_at, &row.granted_by, "exam_extended", &row.exam_id, &detail)?;
    Ok(row)
}

/// The last instant at which somebody who was granted more, and begins at the last moment, can still answer.
fn last_of_the_extended(directory: &Directory, exam: &ExamInfo, partial: &[ExtensionRow]) -> i64 {
    let mut people: BTreeMap<&str, Allowance> = BTreeMap::new();
    let mut units: BTreeMap<&str, i64> = BTreeMap::new();
    for row in partial {
        let Some(subject) = row.subject_id.as_deref() else { continue };
        if row.scope == "unit" {
            let seconds = units.entry(subject).or_default();
            *seconds = seconds.saturating_add(row.seconds);
        } else {
            let own = people.entry(subject).or_default();
            own.closing_seconds = own.closing_seconds.saturating_add(row.seconds);
            own.duration_seconds = own.duration_seconds.saturating_add(if row.lengthens { row.seconds } else { 0 });
        }
    }
    // Whoever sits in a unit has what was granted to it and to all above it.
    let chain = |unit: &str| {
        let id = UnitId::from(unit);
        let above: i64 = directory
            .tree
            .ancestors(&id)
            .into_iter()
            .filter_map(|ancestor| units.get(ancestor.id.as_str()))
            .fold(0, |sum, seconds| sum.saturating_add(*seconds));
        above.saturating_add(units.get(unit).copied().unwrap_or(0))
    };
    let of_units = units.keys().map(|unit| chain(unit)).max().unwrap_or(0);
    let closing = people.values().map(|own| own.closing_seconds).max().unwrap_or(0);
    let duration = people.values().map(|own| own.duration_seconds).max().unwrap_or(0);
    let allowance = Allowance { closing_seconds: of_units.saturating_add(closing), duration_seconds: duration };
    let window = exam.window().with(allowance);
    let last = exam_session::clock::last_answer_at(&window, exam.rules.full_duration, 0, exam.rules.late_sync_seconds);
    last.max(late_until(window.closes_at, exam.rules.late_sync_seconds)).as_microsecond()
}

pub(super) fn pause_view(row: PauseRow) -> PauseView {
    PauseView {
        id: row.id,
        reason: row.reason,
        paused_at: rfc3339_micros(row.paused_at),
        resumed_at: row.resumed_at.map(rfc3339_micros),
    }
}
