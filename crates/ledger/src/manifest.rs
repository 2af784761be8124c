//! Manifests: which files a closed exam was sealed into.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::canonical::{FormatTag, TextFault, count_in_range, in_range, is_id, literal, parse, text_of};
use crate::digest::{Digest, Domain};
use crate::entry::InstallationId;
use crate::limits::{MAX_MANIFEST_BYTES, MAX_MANIFEST_FILES, MAX_PATH_BYTES};

ids::id_newtype! {
    /// An exam, by the id under which its data is sealed.
    ExamId
}
ids::id_newtype! {
    /// A phase of the plan.
    PhaseId
}

impl ExamId {
    /// Whether the id can be the name of a folder: letters, digits, `-`, `_`.
    pub(crate) fn is_folder_name(&self) -> bool {
        is_id(self.as_str()) && self.as_str().bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
    }
}

/// A data set of the lake (数据集).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataSet {
    /// Who was due and what became of each.
    Roster,
    /// Raw responses, sealed once.
    Responses,
    /// Marks under one generation of keys.
    Scores,
}

impl DataSet {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Roster, Self::Responses, Self::Scores];

    /// Its folder under the lake.
    pub fn root(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Responses => "responses",
            Self::Scores => "scores",
        }
    }

    /// The folder of one exam, without a slash at its end; `generation` counts from 1 and matters for scores only.
    pub fn folder(self, exam: &ExamId, generation: u32) -> String {
        match self {
            Self::Scores => format!("{}/generation={generation}/exam={exam}", self.root()),
            Self::Roster | Self::Responses => format!("{}/exam={exam}", self.root()),
        }
    }

    /// The data sets that a manifest of this generation covers: all for the first, scores alone for a later one.
    pub fn of_generation(generation: u32) -> &'static [Self] {
        if generation == 1 { &Self::ALL } else { &[Self::Scores] }
    }
}

/// What a manifest is called where files are named; where it is also kept as a file, its path under the lake.
pub fn manifest_name(exam: &ExamId, generation: u32) -> String {
    format!("manifests/exam={exam}/generation={generation}.json")
}

/// The exam that is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedExam {
    /// Its id.
    pub id: ExamId,
    /// Calendar year of its opening.
    pub year: u16,
    /// The phase of the plan that it belongs to, if any.
    pub phase: Option<PhaseId>,
    /// The day whose law held for its papers (依据日).
    pub law_date: Date,
}

/// A sealed file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Its path under the lake, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 of its bytes, without a prefix.
    pub sha256: Digest,
}

/// The receipts of an exam in short: how many, and the Merkle root over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipts {
    /// How many.
    pub count: u64,
    /// The root of RFC 6962 over their leaves.
    pub root: Digest,
}

literal!(ManifestTag, "manifest");

/// The manifest of a seal (封存清单). Its canonical text is stored; the entry of the seal carries the hash over it.
///
/// A later generation of scores has a manifest of its own that names the one before; older ones stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: FormatTag,
    record: ManifestTag,
    /// The installation.
    pub installation: InstallationId,
    /// The exam.
    pub exam: SealedExam,
    /// The generation of scores, from 1.
    pub generation: u32,
    /// The hash of the manifest of the generation before; absent for the first.
    pub previous: Option<Digest>,
    /// When it was sealed, in microseconds UTC.
    pub sealed_at_us: i64,
    /// The version of the files' columns.
    pub schema_version: u32,
    /// The receipts; the same in every generation.
    pub receipts: Receipts,
    /// The files, by the bytes of their paths.
    pub files: Vec<ManifestFile>,
}

