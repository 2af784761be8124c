//! Rules from JSON, with every wrong field named.

use jiff::civil::Date;
use scoring::MultipleRule;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Band, CountRule, FieldProblem, MustBeRight, OpenBook, ReleaseKeys, ReleaseMarks, Rules, SectionMinimum};
use crate::entry::EntryWaves;
use crate::marks::MarksCenti;
use crate::screen::ScreenLeaves;

/// A field, whether a value fits it, and what is expected in words.
type FieldSpec = (&'static str, fn(&Value) -> bool, &'static str);

fn fits<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

const FIELDS: &[FieldSpec] = &[
    ("pass_marks", fits::<MarksCenti>, "应是最多两位小数的数字，例如 80"),
    ("bands", fits::<Vec<Band>>, "应是等次的列表，例如 [{\"from\": 90, \"name\": \"优秀\"}]"),
    (
        "section_minima",
        fits::<Vec<SectionMinimum>>,
        "应是分项最低分的列表，例如 [{\"section\": \"廉政知识\", \"from\": 20}]",
    ),
    (
        "must_be_right",
        fits::<Vec<MustBeRight>>,
        "应是必对题的列表，例如 [{\"kind\": \"single\", \"count\": 3}] 或 [{\"question\": \"题目编号\"}]",
    ),
    ("attempts", fits::<u32>, "应是整数，例如 1"),
    ("count", fits::<CountRule>, "应是 best（取最高）、last（取最后一次）或 first（取第一次）"),
    ("wait_seconds", fits::<i64>, "应是整数，单位秒"),
    ("until_passed", fits::<bool>, "应是 true 或 false"),
    ("full_duration", fits::<bool>, "应是 true 或 false"),
    ("late_sync_seconds", fits::<i64>, "应是整数，单位秒"),
    ("release_marks", fits::<ReleaseMarks>, "应是 at_submission（交卷即公布）或 after_window（考试结束后公布）"),
    (
        "release_keys",
        fits::<ReleaseKeys>,
        "应是 at_submission（交卷即公布）、after_window（考试结束后公布）或 never（不公布）",
    ),
    ("shuffle", fits::<bool>, "应是 true 或 false"),
    ("open_book", fits::<OpenBook>, "应是 true、false，或按年龄 {\"from_age\": 50}"),
    ("law_date", fits::<Date>, "应是日期，例如 \"2026-12-01\""),
    (
        "clauses",
        fits::<std::collections::BTreeMap<super::Ground, String>>,
        "应是“依据—条款文字”的对应表，依据可用 passed、below_pass_mark、section_minimum、must_be_right、disqualified、absent",
    ),
    (
        "multiple_rule",
        fits::<MultipleRule>,
        "应是 all_or_nothing（全对得分）、partial_without_wrong（漏选得部分分、错选不得分）或 per_choice（逐项判分）",
    ),
    (
        "entry_waves",
        fits::<EntryWaves>,
        "应是分批入场的设置，例如 {\"count\": 4, \"interval_seconds\": 300, \"by\": \"unit\"}（by 也可以是 person）",
    ),
    (
        "screen_leaves",
        fits::<ScreenLeaves>,
        "应是离开页面的规定，例如 {\"most\": 3, \"from_seconds\": 10, \"then\": \"record\"}（then 也可以是 hand_in）",
    ),
    ("freeze_edits", fits::<bool>, "应是 true 或 false"),
];

