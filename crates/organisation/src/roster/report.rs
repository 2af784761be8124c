//! The report of an import, as the contract gives it to programs and pages.

use super::plan::{Change, FieldChange, ImportPlan, Mode, PersonChange, count};
use super::row::Problem;
use serde::{Deserialize, Serialize};

/// How many people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// 新增
    pub new: u64,
    /// 变更
    pub changed: u64,
    /// 调动
    pub moved: u64,
    /// 离开
    pub left: u64,
    /// 不变
    pub unchanged: u64,
}

/// How many units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCounts {
    /// 新增
    pub new: u64,
    /// 更名
    pub renamed: u64,
    /// 撤销
    pub left: u64,
}

/// `people import --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// add or full.
    pub mode: Mode,
    /// People by what becomes of them.
    pub people: Counts,
    /// Units by what becomes of them.
    pub units: UnitCounts,
    /// What was found.
    pub problems: Vec<Problem>,
}

/// One line of the preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Number of the line, from 1.
    pub n: u64,
    /// The sheet; none for somebody missing in the file.
    pub sheet: Option<String>,
    /// The row in it.
    pub row: Option<u32>,
    /// 姓名
    pub name: String,
    /// What the person is known by, for showing: never the whole hash of an ID number.
    pub key: String,
    /// The unit's path.
    pub unit: String,
    /// What becomes of the person.
    pub change: Change,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

impl ImportPlan {
    /// The counts and problems.
    pub fn report(&self) -> ImportReport {
        let mut people = Counts { unchanged: self.unchanged, ..Counts::default() };
        for change in &self.changes {
            match change.change {
                Change::New => people.new += 1,
                Change::Changed => people.changed += 1,
                Change::Moved => people.moved += 1,
                Change::Left => people.left += 1,
            }
        }
        ImportReport {
            mode: self.mode,
            people,
            units: UnitCounts {
                new: count(self.units_new.len()),
                renamed: count(self.units_renamed.len()),
                left: count(self.units_left.len()),
            },
            problems: self.problems.clone(),
        }
    }

    /// At most `limit` lines for a page: those who leave first, then moved, changed, new; each in the file's order.
    pub fn preview_rows(&self, limit: usize) -> Vec<PreviewRow> {
        let of = |kind: Change| self.changes.iter().filter(move |change| change.change == kind);
        let ordered = [Change::Left, Change::Moved, Change::Changed, Change::New].into_iter().flat_map(of);
        (1..).zip(ordered).take(limit).map(|(n, change)| preview(n, change)).collect()
    }
}

fn preview(n: u64, change: &PersonChange) -> PreviewRow {
    let key = if change.after.key.starts_with(super::MADE_UP_KEY) {
        "无".to_owned()
    } else {
        crate::text::shorten(&change.after.key, 20)
    };
    PreviewRow {
        n,
        sheet: change.sheet.clone(),
        row: change.row,
        name: change.after.name.clone(),
        key,
        unit: change.unit_path.clone(),
        change: change.change,
        fields: change.fields.clone(),
    }
}
