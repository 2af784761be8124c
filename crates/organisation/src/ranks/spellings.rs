//! The lists, with every spelling that was read remembered: a file of 50,000 rows has a few dozen.

use super::{GroupSlug, Lists, PostLevelSlug, RankSlug, SuperviseeSlug};
use std::collections::HashMap;

/// Reads spellings as [`Lists`] does, each text once.
#[derive(Debug)]
pub struct Spellings<'a> {
    lists: &'a Lists,
    post_levels: HashMap<String, Option<PostLevelSlug>>,
    ranks: HashMap<String, Option<RankSlug>>,
    groups: HashMap<String, Option<GroupSlug>>,
    supervisees: HashMap<String, Option<SuperviseeSlug>>,
}

impl<'a> Spellings<'a> {
    /// Nothing read yet.
    pub fn new(lists: &'a Lists) -> Self {
        Self {
            lists,
            post_levels: HashMap::new(),
            ranks: HashMap::new(),
            groups: HashMap::new(),
            supervisees: HashMap::new(),
        }
    }

    /// The lists themselves.
    pub fn lists(&self) -> &'a Lists {
        self.lists
    }

    /// As [`Lists::parse_post_level`].
    pub fn post_level(&mut self, text: &str) -> Option<PostLevelSlug> {
        remembered(&mut self.post_levels, text, |text| self.lists.parse_post_level(text))
    }

    /// As [`Lists::parse_rank`].
    pub fn rank(&mut self, text: &str) -> Option<RankSlug> {
        remembered(&mut self.ranks, text, |text| self.lists.parse_rank(text))
    }

    /// As [`Lists::parse_group`].
    pub fn group(&mut self, text: &str) -> Option<GroupSlug> {
        remembered(&mut self.groups, text, |text| self.lists.parse_group(text))
    }

    /// As [`Lists::parse_supervisee`].
    pub fn supervisee(&mut self, text: &str) -> Option<SuperviseeSlug> {
        remembered(&mut self.supervisees, text, |text| self.lists.parse_supervisee(text))
    }
}

fn remembered<T: Clone>(
    known: &mut HashMap<String, Option<T>>,
    text: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    if let Some(found) = known.get(text) {
        return found.clone();
    }
    let found = read(text);
    known.insert(text.to_owned(), found.clone());
    found
}
