use super::{CheckInput, CheckReport, check};
use crate::Problem;
use crate::bind::bind_file;
use crate::fixtures::{all_kinds, jia_fa, texts};
use crate::gist::{Gists, load_gists};
use crate::law::{Edition, Jurisdiction, LawTexts, Quality, Register, Validity};
use crate::question::load_bank;
use crate::topic::Topic;
use jiff::civil::{Date, date};

fn bound() -> String {
    let register = Register::from_editions([jia_fa()]).unwrap();
    bind_file("a.toml", all_kinds(), &register, &texts()).text
}

/// A change of an edition.
type Change = fn(&mut Edition);

struct Case<'a> {
    text: &'a str,
    edition: Edition,
    texts: Option<&'a LawTexts>,
    gists: Option<&'a Gists>,
    today: Option<Date>,
}

impl<'a> Case<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, edition: jia_fa(), texts: None, gists: None, today: None }
    }

    fn run(self) -> CheckReport {
        let (bank, problems) = load_bank(&[("a.toml".into(), self.text.to_owned())]);
        let register = Register::from_editions([self.edition]).unwrap();
        let topics = [Topic { slug: "jia".into(), title: "甲".into() }];
        let input = CheckInput {
            bank: &bank,
            register: &register,
            topics: &topics,
            gists: self.gists,
            texts: self.texts,
            today: self.today,
        };
        check(&input).with_problems(problems)
    }
}

fn named(report: &CheckReport) -> Vec<(&str, &str)> {
    report
        .problems
        .iter()
        .map(|p| (p.question.as_deref().unwrap_or_default(), p.field.as_deref().unwrap_or_default()))
        .collect()
}

#[test]
fn a_bound_bank_is_clean_with_and_without_texts() {
    let text = bound();
    let report = Case::of(&text).run();
    assert_eq!(report.problems, []);
    assert_eq!((report.words.proven, report.words.bound_only, report.words.failed), (0, 8, 0));
    let texts = texts();
    let report = Case { texts: Some(&texts), ..Case::of(&text) }.run();
    assert_eq!(report.problems, []);
    assert_eq!((report.words.proven, report.words.bound_only, report.words.failed), (8, 0, 0));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["questions"], 6);
    assert_eq!(json["by_kind"]["case"], 1);
    assert_eq!(json["by_law"]["jia-fa"], 6);
    assert_eq!(json["words"], serde_json::json!({"proven": 8, "bound_only": 0, "failed": 0}));
}

/// Each change would slip through if the bind did not cover it: there is no text at hand.
#[test]
fn without_texts_one_changed_character_is_noticed() {
    let text = bound();
    let changes = [
        ("words = \"六个月\"", "words = \"七个月\"", "jia-3"),
        ("words = \"记过，十二个月\"", "words = \"记过,十二个月\"", "jia-5.1"),
        ("key = false\nmisconception = \"与记过混同\"", "key = true", "jia-3"),
        ("key = [\"a\"]", "key = [\"b\"]", "jia-1"),
        ("key = [[\"十二个月\", \"一年\"]]", "key = [[\"十二个月\"]]", "jia-4"),
        ("{ id = \"a\", text = \"警告\" },\n", "{ id = \"a\", text = \"记过\" },\n", "jia-1"),
        ("ref = \"jia-4\"", "ref = \"jia-9\"", "jia-9"),
        ("item = 2\nwords = \"十二个月\"", "item = 3\nwords = \"十二个月\"", "jia-4"),
    ];
    for (from, to, question) in changes {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let report = Case::of(&changed).run();
        assert!(named(&report).contains(&(question, "citation[1].bind")), "{to}: {:?}", report.problems);
        assert!(report.has_errors() && report.words.failed == 1, "{to}: {:?}", report.words);
    }
}

#[test]
fn a_changed_law_breaks_every_bind() {
    let text = bound();
    let changes: [(&str, Change); 5] = [
        ("effective", |edition| edition.effective = Some(date(2020, 1, 2))),
        ("superseded", |edition| edition.superseded_on = Some(date(2030, 1, 1))),
        ("hash", |edition| edition.articles[1].sha_text = crate::Digest256::of("x")),
        ("han hash", |edition| edition.articles[1].sha_han = crate::Digest256::of("x")),
        ("validity", |edition| edition.articles[1].validity = Validity::Doubtful),
    ];
    for (name, change) in changes {
        let mut edition = jia_fa();
        change(&mut edition);
        let report = Case { edition, ..Case::of(&text) }.run();
        assert!(named(&report).contains(&("jia-3", "citation[1].bind")), "{name}: {:?}", report.problems);
    }
}

