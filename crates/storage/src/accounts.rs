//! Accounts, grants, activation codes, sessions and failed sign-ins.

use diesel::prelude::*;

use crate::batch::insert_all;
use crate::organisation::{changed, expect_one};
use crate::pattern::contains;
use crate::rehearsals::REHEARSAL;
use crate::schema::{accounts, activation_codes, people, role_grants, sessions, sign_in_failures};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// An account as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct AccountRow {
    pub id: String,
    pub login: String,
    pub name: String,
    pub person_id: Option<String>,
    pub password_hash: Option<String>,
    pub state: String,
    /// Raised when the password changes or roles are taken away: older tokens end.
    pub credential_epoch: i64,
    pub created_at: i64,
}

/// A role over a subtree.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = role_grants)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct GrantRow {
    pub account_id: String,
    pub role: String,
    pub unit_id: String,
}

/// The one valid activation code of an account, as a keyed hash.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = activation_codes)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct ActivationRow {
    pub account_id: String,
    pub code_mac: String,
    pub issued_by: String,
    pub issued_at: i64,
    pub expires_at: i64,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct SessionRow {
    pub id: String,
    pub account_id: String,
    pub refresh_hash: String,
    pub previous_hash: Option<String>,
    pub rotated_at: i64,
    pub created_at: i64,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
}

/// A failed sign-in, counted per account and per address.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = sign_in_failures)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct FailureRow {
    pub id: String,
    pub subject: String,
    pub failed_at: i64,
}

/// The account with this login.
pub fn by_login(connection: &mut DbConnection, login: &str) -> Outcome<AccountRow> {
    Ok(accounts::table.filter(accounts::login.eq(login)).select(AccountRow::as_select()).first(connection)?)
}

/// One account.
pub fn account(connection: &mut DbConnection, id: &str) -> Outcome<AccountRow> {
    Ok(accounts::table.find(id).select(AccountRow::as_select()).first(connection)?)
}

/// Some accounts by id.
pub fn with_ids(connection: &mut DbConnection, ids: &[&str]) -> Outcome<Vec<AccountRow>> {
    Ok(accounts::table.filter(accounts::id.eq_any(ids)).select(AccountRow::as_select()).load(connection)?)
}

/// The account of a person.
pub fn of_person(connection: &mut DbConnection, person_id: &str) -> Outcome<AccountRow> {
    Ok(accounts::table.filter(accounts::person_id.eq(person_id)).select(AccountRow::as_select()).first(connection)?)
}

/// Accounts of these people.
pub fn of_people(connection: &mut DbConnection, person_ids: &[String]) -> Outcome<Vec<AccountRow>> {
    let mut found = Vec::new();
    for chunk in person_ids.chunks(crate::batch::INSERT_ROWS) {
        let mut rows = accounts::table
            .filter(accounts::person_id.eq_any(chunk))
            .select(AccountRow::as_select())
            .load(connection)?;
        found.append(&mut rows);
    }
    Ok(found)
}

/// Accounts whose login or name contains `query`, after a login, at most `limit`; virtual takers are none.
pub fn search(connection: &mut DbConnection, query: &str, after: Option<&str>, limit: i64) -> Outcome<Vec<AccountRow>> {
    let pattern = contains(query);
    let of_a_rehearsal = people::table.filter(people::status.eq(REHEARSAL)).select(people::id.nullable());
    let mut found = accounts::table
        .filter(accounts::person_id.is_null().or(accounts::person_id.ne_all(of_a_rehearsal)))
        .filter(accounts::login.like(pattern.clone()).escape('\\').or(accounts::name.like(pattern).escape('\\')))
        .into_boxed();
    if let Some(login) = after {
        found = found.filter(accounts::login.gt(login.to_owned()));
    }
    Ok(found.order(accounts::login).limit(limit).select(AccountRow::as_select()).load(connection)?)
}

