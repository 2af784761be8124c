//! Units, ranks and their lists, read once and kept until they change.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use organisation::succession::FormerName;
use organisation::tree::UnitTree;
use organisation::unit::{Group, UnitKind};
use organisation::{
    Category, GroupSlug, ListEntry, ListKind, Lists, Succession, SuccessionKind, Successions, Unit, UnitHistory, UnitId,
};
use serde::{Deserialize, Serialize};
use storage::organisation::{ListEntryRow, UnitRow};
use storage::units::SuccessionRow;

use crate::{App, AppError, AppResult};

/// How long another node's change of units may go unseen.
const FRESH_FOR: Duration = Duration::from_secs(10);

/// Names of the lists in `list_entries`.
pub const LIST_RANKS: &str = "rank";
/// Names of the lists in `list_entries`.
pub const LIST_RANK_GROUPS: &str = "rank_group";

/// The unit tree and the lists, at one moment.
#[derive(Debug, Default)]
pub struct Directory {
    /// The tree.
    pub tree: UnitTree,
    /// Analysis groups (by which "rank" is reported), in order: slug and title.
    pub rank_groups: Vec<(String, String)>,
    /// Post levels, in order.
    pub post_levels: Vec<(String, String)>,
    /// Ranks, in order.
    pub ranks: Vec<(String, String)>,
    /// The lists with spellings and groups, as an import reads them.
    pub lists: Lists,
    /// Former names and successors of units.
    pub history: UnitHistory,
    /// The version of each unit.
    pub versions: BTreeMap<String, i64>,
    titles: BTreeMap<(String, String), String>,
}

impl Directory {
    /// The name of a unit, or its id when it is not there.
    pub fn unit_name(&self, id: &str) -> String {
        self.tree.get(&UnitId::from(id)).map_or_else(|| id.to_owned(), |unit| unit.name.clone())
    }

    /// The title of an entry of a list, or its slug.
    pub fn title(&self, list: &str, slug: &str) -> String {
        self.titles.get(&(list.to_owned(), slug.to_owned())).cloned().unwrap_or_else(|| slug.to_owned())
    }

    /// The ids of a unit and all below it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown unit.
    pub fn subtree(&self, unit: &str) -> AppResult<Vec<String>> {
        let ids = self.tree.subtree(&UnitId::from(unit));
        if ids.is_empty() {
            return Err(AppError::NotFound("这个单位"));
        }
        Ok(ids.into_iter().map(UnitId::into_string).collect())
    }

    /// The unit that a person means: by its id, its code, its path such as 城关镇/东村, or a name that only one has.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when none is meant, or several.
    pub fn unit_meant(&self, text: &str) -> AppResult<&Unit> {
        let wanted = text.trim();
        let by = |has: &dyn Fn(&Unit) -> bool| self.tree.iter().filter(|unit| has(unit)).collect::<Vec<&Unit>>();
        let path: Vec<&str> = wanted.split(['/', '／', '>']).map(str::trim).filter(|name| !name.is_empty()).collect();
        let ends = |unit: &Unit| {
            let top = self.tree.top().map(|top| top.name.as_str());
            let names = self.tree.path_names(&unit.id);
            names == path || path.split_first().is_some_and(|(first, below)| Some(*first) == top && names == below)
        };
        let ways: [&dyn Fn(&Unit) -> bool; 4] =
            [&|unit| unit.id.as_str() == wanted, &|unit| unit.code == wanted, &ends, &|unit| {
                unit.name == wanted && unit.left_on.is_none()
            }];
        for has in ways {
            match by(has).as_slice() {
                [] => {}
                [unit] => return Ok(unit),
                several => {
                    let all = several.iter().map(|unit| self.tree.path_names(&unit.id).join("/"));
                    let all = all.collect::<Vec<_>>().join("、");
                    return Err(AppError::invalid("unit", format!("叫“{wanted}”的单位不止一个，请写全路径：{all}")));
                }
            }
        }
        Err(AppError::invalid("unit", format!("没有“{wanted}”这个单位，请写单位编码或全路径，例如 城关镇/东村")))
    }

