//! Packs as tests read them.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its files has nothing to say"
)]

use std::{collections::BTreeMap, path::Path};

/// All files of a pack's folder, by their path inside it.
pub(crate) fn files(folder: impl AsRef<Path>) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = BTreeMap::new();
    let mut open = vec![folder.clone()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(&folder)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}
