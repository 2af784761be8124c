//! What a file of law texts may be at most.

use super::error::LawFileError;

const MEBIBYTE: u64 = 1024 * 1024;

/// Bounds of a file of law texts; the default is what the server uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as uploaded.
    pub file_bytes: u64,
    /// Bytes of the text part of a docx once unpacked.
    pub expanded_bytes: u64,
    /// Lines with something in them.
    pub lines: usize,
    /// Articles, all laws of the file together.
    pub articles: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 16 * MEBIBYTE, expanded_bytes: 64 * MEBIBYTE, lines: 100_000, articles: 20_000 }
    }
}

impl Limits {
    pub(super) fn check_file(&self, bytes: usize) -> Result<(), LawFileError> {
        if u64::try_from(bytes).is_ok_and(|bytes| bytes <= self.file_bytes) {
            Ok(())
        } else {
            Err(LawFileError::FileTooLarge { limit_mebibytes: self.file_bytes / MEBIBYTE })
        }
    }

    pub(super) fn check_articles(&self, articles: usize) -> Result<(), LawFileError> {
        if articles <= self.articles { Ok(()) } else { Err(LawFileError::TooManyArticles { limit: self.articles }) }
    }

    pub(super) fn expands_too_much(&self) -> LawFileError {
        LawFileError::ExpandsTooMuch { limit_mebibytes: self.expanded_bytes / MEBIBYTE }
    }
}
