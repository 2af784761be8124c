//! Durable saves per second through the answer writer, beside the same upsert committed one by one, in one run.
//!
//! usage: `saves sqlite:PATH|postgres://… [SECONDS]`. The database must be fresh. Prints a table and the ratios.

use std::time::{Duration, Instant};

use storage::answers::{SaveOutcome, SaveRequest, save_answers};
use storage::attempts::AttemptRow;
use storage::exams::ExamRow;
use storage::organisation::{PersonRow, UnitRow};
use storage::{DatabaseUrl, StorageError, Store};

/// Clients that save at the same time.
const CLIENTS: [usize; 2] = [64, 512];
const SLOTS: i64 = 50;
const OPENS: i64 = 1_796_086_800_000_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("a database");
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(5);
    let store = Store::open_migrated(&DatabaseUrl::parse(&url).expect("a url")).expect("opens");
    prepare(&store);
    let run = Duration::from_secs(seconds);
    println!("{}: {seconds} s each", store.backend_name());
    println!("| what | clients | saves a second | p50 ms | p99 ms |\n| --- | --- | --- | --- | --- |");
    let mut revision = 0;
    let alone = report("committed one by one", 1, run, one_by_one(&store, run, &mut revision));
    for clients in CLIENTS {
        let millis = through_the_writer(&store, clients, run, &mut revision);
        let grouped = report("grouped", clients, run, millis);
        println!("| ratio to one by one | {clients} | {:.1} | | |", grouped / alone);
    }
}

/// One client, one transaction for each answer. Answers with how long each took, in milliseconds.
fn one_by_one(store: &Store, run: Duration, revision: &mut i64) -> Vec<f64> {
    let end = Instant::now() + run;
    let mut millis = Vec::new();
    while Instant::now() < end {
        *revision += 1;
        let request = request(0, *revision % SLOTS + 1, *revision);
        let began = Instant::now();
        let done = store.write(move |connection| save_answers(connection, std::slice::from_ref(&request)));
        assert!(matches!(done.expect("written").as_slice(), [SaveOutcome::Stored(_)]));
        millis.push(began.elapsed().as_secs_f64() * 1e3);
    }
    millis
}

/// Clients that each wait for their answer before they send the next one: tasks, as the server's requests are.
fn through_the_writer(store: &Store, clients: usize, run: Duration, revision: &mut i64) -> Vec<f64> {
    let end = Instant::now() + run;
    let first = *revision;
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let millis: Vec<f64> = runtime.block_on(async {
        let tasks: Vec<_> = (0..clients)
            .map(|client| {
                let store = store.clone();
                tokio::spawn(async move {
                    let mut millis = Vec::new();
                    let mut own = first;
                    while Instant::now() < end {
                        own += 1;
                        let began = Instant::now();
                        let queued = store.enqueue_saves(vec![request(client, own % SLOTS + 1, own)]).expect("queued");
                        let done = queued.await.expect("a reply").expect("written");
                        assert!(matches!(done.as_slice(), [SaveOutcome::Stored(_)]));
                        millis.push(began.elapsed().as_secs_f64() * 1e3);
                    }
                    millis
                })
            })
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.expect("a client"));
        }
        all
    });
    // Each client counted on from the same number; the next run begins above all of them.
    *revision += i64::try_from(millis.len()).expect("small");
    millis
}

/// Prints a line; answers with the rate.
fn report(what: &str, clients: usize, run: Duration, mut millis: Vec<f64>) -> f64 {
    let rate = millis.len() as f64 / run.as_secs_f64();
    millis.sort_by(f64::total_cmp);
    let at = |share: f64| millis.get(((millis.len() - 1) as f64 * share) as usize).copied().unwrap_or(0.0);
    println!("| {what} | {clients} | {rate:.0} | {:.2} | {:.2} |", at(0.5), at(0.99));
    rate
}

fn request(client: usize, slot: i64, revision: i64) -> SaveRequest {
    SaveRequest {
        id: format!("{client}-{revision}"),
        attempt_id: format!("attempt-{client:04}"),
        slot,
        epoch: None,
        revision,
        response_json: "[\"B\"]".to_owned(),
        answered_at: Some(OPENS),
        received_at: OPENS + 60_000_000,
        elapsed_ms: Some(8_000),
    }
}

fn prepare(store: &Store) {
    let clients = CLIENTS.into_iter().max().unwrap_or(1);
    store
        .write(move |connection| {
            storage::organisation::insert_units(connection, &[unit()])?;
            let people: Vec<PersonRow> = (0..clients).map(person).collect();
            storage::organisation::insert_people(connection, &people)?;
            storage::exams::insert(connection, &exam())?;
            let attempts: Vec<AttemptRow> = (0..clients).map(attempt).collect();
            storage::attempts::insert(connection, &attempts)?;
            Ok::<_, StorageError>(())
        })
        .expect("a fresh database");
}

fn unit() -> UnitRow {
    UnitRow {
        id: "unit".into(),
        code: "U".into(),
        name: "单位".into(),
        parent_id: None,
        kind: "top".into(),
        groups_json: "[]".into(),
        position: 0,
        left_on: None,
        version: 1,
    }
}

fn person(number: usize) -> PersonRow {
    PersonRow {
        id: format!("person-{number:04}"),
        person_key: format!("person-{number:04}"),
        name: "某某".into(),
        unit_id: "unit".into(),
        post_level: None,
        rank: None,
        rank_group: "staff".into(),
        post: None,
        party: None,
        supervisee: None,
        born: None,
        phone: None,
        status: "active".into(),
        seconded_unit_id: None,
        id_last4: None,
        left_at: None,
        version: 1,
    }
}

fn exam() -> ExamRow {
    ExamRow {
        id: "exam".into(),
        title: "考试".into(),
        kind: "test".into(),
        blueprint_id: None,
        paper_id: None,
        seed: "s".into(),
        rules_json: "{}".into(),
        audience_json: "{}".into(),
        opens_at: OPENS,
        closes_at: OPENS + 3_600_000_000,
        duration_seconds: 1_800,
        questions: SLOTS,
        marks_max_centi: 100 * SLOTS,
        state: "published".into(),
        reason: None,
        created_by: "saves".into(),
        created_at: OPENS,
        published_at: Some(OPENS),
        version: 1,
        extended_seconds: 0,
        answers_until: 0,
        paused_at: None,
        scores_generation: 1,
    }
}

fn attempt(number: usize) -> AttemptRow {
    AttemptRow {
        id: format!("attempt-{number:04}"),
        exam_id: "exam".into(),
        person_id: format!("person-{number:04}"),
        attempt_number: 1,
        state: "answering".into(),
        epoch: 1,
        device: None,
        slots: SLOTS,
        paper_json: "{\"slots\":[]}".into(),
        started_at: OPENS,
        deadline: OPENS + 1_800_000_000,
        late_until: OPENS + 1_920_000_000,
        closed_at: None,
        voiding: None,
        receipt: None,
        receipt_json: None,
        answered: None,
        marks_centi: None,
        verdict: None,
        band: None,
        clause: None,
        marked_at: None,
        held_since: None,
        scores_generation: 1,
    }
}
