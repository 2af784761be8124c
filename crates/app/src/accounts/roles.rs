//! Accounts and their roles, for administrators.

use api::session::{AccountSummary, RoleView};
use organisation::{Role, RoleGrant, Scope, check_grants};
use serde_json::json;
use storage::accounts::GrantRow;

use crate::directory::Directory;
use crate::{App, AppError, AppResult, Principal, acts};

impl App {
    /// Accounts by login or name.
    ///
    /// # Errors
    /// What the database says.
    pub fn search_accounts(
        &self,
        principal: &Principal,
        query: &str,
        after: Option<&str>,
        limit: usize,
    ) -> AppResult<Vec<AccountSummary>> {
        let directory = self.directory()?;
        let scope = principal.scope(&[Role::SystemAdmin, Role::SecurityAdmin]);
        let within = |unit: &str| directory.tree.contains(&scope, &organisation::UnitId::from(unit));
        let found: Vec<Option<AccountSummary>> = self.store().read(|connection| {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = storage::accounts::search(connection, query, after, limit)?;
            rows.into_iter()
                .map(|row| {
                    let grants = storage::accounts::grants(connection, &row.id)?;
                    if !grants.iter().any(|grant| within(&grant.unit_id)) {
                        return Ok(None);
                    }
                    Ok::<_, AppError>(Some(AccountSummary {
                        id: row.id,
                        login: row.login,
                        name: row.name,
                        state: row.state,
                        person: row.person_id,
                        roles: role_views(&grants),
                        etag: row.credential_epoch.to_string(),
                    }))
                })
                .collect()
        })?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Replaces the roles of an account; its tokens end.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an unknown role or unit, or two administrators in one hand;
    /// [`AppError::Forbidden`] when the caller would change the own roles.
    pub fn set_roles(
        &self,
        principal: &Principal,
        account_id: &str,
        version: i64,
        roles: &[RoleView],
    ) -> AppResult<()> {
        if principal.account == account_id {
            return Err(AppError::Forbidden("不能更改自己的角色，请由另一位安全管理员办理".to_owned()));
        }
        let directory = self.directory()?;
        let rows = grant_rows(&directory, account_id, roles)?;
        let held = self.store().read(|connection| storage::accounts::grants(connection, account_id))?;
        let scope = principal.scope(&[Role::SecurityAdmin]);
        let outside = rows
            .iter()
            .chain(&held)
            .find(|grant| !directory.tree.contains(&scope, &organisation::UnitId::from(grant.unit_id.as_str())));
        if outside.is_some() {
            return Err(AppError::Forbidden("所授或已有的角色超出您管理的单位范围".to_owned()));
        }
        let (actor, id, now_us) = (principal.account.clone(), account_id.to_owned(), self.now_us());
        let detail = json!({ "roles": roles });
        self.store()
            .write(move |connection| {
                if storage::accounts::account(connection, &id)?.credential_epoch != version {
                    return Err(AppError::PreconditionFailed);
                }
                storage::accounts::replace_grants(connection, &id, &rows)?;
                acts::note(connection, now_us, &actor, "roles_set", &id, &detail)
            })
            .map_err(|error| match error {
                AppError::NotFound(_) => AppError::NotFound("这个账号"),
                other => other,
            })?;
        self.forget_account(account_id);
        Ok(())
    }
}

fn grant_rows(directory: &Directory, account_id: &str, roles: &[RoleView]) -> AppResult<Vec<GrantRow>> {
    let mut grants = Vec::new();
    let mut rows = Vec::new();
    for (index, view) in roles.iter().enumerate() {
        let field = |name: &str| format!("roles[{index}].{name}");
        let role = Role::from_slug(&view.role)
            .ok_or_else(|| AppError::invalid(field("role"), format!("没有“{}”这个角色", view.role)))?;
        for unit in &view.scope {
            if directory.tree.get(&organisation::UnitId::from(unit.as_str())).is_none() {
                return Err(AppError::invalid(field("scope"), format!("没有编号为“{unit}”的单位")));
            }
            rows.push(GrantRow {
                account_id: account_id.to_owned(),
                role: role.slug().to_owned(),
                unit_id: unit.clone(),
            });
        }
        grants.push(RoleGrant { role, scope: Scope::of(view.scope.iter().map(String::as_str)) });
    }
    check_grants(&grants).map_err(|error| AppError::invalid("roles", error.to_string()))?;
    rows.sort_by(|a, b| (&a.role, &a.unit_id).cmp(&(&b.role, &b.unit_id)));
    rows.dedup();
    Ok(rows)
}

pub(super) fn role_views(grants: &[GrantRow]) -> Vec<RoleView> {
    let mut views: Vec<RoleView> = Vec::new();
    for grant in grants {
        match views.iter_mut().find(|view| view.role == grant.role) {
            Some(view) => view.scope.push(grant.unit_id.clone()),
            None => views.push(RoleView { role: grant.role.clone(), scope: vec![grant.unit_id.clone()] }),
        }
    }
    views
}
