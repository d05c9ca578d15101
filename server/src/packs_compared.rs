//! What is different between two versions of a pack, place by place, in the words of the pack itself. Pure.
//!
//! Texts are compared as what they are: TOML as a tree whose tables are told apart by their id, code, name or first day, lists of codes by
//! their first column, words by their key, letters by their lines. What only stands in another order is no difference.

use crate::pack::Files;
use serde::Serialize;
use std::{collections::BTreeMap, fmt};
use toml::Value;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The file in the pack.
    pub file: String,
    /// Where in it: `condition income, when`. Empty for the file as a whole.
    pub place: String,
    /// What stood there; nothing where it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What stands there now; nothing where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if !self.place.is_empty() {
            write!(f, ": {}", self.place)?;
        }
        match (&self.was, &self.is) {
            (Some(was), Some(is)) => write!(f, ": was {was}, is {is}"),
            (None, Some(is)) => write!(f, ": new: {is}"),
            (Some(was), None) => write!(f, ": gone: {was}"),
            (None, None) => Ok(()),
        }
    }
}

/// Longer values are cut when they are shown.
const LONGEST: usize = 200;

/// All differences, file by file. What concerns only the people of the demo and the pack's own notes is left out.
pub fn compare(before: &Files, after: &Files) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut files: Vec<&String> = before.keys().chain(after.keys()).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let aside = file.starts_with("people/") || file.ends_with("cases.toml") || !file.contains('.');
        let notes = file.ends_with(".md") && !file.contains("letters/");
        if aside || notes {
            continue;
        }
        let (was, is) = (before.get(file), after.get(file));
        if was == is {
            continue;
        }
        let leaves = |text: Option<&String>| text.map(|text| leaves(file, text)).unwrap_or_default();
        match (was, is) {
            (Some(_), None) | (None, Some(_)) => changes.push(Change {
                file: file.clone(),
                place: String::new(),
                was: was.map(|_| "a file".to_owned()),
                is: is.map(|_| "a file".to_owned()),
            }),
            _ => differ(file, &leaves(was), &leaves(is), &mut changes),
        }
    }
    changes
}

fn differ(
    file: &str,
    was: &BTreeMap<String, String>,
    is: &BTreeMap<String, String>,
    changes: &mut Vec<Change>,
) {
    let mut places: Vec<&String> = was.keys().chain(is.keys()).collect();
    places.sort_unstable();
    places.dedup();
    for place in places {
        let (before, after) = (was.get(place), is.get(place));
        if before != after {
            changes.push(Change {
                file: file.to_owned(),
                place: place.clone(),
                was: before.map(|text| cut(text)),
                is: after.map(|text| cut(text)),
            });
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The single values of a text by their place.
fn leaves(file: &str, text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if file.ends_with(".toml") {
        match text.parse::<toml::Table>() {
            Ok(table) => walk("", &Value::Table(table), &mut found),
            Err(_) => {
                found.insert(String::new(), text.to_owned());
            }
        }
    } else if file.ends_with(".csv") {
        for line in text.lines() {
            let key = line.split(',').next().unwrap_or_default();
            put(&mut found, key, line);
        }
    } else if file.ends_with(".ftl") {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, words)) = line.split_once('=') {
                put(&mut found, key.trim(), words.trim());
            }
        }
    } else {
        for (number, line) in text.lines().enumerate() {
            found.insert(format!("line {:4}", number + 1), line.to_owned());
        }
    }
    found
}

/// A place that stands twice gets a number.
fn put(found: &mut BTreeMap<String, String>, place: &str, text: &str) {
    let mut key = place.to_owned();
    let mut more = 2;
    while found.contains_key(&key) {
        key = format!("{place} ({more})");
        more += 1;
    }
    found.insert(key, text.to_owned());
}

fn walk(place: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    let below = |name: &str| {
        if place.is_empty() {
            name.to_owned()
        } else {
            format!("{place}, {name}")
        }
    };
    match value {
        Value::Table(table) => {
            for (name, inner) in table {
                walk(&below(name), inner, found);
            }
        }
        Value::Array(list) if list.iter().all(Value::is_table) && !list.is_empty() => {
            for inner in list {
                let name = ["id", "code", "key", "name", "from", "fact", "service"]
                    .iter()
                    .find_map(|key| inner.get(key))
                    .map(shown)
                    .unwrap_or_default();
                let name = format!("{place} {name}");
                // Two of one name are told apart by their order.
                let mut own = name.clone();
                let mut more = 2;
                while found.keys().any(|key| key.starts_with(&format!("{own},"))) {
                    own = format!("{name} ({more})");
                    more += 1;
                }
                walk(own.trim(), inner, found);
            }
        }
        other => put(found, place, &shown(other)),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[(&str, &str)]) -> Files {
        texts
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn changes_are_told_by_their_place_and_another_order_is_none() {
        let before = files(&[
            (
                "catalogue/MO/benefit.toml",
                "code = \"MO\"\n[[condition]]\nid = \"income\"\nwhen = \"a <= b\"\n[[condition]]\nid = \"land\"\nwhen = \"x\"\n",
            ),
            ("parameters/mo.toml", "[[base]]\nfrom = 2024-01-01\nminor = 100\n"),
            ("words/en.ftl", "# a\nrole-clerk = Clerk\n"),
            ("codes/sexes.csv", "code,cnr\nm,muški\n"),
            ("SOURCES.md", "old"),
        ]);
        let after = files(&[
            (
                "catalogue/MO/benefit.toml",
                "code = \"MO\"\n[[condition]]\nid = \"land\"\nwhen = \"x\"\n[[condition]]\nid = \"income\"\nwhen = \"a < b\"\n",
            ),
            (
                "parameters/mo.toml",
                "[[base]]\nfrom = 2024-01-01\nminor = 100\n[[base]]\nfrom = 2025-01-01\nminor = 120\n",
            ),
            ("words/en.ftl", "role-clerk = Counter clerk\n"),
            ("codes/sexes.csv", "code,cnr\nm,muški\nf,ženski\n"),
            ("catalogue/DD/benefit.toml", "code = \"DD\"\n"),
            ("SOURCES.md", "new"),
        ]);
        let said: Vec<String> = compare(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "catalogue/DD/benefit.toml: new: a file",
                "catalogue/MO/benefit.toml: condition income, when: was a <= b, is a < b",
                "codes/sexes.csv: f: new: f,ženski",
                "parameters/mo.toml: base 2025-01-01, from: new: 2025-01-01",
                "parameters/mo.toml: base 2025-01-01, minor: new: 120",
                "words/en.ftl: role-clerk: was Clerk, is Counter clerk",
            ]
        );
        assert_eq!(compare(&before, &before), []);
    }
}
