//! The storage crate on both databases, without a server.

use storage::answers::{SaveOutcome, SaveRequest};
use storage::attempts::AttemptRow;
use storage::{DatabaseUrl, StorageError, Store, migrations};
use zhijie_tests::Database;

crate::on_both_databases!(
    migrations_go_up_down_up,
    versions_of_questions_survive_the_migration,
    a_batch_decides_in_order,
    no_save_lands_after_a_submission
);

fn open(database: &Database) -> Store {
    Store::open_migrated(&DatabaseUrl::parse(database.url()).expect("a url")).expect("opens")
}

fn migrations_go_up_down_up(database: &Database) {
    let store = Store::open(&DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let status = |store: &Store| store.exclusive(migrations::status).expect("a status");
    let all = status(&store);
    assert!(all.len() >= 5 && all.iter().all(|one| !one.applied), "{all:?}");
    for _ in 0..2 {
        store.exclusive(migrations::up).expect("up");
        assert!(status(&store).iter().all(|one| one.applied));
        for _ in &all {
            store.exclusive(migrations::down).expect("down");
        }
        assert!(status(&store).iter().all(|one| !one.applied));
    }
    store.exclusive(migrations::up).expect("up again");
}

/// What a bank held before versions lay beside each other: the replaced one is out of papers, and says so.
fn versions_of_questions_survive_the_migration(database: &Database) {
    use diesel::RunQueryDsl as _;
    let store = open(database);
    // Back to before it, whatever came after.
    while store.exclusive(migrations::down).expect("down") != "0007" {}
    store
        .exclusive(|connection| {
            let is_true = |yes: bool| match (yes, &*connection) {
                (yes, storage::DbConnection::Sqlite(_)) => if yes { "1" } else { "0" },
                (yes, storage::DbConnection::Postgres(_)) => if yes { "true" } else { "false" },
            };
            let rows: Vec<String> = [("jia-1", 1, false, "active"), ("jia-1", 2, true, "active"), ("jia-2", 1, true, "draft")]
                .iter()
                .map(|(reference, version, current, state)| {
                    let content = format!(
                        "{{\"authorship\":{{\"author\":\"甲\"}},\"state\":\"{state}\",\"topics\":[\"a\",\"b\"]}}"
                    );
                    let current = is_true(*current);
                    format!(
                        "('{reference}', {version}, {current}, '{state}', 'single', 'exam', 'x', 'recall', '题', '{content}', 'h', 7)"
                    )
                })
                .collect();
            let insert = format!(
                "INSERT INTO questions (question_ref, version, current, state, kind, pool, law, level, stem, content_json, \
                 content_hash, created_at) VALUES {}",
                rows.join(", ")
            );
            diesel::sql_query(insert).execute(connection).map_err(StorageError::from)
        })
        .expect("inserted");
    store.exclusive(migrations::up).expect("up");
    let rows = store.read(storage::questions::all).expect("read");
    let found: Vec<(&str, i64, bool, &str)> =
        rows.iter().map(|row| (row.question_ref.as_str(), row.version, row.head, row.state.as_str())).collect();
    assert_eq!(found, [("jia-1", 1, false, "retired"), ("jia-1", 2, true, "active"), ("jia-2", 1, true, "draft")]);
    assert!(
        rows[0].content_json.contains("\"state\":\"retired\"") && rows[1].content_json.contains("\"state\":\"active\"")
    );
    assert!(rows.iter().all(|row| row.topics_json == "[\"a\",\"b\"]" && row.author == "甲" && row.updated_at == 7));
    // A draft beside the one in use: going back, the one in use is the current one.
    let draft = storage::questions::QuestionRow { version: 3, state: "draft".into(), gaps: 2, ..rows[1].clone() };
    store.write(move |connection| storage::questions::insert(connection, &[draft])).expect("inserted");
    while store.exclusive(migrations::down).expect("down") != "0007" {}
    store.exclusive(migrations::up).expect("up");
    let rows = store.read(storage::questions::all).expect("read");
    let found: Vec<(&str, i64, bool)> =
        rows.iter().map(|row| (row.question_ref.as_str(), row.version, row.head)).collect();
    assert_eq!(
        found,
        [("jia-1", 1, false), ("jia-1", 2, true), ("jia-2", 1, true)],
        "a draft with gaps has no older form"
    );
    store.shut_down();
}

/// The same names in both dialects.
#[test]
fn the_dialects_have_the_same_migrations() {
    let names = |dialect: &str| {
        let folder = format!("{}/../migrations/{dialect}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> =
            std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

const NOW: i64 = 1_800_000_000_000_000;
const MINUTE: i64 = 60_000_000;

fn attempt(id: &str, person: &str) -> AttemptRow {
    AttemptRow {
        id: id.to_owned(),
        exam_id: "exam".to_owned(),
        person_id: person.to_owned(),
        attempt_number: 1,
        state: "answering".to_owned(),
        epoch: 1,
        device: None,
        slots: 3,
        paper_json: "{\"slots\":[]}".to_owned(),
        started_at: NOW,
        deadline: NOW + 30 * MINUTE,
        late_until: NOW + 32 * MINUTE,
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

fn prepared(database: &Database) -> Store {
    let store = open(database);
    store
        .write(|connection| {
            storage::organisation::insert_units(
                connection,
                &[storage::organisation::UnitRow {
                    id: "unit".into(),
                    code: "U".into(),
                    name: "单位".into(),
                    parent_id: None,
                    kind: "top".into(),
                    groups_json: "[]".into(),
                    position: 0,
                    left_on: None,
                    version: 1,
                }],
            )?;
            let people: Vec<_> = ["p1", "p2"].map(person).into();
            storage::organisation::insert_people(connection, &people)?;
            storage::exams::insert(connection, &exam())?;
            storage::attempts::insert(connection, &[attempt("a1", "p1"), attempt("a2", "p2")])
        })
        .expect("written");
    store
}

fn person(id: &str) -> storage::organisation::PersonRow {
    storage::organisation::PersonRow {
        id: id.into(),
        person_key: id.into(),
        name: "某某".into(),
        unit_id: "unit".into(),
        post_level: None,
        rank: None,
        rank_group: "yiban-ganbu".into(),
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

fn exam() -> storage::exams::ExamRow {
    storage::exams::ExamRow {
        id: "exam".into(),
        title: "考试".into(),
        kind: "test".into(),
        blueprint_id: None,
        paper_id: None,
        seed: "s".into(),
        rules_json: "{}".into(),
        audience_json: "{}".into(),
        opens_at: NOW,
        closes_at: NOW + 60 * MINUTE,
        duration_seconds: 1800,
        questions: 3,
        marks_max_centi: 300,
        state: "published".into(),
        reason: None,
        created_by: "x".into(),
        created_at: NOW,
        published_at: Some(NOW),
        version: 1,
        extended_seconds: 0,
        answers_until: 0,
        paused_at: None,
        scores_generation: 1,
    }
}

fn save(id: &str, attempt: &str, slot: i64, revision: i64, response: &str, at: i64) -> SaveRequest {
    SaveRequest {
        id: id.to_owned(),
        attempt_id: attempt.to_owned(),
        slot,
        epoch: None,
        revision,
        response_json: response.to_owned(),
        answered_at: None,
        received_at: at,
        elapsed_ms: Some(1_000),
    }
}

fn word(outcome: &SaveOutcome) -> String {
    match outcome {
        SaveOutcome::Stored(saved) => {
            format!("stored {}{}", saved.answer.response_json, if saved.answer.late { " late" } else { "" })
        }
        SaveOutcome::Superseded(saved) => format!("superseded by {}", saved.answer.response_json),
        SaveOutcome::TakenOver(_) => "taken over".to_owned(),
        SaveOutcome::Closed { kept_for_review } => format!("closed {kept_for_review}"),
        SaveOutcome::Invalid(_) => "invalid".to_owned(),
        SaveOutcome::NoAttempt => "no attempt".to_owned(),
        SaveOutcome::Failed => "failed".to_owned(),
    }
}

fn a_batch_decides_in_order(database: &Database) {
    let store = prepared(database);
    let batch = vec![
        save("1", "a1", 1, 1, "[\"A\"]", NOW + MINUTE),
        save("2", "a2", 1, 1, "true", NOW + MINUTE),
        save("3", "a1", 1, 3, "[\"C\"]", NOW + MINUTE),
        save("4", "a1", 1, 2, "[\"B\"]", NOW + MINUTE),
        save("5", "a1", 9, 1, "[\"B\"]", NOW + MINUTE),
        save("6", "nobody", 1, 1, "[\"B\"]", NOW + MINUTE),
        save("7", "a2", 2, 1, "null", NOW + 31 * MINUTE),
        save("8", "a2", 3, 1, "true", NOW + 33 * MINUTE),
    ];
    let waiting = store.enqueue_saves(batch).expect("queued");
    let outcomes = waiting.blocking_recv().expect("an answer").expect("written");
    let words: Vec<String> = outcomes.iter().map(word).collect();
    assert_eq!(
        words,
        [
            "stored [\"A\"]",
            "stored true",
            "stored [\"C\"]",
            "superseded by [\"C\"]",
            "invalid",
            "no attempt",
            "stored null late",
            "closed true",
        ]
    );
    let answers = store.read(|connection| storage::answers::of_attempt(connection, "a1")).expect("read");
    assert_eq!(answers.len(), 1);
    assert_eq!((answers[0].revision, answers[0].response_json.as_str()), (3, "[\"C\"]"));
    let kept = store.read(|connection| storage::answers::kept(connection, "a2")).expect("read");
    assert_eq!(kept.len(), 1, "what came too late is kept apart");
    store.shut_down();
    assert!(matches!(store.enqueue_saves(vec![]), Err(StorageError::Unavailable(_))));
}

/// Saves and a submission race on many threads: whatever is stored was stored before the submission.
fn no_save_lands_after_a_submission(database: &Database) {
    let store = prepared(database);
    let savers: Vec<_> = (0..4)
        .map(|saver| {
            let store = store.clone();
            std::thread::spawn(move || {
                let mut stored = 0;
                for revision in 1..=100 {
                    let id = format!("{saver}-{revision}");
                    let row = save(&id, "a1", 1, revision * 4 + saver, &format!("[\"{id}\"]"), NOW + MINUTE);
                    let outcome = store.enqueue_saves(vec![row]).expect("queued").blocking_recv().expect("an answer");
                    if matches!(outcome.expect("written").first(), Some(SaveOutcome::Stored(_))) {
                        stored += 1;
                    }
                }
                stored
            })
        })
        .collect();
    let at_submission = store
        .write(|connection| {
            let mut attempt = storage::attempts::attempt_for_update(connection, "a1")?;
            attempt.state = "submitted".to_owned();
            storage::attempts::update(connection, &attempt)?;
            storage::answers::of_attempt(connection, "a1")
        })
        .expect("submitted");
    let stored: usize = savers.into_iter().map(|thread| thread.join().expect("a saver")).sum();
    let after = store.read(|connection| storage::answers::of_attempt(connection, "a1")).expect("read");
    assert_eq!(at_submission, after, "nothing changed after the submission ({stored} saves were stored)");
}
