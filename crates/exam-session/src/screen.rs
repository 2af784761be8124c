//! Leaving the exam page (切屏): what counts as a leave, and what follows when there are too many.
//!
//! The phone says when its page was out of sight and for how long. That is a claim, as everything from a phone: it is
//! kept with the attempt for a person to judge, and marks nothing. A phone whose screen goes off has left the page,
//! too; nobody loses an answer by it, whatever the rule.

use serde::{Deserialize, Serialize};

/// The most leaves that a rule may allow.
pub const LEAVES_MAX: u32 = 100;
/// The longest time that a page may be out of sight without a leave, in seconds.
pub const AWAY_MAX_SECONDS: i64 = 600;
/// From how many seconds on a page out of sight is a leave, where the rule does not say.
pub const AWAY_DEFAULT_SECONDS: i64 = 10;
/// Leaves kept of one attempt at the most; what a phone claims beyond is counted and not listed.
pub const LEAVES_KEPT: u32 = 200;

/// How often the page may be left (离开页面), and what follows when it is left more often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreenLeaves {
    /// Leaves that are allowed (最多次数).
    pub most: u32,
    /// A page out of sight for less is no leave: a call that is turned away, a message that drops in.
    #[serde(default = "away_default")]
    pub from_seconds: i64,
    /// What follows.
    #[serde(default)]
    pub then: TooManyLeaves,
}

/// What follows when the page was left too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TooManyLeaves {
    /// 记录在案: the person goes on, the desk sees it, and people decide.
    #[default]
    Record,
    /// 交卷: the phone hands in, with every answer that it holds.
    HandIn,
}

fn away_default() -> i64 {
    AWAY_DEFAULT_SECONDS
}

/// What a time out of sight amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaveDecision {
    /// Whether it is a leave at all.
    pub is_leave: bool,
    /// The leaves of the attempt now.
    pub counted: u32,
    /// Whether the phone is to hand in.
    pub hand_in: bool,
}

/// Decides on a page that was out of sight for `away_ms` milliseconds, after `counted` leaves.
pub fn decide_leave(rule: &ScreenLeaves, counted: u32, away_ms: i64) -> LeaveDecision {
    let is_leave = away_ms >= rule.from_seconds.saturating_mul(1000);
    let counted = counted.saturating_add(u32::from(is_leave));
    LeaveDecision { is_leave, counted, hand_in: counted > rule.most && rule.then == TooManyLeaves::HandIn }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(then: TooManyLeaves) -> ScreenLeaves {
        ScreenLeaves { most: 3, from_seconds: 10, then }
    }

    #[test]
    fn a_short_while_out_of_sight_is_no_leave() {
        let kept = LeaveDecision { is_leave: false, counted: 2, hand_in: false };
        assert_eq!(decide_leave(&rule(TooManyLeaves::HandIn), 2, 9_999), kept);
        assert_eq!(decide_leave(&rule(TooManyLeaves::HandIn), 2, -5), kept);
        assert!(decide_leave(&rule(TooManyLeaves::HandIn), 2, 10_000).is_leave);
    }

    /// edwisely-ai/Tech-Bridge#242: a screen that went off handed the paper in. Only a rule that says so does.
    #[test]
    fn too_many_leaves_hand_in_only_where_the_rule_says_so() {
        for (counted, then, hand_in) in [
            (2, TooManyLeaves::HandIn, false),
            (3, TooManyLeaves::HandIn, true),
            (3, TooManyLeaves::Record, false),
            (u32::MAX, TooManyLeaves::Record, false),
        ] {
            let decided = decide_leave(&rule(then), counted, 60_000);
            assert_eq!((decided.counted, decided.hand_in), (counted.saturating_add(1), hand_in), "{counted} {then:?}");
        }
    }

    #[test]
    fn the_rule_is_read_with_its_defaults() {
        let read: ScreenLeaves = serde_json::from_str(r#"{"most": 3}"#).unwrap();
        assert_eq!(read, ScreenLeaves { most: 3, from_seconds: 10, then: TooManyLeaves::Record });
        assert!(serde_json::from_str::<ScreenLeaves>(r#"{"most": 3, "then": "punish"}"#).is_err());
    }
}
