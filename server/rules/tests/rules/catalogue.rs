//! What the catalogue of Montenegro says about its benefits beside their worked examples.

use crate::common::files;
use karton_api::{Date, FactValue};
use karton_rules::{Pack, assess::assess, pack::BenefitKind, show};
use std::sync::LazyLock;

static ME: LazyLock<Pack> = LazyLock::new(|| Pack::load(&files("../../fixtures/me")).unwrap());

#[test]
fn the_catalogue_stands_in_the_countrys_order_and_says_how_much_of_it_is_there() {
    let codes: Vec<&str> = ME.benefits.iter().map(|benefit| benefit.code.as_str()).collect();
    assert_eq!(codes, ME.country.catalogue);
    assert_eq!(show::catalogue(&ME), Some((30, 30)));
}

#[test]
fn the_network_has_its_sites_and_every_municipality_an_office() {
    let offices = &ME.offices;
    let of = |kind: &str| offices.iter().filter(|office| office.kind == kind).count();
    let kinds = [of("ministry"), of("centre"), of("unit"), of("institution")];
    assert_eq!((offices.len(), kinds), (34, [1, 13, 13, 7]));
    assert_eq!(ME.municipalities.len(), 25);
    for municipality in &ME.municipalities {
        let code = &municipality.code;
        let here = |kind: &str| {
            let mut here = offices.iter().filter(|office| office.kind == kind);
            here.any(|office| office.municipality.as_ref() == Some(code))
        };
        assert!(here("centre") || here("unit"), "{code}");
    }
}

#[test]
fn what_excludes_what_is_as_the_matrix_says() {
    let excludes = |a: &karton_rules::pack::Benefit, b: &karton_rules::pack::Benefit| a.excludes(&b.code);
    let mut pairs = Vec::new();
    for a in &ME.benefits {
        // What is granted once on the same account excludes itself.
        for b in ME.benefits.iter().filter(|b| b.code != a.code && excludes(a, b)) {
            pairs.push((a.code.as_str(), b.code.as_str()));
        }
    }
    // Published or from memory, said from the side whose rule asks for it.
    let expected = [
        ("LI", "DNJP"),
        ("LI", "BDNP"),
        ("DNJP", "LI"),
        ("DNJP", "BDNP"),
        ("RNZ", "NRD"),
        ("NRD", "RNZ"),
        ("NRD", "NRT"),
        ("NRD", "OBK"),
        ("NRT", "NRD"),
        ("NRT", "OBK"),
        ("OBK", "NRD"),
        ("OBK", "NRT"),
        ("BDNP", "LI"),
        ("BDNP", "DNJP"),
        ("MO", "BMO"),
        ("MO", "NRT"),
        ("MO", "OBK"),
        ("BMO", "MO"),
        ("BPT", "TS"),
    ];
    pairs.sort_unstable();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(pairs, expected);
}

#[test]
fn a_gap_between_published_amounts_is_worked_with_the_last_one_and_shows() {
    let benefit = ME.benefit("NNJ").unwrap();
    let case = &benefit.cases[0];
    for (on, unconfirmed) in [
        ("2016-12-31", false),
        ("2017-01-01", true),
        ("2024-06-30", true),
        ("2024-07-01", false),
    ] {
        let mut input = case.input.clone();
        input.on = on.parse::<Date>().unwrap();
        input.lodged = input.on;
        for award in &mut input.members[0].awards {
            award.from = "2010-01-01".parse().unwrap();
        }
        let said = assess(&ME, "NNJ", &input).unwrap();
        let used = said
            .parameters
            .iter()
            .find(|used| used.name == "nnj.amount")
            .unwrap();
        assert_eq!(used.past_published, unconfirmed, "{on}");
        let shown = show::show(&ME, "NNJ", input.on, "en").unwrap();
        assert_eq!(
            shown.contains("the next value is not known: unconfirmed"),
            unconfirmed,
            "{on}"
        );
    }
}

#[test]
fn a_right_without_money_tells_another_institution_what_its_service_takes() {
    let benefit = ME.benefit("ZZ").unwrap();
    assert_eq!(benefit.kind, BenefitKind::InKind);
    let case = &benefit.cases[0];
    let said = assess(&ME, "ZZ", &case.input).unwrap();
    assert!(said.amount.is_none() && said.term.is_some());
    let message = ME
        .message("ZZ", &case.input, "CSR-01-R-2025/7", case.input.on)
        .unwrap();
    assert_eq!(message.service, "health.registration");
    assert_eq!(message.person, case.input.applicant.person);
    let member = |name: &str| {
        message
            .members
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.clone())
    };
    assert_eq!(member("osnov"), Some(FactValue::Code("social".into())));
    assert_eq!(member("pravo"), Some(FactValue::Text("MO".into())));
    assert_eq!(member("od"), Some(FactValue::Date(case.input.lodged)));
    assert_eq!(
        member("broj_rjesenja"),
        Some(FactValue::Text("CSR-01-R-2025/7".into()))
    );
    assert!(ME.message("MO", &case.input, "1", case.input.on).is_none());
}

#[test]
fn a_message_that_its_service_does_not_take_is_a_mistake_with_its_place() {
    let zz = "catalogue/ZZ/benefit.toml";
    for (file, from, to, said) in [
        (
            zz,
            "osnov = ",
            "osnova = ",
            "takes no `osnova` (did you mean `osnov`?)",
        ),
        (zz, "osnov = ", "osnova = ", "takes `osnov`, which is not sent"),
        (zz, "od = \"lodged\"", "od = \"basis\"", "expected"),
        (
            zz,
            "od = \"lodged\"",
            "od = \"decision\"",
            "nothing here that is called `decision`",
        ),
        (
            zz,
            "service = \"health.registration\"",
            "service = \"health.insurance\"",
            "takes no messages",
        ),
        (
            zz,
            "procedure = \"benefit-informed\"",
            "procedure = \"benefit-standard\"",
            "no step of kind notify without an act",
        ),
        (
            zz,
            "{ service = \"health.insurance\"",
            "{ service = \"health.registration\"",
            "answers no questions",
        ),
        (
            zz,
            "kind = \"in-kind\"",
            "kind = \"monthly\"",
            "[amount] is missing",
        ),
        (
            "catalogue/TS/benefit.toml",
            "about = \"deceased\"",
            "about = \"funeral_on\"",
            "no fact of the claim of type person `funeral_on`",
        ),
        (
            "facts.toml",
            "name = \"phone\"",
            "whom = \"anyone\"\nname = \"phone\"",
            "`whom` is for persons only",
        ),
        (
            "parameters/indexed.toml",
            "until = 2017-01-01",
            "until = 2024-07-01",
            "`until` is for a gap",
        ),
    ] {
        let mut files = files("../../fixtures/me");
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
        let mistakes: Vec<String> = Pack::load(&files)
            .err()
            .unwrap_or_default()
            .iter()
            .filter(|mistake| mistake.file.starts_with(file))
            .map(ToString::to_string)
            .collect();
        assert!(
            mistakes.iter().any(|found| found.contains(said)),
            "{to}: {said}\n{mistakes:#?}"
        );
    }
}
