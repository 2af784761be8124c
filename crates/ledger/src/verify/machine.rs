//! The verifier: entries and heads go in one by one, the first place that cannot be right comes out.

use std::cmp::Ordering;

use crate::anchor::Anchor;
use crate::archive::Archive;
use crate::chain::genesis;
use crate::digest::Digest;
use crate::entry::{Entry, InstallationId};
use crate::head::Head;
use crate::key::KeyRecord;
use crate::limits::MAX_ENTRY_BYTES;

use super::keyring::Keyring;
use super::seals::Seals;
use super::watch::{AnchorWatch, Source};
use super::{AnchorFile, Checks, EntryRow, FirstBad, HeadRow, Verification};

/// Checks a ledger in one pass. After the first fault it only counts entries.
///
/// Memory: the keys, the anchor, the last generation of each sealed exam, one manifest.
pub struct Verifier {
    sequence: u64,
    hash: Digest,
    keys: Keyring,
    anchor: Option<AnchorWatch>,
    seals: Seals,
    /// The first stored head that lies beyond the chain so far.
    beyond: Option<Head>,
    entries: u64,
    checks: Checks,
    first_bad: Option<FirstBad>,
}

impl Verifier {
    /// Begins with the empty chain of an installation, and the anchor if there is one.
    pub fn new(installation: InstallationId, anchor: Option<AnchorFile<'_>>) -> Self {
        let (anchor, fault) = match anchor.map(|file| (file.name, read_anchor(&installation, file))) {
            Some((name, Ok(anchor))) => (Some((name, anchor)), None),
            Some((_, Err(fault))) => (None, Some(fault)),
            None => (None, None),
        };
        Self {
            sequence: 0,
            hash: genesis(&installation),
            keys: Keyring::new(installation.clone(), anchor.as_ref().map(|(_, anchor)| anchor)),
            checks: Checks { keys_anchored: anchor.is_some(), ..Checks::default() },
            anchor: anchor.map(|(name, anchor)| AnchorWatch::new(name, anchor)),
            seals: Seals::new(installation),
            beyond: None,
            entries: 0,
            first_bad: fault,
        }
    }

    /// Takes the next entry.
    pub fn entry(&mut self, row: &EntryRow, archive: &mut dyn Archive) {
        self.entries = self.entries.saturating_add(1);
        if self.first_bad.is_none() {
            let outcome = self.check_entry(row, archive);
            self.record(outcome);
        }
    }

    /// Takes a stored head; it belongs after its entry and before the next.
    pub fn head(&mut self, row: &HeadRow) {
        if self.first_bad.is_none() {
            let outcome = self.check_head_row(row);
            self.record(outcome);
        }
    }

    /// Notes a fault that the caller found at this point, such as a line of an export that is none.
    pub fn fault(&mut self, fault: FirstBad) {
        self.record(Err(fault));
    }

    /// The number of the last entry that was right.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Checks that keys listed elsewhere are those that the chain announced. `name` is the file that lists them.
    pub fn listed_keys(&mut self, name: &str, listed: &[KeyRecord]) {
        if let Some(fault) = self.keys.differs_from(listed) {
            self.record(Err(FirstBad::file(name, format!("导出文件{fault}"))));
        }
    }

    /// Checks what shows only at the end: heads beyond the last entry.
    pub fn end_of_chain(&mut self) {
        if self.first_bad.is_none() {
            let outcome = self.check_end();
            self.record(outcome);
        }
    }

    /// Checks the end and the folders of the lake, and gives the outcome.
    pub fn finish(mut self, archive: &mut dyn Archive) -> Verification {
        self.end_of_chain();
        if self.first_bad.is_none() {
            let outcome = self.seals.check_unsealed(archive);
            self.record(outcome);
        }
        self.checks.keys = u64::try_from(self.keys.count()).unwrap_or(u64::MAX);
        Verification {
            entries: self.entries,
            valid: self.first_bad.is_none(),
            first_bad: self.first_bad,
            checks: self.checks,
        }
    }

    fn record(&mut self, outcome: Result<(), FirstBad>) {
        if self.first_bad.is_none() {
            self.first_bad = outcome.err();
        }
    }

    fn check_entry(&mut self, row: &EntryRow, archive: &mut dyn Archive) -> Result<(), FirstBad> {
        let expected = self.sequence.saturating_add(1);
        check_place(row.sequence, expected)?;
        if let Some(head) = &self.beyond {
            return Err(Source::Stored.bad(head.sequence, "的次序不对"));
        }
        let hash = check_hash(row, expected)?;
        let entry = Entry::parse(&row.text)
            .map_err(|fault| FirstBad::entry(expected, format!("第 {expected} 条的内容{fault}")))?;
        if entry.sequence != expected {
            let reason = format!("此处应是第 {expected} 条，内容却写着第 {} 条", entry.sequence);
            return Err(FirstBad::entry(expected, reason));
        }
        if entry.previous != self.hash {
            return Err(self.broken_link(expected));
        }
        (self.sequence, self.hash) = (expected, hash);
        self.keys.read(&entry).map_err(|fault| FirstBad::entry(expected, format!("第 {expected} 条{fault}")))?;
        self.seals.read(&entry, archive, &mut self.checks)?;
        self.meet_anchor()
    }

