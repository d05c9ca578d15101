//! What expressions mean, as a table that a rule author can read.

use crate::common::files;
use karton_rules::{Pack, show};
use std::sync::LazyLock;

static PACK: LazyLock<Pack> = LazyLock::new(|| match Pack::load(&crate::common::files("tests/small")) {
    Ok(pack) => pack,
    Err(mistakes) => unreachable!("the small pack is broken: {mistakes:?}"),
});

const FACTS: &str = r#"
on = 2025-05-10
lodged = 2025-05-08
applicant = { birth_date = 1985-05-11, sex = "f", student = false, wealth = "100.01", income = [
    { month = 2025-02-01, kind = "wage", net = "100.00" }, { month = 2025-04-01, kind = "gift", net = "50.05" },
    { month = 2025-05-01, kind = "wage", net = "900.00" } ] }
members = [
    { relationship = "child", birth_date = 2010-05-10, student = true, income = [] },
    { relationship = "child", birth_date = 2024-02-29, income = [] },
    { relationship = "spouse", birth_date = 1980-01-01, student = false } ]
household = { rooms = 3 }
claim = { child = "member 2" }
awards = [{ of = "member 1", benefit = "AID", from = 2025-01-01, amount = "30.00" }, { of = "applicant", benefit = "AID", from = 2024-01-01, until = 2025-01-01, amount = "9.00" }]
"#;

fn means(rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        let found = show::eval_text(
            &PACK,
            expression,
            Some(("facts", FACTS)),
            PACK.country.covers_from,
            "en",
        );
        let found = found.map(|e| {
            let missing = if e.missing.is_empty() {
                String::new()
            } else {
                format!(" {}", e.missing.join(" "))
            };
            format!("{}: {}{missing}", e.value.replace('\u{a0}', " "), e.unit)
        });
        let found = found.unwrap_or_else(|m| m[0].message.clone());
        assert_eq!(&found, expected, "{expression}");
    }
}

#[test]
fn logic_knows_what_is_unknown() {
    means(&[
        ("claim.child.student", "?: bool member 2.student"),
        ("claim.child.student and false", "no: bool"),
        ("false and claim.child.student", "no: bool"),
        ("claim.child.student or true", "yes: bool"),
        (
            "claim.child.student and applicant.share > 1",
            "?: bool applicant.share member 2.student",
        ),
        ("not(claim.child.student)", "?: bool member 2.student"),
        ("if claim.child.student then 2 else 1 + 1", "2: int"),
        ("if claim.child.student then 2 else 3", "?: int member 2.student"),
        ("some p in household.members satisfies p.student", "yes: bool"),
        ("every p in household.members satisfies p.student", "no: bool"),
        (
            "every p in household.members satisfies p.student or p.age < 99",
            "yes: bool",
        ),
        ("count(household.members[student])", "?: int member 2.student"),
        ("count(household.members[relationship = \"child\"])", "2: int"),
        (
            "sum(household.members.income.net)",
            "?: money per month member 3.income",
        ),
        ("known(claim.bill)", "no: bool"),
        ("known(household.rooms)", "yes: bool"),
        ("applicant.death_date", "?: date applicant.death_date"),
        ("applicant.alive", "yes: bool"),
    ]);
}

#[test]
fn numbers_are_exact_and_checked() {
    means(&[
        ("0.1 + 0.2 = 0.3", "yes: bool"),
        ("1 / 3 * 3 = 1", "yes: bool"),
        ("1 / 3", "0.333333…: decimal"),
        ("7 - 2 - 1", "4: int"),
        ("2 + 3 * 4", "14: int"),
        ("-(2 + 3)", "-5: int"),
        ("floor(-1.5)", "-2: int"),
        ("ceiling(-1.5)", "-1: int"),
        ("round half up(2.5)", "3: int"),
        ("round half even(2.5)", "2: int"),
        ("round half up(-2.5)", "-3: int"),
        ("round half up(2.345, 2)", "2.35: decimal"),
        ("round down(2.39, 1)", "2.3: decimal"),
        ("floor(1299, -2)", "1200: int"),
        ("9223372036854775807 + 1", "? (a number is too large): int"),
        ("1 / 0", "? (division by zero): decimal"),
        ("max([1, 5, 3])", "5: int"),
        (
            "min(household.members[age > 99].age)",
            "? (the least or greatest of an empty list): int",
        ),
        ("sum([])", "0: int"),
    ]);
}

