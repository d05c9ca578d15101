//! A house at work: its routes behind a listener, its jobs, and the seals of its log.

use crate::{
    audit, documents, duplicates,
    house::House,
    http::{self, Limits},
    router, signals,
    store::{
        idempotency,
        jobs::{self, Handlers, Pace},
    },
    upgrades,
};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

/// The log's heads are sealed so often.
const SEALED_EVERY: Duration = Duration::from_secs(10);

/// What nobody has filed is swept away so often.
const SWEPT_EVERY: Duration = Duration::from_secs(60 * 60);

/// How a house is served.
#[derive(Clone, Default)]
pub struct Serving {
    /// TLS, from [`http::tls`].
    pub tls: Option<TlsAcceptor>,
    /// The bounds.
    pub limits: Limits,
}

/// Serves until `stop` says so; then finishes what is under way and seals the log.
pub async fn serve(house: House, listener: TcpListener, serving: Serving, stop: impl Future<Output = ()>) {
    let (service, _) = http::frame(router::rooms(), &house);
    let worker = jobs::run(
        house.store.clone(),
        house.clock.clone(),
        "server",
        router::jobs(Handlers::new(), &house),
        Pace::default(),
    );
    let keeping = tokio::spawn(keep_house(house.clone()));
    let sweeping = tokio::spawn(sweep(house.clone()));
    http::listen(service, listener, serving.tls, serving.limits, stop).await;
    worker.stop().await;
    keeping.abort();
    sweeping.abort();
    if let Err(error) = audit::seal(&house.store, &house.clock, &house.seal_key).await {
        tracing::error!(%error, "the log could not be sealed");
    }
}

/// What has to be done now and then: sealing the log, forgetting old idempotency keys.
async fn keep_house(house: House) {
    let mut tick = tokio::time::interval(SEALED_EVERY);
    loop {
        tick.tick().await;
        if let Err(error) = audit::seal(&house.store, &house.clock, &house.seal_key).await {
            tracing::error!(%error, "the log could not be sealed");
        }
        if let Err(error) = upgrades::follow(&house).await {
            tracing::warn!(%error, "it could not be looked which version of the pack is in force");
        }
        if let Err(error) = duplicates::call_if_due(&house).await {
            tracing::warn!(%error, "nobody could be called to compare cards");
        }
        if let Err(error) = signals::call_if_due(&house).await {
            tracing::warn!(%error, "nobody could be called to look over what runs");
        }
        let now = house.clock.now();
        // Housekeeping of what is no longer honoured: nothing anybody did, so no entry.
        if let Err(error) = house
            .store
            .write(move |tx| idempotency::forget_expired(tx, now, 1_000))
            .await
        {
            tracing::warn!(%error, "old idempotency keys could not be forgotten");
        }
    }
}

/// Sweeps away uploads that were never filed.
async fn sweep(house: House) {
    let mut tick = tokio::time::interval(SWEPT_EVERY);
    loop {
        tick.tick().await;
        match documents::sweep(&house).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "files that nobody filed"),
            Err(error) => tracing::warn!(%error, "files that nobody filed could not be swept away"),
        }
    }
}

/// A house being served, as tests and the demo hold it. It stops with [`Running::stop`], or when it is dropped.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    /// Where it is, for a client.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
    /// Stops, and waits for what is under way.
    pub async fn stop(mut self) {
        self.stop = None;
        if let Err(error) = (&mut self.task).await {
            tracing::error!(%error, "serving broke off");
        }
    }
}

/// Serves a house on a listener that was bound before, in the background.
pub fn start(house: House, listener: TcpListener, serving: Serving) -> std::io::Result<Running> {
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(serve(
        house,
        listener,
        serving,
        async move { drop(stopped.await) },
    ));
    Ok(Running {
        address,
        stop: Some(stop),
        task,
    })
}
