//! Documents over HTTP, and the files of this machine that they come from and go to.

use super::Inner;
use crate::api::{
    Answer, Fault,
    documents::{DocumentAnswer, DocumentAsk, DocumentsKit},
};
use karton_api::{
    Id,
    applications::EvidenceItem,
    client::{Client, FileError, Key, Progress},
    documents::{DocumentsQuery, IssuedQuery, SearchDocuments},
    problem::{FieldError, Problem},
    value,
};
use std::{
    fs, io,
    path::{MAIN_SEPARATOR, Path, PathBuf},
};

/// Rows of a list.
const ROWS: u16 = 100;
/// Paths offered at once.
const MOST_PATHS: usize = 200;
const KINDS: &str = "document_types";

impl Inner {
    pub(super) async fn documents(&self, c: &Client, ask: DocumentAsk) -> Result<Answer, Fault> {
        Ok(Answer::Documents(match ask {
            DocumentAsk::List { person, matter } => self.document_list(c, person, matter).await?,
            DocumentAsk::SearchForm => DocumentAnswer::Kinds(
                self.lists(c, [KINDS])
                    .await?
                    .remove(KINDS)
                    .unwrap_or_else(nothing),
            ),
            DocumentAsk::Search { text, kind, cursor } => {
                let body = SearchDocuments {
                    text: Some(text).filter(|text| !text.is_empty()),
                    kind,
                    person: None,
                    limit: Some(50),
                    cursor,
                };
                DocumentAnswer::Found(c.search_documents(&body).await?)
            }
            DocumentAsk::Open { id } => {
                let (view, text) = futures_util::future::join(c.document(id), c.document_text(id)).await;
                DocumentAnswer::Open(Box::new(view?), Box::new(text?))
            }
            DocumentAsk::File {
                mut body,
                path,
                once,
                progress,
            } => {
                if let Some(path) = path {
                    body.upload = Some(upload(c, &path, &once, &progress).await?);
                }
                DocumentAnswer::Filed(Box::new(c.file_document(&Key(once), &body).await?))
            }
            DocumentAsk::CorrectForm { id } => {
                let view = c.document(id).await?;
                let evidence = asked(c, view.summary.matter).await;
                let kinds = self.lists(c, [KINDS]).await?.remove(KINDS);
                DocumentAnswer::CorrectForm(Box::new(view), kinds.unwrap_or_else(nothing), evidence)
            }
            DocumentAsk::Correct { id, revision, body } => {
                DocumentAnswer::Filed(Box::new(c.change_document(id, revision, &body).await?))
            }
            DocumentAsk::Version {
                id,
                mut body,
                path,
                once,
                progress,
            } => {
                if let Some(path) = path {
                    body.upload = Some(upload(c, &path, &once, &progress).await?);
                }
                DocumentAnswer::Filed(Box::new(c.add_version(id, &Key(once), &body).await?))
            }
            DocumentAsk::Save {
                id,
                version,
                name,
                progress,
            } => DocumentAnswer::Saved(save(c, id, version, &name, &progress).await?),
            DocumentAsk::Paths { begins } => DocumentAnswer::Paths(paths(&begins)),
        }))
    }

    async fn document_list(
        &self,
        c: &Client,
        person: Id<value::Person>,
        matter: Option<Id<value::Matter>>,
    ) -> Result<DocumentAnswer, Fault> {
        let query = DocumentsQuery {
            person: matter.is_none().then_some(person),
            matter,
            limit: Some(ROWS),
            ..DocumentsQuery::default()
        };
        let issued = IssuedQuery {
            person,
            application: matter.map(Id::cast),
            limit: Some(ROWS),
            cursor: None,
        };
        let view = c.person(person).await?;
        let (page, issued) = futures_util::future::join(c.documents(&query), c.issued_papers(&issued)).await;
        let page = page?;
        Ok(DocumentAnswer::List(Box::new(DocumentsKit {
            person: view.card,
            matter,
            documents: page.items,
            more: page.next.is_some(),
            issued: issued?.items,
            evidence: asked(c, matter).await,
            kinds: self
                .lists(c, [KINDS])
                .await?
                .remove(KINDS)
                .unwrap_or_else(nothing),
        })))
    }
}

/// What the registers were asked in an application: a courtesy, so nothing where there is none or it cannot be had.
async fn asked(c: &Client, matter: Option<Id<value::Matter>>) -> Vec<EvidenceItem> {
    match matter {
        None => Vec::new(),
        Some(matter) => c
            .evidence(matter.cast())
            .await
            .map(|round| round.items)
            .unwrap_or_default(),
    }
}

