//! Which cells of unit × rank may be shown: the lattice of `measurement`, filled from people's units and ranks.

use std::collections::BTreeMap;

use measurement::disclosure::{Lattice, LatticeNode, Shown};

use crate::directory::Directory;
use crate::{AppError, AppResult};

/// Decides for people given by the path of their unit and the rank group, both as they were when the roster was fixed:
/// what became of the units since changes no past figure.
///
/// # Errors
/// [`AppError::Internal`] when the units are no tree.
pub(crate) fn decide<'a>(directory: &Directory, people: impl Iterator<Item = (&'a str, &'a str)>) -> AppResult<Shown> {
    let mut cells: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    for (path, rank) in people {
        *cells.entry(path).or_default().entry(rank.to_owned()).or_default() += 1;
    }
    let mut parents: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut taken: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    for (path, ranks) in cells {
        let mut above = None;
        for unit in units_of(path) {
            parents.entry(unit).or_insert(above);
            above = Some(unit);
        }
        if let Some(unit) = above {
            let own = taken.entry(unit).or_default();
            for (rank, count) in ranks {
                *own.entry(rank).or_default() += count;
            }
        }
    }
    // Units of today that nobody of the roster was in: empty cells.
    for unit in directory.tree.iter() {
        parents.entry(unit.id.as_str()).or_insert(unit.parent.as_ref().map(|parent| parent.as_str()));
    }
    let nodes = parents
        .into_iter()
        .map(|(id, parent)| LatticeNode {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            taken: taken.remove(id).unwrap_or_default(),
        })
        .collect();
    Lattice::new(nodes).map(|lattice| lattice.decide()).map_err(|error| AppError::corrupt("lattice", error))
}

/// The units of a path as a roster has it, from the top downward.
pub(crate) fn units_of(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|unit| !unit.is_empty())
}

/// Whether a path leads through a unit, or to it.
pub(crate) fn is_under(path: &str, unit: &str) -> bool {
    units_of(path).any(|own| own == unit)
}
