//! What becomes of a hand-in (交卷).

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::attempt::AttemptState;
use crate::clock::is_due_for_closing;
use crate::save::{SaveFacts, SaveOrder};

/// What becomes of a hand-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionDecision {
    /// Hand in now.
    Submit {
        /// After the deadline, within the late-sync time.
        late: bool,
    },
    /// The time is over and nobody has closed it yet: close it by its deadline, mark it, and give the receipt.
    /// Answers already saved are never refused because the hand-in came late.
    CloseByDeadline,
    /// It was handed in before, by the person or by the deadline: the same receipt again.
    AlreadySubmitted,
    /// The phone has answers that the server lacks: they are to be sent first (未上传的题).
    AnswersMissing {
        /// The slots.
        slots: Vec<u32>,
    },
    /// Another device has taken over: this one cannot hand in.
    TakenOver,
    /// It is void.
    Voided,
}

/// What becomes of a hand-in by a device of `epoch` (`None`: the current one), which says by `revisions` what it
/// holds of each slot, given what is stored.
///
/// A device counts revisions on from those it was shown, so within an epoch or over an older one the stored
/// revision must have reached the device's.
pub fn decide_submission(
    facts: &SaveFacts,
    epoch: Option<i64>,
    revisions: &BTreeMap<u32, i64>,
    stored: &BTreeMap<u32, SaveOrder>,
    now: Timestamp,
) -> SubmissionDecision {
    match facts.state {
        AttemptState::Submitted | AttemptState::AutoSubmitted => return SubmissionDecision::AlreadySubmitted,
        AttemptState::Voided => return SubmissionDecision::Voided,
        AttemptState::Answering => {}
    }
    if is_due_for_closing(facts.deadline, facts.late_sync_seconds, now) {
        return SubmissionDecision::CloseByDeadline;
    }
    let epoch = epoch.unwrap_or(facts.epoch);
    if epoch < facts.epoch {
        return SubmissionDecision::TakenOver;
    }
    let has = |slot: &u32, revision: i64| {
        stored.get(slot).is_some_and(|held| held.epoch > epoch || held.revision >= revision)
    };
    let slots: Vec<u32> = revisions
        .iter()
        .filter(|(slot, revision)| **revision > 0 && !has(slot, **revision))
        .map(|(slot, _)| *slot)
        .collect();
    if slots.is_empty() {
        SubmissionDecision::Submit { late: now > facts.deadline }
    } else {
        SubmissionDecision::AnswersMissing { slots }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-12-01T{text}+08:00").parse().unwrap()
    }

    fn facts(state: AttemptState) -> SaveFacts {
        SaveFacts { state, epoch: 2, deadline: at("10:00:00"), late_sync_seconds: 120, slots: 50 }
    }

    /// "answers saved, hand-in late: refused instead of marked" (Alanosy/online-exam-system-backend).
    #[test]
    fn a_hand_in_follows_state_and_clock() {
        use AttemptState::{Answering, AutoSubmitted, Submitted, Voided};
        use SubmissionDecision as D;
        for (state, epoch, now, expected) in [
            (Answering, None, "09:30:00", D::Submit { late: false }),
            (Answering, Some(2), "10:00:00", D::Submit { late: false }),
            (Answering, Some(2), "10:00:01", D::Submit { late: true }),
            (Answering, Some(2), "10:02:00", D::Submit { late: true }),
            (Answering, Some(2), "10:02:01", D::CloseByDeadline),
            (Answering, Some(1), "09:30:00", D::TakenOver),
            (Submitted, Some(2), "09:30:00", D::AlreadySubmitted),
            (Submitted, Some(1), "12:00:00", D::AlreadySubmitted),
            (AutoSubmitted, None, "12:00:00", D::AlreadySubmitted),
            (Voided, None, "09:30:00", D::Voided),
        ] {
            let decision = decide_submission(&facts(state), epoch, &BTreeMap::new(), &BTreeMap::new(), at(now));
            assert_eq!(decision, expected, "{state:?} {epoch:?} {now}");
        }
    }

    /// "shown as chosen, never stored" (meesudzu/trac-nghiem-online#20): the hand-in compares what the phone holds.
    #[test]
    fn answers_that_the_server_lacks_are_named() {
        let stored: BTreeMap<u32, SaveOrder> = [(1, (2, 3)), (2, (1, 5)), (4, (3, 1))]
            .map(|(slot, (epoch, revision))| (slot, SaveOrder { epoch, revision }))
            .into();
        for (revisions, missing) in [
            (vec![(1, 3)], vec![]),
            (vec![(1, 2)], vec![]),
            (vec![(1, 4)], vec![1]),
            (vec![(2, 5)], vec![]),             // shown to this device when it took over
            (vec![(2, 6), (3, 1)], vec![2, 3]), // changed here, and never stored
            (vec![(3, 0)], vec![]),             // never touched
            (vec![(4, 9)], vec![]),             // a newer epoch holds it
        ] {
            let revisions: BTreeMap<u32, i64> = revisions.into_iter().collect();
            let expected = if missing.is_empty() {
                SubmissionDecision::Submit { late: false }
            } else {
                SubmissionDecision::AnswersMissing { slots: missing }
            };
            let facts = facts(AttemptState::Answering);
            assert_eq!(decide_submission(&facts, None, &revisions, &stored, at("09:30:00")), expected, "{revisions:?}");
        }
        let after = BTreeMap::from([(3, 1)]);
        assert_eq!(
            decide_submission(&facts(AttemptState::Answering), None, &after, &stored, at("10:05:00")),
            SubmissionDecision::CloseByDeadline,
            "what can no longer be accepted holds up nothing"
        );
    }
}
