//! What the worked examples of the countries show: granted, refused at the boundary, an amount on each side of a change, an odd household.

use crate::common::files;
use karton_rules::{
    Pack,
    coverage::coverage,
    examples::{Kinds, Shown, kinds},
};
use std::collections::BTreeMap;

fn of(files: &BTreeMap<String, String>, benefit: &str) -> Kinds {
    let pack = Pack::load(files).unwrap();
    kinds(&pack, pack.benefit(benefit).unwrap())
}

/// The country's files with one text replaced in one of them.
fn changed(country: &str, file: &str, from: &str, to: &str) -> BTreeMap<String, String> {
    let mut files = files(format!("../../fixtures/{country}"));
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replace(from, to);
    files
}

#[test]
fn every_benefit_of_every_country_has_worked_examples_of_all_four_kinds() {
    for country in ["me", "ro", "ua"] {
        let pack = Pack::load(&files(format!("../../fixtures/{country}"))).unwrap();
        let lacking: Vec<String> = coverage(&pack)
            .iter()
            .filter(|row| !row.kinds.lacking().is_empty())
            .map(|row| format!("{}: {}", row.benefit, row.kinds.lacking().join(", ")))
            .collect();
        assert!(lacking.is_empty(), "{country}\n{}", lacking.join("\n"));
    }
}

#[test]
fn a_refusal_a_unit_further_is_no_longer_at_the_boundary() {
    const CASES: &str = "catalogue/LI/cases.toml";
    let found = of(&files("../../fixtures/me"), "LI");
    assert_eq!((found.boundary.confirmed, found.boundary.unconfirmed), (1, 0));
    // The case "one per cent below the least degree".
    let further = of(
        &changed("me", CASES, "disability_degree = 79", "disability_degree = 78"),
        "LI",
    );
    assert_eq!(further.boundary, Shown::default());
    assert_eq!(further.lacking(), ["refused at the boundary"]);
}

#[test]
fn a_yes_or_no_counts_only_where_no_quantity_decides() {
    // Nothing but a conclusion and a status open this right.
    let found = of(&files("../../fixtures/me"), "BPV");
    assert!(!found.boundary.is_none());
    // Whether the debt is settled is asked here too, but the debt itself decides: of the refusals only those for a debt far beyond 680 are left.
    let mut ua = files("../../fixtures/ua");
    let cases = ua.get_mut("catalogue/S711/cases.toml").unwrap();
    let far = |case: &&str| !case.contains("\"refuse\"") || case.contains("utility_debt = \"680.01\"");
    let kept: Vec<&str> = cases.split("[[case]]").filter(far).collect();
    *cases = kept
        .join("[[case]]")
        .replace("utility_debt = \"680.01\"", "utility_debt = \"700.00\"");
    // Conditions that no example refuses any more are no matter here.
    let (pack, _) = Pack::load_draft(&ua).unwrap();
    let beside = kinds(&pack, pack.benefit("S711").unwrap());
    assert_eq!(beside.lacking(), ["refused at the boundary"]);
}

#[test]
fn what_one_side_of_a_change_shows_alone_is_not_enough() {
    const CASES: &str = "catalogue/ISP/cases.toml";
    let whole = files("../../fixtures/ro");
    assert!(of(&whole, "ISP").change.is_some_and(|shown| shown.confirmed >= 2));
    let one_side = changed("ro", CASES, "on = 2024-02-29", "on = 2024-03-02");
    let mut one_side = one_side;
    let text = one_side.get_mut(CASES).unwrap();
    *text = text.replace("\"479.00\"", "\"529.00\"");
    assert_eq!(of(&one_side, "ISP").change, Some(Shown::default()));
}
