//! The rest of the rule language: windows, working days, tables with several keys, values that follow from others, shared names, other
//! benefits' conditions, parts of an amount, and the law as it was known on a day.

use crate::common::files;
use karton_rules::{
    Pack,
    assess::{Assessment, Outcome, assess},
    show,
};
use std::collections::BTreeMap;

const BENEFIT: &str = "catalogue/aid/benefit.toml";
const PARAMETERS: &str = "parameters/aid.toml";

/// The small pack with changes: file, what stands there (nothing: at its end), what stands there instead.
fn changed(changes: &[(&str, &str, &str)]) -> BTreeMap<String, String> {
    let mut files = files("tests/small");
    for (file, from, to) in changes {
        let text = files.entry((*file).to_owned()).or_default();
        if from.is_empty() {
            text.push('\n');
            text.push_str(to);
        } else {
            assert!(text.contains(from), "{file} has no {from}");
            *text = text.replacen(from, to, 1);
        }
    }
    files
}

fn pack(changes: &[(&str, &str, &str)]) -> Pack {
    match Pack::load(&changed(changes)) {
        Ok(pack) => pack,
        Err(mistakes) => {
            let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{}", said.join("\n"))
        }
    }
}

/// The mistakes of a pack with changes, each on one line with its place.
fn wrong(changes: &[(&str, &str, &str)]) -> Vec<String> {
    let mistakes = Pack::load(&changed(changes)).err().unwrap_or_default();
    mistakes
        .iter()
        .map(|it| format!("{}:{}:{}: {}", it.file, it.line, it.column, it.message))
        .collect()
}

fn says(pack: &Pack, facts: &str, rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        let found = show::eval_text(
            pack,
            expression,
            Some(("facts", facts)),
            pack.country.covers_from,
            "en",
        );
        let found = found.map(|e| format!("{}: {}", e.value.replace('\u{a0}', " "), e.unit));
        let found = found.unwrap_or_else(|m| m[0].message.clone());
        assert_eq!(&found, expected, "{expression}");
    }
}

fn assessed(pack: &Pack, facts: &str) -> Assessment {
    let input = pack.read_facts("facts", facts, pack.country.covers_from);
    assess(pack, "AID", &input.unwrap_or_else(|m| panic!("{m:?}"))).unwrap()
}

const INCOME: &str = r#"
on = 2025-05-10
lodged = 2025-05-08
applicant = { birth_date = 1985-05-11, income = [
    { month = 2023-01-01, kind = "wage", net = "100.00" }, { month = 2024-06-01, kind = "wage", net = "200.00" },
    { month = 2024-06-01, kind = "gift", net = "10.00" }, { month = 2024-12-01, kind = "wage", net = "300.00" },
    { month = 2025-04-01, kind = "wage", net = "400.00" } ] }
"#;

#[test]
fn a_window_may_end_before_any_day_and_months_are_counted() {
    says(
        &pack(&[]),
        INCOME,
        &[
            (
                "sum(applicant.income[month in last 12 months].net)",
                "910.00 €: money per month",
            ),
            (
                "sum(applicant.income[month in last 24 months before date(\"2025-01-15\")].net)",
                "610.00 €: money per month",
            ),
            (
                "average(applicant.income.net, last 2 months before on)",
                "200.00 €: money per month",
            ),
            ("count months(applicant.income.month)", "4: int"),
            (
                "count months(applicant.income[month in last 24 months].month)",
                "3: int",
            ),
            (
                "sum(latest months(applicant.income, 2).net)",
                "700.00 €: money per month",
            ),
            (
                "sum(latest months(applicant.income[net < EUR 300.00 per month], 1).net)",
                "210.00 €: money per month",
            ),
            ("count(latest months(applicant.income, 100))", "5: int"),
            (
                "count(latest months(applicant.income[net < EUR 1.00 per month], 3))",
                "0: int",
            ),
            (
                "count months(applicant.income.net)",
                "a list of dates was expected, such as rows.month",
            ),
            (
                "latest months(applicant.income, 0)",
                "the number of months is written as a number from 1 to 1200",
            ),
        ],
    );
    let unknown = "applicant = { birth_date = 1985-05-11 }";
    says(
        &pack(&[]),
        unknown,
        &[
            ("count months(applicant.income.month)", "?: int"),
            (
                "sum(latest months(applicant.income, 2).net)",
                "?: money per month",
            ),
        ],
    );
}