/// Accounts with their person's unit, for the list of activations of some units.
pub fn of_units(connection: &mut DbConnection, unit_ids: &[String]) -> Outcome<Vec<(AccountRow, String, String)>> {
    Ok(accounts::table
        .inner_join(people::table.on(accounts::person_id.eq(people::id.nullable())))
        .filter(people::unit_id.eq_any(unit_ids))
        .filter(people::left_at.is_null())
        .order(people::person_key)
        .select((AccountRow::as_select(), people::id, people::unit_id))
        .load(connection)?)
}

/// Adds accounts.
pub fn insert(connection: &mut DbConnection, rows: &[AccountRow]) -> Outcome<()> {
    Ok(insert_all!(connection, accounts::table, rows)?)
}

/// Takes away the accounts of these people, with all that hangs on them (undo of an import).
pub fn delete_of_people(connection: &mut DbConnection, person_ids: &[String]) -> Outcome<()> {
    for chunk in person_ids.chunks(crate::batch::INSERT_ROWS) {
        diesel::delete(accounts::table.filter(accounts::person_id.eq_any(chunk))).execute(connection)?;
    }
    Ok(())
}

/// Sets a password, makes the account active, ends every older token.
pub fn set_password(connection: &mut DbConnection, id: &str, hash: &str) -> Outcome<()> {
    changed(
        diesel::update(accounts::table.find(id))
            .set((
                accounts::password_hash.eq(hash),
                accounts::state.eq("active"),
                accounts::credential_epoch.eq(accounts::credential_epoch + 1),
            ))
            .execute(connection)?,
    )
}

/// Sets the state of accounts of people (`active`, `disabled`, `inactive`) and ends their tokens.
pub fn set_state_of_people(connection: &mut DbConnection, person_ids: &[String], disabled: bool) -> Outcome<()> {
    for chunk in person_ids.chunks(crate::batch::INSERT_ROWS) {
        let of_people = accounts::table.filter(accounts::person_id.eq_any(chunk));
        if disabled {
            diesel::update(of_people)
                .set((accounts::state.eq("disabled"), accounts::credential_epoch.eq(accounts::credential_epoch + 1)))
                .execute(connection)?;
        } else {
            diesel::update(of_people.filter(accounts::password_hash.is_null()))
                .set(accounts::state.eq("inactive"))
                .execute(connection)?;
            diesel::update(
                accounts::table.filter(accounts::person_id.eq_any(chunk)).filter(accounts::password_hash.is_not_null()),
            )
            .set(accounts::state.eq("active"))
            .execute(connection)?;
        }
    }
    Ok(())
}

/// Takes the password away: only an activation code lets the account in again.
pub fn clear_password(connection: &mut DbConnection, id: &str) -> Outcome<()> {
    changed(
        diesel::update(accounts::table.find(id).filter(accounts::state.ne("disabled")))
            .set((
                accounts::password_hash.eq(None::<String>),
                accounts::state.eq("inactive"),
                accounts::credential_epoch.eq(accounts::credential_epoch + 1),
            ))
            .execute(connection)?,
    )
}

/// The roles of an account.
pub fn grants(connection: &mut DbConnection, account_id: &str) -> Outcome<Vec<GrantRow>> {
    Ok(role_grants::table
        .filter(role_grants::account_id.eq(account_id))
        .order((role_grants::role, role_grants::unit_id))
        .select(GrantRow::as_select())
        .load(connection)?)
}

/// The roles of some accounts.
pub fn grants_of(connection: &mut DbConnection, account_ids: &[&str]) -> Outcome<Vec<GrantRow>> {
    Ok(role_grants::table
        .filter(role_grants::account_id.eq_any(account_ids))
        .order((role_grants::account_id, role_grants::role, role_grants::unit_id))
        .select(GrantRow::as_select())
        .load(connection)?)
}

/// Adds roles.
pub fn insert_grants(connection: &mut DbConnection, rows: &[GrantRow]) -> Outcome<()> {
    Ok(insert_all!(connection, role_grants::table, rows)?)
}

