//! Brings the mean facility of a form into its band by exchanging questions of the same row (难度区间).

#![expect(clippy::indexing_slicing, reason = "every index here was made by `Problem` for its own vectors")]

use super::solver::State;

/// The most exchanges for one form.
const MAX_EXCHANGES: u32 = 300;
/// How far a mean may miss a bound and still count as meeting it: rounding of sums.
const TOLERANCE: f64 = 1e-9;
/// The easiest and the hardest that a question may be.
const EXTREMES: (f64, f64) = (0.05, 0.95);

/// The mean facility over the slots of a form; `None` for an empty one.
pub(super) fn mean(state: &State<'_>, form: usize, facility: &[f64]) -> Option<f64> {
    let mut sum = 0.0;
    let mut slots = 0;
    for (question, demand) in state.serves.iter().enumerate() {
        if demand.is_some_and(|demand| state.problem.demands[demand].form == form) {
            let weight = state.problem.weights[question];
            sum += facility[question] * f64::from(weight);
            slots += weight;
        }
    }
    (slots > 0).then(|| sum / f64::from(slots))
}

/// How far a mean is outside of the band: positive when it is too high.
fn miss(mean: f64, (low, high): (f64, f64)) -> f64 {
    if mean > high + TOLERANCE {
        mean - high
    } else if mean < low - TOLERANCE {
        mean - low
    } else {
        0.0
    }
}

/// Exchanges questions until the mean is in the band or no exchange helps.
pub(super) fn steer(state: &mut State<'_>, form: usize, facility: &[f64], band: (f64, f64)) {
    for _ in 0..MAX_EXCHANGES {
        let Some(now) = mean(state, form, facility) else { return };
        let off = miss(now, band);
        if off == 0.0 {
            return;
        }
        let Some((out, demand, into)) = best_exchange(state, form, facility, off) else { return };
        state.unassign(out);
        state.assign(into, demand);
    }
}

/// The exchange that brings the mean nearest to the band, the earliest in rank among equals.
fn best_exchange(state: &mut State<'_>, form: usize, facility: &[f64], off: f64) -> Option<(usize, usize, usize)> {
    let problem = state.problem;
    let slots: u32 = problem
        .demands
        .iter()
        .zip(&state.filled)
        .filter(|(demand, _)| demand.form == form)
        .map(|(_, &filled)| filled)
        .sum();
    let wanted = off * f64::from(slots);
    let mut best: Option<(f64, (usize, usize, usize))> = None;
    for (index, demand) in
        problem.demands.iter().enumerate().filter(|(_, demand)| demand.form == form && !demand.is_case)
    {
        let inside: Vec<usize> =
            demand.candidates.iter().copied().filter(|&q| state.serves[q] == Some(index)).collect();
        for out in inside {
            state.unassign(out);
            for &into in &demand.candidates {
                let rest = (wanted - (facility[out] - facility[into])).abs();
                let better = rest + TOLERANCE < best.map_or(wanted.abs(), |(rest, _)| rest);
                if better && into != out && state.serves[into].is_none() && state.fits(into, form) {
                    best = Some((rest, (out, index, into)));
                }
            }
            state.assign(out, index);
        }
    }
    best.map(|(_, exchange)| exchange)
}

/// About how many more questions of the right facility would be needed; 0 when the mean is in the band.
pub(super) fn missing(mean: f64, slots: u32, band: (f64, f64)) -> u32 {
    let off = miss(mean, band);
    if off == 0.0 {
        return 0;
    }
    let gain = if off > 0.0 { mean - EXTREMES.0 } else { EXTREMES.1 - mean }.max(TOLERANCE);
    let wanted = off.abs() * f64::from(slots);
    (1..slots).find(|&count| f64::from(count) * gain >= wanted).unwrap_or(slots.max(1))
}
