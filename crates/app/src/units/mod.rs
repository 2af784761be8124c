//! Units by hand: made, moved, grouped. What becomes of them is in [`successions`], the lists in [`lists`].

mod effects;
mod lists;
mod successions;
mod views;

use api::FieldError;
use api::units::{GroupRequest, MoveConsequences, NewUnitRequest, RoleHolder, UnitChange, UnitDetail};
use organisation::succession::plan::{
    NewUnit, UnitProblem, check_groups, checked_code, make_unit, move_unit, standing,
};
use organisation::unit::{Group, GroupKind, UnitKind};
use organisation::{Role, Unit, UnitId};
use serde_json::json;
use storage::{DbConnection, StorageError};

pub use views::UnitsFilter;

use crate::access::require_unit;
use crate::directory::{Directory, read_directory, unit_to_row};
use crate::exams::checked_reason;
use crate::{App, AppError, AppResult, Principal, acts, new_id};

/// Positions among siblings are kept far from the ends of the integers.
const POSITIONS: std::ops::RangeInclusive<i64> = 0..=1_000_000;

/// Reads `?group=`.
///
/// # Errors
/// [`AppError::Invalid`] for a text that is none.
pub(crate) fn parse_group_filter(text: &str) -> AppResult<Group> {
    Group::parse_filter(text).ok_or_else(|| {
        let kinds = GroupKind::ALL.map(GroupKind::slug).join("、");
        AppError::invalid("group", format!("分组应写作“类别:名称”，如 system:政法系统；类别有 {kinds}"))
    })
}

fn invalid(problem: UnitProblem) -> AppError {
    AppError::Invalid(vec![FieldError { field: problem.field, reason: problem.reason }])
}

fn parse_kind(text: Option<&str>) -> AppResult<Option<UnitKind>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    UnitKind::from_slug(text).map(Some).ok_or_else(|| {
        let known = UnitKind::ALL.map(UnitKind::slug).join("、");
        AppError::invalid("kind", format!("没有“{text}”这种单位，可用的有 {known}"))
    })
}

fn parse_groups(requests: &[GroupRequest]) -> AppResult<Vec<Group>> {
    let groups = requests.iter().map(|request| {
        let kind = GroupKind::from_word(&request.kind).ok_or_else(|| {
            let known = GroupKind::ALL.map(GroupKind::slug).join("、");
            AppError::invalid("groups", format!("没有“{}”这类分组，可用的有 {known}", request.kind))
        })?;
        Ok(Group { kind, name: organisation::text::tidy(&request.name) })
    });
    let mut groups = groups.collect::<AppResult<Vec<_>>>()?;
    check_groups(&groups).map_err(invalid)?;
    groups.sort();
    Ok(groups)
}

/// The kind that the grouping 单位类型 names, where it names one of those that the program knows.
fn kind_of_groups(groups: &[Group]) -> Option<UnitKind> {
    Group::name_of(groups, GroupKind::UnitType).and_then(UnitKind::parse).filter(|kind| *kind != UnitKind::Top)
}

fn parse_new_unit(request: &NewUnitRequest) -> AppResult<NewUnit> {
    let groups = parse_groups(&request.groups)?;
    Ok(NewUnit {
        name: request.name.clone(),
        code: request.code.clone(),
        parent: request.parent.as_deref().filter(|id| !id.is_empty()).map(UnitId::from),
        kind: parse_kind(request.kind.as_deref())?.or_else(|| kind_of_groups(&groups)),
        groups,
    })
}

/// Units do not change while a roster is being written into them.
fn no_import_under_way(connection: &mut DbConnection) -> AppResult<()> {
    if storage::organisation::imports_in_state(connection, "committing")?.is_empty() {
        return Ok(());
    }
    Err(AppError::Conflict("有一批花名册正在写入，请稍候再改单位".to_owned()))
}

/// A write that finds another version than was read is a stale edit.
fn stale(error: StorageError) -> AppError {
    match error {
        StorageError::Conflict(_) => AppError::PreconditionFailed,
        other => other.into(),
    }
}

impl App {
    /// The directory as the database has it now, whatever another node did a moment ago.
    pub(crate) fn fresh_directory(&self) -> AppResult<Directory> {
        self.store().read(read_directory)
    }

    /// Makes a unit below one of the caller's.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another's unit; [`AppError::Invalid`] naming what is wrong.
    pub fn create_unit(&self, principal: &Principal, request: &NewUnitRequest) -> AppResult<UnitDetail> {
        self.refuse_frozen("单位")?;
        let directory = self.fresh_directory()?;
        let wanted = parse_new_unit(request)?;
        let parent = wanted.parent.clone().ok_or_else(|| AppError::invalid("parent", "请选上级单位"))?;
        require_unit(principal, &directory, &[Role::Manager], parent.as_str())?;
        let unit = make_unit(&directory.tree, &wanted, &parent, UnitId::new(new_id())).map_err(invalid)?;
        let row = unit_to_row(&unit, 1)?;
        let (actor, now_us, id) = (principal.account.clone(), self.now_us(), row.id.clone());
        self.store().write(move |connection| {
            no_import_under_way(connection)?;
            storage::organisation::insert_units(connection, std::slice::from_ref(&row))?;
            acts::note(connection, now_us, &actor, "unit_created", &row.id, &json!({ "parent": row.parent_id }))
        })?;
        self.forget_directory();
        self.unit_detail(principal, &id)
    }

