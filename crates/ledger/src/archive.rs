//! What a verification asks its caller for: manifests and files, which a pure crate cannot read.

use crate::digest::Digest;
use crate::manifest::ExamId;

/// A stored manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestState {
    /// Its bytes exactly as stored.
    Stored(Vec<u8>),
    /// There should be one, and is not.
    Missing,
    /// This machine does not hold manifests: not checked, and counted as such.
    NotHere,
    /// It cannot be read; the reason in Chinese.
    Unreadable(String),
}

/// A sealed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// It is there; what [`crate::file_digest`] says of it.
    Present {
        /// Its length.
        bytes: u64,
        /// SHA-256 of its bytes.
        sha256: Digest,
    },
    /// There should be one, and is not.
    Missing,
    /// This machine does not hold the lake: not checked, and counted as such.
    NotHere,
    /// It cannot be read; the reason in Chinese.
    Unreadable(String),
}

/// The files of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listing {
    /// The paths of all files below it, from the lake's root, with `/`. A folder that is not there holds none.
    ///
    /// What a sealing under way has written and not yet chained is left out by the caller.
    Files(Vec<String>),
    /// This machine does not hold the lake.
    NotHere,
    /// It cannot be read; the reason in Chinese.
    Unreadable(String),
}

/// The manifests and the lake as the caller holds them.
///
/// Paths are checked before they are asked for: relative, without `..`, below the folders of [`crate::DataSet`].
pub trait Archive {
    /// The manifest of an exam's generation.
    fn manifest(&mut self, exam: &ExamId, generation: u32) -> ManifestState;
    /// A sealed file.
    fn file(&mut self, path: &str) -> FileState;
    /// All files below a folder.
    fn list(&mut self, folder: &str) -> Listing;
}

/// No manifests and no files: the chain and its heads alone are checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoArchive;

impl Archive for NoArchive {
    fn manifest(&mut self, _: &ExamId, _: u32) -> ManifestState {
        ManifestState::NotHere
    }

    fn file(&mut self, _: &str) -> FileState {
        FileState::NotHere
    }

    fn list(&mut self, _: &str) -> Listing {
        Listing::NotHere
    }
}
