//! Reading and verifying an export in one pass.

use std::io::{self, BufRead, Read as _};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::archive::{Archive, FileState, Listing, ManifestState};
use crate::canonical::{in_range, parse};
use crate::digest::Digest;
use crate::key::is_installation;
use crate::limits::{MAX_KEYS, MAX_LINE_BYTES};
use crate::manifest::ExamId;
use crate::verify::{AnchorFile, Checks, EntryRow, FirstBad, HeadRow, Verification, Verifier};

use super::lines::{EndLine, EndTag, EntryLine, HeadLine, HeaderLine, LineKind, ManifestLine};

/// Verifies an export. `name` is how the file is called in the report; `archive` is asked for sealed files only, the
/// manifests stand in the export ([`crate::NoArchive`] where the lake is not at hand).
///
/// # Errors
/// What the reader says; what is wrong in the file is no error but the outcome.
pub fn verify_export(
    reader: &mut impl BufRead,
    name: &str,
    anchor: Option<AnchorFile<'_>>,
    archive: &mut dyn Archive,
) -> io::Result<Verification> {
    let mut lines = Lines { reader, hasher: Sha256::new(), number: 0 };
    let header = match lines.next()? {
        Line::Whole { bytes, .. } => parse_line::<HeaderLine>(&bytes),
        _ => None,
    };
    let Some(header) = header.filter(|header| {
        is_installation(&header.installation) && in_range(header.exported_at_us) && header.keys.len() <= MAX_KEYS
    }) else {
        let fault = FirstBad::file(name, "第 1 行不是账本导出文件的首行：不是导出文件，或首行被改动");
        return Ok(Verification { entries: 0, valid: false, first_bad: Some(fault), checks: Checks::default() });
    };
    let verifier = Verifier::new(header.installation.clone(), anchor);
    let mut reading = Reading {
        name,
        verifier,
        archive: ExportArchive { manifest: None, files: archive },
        counts: Counts::default(),
        end: None,
    };
    reading.read_lines(&mut lines)?;
    Ok(reading.finish(&header))
}

/// A line, as far as it could be read.
enum Line {
    /// Up to its line feed, which is taken off; and the SHA-256 of all bytes before the line.
    Whole { bytes: Vec<u8>, sha256_before: Digest },
    /// The file ends within the line.
    Cut,
    /// Over [`MAX_LINE_BYTES`].
    TooLong,
    /// Nothing is left.
    None,
}

struct Lines<'a, R> {
    reader: &'a mut R,
    hasher: Sha256,
    number: u64,
}

impl<R: BufRead> Lines<'_, R> {
    fn next(&mut self) -> io::Result<Line> {
        let sha256_before = Digest::from_bytes(self.hasher.clone().finalize().into());
        let limit = u64::try_from(MAX_LINE_BYTES).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        self.reader.by_ref().take(limit).read_until(b'\n', &mut bytes)?;
        self.number = self.number.saturating_add(1);
        self.hasher.update(&bytes);
        if bytes.is_empty() {
            return Ok(Line::None);
        }
        if bytes.pop_if(|last| *last == b'\n').is_some() {
            return Ok(Line::Whole { bytes, sha256_before });
        }
        Ok(if bytes.len() >= MAX_LINE_BYTES { Line::TooLong } else { Line::Cut })
    }
}

/// Reads a line strictly: another spelling than the canonical one is none.
fn parse_line<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    parse(bytes, MAX_LINE_BYTES).ok()
}

#[derive(Default)]
struct Counts {
    entries: u64,
    heads: u64,
    manifests: u64,
}

/// What was read so far.
struct Reading<'a> {
    name: &'a str,
    verifier: Verifier,
    archive: ExportArchive<'a>,
    counts: Counts,
    end: Option<Result<(), FirstBad>>,
}

