//! Imported texts against the register.

use super::text::{hash_han, hash_text, normalise_text};
use super::text_diff::{DiffPart, text_diff};
use super::types::{ArticleNo, Edition};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an imported article stands to the register (比对结果).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum TextOutcome {
    /// The same text (一致).
    Same,
    /// The same but for punctuation and the like (仅标点不同).
    PunctuationOnly,
    /// Another text (不同).
    Different {
        /// Characters that the register expects.
        expected_length: u32,
        /// Characters that were imported.
        length: u32,
        /// The difference from the text that was known before, when there was one that the register confirms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        diff: Option<Vec<DiffPart>>,
        /// Another article of the edition whose text this is: the numbering is off (条号错位).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text_of: Option<ArticleNo>,
    },
    /// The register has it, the import does not (缺).
    Missing,
    /// The import has it, the register does not (多).
    Extra,
}

/// One article's comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleComparison {
    /// Its number.
    pub no: ArticleNo,
    /// As the law writes it; the number for an extra one.
    pub label: String,
    /// What came out.
    #[serde(flatten)]
    pub outcome: TextOutcome,
}

/// Compares imported articles with an edition by hash: first the register's, in its order, then the extra ones.
///
/// `known` holds texts that were imported before: against one that the register confirms, a difference can be shown.
pub fn compare_texts(
    edition: &Edition,
    imported: &[(ArticleNo, String)],
    known: Option<&BTreeMap<ArticleNo, String>>,
) -> Vec<ArticleComparison> {
    let by_no: BTreeMap<&ArticleNo, &str> = imported.iter().map(|(no, text)| (no, text.as_str())).collect();
    let mut all: Vec<ArticleComparison> = edition
        .articles
        .iter()
        .map(|article| {
            let outcome = match by_no.get(&article.no) {
                None => TextOutcome::Missing,
                Some(text) if hash_text(text) == article.sha_text => TextOutcome::Same,
                Some(text) if hash_han(text) == article.sha_han => TextOutcome::PunctuationOnly,
                Some(text) => different(edition, &article.no, article.length, text, known),
            };
            ArticleComparison { no: article.no.clone(), label: article.label.clone(), outcome }
        })
        .collect();
    let extra = imported.iter().map(|(no, _)| no).filter(|no| edition.article(no).is_none());
    all.extend(extra.map(|no| ArticleComparison {
        no: no.clone(),
        label: no.to_string(),
        outcome: TextOutcome::Extra,
    }));
    all
}

fn different(
    edition: &Edition,
    no: &ArticleNo,
    expected_length: u32,
    text: &str,
    known: Option<&BTreeMap<ArticleNo, String>>,
) -> TextOutcome {
    let registered = edition.article(no).map(|article| article.sha_text);
    let before = known.and_then(|texts| texts.get(no)).filter(|before| Some(hash_text(before)) == registered);
    let hash = hash_text(text);
    TextOutcome::Different {
        expected_length,
        length: u32::try_from(normalise_text(text).chars().count()).unwrap_or(u32::MAX),
        diff: before.map(|before| text_diff(before, text)),
        text_of: edition.articles.iter().find(|other| other.sha_text == hash).map(|other| other.no.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::{TextOutcome, compare_texts};
    use crate::fixtures::edition;

    #[test]
    fn each_article_has_one_outcome() {
        let edition =
            edition("jia-fa", "2020", &[("1", "甲，乙。"), ("2", "丙应当丁。"), ("3", "戊己庚。"), ("4", "辛。")]);
        let imported: Vec<_> = [("1", "甲、乙。"), ("2", "丙可以丁。"), ("3", "辛。"), ("9", "壬。")]
            .iter()
            .map(|(no, text)| ((*no).into(), (*text).to_owned()))
            .collect();
        let known = [("2".into(), "丙应当丁。".to_owned())].into();
        let outcomes: Vec<_> =
            compare_texts(&edition, &imported, Some(&known)).into_iter().map(|row| row.outcome).collect();
        assert_eq!(outcomes[0], TextOutcome::PunctuationOnly);
        assert!(
            matches!(&outcomes[1], TextOutcome::Different { diff: Some(diff), text_of: None, .. } if diff.len() == 4)
        );
        assert!(
            matches!(&outcomes[2], TextOutcome::Different { expected_length: 4, length: 2, diff: None, text_of: Some(no) } if no.as_str() == "4")
        );
        assert_eq!(outcomes[3..], [TextOutcome::Missing, TextOutcome::Extra]);
        let same: Vec<_> = edition
            .articles
            .iter()
            .zip(["甲，乙。", "丙应当丁。", "戊 己庚。", "辛。"])
            .map(|(a, t)| (a.no.clone(), t.to_owned()))
            .collect();
        assert!(compare_texts(&edition, &same, None).iter().all(|row| row.outcome == TextOutcome::Same));
    }
}
