//! The ledger and the seals.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SealedFile {
    pub path: String,
    pub bytes: u64,
    pub rows: u64,
    pub sha256: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Sealing {
    pub exam: String,
    /// Counts the seals of this exam, from 1.
    pub generation: i64,
    /// The hash of the manifest.
    pub manifest: String,
    pub receipts: u64,
    pub receipts_root: String,
    pub sealed_at: String,
    pub files: Vec<SealedFile>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LedgerEntry {
    pub sequence: i64,
    pub at: String,
    pub actor: String,
    pub kind: String,
    pub subject: String,
    /// What is chained: of a reason a digest only.
    #[schema(value_type = Object)]
    pub detail: Value,
    /// The reason, as it is kept beside the ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether that is the reason that was given when the act was chained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_matches: Option<bool>,
    pub hash: String,
    /// The text that was hashed.
    pub text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LedgerHead {
    pub sequence: i64,
    pub hash: String,
    pub signed_at: String,
    /// Short enough to be compared by eye.
    pub fingerprint: String,
    pub key_id: String,
    /// The signed text.
    pub text: String,
    /// All of it, to be printed and filed.
    pub printed: String,
    /// Entries in the ledger now; those after `sequence` are chained, not signed yet.
    pub entries: i64,
}
