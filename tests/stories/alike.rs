//! How well people who were written down twice are found, at the shipped weights and thresholds.

use karton_likeness::{ASKED, CERTAIN, POSSIBLE, labelled::find};
use karton_tests::written_twice::{written_abroad, written_twice};

/// Typing mistakes, the other script, no diacritics, moved, no number; among ten thousand people who bear the names of a small country.
#[test]
fn people_written_down_twice_are_found_and_families_are_not_taken_for_one() {
    let found = find(&written_twice(10_000));
    let (possible, asked, certain) = (found.at(POSSIBLE), found.at(ASKED), found.at(CERTAIN));
    assert!(possible.f1() >= 95_000 && possible.missed <= 8, "{possible:?}");
    assert!(asked.f1() >= 97_500, "{asked:?}");
    assert!(certain.f1() >= 98_000 && certain.wrong <= 5, "{certain:?}");
}

/// Names as offices abroad spell them.
#[test]
fn a_name_spelt_abroad_is_found_at_home() {
    let found = find(&written_abroad(10_000));
    let (possible, certain) = (found.at(POSSIBLE), found.at(CERTAIN));
    assert!(possible.missed * 50 <= found.truly, "{possible:?}");
    assert!(certain.f1() >= 97_000, "{possible:?} {certain:?}");
}
