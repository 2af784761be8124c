//! Getting in: sign-in, activation, renewal, passwords, codes, roles.

use api::session::{
    AccountSummary, AccountView, Activation, ActivationCode, PasswordChange, PersonView, Renewal, RoleView,
    SessionView, SignIn,
};
use organisation::{Role, RoleGrant, Scope, check_grants};
use serde_json::json;
use storage::accounts::{AccountRow, ActivationRow, FailureRow, GrantRow, SessionRow};

use crate::access::{UNIT_ROLES, require_unit};
use crate::clock::{rfc3339, rfc3339_micros};
use crate::directory::Directory;
use crate::secrets::{random_code, random_hex, sha256_hex};
use crate::{App, AppError, AppResult, Principal, acts, new_id, passwords};

const SECOND_US: i64 = 1_000_000;
/// Failed sign-ins of one account, in [`ACCOUNT_WINDOW_SECONDS`], before it must wait.
pub const ACCOUNT_FAILURES: i64 = 10;
/// See [`ACCOUNT_FAILURES`].
pub const ACCOUNT_WINDOW_SECONDS: i64 = 15 * 60;
/// Failed sign-ins from one address, in [`ADDRESS_WINDOW_SECONDS`]: a whole office shares one.
pub const ADDRESS_FAILURES: i64 = 300;
/// See [`ADDRESS_FAILURES`].
pub const ADDRESS_WINDOW_SECONDS: i64 = 10 * 60;
/// Letters and digits of an activation code.
pub const CODE_CHARS: usize = 10;
/// Life of an activation code, in days.
pub const CODE_DAYS: i64 = 30;
/// Life of a refresh cookie, in days.
pub const REFRESH_DAYS: i64 = 30;
/// How long the previous refresh cookie is still taken, in seconds: a lost reply must sign nobody out.
pub const PREVIOUS_REFRESH_SECONDS: i64 = 60;
/// Codes issued in one call at the most.
pub const CODES_AT_ONCE: usize = 5_000;

/// A session just opened or renewed: what the server puts into the body and into cookies.
#[derive(Debug, Clone)]
pub struct Opened<T> {
    /// The body.
    pub body: T,
    /// The access token again, for its cookie.
    pub access: String,
    /// The refresh cookie.
    pub refresh: String,
}

/// A reply of one text to every wrong sign-in, so that nobody learns which logins exist.
fn wrong_credentials() -> AppError {
    AppError::WrongCredentials("登录名或密码不正确。连续输错 10 次要等 15 分钟；忘记密码请找本单位联络员".to_owned())
}

/// A hash of no password, compared when the login does not exist, so that time tells nothing.
const NO_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$emhpamllLW5vLXBhc3N3b3Jk$8t4vSP3yvfX4n0Tt2vYpPp0eTqvK4cD1pV5dCk0w0bM";

impl App {
    /// Signs in with login and password. `address` is the caller's, for throttling.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], [`AppError::ActivationRequired`], [`AppError::TooManyRequests`].
    pub fn sign_in(&self, request: &SignIn, address: &str) -> AppResult<Opened<SessionView>> {
        let login = request.login.trim().to_owned();
        self.refuse_if_throttled(&login, address)?;
        let found = self.store().read(|connection| storage::accounts::by_login(connection, &login));
        let account = match found {
            Ok(account) => Some(account),
            Err(storage::StorageError::NotFound) => None,
            Err(other) => return Err(other.into()),
        };
        let stored = account.as_ref().and_then(|account| account.password_hash.as_deref());
        let right = passwords::verify(&request.password, stored.unwrap_or(NO_PASSWORD));
        match account {
            Some(account) if account.state == "active" && stored.is_some() && right => self.open_session(account),
            Some(account) if account.state == "inactive" && account.password_hash.is_none() => {
                self.note_failure(&login, address)?;
                Err(AppError::ActivationRequired)
            }
            _ => {
                self.note_failure(&login, address)?;
                Err(wrong_credentials())
            }
        }
    }

