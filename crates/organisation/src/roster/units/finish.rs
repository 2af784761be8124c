//! What of the units that were made is kept.

use super::UnitResolver;
use crate::UnitId;
use crate::roster::notes::Notes;
use crate::roster::outcome::{UnitRegroup, UnitRename};
use crate::roster::row::{Field, Problem, Severity};
use crate::text::squeeze;
use crate::unit::Unit;
use std::collections::HashSet;

/// What becomes of units.
#[derive(Debug)]
pub(in crate::roster) struct Finished {
    pub(in crate::roster) new: Vec<Unit>,
    pub(in crate::roster) renamed: Vec<UnitRename>,
    pub(in crate::roster) regrouped: Vec<UnitRegroup>,
}

impl UnitResolver<'_> {
    /// The units to make that somebody is in, or that stand above those, the renames and the groupings; warns of
    /// look-alikes.
    pub(in crate::roster) fn finish(self, used: &HashSet<UnitId>, notes: &mut Notes) -> Finished {
        let mut kept: HashSet<&UnitId> = HashSet::new();
        for unit in used {
            let mut at = Some(unit);
            while let Some(id) = at {
                if !kept.insert(id) {
                    break;
                }
                at = self.nodes.get(id).and_then(|node| node.parent.as_ref());
            }
        }
        let made = self.new.iter().filter(|unit| kept.contains(&unit.id)).map(|unit| {
            let (kind, groups) = self.regrouped(&unit.id, unit.kind, &unit.groups);
            Unit { kind, groups, ..unit.clone() }
        });
        let new: Vec<Unit> = made.collect();
        for unit in &new {
            let alike = self
                .tree
                .iter()
                .find(|old| old.left_on.is_none() && old.parent == unit.parent && looks_alike(&old.name, &unit.name));
            if let Some(old) = alike {
                let reason = format!("新单位“{}”与已有的“{}”名称相近，请核对是不是同一个单位", unit.name, old.name);
                notes.push(Problem {
                    sheet: None,
                    row: None,
                    field: Some(Field::Unit.title().to_owned()),
                    value: Some(unit.name.clone()),
                    severity: Severity::Warning,
                    reason,
                });
            }
        }
        let regrouped = self.all_regrouped();
        Finished { new, renamed: self.renamed.into_iter().map(|(rename, _)| rename).collect(), regrouped }
    }
}

/// One name is the other with something before it, such as 财政局 and 区财政局.
fn looks_alike(a: &str, b: &str) -> bool {
    let (a, b) = (squeeze(a), squeeze(b));
    let shorter = a.chars().count().min(b.chars().count());
    a != b && shorter >= 3 && (a.ends_with(&b) || b.ends_with(&a))
}
