//! Conversions that no `From` gives.

use std::time::Duration;

/// A count as a real number; exact below 2^53.
#[expect(clippy::as_conversions, reason = "an integer becomes a real number no other way")]
pub(crate) fn real(count: u64) -> f64 {
    count as f64
}

/// A real number as a count; what is negative or no number is 0.
#[expect(clippy::as_conversions, reason = "a real number becomes an integer no other way; `as` saturates")]
pub(crate) fn whole(number: f64) -> u64 {
    number.round() as u64
}

/// A real number of pixels.
#[expect(clippy::as_conversions, reason = "a real number becomes an integer no other way; `as` saturates")]
pub(crate) fn pixels(number: f64) -> i32 {
    number.round() as i32
}

/// A duration in whole microseconds.
pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// Seconds as microseconds; what is negative or no number is 0.
pub(crate) fn seconds_to_micros(seconds: f64) -> u64 {
    whole(seconds * 1e6)
}

/// Microseconds as milliseconds with three decimals.
pub(crate) fn millis(micros: u64) -> f64 {
    real(micros) / 1_000.0
}
