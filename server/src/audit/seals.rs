//! Seals: what the heads of all lanes were at an instant, under a key that does not lie in the database.
//!
//! The chain shows what was changed inside it. That its last entries were removed, or that all of it was written anew, shows only against
//! something outside: each seal names the heads that moved since the one before it, and that one; it is authenticated with HMAC-SHA-256, and
//! the newest is also kept in a file beside the key, so that not even the seals can be cut off unseen.

use crate::{
    clock::Clock,
    http::{hex, unhex},
    problem::Error,
    store::{Store, Tx},
    vals,
};
use jiff::Timestamp;
use karton_api::{Id, value::Office};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The key of the seals, and the file that remembers the newest one.
#[derive(Clone)]
pub struct SealKey {
    key: [u8; 32],
    newest: Option<PathBuf>,
}

impl SealKey {
    /// A key given by configuration: 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<SealKey> {
        let key = unhex(text.trim())?.try_into().ok()?;
        Some(SealKey { key, newest: None })
    }
    /// A key that is kept nowhere, for stores that are thrown away.
    pub fn passing() -> SealKey {
        SealKey {
            key: rand::random(),
            newest: None,
        }
    }
    /// The key of a folder: `audit.key`, made when it is not there, readable for its owner only.
    pub fn of_folder(folder: &Path) -> io::Result<SealKey> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("audit.key");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let text = hex(&rand::random::<[u8; 32]>());
                write_private(&path, &text)?;
                text
            }
            Err(error) => return Err(error),
        };
        let wrong = || {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "audit.key does not hold 64 hexadecimal digits",
            )
        };
        Ok(SealKey {
            newest: Some(folder.join("audit.head")),
            ..SealKey::parse(&text).ok_or_else(wrong)?
        })
    }
    /// The same key with a file that remembers the newest seal.
    pub fn remembered_in(self, folder: &Path) -> SealKey {
        SealKey {
            newest: Some(folder.join("audit.head")),
            ..self
        }
    }

    /// The same key, remembering nothing: for a copy of a store, whose newest seal is not that of the store itself.
    #[must_use]
    pub fn forgetful(self) -> SealKey {
        SealKey { newest: None, ..self }
    }

    /// Tells one key from another without telling the key: 16 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        self.mac("karton: which key this is")
            .get(..8)
            .map(hex)
            .unwrap_or_default()
    }

    /// HMAC-SHA-256 (RFC 2104).
    fn mac(&self, text: &str) -> [u8; 32] {
        let mut inner = Sha256::new();
        let mut outer = Sha256::new();
        let mut block = [0_u8; 64];
        block[..32].copy_from_slice(&self.key);
        inner.update(block.map(|byte| byte ^ 0x36));
        outer.update(block.map(|byte| byte ^ 0x5c));
        inner.update(text);
        outer.update(inner.finalize());
        outer.finalize().into()
    }

    /// Whether this is the authentication of that text, in constant time.
    fn is_mac(&self, text: &str, mac: &[u8; 32]) -> bool {
        self.mac(text)
            .iter()
            .zip(mac)
            .fold(0, |differs, (a, b)| differs | (a ^ b))
            == 0
    }

    fn remember(&self, seal: &Seal) -> io::Result<()> {
        let Some(path) = &self.newest else { return Ok(()) };
        let text = serde_json::to_string(seal).map_err(io::Error::other)?;
        let fresh = path.with_extension("head.new");
        write_private(&fresh, &text)?;
        std::fs::rename(&fresh, path)
    }

    /// The newest seal as the file remembers it.
    pub(super) fn remembered(&self) -> io::Result<Option<Seal>> {
        let Some(path) = &self.newest else { return Ok(None) };
        match std::fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text).map(Some).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The head of one lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Whose lane.
    pub office: Id<Office>,
    /// Which.
    pub lane: i64,
    /// The last entry's place.
    pub sequence: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
}

/// The heads that moved since the seal before, sealed. Exported as JSON, it proves later what stood then: it names its predecessor, which names
/// the one before it, and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Counted from 1.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// The lanes that moved, by office and lane.
    pub heads: Vec<Head>,
    /// The authentication of the seal before it, in hexadecimal; empty for the first.
    pub previous: String,
    /// The authentication, in hexadecimal.
    pub mac: String,
}

impl Seal {
    fn text(&self) -> Result<String, Error> {
        let at = self.at.as_microsecond();
        serde_json::to_string(&("karton seal 1", self.number, at, &self.heads, &self.previous))
            .map_err(Error::fault)
    }
    /// Whether the seal was made with this key and not changed since.
    pub fn is_genuine(&self, key: &SealKey) -> bool {
        let mac = unhex(&self.mac).and_then(|mac| <[u8; 32]>::try_from(mac).ok());
        mac.zip(self.text().ok())
            .is_some_and(|(mac, text)| key.is_mac(&text, &mac))
    }
}