/// Why a manifest cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The text is not that of a manifest.
    #[error("封存清单{0}")]
    Text(#[from] TextFault),
    /// An exam id that cannot name a folder.
    #[error("考试编号“{0}”只能由字母、数字、“-”和“_”组成")]
    Exam(ExamId),
    /// The first generation has none before it, a later one has.
    #[error("封存清单的代次应从 1 起，且只有第 1 代没有前一代清单")]
    Generation,
    /// A file out of place.
    #[error("封存清单里的文件“{0}”不在这场考试的目录里，或路径写法不对")]
    Path(String),
    /// The same file twice, or not in order.
    #[error("封存清单里的文件“{0}”重复，或次序不对")]
    Order(String),
    /// No file, or too many.
    #[error("封存清单应有 1 至 {MAX_MANIFEST_FILES} 个文件")]
    Count,
    /// A number or id out of range.
    #[error("封存清单的“{0}”超出范围")]
    Range(&'static str),
}

impl Manifest {
    /// The manifest of the first seal of an exam. The files may come in any order.
    ///
    /// # Errors
    /// When an id or a file is out of place.
    pub fn first(
        installation: InstallationId,
        exam: SealedExam,
        sealed_at_us: i64,
        schema_version: u32,
        receipts: Receipts,
        files: Vec<ManifestFile>,
    ) -> Result<Self, ManifestError> {
        Self {
            format: FormatTag,
            record: ManifestTag,
            installation,
            exam,
            generation: 1,
            previous: None,
            sealed_at_us,
            schema_version,
            receipts,
            files,
        }
        .ordered()
    }

    /// The manifest of the next generation of scores after this one.
    ///
    /// # Errors
    /// As [`Manifest::first`].
    pub fn next(
        &self,
        sealed_at_us: i64,
        schema_version: u32,
        files: Vec<ManifestFile>,
    ) -> Result<Self, ManifestError> {
        let generation = self.generation.checked_add(1).ok_or(ManifestError::Generation)?;
        let previous = Some(self.hash());
        Self { generation, previous, sealed_at_us, schema_version, files, ..self.clone() }.ordered()
    }

    fn ordered(mut self) -> Result<Self, ManifestError> {
        self.files.sort();
        self.check()?;
        Ok(self)
    }

    /// Reads a stored text; any other spelling than the canonical one is an error.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(stored: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self = parse(stored, MAX_MANIFEST_BYTES)?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), ManifestError> {
        if !self.exam.id.is_folder_name() {
            return Err(ManifestError::Exam(self.exam.id.clone()));
        }
        if self.generation == 0 || (self.generation == 1) != self.previous.is_none() {
            return Err(ManifestError::Generation);
        }
        if !in_range(self.sealed_at_us) {
            return Err(ManifestError::Range("sealed_at_us"));
        }
        if !count_in_range(self.receipts.count) {
            return Err(ManifestError::Range("receipts"));
        }
        if !is_id(self.installation.as_str()) {
            return Err(ManifestError::Range("installation"));
        }
        if self.exam.phase.as_ref().is_some_and(|phase| !is_id(phase.as_str())) {
            return Err(ManifestError::Range("phase"));
        }
        self.check_files()
    }

    fn check_files(&self) -> Result<(), ManifestError> {
        if !(1..=MAX_MANIFEST_FILES).contains(&self.files.len()) {
            return Err(ManifestError::Count);
        }
        let folders = self.folders();
        for file in &self.files {
            if !folders.iter().any(|folder| is_under(&file.path, folder)) {
                return Err(ManifestError::Path(file.path.clone()));
            }
            if !count_in_range(file.bytes) || !count_in_range(file.rows) {
                return Err(ManifestError::Range("files"));
            }
        }
        match self.files.iter().zip(self.files.iter().skip(1)).find(|(one, next)| one.path >= next.path) {
            Some((_, next)) => Err(ManifestError::Order(next.path.clone())),
            None => Ok(()),
        }
    }

    /// The folders that hold this seal's files and nothing else.
    pub fn folders(&self) -> Vec<String> {
        let sets = DataSet::of_generation(self.generation);
        sets.iter().map(|set| set.folder(&self.exam.id, self.generation)).collect()
    }

    /// The paths of its files.
    pub(crate) fn paths(&self) -> BTreeSet<&str> {
        self.files.iter().map(|file| file.path.as_str()).collect()
    }

    /// The canonical text: what is stored.
    pub fn text(&self) -> String {
        text_of(self)
    }

    /// The hash of a manifest, over its text exactly as stored: SHA-256(`zhijie-ledger-1/manifest` ‖ 0 ‖ text).
    pub fn hash_of(stored: &[u8]) -> Digest {
        Domain::Manifest.hash(stored)
    }

    /// The hash over its text.
    pub fn hash(&self) -> Digest {
        Self::hash_of(self.text().as_bytes())
    }
}

/// Whether a path is a plain file name below a folder: no step up, no odd characters, one spelling on every system.
fn is_under(path: &str, folder: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'='))
    };
    path.len() <= MAX_PATH_BYTES
        && path
            .strip_prefix(folder)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|rest| rest.split('/').all(is_name))
}
