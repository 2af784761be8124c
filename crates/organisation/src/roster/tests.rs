//! Rosters in, plans out. A row is written as `field=value` pairs, a district as rows too: it is imported first.

mod groups;
mod history;
mod modes;
mod people;
mod units;

use super::*;
use crate::person::Person;
use crate::ranks::Lists;
use crate::succession::UnitHistory;
use crate::tree::UnitTree;
use crate::unit::Unit;
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 24);

/// Stored state, with a counter for ids.
#[derive(Debug, Clone, Default)]
struct Store {
    people: Vec<Person>,
    units: Vec<Unit>,
    ids: u32,
    lists: Lists,
    history: UnitHistory,
    /// Rows of a sheet of units that come with the next plans.
    unit_rows: Vec<ParsedRow>,
}

fn field(name: &str) -> Field {
    Field::ALL.into_iter().find(|field| field.title() == name).unwrap_or_else(|| panic!("no field {name}"))
}

/// `姓名=张三 工号=1 单位=区财政局`
fn row(n: u32, text: &str) -> ParsedRow {
    let fields = text
        .split(' ')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (field(name), value.to_owned()))
        .collect();
    ParsedRow { sheet: "表".into(), row: n, fields, refused: false }
}

fn rows(texts: &[&str]) -> Vec<ParsedRow> {
    (2..).zip(texts).map(|(n, text)| row(n, text)).collect()
}

impl Store {
    fn plan_rows(&mut self, rows: &[ParsedRow], problems: &[Problem], options: &PlanOptions) -> ImportPlan {
        let units = UnitTree::build(self.units.clone()).unwrap();
        let input = PlanInput {
            existing: &self.people,
            units: &units,
            lists: &self.lists,
            history: &self.history,
            rows,
            unit_rows: &self.unit_rows,
            problems,
        };
        let ids = &mut self.ids;
        let mut new_id = || {
            *ids += 1;
            format!("id{ids}")
        };
        let key_of = |kind: KeyKind, value: &str| match kind {
            KeyKind::IdNumber => format!("mac({value})"),
            _ => value.to_owned(),
        };
        plan(&input, options, &mut PlanTools { new_id: &mut new_id, key_of: &key_of })
    }

    fn plan(&mut self, texts: &[&str], options: &PlanOptions) -> ImportPlan {
        self.plan_rows(&rows(texts), &[], options)
    }

    fn add(&mut self, texts: &[&str]) -> ImportPlan {
        let plan = self.plan(texts, &PlanOptions::add(TODAY));
        plan.apply(&mut self.people, &mut self.units);
        UnitTree::build(self.units.clone()).unwrap();
        plan
    }

    fn of(texts: &[&str]) -> Self {
        let mut store = Self::default();
        let plan = store.add(texts);
        assert!(!plan.has_errors(), "{:?}", plan.problems);
        store
    }

    fn person(&self, name: &str) -> &Person {
        self.people.iter().find(|person| person.name == name).unwrap_or_else(|| panic!("no {name}"))
    }

    fn unit_path(&self, name: &str) -> String {
        let tree = UnitTree::build(self.units.clone()).unwrap();
        tree.path_names(&self.person(name).unit).join("/")
    }
}

/// (new, changed, moved, left, unchanged)
fn people_of(plan: &ImportPlan) -> (u64, u64, u64, u64, u64) {
    let counts = plan.report().people;
    (counts.new, counts.changed, counts.moved, counts.left, counts.unchanged)
}

/// (new, renamed, left); regrouped ones are asked for where they matter
fn units_of(plan: &ImportPlan) -> (u64, u64, u64) {
    let counts = plan.report().units;
    (counts.new, counts.renamed, counts.left)
}

fn reasons(plan: &ImportPlan, severity: Severity) -> Vec<&str> {
    plan.problems.iter().filter(|p| p.severity == severity).map(|p| p.reason.as_str()).collect()
}

fn errors(plan: &ImportPlan) -> Vec<&str> {
    reasons(plan, Severity::Error)
}

fn warnings(plan: &ImportPlan) -> Vec<&str> {
    reasons(plan, Severity::Warning)
}
