//! Marking again (重新评分): a change of a key is a second run over the raw responses. Both results stay, with the reason,
//! and whoever is affected gets a notice.

mod questions;
pub(crate) mod rulings;
mod runs;

use std::collections::BTreeMap;

use api::Marks;
use api::exam_day::Score;
use exam_session::StepKind;
use exam_session::release::marks_released;
use serde_json::json;
use storage::DbConnection;
use storage::attempts::AttemptRow;
use storage::scores::PastScoreRow;

use self::rulings::Rulings;
use crate::bank::BankState;
use crate::clock::from_micros;
use crate::exam_day::notice;
use crate::exam_info::ExamInfo;
use crate::form::Form;
use crate::marking::{MarkedSlot, judge, mark_form, mark_rows, step_word, verdict_word};
use crate::{AppError, AppResult};

/// What an attempt earned before and earns now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remarked {
    pub(crate) before: Score,
    pub(crate) after: Score,
}

impl Remarked {
    pub(crate) fn is_changed(&self) -> bool {
        self.before != self.after
    }
}

/// The stored score of an attempt.
pub(crate) fn score_of(row: &AttemptRow) -> Score {
    Score {
        marks: Marks(row.marks_centi.unwrap_or_default()),
        verdict: row.verdict.clone().unwrap_or_default(),
        band: row.band.clone().unwrap_or_default(),
    }
}

/// What an attempt earns under some rulings, from its stored responses.
pub(crate) fn remark(
    connection: &mut DbConnection,
    bank: &BankState,
    exam: &ExamInfo,
    rulings: &Rulings,
    attempt: &AttemptRow,
) -> AppResult<(exam_session::Verdict, Vec<MarkedSlot>, i64)> {
    let form = Form::parse(&attempt.paper_json)?;
    let answers = storage::answers::of_attempt(connection, &attempt.id)?;
    let given: BTreeMap<i64, &str> = answers.iter().map(|row| (row.slot, row.response_json.as_str())).collect();
    let marked = mark_form(bank, &form, exam.rules.multiple_rule, rulings, &given)?;
    let outcome = judge(bank, exam, &form, &marked)?;
    let answered = answers.iter().filter(|row| row.response_json != "null").count();
    Ok((outcome, marked, i64::try_from(answered).unwrap_or(i64::MAX)))
}

/// The score of a verdict.
pub(crate) fn score_by(outcome: &exam_session::Verdict) -> Score {
    Score {
        marks: Marks(outcome.marks_centi.centi()),
        verdict: verdict_word(outcome.verdict).to_owned(),
        band: outcome.band.clone(),
    }
}

/// Marks an attempt again and stores it; what it had is put aside when anything differs. The caller holds the row, and
/// the exam against changes of its generation.
pub(crate) fn mark_again(
    connection: &mut DbConnection,
    bank: &BankState,
    exam: &ExamInfo,
    mut attempt: AttemptRow,
    reason: &str,
    now_us: i64,
) -> AppResult<Remarked> {
    let rulings = Rulings::load(connection, bank, &exam.row.id)?;
    let (outcome, marked, answered) = remark(connection, bank, exam, &rulings, &attempt)?;
    let change = Remarked { before: score_of(&attempt), after: score_by(&outcome) };
    let stored = storage::attempts::marks(connection, &attempt.id)?;
    let rows = mark_rows(&attempt.id, &marked);
    if change.is_changed() || stored != rows {
        put_score_aside(connection, &attempt, reason, now_us)?;
        storage::scores::delete_marks(connection, &attempt.id)?;
        storage::attempts::insert_marks(connection, &rows)?;
        attempt.marks_centi = Some(outcome.marks_centi.centi());
        attempt.verdict = Some(verdict_word(outcome.verdict).to_owned());
        attempt.band = Some(outcome.band.clone());
        attempt.clause = Some(outcome.clause.clone());
        attempt.answered = Some(answered);
        attempt.marked_at = Some(now_us);
        let detail = json!({ "generation": exam.row.scores_generation, "reason": reason }).to_string();
        storage::attempts::append_step(connection, &attempt.id, step_word(StepKind::Marked), now_us, &detail)?;
    }
    attempt.scores_generation = exam.row.scores_generation;
    storage::attempts::update(connection, &attempt)?;
    if change.is_changed() {
        // Numbers are told only to whom they are released.
        let release = exam.release_facts(&attempt, false);
        let body = if marks_released(&exam.rules, &release, from_micros(now_us)) {
            told(exam, &change, reason)
        } else {
            format!("“{}”有更正，公布成绩时以更正后为准。原因：{reason}", exam.row.title)
        };
        let told = notice(&attempt.person_id, &attempt.exam_id, Some(&attempt.id), "score_changed", body, now_us);
        storage::exam_day::insert_notices(connection, &[told])?;
    }
    Ok(change)
}

fn told(exam: &ExamInfo, change: &Remarked, reason: &str) -> String {
    let word = |score: &Score| if score.verdict == "passed" { "合格" } else { "不合格" };
    format!(
        "您在“{}”的成绩已更正：由 {} 分（{}）改为 {} 分（{}）。原因：{reason}",
        exam.row.title,
        text_of(change.before.marks),
        word(&change.before),
        text_of(change.after.marks),
        word(&change.after),
    )
}

fn text_of(marks: Marks) -> String {
    let Marks(centi) = marks;
    match (centi / 100, centi % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        (whole, rest) => format!("{whole}.{rest:02}"),
    }
}

/// Keeps what an attempt has earned so far, slot by slot.
pub(crate) fn put_score_aside(
    connection: &mut DbConnection,
    attempt: &AttemptRow,
    reason: &str,
    now_us: i64,
) -> AppResult<()> {
    let marks = storage::attempts::marks(connection, &attempt.id)?;
    let slots: Vec<_> =
        marks.iter().map(|row| json!([row.slot, row.fraction_num, row.fraction_den, row.marks_centi])).collect();
    storage::scores::keep_score(
        connection,
        &PastScoreRow {
            attempt_id: attempt.id.clone(),
            sequence: 0,
            scores_generation: attempt.scores_generation,
            marks_centi: attempt.marks_centi.unwrap_or_default(),
            verdict: attempt.verdict.clone().unwrap_or_default(),
            band: attempt.band.clone().unwrap_or_default(),
            clause: attempt.clause.clone().unwrap_or_default(),
            marked_at: attempt.marked_at.unwrap_or_default(),
            slots_json: serde_json::to_string(&slots).map_err(|error| AppError::corrupt("slots", error))?,
            reason: reason.to_owned(),
            replaced_at: now_us,
        },
    )?;
    Ok(())
}
