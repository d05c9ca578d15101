//! `import`.

use super::{Config, Failed, Outcome, StoreArgs, say, say_json};
use crate::{
    gateway,
    house::House,
    imports::{self, Brought},
    problem::Error,
    store::jobs::{self, Handlers, Pace},
};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use karton_api::imports::{Finding, ImportKind, ImportRows, ImportState, ImportView};
use serde_json::json;
use std::{path::PathBuf, time::Duration};

/// What a table holds.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// One person a row, with the household where there is one
    Persons,
    /// One award from before a row, of a person who is known
    Awards,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// What the table holds
    kind: Kind,
    /// The file, CSV or XLSX; its first row are headings
    file: PathBuf,
    /// The office that will hold the dossiers, by code
    #[arg(long, value_name = "CODE")]
    office: String,
    /// The encoding of a CSV file: utf-8, windows-1250 or windows-1251 [default: found out]
    #[arg(long)]
    encoding: Option<String>,
    /// Check every row and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write the report as CSV
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArgs,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// A refusal the way the command line says it.
fn in_words(error: Error) -> Failed {
    match error {
        Error::Invalid(errors) => {
            let says: Vec<String> = errors.into_iter().map(|error| error.message).collect();
            anyhow::anyhow!(says.join("\n")).into()
        }
        other => other.into(),
    }
}

pub(super) async fn run(config: &Config, args: ImportArgs) -> Outcome {
    let kind = match args.kind {
        Kind::Persons => ImportKind::Persons,
        Kind::Awards => ImportKind::Awards,
    };
    let brought = Brought::of(kind, &args.office, &args.file, args.encoding.clone())
        .with_context(|| args.file.display().to_string())?;
    let opened = config
        .choose(&args.store)?
        .open(gateway::Settings::default(), false)
        .await?;
    let house = opened.house;
    if args.dry_run {
        let tried = imports::try_out(&house, brought).await.map_err(in_words)?;
        write_report(&args, &tried.findings)?;
        if args.json {
            return say_json(&json!({
                "dry_run": true, "rows": tried.rows, "encoding": tried.encoding, "ignored": tried.ignored, "findings": tried.findings,
            }));
        }
        show(&tried.findings)?;
        summary(tried.rows, tried.encoding, &tried.ignored)?;
        say("nothing was written")?;
        return Ok(());
    }
    let import = imports::system_brings(&house, brought).await.map_err(in_words)?;
    let import = checked(&house, import).await?;
    let findings = house
        .store
        .read(move |tx| imports::findings_of(tx, import.id))
        .await?;
    let import = imports::view_of(&house, import.id).await?;
    write_report(&args, &findings)?;
    let refused = import.state == ImportState::Refused;
    if args.json {
        say_json(&json!({ "import": import, "findings": findings }))?;
    } else {
        show(&findings)?;
        match &import.problem {
            Some(problem) => say(format!("the file was refused: {problem}"))?,
            None => {
                summary(import.rows, import.encoding.as_deref(), &import.ignored)?;
                say(format!(
                    "import {} is checked; nothing of it counts until an officer accepts it",
                    import.id
                ))?;
            }
        }
    }
    if refused { Err(Failed::Said) } else { Ok(()) }
}

/// Does the work of this queue here, or waits for a server that does it, until every row is checked.
async fn checked(house: &House, import: ImportView) -> Result<ImportView, Failed> {
    let worker = jobs::run(
        house.store.clone(),
        house.clock.clone(),
        "import",
        imports::handlers(Handlers::new(), house),
        Pace::default(),
    );
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    let import = loop {
        worker.drained().await;
        let now = imports::view_of(house, import.id).await?;
        if !matches!(now.state, ImportState::Received | ImportState::Checking) {
            break now;
        }
        tick.tick().await;
    };
    worker.stop().await;
    Ok(import)
}

/// The first findings, for people; the report holds all of them.
fn show(findings: &[Finding]) -> Outcome {
    const SHOWN: usize = 50;
    for finding in findings.iter().take(SHOWN) {
        let column = match finding.column.as_str() {
            "" => String::new(),
            column => format!(", {column}"),
        };
        say(format!(
            "row {}{column}: {} ({})",
            finding.row, finding.message, finding.code
        ))?;
    }
    if findings.len() > SHOWN {
        say(format!(
            "… and {} more; --report FILE has all of them",
            findings.len() - SHOWN
        ))?;
    }
    Ok(())
}

fn summary(rows: ImportRows, encoding: Option<&str>, ignored: &[String]) -> Outcome {
    say(format!(
        "{} rows: {} good, {} wrong, {} like somebody known, {} known already{}",
        rows.all,
        rows.good,
        rows.wrong,
        rows.alike,
        rows.known,
        encoding.map(|name| format!("; {name}")).unwrap_or_default()
    ))?;
    if !ignored.is_empty() {
        say(format!("columns that mean nothing here: {}", ignored.join(", ")))?;
    }
    Ok(())
}

fn write_report(args: &ImportArgs, findings: &[Finding]) -> Outcome {
    if let Some(path) = &args.report {
        std::fs::write(path, imports::report(findings)).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
