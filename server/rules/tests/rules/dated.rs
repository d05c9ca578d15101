//! Dated values: tables with bands and several keys, values that follow from others, the law as it was known on a day, and what is
//! owed when it was published late.

use crate::small::{INCOME, PARAMETERS, assessed, pack, says, wrong};

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

#[test]
fn what_rests_on_two_values_follows_each_from_the_day_it_was_published() {
    // Both count from January 2025; the second one was published in February.
    let added = r#"
[[parameter]]
name = "aid.first"
unit = "int"
says = { cnr = "Prvi", en = "First" }
[[parameter.at]]
from = 2024-01-01
source = "D"
confidence = "default"
value = 1
[[parameter.at]]
from = 2025-01-01
source = "D"
confidence = "default"
value = 2

[[parameter]]
name = "aid.second"
unit = "int"
says = { cnr = "Drugi", en = "Second" }
[[parameter.at]]
from = 2024-01-01
source = "D"
confidence = "default"
value = 10
[[parameter.at]]
from = 2025-01-01
published = 2025-02-20
source = "D"
confidence = "default"
value = 20

[[parameter]]
name = "aid.both"
unit = "int"
is = "aid.first + aid.second"
source = "D"
confidence = "default"
says = { cnr = "Oba", en = "Both" }
"#;
    let pack = pack(&[(PARAMETERS, "", added)]);
    let both = pack.parameters.iter().find(|it| it.name == "aid.both").unwrap();
    let values: Vec<(String, Option<String>, String)> = both
        .at
        .iter()
        .map(|it| {
            (
                it.from.to_string(),
                it.published.map(|day| day.to_string()),
                format!("{:?}", it.value),
            )
        })
        .collect();
    let of = |from: &str, published: Option<&str>, value: i64| {
        (
            from.to_owned(),
            published.map(str::to_owned),
            format!("One(Int({value}))"),
        )
    };
    assert_eq!(
        values,
        [
            of("2024-01-01", None, 11),
            of("2025-01-01", None, 12),
            of("2025-01-01", Some("2025-02-20"), 22)
        ]
    );
}
