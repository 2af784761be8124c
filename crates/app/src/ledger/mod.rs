//! The ledger (审计账本): whoever holds the lease chains what was noted, and signs a head a day.

mod archive;
mod sealing;
mod tables;
mod views;

pub use views::verify_ledger_export;

use std::collections::BTreeMap;

use ledger::{
    Act, ActKind, ActorId, Chain, Detail, Digest, HeadSigner, InstallationId, StoredEntry, SubjectId, Validity,
};
use serde_json::{Value, json};
use storage::DbConnection;
use storage::acts::ActRow;
use storage::ledger::EntryRow;

use crate::clock::{day, from_micros};
use crate::secrets::{lock_key, sha256_hex};
use crate::{App, AppError, AppResult, new_id};

/// Name of the setting that holds the installation's id.
const INSTALLATION_SETTING: &str = "installation";
/// Acts chained in one transaction.
const ACTS_AT_ONCE: i64 = 200;
/// The field of a noted act that is a free text, and what stands for it in the chain.
const REASON: &str = "reason";
const REASON_DIGEST: &str = "reason_sha256";
/// Who acts where no account does.
const SYSTEM: &str = "system";

impl App {
    /// The id of this installation, made once.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn installation(&self) -> AppResult<InstallationId> {
        let known = self.store().read(|connection| storage::settings::get(connection, INSTALLATION_SETTING))?;
        if let Some(id) = known {
            return Ok(InstallationId::from(id));
        }
        let fresh = new_id();
        let id = self.store().write(move |connection| {
            // Another node may have been first: its id holds.
            storage::settings::set_once(connection, INSTALLATION_SETTING, &fresh)?;
            storage::settings::get(connection, INSTALLATION_SETTING)
        })?;
        id.map(InstallationId::from).ok_or_else(|| AppError::Internal("no installation id".to_owned()))
    }

    fn signer(&self) -> AppResult<HeadSigner> {
        Ok(HeadSigner::from_seed(self.installation()?, &self.secrets().ledger_seed()?))
    }

    /// Chains the acts that wait. Returns how many; any number of nodes may ask.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the end of the chain is damaged: nothing is built upon it.
    pub fn chain_acts(&self) -> AppResult<usize> {
        let mut chained = 0;
        loop {
            let signer = self.signer()?;
            let installation = self.installation()?;
            let now_us = self.now_us();
            let group = self.store().write(move |connection| {
                if !storage::ledger::take_lease(connection, lock_key("ledger", ""))? {
                    return Ok(0);
                }
                chain_group(connection, &installation, &signer, now_us)
            })?;
            chained += group;
            if i64::try_from(group).unwrap_or(i64::MAX) < ACTS_AT_ONCE {
                return Ok(chained);
            }
        }
    }

    /// Signs the end of the chain, if it has grown and the last head is of another day, or `now` asks for one.
    ///
    /// # Errors
    /// As [`App::chain_acts`].
    pub fn sign_head(&self, is_asked: bool) -> AppResult<bool> {
        let signer = self.signer()?;
        let installation = self.installation()?;
        let now_us = self.now_us();
        self.store().write(move |connection| {
            if !storage::ledger::take_lease(connection, lock_key("ledger", ""))? {
                return Ok(false);
            }
            let chain = end_of_chain(connection, &installation)?;
            if let Some((sequence, text)) = storage::ledger::last_head(connection)? {
                let head = ledger::Head::parse(text.as_bytes()).map_err(|error| AppError::corrupt("head", error))?;
                let is_of_today = day(from_micros(head.at_us)) == day(from_micros(now_us));
                let has_grown = u64::try_from(sequence).is_ok_and(|sequence| sequence < chain.sequence());
                if !has_grown || (is_of_today && !is_asked) {
                    return Ok(false);
                }
            }
            let Some(head) = signer.sign_head(&chain, now_us) else { return Ok(false) };
            let sequence = i64::try_from(head.sequence).unwrap_or(i64::MAX);
            storage::ledger::insert_head(connection, sequence, &head.text())?;
            Ok(true)
        })
    }
}

