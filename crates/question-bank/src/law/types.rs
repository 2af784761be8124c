//! What the register holds.

use crate::Digest256;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

ids::id_newtype! {
    /// A law without its year (法规代号), such as `jiancha-fa`.
    LawSlug
}
ids::id_newtype! {
    /// One edition of a law (版本), such as `jiancha-fa-2024`.
    EditionId
}
ids::id_newtype! {
    /// The number of an article (条号), such as `17` and `17-1` for 第十七条之一.
    ArticleNo
}

impl EditionId {
    /// The id of a law's edition: both joined by a hyphen.
    pub fn of(law: &LawSlug, edition: &str) -> Self {
        Self::new(format!("{law}-{edition}"))
    }
}

/// Whether an article may be examined (条文效力): later rules override single articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// In force (有效): may be examined.
    #[default]
    InForce,
    /// A later rule says otherwise (另有规定).
    Overridden,
    /// Not settled (存疑).
    Doubtful,
    /// Taken out of the law (已删去).
    Deleted,
}

impl Validity {
    /// Reads the word of files and JSON.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "in_force" => Self::InForce,
            "overridden" => Self::Overridden,
            "doubtful" => Self::Doubtful,
            "deleted" => Self::Deleted,
            _ => return None,
        })
    }

    /// The word of files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Overridden => "overridden",
            Self::Doubtful => "doubtful",
            Self::Deleted => "deleted",
        }
    }

    /// The Chinese word.
    pub fn title(self) -> &'static str {
        match self {
            Self::InForce => "有效",
            Self::Overridden => "另有规定",
            Self::Doubtful => "存疑",
            Self::Deleted => "已删去",
        }
    }
}

/// How well the text behind an edition is established (文本质量): C is no basis for a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Quality {
    /// Two independent texts agree.
    A,
    /// One text, complete.
    B,
    /// Not fit to ask from.
    C,
}

impl Quality {
    /// Reads the letter.
    pub fn parse(letter: &str) -> Option<Self> {
        Some(match letter {
            "A" => Self::A,
            "B" => Self::B,
            "C" => Self::C,
            _ => return None,
        })
    }

    /// The letter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// Where an edition applies (适用范围).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Jurisdiction {
    /// Everywhere (全国).
    #[default]
    National,
    /// In central organs only (中央和国家机关).
    Central,
    /// In one province (省).
    Province,
    /// In one district (区).
    District,
}

impl Jurisdiction {
    /// Reads the word of files and JSON.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "national" => Self::National,
            "central" => Self::Central,
            "province" => Self::Province,
            "district" => Self::District,
            _ => return None,
        })
    }

    /// The word of files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Central => "central",
            Self::Province => "province",
            Self::District => "district",
        }
    }
}

/// An article (条) as the register knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Its number.
    pub no: ArticleNo,
    /// As the law writes it: 第十七条之一.
    pub label: String,
    /// Characters of the normalised text.
    pub length: u32,
    /// SHA-256 of the normalised text.
    pub sha_text: Digest256,
    /// SHA-256 of its Han characters and digits alone.
    pub sha_han: Digest256,
    /// Whether it may be examined.
    #[serde(default)]
    pub validity: Validity,
    /// Why it may not (说明).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An edition (版本) of a law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// `law-edition`.
    pub id: EditionId,
    /// The law.
    pub law: LawSlug,
    /// The edition, as a rule its year.
    pub edition: String,
    /// Full title (全称).
    pub title: String,
    /// Short title (简称).
    pub short_title: String,
    /// 法律、党内法规、行政法规 …
    pub kind: String,
    /// Who issued it (制定机关).
    pub issuer: String,
    /// Day of promulgation (公布), where the day is known.
    pub promulgated: Option<Date>,
    /// First day in force (施行), where the day is known. An edition without it is in force on no day.
    pub effective: Option<Date>,
    /// First day no longer in force (被取代或者废止).
    pub superseded_on: Option<Date>,
    /// How well the text is established.
    pub quality: Quality,
    /// Where it applies.
    #[serde(default)]
    pub jurisdiction: Jurisdiction,
    /// What a reader must know (备注).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The articles, in the order of the law.
    pub articles: Vec<Article>,
}

impl Edition {
    /// Whether the edition is in force on a day: from its first day, up to the day before it is superseded.
    pub fn in_force_on(&self, day: Date) -> bool {
        self.effective.is_some_and(|first| first <= day) && self.superseded_on.is_none_or(|end| day < end)
    }

    /// The article of this number.
    pub fn article(&self, no: &ArticleNo) -> Option<&Article> {
        self.articles.iter().find(|article| article.no == *no)
    }
}

/// What can be wrong with records of laws.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LawError {
    /// A text could not be read.
    #[error("{file} 第 {line} 行读不懂：{reason}。请核对文件是否完整")]
    Unreadable {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What the reader said.
        reason: String,
    },
    /// A value is not one that the register knows.
    #[error("{place} 的“{field}”写作“{value}”，不认识。请按登记册格式改正")]
    UnknownValue {
        /// The edition or article.
        place: String,
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// The index names a file that was not given.
    #[error("索引列出 {0}，但没有它的条文文件")]
    MissingFile(String),
    /// Two articles of an edition have one number, or two editions one id.
    #[error("{0} 出现了两次，请删去一个")]
    Twice(String),
}
