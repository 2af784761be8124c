//! Simulated takers (模拟作答): persons with a known ability, and how they answer.
//!
//! The model is written down in `docs/mastery.md`. Everything follows from a seed and from labels: each person, unit
//! and question has a stream of its own, so leaving one out changes no other. Normal numbers go through the
//! floating-point functions of the machine, so two machines may differ in the last bit of a theta; what must be the
//! same everywhere (papers, draws) is not made here.

mod ability;
mod answer;
mod participation;
#[cfg(test)]
mod tests;

pub use ability::{Taker, difficulty, effect, taker};
pub use answer::{Answer, ItemKind, ItemSpec, ResponseModel, SimulatedResponse, chance, lures, respond};
pub use participation::{Habits, start_offset_seconds};

use shuffle::{Stream, derive_seed};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::number::real;

/// Names the streams made here.
const DOMAIN: &str = "zhijie-simulate-1";
/// 2^53, the number of values of [`uniform`].
const STEPS: f64 = 9_007_199_254_740_992.0;

fn stream(seed: &[u8], use_of: &str, label: &str) -> Stream {
    Stream::from_seed(derive_seed(DOMAIN, &[seed, use_of.as_bytes(), label.as_bytes()]))
}

/// Even on the open interval from 0 to 1: the upper 53 bits of a word, and a half.
fn uniform(stream: &mut Stream) -> f64 {
    (real(stream.next_u64() >> 11) + 0.5) / STEPS
}

fn happens(stream: &mut Stream, probability: f64) -> bool {
    uniform(stream) < probability
}

/// Normal by inversion; a spread that is not positive gives the mean.
fn normal(stream: &mut Stream, mean: f64, sd: f64) -> f64 {
    let at = uniform(stream);
    Normal::new(mean, sd).map_or(mean, |law| law.inverse_cdf(at))
}

/// An index, with probabilities in proportion to the weights. Weights that are not positive are never taken; without
/// any positive one there is nothing to take.
fn weighted(stream: &mut Stream, weights: &[f64]) -> Option<usize> {
    let positive = |weight: &f64| if *weight > 0.0 { *weight } else { 0.0 };
    let mut rest = uniform(stream) * weights.iter().map(positive).sum::<f64>();
    let mut taken = None;
    for (index, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        taken = Some(index);
        rest -= weight;
        if rest < 0.0 {
            break;
        }
    }
    taken
}
