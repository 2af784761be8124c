//! Drafts (草稿): questions as far as they have been written.
//!
//! A draft is JSON of the shape of [`Question`](crate::question::Question), in which everything may be missing, but
//! nothing may be of the wrong type: so it can be stored at any moment, and named gaps stand between it and a question.

mod complete;
mod examine;
mod read;

pub use examine::{Examined, Examiner, FieldProblem, WordsProof, WordsState, content_path};

use crate::Marks;
use crate::law::{ArticleNo, LawSlug};
use crate::question::{Audience, Kind, Level, OptionId, Pool, Question, QuestionRef};
use crate::topic::TopicSlug;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

/// The key as far as it is known; which form fits is the kind's matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum DraftKey {
    /// The right option of a 单选.
    One(OptionId),
    /// Right options of a choice.
    Many(Vec<OptionId>),
    /// Whether a statement is right.
    Truth(bool),
    /// For each blank its equal answers.
    Blanks(Vec<Vec<String>>),
}

impl DraftKey {
    /// The key of a choice: bare for a 单选 with one right option, a list otherwise.
    pub fn of_options(kind: Option<Kind>, mut ids: Vec<OptionId>) -> Option<Self> {
        match (kind, ids.len()) {
            (_, 0) => None,
            (Some(Kind::Single), 1) => ids.pop().map(Self::One),
            _ => Some(Self::Many(ids)),
        }
    }

    /// The right options; none but for a choice.
    pub fn options(&self) -> &[OptionId] {
        match self {
            Self::One(id) => std::slice::from_ref(id),
            Self::Many(ids) => ids,
            Self::Truth(_) | Self::Blanks(_) => &[],
        }
    }
}

/// An option.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DraftOption {
    /// Its id; without one it takes the letter of its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<OptionId>,
    /// What is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What one believes who chooses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misconception: Option<String>,
}

/// A marking point of an essay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DraftPoint {
    /// What must be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marks: Option<Marks>,
}

/// A legal basis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DraftCitation {
    /// The law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<LawSlug>,
    /// The edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleNo>,
    /// The paragraph, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<u32>,
    /// The item, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The deciding words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The right options that rest on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supports: Vec<OptionId>,
    /// The proof, see [`crate::bind`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind: Option<String>,
}

/// What one slot asks.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DraftItem {
    /// The kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The stem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stem: Option<String>,
    /// The options of a choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<DraftOption>,
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<DraftKey>,
    /// The options keep their order.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub fixed_order: bool,
    /// What one believes who takes a wrong statement for right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misconception: Option<String>,
    /// The model answer of an essay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The marking points of an essay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<DraftPoint>,
    /// Why the key is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// The legal basis.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<DraftCitation>,
}

/// One item, or a passage with several.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftBody {
    /// Any kind but 案例.
    Item(DraftItem),
    /// 案例.
    Case {
        /// Every condition that a key uses.
        #[serde(skip_serializing_if = "Option::is_none")]
        passage: Option<String>,
        /// The parts.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        parts: Vec<DraftItem>,
    },
}

impl Default for DraftBody {
    fn default() -> Self {
        Self::Item(DraftItem::default())
    }
}

/// What a draft says of authorship: the rest is the server's to write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DraftAuthorship {
    /// To be looked at again by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_by: Option<Date>,
}

/// A draft (草稿).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Draft {
    /// Its reference.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<QuestionRef>,
    /// Its pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<Pool>,
    /// Its topics, the main one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicSlug>,
    /// Its level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Whom it suits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<Audience>,
    /// The share expected to answer right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior_facility: Option<f64>,
    /// The date of the facts of a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts_on: Option<Date>,
    /// Questions that never stand with this one in one paper.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enemies: Vec<QuestionRef>,
    /// The question whose place this one takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor_of: Option<QuestionRef>,
    /// When it is to be looked at again.
    pub authorship: DraftAuthorship,
    /// What is asked.
    pub body: DraftBody,
}

impl Draft {
    /// A finished question, to be changed.
    pub fn of(question: &Question) -> Self {
        let value = serde_json::to_value(question).unwrap_or_default();
        // A question is a draft without gaps; what its JSON says can be read.
        Self::from_json(&value).map(|(draft, _)| draft).unwrap_or_default()
    }

    /// The items: one, or the parts of a case.
    pub fn items(&self) -> &[DraftItem] {
        match &self.body {
            DraftBody::Item(item) => std::slice::from_ref(item),
            DraftBody::Case { parts, .. } => parts,
        }
    }

    /// The items, to be changed.
    pub fn items_mut(&mut self) -> &mut [DraftItem] {
        match &mut self.body {
            DraftBody::Item(item) => std::slice::from_mut(item),
            DraftBody::Case { parts, .. } => parts.as_mut_slice(),
        }
    }

    /// The kind, where it is known.
    pub fn kind(&self) -> Option<Kind> {
        match &self.body {
            DraftBody::Item(item) => item.kind,
            DraftBody::Case { .. } => Some(Kind::Case),
        }
    }

    /// What a list shows: the stem, or the passage of a case.
    pub fn stem(&self) -> &str {
        match &self.body {
            DraftBody::Item(item) => item.stem.as_deref(),
            DraftBody::Case { passage, .. } => passage.as_deref(),
        }
        .unwrap_or_default()
    }

    /// The law that it is counted under.
    pub fn law(&self) -> Option<&LawSlug> {
        self.items().iter().flat_map(|item| &item.citations).find_map(|citation| citation.law.as_ref())
    }

    /// The draft as JSON.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The draft as JSON text, as it is stored.
    pub fn to_json(&self) -> String {
        crate::canonical_json(&self.to_value())
    }
}

/// Content path of an item: `body.item`, or `body.case.parts[1]`, from 0.
pub(crate) fn item_path(is_case: bool, index: usize) -> String {
    if is_case { format!("body.case.parts[{index}]") } else { "body.item".to_owned() }
}

#[cfg(test)]
mod tests;
