//! What a renaming, a merger or a split would do, before anything is done.

use super::{Succession, SuccessionKind};
use crate::roster::UnitRename;
use crate::text::tidy;
use crate::tree::UnitTree;
use crate::unit::{Group, GroupKind, Unit, UnitKind};
use crate::{PersonId, UnitId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

mod merge;
mod split;

pub use merge::{Heir, merge};
pub use split::{Part, split};

/// The longest name of a unit, in characters.
pub const UNIT_NAME_MAX_CHARS: usize = 60;
/// The longest code of a unit, in characters.
pub const UNIT_CODE_MAX_CHARS: usize = 40;

/// Why a change of units cannot be done: where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct UnitProblem {
    /// The field of the request.
    pub field: String,
    /// What is wrong and what to do.
    pub reason: String,
}

impl UnitProblem {
    pub(crate) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

/// A unit that is to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewUnit {
    /// Its name.
    pub name: String,
    /// Its code; made up when none is given.
    pub code: Option<String>,
    /// The unit above; where none is given, that of the unit it comes from.
    pub parent: Option<UnitId>,
    /// What sort of unit; guessed by the name when not given.
    pub kind: Option<UnitKind>,
    /// Its groupings.
    pub groups: Vec<Group>,
}

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The tree as stored.
    pub tree: &'a UnitTree,
    /// How many people each unit has directly, those who left not counted.
    pub people: &'a BTreeMap<UnitId, u64>,
    /// The first day of the new state.
    pub since: Date,
    /// Today: nothing is planned ahead.
    pub today: Date,
}

/// A unit that gets another unit above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitMove {
    /// The unit, with everything below it.
    pub unit: UnitId,
    /// The unit above it before.
    pub from: UnitId,
    /// The unit above it after.
    pub to: UnitId,
    /// Its place among the new siblings.
    pub position: i64,
}

/// People who get another unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleMove {
    /// Their unit before.
    pub from: UnitId,
    /// Their unit after.
    pub to: UnitId,
    /// These persons; none means everybody who is directly in the unit.
    pub who: Option<Vec<PersonId>>,
    /// How many.
    pub count: u64,
}

/// All that a succession would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessionPlan {
    /// What happens.
    pub kind: SuccessionKind,
    /// The first day of the new state.
    pub since: Date,
    /// Units to make.
    pub units_new: Vec<Unit>,
    /// Units with a new name.
    pub units_renamed: Vec<UnitRename>,
    /// Units with another unit above them.
    pub units_moved: Vec<UnitMove>,
    /// Units that end.
    pub units_left: Vec<UnitId>,
    /// People with another unit.
    pub people: Vec<PeopleMove>,
    /// What is kept for ever.
    pub records: Vec<Succession>,
}

impl SuccessionPlan {
    fn new(kind: SuccessionKind, since: Date) -> Self {
        Self {
            kind,
            since,
            units_new: Vec::new(),
            units_renamed: Vec::new(),
            units_moved: Vec::new(),
            units_left: Vec::new(),
            people: Vec::new(),
            records: Vec::new(),
        }
    }

    /// How many people get another unit.
    pub fn people_moved(&self) -> u64 {
        self.people.iter().map(|change| change.count).sum()
    }

    /// Every stored unit that the plan changes, or whose people it takes or gets.
    pub fn touched(&self) -> BTreeSet<UnitId> {
        let new: BTreeSet<&UnitId> = self.units_new.iter().map(|unit| &unit.id).collect();
        let records = self.records.iter().flat_map(|record| [&record.from, &record.to]);
        let moved = self.units_moved.iter().map(|change| &change.unit);
        records.chain(moved).filter(|id| !new.contains(id)).cloned().collect()
    }

    /// What the units become; storage does the same with rows.
    pub fn apply(&self, units: &mut Vec<Unit>) {
        units.extend(self.units_new.iter().cloned());
        for unit in units.iter_mut() {
            if let Some(rename) = self.units_renamed.iter().find(|rename| rename.id == unit.id) {
                rename.after.clone_into(&mut unit.name);
            }
            if let Some(change) = self.units_moved.iter().find(|change| change.unit == unit.id) {
                unit.parent = Some(change.to.clone());
                unit.position = change.position;
            }
            if self.units_left.contains(&unit.id) {
                unit.left_on = Some(self.since);
            }
        }
    }