#[test]
fn money_keeps_its_unit() {
    means(&[
        (
            "EUR 1.00 per month + EUR 0.50 per month",
            "1.50 €: money per month",
        ),
        ("EUR 10.00 * 3", "30.00 €: money"),
        ("round half up(EUR 10.00 / 3)", "3.33 €: money"),
        ("round up(EUR 10.00 / 3)", "3.34 €: money"),
        ("EUR 10.00 / 3", "3.333333… €: unrounded money"),
        ("EUR 10.00 / EUR 4.00", "2.5: decimal"),
        ("ceiling(EUR 10.01, 0)", "11.00 €: money"),
        ("floor(EUR 19.99, -1)", "10.00 €: money"),
        ("monthly(applicant.wealth)", "100.01 €: money per month"),
        ("EUR 1.00 * EUR 1.00", "money times money has no meaning"),
        (
            "EUR 1.00 + EUR 1.00 per year",
            "money was expected, this is money per year: an amount for a period is not a single amount; monthly(m) and once(m) say so when the law does",
        ),
        ("USD 1.00", "the currency of this pack is EUR"),
        ("EUR 1.005", "this amount is not a whole number of minor units"),
        ("max(EUR 1.00 - EUR 3.00, EUR 0.00)", "0.00 €: money"),
    ]);
}

#[test]
fn days_and_months() {
    means(&[
        ("applicant.age", "39: int"),
        (
            "household.members[relationship = \"child\"].age",
            "15, 1: list of int",
        ),
        ("date(\"2024-01-31\") + 1 month", "29 Feb 2024: date"),
        ("date(\"2024-03-31\") - 1 months", "29 Feb 2024: date"),
        ("date(\"2024-12-31\") + 1 day", "1 Jan 2025: date"),
        (
            "years between(date(\"2004-02-29\"), date(\"2022-02-28\"))",
            "17: int",
        ),
        (
            "years between(date(\"2004-02-29\"), date(\"2022-03-01\"))",
            "18: int",
        ),
        (
            "months between(date(\"2024-01-31\"), date(\"2024-02-29\"))",
            "0: int",
        ),
        (
            "months between(date(\"2024-03-01\"), date(\"2024-01-01\"))",
            "-2: int",
        ),
        (
            "days between(date(\"2024-02-28\"), date(\"2024-03-01\"))",
            "2: int",
        ),
        ("first of month(lodged)", "1 May 2025: date"),
        ("year(on) * 100 + month(on)", "202,505: int"),
        ("last 3 months", "1 Feb 2025 – 30 Apr 2025: period"),
        ("date(\"2025-02-01\") in last 3 months", "yes: bool"),
        ("date(\"2025-05-01\") in last 3 months", "no: bool"),
        ("on in [date(\"2025-05-10\")..date(\"2025-05-10\")]", "yes: bool"),
        ("on in (date(\"2025-05-10\")..date(\"2026-05-10\")]", "no: bool"),
        ("date(\"9999-12-31\") + 1 day", "? (a number is too large): date"),
        (
            "date(\"2024-02-30\")",
            "there is no such day; it is written as 2026-01-31",
        ),
        (
            "on - lodged",
            "write days between(a, b), months between(a, b) or years between(a, b)",
        ),
    ]);
}

