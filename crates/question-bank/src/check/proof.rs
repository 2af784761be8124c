//! Whether deciding words stand in the text.

use crate::law::{Article, find_place, hash_han, hash_text, normalise_text, strip_white_space};
use crate::question::Citation;

/// What a text says of deciding words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Proof {
    /// They stand there, character by character (white space aside).
    Exact,
    /// They stand there but for the form of punctuation or of digits.
    Form,
    /// There is no text, or one that differs from the register in punctuation and cannot decide.
    NoText,
    /// They do not stand there; why, in Chinese.
    Refuted(String),
}

/// Looks for the words in the paragraph and item that the citation names, else in the whole article.
pub(crate) fn prove_words(article: &Article, text: Option<&str>, citation: &Citation) -> Proof {
    let Some(text) = text else { return Proof::NoText };
    if hash_han(text) != article.sha_han {
        return Proof::Refuted(format!("导入的{}与登记册不是同一文本，请核对导入的版本", article.label));
    }
    let places = match find_place(text, citation.paragraph, citation.item) {
        Ok(places) => places,
        Err(error) => return Proof::Refuted(error.to_string()),
    };
    let stands = |form: fn(&str) -> String, place: &str| form(place).contains(&form(&citation.words));
    if places.iter().any(|place| stands(strip_white_space, place)) {
        return Proof::Exact;
    }
    if places.iter().any(|place| stands(normalise_text, place)) {
        return Proof::Form;
    }
    if hash_text(text) != article.sha_text {
        return Proof::NoText;
    }
    let words = &citation.words;
    if stands(normalise_text, text) {
        Proof::Refuted(format!("“{words}”在{}里，但不在所写的款、项里，请改正 paragraph 或 item", article.label))
    } else {
        Proof::Refuted(format!("{}里没有“{words}”，请照原文改正", article.label))
    }
}
