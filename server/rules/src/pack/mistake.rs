use std::fmt;

/// One mistake in a pack, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Path inside the pack, such as `catalogue/mo/benefit.toml`.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong and, where it can be said, what would be right.
    pub message: String,
    /// The line as it stands in the file; of a very long one the part around the place.
    pub line_text: String,
    /// How many characters of the line are left out before that part.
    left_out: usize,
}

/// Characters of a line that are kept around a place: a line may be as long as a file.
const AROUND: usize = 400;

impl Mistake {
    /// A mistake at a byte offset of a file's text.
    pub fn at(file: &str, text: &str, offset: usize, message: impl Into<String>) -> Mistake {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |n| n + 1);
        let end = text[offset..].find('\n').map_or(text.len(), |n| offset + n);
        let line = text[start..end].trim_end_matches('\r');
        let column = text[start..offset].chars().count() + 1;
        let left_out = column.saturating_sub(AROUND);
        Mistake {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column,
            message: message.into(),
            line_text: line.chars().skip(left_out).take(2 * AROUND).collect(),
            left_out,
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        let number = self.line.to_string();
        writeln!(f, " {number} | {}", self.line_text)?;
        // Tabs stay tabs, so that the caret stands under its character on every terminal.
        let under: String = self
            .line_text
            .chars()
            .take(self.column.saturating_sub(1 + self.left_out))
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        write!(f, " {} | {under}^", " ".repeat(number.len()))
    }
}

impl std::error::Error for Mistake {}