#[test]
fn working_days_leave_weekends_and_holidays_out() {
    // In the small pack 2025-01-01 is a holiday.
    assert!(files("tests/small")["codes/holidays.csv"].contains("2025-01-01"));
    says(
        &pack(&[]),
        INCOME,
        &[
            (
                "working days between(date(\"2024-12-27\"), date(\"2025-01-06\"))",
                "5: int",
            ),
            (
                "working days between(date(\"2025-01-06\"), date(\"2024-12-27\"))",
                "-5: int",
            ),
            (
                "working days between(date(\"2025-05-09\"), date(\"2025-05-09\"))",
                "0: int",
            ),
            (
                "working days between(date(\"2025-05-10\"), date(\"2025-05-11\"))",
                "0: int",
            ),
            ("working days after(date(\"2024-12-31\"), 2)", "3 Jan 2025: date"),
            ("working days after(date(\"2025-05-09\"), 60)", "1 Aug 2025: date"),
            ("working days after(on, 99999)", "? (a number is too large): date"),
        ],
    );
    // Counting and going forward agree.
    let pack = pack(&[]);
    for days in 0..40 {
        let expression = format!(
            "working days between(date(\"2024-12-20\"), working days after(date(\"2024-12-20\"), {days}))"
        );
        says(&pack, INCOME, &[(&expression, &format!("{days}: int"))]);
    }
}

const BANDS: &str = r#"
[[parameter]]
name = "heat"
unit = "money"
key = ["code income_kinds", "money per month"]
match = "up to"
says = { en = "Heating aid", cnr = "Pomoć" }
[[parameter.at]]
from = 2024-01-01
source = "S1"
confidence = "published"
rows = [["wage", "200.00", "500.00"], ["wage", "320.00", "400.00"], ["*", "200.00", "50.00"], ["*", "320.00", "40.00"]]

[[parameter]]
name = "local"
unit = "money"
key = "code municipalities"
says = { en = "Local", cnr = "Lokalno" }
[[parameter.at]]
from = 2024-01-01
source = "S1"
confidence = "published"
rows = [["*", "10.00"], ["town", "15.00"]]

[[parameter]]
name = "grade"
unit = "decimal"
key = "decimal"
says = { en = "Grade", cnr = "Stepen" }
[[parameter.at]]
from = 2024-01-01
source = "S1"
confidence = "published"
rows = [["0.5", "1.5"], ["0.75", "2.5"]]
"#;

#[test]
fn tables_have_bands_several_keys_and_a_row_for_every_other_code() {
    let pack = pack(&[(PARAMETERS, "", BANDS)]);
    says(
        &pack,
        INCOME,
        &[
            ("heat(\"wage\", EUR 200.00 per month)", "500.00 €: money"),
            ("heat(\"wage\", EUR 200.01 per month)", "400.00 €: money"),
            ("heat(\"gift\", EUR 0.00 per month)", "50.00 €: money"),
            (
                "heat(\"gift\", EUR 320.01 per month)",
                "? (a table has no row for this key): money",
            ),
            (
                "heat(\"wage\")",
                "`heat` takes 2 keys: code income_kinds, money per month",
            ),
            (
                "heat",
                "`heat` is a table: write heat(…), its keys are code income_kinds, money per month",
            ),
            ("local(\"town\")", "15.00 €: money"),
            ("grade(0.74)", "1.5: decimal"),
            ("grade(0.75)", "2.5: decimal"),
            ("grade(0.4)", "? (a table has no row for this key): decimal"),
        ],
    );
    let said = wrong(&[(
        PARAMETERS,
        "",
        &BANDS.replace("[\"wage\", \"320.00\",", "[\"wage\", \"200.00\","),
    )]);
    assert!(
        said.iter()
            .any(|it| it.contains("this key is already in the table")),
        "{said:?}"
    );
    let said = wrong(&[(
        PARAMETERS,
        "",
        &BANDS.replace("[\"*\", \"200.00\", \"50.00\"]", "[\"*\", \"50.00\"]"),
    )]);
    assert!(
        said.iter().any(|it| it.contains("a row is 2 keys and a value")),
        "{said:?}"
    );
    let said = wrong(&[(
        PARAMETERS,
        "",
        &BANDS.replace("key = \"decimal\"", "key = \"bool\""),
    )]);
    assert!(
        said.iter().any(|it| it.contains("a key of a table is int")),
        "{said:?}"
    );
}

