//! Reading a copy back, whole or not at all.

use super::{
    BackupError, Broken, Head, ObjectHead, Progress, TableHead, Tail,
    frame::{Damage, Kind, Reader, Unread},
    objects, rows,
    tables::{self, Ahead, Table, quoted},
};
use crate::objects::Objects;
use crate::store::{Dialect, Migration, Store, StoreError, Tx, Val, insert_many, migrate_in};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader},
    path::Path,
};

/// What a whole copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it says about itself.
    pub head: Head,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Documents' contents.
    pub objects: u64,
    /// Length of the file.
    pub bytes: u64,
    /// The hash of its last frame, in hexadecimal.
    pub hash: String,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Steps by which the schema was brought up to date after the rows were there.
    pub migrated: usize,
}

/// One frame after another, with the place in words for whoever has to hear what is wrong.
pub(super) struct Copy {
    frames: Reader<BufReader<File>>,
    table: Option<TableHead>,
    object: Option<ObjectHead>,
    rows: u64,
    bytes: u64,
}

pub(super) enum Part {
    Table(TableHead),
    Rows(Vec<Val>),
    Object(ObjectHead),
    Bytes(Vec<u8>),
    End(Tail),
}

impl Copy {
    pub(super) fn open(path: &Path) -> Result<(Copy, Head), BackupError> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let frames = Reader::begin(BufReader::with_capacity(1 << 16, file));
        let frames = frames.map_err(|unread| broken(unread, "the beginning".into()))?;
        let mut copy = Copy {
            frames,
            table: None,
            object: None,
            rows: 0,
            bytes,
        };
        let (at, frame) = (copy.frames.at(), copy.frames.next());
        match frame.map_err(|unread| broken(unread, copy.place()))? {
            (Kind::Head, content) => {
                let head = copy.json(at, &content)?;
                Ok((copy, head))
            }
            _ => Err(copy.altered(at)),
        }
    }

    fn place(&self) -> String {
        match &self.table {
            None if self.object.is_some() => "among the bytes of documents".into(),
            None => "the head".into(),
            Some(head) if self.rows == 0 => format!("at the beginning of the table {}", head.table),
            Some(head) => format!("in the table {}, after {} rows", head.table, self.rows),
        }
    }

    fn altered(&self, at: u64) -> BackupError {
        let what = Damage::Altered;
        broken(Unread::Damage { at, what }, self.place())
    }

    fn json<T: DeserializeOwned>(&self, at: u64, content: &[u8]) -> Result<T, BackupError> {
        serde_json::from_slice(content).map_err(|_| self.altered(at))
    }

    pub(super) fn next(&mut self) -> Result<Part, BackupError> {
        let (at, frame) = (self.frames.at(), self.frames.next());
        let (kind, content) = frame.map_err(|unread| broken(unread, self.place()))?;
        match kind {
            Kind::Table => {
                let head: TableHead = self.json(at, &content)?;
                (self.table, self.rows) = (Some(head.clone()), 0);
                Ok(Part::Table(head))
            }
            Kind::Rows => {
                let values = rows::take(&content).ok_or_else(|| self.altered(at))?;
                let width = self.table.as_ref().map_or(0, |head| head.columns.len());
                if width == 0 || !values.len().is_multiple_of(width) {
                    return Err(self.altered(at));
                }
                self.rows += (values.len() / width) as u64;
                Ok(Part::Rows(values))
            }
            Kind::Object => {
                let head: ObjectHead = self.json(at, &content)?;
                self.table = None;
                self.object = Some(head.clone());
                Ok(Part::Object(head))
            }
            Kind::Bytes if self.object.is_some() => Ok(Part::Bytes(content)),
            Kind::End => Ok(Part::End(self.json(at, &content)?)),
            Kind::Head | Kind::Bytes => Err(self.altered(at)),
        }
    }

    fn end(self) -> Result<(), BackupError> {
        let place = self.place();
        self.frames.end().map_err(|unread| broken(unread, place))
    }

    fn progress(&self) -> Progress {
        Progress {
            table: self
                .table
                .as_ref()
                .map(|head| head.table.clone())
                .unwrap_or_default(),
            rows: self.rows,
            bytes: self.frames.at(),
            of: Some(self.bytes),
        }
    }
}

