//! The cells and the sums that tie them.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::{self, Shown};

/// A unit (单位) with the persons directly in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatticeNode {
    /// Identifier, not empty.
    pub id: String,
    /// The unit above; none for a top.
    pub parent: Option<String>,
    /// For each rank the persons directly in this unit (not below it) who have taken the exam.
    pub taken: BTreeMap<String, u64>,
}

/// Why a tree of units is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LatticeError {
    /// Two nodes with one id, or an empty one.
    #[error("单位编号“{0}”为空或重复，请核对单位表")]
    DuplicateUnit(String),
    /// A parent that is not among the nodes.
    #[error("单位“{unit}”的上级“{parent}”不在单位表中，请补上该上级或改正编号")]
    UnknownParent {
        /// The unit.
        unit: String,
        /// The parent it names.
        parent: String,
    },
    /// A unit that is above itself.
    #[error("单位“{0}”的上级关系成了环，请核对其上级")]
    Cycle(String),
}

/// One row of cells of the lattice: a unit, or the persons directly in a unit that has subunits.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) children: Vec<usize>,
    /// Persons below, by column; column 0 is all ranks together.
    pub(super) counts: Vec<u64>,
    /// Whether this row stands for the persons directly in a unit: such a row is never published by itself.
    pub(super) own: bool,
}

/// The lattice (格): every unit of the tree by every rank and all ranks together, with the number of persons.
#[derive(Debug)]
pub struct Lattice {
    pub(super) rows: Vec<Row>,
    /// Rows from the deepest up.
    pub(super) upwards: Vec<usize>,
    pub(super) row_of: BTreeMap<String, usize>,
    pub(super) column_of: BTreeMap<String, usize>,
    pub(super) root: Option<usize>,
}

impl Lattice {
    /// Builds the lattice from the units of an exam, in any order.
    ///
    /// # Errors
    /// When an id is empty or stands twice, a parent is unknown, or the parents form a ring.
    pub fn new(mut nodes: Vec<LatticeNode>) -> Result<Self, LatticeError> {
        nodes.sort_by(|a, b| a.id.cmp(&b.id));
        let mut row_of = BTreeMap::new();
        for (row, node) in nodes.iter().enumerate() {
            if node.id.is_empty() || row_of.insert(node.id.clone(), row).is_some() {
                return Err(LatticeError::DuplicateUnit(node.id.clone()));
            }
        }
        let ranks: BTreeSet<&String> = nodes.iter().flat_map(|node| node.taken.keys()).collect();
        let column_of: BTreeMap<String, usize> =
            ranks.into_iter().enumerate().map(|(column, rank)| (rank.clone(), column + 1)).collect();
        let width = column_of.len() + 1;
        let parents = parents(&nodes, &row_of)?;
        let mut upwards = upwards(&nodes, &parents)?;

        let mut rows: Vec<Row> = nodes.iter().map(|node| row(node, &column_of, width)).collect();
        for (child, parent) in parents.iter().enumerate() {
            if let Some(above) = parent.and_then(|parent| rows.get_mut(parent)) {
                above.children.push(child);
            }
        }
        let tops: Vec<usize> =
            parents.iter().enumerate().filter(|(_, parent)| parent.is_none()).map(|(row, _)| row).collect();
        let root = match tops.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => {
                // Several tops: the whole is one more row, which ties them.
                let root = rows.len();
                rows.push(Row { children: tops, counts: vec![0; width], own: false });
                upwards.push(root);
                Some(root)
            }
        };
        let upwards = split_own(&mut rows, upwards, width);
        sum_up(&mut rows, &upwards);
        Ok(Self { rows, upwards, row_of, column_of, root })
    }

    /// Persons in the cell: below the unit (none: everybody) with the rank (none: all ranks). Unknown cells have 0.
    pub fn persons(&self, unit: Option<&str>, rank: Option<&str>) -> u64 {
        self.cell(unit, rank).map_or(0, |cell| self.count(cell))
    }

    /// Decides which cells may be shown. The same lattice always gives the same decision.
    pub fn decide(&self) -> Shown {
        decide::decide(self)
    }

    pub(super) fn width(&self) -> usize {
        self.column_of.len() + 1
    }

    pub(super) fn cell(&self, unit: Option<&str>, rank: Option<&str>) -> Option<usize> {
        let row = match unit {
            Some(unit) => self.row_of.get(unit).copied(),
            None => self.root,
        }?;
        let column = match rank {
            Some(rank) => self.column_of.get(rank).copied()?,
            None => 0,
        };
        Some(row * self.width() + column)
    }

    pub(super) fn count(&self, cell: usize) -> u64 {
        let width = self.width();
        self.rows.get(cell / width).and_then(|row| row.counts.get(cell % width)).copied().unwrap_or(0)
    }

    /// In how many published cells below this one its persons stand: hiding it means hiding some of those, too.
    pub(super) fn published_below(&self, cell: usize) -> usize {
        let (row, column) = (cell / self.width(), cell % self.width());
        let children = self.rows.get(row).map(|row| row.children.as_slice()).unwrap_or_default();
        children
            .iter()
            .map(|child| child * self.width() + column)
            .filter(|cell| self.count(*cell) > 0 && !self.is_own(*cell))
            .count()
    }

    pub(super) fn is_own(&self, cell: usize) -> bool {
        self.rows.get(cell / self.width()).is_some_and(|row| row.own)
    }
}

