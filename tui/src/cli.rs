//! The command line.

use crate::{api::HttpApi, config, demo, oneshot, runtime};
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The terminal client of Karton, for people who type forms all day.
#[derive(Debug, Parser)]
#[command(name = "karton", version)]
struct Cli {
    /// Where the server is, https://…
    #[arg(long, global = true)]
    server: Option<String>,
    /// A profile of config.toml
    #[arg(long, global = true)]
    profile: Option<String>,
    /// Language of the screens: cnr or en
    #[arg(long, global = true)]
    lang: Option<String>,
    /// default or contrast
    #[arg(long, global = true)]
    theme: Option<String>,
    /// Attributes only, no colour (NO_COLOR does the same)
    #[arg(long, global = true)]
    mono: bool,
    /// Only ASCII on the screen
    #[arg(long, global = true)]
    ascii: bool,
    /// One column, no boxes: for screen readers and braille
    #[arg(long, global = true)]
    plain: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sign in and keep the session for the one-shot commands
    Login {
        /// The account; asked for when not said
        user: Option<String>,
    },
    /// End the session and forget it
    Logout,
    /// Who is signed in, and where
    Status {
        /// For machines
        #[arg(long)]
        json: bool,
    },
    /// Find people; the text is asked for or read from standard input, for names do not belong in a shell's history
    Find {
        /// For machines
        #[arg(long)]
        json: bool,
    },
    /// Show a dossier by its number or id
    Show {
        /// CSR-01-D-2025/17, or the id
        dossier: String,
        /// For machines
        #[arg(long)]
        json: bool,
    },
    /// The work queue
    Tasks {
        /// mine, office or overdue
        #[arg(default_value = "mine")]
        queue: String,
        /// For machines
        #[arg(long)]
        json: bool,
    },
    /// Server, fictional data and client in one go, signed in
    Demo(demo::Args),
    #[command(flatten)]
    Hidden(demo::Hidden),
}

/// Runs the command line. Exit status 0 fine, 1 failed, 2 wrong usage.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("karton: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let Cli {
        server,
        profile,
        lang,
        theme,
        mono,
        ascii,
        plain,
        command,
    } = cli;
    let settings = || {
        config::load(&config::Flags {
            server,
            profile,
            lang,
            theme,
            mono,
            ascii,
            plain,
        })
    };
    match command {
        None => {
            let settings = settings()?;
            runtime::run(&settings, HttpApi::new(&settings), crate::app::Demo::default())
        }
        Some(Command::Login { user }) => oneshot::login(&settings()?, user),
        Some(Command::Logout) => oneshot::logout(&settings()?),
        Some(Command::Status { json }) => oneshot::status(&settings()?, json),
        Some(Command::Find { json }) => oneshot::find(&settings()?, json),
        Some(Command::Show { dossier, json }) => oneshot::show(&settings()?, &dossier, json),
        Some(Command::Tasks { queue, json }) => oneshot::tasks(&settings()?, &queue, json),
        Some(Command::Demo(args)) => demo::run(&settings()?, &args),
        Some(Command::Hidden(hidden)) => demo::hidden(hidden),
    }
}
