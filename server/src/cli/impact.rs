//! `pack impact`.

use super::{
    Config, Failed, Outcome,
    config::{counted, told},
    pack::{day, language},
    say, say_json,
};
use crate::{impact, pack};
use clap::{Args, ValueEnum};
use karton_api::Date;
use karton_rules::Pack;
use std::{
    io::{IsTerminal as _, Write as _},
    sync::Arc,
};

/// Options of `pack impact`.
#[derive(Debug, Args)]
pub(super) struct ImpactArgs {
    /// The pack as it is: the name of an embedded one, or a folder
    old: String,
    /// The pack as it would be
    new: String,
    /// The day by whose law both are worked out [default: today, or the last day the new pack covers]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    #[command(flatten)]
    store: super::StoreArgs,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Words)]
    format: Format,
    /// The same as --format json
    #[arg(long)]
    json: bool,
    /// Work also those benefits out that both versions decide alike
    #[arg(long)]
    everything: bool,
    /// The language [default: English where the pack has it]
    #[arg(long)]
    lang: Option<String>,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for people
    Words,
    /// A line for each benefit and municipality, for spreadsheet programs
    Csv,
    /// Everything, also what cannot be said and why
    Json,
}

/// Who would gain and who would lose by a new version, over the people of a store. A version whose worked examples fail is measured all the same:
/// they are written anew with the rules.
pub(super) async fn run(config: &Config, args: ImpactArgs) -> Outcome {
    let (old, new) = (draft(&args.old)?, draft(&args.new)?);
    if old.country.id != new.country.id {
        return Err(Failed::usage("the two packs are of different countries"));
    }
    let on = day(&new, args.on)?;
    let language = language(&new, args.lang.as_ref())?;
    let store = config.store_to_read(&args.store)?;
    let plan = impact::Plan {
        old: Arc::new(old),
        new: Arc::new(new),
        on,
        everything: args.everything,
    };
    let found = impact::measure(&store, &plan, progress).await;
    cleared();
    let found = found.map_err(|error| anyhow::anyhow!("the store cannot be read: {error}"))?;
    match args.format {
        _ if args.json => say_json(&found),
        Format::Json => say_json(&found),
        Format::Csv => Ok(say(impact::as_csv(&found).trim_end())?),
        Format::Words => Ok(say(impact::in_words(&found, &plan.new, &language).trim_end())?),
    }
}

/// A pack, also one whose worked examples fail; how many do is said on standard error.
fn draft(name: &str) -> Result<Pack, Failed> {
    let files = pack::files(name).map_err(Failed::usage)?;
    let (pack, failing) = Pack::load_draft(&files).map_err(|mistakes| told(&mistakes))?;
    if !failing.is_empty() {
        let many = counted(failing.len());
        super::complain(&format!(
            "{name}: its worked examples find {many}; `pack check` says which. It is measured all the same"
        ));
    }
    Ok(pack)
}

/// One line that is written over, on a terminal; nothing elsewhere.
fn progress(done: u64, all: u64) {
    let mut out = std::io::stderr().lock();
    if out.is_terminal() {
        // Nobody reads it: then nobody misses it.
        let _unread = write!(out, "\r{done} of {all} households\x1b[K").and_then(|()| out.flush());
    }
}

fn cleared() {
    let mut out = std::io::stderr().lock();
    if out.is_terminal() {
        let _unread = write!(out, "\r\x1b[K").and_then(|()| out.flush());
    }
}
