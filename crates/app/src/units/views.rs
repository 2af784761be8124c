//! Units as staff see them.

use std::collections::BTreeMap;

use api::people::{UnitGroup, UnitView};
use api::units::{SuccessionRecord, SuccessionView, UnitDetail};
use organisation::{Role, Unit, UnitId};
use storage::units::SuccessionRow;

use super::parse_group_filter;
use crate::access::require_unit;
use crate::clock::rfc3339_micros;
use crate::{App, AppError, AppResult, Principal};

/// What a list of units is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct UnitsFilter {
    /// Units that have left, too.
    pub left: bool,
    /// Units of a group, such as `system:政法系统`.
    pub group: Option<String>,
}

impl App {
    /// The units of the caller's scopes with all below them; the tops of several scopes are joined by the top of the
    /// tree, so that there is one.
    ///
    /// # Errors
    /// What the database says; [`AppError::Invalid`] for a group that is none.
    pub fn units(&self, principal: &Principal, filter: &UnitsFilter) -> AppResult<Vec<UnitView>> {
        let directory = self.directory()?;
        let group = filter.group.as_deref().map(parse_group_filter).transpose()?;
        let roles: Vec<Role> =
            principal.roles.iter().map(|(role, _)| *role).filter(|role| *role != Role::Examinee).collect();
        let scope = principal.scope(&roles);
        let mut ids = directory.tree.units_of(&scope);
        let tops: Vec<UnitId> = ids
            .iter()
            .filter(|id| !directory.tree.ancestors(id).iter().any(|above| ids.contains(&above.id)))
            .cloned()
            .collect();
        if tops.len() > 1
            && let Some(top) = directory.tree.top()
        {
            ids.insert(0, top.id.clone());
        }
        let counts: BTreeMap<String, i64> =
            self.store().read(storage::organisation::people_per_unit)?.into_iter().collect();
        Ok(ids
            .iter()
            .filter_map(|id| directory.tree.get(id))
            .filter(|unit| filter.left || unit.left_on.is_none())
            .filter(|unit| group.as_ref().is_none_or(|group| directory.is_in_group(&unit.id, group)))
            .map(|unit| {
                let parent = unit.parent.clone().filter(|parent| ids.contains(parent)).or_else(|| {
                    // Several scopes hang below the one top.
                    (tops.len() > 1 && tops.contains(&unit.id)).then(|| ids.first().cloned()).flatten()
                });
                let people = directory
                    .tree
                    .subtree(&unit.id)
                    .iter()
                    .filter(|id| ids.contains(id))
                    .filter_map(|id| counts.get(id.as_str()))
                    .sum();
                let version = directory.versions.get(unit.id.as_str()).copied().unwrap_or(1);
                let parent = parent.filter(|parent| *parent != unit.id).map(UnitId::into_string);
                UnitView { parent, ..view(unit, people, version) }
            })
            .collect())
    }

    /// One unit of the caller's with what became of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another's unit.
    pub fn unit_detail(&self, principal: &Principal, id: &str) -> AppResult<UnitDetail> {
        let directory = self.directory()?;
        require_unit(principal, &directory, &[Role::Manager], id)?;
        let unit = directory.tree.get(&UnitId::from(id)).ok_or(AppError::NotFound("这个单位"))?;
        let (counts, rows) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::organisation::people_per_unit(connection)?,
                storage::units::successions(connection)?,
            ))
        })?;
        let counts: BTreeMap<&str, i64> = counts.iter().map(|(id, people)| (id.as_str(), *people)).collect();
        let of = |id: &UnitId| counts.get(id.as_str()).copied().unwrap_or(0);
        let version = directory.versions.get(id).copied().unwrap_or(1);
        let history = events(rows)
            .into_iter()
            .filter(|event| event.records.iter().any(|record| record.from == id || record.to == id));
        Ok(UnitDetail {
            unit: view(unit, directory.tree.subtree(&unit.id).iter().map(of).sum(), version),
            people_directly: of(&unit.id),
            history: history.collect(),
            etag: version.to_string(),
            consequences: None,
        })
    }

    /// What became of the caller's units, the latest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn unit_successions(&self, principal: &Principal) -> AppResult<Vec<SuccessionView>> {
        let directory = self.directory()?;
        let scope = principal.scope(&[Role::Manager]);
        let own = |id: &str| directory.tree.contains(&scope, &UnitId::from(id));
        let rows = self.store().read(storage::units::successions)?;
        let mut events = events(rows);
        events.retain(|event| event.records.iter().any(|record| own(&record.from) || own(&record.to)));
        events.reverse();
        Ok(events)
    }
}

fn view(unit: &Unit, people: i64, version: i64) -> UnitView {
    UnitView {
        id: unit.id.as_str().to_owned(),
        code: unit.code.clone(),
        name: unit.name.clone(),
        parent: unit.parent.as_ref().map(ToString::to_string),
        groups: unit
            .groups
            .iter()
            .map(|group| UnitGroup {
                kind: group.kind.title().to_owned(),
                slug: group.kind.slug().to_owned(),
                name: group.name.clone(),
            })
            .collect(),
        people,
        kind: unit.kind.slug().to_owned(),
        kind_title: unit.kind.title().to_owned(),
        position: unit.position,
        left_on: unit.left_on.map(|day| day.to_string()),
        version,
    }
}

/// Records grouped by their event, in the order in which they were kept.
pub(super) fn events(rows: Vec<SuccessionRow>) -> Vec<SuccessionView> {
    let mut events: Vec<SuccessionView> = Vec::new();
    for row in rows {
        let record = SuccessionRecord {
            from: row.from_unit_id,
            from_name: row.from_name,
            to: row.to_unit_id,
            to_name: row.to_name,
            people: row.people,
        };
        match events.iter_mut().find(|event| event.id == row.event_id && event.kind == row.kind) {
            Some(event) => event.records.push(record),
            None => events.push(SuccessionView {
                id: row.event_id,
                kind: row.kind,
                since: row.since,
                reason: row.reason,
                created_at: rfc3339_micros(row.created_at),
                records: vec![record],
            }),
        }
    }
    events
}
