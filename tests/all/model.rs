//! A model of attempts, the answer writer, takeover, extension, pause and auto-submission, held against the real
//! application by random histories on both databases.
//!
//! What is claimed: acknowledged means durable and visible; a slot holds the highest acknowledged (epoch, revision);
//! nothing changes after the end; there is one end and one receipt; marks are computed from what was stored.
//! `ZHIJIE_MODEL_CASES=500 tests/run model` runs long.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use api::attempt::{SaveRequest, StartRequest, SubmissionRequest};
use api::exam::ExamRequest;
use api::exam_day::ExtensionRequest;
use app::clock::{Clock, from_micros, rfc3339_micros};
use app::imports::Importer;
use app::principal::Caller;
use app::secrets::Secrets;
use app::tokens::AttemptClaims;
use app::{App, AppError, Config, Principal};
use organisation::roster::Mode;
use organisation::{Role, Scope};
use proptest::prelude::*;
use proptest::test_runner::Config as Cases;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use serde_json::{Value, json};
use storage::answers::SaveOutcome;
use storage::{DatabaseUrl, Store};
use zhijie_tests::Database;

const PEOPLE: usize = 3;
const SLOTS: i64 = 4;
const DURATION: i64 = 1_800;
const CLOSES: i64 = 3_600;
const LATE: i64 = 120;
const SECOND_US: i64 = 1_000_000;
/// 2026-12-01 09:00 in Asia/Shanghai.
const OPENS_US: i64 = 1_796_086_800_000_000;

