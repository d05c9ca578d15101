//! Where the session's token is kept between runs.

use super::sealed::{Seal, write_private};
use crate::config::{SecretTier, Settings};
use anyhow::{Context, Result, bail};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// The chosen store. It is never switched silently: when it does not work, that is said.
#[derive(Debug)]
pub(crate) struct Secrets {
    tier: SecretTier,
    path: PathBuf,
    name: String,
    passphrase: Option<String>,
}

impl Secrets {
    /// The store that the settings name, for one server.
    pub(crate) fn of(settings: &Settings) -> Secrets {
        Secrets {
            tier: settings.secrets,
            path: settings.state.join("secrets.sealed"),
            name: settings.server.clone(),
            passphrase: std::env::var("KARTON_PASSPHRASE").ok(),
        }
    }
    /// Whether something kept now is there in the next run.
    pub(crate) fn lasting(&self) -> bool {
        self.tier != SecretTier::Memory
    }
    /// What people read of it: the key of its words.
    pub(crate) fn words(&self) -> &'static str {
        match self.tier {
            SecretTier::Memory => "secrets-memory",
            SecretTier::Kernel => "secrets-kernel",
            SecretTier::File => "secrets-file",
        }
    }
    /// Takes the passphrase of the sealed file, where one is needed.
    pub(crate) fn unlock(&mut self, ask: impl FnOnce() -> Result<String>) -> Result<()> {
        if self.tier == SecretTier::File && self.passphrase.is_none() {
            self.passphrase = Some(ask()?);
        }
        Ok(())
    }
    /// The token kept for this server. `KARTON_TOKEN` comes first, for scripts.
    pub(crate) fn token(&self) -> Result<Option<String>> {
        if let Ok(token) = std::env::var("KARTON_TOKEN") {
            return Ok(Some(token));
        }
        match self.tier {
            SecretTier::Memory => Ok(None),
            SecretTier::Kernel => kernel::get(&self.name),
            SecretTier::File => Ok(self.read()?.0.remove(&self.name)),
        }
    }
    /// Keeps the token, or forgets it.
    pub(crate) fn keep(&self, token: Option<&str>) -> Result<()> {
        match self.tier {
            SecretTier::Memory => Ok(()),
            SecretTier::Kernel => kernel::set(&self.name, token),
            SecretTier::File => {
                let (mut tokens, salt) = self.read()?;
                match token {
                    Some(token) => tokens.insert(self.name.clone(), token.to_owned()),
                    None => tokens.remove(&self.name),
                };
                let mut out = salt.to_vec();
                out.extend(self.seal(&salt)?.seal(&serde_json::to_vec(&tokens)?)?);
                write_private(&self.path, &out)
            }
        }
    }
    fn seal(&self, salt: &[u8]) -> Result<Seal> {
        let Some(passphrase) = &self.passphrase else {
            bail!("the sealed file needs its passphrase (KARTON_PASSPHRASE)")
        };
        Seal::passphrase(passphrase, salt)
    }
    fn read(&self) -> Result<(BTreeMap<String, String>, [u8; 16])> {
        match fs::read(&self.path) {
            Ok(bytes) => {
                let (salt, body) = bytes
                    .split_first_chunk::<16>()
                    .context("the sealed file is damaged")?;
                let plain = self
                    .seal(salt)?
                    .open(body)
                    .context("the passphrase does not open the sealed file")?;
                Ok((serde_json::from_slice(&plain)?, *salt))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok((BTreeMap::new(), rand::random())),
            Err(e) => Err(e).with_context(|| self.path.display().to_string()),
        }
    }
}

#[cfg(target_os = "linux")]
mod kernel {
    use anyhow::{Context, Result};
    use keyring_core::{Entry, Error};

    fn entry(name: &str) -> Result<Entry> {
        if keyring_core::get_default_store().is_none() {
            keyring_core::set_default_store(
                linux_keyutils_keyring_store::Store::new().context("the kernel keyring is not there")?,
            );
        }
        Entry::new("karton", name).context("the kernel keyring does not answer")
    }
    pub(super) fn get(name: &str) -> Result<Option<String>> {
        match entry(name)?.get_password() {
            Ok(token) => Ok(Some(token)),
            Err(Error::NoEntry) => Ok(None),
            Err(e) => Err(e).context("the kernel keyring does not give the token"),
        }
    }
    pub(super) fn set(name: &str, token: Option<&str>) -> Result<()> {
        let entry = entry(name)?;
        match token {
            Some(token) => entry
                .set_password(token)
                .context("the kernel keyring does not take the token"),
            None => match entry.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(e) => Err(e).context("the kernel keyring does not forget the token"),
            },
        }
    }
}
#[cfg(not(target_os = "linux"))]
mod kernel {
    use anyhow::{Result, bail};
    pub(super) fn get(_: &str) -> Result<Option<String>> {
        bail!("only Linux has a kernel keyring; choose memory or file in config.toml")
    }
    pub(super) fn set(_: &str, _: Option<&str>) -> Result<()> {
        bail!("only Linux has a kernel keyring; choose memory or file in config.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_token_opens_only_with_its_passphrase() {
        let path = std::env::temp_dir().join(format!("karton-secrets-{}.sealed", std::process::id()));
        let _ = fs::remove_file(&path);
        let open = |passphrase: &str| Secrets {
            tier: SecretTier::File,
            path: path.clone(),
            name: "http://here".into(),
            passphrase: Some(passphrase.into()),
        };
        open("more sol").keep(Some("tok-123")).unwrap();
        assert!(!fs::read(&path).unwrap().windows(7).any(|w| w == b"tok-123"));
        assert_eq!(open("more sol").token().unwrap().as_deref(), Some("tok-123"));
        assert!(open("krivo").token().is_err());
        open("more sol").keep(None).unwrap();
        assert_eq!(open("more sol").token().unwrap(), None);
        fs::remove_file(path).unwrap();
    }
}
