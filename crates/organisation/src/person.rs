//! A person (人员) and the attributes that are kept.

use crate::ranks::{GroupSlug, PostLevelSlug, RankSlug, SuperviseeSlug};
use crate::text::squeeze;
use crate::{PersonId, UnitId};
use serde::{Deserialize, Serialize};

/// Year and month of birth (出生年月), written `1985-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct YearMonth {
    year: i16,
    month: i8,
}

impl YearMonth {
    /// A year from 1900 to 2099 and a month from 1 to 12.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1900..=2099).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, from 1.
    pub fn month(self) -> i8 {
        self.month
    }

    /// Full years of age in a month, by year and month alone (as 花名册 count it).
    pub fn age_in(self, year: i16, month: i8) -> i16 {
        let whole = year.saturating_sub(self.year);
        if month < self.month { whole.saturating_sub(1) } else { whole }
    }
}

impl std::fmt::Display for YearMonth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl From<YearMonth> for String {
    fn from(value: YearMonth) -> Self {
        value.to_string()
    }
}

/// A text that is no `1985-07`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是年月，应写成 1985-07")]
pub struct NoYearMonth(String);

impl TryFrom<String> for YearMonth {
    type Error = NoYearMonth;

    fn try_from(text: String) -> Result<Self, NoYearMonth> {
        let parsed = text
            .split_once('-')
            .filter(|(y, m)| y.len() == 4 && m.len() == 2)
            .and_then(|(year, month)| Self::new(year.parse().ok()?, month.parse().ok()?));
        parsed.ok_or(NoYearMonth(text))
    }
}

/// 政治面貌
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 中共党员
    Member,
    /// 中共预备党员
    Probationary,
    /// 共青团员
    League,
    /// 民主党派成员
    Democratic,
    /// 无党派人士
    Independent,
    /// 群众
    Masses,
}

impl Party {
    /// All values, in the order of lists.
    pub const ALL: [Self; 6] =
        [Self::Member, Self::Probationary, Self::League, Self::Democratic, Self::Independent, Self::Masses];

    /// The Chinese title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Member => "中共党员",
            Self::Probationary => "中共预备党员",
            Self::League => "共青团员",
            Self::Democratic => "民主党派",
            Self::Independent => "无党派人士",
            Self::Masses => "群众",
        }
    }

    /// The word stored and sent.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Probationary => "probationary",
            Self::League => "league",
            Self::Democratic => "democratic",
            Self::Independent => "independent",
            Self::Masses => "masses",
        }
    }

    /// The value of a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.slug() == slug)
    }

    /// Reads the usual spellings of a 花名册.
    pub fn parse(text: &str) -> Option<Self> {
        const DEMOCRATIC: [&str; 10] =
            ["民主党派", "民革", "民盟", "民建", "民进", "农工党", "农工", "致公党", "九三学社", "台盟"];
        let text = squeeze(text);
        let text = text.trim_end_matches("成员").trim_end_matches("会员");
        match text {
            // 是 answers the heading 是否党员; 否 says too little.
            "是" | "中共党员" | "党员" | "中国共产党党员" | "共产党员" | "中共" | "正式党员" | "中共正式党员" => {
                Some(Self::Member)
            }
            "预备党员" | "中共预备党员" | "中国共产党预备党员" => Some(Self::Probationary),
            "团员" | "共青团员" | "共青团" | "中国共产主义青年团团员" => Some(Self::League),
            "无党派" | "无党派人士" => Some(Self::Independent),
            "群众" | "普通公民" | "非党员" | "非党" => Some(Self::Masses),
            _ => {
                let stem = text.trim_end_matches("盟员").trim_end_matches("社员").trim_end_matches("党员");
                DEMOCRATIC.contains(&text).then_some(()).or(DEMOCRATIC.contains(&stem).then_some(()))?;
                Some(Self::Democratic)
            }
        }
    }

    /// Is a member or probationary member of the party, for papers that differ by membership (党员卷、非党卷)?
    pub fn in_party(self) -> bool {
        matches!(self, Self::Member | Self::Probationary)
    }
}

/// 人员状态
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 在岗
    Active,
    /// 借调在外
    Seconded,
    /// 挂职
    Attached,
    /// 驻村
    Village,
    /// 长期休假（病假、产假等）
    LongLeave,
    /// 退休（含退出现职待退）
    Retired,
    /// 离开（调出、辞职、去世等）
    Left,
}

impl Status {
    /// All values, in the order of lists.
    pub const ALL: [Self; 7] =
        [Self::Active, Self::Seconded, Self::Attached, Self::Village, Self::LongLeave, Self::Retired, Self::Left];

