//! Who asks: a signed-in account with its roles.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use organisation::{Role, Scope, UnitId};
use storage::accounts::AccountRow;

use crate::together::Together;
use crate::tokens::{ACCESS_SECONDS, AccessClaims, AttemptClaims, Claims};
use crate::{App, AppError, AppResult};

/// How long a revocation on another node may go unseen.
const FRESH_FOR: Duration = Duration::from_secs(10);
/// Accounts kept in memory at the most.
const CACHE_ACCOUNTS: usize = 20_000;

/// A signed-in account. Proof that its token was valid and not revoked.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Account id.
    pub account: String,
    /// What it signs in with.
    pub login: String,
    /// Name.
    pub name: String,
    /// The person it belongs to, if any.
    pub person: Option<String>,
    /// The session of the token.
    pub session: String,
    /// Roles with their scopes, one entry a role.
    pub roles: Vec<(Role, Scope)>,
}

impl Principal {
    /// Whether it holds a role, over whatever scope.
    pub fn has(&self, role: Role) -> bool {
        self.roles.iter().any(|(held, _)| *held == role)
    }

    /// Whether it holds one of these roles.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// The union of the scopes of these roles.
    pub fn scope(&self, roles: &[Role]) -> Scope {
        let units = self
            .roles
            .iter()
            .filter(|(held, _)| roles.contains(held))
            .flat_map(|(_, scope)| scope.units.iter().cloned())
            .collect();
        Scope { units }
    }

    /// The person behind the account.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the account belongs to no person (a staff account).
    pub fn person(&self) -> AppResult<&str> {
        self.person.as_deref().ok_or(AppError::NotFound("您的人员信息（此账号未对应干部）"))
    }
}

#[derive(Debug, Clone)]
struct Known {
    at: Instant,
    state: String,
    credential_epoch: i64,
    revoked_sessions: Arc<Vec<String>>,
    principal: Principal,
}

/// Accounts that asked lately.
#[derive(Default)]
pub(crate) struct PrincipalCache {
    kept: Mutex<BTreeMap<String, Known>>,
    loading: Together<String, Known>,
}

impl App {
    /// Who holds this token.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for a token that is not valid, is over, or was revoked.
    pub fn authenticate(&self, token: &str) -> AppResult<Caller> {
        match self.tokens().verify(token, self.now())? {
            Claims::Access(claims) => self.principal_of(&claims).map(Caller::Account),
            Claims::Attempt(claims) => Ok(Caller::Attempt(claims)),
        }
    }

    /// As [`App::authenticate`], when nothing has to be read for it; none when something must.
    pub fn authenticate_from_memory(&self, token: &str) -> Option<AppResult<Caller>> {
        match self.tokens().verify(token, self.now()) {
            Ok(Claims::Attempt(claims)) => Some(Ok(Caller::Attempt(claims))),
            Ok(Claims::Access(claims)) => {
                self.known(&claims.sub).map(|_| self.principal_of(&claims).map(Caller::Account))
            }
            Err(error) => Some(Err(error)),
        }
    }

    fn principal_of(&self, claims: &AccessClaims) -> AppResult<Principal> {
        let known = match self.known(&claims.sub) {
            Some(known) => known,
            None => self.inner.principals.loading.ask(claims.sub.clone(), |accounts| self.load_together(&accounts))?,
        };
        if known.state != "active"
            || known.credential_epoch != claims.cep
            || known.revoked_sessions.contains(&claims.sid)
        {
            return Err(AppError::NotSignedIn);
        }
        Ok(Principal { session: claims.sid.clone(), ..known.principal })
    }

    fn known(&self, account: &str) -> Option<Known> {
        let guard = self.inner.principals.kept.lock().ok()?;
        guard.get(account).filter(|known| known.at.elapsed() < FRESH_FOR).cloned()
    }

    /// Reads what is known of some accounts, for all who ask at once.
    fn load_together(&self, accounts: &[String]) -> Vec<AppResult<Known>> {
        let found = match self.read_known(accounts) {
            Ok(found) => found,
            Err(error) => return error.for_each_of(accounts.len()),
        };
        if let Ok(mut kept) = self.inner.principals.kept.lock() {
            if kept.len().saturating_add(found.len()) > CACHE_ACCOUNTS {
                kept.retain(|_, known| known.at.elapsed() < FRESH_FOR);
            }
            if kept.len().saturating_add(found.len()) <= CACHE_ACCOUNTS {
                kept.extend(found.iter().map(|(id, known)| (id.clone(), known.clone())));
            }
        }
        accounts.iter().map(|id| found.get(id).cloned().ok_or(AppError::NotSignedIn)).collect()
    }

    fn read_known(&self, accounts: &[String]) -> AppResult<BTreeMap<String, Known>> {
        // Before it is read: what is revoked while it is being read counts from here, too.
        let at = Instant::now();
        let ids: Vec<&str> = accounts.iter().map(String::as_str).collect();
        // An access token names no session that ended before it was made.
        let since = self.now_us().saturating_sub(ACCESS_SECONDS.saturating_mul(2 * 1_000_000));
        let (rows, grants, revoked) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::accounts::with_ids(connection, &ids)?,
                storage::accounts::grants_of(connection, &ids)?,
                storage::accounts::sessions_revoked_since(connection, &ids, since)?,
            ))
        })?;
        let known = |row: AccountRow| {
            let mut roles: Vec<(Role, Scope)> = Vec::new();
            for grant in grants.iter().filter(|grant| grant.account_id == row.id) {
                let Some(role) = Role::from_slug(&grant.role) else { continue };
                let unit = UnitId::from(grant.unit_id.clone());
                match roles.iter_mut().find(|(held, _)| *held == role) {
                    Some((_, scope)) => {
                        scope.units.insert(unit);
                    }
                    None => roles.push((role, Scope::of([unit]))),
                }
            }
            let own = revoked.iter().filter(|(account, _)| *account == row.id);
            Known {
                at,
                state: row.state,
                credential_epoch: row.credential_epoch,
                revoked_sessions: Arc::new(own.map(|(_, session)| session.clone()).collect()),
                principal: Principal {
                    account: row.id,
                    login: row.login,
                    name: row.name,
                    person: row.person_id,
                    session: String::new(),
                    roles,
                },
            }
        };
        Ok(rows.into_iter().map(|row| (row.id.clone(), known(row))).collect())
    }

    /// Forgets what is kept of an account: its roles, password or sessions have changed.
    pub(crate) fn forget_account(&self, account: &str) {
        if let Ok(mut guard) = self.inner.principals.kept.lock() {
            guard.remove(account);
        }
    }

    /// Forgets every account: an import may have disabled some.
    pub(crate) fn forget_accounts(&self) {
        if let Ok(mut guard) = self.inner.principals.kept.lock() {
            guard.clear();
        }
    }
}

/// Who calls: an account, or the holder of an attempt token.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Signed in.
    Account(Principal),
    /// Sits one attempt.
    Attempt(AttemptClaims),
}
