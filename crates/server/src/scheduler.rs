//! What runs by the clock on every node, in two loops, so that nothing long keeps anybody waiting: attempts whose time is
//! over are closed once a second, the node says that it is up and sets its clock by the database's; apart from that papers
//! are put together, acts chained, and what a crash cut short is finished.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::{App, AppResult, Node};

/// Between two looks.
const INTERVAL: Duration = Duration::from_secs(1);
/// Looks between two settings of the clock.
const CLOCK_ROUNDS: u32 = 30;
/// Looks between two lines of the node.
const NODE_ROUNDS: u32 = 3;
/// Looks between two rounds of papers.
const PAPER_ROUNDS: u32 = 5;
/// Looks between two turns at the ledger.
const LEDGER_ROUNDS: u32 = 2;
/// Looks between two searches for runs that were cut short.
const RUN_ROUNDS: u32 = 60;

/// The running scheduler.
pub(crate) struct Scheduler {
    stop: Arc<AtomicBool>,
}

impl Scheduler {
    /// Ends it after the look in hand.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }
}

/// Starts it on the current runtime.
pub(crate) fn start(app: App) -> Scheduler {
    let stop = Arc::new(AtomicBool::new(false));
    actix_web::rt::spawn(keep_time(app.clone(), Arc::clone(&stop)));
    actix_web::rt::spawn(keep_house(app, Arc::clone(&stop)));
    Scheduler { stop }
}

/// What must not wait.
async fn keep_time(app: App, stopped: Arc<AtomicBool>) {
    let node = Arc::new(std::sync::Mutex::new(Node::new(&app)));
    let mut round: u32 = 0;
    while !stopped.load(Ordering::Acquire) {
        if round.is_multiple_of(CLOCK_ROUNDS) {
            off_loop(&app, "reading the database's clock", App::follow_database_clock).await;
        }
        if round.is_multiple_of(NODE_ROUNDS) {
            let node = Arc::clone(&node);
            off_loop(&app, "writing the node's line", move |app| match node.lock() {
                Ok(mut node) => app.node_is_up(&mut node),
                Err(_) => Ok(()),
            })
            .await;
        }
        round = round.wrapping_add(1);
        if let Some(closed @ 1..) = off_loop(&app, "closing due attempts", App::close_due_attempts).await {
            tracing::info!(closed, "closed attempts whose time was over");
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// What may take its time.
async fn keep_house(app: App, stopped: Arc<AtomicBool>) {
    let mut round: u32 = 0;
    while !stopped.load(Ordering::Acquire) {
        if round.is_multiple_of(RUN_ROUNDS) {
            off_loop(&app, "finishing runs of marking", App::finish_runs).await;
            off_loop(&app, "wiping old rehearsals", App::wipe_old_rehearsals).await;
        }
        if round.is_multiple_of(PAPER_ROUNDS) {
            off_loop(&app, "putting papers together", App::prepare_papers).await;
        }
        if round.is_multiple_of(LEDGER_ROUNDS) {
            off_loop(&app, "chaining the acts", App::chain_acts).await;
        }
        if round.is_multiple_of(RUN_ROUNDS) {
            off_loop(&app, "signing the day's head", |app| app.sign_head(false)).await;
        }
        round = round.wrapping_add(1);
        tokio::time::sleep(INTERVAL).await;
    }
}

async fn off_loop<T: Send + 'static>(
    app: &App,
    what: &str,
    work: impl FnOnce(&App) -> AppResult<T> + Send + 'static,
) -> Option<T> {
    let app = app.clone();
    match actix_web::web::block(move || work(&app)).await {
        Ok(Ok(done)) => Some(done),
        Ok(Err(error)) => {
            tracing::warn!(%error, "{what} failed; trying again");
            None
        }
        Err(error) => {
            tracing::warn!(%error, "{what} was cancelled");
            None
        }
    }
}
