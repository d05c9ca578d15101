//! Bytes by their hash: what documents consist of, kept outside the database.
//!
//! An object is named by the SHA-256 of its content, so the same bytes are kept once, and whoever reads them sees whether they are still the
//! same. Where they lie is the house's choice: a folder (the default), or a bucket that speaks the protocol of S3. What arrives is written to
//! a file beside the store first, hashed on the way and brought to the disk; only what is whole is put in its place. The database says which
//! objects are needed (`documents`); this part knows no table.

mod folder;
mod hash;
mod incoming;
mod s3;
#[cfg(test)]
mod tests;

pub use hash::ContentHash;
pub use incoming::{Incoming, Staged};
pub use s3::S3Settings;

use crate::problem::Error;
use axum::body::Bytes;
use folder::Folder;
use hyper::body::{Frame, SizeHint};
use incoming::Scratch;
use s3::S3;
use std::{
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::{Semaphore, mpsc};

/// Arrivals at once; the next one waits to be taken.
const ARRIVALS: usize = 32;
/// Bytes read and passed on at a time.
const CHUNK: usize = 64 * 1024;
/// Chunks that may wait for whoever reads.
const AHEAD: usize = 4;

/// Why the store of objects did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ObjectError {
    /// There is no such object.
    #[error("there is no object {0}")]
    Missing(ContentHash),
    /// The bytes are not those the name promises.
    #[error("the object {0} is not what it was")]
    Corrupt(ContentHash),
    /// The disk did not do it.
    #[error("the folder of objects: {0}")]
    Disk(String),
    /// The bucket did not do it.
    #[error("the bucket of objects: {0}")]
    Bucket(String),
}
impl From<std::io::Error> for ObjectError {
    fn from(error: std::io::Error) -> ObjectError {
        ObjectError::Disk(error.to_string())
    }
}

impl From<ObjectError> for Error {
    fn from(error: ObjectError) -> Error {
        match error {
            ObjectError::Missing(_) | ObjectError::Corrupt(_) => Error::fault(error),
            ObjectError::Disk(_) | ObjectError::Bucket(_) => {
                tracing::error!(%error, "objects cannot be kept or read");
                Error::Unavailable
            }
        }
    }
}

/// A store of objects. Clones are the same store.
#[derive(Clone)]
pub struct Objects(Arc<Inner>);

struct Inner {
    place: Place,
    scratch: Scratch,
    arrivals: Arc<Semaphore>,
}

enum Place {
    Folder(Folder),
    S3(Box<S3>),
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Objects").field(&self.place()).finish()
    }
}

/// One object of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its name.
    pub hash: ContentHash,
    /// Its bytes.
    pub size: u64,
}

impl Objects {
    /// Objects in a folder, which is made where it is not there.
    pub fn folder(path: &Path) -> Result<Objects, ObjectError> {
        let scratch = Scratch::open(&path.join("incoming"))?;
        Ok(Objects::of(Place::Folder(Folder::open(path)?), scratch))
    }

    /// Objects in a folder that is gone with the last clone.
    pub fn passing() -> Result<Objects, ObjectError> {
        let folder = Folder::passing()?;
        let scratch = Scratch::open(&folder.path().join("incoming"))?;
        Ok(Objects::of(Place::Folder(folder), scratch))
    }

    /// Objects in a bucket; what arrives is written to `scratch` first. Nothing is sent yet.
    pub fn s3(settings: &S3Settings, scratch: &Path) -> Result<Objects, ObjectError> {
        Ok(Objects::of(
            Place::S3(Box::new(S3::new(settings)?)),
            Scratch::open(scratch)?,
        ))
    }

    fn of(place: Place, scratch: Scratch) -> Objects {
        Objects(Arc::new(Inner {
            place,
            scratch,
            arrivals: Arc::new(Semaphore::new(ARRIVALS)),
        }))
    }

    /// Where they lie, for people: a path or an address, never a secret.
    pub fn place(&self) -> String {
        match &self.0.place {
            Place::Folder(folder) => folder.path().display().to_string(),
            Place::S3(s3) => s3.place(),
        }
    }

