//! Other institutions' services, registers of our own, cross-checks and tables of old registers.

use super::{OWN, REGISTERS, SIGNALS, row};
use crate::real_packs::{NEW, Row};

pub(super) const ROWS: &[Row] = &[
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
];
