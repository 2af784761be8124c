//! Getting in: sign-in, activation, renewal, passwords.

mod codes;
mod roles;

pub use codes::{CODE_CHARS, CODE_DAYS, CODES_AT_ONCE};
pub(crate) use codes::{Holder, Minted};

use api::session::{AccountView, Activation, PasswordChange, PersonView, Renewal, SessionView, SignIn};
use serde_json::json;
use storage::accounts::{AccountRow, FailureRow, SessionRow};

use self::roles::role_views;
use crate::clock::rfc3339;
use crate::secrets::{random_hex, sha256_hex};
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
/// Life of a refresh cookie, in days.
pub const REFRESH_DAYS: i64 = 30;
/// How long the previous refresh cookie is still taken, in seconds: a lost reply must sign nobody out.
pub const PREVIOUS_REFRESH_SECONDS: i64 = 60;

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
}
