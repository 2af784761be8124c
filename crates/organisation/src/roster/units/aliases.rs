//! Names and codes that rosters go on using after a unit was renamed, merged, split or closed.

use super::{Refusal, UnitResolver, refusal};
use crate::UnitId;
use crate::roster::row::Field;
use crate::succession::{Successor, UnitHistory};
use crate::text::squeeze;
use crate::tree::UnitTree;
use crate::unit::Unit;
use jiff::civil::Date;
use std::collections::HashMap;

/// What an old name means today.
#[derive(Debug, Clone)]
pub(super) struct Alias {
    /// The unit above, as it stands today.
    parent: Option<UnitId>,
    /// The unit that stands for it; none when there is none, or not one.
    heir: Option<UnitId>,
    /// What happened, for the one who imports.
    what: String,
}

/// Every old name with what it means today.
pub(super) fn of(tree: &UnitTree, history: &UnitHistory, today: Date) -> HashMap<String, Vec<Alias>> {
    let mut aliases: HashMap<String, Vec<Alias>> = HashMap::new();
    let today_of = |unit: &UnitId| heir(tree, history, unit, today);
    for former in &history.former_names {
        let Some(unit) = tree.get(&former.unit) else { continue };
        let alias = match unit.left_on {
            None => Alias {
                parent: unit.parent.clone(),
                heir: Some(unit.id.clone()),
                what: format!("“{}”已于 {} 更名为“{}”", former.name, former.until, unit.name),
            },
            Some(_) => gone(tree, history, unit, &former.name, today),
        };
        aliases.entry(squeeze(&former.name)).or_default().push(alias);
    }
    for unit in tree.iter().filter(|unit| unit.left_on.is_some()) {
        let mut alias = gone(tree, history, unit, &unit.name, today);
        alias.parent = alias.parent.map(|parent| today_of(&parent).unwrap_or(parent));
        aliases.entry(squeeze(&unit.name)).or_default().push(alias);
    }
    aliases
}

/// The one unit that stands for another today.
fn heir(tree: &UnitTree, history: &UnitHistory, unit: &UnitId, today: Date) -> Option<UnitId> {
    let id = match history.successions.successor_on(unit, today) {
        Successor::Same => unit.clone(),
        Successor::One(other) => other,
        Successor::Several(_) => return None,
    };
    tree.get(&id).filter(|unit| unit.left_on.is_none()).map(|unit| unit.id.clone())
}

fn gone(tree: &UnitTree, history: &UnitHistory, unit: &Unit, name: &str, today: Date) -> Alias {
    let day = unit.left_on.map(|day| day.to_string()).unwrap_or_default();
    let path = |id: &UnitId| tree.path_names(id).join("/");
    let heir = heir(tree, history, &unit.id, today);
    let what = match (&heir, history.successions.successor_on(&unit.id, today)) {
        (Some(heir), _) => format!("“{name}”已于 {day} 并入“{}”", path(heir)),
        (None, Successor::Several(ends)) => {
            let names: Vec<String> = ends.iter().map(|id| format!("“{}”", path(id))).collect();
            format!("“{name}”已于 {day} 拆分为{}，请写明此人在哪一个", names.join("、"))
        }
        _ => format!("单位“{name}”已于 {day} 撤销，请改用现在的单位"),
    };
    Alias { parent: unit.parent.clone(), heir, what }
}

impl UnitResolver<'_> {
    pub(super) fn is_gone(&self, unit: &UnitId) -> bool {
        self.tree.get(unit).is_some_and(|unit| unit.left_on.is_some())
    }

    /// The unit of today for a name of old; under a unit, or anywhere. None when nobody ever had the name.
    pub(super) fn by_old_name(&mut self, key: &str, under: Option<&UnitId>) -> Result<Option<UnitId>, Refusal> {
        if under.is_some() && self.by_name.contains_key(key) {
            return Ok(None);
        }
        let all = self.aliases.get(key).map(Vec::as_slice).unwrap_or_default();
        let here: Vec<&Alias> = all.iter().filter(|alias| under.is_none() || alias.parent.as_ref() == under).collect();
        // Named under another unit than the one it stood under, a unit that is gone is still gone.
        let found = match (here.as_slice(), all) {
            ([], [alias]) if alias.heir.is_none() => alias,
            ([], _) => return Ok(None),
            ([alias, rest @ ..], _) if rest.iter().all(|other| other.heir == alias.heir) => alias,
            (several, _) => {
                let what: Vec<&str> = several.iter().take(3).map(|alias| alias.what.as_str()).collect();
                return Err(refusal(format!("从前有几个单位叫这个名称（{}），请写现在的全路径", what.join("；"))));
            }
        };
        match &found.heir {
            Some(heir) => {
                self.said_of_names.push(format!("{}，按新单位处理，请核对", found.what));
                Ok(Some(heir.clone()))
            }
            None => Err(refusal(found.what.clone())),
        }
    }

    /// The unit of today for the code of one that is gone.
    pub(super) fn heir_of(&mut self, code: &str, gone: &UnitId) -> Result<UnitId, Refusal> {
        let name = self.nodes.get(gone).map(|node| squeeze(&node.name)).unwrap_or_default();
        let alias = self.aliases.get(&name).and_then(|list| {
            let parent = self.nodes.get(gone).and_then(|node| node.parent.as_ref());
            list.iter().find(|alias| alias.parent.as_ref() == parent).or(list.first())
        });
        let Some(alias) = alias else {
            return Err(refusal(format!("编码为“{code}”的单位已撤销，请改用现在的单位")));
        };
        match &alias.heir {
            Some(heir) => {
                self.said_of_names.push(format!("编码“{code}”的{}，按新单位处理，请核对", alias.what));
                Ok(heir.clone())
            }
            None => {
                let reason = format!("编码为“{code}”的{}", alias.what);
                Err(Refusal { field: Field::UnitCode, reason })
            }
        }
    }
}
