//! Making units that are not there yet, and walking up from a unit.

use super::{Node, UnitResolver};
use crate::UnitId;
use crate::roles::Scope;
use crate::text::squeeze;
use crate::tree::{GENERATED_CODE, is_generated};
use crate::unit::{Unit, UnitKind};

impl UnitResolver<'_> {
    pub(super) fn top_or_make(&mut self, new_id: &mut dyn FnMut() -> String) -> UnitId {
        if let Some(top) = &self.top {
            return top.clone();
        }
        let name = self.top_found.clone().unwrap_or_else(|| self.top_name.to_owned());
        let top = self.make(None, &name, new_id);
        self.top = Some(top.clone());
        top
    }

    pub(super) fn make(&mut self, parent: Option<UnitId>, name: &str, new_id: &mut dyn FnMut() -> String) -> UnitId {
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
        let Some(parent) = parent else { return (GENERATED_CODE.to_owned(), 0) };
        let base = self.nodes.get(parent).map(|node| node.code.clone()).unwrap_or_default();
        let base = if is_generated(&base) { base } else { format!("{GENERATED_CODE}.{base}") };
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
    pub(super) fn ancestors(&self, unit: &UnitId) -> Vec<&Node> {
        let mut found = Vec::new();
        let mut at = self.nodes.get(unit);
        while let Some(node) = at {
            found.push(node);
            at = node.parent.as_ref().and_then(|parent| self.nodes.get(parent));
        }
        found
    }

    /// The path for showing, such as 区财政局/办公室.
    pub(in crate::roster) fn path(&self, unit: &UnitId) -> String {
        let mut names: Vec<&str> = self.ancestors(unit).iter().map(|node| node.name.as_str()).collect();
        if names.len() > 1 {
            names.pop();
        }
        names.reverse();
        names.join("/")
    }

    pub(in crate::roster) fn kind(&self, unit: &UnitId) -> Option<UnitKind> {
        self.nodes.get(unit).map(|node| node.kind)
    }

    /// The one unit of that name or path, if it exists.
    pub(in crate::roster) fn known_by_name(&self, text: &str) -> Option<UnitId> {
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
    pub(in crate::roster) fn within(&self, scope: &Scope, unit: &UnitId) -> bool {
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
