use super::*;
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

fn hash(bytes: &[u8]) -> ContentHash {
    ContentHash::of(Sha256::digest(bytes).into())
}
async fn staged(objects: &Objects, bytes: &[u8]) -> Staged {
    let mut incoming = objects.receive().await.unwrap();
    for chunk in bytes.chunks(10_000) {
        incoming.write(Bytes::copy_from_slice(chunk)).await.unwrap();
    }
    incoming.finish().await.unwrap()
}
async fn read(objects: &Objects, hash: ContentHash) -> Result<Vec<u8>, ObjectError> {
    let mut content = objects.open(hash).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = content.next().await {
        bytes.extend_from_slice(&chunk?);
    }
    Ok(bytes)
}
async fn all(objects: &Objects) -> Vec<Listed> {
    let mut all = Vec::new();
    for first in 0..=u8::MAX {
        all.extend(objects.shelf(first).await.unwrap());
    }
    all
}

/// What holds for every store of objects.
async fn keeps_its_promises(objects: &Objects) {
    let (small, large) = (b"potvrda".to_vec(), vec![7_u8; 300_000]);
    for bytes in [&small, &large, &Vec::new()] {
        let staged = staged(objects, bytes).await;
        assert_eq!(staged.hash(), hash(bytes));
        assert_eq!(staged.size(), bytes.len() as u64);
        objects.put(staged).await.unwrap();
        assert_eq!(&read(objects, hash(bytes)).await.unwrap(), bytes);
    }
    // Again: nothing changes.
    let again = staged(objects, &small).await;
    objects.put(again).await.unwrap();
    let listed: BTreeSet<(ContentHash, u64)> =
        all(objects).await.iter().map(|it| (it.hash, it.size)).collect();
    let expected = [(hash(&small), 7), (hash(&large), 300_000), (hash(b""), 0)];
    assert_eq!(listed, BTreeSet::from(expected));
    assert!(matches!(
        objects
            .put_bytes(hash(b"other"), [Ok(Bytes::from_static(b"this"))].into_iter())
            .await,
        Err(ObjectError::Corrupt(_))
    ));
    assert!(matches!(
        objects.open(hash(b"never")).await,
        Err(ObjectError::Missing(_))
    ));
    objects.remove(hash(&small)).await.unwrap();
    objects.remove(hash(&small)).await.unwrap();
    assert!(matches!(
        objects.open(hash(&small)).await,
        Err(ObjectError::Missing(_))
    ));
    objects.check(hash(&large)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_keeps_its_promises() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::folder(folder.path()).unwrap();
    keeps_its_promises(&objects).await;
    // Bytes that somebody changed are not taken for the object.
    let large = hash(&vec![7_u8; 300_000]);
    let name = large.to_string();
    let path = folder.path().join(&name[..2]).join(&name);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[299_999] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(objects.check(large).await, Err(ObjectError::Corrupt(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_arrives_whole_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::folder(folder.path()).unwrap();
    let mut incoming = objects.receive().await.unwrap();
    incoming.write(Bytes::from(vec![1; 100_000])).await.unwrap();
    drop(incoming);
    let dropped = staged(&objects, b"whole, and then nobody wants it").await;
    drop(dropped);
    assert!(all(&objects).await.is_empty());
    // What another process had begun and did not live to end.
    let dead = folder.path().join("incoming/process-dead");
    std::fs::create_dir(&dead).unwrap();
    std::fs::write(dead.join("lock"), b"").unwrap();
    std::fs::write(dead.join("half"), b"half").unwrap();
    let other = Objects::folder(folder.path()).unwrap();
    let living = staged(&other, b"still coming").await;
    objects.tidy().await.unwrap();
    assert!(!dead.exists());
    other.put(living).await.unwrap();
    assert_eq!(
        read(&objects, hash(b"still coming")).await.unwrap(),
        b"still coming"
    );
}

/// A server shaped like S3: path style, signatures checked by a reckoning of our own, listings in pages of two.
#[derive(Clone, Default)]
struct Bucket {
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    refused: Arc<Mutex<Vec<String>>>,
}

const SECRET: &str = "vrlo/tajno+kljuc";

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = if key.len() > 64 {
        Sha256::digest(key).to_vec()
    } else {
        key.to_vec()
    };
    block.resize(64, 0);
    let pad = |with: u8| block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = Sha256::digest([pad(0x36), message.to_vec()].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).to_vec()
}

/// AWS Signature Version 4 of a presigned address, as its documentation describes it.
fn signature(method: &Method, uri: &Uri, host: &str) -> Option<(String, String)> {
    let query = uri.query()?;
    let mut pairs: Vec<&str> = query.split('&').collect();
    let given = pairs
        .iter()
        .find_map(|pair| pair.strip_prefix("X-Amz-Signature="))?
        .to_owned();
    pairs.retain(|pair| !pair.starts_with("X-Amz-Signature="));
    pairs.sort_unstable();
    let find = |name: &str| {
        pairs
            .iter()
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    let date = find("X-Amz-Date")?;
    let credential = find("X-Amz-Credential")?.replace("%2F", "/");
    let scope = credential.split_once('/')?.1;
    let canonical = format!(
        "{method}\n{}\n{}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD",
        uri.path(),
        pairs.join("&")
    );
    let digest = crate::http::hex(&Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest}");
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for part in scope.split('/') {
        key = hmac(&key, part.as_bytes());
    }
    Some((given, crate::http::hex(&hmac(&key, to_sign.as_bytes()))))
}

async fn serve_bucket(State(bucket): State<Bucket>, request: axum::extract::Request) -> Response {
    let (parts, body) = request.into_parts();
    let host = parts.headers["host"].to_str().unwrap().to_owned();
    let signed = signature(&parts.method, &parts.uri, &host);
    if signed.as_ref().is_none_or(|(given, right)| given != right) {
        bucket.refused.lock().unwrap().push(parts.uri.path().to_owned());
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(name) = parts.uri.path().strip_prefix("/dokumenti") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let name = name.trim_start_matches('/').to_owned();
    match parts.method {
        Method::PUT => {
            let length: usize = parts.headers["content-length"].to_str().unwrap().parse().unwrap();
            let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            assert_eq!(bytes.len(), length);
            bucket.objects.lock().unwrap().insert(name, bytes.to_vec());
            StatusCode::OK.into_response()
        }
        Method::DELETE => {
            bucket.objects.lock().unwrap().remove(&name);
            StatusCode::NO_CONTENT.into_response()
        }
        _ if name.is_empty() => list(&bucket, parts.uri.query().unwrap_or_default()).into_response(),
        _ => match bucket.objects.lock().unwrap().get(&name) {
            Some(bytes) => Body::from(bytes.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

fn list(bucket: &Bucket, query: &str) -> String {
    let value = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let (prefix, after) = (
        value("prefix").unwrap(),
        value("continuation-token").unwrap_or_default(),
    );
    let objects = bucket.objects.lock().unwrap();
    let mut found = objects
        .iter()
        .filter(|(name, _)| name.starts_with(&prefix) && **name > after);
    let page: Vec<_> = found.by_ref().take(2).collect();
    let mut xml = String::from(
        "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
    );
    for (name, bytes) in &page {
        xml.push_str(&format!(
            "<Contents><Key>{name}</Key><ETag>&quot;x&quot;</ETag><Size>{}</Size></Contents>",
            bytes.len()
        ));
    }
    if let (Some(_), Some((last, _))) = (found.next(), page.last()) {
        xml.push_str(&format!("<NextContinuationToken>{last}</NextContinuationToken>"));
    }
    xml + "</ListBucketResult>"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_keeps_the_same_promises_and_sees_a_right_signature() {
    let bucket = Bucket::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = Router::new().fallback(serve_bucket).with_state(bucket.clone());
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let scratch = tempfile::tempdir().unwrap();
    let url = format!("s3+http://{address}/dokumenti?region=eu-central-1");
    let settings = S3Settings::parse(&url, "kljuc", SECRET).unwrap();
    assert!(!format!("{settings:?}").contains("tajno"));
    let objects = Objects::s3(&settings, scratch.path()).unwrap();
    keeps_its_promises(&objects).await;
    // More of one shelf than a page holds.
    for n in 0..5 {
        let name = format!("aa/aa{n:062}");
        bucket.objects.lock().unwrap().insert(name, vec![n]);
    }
    bucket
        .objects
        .lock()
        .unwrap()
        .insert("aa/not-one-of-ours".into(), Vec::new());
    assert_eq!(objects.shelf(0xaa).await.unwrap().len(), 5);
    let changed: ContentHash = format!("aa{:062}", 0).parse().unwrap();
    assert!(matches!(
        objects.check(changed).await,
        Err(ObjectError::Corrupt(_))
    ));
    assert!(bucket.refused.lock().unwrap().is_empty());
    // Another key: refused, and said so without the address, which holds a signature.
    let wrong = S3Settings {
        secret: "drugi".into(),
        ..settings
    };
    let wrong = Objects::s3(&wrong, scratch.path()).unwrap();
    let refused = wrong.check(changed).await.unwrap_err().to_string();
    assert!(
        refused.contains("403") && !refused.contains("Signature"),
        "{refused}"
    );
    server.abort();
    let away = objects.check(changed).await.unwrap_err().to_string();
    assert!(!away.contains("Signature"), "{away}");
}

#[test]
fn addresses_of_buckets_are_read_and_others_refused() {
    let good = S3Settings::parse("s3+https://s3.example.org:9000/akta?region=me-1", "k", "s").unwrap();
    assert_eq!(
        (good.endpoint.as_str(), good.bucket.as_str(), good.region.as_str()),
        ("https://s3.example.org:9000", "akta", "me-1")
    );
    for bad in [
        "https://host/b",
        "s3+ftp://host/b",
        "s3+https://host",
        "s3+https://host/a/b",
        "s3+",
    ] {
        assert!(S3Settings::parse(bad, "k", "s").is_err(), "{bad}");
    }
    assert!(S3Settings::parse("s3+https://host/b", "", "s").is_err());
}
