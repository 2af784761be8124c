//! Renaming, merging and splitting units from a day on: planned, shown, done in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use api::units::{SuccessionOutcome, SuccessionRequest};
use jiff::civil::Date;
use organisation::succession::plan::{Ground, Heir, Part, PeopleMove, SuccessionPlan, merge, rename, split};
use organisation::{PersonId, Role, Succession, SuccessionKind, Successions, UnitId};
use serde_json::json;
use storage::organisation::UnitRow;
use storage::units::SuccessionRow;

use super::{invalid, no_import_under_way, parse_new_unit, stale};
use crate::access::require_unit;
use crate::clock::day;
use crate::directory::{Directory, unit_to_row};
use crate::exams::checked_reason;
use crate::secrets::sha256_hex;
use crate::{App, AppError, AppResult, Principal, acts, new_id};

/// Characters of an etag.
const ETAG_CHARS: usize = 32;

/// A plan with the state that it was made from.
struct Planned {
    plan: SuccessionPlan,
    directory: Directory,
    /// The versions that the touched units had.
    versions: Vec<(String, i64)>,
    etag: String,
}

impl App {
    /// Renames, merges or splits units of the caller's, or only says what that would do. `seen` is the etag that a
    /// dry run gave: what is done is what was shown.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming what is wrong; [`AppError::PreconditionRequired`] without an etag,
    /// [`AppError::PreconditionFailed`] when units or people have changed since.
    pub fn succeed_units(
        &self,
        principal: &Principal,
        request: &SuccessionRequest,
        seen: Option<&str>,
    ) -> AppResult<SuccessionOutcome> {
        let planned = self.plan_succession(principal, request)?;
        if request.dry_run {
            return self.succession_outcome(&planned.plan, &planned.directory, planned.etag, None);
        }
        self.refuse_frozen("单位")?;
        let reason = checked_reason(&request.reason)?;
        let seen = seen.ok_or(AppError::PreconditionRequired)?;
        if seen != planned.etag {
            return Err(AppError::PreconditionFailed);
        }
        // What was true before is what the roles and drafts are told by.
        let event = new_id();
        let etag = planned.etag.clone();
        let outcome = self.succession_outcome(&planned.plan, &planned.directory, etag, Some(event.clone()))?;
        self.apply_succession(principal, planned, &event, &reason)?;
        self.forget_directory();
        self.forget_accounts();
        Ok(outcome)
    }

    fn plan_succession(&self, principal: &Principal, request: &SuccessionRequest) -> AppResult<Planned> {
        let kind = SuccessionKind::from_slug(&request.kind).ok_or_else(|| {
            let reason = format!("没有“{}”这种沿革，可用 renamed、merged 或 split", request.kind);
            AppError::invalid("kind", reason)
        })?;
        let since: Date = request
            .since
            .parse()
            .map_err(|_| AppError::invalid("since", format!("“{}”不是日期，应写作 2026-01-01", request.since)))?;
        let directory = self.fresh_directory()?;
        self.require_all(principal, &directory, request)?;
        let counts = self.store().read(storage::organisation::people_per_unit)?;
        let people: BTreeMap<UnitId, u64> =
            counts.into_iter().map(|(id, n)| (UnitId::from(id), u64::try_from(n).unwrap_or(0))).collect();
        let ground = Ground { tree: &directory.tree, people: &people, since, today: day(self.now()) };
        let unit = || request.unit.as_deref().map(UnitId::from).ok_or_else(|| AppError::invalid("unit", "请选单位"));
        let plan = match kind {
            SuccessionKind::Renamed => rename(&ground, &unit()?, request.name.as_deref().unwrap_or_default()),
            SuccessionKind::Merged => {
                let units: Vec<UnitId> = request.units.iter().map(|id| UnitId::from(id.as_str())).collect();
                merge(&ground, &units, &heir(request)?, &mut new_id)
            }
            SuccessionKind::Split => {
                let unit = unit()?;
                let members = self.store().read(|c| storage::units::members(c, unit.as_str()))?;
                let members: BTreeSet<PersonId> = members.into_iter().map(PersonId::from).collect();
                split(&ground, &unit, &members, &parts(request)?, request.keep, &mut new_id)
            }
        }
        .map_err(invalid)?;
        self.prove_history(&plan)?;
        let touched = plan.touched();
        let versions: Vec<(String, i64)> =
            touched.iter().filter_map(|id| Some((id.to_string(), *directory.versions.get(id.as_str())?))).collect();
        let etag = etag_of(&plan, &versions);
        Ok(Planned { plan, directory, versions, etag })
    }

