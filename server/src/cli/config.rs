//! Options that several commands share, from the command line, the environment and a TOML file, in this order.

use super::{Failed, complain};
use crate::{
    audit::SealKey,
    documents, gateway,
    house::{self, Opened, Settings, Unopened},
    objects::{Objects, S3Settings},
    pack::{self, Files},
    store::{Options, Store, StoreUrl},
};
use anyhow::Context as _;
use clap::Args;
use karton_api::{Date, Timestamp};
use karton_rules::pack::{Mistake, Pack};
use serde::Deserialize;
use std::{
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// Where settings come from, and how the log is written.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// A TOML file with any of the options, by their long names with `_` for `-`
    #[arg(long, env = "KARTON_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// What is logged, to standard error: `info`, `debug`, `karton_server=debug,info`
    #[arg(long, env = "KARTON_LOG", value_name = "FILTER", global = true)]
    log: Option<String>,
    /// Write the log as JSON
    #[arg(long, env = "KARTON_LOG_JSON", global = true)]
    log_json: bool,
}

/// Which store, which pack.
#[derive(Debug, Clone, Default, Args)]
pub struct StoreArgs {
    /// The pack: the name of an embedded one (`me`), or a folder (`./folder`) [default: me]
    #[arg(long, env = "KARTON_PACK")]
    pub pack: Option<String>,
    /// The folder of the store and the key of the log's seals [default: karton-data]
    #[arg(long, env = "KARTON_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Another store than the SQLite file in the data folder: `postgres://…` or `sqlite:PATH`
    #[arg(long, env = "KARTON_DATABASE_URL", value_name = "URL")]
    pub database_url: Option<String>,
    /// Connections to a PostgreSQL server [default: 10]
    #[arg(long, env = "KARTON_CONNECTIONS", value_name = "N")]
    pub connections: Option<usize>,
    /// The key of the log's seals, 64 hexadecimal digits; otherwise `audit.key` in the data folder, made when it is not there
    #[arg(long, env = "KARTON_SEAL_KEY", value_name = "HEX", hide_env_values = true)]
    pub seal_key: Option<String>,
    /// Where bytes of documents are kept: a folder, or `s3+https://HOST/BUCKET?region=REGION` [default: documents in the data folder]
    #[arg(long, env = "KARTON_OBJECTS", value_name = "PLACE")]
    pub objects: Option<String>,
    /// The access key of a bucket
    #[arg(long, env = "KARTON_OBJECTS_KEY", value_name = "KEY", hide_env_values = true)]
    pub objects_key: Option<String>,
    /// The secret key of a bucket
    #[arg(
        long,
        env = "KARTON_OBJECTS_SECRET",
        value_name = "SECRET",
        hide_env_values = true
    )]
    pub objects_secret: Option<String>,
    /// Work with this day instead of today; the clock runs on from it. Never for real work
    #[arg(long, env = "KARTON_TODAY", value_name = "DATE")]
    pub today: Option<Date>,
}

/// The TOML file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the options say it")]
pub struct Config {
    pub pack: Option<String>,
    pub data_dir: Option<PathBuf>,
    pub database_url: Option<String>,
    pub connections: Option<usize>,
    pub seal_key: Option<String>,
    pub today: Option<String>,
    pub objects: Option<String>,
    pub objects_key: Option<String>,
    pub objects_secret: Option<String>,
    pub max_document: Option<u64>,
    pub listen: Option<SocketAddr>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    #[serde(default)]
    pub behind_proxy: bool,
    pub max_connections: Option<usize>,
    pub registers: Option<String>,
    pub registers_client: Option<String>,
    pub gateway_key_file: Option<PathBuf>,
    pub log: Option<String>,
    #[serde(default)]
    pub log_json: bool,
}

/// Store, pack and clock, as the options of all three places say.
pub(super) struct Chosen {
    pub(super) files: Files,
    pub(super) store: Store,
    pub(super) seal_key: SealKey,
    objects: Objects,
    /// In bytes.
    pub(super) largest_document: u64,
    today: Option<Date>,
}

