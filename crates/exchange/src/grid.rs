//! Sheets as they are, before anything is understood: sparse rows of cells.

use jiff::civil::Date;

/// What stands in a cell. A formula is the value it had when the file was saved.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A number shown as a date.
    Date(Date),
    /// True or false.
    Bool(bool),
    /// An error value such as `#N/A`.
    Error(String),
}

/// A row with at least one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct GridRow {
    /// Its number as the spreadsheet shows it, from 1.
    pub number: u32,
    /// Cells that are not empty, by column from 0, in order.
    pub cells: Vec<(u32, Cell)>,
}

impl GridRow {
    /// The cell of a column from 0.
    pub fn get(&self, column: u32) -> Option<&Cell> {
        let place = self.cells.binary_search_by_key(&column, |(own, _)| *own).ok()?;
        self.cells.get(place).map(|(_, cell)| cell)
    }
}

/// A merged region; rows from 1, columns from 0, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub first_row: u32,
    /// Last row.
    pub last_row: u32,
    /// First column.
    pub first_column: u32,
    /// Last column.
    pub last_column: u32,
}

/// Whether a person who opens the file sees the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Seen.
    Visible,
    /// Hidden; its cells are not read.
    Hidden,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name; for a delimited file the file's name without its ending.
    pub name: String,
    /// Hidden or not.
    pub visibility: Visibility,
    /// Rows that have something, in order.
    pub rows: Vec<GridRow>,
    /// Merged regions; none in a delimited file.
    pub merges: Vec<Merge>,
}

/// The letters of a column from 0: A, B, … Z, AA.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column.saturating_add(1);
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from_u32(u32::from('A') + digit).unwrap_or('?'));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters() {
        for (column, text) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (255, "IV"), (16_383, "XFD")] {
            assert_eq!(column_letters(column), text);
        }
    }
}
