//! What is wrong with the settings of fictional people: all of it, each with its place.

use super::{settings::SettingsError, text::PackText};
use serde::de::DeserializeOwned;

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
        let mut rest = contents.to_owned();
        let mut passed_over: Vec<String> = Vec::new();
        for tried in 0..MOST {
            let error = match toml::from_str(&rest) {
                // Lines were passed over: what is left is not what its author wrote.
                Ok(_) if tried > 0 => return None,
                Ok(read) => return Some(read),
                Err(error) => error,
            };
            let said = error.message().to_owned();
            let span = error.span().unwrap_or(0..0);
            // What is missing may be what was passed over.
            let follows = said.starts_with("missing field") && passed_over.iter().any(|it| said.contains(it));
            if !follows {
                let error = SettingsError::wrong(file, said.trim()).standing(Some(span.start));
                self.0.push(error);
            }
            let begins = rest[..span.start].rfind('\n').map_or(0, |at| at + 1);
            let ends = rest[span.end..].find('\n').map_or(rest.len(), |at| span.end + at);
            let lines = rest[begins..ends].to_owned();
            if lines.trim().is_empty() || lines.trim_start().starts_with('[') {
                // A whole table: passing over its heading would put its lines into another one.
                return None;
            }
            let name = lines.split('=').next().unwrap_or_default().trim();
            passed_over.push(format!("`{name}`"));
            let blank: String = lines
                .chars()
                .map(|c| {
                    if c == '\n' {
                        "\n".to_owned()
                    } else {
                        " ".repeat(c.len_utf8())
                    }
                })
                .collect();
            rest.replace_range(begins..ends, &blank);
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
