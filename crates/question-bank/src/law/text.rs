//! One form of a text, so that it can be compared and hashed.

use super::types::{ArticleNo, EditionId};
use crate::Digest256;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// The text in the one form that hashes are taken of (归一化): NFKC, no white space, one style of quotes.
///
/// In this order: Unicode NFKC; every character with the property White_Space goes, and U+200B, U+FEFF with them;
/// “ ” „ ‟ 「 」 « » become `"`, ‘ ’ ‚ ‛ 『 』 become `'`.
pub fn normalise_text(text: &str) -> String {
    text.nfkc().filter(|&c| !is_blank(c)).map(one_quote).collect()
}

/// The text without white space, otherwise as it stands.
pub fn strip_white_space(text: &str) -> String {
    text.chars().filter(|&c| !is_blank(c)).collect()
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

fn one_quote(c: char) -> char {
    match c {
        '“' | '”' | '„' | '‟' | '「' | '」' | '«' | '»' => '"',
        '‘' | '’' | '‚' | '‛' | '『' | '』' => '\'',
        other => other,
    }
}

/// SHA-256 of the normalised text.
pub fn hash_text(text: &str) -> Digest256 {
    Digest256::of(&normalise_text(text))
}

/// SHA-256 of the Han characters and the digits 0–9 of the normalised text: blind to punctuation.
pub fn hash_han(text: &str) -> Digest256 {
    let kept: String = normalise_text(text).chars().filter(|&c| c.is_ascii_digit() || is_han(c)).collect();
    Digest256::of(&kept)
}

/// Han characters: the unified ideographs with their extensions and compatibility forms, and 〇.
fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Texts of laws (条文文本) that somebody imported, by edition and article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LawTexts(BTreeMap<EditionId, BTreeMap<ArticleNo, String>>);

impl LawTexts {
    /// Adds the texts of one edition; a text that was there for an article gives way.
    pub fn insert(&mut self, edition: EditionId, articles: impl IntoIterator<Item = (ArticleNo, String)>) {
        self.0.entry(edition).or_default().extend(articles);
    }

    /// The text of an article, if it was imported.
    pub fn article(&self, edition: &EditionId, no: &ArticleNo) -> Option<&str> {
        self.0.get(edition)?.get(no).map(String::as_str)
    }

    /// The texts of an edition, if any was imported.
    pub fn edition(&self, edition: &EditionId) -> Option<&BTreeMap<ArticleNo, String>> {
        self.0.get(edition)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{hash_han, hash_text, normalise_text};

    #[test]
    fn forms_that_mean_the_same_become_one() {
        let cases = [
            ("甲\u{3000}乙 \n\t丙", "甲乙丙"),
            ("（一）甲，乙；丙：丁？", "(一)甲,乙;丙:丁?"),
            ("１２个月", "12个月"),
            ("“甲”‘乙’「丙」『丁』", "\"甲\"'乙'\"丙\"'丁'"),
            ("甲\u{200b}\u{feff}乙", "甲乙"),
            ("《法》第三条、第四条。", "《法》第三条、第四条。"),
        ];
        for (text, normal) in cases {
            assert_eq!(normalise_text(text), normal);
            assert_eq!(normalise_text(normal), normal, "twice is once");
        }
    }

    #[test]
    fn the_second_hash_is_blind_to_punctuation_only() {
        assert_eq!(hash_han("甲，乙。"), hash_han("甲乙"));
        assert_ne!(hash_text("甲，乙。"), hash_text("甲乙"));
        assert_ne!(hash_han("六个月"), hash_han("十二个月"));
        assert_ne!(hash_han("6个月"), hash_han("12个月"));
    }
}
