//! Merkle trees as in RFC 6962 (Certificate Transparency; Laurie, Langley and Kasper 2013), section 2.1: a leaf is hashed
//! after a byte 0, a node after a byte 1, so that no node can be shown as a leaf.

use crate::digest::{Digest, sha256};

const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];

/// SHA-256(0 ‖ data): the hash of a leaf.
pub fn leaf_hash(data: &[u8]) -> Digest {
    sha256(&[LEAF, data])
}

fn node_hash(left: &Digest, right: &Digest) -> Digest {
    sha256(&[NODE, left.as_bytes(), right.as_bytes()])
}

/// A tree over leaves in their order.
///
/// RFC 6962 splits n leaves at the largest power of two below n. Joining neighbours level by level, an odd one out moving
/// up as it is, gives the same tree.
#[derive(Debug, Clone)]
pub struct MerkleTree {
    /// From the leaves up; the last level is the root alone. Empty for no leaves.
    levels: Vec<Vec<Digest>>,
}

impl MerkleTree {
    /// The tree over the hashes of leaves.
    pub fn new(leaves: Vec<Digest>) -> Self {
        let mut levels = Vec::new();
        let mut level = leaves;
        while level.len() > 1 {
            let above = level
                .chunks(2)
                .filter_map(|pair| match pair {
                    [left, right] => Some(node_hash(left, right)),
                    [alone] => Some(*alone),
                    _ => None,
                })
                .collect();
            levels.push(std::mem::replace(&mut level, above));
        }
        levels.push(level);
        Self { levels }
    }

    /// The root (根): MTH of RFC 6962. Without leaves it is SHA-256 of nothing.
    pub fn root(&self) -> Digest {
        self.levels.last().and_then(|top| top.first().copied()).unwrap_or_else(|| sha256(&[]))
    }

    /// The audit path of a leaf by its index from 0 (PATH of RFC 6962, section 2.1.1): siblings from the leaf to the root.
    /// `None` when there is no such leaf.
    pub fn path(&self, index: usize) -> Option<Vec<Digest>> {
        self.levels.first()?.get(index)?;
        let mut at = index;
        let mut path = Vec::new();
        for level in &self.levels {
            path.extend(level.get(at ^ 1));
            at /= 2;
        }
        Some(path)
    }
}

/// Whether the leaf stands at `index` (from 0) of the `size` leaves under the root, by its audit path.
///
/// Walks from the leaf to the root and asks at each level whether the node is a right child, a left child, or the last
/// of an odd level, which moves up alone. The path must be used up exactly (RFC 9162, section 2.1.3.2, states the same
/// check).
pub fn verify_inclusion(root: &Digest, leaf: Digest, index: u64, size: u64, path: &[Digest]) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = leaf;
    let mut siblings = path.iter();
    while last > 0 {
        let is_right = at % 2 == 1;
        if is_right || at < last {
            let Some(sibling) = siblings.next() else { return false };
            hash = if is_right { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) };
        }
        at /= 2;
        last /= 2;
    }
    siblings.next().is_none() && hash == *root
}
