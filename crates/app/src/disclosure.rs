//! Which cells of unit × rank may be shown: the lattice of `measurement`, filled from people's units and ranks.

use std::collections::BTreeMap;

use measurement::disclosure::{Lattice, LatticeNode, Shown};

use crate::directory::Directory;
use crate::{AppError, AppResult};

/// Decides for people given by unit and rank group.
///
/// # Errors
/// [`AppError::Internal`] when the tree of units is none.
pub(crate) fn decide<'a>(directory: &Directory, people: impl Iterator<Item = (&'a str, &'a str)>) -> AppResult<Shown> {
    let mut cells: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    for (unit, rank) in people {
        *cells.entry(unit).or_default().entry(rank.to_owned()).or_default() += 1;
    }
    let nodes = directory
        .tree
        .iter()
        .map(|unit| LatticeNode {
            id: unit.id.as_str().to_owned(),
            parent: unit.parent.as_ref().map(|parent| parent.as_str().to_owned()),
            taken: cells.remove(unit.id.as_str()).unwrap_or_default(),
        })
        .collect();
    Lattice::new(nodes).map(|lattice| lattice.decide()).map_err(|error| AppError::corrupt("lattice", error))
}
