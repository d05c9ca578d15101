//! What a benefit names, and what its conditions compute.

use super::{BENEFIT, row};
use crate::real_packs::Row;

pub(super) const ROWS: &[Row] = &[
    // What a benefit names.
    row(
        BENEFIT,
        "\nprocedure = …",
        "\nprocedure = ^\"nowhere\"",
        &["there is no procedure `nowhere`"],
    ),
    row(
        BENEFIT,
        "\nform = …",
        "\nform = ^\"nowhere\"",
        &["there is no form `nowhere`"],
    ),
    row(
        BENEFIT,
        "\nletter = …",
        "\nletter = ^\"nowhere\"",
        &["there is no letter `nowhere`"],
    ),
    row(
        BENEFIT,
        "\nunit = …",
        "\nunit = ^\"family\"",
        &["`family` is none of household, person"],
    ),
    row(
        BENEFIT,
        "\nkind = \"monthly\"",
        "\nkind = ^\"weekly\"",
        &["`weekly` is none of monthly, one-off, in-kind"],
    ),
    row(
        BENEFIT,
        "{ service = \"",
        "{ service = ^\"x-",
        &["there is no service `x-"],
    ),
    row(
        BENEFIT,
        "of = \"applicant\" }",
        "of = ^\"nobody\" }",
        &["there is no fact of the claim of type person `nobody`"],
    ),
    row(
        BENEFIT,
        "\nlaw = [\"",
        "\nlaw = [^\"NOLAW 1\", \"",
        &["there is no act in country.toml `NOLAW`"],
    ),
    row(
        BENEFIT,
        "\nincompatible = [",
        "\nincompatible = [^\"NOSUCH\", ",
        &["there is no benefit `NOSUCH`"],
    ),
    row(
        BENEFIT,
        "\ndecides = …",
        "\ndecides = ^\"king\"",
        &["there is no body `king`"],
    ),
    row(
        BENEFIT,
        "\nconfidence = …",
        "\nconfidence = ^\"sure\"",
        &["`sure` is none of law, published, derived, memory, default"],
    ),
    row(BENEFIT, "\nconfidence = …", "⇑", &["`confidence` is missing"]),
    row(BENEFIT, "\nlaw = \"…", "⇑", &["`law` is missing"]),
    row(
        BENEFIT,
        "\nsays = { {L} = \"",
        "\nsays = { {L} = \"^{nobody} ",
        &["the sentence in `{L}` names {nobody}, which is no let here"],
    ),
    row(
        BENEFIT,
        "\nname = { {L} = ",
        "\nname = ^{ zz = ",
        &[
            "the text in `{L}` is missing",
            "`zz` is not a language of this country",
        ],
    ),
    row(
        BENEFIT,
        "\nstarts = \"…",
        "\nstarts = \"^1\"",
        &["date was expected, this is int"],
    ),
    row(
        BENEFIT,
        "\ncode = \"",
        "\n^surprise = 1\ncode = \"",
        &["the key `surprise` is not known here"],
    ),
    row(
        BENEFIT,
        "\n[[condition]]\nid",
        "\n[[let]]\nname = \"round_a\"\nis = \"^round_b + 1\"\n\n[[let]]\nname = \"round_b\"\nis = \"round_c + 1\"\n\n[[let]]\nname = \"round_c\"\nis = \"round_d + 1\"\n\n[[let]]\nname = \"round_d\"\nis = \"round_a + 1\"\n\n[[condition]]\nid",
        &["in a circle: round_a → round_b → round_c → round_d → round_a"],
    ),
    // Expressions, each in a condition of its own.
    row(
        BENEFIT,
        "",
        condition!("c-type", "^1 + 1"),
        &["bool was expected, this is int"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-name", "^nobody_knows"),
        &["there is nothing here that is called `nobody_knows`"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-person", "applicant.^nothing_such"),
        &["there is no fact `nothing_such` of a person"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-household", "household.^nothing_such"),
        &["there is no fact `nothing_such` of a household"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-claim", "claim.^nothing_such"),
        &["there is no fact `nothing_such` of a claim"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-parameter", "^no.such > 1"),
        &["there is no parameter `no.such`"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-table", "^no.such(1) > 1"),
        &["there is no function or table `no.such`"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-unit", "^{C} 1.00 per month > {C} 1.00 per year"),
        &["an amount per month is not an amount per year"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-currency", "^XYZ 1.00 > XYZ 2.00"),
        &["the currency of this pack is {C}"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-minor", "^{C} 1.001 > {C} 2.00"),
        &["this amount is not a whole number of minor units"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-end", "1 <^"),
        &["a value was expected"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-open", "(1 < 2^"),
        &["`)` was expected"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-chain", "1 < 2 ^< 3"),
        &["comparisons do not chain"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-code", "applicant.sex = ^\\\"zz\\\""),
        &["`sexes` has no `zz`"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-gate", "qualifies(^\\\"NOSUCH\\\")"),
        &["the pack has no benefit `NOSUCH`"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-known", "^known(applicant.age)"),
        &["`known` may stand only in guards"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-number", "^99999999999999999999 > 1"),
        &["this number is too large"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-day", "date(^\\\"2026-02-30\\\") > on"),
        &["there is no such day"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-time", "^9999999 years > 1 year"),
        &["a duration this long has no meaning"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-feel", "^mean([1, 2]) > 1"),
        &["FEEL's `mean` is not part of the rule language"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-null", "applicant.age = ^null"),
        &["there is no null"],
    ),
    row(
        BENEFIT,
        "",
        condition!("c-sign", "applicant.age ^≥ 1"),
        &["write >="],
    ),
    row(
        BENEFIT,
        "",
        "\n[[condition]]\nid = \"c-says\"\nlaw = \"{A} 1\"\nconfidence = \"law\"\nsays = ^{ {L} = \"x\" }\nwhen = \"true\"\n",
        &["the text in `en` is missing"],
    ),
    row(
        BENEFIT,
        "",
        "\n[[condition]]\nid = \"c-lets\"\nlaw = \"{A} 1\"\nconfidence = \"law\"\nsays = { {L} = \"x\", en = \"x\" }\nwhen = \"true\"\n[[condition.let]]\nname = \"sex\"\nis = \"1\"\n[[condition.let]]\nname = \"women\"\nis = \"count(household.members[^sex = sex])\"\n",
        &["`sex` is a fact of the person here and a let: call the let otherwise"],
    ),
    row(
        BENEFIT,
        "",
        "\n[[condition]]\nid = \"c-loop\"\nlaw = \"{A} 1\"\nconfidence = \"law\"\nsays = { {L} = \"x\", en = \"x\" }\nwhen = \"true\"\n[[condition.let]]\nname = \"one\"\nis = \"1\"\n[[condition.let]]\nname = \"two\"\nis = \"some one in household.members satisfies ^one.age > 1\"\n",
        &["`one` is the name of this loop here and a let: call the let otherwise"],
    ),
    row(
        BENEFIT,
        "",
        concat!(
            condition!("c-twice", "true"),
            "\n^[[condition]]\nid = \"c-twice\"\nlaw = \"{A} 1\"\nconfidence = \"law\"\nsays = { {L} = \"x\", en = \"x\" }\nwhen = \"true\"\n"
        ),
        &["the condition `c-twice` is defined twice"],
    ),
];
