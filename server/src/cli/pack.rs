//! `pack check|list|show|eval|compare|offer`.

use super::{
    Config, Failed, Outcome,
    config::{counted, told},
    say, say_json,
};
use crate::{clock::Clock, generate, pack, packs, packs_compared::compare as compare_packs};
use clap::{Args, Subcommand};
use karton_api::Date;
use karton_rules::{assess::assess, coverage, examples::Shown, pack::Pack, show};
use serde_json::json;
use std::path::PathBuf;

/// What can be done with packs.
#[derive(Debug, Subcommand)]
pub(super) enum PackCommand {
    /// Read a pack and report every mistake as `file:line:column: message`
    Check(CheckArgs),
    /// List the embedded packs, or with --coverage the benefits of one and how much of their rules is confirmed
    List(ListArgs),
    /// Show the rules of a benefit as one reads them
    Show(ShowArgs),
    /// Tell what is different between two packs, or between the one a store was last served with and a new one
    Compare(CompareArgs),
    /// Tell what is different between two packs, in words: amounts, conditions, forms, procedures
    Diff(DiffArgs),
    /// Bring a new version to a store: two administrators then propose it and put it in force
    Offer(OfferArgs),
    /// Work a benefit out for a household of a file, and tell all of its reasons
    Explain(ExplainArgs),
    /// Work every household of a store out by two versions of a pack: who gains, who loses, and how much a month; nothing is written
    Impact(super::impact::ImpactArgs),
    /// Try an expression of the rule language out
    Eval(EvalArgs),
}

/// Options of `pack check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pack: PackArgs,
    /// Also show what is no mistake but rests on unconfirmed law
    #[arg(long)]
    notes: bool,
}

/// Which pack.
#[derive(Debug, Args)]
pub(super) struct PackArgs {
    /// The pack: the name of an embedded one, or a folder [default: me]
    #[arg(long, env = "KARTON_PACK")]
    pack: Option<String>,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Options of `pack list`.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    pack: PackArgs,
    /// The benefits of the pack, and how much of each rule is confirmed law
    #[arg(long)]
    coverage: bool,
}

/// Options of `pack show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The benefit's code
    benefit: String,
    #[command(flatten)]
    pack: PackArgs,
    /// With the parameters of this day [default: today, or the last day the pack covers]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// The language [default: English where the pack has it]
    #[arg(long)]
    lang: Option<String>,
}

/// Options of `pack compare`.
#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// The new pack: the name of an embedded one, or a folder
    new: String,
    /// The old one; otherwise that of the store
    #[arg(long)]
    old: Option<String>,
    #[command(flatten)]
    store: super::StoreArgs,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Options of `pack diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The pack as it is: the name of an embedded one, or a folder
    old: String,
    /// The pack as it would be
    new: String,
    #[command(flatten)]
    store: super::StoreArgs,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Options of `pack offer`.
#[derive(Debug, Args)]
pub(super) struct OfferArgs {
    /// The new version: the name of an embedded pack, or a folder
    new: String,
    #[command(flatten)]
    store: super::StoreArgs,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Options of `pack explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The benefit's code
    benefit: String,
    /// A TOML file with the household in the words of worked examples
    household: PathBuf,
    #[command(flatten)]
    pack: PackArgs,
    /// The day of the assessment, where the file names none [default: today, or the last day the pack covers]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// The language [default: English where the pack has it]
    #[arg(long)]
    lang: Option<String>,
}

/// Options of `pack eval`.
#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// The expression
    expression: String,
    #[command(flatten)]
    pack: PackArgs,
    /// A TOML file of facts in the words of worked examples
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The day of the assessment [default: today, or the last day the pack covers]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// The language [default: English where the pack has it]
    #[arg(long)]
    lang: Option<String>,
}