    /// The plan, if the units are still a tree after it.
    fn proved(self, ground: &Ground<'_>, field: &str) -> Result<Self, UnitProblem> {
        let mut units: Vec<Unit> = ground.tree.iter().cloned().collect();
        self.apply(&mut units);
        UnitTree::build(units).map_err(|error| UnitProblem::new(field, error.to_string()))?;
        Ok(self)
    }
}

/// A unit gets another name from a day on and stays the unit it is.
///
/// # Errors
/// The unit does not exist today, the name is none, the same, or that of a unit beside it, or the day is to come.
pub fn rename(ground: &Ground<'_>, unit: &UnitId, name: &str) -> Result<SuccessionPlan, UnitProblem> {
    check_day(ground)?;
    let unit = standing(ground.tree, unit, "unit")?;
    let name = checked_name(name, "name")?;
    if name == unit.name {
        return Err(UnitProblem::new("name", "新名称和现在的名称一样，请核对"));
    }
    if let Some(parent) = &unit.parent
        && let Some(other) = ground.tree.child_named(parent, &name).filter(|other| other.id != unit.id)
    {
        return Err(UnitProblem::new("name", format!("同一上级下已有“{}”，请换一个名称", other.name)));
    }
    let mut plan = SuccessionPlan::new(SuccessionKind::Renamed, ground.since);
    plan.units_renamed.push(UnitRename { id: unit.id.clone(), before: unit.name.clone(), after: name });
    plan.records.push(record(SuccessionKind::Renamed, &unit.id, &unit.id, ground.since));
    Ok(plan)
}

fn record(kind: SuccessionKind, from: &UnitId, to: &UnitId, since: Date) -> Succession {
    Succession { kind, from: from.clone(), to: to.clone(), since }
}

fn check_day(ground: &Ground<'_>) -> Result<(), UnitProblem> {
    if ground.since > ground.today {
        return Err(UnitProblem::new("since", "生效日期还没到，请到那一天再办理；日期不能晚于今天"));
    }
    Ok(())
}

/// The unit, if it exists today.
///
/// # Errors
/// It never did, or does no longer.
pub fn standing<'a>(tree: &'a UnitTree, id: &UnitId, field: &str) -> Result<&'a Unit, UnitProblem> {
    let unit = tree.get(id).ok_or_else(|| UnitProblem::new(field, "没有这个单位，请重新选择"))?;
    match unit.left_on {
        Some(day) => Err(UnitProblem::new(field, format!("单位“{}”已于 {day} 撤销，请选现在的单位", unit.name))),
        None => Ok(unit),
    }
}

/// The name of a unit, tidied.
///
/// # Errors
/// It is empty, too long, or has no letters.
pub fn checked_name(name: &str, field: &str) -> Result<String, UnitProblem> {
    let name = tidy(name);
    if name.is_empty() || name.chars().count() > UNIT_NAME_MAX_CHARS {
        return Err(UnitProblem::new(field, format!("单位名称应为 1 到 {UNIT_NAME_MAX_CHARS} 个字")));
    }
    if name.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation()) {
        return Err(UnitProblem::new(field, format!("“{name}”不像单位名称，请核对")));
    }
    if name.contains(['/', '\\', '>']) {
        return Err(UnitProblem::new(field, "单位名称里不能有 / \\ >：花名册用它们分隔上下级"));
    }
    Ok(name)
}

/// The code of a unit, tidied; none for one that is blank.
///
/// # Errors
/// It is too long, looks like one that the program makes up, or another unit has it.
pub fn checked_code(tree: &UnitTree, code: Option<&str>, own: Option<&UnitId>) -> Result<Option<String>, UnitProblem> {
    let code = tidy(code.unwrap_or_default());
    if code.is_empty() {
        return Ok(None);
    }
    if code.chars().count() > UNIT_CODE_MAX_CHARS {
        return Err(UnitProblem::new("code", format!("单位编码最多 {UNIT_CODE_MAX_CHARS} 个字")));
    }
    match tree.iter().find(|unit| unit.code == code && own != Some(&unit.id)) {
        Some(other) => Err(UnitProblem::new("code", format!("编码“{code}”已是“{}”的，请换一个", other.name))),
        None => Ok(Some(code)),
    }
}

