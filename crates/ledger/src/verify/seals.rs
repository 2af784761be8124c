//! The check of seals: each entry of a seal against its manifest, the manifest against its files.

use std::collections::HashMap;

use crate::archive::{Archive, FileState, Listing, ManifestState};
use crate::digest::Digest;
use crate::entry::{Entry, InstallationId};
use crate::limits::MAX_SEALED_EXAMS;
use crate::manifest::{DataSet, ExamId, Manifest, ManifestFile, Receipts, manifest_name};
use crate::seal::{EXAM_SEALED, SCORES_SEALED, SealDetail};

use super::{Checks, FirstBad};

/// The last seal of an exam.
struct Sealed {
    first_entry: u64,
    generation: u32,
    manifest: Digest,
    receipts: Receipts,
}

/// The seals so far.
pub(super) struct Seals {
    installation: InstallationId,
    exams: HashMap<ExamId, Sealed>,
}

impl Seals {
    pub(super) fn new(installation: InstallationId) -> Self {
        Self { installation, exams: HashMap::new() }
    }

    /// Checks the seal that an entry is, if it is one.
    pub(super) fn read(
        &mut self,
        entry: &Entry,
        archive: &mut dyn Archive,
        checks: &mut Checks,
    ) -> Result<(), FirstBad> {
        let is_first = match entry.kind.as_str() {
            EXAM_SEALED => true,
            SCORES_SEALED => false,
            _ => return Ok(()),
        };
        let at = entry.sequence;
        let exam = ExamId::from(entry.subject.as_str());
        let detail = SealDetail::of_detail(&entry.detail)
            .ok_or_else(|| FirstBad::entry(at, format!("第 {at} 条是封存记录，写法却不对")))?;
        self.check_order(&exam, &detail, is_first)
            .map_err(|fault| FirstBad::entry(at, format!("第 {at} 条{fault}")))?;
        let before = self.exams.get(&exam).map(|sealed| sealed.manifest);
        self.check_manifest(at, &exam, &detail, before, archive, checks)?;
        let first_entry = self.exams.get(&exam).map_or(at, |sealed| sealed.first_entry);
        let SealDetail { generation, manifest, receipts } = detail;
        self.exams.insert(exam, Sealed { first_entry, generation, manifest, receipts });
        Ok(())
    }

    /// An exam is sealed once; its scores go on generation by generation, over the same receipts.
    fn check_order(&self, exam: &ExamId, detail: &SealDetail, is_first: bool) -> Result<(), String> {
        match (self.exams.get(exam), is_first) {
            (Some(sealed), true) => Err(format!("重复封存考试 {exam}：它在第 {} 条已经封存", sealed.first_entry)),
            (None, false) => Err(format!("封存了考试 {exam} 的新一代成绩，但这场考试没有封存过")),
            (None, true) if detail.generation != 1 => Err("是首次封存，代次却不是 1".to_owned()),
            (None, true) if self.exams.len() >= MAX_SEALED_EXAMS => {
                Err(format!("之前已有 {MAX_SEALED_EXAMS} 场封存的考试，超过核验的上限"))
            }
            (None, true) => Ok(()),
            (Some(sealed), false) if Some(detail.generation) != sealed.generation.checked_add(1) => Err(format!(
                "封存了考试 {exam} 的第 {} 代成绩，应是第 {} 代之后的一代",
                detail.generation, sealed.generation
            )),
            (Some(sealed), false) if detail.receipts != sealed.receipts => {
                Err(format!("所记的回执与第 {} 条首次封存时不同", sealed.first_entry))
            }
            (Some(_), false) => Ok(()),
        }
    }

    fn check_manifest(
        &self,
        at: u64,
        exam: &ExamId,
        detail: &SealDetail,
        before: Option<Digest>,
        archive: &mut dyn Archive,
        checks: &mut Checks,
    ) -> Result<(), FirstBad> {
        let name = manifest_name(exam, detail.generation);
        let bad = |fault: String| FirstBad::entry(at, format!("第 {at} 条的封存清单{fault}")).in_file(&name);
        let stored = match archive.manifest(exam, detail.generation) {
            ManifestState::Stored(stored) => stored,
            ManifestState::Missing => return Err(bad("不见了".to_owned())),
            ManifestState::Unreadable(cause) => return Err(bad(format!("无法读取：{cause}"))),
            ManifestState::NotHere => {
                checks.seals_unchecked = checks.seals_unchecked.saturating_add(1);
                return Ok(());
            }
        };
        if Manifest::hash_of(&stored) != detail.manifest {
            return Err(bad("与账本所记的指纹不符：清单被改动或换过".to_owned()));
        }
        let manifest = Manifest::parse(&stored).map_err(|error| bad(format!("写法不对：{error}")))?;
        let is_of_entry = manifest.installation == self.installation
            && &manifest.exam.id == exam
            && manifest.generation == detail.generation
            && manifest.receipts == detail.receipts
            && manifest.previous == before;
        if !is_of_entry {
            return Err(bad("说的不是这一条封存的考试、代次、回执或前一代清单".to_owned()));
        }
        for file in &manifest.files {
            check_file(at, file, archive, checks)?;
        }
        check_extra(at, &manifest, archive)?;
        checks.seals = checks.seals.saturating_add(1);
        Ok(())
    }