fn broken(unread: Unread, place: String) -> BackupError {
    match unread {
        Unread::Io(error) => error.into(),
        Unread::Damage { at, what } => Broken { at, place, what }.into(),
    }
}

/// Counts what was read against what the copy says.
#[derive(Default)]
struct Count(BTreeMap<String, u64>, u64);

impl Count {
    fn see(&mut self, copy: &Copy) {
        if let Some(head) = &copy.table {
            self.0.insert(head.table.clone(), copy.rows);
        }
    }
    fn against(&self, tail: &Tail) -> Result<(), BackupError> {
        if self.1 != tail.objects {
            return Err(BackupError::Count {
                table: "objects".into(),
                found: self.1,
                said: tail.objects,
            });
        }
        for table in self.0.keys().chain(tail.rows.keys()) {
            let (found, said) = (self.0.get(table).copied(), tail.rows.get(table).copied());
            if found != said {
                return Err(BackupError::Count {
                    table: table.clone(),
                    found: found.unwrap_or(0),
                    said: said.unwrap_or(0),
                });
            }
        }
        Ok(())
    }
}

/// Reads a copy from its beginning to its end and holds it against its hashes; nothing else is touched.
pub fn check(path: &Path, told: impl Fn(Progress)) -> Result<Checked, BackupError> {
    let (mut copy, head) = Copy::open(path)?;
    let mut count = Count::default();
    let mut object: Option<(ObjectHead, Sha256)> = None;
    loop {
        let at = copy.frames.at();
        let part = copy.next()?;
        if !matches!(part, Part::Bytes(_))
            && let Some((head, hash)) = object.take()
            && crate::http::hex(&hash.finalize()) != head.hash
        {
            return Err(copy.altered(at));
        }
        match part {
            Part::Object(head) => {
                count.1 += 1;
                object = Some((head, Sha256::new()));
            }
            Part::Bytes(bytes) => {
                if let Some((_, hash)) = &mut object {
                    hash.update(&bytes);
                }
                told(copy.progress());
            }
            Part::End(tail) => {
                count.against(&tail)?;
                let (bytes, hash) = (copy.frames.at(), crate::http::hex(&copy.frames.hash()));
                copy.end()?;
                return Ok(Checked {
                    head,
                    rows: tail.rows,
                    objects: tail.objects,
                    bytes,
                    hash,
                });
            }
            _ => {
                count.see(&copy);
                told(copy.progress());
            }
        }
    }
}

/// Restores a copy into an empty store, and brings its schema up to `steps`, in one transaction. Refuses a store with rows, a copy whose
/// schema has steps that are not among `steps`, and one that is not whole.
pub async fn restore(
    store: &Store,
    objects: Option<&Objects>,
    path: &Path,
    steps: &[Migration],
    now: Timestamp,
    told: impl Fn(Progress) + Send + Sync + 'static,
) -> Result<Restored, BackupError> {
    store.read(empty).await?;
    // Bytes first: without rows that refer to them they are nothing, and are swept away.
    objects::bring(path, objects).await?;
    let (path, steps) = (path.to_owned(), steps.to_vec());
    store.make_room(true).await?;
    let restored = store.write(move |tx| load(tx, &path, &steps, now, &told)).await;
    store.make_room(false).await?;
    restored
}

/// Refuses a store in which there is anything.
fn empty(tx: &mut Tx) -> Result<(), BackupError> {
    for table in tables::names(tx)? {
        let any = format!("SELECT 1 FROM {} LIMIT 1", quoted(&table));
        if table != "migration" && tx.opt(&any, &[])?.is_some() {
            return Err(BackupError::NotEmpty(table));
        }
    }
    Ok(())
}

