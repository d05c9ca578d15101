//! `backup` and `restore`.

use super::{Config, Failed, Outcome, StoreArgs, complain, say, say_json};
use crate::{
    access::Actor,
    audit,
    backup::{self, BackupError, Checked, Made, Progress},
    clock::Clock,
    migrations,
    objects::Objects,
    offices,
    store::{Options, Store, StoreUrl},
    verify::{self, Depth},
};
use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use std::{
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
    sync::Mutex,
    time::{Duration, Instant},
};

/// Options of `backup`.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The file, which must not be there yet
    file: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Options of `restore`.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// A file that `backup` made
    file: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
    /// Restore into a temporary store, verify it and throw it away
    #[arg(long)]
    trial: bool,
    /// Go on without the key that the log was sealed with: the seals can then not be verified
    #[arg(long)]
    without_key: bool,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// One line that is written over on a terminal; nothing elsewhere, where the result alone counts.
struct Told {
    doing: &'static str,
    last: Mutex<Option<Instant>>,
}

impl Told {
    fn new(doing: &'static str) -> Told {
        Told {
            doing,
            last: Mutex::new(None),
        }
    }

    fn tell(&self, progress: &Progress) {
        let mut out = io::stderr();
        if !out.is_terminal() {
            return;
        }
        let mut last = self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.is_some_and(|last| last.elapsed() < Duration::from_millis(100)) {
            return;
        }
        *last = Some(Instant::now());
        let size = match progress.of {
            Some(all) => format!("{} of {}", size(progress.bytes), size(all)),
            None => size(progress.bytes),
        };
        // Nobody reads it: then nobody misses it.
        let _unread = write!(
            out,
            "\r{}: {size}, {} ({})\x1b[K",
            self.doing, progress.table, progress.rows
        );
        let _unread = out.flush();
    }

