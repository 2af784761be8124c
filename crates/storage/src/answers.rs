//! The register of answers: for each slot of an attempt the latest (epoch, revision).

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use exam_session::AttemptState;
use exam_session::save::{
    IncomingAnswer, InvalidSave, SaveFacts, SaveOrder, SaveOutcome as Decision, StoredAnswer, decide_save,
};
use jiff::Timestamp;

use crate::batch::insert_all;
use crate::schema::{answers, attempts, kept_answers};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// An answer as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = answers)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct AnswerRow {
    pub attempt_id: String,
    pub slot: i64,
    pub epoch: i64,
    pub revision: i64,
    pub response_json: String,
    pub answered_at: Option<i64>,
    pub received_at: i64,
    pub elapsed_ms: Option<i64>,
    pub late: bool,
}

/// An answer that came after the late-sync time, or after submission: kept, for a person to decide on.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = kept_answers)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct KeptAnswerRow {
    pub id: String,
    pub attempt_id: String,
    pub slot: i64,
    pub epoch: i64,
    pub revision: i64,
    pub response_json: String,
    pub answered_at: Option<i64>,
    pub received_at: i64,
    /// `admitted` or `rejected`; none while it is open.
    pub decision: Option<String>,
    pub decision_reason: Option<String>,
    pub decided_by: Option<String>,
    pub decided_at: Option<i64>,
}

/// One answer on its way in. Its slot and response were checked against the paper before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveRequest {
    /// Id that the answer gets if it has to be kept apart.
    pub id: String,
    /// Whose.
    pub attempt_id: String,
    /// From 1.
    pub slot: i64,
    /// The epoch of the device; none means the current one.
    pub epoch: Option<i64>,
    /// Counted by the phone, for each slot.
    pub revision: i64,
    /// Canonical JSON; `null` for cleared.
    pub response_json: String,
    /// The phone's claim, already clamped. Decides nothing.
    pub answered_at: Option<i64>,
    /// The server's clock.
    pub received_at: i64,
    /// Time the question was in view, as the phone says.
    pub elapsed_ms: Option<i64>,
}

/// What became of a [`SaveRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveOutcome {
    /// It is the answer now (or was already, when sent again).
    Stored(Saved),
    /// A newer answer stands.
    Superseded(Saved),
    /// The device's epoch is over, and the newer device has answered this slot.
    TakenOver(Saved),
    /// The attempt is over.
    Closed {
        /// Whether the answer was put aside for a person to decide on.
        kept_for_review: bool,
    },
    /// It can never be stored.
    Invalid(InvalidSave),
    /// There is no such attempt.
    NoAttempt,
    /// The database refused this one row.
    Failed,
}

/// The answer that a slot holds now, and the attempt's deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The stored answer.
    pub answer: AnswerRow,
    /// The deadline of the attempt, microseconds UTC.
    pub deadline: i64,
}

#[derive(Queryable, QueryableByName)]
#[diesel(table_name = attempts)]
struct AttemptFacts {
    id: String,
    state: String,
    epoch: i64,
    slots: i64,
    deadline: i64,
    late_until: i64,
    held_since: Option<i64>,
}

impl AttemptFacts {
    /// The deadline as it stands when something arrives: while the clock is held it moves along.
    fn deadline_at(&self, received_at: i64) -> i64 {
        let held = self.held_since.map_or(0, |since| received_at.saturating_sub(since).max(0));
        self.deadline.saturating_add(held)
    }

    fn for_decision(&self, received_at: i64) -> SaveFacts {
        SaveFacts {
            state: attempt_state(&self.state),
            epoch: self.epoch,
            deadline: instant(self.deadline_at(received_at)),
            late_sync_seconds: self.late_until.saturating_sub(self.deadline) / MICROS,
            slots: u32::try_from(self.slots).unwrap_or(0),
        }
    }
}

const MICROS: i64 = 1_000_000;

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}

/// A stored state. What is not known is over: nothing is written to it.
fn attempt_state(text: &str) -> AttemptState {
    match text {
        "answering" => AttemptState::Answering,
        "submitted" => AttemptState::Submitted,
        "auto_submitted" => AttemptState::AutoSubmitted,
        _ => AttemptState::Voided,
    }
}

