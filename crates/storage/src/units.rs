//! Changes of units: by hand, and by succession.

use diesel::prelude::*;

use crate::batch::{INSERT_ROWS, insert_all};
use crate::organisation::{UnitRow, expect_one};
use crate::schema::{accounts, people, role_grants, unit_successions, units};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// One unit followed another from a day on. A renamed unit follows itself.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = unit_successions)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct SuccessionRow {
    pub id: String,
    pub kind: String,
    pub from_unit_id: String,
    pub to_unit_id: String,
    pub since: String,
    /// Records of one event share it; of an import's renaming it is the import's id.
    pub event_id: String,
    /// The names on that day.
    pub from_name: String,
    pub to_name: String,
    /// People who went this way.
    pub people: i64,
    pub reason: String,
    pub created_by: String,
    pub created_at: i64,
}

/// Every record, the oldest first.
pub fn successions(connection: &mut DbConnection) -> Outcome<Vec<SuccessionRow>> {
    Ok(unit_successions::table
        .order((unit_successions::created_at, unit_successions::id))
        .select(SuccessionRow::as_select())
        .load(connection)?)
}

/// Keeps records.
pub fn insert_successions(connection: &mut DbConnection, rows: &[SuccessionRow]) -> Outcome<()> {
    Ok(insert_all!(connection, unit_successions::table, rows)?)
}

/// Takes the records of an event away (undo of an import).
pub fn delete_event(connection: &mut DbConnection, event_id: &str) -> Outcome<()> {
    diesel::delete(unit_successions::table.filter(unit_successions::event_id.eq(event_id))).execute(connection)?;
    Ok(())
}

/// Writes a unit over its stored form if that still has the version before; the row carries the new one.
pub fn update(connection: &mut DbConnection, row: &UnitRow) -> Outcome<()> {
    expect_one(
        diesel::update(units::table.find(&row.id).filter(units::version.eq(row.version.saturating_sub(1))))
            .set(row)
            .execute(connection)?,
        "the unit changed meanwhile",
    )
}

/// Writes kind and groups over those that are stored.
pub fn regroup(connection: &mut DbConnection, id: &str, kind: &str, groups_json: &str) -> Outcome<()> {
    expect_one(
        diesel::update(units::table.find(id))
            .set((units::kind.eq(kind), units::groups_json.eq(groups_json), units::version.eq(units::version + 1)))
            .execute(connection)?,
        "the unit is gone",
    )
}

/// The versions of units, held until the transaction ends, in the order of their ids.
pub fn versions_for_update(connection: &mut DbConnection, ids: &[String]) -> Outcome<Vec<(String, i64)>> {
    let wanted = units::table.filter(units::id.eq_any(ids)).order(units::id).select((units::id, units::version));
    Ok(match connection {
        DbConnection::Postgres(c) => wanted.for_update().load(c)?,
        DbConnection::Sqlite(c) => wanted.load(c)?,
    })
}

/// Ids of the people who are directly in a unit, those who left not counted.
pub fn members(connection: &mut DbConnection, unit_id: &str) -> Outcome<Vec<String>> {
    Ok(people::table
        .filter(people::unit_id.eq(unit_id))
        .filter(people::left_at.is_null())
        .order(people::person_key)
        .select(people::id)
        .load(connection)?)
}

/// Gives everybody in a unit (those who left not counted), or certain persons there, another unit. The role
/// `examinee` goes along; whoever is head or liaison of the old unit stays so. Answers how many.
pub fn move_people(connection: &mut DbConnection, from: &str, to: &str, who: Option<&[String]>) -> Outcome<usize> {
    let moved = (people::unit_id.eq(to), people::version.eq(people::version + 1));
    let here = people::table.filter(people::unit_id.eq(from)).filter(people::left_at.is_null());
    let Some(who) = who else {
        let count = diesel::update(here).set(moved).execute(connection)?;
        let now_there = people::table.filter(people::unit_id.eq(to)).select(people::id.nullable());
        let theirs = accounts::table.filter(accounts::person_id.eq_any(now_there)).select(accounts::id);
        diesel::update(
            role_grants::table
                .filter(role_grants::role.eq("examinee"))
                .filter(role_grants::unit_id.eq(from))
                .filter(role_grants::account_id.eq_any(theirs)),
        )
        .set(role_grants::unit_id.eq(to))
        .execute(connection)?;
        return Ok(count);
    };
    let mut count = 0_usize;
    for chunk in who.chunks(INSERT_ROWS) {
        let some = people::table
            .filter(people::unit_id.eq(from))
            .filter(people::left_at.is_null())
            .filter(people::id.eq_any(chunk));
        count = count.saturating_add(diesel::update(some).set(moved).execute(connection)?);
        let theirs = accounts::table.filter(accounts::person_id.eq_any(chunk)).select(accounts::id);
        diesel::update(
            role_grants::table
                .filter(role_grants::role.eq("examinee"))
                .filter(role_grants::unit_id.eq(from))
                .filter(role_grants::account_id.eq_any(theirs)),
        )
        .set(role_grants::unit_id.eq(to))
        .execute(connection)?;
    }
    Ok(count)
}

/// People on loan at a unit are on loan at its successor.
pub fn move_seconded(connection: &mut DbConnection, from: &str, to: &str) -> Outcome<()> {
    diesel::update(people::table.filter(people::seconded_unit_id.eq(from)).filter(people::left_at.is_null()))
        .set((people::seconded_unit_id.eq(to), people::version.eq(people::version + 1)))
        .execute(connection)?;
    Ok(())
}

/// A role that somebody holds over one unit: account, name, role, unit.
pub type Holder = (String, String, String, String);

/// Who holds a role other than `examinee` over one of these units itself.
pub fn holders(connection: &mut DbConnection, unit_ids: &[String]) -> Outcome<Vec<Holder>> {
    Ok(role_grants::table
        .inner_join(accounts::table.on(role_grants::account_id.eq(accounts::id)))
        .filter(role_grants::unit_id.eq_any(unit_ids))
        .filter(role_grants::role.ne("examinee"))
        .order((role_grants::unit_id, role_grants::role, accounts::login))
        .select((accounts::id, accounts::name, role_grants::role, role_grants::unit_id))
        .load(connection)?)
}
