//! The plan of a rehearsal (演练计划): what each taker does and when, all of it fixed by the seed before the first
//! request goes out. That is what makes the load open: a slow server does not slow those who come.

mod arrivals;
mod fixed;
mod people;

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use crate::error::RehearsalError;
use crate::settings::{Profile, Settings};
use crate::step::Step;

/// Events of a plan at the most: 16 bytes each.
const EVENTS_MOST: u64 = 30_000_000;
/// What the seeds of takers are made with.
const SEED_DOMAIN: &str = "zhijie-rehearsal-1";

/// What a taker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    SignIn,
    Start,
    /// Answers a slot (counted from 0, folded into those there are).
    Answer {
        slot: u16,
        choice: u32,
    },
    /// Takes the answer to a slot back.
    Clear {
        slot: u16,
    },
    /// Answers every slot and sends all of it at once.
    AnswerAll {
        choice: u32,
    },
    GoOffline,
    ComeBack,
    /// Loads the page again.
    Reload,
    /// Goes on with another device.
    TakeOver,
    Poll,
    /// Compares what the server holds with what it has acknowledged.
    Check,
    Submit,
    /// Asks what the receipt proves.
    Receipt,
}

/// An act at its moment, in microseconds from the beginning of its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at_micros: u64,
    pub(crate) act: Act,
}

/// The stages (阶段): everybody begins each of them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// What must be there before measuring.
    Before,
    /// What is measured.
    Main,
    /// What proves it.
    After,
}

impl Stage {
    pub(crate) const ALL: [Self; 3] = [Self::Before, Self::Main, Self::After];
}

/// One taker's plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) before: Vec<Event>,
    pub(crate) main: Vec<Event>,
    pub(crate) after: Vec<Event>,
}

impl Plan {
    pub(crate) fn stage(&self, stage: Stage) -> &[Event] {
        match stage {
            Stage::Before => &self.before,
            Stage::Main => &self.main,
            Stage::After => &self.after,
        }
    }

    /// When the last of them are to happen, in microseconds from the beginning of the stage.
    pub(crate) fn ends_micros(&self, stage: Stage) -> u64 {
        self.stage(stage).last().map_or(0, |event| event.at_micros)
    }
}

/// The plans of all takers.
///
/// # Errors
/// [`RehearsalError::WrongUse`] when it has more events than a machine should hold.
pub(crate) fn plans(settings: &Settings) -> Result<Vec<Plan>, RehearsalError> {
    let load = &settings.load;
    let each = match load.profile {
        Profile::People => u64::from(load.questions) * 2 + u64::from(load.duration_seconds / 27) + 12,
        Profile::Steady => u64::from(load.duration_seconds.div_ceil(load.every_seconds)) + 4,
        Profile::Starts | Profile::Submissions => 6,
        Profile::Peak => u64::from(settings.rate()) * u64::from(load.duration_seconds) / u64::from(load.takers) + 4,
    };
    let events = each.saturating_mul(u64::from(load.takers));
    if events > EVENTS_MOST {
        return Err(RehearsalError::wrong_use(format!(
            "这次演练约有 {events} 个动作，超过 {EVENTS_MOST}：请减少考生、缩短时间或降低频率"
        )));
    }
    let arrivals = arrivals::arrivals(load, &mut rng(settings.seed, u32::MAX));
    Ok((0..settings.takers())
        .zip(arrivals)
        .map(|(taker, arrival)| {
            let mut random = rng(settings.seed, taker);
            match load.profile {
                Profile::People => people::plan(settings, arrival, &mut random),
                Profile::Steady | Profile::Peak => fixed::saves(settings, taker, &mut random),
                Profile::Starts => fixed::starts(settings, taker),
                Profile::Submissions => fixed::submissions(settings, taker, &mut random),
            }
        })
        .collect())
}

/// The request whose latency the chart shows.
pub(crate) fn charted(profile: Profile) -> Step {
    match profile {
        Profile::People | Profile::Steady | Profile::Peak => Step::Save,
        Profile::Starts => Step::Start,
        Profile::Submissions => Step::Submit,
    }
}

fn rng(seed: u64, taker: u32) -> ChaCha8Rng {
    ChaCha8Rng::from_seed(shuffle::derive_seed(SEED_DOMAIN, &[&seed.to_le_bytes(), &taker.to_le_bytes()]))
}

#[cfg(test)]
mod tests;
