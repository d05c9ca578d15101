//! Worked examples, forms, facts and the dated values of the law.

use super::{CASES, FACTS, FORM, PARAMETERS, row};
use crate::real_packs::Row;

pub(super) const ROWS: &[Row] = &[
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
        "\n[[parameter]]\nname = \"checks.founded\"\nunit = \"int\"\n[[parameter.at]]\nfrom = 2000-01-01\nsource = \"P\"\nconfidence = ^\"law\"\nvalue = 1\n",
        &["`law` needs a source that says so: `P` stands for a value of the pack's own"],
    ),
    row(
        PARAMETERS,
        "",
        "\n[[parameter]]\nname = \"checks.remembered\"\nunit = \"int\"\n[[parameter.at]]\nfrom = 2000-01-01\nsource = \"M\"\nconfidence = ^\"derived\"\nvalue = 1\n",
        &["`derived` needs a source that says so: `M` stands for memory"],
    ),
    row(
        PARAMETERS,
        "",
        "\n[[parameter]]\nname = \"checks.steered\"\nunit = \"text\"\n[[parameter.at]]\nfrom = 2000-01-01\nsource = \"D\"\nconfidence = \"default\"\nvalue = ^\"a\\u001b[31m\"\n",
        &["the character U+001B cannot be seen"],
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
];
