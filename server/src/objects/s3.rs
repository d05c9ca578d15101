//! Objects in a bucket that speaks the protocol of S3: signed addresses (AWS Signature Version 4), path style, `ab/abcdef…` as in a folder.

use super::{CHUNK, Content, ContentHash, Listed, ObjectError, Staged};
use axum::body::Bytes;
use reqwest::{Response, StatusCode, header};
use rusty_s3::{Bucket, Credentials, S3Action as _, UrlStyle, actions::ListObjectsV2};
use sha2::{Digest as _, Sha256};
use std::{
    io::{Read as _, Seek as _, SeekFrom},
    time::Duration,
};

/// A signed address is good for so long.
const GOOD_FOR: Duration = Duration::from_secs(300);
/// Time until a connection stands, and between two pieces of an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// A page of a listing is not larger.
const LARGEST_PAGE: usize = 4 << 20;

/// How a bucket is reached.
#[derive(Clone)]
pub struct S3Settings {
    /// `https://s3.example.org:9000`, without the bucket.
    pub endpoint: String,
    /// Its name.
    pub bucket: String,
    /// `us-east-1` where the service has no regions.
    pub region: String,
    /// The access key.
    pub key: String,
    /// The secret key.
    pub secret: String,
}

impl S3Settings {
    /// Reads `s3+https://host[:port]/bucket[?region=…]` (or `s3+http://` for a bucket on the same machine).
    pub fn parse(url: &str, key: &str, secret: &str) -> Result<S3Settings, String> {
        let usage = || format!("“{url}” is not s3+https://HOST/BUCKET?region=REGION");
        let rest = url.strip_prefix("s3+").ok_or_else(usage)?;
        let address = reqwest::Url::parse(rest).map_err(|_| usage())?;
        let bucket = address.path().trim_matches('/');
        if !matches!(address.scheme(), "http" | "https") || bucket.is_empty() || bucket.contains('/') {
            return Err(usage());
        }
        if key.is_empty() || secret.is_empty() {
            return Err("a bucket needs --objects-key and --objects-secret".to_owned());
        }
        let region = address
            .query_pairs()
            .find(|(name, _)| name == "region")
            .map_or_else(|| "us-east-1".to_owned(), |(_, region)| region.into_owned());
        Ok(S3Settings {
            endpoint: address.origin().ascii_serialization(),
            bucket: bucket.to_owned(),
            region,
            key: key.to_owned(),
            secret: secret.to_owned(),
        })
    }
}

impl std::fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Settings")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// A bucket.
pub(super) struct S3 {
    http: reqwest::Client,
    bucket: Bucket,
    credentials: Credentials,
}

