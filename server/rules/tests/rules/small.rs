//! The small pack with changes, and what it says.

use crate::common::files;
use karton_rules::{
    Pack,
    assess::{Assessment, assess},
    show,
};
use std::collections::BTreeMap;

pub(crate) const BENEFIT: &str = "catalogue/aid/benefit.toml";
pub(crate) const PARAMETERS: &str = "parameters/aid.toml";

/// An applicant with income in five months.
pub(crate) const INCOME: &str = r#"
on = 2025-05-10
lodged = 2025-05-08
applicant = { birth_date = 1985-05-11, income = [
    { month = 2023-01-01, kind = "wage", net = "100.00" }, { month = 2024-06-01, kind = "wage", net = "200.00" },
    { month = 2024-06-01, kind = "gift", net = "10.00" }, { month = 2024-12-01, kind = "wage", net = "300.00" },
    { month = 2025-04-01, kind = "wage", net = "400.00" } ] }
"#;

/// The small pack with changes: file, what stands there (nothing: at its end), what stands there instead.
pub(crate) fn changed(changes: &[(&str, &str, &str)]) -> BTreeMap<String, String> {
    let mut files = files("tests/small");
    for (file, from, to) in changes {
        let text = files.entry((*file).to_owned()).or_default();
        if from.is_empty() {
            text.push('\n');
            text.push_str(to);
        } else {
            assert!(text.contains(from), "{file} has no {from}");
            *text = text.replacen(from, to, 1);
        }
    }
    files
}

pub(crate) fn pack(changes: &[(&str, &str, &str)]) -> Pack {
    match Pack::load(&changed(changes)) {
        Ok(pack) => pack,
        Err(mistakes) => {
            let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{}", said.join("\n"))
        }
    }
}

/// The mistakes of a pack with changes, each on one line with its place.
pub(crate) fn wrong(changes: &[(&str, &str, &str)]) -> Vec<String> {
    let mistakes = Pack::load(&changed(changes)).err().unwrap_or_default();
    mistakes
        .iter()
        .map(|it| format!("{}:{}:{}: {}", it.file, it.line, it.column, it.message))
        .collect()
}

pub(crate) fn says(pack: &Pack, facts: &str, rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        let found = show::eval_text(
            pack,
            expression,
            Some(("facts", facts)),
            pack.country.covers_from,
            "en",
        );
        let found = found.map(|e| format!("{}: {}", e.value.replace('\u{a0}', " "), e.unit));
        let found = found.unwrap_or_else(|m| m[0].message.clone());
        assert_eq!(&found, expected, "{expression}");
    }
}

pub(crate) fn assessed(pack: &Pack, facts: &str) -> Assessment {
    let input = pack.read_facts("facts", facts, pack.country.covers_from);
    assess(pack, "AID", &input.unwrap_or_else(|m| panic!("{m:?}"))).unwrap()
}