    /// The Chinese title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Active => "在岗",
            Self::Seconded => "借调",
            Self::Attached => "挂职",
            Self::Village => "驻村",
            Self::LongLeave => "长期休假",
            Self::Retired => "退休",
            Self::Left => "离开",
        }
    }

    /// The word stored and sent.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Seconded => "seconded",
            Self::Attached => "attached",
            Self::Village => "village",
            Self::LongLeave => "long_leave",
            Self::Retired => "retired",
            Self::Left => "left",
        }
    }

    /// The value of a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.slug() == slug)
    }

    /// Reads the usual spellings of a 花名册.
    pub fn parse(text: &str) -> Option<Self> {
        match squeeze(text).as_str() {
            "在岗" | "在职" | "在编" | "在编在岗" | "在岗在编" | "在职在岗" | "正常" | "现职" | "在任" => {
                Some(Self::Active)
            }
            "借调" | "借出" | "抽调" | "借调在外" | "抽调在外" | "被借调" => Some(Self::Seconded),
            "挂职" | "挂职锻炼" | "在外挂职" => Some(Self::Attached),
            "驻村" | "驻村工作" | "驻村书记" | "第一书记" | "驻村工作队" => Some(Self::Village),
            "长期休假" | "休假" | "病假" | "长期病假" | "产假" | "事假" | "长假" | "病休" => {
                Some(Self::LongLeave)
            }
            "退休" | "离退休" | "离休" | "已退休" | "退休返聘" | "内退" | "提前离岗" => {
                Some(Self::Retired)
            }
            "离开" | "调出" | "已调出" | "调离" | "辞职" | "离职" | "已离职" | "辞退" | "开除" | "死亡" | "去世"
            | "已去世" | "免职" => Some(Self::Left),
            _ => None,
        }
    }

    /// Is on a roster (在册) unless an exam says otherwise: everybody but the retired and those who left.
    pub fn is_on_roster(self) -> bool {
        !matches!(self, Self::Retired | Self::Left)
    }
}

/// A person (人员) with one statistical unit (统计单位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// The key that imports match by: 工号, a keyed hash of the ID number, or a phone; unique.
    pub key: String,
    /// 姓名
    pub name: String,
    /// The statistical unit (统计单位).
    pub unit: UnitId,
    /// 领导职务层次
    pub post_level: Option<PostLevelSlug>,
    /// 职级
    pub rank: Option<RankSlug>,
    /// The analysis group (分析层级) by which "rank" is reported.
    pub group: GroupSlug,
    /// 岗位（职务）
    pub post: Option<String>,
    /// 政治面貌
    pub party: Option<Party>,
    /// 监察对象类别
    pub supervisee: Option<SuperviseeSlug>,
    /// 出生年月
    pub born: Option<YearMonth>,
    /// 手机号
    pub phone: Option<String>,
    /// 状态
    pub status: Status,
    /// 借调、挂职所在单位, where it is one of the tree.
    pub seconded_unit: Option<UnitId>,
    /// The last four characters of the ID number.
    pub id_last4: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_month_as_text() {
        let month = YearMonth::new(1985, 7).unwrap();
        assert_eq!(month.to_string(), "1985-07");
        assert_eq!(serde_json::from_str::<YearMonth>("\"1985-07\"").unwrap(), month);
        for bad in ["1985-13", "1985-7", "85-07", "198507", "1850-01", "1985-00", ""] {
            assert!(YearMonth::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert_eq!(month.age_in(2026, 6), 40);
        assert_eq!(month.age_in(2026, 7), 41);
    }

    #[test]
    fn spellings() {
        for (text, party) in [
            ("中共党员", Some(Party::Member)),
            ("党 员", Some(Party::Member)),
            ("预备党员", Some(Party::Probationary)),
            ("民盟盟员", Some(Party::Democratic)),
            ("农工党党员", Some(Party::Democratic)),
            ("九三学社社员", Some(Party::Democratic)),
            ("民建会员", Some(Party::Democratic)),
            ("无党派", Some(Party::Independent)),
            ("群众", Some(Party::Masses)),
            ("团员", Some(Party::League)),
            ("是", Some(Party::Member)),
            ("否", None),
            ("其他", None),
        ] {
            assert_eq!(Party::parse(text), party, "{text}");
        }
        for (text, status) in [
            ("在职", Some(Status::Active)),
            ("借 调", Some(Status::Seconded)),
            ("挂职锻炼", Some(Status::Attached)),
            ("已退休", Some(Status::Retired)),
            ("调出", Some(Status::Left)),
            ("？", None),
        ] {
            assert_eq!(Status::parse(text), status, "{text}");
        }
    }

    #[test]
    fn titles_parse_and_slugs_are_those_of_serde() {
        for party in Party::ALL {
            assert_eq!(Party::parse(party.title()), Some(party));
            assert_eq!(serde_json::to_value(party).unwrap(), party.slug());
            assert_eq!(Party::from_slug(party.slug()), Some(party));
        }
        for status in Status::ALL {
            assert_eq!(Status::parse(status.title()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.slug());
            assert_eq!(Status::from_slug(status.slug()), Some(status));
        }
    }
}
