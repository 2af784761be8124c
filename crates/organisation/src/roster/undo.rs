//! Doing a plan to values, and taking it back.

use super::plan::{Change, ImportPlan, UnitRename};
use crate::person::Person;
use crate::unit::Unit;
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
}

impl ImportPlan {
    /// The inverse.
    pub fn undo(&self) -> UndoPlan {
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
        }
    }

    /// What the stored values become; storage does the same with rows.
    pub fn apply(&self, people: &mut Vec<Person>, units: &mut Vec<Unit>) {
        units.extend(self.units_new.iter().cloned());
        rename(units, &self.units_renamed);
        let left: HashSet<&UnitId> = self.units_left.iter().collect();
        for unit in units.iter_mut().filter(|unit| left.contains(&unit.id)) {
            unit.left_on = Some(self.on);
        }
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

    /// What the stored values become.
    pub fn apply(&self, people: &mut Vec<Person>, units: &mut Vec<Unit>) {
        let gone: HashSet<&PersonId> = self.remove_people.iter().map(|person| &person.id).collect();
        people.retain(|person| !gone.contains(&person.id));
        put(people, &self.restore_people.iter().map(|restore| (&restore.restore.id, &restore.restore)).collect());
        let removed: HashSet<&UnitId> = self.remove_units.iter().collect();
        units.retain(|unit| !removed.contains(&unit.id));
        rename(units, &self.rename_units);
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
