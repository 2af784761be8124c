//! What is wrong with a file, said so that a person can mend it.

use serde::{Deserialize, Serialize};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It must be mended before the thing is used (错误).
    Error,
    /// Somebody should look at it (提醒).
    Warning,
}

/// One problem (问题): where, how bad, and what to do, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// The file or other place that was read.
    pub file: String,
    /// The question's (or part's) reference, where there is one.
    pub question: Option<String>,
    /// The field, as the file names it.
    pub field: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do, in Chinese.
    pub reason: String,
}

impl Problem {
    /// A problem of a file as a whole.
    pub fn error(file: &str, reason: impl Into<String>) -> Self {
        Self { file: file.to_owned(), question: None, field: None, severity: Severity::Error, reason: reason.into() }
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// The same, at a question.
    #[must_use]
    pub fn at(self, question: &str) -> Self {
        Self { question: Some(question.to_owned()), ..self }
    }

    /// The same, at a field.
    #[must_use]
    pub fn field(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
