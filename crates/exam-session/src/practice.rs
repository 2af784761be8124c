//! Every row of the survey of practice (PRACTICE §1) that concerns a single exam, as rules.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;
use scoring::MultipleRule;

use super::*;
use crate::attempt::AttemptState;
use crate::clock::{Window, deadline, is_due_for_closing};
use crate::entry::{EntryWaves, WaveBy};
use crate::roster::{Audience, PersonFacts, RosterStatus, is_near_retirement};
use crate::rules::{MustBeRight, OpenBook, OpenFromAge, SectionMinimum, SlotKind, validate, validate_paper};
use crate::save::{IncomingAnswer, SaveFacts, SaveOutcome, decide_save};
use crate::screen::decide_leave;
use crate::start::{Refusal, StartDecision, Try, may_start};
use crate::state::ExamFacts;
use crate::verdict::{AttemptResult, PassFail, SlotMark, counting_attempt, must_be_right_slots, verdict};

fn at(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().unwrap()
}

fn exam(opens: &str, closes: &str) -> ExamFacts {
    ExamFacts {
        opens_at: at(opens),
        closes_at: at(closes),
        published: true,
        cancelled: false,
        sealed: false,
        paused_at: None,
    }
}

fn slot(slot: u32, section: &'static str, kind: SlotKind, marks: i64, correct: bool) -> SlotMark<'static> {
    SlotMark { slot, section, kind, question: "q", marks: MarksCenti::from_whole(marks), correct }
}

fn band_at(rules: &Rules, marks: i64) -> (PassFail, String) {
    let given = verdict(rules, &[slot(1, "全卷", SlotKind::Single, marks, false)]);
    (given.verdict, given.band)
}

fn ended(number: u32, end: &str, passed: bool) -> Try {
    Try {
        number,
        state: AttemptState::Submitted,
        annulled: false,
        deadline: at(end),
        ended_at: Some(at(end)),
        passed: Some(passed),
    }
}

#[test]
fn every_preset_is_valid_and_survives_json() {
    let window = |duration_seconds| Window {
        opens_at: at("2026-12-01T09:00:00"),
        closes_at: at("2026-12-05T18:00:00"),
        duration_seconds,
    };
    let mut slugs = BTreeSet::new();
    for preset in presets() {
        let problems = validate(&preset.rules, preset.marks_max_centi, &window(preset.duration_seconds));
        assert_eq!(problems, [], "{}", preset.slug);
        let json = serde_json::to_value(&preset.rules).unwrap();
        assert_eq!(Rules::from_json(&json).unwrap(), preset.rules, "{}", preset.slug);
        assert!(slugs.insert(preset.slug), "{} twice", preset.slug);
        assert_eq!(super::preset(preset.slug), Some(preset));
    }
    assert_eq!(slugs.len(), 3);
}

/// 山东德廉: 80 of 100 in 50 minutes, closed book, one try; other papers for 党员 and 非党.
#[test]
fn shandong_delian() {
    let preset = preset("delian").unwrap();
    assert_eq!((preset.duration_seconds, preset.rules.attempts), (3000, 1));
    assert_eq!(band_at(&preset.rules, 80), (PassFail::Passed, "合格".into()));
    assert_eq!(band_at(&preset.rules, 79), (PassFail::Failed, "不合格".into()));
    assert!(!preset.rules.is_open_book(Some(date(1960, 1, 1)), date(2026, 12, 1)));
    let members = Audience { party: vec!["中共党员".into(), "预备党员".into()], ..Audience::of_unit("qu") };
    let others = Audience { party: vec!["群众".into(), "民主党派".into()], ..Audience::of_unit("qu") };
    for (party, in_members) in [("中共党员", true), ("预备党员", true), ("群众", false)] {
        let person = PersonFacts { person: "p", unit: "qu", party: Some(party), ..PersonFacts::default() };
        assert_eq!((members.matches(&person), others.matches(&person)), (in_members, !in_members), "{party}");
    }
}

/// 济宁: 80 of 100 in 60 minutes; a make-up is an exam of its own for those who failed or were absent.
#[test]
fn jining_xuefa() {
    let preset = preset("xuefa").unwrap();
    assert_eq!((preset.duration_seconds, preset.blueprint), (3600, "xuefa-40-20-20"));
    assert_eq!(band_at(&preset.rules, 79).0, PassFail::Failed);
    let exam = exam("2026-12-01T09:00:00", "2026-12-05T18:00:00");
    let again = may_start(
        &preset.rules,
        &exam,
        Some(RosterStatus::Due),
        &[ended(1, "2026-12-01T10:00:00", false)],
        at("2026-12-02T09:00:00"),
    );
    assert_eq!(again, StartDecision::Refused(Refusal::NoAttemptsLeft(1)));
    // Units are told to keep to time slots: a unit as a whole comes in one wave, half an hour after the one before.
    let slots = EntryWaves { count: 3, interval_seconds: 1800, by: WaveBy::Unit };
    let units = ["局", "镇", "镇", "街道", "局"];
    let waves = slots.waves(&units);
    assert_eq!(waves, [0, 1, 1, 2, 0]);
    assert_eq!(waves.iter().map(|wave| slots.delay_seconds(*wave)).max(), Some(3600));
}

/// 陕西: bands 90/80/60, three tries, the best counts, five days.
#[test]
fn shaanxi_best_of_three() {
    let rules = preset("best-of-three").unwrap().rules;
    for (marks, band) in [(90, "优秀"), (89, "良好"), (80, "良好"), (79, "合格"), (60, "合格"), (59, "不合格")]
    {
        assert_eq!(band_at(&rules, marks).1, band, "{marks}");
    }
    let exam = exam("2026-12-01T09:00:00", "2026-12-06T09:00:00");
    let mut tries = Vec::new();
    for number in 1..=3 {
        let decision = may_start(&rules, &exam, Some(RosterStatus::Due), &tries, at("2026-12-03T09:00:00"));
        assert_eq!(decision, StartDecision::New { number });
        tries.push(ended(number, "2026-12-02T10:00:00", true));
    }
    let fourth = may_start(&rules, &exam, Some(RosterStatus::Due), &tries, at("2026-12-03T09:00:00"));
    assert_eq!(fourth, StartDecision::Refused(Refusal::NoAttemptsLeft(3)));
    let result =
        |number, marks| AttemptResult { number, verdict: PassFail::Passed, marks: MarksCenti::from_whole(marks) };
    let best = counting_attempt(rules.count, &[result(1, 70), result(2, 92), result(3, 85)]);
    assert_eq!(best.map(|attempt| attempt.number), Some(2));
}

/// 福建: under 50 closed book, 50 and over open book; leave is a deferral, the sitting later a first one.
#[test]
fn fujian_open_book_by_age() {
    let rules = Rules {
        open_book: Some(OpenBook::ByAge(OpenFromAge { from_age: 50 })),
        ..Rules::with_pass_marks(MarksCenti::from_whole(60))
    };
    let on = date(2026, 12, 1);
    assert!(rules.is_open_book(Some(date(1976, 12, 1)), on));
    assert!(!rules.is_open_book(Some(date(1977, 1, 1)), on));
    let exam = exam("2026-12-01T09:00:00", "2026-12-05T18:00:00");
    let on_leave = may_start(&rules, &exam, Some(RosterStatus::Deferred), &[], at("2026-12-02T09:00:00"));
    assert_eq!(on_leave, StartDecision::Refused(Refusal::Deferred));
}

/// 安徽 one city: theory : integrity = 7 : 3; 60 in all and theory ≥ 40 and integrity ≥ 20.
#[test]
fn anhui_section_minima() {
    let minimum = |section: &str, from| SectionMinimum { section: section.into(), from: MarksCenti::from_whole(from) };
    let rules = Rules {
        section_minima: vec![minimum("法律理论", 40), minimum("廉政知识", 20)],
        ..Rules::with_pass_marks(MarksCenti::from_whole(60))
    };
    let paper = [("法律理论", SlotKind::Single, 70), ("廉政知识", SlotKind::Single, 30)]
        .map(|(section, kind, marks)| (section, kind, MarksCenti::from_whole(marks)));
    assert_eq!(validate_paper(&rules, &paper), []);
    for (theory, integrity, passed, grounds) in [
        (40, 20, true, vec![Ground::Passed]),
        (39, 30, false, vec![Ground::SectionMinimum]),
        (70, 19, false, vec![Ground::SectionMinimum]),
        (35, 20, false, vec![Ground::BelowPassMark, Ground::SectionMinimum]),
    ] {
        let slots = [
            slot(1, "法律理论", SlotKind::Single, theory, false),
            slot(2, "廉政知识", SlotKind::Single, integrity, false),
        ];
        let given = verdict(&rules, &slots);
        assert_eq!((given.verdict == PassFail::Passed, given.grounds), (passed, grounds), "{theory} {integrity}");
    }
}

/// 台州任前廉考: 90 minutes, three must-be-right questions in each kind, pass mark 60, late answers do not count.
#[test]
fn taizhou_must_be_right() {
    let kinds = [SlotKind::Judgement, SlotKind::Single, SlotKind::Multiple];
    let rules = Rules {
        must_be_right: kinds.map(|kind| MustBeRight::FirstOfKind { kind, count: 3 }).into(),
        late_sync_seconds: 0,
        ..Rules::with_pass_marks(MarksCenti::from_whole(60))
    };
    // Four slots of each kind: the first three of each must be right.
    let slots = |wrong: &[u32]| -> Vec<SlotMark<'static>> {
        (1..=12)
            .zip(kinds.into_iter().flat_map(|kind| [kind; 4]))
            .map(|(number, kind)| slot(number, "全卷", kind, 8, !wrong.contains(&number)))
            .collect()
    };
    let marked = must_be_right_slots(&rules, slots(&[]).iter().map(|s| (s.slot, s.kind, s.question)));
    assert_eq!(marked, BTreeSet::from([1, 2, 3, 5, 6, 7, 9, 10, 11]));
    assert_eq!(verdict(&rules, &slots(&[4, 8, 12])).verdict, PassFail::Passed);
    let failed = verdict(&rules, &slots(&[11]));
    assert_eq!((failed.verdict, failed.clause.as_str()), (PassFail::Failed, "必对题第 11 题未答对"));
    assert!(is_due_for_closing(at("2026-12-01T10:30:00"), rules.late_sync_seconds, at("2026-12-01T10:30:01")));
}

