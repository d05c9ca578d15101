//! The classes of mistakes that real packs are broken by; `real_packs.rs` says how a row is read.

use crate::real_packs::{NEW, Row};

const fn row(
    file: (&'static str, &'static str),
    from: &'static str,
    to: &'static str,
    said: &'static [&'static str],
) -> Row {
    Row { file, from, to, said }
}

const BENEFIT: (&str, &str) = ("catalogue/", "benefit.toml");
const CASES: (&str, &str) = ("catalogue/", "cases.toml");
const FORM: (&str, &str) = ("catalogue/", "form.toml");
const FACTS: (&str, &str) = ("facts.toml", "");
const COUNTRY: (&str, &str) = ("country.toml", "");
const PARAMETERS: (&str, &str) = ("parameters/", ".toml");
const REGISTERS: (&str, &str) = ("registers/", ".toml");
const SIGNALS: (&str, &str) = ("signals/", ".toml");
const OWN: (&str, &str) = ("own-registers/", ".toml");

/// What a new condition begins with.
macro_rules! condition {
    ($id:literal, $when:literal) => {
        concat!(
            "\n[[condition]]\nid = \"",
            $id,
            "\"\nlaw = \"{A} 1\"\nconfidence = \"law\"\nsays = { {L} = \"x\", en = \"x\" }\nwhen = \"",
            $when,
            "\"\n"
        )
    };
}

/// A worked example with an applicant and more.
macro_rules! case {
    ($name:literal, $rest:literal) => {
        concat!("\n[[case]]\nname = \"", $name, "\"\n", $rest, "\n")
    };
}

/// A fact of a person with its type and more.
macro_rules! fact {
    ($rest:literal) => {
        concat!(
            "\n[[fact]]\nquestion = { {L} = \"x\", en = \"x\" }\nholder = \"person\"\n",
            $rest,
            "\n"
        )
    };
}

/// A parameter with its values.
macro_rules! parameter {
    ($name:literal, $rest:literal) => {
        concat!(
            "\n^[[parameter]]\nname = \"",
            $name,
            "\"\nunit = \"int\"\n",
            $rest,
            "\n"
        )
    };
}

/// A dated value on known ground.
macro_rules! dated {
    ($mark:literal, $from:literal, $rest:literal) => {
        concat!(
            $mark,
            "[[parameter.at]]\nfrom = ",
            $from,
            "\nsource = \"D\"\nconfidence = \"default\"\n",
            $rest,
            "\n"
        )
    };
}

/// A page of the applicant.
macro_rules! page {
    ($id:literal, $rest:literal) => {
        concat!(
            "\n[[page]]\nid = \"",
            $id,
            "\"\ntitle = { {L} = \"x\", en = \"x\" }\nof = \"applicant\"\n",
            $rest,
            "\n"
        )
    };
}

/// A signal with everything but what is wrong.
macro_rules! signal {
    ($id:literal, $rest:literal) => {
        concat!(
            "\n[[signal]]\nid = \"",
            $id,
            "\"\nname = { {L} = \"x\", en = \"x\" }\nsays = { {L} = \"x\", en = \"x\" }\nof = \"members\"\nact = \"look\"\nwho = \"caseworker\"\n",
            $rest,
            "\n"
        )
    };
}

/// A procedure of one step.
macro_rules! procedure {
    ($id:literal, $rest:literal) => {
        concat!(
            "id = \"",
            $id,
            "\"\nversion = 1\nname = { {L} = \"x\", en = \"x\" }\n",
            $rest,
            "\n"
        )
    };
}

