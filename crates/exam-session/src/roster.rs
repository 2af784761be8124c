//! Who is due (应考范围), fixed when the exam is published.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::rules::FieldProblem;

/// A person on a roster (名单上的身份).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RosterStatus {
    /// 应考.
    Due,
    /// 免考, with a reason.
    Exempt,
    /// 缓考 (leave, 请假), with a reason.
    Deferred,
}

/// A unit, with or without those below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitSelection {
    /// The id of the unit.
    pub unit: String,
    /// With all its subunits.
    #[serde(default = "yes")]
    pub subtree: bool,
}

fn yes() -> bool {
    true
}

/// Who is left out although a unit is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Exclusion {
    /// These persons, by id.
    People(Vec<String>),
    /// Whoever fits any of these.
    AnyOf(ExcludedGroups),
}

/// Persons and groups that are left out: one fit is enough.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExcludedGroups {
    /// Persons, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitSelection>,
    /// Analysis groups, post levels or ranks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranks: Vec<String>,
    /// Posts (岗位).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<String>,
}

/// Who an exam is for, as CONTRACT §5 has it: in one of the units, and in each list that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// The units.
    pub units: Vec<UnitSelection>,
    /// Certain persons, by id: the drawn, or those of a make-up; empty is all.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_all")]
    pub people: Vec<String>,
    /// Analysis groups, post levels (领导职务层次) or ranks (职级); empty is all.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_all")]
    pub ranks: Vec<String>,
    /// Posts (岗位); empty is all.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_all")]
    pub posts: Vec<String>,
    /// 政治面貌; empty is all.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_all")]
    pub party: Vec<String>,
    /// 监察对象类别; empty is all.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_all")]
    pub supervisee: Vec<String>,
    /// Who is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Exclusion>,
    /// Retired people (离退休) are due too; by default they are not.
    #[serde(default)]
    pub include_retired: bool,
}

fn null_is_all<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default())
}

/// What of a person decides whether an exam is for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PersonFacts<'a> {
    /// The person's id.
    pub person: &'a str,
    /// The statistical unit (统计单位).
    pub unit: &'a str,
    /// The units above it, in any order.
    pub ancestors: &'a [&'a str],
    /// The analysis group.
    pub rank_group: Option<&'a str>,
    /// 领导职务层次.
    pub post_level: Option<&'a str>,
    /// 职级.
    pub rank: Option<&'a str>,
    /// 岗位.
    pub post: Option<&'a str>,
    /// 政治面貌.
    pub party: Option<&'a str>,
    /// 监察对象类别.
    pub supervisee: Option<&'a str>,
    /// 离退休.
    pub retired: bool,
    /// No longer there (已离开).
    pub left: bool,
}

impl UnitSelection {
    fn holds(&self, person: &PersonFacts<'_>) -> bool {
        self.unit == person.unit || (self.subtree && person.ancestors.iter().any(|above| *above == self.unit))
    }
}

impl PersonFacts<'_> {
    fn has_rank_in(&self, ranks: &[String]) -> bool {
        [self.rank_group, self.post_level, self.rank].into_iter().flatten().any(|rank| ranks.iter().any(|r| r == rank))
    }
}

fn holds(list: &[String], value: Option<&str>) -> bool {
    value.is_some_and(|value| list.iter().any(|entry| entry == value))
}

impl Exclusion {
    fn holds(&self, person: &PersonFacts<'_>) -> bool {
        match self {
            Self::People(people) => holds(people, Some(person.person)),
            Self::AnyOf(groups) => {
                holds(&groups.people, Some(person.person))
                    || groups.units.iter().any(|unit| unit.holds(person))
                    || person.has_rank_in(&groups.ranks)
                    || holds(&groups.posts, person.post)
            }
        }
    }
}

impl Audience {
    /// Everybody in a unit and below it.
    pub fn of_unit(unit: impl Into<String>) -> Self {
        Self {
            units: vec![UnitSelection { unit: unit.into(), subtree: true }],
            people: Vec::new(),
            ranks: Vec::new(),
            posts: Vec::new(),
            party: Vec::new(),
            supervisee: Vec::new(),
            exclude: None,
            include_retired: false,
        }
    }

    /// Whether the exam is for a person.
    pub fn matches(&self, person: &PersonFacts<'_>) -> bool {
        let all_or = |list: &[String], value| list.is_empty() || holds(list, value);
        !person.left
            && (self.include_retired || !person.retired)
            && self.units.iter().any(|unit| unit.holds(person))
            && all_or(&self.people, Some(person.person))
            && (self.ranks.is_empty() || person.has_rank_in(&self.ranks))
            && all_or(&self.posts, person.post)
            && all_or(&self.party, person.party)
            && all_or(&self.supervisee, person.supervisee)
            && !self.exclude.as_ref().is_some_and(|exclude| exclude.holds(person))
    }

    /// What is wrong with an audience, given whether a unit exists.
    pub fn validate(&self, unit_exists: impl Fn(&str) -> bool) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.units.is_empty() {
            problems.push(FieldProblem::new("audience.units", "请至少选择一个单位"));
        }
        let mut check = |field: String, unit: &str| {
            if !unit_exists(unit) {
                problems.push(FieldProblem::new(field, "没有这个单位：请重新选择"));
            }
        };
        for (index, selection) in self.units.iter().enumerate() {
            check(format!("audience.units[{index}].unit"), &selection.unit);
        }
        if let Some(Exclusion::AnyOf(groups)) = &self.exclude {
            for (index, selection) in groups.units.iter().enumerate() {
                check(format!("audience.exclude.units[{index}].unit"), &selection.unit);
            }
        }
        problems
    }
}

