//! Units, people, posts, ranks and roles of a district (机构与人员).
//!
//! Pure: values in, values out. The unit tree with succession ([`tree`], [`succession`]), the editable lists of
//! post levels, ranks and analysis groups ([`ranks`]), roles and scopes ([`roles`]), people ([`person`]), and the
//! plan of a roster import ([`roster`]): what a 花名册 would change, before anything is changed.

pub mod id_number;
pub mod person;
pub mod ranks;
pub mod roles;
pub mod roster;
pub mod succession;
pub mod text;
pub mod tree;
pub mod unit;

pub use person::{Party, Person, Status, YearMonth};
pub use ranks::{Category, GroupSlug, ListEntry, ListKind, Lists, PostLevelSlug, RankSlug, SuperviseeSlug};
pub use roles::{Role, RoleError, RoleGrant, Scope, check_grants};
pub use succession::{Succession, SuccessionKind, Successions, Successor, UnitHistory};
pub use tree::{TreeError, UnitTree};
pub use unit::{Group, GroupKind, Unit, UnitKind};

ids::id_newtype! {
    /// Identifies a unit (单位).
    UnitId
}
ids::id_newtype! {
    /// Identifies a person (人员).
    PersonId
}
ids::id_newtype! {
    /// Identifies an account (账号).
    AccountId
}
