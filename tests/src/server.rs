//! The real binary.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{Client, Database, MachineClock};

/// How long a server may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(120);
/// How long a server may take to end after it was asked to: longer than it gives those who are being served.
const STOP_LIMIT: Duration = Duration::from_secs(60);
/// States of a socket in `/proc/net/tcp` that the server has still open: ESTABLISHED and CLOSE_WAIT.
const OPEN_STATES: [&str; 2] = ["01", "08"];

/// The program under test: `ZHIJIE_BIN`, or the release build.
pub fn binary() -> PathBuf {
    std::env::var_os("ZHIJIE_BIN")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/zhijie")), PathBuf::from)
}

/// Runs a command of the program on a database.
pub fn zhijie(database: &Database, arguments: &[&str]) -> Output {
    Command::new(binary())
        .args(["--database", database.url(), "--data"])
        .arg(database.folder())
        .args(arguments)
        .output()
        .expect("the program runs")
}

/// An account of the demo.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its role.
    pub role: String,
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
    /// Id of its unit.
    pub unit: String,
}

/// A running server, stopped with the value.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts `zhijie serve` on a free loopback port and waits until it says its address.
    pub fn start(database: &Database, arguments: &[&str]) -> Self {
        Self::start_at(database.url(), database.folder(), "127.0.0.1:0", arguments)
    }

    /// As [`Server::start`], on an address of the test's own: a server that comes back after it was killed.
    pub fn start_at(url: &str, data: &std::path::Path, listen: &str, arguments: &[&str]) -> Self {
        Self::launch(url, data, listen, arguments, None)
    }

    /// As [`Server::start_at`], on a machine whose clock the test sets.
    pub fn start_by(clock: &MachineClock, database: &Database, listen: &str, arguments: &[&str]) -> Self {
        Self::launch(database.url(), database.folder(), listen, arguments, Some(clock))
    }

    fn launch(
        url: &str,
        data: &std::path::Path,
        listen: &str,
        arguments: &[&str],
        clock: Option<&MachineClock>,
    ) -> Self {
        let mut child = Command::new(binary())
            .args(["--database", url, "--data"])
            .arg(data)
            .args(["serve", "--listen", listen])
            .args(arguments)
            .envs(clock.map(MachineClock::environment).unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stderr = child.stderr.take().expect("piped");
        let (said, heard) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("http://") {
                    let _ = said.send(address.trim().to_owned());
                } else {
                    eprintln!("server: {line}");
                }
            }
        });
        let address = heard.recv_timeout(START_LIMIT).expect("the server says its address in time");
        Self { child, address }
    }

    /// `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A client that is not signed in.
    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// A client signed in with login and password.
    pub fn sign_in(&self, login: &str, password: &str) -> Client {
        let reply =
            self.client().post("/api/v1/sessions", &serde_json::json!({ "login": login, "password": password }));
        assert_eq!(reply.status, 201, "{}", reply.body);
        self.client().with_token(reply.text("token"))
    }

    /// The accounts that `--demo` wrote for a database.
    pub fn demo_accounts(database: &Database) -> Vec<Account> {
        Self::accounts_in(database.folder())
    }

    /// The accounts that `--demo` wrote into a data folder.
    pub fn accounts_in(data: &std::path::Path) -> Vec<Account> {
        let path = data.join("demo-accounts.json");
        let text = std::fs::read_to_string(path).expect("demo-accounts.json");
        let list: Value = serde_json::from_str(&text).expect("JSON");
        let text = |entry: &Value, field: &str| entry[field].as_str().expect("a text").to_owned();
        list.as_array()
            .expect("a list")
            .iter()
            .map(|entry| Account {
                role: text(entry, "role"),
                login: text(entry, "login"),
                password: text(entry, "password"),
                unit: text(entry, "unit"),
            })
            .collect()
    }

    /// Kills it without warning, as a pulled plug does.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    /// Asks it to end (SIGTERM), as a service manager does.
    pub fn ask_to_stop(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(asked.success(), "{asked}");
    }

    /// Waits until it has ended by itself, and says how.
    pub fn wait_for_its_end(mut self) -> ExitStatus {
        let limit = Instant::now() + STOP_LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().expect("a state") {
                return status;
            }
            assert!(Instant::now() < limit, "the server does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Connections that it has open with those who call it.
    pub fn connections(&self) -> usize {
        let port: u16 = self.address.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        let own = format!(":{port:04X}");
        let table = std::fs::read_to_string("/proc/net/tcp").expect("Linux");
        table
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter(|columns| columns[1].ends_with(&own) && OPEN_STATES.contains(&columns[3]))
            .count()
    }

    /// A variable of the environment that the process runs with.
    pub fn environment(&self, name: &str) -> Option<String> {
        let block = std::fs::read_to_string(format!("/proc/{}/environ", self.child.id())).ok()?;
        let found = block.split('\0').find_map(|entry| entry.strip_prefix(name)?.strip_prefix('='));
        found.map(str::to_owned)
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse().ok())
            .unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
