//! Loads of a fixed rate, for benchmarks: what is measured stands alone, what it needs comes before, its proof after.

use rand::{Rng, RngExt as _};

use super::{Act, Event, Plan};
use crate::number::{real, seconds_to_micros, whole};
use crate::settings::{Profile, Settings};

/// From a start to the answers that are needed, in seconds.
const ANSWERS_AFTER_SECONDS: f64 = 1.0;
/// From the comparison to the hand-in, in seconds.
const SUBMIT_AFTER_SECONDS: f64 = 0.5;

fn event(seconds: f64, act: Act) -> Event {
    Event { at_micros: seconds_to_micros(seconds), act }
}

/// The moment of a taker when they come at a rate.
fn turn(taker: u32, rate: u32) -> f64 {
    f64::from(taker) / f64::from(rate)
}

fn before(settings: &Settings, taker: u32) -> Vec<Event> {
    let at = turn(taker, settings.load.preparation_rate);
    let mut events = Vec::new();
    if !settings.logins.is_empty() {
        events.push(event(at, Act::SignIn));
    }
    events.push(event(at, Act::Start));
    events
}

/// Steady and peak: a save of each taker every so many seconds, compared and handed in at the end.
pub(super) fn saves(settings: &Settings, taker: u32, random: &mut impl Rng) -> Plan {
    let load = &settings.load;
    let length = f64::from(load.duration_seconds);
    let (every, first) = if load.profile == Profile::Peak {
        // All takers in turn, so that the sum is even.
        (turn(load.takers, settings.rate()), turn(taker, settings.rate()))
    } else {
        let every = f64::from(load.every_seconds);
        (every, random.random_range(0.0..1.0) * every.min(length))
    };
    let count = if first < length { whole(((length - first) / every).ceil()) } else { 0 };
    let main = (0..count)
        .map(|turn| {
            let slot = u16::try_from(turn % u64::from(load.questions)).unwrap_or(0);
            event(first + real(turn) * every, Act::Answer { slot, choice: random.random() })
        })
        .filter(|event| event.at_micros < seconds_to_micros(length))
        .collect();
    let at = turn(taker, load.preparation_rate);
    let after = vec![
        event(at, Act::Check),
        event(at + SUBMIT_AFTER_SECONDS, Act::Submit),
        event(at + 2.0 * SUBMIT_AFTER_SECONDS, Act::Receipt),
    ];
    Plan { before: before(settings, taker), main, after }
}

/// Starts at a rate; afterwards each attempt must be there.
pub(super) fn starts(settings: &Settings, taker: u32) -> Plan {
    Plan {
        before: Vec::new(),
        main: vec![event(turn(taker, settings.rate()), Act::Start)],
        after: vec![event(turn(taker, settings.load.preparation_rate), Act::Check)],
    }
}

/// Hand-ins at a rate, of attempts with every slot answered.
pub(super) fn submissions(settings: &Settings, taker: u32, random: &mut impl Rng) -> Plan {
    let at = turn(taker, settings.load.preparation_rate);
    let mut before = before(settings, taker);
    before.push(event(at + ANSWERS_AFTER_SECONDS, Act::AnswerAll { choice: random.random() }));
    before.push(event(at + 2.0 * ANSWERS_AFTER_SECONDS, Act::Check));
    Plan { before, main: vec![event(turn(taker, settings.rate()), Act::Submit)], after: vec![event(at, Act::Receipt)] }
}
