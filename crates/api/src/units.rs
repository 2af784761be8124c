//! Units by hand, successions, editable lists.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::people::UnitView;

/// A grouping in a request: the kind as slug or title.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupRequest {
    pub kind: String,
    pub name: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnitRequest {
    pub name: String,
    #[serde(default)]
    pub parent: Option<String>,
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub groups: Vec<GroupRequest>,
}

/// What is changed in a unit. A name is changed by a succession.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitChange {
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub kind: Option<String>,
    /// All groups of the unit from then on.
    #[serde(default)]
    pub groups: Option<Vec<GroupRequest>>,
    /// The unit above; asks for a reason.
    #[serde(default)]
    pub parent: Option<String>,
    /// Place among its siblings, small first.
    #[serde(default)]
    pub position: Option<i64>,
    #[serde(default)]
    pub reason: Option<String>,
    /// Only say what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// A role that somebody holds over a unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RoleHolder {
    pub account: String,
    pub name: String,
    pub role: String,
    pub role_title: String,
    pub unit: String,
    pub unit_name: String,
}

/// What moving a unit does.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MoveConsequences {
    /// Units that move, the unit itself included.
    pub units: i64,
    /// People in them.
    pub people: i64,
    /// Who sees them from then on.
    pub gain: Vec<RoleHolder>,
    /// Who sees them no longer.
    pub lose: Vec<RoleHolder>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnitDetail {
    #[serde(flatten)]
    pub unit: UnitView,
    /// People directly in it.
    pub people_directly: i64,
    /// What became of it, the oldest first.
    pub history: Vec<SuccessionView>,
    pub etag: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequences: Option<MoveConsequences>,
}

/// A part of a unit that is split.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartRequest {
    pub unit: NewUnitRequest,
    #[serde(default)]
    pub people: Vec<String>,
    #[serde(default)]
    pub units: Vec<String>,
}

/// `renamed {unit, name}`, `merged {units, into | into_new}` or `split {unit, parts, keep}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuccessionRequest {
    pub kind: String,
    /// The first day of the new state, such as `2026-11-25`.
    pub since: String,
    #[serde(default)]
    pub reason: String,
    /// Only say what would happen; the answer's `etag` is the `If-Match` of the real thing.
    #[serde(default)]
    pub dry_run: bool,
    #[serde(default)]
    pub unit: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub units: Vec<String>,
    #[serde(default)]
    pub into: Option<String>,
    #[serde(default)]
    pub into_new: Option<NewUnitRequest>,
    #[serde(default)]
    pub parts: Vec<PartRequest>,
    /// Whether a unit that is split goes on with the rest.
    #[serde(default)]
    pub keep: bool,
}

/// One way that people or units go.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuccessionRecord {
    pub from: String,
    pub from_name: String,
    pub to: String,
    pub to_name: String,
    pub people: i64,
}

/// What became of units, from a day on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuccessionView {
    pub id: String,
    pub kind: String,
    pub since: String,
    pub reason: String,
    pub created_at: String,
    pub records: Vec<SuccessionRecord>,
}

/// A unit that a succession touches.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnitEffect {
    pub unit: String,
    pub name: String,
    /// `new`, `renamed`, `moved` or `left`.
    pub change: String,
    /// The new name, or the path of the unit above it.
    pub to: Option<String>,
}

/// A role over a unit that ends, and whether its holder gets the successor, too.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RoleEffect {
    #[serde(flatten)]
    pub holder: RoleHolder,
    pub follows: bool,
    /// The units that the role is held over in addition.
    pub to: Vec<String>,
}

/// A draft whose audience names a unit that ends: it must be chosen anew before it is published.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DraftEffect {
    pub exam: String,
    pub title: String,
}

/// What a succession does, or has done.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuccessionOutcome {
    /// None for a dry run.
    pub id: Option<String>,
    pub kind: String,
    pub since: String,
    /// People who get another unit.
    pub people: i64,
    pub records: Vec<SuccessionRecord>,
    pub units: Vec<UnitEffect>,
    pub roles: Vec<RoleEffect>,
    pub drafts: Vec<DraftEffect>,
    /// Exams whose roster is fixed already: it stays as it is.
    pub fixed_rosters: i64,
    pub etag: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ListItem {
    pub slug: String,
    pub title: String,
    pub spellings: Vec<String>,
    pub retired: bool,
    /// Of a post level or rank: the analysis group.
    pub group: Option<String>,
    /// Of an analysis group: `institution`, `enterprise` or `village`.
    pub category: Option<String>,
    /// Of an analysis group: whoever belongs to no other.
    pub rest: bool,
    /// People who have it, those who left included.
    pub people: i64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListItemRequest {
    /// None for a new entry: then it is made from the title.
    #[serde(default)]
    pub slug: Option<String>,
    pub title: String,
    #[serde(default)]
    pub spellings: Vec<String>,
    #[serde(default)]
    pub retired: bool,
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    pub category: Option<String>,
    #[serde(default)]
    pub rest: bool,
    /// As read; not looked at.
    #[serde(default)]
    pub people: i64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRequest {
    /// All entries in their new order.
    pub items: Vec<ListItemRequest>,
    /// Only say what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// People who get another analysis group because a list changes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Regrouped {
    pub from: String,
    pub from_title: String,
    pub to: String,
    pub to_title: String,
    pub people: i64,
}

/// What an edit of a list does.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ListChange {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// Old and new title.
    pub renamed: Vec<(String, String)>,
    pub retired: Vec<String>,
    pub reordered: bool,
    pub regrouped: Vec<Regrouped>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListView {
    pub list: String,
    pub title: String,
    pub items: Vec<ListItem>,
    pub version: i64,
    pub etag: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<ListChange>,
}
