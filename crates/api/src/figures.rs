//! Counts, rates and mastery.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Marks;

/// Counts and rates of a unit or a group. Rates are from 0 to 1, null where the denominator is 0 or suppressed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResultFigures {
    pub registered: Option<i64>,
    pub exempt: Option<i64>,
    pub due: Option<i64>,
    pub taken: Option<i64>,
    pub deferred: Option<i64>,
    pub absent: Option<i64>,
    pub blank: Option<i64>,
    pub passed: Option<i64>,
    pub excellent: Option<i64>,
    pub participation: Option<f64>,
    pub pass_of_taken: Option<f64>,
    pub pass_of_due: Option<f64>,
    pub excellent_of_taken: Option<f64>,
    pub mean: Option<f64>,
    pub median: Option<f64>,
    pub suppressed: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ResultRow {
    pub key: String,
    pub title: String,
    #[serde(flatten)]
    pub figures: ResultFigures,
    /// By topic only: what the papers' questions on it were worth on the average, and the share of it that was earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks_max: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Results {
    pub unit: String,
    pub exam: String,
    pub count: String,
    pub total: ResultFigures,
    pub rows: Vec<ResultRow>,
    pub marks_max: Marks,
    pub server_now: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    pub unit: String,
    pub exam: String,
    pub registered: i64,
    pub exempt: i64,
    pub due: i64,
    pub in_progress: i64,
    pub taken: i64,
    pub deferred: i64,
    pub absent: i64,
    pub missing: i64,
    pub server_now: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MissingPerson {
    pub person: String,
    pub name: String,
    pub unit: String,
    pub unit_name: String,
    pub rank: String,
    pub rank_title: String,
    pub state: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MasteryRow {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level_title: Option<String>,
    pub persons: Option<i64>,
    pub responses: Option<i64>,
    pub facility: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub suppressed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Mastery {
    pub by: Vec<String>,
    pub rows: Vec<MasteryRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReportScope {
    pub exam: String,
    #[serde(default)]
    pub by: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReportRequest {
    pub kind: String,
    pub scope: ReportScope,
    pub format: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReportCreated {
    pub id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReportState {
    pub id: String,
    pub state: String,
    pub progress: i64,
    pub failure: Option<String>,
}
