//! Ending early: first by finishing what was begun, then at once.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use tokio::sync::Notify;

const GOES_ON: u8 = 0;
const WINDS_DOWN: u8 = 1;
const ENDS: u8 = 2;

/// Says when to end.
#[derive(Default)]
pub(crate) struct Stop {
    state: AtomicU8,
    bell: Notify,
}

impl Stop {
    /// Nothing new begins; what is held is still compared.
    pub(crate) fn wind_down(&self) {
        self.state.fetch_max(WINDS_DOWN, Ordering::Relaxed);
        self.bell.notify_waiters();
    }

    /// Nothing begins any more.
    pub(crate) fn end(&self) {
        self.state.store(ENDS, Ordering::Relaxed);
        self.bell.notify_waiters();
    }

    pub(crate) fn is_winding_down(&self) -> bool {
        self.state.load(Ordering::Relaxed) != GOES_ON
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.state.load(Ordering::Relaxed) == ENDS
    }

    /// Waits for a moment; false when it is not to be waited for any more.
    pub(crate) async fn wait_until(&self, moment: Instant) -> bool {
        self.wait(moment, Self::is_winding_down).await
    }

    /// As [`Stop::wait_until`], but goes on waiting while things wind down.
    pub(crate) async fn wait_to_the_end(&self, moment: Instant) -> bool {
        self.wait(moment, Self::is_ending).await
    }

    async fn wait(&self, moment: Instant, is_over: fn(&Self) -> bool) -> bool {
        loop {
            // Made before the look, so that a bell between the two is heard.
            let bell = self.bell.notified();
            if is_over(self) {
                return false;
            }
            if moment <= Instant::now() {
                return true;
            }
            tokio::select! {
                () = tokio::time::sleep_until(moment.into()) => return true,
                () = bell => {}
            }
        }
    }
}
