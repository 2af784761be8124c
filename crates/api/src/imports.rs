//! Files in.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportView {
    pub id: String,
    pub kind: String,
    pub state: String,
    pub file_name: String,
    pub created_at: String,
    #[schema(value_type = Object)]
    pub preview: Value,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct CommitRequest {
    /// How many may be marked as left, when that is over 5 %.
    #[serde(default)]
    pub confirm_left: Option<usize>,
    /// Rows of a file of questions that are left out.
    #[serde(default)]
    pub skip_rows: Vec<u32>,
}