/// 广东高要: below 70 is 待达标, again after a month until reached.
#[test]
fn gaoyao_again_after_a_month_until_reached() {
    let rules = Rules {
        bands: [(70, "达标"), (0, "待达标")]
            .map(|(from, name)| Band { from: MarksCenti::from_whole(from), name: name.into() })
            .into(),
        attempts: 12,
        wait_seconds: Some(30 * 86_400),
        until_passed: true,
        count: CountRule::Last,
        ..Rules::with_pass_marks(MarksCenti::from_whole(70))
    };
    assert_eq!(band_at(&rules, 69), (PassFail::Failed, "待达标".into()));
    assert_eq!(band_at(&rules, 70), (PassFail::Passed, "达标".into()));
    let exam = exam("2026-01-01T00:00:00", "2026-12-31T00:00:00");
    let decide = |tries: &[Try], now| may_start(&rules, &exam, Some(RosterStatus::Due), tries, at(now));
    let failed = ended(1, "2026-03-01T10:00:00", false);
    let passed = ended(2, "2026-04-01T10:00:00", true);
    assert_eq!(
        decide(&[failed], "2026-03-20T10:00:00"),
        StartDecision::Refused(Refusal::WaitUntil(at("2026-03-31T10:00:00")))
    );
    assert_eq!(decide(&[failed], "2026-03-31T10:00:00"), StartDecision::New { number: 2 });
    assert_eq!(decide(&[failed, passed], "2026-06-01T10:00:00"), StartDecision::Refused(Refusal::AlreadyPassed));
}

