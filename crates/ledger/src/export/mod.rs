//! The export: one file of JSON lines by which an outsider checks the ledger without the database.
//!
//! Lines: a header; entries by number, a seal's manifest before its entry and heads after theirs; an end with counts and
//! the SHA-256 of every byte before it, so that a cut file is seen and no byte of it is without a check.

mod lines;
mod read;
mod write;

pub use read::verify_export;
pub use write::{ExportError, ExportSource, ExportWriter, write_export};
