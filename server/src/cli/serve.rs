//! `serve` and `openapi`.

use super::{Config, Failed, Outcome, StoreArgs, complain, config::Chosen, say, say_json};
use crate::{
    gateway,
    house::{self, Settings},
    http::{self, Limits},
    pack, router,
    serve::{Serving, serve},
};
use anyhow::Context as _;
use clap::Args;
use std::{net::SocketAddr, path::PathBuf};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Options of `serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Where to listen; port 0 takes a free one and says which [default: 127.0.0.1:8640]
    #[arg(long, env = "KARTON_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The certificate chain for TLS, PEM
    #[arg(long, env = "KARTON_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The private key for TLS, PEM
    #[arg(long, env = "KARTON_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// A proxy stands before us and does TLS: plain HTTP beyond this machine, and `X-Forwarded-For` is believed
    #[arg(long, env = "KARTON_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Connections at once [default: 1024]
    #[arg(long, env = "KARTON_MAX_CONNECTIONS", value_name = "N")]
    max_connections: Option<usize>,
    /// A file larger than so many megabytes is not taken [default: 64]
    #[arg(long, env = "KARTON_MAX_DOCUMENT", value_name = "MIB")]
    max_document: Option<u64>,
    /// The address of the security server, or of the simulated registers; without it nobody is asked
    #[arg(long, env = "KARTON_REGISTERS", value_name = "URL")]
    registers: Option<String>,
    /// As whom the registers are asked
    #[arg(long, env = "KARTON_REGISTERS_CLIENT", value_name = "ID")]
    registers_client: Option<String>,
    /// A file with the key with which the gateway brings messages of other institutions; without it nobody is let in
    #[arg(long, env = "KARTON_GATEWAY_KEY_FILE", value_name = "FILE")]
    gateway_key_file: Option<PathBuf>,
    /// Say the address, and the first administrator's password, as JSON
    #[arg(long)]
    json: bool,
}

/// A shorter key could be guessed.
const SHORTEST_KEY: usize = 24;

/// Begins to log to standard error.
pub(super) fn log(config: &Config) {
    let filter = config
        .log
        .as_deref()
        .unwrap_or("info,tokio_postgres=warn,hyper=warn,h2=warn");
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // Whoever embeds the server may have begun already.
    let _begun = if config.log_json {
        builder.json().try_init()
    } else {
        builder.try_init()
    };
}

pub(super) async fn run(config: Config, args: ServeArgs) -> Outcome {
    log(&config);
    let listen = args
        .listen
        .or(config.listen)
        .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8640)));
    let behind_proxy = args.behind_proxy || config.behind_proxy;
    let tls = match (
        args.tls_cert.or(config.tls_cert.clone()),
        args.tls_key.or(config.tls_key.clone()),
    ) {
        (Some(certificate), Some(key)) => Some(http::tls(&certificate, &key)?),
        (None, None) => None,
        _ => return Err(Failed::usage("--tls-cert and --tls-key belong together")),
    };
    if tls.is_none() && !listen.ip().is_loopback() && !behind_proxy {
        return Err(Failed::usage(format!(
            "{listen} can be reached from elsewhere: give --tls-cert and --tls-key, or say --behind-proxy"
        )));
    }
    let key = match args.gateway_key_file.or(config.gateway_key_file.clone()) {
        None => None,
        Some(file) => {
            let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let key = text.trim();
            if key.len() < SHORTEST_KEY {
                return Err(Failed::usage(format!(
                    "{}: the key has at least {SHORTEST_KEY} characters",
                    file.display()
                )));
            }
            Some(gateway::GatewayKey::of(key.as_bytes()))
        }
    };
    let gateway = gateway::Settings {
        key,
        address: args.registers.or(config.registers.clone()),
        client: args
            .registers_client
            .or(config.registers_client.clone())
            .unwrap_or_default(),
    };
    let limits = Limits {
        connections: args
            .max_connections
            .or(config.max_connections)
            .unwrap_or(Limits::default().connections)
            .max(1),
        ..Limits::default()
    };
    let mut chosen: Chosen = config.choose(&args.store)?;
    if let Some(megabytes) = args.max_document.or(config.max_document) {
        chosen.largest_document = megabytes.saturating_mul(1 << 20);
    }
    // Bound first: whoever waits for us may knock while the house is being opened.
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("listening on {listen}"))?;
    let opened = chosen.open(gateway, behind_proxy).await?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}", listener.local_addr()?);
    if args.json {
        let first = opened.first_admin.as_ref();
        let first =
            first.map(|first| serde_json::json!({ "user": first.user.user, "password": first.password }));
        say_json(
            &serde_json::json!({ "listening": url, "pack": opened.house.pack.country.id, "first_admin": first }),
        )?;
    } else {
        if let Some(first) = &opened.first_admin {
            say(format!(
                "the first administrator is “{}” with the first password {}\n(shown only now; it has to be changed at the first sign-in)",
                first.user.user, first.password
            ))?;
        }
        say(format!("listening on {url}"))?;
    }
    serve(opened.house, listener, Serving { tls, limits }, told_to_stop()).await;
    Ok(())
}

/// SIGTERM or Ctrl+C.
pub(super) async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = tokio::signal::ctrl_c() => {}
                }
                return;
            }
            Err(error) => complain(&format!("SIGTERM cannot be heard: {error}")),
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Prints the description of a server like this one.
pub(super) async fn openapi() -> Outcome {
    let settings = Settings::passing(pack::files("me")?)?;
    let opened = house::open(settings).await?;
    let (_, api) = http::frame(router::rooms(), &opened.house);
    say(api.to_pretty_json()?)?;
    Ok(())
}
