//! Administration: officers' accounts, offices and roles.

use crate::{
    Id, Timestamp,
    common::{OfficeRef, Texts},
    session::Role,
    value::Officer,
};
use serde::{Deserialize, Serialize};

/// An officer's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// Who.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Officer>,
    /// For `If-Match`.
    pub revision: i64,
    /// The account's name.
    pub user: String,
    /// The officer's name.
    pub name: String,
    /// Roles by office.
    pub roles: Vec<OfficeRoles>,
    /// Cannot sign in.
    pub disabled: bool,
    /// Must change the password at the next sign-in.
    pub must_change_password: bool,
    /// The last sign-in.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in_at: Option<Timestamp>,
}

/// The roles in one office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfficeRoles {
    /// The office's code.
    pub office: String,
    /// At least one.
    pub roles: Vec<Role>,
}

/// Open an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// 2 to 64 characters: letters, digits, `.`, `-`, `_`.
    pub user: String,
    /// The officer's name.
    pub name: String,
    /// Roles by office.
    pub roles: Vec<OfficeRoles>,
}

/// A new or reset account: the first password is shown only here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FirstPassword {
    /// The account.
    pub user: User,
    /// To be changed at the first sign-in.
    pub password: String,
}

/// Change roles, or disable and enable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeUser {
    /// The officer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// All roles, replacing those there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<OfficeRoles>>,
    /// Disable or enable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// Disable although steps or drafts of theirs are open: they stay where they are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leave_work: bool,
}

/// An office of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Office {
    /// The pack's stable code.
    pub code: String,
    /// By language.
    pub name: Texts,
    /// `ministry`, `centre`, `unit`, `institution` (a home or an institute: a body of its own without a counter).
    pub kind: String,
    /// The office above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The municipality's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// Street and place, as on letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The telephone of the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The first day on which nobody works here any more.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<crate::Date>,
    /// For `If-Match`.
    #[serde(default)]
    pub revision: i64,
}

/// Open an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewOffice {
    /// Stable for ever: 2 to 20 capital letters, digits and `-`.
    pub code: String,
    /// By language; every language of the country.
    pub name: Texts,
    /// `centre` or `unit`.
    pub kind: String,
    /// The office above, by code.
    pub parent: String,
    /// The municipality's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// Street and place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The telephone of the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Change an office, close it or open it again. What is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeOffice {
    /// By language; every language of the country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Texts>,
    /// Street and place; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The telephone of the counter; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// True closes the office from today on, false opens it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<bool>,
}

/// A role and what it allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleView {
    /// The role.
    pub role: Role,
    /// By language.
    pub name: Texts,
    /// The permissions' names.
    pub permissions: Vec<String>,
}

/// Offices an officer could move to.
pub type Offices = Vec<OfficeRef>;
