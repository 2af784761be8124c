//! Activation codes: issued for one account or a unit; whoever gets one loses password and sessions.

use api::session::ActivationCode;
use organisation::Role;
use serde_json::json;
use storage::accounts::{AccountRow, ActivationRow};

use super::SECOND_US;
use crate::access::{UNIT_ROLES, require_unit};
use crate::clock::rfc3339_micros;
use crate::directory::Directory;
use crate::secrets::random_code;
use crate::{App, AppError, AppResult, Principal, acts};

/// Letters and digits of an activation code.
pub const CODE_CHARS: usize = 10;
/// Life of an activation code, in days.
pub const CODE_DAYS: i64 = 30;
/// Codes issued in one call at the most.
pub const CODES_AT_ONCE: usize = 5_000;

impl App {
    /// A new activation code for one account: its password ends, its sessions too.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an account outside the caller's units, or with roles other than examinee
    /// (those are a system administrator's to reset).
    pub fn issue_code(&self, principal: &Principal, account_id: &str) -> AppResult<ActivationCode> {
        let directory = self.directory()?;
        let (account, person) = self
            .store()
            .read(|connection| {
                let account = storage::accounts::account(connection, account_id)?;
                let person =
                    account.person_id.as_deref().map(|id| storage::organisation::person(connection, id)).transpose()?;
                Ok::<_, AppError>((account, person))
            })
            .map_err(|_| AppError::NotFound("这个账号"))?;
        let unit = person.as_ref().map(|person| person.unit_id.clone());
        self.may_reset(principal, &directory, &account, unit.as_deref())?;
        if account.state == "disabled" || person.as_ref().is_some_and(|person| person.left_at.is_some()) {
            return Err(AppError::Conflict("此人已离开，账号已停用；如已调回，请先导入花名册".to_owned()));
        }
        let unit = unit.map(|unit| directory.unit_name(&unit)).unwrap_or_default();
        let issued = self.issue(&principal.account, &[(account, unit)])?;
        issued.into_iter().next().ok_or_else(|| AppError::Internal("no code was issued".to_owned()))
    }

    /// Who may reset an account: a liaison or head an examinee of the own units; a manager anybody of the own units but
    /// the three administrators; a system administrator anybody whose every role lies in the own scope, but the two
    /// other administrators (nobody can become two of them). What is left, the command line does.
    fn may_reset(
        &self,
        principal: &Principal,
        directory: &Directory,
        account: &AccountRow,
        unit: Option<&str>,
    ) -> AppResult<()> {
        let grants = self.store().read(|connection| storage::accounts::grants(connection, &account.id))?;
        let roles: Vec<Role> = grants.iter().filter_map(|grant| Role::from_slug(&grant.role)).collect();
        let covers = |roles: &[Role], unit: &str| require_unit(principal, directory, roles, unit).is_ok();
        let in_unit = |roles: &[Role]| unit.is_some_and(|unit| covers(roles, unit));
        let is_admin = roles.iter().any(|role| role.is_admin());
        let by_system_admin = principal.has(Role::SystemAdmin)
            && !is_admin
            && grants.iter().all(|grant| covers(&[Role::SystemAdmin], &grant.unit_id));
        if by_system_admin || (in_unit(&[Role::Manager]) && !is_admin) {
            return Ok(());
        }
        if !in_unit(UNIT_ROLES) {
            return Err(AppError::NotFound("这个账号"));
        }
        if roles.iter().all(|role| *role == Role::Examinee) {
            return Ok(());
        }
        Err(AppError::Forbidden("这是工作人员账号，请由考务管理员或系统管理员重发激活码".to_owned()))
    }

    /// New codes for the people of a unit and all below it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a unit outside the caller's; [`AppError::TooLarge`] over [`CODES_AT_ONCE`].
    pub fn issue_codes(&self, principal: &Principal, unit: &str, only_missing: bool) -> AppResult<Vec<ActivationCode>> {
        let directory = self.directory()?;
        require_unit(principal, &directory, UNIT_ROLES, unit)?;
        let units = directory.subtree(unit)?;
        let (accounts, staff) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::accounts::of_units(connection, &units)?,
                storage::accounts::with_other_roles(connection, Role::Examinee.slug())?,
            ))
        })?;
        // Whoever holds more than the role of an examinee is reset one by one, by whoever may.
        let chosen: Vec<(AccountRow, String)> = accounts
            .into_iter()
            .filter(|(account, _, _)| !staff.contains(&account.id))
            .filter(|(account, _, _)| account.state == "inactive" || (!only_missing && account.state == "active"))
            .map(|(account, _, unit)| (account, directory.unit_name(&unit)))
            .collect();
        if chosen.len() > CODES_AT_ONCE {
            return Err(AppError::TooLarge(format!(
                "一次最多发 {CODES_AT_ONCE} 个激活码，这里有 {} 人，请按下级单位分批",
                chosen.len()
            )));
        }
        self.issue(&principal.account, &chosen)
    }

    pub(crate) fn issue(&self, actor: &str, accounts: &[(AccountRow, String)]) -> AppResult<Vec<ActivationCode>> {
        let now_us = self.now_us();
        let expires_at = now_us.saturating_add(CODE_DAYS * 86_400 * SECOND_US);
        let mut rows = Vec::with_capacity(accounts.len());
        let mut codes = Vec::with_capacity(accounts.len());
        for (account, unit_name) in accounts {
            let code = random_code(CODE_CHARS);
            rows.push(ActivationRow {
                account_id: account.id.clone(),
                code_mac: self.secrets().activation_mac(&account.id, &code)?,
                issued_by: actor.to_owned(),
                issued_at: now_us,
                expires_at,
            });
            codes.push(ActivationCode {
                account: account.id.clone(),
                person: account.person_id.clone(),
                name: account.name.clone(),
                unit_name: unit_name.clone(),
                login: account.login.clone(),
                qr_svg: reports::qr::svg(&format!("#login={}&code={code}", account.login))
                    .map_err(|error| AppError::corrupt("qr", error))?,
                code,
                expires_at: rfc3339_micros(expires_at),
            });
        }
        let with_password: Vec<String> = accounts
            .iter()
            .filter(|(account, _)| account.password_hash.is_some())
            .map(|(account, _)| account.id.clone())
            .collect();
        let (actor, count) = (actor.to_owned(), rows.len());
        let reset = with_password.clone();
        self.store().write(move |connection| {
            storage::accounts::replace_codes(connection, &rows)?;
            for id in &reset {
                storage::accounts::clear_password(connection, id)?;
                storage::accounts::revoke_sessions(connection, id, None, now_us)?;
            }
            let subject = rows.first().map(|row| row.account_id.clone()).unwrap_or_default();
            acts::note(connection, now_us, &actor, "codes_issued", &subject, &json!({ "count": count }))
        })?;
        for id in &with_password {
            self.forget_account(id);
        }
        Ok(codes)
    }
}
