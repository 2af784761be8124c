//! Connections that are cut in the middle of a request.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use socket2::SockRef;
use zhijie_tests::{Database, Server};

use super::phones::{Phone, Working, never, phones, response};
use super::{rounds, wait_until};

crate::on_both_databases!(cut_connections_harm_nobody);

/// Connections that hang in the middle of a request at once: far more than there are workers.
const HANGING: usize = 64;
/// Phones whose connections are cut, in turn, so that none of them saves too often.
const CUT: usize = 8;

/// Where a request is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    HalfHead,
    Head,
    HalfBody,
    /// All of it is sent, and nobody waits for the reply.
    BeforeTheReply,
    /// The reply has come, and nobody reads it.
    Unread,
}

const CUTS: [Cut; 5] = [Cut::HalfHead, Cut::Head, Cut::HalfBody, Cut::BeforeTheReply, Cut::Unread];

/// A save as it goes over the wire: head and body.
fn request(phone: &Phone, path: &str, body: &Value) -> (String, String) {
    let body = body.to_string();
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: zhijie\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        phone.token,
        body.len()
    );
    (head, body)
}

/// Sends what comes before the cut.
fn begin(address: &str, cut: Cut, (head, body): &(String, String)) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("connects");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("set");
    let sent = match cut {
        Cut::HalfHead => head[..head.len() / 2].to_owned(),
        Cut::Head => head.clone(),
        Cut::HalfBody => format!("{head}{}", &body[..body.len() / 2]),
        Cut::BeforeTheReply | Cut::Unread => format!("{head}{body}"),
    };
    stream.write_all(sent.as_bytes()).expect("sent");
    if cut == Cut::Unread {
        assert!(stream.peek(&mut [0]).expect("a reply") > 0);
    }
    stream
}

/// Closes it, or resets it so that the server finds it gone at once.
fn end(stream: TcpStream, reset: bool) {
    if reset {
        SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("set");
    }
    drop(stream);
}

fn cut_connections_harm_nobody(database: &Database) {
    let server = Server::start(database, &["--demo"]);
    let address = server.address();
    let all = phones(&server, CUT, 1800);
    let others = Working::start(phones(&server, 4, 1800), &[address], never);
    wait_until("others save", || others.acked() > 20);
    let mut stored_though_cut = 0;
    for round in 0..rounds() * 8 {
        for (number, cut) in CUTS.into_iter().enumerate() {
            for reset in [false, true] {
                let phone = &all[(usize::try_from(round).expect("small") + number) % CUT];
                let slot = &phone.slots[usize::try_from(round).expect("small") % phone.slots.len()];
                stored_though_cut += u32::from(cut_and_again(address, phone, slot, cut, reset));
            }
        }
    }
    println!("{stored_though_cut} answers were stored though their connections were cut before the reply was read");
    assert!(stored_though_cut > 0);

    // Many that hang take no worker from anybody.
    let (_, path) = all[0].path(&all[0].slots[0]);
    let half = request(&all[0], &path, &json!({ "revision": 1_000, "response": ["A"] }));
    let hanging: Vec<TcpStream> = (0..HANGING).map(|number| begin(address, CUTS[number % 3], &half)).collect();
    let before = others.acked();
    wait_until("others save though many hang", || others.acked() > before + 100);
    for (number, stream) in hanging.into_iter().enumerate() {
        end(stream, number % 2 == 0);
    }
    for ledger in others.ledgers() {
        ledger.compare(address);
    }
    wait_until("every connection is gone", || server.connections() == 0);
    assert_eq!(server.client().get("/healthz").status, 200);
}

/// Cuts one save; afterwards the old or the new answer is held, and the same save again is stored. Says whether the new one
/// was held before it was sent again.
fn cut_and_again(address: &str, phone: &Phone, slot: &Value, cut: Cut, reset: bool) -> bool {
    let (number, path) = phone.path(slot);
    let before = phone.held(address)[number.to_string()].clone();
    let revision = before["revision"].as_i64().unwrap_or(0) + 1;
    let given = response(slot, revision);
    let body = json!({ "revision": revision, "response": given });
    end(begin(address, cut, &request(phone, &path, &body)), reset);
    let after = phone.held(address)[number.to_string()].clone();
    let is_new = (&after["revision"], &after["response"]) == (&json!(revision), &given);
    assert!(is_new || after == before, "{cut:?}: neither the old nor the new answer: {before} {after}");
    match cut {
        Cut::HalfHead | Cut::Head | Cut::HalfBody => assert!(!is_new, "{cut:?}: half a request was believed"),
        Cut::Unread => assert!(is_new, "a reply that nobody read said that it was stored"),
        Cut::BeforeTheReply => {}
    }
    let again = phone.at(address).put(&path, &body).expect(200);
    assert_eq!(
        (&again.body["outcome"], &again.body["revision"]),
        (&json!("stored"), &json!(revision)),
        "{}",
        again.body
    );
    assert_eq!(again.body["response"], given);
    is_new
}

/// A head that never ends is hung up upon.
#[test]
fn a_head_that_never_ends_is_hung_up_upon() {
    let server = Server::start(&Database::sqlite(), &["--demo"]);
    let mut stream = TcpStream::connect(server.address()).expect("connects");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("set");
    stream.write_all(b"PUT /api/v1/attempts HTTP/1.1\r\nHost: zhijie\r\nAuthoriz").expect("sent");
    let mut said = String::new();
    stream.read_to_string(&mut said).expect("an end");
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408"), "{said}");
}
