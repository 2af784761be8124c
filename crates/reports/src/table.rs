//! A table before it has a format.

use crate::ReportError;

/// What a column holds, which decides its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 文字.
    Text,
    /// 人数、题数: whole numbers.
    Count,
    /// 分数: at most two decimals.
    Marks,
    /// 率: 0 to 1, shown in per cent with one decimal.
    Rate,
}

/// A column (列).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name for programs, such as `facility`.
    pub key: String,
    /// Name for people, such as 掌握率.
    pub title: String,
    /// What it holds.
    pub kind: Kind,
}

impl Column {
    /// A column.
    pub fn new(key: &str, title: &str, kind: Kind) -> Self {
        Self { key: key.to_owned(), title: title.to_owned(), kind }
    }
}

/// A cell (单元格).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, whatever it begins with.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A rate or marks.
    Number(f64),
    /// No figure, as where a denominator is 0.
    Missing,
    /// A figure that is withheld, see [`crate::TOO_FEW`].
    Suppressed,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Missing }
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// A table with its title and the notes that belong to it (口径、来源).
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Title.
    pub title: String,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows, each with a cell for every column.
    pub rows: Vec<Vec<Value>>,
    /// Sentences below the table.
    pub notes: Vec<String>,
}

impl Table {
    pub(crate) fn check(&self) -> Result<(), ReportError> {
        let columns = self.columns.len();
        match (1..).zip(&self.rows).find(|(_, cells)| cells.len() != columns) {
            Some((row, cells)) => Err(ReportError::RowWidth { row, cells: cells.len(), columns }),
            None => Ok(()),
        }
    }
}

/// Whether a spreadsheet might take this text for a formula (OWASP, *CSV Injection*).
pub(crate) fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
