//! Acts and the entries that chain them.

use serde::{Deserialize, Serialize};

use crate::canonical::{
    Detail, DetailError, FormatTag, TextFault, count_in_range, in_range, is_id, literal, parse, text_of,
};
use crate::digest::{Digest, Domain};
use crate::limits::{MAX_ENTRY_BYTES, MAX_FIELD_BYTES};

ids::id_newtype! {
    /// One installation of the program (一套系统); chains of two installations never fit each other.
    InstallationId
}
ids::id_newtype! {
    /// Who did it: the id of an account, or a word for the program itself. Never a name.
    ActorId
}
ids::id_newtype! {
    /// What was done, such as `exam_published`.
    ActKind
}
ids::id_newtype! {
    /// What it was done to, by its id. Never a name.
    SubjectId
}

/// A consequential act (重要操作) that is to be chained.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    at_us: i64,
    actor: ActorId,
    kind: ActKind,
    subject: SubjectId,
    detail: Detail,
}

/// Why something cannot be noted as an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// An empty or too long field.
    #[error("操作记录的“{0}”不能为空，也不能超过 {MAX_FIELD_BYTES} 字节")]
    Field(&'static str),
    /// An instant out of range.
    #[error("操作记录的时间超出范围")]
    Instant,
    /// A detail that does not fit.
    #[error(transparent)]
    Detail(#[from] DetailError),
}

impl Act {
    /// An act at an instant in microseconds UTC.
    ///
    /// # Errors
    /// When a field is empty or too long, or the instant is out of range.
    pub fn new(
        at_us: i64,
        actor: ActorId,
        kind: ActKind,
        subject: SubjectId,
        detail: Detail,
    ) -> Result<Self, ActError> {
        if let Some(name) = field_fault(&actor, &kind, &subject) {
            return Err(ActError::Field(name));
        }
        if !in_range(at_us) {
            return Err(ActError::Instant);
        }
        Ok(Self { at_us, actor, kind, subject, detail })
    }

    /// The act of a row of the pending table. The detail is taken however it looks (see [`Detail::of_stored`]).
    ///
    /// # Errors
    /// As [`Act::new`].
    pub fn of_pending(at_us: i64, actor: &str, kind: &str, subject: &str, detail_json: &str) -> Result<Self, ActError> {
        Self::new(at_us, actor.into(), kind.into(), subject.into(), Detail::of_stored(detail_json))
    }

    /// When, in microseconds UTC.
    pub fn at_us(&self) -> i64 {
        self.at_us
    }

    /// Who.
    pub fn actor(&self) -> &ActorId {
        &self.actor
    }

    /// What.
    pub fn kind(&self) -> &ActKind {
        &self.kind
    }

    /// To what.
    pub fn subject(&self) -> &SubjectId {
        &self.subject
    }

    /// The rest.
    pub fn detail(&self) -> &Detail {
        &self.detail
    }
}

/// The first field that is empty or too long.
fn field_fault(actor: &ActorId, kind: &ActKind, subject: &SubjectId) -> Option<&'static str> {
    let fields = [("actor", actor.as_str()), ("kind", kind.as_str()), ("subject", subject.as_str())];
    fields.into_iter().find(|(_, text)| !is_id(text)).map(|(name, _)| name)
}

literal!(EntryTag, "entry");

/// One link of the chain (一条). Its canonical text is what is stored and hashed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    format: FormatTag,
    record: EntryTag,
    /// Its number, from 1 without gaps.
    pub sequence: u64,
    /// When the act was done, in microseconds UTC.
    pub at_us: i64,
    /// Who did it.
    pub actor: ActorId,
    /// What was done.
    pub kind: ActKind,
    /// To what.
    pub subject: SubjectId,
    /// The rest.
    pub detail: Detail,
    /// The hash of the entry before, or of the genesis for the first.
    pub previous: Digest,
}

impl Entry {
    pub(crate) fn link(act: &Act, sequence: u64, previous: Digest) -> Self {
        let Act { at_us, actor, kind, subject, detail } = act.clone();
        Self { format: FormatTag, record: EntryTag, sequence, at_us, actor, kind, subject, detail, previous }
    }

    /// The canonical text.
    pub fn text(&self) -> String {
        text_of(self)
    }

    /// Reads a stored text; any other spelling than the canonical one is a fault.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(stored: &[u8]) -> Result<Self, TextFault> {
        let entry: Self = parse(stored, MAX_ENTRY_BYTES)?;
        if !count_in_range(entry.sequence) || entry.sequence == 0 {
            return Err(TextFault::OutOfRange("sequence"));
        }
        if !in_range(entry.at_us) {
            return Err(TextFault::OutOfRange("at_us"));
        }
        match field_fault(&entry.actor, &entry.kind, &entry.subject) {
            Some(name) => Err(TextFault::OutOfRange(name)),
            None => Ok(entry),
        }
    }

    /// The hash of an entry, over its text exactly as stored: SHA-256(`zhijie-ledger-1/entry` ‖ 0 ‖ text).
    pub fn hash_of(stored: &[u8]) -> Digest {
        Domain::Entry.hash(stored)
    }
}
