//! Names that benefits share, and benefits that rest on the conditions of others.

use crate::small::{BENEFIT, assessed, pack, wrong};
use karton_rules::assess::{Outcome, assess};

const MEANS: &str = r#"
[[let]]
name = "earned"
is = "average(household.members.income[kind != \"gift\"].net, last 3 months)"

[[let]]
name = "poor"
is = "earned < aid.base(count(household.members))"
"#;

#[test]
fn names_shared_by_benefits_stand_in_one_place() {
    let used = [
        ("rules/means.toml", "", MEANS),
        (
            BENEFIT,
            "let = [{ name = \"income\", is = \"average(household.members.income[kind != \\\"gift\\\"].net, last 3 months)\" }]\nwhen = \"income < limit\"",
            "when = \"poor\"",
        ),
        (
            BENEFIT,
            "says = { en = \"Income {income} is below {limit}\", cnr = \"Prihod {income} je ispod {limit}\" }",
            "says = { en = \"Income {earned} is low\", cnr = \"Prihod {earned}\" }",
        ),
        (
            BENEFIT,
            "fails = { en = \"Income {income} is not below {limit}\", cnr = \"Prihod {income} nije ispod {limit}\" }",
            "",
        ),
        (BENEFIT, "(limit - income)", "(limit - earned)"),
    ];
    let said = assessed(
        &pack(&used),
        "on = 2025-05-10\napplicant = { birth_date = 1990-01-01, income = [{ month = 2025-04-01, kind = \"wage\", net = \"30.00\" }] }\nhousehold = { rooms = 1 }",
    );
    assert_eq!(said.outcome, Outcome::Grant);
    assert_eq!(said.amount.unwrap().money.minor, 5_000);
    assert_eq!(said.conditions[0].says.get("en"), "Income 10.00\u{a0}€ is low");
    assert!(
        said.conditions[0].facts.iter().any(|fact| fact.fact == "income"),
        "names inside names bring their facts"
    );
    for (from, to, said) in [
        ("name = \"poor\"", "name = \"earned\"", "`earned` is named twice"),
        (
            "earned < aid",
            "unearned < aid",
            "`unearned` (did you mean `earned`?)",
        ),
        (
            "name = \"poor\"",
            "name = \"limit\"",
            "is named for all benefits in rules/means.toml",
        ),
        ("average(household", "average(poor.household", "circle"),
    ] {
        let text = MEANS.replacen(from, to, 1);
        let text = if said == "circle" {
            MEANS.replacen(
                "is = \"average(",
                "is = \"if poor then EUR 1.00 per month else average(",
                1,
            )
        } else {
            text
        };
        let found = wrong(&[("rules/means.toml", "", &text)]);
        assert!(found.iter().any(|it| it.contains(said)), "{said}\n{found:#?}");
        assert_eq!(
            found.iter().filter(|it| it.contains(said)).count(),
            1,
            "said once\n{found:#?}"
        );
    }
}

/// A second benefit that whoever qualifies for the first gets.
fn second(condition: &str, confidence: &str) -> String {
    format!(
        r#"code = "CARD"
name = {{ en = "Card", cnr = "Kartica" }}
unit = "person"
law = ["ACT 10"]
procedure = "standard"
form = "aid"
letter = "decision"
kind = "in-kind"
[[competent]]
from = 2024-01-01
decides = "office"
pays = "office"
[[condition]]
id = "aid"
law = "ACT 10"
confidence = "{confidence}"
says = {{ en = "Would get aid", cnr = "Imao bi pravo" }}
when = "{condition}"
[period]
starts = "lodged"
"#
    )
}

const SECOND: &str = "catalogue/card/benefit.toml";

const SECOND_CASES: &str = r#"
[[case]]
name = "poor"
on = 2024-05-10
applicant = { birth_date = 1990-05-05, income = [] }
household = { rooms = 2 }
confirmed = false
expect = { outcome = "grant" }
[[case]]
name = "at the limit"
on = 2024-05-10
applicant = { birth_date = 1990-05-05, income = [{ month = 2024-02-01, kind = "wage", net = "300.00" }] }
household = { rooms = 1 }
confirmed = false
expect = { outcome = "confirm" }
[[case]]
name = "not asked yet"
on = 2024-05-10
applicant = { birth_date = 1990-05-05 }
household = { rooms = 1 }
confirmed = false
expect = { outcome = "unknown", missing = ["applicant.income"] }
[[case]]
name = "not asked, but too young anyway"
on = 2024-05-10
applicant = { birth_date = 2010-05-05 }
household = { rooms = 1 }
confirmed = false
expect = { outcome = "confirm" }
"#;

#[test]
fn a_benefit_may_rest_on_the_conditions_of_another() {
    let good = second("qualifies(\\\"AID\\\")", "memory");
    let pack = pack(&[
        (SECOND, "", &good),
        ("catalogue/card/cases.toml", "", SECOND_CASES),
    ]);
    let facts = "applicant = { birth_date = 1990-05-05, income = [] }\nhousehold = { rooms = 2 }";
    let said = assess(
        &pack,
        "CARD",
        &pack.read_facts("facts", facts, pack.country.covers_from).unwrap(),
    )
    .unwrap();
    let facts: Vec<&str> = said.conditions[0]
        .facts
        .iter()
        .map(|fact| fact.fact.as_str())
        .collect();
    assert_eq!(
        facts,
        ["birth_date", "income", "rooms"],
        "what the other benefit looked at"
    );
    for (condition, confidence, said) in [
        (
            "qualifies(\\\"AID\\\")",
            "law",
            "`AID` has conditions that are not confirmed",
        ),
        (
            "qualifies(\\\"CARD\\\")",
            "memory",
            "benefits rest on each other in a circle: CARD → CARD",
        ),
        (
            "qualifies(\\\"NONE\\\")",
            "memory",
            "the pack has no benefit `NONE`",
        ),
        ("qualifies(1)", "memory", "names another benefit of the pack"),
    ] {
        let found = wrong(&[
            (SECOND, "", &second(condition, confidence)),
            ("catalogue/card/cases.toml", "", SECOND_CASES),
        ]);
        assert!(
            found.iter().any(|it| it.starts_with(SECOND) && it.contains(said)),
            "{said}\n{found:#?}"
        );
    }
    let found = wrong(&[(
        "catalogue/aid/form.toml",
        "when = \"",
        "when = \"qualifies(\\\"AID\\\") and ",
    )]);
    assert!(
        found
            .iter()
            .any(|it| it.contains("stands only in rules of benefits")),
        "{found:#?}"
    );
}
