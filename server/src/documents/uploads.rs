//! Taking a file in.
//!
//! The bytes are written to a file as they come, counted and hashed; whoever sends too much is cut, and whatever does not arrive whole leaves
//! nothing. Then the object is *claimed* in the database, put in its place, and the upload is entered: whoever breaks off in between leaves a
//! claim that the sweep finds.

use super::{
    sniff,
    store::{self, Upload},
};
use crate::{
    access::{FileDocuments, May},
    audit::{self, Entry},
    house::House,
    objects::{ContentHash, Staged},
    problem::{Error, Refusal},
    store::Tx,
    vals,
};
use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use base64::Engine as _;
use http_body_util::BodyExt as _;
use karton_api::{Id, Timestamp, documents::Uploaded, value};
use std::time::Duration;

/// Whoever sends nothing for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// RFC 9530.
const CONTENT_DIGEST: &str = "content-digest";

/// Takes a file in under the id its sender made. The same id with the same content again changes nothing; with other content it is refused with
/// `KeyReused`.
pub(super) async fn take(
    may: &May<FileDocuments>,
    house: &House,
    id: Id<value::Upload>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Uploaded, Error> {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
    let plain = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    // What a file is, is read from its content, so only one type is taken: bytes.
    if !plain || !kind.is_some_and(|kind| kind.eq_ignore_ascii_case(b"application/octet-stream")) {
        return Err(Error::Unsupported);
    }
    let promised = digest(headers)?;
    let length = headers.get(header::CONTENT_LENGTH);
    let length: Option<u64> = length.and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length| length > house.largest_document) {
        return Err(Error::TooLarge);
    }
    let staged = receive(house, body).await?;
    if staged.size() == 0 {
        return Err(Error::field("body", "empty", "The file is empty."));
    }
    if promised.is_some_and(|promised| promised != staged.hash()) {
        return Err(Error::field(
            CONTENT_DIGEST,
            "differs",
            "What arrived is not what was sent. Send it again.",
        ));
    }
    let (media, doubt) = sniff::sniff(staged.head(), staged.tail());
    let it = Upload {
        id,
        officer: may.officer(),
        hash: staged.hash().to_string(),
        size: staged.size(),
        media,
        doubt,
    };
    keep(may, house, &it, staged).await?;
    Ok(Uploaded {
        id,
        size: it.size,
        sha256: it.hash,
        media_type: media.name().to_owned(),
        doubt,
    })
}

async fn receive(house: &House, mut body: Body) -> Result<Staged, Error> {
    let mut incoming = house.objects.receive().await?;
    let mut size = 0_u64;
    loop {
        let frame = match tokio::time::timeout(PATIENCE, body.frame()).await {
            Err(_) => return Err(Error::Malformed("The file did not arrive in time.".into())),
            Ok(None) => break,
            Ok(Some(Err(error))) => return Err(Error::Malformed(format!("The file broke off: {error}."))),
            Ok(Some(Ok(frame))) => frame,
        };
        if let Ok(chunk) = frame.into_data() {
            size += chunk.len() as u64;
            if size > house.largest_document {
                return Err(Error::TooLarge);
            }
            incoming.write(chunk).await?;
        }
    }
    Ok(incoming.finish().await?)
}

/// The SHA-256 of a `Content-Digest` header, where it holds one; other algorithms are passed over.
fn digest(headers: &HeaderMap) -> Result<Option<ContentHash>, Error> {
    let wrong = || Error::Malformed("`Content-Digest` is `sha-256=:…:` with the digest in base64.".into());
    let Some(header) = headers.get(CONTENT_DIGEST) else {
        return Ok(None);
    };
    let text = header.to_str().map_err(|_| wrong())?;
    let Some(value) = text
        .split(',')
        .find_map(|member| member.trim().strip_prefix("sha-256="))
    else {
        return Ok(None);
    };
    let inside = value.strip_prefix(':').and_then(|value| value.strip_suffix(':'));
    let bytes = inside.and_then(|text| base64::engine::general_purpose::STANDARD.decode(text).ok());
    let digest = bytes.and_then(|bytes| bytes.try_into().ok());
    digest
        .map(|digest| Some(ContentHash::of(digest)))
        .ok_or_else(wrong)
}

async fn keep(may: &May<FileDocuments>, house: &House, it: &Upload, staged: Staged) -> Result<(), Error> {
    let now = house.clock.now();
    let known = {
        let it = it.clone();
        // Nothing anybody did yet, so no entry: a claim says only that these bytes are on their way.
        house.store.write(move |tx| claim(tx, &it, now)).await?
    };
    if known {
        return Ok(());
    }
    house.objects.put(staged).await?;
    let it = it.clone();
    audit::write(&house.store, may.actor(), now, move |tx| {
        let entry = Entry::of("document-uploaded")
            .value("upload", it.id)
            .value("bytes", it.size);
        if !known_already(tx, &it)? {
            store::insert_upload(tx, &it, now)?;
        }
        Ok(((), entry))
    })
    .await
}

/// Whether the upload is there with the same content, of the same officer.
fn known_already(tx: &mut Tx, it: &Upload) -> Result<bool, Error> {
    match store::upload(tx, it.id)? {
        None => Ok(false),
        Some(other) if other.officer == it.officer && other.hash == it.hash => Ok(true),
        Some(_) => Err(Refusal::KeyReused.into()),
    }
}

/// Says that an object is needed, before it is put in its place. Answers whether the upload is there already.
fn claim(tx: &mut Tx, it: &Upload, now: Timestamp) -> Result<bool, Error> {
    if known_already(tx, it)? {
        return Ok(true);
    }
    let claimed = tx.exec(
        "INSERT INTO stored_object (hash, size, claimed_at, leaving) VALUES ($1, $2, $3, 0)
         ON CONFLICT (hash) DO UPDATE SET claimed_at = excluded.claimed_at WHERE stored_object.leaving = 0",
        vals![&it.hash, i64::try_from(it.size).unwrap_or(i64::MAX), now],
    )?;
    // A sweep is removing these very bytes: in a moment they can be put anew.
    if claimed == 1 {
        Ok(false)
    } else {
        Err(Error::Unavailable)
    }
}
