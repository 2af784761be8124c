//! Post levels (领导职务层次), ranks (职级), analysis groups (分析层级) and 监察对象类别: ordered lists that an office may
//! edit, with defaults in code, and the reading of the spellings that a 花名册 uses.

mod defaults;
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    /// The word stored and sent, in pinyin, never changed once used.
    pub slug: String,
    /// The Chinese title.
    pub title: String,
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

/// One line of the rule for analysis groups: every condition that is given must hold; an empty one always does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRule {
    /// Categories it is for.
    pub categories: Vec<Category>,
    /// Post levels it is for.
    pub post_levels: Vec<PostLevelSlug>,
    /// Ranks it is for.
    pub ranks: Vec<RankSlug>,
    /// The group it gives.
    pub group: GroupSlug,
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
    /// Which group a person belongs to; the first rule that fits.
    pub rules: Vec<GroupRule>,
    /// The group where no rule fits.
    pub other_group: GroupSlug,
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

    /// The analysis group (分析层级) of a person: the first rule that fits, else [`Lists::other_group`].
    pub fn analysis_group(
        &self,
        post_level: Option<&PostLevelSlug>,
        rank: Option<&RankSlug>,
        category: Option<Category>,
    ) -> GroupSlug {
        let fits = |rule: &&GroupRule| {
            (rule.categories.is_empty() || category.is_some_and(|own| rule.categories.contains(&own)))
                && (rule.post_levels.is_empty() || post_level.is_some_and(|own| rule.post_levels.contains(own)))
                && (rule.ranks.is_empty() || rank.is_some_and(|own| rule.ranks.contains(own)))
        };
        self.rules.iter().find(fits).map_or_else(|| self.other_group.clone(), |rule| rule.group.clone())
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
