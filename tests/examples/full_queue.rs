//! Memory while the queue of answers is held full: the writer stands still, clients go on sending.
//!
//! usage: `full_queue sqlite:PATH [SECONDS]`. The database must be fresh. Prints the resident memory at each stage; the
//! queue's limits are `storage::ANSWER_QUEUE_ROWS` and the size of an answer (`scoring`).

use std::sync::mpsc;
use std::time::{Duration, Instant};

use storage::answers::SaveRequest;
use storage::{ANSWER_QUEUE_BYTES, ANSWER_QUEUE_ROWS, DatabaseUrl, SaveReceiver, StorageError, Store};

/// Rows that a client sends at once: a phone that comes back with a whole paper.
const ROWS_AT_ONCE: usize = 50;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("a database");
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(60);
    println!("| answers | queue rows | RSS at rest | full | after {seconds} s, refusing | refused | drained |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (what, chars) in [
        ("a letter", 1),
        ("the longest blank", scoring::MAX_BLANK_CHARS),
        ("the longest essay", scoring::MAX_ESSAY_CHARS),
    ] {
        let store = Store::open_migrated(&DatabaseUrl::parse(&url).expect("a url")).expect("opens");
        hold_full(&store, what, &"长".repeat(chars), Duration::from_secs(seconds));
        store.shut_down();
    }
}

fn hold_full(store: &Store, what: &str, text: &str, hold: Duration) {
    let rest = resident_mib();
    // The writer stands still: it waits for this channel as it would for a disk that does not answer.
    let (release, released) = mpsc::channel::<()>();
    let (began, standing) = mpsc::channel();
    let blocked = {
        let store = store.clone();
        std::thread::spawn(move || {
            store.write(move |_| {
                began.send(()).expect("somebody listens");
                let _ = released.recv();
                Ok::<_, StorageError>(())
            })
        })
    };
    standing.recv().expect("the writer is held");
    let mut waiting: Vec<SaveReceiver> = Vec::new();
    while let Ok(receiver) = store.enqueue_saves(rows(waiting.len(), text)) {
        waiting.push(receiver);
    }
    let full = resident_mib();
    let rows_waiting = store.answers_waiting();
    let by_rows = rows_waiting + ROWS_AT_ONCE > ANSWER_QUEUE_ROWS;
    let by_bytes = (rows_waiting + ROWS_AT_ONCE) * text.len() > ANSWER_QUEUE_BYTES / 2;
    assert!(rows_waiting <= ANSWER_QUEUE_ROWS && (by_rows || by_bytes), "{rows_waiting}");
    let end = Instant::now() + hold;
    let mut refused = 0_u64;
    while Instant::now() < end {
        assert!(store.enqueue_saves(rows(0, text)).is_err(), "the queue is full");
        refused += 1;
        std::thread::sleep(Duration::from_micros(200));
    }
    let held = resident_mib();
    release.send(()).expect("the writer waits");
    blocked.join().expect("joined").expect("written");
    for receiver in waiting {
        receiver.blocking_recv().expect("a reply").expect("an outcome");
    }
    println!(
        "| {what} | {rows_waiting} | {rest} MiB | {full} MiB | {held} MiB | {refused} requests | {} MiB |",
        resident_mib()
    );
}

fn rows(client: usize, text: &str) -> Vec<SaveRequest> {
    (0..ROWS_AT_ONCE)
        .map(|slot| SaveRequest {
            id: format!("00000000-0000-0000-{client:04}-{slot:012}"),
            attempt_id: format!("00000000-0000-0000-0000-{client:012}"),
            slot: i64::try_from(slot).expect("small") + 1,
            epoch: Some(1),
            revision: 1,
            response_json: format!("[\"{text}\"]"),
            answered_at: Some(1),
            received_at: 2,
            elapsed_ms: Some(8_000),
        })
        .collect()
}

fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok()).expect("a number") / 1024
}
