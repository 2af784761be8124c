//! Workbooks made here, and read.

mod corrections;
mod csv_files;
mod hostile;
mod unit_sheets;
mod workbooks;

use super::*;
use rust_xlsxwriter::{Workbook, Worksheet};

fn read(file: &str, bytes: &[u8]) -> ParsedRoster {
    parse(file, bytes, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// A workbook of one sheet whose cells are texts; an empty text is an empty cell.
fn book(rows: &[&[&str]]) -> Vec<u8> {
    book_named("Sheet1", rows)
}

fn book_named(name: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet(), name, rows);
    book.save_to_buffer().unwrap()
}

fn fill(sheet: &mut Worksheet, name: &str, rows: &[&[&str]]) {
    sheet.set_name(name).unwrap();
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(*cells) {
            if !text.is_empty() {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
}

/// `row: 姓名=张三 单位=财政局` for each row, fields in the order of the template.
fn lines(roster: &ParsedRoster) -> Vec<String> {
    let line = |row: &ParsedRow| {
        let fields: Vec<String> =
            row.fields.iter().map(|(field, value)| format!("{}={value}", field.title())).collect();
        format!("{}{}: {}", row.row, if row.refused { "!" } else { "" }, fields.join(" "))
    };
    roster.rows.iter().map(line).collect()
}

fn said(roster: &ParsedRoster, severity: Severity) -> Vec<&str> {
    roster.problems.iter().filter(|p| p.severity == severity).map(|p| p.reason.as_str()).collect()
}

fn errors(roster: &ParsedRoster) -> Vec<&str> {
    said(roster, Severity::Error)
}

fn warnings(roster: &ParsedRoster) -> Vec<&str> {
    said(roster, Severity::Warning)
}

fn names(roster: &ParsedRoster) -> Vec<&str> {
    roster.rows.iter().filter_map(|row| row.get(Field::Name)).collect()
}
