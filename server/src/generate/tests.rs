//! The population as a whole.

use super::*;
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet, HashSet};

fn settings() -> Settings {
    Settings::read(&pack_text("me").unwrap()).unwrap()
}

fn population(seed: u64, persons: u64) -> Population {
    Population {
        seed,
        persons,
        today: date(2025, 3, 10),
    }
}

#[test]
fn the_same_seed_gives_the_same_people_and_a_larger_population_begins_with_the_smaller() {
    let settings = settings();
    let first: Vec<_> = population(7, 3000).generate(&settings).collect();
    let again: Vec<_> = population(7, 3000).generate(&settings).collect();
    assert!(first == again);
    let larger: Vec<_> = population(7, 5000)
        .generate(&settings)
        .take(first.len())
        .collect();
    assert!(first == larger);
    let other: Vec<_> = population(8, 3000).generate(&settings).collect();
    assert!(first != other);
    let people = first
        .iter()
        .map(|household| household.members.len())
        .sum::<usize>();
    assert!((3000..3012).contains(&people), "{people}");
}

#[test]
fn a_population_stays_what_it_was() {
    // One drawn household, written down: if this changes, everybody's demo changes, so change it knowingly.
    let settings = settings();
    let household = population(1, 2000).generate(&settings).nth(20).unwrap();
    let head = &household.members[0];
    let seen = format!(
        "{:?} {:?} {} {} {:?} {}",
        household.shape,
        household.standing,
        household.home.municipality,
        head.given_name,
        head.family_name,
        head.birth_date
    );
    assert_eq!(
        seen,
        "Single WithVehicle ME-08 Ljubica Some(\"Savić\") 1966-06-11"
    );
}

#[test]
fn any_household_can_be_made_alone() {
    let settings = settings();
    let population = population(3, 1500);
    for mut streamed in population.generate(&settings) {
        let alone = population.household(&settings, streamed.index);
        if streamed.story.is_none() {
            for person in &mut streamed.members {
                person.national_id = None;
            }
        }
        assert!(alone == streamed, "{}", streamed.index);
    }
}

#[test]
fn the_named_people_have_their_numbers() {
    let settings = settings();
    let mut late = population(1, 0);
    late.today = date(2026, 3, 1);
    let expected = [
        ("1403978200126", "Marko Vujotić"),
        ("0209981205177", "Jelena Vujotić"),
        ("2106012200331", "Luka Vujotić"),
        ("0501019205222", "Sara Vujotić"),
        ("3011944201044", "Stanko Brdarić"),
        ("0804949206418", "Milica Brdarić"),
        ("1707990207011", "Emina Hodžović"),
        ("2902008202150", "Adem Hodžović"),
        ("1112986205558", "Dragana Kotlajić"),
        ("0105969200771", "Ivan Primorčić"),
        ("2310995209027", "Ana Lučindol"),
        ("1908001201498", "Petar Igaljan"),
        ("0606958206335", "Vesna Njegunić"),
        ("1501973203013", "Senad Limović"),
        ("0302026205111", "novorođenče Limović"),
        ("2808926200091", "Rajko Spomenar"),
        ("1205941205709", "Stana Kosić"),
        ("0311963200728", "Dušan Bulatin"),
        ("2208946205718", "Zorka Lakov"),
        ("0904984205720", "Mileva Radunov"),
        ("1701014200721", "Filip Radunov"),
        ("3006972205736", "Nada Vidak"),
        ("1402985200739", "Goran Požarić"),
        ("2512987205758", "Ivana Požarić"),
        ("0603016205768", "Tara Požarić"),
    ];
    let seen: Vec<(String, String)> = late
        .generate(&settings)
        .flat_map(|household| household.members)
        .map(|p| {
            (
                p.national_id.unwrap(),
                format!("{} {}", p.given_name, p.family_name.unwrap()),
            )
        })
        .collect();
    assert_eq!(
        seen,
        expected.map(|(number, name)| (number.to_owned(), name.to_owned()))
    );
    assert_eq!(
        population(1, 0)
            .generate(&settings)
            .flat_map(|household| household.members)
            .count(),
        24,
        "one is not born yet"
    );
}

