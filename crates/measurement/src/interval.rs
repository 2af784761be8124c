//! Intervals for a share (比例的区间估计).

use crate::number::real;

/// The two-sided 95 % point of the standard normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// An interval (区间), both ends between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Wilson's score interval for `successes` out of `n` independent trials (Wilson 1927; method 3 of Newcombe 1998,
/// *Statistics in Medicine* 17, 857–872). Nothing when `n` is 0 or `z` is no positive number.
pub fn wilson(successes: u64, n: u64, z: f64) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    wilson_share(real(successes.min(n)) / real(n), real(n), z)
}

/// The same for a share that was not counted in whole successes, such as a mean fraction of `n` persons.
///
/// `n` need not be whole. Nothing when `n` or `z` is no positive number, or the share is none between 0 and 1.
pub fn wilson_share(share: f64, n: f64, z: f64) -> Option<Interval> {
    let usable = n > 0.0 && z > 0.0 && n.is_finite() && z.is_finite() && (0.0..=1.0).contains(&share);
    if !usable {
        return None;
    }
    let square = z * z;
    let middle = share + square / (2.0 * n);
    let spread = z * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    let scale = 1.0 + square / n;
    // The ends are exact at 0 and 1; rounding must not move them away.
    let low = if share <= 0.0 { 0.0 } else { ((middle - spread) / scale).clamp(0.0, share) };
    let high = if share >= 1.0 { 1.0 } else { ((middle + spread) / scale).clamp(share, 1.0) };
    Some(Interval { low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe 1998, table I, row 3 (score, no continuity correction), to four decimals.
    #[test]
    fn agrees_with_newcombe_1998() {
        for (successes, n, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let found = wilson(successes, n, Z_95).unwrap();
            assert!((found.low - low).abs() < 5.1e-5, "{successes}/{n}: {}", found.low);
            assert!((found.high - high).abs() < 5.1e-5, "{successes}/{n}: {}", found.high);
        }
    }

    #[test]
    fn mirrors_when_successes_and_failures_change_places() {
        for (successes, n) in [(0, 1), (1, 1), (3, 10), (9, 10), (500, 1_000)] {
            let one = wilson(successes, n, Z_95).unwrap();
            let other = wilson(n - successes, n, Z_95).unwrap();
            assert!((one.low - (1.0 - other.high)).abs() < 1e-12, "{successes}/{n}");
            assert!((one.high - (1.0 - other.low)).abs() < 1e-12, "{successes}/{n}");
        }
    }

    #[test]
    fn nothing_without_trials_or_sense() {
        assert_eq!(wilson(0, 0, Z_95), None);
        for (share, n, z) in
            [(0.5, 0.0, Z_95), (f64::NAN, 10.0, Z_95), (1.2, 10.0, Z_95), (0.5, f64::NAN, Z_95), (0.5, 10.0, -1.0)]
        {
            assert_eq!(wilson_share(share, n, z), None, "{share} {n} {z}");
        }
    }
}
