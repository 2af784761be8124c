//! When marks and keys may be shown to an examinee (公布). Keys never leave the server before.

use jiff::Timestamp;

use crate::rules::{ReleaseKeys, ReleaseMarks, Rules};

/// What decides whether something of one attempt may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseFacts {
    /// The attempt has ended.
    pub ended: bool,
    /// The person has another attempt open.
    pub answering: bool,
    /// The last instant at which anybody's answer may still count: [`crate::clock::last_answer_at`].
    pub last_answer_at: Timestamp,
}

/// Whether marks, verdict and clause may be shown at `now`.
pub fn marks_released(rules: &Rules, facts: &ReleaseFacts, now: Timestamp) -> bool {
    facts.ended
        && match rules.release_marks {
            ReleaseMarks::AtSubmission => true,
            ReleaseMarks::AfterWindow => now > facts.last_answer_at,
        }
}

/// Whether keys, explanations and citations may be shown at `now`: never before the marks, and never while the
/// person is answering another paper of the same exam.
pub fn keys_released(rules: &Rules, facts: &ReleaseFacts, now: Timestamp) -> bool {
    marks_released(rules, facts, now)
        && !facts.answering
        && match rules.release_keys {
            ReleaseKeys::AtSubmission => true,
            ReleaseKeys::AfterWindow => now > facts.last_answer_at,
            ReleaseKeys::Never => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::MarksCenti;

    fn at(text: &str) -> Timestamp {
        format!("2026-12-01T{text}+08:00").parse().unwrap()
    }

    #[test]
    fn marks_and_keys_have_a_rule_each() {
        use ReleaseKeys::{AfterWindow as K, AtSubmission as KNow, Never};
        use ReleaseMarks::{AfterWindow as M, AtSubmission as MNow};
        // last possible answer at 18:02
        for (release_marks, release_keys, ended, answering, now, marks, keys) in [
            (MNow, K, false, true, "10:00:00", false, false),
            (MNow, K, true, false, "10:00:00", true, false),
            (MNow, K, true, false, "18:01:00", true, false), // somebody may still be sending
            (MNow, K, true, false, "18:02:00", true, false),
            (MNow, K, true, false, "18:02:01", true, true),
            (MNow, KNow, true, false, "10:00:00", true, true),
            (MNow, KNow, true, true, "10:00:00", true, false), // a second try is open
            (MNow, Never, true, false, "23:00:00", true, false),
            (M, K, true, false, "17:00:00", false, false),
            (M, K, true, false, "18:02:01", true, true),
            (M, KNow, true, false, "17:00:00", false, false),
            (M, Never, true, false, "18:02:01", true, false),
            (M, K, false, false, "23:00:00", false, false), // never sat: nothing to show
        ] {
            let rules = Rules { release_marks, release_keys, ..Rules::with_pass_marks(MarksCenti::from_whole(60)) };
            let facts = ReleaseFacts { ended, answering, last_answer_at: at("18:02:00") };
            let shown = (marks_released(&rules, &facts, at(now)), keys_released(&rules, &facts, at(now)));
            assert_eq!(shown, (marks, keys), "{release_marks:?} {release_keys:?} {facts:?} {now}");
        }
    }
}
