//! The day of an exam: extensions, pauses, answers kept for review, notices, and the nodes that are up.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::answers::KeptAnswerRow;
use crate::batch::insert_all;
use crate::organisation::{changed, expect_one};
use crate::schema::{attempts, exams, extensions, kept_answers, nodes, notices, pauses, people, roster};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// More time (延时), as it was granted.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = extensions)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct ExtensionRow {
    pub id: String,
    pub exam_id: String,
    /// `person`, `unit` or `all`.
    pub scope: String,
    /// The person or the unit; none for all.
    pub subject_id: Option<String>,
    pub seconds: i64,
    /// How many open attempts it moved.
    pub attempts: i64,
    /// Granted to a person who was not answering: the next attempt gets longer.
    pub lengthens: bool,
    pub reason: String,
    pub granted_by: String,
    pub granted_at: i64,
}

/// A pause (暂停) of an exam.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = pauses)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct PauseRow {
    pub id: String,
    pub exam_id: String,
    pub reason: String,
    pub paused_by: String,
    pub paused_at: i64,
    pub resumed_by: Option<String>,
    pub resumed_at: Option<i64>,
}

/// What one person must be told.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = notices)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct NoticeRow {
    pub id: String,
    pub person_id: String,
    pub exam_id: String,
    pub attempt_id: Option<String>,
    pub kind: String,
    pub body: String,
    pub created_at: i64,
    pub read_at: Option<i64>,
}

/// A server that is up, as it said last.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = nodes, treat_none_as_null = true)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct NodeRow {
    pub id: String,
    pub started_at: i64,
    pub seen_at: i64,
    /// Answers stored since it started.
    pub saves: i64,
    /// Of them in the last second, on the average since it wrote before.
    pub saves_per_second: i64,
    pub answers_waiting: i64,
    pub disk_free_bytes: Option<i64>,
}

/// Whose attempts are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everybody's.
    All,
    /// Those of people whom the roster has in these units.
    Units(Vec<String>),
    /// One person's.
    Person(String),
}

/// Adds an extension.
pub fn insert_extension(connection: &mut DbConnection, row: &ExtensionRow) -> Outcome<()> {
    diesel::insert_into(extensions::table).values(row).execute(connection)?;
    Ok(())
}

/// The extensions of an exam, the oldest first.
pub fn extensions(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<ExtensionRow>> {
    Ok(extensions::table
        .filter(extensions::exam_id.eq(exam_id))
        .order((extensions::granted_at, extensions::id))
        .select(ExtensionRow::as_select())
        .load(connection)?)
}

/// The extensions of some exams that concern less than everybody.
pub fn partial_extensions(connection: &mut DbConnection, exam_ids: &[String]) -> Outcome<Vec<ExtensionRow>> {
    Ok(extensions::table
        .filter(extensions::exam_id.eq_any(exam_ids))
        .filter(extensions::scope.ne("all"))
        .select(ExtensionRow::as_select())
        .load(connection)?)
}

/// Ids of the open attempts of an exam within a reach, locked in the order that the answer writer locks them.
pub fn open_attempts_for_update(connection: &mut DbConnection, exam_id: &str, reach: &Reach) -> Outcome<Vec<String>> {
    let mut found = attempts::table
        .filter(attempts::exam_id.eq(exam_id))
        .filter(attempts::state.eq("answering"))
        .order(attempts::id)
        .select(attempts::id)
        .into_boxed();
    match reach {
        Reach::All => {}
        Reach::Person(person) => found = found.filter(attempts::person_id.eq(person.clone())),
        Reach::Units(units) => {
            let people = roster::table
                .filter(roster::exam_id.eq(exam_id))
                .filter(roster::unit_id.eq_any(units.clone()))
                .select(roster::person_id);
            found = found.filter(attempts::person_id.eq_any(people));
        }
    }
    let ids: Vec<String> = found.load(connection)?;
    // A boxed query cannot lock: the rows found are locked by their ids, in order.
    if let DbConnection::Postgres(c) = connection {
        for chunk in ids.chunks(crate::batch::INSERT_ROWS) {
            let _: Vec<String> = attempts::table
                .filter(attempts::id.eq_any(chunk))
                .order(attempts::id)
                .select(attempts::id)
                .for_update()
                .load(c)?;
        }
    }
    Ok(ids)
}

/// Moves deadline and late-sync time of open attempts; returns the latest late-sync time among them.
pub fn move_deadlines(connection: &mut DbConnection, attempt_ids: &[String], micros: i64) -> Outcome<Option<i64>> {
    let mut latest = None;
    for chunk in attempt_ids.chunks(crate::batch::INSERT_ROWS) {
        let open = attempts::table.filter(attempts::id.eq_any(chunk)).filter(attempts::state.eq("answering"));
        diesel::update(open)
            .set((
                attempts::deadline.eq(attempts::deadline + micros),
                attempts::late_until.eq(attempts::late_until + micros),
            ))
            .execute(connection)?;
        let until: Option<i64> = attempts::table
            .filter(attempts::id.eq_any(chunk))
            .select(diesel::dsl::max(attempts::late_until))
            .first(connection)?;
        latest = latest.max(until);
    }
    Ok(latest)
}

/// Stops the clock of every open attempt of an exam whose time is not over.
pub fn hold_attempts(connection: &mut DbConnection, exam_id: &str, since: i64) -> Outcome<()> {
    diesel::update(
        attempts::table
            .filter(attempts::exam_id.eq(exam_id))
            .filter(attempts::state.eq("answering"))
            .filter(attempts::late_until.ge(since)),
    )
    .set(attempts::held_since.eq(since))
    .execute(connection)?;
    Ok(())
}

/// Lets the clocks run again from `now` on: each deadline moves by as long as its clock stood still. Returns the latest
/// late-sync time.
pub fn release_attempts(connection: &mut DbConnection, exam_id: &str, now: i64) -> Outcome<Option<i64>> {
    diesel::sql_query(
        "UPDATE attempts SET deadline = deadline + ($1 - held_since), late_until = late_until + ($1 - held_since),
                held_since = NULL
         WHERE exam_id = $2 AND held_since IS NOT NULL",
    )
    .bind::<BigInt, _>(now)
    .bind::<Text, _>(exam_id)
    .execute(connection)?;
    Ok(attempts::table
        .filter(attempts::exam_id.eq(exam_id))
        .filter(attempts::state.eq("answering"))
        .select(diesel::dsl::max(attempts::late_until))
        .first(connection)?)
}

/// What the incidents of a day change in an exam: written past whoever edits the rest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayChange {
    /// Added to the closing for everybody, in seconds.
    pub extended_seconds: i64,
    /// The last instant at which an answer may count, at the least, in microseconds UTC.
    pub answers_until: i64,
    /// When it was paused, if it is.
    pub paused_at: Option<i64>,
}

