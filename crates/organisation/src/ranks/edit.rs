//! Editing a list: what may be changed, and whom a change moves to another analysis group.

use super::spelling::fold;
use super::{GroupSlug, ListEntry, ListKind, Lists, PostLevelSlug, RankSlug};
use std::collections::{BTreeMap, BTreeSet};

/// Entries of a list at the most.
pub const ENTRIES_MAX: usize = 200;
/// The longest title or spelling, in characters.
pub const TITLE_MAX_CHARS: usize = 30;
/// Spellings of an entry at the most.
pub const SPELLINGS_MAX: usize = 40;

/// What is wrong with an edited list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListProblem {
    /// The field, such as `items[3].title`.
    pub field: String,
    /// What is wrong and what to do.
    pub reason: String,
}

fn problem(place: usize, field: &str, reason: impl Into<String>) -> ListProblem {
    ListProblem { field: format!("items[{place}].{field}"), reason: reason.into() }
}

/// What of an edited list cannot stand. `used` says how many people, or places on rosters, name an entry.
pub fn check(before: &Lists, list: ListKind, after: &[ListEntry], used: &dyn Fn(&str) -> u64) -> Vec<ListProblem> {
    let mut problems = Vec::new();
    if after.is_empty() || after.len() > ENTRIES_MAX {
        let reason = format!("一张名单应有 1 到 {ENTRIES_MAX} 项");
        problems.push(ListProblem { field: "items".to_owned(), reason });
    }
    names(after, &mut problems);
    removals(before, list, after, used, &mut problems);
    match list {
        ListKind::PostLevel | ListKind::Rank => groups_of(before, list, after, &mut problems),
        ListKind::RankGroup => groups(before, after, &mut problems),
        ListKind::Supervisee => {}
    }
    problems
}

/// Titles, slugs and spellings: there, short enough, and each meaning one entry only.
fn names(after: &[ListEntry], problems: &mut Vec<ListProblem>) {
    let mut slugs = BTreeSet::new();
    let mut meant: BTreeMap<String, &str> = BTreeMap::new();
    for (place, entry) in after.iter().enumerate() {
        let length = entry.title.chars().count();
        if length == 0 || length > TITLE_MAX_CHARS {
            problems.push(problem(place, "title", format!("名称应为 1 到 {TITLE_MAX_CHARS} 个字")));
        } else if meant.insert(fold(&entry.title), &entry.title).is_some() {
            problems.push(problem(place, "title", format!("“{}”出现了两次，请改成不同的名称", entry.title)));
        }
        let plain = entry.slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if entry.slug.is_empty() || entry.slug.len() > 60 || !plain {
            problems.push(problem(place, "slug", "标识应为 1 到 60 个小写字母、数字或短横"));
        } else if !slugs.insert(&entry.slug) {
            problems.push(problem(place, "slug", format!("标识“{}”出现了两次", entry.slug)));
        }
    }
    for (place, entry) in after.iter().enumerate() {
        if entry.spellings.len() > SPELLINGS_MAX {
            problems.push(problem(place, "spellings", format!("一项最多有 {SPELLINGS_MAX} 种写法")));
        }
        for spelling in &entry.spellings {
            let length = spelling.chars().count();
            if length == 0 || length > TITLE_MAX_CHARS {
                problems.push(problem(place, "spellings", format!("写法应为 1 到 {TITLE_MAX_CHARS} 个字")));
                continue;
            }
            match meant.insert(fold(spelling), &entry.title) {
                Some(other) if other != entry.title => {
                    let reason = format!("写法“{spelling}”已经用于“{other}”，导入时分不清，请删去一处");
                    problems.push(problem(place, "spellings", reason));
                }
                _ => {}
            }
        }
    }
}

fn removals(
    before: &Lists,
    list: ListKind,
    after: &[ListEntry],
    used: &dyn Fn(&str) -> u64,
    problems: &mut Vec<ListProblem>,
) {
    let kept: BTreeSet<&str> = after.iter().map(|entry| entry.slug.as_str()).collect();
    for gone in before.list(list).iter().filter(|entry| !kept.contains(entry.slug.as_str())) {
        let people = used(&gone.slug);
        if people > 0 {
            let reason = format!("“{}”还有 {people} 人在用，不能删除；可以改为停用", gone.title);
            problems.push(ListProblem { field: "items".to_owned(), reason });
        }
    }
}

