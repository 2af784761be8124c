//! The decision: primary cells, then complements to a fixpoint.

use std::collections::BTreeMap;

use super::MIN_CELL_PERSONS;
use super::lattice::Lattice;
use super::linear;

/// A sum: the total is the members together.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) total: usize,
    pub(super) members: Vec<usize>,
}

/// What may be shown (可显示范围), for one exam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    row_of: BTreeMap<String, usize>,
    column_of: BTreeMap<String, usize>,
    root: Option<usize>,
    hidden: Vec<bool>,
}

impl Shown {
    /// Whether figures of this cell may be shown: a unit with all below it (none: everybody), of one rank (none:
    /// all ranks). Cells without persons are no secret; cells that the lattice does not know are not shown.
    pub fn is_shown(&self, unit: Option<&str>, rank: Option<&str>) -> bool {
        let row = match unit {
            Some(unit) => self.row_of.get(unit).copied(),
            None => self.root,
        };
        let column = match rank {
            Some(rank) => self.column_of.get(rank).copied(),
            None => Some(0),
        };
        let cell = row.zip(column).map(|(row, column)| row * (self.column_of.len() + 1) + column);
        cell.and_then(|cell| self.hidden.get(cell)).is_some_and(|hidden| !hidden)
    }

    /// How many cells are hidden, the inner ones of persons directly in a unit with subunits included.
    pub fn hidden_cells(&self) -> usize {
        self.hidden.iter().filter(|hidden| **hidden).count()
    }
}

pub(super) fn decide(lattice: &Lattice) -> Shown {
    let relations = relations(lattice);
    let cells = lattice.rows.len() * lattice.width();
    let mut hidden: Vec<bool> = (0..cells).map(|cell| (1..MIN_CELL_PERSONS).contains(&lattice.count(cell))).collect();
    loop {
        hide_complements(lattice, &relations, &mut hidden);
        // Sums of sums can still give a cell away: solve for them all, and hide one more cell each time.
        let Some(cell) = linear::cover_for_derivable(lattice, &relations, &hidden) else { break };
        set(&mut hidden, cell);
    }
    Shown { row_of: lattice.row_of.clone(), column_of: lattice.column_of.clone(), root: lattice.root, hidden }
}

/// All additive relations, deepest units first: all ranks of a unit, and the rows below a unit.
pub(super) fn relations(lattice: &Lattice) -> Vec<Relation> {
    let width = lattice.width();
    let mut relations = Vec::new();
    for row in &lattice.upwards {
        let at = |column: usize| row * width + column;
        relations.push(Relation { total: at(0), members: (1..width).map(at).collect() });
        let children = lattice.rows.get(*row).map(|row| row.children.as_slice()).unwrap_or_default();
        if !children.is_empty() {
            for column in 0..width {
                let members = children.iter().map(|child| child * width + column).collect();
                relations.push(Relation { total: at(column), members });
            }
        }
    }
    relations
}

fn hide_complements(lattice: &Lattice, relations: &[Relation], hidden: &mut [bool]) {
    loop {
        let mut changed = false;
        for relation in relations {
            while let Some(cell) = cover(lattice, relation, hidden) {
                set(hidden, cell);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// The cell to hide next in this relation, if a hidden one follows from the shown ones by subtraction.
fn cover(lattice: &Lattice, relation: &Relation, hidden: &[bool]) -> Option<usize> {
    let total = lattice.count(relation.total);
    if total == 0 {
        return None;
    }
    let filled = || relation.members.iter().copied().filter(|cell| lattice.count(*cell) > 0);
    let secrets: Vec<u64> = filled().filter(|cell| is(hidden, *cell)).map(|cell| lattice.count(cell)).collect();
    let betrayed = if is(hidden, relation.total) {
        secrets.is_empty()
    } else {
        secrets.len() == 1 || (!secrets.is_empty() && secrets.iter().sum::<u64>() < MIN_CELL_PERSONS)
    };
    if !betrayed {
        return None;
    }
    // Without another member, as in a unit of one rank only, the total is the secret itself.
    let member = smallest(lattice, filled().filter(|cell| !is(hidden, *cell)));
    member.or_else(|| (!is(hidden, relation.total)).then_some(relation.total))
}

/// The cell that costs the least to hide: one that no published cell lies below (hiding a total means hiding among its
/// members as well, and so on down the tree), then the one with the fewest persons; among equals one that is never
/// published itself, then the first by unit and rank.
pub(super) fn smallest(lattice: &Lattice, cells: impl Iterator<Item = usize>) -> Option<usize> {
    cells.min_by_key(|cell| (lattice.published_below(*cell) > 0, lattice.count(*cell), !lattice.is_own(*cell), *cell))
}

pub(super) fn is(hidden: &[bool], cell: usize) -> bool {
    hidden.get(cell).copied().unwrap_or(false)
}

fn set(hidden: &mut [bool], cell: usize) {
    if let Some(flag) = hidden.get_mut(cell) {
        *flag = true;
    }
}
