//! Closes attempts whose time is over, once a second, on every node; sets the clock by the database's now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::App;

/// Between two looks.
const INTERVAL: Duration = Duration::from_secs(1);
/// Looks between two settings of the clock.
const CLOCK_ROUNDS: u32 = 30;

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
    let stopped = Arc::clone(&stop);
    actix_web::rt::spawn(async move {
        let mut round: u32 = 0;
        while !stopped.load(Ordering::Acquire) {
            if round.is_multiple_of(CLOCK_ROUNDS) {
                let app = app.clone();
                if let Ok(Err(error)) = actix_web::web::block(move || app.follow_database_clock()).await {
                    tracing::warn!(%error, "the database's clock could not be read");
                }
            }
            round = round.wrapping_add(1);
            let app = app.clone();
            match actix_web::web::block(move || app.close_due_attempts()).await {
                Ok(Ok(0)) => {}
                Ok(Ok(closed)) => tracing::info!(closed, "closed attempts whose time was over"),
                Ok(Err(error)) => tracing::warn!(%error, "closing due attempts failed; trying again"),
                Err(error) => tracing::warn!(%error, "closing due attempts was cancelled"),
            }
            tokio::time::sleep(INTERVAL).await;
        }
    });
    Scheduler { stop }
}