    /// Whether a unit, or the nearest above it that has a group of this kind, is in the group.
    pub fn is_in_group(&self, unit: &UnitId, group: &Group) -> bool {
        self.tree.groups_of(unit).contains(group)
    }

    /// The names from below the top to the unit, such as 区财政局/办公室.
    pub fn path_name(&self, unit: &str) -> String {
        self.tree.path_names(&UnitId::from(unit)).join("/")
    }

    /// The ids from the top to the unit, each followed by `/`.
    pub fn path(&self, unit: &str) -> String {
        let id = UnitId::from(unit);
        let mut ids: Vec<&str> = self.tree.ancestors(&id).into_iter().map(|unit| unit.id.as_str()).collect();
        ids.reverse();
        ids.push(unit);
        ids.into_iter().fold(String::new(), |mut path, id| {
            path.push_str(id);
            path.push('/');
            path
        })
    }
}

/// Keeps the latest [`Directory`].
#[derive(Default)]
pub(crate) struct DirectoryCache(Mutex<Option<(Instant, Arc<Directory>)>>);

impl App {
    /// The units and lists, at most ten seconds old.
    ///
    /// # Errors
    /// [`AppError::Unavailable`], or [`AppError::Internal`] for a stored tree that is none.
    pub fn directory(&self) -> AppResult<Arc<Directory>> {
        if let Ok(guard) = self.inner.directory.0.lock()
            && let Some((at, directory)) = guard.as_ref()
            && at.elapsed() < FRESH_FOR
        {
            return Ok(Arc::clone(directory));
        }
        let directory = Arc::new(self.store().read(read_directory)?);
        if let Ok(mut guard) = self.inner.directory.0.lock() {
            *guard = Some((Instant::now(), Arc::clone(&directory)));
        }
        Ok(directory)
    }

    /// Forgets the kept directory: units or lists have changed.
    pub fn forget_directory(&self) {
        if let Ok(mut guard) = self.inner.directory.0.lock() {
            *guard = None;
        }
    }
}

/// The directory as the database has it now.
///
/// # Errors
/// What the database says; [`AppError::Internal`] for a stored tree that is none.
pub(crate) fn read_directory(connection: &mut storage::DbConnection) -> AppResult<Directory> {
    let units = storage::organisation::units(connection)?;
    let lists = storage::organisation::list_entries(connection)?;
    let successions = storage::units::successions(connection)?;
    build(units, lists, &successions)
}

fn build(units: Vec<UnitRow>, lists: Vec<ListEntryRow>, successions: &[SuccessionRow]) -> AppResult<Directory> {
    let versions = units.iter().map(|unit| (unit.id.clone(), unit.version)).collect();
    let units = units.into_iter().map(unit_from_row).collect::<AppResult<Vec<Unit>>>()?;
    let tree = UnitTree::build(units).map_err(|error| AppError::corrupt("units", error))?;
    let lists = lists_from_rows(lists)?;
    let pairs = |list: ListKind| lists.list(list).iter().map(|entry| (entry.slug.clone(), entry.title.clone()));
    let titles = ListKind::ALL
        .into_iter()
        .flat_map(|list| pairs(list).map(move |(slug, title)| ((list.slug().to_owned(), slug), title)));
    Ok(Directory {
        titles: titles.collect(),
        rank_groups: pairs(ListKind::RankGroup).collect(),
        post_levels: pairs(ListKind::PostLevel).collect(),
        ranks: pairs(ListKind::Rank).collect(),
        history: history_from_rows(successions)?,
        lists,
        versions,
        tree,
    })
}

fn history_from_rows(rows: &[SuccessionRow]) -> AppResult<UnitHistory> {
    let mut former_names = Vec::new();
    let mut records = Vec::new();
    for row in rows {
        let since = row.since.parse().map_err(|error| AppError::corrupt("succession since", error))?;
        let kind = SuccessionKind::from_slug(&row.kind)
            .ok_or_else(|| AppError::Internal(format!("succession kind {}", row.kind)))?;
        let (from, to) = (UnitId::from(row.from_unit_id.as_str()), UnitId::from(row.to_unit_id.as_str()));
        if kind == SuccessionKind::Renamed {
            former_names.push(FormerName { unit: from.clone(), name: row.from_name.clone(), until: since });
        }
        records.push(Succession { kind, from, to, since });
    }
    let successions = Successions::new(records).map_err(|error| AppError::corrupt("successions", error))?;
    Ok(UnitHistory { former_names, successions })
}

