use super::{Assembler, Assembly, PaperError, assemble, in_force, shuffle_for};
use crate::blueprint::Blueprint;
use crate::fixtures::edition;
use crate::law::{Edition, Register, Validity};
use crate::question::{Bank, Kind, OptionId, Question, load_bank};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A question in one line: `ref kind topic level article key=value…`.
fn one(line: &str) -> String {
    let mut words = line.split_whitespace();
    let mut next = || words.next().unwrap();
    let (reference, kind, topic, level, article) = (next(), next(), next(), next(), next());
    let mut pool = "exam";
    let (mut state, mut facility, mut audience, mut extra, mut parts) = ("active", "0.6", "all", String::new(), 0);
    for word in words {
        match word.split_once('=').unwrap() {
            ("pool", value) => pool = value,
            ("state", value) => state = value,
            ("p", value) => facility = value,
            ("audience", value) => audience = value,
            ("enemy", value) => extra.push_str(&format!("enemies = [\"{value}\"]\n")),
            ("after", value) => extra.push_str(&format!("successor_of = \"{value}\"\n")),
            ("facts", value) => extra.push_str(&format!("facts_on = {value}\n")),
            ("fixed", _) => extra.push_str("fixed_order = true\n"),
            ("parts", value) => parts = value.parse().unwrap(),
            other => panic!("{other:?}"),
        }
    }
    let options = "options = [{ id = \"a\", text = \"甲\" }, { id = \"b\", text = \"乙\", misconception = \"x\" }, { id = \"c\", text = \"丙\" }, { id = \"d\", text = \"丁\", misconception = \"x\" }]\n";
    let cite = |path: &str| format!("[[{path}]]\narticle = \"{article}\"\nwords = \"甲\"\n");
    let body = match kind {
        "single" => format!("stem = \"?\"\n{options}key = [\"a\"]\nexplanation = \"x\"\n{}", cite("question.citation")),
        "multiple" => {
            format!("stem = \"?\"\n{options}key = [\"a\", \"c\"]\nexplanation = \"x\"\n{}", cite("question.citation"))
        }
        "judgement" => format!("stem = \"?\"\nkey = true\nexplanation = \"x\"\n{}", cite("question.citation")),
        "case" => {
            let part = format!(
                "[[question.part]]\nkind = \"judgement\"\nstem = \"?\"\nkey = true\nexplanation = \"x\"\n{}",
                cite("question.part.citation")
            );
            format!("passage = \"…\"\n{}", part.repeat(parts))
        }
        other => panic!("{other}"),
    };
    format!(
        "[[question]]\nref = \"{reference}\"\nversion = 1\nstate = \"{state}\"\nauthor = \"a\"\nreviewer = \"b\"\nkind = \"{kind}\"\npool = \"{pool}\"\ntopics = [\"{topic}\"]\nlevel = \"{level}\"\naudience = [\"{audience}\"]\nprior_facility = {facility}\nchecked_on = 2026-11-24\nreview_by = 2027-11-24\n{extra}{body}"
    )
}

fn bank(lines: &[&str]) -> Bank {
    let text =
        format!("law = \"jia-fa\"\nedition = \"2020\"\n{}", lines.iter().map(|line| one(line)).collect::<String>());
    let (bank, problems) = load_bank(&[("a.toml".into(), text)]);
    assert_eq!(problems, []);
    bank
}

fn numbered(from: u32, to: u32, describe: impl Fn(u32) -> String) -> Vec<String> {
    (from..=to).map(describe).collect()
}

fn law() -> Edition {
    let articles: Vec<(String, String)> = (1..=40).map(|no| (no.to_string(), format!("第{no}条之甲。"))).collect();
    let articles: Vec<(&str, &str)> = articles.iter().map(|(no, text)| (no.as_str(), text.as_str())).collect();
    edition("jia-fa", "2020", &articles)
}

fn register() -> Register {
    Register::from_editions([law()]).unwrap()
}

fn blueprint(sections: &str) -> Blueprint {
    Blueprint::from_toml("b.toml", &format!("id = \"b\"\ntitle = \"b\"\n{sections}")).unwrap()
}

fn section(kind: &str, count: u32) -> String {
    format!("[[section]]\ntitle = \"t\"\nkind = \"{kind}\"\ncount = {count}\nmarks_each = 1\n")
}

