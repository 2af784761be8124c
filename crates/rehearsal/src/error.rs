//! Why a rehearsal cannot be held. What happens in one is a figure of its report, not an error.

use thiserror::Error;

/// Why a rehearsal cannot be held.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RehearsalError {
    /// What was asked for makes no sense, or a file cannot be read.
    #[error("{0}")]
    WrongUse(String),
    /// The server does not make the rehearsal.
    #[error("{0}")]
    Refused(String),
    /// The server cannot be reached.
    #[error("{0}")]
    Unreachable(String),
    /// The machine of the rehearsal itself does not play along.
    #[error("{0}")]
    Machine(String),
}

impl RehearsalError {
    pub(crate) fn wrong_use(message: impl Into<String>) -> Self {
        Self::WrongUse(message.into())
    }

    /// Whether the person who asked must ask differently (exit code 2).
    pub fn is_wrong_use(&self) -> bool {
        matches!(self, Self::WrongUse(_))
    }
}
