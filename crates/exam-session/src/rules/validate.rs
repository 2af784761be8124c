//! What rules and window must keep to before an exam can be published.

use std::collections::BTreeSet;

use super::{FieldProblem, MustBeRight, OpenBook, OpenFromAge, ReleaseKeys, ReleaseMarks, Rules, SlotKind};
use crate::clock::Window;
use crate::entry::{INTERVAL_MAX_SECONDS, WAVES_MAX};
use crate::marks::MarksCenti;
use crate::screen::{AWAY_MAX_SECONDS, LEAVES_MAX};

/// The longest duration (答题时长), in seconds.
pub const DURATION_MAX_SECONDS: i64 = 12 * 3600;
/// The longest window (考试窗口), in seconds.
pub const WINDOW_MAX_SECONDS: i64 = 366 * 24 * 3600;
/// The most attempts.
pub const ATTEMPTS_MAX: u32 = 100;
/// The longest wait between attempts, in seconds.
pub const WAIT_MAX_SECONDS: i64 = 366 * 24 * 3600;
/// The longest late-sync time, in seconds.
pub const LATE_SYNC_MAX_SECONDS: i64 = 3600;
/// The most bands.
pub const BANDS_MAX: usize = 10;
/// The longest name of a band, in characters.
const BAND_CHARS_MAX: usize = 20;
/// The longest clause, in characters.
pub const CLAUSE_CHARS_MAX: usize = 200;

struct Problems(Vec<FieldProblem>);

impl Problems {
    fn add(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.0.push(FieldProblem::new(field, reason));
    }
}

/// Everything that is wrong with rules and window for a paper of `marks_max` marks; empty when all is well.
pub fn validate(rules: &Rules, marks_max: MarksCenti, window: &Window) -> Vec<FieldProblem> {
    let mut problems = Problems(Vec::new());
    check_window(window, &mut problems);
    check_pass_and_bands(rules, marks_max, &mut problems);
    check_sections_and_musts(rules, marks_max, &mut problems);
    check_attempts(rules, window, &mut problems);
    check_release_and_rest(rules, &mut problems);
    check_entry(rules, window, &mut problems);
    check_screen(rules, &mut problems);
    problems.0
}

fn check_window(window: &Window, problems: &mut Problems) {
    let length = window.closes_at.duration_since(window.opens_at).as_secs();
    if window.closes_at <= window.opens_at {
        problems.add("closes_at", "结束时间必须晚于开始时间：请检查日期和上下午");
    } else if length > WINDOW_MAX_SECONDS {
        problems.add("closes_at", "考试窗口不能超过 366 天：请检查结束时间的年份");
    }
    match window.duration_seconds {
        seconds if seconds <= 0 => problems.add("duration_seconds", "答题时长必须大于 0"),
        seconds if seconds > DURATION_MAX_SECONDS => {
            problems.add("duration_seconds", "答题时长不能超过 12 小时：请检查单位是否为秒");
        }
        _ => {}
    }
}

fn check_pass_and_bands(rules: &Rules, marks_max: MarksCenti, problems: &mut Problems) {
    if rules.pass_marks < MarksCenti::ZERO {
        problems.add("pass_marks", "合格分不能小于 0");
    } else if rules.pass_marks > marks_max {
        problems.add("pass_marks", format!("合格分 {} 高于满分 {marks_max}：没有人能合格", rules.pass_marks));
    }
    if rules.bands.len() > BANDS_MAX {
        problems.add("bands", format!("等次最多 {BANDS_MAX} 个"));
    }
    let mut names = BTreeSet::new();
    let mut above: Option<MarksCenti> = None;
    for (index, band) in rules.bands.iter().enumerate() {
        let field = |part: &str| format!("bands[{index}].{part}");
        let chars = band.name.trim().chars().count();
        if chars == 0 || chars > BAND_CHARS_MAX {
            problems.add(field("name"), format!("请填写等次名称，最多 {BAND_CHARS_MAX} 个字"));
        } else if !names.insert(band.name.trim()) {
            problems.add(field("name"), format!("等次“{}”重复", band.name.trim()));
        }
        if band.from < MarksCenti::ZERO || band.from > marks_max {
            problems.add(field("from"), format!("起始分 {} 应在 0 到满分 {marks_max} 之间", band.from));
        }
        if above.is_some_and(|above| band.from >= above) {
            problems.add(field("from"), "等次应从高到低排列，起始分不能相同或交叉");
        }
        above = Some(band.from);
    }
}

