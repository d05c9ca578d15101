//! The packs that ship with Karton load, and all of their worked examples come out as written.

use karton_rules::Pack;
use std::{collections::BTreeMap, path::Path};

/// All files of a pack's folder, by their path inside it.
pub fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
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

#[test]
fn every_pack_loads_and_its_worked_examples_come_out() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut count = 0;
    for entry in std::fs::read_dir(packs).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.join("country.toml").exists() {
            continue;
        }
        match Pack::load(&files(&folder)) {
            Ok(pack) => {
                assert!(
                    pack.benefits.iter().all(|benefit| benefit.cases.len() >= 4),
                    "four cases a benefit"
                );
                count += 1;
            }
            Err(mistakes) => {
                let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
                panic!(
                    "{}: {} mistakes\n{}",
                    folder.display(),
                    said.len(),
                    said.join("\n")
                );
            }
        }
    }
    assert!(count > 0, "no pack found");
}