/// What of a list's entry is kept as JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct EntryDetail {
    spellings: Vec<String>,
    retired: bool,
    group: Option<GroupSlug>,
    category: Option<Category>,
    rest: bool,
}

/// The stored lists as the domain knows them; a list that was never stored is the default.
///
/// # Errors
/// [`AppError::Internal`] for a stored text that is none.
pub fn lists_from_rows(rows: Vec<ListEntryRow>) -> AppResult<Lists> {
    let mut lists = Lists { post_levels: vec![], ranks: vec![], groups: vec![], supervisees: vec![] };
    for row in rows {
        let Some(list) = ListKind::from_slug(&row.list) else { continue };
        let detail: EntryDetail =
            serde_json::from_str(&row.detail_json).map_err(|error| AppError::corrupt("list entry", error))?;
        lists.list_mut(list).push(ListEntry {
            slug: row.slug,
            title: row.title,
            spellings: detail.spellings,
            retired: detail.retired,
            group: detail.group,
            category: detail.category,
            rest: detail.rest,
        });
    }
    let defaults = Lists::default();
    for list in ListKind::ALL {
        if lists.list(list).is_empty() {
            *lists.list_mut(list) = defaults.list(list).to_vec();
        }
    }
    Ok(lists)
}

/// A list as it is stored.
///
/// # Errors
/// [`AppError::Internal`] when a detail cannot be written as JSON.
pub fn list_to_rows(list: ListKind, entries: &[ListEntry]) -> AppResult<Vec<ListEntryRow>> {
    let rows = entries.iter().zip(0_i64..).map(|(entry, position)| {
        let detail = EntryDetail {
            spellings: entry.spellings.clone(),
            retired: entry.retired,
            group: entry.group.clone(),
            category: entry.category,
            rest: entry.rest,
        };
        Ok(ListEntryRow {
            list: list.slug().to_owned(),
            slug: entry.slug.clone(),
            title: entry.title.clone(),
            position,
            detail_json: serde_json::to_string(&detail).map_err(|error| AppError::corrupt("list entry", error))?,
        })
    });
    rows.collect()
}

/// A stored unit as the domain knows it.
///
/// # Errors
/// [`AppError::Internal`] for a stored text that is none.
pub fn unit_from_row(row: UnitRow) -> AppResult<Unit> {
    Ok(Unit {
        id: UnitId::from(row.id),
        code: row.code,
        name: row.name,
        parent: row.parent_id.map(UnitId::from),
        kind: UnitKind::from_slug(&row.kind).ok_or_else(|| AppError::Internal(format!("unit kind {}", row.kind)))?,
        groups: serde_json::from_str(&row.groups_json).map_err(|error| AppError::corrupt("unit groups", error))?,
        position: row.position,
        left_on: row
            .left_on
            .map(|day| day.parse().map_err(|error| AppError::corrupt("unit left_on", error)))
            .transpose()?,
    })
}

/// Groups as they are stored.
///
/// # Errors
/// [`AppError::Internal`] when they cannot be written as JSON.
pub fn groups_to_json(groups: &[Group]) -> AppResult<String> {
    serde_json::to_string(groups).map_err(|error| AppError::corrupt("unit groups", error))
}

/// A unit as it is stored.
///
/// # Errors
/// [`AppError::Internal`] when its groups cannot be written as JSON.
pub fn unit_to_row(unit: &Unit, version: i64) -> AppResult<UnitRow> {
    Ok(UnitRow {
        id: unit.id.as_str().to_owned(),
        code: unit.code.clone(),
        name: unit.name.clone(),
        parent_id: unit.parent.as_ref().map(|id| id.as_str().to_owned()),
        kind: unit.kind.slug().to_owned(),
        groups_json: groups_to_json(&unit.groups)?,
        position: unit.position,
        left_on: unit.left_on.map(|day| day.to_string()),
        version,
    })
}
