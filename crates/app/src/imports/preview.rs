//! What a manager sees before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use exchange::roster::ParsedRoster;
use organisation::id_number;
use organisation::roster::{Field, ParsedRow};
use serde_json::{Value, json};

use super::people::PlannedImport;
use super::rows::Corrections;
use crate::exams::to_value;
use crate::{AppError, AppResult};

/// Lines of people that a preview shows.
const PREVIEW_ROWS: usize = 500;
/// Units that it shows.
const PREVIEW_UNITS: usize = 200;
/// Rows with problems that can be corrected in place.
const PROBLEM_ROWS: usize = 500;

/// The report, the people and units that change, and the rows that want a look, each with the number by which it is
/// corrected.
pub(super) fn people_preview(planned: &PlannedImport, corrections: &Corrections) -> AppResult<Value> {
    let PlannedImport { plan, parsed, .. } = planned;
    let numbers = parsed.numbers();
    let number = |sheet: &str, row: u32| numbers.get(&(sheet, row)).copied();
    let mut preview = to_value(&plan.report())?;
    let object = preview.as_object_mut().ok_or_else(|| AppError::Internal("a preview is an object".to_owned()))?;
    if let Some(problems) = object.get_mut("problems").and_then(Value::as_array_mut) {
        for (shown, problem) in problems.iter_mut().zip(&plan.problems) {
            let n = problem.sheet.as_deref().zip(problem.row).and_then(|(sheet, row)| number(sheet, row));
            let column = Field::ALL.into_iter().find(|field| problem.field.as_deref() == Some(field.title()));
            if let Some(shown) = shown.as_object_mut() {
                shown.insert("n".to_owned(), json!(n));
                shown.insert("column".to_owned(), json!(column.map(Field::slug)));
            }
        }
    }
    object.insert("rows".to_owned(), to_value(&plan.preview_rows(PREVIEW_ROWS, &number))?);
    object.insert("units_changed".to_owned(), to_value(&plan.preview_units(PREVIEW_UNITS))?);
    let doubtful: BTreeSet<u64> = plan
        .problems
        .iter()
        .filter_map(|problem| number(problem.sheet.as_deref()?, problem.row?))
        .chain(corrections.keys().copied())
        .collect();
    object.insert("problem_rows".to_owned(), Value::Array(problem_rows(parsed, &doubtful, corrections)));
    let skipped = corrections.values().filter(|correction| correction.skip).count();
    object.insert("corrected".to_owned(), json!(corrections.len() - skipped));
    object.insert("skipped".to_owned(), json!(skipped));
    Ok(preview)
}

fn problem_rows(parsed: &ParsedRoster, doubtful: &BTreeSet<u64>, corrections: &Corrections) -> Vec<Value> {
    let people = u64::try_from(parsed.rows.len()).unwrap_or(u64::MAX);
    doubtful
        .iter()
        .take(PROBLEM_ROWS)
        .filter_map(|n| {
            let row = parsed.row(*n)?;
            let correction = corrections.get(n);
            Some(json!({
                "n": n,
                "sheet": row.sheet,
                "row": row.row,
                "of_units": *n > people,
                "skipped": correction.is_some_and(|correction| correction.skip),
                "corrected": correction.is_some_and(|correction| !correction.fields.is_empty()),
                "fields": shown_fields(row),
            }))
        })
        .collect()
}

/// The values of a row; of an ID number only its ends.
fn shown_fields(row: &ParsedRow) -> BTreeMap<&'static str, String> {
    row.fields
        .iter()
        .map(|(field, value)| match field {
            Field::IdNumber => (field.slug(), id_number::mask(value)),
            _ => (field.slug(), value.clone()),
        })
        .collect()
}
