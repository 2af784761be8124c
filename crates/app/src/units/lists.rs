//! The editable lists: post levels, ranks, analysis groups, 监察对象类别.

use std::collections::{BTreeMap, BTreeSet};

use api::FieldError;
use api::units::{ListChange, ListItem, ListItemRequest, ListRequest, ListView, Regrouped};
use organisation::ranks::edit::{self, Alike, Regroup};
use organisation::text::tidy;
use organisation::{Category, GroupSlug, ListEntry, ListKind, Lists, PostLevelSlug, RankSlug, Role};
use pinyin::ToPinyin as _;
use serde_json::{Value, json};

use super::stale;
use crate::directory::list_to_rows;
use crate::{App, AppError, AppResult, Principal, acts};

/// A slug made from a title is cut here, in characters.
const SLUG_CHARS: usize = 48;

fn parse_list(slug: &str) -> AppResult<ListKind> {
    ListKind::from_slug(slug).ok_or(AppError::NotFound("这张名单"))
}

impl App {
    /// A list with how many people have each entry.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a list that is none.
    pub fn list(&self, list: &str) -> AppResult<ListView> {
        let list = parse_list(list)?;
        let directory = self.fresh_directory()?;
        let (usage, version) = self.usage(list)?;
        Ok(view(list, directory.lists.list(list), &usage, version, None))
    }

    fn usage(&self, list: ListKind) -> AppResult<(BTreeMap<String, i64>, i64)> {
        let (usage, version) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::lists::usage(connection, list.slug())?,
                storage::lists::version(connection, list.slug())?,
            ))
        })?;
        Ok((usage.into_iter().collect(), version))
    }

    /// Puts an edited list in the place of the one with this version; people whose analysis group follows from it get
    /// their new one. A dry run only says what would happen.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for a manager of a part of the district; [`AppError::PreconditionFailed`] for another
    /// version; [`AppError::Invalid`] naming each entry that cannot stand, such as one in use that is left out.
    pub fn edit_list(
        &self,
        principal: &Principal,
        list: &str,
        version: i64,
        request: &ListRequest,
    ) -> AppResult<ListView> {
        let list = parse_list(list)?;
        if !request.dry_run {
            self.refuse_frozen("名单")?;
        }
        let directory = self.fresh_directory()?;
        let scope = principal.scope(&[Role::Manager]);
        if directory.tree.top().is_some_and(|top| !scope.units.contains(&top.id)) {
            return Err(AppError::Forbidden("名单全区共用，请由管理全区的考务管理员修改".to_owned()));
        }
        let (usage, stored_version) = self.usage(list)?;
        if stored_version != version {
            return Err(AppError::PreconditionFailed);
        }
        let before = &directory.lists;
        let entries = entries(before, list, &request.items)?;
        let on_rosters = self.groups_on_rosters(before, list, &entries)?;
        let used = |slug: &str| {
            let people = usage.get(slug).copied().unwrap_or(0).max(i64::from(on_rosters.contains(slug)));
            u64::try_from(people).unwrap_or(0)
        };
        let problems = edit::check(before, list, &entries, &used);
        if !problems.is_empty() {
            let errors = problems.into_iter().map(|p| FieldError { field: p.field, reason: p.reason });
            return Err(AppError::Invalid(errors.collect()));
        }
        let mut after = before.clone();
        after.list_mut(list).clone_from(&entries);
        let alike = self.alike()?;
        let moves = edit::regroup(before, &after, &alike);
        let change = change(before, &after, list, &moves);
        if request.dry_run {
            return Ok(view(list, &entries, &usage, version, Some(change)));
        }
        let rows = list_to_rows(list, &entries)?;
        let (actor, now_us) = (principal.account.clone(), self.now_us());
        let detail = noted(&change);
        self.store().write(move |connection| {
            storage::lists::raise_version(connection, list.slug(), version).map_err(stale)?;
            storage::organisation::replace_list(connection, list.slug(), &rows)?;
            for Regroup { who, to } in &moves {
                storage::lists::regroup(
                    connection,
                    who.post_level.as_ref().map(PostLevelSlug::as_str),
                    who.rank.as_ref().map(RankSlug::as_str),
                    who.group.as_str(),
                    to.as_str(),
                )?;
            }
            acts::note(connection, now_us, &actor, "list_changed", list.slug(), &detail)
        })?;
        self.forget_directory();
        let (usage, version) = self.usage(list)?;
        Ok(view(list, &entries, &usage, version, Some(change)))
    }

    /// Analysis groups that an edit takes away, and that the roster of some exam names: figures need their titles.
    fn groups_on_rosters(&self, before: &Lists, list: ListKind, after: &[ListEntry]) -> AppResult<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        if list != ListKind::RankGroup {
            return Ok(found);
        }
        for gone in before.groups.iter().filter(|old| !after.iter().any(|entry| entry.slug == old.slug)) {
            if self.store().read(|connection| storage::lists::is_on_rosters(connection, &gone.slug))? {
                found.insert(gone.slug.clone());
            }
        }
        Ok(found)
    }

    fn alike(&self) -> AppResult<Vec<Alike>> {
        let rows = self.store().read(storage::lists::alike)?;
        Ok(rows
            .into_iter()
            .map(|(post_level, rank, group, people)| Alike {
                post_level: post_level.map(PostLevelSlug::from),
                rank: rank.map(RankSlug::from),
                group: GroupSlug::from(group),
                people: u64::try_from(people).unwrap_or(0),
            })
            .collect())
    }
}

