//! What a taker sent, what was acknowledged, and whether the server holds it.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::answer::{Answer, Held, Shape};

/// An answer as it was sent. Orders as the server orders: by epoch, then by revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) epoch: u32,
    pub(crate) revision: u32,
    pub(crate) answer: Answer,
}

impl Sent {
    fn order(self) -> (u32, u32) {
        (self.epoch, self.revision)
    }
}

/// A slot's answer as the server holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldAnswer {
    pub(crate) revision: u32,
    pub(crate) response: Held,
}

/// An acknowledged answer that the server does not hold (丢失的答案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lost {
    /// The slot, from 1.
    pub(crate) slot: u16,
    /// What was acknowledged.
    pub(crate) acked: Sent,
    /// What is there instead.
    pub(crate) held: Option<HeldAnswer>,
}

/// What a comparison finds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// Acknowledged and not held; each slot is named once in the life of a ledger.
    pub(crate) lost: Vec<Lost>,
    /// Slots that hold what was never sent.
    pub(crate) strange: Vec<u16>,
}

#[derive(Debug, Clone)]
struct Slot {
    shape: Shape,
    /// The latest acknowledged answer.
    acked: Option<Sent>,
    /// Sent after it, with a fate not known.
    open: Vec<Sent>,
    /// The highest revision that was given out or shown.
    revision: u32,
    is_lost: bool,
    /// Whether it held an answer before this taker came: an earlier rehearsal's, not ours to judge.
    was_there: bool,
}

/// The ledger of one attempt (应答账).
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    slots: Vec<Slot>,
}

impl Ledger {
    pub(crate) fn new(shapes: Vec<Shape>) -> Self {
        let slot = |shape| Slot { shape, acked: None, open: Vec::new(), revision: 0, is_lost: false, was_there: false };
        Self { slots: shapes.into_iter().map(slot).collect() }
    }

    /// How many slots there are.
    pub(crate) fn slots(&self) -> u16 {
        u16::try_from(self.slots.len()).unwrap_or(u16::MAX)
    }

    fn slot(&mut self, slot: u16) -> Option<&mut Slot> {
        self.slots.get_mut(usize::from(slot).checked_sub(1)?)
    }

    fn numbered(&self) -> impl Iterator<Item = (u16, &Slot)> {
        (1_u16..).zip(&self.slots)
    }

    /// An answer that is given now: its revision counts on.
    pub(crate) fn answer(&mut self, slot: u16, epoch: u32, choice: Option<u32>) -> Option<Sent> {
        let slot = self.slot(slot)?;
        slot.revision = slot.revision.saturating_add(1);
        let answer = choice.map_or(Answer::Cleared, |choice| slot.shape.answer(choice));
        Some(Sent { epoch, revision: slot.revision, answer })
    }

    /// It goes out: from now on the server may hold it.
    pub(crate) fn sent(&mut self, slot: u16, sent: Sent) {
        if let Some(slot) = self.slot(slot)
            && !slot.open.contains(&sent)
        {
            slot.open.push(sent);
        }
    }

    /// The server said that it is stored. False when it was never sent.
    pub(crate) fn acked(&mut self, slot: u16, sent: Sent) -> bool {
        let Some(slot) = self.slot(slot) else { return false };
        if !slot.open.contains(&sent) {
            return false;
        }
        slot.open.retain(|other| other.order() > sent.order());
        if slot.acked.is_none_or(|acked| acked.order() < sent.order()) {
            slot.acked = Some(sent);
        }
        true
    }

    /// Whether the server's word for a slot is a later answer of this taker's own.
    pub(crate) fn is_own_later(&mut self, slot: u16, sent: Sent, held: &HeldAnswer) -> bool {
        self.slot(slot).is_some_and(|slot| {
            slot.open.iter().chain(&slot.acked).any(|own| own.order() > sent.order() && matches(held, *own))
        })
    }

    /// What another device was shown: revisions count on from there.
    pub(crate) fn shown(&mut self, held: &BTreeMap<u16, HeldAnswer>) {
        for (slot, answer) in held {
            if let Some(slot) = self.slot(*slot) {
                slot.revision = slot.revision.max(answer.revision);
            }
        }
    }

    /// What was there when the taker came.
    pub(crate) fn found(&mut self, held: &BTreeMap<u16, HeldAnswer>) {
        for slot in held.keys() {
            if let Some(slot) = self.slot(*slot) {
                slot.was_there = true;
            }
        }
        self.shown(held);
    }

