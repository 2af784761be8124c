//! Analytics (统计分析): the table of responses and what is computed from it by grouping and adding.
//!
//! This is the only crate that names polars; its types do not appear outside. Formulas and the rule of small cells
//! are those of `measurement`.

mod error;
mod lake;
mod mastery;
mod parquet;
mod responses;

pub use error::AnalyticsError;
pub use lake::{LakeColumn, LakeTable, Values};
pub use mastery::{Dimension, MasteryQuery, MasteryRow, RollUp, mastery, mastery_parquet};
pub use responses::{ResponseRow, ResponseTable};
