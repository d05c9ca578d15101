//! The demo: fictional people, known officers, and the simulated registers as a process beside it.
//!
//! One door, [`start`], for `karton-server demo` and for `karton demo`. The shown day is the pack's `demo_today` unless another is given, so
//! that it lies inside the period whose amounts are published.

mod child;
mod on_file;
mod organisations;
pub mod population;
mod waiting;

use crate::{
    access::Scope,
    audit::SealKey,
    gateway,
    generate::{self, Population},
    house::{self, House, Unopened},
    objects::Objects,
    pack,
    problem::{Error, Refusal},
    registers,
    serve::{self, Running, Serving},
    store::{self, Store, StoreUrl},
    users,
};
use anyhow::{Context as _, bail};
use child::Child;
use karton_api::{
    Date,
    session::Role,
    users::{NewUser, OfficeRoles},
};
use serde::Serialize;
use std::{net::SocketAddr, path::PathBuf};
use tokio::net::TcpListener;

/// Of all officers of the demo.
pub const PASSWORD: &str = "karton-demo-2025";

/// What the demo is started with.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoArgs {
    /// The pack: the name of an embedded one, or a folder
    #[arg(long, env = "KARTON_PACK", default_value = "me")]
    pub pack: String,
    /// How many fictional people
    #[arg(long, env = "KARTON_PERSONS", default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..=2_000_000))]
    pub persons: u64,
    /// Another seed, other people
    #[arg(long, env = "KARTON_SEED", default_value_t = 1)]
    pub seed: u64,
    /// Also what an office has on file of them: facts, applications and awards
    #[arg(long)]
    pub on_file: bool,
    /// The day that is shown; the pack's demo day if not said
    #[arg(long, env = "KARTON_TODAY", value_name = "DATE")]
    pub today: Option<Date>,
    /// Keep the demo's store in this folder and go on with it next time
    #[arg(long, env = "KARTON_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Keep the demo's store in this database instead: `postgres://…` or `sqlite:PATH`
    #[arg(
        long,
        env = "KARTON_DATABASE_URL",
        value_name = "URL",
        conflicts_with = "data_dir"
    )]
    pub database_url: Option<String>,
    /// A file that switches faults of the registers on and off while they run
    #[arg(long, env = "KARTON_FAULTS", value_name = "FILE")]
    pub faults: Option<PathBuf>,
}

/// An officer of the demo.
#[derive(Debug, Clone, Serialize)]
pub struct DemoOfficer {
    /// The account's name.
    pub account: String,
    /// The officer's name.
    pub name: String,
    /// The same for all.
    pub password: &'static str,
    /// The office's code.
    pub office: String,
    /// The roles there.
    pub roles: Vec<Role>,
}

/// A family of the demo to try something with.
#[derive(Debug, Clone, Serialize)]
pub struct DemoFamily {
    /// The name of the one who would apply.
    pub name: String,
    /// Their national number.
    pub national_id: String,
    /// Who lives together, and how many.
    pub members: usize,
    /// The story, by language.
    pub says: karton_api::common::Texts,
}

/// The demo at work. It stops with [`Demo::stop`], or when it is dropped.
pub struct Demo {
    /// The server's address, for a client.
    pub url: String,
    /// The registers' address.
    pub registers: String,
    /// The shown day.
    pub today: Date,
    /// How many people there are.
    pub persons: u64,
    /// In the order in which one would walk through them.
    pub officers: Vec<DemoOfficer>,
    /// Families to try.
    pub families: Vec<DemoFamily>,
    /// The house, for whoever holds the demo.
    pub house: House,
    server: Running,
    child: Child,
}

impl Demo {
    /// Stops the server, finishes what is under way, and ends the registers.
    pub async fn stop(self) {
        self.server.stop().await;
        self.child.stop();
    }
}

/// Writes the server's log to a file: the terminal belongs to the client.
pub fn log_to(file: &std::path::Path) -> anyhow::Result<()> {
    let file = std::fs::File::create(file).with_context(|| file.display().to_string())?;
    let filter = tracing_subscriber::EnvFilter::new("info,tokio_postgres=warn,hyper=warn,h2=warn");
    let begun = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(file)
        .try_init();
    begun.map_err(|error| anyhow::anyhow!("the log: {error}"))
}

/// What happens while the demo starts, for whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The registers are being started.
    Registers,
    /// The store is being opened.
    Store,
    /// So many people are there, of so many.
    People(u64, u64),
    /// Everything runs.
    Ready,
}