fn check_sections_and_musts(rules: &Rules, marks_max: MarksCenti, problems: &mut Problems) {
    let mut sections = BTreeSet::new();
    for (index, minimum) in rules.section_minima.iter().enumerate() {
        if minimum.section.trim().is_empty() || !sections.insert(minimum.section.as_str()) {
            problems.add(format!("section_minima[{index}].section"), "请填写分项名称，每个分项只写一次");
        }
        if minimum.from < MarksCenti::ZERO || minimum.from > marks_max {
            let reason = format!("分项最低分 {} 应在 0 到满分 {marks_max} 之间", minimum.from);
            problems.add(format!("section_minima[{index}].from"), reason);
        }
    }
    let all: MarksCenti = rules.section_minima.iter().map(|minimum| minimum.from).sum();
    if rules.section_minima.len() > 1 && all > marks_max {
        problems.add("section_minima", format!("各分项最低分之和 {all} 高于满分 {marks_max}：没有人能合格"));
    }
    let mut kinds = BTreeSet::new();
    for (index, must) in rules.must_be_right.iter().enumerate() {
        match must {
            MustBeRight::FirstOfKind { count: 0, .. } => {
                problems.add(format!("must_be_right[{index}].count"), "必对题的数量至少为 1");
            }
            MustBeRight::FirstOfKind { kind, .. } if !kinds.insert(*kind) => {
                problems.add(format!("must_be_right[{index}].kind"), format!("{}的必对题只写一次", kind.title()));
            }
            MustBeRight::Question { question } if question.trim().is_empty() => {
                problems.add(format!("must_be_right[{index}].question"), "请填写题目编号");
            }
            MustBeRight::FirstOfKind { .. } | MustBeRight::Question { .. } => {}
        }
    }
}

fn check_attempts(rules: &Rules, window: &Window, problems: &mut Problems) {
    match rules.attempts {
        0 => problems.add("attempts", "次数至少为 1"),
        attempts if attempts > ATTEMPTS_MAX => problems.add("attempts", format!("次数最多 {ATTEMPTS_MAX} 次")),
        _ => {}
    }
    let length = window.closes_at.duration_since(window.opens_at).as_secs();
    match rules.wait_seconds {
        Some(wait) if !(0..=WAIT_MAX_SECONDS).contains(&wait) => {
            problems.add("wait_seconds", "两次考试的间隔应在 0 秒到 366 天之间");
        }
        Some(wait) if wait > 0 && rules.attempts > 1 && length > 0 && wait >= length => {
            problems.add("wait_seconds", "两次考试的间隔不短于考试窗口：没有人能考第二次");
        }
        _ => {}
    }
    if !(0..=LATE_SYNC_MAX_SECONDS).contains(&rules.late_sync_seconds) {
        problems.add("late_sync_seconds", format!("补传时间应在 0 到 {LATE_SYNC_MAX_SECONDS} 秒之间"));
    }
}