impl Config {
    /// Reads the file, if one is named, and takes over what the command line says.
    pub fn read(args: ConfigArgs) -> Result<Config, Failed> {
        let mut config = match &args.config {
            None => Config::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| Failed::usage(format!("{}: {error}", path.display())))?;
                toml::from_str(&text)
                    .map_err(|error| Failed::usage(format!("{}: {error}", path.display())))?
            }
        };
        config.log = args.log.or(config.log);
        config.log_json |= args.log_json;
        Ok(config)
    }

    /// The name of the pack.
    pub(super) fn pack(&self, args: Option<&String>) -> String {
        args.or(self.pack.as_ref())
            .cloned()
            .unwrap_or_else(|| "me".to_owned())
    }

    /// Opens the store and reads the pack.
    pub(super) fn choose(&self, args: &StoreArgs) -> Result<Chosen, Failed> {
        let files = pack::files(&self.pack(args.pack.as_ref())).map_err(Failed::usage)?;
        let today = match (args.today, &self.today) {
            (Some(day), _) => Some(day),
            (None, Some(text)) => Some(
                text.parse()
                    .map_err(|_| Failed::usage(format!("today = “{text}” is not a day: 2025-03-10")))?,
            ),
            (None, None) => None,
        };
        let (store, seal_key) = self.open_for(args, Some(LONGEST_STATEMENT))?;
        Ok(Chosen {
            files,
            store,
            seal_key,
            objects: self.objects(args)?,
            largest_document: documents::LARGEST,
            today,
        })
    }

    /// Opens the store of documents' bytes.
    pub(super) fn objects(&self, args: &StoreArgs) -> Result<Objects, Failed> {
        let folder = self.folder(args);
        let own = || folder.join("documents");
        let objects = match args.objects.as_ref().or(self.objects.as_ref()) {
            None => Objects::folder(&own()),
            Some(url) if url.starts_with("s3+") => {
                let key = args.objects_key.as_ref().or(self.objects_key.as_ref());
                let secret = args.objects_secret.as_ref().or(self.objects_secret.as_ref());
                let (key, secret) = (key.map_or("", String::as_str), secret.map_or("", String::as_str));
                let settings = S3Settings::parse(url, key, secret).map_err(Failed::usage)?;
                Objects::s3(&settings, &own().join("incoming"))
            }
            Some(path) => Objects::folder(Path::new(path)),
        };
        Ok(objects.context("the store of documents")?)
    }

    /// Opens the store alone, for work that takes as long as it takes.
    pub(super) fn open_store(&self, args: &StoreArgs) -> Result<(Store, SealKey), Failed> {
        self.open_for(args, None)
    }

    /// Opens the store alone, to read it and nothing else: neither it nor its folder or key is made.
    pub(super) fn store_to_read(&self, args: &StoreArgs) -> Result<Store, Failed> {
        let url = self.url(args)?;
        let connections = args.connections.or(self.connections);
        let options = Options {
            connections: connections.unwrap_or(Options::default().connections),
            ..Options::default()
        };
        Ok(Store::open_to_read(&url, &options).with_context(|| format!("the store {url}"))?)
    }

    fn url(&self, args: &StoreArgs) -> Result<StoreUrl, Failed> {
        match args.database_url.as_ref().or(self.database_url.as_ref()) {
            Some(url) => StoreUrl::parse(url).map_err(Failed::usage),
            None => Ok(StoreUrl::Sqlite(self.folder(args).join("karton.db"))),
        }
    }

    /// The folder of the store.
    fn folder(&self, args: &StoreArgs) -> PathBuf {
        let folder = args.data_dir.as_ref().or(self.data_dir.as_ref());
        folder.cloned().unwrap_or_else(|| PathBuf::from("karton-data"))
    }

    /// The key of the log's seals where there is one; none is made.
    pub(super) fn key_at_hand(&self, args: &StoreArgs) -> Result<Option<SealKey>, Failed> {
        if let Some(text) = args.seal_key.as_ref().or(self.seal_key.as_ref()) {
            let key = SealKey::parse(text)
                .ok_or_else(|| Failed::usage("the seal key is not 64 hexadecimal digits"))?;
            return Ok(Some(key));
        }
        let folder = self.folder(args);
        if !folder.join("audit.key").is_file() {
            return Ok(None);
        }
        let key = SealKey::of_folder(&folder).with_context(|| format!("the key in {}", folder.display()))?;
        Ok(Some(key))
    }

    /// Sets the newest seal of the store that was in the data folder aside, before another store comes there; answers where it is.
    pub(super) fn set_aside_newest_seal(
        &self,
        args: &StoreArgs,
        now: Timestamp,
    ) -> Result<Option<PathBuf>, Failed> {
        let newest = self.folder(args).join("audit.head");
        if !newest.is_file() {
            return Ok(None);
        }
        let aside = newest.with_file_name(format!("audit.head.{}", now.as_second()));
        std::fs::rename(&newest, &aside).with_context(|| newest.display().to_string())?;
        Ok(Some(aside))
    }

    fn open_for(
        &self,
        args: &StoreArgs,
        statement_timeout: Option<Duration>,
    ) -> Result<(Store, SealKey), Failed> {
        let folder = self.folder(args);
        let url = self.url(args)?;
        std::fs::create_dir_all(&folder).with_context(|| format!("the data folder {}", folder.display()))?;
        let seal_key = match args.seal_key.as_ref().or(self.seal_key.as_ref()) {
            Some(text) => SealKey::parse(text)
                .ok_or_else(|| Failed::usage("the seal key is not 64 hexadecimal digits"))?
                .remembered_in(&folder),
            None => {
                SealKey::of_folder(&folder).with_context(|| format!("the key in {}", folder.display()))?
            }
        };
        let connections = args
            .connections
            .or(self.connections)
            .unwrap_or(Options::default().connections);
        let options = Options {
            connections,
            statement_timeout,
            ..Options::default()
        };
        let store = Store::open(&url, &options).with_context(|| format!("the store {url}"))?;
        Ok((store, seal_key))
    }
}