const SERIES: &str = r#"
[[parameter]]
name = "index"
unit = "decimal"
says = { en = "Index", cnr = "Indeks" }
[[parameter.at]]
from = 2024-01-01
source = "S1"
confidence = "published"
value = "1.051"
[[parameter.at]]
from = 2025-01-01
source = "S1"
confidence = "memory"
value = "1.5"

[[parameter]]
name = "pay"
unit = "money per month"
says = { en = "Pay", cnr = "Iznos" }
[[parameter.at]]
from = 2023-01-01
source = "S1"
confidence = "published"
value = "77.77"
[[parameter.at]]
from = 2024-01-01
source = "S1"
confidence = "derived"
follows = "round half up(before * index)"
[[parameter.at]]
from = 2025-01-01
source = "S1"
confidence = "published"
follows = "round half up(before * index)"
value = "122.61"

[[parameter]]
name = "half"
unit = "money per month"
says = { en = "Half", cnr = "Pola" }
is = "round up(pay * 0.5)"
source = "S1"
confidence = "law"
"#;

#[test]
fn values_follow_from_earlier_ones_each_rounded_and_are_held_against_what_is_published() {
    let good = pack(&[(PARAMETERS, "", SERIES)]);
    let on = |day: &str, expression: &str, expected: &str| {
        says(
            &good,
            &format!("on = {day}\napplicant = {{}}"),
            &[(expression, expected)],
        );
    };
    // 77.77 × 1.051 = 81.73627, and 81.74 × 1.5 = 122.61; without rounding between it would be 122.60.
    on("2023-05-01", "pay", "77.77 €: money per month");
    on("2024-05-01", "pay", "81.74 €: money per month");
    on("2025-05-01", "pay", "122.61 €: money per month");
    // What is worked out changes whenever what it rests on changes, and is founded no better.
    on("2023-05-01", "half", "38.89 €: money per month");
    on("2025-05-01", "half", "61.31 €: money per month");
    on(
        "2025-05-01",
        "half at date(\"2024-03-01\")",
        "40.87 €: money per month",
    );
    let half = good.parameters.iter().find(|it| it.name == "half").unwrap();
    let weak = good.parameters.iter().find(|it| it.name == "index").unwrap();
    assert_eq!(half.at.len(), 3);
    assert_eq!(half.at[1].confidence.name(), "derived");
    assert_eq!(weak.at[1].confidence.name(), "memory");
    for (from, to, said) in [
        (
            "value = \"122.61\"",
            "value = \"122.60\"",
            "what follows is 122.61, what is published from 2025-01-01 is 122.60: say why with `differs`",
        ),
        (
            "value = \"122.61\"",
            "value = \"122.61\"\ndiffers = \"typo\"",
            "`differs` has nothing to say",
        ),
        (
            "value = \"77.77\"",
            "value = \"77.77\"\nfollows = \"before\"",
            "the first value follows from nothing",
        ),
        (
            "value = \"122.61\"\n",
            "differs = \"x\"\n",
            "`differs` says why a published value is another",
        ),
        ("round up(pay * 0.5)", "pay * 0.5", "expected"),
        (
            "round up(pay * 0.5)",
            "sum(household.members.wealth)",
            "a parameter rests on other parameters only, not on `household`",
        ),
        (
            "round up(pay * 0.5)",
            "EUR 1.00 per month",
            "this rests on no other parameter",
        ),
        (
            "round up(pay * 0.5)",
            "round up(half * 0.5)",
            "`half` rests on itself",
        ),
        (
            "round up(pay * 0.5)",
            "round up(pays * 0.5)",
            "there is nothing here that is called `pays` (did you mean",
        ),
        (
            "round up(pay * 0.5)",
            "if pay in last 3 months then pay else pay",
            "a parameter knows no day of lodging",
        ),
        (
            "name = \"half\"",
            "name = \"half\"\nkey = \"int\"",
            "is no table and has no values of its own",
        ),
    ] {
        let found = wrong(&[(PARAMETERS, "", &SERIES.replacen(from, to, 1))]);
        assert!(
            found
                .iter()
                .any(|it| it.starts_with(PARAMETERS) && it.contains(said)),
            "{to}: {said}\n{found:#?}"
        );
    }
    // An override with its note stands.
    let noted = SERIES.replace(
        "value = \"122.61\"",
        "value = \"122.60\"\ndiffers = \"published with the factor cut off\"",
    );
    says(
        &pack(&[(PARAMETERS, "", &noted)]),
        "on = 2025-05-01\napplicant = {}",
        &[("pay", "122.60 €: money per month")],
    );
}

