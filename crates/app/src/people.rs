//! Units, people and their activation, as staff see them.

use std::collections::BTreeMap;

use api::Page;
use api::people::{ActivationState, Activations, ListEntry, PersonSummary, Ranks, UnitGroup, UnitView};
use organisation::UnitId;
use storage::organisation::PersonRow;

use crate::access::{UNIT_ROLES, require_unit, units_in_scope};
use crate::clock::rfc3339_micros;
use crate::directory::{Directory, LIST_RANK_GROUPS, LIST_RANKS};
use crate::{App, AppError, AppResult, Principal};

impl App {
    /// The units of the caller's scopes with all below them; the tops of several scopes are joined by the top of the
    /// tree, so that there is one.
    ///
    /// # Errors
    /// What the database says.
    pub fn units(&self, principal: &Principal) -> AppResult<Vec<UnitView>> {
        let directory = self.directory()?;
        let roles: Vec<organisation::Role> = principal
            .roles
            .iter()
            .map(|(role, _)| *role)
            .filter(|role| *role != organisation::Role::Examinee)
            .collect();
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
            .filter(|unit| unit.left_on.is_none())
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
                UnitView {
                    id: unit.id.as_str().to_owned(),
                    code: unit.code.clone(),
                    name: unit.name.clone(),
                    parent: parent.filter(|parent| *parent != unit.id).map(UnitId::into_string),
                    groups: unit
                        .groups
                        .iter()
                        .map(|group| UnitGroup { kind: group.kind.title().to_owned(), name: group.name.clone() })
                        .collect(),
                    people,
                }
            })
            .collect())
    }

    /// The lists of ranks.
    ///
    /// # Errors
    /// What the database says.
    pub fn ranks(&self) -> AppResult<Ranks> {
        let directory = self.directory()?;
        let list = |entries: &[(String, String)]| {
            entries.iter().map(|(slug, title)| ListEntry { slug: slug.clone(), title: title.clone() }).collect()
        };
        Ok(Ranks {
            items: list(&directory.rank_groups),
            post_levels: list(&directory.post_levels),
            ranks: list(&directory.ranks),
        })
    }

    /// People of the caller's units, by key.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another's unit.
    pub fn people(
        &self,
        principal: &Principal,
        query: Option<&str>,
        unit: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> AppResult<Page<PersonSummary>> {
        let directory = self.directory()?;
        let units = match unit {
            Some(unit) => {
                require_unit(principal, &directory, UNIT_ROLES, unit)?;
                directory.subtree(unit)?
            }
            None => units_in_scope(principal, &directory, UNIT_ROLES),
        };
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
