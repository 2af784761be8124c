//! The shapes of an export's lines. Stored texts stand in them as JSON strings, so that their exact bytes survive.

use serde::{Deserialize, Serialize};

use crate::canonical::{FormatTag, literal};
use crate::digest::Digest;
use crate::entry::InstallationId;
use crate::key::KeyRecord;
use crate::manifest::ExamId;

literal!(HeaderTag, "header");
literal!(EntryTag, "entry");
literal!(HeadTag, "head");
literal!(ManifestTag, "manifest");
literal!(EndTag, "end");

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeaderLine {
    pub(super) line: HeaderTag,
    pub(super) format: FormatTag,
    pub(super) installation: InstallationId,
    pub(super) exported_at_us: i64,
    pub(super) keys: Vec<KeyRecord>,
}

/// An entry as stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryLine {
    pub(super) line: EntryTag,
    pub(super) sequence: i64,
    pub(super) hash: String,
    pub(super) text: String,
}

/// A head as stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadLine {
    pub(super) line: HeadTag,
    pub(super) sequence: i64,
    pub(super) text: String,
}

/// A manifest as stored, before the entry that carries its hash.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestLine {
    pub(super) line: ManifestTag,
    pub(super) exam: ExamId,
    pub(super) generation: u32,
    pub(super) text: String,
}

/// The last line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndLine {
    pub(super) line: EndTag,
    pub(super) entries: u64,
    pub(super) heads: u64,
    pub(super) manifests: u64,
    pub(super) sha256: Digest,
}

/// What a line says it is, by its first bytes, which are the same for all lines of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    Entry,
    Head,
    Manifest,
    End,
    Unknown,
}

impl LineKind {
    pub(super) fn of(line: &[u8]) -> Self {
        let kinds: [(&[u8], Self); 4] = [
            (br#"{"line":"entry","#, Self::Entry),
            (br#"{"line":"head","#, Self::Head),
            (br#"{"line":"manifest","#, Self::Manifest),
            (br#"{"line":"end","#, Self::End),
        ];
        kinds.into_iter().find(|(start, _)| line.starts_with(start)).map_or(Self::Unknown, |(_, kind)| kind)
    }
}