    /// Which of two neighbours is named when the later does not follow the earlier: both are whole in themselves, so
    /// one was replaced together with its hash. The earlier one, as a rule (its content was changed and its follower was
    /// not); the later one when a head vouches for the earlier.
    fn broken_link(&self, later: u64) -> FirstBad {
        if later == 1 {
            return FirstBad::entry(1, "第 1 条不接在本系统账本的起点之后：第 1 条被换过，或安装编号不符");
        }
        let earlier = later.saturating_sub(1);
        if self.checks.signed_to == Some(earlier) {
            let reason =
                format!("第 {later} 条不接在第 {earlier} 条之后，而第 {earlier} 条有签名头为证：第 {later} 条被换过");
            FirstBad::entry(later, reason)
        } else {
            let reason = format!("第 {earlier} 条与第 {later} 条所记的前一条指纹不符：第 {earlier} 条连同指纹被换过");
            FirstBad::entry(earlier, reason)
        }
    }

    fn check_head_row(&mut self, row: &HeadRow) -> Result<(), FirstBad> {
        let number = u64::try_from(row.sequence).unwrap_or_default();
        let head = Head::parse(&row.text).map_err(|fault| Source::Stored.bad(number, &fault.to_string()))?;
        if i64::try_from(head.sequence) != Ok(row.sequence) {
            let fault = format!("存为第 {} 条的，内容却写着第 {} 条", row.sequence, head.sequence);
            return Err(Source::Stored.bad(number, &fault));
        }
        match head.sequence.cmp(&self.sequence) {
            Ordering::Less => Err(Source::Stored.bad(head.sequence, "的次序不对")),
            Ordering::Equal => self.match_head(&head, &Source::Stored),
            Ordering::Greater => {
                self.beyond.get_or_insert(head);
                Ok(())
            }
        }
    }

    /// Checks the anchor's heads of the entry just reached.
    fn meet_anchor(&mut self) -> Result<(), FirstBad> {
        while let Some((head, source)) = self.anchor.as_mut().and_then(|anchor| anchor.reached(self.sequence)) {
            self.match_head(&head, &source)?;
            self.checks.anchored_to = Some(self.sequence);
        }
        Ok(())
    }

    /// Compares a head with the chain at its entry.
    fn match_head(&mut self, head: &Head, source: &Source) -> Result<(), FirstBad> {
        let at = self.sequence;
        self.keys.check(head).map_err(|fault| source.bad(at, &fault))?;
        if head.hash != self.hash {
            return Err(self.rewritten(source));
        }
        self.checks.heads = self.checks.heads.saturating_add(1);
        self.checks.signed_to = Some(at);
        Ok(())
    }

    fn rewritten(&self, source: &Source) -> FirstBad {
        let (at, title) = (self.sequence, source.title());
        let earliest = self.checks.signed_to.unwrap_or_default().saturating_add(1);
        let range =
            if earliest == at { String::new() } else { format!("，改写始于第 {earliest} 至第 {at} 条之间") };
        let reason = format!("第 {at} 条与{title}签下的指纹不符：账本在签名之后被改写{range}");
        FirstBad { earliest: Some(earliest), ..FirstBad::entry(at, reason) }
    }

    fn check_end(&mut self) -> Result<(), FirstBad> {
        let stored = self.beyond.take().map(|head| (head, Source::Stored));
        let anchored = self.anchor.as_mut().and_then(AnchorWatch::left);
        let first = match (stored, anchored) {
            (Some(stored), Some(anchored)) if anchored.0.sequence < stored.0.sequence => Some(anchored),
            (stored, anchored) => stored.or(anchored),
        };
        let Some((head, source)) = first else { return Ok(()) };
        self.keys.check_beyond(&head).map_err(|fault| source.bad(head.sequence, &fault))?;
        let next = self.sequence.saturating_add(1);
        let reason = format!(
            "账本末尾被截去：{}记到第 {} 条，现只有 {} 条，第 {next} 条起缺失",
            source.title(),
            head.sequence,
            self.sequence,
        );
        Err(FirstBad::entry(next, reason))
    }
}

fn read_anchor(installation: &InstallationId, file: AnchorFile<'_>) -> Result<Anchor, FirstBad> {
    let anchor = Anchor::parse(file.bytes).map_err(|error| FirstBad::file(file.name, error.to_string()))?;
    if anchor.installation() == installation {
        Ok(anchor)
    } else {
        Err(FirstBad::file(file.name, "锚文件与账本的安装编号不同：不是同一套系统的，或其一被改动过"))
    }
}

fn check_place(stored: i64, expected: u64) -> Result<(), FirstBad> {
    let stored_at = u64::try_from(stored).ok();
    match stored_at.map(|stored| stored.cmp(&expected)) {
        Some(Ordering::Equal) => Ok(()),
        Some(Ordering::Greater) => {
            let reason = format!("缺第 {expected} 条：此处是第 {stored} 条，中间被删去或次序被调换");
            Err(FirstBad::entry(expected, reason))
        }
        Some(Ordering::Less) | None => {
            let reason = format!("此处应是第 {expected} 条，却是编号 {stored} 的一条：重复、次序被调换或编号被改");
            Err(FirstBad::entry(expected, reason))
        }
    }
}

fn check_hash(row: &EntryRow, expected: u64) -> Result<Digest, FirstBad> {
    if row.text.len() > MAX_ENTRY_BYTES {
        let reason = format!("第 {expected} 条的内容超过 {MAX_ENTRY_BYTES} 字节的上限");
        return Err(FirstBad::entry(expected, reason));
    }
    let stored = Digest::from_hex(&row.hash)
        .ok_or_else(|| FirstBad::entry(expected, format!("第 {expected} 条的指纹不是 64 位小写十六进制")))?;
    if Entry::hash_of(&row.text) == stored {
        Ok(stored)
    } else {
        let reason = format!("第 {expected} 条的内容与所存指纹不符：内容或指纹在写入之后被改动");
        Err(FirstBad::entry(expected, reason))
    }
}