#[test]
fn lists_rows_and_windows() {
    means(&[
        (
            "average(applicant.income.net, last 3 months)",
            "50.02 €: money per month",
        ),
        (
            "average(applicant.income[kind != \"gift\"].net, last 3 months)",
            "33.33 €: money per month",
        ),
        ("count(flatten(household.members[age < 18].income))", "0: int"),
        (
            "sum(for r in applicant.income return r.net * 2)",
            "2,100.10 €: money per month",
        ),
        ("contains(applicant.income.kind, \"wage\")", "yes: bool"),
        (
            "applicant.income[item.net > EUR 99.00 per month].kind",
            "Wage, Wage: list of code income_kinds",
        ),
        ("count(concatenate([1, 2], [3]))", "3: int"),
        ("applicant.sex in [\"m\", \"f\"]", "yes: bool"),
        ("count(household.awards)", "1: int"),
        (
            "some a in household.awards satisfies a.benefit = \"AID\" and a.amount > EUR 29.00 per month",
            "yes: bool",
        ),
        ("count(applicant.awards)", "0: int"),
        // Those of another day, past and open ones alike.
        ("count(applicant.awards at date(\"2024-12-31\"))", "1: int"),
        ("count(applicant.awards at date(\"2025-01-01\"))", "0: int"),
        ("count(household.awards at date(\"2024-12-31\"))", "1: int"),
        ("count(household.awards at date(\"2030-01-01\"))", "1: int"),
        (
            "some a in applicant.awards at (lodged - 1 years) satisfies a.amount = EUR 9.00 per month",
            "yes: bool",
        ),
        (
            "count(applicant.awards at applicant.death_date)",
            "?: int applicant.death_date",
        ),
        (
            "count(household.members.income at lodged)",
            "only a parameter and a list of awards have a value `at` a day",
        ),
        (
            "applicant.income[1]",
            "FEEL's l[1] (by position) is not part of the rule language",
        ),
        ("[1, \"a\"]", "int was expected, this is text"),
        ("[[1]]", "lists never nest; write concatenate(a, b)"),
        ("claim.child = applicant", "no: bool"),
    ]);
}

#[test]
fn parameters_are_those_of_the_day() {
    means(&[
        ("aid.base(1)", "110.00 €: money per month"),
        ("aid.base(3)", "160.00 €: money per month"),
        ("aid.base(9)", "210.00 €: money per month"),
        ("aid.base(1) at date(\"2024-12-31\")", "100.00 €: money per month"),
        (
            "aid.base(0)",
            "? (a table has no row for this key): money per month",
        ),
        (
            "aid.base(1) at date(\"2023-12-31\")",
            "? (a parameter has no value yet on this day): money per month",
        ),
        (
            "aid.base",
            "`aid.base` is a table: write aid.base(key), the key is int",
        ),
        (
            "aid.age(1)",
            "`aid.age` is a single value, not a table: write it without parentheses",
        ),
        (
            "1 at on",
            "only a parameter and a list of awards have a value `at` a day",
        ),
    ]);
}

#[test]
fn an_explanation_shows_the_branch_taken_and_what_decided() {
    let input = PACK.read_facts("facts", FACTS, PACK.country.covers_from).unwrap();
    let steps = |text: &str| -> Vec<String> {
        let explained = show::explain_text(&PACK, text, &input, "en").unwrap();
        explained
            .steps
            .iter()
            .map(|s| format!("{}{} → {}", "  ".repeat(s.depth), s.expression, s.text.0["en"]))
            .collect()
    };
    assert_eq!(
        steps("if household.rooms > 2 then aid.base(1) else aid.base(2)"),
        [
            "if household.rooms > 2 then aid.base(1) else aid.base(2) → 110.00\u{a0}€",
            "  household.rooms > 2 → yes",
            "    household.rooms → 3",
            "  aid.base(1) → 110.00\u{a0}€",
        ]
    );
    assert_eq!(
        steps("applicant.age > 18 and household.rooms < 2 and applicant.alive"),
        [
            "applicant.age > 18 and household.rooms < 2 and applicant.alive → no",
            "  household.rooms < 2 → no",
            "    household.rooms → 3",
        ]
    );
}

#[test]
fn a_day_past_the_published_values_is_worked_with_the_last_and_says_so() {
    let facts = "lodged = 2027-05-08\non = 2027-05-10\napplicant = { birth_date = 1990-05-05, income = [] }\nhousehold = { rooms = 1 }";
    let input = PACK.read_facts("facts", facts, PACK.country.covers_from).unwrap();
    let found = karton_rules::assess::assess(&PACK, "AID", &input).unwrap();
    assert_eq!(found.amount.as_ref().map(|a| a.money.minor), Some(5_500));
    let names: Vec<String> = found.unconfirmed.iter().map(|u| format!("{u:?}")).collect();
    assert!(
        names.contains(&"PastPublished { name: \"aid.base\" }".to_owned()),
        "{names:?}"
    );
    let term = found.term.unwrap();
    assert_eq!(
        (term.starts.to_string(), term.review_on.map(|d| d.to_string())),
        ("2027-05-01".to_owned(), Some("2027-11-01".to_owned()))
    );
}

