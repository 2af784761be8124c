//! What each command does.

mod bank;
mod bank_files;
mod ledger;
mod people;
mod rehearse;
mod report;
mod serve;

use std::process::ExitCode;
use std::sync::Arc;

use api::exam_day::RegradeRequest;
use app::clock::{Clock, SimulatedClock, SystemClock};
use app::secrets::Secrets;
use app::{App, AppError, Config};
use storage::{DatabaseUrl, Store};

use crate::args::{Arguments, Command, Exam, MigrateAction, Places, Print};

/// Exit code: it failed.
pub const FAILED: u8 = 1;
/// Exit code: wrong use or unreadable input.
pub const WRONG_USE: u8 = 2;
/// Exit code: done in part.
pub const DONE_IN_PART: u8 = 3;

/// A failure with its exit code and a sentence.
#[derive(Debug)]
pub struct Failure {
    /// What the process exits with.
    pub code: u8,
    /// What the person reads.
    pub message: String,
}

impl Failure {
    /// Wrong use or unreadable input.
    pub fn wrong_use(message: impl Into<String>) -> Self {
        Self { code: WRONG_USE, message: message.into() }
    }

    /// Anything else.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { code: FAILED, message: message.into() }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match &error {
            AppError::Invalid(errors) => Self::wrong_use(
                errors.iter().map(|e| format!("{}：{}", e.field, e.reason)).collect::<Vec<_>>().join("\n"),
            ),
            AppError::Internal(cause) => Self::failed(cause.clone()),
            AppError::Unavailable { cause } => Self::failed(format!("数据库暂不可用：{cause}")),
            _ => Self::failed(error.to_string()),
        }
    }
}

impl From<storage::StorageError> for Failure {
    fn from(error: storage::StorageError) -> Self {
        match error {
            storage::StorageError::BadUrl(_) => Self::wrong_use(error.to_string()),
            _ => Self::failed(error.to_string()),
        }
    }
}

/// What a command answers.
pub type Outcome = Result<ExitCode, Failure>;

/// Runs a command.
///
/// # Errors
/// A [`Failure`] with its exit code.
pub fn run(arguments: Arguments) -> Outcome {
    let places = arguments.places;
    match arguments.command {
        Command::Serve(serve) => serve::run(&places, &serve),
        Command::Migrate { action } => migrate(&places, action),
        Command::People(command) => people::people(&places, command),
        Command::Account(command) => people::account(&places, command),
        Command::Bank(command) => bank::bank(&places, command),
        Command::Laws(command) => bank::laws(&places, command),
        Command::Paper(command) => bank::paper(command),
        Command::Exam(command) => exam(&places, command),
        Command::Report(command) => report::run(&places, &command),
        Command::Draw(_) => Err(later("draw")),
        Command::Analyze(_) => Err(later("analyze")),
        Command::Simulate(_) => Err(later("simulate")),
        Command::Rehearse(command) => rehearse::run(&command),
        Command::Ledger(command) => ledger::run(&places, command),
        Command::Backup(_) => Err(later("backup")),
        Command::Restore(_) => Err(later("restore")),
    }
}

/// What is in the contract and not built yet.
fn later(command: &str) -> Failure {
    Failure::wrong_use(format!("命令 zhijie {command} 尚未提供"))
}

/// Prints one JSON object on standard output.
fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::failed(error.to_string()))?;
    println!("{text}");
    Ok(())
}

/// Today in Asia/Shanghai.
fn today() -> jiff::civil::Date {
    app::clock::day(SystemClock::default().now())
}

fn exam(places: &Places, command: Exam) -> Outcome {
    match command {
        Exam::List { json } => list_exams(places, json),
        Exam::Regrade { id, dry_run, reason, json } => regrade(places, &id, dry_run, reason, json),
        Exam::Seal { id, json } => ledger::seal(places, &id, json),
        Exam::Export { id, format, out } => ledger::export(places, &id, &format, &out),
    }
}

fn list_exams(places: &Places, json: bool) -> Outcome {
    let items = open(places, false)?.all_exams()?;
    if json {
        print_json(&serde_json::json!({ "items": items }))?;
    } else {
        for exam in items {
            println!("{}\t{}\t{}\t{} — {}", exam.id, exam.state, exam.title, exam.opens_at, exam.closes_at);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn regrade(places: &Places, id: &str, dry_run: bool, reason: String, json: bool) -> Outcome {
    let app = open(places, false)?;
    let request = RegradeRequest { dry_run, reason: Some(reason), ..RegradeRequest::default() };
    let report = app.regrade_by("cli", id, &request)?;
    if json {
        print_json(&report)?;
    }
    eprintln!(
        "{}共 {} 份答卷，成绩改变 {} 份：由不合格改为合格 {}，由合格改为不合格 {}",
        if dry_run { "（预览）" } else { "" },
        report.attempts,
        report.changed,
        report.to_passed,
        report.to_failed
    );
    Ok(ExitCode::SUCCESS)
}

/// The database named, or the SQLite file in the data folder.
fn database_url(places: &Places) -> Result<DatabaseUrl, Failure> {
    Ok(match &places.database {
        Some(text) => DatabaseUrl::parse(text)?,
        None => DatabaseUrl::Sqlite(places.data.join("zhijie.sqlite")),
    })
}

/// Opens the application as commands that print nothing need it.
fn open(places: &Places, demo: bool) -> Result<App, Failure> {
    open_to_print(places, demo, &Print::default())
}

/// Opens the application.
fn open_to_print(places: &Places, demo: bool, print: &Print) -> Result<App, Failure> {
    if let Some(font) = &print.font {
        // A wrong setting shows now, not when the slips are wanted.
        app::fonts::find(Some(font), "").map_err(|error| Failure::wrong_use(error.to_string()))?;
    }
    std::fs::create_dir_all(&places.data)
        .map_err(|error| Failure::failed(format!("无法建立数据目录 {}：{error}", places.data.display())))?;
    let lake_dir = places.lake.clone().unwrap_or_else(|| places.data.join("lake"));
    std::fs::create_dir_all(&lake_dir)
        .map_err(|error| Failure::failed(format!("无法建立目录 {}：{error}", lake_dir.display())))?;
    let store = Store::open_migrated(&database_url(places)?)?;
    let secrets = match std::env::var("ZHIJIE_SECRETS") {
        Ok(text) => Secrets::from_json(&text)?,
        Err(_) => Secrets::load_or_create(&places.data.join("secrets.json"))?,
    };
    let clock: Arc<dyn Clock> =
        if demo { Arc::new(SimulatedClock::default()) } else { Arc::new(SystemClock::default()) };
    let config = Config {
        data_dir: places.data.clone(),
        lake_dir,
        demo,
        public_address: print.url.clone(),
        font: print.font.clone(),
    };
    Ok(App::new(config, store, clock, secrets))
}

fn migrate(places: &Places, action: MigrateAction) -> Outcome {
    let store = Store::open(&database_url(places)?)?;
    match action {
        MigrateAction::Up => {
            let done = store.exclusive(storage::migrations::up)?;
            eprintln!("已执行 {done} 项");
        }
        MigrateAction::Down => {
            let name = store.exclusive(storage::migrations::down)?;
            eprintln!("已回退 {name}");
        }
        MigrateAction::Status => {
            for one in store.exclusive(storage::migrations::status)? {
                println!("{}\t{}", one.name, if one.applied { "已执行" } else { "未执行" });
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
