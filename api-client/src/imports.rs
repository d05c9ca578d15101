//! Old registers on their way into the store: brought, checked row by row, accepted by a second person, applied.

use crate::{
    Id, Timestamp,
    common::{OfficeRef, OfficerRef},
    value::Import,
};
use serde::{Deserialize, Serialize};

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ImportKind {
    /// One person a row, with the household where there is one.
    Persons,
    /// One award a row, of a person who is known already.
    Awards,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ImportState {
    /// The file is there; its rows are being read.
    Received,
    /// Rows are being checked.
    Checking,
    /// Every row is checked; a second person accepts or withdraws it.
    Checked,
    /// Accepted; rows are being applied.
    Applying,
    /// Done.
    Applied,
    /// The file as a whole cannot be read.
    Refused,
    /// Taken back before it was accepted.
    Withdrawn,
}

/// An import. Without any of the values in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportView {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Import>,
    /// For `If-Match`.
    pub revision: i64,
    /// What it holds.
    pub kind: ImportKind,
    /// How far it is.
    pub state: ImportState,
    /// The office that will hold the dossiers.
    pub office: OfficeRef,
    /// The file's name, as it was brought.
    pub file: String,
    /// `csv` or `xlsx`.
    pub format: String,
    /// The encoding of a CSV file, declared or found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// SHA-256 of the file.
    pub hash: String,
    /// Its length in bytes.
    pub bytes: i64,
    /// Columns of the file that mean nothing here.
    pub ignored: Vec<String>,
    /// What became of its rows.
    pub rows: ImportRows,
    /// Why the file as a whole was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Who brought it.
    pub brought_by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub brought_at: Timestamp,
    /// Who accepted it: somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<OfficerRef>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// When it was applied, refused or withdrawn.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// Rows by what is known of them. A row is counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRows {
    /// All of them.
    pub all: i64,
    /// Not checked yet.
    pub unchecked: i64,
    /// Will be applied.
    pub good: i64,
    /// Cannot be taken as they are.
    pub wrong: i64,
    /// Look like somebody who is known: left out unless whoever accepts says otherwise.
    pub alike: i64,
    /// Are in the store already.
    pub known: i64,
    /// Have been applied.
    pub applied: i64,
    /// Could not be applied after all.
    pub left_out: i64,
}

/// What is the matter with one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// The row, counted from 1 as the file shows it.
    pub row: i64,
    /// The column's heading in the file; empty where the whole row is meant.
    pub column: String,
    /// What, as a stable code.
    pub code: String,
    /// What to do about it. Never the value itself.
    pub message: String,
}

/// Bring a file: the body is the file itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct BringImport {
    /// What it holds.
    pub kind: ImportKind,
    /// The office that will hold the dossiers, by code.
    pub office: String,
    /// The file's name, for people.
    pub file: String,
    /// `utf-8`, `windows-1250` or `windows-1251`; found out where it is not declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

/// Accept a checked import.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptImport {
    /// Also register those who look like somebody known; their pairs are for officers to judge. Never two bearers of one number.
    #[serde(default)]
    pub also_alike: bool,
}
