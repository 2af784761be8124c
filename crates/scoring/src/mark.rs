//! From a response to a fraction, from a fraction to a mark.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::blank::blank_matches;
use crate::fraction::Fraction;
use crate::key::{Key, OptionId};
use crate::response::Response;

/// How 多选 questions are marked. It is a rule of the exam, shown to the examinee before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MultipleRule {
    /// 多选、少选、错选均不得分: only exactly the right options earn anything.
    AllOrNothing,
    /// 漏选得部分分，错选不得分: right options chosen ÷ right options, nothing once a wrong one is chosen.
    #[default]
    PartialWithoutWrong,
    /// 逐项判分: each option is a decision (chosen or left); right decisions ÷ options.
    ///
    /// The floor: nothing is earned unless a right option is chosen and more than half of the decisions
    /// are right, so neither an empty response nor blind ticking pays.
    PerChoice,
}

/// How one slot is marked, as decided for an exam after doubts about a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotPolicy {
    /// By its key.
    #[default]
    ByKey,
    /// 送分: everybody who had the question gets all its marks, answered or not.
    GiveToAll,
    /// 送分（限已作答）: everybody who gave some answer gets all its marks.
    GiveToAnswered,
}

/// A response and a key that do not belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MarkingError {
    /// The response is of another kind than the key: marking must stop, not give a zero.
    #[error("作答与答案的题型不一致：请核对本题的版本，核对前不要评分")]
    KindMismatch,
}

/// The fraction that a response earns under a key; `rule` matters for 多选 only.
///
/// # Errors
///
/// [`MarkingError::KindMismatch`] when response and key are of different kinds.
pub fn fraction(key: &Key, response: &Response, rule: MultipleRule) -> Result<Fraction, MarkingError> {
    let all_if = |right: bool| if right { Fraction::ONE } else { Fraction::ZERO };
    match (key, response) {
        (_, Response::Cleared) => Ok(Fraction::ZERO),
        (Key::Single { accepted }, Response::Options(chosen)) => {
            Ok(all_if(chosen.len() == 1 && chosen.is_subset(accepted)))
        }
        (Key::Multiple { right, options }, Response::Options(chosen)) => {
            Ok(multiple(right, usize::from(*options), chosen, rule))
        }
        (Key::Truth(right), Response::Truth(given)) => Ok(all_if(right == given)),
        (Key::Blanks(blanks), Response::Blanks(texts)) => {
            let right = blanks.iter().zip(texts).filter(|(accepted, text)| blank_matches(accepted, text)).count();
            Ok(Fraction::of_counts(right, blanks.len()))
        }
        _ => Err(MarkingError::KindMismatch),
    }
}

/// [`fraction`] under the policy of the slot (送分).
///
/// # Errors
///
/// As [`fraction`].
pub fn fraction_under(
    policy: SlotPolicy,
    key: &Key,
    response: &Response,
    rule: MultipleRule,
) -> Result<Fraction, MarkingError> {
    match policy {
        SlotPolicy::GiveToAll => Ok(Fraction::ONE),
        SlotPolicy::GiveToAnswered if response.is_answer() => Ok(Fraction::ONE),
        SlotPolicy::GiveToAnswered => Ok(Fraction::ZERO),
        SlotPolicy::ByKey => fraction(key, response, rule),
    }
}

fn multiple(right: &BTreeSet<OptionId>, options: usize, chosen: &BTreeSet<OptionId>, rule: MultipleRule) -> Fraction {
    let hits = right.intersection(chosen).count();
    let wrong = chosen.len().saturating_sub(hits);
    let missed = right.len().saturating_sub(hits);
    match rule {
        MultipleRule::AllOrNothing if wrong == 0 && missed == 0 => Fraction::ONE,
        MultipleRule::AllOrNothing => Fraction::ZERO,
        MultipleRule::PartialWithoutWrong if wrong > 0 => Fraction::ZERO,
        MultipleRule::PartialWithoutWrong => Fraction::of_counts(hits, right.len()),
        MultipleRule::PerChoice => {
            let decided_right = options.saturating_sub(wrong + missed);
            if hits == 0 || decided_right * 2 <= options {
                Fraction::ZERO
            } else {
                Fraction::of_counts(decided_right, options)
            }
        }
    }
}

/// The mark (得分) of a slot worth `marks_centi`, in hundredths of a mark; a half is rounded up.
///
/// A slot worth less than nothing is worth nothing.
pub fn mark_centi(fraction: Fraction, marks_centi: i64) -> i64 {
    let worth = i128::from(marks_centi.max(0));
    let (numerator, denominator) = (i128::from(fraction.numerator()), i128::from(fraction.denominator()));
    let rounded = (2 * numerator * worth + denominator) / (2 * denominator);
    // The fraction is at most 1, so the result is at most `marks_centi` and fits.
    i64::try_from(rounded).unwrap_or(marks_centi)
}