/// Post levels and ranks name groups that there are.
fn groups_of(before: &Lists, list: ListKind, after: &[ListEntry], problems: &mut Vec<ListProblem>) {
    for (place, entry) in after.iter().enumerate() {
        let Some(group) = &entry.group else { continue };
        let unchanged = before.entry(list, &entry.slug).is_some_and(|old| old.group.as_ref() == Some(group));
        match before.entry(ListKind::RankGroup, group.as_str()) {
            None => problems.push(problem(place, "group", format!("没有“{group}”这个分析层级，请重新选择"))),
            Some(known) if known.retired && !unchanged && !entry.retired => {
                problems.push(problem(place, "group", format!("分析层级“{}”已停用，请重新选择", known.title)));
            }
            Some(_) => {}
        }
    }
}

/// One group for the rest; one at the most for each staff; none that is still named goes.
fn groups(before: &Lists, after: &[ListEntry], problems: &mut Vec<ListProblem>) {
    let rest: Vec<usize> =
        after.iter().enumerate().filter(|(_, group)| group.rest && !group.retired).map(|(place, _)| place).collect();
    if rest.len() != 1 {
        let reason = "要有而且只有一个在用的分析层级收“其余人员”".to_owned();
        problems.push(ListProblem { field: "items".to_owned(), reason });
    }
    let mut staffs = Vec::new();
    for (place, group) in after.iter().enumerate() {
        let Some(staff) = group.category.filter(|_| !group.retired) else { continue };
        if staffs.contains(&staff) {
            problems.push(problem(place, "category", "同一类人员只能归入一个分析层级"));
        }
        staffs.push(staff);
    }
    for old in &before.groups {
        let stays = after.iter().any(|group| group.slug == old.slug && !group.retired);
        let named: Vec<&str> = before
            .post_levels
            .iter()
            .chain(&before.ranks)
            .filter(|entry| !entry.retired && entry.group.as_ref().is_some_and(|group| group.as_str() == old.slug))
            .map(|entry| entry.title.as_str())
            .collect();
        if let (false, Some(first)) = (stays || old.retired, named.first()) {
            let n = named.len();
            let reason =
                format!("“{}”等 {n} 项还归入“{}”，请先把它们改归其他分析层级，再停用或删除它", first, old.title);
            problems.push(ListProblem { field: "items".to_owned(), reason });
        }
    }
}

/// People alike in what decides their group, and how many they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// 领导职务层次
    pub post_level: Option<PostLevelSlug>,
    /// 职级
    pub rank: Option<RankSlug>,
    /// Their group as stored.
    pub group: GroupSlug,
    /// How many.
    pub people: u64,
}

/// People whose group changes with the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regroup {
    /// Who, and how many.
    pub who: Alike,
    /// Their group from then on.
    pub to: GroupSlug,
}

