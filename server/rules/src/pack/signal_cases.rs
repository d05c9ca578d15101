//! Worked examples of cross-checks: `signals/cases.toml`. What is suspected of people is tried out like what they are granted.

use super::{
    Mistake, Pack, Place,
    load_cases::FactReader,
    read::{File, Mistakes},
};
use crate::assess::Input;
use karton_api::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The file they stand in.
pub(super) const FILE: &str = "signals/cases.toml";

/// A worked example of a cross-check.
#[derive(Debug, Clone)]
pub struct SignalCase {
    /// The signal's id.
    pub signal: String,
    /// What it shows.
    pub name: String,
    /// The facts.
    pub input: Input,
    /// How many it is raised about: members of the household, or one for a signal that is about all of them.
    pub raised: usize,
    /// A part of what it says, in any language.
    pub says: Option<String>,
    /// Where it is written.
    pub place: Place,
}

pub(super) fn read(file: File<'_>, reader: &FactReader<'_>) -> Vec<SignalCase> {
    let toml = file.toml();
    let root = file.table(toml.get_ref(), 0);
    let mut found: Vec<SignalCase> = Vec::new();
    for table in root.tables("case") {
        let (signal, name) = (table.text("signal"), table.text("name"));
        if found
            .iter()
            .any(|other| other.signal == signal && other.name == name)
        {
            table.wrong(format!("the case `{name}` is there twice"));
        }
        let on = table.need("on").and_then(|item| item.date());
        let input = reader.input(&table, on.unwrap_or(Date::MIN));
        if table.need("raised").is_none() {
            continue;
        }
        let raised = table.whole("raised").unwrap_or(0);
        let says = table.opt_text("says");
        table.finish();
        if on.is_some() {
            found.push(SignalCase {
                signal,
                name,
                input,
                raised: usize::try_from(raised).unwrap_or(0),
                says,
                place: table.place(),
            });
        }
    }
    root.finish();
    found
}

/// Each example comes out as it says, and of each signal there is one in which it is raised and one in which it is not.
pub(super) fn check(pack: &Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let wrong = |place: &Place, message: String| {
        let text = files.get(&place.file).map_or("", String::as_str);
        mistakes.note(Mistake::at(&place.file, text, place.offset, message));
    };
    let mut seen: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
    for case in &pack.signal_cases {
        let Some(signal) = pack.signals.iter().find(|it| it.id == case.signal) else {
            wrong(&case.place, format!("there is no signal `{}`", case.signal));
            continue;
        };
        if signal.when.is_none() {
            let message = format!(
                "`{}` is compared by the house over all it holds: no example can show it",
                signal.id
            );
            wrong(&case.place, message);
            continue;
        }
        let raised = pack.looked_at(&case.signal, &case.input);
        if raised.len() != case.raised {
            wrong(
                &case.place,
                format!(
                    "the case \"{}\": expected {} of `{}`, got {}",
                    case.name,
                    case.raised,
                    case.signal,
                    raised.len()
                ),
            );
        }
        if let (Some(says), Some(first)) = (&case.says, raised.first())
            && !first
                .says
                .0
                .values()
                .any(|text| text.replace('\u{a0}', " ").contains(says.as_str()))
        {
            let said: Vec<&str> = first.says.0.values().map(String::as_str).collect();
            wrong(
                &case.place,
                format!("the case \"{}\": it says {}", case.name, said.join(" · ")),
            );
        }
        seen.entry(&signal.id).or_default().insert(case.raised > 0);
    }
}
