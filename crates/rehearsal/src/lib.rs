//! Rehearsal of an exam (演练): virtual takers that behave like people against a running server, latencies that a slow
//! server cannot hide, and at the end a comparison of every acknowledged answer with what the server holds.
//!
//! It speaks the HTTP contract only and knows nothing of the server's inside. The load is open: what each taker does
//! and when is planned from a seed before the first request, and a latency counts from the planned moment.

mod answer;
mod chart;
mod error;
mod http;
mod inputs;
mod lane;
mod ledger;
mod number;
mod plan;
mod prepare;
mod progress;
mod report;
mod run;
mod settings;
mod station;
mod step;
mod stop;
mod taker;
mod tally;
mod text;
mod wire;

pub use chart::chart;
pub use error::RehearsalError;
pub use inputs::{read_logins, read_prepared};
pub use progress::bar;
pub use report::{Latency, LostAnswer, Moment, Report};
pub use run::{Snapshot, Watch, run};
pub use settings::{
    Arrivals, Behaviour, DURATION_SECONDS_MOST, Load, Login, Means, Patience, Prepared, Profile, QUESTIONS_MOST,
    RATE_MOST, SAVES_OF_ONE_MOST, Settings, TAKERS_MOST, THREADS_MOST,
};
pub use text::text;
