//! What can go wrong in storage, and how a database's own errors are told apart.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// What can go wrong in storage. Messages are for the log; `app` words what a person reads.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The `--database` argument begins with no known scheme.
    #[error("数据库地址“{0}”无法识别；应写作 sqlite:文件路径 或 postgres://用户:密码@主机/库名")]
    BadUrl(String),
    /// The row does not exist.
    #[error("not found")]
    NotFound,
    /// A uniqueness or foreign key rule of the database refused the write, or somebody else was first.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database cannot be reached, or its queue is full. Worth trying again.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// Another process serves the same SQLite file.
    #[error("数据库文件 {0} 正被另一个 zhijie 进程使用；请先停掉它，或换一个 --database")]
    InUse(String),
    /// The schema is newer or older than this program knows.
    #[error("migration failed: {0}")]
    Migration(String),
    /// Anything else the database said.
    #[error("query failed: {0}")]
    Query(#[source] DieselError),
}

impl StorageError {
    /// Whether a later try can succeed without anything else changing.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<DieselError> for StorageError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            // The connection died inside a transaction.
            DieselError::BrokenTransactionManager | DieselError::RollbackErrorOnCommit { .. } => {
                Self::Unavailable(error.to_string())
            }
            DieselError::DatabaseError(
                DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ForeignKeyViolation,
                info,
            ) => Self::Conflict(info.message().to_owned()),
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure,
                info,
            ) => Self::Unavailable(info.message().to_owned()),
            DieselError::DatabaseError(kind, info) => {
                let message = info.message();
                let away = [
                    "database is locked",
                    "disk I/O error",
                    "deadlock detected",
                    "disk is full",
                    "No space left on device",
                    // SQLite has undone the whole transaction by itself: the disk, or memory, was full.
                    "no transaction is active",
                    "canceling statement",
                    "server closed",
                    "terminating connection",
                    "no connection to the server",
                ];
                if away.iter().any(|text| message.contains(text)) {
                    Self::Unavailable(message.to_owned())
                } else {
                    Self::Query(DieselError::DatabaseError(kind, Box::new(message.to_owned())))
                }
            }
            other => Self::Query(other),
        }
    }
}

impl From<diesel::ConnectionError> for StorageError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<r2d2::Error> for StorageError {
    fn from(error: r2d2::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}
