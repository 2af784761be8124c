//! The register of laws and the topics, as staff browse them.

use api::bank::{ArticleView, EditionSummary, EditionView, TopicView};
use question_bank::law::{Article, Edition, EditionId, LawSlug};

use crate::{App, AppError, AppResult};

impl App {
    /// Every edition of the register.
    ///
    /// # Errors
    /// What the database says.
    pub fn laws(&self) -> AppResult<Vec<EditionSummary>> {
        let bank = self.bank()?;
        let counts = self.store().read(storage::bank::text_counts)?;
        Ok(bank
            .register
            .editions()
            .map(|edition| {
                let id = &edition.id;
                let imported = counts.iter().find(|(known, _)| known == id.as_str()).map_or(0, |(_, count)| *count);
                EditionSummary {
                    id: id.to_string(),
                    law: edition.law.to_string(),
                    edition: edition.edition.clone(),
                    title: edition.title.clone(),
                    short_title: edition.short_title.clone(),
                    issuer: edition.issuer.clone(),
                    effective: edition.effective.map(|day| day.to_string()),
                    superseded_on: edition.superseded_on.map(|day| day.to_string()),
                    articles: edition.articles.len(),
                    texts_imported: imported,
                }
            })
            .collect())
    }

    /// An edition with its articles: text where it was imported, gist where there is one.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn edition(&self, law: &str, edition: &str) -> AppResult<EditionView> {
        let bank = self.bank()?;
        let id = EditionId::of(&LawSlug::from(law), edition);
        let found = bank.register.edition(&id).ok_or(AppError::NotFound("这个法规版本"))?;
        let articles = self.article_views(found, &id, None)?;
        let texts_imported = articles.iter().filter(|article| article.text.is_some()).count();
        Ok(EditionView {
            id: id.to_string(),
            law: found.law.to_string(),
            edition: found.edition.clone(),
            title: found.title.clone(),
            short_title: found.short_title.clone(),
            issuer: found.issuer.clone(),
            effective: found.effective.map(|day| day.to_string()),
            superseded_on: found.superseded_on.map(|day| day.to_string()),
            texts_imported: i64::try_from(texts_imported).unwrap_or(i64::MAX),
            articles,
        })
    }

    /// One article.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn article(&self, law: &str, edition: &str, no: &str) -> AppResult<ArticleView> {
        let bank = self.bank()?;
        let id = EditionId::of(&LawSlug::from(law), edition);
        let found = bank.register.edition(&id).ok_or(AppError::NotFound("这个法规版本"))?;
        self.article_views(found, &id, Some(no))?.into_iter().next().ok_or(AppError::NotFound("这一条"))
    }

    fn article_views(&self, edition: &Edition, id: &EditionId, no: Option<&str>) -> AppResult<Vec<ArticleView>> {
        let texts = self.article_texts(id)?;
        let gists = self.article_gists(id)?;
        let view = |article: &Article| ArticleView {
            no: article.no.to_string(),
            label: article.label.clone(),
            validity: article.validity.as_str().to_owned(),
            gist: gists.get(article.no.as_str()).cloned(),
            text: texts.get(article.no.as_str()).cloned(),
        };
        Ok(edition.articles.iter().filter(|article| no.is_none_or(|no| article.no.as_str() == no)).map(view).collect())
    }

    /// Topics, in order.
    ///
    /// # Errors
    /// What the database says.
    pub fn topic_list(&self) -> AppResult<Vec<TopicView>> {
        Ok(self
            .bank()?
            .topics
            .iter()
            .map(|(slug, title)| TopicView { slug: slug.clone(), title: title.clone() })
            .collect())
    }
}