#[test]
fn the_first_family_is_poor_and_has_no_award_yet() {
    let settings = settings();
    let family = population(1, 0).generate(&settings).next().unwrap();
    assert_eq!(family.story.as_deref(), Some("vujotic"));
    assert_eq!(family.members.len(), 4);
    assert!(family.awards.is_empty() && family.refusals.is_empty());
    let income = living::monthly_total(&family, date(2025, 3, 10));
    assert_eq!(income, 4200);
    assert!(income < settings.parameters.at("mo.base", 4, date(2025, 3, 10)).unwrap());
}

#[test]
fn past_awards_follow_the_parameters_of_their_time() {
    let settings = settings();
    let mother = population(1, 0).generate(&settings).nth(2).unwrap();
    let material = mother.awards.iter().find(|award| award.benefit == "MO").unwrap();
    assert!(material.until.is_none());
    let amounts: Vec<(String, i64)> = material
        .amounts
        .iter()
        .map(|at| (at.from.to_string(), at.amount.minor))
        .collect();
    let wanted = [
        ("2023-05-08", 9_635),
        ("2023-07-01", 10_205),
        ("2024-01-01", 10_557),
        ("2024-07-01", 10_789),
        ("2025-01-01", 11_323),
    ];
    assert_eq!(
        amounts,
        wanted.map(|(from, base)| (from.to_owned(), base - 4_000))
    );
}

#[test]
fn two_hundred_thousand_people_are_plausible() {
    let settings = settings();
    let today = date(2025, 3, 10);
    let (mut numbers, mut without, mut people, mut households) = (HashSet::new(), 0_u32, 0_u32, 0_u32);
    let mut municipalities: BTreeMap<String, u32> = BTreeMap::new();
    let mut standings: BTreeMap<Standing, u32> = BTreeMap::new();
    let (mut minors, mut old, mut women, mut odd, mut running) = (0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
    for household in population(1, 200_000).generate(&settings) {
        households += 1;
        *municipalities
            .entry(household.home.municipality.clone())
            .or_default() += 1;
        *standings.entry(household.standing).or_default() += 1;
        assert!(!household.members.is_empty() && household.members[0].relationship == Relationship::Head);
        running += household
            .awards
            .iter()
            .filter(|award| award.benefit == "MO" && award.until.is_none())
            .count() as u32;
        for award in &household.awards {
            assert!(award.from < today && award.lodged_on <= award.decided_on && award.decided_on <= today);
            assert!(
                award
                    .amounts
                    .first()
                    .is_some_and(|first| first.from == award.from && first.amount.minor > 0)
            );
            assert!(
                award
                    .until
                    .is_none_or(|until| until > award.from && until <= today)
            );
        }
        for person in &household.members {
            people += 1;
            assert!(
                person.birth_date <= today && person.age(today) <= 105,
                "{person:?}"
            );
            assert!(!person.given_name.is_empty());
            match &person.national_id {
                Some(number) => {
                    assert!(
                        is_number(karton_rules::id_number::Scheme::Jmbg, number)
                            && number.get(7..9) == Some("20"),
                        "{number}"
                    );
                    assert_eq!(number.get(9..10).unwrap() >= "5", person.sex == Sex::Female);
                    assert!(numbers.insert(number.clone()), "{number} stands twice");
                }
                None => without += 1,
            }
            for parent in [person.mother, person.father].into_iter().flatten() {
                let years = household.members[parent].age(person.birth_date);
                assert!(
                    (15..=60).contains(&years),
                    "{years} years between {person:?} and a parent"
                );
            }
            minors += u32::from(person.age(today) < 18);
            old += u32::from(person.age(today) >= 65);
            women += u32::from(person.sex == Sex::Female);
            odd += u32::from(person.family_name.is_none());
            for employment in &person.truth.employments {
                assert!(
                    employment.ends.is_none_or(|ends| ends >= employment.starts),
                    "{employment:?}"
                );
            }
        }
        let line = settings
            .parameters
            .at("mo.base", household.members.len() as i64, today)
            .unwrap();
        let total = living::monthly_total(&household, today);
        let somebody_died = household.members.iter().any(|person| person.death_date.is_some());
        match household.standing {
            _ if household.story.is_some() || somebody_died => {}
            Standing::Poor | Standing::WithVehicle | Standing::WithProperty => {
                assert!(total < line, "{household:?}")
            }
            Standing::JustAbove => assert!(total > line && total < line * 13 / 10, "{household:?}"),
            Standing::Ordinary => assert!(total > line, "{household:?}"),
            Standing::Contradicting => assert!(household.conceals.is_some()),
        }
    }
    let share = |part: u32, whole: u32| part * 1000 / whole;
    assert_eq!(municipalities.len(), 25);
    assert!(
        (250..330).contains(&share(municipalities["ME-16"], households)),
        "Podgorica {municipalities:?}"
    );
    assert!(
        (80..130).contains(&share(municipalities["ME-12"], households)),
        "Nikšić"
    );
    assert!(
        (1..12).contains(&share(municipalities["ME-18"], households)),
        "Šavnik"
    );
    assert!(
        (110..150).contains(&share(standings[&Standing::Poor], households)),
        "{standings:?}"
    );
    assert!(
        standings.len() == 6 && standings.values().all(|n| share(*n, households) >= 10),
        "{standings:?}"
    );
    assert!(
        (150..320).contains(&share(minors, people)),
        "children {minors} of {people}"
    );
    assert!((120..320).contains(&share(old, people)), "old {old} of {people}");
    assert!(
        (470..550).contains(&share(women, people)),
        "women {women} of {people}"
    );
    assert!(
        (1..10).contains(&share(without, people)),
        "without a number {without}"
    );
    assert!(odd > 50, "one-word names {odd}");
    assert!(
        (20..80).contains(&share(running, households)),
        "running MO {running} of {households}"
    );
}

#[test]
fn a_hundred_thousand_people_stream_by_with_a_number_of_their_own() {
    let settings = settings();
    let mut numbers = Vec::with_capacity(100_010);
    let people = population(1, 100_000)
        .generate(&settings)
        .flat_map(|household| household.members);
    numbers.extend(people.filter_map(|person| person.national_id?.parse::<u64>().ok()));
    let given = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), given);
    assert!(given > 99_000, "{given}");
}