impl S3 {
    pub(super) fn new(settings: &S3Settings) -> Result<S3, ObjectError> {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder()
            .connect_timeout(PATIENCE)
            .read_timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("karton-server/", env!("CARGO_PKG_VERSION")));
        if settings.endpoint.starts_with("http://") {
            http = http.tls_certs_only([]);
        }
        let endpoint = settings.endpoint.parse().map_err(bucket)?;
        Ok(S3 {
            http: http.build().map_err(bucket)?,
            bucket: Bucket::new(
                endpoint,
                UrlStyle::Path,
                settings.bucket.clone(),
                settings.region.clone(),
            )
            .map_err(bucket)?,
            credentials: Credentials::new(&settings.key, &settings.secret),
        })
    }

    pub(super) fn place(&self) -> String {
        self.bucket.base_url().to_string()
    }

    pub(super) async fn put(&self, staged: Staged) -> Result<(), ObjectError> {
        let name = name_of(staged.hash());
        let url = self
            .bucket
            .put_object(Some(&self.credentials), &name)
            .sign(GOOD_FOR);
        let size = staged.size();
        let (filled, content) = Content::channel(size);
        let reading = tokio::task::spawn_blocking(move || -> Result<Staged, ObjectError> {
            let mut staged = staged;
            staged.file.seek(SeekFrom::Start(0))?;
            let mut buffer = vec![0; CHUNK];
            loop {
                let read = staged.file.read(&mut buffer)?;
                let chunk = Bytes::copy_from_slice(&buffer[..read]);
                if read == 0 || filled.blocking_send(Ok(chunk)).is_err() {
                    return Ok(staged);
                }
            }
        });
        let sent = self
            .http
            .put(url)
            .header(header::CONTENT_LENGTH, size)
            .body(reqwest::Body::wrap(content))
            .send()
            .await;
        let _kept_until_sent = reading
            .await
            .map_err(|error| ObjectError::Disk(error.to_string()))??;
        let answer = sent.map_err(unreached)?;
        expect(&answer, &[StatusCode::OK, StatusCode::CREATED])
    }

    pub(super) async fn read(&self, hash: ContentHash) -> Result<Content, ObjectError> {
        let name = name_of(hash);
        let url = self
            .bucket
            .get_object(Some(&self.credentials), &name)
            .sign(GOOD_FOR);
        let mut answer = self.http.get(url).send().await.map_err(unreached)?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Err(ObjectError::Missing(hash));
        }
        expect(&answer, &[StatusCode::OK])?;
        let Some(size) = answer.content_length() else {
            return Err(ObjectError::Bucket(
                "it does not say how long an object is".into(),
            ));
        };
        let (filled, content) = Content::channel(size);
        tokio::spawn(async move {
            let mut sum = Sha256::new();
            let outcome = loop {
                match answer.chunk().await {
                    Ok(Some(chunk)) => {
                        sum.update(&chunk);
                        if filled.send(Ok(chunk)).await.is_err() {
                            return;
                        }
                    }
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(unreached(error)),
                }
            };
            let whole = ContentHash::of(sum.finalize().into()) == hash;
            let outcome = outcome.and(if whole {
                Ok(())
            } else {
                Err(ObjectError::Corrupt(hash))
            });
            if let Err(error) = outcome {
                let _nobody = filled.send(Err(error)).await;
            }
        });
        Ok(content)
    }

    pub(super) async fn shelf(&self, first: u8) -> Result<Vec<Listed>, ObjectError> {
        let mut listed = Vec::new();
        let mut token = None;
        loop {
            let mut list = self.bucket.list_objects_v2(Some(&self.credentials));
            list.with_prefix(format!("{first:02x}/"));
            if let Some(token) = token.take() {
                list.with_continuation_token(token);
            }
            let mut answer = self
                .http
                .get(list.sign(GOOD_FOR))
                .send()
                .await
                .map_err(unreached)?;
            expect(&answer, &[StatusCode::OK])?;
            let mut page = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(unreached)? {
                page.extend_from_slice(&chunk);
                if page.len() > LARGEST_PAGE {
                    return Err(ObjectError::Bucket("a page of its listing is too large".into()));
                }
            }
            let page = std::str::from_utf8(&page).map_err(bucket)?;
            let page = ListObjectsV2::parse_response(page).map_err(bucket)?;
            for object in page.contents {
                // Other names are not ours.
                let hash = object.key.rsplit('/').next().and_then(|name| name.parse().ok());
                if let Some(hash) = hash {
                    let size = object.size.unwrap_or(0);
                    listed.push(Listed { hash, size });
                }
            }
            match page.next_continuation_token {
                Some(next) => token = Some(next),
                None => return Ok(listed),
            }
        }
    }

    pub(super) async fn remove(&self, hash: ContentHash) -> Result<(), ObjectError> {
        let name = name_of(hash);
        let url = self
            .bucket
            .delete_object(Some(&self.credentials), &name)
            .sign(GOOD_FOR);
        let answer = self.http.delete(url).send().await.map_err(unreached)?;
        expect(
            &answer,
            &[StatusCode::OK, StatusCode::NO_CONTENT, StatusCode::NOT_FOUND],
        )
    }
}

fn name_of(hash: ContentHash) -> String {
    let name = hash.to_string();
    format!("{}/{name}", &name[..2])
}

fn bucket(error: impl std::fmt::Display) -> ObjectError {
    ObjectError::Bucket(error.to_string())
}

/// The error without the address, in which a signature stands.
fn unreached(error: reqwest::Error) -> ObjectError {
    bucket(error.without_url())
}

fn expect(answer: &Response, good: &[StatusCode]) -> Result<(), ObjectError> {
    if good.contains(&answer.status()) {
        return Ok(());
    }
    Err(bucket(format!("it answers {}", answer.status())))
}
