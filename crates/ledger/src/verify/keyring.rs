//! The keys that may sign heads, as the chain announces them.

use crate::anchor::Anchor;
use crate::entry::{Entry, InstallationId};
use crate::head::Head;
use crate::key::{KEY_ANNOUNCED, KeyRecord};
use crate::limits::MAX_KEYS;

/// A key and where it was announced.
struct Announced {
    record: KeyRecord,
    sequence: u64,
}

/// Keys by the order of their announcement.
///
/// With an anchor, the first keys of the chain must be those of the anchor, and the anchor is what is trusted. Each
/// further key must be signed by the one before. Without an anchor the first key is taken as the ledger gives it.
pub(super) struct Keyring {
    installation: InstallationId,
    anchored: Option<Vec<KeyRecord>>,
    announced: Vec<Announced>,
}

impl Keyring {
    pub(super) fn new(installation: InstallationId, anchor: Option<&Anchor>) -> Self {
        Self { installation, anchored: anchor.map(|anchor| anchor.keys().to_vec()), announced: Vec::new() }
    }

    pub(super) fn count(&self) -> usize {
        self.announced.len()
    }

    /// Takes up the key that an entry announces, if it does.
    pub(super) fn read(&mut self, entry: &Entry) -> Result<(), String> {
        if entry.kind.as_str() != KEY_ANNOUNCED {
            return Ok(());
        }
        let record = KeyRecord::of_detail(&entry.detail).ok_or("宣布的公钥写法不对")?;
        if entry.subject.as_str() != record.key_id.as_str() {
            return Err("宣布的公钥与所写编号不符".to_owned());
        }
        if self.announced.len() >= MAX_KEYS {
            return Err(format!("宣布的公钥超过 {MAX_KEYS} 把"));
        }
        self.accept(&record).map_err(|fault| format!("宣布的公钥 {}{fault}", record.key_id))?;
        self.announced.push(Announced { record, sequence: entry.sequence });
        Ok(())
    }

    fn accept(&self, record: &KeyRecord) -> Result<(), String> {
        let anchored = self.anchored.as_ref().and_then(|keys| keys.get(self.announced.len()));
        if let Some(anchored) = anchored {
            let is_same = anchored == record;
            return if is_same {
                Ok(())
            } else {
                Err("与锚文件里的不同：账本被整体换过，或锚文件不是这一套系统的".to_owned())
            };
        }
        let before = self.announced.last().map(|before| &before.record);
        let fault = record.fault(&self.installation, before.unwrap_or(record));
        if let Some(fault) = fault {
            return Err(fault.to_owned());
        }
        match before {
            Some(before) if record.valid_from_us < before.valid_from_us => Err("的有效期早于前一把公钥".to_owned()),
            Some(_) if self.announced.iter().any(|other| other.record.key_id == record.key_id) => {
                Err("已经宣布过".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Whether a head stands where the chain is: announced key, right signature, within its validity.
    pub(super) fn check(&self, head: &Head) -> Result<(), String> {
        let place = self.announced.iter().position(|known| known.record.key_id == head.key_id);
        let known = place.and_then(|place| self.announced.get(place));
        let next = place.and_then(|place| self.announced.get(place.saturating_add(1)));
        let record = known.map(|known| &known.record);
        self.check_signature(head, record)?;
        let is_retired =
            next.is_some_and(|next| next.sequence <= head.sequence || next.record.valid_from_us <= head.at_us);
        if is_retired || record.is_some_and(|record| !record.covers(head.at_us)) {
            return Err(format!("是用不在有效期内的公钥 {} 签的", head.key_id));
        }
        Ok(())
    }

    /// Whether the signature of a head beyond the end of the chain is one of a known key, announced or anchored.
    pub(super) fn check_beyond(&self, head: &Head) -> Result<(), String> {
        let announced = self.announced.iter().map(|known| &known.record);
        let mut known = announced.chain(self.anchored.iter().flatten());
        let record = known.find(|record| record.key_id == head.key_id);
        self.check_signature(head, record)?;
        match record {
            Some(record) if !record.covers(head.at_us) => Err(format!("是用不在有效期内的公钥 {} 签的", head.key_id)),
            _ => Ok(()),
        }
    }

    fn check_signature(&self, head: &Head, record: Option<&KeyRecord>) -> Result<(), String> {
        if head.installation != self.installation {
            return Err("属于另一套系统".to_owned());
        }
        let Some(record) = record else {
            return Err(format!("所用公钥 {} 没有在账本里宣布过", head.key_id));
        };
        if record.public.has_signed(&head.own_message(), &head.signature) {
            Ok(())
        } else {
            Err("签名不对：被改动过，或是伪造的".to_owned())
        }
    }

    /// Whether a list of keys is what the chain announced; otherwise what differs.
    pub(super) fn differs_from(&self, listed: &[KeyRecord]) -> Option<String> {
        let places = self.announced.len().max(listed.len());
        (0..places)
            .find(|place| listed.get(*place) != self.announced.get(*place).map(|known| &known.record))
            .map(|place| format!("所列第 {} 把公钥与账本宣布的不同", place.saturating_add(1)))
    }
}
