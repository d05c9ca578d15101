//! Properties of the rule language over generated expressions and facts.

use karton_rules::{Pack, assess::Input, lang::parse, show};
use proptest::prelude::*;
use std::{fmt::Write, sync::LazyLock};

static PACK: LazyLock<Pack> = LazyLock::new(|| match Pack::load(&crate::common::files("tests/small")) {
    Ok(pack) => pack,
    Err(mistakes) => unreachable!("the small pack is broken: {mistakes:?}"),
});

/// Expressions that are well typed by how they are made.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Bool,
    Int,
    Decimal,
    Money,
    Date,
    People,
    Rows,
}

fn leaf(kind: Kind) -> BoxedStrategy<String> {
    match kind {
        Kind::Bool => prop_oneof![
            Just("true".to_owned()),
            Just("false".to_owned()),
            Just("applicant.student".to_owned()),
            Just("applicant.alive".to_owned()),
            Just("applicant.sex = \"f\"".to_owned()),
            Just("claim.child.student".to_owned()),
            Just("claim.child = applicant".to_owned()),
        ]
        .boxed(),
        Kind::Int => prop_oneof![
            any::<i64>()
                .prop_filter("no sign before the least", |n| *n != i64::MIN)
                .prop_map(|n| n.to_string()),
            (-20_i64..20).prop_map(|n| n.to_string()),
            Just("household.rooms".to_owned()),
            Just("applicant.age".to_owned()),
            Just("claim.child.age".to_owned()),
            Just("aid.age".to_owned()),
        ]
        .boxed(),
        Kind::Decimal => prop_oneof![
            (any::<i32>(), 0_u32..1_000_000).prop_map(|(a, b)| format!("{a}.{b:06}")),
            Just("applicant.share".to_owned()),
            Just("0.5".to_owned()),
        ]
        .boxed(),
        Kind::Money => prop_oneof![
            (0_i64..i64::MAX / 200, 0_u32..100).prop_map(|(a, b)| format!("EUR {a}.{b:02} per month")),
            Just("monthly(applicant.wealth)".to_owned()),
            Just("monthly(claim.bill)".to_owned()),
            Just("sum(applicant.income.net)".to_owned()),
        ]
        .boxed(),
        Kind::Date => prop_oneof![
            (1900_i16..2100, 1_i8..=12, 1_i8..=28)
                .prop_map(|(y, m, d)| format!("date(\"{y:04}-{m:02}-{d:02}\")")),
            Just("on".to_owned()),
            Just("lodged".to_owned()),
            Just("applicant.birth_date".to_owned()),
            Just("claim.child.birth_date".to_owned()),
        ]
        .boxed(),
        Kind::People => Just("household.members".to_owned()).boxed(),
        Kind::Rows => prop_oneof![
            Just("applicant.income".to_owned()),
            Just("household.members.income".to_owned())
        ]
        .boxed(),
    }
}

