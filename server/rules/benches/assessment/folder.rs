//! A pack's folder as text.

use std::{collections::BTreeMap, fs, io, path::Path};

/// All files below a folder, by their path inside it.
pub(crate) fn files(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).map_err(io::Error::other)?;
                let name = name.to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path)?);
            }
        }
    }
    Ok(found)
}