fn check_release_and_rest(rules: &Rules, problems: &mut Problems) {
    if rules.release_marks == ReleaseMarks::AfterWindow && rules.release_keys == ReleaseKeys::AtSubmission {
        problems.add("release_keys", "答案不能早于成绩公布：请把答案改为考试结束后公布，或把成绩改为交卷即公布");
    }
    if let Some(OpenBook::ByAge(OpenFromAge { from_age })) = rules.open_book
        && !(16..=100).contains(&from_age)
    {
        problems.add("open_book", "开卷的起始年龄应在 16 到 100 周岁之间");
    }
    for (ground, clause) in &rules.clauses {
        let chars = clause.trim().chars().count();
        if chars == 0 || chars > CLAUSE_CHARS_MAX {
            let name = serde_json::to_value(ground).ok().and_then(|v| v.as_str().map(str::to_owned));
            let field = format!("clauses.{}", name.unwrap_or_default());
            problems.add(field, format!("条款文字应为 1 到 {CLAUSE_CHARS_MAX} 个字：请补充，或删去这一项"));
        }
    }
}

fn check_entry(rules: &Rules, window: &Window, problems: &mut Problems) {
    let Some(waves) = rules.entry_waves else { return };
    if !(2..=WAVES_MAX).contains(&waves.count) {
        problems.add("entry_waves.count", format!("分批入场应为 2 到 {WAVES_MAX} 批；不分批就不要填这一项"));
    }
    if !(1..=INTERVAL_MAX_SECONDS).contains(&waves.interval_seconds) {
        problems.add("entry_waves.interval_seconds", "相邻两批的间隔应在 1 秒到 24 小时之间");
    }
    let left = window.closes_at.duration_since(window.opens_at).as_secs().saturating_sub(waves.last_delay_seconds());
    if left <= 0 {
        problems.add("entry_waves.count", "最后一批入场时考试已经结束：请减少批次、缩短间隔，或推迟结束时间");
    } else if left < window.duration_seconds && !rules.full_duration {
        let reason = "最后一批入场时，剩下的时间不足答题时长：请减少批次、缩短间隔、推迟结束时间，或选择时长给足";
        problems.add("entry_waves.count", reason);
    }
}

fn check_screen(rules: &Rules, problems: &mut Problems) {
    let Some(screen) = rules.screen_leaves else { return };
    if screen.most > LEAVES_MAX {
        problems.add("screen_leaves.most", format!("离开页面的次数最多填 {LEAVES_MAX} 次"));
    }
    if !(1..=AWAY_MAX_SECONDS).contains(&screen.from_seconds) {
        let reason = format!("离开多久算一次，应在 1 到 {AWAY_MAX_SECONDS} 秒之间");
        problems.add("screen_leaves.from_seconds", reason);
    }
}

/// What is wrong with rules for a certain paper, given section, kind and worth of each of its slots.
pub fn validate_paper(rules: &Rules, slots: &[(&str, SlotKind, MarksCenti)]) -> Vec<FieldProblem> {
    let mut problems = Problems(Vec::new());
    for (index, minimum) in rules.section_minima.iter().enumerate() {
        let of_section = || slots.iter().filter(|(section, ..)| *section == minimum.section);
        let worth: MarksCenti = of_section().map(|(.., marks)| *marks).sum();
        if of_section().next().is_none() {
            let reason = format!("试卷没有名为“{}”的分项：请核对名称", minimum.section);
            problems.add(format!("section_minima[{index}].section"), reason);
        } else if minimum.from > worth {
            let reason = format!("“{}”满分 {worth}，最低分 {} 无人能达到", minimum.section, minimum.from);
            problems.add(format!("section_minima[{index}].from"), reason);
        }
    }
    for (index, must) in rules.must_be_right.iter().enumerate() {
        if let MustBeRight::FirstOfKind { kind, count } = must {
            let there = slots.iter().filter(|(_, of, _)| of == kind).count();
            if usize::try_from(*count).map_or(true, |count| count > there) {
                let reason = format!("试卷只有 {there} 道{}，不够 {count} 道必对题", kind.title());
                problems.add(format!("must_be_right[{index}].count"), reason);
            }
        }
    }
    problems.0
}

#[cfg(test)]
mod tests {
    use super::super::{Band, Ground, SectionMinimum};
    use super::*;
    use jiff::Timestamp;

