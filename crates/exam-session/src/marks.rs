//! Marks: numbers with at most two decimals in JSON, integers in hundredths inside.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Marks (分) in hundredths of a mark (百分之一分). In JSON a number with at most two decimals: `80`, `1.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MarksCenti(i64);

impl MarksCenti {
    /// No marks.
    pub const ZERO: Self = Self(0);

    /// From hundredths of a mark.
    pub const fn from_centi(centi: i64) -> Self {
        Self(centi)
    }

    /// From whole marks; what does not fit becomes the largest that does.
    pub const fn from_whole(marks: i64) -> Self {
        Self(marks.saturating_mul(100))
    }

    /// Hundredths of a mark.
    pub const fn centi(self) -> i64 {
        self.0
    }

    /// The decimal number `text` as marks, or `None` when it is none or has more than two decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let all_figures = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_figures(whole) || !all_figures(decimals) || decimals.len() > 2 {
            return None;
        }
        let hundredths: i64 = format!("{decimals:0<2}").parse().ok()?;
        let centi = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
        Some(Self(sign * centi))
    }
}

impl fmt::Display for MarksCenti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match part {
            0 => write!(f, "{sign}{whole}"),
            part if part % 10 == 0 => write!(f, "{sign}{whole}.{}", part / 10),
            part => write!(f, "{sign}{whole}.{part:02}"),
        }
    }
}

impl Sum for MarksCenti {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self(scoring::total_centi(all.map(|marks| marks.0)))
    }
}

impl Serialize for MarksCenti {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            return serializer.serialize_i64(self.0 / 100);
        }
        let number: f64 = self.to_string().parse().map_err(serde::ser::Error::custom)?;
        serializer.serialize_f64(number)
    }
}

impl<'de> Deserialize<'de> for MarksCenti {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        Self::from_number(&number).ok_or_else(|| de::Error::custom("分值应是最多两位小数的数字"))
    }
}

impl MarksCenti {
    /// A JSON number as marks. The shortest decimal that stands for the number counts, so `0.1` is a tenth.
    fn from_number(number: &serde_json::Number) -> Option<Self> {
        match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Self::parse(&whole.to_string()),
            (None, Some(decimal)) => Self::parse(&decimal.to_string()),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_writes_json_numbers() {
        for (json, centi, back) in [
            ("80", 8000, "80"),
            ("80.0", 8000, "80"),
            ("1.5", 150, "1.5"),
            ("0.01", 1, "0.01"),
            ("99.99", 9999, "99.99"),
            ("0", 0, "0"),
            ("-2.5", -250, "-2.5"),
        ] {
            let marks: MarksCenti = serde_json::from_str(json).unwrap();
            assert_eq!(marks.centi(), centi, "{json}");
            assert_eq!(serde_json::to_string(&marks).unwrap(), back);
        }
        for json in ["1.005", "\"80\"", "null", "1e300", "9223372036854775807"] {
            assert!(serde_json::from_str::<MarksCenti>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn is_written_as_people_write_it() {
        for (centi, text) in [(8000, "80"), (8050, "80.5"), (8005, "80.05"), (-5, "-0.05"), (0, "0")] {
            assert_eq!(MarksCenti::from_centi(centi).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn json_keeps_every_mark(centi in -10_000_000i64..10_000_000) {
            let marks = MarksCenti::from_centi(centi);
            let text = serde_json::to_string(&marks).unwrap();
            prop_assert_eq!(serde_json::from_str::<MarksCenti>(&text).unwrap(), marks);
            prop_assert_eq!(MarksCenti::parse(&marks.to_string()), Some(marks));
        }
    }
}
