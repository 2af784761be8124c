//! csv as offices have it: GB18030 or UTF-8, with commas, tabs or semicolons.

use crate::error::ExchangeError;
use crate::grid::{GridRow, Sheet, Visibility};
use crate::limits::{Limits, Meter};
use crate::xlsx::text_cell;
use csv::ReaderBuilder;
use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// # Errors
/// Breaks a limit, or is in no known encoding.
pub(crate) fn read(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ExchangeError> {
    let text = decode(bytes)?;
    let name = sheet_name(file_name);
    let rows = rows(&text, &name, limits)?;
    Ok(vec![Sheet { name, visibility: Visibility::Visible, rows, merges: Vec::new() }])
}

/// The file's name without folder and ending.
fn sheet_name(file_name: &str) -> String {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_owned()
}

/// By its mark, else UTF-8 when it is that, else GB18030 (which holds GBK and GB2312).
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ExchangeError> {
    let encoding = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => UTF_8,
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => GB18030,
    };
    let (text, _, bad) = encoding.decode(bytes);
    if bad { Err(ExchangeError::Encoding) } else { Ok(text) }
}

/// The sign that separates the columns: the one most often met outside quotes in the first lines.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0_u32), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(64 * 1024) {
        if byte == b'"' {
            quoted = !quoted;
        }
        if let Some((_, count)) = counts.iter_mut().find(|(sign, _)| *sign == byte && !quoted) {
            *count += 1;
        }
    }
    let mut best = (b',', 0);
    for (sign, count) in counts {
        if count > best.1 {
            best = (sign, count);
        }
    }
    best.0
}

fn rows(text: &str, sheet: &str, limits: &Limits) -> Result<Vec<GridRow>, ExchangeError> {
    let mut meter = Meter::new(limits);
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(text)).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    // The reader skips empty lines; and a line break inside quotes is a line of the file, but no row of the sheet.
    let (mut counted_to, mut line, mut inner_lines) = (0_usize, 1_u32, 0_u32);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(ExchangeError::damaged)? {
        let at = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(counted_to);
        let empty = text.bytes().skip(at).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = at.saturating_add(empty);
        line = line.saturating_add(line_breaks(text.get(counted_to..start).unwrap_or_default()));
        counted_to = start;
        let number = line.saturating_sub(inner_lines);
        inner_lines = inner_lines.saturating_add(record.iter().map(line_breaks).sum());
        let mut cells = Vec::new();
        for (column, value) in (0_u32..).zip(&record) {
            if let Some(cell) = text_cell(value) {
                meter.cell(sheet, number, column)?;
                cells.push((column, cell));
            }
        }
        if !cells.is_empty() {
            meter.row()?;
            rows.push(GridRow { number, cells });
        }
    }
    Ok(rows)
}

/// Line breaks of a text, a carriage return with its line feed being one.
fn line_breaks(text: &str) -> u32 {
    let breaks = text.bytes().zip(text.bytes().skip(1).chain([0]));
    let count = breaks.filter(|(byte, next)| *byte == b'\n' || (*byte == b'\r' && *next != b'\n')).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Cell;

    fn texts(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let sheets = read("某局.csv", bytes, &Limits::default()).unwrap();
        let text = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        sheets[0].rows.iter().map(|row| (row.number, row.cells.iter().map(|(_, cell)| text(cell)).collect())).collect()
    }

    #[test]
    fn encodings_and_signs() {
        let expected = vec![(1, vec!["姓名".to_owned(), "单位".into()]), (2, vec!["张三".into(), "财政局".into()])];
        for sign in [",", "\t", ";"] {
            let text = format!("姓名{sign}单位\r\n张三{sign}财政局\r\n");
            let utf16: Vec<u8> =
                [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
            for bytes in [
                text.clone().into_bytes(),
                [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
                GB18030.encode(&text).0.into_owned(),
                utf16,
            ] {
                assert_eq!(texts(&bytes), expected, "{sign:?}");
            }
        }
        assert_eq!(read("x.csv", b"\xFF\xFF\xFF", &Limits::default()), Err(ExchangeError::Encoding));
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let text = "姓名,单位\n\n\"张\n三\",\"甲,乙\"\n李四,丙\n,\n王五,丁\n";
        let found = texts(text.as_bytes());
        let numbers: Vec<u32> = found.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 3, 4, 6]);
        assert_eq!(found[1].1, ["张\n三", "甲,乙"]);
        let windows = texts(text.replace('\n', "\r\n").as_bytes());
        assert_eq!(windows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 3, 4, 6]);
    }

    #[test]
    fn limits_hold() {
        let tight = Limits { rows: 2, columns: 3, cells: 5, ..Limits::default() };
        assert!(read("x.csv", b"a\nb\n", &tight).is_ok());
        assert_eq!(read("x.csv", b"a\nb\nc\n", &tight), Err(ExchangeError::TooManyRows { limit: 2 }));
        let wide = read("x.csv", b"a,b\n1,2,3,4\n", &tight);
        assert_eq!(wide, Err(ExchangeError::TooManyColumns { sheet: "x".into(), row: 2, limit: 3 }));
        assert_eq!(read("x.csv", b"1,2,3\n1,2,3\n", &tight), Err(ExchangeError::TooManyCells { limit: 5 }));
    }

    #[test]
    fn the_sheet_is_named_after_the_file() {
        for (file, name) in [("a/b/区财政局.csv", "区财政局"), ("C:\\x\\名册.v2.csv", "名册.v2"), ("名册", "名册")]
        {
            assert_eq!(sheet_name(file), name);
        }
    }
}