pub(super) async fn run(config: &Config, command: PackCommand) -> Outcome {
    match command {
        PackCommand::Check(args) => check(config, &args),
        PackCommand::List(args) if args.coverage => coverage(config, &args.pack),
        PackCommand::List(args) => list(args.pack.json),
        PackCommand::Show(args) => {
            let pack = load(config, &args.pack)?;
            let on = day(&pack, args.on)?;
            let text = show::show(&pack, &args.benefit, on, &language(&pack, args.lang.as_ref())?);
            let text = text.ok_or_else(|| no_benefit(&pack, &args.benefit))?;
            if args.pack.json {
                say_json(&json!({ "benefit": args.benefit, "on": on, "text": text }))
            } else {
                Ok(say(text.trim_end())?)
            }
        }
        PackCommand::Explain(args) => explain(config, &args),
        PackCommand::Impact(args) => super::impact::run(config, args).await,
        PackCommand::Eval(args) => eval(config, &args),
        PackCommand::Compare(args) => compare(config, &args).await,
        PackCommand::Diff(args) => {
            let both = CompareArgs {
                new: args.new,
                old: Some(args.old),
                store: args.store,
                json: args.json,
            };
            compare(config, &both).await
        }
        PackCommand::Offer(args) => offer(config, args).await,
    }
}

/// Keeps a version in a store that is served already; nobody is served by it before two administrators say so.
async fn offer(config: &Config, mut args: OfferArgs) -> Outcome {
    let files = pack::files(&args.new).map_err(Failed::usage)?;
    let pack = Pack::load(&files).map_err(|mistakes| told(&mistakes))?;
    args.store.pack = Some(args.new);
    let chosen = config.choose(&args.store)?;
    // Where nothing was served yet, opening would put it in force.
    let served = chosen.store.read(packs::newest).await.ok().flatten();
    if served.is_none() {
        return Err(anyhow::anyhow!("there is no store here that has been served with a pack").into());
    }
    let house = chosen
        .open(crate::gateway::Settings::default(), false)
        .await?
        .house;
    let (changes, _) = crate::upgrades::offer(&house, files, &pack).await?;
    let in_force = house.pack.hash == pack.hash;
    if args.json {
        return say_json(&json!({ "hash": pack.hash, "in_force": in_force, "changes": changes }));
    }
    for change in &changes {
        say(change)?;
    }
    say(format!("the version {} is kept", pack.hash))?;
    say(match in_force {
        true => "it is in force already",
        false => "an administrator proposes it in the client (Pack), another one puts it in force",
    })?;
    Ok(())
}

/// What a new version would change, and how many running matters would stay on the versions they began with.
async fn compare(config: &Config, args: &CompareArgs) -> Outcome {
    let new = pack::files(&args.new).map_err(Failed::usage)?;
    let loaded = Pack::load(&new).map_err(|mistakes| told(&mistakes))?;
    let (old, running) = match &args.old {
        Some(old) => (pack::files(old).map_err(Failed::usage)?, None),
        None => {
            let (store, _) = config.open_store(&args.store)?;
            let today = crate::house::clock_of(&loaded, None)?.today();
            let kept = store.read(move |tx| {
                let in_force =
                    packs::in_force(tx, today)?.map_or_else(|| packs::newest(tx), |hash| Ok(Some(hash)))?;
                in_force.map(|hash| packs::Packs::files(tx, &hash)).transpose()
            });
            let kept = kept
                .await
                .map_err(|_| anyhow::anyhow!("there is no store here"))?;
            let kept = kept
                .flatten()
                .ok_or_else(|| anyhow::anyhow!("the store has not been served with a pack yet"))?;
            (kept, Some(store.read(packs::running).await?))
        }
    };
    let changes = compare_packs(&old, &new);
    if args.json {
        return say_json(&json!({ "changes": changes, "running": running }));
    }
    for change in &changes {
        say(change)?;
    }
    match changes.len() {
        0 => say("nothing is different")?,
        1 => say("1 difference")?,
        many => say(format!("{many} differences"))?,
    }
    for (hash, matters) in running.iter().flatten() {
        say(format!("{matters} running matters stay on the version {hash}"))?;
    }
    Ok(())
}

fn load(config: &Config, args: &PackArgs) -> Result<Pack, Failed> {
    let files = pack::files(&config.pack(args.pack.as_ref())).map_err(Failed::usage)?;
    Pack::load(&files).map_err(|mistakes| told(&mistakes))
}

