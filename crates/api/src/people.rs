//! Units and people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnitGroup {
    /// The Chinese title.
    pub kind: String,
    /// The word of `?group=` and of requests.
    pub slug: String,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnitView {
    pub id: String,
    pub code: String,
    pub name: String,
    pub parent: Option<String>,
    pub groups: Vec<UnitGroup>,
    pub people: i64,
    /// What sort of unit.
    pub kind: String,
    pub kind_title: String,
    pub position: i64,
    /// The day from which it no longer exists.
    pub left_on: Option<String>,
    pub version: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonSummary {
    pub id: String,
    pub key: String,
    pub name: String,
    pub unit: String,
    pub unit_name: String,
    pub post_level: Option<String>,
    pub rank: Option<String>,
    pub rank_title: String,
    pub group: String,
    pub group_title: String,
    pub post: Option<String>,
    pub party: Option<String>,
    pub status: String,
    pub account: Option<String>,
    pub activated: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListEntry {
    pub slug: String,
    pub title: String,
    /// No longer given to anybody.
    #[serde(default)]
    pub retired: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Ranks {
    pub items: Vec<ListEntry>,
    pub post_levels: Vec<ListEntry>,
    pub ranks: Vec<ListEntry>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActivationState {
    pub account: String,
    pub person: String,
    pub name: String,
    pub unit: String,
    pub unit_name: String,
    pub activated: bool,
    pub code_expires_at: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Activations {
    pub unit: String,
    pub registered: i64,
    pub activated: i64,
    pub items: Vec<ActivationState>,
}
