//! What is wrong with the settings of fictional people: all of it, each with its place.

use super::{settings::SettingsError, text::PackText};
use serde::de::DeserializeOwned;
use std::ops::Range;

/// Of one file so many mistakes are told: what comes after them mostly follows from them.
const MOST: usize = 100;

/// Mistakes as they are met.
#[derive(Default)]
pub(super) struct Found(pub(super) Vec<SettingsError>);

impl Found {
    /// Notes what is wrong behind the last of some texts, each looked for behind the one before.
    pub(super) fn wrong(&mut self, text: &PackText, file: &str, near: &[&str], why: impl ToString) {
        let contents = text.get(file).map_or("", String::as_str);
        let mut at = 0;
        for words in near {
            let Some(found) = contents.get(at..).and_then(|rest| rest.find(words)) else {
                break;
            };
            // A text may begin with the end of the line before.
            at += found + words.len() - words.trim_start().len();
        }
        let error = SettingsError::wrong(file, why).standing(Some(at));
        self.0.push(error);
    }

    /// Notes what is wrong.
    pub(super) fn take<T>(&mut self, it: Result<T, SettingsError>) -> Option<T> {
        it.map_err(|error| self.0.push(error)).ok()
    }

    /// A file of TOML. Where something in it cannot be read, its lines are passed over and the rest is looked at too.
    pub(super) fn toml<T: DeserializeOwned>(&mut self, text: &PackText, file: &str) -> Option<T> {
        let Some(contents) = text.get(file) else {
            self.0.push(SettingsError::missing(file));
            return None;
        };
        self.toml_of(contents, file)
    }

    /// As [`Found::toml`], of contents at hand.
    pub(super) fn toml_of<T: DeserializeOwned>(&mut self, contents: &str, file: &str) -> Option<T> {
        let mut error = match toml::from_str(contents) {
            Ok(read) => return Some(read),
            Err(error) => error,
        };
        // What is left is not what its author wrote: it is read for the sake of its other mistakes alone, each at its own place.
        let mut rest = contents.to_owned();
        let mut emptied: Vec<Range<usize>> = Vec::new();
        for _ in 0..MOST {
            let said = error.message().trim().to_owned();
            let missing = said
                .strip_prefix("missing field `")
                .and_then(|it| it.split('`').next());
            let begins = error.span().map_or(0, |span| span.start);
            if let Some(name) = missing {
                // Mostly the right name of what was called otherwise, or what could not be read and was emptied.
                let follows = emptied
                    .iter()
                    .rev()
                    .find_map(|lines| instead::<T>(&rest, lines, name, &said));
                match follows {
                    Some(Ok(other)) => rest = other,
                    Some(Err(())) => return None,
                    None => {
                        if emptied.is_empty() {
                            self.0
                                .push(SettingsError::wrong(file, said).standing(Some(begins)));
                        }
                        return None;
                    }
                }
            } else {
                let lines = lines_of(&rest, error.span().unwrap_or(0..0));
                let text = rest[lines.clone()].to_owned();
                self.0
                    .push(SettingsError::wrong(file, said.clone()).standing(Some(begins)));
                if text.trim().is_empty() || text.trim_start().starts_with('[') {
                    // A whole table: without its heading its lines would stand in another one.
                    return None;
                }
                let name = text.split('=').next().unwrap_or_default().trim().to_owned();
                let unknown = said.starts_with("unknown field");
                match (!unknown)
                    .then(|| instead::<T>(&rest, &lines, &name, &said))
                    .flatten()
                {
                    Some(Ok(other)) => rest = other,
                    Some(Err(())) => return None,
                    None => {
                        rest = put(&rest, &lines, "")?;
                        emptied.push(lines);
                    }
                }
            }
            error = toml::from_str::<T>(&rest).err()?;
        }
        None
    }

    /// The rows of a CSV file with a header; lines beginning with `#` are for people.
    pub(super) fn rows<T: DeserializeOwned>(&mut self, text: &PackText, file: &str) -> Vec<T> {
        let Some(contents) = text.get(file) else {
            self.0.push(SettingsError::missing(file));
            return Vec::new();
        };
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .from_reader(contents.as_bytes());
        let (mut rows, before) = (Vec::new(), self.0.len());
        for row in reader.deserialize() {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => {
                    let at = error.position().and_then(|at| usize::try_from(at.byte()).ok());
                    let said = error.to_string();
                    // The reader says the place first, which stands with the mistake anyway.
                    let said = said.rsplit_once("): ").map_or(said.as_str(), |(_, why)| why);
                    self.0.push(SettingsError::wrong(file, said).standing(at));
                    if self.0.len() - before >= MOST {
                        break;
                    }
                }
            }
        }
        if rows.is_empty() && self.0.len() == before {
            self.0.push(SettingsError::wrong(file, "no rows"));
        }
        rows
    }
}

/// The whole lines around a place.
fn lines_of(text: &str, span: Range<usize>) -> Range<usize> {
    let begins = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let ends = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    begins..ends
}

/// The text with something else in some lines, everything behind them at its place; none where it has no room in the first.
fn put(text: &str, lines: &Range<usize>, other: &str) -> Option<String> {
    let old = text.get(lines.clone())?;
    let first = old.lines().next().unwrap_or_default();
    if other.len() > first.len() {
        return None;
    }
    let blank = |c: char| match c {
        '\n' => "\n".to_owned(),
        other => " ".repeat(other.len_utf8()),
    };
    let blanks: String = old.chars().map(blank).collect();
    let mut new = text.to_owned();
    new.replace_range(lines.clone(), &format!("{other}{}", blanks.get(other.len()..)?));
    Some(new)
}

/// The text with some value of a name in the place of some lines, so that its reader says something else; `Err` where it then says nothing,
/// none where no value helps.
fn instead<T: DeserializeOwned>(
    text: &str,
    lines: &Range<usize>,
    name: &str,
    said: &str,
) -> Option<Result<String, ()>> {
    for value in ["0", "\"\"", "[]", "true", "{}", "[\"\", \"\"]", "[0, 0]"] {
        let Some(other) = put(text, lines, &format!("{name} = {value}")) else {
            continue;
        };
        match toml::from_str::<T>(&other) {
            Ok(_) => return Some(Err(())),
            Err(error) => {
                let here = error.span().is_some_and(|span| lines.contains(&span.start));
                if !here && error.message().trim() != said {
                    return Some(Ok(other));
                }
            }
        }
    }
    None
}