    /// Looks for files of exams that no entry has sealed: analysis would read them as if they were.
    pub(super) fn check_unsealed(&self, archive: &mut dyn Archive) -> Result<(), FirstBad> {
        for set in DataSet::ALL {
            let files = match archive.list(set.root()) {
                Listing::Files(files) => files,
                Listing::NotHere => continue,
                Listing::Unreadable(cause) => {
                    return Err(FirstBad::file(set.root(), format!("封存目录无法读取：{cause}")));
                }
            };
            if let Some(stray) = files.into_iter().filter(|path| !self.is_sealed(set, path)).min() {
                return Err(FirstBad::file(stray, "封存目录里多出这个文件：账本没有封存过它"));
            }
        }
        Ok(())
    }

    /// Whether a path lies in a folder that some seal covers.
    fn is_sealed(&self, set: DataSet, path: &str) -> bool {
        let Some((_, rest)) = path.split_once("exam=") else { return false };
        let Some((exam, _)) = rest.split_once('/') else { return false };
        let exam = ExamId::from(exam);
        let Some(sealed) = self.exams.get(&exam) else { return false };
        let generation = match set {
            DataSet::Scores => generation_of(path),
            DataSet::Roster | DataSet::Responses => Some(1),
        };
        generation.is_some_and(|generation| {
            (1..=sealed.generation).contains(&generation)
                && path.strip_prefix(&set.folder(&exam, generation)).is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

/// The generation in a path of scores.
fn generation_of(path: &str) -> Option<u32> {
    let (_, rest) = path.split_once("generation=")?;
    rest.split_once('/')?.0.parse().ok()
}

fn check_file(at: u64, file: &ManifestFile, archive: &mut dyn Archive, checks: &mut Checks) -> Result<(), FirstBad> {
    let fault = match archive.file(&file.path) {
        FileState::Present { bytes, sha256 } if bytes == file.bytes && sha256 == file.sha256 => {
            checks.files = checks.files.saturating_add(1);
            return Ok(());
        }
        FileState::NotHere => {
            checks.files_unchecked = checks.files_unchecked.saturating_add(1);
            return Ok(());
        }
        FileState::Present { bytes, .. } if bytes < file.bytes => {
            format!("被截短：应有 {} 字节，现有 {bytes} 字节", file.bytes)
        }
        FileState::Present { bytes, .. } if bytes > file.bytes => {
            format!("被加长：应有 {} 字节，现有 {bytes} 字节", file.bytes)
        }
        FileState::Present { .. } => "内容被改动：与封存时的指纹不符".to_owned(),
        FileState::Missing => "不见了".to_owned(),
        FileState::Unreadable(cause) => format!("无法读取：{cause}"),
    };
    Err(FirstBad::entry(at, format!("第 {at} 条封存的文件{fault}")).in_file(&file.path))
}

/// Looks for files in the seal's own folders that its manifest does not name.
fn check_extra(at: u64, manifest: &Manifest, archive: &mut dyn Archive) -> Result<(), FirstBad> {
    let named = manifest.paths();
    for folder in manifest.folders() {
        let files = match archive.list(&folder) {
            Listing::Files(files) => files,
            Listing::NotHere => continue,
            Listing::Unreadable(cause) => {
                return Err(FirstBad::entry(at, format!("第 {at} 条的封存目录无法读取：{cause}")).in_file(folder));
            }
        };
        if let Some(extra) = files.into_iter().filter(|path| !named.contains(path.as_str())).min() {
            return Err(FirstBad::entry(at, format!("第 {at} 条的封存目录里多出一个文件")).in_file(extra));
        }
    }
    Ok(())
}
