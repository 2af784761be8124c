//! A rehearsal against a server of known conduct: what it finds is what was broken.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod fake;

mod faults;
mod latency;
mod proof;

use std::ops::ControlFlow;

use rehearsal::{Report, Settings};

/// Twenty people for a few seconds, in a hurry.
fn people(fake: &fake::Fake) -> Settings {
    let mut settings = Settings::people(&fake.url(), 20, 2);
    settings.load.questions = 12;
    settings
}

/// Fast retries, as no test should wait like a person.
fn impatient(mut settings: Settings) -> Settings {
    settings.patience.retry_first = std::time::Duration::from_millis(20);
    settings.patience.retry_most = std::time::Duration::from_millis(200);
    settings.patience.give_up = std::time::Duration::from_secs(20);
    settings
}

fn hold(settings: &Settings) -> Report {
    rehearsal::run(settings, &mut |_| ControlFlow::Continue(())).expect("a rehearsal")
}

fn no_errors() -> std::collections::BTreeMap<String, u64> {
    std::collections::BTreeMap::new()
}
