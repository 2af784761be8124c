//! The audit ledger (审计账本): a hash chain of consequential acts, signed heads, seals of closed exams, and the check of
//! all of it by anyone.
//!
//! Nothing here does I/O, knows the time or draws randomness: instants, key seeds, rows and files are arguments.
//! Every record is one line of canonical JSON whose fields stand in a fixed order; hashes are over the stored bytes. 台账
//! is another thing: the unit file.
//!
//! Writing: [`Act`] → [`Chain::append`] → [`StoredEntry`]; [`HeadSigner::sign_head`] → [`Head`];
//! [`Manifest`] → [`Manifest::seal_act`]. Reading: [`verify_stored`], [`verify_export`], or [`Verifier`] by hand.

mod anchor;
mod archive;
mod canonical;
mod chain;
mod digest;
mod entry;
mod export;
mod head;
mod key;
pub mod limits;
mod manifest;
mod merkle;
mod receipt;
mod seal;
mod verify;

pub use anchor::{Anchor, AnchorError};
pub use archive::{Archive, FileState, Listing, ManifestState, NoArchive};
pub use canonical::{Detail, DetailError, TextFault};
pub use chain::{Chain, ChainError, StoredEntry, genesis};
pub use digest::{Digest, Fingerprint, PublicKey, Signature, file_digest};
pub use entry::{Act, ActError, ActKind, ActorId, Entry, InstallationId, SubjectId};
pub use export::{ExportError, ExportSource, ExportWriter, verify_export, write_export};
pub use head::Head;
pub use key::{HeadSigner, KEY_ANNOUNCED, KeyId, KeyRecord, Validity};
pub use manifest::{
    DataSet, ExamId, Manifest, ManifestError, ManifestFile, PhaseId, Receipts, SealedExam, manifest_name,
};
pub use merkle::{MerkleTree, leaf_hash, verify_inclusion};
pub use receipt::{Receipt, ReceiptError, ReceiptProof, ReceiptTree};
pub use seal::{EXAM_SEALED, SCORES_SEALED, SealDetail};
pub use verify::{ADVICE, AnchorFile, Checks, EntryRow, FirstBad, HeadRow, Verification, Verifier, verify_stored};

/// The name under which the format is published; another format gets another name.
pub const FORMAT: &str = "zhijie-ledger-1";

#[cfg(test)]
mod tests;
