//! Attempts, their steps and their marks.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

use crate::batch::insert_all;
use crate::organisation::expect_one;
use crate::schema::{answers, attempt_steps, attempts, slot_marks};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// An attempt as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = attempts, treat_none_as_null = true)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct AttemptRow {
    pub id: String,
    pub exam_id: String,
    pub person_id: String,
    pub attempt_number: i64,
    pub state: String,
    pub epoch: i64,
    pub device: Option<String>,
    /// How many slots the form has.
    pub slots: i64,
    /// The form sat, with the order of options, as JSON.
    pub paper_json: String,
    pub started_at: i64,
    pub deadline: i64,
    /// Deadline plus late-sync time: from here on an answer is kept apart, and the scheduler closes.
    pub late_until: i64,
    pub closed_at: Option<i64>,
    /// Why it is void: `disqualified` or `annulled`.
    pub voiding: Option<String>,
    pub receipt: Option<String>,
    pub receipt_json: Option<String>,
    pub answered: Option<i64>,
    pub marks_centi: Option<i64>,
    pub verdict: Option<String>,
    pub band: Option<String>,
    pub clause: Option<String>,
    pub marked_at: Option<i64>,
    /// Since when its clock stands still, because the exam is paused.
    pub held_since: Option<i64>,
    /// The run of marking that its marks are from.
    pub scores_generation: i64,
}

impl AttemptRow {
    /// The deadline as it stands at an instant: while the clock is held it moves along.
    pub fn deadline_at(&self, now: i64) -> i64 {
        self.deadline.saturating_add(self.held_for(now))
    }

    /// The end of the late-sync time as it stands at an instant.
    pub fn late_until_at(&self, now: i64) -> i64 {
        self.late_until.saturating_add(self.held_for(now))
    }

    fn held_for(&self, now: i64) -> i64 {
        held_for(self.held_since, now)
    }
}

/// How long the clock has been held at an instant.
fn held_for(held_since: Option<i64>, now: i64) -> i64 {
    held_since.map_or(0, |since| now.saturating_sub(since).max(0))
}

/// An attempt as those need it who ask how it stands: without its paper, which is large.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = attempts)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct AttemptHead {
    pub id: String,
    pub exam_id: String,
    pub person_id: String,
    pub state: String,
    pub epoch: i64,
    pub deadline: i64,
    pub late_until: i64,
    pub held_since: Option<i64>,
}

impl AttemptHead {
    /// As [`AttemptRow::deadline_at`].
    pub fn deadline_at(&self, now: i64) -> i64 {
        self.deadline.saturating_add(held_for(self.held_since, now))
    }

    /// As [`AttemptRow::late_until_at`].
    pub fn late_until_at(&self, now: i64) -> i64 {
        self.late_until.saturating_add(held_for(self.held_since, now))
    }
}

/// A step in the life of an attempt; never changed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = attempt_steps)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct StepRow {
    pub attempt_id: String,
    pub sequence: i64,
    pub kind: String,
    pub at: i64,
    pub detail_json: String,
}

/// The mark of one slot.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = slot_marks)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct SlotMarkRow {
    pub attempt_id: String,
    pub slot: i64,
    pub fraction_num: i64,
    pub fraction_den: i64,
    pub marks_centi: i64,
}

/// One slot of one attempt with what was given and what it earned.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct MarkedAnswer {
    pub attempt_id: String,
    pub slot: i64,
    pub fraction_num: i64,
    pub fraction_den: i64,
    pub marks_centi: i64,
    pub response_json: Option<String>,
    pub elapsed_ms: Option<i64>,
}

/// Adds attempts.
pub fn insert(connection: &mut DbConnection, rows: &[AttemptRow]) -> Outcome<()> {
    Ok(insert_all!(connection, attempts::table, rows)?)
}

/// One attempt.
pub fn attempt(connection: &mut DbConnection, id: &str) -> Outcome<AttemptRow> {
    Ok(attempts::table.find(id).select(AttemptRow::as_select()).first(connection)?)
}

/// Some attempts without their papers, in no order.
pub fn heads(connection: &mut DbConnection, ids: &[String]) -> Outcome<Vec<AttemptHead>> {
    Ok(attempts::table.filter(attempts::id.eq_any(ids)).select(AttemptHead::as_select()).load(connection)?)
}

/// As [`attempt`], held until the transaction ends: no save and no second submission comes between.
pub fn attempt_for_update(connection: &mut DbConnection, id: &str) -> Outcome<AttemptRow> {
    if let DbConnection::Postgres(c) = connection {
        let _: String = attempts::table.find(id).select(attempts::id).for_update().first(c)?;
    }
    attempt(connection, id)
}