pub(crate) const ROWS: &[Row] = &[
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
    // Worked examples.
    row(
        CASES,
        "",
        case!(
            "k1",
            "on = 2025-01-01\napplicant = { shoe_size = ^44 }\nexpect = { outcome = \"grant\" }"
        ),
        &["there is no fact `shoe_size` here"],
    ),
    row(
        CASES,
        "",
        case!(
            "k2",
            "on = 2025-01-01\napplicant = { alive = ^\"yes\" }\nexpect = { outcome = \"grant\" }"
        ),
        &["true or false was expected, this is a string"],
    ),
    row(
        CASES,
        "",
        case!(
            "k3",
            "on = 2025-01-01\napplicant = { sex = ^\"zz\" }\nexpect = { outcome = \"grant\" }"
        ),
        &["the code list `sexes` has no `zz`"],
    ),
    row(
        CASES,
        "",
        case!(
            "k4",
            "on = 2025-01-01\napplicant = { birth_date = ^\"1990-01-01\" }\nexpect = { outcome = \"grant\" }"
        ),
        &["a day, written 2024-07-01 without quotes"],
    ),
    row(
        CASES,
        "",
        case!(
            "k5",
            "on = 2025-01-01\nawards = [{ of = ^\"member 9\", benefit = \"\", from = 2025-01-01, amount = \"1.00\" }]\nexpect = { outcome = \"grant\" }"
        ),
        &["`member 9` is nobody here"],
    ),
    row(
        CASES,
        "",
        case!(
            "k6",
            "on = 2025-01-01\nawards = [{ of = \"applicant\", benefit = ^\"NOSUCH\", from = 2025-01-01, amount = \"1.00\" }]\nexpect = { outcome = \"grant\" }"
        ),
        &["there is no benefit `NOSUCH`"],
    ),
    row(
        CASES,
        "",
        case!(
            "k7",
            "on = 2025-01-01\nexpect = { outcome = \"grant\", amount = ^10.5 }"
        ),
        &["an exact number is written as text"],
    ),
    row(
        CASES,
        "",
        case!("k8", "on = 2025-01-01\nexpect = { outcome = ^\"perhaps\" }"),
        &["`perhaps` is none of grant, refuse, unknown, confirm"],
    ),
    row(
        CASES,
        "",
        "\n^[[case]]\nname = \"k9\"\nexpect = { outcome = \"grant\" }\n",
        &["`on` is missing"],
    ),
    row(
        CASES,
        "",
        "\n^[[case]]\nname = \"k7\"\non = 2025-01-01\nexpect = { outcome = \"grant\" }\n",
        &["the case `k7` is there twice"],
    ),
    row(
        CASES,
        "",
        case!(
            "k10",
            "on = 2025-01-01\n^exspect = {}\nexpect = { outcome = \"grant\" }"
        ),
        &["the key `exspect` is not known here (did you mean `expect`?)"],
    ),
    row(
        CASES,
        "",
        case!(
            "k11",
            "on = 2025-01-01\nsuspended = [^\"part of member 9\"]\nexpect = { outcome = \"grant\" }"
        ),
        &["`member 9` is nobody here"],
    ),
    // Forms.
    row(
        FORM,
        "",
        page!("p1", "[[page.field]]\nfact = ^\"no_such\""),
        &["there is no fact of a person `no_such`"],
    ),
    row(
        FORM,
        "",
        "\n[[page]]\nid = \"p2\"\ntitle = { {L} = \"x\", en = \"x\" }\nof = ^\"everybody\"\n",
        &["`everybody` is none of applicant, members, household, claim"],
    ),
    row(
        FORM,
        "",
        page!(
            "p3",
            "^[[page.check]]\nfield = \"sex\"\nwhen = \"true\"\nsays = { {L} = \"x\", en = \"x\" }"
        ),
        &["the field `sex` is not on this page"],
    ),
    row(
        FORM,
        "",
        page!(
            "p4",
            "^[[page.field]]\nfact = \"sex\"\nlabel = { {L} = \"ž\", en = \"A label that goes on and on until nobody can read it all\" }"
        ),
        &["the label of `sex` has 56 letters in `en`, a screen of 80x24 shows 48"],
    ),
    row(
        FORM,
        "",
        page!(
            "p5",
            "[[page.field]]\nfact = \"sex\"\n^[[page.field]]\nfact = \"sex\""
        ),
        &["the fact `sex` is on this page twice"],
    ),
    row(
        FORM,
        "",
        page!("p6", "[[page.field]]\nfact = \"sex\"\nwhen = \"^1\""),
        &["bool was expected, this is int"],
    ),
    row(
        FORM,
        "",
        page!("p7", "[[page.field]]\nfact = \"sex\"\nrequired = ^\"yes\""),
        &["true or false was expected"],
    ),
    row(
        FORM,
        "",
        "\n^[[page]]\nid = \"p7\"\ntitle = { {L} = \"x\", en = \"x\" }\nof = \"applicant\"\n",
        &["the page `p7` is there twice"],
    ),
    // Facts.
    row(
        FACTS,
        "",
        fact!("name = \"f_type\"\ntype = ^\"number\""),
        &["`number` is not a type"],
    ),
    row(
        FACTS,
        "",
        fact!("name = \"f_code\"\ntype = ^\"code\""),
        &["a code needs its list"],
    ),
    row(
        FACTS,
        "",
        fact!("name = \"f_list\"\ntype = \"code\"\nlist = ^\"no_such\""),
        &["there is no code list `no_such`"],
    ),
    row(
        FACTS,
        "",
        fact!("name = \"f_rows\"\ntype = ^\"rows\""),
        &["rows need their columns"],
    ),
    row(
        FACTS,
        "",
        fact!("name = \"f_row\"\ntype = \"rows\"\nrow = { x = ^\"number\" }"),
        &["`number` is not a type"],
    ),
    row(
        FACTS,
        "",
        fact!(
            "name = \"f_col\"\ntype = \"rows\"\nrow = { x = \"int\" }\ncolumns = ^{ y = { {L} = \"x\", en = \"x\" } }"
        ),
        &["the rows have no column `y`"],
    ),
    row(
        FACTS,
        "",
        "\n^[[fact]]\nname = \"f_per\"\ntype = \"int\"\nper = \"month\"\nholder = \"person\"\nquestion = { {L} = \"x\", en = \"x\" }\n",
        &["`per` is for money only"],
    ),
    row(
        FACTS,
        "",
        "\n^[[fact]]\nname = \"age\"\ntype = \"int\"\nholder = \"person\"\nquestion = { {L} = \"x\", en = \"x\" }\n",
        &["`age` is given without a fact"],
    ),
    row(
        FACTS,
        "",
        "\n^[[fact]]\nname = \"f_list\"\ntype = \"int\"\nholder = \"person\"\nquestion = { {L} = \"x\", en = \"x\" }\n",
        &["the fact `f_list` is defined twice"],
    ),
    row(
        FACTS,
        "",
        "\n^[[fact]]\nname = \"f_check\"\ntype = \"text\"\ncheck = \"luhn\"\nholder = \"person\"\nquestion = { {L} = \"x\", en = \"x\" }\n",
        &["a fact's `check` is one of account, iban"],
    ),
    row(
        FACTS,
        "",
        "\n^[[fact]]\nname = \"F\"\ntype = \"int\"\nholder = \"person\"\nquestion = { {L} = \"x\", en = \"x\" }\n",
        &["the name `F` is not lower case"],
    ),
    row(
        FACTS,
        "",
        "\n^[[fact]]\nname = \"f_question\"\ntype = \"int\"\nholder = \"person\"\n",
        &["`question` is missing"],
    ),
    // Dated values.
    row(
        PARAMETERS,
        "",
        parameter!("checks.none", ""),
        &["`checks.none` has no value"],
    ),
    row(
        PARAMETERS,
        "",
        parameter!(
            "checks.gap",
            "[[parameter.at]]\nfrom = 2090-01-01\nsource = \"D\"\nconfidence = \"default\"\nvalue = 1"
        ),
        &["`checks.gap` has a gap"],
    ),
    row(
        PARAMETERS,
        "",
        parameter!(
            "Checks",
            "[[parameter.at]]\nfrom = 2000-01-01\nsource = \"D\"\nconfidence = \"default\"\nvalue = 1"
        ),
        &["the name `Checks` is not lower case with dots"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n[[parameter]]\nname = \"checks.overlap\"\nunit = \"int\"\n",
            dated!("", "2000-01-01", "value = 1"),
            dated!("^", "2000-01-01", "value = 2")
        ),
        &["`checks.overlap` has two values from 2000-01-01: they overlap"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n[[parameter]]\nname = \"checks.order\"\nunit = \"int\"\n",
            dated!("", "2000-01-01", "value = 1"),
            dated!("^", "1999-01-01", "value = 2")
        ),
        &["the values of `checks.order` are not in the order of their days"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n[[parameter]]\nname = \"checks.until\"\nunit = \"int\"\n",
            dated!("^", "2000-01-01", "until = 1999-01-01\nvalue = 1")
        ),
        &["a value of `checks.until` ends before it begins"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n[[parameter]]\nname = \"checks.type\"\nunit = \"int\"\n",
            dated!("", "2000-01-01", "value = ^\"1\"")
        ),
        &["a whole number was expected, this is a string"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n[[parameter]]\nname = \"checks.money\"\nunit = \"money\"\n",
            dated!("", "2000-01-01", "value = ^1.5")
        ),
        &["an exact number is written as text"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n[[parameter]]\nname = \"checks.minor\"\nunit = \"money\"\n",
            dated!("", "2000-01-01", "value = ^\"1.555\"")
        ),
        &["`1.555` is not an amount with at most 2 decimals"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n[[parameter]]\nname = \"checks.keys\"\nunit = \"int\"\nkey = \"int\"\n",
            dated!("", "2000-01-01", "rows = [[2, 1], [^1, 1]]")
        ),
        &["the keys of a table ascend, each once"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n^[[parameter]]\nname = \"checks.codes\"\nunit = \"int\"\nkey = \"code sexes\"\n",
            dated!("", "2000-01-01", "rows = [[\"zz\", 1]]")
        ),
        &["the key `zz` from 2000-01-01 is not in `sexes`"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n[[parameter]]\nname = \"checks.unit\"\nunit = ^\"euros\"\n",
            dated!("", "2000-01-01", "value = \"x\"")
        ),
        &["`euros` is not a type"],
    ),
    row(
        PARAMETERS,
        "",
        "\n[[parameter]]\nname = \"checks.source\"\nunit = \"int\"\n^[[parameter.at]]\nfrom = 2000-01-01\nconfidence = \"law\"\nvalue = 1\n",
        &["`source` is missing"],
    ),
    row(
        PARAMETERS,
        "",
        "\n[[parameter]]\nname = \"checks.legend\"\nunit = \"int\"\n[[parameter.at]]\nfrom = 2000-01-01\nsource = ^\"S999\"\nconfidence = \"law\"\nvalue = 1\n",
        &["there is no source in SOURCES.md `S999`"],
    ),
    row(
        PARAMETERS,
        "",
        "\n[[parameter]]\nname = \"checks.confidence\"\nunit = \"int\"\n^[[parameter.at]]\nfrom = 2000-01-01\nsource = \"D\"\nvalue = 1\n",
        &["`confidence` is missing"],
    ),
    row(
        PARAMETERS,
        "",
        concat!(
            "\n[[parameter]]\nname = \"checks.follows\"\nunit = \"int\"\n",
            dated!("", "2000-01-01", "value = 1"),
            dated!("", "2001-01-01", "follows = \"^before * 3\"\nvalue = 2")
        ),
        &["what follows is 3, what is published from 2001-01-01 is 2: say why with `differs`"],
    ),
    row(
        PARAMETERS,
        "",
        "\n[[parameter]]\nname = \"checks.is\"\nunit = \"int\"\nsource = \"D\"\nconfidence = \"default\"\nis = \"^checks.other + 1\"\n",
        &["rests on itself, by way of other parameters"],
    ),
    row(
        PARAMETERS,
        "",
        "\n[[parameter]]\nname = \"checks.other\"\nunit = \"int\"\nsource = \"D\"\nconfidence = \"default\"\nis = \"^checks.is + 1\"\n",
        &["rests on itself, by way of other parameters"],
    ),
    row(
        PARAMETERS,
        "",
        "\n[[parameter]]\nname = \"checks.knows\"\nunit = \"int\"\nsource = \"D\"\nconfidence = \"default\"\nis = \"^applicant.age\"\n",
        &["a parameter rests on other parameters only, not on `applicant`"],
    ),
    // Other institutions' services.
    row(
        REGISTERS,
        "\ninstitution = …",
        "\ninstitution = ^\"nobody\"",
        &["there is no institution in codes/institutions.csv `nobody`"],
    ),
    row(
        REGISTERS,
        "\nabsence = …",
        "\nabsence = ^\"maybe\"",
        &["`maybe` is none of none, unknown"],
    ),
    row(
        REGISTERS,
        "\n[[service.gives]]\nfact = \"",
        "\n[[service.gives]]\nfact = ^\"no_",
        &["there is no fact of a person `no_"],
    ),
    row(REGISTERS, "\nfrom = …", "⇑", &["`from` is missing"]),
    // Registers of our own.
    row(
        OWN,
        "\nkeeper = …",
        "\nkeeper = ^\"king\"",
        &["there is no body `king`"],
    ),
    row(
        OWN,
        "\nsource = …",
        "\nsource = ^\"S999\"",
        &["there is no source in SOURCES.md `S999`"],
    ),
    row(
        OWN,
        "\nseries = …",
        "\nseries = \"RR\"\n^surprise = 1",
        &["the key `surprise` is not known here"],
    ),
    row(
        ("own-registers/", "zz.toml"),
        NEW,
        "^id = \"zz\"\nname = { {L} = \"x\", en = \"x\" }\nkeeper = \"{B}\"\nwrites = [\"everybody\"]\nsource = \"D\"\nconfidence = \"default\"\n[[field]]\nname = \"x\"\ntype = \"text\"\nlabel = { {L} = \"x\", en = \"x\" }\nsections = []\n",
        &[
            "a register needs at least one [[section]]",
            "`everybody` is none of clerk",
        ],
    ),
    // Cross-checks.
    row(
        SIGNALS,
        "",
        signal!(
            "checks-1",
            "on = [\"lodging\"]\nexpires = \"30 days\"\nwhen = \"member.^nationality = 1\""
        ),
        &[
            "a signal never looks at `nationality`",
            "there is no fact `nationality` of a person",
        ],
    ),
    row(
        SIGNALS,
        "",
        signal!(
            "checks-2",
            "on = [^\"noon\", \"lodging\"]\nexpires = \"30 days\"\nwhen = \"member.age > 1\""
        ),
        &["`noon` is none of lodging"],
    ),
    row(
        SIGNALS,
        "",
        signal!(
            "checks-3",
            "on = [\"lodging\"]\nexpires = ^\"for ever\"\nwhen = \"member.age > 1\""
        ),
        &["a signal lapses"],
    ),
    row(
        SIGNALS,
        "",
        signal!(
            "checks-4",
            "on = [\"lodging\"]\nexpires = \"30 days\"\nasks = [^\"no.such\"]\nwhen = \"member.age > 1\""
        ),
        &["there is no service `no.such`"],
    ),
    row(
        SIGNALS,
        "",
        signal!(
            "checks-5",
            "on = [\"lodging\"]\nexpires = \"30 days\"\nbenefits = [^\"NOSUCH\"]\nwhen = \"member.age > 1\""
        ),
        &["there is no benefit `NOSUCH`"],
    ),
    row(
        SIGNALS,
        "",
        "\n^[[signal]]\nid = \"checks-5\"\nname = { {L} = \"x\", en = \"x\" }\nsays = { {L} = \"x\", en = \"x\" }\nof = \"members\"\nact = \"look\"\nwho = \"king\"\non = [\"daily\"]\nexpires = \"30 days\"\n",
        &[
            "the signal `checks-5` is defined twice",
            "a signal has either `when`",
            "`king` is none of clerk",
        ],
    ),
    // Procedures.
    row(
        ("procedures/", "zz-a.toml"),
        NEW,
        procedure!(
            "zz-a",
            "[[step]]\nid = \"a\"\nkind = ^\"think\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []"
        ),
        &["`think` is none of form, evidence"],
    ),
    row(
        ("procedures/", "zz-b.toml"),
        NEW,
        procedure!(
            "zz-b",
            "[[step]]\nid = \"a\"\nkind = \"form\"\nform = ^\"nowhere\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []"
        ),
        &["there is no form `nowhere`"],
    ),
    row(
        ("procedures/", "zz-c.toml"),
        NEW,
        procedure!(
            "zz-c",
            "^[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = [\"b\"]"
        ),
        &[
            "after `a` comes `b`, which is no step",
            "from the step `a` the matter never comes to an end",
        ],
    ),
    row(
        ("procedures/", "zz-d.toml"),
        NEW,
        procedure!(
            "zz-d",
            "[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []\n^[[step]]\nid = \"b\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = []"
        ),
        &["no way leads to the step `b`"],
    ),
    row(
        ("procedures/", "zz-e.toml"),
        NEW,
        procedure!(
            "zz-e",
            "^[[step]]\nid = \"a\"\nkind = \"assess\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = [\"b\"]\n[[step]]\nid = \"b\"\nkind = \"letter\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nnext = [\"a\"]"
        ),
        &[
            "from the step `a` the matter never comes to an end",
            "the step `a` leads to itself for ever",
        ],
    ),
    row(
        ("procedures/", "zz-f.toml"),
        NEW,
        procedure!("zz-f", "like = ^\"nowhere\""),
        &["there is no procedure `nowhere`"],
    ),
    row(
        ("procedures/", "zz-g.toml"),
        NEW,
        procedure!(
            "zz-g",
            "[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\nguard = \"^applicant.age\"\nnext = []"
        ),
        &["bool was expected, this is int"],
    ),
    row(
        ("procedures/", "zz-h.toml"),
        NEW,
        procedure!(
            "zz-h",
            "^[case]\ncode = \"X\"\nseries = \"R\"\nroles = []\n[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\ndue = { days = 1 }\nnext = []"
        ),
        &["a series has a class of capital letters that no other papers have"],
    ),
    row(
        ("procedures/", "zz-source.toml"),
        NEW,
        procedure!(
            "zz-source",
            "^[[step]]\nid = \"a\"\nkind = \"form\"\nsource = \"visit\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\ndue = { days = 1 }\nnext = []"
        ),
        &["a source belongs to a step with a form that no legal act completes"],
    ),
    row(
        ("procedures/", "zz-i.toml"),
        NEW,
        procedure!(
            "after-death",
            "[[step]]\nid = \"a\"\nkind = \"form\"\nname = { {L} = \"x\", en = \"x\" }\nrole = \"clerk\"\ndue = { days = 1 }\nnext = []"
        ),
        &["the procedure `after-death` is defined twice"],
    ),
    // Code lists.
    row(
        ("codes/sexes.csv", ""),
        "",
        "^f,x,x,,\n",
        &["the code `f` is in the list twice"],
    ),
    row(
        ("codes/channels.csv", ""),
        "",
        "^zz,,x,,\n",
        &["the text in `{L}` is missing"],
    ),
    row(
        ("codes/tenures.csv", ""),
        "",
        "^zz,x,x,2025-01-01,2024-01-01\n",
        &["`zz` ends before it begins"],
    ),
    row(
        ("codes/tenures.csv", ""),
        "",
        "^zy,x,x,2025-13-01,\n",
        &["`2025-13-01` in the column `from` is not a day"],
    ),
    row(
        ("codes/vehicle_kinds.csv", ""),
        "",
        "^zz,x\n",
        &["the line has 2 columns, the heading 5"],
    ),
    row(
        ("codes/holidays.csv", ""),
        "",
        "^2025-01-01,x,x\n",
        &["the holiday 2025-01-01 is there twice"],
    ),
    row(
        ("codes/holidays.csv", ""),
        "",
        "^2025-02-29,x,x\n",
        &["is not a day such as 2024-07-01"],
    ),
    row(
        ("codes/offices.csv", ""),
        "",
        "^ZZ-1,NOBODY,unit,,x,x,,\n",
        &["the office above it, `NOBODY`, does not stand in a line before"],
    ),
    row(
        ("codes/offices.csv", ""),
        "",
        "^ZZ-2,,palace,,x,x,,\n",
        &[
            "`palace` is none of ministry, centre, unit",
            "`ZZ-2` has no office above it",
        ],
    ),
    row(
        ("codes/offices.csv", ""),
        "",
        "^ZZ-3,ZZ-1,unit,NOWHERE,x,x,,\n",
        &["there is no municipality in codes/municipalities.csv `NOWHERE`"],
    ),
    // Words.
    row(
        ("words/en.ftl", ""),
        "",
        "\n^checks-only-here = x\n",
        &["the words of `checks-only-here` in `{L}` are missing"],
    ),
    row(
        ("words/en.ftl", ""),
        "",
        "^this is no message\n",
        &["this is no message of Fluent"],
    ),
    row(
        ("words/{L}", ".ftl"),
        "",
        "\n^checks-only-there =\n",
        &[
            "`checks-only-there` has no text",
            "the words of `checks-only-there` in `en` are missing",
        ],
    ),
    // The country.
    row(
        COUNTRY,
        "",
        "\n[[id_scheme]]\ncode = \"zz\"\nname = { {L} = \"x\", en = \"x\" }\ncheck = ^\"luhn\"\n",
        &["`luhn` is none of"],
    ),
    row(
        COUNTRY,
        "",
        "\n^[[id_scheme]]\ncode = \"zz\"\nname = { {L} = \"x\", en = \"x\" }\ncheck = \"none\"\n",
        &["the number `zz` is there twice"],
    ),
    row(
        COUNTRY,
        "",
        "\n^[[body]]\nname = { {L} = \"x\", en = \"x\" }\n",
        &["`code` is missing"],
    ),
    row(
        COUNTRY,
        "",
        "\n[[act]]\ncode = \"ZZ\"\nname = ^{ {L} = \"x\" }\n",
        &["the text in `en` is missing"],
    ),
    row(
        COUNTRY,
        "\nclassifiers = [",
        "\nclassifiers = [^\"no_such\", ",
        &["there is no code list `no_such`"],
    ),
    row(
        COUNTRY,
        "\ncatalogue = [",
        "\ncatalogue = [\"QQ\", ^\"QQ\", ",
        &["`QQ` stands here twice"],
    ),
    row(
        COUNTRY,
        "\ndemo_today = …",
        "\ndemo_today = ^2090-01-01",
        &["the demo's day lies outside the covered period"],
    ),
    row(
        COUNTRY,
        "\ncurrency = ",
        "\n^surprise = 1\ncurrency = ",
        &["the key `surprise` is not known here"],
    ),
    // Tables of old registers.
    row(
        ("imports.toml", ""),
        "\n[awards]",
        "\nshoe_size = ^{ {L} = [\"x\"], en = [\"x\"] }\n\n[awards]",
        &["`shoe_size` is none of number, given"],
    ),
    row(
        ("imports.toml", ""),
        "\ngiven = …",
        "\ngiven = { {L} = [\"same\"], en = [\"given name\"] }",
        &[],
    ),
    row(
        ("imports.toml", ""),
        "\nfamily = …",
        "\nfamily = { {L} = [^\"Same\"], en = [\"surname\"] }",
        &["`Same` means `given` already"],
    ),
    row(
        ("imports.toml", ""),
        "\nbirth_date = …",
        "\nbirth_date = ^{ {L} = [\"born\"] }",
        &["the headings in `en` are missing"],
    ),
    row(
        ("imports.toml", ""),
        "\naddress = …",
        "\naddress = { {L} = [^\"\"], en = [\"address\"] }",
        &["a heading is empty"],
    ),
    // Letters.
    row(
        ("letters/decision.en.md", ""),
        "{{ number }}",
        "{{ ^nubmer }}",
        &["this letter knows nothing that is called `nubmer` (did you mean `number`?)"],
    ),
    row(
        ("letters/completion.en.md", ""),
        "",
        "\n{{ ^office.nmae }}\n",
        &["there is no `nmae` here (did you mean `name`?)"],
    ),
    row(
        ("letters/dismissal.en.md", ""),
        "",
        "\n{% for x in ^number %}{{ x }}{% endfor %}\n",
        &["this is no list: nothing goes through it"],
    ),
    row(
        ("letters/receipt.en.md", ""),
        "",
        "\n{{ ^applicant }}\n",
        &["this is more than one value"],
    ),
    row(
        ("letters/receipt.en.md", ""),
        "",
        "\n{{ number | ^safe }}\n",
        &["`safe` is nothing that a value is put through"],
    ),
    row(
        ("letters/visit.en.md", ""),
        "",
        "\n{{ ^range(10) }}\n",
        &["a letter calls nothing"],
    ),
    row(
        ("letters/amendment.en.md", ""),
        "",
        "\n{% for x in undue %}{{ ^x.mnth }}{% endfor %}\n",
        &["there is no `mnth` here (did you mean `month`?)"],
    ),
    row(
        ("letters/slip.en.md", ""),
        "",
        "\n{{ ^date.year }}\n",
        &["this has no `year`: it is a value or a list"],
    ),
    row(
        ("letters/dismissal.{L}", ".md"),
        "",
        "\n{% if number %}x{% ^endfi %}\n",
        &["this is no template"],
    ),
    // What nothing reads.
    row(
        ("parametres/", "zz.toml"),
        NEW,
        "x = 1\n",
        &["nothing reads a file of this name"],
    ),
    row(
        ("letters/", "decision.zz.md"),
        NEW,
        "x\n",
        &["a letter is named <template>.<language>.md, in a language of the country"],
    ),
];
