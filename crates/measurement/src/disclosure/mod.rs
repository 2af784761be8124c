//! Disclosure control (小样本保护): which cells of unit × rank may be shown, decided once for an exam.
//!
//! A cell is the set of persons below a unit who have a rank and have taken the exam. Cells of 1 to 4 persons are
//! hidden (primary suppression), and so are as many others that no hidden one can be had by subtraction (secondary
//! suppression; Willenborg and de Waal 2001, *Elements of Statistical Disclosure Control*, ch. 6). Topics, laws and
//! levels do not enter: everybody on a paper answers them, so they single nobody out.

mod decide;
mod lattice;
mod linear;
#[cfg(test)]
mod tests;

pub use decide::Shown;
pub use lattice::{Lattice, LatticeError, LatticeNode};

/// A cell with fewer persons than this, and at least one, is hidden.
pub const MIN_CELL_PERSONS: u64 = 5;
