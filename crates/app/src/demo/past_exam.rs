//! The exam of last year: papers by the program, answers by the response model of `measurement::simulate`.

use std::collections::BTreeMap;

use measurement::simulate::{
    Answer, Habits, ItemKind, ItemSpec, ResponseModel, SimulatedResponse, difficulty, effect, lures, respond,
    start_offset_seconds, taker,
};
use organisation::UnitId;
use question_bank::question::Answer as BankAnswer;
use serde_json::{Value, json};
use storage::answers::AnswerRow;
use storage::attempts::{AttemptRow, SlotMarkRow, StepRow};
use storage::organisation::PersonRow;

use super::{ROWS_AT_ONCE, SECOND_US, SEED};
use crate::bank::BankState;
use crate::clock::day;
use crate::directory::Directory;
use crate::exam_info::ExamInfo;
use crate::form::{Form, FormSlot};
use crate::marking::{MarkedSlot, finish, judge, mark_form, mark_rows};
use crate::regrade::rulings::Rulings;
use crate::{App, AppError, AppResult, new_id};

/// Spread of ability between people of one unit and rank, between units.
const PERSON_SD: f64 = 0.8;
const UNIT_SD: f64 = 0.35;
/// Spread of the whole population, for which a question's prior facility is meant.
const POPULATION_SD: f64 = 1.0;
/// How strongly a question tells people apart.
const DISCRIMINATION: f64 = 1.0;
/// How much better the people of the demo are than those whom the prior facilities were meant for.
const GENERAL_LEVEL: f64 = 0.9;
/// Days that the window of last year's exam was open.
const WINDOW_DAYS: i64 = 10;
const DAY_SECONDS: i64 = 86_400;
const OPENING_SECOND_OF_DAY: u64 = 9 * 3_600;

/// The mean ability of each analysis group.
fn rank_mean(group: &str) -> f64 {
    match group {
        "xiangkeji-zhengzhi" => 0.55,
        "xiangkeji-fuzhi" => 0.35,
        "yiban-ganbu" => 0.1,
        "shiye-guanli" => -0.1,
        "guoqi-guanli" => -0.2,
        "cun-shequ" => -0.6,
        _ => 0.0,
    }
}

/// What one taker leaves in the database.
#[derive(Default)]
struct Batch {
    attempts: Vec<AttemptRow>,
    answers: Vec<AnswerRow>,
    marks: Vec<SlotMarkRow>,
    steps: Vec<StepRow>,
}

impl App {
    /// Last year's exam: opened at nine on the same day a year ago, sat by simulated takers, marked by the program.
    pub(super) fn make_past_exam(&self) -> AppResult<()> {
        let opening_day = day(self.now()).saturating_sub(jiff::Span::new().days(365));
        let opens_at = opening_day
            .at(9, 0, 0, 0)
            .to_zoned_datetime(crate::clock::zone())
            .map_err(|error| AppError::corrupt("date", error))?
            .timestamp()
            .as_microsecond();
        let title = format!("{}年度纪法知识测试", opening_day.year());
        let row = self.demo_exam(&title, "best-of-three", "suce-20", opens_at, WINDOW_DAYS)?;
        let exam = ExamInfo::new(row)?;
        let bank = self.bank()?;
        let people = self.store().read(storage::organisation::people)?;
        let mut batch = Batch::default();
        for person in &people {
            self.sit(&bank, &exam, person, &mut batch)?;
            if batch.answers.len() >= ROWS_AT_ONCE * 4 {
                self.store_batch(std::mem::take(&mut batch))?;
            }
        }
        self.store_batch(batch)
    }

    fn store_batch(&self, batch: Batch) -> AppResult<()> {
        self.store().write(move |connection| {
            storage::attempts::insert(connection, &batch.attempts)?;
            storage::answers::insert(connection, &batch.answers)?;
            storage::attempts::insert_marks(connection, &batch.marks)?;
            storage::attempts::insert_steps(connection, &batch.steps)
        })?;
        Ok(())
    }

    fn sit(&self, bank: &BankState, exam: &ExamInfo, person: &PersonRow, batch: &mut Batch) -> AppResult<()> {
        let seed = SEED.as_bytes();
        let label = person.person_key.as_str();
        let last_start = u64::try_from(WINDOW_DAYS * DAY_SECONDS - exam.row.duration_seconds).unwrap_or(0);
        let Some(offset) = start_offset_seconds(seed, label, &Habits::default(), OPENING_SECOND_OF_DAY, last_start)
        else {
            return Ok(());
        };
        let started_at = exam.row.opens_at.saturating_add(i64::try_from(offset).unwrap_or(0).saturating_mul(SECOND_US));
        let form = self.form_for(exam, &person.id, 1)?;
        let mean = GENERAL_LEVEL
            + rank_mean(&person.rank_group)
            + effect(seed, &unit_code(&*self.directory()?, person), UNIT_SD);
        let who = taker(seed, label, mean, PERSON_SD);
        let specs = form.slots.iter().map(|slot| spec(bank, slot)).collect::<AppResult<Vec<_>>>()?;
        let responses = respond(seed, &ResponseModel::default(), &who, &specs);

        let attempt = new_id();
        let mut given: BTreeMap<i64, String> = BTreeMap::new();
        let mut at = started_at;
        for (slot, response) in form.slots.iter().zip(&responses) {
            let elapsed = i64::try_from(response.elapsed_ms).unwrap_or(0);
            at = at.saturating_add(elapsed.saturating_mul(1_000));
            let Some(value) = response_json(bank, slot, response)? else { continue };
            let text = value.to_string();
            given.insert(i64::from(slot.slot), text.clone());
            batch.answers.push(AnswerRow {
                attempt_id: attempt.clone(),
                slot: i64::from(slot.slot),
                epoch: 1,
                revision: 1,
                response_json: text,
                answered_at: Some(at),
                received_at: at,
                elapsed_ms: Some(elapsed),
                late: false,
            });
        }
        let texts: BTreeMap<i64, &str> = given.iter().map(|(slot, text)| (*slot, text.as_str())).collect();
        let marked = mark_form(bank, &form, exam.rules.multiple_rule, &Rulings::none(), &texts)?;
        self.keep_attempt(bank, exam, person, Sat { attempt, started_at, ended_at: at, form, marked }, batch)
    }

