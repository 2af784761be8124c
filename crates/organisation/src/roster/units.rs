//! Which unit a row means; makes the units that do not exist yet.

mod aliases;
mod codes;
mod finish;
mod groups;
mod making;

use super::notes::Notes;
use super::outcome::UnitRename;
use super::parent_links::ParentLinks;
use super::plan::{PlanInput, PlanOptions};
use super::row::{Field, ParsedRow};
use crate::UnitId;
use crate::text::{squeeze, tidy};
use crate::tree::{MAX_DEPTH, UnitTree};
use crate::unit::{Unit, UnitKind};
use aliases::Alias;
use groups::Said;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The longest name of a unit, in characters.
const UNIT_NAME_MAX_CHARS: usize = 60;

/// A row's unit cannot be told.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) field: Field,
    pub(super) reason: String,
}

fn refusal(reason: impl Into<String>) -> Refusal {
    Refusal { field: Field::Unit, reason: reason.into() }
}

#[derive(Debug)]
struct Node {
    name: String,
    code: String,
    parent: Option<UnitId>,
    kind: UnitKind,
}

/// The unit cells of a row as written, to answer equal rows at once.
type Written = [Option<String>; 4];

#[derive(Debug)]
pub(super) struct UnitResolver<'a> {
    tree: &'a UnitTree,
    top_name: &'a str,
    nodes: HashMap<UnitId, Node>,
    by_place: HashMap<(UnitId, String), UnitId>,
    by_name: HashMap<String, Vec<UnitId>>,
    by_code: HashMap<String, UnitId>,
    /// Names that no unit has today, with those that stand for them.
    aliases: HashMap<String, Vec<Alias>>,
    /// What was said of old names in the row in hand.
    said_of_names: Vec<String>,
    top: Option<UnitId>,
    /// What the file itself has as the top of every path, when there is no tree yet.
    top_found: Option<String>,
    new: Vec<Unit>,
    renamed: Vec<(UnitRename, String)>,
    answers: HashMap<Written, Result<Option<UnitId>, Refusal>>,
    links: ParentLinks,
    made_under: HashMap<UnitId, i64>,
    /// Groupings that the file gives to units.
    said: HashMap<UnitId, Vec<Said>>,
}

impl<'a> UnitResolver<'a> {
    pub(super) fn new(input: &PlanInput<'a>, options: &'a PlanOptions) -> Self {
        let mut resolver = Self {
            tree: input.units,
            top_name: &options.top_name,
            nodes: HashMap::new(),
            by_place: HashMap::new(),
            by_name: HashMap::new(),
            by_code: HashMap::new(),
            aliases: HashMap::new(),
            said_of_names: Vec::new(),
            top: input.units.top().map(|unit| unit.id.clone()),
            top_found: None,
            new: Vec::new(),
            renamed: Vec::new(),
            answers: HashMap::new(),
            links: ParentLinks::default(),
            made_under: HashMap::new(),
            said: HashMap::new(),
        };
        for unit in input.units.iter() {
            resolver.by_code.insert(unit.code.clone(), unit.id.clone());
            match unit.left_on {
                Some(_) => drop(resolver.nodes.insert(unit.id.clone(), node(unit))),
                None => resolver.index(unit),
            }
        }
        resolver.aliases = aliases::of(input.units, input.history, options.today);
        resolver
    }

    fn index(&mut self, unit: &Unit) {
        let name = squeeze(&unit.name);
        if let Some(parent) = &unit.parent {
            self.by_place.insert((parent.clone(), name.clone()), unit.id.clone());
        }
        self.by_name.entry(name).or_default().push(unit.id.clone());
        self.nodes.insert(unit.id.clone(), node(unit));
    }

