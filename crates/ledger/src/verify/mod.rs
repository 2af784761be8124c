//! The check of a ledger: one pass over entries and heads in their order, holding neither.

mod keyring;
mod machine;
mod seals;
mod watch;

use serde::Serialize;

use crate::archive::Archive;
use crate::chain::StoredEntry;
use crate::entry::InstallationId;
use crate::head::Head;

pub use machine::Verifier;

/// What to do when a ledger is found altered; for the page or the terminal beside [`FirstBad::reason`].
pub const ADVICE: &str = "请不要再改动：原样保留数据库、封存文件和锚文件各一份，告知审计管理员；\
                          与最近的备份、外存的导出文件和打印的指纹逐一比对，查明是何时、由谁改动";

/// An entry as it stands in the database or in an export: raw, since it may be anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// The number under which it is stored.
    pub sequence: i64,
    /// The bytes of its text.
    pub text: Vec<u8>,
    /// The bytes of its hash, which should be 64 lower-case hexadecimal characters.
    pub hash: Vec<u8>,
}

impl From<StoredEntry> for EntryRow {
    fn from(entry: StoredEntry) -> Self {
        Self {
            // Numbers end at 2^53 − 1.
            sequence: i64::try_from(entry.sequence).unwrap_or(i64::MAX),
            text: entry.text.into_bytes(),
            hash: entry.hash.to_string().into_bytes(),
        }
    }
}

/// A head as it stands in the database or in an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadRow {
    /// The number of the entry under which it is stored.
    pub sequence: i64,
    /// The bytes of its text.
    pub text: Vec<u8>,
}

impl From<&Head> for HeadRow {
    fn from(head: &Head) -> Self {
        Self { sequence: i64::try_from(head.sequence).unwrap_or(i64::MAX), text: head.text().into_bytes() }
    }
}

/// An anchor file that was kept outside.
#[derive(Debug, Clone, Copy)]
pub struct AnchorFile<'a> {
    /// How it is called in a report.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The first place, by number, that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirstBad {
    /// The entry; `None` when the fault is in no entry.
    pub entry: Option<u64>,
    /// The file: a sealed one by its path, a manifest, the export or the anchor by its name.
    pub file: Option<String>,
    /// What is wrong, in Chinese.
    pub reason: String,
    /// Where a signed head shows that the chain was rewritten: the first entry that may have been. The alteration lies
    /// between it and `entry`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest: Option<u64>,
}

impl FirstBad {
    pub(crate) fn entry(entry: u64, reason: impl Into<String>) -> Self {
        Self { entry: Some(entry), file: None, reason: reason.into(), earliest: None }
    }

    pub(crate) fn file(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { entry: None, file: Some(name.into()), reason: reason.into(), earliest: None }
    }

    pub(crate) fn in_file(self, name: impl Into<String>) -> Self {
        Self { file: Some(name.into()), ..self }
    }
}

/// What was checked, so that "valid" says what it rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checks {
    /// Heads whose signature and hash are right, those of the anchor included.
    pub heads: u64,
    /// The last entry that a signed head vouches for; later ones are chained only.
    pub signed_to: Option<u64>,
    /// The last entry that a head of the anchor vouches for.
    pub anchored_to: Option<u64>,
    /// Whether the keys were checked by an anchor. Without one the ledger vouches for its own keys.
    pub keys_anchored: bool,
    /// Public keys announced.
    pub keys: u64,
    /// Seals whose manifest is right.
    pub seals: u64,
    /// Seals whose manifest was not at hand.
    pub seals_unchecked: u64,
    /// Sealed files whose bytes are right.
    pub files: u64,
    /// Sealed files that were not at hand.
    pub files_unchecked: u64,
}

/// The outcome (核验结果).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Entries that were there, right or not.
    pub entries: u64,
    /// Whether nothing was found.
    pub valid: bool,
    /// The first place that cannot be right.
    pub first_bad: Option<FirstBad>,
    /// What was checked, up to that place.
    pub checks: Checks,
}

/// Verifies what a database holds: entries and heads, each by ascending number, merged as they come.
///
/// # Errors
/// The first error of an iterator; what was altered is no error but the outcome.
pub fn verify_stored<E>(
    installation: &InstallationId,
    entries: impl IntoIterator<Item = Result<EntryRow, E>>,
    heads: impl IntoIterator<Item = Result<HeadRow, E>>,
    anchor: Option<AnchorFile<'_>>,
    archive: &mut dyn Archive,
) -> Result<Verification, E> {
    let mut verifier = Verifier::new(installation.clone(), anchor);
    merge(
        entries,
        heads,
        &mut verifier,
        |verifier, entry| {
            verifier.entry(&entry, archive);
            Ok(())
        },
        |verifier, head| {
            verifier.head(&head);
            Ok(())
        },
    )?;
    Ok(verifier.finish(archive))
}

/// Walks entries and heads by number, a head after its entry.
pub(crate) fn merge<C, E>(
    entries: impl IntoIterator<Item = Result<EntryRow, E>>,
    heads: impl IntoIterator<Item = Result<HeadRow, E>>,
    context: &mut C,
    mut on_entry: impl FnMut(&mut C, EntryRow) -> Result<(), E>,
    mut on_head: impl FnMut(&mut C, HeadRow) -> Result<(), E>,
) -> Result<(), E> {
    let mut heads = heads.into_iter().peekable();
    for entry in entries {
        let entry = entry?;
        // An error of the heads is fetched where it stands, too.
        while let Some(head) = heads.next_if(|head| head.as_ref().map_or(true, |head| head.sequence < entry.sequence)) {
            on_head(context, head?)?;
        }
        on_entry(context, entry)?;
    }
    heads.try_for_each(|head| on_head(context, head?))
}
