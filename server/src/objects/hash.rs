use crate::{
    http::{hex, unhex},
    store::Val,
};
use std::{fmt, str::FromStr};

/// The SHA-256 of an object's content: its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The bytes of a digest.
    pub const fn of(digest: [u8; 32]) -> ContentHash {
        ContentHash(digest)
    }
    /// The digest.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}
impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
/// 64 hexadecimal digits in small letters; nothing else.
impl FromStr for ContentHash {
    type Err = ();
    fn from_str(text: &str) -> Result<ContentHash, ()> {
        let small = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let bytes = unhex(text).filter(|_| small).ok_or(())?;
        bytes.try_into().map(ContentHash).map_err(|_| ())
    }
}
impl From<ContentHash> for Val {
    fn from(hash: ContentHash) -> Val {
        Val::Text(hash.to_string())
    }
}