#[test]
fn a_table_follows_row_by_row() {
    let more = "[[parameter.at]]\nfrom = 2025-06-01\nsource = \"S1\"\nconfidence = \"derived\"\nfollows = \"round half up(before * 1.1)\"\n\n[[parameter]]\nname = \"aid.age\"";
    let pack = pack(&[(PARAMETERS, "[[parameter]]\nname = \"aid.age\"", more)]);
    says(
        &pack,
        "on = 2025-07-01\napplicant = {}",
        &[
            ("aid.base(1)", "121.00 €: money per month"),
            ("aid.base(3)", "176.00 €: money per month"),
        ],
    );
}

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

const PARTS: &str = r#"law = "ACT 5"
confidence = "law"
[[amount.part]]
code = "base"
name = { en = "Base", cnr = "Osnov" }
law = "ACT 5(1)"
confidence = "law"
formula = "limit - income"
[[amount.part]]
code = "child"
name = { en = "For a child", cnr = "Za dijete" }
law = "ACT 5(2)"
confidence = "law"
of = "members"
formula = "if member.age < 18 then EUR 10.00 per month else EUR 0.00 per month"
"#;

#[test]
fn an_amount_has_parts_and_a_part_may_be_suspended_as_a_whole_or_for_one() {
    let whole = "law = \"ACT 5\"\nconfidence = \"law\"\nformula = \"(limit - income) * 0.5\"\nrounding = \"half-up\"\nsays = { en = \"Half of the difference\", cnr = \"Polovina razlike\" }\n";
    let cases = |text: &str| {
        text.replace("amount = \"50.00\"", "amount = \"100.00\"")
            .replace("amount = \"80.00\"", "amount = \"169.99\"")
    };
    let cases = cases(&files("tests/small")["catalogue/aid/cases.toml"]);
    let old = files("tests/small")["catalogue/aid/cases.toml"].clone();
    let changes = [
        (BENEFIT, whole, PARTS),
        ("catalogue/aid/cases.toml", old.as_str(), cases.as_str()),
    ];
    let pack = pack(&changes);
    let family = "on = 2025-05-10\napplicant = { birth_date = 1990-05-05, income = [] }\nmembers = [{ relationship = \"child\", birth_date = 2020-01-01, income = [] }, { relationship = \"child\", birth_date = 2022-01-01, income = [] }]\nhousehold = { rooms = 1 }\n";
    let minor = |more: &str| assessed(&pack, &format!("{more}\n{family}")).amount.unwrap();
    let all = minor("");
    assert_eq!(all.money.minor, 18_000);
    let parts: Vec<(&str, i64)> = all
        .parts
        .iter()
        .map(|part| (part.code.as_str(), part.money.minor))
        .collect();
    assert_eq!(parts, [("base", 16_000), ("child", 1_000), ("child", 1_000)]);
    assert_eq!(all.parts[1].law, "ACT 5(2)");
    assert_eq!(all.formula, "base + child");
    assert_eq!(all.steps[0].text.0["en"], "180.00\u{a0}€");
    assert_eq!(minor("suspended = [\"child\"]").money.minor, 16_000);
    let one = minor("suspended = [\"child of member 2\", \"base\"]");
    assert_eq!(one.money.minor, 1_000);
    assert_eq!(
        one.parts.iter().map(|part| part.suspended).collect::<Vec<_>>(),
        [true, false, true]
    );
    // Without an explanation it is the same.
    let input = pack
        .read_facts(
            "facts",
            &format!("suspended = [\"base\"]\n{family}"),
            pack.country.covers_from,
        )
        .unwrap();
    let mut scratch = karton_rules::lang::Scratch::default();
    let bare = pack.run("AID", &pack.prepare(&input), &mut scratch).unwrap();
    assert_eq!(bare.amount_minor, Some(2_000));
    for (from, to, said) in [
        (
            "code = \"child\"",
            "code = \"base\"",
            "the part `base` is defined twice",
        ),
        ("of = \"members\"\n", "", "there is no parameter `member.age`"),
        ("formula = \"limit - income\"", "formula = \"2\"", "expected"),
    ] {
        let found = wrong(&[(BENEFIT, whole, &PARTS.replacen(from, to, 1))]);
        assert!(
            found
                .iter()
                .any(|it| it.starts_with(BENEFIT) && it.contains(said)),
            "{said}\n{found:#?}"
        );
    }
}