    /// Reads the whole file once: who is said to stand under whom, and what the top is when there is none yet.
    pub(super) fn learn<'r>(&mut self, rows: impl Iterator<Item = &'r ParsedRow> + Clone) {
        for row in rows.clone() {
            let Some(above) = row.get(Field::ParentUnit).and_then(|text| self.segments(text).pop()) else { continue };
            let Some(own) = row.get(Field::Unit).and_then(|text| self.segments(text).pop()) else { continue };
            self.links.say(&own, &above);
        }
        self.links.find_circles();
        if self.top.is_none() {
            let paths: BTreeSet<Vec<String>> =
                rows.filter_map(|row| self.written_path(row).ok()).filter(|path| !path.is_empty()).collect();
            let firsts: BTreeSet<&String> = paths.iter().filter_map(|path| path.first()).collect();
            let common = match firsts.into_iter().collect::<Vec<_>>().as_slice() {
                [only] if paths.len() > 1 => Some((*only).clone()),
                _ => None,
            };
            self.top_found = common;
        }
    }

    /// Splits a path as offices write it; a text that is itself the name of a unit is never split.
    fn segments(&self, text: &str) -> Vec<String> {
        let text = tidy(text);
        if self.by_name.contains_key(&squeeze(&text)) {
            return vec![text];
        }
        let strong = ['/', '\\', '>', '→', '＞', '›', '»'];
        let weak: &[&[char]] = &[&['-', '－', '—', '–'], &['、']];
        let signs: &[char] = if text.contains(strong) {
            &strong
        } else {
            weak.iter().find(|signs| text.contains(**signs)).copied().unwrap_or(&[])
        };
        let parts: Vec<String> =
            text.split(signs).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
        parts
    }

    /// The path that a row's cells write, from the top downward, without what the tree knows.
    fn written_path(&self, row: &ParsedRow) -> Result<Vec<String>, Refusal> {
        let own = row.get(Field::Unit).map(|text| self.segments(text)).unwrap_or_default();
        let mut path = Vec::new();
        if let Some(text) = row.get(Field::ParentUnit) {
            let above = self.segments(text);
            if let ([.., last], false) = (own.as_slice(), own.is_empty())
                && let Some(chain) = self.links.circle_of(last)
            {
                let reason = format!("单位“{last}”成了自己的上级（{chain}），请改正上级单位");
                return Err(Refusal { field: Field::ParentUnit, reason });
            }
            if let [only] = above.as_slice() {
                path = self.links.chain_above(only);
            }
            path.extend(above);
        }
        path.extend(own);
        if let Some(text) = row.get(Field::Department) {
            // 部门 often repeats 单位.
            let department = self.segments(text);
            let repeats = department.len() == 1
                && department.first().map(|name| squeeze(name)) == path.last().map(|name| squeeze(name));
            if !repeats {
                path.extend(department);
            }
        }
        Ok(path)
    }

    /// The unit of a row; none when the row names none.
    pub(super) fn resolve(
        &mut self,
        row: &ParsedRow,
        new_id: &mut dyn FnMut() -> String,
        notes: &mut Notes,
    ) -> Result<Option<UnitId>, Refusal> {
        let written: Written = [Field::UnitCode, Field::ParentUnit, Field::Unit, Field::Department]
            .map(|field| row.get(field).map(str::to_owned));
        if let Some(answer) = self.answers.get(&written) {
            return answer.clone();
        }
        self.said_of_names.clear();
        let answer = self.resolve_new(row, new_id, notes);
        for reason in std::mem::take(&mut self.said_of_names) {
            let value = row.get(Field::Unit).or(row.get(Field::UnitCode)).unwrap_or_default().to_owned();
            notes.once(row, Field::Unit, &value, || reason);
        }
        self.answers.insert(written, answer.clone());
        answer
    }

    /// The unit of a row of a sheet of units; never none.
    pub(super) fn resolve_listed(
        &mut self,
        row: &ParsedRow,
        new_id: &mut dyn FnMut() -> String,
        notes: &mut Notes,
    ) -> Result<UnitId, Refusal> {
        let made_before = self.new.len();
        let unit = self.resolve(row, new_id, notes)?.ok_or_else(|| refusal("没有写单位名称，请补上"))?;
        if self.new.len() == made_before {
            self.note_other_parent(row, &unit, notes);
        } else {
            self.note_namesake(row, &unit, notes);
        }
        Ok(unit)
    }

    fn resolve_new(
        &mut self,
        row: &ParsedRow,
        new_id: &mut dyn FnMut() -> String,
        notes: &mut Notes,
    ) -> Result<Option<UnitId>, Refusal> {
        let Some(code) = row.get(Field::UnitCode) else {
            let path = self.written_path(row)?;
            if path.is_empty() {
                return Ok(None);
            }
            return self.walk(&path, new_id).map(Some);
        };
        let without = |fields: &[Field]| {
            let mut copy = row.clone();
            copy.fields.retain(|field, _| !fields.contains(field));
            copy
        };
        let path = self.written_path(&without(&[Field::Department]))?;
        let unit = match (self.by_code.get(code).cloned(), path.last()) {
            (Some(known), _) if self.is_gone(&known) => self.heir_of(code, &known)?,
            (Some(known), name) => {
                self.known_code(row, code, &known, name.map(String::as_str), notes)?;
                known
            }
            (None, None) => {
                let reason = format!("没有编码为“{code}”的单位，请写上单位名称或改正编码");
                return Err(Refusal { field: Field::UnitCode, reason });
            }
            (None, Some(_)) => {
                let unit = self.walk(&path, new_id)?;
                self.give_code(row, code, &unit, notes);
                unit
            }
        };
        match row.get(Field::Department) {
            None => Ok(Some(unit)),
            Some(text) => {
                let same = self.nodes.get(&unit).is_some_and(|node| squeeze(&node.name) == squeeze(text));
                let below = if same { Vec::new() } else { self.segments(text) };
                self.descend(unit, &below, new_id).map(Some)
            }
        }
    }

    /// Finds the unit of a path; makes what is missing below the last that is known.
    fn walk(&mut self, path: &[String], new_id: &mut dyn FnMut() -> String) -> Result<UnitId, Refusal> {
        let mut seen = HashSet::new();
        for name in path {
            if !seen.insert(squeeze(name)) {
                let whole = path.join("/");
                return Err(refusal(format!("单位路径“{whole}”里“{name}”出现两次，单位不能是自己的上级，请改正")));
            }
            check_name(name)?;
        }
        let top = self.top_or_make(new_id);
        let top_name = self.nodes.get(&top).map(|node| squeeze(&node.name)).unwrap_or_default();
        let Some((first, rest)) = path.split_first() else { return Err(refusal("没有写单位，请补上")) };
        if squeeze(first) == top_name {
            return self.descend(top, rest, new_id);
        }
        let key = squeeze(first);
        let start = match self.by_place.get(&(top.clone(), key.clone())) {
            Some(child) => child.clone(),
            None => match self.by_name.get(&key).map(Vec::as_slice).unwrap_or_default() {
                [] => match self.by_old_name(&key, None)? {
                    Some(unit) => unit,
                    None => return self.descend(top, path, new_id),
                },
                [only] => only.clone(),
                several => {
                    let paths: Vec<String> = several.iter().take(3).map(|unit| self.path(unit)).collect();
                    let n = several.len();
                    let reason = format!(
                        "有 {n} 个单位叫“{first}”（{}），请写全路径，如“{}”",
                        paths.join("；"),
                        paths.first().map(String::as_str).unwrap_or_default()
                    );
                    return Err(refusal(reason));
                }
            },
        };
        self.descend(start, rest, new_id)
    }

    fn descend(
        &mut self,
        from: UnitId,
        names: &[String],
        new_id: &mut dyn FnMut() -> String,
    ) -> Result<UnitId, Refusal> {
        let mut at = from;
        for name in names {
            let key = squeeze(name);
            if let Some(child) = self.by_place.get(&(at.clone(), key.clone())) {
                at = child.clone();
                continue;
            }
            let above = self.ancestors(&at);
            if above.iter().any(|node| squeeze(&node.name) == key) {
                return Err(refusal(format!(
                    "“{name}”是“{}”的上级或它自己，不能又在它下面；单位不能是自己的上级，请改正",
                    self.path(&at)
                )));
            }
            if above.len() >= MAX_DEPTH {
                return Err(refusal(format!("单位层级超过 {MAX_DEPTH} 级，请改正单位路径")));
            }
            if let Some(heir) = self.by_old_name(&key, Some(&at))? {
                at = heir;
                continue;
            }
            check_name(name)?;
            at = self.make(Some(at), name, new_id);
        }
        Ok(at)
    }
}

fn node(unit: &Unit) -> Node {
    Node { name: unit.name.clone(), code: unit.code.clone(), parent: unit.parent.clone(), kind: unit.kind }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if name.chars().count() > UNIT_NAME_MAX_CHARS {
        return Err(refusal(format!("单位名称超过 {UNIT_NAME_MAX_CHARS} 个字，请核对是不是写错了列")));
    }
    if name.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation()) {
        return Err(refusal(format!("“{name}”不像单位名称，请核对是不是写错了列")));
    }
    Ok(())
}
