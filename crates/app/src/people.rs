//! Units, people and their activation, as staff see them.

use std::collections::BTreeMap;

use api::Page;
use api::people::{ActivationState, Activations, ListEntry, PersonSummary, Ranks};
use organisation::{ListKind, UnitId};
use storage::organisation::PersonRow;

use crate::access::{UNIT_ROLES, require_unit, units_in_scope};
use crate::clock::rfc3339_micros;
use crate::directory::{Directory, LIST_RANK_GROUPS, LIST_RANKS};
use crate::{App, AppError, AppResult, Principal};

/// What people are narrowed to.
#[derive(Debug, Clone, Default)]
pub struct PeopleFilter {
    /// Part of a name or key.
    pub query: Option<String>,
    /// A unit and all below it.
    pub unit: Option<String>,
    /// Units of a group, such as `system:政法系统`.
    pub group: Option<String>,
}

impl App {
    /// The lists of ranks.
    ///
    /// # Errors
    /// What the database says.
    pub fn ranks(&self) -> AppResult<Ranks> {
        let directory = self.directory()?;
        let list = |kind: ListKind| {
            let entries = directory.lists.list(kind).iter();
            entries
                .map(|entry| ListEntry { slug: entry.slug.clone(), title: entry.title.clone(), retired: entry.retired })
                .collect()
        };
        Ok(Ranks {
            items: list(ListKind::RankGroup),
            post_levels: list(ListKind::PostLevel),
            ranks: list(ListKind::Rank),
        })
    }

    /// People of the caller's units, by key.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another's unit.
    pub fn people(
        &self,
        principal: &Principal,
        filter: &PeopleFilter,
        after: Option<&str>,
        limit: usize,
    ) -> AppResult<Page<PersonSummary>> {
        let directory = self.directory()?;
        let mut units = match filter.unit.as_deref() {
            Some(unit) => {
                require_unit(principal, &directory, UNIT_ROLES, unit)?;
                directory.subtree(unit)?
            }
            None => units_in_scope(principal, &directory, UNIT_ROLES),
        };
        if let Some(group) = filter.group.as_deref() {
            let group = crate::units::parse_group_filter(group)?;
            units.retain(|unit| directory.is_in_group(&UnitId::from(unit.as_str()), &group));
        }
        let query = filter.query.as_deref();
        let rows_limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (rows, accounts) = self.store().read(|connection| {
            let rows = storage::organisation::search_people(connection, &units, query, after, rows_limit)?;
            let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
            let accounts = storage::accounts::of_people(connection, &ids)?;
            Ok::<_, AppError>((rows, accounts))
        })?;
        let next = (rows.len() == limit).then(|| rows.last().map(|row| row.person_key.clone())).flatten();
        let accounts: BTreeMap<String, (String, bool)> = accounts
            .into_iter()
            .filter_map(|account| Some((account.person_id?, (account.id, account.state == "active"))))
            .collect();
        let items = rows
            .into_iter()
            .map(|row| {
                let account = accounts.get(&row.id).cloned();
                person_summary(&directory, row, account)
            })
            .collect();
        Ok(Page { items, next })
    }

    /// Who of a unit has activated the account.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another's unit.
    pub fn activations(&self, principal: &Principal, unit: &str) -> AppResult<Activations> {
        let directory = self.directory()?;
        require_unit(principal, &directory, UNIT_ROLES, unit)?;
        let units = directory.subtree(unit)?;
        let (accounts, expiries) = self.store().read(|connection| {
            let accounts = storage::accounts::of_units(connection, &units)?;
            let ids: Vec<String> = accounts.iter().map(|(account, ..)| account.id.clone()).collect();
            let expiries = storage::accounts::code_expiries(connection, &ids)?;
            Ok::<_, AppError>((accounts, expiries))
        })?;
        let expiries: BTreeMap<String, i64> = expiries.into_iter().collect();
        let items: Vec<ActivationState> = accounts
            .into_iter()
            .map(|(account, person, unit)| ActivationState {
                activated: account.state == "active",
                code_expires_at: expiries.get(&account.id).copied().map(rfc3339_micros),
                account: account.id,
                person,
                name: account.name,
                unit_name: directory.unit_name(&unit),
                unit,
            })
            .collect();
        let count =
            |all: bool| i64::try_from(items.iter().filter(|item| all || item.activated).count()).unwrap_or(i64::MAX);
        Ok(Activations { unit: unit.to_owned(), registered: count(true), activated: count(false), items })
    }
}

fn person_summary(directory: &Directory, row: PersonRow, account: Option<(String, bool)>) -> PersonSummary {
    PersonSummary {
        unit_name: directory.unit_name(&row.unit_id),
        rank_title: row.rank.as_deref().map(|rank| directory.title(LIST_RANKS, rank)).unwrap_or_default(),
        group_title: directory.title(LIST_RANK_GROUPS, &row.rank_group),
        activated: account.as_ref().is_some_and(|(_, activated)| *activated),
        account: account.map(|(id, _)| id),
        id: row.id,
        key: row.person_key,
        name: row.name,
        unit: row.unit_id,
        post_level: row.post_level,
        rank: row.rank,
        group: row.rank_group,
        post: row.post,
        party: row.party,
        status: row.status,
    }
}
