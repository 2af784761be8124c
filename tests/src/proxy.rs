//! The proxy of `docs/nginx.conf` in front of two servers.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long the proxy may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(20);
/// What users put in front of their servers.
const CONFIGURATION: &str = include_str!("../../docs/nginx.conf");

/// nginx on a free loopback port, with `docs/nginx.conf` and the addresses of two nodes; stopped with the value.
pub struct Proxy {
    child: Child,
    folder: TempDir,
    address: String,
}

/// A request that went through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// HTTP method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
    /// The nodes that were asked, in turn.
    pub nodes: Vec<String>,
}

impl Proxy {
    /// Starts it in front of two nodes, named `host:port`.
    ///
    /// # Panics
    /// When nginx is missing (`tests/run` installs it), or `docs/nginx.conf` does not have what is replaced.
    pub fn start(nodes: [&str; 2]) -> Self {
        let folder = TempDir::with_prefix("zhijie-proxy").expect("a temporary folder");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        drop(listener);
        let mut site = CONFIGURATION.to_owned();
        for (from, to) in [("server-1:8080", nodes[0]), ("server-2:8080", nodes[1]), ("listen 80;", "")] {
            assert_eq!(site.matches(from).count(), 1, "docs/nginx.conf names {from} once");
            let listen = format!("listen {address};");
            site = site.replace(from, if to.is_empty() { &listen } else { to });
        }
        std::fs::write(folder.path().join("zhijie.conf"), site).expect("written");
        std::fs::write(folder.path().join("nginx.conf"), frame(folder.path())).expect("written");
        let child = Command::new(program())
            .arg("-p")
            .arg(folder.path())
            .arg("-e")
            .arg(folder.path().join("error.log"))
            .arg("-c")
            .arg(folder.path().join("nginx.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("nginx: run the tests with tests/run, which installs it");
        let mut this = Self { child, folder, address };
        this.wait_until_it_listens();
        this
    }

    fn wait_until_it_listens(&mut self) {
        let limit = Instant::now() + START_LIMIT;
        while std::net::TcpStream::connect(&self.address).is_err() {
            let ended = self.child.try_wait().expect("a state");
            assert!(ended.is_none() && Instant::now() < limit, "nginx does not listen: {ended:?}\n{}", self.errors());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it complained about.
    pub fn errors(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
    }

    /// The requests that went through so far, in the order in which they were answered.
    pub fn passed(&self) -> Vec<Passed> {
        let log = std::fs::read_to_string(self.folder.path().join("passed.log")).expect("a log");
        log.lines()
            .map(|line| {
                let mut words = line.splitn(4, ' ');
                let mut word = || words.next().expect("a word").to_owned();
                Passed {
                    method: word(),
                    path: word(),
                    status: word().parse().expect("a status"),
                    nodes: word().split(", ").map(str::to_owned).collect(),
                }
            })
            .collect()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What stands around the site: one process that writes into its own folder only.
fn frame(folder: &Path) -> String {
    let at = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("    {kind}_temp_path {at}/{kind};\n"))
        .collect();
    format!(
        "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log {at}/error.log;\n\
         events {{\n    worker_connections 4096;\n}}\n\
         http {{\n    log_format passed '$request_method $uri $status $upstream_addr';\n\
         \x20   access_log {at}/passed.log passed;\n{temporary}    include {at}/zhijie.conf;\n}}\n"
    )
}

/// Debian keeps it where only root looks.
fn program() -> &'static str {
    if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" }
}