    /// Trades an activation code for a password, and signs in.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] for a wrong, used or expired code; [`AppError::Invalid`] for the password.
    pub fn activate(&self, request: &Activation, address: &str) -> AppResult<Opened<SessionView>> {
        let login = request.login.trim().to_owned();
        self.refuse_if_throttled(&login, address)?;
        let wrong = || {
            AppError::WrongCredentials(
                "登录名或激活码不正确，或激活码已用过、已过期。请核对条子，或找本单位联络员重新发码".to_owned(),
            )
        };
        let code: String =
            request.code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let now_us = self.now_us();
        let found = self.store().read(|connection| {
            let account = storage::accounts::by_login(connection, &login)?;
            let row = storage::accounts::code(connection, &account.id)?;
            Ok::<_, storage::StorageError>((account, row))
        });
        let (account, row) = match found {
            Ok(found) => found,
            Err(storage::StorageError::NotFound) => {
                self.note_failure(&login, address)?;
                return Err(wrong());
            }
            Err(other) => return Err(other.into()),
        };
        let mac = self.secrets().activation_mac(&account.id, &code)?;
        if mac != row.code_mac || row.expires_at <= now_us || account.state == "disabled" {
            self.note_failure(&login, address)?;
            return Err(wrong());
        }
        passwords::check_new("password", &request.password, &login)?;
        let hash = passwords::hash(&request.password)?;
        let id = account.id.clone();
        self.store().write(move |connection| {
            storage::accounts::consume_code(connection, &id, &mac).map_err(|error| match error {
                storage::StorageError::Conflict(_) => wrong(),
                other => other.into(),
            })?;
            storage::accounts::set_password(connection, &id, &hash)?;
            acts::note(connection, now_us, &id, "account_activated", &id, &json!({}))
        })?;
        self.forget_account(&account.id);
        let account = self.store().read(|connection| storage::accounts::account(connection, &account.id))?;
        self.open_session(account)
    }

    /// A new access token for a refresh cookie, which is replaced too.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] when the cookie is not the current one, nor the one before within 60 s.
    pub fn renew(&self, refresh: &str) -> AppResult<Opened<Renewal>> {
        let (session_id, secret) = refresh.split_once('.').ok_or(AppError::NotSignedIn)?;
        let (now, now_us) = (self.now(), self.now_us());
        let (session, account) = self
            .store()
            .read(|connection| {
                let session = storage::accounts::session(connection, session_id)?;
                let account = storage::accounts::account(connection, &session.account_id)?;
                Ok::<_, AppError>((session, account))
            })
            .map_err(|error| match error {
                AppError::NotFound(_) => AppError::NotSignedIn,
                other => other,
            })?;
        if session.revoked_at.is_some() || session.expires_at <= now_us || account.state != "active" {
            return Err(AppError::NotSignedIn);
        }
        let given = sha256_hex(secret.as_bytes());
        let (access, expires_at) = self.tokens().access(&account.id, &session.id, account.credential_epoch, now)?;
        let body = Renewal { token: access.clone(), expires_at: rfc3339(expires_at) };
        if given == session.refresh_hash {
            let fresh = random_hex(crate::secrets::KEY_BYTES);
            let (id, to) = (session.id.clone(), sha256_hex(fresh.as_bytes()));
            let expires = now_us.saturating_add(REFRESH_DAYS * 86_400 * SECOND_US);
            let rotated = self.store().write(move |connection| {
                storage::accounts::rotate_session(connection, &id, &given, &to, now_us, expires)
            });
            return match rotated {
                Ok(()) => Ok(Opened { body, access, refresh: format!("{}.{fresh}", session.id) }),
                // Another tab was first; its cookie is on the way, this one stays good for a minute.
                Err(storage::StorageError::Conflict(_)) => Ok(Opened { body, access, refresh: refresh.to_owned() }),
                Err(other) => Err(other.into()),
            };
        }
        let lately = now_us.saturating_sub(session.rotated_at) <= PREVIOUS_REFRESH_SECONDS * SECOND_US;
        if session.previous_hash.as_deref() == Some(given.as_str()) && lately {
            return Ok(Opened { body, access, refresh: refresh.to_owned() });
        }
        Err(AppError::NotSignedIn)
    }

    /// Ends the caller's session.
    ///
    /// # Errors
    /// What the database says.
    pub fn sign_out(&self, principal: &Principal) -> AppResult<()> {
        let (session, now_us) = (principal.session.clone(), self.now_us());
        self.store().write(move |connection| storage::accounts::revoke_session(connection, &session, now_us))?;
        self.forget_account(&principal.account);
        Ok(())
    }

    /// The caller's account.
    ///
    /// # Errors
    /// What the database says.
    pub fn me(&self, principal: &Principal) -> AppResult<AccountView> {
        let account = self.store().read(|connection| storage::accounts::account(connection, &principal.account))?;
        self.account_view(&account)
    }

    /// Changes the caller's password and ends all other sessions.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the current one is wrong or the new one will not do.
    pub fn change_password(&self, principal: &Principal, request: &PasswordChange) -> AppResult<()> {
        self.refuse_if_throttled(&principal.login, "")?;
        let account = self.store().read(|connection| storage::accounts::account(connection, &principal.account))?;
        if !passwords::verify(&request.current, account.password_hash.as_deref().unwrap_or(NO_PASSWORD)) {
            self.note_failure(&principal.login, "")?;
            return Err(AppError::invalid("current", "当前密码不正确"));
        }
        passwords::check_new("new", &request.new, &principal.login)?;
        let hash = passwords::hash(&request.new)?;
        let (id, session, now_us) = (principal.account.clone(), principal.session.clone(), self.now_us());
        self.store().write(move |connection| {
            storage::accounts::set_password(connection, &id, &hash)?;
            storage::accounts::revoke_sessions(connection, &id, Some(&session), now_us)?;
            acts::note(connection, now_us, &id, "password_changed", &id, &json!({}))
        })?;
        self.forget_account(&principal.account);
        Ok(())
    }

