//! Rosters (花名册) as offices really have them: bytes in, rows and problems out.
//!
//! A sheet for each unit, or one for all; title rows above the headings, headings in one line or two, in any order
//! and under their usual names; merged unit cells, subtotal and section rows; names with spaces, spoilt ID numbers,
//! dates in every form. What cannot be told is a problem that names sheet, row and column: nothing is guessed.

mod clean;
mod correct;
mod dates;
mod header;
mod headings;
mod lines;
mod sheet;
mod unit_names;
mod unit_sheet;

pub use correct::{Correction, WrongValue};

use crate::error::ExchangeError;
use crate::grid::Visibility;
use crate::limits::Limits;
use organisation::roster::{Field, ParsedRow, Problem, Severity};
use serde::{Deserialize, Serialize};

/// A column of a sheet and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedColumn {
    /// Its letters.
    pub column: String,
    /// Its heading as written.
    pub heading: String,
    /// What it is; none when it is not used.
    pub field: Option<Field>,
}

/// A sheet as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedSheet {
    /// Its name.
    pub name: String,
    /// The row of the headings, from 1; none when the sheet was not read.
    pub header_row: Option<u32>,
    /// Its columns.
    pub columns: Vec<ParsedColumn>,
    /// How many rows of people it gave, refused ones included.
    pub people: u32,
    /// How many rows of units it gave, refused ones included.
    pub units: u32,
    /// How many rows were passed over: subtotals, sections, repeated headings, notes.
    pub passed_over: u32,
}

/// A roster as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedRoster {
    /// The sheets, hidden and empty ones too.
    pub sheets: Vec<ParsedSheet>,
    /// The people's rows.
    pub rows: Vec<ParsedRow>,
    /// The rows of sheets of units.
    pub unit_rows: Vec<ParsedRow>,
    /// What was wrong.
    pub problems: Vec<Problem>,
}

/// Reads a roster; by its bytes, whatever its name ends with.
///
/// # Errors
/// The file as a whole cannot be taken. Everything smaller is a problem in the result.
pub fn parse(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<ParsedRoster, ExchangeError> {
    let sheets = crate::read_sheets(file_name, bytes, limits)?;
    let mut roster = ParsedRoster::default();
    let mut without_header = Vec::new();
    for sheet in &sheets {
        let skipped = ParsedSheet { name: sheet.name.clone(), ..ParsedSheet::default() };
        if sheet.visibility == Visibility::Hidden {
            note(&mut roster, &sheet.name, "工作表是隐藏的，没有读取；如需导入请取消隐藏");
            roster.sheets.push(skipped);
        } else if sheet.rows.is_empty() {
            // The empty Sheet2 and Sheet3 of every new workbook deserve no word unless nothing else is there.
            if sheets.len() == 1 {
                note(&mut roster, &sheet.name, "工作表是空的，没有读取");
            }
            roster.sheets.push(skipped);
        } else {
            match header::find(sheet) {
                header::Found::Header(header) => sheet::read(sheet, &header, &mut roster),
                header::Found::Units(header) => unit_sheet::read(sheet, &header, &mut roster),
                header::Found::Lacking { reason, unsure: false } => {
                    let problem = Problem::of_sheet(Some(&sheet.name), Severity::Error, reason);
                    roster.problems.push(problem);
                    roster.sheets.push(skipped);
                }
                header::Found::Lacking { reason, .. } | header::Found::Nothing { reason } => {
                    without_header.push((sheet.name.clone(), reason));
                    roster.sheets.push(skipped);
                }
            }
        }
    }
    // A sheet of notes or sums beside rosters is passed over; if there is nothing else, it was meant as the roster.
    let any = roster.sheets.iter().any(|sheet| sheet.header_row.is_some());
    let severity = if any { Severity::Warning } else { Severity::Error };
    for (name, reason) in without_header {
        roster.problems.push(Problem::of_sheet(Some(&name), severity, reason));
    }
    if !any && roster.problems.iter().all(|problem| problem.severity != Severity::Error) {
        let reason = "文件里没有可读的花名册，请核对是否选错了文件";
        roster.problems.push(Problem::of_sheet(None, Severity::Error, reason));
    }
    Ok(roster)
}

fn note(roster: &mut ParsedRoster, sheet: &str, reason: &str) {
    roster.problems.push(Problem::of_sheet(Some(sheet), Severity::Warning, reason));
}

#[cfg(test)]
mod tests;
