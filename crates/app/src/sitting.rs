//! What is due for a person, and the start of an attempt.

use api::Marks;
use api::attempt::{Assignment, Assignments, AttemptView, StartRequest};
use exam_session::release::marks_released;
use exam_session::screen::TooManyLeaves;
use exam_session::start::{Refusal, Try, attempts_left, attempts_used, may_start};
use exam_session::state::{AssignmentFacts, assignment_state, outcome};
use exam_session::verdict::{AttemptResult, PassFail, counting_attempt};
use exam_session::{
    AssignmentState, MarksCenti, Outcome, RosterStatus, StartDecision, StepKind, Takeover, deadline, late_until,
    takeover,
};
use jiff::Timestamp;
use jiff::civil::Date;
use scoring::MultipleRule;
use storage::attempts::AttemptRow;
use storage::exams::RosterRow;

use crate::clock::{day, from_micros, rfc3339};
use crate::exam_info::{ExamInfo, attempt_state, roster_status};
use crate::form::Form;
use crate::marking::{Closing, Ending, close, step_word};
use crate::starts::{Begun, Press};
use crate::{App, AppError, AppResult, Principal, new_id};

/// Characters of a device's own name at the most.
const DEVICE_CHARS: usize = 128;

/// An attempt as a start must know it.
///
/// # Errors
/// [`AppError::Internal`] for a stored word that is none.
pub(crate) fn as_try(row: &AttemptRow, now: Timestamp) -> AppResult<Try> {
    Ok(Try {
        number: u32::try_from(row.attempt_number).unwrap_or(u32::MAX),
        state: attempt_state(&row.state)?,
        annulled: row.voiding.as_deref() == Some("annulled"),
        deadline: from_micros(row.deadline_at(now.as_microsecond())),
        ended_at: row.closed_at.map(from_micros),
        passed: row.verdict.as_deref().map(|word| word == "passed"),
    })
}

/// The attempt that counts under the rules, of those that were marked.
pub(crate) fn counting<'a>(exam: &ExamInfo, attempts: &'a [AttemptRow]) -> Option<&'a AttemptRow> {
    let results: Vec<AttemptResult> = attempts
        .iter()
        .filter(|row| row.state != "answering" && row.voiding.as_deref() != Some("annulled"))
        .filter_map(|row| {
            Some(AttemptResult {
                number: u32::try_from(row.attempt_number).ok()?,
                verdict: if row.verdict.as_deref()? == "passed" { PassFail::Passed } else { PassFail::Failed },
                marks: MarksCenti::from_centi(row.marks_centi?),
            })
        })
        .collect();
    let number = counting_attempt(exam.rules.count, &results)?.number;
    attempts.iter().find(|row| row.attempt_number == i64::from(number))
}

impl App {
    /// What is due for the caller, and what was.
    ///
    /// # Errors
    /// What the database says.
    pub fn assignments(&self, principal: &Principal) -> AppResult<Assignments> {
        let now = self.now();
        let Some(person_id) = principal.person.as_deref() else {
            // An account of staff that belongs to no person: nothing is due for it.
            return Ok(Assignments { account: principal.account.clone(), items: Vec::new(), server_now: rfc3339(now) });
        };
        let (places, extensions, attempts, person) = self.store().read(|connection| {
            let places = storage::exams::places_of_person(connection, person_id)?;
            let exams: Vec<String> = places.iter().map(|(exam, _)| exam.id.clone()).collect();
            Ok::<_, AppError>((
                places,
                storage::exam_day::partial_extensions(connection, &exams)?,
                storage::attempts::all_of_person(connection, person_id)?,
                storage::organisation::person(connection, person_id)?,
            ))
        })?;
        let born = person.born.as_deref().and_then(first_day_of);
        let mut items = Vec::new();
        for (row, place) in places {
            let exam = ExamInfo::new(row)?.for_place(&place, &extensions);
            if exam.row.state == "draft" {
                continue;
            }
            let own: Vec<AttemptRow> =
                attempts.iter().filter(|attempt| attempt.exam_id == exam.row.id).cloned().collect();
            items.push(assignment(&exam, &place, &own, born, now)?);
        }
        let order = |state: &str| match state {
            "in_progress" => 0,
            "open" => 1,
            "upcoming" => 2,
            _ => 3,
        };
        items.sort_by(|a, b| {
            order(&a.state).cmp(&order(&b.state)).then_with(|| match order(&a.state) {
                0 | 1 => a.closes_at.cmp(&b.closes_at),
                2 => a.opens_at.cmp(&b.opens_at),
                _ => b.closes_at.cmp(&a.closes_at),
            })
        });
        Ok(Assignments { account: principal.account.clone(), items, server_now: rfc3339(now) })
    }

