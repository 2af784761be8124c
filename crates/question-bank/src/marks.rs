//! Marks in hundredths.

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Marks (分值) in hundredths of a mark; a number with at most two decimals in JSON and in files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks(u32);

/// A text that is no mark.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是分值：应当是 0 至 10000 之间、至多两位小数的数")]
pub struct MarksError(String);

/// The most marks that one value may hold: 10,000.00.
const MAX_CENTI: u32 = 1_000_000;

impl Marks {
    /// So many hundredths of a mark.
    pub fn from_centi(centi: u32) -> Self {
        Self(centi)
    }

    /// Whole marks.
    pub fn whole(marks: u32) -> Self {
        Self(marks.saturating_mul(100))
    }

    /// Hundredths of a mark.
    pub fn centi(self) -> u32 {
        self.0
    }

    /// The sum, kept inside the range of the type.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// So many times the value, kept inside the range of the type.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// Reads a decimal number such as `2`, `1.5` or `0.25`.
    ///
    /// # Errors
    /// When it is no such number, is negative, is over 10,000, or has more than two decimals.
    pub fn parse(text: &str) -> Result<Self, MarksError> {
        let wrong = || MarksError(text.to_owned());
        let scaled = parse_scaled(text, 2).ok_or_else(wrong)?;
        u32::try_from(scaled).ok().filter(|&centi| centi <= MAX_CENTI).map(Self).ok_or_else(wrong)
    }
}

/// Reads a non-negative decimal number as an integer of `10^-decimals`; `None` when it is none or is finer.
pub(crate) fn parse_scaled(text: &str, decimals: usize) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fraction = fraction.trim_end_matches('0');
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || text.ends_with('.')
        || fraction.len() > decimals
        || !all_digits(whole)
        || !all_digits(fraction)
    {
        return None;
    }
    format!("{whole}{fraction:0<decimals$}").parse().ok()
}

impl std::fmt::Display for Marks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, rest) if rest % 10 == 0 => write!(f, "{whole}.{}", rest / 10),
            (whole, rest) => write!(f, "{whole}.{rest:02}"),
        }
    }
}

impl Serialize for Marks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(100) {
            serializer.serialize_u32(self.0 / 100)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 100.0)
        }
    }
}

struct MarksVisitor;

impl Visitor<'_> for MarksVisitor {
    type Value = Marks;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("分值：至多两位小数的数")
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Marks, E> {
        Marks::parse(&value.to_string()).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Marks, E> {
        Marks::parse(&value.to_string()).map_err(E::custom)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Marks, E> {
        Marks::parse(&value.to_string()).map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Marks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MarksVisitor).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn decimals_are_read_exactly() {
        for (text, centi) in
            [("0", 0), ("2", 200), ("2.0", 200), ("1.5", 150), ("0.25", 25), ("0.29", 29), ("10000", 1_000_000)]
        {
            assert_eq!(Marks::parse(text).map(Marks::centi), Ok(centi), "{text}");
        }
        for wrong in ["", "-1", "1.005", "1e2", "10000.01", "一", "1.", ".5", "1.-5"] {
            assert!(Marks::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn json_goes_both_ways() {
        for (centi, json) in [(100, "1"), (150, "1.5"), (25, "0.25"), (29, "0.29"), (1_999, "19.99")] {
            let marks = Marks::from_centi(centi);
            assert_eq!(serde_json::to_string(&marks).unwrap(), json);
            assert_eq!(serde_json::from_str::<Marks>(json).unwrap(), marks);
            assert_eq!(marks.to_string(), json);
        }
        assert!(serde_json::from_str::<Marks>("0.333").is_err());
        assert!(serde_json::from_str::<Marks>("\"1\"").is_err());
    }
}
