//! TLS to PostgreSQL, as the address asks for it in libpq's words: `sslmode` and `sslrootcert`.
//!
//! `disable`, `allow` and `prefer` (where nothing is said), `require`: encrypted where the server can, without asking who it is. `verify-ca` and `verify-full`: only with
//! a certificate for the server's name from an authority of `sslrootcert`, or of this machine; `verify-ca` is held to the same.

use super::StoreError;
use rustls::{
    ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
};
use std::{
    future::Future,
    io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::{
    Config, Socket,
    config::SslMode,
    tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream},
};

/// Reads an address: what it says about TLS is taken out of it, the rest is the library's.
pub(super) fn read(url: &str) -> Result<(Config, Tls), StoreError> {
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
    for part in query.split('&').filter(|part| !part.is_empty()) {
        match part.split_once('=') {
            Some(("sslmode", word)) => mode = Some(word.to_owned()),
            Some(("sslrootcert", _)) => {
                roots = form_urlencoded::parse(part.as_bytes())
                    .next()
                    .map(|(_, path)| PathBuf::from(&*path));
            }
            _ => rest.push(part),
        }
    }
    let mut url = place.to_owned();
    if !rest.is_empty() {
        url = format!("{place}?{}", rest.join("&"));
    }
    let mut config: Config = url.parse().map_err(|_| StoreError::Url("postgres".into()))?;
    let (ssl, verified) = match mode.as_deref() {
        None | Some("prefer" | "allow") => (SslMode::Prefer, false),
        Some("disable") => (SslMode::Disable, false),
        // As libpq has it: whoever names an authority wants to know who answers.
        Some("require") => (SslMode::Require, roots.is_some()),
        Some("verify-ca" | "verify-full") => (SslMode::Require, true),
        Some(_) => return Err(StoreError::Url("postgres".into())),
    };
    config.ssl_mode(ssl);
    Ok((config, Tls::new(verified, roots.as_deref())?))
}

/// How a connection is encrypted.
#[derive(Clone)]
pub(super) struct Tls(Arc<ClientConfig>);

impl Tls {
    fn new(verified: bool, roots: Option<&Path>) -> Result<Tls, StoreError> {
        let wrong = |error: &dyn std::fmt::Display| StoreError::Db(format!("TLS to the database: {error}"));
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(&error))?;
        let config = if verified {
            config.with_root_certificates(authorities(roots).map_err(|error| wrong(&error))?)
        } else {
            config
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        };
        Ok(Tls(Arc::new(config.with_no_client_auth())))
    }
}

/// The authorities of a file, or those that this machine trusts.
fn authorities(file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    let Some(path) = file else {
        let (added, _) = store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return if added == 0 {
            Err("this machine trusts no authority; name one as sslrootcert".to_owned())
        } else {
            Ok(store)
        };
    };
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| named(&error))? {
        let certificate = certificate.map_err(|error| named(&error))?;
        store.add(certificate).map_err(|error| named(&error))?;
    }
    if store.is_empty() {
        return Err(named(&"there is no certificate in it"));
    }
    Ok(store)
}

/// Encrypts without asking who answers: `prefer` and `require`.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Why a line could not be encrypted: said to whoever starts the server, not tried again as a broken line would be.
#[derive(Debug, thiserror::Error)]
#[error("TLS: {0}")]
pub(super) struct Refused(String);

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Encrypted;
    type TlsConnect = Connect;
    type Error = Refused;
    fn make_tls_connect(&mut self, host: &str) -> Result<Connect, Refused> {
        Ok(Connect {
            config: Arc::clone(&self.0),
            host: host.to_owned(),
        })
    }
}

/// One line about to be encrypted.
pub(super) struct Connect {
    config: Arc<ClientConfig>,
    host: String,
}

impl TlsConnect<Socket> for Connect {
    type Stream = Encrypted;
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted, Refused>> + Send>>;
    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move {
            let refused = |error: &dyn std::fmt::Display| Refused(error.to_string());
            let name = ServerName::try_from(self.host).map_err(|error| refused(&error))?;
            let line = tokio_rustls::TlsConnector::from(self.config)
                .connect(name, socket)
                .await;
            line.map(|line| Encrypted(Box::new(line)))
                .map_err(|error| refused(&error))
        })
    }
}

/// An encrypted line.
pub(super) struct Encrypted(Box<tokio_rustls::client::TlsStream<Socket>>);

impl TlsStream for Encrypted {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}
impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_read(cx, to)
    }
}
impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0).poll_write(cx, from)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_shutdown(cx)
    }
}
