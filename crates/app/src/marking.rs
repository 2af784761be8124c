//! Closing an attempt and marking it, in one transaction: by the person's hand-in, or by the deadline.

use std::collections::{BTreeMap, BTreeSet};

use api::attempt::SubmissionReply;
use exam_session::verdict::{PassFail, SlotMark, verdict};
use exam_session::{MarksCenti, StepKind};
use question_bank::canonical_json;
use scoring::{Fraction, MultipleRule, Response, mark_centi};
use serde_json::{Value, json};
use storage::DbConnection;
use storage::answers::AnswerRow;
use storage::attempts::{AttemptRow, NewStep, SlotMarkRow};

use crate::bank::BankState;
use crate::clock::rfc3339_micros;
use crate::exam_info::ExamInfo;
use crate::form::{Form, FormSlot};
use crate::regrade::rulings::Rulings;
use crate::secrets::{random_code, sha256_hex};
use crate::{AppError, AppResult};

/// Letters and digits of a receipt number.
const RECEIPT_CHARS: usize = 12;

/// How an attempt ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The person hands in.
    ByPerson {
        /// After the deadline, within the late-sync time.
        late: bool,
    },
    /// Its time was over.
    ByDeadline,
}

/// One marked slot.
#[derive(Debug, Clone)]
pub(crate) struct MarkedSlot {
    pub(crate) slot: u32,
    pub(crate) fraction: Fraction,
    pub(crate) marks_centi: i64,
}

/// Marks a form under the rules and rulings of an exam, given the stored responses by slot.
///
/// # Errors
/// [`AppError::Internal`] when a response does not belong to its key: nothing is marked then.
pub(crate) fn mark_form(
    bank: &BankState,
    form: &Form,
    rule: MultipleRule,
    rulings: &Rulings,
    responses: &BTreeMap<i64, &str>,
) -> AppResult<Vec<MarkedSlot>> {
    form.slots
        .iter()
        .map(|slot| {
            let response = responses.get(&i64::from(slot.slot)).copied();
            let fraction = slot_fraction(bank, slot, rule, rulings, response)?;
            Ok(MarkedSlot { slot: slot.slot, fraction, marks_centi: mark_centi(fraction, slot.marks_centi) })
        })
        .collect()
}

fn slot_fraction(
    bank: &BankState,
    slot: &FormSlot,
    rule: MultipleRule,
    rulings: &Rulings,
    response: Option<&str>,
) -> AppResult<Fraction> {
    let key = slot.key(bank)?.ok_or_else(|| AppError::Internal(format!("slot {} is marked by hand", slot.slot)))?;
    let response = response.map_or(Ok(Response::Cleared), |text| slot.response(bank, text))?;
    rulings.fraction(slot, &key, &response, rule)
}

/// An attempt that ends, and how.
pub(crate) struct Closing {
    /// As read under a lock; it must be answering.
    pub(crate) attempt: AttemptRow,
    pub(crate) ending: Ending,
}