/// Starts everything. `listen` is where the server listens; port 0 takes a free one.
pub async fn start(args: &DemoArgs, listen: SocketAddr, progress: impl Fn(Progress)) -> anyhow::Result<Demo> {
    let text = generate::pack_text(&args.pack).with_context(|| format!("the pack {}", args.pack))?;
    let settings = generate::Settings::read(&text)?;
    let today = args
        .today
        .or(settings.demo_today())
        .context("the pack has no demo_today; give --today")?;
    progress(Progress::Registers);
    let child = child::start(args, today)
        .await
        .context("the simulated registers")?;

    progress(Progress::Store);
    let (url, seal_key) = match (&args.data_dir, &args.database_url) {
        (Some(folder), _) => {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            (
                StoreUrl::Sqlite(folder.join("demo.db")),
                SealKey::of_folder(folder)?,
            )
        }
        (None, Some(url)) => (StoreUrl::parse(url)?, SealKey::passing()),
        (None, None) => (StoreUrl::Temporary, SealKey::passing()),
    };
    let files = pack::files(&args.pack).with_context(|| format!("the pack {}", args.pack))?;
    let mut opening = house::Settings::new(Store::open(&url, &store::Options::default())?, files);
    let read = karton_rules::Pack::load(&opening.files).map_err(|mistakes| mistakes_of(&mistakes))?;
    opening.clock = Some(house::clock_of(&read, Some(today))?);
    // Only the registers of this demo know it.
    let key = registers::fresh_key();
    opening.gateway = gateway::Settings {
        key: Some(gateway::GatewayKey::of(key.as_bytes())),
        address: Some(child.url.clone()),
        client: settings.gateway_client().to_owned(),
    };
    if let Some(folder) = &args.data_dir {
        opening.objects = Some(Objects::folder(&folder.join("documents"))?);
    }
    opening.seal_key = seal_key;
    opening.demo = true;
    let house = match house::open(opening).await {
        Ok(opened) => opened.house,
        Err(Unopened::Pack(mistakes)) => return Err(mistakes_of(&mistakes)),
        Err(other) => return Err(other.into()),
    };
    let officers = officers(&house, &settings).await?;
    let population = Population {
        seed: args.seed,
        persons: args.persons,
        today,
    };
    let empty = house
        .store
        .read(|tx| Ok::<_, Error>(tx.query("SELECT 1 FROM person LIMIT 1", &[])?.is_empty()))
        .await?;
    let mut persons = args.persons;
    if empty {
        progress(Progress::People(0, args.persons));
        let told = |there| progress(Progress::People(there, args.persons));
        let loaded = match args.on_file {
            true => population::load_on_file(&house, (&settings, &text), population, told).await?,
            false => population::load(&house, &settings, population, told).await?,
        };
        persons = loaded.persons;
    }
    organisations::load(&house).await?;
    let families = families(&settings, population);
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("listening on {listen}"))?;
    let server = serve::start(house.clone(), listener, Serving::default())?;
    registers::deliver_to(&child.url, &server.url(), &key, None)
        .await
        .context("the simulated registers")?;
    progress(Progress::Ready);
    Ok(Demo {
        url: server.url(),
        registers: child.url.clone(),
        today,
        persons,
        officers,
        families,
        house,
        server,
        child,
    })
}

fn mistakes_of(mistakes: &[karton_rules::Mistake]) -> anyhow::Error {
    let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("the pack has mistakes:\n{}", all.join("\n"))
}

/// Opens the accounts of the demo's officers where they are not there yet.
async fn officers(house: &House, settings: &generate::Settings) -> anyhow::Result<Vec<DemoOfficer>> {
    let offices = house.offices.all();
    let Some(top) = house.offices.top() else {
        bail!("the pack has no offices")
    };
    let mut found = Vec::new();
    for officer in settings.officers() {
        if !offices.iter().any(|office| office.code == officer.office) {
            bail!("people/officers.toml: the pack has no office {}", officer.office);
        }
        found.push(DemoOfficer {
            account: officer.account.clone(),
            name: officer.name.clone(),
            password: PASSWORD,
            office: officer.office.clone(),
            roles: officer.roles.clone(),
        });
    }
    let officers = found;
    let actor = crate::access::Actor {
        officer: None,
        office: top.id,
    };
    for officer in &officers {
        let body = NewUser {
            user: officer.account.clone(),
            name: officer.name.clone(),
            roles: vec![OfficeRoles {
                office: officer.office.clone(),
                roles: officer.roles.to_vec(),
            }],
        };
        let opened = users::open_account(
            house,
            actor,
            Scope::under(top.id),
            &body,
            Some(officer.password.to_owned()),
        )
        .await;
        match opened {
            Ok(_) | Err(Error::Refused(Refusal::UserTaken)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(officers)
}

/// The families with a story, which every population begins with.
fn families(settings: &generate::Settings, population: Population) -> Vec<DemoFamily> {
    population
        .generate(settings)
        .take_while(|household| household.story.is_some())
        .filter_map(|household| {
            let head = household.members.first()?;
            Some(DemoFamily {
                name: format!(
                    "{} {}",
                    head.given_name,
                    head.family_name.as_deref().unwrap_or_default()
                )
                .trim()
                .to_owned(),
                national_id: head.national_id.clone()?,
                members: household.members.len(),
                says: settings.story(household.story.as_deref()?),
            })
        })
        .collect()
}