    fn at(text: &str) -> Timestamp {
        format!("{text}+08:00").parse().unwrap()
    }

    fn window() -> Window {
        Window { opens_at: at("2026-12-01T09:00:00"), closes_at: at("2026-12-05T18:00:00"), duration_seconds: 3000 }
    }

    fn base() -> Rules {
        Rules::with_pass_marks(MarksCenti::from_whole(80))
    }

    fn bands(all: &[(i64, &str)]) -> Rules {
        let bands = all.iter().map(|(from, name)| Band { from: MarksCenti::from_whole(*from), name: (*name).into() });
        Rules { bands: bands.collect(), ..base() }
    }

    fn minima(all: &[(i64, &str)]) -> Rules {
        let minima = all
            .iter()
            .map(|(from, name)| SectionMinimum { section: (*name).into(), from: MarksCenti::from_whole(*from) });
        Rules { section_minima: minima.collect(), ..base() }
    }

    fn musts(all: &[(SlotKind, u32)]) -> Rules {
        let all = all.iter().map(|(kind, count)| MustBeRight::FirstOfKind { kind: *kind, count: *count });
        Rules { must_be_right: all.collect(), ..base() }
    }

    fn fields(problems: &[FieldProblem]) -> Vec<&str> {
        problems.iter().map(|p| p.field.as_str()).collect()
    }

    #[test]
    fn rules_are_checked_field_by_field() {
        let full = MarksCenti::from_whole(100);
        let clause = |text: &str| Rules { clauses: [(Ground::Passed, text.to_owned())].into(), ..base() };
        for (rules, expected) in [
            (base(), vec![]),
            (Rules { pass_marks: MarksCenti::from_centi(10_001), ..base() }, vec!["pass_marks"]),
            (Rules { pass_marks: full, ..base() }, vec![]),
            (Rules { pass_marks: MarksCenti::from_whole(-1), ..base() }, vec!["pass_marks"]),
            (bands(&[(90, "优秀"), (80, "良好"), (60, "合格")]), vec![]),
            (bands(&[(60, "合格"), (90, "优秀")]), vec!["bands[1].from"]),
            (bands(&[(90, "优秀"), (90, "良好")]), vec!["bands[1].from"]),
            (bands(&[(90, "优秀"), (80, "优秀")]), vec!["bands[1].name"]),
            (bands(&[(101, "优秀"), (80, "")]), vec!["bands[0].from", "bands[1].name"]),
            (minima(&[(40, "理论"), (20, "廉政")]), vec![]),
            (minima(&[(70, "理论"), (40, "廉政")]), vec!["section_minima"]),
            (minima(&[(40, "理论"), (20, "理论")]), vec!["section_minima[1].section"]),
            (minima(&[(120, "理论")]), vec!["section_minima[0].from"]),
            (musts(&[(SlotKind::Single, 3), (SlotKind::Multiple, 3)]), vec![]),
            (musts(&[(SlotKind::Single, 0)]), vec!["must_be_right[0].count"]),
            (musts(&[(SlotKind::Single, 1), (SlotKind::Single, 2)]), vec!["must_be_right[1].kind"]),
            (Rules { attempts: 0, ..base() }, vec!["attempts"]),
            (Rules { attempts: 101, ..base() }, vec!["attempts"]),
            (Rules { wait_seconds: Some(-1), ..base() }, vec!["wait_seconds"]),
            (Rules { attempts: 2, wait_seconds: Some(5 * 86_400), ..base() }, vec!["wait_seconds"]),
            (Rules { attempts: 2, wait_seconds: Some(86_400), ..base() }, vec![]),
            (Rules { late_sync_seconds: -1, ..base() }, vec!["late_sync_seconds"]),
            (Rules { late_sync_seconds: 3601, ..base() }, vec!["late_sync_seconds"]),
            (
                Rules { release_marks: ReleaseMarks::AfterWindow, release_keys: ReleaseKeys::AtSubmission, ..base() },
                vec!["release_keys"],
            ),
            (Rules { open_book: Some(OpenBook::ByAge(OpenFromAge { from_age: 5 })), ..base() }, vec!["open_book"]),
            (waves(4, 3600), vec![]),
            (waves(1, 3600), vec!["entry_waves.count"]),
            (waves(3, 0), vec!["entry_waves.interval_seconds"]),
            (waves(48, 86_400), vec!["entry_waves.count"]),
            // The window is 378,000 s long, the duration 3,000 s: fifteen intervals may take the rest.
            (waves(2, 105 * 3600 - 3000), vec!["entry_waves.interval_seconds"]),
            (waves(16, 25_000), vec![]),
            (waves(16, 25_001), vec!["entry_waves.count"]),
            (Rules { full_duration: true, ..waves(16, 25_001) }, vec![]),
            (leaves(3, 10), vec![]),
            (leaves(101, 601), vec!["screen_leaves.most", "screen_leaves.from_seconds"]),
            (clause(" "), vec!["clauses.passed"]),
            (clause(&"条".repeat(200)), vec![]),
            (clause(&"条".repeat(201)), vec!["clauses.passed"]),
        ] {
            assert_eq!(fields(&validate(&rules, full, &window())), expected, "{rules:?}");
        }
    }

