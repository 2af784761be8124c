//! What a succession does to units, roles and exams, in words for whoever decides.

use std::collections::BTreeSet;

use api::units::{DraftEffect, RoleEffect, SuccessionOutcome, SuccessionRecord, UnitEffect};
use organisation::succession::plan::SuccessionPlan;
use organisation::{Role, UnitId};
use storage::exams::ExamRow;

use super::holder_view;
use crate::directory::Directory;
use crate::exams::audience_of;
use crate::{App, AppError, AppResult};

impl App {
    /// The plan with everything that follows from it.
    pub(super) fn succession_outcome(
        &self,
        plan: &SuccessionPlan,
        directory: &Directory,
        etag: String,
        id: Option<String>,
    ) -> AppResult<SuccessionOutcome> {
        let sources: BTreeSet<String> =
            plan.records.iter().filter(|record| record.from != record.to).map(|r| r.from.to_string()).collect();
        let sources: Vec<String> = sources.into_iter().collect();
        let (holders, exams) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::units::holders(connection, &sources)?,
                storage::exams::list(connection, None, i64::MAX)?,
            ))
        })?;
        let names = Names { plan, directory };
        let roles = holders
            .into_iter()
            .map(|holder| {
                let follows = Role::from_slug(&holder.2).is_some_and(Role::follows_succession);
                let ways = plan.records.iter().filter(|r| r.from != r.to && r.from.as_str() == holder.3);
                let to = ways.filter(|_| follows).map(|record| names.of(&record.to)).collect();
                RoleEffect { holder: holder_view(directory, holder), follows, to }
            })
            .collect();
        let (drafts, fixed) = exams_of(&exams, &plan.units_left, directory)?;
        Ok(SuccessionOutcome {
            id,
            kind: plan.kind.slug().to_owned(),
            since: plan.since.to_string(),
            people: i64::try_from(plan.people_moved()).unwrap_or(i64::MAX),
            records: names.records(),
            units: names.units(),
            roles,
            drafts,
            fixed_rosters: fixed,
            etag,
        })
    }
}

/// Drafts that name a unit which ends, and how many exams have a roster with such a unit already.
fn exams_of(exams: &[ExamRow], left: &[UnitId], directory: &Directory) -> AppResult<(Vec<DraftEffect>, i64)> {
    let mut drafts = Vec::new();
    let mut fixed = 0_i64;
    for exam in exams {
        let audience = audience_of(exam)?;
        let names = audience.units.iter().any(|chosen| left.iter().any(|unit| unit.as_str() == chosen.unit));
        let covers = audience.units.iter().any(|chosen| {
            let top = UnitId::from(chosen.unit.as_str());
            left.iter().any(|unit| *unit == top || (chosen.subtree && directory.tree.is_within(unit, &top)))
        });
        match exam.state.as_str() {
            "draft" if names => drafts.push(DraftEffect { exam: exam.id.clone(), title: exam.title.clone() }),
            "published" | "sealed" if covers => fixed += 1,
            _ => {}
        }
    }
    Ok((drafts, fixed))
}

/// Names of units as they are after the plan.
struct Names<'a> {
    plan: &'a SuccessionPlan,
    directory: &'a Directory,
}

impl Names<'_> {
    fn of(&self, id: &UnitId) -> String {
        let new = self.plan.units_new.iter().find(|unit| unit.id == *id).map(|unit| unit.name.clone());
        let renamed = || self.plan.units_renamed.iter().find(|rename| rename.id == *id).map(|r| r.after.clone());
        new.or_else(renamed).unwrap_or_else(|| self.directory.path_name(id.as_str()))
    }

    fn records(&self) -> Vec<SuccessionRecord> {
        let people = |from: &UnitId, to: &UnitId| -> u64 {
            let ways = self.plan.people.iter().filter(|change| change.from == *from && change.to == *to);
            ways.map(|change| change.count).sum()
        };
        let records = self.plan.records.iter().map(|record| SuccessionRecord {
            from: record.from.to_string(),
            from_name: self.directory.path_name(record.from.as_str()),
            to: record.to.to_string(),
            to_name: self.of(&record.to),
            people: i64::try_from(people(&record.from, &record.to)).unwrap_or(i64::MAX),
        });
        records.collect()
    }

    fn units(&self) -> Vec<UnitEffect> {
        let effect = |id: &UnitId, name: String, change: &str, to: Option<String>| UnitEffect {
            unit: id.to_string(),
            name,
            change: change.to_owned(),
            to,
        };
        let path = |id: &UnitId| self.directory.path_name(id.as_str());
        let new =
            self.plan.units_new.iter().map(|unit| {
                effect(&unit.id, unit.name.clone(), "new", unit.parent.as_ref().map(|parent| self.of(parent)))
            });
        let renamed = self.plan.units_renamed.iter();
        let renamed = renamed.map(|r| effect(&r.id, r.before.clone(), "renamed", Some(r.after.clone())));
        let moved = self.plan.units_moved.iter();
        let moved = moved.map(|change| effect(&change.unit, path(&change.unit), "moved", Some(self.of(&change.to))));
        let left = self.plan.units_left.iter().map(|id| effect(id, path(id), "left", None));
        new.chain(renamed).chain(moved).chain(left).collect()
    }
}