fn nothing() -> karton_api::catalogue::CodeList {
    karton_api::catalogue::CodeList {
        name: KINDS.to_owned(),
        codes: Vec::new(),
    }
}

/// Sends a file under the id that its intention's key is, so that the same intention sends the same upload.
async fn upload(c: &Client, path: &str, once: &str, progress: &Progress) -> Result<Id<value::Upload>, Fault> {
    let id = once
        .parse()
        .map_err(|_| Fault::Unreadable("the key of an upload".into()))?;
    match c.upload(id, &here(path), progress).await {
        Ok(sent) => Ok(sent.id),
        Err(FileError::Call(error)) => Err(error.into()),
        Err(FileError::File(error)) => Err(at_path(&error)),
    }
}

/// What is wrong with a file here stands at its field, as the server's own refusals do.
fn at_path(error: &io::Error) -> Fault {
    Fault::Problem(Box::new(Problem {
        kind: "/problems/fields".into(),
        title: String::new(),
        status: 422,
        detail: None,
        instance: None,
        errors: vec![FieldError {
            pointer: "/path".into(),
            code: "file".into(),
            message: error.to_string(),
        }],
        candidates: Vec::new(),
        officers: Vec::new(),
        revision: None,
    }))
}

/// A path as one types it: `~` is one's own folder.
fn here(path: &str) -> PathBuf {
    let home = path
        .strip_prefix("~/")
        .and_then(|rest| Some(PathBuf::from(std::env::var_os("HOME")?).join(rest)));
    home.unwrap_or_else(|| PathBuf::from(path))
}

async fn save(
    c: &Client,
    id: Id<value::Document>,
    version: u32,
    name: &str,
    progress: &Progress,
) -> Result<String, Fault> {
    let offline = |error: io::Error| Fault::Unreadable(error.to_string());
    // The server has made the name harmless; whoever speaks for it may not have.
    let name = Path::new(name)
        .file_name()
        .unwrap_or("dokument".as_ref())
        .to_owned();
    let mut part = name.clone();
    part.push(".part");
    crate::runtime::write_private(Path::new(&part), b"").map_err(|e| Fault::Unreadable(format!("{e:#}")))?;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(&part)
        .map_err(offline)?;
    let fetched = c.document_content(id, Some(version), &mut file, progress).await;
    let kept = match fetched {
        Ok(()) => file.sync_all().map_err(FileError::File),
        Err(error) => Err(error),
    };
    drop(file);
    let path = free(Path::new(&name));
    let outcome = match kept {
        Ok(()) => fs::rename(&part, &path).map_err(offline),
        Err(FileError::Call(error)) => Err(error.into()),
        Err(FileError::File(error)) => Err(offline(error)),
    };
    if outcome.is_err() {
        // What is not whole is not kept; that it cannot be removed changes nothing about that.
        let _half = fs::remove_file(&part);
    }
    outcome?;
    Ok(std::path::absolute(&path).unwrap_or(path).display().to_string())
}

/// A name that nothing has here yet: `izjava.pdf`, `izjava (2).pdf`.
fn free(name: &Path) -> PathBuf {
    let stem = name
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let ending = name
        .extension()
        .map(|ending| format!(".{}", ending.to_string_lossy()))
        .unwrap_or_default();
    let mut names = (2..1000).map(|n| PathBuf::from(format!("{stem} ({n}){ending}")));
    if name.exists() {
        names
            .find(|name| !name.exists())
            .unwrap_or_else(|| name.to_owned())
    } else {
        name.to_owned()
    }
}

/// Files and folders whose path begins with what is typed, hidden ones only where that is typed, folders first.
fn paths(begins: &str) -> Vec<String> {
    let cut = begins.rfind(['/', MAIN_SEPARATOR]).map_or(0, |at| at + 1);
    let (folder, name) = begins.split_at(cut);
    let listed = if folder.is_empty() {
        PathBuf::from(".")
    } else {
        here(folder)
    };
    let small = name.to_lowercase();
    let mut found: Vec<(bool, String)> = fs::read_dir(listed)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let is_file = entry.path().is_file();
            let own = entry.file_name().into_string().ok()?;
            let shown =
                own.to_lowercase().starts_with(&small) && (!own.starts_with('.') || name.starts_with('.'));
            let end = if is_file {
                String::new()
            } else {
                MAIN_SEPARATOR.to_string()
            };
            shown.then(|| (is_file, format!("{folder}{own}{end}")))
        })
        .collect();
    found.sort();
    found.truncate(MOST_PATHS);
    found.into_iter().map(|(_, path)| path).collect()
}
