//! The report of an import, as the contract gives it to programs and pages.

use super::outcome::{Change, FieldChange, ImportPlan, PersonChange, count};
use super::plan::Mode;
use super::row::Problem;
use crate::unit::{Group, GroupKind, UnitKind};
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
    /// 分组或类型变更
    pub regrouped: u64,
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

/// One unit that changes, in the preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewUnit {
    /// Its name, or its path.
    pub unit: String,
    /// `new`, `renamed` or `regrouped`.
    pub change: &'static str,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

/// One line of the preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Number of the row in the file, by which it is corrected; none for somebody missing in the file.
    pub n: Option<u64>,
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
                regrouped: count(self.units_regrouped.len()),
            },
            problems: self.problems.clone(),
        }
    }

    /// At most `limit` lines for a page: those who leave first, then moved, changed, new; each in the file's order.
    /// `number` gives the number of a row in the file.
    pub fn preview_rows(&self, limit: usize, number: &dyn Fn(&str, u32) -> Option<u64>) -> Vec<PreviewRow> {
        let of = |kind: Change| self.changes.iter().filter(move |change| change.change == kind);
        let ordered = [Change::Left, Change::Moved, Change::Changed, Change::New].into_iter().flat_map(of);
        let n_of = |change: &PersonChange| number(change.sheet.as_deref()?, change.row?);
        ordered.take(limit).map(|change| preview(n_of(change), change)).collect()
    }

    /// At most `limit` units that change: new ones, then renamed, then with other groups.
    pub fn preview_units(&self, limit: usize) -> Vec<PreviewUnit> {
        let new = self.units_new.iter().map(|unit| PreviewUnit {
            unit: unit.name.clone(),
            change: "new",
            fields: grouping_changes(None, &(unit.kind, unit.groups.clone())),
        });
        let renamed = self.units_renamed.iter().map(|rename| PreviewUnit {
            unit: rename.after.clone(),
            change: "renamed",
            fields: vec![FieldChange {
                field: "单位名称".to_owned(),
                before: Some(rename.before.clone()),
                after: Some(rename.after.clone()),
            }],
        });
        let regrouped = self.units_regrouped.iter().map(|change| PreviewUnit {
            unit: change.path.clone(),
            change: "regrouped",
            fields: grouping_changes(Some(&change.before), &change.after),
        });
        new.chain(renamed).chain(regrouped).take(limit).collect()
    }
}

/// What differs in kind and groups; for a new unit what is said of it.
fn grouping_changes(before: Option<&(UnitKind, Vec<Group>)>, after: &(UnitKind, Vec<Group>)) -> Vec<FieldChange> {
    let mut found = Vec::new();
    let mut compare = |field: &str, old: Option<&str>, new: Option<&str>| {
        if old != new {
            let text = |value: Option<&str>| value.map(str::to_owned);
            found.push(FieldChange { field: field.to_owned(), before: text(old), after: text(new) });
        }
    };
    if let Some((kind, _)) = before {
        compare("单位性质", Some(kind.title()), Some(after.0.title()));
    }
    for kind in GroupKind::ALL {
        let old = before.and_then(|(_, groups)| Group::name_of(groups, kind));
        compare(kind.title(), old, Group::name_of(&after.1, kind));
    }
    found
}

fn preview(n: Option<u64>, change: &PersonChange) -> PreviewRow {
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
