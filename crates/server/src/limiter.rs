//! Saves of one attempt in a while: a phone that runs wild must not slow the others.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Instant;

/// Saves a second that one attempt may make, in the long run.
const SAVES_PER_SECOND: f64 = 50.0;
/// Saves that one attempt may make at once.
const BURST: f64 = 100.0;
/// Attempts that are remembered at the most; those that are full again are forgotten first.
const ATTEMPTS_REMEMBERED: usize = 50_000;

struct Bucket {
    tokens: f64,
    at: Instant,
}

/// A token bucket for each attempt.
#[derive(Default)]
pub(crate) struct SaveLimiter(Mutex<HashMap<String, Bucket>>);

impl SaveLimiter {
    /// Whether `count` more saves are allowed now. A batch larger than the burst needs a full bucket and empties it.
    pub(crate) fn allow(&self, attempt: &str, count: usize, now: Instant) -> bool {
        let Ok(mut buckets) = self.0.lock() else { return true };
        if buckets.len() >= ATTEMPTS_REMEMBERED {
            buckets.retain(|_, bucket| refilled(bucket, now) < BURST);
        }
        let bucket = buckets.entry(attempt.to_owned()).or_insert(Bucket { tokens: BURST, at: now });
        bucket.tokens = refilled(bucket, now);
        bucket.at = now;
        let wanted = f64::from(u32::try_from(count).unwrap_or(u32::MAX)).min(BURST);
        if bucket.tokens < wanted {
            return false;
        }
        bucket.tokens -= wanted;
        true
    }
}

fn refilled(bucket: &Bucket, now: Instant) -> f64 {
    let seconds = now.saturating_duration_since(bucket.at).as_secs_f64();
    (bucket.tokens + seconds * SAVES_PER_SECOND).min(BURST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_then_a_steady_rate() {
        let limiter = SaveLimiter::default();
        let start = Instant::now();
        assert!((0..100).all(|_| limiter.allow("a", 1, start)));
        assert!(!limiter.allow("a", 1, start));
        assert!(limiter.allow("b", 1, start), "another attempt is not slowed");
        let later = start + Duration::from_secs(1);
        assert_eq!((0..100).filter(|_| limiter.allow("a", 1, later)).count(), 50);
        let rested = later + Duration::from_secs(10);
        assert!(limiter.allow("a", 300, rested) && !limiter.allow("a", 1, rested));
    }
}
