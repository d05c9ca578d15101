//! `demo` and `generate`: fictional people, with or without a server before them.

use super::{Config, Failed, Outcome, StoreArgs, say, say_json};
use crate::{
    demo::{self, DemoArgs, Progress},
    gateway,
    generate::{self, Population},
};
use anyhow::Context as _;
use clap::Args;
use std::{io::IsTerminal as _, io::Write as _, net::SocketAddr};

/// How the demo is run without the client.
#[derive(Debug, Args)]
pub(super) struct DemoCommand {
    #[command(flatten)]
    demo: DemoArgs,
    /// Where to listen; port 0 takes a free one and says which
    #[arg(long, env = "KARTON_LISTEN", default_value = "127.0.0.1:8640")]
    listen: SocketAddr,
    /// Say addresses, officers and families as JSON, on one line
    #[arg(long)]
    json: bool,
}

pub(super) async fn demo(config: &Config, command: DemoCommand) -> Outcome {
    super::serve::log(config);
    if !command.listen.ip().is_loopback() {
        return Err(Failed::usage(
            "the demo has known passwords: it listens on a loopback address only",
        ));
    }
    let demo = demo::start(&command.demo, command.listen, progress).await?;
    if command.json {
        say_json(&serde_json::json!({
            "url": demo.url, "registers": demo.registers, "today": demo.today, "persons": demo.persons,
            "officers": demo.officers, "families": demo.families,
        }))?;
    } else {
        say(format!(
            "Karton's demo runs at {}; its day is {}; everybody in it is fictional.",
            demo.url, demo.today
        ))?;
        say("")?;
        say("Officers:")?;
        for officer in &demo.officers {
            let roles: Vec<String> = officer
                .roles
                .iter()
                .map(|role| format!("{role:?}").to_lowercase())
                .collect();
            say(format!(
                "  {:8} {:14} {:8} {:20} password {}",
                officer.account,
                officer.name,
                officer.office,
                roles.join(", "),
                officer.password
            ))?;
        }
        say("")?;
        say("Families to try:")?;
        for family in &demo.families {
            let story = family.says.get("en").cloned().unwrap_or_default();
            say(format!("  {}  {:22} {}", family.national_id, family.name, story))?;
        }
        say("")?;
        say(format!(
            "Client: karton --server {}   Registers: {}   Ctrl+C ends it.",
            demo.url, demo.registers
        ))?;
    }
    super::serve::told_to_stop().await;
    demo.stop().await;
    Ok(())
}

/// One line that is written over on a terminal, plain lines elsewhere; on standard error, so that answers stay clean.
fn progress(progress: Progress) {
    let mut out = std::io::stderr();
    let there = out.is_terminal();
    let line = match progress {
        Progress::Registers => "starting the registers".to_owned(),
        Progress::Store => "opening the store".to_owned(),
        Progress::People(done, all) => format!("making people: {done} of {all}"),
        Progress::Ready => String::new(),
    };
    let written = match (there, progress) {
        (true, Progress::Ready) => write!(out, "\r\x1b[K"),
        (true, _) => write!(out, "\r{line}\x1b[K"),
        (false, Progress::Ready | Progress::People(..)) => Ok(()),
        (false, _) => writeln!(out, "{line}"),
    };
    // Nobody reads it: then nobody misses it.
    let _unread = written.and_then(|()| out.flush());
}

/// Fills a store with fictional people.
#[derive(Debug, Args)]
pub(super) struct GenerateCommand {
    #[command(flatten)]
    store: StoreArgs,
    /// How many people
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=20_000_000))]
    persons: u64,
    /// Another seed, other people
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also what an office has on file of them: facts, applications and awards
    #[arg(long)]
    on_file: bool,
    /// Say the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn generate(config: &Config, mut command: GenerateCommand) -> Outcome {
    super::serve::log(config);
    let pack = config.pack(command.store.pack.as_ref());
    let text = generate::pack_text(&pack).with_context(|| format!("the pack {pack}"))?;
    let settings = generate::Settings::read(&text)?;
    let today = command
        .store
        .today
        .or(settings.demo_today())
        .context("the pack has no demo_today; give --today")?;
    // They are registered on the day they are made for.
    command.store.today = Some(today);
    let opened = config
        .choose(&command.store)?
        .open(gateway::Settings::default(), false)
        .await?;
    if let Some(first) = &opened.first_admin {
        say(format!(
            "the first administrator is “{}” with the first password {}",
            first.user.user, first.password
        ))?;
    }
    let house = opened.house;
    let population = Population {
        seed: command.seed,
        persons: command.persons,
        today,
    };
    let all = command.persons;
    let told = |done| progress(Progress::People(done, all));
    let loaded = match command.on_file {
        true => demo::population::load_on_file(&house, (&settings, &text), population, told).await?,
        false => demo::population::load(&house, &settings, population, told).await?,
    };
    progress(Progress::Ready);
    if command.json {
        say_json(&serde_json::json!({
            "persons": loaded.persons, "households": loaded.households, "awards": loaded.awards, "facts": loaded.facts,
            "waiting": loaded.waiting,
        }))
    } else {
        Ok(say(format!(
            "{} fictional people in {} households, with {} awards, {} facts, and {} applications that wait",
            loaded.persons, loaded.households, loaded.awards, loaded.facts, loaded.waiting
        ))?)
    }
}
