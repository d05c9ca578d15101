//! HTTP: the listener with its limits, how requests are read, and the frame around every handler.
//!
//! A handler takes its arguments in this order: `May<P>` first (nobody reads on for a stranger), then `State`, `Path`, `Query`,
//! [`IfMatch`], and [`Json`] last.

pub mod cursor;
mod etag;
mod figures;
mod frame;
pub mod idempotency;
mod json;
mod listener;
mod moved;
mod query;
mod request;
mod rest;

pub use etag::{IfMatch, WithRevision};
pub use frame::{OPEN, frame};
pub use json::{Json, upload};
pub use listener::{Limits, listen, tls};
pub use moved::{Moved, lead};
pub use query::{Path, Query, limit};
pub use request::{Peer, request_id};

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes from hexadecimal.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits?;
    let pairs = digits.chunks_exact(2);
    pairs
        .remainder()
        .is_empty()
        .then(|| pairs.map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// An officer's reason: 3 to 2,000 characters, without spaces around it.
pub fn reason(text: &str, pointer: &str) -> Result<String, crate::problem::Error> {
    let text = text.trim();
    if (3..=2000).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(crate::problem::Error::field(
        pointer,
        "length",
        "Say why in 3 to 2,000 characters.",
    ))
}
