//! Roles and their scopes (角色与范围).

use crate::UnitId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 干部 (应考人员)
    Examinee,
    /// 单位联络员
    Liaison,
    /// 单位负责人
    UnitHead,
    /// 纪委分析员
    Analyst,
    /// 命题员
    Author,
    /// 审题员
    Reviewer,
    /// 考务管理员
    Manager,
    /// 组织部
    Organisation,
    /// 派驻组、联系室、镇街纪（工）委
    Supervisor,
    /// 书记
    Leader,
    /// 系统管理员
    SystemAdmin,
    /// 安全管理员
    SecurityAdmin,
    /// 审计管理员
    AuditAdmin,
}

impl Role {
    /// All roles, in the order of the design.
    pub const ALL: [Self; 13] = [
        Self::Examinee,
        Self::Liaison,
        Self::UnitHead,
        Self::Analyst,
        Self::Author,
        Self::Reviewer,
        Self::Manager,
        Self::Organisation,
        Self::Supervisor,
        Self::Leader,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::AuditAdmin,
    ];

    /// The word used in the database, in JSON and on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Examinee => "examinee",
            Self::Liaison => "liaison",
            Self::UnitHead => "unit_head",
            Self::Analyst => "analyst",
            Self::Author => "author",
            Self::Reviewer => "reviewer",
            Self::Manager => "manager",
            Self::Organisation => "organisation",
            Self::Supervisor => "supervisor",
            Self::Leader => "leader",
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::AuditAdmin => "audit_admin",
        }
    }

    /// The Chinese title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Examinee => "干部",
            Self::Liaison => "单位联络员",
            Self::UnitHead => "单位负责人",
            Self::Analyst => "纪委分析员",
            Self::Author => "命题员",
            Self::Reviewer => "审题员",
            Self::Manager => "考务管理员",
            Self::Organisation => "组织部",
            Self::Supervisor => "监督联系人员",
            Self::Leader => "书记",
            Self::SystemAdmin => "系统管理员",
            Self::SecurityAdmin => "安全管理员",
            Self::AuditAdmin => "审计管理员",
        }
    }

    /// The role of a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.slug() == slug)
    }

    /// Held over a unit, does it go over to the unit's successor (合并、拆分)? Who watches over people goes on doing so;
    /// head and liaison of a new unit are appointed anew.
    pub fn follows_succession(self) -> bool {
        !matches!(self, Self::Examinee | Self::UnitHead | Self::Liaison)
    }

    /// One of the three administrators (三员), of which nobody may hold two.
    pub fn is_admin(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin)
    }
}

/// A set of subtrees: each unit named here and all below it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope {
    /// The tops of the subtrees.
    pub units: BTreeSet<UnitId>,
}

impl Scope {
    /// A scope of the given units.
    pub fn of<U: Into<UnitId>>(units: impl IntoIterator<Item = U>) -> Self {
        Self { units: units.into_iter().map(Into::into).collect() }
    }

    /// No unit at all.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }
}

/// A role held over a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGrant {
    /// The role.
    pub role: Role,
    /// Over which units.
    pub scope: Scope,
}

/// Why a set of grants cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleError {
    /// Two of the three administrators in one hand.
    #[error("同一人不能兼任“{}”和“{}”，请改由不同的人担任", .0.title(), .1.title())]
    TwoAdmins(Role, Role),
    /// The scope is empty.
    #[error("“{}”没有指定单位范围，请至少指定一个单位", .0.title())]
    NoScope(Role),
}

/// Proves that one account may hold these grants together.
///
/// Author, manager and analyst may be one person (small offices have three people); that nobody reviews an own
/// question is a rule of each review, not of the grants.
///
/// # Errors
/// Two of system, security and audit administrator; a role without a scope.
pub fn check_grants(grants: &[RoleGrant]) -> Result<(), RoleError> {
    if let Some(bare) = grants.iter().find(|grant| grant.scope.is_empty()) {
        return Err(RoleError::NoScope(bare.role));
    }
    let admins: BTreeSet<Role> = grants.iter().map(|grant| grant.role).filter(|role| role.is_admin()).collect();
    let mut admins = admins.into_iter();
    match (admins.next(), admins.next()) {
        (Some(first), Some(second)) => Err(RoleError::TwoAdmins(first, second)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(roles: &[Role]) -> Vec<RoleGrant> {
        roles.iter().map(|role| RoleGrant { role: *role, scope: Scope::of(["top"]) }).collect()
    }

    #[test]
    fn every_pair_of_roles() {
        for a in Role::ALL {
            for b in Role::ALL {
                let forbidden = a != b && a.is_admin() && b.is_admin();
                assert_eq!(check_grants(&grants(&[a, b])).is_err(), forbidden, "{a:?} {b:?}");
            }
        }
        assert!(check_grants(&grants(&[Role::Author, Role::Manager, Role::Analyst])).is_ok());
    }

    #[test]
    fn one_role_over_two_scopes_is_no_clash() {
        let two = [Scope::of(["a"]), Scope::of(["b"])].map(|scope| RoleGrant { role: Role::AuditAdmin, scope });
        assert!(check_grants(&two).is_ok());
        let bare = [RoleGrant { role: Role::Liaison, scope: Scope::default() }];
        assert_eq!(check_grants(&bare), Err(RoleError::NoScope(Role::Liaison)));
    }

    #[test]
    fn slugs_are_those_of_serde() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.slug());
            assert_eq!(Role::from_slug(role.slug()), Some(role));
        }
        assert_eq!(serde_json::to_string(&Scope::of(["b", "a"])).unwrap(), r#"["a","b"]"#);
    }
}