/// The day asked for; otherwise today in the country, within what the pack covers.
pub(super) fn day(pack: &Pack, asked: Option<Date>) -> Result<Date, Failed> {
    if let Some(day) = asked {
        return Ok(day);
    }
    let today: Clock = crate::house::clock_of(pack, None)?;
    let last = pack
        .country
        .covers_until
        .yesterday()
        .unwrap_or(pack.country.covers_until);
    Ok(today.today().min(last))
}

pub(super) fn language(pack: &Pack, asked: Option<&String>) -> Result<String, Failed> {
    let known = &pack.country.languages;
    match asked {
        Some(language) if known.contains(language) => Ok(language.clone()),
        Some(language) => Err(Failed::usage(format!(
            "the pack has no texts in “{language}”; it has {}",
            known.join(", ")
        ))),
        None if known.iter().any(|language| language == "en") => Ok("en".to_owned()),
        None => Ok(known.first().cloned().unwrap_or_default()),
    }
}

/// What a pack names that only the house knows: its time zone, what its letters are written in, and the generator's settings, where
/// it has fictional people.
fn beyond_the_rules(pack: &Pack, files: &pack::Files) -> Vec<karton_rules::Mistake> {
    let at = |file: &str, what: &str, message: String| {
        let text = files.get(file).map_or("", String::as_str);
        karton_rules::Mistake::at(file, text, text.find(what).unwrap_or(0), message)
    };
    let mut found = Vec::new();
    if let Err(error) = crate::house::clock_of(pack, None) {
        found.push(at("country.toml", "time_zone", error.to_string()));
    }
    for (name, by_language) in &pack.letters {
        for (language, text) in by_language {
            for (offset, problem) in karton_letters::check_markdown(text) {
                let file = format!("letters/{name}.{language}.md");
                let said = match problem {
                    karton_letters::LetterError::Unsupported { found, .. } => {
                        format!("{found} cannot stand in a letter")
                    }
                    karton_letters::LetterError::Block { reason, .. } => reason.to_owned(),
                    other => other.to_string(),
                };
                found.push(karton_rules::Mistake::at(&file, text, offset, said));
            }
        }
    }
    if !pack.people.is_empty() {
        for error in generate::Settings::mistakes(files) {
            let (file, why) = error.parts();
            let text = files.get(file).map_or("", String::as_str);
            // What cannot be read says its line first and the reason last.
            let said = why.trim().lines().last().unwrap_or(why).to_owned();
            let at = error.at().unwrap_or_else(|| line_of(text, why));
            found.push(karton_rules::Mistake::at(file, text, at, said));
        }
    }
    found
}

/// Where the line begins that a reason names: `… at line 3, column 5 …`; the file's beginning where it names none.
fn line_of(text: &str, why: &str) -> usize {
    let number = why.split("at line ").nth(1).and_then(|rest| {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse::<usize>().ok()
    });
    let before = number.unwrap_or(1).saturating_sub(1);
    text.split_inclusive('\n').take(before).map(str::len).sum()
}

fn check(config: &Config, args: &CheckArgs) -> Outcome {
    let (notes_too, args) = (args.notes, &args.pack);
    let files = pack::files(&config.pack(args.pack.as_ref())).map_err(Failed::usage)?;
    let loaded = Pack::load(&files).and_then(|pack| match beyond_the_rules(&pack, &files) {
        found if found.is_empty() => Ok(pack),
        found => Err(found),
    });
    let (mistakes, notes) = match &loaded {
        Ok(pack) => (Vec::new(), pack.notes.clone()),
        Err(mistakes) => (mistakes.clone(), Vec::new()),
    };
    if args.json {
        let shown = |mistakes: &[karton_rules::Mistake]| -> Vec<serde_json::Value> {
            let one = |it: &karton_rules::Mistake| json!({ "file": it.file, "line": it.line, "column": it.column, "message": it.message });
            mistakes.iter().map(one).collect()
        };
        say_json(&json!({ "mistakes": shown(&mistakes), "notes": shown(&notes) }))?;
        return if mistakes.is_empty() {
            Ok(())
        } else {
            Err(Failed::Said)
        };
    }
    match loaded {
        Err(mistakes) => {
            for mistake in &mistakes {
                say(format!("{mistake}\n"))?;
            }
            say(counted(mistakes.len()))?;
            Err(Failed::Said)
        }
        Ok(pack) => {
            for note in pack.notes.iter().filter(|_| notes_too) {
                say(format!("note: {note}\n"))?;
            }
            if !(notes_too || pack.notes.is_empty()) {
                say(format!(
                    "{} notes on what is not confirmed; --notes shows them",
                    pack.notes.len()
                ))?;
            }
            let cases: usize = pack.benefits.iter().map(|benefit| benefit.cases.len()).sum();
            say(format!(
                "no mistakes: {} files, {} benefits, {cases} worked examples, {} parameters, {} facts; pack {}",
                files.len(),
                pack.benefits.len(),
                pack.parameters.len(),
                pack.facts.len(),
                pack.hash
            ))?;
            Ok(())
        }
    }
}

