//! `audit verify|seal` and `verify`.

use super::{Config, Failed, Outcome, StoreArgs, say, say_json};
use crate::{
    audit::{self, Report, Seal},
    clock::Clock,
    verify::{self, Books, Depth},
};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What can be done with the audit log.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Verify the chain against its hashes and seals; each damage is named
    Verify(VerifyArgs),
    /// Seal the heads of all lanes now and print the seal: kept elsewhere, it proves what stood
    Seal(SealArgs),
}

/// Options of `audit verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// A seal that `audit seal` printed earlier
    #[arg(long, value_name = "FILE")]
    seal: Option<PathBuf>,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Options of `audit seal`.
#[derive(Debug, Args)]
pub(super) struct SealArgs {
    #[command(flatten)]
    store: StoreArgs,
}

pub(super) async fn run(config: &Config, command: AuditCommand) -> Outcome {
    match command {
        AuditCommand::Verify(args) => {
            let json = args.json;
            report(&check(config, args).await?, json)
        }
        AuditCommand::Seal(args) => {
            let (store, key) = config.open_store(&args.store)?;
            let clock = Clock::system(jiff::tz::TimeZone::UTC);
            match audit::seal(&store, &clock, &key).await? {
                Some(seal) => say_json(&seal),
                None => Err(anyhow::anyhow!("there is nothing to seal yet").into()),
            }
        }
    }
}

async fn check(config: &Config, args: VerifyArgs) -> Result<Report, Failed> {
    let kept: Option<Seal> = match &args.seal {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            Some(serde_json::from_str(&text).with_context(|| format!("{} is no seal", path.display()))?)
        }
    };
    let (store, key) = config.open_store(&args.store)?;
    Ok(audit::verify(&store, &key, kept).await?)
}

fn report(report: &Report, json: bool) -> Outcome {
    if json {
        say_json(report)?;
    } else {
        for damage in &report.damages {
            say(damage)?;
        }
        say(format!(
            "{} entries in {} lanes and {} seals: {}",
            report.entries,
            report.lanes,
            report.seals,
            match report.damages.len() {
                0 => "the log is whole".to_owned(),
                1 => "1 damage".to_owned(),
                many => format!("{many} damages"),
            }
        ))?;
    }
    if report.damages.is_empty() {
        Ok(())
    } else {
        Err(Failed::Said)
    }
}

/// Options of `verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyStoreArgs {
    #[command(flatten)]
    log: VerifyArgs,
    /// Run every stored assessment again, not a sample of them
    #[arg(long)]
    full: bool,
}

/// What `verify --json` answers: the log's report, and the books beside it.
#[derive(serde::Serialize)]
struct Everything {
    #[serde(flatten)]
    log: Report,
    books: Books,
}

/// `verify`: everything a store promises, the chain of the log and the books.
pub(super) async fn verify_store(config: &Config, args: VerifyStoreArgs) -> Outcome {
    let json = args.log.json;
    let depth = if args.full { Depth::Full } else { Depth::Sample };
    let (store, _) = config.open_store(&args.log.store)?;
    let mut books = verify::books(&store, depth).await?;
    let objects = config.objects(&args.log.store)?;
    verify::objects(&store, &objects, depth, &mut books).await?;
    drop(store);
    let log = check(config, args.log).await?;
    let whole = log.damages.is_empty() && books.violations.is_empty();
    if json {
        say_json(&Everything { log, books })?;
        return if whole { Ok(()) } else { Err(Failed::Said) };
    }
    for violation in &books.violations {
        say(violation)?;
    }
    say(format!(
        "{} of {} assessments run again: {}",
        books.replayed,
        books.assessments,
        match books.violations.len() {
            0 => "the books are in order".to_owned(),
            1 => "1 violation".to_owned(),
            many => format!("{many} violations"),
        }
    ))?;
    report(&log, false)?;
    if whole { Ok(()) } else { Err(Failed::Said) }
}
