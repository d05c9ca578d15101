//! Objects in a folder: `ab/abcdef…`, written beside it, brought to the disk, and then given their name.

use super::{CHUNK, Content, ContentHash, Listed, ObjectError, Staged};
use axum::body::Bytes;
use sha2::{Digest as _, Sha256};
use std::{
    fs::{self, File},
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;

/// A folder of objects. Clones are the same folder.
#[derive(Debug, Clone)]
pub(super) struct Folder(Arc<Root>);

#[derive(Debug)]
enum Root {
    Lasting(PathBuf),
    /// Gone with the last clone.
    Passing(TempDir),
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Folder, ObjectError> {
        fs::create_dir_all(path)?;
        Ok(Folder(Arc::new(Root::Lasting(path.to_owned()))))
    }
    pub(super) fn passing() -> Result<Folder, ObjectError> {
        Ok(Folder(Arc::new(Root::Passing(tempfile::tempdir()?))))
    }
    pub(super) fn path(&self) -> &Path {
        match self.0.as_ref() {
            Root::Lasting(path) => path,
            Root::Passing(folder) => folder.path(),
        }
    }
    fn shelf_of(&self, first: u8) -> PathBuf {
        self.path().join(format!("{first:02x}"))
    }
    fn place_of(&self, hash: ContentHash) -> PathBuf {
        let [first, ..] = *hash.bytes();
        self.shelf_of(first).join(hash.to_string())
    }

    pub(super) fn put(&self, staged: Staged) -> Result<(), ObjectError> {
        let place = self.place_of(staged.hash());
        let Some(shelf) = place.parent() else {
            return Err(ObjectError::Disk("an object has no shelf".into()));
        };
        if !shelf.is_dir() {
            fs::create_dir_all(shelf)?;
            sync(self.path())?;
        }
        // Also over the same bytes: they are no less the same, and nobody has to ask first.
        staged.file.persist(&place).map_err(|failed| failed.error)?;
        sync(shelf)
    }

    pub(super) fn read(&self, hash: ContentHash) -> Result<Content, ObjectError> {
        let mut file = match File::open(self.place_of(hash)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(ObjectError::Missing(hash)),
            Err(error) => return Err(error.into()),
        };
        let (filled, content) = Content::channel(file.metadata()?.len());
        // The folder stays while somebody reads from it.
        let folder = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut sum = Sha256::new();
            let mut buffer = vec![0; CHUNK];
            loop {
                match file.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(read) => {
                        let chunk = &buffer[..read];
                        sum.update(chunk);
                        if filled.blocking_send(Ok(Bytes::copy_from_slice(chunk))).is_err() {
                            return;
                        }
                    }
                    Err(error) => {
                        let _nobody = filled.blocking_send(Err(error.into()));
                        return;
                    }
                }
            }
            if ContentHash::of(sum.finalize().into()) != hash {
                let _nobody = filled.blocking_send(Err(ObjectError::Corrupt(hash)));
            }
            drop(folder);
        });
        Ok(content)
    }

    pub(super) fn shelf(&self, first: u8) -> Result<Vec<Listed>, ObjectError> {
        let entries = match fs::read_dir(self.shelf_of(first)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut listed = Vec::new();
        for entry in entries {
            let entry = entry?;
            if let Some(hash) = entry.file_name().to_str().and_then(|name| name.parse().ok()) {
                let size = entry.metadata()?.len();
                listed.push(Listed { hash, size });
            }
        }
        Ok(listed)
    }

    pub(super) fn remove(&self, hash: ContentHash) -> Result<(), ObjectError> {
        match fs::remove_file(self.place_of(hash)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// Brings a folder's names to the disk.
fn sync(folder: &Path) -> Result<(), ObjectError> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