/// Replaces all roles of an account and ends its tokens.
pub fn replace_grants(connection: &mut DbConnection, account_id: &str, rows: &[GrantRow]) -> Outcome<()> {
    diesel::delete(role_grants::table.filter(role_grants::account_id.eq(account_id))).execute(connection)?;
    insert_all!(connection, role_grants::table, rows)?;
    changed(
        diesel::update(accounts::table.find(account_id))
            .set(accounts::credential_epoch.eq(accounts::credential_epoch + 1))
            .execute(connection)?,
    )
}

/// Issues codes: each replaces the account's older one.
pub fn replace_codes(connection: &mut DbConnection, rows: &[ActivationRow]) -> Outcome<()> {
    for chunk in rows.chunks(crate::batch::INSERT_ROWS) {
        let ids: Vec<&str> = chunk.iter().map(|row| row.account_id.as_str()).collect();
        diesel::delete(activation_codes::table.filter(activation_codes::account_id.eq_any(ids))).execute(connection)?;
    }
    Ok(insert_all!(connection, activation_codes::table, rows)?)
}

/// The code of an account.
pub fn code(connection: &mut DbConnection, account_id: &str) -> Outcome<ActivationRow> {
    Ok(activation_codes::table.find(account_id).select(ActivationRow::as_select()).first(connection)?)
}

/// When the codes of these accounts expire.
pub fn code_expiries(connection: &mut DbConnection, account_ids: &[String]) -> Outcome<Vec<(String, i64)>> {
    let mut found = Vec::new();
    for chunk in account_ids.chunks(crate::batch::INSERT_ROWS) {
        let mut rows = activation_codes::table
            .filter(activation_codes::account_id.eq_any(chunk))
            .select((activation_codes::account_id, activation_codes::expires_at))
            .load(connection)?;
        found.append(&mut rows);
    }
    Ok(found)
}

/// Uses a code up. Only one of two callers succeeds.
pub fn consume_code(connection: &mut DbConnection, account_id: &str, code_mac: &str) -> Outcome<()> {
    expect_one(
        diesel::delete(
            activation_codes::table
                .filter(activation_codes::account_id.eq(account_id))
                .filter(activation_codes::code_mac.eq(code_mac)),
        )
        .execute(connection)?,
        "the activation code was used already",
    )
}

/// Opens a session.
pub fn insert_session(connection: &mut DbConnection, row: &SessionRow) -> Outcome<()> {
    diesel::insert_into(sessions::table).values(row).execute(connection)?;
    Ok(())
}

/// One session.
pub fn session(connection: &mut DbConnection, id: &str) -> Outcome<SessionRow> {
    Ok(sessions::table.find(id).select(SessionRow::as_select()).first(connection)?)
}

/// Gives a session a new refresh secret, keeping the one before. Only one of two callers succeeds.
pub fn rotate_session(
    connection: &mut DbConnection,
    id: &str,
    from_hash: &str,
    to_hash: &str,
    at: i64,
    expires_at: i64,
) -> Outcome<()> {
    expect_one(
        diesel::update(
            sessions::table
                .filter(sessions::id.eq(id))
                .filter(sessions::refresh_hash.eq(from_hash))
                .filter(sessions::revoked_at.is_null()),
        )
        .set((
            sessions::refresh_hash.eq(to_hash),
            sessions::previous_hash.eq(from_hash),
            sessions::rotated_at.eq(at),
            sessions::expires_at.eq(expires_at),
        ))
        .execute(connection)?,
        "the session was renewed already",
    )
}

/// Ends a session.
pub fn revoke_session(connection: &mut DbConnection, id: &str, at: i64) -> Outcome<()> {
    diesel::update(sessions::table.find(id)).set(sessions::revoked_at.eq(at)).execute(connection)?;
    Ok(())
}