/// May be run again: the file is then read from its beginning.
fn load(
    tx: &mut Tx,
    path: &Path,
    steps: &[Migration],
    now: Timestamp,
    told: &impl Fn(Progress),
) -> Result<Restored, BackupError> {
    empty(tx)?;
    let (mut copy, head) = Copy::open(path)?;
    let mut before: Vec<Migration> = Vec::new();
    for number in &head.schema {
        match steps.iter().find(|step| step.number == *number) {
            Some(step) => before.push(*step),
            None => {
                let known = steps.iter().map(|step| step.number).max().unwrap_or(0);
                return Err(StoreError::NewerSchema {
                    found: *number,
                    known,
                }
                .into());
            }
        }
    }
    migrate_in(tx, &before, now)?;
    let (tables, ahead) = tables::all(tx)?;
    let deferred = Deferred::begin(tx, ahead)?;
    let mut count = Count::default();
    let mut insert = String::new();
    loop {
        match copy.next()? {
            Part::Table(head) => insert = insertion(&tables, &head)?,
            Part::Rows(values) => {
                let width = copy.table.as_ref().map_or(0, |head| head.columns.len());
                insert_many(tx, &insert, width, values, "")?;
                told(copy.progress());
            }
            Part::Object(_) => count.1 += 1,
            Part::Bytes(_) => {}
            Part::End(tail) => {
                count.against(&tail)?;
                deferred.end(tx)?;
                copy.end()?;
                let migrated = migrate_in(tx, steps, now)?;
                return Ok(Restored {
                    rows: tail.rows,
                    migrated,
                });
            }
        }
        count.see(&copy);
    }
}

fn insertion(tables: &[Table], head: &TableHead) -> Result<String, BackupError> {
    let table = tables.iter().find(|table| table.name == head.table);
    let table = table.ok_or_else(|| BackupError::NoPlace(format!("the table {}", head.table)))?;
    for column in &head.columns {
        if !table.columns.contains(column) {
            return Err(BackupError::NoPlace(format!(
                "the column {column} of the table {}",
                head.table
            )));
        }
    }
    Ok(format!(
        "INSERT INTO {} ({})",
        quoted(&head.table),
        tables::list(&head.columns)
    ))
}

/// References that are looked at only after all rows are there.
struct Deferred(Vec<Ahead>);

impl Deferred {
    fn begin(tx: &mut Tx, ahead: Vec<Ahead>) -> Result<Deferred, StoreError> {
        match tx.dialect() {
            // Until the end of this transaction.
            Dialect::Sqlite => tx.query("PRAGMA defer_foreign_keys = ON", &[]).map(drop)?,
            Dialect::Postgres => {
                alter(tx, &ahead, "DEFERRABLE INITIALLY DEFERRED")?;
            }
        }
        Ok(Deferred(ahead))
    }

    fn end(self, tx: &mut Tx) -> Result<(), StoreError> {
        if tx.dialect() == Dialect::Postgres {
            tx.exec("SET CONSTRAINTS ALL IMMEDIATE", &[])?;
            alter(tx, &self.0, "NOT DEFERRABLE")?;
        }
        Ok(())
    }
}

fn alter(tx: &mut Tx, ahead: &[Ahead], how: &str) -> Result<(), StoreError> {
    for Ahead { table, constraint } in ahead {
        let sql = format!(
            "ALTER TABLE {} ALTER CONSTRAINT {} {how}",
            quoted(table),
            quoted(constraint)
        );
        tx.exec(&sql, &[])?;
    }
    Ok(())
}

/// What an unreadable file is called where only an I/O error can be said.
impl From<BackupError> for io::Error {
    fn from(error: BackupError) -> io::Error {
        match error {
            BackupError::Io(error) => error,
            other => io::Error::other(other),
        }
    }
}