    /// Starts an attempt, or goes on with the open one: a second press never makes a second paper.
    ///
    /// The answer says whether the attempt is new.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an exam the person is not on; [`AppError::WindowNotOpen`] outside its window;
    /// [`AppError::Conflict`] when no attempt is left or one must wait.
    pub fn start(
        &self,
        principal: &Principal,
        exam_id: &str,
        request: &StartRequest,
    ) -> AppResult<(bool, AttemptView)> {
        let person = principal.person()?.to_owned();
        let device = request.device.clone().filter(|device| !device.is_empty());
        if device.as_ref().is_some_and(|device| device.chars().count() > DEVICE_CHARS) {
            return Err(AppError::invalid("device", format!("设备标识不超过 {DEVICE_CHARS} 个字符")));
        }
        let press = Press { exam: exam_id.to_owned(), person: person.clone(), device: device.clone() };
        if let Some(Begun { exam, attempt, form }) = self.start_first(&press)? {
            return Ok((true, self.attempt_view(&exam, &attempt, &form, &[])?));
        }
        let exam = self.exam_info(exam_id)?;
        let prepared = match self.decide_start(&exam, &person)? {
            StartDecision::New { number } => Some(self.form_for(&exam, &person, number)?),
            StartDecision::Resume { .. } => None,
            StartDecision::Refused(refusal) => return Err(refused(refusal)),
        };
        let (is_new, attempt) = match self.start_prepared(&exam, &person, device.clone(), prepared) {
            // Another press of the same person was first: its attempt is the one to go on with.
            Err(AppError::Conflict(_)) => self.start_prepared(&exam, &person, device, None)?,
            other => other?,
        };
        let answers = self.store().read(|connection| storage::answers::of_attempt(connection, &attempt.id))?;
        let mut view = self.attempt_view(&exam, &attempt, &Form::parse(&attempt.paper_json)?, &answers)?;
        if !is_new {
            view.screen_leaves = self.screen_leaves_view(&exam, Some(&attempt.id))?;
        }
        Ok((is_new, view))
    }

    fn decide_start(&self, exam: &ExamInfo, person: &str) -> AppResult<StartDecision> {
        let (place, extensions, attempts) = self.store().read(|connection| {
            let place = match storage::exams::place(connection, &exam.row.id, person) {
                Ok(place) => Some(place),
                Err(storage::StorageError::NotFound) => None,
                Err(other) => return Err(AppError::from(other)),
            };
            let extensions = storage::exam_day::partial_extensions(connection, std::slice::from_ref(&exam.row.id))?;
            Ok((place, extensions, storage::attempts::of_person(connection, &exam.row.id, person)?))
        })?;
        let own = match &place {
            Some(place) => exam.clone().for_place(place, &extensions),
            None => exam.clone(),
        };
        decide(&own, place.as_ref(), &attempts, self.now())
    }

    fn start_prepared(
        &self,
        exam: &ExamInfo,
        person: &str,
        device: Option<String>,
        prepared: Option<Form>,
    ) -> AppResult<(bool, AttemptRow)> {
        let now = self.now();
        let bank = self.bank()?;
        let exam = exam.clone();
        let person = person.to_owned();
        self.store().write(move |connection| {
            // The exam is read again: it may have been cancelled, paused or extended a moment ago.
            let mut exam = ExamInfo { row: storage::exams::exam_shared(connection, &exam.row.id)?, ..exam };
            let place = if exam.is_trial() {
                None
            } else {
                Some(
                    storage::exams::place_for_update(connection, &exam.row.id, &person)
                        .map_err(AppError::or_not_found("这场考试"))?,
                )
            };
            if let Some(place) = &place {
                let ids = std::slice::from_ref(&exam.row.id);
                let extensions = storage::exam_day::partial_extensions(connection, ids)?;
                exam = exam.for_place(place, &extensions);
            }
            let attempts = storage::attempts::of_person(connection, &exam.row.id, &person)?;
            match decide(&exam, place.as_ref(), &attempts, now)? {
                StartDecision::Refused(refusal) => Err(refused(refusal)),
                StartDecision::Resume { number } => {
                    let open = attempts
                        .into_iter()
                        .find(|row| row.attempt_number == i64::from(number))
                        .ok_or_else(|| AppError::Internal("the open attempt is gone".to_owned()))?;
                    resume(connection, open, device.as_deref(), now).map(|attempt| (false, attempt))
                }
                StartDecision::New { number } => {
                    let Some(form) = prepared else {
                        return Err(AppError::Conflict("请再按一次“开始”".to_owned()));
                    };
                    for open in attempts.into_iter().filter(|row| row.state == "answering") {
                        let attempt = storage::attempts::attempt_for_update(connection, &open.id)?;
                        let closing = vec![Closing { attempt, ending: Ending::ByDeadline }];
                        close(connection, &bank, &exam, closing, now.as_microsecond())?;
                    }
                    let attempt = new_attempt(&exam, &person, number, device.as_deref(), &form, now)?;
                    storage::attempts::insert(connection, std::slice::from_ref(&attempt))?;
                    let step = step_word(StepKind::Started);
                    storage::attempts::append_step(connection, &attempt.id, step, now.as_microsecond(), "{}")?;
                    Ok((true, attempt))
                }
            }
        })
    }
}

