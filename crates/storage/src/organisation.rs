//! Units, people and the editable lists.

use diesel::prelude::*;

use crate::batch::insert_all;
use crate::pattern::contains;
use crate::rehearsals::REHEARSAL;
use crate::schema::{imports, list_entries, people, role_grants, roster, units};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// A unit as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = units, treat_none_as_null = true)]
pub struct UnitRow {
    /// UUIDv7.
    pub id: String,
    /// Code, unique.
    pub code: String,
    /// Name of today.
    pub name: String,
    /// The unit above.
    pub parent_id: Option<String>,
    /// What sort of unit.
    pub kind: String,
    /// Groupings as JSON: `[{kind, name}, …]`.
    pub groups_json: String,
    /// Order among siblings.
    pub position: i64,
    /// The day it ceased.
    pub left_on: Option<String>,
    /// Raised by every change.
    pub version: i64,
}

/// A person as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = people, treat_none_as_null = true)]
#[allow(missing_docs, reason = "columns of the roster, named as in the glossary")]
pub struct PersonRow {
    pub id: String,
    pub person_key: String,
    pub name: String,
    pub unit_id: String,
    pub post_level: Option<String>,
    pub rank: Option<String>,
    pub rank_group: String,
    pub post: Option<String>,
    pub party: Option<String>,
    pub supervisee: Option<String>,
    pub born: Option<String>,
    pub phone: Option<String>,
    pub status: String,
    pub seconded_unit_id: Option<String>,
    pub id_last4: Option<String>,
    pub left_at: Option<i64>,
    pub version: i64,
}

/// An entry of an editable list (`post_level`, `rank`, `rank_group`, `supervisee`).
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = list_entries)]
pub struct ListEntryRow {
    /// Which list.
    pub list: String,
    /// Stable name.
    pub slug: String,
    /// What people read.
    pub title: String,
    /// Order.
    pub position: i64,
    /// Spellings, group and the like as JSON.
    pub detail_json: String,
}

/// An import that was previewed, committed or undone.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = imports)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct ImportRow {
    pub id: String,
    pub kind: String,
    pub state: String,
    pub file_name: String,
    pub preview_json: String,
    pub plan_json: String,
    pub undo_json: Option<String>,
    pub created_by: String,
    pub created_at: i64,
    pub committed_at: Option<i64>,
    pub undone_at: Option<i64>,
    /// Raised by every corrected row.
    pub version: i64,
}

/// Every unit, ordered for display.
pub fn units(connection: &mut DbConnection) -> Outcome<Vec<UnitRow>> {
    Ok(units::table.order((units::position, units::code)).select(UnitRow::as_select()).load(connection)?)
}

/// Adds units; parents must come before their children.
pub fn insert_units(connection: &mut DbConnection, rows: &[UnitRow]) -> Outcome<()> {
    Ok(insert_all!(connection, units::table, rows)?)
}

/// Gives a unit another name.
pub fn rename_unit(connection: &mut DbConnection, id: &str, name: &str) -> Outcome<()> {
    changed(
        diesel::update(units::table.find(id))
            .set((units::name.eq(name), units::version.eq(units::version + 1)))
            .execute(connection)?,
    )
}

/// Sets, or takes back, the day on which units ceased.
pub fn set_units_left(connection: &mut DbConnection, ids: &[String], on: Option<&str>) -> Outcome<()> {
    diesel::update(units::table.filter(units::id.eq_any(ids)))
        .set((units::left_on.eq(on), units::version.eq(units::version + 1)))
        .execute(connection)?;
    Ok(())
}

/// Takes units away (undo of an import); fails when anything refers to them.
pub fn delete_units(connection: &mut DbConnection, ids: &[String]) -> Outcome<()> {
    diesel::delete(role_grants::table.filter(role_grants::unit_id.eq_any(ids))).execute(connection)?;
    diesel::delete(units::table.filter(units::id.eq_any(ids))).execute(connection)?;
    Ok(())
}

