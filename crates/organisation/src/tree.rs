//! The unit tree (机构树).

use crate::UnitId;
use crate::roles::Scope;
use crate::text::squeeze;
use crate::unit::{Group, Unit};
use std::collections::{HashMap, HashSet};

/// The beginning of codes that were made up.
pub const GENERATED_CODE: &str = "u";

/// Was a code made up, for want of one?
pub fn is_generated(code: &str) -> bool {
    code == GENERATED_CODE || code.starts_with("u.")
}

/// How deep a tree may be, in units from the top downward.
pub const MAX_DEPTH: usize = 12;

/// Why units do not make a tree. Units are named so that a person can find them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// Two units share an id.
    #[error("单位标识“{0}”重复")]
    DuplicateId(UnitId),
    /// Two units share a code.
    #[error("单位“{first}”和“{second}”的编码都是“{code}”，请改成不同的编码")]
    DuplicateCode {
        /// The code.
        code: String,
        /// Name of one.
        first: String,
        /// Name of the other.
        second: String,
    },
    /// The unit above does not exist.
    #[error("单位“{unit}”的上级单位“{parent}”不存在，请先建立上级单位")]
    UnknownParent {
        /// Name of the unit.
        unit: String,
        /// Id of what it calls its parent.
        parent: UnitId,
    },
    /// A unit stands above itself.
    #[error("单位“{0}”成了自己的上级，请更正上级单位：{path}", path = .1.join(" → "))]
    OwnAncestor(String, Vec<String>),
    /// More than one unit without a parent.
    #[error("只能有一个最上级单位，现有：{}", .0.join("、"))]
    SeveralTops(Vec<String>),
    /// Too many levels.
    #[error("单位“{0}”的层级超过 {MAX_DEPTH} 级")]
    TooDeep(String),
}

/// Units as a tree with one top; may be empty before the first import.
///
/// Siblings are ordered by position, then by the bytes of their code.
#[derive(Debug, Clone, Default)]
pub struct UnitTree {
    units: HashMap<UnitId, Unit>,
    children: HashMap<UnitId, Vec<UnitId>>,
    top: Option<UnitId>,
}

impl UnitTree {
    /// Builds the tree and proves it.
    ///
    /// # Errors
    /// A unit that is its own ancestor, an unknown parent, a code or id given twice, more than one top, too deep.
    pub fn build(units: impl IntoIterator<Item = Unit>) -> Result<Self, TreeError> {
        let mut list: Vec<Unit> = units.into_iter().collect();
        list.sort_by(|a, b| (a.position, &a.code).cmp(&(b.position, &b.code)));
        let mut tree = Self::default();
        let mut codes: HashMap<String, String> = HashMap::new();
        let mut tops = Vec::new();
        for unit in list {
            if let Some(first) = codes.insert(unit.code.clone(), unit.name.clone()) {
                return Err(TreeError::DuplicateCode { code: unit.code, first, second: unit.name });
            }
            match &unit.parent {
                Some(parent) => tree.children.entry(parent.clone()).or_default().push(unit.id.clone()),
                None => tops.push((unit.id.clone(), unit.name.clone())),
            }
            if let Some(old) = tree.units.insert(unit.id.clone(), unit) {
                return Err(TreeError::DuplicateId(old.id));
            }
        }
        tree.prove_parents()?;
        match tops.as_slice() {
            [] => {}
            [(id, _)] => tree.top = Some(id.clone()),
            _ => return Err(TreeError::SeveralTops(tops.into_iter().map(|(_, name)| name).collect())),
        }
        Ok(tree)
    }

    /// Every unit reaches a top within [`MAX_DEPTH`] steps, and no unit comes twice on its way.
    fn prove_parents(&self) -> Result<(), TreeError> {
        let mut ids: Vec<&UnitId> = self.units.keys().collect();
        ids.sort();
        for id in ids {
            let mut way: Vec<&Unit> = Vec::new();
            let mut current = self.units.get(id);
            while let Some(unit) = current {
                if way.iter().any(|other| other.id == unit.id) {
                    let names = way.iter().map(|u| u.name.clone()).chain([unit.name.clone()]).collect();
                    return Err(TreeError::OwnAncestor(unit.name.clone(), names));
                }
                way.push(unit);
                current = match &unit.parent {
                    None => None,
                    Some(parent) => match self.units.get(parent) {
                        None => {
                            return Err(TreeError::UnknownParent { unit: unit.name.clone(), parent: parent.clone() });
                        }
                        found => found,
                    },
                };
            }
            if let (Some(first), true) = (way.first(), way.len() > MAX_DEPTH) {
                return Err(TreeError::TooDeep(first.name.clone()));
            }
        }
        Ok(())
    }

