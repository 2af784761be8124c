//! Rehearsals (演练): exams of virtual takers, kept apart by kind and status, and wiped as a whole.

use diesel::prelude::*;

use crate::schema::{
    accounts, answers, attempt_steps, attempts, exams, kept_answers, notices, past_receipts, past_scores, people,
    prepared_papers, roster, slot_marks,
};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// The kind of an exam of virtual takers, and the status of its people.
pub const REHEARSAL: &str = "rehearsal";

/// Rehearsals made before an instant.
pub fn made_before(connection: &mut DbConnection, instant: i64) -> Outcome<Vec<String>> {
    Ok(exams::table
        .filter(exams::kind.eq(REHEARSAL))
        .filter(exams::created_at.lt(instant))
        .order(exams::id)
        .select(exams::id)
        .load(connection)?)
}

/// Whether an exam that counts is open now.
pub fn is_exam_open(connection: &mut DbConnection, now: i64) -> Outcome<bool> {
    let open = exams::table
        .filter(exams::kind.ne_all([REHEARSAL, "trial"]))
        .filter(exams::state.eq("published"))
        .filter(exams::opens_at.le(now))
        .filter(exams::closes_at.gt(now));
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(connection)?)
}

/// Wipes a part of a rehearsal: some takers with all they did. Returns how many; none are left when it is fewer than
/// `limit`.
pub fn wipe_takers(connection: &mut DbConnection, exam_id: &str, limit: i64) -> Outcome<usize> {
    let takers: Vec<String> = roster::table
        .inner_join(people::table.on(people::id.eq(roster::person_id)))
        .filter(roster::exam_id.eq(exam_id))
        .filter(people::status.eq(REHEARSAL))
        .order(roster::person_id)
        .limit(limit)
        .select(roster::person_id)
        .load(connection)?;
    let sat: Vec<String> =
        attempts::table.filter(attempts::person_id.eq_any(&takers)).select(attempts::id).load(connection)?;
    diesel::delete(answers::table.filter(answers::attempt_id.eq_any(&sat))).execute(connection)?;
    diesel::delete(attempt_steps::table.filter(attempt_steps::attempt_id.eq_any(&sat))).execute(connection)?;
    diesel::delete(slot_marks::table.filter(slot_marks::attempt_id.eq_any(&sat))).execute(connection)?;
    diesel::delete(kept_answers::table.filter(kept_answers::attempt_id.eq_any(&sat))).execute(connection)?;
    diesel::delete(past_scores::table.filter(past_scores::attempt_id.eq_any(&sat))).execute(connection)?;
    diesel::delete(past_receipts::table.filter(past_receipts::attempt_id.eq_any(&sat))).execute(connection)?;
    diesel::delete(notices::table.filter(notices::person_id.eq_any(&takers))).execute(connection)?;
    diesel::delete(attempts::table.filter(attempts::id.eq_any(&sat))).execute(connection)?;
    let papers = prepared_papers::table
        .filter(prepared_papers::exam_id.eq(exam_id))
        .filter(prepared_papers::person_id.eq_any(&takers));
    diesel::delete(papers).execute(connection)?;
    diesel::delete(roster::table.filter(roster::exam_id.eq(exam_id)).filter(roster::person_id.eq_any(&takers)))
        .execute(connection)?;
    diesel::delete(accounts::table.filter(accounts::person_id.eq_any(&takers))).execute(connection)?;
    diesel::delete(people::table.filter(people::id.eq_any(&takers))).execute(connection)?;
    Ok(takers.len())
}

/// Deletes the exam of a rehearsal whose takers are gone.
pub fn delete(connection: &mut DbConnection, exam_id: &str) -> Outcome<()> {
    diesel::delete(exams::table.filter(exams::id.eq(exam_id)).filter(exams::kind.eq(REHEARSAL))).execute(connection)?;
    Ok(())
}
