//! Records of laws with their texts (JSON lines), from which the register is built.

use super::text::{LawTexts, hash_han, hash_text, normalise_text};
use super::types::{Article, ArticleNo, Edition, EditionId, Jurisdiction, LawError, LawSlug, Quality, Validity};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A law as the index of a folder of texts describes it; other fields of the record are not used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SourceLaw {
    /// `law-edition`.
    pub id: EditionId,
    /// The law.
    pub law: LawSlug,
    /// The edition.
    pub edition: String,
    /// Full title.
    pub title: String,
    /// Short title.
    pub short_title: String,
    /// 法律、党内法规 …
    pub kind: String,
    /// Who issued it.
    pub issuer: String,
    /// A day, or only a year.
    pub promulgated: Option<String>,
    /// A day, or only a year.
    pub effective: Option<String>,
    /// A day, or only a year.
    pub superseded_on: Option<String>,
    /// `A`, `B` or `C`.
    pub quality: String,
    /// `national` unless it says otherwise.
    pub jurisdiction: Option<String>,
    /// What a reader must know.
    pub notes: Option<String>,
}

/// An article with its text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SourceArticle {
    /// Its number.
    pub no: ArticleNo,
    /// As the law writes it.
    pub label: String,
    /// The text; paragraphs and items on lines of their own.
    pub text: String,
    /// `in_force` unless it says otherwise.
    pub validity: Option<String>,
    /// Why it may not be examined.
    pub validity_note: Option<String>,
}

/// An edition with its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEdition {
    /// The record of the index.
    pub law: SourceLaw,
    /// The articles, in order.
    pub articles: Vec<SourceArticle>,
}

#[derive(Deserialize)]
struct Index {
    laws: Vec<SourceLaw>,
}

/// Reads the records of a folder of law texts: its `index.json`, and the files `<id>.jsonl` by name.
///
/// # Errors
/// When a text is no JSON of that form, or a file of the index was not given.
pub fn parse_source(index: &str, files: &BTreeMap<String, String>) -> Result<Vec<SourceEdition>, LawError> {
    let unreadable = |file: &str, line: usize, error: &serde_json::Error| LawError::Unreadable {
        file: file.to_owned(),
        line,
        reason: error.to_string(),
    };
    let index: Index = serde_json::from_str(index).map_err(|error| unreadable("index.json", error.line(), &error))?;
    let mut editions = Vec::with_capacity(index.laws.len());
    for law in index.laws {
        let file = format!("{}.jsonl", law.id);
        let text = files.get(&file).ok_or_else(|| LawError::MissingFile(law.id.to_string()))?;
        let mut articles = Vec::new();
        for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let record: serde_json::Value =
                serde_json::from_str(line).map_err(|error| unreadable(&file, n + 1, &error))?;
            if record.get("record").and_then(serde_json::Value::as_str) == Some("article") {
                articles.push(serde_json::from_value(record).map_err(|error| unreadable(&file, n + 1, &error))?);
            }
        }
        editions.push(SourceEdition { law, articles });
    }
    Ok(editions)
}

impl SourceEdition {
    /// The edition as the register holds it: hashes instead of texts.
    ///
    /// # Errors
    /// When a word is not known, or an article stands twice.
    pub fn to_edition(&self) -> Result<Edition, LawError> {
        let law = &self.law;
        let unknown =
            |field, value: &str| LawError::UnknownValue { place: law.id.to_string(), field, value: value.to_owned() };
        let mut notes: Vec<String> = law.notes.iter().cloned().collect();
        let mut day = |field, title: &str, text: &Option<String>| -> Result<Option<Date>, LawError> {
            match text.as_deref() {
                None => Ok(None),
                Some(year) if year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) => {
                    notes.push(format!("{title}日期只知 {year} 年。"));
                    Ok(None)
                }
                Some(day) => day.parse().map(Some).map_err(|_| unknown(field, day)),
            }
        };
        let promulgated = day("promulgated", "公布", &law.promulgated)?;
        let effective = day("effective", "施行", &law.effective)?;
        let superseded_on = day("superseded_on", "失效", &law.superseded_on)?;
        let quality = Quality::parse(&law.quality).ok_or_else(|| unknown("quality", &law.quality))?;
        let jurisdiction = match law.jurisdiction.as_deref() {
            None => Jurisdiction::National,
            Some(word) => Jurisdiction::parse(word).ok_or_else(|| unknown("jurisdiction", word))?,
        };
        let mut articles: Vec<Article> = Vec::with_capacity(self.articles.len());
        let mut seen = std::collections::BTreeSet::new();
        for article in &self.articles {
            if !seen.insert(&article.no) {
                return Err(LawError::Twice(format!("{} {}", law.id, article.label)));
            }
            articles.push(article.to_article(&law.id)?);
        }
        Ok(Edition {
            id: law.id.clone(),
            law: law.law.clone(),
            edition: law.edition.clone(),
            title: law.title.clone(),
            short_title: law.short_title.clone(),
            kind: law.kind.clone(),
            issuer: law.issuer.clone(),
            promulgated,
            effective,
            superseded_on,
            quality,
            jurisdiction,
            notes: (!notes.is_empty()).then(|| notes.join(" ")),
            articles,
        })
    }
}

impl SourceArticle {
    fn to_article(&self, edition: &EditionId) -> Result<Article, LawError> {
        let validity = match self.validity.as_deref() {
            None => Validity::InForce,
            Some(word) => Validity::parse(word).ok_or_else(|| LawError::UnknownValue {
                place: format!("{edition} {}", self.label),
                field: "validity",
                value: word.to_owned(),
            })?,
        };
        Ok(Article {
            no: self.no.clone(),
            label: self.label.clone(),
            length: u32::try_from(normalise_text(&self.text).chars().count()).unwrap_or(u32::MAX),
            sha_text: hash_text(&self.text),
            sha_han: hash_han(&self.text),
            validity,
            note: self.validity_note.clone(),
        })
    }
}

impl LawTexts {
    /// The texts of these editions.
    pub fn from_source(editions: &[SourceEdition]) -> Self {
        let mut texts = Self::default();
        for edition in editions {
            let articles = edition.articles.iter().map(|article| (article.no.clone(), article.text.clone()));
            texts.insert(edition.law.id.clone(), articles);
        }
        texts
    }
}
