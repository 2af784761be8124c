//! Mergers (合并): units go into one that is there, or into a new one.

use super::{Ground, NewUnit, PeopleMove, SuccessionPlan, UnitMove, UnitProblem, make_unit, record, standing};
use crate::UnitId;
use crate::succession::SuccessionKind;
use crate::text::squeeze;
use crate::tree::UnitTree;
use crate::unit::{Group, GroupKind, Unit};
use std::collections::BTreeMap;

/// Into what units are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heir {
    /// A unit that is there.
    Unit(UnitId),
    /// A new one.
    New(NewUnit),
}

/// Units go into another with their people and the units below them. Where the successor has a unit of the same name
/// below it, that one takes in its namesake.
///
/// # Errors
/// A unit does not exist today, is the top, lies above the successor or another of them, or is the successor itself.
pub fn merge(
    ground: &Ground<'_>,
    units: &[UnitId],
    into: &Heir,
    new_id: &mut dyn FnMut() -> String,
) -> Result<SuccessionPlan, UnitProblem> {
    super::check_day(ground)?;
    let goers = goers(ground.tree, units)?;
    let mut plan = SuccessionPlan::new(SuccessionKind::Merged, ground.since);
    // Where the successor stands: nothing that goes may lie above it.
    let (target, place) = match into {
        Heir::Unit(id) => {
            let target = standing(ground.tree, id, "into")?;
            if goers.is_empty() {
                return Err(UnitProblem::new("units", "请选要并入的单位"));
            }
            (target.id.clone(), target.id.clone())
        }
        Heir::New(wanted) => {
            let unit = new_unit(ground.tree, &goers, wanted, new_id)?;
            let place = unit.parent.clone().unwrap_or_else(|| unit.id.clone());
            let id = unit.id.clone();
            plan.units_new.push(unit);
            (id, place)
        }
    };
    for goer in &goers {
        if goer.id == target {
            return Err(UnitProblem::new("units", format!("“{}”不能并入它自己，请重新选择", goer.name)));
        }
        if ground.tree.is_within(&place, &goer.id) {
            let reason = format!("“{}”要并入的单位在它自己下面，请先把那个单位移到别的上级下面", goer.name);
            return Err(UnitProblem::new("into", reason));
        }
    }
    let mut merger = Merger { ground, goers: &goers, plan, under: BTreeMap::new() };
    for goer in &goers {
        merger.absorb(goer, &target);
    }
    merger.plan.proved(ground, "into")
}

fn new_unit(
    tree: &UnitTree,
    goers: &[&Unit],
    wanted: &NewUnit,
    new_id: &mut dyn FnMut() -> String,
) -> Result<Unit, UnitProblem> {
    let [first, _, ..] = goers else {
        return Err(UnitProblem::new("units", "并成新单位至少要选两个单位；只改名称请用更名"));
    };
    let above = wanted.parent.clone().or_else(|| first.parent.clone()).unwrap_or_else(|| first.id.clone());
    let mut wanted = wanted.clone();
    if wanted.groups.is_empty() {
        wanted.groups = in_common(goers);
    }
    if goers.iter().any(|goer| tree.is_within(&above, &goer.id)) {
        return Err(UnitProblem::new("parent", "新单位的上级在要撤销的单位里面，请选别的上级单位"));
    }
    // A new unit often takes the name of one that goes into it.
    make_unit(&without(tree, goers)?, &wanted, &above, UnitId::new(new_id()))
}

/// The units that go, none of them the top or below another.
fn goers<'a>(tree: &'a UnitTree, units: &[UnitId]) -> Result<Vec<&'a Unit>, UnitProblem> {
    let mut goers: Vec<&Unit> = Vec::new();
    for id in units {
        let unit = standing(tree, id, "units")?;
        if unit.parent.is_none() {
            return Err(UnitProblem::new("units", format!("“{}”是最上级单位，不能并入别的单位", unit.name)));
        }
        if !goers.iter().any(|other| other.id == unit.id) {
            goers.push(unit);
        }
    }
    for inner in &goers {
        let outer = goers.iter().find(|outer| outer.id != inner.id && tree.is_within(&inner.id, &outer.id));
        if let Some(outer) = outer {
            let reason = format!("“{}”是“{}”的下级，会随它一起过去；请只选上级，或分两次办理", inner.name, outer.name);
            return Err(UnitProblem::new("units", reason));
        }
    }
    Ok(goers)
}

/// The groups that all have.
fn in_common(units: &[&Unit]) -> Vec<Group> {
    let of = |unit: &Unit, kind| Group::name_of(&unit.groups, kind).map(str::to_owned);
    let shared = |kind: GroupKind| {
        let name = of(units.first()?, kind)?;
        units.iter().all(|unit| of(unit, kind).as_ref() == Some(&name)).then_some(Group { kind, name })
    };
    GroupKind::ALL.into_iter().filter_map(shared).collect()
}

/// The tree in which the units that go have ended already.
fn without(tree: &UnitTree, goers: &[&Unit]) -> Result<UnitTree, UnitProblem> {
    let ended = |unit: &Unit| goers.iter().any(|goer| goer.id == unit.id);
    let units = tree.iter().map(|unit| match ended(unit) {
        true => Unit { left_on: Some(jiff::civil::Date::MIN), ..unit.clone() },
        false => unit.clone(),
    });
    UnitTree::build(units.collect::<Vec<_>>()).map_err(|error| UnitProblem::new("units", error.to_string()))
}

struct Merger<'a> {
    ground: &'a Ground<'a>,
    goers: &'a [&'a Unit],
    plan: SuccessionPlan,
    /// Units that have come under another in this plan, by place and name.
    under: BTreeMap<(UnitId, String), UnitId>,
}

impl Merger<'_> {
    fn absorb(&mut self, unit: &Unit, into: &UnitId) {
        let (tree, since) = (self.ground.tree, self.ground.since);
        for child in tree.children(&unit.id).iter().filter_map(|id| tree.get(id)) {
            if child.left_on.is_some() || self.goers.iter().any(|goer| goer.id == child.id) {
                continue;
            }
            match self.namesake(into, child) {
                Some(namesake) => self.absorb(child, &namesake),
                None => self.bring(child, &unit.id, into),
            }
        }
        let count = self.ground.people.get(&unit.id).copied().unwrap_or(0);
        if count > 0 {
            self.plan.people.push(PeopleMove { from: unit.id.clone(), to: into.clone(), who: None, count });
        }
        self.plan.units_left.push(unit.id.clone());
        self.plan.records.push(record(SuccessionKind::Merged, &unit.id, into, since));
    }

    /// The unit of the same name below the successor, which stays there.
    fn namesake(&self, into: &UnitId, child: &Unit) -> Option<UnitId> {
        let brought = self.under.get(&(into.clone(), squeeze(&child.name)));
        let there = || self.ground.tree.child_named(into, &child.name).map(|unit| &unit.id);
        let stays = |id: &&UnitId| !self.goers.iter().any(|goer| goer.id == **id) && **id != child.id;
        brought.or_else(there).filter(stays).cloned()
    }

    fn bring(&mut self, child: &Unit, from: &UnitId, to: &UnitId) {
        let (_, first) = self.ground.tree.free_code(to);
        let brought = self.under.keys().filter(|(place, _)| place == to).count();
        let position = first.saturating_add(i64::try_from(brought).unwrap_or(0));
        self.under.insert((to.clone(), squeeze(&child.name)), child.id.clone());
        self.plan.units_moved.push(UnitMove { unit: child.id.clone(), from: from.clone(), to: to.clone(), position });
    }
}
