//! The journal of drafts: what was typed and not sent survives a crash, a cut line and a reboot.
//!
//! Each change is appended sealed: four bytes of length, the nonce, the sealed JSON of `{key, body}`; a body of `null` says that the
//! draft was sent or thrown away. A torn last record is left out. On start the journal is written afresh with what still counts.

use super::sealed::{Seal, private, write_private};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::Path,
};

#[derive(Serialize, Deserialize)]
struct Record {
    key: String,
    body: Option<Value>,
}

/// The open journal.
#[derive(Debug)]
pub(crate) struct Journal {
    seal: Seal,
    file: File,
}

impl Journal {
    /// Opens the journal in a folder and gives back the drafts in it.
    pub(crate) fn open(folder: &Path) -> Result<(Journal, BTreeMap<String, Value>)> {
        let seal = Seal::kept(&folder.join("drafts.key"))?;
        let path = folder.join("drafts.journal");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(e).with_context(|| path.display().to_string()),
        };
        let mut drafts = BTreeMap::new();
        let mut rest = bytes.as_slice();
        while let Some((head, tail)) = rest.split_first_chunk::<4>() {
            let length = usize::try_from(u32::from_le_bytes(*head)).unwrap_or(usize::MAX);
            let Some((sealed, after)) = tail.split_at_checked(length) else {
                break;
            };
            rest = after;
            // What another key sealed is not ours to read; what is damaged cannot be.
            let Ok(plain) = seal.open(sealed) else { continue };
            let Ok(record) = serde_json::from_slice::<Record>(&plain) else {
                continue;
            };
            match record.body {
                Some(body) => drafts.insert(record.key, body),
                None => drafts.remove(&record.key),
            };
        }
        let mut fresh = Vec::new();
        for (key, body) in &drafts {
            fresh.extend(sealed(&seal, key, Some(body))?);
        }
        write_private(&path, &fresh)?;
        let file = private()
            .append(true)
            .open(&path)
            .with_context(|| path.display().to_string())?;
        Ok((Journal { seal, file }, drafts))
    }
    /// Appends a draft as it stands, or that it is gone, and waits until the disk has it.
    pub(crate) fn append(&mut self, key: &str, body: Option<&Value>) -> Result<()> {
        let record = sealed(&self.seal, key, body)?;
        self.file.write_all(&record)?;
        self.file.sync_data()?;
        Ok(())
    }
}

fn sealed(seal: &Seal, key: &str, body: Option<&Value>) -> Result<Vec<u8>> {
    let record = Record {
        key: key.to_owned(),
        body: body.cloned(),
    };
    let sealed = seal.seal(&serde_json::to_vec(&record)?)?;
    let mut out = u32::try_from(sealed.len())?.to_le_bytes().to_vec();
    out.extend(sealed);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("karton-drafts-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn drafts_are_there_again_and_cannot_be_read_without_the_key() {
        let folder = folder("again");
        let (mut journal, none) = Journal::open(&folder).unwrap();
        assert!(none.is_empty());
        journal.append("a", Some(&json!({"name": "Marija"}))).unwrap();
        journal.append("b", Some(&json!(1))).unwrap();
        journal
            .append("a", Some(&json!({"name": "Marija Vuković"})))
            .unwrap();
        journal.append("b", None).unwrap();
        drop(journal);
        let bytes = fs::read(folder.join("drafts.journal")).unwrap();
        assert!(!bytes.windows(6).any(|w| w == b"Marija"));
        let (_, drafts) = Journal::open(&folder).unwrap();
        assert_eq!(
            drafts,
            BTreeMap::from([("a".to_owned(), json!({"name": "Marija Vuković"}))])
        );
        fs::remove_file(folder.join("drafts.key")).unwrap();
        assert!(Journal::open(&folder).unwrap().1.is_empty());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_torn_or_damaged_record_loses_only_itself() {
        let folder = folder("torn");
        let (mut journal, _) = Journal::open(&folder).unwrap();
        for key in ["a", "b", "c"] {
            journal.append(key, Some(&json!(key))).unwrap();
        }
        drop(journal);
        let path = folder.join("drafts.journal");
        let mut bytes = fs::read(&path).unwrap();
        let one = bytes.len() / 3;
        bytes[one + 20] ^= 1;
        bytes.truncate(bytes.len() - 5);
        fs::write(&path, &bytes).unwrap();
        let (_, drafts) = Journal::open(&folder).unwrap();
        assert_eq!(drafts.keys().collect::<Vec<_>>(), ["a"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