/// Seals the heads, unless nothing was written since the last seal. Answers the newest seal.
pub async fn seal(store: &Store, clock: &Clock, key: &SealKey) -> Result<Option<Seal>, Error> {
    let now = clock.now();
    let sealing = Arc::new(key.clone());
    let seal = store
        .write(move |tx| {
            let newest = newest(tx)?;
            let heads = heads(tx)?;
            if heads.is_empty() {
                return Ok(newest);
            }
            let (number, previous) = newest.map_or((1, String::new()), |seal| (seal.number + 1, seal.mac));
            let mut seal = Seal { number, at: now, heads, previous, mac: String::new() };
            let mac = sealing.mac(&seal.text()?);
            seal.mac = hex(&mac);
            let heads = serde_json::to_string(&seal.heads).map_err(Error::fault)?;
            // Another server may have sealed at the same moment: then its seal is the newest, and ours is not needed.
            let made = tx.exec(
                "INSERT INTO audit_seal (number, at, heads, mac) VALUES ($1, $2, $3, $4) ON CONFLICT (number) DO NOTHING",
                vals![seal.number, seal.at, heads, mac],
            )?;
            if made == 0 {
                return Ok(None);
            }
            for head in &seal.heads {
                tx.exec(
                    "INSERT INTO audit_sealed (office, lane, sequence) VALUES ($1, $2, $3)
                     ON CONFLICT (office, lane) DO UPDATE SET sequence = excluded.sequence",
                    vals![head.office, head.lane, head.sequence],
                )?;
            }
            Ok::<_, Error>(Some(seal))
        })
        .await?;
    if let Some(seal) = &seal {
        key.remember(seal).map_err(Error::fault)?;
    }
    Ok(seal)
}

/// The heads that moved since they were sealed. What was sealed stands in a table of its own: sealing keeps nobody from a lane.
fn heads(tx: &mut Tx) -> Result<Vec<Head>, Error> {
    let rows = tx.query(
        "SELECT l.office, l.lane, l.sequence, l.hash FROM audit_lane l
         LEFT JOIN audit_sealed s ON s.office = l.office AND s.lane = l.lane
         WHERE l.sequence > coalesce(s.sequence, 0) ORDER BY l.office, l.lane",
        &[],
    )?;
    let mut heads = Vec::new();
    for row in rows {
        let hash: [u8; 32] = row.get(3)?;
        heads.push(Head {
            office: row.get(0)?,
            lane: row.get(1)?,
            sequence: row.get(2)?,
            hash: hex(&hash),
        });
    }
    Ok(heads)
}

/// All seals, the oldest first.
pub(super) fn all(tx: &mut Tx) -> Result<Vec<Seal>, Error> {
    let mut seals: Vec<Seal> = Vec::new();
    for row in tx.query(
        "SELECT number, at, heads, mac FROM audit_seal ORDER BY number",
        &[],
    )? {
        let (heads, mac): (String, [u8; 32]) = (row.get(2)?, row.get(3)?);
        let previous = seals.last().map_or_else(String::new, |seal| seal.mac.clone());
        let heads = serde_json::from_str(&heads).unwrap_or_default();
        seals.push(Seal {
            number: row.get(0)?,
            at: row.get(1)?,
            heads,
            previous,
            mac: hex(&mac),
        });
    }
    Ok(seals)
}

fn newest(tx: &mut Tx) -> Result<Option<Seal>, Error> {
    let sql = "SELECT number, at, heads, mac FROM audit_seal ORDER BY number DESC LIMIT 2";
    let rows = tx.query(sql, &[])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (heads, mac): (String, [u8; 32]) = (row.get(2)?, row.get(3)?);
    let before: Option<[u8; 32]> = rows.get(1).map(|row| row.get(3)).transpose()?;
    Ok(Some(Seal {
        number: row.get(0)?,
        at: row.get(1)?,
        heads: serde_json::from_str(&heads).map_err(Error::fault)?,
        previous: before.map(|mac| hex(&mac)).unwrap_or_default(),
        mac: hex(&mac),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authentication_is_that_of_the_standard() {
        // RFC 4231, case 1, with its key of twenty bytes filled up with zeros as the standard does.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let mac = SealKey { key, newest: None }.mac("Hi There");
        assert_eq!(
            hex(&mac),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }
}