    fn done() {
        let mut out = io::stderr();
        if out.is_terminal() {
            let _unread = write!(out, "\r\x1b[K");
            let _unread = out.flush();
        }
    }
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

fn all(rows: &std::collections::BTreeMap<String, u64>) -> u64 {
    rows.values().sum()
}

/// `backup`: copies, reads the copy back, and lets the store remember that it was made.
pub(super) async fn backup(config: &Config, args: BackupArgs) -> Outcome {
    if args.file.exists() {
        return Err(Failed::usage(format!("{} is there already", args.file.display())));
    }
    let (store, key) = config.open_store(&args.store)?;
    known(&store).await?;
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    let objects = config.objects(&args.store)?;
    let told = Told::new("copying");
    let saved = backup::save(
        &store,
        Some(&objects),
        &args.file,
        &key,
        clock.now(),
        move |progress| told.tell(&progress),
    )
    .await;
    Told::done();
    let saved = saved.with_context(|| format!("no backup was made in {}", args.file.display()))?;
    let told = Told::new("reading it back");
    let read = backup::check(&args.file, |progress| told.tell(&progress));
    Told::done();
    let read = read.with_context(|| format!("{} cannot be read back", args.file.display()))?;
    if read.hash != saved.hash {
        return Err(anyhow::anyhow!("{} is not what was written", args.file.display()).into());
    }
    let rows = all(&saved.rows);
    let offices = store.read(offices::load).await?;
    if let Some(top) = offices.iter().find(|office| office.parent.is_none()) {
        let actor = Actor {
            officer: None,
            office: top.id,
        };
        let made = Made {
            at: saved.head.made_at,
            bytes: i64::try_from(saved.bytes).unwrap_or(i64::MAX),
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
            hash: saved.hash.clone(),
        };
        backup::remember(&store, actor, clock.id(), clock.now(), made).await?;
    }
    if args.json {
        return say_json(&json!({
            "file": args.file, "bytes": saved.bytes, "hash": saved.hash, "made_at": saved.head.made_at,
            "schema": saved.head.schema.last(), "packs": saved.head.packs, "tables": saved.rows, "documents": saved.objects,
        }));
    }
    say(format!(
        "{}: {} rows of {} tables in {}, hash {}",
        args.file.display(),
        rows,
        saved.rows.len(),
        size(saved.bytes),
        saved.hash
    ))?;
    Ok(())
}

/// A store that this version can read: one that there is, and no newer one.
async fn known(store: &Store) -> Result<(), Failed> {
    let numbers = store
        .read(|tx| {
            let rows = tx.query("SELECT number FROM migration ORDER BY number", &[])?;
            rows.iter()
                .map(|row| row.get::<u32>(0))
                .collect::<Result<Vec<_>, _>>()
        })
        .await;
    let numbers = numbers.map_err(|_| anyhow::anyhow!("there is no store here"))?;
    let steps = migrations::all();
    let unknown = numbers
        .iter()
        .find(|number| steps.iter().all(|step| step.number != **number));
    match unknown {
        None => Ok(()),
        Some(found) => {
            let known = steps.iter().map(|step| step.number).max().unwrap_or(0);
            Err(crate::store::StoreError::NewerSchema { found: *found, known }.into())
        }
    }
}

/// `restore`: the file is read to its end before anything is touched.
pub(super) async fn restore(config: &Config, args: RestoreArgs) -> Outcome {
    let told = Told::new("checking");
    let checked = backup::check(&args.file, |progress| told.tell(&progress));
    Told::done();
    let checked = checked.with_context(|| args.file.display().to_string())?;
    let key = config.key_at_hand(&args.store)?;
    let known = key
        .as_ref()
        .is_some_and(|key| key.fingerprint() == checked.head.sealed_with);
    if !known && !args.without_key {
        let why = match key {
            None => "there is no key of the log's seals here",
            Some(_) => "the log of this backup is sealed with another key than the one here",
        };
        return Err(Failed::usage(format!(
            "{why}: put its audit.key into the data folder or give --seal-key; --without-key goes on without it"
        )));
    }
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    let (store, objects, key) = match args.trial {
        true => {
            let store = Store::open(&StoreUrl::Temporary, &Options::default())?;
            (store, Objects::passing()?, key.filter(|_| known))
        }
        false => {
            let set_aside = config.set_aside_newest_seal(&args.store, clock.now())?;
            if let Some(aside) = set_aside {
                complain(&format!(
                    "the newest seal of the store that was here is kept as {}: it shows what came after the backup",
                    aside.display()
                ));
            }
            let (store, key) = config.open_store(&args.store)?;
            (store, config.objects(&args.store)?, Some(key).filter(|_| known))
        }
    };
    let told = Told::new("restoring");
    let steps = migrations::all();
    let restored = backup::restore(
        &store,
        Some(&objects),
        &args.file,
        &steps,
        clock.now(),
        move |progress| told.tell(&progress),
    )
    .await;
    Told::done();
    let restored = match restored {
        Err(error @ BackupError::NotEmpty(_)) => return Err(Failed::usage(error)),
        other => other.with_context(|| format!("nothing was restored from {}", args.file.display()))?,
    };
    report(&args, &checked, restored.migrated, (&store, &objects), key).await
}

/// Verifies what was restored and says how it went.
async fn report(
    args: &RestoreArgs,
    checked: &Checked,
    migrated: usize,
    (store, objects): (&Store, &Objects),
    key: Option<audit::SealKey>,
) -> Outcome {
    let mut books = verify::books(store, Depth::Sample).await?;
    verify::objects(store, objects, Depth::Full, &mut books).await?;
    let log = match key {
        Some(key) => Some(audit::verify(store, &key.forgetful(), None).await?),
        None => None,
    };
    let damages = log.as_ref().map_or(0, |log| log.damages.len());
    let whole = books.violations.is_empty() && damages == 0;
    if args.json {
        say_json(&json!({
            "trial": args.trial, "made_at": checked.head.made_at, "hash": checked.hash, "rows": checked.rows, "documents": checked.objects,
            "migrated": migrated, "books": books, "log": log,
        }))?;
        return if whole { Ok(()) } else { Err(Failed::Said) };
    }
    for violation in &books.violations {
        say(violation)?;
    }
    for damage in log.iter().flat_map(|log| &log.damages) {
        say(damage)?;
    }
    let done = if args.trial {
        "can be restored"
    } else {
        "was restored"
    };
    say(format!(
        "the backup of {} {done}: {} rows of {} tables{}",
        checked.head.made_at,
        all(&checked.rows),
        checked.rows.len(),
        match migrated {
            0 => String::new(),
            steps => format!(", and its schema brought up to date by {steps} steps"),
        }
    ))?;
    match &log {
        None => say("the books are verified, the log's seals are not: their key was not given")?,
        Some(_) if whole => say("verified: the books are in order and the log is whole")?,
        Some(_) => say(format!("{} violations", books.violations.len() + damages))?,
    }
    if whole { Ok(()) } else { Err(Failed::Said) }
}
