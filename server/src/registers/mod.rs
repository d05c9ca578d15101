//! The simulated registers of other institutions: a process of its own that answers about fictional people.
//!
//! It speaks the X-Road message protocol for REST as a provider's security server shows it: `POST /r1/{xroad}` with the
//! address of a service of the pack (`registers/*.toml`), the header `X-Road-Client`, and personal data in the body only:
//! `{"national_id": "…", "from": "2024-05", "until": "2025-03"}` (months or days; `until` is not included). Every answer
//! carries `found` and the `national_id` it is about, so that who asks can see whether it is the right person. Amounts
//! are texts with a point, days ISO 8601, codes those of the pack. Somebody unknown, and an empty list, is
//! `"found": false`. A message whose `X-Road-Id` was answered before gets the same answer and counts once.
//!
//! A service that takes messages gives a receipt, and what becomes of the message is sent back some time later (`people/replies.toml`), to the office
//! that was named by `PUT /deliver` with `{"address": "http://…", "key": "…"}`; a real gateway has this in its settings.
//!
//! The people are those of [`crate::generate`] with the same pack, seed and day, so that they agree with the demo's.
//! It must never stand in for a real register: numbers of real people are not in it. What it does wrong on
//! request stands in `faults.rs` and, as an example, in the pack's `people/faults.example.toml`.

mod answers;
mod at_hand;
mod courses;
mod faults;
mod http;
mod population;
mod protocol;
mod receiving;
mod services;
#[cfg(test)]
mod tests;

pub(crate) use at_hand::AtHand;
pub use courses::deliver_to;

use crate::generate::{Population, Settings, pack_text};
use anyhow::Context as _;
use courses::Courses;
use faults::Faults;
use http::{Desk, House};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use karton_api::Date;
use population::Registry;
use std::{
    future::Future,
    io::{Read, Write as _},
    net::SocketAddr,
    path::PathBuf,
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, oneshot, watch},
    task::JoinSet,
};

/// Connections at once; the next one waits.
const CONNECTIONS: usize = 256;
/// A client that has not sent its headers by then is cut.
const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// Requests under way may take so long after the signal to stop.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// Options of `karton-server registers`.
#[derive(Debug, Clone, clap::Args)]
pub struct RegistersArgs {
    /// The pack: the name of an embedded one, or a folder
    #[arg(long, env = "KARTON_PACK", default_value = "me")]
    pub pack: String,
    /// Where to listen; port 0 takes a free one and says which
    #[arg(long, env = "KARTON_REGISTERS_LISTEN", default_value = "127.0.0.1:8650")]
    pub listen: SocketAddr,
    /// A file that switches faults on and off while the registers run
    #[arg(long, env = "KARTON_FAULTS", value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// How many fictional people the registers know
    #[arg(long, env = "KARTON_PERSONS", default_value_t = 2000, value_parser = clap::value_parser!(u64).range(..=20_000_000))]
    pub persons: u64,
    /// Another seed, other people
    #[arg(long, env = "KARTON_SEED", default_value_t = 1)]
    pub seed: u64,
    /// The day on which the people are as they are; the pack's demo day if not said
    #[arg(long, env = "KARTON_TODAY", value_name = "DATE")]
    pub today: Option<Date>,
    /// Say the address as JSON
    #[arg(long)]
    pub json: bool,
    /// Stop when standard input is closed, as it is when the parent process ends
    #[arg(long)]
    pub stdin_lifeline: bool,
}

