//! Conversions that lose nothing and need no `as`.

/// 2^32.
const HIGH_WORD: f64 = 4_294_967_296.0;
/// The lower half of a word.
const LOW_MASK: u64 = 0xFFFF_FFFF;

/// A count as a real number, exact up to 2^53.
pub(crate) fn real(count: u64) -> f64 {
    let half = |bits: u64| u32::try_from(bits).map_or(f64::from(u32::MAX), f64::from);
    half(count >> 32) * HIGH_WORD + half(count & LOW_MASK)
}

#[cfg(test)]
mod tests {
    use super::real;

    #[test]
    fn counts_become_reals_without_loss() {
        for (count, expected) in [
            (0, 0.0),
            (5, 5.0),
            (4_294_967_295, 4_294_967_295.0),
            (4_294_967_296, 4_294_967_296.0),
            ((1 << 53) - 1, 9_007_199_254_740_991.0),
        ] {
            assert!((real(count) - expected).abs() < f64::EPSILON, "{count}");
        }
    }
}
