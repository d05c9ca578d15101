//! The classes of mistakes that real packs are broken by; `real_packs.rs` says how a row is read.

use crate::real_packs::Row;

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

// Below the macros, which they use.
mod benefits;
mod country;
mod given;
mod institutions;
mod work;

/// All rows, in the order in which they are made.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    [
        benefits::ROWS,
        given::ROWS,
        institutions::ROWS,
        work::ROWS,
        country::ROWS,
    ]
    .into_iter()
    .flatten()
}
