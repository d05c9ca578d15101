//! Bodies that differ by place and day, and two deciders in a chain: the small pack is given them, and then broken in every way.

use crate::common::files;
use karton_api::Date;
use karton_rules::{
    Pack,
    pack::{LegalAct, Territory},
    show,
};
use std::collections::BTreeMap;

const AID: &str = "catalogue/aid/benefit.toml";
const CASES: &str = "catalogue/aid/cases.toml";
const PROCEDURE: &str = "procedures/standard.toml";

const COMPETENT: &str = r#"[[competent]]
from = 2024-01-01
decides = "office"
confirms = "agency"
pays = "agency"

[[competent]]
from = 2024-06-01
until = 2025-01-01
where = { region = ["N"] }
decides = "office"
pays = "office"

[[competent]]
from = 2024-07-01
municipality = ["port"]
decides = "town-hall"
pays = "office"
"#;

const BODIES: &str = r#"[[body]]
code = "agency"
name = { en = "Agency", cnr = "Agencija" }

[[body]]
code = "town-hall"
name = { en = "Town hall", cnr = "Opština" }

[[act]]"#;

const CONFIRMED: &str = r#"next = ["letter"]
onward = ["sending"]

[[step]]
id = "letter"
kind = "letter"
name = { en = "Letter", cnr = "Otpravak" }
role = "clerk"
next = ["delivery"]

[[step]]
id = "delivery"
kind = "notify"
act = "deliver"
name = { en = "Delivery", cnr = "Dostava" }
role = "clerk"

[[step]]
id = "check"
kind = "assess"
name = { en = "Check", cnr = "Provjera" }
role = "clerk"
next = ["decision"]

[[step]]
id = "sending"
kind = "refer"
name = { en = "Sending", cnr = "Slanje" }
role = "clerk"
next = ["confirmation"]

[[step]]
id = "confirmation"
kind = "decide"
act = "confirm"
at = "above"
letter = "decision"
name = { en = "Confirmation", cnr = "Potvrda" }
role = "approver"
due = { days = 15 }
next = ["second-letter"]
returns = ["check"]
appeal = { days = 30, to = { en = "The court", cnr = "Sud" }, source = "S1", confidence = "memory" }

[[step]]
id = "second-letter"
kind = "letter"
at = "above"
name = { en = "Letter", cnr = "Otpravak" }
role = "clerk"
next = ["second-delivery"]

[[step]]
id = "second-delivery"
kind = "notify"
act = "deliver"
at = "above"
name = { en = "Delivery", cnr = "Dostava" }
role = "clerk"
"#;

const LIVES: &str = r#"
[[fact]]
name = "municipality"
holder = "person"
type = "code"
list = "municipalities"
question = { en = "Municipality", cnr = "Opština" }
"#;

const CASE: &str = r#"
[[case]]
name = "who lives in the port"
on = 2024-08-10
applicant = { birth_date = 1990-05-05, income = [], municipality = "port" }
household = { rooms = 2 }
expect = { outcome = "grant", decides = "town-hall", confirms = "nobody", pays = "office" }
"#;

/// The small pack with a chain of deciders and three municipalities.
fn chained() -> BTreeMap<String, String> {
    let mut files = files("tests/small");
    let mut change = |file: &str, from: &str, to: &str| {
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    };
    change(
        AID,
        "[[competent]]\nfrom = 2024-01-01\ndecides = \"office\"\npays = \"office\"\n",
        COMPETENT,
    );
    change("country.toml", "[[act]]", BODIES);
    change(PROCEDURE, "next = []\n", CONFIRMED);
    for (file, text) in [
        ("facts.toml", LIVES),
        (CASES, CASE),
        ("codes/offices.csv", "U1,C1,unit,town,Unit,Jedinica\n"),
    ] {
        files.get_mut(file).unwrap().push_str(text);
    }
    files.insert(
        "codes/municipalities.csv".into(),
        "code,centre,plate,en,cnr,region\ntown,C1,TN,Town,Grad,S\nhill,C1,HL,Hill,Brdo,N\nport,C1,PT,Port,Luka,N\n".into(),
    );
    files
}