const DAY: Date = date(2026, 11, 24);

fn paper(bank: &Bank, blueprint: &Blueprint, seed: &str, forms: u32) -> Assembly {
    assemble(bank.questions(), &register(), blueprint, seed, DAY, forms).unwrap()
}

fn refs(assembly: &Assembly, form: usize) -> Vec<String> {
    assembly.forms[form].slots.iter().map(|slot| slot.question.to_string()).collect()
}

fn set(assembly: &Assembly, form: usize) -> BTreeSet<String> {
    refs(assembly, form).into_iter().collect()
}

fn lines(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

#[test]
fn only_questions_that_may_come_do() {
    let bank = bank(&[
        "ok single t recall 1",
        "draft single t recall 2 state=draft",
        "retired single t recall 2 state=retired",
        "secure single t recall 2 pool=secure",
        "practice single t recall 2 pool=practice",
        "party single t recall 2 audience=party",
        "village single t recall 2 audience=village",
        "gone single t recall 3",
        "nowhere single t recall 99",
        "avoided single t recall 4",
        "judged judgement t recall 4",
    ]);
    let mut law = law();
    law.articles[2].validity = Validity::Overridden;
    let register = Register::from_editions([law]).unwrap();
    let asked = format!("[constraints]\navoid = [\"avoided\"]\naudience = [\"party\"]\n{}", section("single", 9));
    let blueprint = blueprint(&asked);
    let assembly = assemble(bank.questions(), &register, &blueprint, "s", DAY, 1).unwrap();
    assert_eq!(set(&assembly, 0), ["ok".to_owned(), "party".to_owned()].into());
    assert_eq!(assembly.unmet.len(), 1);
    assert_eq!(assembly.unmet[0].missing, 7);
    assert!(assembly.unmet[0].constraint.contains("能用的只有 2 题"), "{}", assembly.unmet[0].constraint);
}

#[test]
fn a_question_leaves_on_the_day_its_edition_does() {
    let bank = bank(&["q single t recall 1", "case case t recall 1 facts=2025-03-10 parts=1"]);
    let ends = Edition { superseded_on: Some(date(2026, 1, 1)), ..law() };
    let register = Register::from_editions([ends]).unwrap();
    let (single, case) = (&bank.entries[0].question, &bank.entries[1].question);
    let days = [
        (date(2019, 12, 31), false, false),
        (date(2020, 1, 1), true, false),
        (date(2025, 3, 9), true, false),
        (date(2025, 3, 10), true, true),
        (date(2025, 12, 31), true, true),
        (date(2026, 1, 1), false, false),
    ];
    for (day, single_may, case_may) in days {
        assert_eq!((in_force(single, &register, day), in_force(case, &register, day)), (single_may, case_may), "{day}");
        let assembly = assemble([single], &register, &blueprint(&section("single", 1)), "s", day, 1).unwrap();
        assert_eq!(assembly.unmet.is_empty(), single_may, "{day}");
    }
}

/// A greedy choice for the first row could take the only question that the second one can use.
#[test]
fn overlapping_rows_are_met_together_whatever_the_seed() {
    let bank = bank(&[
        "q1 single x recall 1",
        "q2 single x application 2",
        "q3 single y application 3",
        "q4 single y recall 4",
    ]);
    let rows = "[[section]]\ntitle = 't'\nkind = 'single'\nmarks_each = 1\n[[section.row]]\ncount = 1\n[[section.row]]\ntopic = 'x'\ncount = 1\n[[section.row]]\nlevel = 'application'\ncount = 1\n[[section.row]]\ntopic = 'x'\nlevel = 'application'\ncount = 1\n";
    for seed in 0..50 {
        let assembly = paper(&bank, &blueprint(rows), &seed.to_string(), 1);
        assert_eq!(assembly.unmet, [], "seed {seed}");
        assert_eq!(set(&assembly, 0).len(), 4);
    }
}

#[test]
fn what_rows_compete_for_is_named_with_its_number() {
    let bank = bank(&["q1 single x recall 1", "q2 single x recall 2", "q3 judgement y recall 3"]);
    let rows = "[[section]]\ntitle = '单选'\nkind = 'single'\nmarks_each = 2\n[[section.row]]\ntopic = 'x'\ncount = 2\n[[section.row]]\nlevel = 'recall'\ncount = 2\n";
    let assembly = paper(&bank, &blueprint(rows), "s", 1);
    assert_eq!(assembly.unmet.iter().map(|unmet| unmet.missing).sum::<u32>(), 2);
    assert!(
        assembly
            .unmet
            .iter()
            .all(|unmet| unmet.constraint.contains("第 1 部分“单选”") && unmet.constraint.contains("争用")),
        "{:?}",
        assembly.unmet
    );
}

#[test]
fn at_most_k_questions_stand_on_one_article() {
    // Six on article 1, one each on 2 and 3: with k = 1 exactly three fit, and all three must be found.
    let all = [
        numbered(1, 6, |no| format!("q{no} single t recall 1")),
        numbered(7, 8, |no| format!("q{no} single t recall {}", no - 5)),
    ]
    .concat();
    let bank = bank(&lines(&all));
    for (k, count, missing) in [(1, 3, 0), (1, 4, 1), (2, 4, 0), (2, 5, 1)] {
        let asked = format!("[constraints]\nmax_per_article = {k}\n{}", section("single", count));
        for seed in 0..10 {
            let assembly = paper(&bank, &blueprint(&asked), &seed.to_string(), 1);
            let unmet: u32 = assembly.unmet.iter().map(|unmet| unmet.missing).sum();
            assert_eq!(unmet, missing, "k {k}, count {count}: {:?}", assembly.unmet);
            let on_first = refs(&assembly, 0).iter().filter(|name| name[1..].parse::<u32>().unwrap() <= 6).count();
            assert!(on_first <= k);
        }
    }
}

/// Rows compete for articles: the row of `x` can only have article 1 or 2, that of `y` only 2 or 3, that of `z` only 3.
#[test]
fn caps_are_met_across_rows() {
    let bank = bank(&[
        "a1 single x recall 1",
        "a2 single x recall 2",
        "b2 single y recall 2",
        "b3 single y recall 3",
        "c3 single z recall 3",
    ]);
    let rows = ["x", "y", "z"].map(|topic| format!("[[section.row]]\ntopic = '{topic}'\ncount = 1\n")).concat();
    let asked = format!(
        "[constraints]\nmax_per_article = 1\n[[section]]\ntitle = 't'\nkind = 'single'\nmarks_each = 1\n{rows}"
    );
    for seed in 0..30 {
        let assembly = paper(&bank, &blueprint(&asked), &seed.to_string(), 1);
        assert_eq!(assembly.unmet, [], "seed {seed}");
        assert_eq!(set(&assembly, 0), ["a1", "b2", "c3"].map(str::to_owned).into());
    }
}

#[test]
fn enemies_and_successors_never_meet() {
    let bank = bank(&[
        "q1 single t recall 1 enemy=q2",
        "q2 single t recall 2",
        "q3 single t recall 3 after=q4",
        "q4 single t recall 4",
        "q5 single t recall 5",
    ]);
    for seed in 0..30 {
        let assembly = paper(&bank, &blueprint(&section("single", 3)), &seed.to_string(), 1);
        let found = set(&assembly, 0);
        assert_eq!((assembly.unmet.len(), found.len()), (0, 3));
        for pair in [["q1", "q2"], ["q3", "q4"]] {
            assert!(!pair.iter().all(|name| found.contains(*name)), "{found:?}");
        }
        let assembly = paper(&bank, &blueprint(&section("single", 4)), &seed.to_string(), 1);
        assert_eq!(assembly.unmet[0].missing, 1);
        assert!(assembly.unmet[0].constraint.contains("互斥"));
    }
}

#[test]
fn the_practice_share_is_exact() {
    let all = [
        numbered(1, 20, |no| format!("e{no} single t recall 1")),
        numbered(1, 20, |no| format!("p{no} single t recall 2 pool=practice")),
    ]
    .concat();
    let bank = bank(&lines(&all));
    for (share, practice) in [("0", 0), ("0.3", 3), ("0.25", 3), ("1", 10)] {
        let assembly =
            paper(&bank, &blueprint(&format!("practice_share = {share}\n{}", section("single", 10))), "s", 1);
        assert_eq!(assembly.unmet, []);
        assert_eq!(refs(&assembly, 0).iter().filter(|name| name.starts_with('p')).count(), practice, "{share}");
    }
    let trial = paper(&bank, &blueprint(&format!("pools = [\"practice\"]\n{}", section("single", 20))), "s", 1);
    assert!(refs(&trial, 0).iter().all(|name| name.starts_with('p')));
}

#[test]
fn the_mean_facility_is_brought_into_its_band() {
    let all = numbered(1, 40, |no| format!("q{no} single t recall 1 p=0.{}", 40 + no));
    let bank = bank(&lines(&all));
    let mean = |assembly: &Assembly| {
        let of = |name: &String| bank.question(&name.as_str().into()).unwrap().prior_facility;
        refs(assembly, 0).iter().map(of).sum::<f64>() / 10.0
    };
    for (low, high) in [(0.44, 0.47), (0.74, 0.76), (0.6, 0.6)] {
        let asked = format!("[constraints]\nfacility_band = [{low:?}, {high:?}]\n{}", section("single", 10));
        let assembly = paper(&bank, &blueprint(&asked), "s", 1);
        assert_eq!(assembly.unmet, []);
        assert!((low - 1e-6..=high + 1e-6).contains(&mean(&assembly)), "{} in {low}..{high}", mean(&assembly));
    }
    let asked = format!("[constraints]\nfacility_band = [0.85, 0.9]\n{}", section("single", 10));
    let assembly = paper(&bank, &blueprint(&asked), "s", 1);
    assert!(assembly.unmet[0].constraint.contains("更易") && assembly.unmet[0].missing > 0, "{:?}", assembly.unmet);
}

#[test]
fn cases_count_by_their_parts_and_stay_together() {
    let bank = bank(&[
        "c3 case t application 1 facts=2025-01-01 parts=3",
        "c2 case t application 2 facts=2025-01-01 parts=2",
        "d2 case t application 3 facts=2025-01-01 parts=2",
        "q1 single t recall 4",
        "q2 single t recall 5",
    ]);
    let asked = |count| {
        format!(
            "[[section]]\ntitle = 't'\nmarks_each = 2\ncount = {}\n[[section.row]]\nkind = 'case'\ncount = {count}\n",
            count + 2
        )
    };
    for seed in 0..20 {
        for count in [2, 3, 4, 5, 7] {
            let assembly = paper(&bank, &blueprint(&asked(count)), &seed.to_string(), 1);
            assert_eq!(assembly.unmet, [], "{count}");
            let slots = &assembly.forms[0].slots;
            assert_eq!(slots.len(), usize::try_from(count).unwrap() + 2);
            for (here, next) in slots.iter().zip(&slots[1..]).filter(|(here, _)| here.group.is_some()) {
                let no: u32 = here.question.as_str().rsplit('.').next().unwrap().parse().unwrap();
                let last = bank.question(&here.question_ref()).unwrap().items().len();
                let goes_on = next.group == here.group && next.question.as_str().ends_with(&format!(".{}", no + 1));
                assert!(goes_on || usize::try_from(no).unwrap() == last);
            }
            assert!(slots.iter().filter(|slot| slot.group.is_some()).all(|slot| slot.kind == Kind::Judgement));
        }
        let assembly = paper(&bank, &blueprint(&asked(6)), &seed.to_string(), 1);
        assert_eq!((assembly.unmet.len(), assembly.unmet[0].missing), (1, 1));
    }
}

#[test]
fn two_rows_of_cases_share_what_there_is() {
    let bank = bank(&["a case x application 1 facts=2025-01-01 parts=2", "b case x recall 2 facts=2025-01-01 parts=2"]);
    let rows = "[[section]]\ntitle = 't'\nkind = 'case'\nmarks_each = 1\n[[section.row]]\ntopic = 'x'\ncount = 2\n[[section.row]]\nlevel = 'recall'\ncount = 2\n";
    for seed in 0..10 {
        assert_eq!(paper(&bank, &blueprint(rows), &seed.to_string(), 1).unmet, []);
    }
    let too_many = rows.replace("level = 'recall'\ncount = 2", "level = 'application'\ncount = 4");
    let assembly = paper(&bank, &blueprint(&too_many), "s", 1);
    assert_eq!(assembly.unmet.iter().map(|unmet| unmet.missing).sum::<u32>(), 2);
    assert_eq!(assembly.forms[0].slots.len(), 4);
}

#[test]
fn parallel_forms_share_nothing_while_the_bank_allows() {
    let all = numbered(1, 12, |no| format!("q{no} single t recall {no}"));
    let bank = bank(&lines(&all));
    let assembly = paper(&bank, &blueprint(&section("single", 4)), "s", 3);
    let union: BTreeSet<String> = (0..3).flat_map(|form| set(&assembly, form)).collect();
    assert_eq!((union.len(), assembly.shared.len(), assembly.unmet.len()), (12, 0, 0));
    let assembly = paper(&bank, &blueprint(&section("single", 5)), "s", 3);
    let union: BTreeSet<String> = (0..3).flat_map(|form| set(&assembly, form)).collect();
    assert_eq!((union.len(), assembly.shared.len(), assembly.unmet.len()), (12, 3, 0));
    assert!((0..3).all(|form| set(&assembly, form).len() == 5));
    let assembly = paper(&bank, &blueprint(&section("single", 13)), "s", 2);
    assert!(assembly.unmet.len() == 2 && assembly.unmet.iter().all(|unmet| unmet.missing == 1));
}

#[test]
fn the_number_of_forms_is_limited() {
    let bank = bank(&["q1 single t recall 1"]);
    for forms in [0, 51] {
        let refused = assemble(bank.questions(), &register(), &blueprint(&section("single", 1)), "s", DAY, forms);
        assert_eq!(refused, Err(PaperError::Forms(forms)));
    }
}

#[test]
fn the_order_of_the_bank_does_not_matter_and_the_seed_does() {
    let all = numbered(1, 60, |no| format!("q{no} multiple t recall {}", no % 40 + 1));
    let bank = bank(&lines(&all));
    let blueprint = blueprint(&section("multiple", 20));
    let forward: Vec<&Question> = bank.questions().collect();
    let backward: Vec<&Question> = forward.iter().rev().copied().collect();
    let make = |questions: &[&Question], seed: &str| {
        Assembler::new(questions.iter().copied(), &register(), &blueprint, DAY).assemble(seed, 2).unwrap()
    };
    assert_eq!(make(&forward, "s"), make(&backward, "s"));
    assert_ne!(set(&make(&forward, "s"), 0), set(&make(&forward, "t"), 0));
    let json = serde_json::to_string(&make(&forward, "s")).unwrap();
    assert_eq!(serde_json::from_str::<Assembly>(&json).unwrap(), make(&forward, "s"));
}

/// Each of 20 questions should come in half of the papers of 10: 1,000 papers, so 500 times, within five standard
/// deviations (15.8 each).
#[test]
fn every_question_comes_equally_often() {
    let all = numbered(1, 20, |no| format!("q{no} single t recall {no}"));
    let bank = bank(&lines(&all));
    let register = register();
    let blueprint = blueprint(&section("single", 10));
    let assembler = Assembler::new(bank.questions(), &register, &blueprint, DAY);
    let mut counts = std::collections::BTreeMap::new();
    for seed in 0..1_000 {
        for name in set(&assembler.assemble(&seed.to_string(), 1).unwrap(), 0) {
            *counts.entry(name).or_insert(0_u32) += 1;
        }
    }
    assert!(counts.len() == 20 && counts.values().all(|count| (421..=579).contains(count)), "{counts:?}");
}

#[test]
fn options_are_shuffled_unless_told_otherwise() {
    let mut all = numbered(1, 30, |no| format!("q{no} single t recall {no}"));
    all.extend(numbered(31, 35, |no| format!("q{no} single t recall {no} fixed=1")));
    let bank = bank(&lines(&all));
    let assembly = paper(&bank, &blueprint(&section("single", 35)), "s", 1);
    let canonical: Vec<OptionId> = ["a", "b", "c", "d"].map(OptionId::from).into();
    let form = &assembly.forms[0];
    let is_fixed = |slot: &super::PaperSlot| slot.question.as_str()[1..].parse::<u32>().unwrap() > 30;
    for shown in [form, &shuffle_for("attempt-1", form)] {
        assert!(
            shown.slots.iter().filter(|slot| is_fixed(slot)).all(|slot| slot.options == canonical && slot.fixed_order)
        );
        assert!(shown.slots.iter().filter(|slot| !is_fixed(slot) && slot.options != canonical).count() > 20);
        for slot in &shown.slots {
            let mut options = slot.options.clone();
            options.sort();
            assert_eq!(options, canonical);
        }
    }
    let (first, second) = (shuffle_for("attempt-1", form), shuffle_for("attempt-2", form));
    assert_ne!(first, second);
    assert_eq!(first, shuffle_for("attempt-1", &second));
    let plain = paper(
        &bank,
        &blueprint(&format!("shuffle_options = false\nshuffle_within_section = false\n{}", section("single", 35))),
        "s",
        1,
    );
    assert!(plain.forms[0].slots.iter().all(|slot| slot.options == canonical));
    let mut sorted = refs(&plain, 0);
    sorted.sort();
    assert_eq!(refs(&plain, 0), sorted);
}

#[test]
fn letters_and_canonical_ids_go_both_ways() {
    let bank = bank(&["q1 multiple t recall 1"]);
    let mut assembly = paper(&bank, &blueprint(&section("multiple", 1)), "s", 1);
    let slot = &mut assembly.forms[0].slots[0];
    slot.options = ["c", "a", "d", "b"].map(OptionId::from).into();
    let text = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    assert_eq!(slot.to_canonical(&text(&["A", "B"])), Some(["a", "c"].map(OptionId::from).into()));
    assert_eq!(slot.to_canonical(&[]), Some(vec![]));
    for wrong in [&["E"][..], &["A", "A"], &["a"], &[""]] {
        assert_eq!(slot.to_canonical(&text(wrong)), None, "{wrong:?}");
    }
    assert_eq!(slot.to_letters(&["a", "c", "z"].map(OptionId::from)), ["A", "B"]);
    assert_eq!((slot.letter_of(&"b".into()), slot.letter_of(&"z".into())), (Some("D"), None));
}

#[test]
fn the_json_is_that_of_the_contract() {
    let bank = bank(&["q1 single t recall 1", "q2 judgement t recall 2"]);
    let assembly = paper(
        &bank,
        &blueprint(&format!(
            "{}{}",
            section("single", 1).replace("= 1\n", "= 1.5\n").replace("count = 1.5", "count = 1"),
            section("judgement", 2)
        )),
        "s",
        1,
    );
    let json = serde_json::to_value(&assembly).unwrap();
    assert_eq!(json["blueprint"], "b");
    assert_eq!(json["law_date"], "2026-11-24");
    assert_eq!(json["forms"][0]["form"], 1);
    assert_eq!(json["forms"][0]["marks"], 2.5);
    let slot = &json["forms"][0]["slots"][0];
    assert_eq!(
        (&slot["slot"], &slot["question"], &slot["version"], &slot["kind"], &slot["marks"]),
        (&1.into(), &"q1".into(), &1.into(), &"single".into(), &1.5.into())
    );
    assert_eq!(slot["options"].as_array().unwrap().len(), 4);
    assert_eq!(json["forms"][0]["slots"][1]["options"], serde_json::json!([]));
    assert_eq!(json["unmet"][0]["missing"], 1);
}

/// Whether some choice meets rows (each a set of questions and a number), a cap per article and enemies: by trying all.
fn possible(
    rows: &[(Vec<usize>, u32)],
    articles: &[u32],
    cap: u32,
    enemies: &[(usize, usize)],
    chosen: &mut Vec<usize>,
) -> bool {
    let Some(((fitting, need), rest)) = rows.split_first() else { return true };
    if *need == 0 {
        return possible(rest, articles, cap, enemies, chosen);
    }
    for &question in fitting {
        let crowded = chosen.iter().filter(|&&other| articles[other] == articles[question]).count()
            >= usize::try_from(cap).unwrap();
        let hostile = enemies
            .iter()
            .any(|&(a, b)| (a == question && chosen.contains(&b)) || (b == question && chosen.contains(&a)));
        if chosen.contains(&question) || crowded || hostile {
            continue;
        }
        chosen.push(question);
        let mut fewer = vec![(fitting.clone(), need - 1)];
        fewer.extend(rest.iter().cloned());
        if possible(&fewer, articles, cap, enemies, chosen) {
            return true;
        }
        chosen.pop();
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A blueprint is met exactly when trying all choices finds one; what comes out keeps every constraint.
    #[test]
    fn small_banks_are_met_exactly_when_they_can_be(
        questions in prop::collection::vec((0_usize..2, 0_usize..2, 1_u32..5), 3..9),
        needs in prop::collection::vec(0_u32..3, 3),
        cap in 1_u32..3,
        enemies in prop::collection::vec((0_usize..9, 0_usize..9), 0..3),
        seed in 0_u32..1000,
    ) {
        let enemies: Vec<(usize, usize)> = enemies.into_iter().filter(|(a, b)| a < b && *b < questions.len()).collect();
        let text: Vec<String> = questions.iter().enumerate().map(|(i, (topic, level, article))| {
            let enemy: String = enemies.iter().find(|(a, _)| *a == i).map(|(_, b)| format!(" enemy=q{b}")).unwrap_or_default();
            format!("q{i} single {} {} {article}{enemy}", ["x", "y"][*topic], ["recall", "application"][*level])
        }).collect();
        // Only the first enemy of each question is written down.
        let enemies: Vec<(usize, usize)> = (0..questions.len()).filter_map(|i| enemies.iter().find(|(a, _)| *a == i).copied()).collect();
        let fits = [|_: usize, _: usize| true, |topic: usize, _: usize| topic == 0, |_: usize, level: usize| level == 1];
        let described = ["", "topic = 'x'\n", "level = 'application'\n"];
        let mut rows = Vec::new();
        let mut asked = format!("[constraints]\nmax_per_article = {cap}\n[[section]]\ntitle = 't'\nkind = 'single'\nmarks_each = 1\n");
        for (i, need) in needs.iter().enumerate().filter(|(_, need)| **need > 0) {
            rows.push(((0..questions.len()).filter(|&q| fits[i](questions[q].0, questions[q].1)).collect(), *need));
            asked.push_str(&format!("[[section.row]]\n{}count = {need}\n", described[i]));
        }
        prop_assume!(!rows.is_empty());
        let articles: Vec<u32> = questions.iter().map(|question| question.2).collect();
        let expected = possible(&rows, &articles, cap, &enemies, &mut Vec::new());
        let bank = bank(&lines(&text));
        let assembly = paper(&bank, &blueprint(&asked), &seed.to_string(), 1);
        prop_assert_eq!(assembly.unmet.is_empty(), expected, "{:?}", assembly.unmet);
        let came: Vec<usize> = refs(&assembly, 0).iter().map(|name| name[1..].parse().unwrap()).collect();
        prop_assert_eq!(came.iter().collect::<BTreeSet<_>>().len(), came.len());
        for article in 1..5 {
            prop_assert!(came.iter().filter(|&&q| articles[q] == article).count() <= usize::try_from(cap).unwrap());
        }
        prop_assert!(!enemies.iter().any(|(a, b)| came.contains(a) && came.contains(b)));
        let missing: u32 = assembly.unmet.iter().map(|unmet| unmet.missing).sum();
        prop_assert_eq!(u32::try_from(came.len()).unwrap() + missing, needs.iter().sum::<u32>());
    }
}

/// `docs/paper-vectors.json`: what another program must reproduce.
#[test]
fn the_published_papers_come_out() {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("../../../../docs/paper-vectors.json")).unwrap();
    let editions: Vec<Edition> = serde_json::from_value(vectors["register"].clone()).unwrap();
    let register = Register::from_editions(editions).unwrap();
    let questions: Vec<Question> = serde_json::from_value(vectors["questions"].clone()).unwrap();
    let papers = vectors["papers"].as_array().unwrap();
    assert_eq!(papers.len(), 3);
    for paper in papers {
        let blueprint = Blueprint::from_json(&paper["blueprint"].to_string()).unwrap();
        let (seed, day) = (paper["seed"].as_str().unwrap(), paper["law_date"].as_str().unwrap().parse().unwrap());
        let forms = paper["forms"].as_u64().unwrap().try_into().unwrap();
        let assembly = assemble(&questions, &register, &blueprint, seed, day, forms).unwrap();
        assert_eq!(serde_json::to_value(&assembly).unwrap(), paper["assembly"], "{}", blueprint.id);
        let person = shuffle_for(paper["attempt_seed"].as_str().unwrap(), &assembly.forms[0]);
        let options: Vec<_> =
            person.slots.iter().map(|slot| serde_json::json!({"slot": slot.slot, "options": slot.options})).collect();
        assert_eq!(serde_json::Value::from(options), paper["first_form_for_attempt"], "{}", blueprint.id);
    }
}
