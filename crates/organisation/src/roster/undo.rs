//! Doing a plan to values, and taking it back.

use super::outcome::{Change, ImportPlan, UnitRegroup, UnitRename};
use crate::person::Person;
use crate::unit::{Group, Unit, UnitKind};
use crate::{PersonId, UnitId};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// One person as it must be now, and as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restore {
    /// What the import made of the person; if it is another by now, somebody has edited it since.
    pub expected: Person,
    /// What to put back.
    pub restore: Person,
}

/// The inverse of a plan (撤销导入).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoPlan {
    /// People that the import made, as it made them.
    pub remove_people: Vec<Person>,
    /// People that it changed.
    pub restore_people: Vec<Restore>,
    /// Units that it made, children before parents.
    pub remove_units: Vec<UnitId>,
    /// Units to give back their name.
    pub rename_units: Vec<UnitRename>,
    /// Units that it marked as left.
    pub restore_units: Vec<UnitId>,
    /// Units to give back their kind and groups.
    #[serde(default)]
    pub regroup_units: Vec<UnitRegroup>,
    /// The units that it touched, as it left them; if they are others by now, somebody has changed them since.
    #[serde(default)]
    pub expected_units: Vec<Unit>,
}

/// Why an import cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UndoConflict {
    /// People were edited since.
    #[error("导入之后有 {0} 人的信息又被改过，不能整批撤销；请上传更正后的花名册")]
    People(usize),
    /// A unit was changed, renamed, merged or split since.
    #[error("导入之后单位“{0}”有过变更（更名、合并、拆分、移动或改分组），不能整批撤销；请在单位页更正")]
    Unit(String),
    /// Other people, or units, stand in a unit that would go.
    #[error("导入之后又有别的人或单位归到“{0}”下面，不能整批撤销；请上传更正后的花名册")]
    Occupied(String),
}

impl ImportPlan {
    /// The inverse. `units` are those stored before the import.
    pub fn undo(&self, units: &[Unit]) -> UndoPlan {
        let mut remove_people = Vec::new();
        let mut restore_people = Vec::new();
        for change in &self.changes {
            match &change.before {
                None => remove_people.push(change.after.clone()),
                Some(before) => {
                    restore_people.push(Restore { expected: change.after.clone(), restore: before.clone() });
                }
            }
        }
        let rename_back = |rename: &UnitRename| UnitRename {
            id: rename.id.clone(),
            before: rename.after.clone(),
            after: rename.before.clone(),
        };
        UndoPlan {
            remove_people,
            restore_people,
            remove_units: self.units_new.iter().rev().map(|unit| unit.id.clone()).collect(),
            rename_units: self.units_renamed.iter().map(rename_back).collect(),
            restore_units: self.units_left.clone(),
            regroup_units: self
                .units_regrouped
                .iter()
                .map(|change| UnitRegroup {
                    before: change.after.clone(),
                    after: change.before.clone(),
                    ..change.clone()
                })
                .collect(),
            expected_units: self.touched_units(units),
        }
    }

    /// The units that the import makes or changes, as it leaves them.
    fn touched_units(&self, units: &[Unit]) -> Vec<Unit> {
        let renamed = self.units_renamed.iter().map(|change| &change.id);
        let regrouped = self.units_regrouped.iter().map(|change| &change.id);
        let new = self.units_new.iter().map(|unit| &unit.id);
        let touched: HashSet<&UnitId> = renamed.chain(regrouped).chain(&self.units_left).chain(new).collect();
        let mut after: Vec<Unit> = units.iter().filter(|unit| touched.contains(&unit.id)).cloned().collect();
        self.apply_to_units(&mut after);
        after
    }

    fn apply_to_units(&self, units: &mut Vec<Unit>) {
        units.extend(self.units_new.iter().cloned());
        rename(units, &self.units_renamed);
        regroup(units, &self.units_regrouped);
        let left: HashSet<&UnitId> = self.units_left.iter().collect();
        for unit in units.iter_mut().filter(|unit| left.contains(&unit.id)) {
            unit.left_on = Some(self.on);
        }
    }

    /// What the stored values become; storage does the same with rows.
    pub fn apply(&self, people: &mut Vec<Person>, units: &mut Vec<Unit>) {
        self.apply_to_units(units);
        let mut after: HashMap<&PersonId, &Person> = HashMap::new();
        for change in &self.changes {
            if change.change == Change::New {
                people.push(change.after.clone());
            } else {
                after.insert(&change.after.id, &change.after);
            }
        }
        put(people, &after);
    }
}