/// Every person, ordered by key; the virtual ones of rehearsals are nobody.
pub fn people(connection: &mut DbConnection) -> Outcome<Vec<PersonRow>> {
    Ok(people::table
        .filter(people::status.ne(REHEARSAL))
        .order(people::person_key)
        .select(PersonRow::as_select())
        .load(connection)?)
}

/// One person.
pub fn person(connection: &mut DbConnection, id: &str) -> Outcome<PersonRow> {
    Ok(people::table.find(id).select(PersonRow::as_select()).first(connection)?)
}

/// Ids and keys of some people.
pub fn keys_of(connection: &mut DbConnection, ids: &[&str]) -> Outcome<Vec<(String, String)>> {
    Ok(people::table.filter(people::id.eq_any(ids)).select((people::id, people::person_key)).load(connection)?)
}

/// People of some units whose name or key contains `query`, after a key, at most `limit`.
pub fn search_people(
    connection: &mut DbConnection,
    unit_ids: &[String],
    query: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Outcome<Vec<PersonRow>> {
    let mut found =
        people::table.filter(people::unit_id.eq_any(unit_ids)).filter(people::left_at.is_null()).into_boxed();
    if let Some(text) = query.filter(|text| !text.is_empty()) {
        let pattern = contains(text);
        found = found
            .filter(people::name.like(pattern.clone()).escape('\\').or(people::person_key.like(pattern).escape('\\')));
    }
    if let Some(key) = after {
        found = found.filter(people::person_key.gt(key.to_owned()));
    }
    Ok(found.order(people::person_key).limit(limit).select(PersonRow::as_select()).load(connection)?)
}

/// Adds people.
pub fn insert_people(connection: &mut DbConnection, rows: &[PersonRow]) -> Outcome<()> {
    Ok(insert_all!(connection, people::table, rows)?)
}

/// Writes people over their stored form; the stored version counts on.
pub fn put_people(connection: &mut DbConnection, rows: &[PersonRow]) -> Outcome<()> {
    for row in rows {
        let version: i64 = people::table.find(&row.id).select(people::version).first(connection)?;
        let row = PersonRow { version: version.saturating_add(1), ..row.clone() };
        changed(diesel::update(&row).set(&row).execute(connection)?)?;
    }
    Ok(())
}

/// Whether any of these people is on a roster.
pub fn are_used(connection: &mut DbConnection, ids: &[String]) -> Outcome<bool> {
    for chunk in ids.chunks(crate::batch::INSERT_ROWS) {
        let found: i64 = roster::table.filter(roster::person_id.eq_any(chunk)).count().get_result(connection)?;
        if found > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes people away (undo of an import); fails when anything refers to them.
pub fn delete_people(connection: &mut DbConnection, ids: &[String]) -> Outcome<()> {
    for chunk in ids.chunks(crate::batch::INSERT_ROWS) {
        diesel::delete(people::table.filter(people::id.eq_any(chunk))).execute(connection)?;
    }
    Ok(())
}

/// The entries of every list, in order.
pub fn list_entries(connection: &mut DbConnection) -> Outcome<Vec<ListEntryRow>> {
    Ok(list_entries::table
        .order((list_entries::list, list_entries::position))
        .select(ListEntryRow::as_select())
        .load(connection)?)
}

/// Replaces one list.
pub fn replace_list(connection: &mut DbConnection, list: &str, rows: &[ListEntryRow]) -> Outcome<()> {
    diesel::delete(list_entries::table.filter(list_entries::list.eq(list))).execute(connection)?;
    Ok(insert_all!(connection, list_entries::table, rows)?)
}

/// Keeps a previewed import.
pub fn insert_import(connection: &mut DbConnection, row: &ImportRow) -> Outcome<()> {
    diesel::insert_into(imports::table).values(row).execute(connection)?;
    Ok(())
}

/// One import.
pub fn import(connection: &mut DbConnection, id: &str) -> Outcome<ImportRow> {
    Ok(imports::table.find(id).select(ImportRow::as_select()).first(connection)?)
}

/// The latest imports.
pub fn imports(connection: &mut DbConnection, limit: i64) -> Outcome<Vec<ImportRow>> {
    Ok(imports::table.order(imports::created_at.desc()).limit(limit).select(ImportRow::as_select()).load(connection)?)
}

/// Puts a corrected preview in the place of the one with this version, and where the plan is kept with it a corrected
/// plan; the version counts on.
pub fn correct_import(
    connection: &mut DbConnection,
    id: &str,
    version: i64,
    preview_json: &str,
    plan_json: Option<&str>,
) -> Outcome<()> {
    let previewed = imports::table.filter(imports::id.eq(id)).filter(imports::state.eq("previewed"));
    expect_one(
        diesel::update(previewed.filter(imports::version.eq(version)))
            .set((
                imports::preview_json.eq(preview_json),
                plan_json.map(|plan| imports::plan_json.eq(plan)),
                imports::version.eq(version.saturating_add(1)),
            ))
            .execute(connection)?,
        "the import is not in the state previewed, or was corrected meanwhile",
    )
}

/// Marks an import as being written, as it was when the caller looked. Only one of two callers succeeds.
pub fn begin_import(connection: &mut DbConnection, id: &str, version: i64) -> Outcome<()> {
    let previewed = imports::table.filter(imports::id.eq(id)).filter(imports::state.eq("previewed"));
    expect_one(
        diesel::update(previewed.filter(imports::version.eq(version)))
            .set(imports::state.eq("committing"))
            .execute(connection)?,
        "the import is not in the state previewed",
    )
}

/// Marks an import as written.
pub fn commit_import(connection: &mut DbConnection, id: &str, at: i64) -> Outcome<()> {
    expect_one(
        diesel::update(imports::table.filter(imports::id.eq(id)).filter(imports::state.eq("committing")))
            .set((imports::state.eq("committed"), imports::committed_at.eq(at)))
            .execute(connection)?,
        "the import is not in the state committing",
    )
}

/// Marks an import that was taken back halfway as previewed again.
pub fn reset_import(connection: &mut DbConnection, id: &str) -> Outcome<()> {
    expect_one(
        diesel::update(imports::table.filter(imports::id.eq(id)).filter(imports::state.eq("committing")))
            .set(imports::state.eq("previewed"))
            .execute(connection)?,
        "the import is not in the state committing",
    )
}

/// Marks an import that can neither be finished nor taken back.
pub fn fail_import(connection: &mut DbConnection, id: &str) -> Outcome<()> {
    changed(diesel::update(imports::table.find(id)).set(imports::state.eq("failed")).execute(connection)?)
}

/// Imports in a state.
pub fn imports_in_state(connection: &mut DbConnection, state: &str) -> Outcome<Vec<ImportRow>> {
    Ok(imports::table.filter(imports::state.eq(state)).select(ImportRow::as_select()).load(connection)?)
}

/// Marks a committed import as undone.
pub fn undo_import(connection: &mut DbConnection, id: &str, at: i64) -> Outcome<()> {
    expect_one(
        diesel::update(imports::table.filter(imports::id.eq(id)).filter(imports::state.eq("committed")))
            .set((imports::state.eq("undone"), imports::undone_at.eq(at)))
            .execute(connection)?,
        "the import is not in the state committed",
    )
}

pub(crate) fn changed(rows: usize) -> Outcome<()> {
    if rows == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

pub(crate) fn expect_one(rows: usize, otherwise: &str) -> Outcome<()> {
    if rows == 1 { Ok(()) } else { Err(StorageError::Conflict(otherwise.to_owned())) }
}

/// How many people each unit has directly, those who left not counted.
pub fn people_per_unit(connection: &mut DbConnection) -> Outcome<Vec<(String, i64)>> {
    Ok(people::table
        .filter(people::left_at.is_null())
        .group_by(people::unit_id)
        .select((people::unit_id, diesel::dsl::count_star()))
        .load(connection)?)
}