/// Whether a person may ask for an exemption because retirement is near (临近退休申请免考; 蒸湘区 2017: within two
/// years): retirement lies between `on` and `months` after it, both days included. A date is kept, not an age,
/// since retirement ages move.
pub fn is_near_retirement(retires_on: Date, on: Date, months: i32) -> bool {
    let last = on.checked_add(jiff::Span::new().months(months.clamp(0, 120))).unwrap_or(Date::MAX);
    retires_on >= on && retires_on <= last
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    /// 区 → 区纪委 → 一室; a 乡科级副职 of the party.
    fn person() -> PersonFacts<'static> {
        PersonFacts {
            person: "p1",
            unit: "yishi",
            ancestors: &["qujiwei", "qu"],
            rank_group: Some("xiangke-fu"),
            post_level: Some("xiangkeji-fuzhi"),
            rank: Some("siji-zhuren-keyuan"),
            post: Some("执纪审查"),
            party: Some("中共党员"),
            supervisee: Some("公务员"),
            retired: false,
            left: false,
        }
    }

    #[test]
    fn an_audience_is_units_and_lists() {
        let whole = json!([{"unit": "qu"}]);
        for (audience, expected) in [
            (json!({"units": whole}), true),
            (json!({"units": [{"unit": "yishi", "subtree": false}]}), true),
            (json!({"units": [{"unit": "qujiwei", "subtree": false}]}), false),
            (json!({"units": [{"unit": "other"}, {"unit": "qujiwei", "subtree": true}]}), true),
            (json!({"units": []}), false),
            (json!({"units": whole, "people": ["p1", "p2"]}), true),
            (json!({"units": whole, "people": ["p2"]}), false),
            (json!({"units": whole, "ranks": ["xiangke-fu"]}), true),
            (json!({"units": whole, "ranks": ["xiangkeji-fuzhi"]}), true),
            (json!({"units": whole, "ranks": ["siji-zhuren-keyuan", "x"]}), true),
            (json!({"units": whole, "ranks": ["xianchuji"]}), false),
            (json!({"units": whole, "ranks": []}), true),
            (json!({"units": whole, "ranks": null}), true),
            (json!({"units": whole, "party": ["中共党员", "预备党员"]}), true),
            (json!({"units": whole, "party": ["群众"]}), false),
            (json!({"units": whole, "posts": ["执纪审查"], "supervisee": ["公务员"]}), true),
            (json!({"units": whole, "posts": ["执纪审查"], "supervisee": ["国企"]}), false),
            (json!({"units": whole, "exclude": ["p1"]}), false),
            (json!({"units": whole, "exclude": ["p2"]}), true),
            (json!({"units": whole, "exclude": {"units": [{"unit": "qujiwei"}]}}), false),
            (json!({"units": whole, "exclude": {"ranks": ["xiangke-fu"]}}), false),
            (json!({"units": whole, "exclude": {"posts": ["司机"], "people": ["p2"]}}), true),
        ] {
            let parsed: Audience = serde_json::from_value(audience.clone()).unwrap();
            assert_eq!(parsed.matches(&person()), expected, "{audience}");
            let again = serde_json::from_value(serde_json::to_value(&parsed).unwrap()).unwrap();
            assert_eq!(parsed, again, "{audience}");
        }
    }

    #[test]
    fn who_left_is_not_due_and_who_retired_only_if_wanted() {
        let all = Audience::of_unit("qu");
        let retired = PersonFacts { retired: true, ..person() };
        assert!(!all.matches(&retired));
        assert!(Audience { include_retired: true, ..all.clone() }.matches(&retired));
        assert!(!Audience { include_retired: true, ..all.clone() }.matches(&PersonFacts { left: true, ..person() }));
        let party = Audience { party: vec!["中共党员".into()], ..all };
        assert!(!party.matches(&PersonFacts { party: None, ..person() }), "unknown is not a member");
    }

    #[test]
    fn wrong_audiences_are_named() {
        let audience: Audience = serde_json::from_value(
            json!({"units": [{"unit": "qu"}, {"unit": "x"}], "exclude": {"units": [{"unit": "y"}]}}),
        )
        .unwrap();
        let fields: Vec<String> = audience.validate(|unit| unit == "qu").into_iter().map(|p| p.field).collect();
        assert_eq!(fields, ["audience.units[1].unit", "audience.exclude.units[0].unit"]);
        let none = Audience { units: vec![], ..audience };
        assert_eq!(none.validate(|_| true).len(), 1);
        for wrong in
            [json!({}), json!({"units": "qu"}), json!({"units": [], "rank": []}), json!({"units": [{"id": 1}]})]
        {
            assert!(serde_json::from_value::<Audience>(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn near_retirement_is_a_matter_of_dates() {
        let on = date(2026, 12, 1);
        for (retires, expected) in [
            (date(2026, 12, 1), true),
            (date(2028, 12, 1), true),
            (date(2028, 12, 2), false),
            (date(2026, 11, 30), false),
        ] {
            assert_eq!(is_near_retirement(retires, on, 24), expected, "{retires}");
        }
    }
}