/// A generated expression of a kind; `depth` bounds it.
fn expression(kind: Kind, depth: u32) -> BoxedStrategy<String> {
    if depth == 0 {
        return leaf(kind);
    }
    let e = move |kind| expression(kind, depth - 1);
    let order = || {
        prop_oneof![
            Just("<"),
            Just("<="),
            Just(">"),
            Just(">="),
            Just("="),
            Just("!=")
        ]
    };
    let chosen =
        (e(Kind::Bool), e(kind), e(kind)).prop_map(|(c, a, b)| format!("(if {c} then {a} else {b})"));
    match kind {
        Kind::Bool => prop_oneof![
            leaf(kind),
            chosen,
            (e(Kind::Bool), e(Kind::Bool)).prop_map(|(a, b)| format!("(({a}) and ({b}))")),
            (e(Kind::Bool), e(Kind::Bool)).prop_map(|(a, b)| format!("(({a}) or ({b}))")),
            e(Kind::Bool).prop_map(|a| format!("not({a})")),
            (e(Kind::Int), order(), e(Kind::Decimal)).prop_map(|(a, o, b)| format!("({a} {o} {b})")),
            (e(Kind::Money), order(), e(Kind::Money)).prop_map(|(a, o, b)| format!("({a} {o} {b})")),
            (e(Kind::Date), order(), e(Kind::Date)).prop_map(|(a, o, b)| format!("({a} {o} {b})")),
            (e(Kind::Date), 1_u32..1300).prop_map(|(d, n)| format!("({d} in last {} months)", n.min(1200))),
            (e(Kind::Int), e(Kind::Int), e(Kind::Int)).prop_map(|(x, a, b)| format!("({x} in [{a}..{b}))")),
            (e(Kind::Int), e(Kind::Int)).prop_map(|(x, a)| format!("({x} in [{a}, 1, 2])")),
            (e(Kind::People), e(Kind::Bool))
                .prop_map(|(l, c)| format!("(some p in {l} satisfies p.student or {c})")),
            (e(Kind::People), e(Kind::Int))
                .prop_map(|(l, n)| format!("(every p in {l} satisfies p.age > {n})")),
        ]
        .boxed(),
        Kind::Int => prop_oneof![
            leaf(kind),
            chosen,
            (e(Kind::Int), e(Kind::Int)).prop_map(|(a, b)| format!("({a} + {b})")),
            (e(Kind::Int), e(Kind::Int)).prop_map(|(a, b)| format!("({a} - {b})")),
            (e(Kind::Int), e(Kind::Int)).prop_map(|(a, b)| format!("({a} * {b})")),
            e(Kind::Int).prop_map(|a| format!("-({a})")),
            e(Kind::Decimal).prop_map(|a| format!("round half up({a})")),
            e(Kind::Decimal).prop_map(|a| format!("floor({a}, -2)")),
            e(Kind::People).prop_map(|l| format!("count({l})")),
            e(Kind::Rows).prop_map(|l| format!("count({l})")),
            e(Kind::People).prop_map(|l| format!("max({l}.age)")),
            (e(Kind::Int), e(Kind::Int)).prop_map(|(a, b)| format!("min({a}, {b})")),
            (e(Kind::Date), e(Kind::Date)).prop_map(|(a, b)| format!("months between({a}, {b})")),
            (e(Kind::Date), e(Kind::Date)).prop_map(|(a, b)| format!("years between({a}, {b})")),
            (e(Kind::Date), e(Kind::Date)).prop_map(|(a, b)| format!("days between({a}, {b})")),
            (e(Kind::People), e(Kind::Int))
                .prop_map(|(l, n)| format!("sum(for p in {l} return p.age * {n})")),
        ]
        .boxed(),
        Kind::Decimal => prop_oneof![
            leaf(kind),
            chosen,
            (e(Kind::Int), e(Kind::Decimal)).prop_map(|(a, b)| format!("({a} / {b})")),
            (e(Kind::Decimal), e(Kind::Decimal)).prop_map(|(a, b)| format!("({a} * {b})")),
            (e(Kind::Decimal), e(Kind::Decimal)).prop_map(|(a, b)| format!("({a} - {b})")),
            e(Kind::Decimal).prop_map(|a| format!("round half even({a}, 3)")),
            (e(Kind::Money), e(Kind::Money)).prop_map(|(a, b)| format!("({a} / {b})")),
        ]
        .boxed(),
        Kind::Money => prop_oneof![
            leaf(kind),
            chosen,
            (e(Kind::Money), e(Kind::Money)).prop_map(|(a, b)| format!("({a} + {b})")),
            (e(Kind::Money), e(Kind::Int)).prop_map(|(a, b)| format!("({a} * {b})")),
            (e(Kind::Money), e(Kind::Decimal)).prop_map(|(a, b)| format!("round half up({a} * {b})")),
            (e(Kind::Money), e(Kind::Int)).prop_map(|(a, b)| format!("ceiling({a} / {b}, 0)")),
            (e(Kind::Rows), 1_u32..30).prop_map(|(l, n)| format!("average({l}.net, last {n} months)")),
            e(Kind::Int).prop_map(|n| format!("aid.base({n})")),
            (e(Kind::Int), e(Kind::Date)).prop_map(|(n, d)| format!("aid.base({n}) at ({d})")),
        ]
        .boxed(),
        Kind::Date => prop_oneof![
            leaf(kind),
            chosen,
            (e(Kind::Date), 0_u32..100_000).prop_map(|(d, n)| format!("({d} + {n} months)")),
            (e(Kind::Date), 0_u32..100_000).prop_map(|(d, n)| format!("({d} - {n} days)")),
            e(Kind::Date).prop_map(|d| format!("first of month({d})")),
        ]
        .boxed(),
        Kind::People => prop_oneof![
            leaf(kind),
            (e(Kind::People), e(Kind::Bool)).prop_map(|(l, c)| format!("{l}[student or ({c})]")),
            (e(Kind::People), e(Kind::Int)).prop_map(|(l, n)| format!("{l}[age >= {n}]")),
            (e(Kind::People), e(Kind::People)).prop_map(|(a, b)| format!("concatenate({a}, {b})[alive]")),
        ]
        .boxed(),
        Kind::Rows => prop_oneof![
            leaf(kind),
            e(Kind::People).prop_map(|l| format!("{l}.income")),
            (e(Kind::Rows), e(Kind::Money)).prop_map(|(l, m)| format!("{l}[net > {m} and kind = \"wage\"]")),
        ]
        .boxed(),
    }
}

