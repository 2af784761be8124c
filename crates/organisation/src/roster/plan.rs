//! The plan of an import: who is new, changed, moved, left.

use super::build::{Facts, build_person};
use super::leaving::{emptied, leave, named_in};
use super::matching::{Candidate, Matcher, candidates};
use super::notes::Notes;
use super::outcome::{Change, ImportPlan, PersonChange, count};
use super::row::{Field, KeyKind, ParsedRow, Problem, Severity};
use super::units::UnitResolver;
use crate::UnitId;
use crate::person::{Person, Status};
use crate::ranks::{Lists, Spellings};
use crate::roles::Scope;
use crate::succession::UnitHistory;
use crate::tree::UnitTree;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Whether people who are missing in the file leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 增量: nobody leaves for being missing (default).
    #[default]
    Add,
    /// 全量: who is missing has left.
    Full,
}

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// Everybody who is stored, those who left included.
    pub existing: &'a [Person],
    /// The tree as stored; empty before the first import.
    pub units: &'a UnitTree,
    /// Levels, ranks, groups.
    pub lists: &'a Lists,
    /// Former names and successors of units.
    pub history: &'a UnitHistory,
    /// The rows of the file.
    pub rows: &'a [ParsedRow],
    /// The rows of its sheets of units (单位表), which say nothing of people.
    pub unit_rows: &'a [ParsedRow],
    /// What reading the file already found; the plan's problems follow them.
    pub problems: &'a [Problem],
}

/// How to compare.
#[derive(Debug, Clone)]
pub struct PlanOptions {
    /// Whether the missing leave.
    pub mode: Mode,
    /// The keys to match by, best first; the first that a row has is its key.
    pub keys: Vec<KeyKind>,
    /// Only these units may be touched, and only their people can leave; none means all.
    pub scope: Option<Scope>,
    /// Name of the top unit that is made when there is no tree yet and the file names none.
    pub top_name: String,
    /// The day on which units that left have left.
    pub today: Date,
}

impl PlanOptions {
    /// Add mode, default keys, no limit of scope.
    pub fn add(today: Date) -> Self {
        Self { mode: Mode::Add, keys: KeyKind::DEFAULT.to_vec(), scope: None, top_name: "全区".to_owned(), today }
    }

    /// As [`PlanOptions::add`], in full mode.
    pub fn full(today: Date) -> Self {
        Self { mode: Mode::Full, ..Self::add(today) }
    }
}

/// What the pure plan needs from outside.
pub struct PlanTools<'a> {
    /// A new id, never given before.
    pub new_id: &'a mut dyn FnMut() -> String,
    /// The key as stored: an ID number becomes its keyed hash, the others stay.
    pub key_of: &'a dyn Fn(KeyKind, &str) -> String,
}

impl std::fmt::Debug for PlanTools<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlanTools")
    }
}

/// Compares a roster with what is stored.
///
/// Matching: by the first key that a row has; a row without any, or whose key is unknown while a person without a
/// real key fits, is matched by name, unit and birth month, with a warning. An empty cell never clears a value.
/// A row with an error changes nobody. In full mode nobody leaves when a sheet could not be read.
pub fn plan(input: &PlanInput<'_>, options: &PlanOptions, tools: &mut PlanTools<'_>) -> ImportPlan {
    let mut notes = Notes::new(input.problems);
    let (list, refused) = candidates(input, options, tools.key_of, &mut notes);
    let mut units = UnitResolver::new(input, options);
    units.learn(list.iter().map(|candidate| candidate.row).chain(input.unit_rows.iter().filter(|row| !row.refused)));
    let mut planner = Planner {
        input,
        options,
        tools,
        units,
        matcher: Matcher::new(input.existing),
        spellings: Spellings::new(input.lists),
        notes,
        refused,
        listed: HashSet::new(),
    };
    planner.unit_rows();
    let (changes, unchanged) = planner.rows(&list);
    planner.finish(changes, unchanged)
}

enum Outcome<'a> {
    Unchanged,
    Change(Box<PersonChange>),
    /// Nothing to do, said in a warning.
    Skipped,
    Refused(&'a ParsedRow),
}

/// The plan in the making.
struct Planner<'a, 'i, 't> {
    input: &'a PlanInput<'i>,
    options: &'a PlanOptions,
    tools: &'a mut PlanTools<'t>,
    units: UnitResolver<'a>,
    matcher: Matcher<'i>,
    spellings: Spellings<'i>,
    notes: Notes,
    refused: Vec<&'i ParsedRow>,
    /// Units that a sheet of units lists: they are made, and stay, without people.
    listed: HashSet<UnitId>,
}

impl<'a, 'i: 'a> Planner<'a, 'i, '_> {
    /// The rows of the sheets of units.
    fn unit_rows(&mut self) {
        for row in self.input.unit_rows {
            if row.refused {
                self.refused.push(row);
                continue;
            }
            let unit = match self.units.resolve_listed(row, self.tools.new_id, &mut self.notes) {
                Ok(unit) => unit,
                Err(refusal) => {
                    self.notes.row(row, Some(refusal.field), Severity::Error, refusal.reason);
                    self.refused.push(row);
                    continue;
                }
            };
            if self.options.scope.as_ref().is_some_and(|scope| !self.units.within(scope, &unit)) {
                self.notes.row(row, Some(Field::Unit), Severity::Error, "这个单位不在您的管理范围内");
                self.refused.push(row);
                continue;
            }
            self.units.say_groups(row, &unit, Severity::Error, &mut self.notes);
            self.listed.insert(unit);
        }
    }

