//! The column 上级单位 of one file: who is said to stand under whom, and where that goes in a circle.

use crate::text::squeeze;
use crate::tree::MAX_DEPTH;
use std::collections::{BTreeSet, HashMap, HashSet};

#[derive(Debug, Default)]
pub(super) struct ParentLinks {
    /// The units that a unit is said to stand under.
    parents: HashMap<String, BTreeSet<String>>,
    /// Units whose chain of parents never ends, with the chain.
    circular: HashMap<String, String>,
}

impl ParentLinks {
    pub(super) fn say(&mut self, own: &str, above: &str) {
        self.parents.entry(squeeze(own)).or_default().insert(squeeze(above));
    }

    /// The chain of a unit that is in a circle, or below one.
    pub(super) fn circle_of(&self, unit: &str) -> Option<&String> {
        self.circular.get(&squeeze(unit))
    }

    /// Takes away, again and again, the units whose parents are all taken away or have none: what stays is a circle,
    /// or hangs below one.
    pub(super) fn find_circles(&mut self) {
        let mut waiting: HashMap<&str, usize> = HashMap::new();
        let mut below: HashMap<&str, Vec<&str>> = HashMap::new();
        for (own, parents) in &self.parents {
            let inner = parents.iter().filter(|parent| self.parents.contains_key(*parent));
            let mut n = 0_usize;
            for parent in inner {
                below.entry(parent).or_default().push(own);
                n += 1;
            }
            waiting.insert(own, n);
        }
        let mut free: Vec<&str> = waiting.iter().filter(|(_, n)| **n == 0).map(|(own, _)| *own).collect();
        while let Some(unit) = free.pop() {
            waiting.remove(unit);
            for own in below.get(unit).map(Vec::as_slice).unwrap_or_default() {
                if let Some(n) = waiting.get_mut(own) {
                    *n = n.saturating_sub(1);
                    if *n == 0 {
                        free.push(own);
                    }
                }
            }
        }
        let stuck: HashSet<&str> = waiting.into_keys().collect();
        let chain_of = |start: &str| {
            let mut way = vec![start.to_owned()];
            let mut at = start;
            while let Some(next) = self.parents.get(at).and_then(|up| up.iter().find(|p| stuck.contains(p.as_str()))) {
                let again = way.contains(next);
                way.push(next.clone());
                if again || way.len() > MAX_DEPTH {
                    break;
                }
                at = next;
            }
            way.join(" → ")
        };
        let circular = stuck.iter().map(|unit| ((*unit).to_owned(), chain_of(unit))).collect();
        self.circular = circular;
    }

    /// The units that the file says stand above one, topmost first, as far as it says only one thing.
    pub(super) fn chain_above(&self, name: &str) -> Vec<String> {
        let mut chain = Vec::new();
        let mut at = squeeze(name);
        while let Some(parent) = self.parents.get(&at).filter(|up| up.len() == 1).and_then(|up| up.first()) {
            if chain.len() >= MAX_DEPTH || chain.contains(parent) {
                break;
            }
            chain.push(parent.clone());
            at.clone_from(parent);
        }
        chain.reverse();
        chain
    }
}
