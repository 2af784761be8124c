//! Questions: their versions beside each other, and what happened to each.

use diesel::prelude::*;

use crate::batch::insert_all;
use crate::organisation::expect_one;
use crate::pattern::contains;
use crate::schema::{question_events, questions};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// One version of a question. `content_json` is the whole question, or as much as there is of a draft; the other
/// columns serve filters and rights.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = questions, primary_key(question_ref, version), treat_none_as_null = true)]
#[allow(missing_docs, reason = "columns named as in the question format")]
pub struct QuestionRow {
    pub question_ref: String,
    pub version: i64,
    /// Whether it is the newest version.
    pub head: bool,
    pub state: String,
    pub kind: String,
    pub pool: String,
    pub law: String,
    pub level: String,
    pub stem: String,
    pub content_json: String,
    pub content_hash: String,
    pub created_at: i64,
    pub topics_json: String,
    pub author: String,
    /// The account that wrote it; none for one that came with a bank of files.
    pub author_id: Option<String>,
    /// Accounts that wrote any of it, in this version or one before.
    pub contributors_json: String,
    pub reviewer_id: Option<String>,
    /// Errors that stand between a draft and its submission.
    pub gaps: i64,
    /// Citations whose words nothing proves.
    pub unproven: i64,
    pub import_id: Option<String>,
    /// Counts the changes of the row.
    pub edit: i64,
    pub updated_at: i64,
}

/// What happened to a version.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = question_events)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct QuestionEventRow {
    pub id: String,
    pub question_ref: String,
    pub version: i64,
    pub at: i64,
    pub account_id: String,
    pub kind: String,
    pub comment: Option<String>,
}

/// What a list of questions is narrowed to. Empty fields narrow nothing.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "columns named as in the question format")]
pub struct QuestionFilter {
    pub text: Option<String>,
    pub law: Option<String>,
    pub kind: Option<String>,
    pub pool: Option<String>,
    pub state: Option<String>,
    pub topic: Option<String>,
    pub level: Option<String>,
    /// Account that wrote it.
    pub author_id: Option<String>,
    /// Only those with gaps, or with words that nothing proves.
    pub with_gaps: bool,
    /// Leaves out the pool 保密.
    pub without_secure: bool,
}

/// Reference, version, state: what a list says of the versions beside.
pub type VersionState = (String, i64, String);

/// A page of questions, after a reference and version: of each question the newest version, or with a state in the
/// filter the version in that state.
pub fn search(
    connection: &mut DbConnection,
    filter: &QuestionFilter,
    after: Option<(&str, i64)>,
    limit: i64,
) -> Outcome<Vec<QuestionRow>> {
    let mut found = questions::table.into_boxed();
    match filter.state.as_deref() {
        // Old versions are history, not questions.
        None => found = found.filter(questions::head.eq(true)),
        Some("retired") => found = found.filter(questions::state.eq("retired")).filter(questions::head.eq(true)),
        Some(state) => found = found.filter(questions::state.eq(state.to_owned())),
    }
    if let Some(text) = filter.text.as_ref().filter(|text| !text.is_empty()) {
        let pattern = contains(text);
        found = found.filter(
            questions::stem.like(pattern.clone()).escape('\\').or(questions::question_ref.like(pattern).escape('\\')),
        );
    }
    if let Some(law) = &filter.law {
        found = found.filter(questions::law.eq(law.clone()));
    }
    if let Some(kind) = &filter.kind {
        found = found.filter(questions::kind.eq(kind.clone()));
    }
    if let Some(pool) = &filter.pool {
        found = found.filter(questions::pool.eq(pool.clone()));
    }
    if let Some(level) = &filter.level {
        found = found.filter(questions::level.eq(level.clone()));
    }
    if let Some(topic) = &filter.topic {
        found = found.filter(questions::topics_json.like(contains(&format!("\"{topic}\""))).escape('\\'));
    }
    if let Some(author) = &filter.author_id {
        found = found.filter(questions::author_id.eq(author.clone()));
    }
    if filter.with_gaps {
        found = found.filter(questions::gaps.gt(0).or(questions::unproven.gt(0)));
    }
    if filter.without_secure {
        found = found.filter(questions::pool.ne("secure"));
    }
    if let Some((reference, version)) = after {
        found = found.filter(
            questions::question_ref
                .gt(reference.to_owned())
                .or(questions::question_ref.eq(reference.to_owned()).and(questions::version.gt(version))),
        );
    }
    Ok(found
        .order((questions::question_ref, questions::version))
        .limit(limit)
        .select(QuestionRow::as_select())
        .load(connection)?)
}

