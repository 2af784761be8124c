//! What a roster file (花名册) would change: a plan made from values, shown before anything is stored, and its undo.
//!
//! `exchange` reads the file into [`ParsedRow`]s and [`Problem`]s; [`plan`] compares them with what is stored.

mod build;
mod leaving;
mod matching;
mod notes;
mod outcome;
mod parent_links;
mod plan;
mod report;
mod row;
mod undo;
mod units;

pub use outcome::{
    Change, FieldChange, ImportPlan, LEFT_SHARE_PERCENT, PersonChange, UnconfirmedLeft, UnitRegroup, UnitRename,
};
pub use plan::{Mode, PlanInput, PlanOptions, PlanTools, plan};
pub use report::{Counts, ImportReport, PreviewRow, PreviewUnit, UnitCounts};
pub use row::{Field, KeyKind, ParsedRow, Problem, Severity};
pub use undo::{Restore, UndoConflict, UndoPlan};

/// The beginning of a key that was made up because the roster had none for that person.
pub const MADE_UP_KEY: &str = "nokey-";

#[cfg(test)]
mod tests;