/// Writes a batch inside the caller's transaction; the outcomes are in the order of the requests.
///
/// State, deadline and epoch of each attempt are read here, under a share lock on PostgreSQL (a submission
/// takes an exclusive one), so that no save lands after a submission on any node. Attempts are locked and
/// rows written in the order of (attempt, slot), so that batches of two nodes cannot deadlock.
pub fn save_answers(connection: &mut DbConnection, batch: &[SaveRequest]) -> Outcome<Vec<SaveOutcome>> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let facts = attempt_facts(connection, batch)?;
    let mut current = stored_answers(connection, batch)?;
    let mut dirty: BTreeMap<(String, i64), AnswerRow> = BTreeMap::new();
    let mut kept = Vec::new();
    let mut outcomes = Vec::with_capacity(batch.len());
    for request in batch {
        let Some(attempt) = facts.get(&request.attempt_id) else {
            outcomes.push(SaveOutcome::NoAttempt);
            continue;
        };
        let key = (request.attempt_id.clone(), request.slot);
        let stored = current.get(&key);
        let decided = decide(attempt, request, stored);
        let deadline = attempt.deadline_at(request.received_at);
        let saved = |answer: &AnswerRow| Saved { answer: answer.clone(), deadline };
        let outcome = match (decided, stored) {
            (Decision::Stored { late }, _) => {
                let row = new_row(attempt, request, late);
                let outcome = SaveOutcome::Stored(saved(&row));
                current.insert(key.clone(), row.clone());
                dirty.insert(key, row);
                outcome
            }
            (Decision::AlreadyStored, Some(stored)) => SaveOutcome::Stored(saved(stored)),
            (Decision::Superseded, Some(stored)) => SaveOutcome::Superseded(saved(stored)),
            (Decision::TakenOver, Some(stored)) => SaveOutcome::TakenOver(saved(stored)),
            (Decision::Closed { kept_for_review }, _) => {
                if kept_for_review {
                    kept.push(keep(request, attempt));
                }
                SaveOutcome::Closed { kept_for_review }
            }
            (Decision::Invalid(invalid), _) => SaveOutcome::Invalid(invalid),
            (Decision::AlreadyStored | Decision::Superseded | Decision::TakenOver, None) => SaveOutcome::Failed,
        };
        outcomes.push(outcome);
    }
    let rows: Vec<AnswerRow> = dirty.into_values().collect();
    upsert(connection, &rows)?;
    let new = not_kept_yet(connection, kept)?;
    insert_all!(connection, kept_answers::table, new.as_slice())?;
    Ok(outcomes)
}

/// Those that are not kept already: a phone sends until it hears an answer.
fn not_kept_yet(connection: &mut DbConnection, rows: Vec<KeptAnswerRow>) -> Outcome<Vec<KeptAnswerRow>> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let attempts: Vec<String> = rows.iter().map(|row| row.attempt_id.clone()).collect();
    let known: Vec<KeptAnswerRow> = kept_answers::table
        .filter(kept_answers::attempt_id.eq_any(attempts))
        .select(KeptAnswerRow::as_select())
        .load(connection)?;
    let content =
        |row: &KeptAnswerRow| (row.attempt_id.clone(), row.slot, row.epoch, row.revision, row.response_json.clone());
    let mut seen: BTreeSet<_> = known.iter().map(content).collect();
    Ok(rows.into_iter().filter(|row| seen.insert(content(row))).collect())
}

fn decide(attempt: &AttemptFacts, request: &SaveRequest, stored: Option<&AnswerRow>) -> Decision {
    let incoming = IncomingAnswer {
        slot: u32::try_from(request.slot).unwrap_or(0),
        epoch: request.epoch,
        revision: request.revision,
        response: request.response_json.as_str(),
        received_at: instant(request.received_at),
    };
    let stored = stored.map(|row| StoredAnswer {
        order: SaveOrder { epoch: row.epoch, revision: row.revision },
        response: row.response_json.as_str(),
    });
    decide_save(&attempt.for_decision(request.received_at), &incoming, stored.as_ref())
}

