//! The use cases: authorise, load, ask the domain, store, note the act. Server, command line and scheduler all
//! come through here, so that there is one way to publish an exam.
//!
//! Functions are synchronous and take a [`Principal`]; only a save answers through a channel, since thousands of
//! them wait for one durable write together.

pub mod access;
pub mod accounts;
pub mod acts;
pub mod address;
pub mod answering;
pub mod bank;
pub mod bank_export;
pub mod bank_import;
pub mod clock;
pub mod demo;
pub mod directory;
mod disclosure;
mod error;
mod exam_day;
pub mod exam_info;
pub mod exams;
pub mod figures;
pub mod fonts;
pub mod form;
mod freeze;
pub mod idempotency;
pub mod imports;
mod ledger;
mod marking;
mod mastery;
mod papers;
pub mod passwords;
pub mod people;
mod people_rows;
mod prepared;
pub mod principal;
pub mod questions;
mod register;
mod regrade;
mod rehearsals;
mod report_jobs;
mod results;
mod screen_leaves;
pub mod secrets;
mod setup;
mod sitting;
mod slips;
mod starts;
mod status;
mod submission;
mod together;
pub mod tokens;
pub mod units;
mod wrong_answers;

use std::path::PathBuf;
use std::sync::Arc;

pub use crate::ledger::verify_ledger_export;
pub use error::{AppError, AppResult};
pub use exam_day::Node;
pub use principal::Principal;
pub use slips::{Printed, SlipOrder};
pub use storage::ANSWER_QUEUE_ROWS;

use address::PublicAddress;
use clock::Clock;
use secrets::Secrets;
use storage::Store;
use tokens::Tokens;

/// What an installation is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database (if SQLite), keys and demo accounts live.
    pub data_dir: PathBuf,
    /// Where reports, uploads and sealed files live; nodes share it.
    pub lake_dir: PathBuf,
    /// Whether this is the demo district: the clock can be moved.
    pub demo: bool,
    /// Where people reach it from outside; printed on slips. Without it the address of the page that asks is taken.
    pub public_address: Option<PublicAddress>,
    /// The font that documents are set in; without it an installed one is looked for.
    pub font: Option<PathBuf>,
}

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    store: Store,
    clock: Arc<dyn Clock>,
    secrets: Secrets,
    tokens: Tokens,
    directory: directory::DirectoryCache,
    principals: principal::PrincipalCache,
    bank: bank::BankCache,
    papers: papers::PaperCache,
    attempts: answering::AttemptCache,
    mastery: mastery::MasteryCache,
    starts: starts::Starts,
    hand_ins: submission::HandIns,
    polls: status::Polls,
}

impl App {
    /// Puts the parts together.
    pub fn new(config: Config, store: Store, clock: Arc<dyn Clock>, secrets: Secrets) -> Self {
        let tokens = Tokens::new(&secrets);
        Self {
            inner: Arc::new(Inner {
                config,
                store,
                clock,
                secrets,
                tokens,
                directory: directory::DirectoryCache::default(),
                principals: principal::PrincipalCache::default(),
                bank: bank::BankCache::default(),
                papers: papers::PaperCache::default(),
                attempts: answering::AttemptCache::default(),
                mastery: mastery::MasteryCache::default(),
                starts: starts::Starts::default(),
                hand_ins: submission::HandIns::default(),
                polls: status::Polls::default(),
            }),
        }
    }

    /// What it was started with.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Now, by the injected clock.
    pub fn now(&self) -> jiff::Timestamp {
        self.inner.clock.now()
    }

    /// Now in microseconds UTC, as stored.
    pub fn now_us(&self) -> i64 {
        self.now().as_microsecond()
    }

    /// Sets the clock by PostgreSQL's, so that every node knows the same deadline. SQLite has no clock of its own.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub fn follow_database_clock(&self) -> AppResult<()> {
        if let Some(now_us) = self.store().read(storage::settings::database_now)? {
            self.inner.clock.follow(now_us);
        }
        Ok(())
    }

    /// Moves the clock, where it is a simulated one.
    ///
    /// # Errors
    /// [`AppError::NotFound`] outside the demo; [`AppError::Invalid`] for a step back or over ten years.
    pub fn advance_clock(&self, seconds: i64) -> AppResult<jiff::Timestamp> {
        const TEN_YEARS_SECONDS: i64 = 10 * 366 * 86_400;
        if !self.config().demo {
            return Err(AppError::NotFound("这个功能（只在演示模式下有）"));
        }
        if !(0..=TEN_YEARS_SECONDS).contains(&seconds) {
            return Err(AppError::invalid("advance_seconds", "时钟只能向前拨，且一次不超过十年"));
        }
        if !self.inner.clock.advance(seconds) {
            return Err(AppError::NotFound("可拨动的时钟"));
        }
        Ok(self.now())
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.inner.tokens
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.inner.secrets
    }
}

/// A fresh identifier: UUIDv7, so that ids sort by the time they were made.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
