//! Activation codes: issued for one account or a unit; whoever gets one loses password and sessions.

use api::session::ActivationCode;
use organisation::Role;
use serde_json::json;
use storage::accounts::{AccountRow, ActivationRow};

use super::SECOND_US;
use crate::access::{UNIT_ROLES, require_unit};
use crate::address::{PublicAddress, activation_fragment};
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

/// Who gets a code.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub(crate) account: AccountRow,
    /// Id of the person's unit; empty for an account without a person.
    pub(crate) unit: String,
    pub(crate) unit_name: String,
}

/// Codes that are not stored yet, in the order of their holders.
#[derive(Debug)]
pub(crate) struct Minted {
    rows: Vec<ActivationRow>,
    pub(crate) codes: Vec<ActivationCode>,
    pub(crate) expires_at_us: i64,
}

impl App {
    /// A new activation code for one account: its password ends, its sessions too.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an account outside the caller's units, or with roles other than examinee
    /// (those are a system administrator's to reset).
    pub fn issue_code(
        &self,
        principal: &Principal,
        account_id: &str,
        address: Option<&PublicAddress>,
    ) -> AppResult<ActivationCode> {
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
        let unit_name = unit.as_deref().map(|unit| directory.unit_name(unit)).unwrap_or_default();
        let holder = Holder { account, unit: unit.unwrap_or_default(), unit_name };
        let issued = self.issue(&principal.account, &[holder], address)?;
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
    pub fn issue_codes(
        &self,
        principal: &Principal,
        unit: &str,
        only_missing: bool,
        address: Option<&PublicAddress>,
    ) -> AppResult<Vec<ActivationCode>> {
        let directory = self.directory()?;
        require_unit(principal, &directory, UNIT_ROLES, unit)?;
        let holders = self.holders(&directory, unit, only_missing)?;
        self.issue(&principal.account, &holders, address)
    }

    /// Who of a unit and all below it gets a code: whoever holds more than the role of an examinee is reset one by
    /// one, by whoever may.
    ///
    /// # Errors
    /// [`AppError::TooLarge`] over [`CODES_AT_ONCE`].
    pub(crate) fn holders(&self, directory: &Directory, unit: &str, only_missing: bool) -> AppResult<Vec<Holder>> {
        let units = directory.subtree(unit)?;
        let (accounts, staff) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::accounts::of_units(connection, &units)?,
                storage::accounts::with_other_roles(connection, Role::Examinee.slug())?,
            ))
        })?;
        let chosen: Vec<Holder> = accounts
            .into_iter()
            .filter(|(account, _, _)| !staff.contains(&account.id))
            .filter(|(account, _, _)| account.state == "inactive" || (!only_missing && account.state == "active"))
            .map(|(account, _, unit)| Holder { account, unit_name: directory.unit_name(&unit), unit })
            .collect();
        if chosen.len() > CODES_AT_ONCE {
            return Err(AppError::TooLarge(format!(
                "一次最多发 {CODES_AT_ONCE} 个激活码，这里有 {} 人，请按下级单位分批",
                chosen.len()
            )));
        }
        Ok(chosen)
    }

    pub(crate) fn issue(
        &self,
        actor: &str,
        holders: &[Holder],
        address: Option<&PublicAddress>,
    ) -> AppResult<Vec<ActivationCode>> {
        let minted = self.mint(actor, holders, address)?;
        let codes = minted.codes.clone();
        self.store_codes(actor, holders, minted)?;
        Ok(codes)
    }

    /// Makes codes, which open nothing until [`App::store_codes`] has them.
    pub(crate) fn mint(&self, actor: &str, holders: &[Holder], address: Option<&PublicAddress>) -> AppResult<Minted> {
        let issued_at = self.now_us();
        let expires_at_us = issued_at.saturating_add(CODE_DAYS * 86_400 * SECOND_US);
        let mut minted =
            Minted { rows: Vec::with_capacity(holders.len()), codes: Vec::with_capacity(holders.len()), expires_at_us };
        for Holder { account, unit_name, .. } in holders {
            let code = random_code(CODE_CHARS);
            minted.rows.push(ActivationRow {
                account_id: account.id.clone(),
                code_mac: self.secrets().activation_mac(&account.id, &code)?,
                issued_by: actor.to_owned(),
                issued_at,
                expires_at: expires_at_us,
            });
            let link = match address {
                Some(address) => address.activation_link(&account.login, &code),
                None => activation_fragment(&account.login, &code),
            };
            minted.codes.push(ActivationCode {
                account: account.id.clone(),
                person: account.person_id.clone(),
                name: account.name.clone(),
                unit_name: unit_name.clone(),
                login: account.login.clone(),
                qr_svg: reports::qr::svg(&link).map_err(|error| AppError::corrupt("qr", error))?,
                code,
                expires_at: rfc3339_micros(expires_at_us),
            });
        }
        Ok(minted)
    }

    /// Makes the codes good in place of the holders' older ones; passwords and sessions of the holders end.
    pub(crate) fn store_codes(&self, actor: &str, holders: &[Holder], minted: Minted) -> AppResult<()> {
        let now_us = self.now_us();
        let with_password: Vec<String> = holders
            .iter()
            .filter(|holder| holder.account.password_hash.is_some())
            .map(|holder| holder.account.id.clone())
            .collect();
        let (actor, rows) = (actor.to_owned(), minted.rows);
        let reset = with_password.clone();
        self.store().write(move |connection| {
            storage::accounts::replace_codes(connection, &rows)?;
            for id in &reset {
                storage::accounts::clear_password(connection, id)?;
                storage::accounts::revoke_sessions(connection, id, None, now_us)?;
            }
            let subject = rows.first().map(|row| row.account_id.clone()).unwrap_or_default();
            acts::note(connection, now_us, &actor, "codes_issued", &subject, &json!({ "count": rows.len() }))
        })?;
        for id in &with_password {
            self.forget_account(id);
        }
        Ok(())
    }
}
