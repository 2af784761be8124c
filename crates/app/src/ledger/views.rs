//! The ledger as it is read, checked and carried away.

use std::collections::BTreeMap;

use api::ledger::{LedgerEntry, LedgerHead};
use ledger::{
    AnchorFile, Entry, EntryRow, ExportSource, Head, HeadRow, KeyRecord, NoArchive, Verification, verify_export,
    verify_stored, write_export,
};
use serde_json::Value;
use storage::acts::ActRow;

use super::archive::OwnArchive;
use super::{REASON_DIGEST, reason_digest, reason_of};
use crate::clock::rfc3339_micros;
use crate::{App, AppError, AppResult};

/// Entries read at once.
const ENTRIES_AT_ONCE: i64 = 2_000;

impl App {
    /// The latest entries, before a number.
    ///
    /// # Errors
    /// [`AppError::Internal`] for an entry that is none: verify the ledger.
    pub fn ledger_entries(&self, before: Option<i64>, limit: usize) -> AppResult<Vec<LedgerEntry>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let before = before.unwrap_or(i64::MAX);
        let (rows, acts) = self.store().read(|connection| {
            let rows = storage::ledger::latest(connection, before, limit)?;
            let (first, last) = (rows.last().map_or(0, |row| row.sequence), rows.first().map_or(0, |row| row.sequence));
            let acts = storage::ledger::acts_chained(connection, first.saturating_sub(1), last)?;
            Ok::<_, AppError>((rows, acts))
        })?;
        let acts: BTreeMap<i64, ActRow> = acts.into_iter().collect();
        rows.into_iter()
            .map(|row| {
                let entry = Entry::parse(row.entry_text.as_bytes())
                    .map_err(|error| AppError::corrupt("ledger entry", error))?;
                let digest = entry.detail.value().get(REASON_DIGEST).and_then(Value::as_str);
                let act = acts.get(&row.sequence).filter(|_| digest.is_some());
                let reason = act.and_then(reason_of);
                let reason_matches = digest.map(|digest| {
                    let kept = act.zip(reason.as_ref()).map(|(act, reason)| reason_digest(&act.id, reason));
                    kept.as_deref() == Some(digest)
                });
                Ok(LedgerEntry {
                    reason,
                    reason_matches,
                    sequence: row.sequence,
                    at: rfc3339_micros(entry.at_us),
                    actor: entry.actor.to_string(),
                    kind: entry.kind.to_string(),
                    subject: entry.subject.to_string(),
                    detail: entry.detail.value().clone(),
                    hash: row.hash,
                    text: row.entry_text,
                })
            })
            .collect()
    }

    /// The latest signed head.
    ///
    /// # Errors
    /// [`AppError::NotFound`] before the first one.
    pub fn ledger_head(&self) -> AppResult<LedgerHead> {
        let (last, tail) = self.store().read(|connection| {
            Ok::<_, AppError>((storage::ledger::last_head(connection)?, storage::ledger::tail(connection)?))
        })?;
        let (sequence, text) = last.ok_or(AppError::NotFound("签名头（账本还没有签过名）"))?;
        let head = Head::parse(text.as_bytes()).map_err(|error| AppError::corrupt("head", error))?;
        Ok(LedgerHead {
            sequence,
            hash: head.hash.to_string(),
            signed_at: rfc3339_micros(head.at_us),
            fingerprint: head.fingerprint().to_string(),
            key_id: head.key_id.to_string(),
            printed: head.printed(),
            text,
            entries: tail.map_or(0, |row| row.sequence),
        })
    }

    /// Checks the whole ledger: chain, heads, seals and sealed files; against an anchor kept elsewhere if there is one.
    ///
    /// # Errors
    /// What the database says; what is wrong with the ledger is in the answer.
    pub fn verify_ledger(&self, anchor: Option<(&str, &[u8])>) -> AppResult<Verification> {
        let installation = self.installation()?;
        let heads = self.store().read(storage::ledger::heads)?;
        let heads = heads.into_iter().map(|(sequence, text)| Ok(HeadRow { sequence, text: text.into_bytes() }));
        let anchor = anchor.map(|(name, bytes)| AnchorFile { name, bytes });
        verify_stored(&installation, Pages::new(self), heads, anchor, &mut OwnArchive::new(self))
    }

    /// Writes the ledger into one file that an outsider can check. Answers how many entries it has.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the file cannot be written.
    pub fn export_ledger(&self, target: impl std::io::Write) -> AppResult<i64> {
        let installation = self.installation()?;
        let keys = self.ledger_keys()?;
        let (heads, tail) = self.store().read(|connection| {
            Ok::<_, AppError>((storage::ledger::heads(connection)?, storage::ledger::tail(connection)?))
        })?;
        let heads = heads.into_iter().map(|(sequence, text)| Ok(HeadRow { sequence, text: text.into_bytes() }));
        let source = ExportSource { installation: &installation, keys: &keys, exported_at_us: self.now_us() };
        let mut target = write_export(target, source, Pages::new(self), heads, &mut OwnArchive::new(self))?;
        target.flush().map_err(|error| AppError::Internal(format!("导出的账本无法写完：{error}")))?;
        Ok(tail.map_or(0, |row| row.sequence))
    }

    fn ledger_keys(&self) -> AppResult<Vec<KeyRecord>> {
        self.store()
            .read(storage::ledger::keys)?
            .into_iter()
            .map(|(_, text)| serde_json::from_str(&text).map_err(|error| AppError::corrupt("key", error)))
            .collect()
    }

    /// The anchor file: the keys and heads so far, to be kept by the audit administrator outside this installation.
    ///
    /// # Errors
    /// [`AppError::Conflict`] before anything was chained.
    pub fn ledger_anchor(&self) -> AppResult<String> {
        let heads = self.store().read(storage::ledger::heads)?;
        let mut anchor = ledger::Anchor::new(self.installation()?, self.ledger_keys()?)
            .map_err(|error| AppError::Conflict(format!("账本还没有内容：{error}")))?;
        for (_, text) in heads {
            let head = Head::parse(text.as_bytes()).map_err(|error| AppError::corrupt("head", error))?;
            anchor.add_head(head).map_err(|error| AppError::corrupt("anchor", error))?;
        }
        Ok(anchor.text())
    }
}