    fn waves(count: u32, interval_seconds: i64) -> Rules {
        let waves = crate::entry::EntryWaves { count, interval_seconds, by: crate::entry::WaveBy::Unit };
        Rules { entry_waves: Some(waves), ..base() }
    }

    fn leaves(most: u32, from_seconds: i64) -> Rules {
        let leaves = crate::screen::ScreenLeaves { most, from_seconds, then: crate::screen::TooManyLeaves::Record };
        Rules { screen_leaves: Some(leaves), ..base() }
    }

    #[test]
    fn windows_are_checked() {
        let full = MarksCenti::from_whole(100);
        for (opens, closes, seconds, expected) in [
            ("2026-12-01T09:00:00", "2026-12-01T18:00:00", 43_200, vec![]),
            ("2026-12-02T09:00:00", "2026-12-01T18:00:00", 3000, vec!["closes_at"]),
            ("2026-12-01T09:00:00", "2026-12-01T09:00:00", 3000, vec!["closes_at"]),
            ("2026-12-01T09:00:00", "2028-12-01T09:00:00", 3000, vec!["closes_at"]),
            ("2026-12-01T09:00:00", "2026-12-01T18:00:00", 0, vec!["duration_seconds"]),
            ("2026-12-01T09:00:00", "2026-12-01T18:00:00", 43_201, vec!["duration_seconds"]),
            ("2026-12-02T09:00:00", "2026-12-01T18:00:00", -1, vec!["closes_at", "duration_seconds"]),
        ] {
            let window = Window { opens_at: at(opens), closes_at: at(closes), duration_seconds: seconds };
            assert_eq!(fields(&validate(&base(), full, &window)), expected, "{opens} {closes} {seconds}");
        }
    }

    #[test]
    fn rules_must_fit_the_paper() {
        let paper: Vec<_> = [("理论", SlotKind::Single), ("理论", SlotKind::Multiple), ("廉政", SlotKind::Single)]
            .into_iter()
            .map(|(section, kind)| (section, kind, MarksCenti::from_whole(10)))
            .collect();
        for (rules, expected) in [
            (base(), vec![]),
            (minima(&[(20, "理论"), (10, "廉政")]), vec![]),
            (minima(&[(21, "理论"), (10, "业务")]), vec!["section_minima[0].from", "section_minima[1].section"]),
            (musts(&[(SlotKind::Single, 2), (SlotKind::Judgement, 1)]), vec!["must_be_right[1].count"]),
        ] {
            assert_eq!(fields(&validate_paper(&rules, &paper)), expected, "{rules:?}");
        }
    }
}
