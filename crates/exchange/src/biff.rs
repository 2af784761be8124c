//! The records of an xls workbook stream, read only for where its cells are: the reader sets aside a full rectangle
//! for each sheet, so that two cells in far corners, or a false size, could cost gigabytes. Records: MS-XLS 2.3, 2.4.

use crate::cfb::{u16_at, u32_at};
use crate::error::ExchangeError;
use crate::limits::Limits;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const FILE_PASS: u16 = 0x002F;
const MUL_RK: u16 = 0x00BD;
/// FORMULA, NUMBER, LABEL, RSTRING, BOOLERR, RK, LABELSST, MULRK: they begin with row and column.
const CELLS: [u16; 8] = [0x0006, 0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, MUL_RK];
/// An xls sheet has no more (MS-XLS 2.2.1).
const ROWS_MAX: u32 = 65_536;
const COLUMNS_MAX: u32 = 256;

#[derive(Debug, Default)]
struct Bounds {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

impl Bounds {
    fn take(&mut self, row: u16, first: u16, last: u16) {
        let wider = |old: Option<(u16, u16)>, low: u16, high: u16| match old {
            None => Some((low, high)),
            Some((a, b)) => Some((a.min(low), b.max(high))),
        };
        self.rows = wider(self.rows, row, row);
        self.columns = wider(self.columns, first.min(last), first.max(last));
    }

    fn area(&self) -> u64 {
        let side = |range: Option<(u16, u16)>| range.map_or(0, |(low, high)| u64::from(high - low) + 1);
        side(self.rows) * side(self.columns)
    }
}

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    end: usize,
}

fn record(stream: &[u8], at: usize) -> Option<Record<'_>> {
    let kind = u16_at(stream, at)?;
    let start = at.checked_add(4)?;
    let end = start.checked_add(usize::from(u16_at(stream, at.checked_add(2)?)?))?;
    Some(Record { kind, data: stream.get(start..end)?, end })
}

/// Proves that the rectangles of all sheets together are within the limits, and that no size is false.
///
/// # Errors
/// Too many cells, a password, sizes that no sheet has.
pub(crate) fn check(stream: &[u8], limits: &Limits) -> Result<(), ExchangeError> {
    let mut at = 0;
    let mut sheets = Vec::new();
    while let Some(found) = record(stream, at) {
        match found.kind {
            FILE_PASS => return Err(ExchangeError::Protected),
            BOUND_SHEET => sheets.extend(u32_at(found.data, 0)),
            EOF => break,
            _ => {}
        }
        at = found.end;
    }
    let mut area = 0_u64;
    // Sheets lie one after the other; more than the stream twice over means that they claim the same bytes.
    let mut walked = 0_usize;
    for start in sheets {
        let start = usize::try_from(start).map_err(ExchangeError::damaged)?;
        let (own, length) = check_sheet(stream, start, area, limits)?;
        area = area.saturating_add(own);
        walked = walked.saturating_add(length);
        if walked > stream.len().saturating_mul(2) {
            return Err(ExchangeError::damaged("overlapping sheets"));
        }
    }
    Ok(())
}

/// The area and the length of one sheet.
fn check_sheet(stream: &[u8], start: usize, before: u64, limits: &Limits) -> Result<(u64, usize), ExchangeError> {
    let mut bounds = Bounds::default();
    let mut at = start;
    // The sheet's own BOF is the first; what begins inside it, such as a chart, has cells of its own.
    let mut depth = 0_u32;
    while let Some(found) = record(stream, at) {
        at = found.end;
        match found.kind {
            BOF => depth = depth.saturating_add(1),
            EOF if depth <= 1 => break,
            EOF => depth -= 1,
            DIMENSIONS => check_dimensions(found.data)?,
            kind if depth <= 1 && CELLS.contains(&kind) => {
                let (Some(row), Some(column)) = (u16_at(found.data, 0), u16_at(found.data, 2)) else { continue };
                let end = found.data.len().checked_sub(2).filter(|_| kind == MUL_RK);
                bounds.take(row, column, end.and_then(|end| u16_at(found.data, end)).unwrap_or(column));
                if before.saturating_add(bounds.area()) > limits.cells {
                    return Err(ExchangeError::TooManyCells { limit: limits.cells });
                }
            }
            _ => {}
        }
    }
    Ok((bounds.area(), at.saturating_sub(start)))
}