    /// Compares with all that the server holds of this attempt.
    pub(crate) fn compare(&mut self, held: &BTreeMap<u16, HeldAnswer>) -> Findings {
        let mut findings = Findings::default();
        for (number, slot) in (1_u16..).zip(&mut self.slots) {
            let here = held.get(&number);
            let known =
                here.and_then(|here| slot.open.iter().chain(&slot.acked).find(|own| matches(here, **own)).copied());
            match (slot.acked, known) {
                // Seen where it belongs: that is as good as a reply.
                (acked, Some(known)) if acked.is_none_or(|acked| acked.order() <= known.order()) => {
                    slot.open.retain(|other| other.order() > known.order());
                    slot.acked = Some(known);
                }
                (Some(acked), _) if !slot.is_lost => {
                    slot.is_lost = true;
                    findings.lost.push(Lost { slot: number, acked, held: here.cloned() });
                }
                (None, None) if here.is_some() && !slot.was_there => findings.strange.push(number),
                _ => {}
            }
        }
        findings
    }

    /// Takes slots as lost that a hand-in was refused for, or that a receipt lists as unanswered.
    pub(crate) fn missing(&mut self, slots: &[u16], only_answers: bool) -> Findings {
        let mut findings = Findings::default();
        for number in slots {
            let Some(slot) = self.slot(*number) else { continue };
            let Some(acked) = slot.acked.filter(|acked| !only_answers || acked.answer.is_answer()) else { continue };
            if !slot.is_lost && slot.open.is_empty() {
                slot.is_lost = true;
                findings.lost.push(Lost { slot: *number, acked, held: None });
            }
        }
        findings
    }

    /// How many slots must count as answered: at least, and at most when answers of unknown fate are stored.
    pub(crate) fn answered(&self) -> (u32, u32) {
        let (mut least, mut most) = (0, 0);
        for slot in &self.slots {
            let acked = slot.acked.is_some_and(|acked| acked.answer.is_answer());
            let maybe = slot.open.iter().any(|open| open.answer.is_answer());
            let maybe = maybe || slot.was_there && slot.acked.is_none();
            let never = slot.open.iter().any(|open| !open.answer.is_answer());
            least += u32::from(acked && !never);
            most += u32::from(acked || maybe);
        }
        (least, most)
    }

    /// The latest acknowledged revision of each slot, for a hand-in.
    pub(crate) fn revisions(&self) -> impl Iterator<Item = (u16, u32)> {
        self.numbered().filter_map(|(number, slot)| Some((number, slot.acked?.revision)))
    }

