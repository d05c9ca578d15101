//! Rules of a small pack are broken; each mistake is found at its place inside the expression.

use crate::common::finds;

const AID: &str = "catalogue/aid/benefit.toml";

#[test]
fn an_unknown_fact() {
    finds(
        AID,
        "household.rooms <=",
        "household.roms <=",
        "household.^roms",
        "no fact `roms` of a household (did you mean `rooms`?)",
    );
    finds(
        AID,
        "household.members.income[",
        "household.members.incme[",
        "members.^incme",
        "no fact `incme` of a person",
    );
    finds(
        AID,
        "applicant.age",
        "claim.age",
        "claim.^age",
        "no fact `age` of a claim",
    );
}

#[test]
fn an_unknown_parameter_or_name() {
    finds(
        AID,
        "aid.base(size)",
        "aid.bas(size)",
        "is = \"^aid.bas(size)",
        "no function or table `aid.bas` (did you mean `aid.base`?)",
    );
    finds(
        AID,
        "age >= aid.age",
        "age >= aid.aeg",
        "age >= ^aid.aeg",
        "no parameter `aid.aeg` (did you mean `aid.age`?)",
    );
    finds(
        AID,
        "income < limit",
        "incom < limit",
        "\"^incom <",
        "called `incom` (did you mean `income`?)",
    );
    finds(
        AID,
        "= \"income < limit",
        "= \"student < limit",
        "= \"^student",
        "a fact of a person needs the person: applicant.student",
    );
}

#[test]
fn a_place_inside_a_string_with_escapes_and_one_over_several_lines() {
    finds(
        AID,
        "kind != \\\"gift\\\"",
        "kind != \\\"gft\\\"",
        "kind != ^\\\"gft",
        "`income_kinds` has no `gft` (did you mean `gift`?)",
    );
    finds(
        AID,
        "household.rooms <= most",
        "household.rooms\n       <= moost",
        "<= ^moost",
        "did you mean `most`?",
    );
}

#[test]
fn a_wrong_type() {
    finds(
        AID,
        "income < limit",
        "size",
        "when = \"^size\"",
        "bool was expected, this is int",
    );
    finds(
        AID,
        "age >= aid.age",
        "age >= \\\"x\\\"",
        "\"^age >= \\\"x",
        "int was expected, this is text",
    );
    finds(
        AID,
        "size + 1",
        "size + on",
        "is = \"^size + on",
        "`+` cannot add int and date",
    );
}

#[test]
fn a_wrong_unit() {
    finds(
        AID,
        "income < limit",
        "income < EUR 1.00 per year",
        "\"^income < EUR",
        "an amount per month is not an amount per year",
    );
    finds(
        AID,
        "(limit - income) * 0.5",
        "claim.bill",
        "\"^claim.bill",
        "money per month was expected, this is money",
    );
    finds(
        AID,
        "income < limit",
        "income < 100",
        "\"^income < 100",
        "write an amount, such as EUR 10.00 per month",
    );
}

#[test]
fn a_share_of_money_without_a_rounding() {
    finds(
        AID,
        "rounding = \"half-up\"\n",
        "",
        "formula = \"^(limit",
        "put it inside `round half up(…)`",
    );
}

#[test]
fn names_in_a_circle() {
    finds(
        AID,
        "\"count(household.members)\"",
        "\"if limit > EUR 0.00 per month then 1 else 2\"",
        "is = \"^if limit",
        "in a circle: size → limit → size",
    );
}

#[test]
fn known_outside_a_guard() {
    finds(
        AID,
        "income < limit",
        "known(income)",
        "\"^known(income)",
        "`known` may stand only in guards",
    );
}

#[test]
fn a_sentence_with_a_name_that_is_none() {
    finds(
        AID,
        "{age} years old",
        "{ages} years old",
        "is ^{ages}",
        "names {ages}, which is no let here (did you mean `age`?)",
    );
}

#[test]
fn what_feel_has_and_we_do_not() {
    finds(
        AID,
        "income < limit",
        "income = null",
        "income = ^null",
        "there is no null",
    );
    finds(
        AID,
        "size + 1",
        "abs(size)",
        "\"^abs(",
        "FEEL's `abs` is not part of the rule language",
    );
    finds(AID, "size + 1", "size ** 2", "size ^** 2", "power");
    finds(
        AID,
        "income < limit",
        "income instance of money",
        "income ^instance",
        "FEEL's `instance of`",
    );
}

#[test]
fn a_sentence_of_the_language_that_does_not_parse() {
    finds(
        AID,
        "income < limit",
        "income <",
        "when = \"income <^\"",
        "a value was expected",
    );
    finds(
        AID,
        "age >= aid.age",
        "1 < age < 3",
        "1 < age ^< 3",
        "comparisons do not chain",
    );
    finds(
        AID,
        "aid.base(size)",
        "aid.base(size",
        "aid.base(size^\"",
        "`,` or `)` was expected",
    );
}

#[test]
fn an_amount_at_the_officers_discretion_without_its_limit() {
    let formula = "rounding = \"half-up\"";
    finds(
        AID,
        formula,
        "rounding = \"half-up\"\ndiscretion = true",
        "^[amount]",
        "needs its limit: `upto`",
    );
    finds(
        AID,
        formula,
        "rounding = \"half-up\"\nupto = \"limit\"",
        "^[amount]",
        "limit an amount with `discretion = true`",
    );
    finds(
        AID,
        formula,
        "rounding = \"half-up\"\ndiscretion = true\nupto = \"count(household.members)\"",
        "upto = \"^count",
        "money per month was expected",
    );
    finds(
        AID,
        "id = \"income\"",
        "id = \"amount\"",
        "^[[condition]]\nid = \"amount\"",
        "call the condition otherwise",
    );
}
