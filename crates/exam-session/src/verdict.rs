//! The verdict (结论): passed or failed, a band, and the clause that it rests on.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::marks::MarksCenti;
use crate::rules::{CountRule, EXCELLENT_BAND, Ground, MustBeRight, Rules, SlotKind};

/// The band shown when no band of the rules covers a pass.
const PASSED_BAND: &str = "合格";
/// The band shown when no band of the rules covers a fail.
const FAILED_BAND: &str = "不合格";

/// 合格 or 不合格.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassFail {
    /// 不合格.
    Failed,
    /// 合格.
    Passed,
}

/// One marked slot of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotMark<'a> {
    /// Its number, from 1.
    pub slot: u32,
    /// The title of its section.
    pub section: &'a str,
    /// Its kind.
    pub kind: SlotKind,
    /// The reference of its question.
    pub question: &'a str,
    /// The marks earned.
    pub marks: MarksCenti,
    /// It earned all its marks.
    pub correct: bool,
}

/// The verdict on one paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// 合格 or 不合格.
    pub verdict: PassFail,
    /// 等次.
    pub band: String,
    /// Whether it counts for the 优秀率.
    pub excellent: bool,
    /// What it rests on: every condition that failed, or that all were met.
    pub grounds: Vec<Ground>,
    /// The clause behind the grounds (条款): the rules' words, or a plain sentence.
    pub clause: String,
    /// What happened, in a plain sentence for each ground.
    pub details: Vec<String>,
    /// 总分.
    #[serde(rename = "marks")]
    pub marks_centi: MarksCenti,
}

/// The slots that must be right on a person's paper (必对题), to be marked as such when it is shown.
pub fn must_be_right_slots<'a>(
    rules: &Rules,
    slots: impl IntoIterator<Item = (u32, SlotKind, &'a str)>,
) -> BTreeSet<u32> {
    let mut slots: Vec<(u32, SlotKind, &str)> = slots.into_iter().collect();
    slots.sort_by_key(|(slot, ..)| *slot);
    let mut out = BTreeSet::new();
    for must in &rules.must_be_right {
        match must {
            MustBeRight::FirstOfKind { kind, count } => {
                let count = usize::try_from(*count).unwrap_or(usize::MAX);
                out.extend(slots.iter().filter(|(_, of, _)| of == kind).take(count).map(|(slot, ..)| *slot));
            }
            MustBeRight::Question { question } => {
                out.extend(slots.iter().filter(|(.., of)| of == question).map(|(slot, ..)| *slot));
            }
        }
    }
    out
}

