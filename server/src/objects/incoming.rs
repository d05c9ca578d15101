//! What is arriving: written to a file, hashed on the way, brought to the disk at the end.

use super::{ContentHash, ObjectError};
use axum::body::Bytes;
use sha2::{Digest as _, Sha256};
use std::{
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    task::JoinHandle,
};

/// Bytes at the beginning and at the end of a file that its type is read from.
const HEAD: usize = 64 * 1024;
const TAIL: i64 = 80 * 1024;

/// Where arriving files lie. Each process has a folder of its own in it and holds a lock there; a folder whose lock is free belonged to a
/// process that is no more.
pub(super) struct Scratch {
    root: PathBuf,
    own: tempfile::TempDir,
    _lock: File,
}

const LOCK: &str = "lock";

impl Scratch {
    pub(super) fn open(root: &Path) -> Result<Scratch, ObjectError> {
        fs::create_dir_all(root)?;
        let own = tempfile::Builder::new().prefix("process-").tempdir_in(root)?;
        let lock = File::create(own.path().join(LOCK))?;
        lock.lock()?;
        Ok(Scratch {
            root: root.to_owned(),
            own,
            _lock: lock,
        })
    }
    pub(super) fn path(&self) -> &Path {
        self.own.path()
    }
    pub(super) fn tidy(&self) -> Result<(), ObjectError> {
        for entry in fs::read_dir(&self.root)? {
            let folder = entry?.path();
            if folder == self.own.path() {
                continue;
            }
            // Without a lock file it is just being made, or it is not ours.
            let Ok(lock) = File::open(folder.join(LOCK)) else {
                continue;
            };
            if lock.try_lock().is_ok() {
                fs::remove_dir_all(&folder)?;
            }
        }
        Ok(())
    }
}

/// Something arriving. Dropped before [`Incoming::finish`] it leaves nothing.
#[derive(Debug)]
pub struct Incoming {
    chunks: mpsc::Sender<Option<Bytes>>,
    done: JoinHandle<Result<Option<Staged>, ObjectError>>,
}

impl Incoming {
    pub(super) fn begin(scratch: &Path, place: OwnedSemaphorePermit) -> Result<Incoming, ObjectError> {
        let file = NamedTempFile::new_in(scratch)?;
        let (chunks, arriving) = mpsc::channel(super::AHEAD);
        // Writing and hashing have a thread of their own, so that a slow disk holds nobody up.
        let done = tokio::task::spawn_blocking(move || {
            let staged = write(file, arriving);
            drop(place);
            staged
        });
        Ok(Incoming { chunks, done })
    }

    /// Takes the next bytes.
    pub async fn write(&mut self, chunk: Bytes) -> Result<(), ObjectError> {
        if self.chunks.send(Some(chunk)).await.is_ok() {
            return Ok(());
        }
        Err(match (&mut self.done).await {
            Ok(Err(error)) => error,
            _ => ObjectError::Disk("writing broke off".into()),
        })
    }

    /// It is whole: it is brought to the disk and its hash is known.
    pub async fn finish(self) -> Result<Staged, ObjectError> {
        let broke_off = || ObjectError::Disk("writing broke off".into());
        let ended = self.chunks.send(None).await;
        match self.done.await {
            Ok(Ok(Some(staged))) if ended.is_ok() => Ok(staged),
            Ok(Err(error)) => Err(error),
            _ => Err(broke_off()),
        }
    }
}

fn write(
    mut file: NamedTempFile,
    mut arriving: mpsc::Receiver<Option<Bytes>>,
) -> Result<Option<Staged>, ObjectError> {
    let mut hash = Sha256::new();
    let mut size = 0;
    loop {
        match arriving.blocking_recv() {
            Some(Some(chunk)) => {
                file.write_all(&chunk)?;
                hash.update(&chunk);
                size += chunk.len() as u64;
            }
            Some(None) => break,
            // Whoever sent has gone: the file goes with this function.
            None => return Ok(None),
        }
    }
    file.as_file().sync_all()?;
    let mut head = vec![0; HEAD.min(usize::try_from(size).unwrap_or(HEAD))];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut head)?;
    let mut tail = Vec::new();
    let back = TAIL.min(i64::try_from(size).unwrap_or(TAIL));
    file.seek(SeekFrom::End(-back))?;
    file.read_to_end(&mut tail)?;
    Ok(Some(Staged {
        file,
        hash: ContentHash::of(hash.finalize().into()),
        size,
        head,
        tail,
    }))
}

/// Something that has arrived whole and is safe on disk, not yet in its place. Dropped, it is gone.
#[derive(Debug)]
pub struct Staged {
    pub(super) file: NamedTempFile,
    hash: ContentHash,
    size: u64,
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Staged {
    /// Its hash.
    pub fn hash(&self) -> ContentHash {
        self.hash
    }
    /// Its bytes.
    pub fn size(&self) -> u64 {
        self.size
    }
    /// Its beginning: at most 64 KiB.
    pub fn head(&self) -> &[u8] {
        &self.head
    }
    /// Its end: at most 80 KiB, which holds the directory of an ordinary zip archive.
    pub fn tail(&self) -> &[u8] {
        &self.tail
    }
}
