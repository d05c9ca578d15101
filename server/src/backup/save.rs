//! Making a copy, while others write.

use super::{
    BackupError, Head, Progress, TableHead, Tail,
    frame::{Kind, Writer},
    objects, rows,
    tables::{self, Table},
};
use crate::{
    audit::SealKey,
    objects::{ContentHash, Objects},
    store::{Dialect, Row, Store, StoreError, Tx, Val},
    vals,
};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Seek as _, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// A frame of rows is about so many bytes, whatever the rows are: little enough that what the counter asks meanwhile stands in no long line behind it.
const FRAME: usize = 1 << 18;
/// Rows read at once: at least, and at most.
const FEWEST: i64 = 4;
const MOST: i64 = 1024;
/// No rest between frames is longer.
const LONGEST_REST: Duration = Duration::from_millis(50);
/// What was written is brought to the disk so often, lest the counter's own writes stand in line behind all of it at the end.
const SYNCED_EVERY: u64 = 8 << 20;

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// What the copy says about itself.
    pub head: Head,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Documents' contents.
    pub objects: u64,
    /// Length of the file.
    pub bytes: u64,
    /// The hash of the last frame, which stands for the whole file; in hexadecimal.
    pub hash: String,
}

/// Copies a store into a new file, readable for its owner only, in one snapshot; writers go on undisturbed. The file has its name only when
/// it is whole and on disk. Refuses a file that is there.
pub async fn save(
    store: &Store,
    objects: Option<&Objects>,
    to: &Path,
    seal_key: &SealKey,
    now: Timestamp,
    told: impl Fn(Progress) + Send + Sync + 'static,
) -> Result<Saved, BackupError> {
    if to.exists() {
        let what = format!("{} is there already", to.display());
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, what).into());
    }
    let part = Part::create(to)?;
    let (file, sealed_with, told) = (Arc::clone(&part.file), seal_key.fingerprint(), Arc::new(told));
    let telling = Arc::clone(&told);
    let copied = store
        .read(move |tx| copy(tx, &file, &sealed_with, now, &*telling))
        .await?;
    let steady = Steady {
        file: &part.file,
        since: 0,
    };
    let mut out = Writer::resume(BufWriter::new(steady), copied.hash, copied.bytes);
    let mut tail = Tail {
        rows: copied.rows,
        objects: 0,
    };
    for hash in &copied.objects {
        let objects = objects.ok_or(BackupError::NoObjects)?;
        if objects::append(store, objects, *hash, &mut out).await? {
            tail.objects += 1;
            told(Progress {
                table: "objects".into(),
                rows: tail.objects,
                bytes: out.bytes(),
                of: None,
            });
        }
    }
    out.frame(Kind::End, &json(&tail)?)?;
    let bytes = out.bytes();
    let (hash, mut buffer) = out.end()?;
    buffer.flush()?;
    drop(buffer);
    part.finish(to)?;
    Ok(Saved {
        head: copied.head,
        rows: tail.rows,
        objects: tail.objects,
        bytes,
        hash: crate::http::hex(&hash),
    })
}

/// The rows of a copy, written; the bytes of these documents follow them.
struct Copied {
    head: Head,
    rows: BTreeMap<String, u64>,
    objects: Vec<ContentHash>,
    hash: [u8; 32],
    bytes: u64,
}

/// The file while it is being written; removed when it does not come to its end.
struct Part {
    path: PathBuf,
    file: Arc<File>,
    whole: bool,
}

impl Part {
    fn create(to: &Path) -> io::Result<Part> {
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let path = to.with_file_name(name);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Part {
            file: Arc::new(options.open(&path)?),
            path,
            whole: false,
        })
    }

    fn finish(mut self, to: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.path, to)?;
        self.whole = true;
        let folder = to
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.whole {
            // What cannot be removed has a name that says what it is.
            let _left = std::fs::remove_file(&self.path);
        }
    }
}

/// A file that goes to disk little by little.
struct Steady<'a> {
    file: &'a File,
    since: u64,
}

impl Write for Steady<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = (&mut self.file).write(bytes)?;
        self.since += written as u64;
        if self.since >= SYNCED_EVERY {
            self.since = 0;
            self.file.sync_data()?;
        }
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        (&mut self.file).flush()
    }
}

