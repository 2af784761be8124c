//! Blueprints (双向细目表): what a paper is made of.
//!
//! The simple form is kind × count × marks; a section may be cut finer into rows of topic × law × level × kind:
//!
//! ```toml
//! id = "jiandan"
//! title = "简单卷"
//! pools = ["exam"]                # practice 练习 | exam 考试 | secure 保密; default exam
//! practice_share = 0.3            # this share of the slots from the practice pool, the others from `pools`
//! mode = "fixed"                  # fixed: one paper (or parallel ones) | random: a paper for each person
//! shuffle_within_section = true   # default
//! shuffle_options = true          # default
//!
//! [constraints]
//! max_per_article = 2             # at most so many questions on one article
//! facility_band = [0.6, 0.75]     # the mean of the expected facility of the slots lies in it
//! avoid = ["jia-1"]               # these questions do not come
//! audience = ["party"]            # only questions that suit one of these, or everybody; without it any
//!
//! [[section]]
//! title = "单选题"
//! kind = "single"
//! count = 30                      # with rows: the rows' sum, or more (the rest is free)
//! marks_each = 1
//!
//! [[section.row]]
//! topics = ["lianjie-jilv"]       # or topic = "…"
//! laws = ["zhengwu-chufen-fa"]    # or law = "…": the law of the question's first citation
//! level = "recall"
//! count = 10
//! marks = 1                       # default: marks_each
//! ```
//!
//! A case counts by its parts: `count` and marks are those of slots.

mod parse;

use crate::Marks;
use crate::law::LawSlug;
use crate::question::{Audience, Kind, Level, Pool, QuestionRef};
use crate::topic::TopicSlug;
use serde::{Deserialize, Serialize};

ids::id_newtype! {
    /// A blueprint's id (细目表代号).
    BlueprintId
}

/// The most slots of a paper.
pub const MAX_SLOTS: u32 = 500;

/// How a blueprint is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One paper, or parallel ones (固定卷、平行卷).
    #[default]
    Fixed,
    /// A paper for each person (随机卷): the caller assembles with a seed of the person's own.
    Random,
}

/// A share (占比) in basis points; a number from 0 to 1 in JSON and in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// So many ten-thousandths.
    pub fn from_basis_points(points: u32) -> Self {
        Self(points.min(10_000))
    }

    /// The share of a count, rounded half up.
    pub fn of(self, count: u32) -> u32 {
        let scaled = u64::from(self.0) * u64::from(count) + 5_000;
        u32::try_from(scaled / 10_000).unwrap_or(count)
    }
}

impl Serialize for Share {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 10_000.0)
    }
}

/// What holds for a paper as a whole (约束).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Constraints {
    /// At most so many questions that cite one article (同一条文至多 k 题); a case is one question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_per_article: Option<u32>,
    /// The mean of the prior facility over the slots lies in it (难度区间).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_band: Option<(f64, f64)>,
    /// Questions that do not come (回避题).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub avoid: Vec<QuestionRef>,
    /// Whom the paper is for: only questions that suit one of these, or everybody. Empty: any question.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<Audience>,
}

/// A row of a section (细目): so many slots of one description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// One of these topics; empty: any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicSlug>,
    /// One of these laws; empty: any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub laws: Vec<LawSlug>,
    /// This level; none: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// This kind; none: any but 案例 and 简答.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Slots.
    pub count: u32,
    /// Marks of each slot.
    pub marks: Marks,
}

/// A section of the paper (部分、大题).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What is printed above it.
    pub title: String,
    /// The kind of all its rows, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Its rows, the free rest as the last.
    pub rows: Vec<Row>,
}

impl Section {
    /// Slots.
    pub fn count(&self) -> u32 {
        self.rows.iter().map(|row| row.count).sum()
    }

    /// Marks in all.
    pub fn marks(&self) -> Marks {
        self.rows.iter().fold(Marks::default(), |sum, row| sum.plus(row.marks.times(row.count)))
    }

    /// The marks of each slot, if they are the same for all.
    pub fn marks_each(&self) -> Option<Marks> {
        let first = self.rows.first()?.marks;
        self.rows.iter().all(|row| row.marks == first).then_some(first)
    }
}

/// A blueprint (双向细目表).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Blueprint {
    /// Its id.
    pub id: BlueprintId,
    /// What people read.
    pub title: String,
    /// The pools that questions come from.
    pub pools: Vec<Pool>,
    /// This share of the slots comes from the practice pool instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub practice_share: Option<Share>,
    /// How it is used.
    pub mode: Mode,
    /// Whether questions within a section are in random order; otherwise by row and reference.
    pub shuffle_within_section: bool,
    /// Whether options are in random order.
    pub shuffle_options: bool,
    /// What holds for the paper as a whole.
    pub constraints: Constraints,
    /// The sections, in the order of the paper.
    pub sections: Vec<Section>,
}

impl Blueprint {
    /// Slots of a paper.
    pub fn count(&self) -> u32 {
        self.sections.iter().map(Section::count).sum()
    }

    /// Marks of a paper.
    pub fn marks(&self) -> Marks {
        self.sections.iter().fold(Marks::default(), |sum, section| sum.plus(section.marks()))
    }

    /// The blueprint as JSON text, as it is stored; [`Blueprint::from_json`] reads it.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
