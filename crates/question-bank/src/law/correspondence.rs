//! What became of each article from one edition to the next (条文对照表).

use super::types::{Article, ArticleNo, Edition};
use crate::Digest256;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Same number, same text (未变).
    Same,
    /// Another number, same text (条号变动).
    Renumbered,
    /// Same but for punctuation, whatever the number (仅文字形式变动).
    WordingOnly,
    /// Same number, another text (修改): proposed, to be confirmed by a person.
    Changed,
    /// Only in the later edition (新增).
    New,
    /// Only in the earlier edition (删除).
    Gone,
}

/// One row of the table of correspondence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correspondence {
    /// The number in the earlier edition.
    pub from: Option<ArticleNo>,
    /// The number in the later edition.
    pub to: Option<ArticleNo>,
    /// What became of it.
    pub change: Change,
    /// Whether hashes prove it; otherwise a person confirms it.
    pub proven: bool,
}

/// The table of correspondence of two editions, from hashes: the rows of `to` in order, then those that are gone.
///
/// Articles pair by equal text at the same number, then by equal text, then by equal Han characters and digits (same
/// number first), then by number alone.
pub fn diff(from: &Edition, to: &Edition) -> Vec<Correspondence> {
    let mut pairing = Pairing { from, to, partner_of_new: BTreeMap::new(), taken: BTreeMap::new() };
    pairing.same_number(|a, b| a.sha_text == b.sha_text, Change::Same);
    pairing.any_number(|article| article.sha_text, Change::Renumbered);
    pairing.same_number(|a, b| a.sha_han == b.sha_han, Change::WordingOnly);
    pairing.any_number(|article| article.sha_han, Change::WordingOnly);
    pairing.same_number(|_, _| true, Change::Changed);
    pairing.rows()
}

struct Pairing<'a> {
    from: &'a Edition,
    to: &'a Edition,
    /// Index of the later article → index of the earlier one, and the change.
    partner_of_new: BTreeMap<usize, (usize, Change)>,
    /// Indices of earlier articles that have a partner.
    taken: BTreeMap<usize, usize>,
}

impl Pairing<'_> {
    fn pair(&mut self, old: usize, new: usize, change: Change) {
        self.partner_of_new.insert(new, (old, change));
        self.taken.insert(old, new);
    }

    fn open_old(&self) -> Vec<(usize, &Article)> {
        self.from.articles.iter().enumerate().filter(|(i, _)| !self.taken.contains_key(i)).collect()
    }

    fn open_new(&self) -> Vec<(usize, &Article)> {
        self.to.articles.iter().enumerate().filter(|(i, _)| !self.partner_of_new.contains_key(i)).collect()
    }

    fn same_number(&mut self, fits: impl Fn(&Article, &Article) -> bool, change: Change) {
        let old: BTreeMap<&ArticleNo, (usize, &Article)> =
            self.open_old().into_iter().map(|(i, a)| (&a.no, (i, a))).collect();
        let pairs: Vec<(usize, usize)> = self
            .open_new()
            .into_iter()
            .filter_map(|(new, b)| old.get(&b.no).filter(|(_, a)| fits(a, b)).map(|&(i, _)| (i, new)))
            .collect();
        pairs.into_iter().for_each(|(old, new)| self.pair(old, new, change));
    }

    fn any_number(&mut self, hash: impl Fn(&Article) -> Digest256, change: Change) {
        let mut old: BTreeMap<Digest256, Vec<usize>> = BTreeMap::new();
        for (i, article) in self.open_old().into_iter().rev() {
            old.entry(hash(article)).or_default().push(i);
        }
        let open: Vec<(usize, Digest256)> =
            self.open_new().into_iter().map(|(i, article)| (i, hash(article))).collect();
        for (new, hash) in open {
            if let Some(i) = old.get_mut(&hash).and_then(Vec::pop) {
                self.pair(i, new, change);
            }
        }
    }

    fn rows(&self) -> Vec<Correspondence> {
        let old_no = |i: usize| self.from.articles.get(i).map(|article| article.no.clone());
        let later = self.to.articles.iter().enumerate().map(|(i, article)| {
            let to = Some(article.no.clone());
            match self.partner_of_new.get(&i) {
                Some(&(old, change)) => {
                    Correspondence { from: old_no(old), to, change, proven: change != Change::Changed }
                }
                None => Correspondence { from: None, to, change: Change::New, proven: false },
            }
        });
        let gone = self.open_old().into_iter().map(|(_, article)| Correspondence {
            from: Some(article.no.clone()),
            to: None,
            change: Change::Gone,
            proven: false,
        });
        later.chain(gone).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, diff};
    use crate::fixtures::edition;

    #[test]
    fn every_kind_of_change_is_told_apart() {
        let old = edition(
            "jia-fa",
            "2018",
            &[("1", "甲。"), ("2", "乙。"), ("3", "丙，丁。"), ("4", "戊应当己。"), ("5", "庚。"), ("6", "辛，壬。")],
        );
        let new = edition(
            "jia-fa",
            "2024",
            &[
                ("1", "甲。"),
                ("2", "新。"),
                ("3", "丙、丁。"),
                ("4", "戊可以己。"),
                ("5", "乙。"),
                ("7", "辛、壬。"),
                ("8", "癸。"),
            ],
        );
        let rows: Vec<_> = diff(&old, &new)
            .into_iter()
            .map(|row| {
                (
                    row.from.map_or("-".to_owned(), |n| n.into_string()),
                    row.to.map_or("-".to_owned(), |n| n.into_string()),
                    row.change,
                    row.proven,
                )
            })
            .collect();
        let expected = [
            ("1", "1", Change::Same, true),
            ("-", "2", Change::New, false),
            ("3", "3", Change::WordingOnly, true),
            ("4", "4", Change::Changed, false),
            ("2", "5", Change::Renumbered, true),
            ("6", "7", Change::WordingOnly, true),
            ("-", "8", Change::New, false),
            ("5", "-", Change::Gone, false),
        ];
        let rows: Vec<_> = rows.iter().map(|(a, b, c, p)| (a.as_str(), b.as_str(), *c, *p)).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn an_edition_is_the_same_as_itself_even_with_equal_articles() {
        let edition = edition("jia-fa", "2018", &[("1", "（删去）"), ("2", "（删去）"), ("3", "甲。")]);
        assert!(diff(&edition, &edition).iter().all(|row| row.change == Change::Same && row.from == row.to));
    }
}