fn person() -> impl Strategy<Value = String> {
    let day = (1900_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
    let row = (day.clone(), any::<bool>(), 0_i64..i64::MAX / 200).prop_map(|(d, w, n)| {
        format!(
            "{{ month = {d}, kind = \"{}\", net = \"{n}.07\" }}",
            if w { "wage" } else { "gift" }
        )
    });
    let rows = prop::collection::vec(row, 0..4).prop_map(|rows| format!("[{}]", rows.join(", ")));
    let opt = |name: &'static str, s: BoxedStrategy<String>| {
        prop::option::of(s).prop_map(move |v| v.map_or(String::new(), |v| format!("{name} = {v}, ")))
    };
    (
        opt("birth_date", day.boxed()),
        opt("student", any::<bool>().prop_map(|b| b.to_string()).boxed()),
        opt("wealth", any::<i32>().prop_map(|n| format!("\"{n}.10\"")).boxed()),
        opt("share", any::<i32>().prop_map(|n| format!("\"{n}.125\"")).boxed()),
        opt("income", rows.boxed()),
    )
        .prop_map(|(a, b, c, d, e)| format!("{{ {} }}", format!("{a}{b}{c}{d}{e}").trim_end_matches(", ")))
}

/// Facts as a file says them; any of them may be unknown.
fn facts() -> impl Strategy<Value = String> {
    (
        person(),
        prop::collection::vec(person(), 0..4),
        prop::option::of(any::<i32>()),
        any::<bool>(),
    )
        .prop_map(|(applicant, members, rooms, child)| {
            let mut text = format!(
                "on = 2025-05-10\napplicant = {applicant}\nmembers = [{}]\n",
                members.join(", ")
            );
            if let Some(rooms) = rooms {
                let _ = writeln!(text, "household = {{ rooms = {rooms} }}");
            }
            if child && !members.is_empty() {
                text.push_str("claim = { child = \"member 1\" }\n");
            }
            text
        })
}

fn input(text: &str) -> Input {
    match PACK.read_facts("facts", text, PACK.country.covers_from) {
        Ok(input) => input,
        Err(mistakes) => unreachable!("generated facts are wrong: {mistakes:?}\n{text}"),
    }
}

