//! Documents: papers and files of a dossier, their text, and finding them.

use crate::{
    Date, Id, Timestamp,
    common::{OfficeRef, OfficerRef, Texts},
    persons::PersonCard,
    value,
};
use serde::{Deserialize, Serialize};

/// What arrived whole, waiting to be filed. Unfiled it is forgotten after a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Uploaded {
    /// Which: made by the client.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Upload>,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// What it is, read from its content: `application/pdf`.
    pub media_type: String,
    /// What is odd about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
}

/// What is odd about a file. It is kept, but not opened as what it says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// It can be read as files of several types at once.
    SeveralTypes,
}

/// Where the text of a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TextState {
    /// It is being read.
    Waiting,
    /// It is there.
    Read,
    /// There is none: paper, a picture, a type that is not read.
    None,
    /// It could not be read.
    Failed,
}

/// Why a text could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TextProblem {
    /// It is locked with a password.
    Encrypted,
    /// It does not follow its own format.
    Broken,
    /// Unpacked it becomes larger than is taken.
    TooLarge,
    /// Reading it took too long.
    TooSlow,
    /// Reading it took too much memory.
    TooMuch,
    /// It can be read as files of several types at once.
    SeveralTypes,
}

/// Files something: an upload, or a paper that is kept in the folder. Exactly one of `upload` and `shelf` is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FileDocument {
    /// What was uploaded.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<Id<value::Upload>>,
    /// Where the paper is kept: 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelf: Option<String>,
    /// Code of the list `document_types`.
    pub kind: String,
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// ISO 639 code; the country's first language when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The date it bears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_on: Option<Date>,
    /// The day it was received; today when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<Date>,
    /// From whom: at most 200 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_from: Option<String>,
    /// The name of the file; folders and what no name may hold are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// In whose dossier.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub person: Id<value::Person>,
    /// The application or matter it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Id<value::Matter>>,
    /// The decision it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id<value::Decision>>,
    /// The question to a register that it stands in for; needs `matter`.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Id<value::Evidence>>,
}

/// Corrects what is known about a document; its content changes by a new version only. What is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeDocument {
    /// Code of the list `document_types`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// ISO 639 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The date it bears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_on: Option<Date>,
    /// The day it was received.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<Date>,
    /// From whom.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_from: Option<String>,
    /// The application or matter it belongs to, where it was filed with none.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Id<value::Matter>>,
    /// The question to a register that it stands in for: one of its matter.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Id<value::Evidence>>,
}

/// A new version of a document; the earlier ones stay. Exactly one of `upload` and `shelf` is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddVersion {
    /// What was uploaded.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<Id<value::Upload>>,
    /// Where the paper is kept.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelf: Option<String>,
    /// The name of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Why there is a new one: 3 to 2,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 2000))]
    pub reason: String,
}

/// How long something is kept. Nothing is destroyed by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retention {
    /// Code of the list `retention_classes`.
    pub class: String,
    /// By language.
    pub name: Texts,
    /// The first day on which it may be destroyed; absent where it is kept for good.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// A document in a list: its newest version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentSummary {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Document>,
    /// Grows with each change.
    pub revision: i64,
    /// Code of the list `document_types`.
    pub kind: String,
    /// Its name, by language.
    pub kind_name: Texts,
    /// What it is called.
    pub title: String,
    /// ISO 639 code.
    pub language: String,
    /// The date it bears.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_on: Option<Date>,
    /// The day it was received.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub received_on: Date,
    /// From whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_from: Option<String>,
    /// In whose dossier.
    pub person: PersonCard,
    /// The application or matter it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Id<value::Matter>>,
    /// The decision it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id<value::Decision>>,
    /// The question to a register that it stands in for.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Id<value::Evidence>>,
    /// How long it is kept; absent where the country says nothing about its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// The newest version.
    pub newest: DocumentVersion,
    /// When it was first filed.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub filed_at: Timestamp,
    /// The office that filed it.
    pub office: OfficeRef,
}

/// One version of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentVersion {
    /// From 1.
    pub number: u32,
    /// SHA-256 of the content, in hexadecimal; absent for paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Bytes; absent for paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// What it is, read from its content; absent for paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// A harmless name to save it under; absent for paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Where the paper is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelf: Option<String>,
    /// What is odd about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
    /// Where its text stands.
    pub text: TextState,
    /// Why the text could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_problem: Option<TextProblem>,
    /// Where in the file that is: `content.xml, byte 1200`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_place: Option<String>,
    /// Why it was added; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerRef>,
}

/// A document with all its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentView {
    /// As in a list.
    pub summary: DocumentSummary,
    /// All versions, the newest first.
    pub versions: Vec<DocumentVersion>,
}

/// The text of a document's newest version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentText {
    /// Of which version.
    pub version: u32,
    /// Where it stands.
    pub state: TextState,
    /// Why it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<TextProblem>,
    /// Where in the file that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The text; empty where there is none.
    pub text: String,
    /// More was there; this is its beginning.
    pub cut: bool,
    /// The encoding it was written in, where that is not UTF-8: `windows-1250, byte 40`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

/// Which documents are listed: of a person, a matter, a decision or a question to a register; at least one is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct DocumentsQuery {
    /// In whose dossier.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
    /// Of which application or matter.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Id<value::Matter>>,
    /// Of which decision.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id<value::Decision>>,
    /// In the place of which question to a register.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Id<value::Evidence>>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Whose issued papers are listed: those of a person, or of one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct IssuedQuery {
    /// To whom.
    #[cfg_attr(feature = "openapi", param(value_type = String, format = Uuid))]
    pub person: Id<value::Person>,
    /// In which application.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<Id<value::Application>>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A letter as issued: it never changes and is read at its own place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedPaper {
    /// Which letter.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Letter>,
    /// Its title.
    pub title: String,
    /// The number it bears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The day it bears.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
    /// SHA-256 of the PDF, in hexadecimal.
    pub sha256: String,
    /// In which application.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub application: Id<value::Application>,
    /// The decision it is the letter of; absent for a request to complete the application.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id<value::Decision>>,
}

/// Finds documents within the officer's scope. At least one of `text` and `kind` is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SearchDocuments {
    /// Words of title, file name and content, or their beginnings; each must be there. At most 200 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Code of the list `document_types`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only in this dossier.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
    /// How many, 1 to 50; 20 when not said.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 50))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentHit {
    /// The document.
    pub document: DocumentSummary,
    /// Where in its text the first of the words stands; absent where they stand in title or file name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
}

/// A piece of a text with what was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Snippet {
    /// What stands before.
    pub before: String,
    /// What was looked for, as it is written there.
    pub hit: String,
    /// What stands after.
    pub after: String,
}
