//! A sheet of units (单位表): a row for each, with what stands above it and its groupings.

use super::clean::{self, shown};
use super::header::Header;
use super::headings::field_of;
use super::lines::{Merged, is_note, is_sum};
use super::sheet::heads;
use super::{ParsedRoster, ParsedSheet};
use crate::grid::{GridRow, Sheet};
use organisation::roster::{Field, ParsedRow, Problem, Severity};
use organisation::text::squeeze;
use std::collections::BTreeMap;

/// Columns that name the unit itself: never taken from a merged region above.
const OWN: [Field; 2] = [Field::Unit, Field::UnitCode];

pub(super) fn read(sheet: &Sheet, header: &Header, roster: &mut ParsedRoster) {
    let merged = Merged::of(sheet, header);
    let heads = heads(sheet);
    let (mut units, mut passed_over) = (0, 0);
    for row in sheet.rows.iter().filter(|row| row.number > header.last_row) {
        if is_none(row, header) {
            passed_over += 1;
            continue;
        }
        let mut parsed =
            ParsedRow { sheet: sheet.name.clone(), row: row.number, fields: BTreeMap::new(), refused: false };
        let mut problem = |field: Field, value: Option<&str>, severity: Severity, reason: String| {
            let problem = Problem::of_row(&sheet.name, row.number, Some(field), value, severity, reason);
            roster.problems.push(problem);
        };
        for (column, field) in &header.fields {
            let above = || heads.get(&merged.source(row.number, *column)?).copied();
            let cell = row.get(*column).or_else(|| if OWN.contains(field) { None } else { above() });
            let Some(cell) = cell else { continue };
            match clean::value(*field, cell) {
                Ok(value) => parsed.fields.extend(value.map(|value| (*field, value))),
                Err(trouble) => {
                    parsed.refused |= trouble.severity == Severity::Error;
                    problem(*field, Some(&shown(cell)), trouble.severity, trouble.reason);
                }
            }
        }
        if OWN.iter().all(|field| parsed.get(*field).is_none()) && !parsed.refused {
            problem(Field::Unit, None, Severity::Error, "没有单位名称，请补上".to_owned());
            parsed.refused = true;
        }
        units += 1;
        roster.unit_rows.push(parsed);
    }
    if units == 0 {
        roster.problems.push(Problem::of_sheet(Some(&sheet.name), Severity::Warning, "表头下面没有单位"));
    }
    roster.sheets.push(ParsedSheet {
        name: sheet.name.clone(),
        header_row: Some(header.row),
        columns: header.columns.clone(),
        people: 0,
        units,
        passed_over,
    });
}

/// Sums, repeated headings, notes below the table, rows that nobody filled in.
fn is_none(row: &GridRow, header: &Header) -> bool {
    let texts: Vec<String> = row.cells.iter().map(|(_, cell)| squeeze(&shown(cell))).collect();
    let first = texts.first().map(String::as_str).unwrap_or_default();
    let filled = row.cells.iter().any(|(column, _)| header.fields.contains_key(column));
    let headings_again = texts.len() >= 2 && texts.iter().all(|text| field_of(text).is_some_and(|(_, exact)| exact));
    !filled || is_sum(first) || headings_again || (texts.len() == 1 && is_note(first))
}
