//! A server that keeps the contract, or breaks it in one chosen way. It speaks in the types of `api`, so that a drift
//! between the two shows here.

mod exam;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use exam::{Answer, Server, State, problem};

/// Where it breaks the contract. Saves are counted from 1, over all takers.
#[derive(Debug, Clone, Default)]
pub struct Conduct {
    /// This save is acknowledged and thrown away.
    pub drops_save: Option<u64>,
    /// This save is acknowledged and stored as something else.
    pub alters_save: Option<u64>,
    /// This save is acknowledged, and forgotten at the hand-in.
    pub forgets_at_submission: bool,
    /// The digest of receipts is wrong.
    pub wrong_digest: bool,
    /// At this save everything stands still for so long.
    pub stall: Option<(u64, Duration)>,
    /// Every n-th save is stored, and its connection cut before the reply.
    pub cuts_every: Option<u64>,
    /// Every n-th save is answered by half a reply.
    pub halves_every: Option<u64>,
    /// From this save on, so many are told to come again.
    pub busy: Option<(u64, u64)>,
    /// From this save on, attempts are closed.
    pub closes_at: Option<u64>,
    /// At this save the server dies, and comes back after so long.
    pub outage: Option<(u64, Duration)>,
    /// Status of an attempt without its answers.
    pub hides_answers: bool,
}

/// The server, gone with the value.
pub struct Fake {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stop: Arc<Notify>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Fake {
    pub fn start(conduct: Conduct) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        let (state, stop) = (Arc::<Mutex<State>>::default(), Arc::<Notify>::default());
        let thread = std::thread::spawn({
            let (state, stop) = (Arc::clone(&state), Arc::clone(&stop));
            move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                let local = tokio::task::LocalSet::new();
                local.block_on(&runtime, async {
                    let server = Rc::new(Server { conduct, state, outage: Notify::new() });
                    tokio::select! {
                        () = serve(server, listener, address) => {}
                        () = stop.notified() => {}
                    }
                });
            }
        });
        Self { address, state, stop, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came, by method and path without ids.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.state.lock().expect("state").requests.clone()
    }

    pub fn connections(&self) -> u64 {
        self.state.lock().expect("state").connections
    }

    /// All that is held: attempt → slot → (epoch, revision, response).
    pub fn held(&self) -> BTreeMap<String, BTreeMap<i64, (i64, i64, Value)>> {
        let state = self.state.lock().expect("state");
        state.attempts.iter().map(|(id, attempt)| (id.clone(), attempt.answers.clone())).collect()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(server: Rc<Server>, first: std::net::TcpListener, address: SocketAddr) {
    let mut listener = Some(TcpListener::from_std(first).expect("a listener"));
    loop {
        let mut open = JoinSet::new();
        let here = match listener.take() {
            Some(listener) => listener,
            None => TcpListener::bind(address).await.expect("the same port again"),
        };
        loop {
            tokio::select! {
                accepted = here.accept() => {
                    let (stream, _) = accepted.expect("a connection");
                    server.state.lock().expect("state").connections += 1;
                    open.spawn_local(talk(Rc::clone(&server), stream));
                }
                () = server.outage.notified() => break,
            }
        }
        // Everything at once, as a killed process.
        drop((here, open));
        if let Some((_, length)) = server.conduct.outage {
            tokio::time::sleep(length).await;
        }
    }
}

async fn talk(server: Rc<Server>, stream: TcpStream) {
    stream.set_nodelay(true).expect("a socket");
    let mut buffer: Vec<u8> = Vec::new();
    loop {
        let Some((method, path, token, size, body)) = parse(&buffer) else {
            if stream.readable().await.is_err() {
                return;
            }
            match stream.try_read_buf(&mut buffer) {
                Ok(0) => return,
                Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => return,
                _ => continue,
            }
        };
        let answer = server.answer(&method, &path, &token, &body);
        buffer.drain(..size);
        let reply = match answer {
            Answer::Json(status, body) => format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            ),
            Answer::Busy => {
                let body = problem(503, "unavailable");
                format!("HTTP/1.1 503 X\r\nretry-after: 1\r\ncontent-length: {}\r\n\r\n{body}", body.len())
            }
            Answer::Cut => return,
            Answer::Half(body) => {
                let text = format!("HTTP/1.1 200 X\r\ncontent-length: {}\r\n\r\n{}", body.len() + 9, body);
                let _ = stream.try_write(text.as_bytes());
                return;
            }
        };
        let mut rest = reply.as_bytes();
        while !rest.is_empty() {
            match stream.try_write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    if stream.writable().await.is_err() {
                        return;
                    }
                }
                Err(_) => return,
            }
        }
    }
}

/// Method, path after `/api/v1`, token, size of all, body.
fn parse(buffer: &[u8]) -> Option<(String, String, String, usize, Vec<u8>)> {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut request = httparse::Request::new(&mut headers);
    let head = match request.parse(buffer).expect("a request") {
        httparse::Status::Complete(head) => head,
        httparse::Status::Partial => return None,
    };
    let value = |name: &str| {
        let found = request.headers.iter().find(|header| header.name == name);
        found.map(|header| std::str::from_utf8(header.value).expect("text").to_owned())
    };
    let length: usize = value("content-length").map_or(0, |text| text.parse().expect("a length"));
    let body = buffer.get(head..head + length)?.to_vec();
    let token = value("authorization").map_or(String::new(), |text| text.replace("Bearer ", ""));
    let path = request.path.expect("a path").strip_prefix("/api/v1").expect("the prefix").to_owned();
    Some((request.method.expect("a method").to_owned(), path, token, head + length, body))
}
