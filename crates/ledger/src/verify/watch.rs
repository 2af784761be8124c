//! Heads that wait for the chain to reach them: those of the anchor, and a stored one beyond the last entry.

use std::collections::VecDeque;

use crate::anchor::Anchor;
use crate::head::Head;

use super::FirstBad;

/// Where a head comes from, which decides what a fault in it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// The database or the export.
    Stored,
    /// The anchor file of this name.
    Anchor(String),
}

impl Source {
    /// A fault in the head itself.
    pub(super) fn bad(&self, sequence: u64, fault: &str) -> FirstBad {
        match self {
            Self::Stored => FirstBad::entry(sequence, format!("第 {sequence} 条的签名头{fault}")),
            Self::Anchor(name) => {
                FirstBad::entry(sequence, format!("锚文件里第 {sequence} 条的签名头{fault}")).in_file(name)
            }
        }
    }

    /// Whose head it is, in a sentence about the chain.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Stored => "签名头",
            Self::Anchor(_) => "锚文件里的签名头",
        }
    }
}

/// The heads of an anchor, from the first not yet reached.
pub(super) struct AnchorWatch {
    source: Source,
    waiting: VecDeque<Head>,
}

impl AnchorWatch {
    pub(super) fn new(name: &str, anchor: Anchor) -> Self {
        Self { source: Source::Anchor(name.to_owned()), waiting: anchor.into_heads().into() }
    }

    /// The next head of this entry.
    pub(super) fn reached(&mut self, sequence: u64) -> Option<(Head, Source)> {
        if self.waiting.front()?.sequence > sequence {
            return None;
        }
        Some((self.waiting.pop_front()?, self.source.clone()))
    }

    /// The first head that the chain never reached.
    pub(super) fn left(&mut self) -> Option<(Head, Source)> {
        Some((self.waiting.pop_front()?, self.source.clone()))
    }
}
