//! The data sets of a sealed exam: who was due and what became of each, the raw responses, the scores.

use std::collections::BTreeMap;

use analytics::{LakeColumn, LakeTable, Values};
use storage::answers::AnswerRow;
use storage::attempts::{AttemptRow, SlotMarkRow};
use storage::exams::RosterRow;

use crate::bank::BankState;
use crate::exam_info::ExamInfo;
use crate::figures::Sheet;
use crate::form::{Form, FormSlot};
use crate::{AppError, AppResult};

/// What is known of an exam when it is sealed.
pub(super) struct ExamData {
    pub(super) exam: ExamInfo,
    pub(super) roster: Vec<RosterRow>,
    pub(super) attempts: Vec<AttemptRow>,
    pub(super) answers: BTreeMap<(String, i64), AnswerRow>,
    pub(super) marks: Vec<SlotMarkRow>,
}

/// Collects a column row by row.
struct Build<T> {
    columns: Vec<(&'static str, Column<T>)>,
}

type TextOf<T> = Box<dyn Fn(&T) -> Option<String>>;
type WholeOf<T> = Box<dyn Fn(&T) -> Option<i64>>;

enum Column<T> {
    Text(TextOf<T>),
    Whole(WholeOf<T>),
    Flag(Box<dyn Fn(&T) -> bool>),
}

impl<T> Build<T> {
    fn new() -> Self {
        Self { columns: Vec::new() }
    }

    fn text(mut self, name: &'static str, of: impl Fn(&T) -> String + 'static) -> Self {
        self.columns.push((name, Column::Text(Box::new(move |row| Some(of(row))))));
        self
    }

    fn maybe_text(mut self, name: &'static str, of: impl Fn(&T) -> Option<String> + 'static) -> Self {
        self.columns.push((name, Column::Text(Box::new(of))));
        self
    }

    fn whole(mut self, name: &'static str, of: impl Fn(&T) -> i64 + 'static) -> Self {
        self.columns.push((name, Column::Whole(Box::new(move |row| Some(of(row))))));
        self
    }

    fn maybe_whole(mut self, name: &'static str, of: impl Fn(&T) -> Option<i64> + 'static) -> Self {
        self.columns.push((name, Column::Whole(Box::new(of))));
        self
    }

    fn flag(mut self, name: &'static str, of: impl Fn(&T) -> bool + 'static) -> Self {
        self.columns.push((name, Column::Flag(Box::new(of))));
        self
    }

