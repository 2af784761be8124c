//! What a file may be at most.

use crate::error::ExchangeError;

const MEBIBYTE: u64 = 1024 * 1024;

/// Bounds of a file; the default is what the server uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as uploaded.
    pub file_bytes: u64,
    /// Rows with something in them, all sheets together.
    pub rows: u32,
    /// Columns of a sheet.
    pub columns: u32,
    /// Cells, all sheets together; for xls the area that the cells of each sheet span.
    pub cells: u64,
    /// Bytes of all parts of an xlsx once unpacked.
    pub expanded_bytes: u64,
    /// Unpacked over packed bytes of one part, and of all.
    pub expansion_ratio: u64,
    /// Parts in an xlsx.
    pub parts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 32 * MEBIBYTE,
            rows: 200_000,
            columns: 256,
            cells: 6_000_000,
            expanded_bytes: 256 * MEBIBYTE,
            expansion_ratio: 200,
            parts: 10_000,
        }
    }
}

impl Limits {
    /// # Errors
    /// The file is larger than allowed.
    pub(crate) fn check_file(&self, bytes: usize) -> Result<(), ExchangeError> {
        if u64::try_from(bytes).is_ok_and(|bytes| bytes <= self.file_bytes) {
            Ok(())
        } else {
            Err(ExchangeError::FileTooLarge { limit_mebibytes: self.file_bytes / MEBIBYTE })
        }
    }

    pub(crate) fn expanded_mebibytes(&self) -> u64 {
        self.expanded_bytes / MEBIBYTE
    }
}

/// Counts what was read against the limits.
#[derive(Debug)]
pub(crate) struct Meter<'a> {
    limits: &'a Limits,
    rows: u32,
    cells: u64,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self { limits, rows: 0, cells: 0 }
    }

    pub(crate) fn row(&mut self) -> Result<(), ExchangeError> {
        self.rows = self.rows.saturating_add(1);
        if self.rows > self.limits.rows {
            return Err(ExchangeError::TooManyRows { limit: self.limits.rows });
        }
        Ok(())
    }

    /// One cell with something in it, at a column from 0.
    pub(crate) fn cell(&mut self, sheet: &str, row: u32, column: u32) -> Result<(), ExchangeError> {
        self.cells = self.cells.saturating_add(1);
        if column >= self.limits.columns {
            let (sheet, limit) = (sheet.to_owned(), self.limits.columns);
            return Err(ExchangeError::TooManyColumns { sheet, row, limit });
        }
        if self.cells > self.limits.cells {
            return Err(ExchangeError::TooManyCells { limit: self.limits.cells });
        }
        Ok(())
    }
}
