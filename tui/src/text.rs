//! Text from outside, made safe to show and cut to measure.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The text with control, bidirectional-override and other unseen characters made visible, so that nothing from a server or a
/// keyboard is ever interpreted by the terminal or hides what it says.
pub fn visible(text: &str) -> String {
    if text.chars().all(|c| !hidden(c)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('?')),
            '\u{7f}' => out.push('␡'),
            c if hidden(c) => out.push_str(&format!("<{:04X}>", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character is a control, or turns the direction of what stands around it.
pub fn turns(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text as it is compared: without case and diacritics, Serbian and Montenegrin Cyrillic as Latin. Never stored.
pub fn fold(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    let mut out = String::with_capacity(text.len());
    for c in text
        .chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
    {
        match c {
            'đ' | 'ђ' => out.push_str("dj"),
            'љ' => out.push_str("lj"),
            'њ' => out.push_str("nj"),
            'џ' => out.push_str("dz"),
            'а' => out.push('a'),
            'б' => out.push('b'),
            'в' => out.push('v'),
            'г' => out.push('g'),
            'д' => out.push('d'),
            'е' => out.push('e'),
            'ж' | 'з' => out.push('z'),
            'и' => out.push('i'),
            'ј' => out.push('j'),
            'к' => out.push('k'),
            'л' => out.push('l'),
            'м' => out.push('m'),
            'н' => out.push('n'),
            'о' => out.push('o'),
            'п' => out.push('p'),
            'р' => out.push('r'),
            'с' | 'ш' => out.push('s'),
            'т' => out.push('t'),
            'ћ' | 'ц' | 'ч' => out.push('c'),
            'у' => out.push('u'),
            'ф' => out.push('f'),
            'х' => out.push('h'),
            c => out.push(c),
        }
    }
    out
}

/// How many cells the text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `cells`, with `…` where something is missing.
pub fn fit(text: &str, cells: usize) -> String {
    if text.width() <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for g in text.graphemes(true) {
        if used + g.width() > cells {
            break;
        }
        used += g.width();
        out.push_str(g);
    }
    if cells > 0 {
        out.push('…');
    }
    out
}

/// The text in exactly `cells`: cut or filled with blanks on the right.
pub fn pad(text: &str, cells: usize) -> String {
    let mut out = fit(text, cells);
    let missing = cells.saturating_sub(out.width());
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// The text in lines of at most `cells`, broken at spaces; what is longer than a line is broken anywhere.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let mut word = word;
            if !line.is_empty() && line.width() + 1 + word.width() > cells {
                lines.push(std::mem::take(&mut line));
            }
            while word.width() > cells {
                let head: String = {
                    let mut head = String::new();
                    for g in word.graphemes(true) {
                        if head.width() + g.width() > cells {
                            break;
                        }
                        head.push_str(g);
                    }
                    head
                };
                if head.is_empty() {
                    break;
                }
                word = &word[head.len()..];
                lines.push(head);
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_steers_the_terminal() {
        assert_eq!(visible("a\x1b[2Jb\u{202e}c\u{9b}\u{7f}"), "a␛[2Jb<202E>c<009B>␡");
        assert_eq!(visible("Žarko Љиљана"), "Žarko Љиљана");
    }

    #[test]
    fn scripts_and_marks_compare_alike() {
        assert_eq!(fold("Ђорђе Љубиша ČĆŽŠ"), "djordje ljubisa cczs");
        assert_eq!(fold("Đorđe"), fold("Ђорђе"));
    }

    #[test]
    fn text_is_cut_to_measure() {
        assert_eq!(fit("Podgorica", 5), "Podg…");
        assert_eq!(pad("漢字", 5), "漢字 ");
        assert_eq!(
            wrap("prihod porodice ne prelazi", 10),
            ["prihod", "porodice", "ne prelazi"]
        );
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }
}
