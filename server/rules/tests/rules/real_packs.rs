//! Real packs, broken. Each row of the tables below is one class of mistakes: where it is made, what is written there instead (`^` stands
//! before what the mistake points at), and what is said. All rows of a country are made in one go, so that it also shows that nothing hides
//! anything else, that nothing is said twice, and that nothing is said which is not wrong.

use crate::{classes::rows, common::files, fixtures::countries};
use karton_rules::{Mistake, Pack};
use std::collections::{BTreeMap, BTreeSet};

/// A class of mistakes.
pub(crate) struct Row {
    /// Beginning and end of the name of the file, the first that has `from`; a new file where `from` is [`NEW`].
    pub(crate) file: (&'static str, &'static str),
    /// What stands there; with `…` as its end all up to the end of the line. Nothing: at the end of the file.
    pub(crate) from: &'static str,
    /// What stands there instead. `⇑` at its beginning: the mistake points at the table that it stands in. Neither: at the file's beginning.
    pub(crate) to: &'static str,
    /// What is said, each by a mistake of its own.
    pub(crate) said: &'static [&'static str],
}

/// Marks a row that brings a file of its own.
pub(crate) const NEW: &str = "a new file";

/// Letters that no pack holds; one for each row.
fn mark(n: usize) -> char {
    char::from_u32(0xE000 + u32::try_from(n).unwrap()).unwrap()
}

struct Broken {
    files: BTreeMap<String, String>,
    used: BTreeSet<String>,
    /// File, mark (none for the file's beginning), what is said.
    expected: Vec<(String, Option<char>, String)>,
    language: String,
    currency: String,
    act: String,
    body: String,
}

fn value_of(text: &str, key: &str) -> String {
    let at = text
        .find(&format!("\n{key} = "))
        .unwrap_or_else(|| panic!("no {key}"));
    let rest = &text[at..];
    rest.split('"').nth(1).unwrap().to_owned()
}

impl Broken {
    fn new(files: BTreeMap<String, String>) -> Broken {
        let country = files["country.toml"].clone();
        let acts = &country[country.find("[[act]]").unwrap()..];
        Broken {
            language: value_of(&country, "languages"),
            currency: value_of(&country, "currency"),
            act: value_of(acts, "code"),
            body: value_of(&country[country.find("[[body]]").unwrap()..], "code"),
            files,
            used: BTreeSet::new(),
            expected: Vec::new(),
        }
    }

    fn with(&self, text: &str) -> String {
        text.replace("{L}", &self.language)
            .replace("{C}", &self.currency)
            .replace("{A}", &self.act)
            .replace("{B}", &self.body)
    }

    fn make(&mut self, n: usize, row: &Row) {
        let (from, to) = (self.with(row.from), self.with(row.to));
        let (prefix, suffix) = (self.with(row.file.0), row.file.1);
        let prefix = prefix.as_str();
        let mark = mark(n);
        let marked = to.contains(['^', '⇑']);
        let name = if from == NEW {
            let name = format!("{prefix}{suffix}");
            self.files
                .insert(name.clone(), to.replace('^', &mark.to_string()));
            name
        } else {
            let (find, whole_line) = from
                .strip_suffix('…')
                .map_or((from.as_str(), false), |find| (find, true));
            let place = |text: &str| -> Option<(usize, usize)> {
                if from.is_empty() {
                    return Some((text.len(), text.len()));
                }
                text.match_indices(find).find_map(|(at, _)| {
                    let end = at + find.len();
                    let line = text[end..].find('\n').map_or(text.len(), |to| end + to);
                    let whole = if whole_line { line } else { end };
                    // A text over several lines is left alone.
                    (!text[at..line].contains("\"\"\"")).then_some((at, whole))
                })
            };
            let alone = !from.is_empty() && prefix.ends_with('/');
            let found = self.files.iter().find_map(|(name, text)| {
                // Worked examples of signals are no signals.
                let fits = name.starts_with(prefix)
                    && name != "signals/cases.toml"
                    && name.ends_with(suffix)
                    && !(alone && self.used.contains(name));
                Some((name.clone(), place(text).filter(|_| fits)?))
            });
            let (name, (at, end)) =
                found.unwrap_or_else(|| panic!("no file {prefix}…{suffix} has {from}: {:?}", row.said));
            self.used.insert(name.clone());
            let text = self.files.get_mut(&name).unwrap();
            let new = to.trim_start_matches('⇑').replace('^', &mark.to_string());
            text.replace_range(at..end, &new);
            if to.starts_with('⇑') {
                let header = text[..at].rfind("\n[").map_or(0, |at| at + 1);
                text.insert(header, mark);
            }
            name
        };
        for said in row.said {
            self.expected
                .push((name.clone(), marked.then_some(mark), self.with(said)));
        }
    }

    /// Takes the marks out and says where they stood.
    fn places(&mut self) -> BTreeMap<char, (usize, usize)> {
        let mut places = BTreeMap::new();
        for text in self.files.values_mut() {
            let (mut line, mut column) = (1, 1);
            for c in text.chars() {
                match c {
                    '\u{E000}'..='\u{EFFF}' => drop(places.insert(c, (line, column))),
                    '\n' => (line, column) = (line + 1, 1),
                    _ => column += 1,
                }
            }
            text.retain(|c| !('\u{E000}'..='\u{EFFF}').contains(&c));
        }
        places
    }
}

fn told(mistakes: &[Mistake]) -> String {
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn every_class_of_mistakes_is_found_in_every_country_at_its_place_and_nothing_else() {
    for folder in countries() {
        let mut broken = Broken::new(files(&folder));
        for (n, row) in rows().enumerate() {
            broken.make(n, row);
        }
        let places = broken.places();
        let mistakes = Pack::load(&broken.files).unwrap_err();
        let mut left: Vec<&Mistake> = mistakes.iter().collect();
        let mut lacking = Vec::new();
        for (file, mark, said) in &broken.expected {
            let (line, column) = mark.map_or((1, 1), |mark| places[&mark]);
            let is = |it: &&Mistake| {
                it.file == *file && (it.line, it.column) == (line, column) && it.message.contains(said)
            };
            match left.iter().position(is) {
                Some(at) => drop(left.remove(at)),
                None => lacking.push(format!("{file}:{line}:{column}: … {said} …")),
            }
        }
        let more: Vec<Mistake> = left.into_iter().cloned().collect();
        assert!(
            lacking.is_empty() && more.is_empty(),
            "{}\nnot said:\n{}\n\nsaid beside:\n{}",
            folder.display(),
            lacking.join("\n"),
            told(&more)
        );
        // In the order of files and lines, each with its line shown.
        assert!(mistakes.is_sorted_by_key(|it| (&it.file, it.line, it.column)));
        for mistake in &mistakes {
            let line = broken
                .files
                .get(&mistake.file)
                .and_then(|text| text.lines().nth(mistake.line - 1));
            assert!(line.unwrap_or_default().contains(&mistake.line_text), "{mistake}");
        }
    }
}