fn end_of_chain(connection: &mut DbConnection, installation: &InstallationId) -> AppResult<Chain> {
    let Some(tail) = storage::ledger::tail(connection)? else { return Ok(Chain::new(installation)) };
    let hash = Digest::from_hex(tail.hash.as_bytes())
        .ok_or_else(|| AppError::Internal(format!("账本第 {} 条的指纹不是指纹", tail.sequence)))?;
    let sequence = u64::try_from(tail.sequence).unwrap_or(0);
    Chain::resume(&StoredEntry { sequence, text: tail.entry_text, hash })
        .map_err(|error| AppError::Internal(error.to_string()))
}

/// One group of acts; the first of all is the key that signs the heads.
fn chain_group(
    connection: &mut DbConnection,
    installation: &InstallationId,
    signer: &HeadSigner,
    now_us: i64,
) -> AppResult<usize> {
    let pending = storage::ledger::pending(connection, ACTS_AT_ONCE)?;
    if pending.is_empty() {
        return Ok(0);
    }
    let mut chain = end_of_chain(connection, installation)?;
    let mut rows = Vec::with_capacity(pending.len());
    let keys: BTreeMap<String, String> = storage::ledger::keys(connection)?.into_iter().collect();
    if !keys.contains_key(signer.key_id().as_str()) {
        let record = signer.own_record(Validity { from_us: 0, until_us: None });
        let act = record.act(now_us, ActorId::from(SYSTEM)).map_err(|error| AppError::corrupt("key", error))?;
        rows.push(link(&mut chain, &act)?);
        storage::ledger::insert_key(connection, signer.key_id().as_str(), &record.text())?;
    }
    let mut places = Vec::with_capacity(pending.len());
    for row in &pending {
        let entry = link(&mut chain, &act_of(row)?)?;
        places.push((row.id.clone(), entry.sequence));
        rows.push(entry);
    }
    storage::ledger::append(connection, &rows, &places)?;
    Ok(pending.len())
}

fn link(chain: &mut Chain, act: &Act) -> AppResult<EntryRow> {
    let entry = chain.append(act).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(EntryRow {
        sequence: i64::try_from(entry.sequence).unwrap_or(i64::MAX),
        entry_text: entry.text,
        hash: entry.hash.to_string(),
    })
}

/// What enters the chain of a noted act's detail: in place of its reason, a free text that may name people or their
/// health, a digest. The text stays with the act: there it can be checked against the chain, and erased, id and all,
/// when the law asks for it.
fn chained_detail(row: &ActRow) -> String {
    let Ok(Value::Object(mut detail)) = serde_json::from_str(&row.detail_json) else {
        return row.detail_json.clone();
    };
    if let Some(reason) = reason_of(row) {
        detail.remove(REASON);
        detail.insert(REASON_DIGEST.to_owned(), reason_digest(&row.id, &reason).into());
    }
    Value::Object(detail).to_string()
}

/// The reason of an act, as noted.
fn reason_of(row: &ActRow) -> Option<String> {
    let detail: Value = serde_json::from_str(&row.detail_json).ok()?;
    detail.get(REASON)?.as_str().map(str::to_owned)
}

/// The digest of a reason: with the act's random id, so that nobody finds it by trying likely texts.
fn reason_digest(act: &str, reason: &str) -> String {
    sha256_hex(format!("{act}\0{reason}").as_bytes())
}

/// A noted act. One that cannot stand in an entry is named there instead: it must hold up no other.
fn act_of(row: &ActRow) -> AppResult<Act> {
    Act::of_pending(row.at, &row.actor, &row.kind, &row.subject, &chained_detail(row)).or_else(|error| {
        tracing::error!(act = row.id, %error, "an act cannot stand in the ledger as it is");
        let detail = Detail::new(json!({ "act": row.id })).map_err(|error| AppError::corrupt("act", error))?;
        Act::new(
            row.at.max(0),
            ActorId::from(SYSTEM),
            ActKind::from("act_unreadable"),
            SubjectId::from(row.id.as_str()),
            detail,
        )
        .map_err(|error| AppError::corrupt("act", error))
    })
}
