//! Encrypted lines to PostgreSQL: the throw-away server behind a door that speaks TLS.

use super::*;
use std::path::{Path, PathBuf};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, UnixStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

/// For `localhost`, signed by itself. Its key is for everybody to see, and opens nothing.
const CERTIFICATE: &str = include_str!("tls/localhost.pem");
const KEY: &str = include_str!("tls/localhost.key");

/// A door before a server's Unix socket: answers the request for TLS as PostgreSQL does, and passes on what comes through.
async fn door(socket: PathBuf) -> u16 {
    let chain = CertificateDer::pem_slice_iter(CERTIFICATE.as_bytes())
        .map(Result::unwrap)
        .collect();
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let (acceptor, socket) = (acceptor.clone(), socket.clone());
            tokio::spawn(async move {
                let mut asked = [0; 8];
                line.read_exact(&mut asked).await.ok()?;
                // Whoever does not ask for TLS is turned away.
                (asked == [0, 0, 0, 8, 4, 210, 22, 47]).then_some(())?;
                line.write_all(b"S").await.ok()?;
                let mut inside = acceptor.accept(line).await.ok()?;
                let mut server = UnixStream::connect(socket).await.ok()?;
                copy_bidirectional(&mut inside, &mut server).await.ok()
            });
        }
    });
    port
}

/// The folder of the server's socket and the database, where the server is ours.
fn place(url: &str) -> Option<(PathBuf, String)> {
    let (host, database) = url.split_once('@')?.1.split_once('/')?;
    let folder = host.starts_with("%2F").then(|| host.replace("%2F", "/"))?;
    Some((Path::new(&folder).join(".s.PGSQL.5432"), database.to_owned()))
}

async fn asked(url: &str) -> Result<i64, StoreError> {
    let options = Options {
        connections: 1,
        ..Options::default()
    };
    let store = Store::open(&StoreUrl::Postgres(url.to_owned()), &options)?;
    store.read(|tx| tx.one("SELECT 7", &[])?.get::<i64>(0)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_encrypted_and_asks_who_answers_as_the_address_says() {
    let Some(url) = testing::database().await else {
        return;
    };
    let Some((socket, database)) = place(&url) else {
        println!("the server is not ours: its TLS is its own");
        return;
    };
    let port = door(socket).await;
    let folder = tempfile::tempdir().unwrap();
    let ours = folder.path().join("ours.pem");
    std::fs::write(&ours, CERTIFICATE).unwrap();
    let to = |host: &str, query: &str| format!("postgres://karton@{host}:{port}/{database}?{query}");
    let root = format!("sslrootcert={}", ours.display());

    assert_eq!(asked(&to("localhost", "sslmode=require")).await, Ok(7));
    assert_eq!(
        asked(&to("localhost", "")).await,
        Ok(7),
        "prefer, where nothing is said"
    );
    assert_eq!(
        asked(&to("localhost", &format!("sslmode=verify-full&{root}"))).await,
        Ok(7)
    );

    for (query, host) in [
        ("sslmode=verify-full".to_owned(), "localhost"),
        (format!("sslmode=verify-full&{root}"), "127.0.0.1"),
        (format!("sslmode=require&{root}"), "127.0.0.1"),
    ] {
        let refused = asked(&to(host, &query)).await;
        assert!(
            matches!(&refused, Err(StoreError::Db(why)) if why.contains("TLS: ")),
            "{query} at {host}: {refused:?}"
        );
    }
    assert_eq!(
        asked(&to("localhost", "sslmode=disable")).await,
        Err(StoreError::Closed)
    );
    assert!(matches!(
        asked(&to("localhost", "sslmode=perhaps")).await,
        Err(StoreError::Url(_))
    ));
    let nothing = format!(
        "sslmode=verify-full&sslrootcert={}",
        folder.path().join("none.pem").display()
    );
    assert!(matches!(
        asked(&to("localhost", &nothing)).await,
        Err(StoreError::Db(_))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_stopped_and_nothing_written() {
    let Some(url) = testing::database().await else {
        return;
    };
    let options = Options {
        connections: 1,
        statement_timeout: Some(Duration::from_millis(50)),
        ..Options::default()
    };
    let store = Store::open(&StoreUrl::Postgres(url), &options).unwrap();
    let slow = store
        .write(|tx| {
            tx.exec("CREATE TABLE made (n BIGINT)", &[])?;
            tx.query("SELECT 1 FROM pg_sleep(20)", &[]).map(drop)
        })
        .await;
    assert_eq!(slow, Err(StoreError::TooSlow));
    let made = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'made'";
    assert_eq!(count(&store, made).await, 0);
}
