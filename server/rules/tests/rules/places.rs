//! The places of the countries: as many as their official lists have, and each in the one above it.

use crate::common::files;
use karton_rules::Pack;
use std::collections::{BTreeMap, BTreeSet};

fn pack(country: &str) -> Pack {
    Pack::load(&files(format!("../../fixtures/{country}"))).unwrap()
}

fn codes<'p>(pack: &'p Pack, list: &str) -> BTreeSet<&'p str> {
    let entries = pack.codes[list].entries.iter();
    entries.map(|entry| entry.code.as_str()).collect()
}

#[test]
fn romania_has_its_counties_units_and_localities() {
    let ro = pack("ro");
    let counties = codes(&ro, "counties");
    // 41 and Bucharest.
    assert_eq!(counties.len(), 42);
    let units: BTreeMap<&str, &str> = (ro.municipalities.iter())
        .map(|row| (row.code.as_str(), row.more.get("kind").unwrap_or_default()))
        .collect();
    let of = |kind: &str| units.values().filter(|found| **found == kind).count();
    assert_eq!(
        [of("municipiu"), of("oraș"), of("comună"), of("sector")],
        [103, 216, 2862, 6]
    );
    for row in &ro.municipalities {
        assert!(
            row.more.get("county").is_some_and(|it| counties.contains(it)),
            "{}",
            row.code
        );
    }
    let localities = &ro.codes["settlements"];
    assert_eq!(localities.entries.len(), 13_755);
    let mut seats: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &localities.entries {
        let unit = entry.more.get("municipality").unwrap();
        assert!(units.contains_key(unit), "{}", entry.code);
        *seats.entry(unit).or_default() += usize::from(entry.more.get("seat") == Some("yes"));
        let name = entry.name.get("ro");
        assert_eq!(name, entry.name.get("en"));
        // Comma below, not the cedilla of old encodings; and no name in capitals.
        assert!(!name.contains(['ş', 'ţ', 'Ş', 'Ţ']), "{name}");
        assert!(name.len() < 4 || name.chars().any(char::is_lowercase), "{name}");
    }
    // Every unit has one seat; those of Bucharest are its sectors.
    let without: Vec<&&str> = units
        .keys()
        .filter(|unit| seats.get(**unit) != Some(&1))
        .collect();
    assert_eq!(without, [&"179132"]);
    assert_eq!(
        localities.entry("4197").unwrap().name.get("ro"),
        "Crăciunelu de Jos"
    );
    assert!(localities.entry("0").is_none() && localities.entry("zzz").is_none());
}

#[test]
fn ukraine_has_its_regions_districts_and_communities() {
    let ua = pack("ua");
    let (regions, districts) = (codes(&ua, "regions"), codes(&ua, "districts"));
    // 24 oblasts, Crimea, Kyiv and Sevastopol.
    assert_eq!((regions.len(), districts.len()), (27, 136));
    let of = |start: &str| {
        ua.municipalities
            .iter()
            .filter(|row| row.code.starts_with(start))
            .count()
    };
    let (crimea, kyiv, sevastopol) = (of("UA01"), of("UA80"), of("UA85"));
    assert_eq!((crimea, kyiv, sevastopol), (303, 1, 1));
    assert_eq!(ua.municipalities.len() - crimea - kyiv - sevastopol, 1_469);
    for row in &ua.municipalities {
        assert!(
            row.more.get("region").is_some_and(|it| regions.contains(it)),
            "{}",
            row.code
        );
        assert!(
            row.more.get("district").is_none_or(|it| districts.contains(it)),
            "{}",
            row.code
        );
    }
    let communities: BTreeSet<&str> = ua.municipalities.iter().map(|row| row.code.as_str()).collect();
    let mut elsewhere = Vec::new();
    for entry in &ua.codes["settlements"].entries {
        let above = entry.more.get("municipality").unwrap();
        if !communities.contains(above) {
            assert!(regions.contains(above), "{}", entry.code);
            elsewhere.push(entry.name.get("en"));
        }
    }
    // The two empty towns lie in no community.
    assert_eq!(elsewhere, ["Prypiat", "Chornobyl"]);
}

#[test]
fn a_name_that_is_the_same_in_every_language_needs_one_column_and_is_not_left_out() {
    let mut files = files("../../fixtures/ro");
    let text = files.get_mut("codes/settlements.csv").unwrap();
    let line = text[..text.find("1026,Alba Iulia").unwrap()]
        .matches('\n')
        .count()
        + 1;
    *text = text.replacen("1026,Alba Iulia", "1026,", 1);
    let found = Pack::load(&files).err().unwrap();
    let said: Vec<_> = found
        .iter()
        .map(|it| (it.file.as_str(), it.line, it.message.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("codes/settlements.csv", line, "the text in `en` is missing"),
            ("codes/settlements.csv", line, "the text in `ro` is missing"),
        ]
    );
}