    fn open_session(&self, account: AccountRow) -> AppResult<Opened<SessionView>> {
        let (now, now_us) = (self.now(), self.now_us());
        let secret = random_hex(crate::secrets::KEY_BYTES);
        let session = SessionRow {
            id: new_id(),
            account_id: account.id.clone(),
            refresh_hash: sha256_hex(secret.as_bytes()),
            previous_hash: None,
            rotated_at: now_us,
            created_at: now_us,
            expires_at: now_us.saturating_add(REFRESH_DAYS * 86_400 * SECOND_US),
            revoked_at: None,
        };
        let session_id = session.id.clone();
        let subject = format!("account:{}", account.login);
        let old = now_us.saturating_sub(ACCOUNT_WINDOW_SECONDS * SECOND_US);
        self.store().write(move |connection| {
            storage::accounts::forget_failures(connection, &subject, old)?;
            storage::accounts::insert_session(connection, &session)
        })?;
        let (token, expires_at) = self.tokens().access(&account.id, &session_id, account.credential_epoch, now)?;
        Ok(Opened {
            access: token.clone(),
            refresh: format!("{session_id}.{secret}"),
            body: SessionView { token, expires_at: rfc3339(expires_at), account: self.account_view(&account)? },
        })
    }

    fn account_view(&self, account: &AccountRow) -> AppResult<AccountView> {
        let directory = self.directory()?;
        let (grants, person) = self.store().read(|connection| {
            let grants = storage::accounts::grants(connection, &account.id)?;
            let person =
                account.person_id.as_deref().map(|id| storage::organisation::person(connection, id)).transpose()?;
            Ok::<_, AppError>((grants, person))
        })?;
        Ok(AccountView {
            id: account.id.clone(),
            login: account.login.clone(),
            name: account.name.clone(),
            roles: role_views(&grants),
            person: person.map(|person| PersonView {
                unit_name: directory.unit_name(&person.unit_id),
                rank_title: directory.title(crate::directory::LIST_RANK_GROUPS, &person.rank_group),
                id: person.id,
                name: person.name,
                unit: person.unit_id,
                rank: person.rank_group,
            }),
        })
    }

    fn refuse_if_throttled(&self, login: &str, address: &str) -> AppResult<()> {
        let now_us = self.now_us();
        let (account, by_address) = self.store().read(|connection| {
            let account = storage::accounts::failures_since(
                connection,
                &format!("account:{login}"),
                now_us.saturating_sub(ACCOUNT_WINDOW_SECONDS * SECOND_US),
            )?;
            let by_address = storage::accounts::failures_since(
                connection,
                &format!("address:{address}"),
                now_us.saturating_sub(ADDRESS_WINDOW_SECONDS * SECOND_US),
            )?;
            Ok::<_, AppError>((account, by_address))
        })?;
        if account >= ACCOUNT_FAILURES {
            return Err(AppError::TooManyRequests {
                message: "这个账号输错次数过多，请 15 分钟后再试，或找本单位联络员重发激活码".to_owned(),
                retry_after_seconds: ACCOUNT_WINDOW_SECONDS.unsigned_abs(),
            });
        }
        if by_address >= ADDRESS_FAILURES {
            return Err(AppError::TooManyRequests {
                message: "这个网络输错次数过多，请 10 分钟后再试".to_owned(),
                retry_after_seconds: ADDRESS_WINDOW_SECONDS.unsigned_abs(),
            });
        }
        Ok(())
    }

    fn note_failure(&self, login: &str, address: &str) -> AppResult<()> {
        let failed_at = self.now_us();
        let row = |subject: String| FailureRow { id: new_id(), subject, failed_at };
        let mut rows = vec![row(format!("account:{login}"))];
        if !address.is_empty() {
            rows.push(row(format!("address:{address}")));
        }
        self.store().write(move |connection| storage::accounts::insert_failures(connection, &rows))?;
        Ok(())
    }

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

fn role_views(grants: &[GrantRow]) -> Vec<RoleView> {
    let mut views: Vec<RoleView> = Vec::new();
    for grant in grants {
        match views.iter_mut().find(|view| view.role == grant.role) {
            Some(view) => view.scope.push(grant.unit_id.clone()),
            None => views.push(RoleView { role: grant.role.clone(), scope: vec![grant.unit_id.clone()] }),
        }
    }
    views
}
