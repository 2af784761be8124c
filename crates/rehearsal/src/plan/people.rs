//! What people do in a test.

use rand::{Rng, RngExt as _};
use rand_distr::LogNormal;

use super::{Act, Event, Plan};
use crate::number::{real, seconds_to_micros, whole};
use crate::settings::Settings;

/// Median and spread (of the logarithm) of what takes a person time, in seconds.
struct Pace {
    median: f64,
    sigma: f64,
}

/// To read a question and answer it. Times to answer are log-normal (van der Linden 2006).
const THINK: Pace = Pace { median: 18.0, sigma: 0.7 };
/// To think better of it.
const CHANGE: Pace = Pace { median: 4.0, sigma: 0.6 };
/// Between two taps on a question with several right options.
const TAP: Pace = Pace { median: 1.5, sigma: 0.4 };
/// From signing in to the start.
const READ: Pace = Pace { median: 6.0, sigma: 0.5 };
/// Without network.
const OFFLINE: Pace = Pace { median: 25.0, sigma: 0.6 };

/// Questions that are passed over, in per cent.
const SKIPPED_PERCENT: u32 = 3;
/// Questions that are tapped on more than once.
const TAPPED_PERCENT: u32 = 25;
/// Questions that are looked at again before handing in.
const REVIEWED_PERCENT: u32 = 8;
/// Changes that take an answer back.
const CLEARED_PERCENT: u32 = 5;
/// The page asks for news every so many seconds, give or take a tenth.
const POLL_SECONDS: f64 = 8.0;
/// People who need all of their time.
const SLOW_PERCENT: u32 = 20;
/// What is kept for handing in, as a share of the time a person has.
const LAST_SHARE: f64 = 0.03;
/// Between the last comparison and the hand-in, in seconds.
const HAND_IN_SECONDS: f64 = 0.5;

fn seconds(pace: &Pace, random: &mut impl Rng) -> f64 {
    // Fails for a spread that is negative or no number.
    LogNormal::new(pace.median.ln(), pace.sigma).map_or(pace.median, |law| random.sample(law))
}

fn one_in(percent: u32, random: &mut impl Rng) -> bool {
    random.random_range(0..100) < percent
}

/// The plan of a person who arrives at this moment.
pub(super) fn plan(settings: &Settings, arrival_micros: u64, random: &mut impl Rng) -> Plan {
    let arrival = real(arrival_micros) / 1e6;
    let has = (f64::from(settings.load.duration_seconds) - arrival).max(0.0);
    let signs_in = !settings.logins.is_empty();
    let (mut answers, mut length) = answers(settings, random);
    let read = if signs_in { seconds(&READ, random) } else { 0.0 };
    // Who is slower than there is time for hurries up; a fifth of the people take all of it.
    let share = if one_in(SLOW_PERCENT, random) { 1.0 } else { random.random_range(0.6..1.0) };
    let scale = (has * (1.0 - LAST_SHARE) * share / (read + length)).min(1.0);
    for (at, _) in &mut answers {
        *at *= scale;
    }
    length *= scale;

    let start = arrival + read * scale;
    let away = away(settings, length, scale, random);
    let is_away = |at: f64| away.is_some_and(|(from, to)| from <= at && at < to);
    let mut acts: Vec<(f64, Act)> = answers;
    if let Some((from, to)) = away {
        acts.extend([(from, Act::GoOffline), (to, Act::ComeBack)]);
    }
    for (percent, act) in
        [(settings.behaviour.reload_percent, Act::Reload), (settings.behaviour.takeover_percent, Act::TakeOver)]
    {
        let at = random.random_range(0.05..0.95) * length;
        if one_in(percent, random) && !is_away(at) {
            acts.push((at, act));
        }
    }
    let mut poll = POLL_SECONDS * random.random_range(0.9..1.1);
    while poll < length {
        if !is_away(poll) {
            acts.push((poll, Act::Poll));
        }
        poll += POLL_SECONDS * random.random_range(0.9..1.1);
    }
    acts.extend([(length, Act::Check), (length + HAND_IN_SECONDS * scale.min(1.0), Act::Submit)]);
    // Stable: acts of one moment stay in their order.
    acts.sort_by(|a, b| a.0.total_cmp(&b.0));

    let event = |at: f64, act: Act| Event { at_micros: seconds_to_micros(at), act };
    let mut main = Vec::with_capacity(acts.len() + 2);
    if signs_in {
        main.push(event(arrival, Act::SignIn));
    }
    main.push(event(start, Act::Start));
    main.extend(acts.into_iter().map(|(at, act)| event(start + at, act)));
    let after = vec![Event { at_micros: random.random_range(0..1_000_000), act: Act::Receipt }];
    Plan { before: Vec::new(), main, after }
}

/// The answers with their seconds from the start, and the seconds until the hand-in.
fn answers(settings: &Settings, random: &mut impl Rng) -> (Vec<(f64, Act)>, f64) {
    let questions = u16::try_from(settings.load.questions).unwrap_or(u16::MAX);
    let mut at = 0.0;
    let mut acts = Vec::with_capacity(usize::from(questions) * 2);
    for slot in 0..questions {
        at += seconds(&THINK, random);
        if one_in(SKIPPED_PERCENT, random) {
            continue;
        }
        acts.push((at, Act::Answer { slot, choice: random.random() }));
        if one_in(TAPPED_PERCENT, random) {
            for _ in 0..random.random_range(1..=3) {
                at += seconds(&TAP, random);
                acts.push((at, Act::Answer { slot, choice: random.random() }));
            }
        }
        if one_in(settings.behaviour.change_percent, random) {
            at += seconds(&CHANGE, random);
            let choice = random.random();
            let is_cleared = one_in(CLEARED_PERCENT, random);
            acts.push((at, if is_cleared { Act::Clear { slot } } else { Act::Answer { slot, choice } }));
        }
    }
    let reviewed = whole(f64::from(questions) * f64::from(REVIEWED_PERCENT) / 100.0);
    for _ in 0..reviewed {
        at += seconds(&CHANGE, random);
        let slot = random.random_range(0..questions.max(1));
        acts.push((at, Act::Answer { slot, choice: random.random() }));
    }
    (acts, at + seconds(&CHANGE, random))
}

/// When the network is away, in seconds from the start.
fn away(settings: &Settings, length: f64, scale: f64, random: &mut impl Rng) -> Option<(f64, f64)> {
    let from = random.random_range(0.05..0.85) * length;
    let to = (from + seconds(&OFFLINE, random) * scale).min(length * 0.95);
    (one_in(settings.behaviour.offline_percent, random) && from < to).then_some((from, to))
}
