//! Amounts in parts: suspended one by one, or paid once beside what is paid each month.

use crate::{
    common::files,
    small::{BENEFIT, assessed, pack, wrong},
};

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