/// Ends every session of an account but one.
pub fn revoke_sessions(connection: &mut DbConnection, account_id: &str, except: Option<&str>, at: i64) -> Outcome<()> {
    diesel::update(
        sessions::table
            .filter(sessions::account_id.eq(account_id))
            .filter(sessions::id.ne(except.unwrap_or_default()))
            .filter(sessions::revoked_at.is_null()),
    )
    .set(sessions::revoked_at.eq(at))
    .execute(connection)?;
    Ok(())
}

/// Notes failed sign-ins.
pub fn insert_failures(connection: &mut DbConnection, rows: &[FailureRow]) -> Outcome<()> {
    Ok(insert_all!(connection, sign_in_failures::table, rows)?)
}

/// Failures of a subject since an instant.
pub fn failures_since(connection: &mut DbConnection, subject: &str, since: i64) -> Outcome<i64> {
    Ok(sign_in_failures::table
        .filter(sign_in_failures::subject.eq(subject))
        .filter(sign_in_failures::failed_at.gt(since))
        .count()
        .get_result(connection)?)
}

/// Forgets the failures of a subject (it signed in), and all that are older than an instant.
pub fn forget_failures(connection: &mut DbConnection, subject: &str, older_than: i64) -> Outcome<()> {
    diesel::delete(
        sign_in_failures::table
            .filter(sign_in_failures::subject.eq(subject).or(sign_in_failures::failed_at.lt(older_than))),
    )
    .execute(connection)?;
    Ok(())
}

/// Accounts and ids of their sessions that ended after an instant.
pub fn sessions_revoked_since(
    connection: &mut DbConnection,
    account_ids: &[&str],
    since: i64,
) -> Outcome<Vec<(String, String)>> {
    Ok(sessions::table
        .filter(sessions::account_id.eq_any(account_ids))
        .filter(sessions::revoked_at.gt(since))
        .select((sessions::account_id, sessions::id))
        .load(connection)?)
}

/// Lets an account follow its person: the name, and the unit of the role `examinee`; a transfer ends `unit_head` and
/// `liaison`.
pub fn follow_person(connection: &mut DbConnection, person_id: &str, name: &str, unit_id: &str) -> Outcome<()> {
    let id: Option<String> =
        accounts::table.filter(accounts::person_id.eq(person_id)).select(accounts::id).first(connection).optional()?;
    let Some(id) = id else { return Ok(()) };
    diesel::update(accounts::table.find(&id)).set(accounts::name.eq(name)).execute(connection)?;
    let moved: i64 = role_grants::table
        .filter(role_grants::account_id.eq(&id))
        .filter(role_grants::role.eq("examinee"))
        .filter(role_grants::unit_id.ne(unit_id))
        .count()
        .get_result(connection)?;
    if moved > 0 {
        // Who goes to another unit is no longer head or liaison of the old one.
        diesel::delete(
            role_grants::table
                .filter(role_grants::account_id.eq(&id))
                .filter(role_grants::role.eq_any(["unit_head", "liaison"])),
        )
        .execute(connection)?;
    }
    diesel::update(role_grants::table.filter(role_grants::account_id.eq(&id)).filter(role_grants::role.eq("examinee")))
        .set(role_grants::unit_id.eq(unit_id))
        .execute(connection)?;
    Ok(())
}

/// Gives an account another name.
pub fn rename(connection: &mut DbConnection, id: &str, name: &str) -> Outcome<()> {
    changed(diesel::update(accounts::table.find(id)).set(accounts::name.eq(name)).execute(connection)?)
}

/// Ids of accounts that hold a role other than this one.
pub fn with_other_roles(connection: &mut DbConnection, role: &str) -> Outcome<Vec<String>> {
    Ok(role_grants::table
        .filter(role_grants::role.ne(role))
        .select(role_grants::account_id)
        .distinct()
        .load(connection)?)
}

/// The names of accounts, by id.
pub fn names(connection: &mut DbConnection, ids: &[String]) -> Outcome<Vec<(String, String)>> {
    Ok(accounts::table.filter(accounts::id.eq_any(ids)).select((accounts::id, accounts::name)).load(connection)?)
}