/// The verdict on a marked paper.
pub fn verdict(rules: &Rules, slots: &[SlotMark<'_>]) -> Verdict {
    let total: MarksCenti = slots.iter().map(|slot| slot.marks).sum();
    let mut failures = Vec::new();
    if total < rules.pass_marks {
        failures.push((Ground::BelowPassMark, format!("总分 {total} 分，低于合格分 {} 分", rules.pass_marks)));
    }
    failures.extend(section_failures(rules, slots));
    failures.extend(must_be_right_failure(rules, slots));
    if failures.is_empty() {
        let detail = format!("总分 {total} 分，达到合格分 {} 分", rules.pass_marks);
        conclude(rules, total, PassFail::Passed, vec![(Ground::Passed, detail)])
    } else {
        conclude(rules, total, PassFail::Failed, failures)
    }
}

/// The verdict on a disqualified paper (取消成绩): failed, no marks.
pub fn disqualified(rules: &Rules) -> Verdict {
    let detail = "成绩已取消".to_owned();
    conclude(rules, MarksCenti::ZERO, PassFail::Failed, vec![(Ground::Disqualified, detail)])
}

fn section_failures(rules: &Rules, slots: &[SlotMark<'_>]) -> Vec<(Ground, String)> {
    let mut by_section: BTreeMap<&str, i64> = BTreeMap::new();
    for slot in slots {
        let sum = by_section.entry(slot.section).or_default();
        *sum = sum.saturating_add(slot.marks.centi());
    }
    let earned = |section: &str| MarksCenti::from_centi(by_section.get(section).copied().unwrap_or(0));
    rules
        .section_minima
        .iter()
        .filter(|minimum| earned(&minimum.section) < minimum.from)
        .map(|minimum| {
            let earned = earned(&minimum.section);
            let detail = format!("“{}”{earned} 分，低于最低分 {} 分", minimum.section, minimum.from);
            (Ground::SectionMinimum, detail)
        })
        .collect()
}

fn must_be_right_failure(rules: &Rules, slots: &[SlotMark<'_>]) -> Option<(Ground, String)> {
    let must = must_be_right_slots(rules, slots.iter().map(|slot| (slot.slot, slot.kind, slot.question)));
    let wrong: BTreeSet<u32> =
        slots.iter().filter(|slot| !slot.correct && must.contains(&slot.slot)).map(|slot| slot.slot).collect();
    if wrong.is_empty() {
        return None;
    }
    let numbers: Vec<String> = wrong.iter().map(u32::to_string).collect();
    Some((Ground::MustBeRight, format!("必对题第 {} 题未答对", numbers.join("、"))))
}

fn conclude(rules: &Rules, marks: MarksCenti, verdict: PassFail, found: Vec<(Ground, String)>) -> Verdict {
    let band = band(rules, marks, verdict);
    let mut clauses: Vec<&str> = Vec::new();
    for (ground, detail) in &found {
        let clause = rules.clauses.get(ground).unwrap_or(detail).as_str();
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    let clause = clauses.join("；");
    let mut grounds: Vec<Ground> = found.iter().map(|(ground, _)| *ground).collect();
    grounds.dedup();
    Verdict {
        verdict,
        excellent: verdict == PassFail::Passed && band == EXCELLENT_BAND,
        band,
        grounds,
        clause,
        details: found.into_iter().map(|(_, detail)| detail).collect(),
        marks_centi: marks,
    }
}

/// The highest band whose marks are reached. A fail never takes a band that begins at the pass mark or above,
/// whatever its total.
fn band(rules: &Rules, marks: MarksCenti, verdict: PassFail) -> String {
    let open_to = |from: MarksCenti| verdict == PassFail::Passed || from < rules.pass_marks;
    let reached = rules.bands.iter().filter(|band| band.from <= marks && open_to(band.from));
    let fallback = match verdict {
        PassFail::Passed => PASSED_BAND,
        PassFail::Failed => FAILED_BAND,
    };
    reached.max_by_key(|band| band.from).map_or_else(|| fallback.to_owned(), |band| band.name.clone())
}

/// One ended attempt, as far as choosing the one that counts must know it. Annulled ones are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptResult {
    /// Its number, from 1.
    pub number: u32,
    /// Its verdict.
    pub verdict: PassFail,
    /// Its marks.
    pub marks: MarksCenti,
}

/// The attempt that counts (计分的一次): the best (a pass before a fail, then by marks, then the earlier), the
/// last or the first.
pub fn counting_attempt(count: CountRule, attempts: &[AttemptResult]) -> Option<AttemptResult> {
    let by_number = |attempt: &&AttemptResult| attempt.number;
    match count {
        CountRule::First => attempts.iter().min_by_key(by_number),
        CountRule::Last => attempts.iter().max_by_key(by_number),
        CountRule::Best => {
            attempts.iter().max_by_key(|attempt| (attempt.verdict, attempt.marks, std::cmp::Reverse(attempt.number)))
        }
    }
    .copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Band, SectionMinimum};

    fn slot(slot: u32, section: &'static str, kind: SlotKind, marks: i64, correct: bool) -> SlotMark<'static> {
        SlotMark { slot, section, kind, question: "q", marks: MarksCenti::from_whole(marks), correct }
    }

    fn total(marks: i64) -> Vec<SlotMark<'static>> {
        vec![slot(1, "全卷", SlotKind::Single, marks, false)]
    }

    fn banded(pass: i64, bands: &[(i64, &str)]) -> Rules {
        let bands = bands.iter().map(|(from, name)| Band { from: MarksCenti::from_whole(*from), name: (*name).into() });
        Rules { bands: bands.collect(), ..Rules::with_pass_marks(MarksCenti::from_whole(pass)) }
    }

    #[test]
    fn the_total_decides_pass_and_band() {
        let rules = banded(60, &[(90, "优秀"), (80, "良好"), (60, "合格"), (0, "不合格")]);
        for (marks, passed, band, excellent) in [
            (100, PassFail::Passed, "优秀", true),
            (90, PassFail::Passed, "优秀", true),
            (89, PassFail::Passed, "良好", false),
            (60, PassFail::Passed, "合格", false),
            (59, PassFail::Failed, "不合格", false),
            (0, PassFail::Failed, "不合格", false),
        ] {
            let given = verdict(&rules, &total(marks));
            assert_eq!((given.verdict, given.band.as_str(), given.excellent), (passed, band, excellent), "{marks}");
        }
        let plain = banded(60, &[]);
        assert_eq!(verdict(&plain, &total(60)).band, "合格");
        assert_eq!(verdict(&plain, &total(59)).band, "不合格");
        let hundredth = [SlotMark { marks: MarksCenti::from_centi(5999), ..total(0)[0] }];
        assert_eq!(verdict(&plain, &hundredth).verdict, PassFail::Failed, "59.99 is not 60");
    }

    #[test]
    fn a_fail_by_another_ground_takes_no_passing_band() {
        let mut rules = banded(60, &[(90, "优秀"), (60, "合格"), (40, "待提高")]);
        rules.section_minima = vec![SectionMinimum { section: "廉政".into(), from: MarksCenti::from_whole(20) }];
        let slots = [slot(1, "理论", SlotKind::Single, 70, true), slot(2, "廉政", SlotKind::Single, 19, false)];
        let given = verdict(&rules, &slots);
        assert_eq!((given.verdict, given.band.as_str()), (PassFail::Failed, "待提高"));
        assert_eq!(given.grounds, vec![Ground::SectionMinimum]);
        assert_eq!(given.clause, "“廉政”19 分，低于最低分 20 分");
        assert_eq!(given.marks_centi, MarksCenti::from_whole(89));
    }

    #[test]
    fn a_verdict_names_its_clause() {
        let mut rules = banded(60, &[]);
        rules.section_minima = vec![
            SectionMinimum { section: "理论".into(), from: MarksCenti::from_whole(40) },
            SectionMinimum { section: "廉政".into(), from: MarksCenti::from_whole(20) },
        ];
        let both = [slot(1, "理论", SlotKind::Single, 30, false), slot(2, "廉政", SlotKind::Single, 10, false)];
        let plain = verdict(&rules, &both);
        assert_eq!(plain.grounds, vec![Ground::BelowPassMark, Ground::SectionMinimum]);
        assert_eq!(plain.details.len(), 3);
        assert!(plain.clause.starts_with("总分 40 分，低于合格分 60 分；“理论”30 分"), "{}", plain.clause);
        rules.clauses.insert(Ground::BelowPassMark, "办法第八条".into());
        rules.clauses.insert(Ground::SectionMinimum, "办法第九条".into());
        rules.clauses.insert(Ground::Passed, "办法第七条".into());
        assert_eq!(verdict(&rules, &both).clause, "办法第八条；办法第九条");
        assert_eq!(verdict(&rules, &both).details, plain.details);
        let good = [slot(1, "理论", SlotKind::Single, 60, true), slot(2, "廉政", SlotKind::Single, 20, true)];
        assert_eq!(verdict(&rules, &good).clause, "办法第七条");
    }

    #[test]
    fn must_be_right_questions_decide_alone() {
        let kinds = [SlotKind::Single, SlotKind::Single, SlotKind::Multiple, SlotKind::Multiple];
        let mut rules = banded(60, &[]);
        rules.must_be_right = vec![
            MustBeRight::FirstOfKind { kind: SlotKind::Single, count: 1 },
            MustBeRight::FirstOfKind { kind: SlotKind::Multiple, count: 1 },
            MustBeRight::Question { question: "q4".into() },
        ];
        let names = ["q1", "q2", "q3", "q4"];
        for (correct, expected) in [
            ([true, true, true, true], None),
            ([true, false, true, true], None), // slot 2 is an ordinary one
            ([false, true, true, true], Some("必对题第 1 题未答对")),
            ([false, true, false, false], Some("必对题第 1、3、4 题未答对")),
        ] {
            let slots: Vec<SlotMark<'_>> = (1..)
                .zip(kinds)
                .zip(names)
                .zip(correct)
                .map(|(((n, kind), question), correct)| SlotMark { question, ..slot(n, "全卷", kind, 25, correct) })
                .collect();
            let given = verdict(&rules, &slots);
            let passed = if expected.is_none() { PassFail::Passed } else { PassFail::Failed };
            assert_eq!(given.verdict, passed, "{correct:?}");
            if let Some(clause) = expected {
                assert_eq!((given.clause.as_str(), given.grounds), (clause, vec![Ground::MustBeRight]));
            }
        }
        let shown = [(3, SlotKind::Multiple, "q3"), (1, SlotKind::Single, "q1"), (2, SlotKind::Single, "q2")];
        assert_eq!(must_be_right_slots(&rules, shown), BTreeSet::from([1, 3]), "by slot, not by order given");
    }

    #[test]
    fn a_disqualified_paper_fails_without_marks() {
        let rules = banded(0, &[(0, "合格")]);
        let given = disqualified(&rules);
        assert_eq!((given.verdict, given.marks_centi), (PassFail::Failed, MarksCenti::ZERO));
        assert_eq!((given.band.as_str(), given.clause.as_str()), ("不合格", "成绩已取消"));
    }

    #[test]
    fn one_attempt_counts() {
        let attempt = |number, passed, marks| AttemptResult {
            number,
            verdict: if passed { PassFail::Passed } else { PassFail::Failed },
            marks: MarksCenti::from_whole(marks),
        };
        let three = [attempt(2, true, 85), attempt(1, false, 55), attempt(3, true, 70)];
        let by_must = [attempt(1, false, 95), attempt(2, true, 70)];
        let tie = [attempt(1, true, 80), attempt(2, true, 80)];
        for (count, attempts, expected) in [
            (CountRule::Best, &three[..], Some(2)),
            (CountRule::Last, &three[..], Some(3)),
            (CountRule::First, &three[..], Some(1)),
            (CountRule::Best, &by_must[..], Some(2)), // a pass goes before higher marks that failed
            (CountRule::Best, &tie[..], Some(1)),
            (CountRule::Best, &[], None),
        ] {
            assert_eq!(counting_attempt(count, attempts).map(|a| a.number), expected, "{count:?} {attempts:?}");
        }
    }
}
