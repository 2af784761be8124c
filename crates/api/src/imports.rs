//! Files in.

use std::collections::BTreeMap;

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
    pub version: i64,
    pub etag: String,
}

/// What is corrected in one row of a previewed roster: values by column (`null` clears one), or `skip`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RowCorrection {
    #[serde(default)]
    pub skip: Option<bool>,
    /// `name`, `unit`, `key` (工号) and the other columns of a roster.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Option<String>>,
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