    fn table(self, rows: &[T]) -> AppResult<LakeTable> {
        let columns = self
            .columns
            .into_iter()
            .map(|(name, column)| LakeColumn {
                name,
                values: match column {
                    Column::Text(of) => Values::Text(rows.iter().map(of).collect()),
                    Column::Whole(of) => Values::Whole(rows.iter().map(of).collect()),
                    Column::Flag(of) => Values::Flag(rows.iter().map(of).collect()),
                },
            })
            .collect();
        LakeTable::new(columns).map_err(|error| AppError::corrupt("lake", error))
    }
}

/// `roster/`: one row for each person on the roster.
pub(super) fn roster(data: &ExamData, sheet: &Sheet, year: i64) -> AppResult<LakeTable> {
    struct Row {
        place: RosterRow,
        state: &'static str,
        counting_marks_centi: Option<i64>,
    }
    let rows: Vec<Row> = data
        .roster
        .iter()
        .map(|place| Row {
            state: sheet.person_state(&place.person_id, &place.status),
            counting_marks_centi: sheet.marks(&place.person_id),
            place: place.clone(),
        })
        .collect();
    let exam = data.exam.row.id.clone();
    Build::new()
        .text("exam", move |_: &Row| exam.clone())
        .whole("year", move |_| year)
        .maybe_text("phase", |_| None)
        .text("person", |row| row.place.person_id.clone())
        .text("unit", |row| row.place.unit_id.clone())
        .text("unit_path", |row| row.place.unit_path.clone())
        .text("rank_group", |row| row.place.rank_group.clone())
        .text("groups", |row| row.place.groups_json.clone())
        .text("status", |row| row.place.status.clone())
        .text("state", |row| row.state.to_owned())
        .maybe_whole("counting_marks_centi", |row| row.counting_marks_centi)
        .table(&rows)
}

/// `responses/`: one row for each slot of each attempt, as it was handed in.
pub(super) fn responses(data: &ExamData, bank: &BankState, year: i64) -> AppResult<LakeTable> {
    struct Row {
        attempt: AttemptRow,
        slot: FormSlot,
        topic: String,
        law: String,
        level: String,
        kind: String,
        answer: Option<AnswerRow>,
    }
    let mut rows = Vec::new();
    for attempt in &data.attempts {
        for slot in Form::parse(&attempt.paper_json)?.slots {
            let asked = slot.asked(bank)?;
            rows.push(Row {
                topic: asked.question.topics.first().map(ToString::to_string).unwrap_or_default(),
                law: asked.item.citations.first().map(|citation| citation.law.to_string()).unwrap_or_default(),
                level: asked.question.level.as_str().to_owned(),
                kind: asked.item.kind().as_str().to_owned(),
                answer: data.answers.get(&(attempt.id.clone(), i64::from(slot.slot))).cloned(),
                attempt: AttemptRow { paper_json: String::new(), receipt_json: None, ..attempt.clone() },
                slot,
            });
        }
    }
    let exam = data.exam.row.id.clone();
    Build::new()
        .text("exam", move |_: &Row| exam.clone())
        .whole("year", move |_| year)
        .maybe_text("phase", |_| None)
        .text("attempt", |row| row.attempt.id.clone())
        .text("person", |row| row.attempt.person_id.clone())
        .whole("attempt_number", |row| row.attempt.attempt_number)
        .maybe_text("voiding", |row| row.attempt.voiding.clone())
        .whole("slot", |row| i64::from(row.slot.slot))
        .text("section", |row| row.slot.section.clone())
        .text("question", |row| row.slot.question.clone())
        .whole("version", |row| i64::from(row.slot.version))
        .whole("item", |row| i64::try_from(row.slot.item).unwrap_or(i64::MAX))
        .text("options", |row| row.slot.options.join(","))
        .text("topic", |row| row.topic.clone())
        .text("law", |row| row.law.clone())
        .text("level", |row| row.level.clone())
        .text("kind", |row| row.kind.clone())
        .maybe_text("response", |row| row.answer.as_ref().map(|answer| answer.response_json.clone()))
        .maybe_whole("epoch", |row| row.answer.as_ref().map(|answer| answer.epoch))
        .maybe_whole("revision", |row| row.answer.as_ref().map(|answer| answer.revision))
        .maybe_whole("answered_at_us", |row| row.answer.as_ref().and_then(|answer| answer.answered_at))
        .maybe_whole("received_at_us", |row| row.answer.as_ref().map(|answer| answer.received_at))
        .maybe_whole("elapsed_ms", |row| row.answer.as_ref().and_then(|answer| answer.elapsed_ms))
        .flag("late", |row| row.answer.as_ref().is_some_and(|answer| answer.late))
        .table(&rows)
}

/// `scores/`, one row for each attempt.
pub(super) fn attempt_scores(data: &ExamData) -> AppResult<LakeTable> {
    Build::new()
        .text("exam", |row: &AttemptRow| row.exam_id.clone())
        .text("attempt", |row| row.id.clone())
        .text("person", |row| row.person_id.clone())
        .whole("attempt_number", |row| row.attempt_number)
        .text("state", |row| row.state.clone())
        .maybe_text("voiding", |row| row.voiding.clone())
        .whole("started_at_us", |row| row.started_at)
        .maybe_whole("closed_at_us", |row| row.closed_at)
        .maybe_whole("answered", |row| row.answered)
        .maybe_whole("marks_centi", |row| row.marks_centi)
        .maybe_text("verdict", |row| row.verdict.clone())
        .maybe_text("band", |row| row.band.clone())
        .maybe_text("clause", |row| row.clause.clone())
        .whole("scores_generation", |row| row.scores_generation)
        .table(&data.attempts)
}

/// `scores/`, one row for each marked slot.
pub(super) fn slot_scores(data: &ExamData) -> AppResult<LakeTable> {
    let exam = data.exam.row.id.clone();
    Build::new()
        .text("exam", move |_: &SlotMarkRow| exam.clone())
        .text("attempt", |row| row.attempt_id.clone())
        .whole("slot", |row| row.slot)
        .whole("fraction_numerator", |row| row.fraction_num)
        .whole("fraction_denominator", |row| row.fraction_den)
        .whole("marks_centi", |row| row.marks_centi)
        .table(&data.marks)
}
