//! What authorities and the press publish in figures, held against what the packs compute: one table for each country in
//! `tests/published/`, with day, rule, figure and the mark of the source in the pack's SOURCES.md. And what the worked examples of every
//! benefit have to show at least.

use crate::common::files;
use karton_rules::{
    Pack,
    assess::{Outcome, assess},
    show,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// One published figure.
#[derive(Debug)]
struct Published {
    on: karton_api::Date,
    /// An expression of the rule language, or `case CODE: name` for a worked example of a benefit.
    what: String,
    figure: String,
    source: String,
    /// Why the pack computes another figure; empty where it computes this one.
    differs: String,
}

/// The rows of a country's table: day, what, figure, source and, where it differs, why.
fn table(country: &str) -> Vec<Published> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/published/{country}.toml"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let read: toml::Table = text.parse().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let rows = read["published"].as_array().unwrap();
    let text = |row: &toml::Value, at: usize| {
        row.get(at)
            .map_or("", |it| {
                it.as_str().unwrap_or_else(|| panic!("{row}: texts only"))
            })
            .to_owned()
    };
    let published = |row: &toml::Value| Published {
        on: text(row, 0).parse().unwrap_or_else(|_| panic!("{row}: a day")),
        what: text(row, 1),
        figure: text(row, 2),
        source: text(row, 3),
        differs: text(row, 4),
    };
    rows.iter().map(published).collect()
}

/// A figure as the rule language writes it in a unit.
fn literal(pack: &Pack, figure: &str, unit: &str) -> String {
    let currency = &pack.country.currency;
    match unit {
        "money" => format!("{currency} {figure}"),
        "money per month" => format!("{currency} {figure} per month"),
        "date" => format!("date(\"{figure}\")"),
        _ => figure.to_owned(),
    }
}

/// What the pack computes for a row, as text, and whether it is the published figure.
fn computed(pack: &Pack, row: &Published) -> (String, bool) {
    if let Some(named) = row.what.strip_prefix("case ") {
        let (benefit, name) = named
            .split_once(": ")
            .unwrap_or_else(|| panic!("{named}: `CODE: name`"));
        let benefit = pack
            .benefit(benefit)
            .unwrap_or_else(|| panic!("no benefit {benefit}"));
        let case = benefit.cases.iter().find(|case| case.name == name);
        let case = case.unwrap_or_else(|| panic!("{}: no worked example is called {name:?}", benefit.code));
        assert_eq!(case.input.on, row.on, "{named}: the day of the example");
        let found = assess(pack, &benefit.code, &case.input).unwrap();
        assert_eq!(found.outcome, Outcome::Grant, "{named}");
        let amount = found.amount.unwrap_or_else(|| panic!("{named}: no amount"));
        let minor = amount.money.minor;
        let minor = if minor == 0 { amount.once_minor() } else { minor };
        let text = format!("{}.{:02}", minor / 100, minor % 100);
        let same = text == row.figure;
        return (text, same);
    }
    let ask = |expression: &str| {
        show::eval_text(pack, expression, None, row.on, "en")
            .unwrap_or_else(|wrong| panic!("{expression}: {}", wrong[0].message))
    };
    let found = ask(&row.what);
    let same = ask(&format!(
        "({}) = {}",
        row.what,
        literal(pack, &row.figure, &found.unit)
    ));
    (found.value, same.value == "yes" || same.value == "true")
}

#[test]
fn every_published_figure_is_computed_or_stands_with_its_reason() {
    let mut said = Vec::new();
    for folder in crate::fixtures::countries() {
        let files = files(&folder);
        let pack = Pack::load(&files).unwrap_or_else(|m| panic!("{}: {}", folder.display(), m[0]));
        let rows = table(&pack.country.id);
        assert!(rows.len() >= 50, "{}: {} rows only", pack.country.id, rows.len());
        let sources = &files["SOURCES.md"];
        for row in &rows {
            let at = format!("{}: {} on {}", pack.country.id, row.what, row.on);
            for mark in row.source.split(", ") {
                if !sources.contains(&format!("**{mark}**")) {
                    said.push(format!("{at}: SOURCES.md has no {mark}"));
                }
            }
            match (computed(&pack, row), row.differs.is_empty()) {
                ((_, true), true) | ((_, false), false) => {}
                ((found, false), true) => {
                    said.push(format!("{at}: published {}, computed {found}", row.figure))
                }
                ((_, true), false) => {
                    said.push(format!("{at}: it does not differ any more: {}", row.differs))
                }
            }
        }
    }
    assert!(said.is_empty(), "{}\n{}", said.len(), said.join("\n"));
}

/// The days on which a parameter gets another value within the covered period; the first one it has is no change.
fn changes(pack: &Pack, name: &str) -> Vec<karton_api::Date> {
    let parameter = pack.parameters.iter().find(|parameter| parameter.name == name);
    let days = parameter
        .into_iter()
        .flat_map(|parameter| parameter.at.iter().skip(1).map(|at| at.from));
    days.filter(|from| *from > pack.country.covers_from && *from < pack.country.covers_until)
        .collect()
}

#[test]
fn every_benefit_has_an_example_granted_one_not_and_both_sides_of_a_change() {
    let mut said = Vec::new();
    for folder in crate::fixtures::countries() {
        let pack = Pack::load(&files(&folder)).unwrap_or_else(|m| panic!("{}: {}", folder.display(), m[0]));
        for benefit in &pack.benefits {
            let at = format!("{}: {}", pack.country.id, benefit.code);
            let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let (mut granted, mut not) = (0, 0);
            for case in &benefit.cases {
                match case.expect.outcome {
                    Outcome::Grant => granted += 1,
                    Outcome::Refuse | Outcome::Confirm => not += 1,
                    Outcome::Unknown => {}
                }
                let found = assess(&pack, &benefit.code, &case.input).unwrap();
                for parameter in found.parameters {
                    let values = used.entry(parameter.name.clone()).or_default();
                    values.insert(parameter.from.to_string());
                }
            }
            if granted == 0 || not == 0 {
                said.push(format!("{at}: {granted} granted, {not} not"));
            }
            for (name, values) in used {
                if !changes(&pack, &name).is_empty() && values.len() < 2 {
                    said.push(format!(
                        "{at}: `{name}` changes, and all examples have its value of {values:?}"
                    ));
                }
            }
        }
    }
    assert!(said.is_empty(), "{}\n{}", said.len(), said.join("\n"));
}
