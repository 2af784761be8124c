//! What an import would do, as values.

use super::plan::Mode;
use super::row::{Problem, Severity};
use crate::UnitId;
use crate::person::Person;
use crate::unit::{Group, Unit, UnitKind};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// More than this share of the people leaving at once asks for a confirmation by number, in percent.
pub const LEFT_SHARE_PERCENT: u64 = 5;

/// What becomes of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// 新增
    New,
    /// 变更
    Changed,
    /// 调动: the unit is another, other fields may be too.
    Moved,
    /// 离开
    Left,
}

/// One field before and after, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The column's title.
    pub field: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// One person's change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChange {
    /// The sheet; none for somebody who is missing in the file.
    pub sheet: Option<String>,
    /// The row in it.
    pub row: Option<u32>,
    /// What happens.
    pub change: Change,
    /// As stored; none when new.
    pub before: Option<Person>,
    /// As it will be.
    pub after: Person,
    /// The unit's path, for showing.
    pub unit_path: String,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

/// A unit with a new name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRename {
    /// The unit.
    pub id: UnitId,
    /// Name before.
    pub before: String,
    /// Name after.
    pub after: String,
}

/// A unit whose kind or groupings are others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRegroup {
    /// The unit.
    pub id: UnitId,
    /// Its path, for showing.
    pub path: String,
    /// Kind and groups before.
    pub before: (UnitKind, Vec<Group>),
    /// Kind and groups after.
    pub after: (UnitKind, Vec<Group>),
}

/// All that an import would do. Nothing is done until it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPlan {
    /// The mode.
    pub mode: Mode,
    /// The day from which units have left.
    pub on: Date,
    /// Units to make, parents before children.
    pub units_new: Vec<Unit>,
    /// Units with a new name.
    pub units_renamed: Vec<UnitRename>,
    /// Units with another kind or other groupings.
    pub units_regrouped: Vec<UnitRegroup>,
    /// Units that nobody is left in (full mode).
    pub units_left: Vec<UnitId>,
    /// People who change, in the order of the file, those missing in it last.
    pub changes: Vec<PersonChange>,
    /// People of the file who stay as they are.
    pub unchanged: u64,
    /// Rows that are refused.
    pub refused_rows: u64,
    /// People who could leave: on a roster, and in scope.
    pub could_leave: u64,
    /// What was found, in the file and in the comparison.
    pub problems: Vec<Problem>,
}

/// So many would leave that a person must say the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "全量导入将使 {left} 人离开（现有 {could_leave} 人，超过 {LEFT_SHARE_PERCENT}%）。确认无误后请填写确认人数 {left}"
)]
pub struct UnconfirmedLeft {
    /// How many would leave for being missing.
    pub left: u64,
    /// Of how many.
    pub could_leave: u64,
}

impl ImportPlan {
    /// How many leave because the file does not have them.
    pub fn missing(&self) -> u64 {
        count(self.changes.iter().filter(|change| change.change == Change::Left && change.row.is_none()).count())
    }

    /// Refuses a plan in which over five percent leave, unless the number was confirmed exactly.
    ///
    /// # Errors
    /// Says how many would leave.
    pub fn check_confirmed(&self, confirm_left: Option<u64>) -> Result<(), UnconfirmedLeft> {
        let left = self.missing();
        let many = left.saturating_mul(100) > self.could_leave.saturating_mul(LEFT_SHARE_PERCENT);
        if many && confirm_left != Some(left) {
            return Err(UnconfirmedLeft { left, could_leave: self.could_leave });
        }
        Ok(())
    }

    /// Any problem that refuses a row, a sheet or the file.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

pub(super) fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