fn new_row(attempt: &AttemptFacts, request: &SaveRequest, late: bool) -> AnswerRow {
    AnswerRow {
        attempt_id: request.attempt_id.clone(),
        slot: request.slot,
        epoch: request.epoch.unwrap_or(attempt.epoch),
        revision: request.revision,
        response_json: request.response_json.clone(),
        answered_at: request.answered_at,
        received_at: request.received_at,
        elapsed_ms: request.elapsed_ms,
        late,
    }
}

fn keep(request: &SaveRequest, attempt: &AttemptFacts) -> KeptAnswerRow {
    KeptAnswerRow {
        id: request.id.clone(),
        attempt_id: request.attempt_id.clone(),
        slot: request.slot,
        epoch: request.epoch.unwrap_or(attempt.epoch),
        revision: request.revision,
        response_json: request.response_json.clone(),
        answered_at: request.answered_at,
        received_at: request.received_at,
        decision: None,
        decision_reason: None,
        decided_by: None,
        decided_at: None,
    }
}

fn attempt_facts(connection: &mut DbConnection, batch: &[SaveRequest]) -> Outcome<BTreeMap<String, AttemptFacts>> {
    let mut ids: Vec<&str> = batch.iter().map(|row| row.attempt_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let found: Vec<AttemptFacts> = match connection {
        // As many ids as there are: a statement with a parameter for each would be read anew for each batch.
        DbConnection::Sqlite(c) => diesel::sql_query(
            "SELECT id, state, epoch, slots, deadline, late_until, held_since
             FROM attempts WHERE id IN (SELECT value FROM json_each(?))",
        )
        .bind::<Text, _>(json(&ids)?)
        .load(c)?,
        DbConnection::Postgres(c) => attempts::table
            .filter(attempts::id.eq_any(ids))
            .order(attempts::id)
            .select((
                attempts::id,
                attempts::state,
                attempts::epoch,
                attempts::slots,
                attempts::deadline,
                attempts::late_until,
                attempts::held_since,
            ))
            .for_share()
            .load(c)?,
    };
    Ok(found.into_iter().map(|facts| (facts.id.clone(), facts)).collect())
}

fn stored_answers(connection: &mut DbConnection, batch: &[SaveRequest]) -> Outcome<BTreeMap<(String, i64), AnswerRow>> {
    let mut keys: Vec<(&str, i64)> = batch.iter().map(|row| (row.attempt_id.as_str(), row.slot)).collect();
    keys.sort_unstable();
    keys.dedup();
    let rows: Vec<AnswerRow> = match connection {
        // The keys lead: each is looked up.
        DbConnection::Sqlite(c) => diesel::sql_query(
            "SELECT a.* FROM json_each(?) AS wanted
             CROSS JOIN answers a ON a.attempt_id = wanted.value ->> 0 AND a.slot = wanted.value ->> 1",
        )
        .bind::<Text, _>(json(&keys)?)
        .load(c)?,
        DbConnection::Postgres(c) => {
            let (ids, slots): (Vec<&str>, Vec<i64>) = keys.into_iter().unzip();
            diesel::sql_query(
                "SELECT a.* FROM answers a
                 JOIN unnest($1, $2) AS wanted (attempt_id, slot) USING (attempt_id, slot)",
            )
            .bind::<Array<Text>, _>(ids)
            .bind::<Array<BigInt>, _>(slots)
            .load(c)?
        }
    };
    Ok(rows.into_iter().map(|row| ((row.attempt_id.clone(), row.slot), row)).collect())
}

const UPDATE_TAIL: &str = "ON CONFLICT (attempt_id, slot) DO UPDATE SET
     epoch = excluded.epoch, revision = excluded.revision, response_json = excluded.response_json,
     answered_at = excluded.answered_at, received_at = excluded.received_at,
     elapsed_ms = excluded.elapsed_ms, late = excluded.late
     WHERE (excluded.epoch, excluded.revision) > (answers.epoch, answers.revision)";

/// Writes answers over older ones. The database repeats the comparison, so that two nodes agree.
fn upsert(connection: &mut DbConnection, rows: &[AnswerRow]) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match connection {
        // Diesel reads an INSERT anew each time; this one is read once for a batch.
        DbConnection::Sqlite(c) => {
            let values: Vec<_> = rows
                .iter()
                .map(|row| {
                    let AnswerRow { attempt_id, slot, epoch, revision, response_json, .. } = row;
                    let (answered_at, received_at, elapsed_ms) = (row.answered_at, row.received_at, row.elapsed_ms);
                    (attempt_id, slot, epoch, revision, response_json, answered_at, received_at, elapsed_ms, row.late)
                })
                .collect();
            diesel::sql_query(format!(
                "INSERT INTO answers (attempt_id, slot, epoch, revision, response_json, answered_at, received_at,
                                      elapsed_ms, late)
                 SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                        value ->> 7, value ->> 8
                 FROM json_each(?) WHERE true {UPDATE_TAIL}"
            ))
            .bind::<Text, _>(json(&values)?)
            .execute(c)?;
        }
        DbConnection::Postgres(c) => {
            diesel::sql_query(format!(
                "INSERT INTO answers SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) {UPDATE_TAIL}"
            ))
            .bind::<Array<Text>, _>(column(rows, |row| row.attempt_id.as_str()))
            .bind::<Array<BigInt>, _>(column(rows, |row| row.slot))
            .bind::<Array<BigInt>, _>(column(rows, |row| row.epoch))
            .bind::<Array<BigInt>, _>(column(rows, |row| row.revision))
            .bind::<Array<Text>, _>(column(rows, |row| row.response_json.as_str()))
            .bind::<Array<Nullable<BigInt>>, _>(column(rows, |row| row.answered_at))
            .bind::<Array<BigInt>, _>(column(rows, |row| row.received_at))
            .bind::<Array<Nullable<BigInt>>, _>(column(rows, |row| row.elapsed_ms))
            .bind::<Array<Bool>, _>(column(rows, |row| row.late))
            .execute(c)?;
        }
    }
    Ok(())
}

