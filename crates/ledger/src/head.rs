//! Signed heads: what the chain was at an instant, under a key.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::canonical::{FormatTag, TextFault, count_in_range, in_range, literal, parse, text_of};
use crate::digest::{Digest, Domain, Fingerprint, Signature};
use crate::entry::InstallationId;
use crate::key::KeyId;
use crate::limits::MAX_HEAD_BYTES;

/// The time that people read.
const BEIJING: Offset = Offset::constant(8);

literal!(HeadTag, "head");

/// A signed head (签名头): entry `sequence` has this `hash`, says the key at the instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    format: FormatTag,
    record: HeadTag,
    /// The installation.
    pub installation: InstallationId,
    /// The number of the entry, from 1.
    pub sequence: u64,
    /// The hash of that entry.
    pub hash: Digest,
    /// When it was signed, in microseconds UTC.
    pub at_us: i64,
    /// The key.
    pub key_id: KeyId,
    /// The signature over the record without this field.
    pub signature: Signature,
}

/// The fields of a head that are signed.
#[derive(Serialize)]
struct UnsignedHead<'a> {
    format: FormatTag,
    record: HeadTag,
    installation: &'a InstallationId,
    sequence: u64,
    hash: &'a Digest,
    at_us: i64,
    key_id: &'a KeyId,
}

impl Head {
    /// The bytes that are signed: `zhijie-ledger-1/head`, a zero byte, the canonical text without the signature.
    pub(crate) fn message(
        installation: &InstallationId,
        sequence: u64,
        hash: &Digest,
        at_us: i64,
        key_id: &KeyId,
    ) -> Vec<u8> {
        let unsigned = UnsignedHead { format: FormatTag, record: HeadTag, installation, sequence, hash, at_us, key_id };
        Domain::Head.message(&text_of(&unsigned))
    }

    pub(crate) fn signed(
        installation: &InstallationId,
        sequence: u64,
        hash: Digest,
        at_us: i64,
        key_id: &KeyId,
        signature: Signature,
    ) -> Self {
        Self {
            format: FormatTag,
            record: HeadTag,
            installation: installation.clone(),
            sequence,
            hash,
            at_us,
            key_id: key_id.clone(),
            signature,
        }
    }

    /// What this head's signature is over.
    pub(crate) fn own_message(&self) -> Vec<u8> {
        Self::message(&self.installation, self.sequence, &self.hash, self.at_us, &self.key_id)
    }

    /// The canonical text: what is stored.
    pub fn text(&self) -> String {
        text_of(self)
    }

    /// Reads a stored text; any other spelling than the canonical one is a fault.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(stored: &[u8]) -> Result<Self, TextFault> {
        let head: Self = parse(stored, MAX_HEAD_BYTES)?;
        match head.range_fault() {
            Some(field) => Err(TextFault::OutOfRange(field)),
            None => Ok(head),
        }
    }

    pub(crate) fn range_fault(&self) -> Option<&'static str> {
        if self.sequence == 0 || !count_in_range(self.sequence) {
            Some("sequence")
        } else if !in_range(self.at_us) {
            Some("at_us")
        } else {
            None
        }
    }

    /// The short form of its hash, for documents and for comparing by eye.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.hash)
    }

    /// One line for the foot of a document: number, short fingerprint, day.
    pub fn printed_line(&self) -> String {
        format!("审计账本第 {} 条 指纹 {}（{}）", self.sequence, self.fingerprint(), self.printed_at("%F"))
    }

    /// The full form for printing and filing: all that the signature is over, and the signature.
    pub fn printed(&self) -> String {
        let signature = self.signature.to_string();
        let (first, second) = signature.split_at_checked(64).unwrap_or((&signature, ""));
        format!(
            "知戒审计账本签名头\n安装编号  {}\n条数      {}\n短指纹    {}\n指纹      {}\n签名时间  {}（北京时间）\n\
             时间戳    {}\n公钥编号  {}\n签名      {first}\n          {second}\n",
            self.installation,
            self.sequence,
            self.fingerprint(),
            self.hash,
            self.printed_at("%F %T"),
            self.at_us,
            self.key_id,
        )
    }

    /// The instant in Beijing time; the bare number where it is no date.
    fn printed_at(&self, format: &str) -> String {
        match Timestamp::from_microsecond(self.at_us) {
            Ok(at) => BEIJING.to_datetime(at).strftime(format).to_string(),
            Err(_) => self.at_us.to_string(),
        }
    }
}