fn list(json: bool) -> Outcome {
    let names = pack::embedded();
    if json {
        return say_json(&names);
    }
    for name in names {
        say(name)?;
    }
    Ok(())
}

fn coverage(config: &Config, args: &PackArgs) -> Outcome {
    let pack = load(config, args)?;
    let (rows, whole) = (coverage::coverage(&pack), coverage::whole(&pack));
    if args.json {
        return say_json(&json!({ "whole": whole, "benefits": rows }));
    }
    say(
        "benefit  conditions confirmed/unconfirmed  amount  examples confirmed/unconfirmed: all, granted, at the boundary, beside a change, odd",
    )?;
    for row in rows {
        let amount = match row.amount_confirmed {
            None => "none",
            Some(true) => "confirmed",
            Some(false) => "unconfirmed",
        };
        let shown = |it: Shown| format!("{}/{}", it.confirmed, it.unconfirmed);
        let kinds = row.kinds;
        let lacking = kinds.lacking();
        say(format!(
            "{}  {}/{}  {amount}  {}/{}  {}  {}  {}  {}{}",
            row.benefit,
            row.confirmed,
            row.unconfirmed,
            row.cases_confirmed,
            row.cases_unconfirmed,
            shown(kinds.granted),
            shown(kinds.boundary),
            kinds.change.map_or("-".to_owned(), shown),
            shown(kinds.odd),
            if lacking.is_empty() {
                String::new()
            } else {
                format!("  lacking: {}", lacking.join(", "))
            }
        ))?;
    }
    say(format!(
        "\n{} of {} benefits of the catalogue ({} in kind), {} procedures ({} of social work, {} of {} listed), {} services ({} of {} listed) of {} institutions, {} own registers, {} signals, {} forms, {} facts",
        whole.benefits,
        whole.of_benefits,
        whole.in_kind,
        whole.procedures,
        whole.of_cases,
        whole.listed_procedures.there,
        whole.listed_procedures.of,
        whole.services,
        whole.listed_services.there,
        whole.listed_services.of,
        whole.institutions,
        whole.own_registers,
        whole.signals,
        whole.forms,
        whole.facts
    ))?;
    for (what, confirmed, unconfirmed) in [
        ("dated values", whole.values_confirmed, whole.values_unconfirmed),
        (
            "conditions",
            whole.conditions_confirmed,
            whole.conditions_unconfirmed,
        ),
        (
            "incompatibilities",
            whole.beside_confirmed,
            whole.beside_unconfirmed,
        ),
        ("worked examples", whole.cases_confirmed, whole.cases_unconfirmed),
    ] {
        say(format!(
            "{what}: {confirmed} confirmed, {unconfirmed} not ({} %)",
            coverage::percent(confirmed, unconfirmed)
        ))?;
    }
    if !whole.lacking.is_empty() {
        say(format!("not there: {}", whole.lacking.join(", ")))?;
    }
    Ok(())
}

/// Works a benefit out for a household of a file, and tells all of its reasons.
fn explain(config: &Config, args: &ExplainArgs) -> Outcome {
    let pack = load(config, &args.pack)?;
    let on = day(&pack, args.on)?;
    let language = language(&pack, args.lang.as_ref())?;
    let text = std::fs::read_to_string(&args.household)
        .map_err(|error| Failed::usage(format!("{}: {error}", args.household.display())))?;
    let input = pack
        .read_facts(&args.household.display().to_string(), &text, on)
        .map_err(|mistakes| told(&mistakes))?;
    let Some(found) = assess(&pack, &args.benefit, &input) else {
        return Err(no_benefit(&pack, &args.benefit));
    };
    if args.pack.json {
        return say_json(&found);
    }
    Ok(say(karton_rules::told::told(&pack, &found, &language).trim_end())?)
}