fn any_expression() -> impl Strategy<Value = String> {
    prop_oneof![
        expression(Kind::Bool, 3),
        expression(Kind::Int, 3),
        expression(Kind::Decimal, 3),
        expression(Kind::Money, 3),
        expression(Kind::Date, 3)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn evaluation_is_total_and_the_trace_says_the_value(text in any_expression(), facts in facts()) {
        let input = input(&facts);
        // It is well typed, it gives a value (perhaps unknown, perhaps a named fault), and the value of the
        // explanation's first step is that value.
        let explained = show::explain_text(&PACK, &text, &input, "en").map_err(|m| TestCaseError::fail(format!("{text}\n{m:?}")))?;
        prop_assert_eq!(&explained.steps[0].text.0["en"], &explained.value.value, "{}", text);
        // Each part, worked out by itself, has the value that the explanation gives it.
        for step in &explained.steps {
            let part = show::explain_text(&PACK, &step.expression, &input, "en")
                .map_err(|m| TestCaseError::fail(format!("{}\n{m:?}", step.expression)))?;
            prop_assert_eq!(&part.value.value, &step.text.0["en"], "{} in {}", step.expression, text);
        }
        let again = show::explain_text(&PACK, &text, &input, "en").map_err(|_| TestCaseError::fail("not twice"))?;
        prop_assert_eq!(again, explained);
    }

    #[test]
    fn what_is_printed_reads_the_same(text in any_expression()) {
        let read = parse(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        let printed = read.to_string();
        let again = parse(&printed).map_err(|e| TestCaseError::fail(format!("{text} → {printed}: {e}")))?;
        prop_assert_eq!(again, read, "{} → {}", text, printed);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_heap_of_words_is_read_or_refused_and_reads_the_same_when_printed(
        words in prop::collection::vec(prop::sample::select(vec![
            "if", "then", "else", "and", "or", "not(", "(", ")", "[", "]", ".", "..", ",", "in", "some", "x", "satisfies", "for",
            "return", "at", "last", "3", "months", "12.5", "-", "+", "*", "/", "<", "=", "\"t\"", "EUR", "per", "month", "date(",
            "\"2024-01-01\"", "true", "round half up(", "years between(", "applicant", "age", "count(", "**", "null",
        ]), 0..25),
    ) {
        let text = words.join(" ");
        if let Ok(read) = parse(&text) {
            let printed = read.to_string();
            prop_assert_eq!(parse(&printed).ok(), Some(read), "{} → {}", text, printed);
        }
    }

    #[test]
    fn assessment_is_total_and_says_the_same_again(facts in facts()) {
        let input = input(&facts);
        let first = karton_rules::assess::assess(&PACK, "AID", &input).ok_or_else(|| TestCaseError::fail("no benefit"))?;
        let stored = serde_json::to_string(&(&first, &input)).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let (back, kept): (karton_rules::Assessment, Input) =
            serde_json::from_str(&stored).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(karton_rules::assess::replay(&PACK, &back, &kept), Some(first.clone()));
        // The bare run agrees with the explained one.
        let world = PACK.prepare(&input);
        let bare = PACK.run("AID", &world, &mut karton_rules::lang::Scratch::default()).ok_or_else(|| TestCaseError::fail("no run"))?;
        prop_assert_eq!(bare.outcome, first.outcome);
        if bare.outcome == karton_rules::assess::Outcome::Grant {
            prop_assert_eq!(bare.amount_minor, first.amount.as_ref().map(|amount| amount.money.minor));
        }
        // What is unknown names what would settle it, or says what could not be worked out.
        if first.outcome == karton_rules::assess::Outcome::Unknown {
            prop_assert!(!first.missing.is_empty() || !first.faults.is_empty());
        }
    }
}

#[test]
fn deep_and_long_texts_are_refused_not_suffered() {
    for text in [
        "(".repeat(9_000),
        "[".repeat(9_000),
        "not(".repeat(2_000),
        "-".repeat(9_000),
        "1+".repeat(4_000) + "1",
        "a[".repeat(4_000),
    ] {
        assert!(parse(&text).is_err());
    }
    assert!(parse(&"x".repeat(20_000)).is_err());
    assert!(parse(&("1".to_owned() + &" + 1".repeat(90))).is_ok());
}

#[test]
fn walks_inside_walks_come_to_an_end() {
    let input = input(&format!(
        "on = 2025-05-10\napplicant = {{}}\nmembers = [{}]",
        "{}, ".repeat(40)
    ));
    let each = format!(
        "{}1{}",
        "sum(for x in household.members return ".repeat(20),
        ")".repeat(20)
    );
    let every = format!("{}true", "every x in household.members satisfies ".repeat(20));
    for text in [each, every] {
        let found = show::explain_text(&PACK, &text, &input, "en").map(|e| e.value.value);
        assert_eq!(found.as_deref(), Ok("? (a list is too long)"), "{text}");
    }
}

#[test]
fn the_deepest_text_that_is_read_is_also_worked_out() {
    let input = input("on = 2025-05-10\napplicant = {}");
    let sum = format!("1{}", " + 1".repeat(98));
    let choice = format!("{}1{}", "if true then ".repeat(24), " else 2".repeat(24));
    let each = format!(
        "{}1{}",
        "sum(for x in household.members return ".repeat(24),
        ")".repeat(24)
    );
    for (text, value) in [(sum, "99"), (choice, "1"), (each, "1")] {
        let found = show::explain_text(&PACK, &text, &input, "en").map(|e| e.value.value);
        assert_eq!(found.as_deref(), Ok(value), "{text}");
    }
}
