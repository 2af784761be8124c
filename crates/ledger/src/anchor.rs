//! The anchor: keys and heads that the audit administrator keeps outside the machine.

use serde::{Deserialize, Serialize};

use crate::canonical::{FormatTag, TextFault, literal, parse, text_of};
use crate::entry::InstallationId;
use crate::head::Head;
use crate::key::{KeyRecord, first_bad_key, is_installation};
use crate::limits::{MAX_ANCHOR_BYTES, MAX_KEYS};

literal!(AnchorTag, "anchor");

/// An anchor file (锚文件): what a cut or rewritten ledger cannot argue with, since it is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    format: FormatTag,
    record: AnchorTag,
    installation: InstallationId,
    keys: Vec<KeyRecord>,
    heads: Vec<Head>,
}

/// Why a file is no anchor that can be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// Not the text of an anchor.
    #[error("锚文件{0}，请换用原样保存的锚文件")]
    Text(#[from] TextFault),
    /// Without an installation or a key there is nothing to check by.
    #[error("锚文件没有安装编号或公钥，请换用系统导出的锚文件")]
    Empty,
    /// More keys than an installation can have.
    #[error("锚文件的公钥超过 {MAX_KEYS} 把")]
    TooManyKeys,
    /// A key that does not hold.
    #[error("锚文件里第 {number} 把公钥{fault}")]
    Key {
        /// Its place, from 1.
        number: usize,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A head out of order or out of range.
    #[error("锚文件里第 {number} 个签名头的次序或数值不对")]
    Head {
        /// Its place, from 1.
        number: usize,
    },
    /// The keys of two anchors contradict each other.
    #[error("两份锚文件的公钥不一致：其中一份不可信，请核对来源")]
    OtherKeys,
    /// A record of another installation.
    #[error("这一项属于另一套系统，不能并入锚文件")]
    OtherInstallation,
}

impl Anchor {
    /// An anchor with the keys that were announced so far, the first one first, and no head yet.
    ///
    /// # Errors
    /// When there is no key, or a key does not hold.
    pub fn new(installation: InstallationId, keys: Vec<KeyRecord>) -> Result<Self, AnchorError> {
        let anchor = Self { format: FormatTag, record: AnchorTag, installation, keys, heads: Vec::new() };
        anchor.checked()
    }

    /// Reads an anchor file. One line feed at its end may be there or not; all else must be as written.
    ///
    /// Signatures of keys are checked here, those of heads when the chain is verified.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnchorError> {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        parse::<Self>(bytes, MAX_ANCHOR_BYTES)?.checked()
    }

    fn checked(self) -> Result<Self, AnchorError> {
        if !is_installation(&self.installation) || self.keys.is_empty() {
            return Err(AnchorError::Empty);
        }
        if self.keys.len() > MAX_KEYS {
            return Err(AnchorError::TooManyKeys);
        }
        if let Some((number, fault)) = first_bad_key(&self.installation, &self.keys) {
            return Err(AnchorError::Key { number, fault });
        }
        let mut least = 0;
        for (number, head) in (1..).zip(&self.heads) {
            if head.sequence < least || head.range_fault().is_some() {
                return Err(AnchorError::Head { number });
            }
            least = head.sequence;
        }
        Ok(self)
    }

    /// The canonical text of the file, with a line feed at its end.
    pub fn text(&self) -> String {
        let mut text = text_of(self);
        text.push('\n');
        text
    }

    /// The installation.
    pub fn installation(&self) -> &InstallationId {
        &self.installation
    }

    /// The keys, the first one first.
    pub fn keys(&self) -> &[KeyRecord] {
        &self.keys
    }

    /// The heads, by number.
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    pub(crate) fn into_heads(self) -> Vec<Head> {
        self.heads
    }

    /// Adds a head in its place. One that is there already is not added again.
    ///
    /// # Errors
    /// When it is of another installation.
    pub fn add_head(&mut self, head: Head) -> Result<(), AnchorError> {
        if head.installation != self.installation {
            return Err(AnchorError::OtherInstallation);
        }
        if !self.heads.contains(&head) {
            let place = self.heads.partition_point(|other| other.sequence <= head.sequence);
            self.heads.insert(place, head);
        }
        Ok(())
    }

    /// Takes in a newer anchor: its further keys and all its heads. Keys already held never change.
    ///
    /// # Errors
    /// When it is of another installation, or its keys differ from those held.
    pub fn merge(&mut self, newer: Anchor) -> Result<(), AnchorError> {
        if newer.installation != self.installation {
            return Err(AnchorError::OtherInstallation);
        }
        let (longer, shorter) =
            if newer.keys.len() > self.keys.len() { (&newer.keys, &self.keys) } else { (&self.keys, &newer.keys) };
        if !longer.starts_with(shorter) {
            return Err(AnchorError::OtherKeys);
        }
        // A further key that only vouches for itself is nothing that a file from the machine may bring in.
        if newer.keys.iter().skip(self.keys.len()).any(KeyRecord::is_own) {
            return Err(AnchorError::OtherKeys);
        }
        if newer.keys.len() > self.keys.len() {
            self.keys = newer.keys;
        }
        newer.heads.into_iter().try_for_each(|head| self.add_head(head))
    }
}
