//! Calls of documents. Files are sent and fetched piece by piece, and how far that has come can be watched.

use super::{Client, Error, Key, bytes, offline, unreadable};
use crate::{
    Id,
    common::Page,
    documents::*,
    value::{Document, Upload},
};
use base64::Engine as _;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use reqwest::{Method, header};
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, Read, Seek as _, SeekFrom, Write},
    path::Path,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

/// A file may take so long over a slow line.
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// Bytes sent at a time.
const PIECE: usize = 64 * 1024;

/// How far a file has come. Clones show the same.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<[AtomicU64; 2]>);

impl Progress {
    /// Bytes that have gone or come.
    pub fn done(&self) -> u64 {
        self.0[0].load(Ordering::Relaxed)
    }
    /// Bytes of the whole file; 0 while that is not known.
    pub fn all(&self) -> u64 {
        self.0[1].load(Ordering::Relaxed)
    }
    fn begin(&self, all: u64) {
        self.0[0].store(0, Ordering::Relaxed);
        self.0[1].store(all, Ordering::Relaxed);
    }
    fn add(&self, bytes: usize) {
        self.0[0].fetch_add(bytes as u64, Ordering::Relaxed);
    }
}
/// Two are equal where they show the same file's progress.
impl PartialEq for Progress {
    fn eq(&self, other: &Progress) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Why a file was not sent or fetched.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file here cannot be read or written.
    #[error("{0}")]
    File(#[from] io::Error),
    /// The call brought no answer.
    #[error(transparent)]
    Call(#[from] Error),
}

impl Client {
    /// `PUT /v1/documents/uploads/{id}`: sends a file with its digest. The id is made once for an intention; sent again under it the same
    /// file changes nothing.
    pub async fn upload(
        &self,
        id: Id<Upload>,
        path: &Path,
        progress: &Progress,
    ) -> Result<Uploaded, FileError> {
        let mut file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("this is not a file").into());
        }
        let (digest, size) = digest(&mut file)?;
        progress.begin(size);
        let body = Outgoing {
            file,
            left: size,
            progress: progress.clone(),
        };
        let request = self
            .request(Method::PUT, &format!("/v1/documents/uploads/{id}"))
            .timeout(LONGEST)
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(header::CONTENT_LENGTH, size)
            .header("Content-Digest", digest)
            .body(reqwest::Body::wrap(body));
        let answer = bytes(request).await?;
        Ok(serde_json::from_slice(&answer).map_err(unreadable)?)
    }
    /// `POST /v1/documents`
    pub async fn file_document(&self, key: &Key, body: &FileDocument) -> Result<DocumentView, Error> {
        self.post("/v1/documents", Some(key), body).await
    }
    /// `GET /v1/documents`
    pub async fn documents(&self, query: &DocumentsQuery) -> Result<Page<DocumentSummary>, Error> {
        self.ask("/v1/documents", query).await
    }
    /// `POST /v1/documents/search`
    pub async fn search_documents(&self, body: &SearchDocuments) -> Result<Page<DocumentHit>, Error> {
        self.post("/v1/documents/search", None, body).await
    }
    /// `GET /v1/documents/issued`: letters as issued.
    pub async fn issued_papers(&self, query: &IssuedQuery) -> Result<Page<IssuedPaper>, Error> {
        self.ask("/v1/documents/issued", query).await
    }
    /// `GET /v1/documents/{id}`
    pub async fn document(&self, id: Id<Document>) -> Result<DocumentView, Error> {
        self.get(&format!("/v1/documents/{id}")).await
    }
    /// `PATCH /v1/documents/{id}`
    pub async fn change_document(
        &self,
        id: Id<Document>,
        revision: i64,
        body: &ChangeDocument,
    ) -> Result<DocumentView, Error> {
        self.change(Method::PATCH, &format!("/v1/documents/{id}"), revision, body)
            .await
    }
    /// `POST /v1/documents/{id}/versions`
    pub async fn add_version(
        &self,
        id: Id<Document>,
        key: &Key,
        body: &AddVersion,
    ) -> Result<DocumentView, Error> {
        self.post(&format!("/v1/documents/{id}/versions"), Some(key), body)
            .await
    }
    /// `GET /v1/documents/{id}/text`
    pub async fn document_text(&self, id: Id<Document>) -> Result<DocumentText, Error> {
        self.get(&format!("/v1/documents/{id}/text")).await
    }
    /// `GET /v1/documents/{id}/content`: writes the bytes of a version (the newest where none is named) piece by piece, and refuses what does
    /// not have the digest the server names. What was written until then is not to be kept.
    pub async fn document_content(
        &self,
        id: Id<Document>,
        version: Option<u32>,
        to: &mut (dyn Write + Send),
        progress: &Progress,
    ) -> Result<(), FileError> {
        let which = version.map_or_else(String::new, |version| format!("version={version}"));
        let request = self
            .request(Method::GET, &format!("/v1/documents/{id}/content?{which}"))
            .timeout(LONGEST);
        let mut answer = request.send().await.map_err(offline)?;
        if !answer.status().is_success() {
            let problem = serde_json::from_slice(&answer.bytes().await.map_err(offline)?);
            return Err(Error::Problem(Box::new(problem.map_err(unreadable)?)).into());
        }
        progress.begin(answer.content_length().unwrap_or(0));
        let promised = answer.headers().get("content-digest").cloned();
        let mut sum = Sha256::new();
        while let Some(chunk) = answer.chunk().await.map_err(offline)? {
            to.write_all(&chunk)?;
            sum.update(&chunk);
            progress.add(chunk.len());
        }
        if promised.is_none_or(|promised| promised != written(&sum.finalize())) {
            return Err(Error::Unreadable("it is not what was filed".into()).into());
        }
        to.flush()?;
        Ok(())
    }
}

/// A digest as `Content-Digest` (RFC 9530) writes it.
fn written(digest: &[u8]) -> String {
    format!(
        "sha-256=:{}:",
        base64::engine::general_purpose::STANDARD.encode(digest)
    )
}

fn digest(file: &mut File) -> io::Result<(String, u64)> {
    let mut sum = Sha256::new();
    let mut buffer = vec![0; PIECE];
    let mut size = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        sum.update(&buffer[..read]);
        size += read as u64;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok((written(&sum.finalize()), size))
}

/// A file on its way out.
struct Outgoing {
    file: File,
    left: u64,
    progress: Progress,
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;
    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        // The file may have grown since it was looked at; what was promised is sent.
        let most = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        let mut piece = vec![0; most];
        Poll::Ready(Some(match self.file.read(&mut piece) {
            Ok(0) => Err(io::Error::other("the file has become shorter")),
            Ok(read) => {
                piece.truncate(read);
                self.left -= read as u64;
                self.progress.add(read);
                Ok(Frame::data(Bytes::from(piece)))
            }
            Err(error) => Err(error),
        }))
    }
    fn is_end_stream(&self) -> bool {
        self.left == 0
    }
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
