//! Exams: drafts, publication with a fixed roster, cancellation.

mod reach;
mod roster;
mod views;

pub use roster::RosterFilter;
pub(crate) use roster::roster_rows;

use api::FieldError;
use api::exam::{AnnouncementRequest, ExamRequest, ExamView, Publication};
use exam_session::{Audience, FieldProblem, MarksCenti, Rules, validate};
use organisation::{Role, UnitId};
use serde_json::{Value, json};
use storage::exams::{AnnouncementRow, ExamRow};

use crate::clock::parse;
use crate::directory::Directory;
use crate::exam_info::ExamInfo;
use crate::{App, AppError, AppResult, Principal, acts, new_id};

/// Kinds of exams (考试类别) that a manager makes.
pub const EXAM_KINDS: [&str; 4] = ["test", "spot_check", "retake", "mock"];
/// Characters of a title at the most.
const TITLE_CHARS: usize = 100;
/// Characters of a reason at the most.
const REASON_CHARS: usize = 500;
/// Hours that a window may begin in the past when it is published: a test that starts now.
const PAST_START_SECONDS: i64 = 24 * 3_600;

impl App {
    pub(crate) fn exam_info(&self, id: &str) -> AppResult<ExamInfo> {
        let row = self
            .store()
            .read(|connection| storage::exams::exam(connection, id))
            .map_err(AppError::or_not_found("这场考试"))?;
        ExamInfo::new(row)
    }

    /// Makes a draft.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming each field that is missing or wrong.
    pub fn create_exam(&self, principal: &Principal, request: &ExamRequest) -> AppResult<ExamView> {
        let now_us = self.now_us();
        let mut row = ExamRow {
            id: new_id(),
            title: String::new(),
            kind: "test".to_owned(),
            blueprint_id: None,
            paper_id: None,
            seed: crate::secrets::random_hex(16),
            rules_json: String::new(),
            audience_json: String::new(),
            opens_at: 0,
            closes_at: 0,
            duration_seconds: 0,
            questions: 0,
            marks_max_centi: 0,
            state: "draft".to_owned(),
            reason: None,
            created_by: principal.account.clone(),
            created_at: now_us,
            published_at: None,
            version: 1,
            extended_seconds: 0,
            answers_until: 0,
            paused_at: None,
            scores_generation: 1,
        };
        let missing: Vec<FieldError> = [
            ("title", request.title.is_none()),
            ("rules", request.rules.is_none()),
            ("audience", request.audience.is_none()),
            ("opens_at", request.opens_at.is_none()),
            ("closes_at", request.closes_at.is_none()),
            ("duration_seconds", request.duration_seconds.is_none()),
            ("blueprint", request.blueprint.is_none() && request.paper.is_none()),
        ]
        .into_iter()
        .filter(|(_, is_missing)| *is_missing)
        .map(|(field, _)| FieldError { field: field.to_owned(), reason: format!("缺少 {field}") })
        .collect();
        if !missing.is_empty() {
            return Err(AppError::Invalid(missing));
        }
        self.apply(principal, &mut row, request)?;
        let (stored, actor) = (row.clone(), principal.account.clone());
        self.store().write(move |connection| {
            storage::exams::insert(connection, &stored)?;
            acts::note(connection, now_us, &actor, "exam_created", &stored.id, &json!({}))
        })?;
        self.exam_view(principal, &row.id)
    }

    /// Changes a draft.
    ///
    /// # Errors
    /// [`AppError::PreconditionFailed`] when it has another version; [`AppError::Conflict`] once published.
    pub fn update_exam(
        &self,
        principal: &Principal,
        id: &str,
        version: i64,
        request: &ExamRequest,
    ) -> AppResult<ExamView> {
        let mut row = self.exam_info(id)?.row;
        self.require_manager_of(principal, &row)?;
        if row.version != version {
            return Err(AppError::PreconditionFailed);
        }
        if row.state != "draft" {
            return Err(AppError::Conflict("考试已发布，不能再改；可以取消后另建一场".to_owned()));
        }
        self.apply(principal, &mut row, request)?;
        row.version += 1;
        let now_us = self.now_us();
        let (stored, actor) = (row.clone(), principal.account.clone());
        self.store()
            .write(move |connection| {
                storage::exams::update(connection, &stored)?;
                let detail = json!({ "version": stored.version });
                acts::note(connection, now_us, &actor, "exam_changed", &stored.id, &detail)
            })
            .map_err(|error| match error {
                AppError::Conflict(_) => AppError::PreconditionFailed,
                other => other,
            })?;
        self.exam_view(principal, id)
    }

