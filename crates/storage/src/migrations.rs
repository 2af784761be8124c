//! Migrations, embedded; the same names in both dialects.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{DbConnection, StorageError};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Key of the PostgreSQL advisory lock under which one node at a time migrates.
const MIGRATION_LOCK: i64 = 0x7a68_696a;

/// One migration and whether it has been applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its name, such as `0001_organisation`.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

macro_rules! with_harness {
    ($connection:expr, $c:ident, $source:ident => $body:expr) => {
        match $connection {
            DbConnection::Sqlite($c) => {
                let $source = SQLITE;
                $body
            }
            DbConnection::Postgres($c) => {
                let $source = POSTGRES;
                $body
            }
        }
    };
}

fn failed(error: impl std::fmt::Display) -> StorageError {
    StorageError::Migration(error.to_string())
}

/// Applies every pending migration and returns how many there were.
///
/// # Errors
/// [`StorageError::Migration`] with what the database said.
pub fn up(connection: &mut DbConnection) -> Result<usize, StorageError> {
    locked(connection, |connection| {
        with_harness!(connection, c, source => {
            c.run_pending_migrations(source).map(|done| done.len()).map_err(failed)
        })
    })
}

/// Reverts the last applied migration and returns its name.
///
/// # Errors
/// [`StorageError::Migration`] when there is none, or with what the database said.
pub fn down(connection: &mut DbConnection) -> Result<String, StorageError> {
    locked(connection, |connection| {
        with_harness!(connection, c, source => {
            c.revert_last_migration(source).map(|version| version.to_string()).map_err(failed)
        })
    })
}

/// Every migration this program knows, in order.
///
/// # Errors
/// [`StorageError::Migration`] with what the database said.
pub fn status(connection: &mut DbConnection) -> Result<Vec<MigrationStatus>, StorageError> {
    use diesel::migration::{Migration, MigrationSource};
    with_harness!(connection, c, source => {
        let pending: Vec<String> = c
            .pending_migrations(source)
            .map_err(failed)?
            .iter()
            .map(|migration| migration.name().to_string())
            .collect();
        let all: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = SQLITE.migrations().map_err(failed)?;
        let mut names: Vec<String> = all.iter().map(|migration| migration.name().to_string()).collect();
        names.sort();
        Ok(names
            .into_iter()
            .map(|name| MigrationStatus { applied: !pending.contains(&name), name })
            .collect())
    })
}

/// Runs `work` while no other node migrates the same PostgreSQL database.
fn locked<T>(
    connection: &mut DbConnection,
    work: impl FnOnce(&mut DbConnection) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    use diesel::RunQueryDsl as _;
    if let DbConnection::Postgres(c) = connection {
        diesel::sql_query(format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).execute(c)?;
    }
    let outcome = work(connection);
    if let DbConnection::Postgres(c) = connection {
        diesel::sql_query(format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).execute(c)?;
    }
    outcome
}
