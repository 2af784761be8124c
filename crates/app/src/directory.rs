//! Units, ranks and their lists, read once and kept until they change.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use organisation::tree::UnitTree;
use organisation::unit::UnitKind;
use organisation::{Unit, UnitId};
use storage::organisation::{ListEntryRow, UnitRow};

use crate::{App, AppError, AppResult};

/// How long another node's change of units may go unseen.
const FRESH_FOR: Duration = Duration::from_secs(10);

/// Names of the lists in `list_entries`.
pub const LIST_POST_LEVELS: &str = "post_level";
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
        let (units, lists) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::organisation::units(connection)?,
                storage::organisation::list_entries(connection)?,
            ))
        })?;
        let directory = Arc::new(build(units, lists)?);
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

fn build(units: Vec<UnitRow>, lists: Vec<ListEntryRow>) -> AppResult<Directory> {
    let units = units.into_iter().map(unit_from_row).collect::<AppResult<Vec<Unit>>>()?;
    let tree = UnitTree::build(units).map_err(|error| AppError::corrupt("units", error))?;
    let mut directory = Directory { tree, ..Directory::default() };
    for entry in lists {
        directory.titles.insert((entry.list.clone(), entry.slug.clone()), entry.title.clone());
        let pair = (entry.slug, entry.title);
        match entry.list.as_str() {
            LIST_POST_LEVELS => directory.post_levels.push(pair),
            LIST_RANKS => directory.ranks.push(pair),
            LIST_RANK_GROUPS => directory.rank_groups.push(pair),
            _ => {}
        }
    }
    Ok(directory)
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

/// A unit as it is stored.
///
/// # Errors
/// [`AppError::Internal`] when its groups cannot be written as JSON.
pub fn unit_to_row(unit: &Unit) -> AppResult<UnitRow> {
    Ok(UnitRow {
        id: unit.id.as_str().to_owned(),
        code: unit.code.clone(),
        name: unit.name.clone(),
        parent_id: unit.parent.as_ref().map(|id| id.as_str().to_owned()),
        kind: unit.kind.slug().to_owned(),
        groups_json: serde_json::to_string(&unit.groups).map_err(|error| AppError::corrupt("unit groups", error))?,
        position: unit.position,
        left_on: unit.left_on.map(|day| day.to_string()),
    })
}
