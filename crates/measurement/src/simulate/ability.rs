//! Who can what: abilities and difficulties.

use super::{normal, stream};

/// Facilities are kept this far from 0 and 1 before a difficulty is made of them.
const FACILITY_MARGIN: f64 = 0.01;
/// The constant c of Zeger, Liang and Albert 1988, 16√3 / 15π.
const LOGIT_PROBIT: f64 = 0.588_079_7;

/// A simulated person (模拟考生).
#[derive(Debug, Clone, PartialEq)]
pub struct Taker {
    /// Names the streams of this person; stable, such as the person's key.
    pub label: String,
    /// Ability (能力值) on the logit scale; 0 is the middle of the population.
    pub theta: f64,
}

/// The effect of a unit or a rank on the ability (单位、职级效应): Normal(0, sd), its own for each label.
pub fn effect(seed: &[u8], label: &str, sd: f64) -> f64 {
    normal(&mut stream(seed, "effect", label), 0.0, sd)
}

/// A person with an ability of Normal(mean, sd); the mean is that of the unit and that of the rank together.
pub fn taker(seed: &[u8], label: &str, mean: f64, sd: f64) -> Taker {
    Taker { label: label.to_owned(), theta: normal(&mut stream(seed, "ability", label), mean, sd) }
}

/// The difficulty b at which a population of Normal(0, population_sd) has about this facility.
///
/// With P = logistic(a(θ − b)) the facility is about logistic(−a·b / √(1 + c²a²sd²)), c = 16√3/15π (Zeger, Liang and
/// Albert 1988, *Biometrics* 44, 1049–1060); this is solved for b. A facility that is no number counts as ½.
pub fn difficulty(prior_facility: f64, a: f64, population_sd: f64) -> f64 {
    let facility = if prior_facility.is_finite() { prior_facility } else { 0.5 };
    let facility = facility.clamp(FACILITY_MARGIN, 1.0 - FACILITY_MARGIN);
    let widening = (1.0 + (LOGIT_PROBIT * a * population_sd).powi(2)).sqrt();
    -(facility / (1.0 - facility)).ln() * widening / a
}