#[test]
fn texts_refute_words_that_do_not_stand_in_them() {
    let texts = texts();
    let text = bound();
    for (from, to) in [
        ("words = \"六个月\"", "words = \"七个月\""),
        ("paragraph = 2\n", "paragraph = 1\n"),
        ("paragraph = 2\n", "paragraph = 3\n"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        let report = Case { texts: Some(&texts), ..Case::of(&changed) }.run();
        assert_eq!((report.words.proven, report.words.failed), (7, 1), "{to}");
        assert!(named(&report).iter().any(|(_, field)| *field == "citation[1].words"), "{to}");
    }
    let form = text.replacen("words = \"记过，十二个月\"", "words = \"记过,十二个月\"", 1);
    let report = Case { texts: Some(&texts), ..Case::of(&form) }.run();
    assert_eq!(report.words.proven, 8);
    assert!(report.problems.iter().any(|problem| !problem.is_error() && problem.reason.contains("全半角")));
}

#[test]
fn each_rule_names_its_question_and_field() {
    let text = bound();
    let changes = [
        ("ref = \"jia-6\"", "ref = \"jia_6\"", "jia_6", "ref"),
        ("ref = \"jia-6\"", "ref = \"jia-5\"", "jia-5", "ref"),
        ("topics = [\"jia\"]", "topics = [\"yi\"]", "jia-1", "topics"),
        ("topics = [\"jia\"]", "topics = []", "jia-1", "topics"),
        ("audience = [\"all\"]", "audience = []", "jia-1", "audience"),
        ("reviewer = \"乙\"", "reviewer = \"甲\"", "jia-1", "reviewer"),
        ("reviewer = \"乙\"\n", "", "jia-1", "reviewer"),
        ("review_by = 2027-11-24", "review_by = 2026-11-24", "jia-1", "review_by"),
        ("prior_facility = 0.7", "prior_facility = 0.99", "jia-1", "prior_facility"),
        ("key = [\"a\"]", "key = [\"d\"]", "jia-1", "key"),
        ("{ id = \"b\", text = \"降级\",", "{ id = \"d\", text = \"降级\",", "jia-1", "options"),
        ("text = \"降级\", misconception = \"误以为有降级\"", "text = \"降级\"", "jia-1", "options[2].misconception"),
        (
            "{ id = \"a\", text = \"警告\" }",
            "{ id = \"a\", text = \"警告\", misconception = \"无\" }",
            "jia-1",
            "options[1].misconception",
        ),
        ("text = \"降级\"", "text = \"批评\"", "jia-1", "options[3].text"),
        ("text = \"降级\"", "text = \"以上都对\"", "jia-1", "options[2].text"),
        ("stem = \"下列", "stem = \"现行规定中下列", "jia-1", "stem"),
        ("key = [\"a\", \"c\"]", "key = [\"a\"]", "jia-2", "key"),
        ("supports = [\"c\"]", "supports = [\"b\"]", "jia-2", "citation[2].supports"),
        ("supports = [\"c\"]", "supports = []", "jia-2", "citation"),
        ("misconception = \"与记过混同\"\n", "", "jia-3", "misconception"),
        ("期间是____。", "期间是____或者____。", "jia-4", "key"),
        ("key = [[\"十二个月\", \"一年\"]]", "key = [[\"\"]]", "jia-4", "key"),
        ("facts_on = 2025-03-10\n", "", "jia-5", "facts_on"),
        ("facts_on = 2025-03-10", "facts_on = 2019-12-31", "jia-5.2", "citation[1].edition"),
        ("marks = 1.5", "marks = 0", "jia-6", "points"),
        ("stem = \"说说", "enemies = [\"jia-77\"]\nstem = \"说说", "jia-6", "enemies"),
        ("stem = \"说说", "enemies = [\"jia-6\"]\nstem = \"说说", "jia-6", "enemies"),
        ("stem = \"说说", "successor_of = \"jia-77\"\nstem = \"说说", "jia-6", "successor_of"),
        (
            "words = \"处分的种类\"",
            "words = \"处分的种类处分的种类处分的种类处分的种类处分的种类\"",
            "jia-6",
            "citation[1].words",
        ),
        ("article = \"7\"\nwords = \"处分的", "article = \"70\"\nwords = \"处分的", "jia-6", "citation[1].article"),
        (
            "article = \"7\"\nwords = \"处分的",
            "article = \"7\"\nedition = \"1999\"\nwords = \"处分的",
            "jia-6",
            "citation[1].edition",
        ),
    ];
    for (from, to, question, field) in changes {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let report = Case::of(&changed).run();
        assert!(named(&report).contains(&(question, field)), "{to}: {:?}", report.problems);
    }
}

#[test]
fn editions_and_articles_that_may_not_be_examined_are_named() {
    let text = bound();
    let cases: [(Change, &str, bool); 4] = [
        (|edition| edition.quality = Quality::C, "质量", true),
        (|edition| edition.jurisdiction = Jurisdiction::Central, "中央", false),
        (|edition| edition.articles[0].validity = Validity::Overridden, "另有规定", true),
        (|edition| edition.effective = None, "施行日期不详", true),
    ];
    for (change, word, is_error) in cases {
        let mut edition = jia_fa();
        change(&mut edition);
        let report = Case { edition, ..Case::of(&text) }.run();
        let found = report.problems.iter().find(|problem| problem.reason.contains(word));
        assert_eq!(found.map(Problem::is_error), Some(is_error), "{word}");
    }
}

#[test]
fn gists_and_due_reviews_are_asked_for_only_when_given() {
    let text = bound();
    let (gists, problems) = load_gists(&[("g".into(), "edition = \"jia-fa-2020\"\n[gist]\n\"7\" = \"种类。\"".into())]);
    assert_eq!(problems, []);
    let report = Case { gists: Some(&gists), ..Case::of(&text) }.run();
    assert!(named(&report).contains(&("jia-3", "citation[1].article")));
    assert!(!named(&report).contains(&("jia-1", "citation[1].article")));
    let on = |day| Case { today: Some(day), ..Case::of(&text) }.run().problems.len();
    assert_eq!((on(date(2027, 11, 24)), on(date(2027, 11, 25))), (0, 6));
}

#[test]
fn a_draft_may_wait_for_its_bind() {
    let text = all_kinds().replace("state = \"active\"", "state = \"draft\"").replace("bind = \"0", "# bind = \"0");
    let report = Case::of(&text).run();
    assert!(!report.has_errors(), "{:?}", report.problems);
    assert_eq!((report.problems.len(), report.words.failed), (8, 8));
}
