//! Mastery (掌握情况): the share of what could be got, by unit, rank, topic, law and level, from the first sittings of
//! an exam that is over. Small cells and their complements are decided once for an exam.

mod output;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex};

use analytics::{Dimension, MasteryQuery, MasteryRow, ResponseRow, ResponseTable, RollUp};
use api::figures::{Mastery, MasteryRow as MasteryRowView};
use measurement::disclosure::Shown;
use organisation::{Role, UnitId};

use crate::bank::BankState;
use crate::directory::{Directory, LIST_RANK_GROUPS};
use crate::exam_info::ExamInfo;
use crate::form::Form;
use crate::{App, AppError, AppResult, Principal};

/// Roles that see mastery.
const MASTERY_ROLES: &[Role] = &[Role::Analyst, Role::Supervisor, Role::Leader];
/// Exams whose tables are kept in memory.
const TABLES_KEPT: usize = 4;
/// Dimensions of a table at the most.
const DIMENSIONS_MOST: usize = 3;

/// What the figures of an exam are computed from. It never changes once the exam is over.
pub(crate) struct ExamTable {
    table: ResponseTable,
    shown: Shown,
    persons: usize,
}

/// Tables of the exams asked for lately.
#[derive(Default)]
pub(crate) struct MasteryCache(Mutex<Vec<(String, Arc<ExamTable>)>>);

/// Whose figures are asked for.
#[derive(Debug, Clone)]
pub enum Reach {
    /// Everybody's: the command line, or a scope that holds the top.
    Everything,
    /// Those of these units with all below them.
    Units(Vec<String>),
}

impl App {
    /// The table of mastery as the contract gives it.
    ///
    /// # Errors
    /// [`AppError::Conflict`] before the exam is over; [`AppError::Invalid`] for an unknown dimension.
    pub fn mastery(&self, principal: &Principal, exam: &str, by: &str) -> AppResult<Mastery> {
        let exam = self.exam_for_figures(principal, exam)?;
        self.mastery_within(&exam, &self.reach(principal)?, by)
    }

    /// As [`App::mastery`], for whoever has the files.
    ///
    /// # Errors
    /// As [`App::mastery`].
    pub fn mastery_of_everybody(&self, exam: &str, by: &str) -> AppResult<Mastery> {
        self.mastery_within(&self.exam_info(exam)?, &Reach::Everything, by)
    }

    fn reach(&self, principal: &Principal) -> AppResult<Reach> {
        let directory = self.directory()?;
        let scope = principal.scope(MASTERY_ROLES);
        let whole = directory.tree.top().is_some_and(|top| scope.units.contains(&top.id));
        if whole {
            return Ok(Reach::Everything);
        }
        Ok(Reach::Units(scope.units.into_iter().map(UnitId::into_string).collect()))
    }

    fn mastery_within(&self, exam: &ExamInfo, reach: &Reach, by: &str) -> AppResult<Mastery> {
        let dimensions = parse_by(by)?;
        let directory = self.directory()?;
        let bank = self.bank()?;
        let rows = self.mastery_rows(exam, reach, &dimensions)?;
        Ok(Mastery {
            by: dimensions.iter().map(|dimension| dimension.name().to_owned()).collect(),
            rows: rows.into_iter().map(|row| row_view(&directory, &bank, row)).collect(),
        })
    }

    fn mastery_rows(&self, exam: &ExamInfo, reach: &Reach, by: &[Dimension]) -> AppResult<Vec<MasteryRow>> {
        if !exam.is_over(self.now()) {
            return Err(AppError::Conflict("考试全部结束后才能分析掌握情况，请稍后再看".to_owned()));
        }
        let table = self.exam_table(exam)?;
        let everybody = match reach {
            Reach::Everything => None,
            Reach::Units(units) => match units.as_slice() {
                [unit] => Some(unit.as_str()),
                _ if by.contains(&Dimension::Unit) => None,
                _ => {
                    return Err(AppError::invalid("by", "您联系多个单位，请按单位（unit）分组查看"));
                }
            },
        };
        let is_shown = |unit: Option<&str>, rank: Option<&str>| table.shown.is_shown(unit.or(everybody), rank);
        let query = MasteryQuery { by, roll_up: RollUp::Path, scope: everybody, is_shown: &is_shown };
        let mut rows = analytics::mastery(&table.table, &query).map_err(|error| AppError::corrupt("mastery", error))?;
        if let Reach::Units(units) = reach
            && by.contains(&Dimension::Unit)
        {
            let inside: BTreeSet<String> = self.units_then(&exam.row.id, units)?.into_iter().collect();
            rows.retain(|row| row.unit.as_ref().is_some_and(|unit| inside.contains(unit)));
        }
        Ok(rows)
    }

    fn exam_table(&self, exam: &ExamInfo) -> AppResult<Arc<ExamTable>> {
        // Marks change when an attempt is closed, marked again, voided or reopened: a table is good for the marks that
        // it was made from.
        let sittings = self.store().read(|connection| storage::exams::sittings(connection, &exam.row.id))?;
        let mut marks = DefaultHasher::new();
        for row in sittings.iter().filter(|row| row.marks_centi.is_some()) {
            (&row.attempt_id, row.marks_centi, &row.voiding).hash(&mut marks);
        }
        let key = format!("{}@{}:{}", exam.row.id, exam.row.scores_generation, marks.finish());
        if let Ok(kept) = self.inner.mastery.0.lock()
            && let Some((_, table)) = kept.iter().find(|(known, _)| *known == key)
        {
            return Ok(Arc::clone(table));
        }
        let table = Arc::new(self.build_table(exam, sittings)?);
        if let Ok(mut kept) = self.inner.mastery.0.lock() {
            kept.retain(|(known, _)| !known.starts_with(&format!("{}@", exam.row.id)));
            if kept.len() >= TABLES_KEPT {
                kept.remove(0);
            }
            kept.push((key, Arc::clone(&table)));
        }
        Ok(table)
    }

