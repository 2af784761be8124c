//! What a roster file (花名册) would change: a plan made from values, shown before anything is stored, and its undo.
//!
//! `exchange` reads the file into [`ParsedRow`]s and [`Problem`]s; [`plan`] compares them with what is stored.

mod build;
mod leaving;
mod matching;
mod notes;
mod parent_links;
mod plan;
mod report;
mod row;
mod undo;
mod units;

pub use plan::{
    Change, FieldChange, ImportPlan, LEFT_SHARE_PERCENT, Mode, PersonChange, PlanInput, PlanOptions, PlanTools,
    UnconfirmedLeft, UnitRename, plan,
};
pub use report::{Counts, ImportReport, PreviewRow, UnitCounts};
pub use row::{Field, KeyKind, ParsedRow, Problem, Severity};
pub use undo::{Restore, UndoPlan};

/// The beginning of a key that was made up because the roster had none for that person.
pub const MADE_UP_KEY: &str = "nokey-";

#[cfg(test)]
mod tests;
