//! Cursors of lists: the key of the last row, opaque to clients.

use super::{hex, unhex};
use crate::problem::Error;
use karton_api::common::Page;
use serde::{Serialize, de::DeserializeOwned};

/// Writes the key of the last row of a page.
pub fn encode<T: Serialize>(key: &T) -> String {
    hex(&serde_json::to_vec(key).unwrap_or_default())
}

/// Reads a cursor that [`encode`] wrote; refuses others as a field, since clients send them as a parameter.
pub fn decode<T: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<T>, Error> {
    let Some(text) = cursor else { return Ok(None) };
    let key = unhex(text).and_then(|bytes| serde_json::from_slice(&bytes).ok());
    match key {
        Some(key) => Ok(Some(key)),
        None => Err(Error::field(
            "cursor",
            "cursor",
            "This is not a cursor of this list. Read it from its beginning.",
        )),
    }
}

/// Makes a page of rows that were asked for with one more than `limit`; `key` is that of a row.
pub fn page<T, K: Serialize>(mut rows: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Page<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| encode(&key(last)));
    Page { items: rows, next }
}
