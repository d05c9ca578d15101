//! The country, its words and its code lists.

use super::{COUNTRY, row};
use crate::real_packs::Row;

pub(super) const ROWS: &[Row] = &[
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
];
