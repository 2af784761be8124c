//! The figures of one thread while it runs, and their sum.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;

use crate::ledger::Lost;
use crate::number::micros;
use crate::step::Step;

/// Kinds of errors that are told apart at the most; what comes after is `other`.
const KINDS_MOST: usize = 64;
/// Lost answers that the report names at the most.
pub(crate) const LOST_NAMED: usize = 20;
/// Digits of a latency that are kept.
const DIGITS: u8 = 3;
/// Digits of a latency within one moment of the chart.
const MOMENT_DIGITS: u8 = 2;
/// A request that went out later than this after its moment counts as late.
pub(crate) const LATE: Duration = Duration::from_millis(50);

/// Counts by name.
pub(crate) type Counts = BTreeMap<String, u64>;

/// Adds one under a name.
fn count(counts: &mut Counts, name: &str) {
    if let Some(found) = counts.get_mut(name) {
        *found += 1;
        return;
    }
    let name = if counts.len() < KINDS_MOST { name } else { "other" };
    *counts.entry(name.to_owned()).or_default() += 1;
}

/// Latencies of one kind of request, in microseconds.
#[derive(Debug, Clone)]
pub(crate) struct Times {
    histogram: Option<Histogram<u64>>,
}

impl Times {
    fn new() -> Self {
        // Fails for a number of digits out of range only.
        Self { histogram: Histogram::new(DIGITS).ok() }
    }

    fn record(&mut self, time: Duration) {
        if let Some(histogram) = &mut self.histogram {
            // Fails only for a histogram that may not grow.
            let _ = histogram.record(micros(time).max(1));
        }
    }

    fn add(&mut self, other: &Self) {
        if let (Some(histogram), Some(other)) = (&mut self.histogram, &other.histogram) {
            // Fails only for a histogram that may not grow.
            let _ = histogram.add(other);
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.histogram.as_ref().map_or(0, Histogram::len)
    }

    /// The value below which so many hundredths of a per cent lie; none when there are none.
    pub(crate) fn percentile_micros(&self, percent: f64) -> Option<u64> {
        let histogram = self.histogram.as_ref().filter(|histogram| !histogram.is_empty())?;
        Some(histogram.value_at_percentile(percent).min(histogram.max()))
    }
}

/// One moment of the chart: what was to be sent in it, and what came back in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moment {
    times: Option<Histogram<u32>>,
    /// Replies that came in it.
    pub(crate) replies: u64,
}

impl Moment {
    fn record(&mut self, time: Duration) {
        if self.times.is_none() {
            self.times = Histogram::new(MOMENT_DIGITS).ok();
        }
        if let Some(times) = &mut self.times {
            let _ = times.record(micros(time).max(1));
        }
    }

    fn add(&mut self, other: &Self) {
        self.replies += other.replies;
        match (&mut self.times, &other.times) {
            (Some(own), Some(other)) => {
                let _ = own.add(other);
            }
            (own @ None, Some(other)) => *own = Some(other.clone()),
            (_, None) => {}
        }
    }

    /// How many were to be sent in it.
    pub(crate) fn due(&self) -> u64 {
        self.times.as_ref().map_or(0, Histogram::len)
    }

    /// As [`Times::percentile_micros`].
    pub(crate) fn percentile_micros(&self, percent: f64) -> Option<u64> {
        let times = self.times.as_ref().filter(|times| !times.is_empty())?;
        Some(times.value_at_percentile(percent).min(times.max()))
    }
}

/// A lost answer with its taker.
#[derive(Debug, Clone)]
pub(crate) struct LostAnswer {
    pub(crate) taker: u32,
    pub(crate) attempt: String,
    pub(crate) lost: Lost,
}

/// A request that was answered, for the figures.
pub(crate) struct Done {
    pub(crate) step: Step,
    /// From the moment it was meant to go out until the reply.
    pub(crate) latency: Duration,
    /// Since the beginning of what is measured; none before and after.
    pub(crate) meant_at: Option<Duration>,
    pub(crate) done_at: Option<Duration>,
}

