//! The manager's way: blueprints, papers, exams, rosters.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Marks;
use crate::attempt::SlotView;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BlueprintSection {
    pub title: String,
    pub kind: Option<String>,
    pub count: usize,
    pub marks_each: Option<Marks>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BlueprintSummary {
    pub id: String,
    pub title: String,
    pub questions: usize,
    pub marks: Marks,
    pub sections: Vec<BlueprintSection>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PresetView {
    pub slug: String,
    pub title: String,
    pub blueprint: String,
    pub duration_seconds: i64,
    #[schema(value_type = Object)]
    pub rules: Value,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaperRequest {
    pub blueprint: String,
    pub seed: String,
    #[serde(default)]
    pub forms: Option<u32>,
    #[serde(default)]
    pub law_date: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unmet {
    pub constraint: String,
    pub missing: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaperCreated {
    pub id: String,
    pub unmet: Vec<Unmet>,
}

/// What an exam is made from, and what a draft may be changed by.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ExamRequest {
    pub title: Option<String>,
    pub kind: Option<String>,
    pub paper: Option<String>,
    pub blueprint: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub rules: Option<Value>,
    #[schema(value_type = Option<Object>)]
    pub audience: Option<Value>,
    pub opens_at: Option<String>,
    pub closes_at: Option<String>,
    pub duration_seconds: Option<i64>,
    pub seed: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExamSummary {
    pub id: String,
    pub title: String,
    pub kind: String,
    pub state: String,
    pub opens_at: String,
    pub closes_at: String,
    pub duration_seconds: i64,
    pub questions: i64,
    pub marks_max: Marks,
    pub due: i64,
    pub taken: i64,
    pub version: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExamView {
    #[serde(flatten)]
    pub summary: ExamSummary,
    pub blueprint: Option<String>,
    pub paper: Option<String>,
    pub seed: Option<String>,
    #[schema(value_type = Object)]
    pub rules: Value,
    #[schema(value_type = Object)]
    pub audience: Value,
    pub reason: Option<String>,
    pub registered: i64,
    /// Waves of entry (分批入场) of the caller's people; none where everybody comes in at the opening.
    #[serde(default)]
    pub waves: Vec<WaveView>,
    pub etag: String,
    pub server_now: String,
}

/// A wave of entry (批次): who comes in when.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WaveView {
    /// From 1.
    pub wave: i64,
    pub opens_at: String,
    pub people: i64,
    /// The units that come in with it, where a unit comes in as a whole.
    pub units: Vec<WaveUnit>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WaveUnit {
    pub unit: String,
    pub title: String,
    pub people: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Publication {
    pub roster: i64,
    pub unmet: Vec<Unmet>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReasonRequest {
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonReason {
    pub person: String,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AnnouncementRequest {
    pub text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RosterEntry {
    pub person: String,
    pub name: String,
    pub unit: String,
    pub unit_name: String,
    pub rank: String,
    pub rank_title: String,
    pub status: String,
    pub reason: Option<String>,
    pub state: String,
    pub marks: Option<Marks>,
    /// When the person comes in, where entry is by waves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_at: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    pub slots: Vec<SlotView>,
}
