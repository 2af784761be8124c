//! The ledger and the seals: texts exactly as they were hashed.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use crate::acts::ActRow;
use crate::batch::insert_all;
use crate::organisation::expect_one;
use crate::schema::{
    acts, attempt_steps, attempts, exams, kept_answers, ledger_entries, ledger_heads, ledger_keys, roster, seals,
};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// An entry as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_entries)]
#[allow(missing_docs, reason = "columns named as in the format")]
pub struct EntryRow {
    pub sequence: i64,
    pub entry_text: String,
    pub hash: String,
}

/// The seal of an exam, or of a further generation of its scores.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = seals)]
#[allow(missing_docs, reason = "columns named as in the format")]
pub struct SealRow {
    pub exam_id: String,
    /// Counts seals, from 1.
    pub generation: i64,
    /// The run of marking whose scores it seals.
    pub scores_generation: i64,
    pub manifest_text: String,
    pub sealed_at: i64,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// Takes the lease of whoever chains, until the transaction ends; false when another node has it.
pub fn take_lease(connection: &mut DbConnection, key: i64) -> Outcome<bool> {
    match connection {
        // One process writes, on one thread.
        DbConnection::Sqlite(_) => Ok(true),
        DbConnection::Postgres(c) => {
            let answer: Locked = diesel::sql_query("SELECT pg_try_advisory_xact_lock($1) AS locked")
                .bind::<BigInt, _>(key)
                .get_result(c)?;
            Ok(answer.locked)
        }
    }
}

/// Acts that are in no entry yet, the oldest first.
pub fn pending(connection: &mut DbConnection, limit: i64) -> Outcome<Vec<ActRow>> {
    Ok(acts::table
        .filter(acts::sequence.is_null())
        .order((acts::at, acts::id))
        .limit(limit)
        .select(ActRow::as_select())
        .load(connection)?)
}

/// Appends entries, and notes in which one each act stands.
pub fn append(connection: &mut DbConnection, rows: &[EntryRow], act_ids: &[(String, i64)]) -> Outcome<()> {
    insert_all!(connection, ledger_entries::table, rows)?;
    for (act, sequence) in act_ids {
        expect_one(
            diesel::update(acts::table.find(act).filter(acts::sequence.is_null()))
                .set(acts::sequence.eq(sequence))
                .execute(connection)?,
            "the act stands in the ledger already",
        )?;
    }
    Ok(())
}

/// The last entry.
pub fn tail(connection: &mut DbConnection) -> Outcome<Option<EntryRow>> {
    Ok(ledger_entries::table
        .order(ledger_entries::sequence.desc())
        .select(EntryRow::as_select())
        .first(connection)
        .optional()?)
}

/// Entries after a sequence, in order.
pub fn entries(connection: &mut DbConnection, after: i64, limit: i64) -> Outcome<Vec<EntryRow>> {
    Ok(ledger_entries::table
        .filter(ledger_entries::sequence.gt(after))
        .order(ledger_entries::sequence)
        .limit(limit)
        .select(EntryRow::as_select())
        .load(connection)?)
}

/// The latest entries, before a sequence.
pub fn latest(connection: &mut DbConnection, before: i64, limit: i64) -> Outcome<Vec<EntryRow>> {
    Ok(ledger_entries::table
        .filter(ledger_entries::sequence.lt(before))
        .order(ledger_entries::sequence.desc())
        .limit(limit)
        .select(EntryRow::as_select())
        .load(connection)?)
}

/// The acts that were chained as entries after one sequence, up to another.
pub fn acts_chained(connection: &mut DbConnection, after: i64, up_to: i64) -> Outcome<Vec<(i64, ActRow)>> {
    Ok(acts::table
        .filter(acts::sequence.gt(after))
        .filter(acts::sequence.le(up_to))
        .select((acts::sequence.assume_not_null(), ActRow::as_select()))
        .load(connection)?)
}

/// Ids of exams that were published and have closed by an instant.
pub fn exams_closed(connection: &mut DbConnection, now: i64) -> Outcome<Vec<String>> {
    Ok(exams::table
        .filter(exams::state.eq_any(["published", "sealed"]))
        .filter(exams::closes_at.le(now))
        .order(exams::id)
        .select(exams::id)
        .load(connection)?)
}

/// The texts of all signed heads, in order.
pub fn heads(connection: &mut DbConnection) -> Outcome<Vec<(i64, String)>> {
    Ok(ledger_heads::table
        .order(ledger_heads::sequence)
        .select((ledger_heads::sequence, ledger_heads::head_text))
        .load(connection)?)
}

/// The latest signed head.
pub fn last_head(connection: &mut DbConnection) -> Outcome<Option<(i64, String)>> {
    Ok(ledger_heads::table
        .order(ledger_heads::sequence.desc())
        .select((ledger_heads::sequence, ledger_heads::head_text))
        .first(connection)
        .optional()?)
}

/// Adds a signed head.
pub fn insert_head(connection: &mut DbConnection, sequence: i64, text: &str) -> Outcome<()> {
    diesel::insert_into(ledger_heads::table)
        .values((ledger_heads::sequence.eq(sequence), ledger_heads::head_text.eq(text)))
        .execute(connection)?;
    Ok(())
}

/// The records of the keys that signed heads.
pub fn keys(connection: &mut DbConnection) -> Outcome<Vec<(String, String)>> {
    Ok(ledger_keys::table
        .order(ledger_keys::key_id)
        .select((ledger_keys::key_id, ledger_keys::record_text))
        .load(connection)?)
}

/// Adds the record of a key.
pub fn insert_key(connection: &mut DbConnection, key_id: &str, record: &str) -> Outcome<()> {
    diesel::insert_into(ledger_keys::table)
        .values((ledger_keys::key_id.eq(key_id), ledger_keys::record_text.eq(record)))
        .execute(connection)?;
    Ok(())
}

/// Adds a seal.
pub fn insert_seal(connection: &mut DbConnection, row: &SealRow) -> Outcome<()> {
    diesel::insert_into(seals::table).values(row).execute(connection)?;
    Ok(())
}

/// The seals of an exam, in order.
pub fn seals(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<SealRow>> {
    Ok(seals::table
        .filter(seals::exam_id.eq(exam_id))
        .order(seals::generation)
        .select(SealRow::as_select())
        .load(connection)?)
}

/// Every seal, by exam and generation.
pub fn all_seals(connection: &mut DbConnection) -> Outcome<Vec<SealRow>> {
    Ok(seals::table.order((seals::exam_id, seals::generation)).select(SealRow::as_select()).load(connection)?)
}

/// Marks an exam as sealed; only a published one can be.
pub fn seal_exam(connection: &mut DbConnection, exam_id: &str) -> Outcome<()> {
    expect_one(
        diesel::update(exams::table.find(exam_id).filter(exams::state.eq("published")))
            .set((exams::state.eq("sealed"), exams::version.eq(exams::version + 1)))
            .execute(connection)?,
        "the exam is not published",
    )
}

/// What an exam's data stand at. Two equal values say that no attempt, kept answer or place on the roster was changed
/// in between: whatever happens to an attempt appends a step to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    exam_version: i64,
    attempts: i64,
    steps: i64,
    kept: i64,
    undecided: i64,
    roster: Vec<(String, String, Option<String>)>,
}

/// Reads what an exam's data stand at.
pub fn standing(connection: &mut DbConnection, exam_id: &str) -> Outcome<Standing> {
    let kept = kept_answers::table
        .inner_join(attempts::table.on(attempts::id.eq(kept_answers::attempt_id)))
        .filter(attempts::exam_id.eq(exam_id));
    Ok(Standing {
        exam_version: exams::table.find(exam_id).select(exams::version).first(connection)?,
        attempts: attempts::table.filter(attempts::exam_id.eq(exam_id)).count().get_result(connection)?,
        steps: attempt_steps::table
            .inner_join(attempts::table.on(attempts::id.eq(attempt_steps::attempt_id)))
            .filter(attempts::exam_id.eq(exam_id))
            .count()
            .get_result(connection)?,
        kept: kept.count().get_result(connection)?,
        undecided: kept.filter(kept_answers::decision.is_null()).count().get_result(connection)?,
        roster: roster::table
            .filter(roster::exam_id.eq(exam_id))
            .order(roster::person_id)
            .select((roster::person_id, roster::status, roster::reason))
            .load(connection)?,
    })
}