/// Runs the registers until they are told to stop (SIGTERM, Ctrl+C, or the end of standard input where that was asked
/// for). Prints one line with the address when it listens.
///
/// # Errors
/// Where the pack or the faults file cannot be used, or the address is taken.
pub async fn run(args: RegistersArgs) -> anyhow::Result<()> {
    let registers = Registers::bind(&args).await?;
    let url = format!("http://{}", registers.address());
    let line = if args.json {
        serde_json::json!({ "listening": url, "pack": args.pack, "persons": args.persons, "seed": args.seed })
            .to_string()
    } else {
        format!("listening on {url}")
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .context("standard output")?;
    drop(out);
    registers.serve(told_to_stop(args.stdin_lifeline)).await;
    Ok(())
}

/// A key that nobody knows, for whoever starts registers and an office together.
pub fn fresh_key() -> String {
    protocol::fresh_id()
}

/// The registers, listening.
#[derive(Debug)]
pub struct Registers {
    listener: TcpListener,
    address: SocketAddr,
    house: Arc<House>,
}

impl Registers {
    /// Reads the pack, takes the address and begins to draw the population; questions wait until that is done.
    ///
    /// # Errors
    /// Where the pack or the faults file cannot be used, or the address is taken.
    pub async fn bind(args: &RegistersArgs) -> anyhow::Result<Registers> {
        let text = pack_text(&args.pack).with_context(|| format!("the pack {}", args.pack))?;
        let settings = Settings::read(&text)?;
        let today = match args.today {
            Some(today) => today,
            None => settings
                .demo_today()
                .context("country.toml has no demo_today; give --today")?,
        };
        let services = services::read(&text)?;
        let courses = Arc::new(Courses::read(&text)?);
        let faults = Faults::new(args.faults.clone())?;
        let listener = TcpListener::bind(args.listen)
            .await
            .with_context(|| format!("listening on {}", args.listen))?;
        let address = listener.local_addr()?;
        let population = Population {
            seed: args.seed,
            persons: args.persons,
            today,
        };
        let (ready, registry) = watch::channel(None);
        tokio::task::spawn_blocking(move || {
            // Nobody waits for it any more where the registers were stopped meanwhile.
            if let Some(drawn) = Registry::draw(settings, population, || ready.is_closed()) {
                let _ = ready.send(Some(Arc::new(drawn)));
            }
        });
        let house = House {
            services,
            courses,
            faults,
            registry,
            desk: Mutex::new(Desk::default()),
        };
        Ok(Registers {
            listener,
            address,
            house: Arc::new(house),
        })
    }

    /// The address, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop`; then what is under way may end.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(false);
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut connections = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                Some(_) = connections.join_next(), if !connections.is_empty() => continue,
                accepted = accept(&self.listener, &places) => accepted,
            };
            let Some((stream, place)) = accepted else { continue };
            let (house, stopped) = (self.house.clone(), stopped.clone());
            connections.spawn(async move {
                connection(house, stream, stopped).await;
                drop(place);
            });
        }
        drop(self.listener);
        let _ = stopping.send(true);
        let ended = tokio::time::timeout(STOP_WITHIN, async {
            while connections.join_next().await.is_some() {}
        })
        .await;
        if ended.is_err() {
            connections.abort_all();
        }
    }
}

/// The next connection, when there is a place for it; nothing where the system had none to give.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            // Out of file descriptors, most likely: others must end first.
            tokio::task::yield_now().await;
            None
        }
    }
}

async fn connection(house: Arc<House>, stream: TcpStream, mut stopped: watch::Receiver<bool>) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        http::respond(house.clone(), request.map(axum::body::Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = told(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Comes to its end when the registers stop.
async fn told(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Comes to its end with SIGTERM or Ctrl+C, or when standard input ends, where that was asked for.
async fn told_to_stop(lifeline: bool) {
    let lifeline = async {
        match lifeline {
            true => closed(std::io::stdin()).await,
            false => std::future::pending().await,
        }
    };
    tokio::select! {
        () = lifeline => {}
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
    }
}

/// Comes to its end when the input does; what it says is of no interest.
async fn closed(mut input: impl Read + Send + 'static) {
    let (cut, line) = oneshot::channel();
    // A thread of its own, because reading cannot be broken off; it ends with the process.
    std::thread::spawn(move || {
        let mut piece = [0; 256];
        while matches!(input.read(&mut piece), Ok(1..)) {}
        let _ = cut.send(());
    });
    let _ = line.await;
}

#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
