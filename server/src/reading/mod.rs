//! Reading text out of files that anybody may have made.
//!
//! Files come from strangers, so nothing of them is taken apart in the server's own process: this program starts itself again with a hidden
//! subcommand that sees nothing but the file's bytes on its standard input, has bounds for memory, time and open files set by the system, and
//! answers with text or with why there is none. Whatever a file does to it (a bomb of zip or XML, a broken or endless PDF), the server only
//! hears that it ended.

mod child;
mod office;
mod pdf;
mod plain;
mod process;

pub use child::stand_in;
pub use process::{NotRead, Reader};

use serde::{Deserialize, Serialize};

/// The longest text that is kept of one file, in bytes.
pub const LONGEST_TEXT: usize = 1_000_000;

/// What kind of file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// PDF.
    Pdf,
    /// OpenDocument text.
    Odt,
    /// Office Open XML text.
    Docx,
    /// Plain text in whatever encoding.
    Plain,
}

/// Why a file has no text that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It is locked with a password.
    Encrypted,
    /// It does not follow its own format.
    Broken,
    /// Unpacked it becomes larger than is taken.
    TooLarge,
    /// Reading it took longer than is waited for.
    TooSlow,
    /// Reading it took more memory than it was given, or it is nested without end.
    TooMuch,
}

/// What came of reading a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Its text.
    Text {
        /// In Unicode, lines parted by line feeds, without other control characters.
        text: String,
        /// The encoding it was written in, where that is not UTF-8.
        encoding: Option<String>,
        /// More than [`LONGEST_TEXT`] was there; this is its beginning.
        cut: bool,
    },
    /// It holds no text: a picture of paper.
    Nothing,
    /// It could not be read.
    Unreadable {
        /// Why.
        why: Why,
        /// Where in the file, where that is known: `content.xml, byte 1200`.
        place: Option<String>,
    },
}

impl Outcome {
    fn unreadable(why: Why, place: impl Into<Option<String>>) -> Outcome {
        let place = place.into();
        Outcome::Unreadable { why, place }
    }

    /// A text as it is kept: without control characters, without runs of empty lines, cut where it is too long.
    fn text(raw: &str, encoding: Option<String>) -> Outcome {
        let mut text = String::with_capacity(raw.len().min(LONGEST_TEXT));
        let (mut breaks, mut cut) = (2, false);
        for c in raw.chars() {
            let c = match c {
                '\u{c}' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
                '\t' | '\u{a0}' => ' ',
                c => c,
            };
            if c == '\n' {
                breaks += 1;
            } else if c.is_control() || c == '\u{feff}' {
                continue;
            } else if c != ' ' {
                breaks = 0;
            }
            if c == '\n' && breaks > 2 {
                continue;
            }
            if text.len() + c.len_utf8() > LONGEST_TEXT {
                cut = true;
                break;
            }
            text.push(c);
        }
        text.truncate(text.trim_end().len());
        if text.is_empty() {
            Outcome::Nothing
        } else {
            Outcome::Text { text, encoding, cut }
        }
    }
}

/// Reads a file that is at hand. Only for the child process: nothing bounds it here.
fn read(kind: Kind, bytes: &[u8]) -> Outcome {
    match kind {
        Kind::Pdf => pdf::read(bytes),
        Kind::Odt => office::odt(bytes),
        Kind::Docx => office::docx(bytes),
        Kind::Plain => plain::read(bytes),
    }
}

#[cfg(test)]
pub(crate) mod tests;
