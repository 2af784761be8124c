//! Files in and out: bytes in, values out. Rosters (花名册), law texts, questions.
//!
//! Nothing here trusts a file: its size, its expansion, its rows, columns and cells are bounded before and while it
//! is read ([`Limits`]), and a reader that gives up on a broken file is an error, never a crash.

pub mod cells;
pub mod laws;
pub mod questions;
pub mod roster;

mod archive;
mod biff;
mod cfb;
mod delimited;
mod error;
mod format;
mod grid;
mod limits;
mod xls;
mod xlsx;

pub use error::ExchangeError;
pub use grid::{Cell, GridRow, Merge, Sheet, Visibility};
pub use limits::Limits;

/// Reads a workbook or a delimited file as sheets of cells, whatever they mean.
///
/// # Errors
/// Too large, not a spreadsheet, protected, damaged: each says what to do.
pub fn read_sheets(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ExchangeError> {
    limits.check_file(bytes.len())?;
    match format::recognise(bytes)? {
        format::Format::Zip => xlsx::read(bytes, limits),
        format::Format::Cfb => xls::read(bytes, limits),
        format::Format::Text => delimited::read(file_name, bytes, limits),
    }
}
