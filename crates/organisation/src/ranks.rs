//! Post levels (领导职务层次), ranks (职级), analysis groups (分析层级) and 监察对象类别: ordered lists that an office may
//! edit, with defaults in code, and the reading of the spellings that a 花名册 uses.

mod defaults;
pub mod edit;
pub(crate) mod nearest;
mod spelling;
mod spellings;

pub use spellings::Spellings;

use serde::{Deserialize, Serialize};

ids::id_newtype! {
    /// A post level (领导职务层次) by its slug.
    PostLevelSlug
}
ids::id_newtype! {
    /// A rank (职级) by its slug.
    RankSlug
}
ids::id_newtype! {
    /// An analysis group (分析层级) by its slug.
    GroupSlug
}
ids::id_newtype! {
    /// A class of those under supervision (监察对象类别) by its slug.
    SuperviseeSlug
}

/// One line of an editable list; the order of the list is the order of reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    /// The word stored and sent, in pinyin, never changed once used.
    pub slug: String,
    /// The Chinese title.
    pub title: String,
    /// Further spellings (写法) that a 花名册 may use for it.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// No longer given to anybody (停用); who has it keeps it.
    #[serde(default)]
    pub retired: bool,
    /// Of a post level or rank: the analysis group that it belongs to.
    #[serde(default)]
    pub group: Option<GroupSlug>,
    /// Of an analysis group: the staff that it is for as a whole.
    #[serde(default)]
    pub category: Option<Category>,
    /// Of an analysis group: whoever belongs to no other.
    #[serde(default)]
    pub rest: bool,
}

impl ListEntry {
    /// An entry with nothing but its name.
    pub fn new(slug: impl Into<String>, title: impl Into<String>) -> Self {
        Self { slug: slug.into(), title: title.into(), ..Self::default() }
    }
}

/// Which of the editable lists (名单).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// 领导职务层次
    PostLevel,
    /// 职级
    Rank,
    /// 分析层级
    RankGroup,
    /// 监察对象类别
    Supervisee,
}

impl ListKind {
    /// All lists, in the order of the page.
    pub const ALL: [Self; 4] = [Self::PostLevel, Self::Rank, Self::RankGroup, Self::Supervisee];

    /// The word in the database and in the API.
    pub fn slug(self) -> &'static str {
        match self {
            Self::PostLevel => "post_level",
            Self::Rank => "rank",
            Self::RankGroup => "rank_group",
            Self::Supervisee => "supervisee",
        }
    }

    /// The Chinese title.
    pub fn title(self) -> &'static str {
        match self {
            Self::PostLevel => "领导职务层次",
            Self::Rank => "职级",
            Self::RankGroup => "分析层级",
            Self::Supervisee => "监察对象类别",
        }
    }

    /// The list of a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.slug() == slug)
    }
}

/// What a person is employed as (人员类别); it only serves the analysis group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 公务员（含参照公务员法管理）
    CivilServant,
    /// 事业单位人员
    Institution,
    /// 国有企业人员
    Enterprise,
    /// 村社区干部
    Village,
    /// 工勤人员
    Worker,
}

impl Category {
    /// Reads the usual spellings of a 花名册.
    pub fn parse(text: &str) -> Option<Self> {
        spelling::category(text)
    }
}

/// All editable lists of people's levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lists {
    /// 领导职务层次, high first.
    pub post_levels: Vec<ListEntry>,
    /// 职级, high first.
    pub ranks: Vec<ListEntry>,
    /// 分析层级, in the order of reports.
    pub groups: Vec<ListEntry>,
    /// 监察对象类别
    pub supervisees: Vec<ListEntry>,
}

impl Default for Lists {
    fn default() -> Self {
        defaults::lists()
    }
}

impl Lists {
    /// Reads a post level (领导职务层次): a title of the list or a usual spelling such as 正科.
    pub fn parse_post_level(&self, text: &str) -> Option<PostLevelSlug> {
        spelling::find(&self.post_levels, text, spelling::post_level_alias).map(PostLevelSlug::from)
    }

    /// Reads a rank (职级): a title of the list or a usual spelling.
    pub fn parse_rank(&self, text: &str) -> Option<RankSlug> {
        spelling::find(&self.ranks, text, spelling::rank_alias).map(RankSlug::from)
    }

