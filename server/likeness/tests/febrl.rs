//! Febrl's data sets at the shipped weights and thresholds. `tests/data/febrl/SOURCE.md` says where they come from.

#![expect(clippy::unwrap_used, reason = "a data set that cannot be read fails the test")]

use karton_likeness::{
    CERTAIN, FIELDS, Level, POSSIBLE, compare,
    estimate::{Patterns, estimate},
    labelled::{Labelled, Quality, find, of_febrl, tally},
};
use std::{fs, path::Path};

fn read(name: &str, file: u8) -> Vec<Labelled> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/febrl")
        .join(name);
    of_febrl(&fs::read_to_string(path).unwrap(), file)
}

fn at_both(cards: &[Labelled]) -> (Quality, Quality) {
    let found = find(cards);
    (found.at(POSSIBLE), found.at(CERTAIN))
}

#[test]
fn the_second_set_within_one_file() {
    let (possible, certain) = at_both(&read("dataset2.csv", 0));
    assert_eq!(possible.right + possible.missed, 1934);
    assert!(possible.f1() >= 99_900, "{possible:?}");
    assert!(certain.wrong == 0 && certain.f1() >= 99_300, "{certain:?}");
}

#[test]
fn the_third_set_with_many_mistakes() {
    let (possible, certain) = at_both(&read("dataset3.csv", 0));
    assert_eq!(possible.right + possible.missed, 6538);
    assert!(possible.f1() >= 99_870, "{possible:?}");
    assert!(certain.wrong == 0 && certain.f1() >= 98_800, "{certain:?}");
}

#[test]
fn the_fourth_set_between_two_files() {
    let mut cards = read("dataset4a.csv", 0);
    cards.extend(read("dataset4b.csv", 1));
    let (possible, certain) = at_both(&cards);
    assert_eq!(possible.right + possible.missed, 5000);
    assert!(possible.f1() >= 99_980, "{possible:?}");
    assert!(certain.wrong == 0 && certain.f1() >= 99_500, "{certain:?}");
}

#[test]
fn without_keeping_the_pairs_it_finds_the_same() {
    let cards = read("dataset1.csv", 0);
    let found = find(&cards);
    let tally = tally(&cards, POSSIBLE);
    assert_eq!(
        (tally.quality, tally.compared),
        (found.at(POSSIBLE), found.pairs.len() as u64)
    );
}

/// The estimator goes through all pairs of a part of the first set; with all of it, it is the tool behind the shipped weights.
#[test]
fn the_estimator_finds_without_labels_what_the_labels_say() {
    let cards: Vec<Labelled> = read("dataset1.csv", 0).into_iter().take(400).collect();
    let mut patterns = Patterns::new();
    let mut truly = 0_u32;
    for (place, b) in cards.iter().enumerate() {
        for a in &cards[..place] {
            *patterns.entry(compare(&a.card, &b.card)).or_default() += 1;
            truly += u32::from(a.owner == b.owner);
        }
    }
    let found = estimate(&patterns, 0.001, 20);
    let pairs = patterns.values().sum::<u64>();
    let expected = found.thousandths_of_matches(pairs);
    assert!(
        expected.abs_diff(u64::from(truly) * 1000) < 2000,
        "{expected} for {truly}"
    );
    let number = FIELDS
        .iter()
        .position(|field| field.code() == "national-id")
        .unwrap();
    assert!(found.weight(number, Level::Same as usize) > 1000);
    assert!(found.weight(number, Level::Different as usize) < -200);
}