    fn build_table(&self, exam: &ExamInfo, sittings: Vec<storage::exams::Sitting>) -> AppResult<ExamTable> {
        let bank = self.bank()?;
        let directory = self.directory()?;
        // The first sitting of each person that ended with at least one answer, void ones left out.
        let mut first: BTreeMap<String, storage::exams::Sitting> = BTreeMap::new();
        for row in sittings {
            let counts = row.attempt_state.as_deref().is_some_and(|state| state != "answering")
                && row.voiding.is_none()
                && row.answered.is_some_and(|answered| answered > 0)
                && row.marks_centi.is_some();
            if counts && !first.contains_key(&row.person_id) {
                first.insert(row.person_id.clone(), row);
            }
        }
        let by_attempt: BTreeMap<&str, &storage::exams::Sitting> =
            first.values().filter_map(|row| Some((row.attempt_id.as_deref()?, row))).collect();
        let (attempts, answers) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::attempts::of_exam(connection, &exam.row.id)?,
                storage::attempts::marked_answers(connection, &exam.row.id)?,
            ))
        })?;
        let mut forms: BTreeMap<String, Form> = BTreeMap::new();
        for attempt in attempts.iter().filter(|attempt| by_attempt.contains_key(attempt.id.as_str())) {
            forms.insert(attempt.id.clone(), Form::parse(&attempt.paper_json)?);
        }
        let mut rows = Vec::new();
        for answer in &answers {
            let Some(sitting) = by_attempt.get(answer.attempt_id.as_str()) else { continue };
            let Some(form) = forms.get(&answer.attempt_id) else { continue };
            rows.push(response_row(&bank, form, sitting, answer)?);
        }
        let table = ResponseTable::from_rows(&rows).map_err(|error| AppError::corrupt("responses", error))?;
        let takers = first.values().map(|row| (row.unit_path.as_str(), row.rank_group.as_str()));
        let shown = crate::disclosure::decide(&directory, takers)?;
        Ok(ExamTable { table, shown, persons: first.len() })
    }
}

fn parse_by(by: &str) -> AppResult<Vec<Dimension>> {
    let mut dimensions = Vec::new();
    for name in by.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let dimension = Dimension::parse(name).ok_or_else(|| {
            AppError::invalid("by", format!("没有“{name}”这种分组，可用 unit、rank、topic、law、level"))
        })?;
        if !dimensions.contains(&dimension) {
            dimensions.push(dimension);
        }
    }
    if dimensions.len() > DIMENSIONS_MOST {
        return Err(AppError::invalid("by", format!("一次最多按 {DIMENSIONS_MOST} 个维度分组")));
    }
    Ok(dimensions)
}

fn response_row(
    bank: &BankState,
    form: &Form,
    sitting: &storage::exams::Sitting,
    answer: &storage::attempts::MarkedAnswer,
) -> AppResult<ResponseRow> {
    let slot = form
        .slot(answer.slot)
        .ok_or_else(|| AppError::Internal(format!("attempt {} has no slot {}", answer.attempt_id, answer.slot)))?;
    let asked = slot.asked(bank)?;
    let citation = asked.item.citations.first();
    #[expect(clippy::as_conversions, reason = "numerator and denominator are counts of options or blanks")]
    let fraction = answer.fraction_num as f64 / answer.fraction_den as f64;
    Ok(ResponseRow {
        attempt: answer.attempt_id.clone(),
        person: sitting.person_id.clone(),
        unit_path: sitting.unit_path.clone(),
        unit: sitting.unit_id.clone(),
        rank: sitting.rank_group.clone(),
        question: slot.question.clone(),
        version: slot.version,
        slot: slot.slot,
        topic: asked.question.topics.first().map(ToString::to_string).unwrap_or_default(),
        law: citation.map(|citation| citation.law.to_string()).unwrap_or_default(),
        level: asked.question.level.as_str().to_owned(),
        kind: asked.item.kind().as_str().to_owned(),
        fraction,
        marks_centi: answer.marks_centi,
        marks_max_centi: slot.marks_centi,
        elapsed_ms: answer.elapsed_ms.and_then(|elapsed| u64::try_from(elapsed).ok()),
        chosen: answer.response_json.clone().filter(|text| text != "null"),
    })
}

fn level_title(level: &str) -> &str {
    match level {
        "recall" => "识记",
        "understanding" => "理解",
        "application" => "运用",
        other => other,
    }
}

fn row_view(directory: &Directory, bank: &BankState, row: MasteryRow) -> MasteryRowView {
    let law_title = |law: &str| {
        bank.register
            .editions()
            .filter(|edition| edition.law.as_str() == law)
            .last()
            .map_or_else(|| law.to_owned(), |edition| edition.short_title.clone())
    };
    let number = |count: Option<u64>| count.and_then(|count| i64::try_from(count).ok());
    MasteryRowView {
        unit_name: row.unit.as_deref().map(|unit| directory.unit_name(unit)),
        rank_title: row.rank.as_deref().map(|rank| directory.title(LIST_RANK_GROUPS, rank)),
        topic_title: row.topic.as_deref().map(|topic| bank.topic_title(topic)),
        law_title: row.law.as_deref().map(law_title),
        level_title: row.level.as_deref().map(|level| level_title(level).to_owned()),
        unit: row.unit,
        rank: row.rank,
        topic: row.topic,
        law: row.law,
        level: row.level,
        persons: number(row.persons),
        responses: number(row.responses),
        facility: row.facility,
        low: row.low,
        high: row.high,
        suppressed: row.suppressed,
    }
}