/// A statement of a serving server that takes longer is stopped: whoever asked has given up long ago.
const LONGEST_STATEMENT: Duration = Duration::from_secs(30);

impl Chosen {
    /// Opens the house; a broken pack is answered with all its mistakes.
    pub(super) async fn open(self, gateway: gateway::Settings, behind_proxy: bool) -> Result<Opened, Failed> {
        let clock = match self.today {
            None => None,
            Some(_) => {
                let pack = Pack::load(&self.files).map_err(|mistakes| told(&mistakes))?;
                Some(house::clock_of(&pack, self.today)?)
            }
        };
        let settings = Settings {
            clock,
            gateway,
            seal_key: self.seal_key,
            objects: Some(self.objects),
            largest_document: self.largest_document,
            behind_proxy,
            ..Settings::new(self.store, self.files)
        };
        match house::open(settings).await {
            Ok(opened) => Ok(opened),
            Err(Unopened::Pack(mistakes)) => Err(told(&mistakes)),
            Err(other) => Err(other.into()),
        }
    }
}

/// Shows a broken pack's mistakes.
pub(super) fn told(mistakes: &[Mistake]) -> Failed {
    let mut out = std::io::stderr().lock();
    for mistake in mistakes {
        let _ = writeln!(out, "{mistake}\n");
    }
    drop(out);
    complain(&format!("the pack has {}", counted(mistakes.len())));
    Failed::Said
}

/// “1 mistake”, “3 mistakes”.
pub(super) fn counted(mistakes: usize) -> String {
    if mistakes == 1 {
        "1 mistake".to_owned()
    } else {
        format!("{mistakes} mistakes")
    }
}