    fn apply(&self, principal: &Principal, row: &mut ExamRow, request: &ExamRequest) -> AppResult<()> {
        let mut errors = Vec::new();
        let mut refuse = |field: &str, reason: String| errors.push(FieldError { field: field.to_owned(), reason });
        if let Some(title) = &request.title {
            let title = title.trim();
            if title.is_empty() || title.chars().count() > TITLE_CHARS {
                refuse("title", format!("考试名称应为 1 到 {TITLE_CHARS} 个字"));
            }
            row.title = title.to_owned();
        }
        if let Some(kind) = &request.kind {
            if !EXAM_KINDS.contains(&kind.as_str()) {
                refuse("kind", format!("没有“{kind}”这类考试，可用的有 {}", EXAM_KINDS.join("、")));
            }
            row.kind = kind.clone();
        }
        if let Some(seed) = &request.seed {
            row.seed = seed.clone();
        }
        if let Some(seconds) = request.duration_seconds {
            row.duration_seconds = seconds;
        }
        for (field, given, slot) in
            [("opens_at", &request.opens_at, &mut row.opens_at), ("closes_at", &request.closes_at, &mut row.closes_at)]
        {
            match given.as_deref().map(parse) {
                Some(Ok(at)) => *slot = at.as_microsecond(),
                Some(Err(reason)) => refuse(field, reason),
                None => {}
            }
        }
        if let Some(rules) = &request.rules {
            match Rules::from_json(rules) {
                Ok(rules) => row.rules_json = to_json(&rules)?,
                Err(problems) => problems.into_iter().for_each(|problem| refuse(&problem.field, problem.reason)),
            }
        }
        if let Some(audience) = &request.audience {
            match serde_json::from_value::<Audience>(audience.clone()) {
                Ok(audience) => row.audience_json = to_json(&audience)?,
                Err(error) => refuse("audience", format!("参加范围无法识别：{error}")),
            }
        }
        if !errors.is_empty() {
            return Err(AppError::Invalid(errors));
        }
        match (&request.paper, &request.blueprint) {
            (Some(paper), _) => {
                row.paper_id = Some(paper.clone());
                row.blueprint_id = None;
            }
            (None, Some(blueprint)) => {
                row.blueprint_id = Some(blueprint.clone());
                row.paper_id = None;
            }
            (None, None) => {}
        }
        let size = self.paper_size(row)?;
        row.questions = size.questions;
        row.marks_max_centi = size.marks_centi;
        self.check_exam(principal, row)
    }

    fn check_exam(&self, principal: &Principal, row: &ExamRow) -> AppResult<()> {
        let exam = ExamInfo::new(row.clone())?;
        let directory = self.directory()?;
        let audience = audience_of(row)?;
        let mut problems = validate(&exam.rules, MarksCenti::from_centi(row.marks_max_centi), &exam.window());
        let scope = principal.scope(&[Role::Manager]);
        problems.extend(audience.validate(|unit| directory.tree.contains(&scope, &UnitId::from(unit))));
        problems.extend(ended_units(&directory, &audience));
        if problems.is_empty() { Ok(()) } else { Err(field_errors(problems)) }
    }

    pub(crate) fn require_manager_of(&self, principal: &Principal, row: &ExamRow) -> AppResult<()> {
        let directory = self.directory()?;
        let scope = principal.scope(&[Role::Manager]);
        let audience = audience_of(row)?;
        let covered =
            audience.units.iter().all(|unit| directory.tree.contains(&scope, &UnitId::from(unit.unit.as_str())));
        if covered { Ok(()) } else { Err(AppError::NotFound("这场考试")) }
    }

    /// Fixes the roster and publishes: from the opening on, the exam can be started.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when nobody would be due, or the paper cannot be put together (`unmet` says why).
    pub fn publish_exam(&self, principal: &Principal, id: &str) -> AppResult<Publication> {
        let exam = self.exam_info(id)?;
        self.require_manager_of(principal, &exam.row)?;
        if exam.row.state != "draft" {
            return Err(AppError::Conflict("考试已经发布或取消".to_owned()));
        }
        let now = self.now();
        if exam.window().closes_at <= now {
            return Err(AppError::invalid("closes_at", "考试结束时间已过，请先修改时间"));
        }
        let started = now.duration_since(exam.window().opens_at).as_secs();
        if started > PAST_START_SECONDS {
            return Err(AppError::invalid("opens_at", "考试开始时间已过去一天以上，请先修改时间"));
        }
        let unmet = self.unmet(&exam)?;
        if !unmet.is_empty() {
            return Ok(Publication { roster: 0, unmet });
        }
        let directory = self.fresh_directory()?;
        let audience = audience_of(&exam.row)?;
        let ended = ended_units(&directory, &audience);
        if !ended.is_empty() {
            return Err(field_errors(ended));
        }
        let people = self.store().read(storage::organisation::people)?;
        let roster = roster_rows(&directory, &exam, &audience, &people)?;
        if roster.is_empty() {
            return Err(AppError::invalid("audience", "参加范围内没有人，请调整单位或条件"));
        }
        let count = i64::try_from(roster.len()).unwrap_or(i64::MAX);
        let now_us = now.as_microsecond();
        // From here on the paper is what is stored, whatever becomes of the bank.
        let paper = self.paper_to_fix(&exam)?;
        let mut row = exam.row;
        row.paper_id = paper.as_ref().map(|paper| paper.id.clone()).or(row.paper_id);
        row.state = "published".to_owned();
        row.published_at = Some(now_us);
        row.version += 1;
        let actor = principal.account.clone();
        self.store().write(move |connection| {
            if let Some(paper) = &paper {
                storage::bank::insert_paper(connection, paper)?;
            }
            storage::exams::update(connection, &row)?;
            storage::exams::insert_roster(connection, &roster)?;
            acts::note(connection, now_us, &actor, "exam_published", &row.id, &json!({ "roster": count }))
        })?;
        Ok(Publication { roster: count, unmet })
    }

