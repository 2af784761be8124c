//! What a bank holds, in numbers (题库统计).

use crate::question::{Answer, Question};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts by some word.
pub type Counts = BTreeMap<String, usize>;

/// The counts of a bank. Questions count cases once; slots count their parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankStats {
    /// Questions.
    pub questions: usize,
    /// Slots: questions that are no case, and parts of cases.
    pub slots: usize,
    /// Questions by the law of their first citation.
    pub by_law: Counts,
    /// Questions by kind (题型).
    pub by_kind: Counts,
    /// Questions by level (认知层次).
    pub by_level: Counts,
    /// Questions by pool (题库池).
    pub by_pool: Counts,
    /// Questions by state (状态).
    pub by_state: Counts,
    /// Questions by main topic (知识点).
    pub by_topic: Counts,
    /// Questions by audience (适用对象); a question counts under each.
    pub by_audience: Counts,
    /// 判断 by key: `true`, `false`.
    pub judgements: Counts,
    /// 单选 by the position of the key in the bank.
    pub key_positions: Counts,
    /// 多选 by number of right options.
    pub right_options: Counts,
    /// Questions by prior facility (预估答对率), in bands of a tenth, such as `0.6–0.7`; a band holds its lower bound.
    pub by_facility: Counts,
}

/// Upper bounds of the bands of facility.
const BANDS: [(f64, &str); 9] = [
    (0.2, "0.1–0.2"),
    (0.3, "0.2–0.3"),
    (0.4, "0.3–0.4"),
    (0.5, "0.4–0.5"),
    (0.6, "0.5–0.6"),
    (0.7, "0.6–0.7"),
    (0.8, "0.7–0.8"),
    (0.9, "0.8–0.9"),
    (1.1, "0.9–1.0"),
];

/// Counts the questions.
pub fn stats<'a>(questions: impl IntoIterator<Item = &'a Question>) -> BankStats {
    let mut all = BankStats::default();
    for question in questions {
        all.questions += 1;
        all.slots += question.items().len();
        add(&mut all.by_law, question.law().map_or("", |law| law.as_str()));
        add(&mut all.by_kind, question.kind().as_str());
        add(&mut all.by_level, question.level.as_str());
        add(&mut all.by_pool, question.pool.as_str());
        add(&mut all.by_state, question.state.as_str());
        add(&mut all.by_topic, question.topics.first().map_or("", |topic| topic.as_str()));
        question.audience.iter().for_each(|audience| add(&mut all.by_audience, audience.as_str()));
        add(&mut all.by_facility, band(question.prior_facility));
        for item in question.items() {
            match &item.answer {
                Answer::Judgement { key, .. } => add(&mut all.judgements, if *key { "true" } else { "false" }),
                Answer::Single { key, .. } => add(&mut all.key_positions, key.as_str()),
                Answer::Multiple { key, .. } => add(&mut all.right_options, &key.len().to_string()),
                Answer::Blank { .. } | Answer::Essay { .. } => {}
            }
        }
    }
    all
}

fn add(counts: &mut Counts, word: &str) {
    *counts.entry(word.to_owned()).or_default() += 1;
}

fn band(facility: f64) -> &'static str {
    if facility < 0.1 {
        return "0.0–0.1";
    }
    BANDS.iter().find(|(upper, _)| facility < *upper).map_or("0.9–1.0", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use crate::fixtures::{all_kinds, bank};

    #[test]
    fn everything_is_counted_once() {
        let stats = super::stats(bank(all_kinds()).questions());
        assert_eq!((stats.questions, stats.slots), (6, 7));
        for counts in [
            &stats.by_law,
            &stats.by_kind,
            &stats.by_level,
            &stats.by_pool,
            &stats.by_state,
            &stats.by_topic,
            &stats.by_facility,
        ] {
            assert_eq!(counts.values().sum::<usize>(), 6);
        }
        assert_eq!((stats.judgements["true"], stats.judgements["false"]), (1, 1));
        assert_eq!((stats.key_positions["a"], stats.key_positions["b"]), (1, 1));
        assert_eq!(stats.right_options["2"], 1);
        assert_eq!((stats.by_facility["0.6–0.7"], stats.by_facility["0.7–0.8"]), (5, 1));
    }
}
