//! Getting in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SignIn {
    pub login: String,
    pub password: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Activation {
    pub login: String,
    pub code: String,
    pub password: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PasswordChange {
    pub current: String,
    pub new: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RoleView {
    pub role: String,
    pub scope: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    pub id: String,
    pub name: String,
    pub unit: String,
    pub unit_name: String,
    pub rank: String,
    pub rank_title: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountView {
    pub id: String,
    pub login: String,
    pub name: String,
    pub roles: Vec<RoleView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    pub token: String,
    pub expires_at: String,
    pub account: AccountView,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Renewal {
    pub token: String,
    pub expires_at: String,
}

/// A fresh activation code, shown this once.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActivationCode {
    pub account: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    pub name: String,
    pub unit_name: String,
    pub login: String,
    pub code: String,
    pub expires_at: String,
    pub qr_svg: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CodesRequest {
    #[serde(default)]
    pub only_missing: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CodesIssued {
    pub items: Vec<ActivationCode>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RolesChange {
    pub roles: Vec<RoleView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountSummary {
    pub id: String,
    pub login: String,
    pub name: String,
    pub state: String,
    pub person: Option<String>,
    pub roles: Vec<RoleView>,
    /// What a change of the roles names in `If-Match`.
    pub etag: String,
}