fn row(node: &LatticeNode, column_of: &BTreeMap<String, usize>, width: usize) -> Row {
    let mut counts = vec![0; width];
    for (rank, persons) in &node.taken {
        for column in [Some(&0), column_of.get(rank)].into_iter().flatten() {
            if let Some(count) = counts.get_mut(*column) {
                *count += persons;
            }
        }
    }
    Row { children: Vec::new(), counts, own: false }
}

fn parents(nodes: &[LatticeNode], row_of: &BTreeMap<String, usize>) -> Result<Vec<Option<usize>>, LatticeError> {
    nodes
        .iter()
        .map(|node| match &node.parent {
            None => Ok(None),
            Some(parent) => row_of
                .get(parent)
                .map(|row| Some(*row))
                .ok_or_else(|| LatticeError::UnknownParent { unit: node.id.clone(), parent: parent.clone() }),
        })
        .collect()
}

/// Rows by depth, deepest first; rows of one depth by id.
fn upwards(nodes: &[LatticeNode], parents: &[Option<usize>]) -> Result<Vec<usize>, LatticeError> {
    let mut depths = Vec::with_capacity(nodes.len());
    for (row, node) in nodes.iter().enumerate() {
        let (mut depth, mut at) = (0_usize, row);
        while let Some(above) = parents.get(at).copied().flatten() {
            depth += 1;
            at = above;
            if depth > nodes.len() {
                return Err(LatticeError::Cycle(node.id.clone()));
            }
        }
        depths.push((depth, row));
    }
    depths.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    Ok(depths.into_iter().map(|(_, row)| row).collect())
}

/// Gives the persons directly in a unit with subunits a row of their own below it, so that every sum has the same
/// form: a unit is the sum of the rows below it.
fn split_own(rows: &mut Vec<Row>, upwards: Vec<usize>, width: usize) -> Vec<usize> {
    let mut order = Vec::with_capacity(upwards.len());
    for at in upwards {
        let next = rows.len();
        if let Some(row) = rows.get_mut(at).filter(|row| !row.children.is_empty()) {
            let counts = std::mem::replace(&mut row.counts, vec![0; width]);
            if counts.first().is_some_and(|all| *all > 0) {
                row.children.push(next);
                rows.push(Row { children: Vec::new(), counts, own: true });
                order.push(next);
            }
        }
        order.push(at);
    }
    order
}

fn sum_up(rows: &mut [Row], upwards: &[usize]) {
    for at in upwards {
        let Some(children) = rows.get(*at).map(|row| row.children.clone()).filter(|below| !below.is_empty()) else {
            continue;
        };
        let mut sums = rows.get(*at).map(|row| row.counts.clone()).unwrap_or_default();
        for child in children.iter().filter_map(|child| rows.get(*child)) {
            for (sum, count) in sums.iter_mut().zip(&child.counts) {
                *sum += count;
            }
        }
        if let Some(row) = rows.get_mut(*at) {
            row.counts = sums;
        }
    }
}
