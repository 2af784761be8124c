//! What came of it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::number::{millis, real};
use crate::prepare::per_second;
use crate::settings::{Arrivals, Profile, Settings};
use crate::step::Step;
use crate::tally::{Tally, Times};

/// What a run hands over.
pub(crate) struct Outcome {
    pub(crate) tally: Tally,
    pub(crate) seconds: f64,
    pub(crate) is_interrupted: bool,
    pub(crate) connections: u32,
    pub(crate) moment_width: Duration,
    pub(crate) wiped: Option<Result<(), String>>,
}

/// Latencies of one kind of request, in milliseconds; null when there was none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// Half took no longer.
    pub p50: Option<f64>,
    /// Nine of ten took no longer.
    pub p90: Option<f64>,
    /// 99 of 100 took no longer.
    pub p99: Option<f64>,
    /// None took longer.
    pub max: Option<f64>,
    /// How many there were.
    pub n: u64,
}

impl Latency {
    fn of(times: &Times) -> Self {
        let at = |percent: f64| times.percentile_micros(percent).map(millis);
        Self { p50: at(50.0), p90: at(90.0), p99: at(99.0), max: at(100.0), n: times.count() }
    }
}

/// Latencies by kind of request. The first four are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latencies {
    /// `POST /sessions`.
    pub sign_in: Latency,
    /// `POST /exams/{exam}/attempts`, the first time.
    pub start: Latency,
    /// An answer given on line.
    pub save: Latency,
    /// `POST /attempts/{id}/submission`.
    pub submit: Latency,
    /// Answers given off line, from coming back until they are stored.
    pub batch: Latency,
    /// `POST /exams/{exam}/attempts` again: a reload or another device.
    pub resume: Latency,
    /// `GET /attempts/{id}` as the page asks for news.
    pub poll: Latency,
    /// `GET /attempts/{id}` to compare.
    pub check: Latency,
    /// `GET /receipts/{number}`.
    pub receipt: Latency,
}

impl Latencies {
    fn of(times: &[Times]) -> Self {
        let none = Latency { p50: None, p90: None, p99: None, max: None, n: 0 };
        let of = |step: Step| times.get(step.place()).map_or(none, Latency::of);
        Self {
            sign_in: of(Step::SignIn),
            start: of(Step::Start),
            save: of(Step::Save),
            submit: of(Step::Submit),
            batch: of(Step::Batch),
            resume: of(Step::Resume),
            poll: of(Step::Poll),
            check: of(Step::Check),
            receipt: of(Step::Receipt),
        }
    }

    /// Each with the Chinese name of its request, in the order of a test.
    pub fn named(&self) -> [(&'static str, Latency); 9] {
        [
            (Step::SignIn.title(), self.sign_in),
            (Step::Start.title(), self.start),
            (Step::Save.title(), self.save),
            (Step::Batch.title(), self.batch),
            (Step::Resume.title(), self.resume),
            (Step::Poll.title(), self.poll),
            (Step::Check.title(), self.check),
            (Step::Submit.title(), self.submit),
            (Step::Receipt.title(), self.receipt),
        ]
    }
}

/// An acknowledged answer that the server does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LostAnswer {
    /// Number of the taker, from 0.
    pub taker: u32,
    /// Its attempt.
    pub attempt: String,
    /// The slot, from 1.
    pub slot: u16,
    /// The acknowledged revision.
    pub revision: u32,
    /// The acknowledged response, as JSON.
    pub response: String,
    /// The revision that is there instead.
    pub held_revision: Option<u32>,
}

/// A moment of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Moment {
    /// Seconds from the beginning to that of the moment.
    pub second: u64,
    /// Charted requests that were due in it.
    pub due: u64,
    /// Replies of all kinds that came in it.
    pub replies: u64,
    /// Of the latencies of what was due in it, in milliseconds.
    pub p50_ms: Option<f64>,
    /// As `p50_ms`.
    pub p99_ms: Option<f64>,
}

/// How digests of receipts fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Digests {
    /// Computed here and compared.
    pub checked: u64,
    /// Not compared: an answer's fate was unknown, or the token had run out.
    pub unchecked: u64,
}