/// Checks an exported ledger, with no database at hand.
///
/// # Errors
/// [`AppError::Invalid`] when the file cannot be read; what is wrong with the ledger is in the answer.
pub fn verify_ledger_export(
    name: &str,
    mut reader: impl std::io::BufRead,
    anchor: Option<(&str, &[u8])>,
) -> AppResult<Verification> {
    let anchor = anchor.map(|(name, bytes)| AnchorFile { name, bytes });
    verify_export(&mut reader, name, anchor, &mut NoArchive)
        .map_err(|error| AppError::invalid("export", format!("无法读取 {name}：{error}")))
}

/// The stored entries, read page by page.
struct Pages<'a> {
    app: &'a App,
    after: i64,
    page: std::vec::IntoIter<storage::ledger::EntryRow>,
    is_over: bool,
}

impl<'a> Pages<'a> {
    fn new(app: &'a App) -> Self {
        Self { app, after: i64::MIN, page: Vec::new().into_iter(), is_over: false }
    }
}

impl Iterator for Pages<'_> {
    type Item = AppResult<EntryRow>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.page.next() {
                self.after = row.sequence;
                return Some(Ok(EntryRow {
                    sequence: row.sequence,
                    text: row.entry_text.into_bytes(),
                    hash: row.hash.into_bytes(),
                }));
            }
            if self.is_over {
                return None;
            }
            let after = self.after;
            match self.app.store().read(|connection| storage::ledger::entries(connection, after, ENTRIES_AT_ONCE)) {
                Ok(rows) if rows.is_empty() => self.is_over = true,
                Ok(rows) => self.page = rows.into_iter(),
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error.into()));
                }
            }
        }
    }
}
