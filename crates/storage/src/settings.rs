//! Named values of the installation.

use diesel::prelude::*;
use diesel::sql_types::Text;

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
