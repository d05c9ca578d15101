//! The packs that ship with Karton load, and all of their worked examples come out as written.

use karton_rules::Pack;
use std::path::Path;

#[test]
fn every_pack_loads_and_its_worked_examples_come_out() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut count = 0;
    for entry in std::fs::read_dir(packs).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.join("country.toml").exists() {
            continue;
        }
        match Pack::load(&crate::common::files(&folder)) {
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