fn no_benefit(pack: &Pack, asked: &str) -> Failed {
    let known: Vec<&str> = pack
        .benefits
        .iter()
        .map(|benefit| benefit.code.as_str())
        .collect();
    Failed::usage(format!(
        "the pack has no benefit “{asked}”; it has {}",
        known.join(", ")
    ))
}

fn eval(config: &Config, args: &EvalArgs) -> Outcome {
    let pack = load(config, &args.pack)?;
    let on = day(&pack, args.on)?;
    let file = match &args.facts {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failed::usage(format!("{}: {error}", path.display())))?;
            Some((path.display().to_string(), text))
        }
    };
    let facts = file.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    let language = language(&pack, args.lang.as_ref())?;
    match show::eval_text(&pack, &args.expression, facts, on, &language) {
        Err(mistakes) => {
            if args.pack.json {
                let one = |it: &karton_rules::Mistake| json!({ "file": it.file, "line": it.line, "column": it.column, "message": it.message });
                say_json(&json!({ "mistakes": mistakes.iter().map(one).collect::<Vec<_>>() }))?;
            } else {
                for mistake in &mistakes {
                    say(mistake)?;
                }
            }
            Err(Failed::Said)
        }
        Ok(value) if args.pack.json => say_json(&value),
        Ok(value) => {
            say(format!("{} ({})", value.value, value.unit))?;
            if !value.missing.is_empty() {
                say(format!("missing: {}", value.missing.join(", ")))?;
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_fictional_people_and_the_time_zone_are_looked_over_too() {
        for country in ["me", "ro", "ua"] {
            let files = pack::files(country).unwrap();
            let pack = Pack::load(&files).unwrap();
            assert_eq!(beyond_the_rules(&pack, &files), [], "{country}");

            let mut broken = files.clone();
            let text = broken.get_mut("people/generator.toml").unwrap();
            let line = text[..text.find("odd_names_permille").unwrap()]
                .matches('\n')
                .count()
                + 1;
            *text = text.replacen("odd_names_permille", "odd_nams_permille", 1);
            let found = beyond_the_rules(&pack, &broken);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(
                (found[0].file.as_str(), found[0].line),
                ("people/generator.toml", line),
                "{found:?}"
            );
            assert!(found[0].message.contains("odd_nams_permille"), "{found:?}");

            let mut broken = files.clone();
            let (name, text) = broken
                .iter_mut()
                .find(|(name, _)| name.starts_with("letters/decision."))
                .unwrap();
            let name = name.clone();
            let line = text.matches('\n').count() + 2;
            text.push_str("\nsee **[the page](https://example.test)** and `more`\n");
            let wrong = Pack::load(&broken).unwrap();
            let found = beyond_the_rules(&wrong, &broken);
            let places: Vec<_> = (found.iter())
                .map(|it| (it.file.as_str(), it.line, it.column, it.message.as_str()))
                .collect();
            assert_eq!(
                places,
                [
                    (name.as_str(), line, 7, "a link cannot stand in a letter"),
                    (name.as_str(), line, 46, "code cannot stand in a letter"),
                ]
            );

            let mut broken = files.clone();
            broken.remove("people/given_names.csv");
            let found = beyond_the_rules(&pack, &broken);
            assert_eq!(
                found[0].message, "this file is missing from the pack",
                "{found:?}"
            );

            let mut broken = files.clone();
            let country = broken.get_mut("country.toml").unwrap();
            *country = country.replacen("time_zone = \"Europe/", "time_zone = \"Europa/", 1);
            let pack = Pack::load(&broken).unwrap();
            let found = beyond_the_rules(&pack, &broken);
            assert!(
                found
                    .iter()
                    .any(|it| it.file == "country.toml" && it.line_text.contains("Europa/")),
                "{found:?}"
            );
        }
    }
}
