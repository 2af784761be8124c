//! How a person answers a question.

use shuffle::Stream;

use super::{Taker, happens, normal, stream, weighted};
use crate::facility::logistic;

/// Nobody reads a question faster, in milliseconds.
const LEAST_MS: f64 = 1_500.0;
/// Nobody stays longer on one question, in milliseconds.
const MOST_MS: f64 = 600_000.0;

/// What is asked (题型).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// 单选: one option is right.
    Single {
        /// Index of the right option.
        right: usize,
    },
    /// 多选: some options are right.
    Multiple {
        /// Indexes of the right options.
        right: Vec<usize>,
    },
    /// 判断.
    Judgement {
        /// The right answer.
        truth: bool,
    },
    /// 填空.
    Blank {
        /// How many blanks there are.
        blanks: usize,
    },
}

/// A question as the model sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemSpec {
    /// Kind and key.
    pub kind: ItemKind,
    /// How strongly each option draws, by canonical index: for a wrong option the pull of its misconception, for a
    /// right one of a 多选 how easily it is overlooked. See [`lures`]. Empty for 判断 and 填空.
    pub weights: Vec<f64>,
    /// Difficulty b, see [`super::difficulty`].
    pub difficulty_b: f64,
    /// Discrimination a, more than 0.
    pub a: f64,
}

/// The parameters that hold for all persons and questions (作答模型参数).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseModel {
    /// Chance that a question is passed over.
    pub omission: f64,
    /// Median time of an average person for a question, in seconds.
    pub median_seconds: f64,
    /// Standard deviation of the logarithm of the time within a person.
    pub time_sd: f64,
    /// Standard deviation of the logarithm of the speed between persons.
    pub speed_sd: f64,
}

impl Default for ResponseModel {
    fn default() -> Self {
        Self { omission: 0.01, median_seconds: 22.0, time_sd: 0.45, speed_sd: 0.3 }
    }
}

/// What was answered, in canonical option indexes (the order of the bank, not that of the paper).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Passed over.
    Omitted,
    /// Options chosen, ascending.
    Chosen(Vec<usize>),
    /// 判断: the answer given.
    Truth(bool),
    /// 填空: whether each blank was filled rightly.
    Blanks(Vec<bool>),
}

/// An answer and the time it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedResponse {
    /// What was answered.
    pub answer: Answer,
    /// Time on the question in milliseconds.
    pub elapsed_ms: u64,
}

/// The chance that this person has the question wholly right when it is not passed over:
/// logit P = a(θ − b) (Birnbaum 1968, the two-parameter logistic model).
pub fn chance(theta: f64, item: &ItemSpec) -> f64 {
    logistic(item.a * (theta - item.difficulty_b))
}

/// How strongly each option of a question draws (误解强度): lognormal, its own for each question label, so that one or
/// two wrong options stand out and always the same.
pub fn lures(seed: &[u8], question: &str, options: usize) -> Vec<f64> {
    let mut stream = stream(seed, "lures", question);
    (0..options).map(|_| normal(&mut stream, 0.0, 0.9).exp()).collect()
}

/// The answers of one person to the questions of a paper, in the order given.
pub fn respond(seed: &[u8], model: &ResponseModel, taker: &Taker, items: &[ItemSpec]) -> Vec<SimulatedResponse> {
    let mut stream = stream(seed, "responses", &taker.label);
    let slowness = normal(&mut stream, 0.0, model.speed_sd);
    items
        .iter()
        .map(|item| {
            let answer = answer(&mut stream, model, taker, item);
            SimulatedResponse { answer, elapsed_ms: elapsed_ms(&mut stream, model, slowness) }
        })
        .collect()
}

fn answer(stream: &mut Stream, model: &ResponseModel, taker: &Taker, item: &ItemSpec) -> Answer {
    if happens(stream, model.omission) {
        return Answer::Omitted;
    }
    let p = chance(taker.theta, item);
    match &item.kind {
        ItemKind::Single { right } => Answer::Chosen(vec![single(stream, p, *right, &item.weights)]),
        ItemKind::Multiple { right } => Answer::Chosen(multiple(stream, p, right, &item.weights)),
        ItemKind::Judgement { truth } => Answer::Truth(if happens(stream, p) { *truth } else { !*truth }),
        ItemKind::Blank { blanks } => {
            let each = share_of(p, 1.0, f64::from(u32::try_from(*blanks).unwrap_or(u32::MAX)));
            Answer::Blanks((0..*blanks).map(|_| happens(stream, each)).collect())
        }
    }
}

/// The right option with chance p, else a wrong one by its pull.
fn single(stream: &mut Stream, p: f64, right: usize, weights: &[f64]) -> usize {
    if happens(stream, p) { right } else { wrong(stream, &[right], weights).unwrap_or(right) }
}

fn wrong(stream: &mut Stream, right: &[usize], weights: &[f64]) -> Option<usize> {
    let pull = |(index, weight): (usize, &f64)| if right.contains(&index) { 0.0 } else { *weight };
    weighted(stream, &weights.iter().enumerate().map(pull).collect::<Vec<f64>>())
}

/// Each option is decided by itself, rightly with the chance p^(its share of the weights), so that all are decided
/// rightly with the chance p and the errors gather where the misconceptions are.
fn multiple(stream: &mut Stream, p: f64, right: &[usize], weights: &[f64]) -> Vec<usize> {
    let whole: f64 = weights.iter().sum();
    let mut chosen: Vec<usize> = Vec::new();
    for (index, weight) in weights.iter().enumerate() {
        if happens(stream, share_of(p, *weight, whole)) == right.contains(&index) {
            chosen.push(index);
        }
    }
    if chosen.is_empty() {
        // A choice must be made, and this person does not know: one right option alone, or the strongest pull.
        let first = if right.len() > 1 { right.iter().min().copied() } else { wrong(stream, right, weights) };
        chosen.extend(first);
    }
    chosen
}

fn share_of(p: f64, part: f64, whole: f64) -> f64 {
    if whole > 0.0 { p.powf(part / whole) } else { p }
}

/// Lognormal times with a speed for each person (van der Linden 2006, *JEBS* 31, 181–204).
#[expect(clippy::as_conversions, reason = "a real number becomes an integer no other way; it is clamped before")]
fn elapsed_ms(stream: &mut Stream, model: &ResponseModel, slowness: f64) -> u64 {
    let seconds = normal(stream, slowness, model.time_sd).exp() * model.median_seconds;
    (seconds * 1_000.0).clamp(LEAST_MS, MOST_MS).round() as u64
}