    /// Reads a class of those under supervision (监察对象类别).
    pub fn parse_supervisee(&self, text: &str) -> Option<SuperviseeSlug> {
        spelling::find(&self.supervisees, text, spelling::supervisee_alias).map(SuperviseeSlug::from)
    }

    /// Reads an analysis group by its title.
    pub fn parse_group(&self, text: &str) -> Option<GroupSlug> {
        spelling::find(&self.groups, text, |_| None).map(GroupSlug::from)
    }

    /// The entries of a list.
    pub fn list(&self, list: ListKind) -> &[ListEntry] {
        match list {
            ListKind::PostLevel => &self.post_levels,
            ListKind::Rank => &self.ranks,
            ListKind::RankGroup => &self.groups,
            ListKind::Supervisee => &self.supervisees,
        }
    }

    /// The entries of a list, to be changed.
    pub fn list_mut(&mut self, list: ListKind) -> &mut Vec<ListEntry> {
        match list {
            ListKind::PostLevel => &mut self.post_levels,
            ListKind::Rank => &mut self.ranks,
            ListKind::RankGroup => &mut self.groups,
            ListKind::Supervisee => &mut self.supervisees,
        }
    }

    /// An entry of a list.
    pub fn entry(&self, list: ListKind, slug: &str) -> Option<&ListEntry> {
        self.list(list).iter().find(|entry| entry.slug == slug)
    }

    /// Titles of a list that are like a text that it does not know, the nearest first; none when nothing is near.
    pub fn nearest(&self, list: ListKind, text: &str) -> Vec<&str> {
        nearest::entries(self.list(list), text)
    }

    /// The analysis group (分析层级) of a person.
    ///
    /// Villages and enterprises are reported as a whole, so they come first, by category or by rank; then the post
    /// level; then the staff of institutions; then the rank; whoever is left is in the group for the rest.
    pub fn analysis_group(
        &self,
        post_level: Option<&PostLevelSlug>,
        rank: Option<&RankSlug>,
        category: Option<Category>,
    ) -> GroupSlug {
        let of_category = |wanted: Category| {
            let found = self.groups.iter().find(|group| group.category == Some(wanted));
            found.map(|group| GroupSlug::from(group.slug.as_str()))
        };
        let of_entry =
            |list: ListKind, slug: Option<&str>| self.entry(list, slug?).and_then(|entry| entry.group.clone());
        let by_post = of_entry(ListKind::PostLevel, post_level.map(PostLevelSlug::as_str));
        let by_rank = of_entry(ListKind::Rank, rank.map(RankSlug::as_str));
        let whole = [Category::Village, Category::Enterprise].into_iter().find_map(|staff| {
            let group = of_category(staff)?;
            (category == Some(staff) || by_rank.as_ref() == Some(&group)).then_some(group)
        });
        let institution = || of_category(Category::Institution).filter(|_| category == Some(Category::Institution));
        let rest = || {
            let found = self.groups.iter().find(|group| group.rest).or(self.groups.last());
            GroupSlug::new(found.map(|group| group.slug.clone()).unwrap_or_default())
        };
        whole.or(by_post).or_else(institution).or(by_rank).unwrap_or_else(rest)
    }

    /// The title of a post level; the slug itself where the list has it no longer.
    pub fn post_level_title<'a>(&'a self, slug: &'a PostLevelSlug) -> &'a str {
        title_in(&self.post_levels, slug.as_str())
    }

    /// The title of a rank.
    pub fn rank_title<'a>(&'a self, slug: &'a RankSlug) -> &'a str {
        title_in(&self.ranks, slug.as_str())
    }

    /// The title of an analysis group.
    pub fn group_title<'a>(&'a self, slug: &'a GroupSlug) -> &'a str {
        title_in(&self.groups, slug.as_str())
    }

    /// The title of a class of those under supervision.
    pub fn supervisee_title<'a>(&'a self, slug: &'a SuperviseeSlug) -> &'a str {
        title_in(&self.supervisees, slug.as_str())
    }
}

fn title_in<'a>(list: &'a [ListEntry], slug: &'a str) -> &'a str {
    list.iter().find(|entry| entry.slug == slug).map_or(slug, |entry| entry.title.as_str())
}

#[cfg(test)]
mod tests;
