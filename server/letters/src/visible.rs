//! What a sign does on the page: characters that steer are shown by their number, never obeyed; numbers are not torn.

use unicode_width::UnicodeWidthChar;

/// Whether `c` is invisible or steers a terminal, a text's direction or its breaking: controls, bidi and zero-width characters, line
/// separators, tags, and code points without an agreed meaning. Line feed and tab count too; callers treat them first.
pub(crate) fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}')
        || (c as u32) & 0xFFFE == 0xFFFE
        || ('\u{FDD0}'..='\u{FDEF}').contains(&c)
}

/// How a character that cannot be shown is written.
pub(crate) fn name(c: char) -> String {
    format!("[U+{:04X}]", c as u32)
}

/// The most marks that may stand on one letter, as Unicode's stream-safe text has it; no language needs more than a few.
const MARKS: usize = 30;

/// `text` with every steering character written by its number, line feeds and tabs as spaces. So are marks piled up beyond measure.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        match c {
            '\n' | '\t' => out.push(' '),
            c if steers(c) || marks > MARKS => out.push_str(&name(c)),
            c => out.push(c),
        }
    }
    out
}

/// Whether a line may not break at the space between these two signs: 31. 5. 2024. and 1 250,00 € are read in one piece.
pub(crate) fn stays_together(before: char, after: char) -> bool {
    match after {
        '€' => before.is_ascii_digit(),
        after => after.is_ascii_digit() && (before == '.' || before.is_ascii_digit()),
    }
}
