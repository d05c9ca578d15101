//! The accept loop: connections, headers, idleness and shutdown are bounded here; bodies where they are read.
//!
//! `axum::serve` bounds none of these: a client that sends a byte of its headers now and then would hold a connection for ever.

use super::Peer;
use axum::{
    Router,
    body::{Body, Bytes},
};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use std::{
    net::SocketAddr,
    path::Path,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;
use tower::Service as _;

/// The bounds of a listener.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at once; the next one waits to be accepted.
    pub connections: usize,
    /// A connection that has not sent the headers of its first request by then is cut, however slowly it sends.
    pub headers_within: Duration,
    /// A connection without a request for so long is cut.
    pub idle: Duration,
    /// Requests under way may take so long after the signal to stop.
    pub stop_within: Duration,
    /// Requests at once on one HTTP/2 connection.
    pub streams: u32,
}
impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 1024,
            headers_within: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stop_within: Duration::from_secs(10),
            streams: 100,
        }
    }
}

/// The certificate chain and key of two PEM files.
pub fn tls(certificate: &Path, key: &Path) -> anyhow::Result<TlsAcceptor> {
    use anyhow::Context as _;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .with_context(|| format!("{} is no PEM file of certificates", certificate.display()))?;
    let secret = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("{} is no PEM file of a private key", key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .context("certificate and key do not belong together")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves until `stop` says so; then finishes what is under way.
pub async fn listen(
    service: Router,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let (stopping, stopped) = watch::channel(false);
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        // A place first: while all are taken nothing is accepted, and who knocks waits in the kernel's queue.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut stop => break,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, peer)) => {
                let connection = serve_one(
                    service.clone(),
                    stream,
                    peer,
                    tls.clone(),
                    limits.clone(),
                    stopped.clone(),
                );
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file descriptors, or the other end has gone already: the former passes when others leave.
                tracing::warn!(%error, "a connection could not be accepted");
                let mut pause = tokio::time::interval(Duration::from_millis(100));
                pause.tick().await;
                pause.tick().await;
            }
        }
    }
    drop(listener);
    let _ = stopping.send(true);
    let rest = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.stop_within, rest).await.is_err() {
        tracing::warn!("requests were still under way when the time to stop was over");
    }
}

async fn serve_one(
    service: Router,
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => drive(service, stream, peer, limits, stopped).await,
        Some(tls) => match tokio::time::timeout(limits.headers_within, tls.accept(stream)).await {
            Ok(Ok(stream)) => drive(service, stream, peer, limits, stopped).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS was agreed on"),
            Err(_) => tracing::debug!("no TLS was agreed on in time"),
        },
    }
}

/// What a connection is doing.
#[derive(Debug)]
struct Work {
    requests: AtomicUsize,
    quiet_since: Mutex<Instant>,
    began: AtomicUsize,
}

/// Counts a request from its headers to its answer.
struct UnderWay(Arc<Work>);
impl UnderWay {
    fn begin(work: &Arc<Work>) -> UnderWay {
        work.requests.fetch_add(1, Ordering::AcqRel);
        work.began.store(1, Ordering::Release);
        UnderWay(Arc::clone(work))
    }
}
impl Drop for UnderWay {
    fn drop(&mut self) {
        *self.0.quiet_since.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.0.requests.fetch_sub(1, Ordering::AcqRel);
    }
}

/// An answer being sent.
struct Held {
    body: Body,
    #[expect(dead_code, reason = "dropped with the answer")]
    under_way: UnderWay,
}

impl hyper::body::Body for Held {
    type Data = Bytes;
    type Error = axum::Error;
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        hyper::body::Body::size_hint(&self.body)
    }
}