impl UndoPlan {
    /// People who were edited, or went, since the import: they cannot be put back blindly.
    pub fn conflicts(&self, people: &[Person]) -> Vec<PersonId> {
        let now: HashMap<&PersonId, &Person> = people.iter().map(|person| (&person.id, person)).collect();
        let expected = self.remove_people.iter().chain(self.restore_people.iter().map(|restore| &restore.expected));
        expected.filter(|person| now.get(&person.id) != Some(person)).map(|person| person.id.clone()).collect()
    }

    /// Proves that nothing has happened since to what would be put back: not to the people, not to the units (a
    /// succession in which they take part counts), and that nobody else stands in a unit that would go.
    ///
    /// # Errors
    /// The first conflict, in words.
    pub fn check(
        &self,
        people: &[Person],
        units: &[Unit],
        in_succession: &dyn Fn(&UnitId) -> bool,
    ) -> Result<(), UndoConflict> {
        let edited = self.conflicts(people).len();
        if edited > 0 {
            return Err(UndoConflict::People(edited));
        }
        let now: HashMap<&UnitId, &Unit> = units.iter().map(|unit| (&unit.id, unit)).collect();
        let is_another = |unit: &&Unit| now.get(&unit.id) != Some(unit) || in_succession(&unit.id);
        if let Some(unit) = self.expected_units.iter().find(is_another) {
            return Err(UndoConflict::Unit(unit.name.clone()));
        }
        let going: HashSet<&UnitId> = self.remove_units.iter().collect();
        let gone: HashSet<&PersonId> = self.remove_people.iter().map(|person| &person.id).collect();
        let back: HashMap<&PersonId, &Person> =
            self.restore_people.iter().map(|restore| (&restore.restore.id, &restore.restore)).collect();
        let stand_in = people
            .iter()
            .filter(|person| !gone.contains(&person.id))
            .map(|person| back.get(&person.id).copied().unwrap_or(person))
            .flat_map(|person| std::iter::once(&person.unit).chain(&person.seconded_unit));
        let under = units.iter().filter(|unit| !going.contains(&unit.id)).filter_map(|unit| unit.parent.as_ref());
        match stand_in.chain(under).find(|unit| going.contains(unit)) {
            Some(unit) => Err(UndoConflict::Occupied(now.get(unit).map_or(String::new(), |unit| unit.name.clone()))),
            None => Ok(()),
        }
    }

    /// What the stored values become.
    pub fn apply(&self, people: &mut Vec<Person>, units: &mut Vec<Unit>) {
        let gone: HashSet<&PersonId> = self.remove_people.iter().map(|person| &person.id).collect();
        people.retain(|person| !gone.contains(&person.id));
        put(people, &self.restore_people.iter().map(|restore| (&restore.restore.id, &restore.restore)).collect());
        let removed: HashSet<&UnitId> = self.remove_units.iter().collect();
        units.retain(|unit| !removed.contains(&unit.id));
        rename(units, &self.rename_units);
        regroup(units, &self.regroup_units);
        let back: HashSet<&UnitId> = self.restore_units.iter().collect();
        for unit in units.iter_mut().filter(|unit| back.contains(&unit.id)) {
            unit.left_on = None;
        }
    }
}

fn put(people: &mut [Person], values: &HashMap<&PersonId, &Person>) {
    for person in people.iter_mut() {
        if let Some(value) = values.get(&person.id) {
            *person = (*value).clone();
        }
    }
}

fn rename(units: &mut [Unit], renames: &[UnitRename]) {
    let names: HashMap<&UnitId, &str> = renames.iter().map(|rename| (&rename.id, rename.after.as_str())).collect();
    for unit in units.iter_mut() {
        if let Some(name) = names.get(&unit.id) {
            (*name).clone_into(&mut unit.name);
        }
    }
}

fn regroup(units: &mut [Unit], changes: &[UnitRegroup]) {
    let after: HashMap<&UnitId, &(UnitKind, Vec<Group>)> =
        changes.iter().map(|change| (&change.id, &change.after)).collect();
    for unit in units.iter_mut() {
        if let Some((kind, groups)) = after.get(&unit.id) {
            unit.kind = *kind;
            unit.groups.clone_from(groups);
        }
    }
}