fn cases() -> u32 {
    std::env::var("ZHIJIE_MODEL_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

// --- the model: seconds since the opening, and nothing of the program ---------------------------------------------

/// What is done.
#[derive(Debug, Clone)]
enum Step {
    Advance(i64),
    Start { person: usize, device: u8 },
    Save { person: usize, slot: i64, revision: i64, variant: u8, epochs_back: i64 },
    Submit { person: usize },
    CloseDue,
    Extend(i64),
    Pause,
    Resume,
    Restart,
}

/// What it must lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expected {
    Done,
    Refused,
    Epoch(i64),
    Stored,
    Superseded,
    TakenOver,
    Closed { kept: bool },
    HandedIn { is_new: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Answering,
    Submitted,
    AutoSubmitted,
}

#[derive(Debug, Clone)]
struct Sitting {
    state: State,
    epoch: i64,
    device: u8,
    deadline: i64,
    held_since: Option<i64>,
    /// By slot: epoch, revision, variant.
    answers: BTreeMap<i64, (i64, i64, u8)>,
}

impl Sitting {
    fn deadline_at(&self, now: i64) -> i64 {
        self.deadline + self.held_since.map_or(0, |since| now - since)
    }

    fn takes_answers(&self, now: i64) -> bool {
        self.state == State::Answering && now <= self.deadline_at(now) + LATE
    }

    fn is_due(&self, now: i64) -> bool {
        self.state == State::Answering && self.held_since.is_none() && now > self.deadline + LATE
    }
}

#[derive(Debug, Clone)]
struct Model {
    now: i64,
    extended: i64,
    answers_until: i64,
    paused_at: Option<i64>,
    sittings: Vec<Option<Sitting>>,
    expected: Expected,
}

impl Model {
    fn closes(&self) -> i64 {
        CLOSES + self.extended
    }

    fn is_open(&self) -> bool {
        self.paused_at.unwrap_or(self.now) < self.closes()
    }

    fn is_over(&self) -> bool {
        self.paused_at.is_none() && self.now > (self.closes() + LATE).max(self.answers_until)
    }

    fn latest(&self) -> i64 {
        let open = self.sittings.iter().flatten().filter(|one| one.state == State::Answering);
        open.map(|one| one.deadline + LATE).max().unwrap_or(0)
    }

    fn start(&mut self, person: usize, device: u8) -> Expected {
        let (now, is_open, paused, closes) = (self.now, self.is_open(), self.paused_at, self.closes());
        match &mut self.sittings[person] {
            Some(sitting) if sitting.takes_answers(now) => {
                if sitting.device != device {
                    sitting.epoch += 1;
                    sitting.device = device;
                }
                Expected::Epoch(sitting.epoch)
            }
            Some(_) => Expected::Refused,
            None if !is_open || paused.is_some() => Expected::Refused,
            place => {
                let deadline = (now + DURATION).min(closes);
                *place = Some(Sitting {
                    state: State::Answering,
                    epoch: 1,
                    device,
                    deadline,
                    held_since: None,
                    answers: BTreeMap::new(),
                });
                Expected::Epoch(1)
            }
        }
    }

    fn save(&mut self, person: usize, slot: i64, revision: i64, variant: u8, epochs_back: i64) -> Expected {
        let now = self.now;
        let Some(sitting) = &mut self.sittings[person] else { return Expected::Done };
        let epoch = (sitting.epoch - epochs_back).max(1);
        let takes = sitting.takes_answers(now);
        match sitting.answers.get(&slot) {
            Some(held) if *held == (epoch, revision, variant) => Expected::Stored,
            Some((held_epoch, held_revision, _)) if (*held_epoch, *held_revision) >= (epoch, revision) => {
                match (takes, *held_epoch > epoch) {
                    (false, _) => Expected::Closed { kept: false },
                    (true, true) => Expected::TakenOver,
                    (true, false) => Expected::Superseded,
                }
            }
            _ if takes => {
                sitting.answers.insert(slot, (epoch, revision, variant));
                Expected::Stored
            }
            _ => Expected::Closed { kept: true },
        }
    }

    fn submit(&mut self, person: usize) -> Expected {
        let now = self.now;
        let Some(sitting) = &mut self.sittings[person] else { return Expected::Done };
        if sitting.state != State::Answering {
            return Expected::HandedIn { is_new: false };
        }
        sitting.deadline = sitting.deadline_at(now);
        sitting.held_since = None;
        sitting.state = if now > sitting.deadline + LATE { State::AutoSubmitted } else { State::Submitted };
        Expected::HandedIn { is_new: true }
    }

    fn extend(&mut self, seconds: i64) -> Expected {
        if self.is_over() {
            return Expected::Refused;
        }
        for sitting in self.sittings.iter_mut().flatten().filter(|one| one.state == State::Answering) {
            sitting.deadline += seconds;
        }
        self.extended += seconds;
        if self.answers_until > 0 {
            self.answers_until += seconds;
        }
        self.answers_until = self.answers_until.max(self.latest());
        Expected::Done
    }

    fn pause(&mut self) -> Expected {
        if self.paused_at.is_some() || self.is_over() {
            return Expected::Refused;
        }
        let now = self.now;
        for sitting in self.sittings.iter_mut().flatten() {
            if sitting.state == State::Answering && sitting.deadline + LATE >= now {
                sitting.held_since = Some(now);
            }
        }
        self.paused_at = Some(now);
        Expected::Done
    }

    fn resume(&mut self) -> Expected {
        let Some(paused_at) = self.paused_at.take() else { return Expected::Refused };
        let now = self.now;
        for sitting in self.sittings.iter_mut().flatten() {
            if let Some(since) = sitting.held_since.take() {
                sitting.deadline += now - since;
            }
        }
        self.extended += now - paused_at;
        if self.answers_until > 0 {
            self.answers_until += now - paused_at;
        }
        self.answers_until = self.answers_until.max(self.latest());
        Expected::Done
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self {
            now: 0,
            extended: 0,
            answers_until: 0,
            paused_at: None,
            sittings: vec![None; PEOPLE],
            expected: Expected::Done,
        })
        .boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Step> {
        let person = || 0..PEOPLE;
        prop_oneof![
            3 => prop_oneof![Just(1), Just(30), Just(119), Just(121), Just(600), Just(1_700)].prop_map(Step::Advance),
            4 => (person(), 0..2u8).prop_map(|(person, device)| Step::Start { person, device }),
            12 => (person(), 1..=SLOTS, 1..6i64, 0..2u8, 0..2i64).prop_map(|(person, slot, revision, variant, back)| {
                Step::Save { person, slot, revision, variant, epochs_back: back }
            }),
            2 => person().prop_map(|person| Step::Submit { person }),
            2 => Just(Step::CloseDue),
            1 => prop_oneof![Just(60), Just(900)].prop_map(Step::Extend),
            1 => Just(Step::Pause),
            1 => Just(Step::Resume),
            1 => Just(Step::Restart),
        ]
        .boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        state.expected = match *step {
            Step::Advance(seconds) => {
                state.now += seconds;
                Expected::Done
            }
            Step::Start { person, device } => state.start(person, device),
            Step::Save { person, slot, revision, variant, epochs_back } => {
                state.save(person, slot, revision, variant, epochs_back)
            }
            Step::Submit { person } => state.submit(person),
            Step::CloseDue => {
                let now = state.now;
                for sitting in state.sittings.iter_mut().flatten().filter(|one| one.is_due(now)) {
                    sitting.state = State::AutoSubmitted;
                }
                Expected::Done
            }
            Step::Extend(seconds) => state.extend(seconds),
            Step::Pause => state.pause(),
            Step::Resume => state.resume(),
            Step::Restart => Expected::Done,
        };
        state
    }
}

// --- the program ----------------------------------------------------------------------------------------------------

/// A clock that only the test moves.
#[derive(Debug)]
struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> jiff::Timestamp {
        from_micros(self.0.load(Ordering::Acquire))
    }
}

struct Thread(std::thread::Thread);

impl Wake for Thread {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Thread(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

struct Program {
    database: Database,
    secrets: Secrets,
    clock: Arc<TestClock>,
    app: App,
    manager: Principal,
    people: Vec<Principal>,
    exam: String,
    /// By person: the attempt, its slots, and the receipt once it has ended.
    attempts: Vec<Option<(String, Vec<Value>)>>,
    receipts: Vec<Option<String>>,
}

fn open(database: &Database, secrets: &Secrets, clock: &Arc<TestClock>) -> App {
    let store = Store::open_migrated(&DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let folder = database.folder().to_path_buf();
    let config =
        Config { lake_dir: folder.join("lake"), data_dir: folder, demo: false, public_address: None, font: None };
    App::new(config, store, Arc::clone(clock) as Arc<dyn Clock>, secrets.clone())
}

fn principal(account: &str, person: Option<&str>, roles: Vec<(Role, Scope)>) -> Principal {
    Principal {
        account: account.to_owned(),
        login: account.to_owned(),
        name: account.to_owned(),
        person: person.map(str::to_owned),
        session: String::new(),
        roles,
    }
}

impl Program {
    fn new(database: Database) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(OPENS_US)));
        let secrets = Secrets::generate();
        let app = open(&database, &secrets, &clock);
        app.prepare().expect("prepared");
        let roster: String = (0..PEOPLE).map(|n| format!("{},人{n},测试局\n", 9_001 + n)).collect();
        let roster = format!("工号,姓名,单位\n{roster}");
        app.import_people(&Importer::command_line(), "r.csv", roster.as_bytes(), Mode::Add, None).expect("imported");
        let directory = app.directory().expect("units");
        let top = directory.tree.top().expect("a top").id.clone();
        let manager = principal("manager", None, vec![(Role::Manager, Scope::of([top.clone()]))]);
        let stored = app.store().read(storage::organisation::people).expect("people");
        let people = stored.iter().map(|row| principal(&row.id, Some(&row.id), Vec::new())).collect();
        let request = ExamRequest {
            title: Some("模型".to_owned()),
            kind: Some("test".to_owned()),
            blueprint: Some("suce-20".to_owned()),
            rules: Some(json!({
                "pass_marks": 60, "bands": [], "attempts": 1, "count": "best", "full_duration": false,
                "late_sync_seconds": LATE, "release_marks": "at_submission", "release_keys": "at_submission",
                "shuffle": true, "clauses": {},
            })),
            audience: Some(json!({ "units": [{ "unit": top.as_str(), "subtree": true }] })),
            opens_at: Some(rfc3339_micros(OPENS_US)),
            closes_at: Some(rfc3339_micros(OPENS_US + CLOSES * SECOND_US)),
            duration_seconds: Some(DURATION),
            seed: Some("model".to_owned()),
            ..ExamRequest::default()
        };
        let exam = app.create_exam(&manager, &request).expect("a draft").summary.id;
        let published = app.publish_exam(&manager, &exam).expect("published");
        assert_eq!((published.roster, published.unmet.len()), (3, 0));
        Self {
            database,
            secrets,
            clock,
            app,
            manager,
            people,
            exam,
            attempts: vec![None; PEOPLE],
            receipts: vec![None; PEOPLE],
        }
    }

    /// As a process that was killed and started again: every cache is gone.
    fn restart(&mut self) {
        self.app.store().shut_down();
        // The file's lock goes with the last handle on the store.
        let nothing = Database::sqlite();
        let beside = open(&nothing, &self.secrets, &self.clock);
        drop(std::mem::replace(&mut self.app, beside));
        self.app = open(&self.database, &self.secrets, &self.clock);
    }

    fn start(&mut self, person: usize, device: u8) -> Expected {
        let request = StartRequest { device: Some(format!("device-{device}")) };
        match self.app.start(&self.people[person], &self.exam, &request) {
            Ok((_, attempt)) => {
                let slots = serde_json::to_value(&attempt.slots).expect("JSON").as_array().expect("slots").clone();
                self.attempts[person] = Some((attempt.id, slots));
                Expected::Epoch(attempt.epoch)
            }
            Err(AppError::Conflict(_) | AppError::WindowNotOpen(_)) => Expected::Refused,
            Err(other) => panic!("{other:?}"),
        }
    }

    fn caller(&self, person: usize, epoch: i64) -> Option<(Caller, String)> {
        let (attempt, _) = self.attempts[person].as_ref()?;
        let claims = AttemptClaims {
            sub: attempt.clone(),
            person: self.people[person].person.clone().expect("a person"),
            epoch,
            exp: i64::MAX,
            purpose: "attempt".to_owned(),
        };
        Some((Caller::Attempt(claims), attempt.clone()))
    }

    fn save(&self, person: usize, slot: i64, revision: i64, variant: u8, epoch: i64) -> Expected {
        let Some((caller, attempt)) = self.caller(person, epoch) else { return Expected::Done };
        let sitter = self.app.sitter(&caller, &attempt).expect("a sitter");
        let request = SaveRequest {
            revision,
            response: self.response(person, slot, variant),
            epoch: None,
            answered_at: None,
            elapsed_ms: None,
        };
        let queued = self.app.queue_save(&sitter, slot, &request).expect("queued");
        match wait_for(queued.outcomes()).expect("an outcome").into_iter().next().expect("one") {
            SaveOutcome::Stored(_) => Expected::Stored,
            SaveOutcome::Superseded(_) => Expected::Superseded,
            SaveOutcome::TakenOver(_) => Expected::TakenOver,
            SaveOutcome::Closed { kept_for_review } => Expected::Closed { kept: kept_for_review },
            other => panic!("{other:?}"),
        }
    }

    fn response(&self, person: usize, slot: i64, variant: u8) -> Value {
        let (_, slots) = self.attempts[person].as_ref().expect("an attempt");
        let slot = slots.iter().find(|one| one["slot"] == slot).expect("the slot");
        let first = variant == 0;
        match slot["kind"].as_str().expect("a kind") {
            "single" => json!([if first { "A" } else { "B" }]),
            "multiple" => json!(if first { ["A", "B"] } else { ["A", "C"] }),
            "judgement" => json!(first),
            _ => {
                let blanks = usize::try_from(slot["blanks"].as_u64().unwrap_or(1)).expect("few");
                json!(vec![if first { "甲" } else { "乙" }; blanks])
            }
        }
    }

    fn submit(&mut self, person: usize, epoch: i64) -> Expected {
        let Some((caller, attempt)) = self.caller(person, epoch) else { return Expected::Done };
        let sitter = self.app.sitter(&caller, &attempt).expect("a sitter");
        let handed_in = self.app.submit(&sitter, &SubmissionRequest::default()).expect("handed in");
        let receipt = handed_in.reply.receipt;
        if let Some(known) = &self.receipts[person] {
            assert_eq!(*known, receipt, "one end, one receipt");
        }
        self.receipts[person] = Some(receipt);
        Expected::HandedIn { is_new: handed_in.is_new }
    }

    fn refusable<T>(outcome: Result<T, AppError>) -> Expected {
        match outcome {
            Ok(_) => Expected::Done,
            Err(AppError::Conflict(_)) => Expected::Refused,
            Err(other) => panic!("{other:?}"),
        }
    }

    /// What the database holds is what the model holds.
    fn agrees_with(&self, model: &Model) {
        for (person, sitting) in model.sittings.iter().enumerate() {
            let Some(sitting) = sitting else { continue };
            let (id, _) = self.attempts[person].as_ref().expect("an attempt");
            let (attempt, answers, marks) = self
                .app
                .store()
                .read(|connection| {
                    Ok::<_, AppError>((
                        storage::attempts::attempt(connection, id)?,
                        storage::answers::of_attempt(connection, id)?,
                        storage::attempts::marks(connection, id)?,
                    ))
                })
                .expect("read");
            let state = match sitting.state {
                State::Answering => "answering",
                State::Submitted => "submitted",
                State::AutoSubmitted => "auto_submitted",
            };
            assert_eq!((attempt.state.as_str(), attempt.epoch), (state, sitting.epoch), "person {person}");
            if sitting.state == State::Answering {
                assert_eq!(attempt.deadline, OPENS_US + sitting.deadline * SECOND_US, "person {person}");
                assert_eq!(attempt.held_since, sitting.held_since.map(|since| OPENS_US + since * SECOND_US));
            }
            let held: BTreeMap<i64, (i64, i64, Value)> = answers
                .iter()
                .map(|row| {
                    (row.slot, (row.epoch, row.revision, serde_json::from_str(&row.response_json).expect("JSON")))
                })
                .collect();
            let wanted: BTreeMap<i64, (i64, i64, Value)> = sitting
                .answers
                .iter()
                .map(|(slot, (epoch, revision, variant))| {
                    (*slot, (*epoch, *revision, self.response(person, *slot, *variant)))
                })
                .collect();
            assert_eq!(held, wanted, "person {person}");
            if sitting.state != State::Answering {
                self.marked_from_what_was_stored(person, id, &attempt, &marks, sitting);
            }
        }
    }

    fn marked_from_what_was_stored(
        &self,
        person: usize,
        id: &str,
        attempt: &storage::attempts::AttemptRow,
        marks: &[storage::attempts::SlotMarkRow],
        sitting: &Sitting,
    ) {
        assert_eq!(attempt.marks_centi, Some(marks.iter().map(|row| row.marks_centi).sum()));
        assert_eq!(attempt.answered, i64::try_from(sitting.answers.len()).ok());
        let caller = Caller::Account(self.people[person].clone());
        let result = self.app.result(&self.app.sitter(&caller, id).expect("a sitter")).expect("a result");
        let result = serde_json::to_value(result).expect("JSON");
        for slot in result["slots"].as_array().expect("slots") {
            let number = slot["slot"].as_i64().expect("a number");
            let given = sitting.answers.get(&number).map(|(_, _, variant)| self.response(person, number, *variant));
            assert_eq!(slot["response"], given.clone().unwrap_or(Value::Null));
            if slot["question"]["kind"] != "blank" {
                assert_eq!(slot["correct"], json!(given.as_ref() == Some(&slot["key"])), "{slot}");
            }
        }
    }
}

/// The test of one database.
struct OnSqlite;
/// The test of the other.
struct OnPostgres;

macro_rules! machine {
    ($name:ident, $database:expr) => {
        impl StateMachineTest for $name {
            type SystemUnderTest = Program;
            type Reference = Model;

            fn init_test(_: &Model) -> Program {
                Program::new($database)
            }

            fn apply(mut program: Program, model: &Model, step: Step) -> Program {
                let outcome = match step {
                    Step::Advance(_) => {
                        program.clock.0.store(OPENS_US + model.now * SECOND_US, Ordering::Release);
                        Expected::Done
                    }
                    Step::Start { person, device } => program.start(person, device),
                    Step::Save { person, slot, revision, variant, epochs_back } => {
                        let epoch = model.sittings[person].as_ref().map_or(1, |one| (one.epoch - epochs_back).max(1));
                        program.save(person, slot, revision, variant, epoch)
                    }
                    Step::Submit { person } => {
                        let epoch = model.sittings[person].as_ref().map_or(1, |one| one.epoch);
                        program.submit(person, epoch)
                    }
                    Step::CloseDue => {
                        program.app.close_due_attempts().expect("closed");
                        Expected::Done
                    }
                    Step::Extend(seconds) => {
                        let request = ExtensionRequest {
                            all: true,
                            seconds,
                            reason: "模型".to_owned(),
                            ..ExtensionRequest::default()
                        };
                        Program::refusable(program.app.extend(&program.manager, &program.exam, &request))
                    }
                    Step::Pause => Program::refusable(program.app.pause(&program.manager, &program.exam, "模型")),
                    Step::Resume => Program::refusable(program.app.resume_exam(&program.manager, &program.exam)),
                    Step::Restart => {
                        program.restart();
                        Expected::Done
                    }
                };
                assert_eq!(outcome, model.expected);
                program.agrees_with(model);
                program
            }
        }
    };
}

machine!(OnSqlite, Database::sqlite());
machine!(OnPostgres, Database::postgres());

mod sqlite {
    use super::*;

    prop_state_machine! {
        #![proptest_config(Cases { cases: cases(), failure_persistence: None, max_shrink_iters: 400, ..Cases::default() })]
        #[test]
        fn histories_agree_with_the_model(sequential 20..70 => OnSqlite);
    }
}

mod postgres {
    use super::*;

    prop_state_machine! {
        #![proptest_config(Cases { cases: cases(), failure_persistence: None, max_shrink_iters: 400, ..Cases::default() })]
        #[test]
        fn histories_agree_with_the_model(sequential 20..70 => OnPostgres);
    }
}