    /// Cancels an exam, with the reason. Attempts are kept, and count nowhere.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when it is cancelled or sealed.
    pub fn cancel_exam(&self, principal: &Principal, id: &str, reason: &str) -> AppResult<ExamView> {
        let reason = checked_reason(reason)?;
        let mut row = self.exam_info(id)?.row;
        self.require_manager_of(principal, &row)?;
        if row.state == "cancelled" || row.state == "sealed" {
            return Err(AppError::Conflict("考试已取消或已封存".to_owned()));
        }
        row.state = "cancelled".to_owned();
        row.reason = Some(reason.clone());
        row.version += 1;
        let (now_us, actor, stored) = (self.now_us(), principal.account.clone(), row.clone());
        self.store().write(move |connection| {
            storage::exams::update(connection, &stored)?;
            acts::note(connection, now_us, &actor, "exam_cancelled", &stored.id, &json!({ "reason": reason }))
        })?;
        self.exam_view(principal, id)
    }

    /// Says something to everyone who sits.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an empty or overlong text.
    pub fn announce(&self, principal: &Principal, id: &str, request: &AnnouncementRequest) -> AppResult<()> {
        let text = request.text.trim().to_owned();
        if text.is_empty() || text.chars().count() > REASON_CHARS {
            return Err(AppError::invalid("text", format!("通知应为 1 到 {REASON_CHARS} 个字")));
        }
        let exam = self.exam_info(id)?;
        self.require_manager_of(principal, &exam.row)?;
        let (now_us, actor, exam_id) = (self.now_us(), principal.account.clone(), id.to_owned());
        self.store().write(move |connection| {
            let row = AnnouncementRow { id: new_id(), exam_id, body: text, created_at: now_us };
            storage::exams::insert_announcement(connection, &row)?;
            acts::note(connection, now_us, &actor, "announced", &row.exam_id, &json!({ "announcement": row.id }))
        })
    }
}

pub(crate) fn to_json(value: &impl serde::Serialize) -> AppResult<String> {
    serde_json::to_string(value).map_err(|error| AppError::corrupt("json", error))
}

pub(crate) fn audience_of(row: &ExamRow) -> AppResult<Audience> {
    serde_json::from_str(&row.audience_json).map_err(|error| AppError::corrupt("audience", error))
}

/// Units of an audience that have left (合并、拆分、撤销): nobody is in them any more.
fn ended_units(directory: &Directory, audience: &Audience) -> Vec<FieldProblem> {
    let chosen = audience.units.iter().enumerate();
    let ended = chosen.filter_map(|(place, chosen)| {
        let unit = directory.tree.get(&UnitId::from(chosen.unit.as_str()))?;
        let reason = format!("单位“{}”已于 {} 撤销，请改选现在的单位", unit.name, unit.left_on?);
        Some(FieldProblem { field: format!("audience.units[{place}].unit"), reason })
    });
    ended.collect()
}

fn field_errors(problems: Vec<FieldProblem>) -> AppError {
    AppError::Invalid(
        problems.into_iter().map(|problem| FieldError { field: problem.field, reason: problem.reason }).collect(),
    )
}

pub(crate) fn checked_reason(reason: &str) -> AppResult<String> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS {
        return Err(AppError::invalid("reason", format!("请写明原因（1 到 {REASON_CHARS} 个字）")));
    }
    Ok(reason.to_owned())
}

/// A JSON value from anything that serialises, for previews.
pub(crate) fn to_value(value: &impl serde::Serialize) -> AppResult<Value> {
    serde_json::to_value(value).map_err(|error| AppError::corrupt("json", error))
}