    /// The digest that a receipt must show (回执摘要): SHA-256 over what was stored, as canonical JSON with the
    /// answers as `[slot, epoch, revision, response]`, the response being JSON in a text. None while the fate of an
    /// answer is unknown or one is lost.
    pub(crate) fn digest(&self, attempt: &str, exam: &str, submitted_at: &str) -> Option<String> {
        let is_unsure = |slot: &Slot| slot.is_lost || !slot.open.is_empty() || (slot.was_there && slot.acked.is_none());
        if self.slots.iter().any(is_unsure) {
            return None;
        }
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let answers: Vec<String> = self
            .numbered()
            .filter_map(|(number, slot)| Some((number, slot.acked?)))
            .map(|(number, acked)| {
                format!("[{number},{},{},{}]", acked.epoch, acked.revision, text(&acked.answer.to_string()))
            })
            .collect();
        let content = format!(
            r#"{{"answers":[{}],"attempt":{},"exam":{},"submitted_at":{}}}"#,
            answers.join(","),
            text(attempt),
            text(exam),
            text(submitted_at)
        );
        Some(Sha256::digest(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

fn matches(held: &HeldAnswer, own: Sent) -> bool {
    held.revision == own.revision && held.response.is(own.answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> Ledger {
        Ledger::new(vec![Shape::Judgement; 3])
    }

    fn holds(slots: &[(u16, u32, bool)]) -> BTreeMap<u16, HeldAnswer> {
        slots
            .iter()
            .map(|(slot, revision, truth)| (*slot, HeldAnswer { revision: *revision, response: Held::Truth(*truth) }))
            .collect()
    }

    /// Gives an answer to slot 1 and sends it; acknowledged or not.
    fn give(ledger: &mut Ledger, choice: u32, acked: bool) -> Sent {
        let sent = ledger.answer(1, 1, Some(choice)).unwrap();
        ledger.sent(1, sent);
        if acked {
            assert!(ledger.acked(1, sent));
        }
        sent
    }

    #[test]
    fn an_acknowledged_answer_must_be_there() {
        // (acked?, choice)…, what is held, whether slot 1 is lost
        type Case = (&'static [(bool, u32)], &'static [(u16, u32, bool)], bool);
        let cases: [Case; 10] = [
            (&[(true, 0)], &[(1, 1, true)], false),
            (&[(true, 0)], &[], true),
            (&[(true, 0)], &[(1, 1, false)], true),
            (&[(true, 0)], &[(1, 2, true)], true),
            (&[(true, 0), (true, 1)], &[(1, 2, false)], false),
            (&[(true, 0), (true, 1)], &[(1, 1, true)], true),
            (&[(true, 0), (false, 1)], &[(1, 1, true)], false),
            (&[(true, 0), (false, 1)], &[(1, 2, false)], false),
            (&[(false, 0)], &[], false),
            (&[(false, 0)], &[(1, 1, true)], false),
        ];
        for (given, held, is_lost) in cases {
            let mut ledger = ledger();
            for (acked, choice) in given {
                give(&mut ledger, *choice, *acked);
            }
            let findings = ledger.compare(&holds(held));
            assert_eq!(findings.lost.len(), usize::from(is_lost), "{given:?} {held:?} {findings:?}");
            assert!(findings.strange.is_empty());
            assert!(ledger.compare(&holds(held)).lost.is_empty(), "each loss is told once");
        }
    }

    #[test]
    fn what_was_never_sent_is_strange() {
        let mut ledger = ledger();
        give(&mut ledger, 0, true);
        assert_eq!(ledger.compare(&holds(&[(1, 1, true), (2, 1, true)])).strange, [2]);
    }

    #[test]
    fn seeing_an_answer_is_as_good_as_a_reply() {
        let mut ledger = ledger();
        give(&mut ledger, 0, true);
        let second = give(&mut ledger, 1, false);
        assert_eq!(ledger.compare(&holds(&[(1, 2, false)])), Findings::default());
        assert_eq!(ledger.revisions().collect::<Vec<_>>(), [(1, second.revision)]);
        assert_eq!(ledger.compare(&holds(&[(1, 1, true)])).lost.len(), 1, "from now on it must be there");
    }

    #[test]
    fn another_device_counts_on_in_a_new_epoch() {
        let mut ledger = ledger();
        give(&mut ledger, 0, true);
        ledger.shown(&holds(&[(1, 5, true)]));
        let later = ledger.answer(1, 2, Some(1)).unwrap();
        assert_eq!((later.epoch, later.revision), (2, 6));
        ledger.sent(1, later);
        assert!(ledger.acked(1, later));
        assert!(!ledger.acked(1, Sent { revision: 9, ..later }), "never sent");
    }

    #[test]
    fn a_late_reply_does_not_bring_an_old_answer_back() {
        let mut ledger = ledger();
        let first = give(&mut ledger, 0, false);
        let second = give(&mut ledger, 1, false);
        let held = HeldAnswer { revision: 2, response: Held::Truth(false) };
        assert!(ledger.is_own_later(1, first, &held) && !ledger.is_own_later(1, second, &held));
        assert!(ledger.acked(1, second));
        assert!(!ledger.acked(1, first), "its fate was settled by the later one");
        assert_eq!(ledger.revisions().collect::<Vec<_>>(), [(1, 2)]);
    }

    #[test]
    fn counts_allow_for_what_nobody_knows() {
        let mut ledger = ledger();
        give(&mut ledger, 0, true);
        assert_eq!(ledger.answered(), (1, 1));
        let cleared = ledger.answer(1, 1, None).unwrap();
        ledger.sent(1, cleared);
        assert_eq!(ledger.answered(), (0, 1));
        assert_eq!(ledger.digest("a", "e", "t"), None);
        assert!(ledger.acked(1, cleared));
        assert_eq!(ledger.answered(), (0, 0));
        assert!(ledger.missing(&[1, 2, 9], true).lost.is_empty(), "a cleared slot is rightly unanswered");
        assert_eq!(ledger.missing(&[1], false).lost.len(), 1);
    }

    #[test]
    fn what_was_there_before_is_not_ours() {
        let mut ledger = ledger();
        ledger.found(&holds(&[(2, 4, true)]));
        assert_eq!(ledger.compare(&holds(&[(2, 4, true)])), Findings::default());
        assert_eq!((ledger.answered(), ledger.digest("a", "e", "t")), ((0, 1), None));
        assert_eq!(ledger.answer(2, 1, Some(0)).unwrap().revision, 5);
    }

    #[test]
    fn the_digest_is_that_of_the_receipt() {
        let mut ledger = Ledger::new(vec![Shape::Choice { letters: 0b1111, many: false }, Shape::Judgement]);
        for (slot, choice) in [(1, Some(1)), (2, None)] {
            let sent = ledger.answer(slot, 1, choice).unwrap();
            ledger.sent(slot, sent);
            assert!(ledger.acked(slot, sent));
        }
        let content = r#"{"answers":[[1,1,1,"[\"B\"]"],[2,1,1,"null"]],"attempt":"a","exam":"e","submitted_at":"t"}"#;
        let expected: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(ledger.digest("a", "e", "t"), Some(expected));
    }
}
