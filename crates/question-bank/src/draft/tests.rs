use super::{Draft, Examined, Examiner, WordsProof};
use crate::check::Against;
use crate::fixtures::{all_kinds, bank, jia_fa, texts};
use crate::law::{LawTexts, Register};
use crate::question::{Authorship, Question, State};
use crate::topic::Topic;
use jiff::civil::date;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn authorship() -> Authorship {
    Authorship {
        author: "zhang".into(),
        reviewer: None,
        checked_on: date(2026, 11, 24),
        review_by: date(2027, 11, 24),
        unproven_reason: None,
    }
}

fn examine(value: &Value, texts: Option<&LawTexts>, kept: &[&str]) -> Examined {
    let (draft, problems) = Draft::from_json(value).unwrap();
    assert_eq!(problems, []);
    let register = Register::from_editions([jia_fa()]).unwrap();
    let topics = [Topic { slug: "jia".into(), title: "甲".into() }];
    let against = Against { register: &register, topics: &topics, gists: None, texts, today: Some(date(2026, 11, 24)) };
    let kept_binds: BTreeSet<String> = kept.iter().map(|bind| (*bind).to_owned()).collect();
    let known = |other: &crate::question::QuestionRef| other.as_str().starts_with("jia-");
    let examiner = Examiner { against, known: &known, kept_binds: &kept_binds };
    examiner.examine(&draft, 1, State::Draft, &authorship())
}

fn single() -> Value {
    json!({
        "ref": "jia-9", "pool": "exam", "topics": ["jia"], "level": "recall", "audience": ["all"],
        "prior_facility": 0.6,
        "body": { "item": {
            "kind": "single", "stem": "下列哪一项是处分？",
            "options": [
                { "id": "a", "text": "警告" },
                { "id": "b", "text": "降级", "misconception": "误以为有降级" },
                { "id": "c", "text": "批评", "misconception": "把批评当处分" },
            ],
            "key": "a", "explanation": "种类里有它。",
            "citations": [{ "law": "jia-fa", "edition": "2020", "article": "7", "item": 1, "words": "警告" }],
        } },
    })
}

fn fields(examined: &Examined) -> Vec<&str> {
    examined.errors().map(|problem| problem.field.as_str()).collect()
}

#[test]
fn every_question_is_a_draft_without_gaps() {
    for question in bank(all_kinds()).questions() {
        let draft = Draft::of(question);
        let again = draft.complete(question.version, question.state, question.authorship.clone());
        assert_eq!(again.as_ref(), Ok(question));
        let (read, problems) = Draft::from_json(&draft.to_value()).unwrap();
        assert_eq!((read, problems), (draft, vec![]));
    }
}

#[test]
fn an_empty_draft_is_one_and_names_every_gap() {
    let examined = examine(&json!({}), None, &[]);
    assert!(examined.question.is_none());
    assert_eq!(
        fields(&examined),
        [
            "audience",
            "body.item.citations",
            "body.item.explanation",
            "body.item.kind",
            "body.item.stem",
            "level",
            "pool",
            "prior_facility",
            "ref",
            "topics"
        ]
    );
}

#[test]
fn each_gap_and_fault_has_its_path() {
    let cases: [(&str, Value, &str); 14] = [
        ("/body/item/options/1/misconception", Value::Null, "body.item.options[1].misconception"),
        ("/body/item/options/1/text", json!("  "), "body.item.options[1].text"),
        ("/body/item/options/1/text", json!("警告"), "body.item.options[1].text"),
        ("/body/item/key", json!("d"), "body.item.key"),
        ("/body/item/key", json!(["a", "b"]), "body.item.key"),
        ("/body/item/key", json!(true), "body.item.key"),
        ("/body/item/kind", json!("judgement"), "body.item.options"),
        ("/body/item/citations/0/words", Value::Null, "body.item.citations[0].words"),
        ("/body/item/citations/0/article", json!("70"), "body.item.citations[0].article"),
        ("/body/item/citations/0/edition", json!("1999"), "body.item.citations[0].edition"),
        ("/topics", json!(["yi"]), "topics"),
        ("/prior_facility", json!(0.99), "prior_facility"),
        ("/ref", json!("Jia 9"), "ref"),
        ("/level", Value::Null, "level"),
    ];
    for (pointer, value, field) in cases {
        let mut changed = single();
        *changed.pointer_mut(pointer).unwrap() = value.clone();
        let examined = examine(&changed, None, &[]);
        assert!(fields(&examined).contains(&field), "{pointer} {value}: {:?}", examined.problems);
    }
    let clean = examine(&single(), Some(&texts()), &[]);
    assert_eq!(clean.problems, []);
}

/// A fault is named although something else is still missing.
#[test]
fn what_is_there_is_checked_while_the_rest_is_missing() {
    let mut value = single();
    value["level"] = Value::Null;
    value["topics"] = json!(["yi"]);
    value["enemies"] = json!(["yi-1"]);
    value["body"]["item"]["citations"][0]["words"] = json!("严重警告");
    value["body"]["item"]["options"][2]["text"] = json!("以上都对");
    let examined = examine(&value, Some(&texts()), &[]);
    let expected = ["body.item.citations[0].words", "body.item.options[2].text", "enemies", "level", "topics"];
    assert_eq!(fields(&examined), expected);
    assert_eq!(examined.words[0].proof, WordsProof::Refuted);
}