#[test]
fn a_failed_condition_from_memory_is_never_printed_as_law_and_never_refuses() {
    let facts = "applicant = { birth_date = 1990-05-05, income = [] }\nhousehold = { rooms = 9 }";
    let input = PACK
        .read_facts("facts", facts, PACK.country.demo_today.unwrap())
        .unwrap();
    let found = karton_rules::assess::assess(&PACK, "AID", &input).unwrap();
    let rooms = found.conditions.iter().find(|c| c.id == "rooms").unwrap();
    assert_eq!(rooms.verdict, karton_rules::assess::Verdict::MustConfirm);
    assert_eq!(rooms.law, "");
    assert_eq!(found.outcome, karton_rules::assess::Outcome::Confirm);
    let income = &found.conditions[0];
    assert_eq!(income.says.0["cnr"], "Prihod 0,00\u{a0}€ je ispod 110,00\u{a0}€");
    assert_eq!(
        income.values[0]
            .facts
            .iter()
            .map(|f| f.fact.as_str())
            .collect::<Vec<_>>(),
        ["income"]
    );
}

#[test]
fn an_amount_at_the_officers_discretion_says_its_limits_and_what_it_looked_at() {
    let mut files = files("tests/small");
    let text = files.get_mut("catalogue/aid/benefit.toml").unwrap();
    *text = text.replace(
        "rounding = \"half-up\"",
        "rounding = \"half-up\"\ndiscretion = true\nupto = \"limit\"\natleast = \"EUR 1.00 per month\"",
    );
    let pack = karton_rules::Pack::load(&files).unwrap();
    let benefit = pack.benefit("AID").unwrap();
    let mut granted = 0;
    for case in &benefit.cases {
        let said = karton_rules::assess::assess(&pack, "AID", &case.input).unwrap();
        let Some(amount) = said.amount else { continue };
        granted += 1;
        let (upto, atleast) = (amount.upto.unwrap(), amount.atleast.unwrap());
        assert_eq!(atleast.minor, 100);
        assert!(amount.money.minor <= upto.minor, "{}", case.name);
        assert!(
            amount.facts.iter().any(|used| used.fact == "income"),
            "{}",
            case.name
        );
    }
    assert!(granted > 0);
}

#[test]
fn awards_to_the_family_and_on_account_of_somebody_are_lists_of_their_own() {
    let facts = r#"
on = 2025-05-10
applicant = {}
members = [{ relationship = "child" }]
others = [{ death_date = 2025-04-01 }]
claim = { child = "other 1" }
awards = [
    { of = "member 1", covers = ["applicant", "member 1"], benefit = "AID", from = 2025-01-01, amount = "30.00" },
    { of = "applicant", about = "other 1", benefit = "AID", from = 2025-02-01, amount = "9.00" },
]
"#;
    for (expression, expected) in [
        ("count(applicant.family_awards)", "1"),
        ("count(claim.child.family_awards)", "0"),
        ("count(applicant.awards_about)", "0"),
        ("count(claim.child.awards_about)", "1"),
        ("count(claim.child.awards_about at date(\"2025-01-31\"))", "0"),
        ("claim.child.alive", "no"),
    ] {
        let found = show::eval_text(
            &PACK,
            expression,
            Some(("facts", facts)),
            PACK.country.covers_from,
            "en",
        );
        assert_eq!(found.unwrap().value, expected, "{expression}");
    }
    let nobody = facts.replace("about = \"other 1\"", "about = \"other 2\"");
    let mistakes = PACK
        .read_facts("facts", &nobody, PACK.country.covers_from)
        .unwrap_err();
    assert!(
        mistakes[0].message.contains("`other 2` is nobody here"),
        "{}",
        mistakes[0]
    );
}
