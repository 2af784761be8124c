//! Receipts under a seal, and the proof that one of them is there.

use serde::{Deserialize, Serialize};

use crate::canonical::{FormatTag, TextFault, literal, parse, text_of};
use crate::digest::Digest;
use crate::limits::{MAX_HEAD_BYTES, MAX_RECEIPTS};
use crate::manifest::{ExamId, Receipts};
use crate::merkle::{MerkleTree, leaf_hash, verify_inclusion};

/// A receipt (回执) as it stands under a seal: its number and the digest over what was handed in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Receipt {
    /// Its number, as printed without blanks or hyphens.
    pub number: String,
    /// The digest that the receipt shows.
    pub digest: Digest,
}

impl Receipt {
    /// The leaf: `NUMBER:DIGEST` in UTF-8, digest in lower-case hexadecimal.
    pub fn leaf(&self) -> Digest {
        leaf_hash(format!("{}:{}", self.number, self.digest).as_bytes())
    }
}

/// Why receipts cannot be put under a seal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// A number that is not made of ASCII letters and digits.
    #[error("回执编号“{0}”应由 1 至 64 位字母和数字组成")]
    Number(String),
    /// The same number twice.
    #[error("回执编号“{0}”重复")]
    Twice(String),
    /// Too many.
    #[error("一场考试的回执超过 {MAX_RECEIPTS} 份")]
    TooMany,
}

/// The longest number of a receipt, in characters.
const MAX_NUMBER_CHARS: usize = 64;

/// The receipts of an exam, ordered by the bytes of their numbers, under one root.
#[derive(Debug, Clone)]
pub struct ReceiptTree {
    receipts: Vec<Receipt>,
    tree: MerkleTree,
}

impl ReceiptTree {
    /// Orders the receipts and builds the tree.
    ///
    /// # Errors
    /// When a number is malformed or occurs twice.
    pub fn new(mut receipts: Vec<Receipt>) -> Result<Self, ReceiptError> {
        if receipts.len() > MAX_RECEIPTS {
            return Err(ReceiptError::TooMany);
        }
        let is_number = |number: &str| {
            (1..=MAX_NUMBER_CHARS).contains(&number.len()) && number.bytes().all(|c| c.is_ascii_alphanumeric())
        };
        if let Some(receipt) = receipts.iter().find(|receipt| !is_number(&receipt.number)) {
            return Err(ReceiptError::Number(receipt.number.clone()));
        }
        receipts.sort();
        let twice = receipts.iter().zip(receipts.iter().skip(1)).find(|(one, next)| one.number == next.number);
        if let Some((receipt, _)) = twice {
            return Err(ReceiptError::Twice(receipt.number.clone()));
        }
        let tree = MerkleTree::new(receipts.iter().map(Receipt::leaf).collect());
        Ok(Self { receipts, tree })
    }

    /// How many there are, and the root over them: what the manifest says.
    pub fn summary(&self) -> Receipts {
        Receipts { count: u64::try_from(self.receipts.len()).unwrap_or(u64::MAX), root: self.tree.root() }
    }

    /// The proof for a receipt by its number; `None` when it is not under this seal.
    pub fn proof(&self, exam: &ExamId, number: &str) -> Option<ReceiptProof> {
        let index = self.receipts.binary_search_by(|receipt| receipt.number.as_str().cmp(number)).ok()?;
        let receipt = self.receipts.get(index)?;
        Some(ReceiptProof {
            format: FormatTag,
            record: ProofTag,
            exam: exam.clone(),
            number: receipt.number.clone(),
            digest: receipt.digest,
            index: u64::try_from(index).ok()?,
            size: self.summary().count,
            path: self.tree.path(index)?,
            root: self.tree.root(),
        })
    }
}

literal!(ProofTag, "receipt-proof");

/// The proof that a receipt is under the seal of its exam (回执证明): for the examinee to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptProof {
    format: FormatTag,
    record: ProofTag,
    /// The exam.
    pub exam: ExamId,
    /// The number of the receipt.
    pub number: String,
    /// The digest on the receipt.
    pub digest: Digest,
    /// Its place among the receipts of the exam, from 0.
    pub index: u64,
    /// How many receipts there are.
    pub size: u64,
    /// The siblings from the leaf to the root.
    pub path: Vec<Digest>,
    /// The root, which is the one in the ledger's entry of the seal.
    pub root: Digest,
}

impl ReceiptProof {
    /// Whether the receipt is under the sealed root. Both values of `sealed` come from the ledger, not from the proof.
    pub fn holds(&self, receipt: &Receipt, sealed: &Receipts) -> bool {
        self.number == receipt.number
            && self.digest == receipt.digest
            && self.size == sealed.count
            && self.root == sealed.root
            && verify_inclusion(&sealed.root, receipt.leaf(), self.index, self.size, &self.path)
    }

    /// The canonical text.
    pub fn text(&self) -> String {
        text_of(self)
    }

    /// Reads a proof; any other spelling than the canonical one is a fault.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, TextFault> {
        parse(bytes, MAX_HEAD_BYTES)
    }
}
