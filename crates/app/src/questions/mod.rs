//! Questions as their authors, reviewers and managers work with them: versions beside each other, from draft to retired.
//!
//! A row is one version. The state in the row and the one in its content are the same: every change goes through
//! [`with_state`] or [`question_row`].

mod desk;
mod life;
mod views;
mod write;

use api::questions::{ContentProblem, WordsView};
use organisation::Role;
use question_bank::Severity;
use question_bank::draft::{Draft, Examined, FieldProblem};
use question_bank::question::{Authorship, Question, State};
use serde_json::Value;
use storage::DbConnection;
use storage::questions::{QuestionEventRow, QuestionRow};

use crate::bank::REVISION_SETTING;
use crate::{AppError, AppResult, Principal, new_id};

pub(crate) use desk::{ALIKE_MOST, check_reference, draft_of, drop_foreign_binds};
pub use storage::questions::QuestionFilter;
pub use write::Changed;
pub(crate) use write::blank_row;

/// Roles that may read the questions of the secure pool (保密).
pub(crate) const SECURE_ROLES: &[Role] = &[Role::Author, Role::Reviewer];
/// Characters of a reason or a comment at the most.
pub(crate) const COMMENT_CHARS: usize = 500;

/// Who a draft is written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// What the content names as its author.
    pub login: String,
    /// The account; none for the command line, whose drafts belong to whoever takes them up.
    pub account: Option<String>,
}

impl From<&Principal> for Writer {
    fn from(principal: &Principal) -> Self {
        Self { login: principal.login.clone(), account: Some(principal.account.clone()) }
    }
}

impl Writer {
    /// Who acts, as acts and histories name it.
    pub(crate) fn actor(&self) -> &str {
        self.account.as_deref().unwrap_or("cli")
    }
}

/// The whole question of a row that is no draft.
pub(crate) fn read_question(row: &QuestionRow) -> AppResult<Question> {
    let mut question =
        Question::from_json(&row.content_json).map_err(|error| AppError::corrupt(&row.question_ref, error))?;
    question.state = state_of(row)?;
    Ok(question)
}

/// What there is of a row: all of a question, or a draft with its gaps.
pub(crate) fn read_draft(row: &QuestionRow) -> AppResult<Draft> {
    let value: Value =
        serde_json::from_str(&row.content_json).map_err(|error| AppError::corrupt(&row.question_ref, error))?;
    match Draft::from_json(&value) {
        Ok((draft, problems)) if problems.is_empty() => Ok(draft),
        Ok((_, problems)) => Err(AppError::corrupt(&row.question_ref, format!("{problems:?}"))),
        Err(problem) => Err(AppError::corrupt(&row.question_ref, problem.reason)),
    }
}

pub(crate) fn state_of(row: &QuestionRow) -> AppResult<State> {
    State::parse(&row.state).ok_or_else(|| AppError::corrupt(&row.question_ref, format!("state {}", row.state)))
}

/// A version that came whole, with nobody's account behind it.
pub(crate) fn question_row(question: &Question, now_us: i64) -> QuestionRow {
    let unproven = question.citations().filter(|citation| citation.bind.is_none()).count();
    QuestionRow {
        question_ref: question.reference.to_string(),
        version: i64::from(question.version),
        head: true,
        state: question.state.as_str().to_owned(),
        kind: question.kind().as_str().to_owned(),
        pool: question.pool.as_str().to_owned(),
        law: question.law().map(ToString::to_string).unwrap_or_default(),
        level: question.level.as_str().to_owned(),
        stem: question.stem().to_owned(),
        content_json: question.to_json(),
        content_hash: question.content_hash().to_string(),
        created_at: now_us,
        topics_json: topics_json(question.topics.iter().map(|topic| topic.as_str())),
        author: question.authorship.author.clone(),
        author_id: None,
        contributors_json: "[]".to_owned(),
        reviewer_id: None,
        gaps: 0,
        unproven: count(unproven),
        import_id: None,
        edit: 1,
        updated_at: now_us,
    }
}

/// The row with a question in a state: what is stored of it follows.
pub(crate) fn with_state(row: &QuestionRow, question: Question, state: State, now_us: i64) -> QuestionRow {
    let question = Question { state, ..question };
    QuestionRow {
        head: row.head,
        created_at: row.created_at,
        author: row.author.clone(),
        author_id: row.author_id.clone(),
        contributors_json: row.contributors_json.clone(),
        reviewer_id: row.reviewer_id.clone(),
        import_id: row.import_id.clone(),
        edit: row.edit,
        ..question_row(&question, now_us)
    }
}