fn pack() -> Pack {
    Pack::load(&chained()).unwrap_or_else(|mistakes| {
        let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{}", said.join("\n"))
    })
}

/// Breaks the chained pack and asks for a mistake where `at` stands (its `^`).
fn finds(file: &str, from: &str, to: &str, at: &str, said: &str) {
    let mut files = chained();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    let needle = at.replace('^', "");
    let offset = text
        .find(&needle)
        .unwrap_or_else(|| panic!("{file} has no {needle}"))
        + at.find('^').unwrap_or(0);
    let line = text[..offset].matches('\n').count() + 1;
    let mistakes = Pack::load(&files).err().unwrap_or_default();
    let found = mistakes
        .iter()
        .any(|m| m.file == file && m.line == line && m.message.contains(said));
    let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(
        found,
        "expected {file}:{line}: … {said} …\nfound:\n{}",
        all.join("\n")
    );
}

fn day(year: i16, month: i8) -> Date {
    Date::constant(year, month, 10)
}

#[test]
fn the_nearest_place_counts_and_each_from_its_own_day() {
    let pack = pack();
    let aid = pack.benefit("AID").unwrap();
    let bodies = |on, at: Option<&str>| {
        let it = aid.competent_on(&pack, on, at)?;
        Some((it.decides.as_str(), it.confirms.as_deref(), it.pays.as_str()))
    };
    let country = Some(("office", Some("agency"), "agency"));
    assert_eq!(bodies(day(2023, 12), None), None);
    assert_eq!(bodies(day(2024, 5), None), country);
    assert_eq!(bodies(day(2024, 8), Some("town")), country);
    assert_eq!(bodies(day(2024, 8), Some("nowhere")), country);
    assert_eq!(bodies(day(2024, 5), Some("hill")), country);
    assert_eq!(
        bodies(day(2024, 6), Some("hill")),
        Some(("office", None, "office"))
    );
    assert_eq!(
        bodies(day(2024, 6), Some("port")),
        Some(("office", None, "office"))
    );
    assert_eq!(
        bodies(day(2024, 8), Some("port")),
        Some(("town-hall", None, "office"))
    );
    assert_eq!(
        bodies(day(2025, 1), Some("hill")),
        country,
        "after its last day the country's counts again"
    );
    assert_eq!(
        aid.competent[1].place,
        Territory::Column("region".into(), vec!["N".into()])
    );
}

