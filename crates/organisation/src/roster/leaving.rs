//! Full mode: who and what is missing in the file.

use super::matching::Matcher;
use super::notes::Notes;
use super::outcome::{Change, FieldChange, PersonChange};
use super::plan::{PlanInput, PlanOptions};
use super::row::{Field, KeyKind, ParsedRow, Problem, Severity};
use super::units::UnitResolver;
use crate::person::{Person, Status};
use crate::unit::Unit;
use crate::{PersonId, UnitId};
use std::collections::{HashMap, HashSet};

/// What a file says of people whose rows are refused: enough to keep them from leaving.
pub(super) struct Named {
    keys: HashSet<String>,
    names: HashSet<String>,
}

pub(super) fn named_in(
    input: &PlanInput<'_>,
    options: &PlanOptions,
    refused: &[&ParsedRow],
    key_of: &dyn Fn(KeyKind, &str) -> String,
) -> Named {
    let values = input.rows.iter().flat_map(|row| options.keys.iter().map(move |kind| (row, kind)));
    let keys = values.filter_map(|(row, kind)| row.get(kind.field()).map(|value| key_of(*kind, value))).collect();
    let names = refused.iter().filter_map(|row| row.get(Field::Name)).map(str::to_owned).collect();
    Named { keys, names }
}

/// Full mode: whoever could leave and is not named in the file, not even in a refused row.
pub(super) fn leave(
    input: &PlanInput<'_>,
    could_leave: &[(usize, &Person)],
    matcher: &Matcher<'_>,
    named: &Named,
    units: &UnitResolver<'_>,
    changes: &mut Vec<PersonChange>,
    notes: &mut Notes,
) {
    let unread = input.problems.iter().any(|p| p.severity == Severity::Error && p.row.is_none());
    if unread || input.rows.is_empty() {
        let reason = "有工作表没有读成，全量导入不会让任何人离开；请先改正再导入";
        notes.push(Problem::of_sheet(None, Severity::Error, reason));
        return;
    }
    for (place, person) in could_leave {
        let kept = matcher.is_taken(*place) || named.keys.contains(&person.key) || named.names.contains(&person.name);
        if kept {
            continue;
        }
        let after = Person { status: Status::Left, ..(*person).clone() };
        let fields = vec![FieldChange {
            field: Field::Status.title().to_owned(),
            before: Some(person.status.title().to_owned()),
            after: Some(Status::Left.title().to_owned()),
        }];
        changes.push(PersonChange {
            sheet: None,
            row: None,
            change: Change::Left,
            before: Some((*person).clone()),
            unit_path: units.path(&after.unit),
            after,
            fields,
        });
    }
}

/// Units out of which this plan takes the last person, and below which nobody is and nothing is made; a unit that the
/// file lists as such stays.
pub(super) fn emptied(
    input: &PlanInput<'_>,
    changes: &[PersonChange],
    units_new: &[Unit],
    listed: &HashSet<UnitId>,
) -> Vec<UnitId> {
    let mut after: HashMap<&PersonId, (&UnitId, Status)> =
        input.existing.iter().map(|person| (&person.id, (&person.unit, person.status))).collect();
    for change in changes {
        after.insert(&change.after.id, (&change.after.unit, change.after.status));
    }
    let occupied: HashSet<&UnitId> =
        after.values().filter(|(_, status)| *status != Status::Left).map(|(unit, _)| *unit).collect();
    let left_from: HashSet<&UnitId> =
        changes.iter().filter_map(|change| change.before.as_ref()).map(|before| &before.unit).collect();
    let made_under: HashSet<&UnitId> = units_new.iter().filter_map(|unit| unit.parent.as_ref()).collect();
    let mut alive: HashSet<UnitId> = HashSet::new();
    let mut left = Vec::new();
    let order: Vec<&Unit> = input.units.iter().filter(|unit| unit.left_on.is_none()).collect();
    for unit in order.into_iter().rev() {
        let below = input.units.children(&unit.id);
        let below_alive = below.iter().any(|child| alive.contains(child));
        let below_left = below.iter().any(|child| left.contains(child));
        let goes = unit.parent.is_some()
            && !occupied.contains(&unit.id)
            && !made_under.contains(&unit.id)
            && !listed.contains(&unit.id)
            && !below_alive
            && (left_from.contains(&unit.id) || below_left);
        if goes {
            left.push(unit.id.clone());
        } else {
            alive.insert(unit.id.clone());
        }
    }
    left.reverse();
    left
}