    /// Every unit that is named must be one of the caller's.
    fn require_all(&self, principal: &Principal, directory: &Directory, request: &SuccessionRequest) -> AppResult<()> {
        let new = request.into_new.iter().chain(request.parts.iter().map(|part| &part.unit));
        let parents = new.filter_map(|unit| unit.parent.as_ref()).filter(|id| !id.is_empty());
        let named = request.unit.iter().chain(&request.units).chain(&request.into).chain(parents);
        for unit in named {
            require_unit(principal, directory, &[Role::Manager], unit)?;
        }
        // What comes out beside a unit stands under the unit above: that one must be the caller's, too.
        let of_new = match SuccessionKind::from_slug(&request.kind) {
            Some(SuccessionKind::Split) => request.unit.iter().collect::<Vec<_>>(),
            Some(SuccessionKind::Merged) if request.into_new.is_some() => request.units.iter().take(1).collect(),
            _ => Vec::new(),
        };
        for unit in of_new {
            let unit = directory.tree.get(&UnitId::from(unit.as_str()));
            if let Some(above) = unit.and_then(|unit| unit.parent.as_ref()) {
                require_unit(principal, directory, &[Role::Manager], above.as_str())?;
            }
        }
        Ok(())
    }

    /// The records so far and the new ones contradict each other in nothing.
    fn prove_history(&self, plan: &SuccessionPlan) -> AppResult<()> {
        let rows = self.store().read(storage::units::successions)?;
        let mut records = Vec::with_capacity(rows.len() + plan.records.len());
        for row in &rows {
            let since = row.since.parse().map_err(|error| AppError::corrupt("succession since", error))?;
            let kind = SuccessionKind::from_slug(&row.kind)
                .ok_or_else(|| AppError::Internal(format!("succession kind {}", row.kind)))?;
            let (from, to) = (UnitId::from(row.from_unit_id.as_str()), UnitId::from(row.to_unit_id.as_str()));
            records.push(Succession { kind, from, to, since });
        }
        records.extend(plan.records.iter().cloned());
        Successions::new(records)
            .map(|_| ())
            .map_err(|_| AppError::invalid("since", "生效日期和这些单位以前的沿革对不上，请改成不早于上次沿革的日期"))
    }

    fn apply_succession(&self, principal: &Principal, planned: Planned, event: &str, reason: &str) -> AppResult<()> {
        let Planned { plan, directory, versions, .. } = planned;
        let now_us = self.now_us();
        let rows = changed_rows(&plan, &directory)?;
        let new = plan.units_new.iter().map(|unit| unit_to_row(unit, 1)).collect::<AppResult<Vec<_>>>()?;
        let records = record_rows(&plan, &directory, event, (&principal.account, reason, now_us));
        let (actor, event) = (principal.account.clone(), event.to_owned());
        let kind = match plan.kind {
            SuccessionKind::Renamed => "unit_renamed",
            SuccessionKind::Merged => "units_merged",
            SuccessionKind::Split => "unit_split",
        };
        let detail = json!({
            "since": plan.since.to_string(), "people": plan.people_moved(), "reason": reason,
            "from": plan.records.iter().map(|record| &record.from).collect::<BTreeSet<_>>(),
            "to": plan.records.iter().map(|record| &record.to).collect::<BTreeSet<_>>(),
        });
        self.store().write(move |connection| {
            no_import_under_way(connection)?;
            let ids: Vec<String> = versions.iter().map(|(id, _)| id.clone()).collect();
            if storage::units::versions_for_update(connection, &ids)? != versions {
                return Err(AppError::PreconditionFailed);
            }
            storage::organisation::insert_units(connection, &new)?;
            for row in &rows {
                storage::units::update(connection, row).map_err(stale)?;
            }
            for change in &plan.people {
                move_people(connection, change)?;
            }
            for record in plan.records.iter().filter(|_| plan.kind == SuccessionKind::Merged) {
                storage::units::move_seconded(connection, record.from.as_str(), record.to.as_str())?;
            }
            extend_roles(connection, &plan)?;
            storage::units::insert_successions(connection, &records)?;
            acts::note(connection, now_us, &actor, kind, &event, &detail)
        })
    }
}

fn heir(request: &SuccessionRequest) -> AppResult<Heir> {
    match (&request.into, &request.into_new) {
        (Some(unit), None) => Ok(Heir::Unit(UnitId::from(unit.as_str()))),
        (None, Some(new)) => Ok(Heir::New(parse_new_unit(new)?)),
        _ => Err(AppError::invalid("into", "请选并入哪个单位，或填写新单位，两者选一")),
    }
}