/// Whether a press of 开始 may begin an attempt, goes on with one, or is refused.
pub(crate) fn decide(
    exam: &ExamInfo,
    place: Option<&RosterRow>,
    attempts: &[AttemptRow],
    now: Timestamp,
) -> AppResult<StartDecision> {
    let tries = attempts.iter().map(|row| as_try(row, now)).collect::<AppResult<Vec<_>>>()?;
    let status = if exam.is_trial() {
        Some(RosterStatus::Due)
    } else {
        place.map(|place| roster_status(&place.status)).transpose()?
    };
    Ok(may_start(&exam.rules, &exam.facts(), status, &tries, now))
}

/// A refusal in the contract's terms.
pub(crate) fn refused(refusal: Refusal) -> AppError {
    let message = refusal.to_string();
    match refusal {
        Refusal::NotOnRoster => AppError::NotFound("这场考试（或您不在名单内，请联系本单位联络员）"),
        Refusal::NotOpenYet(_) | Refusal::Closed(_) | Refusal::Cancelled | Refusal::Paused => {
            AppError::WindowNotOpen(message)
        }
        _ => AppError::Conflict(message),
    }
}

fn resume(
    connection: &mut storage::DbConnection,
    open: AttemptRow,
    device: Option<&str>,
    now: Timestamp,
) -> AppResult<AttemptRow> {
    let mut attempt = storage::attempts::attempt_for_update(connection, &open.id)?;
    let now_us = now.as_microsecond();
    match takeover(attempt.epoch, attempt.device.as_deref(), device) {
        Takeover::Same { .. } => {
            if attempt.device.is_none() && device.is_some() {
                attempt.device = device.map(str::to_owned);
                storage::attempts::update(connection, &attempt)?;
            }
            storage::attempts::append_step(connection, &attempt.id, step_word(StepKind::Resumed), now_us, "{}")?;
        }
        Takeover::TakenOver { epoch } => {
            attempt.epoch = epoch;
            attempt.device = device.map(str::to_owned);
            storage::attempts::update(connection, &attempt)?;
            let detail = serde_json::json!({ "epoch": epoch }).to_string();
            let step = step_word(StepKind::TakenOver);
            storage::attempts::append_step(connection, &attempt.id, step, now_us, &detail)?;
        }
    }
    Ok(attempt)
}

/// An attempt that begins now.
pub(crate) fn new_attempt(
    exam: &ExamInfo,
    person: &str,
    number: u32,
    device: Option<&str>,
    form: &Form,
    now: Timestamp,
) -> AppResult<AttemptRow> {
    let window = exam.window();
    let ends = deadline(now, window.duration_seconds, window.closes_at, exam.rules.full_duration, 0);
    Ok(AttemptRow {
        id: new_id(),
        exam_id: exam.row.id.clone(),
        person_id: person.to_owned(),
        attempt_number: i64::from(number),
        state: "answering".to_owned(),
        epoch: 1,
        device: device.map(str::to_owned),
        slots: i64::try_from(form.slots.len()).unwrap_or(0),
        paper_json: form.to_json()?,
        started_at: now.as_microsecond(),
        deadline: ends.as_microsecond(),
        late_until: late_until(ends, exam.rules.late_sync_seconds).as_microsecond(),
        closed_at: None,
        voiding: None,
        receipt: None,
        receipt_json: None,
        answered: None,
        marks_centi: None,
        verdict: None,
        band: None,
        clause: None,
        marked_at: None,
        held_since: None,
        scores_generation: exam.row.scores_generation,
    })
}