/// DIMENSIONS (MS-XLS 2.4.90): first row, row after the last, first column, column after the last.
fn check_dimensions(data: &[u8]) -> Result<(), ExchangeError> {
    let small = |at| u16_at(data, at).map(u32::from);
    let numbers = if data.len() < 14 {
        [small(0), small(2), small(4), small(6)]
    } else {
        [u32_at(data, 0), u32_at(data, 4), small(8), small(10)]
    };
    let [Some(first_row), Some(row_end), Some(_), Some(column_end)] = numbers else {
        return Err(ExchangeError::damaged("dimensions record"));
    };
    if row_end > ROWS_MAX || column_end > COLUMNS_MAX || (row_end > 0 && first_row >= row_end) {
        return Err(ExchangeError::damaged("dimensions out of range"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rec(kind: u16, data: &[u16]) -> Vec<u8> {
        let length = u16::try_from(data.len() * 2).unwrap();
        [kind, length].iter().chain(data).flat_map(|n| n.to_le_bytes()).collect()
    }

    /// A stream of globals and sheets, each given as its inner records.
    fn book(sheets: &[Vec<u8>]) -> Vec<u8> {
        let head = |starts: &[u16]| {
            let bounds: Vec<u8> = starts.iter().flat_map(|at| rec(BOUND_SHEET, &[*at, 0, 0])).collect();
            [rec(BOF, &[0x0600, 5]), bounds, rec(EOF, &[])].concat()
        };
        let length = head(&vec![0; sheets.len()]).len();
        let mut starts = Vec::new();
        let mut bodies = Vec::new();
        for sheet in sheets {
            starts.push(u16::try_from(length + bodies.len()).unwrap());
            bodies.extend([rec(BOF, &[0x0600, 0x10]), sheet.clone(), rec(EOF, &[])].concat());
        }
        [head(&starts), bodies].concat()
    }

    fn cells(row: u16, column: u16) -> Vec<u8> {
        [rec(0x0203, &[0, 0, 0]), rec(0x0203, &[row, column, 0])].concat()
    }

    #[test]
    fn far_corners_are_refused() {
        let limits = Limits { cells: 100, ..Limits::default() };
        assert_eq!(check(&book(&[cells(9, 9)]), &limits), Ok(()));
        assert_eq!(check(&book(&[cells(10, 9)]), &limits), Err(ExchangeError::TooManyCells { limit: 100 }));
        assert_eq!(check(&book(&[cells(4, 9), cells(4, 9)]), &limits), Ok(()));
        assert!(check(&book(&[cells(4, 9), cells(5, 9)]), &limits).is_err(), "sheets add up");
        assert!(check(&book(&[cells(65_535, 65_535)]), &Limits::default()).is_err());
    }

    #[test]
    fn a_run_of_numbers_counts_to_its_last_column() {
        let limits = Limits { cells: 10, ..Limits::default() };
        assert_eq!(check(&book(&[rec(MUL_RK, &[0, 0, 1, 2, 3, 9])]), &limits), Ok(()));
        assert!(check(&book(&[rec(MUL_RK, &[0, 0, 1, 2, 3, 10])]), &limits).is_err());
    }

    #[test]
    fn cells_of_a_chart_inside_do_not_count() {
        let limits = Limits { cells: 10, ..Limits::default() };
        let chart = [rec(BOF, &[0x0600, 0x20]), cells(100, 100), rec(EOF, &[])].concat();
        assert_eq!(check(&book(&[[chart.clone(), cells(1, 1)].concat()]), &limits), Ok(()));
        assert!(check(&book(&[[chart, cells(9, 9)].concat()]), &limits).is_err(), "what follows it does");
    }

    #[test]
    fn false_sizes_are_refused() {
        let dimensions = |rows: u16, high: u16, columns: u16| rec(DIMENSIONS, &[0, 0, rows, high, 0, columns, 0]);
        assert_eq!(check(&book(&[dimensions(0, 1, 256)]), &Limits::default()), Ok(()));
        assert_eq!(check(&book(&[dimensions(0, 0, 0)]), &Limits::default()), Ok(()));
        assert!(check(&book(&[dimensions(1, 1, 256)]), &Limits::default()).is_err());
        assert!(check(&book(&[dimensions(10, 0, 257)]), &Limits::default()).is_err());
        let backwards = rec(DIMENSIONS, &[9, 0, 3, 0, 0, 4, 0]);
        assert!(check(&book(&[backwards]), &Limits::default()).is_err());
    }

    #[test]
    fn the_same_sheet_many_times_is_refused() {
        // Without an end each claim runs through the whole stream.
        let mut many = [
            rec(BOF, &[0x0600, 5]),
            rec(BOUND_SHEET, &[0, 0, 0]).repeat(50),
            rec(EOF, &[]),
            rec(0x0001, &[0]).repeat(10),
        ]
        .concat();
        let start = u16::try_from(many.len() - 60).unwrap().to_le_bytes();
        for place in 0..50 {
            let at = 8 + place * 10 + 4;
            many[at..at + 2].copy_from_slice(&start);
        }
        assert!(check(&many, &Limits::default()).is_err());
    }

    #[test]
    fn a_password_is_seen_and_a_cut_end_is_no_crash() {
        assert_eq!(check(&rec(FILE_PASS, &[1]), &Limits::default()), Err(ExchangeError::Protected));
        assert_eq!(check(&[0x03, 0x02, 0xFF, 0xFF, 0], &Limits::default()), Ok(()));
        assert_eq!(check(&[], &Limits::default()), Ok(()));
    }
}
