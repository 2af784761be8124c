//! Imports of law texts: recognised, compared with the register by hash, reported article by article.

use std::collections::{BTreeMap, BTreeSet};

use question_bank::law::{ArticleNo, Edition, EditionId, TextOutcome, compare_texts};
use serde_json::{Value, json};

use crate::bank::BankState;
use crate::{App, AppError, AppResult, acts};

/// One edition found in a file.
struct Found {
    edition: EditionId,
    articles: Vec<(ArticleNo, String)>,
}

impl App {
    /// What an uploaded file of law texts would bring, article by article.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when no edition of the register is recognised in it.
    pub fn preview_laws(&self, file_name: &str, bytes: &[u8]) -> AppResult<Value> {
        let bank = self.bank()?;
        let found = recognise(&bank, file_name, bytes)?;
        let mut editions = Vec::new();
        for one in &found {
            editions.push(self.report(&bank, one)?);
        }
        Ok(json!({ "editions": editions, "problems": [] }))
    }

    fn report(&self, bank: &BankState, found: &Found) -> AppResult<Value> {
        let edition = registered(bank, &found.edition)?;
        let known: BTreeMap<ArticleNo, String> =
            self.article_texts(&found.edition)?.into_iter().map(|(no, text)| (ArticleNo::from(no), text)).collect();
        let rows = compare_texts(edition, &found.articles, (!known.is_empty()).then_some(&known));
        let count = |wanted: fn(&TextOutcome) -> bool| rows.iter().filter(|row| wanted(&row.outcome)).count();
        let details: Vec<Value> =
            rows.iter().filter(|row| row.outcome != TextOutcome::Same).map(|row| json!(row)).collect();
        Ok(json!({
            "id": found.edition,
            "title": edition.title,
            "articles": found.articles.len(),
            "same": count(|o| matches!(o, TextOutcome::Same)),
            "punctuation_only": count(|o| matches!(o, TextOutcome::PunctuationOnly)),
            "different": count(|o| matches!(o, TextOutcome::Different { .. })),
            "missing": count(|o| matches!(o, TextOutcome::Missing)),
            "extra": count(|o| matches!(o, TextOutcome::Extra)),
            "details": details,
        }))
    }

    /// Stores the texts of a file. Articles whose text differs from the register's are left out: what is shown to
    /// people under a citation must be the text that the citation was proven against.
    ///
    /// # Errors
    /// As [`App::preview_laws`].
    pub(crate) fn commit_laws(
        &self,
        actor: &str,
        (import, version): (&str, i64),
        file_name: &str,
        bytes: &[u8],
    ) -> AppResult<()> {
        self.import_laws(actor, file_name, bytes)?;
        let (import, now_us) = (import.to_owned(), self.now_us());
        self.store().write(move |connection| {
            storage::organisation::begin_import(connection, &import, version)?;
            storage::organisation::commit_import(connection, &import, now_us)
        })?;
        Ok(())
    }

    /// As the page's import, without a preview. Answers the report.
    ///
    /// # Errors
    /// As [`App::preview_laws`].
    pub fn import_laws(&self, actor: &str, file_name: &str, bytes: &[u8]) -> AppResult<Value> {
        self.refuse_frozen("法规条文")?;
        let report = self.preview_laws(file_name, bytes)?;
        let bank = self.bank()?;
        for found in recognise(&bank, file_name, bytes)? {
            let edition = registered(&bank, &found.edition)?;
            let proven: BTreeSet<ArticleNo> = compare_texts(edition, &found.articles, None)
                .into_iter()
                .filter(|row| matches!(row.outcome, TextOutcome::Same | TextOutcome::PunctuationOnly))
                .map(|row| row.no)
                .collect();
            let mut texts = self.article_texts(&found.edition)?;
            for (no, text) in found.articles {
                if proven.contains(&no) {
                    texts.insert(no.to_string(), text);
                }
            }
            let texts: Vec<(String, String)> = texts.into_iter().collect();
            let (id, actor, now_us) = (found.edition.to_string(), actor.to_owned(), self.now_us());
            self.store().write(move |connection| {
                storage::bank::replace_texts(connection, &id, &texts)?;
                acts::note(connection, now_us, &actor, "law_imported", &id, &json!({ "articles": texts.len() }))
            })?;
        }
        Ok(report)
    }
}

fn registered<'a>(bank: &'a BankState, id: &EditionId) -> AppResult<&'a Edition> {
    bank.register
        .edition(id)
        .ok_or_else(|| AppError::invalid("file", format!("登记册里没有“{id}”这个版本，请先更新登记册")))
}

fn recognise(bank: &BankState, file_name: &str, bytes: &[u8]) -> AppResult<Vec<Found>> {
    let laws = exchange::laws::parse(file_name, bytes, &exchange::laws::Limits::default())
        .map_err(|error| AppError::invalid("file", error.to_string()))?;
    laws.into_iter()
        .map(|law| {
            let articles: Vec<(ArticleNo, String)> =
                law.articles.into_iter().map(|article| (ArticleNo::from(article.no), article.text)).collect();
            let edition = match law.edition_id {
                Some(id) => EditionId::from(id),
                None => best_match(bank, &articles).ok_or_else(|| {
                    AppError::invalid("file", "没有认出这是登记册里的哪一部法规：请确认是全文，且条文以“第×条”开头")
                })?,
            };
            registered(bank, &edition)?;
            Ok(Found { edition, articles })
        })
        .collect()
}

/// The edition that most of the articles agree with, if that is at least half of them.
fn best_match(bank: &BankState, articles: &[(ArticleNo, String)]) -> Option<EditionId> {
    let agreeing = |edition: &Edition| {
        compare_texts(edition, articles, None)
            .iter()
            .filter(|row| matches!(row.outcome, TextOutcome::Same | TextOutcome::PunctuationOnly))
            .count()
    };
    bank.register
        .editions()
        .map(|edition| (agreeing(edition), edition.id.clone()))
        .max_by_key(|(count, _)| *count)
        .filter(|(count, _)| *count > 0 && count.saturating_mul(2) >= articles.len())
        .map(|(_, id)| id)
}
