//! Whether an answer that arrives is stored. The answers of an attempt are a register: each slot holds the
//! response with the highest (epoch, revision), whatever the order of arrival.

use jiff::Timestamp;
use thiserror::Error;

use crate::attempt::AttemptState;
use crate::clock::late_until;

/// The highest revision of a slot that is accepted.
pub const REVISION_MAX: i64 = 1_000_000_000;

/// The order of answers to a slot: first by epoch (代次), then by revision (修订号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SaveOrder {
    /// Rises when another device takes over.
    pub epoch: i64,
    /// Counted by the device for each slot, on from what it was shown.
    pub revision: i64,
}

/// What is known of the attempt, read in the transaction that stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaveFacts {
    /// Its state.
    pub state: AttemptState,
    /// Its current epoch.
    pub epoch: i64,
    /// Its deadline, with any extension.
    pub deadline: Timestamp,
    /// The late-sync time, in seconds.
    pub late_sync_seconds: i64,
    /// How many slots its paper has.
    pub slots: u32,
}

/// An answer that arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingAnswer<R> {
    /// The slot, from 1.
    pub slot: u32,
    /// The epoch it was given under; `None` is the current one.
    pub epoch: Option<i64>,
    /// Its revision, from 1.
    pub revision: i64,
    /// The response.
    pub response: R,
    /// When the server got it.
    pub received_at: Timestamp,
}

/// The answer that a slot holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer<R> {
    /// Its order.
    pub order: SaveOrder,
    /// The response.
    pub response: R,
}

/// What becomes of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveOutcome {
    /// To be stored.
    Stored {
        /// It came after the deadline, within the late-sync time: it counts, and is marked late (迟到).
        late: bool,
    },
    /// The very same is stored already: nothing to write, and to the phone it is stored.
    AlreadyStored,
    /// A later answer is stored.
    Superseded,
    /// An older device's answer to a slot that the newer device has touched.
    TakenOver,
    /// The attempt takes no more answers.
    Closed {
        /// It would have changed something: it is kept apart, and a manager decides with a reason (留待复核).
        kept_for_review: bool,
    },
    /// It can never be stored.
    Invalid(InvalidSave),
}

impl SaveOutcome {
    /// The word of the contract: `stored`, `superseded` or `invalid`; none for a closed attempt, which is a problem.
    pub fn contract_name(&self) -> Option<&'static str> {
        match self {
            Self::Stored { .. } | Self::AlreadyStored => Some("stored"),
            Self::Superseded | Self::TakenOver => Some("superseded"),
            Self::Invalid(_) => Some("invalid"),
            Self::Closed { .. } => None,
        }
    }
}

/// Why an answer can never be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidSave {
    /// The paper has no such slot.
    #[error("这份试卷没有第 {slot} 题（共 {slots} 题）：请刷新页面")]
    UnknownSlot {
        /// The slot.
        slot: u32,
        /// How many there are.
        slots: u32,
    },
    /// No revision, or one out of range.
    #[error("修订号应是 1 到 {REVISION_MAX} 的整数：请刷新页面")]
    Revision,
    /// An epoch that never was.
    #[error("代次无效：请重新进入考试")]
    Epoch,
}

/// What becomes of an answer, given what its slot holds.
///
/// Sending again what is stored is always fine, even after the attempt has closed: the first reply may have been
/// lost. Otherwise an attempt that is no longer answering, or whose late-sync time is over, takes nothing, but
/// what would have changed something is kept for review.
pub fn decide_save<R: PartialEq>(
    facts: &SaveFacts,
    incoming: &IncomingAnswer<R>,
    stored: Option<&StoredAnswer<R>>,
) -> SaveOutcome {
    let order = match order_of(facts, incoming) {
        Ok(order) => order,
        Err(invalid) => return SaveOutcome::Invalid(invalid),
    };
    if let Some(stored) = stored {
        if stored.order == order && stored.response == incoming.response {
            return SaveOutcome::AlreadyStored;
        }
        if stored.order >= order {
            let open = is_open(facts, incoming.received_at);
            return match (open, stored.order.epoch > order.epoch) {
                (false, _) => SaveOutcome::Closed { kept_for_review: false },
                (true, true) => SaveOutcome::TakenOver,
                (true, false) => SaveOutcome::Superseded,
            };
        }
    }
    if is_open(facts, incoming.received_at) {
        SaveOutcome::Stored { late: incoming.received_at > facts.deadline }
    } else {
        SaveOutcome::Closed { kept_for_review: true }
    }
}

