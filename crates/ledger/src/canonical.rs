//! The one spelling of every record: what is read must be, byte for byte, what would be written.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::digest::sha256;
use crate::limits::{MAX_DETAIL_BYTES, MAX_DETAIL_DEPTH, MAX_FIELD_BYTES, MAX_INTEGER};

/// Why a stored text is no record of the format. The Chinese text completes a sentence that names the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// Over the limit of its kind.
    #[error("超过 {limit_bytes} 字节的上限")]
    TooLong {
        /// The limit.
        limit_bytes: usize,
    },
    /// Bytes that are not UTF-8.
    #[error("不是 UTF-8 文字")]
    NotUtf8,
    /// Not JSON, or not the fields of this record.
    #[error("写法不合 zhijie-ledger-1（第 {column} 字节附近：不是 JSON，或字段缺少、多出、重复、取值不对）")]
    NotOurs {
        /// Where the reader stopped, in bytes from 1.
        column: usize,
    },
    /// Right in content, but spelled otherwise than the format says.
    #[error("不是规定的写法（空白、字段次序、转义或数字的写法不同）")]
    NotCanonical,
    /// A value that is outside its range.
    #[error("“{0}”超出允许的范围")]
    OutOfRange(&'static str),
}

/// A field that always holds the same text.
macro_rules! literal {
    ($name:ident, $text:expr) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub(crate) struct $name;

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($text)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match <String as serde::Deserialize>::deserialize(deserializer)?.as_str() {
                    text if text == $text => Ok(Self),
                    _ => Err(serde::de::Error::custom("another record")),
                }
            }
        }
    };
}
pub(crate) use literal;

literal!(FormatTag, crate::FORMAT);

/// The canonical text of a record: compact JSON, fields in the order of the type.
#[expect(
    clippy::expect_used,
    reason = "the records hold texts, integers, lists and maps with text keys: none can fail"
)]
pub(crate) fn text_of<T: Serialize>(record: &T) -> String {
    serde_json::to_string(record).expect("a record of the ledger is always JSON")
}

/// The record as a JSON value, to stand inside another.
#[expect(clippy::expect_used, reason = "as for `text_of`")]
pub(crate) fn value_of<T: Serialize>(record: &T) -> Value {
    serde_json::to_value(record).expect("a record of the ledger is always JSON")
}

/// Reads a record strictly: another spelling than its own canonical text is a fault.
pub(crate) fn parse<T: Serialize + DeserializeOwned>(bytes: &[u8], limit_bytes: usize) -> Result<T, TextFault> {
    if bytes.len() > limit_bytes {
        return Err(TextFault::TooLong { limit_bytes });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| TextFault::NotUtf8)?;
    let record: T = serde_json::from_str(text).map_err(|error| TextFault::NotOurs { column: error.column() })?;
    if text_of(&record) == text { Ok(record) } else { Err(TextFault::NotCanonical) }
}

/// Whether an instant or a count keeps within what every JSON reader holds exactly.
pub(crate) fn in_range(number: i64) -> bool {
    (-MAX_INTEGER..=MAX_INTEGER).contains(&number)
}

/// As [`in_range`], for what is never negative.
pub(crate) fn count_in_range(number: u64) -> bool {
    i64::try_from(number).is_ok_and(in_range)
}

/// Whether a text can be an id: not empty, and not too long.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_FIELD_BYTES
}

/// What an act says beside its actor, kind and subject (细节): a JSON value without fractions.
///
/// Its canonical text is compact, its objects have their keys in the order of their UTF-8 bytes, and its numbers are
/// integers, so that any program writes it alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail(Value);

/// Why a value cannot be a detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DetailError {
    /// A number that is not an integer within ±(2^53 − 1).
    #[error("细节里的数字应是绝对值不超过 9007199254740991 的整数")]
    Number,
    /// Nested too deep.
    #[error("细节的嵌套超过 {MAX_DETAIL_DEPTH} 层")]
    Depth,
    /// Too long.
    #[error("细节超过 {MAX_DETAIL_BYTES} 字节的上限")]
    TooLong,
}

impl Detail {
    /// Takes a value that fits.
    ///
    /// # Errors
    /// When it is too long, too deep, or holds a number that is no integer.
    pub fn new(value: Value) -> Result<Self, DetailError> {
        check_value(&value, MAX_DETAIL_DEPTH)?;
        let detail = Self(value);
        if text_of(&detail).len() > MAX_DETAIL_BYTES { Err(DetailError::TooLong) } else { Ok(detail) }
    }

    /// The detail for a stored `detail_json`, whatever it holds: the value where it fits; else the stored text as a
    /// JSON string; else, where even that is too long, its length and SHA-256. So no row can hold up the chain.
    pub fn of_stored(text: &str) -> Self {
        let fitting = serde_json::from_str::<Value>(text).ok().and_then(|value| Self::new(value).ok());
        fitting.or_else(|| Self::new(Value::from(text)).ok()).unwrap_or_else(|| {
            Self(serde_json::json!({ "bytes": text.len(), "sha256": sha256(&[text.as_bytes()]), "too_long": true }))
        })
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

fn check_value(value: &Value, depth_left: usize) -> Result<(), DetailError> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(integer) if in_range(integer) => Ok(()),
            _ => Err(DetailError::Number),
        },
        Value::Array(items) => {
            let left = depth_left.checked_sub(1).ok_or(DetailError::Depth)?;
            items.iter().try_for_each(|item| check_value(item, left))
        }
        Value::Object(fields) => {
            let left = depth_left.checked_sub(1).ok_or(DetailError::Depth)?;
            fields.values().try_for_each(|item| check_value(item, left))
        }
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

impl Serialize for Detail {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Sorted(&self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Detail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Writes objects with sorted keys, whatever order the map keeps (that depends on features of other crates).
struct Sorted<'a>(&'a Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Sorted)),
            Value::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().collect();
                fields.sort_by(|a, b| a.0.cmp(b.0));
                serializer.collect_map(fields.into_iter().map(|(name, item)| (name, Sorted(item))))
            }
            plain => plain.serialize(serializer),
        }
    }
}