impl Rules {
    /// Reads rules from JSON; an absent or `null` field takes its default.
    ///
    /// # Errors
    ///
    /// Every field that is unknown, missing or of the wrong form, in Chinese.
    pub fn from_json(value: &Value) -> Result<Self, Vec<FieldProblem>> {
        let Some(given) = value.as_object() else {
            return Err(vec![FieldProblem::new("rules", "考试规则应是一个 JSON 对象")]);
        };
        let given: Map<String, Value> =
            given.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect();
        let mut problems: Vec<FieldProblem> = given
            .keys()
            .filter(|key| FIELDS.iter().all(|(field, ..)| field != key))
            .map(|key| FieldProblem::new(key.as_str(), "考试规则没有这个字段：请删去，或核对拼写"))
            .collect();
        if !given.contains_key("pass_marks") {
            problems.push(FieldProblem::new("pass_marks", "请填写合格分"));
        }
        for (field, fits, expected) in FIELDS {
            if given.get(*field).is_some_and(|value| !fits(value)) {
                problems.push(FieldProblem::new(*field, *expected));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        serde_json::from_value(Value::Object(given))
            .map_err(|_| vec![FieldProblem::new("rules", "考试规则的格式不对：请按接口文档核对各字段")])
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use serde_json::{Value, json};

    #[test]
    fn the_contract_s_json_is_read_and_written_as_it_is() {
        let json = json!({
            "pass_marks": 60, "bands": [{"from": 90, "name": "优秀"}, {"from": 60.5, "name": "合格"}],
            "section_minima": [{"section": "法律理论", "from": 40}],
            "must_be_right": [{"kind": "single", "count": 3}, {"question": "jiancha2024-001"}],
            "attempts": 3, "count": "last", "wait_seconds": 3600, "until_passed": true, "full_duration": true,
            "late_sync_seconds": 0, "release_marks": "after_window", "release_keys": "never", "shuffle": false,
            "open_book": {"from_age": 50}, "law_date": "2026-12-01",
            "clauses": {"below_pass_mark": "办法第八条"}, "multiple_rule": "all_or_nothing",
            "entry_waves": {"count": 4, "interval_seconds": 300, "by": "person"},
            "screen_leaves": {"most": 3, "from_seconds": 5, "then": "hand_in"}, "freeze_edits": true
        });
        let rules = Rules::from_json(&json).unwrap();
        assert_eq!(serde_json::to_value(&rules).unwrap(), json);
        assert_eq!(serde_json::from_value::<Rules>(json).unwrap(), rules);
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let rules = Rules::from_json(&json!({"pass_marks": 80, "wait_seconds": null, "law_date": null})).unwrap();
        assert_eq!(rules, Rules::with_pass_marks(MarksCenti::from_whole(80)));
        assert_eq!((rules.attempts, rules.late_sync_seconds, rules.shuffle), (1, 120, true));
        assert_eq!(rules.release_keys, ReleaseKeys::AfterWindow);
    }

    #[test]
    fn every_wrong_field_is_named() {
        for (json, fields) in [
            (json!([]), vec!["rules"]),
            (json!({}), vec!["pass_marks"]),
            (json!({"pass_marks": "80"}), vec!["pass_marks"]),
            (json!({"pass_marks": 80.555}), vec!["pass_marks"]),
            (json!({"pass_mark": 80}), vec!["pass_mark", "pass_marks"]),
            (json!({"pass_marks": 80, "attempts": -1, "count": "top"}), vec!["attempts", "count"]),
            (json!({"pass_marks": 80, "bands": [{"from": 90}]}), vec!["bands"]),
            (json!({"pass_marks": 80, "bands": [{"from": 90, "name": "优秀", "to": 100}]}), vec!["bands"]),
            (json!({"pass_marks": 80, "must_be_right": [{"kind": "single"}]}), vec!["must_be_right"]),
            (json!({"pass_marks": 80, "open_book": 50}), vec!["open_book"]),
            (json!({"pass_marks": 80, "open_book": {"from_age": 50, "to_age": 60}}), vec!["open_book"]),
            (json!({"pass_marks": 80, "law_date": "明天"}), vec!["law_date"]),
            (json!({"pass_marks": 80, "clauses": {"luck": "x"}}), vec!["clauses"]),
            (json!({"pass_marks": 80, "release_marks": "never"}), vec!["release_marks"]),
            (json!({"pass_marks": 80, "multiple_rule": "guess"}), vec!["multiple_rule"]),
            (json!({"pass_marks": 80, "entry_waves": {"count": 3}}), vec!["entry_waves"]),
            (json!({"pass_marks": 80, "screen_leaves": 3, "freeze_edits": 1}), vec!["screen_leaves", "freeze_edits"]),
        ] {
            let problems = Rules::from_json(&json).unwrap_err();
            let named: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
            assert_eq!(named, fields, "{json}");
        }
    }

    #[test]
    fn every_field_is_known_to_the_reader() {
        let mut rules = Rules::with_pass_marks(MarksCenti::from_whole(60));
        rules.section_minima = vec![SectionMinimum { section: "x".into(), from: MarksCenti::ZERO }];
        rules.must_be_right = vec![MustBeRight::Question { question: "q".into() }];
        rules.wait_seconds = Some(1);
        rules.open_book = Some(OpenBook::Everybody(true));
        rules.law_date = Some(jiff::civil::date(2026, 1, 1));
        rules.entry_waves = serde_json::from_value(json!({"count": 2, "interval_seconds": 60})).ok();
        rules.screen_leaves = serde_json::from_value(json!({"most": 3})).ok();
        let Value::Object(map) = serde_json::to_value(&rules).unwrap() else { panic!("no object") };
        assert_eq!(map.len(), super::FIELDS.len());
        for key in map.keys() {
            assert!(super::FIELDS.iter().any(|(field, ..)| field == key), "{key}");
        }
    }
}
