//! Rehearsals with virtual takers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RehearsalRequest {
    pub takers: usize,
    pub questions: u32,
    pub duration_seconds: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RehearsalCreated {
    pub exam: String,
    /// An access token for each virtual taker.
    pub tokens: Vec<String>,
    pub closes_at: String,
}