/// The figures (计数) of one thread.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    pub(crate) latency: Vec<Times>,
    pub(crate) service: Vec<Times>,
    pub(crate) lag: Times,
    pub(crate) moments: Vec<Moment>,
    moment_width: Duration,
    charted: Step,
    pub(crate) errors: Counts,
    pub(crate) faults: Counts,
    pub(crate) delayed_by: Counts,
    pub(crate) lost: u64,
    pub(crate) lost_named: Vec<LostAnswer>,
    pub(crate) started: u64,
    pub(crate) saves: u64,
    pub(crate) acked: u64,
    pub(crate) submitted: u64,
    pub(crate) checked: u64,
    pub(crate) digests_checked: u64,
    pub(crate) digests_unchecked: u64,
    pub(crate) delayed: u64,
    pub(crate) recovered: u64,
    pub(crate) reconnects: u64,
    pub(crate) late: u64,
    pub(crate) measured: u64,
    pub(crate) left: u64,
}

impl Tally {
    /// Nothing yet. The chart shows `charted` requests in `moments` moments of `moment_width`.
    pub(crate) fn new(charted: Step, moments: usize, moment_width: Duration) -> Self {
        Self {
            latency: vec![Times::new(); Step::ALL.len()],
            service: vec![Times::new(); Step::ALL.len()],
            lag: Times::new(),
            moments: vec![Moment::default(); moments],
            moment_width,
            charted,
            errors: Counts::new(),
            faults: Counts::new(),
            delayed_by: Counts::new(),
            lost: 0,
            lost_named: Vec::new(),
            started: 0,
            saves: 0,
            acked: 0,
            submitted: 0,
            checked: 0,
            digests_checked: 0,
            digests_unchecked: 0,
            delayed: 0,
            recovered: 0,
            reconnects: 0,
            late: 0,
            measured: 0,
            left: 0,
        }
    }

    pub(crate) fn error(&mut self, kind: &str) {
        count(&mut self.errors, kind);
    }

    pub(crate) fn fault(&mut self, kind: &str) {
        count(&mut self.faults, kind);
    }

    /// A request that succeeded after the server had asked to come again.
    pub(crate) fn delayed(&mut self, by: &str) {
        self.delayed += 1;
        count(&mut self.delayed_by, by);
    }

    pub(crate) fn lost(&mut self, answer: LostAnswer) {
        self.lost += 1;
        if self.lost_named.len() < LOST_NAMED {
            self.lost_named.push(answer);
        }
    }

    pub(crate) fn service(&mut self, step: Step, time: Duration) {
        if let Some(times) = self.service.get_mut(step.place()) {
            times.record(time);
        }
    }

    /// How long after it could the request went out.
    pub(crate) fn lag(&mut self, lag: Duration, after_meant: Duration) {
        self.lag.record(lag);
        self.late += u64::from(after_meant > LATE);
    }

    pub(crate) fn done(&mut self, done: &Done) {
        if let Some(times) = self.latency.get_mut(done.step.place()) {
            times.record(done.latency);
        }
        if let Some(at) = done.done_at {
            self.measured += 1;
            if let Some(moment) = self.moment(at) {
                moment.replies += 1;
            }
        }
        if done.step == self.charted
            && let Some(moment) = done.meant_at.and_then(|at| self.moment(at))
        {
            moment.record(done.latency);
        }
    }

    fn moment(&mut self, at: Duration) -> Option<&mut Moment> {
        let place = at.as_micros().checked_div(self.moment_width.as_micros())?;
        self.moments.get_mut(usize::try_from(place).ok()?)
    }