async fn drive<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    service: Router,
    stream: S,
    peer: SocketAddr,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) {
    let work = Arc::new(Work {
        requests: AtomicUsize::new(0),
        quiet_since: Mutex::new(Instant::now()),
        began: AtomicUsize::new(0),
    });
    let counted = Arc::clone(&work);
    // Around the whole router, not as its layer: a layer would be laid around each of its routes anew for every connection.
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let under_way = UnderWay::begin(&counted);
        request.extensions_mut().insert(Peer(peer));
        let answering = service.clone().call(request.map(Body::new));
        async move {
            // A request is under way until its answer has been sent to the end.
            let response = answering.await;
            response.map(|response| response.map(|body| Body::new(Held { body, under_way })))
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers_within)
        .max_headers(64)
        .max_buf_size(64 * 1024)
        .pipeline_flush(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(32 * 1024)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(15));
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let tick = (limits.headers_within.min(limits.idle) / 4).max(Duration::from_millis(10));
    let mut watchman = tokio::time::interval(tick);
    let mut finishing = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke off");
                }
                return;
            }
            _ = watchman.tick() => {
                let quiet = work.quiet_since.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
                let patience = if work.began.load(Ordering::Acquire) == 0 { limits.headers_within } else { limits.idle };
                if work.requests.load(Ordering::Acquire) == 0 && quiet > patience {
                    // Dropped as it is: who has sent nothing whole in this time gets no farewell.
                    return;
                }
            }
            _ = stopped.changed(), if !finishing => {
                finishing = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn serve(
        limits: Limits,
    ) -> (
        SocketAddr,
        tokio::sync::oneshot::Sender<()>,
        tokio::task::JoinHandle<()>,
    ) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let service = Router::new().route("/", axum::routing::get(|| async { "here" }));
        let server = tokio::spawn(listen(service, listener, None, limits, async move {
            drop(stopped.await)
        }));
        (address, stop, server)
    }
    fn quick() -> Limits {
        Limits {
            headers_within: Duration::from_millis(200),
            idle: Duration::from_millis(400),
            ..Limits::default()
        }
    }
    /// Sends a byte every 20 ms until the other end hangs up.
    async fn dribble(address: SocketAddr, bytes: &[u8]) -> Duration {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let began = Instant::now();
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        for byte in bytes.iter().cycle() {
            tick.tick().await;
            let mut buffer = [0; 256];
            let hung_up = matches!(
                tokio::time::timeout(Duration::from_millis(1), stream.read(&mut buffer)).await,
                Ok(Ok(0) | Err(_))
            );
            if hung_up
                || stream.write_all(&[*byte]).await.is_err()
                || began.elapsed() > Duration::from_secs(20)
            {
                break;
            }
        }
        began.elapsed()
    }

    #[tokio::test]
    async fn who_dribbles_headers_or_says_nothing_is_cut() {
        let (address, _stop, _server) = serve(quick()).await;
        assert!(
            dribble(
                address,
                b"GET / HTTP/1.1\r\nx-a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            )
            .await
                < Duration::from_secs(5)
        );
        assert!(
            dribble(address, b"P").await < Duration::from_secs(5),
            "not even which version it speaks"
        );
        let mut silent = TcpStream::connect(address).await.unwrap();
        let mut rest = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), silent.read_to_end(&mut rest)).await;
        assert!(read.is_ok(), "who says nothing is cut");
    }

    #[tokio::test]
    async fn a_connection_is_kept_for_the_next_request_and_cut_when_none_comes() {
        let (address, _stop, _server) = serve(quick()).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        for _ in 0..2 {
            stream
                .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                .await
                .unwrap();
            let mut buffer = [0; 1024];
            let read = stream.read(&mut buffer).await.unwrap();
            assert!(buffer[..read].ends_with(b"here"));
        }
        let mut rest = Vec::new();
        assert!(
            tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest))
                .await
                .is_ok()
        );
    }

    #[tokio::test]
    async fn more_connections_than_places_wait_their_turn() {
        let (address, _stop, _server) = serve(Limits {
            connections: 1,
            ..quick()
        })
        .await;
        let first = TcpStream::connect(address).await.unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        second
            .write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
        let mut answer = Vec::new();
        // The first says nothing, is cut, and its place is free.
        tokio::time::timeout(Duration::from_secs(5), second.read_to_end(&mut answer))
            .await
            .unwrap()
            .unwrap();
        assert!(answer.ends_with(b"here"));
        drop(first);
    }

    #[tokio::test]
    async fn stopping_closes_what_is_idle_and_ends() {
        let (address, stop, server) = serve(Limits {
            idle: Duration::from_secs(60),
            ..Limits::default()
        })
        .await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .unwrap();
        let mut buffer = [0; 1024];
        assert!(stream.read(&mut buffer).await.unwrap() > 0);
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(5), server)
            .await
            .unwrap()
            .unwrap();
    }
}