    /// The changes in the order of the file, and how many people stay as they are.
    fn rows(&mut self, list: &[Candidate<'i>]) -> (Vec<PersonChange>, u64) {
        // Rows with a key first: a key is better evidence than a name.
        let (keyed, keyless): (Vec<_>, Vec<_>) = list.iter().enumerate().partition(|(_, c)| !c.keys.is_empty());
        let mut planned: Vec<(usize, Box<PersonChange>)> = Vec::new();
        let mut unchanged = 0;
        for (place, candidate) in keyed.into_iter().chain(keyless) {
            match self.row(candidate) {
                Outcome::Unchanged => unchanged += 1,
                Outcome::Change(change) => planned.push((place, change)),
                Outcome::Skipped => {}
                Outcome::Refused(row) => self.refused.push(row),
            }
        }
        planned.sort_by_key(|(place, _)| *place);
        (planned.into_iter().map(|(_, change)| *change).collect(), unchanged)
    }

    fn refuse(&mut self, row: &'i ParsedRow, field: Field, reason: impl Into<String>) -> Outcome<'i> {
        self.notes.row(row, Some(field), Severity::Error, reason);
        Outcome::Refused(row)
    }

    fn row(&mut self, candidate: &Candidate<'i>) -> Outcome<'i> {
        let row = candidate.row;
        let unit = match self.units.resolve(row, self.tools.new_id, &mut self.notes) {
            Ok(unit) => unit,
            Err(refusal) => return self.refuse(row, refusal.field, refusal.reason),
        };
        let before = match self.matcher.find(candidate, unit.as_ref(), &mut self.notes) {
            Ok(before) => before,
            Err(reason) => return self.refuse(row, Field::Name, reason),
        };
        let Some(unit) = unit.or_else(|| before.map(|person| person.unit.clone())) else {
            return self.refuse(row, Field::Unit, "没有写单位，系统里也没有这个人；请补上单位");
        };
        if let Some(reason) = self.out_of_scope(before, &unit) {
            return self.refuse(row, Field::Unit, reason);
        }
        self.units.say_groups(row, &unit, Severity::Warning, &mut self.notes);
        let facts = Facts { candidate, before, unit };
        let (after, fields) = build_person(&facts, &self.units, &mut self.spellings, self.tools, &mut self.notes);
        if before.is_none() && after.status == Status::Left {
            let reason = "已离开的人系统里没有记录，略过这一行";
            self.notes.row(row, Some(Field::Status), Severity::Warning, reason);
            return Outcome::Skipped;
        }
        let change = match before {
            None => Change::New,
            Some(_) if fields.is_empty() => return Outcome::Unchanged,
            Some(old) if after.status == Status::Left && old.status != Status::Left => Change::Left,
            Some(old) if old.unit != after.unit => Change::Moved,
            Some(_) => Change::Changed,
        };
        Outcome::Change(Box::new(PersonChange {
            sheet: Some(row.sheet.clone()),
            row: Some(row.row),
            change,
            before: before.cloned(),
            unit_path: self.units.path(&after.unit),
            after,
            fields,
        }))
    }

    /// Why the person, or the unit, is not for the one who imports.
    fn out_of_scope(&self, before: Option<&Person>, unit: &UnitId) -> Option<&'static str> {
        let scope = self.options.scope.as_ref()?;
        if before.is_some_and(|person| !self.input.units.contains(scope, &person.unit)) {
            Some("此人现在不属于您管理的单位，调动请由考务管理员办理")
        } else if self.units.within(scope, unit) {
            None
        } else {
            Some("这个单位不在您的管理范围内")
        }
    }

    /// Adds who and what leaves, keeps of the new units what is used, and closes the plan.
    fn finish(mut self, mut changes: Vec<PersonChange>, unchanged: u64) -> ImportPlan {
        let (input, options) = (self.input, self.options);
        let in_scope = |unit: &UnitId| options.scope.as_ref().is_none_or(|scope| input.units.contains(scope, unit));
        let people = input.existing.iter().enumerate();
        let could_leave: Vec<(usize, &Person)> =
            people.filter(|(_, person)| person.status.is_on_roster() && in_scope(&person.unit)).collect();
        if options.mode == Mode::Full {
            let named = named_in(input, options, &self.refused, self.tools.key_of);
            leave(input, &could_leave, &self.matcher, &named, &self.units, &mut changes, &mut self.notes);
        }
        let used: HashSet<UnitId> = changes
            .iter()
            .flat_map(|change| [Some(change.after.unit.clone()), change.after.seconded_unit.clone()])
            .flatten()
            .chain(self.listed.iter().cloned())
            .collect();
        let units = self.units.finish(&used, &mut self.notes);
        let units_left = match options.mode {
            Mode::Full => emptied(input, &changes, &units.new, &self.listed),
            Mode::Add => Vec::new(),
        };
        ImportPlan {
            mode: options.mode,
            on: options.today,
            units_new: units.new,
            units_renamed: units.renamed,
            units_regrouped: units.regrouped,
            units_left,
            changes,
            unchanged,
            refused_rows: count(self.refused.len()),
            could_leave: count(could_leave.len()),
            problems: self.notes.into_problems(),
        }
    }
}
