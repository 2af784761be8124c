//! Questions that ask nearly the same (近似题): stems compared by their pairs of characters.
//!
//! Two stems are alike when the Jaccard index of their sets of character pairs (Jaccard 1901) reaches [`ALIKE_PERCENT`].
//! Candidates come by prefix filtering (Chaudhuri, Ganti, Kaushik 2006): sets that share so much must share one of
//! the few rarest pairs of either.

use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// From which share of common pairs on two stems are named as alike, in per cent.
pub const ALIKE_PERCENT: usize = 75;

/// A stem that is like the one asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Whose stem it is.
    pub reference: String,
    /// How much of the pairs is common, in per cent; 100 is the same but for punctuation.
    pub percent: usize,
}

type Pair = (char, char);

/// Stems to compare with.
#[derive(Debug, Clone, Default)]
pub struct StemIndex {
    stems: Vec<(String, BTreeSet<Pair>)>,
    found_in: BTreeMap<Pair, Vec<usize>>,
}

impl StemIndex {
    /// An index of these references and stems.
    pub fn of<'a>(stems: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut index = Self::default();
        for (reference, stem) in stems {
            index.add(reference, stem);
        }
        index
    }

    /// Adds a stem.
    pub fn add(&mut self, reference: &str, stem: &str) {
        let pairs = pairs(stem);
        let place = self.stems.len();
        for pair in &pairs {
            self.found_in.entry(*pair).or_default().push(place);
        }
        self.stems.push((reference.to_owned(), pairs));
    }

    /// The stems that are like this one, the most alike first; the stems of `but` are left out.
    pub fn alike(&self, stem: &str, but: Option<&str>) -> Vec<Alike> {
        let own = pairs(stem);
        if own.is_empty() {
            return Vec::new();
        }
        let count = |pair: &Pair| self.found_in.get(pair).map_or(0, Vec::len);
        let mut rarest: Vec<&Pair> = own.iter().collect();
        rarest.sort_by_key(|pair| (count(pair), **pair));
        let must_share = own.len().saturating_mul(ALIKE_PERCENT).div_ceil(100);
        let prefix = own.len().saturating_sub(must_share).saturating_add(1);
        let candidates: BTreeSet<usize> =
            rarest.into_iter().take(prefix).filter_map(|pair| self.found_in.get(pair)).flatten().copied().collect();
        let mut found: Vec<Alike> = candidates
            .into_iter()
            .filter_map(|place| self.stems.get(place))
            .filter(|(reference, _)| Some(reference.as_str()) != but)
            .map(|(reference, other)| Alike { reference: reference.clone(), percent: jaccard_percent(&own, other) })
            .filter(|alike| alike.percent >= ALIKE_PERCENT)
            .collect();
        found.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| a.reference.cmp(&b.reference)));
        found.dedup_by(|a, b| a.reference == b.reference);
        found
    }
}

fn jaccard_percent(a: &BTreeSet<Pair>, b: &BTreeSet<Pair>) -> usize {
    let common = a.intersection(b).count();
    let all = a.len().saturating_add(b.len()).saturating_sub(common);
    common.saturating_mul(100).checked_div(all).unwrap_or(0)
}

/// The text in the one form that is compared: NFKC, lower case, letters and digits alone.
pub fn bare(text: &str) -> String {
    text.nfkc().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Pairs of neighbours, with a mark at both ends, so that a stem of one character has some.
fn pairs(stem: &str) -> BTreeSet<Pair> {
    const END: char = '\u{0}';
    let bare = bare(stem);
    if bare.is_empty() {
        return BTreeSet::new();
    }
    let signs = std::iter::once(END).chain(bare.chars());
    signs.zip(bare.chars().chain(std::iter::once(END))).collect()
}

#[cfg(test)]
mod tests {
    use super::{ALIKE_PERCENT, StemIndex, jaccard_percent, pairs};
    use proptest::prelude::*;

    #[test]
    fn punctuation_and_width_do_not_matter_a_word_does() {
        let stem = "依照《公职人员政务处分法》，受到记大过处分的，政务处分期是多长？";
        let index = StemIndex::of([("a", stem), ("b", "下列哪一项是政务处分的种类？")]);
        let asked = [
            (stem, Some(100)),
            ("依照《公职人员政务处分法》受到记大过处分的,政务处分期是多长? ", Some(100)),
            ("依照《公职人员政务处分法》，受到记过处分的，政务处分期是多长？", Some(85)),
            ("依照《监察法》，哪些人员是监察对象？", None),
            ("", None),
            ("？！", None),
        ];
        for (text, expected) in asked {
            let found = index.alike(text, None);
            match expected {
                Some(at_least) => assert!(found[0].reference == "a" && found[0].percent >= at_least, "{found:?}"),
                None => assert_eq!(found, [], "{text}"),
            }
        }
        assert_eq!(index.alike(stem, Some("a")), []);
    }

    proptest! {
        /// The filter loses nothing: it finds what comparing with every stem finds.
        #[test]
        fn nothing_alike_is_missed(stems in prop::collection::vec("[甲乙丙丁]{1,12}", 1..30), asked in "[甲乙丙丁]{1,12}") {
            let names: Vec<String> = (0..stems.len()).map(|n| format!("{n:02}")).collect();
            let index = StemIndex::of(names.iter().map(String::as_str).zip(stems.iter().map(String::as_str)));
            let mut found: Vec<String> = index.alike(&asked, None).into_iter().map(|one| one.reference).collect();
            found.sort();
            let by_hand: Vec<String> = names
                .iter()
                .zip(&stems)
                .filter(|(_, stem)| jaccard_percent(&pairs(&asked), &pairs(stem)) >= ALIKE_PERCENT)
                .map(|(name, _)| name.clone())
                .collect();
            prop_assert_eq!(found, by_hand);
        }
    }
}
