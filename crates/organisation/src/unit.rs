//! A unit (单位).

use crate::UnitId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What sort of unit it is (单位类型); follows from the name where nobody has said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// The top: the district itself (区).
    Top,
    /// A department of the district (部门).
    Department,
    /// A town or street (镇街).
    Town,
    /// A resident supervision body (派驻机构).
    Resident,
    /// A village or community (村社区).
    Village,
    /// An office within a unit (科室).
    Office,
    /// A public institution (事业单位).
    Institution,
    /// A state-owned enterprise (国有企业).
    Enterprise,
}

impl UnitKind {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 8] = [
        Self::Top,
        Self::Department,
        Self::Town,
        Self::Resident,
        Self::Institution,
        Self::Enterprise,
        Self::Village,
        Self::Office,
    ];

    /// The Chinese title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Top => "区",
            Self::Department => "部门",
            Self::Town => "镇街",
            Self::Resident => "派驻机构",
            Self::Village => "村社区",
            Self::Office => "科室",
            Self::Institution => "事业单位",
            Self::Enterprise => "国有企业",
        }
    }

    /// The word stored in the database and in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Department => "department",
            Self::Town => "town",
            Self::Resident => "resident",
            Self::Village => "village",
            Self::Office => "office",
            Self::Institution => "institution",
            Self::Enterprise => "enterprise",
        }
    }

    /// The kind of a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// A first guess by the name; `depth` counts from the top (0). Editable afterwards.
    pub fn guess(name: &str, depth: usize) -> Self {
        const ENDINGS: [(&[&str], UnitKind); 5] = [
            (&["派驻纪检监察组", "纪检监察组", "派驻组"], UnitKind::Resident),
            (&["公司", "集团", "企业"], UnitKind::Enterprise),
            (&["镇", "乡", "街道", "街道办事处", "镇政府", "乡政府"], UnitKind::Town),
            (&["村", "社区", "村委会", "居委会"], UnitKind::Village),
            (
                &["学校", "中学", "小学", "幼儿园", "医院", "卫生院", "中心", "图书馆", "文化馆", "研究所"],
                UnitKind::Institution,
            ),
        ];
        if depth == 0 {
            return Self::Top;
        }
        let by_name = ENDINGS.iter().find(|(ends, _)| ends.iter().any(|end| name.ends_with(end)));
        match by_name {
            Some((_, kind)) => *kind,
            None if depth >= 2 => Self::Office,
            None => Self::Department,
        }
    }
}

/// By what units are grouped across the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// 系统
    System,
    /// 派驻组
    ResidentGroup,
    /// 片区
    Area,
    /// 单位类型
    UnitType,
}

impl GroupKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::System, Self::ResidentGroup, Self::Area, Self::UnitType];

    /// The Chinese title.
    pub fn title(self) -> &'static str {
        match self {
            Self::System => "系统",
            Self::ResidentGroup => "派驻组",
            Self::Area => "片区",
            Self::UnitType => "单位类型",
        }
    }
}

/// One grouping that a unit belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Group {
    /// By what it groups.
    pub kind: GroupKind,
    /// The group's name, such as 政法系统.
    pub name: String,
}

/// A unit (单位) in the tree 区 → 镇街/部门/派驻机构 → 村社区/科室.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its code, unique in the tree.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The unit above; only the top has none.
    pub parent: Option<UnitId>,
    /// What sort of unit.
    pub kind: UnitKind,
    /// Groupings that every filter knows.
    pub groups: Vec<Group>,
    /// Place among its siblings, small first.
    pub position: i64,
    /// The day from which it no longer exists (撤销).
    pub left_on: Option<Date>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_name() {
        for (name, depth, kind) in [
            ("某某区", 0, UnitKind::Top),
            ("区财政局", 1, UnitKind::Department),
            ("城关镇", 1, UnitKind::Town),
            ("东风街道", 1, UnitKind::Town),
            ("派驻第一纪检监察组", 1, UnitKind::Resident),
            ("和平社区", 2, UnitKind::Village),
            ("办公室", 2, UnitKind::Office),
            ("城投公司", 1, UnitKind::Enterprise),
            ("第一中学", 2, UnitKind::Institution),
        ] {
            assert_eq!(UnitKind::guess(name, depth), kind, "{name}");
        }
    }

    #[test]
    fn slugs_are_those_of_serde() {
        for kind in UnitKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.slug());
            assert_eq!(UnitKind::from_slug(kind.slug()), Some(kind));
        }
        assert_eq!(UnitKind::from_slug("x"), None);
    }
}
