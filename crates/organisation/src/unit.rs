//! A unit (单位).

use crate::UnitId;
use crate::text::{squeeze, tidy};
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

    /// Reads the usual spellings of the column 单位类型.
    pub fn parse(text: &str) -> Option<Self> {
        const SPELLINGS: [(UnitKind, &[&str]); 8] = [
            (UnitKind::Top, &["区", "区级", "县", "县级", "全区"]),
            (
                UnitKind::Department,
                &[
                    "部门",
                    "区直部门",
                    "区直单位",
                    "区直",
                    "区直机关",
                    "党委部门",
                    "政府部门",
                    "机关",
                    "县直部门",
                    "群团",
                ],
            ),
            (UnitKind::Town, &["镇街", "乡镇", "街道", "镇", "乡", "乡镇街道", "镇街道", "街镇"]),
            (UnitKind::Resident, &["派驻机构", "派驻组", "派驻纪检监察组", "派出机构"]),
            (UnitKind::Institution, &["事业单位", "事业", "区属事业单位", "直属事业单位"]),
            (UnitKind::Enterprise, &["国有企业", "国企", "区属国企", "区属企业", "企业"]),
            (UnitKind::Village, &["村社区", "村", "社区", "村居", "行政村"]),
            (UnitKind::Office, &["科室", "内设机构", "处室", "股室"]),
        ];
        let text: String = squeeze(text).chars().filter(|c| !matches!(c, '(' | ')' | '、' | '/' | '·')).collect();
        SPELLINGS.iter().find(|(_, names)| names.contains(&text.as_str())).map(|(kind, _)| *kind)
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

    /// The word in JSON and in `?group=`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::ResidentGroup => "resident_group",
            Self::Area => "area",
            Self::UnitType => "unit_type",
        }
    }

    /// The kind of a slug or of a Chinese title.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == word || kind.title() == word)
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

/// The longest name of a group, in characters.
pub const GROUP_NAME_MAX_CHARS: usize = 30;

impl Group {
    /// Reads the filter `kind:name`, such as `system:政法系统` or `系统:政法系统`.
    pub fn parse_filter(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once([':', '：'])?;
        let name = tidy(name);
        (!name.is_empty()).then_some(())?;
        Some(Self { kind: GroupKind::from_word(kind.trim())?, name })
    }

    /// The groups with one of a kind set, or taken away. A unit has at most one of each kind, in their order.
    pub fn with(groups: &[Self], kind: GroupKind, name: Option<&str>) -> Vec<Self> {
        let mut out: Vec<Self> = groups.iter().filter(|group| group.kind != kind).cloned().collect();
        out.extend(name.map(|name| Self { kind, name: name.to_owned() }));
        out.sort();
        out
    }

    /// The name of the group of a kind.
    pub fn name_of(groups: &[Self], kind: GroupKind) -> Option<&str> {
        groups.iter().find(|group| group.kind == kind).map(|group| group.name.as_str())
    }
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
        for kind in GroupKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.slug());
            assert_eq!([kind.slug(), kind.title()].map(GroupKind::from_word), [Some(kind); 2]);
        }
    }

    #[test]
    fn spellings_of_kinds() {
        for kind in UnitKind::ALL {
            assert_eq!(UnitKind::parse(kind.title()), Some(kind));
        }
        for (text, kind) in [
            ("区直部门", Some(UnitKind::Department)),
            ("乡镇（街道）", Some(UnitKind::Town)),
            ("村（社区）", Some(UnitKind::Village)),
            ("国 企", Some(UnitKind::Enterprise)),
            ("垂管单位", None),
        ] {
            assert_eq!(UnitKind::parse(text), kind, "{text}");
        }
    }

    #[test]
    fn one_group_of_each_kind() {
        let group = |text: &str| Group::parse_filter(text).unwrap();
        let groups = Group::with(&[group("片区:东片")], GroupKind::System, Some("政法系统"));
        assert_eq!(groups, [group("system:政法系统"), group("area：东片")]);
        let groups = Group::with(&groups, GroupKind::System, Some("党群系统"));
        assert_eq!(Group::name_of(&groups, GroupKind::System), Some("党群系统"));
        assert_eq!(Group::with(&groups, GroupKind::System, None), [group("area:东片")]);
        for bad in ["", "system", "system: ", "口:政法"] {
            assert_eq!(Group::parse_filter(bad), None, "{bad}");
        }
    }
}
