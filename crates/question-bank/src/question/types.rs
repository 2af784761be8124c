//! What a question is.

use super::words::{Audience, Kind, Level, Pool, State};
use crate::law::{ArticleNo, EditionId, LawSlug};
use crate::topic::TopicSlug;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

ids::id_newtype! {
    /// A question's reference (题号), unique in a bank.
    QuestionRef
}
ids::id_newtype! {
    /// What a slot of a paper asks: a question, or the part of a case, such as `zhengwu2020-040.1`.
    SlotRef
}
ids::id_newtype! {
    /// The canonical id of an option (选项), such as `a`; the letter shown is given after the shuffle.
    OptionId
}

/// An option (选项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionText {
    /// Its canonical id.
    pub id: OptionId,
    /// What is read.
    pub text: String,
    /// What one believes who chooses it, if it is wrong (误区).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misconception: Option<String>,
}

/// A marking point of an essay (得分点).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// What must be said.
    pub text: String,
    /// What it is worth.
    pub marks: crate::Marks,
}

/// The legal basis (法律依据) of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The law.
    pub law: LawSlug,
    /// The edition.
    pub edition: String,
    /// The article (条).
    pub article: ArticleNo,
    /// The paragraph (款), from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<u32>,
    /// The item (项), from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The deciding words, as they stand in the article.
    pub words: String,
    /// The right options that rest on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supports: Vec<OptionId>,
    /// The proof that the words were found in the text (see [`crate::bind`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bind: Option<String>,
}

impl Citation {
    /// The id of the cited edition.
    pub fn edition_id(&self) -> EditionId {
        EditionId::of(&self.law, &self.edition)
    }
}

/// What is asked and what is right, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// 单选.
    Single {
        /// Three to six.
        options: Vec<OptionText>,
        /// The right one.
        key: OptionId,
        /// The options keep their order.
        #[serde(default)]
        fixed_order: bool,
    },
    /// 多选.
    Multiple {
        /// Three to six.
        options: Vec<OptionText>,
        /// The right ones, two to four.
        key: Vec<OptionId>,
        /// The options keep their order.
        #[serde(default)]
        fixed_order: bool,
    },
    /// 判断.
    Judgement {
        /// Whether the statement is right.
        key: bool,
        /// What one believes who takes a wrong statement for right.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        misconception: Option<String>,
    },
    /// 填空.
    Blank {
        /// For each blank its equal answers.
        key: Vec<Vec<String>>,
    },
    /// 简答.
    Essay {
        /// The model answer.
        reference: String,
        /// The marking points.
        points: Vec<Point>,
    },
}

/// What one slot asks: a question that is no case, or a part of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The stem (题干).
    pub stem: String,
    /// Options and key.
    #[serde(flatten)]
    pub answer: Answer,
    /// Why the key is right (解析); may be empty for an essay.
    pub explanation: String,
    /// The legal basis.
    pub citations: Vec<Citation>,
}

impl Item {
    /// The kind.
    pub fn kind(&self) -> Kind {
        match self.answer {
            Answer::Single { .. } => Kind::Single,
            Answer::Multiple { .. } => Kind::Multiple,
            Answer::Judgement { .. } => Kind::Judgement,
            Answer::Blank { .. } => Kind::Blank,
            Answer::Essay { .. } => Kind::Essay,
        }
    }

    /// The options; none but for 单选 and 多选.
    pub fn options(&self) -> &[OptionText] {
        match &self.answer {
            Answer::Single { options, .. } | Answer::Multiple { options, .. } => options,
            Answer::Judgement { .. } | Answer::Blank { .. } | Answer::Essay { .. } => &[],
        }
    }

    /// The ids of the right options; none but for 单选 and 多选.
    pub fn key_options(&self) -> &[OptionId] {
        match &self.answer {
            Answer::Single { key, .. } => std::slice::from_ref(key),
            Answer::Multiple { key, .. } => key,
            Answer::Judgement { .. } | Answer::Blank { .. } | Answer::Essay { .. } => &[],
        }
    }

    /// Whether the options keep their order.
    pub fn fixed_order(&self) -> bool {
        matches!(self.answer, Answer::Single { fixed_order: true, .. } | Answer::Multiple { fixed_order: true, .. })
    }
}

/// One item, or a passage with several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Any kind but 案例.
    Item(Item),
    /// 案例.
    Case {
        /// Every condition that a key uses.
        passage: String,
        /// The parts, each a slot of its own.
        parts: Vec<Item>,
    },
}

/// Who wrote and checked a question, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorship {
    /// The author (命题人).
    pub author: String,
    /// The reviewer (审题人), never the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<String>,
    /// Last proven against the text.
    pub checked_on: Date,
    /// To be looked at again by.
    pub review_by: Date,
    /// Why it went into papers although no text had proven its words (未证实而启用的理由).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unproven_reason: Option<String>,
}

/// A question (试题) in one version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: QuestionRef,
    /// Counts from 1; a change of an active question is the next.
    pub version: u32,
    /// Where it is in its life.
    pub state: State,
    /// Who wrote and checked it, and when.
    pub authorship: Authorship,
    /// Its pool.
    pub pool: Pool,
    /// Its topics, the main one first.
    pub topics: Vec<TopicSlug>,
    /// Its cognitive level.
    pub level: Level,
    /// Whom it suits.
    pub audience: Vec<Audience>,
    /// The share expected to answer right, 0.05 to 0.95.
    pub prior_facility: f64,
    /// The date of the facts of a case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts_on: Option<Date>,
    /// Questions that never stand with this one in one paper (互斥题).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enemies: Vec<QuestionRef>,
    /// The question of an older edition whose place this one takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor_of: Option<QuestionRef>,
    /// What is asked.
    pub body: Body,
}

impl Question {
    /// The kind.
    pub fn kind(&self) -> Kind {
        match &self.body {
            Body::Item(item) => item.kind(),
            Body::Case { .. } => Kind::Case,
        }
    }

    /// The items: one, or the parts of a case.
    pub fn items(&self) -> &[Item] {
        match &self.body {
            Body::Item(item) => std::slice::from_ref(item),
            Body::Case { parts, .. } => parts,
        }
    }

    /// The items with the references of their slots.
    pub fn slots(&self) -> impl Iterator<Item = (SlotRef, &Item)> {
        let is_case = matches!(self.body, Body::Case { .. });
        self.items().iter().zip(1_u32..).map(move |(item, no)| {
            let reference = if is_case { format!("{}.{no}", self.reference) } else { self.reference.to_string() };
            (SlotRef::new(reference), item)
        })
    }

    /// The item of a slot.
    pub fn item(&self, slot: &SlotRef) -> Option<&Item> {
        self.slots().find(|(reference, _)| reference == slot).map(|(_, item)| item)
    }

    /// The passage of a case.
    pub fn passage(&self) -> Option<&str> {
        match &self.body {
            Body::Case { passage, .. } => Some(passage),
            Body::Item(_) => None,
        }
    }

    /// What a list shows: the stem, or the passage of a case.
    pub fn stem(&self) -> &str {
        match &self.body {
            Body::Item(item) => &item.stem,
            Body::Case { passage, .. } => passage,
        }
    }

    /// The citations of all items.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        self.items().iter().flat_map(|item| &item.citations)
    }

    /// The law that the question is counted under: that of its first citation.
    pub fn law(&self) -> Option<&LawSlug> {
        self.citations().next().map(|citation| &citation.law)
    }
}