impl Reading<'_> {
    fn read_lines<R: BufRead>(&mut self, lines: &mut Lines<'_, R>) -> io::Result<()> {
        loop {
            let line = lines.next()?;
            let number = lines.number;
            match line {
                Line::None => return Ok(()),
                Line::Cut => {
                    self.fault(number, LineKind::Unknown, "没有写完：文件被截断");
                    return Ok(());
                }
                Line::TooLong => {
                    self.fault(number, LineKind::Unknown, "超过一行的长度上限");
                    return Ok(());
                }
                Line::Whole { .. } if self.end.is_some() => {
                    self.fault(number, LineKind::Unknown, "在结束行之后：文件被添加过内容");
                    return Ok(());
                }
                Line::Whole { bytes, sha256_before } => self.take(number, &bytes, sha256_before),
            }
        }
    }

    fn take(&mut self, number: u64, bytes: &[u8], sha256_before: Digest) {
        let kind = LineKind::of(bytes);
        let is_taken = match kind {
            LineKind::Entry => {
                self.counts.entries = self.counts.entries.saturating_add(1);
                parse_line(bytes).map(|line| self.take_entry(number, line))
            }
            LineKind::Head => {
                self.counts.heads = self.counts.heads.saturating_add(1);
                parse_line(bytes).map(|line| self.take_head(number, line))
            }
            LineKind::Manifest => {
                self.counts.manifests = self.counts.manifests.saturating_add(1);
                parse_line(bytes).map(|line| self.take_manifest(number, line))
            }
            LineKind::End => parse_line(bytes).map(|line| self.take_end(number, &line, sha256_before)),
            LineKind::Unknown => None,
        };
        if is_taken.is_none() {
            self.fault(number, kind, "不是导出文件的一行：被改动过");
        }
    }

    fn take_entry(&mut self, number: u64, line: EntryLine) {
        let row = EntryRow { sequence: line.sequence, text: line.text.into_bytes(), hash: line.hash.into_bytes() };
        self.verifier.entry(&row, &mut self.archive);
        self.refuse_unused_manifest(number);
    }

    fn take_head(&mut self, number: u64, line: HeadLine) {
        self.refuse_unused_manifest(number);
        self.verifier.head(&HeadRow { sequence: line.sequence, text: line.text.into_bytes() });
    }

    fn take_manifest(&mut self, number: u64, line: ManifestLine) {
        self.refuse_unused_manifest(number);
        self.archive.manifest = Some(line);
    }

    fn take_end(&mut self, number: u64, line: &EndLine, sha256: Digest) {
        self.refuse_unused_manifest(number);
        let Counts { entries, heads, manifests } = self.counts;
        let is_right = *line == EndLine { line: EndTag, entries, heads, manifests, sha256 };
        let fault = || self.bad(number, LineKind::End, "与前面各行不符：文件被改动过");
        self.end = Some(if is_right { Ok(()) } else { Err(fault()) });
    }

    /// A manifest that no seal asked for stands where it does not belong.
    fn refuse_unused_manifest(&mut self, number: u64) {
        if self.archive.manifest.take().is_some() {
            self.fault(number, LineKind::Unknown, "之前的封存清单不属于任何封存记录，或不在原来的位置");
        }
    }

    fn bad(&self, number: u64, kind: LineKind, fault: &str) -> FirstBad {
        let entry = (kind == LineKind::Entry).then(|| self.verifier.sequence().saturating_add(1));
        FirstBad { entry, ..FirstBad::file(self.name, format!("导出文件第 {number} 行{fault}")) }
    }

    fn fault(&mut self, number: u64, kind: LineKind, fault: &str) {
        let fault = self.bad(number, kind, fault);
        self.verifier.fault(fault);
    }

    fn finish(mut self, header: &HeaderLine) -> Verification {
        self.verifier.end_of_chain();
        let end = self.end.take();
        if end.is_none() {
            self.verifier.fault(FirstBad::file(self.name, "导出文件不完整：没有结束行，末尾被截去"));
        }
        self.verifier.listed_keys(self.name, &header.keys);
        if let Some(Err(fault)) = end {
            self.verifier.fault(fault);
        }
        let mut verification = self.verifier.finish(&mut self.archive);
        verification.entries = self.counts.entries;
        verification
    }
}

/// The manifest of the line before, and the caller's files.
struct ExportArchive<'a> {
    manifest: Option<ManifestLine>,
    files: &'a mut dyn Archive,
}

impl Archive for ExportArchive<'_> {
    fn manifest(&mut self, exam: &ExamId, generation: u32) -> ManifestState {
        match self.manifest.take_if(|line| &line.exam == exam && line.generation == generation) {
            Some(line) => ManifestState::Stored(line.text.into_bytes()),
            None => ManifestState::Missing,
        }
    }

    fn file(&mut self, path: &str) -> FileState {
        self.files.file(path)
    }

    fn list(&mut self, folder: &str) -> Listing {
        self.files.list(folder)
    }
}