/// Some attempts, held until the transaction ends, in the order of their ids: as the answer writer holds them.
pub fn attempts_for_update(connection: &mut DbConnection, ids: &[&str]) -> Outcome<Vec<AttemptRow>> {
    let wanted = attempts::table.filter(attempts::id.eq_any(ids)).order(attempts::id);
    match connection {
        DbConnection::Sqlite(c) => Ok(wanted.select(AttemptRow::as_select()).load(c)?),
        DbConnection::Postgres(c) => Ok(wanted.select(AttemptRow::as_select()).for_update().load(c)?),
    }
}

/// A person's attempts at an exam, the first one first.
pub fn of_person(connection: &mut DbConnection, exam_id: &str, person_id: &str) -> Outcome<Vec<AttemptRow>> {
    Ok(attempts::table
        .filter(attempts::exam_id.eq(exam_id))
        .filter(attempts::person_id.eq(person_id))
        .order(attempts::attempt_number)
        .select(AttemptRow::as_select())
        .load(connection)?)
}

/// Attempts of some people at an exam, by person, the first one first.
pub fn of_people(connection: &mut DbConnection, exam_id: &str, person_ids: &[&str]) -> Outcome<Vec<AttemptRow>> {
    Ok(attempts::table
        .filter(attempts::exam_id.eq(exam_id))
        .filter(attempts::person_id.eq_any(person_ids))
        .order((attempts::person_id, attempts::attempt_number))
        .select(AttemptRow::as_select())
        .load(connection)?)
}

/// All attempts of a person.
pub fn all_of_person(connection: &mut DbConnection, person_id: &str) -> Outcome<Vec<AttemptRow>> {
    Ok(attempts::table
        .filter(attempts::person_id.eq(person_id))
        .order(attempts::id)
        .select(AttemptRow::as_select())
        .load(connection)?)
}