/// The entries as they are to be kept. A new title leaves the old one behind as a spelling, so that the rosters that
/// still have it are read.
fn entries(before: &Lists, list: ListKind, items: &[ListItemRequest]) -> AppResult<Vec<ListEntry>> {
    let mut taken: BTreeSet<String> = before.list(list).iter().map(|entry| entry.slug.clone()).collect();
    let mut entries = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let at = |field: &str, reason: String| AppError::invalid(format!("items[{place}].{field}"), reason);
        // Its own brackets and letters stay as they are written; rosters are compared by folded spellings anyway.
        let title = item.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let slug = match item.slug.as_deref().filter(|slug| !slug.is_empty()) {
            Some(slug) => slug.to_owned(),
            None => free_slug(&title, &taken),
        };
        taken.insert(slug.clone());
        let mut spellings: Vec<String> = Vec::new();
        let old = before.entry(list, &slug);
        let former = old.filter(|old| old.title != title).map(|old| old.title.clone());
        for spelling in item.spellings.iter().map(|text| tidy(text)).chain(former) {
            if !spelling.is_empty() && spelling != tidy(&title) && !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
        let category = match item.category.as_deref().filter(|text| !text.is_empty()) {
            Some(text) if list == ListKind::RankGroup => {
                Some(serde_json::from_value::<Category>(Value::from(text)).map_err(|_| {
                    at("category", format!("没有“{text}”这类人员，可用 institution、enterprise、village"))
                })?)
            }
            _ => None,
        };
        let has_group = matches!(list, ListKind::PostLevel | ListKind::Rank);
        entries.push(ListEntry {
            group: item.group.as_deref().filter(|group| has_group && !group.is_empty()).map(GroupSlug::from),
            category,
            rest: item.rest && list == ListKind::RankGroup,
            slug,
            title,
            spellings,
            retired: item.retired,
        });
    }
    Ok(entries)
}

/// A slug in pinyin that no entry has.
fn free_slug(title: &str, taken: &BTreeSet<String>) -> String {
    let syllables = title.chars().filter_map(|c| match c.to_pinyin() {
        Some(pinyin) => Some(pinyin.plain().replace('ü', "v")),
        None => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase().to_string()),
    });
    let joined: String = syllables.collect::<Vec<_>>().join("-").chars().take(SLUG_CHARS).collect();
    let base = if joined.is_empty() { "xiang".to_owned() } else { joined };
    let numbered = (2..).map(|n: u32| format!("{base}-{n}"));
    std::iter::once(base.clone()).chain(numbered).find(|slug| !taken.contains(slug)).unwrap_or(base)
}

fn change(before: &Lists, after: &Lists, list: ListKind, moves: &[Regroup]) -> ListChange {
    let (old, new) = (before.list(list), after.list(list));
    let find = |entries: &[ListEntry], slug: &str| entries.iter().find(|entry| entry.slug == slug).cloned();
    let mut change = ListChange::default();
    for entry in new {
        match find(old, &entry.slug) {
            None => change.added.push(entry.title.clone()),
            Some(was) => {
                if was.title != entry.title {
                    change.renamed.push((was.title.clone(), entry.title.clone()));
                }
                if entry.retired && !was.retired {
                    change.retired.push(entry.title.clone());
                }
            }
        }
    }
    let gone = old.iter().filter(|entry| find(new, &entry.slug).is_none());
    change.removed = gone.map(|entry| entry.title.clone()).collect();
    let order = |entries: &[ListEntry], others: &[ListEntry]| -> Vec<String> {
        entries.iter().map(|entry| entry.slug.clone()).filter(|slug| find(others, slug).is_some()).collect()
    };
    change.reordered = order(old, new) != order(new, old);
    let mut groups: BTreeMap<(String, String), u64> = BTreeMap::new();
    for Regroup { who, to } in moves {
        *groups.entry((who.group.to_string(), to.to_string())).or_default() += who.people;
    }
    change.regrouped = groups
        .into_iter()
        .map(|((from, to), people)| Regrouped {
            from_title: before.group_title(&GroupSlug::from(from.as_str())).to_owned(),
            to_title: after.group_title(&GroupSlug::from(to.as_str())).to_owned(),
            from,
            to,
            people: i64::try_from(people).unwrap_or(i64::MAX),
        })
        .collect();
    change
}

/// What the act says: counts, since titles may change again.
fn noted(change: &ListChange) -> Value {
    let regrouped: i64 = change.regrouped.iter().map(|group| group.people).sum();
    json!({
        "added": change.added.len(), "removed": change.removed.len(), "renamed": change.renamed.len(),
        "retired": change.retired.len(), "reordered": change.reordered, "regrouped": regrouped,
    })
}

fn view(
    list: ListKind,
    entries: &[ListEntry],
    usage: &BTreeMap<String, i64>,
    version: i64,
    change: Option<ListChange>,
) -> ListView {
    let items = entries.iter().map(|entry| ListItem {
        slug: entry.slug.clone(),
        title: entry.title.clone(),
        spellings: entry.spellings.clone(),
        retired: entry.retired,
        group: entry.group.as_ref().map(ToString::to_string),
        category: entry.category.and_then(|category| {
            serde_json::to_value(category).ok().and_then(|value| value.as_str().map(str::to_owned))
        }),
        rest: entry.rest,
        people: usage.get(&entry.slug).copied().unwrap_or(0),
    });
    ListView {
        list: list.slug().to_owned(),
        title: list.title().to_owned(),
        items: items.collect(),
        version,
        etag: version.to_string(),
        change,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_in_pinyin() {
        let taken: BTreeSet<String> = ["si-ji-jian-cha-guan".to_owned()].into();
        for (title, slug) in [
            ("四级监察官", "si-ji-jian-cha-guan-2"),
            ("三级监察官（女）", "san-ji-jian-cha-guan-nv"),
            ("A1 类", "a-1-lei"),
            ("——", "xiang"),
        ] {
            assert_eq!(free_slug(title, &taken), slug, "{title}");
        }
    }
}
