//! The entries that seal an exam.

use serde::{Deserialize, Serialize};

use crate::canonical::{Detail, value_of};
use crate::digest::Digest;
use crate::entry::{Act, ActError, ActKind, ActorId, SubjectId};
use crate::manifest::{Manifest, Receipts};

/// The kind of the entry that seals an exam, once; its subject is the exam, its detail a [`SealDetail`].
pub const EXAM_SEALED: &str = "exam_sealed";
/// The kind of the entry that seals a further generation of scores of a sealed exam.
pub const SCORES_SEALED: &str = "scores_sealed";

/// What the entry of a seal carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealDetail {
    /// The generation of scores, from 1.
    pub generation: u32,
    /// The hash of the manifest.
    pub manifest: Digest,
    /// The receipts, here too, so that a receipt can be checked by the ledger alone.
    pub receipts: Receipts,
}

impl SealDetail {
    pub(crate) fn of_detail(detail: &Detail) -> Option<Self> {
        serde_json::from_value(detail.value().clone()).ok()
    }
}

impl Manifest {
    /// The act that seals by this manifest.
    ///
    /// # Errors
    /// When actor or exam cannot stand in an entry.
    pub fn seal_act(&self, actor: ActorId) -> Result<Act, ActError> {
        let kind = if self.generation == 1 { EXAM_SEALED } else { SCORES_SEALED };
        let detail = SealDetail { generation: self.generation, manifest: self.hash(), receipts: self.receipts };
        Act::new(
            self.sealed_at_us,
            actor,
            ActKind::from(kind),
            SubjectId::from(self.exam.id.as_str()),
            Detail::new(value_of(&detail))?,
        )
    }
}
