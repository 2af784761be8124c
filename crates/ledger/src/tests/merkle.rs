//! The tree against the test data of the reference implementation of Certificate Transparency.
//!
//! Inputs, roots and paths: google/certificate-transparency, `cpp/merkletree/merkle_tree_test.cc` (kept today by
//! transparency-dev/merkle, `testonly/constants.go`), made for RFC 6962.

use proptest::prelude::*;

use crate::*;

pub(super) const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// The root over the first n leaves, from n = 0.
pub(super) const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Index from 0, size, path.
pub(super) const PATHS: [(usize, usize, &[&str]); 4] = [
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn digest(text: &str) -> Digest {
    Digest::from_hex(text.as_bytes()).unwrap()
}

pub(super) fn leaves(count: usize) -> Vec<Digest> {
    LEAVES[..count].iter().map(|leaf| leaf_hash(&hex::decode(leaf).unwrap())).collect()
}

/// MTH of RFC 6962, section 2.1, word for word: split at the largest power of two below n.
fn recursive_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => digest(ROOTS[0]),
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            let halves = [recursive_root(&leaves[..split]), recursive_root(&leaves[split..])];
            let bytes: Vec<u8> = std::iter::once(1).chain(halves.iter().flat_map(|half| *half.as_bytes())).collect();
            file_digest(&mut bytes.as_slice()).unwrap().1
        }
    }
}

#[test]
fn the_roots_are_those_of_the_reference() {
    for (count, root) in ROOTS.into_iter().enumerate() {
        assert_eq!(MerkleTree::new(leaves(count)).root(), digest(root), "{count} leaves");
        assert_eq!(recursive_root(&leaves(count)), digest(root), "{count} leaves, by the definition");
    }
}

#[test]
fn the_paths_are_those_of_the_reference() {
    for (index, size, path) in PATHS {
        let path: Vec<Digest> = path.iter().map(|node| digest(node)).collect();
        let tree = MerkleTree::new(leaves(size));
        assert_eq!(tree.path(index).unwrap(), path, "leaf {index} of {size}");
        let (at, of) = (u64::try_from(index).unwrap(), u64::try_from(size).unwrap());
        assert!(verify_inclusion(&tree.root(), leaves(size)[index], at, of, &path));
    }
    assert_eq!(MerkleTree::new(leaves(3)).path(3), None);
    assert_eq!(MerkleTree::new(Vec::new()).path(0), None);
    assert!(!verify_inclusion(&digest(ROOTS[0]), digest(ROOTS[0]), 0, 0, &[]));
}

proptest! {
    #[test]
    fn every_leaf_is_proved_and_nothing_else_is(size in 1_usize..70, salt in any::<[u8; 4]>(), flip in any::<u8>()) {
        let leaves: Vec<Digest> =
            (0..size).map(|number| leaf_hash(&[salt.as_slice(), &number.to_le_bytes()].concat())).collect();
        let tree = MerkleTree::new(leaves.clone());
        let root = tree.root();
        prop_assert_eq!(root, recursive_root(&leaves));
        let count = u64::try_from(size).unwrap();
        for (index, leaf) in (0_u64..).zip(&leaves) {
            let path = tree.path(usize::try_from(index).unwrap()).unwrap();
            prop_assert!(verify_inclusion(&root, *leaf, index, count, &path));
            prop_assert!(!verify_inclusion(&root, leaf_hash(b"other"), index, count, &path));
            prop_assert!(!verify_inclusion(&root, *leaf, index, index, &path));
            for elsewhere in (0..count).filter(|other| *other != index) {
                prop_assert!(!verify_inclusion(&root, *leaf, elsewhere, count, &path));
            }
            let longer = [path.clone(), vec![root]].concat();
            prop_assert!(!verify_inclusion(&root, *leaf, index, count, &longer));
            if let Some((last, shorter)) = path.split_last() {
                prop_assert!(!verify_inclusion(&root, *leaf, index, count, shorter));
                let mut bytes = *last.as_bytes();
                bytes[usize::from(flip % 32)] ^= 1 + flip / 32;
                let bent = [shorter, &[Digest::from_bytes(bytes)]].concat();
                prop_assert!(!verify_inclusion(&root, *leaf, index, count, &bent));
            }
        }
    }
}
