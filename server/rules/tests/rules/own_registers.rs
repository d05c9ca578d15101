//! Registers that the institution keeps itself, and code lists that are trees.

use crate::common::files;
use karton_rules::{Pack, pack::SubjectKind};

const GUARDIANS: &str = "own-registers/guardians.toml";
const TREE: &str = "codes/social_support.csv";

fn mistakes(file: &str, from: &str, to: &str) -> Vec<String> {
    let mut files = files("../../fixtures/me");
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    let found = Pack::load(&files).err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn every_register_says_who_keeps_it_what_stands_in_it_and_what_the_public_sees() {
    let pack = Pack::load(&files("../../fixtures/me")).unwrap();
    let ids: Vec<&str> = pack.own_registers.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "beneficiaries",
            "foster-carers",
            "guardians",
            "licensed-professionals",
            "licensed-providers",
            "paid-providers"
        ]
    );
    let providers = pack
        .own_registers
        .iter()
        .find(|it| it.id == "licensed-providers")
        .unwrap();
    assert_eq!(providers.keeper, "ministry");
    assert_eq!(providers.sections[0].of, SubjectKind::Organisation);
    let public: Vec<&str> = (providers.fields.iter().filter(|field| field.public))
        .map(|field| field.name.as_str())
        .collect();
    assert!(
        public.contains(&"licence") && !public.contains(&"tax_number"),
        "{public:?}"
    );
    // Nothing about a beneficiary is for everybody.
    let people = pack
        .own_registers
        .iter()
        .find(|it| it.id == "beneficiaries")
        .unwrap();
    assert!(people.fields.iter().all(|field| !field.public));
}

#[test]
fn mistakes_in_a_register_are_named_at_their_place() {
    for (from, to, said) in [
        ("keeper = \"csr\"", "keeper = \"crs\"", "there is no body `crs`"),
        (
            "writes = [\"registrar\"]",
            "writes = [\"everybody\"]",
            "`everybody` is none of clerk",
        ),
        ("of = \"person\"", "of = \"family\"", "family"),
        ("type = \"code care_kinds\"", "type = \"rows\"", "rows"),
        (
            "type = \"code care_kinds\"",
            "type = \"code care_kindz\"",
            "there is no code list `care_kindz`",
        ),
        (
            "name = \"kind\"",
            "name = \"ward\"",
            "the field `ward` is there twice",
        ),
        (
            "fields = [\"ward\"",
            "fields = [\"wards\"",
            "the register has no field `wards`",
        ),
        (
            "required = true",
            "requiered = true",
            "`requiered` is not known here",
        ),
    ] {
        let found = mistakes(GUARDIANS, from, to);
        assert!(
            found
                .iter()
                .any(|it| it.starts_with(GUARDIANS) && it.contains(said)),
            "{to}: {said}\n{found:#?}"
        );
    }
}

#[test]
fn a_tree_has_no_branch_in_the_air_and_no_circle() {
    let found = mistakes(TREE, ",,,SD", ",,,DS");
    assert!(
        found
            .iter()
            .any(|it| it.starts_with(TREE) && it.contains("`DS`, is not in the list")),
        "{found:#?}"
    );
    let found = mistakes(TREE, "protection,,,\n", "protection,,,MO\n");
    assert!(
        found
            .iter()
            .any(|it| it.starts_with(TREE) && it.contains("stands above itself")),
        "{found:#?}"
    );
    let found = mistakes("country.toml", "\"social_support\"", "\"social_suport\"");
    assert!(
        found
            .iter()
            .any(|it| it.contains("there is no code list `social_suport`")),
        "{found:#?}"
    );
}

#[test]
fn what_an_empty_answer_stands_for_is_a_value_of_the_fact() {
    const HEALTH: &str = "registers/health.toml";
    let from = "fact = \"health_insurance\"\n";
    let with = |nothing: &str| format!("{from}nothing = {nothing}\n");
    assert!(mistakes(HEALTH, from, &with("\"none\"")).is_empty());
    let found = mistakes(HEALTH, from, &with("\"nobody\""));
    assert!(
        found
            .iter()
            .any(|it| it.contains("`nobody` is no value of the fact `health_insurance`")),
        "{found:#?}"
    );
    let found = mistakes(
        "registers/employment.toml",
        "fact = \"registered_unemployed\"\n",
        "fact = \"registered_unemployed\"\nnothing = \"no\"\n",
    );
    assert!(
        found
            .iter()
            .any(|it| it.contains("`nothing` is for codes and numbers")),
        "{found:#?}"
    );
}
