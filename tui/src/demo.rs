//! `karton demo`: server, registers, fictional people and this client in one go. Only here, and only with the feature
//! `demo`, does the client know the server.

use crate::config::Settings;
use anyhow::Result;

/// What can be said to the demo.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The country
    #[arg(long, default_value = "me")]
    pub pack: String,
    /// How many fictional people
    #[arg(long, default_value_t = 2000)]
    pub persons: u32,
}

/// Subcommands that the demo starts itself with; not for people.
#[derive(Debug, clap::Subcommand)]
pub enum Hidden {}

/// Starts everything and runs the client, signed in as the first officer; leaving the client stops the rest.
#[cfg(not(feature = "demo"))]
pub fn run(_settings: &Settings, _args: &Args) -> Result<()> {
    anyhow::bail!("this client was built without the demo; run `cargo demo` in the source folder")
}

/// Runs a subcommand that the demo started itself with.
pub fn hidden(hidden: Hidden) -> Result<()> {
    match hidden {}
}