/// 广东阳山: 填空 and 简答 too, pass mark 80.
#[test]
fn yangshan_blanks_and_essays() {
    let rules = Rules::with_pass_marks(MarksCenti::from_whole(80));
    let slots = |essay| [slot(1, "填空", SlotKind::Blank, 40, true), slot(2, "简答", SlotKind::Essay, essay, false)];
    assert_eq!(verdict(&rules, &slots(40)).verdict, PassFail::Passed);
    assert_eq!(verdict(&rules, &slots(39)).clause, "总分 79 分，低于合格分 80 分");
}

/// 宁德: a public subject for all and a special subject by post: two exams, the second for some posts.
#[test]
fn ningde_special_subject_by_post() {
    let special = Audience { posts: vec!["行政执法".into()], ..Audience::of_unit("qu") };
    for (post, expected) in [(Some("行政执法"), true), (Some("综合管理"), false), (None, false)] {
        let person = PersonFacts { person: "p", unit: "ju", ancestors: &["qu"], post, ..PersonFacts::default() };
        assert_eq!(special.matches(&person), expected, "{post:?}");
        assert!(Audience::of_unit("qu").matches(&person));
    }
}

/// 蒸湘区: exempt on request within two years of retirement.
#[test]
fn zhengxiang_exempt_near_retirement() {
    let on = date(2026, 12, 1);
    assert!(is_near_retirement(date(2028, 11, 30), on, 24));
    assert!(!is_near_retirement(date(2029, 1, 1), on, 24));
    let rules = Rules::with_pass_marks(MarksCenti::from_whole(60));
    let exam = exam("2026-12-01T09:00:00", "2026-12-05T18:00:00");
    let decision = may_start(&rules, &exam, Some(RosterStatus::Exempt), &[], at("2026-12-02T09:00:00"));
    assert_eq!(decision, StartDecision::Refused(Refusal::Exempt));
}