    /// Adds another thread's figures.
    pub(crate) fn add(&mut self, other: &Self) {
        for (own, other) in self.latency.iter_mut().zip(&other.latency) {
            own.add(other);
        }
        for (own, other) in self.service.iter_mut().zip(&other.service) {
            own.add(other);
        }
        self.lag.add(&other.lag);
        for (own, other) in self.moments.iter_mut().zip(&other.moments) {
            own.add(other);
        }
        for (own, other) in [
            (&mut self.errors, &other.errors),
            (&mut self.faults, &other.faults),
            (&mut self.delayed_by, &other.delayed_by),
        ] {
            for (name, count) in other {
                *own.entry(name.clone()).or_default() += count;
            }
        }
        self.lost_named.extend(other.lost_named.iter().cloned());
        self.lost_named.truncate(LOST_NAMED);
        for (own, other) in [
            (&mut self.lost, other.lost),
            (&mut self.started, other.started),
            (&mut self.saves, other.saves),
            (&mut self.acked, other.acked),
            (&mut self.submitted, other.submitted),
            (&mut self.checked, other.checked),
            (&mut self.digests_checked, other.digests_checked),
            (&mut self.digests_unchecked, other.digests_unchecked),
            (&mut self.delayed, other.delayed),
            (&mut self.recovered, other.recovered),
            (&mut self.reconnects, other.reconnects),
            (&mut self.late, other.late),
            (&mut self.measured, other.measured),
            (&mut self.left, other.left),
        ] {
            *own += other;
        }
    }
}

/// What can be watched while it runs.
#[derive(Debug, Default)]
pub(crate) struct Live {
    pub(crate) started: AtomicU64,
    pub(crate) acked: AtomicU64,
    pub(crate) submitted: AtomicU64,
    pub(crate) trouble: AtomicU64,
    pub(crate) replies: AtomicU64,
}

impl Live {
    pub(crate) fn add(counter: &AtomicU64, count: u64) {
        counter.fetch_add(count, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally() -> Tally {
        Tally::new(Step::Save, 3, Duration::from_secs(1))
    }

    fn done(at_ms: u64, latency_ms: u64) -> Done {
        let (at, latency) = (Duration::from_millis(at_ms), Duration::from_millis(latency_ms));
        Done { step: Step::Save, latency, meant_at: Some(at), done_at: Some(at + latency) }
    }

    #[test]
    fn a_reply_counts_where_it_came_and_a_latency_where_it_was_due() {
        let mut tally = tally();
        tally.done(&done(900, 1_500));
        tally.done(&done(2_999, 1));
        tally.done(&done(2_500, 9_000));
        let replies: Vec<u64> = tally.moments.iter().map(|moment| moment.replies).collect();
        let due: Vec<u64> = tally.moments.iter().map(Moment::due).collect();
        assert_eq!((replies, due), (vec![0, 0, 1], vec![1, 0, 2]));
        assert_eq!(tally.measured, 3);
        let p50 = tally.latency[Step::Save.place()].percentile_micros(50.0).unwrap();
        assert!((1_499_000..1_502_000).contains(&p50), "{p50}");
    }

    #[test]
    fn sums_hold_everything() {
        let (mut one, mut other) = (tally(), tally());
        one.done(&done(0, 10));
        one.error("invalid");
        other.done(&done(1_000, 30));
        other.error("invalid");
        other.error("forbidden");
        other.delayed("unavailable");
        other.lag(Duration::from_millis(1), LATE + Duration::from_millis(1));
        one.add(&other);
        assert_eq!(one.errors, Counts::from([("forbidden".into(), 1), ("invalid".into(), 2)]));
        assert_eq!((one.delayed, one.late, one.measured), (1, 1, 2));
        assert_eq!(one.latency[Step::Save.place()].count(), 2);
        assert_eq!(one.moments[1].due(), 1);
    }

    #[test]
    fn kinds_are_bounded() {
        let mut tally = tally();
        for kind in 0..1_000 {
            tally.error(&format!("made-up-{kind}"));
        }
        assert!(tally.errors.len() <= KINDS_MOST + 1);
        assert_eq!(tally.errors["other"], u64::try_from(1_000 - KINDS_MOST).unwrap());
    }
}
