//! The clock of the machine that a server runs on, as a test sets it.

use std::path::PathBuf;

use tempfile::TempDir;

/// What the clock is asked for in place of the system's.
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// A clock of the day that a test can set while a server runs by it. The time since the machine was started goes on
/// evenly, as it does when an administrator or a time server sets the clock.
pub struct MachineClock {
    folder: TempDir,
    library: PathBuf,
}

impl MachineClock {
    /// One that is right.
    ///
    /// # Panics
    /// When libfaketime is missing: `tests/run` installs it.
    pub fn new() -> Self {
        let library = std::fs::read_dir("/usr/lib")
            .expect("/usr/lib")
            .filter_map(Result::ok)
            .map(|entry| entry.path().join(LIBRARY))
            .find(|path| path.exists())
            .expect("libfaketime: run the tests with tests/run, which installs it");
        let this = Self { folder: TempDir::new().expect("a temporary folder"), library };
        this.set(0);
        this
    }

    /// Sets it so many seconds before (negative) or after the true time.
    pub fn set(&self, seconds: i64) {
        // Never half written for who reads it.
        let fresh = self.folder.path().join("fresh");
        std::fs::write(&fresh, format!("{seconds:+}\n")).expect("written");
        std::fs::rename(fresh, self.setting()).expect("moved");
    }

    fn setting(&self) -> PathBuf {
        self.folder.path().join("setting")
    }

    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("LD_PRELOAD", self.library.clone()),
            ("FAKETIME_TIMESTAMP_FILE", self.setting()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
    }
}

impl Default for MachineClock {
    fn default() -> Self {
        Self::new()
    }
}