    /// Changes code, kind, groups, place or parent of a unit of the caller's. A dry run only says what a move does.
    ///
    /// # Errors
    /// [`AppError::PreconditionFailed`] when it has another version; [`AppError::Invalid`] naming what is wrong, such
    /// as a unit that would stand above itself.
    pub fn change_unit(
        &self,
        principal: &Principal,
        id: &str,
        version: i64,
        change: &UnitChange,
    ) -> AppResult<UnitDetail> {
        let directory = self.fresh_directory()?;
        require_unit(principal, &directory, &[Role::Manager], id)?;
        if directory.versions.get(id) != Some(&version) {
            return Err(AppError::PreconditionFailed);
        }
        let unit = standing(&directory.tree, &UnitId::from(id), "unit").map_err(invalid)?;
        let mut after = changed(&directory, unit, change)?;
        let to = change.parent.as_deref().filter(|to| unit.parent.as_ref().is_none_or(|from| from.as_str() != *to));
        let mut consequences = None;
        let mut reason = String::new();
        if let Some(to) = to {
            require_unit(principal, &directory, &[Role::Manager], to)?;
            let moved = move_unit(&directory.tree, &unit.id, &UnitId::from(to)).map_err(invalid)?;
            consequences = Some(self.move_consequences(&directory, &unit.id, &moved.to)?);
            after.parent = Some(moved.to);
            after.position = change.position.unwrap_or(moved.position);
            if !change.dry_run {
                reason = checked_reason(change.reason.as_deref().unwrap_or_default())?;
            }
        }
        if !change.dry_run && after != *unit {
            self.refuse_frozen("单位")?;
            let row = unit_to_row(&after, version.saturating_add(1))?;
            let (actor, now_us) = (principal.account.clone(), self.now_us());
            let kind = if to.is_some() { "unit_moved" } else { "unit_changed" };
            let detail = json!({ "parent": row.parent_id, "from": unit.parent, "reason": reason });
            self.store().write(move |connection| {
                no_import_under_way(connection)?;
                storage::units::update(connection, &row).map_err(stale)?;
                acts::note(connection, now_us, &actor, kind, &row.id, &detail)
            })?;
            self.forget_directory();
        }
        let detail = self.unit_detail(principal, id)?;
        Ok(UnitDetail { consequences, ..detail })
    }

    /// How many move, who sees them from then on, and who does no longer.
    fn move_consequences(&self, directory: &Directory, unit: &UnitId, to: &UnitId) -> AppResult<MoveConsequences> {
        let above = |unit: &UnitId| -> Vec<UnitId> {
            directory.tree.ancestors(unit).into_iter().map(|unit| unit.id.clone()).collect()
        };
        let before = above(unit);
        let after: Vec<UnitId> = std::iter::once(to.clone()).chain(above(to)).collect();
        let only = |own: &[UnitId], other: &[UnitId]| -> Vec<String> {
            own.iter().filter(|id| !other.contains(id)).map(ToString::to_string).collect()
        };
        let (gaining, losing) = (only(&after, &before), only(&before, &after));
        let (counts, gain, lose) = self.store().read(|connection| {
            Ok::<_, AppError>((
                storage::organisation::people_per_unit(connection)?,
                storage::units::holders(connection, &gaining)?,
                storage::units::holders(connection, &losing)?,
            ))
        })?;
        let within = directory.tree.subtree(unit);
        let standing = within.iter().filter(|id| directory.tree.get(id).is_some_and(|unit| unit.left_on.is_none()));
        let people = counts.iter().filter(|(id, _)| within.iter().any(|own| own.as_str() == id)).map(|(_, n)| n).sum();
        let view = |holders: Vec<storage::units::Holder>| {
            holders.into_iter().map(|holder| holder_view(directory, holder)).collect()
        };
        Ok(MoveConsequences {
            units: i64::try_from(standing.count()).unwrap_or(i64::MAX),
            people,
            gain: view(gain),
            lose: view(lose),
        })
    }
}

/// The unit with what a request changes in place: everything but the parent.
fn changed(directory: &Directory, unit: &Unit, change: &UnitChange) -> AppResult<Unit> {
    let mut after = unit.clone();
    if let Some(code) = &change.code {
        let code = checked_code(&directory.tree, Some(code), Some(&unit.id)).map_err(invalid)?;
        after.code = code.ok_or_else(|| AppError::invalid("code", "单位编码不能为空"))?;
    }
    if let Some(groups) = &change.groups {
        after.groups = parse_groups(groups)?;
        let said_anew =
            Group::name_of(&after.groups, GroupKind::UnitType) != Group::name_of(&unit.groups, GroupKind::UnitType);
        if let Some(kind) = kind_of_groups(&after.groups).filter(|_| said_anew && unit.parent.is_some()) {
            after.kind = kind;
        }
    }
    if let Some(kind) = parse_kind(change.kind.as_deref())? {
        if (kind == UnitKind::Top) != unit.parent.is_none() {
            return Err(AppError::invalid("kind", "“区”只用于最上级单位，最上级单位也只能是“区”"));
        }
        after.kind = kind;
    }
    if let Some(position) = change.position {
        if !POSITIONS.contains(&position) {
            return Err(AppError::invalid("position", "排列次序应为 0 到 1000000 的整数"));
        }
        after.position = position;
    }
    Ok(after)
}

fn holder_view(directory: &Directory, (account, name, role, unit): storage::units::Holder) -> RoleHolder {
    RoleHolder {
        account,
        name,
        role_title: Role::from_slug(&role).map_or_else(|| role.clone(), |role| role.title().to_owned()),
        role,
        unit_name: directory.unit_name(&unit),
        unit,
    }
}
