//! The manifests in the database and the files of the lake, as the verifier asks for them.

use std::path::{Path, PathBuf};

use ledger::{Archive, ExamId, FileState, Listing, ManifestState, file_digest};

use crate::App;

/// What this installation holds.
pub(super) struct OwnArchive<'a> {
    app: &'a App,
    lake: PathBuf,
}

impl<'a> OwnArchive<'a> {
    pub(super) fn new(app: &'a App) -> Self {
        Self { app, lake: app.config().lake_dir.clone() }
    }
}

impl Archive for OwnArchive<'_> {
    fn manifest(&mut self, exam: &ExamId, generation: u32) -> ManifestState {
        match self.app.store().read(|connection| storage::ledger::seals(connection, exam.as_str())) {
            Ok(seals) => match seals.into_iter().find(|seal| seal.generation == i64::from(generation)) {
                Some(seal) => ManifestState::Stored(seal.manifest_text.into_bytes()),
                None => ManifestState::Missing,
            },
            Err(error) => ManifestState::Unreadable(error.to_string()),
        }
    }

    fn file(&mut self, path: &str) -> FileState {
        let mut file = match std::fs::File::open(self.lake.join(path)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return FileState::Missing,
            Err(error) => return FileState::Unreadable(error.to_string()),
        };
        match file_digest(&mut file) {
            Ok((bytes, sha256)) => FileState::Present { bytes, sha256 },
            Err(error) => FileState::Unreadable(error.to_string()),
        }
    }

    fn list(&mut self, folder: &str) -> Listing {
        let mut files = Vec::new();
        match walk(&self.lake, Path::new(folder), &mut files) {
            Ok(()) => Listing::Files(files),
            Err(error) => Listing::Unreadable(error.to_string()),
        }
    }
}

fn walk(lake: &Path, folder: &Path, files: &mut Vec<String>) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(lake.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            walk(lake, &path, files)?;
        } else {
            files.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}
