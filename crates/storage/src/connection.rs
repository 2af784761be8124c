//! One connection type for both databases, and how it is opened.

use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, ConnectionError, PgConnection, SqliteConnection};

use crate::StorageError;

/// A connection to either database. Everything that differs between them is matched on this.
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    /// The embedded one.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgres(PgConnection),
}

/// Which database, as named on the command line: `sqlite:PATH` or `postgres://…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file, created when missing.
    Sqlite(PathBuf),
    /// A libpq URL.
    Postgres(String),
}

impl DatabaseUrl {
    /// Reads the text of a `--database` argument.
    ///
    /// # Errors
    /// [`StorageError::BadUrl`] when it begins with neither scheme.
    pub fn parse(text: &str) -> Result<Self, StorageError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(StorageError::BadUrl(text.to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(StorageError::BadUrl(text.to_owned()))
    }

    /// `sqlite` or `postgres`.
    pub fn backend_name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

/// How long SQLite waits for another process's lock, in milliseconds.
const SQLITE_BUSY_MS: u32 = 5_000;
/// How long PostgreSQL lets one statement run, in milliseconds.
const POSTGRES_STATEMENT_MS: u32 = 60_000;

/// Opens one connection with the settings that durability needs.
pub(crate) fn open(url: &DatabaseUrl) -> Result<DbConnection, ConnectionError> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
            connection
                .batch_execute(&format!(
                    "PRAGMA busy_timeout = {SQLITE_BUSY_MS};
                     PRAGMA journal_mode = WAL;
                     PRAGMA synchronous = FULL;
                     PRAGMA foreign_keys = ON;
                     PRAGMA temp_store = MEMORY;
                     PRAGMA cache_size = -8000;"
                ))
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(DbConnection::Sqlite(connection))
        }
        DatabaseUrl::Postgres(url) => {
            let mut connection = PgConnection::establish(url)?;
            connection
                .batch_execute(&format!("SET statement_timeout = {POSTGRES_STATEMENT_MS}; SET timezone = 'UTC';"))
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(DbConnection::Postgres(connection))
        }
    }
}

/// Whether a connection stands in a transaction that it can neither finish nor undo: it must be replaced.
pub(crate) fn is_broken(connection: &mut DbConnection) -> bool {
    use diesel::r2d2::R2D2Connection as _;
    match connection {
        DbConnection::Sqlite(c) => c.is_broken(),
        DbConnection::Postgres(c) => c.is_broken(),
    }
}

/// Makes connections for the pool.
#[derive(Debug)]
pub(crate) struct Manager(pub(crate) DatabaseUrl);

impl r2d2::ManageConnection for Manager {
    type Connection = DbConnection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<DbConnection, Self::Error> {
        open(&self.0).map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, connection: &mut DbConnection) -> Result<(), Self::Error> {
        connection.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut DbConnection) -> bool {
        std::thread::panicking() || is_broken(connection)
    }
}