/// All versions of a question, the oldest first.
pub fn versions(connection: &mut DbConnection, reference: &str) -> Outcome<Vec<QuestionRow>> {
    Ok(questions::table
        .filter(questions::question_ref.eq(reference))
        .order(questions::version)
        .select(QuestionRow::as_select())
        .load(connection)?)
}

/// The versions of these questions that are not retired.
pub fn living(connection: &mut DbConnection, references: &[String]) -> Outcome<Vec<VersionState>> {
    Ok(questions::table
        .filter(questions::question_ref.eq_any(references))
        .filter(questions::state.ne("retired"))
        .order((questions::question_ref, questions::version))
        .select((questions::question_ref, questions::version, questions::state))
        .load(connection)?)
}

/// Every version that is a whole question: all but drafts.
pub fn whole(connection: &mut DbConnection) -> Outcome<Vec<QuestionRow>> {
    Ok(questions::table
        .filter(questions::state.ne("draft"))
        .order((questions::question_ref, questions::version))
        .select(QuestionRow::as_select())
        .load(connection)?)
}

/// Every version, drafts too.
pub fn all(connection: &mut DbConnection) -> Outcome<Vec<QuestionRow>> {
    Ok(questions::table
        .order((questions::question_ref, questions::version))
        .select(QuestionRow::as_select())
        .load(connection)?)
}

/// Whether there is no question at all.
pub fn is_empty(connection: &mut DbConnection) -> Outcome<bool> {
    let any: Option<String> = questions::table.select(questions::question_ref).first(connection).optional()?;
    Ok(any.is_none())
}

/// Every reference with the stem of its newest version and whether that is secret.
pub fn stems(connection: &mut DbConnection) -> Outcome<Vec<(String, String, String)>> {
    Ok(questions::table
        .filter(questions::head.eq(true))
        .order(questions::question_ref)
        .select((questions::question_ref, questions::stem, questions::pool))
        .load(connection)?)
}

/// References that begin with these characters.
pub fn references_from(connection: &mut DbConnection, prefix: &str) -> Outcome<Vec<String>> {
    let pattern = contains(prefix);
    let pattern = pattern.trim_start_matches('%').to_owned();
    Ok(questions::table
        .filter(questions::question_ref.like(pattern).escape('\\'))
        .filter(questions::head.eq(true))
        .select(questions::question_ref)
        .load(connection)?)
}

/// Which of these references there are.
pub fn known(connection: &mut DbConnection, references: &[String]) -> Outcome<Vec<String>> {
    Ok(questions::table
        .filter(questions::question_ref.eq_any(references))
        .filter(questions::head.eq(true))
        .select(questions::question_ref)
        .load(connection)?)
}

/// Adds versions; each becomes the newest one of its question.
pub fn insert(connection: &mut DbConnection, rows: &[QuestionRow]) -> Outcome<()> {
    for chunk in rows.chunks(crate::batch::INSERT_ROWS) {
        let references: Vec<&str> = chunk.iter().map(|row| row.question_ref.as_str()).collect();
        diesel::update(questions::table.filter(questions::question_ref.eq_any(references)))
            .set(questions::head.eq(false))
            .execute(connection)?;
    }
    Ok(insert_all!(connection, questions::table, rows)?)
}