/// Ends attempts of one exam and marks them. The caller holds the exam against changes and the attempts' rows; `exam`
/// is as read under that lock. The replies are in the order of the closings.
///
/// # Errors
/// [`AppError::Internal`] when one of them cannot be marked; the transaction is then undone as a whole.
pub(crate) fn close(
    connection: &mut DbConnection,
    bank: &BankState,
    exam: &ExamInfo,
    closings: Vec<Closing>,
    now_us: i64,
) -> AppResult<Vec<SubmissionReply>> {
    if closings.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = closings.iter().map(|closing| closing.attempt.id.clone()).collect();
    let given = answers_by_attempt(connection, &ids)?;
    // Every ruling counts the generation on: the first one has none.
    let rulings = match exam.row.scores_generation {
        1 => Rulings::none(),
        _ => Rulings::load(connection, bank, &exam.row.id)?,
    };
    let (mut ended, mut marks, mut steps, mut replies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for Closing { mut attempt, ending } in closings {
        let form = Form::parse(&attempt.paper_json)?;
        let answers = given.get(&attempt.id).map(Vec::as_slice).unwrap_or_default();
        let responses: BTreeMap<i64, &str> = answers.iter().map(|row| (row.slot, row.response_json.as_str())).collect();
        let marked = mark_form(bank, &form, exam.rules.multiple_rule, &rulings, &responses)?;
        let outcome = judge(bank, exam, &form, &marked)?;
        let (state, step, ended_at, late) = match ending {
            Ending::ByPerson { late } => ("submitted", StepKind::Submitted, now_us, late),
            Ending::ByDeadline => ("auto_submitted", StepKind::AutoSubmitted, attempt.deadline_at(now_us), false),
        };
        attempt.state = state.to_owned();
        attempt.scores_generation = exam.row.scores_generation;
        let reply = finish(&mut attempt, &form, answers, &outcome, ended_at, now_us, late)?;
        let new_step = |kind: StepKind, detail: Value| NewStep {
            attempt_id: attempt.id.clone(),
            kind: step_word(kind).to_owned(),
            at: now_us,
            detail_json: detail.to_string(),
        };
        steps.push(new_step(step, json!({ "late": late, "answered": reply.answered })));
        steps.push(new_step(StepKind::Marked, json!({})));
        marks.extend(mark_rows(&attempt.id, &marked));
        ended.push(attempt);
        replies.push(reply);
    }
    storage::attempts::write_ends(connection, &ended)?;
    storage::attempts::insert_marks(connection, &marks)?;
    storage::attempts::append_steps(connection, steps)?;
    Ok(replies)
}

/// The stored answers of some attempts, each by slot.
pub(crate) fn answers_by_attempt(
    connection: &mut DbConnection,
    ids: &[String],
) -> AppResult<BTreeMap<String, Vec<AnswerRow>>> {
    let mut found: BTreeMap<String, Vec<AnswerRow>> = BTreeMap::new();
    for row in storage::answers::of_attempts(connection, ids)? {
        found.entry(row.attempt_id.clone()).or_default().push(row);
    }
    for rows in found.values_mut() {
        rows.sort_by_key(|row| row.slot);
    }
    Ok(found)
}

/// Writes the end of an attempt into its row: when it ended, what was answered, the verdict, the receipt.
pub(crate) fn finish(
    attempt: &mut AttemptRow,
    form: &Form,
    answers: &[AnswerRow],
    outcome: &exam_session::Verdict,
    ended_at: i64,
    marked_at: i64,
    late: bool,
) -> AppResult<SubmissionReply> {
    let given: BTreeSet<i64> = answers.iter().filter(|row| row.response_json != "null").map(|row| row.slot).collect();
    let unanswered: Vec<i64> =
        form.slots.iter().map(|slot| i64::from(slot.slot)).filter(|slot| !given.contains(slot)).collect();
    let reply = SubmissionReply {
        receipt: random_code(RECEIPT_CHARS),
        submitted_at: rfc3339_micros(ended_at),
        answered: i64::try_from(form.slots.len().saturating_sub(unanswered.len())).unwrap_or(0),
        unanswered,
        late,
    };
    attempt.closed_at = Some(ended_at);
    attempt.receipt = Some(reply.receipt.clone());
    attempt.receipt_json = Some(receipt_json(attempt, answers, &reply)?);
    attempt.answered = Some(reply.answered);
    attempt.marks_centi = Some(outcome.marks_centi.centi());
    attempt.verdict = Some(verdict_word(outcome.verdict).to_owned());
    attempt.band = Some(outcome.band.clone());
    attempt.clause = Some(outcome.clause.clone());
    attempt.marked_at = Some(marked_at);
    attempt.held_since = None;
    Ok(reply)
}

/// The verdict on marked slots.
pub(crate) fn judge(
    bank: &BankState,
    exam: &ExamInfo,
    form: &Form,
    marked: &[MarkedSlot],
) -> AppResult<exam_session::Verdict> {
    let slots = form
        .slots
        .iter()
        .zip(marked)
        .map(|(slot, mark)| {
            Ok(SlotMark {
                slot: slot.slot,
                section: &slot.section,
                kind: slot.kind(bank)?,
                question: &slot.question,
                marks: MarksCenti::from_centi(mark.marks_centi),
                correct: mark.fraction.is_one(),
            })
        })
        .collect::<AppResult<Vec<_>>>()?;
    Ok(verdict(&exam.rules, &slots))
}

/// The rows of marked slots.
pub(crate) fn mark_rows(attempt: &str, marked: &[MarkedSlot]) -> Vec<SlotMarkRow> {
    marked
        .iter()
        .map(|mark| SlotMarkRow {
            attempt_id: attempt.to_owned(),
            slot: i64::from(mark.slot),
            fraction_num: mark.fraction.numerator(),
            fraction_den: mark.fraction.denominator(),
            marks_centi: mark.marks_centi,
        })
        .collect()
}

/// What a receipt proves: a digest over what was stored when the paper was handed in, and the reply itself.
fn receipt_json(attempt: &AttemptRow, answers: &[AnswerRow], reply: &SubmissionReply) -> AppResult<String> {
    let held: Vec<Value> =
        answers.iter().map(|row| json!([row.slot, row.epoch, row.revision, row.response_json])).collect();
    let content = json!({
        "attempt": attempt.id,
        "exam": attempt.exam_id,
        "submitted_at": reply.submitted_at,
        "answers": held,
    });
    let body = json!({ "reply": reply, "digest": sha256_hex(canonical_json(&content).as_bytes()) });
    serde_json::to_string(&body).map_err(|error| AppError::corrupt("receipt", error))
}

/// The reply kept in a receipt.
///
/// # Errors
/// [`AppError::Internal`] when the attempt has none.
pub(crate) fn kept_reply(attempt: &AttemptRow) -> AppResult<(SubmissionReply, String)> {
    let text = attempt
        .receipt_json
        .as_deref()
        .ok_or_else(|| AppError::Internal(format!("attempt {} has no receipt", attempt.id)))?;
    let mut body: Value = serde_json::from_str(text).map_err(|error| AppError::corrupt("receipt", error))?;
    let digest = body.get("digest").and_then(Value::as_str).unwrap_or_default().to_owned();
    let reply = body
        .get_mut("reply")
        .map(Value::take)
        .ok_or_else(|| AppError::Internal("receipt without a reply".to_owned()))?;
    let reply = serde_json::from_value(reply).map_err(|error| AppError::corrupt("receipt", error))?;
    Ok((reply, digest))
}

/// The contract's word of a verdict.
pub(crate) fn verdict_word(verdict: PassFail) -> &'static str {
    match verdict {
        PassFail::Passed => "passed",
        PassFail::Failed => "failed",
    }
}

/// The stored word of a step.
pub(crate) fn step_word(step: StepKind) -> &'static str {
    match step {
        StepKind::Started => "started",
        StepKind::Resumed => "resumed",
        StepKind::TakenOver => "taken_over",
        StepKind::LeftScreen => "left_screen",
        StepKind::Extended => "extended",
        StepKind::Submitted => "submitted",
        StepKind::AutoSubmitted => "auto_submitted",
        StepKind::Marked => "marked",
        StepKind::AnswerKept => "answer_kept",
        StepKind::AnswerAdmitted => "answer_admitted",
        StepKind::Voided => "voided",
        StepKind::Reopened => "reopened",
    }
}