/// All attempts at an exam, by id.
pub fn of_exam(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<AttemptRow>> {
    Ok(attempts::table
        .filter(attempts::exam_id.eq(exam_id))
        .order(attempts::id)
        .select(AttemptRow::as_select())
        .load(connection)?)
}

/// The attempt with this receipt number.
pub fn by_receipt(connection: &mut DbConnection, receipt: &str) -> Outcome<AttemptRow> {
    Ok(attempts::table.filter(attempts::receipt.eq(receipt)).select(AttemptRow::as_select()).first(connection)?)
}

/// Exams and ids of open attempts whose late-sync time is over, the longest first.
pub fn due_for_closing(connection: &mut DbConnection, now: i64, limit: i64) -> Outcome<Vec<(String, String)>> {
    Ok(attempts::table
        .filter(attempts::state.eq("answering"))
        .filter(attempts::late_until.lt(now))
        .filter(attempts::held_since.is_null())
        .order(attempts::late_until)
        .limit(limit)
        .select((attempts::exam_id, attempts::id))
        .load(connection)?)
}

/// Ids and papers of an exam's attempts, by id, after one.
pub fn papers(connection: &mut DbConnection, exam_id: &str, after: &str, limit: i64) -> Outcome<Vec<(String, String)>> {
    Ok(attempts::table
        .filter(attempts::exam_id.eq(exam_id))
        .filter(attempts::id.gt(after))
        .order(attempts::id)
        .limit(limit)
        .select((attempts::id, attempts::paper_json))
        .load(connection)?)
}

/// Writes an attempt over its stored form.
pub fn update(connection: &mut DbConnection, row: &AttemptRow) -> Outcome<()> {
    expect_one(diesel::update(row).set(row).execute(connection)?, "the attempt is gone")
}

/// Writes how attempts ended: what closing and marking set, and nothing else.
pub fn write_ends(connection: &mut DbConnection, rows: &[AttemptRow]) -> Outcome<()> {
    let written = match connection {
        DbConnection::Sqlite(c) => {
            let mut written = 0;
            for row in rows {
                written += diesel::update(attempts::table.find(&row.id))
                    .set((
                        attempts::state.eq(&row.state),
                        attempts::closed_at.eq(row.closed_at),
                        attempts::receipt.eq(&row.receipt),
                        attempts::receipt_json.eq(&row.receipt_json),
                        attempts::answered.eq(row.answered),
                        attempts::marks_centi.eq(row.marks_centi),
                        attempts::verdict.eq(&row.verdict),
                        attempts::band.eq(&row.band),
                        attempts::clause.eq(&row.clause),
                        attempts::marked_at.eq(row.marked_at),
                        attempts::held_since.eq(row.held_since),
                        attempts::scores_generation.eq(row.scores_generation),
                    ))
                    .execute(c)?;
            }
            written
        }
        DbConnection::Postgres(c) => diesel::sql_query(
            "UPDATE attempts SET state = e.state, closed_at = e.closed_at, receipt = e.receipt,
                 receipt_json = e.receipt_json, answered = e.answered, marks_centi = e.marks_centi,
                 verdict = e.verdict, band = e.band, clause = e.clause, marked_at = e.marked_at,
                 held_since = e.held_since, scores_generation = e.scores_generation
             FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                 AS e (id, state, closed_at, receipt, receipt_json, answered, marks_centi, verdict, band, clause,
                       marked_at, held_since, scores_generation)
             WHERE attempts.id = e.id",
        )
        .bind::<Array<Text>, _>(column(rows, |row| row.id.as_str()))
        .bind::<Array<Text>, _>(column(rows, |row| row.state.as_str()))
        .bind::<Array<Nullable<BigInt>>, _>(column(rows, |row| row.closed_at))
        .bind::<Array<Nullable<Text>>, _>(column(rows, |row| row.receipt.as_deref()))
        .bind::<Array<Nullable<Text>>, _>(column(rows, |row| row.receipt_json.as_deref()))
        .bind::<Array<Nullable<BigInt>>, _>(column(rows, |row| row.answered))
        .bind::<Array<Nullable<BigInt>>, _>(column(rows, |row| row.marks_centi))
        .bind::<Array<Nullable<Text>>, _>(column(rows, |row| row.verdict.as_deref()))
        .bind::<Array<Nullable<Text>>, _>(column(rows, |row| row.band.as_deref()))
        .bind::<Array<Nullable<Text>>, _>(column(rows, |row| row.clause.as_deref()))
        .bind::<Array<Nullable<BigInt>>, _>(column(rows, |row| row.marked_at))
        .bind::<Array<Nullable<BigInt>>, _>(column(rows, |row| row.held_since))
        .bind::<Array<BigInt>, _>(column(rows, |row| row.scores_generation))
        .execute(c)?,
    };
    if written == rows.len() {
        return Ok(());
    }
    Err(StorageError::Conflict("an attempt is gone".to_owned()))
}

fn column<'a, T>(rows: &'a [AttemptRow], field: impl Fn(&'a AttemptRow) -> T) -> Vec<T> {
    rows.iter().map(field).collect()
}

/// A step to be appended: attempt, kind, when, detail.
#[derive(Debug, Clone)]
pub struct NewStep {
    /// The attempt.
    pub attempt_id: String,
    /// The word of what happened.
    pub kind: String,
    /// When, microseconds UTC.
    pub at: i64,
    /// What more there is to say.
    pub detail_json: String,
}

/// Appends steps of any number of attempts, in their order.
pub fn append_steps(connection: &mut DbConnection, steps: Vec<NewStep>) -> Outcome<()> {
    let mut ids: Vec<&str> = steps.iter().map(|step| step.attempt_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let known: Vec<(String, Option<i64>)> = attempt_steps::table
        .filter(attempt_steps::attempt_id.eq_any(ids))
        .group_by(attempt_steps::attempt_id)
        .select((attempt_steps::attempt_id, diesel::dsl::max(attempt_steps::sequence)))
        .load(connection)?;
    let mut last: BTreeMap<String, i64> = known.into_iter().map(|(id, last)| (id, last.unwrap_or(0))).collect();
    let rows: Vec<StepRow> = steps
        .into_iter()
        .map(|NewStep { attempt_id, kind, at, detail_json }| {
            let sequence = last.entry(attempt_id.clone()).or_insert(0);
            *sequence = sequence.saturating_add(1);
            StepRow { attempt_id, sequence: *sequence, kind, at, detail_json }
        })
        .collect();
    insert_steps(connection, &rows)
}

/// Appends a step.
pub fn append_step(
    connection: &mut DbConnection,
    attempt_id: &str,
    kind: &str,
    at: i64,
    detail_json: &str,
) -> Outcome<()> {
    let last: Option<i64> = attempt_steps::table
        .filter(attempt_steps::attempt_id.eq(attempt_id))
        .select(diesel::dsl::max(attempt_steps::sequence))
        .first(connection)?;
    diesel::insert_into(attempt_steps::table)
        .values(&StepRow {
            attempt_id: attempt_id.to_owned(),
            sequence: last.map_or(1, |last| last.saturating_add(1)),
            kind: kind.to_owned(),
            at,
            detail_json: detail_json.to_owned(),
        })
        .execute(connection)?;
    Ok(())
}

/// The steps of an attempt, in order.
pub fn steps(connection: &mut DbConnection, attempt_id: &str) -> Outcome<Vec<StepRow>> {
    Ok(attempt_steps::table
        .filter(attempt_steps::attempt_id.eq(attempt_id))
        .order(attempt_steps::sequence)
        .select(StepRow::as_select())
        .load(connection)?)
}

/// Adds steps that were made elsewhere (the demo district).
pub fn insert_steps(connection: &mut DbConnection, rows: &[StepRow]) -> Outcome<()> {
    Ok(insert_all!(connection, attempt_steps::table, rows)?)
}

/// Adds the marks of slots.
pub fn insert_marks(connection: &mut DbConnection, rows: &[SlotMarkRow]) -> Outcome<()> {
    Ok(insert_all!(connection, slot_marks::table, rows)?)
}

/// The marks of an attempt, by slot.
pub fn marks(connection: &mut DbConnection, attempt_id: &str) -> Outcome<Vec<SlotMarkRow>> {
    Ok(slot_marks::table
        .filter(slot_marks::attempt_id.eq(attempt_id))
        .order(slot_marks::slot)
        .select(SlotMarkRow::as_select())
        .load(connection)?)
}

/// How many attempts of an exam are open, or not marked yet.
pub fn unsettled(connection: &mut DbConnection, exam_id: &str) -> Outcome<i64> {
    Ok(attempts::table
        .filter(attempts::exam_id.eq(exam_id))
        .filter(attempts::state.eq("answering").or(attempts::state.ne("voided").and(attempts::marked_at.is_null())))
        .count()
        .get_result(connection)?)
}

/// Ids and papers of some attempts.
pub fn papers_of(connection: &mut DbConnection, ids: &[String]) -> Outcome<Vec<(String, String)>> {
    Ok(attempts::table
        .filter(attempts::id.eq_any(ids))
        .select((attempts::id, attempts::paper_json))
        .load(connection)?)
}

/// The marks of some attempts.
pub fn marks_of(connection: &mut DbConnection, ids: &[String]) -> Outcome<Vec<SlotMarkRow>> {
    Ok(slot_marks::table
        .filter(slot_marks::attempt_id.eq_any(ids))
        .select(SlotMarkRow::as_select())
        .load(connection)?)
}

/// Every marked slot of an exam with its response, by attempt and slot.
pub fn marked_answers(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<MarkedAnswer>> {
    marked_between(connection, exam_id, "", "~")
}

/// As [`marked_answers`], of the attempts with ids from `first` to `last`.
pub fn marked_between(
    connection: &mut DbConnection,
    exam_id: &str,
    first: &str,
    last: &str,
) -> Outcome<Vec<MarkedAnswer>> {
    Ok(slot_marks::table
        .inner_join(attempts::table.on(slot_marks::attempt_id.eq(attempts::id)))
        .left_join(
            answers::table.on(answers::attempt_id.eq(slot_marks::attempt_id).and(answers::slot.eq(slot_marks::slot))),
        )
        .filter(attempts::exam_id.eq(exam_id))
        .filter(attempts::id.ge(first))
        .filter(attempts::id.le(last))
        .order((slot_marks::attempt_id, slot_marks::slot))
        .select((
            slot_marks::attempt_id,
            slot_marks::slot,
            slot_marks::fraction_num,
            slot_marks::fraction_den,
            slot_marks::marks_centi,
            answers::response_json.nullable(),
            answers::elapsed_ms.nullable(),
        ))
        .load(connection)?)
}

/// Every slot that a person did not get full marks for, with its response.
pub fn wrong_of_person(connection: &mut DbConnection, person_id: &str) -> Outcome<Vec<MarkedAnswer>> {
    Ok(slot_marks::table
        .inner_join(attempts::table.on(slot_marks::attempt_id.eq(attempts::id)))
        .left_join(
            answers::table.on(answers::attempt_id.eq(slot_marks::attempt_id).and(answers::slot.eq(slot_marks::slot))),
        )
        .filter(attempts::person_id.eq(person_id))
        .filter(slot_marks::fraction_num.lt(slot_marks::fraction_den))
        .order((slot_marks::attempt_id, slot_marks::slot))
        .select((
            slot_marks::attempt_id,
            slot_marks::slot,
            slot_marks::fraction_num,
            slot_marks::fraction_den,
            slot_marks::marks_centi,
            answers::response_json.nullable(),
            answers::elapsed_ms.nullable(),
        ))
        .load(connection)?)
}
