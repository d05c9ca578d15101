//! What no suspicion may rest on: nationality, origin, religion, and where somebody lives, which stands for all of them.

/// Why a fact is kept out of signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitive {
    /// It says where somebody comes from, which language they speak or what they believe.
    Person,
    /// It says where somebody lives. Law may set limits by place, so it may be looked up in a table.
    Place,
}

/// Beginnings of words that say who somebody is, in English and the languages of the packs.
const PERSON: [&str; 27] = [
    "citizen",
    "cetat",
    "nationali",
    "naciona",
    "drzavljan",
    "hromadianstv",
    "ethni",
    "etni",
    "relig",
    "faith",
    "belief",
    "denomin",
    "church",
    "vjer",
    "confesi",
    "language",
    "limba",
    "jezik",
    "mova",
    "tongue",
    "surname",
    "refugee",
    "asylum",
    "immigra",
    "migrant",
    "foreign",
    "persecut",
];
/// Words that are such only as they stand.
const PERSON_WHOLE: [&str; 8] = [
    "race", "rasa", "roma", "romi", "rrom", "origin", "origins", "skin",
];
/// Beginnings of words that say where somebody lives.
const PLACE: [&str; 22] = [
    "address",
    "adres",
    "municipal",
    "settlement",
    "naselj",
    "county",
    "judet",
    "region",
    "district",
    "hromad",
    "oblast",
    "raion",
    "communit",
    "village",
    "neighbo",
    "postal",
    "postcode",
    "street",
    "ulica",
    "strada",
    "cartier",
    "localit",
];
const PLACE_WHOLE: [&str; 6] = ["camp", "ghetto", "sat", "selo", "town", "city"];
/// Two words that together say it.
const PAIRS: [(&str, Sensitive); 6] = [
    ("birth_place", Sensitive::Person),
    ("birth_country", Sensitive::Person),
    ("family_name", Sensitive::Person),
    ("given_name", Sensitive::Person),
    ("home_country", Sensitive::Person),
    ("area_kind", Sensitive::Place),
];

impl Sensitive {
    /// How packs write it.
    pub(super) const NAMES: [(&str, Sensitive); 2] =
        [("person", Sensitive::Person), ("place", Sensitive::Place)];

    /// Whether the name of a fact or of a code list says by itself what it is about, whatever a pack marks.
    pub fn of_name(name: &str) -> Option<Sensitive> {
        let words = || name.split('_');
        let has = |begins: &[&str], whole: &[&str]| {
            words().any(|word| whole.contains(&word) || begins.iter().any(|stem| word.starts_with(stem)))
        };
        let pair = PAIRS.iter().find(|(pair, _)| name.contains(pair));
        if has(&PERSON, &PERSON_WHOLE) {
            Some(Sensitive::Person)
        } else if has(&PLACE, &PLACE_WHOLE) {
            Some(Sensitive::Place)
        } else {
            pair.map(|(_, what)| *what)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sensitive;

    #[test]
    fn names_that_say_who_somebody_is_or_where_they_live_are_known_in_the_languages_of_the_packs() {
        for name in [
            "citizenship",
            "citizenship2",
            "citizen",
            "nationalities",
            "cetatenie",
            "etnie",
            "ethnic_group",
            "roma",
            "faith",
            "denomination",
            "religious_community",
            "birth_country",
            "birth_place",
            "limba_materna",
            "mother_tongue",
            "surname",
            "vjeroispovijest",
            "foreigner",
        ] {
            assert_eq!(Sensitive::of_name(name), Some(Sensitive::Person), "{name}");
        }
        for name in [
            "address",
            "registered_address",
            "municipality",
            "settlements",
            "county",
            "region",
            "hromada",
            "postal_code",
            "village",
            "street",
            "camp",
            "neighbourhood",
            "area_kind",
            "districts",
        ] {
            assert_eq!(Sensitive::of_name(name), Some(Sensitive::Place), "{name}");
        }
        for name in [
            "income",
            "in_population_register",
            "open_debt",
            "months_before_birth",
            "residence_kind",
            "placed",
            "local_hours_missing",
            "area_m2",
            "registered_dead",
            "work_capable",
            "original_invoice",
            "trace",
            "saturday",
        ] {
            assert_eq!(Sensitive::of_name(name), None, "{name}");
        }
    }
}