/// Writes a version over its stored form, if that is still the edit that was read; the edit counts on.
pub fn update(connection: &mut DbConnection, row: &QuestionRow, edit: i64) -> Outcome<()> {
    let next = QuestionRow { edit: edit.saturating_add(1), ..row.clone() };
    expect_one(
        diesel::update(
            questions::table
                .filter(questions::question_ref.eq(&row.question_ref))
                .filter(questions::version.eq(row.version))
                .filter(questions::edit.eq(edit)),
        )
        .set(&next)
        .execute(connection)?,
        "the version was changed by somebody else",
    )
}

/// Takes drafts away with their history: one that is still the edit that was read, or all of an import.
pub fn delete_draft(connection: &mut DbConnection, reference: &str, version: i64, edit: i64) -> Outcome<()> {
    expect_one(
        diesel::delete(
            questions::table
                .filter(questions::question_ref.eq(reference))
                .filter(questions::version.eq(version))
                .filter(questions::state.eq("draft"))
                .filter(questions::edit.eq(edit)),
        )
        .execute(connection)?,
        "the draft was changed by somebody else",
    )?;
    delete_events(connection, &[reference.to_owned()], Some(version))?;
    let newest: Option<i64> = questions::table
        .filter(questions::question_ref.eq(reference))
        .select(diesel::dsl::max(questions::version))
        .first(connection)?;
    if let Some(newest) = newest {
        diesel::update(
            questions::table.filter(questions::question_ref.eq(reference)).filter(questions::version.eq(newest)),
        )
        .set(questions::head.eq(true))
        .execute(connection)?;
    }
    Ok(())
}

fn delete_events(connection: &mut DbConnection, references: &[String], version: Option<i64>) -> Outcome<()> {
    for chunk in references.chunks(crate::batch::INSERT_ROWS) {
        let of = question_events::table.filter(question_events::question_ref.eq_any(chunk));
        match version {
            Some(version) => diesel::delete(of.filter(question_events::version.eq(version))).execute(connection)?,
            None => diesel::delete(of).execute(connection)?,
        };
    }
    Ok(())
}

/// The versions that an import brought, and those that came after them.
pub fn of_import(connection: &mut DbConnection, import_id: &str) -> Outcome<Vec<VersionState>> {
    let references: Vec<String> =
        questions::table.filter(questions::import_id.eq(import_id)).select(questions::question_ref).load(connection)?;
    let mut found = Vec::new();
    for chunk in references.chunks(crate::batch::INSERT_ROWS) {
        let some: Vec<VersionState> = questions::table
            .filter(questions::question_ref.eq_any(chunk))
            .order((questions::question_ref, questions::version))
            .select((questions::question_ref, questions::version, questions::state))
            .load(connection)?;
        found.extend(some);
    }
    Ok(found)
}

/// Takes the drafts of an import away.
pub fn delete_of_import(connection: &mut DbConnection, import_id: &str) -> Outcome<usize> {
    let references: Vec<String> = questions::table
        .filter(questions::import_id.eq(import_id))
        .filter(questions::state.eq("draft"))
        .select(questions::question_ref)
        .load(connection)?;
    delete_events(connection, &references, None)?;
    Ok(diesel::delete(questions::table.filter(questions::import_id.eq(import_id)).filter(questions::state.eq("draft")))
        .execute(connection)?)
}

/// Notes what happened.
pub fn insert_events(connection: &mut DbConnection, rows: &[QuestionEventRow]) -> Outcome<()> {
    Ok(insert_all!(connection, question_events::table, rows)?)
}

/// What happened to a question, in order.
pub fn events(connection: &mut DbConnection, reference: &str) -> Outcome<Vec<QuestionEventRow>> {
    Ok(question_events::table
        .filter(question_events::question_ref.eq(reference))
        .order((question_events::at, question_events::id))
        .select(QuestionEventRow::as_select())
        .load(connection)?)
}
