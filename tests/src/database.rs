//! A database for one test: a file, or a schema of the private PostgreSQL that `tests/run` starts.

use std::process::Command;

use tempfile::TempDir;

use crate::PrivatePostgres;

/// A database of its own, gone with the value (a PostgreSQL one goes with the server).
pub struct Database {
    url: String,
    folder: TempDir,
}

impl Database {
    /// A fresh SQLite file.
    pub fn sqlite() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("zhijie.sqlite").display());
        Self { url, folder }
    }

    /// A fresh PostgreSQL database.
    ///
    /// # Panics
    /// When `tests/run` did not start a server: its address is in `ZHIJIE_TEST_POSTGRES`.
    pub fn postgres() -> Self {
        let server = std::env::var("ZHIJIE_TEST_POSTGRES")
            .expect("ZHIJIE_TEST_POSTGRES is not set: run the tests with tests/run, which starts PostgreSQL");
        let folder = TempDir::new().expect("a temporary folder");
        let name = folder
            .path()
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_lowercase();
        let name = format!("zhijie_{name}_{}", std::process::id());
        let outcome = Command::new("psql")
            .args(["-qX", "-c", &format!("CREATE DATABASE {name}"), &format!("{server}/postgres")])
            .output()
            .expect("psql runs");
        assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
        Self { url: format!("{server}/{name}"), folder }
    }

    /// The one database of a server of the test's own.
    pub fn of(postgres: &PrivatePostgres) -> Self {
        Self { url: postgres.url(), folder: TempDir::new().expect("a temporary folder") }
    }

    /// The `--database` argument.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A folder for the test's own files; also the data folder of its servers.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }
}