/// Whom a change of the lists moves to another group: those whose stored group is the one that the lists gave. A group
/// that was said by hand, or that follows from the kind of staff, stays.
pub fn regroup(before: &Lists, after: &Lists, people: &[Alike]) -> Vec<Regroup> {
    let group = |lists: &Lists, who: &Alike| lists.analysis_group(who.post_level.as_ref(), who.rank.as_ref(), None);
    people
        .iter()
        .filter(|who| group(before, who) == who.group)
        .map(|who| Regroup { who: who.clone(), to: group(after, who) })
        .filter(|change| change.to != change.who.group)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranks::Category;

    fn edited(list: ListKind, edit: impl FnOnce(&mut Vec<ListEntry>)) -> Vec<String> {
        let before = Lists::default();
        let mut after = before.list(list).to_vec();
        edit(&mut after);
        let used = |slug: &str| if slug == "yiji-keyuan" || slug == "yiban-ganbu" { 1_234 } else { 0 };
        check(&before, list, &after, &used).into_iter().map(|p| format!("{}: {}", p.field, p.reason)).collect()
    }

    fn at<'a>(entries: &'a mut [ListEntry], slug: &str) -> &'a mut ListEntry {
        entries.iter_mut().find(|entry| entry.slug == slug).unwrap()
    }

    #[test]
    fn edits_that_stand() {
        use ListKind::{PostLevel, Rank, RankGroup};
        assert_eq!(edited(Rank, |_| {}), [""; 0]);
        assert_eq!(edited(Rank, |list| list.swap(0, 5)), [""; 0]);
        assert_eq!(edited(Rank, |list| list.push(ListEntry::new("siji-jianchaguan", "四级监察官"))), [""; 0]);
        assert_eq!(edited(Rank, |list| list.retain(|entry| entry.slug != "qita")), [""; 0], "nobody has it");
        assert_eq!(edited(Rank, |list| at(list, "yiji-keyuan").retired = true), [""; 0], "retired while in use");
        assert_eq!(edited(PostLevel, |list| at(list, "wu").group = Some("yiban-ganbu".into())), [""; 0]);
        assert_eq!(edited(RankGroup, |list| at(list, "yiban-ganbu").title = "普通干部".into()), [""; 0]);
        assert_eq!(
            edited(Rank, |list| at(list, "yiji-keyuan").spellings = vec!["科员".into(), "科 员".into()]),
            [""; 0]
        );
    }

    #[test]
    fn edits_that_do_not() {
        use ListKind::{PostLevel, Rank, RankGroup};
        type Edit = fn(&mut Vec<ListEntry>);
        let cases: [(ListKind, Edit, &str); 13] = [
            (Rank, |list| list.retain(|entry| entry.slug != "yiji-keyuan"), "1234 人在用"),
            (Rank, |list| list.clear(), "1 到 200 项"),
            (Rank, |list| at(list, "wu").title = String::new(), "items[24].title: 名称应为"),
            (Rank, |list| at(list, "wu").title = "一级 科员".into(), "出现了两次"),
            (Rank, |list| at(list, "wu").slug = "qita".into(), "标识“qita”出现了两次"),
            (Rank, |list| at(list, "wu").slug = "无".into(), "items[24].slug: 标识应为"),
            (Rank, |list| at(list, "wu").spellings = vec!["１级科员".into()], "已经用于“一级科员”"),
            (PostLevel, |list| at(list, "wu").group = Some("nowhere".into()), "没有“nowhere”这个分析层级"),
            (RankGroup, |list| at(list, "yiban-ganbu").rest = false, "其余人员"),
            (RankGroup, |list| at(list, "xianchuji").rest = true, "其余人员"),
            (RankGroup, |list| at(list, "xianchuji").category = Some(Category::Village), "只能归入一个"),
            (RankGroup, |list| at(list, "xianchuji").retired = true, "“县处级正职”等 8 项还归入“县处级”"),
            (RankGroup, |list| list.retain(|entry| entry.slug != "yiban-ganbu"), "1234 人在用"),
        ];
        for (list, edit, expected) in cases {
            let problems = edited(list, edit);
            assert!(problems.iter().any(|problem| problem.contains(expected)), "{expected}: {problems:?}");
        }
    }

    #[test]
    fn people_follow_the_lists_unless_somebody_decided_otherwise() {
        let before = Lists::default();
        let mut after = before.clone();
        at(&mut after.ranks, "siji-zhurenkeyuan").group = Some("xiangkeji-fuzhi".into());
        let alike = |post: Option<&str>, rank: &str, group: &str, people| Alike {
            post_level: post.map(PostLevelSlug::from),
            rank: Some(rank.into()),
            group: group.into(),
            people,
        };
        let people = [
            alike(None, "siji-zhurenkeyuan", "yiban-ganbu", 7),
            alike(Some("wu"), "siji-zhurenkeyuan", "yiban-ganbu", 5),
            alike(Some("xiangkeji-zhengzhi"), "siji-zhurenkeyuan", "xiangkeji-zhengzhi", 3),
            alike(None, "siji-zhurenkeyuan", "cun-shequ", 2),
            alike(None, "yiji-keyuan", "yiban-ganbu", 9),
        ];
        let moved: Vec<(u64, String)> = regroup(&before, &after, &people)
            .into_iter()
            .map(|change| (change.who.people, change.to.into_string()))
            .collect();
        assert_eq!(moved, [(7, "xiangkeji-fuzhi".to_owned()), (5, "xiangkeji-fuzhi".to_owned())]);
    }
}
