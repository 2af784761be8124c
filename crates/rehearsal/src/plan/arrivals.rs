//! When people come.

use rand::{Rng, RngExt as _};
use rand_distr::Exp1;

use crate::number::{real, seconds_to_micros};
use crate::settings::{Arrivals, Load};

/// The minute in which everybody presses.
const MINUTE_SECONDS: f64 = 60.0;
/// Share of the length in which people come, if it is short.
const SHORT_SHARE: f64 = 0.2;
/// Share of the length in which people come, one after the other.
const LONG_SHARE: f64 = 0.5;
/// How much of the minute most of them need.
const RUSH: f64 = 0.25;

/// The moments of all arrivals, in microseconds, in their order.
pub(super) fn arrivals(load: &Load, random: &mut impl Rng) -> Vec<u64> {
    let length = f64::from(load.duration_seconds);
    let seconds: Vec<f64> = match load.arrivals {
        Arrivals::Minute => {
            let window = MINUTE_SECONDS.min(length * SHORT_SHARE);
            let mut all: Vec<f64> = (0..load.takers).map(|_| rush(random) * window).collect();
            all.sort_unstable_by(f64::total_cmp);
            all
        }
        Arrivals::Even => {
            let window = window(load, length);
            (0..load.takers).map(|taker| window * f64::from(taker) / f64::from(load.takers)).collect()
        }
        Arrivals::Poisson => poisson(load.takers, window(load, length), random),
    };
    seconds.into_iter().map(seconds_to_micros).collect()
}

/// The seconds in which people come: by their rate if one is given, but never so late that nobody could answer.
fn window(load: &Load, length: f64) -> f64 {
    let by_rate = load.rate.map_or(length * LONG_SHARE, |rate| real(u64::from(load.takers)) / f64::from(rate.max(1)));
    by_rate.min(length * (1.0 - SHORT_SHARE))
}

/// A share of the window: an exponential that is cut at 1.
fn rush(random: &mut impl Rng) -> f64 {
    loop {
        let share = random.sample::<f64, _>(Exp1) * RUSH;
        if share < 1.0 {
            return share;
        }
    }
}

/// The arrivals of a Poisson process, given how many there are: sums of exponential gaps, scaled so that the gap after
/// the last one ends the window.
fn poisson(takers: u32, window: f64, random: &mut impl Rng) -> Vec<f64> {
    let mut at = 0.0;
    let sums: Vec<f64> = (0..=takers)
        .map(|_| {
            at += random.sample::<f64, _>(Exp1);
            at
        })
        .collect();
    let takers = usize::try_from(takers).unwrap_or(usize::MAX);
    sums.iter().take(takers).map(|sum| sum / at * window).collect()
}
