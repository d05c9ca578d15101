//! A small pack is broken in every way an author could break it; each mistake is found at its place and says what
//! would be right.

use crate::common::finds;
use karton_rules::Pack;

const AID: &str = "catalogue/aid/benefit.toml";
const CASES: &str = "catalogue/aid/cases.toml";
const FORM: &str = "catalogue/aid/form.toml";
const PARAMETERS: &str = "parameters/aid.toml";
const PROCEDURE: &str = "procedures/standard.toml";

#[test]
fn the_small_pack_is_whole() {
    let mistakes = Pack::load(&crate::common::files("tests/small"))
        .err()
        .unwrap_or_default();
    let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn an_unknown_code() {
    finds(
        CASES,
        "kind = \"wage\"",
        "kind = \"wag\"",
        "kind = ^\"wag\"",
        "`income_kinds` has no `wag`",
    );
}

#[test]
fn a_missing_translation() {
    finds(
        AID,
        "name = { en = \"Aid\", cnr = \"Pomoć\" }",
        "name = { en = \"Aid\" }",
        "name = ^{ en = \"Aid\" }",
        "the text in `cnr` is missing",
    );
    finds(
        "codes/sexes.csv",
        "Male,Muški",
        "Male,",
        "^m,Male",
        "the text in `cnr` is missing",
    );
    let mut files = crate::common::files("tests/small");
    files.remove("letters/decision.cnr.md");
    let mistakes = Pack::load(&files).err().unwrap_or_default();
    assert!(
        mistakes
            .iter()
            .any(|m| m.file == "letters/decision.cnr.md" && m.message.contains("is missing"))
    );
}

#[test]
fn words_of_one_language_only_and_a_demo_outside_the_covered_period() {
    finds(
        "words/en.ftl",
        "intake = Intake",
        "intake = Intake\nfind = Find",
        "^find",
        "the words of `find` in `cnr` are missing",
    );
    finds(
        "country.toml",
        "demo_today = 2025",
        "demo_today = 2026",
        "demo_today = ^2026",
        "outside the covered period",
    );
}

#[test]
fn a_language_that_the_country_does_not_have() {
    finds(
        AID,
        "{ en = \"Aid\", cnr",
        "{ en = \"Aid\", ro = \"Ajutor\", cnr",
        "name = ^{ en = \"Aid\", ro",
        "`ro` is not a language",
    );
}

#[test]
fn dead_references() {
    finds(
        AID,
        "procedure = \"standard\"",
        "procedure = \"standrd\"",
        "procedure = ^\"standrd",
        "no procedure `standrd` (did you mean `standard`?)",
    );
    finds(
        AID,
        "form = \"aid\"",
        "form = \"ads\"",
        "form = ^\"ads",
        "no form `ads`",
    );
    finds(
        AID,
        "letter = \"decision\"",
        "letter = \"refusal\"",
        "letter = ^\"refusal",
        "no letter `refusal`",
    );
    finds(
        AID,
        "service = \"tax.income\"",
        "service = \"tax.incomes\"",
        "service = ^\"tax.incomes",
        "no service `tax.incomes`",
    );
    finds(
        AID,
        "incompatible = [\"AID\"]",
        "incompatible = [\"BMO\"]",
        "[^\"BMO\"",
        "no benefit `BMO`",
    );
    finds(
        AID,
        "pays = \"office\"",
        "pays = \"bank\"",
        "pays = ^\"bank",
        "no body `bank`",
    );
    finds(
        AID,
        "law = \"ACT 3\"",
        "law = \"AKT 3\"",
        "law = ^\"AKT 3",
        "no act in country.toml `AKT` (did you mean `ACT`?)",
    );
    finds(
        AID,
        "of = \"members\"",
        "of = \"bill\"",
        "of = ^\"bill",
        "no fact of the claim of type person `bill`",
    );
    finds(
        "facts.toml",
        "code income_kinds",
        "code incomes",
        "kind = ^\"code incomes",
        "no code list `incomes`",
    );
    finds(
        "registers/tax.toml",
        "institution = \"tax\"",
        "institution = \"taks\"",
        "= ^\"taks",
        "no institution",
    );
    finds(
        "registers/tax.toml",
        "fact = \"income\"",
        "fact = \"wage\"",
        "fact = ^\"wage",
        "no fact of a person `wage`",
    );
    finds(
        FORM,
        "fact = \"rooms\"",
        "fact = \"share\"",
        "fact = ^\"share",
        "no fact of the household `share`",
    );
    finds(
        "codes/offices.csv",
        "C1,M,",
        "C1,N,",
        "^C1,N",
        "`N`, does not stand in a line before",
    );
}

#[test]
fn values_that_overlap_or_leave_a_gap() {
    finds(
        PARAMETERS,
        "from = 2025-01-01",
        "from = 2024-01-01",
        "^[[parameter.at]]\nfrom = 2024-01-01\nsource = \"S1\"\nconfidence = \"published\"\nrows = [[1, \"110.00\"]",
        "two values from 2024-01-01: they overlap",
    );
    finds(
        PARAMETERS,
        "from = 2025-01-01",
        "from = 2023-01-01",
        "^[[parameter.at]]\nfrom = 2023",
        "not in the order of their days",
    );
    finds(
        PARAMETERS,
        "from = 2024-01-01\nsource = \"S1\"\nconfidence = \"law\"",
        "from = 2024-02-01\nsource = \"S1\"\nconfidence = \"law\"",
        "^[[parameter]]\nname = \"aid.age\"",
        "`aid.age` has a gap: the pack covers 2024-01-01 on",
    );
}

#[test]
fn a_parameter_without_a_value_or_with_a_wrong_one() {
    finds(
        PARAMETERS,
        "value = 18",
        "value = \"18\"",
        "value = ^\"18\"",
        "a whole number was expected, this is a string",
    );
    finds(
        PARAMETERS,
        "[1, \"100.00\"]",
        "[1, 100.00]",
        "[1, ^100.00]",
        "an exact number is written as text",
    );
    finds(
        PARAMETERS,
        "\"100.00\"",
        "\"100.005\"",
        "[1, ^\"100.005\"",
        "at most 2 decimals",
    );
    finds(
        PARAMETERS,
        "[2, \"150.00\"]",
        "[1, \"150.00\"]",
        "[^1, \"150.00\"]",
        "the keys of a table ascend",
    );
    finds(
        PARAMETERS,
        "value = 18",
        "",
        "^[[parameter.at]]\nfrom = 2024-01-01\nsource = \"S1\"\nconfidence = \"law\"",
        "`value` is missing",
    );
}

#[test]
fn a_worked_case_that_fails() {
    finds(
        CASES,
        "amount = \"50.00\", because",
        "amount = \"50.01\", because",
        "expect = ^{ outcome = \"grant\", amount = \"50.01\"",
        "the case \"one without income\": expected 50.01, got 50.00",
    );
    finds(
        CASES,
        "rooms = 3",
        "rooms = 2",
        "expect = ^{ outcome = \"confirm\"",
        "expected confirm, got grant",
    );
    finds(
        CASES,
        "missing = [\"applicant.income\"]",
        "missing = [\"student\"]",
        "expect = ^{ outcome = \"unknown\"",
        "expected missing: student, got applicant.income",
    );
    finds(
        CASES,
        "\"ACT 2\", \"ACT 5\"",
        "\"ACT 9\"",
        "expect = ^{ outcome = \"grant\", amount = \"50.00\"",
        "expected the reason ACT 9",
    );
    finds(
        CASES,
        "starts = 2024-05-01",
        "starts = 2024-05-10",
        "expect = ^{ outcome = \"grant\", amount = \"50.00\"",
        "expected 2024-05-10 as its start, got 2024-05-01",
    );
}

#[test]
fn a_condition_that_no_case_decides_both_ways() {
    finds(
        CASES,
        "birth_date = 2006-05-11",
        "birth_date = 2006-05-10",
        "expect = ^{ outcome = \"refuse\", not_met = [\"adult\"] }",
        "expected refuse, got grant",
    );
    finds(
        AID,
        "age >= aid.age",
        "true",
        "^[[condition]]\nid = \"adult\"",
        "no case ever finds the condition `adult` not met",
    );
}

#[test]
fn the_same_thing_twice() {
    finds(
        AID,
        "id = \"adult\"",
        "id = \"income\"",
        "^[[condition]]\nid = \"income\"\nlaw = \"ACT 3\"",
        "`income` is defined twice",
    );
    finds(
        AID,
        "name = \"limit\"",
        "name = \"size\"",
        "^[[let]]\nname = \"size\"\nis = \"aid",
        "`size` is named twice",
    );
    finds(
        PARAMETERS,
        "name = \"aid.age\"",
        "name = \"aid.base\"",
        "^[[parameter]]\nname = \"aid.base\"\nunit = \"int\"",
        "defined twice",
    );
    finds(
        "facts.toml",
        "name = \"share\"",
        "name = \"wealth\"",
        "^[[fact]]\nname = \"wealth\"\nholder = \"person\"\ntype = \"decimal\"",
        "defined twice",
    );
    finds(
        "codes/sexes.csv",
        "f,Female",
        "m,Female",
        "^m,Female",
        "`m` is in the list twice",
    );
    finds(
        FORM,
        "id = \"home\"",
        "id = \"people\"",
        "^[[page]]\nid = \"people\"\ntitle = { en = \"Home\"",
        "`people` is there twice",
    );
}

#[test]
fn an_unknown_key() {
    finds(
        AID,
        "review_every",
        "reviews_every",
        "^reviews_every",
        "the key `reviews_every` is not known here (did you mean `review_every`?)",
    );
    finds(
        PROCEDURE,
        "role = \"clerk\"",
        "role = \"clerk\"\nroles = \"x\"",
        "^roles",
        "the key `roles` is not known here",
    );
}

#[test]
fn a_page_higher_than_the_screen() {
    let fields: String = (0..17)
        .map(|i| format!("[[page.field]]\nfact = \"rooms{i}\"\n"))
        .collect();
    finds(
        FORM,
        "[[page.field]]\nfact = \"rooms\"\n",
        &fields,
        "^[[page]]\nid = \"home\"",
        "the page has 17 lines, a screen of 80x24 has room for 16",
    );
}

#[test]
fn a_procedure_with_a_dead_end_or_an_unreachable_step() {
    finds(
        PROCEDURE,
        "next = [\"decision\"]",
        "next = [\"decide\"]",
        "^[[step]]\nid = \"intake\"",
        "`decide`, which is no step",
    );
    finds(
        PROCEDURE,
        "next = [\"decision\"]",
        "next = []",
        "^[[step]]\nid = \"decision\"",
        "no way leads to the step `decision`",
    );
    finds(
        PROCEDURE,
        "kind = \"decide\"",
        "kind = \"think\"",
        "kind = ^\"think\"",
        "`think` is none of form, evidence",
    );
    finds(
        PROCEDURE,
        "due = { days = 8 }",
        "due = { weeks = 8 }",
        "due = ^{ weeks",
        "a term is { days = N }",
    );
    finds(
        PROCEDURE,
        "due = { days = 8 }",
        "due = { days = 8, from = \"lodgment\" }",
        "from = ^\"lodgment\"",
        "`lodgment` is none of opening, lodging",
    );
}

#[test]
fn text_that_is_no_toml_and_facts_of_the_wrong_type() {
    finds(PROCEDURE, "version = 1", "version = ?", "version = ^?", "");
    finds(
        CASES,
        "rooms = 2",
        "rooms = \"2\"",
        "rooms = ^\"2\"",
        "a whole number was expected, this is a string",
    );
    finds(
        CASES,
        "birth_date = 1990-05-05",
        "birth_date = \"1990-05-05\"",
        "birth_date = ^\"1990",
        "a day, written 2024-07-01 without quotes",
    );
    finds(
        CASES,
        "relationship = \"child\"",
        "relation = \"child\"",
        "relation = ^\"child\"",
        "there is no fact `relation` here",
    );
}

#[test]
fn files_that_are_missing_or_that_nothing_reads() {
    for (missing, said) in [
        ("country.toml", "is missing"),
        ("facts.toml", "is missing"),
        ("words/cnr.ftl", "the words in `cnr` are missing"),
        ("codes/sexes.csv", "the code list `sexes` is missing"),
        (CASES, "a benefit needs worked examples"),
    ] {
        let mut files = crate::common::files("tests/small");
        files.remove(missing);
        let mistakes = Pack::load(&files).err().unwrap_or_default();
        assert!(
            mistakes
                .iter()
                .any(|m| m.file == missing && m.message.contains(said)),
            "{missing}"
        );
    }
    let mut files = crate::common::files("tests/small");
    files.insert("parameter/aid.toml".to_owned(), String::new());
    let mistakes = Pack::load(&files).err().unwrap_or_default();
    assert!(
        mistakes
            .iter()
            .any(|m| m.message.contains("nothing reads a file of this name"))
    );
}

#[test]
fn every_mistake_is_reported_not_only_the_first_and_shown_with_its_line() {
    let mut files = crate::common::files("tests/small");
    let text = files.get_mut(AID).unwrap();
    *text = text
        .replace("income < limit", "incom < limit")
        .replace("size + 1", "siz + 1")
        .replace("\"standard\"", "\"x\"");
    let mistakes = Pack::load(&files).err().unwrap_or_default();
    assert_eq!(mistakes.len(), 3, "{mistakes:#?}");
    let shown = mistakes
        .iter()
        .find(|m| m.message.contains("incom"))
        .map(ToString::to_string)
        .unwrap_or_default();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(
        lines[0],
        "catalogue/aid/benefit.toml:32:9: there is nothing here that is called `incom` (did you mean `income`?)"
    );
    assert_eq!(lines[1], " 32 | when = \"incom < limit\"");
    assert_eq!(lines[2], "    |         ^");
}