/// A new unit, checked against the tree that it joins.
///
/// # Errors
/// The unit above does not exist today, the name or code is none or taken, or a grouping is wrong.
pub fn make_unit(tree: &UnitTree, wanted: &NewUnit, parent: &UnitId, id: UnitId) -> Result<Unit, UnitProblem> {
    let above = standing(tree, parent, "parent")?;
    let name = checked_name(&wanted.name, "name")?;
    if let Some(other) = tree.child_named(&above.id, &name) {
        let reason = format!("“{}”下已有“{}”，请换一个名称", above.name, other.name);
        return Err(UnitProblem::new("name", reason));
    }
    check_groups(&wanted.groups)?;
    let (made_up, position) = tree.free_code(parent);
    let code = checked_code(tree, wanted.code.as_deref(), None)?.unwrap_or(made_up);
    let depth = tree.ancestors(parent).len() + 1;
    let kind = wanted.kind.unwrap_or_else(|| UnitKind::guess(&name, depth));
    if kind == UnitKind::Top {
        return Err(UnitProblem::new("kind", "“区”只用于最上级单位，请选别的单位类型"));
    }
    let mut groups = wanted.groups.clone();
    groups.sort();
    Ok(Unit { id, code, name, parent: Some(parent.clone()), kind, groups, position, left_on: None })
}

/// One group of each kind at the most, with a name.
///
/// # Errors
/// Names the kind.
pub fn check_groups(groups: &[Group]) -> Result<(), UnitProblem> {
    for kind in GroupKind::ALL {
        let names: Vec<&str> =
            groups.iter().filter(|group| group.kind == kind).map(|group| group.name.as_str()).collect();
        if names.len() > 1 {
            let reason = format!("一个单位只能有一个{}，现在写了：{}", kind.title(), names.join("、"));
            return Err(UnitProblem::new("groups", reason));
        }
        let limit = crate::unit::GROUP_NAME_MAX_CHARS;
        if names.iter().any(|name| name.trim().is_empty() || name.chars().count() > limit) {
            return Err(UnitProblem::new("groups", format!("{}的名称应为 1 到 {limit} 个字", kind.title())));
        }
    }
    Ok(())
}

/// Moves a unit, with everything below it, under another.
///
/// # Errors
/// The unit is the top, or would stand above itself, or its name is taken there.
pub fn move_unit(tree: &UnitTree, unit: &UnitId, to: &UnitId) -> Result<UnitMove, UnitProblem> {
    let unit = standing(tree, unit, "unit")?;
    let Some(from) = &unit.parent else {
        return Err(UnitProblem::new("parent", format!("“{}”是最上级单位，不能移到别的单位下面", unit.name)));
    };
    let above = standing(tree, to, "parent")?;
    if tree.is_within(&above.id, &unit.id) {
        let mut way: Vec<&str> = tree.path_names(&above.id);
        way.push(&unit.name);
        let reason = format!(
            "“{}”就在“{}”里面（{}），移过去单位就成了自己的上级；请选别的上级单位",
            above.name,
            unit.name,
            way.join(" → ")
        );
        return Err(UnitProblem::new("parent", reason));
    }
    if let Some(other) = tree.child_named(&above.id, &unit.name).filter(|other| other.id != unit.id) {
        let reason = format!("“{}”下已有“{}”，请先合并或更名", above.name, other.name);
        return Err(UnitProblem::new("parent", reason));
    }
    let (_, position) = tree.free_code(&above.id);
    let change = UnitMove { unit: unit.id.clone(), from: from.clone(), to: above.id.clone(), position };
    let moved = tree.iter().map(|other| match other.id == unit.id {
        true => Unit { parent: Some(above.id.clone()), ..other.clone() },
        false => other.clone(),
    });
    UnitTree::build(moved.collect::<Vec<_>>()).map_err(|error| UnitProblem::new("parent", error.to_string()))?;
    Ok(change)
}

#[cfg(test)]
mod tests;