fn assignment(
    exam: &ExamInfo,
    place: &RosterRow,
    attempts: &[AttemptRow],
    born: Option<Date>,
    now: Timestamp,
) -> AppResult<Assignment> {
    let tries = attempts.iter().map(|row| as_try(row, now)).collect::<AppResult<Vec<_>>>()?;
    let live =
        attempts.iter().zip(&tries).find(|(_, one)| one.is_live(exam.rules.late_sync_seconds, now)).map(|(row, _)| row);
    let counted = counting(exam, attempts);
    let released =
        counted.is_some_and(|row| marks_released(&exam.rules, &exam.release_facts(row, live.is_some()), now));
    let ended = attempts.iter().filter(|row| row.voiding.as_deref() != Some("annulled")).count();
    let facts = AssignmentFacts {
        exam: exam.state(now),
        status: roster_status(&place.status)?,
        answering: live.is_some(),
        ended: u32::try_from(ended.saturating_sub(usize::from(live.is_some()))).unwrap_or(u32::MAX),
        passed: counted.and_then(|row| row.verdict.as_deref()).map(|word| word == "passed"),
        marks_released: released,
    };
    let window = exam.window();
    Ok(Assignment {
        exam: exam.row.id.clone(),
        title: exam.row.title.clone(),
        kind: exam.row.kind.clone(),
        opens_at: rfc3339(exam.opens_at()),
        closes_at: rfc3339(window.closes_at),
        duration_seconds: window.duration_seconds,
        questions: exam.row.questions,
        pass_marks: Marks(exam.rules.pass_marks.centi()),
        marks_max: Marks(exam.row.marks_max_centi),
        state: assignment_word(assignment_state(&facts)).to_owned(),
        outcome: outcome_word(outcome(&facts)).to_owned(),
        released,
        attempts_used: i64::from(attempts_used(&tries)),
        attempts_left: i64::from(attempts_left(&exam.rules, &tries)),
        attempt: live.or(attempts.last()).map(|row| row.id.clone()),
        result_attempt: counted.filter(|_| released).map(|row| row.id.clone()),
        instructions: instructions(exam),
        open_book: exam.rules.is_open_book(born, day(from_micros(exam.row.opens_at))),
    })
}

/// What an examinee must know of the marking before the start.
fn instructions(exam: &ExamInfo) -> Option<String> {
    let multiple = match exam.rules.multiple_rule {
        MultipleRule::AllOrNothing => "多选题全部选对才得分。",
        MultipleRule::PartialWithoutWrong => "多选题漏选得部分分，选错不得分。",
        MultipleRule::PerChoice => "多选题逐项判分，过半正确才得分。",
    };
    let minima: Vec<String> = exam
        .rules
        .section_minima
        .iter()
        .map(|minimum| format!("“{}”不低于 {} 分", minimum.section, minimum.from))
        .collect();
    let mut text = multiple.to_owned();
    if !minima.is_empty() {
        text.push_str(&format!("合格另需{}。", minima.join("、")));
    }
    if !exam.rules.must_be_right.is_empty() {
        text.push_str("有必对题，答错即不合格。");
    }
    if let Some(rule) = &exam.rules.screen_leaves {
        let then = match rule.then {
            TooManyLeaves::Record => "超过的由考务人员核查处理",
            TooManyLeaves::HandIn => "再离开即自动交卷，已作答的照常计分",
        };
        text.push_str(&format!(
            "作答时请不要离开本页面：切换应用或关屏 {} 秒以上记一次，最多 {} 次，{then}。",
            rule.from_seconds, rule.most
        ));
    }
    Some(text)
}

/// The first day of a stored month of birth, `1985-07`.
pub(crate) fn first_day_of(month: &str) -> Option<Date> {
    format!("{month}-01").parse().ok()
}

fn assignment_word(state: AssignmentState) -> &'static str {
    match state {
        AssignmentState::Upcoming => "upcoming",
        AssignmentState::Open => "open",
        AssignmentState::InProgress => "in_progress",
        AssignmentState::Submitted => "submitted",
        AssignmentState::Closed => "closed",
    }
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::None => "none",
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::Absent => "absent",
        Outcome::Deferred => "deferred",
        Outcome::Exempt => "exempt",
    }
}