/// The copy in one transaction. May be run again: then the file is begun anew.
fn copy(
    tx: &mut Tx,
    file: &File,
    sealed_with: &str,
    now: Timestamp,
    told: &impl Fn(Progress),
) -> Result<Copied, BackupError> {
    file.set_len(0)?;
    (&mut &*file).rewind()?;
    let schema = tx.query("SELECT number FROM migration ORDER BY number", &[])?;
    let (tables, _) = tables::all(tx)?;
    let packs = match tables.iter().any(|table| table.name == "pack_version") {
        true => tx.query("SELECT hash FROM pack_version ORDER BY kept_at, hash", &[])?,
        false => Vec::new(),
    };
    let head = Head {
        made_at: now,
        karton: env!("CARGO_PKG_VERSION").into(),
        engine: match tx.dialect() {
            Dialect::Sqlite => "sqlite".into(),
            Dialect::Postgres => "postgresql".into(),
        },
        schema: schema.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?,
        packs: packs.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?,
        sealed_with: sealed_with.to_owned(),
    };
    let mut out = Writer::begin(BufWriter::with_capacity(1 << 16, Steady { file, since: 0 }))?;
    out.frame(Kind::Head, &json(&head)?)?;
    let mut rows = BTreeMap::new();
    for table in &tables {
        let copied = rows_of(tx, table, &mut out, told)?;
        rows.insert(table.name.clone(), copied);
    }
    let objects = match tables.iter().any(|table| table.name == objects::TABLE) {
        true => objects::wanted(tx)?,
        false => Vec::new(),
    };
    let bytes = out.bytes();
    let (hash, mut buffer) = out.end()?;
    buffer.flush()?;
    Ok(Copied {
        head,
        rows,
        objects,
        hash,
        bytes,
    })
}

pub(super) fn json(value: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::other)
}

/// Copies the rows of a table, page by page along its key.
fn rows_of<W: Write>(
    tx: &mut Tx,
    table: &Table,
    out: &mut Writer<W>,
    told: &impl Fn(Progress),
) -> Result<u64, BackupError> {
    let head = TableHead {
        table: table.name.clone(),
        columns: table.columns.clone(),
    };
    out.frame(Kind::Table, &json(&head)?)?;
    let key: Vec<&String> = table
        .key
        .iter()
        .filter_map(|column| table.columns.get(*column))
        .collect();
    let (name, columns, key) = (
        tables::quoted(&table.name),
        tables::list(&table.columns),
        tables::list(key),
    );
    let width = table.key.len();
    let places: Vec<String> = (1..=width).map(|place| format!("${place}")).collect();
    let first = format!("SELECT {columns} FROM {name} ORDER BY {key} LIMIT $1");
    let after = format!(
        "SELECT {columns} FROM {name} WHERE ({key}) > ({}) ORDER BY {key} LIMIT ${}",
        places.join(", "),
        width + 1
    );
    let (mut copied, mut limit, mut last) = (0_u64, 64_i64, None::<Vec<Val>>);
    loop {
        let began = Instant::now();
        let rows = match &last {
            None => tx.query(&first, vals![limit])?,
            Some(last) => {
                let mut values = last.clone();
                values.push(limit.into());
                tx.query(&after, &values)?
            }
        };
        let Some(end) = rows.last() else { return Ok(copied) };
        last = Some(key_of(end, &table.key)?);
        let mut bytes = Vec::with_capacity(FRAME);
        for row in &rows {
            for column in 0..table.columns.len() {
                rows::put(&mut bytes, &row.get::<Val>(column)?);
            }
        }
        out.frame(Kind::Rows, &bytes)?;
        copied += rows.len() as u64;
        told(Progress {
            table: table.name.clone(),
            rows: copied,
            bytes: out.bytes(),
            of: None,
        });
        let each = (bytes.len() / rows.len()).max(1);
        if (rows.len() as u64) < limit.unsigned_abs() {
            return Ok(copied);
        }
        limit = i64::try_from(FRAME / each).unwrap_or(MOST).clamp(FEWEST, MOST);
        rest(began.elapsed());
    }
}

/// Leaves the machine to the counter for as long as a frame took: reading, packing and writing without a pause would keep one core and half of
/// the database for itself. A copy takes twice as long for it, and nobody waits for a copy.
fn rest(took: Duration) {
    std::thread::park_timeout(took.min(LONGEST_REST));
}

fn key_of(row: &Row, key: &[usize]) -> Result<Vec<Val>, StoreError> {
    key.iter().map(|column| row.get(*column)).collect()
}
