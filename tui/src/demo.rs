//! `karton demo`: server, registers, fictional people and this client in one go. Only here, and only with the feature
//! `demo`, does the client know the server, and only through its one door.

use crate::config::Settings;
use anyhow::Result;

#[cfg(feature = "demo")]
pub use with_server::{Args, Hidden, hidden, run};

#[cfg(feature = "demo")]
mod with_server {
    use super::{Result, Settings};
    use crate::{
        api::HttpApi,
        app::{Demo, DemoFamily, DemoOfficer},
        i18n::Words,
        runtime,
    };
    use anyhow::Context;
    use karton_server::demo::Progress;
    use std::net::{Ipv4Addr, SocketAddr};

    /// What can be said to the demo: the server's own words.
    pub type Args = karton_server::demo::DemoArgs;

    /// Subcommands that the demo starts itself with; not for people.
    #[derive(Debug, clap::Subcommand)]
    pub enum Hidden {
        /// The simulated registers of other institutions
        #[command(hide = true)]
        Registers(karton_server::registers::RegistersArgs),
        /// The text of one file, read in a process of its own
        #[command(hide = true)]
        ReadText,
    }

    /// Starts everything and runs the client, signed in as the first officer; leaving the client stops the rest.
    pub fn run(settings: &Settings, args: &Args) -> Result<()> {
        let words = Words::of(settings.lang);
        // The terminal belongs to the client; a demo that cannot write its log is a demo all the same.
        let logged = std::fs::create_dir_all(&settings.state)
            .context("the log")
            .and_then(|()| karton_server::demo::log_to(&settings.state.join("demo.log")));
        if let Err(why) = logged {
            eprintln!("{why:#}");
        }
        let server = tokio::runtime::Runtime::new().context("the demo cannot start")?;
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let demo = server.block_on(karton_server::demo::start(args, any_port, |progress| {
            let says = match progress {
                Progress::Registers => words.t("demo-registers"),
                Progress::Store => words.t("demo-store"),
                Progress::People(there, all) if there % 500 == 0 => {
                    format!("{} {there}/{all}", words.t("demo-people"))
                }
                Progress::People(..) | Progress::Ready => return,
            };
            eprintln!("{says}");
        }))?;
        let shown = Demo {
            officers: demo
                .officers
                .iter()
                .map(|o| DemoOfficer {
                    user: o.account.clone(),
                    password: o.password.to_owned(),
                    label: o.name.clone(),
                    roles: o
                        .roles
                        .iter()
                        .map(|role| crate::screens::role_words(*role))
                        .collect(),
                    office: o.office.clone(),
                })
                .collect(),
            families: demo
                .families
                .iter()
                .map(|f| DemoFamily {
                    name: f.name.clone(),
                    number: f.national_id.clone(),
                    says: f.says.clone(),
                })
                .collect(),
        };
        let settings = Settings {
            server: demo.url.clone(),
            lock_minutes: 0,
            ..settings.clone()
        };
        let left = runtime::run(&settings, HttpApi::new(&settings), shown);
        server.block_on(demo.stop());
        left
    }

    /// Runs a subcommand that the demo started itself with.
    pub fn hidden(hidden: Hidden) -> Result<()> {
        match hidden {
            Hidden::Registers(args) => {
                let runtime = tokio::runtime::Runtime::new()?;
                runtime.block_on(karton_server::registers::run(args))
            }
            Hidden::ReadText => {
                anyhow::ensure!(
                    karton_server::reading::stand_in() == std::process::ExitCode::SUCCESS,
                    "it could not be read"
                );
                Ok(())
            }
        }
    }
}

/// What can be said to the demo.
#[cfg(not(feature = "demo"))]
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Whatever the demo would understand
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<String>,
}

/// Subcommands that the demo starts itself with; a client without the demo has none.
#[cfg(not(feature = "demo"))]
#[derive(Debug, clap::Subcommand)]
pub enum Hidden {}

/// Says where the demo is.
#[cfg(not(feature = "demo"))]
pub fn run(_settings: &Settings, args: &Args) -> Result<()> {
    anyhow::bail!(
        "this client was built without the demo; in the source folder run: cargo demo {}",
        args.rest.join(" ")
    )
}

/// Runs none.
#[cfg(not(feature = "demo"))]
pub fn hidden(hidden: Hidden) -> Result<()> {
    match hidden {}
}
