//! What a file of questions may be at most.

use super::QuestionFileError;

const MEBIBYTE: u64 = 1024 * 1024;

/// Bounds of a file of questions; the default is what the server uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as uploaded.
    pub file_bytes: u64,
    /// Bytes of a part of a docx once unpacked.
    pub expanded_bytes: u64,
    /// Questions of one file.
    pub questions: usize,
    /// Lines with something in them.
    pub lines: usize,
    /// Characters of one field.
    pub field_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 32 * MEBIBYTE,
            expanded_bytes: 64 * MEBIBYTE,
            questions: 2_000,
            lines: 100_000,
            field_chars: 4_000,
        }
    }
}

impl Limits {
    pub(super) fn check_file(&self, bytes: usize) -> Result<(), QuestionFileError> {
        if u64::try_from(bytes).is_ok_and(|bytes| bytes <= self.file_bytes) {
            Ok(())
        } else {
            Err(QuestionFileError::FileTooLarge { limit_mebibytes: self.file_bytes / MEBIBYTE })
        }
    }

    pub(super) fn check_questions(&self, questions: usize) -> Result<(), QuestionFileError> {
        if questions <= self.questions {
            Ok(())
        } else {
            Err(QuestionFileError::TooManyQuestions { limit: self.questions })
        }
    }

    pub(super) fn expands_too_much(&self) -> QuestionFileError {
        QuestionFileError::ExpandsTooMuch { limit_mebibytes: self.expanded_bytes / MEBIBYTE }
    }

    /// What bounds a workbook or a delimited file.
    pub(super) fn of_sheets(&self) -> crate::Limits {
        let rows = u32::try_from(self.questions.saturating_mul(4)).unwrap_or(u32::MAX);
        crate::Limits { file_bytes: self.file_bytes, rows, cells: 400_000, ..crate::Limits::default() }
    }
}
