//! The packs that ship with Karton load, and all of their worked examples come out as written.

use karton_rules::Pack;
use std::path::{Path, PathBuf};

/// The folders of all countries there are.
pub(crate) fn countries() -> Vec<PathBuf> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut found: Vec<PathBuf> = std::fs::read_dir(packs)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("country.toml").exists())
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no pack found");
    found
}

#[test]
fn every_pack_loads_and_its_worked_examples_come_out() {
    let mut said = Vec::new();
    for folder in countries() {
        match Pack::load(&crate::common::files(&folder)) {
            Ok(pack) => {
                assert_eq!(Path::new(&pack.country.id), folder.file_name().unwrap());
                for benefit in pack.benefits.iter().filter(|benefit| benefit.cases.len() < 4) {
                    said.push(format!(
                        "{}: {} has less than four cases",
                        folder.display(),
                        benefit.code
                    ));
                }
            }
            Err(mistakes) => said.extend(mistakes.iter().map(|it| format!("{}: {it}", folder.display()))),
        }
    }
    assert!(said.is_empty(), "{} mistakes\n{}", said.len(), said.join("\n"));
}

#[test]
fn every_country_has_the_benefits_of_its_catalogue_and_counts_what_is_confirmed() {
    for folder in countries() {
        let Ok(pack) = Pack::load(&crate::common::files(&folder)) else {
            continue;
        };
        let whole = karton_rules::coverage::whole(&pack);
        let country = &pack.country.id;
        assert!(!pack.country.catalogue.is_empty(), "{country} lists no catalogue");
        assert_eq!(whole.lacking, Vec::<String>::new(), "{country}");
        assert_eq!(whole.benefits, whole.of_benefits, "{country}");
        assert!(whole.procedures > 0 && whole.services > 0, "{country}");
        let dated: usize = pack.parameters.iter().map(|parameter| parameter.at.len()).sum();
        assert_eq!(
            whole.values_confirmed + whole.values_unconfirmed,
            dated,
            "{country}"
        );
        let cases: usize = pack.benefits.iter().map(|benefit| benefit.cases.len()).sum();
        assert_eq!(
            whole.cases_confirmed + whole.cases_unconfirmed,
            cases,
            "{country}"
        );
    }
}
