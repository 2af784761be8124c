//! xlsx and xlsm, cell by cell: never as a full rectangle, which two cells in far corners would blow up.

use crate::archive;
use crate::error::ExchangeError;
use crate::grid::{Cell, GridRow, Merge, Sheet, Visibility};
use crate::limits::{Limits, Meter};
use calamine::{DataRef, DataType, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// # Errors
/// Breaks a limit, is protected, is damaged.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ExchangeError> {
    archive::check(bytes, limits)?;
    guarded(|| read_book(bytes, limits))
}

/// A reader that panics on a broken file has met a broken file.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T, ExchangeError>) -> Result<T, ExchangeError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(ExchangeError::damaged("reader gave up")))
}

fn damaged(error: XlsxError) -> ExchangeError {
    match error {
        XlsxError::Password => ExchangeError::Protected,
        other => ExchangeError::damaged(other),
    }
}

fn read_book(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ExchangeError> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut meter = Meter::new(limits);
    let mut sheets = Vec::new();
    for meta in book.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let mut sheet =
            Sheet { name: meta.name, visibility: Visibility::Visible, rows: Vec::new(), merges: Vec::new() };
        if meta.visible == SheetVisible::Visible {
            sheet.rows = read_rows(&mut book, &sheet.name, &mut meter)?;
            let merges = book.merge_cells_by_sheet_name(&sheet.name).map_err(damaged)?;
            sheet.merges = merges.into_iter().map(merge).collect();
        } else {
            sheet.visibility = Visibility::Hidden;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn read_rows(book: &mut Book<'_>, sheet: &str, meter: &mut Meter<'_>) -> Result<Vec<GridRow>, ExchangeError> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(damaged)?;
    // Cells may come in any order; a map also drops a second cell at the same place.
    let mut rows: BTreeMap<u32, BTreeMap<u32, Cell>> = BTreeMap::new();
    while let Some(found) = reader.next_cell().map_err(damaged)? {
        let (row, column) = found.get_position();
        let Some(cell) = cell(found.get_value()) else { continue };
        let number = row.saturating_add(1);
        if !rows.contains_key(&number) {
            meter.row()?;
        }
        meter.cell(sheet, number, column)?;
        rows.entry(number).or_default().insert(column, cell);
    }
    Ok(rows.into_iter().map(|(number, cells)| GridRow { number, cells: cells.into_iter().collect() }).collect())
}

fn cell(value: &DataRef<'_>) -> Option<Cell> {
    match value {
        DataRef::Empty => None,
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::Int(_) | DataRef::Float(_) => value.as_f64().map(Cell::Number),
        DataRef::Bool(value) => Some(Cell::Bool(*value)),
        DataRef::DateTime(value) => Some(date_cell(value)),
        DataRef::Error(error) => Some(Cell::Error(error.to_string())),
    }
}

pub(crate) fn text_cell(text: &str) -> Option<Cell> {
    (!text.trim().is_empty()).then(|| Cell::Text(text.to_owned()))
}

pub(crate) fn date_cell(value: &calamine::ExcelDateTime) -> Cell {
    let (year, month, day, ..) = value.to_ymd_hms_milli();
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    match parts {
        (Ok(year), Ok(month), Ok(day)) if value.is_datetime() => {
            Date::new(year, month, day).map_or(Cell::Number(value.as_f64()), Cell::Date)
        }
        _ => Cell::Number(value.as_f64()),
    }
}

pub(crate) fn merge(region: Dimensions) -> Merge {
    Merge {
        first_row: region.start.0.saturating_add(1),
        last_row: region.end.0.saturating_add(1),
        first_column: region.start.1,
        last_column: region.end.1,
    }
}
