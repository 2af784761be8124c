//! Splits (拆分): new units come out of one, which goes on or ends.

use super::{Ground, NewUnit, PeopleMove, SuccessionPlan, UnitMove, UnitProblem, make_unit, record, standing};
use crate::succession::SuccessionKind;
use crate::tree::UnitTree;
use crate::unit::Unit;
use crate::{PersonId, UnitId};
use std::collections::{BTreeMap, BTreeSet};

/// New units of one split at the most.
const PARTS_MAX: usize = 20;

/// One unit that comes out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// What it is called.
    pub unit: NewUnit,
    /// The persons who go there.
    pub people: Vec<PersonId>,
    /// The units below the old one that go there.
    pub units: Vec<UnitId>,
}

/// Parts of a unit become units of their own. With `keep` the rest goes on as the unit it was; without, nobody and
/// nothing may be left over.
///
/// # Errors
/// No part, a name that is none or taken, somebody who is not in the unit or is given twice, or somebody left over.
pub fn split(
    ground: &Ground<'_>,
    unit: &UnitId,
    members: &BTreeSet<PersonId>,
    parts: &[Part],
    keep: bool,
    new_id: &mut dyn FnMut() -> String,
) -> Result<SuccessionPlan, UnitProblem> {
    super::check_day(ground)?;
    let unit = standing(ground.tree, unit, "unit")?;
    let Some(above) = &unit.parent else {
        return Err(UnitProblem::new("unit", format!("“{}”是最上级单位，不能拆分", unit.name)));
    };
    if parts.is_empty() || parts.len() > PARTS_MAX {
        return Err(UnitProblem::new("parts", format!("请写 1 到 {PARTS_MAX} 个新单位")));
    }
    if parts.len() == 1 && !keep {
        return Err(UnitProblem::new("parts", "原单位撤销时至少要拆成两个单位；只改名称请用更名"));
    }
    let assigned = assign(ground.tree, unit, members, parts)?;
    let mut plan = SuccessionPlan::new(SuccessionKind::Split, ground.since);
    let mut units: Vec<Unit> = ground.tree.iter().cloned().collect();
    if keep {
        plan.records.push(record(SuccessionKind::Split, &unit.id, &unit.id, ground.since));
    } else {
        nothing_left_over(ground.tree, unit, members, &assigned)?;
        plan.units_left.push(unit.id.clone());
        if let Some(old) = units.iter_mut().find(|old| old.id == unit.id) {
            // One of the new units may take the old name.
            old.left_on = Some(ground.since);
        }
    }
    for (place, part) in parts.iter().enumerate() {
        let at = |problem: UnitProblem| UnitProblem::new(format!("parts[{place}].{}", problem.field), problem.reason);
        let tree = UnitTree::build(units.clone()).map_err(|error| UnitProblem::new("parts", error.to_string()))?;
        let new = part_unit(&tree, unit, above, part, UnitId::new(new_id())).map_err(at)?;
        plan.take_part(unit, &new.id, part);
        units.push(new.clone());
        plan.units_new.push(new);
    }
    plan.proved(ground, "parts")
}

/// A new unit is of the old one's kind and groups, and stands beside it, unless something else is said.
fn part_unit(tree: &UnitTree, old: &Unit, above: &UnitId, part: &Part, id: UnitId) -> Result<Unit, UnitProblem> {
    let mut wanted = part.unit.clone();
    if wanted.groups.is_empty() {
        wanted.groups.clone_from(&old.groups);
    }
    wanted.kind = wanted.kind.or(Some(old.kind));
    let parent = wanted.parent.clone().unwrap_or_else(|| above.clone());
    make_unit(tree, &wanted, &parent, id)
}

impl SuccessionPlan {
    fn take_part(&mut self, old: &Unit, new: &UnitId, part: &Part) {
        let who: BTreeSet<PersonId> = part.people.iter().cloned().collect();
        if !who.is_empty() {
            let count = u64::try_from(who.len()).unwrap_or(u64::MAX);
            let who = Some(who.into_iter().collect());
            self.people.push(PeopleMove { from: old.id.clone(), to: new.clone(), who, count });
        }
        for (child, position) in part.units.iter().zip(1..) {
            let change = UnitMove { unit: child.clone(), from: old.id.clone(), to: new.clone(), position };
            self.units_moved.push(change);
        }
        self.records.push(record(SuccessionKind::Split, &old.id, new, self.since));
    }
}

/// Who and what has a place in some part.
#[derive(Default)]
struct Assigned {
    people: BTreeSet<PersonId>,
    units: BTreeSet<UnitId>,
}

/// Everybody and everything that is named belongs to the unit, and is named once.
fn assign(tree: &UnitTree, unit: &Unit, members: &BTreeSet<PersonId>, parts: &[Part]) -> Result<Assigned, UnitProblem> {
    let mut assigned = Assigned::default();
    let below: BTreeMap<&UnitId, &Unit> =
        tree.children(&unit.id).iter().filter_map(|id| Some((id, tree.get(id)?))).collect();
    for (place, part) in parts.iter().enumerate() {
        let refuse = |what: &str, reason: String| Err(UnitProblem::new(format!("parts[{place}].{what}"), reason));
        for person in part.people.iter().collect::<BTreeSet<_>>() {
            if !members.contains(person) {
                return refuse("people", format!("所选的人里有人不在“{}”本级，请刷新后重新选择", unit.name));
            }
            if !assigned.people.insert(person.clone()) {
                return refuse("people", "有人同时分到了两个新单位，请改成一个".to_owned());
            }
        }
        for id in part.units.iter().collect::<BTreeSet<_>>() {
            let Some(child) = below.get(id).filter(|child| child.left_on.is_none()) else {
                return refuse("units", format!("所选的下级单位不在“{}”下面，请重新选择", unit.name));
            };
            if !assigned.units.insert(id.clone()) {
                return refuse("units", format!("下级单位“{}”同时分到了两个新单位，请改成一个", child.name));
            }
        }
    }
    Ok(assigned)
}

fn nothing_left_over(
    tree: &UnitTree,
    unit: &Unit,
    members: &BTreeSet<PersonId>,
    assigned: &Assigned,
) -> Result<(), UnitProblem> {
    let people = members.difference(&assigned.people).count();
    let units = tree
        .children(&unit.id)
        .iter()
        .filter_map(|id| tree.get(id))
        .filter(|child| child.left_on.is_none() && !assigned.units.contains(&child.id))
        .count();
    if people + units == 0 {
        return Ok(());
    }
    let reason = format!(
        "原单位要撤销，可是还有 {people} 人、{units} 个下级单位没有分到新单位；请分完，或保留原单位“{}”",
        unit.name
    );
    Err(UnitProblem::new("parts", reason))
}
