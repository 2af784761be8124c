//! The life of a version: 草稿 → 送审 → 审定 → 启用 → 停用, each step by the right person, each an act.

use api::questions::{FixedPaper, QuestionView, ReviewRequest, StateChangeRequest, StateChanged};
use organisation::Role;
use question_bank::draft::{Draft, Examined};
use question_bank::question::{Question, State};
use serde_json::{Value, json};
use storage::questions::QuestionRow;

use super::desk::kept_binds_of;
use super::write::only_the_author;
use super::{
    authorship_of, comment_of, contributors, etag, event, invalid, joined_by, read_draft, read_question, touch_bank,
    with_state,
};
use crate::{App, AppError, AppResult, Principal, acts};

/// A step that is to be stored.
struct Step {
    /// The version as it will be.
    row: QuestionRow,
    /// Versions that go out of papers with it.
    superseded: Vec<QuestionRow>,
    /// What happened, as the history and the acts name it.
    event: &'static str,
    comment: Option<String>,
    detail: Value,
}

impl App {
    /// A reviewer's decision on a submitted version. Who wrote any of it never decides.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] for an author; [`AppError::Conflict`] when nothing is submitted;
    /// [`AppError::Invalid`] for an unknown decision, a return without a comment, or a question with faults.
    pub fn review_question(
        &self,
        principal: &Principal,
        reference: &str,
        if_match: Option<&str>,
        request: &ReviewRequest,
    ) -> AppResult<QuestionView> {
        let approved = match request.decision.as_str() {
            "approved" => true,
            "returned" => false,
            _ => return Err(AppError::invalid("decision", "决定应为 approved（通过）或 returned（退回）")),
        };
        let comment = comment_of("comment", request.comment.as_deref())?;
        if !approved && comment.is_none() {
            return Err(AppError::invalid("comment", "退回时请写明要改什么"));
        }
        let rows = self.visible_versions(principal, reference)?;
        let row = in_state(&rows, &[State::Submitted], "没有送审的版本，不能审题")?;
        matches_etag(row, if_match)?;
        if contributors(row).contains(&principal.account) || row.author == principal.login {
            return Err(AppError::Forbidden(
                "命题人不能审自己写的题（包括自己写过其中一部分的题），请别人来审".to_owned(),
            ));
        }
        let (state, event) = if approved { (State::Approved, "approved") } else { (State::Draft, "returned") };
        let mut question = read_question(row)?;
        if approved {
            question.authorship.reviewer = Some(principal.login.clone());
            question = self.sound(&rows, question, State::Approved)?;
        }
        let stored = QuestionRow {
            reviewer_id: Some(principal.account.clone()),
            ..with_state(row, question, state, self.now_us())
        };
        self.step(principal, Step { row: stored, superseded: Vec::new(), event, comment, detail: json!({}) })?;
        self.question(principal, reference, None)
    }

    /// A change of state, by the allowed steps only.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] for the wrong role or somebody else's draft;
    /// [`AppError::Conflict`] when the step is not allowed; [`AppError::Invalid`] naming what is missing.
    pub fn change_question_state(
        &self,
        principal: &Principal,
        reference: &str,
        if_match: Option<&str>,
        request: &StateChangeRequest,
    ) -> AppResult<StateChanged> {
        let rows = self.visible_versions(principal, reference)?;
        let reason = comment_of("reason", request.reason.as_deref())?;
        let step = match State::parse(&request.to) {
            Some(State::Submitted) => self.submission(principal, &rows, if_match, reason)?,
            Some(State::Draft) => self.withdrawal(principal, &rows, if_match, reason)?,
            Some(State::Active) => {
                self.refuse_frozen("题库")?;
                self.activation(principal, &rows, if_match, request, reason)?
            }
            Some(State::Retired) => self.retirement(principal, &rows, if_match, reason)?,
            Some(State::Approved) => {
                return Err(AppError::Conflict("审定由审题人决定，请用审题（reviews）".to_owned()));
            }
            None => {
                return Err(AppError::invalid("to", "状态应为 submitted、draft、active、retired 之一"));
            }
        };
        let retired = step.event == "retired";
        self.step(principal, step)?;
        let in_fixed_papers = if retired { self.fixed_papers_with(reference)? } else { Vec::new() };
        Ok(StateChanged { question: self.question(principal, reference, None)?, in_fixed_papers })
    }