#[test]
fn whoever_reads_a_rule_sees_who_is_competent_where() {
    let shown = show::show(&pack(), "AID", day(2024, 8), "en").unwrap();
    for part in [
        "* from 1 Jan 2024: decides Office\n      confirms Agency\n      pays Agency",
        "where region is N: decides Office",
        "in Port: decides Town hall",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
}

#[test]
fn what_comes_behind_a_confirmation_is_told_from_what_comes_behind_the_decision() {
    let pack = pack();
    let procedure = pack.procedure("standard").unwrap();
    let confirm = procedure.step_of(LegalAct::Confirm).unwrap();
    assert_eq!(confirm.letter.as_deref(), Some("decision"));
    assert_eq!(confirm.appeal.as_ref().map(|appeal| appeal.days), Some(30));
    for (step, behind) in [
        ("letter", false),
        ("delivery", false),
        ("sending", false),
        ("confirmation", false),
        ("second-letter", true),
        ("second-delivery", true),
    ] {
        assert_eq!(procedure.behind_confirmation(step), behind, "{step}");
    }
}

#[test]
fn a_body_that_is_not_there_or_confirms_itself() {
    finds(
        AID,
        "confirms = \"agency\"",
        "confirms = \"agncy\"",
        "^confirms = \"agncy\"",
        "there is no body `agncy` (did you mean `agency`?)",
    );
    finds(
        AID,
        "confirms = \"agency\"",
        "confirms = \"office\"",
        "^[[competent]]\nfrom = 2024-01",
        "cannot confirm what it decides itself",
    );
    finds(
        CASES,
        "decides = \"town-hall\"",
        "decides = \"town\"",
        "^expect = { outcome = \"grant\", decides = \"town\"",
        "there is no body `town`",
    );
    finds(
        CASES,
        "decides = \"town-hall\"",
        "decides = \"office\"",
        "^expect = { outcome = \"grant\", decides = \"office\"",
        "expected that `office` decides, got `town-hall`",
    );
    finds(
        CASES,
        "confirms = \"nobody\"",
        "confirms = \"agency\"",
        "^confirms = \"agency\"",
        "expected that `agency` confirms, got `nobody`",
    );
}

#[test]
fn places_that_do_not_exist_or_overlap() {
    finds(
        AID,
        "[\"port\"]",
        "[\"prt\"]",
        "^[\"prt\"]",
        "there is no municipality in codes/municipalities.csv `prt`",
    );
    finds(
        AID,
        "[\"port\"]",
        "[]",
        "^[[competent]]\nfrom = 2024-07",
        "names at least one municipality",
    );
    finds(
        AID,
        "region = [\"N\"]",
        "regon = [\"N\"]",
        "^[[competent]]\nfrom = 2024-06",
        "no column `regon` (did you mean `region`?)",
    );
    finds(
        AID,
        "region = [\"N\"]",
        "region = [\"X\"]",
        "^[[competent]]\nfrom = 2024-06",
        "no municipality has `X` as its `region`",
    );
    finds(
        AID,
        "region = [\"N\"]",
        "region = []",
        "where = ^{ region = []",
        "names one column of municipalities.csv",
    );
    finds(
        AID,
        "municipality = [\"port\"]",
        "municipality = [\"port\"]\nwhere = { region = [\"S\"] }",
        "^[[competent]]\nfrom = 2024-07",
        "not both",
    );
    finds(
        AID,
        "until = 2025-01-01",
        "until = 2024-06-01",
        "^[[competent]]\nfrom = 2024-06",
        "`until` is a day after `from`",
    );
    finds(
        AID,
        "from = 2024-01-01\n",
        "from = 2024-01-01\nuntil = 2025-01-01\n",
        "^[[competent]]\nfrom = 2024-01",
        "only an entry for some places has `until`",
    );
    let again = "\n[[competent]]\nfrom = 2024-12-01\nwhere = { region = [\"N\"] }\ndecides = \"office\"\npays = \"office\"\n\n[[let]]";
    finds(
        AID,
        "\n[[let]]",
        again,
        "^[[competent]]\nfrom = 2024-12",
        "overlap or are not in the order",
    );
    let other = again.replace("[\"N\"]", "[\"N\", \"S\"]");
    finds(
        AID,
        "\n[[let]]",
        &other,
        "^[[competent]]\nfrom = 2024-12",
        "from 2024-12-01 two entries are competent in `hill`",
    );
    finds(
        AID,
        "from = 2024-01-01\ndecides",
        "from = 2024-01-01\nmunicipality = [\"town\"]\ndecides",
        "^code = \"AID\"",
        "nobody is competent elsewhere",
    );
}

#[test]
fn a_chain_without_one_of_its_links() {
    let confirmation = "^[[step]]\nid = \"confirmation\"";
    let finds_it = |from: &str, to: &str, said: &str| finds(PROCEDURE, from, to, confirmation, said);
    finds_it(
        "at = \"above\"\nletter = \"decision\"",
        "letter = \"decision\"",
        "`at` is missing",
    );
    finds_it("letter = \"decision\"\n", "", "`letter` is missing");
    finds_it(
        "returns = [\"check\"]",
        "returns = []",
        "names one step of kind assess or evidence",
    );
    finds_it(
        "returns = [\"check\"]",
        "returns = [\"intake\"]",
        "names one step of kind assess or evidence",
    );
    finds_it(
        "name = { en = \"Confirmation\", cnr = \"Potvrda\" }\nrole = \"approver\"",
        "name = { en = \"Confirmation\", cnr = \"Potvrda\" }\nrole = \"clerk\"",
        "role \"approver\"",
    );
    finds_it(
        "next = [\"second-letter\"]",
        "next = [\"letter\"]",
        "a step of kind letter is missing that no other decision leads to",
    );
    finds_it(
        "next = [\"second-delivery\"]",
        "next = [\"delivery\"]",
        "a step of the act deliver is missing",
    );
    finds_it(
        "onward = [\"sending\"]",
        "onward = []",
        "no `onward` of a step of the act decide leads to `confirmation`",
    );
    finds(
        PROCEDURE,
        "letter = \"decision\"",
        "letter = \"none\"",
        "letter = ^\"none\"",
        "there is no letter `none`",
    );
    finds(
        PROCEDURE,
        "onward = [\"sending\"]",
        "onward = [\"sendin\"]",
        "^[[step]]\nid = \"decision\"",
        "`sendin`, which is no step",
    );
    finds(
        PROCEDURE,
        "at = \"above\"\nletter",
        "at = \"below\"\nletter",
        "at = ^\"below\"",
        "below",
    );
    finds(
        PROCEDURE,
        "days = 30, to",
        "days = 0, to",
        "appeal = ^{ days = 0",
        "1 to 365 days",
    );
    let second = "\n[[step]]\nid = \"third\"\nkind = \"decide\"\nact = \"confirm\"\nat = \"above\"\nletter = \"decision\"\nname = { en = \"Third\", cnr = \"Treći\" }\nrole = \"approver\"\n";
    finds(
        PROCEDURE,
        "next = [\"second-delivery\"]\n",
        &format!("next = [\"second-delivery\", \"third\"]\n{second}"),
        "^[[step]]\nid = \"third\"",
        "two deciders, not three",
    );
}

#[test]
fn what_only_a_confirmation_or_a_decision_has_elsewhere() {
    let sending = "^[[step]]\nid = \"sending\"";
    finds(
        PROCEDURE,
        "kind = \"refer\"",
        "kind = \"refer\"\nletter = \"decision\"",
        sending,
        "only a step of the act confirm has",
    );
    finds(
        PROCEDURE,
        "kind = \"refer\"",
        "kind = \"refer\"\nonward = [\"check\"]",
        sending,
        "`onward` of `sending` has no place here",
    );
    finds(
        PROCEDURE,
        "act = \"lodge\"",
        "act = \"lodge\"\nat = \"above\"",
        "^[[step]]\nid = \"intake\"",
        "`at` of `intake` has no place here",
    );
    finds(
        PROCEDURE,
        "kind = \"refer\"",
        "kind = \"refer\"\nat = \"centre\"",
        sending,
        "no office has one above it that is `centre`",
    );
}

#[test]
fn a_benefit_and_its_procedure_that_do_not_fit() {
    let mut files = chained();
    let text = files.get_mut(AID).unwrap();
    *text = text.replacen("confirms = \"agency\"\n", "", 1);
    let said = |files: &BTreeMap<String, String>| -> Vec<String> {
        Pack::load(files)
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    let found = said(&files);
    assert!(
        found
            .iter()
            .any(|it| it.starts_with(PROCEDURE) && it.contains("nobody confirms")),
        "{found:#?}"
    );
    let mut files = chained();
    let text = files.get_mut(PROCEDURE).unwrap();
    *text = text
        .replacen("act = \"confirm\"\n", "", 1)
        .replacen("letter = \"decision\"\n", "", 1);
    let found = said(&files);
    let no_step = "the procedure `standard` has no step of the act confirm for `agency`";
    assert!(
        found.iter().any(|it| it.starts_with(AID) && it.contains(no_step)),
        "{found:#?}"
    );
}
