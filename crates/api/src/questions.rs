//! Questions, for those who write, review and use them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A version and the state that it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VersionState {
    pub version: i64,
    pub state: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuestionSummary {
    pub r#ref: String,
    pub version: i64,
    pub kind: String,
    pub pool: String,
    pub state: String,
    pub law: String,
    pub stem: String,
    pub level: String,
    pub topics: Vec<String>,
    pub author: String,
    pub updated_at: String,
    /// Errors that stand between a draft and its submission.
    pub gaps: i64,
    /// Citations whose words nothing proves.
    pub unproven: i64,
    /// The version that papers take, if any.
    pub in_papers: Option<i64>,
    /// Another version that is being worked on.
    pub working: Option<VersionState>,
}

/// A gap, a fault or a warning, at a path of the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentProblem {
    pub field: String,
    pub severity: String,
    pub reason: String,
}

/// How the words of a citation stand to the text: `proven | bound | not_proven | refuted | no_source`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WordsView {
    pub field: String,
    pub proof: String,
}

/// A question with everything, keys included: staff only.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuestionView {
    #[serde(flatten)]
    pub summary: QuestionSummary,
    #[schema(value_type = Object)]
    pub content: Value,
    pub etag: String,
    pub problems: Vec<ContentProblem>,
    pub words: Vec<WordsView>,
    pub author_name: Option<String>,
    pub reviewer_name: Option<String>,
    /// What the caller may do: `edit | new_version | submit | withdraw | review | activate | retire | delete`.
    pub may: Vec<String>,
}

/// What happened to a version:
/// `created | submitted | withdrawn | approved | returned | activated | retired | superseded`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuestionEvent {
    pub at: String,
    pub kind: String,
    pub name: Option<String>,
    pub comment: Option<String>,
}

/// One version with its history.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuestionVersion {
    pub version: i64,
    pub state: String,
    pub author: String,
    pub created_at: String,
    pub updated_at: String,
    #[schema(value_type = Object)]
    pub content: Value,
    pub etag: String,
    pub events: Vec<QuestionEvent>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReviewRequest {
    /// `approved` or `returned`.
    pub decision: String,
    /// Needed when it is returned.
    #[serde(default)]
    pub comment: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StateChangeRequest {
    /// `submitted | draft | active | retired`.
    pub to: String,
    /// Needed for `retired`.
    #[serde(default)]
    pub reason: Option<String>,
    /// Why words that no text has proven may go into papers; needed for `active` where there are such.
    #[serde(default)]
    pub unproven_reason: Option<String>,
}

/// An exam whose paper was fixed before and holds the question.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FixedPaper {
    pub exam: String,
    pub title: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StateChanged {
    #[serde(flatten)]
    pub question: QuestionView,
    /// Exams that are not over and whose fixed paper still holds what was retired.
    pub in_fixed_papers: Vec<FixedPaper>,
}

/// A question that asks nearly the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlikeQuestion {
    pub r#ref: String,
    pub stem: String,
    /// Share of common pairs of characters; 100 is the same but for punctuation.
    pub percent: usize,
}

/// What a check of a content says; nothing is written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckReply {
    pub problems: Vec<ContentProblem>,
    pub words: Vec<WordsView>,
    pub alike: Vec<AlikeQuestion>,
}