/// The row with a draft as it was examined.
pub(crate) fn with_draft(row: &QuestionRow, draft: &Draft, examined: &Examined, now_us: i64) -> QuestionRow {
    let base = match &examined.question {
        Some(question) => with_state(row, question.clone(), State::Draft, now_us),
        None => QuestionRow {
            kind: draft.kind().map_or("", |kind| kind.as_str()).to_owned(),
            pool: draft.pool.map_or("", |pool| pool.as_str()).to_owned(),
            law: draft.law().map(ToString::to_string).unwrap_or_default(),
            level: draft.level.map_or("", |level| level.as_str()).to_owned(),
            stem: draft.stem().to_owned(),
            content_json: draft.to_json(),
            content_hash: String::new(),
            topics_json: topics_json(draft.topics.iter().map(|topic| topic.as_str())),
            state: State::Draft.as_str().to_owned(),
            updated_at: now_us,
            ..row.clone()
        },
    };
    QuestionRow { gaps: count(examined.errors().count()), unproven: count(examined.unproven().count()), ..base }
}

fn topics_json<'a>(topics: impl Iterator<Item = &'a str>) -> String {
    Value::from_iter(topics).to_string()
}

pub(crate) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn contributors(row: &QuestionRow) -> Vec<String> {
    serde_json::from_str(&row.contributors_json).unwrap_or_default()
}

/// The contributors with one more.
pub(crate) fn joined_by(row: &QuestionRow, account: &str) -> String {
    let mut all = contributors(row);
    if !all.iter().any(|known| known == account) {
        all.push(account.to_owned());
    }
    Value::from(all).to_string()
}

pub(crate) fn etag(row: &QuestionRow) -> String {
    format!("{}-{}", row.version, row.edit)
}

/// Whether the caller may see a question of a pool.
pub(crate) fn may_see(principal: &Principal, pool: &str) -> bool {
    pool != "secure" || principal.has_any(SECURE_ROLES)
}

/// One thing that happened to a version.
pub(crate) fn event(row: &QuestionRow, at: i64, account: &str, kind: &str, comment: Option<&str>) -> QuestionEventRow {
    QuestionEventRow {
        id: new_id(),
        question_ref: row.question_ref.clone(),
        version: row.version,
        at,
        account_id: account.to_owned(),
        kind: kind.to_owned(),
        comment: comment.map(str::to_owned),
    }
}

/// Counts a change of the bank, so that every node reads it anew.
pub(crate) fn touch_bank(connection: &mut DbConnection) -> AppResult<()> {
    Ok(storage::settings::set(connection, REVISION_SETTING, &new_id())?)
}

pub(crate) fn invalid<'a>(problems: impl IntoIterator<Item = &'a FieldProblem>) -> AppError {
    AppError::Invalid(
        problems
            .into_iter()
            .map(|problem| api::FieldError { field: problem.field.clone(), reason: problem.reason.clone() })
            .collect(),
    )
}

pub(crate) fn problem_views(examined: &Examined) -> Vec<ContentProblem> {
    let view = |problem: &FieldProblem| ContentProblem {
        field: problem.field.clone(),
        severity: if problem.severity == Severity::Error { "error" } else { "warning" }.to_owned(),
        reason: problem.reason.clone(),
    };
    examined.problems.iter().map(view).collect()
}

pub(crate) fn words_views(examined: &Examined) -> AppResult<Vec<WordsView>> {
    examined
        .words
        .iter()
        .map(|words| {
            let proof = crate::exams::to_value(&words.proof)?;
            Ok(WordsView { field: words.field.clone(), proof: proof.as_str().unwrap_or_default().to_owned() })
        })
        .collect()
}

/// A text that a person gave beside an act: trimmed, none when empty.
///
/// # Errors
/// [`AppError::Invalid`] when it is too long.
pub(crate) fn comment_of(field: &str, text: Option<&str>) -> AppResult<Option<String>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > COMMENT_CHARS) {
        return Err(AppError::invalid(field, format!("最多 {COMMENT_CHARS} 个字，请写短些")));
    }
    Ok(text.map(str::to_owned))
}

/// No bind is believed.
pub(crate) fn kept_none() -> std::collections::BTreeSet<String> {
    std::collections::BTreeSet::new()
}

/// Who writes, and until when it holds before somebody looks again.
pub(crate) fn authorship_of(author: &str, draft: &Draft, today: jiff::civil::Date) -> Authorship {
    let in_a_year = today.saturating_add(jiff::Span::new().years(1));
    Authorship {
        author: author.to_owned(),
        reviewer: None,
        checked_on: today,
        review_by: draft.authorship.review_by.unwrap_or(in_a_year),
        unproven_reason: None,
    }
}