#[test]
fn the_law_is_asked_as_it_was_known_on_a_day() {
    let late = (
        "from = 2025-01-01\nsource",
        "from = 2025-01-01\npublished = 2025-02-20\nsource",
    );
    let pack = pack(&[(PARAMETERS, late.0, late.1)]);
    let facts = |known: &str| {
        format!(
            "on = 2025-01-15\n{known}\napplicant = {{ birth_date = 1990-05-05, income = [] }}\nhousehold = {{ rooms = 1 }}"
        )
    };
    let amount = |known: &str| assessed(&pack, &facts(known)).amount.unwrap().money.minor;
    assert_eq!(
        amount("known_at = 2025-02-19"),
        5_000,
        "the value of the year before"
    );
    assert_eq!(amount("known_at = 2025-02-20"), 5_500);
    assert_eq!(amount(""), 5_500);
    let used = assessed(&pack, &facts("known_at = 2025-02-19")).parameters;
    assert!(
        used.iter()
            .any(|it| it.name == "aid.base" && it.from.to_string() == "2024-01-01")
    );
}

#[test]
fn a_part_may_be_paid_once_beside_what_is_paid_each_month() {
    let whole = "law = \"ACT 5\"\nconfidence = \"law\"\nformula = \"(limit - income) * 0.5\"\nrounding = \"half-up\"\nsays = { en = \"Half of the difference\", cnr = \"Polovina razlike\" }\n";
    let parts = PARTS.replace("of = \"members\"\n", "paid = \"once\"\n").replace(
        "if member.age < 18 then EUR 10.00 per month else EUR 0.00 per month",
        "EUR 1000.00",
    );
    let old = files("tests/small")["catalogue/aid/cases.toml"].clone();
    let cases = old
        .replace("amount = \"50.00\",", "amount = \"100.00\", once = \"1000.00\",")
        .replace("amount = \"50.00\"", "amount = \"100.00\"")
        .replace("amount = \"80.00\"", "amount = \"159.99\"");
    let pack = pack(&[
        (BENEFIT, whole, &parts),
        ("catalogue/aid/cases.toml", &old, &cases),
    ]);
    let said = assessed(
        &pack,
        "on = 2025-05-10\napplicant = { birth_date = 1990-05-05, income = [] }\nhousehold = { rooms = 1 }",
    );
    let amount = said.amount.as_ref().unwrap();
    assert_eq!((amount.money.minor, amount.once_minor()), (11_000, 100_000));
    let text = karton_rules::told::told(&pack, &said, "en").replace('\u{a0}', " ");
    for line in [
        "AID – Aid, 10 May 2025: granted",
        "[met] Income 0.00 € is below 110.00 € (ACT 2)",
        "    facts: applicant.income (declaration)",
        "amount 110.00 € (ACT 5)",
        "    child For a child, once: 1,000.00 €",
        "    aid.base(1) = 110.00 € (from 1 Jan 2025, S1, published)",
        "from 1 May 2025, review on 1 Nov 2025",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "no line {line:?} in\n{text}"
        );
    }
    // A wrong expectation is said.
    let found = wrong(&[
        (BENEFIT, whole, &parts),
        (
            "catalogue/aid/cases.toml",
            &old,
            &cases.replace("once = \"1000.00\"", "once = \"999.00\""),
        ),
    ]);
    assert!(
        found
            .iter()
            .any(|it| it.contains("expected 999.00 once, got 1,000.00")),
        "{found:#?}"
    );
}

const SIGNALS: &str = r#"
[[signal]]
id = "F01"
name = { en = "Savings beside aid", cnr = "Ušteđevina" }
law = "ACT 6"
confidence = "law"
on = ["lodging", "monthly"]
benefits = ["AID"]
of = "members"
let = [{ name = "saved", is = "member.wealth" }]
when = "saved > EUR 1000.00"
says = { en = "Savings of {saved}", cnr = "Ušteđevina {saved}" }
asks = ["tax.income"]
act = "look"
who = "caseworker"
expires = "30 days"

[[signal]]
id = "F02"
name = { en = "One account", cnr = "Jedan račun" }
on = ["monthly"]
of = "award"
kind = "same-account"
least = 3
says = { en = "Several are paid to one account", cnr = "Isti račun" }
act = "warn"
who = "approver"
expires = "60 days"
"#;

