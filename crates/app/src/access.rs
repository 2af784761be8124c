//! Scope checks that every use case shares.

use organisation::{Role, UnitId};

use crate::directory::Directory;
use crate::{AppError, AppResult, Principal};

/// Roles that see the figures of their scope with names.
pub const UNIT_ROLES: &[Role] = &[Role::UnitHead, Role::Liaison, Role::Manager];
/// Roles that see figures of their scope without names.
pub const FIGURE_ROLES: &[Role] =
    &[Role::UnitHead, Role::Liaison, Role::Manager, Role::Analyst, Role::Supervisor, Role::Leader];

/// The unit, if one of these roles of the caller covers it. Somebody else's unit is not found, not forbidden.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn require_unit(principal: &Principal, directory: &Directory, roles: &[Role], unit: &str) -> AppResult<()> {
    let scope = principal.scope(roles);
    if directory.tree.contains(&scope, &UnitId::from(unit)) { Ok(()) } else { Err(AppError::NotFound("这个单位")) }
}

/// Every unit that these roles of the caller cover, in the order of the tree.
pub fn units_in_scope(principal: &Principal, directory: &Directory, roles: &[Role]) -> Vec<String> {
    directory.tree.units_of(&principal.scope(roles)).into_iter().map(UnitId::into_string).collect()
}
