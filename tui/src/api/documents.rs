//! Questions about documents, and their answers.

use super::Once;
use karton_api::{
    Id,
    applications::EvidenceItem,
    catalogue::CodeList,
    client::Progress,
    common::Page,
    documents::{
        AddVersion, ChangeDocument, DocumentHit, DocumentSummary, DocumentText, DocumentView, FileDocument,
        IssuedPaper,
    },
    persons::PersonCard,
    value,
};

/// A question about documents.
#[derive(Debug, Clone, PartialEq)]
pub enum DocumentAsk {
    /// The documents of a dossier, or of one application of it.
    List {
        /// In whose dossier.
        person: Id<value::Person>,
        /// Of which application or matter.
        matter: Option<Id<value::Matter>>,
    },
    /// What the search screen needs.
    SearchForm,
    /// Find by words and type.
    Search {
        /// What is typed.
        text: String,
        /// Code of a type.
        kind: Option<String>,
        /// Where the page before ended.
        cursor: Option<String>,
    },
    /// A document with its versions and its text.
    Open {
        /// Which.
        id: Id<value::Document>,
    },
    /// File a paper, or send a file from this machine and file it.
    File {
        /// What is known about it; the upload is filled in where there is a file.
        body: Box<FileDocument>,
        /// The file's path here.
        path: Option<String>,
        /// Happens once; the upload goes under the same.
        once: Once,
        /// How far the file has come.
        progress: Progress,
    },
    /// What the form that corrects a document is drawn from.
    CorrectForm {
        /// Which.
        id: Id<value::Document>,
    },
    /// Correct what is known about a document.
    Correct {
        /// Which.
        id: Id<value::Document>,
        /// As it was seen.
        revision: i64,
        /// What is said of it now.
        body: Box<ChangeDocument>,
    },
    /// The same as a new version of a document.
    Version {
        /// Of which.
        id: Id<value::Document>,
        /// Why.
        body: Box<AddVersion>,
        /// The file's path here.
        path: Option<String>,
        /// Happens once.
        once: Once,
        /// How far the file has come.
        progress: Progress,
    },
    /// Save a version into the folder the client was started in.
    Save {
        /// Of which.
        id: Id<value::Document>,
        /// Its number.
        version: u32,
        /// Its harmless name.
        name: String,
        /// How far it has come.
        progress: Progress,
    },
    /// Files and folders here whose path begins so.
    Paths {
        /// What is typed.
        begins: String,
    },
}

impl DocumentAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub(super) fn changes(&self) -> bool {
        matches!(
            self,
            DocumentAsk::File { .. } | DocumentAsk::Version { .. } | DocumentAsk::Correct { .. }
        )
    }
    /// The key it goes under.
    pub(super) fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            DocumentAsk::File { once, .. } | DocumentAsk::Version { once, .. } => Some(once),
            _ => None,
        }
    }
}

/// The documents of a dossier as their screen shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentsKit {
    /// In whose dossier.
    pub person: PersonCard,
    /// Of which application or matter.
    pub matter: Option<Id<value::Matter>>,
    /// The newest first.
    pub documents: Vec<DocumentSummary>,
    /// There are older ones.
    pub more: bool,
    /// What was issued, the newest first.
    pub issued: Vec<IssuedPaper>,
    /// The types.
    pub kinds: CodeList,
    /// What the registers were asked in the application.
    pub evidence: Vec<EvidenceItem>,
}

/// An answer about documents.
#[derive(Debug, Clone, PartialEq)]
pub enum DocumentAnswer {
    /// A list.
    List(Box<DocumentsKit>),
    /// The types there are.
    Kinds(CodeList),
    /// What was found.
    Found(Page<DocumentHit>),
    /// A document with its text.
    Open(Box<DocumentView>, Box<DocumentText>),
    /// A document with the types and what the registers were asked in its application.
    CorrectForm(Box<DocumentView>, CodeList, Vec<EvidenceItem>),
    /// Filed, corrected, or given a new version.
    Filed(Box<DocumentView>),
    /// Saved under this path.
    Saved(String),
    /// Paths; folders end with a separator.
    Paths(Vec<String>),
}