#[test]
fn a_signal_is_raised_by_what_is_known_and_never_by_who_somebody_is() {
    use karton_rules::pack::SignalEvent;
    let signals = "signals/checks.toml";
    let pack = pack(&[(signals, "", SIGNALS)]);
    let input = |facts: &str| {
        pack.read_facts("facts", facts, pack.country.demo_today.unwrap())
            .unwrap()
    };
    let family = input("applicant = { wealth = \"999.00\" }\nmembers = [{ wealth = \"1000.01\" }, {}]");
    let raised = pack.raised(SignalEvent::Lodging, Some("AID"), &family);
    assert_eq!(raised.len(), 1, "what nobody knows raises nothing");
    assert_eq!(raised[0].signal.id, "F01");
    assert_eq!(raised[0].person, family.members[0].person);
    assert_eq!(
        raised[0].says.get("en").replace('\u{a0}', " "),
        "Savings of 1,000.01 €"
    );
    assert!(
        pack.raised(SignalEvent::Decision, Some("AID"), &family)
            .is_empty()
    );
    assert!(
        pack.raised(SignalEvent::Lodging, Some("OTHER"), &family)
            .is_empty()
    );
    for (from, to, said) in [
        ("member.wealth", "member.wealthy", "there is no fact `wealthy`"),
        (
            "member.wealth\"",
            "member.address\"",
            "a signal never looks at `address`",
        ),
        (
            "saved > EUR 1000.00",
            "saved > EUR 1000.00 and applicant.mother_tongue = 1",
            "a signal never looks at `mother_tongue`",
        ),
        ("saved > EUR 1000.00", "saved", "expected"),
        (
            "{saved}\", cnr",
            "{spent}\", cnr",
            "names {spent}, which is no let here",
        ),
        (
            "on = [\"lodging\", \"monthly\"]",
            "on = [\"always\"]",
            "`always` is none of lodging",
        ),
        (
            "on = [\"lodging\", \"monthly\"]",
            "on = []",
            "`on` says when it is looked at",
        ),
        (
            "expires = \"30 days\"",
            "expires = \"9999 days\"",
            "a signal lapses",
        ),
        (
            "who = \"caseworker\"",
            "who = \"citizen\"",
            "`citizen` is none of",
        ),
        (
            "asks = [\"tax.income\"]",
            "asks = [\"tax.incomes\"]",
            "tax.incomes",
        ),
        (
            "kind = \"same-account\"\n",
            "",
            "either `when` (an expression) or a `kind`",
        ),
        (
            "kind = \"same-account\"",
            "kind = \"same-officer\"",
            "`same-officer` is none of same-account, same-address",
        ),
        ("Several are paid", "{many} are paid", "only {count} is known"),
        (
            "id = \"F02\"",
            "id = \"F01\"",
            "the signal `F01` is defined twice",
        ),
        (
            "cnr = \"Isti račun\"",
            "de = \"Konto\"",
            "the text in `cnr` is missing",
        ),
        ("benefits = [\"AID\"]", "benefits = [\"AIDE\"]", "AIDE"),
    ] {
        let found = wrong(&[(signals, "", &SIGNALS.replacen(from, to, 1))]);
        assert!(
            found
                .iter()
                .any(|it| it.starts_with(signals) && it.contains(said)),
            "{to}: {said}\n{found:#?}"
        );
    }
}

#[test]
fn a_change_that_is_published_late_owes_arrears_by_month() {
    let late = (
        "from = 2025-01-01\nsource",
        "from = 2025-01-01\npublished = 2025-03-20\nsource",
    );
    let pack = pack(&[(PARAMETERS, late.0, late.1)]);
    let facts =
        "on = 2024-11-10\napplicant = { birth_date = 1990-05-05, income = [] }\nhousehold = { rooms = 1 }";
    let input = pack.read_facts("facts", facts, pack.country.covers_from).unwrap();
    let day = |text: &str| text.parse::<karton_api::Date>().unwrap();
    let owed = |now: &str| {
        karton_rules::assess::arrears(
            &pack,
            "AID",
            &input,
            (day("2024-11-01"), day("2025-03-31")),
            (day("2025-03-01"), day(now)),
        )
    };
    // Half of 110.00 instead of half of 100.00, from January on; November and December stay.
    assert_eq!(
        owed("2025-03-20"),
        [
            (day("2025-01-01"), 500),
            (day("2025-02-01"), 500),
            (day("2025-03-01"), 500)
        ]
    );
    assert_eq!(owed("2025-03-19"), [], "not published yet");
}