/// The total (总分) of a paper: the sum of its slots, each already rounded.
pub fn total_centi(slots: impl IntoIterator<Item = i64>) -> i64 {
    slots.into_iter().fold(0, i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::options_in_key_order;
    use proptest::prelude::*;

    fn set(text: &str) -> BTreeSet<OptionId> {
        text.chars().map(|c| c.to_string().parse().unwrap()).collect()
    }

    fn options(text: &str) -> Response {
        if text.is_empty() { Response::Cleared } else { Response::Options(set(text)) }
    }

    fn of(numerator: i64, denominator: i64) -> Fraction {
        Fraction::new(numerator, denominator).unwrap()
    }

    #[test]
    fn the_three_rules_of_multiple_choice() {
        use MultipleRule::{AllOrNothing, PartialWithoutWrong, PerChoice};
        let zero = (0, 1);
        // key, options, chosen, all-or-nothing, partial, per choice
        for (right, of_options, chosen, all, partial, each) in [
            ("ac", 4, "ac", (1, 1), (1, 1), (1, 1)),
            ("ac", 4, "a", zero, (1, 2), (3, 4)),
            ("ac", 4, "ab", zero, zero, zero),
            ("ac", 4, "abc", zero, zero, (3, 4)),
            ("ac", 4, "abcd", zero, zero, zero),
            ("ac", 4, "b", zero, zero, zero),
            ("ac", 4, "", zero, zero, zero),
            ("abd", 4, "ab", zero, (2, 3), (3, 4)),
            ("abd", 4, "d", zero, (1, 3), zero),
            ("abcd", 5, "abc", zero, (3, 4), (4, 5)),
            ("abcd", 5, "abcde", zero, zero, (4, 5)),
            ("af", 6, "b", zero, zero, zero),
            ("af", 6, "a", zero, (1, 2), (5, 6)),
        ] {
            let key = Key::Multiple { right: set(right), options: of_options };
            for (rule, (n, d)) in [(AllOrNothing, all), (PartialWithoutWrong, partial), (PerChoice, each)] {
                assert_eq!(fraction(&key, &options(chosen), rule), Ok(of(n, d)), "{right} {chosen} {rule:?}");
            }
        }
    }

    #[test]
    fn the_other_kinds_do_not_look_at_the_rule() {
        let single = Key::single("b".parse().unwrap());
        let two = Key::Single { accepted: set("bc") };
        let blanks = Key::blanks(vec![vec!["六个月".into(), "半年".into()], vec!["警告".into()]]).unwrap();
        let texts = |a: &str, b: &str| Response::Blanks(vec![a.into(), b.into()]);
        for rule in [MultipleRule::AllOrNothing, MultipleRule::PartialWithoutWrong, MultipleRule::PerChoice] {
            for (key, response, expected) in [
                (&single, options("b"), of(1, 1)),
                (&single, options("a"), of(0, 1)),
                (&single, options(""), of(0, 1)),
                (&two, options("c"), of(1, 1)),
                (&two, options("bc"), of(0, 1)),
                (&Key::Truth(false), Response::Truth(false), of(1, 1)),
                (&Key::Truth(false), Response::Truth(true), of(0, 1)),
                (&Key::Truth(false), Response::Cleared, of(0, 1)),
                (&blanks, texts("6 个月", "警告"), of(1, 1)),
                (&blanks, texts("半年", ""), of(1, 2)),
                (&blanks, texts("警告", "六个月"), of(0, 1)),
            ] {
                assert_eq!(fraction(key, &response, rule), Ok(expected), "{key:?} {response:?}");
            }
        }
    }

    #[test]
    fn a_response_of_another_kind_stops_the_marking() {
        let rule = MultipleRule::default();
        for (key, response) in [
            (Key::Truth(true), options("a")),
            (Key::single("a".parse().unwrap()), Response::Truth(true)),
            (Key::Multiple { right: set("ab"), options: 4 }, Response::Blanks(vec!["a".into()])),
        ] {
            assert_eq!(fraction(&key, &response, rule), Err(MarkingError::KindMismatch));
        }
    }

    #[test]
    fn a_question_can_be_given_to_all() {
        let key = Key::single("a".parse().unwrap());
        for (policy, response, expected) in [
            (SlotPolicy::ByKey, options("b"), Fraction::ZERO),
            (SlotPolicy::GiveToAll, options("b"), Fraction::ONE),
            (SlotPolicy::GiveToAll, Response::Cleared, Fraction::ONE),
            (SlotPolicy::GiveToAnswered, options("b"), Fraction::ONE),
            (SlotPolicy::GiveToAnswered, Response::Cleared, Fraction::ZERO),
        ] {
            assert_eq!(fraction_under(policy, &key, &response, MultipleRule::default()), Ok(expected));
        }
    }

    #[test]
    fn marks_round_half_up_to_a_hundredth() {
        for (n, d, worth, expected) in [
            (1, 1, 200, 200),
            (1, 2, 200, 100),
            (1, 3, 200, 67),
            (2, 3, 200, 133),
            (1, 2, 1, 1),   // 0.005 → 0.01
            (1, 2, 25, 13), // 0.125 → 0.13
            (1, 4, 1, 0),
            (3, 4, 150, 113), // 1.125 → 1.13
            (0, 1, 200, 0),
            (1, 1, 0, 0),
            (1, 1, -5, 0),
            (1, 1, i64::MAX, i64::MAX),
        ] {
            assert_eq!(mark_centi(of(n, d), worth), expected, "{n}/{d} of {worth}");
        }
        assert_eq!(total_centi([67, 67, 67]), 201, "the total is the sum of rounded slots, not of fractions");
    }

    #[test]
    fn rules_have_the_names_of_the_contract() {
        for (rule, text) in [
            (MultipleRule::AllOrNothing, "\"all_or_nothing\""),
            (MultipleRule::PartialWithoutWrong, "\"partial_without_wrong\""),
            (MultipleRule::PerChoice, "\"per_choice\""),
        ] {
            assert_eq!(serde_json::to_string(&rule).unwrap(), text);
        }
        assert_eq!(serde_json::to_string(&SlotPolicy::GiveToAll).unwrap(), "\"give_to_all\"");
    }

    fn subset(options: u8, mask: u8) -> BTreeSet<OptionId> {
        options_in_key_order(options)
            .into_iter()
            .zip(0..)
            .filter(|(_, i)| mask & (1 << i) != 0)
            .map(|(id, _)| id)
            .collect()
    }

    fn given(chosen: BTreeSet<OptionId>) -> Response {
        if chosen.is_empty() { Response::Cleared } else { Response::Options(chosen) }
    }

    /// One better decision (a right option chosen, a wrong one left) never costs anything, and only exactly the
    /// right options earn all: every key of two to six options with every response.
    #[test]
    fn a_better_decision_never_costs() {
        for (options, right_mask) in (2u8..=6).flat_map(|options| (1..1 << options).map(move |mask| (options, mask))) {
            let right = subset(options, right_mask);
            let key = Key::Multiple { right: right.clone(), options };
            for rule in [MultipleRule::AllOrNothing, MultipleRule::PartialWithoutWrong, MultipleRule::PerChoice] {
                let earned: Vec<Fraction> = (0u8..1 << options)
                    .map(|mask| fraction(&key, &given(subset(options, mask)), rule).unwrap())
                    .collect();
                for chosen in 0u8..1 << options {
                    let before = earned[usize::from(chosen)];
                    assert!((Fraction::ZERO..=Fraction::ONE).contains(&before));
                    assert_eq!(before.is_one(), chosen == right_mask, "{key:?} {chosen:b} {rule:?}");
                    for bit in (0..options).map(|at| 1u8 << at).filter(|bit| (chosen ^ right_mask) & bit != 0) {
                        let after = earned[usize::from(chosen ^ bit)];
                        assert!(after >= before, "{key:?} {chosen:b} → {:b} {rule:?}", chosen ^ bit);
                    }
                }
            }
        }
    }

    proptest! {
        /// A mark lies between nothing and the worth, and a larger fraction never earns less.
        #[test]
        fn marks_are_bounded_and_monotone(d in 1i64..500, a in 0i64..500, b in 0i64..500, worth in 0i64..100_000) {
            let (a, b) = (a.min(d), b.min(d));
            let (low, high) = (a.min(b), a.max(b));
            let (low, high) = (mark_centi(of(low, d), worth), mark_centi(of(high, d), worth));
            prop_assert!(0 <= low && low <= high && high <= worth);
        }

        /// Each blank that is put right raises the fraction by exactly its share.
        #[test]
        fn blanks_add_up(right in proptest::collection::vec(any::<bool>(), 1..6)) {
            let key = Key::blanks(vec![vec!["六个月".to_owned()]; right.len()]).unwrap();
            let texts = right.iter().map(|r| if *r { "6个月" } else { "三个月" }.to_owned()).collect();
            let count = i64::try_from(right.iter().filter(|r| **r).count()).unwrap();
            let all = i64::try_from(right.len()).unwrap();
            prop_assert_eq!(fraction(&key, &Response::Blanks(texts), MultipleRule::default()), Ok(of(count, all)));
        }
    }
}
