//! Tables, charts and documents as bytes (报表): values in, bytes out.

pub mod chart;
mod csv;
mod error;
pub mod pdf;
pub mod qr;
mod table;
mod xlsx;

pub use self::csv::{Header, csv};
pub use error::ReportError;
pub use table::{Column, Kind, Table, Value};
pub use xlsx::xlsx;

/// What stands in place of a figure of too few persons (小样本).
pub const TOO_FEW: &str = "人数不足 5，不显示";