    fn submission(
        &self,
        principal: &Principal,
        rows: &[QuestionRow],
        if_match: Option<&str>,
        reason: Option<String>,
    ) -> AppResult<Step> {
        needs(principal, &[Role::Author], "送审")?;
        let row = in_state(rows, &[State::Draft], "只有草稿能送审")?;
        only_the_author(principal, row)?;
        matches_etag(row, if_match)?;
        let draft = read_draft(row)?;
        let examined = self.examine_row(rows, row, &draft, &principal.login, State::Submitted)?;
        let question = sound_of(examined)?;
        let own = QuestionRow {
            author: principal.login.clone(),
            author_id: Some(principal.account.clone()),
            contributors_json: joined_by(row, &principal.account),
            reviewer_id: None,
            ..row.clone()
        };
        let row = with_state(&own, question, State::Submitted, self.now_us());
        Ok(Step { row, superseded: Vec::new(), event: "submitted", comment: reason, detail: json!({}) })
    }

    fn withdrawal(
        &self,
        principal: &Principal,
        rows: &[QuestionRow],
        if_match: Option<&str>,
        reason: Option<String>,
    ) -> AppResult<Step> {
        needs(principal, &[Role::Author], "撤回")?;
        let row = in_state(rows, &[State::Submitted], "只有送审中的题能撤回成草稿；要改已审定的题请另开新版本")?;
        only_the_author(principal, row)?;
        matches_etag(row, if_match)?;
        let row = with_state(row, read_question(row)?, State::Draft, self.now_us());
        Ok(Step { row, superseded: Vec::new(), event: "withdrawn", comment: reason, detail: json!({}) })
    }

    fn activation(
        &self,
        principal: &Principal,
        rows: &[QuestionRow],
        if_match: Option<&str>,
        request: &StateChangeRequest,
        reason: Option<String>,
    ) -> AppResult<Step> {
        needs(principal, &[Role::Author, Role::Manager], "启用")?;
        let row = in_state(rows, &[State::Approved], "只有审定的题能启用：先送审，再由审题人通过")?;
        matches_etag(row, if_match)?;
        let unproven_reason = comment_of("unproven_reason", request.unproven_reason.as_deref())?;
        let question = self.sound(rows, read_question(row)?, State::Approved)?;
        let unproven = question.citations().filter(|citation| citation.bind.is_none()).count();
        let mut question = question;
        question.authorship.unproven_reason = None;
        if unproven > 0 {
            let reason = unproven_reason.ok_or_else(|| {
                AppError::invalid(
                    "unproven_reason",
                    format!("有 {unproven} 处关键词句没有原文证实：请先导入法规全文，或者写明为什么现在就启用"),
                )
            })?;
            question.authorship.unproven_reason = Some(reason);
        }
        let detail = json!({ "unproven": unproven, "unproven_reason": question.authorship.unproven_reason });
        let now_us = self.now_us();
        let mut superseded = Vec::new();
        for old in rows.iter().filter(|old| old.version != row.version) {
            if matches!(old.state.as_str(), "active" | "approved") {
                superseded.push(with_state(old, read_question(old)?, State::Retired, now_us));
            }
        }
        let row = with_state(row, question, State::Active, now_us);
        Ok(Step { row, superseded, event: "activated", comment: reason, detail })
    }

    fn retirement(
        &self,
        principal: &Principal,
        rows: &[QuestionRow],
        if_match: Option<&str>,
        reason: Option<String>,
    ) -> AppResult<Step> {
        needs(principal, &[Role::Author, Role::Reviewer, Role::Manager], "停用")?;
        let row = in_state(rows, &[State::Active], "只有启用中的题能停用")?;
        matches_etag(row, if_match)?;
        let reason = reason.ok_or_else(|| AppError::invalid("reason", "停用请写明理由"))?;
        let detail = json!({ "reason": reason });
        let row = with_state(row, read_question(row)?, State::Retired, self.now_us());
        Ok(Step { row, superseded: Vec::new(), event: "retired", comment: Some(reason), detail })
    }

