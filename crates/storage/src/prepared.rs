//! Papers put together before the opening.

use diesel::prelude::*;

use crate::batch::insert_all;
use crate::schema::{attempts, exams, prepared_papers, roster};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// A person's first paper at an exam, ready to be sat.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = prepared_papers)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct PreparedRow {
    pub exam_id: String,
    pub person_id: String,
    /// The bank that it was put together from: from another one it is put together anew.
    pub bank_revision: String,
    pub paper_json: String,
}

/// Ids of published exams that open before an instant and have not closed at another.
pub fn exams_to_prepare(connection: &mut DbConnection, opens_before: i64, now: i64) -> Outcome<Vec<String>> {
    Ok(exams::table
        .filter(exams::state.eq("published"))
        .filter(exams::kind.ne("trial"))
        .filter(exams::opens_at.lt(opens_before))
        .filter(exams::closes_at.gt(now))
        .order(exams::opens_at)
        .select(exams::id)
        .load(connection)?)
}

/// People who are due, have no paper ready that comes from this bank, and have not begun.
pub fn people_to_prepare(
    connection: &mut DbConnection,
    exam_id: &str,
    bank_revision: &str,
    limit: i64,
) -> Outcome<Vec<String>> {
    let begun = attempts::table.filter(attempts::exam_id.eq(exam_id)).select(attempts::person_id);
    let ready = prepared_papers::table
        .filter(prepared_papers::exam_id.eq(exam_id))
        .filter(prepared_papers::bank_revision.eq(bank_revision))
        .select(prepared_papers::person_id);
    Ok(roster::table
        .filter(roster::exam_id.eq(exam_id))
        .filter(roster::status.eq("due"))
        .filter(roster::person_id.ne_all(begun))
        .filter(roster::person_id.ne_all(ready))
        .order(roster::person_id)
        .limit(limit)
        .select(roster::person_id)
        .load(connection)?)
}

/// Adds papers in place of those that come from another bank. One that another node has added meanwhile is the same.
pub fn insert(connection: &mut DbConnection, exam_id: &str, rows: &[PreparedRow]) -> Outcome<()> {
    let ids: Vec<&str> = rows.iter().map(|row| row.person_id.as_str()).collect();
    let of_them = prepared_papers::table
        .filter(prepared_papers::exam_id.eq(exam_id))
        .filter(prepared_papers::person_id.eq_any(ids));
    diesel::delete(of_them).execute(connection)?;
    Ok(insert_all!(connection, prepared_papers::table, rows)?)
}

/// The papers of some people that are ready.
pub fn papers(connection: &mut DbConnection, exam_id: &str, person_ids: &[&str]) -> Outcome<Vec<PreparedRow>> {
    Ok(prepared_papers::table
        .filter(prepared_papers::exam_id.eq(exam_id))
        .filter(prepared_papers::person_id.eq_any(person_ids))
        .select(PreparedRow::as_select())
        .load(connection)?)
}

/// Takes the papers of an exam away: it is over, cancelled, or the bank has changed.
pub fn forget(connection: &mut DbConnection, exam_id: &str) -> Outcome<()> {
    diesel::delete(prepared_papers::table.filter(prepared_papers::exam_id.eq(exam_id))).execute(connection)?;
    Ok(())
}