fn json(values: &impl serde::Serialize) -> Outcome<String> {
    serde_json::to_string(values)
        .map_err(|error| StorageError::Query(diesel::result::Error::SerializationError(Box::new(error))))
}

fn column<'a, T>(rows: &'a [AnswerRow], field: impl Fn(&'a AnswerRow) -> T) -> Vec<T> {
    rows.iter().map(field).collect()
}

/// The answers of an attempt, by slot.
pub fn of_attempt(connection: &mut DbConnection, attempt_id: &str) -> Outcome<Vec<AnswerRow>> {
    Ok(answers::table
        .filter(answers::attempt_id.eq(attempt_id))
        .order(answers::slot)
        .select(AnswerRow::as_select())
        .load(connection)?)
}

/// The answers of some attempts.
pub fn of_attempts(connection: &mut DbConnection, attempt_ids: &[String]) -> Outcome<Vec<AnswerRow>> {
    Ok(answers::table
        .filter(answers::attempt_id.eq_any(attempt_ids))
        .select(AnswerRow::as_select())
        .load(connection)?)
}

/// Adds answers that were made elsewhere (the demo district).
pub fn insert(connection: &mut DbConnection, rows: &[AnswerRow]) -> Outcome<()> {
    Ok(insert_all!(connection, answers::table, rows)?)
}

/// Answers of an attempt that were kept apart, in the order they came.
pub fn kept(connection: &mut DbConnection, attempt_id: &str) -> Outcome<Vec<KeptAnswerRow>> {
    Ok(kept_answers::table
        .filter(kept_answers::attempt_id.eq(attempt_id))
        .order((kept_answers::received_at, kept_answers::id))
        .select(KeptAnswerRow::as_select())
        .load(connection)?)
}

/// Writes an answer that a person admitted, if no newer one stands.
pub fn admit(connection: &mut DbConnection, row: &AnswerRow) -> Outcome<()> {
    upsert(connection, std::slice::from_ref(row))
}
