//! Named values of the installation.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::schema::settings;
use crate::{DbConnection, StorageError};

/// A named value, if it was ever set.
pub fn get(connection: &mut DbConnection, name: &str) -> Result<Option<String>, StorageError> {
    Ok(settings::table.find(name).select(settings::value).first(connection).optional()?)
}

/// Sets a named value.
pub fn set(connection: &mut DbConnection, name: &str, value: &str) -> Result<(), StorageError> {
    diesel::sql_query(
        "INSERT INTO settings (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind::<Text, _>(name)
    .bind::<Text, _>(value)
    .execute(connection)?;
    Ok(())
}

/// Sets a named value unless it was ever set.
pub fn set_once(connection: &mut DbConnection, name: &str, value: &str) -> Result<(), StorageError> {
    diesel::sql_query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind::<Text, _>(name)
        .bind::<Text, _>(value)
        .execute(connection)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

/// The clock of PostgreSQL in microseconds UTC; none on SQLite, which runs by the machine's.
pub fn database_now(connection: &mut DbConnection) -> Result<Option<i64>, StorageError> {
    match connection {
        DbConnection::Sqlite(_) => Ok(None),
        DbConnection::Postgres(c) => {
            let now: Now =
                diesel::sql_query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros")
                    .get_result(c)?;
            Ok(Some(now.micros))
        }
    }
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// Takes PostgreSQL's lock of this key for as long as the connection lives. On SQLite there is none to take.
pub(crate) fn try_lock(connection: &mut DbConnection, key: i64) -> Result<bool, StorageError> {
    match connection {
        DbConnection::Sqlite(_) => Ok(true),
        DbConnection::Postgres(c) => {
            let answer: Locked =
                diesel::sql_query("SELECT pg_try_advisory_lock($1) AS locked").bind::<BigInt, _>(key).get_result(c)?;
            Ok(answer.locked)
        }
    }
}