    /// The question with fresh proofs, if nothing is wrong with it.
    fn sound(&self, rows: &[QuestionRow], question: Question, state: State) -> AppResult<Question> {
        let draft = Draft::of(&question);
        let desk = self.desk([&draft])?;
        let examined = desk.examine(&draft, question.version, state, &question.authorship, &kept_binds_of(rows)?);
        sound_of(examined)
    }

    pub(super) fn examine_row(
        &self,
        rows: &[QuestionRow],
        row: &QuestionRow,
        draft: &Draft,
        author: &str,
        state: State,
    ) -> AppResult<Examined> {
        let desk = self.desk([draft])?;
        let version = u32::try_from(row.version).map_err(|error| AppError::corrupt("version", error))?;
        let authorship = authorship_of(author, draft, desk.today);
        Ok(desk.examine(draft, version, state, &authorship, &kept_binds_of(rows)?))
    }

    /// Stores a step with its history and its act, and lets every node read the bank anew.
    fn step(&self, principal: &Principal, step: Step) -> AppResult<()> {
        let (actor, now_us) = (principal.account.clone(), self.now_us());
        self.store()
            .write(move |connection| {
                let Step { row, superseded, event: kind, comment, mut detail } = step;
                let mut events = Vec::new();
                for old in &superseded {
                    storage::questions::update(connection, old, old.edit)?;
                    events.push(event(old, now_us, &actor, "superseded", None));
                }
                storage::questions::update(connection, &row, row.edit)?;
                events.push(event(&row, now_us, &actor, kind, comment.as_deref()));
                storage::questions::insert_events(connection, &events)?;
                touch_bank(connection)?;
                if let Some(detail) = detail.as_object_mut() {
                    detail.insert("version".to_owned(), json!(row.version));
                    detail.insert("superseded".to_owned(), superseded.iter().map(|old| old.version).collect());
                }
                acts::note(connection, now_us, &actor, &format!("question_{kind}"), &row.question_ref, &detail)
            })
            .map_err(|error| match error {
                AppError::Conflict(_) => AppError::Conflict("刚有人改过这道题，请刷新后再办".to_owned()),
                other => other,
            })?;
        self.forget_bank();
        Ok(())
    }

    /// Exams that are not over and whose paper was fixed with this question.
    fn fixed_papers_with(&self, reference: &str) -> AppResult<Vec<FixedPaper>> {
        let now_us = self.now_us();
        let exams = self.store().read(|connection| storage::exams::with_fixed_paper(connection, now_us))?;
        let mut found = Vec::new();
        for (id, title, paper) in exams {
            if self.paper_holds(&paper, reference)? {
                found.push(FixedPaper { exam: id, title });
            }
        }
        Ok(found)
    }
}

/// The question, if there is one and nothing is wrong with it.
fn sound_of(examined: Examined) -> AppResult<Question> {
    let faulty = examined.errors().next().is_some();
    match examined.question {
        Some(question) if !faulty => Ok(question),
        _ => Err(invalid(examined.problems.iter().filter(|problem| problem.is_error()))),
    }
}

/// The newest version in one of these states.
fn in_state<'a>(rows: &'a [QuestionRow], states: &[State], otherwise: &str) -> AppResult<&'a QuestionRow> {
    let found = rows.iter().rev().find(|row| states.iter().any(|state| row.state == state.as_str()));
    found.ok_or_else(|| {
        let now = rows.last().and_then(|row| State::parse(&row.state)).map_or("", State::title);
        AppError::Conflict(format!("{otherwise}（现在是“{now}”）"))
    })
}

fn matches_etag(row: &QuestionRow, if_match: Option<&str>) -> AppResult<()> {
    match if_match {
        Some(given) if given != etag(row) => Err(AppError::PreconditionFailed),
        _ => Ok(()),
    }
}

fn needs(principal: &Principal, roles: &[Role], what: &str) -> AppResult<()> {
    if principal.has_any(roles) {
        return Ok(());
    }
    let titles: Vec<&str> = roles.iter().map(|role| role.title()).collect();
    Err(AppError::Forbidden(format!("{what}由{}办理，您没有这个角色", titles.join("、"))))
}
