//! Files of questions (试题) as offices have them: bytes in, drafts and problems out, and back.
//!
//! What a file is, its bytes say: our TOML, JSON, a workbook or csv with a question in each row, Moodle's GIFT, Aiken,
//! or a document in the usual office style (`docs/question-import.md`). Nothing is guessed: what cannot be told is a
//! problem with its row, and what is missing stays missing, since a draft may have gaps.

mod aiken;
mod citation;
mod docx;
mod error;
mod format;
mod gift;
mod gift_answers;
mod headings;
mod json;
mod key;
mod limits;
mod office;
mod office_answers;
mod office_lines;
mod raw;
mod sheet;
mod table;
mod toml_file;
mod words;
mod write_gift;

#[cfg(test)]
mod tests;

pub use error::QuestionFileError;
pub use format::Format;
pub use limits::Limits;
pub use table::{COLUMNS, TABLE_LOSES, rows_of};
pub use write_gift::{GIFT_LOSES, Gift, write_gift};

use question_bank::Severity;
use question_bank::draft::Draft;
use serde::{Deserialize, Serialize};

/// A legal basis as a file writes it: which edition it is, the register says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The part of a case that it belongs to, from 0; 0 for any other question.
    pub part: usize,
    /// Title or slug of the law.
    pub law: String,
    /// The edition, as a rule its year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The article, as the register numbers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// The paragraph, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<u32>,
    /// The item, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The deciding words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The right options that rest on it, by letter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supports: Vec<String>,
}

/// What is wrong with a question of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProblem {
    /// The field; empty for the question as a whole.
    pub field: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do, in Chinese.
    pub reason: String,
}

impl RowProblem {
    fn error(field: &str, reason: impl Into<String>) -> Self {
        Self { field: field.to_owned(), severity: Severity::Error, reason: reason.into() }
    }

    fn warning(field: &str, reason: impl Into<String>) -> Self {
        Self { field: field.to_owned(), severity: Severity::Warning, reason: reason.into() }
    }
}

/// A question of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedQuestion {
    /// The sheet, in a workbook.
    pub sheet: Option<String>,
    /// The row, line or paragraph where it begins, or its place in a list, from 1.
    pub row: u32,
    /// What could be read of it.
    pub draft: Draft,
    /// Topics as written: slugs or titles.
    pub topics: Vec<String>,
    /// Legal bases as written.
    pub sources: Vec<Source>,
    /// What was wrong.
    pub problems: Vec<RowProblem>,
}

/// A problem of a file beside its questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProblem {
    /// The sheet, in a workbook.
    pub sheet: Option<String>,
    /// The row or line, where there is one.
    pub row: Option<u32>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do, in Chinese.
    pub reason: String,
}

/// A file of questions as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedFile {
    /// What it was taken for.
    pub format: Format,
    /// Its questions, in order.
    pub questions: Vec<ParsedQuestion>,
    /// What was wrong beside them.
    pub problems: Vec<FileProblem>,
}

impl ParsedFile {
    fn of(format: Format) -> Self {
        Self { format, questions: Vec::new(), problems: Vec::new() }
    }

    fn warn(&mut self, sheet: Option<&str>, row: Option<u32>, reason: impl Into<String>) {
        let sheet = sheet.map(str::to_owned);
        self.problems.push(FileProblem { sheet, row, severity: Severity::Warning, reason: reason.into() });
    }

    fn refuse(&mut self, sheet: Option<&str>, row: Option<u32>, reason: impl Into<String>) {
        let sheet = sheet.map(str::to_owned);
        self.problems.push(FileProblem { sheet, row, severity: Severity::Error, reason: reason.into() });
    }
}

/// Reads a file of questions. What it is, its bytes say, unless `format` says otherwise.
///
/// # Errors
/// The file as a whole cannot be taken. Everything smaller is a problem in the result.
pub fn parse(
    file_name: &str,
    bytes: &[u8],
    format: Option<Format>,
    limits: &Limits,
) -> Result<ParsedFile, QuestionFileError> {
    limits.check_file(bytes.len())?;
    let file = match format::container(bytes)? {
        format::Container::Workbook => sheet::read(file_name, bytes, limits)?,
        format::Container::Document => docx::read(bytes, limits)?,
        format::Container::Text(text) => {
            match format.filter(|format| format.is_text()).unwrap_or_else(|| format::of_text(file_name, &text)) {
                Format::Toml => toml_file::read(&text, limits)?,
                Format::Json => json::read(&text, limits)?,
                Format::Csv | Format::Xlsx => sheet::read(file_name, bytes, limits)?,
                Format::Gift => gift::read(&text, limits)?,
                Format::Aiken => aiken::read(&text, limits)?,
                Format::Text | Format::Docx => office::read_text(&text, limits)?,
            }
        }
    };
    limits.check_questions(file.questions.len())?;
    Ok(file)
}
