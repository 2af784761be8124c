//! What follows from all sums together.
//!
//! Repeated subtraction finds a cell that is alone in one sum. A patient reader can also add sums up: two rings of
//! hidden cells with one cell between them give that cell away. A hidden cell is determined by the shown ones
//! exactly when it is 0 in every solution of the homogeneous system. So one random solution is made: where it is 0,
//! the cell is determined, but for a chance of about 1 in 2^61. The arithmetic is that of the integers modulo the
//! prime 2^61 − 1, so nothing is rounded.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::{Relation, is, smallest};
use super::lattice::Lattice;

/// A Mersenne prime.
const PRIME: u64 = (1 << 61) - 1;

type Row = BTreeMap<usize, u64>;

/// A shown cell that should be hidden because some hidden cell follows from the shown ones; nothing when none does.
pub(super) fn cover_for_derivable(lattice: &Lattice, relations: &[Relation], hidden: &[bool]) -> Option<usize> {
    let unknown = |cell: usize| is(hidden, cell) && lattice.count(cell) > 0;
    let solution = random_solution(relations.iter().map(|relation| equation(relation, &unknown)));
    let determined: BTreeSet<usize> =
        solution.iter().filter(|(_, value)| **value == 0).map(|(cell, _)| *cell).collect();
    let worst = smallest(lattice, determined.into_iter())?;

    let cells =
        |relation: &Relation| -> Vec<usize> { relation.members.iter().copied().chain([relation.total]).collect() };
    let shown = |cell: &usize| !is(hidden, *cell) && lattice.count(*cell) > 0;
    let beside: Vec<usize> = relations.iter().map(cells).filter(|cells| cells.contains(&worst)).flatten().collect();
    smallest(lattice, beside.into_iter().filter(shown)).or_else(|| {
        // All its neighbours are hidden already: take one from any sum with something hidden in it.
        let near = relations.iter().map(cells).filter(|cells| cells.iter().any(|cell| unknown(*cell))).flatten();
        smallest(lattice, near.filter(shown))
    })
}

/// The unknown part of `Σ members − total`.
fn equation(relation: &Relation, unknown: &impl Fn(usize) -> bool) -> Row {
    let members = relation.members.iter().map(|cell| (*cell, 1));
    members.chain([(relation.total, PRIME - 1)]).filter(|(cell, _)| unknown(*cell)).collect()
}

/// A solution of the homogeneous equations in which every free unknown has a value of its own.
fn random_solution(equations: impl Iterator<Item = Row>) -> BTreeMap<usize, u64> {
    let mut pivots: Vec<(usize, Row)> = Vec::new();
    let mut place: BTreeMap<usize, usize> = BTreeMap::new();
    let mut unknowns: BTreeSet<usize> = BTreeSet::new();
    for mut row in equations {
        unknowns.extend(row.keys());
        let mut open: BTreeSet<usize> = row.keys().filter_map(|cell| place.get(cell).copied()).collect();
        // A pivot's row holds no earlier pivot, so going upwards ends.
        while let Some(first) = open.pop_first() {
            let Some((pivot, known)) = pivots.get(first) else { continue };
            let Some(factor) = row.get(pivot).copied() else { continue };
            for (cell, coefficient) in known {
                let value = add(row.get(cell).copied().unwrap_or(0), PRIME - multiply(factor, *coefficient));
                if value == 0 {
                    row.remove(cell);
                } else {
                    row.insert(*cell, value);
                    open.extend(place.get(cell).copied().filter(|at| *at > first));
                }
            }
        }
        let Some((pivot, coefficient)) = row.iter().next_back().map(|(cell, value)| (*cell, *value)) else { continue };
        let scale = inverse(coefficient);
        row.values_mut().for_each(|value| *value = multiply(*value, scale));
        place.insert(pivot, pivots.len());
        pivots.push((pivot, row));
    }
    let mut solution: BTreeMap<usize, u64> =
        unknowns.into_iter().filter(|cell| !place.contains_key(cell)).map(|cell| (cell, scatter(cell))).collect();
    for (pivot, row) in pivots.iter().rev() {
        let others = row.iter().filter(|(cell, _)| *cell != pivot);
        let sum = others.fold(0, |sum, (cell, coefficient)| {
            add(sum, multiply(*coefficient, solution.get(cell).copied().unwrap_or(0)))
        });
        solution.insert(*pivot, add(0, PRIME - sum));
    }
    solution
}

fn add(a: u64, b: u64) -> u64 {
    (a + b) % PRIME
}

fn multiply(a: u64, b: u64) -> u64 {
    u64::try_from(u128::from(a) * u128::from(b) % u128::from(PRIME)).unwrap_or(0)
}

/// a^(p−2), Fermat.
fn inverse(a: u64) -> u64 {
    let (mut result, mut base, mut exponent) = (1, a, PRIME - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, base);
        }
        base = multiply(base, base);
        exponent >>= 1;
    }
    result
}

/// A fixed scattered value for each unknown (the finaliser of SplitMix64; Steele, Lea and Flood 2014).
fn scatter(cell: usize) -> u64 {
    let mut z = u64::try_from(cell).unwrap_or(u64::MAX).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % (PRIME - 1) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(usize, i64)]) -> Row {
        cells.iter().map(|(cell, sign)| (*cell, if *sign < 0 { PRIME - 1 } else { 1 })).collect()
    }

    fn determined(equations: &[&[(usize, i64)]]) -> Vec<usize> {
        let solution = random_solution(equations.iter().map(|cells| row(cells)));
        solution.into_iter().filter(|(_, value)| *value == 0).map(|(cell, _)| cell).collect()
    }

    #[test]
    fn finds_what_follows_from_sums() {
        assert_eq!(determined(&[&[(0, 1)]]), [0]);
        assert_eq!(determined(&[&[(0, 1), (1, 1)]]), Vec::<usize>::new());
        assert_eq!(determined(&[&[(0, 1), (1, 1)], &[(0, 1), (1, -1)]]), [0, 1]);
        // A ring of four cells: rows {0,1} {2,3}, columns {0,2} {1,3}.
        let ring: [&[(usize, i64)]; 4] = [&[(0, 1), (1, 1)], &[(2, 1), (3, 1)], &[(0, 1), (2, 1)], &[(1, 1), (3, 1)]];
        assert_eq!(determined(&ring), Vec::<usize>::new());
        // Two rings and cell 8 between them: no sum has fewer than two unknowns, yet 8 follows.
        let bridged: [&[(usize, i64)]; 8] = [
            &[(0, 1), (1, 1), (8, 1)],
            &[(2, 1), (3, 1)],
            &[(0, 1), (2, 1)],
            &[(1, 1), (3, 1)],
            &[(4, 1), (5, 1)],
            &[(6, 1), (7, 1)],
            &[(4, 1), (6, 1), (8, 1)],
            &[(5, 1), (7, 1)],
        ];
        assert_eq!(determined(&bridged), [8]);
    }

    #[test]
    fn inverse_undoes_multiplication() {
        for a in [1, 2, PRIME - 1, 123_456_789_012_345] {
            assert_eq!(multiply(a, inverse(a)), 1, "{a}");
        }
    }
}
