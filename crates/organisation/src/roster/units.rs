//! Which unit a row means; makes the units that do not exist yet.

mod codes;
mod finish;

use super::matching::Candidate;
use super::notes::Notes;
use super::parent_links::ParentLinks;
use super::plan::{PlanInput, PlanOptions, UnitRename};
use super::row::{Field, ParsedRow};
use crate::UnitId;
use crate::roles::Scope;
use crate::text::{squeeze, tidy};
use crate::tree::{MAX_DEPTH, UnitTree};
use crate::unit::{Unit, UnitKind};
use jiff::civil::Date;
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
    gone: HashMap<String, Date>,
    top: Option<UnitId>,
    /// What the file itself has as the top of every path, when there is no tree yet.
    top_found: Option<String>,
    new: Vec<Unit>,
    renamed: Vec<(UnitRename, String)>,
    answers: HashMap<Written, Result<Option<UnitId>, Refusal>>,
    links: ParentLinks,
    made_under: HashMap<UnitId, i64>,
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
            gone: HashMap::new(),
            top: input.units.top().map(|unit| unit.id.clone()),
            top_found: None,
            new: Vec::new(),
            renamed: Vec::new(),
            answers: HashMap::new(),
            links: ParentLinks::default(),
            made_under: HashMap::new(),
        };
        for unit in input.units.iter() {
            resolver.by_code.insert(unit.code.clone(), unit.id.clone());
            match unit.left_on {
                Some(day) => {
                    resolver.gone.insert(squeeze(&unit.name), day);
                    resolver.nodes.insert(unit.id.clone(), node(unit));
                }
                None => resolver.index(unit),
            }
        }
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
    pub(super) fn learn(&mut self, list: &[Candidate<'_>]) {
        for candidate in list {
            let row = candidate.row;
            let Some(above) = row.get(Field::ParentUnit).and_then(|text| self.segments(text).pop()) else { continue };
            let Some(own) = row.get(Field::Unit).and_then(|text| self.segments(text).pop()) else { continue };
            self.links.say(&own, &above);
        }
        self.links.find_circles();
        if self.top.is_none() {
            let paths: BTreeSet<Vec<String>> =
                list.iter().filter_map(|c| self.written_path(c.row).ok()).filter(|path| !path.is_empty()).collect();
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
        let answer = self.resolve_new(row, new_id, notes);
        self.answers.insert(written, answer.clone());
        answer
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
                [] => return self.descend(top, path, new_id),
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
            if let Some(day) = self.gone.get(&key).filter(|_| !self.by_name.contains_key(&key)) {
                return Err(refusal(format!("单位“{name}”已于 {day} 撤销，请改用现在的单位")));
            }
            check_name(name)?;
            at = self.make(Some(at), name, new_id);
        }
        Ok(at)
    }

    fn top_or_make(&mut self, new_id: &mut dyn FnMut() -> String) -> UnitId {
        if let Some(top) = &self.top {
            return top.clone();
        }
        let name = self.top_found.clone().unwrap_or_else(|| self.top_name.to_owned());
        let top = self.make(None, &name, new_id);
        self.top = Some(top.clone());
        top
    }

    fn make(&mut self, parent: Option<UnitId>, name: &str, new_id: &mut dyn FnMut() -> String) -> UnitId {
        let id = UnitId::new(new_id());
        let depth = parent.as_ref().map_or(0, |parent| self.ancestors(parent).len());
        let (code, position) = self.next_code(parent.as_ref());
        let unit = Unit {
            id: id.clone(),
            code: code.clone(),
            name: name.to_owned(),
            kind: UnitKind::guess(name, depth),
            parent,
            groups: Vec::new(),
            position,
            left_on: None,
        };
        self.by_code.insert(code, id.clone());
        self.index(&unit);
        self.new.push(unit);
        id
    }

    /// A code that nobody has: the parent's place and a running number, such as `u.3.12`.
    fn next_code(&mut self, parent: Option<&UnitId>) -> (String, i64) {
        let Some(parent) = parent else { return (GENERATED.to_owned(), 0) };
        let base = self.nodes.get(parent).map(|node| node.code.clone()).unwrap_or_default();
        let base = if is_generated(&base) { base } else { format!("{GENERATED}.{base}") };
        let known = self.tree.children(parent);
        let start = known.iter().filter_map(|id| self.tree.get(id)).map(|unit| unit.position).max().unwrap_or(0);
        let position = self.made_under.entry(parent.clone()).or_insert(start);
        loop {
            *position += 1;
            let code = format!("{base}.{position}");
            if !self.by_code.contains_key(&code) {
                return (code, *position);
            }
        }
    }

    /// The unit and those above it, nearest first.
    fn ancestors(&self, unit: &UnitId) -> Vec<&Node> {
        let mut found = Vec::new();
        let mut at = self.nodes.get(unit);
        while let Some(node) = at {
            found.push(node);
            at = node.parent.as_ref().and_then(|parent| self.nodes.get(parent));
        }
        found
    }

    /// The path for showing, such as 区财政局/办公室.
    pub(super) fn path(&self, unit: &UnitId) -> String {
        let mut names: Vec<&str> = self.ancestors(unit).iter().map(|node| node.name.as_str()).collect();
        if names.len() > 1 {
            names.pop();
        }
        names.reverse();
        names.join("/")
    }

    pub(super) fn kind(&self, unit: &UnitId) -> Option<UnitKind> {
        self.nodes.get(unit).map(|node| node.kind)
    }

    /// The one unit of that name or path, if it exists.
    pub(super) fn known_by_name(&self, text: &str) -> Option<UnitId> {
        let parts = self.segments(text);
        let (first, rest) = parts.split_first()?;
        let mut at = match self.by_name.get(&squeeze(first)).map(Vec::as_slice) {
            Some([only]) => only.clone(),
            _ => return None,
        };
        for name in rest {
            at = self.by_place.get(&(at, squeeze(name)))?.clone();
        }
        Some(at)
    }

    /// Is a unit, perhaps a new one, in the scope?
    pub(super) fn within(&self, scope: &Scope, unit: &UnitId) -> bool {
        let mut at = Some(unit);
        while let Some(id) = at {
            if scope.units.contains(id) {
                return true;
            }
            at = self.nodes.get(id).and_then(|node| node.parent.as_ref());
        }
        false
    }
}

/// The beginning of codes that were made up here.
const GENERATED: &str = "u";

fn is_generated(code: &str) -> bool {
    code == GENERATED || code.starts_with("u.")
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