fn parts(request: &SuccessionRequest) -> AppResult<Vec<Part>> {
    let parts = request.parts.iter().map(|part| {
        Ok(Part {
            unit: parse_new_unit(&part.unit)?,
            people: part.people.iter().map(|id| PersonId::from(id.as_str())).collect(),
            units: part.units.iter().map(|id| UnitId::from(id.as_str())).collect(),
        })
    });
    parts.collect()
}

/// Stands for the state that a plan was made from, and for what it does; fresh ids of new units left out.
fn etag_of(plan: &SuccessionPlan, versions: &[(String, i64)]) -> String {
    let new: BTreeSet<&UnitId> = plan.units_new.iter().map(|unit| &unit.id).collect();
    let shown = |id: &UnitId| if new.contains(id) { "new".to_owned() } else { id.to_string() };
    let people: Vec<_> =
        plan.people.iter().map(|change| (shown(&change.from), shown(&change.to), change.count)).collect();
    let moved: Vec<_> = plan.units_moved.iter().map(|change| (shown(&change.unit), shown(&change.to))).collect();
    let names: Vec<_> = plan.units_new.iter().map(|unit| &unit.name).collect();
    let text = format!("{:?} {} {versions:?} {people:?} {moved:?} {names:?}", plan.kind, plan.since);
    sha256_hex(text.as_bytes()).chars().take(ETAG_CHARS).collect()
}

/// The stored units that the plan changes, each with the next version.
fn changed_rows(plan: &SuccessionPlan, directory: &Directory) -> AppResult<Vec<UnitRow>> {
    let mut units: Vec<_> = directory.tree.iter().cloned().collect();
    plan.apply(&mut units);
    let touched = plan.touched();
    units
        .iter()
        .filter(|unit| touched.contains(&unit.id))
        .map(|unit| {
            let version = directory.versions.get(unit.id.as_str()).copied().unwrap_or(1);
            unit_to_row(unit, version.saturating_add(1))
        })
        .collect()
}

fn record_rows(
    plan: &SuccessionPlan,
    directory: &Directory,
    event: &str,
    (actor, reason, now_us): (&str, &str, i64),
) -> Vec<SuccessionRow> {
    let name_after = |id: &UnitId| {
        let renamed = plan.units_renamed.iter().find(|rename| rename.id == *id).map(|rename| rename.after.clone());
        let new = || plan.units_new.iter().find(|unit| unit.id == *id).map(|unit| unit.name.clone());
        renamed.or_else(new).unwrap_or_else(|| directory.unit_name(id.as_str()))
    };
    let people = |from: &UnitId, to: &UnitId| {
        let ways = plan.people.iter().filter(|change| change.from == *from && change.to == *to);
        i64::try_from(ways.map(|change| change.count).sum::<u64>()).unwrap_or(i64::MAX)
    };
    let rows = plan.records.iter().map(|record| SuccessionRow {
        id: new_id(),
        kind: plan.kind.slug().to_owned(),
        from_unit_id: record.from.to_string(),
        to_unit_id: record.to.to_string(),
        since: plan.since.to_string(),
        event_id: event.to_owned(),
        from_name: directory.unit_name(record.from.as_str()),
        to_name: name_after(&record.to),
        people: people(&record.from, &record.to),
        reason: reason.to_owned(),
        created_by: actor.to_owned(),
        created_at: now_us,
    });
    rows.collect()
}

/// Moves exactly the people who were counted.
fn move_people(connection: &mut storage::DbConnection, change: &PeopleMove) -> AppResult<()> {
    let who: Option<Vec<String>> =
        change.who.as_ref().map(|who| who.iter().map(ToString::to_string).collect::<Vec<_>>());
    let moved = storage::units::move_people(connection, change.from.as_str(), change.to.as_str(), who.as_deref())?;
    if u64::try_from(moved) == Ok(change.count) { Ok(()) } else { Err(AppError::PreconditionFailed) }
}

/// Who watches over a unit that ends, or that parts leave, watches over where its people go.
fn extend_roles(connection: &mut storage::DbConnection, plan: &SuccessionPlan) -> AppResult<()> {
    for record in plan.records.iter().filter(|record| record.from != record.to) {
        let holders = storage::units::holders(connection, &[record.from.to_string()])?;
        for (account, _, role, _) in holders {
            let follows = Role::from_slug(&role).is_some_and(Role::follows_succession);
            let held = storage::accounts::grants(connection, &account)?;
            let to = record.to.to_string();
            let has = held.iter().any(|grant| grant.role == role && grant.unit_id == to);
            if follows && !has {
                let grant = storage::accounts::GrantRow { account_id: account, role, unit_id: to };
                storage::accounts::insert_grants(connection, &[grant])?;
            }
        }
    }
    Ok(())
}
