//! The HTTP server: actix-web in front of the use cases.

mod assets;
pub mod endpoints;
pub mod extract;
mod gate;
mod handlers;
mod limiter;
mod openapi;
mod problem;
mod repeat;
mod routes;
mod scheduler;

use std::future::{Future as _, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::{App as ActixApp, HttpServer, middleware, web};
use app::{App, AppError};
use tokio::sync::{Semaphore, SemaphorePermit};

use extract::AddressRange;
use problem::Refusal;

pub use openapi::document as openapi_document;

/// Password hashes computed at once: one a core leaves the other for those who sit the exam.
const HASHES_AT_ONCE: usize = 2;
/// Sign-ins that may wait for their turn; past it people are told to come again.
const HASHES_WAITING: usize = 400;
/// Bytes of a JSON body at the most.
const JSON_BYTES: usize = 512 * 1024;
/// Seconds that requests in hand get to finish after a signal to stop.
const SHUTDOWN_SECONDS: u64 = 20;
/// How long the database may take to say that it is there.
const READY_WAIT: Duration = Duration::from_secs(1);
/// Bytes of an uploaded file at the most.
pub const UPLOAD_BYTES: usize = 32 * 1024 * 1024;

/// How the server is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<AddressRange>,
    /// Threads that handle requests.
    pub workers: usize,
}

/// What handlers share.
pub struct State {
    pub(crate) app: App,
    pub(crate) settings: Settings,
    pub(crate) assets: assets::Assets,
    hashes: Semaphore,
    hashes_waiting: Semaphore,
    saves: limiter::SaveLimiter,
    database: Arc<Probe>,
}

/// What is known of the database, for whoever probes this node.
#[derive(Default)]
struct Probe {
    is_asked: AtomicBool,
    is_up: AtomicBool,
}

impl State {
    fn new(app: App, settings: Settings) -> Self {
        Self {
            app,
            settings,
            assets: assets::Assets::load(),
            hashes: Semaphore::new(HASHES_AT_ONCE),
            hashes_waiting: Semaphore::new(HASHES_WAITING),
            saves: limiter::SaveLimiter::default(),
            database: Arc::default(),
        }
    }

    /// Whether the database answers, and soon. One question at a time: while it hangs, probes do not pile up on threads,
    /// and are told what the first one was.
    pub(crate) async fn is_database_up(&self) -> bool {
        if !self.database.is_asked.swap(true, Ordering::AcqRel) {
            let (store, probe) = (self.app.store().clone(), Arc::clone(&self.database));
            let asked = web::block(move || {
                probe.is_up.store(store.is_up(), Ordering::Release);
                probe.is_asked.store(false, Ordering::Release);
            });
            if !matches!(tokio::time::timeout(READY_WAIT, asked).await, Ok(Ok(()))) {
                self.database.is_up.store(false, Ordering::Release);
            }
        }
        self.database.is_up.load(Ordering::Acquire)
    }

    /// Whether an attempt may save so many answers now.
    pub(crate) fn allow_saves(&self, attempt: &str, count: usize) -> Result<(), Refusal> {
        if self.saves.allow(attempt, count, std::time::Instant::now()) {
            return Ok(());
        }
        Err(Refusal(AppError::TooManyRequests {
            message: "保存过于频繁，稍候会自动重试".to_owned(),
            retry_after_seconds: 1,
        }))
    }

    /// Waits, first come first served, for a turn to hash a password.
    pub(crate) async fn hashing(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let Ok(_place) = self.hashes_waiting.try_acquire() else {
            return Err(Refusal(AppError::TooManyRequests {
                message: "现在登录的人很多，请过几秒再试".to_owned(),
                retry_after_seconds: 5,
            }));
        };
        self.hashes.acquire().await.map_err(|error| Refusal(AppError::Unavailable { cause: error.to_string() }))
    }
}

/// Serves until a signal to stop, then finishes what is in hand and writes what waits.
///
/// `ready` is called with the address once requests are answered.
///
/// # Errors
/// What the operating system says when it will not listen.
pub async fn serve(app: App, settings: Settings, ready: impl FnOnce(SocketAddr)) -> std::io::Result<()> {
    let listen = settings.listen;
    let workers = settings.workers;
    let state = web::Data::new(State::new(app.clone(), settings));
    let scheduler = scheduler::start(app.clone());
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(state.clone())
            .app_data(web::JsonConfig::default().limit(JSON_BYTES).error_handler(|error, _| {
                let too_large = matches!(
                    error,
                    actix_web::error::JsonPayloadError::Overflow { .. }
                        | actix_web::error::JsonPayloadError::OverflowKnownLength { .. }
                );
                problem::unreadable(&error, too_large).into()
            }))
            .app_data(web::PayloadConfig::new(JSON_BYTES))
            .app_data(web::QueryConfig::default().error_handler(|error, _| problem::unreadable(&error, false).into()))
            .app_data(web::PathConfig::default().error_handler(|error, _| problem::unreadable(&error, false).into()))
            .wrap(middleware::from_fn(gate::pass))
            .wrap(middleware::Compress::default())
            .configure(routes::configure)
    })
    .workers(workers)
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .bind(listen)?;
    let bound = server.addrs().first().copied().unwrap_or(listen);
    let mut running = pin!(server.run());
    let mut ready = Some(ready);
    let outcome = poll_fn(|context| {
        let state = running.as_mut().poll(context);
        // Only now are signals heard: whoever is told the address may ask the server to stop.
        if let Some(ready) = ready.take() {
            ready(bound);
        }
        state
    })
    .await;
    scheduler.stop();
    let store = app.store().clone();
    let _ = web::block(move || store.shut_down()).await;
    outcome
}
