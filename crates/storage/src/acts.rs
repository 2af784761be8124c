//! Consequential acts, report jobs and remembered replies.

use diesel::prelude::*;

use crate::organisation::changed;
use crate::schema::{acts, idempotency_keys, report_jobs};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// An act that others must be able to see later. Ids, no names.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = acts)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct ActRow {
    pub id: String,
    pub at: i64,
    pub actor: String,
    pub kind: String,
    pub subject: String,
    pub detail_json: String,
}

/// A report that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = report_jobs, treat_none_as_null = true)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct ReportJobRow {
    pub id: String,
    pub account_id: String,
    pub kind: String,
    pub scope_json: String,
    pub format: String,
    pub state: String,
    pub progress: i64,
    pub file_name: Option<String>,
    pub failure: Option<String>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
}

/// The answer to a POST that carried an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct RememberedReply {
    pub account_id: String,
    pub idempotency_key: String,
    pub request_hash: String,
    pub status: i64,
    pub body: String,
    pub created_at: i64,
}

/// Notes an act, in the transaction that does it.
pub fn append(connection: &mut DbConnection, row: &ActRow) -> Outcome<()> {
    diesel::insert_into(acts::table).values(row).execute(connection)?;
    Ok(())
}

/// The latest acts, before an id.
pub fn list(connection: &mut DbConnection, before: Option<&str>, limit: i64) -> Outcome<Vec<ActRow>> {
    let mut found = acts::table.into_boxed();
    if let Some(id) = before {
        found = found.filter(acts::id.lt(id.to_owned()));
    }
    Ok(found.order(acts::id.desc()).limit(limit).select(ActRow::as_select()).load(connection)?)
}

/// Adds a job.
pub fn insert_job(connection: &mut DbConnection, row: &ReportJobRow) -> Outcome<()> {
    diesel::insert_into(report_jobs::table).values(row).execute(connection)?;
    Ok(())
}

/// One job.
pub fn job(connection: &mut DbConnection, id: &str) -> Outcome<ReportJobRow> {
    Ok(report_jobs::table.find(id).select(ReportJobRow::as_select()).first(connection)?)
}

/// Writes a job over its stored form.
pub fn update_job(connection: &mut DbConnection, row: &ReportJobRow) -> Outcome<()> {
    changed(diesel::update(row).set(row).execute(connection)?)
}

/// The reply that was given under this key, if any.
pub fn remembered(connection: &mut DbConnection, account_id: &str, key: &str) -> Outcome<Option<RememberedReply>> {
    Ok(idempotency_keys::table
        .find((account_id, key))
        .select(RememberedReply::as_select())
        .first(connection)
        .optional()?)
}

/// Remembers a reply. A second one under the same key is a conflict.
pub fn remember(connection: &mut DbConnection, row: &RememberedReply) -> Outcome<()> {
    diesel::insert_into(idempotency_keys::table).values(row).execute(connection)?;
    Ok(())
}

/// Writes the reply into a remembered call.
pub fn settle_reply(
    connection: &mut DbConnection,
    account_id: &str,
    key: &str,
    status: i64,
    body: &str,
) -> Outcome<()> {
    changed(
        diesel::update(idempotency_keys::table.find((account_id, key)))
            .set((idempotency_keys::status.eq(status), idempotency_keys::body.eq(body)))
            .execute(connection)?,
    )
}

/// Forgets one call.
pub fn forget_reply(connection: &mut DbConnection, account_id: &str, key: &str) -> Outcome<()> {
    diesel::delete(idempotency_keys::table.find((account_id, key))).execute(connection)?;
    Ok(())
}

/// Forgets calls older than an instant, and calls under way (status 0) older than another.
pub fn forget_replies(connection: &mut DbConnection, older_than: i64, abandoned_before: i64) -> Outcome<()> {
    diesel::delete(
        idempotency_keys::table.filter(
            idempotency_keys::created_at
                .lt(older_than)
                .or(idempotency_keys::status.eq(0).and(idempotency_keys::created_at.lt(abandoned_before))),
        ),
    )
    .execute(connection)?;
    Ok(())
}