fn order_of<R>(facts: &SaveFacts, incoming: &IncomingAnswer<R>) -> Result<SaveOrder, InvalidSave> {
    let epoch = incoming.epoch.unwrap_or(facts.epoch);
    if !(1..=facts.slots).contains(&incoming.slot) {
        return Err(InvalidSave::UnknownSlot { slot: incoming.slot, slots: facts.slots });
    }
    if !(1..=REVISION_MAX).contains(&incoming.revision) {
        return Err(InvalidSave::Revision);
    }
    if !(1..=facts.epoch).contains(&epoch) {
        return Err(InvalidSave::Epoch);
    }
    Ok(SaveOrder { epoch, revision: incoming.revision })
}

fn is_open(facts: &SaveFacts, received_at: Timestamp) -> bool {
    facts.state == AttemptState::Answering && received_at <= late_until(facts.deadline, facts.late_sync_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-12-01T{text}+08:00").parse().unwrap()
    }

    fn facts(state: AttemptState, late_sync_seconds: i64) -> SaveFacts {
        SaveFacts { state, epoch: 2, deadline: at("10:00:00"), late_sync_seconds, slots: 50 }
    }

    fn incoming(epoch: Option<i64>, revision: i64, response: &str, received: &str) -> IncomingAnswer<String> {
        IncomingAnswer { slot: 1, epoch, revision, response: response.into(), received_at: at(received) }
    }

    fn stored(epoch: i64, revision: i64, response: &str) -> Option<StoredAnswer<String>> {
        Some(StoredAnswer { order: SaveOrder { epoch, revision }, response: response.into() })
    }

    const STORED: SaveOutcome = SaveOutcome::Stored { late: false };
    const LATE: SaveOutcome = SaveOutcome::Stored { late: true };
    const KEPT: SaveOutcome = SaveOutcome::Closed { kept_for_review: true };
    const SHUT: SaveOutcome = SaveOutcome::Closed { kept_for_review: false };

    #[test]
    fn the_order_is_epoch_then_revision() {
        let facts = facts(AttemptState::Answering, 120);
        // incoming epoch, revision, response; stored
        for (epoch, revision, response, held, expected) in [
            (None, 1, "A", None, STORED),
            (Some(2), 1, "A", None, STORED),
            (Some(1), 1, "A", None, STORED), // the older device fills an untouched slot
            (Some(2), 4, "B", stored(2, 3, "A"), STORED),
            (Some(2), 3, "A", stored(2, 3, "A"), SaveOutcome::AlreadyStored),
            (Some(2), 3, "B", stored(2, 3, "A"), SaveOutcome::Superseded),
            (Some(2), 2, "A", stored(2, 3, "A"), SaveOutcome::Superseded),
            (Some(2), 1, "B", stored(1, 9, "A"), STORED),
            (None, 1, "B", stored(1, 9, "A"), STORED),
            (Some(1), 9, "B", stored(2, 1, "A"), SaveOutcome::TakenOver),
            (Some(1), 5, "B", stored(1, 4, "A"), STORED),
            (Some(1), 4, "B", stored(1, 4, "A"), SaveOutcome::Superseded),
        ] {
            let save = incoming(epoch, revision, response, "09:30:00");
            assert_eq!(decide_save(&facts, &save, held.as_ref()), expected, "{save:?} over {held:?}");
        }
    }

    /// ls1intum/Artemis#1469: a connection lost in the last minute must not cost the paper.
    #[test]
    fn late_answers_count_for_a_while_and_are_kept_after_it() {
        use AttemptState::{Answering, AutoSubmitted, Submitted, Voided};
        for (state, late_sync, received, held, expected) in [
            (Answering, 120, "10:00:00", None, STORED),
            (Answering, 120, "10:00:01", None, LATE),
            (Answering, 120, "10:02:00", None, LATE),
            (Answering, 120, "10:02:01", None, KEPT),
            (Answering, 0, "10:00:00", None, STORED), // 任前必考
            (Answering, 0, "10:00:01", None, KEPT),
            (Submitted, 120, "09:30:00", None, KEPT),
            (AutoSubmitted, 120, "10:01:00", None, KEPT),
            (Voided, 120, "09:30:00", None, KEPT),
            (Submitted, 120, "09:30:00", stored(2, 7, "B"), SaveOutcome::AlreadyStored),
            (AutoSubmitted, 120, "11:00:00", stored(2, 7, "B"), SaveOutcome::AlreadyStored),
            (Submitted, 120, "09:30:00", stored(2, 8, "A"), SHUT),
            (Submitted, 120, "09:30:00", stored(2, 6, "A"), KEPT),
            (Answering, 120, "10:03:00", stored(2, 7, "A"), SHUT),
        ] {
            let save = incoming(Some(2), 7, "B", received);
            let outcome = decide_save(&facts(state, late_sync), &save, held.as_ref());
            assert_eq!(outcome, expected, "{state:?} {received} over {held:?}");
        }
    }

    #[test]
    fn what_can_never_be_stored_is_invalid() {
        let facts = facts(AttemptState::Answering, 120);
        let invalid = SaveOutcome::Invalid;
        for (slot, epoch, revision, expected) in [
            (0, None, 1, invalid(InvalidSave::UnknownSlot { slot: 0, slots: 50 })),
            (51, None, 1, invalid(InvalidSave::UnknownSlot { slot: 51, slots: 50 })),
            (50, None, 1, STORED),
            (1, None, 0, invalid(InvalidSave::Revision)),
            (1, None, REVISION_MAX, STORED),
            (1, None, REVISION_MAX + 1, invalid(InvalidSave::Revision)),
            (1, Some(3), 1, invalid(InvalidSave::Epoch)),
            (1, Some(0), 1, invalid(InvalidSave::Epoch)),
        ] {
            let save = IncomingAnswer { slot, ..incoming(epoch, revision, "A", "09:30:00") };
            assert_eq!(decide_save(&facts, &save, None), expected, "{save:?}");
        }
    }

    #[test]
    fn outcomes_have_the_words_of_the_contract() {
        for (outcome, word) in [
            (LATE, Some("stored")),
            (SaveOutcome::AlreadyStored, Some("stored")),
            (SaveOutcome::Superseded, Some("superseded")),
            (SaveOutcome::TakenOver, Some("superseded")),
            (SaveOutcome::Invalid(InvalidSave::Revision), Some("invalid")),
            (KEPT, None),
        ] {
            assert_eq!(outcome.contract_name(), word);
        }
    }

    /// Saves by two or three devices: every (epoch, revision) has one response.
    fn saves() -> impl Strategy<Value = Vec<(i64, i64)>> {
        proptest::collection::vec((1i64..=3, 1i64..=6), 1..30).prop_shuffle()
    }

    proptest! {
        /// Whatever order saves arrive in, however often, the slot ends with the highest (epoch, revision), and
        /// every save whose reply says stored is the slot's content at that moment.
        #[test]
        fn any_permutation_ends_in_the_highest(saves in saves(), current in proptest::collection::vec(0i64..=2, 30)) {
            let mut held: Option<StoredAnswer<String>> = None;
            for ((epoch, revision), above) in saves.iter().zip(current) {
                // The attempt's epoch is at least the answer's, and need not be final yet.
                let facts = SaveFacts { epoch: (epoch + above).min(3), ..facts(AttemptState::Answering, 120) };
                let response = format!("{epoch}.{revision}");
                let save = incoming(Some(*epoch), *revision, &response, "09:30:00");
                match decide_save(&facts, &save, held.as_ref()) {
                    SaveOutcome::Stored { .. } => {
                        let order = SaveOrder { epoch: *epoch, revision: *revision };
                        held = Some(StoredAnswer { order, response });
                    }
                    SaveOutcome::AlreadyStored => prop_assert_eq!(&held.as_ref().unwrap().response, &response),
                    SaveOutcome::Superseded | SaveOutcome::TakenOver => {
                        let order = SaveOrder { epoch: *epoch, revision: *revision };
                        prop_assert!(held.as_ref().unwrap().order > order);
                    }
                    other => prop_assert!(false, "{other:?}"),
                }
            }
            let highest = saves.iter().max().unwrap();
            let held = held.unwrap();
            prop_assert_eq!((held.order.epoch, held.order.revision), *highest);
            prop_assert_eq!(held.response, format!("{}.{}", highest.0, highest.1));
        }
    }
}
