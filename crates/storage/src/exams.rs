//! Exams and their rosters.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::batch::insert_all;
use crate::organisation::{changed, expect_one};
use crate::schema::{announcements, attempts, exams, people, roster};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// An exam as stored. `state` is `draft`, `published`, `sealed` or `cancelled`: open and closed are told by the clock.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = exams, treat_none_as_null = true)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct ExamRow {
    pub id: String,
    pub title: String,
    pub kind: String,
    pub blueprint_id: Option<String>,
    pub paper_id: Option<String>,
    pub seed: String,
    pub rules_json: String,
    pub audience_json: String,
    pub opens_at: i64,
    pub closes_at: i64,
    pub duration_seconds: i64,
    pub questions: i64,
    pub marks_max_centi: i64,
    pub state: String,
    pub reason: Option<String>,
    pub created_by: String,
    pub created_at: i64,
    pub published_at: Option<i64>,
    pub version: i64,
    /// Added to the closing for everybody by extensions and pauses.
    pub extended_seconds: i64,
    /// The last instant at which an answer may count, where extensions or reopenings go past the rules; else 0.
    pub answers_until: i64,
    /// Since when it is paused.
    pub paused_at: Option<i64>,
    /// Counts the runs that marked it, from 1.
    pub scores_generation: i64,
}

/// One person's place on a roster, with unit, rank and groups as they were when it was fixed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = roster)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct RosterRow {
    pub exam_id: String,
    pub person_id: String,
    pub unit_id: String,
    /// Ids from the top to the unit, each followed by `/`.
    pub unit_path: String,
    pub rank_group: String,
    pub groups_json: String,
    pub status: String,
    pub reason: Option<String>,
    /// The wave in which the person comes in (分批入场), from 0.
    pub entry_wave: i64,
}

/// A text for everyone who sits an exam.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = announcements)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct AnnouncementRow {
    pub id: String,
    pub exam_id: String,
    pub body: String,
    pub created_at: i64,
}

/// A place on a roster with the attempts made from it, as every figure needs it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct Sitting {
    pub person_id: String,
    pub unit_id: String,
    pub unit_path: String,
    pub rank_group: String,
    pub status: String,
    pub attempt_id: Option<String>,
    pub attempt_number: Option<i64>,
    pub attempt_state: Option<String>,
    pub late_until: Option<i64>,
    pub held_since: Option<i64>,
    pub voiding: Option<String>,
    pub answered: Option<i64>,
    pub marks_centi: Option<i64>,
    pub verdict: Option<String>,
    pub band: Option<String>,
}

/// Adds a draft.
pub fn insert(connection: &mut DbConnection, row: &ExamRow) -> Outcome<()> {
    diesel::insert_into(exams::table).values(row).execute(connection)?;
    Ok(())
}

/// One exam.
pub fn exam(connection: &mut DbConnection, id: &str) -> Outcome<ExamRow> {
    Ok(exams::table.find(id).select(ExamRow::as_select()).first(connection)?)
}

/// As [`exam`], held until the transaction ends against whoever changes it; starts share it.
pub fn exam_shared(connection: &mut DbConnection, id: &str) -> Outcome<ExamRow> {
    hold(connection, id, "SELECT pg_advisory_xact_lock_shared(hashtextextended('exam ' || $1, 0))")?;
    exam(connection, id)
}

/// As [`exam`], held until the transaction ends: no start and no other change comes between.
pub fn exam_for_update(connection: &mut DbConnection, id: &str) -> Outcome<ExamRow> {
    hold(connection, id, "SELECT pg_advisory_xact_lock(hashtextextended('exam ' || $1, 0))")?;
    exam(connection, id)
}

/// On PostgreSQL an exam is held by an advisory lock, not by its row: hundreds of starts and submissions a second that
/// share a row make a multixact each, and whoever wants the row for himself waits for as long as new ones come; an
/// advisory lock is granted in turn. On SQLite there is one writer anyway.
fn hold(connection: &mut DbConnection, id: &str, lock: &str) -> Outcome<()> {
    if let DbConnection::Postgres(c) = connection {
        diesel::sql_query(lock).bind::<Text, _>(id).execute(c)?;
    }
    Ok(())
}

/// A page of exams, the newest first, before an id.
pub fn list(connection: &mut DbConnection, before: Option<&str>, limit: i64) -> Outcome<Vec<ExamRow>> {
    let mut found = exams::table.filter(exams::kind.ne_all(["trial", crate::rehearsals::REHEARSAL])).into_boxed();
    if let Some(id) = before {
        found = found.filter(exams::id.lt(id.to_owned()));
    }
    Ok(found.order(exams::id.desc()).limit(limit).select(ExamRow::as_select()).load(connection)?)
}

