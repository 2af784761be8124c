//! Tables as xlsx.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::table::looks_like_formula;
use crate::{Kind, ReportError, TOO_FEW, Table, Value};

/// Rows of a sheet, less those around the table.
const MAX_ROWS: usize = 1_000_000;
/// Columns of a sheet that anybody can read.
const MAX_COLUMNS: usize = 200;
/// Characters of a cell.
const MAX_CELL_CHARS: usize = 32_767;
/// Characters of a sheet's name.
const MAX_NAME_CHARS: usize = 31;
/// Widths of columns, in characters of the font.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=48;
/// How many rows are looked at for the width of a column.
const WIDTH_SAMPLE: usize = 2_000;

/// The row of the headings; the title is above it.
const HEADING_ROW: u32 = 1;

/// The table as a workbook of one sheet: the title, the headings (which stay when the rows are scrolled), the rows, the
/// notes. Text is always text, also where it looks like a formula. `created_seconds` is the time since 1970 (UTC) that
/// the file states; the same table with the same time gives the same bytes.
///
/// # Errors
/// When a row has not as many cells as there are columns, or the table is larger than a sheet.
pub fn xlsx(table: &Table, created_seconds: i64) -> Result<Vec<u8>, ReportError> {
    table.check()?;
    for (what, found, most) in [("行", table.rows.len(), MAX_ROWS), ("列", table.columns.len(), MAX_COLUMNS)] {
        if found > most {
            return Err(ReportError::TooMany { what, found, most });
        }
    }
    write(table, created_seconds).map_err(ReportError::writer)
}

/// The looks of the cells.
struct Looks {
    text: Format,
    quoted: Format,
    count: Format,
    marks: Format,
    rate: Format,
    withheld: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = Format::new().set_border(FormatBorder::Thin).set_border_color("#BFBFBF");
        Self {
            text: cell.clone(),
            quoted: cell.clone().set_quote_prefix(),
            count: cell.clone().set_num_format("#,##0"),
            marks: cell.clone().set_num_format("0.00"),
            rate: cell.clone().set_num_format("0.0%"),
            withheld: cell.set_font_color("#6B6B6B").set_align(FormatAlign::Right),
        }
    }
}

fn write(table: &Table, created_seconds: i64) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_timestamp(created_seconds)?;
    workbook.set_properties(&DocProperties::new().set_title(table.title.as_str()).set_creation_datetime(&created));
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(&table.title))?;
    sheet.write_string_with_format(0, 0, clip(&table.title), &Format::new().set_bold().set_font_size(14))?;
    headings(sheet, table)?;
    let looks = Looks::new();
    let mut row = HEADING_ROW;
    for cells in &table.rows {
        row += 1;
        for ((at, column), value) in (0_u16..).zip(&table.columns).zip(cells) {
            cell(sheet, (row, at), column.kind, value, &looks)?;
        }
    }
    let last_column = u16::try_from(table.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    if !table.rows.is_empty() && !table.columns.is_empty() {
        sheet.autofilter(HEADING_ROW, 0, row, last_column)?;
    }
    row += 1;
    let note_look = Format::new().set_font_color("#6B6B6B");
    for note in &table.notes {
        row += 1;
        sheet.write_string_with_format(row, 0, clip(note), &note_look)?;
    }
    sheet.set_freeze_panes(HEADING_ROW + 1, 0)?;
    sheet.set_repeat_rows(HEADING_ROW, HEADING_ROW)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    workbook.save_to_buffer()
}

fn headings(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let look = Format::new()
        .set_bold()
        .set_background_color("#F2F2F2")
        .set_border(FormatBorder::Thin)
        .set_border_color("#BFBFBF")
        .set_align(FormatAlign::Center);
    for (at, column) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(HEADING_ROW, at, clip(&column.title), &look)?;
        let cells = table.rows.iter().take(WIDTH_SAMPLE).filter_map(|row| row.get(usize::from(at)));
        let widest = cells.map(|value| width(column.kind, value)).max().unwrap_or(0);
        // Room for the button of the filter beside the heading.
        let characters = widest.max(columns_of(&column.title) + 3).clamp(*WIDTHS.start(), *WIDTHS.end());
        sheet.set_column_width(at, u32::try_from(characters + 1).unwrap_or(u32::MAX))?;
    }
    Ok(())
}

fn cell(sheet: &mut Worksheet, at: (u32, u16), kind: Kind, value: &Value, looks: &Looks) -> Result<(), XlsxError> {
    let (row, column) = at;
    let number = match kind {
        Kind::Rate => &looks.rate,
        Kind::Marks => &looks.marks,
        Kind::Count | Kind::Text => &looks.count,
    };
    match value {
        Value::Text(text) => {
            let look = if looks_like_formula(text) { &looks.quoted } else { &looks.text };
            sheet.write_string_with_format(row, column, clip(text), look)?
        }
        Value::Count(count) => sheet.write_with_format(row, column, *count, number)?,
        Value::Number(real) if real.is_finite() => sheet.write_number_with_format(row, column, *real, number)?,
        Value::Number(_) | Value::Missing => sheet.write_blank(row, column, &looks.text)?,
        Value::Suppressed => sheet.write_string_with_format(row, column, TOO_FEW, &looks.withheld)?,
    };
    Ok(())
}

fn width(kind: Kind, value: &Value) -> usize {
    match (value, kind) {
        (Value::Text(text), _) => columns_of(text),
        (Value::Suppressed, _) => columns_of(TOO_FEW),
        (Value::Count(count), _) => count.to_string().len() * 4 / 3,
        (Value::Number(_), _) => 8,
        (Value::Missing, _) => 0,
    }
}

/// Width in half-width characters: a Han character takes two.
fn columns_of(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// What a cell can hold.
fn clip(text: &str) -> String {
    text.chars().take(MAX_CELL_CHARS).collect()
}

/// A name that a sheet may have.
fn sheet_name(title: &str) -> String {
    let plain: String = title.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control()).collect();
    let name: String = plain.trim().chars().take(MAX_NAME_CHARS).collect();
    if name.trim().is_empty() { "数据".to_owned() } else { name.trim().to_owned() }
}

#[cfg(test)]
mod tests;