/// The report of a rehearsal (演练报告).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Takers planned.
    pub takers: u32,
    /// Takers that got their paper.
    pub started: u64,
    /// Answers sent, each once.
    pub saves: u64,
    /// Answers that the server acknowledged.
    pub acked: u64,
    /// Acknowledged answers that it does not hold.
    pub lost: u64,
    /// Errors by type or kind.
    pub errors: BTreeMap<String, u64>,
    /// From the moment a request was meant to go out until its reply.
    pub latency_ms: Latencies,
    /// What was measured lasted so long.
    pub seconds: f64,
    /// From sending until the reply, each try for itself: what the server took.
    pub service_ms: Latencies,
    /// How much later than it could a request went out: what this program took.
    pub lag_ms: Latency,
    /// Takers with a receipt.
    pub submitted: u64,
    /// Comparisons of all answers of an attempt.
    pub checked: u64,
    /// Digests of receipts.
    pub digests: Digests,
    /// Requests that succeeded after the server had asked to come again.
    pub delayed: u64,
    /// The same by the problem's type.
    pub delayed_by: BTreeMap<String, u64>,
    /// Faults of connections that were expected, by kind.
    pub faults: BTreeMap<String, u64>,
    /// Requests that succeeded after a fault.
    pub recovered: u64,
    /// Kept connections that the server had closed while idle.
    pub reconnects: u64,
    /// Requests that went out more than 50 ms after their moment.
    pub late: u64,
    /// Takers that were cut off.
    pub left: u64,
    /// Replies a second while it was measured.
    pub rate_per_second: f64,
    /// How the takers behaved.
    pub profile: Profile,
    /// How they came; for people only.
    pub arrivals: Option<Arrivals>,
    /// The seed of the plan.
    pub seed: u64,
    /// Whether faults were expected.
    pub through_faults: bool,
    /// Whether somebody ended it early.
    pub interrupted: bool,
    /// Connections used.
    pub connections: u32,
    /// The exam that the server made.
    pub exam: String,
    /// Whether it was wiped; null when nobody asked for it.
    pub wiped: Option<bool>,
    /// The first lost answers.
    pub lost_answers: Vec<LostAnswer>,
    /// The request that the moments show.
    pub charted: &'static str,
    /// Seconds of a moment.
    pub moment_seconds: u64,
    /// What happened when.
    pub moments: Vec<Moment>,
}

impl Report {
    pub(crate) fn new(settings: &Settings, exam: &str, outcome: &Outcome) -> Self {
        let tally = &outcome.tally;
        let profile = settings.load.profile;
        let mut errors = tally.errors.clone();
        if let Some(Err(_)) = outcome.wiped {
            *errors.entry("wipe-failed".to_owned()).or_default() += 1;
        }
        Self {
            takers: settings.takers(),
            started: tally.started,
            saves: tally.saves,
            acked: tally.acked,
            lost: tally.lost,
            errors,
            latency_ms: Latencies::of(&tally.latency),
            seconds: (outcome.seconds * 1_000.0).round() / 1_000.0,
            service_ms: Latencies::of(&tally.service),
            lag_ms: Latency::of(&tally.lag),
            submitted: tally.submitted,
            checked: tally.checked,
            digests: Digests { checked: tally.digests_checked, unchecked: tally.digests_unchecked },
            delayed: tally.delayed,
            delayed_by: tally.delayed_by.clone(),
            faults: tally.faults.clone(),
            recovered: tally.recovered,
            reconnects: tally.reconnects,
            late: tally.late,
            left: tally.left,
            rate_per_second: per_second(tally.measured, outcome.seconds),
            profile,
            arrivals: (profile == Profile::People).then_some(settings.load.arrivals),
            seed: settings.seed,
            through_faults: settings.through_faults,
            interrupted: outcome.is_interrupted,
            connections: outcome.connections,
            exam: exam.to_owned(),
            wiped: outcome.wiped.as_ref().map(Result::is_ok),
            lost_answers: lost_answers(tally),
            charted: crate::plan::charted(profile).word(),
            moment_seconds: outcome.moment_width.as_secs(),
            moments: moments(tally, outcome.moment_width.as_secs()),
        }
    }

    /// Whether nothing was lost and nothing failed: exit code 0.
    pub fn is_good(&self) -> bool {
        self.lost == 0 && self.errors.is_empty()
    }

    /// Replies of all kinds a second in a moment.
    pub(crate) fn per_second(&self, moment: &Moment) -> f64 {
        real(moment.replies) / real(self.moment_seconds.max(1))
    }
}

fn lost_answers(tally: &Tally) -> Vec<LostAnswer> {
    let named = tally.lost_named.iter();
    named
        .map(|one| LostAnswer {
            taker: one.taker,
            attempt: one.attempt.clone(),
            slot: one.lost.slot,
            revision: one.lost.acked.revision,
            response: one.lost.acked.answer.to_string(),
            held_revision: one.lost.held.as_ref().map(|held| held.revision),
        })
        .collect()
}

/// The moments up to the last in which something happened.
fn moments(tally: &Tally, width: u64) -> Vec<Moment> {
    let happened = tally.moments.iter().rposition(|moment| moment.due() > 0 || moment.replies > 0);
    let count = happened.map_or(0, |last| last + 1);
    (0_u64..)
        .zip(tally.moments.iter().take(count))
        .map(|(place, moment)| Moment {
            second: place * width,
            due: moment.due(),
            replies: moment.replies,
            p50_ms: moment.percentile_micros(50.0).map(millis),
            p99_ms: moment.percentile_micros(99.0).map(millis),
        })
        .collect()
}
