//! Bytes at rest are sealed: XChaCha20-Poly1305 with a random nonce before each.

use anyhow::{Context, Result, anyhow};
use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, KeyInit},
};
use std::{fs, io::Write, path::Path};

/// A key of 32 random bytes or of a passphrase.
pub(crate) struct Seal(XChaCha20Poly1305);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

const NONCE: usize = 24;

impl Seal {
    fn new(key: [u8; 32]) -> Seal {
        Seal(XChaCha20Poly1305::new(&key.into()))
    }
    /// The key kept in this file, made when there is none; only its owner may read it.
    pub(crate) fn kept(path: &Path) -> Result<Seal> {
        if let Ok(bytes) = fs::read(path)
            && let Ok(key) = <[u8; 32]>::try_from(bytes)
        {
            return Ok(Seal::new(key));
        }
        let key: [u8; 32] = rand::random();
        write_private(path, &key)?;
        Ok(Seal::new(key))
    }
    /// The key of a passphrase, slow to guess.
    pub(crate) fn passphrase(passphrase: &str, salt: &[u8]) -> Result<Seal> {
        let mut key = [0; 32];
        argon2::Argon2::default()
            .hash_password_into(passphrase.as_bytes(), salt, &mut key)
            .map_err(|e| anyhow!("the passphrase cannot be used: {e}"))?;
        Ok(Seal::new(key))
    }
    /// Seals.
    pub(crate) fn seal(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE] = rand::random();
        let mut out = nonce.to_vec();
        out.extend(
            self.0
                .encrypt(&nonce.into(), plain)
                .map_err(|_| anyhow!("sealing failed"))?,
        );
        Ok(out)
    }
    /// Opens; refuses what was sealed with another key or changed since.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<Vec<u8>> {
        let (nonce, body) = sealed.split_at_checked(NONCE).context("too short to be sealed")?;
        let nonce = <[u8; NONCE]>::try_from(nonce)?;
        self.0
            .decrypt(&nonce.into(), body)
            .map_err(|_| anyhow!("sealed with another key, or damaged"))
    }
}

/// Writes a file that only its owner may read, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let beside = path.with_extension("new");
    let mut file = private()
        .create(true)
        .write(true)
        .truncate(true)
        .open(&beside)
        .with_context(|| beside.display().to_string())?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path).with_context(|| path.display().to_string())
}

pub(crate) fn private() -> fs::OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only unix has a mode to set"))]
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
