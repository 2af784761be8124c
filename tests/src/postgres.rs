//! A PostgreSQL of a test's own, which may be killed without harming the tests beside it.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A private server on a free loopback port, stopped with the value.
pub struct PrivatePostgres {
    folder: TempDir,
    /// Where its tables are.
    data: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl PrivatePostgres {
    /// Makes and starts one.
    ///
    /// # Panics
    /// When PostgreSQL's programs are missing: `tests/run` installs them.
    pub fn start() -> Self {
        Self::start_at(None)
    }

    /// As [`PrivatePostgres::start`], with its tables on a disk of their own, as its manual advises; the log of what was
    /// written is elsewhere.
    pub fn start_on(disk: &Path) -> Self {
        Self::start_at(Some(disk))
    }

    fn start_at(disk: Option<&Path>) -> Self {
        let programs = programs();
        let folder = TempDir::with_prefix("zhijie-postgres").expect("a temporary folder");
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("mode");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let data = disk.unwrap_or(folder.path()).join("data");
        let this = Self { folder, data, programs, port };
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(this.folder.path()).args(disk));
        }
        run(this
            .program("initdb")
            .args(["-U", "zhijie", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--waldir"])
            .arg(this.folder.path().join("wal"))
            .arg("-D")
            .arg(&this.data));
        this.resume();
        this
    }

    /// `postgres://…` of its one database.
    pub fn url(&self) -> String {
        format!("postgres://zhijie@127.0.0.1:{}/postgres", self.port)
    }

    /// Pulls the plug: every process ends at once.
    pub fn kill(&self) {
        run(self.program("pg_ctl").args(["-m", "immediate", "-w", "stop", "-D"]).arg(&self.data));
    }

    /// Starts it again after [`PrivatePostgres::kill`].
    pub fn resume(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=100",
            self.port,
            self.folder.path().display()
        );
        run(self
            .program("pg_ctl")
            .args(["-w", "-t", "60", "-o", &options, "-l"])
            .arg(self.folder.path().join("log"))
            .args(["start", "-D"])
            .arg(&self.data));
    }

    /// Stops all its processes where they are (`true`), or lets them go on.
    pub fn freeze(&self, frozen: bool) {
        let main = std::fs::read_to_string(self.data.join("postmaster.pid")).expect("running");
        let main = main.lines().next().expect("a number").trim().to_owned();
        let signal = if frozen { "-STOP" } else { "-CONT" };
        // Its children first, so that none is born meanwhile when it stops; none may be there.
        let _ = Command::new("pkill").args([signal, "-P", &main]).status();
        run(Command::new("kill").args([signal, &main]));
        let _ = Command::new("pkill").args([signal, "-P", &main]).status();
    }

    /// One of its programs, as a user that PostgreSQL accepts.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        let _ = self.program("pg_ctl").args(["-m", "immediate", "stop", "-D"]).arg(&self.data).output();
    }
}

fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir(Path::new("/usr/lib/postgresql"))
        .expect("PostgreSQL's programs: run the tests with tests/run, which installs them")
        .map(|entry| entry.expect("an entry").path().join("bin"))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL's programs: run the tests with tests/run, which installs them")
}

pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0).unwrap_or(false)
}

fn run(command: &mut Command) {
    // The server keeps what it inherits open: no pipe of ours may be among it.
    let status = command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .expect("a program");
    assert!(status.success(), "{command:?}: {status}");
}
