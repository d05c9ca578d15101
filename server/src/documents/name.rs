//! Names of files, made harmless: they come from strangers and go into headers and into folders.

use super::sniff::Media;

/// The longest name, in characters.
const LONGEST: usize = 120;

/// The name under which a file may be saved: the last part of a path, without control characters and those that turn the direction of
/// writing, without what some system takes for something else, with an ending that fits what the file is.
pub(super) fn harmless(name: &str, media: Media) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !turns(*c))
        .map(|c| {
            if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if media.endings().contains(&ending.to_lowercase().as_str()) => (stem, ending),
        _ => (clean, media.endings().first().copied().unwrap_or("bin")),
    };
    let mut stem: String = stem.chars().take(LONGEST).collect();
    if stem.trim().is_empty() {
        stem = "dokument".to_owned();
    }
    if reserved(&stem) {
        stem.insert(0, '_');
    }
    format!("{stem}.{ending}")
}

/// Characters that change how those after them are shown.
fn turns(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// Names that one system keeps for its devices, whatever their ending.
fn reserved(stem: &str) -> bool {
    let name = stem
        .split('.')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_uppercase();
    matches!(name.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (name.len() == 4
            && (name.starts_with("COM") || name.starts_with("LPT"))
            && name.ends_with(|c: char| c.is_ascii_digit()))
}

/// `Content-Disposition` that saves and never shows: the name in ASCII for old programs, and as it is (RFC 6266, RFC 8187).
pub(super) fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_elsewhere_or_says_what_it_is_not() {
        for (name, media, harmless_name) in [
            ("uvjerenje.pdf", Media::Pdf, "uvjerenje.pdf"),
            ("../../etc/passwd", Media::Text, "passwd.txt"),
            ("C:\\Users\\ana\\rješenje.PDF", Media::Pdf, "rješenje.PDF"),
            ("račun\u{202e}fdp.exe", Media::Pdf, "računfdp.exe.pdf"),
            ("a\r\nSet-Cookie: x\0.pdf", Media::Pdf, "aSet-Cookie_ x.pdf"),
            ("\u{1b}[2J.txt", Media::Text, "[2J.txt"),
            ("", Media::Jpeg, "dokument.jpg"),
            ("...", Media::Png, "dokument.png"),
            (".htaccess", Media::Text, "htaccess.txt"),
            ("nul.pdf", Media::Pdf, "_nul.pdf"),
            ("COM1", Media::Unknown, "_COM1.bin"),
            ("program.exe", Media::Unknown, "program.exe.bin"),
            ("pismo.html", Media::Text, "pismo.html.txt"),
        ] {
            assert_eq!(harmless(name, media), harmless_name, "{name:?}");
        }
        let long = harmless(&"ž".repeat(5_000), Media::Pdf);
        assert_eq!(long.chars().count(), LONGEST + 4);
        for name in ["../a\u{202e}b", "CON", "š\"ć;x=1\r\n.pdf"] {
            let once = harmless(name, Media::Pdf);
            assert_eq!(harmless(&once, Media::Pdf), once);
            let header = disposition(&once);
            assert!(
                header.is_ascii() && !header.contains(['\r', '\n', '\0']),
                "{header}"
            );
            assert_eq!(header.matches('"').count(), 2, "{header}");
        }
    }
}
