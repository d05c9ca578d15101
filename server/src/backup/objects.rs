//! The bytes of documents in a copy.

use super::{
    BackupError, ObjectHead,
    frame::{Kind, Writer},
    restore::{Copy, Part},
    save::json,
};
use crate::{
    objects::{ContentHash, ObjectError, Objects},
    store::{Store, StoreError, Tx},
    vals,
};
use axum::body::Bytes;
use std::{
    io::{self, Write},
    path::Path,
};

/// The table that says which objects there are.
pub(super) const TABLE: &str = "stored_object";
/// A frame of bytes.
const FRAME: usize = 1 << 20;

/// The objects that rows of this snapshot may refer to.
pub(super) fn wanted(tx: &mut Tx) -> Result<Vec<ContentHash>, StoreError> {
    let rows = tx.query(
        "SELECT hash FROM stored_object WHERE leaving = 0 ORDER BY hash",
        &[],
    )?;
    rows.iter().map(|row| row.parse(0).or_else(|_| wrong())).collect()
}

fn wrong() -> Result<ContentHash, StoreError> {
    Err(StoreError::Db("an object has a name that is no hash".into()))
}

/// Appends an object; answers `false` where it has been swept away since, because nothing refers to it any more.
pub(super) async fn append<W: Write>(
    store: &Store,
    objects: &Objects,
    hash: ContentHash,
    out: &mut Writer<W>,
) -> Result<bool, BackupError> {
    let mut content = match objects.open(hash).await {
        Ok(content) => content,
        Err(ObjectError::Missing(_)) => {
            let still = store.read(move |tx| {
                let sql = "SELECT 1 FROM stored_object WHERE hash = $1 AND leaving = 0";
                tx.opt(sql, vals![hash]).map(|row| row.is_some())
            });
            return match still.await? {
                true => Err(ObjectError::Missing(hash).into()),
                false => Ok(false),
            };
        }
        Err(error) => return Err(error.into()),
    };
    let head = ObjectHead {
        hash: hash.to_string(),
        size: content.size(),
    };
    out.frame(Kind::Object, &json(&head)?)?;
    let mut some: Vec<u8> = Vec::new();
    while let Some(chunk) = content.next().await {
        some.extend_from_slice(&chunk?);
        if some.len() >= FRAME {
            out.frame(Kind::Bytes, &some)?;
            some.clear();
        }
    }
    if !some.is_empty() {
        out.frame(Kind::Bytes, &some)?;
    }
    Ok(true)
}

/// Brings the objects of a copy into a store of objects. They are named by their content: one that is there already stays as it is.
pub(super) async fn bring(path: &Path, objects: Option<&Objects>) -> Result<(), BackupError> {
    let (mut copy, _) = Copy::open(path)?;
    let mut part = copy.next()?;
    loop {
        part = match part {
            Part::End(_) => return Ok(()),
            Part::Object(head) => {
                let objects = objects.ok_or(BackupError::NoObjects)?;
                let hash: ContentHash = head.hash.parse().or_else(|()| wrong())?;
                let mut chunks = Chunks {
                    copy: &mut copy,
                    after: None,
                };
                objects.put_bytes(hash, &mut chunks).await?;
                match chunks.after.take() {
                    Some(after) => after?,
                    None => copy.next()?,
                }
            }
            _ => copy.next()?,
        };
    }
}

/// The bytes of one object, and what came after them.
struct Chunks<'a> {
    copy: &'a mut Copy,
    after: Option<Result<Part, BackupError>>,
}

impl Iterator for Chunks<'_> {
    type Item = io::Result<Bytes>;
    fn next(&mut self) -> Option<io::Result<Bytes>> {
        if self.after.is_some() {
            return None;
        }
        match self.copy.next() {
            Ok(Part::Bytes(bytes)) => Some(Ok(bytes.into())),
            other => {
                self.after = Some(other);
                None
            }
        }
    }
}