    /// Begins to take something in.
    pub async fn receive(&self) -> Result<Incoming, ObjectError> {
        let place = Arc::clone(&self.0.arrivals).acquire_owned().await;
        let place = place.map_err(|error| ObjectError::Disk(error.to_string()))?;
        Incoming::begin(self.0.scratch.path(), place)
    }

    /// Keeps what has arrived whole; afterwards it is safe on disk (or with the bucket). Putting the same bytes again changes nothing.
    pub async fn put(&self, staged: Staged) -> Result<(), ObjectError> {
        match &self.0.place {
            Place::Folder(folder) => {
                let folder = folder.clone();
                blocking(move || folder.put(staged)).await
            }
            Place::S3(s3) => s3.put(staged).await,
        }
    }

    /// Puts bytes that are at hand: what a restore brings back. Refuses bytes that have another hash with `Corrupt`.
    pub async fn put_bytes(
        &self,
        hash: ContentHash,
        chunks: impl Iterator<Item = std::io::Result<Bytes>>,
    ) -> Result<(), ObjectError> {
        let mut incoming = self.receive().await?;
        for chunk in chunks {
            incoming.write(chunk?).await?;
        }
        let staged = incoming.finish().await?;
        if staged.hash() != hash {
            return Err(ObjectError::Corrupt(hash));
        }
        self.put(staged).await
    }

    /// Opens an object for reading.
    pub async fn open(&self, hash: ContentHash) -> Result<Content, ObjectError> {
        match &self.0.place {
            Place::Folder(folder) => {
                let folder = folder.clone();
                blocking(move || folder.read(hash)).await
            }
            Place::S3(s3) => s3.read(hash).await,
        }
    }

    /// Reads an object to its end and compares it with its name.
    pub async fn check(&self, hash: ContentHash) -> Result<(), ObjectError> {
        let mut content = self.open(hash).await?;
        while let Some(chunk) = content.next().await {
            drop(chunk?);
        }
        Ok(())
    }

    /// The objects whose hash begins with this byte, in order. All of them are 256 such shelves, so that none is long.
    pub async fn shelf(&self, first: u8) -> Result<Vec<Listed>, ObjectError> {
        let mut listed = match &self.0.place {
            Place::Folder(folder) => {
                let folder = folder.clone();
                blocking(move || folder.shelf(first)).await?
            }
            Place::S3(s3) => s3.shelf(first).await?,
        };
        listed.sort_unstable();
        Ok(listed)
    }

    /// Removes an object; it is no error where it is not there.
    pub async fn remove(&self, hash: ContentHash) -> Result<(), ObjectError> {
        match &self.0.place {
            Place::Folder(folder) => {
                let folder = folder.clone();
                blocking(move || folder.remove(hash)).await
            }
            Place::S3(s3) => s3.remove(hash).await,
        }
    }

    /// Removes what processes that are no more had begun to take in.
    pub async fn tidy(&self) -> Result<(), ObjectError> {
        let inner = Arc::clone(&self.0);
        blocking(move || inner.scratch.tidy()).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ObjectError> + Send + 'static,
) -> Result<T, ObjectError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(broken) => Err(ObjectError::Disk(broken.to_string())),
    }
}

/// An object being read, chunk by chunk. What does not have the hash it is named by ends with [`ObjectError::Corrupt`] instead of an end, so
/// nobody takes it for whole.
#[derive(Debug)]
pub struct Content {
    size: u64,
    chunks: mpsc::Receiver<Result<Bytes, ObjectError>>,
}

impl Content {
    /// A content and the end through which it is filled.
    fn channel(size: u64) -> (mpsc::Sender<Result<Bytes, ObjectError>>, Content) {
        let (filled, chunks) = mpsc::channel(AHEAD);
        (filled, Content { size, chunks })
    }
    /// Its length in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }
    /// The next bytes; nothing at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, ObjectError>> {
        self.chunks.recv().await
    }
    /// The next bytes, for a thread that may wait.
    pub fn next_blocking(&mut self) -> Option<Result<Bytes, ObjectError>> {
        self.chunks.blocking_recv()
    }
}

impl hyper::body::Body for Content {
    type Data = Bytes;
    type Error = ObjectError;
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ObjectError>>> {
        self.chunks
            .poll_recv(cx)
            .map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
    }
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.size)
    }
}