/// Published exams, neither cancelled nor sealed, that opened before an instant; rehearsals and the trial left out.
pub fn begun(connection: &mut DbConnection, now_us: i64) -> Outcome<Vec<ExamRow>> {
    Ok(exams::table
        .filter(exams::kind.ne_all(["trial", crate::rehearsals::REHEARSAL]))
        .filter(exams::state.eq("published"))
        .filter(exams::opens_at.le(now_us))
        .order(exams::id)
        .select(ExamRow::as_select())
        .load(connection)?)
}

/// Writes an exam over its stored form if that still has the version before; the row carries the new one.
pub fn update(connection: &mut DbConnection, row: &ExamRow) -> Outcome<()> {
    exam_for_update(connection, &row.id)?;
    expect_one(
        diesel::update(exams::table.find(&row.id).filter(exams::version.eq(row.version - 1)))
            .set(row)
            .execute(connection)?,
        "the exam changed meanwhile",
    )
}

/// Fixes a roster.
pub fn insert_roster(connection: &mut DbConnection, rows: &[RosterRow]) -> Outcome<()> {
    Ok(insert_all!(connection, roster::table, rows)?)
}

/// The units of an exam's roster with the paths that they had when it was fixed.
pub fn roster_units(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<(String, String)>> {
    Ok(roster::table
        .filter(roster::exam_id.eq(exam_id))
        .select((roster::unit_id, roster::unit_path))
        .distinct()
        .load(connection)?)
}

/// The people of some units on a roster by wave of entry and unit, in this order.
pub fn waves(connection: &mut DbConnection, exam_id: &str, unit_ids: &[String]) -> Outcome<Vec<(i64, String, i64)>> {
    let rows = roster::table
        .filter(roster::exam_id.eq(exam_id))
        .filter(roster::unit_id.eq_any(unit_ids))
        .group_by((roster::entry_wave, roster::unit_id))
        .select((roster::entry_wave, roster::unit_id, diesel::dsl::count_star()));
    let mut rows: Vec<(i64, String, i64)> = rows.load(connection)?;
    rows.sort();
    Ok(rows)
}

/// How many an exam's roster has within some units, and how many of them are due.
pub fn roster_counts(connection: &mut DbConnection, exam_id: &str, unit_ids: &[String]) -> Outcome<(i64, i64)> {
    let all = roster::table
        .filter(roster::exam_id.eq(exam_id))
        .filter(roster::unit_id.eq_any(unit_ids))
        .count()
        .get_result(connection)?;
    let due = roster::table
        .filter(roster::exam_id.eq(exam_id))
        .filter(roster::unit_id.eq_any(unit_ids))
        .filter(roster::status.ne("exempt"))
        .count()
        .get_result(connection)?;
    Ok((all, due))
}

/// Everyone on a roster, by person.
pub fn whole_roster(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<RosterRow>> {
    Ok(roster::table
        .filter(roster::exam_id.eq(exam_id))
        .order(roster::person_id)
        .select(RosterRow::as_select())
        .load(connection)?)
}

/// One person's place on one roster.
pub fn place(connection: &mut DbConnection, exam_id: &str, person_id: &str) -> Outcome<RosterRow> {
    Ok(roster::table.find((exam_id, person_id)).select(RosterRow::as_select()).first(connection)?)
}

/// As [`place`], held until the transaction ends, so that two presses of 开始 come one after the other.
pub fn place_for_update(connection: &mut DbConnection, exam_id: &str, person_id: &str) -> Outcome<RosterRow> {
    if let DbConnection::Postgres(c) = connection {
        let _: String = roster::table.find((exam_id, person_id)).select(roster::person_id).for_update().first(c)?;
    }
    place(connection, exam_id, person_id)
}

/// The places of some people on one roster, by person.
pub fn places(connection: &mut DbConnection, exam_id: &str, person_ids: &[&str]) -> Outcome<Vec<RosterRow>> {
    Ok(roster::table
        .filter(roster::exam_id.eq(exam_id))
        .filter(roster::person_id.eq_any(person_ids))
        .order(roster::person_id)
        .select(RosterRow::as_select())
        .load(connection)?)
}

/// As [`places`], held until the transaction ends, in the order of the people, so that groups cannot deadlock.
pub fn places_for_update(connection: &mut DbConnection, exam_id: &str, person_ids: &[&str]) -> Outcome<Vec<RosterRow>> {
    let wanted = roster::table
        .filter(roster::exam_id.eq(exam_id))
        .filter(roster::person_id.eq_any(person_ids))
        .order(roster::person_id);
    match connection {
        DbConnection::Sqlite(c) => Ok(wanted.select(RosterRow::as_select()).load(c)?),
        DbConnection::Postgres(c) => Ok(wanted.select(RosterRow::as_select()).for_update().load(c)?),
    }
}

/// The exams a person is on, with the place on each. Drafts have no roster.
pub fn places_of_person(connection: &mut DbConnection, person_id: &str) -> Outcome<Vec<(ExamRow, RosterRow)>> {
    Ok(roster::table
        .inner_join(exams::table.on(roster::exam_id.eq(exams::id)))
        .filter(roster::person_id.eq(person_id))
        .filter(exams::kind.ne("trial"))
        .order((exams::opens_at.desc(), exams::id))
        .select((ExamRow::as_select(), RosterRow::as_select()))
        .load(connection)?)
}

/// Changes someone's status on a roster, with the reason.
pub fn set_place_status(
    connection: &mut DbConnection,
    exam_id: &str,
    person_id: &str,
    status: &str,
    reason: Option<&str>,
) -> Outcome<()> {
    changed(
        diesel::update(roster::table.find((exam_id, person_id)))
            .set((roster::status.eq(status), roster::reason.eq(reason)))
            .execute(connection)?,
    )
}

/// Everyone on a roster with every attempt; who made none appears once.
pub fn sittings(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<Sitting>> {
    Ok(roster::table
        .left_join(
            attempts::table.on(attempts::exam_id.eq(roster::exam_id).and(attempts::person_id.eq(roster::person_id))),
        )
        .filter(roster::exam_id.eq(exam_id))
        .order((roster::person_id, attempts::attempt_number))
        .select((
            roster::person_id,
            roster::unit_id,
            roster::unit_path,
            roster::rank_group,
            roster::status,
            attempts::id.nullable(),
            attempts::attempt_number.nullable(),
            attempts::state.nullable(),
            attempts::late_until.nullable(),
            attempts::held_since.nullable(),
            attempts::voiding.nullable(),
            attempts::answered.nullable(),
            attempts::marks_centi.nullable(),
            attempts::verdict.nullable(),
            attempts::band.nullable(),
        ))
        .load(connection)?)
}

/// Names, reasons and keys of the people on a roster within some units.
pub fn roster_people(
    connection: &mut DbConnection,
    exam_id: &str,
    unit_ids: &[String],
) -> Outcome<Vec<(RosterRow, String, String)>> {
    Ok(roster::table
        .inner_join(people::table.on(roster::person_id.eq(people::id)))
        .filter(roster::exam_id.eq(exam_id))
        .filter(roster::unit_id.eq_any(unit_ids))
        .order(people::person_key)
        .select((RosterRow::as_select(), people::name, people::person_key))
        .load(connection)?)
}

/// Announces something to everyone who sits.
pub fn insert_announcement(connection: &mut DbConnection, row: &AnnouncementRow) -> Outcome<()> {
    diesel::insert_into(announcements::table).values(row).execute(connection)?;
    Ok(())
}

/// What was announced for an exam, the oldest first.
pub fn announcements(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<AnnouncementRow>> {
    Ok(announcements::table
        .filter(announcements::exam_id.eq(exam_id))
        .order(announcements::created_at)
        .select(AnnouncementRow::as_select())
        .load(connection)?)
}

/// How many people of some units have handed in at least one attempt with at least one answer; one that was annulled
/// (作废重考) is as if it had never been.
pub fn taken_count(connection: &mut DbConnection, exam_id: &str, unit_ids: &[String]) -> Outcome<i64> {
    Ok(attempts::table
        .inner_join(
            roster::table.on(roster::exam_id.eq(attempts::exam_id).and(roster::person_id.eq(attempts::person_id))),
        )
        .filter(attempts::exam_id.eq(exam_id))
        .filter(roster::unit_id.eq_any(unit_ids))
        .filter(attempts::state.ne("answering"))
        .filter(attempts::answered.gt(0))
        .filter(attempts::voiding.is_null().or(attempts::voiding.ne("annulled")))
        .select(diesel::dsl::count(attempts::person_id).aggregate_distinct())
        .first(connection)?)
}

/// Published exams that are not over and whose paper is fixed: id, title, paper.
pub fn with_fixed_paper(connection: &mut DbConnection, now: i64) -> Outcome<Vec<(String, String, String)>> {
    Ok(exams::table
        .filter(exams::state.eq("published"))
        .filter(exams::closes_at.gt(now))
        .filter(exams::paper_id.is_not_null())
        .order(exams::opens_at)
        .select((exams::id, exams::title, exams::paper_id.assume_not_null()))
        .load(connection)?)
}
