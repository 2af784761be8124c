//! Correcting a row by hand before it is taken: by the same rules as a cell of the file.

use super::clean::{self, Trouble};
use super::sheet::born_by_id;
use super::{ParsedRoster, ParsedRow};
use crate::grid::Cell;
use organisation::roster::{Field, Problem, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a person changed in one row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// New values by column; none clears the cell.
    #[serde(default)]
    pub fields: BTreeMap<Field, Option<String>>,
    /// Leave the row out: it changes nobody, and nobody leaves for it.
    #[serde(default)]
    pub skip: bool,
}

/// A value that cannot stand, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongValue {
    /// Its column.
    pub field: Field,
    /// What is wrong and what to do.
    pub reason: String,
}

impl ParsedRoster {
    /// How many rows can be corrected: those of people, then those of units, counted from 1.
    pub fn row_count(&self) -> u64 {
        u64::try_from(self.rows.len() + self.unit_rows.len()).unwrap_or(u64::MAX)
    }

    /// The numbers of all rows, by sheet and row.
    pub fn numbers(&self) -> BTreeMap<(&str, u32), u64> {
        let rows = self.rows.iter().chain(&self.unit_rows);
        rows.zip(1..).map(|(row, number)| ((row.sheet.as_str(), row.row), number)).collect()
    }

    /// A row by its number.
    pub fn row(&self, number: u64) -> Option<&ParsedRow> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.rows.iter().chain(&self.unit_rows).nth(place)
    }

    /// Puts a correction in the place of what the file says. Nothing is changed when a value is wrong.
    ///
    /// # Errors
    /// Every value that cannot stand.
    pub fn correct(&mut self, number: u64, correction: &Correction) -> Result<(), Vec<WrongValue>> {
        let Some(place) = usize::try_from(number).ok().and_then(|n| n.checked_sub(1)) else { return Ok(()) };
        let people = self.rows.len();
        let of_units = place >= people;
        let found = if of_units { self.unit_rows.get_mut(place - people) } else { self.rows.get_mut(place) };
        let Some(row) = found else { return Ok(()) };
        let (sheet, line) = (row.sheet.clone(), row.row);
        let is_of_row = |problem: &Problem| problem.row == Some(line) && problem.sheet.as_deref() == Some(&sheet);
        if correction.skip {
            row.refused = true;
            self.problems.retain(|problem| !is_of_row(problem));
            return Ok(());
        }
        let (fields, noted) = corrected(row, correction, of_units)?;
        row.fields = fields;
        let touched = |problem: &Problem| {
            let field = problem.field.as_deref();
            correction.fields.keys().any(|own| field == Some(own.title()))
        };
        self.problems.retain(|problem| !(is_of_row(problem) && touched(problem)));
        for (field, trouble) in noted {
            let value = row.fields.get(&field).map(String::as_str);
            self.problems.push(Problem::of_row(&sheet, line, Some(field), value, trouble.severity, trouble.reason));
        }
        let wrong = |problem: &Problem| is_of_row(problem) && problem.severity == Severity::Error;
        row.refused = self.problems.iter().any(wrong);
        Ok(())
    }
}

type Corrected = (BTreeMap<Field, String>, Vec<(Field, Trouble)>);

/// The values of the row after the correction, and what is doubtful in them.
fn corrected(row: &ParsedRow, correction: &Correction, of_units: bool) -> Result<Corrected, Vec<WrongValue>> {
    let mut after = row.clone();
    let (mut wrong, mut noted) = (Vec::new(), Vec::new());
    for (field, value) in &correction.fields {
        let field = *field;
        if of_units && !Field::OF_UNITS.contains(&field) {
            wrong.push(WrongValue { field, reason: format!("单位表里没有“{}”这一列", field.title()) });
            continue;
        }
        let cell = Cell::Text(value.clone().unwrap_or_default());
        let taken = match clean::value(field, &cell) {
            Ok(taken) => taken,
            // Somebody is looking: a value that would be left out of a file is refused here.
            Err(trouble) if trouble.severity == Severity::Error || trouble.taken.is_none() => {
                wrong.push(WrongValue { field, reason: trouble.reason });
                continue;
            }
            Err(trouble) => {
                let taken = trouble.taken.clone();
                noted.push((field, trouble));
                taken
            }
        };
        match taken {
            Some(value) => drop(after.fields.insert(field, value)),
            None => drop(after.fields.remove(&field)),
        }
    }
    let needed = if of_units { [Field::Unit, Field::UnitCode].as_slice() } else { [Field::Name].as_slice() };
    if needed.iter().all(|field| after.get(*field).is_none()) {
        let field = if of_units { Field::Unit } else { Field::Name };
        wrong.push(WrongValue { field, reason: format!("没有{}，请补上", field.title()) });
    }
    if after.get(Field::Born).is_none()
        && let Some(born) = born_by_id(&after)
    {
        after.fields.insert(Field::Born, born);
    }
    if wrong.is_empty() { Ok((after.fields, noted)) } else { Err(wrong) }
}
