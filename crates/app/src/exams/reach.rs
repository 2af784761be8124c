//! Units of an exam's roster: as they stood when it was fixed, whatever became of them since.

use std::collections::BTreeSet;

use organisation::{Role, UnitId};

use crate::access::units_in_scope;
use crate::disclosure::{is_under, units_of};
use crate::{App, AppResult, Principal};

impl App {
    /// The units of a roster that stood at or below one of these when it was fixed.
    pub(crate) fn units_then(&self, exam: &str, tops: &[String]) -> AppResult<Vec<String>> {
        let rows = self.store().read(|connection| storage::exams::roster_units(connection, exam))?;
        let mut found = BTreeSet::new();
        for (_, path) in &rows {
            let below = units_of(path).skip_while(|unit| !tops.iter().any(|top| top == unit));
            found.extend(below.map(str::to_owned));
        }
        Ok(found.into_iter().collect())
    }

    /// The units of a roster that these roles of the caller cover, then or now.
    pub(crate) fn roster_reach(&self, principal: &Principal, exam: &str, roles: &[Role]) -> AppResult<Vec<String>> {
        let directory = self.directory()?;
        let scope = principal.scope(roles);
        if directory.tree.top().is_some_and(|top| scope.units.contains(&top.id)) {
            return Ok(units_in_scope(principal, &directory, roles));
        }
        let rows = self.store().read(|connection| storage::exams::roster_units(connection, exam))?;
        let covered = rows.into_iter().filter(|(unit, path)| {
            let now = directory.tree.contains(&scope, &UnitId::from(unit.as_str()));
            now || scope.units.iter().any(|own| is_under(path, own.as_str()))
        });
        let units: BTreeSet<String> = covered.map(|(unit, _)| unit).collect();
        Ok(units.into_iter().collect())
    }
}
