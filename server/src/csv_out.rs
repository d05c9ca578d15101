//! Tables for a spreadsheet program. What begins as a formula is shown as the text it is, never worked out there.

use std::fmt::Write as _;

/// A CSV file as it is being written: UTF-8 with a byte order mark, `;` between the cells, because that is what spreadsheet programs of
/// our countries expect.
#[derive(Debug)]
pub struct CsvOut {
    text: String,
}

impl Default for CsvOut {
    fn default() -> Self {
        CsvOut {
            text: "\u{feff}".into(),
        }
    }
}

impl CsvOut {
    /// A file with its headings.
    pub fn with(headings: &[&str]) -> CsvOut {
        let mut out = CsvOut::default();
        out.line(headings);
        out
    }

    /// Adds a line. Every cell is neutralised: see [`harmless`].
    pub fn line<T: AsRef<str>>(&mut self, cells: &[T]) {
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.text.push(';');
            }
            let cell = harmless(cell.as_ref());
            if cell.contains([';', '"', '\n', '\r', ',']) || cell.starts_with([' ', '\'']) {
                // Writing to a String cannot fail.
                let _ = write!(self.text, "\"{}\"", cell.replace('"', "\"\""));
            } else {
                self.text.push_str(&cell);
            }
        }
        self.text.push_str("\r\n");
    }

    /// The whole file.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// A cell that no spreadsheet program takes for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or a line break gets an apostrophe
/// before it, unless it is a plain number. Control characters become blanks.
pub fn harmless(cell: &str) -> String {
    let number = cell.strip_prefix(['-', '+']).is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    });
    let risky = cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r', '\n']);
    let mut out = String::with_capacity(cell.len() + 1);
    if risky && !number {
        out.push('\'');
    }
    out.extend(
        cell.chars()
            .map(|c| if c.is_control() && c != '\n' { ' ' } else { c }),
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_is_a_formula_elsewhere() {
        for (cell, becomes) in [
            ("=SUM(A1:A9)", "'=SUM(A1:A9)"),
            ("+382 20 123", "'+382 20 123"),
            ("@cmd", "'@cmd"),
            ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
            (" =1", "' =1"),
            ("\t=1", "' =1"),
            ("-12,50", "-12,50"),
            ("+3", "+3"),
            ("-", "'-"),
            ("Ana-Marija", "Ana-Marija"),
            ("a\u{7}b", "a b"),
        ] {
            assert_eq!(harmless(cell), becomes, "{cell:?}");
        }
        let mut out = CsvOut::with(&["red", "ko"]);
        out.line(&["1", "Ana; \"Anka\""]);
        out.line(&["2", "=1+1"]);
        assert_eq!(
            out.into_text(),
            "\u{feff}red;ko\r\n1;\"Ana; \"\"Anka\"\"\"\r\n2;\"'=1+1\"\r\n"
        );
    }
}
