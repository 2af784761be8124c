//! Writing an export, line by line, to whatever the caller gives.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::archive::{Archive, ManifestState};
use crate::canonical::{FormatTag, text_of};
use crate::digest::Digest;
use crate::entry::{Entry, InstallationId};
use crate::key::KeyRecord;
use crate::manifest::ExamId;
use crate::seal::{EXAM_SEALED, SCORES_SEALED, SealDetail};
use crate::verify::{EntryRow, HeadRow, merge};

use super::lines::{
    EndLine, EndTag, EntryLine, EntryTag, HeadLine, HeadTag, HeaderLine, HeaderTag, ManifestLine, ManifestTag,
};

/// Why an export was not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The target cannot be written.
    #[error("导出文件无法写入，请检查磁盘空间和权限")]
    Write(#[from] io::Error),
    /// A stored text is not even text: the ledger is damaged.
    #[error("账本第 {sequence} 条（或其签名头、封存清单）不是 UTF-8 文字，不能导出：请先运行 zhijie ledger verify")]
    NotText {
        /// Its number.
        sequence: i64,
    },
    /// A manifest cannot be read.
    #[error("考试 {exam} 第 {generation} 代的封存清单无法读取，不能导出：{cause}")]
    Manifest {
        /// The exam.
        exam: ExamId,
        /// The generation.
        generation: u32,
        /// Why, in Chinese.
        cause: String,
    },
}

/// Writes the lines of an export in their order. What it writes is complete only after [`ExportWriter::finish`].
pub struct ExportWriter<W> {
    target: W,
    hasher: Sha256,
    entries: u64,
    heads: u64,
    manifests: u64,
}

impl<W: Write> ExportWriter<W> {
    /// Begins with the header: the installation and the keys that its chain announced, the first one first.
    ///
    /// # Errors
    /// What the target says.
    pub fn new(
        target: W,
        installation: &InstallationId,
        keys: &[KeyRecord],
        exported_at_us: i64,
    ) -> Result<Self, ExportError> {
        let mut writer = Self { target, hasher: Sha256::new(), entries: 0, heads: 0, manifests: 0 };
        writer.line(&HeaderLine {
            line: HeaderTag,
            format: FormatTag,
            installation: installation.clone(),
            exported_at_us,
            keys: keys.to_vec(),
        })?;
        Ok(writer)
    }

    /// Adds the next entry, as stored.
    ///
    /// # Errors
    /// When the stored text is no text, or what the target says.
    pub fn entry(&mut self, row: &EntryRow) -> Result<(), ExportError> {
        let sequence = row.sequence;
        self.line(&EntryLine {
            line: EntryTag,
            sequence,
            hash: text(&row.hash, sequence)?,
            text: text(&row.text, sequence)?,
        })?;
        self.entries = self.entries.saturating_add(1);
        Ok(())
    }

    /// Adds a head, after its entry.
    ///
    /// # Errors
    /// As [`ExportWriter::entry`].
    pub fn head(&mut self, row: &HeadRow) -> Result<(), ExportError> {
        self.line(&HeadLine { line: HeadTag, sequence: row.sequence, text: text(&row.text, row.sequence)? })?;
        self.heads = self.heads.saturating_add(1);
        Ok(())
    }

    /// Adds a manifest, before the entry `sequence` that carries its hash.
    ///
    /// # Errors
    /// As [`ExportWriter::entry`].
    pub fn manifest(
        &mut self,
        sequence: i64,
        exam: &ExamId,
        generation: u32,
        stored: &[u8],
    ) -> Result<(), ExportError> {
        let text = text(stored, sequence)?;
        self.line(&ManifestLine { line: ManifestTag, exam: exam.clone(), generation, text })?;
        self.manifests = self.manifests.saturating_add(1);
        Ok(())
    }

    /// Writes the last line and gives the target back, flushed.
    ///
    /// # Errors
    /// What the target says.
    pub fn finish(mut self) -> Result<W, ExportError> {
        let end = EndLine {
            line: EndTag,
            entries: self.entries,
            heads: self.heads,
            manifests: self.manifests,
            sha256: Digest::from_bytes(self.hasher.clone().finalize().into()),
        };
        self.line(&end)?;
        self.target.flush()?;
        Ok(self.target)
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), ExportError> {
        let mut text = text_of(line);
        text.push('\n');
        self.hasher.update(text.as_bytes());
        self.target.write_all(text.as_bytes())?;
        Ok(())
    }
}

fn text(stored: &[u8], sequence: i64) -> Result<String, ExportError> {
    std::str::from_utf8(stored).map(str::to_owned).map_err(|_| ExportError::NotText { sequence })
}

/// What stands at the head of an export.
#[derive(Debug, Clone, Copy)]
pub struct ExportSource<'a> {
    /// The installation.
    pub installation: &'a InstallationId,
    /// The keys that its chain announced, the first one first.
    pub keys: &'a [KeyRecord],
    /// When it is exported, in microseconds UTC.
    pub exported_at_us: i64,
}

/// Writes a whole export: entries and heads as for [`crate::verify_stored`], manifests fetched from the archive where an
/// entry seals. A missing manifest leaves its line out; the reader then says so.
///
/// # Errors
/// The first error of an iterator or of the target, or a stored text that is no text.
pub fn write_export<W: Write, E: From<ExportError>>(
    target: W,
    source: ExportSource<'_>,
    entries: impl IntoIterator<Item = Result<EntryRow, E>>,
    heads: impl IntoIterator<Item = Result<HeadRow, E>>,
    archive: &mut dyn Archive,
) -> Result<W, E> {
    let mut writer = ExportWriter::new(target, source.installation, source.keys, source.exported_at_us)?;
    merge(
        entries,
        heads,
        &mut writer,
        |writer, entry| {
            if let Some((exam, generation)) = sealed_by(&entry) {
                match archive.manifest(&exam, generation) {
                    ManifestState::Stored(stored) => writer.manifest(entry.sequence, &exam, generation, &stored)?,
                    ManifestState::Missing | ManifestState::NotHere => {}
                    ManifestState::Unreadable(cause) => {
                        return Err(ExportError::Manifest { exam, generation, cause }.into());
                    }
                }
            }
            Ok(writer.entry(&entry)?)
        },
        |writer, head| Ok(writer.head(&head)?),
    )?;
    Ok(writer.finish()?)
}

fn sealed_by(row: &EntryRow) -> Option<(ExamId, u32)> {
    let entry = Entry::parse(&row.text).ok()?;
    if ![EXAM_SEALED, SCORES_SEALED].contains(&entry.kind.as_str()) {
        return None;
    }
    let detail = SealDetail::of_detail(&entry.detail)?;
    Some((ExamId::from(entry.subject.as_str()), detail.generation))
}