#[test]
fn the_parts_of_a_case_have_paths_of_their_own() {
    let case = bank(all_kinds()).questions().find(|one| one.passage().is_some()).unwrap().clone();
    let mut value = Draft::of(&case).to_value();
    value["body"]["case"]["parts"][1]["citations"][0]["article"] = json!("80");
    value["body"]["case"]["parts"][0]["options"][1]["text"] = json!("六个月");
    let examined = examine(&value, None, &[]);
    assert_eq!(fields(&examined), ["body.case.parts[0].options[1].text", "body.case.parts[1].citations[0].article"]);
    value["body"]["case"]["parts"][1]["kind"] = json!("essay");
    let (_, problems) = Draft::from_json(&value).unwrap();
    assert_eq!(problems[0].field, "body.case.parts[1].kind");
    value["body"]["case"]["parts"] = json!([]);
    assert_eq!(fields(&examine(&value, None, &[])), ["body.case.parts"]);
}

#[test]
fn what_is_of_the_wrong_type_is_no_draft() {
    let cases = [
        ("/pool", json!("open"), "pool"),
        ("/topics", json!("jia"), "topics"),
        ("/audience", json!(["nobody"]), "audience"),
        ("/prior_facility", json!("易"), "prior_facility"),
        ("/body/item/kind", json!("choice"), "body.item.kind"),
        ("/body/item/key", json!({ "a": 1 }), "body.item.key"),
        ("/body/item/options/0", json!({ "id": "a", "txt": "警告" }), "body.item.options[0].txt"),
        ("/body/item/citations/0/item", json!("一"), "body.item.citations[0].item"),
        ("/body/item/stem", json!(7), "body.item.stem"),
        ("/body", json!({ "question": {} }), "body.question"),
    ];
    for (pointer, value, field) in cases {
        let mut changed = single();
        *changed.pointer_mut(pointer).unwrap() = value;
        let (_, problems) = Draft::from_json(&changed).unwrap();
        assert_eq!(problems.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), [field]);
    }
    for no_object in [json!([]), json!("x"), Value::Null] {
        assert!(Draft::from_json(&no_object).is_err());
    }
}

#[test]
fn a_text_proves_and_binds_nothing_else_does() {
    let bind_of = |examined: &Examined| {
        let question = examined.question.as_ref().unwrap();
        question.citations().next().unwrap().bind.clone()
    };
    let proven = examine(&single(), Some(&texts()), &[]);
    let bind = bind_of(&proven).unwrap();
    assert_eq!(proven.words[0].proof, WordsProof::Proven);
    // Without the text: not proven, and said so; nothing that must be mended.
    let bare = examine(&single(), None, &[]);
    assert_eq!((bind_of(&bare), bare.words[0].proof), (None, WordsProof::NotProven));
    assert_eq!((fields(&bare).len(), bare.problems[0].field.as_str()), (0, "body.item.citations[0].words"));
    // A bind that comes along is not believed, unless it was given before and is still right.
    let mut value = single();
    value["body"]["item"]["citations"][0]["bind"] = json!(bind);
    assert_eq!(examine(&value, None, &[]).words[0].proof, WordsProof::NotProven);
    assert_eq!(examine(&value, None, &[&bind]).words[0].proof, WordsProof::Bound);
    value["body"]["item"]["key"] = json!("b");
    assert_eq!(bind_of(&examine(&value, None, &[&bind])), None);
    // A text of other punctuation than the register's proves nothing.
    let mut foreign = LawTexts::default();
    foreign
        .insert("jia-fa-2020".into(), [("7".into(), "处分的种类为\n（一）警告。\n（二）记过；（三）开除".to_owned())]);
    assert_eq!(examine(&single(), Some(&foreign), &[]).words[0].proof, WordsProof::NotProven);
}

#[test]
fn an_edition_that_is_no_longer_in_force_is_pointed_out() {
    let (draft, _) = Draft::from_json(&single()).unwrap();
    let mut edition = jia_fa();
    edition.superseded_on = Some(date(2026, 1, 1));
    let register = Register::from_editions([edition]).unwrap();
    let topics = [Topic { slug: "jia".into(), title: "甲".into() }];
    let texts = texts();
    let against = Against {
        register: &register,
        topics: &topics,
        gists: None,
        texts: Some(&texts),
        today: Some(date(2026, 11, 24)),
    };
    let examiner = Examiner { against, known: &|_| true, kept_binds: &BTreeSet::new() };
    let examined = examiner.examine(&draft, 1, State::Draft, &authorship());
    assert_eq!(examined.errors().count(), 0);
    assert_eq!(examined.problems[0].field, "body.item.citations[0].edition");
}

#[test]
fn the_key_is_written_as_its_kind_has_it() {
    for (kind, key) in [("single", json!("a")), ("multiple", json!(["a", "c"])), ("single", json!(["a", "c"]))] {
        let mut value = single();
        value["body"]["item"]["kind"] = json!(kind);
        value["body"]["item"]["key"] = key.clone();
        let (draft, _) = Draft::from_json(&value).unwrap();
        assert_eq!(draft.to_value()["body"]["item"]["key"], key);
    }
    let mut value = single();
    value["body"]["item"]["key"] = json!(["a"]);
    let (draft, _) = Draft::from_json(&value).unwrap();
    assert_eq!(draft.to_value()["body"]["item"]["key"], "a");
    let _: Question = draft.complete(1, State::Draft, authorship()).unwrap();
}