/// 西安光机所: handed in when the time is out, whatever the phone does; at most three screen leaves.
#[test]
fn xian_handed_in_at_time_out_and_three_screen_leaves() {
    let json = serde_json::json!({"pass_marks": 60, "screen_leaves": {"most": 3, "then": "hand_in"}});
    let rules = Rules::from_json(&json).unwrap();
    let screen = rules.screen_leaves.unwrap();
    let mut counted = 0;
    for (away_ms, expected) in [(2_000, false), (30_000, false), (30_000, false), (30_000, false), (30_000, true)] {
        let decided = decide_leave(&screen, counted, away_ms);
        assert_eq!(decided.hand_in, expected, "after {counted}");
        counted = decided.counted;
    }
    assert_eq!(counted, 4);
    let end = deadline(at("2026-12-01T09:00:00"), 3600, at("2026-12-01T18:00:00"), rules.full_duration, 0);
    assert_eq!(end, at("2026-12-01T10:00:00"));
    assert!(is_due_for_closing(end, rules.late_sync_seconds, at("2026-12-01T10:02:01")));
    let facts = SaveFacts {
        state: AttemptState::AutoSubmitted,
        epoch: 1,
        deadline: end,
        late_sync_seconds: rules.late_sync_seconds,
        slots: 50,
    };
    let save =
        IncomingAnswer { slot: 1, epoch: None, revision: 1, response: "A", received_at: at("2026-12-01T10:05:00") };
    assert_eq!(decide_save(&facts, &save, None), SaveOutcome::Closed { kept_for_review: true });
}

/// The rule for 多选 is a visible rule of the exam (numbas/Numbas PR 698).
#[test]
fn the_multiple_rule_is_part_of_the_rules() {
    let json = serde_json::json!({"pass_marks": 80, "multiple_rule": "all_or_nothing"});
    assert_eq!(Rules::from_json(&json).unwrap().multiple_rule, MultipleRule::AllOrNothing);
    for preset in presets() {
        assert_eq!(preset.rules.multiple_rule, MultipleRule::PartialWithoutWrong, "{}", preset.slug);
    }
}