/// Every code that stands in a truth is one of the pack's lists.
#[test]
fn the_codes_are_those_of_the_pack() {
    let settings = settings();
    let mut used: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut seen = |list, code: &str| {
        used.entry(list).or_default().insert(code.to_owned());
    };
    for household in population(1, 20_000).generate(&settings) {
        seen("tenures", &household.home.tenure);
        for person in &household.members {
            let truth = &person.truth;
            seen("sexes", person.sex.code());
            seen("relationships", person.relationship.code());
            seen("citizenships", &truth.citizenship);
            seen("residence_kinds", &truth.residence_kind);
            truth
                .health_insurance
                .iter()
                .for_each(|code| seen("insurance_grounds", code));
            truth
                .incomes
                .iter()
                .for_each(|row| seen("income_kinds", &row.kind));
            truth
                .pensions
                .iter()
                .for_each(|row| seen("pension_kinds", &row.kind));
            truth
                .vehicles
                .iter()
                .for_each(|row| seen("vehicle_kinds", &row.kind));
            truth
                .real_estate
                .iter()
                .for_each(|row| seen("property_kinds", &row.kind));
        }
    }
    for (list, codes) in used {
        let file = format!("{}/../fixtures/me/codes/{list}.csv", env!("CARGO_MANIFEST_DIR"));
        let mut reader = csv::Reader::from_path(file).unwrap();
        let known: BTreeSet<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
        assert!(
            codes.is_subset(&known),
            "{list}: {codes:?} are not all in {known:?}"
        );
    }
}

#[test]
fn mistakes_in_the_settings_are_named() {
    let text = pack_text("me").unwrap();
    let broken = |file: &str, from: &str, to: &str| {
        let mut text = text.clone();
        let contents = text.get_mut(file).unwrap();
        assert!(contents.contains(from), "{file} has no {from}");
        *contents = contents.replacen(from, to, 1);
        Settings::read(&text).unwrap_err().to_string()
    };
    assert!(broken("people/generator.toml", "mo.base", "mo.bese").contains("mo.bese"));
    assert!(broken("people/generator.toml", "\"620.00\"", "\"62,00\"").contains("money.wage"));
    assert!(broken("people/generator.toml", "[number]", "[nummer]").starts_with("people/generator.toml"));
    assert!(broken("people/named.toml", "1403978200126", "1403978200127").contains("1403978200127"));
    assert!(
        broken("people/named.toml", "mother = \"P02\"", "mother = \"P99\"")
            .contains("nobody of this household")
    );
    assert!(broken("people/places.csv", "montenegrin:", "martian:").contains("martian has no names"));
}

