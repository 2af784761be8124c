//! The exact fraction of a question.

use num_rational::Ratio;

/// The fraction (得分率) of a question that a response earns: an exact rational, never outside 0..=1.
///
/// Stored as two integers (`numerator`, `denominator`) in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fraction(Ratio<i64>);

impl Fraction {
    /// Nothing earned (不得分).
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));
    /// All earned (满分).
    pub const ONE: Self = Self(Ratio::new_raw(1, 1));

    /// `numerator / denominator`, or `None` when that is no number from 0 to 1.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator <= 0 || numerator < 0 || numerator > denominator {
            return None;
        }
        Some(Self(Ratio::new(numerator, denominator)))
    }

    /// `part` of `whole` things; nothing of nothing is zero, and more than all is all.
    pub(crate) fn of_counts(part: usize, whole: usize) -> Self {
        match (i64::try_from(part.min(whole)), i64::try_from(whole)) {
            (Ok(part), Ok(whole)) => Self::new(part, whole).unwrap_or(Self::ZERO),
            _ => Self::ZERO,
        }
    }

    /// The numerator, in lowest terms.
    pub fn numerator(self) -> i64 {
        *self.0.numer()
    }

    /// The denominator, in lowest terms; at least 1.
    pub fn denominator(self) -> i64 {
        *self.0.denom()
    }

    /// Whether everything was earned (全对).
    pub fn is_one(self) -> bool {
        self == Self::ONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_from_zero_to_one_exist() {
        for (numerator, denominator, expected) in [
            (0, 1, Some((0, 1))),
            (2, 4, Some((1, 2))),
            (3, 3, Some((1, 1))),
            (4, 3, None),
            (-1, 3, None),
            (1, 0, None),
            (1, -2, None),
            (i64::MAX, i64::MAX, Some((1, 1))),
        ] {
            let made = Fraction::new(numerator, denominator).map(|f| (f.numerator(), f.denominator()));
            assert_eq!(made, expected, "{numerator}/{denominator}");
        }
    }

    #[test]
    fn counts_are_bounded() {
        assert_eq!(Fraction::of_counts(0, 0), Fraction::ZERO);
        assert_eq!(Fraction::of_counts(5, 3), Fraction::ONE);
        assert_eq!(Some(Fraction::of_counts(2, 3)), Fraction::new(2, 3));
    }
}
