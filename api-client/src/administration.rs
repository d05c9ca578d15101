//! Running the house: its health, its sizes, its queue of jobs, and whose dossiers officers must not work on. No personal data.

use crate::{Date, Id, Timestamp, value::Job};
use serde::{Deserialize, Serialize};

/// How the house is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// The server's version.
    pub karton: String,
    /// `sqlite` or `postgresql`.
    pub engine: String,
    /// The last step of the schema.
    pub schema: u32,
    /// When this server began to serve.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub serving_since: Timestamp,
    /// The day it works with.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub today: Date,
    /// The country's code and the hash of the pack served.
    pub country: String,
    /// The hash of the pack served.
    pub pack: String,
    /// Officers who can sign in.
    pub officers: u64,
    /// Sessions in which somebody can work now.
    pub sessions: u64,
    /// Background work, by state.
    pub jobs: JobCount,
    /// The newest seal of the log.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_at: Option<Timestamp>,
    /// The newest backup; absent where none was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<BackupMade>,
}

/// How much background work there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobCount {
    /// Due now or later.
    pub waiting: u64,
    /// Being done.
    pub running: u64,
    /// Given up; each can be retried.
    pub failed: u64,
}

/// A copy that was made of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackupMade {
    /// What was committed by then is in it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// Length of the file, in bytes.
    pub bytes: i64,
    /// Rows of all tables.
    pub rows: i64,
    /// Its hash, as `backup` said it.
    pub hash: String,
}
/// Documents' contents, each counted once however many documents it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentSizes {
    /// How many contents.
    pub contents: i64,
    /// Their bytes together.
    pub bytes: i64,
}

/// What the store holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sizes {
    /// Bytes of the whole database on disk.
    pub bytes: i64,
    /// What is kept of documents, beside the database.
    pub documents: DocumentSizes,
    /// Its tables, the largest first.
    pub tables: Vec<TableSize>,
}

/// What one table holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TableSize {
    /// Its name.
    pub table: String,
    /// Its rows.
    pub rows: i64,
    /// The rows are estimated: counting them all would take long.
    pub estimated: bool,
    /// Bytes with its indexes, where the engine knows them by table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<i64>,
}

/// A piece of background work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobView {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Job>,
    /// What kind of work.
    pub queue: String,
    /// Where it stands.
    pub state: JobState,
    /// When it may next be taken; while it runs, when its lease ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub run_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// Why the last try failed, in technical words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Where a piece of background work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// Due now or later.
    Waiting,
    /// Being done.
    Running,
    /// Given up.
    Failed,
}

/// Which jobs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct JobsQuery {
    /// Only these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<JobState>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A dossier an officer must not work on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Relative {
    /// The dossier's number, `CSR-01-D-2025/17`.
    pub dossier: String,
    /// It is the officer's own; otherwise a relative's.
    #[serde(default)]
    pub own: bool,
}