    fn keep_attempt(
        &self,
        bank: &BankState,
        exam: &ExamInfo,
        person: &PersonRow,
        sat: Sat,
        batch: &mut Batch,
    ) -> AppResult<()> {
        let deadline = sat.started_at.saturating_add(exam.row.duration_seconds.saturating_mul(SECOND_US));
        let ended_at = sat.ended_at.min(deadline);
        let outcome = judge(bank, exam, &sat.form, &sat.marked)?;
        let own: Vec<AnswerRow> = batch.answers.iter().filter(|row| row.attempt_id == sat.attempt).cloned().collect();
        let mut row = AttemptRow {
            id: sat.attempt.clone(),
            exam_id: exam.row.id.clone(),
            person_id: person.id.clone(),
            attempt_number: 1,
            state: "submitted".to_owned(),
            epoch: 1,
            device: None,
            slots: i64::try_from(sat.form.slots.len()).unwrap_or(0),
            paper_json: sat.form.to_json()?,
            started_at: sat.started_at,
            deadline,
            late_until: deadline.saturating_add(exam.rules.late_sync_seconds.saturating_mul(SECOND_US)),
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
            scores_generation: 1,
        };
        finish(&mut row, &sat.form, &own, &outcome, ended_at, ended_at, false)?;
        for (sequence, (kind, at)) in
            (1_i64..).zip([("started", sat.started_at), ("submitted", ended_at), ("marked", ended_at)])
        {
            batch.steps.push(StepRow {
                attempt_id: sat.attempt.clone(),
                sequence,
                kind: kind.to_owned(),
                at,
                detail_json: "{}".to_owned(),
            });
        }
        batch.marks.extend(mark_rows(&sat.attempt, &sat.marked));
        batch.attempts.push(row);
        Ok(())
    }
}

/// One sitting before it is stored.
struct Sat {
    attempt: String,
    started_at: i64,
    ended_at: i64,
    form: Form,
    marked: Vec<MarkedSlot>,
}

/// The code of a person's unit: ids are made anew in each demo, codes are not.
fn unit_code(directory: &Directory, person: &PersonRow) -> String {
    directory.tree.get(&UnitId::from(person.unit_id.as_str())).map(|unit| unit.code.clone()).unwrap_or_default()
}

/// A slot as the response model sees it, with options in the order of the bank.
fn spec(bank: &BankState, slot: &FormSlot) -> AppResult<ItemSpec> {
    let asked = slot.asked(bank)?;
    let index_of = |id: &str| asked.item.options().iter().position(|option| option.id.as_str() == id).unwrap_or(0);
    let kind = match &asked.item.answer {
        BankAnswer::Single { key, .. } => ItemKind::Single { right: index_of(key.as_str()) },
        BankAnswer::Multiple { key, .. } => {
            ItemKind::Multiple { right: key.iter().map(|id| index_of(id.as_str())).collect() }
        }
        BankAnswer::Judgement { key, .. } => ItemKind::Judgement { truth: *key },
        BankAnswer::Blank { key } => ItemKind::Blank { blanks: key.len() },
        BankAnswer::Essay { .. } => return Err(AppError::Internal("essays are not simulated".to_owned())),
    };
    Ok(ItemSpec {
        kind,
        weights: lures(SEED.as_bytes(), &slot.question, asked.item.options().len()),
        difficulty_b: difficulty(asked.question.prior_facility, DISCRIMINATION, POPULATION_SD),
        a: DISCRIMINATION,
    })
}

/// A simulated response as a phone would send it: in the letters of this form.
fn response_json(bank: &BankState, slot: &FormSlot, response: &SimulatedResponse) -> AppResult<Option<Value>> {
    let item = slot.asked(bank)?.item;
    Ok(match &response.answer {
        Answer::Omitted => None,
        Answer::Truth(truth) => Some(json!(truth)),
        Answer::Chosen(indexes) => {
            let mut letters: Vec<String> = indexes
                .iter()
                .filter_map(|index| item.options().get(*index))
                .filter_map(|option| slot.options.iter().position(|id| id == option.id.as_str()))
                .filter_map(|place| ('A'..='Z').nth(place))
                .map(|letter| letter.to_string())
                .collect();
            letters.sort();
            (!letters.is_empty()).then(|| json!(letters))
        }
        Answer::Blanks(right) => {
            let BankAnswer::Blank { key } = &item.answer else { return Ok(None) };
            let texts: Vec<String> = right
                .iter()
                .zip(key)
                .map(
                    |(is_right, equal)| {
                        if *is_right { equal.first().cloned().unwrap_or_default() } else { "不记得了".to_owned() }
                    },
                )
                .collect();
            Some(json!(texts))
        }
    })
}