/// Writes a [`DayChange`] over the exam, and counts its version on.
pub fn change_exam(connection: &mut DbConnection, exam_id: &str, change: DayChange) -> Outcome<()> {
    expect_one(
        diesel::update(exams::table.find(exam_id))
            .set((
                exams::extended_seconds.eq(change.extended_seconds),
                exams::answers_until.eq(change.answers_until),
                exams::paused_at.eq(change.paused_at),
                exams::version.eq(exams::version + 1),
            ))
            .execute(connection)?,
        "the exam is gone",
    )
}

/// Adds a pause.
pub fn insert_pause(connection: &mut DbConnection, row: &PauseRow) -> Outcome<()> {
    diesel::insert_into(pauses::table).values(row).execute(connection)?;
    Ok(())
}

/// The pauses of an exam, the oldest first.
pub fn pauses(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<PauseRow>> {
    Ok(pauses::table
        .filter(pauses::exam_id.eq(exam_id))
        .order(pauses::paused_at)
        .select(PauseRow::as_select())
        .load(connection)?)
}

/// Ends the pause of an exam that is not ended yet.
pub fn end_pause(connection: &mut DbConnection, exam_id: &str, by: &str, at: i64) -> Outcome<()> {
    changed(
        diesel::update(pauses::table.filter(pauses::exam_id.eq(exam_id)).filter(pauses::resumed_at.is_null()))
            .set((pauses::resumed_by.eq(by), pauses::resumed_at.eq(at)))
            .execute(connection)?,
    )
}

/// An answer kept for review, with whose it is.
pub type KeptWithPerson = (KeptAnswerRow, String, String, String);

/// Answers of an exam that were kept for review, by their arrival: with person, name and unit.
pub fn kept_of_exam(connection: &mut DbConnection, exam_id: &str, unit_ids: &[String]) -> Outcome<Vec<KeptWithPerson>> {
    Ok(kept_answers::table
        .inner_join(attempts::table.on(attempts::id.eq(kept_answers::attempt_id)))
        .inner_join(
            roster::table.on(roster::exam_id.eq(attempts::exam_id).and(roster::person_id.eq(attempts::person_id))),
        )
        .inner_join(people::table.on(people::id.eq(attempts::person_id)))
        .filter(attempts::exam_id.eq(exam_id))
        .filter(roster::unit_id.eq_any(unit_ids))
        .order((kept_answers::received_at, kept_answers::id))
        .select((KeptAnswerRow::as_select(), people::id, people::name, roster::unit_id))
        .load(connection)?)
}

/// How many answers kept for review are not decided on. Those of attempts that were voided wait for nobody.
pub fn undecided(connection: &mut DbConnection, exam_id: &str) -> Outcome<i64> {
    Ok(kept_answers::table
        .inner_join(attempts::table.on(attempts::id.eq(kept_answers::attempt_id)))
        .filter(attempts::exam_id.eq(exam_id))
        .filter(attempts::state.ne("voided"))
        .filter(kept_answers::decision.is_null())
        .count()
        .get_result(connection)?)
}

/// One answer kept for review.
pub fn kept_answer(connection: &mut DbConnection, id: &str) -> Outcome<KeptAnswerRow> {
    Ok(kept_answers::table.find(id).select(KeptAnswerRow::as_select()).first(connection)?)
}

/// Decides on an answer kept for review. A second decision is a conflict.
pub fn decide_kept(
    connection: &mut DbConnection,
    id: &str,
    decision: &str,
    reason: &str,
    by: &str,
    at: i64,
) -> Outcome<()> {
    expect_one(
        diesel::update(kept_answers::table.find(id).filter(kept_answers::decision.is_null()))
            .set((
                kept_answers::decision.eq(decision),
                kept_answers::decision_reason.eq(reason),
                kept_answers::decided_by.eq(by),
                kept_answers::decided_at.eq(at),
            ))
            .execute(connection)?,
        "it was decided before",
    )
}

/// Adds notices.
pub fn insert_notices(connection: &mut DbConnection, rows: &[NoticeRow]) -> Outcome<()> {
    Ok(insert_all!(connection, notices::table, rows)?)
}

/// The notices of a person, the newest first.
pub fn notices(connection: &mut DbConnection, person_id: &str, limit: i64) -> Outcome<Vec<NoticeRow>> {
    Ok(notices::table
        .filter(notices::person_id.eq(person_id))
        .order((notices::created_at.desc(), notices::id.desc()))
        .limit(limit)
        .select(NoticeRow::as_select())
        .load(connection)?)
}

/// Notes that a person has read a notice.
pub fn read_notice(connection: &mut DbConnection, person_id: &str, id: &str, at: i64) -> Outcome<()> {
    changed(
        diesel::update(notices::table.find(id).filter(notices::person_id.eq(person_id)))
            .set(notices::read_at.eq(at))
            .execute(connection)?,
    )
}

/// Writes a node's line, and forgets nodes not seen since `forget_before`.
pub fn node_is_up(connection: &mut DbConnection, row: &NodeRow, forget_before: i64) -> Outcome<()> {
    if diesel::update(row).set(row).execute(connection)? == 0 {
        diesel::insert_into(nodes::table).values(row).execute(connection)?;
    }
    diesel::delete(nodes::table.filter(nodes::seen_at.lt(forget_before))).execute(connection)?;
    Ok(())
}

/// The nodes seen since an instant.
pub fn nodes(connection: &mut DbConnection, since: i64) -> Outcome<Vec<NodeRow>> {
    Ok(nodes::table.filter(nodes::seen_at.ge(since)).order(nodes::id).select(NodeRow::as_select()).load(connection)?)
}

/// How many attempts of an exam are in each state, by unit: unit, state, voiding, how many, and how many of them went
/// to another device at least once.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[allow(missing_docs, reason = "named in the doc comment")]
pub struct StateCount {
    #[diesel(sql_type = Text)]
    pub unit_id: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub voiding: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub attempts: i64,
    #[diesel(sql_type = BigInt)]
    pub moved: i64,
}

/// Counts the latest attempt of each person on the roster; who has none is `none`.
pub fn state_counts(connection: &mut DbConnection, exam_id: &str) -> Outcome<Vec<StateCount>> {
    Ok(diesel::sql_query(
        "SELECT r.unit_id AS unit_id,
                CASE WHEN r.status <> 'due' AND a.id IS NULL THEN r.status ELSE coalesce(a.state, 'none') END AS state,
                a.voiding AS voiding, count(*) AS attempts,
                count(CASE WHEN a.epoch > 1 THEN 1 END) AS moved
         FROM roster r
         LEFT JOIN attempts a ON a.exam_id = r.exam_id AND a.person_id = r.person_id
              AND a.attempt_number = (SELECT max(b.attempt_number) FROM attempts b
                                      WHERE b.exam_id = r.exam_id AND b.person_id = r.person_id)
         WHERE r.exam_id = $1
         GROUP BY 1, 2, 3",
    )
    .bind::<Text, _>(exam_id)
    .load(connection)?)
}

#[derive(QueryableByName)]
struct Leaver {
    #[diesel(sql_type = Text)]
    unit_id: String,
}

/// For each attempt at an exam with more than `most` leaves of its page, the unit of the person.
pub fn left_more_often(connection: &mut DbConnection, exam_id: &str, most: u32) -> Outcome<Vec<String>> {
    let rows: Vec<Leaver> = diesel::sql_query(
        "SELECT r.unit_id AS unit_id
         FROM roster r
         JOIN attempts a ON a.exam_id = r.exam_id AND a.person_id = r.person_id
         JOIN attempt_steps s ON s.attempt_id = a.id AND s.kind = 'left_screen'
         WHERE r.exam_id = $1
         GROUP BY a.id, r.unit_id
         HAVING count(*) > $2",
    )
    .bind::<Text, _>(exam_id)
    .bind::<BigInt, _>(i64::from(most))
    .load(connection)?;
    Ok(rows.into_iter().map(|row| row.unit_id).collect())
}
