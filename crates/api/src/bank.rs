//! Laws and topics, for staff.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EditionSummary {
    pub id: String,
    pub law: String,
    pub edition: String,
    pub title: String,
    pub short_title: String,
    pub issuer: String,
    pub effective: Option<String>,
    pub superseded_on: Option<String>,
    pub articles: usize,
    pub texts_imported: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ArticleView {
    pub no: String,
    pub label: String,
    pub validity: String,
    pub gist: Option<String>,
    pub text: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EditionView {
    pub id: String,
    pub law: String,
    pub edition: String,
    pub title: String,
    pub short_title: String,
    pub issuer: String,
    pub effective: Option<String>,
    pub superseded_on: Option<String>,
    pub texts_imported: i64,
    pub articles: Vec<ArticleView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TopicView {
    pub slug: String,
    pub title: String,
}
