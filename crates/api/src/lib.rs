//! The shapes of the HTTP contract: what goes over the wire, and nothing else.
//!
//! Field names are the contract's. Instants are RFC 3339 text, ids opaque text, `marks` numbers with at most two
//! decimals.
#![allow(missing_docs, reason = "a field is documented where the contract documents it: docs/api.md")]

pub mod attempt;
pub mod bank;
pub mod exam;
pub mod exam_day;
pub mod figures;
pub mod imports;
pub mod ledger;
pub mod people;
pub mod questions;
pub mod rehearsal;
pub mod session;
pub mod units;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What to pass as `after` for the next page; null on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that fits on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// A number of marks (分), kept in hundredths, written as a number with at most two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marks(pub i64);

impl Serialize for Marks {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(centi) = *self;
        if centi % 100 == 0 {
            return serializer.serialize_i64(centi / 100);
        }
        #[expect(clippy::as_conversions, reason = "marks are far below 2^53 hundredths")]
        let number = centi as f64 / 100.0;
        serializer.serialize_f64(number)
    }
}

impl<'de> Deserialize<'de> for Marks {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let centi = (number * 100.0).round();
        if !(0.0..=100_000_000.0).contains(&centi) || (number * 100.0 - centi).abs() > 1e-6 {
            return Err(serde::de::Error::custom("分值应为不超过两位小数的非负数"));
        }
        #[expect(clippy::as_conversions, reason = "the range was checked")]
        let centi = centi as i64;
        Ok(Self(centi))
    }
}

impl utoipa::PartialSchema for Marks {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        f64::schema()
    }
}

impl ToSchema for Marks {}

/// A field that was refused, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    pub field: String,
    pub reason: String,
}

/// An error body (`application/problem+json`).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub detail: String,
    pub status: u16,
    pub request_id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_for_review: Option<bool>,
}