#[test]
fn all_mistakes_in_the_settings_are_told_at_once_each_where_it_stands() {
    let mut text = pack_text("me").unwrap();
    let broken = [
        ("people/generator.toml", "odd_names_permille", "odd_nams_permille"),
        (
            "people/generator.toml",
            "without_permille = ",
            "without_permille = \"many\" # ",
        ),
        ("people/named.toml", "1403978200126", "1403978200127"),
        ("people/named.toml", "mother = \"P02\"", "mother = \"P99\""),
        ("people/places.csv", "montenegrin:", "martian:"),
        ("people/officers.toml", "roles = ", "rolls = "),
    ];
    for (file, from, to) in broken {
        let contents = text.get_mut(file).unwrap();
        assert!(contents.contains(from), "{file} has no {from}");
        *contents = contents.replacen(from, to, 1);
    }
    text.remove("people/streets.csv");
    let found = Settings::mistakes(&text);
    let told = |file: &str, standing: &str, why: &str| {
        let said = |error: &&SettingsError| {
            let here = error.at().and_then(|at| text[file].get(at..)).unwrap_or_default();
            error.parts().0 == file && error.parts().1.contains(why) && here.starts_with(standing)
        };
        assert!(
            found.iter().any(|error| said(&error)),
            "{file}: {why}\n{found:#?}"
        );
    };
    told("people/generator.toml", "odd_nams_permille", "odd_nams_permille");
    told("people/generator.toml", "\"many\"", "invalid type");
    told("people/named.toml", "\"1403978200127\"", "no valid number");
    told("people/named.toml", "id = ", "nobody of this household");
    told("people/places.csv", "martian:", "martian has no names");
    told("people/officers.toml", "rolls", "unknown field");
    assert!(
        (found.iter())
            .any(|error| error.parts() == ("people/streets.csv", "this file is missing from the pack"))
    );
    // What was passed over in a file is not told again as missing.
    assert!(
        !found
            .iter()
            .any(|error| error.parts().1.contains("missing field `without_permille`"))
    );
}

#[test]
fn a_pack_says_what_else_registers_know_and_nobody_else_is_drawn_differently() {
    let mut text = pack_text("me").unwrap();
    let before = Settings::read(&text).unwrap();
    text.insert(
        "people/further.toml".to_owned(),
        r#"
        [[fact]]
        name = "in_kindergarten"
        who = { ages = [3, 6] }
        permille = 1000
        is = { always = true }
        otherwise = false
        [[fact]]
        name = "gross_wages"
        who = { employed = true }
        permille = 1000
        each = "income"
        row = { month = "month", gross = { percent = 125 }, kind = { pick = [["wage", 1]] } }
        [[fact]]
        name = "parcels"
        permille = 500
        row = { area = { between = [1, 9] }, worth = { money = ["10.00", "20.00"] }, since = { days-ago = [10, 20] } }
        rows = [2, 3]
        "#
        .to_owned(),
    );
    let settings = Settings::read(&text).unwrap();
    let population = Population {
        seed: 3,
        persons: 1500,
        today: date(2025, 3, 10),
    };
    let (mut small, mut paid, mut owners, mut all) = (0, 0, 0, 0);
    for (household, same) in population.generate(&settings).zip(population.generate(&before)) {
        assert_eq!(household, same);
        for (place, person) in household.members.iter().enumerate() {
            let further = settings.further(population, &household, place);
            assert_eq!(
                further,
                settings.further(population, &household, place),
                "drawn again"
            );
            if household.story.is_some() {
                continue;
            }
            all += 1;
            let child = (3..=6).contains(&person.age(population.today)) && person.death_date.is_none();
            assert_eq!(further["in_kindergarten"], serde_json::json!(child));
            small += usize::from(child);
            if let Some(rows) = further.get("gross_wages") {
                let rows = rows.as_array().unwrap();
                assert_eq!(rows.len(), person.truth.incomes.len());
                for (row, income) in rows.iter().zip(&person.truth.incomes) {
                    let gross = settings.parameters.money(income.net.minor * 125 / 100);
                    assert_eq!(row["gross"], serde_json::json!(settings.written(gross)));
                    assert_eq!(row["month"], serde_json::json!(income.month.to_string()));
                }
                paid += 1;
            }
            if let Some(parcels) = further.get("parcels") {
                assert!((2..=3).contains(&parcels.as_array().unwrap().len()));
                owners += 1;
            }
        }
    }
    assert!(small > 20 && paid > 100, "{small} {paid}");
    assert!(
        (all * 4 / 10..all * 6 / 10).contains(&owners),
        "{owners} of {all}"
    );
}