    /// The unit without a parent.
    pub fn top(&self) -> Option<&Unit> {
        self.top.as_ref().and_then(|id| self.units.get(id))
    }

    /// A unit by its id.
    pub fn get(&self, id: &UnitId) -> Option<&Unit> {
        self.units.get(id)
    }

    /// How many units, those that left included.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// No unit at all.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// All units in the order of the tree, parents first.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        let ids = self.top.as_ref().map(|top| self.subtree(top)).unwrap_or_default();
        ids.into_iter().filter_map(|id| self.units.get(&id))
    }

    /// The units directly below, in order.
    pub fn children(&self, id: &UnitId) -> &[UnitId] {
        self.children.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The unit and all below it, parents first, siblings in order. Empty for an unknown unit.
    pub fn subtree(&self, id: &UnitId) -> Vec<UnitId> {
        let mut found = Vec::new();
        let mut open = Vec::new();
        if self.units.contains_key(id) {
            open.push(id);
        }
        while let Some(next) = open.pop() {
            found.push(next.clone());
            open.extend(self.children(next).iter().rev());
        }
        found
    }

    /// The units above, nearest first, without the unit itself.
    pub fn ancestors(&self, id: &UnitId) -> Vec<&Unit> {
        let mut found = Vec::new();
        let mut current = self.units.get(id);
        while let Some(parent) = current.and_then(|unit| unit.parent.as_ref()) {
            current = self.units.get(parent);
            found.extend(current);
        }
        found
    }

    /// The names from the top down to the unit, the top left out unless it is meant itself.
    pub fn path_names(&self, id: &UnitId) -> Vec<&str> {
        let Some(unit) = self.units.get(id) else { return Vec::new() };
        let mut names = vec![unit.name.as_str()];
        names.extend(self.ancestors(id).iter().filter(|above| above.parent.is_some()).map(|above| above.name.as_str()));
        names.reverse();
        names
    }

    /// The groupings of a unit: its own, and those of the nearest unit above for kinds in which it has none.
    pub fn groups_of(&self, id: &UnitId) -> Vec<Group> {
        let mut groups: Vec<Group> = self.get(id).map(|unit| unit.groups.clone()).unwrap_or_default();
        for above in self.ancestors(id) {
            let more = above.groups.iter().filter(|group| Group::name_of(&groups, group.kind).is_none()).cloned();
            let more: Vec<Group> = more.collect();
            groups.extend(more);
        }
        groups.sort();
        groups
    }

    /// A code that no unit has, for a new unit below `parent`: the parent's place and a running number, such as
    /// `u.3.12`; and the position behind its siblings.
    pub fn free_code(&self, parent: &UnitId) -> (String, i64) {
        let base = self.get(parent).map(|unit| unit.code.as_str()).unwrap_or_default();
        let base = if is_generated(base) { base.to_owned() } else { format!("{GENERATED_CODE}.{base}") };
        let last = self.children(parent).iter().filter_map(|id| self.get(id)).map(|unit| unit.position).max();
        let position = last.unwrap_or(0).saturating_add(1);
        let taken: HashSet<&str> = self.units.values().map(|unit| unit.code.as_str()).collect();
        let free = (position..).map(|n| format!("{base}.{n}")).find(|code| !taken.contains(code.as_str()));
        (free.unwrap_or(base), position)
    }

    /// The unit directly below `parent` that exists today and has this name, spaces and width aside.
    pub fn child_named(&self, parent: &UnitId, name: &str) -> Option<&Unit> {
        let wanted = squeeze(name);
        let children = self.children(parent).iter().filter_map(|id| self.get(id));
        children.into_iter().find(|unit| unit.left_on.is_none() && squeeze(&unit.name) == wanted)
    }

    /// Is the unit the given one, or below it?
    pub fn is_within(&self, unit: &UnitId, top: &UnitId) -> bool {
        self.units.contains_key(unit) && (unit == top || self.ancestors(unit).iter().any(|above| above.id == *top))
    }

    /// Does a scope (a set of subtrees) hold the unit?
    pub fn contains(&self, scope: &Scope, unit: &UnitId) -> bool {
        if !self.units.contains_key(unit) {
            return false;
        }
        scope.units.contains(unit) || self.ancestors(unit).iter().any(|above| scope.units.contains(&above.id))
    }

    /// All units of a scope, in the order of the tree, each once.
    pub fn units_of(&self, scope: &Scope) -> Vec<UnitId> {
        let held: HashSet<UnitId> = scope.units.iter().flat_map(|top| self.subtree(top)).collect();
        self.iter().filter(|unit| held.contains(&unit.id)).map(|unit| unit.id.clone()).collect()
    }
}

#[cfg(test)]
mod tests;
