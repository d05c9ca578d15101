//! Signing in: `POST`, `GET`, `DELETE /v1/session`, one's own sessions, one's own password.

use crate::{
    Id, Timestamp,
    common::{OfficeRef, OfficerRef},
    value::Session,
};
use serde::{Deserialize, Serialize};

/// What an officer may be in an office. Permissions follow from roles in code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Intake and dossiers.
    Clerk,
    /// Assesses and recommends.
    Caseworker,
    /// Head of office: decides.
    Approver,
    /// Users and settings; no personal data.
    Admin,
    /// Reads everything including the audit log, writes nothing.
    Auditor,
}

/// Sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's name.
    pub user: String,
    /// The password.
    pub password: String,
    /// The office to work in, by code; the officer's first one when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
}

/// The answer to a sign-in: the token is shown only here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Opaque; sent as `Authorization: Bearer …`.
    pub token: String,
    /// The session.
    pub session: SessionView,
}

/// A session, seen by its own officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Session>,
    /// Who is signed in.
    pub officer: OfficerRef,
    /// The account's name.
    pub user: String,
    /// The office this session works in.
    pub office: OfficeRef,
    /// The roles in that office.
    pub roles: Vec<Role>,
    /// What the roles allow, by the permissions' names.
    pub permissions: Vec<String>,
    /// All offices this officer has roles in.
    pub offices: Vec<OfficeRef>,
    /// The first password must be changed before anything else.
    pub must_change_password: bool,
    /// When the session began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub began_at: Timestamp,
    /// When it was last used.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub used_at: Timestamp,
    /// It ends then at the latest.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub ends_at: Timestamp,
    /// The client's own words about itself (User-Agent), shown as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// This very session.
    pub current: bool,
}

/// Change one's own password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password now.
    pub old: String,
    /// The new one: 12 to 200 characters, not one of those everybody tries first.
    pub new: String,
}
