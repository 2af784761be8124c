//! The end of the chain, to which acts are appended.

use crate::canonical::{TextFault, count_in_range};
use crate::digest::{Digest, Domain};
use crate::entry::{Act, Entry, InstallationId};

/// What stands before the first entry (起点): SHA-256(`zhijie-ledger-1/genesis` ‖ 0 ‖ installation id in UTF-8).
pub fn genesis(installation: &InstallationId) -> Digest {
    Domain::Genesis.hash(installation.as_str().as_bytes())
}

/// An entry as it is to be stored: these bytes, never written again from their parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its number, from 1.
    pub sequence: u64,
    /// The canonical text.
    pub text: String,
    /// The hash over the text.
    pub hash: Digest,
}

/// Why a chain cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The last stored entry has another hash than is stored with it.
    #[error("账本最后一条（第 {0} 条）的内容与所存指纹不符，不能接着写：请先运行 zhijie ledger verify")]
    TailHash(u64),
    /// The last stored entry is no entry.
    #[error("账本最后一条（第 {sequence} 条）{fault}，不能接着写：请先运行 zhijie ledger verify")]
    TailText {
        /// The number under which it is stored.
        sequence: u64,
        /// What is wrong with it.
        fault: TextFault,
    },
    /// The last stored entry says another number of itself.
    #[error("账本最后一条存为第 {stored} 条，内容却写着第 {written} 条，不能接着写：请先运行 zhijie ledger verify")]
    TailSequence {
        /// The number under which it is stored.
        stored: u64,
        /// The number in its text.
        written: u64,
    },
    /// No number is left.
    #[error("账本的编号已用完")]
    Full,
}

/// The end of a chain (链尾): its last number and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    sequence: u64,
    hash: Digest,
}

impl Chain {
    /// The empty chain of an installation.
    pub fn new(installation: &InstallationId) -> Self {
        Self { sequence: 0, hash: genesis(installation) }
    }

    /// The chain whose last stored entry is this one. A damaged end is never built upon.
    ///
    /// # Errors
    /// When text, number and hash of that entry do not agree.
    pub fn resume(last: &StoredEntry) -> Result<Self, ChainError> {
        if Entry::hash_of(last.text.as_bytes()) != last.hash {
            return Err(ChainError::TailHash(last.sequence));
        }
        let entry = Entry::parse(last.text.as_bytes())
            .map_err(|fault| ChainError::TailText { sequence: last.sequence, fault })?;
        if entry.sequence != last.sequence {
            return Err(ChainError::TailSequence { stored: last.sequence, written: entry.sequence });
        }
        Ok(Self { sequence: last.sequence, hash: last.hash })
    }

    /// Chains an act.
    ///
    /// # Errors
    /// [`ChainError::Full`] after 2^53 − 1 entries.
    pub fn append(&mut self, act: &Act) -> Result<StoredEntry, ChainError> {
        let sequence = self.sequence.checked_add(1).filter(|next| count_in_range(*next)).ok_or(ChainError::Full)?;
        let text = Entry::link(act, sequence, self.hash).text();
        let hash = Entry::hash_of(text.as_bytes());
        (self.sequence, self.hash) = (sequence, hash);
        Ok(StoredEntry { sequence, text, hash })
    }

    /// The number of the last entry; 0 when there is none.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The hash of the last entry, or the genesis.
    pub fn hash(&self) -> Digest {
        self.hash
    }
}
