//! Rulings on questions, runs that mark again, and what stood before.

use diesel::prelude::*;

use crate::batch::insert_all;
use crate::organisation::{changed, expect_one};
use crate::schema::{attempts, exams, past_receipts, past_scores, rulings, score_runs, slot_marks};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// How a question of an exam is marked, against its key as written.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = rulings)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct RulingRow {
    pub id: String,
    pub exam_id: String,
    pub question_ref: String,
    pub version: i64,
    pub item: i64,
    pub ruling_json: String,
    pub reason: String,
    pub ruled_by: String,
    pub ruled_at: i64,
}

/// A run that marks an exam again.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = score_runs, primary_key(exam_id, generation), treat_none_as_null = true)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct ScoreRunRow {
    pub exam_id: String,
    pub generation: i64,
    pub reason: String,
    pub run_by: String,
    pub started_at: i64,
    pub finished_at: Option<i64>,
    pub attempts: i64,
    pub changed: i64,
    pub to_passed: i64,
    pub to_failed: i64,
}

/// What an attempt had earned before.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = past_scores)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct PastScoreRow {
    pub attempt_id: String,
    pub sequence: i64,
    pub scores_generation: i64,
    pub marks_centi: i64,
    pub verdict: String,
    pub band: String,
    pub clause: String,
    pub marked_at: i64,
    pub slots_json: String,
    pub reason: String,
    pub replaced_at: i64,
}

/// A receipt of an attempt that was reopened.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = past_receipts)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct PastReceiptRow {
    pub receipt: String,
    pub attempt_id: String,
    pub receipt_json: String,
    pub replaced_at: i64,
}

/// Adds a ruling.
pub fn insert_ruling(connection: &mut DbConnection, row: &RulingRow) -> Outcome<()> {
    diesel::insert_into(rulings::table).values(row).execute(connection)?;
    Ok(())
}

/// The rulings of an exam, the oldest first: the latest on a question holds.
pub fn rulings(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<RulingRow>> {
    Ok(rulings::table
        .filter(rulings::exam_id.eq(exam_id))
        .order((rulings::ruled_at, rulings::id))
        .select(RulingRow::as_select())
        .load(connection)?)
}

/// Begins a run: the generation of the exam's scores counts on. Returns the new generation.
pub fn begin_run(
    connection: &mut DbConnection,
    exam_id: &str,
    reason: &str,
    run_by: &str,
    started_at: i64,
) -> Outcome<i64> {
    expect_one(
        diesel::update(exams::table.find(exam_id))
            .set((exams::scores_generation.eq(exams::scores_generation + 1), exams::version.eq(exams::version + 1)))
            .execute(connection)?,
        "the exam is gone",
    )?;
    let generation: i64 = exams::table.find(exam_id).select(exams::scores_generation).first(connection)?;
    diesel::insert_into(score_runs::table)
        .values(&ScoreRunRow {
            exam_id: exam_id.to_owned(),
            generation,
            reason: reason.to_owned(),
            run_by: run_by.to_owned(),
            started_at,
            finished_at: None,
            attempts: 0,
            changed: 0,
            to_passed: 0,
            to_failed: 0,
        })
        .execute(connection)?;
    Ok(generation)
}

/// Writes a run over its stored form.
pub fn update_run(connection: &mut DbConnection, row: &ScoreRunRow) -> Outcome<()> {
    changed(diesel::update(row).set(row).execute(connection)?)
}

/// The runs of an exam, the oldest first.
pub fn runs(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<ScoreRunRow>> {
    Ok(score_runs::table
        .filter(score_runs::exam_id.eq(exam_id))
        .order(score_runs::generation)
        .select(ScoreRunRow::as_select())
        .load(connection)?)
}

/// Runs that were cut short.
pub fn unfinished_runs(connection: &mut DbConnection) -> Outcome<Vec<ScoreRunRow>> {
    Ok(score_runs::table
        .filter(score_runs::finished_at.is_null())
        .order((score_runs::exam_id, score_runs::generation))
        .select(ScoreRunRow::as_select())
        .load(connection)?)
}

/// Ids of the attempts of an exam that have ended and were marked under an older generation, in order. A void one is
/// never marked again.
pub fn attempts_before(
    connection: &mut DbConnection,
    exam_id: &str,
    generation: i64,
    limit: i64,
) -> Outcome<Vec<String>> {
    Ok(attempts::table
        .filter(attempts::exam_id.eq(exam_id))
        .filter(attempts::marked_at.is_not_null())
        .filter(attempts::voiding.is_null())
        .filter(attempts::scores_generation.lt(generation))
        .order(attempts::id)
        .limit(limit)
        .select(attempts::id)
        .load(connection)?)
}

/// Puts aside what an attempt had earned; its number is counted here.
pub fn keep_score(connection: &mut DbConnection, row: &PastScoreRow) -> Outcome<()> {
    let last: Option<i64> = past_scores::table
        .filter(past_scores::attempt_id.eq(&row.attempt_id))
        .select(diesel::dsl::max(past_scores::sequence))
        .first(connection)?;
    let row = PastScoreRow { sequence: last.map_or(1, |last| last.saturating_add(1)), ..row.clone() };
    diesel::insert_into(past_scores::table).values(&row).execute(connection)?;
    Ok(())
}

/// What an attempt had earned before, the oldest first.
pub fn past_scores(connection: &mut DbConnection, attempt_id: &str) -> Outcome<Vec<PastScoreRow>> {
    Ok(past_scores::table
        .filter(past_scores::attempt_id.eq(attempt_id))
        .order(past_scores::sequence)
        .select(PastScoreRow::as_select())
        .load(connection)?)
}

/// Takes the marks of an attempt's slots away: others follow in the same transaction, or it was reopened.
pub fn delete_marks(connection: &mut DbConnection, attempt_id: &str) -> Outcome<()> {
    diesel::delete(slot_marks::table.filter(slot_marks::attempt_id.eq(attempt_id))).execute(connection)?;
    Ok(())
}

/// Keeps a receipt that an attempt gives up.
pub fn keep_receipts(connection: &mut DbConnection, rows: &[PastReceiptRow]) -> Outcome<()> {
    Ok(insert_all!(connection, past_receipts::table, rows)?)
}

/// A receipt given up by its attempt.
pub fn past_receipt(connection: &mut DbConnection, receipt: &str) -> Outcome<PastReceiptRow> {
    Ok(past_receipts::table.find(receipt).select(PastReceiptRow::as_select()).first(connection)?)
}
