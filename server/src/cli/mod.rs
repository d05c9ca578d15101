//! The command line. Exit status 0 is fine, 1 failed, 2 wrong usage.

mod audit;
mod backup;
mod config;
mod demo;
mod impact;
mod import;
mod pack;
mod serve;
mod store;
mod user;

pub use config::{Config, ConfigArgs, StoreArgs};

use clap::{Parser, Subcommand};
use std::{fmt, io::Write as _, process::ExitCode};

/// The Karton server
#[derive(Debug, Parser)]
#[command(
    name = "karton-server",
    version,
    about,
    max_term_width = 100,
    propagate_version = true
)]
struct Cli {
    #[command(flatten)]
    config: ConfigArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve an institution
    Serve(serve::ServeArgs),
    /// Run a demo: fictional people, known officers, simulated registers beside it
    Demo(demo::DemoCommand),
    /// Fill a store with fictional people
    Generate(demo::GenerateCommand),
    /// Run the simulated registers of other institutions
    Registers(crate::registers::RegistersArgs),
    /// Look at country packs
    #[command(subcommand)]
    Pack(pack::PackCommand),
    /// Officers' accounts
    #[command(subcommand)]
    User(user::UserCommand),
    /// The audit log
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Verify a store: the chain of the audit log and the books, each violation named
    Verify(audit::VerifyStoreArgs),
    /// Copy a store into a file while the counter works
    Backup(backup::BackupArgs),
    /// Restore a copy into an empty store, or only try whether it can be restored
    Restore(backup::RestoreArgs),
    /// Bring an old register, which a second person accepts; or only try whether its rows can be taken
    Import(import::ImportArgs),
    /// Bring a store's schema up to date
    Migrate(store::MigrateArgs),
    /// Print the OpenAPI description
    Openapi,
    /// Read the text of one file in a process of its own; the server starts it
    #[command(hide = true)]
    ReadText,
}

/// Why a command ended badly.
#[derive(Debug)]
pub enum Failed {
    /// It did not work: status 1.
    Work(anyhow::Error),
    /// It was called wrongly: status 2.
    Usage(String),
    /// It has said what is wrong already: status 1.
    Said,
}
impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Failed {
        Failed::Work(error.into())
    }
}
impl Failed {
    fn usage(text: impl fmt::Display) -> Failed {
        Failed::Usage(text.to_string())
    }
}

/// What commands answer.
pub type Outcome = Result<(), Failed>;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    // clap ends the process with 2 on wrong usage, and with 0 on help.
    let cli = Cli::parse();
    if let Command::ReadText = cli.command {
        // Bounded before anything else is begun.
        return crate::reading::stand_in();
    }
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failed::from)
        .and_then(|runtime| runtime.block_on(run(cli)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed::Work(error)) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
        Err(Failed::Said) => ExitCode::FAILURE,
        Err(Failed::Usage(text)) => {
            complain(&text);
            ExitCode::from(2)
        }
    }
}

async fn run(cli: Cli) -> Outcome {
    let config = Config::read(cli.config)?;
    match cli.command {
        Command::Serve(args) => serve::run(config, args).await,
        Command::Demo(args) => demo::demo(&config, args).await,
        Command::Generate(args) => demo::generate(&config, args).await,
        Command::Registers(args) => {
            serve::log(&config);
            Ok(crate::registers::run(args).await?)
        }
        Command::Pack(command) => pack::run(&config, command).await,
        Command::User(command) => user::run(&config, command).await,
        Command::Audit(command) => audit::run(&config, command).await,
        Command::Verify(args) => audit::verify_store(&config, args).await,
        Command::Backup(args) => backup::backup(&config, args).await,
        Command::Restore(args) => backup::restore(&config, args).await,
        Command::Import(args) => import::run(&config, args).await,
        Command::Migrate(args) => store::migrate(&config, args).await,
        Command::Openapi => serve::openapi().await,
        // Done before.
        Command::ReadText => Ok(()),
    }
}

/// A line for people on standard error.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "karton-server: {text}");
}

/// A line of the answer on standard output.
fn say(text: impl fmt::Display) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        // Whoever read has seen enough (`| head`).
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// The answer as JSON, on one line.
fn say_json(value: &impl serde::Serialize) -> Outcome {
    say(serde_json::to_string(value)?)?;
    Ok(())
}
