//! xls of Excel 97 to 2003, and of Excel 5.

use crate::biff;
use crate::cfb::Cfb;
use crate::error::ExchangeError;
use crate::grid::{Cell, GridRow, Sheet, Visibility};
use crate::limits::{Limits, Meter};
use crate::xlsx::{date_cell, guarded, merge, text_cell};
use calamine::{Data, Range, Reader, SheetType, SheetVisible, Xls, XlsError};
use std::collections::BTreeMap;
use std::io::Cursor;

/// # Errors
/// Breaks a limit, is protected, is no workbook, is damaged.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ExchangeError> {
    let container = Cfb::open(bytes)?;
    if container.has("EncryptedPackage") {
        return Err(ExchangeError::Protected);
    }
    // The reader takes the first, and the second when the first cannot be had: both are proved.
    let mut any = false;
    for name in ["Workbook", "Book"] {
        if let Some(stream) = container.stream(name)? {
            biff::check(&stream, limits)?;
            any = true;
        }
    }
    if !any {
        return Err(no_workbook(&container));
    }
    guarded(|| read_book(bytes, limits))
}

fn no_workbook(container: &Cfb<'_>) -> ExchangeError {
    let what = if container.has("WordDocument") {
        "是 Word 文档"
    } else if container.has("PowerPoint Document") {
        "是演示文稿"
    } else {
        "里面没有工作簿"
    };
    ExchangeError::NotSpreadsheet { what }
}

fn damaged(error: XlsError) -> ExchangeError {
    match error {
        XlsError::Password => ExchangeError::Protected,
        other => ExchangeError::damaged(other),
    }
}

fn read_book(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ExchangeError> {
    let mut book: Xls<Cursor<&[u8]>> = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut meter = Meter::new(limits);
    let mut sheets = Vec::new();
    for meta in book.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let mut sheet =
            Sheet { name: meta.name, visibility: Visibility::Visible, rows: Vec::new(), merges: Vec::new() };
        if meta.visible == SheetVisible::Visible {
            let range = book.worksheet_range(&sheet.name).map_err(damaged)?;
            sheet.rows = rows(&range, &sheet.name, &mut meter)?;
            let merges = book.merge_cells_by_sheet_name(&sheet.name).map_err(damaged)?;
            sheet.merges = merges.into_iter().map(merge).collect();
        } else {
            sheet.visibility = Visibility::Hidden;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn rows(range: &Range<Data>, sheet: &str, meter: &mut Meter<'_>) -> Result<Vec<GridRow>, ExchangeError> {
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut rows: BTreeMap<u32, Vec<(u32, Cell)>> = BTreeMap::new();
    for (row, column, value) in range.used_cells() {
        let Some(cell) = cell(value) else { continue };
        let number = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row).saturating_add(1);
        let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(first_column);
        if !rows.contains_key(&number) {
            meter.row()?;
        }
        meter.cell(sheet, number, column)?;
        rows.entry(number).or_default().push((column, cell));
    }
    Ok(rows.into_iter().map(|(number, cells)| GridRow { number, cells }).collect())
}

fn cell(value: &Data) -> Option<Cell> {
    match value {
        Data::Empty => None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text_cell(text),
        Data::Int(_) | Data::Float(_) => calamine::DataType::as_f64(value).map(Cell::Number),
        Data::Bool(value) => Some(Cell::Bool(*value)),
        Data::DateTime(value) => Some(date_cell(value)),
        Data::Error(error) => Some(Cell::Error(error.to_string())),
    }
}
