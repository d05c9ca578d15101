use super::ast::{Span, Wrong};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    /// Digits, with a point or without.
    Number(String),
    Text(String),
    Sign(&'static str),
    End,
}

/// Longest first, so that `<=` is not read as `<`.
const SIGNS: [&str; 23] = [
    "..", "<=", ">=", "!=", "**", "==", "<>", "&&", "||", "(", ")", "[", "]", ",", ".", "=", "<", ">", "+",
    "-", "*", "/", "!",
];

/// Splits a text into its tokens; the last is always `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Span)>, Wrong> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        let rest = &text[at..];
        let token = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if rest.starts_with("//") || rest.starts_with("/*") {
            let message =
                "a comment cannot stand inside an expression; write it as a `#` comment of the file";
            return Err(Wrong::new(
                Span {
                    start,
                    end: start + 2,
                },
                message,
            ));
        } else if c.is_ascii_alphabetic() || c == '_' {
            at += rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            Token::Name(text[start..at].to_owned())
        } else if c.is_ascii_digit() {
            at += rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            // `1..5` is a range, `1.5` a number.
            let after = &text[at..];
            if after.starts_with('.') && after[1..].starts_with(|c: char| c.is_ascii_digit()) {
                at += 1;
                at += text[at..]
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(text.len() - at);
            }
            Token::Number(text[start..at].to_owned())
        } else if c == '"' {
            let (content, length) = quoted(rest, start)?;
            at += length;
            Token::Text(content)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            at += sign.len();
            Token::Sign(sign)
        } else {
            let hint = match c {
                '\'' => ": texts stand in double quotes",
                '{' | '}' => ": FEEL's contexts are not part of the rule language",
                '@' => ": write a day as date(\"2026-01-31\")",
                '≤' => ": write <=",
                '≥' => ": write >=",
                '≠' => ": write !=",
                '–' | '−' => ": write -",
                '×' | '·' => ": write *",
                '“' | '”' | '„' => ": write \"",
                '%' => ": write a share as a decimal, such as 0.15",
                _ => "",
            };
            let span = Span {
                start,
                end: start + c.len_utf8(),
            };
            return Err(Wrong::new(
                span,
                format!("the character {c:?} has no meaning here{hint}"),
            ));
        };
        found.push((token, Span { start, end: at }));
    }
    found.push((
        Token::End,
        Span {
            start: text.len(),
            end: text.len(),
        },
    ));
    Ok(found)
}

/// Reads a text in double quotes; gives it and how many bytes it took.
fn quoted(rest: &str, start: usize) -> Result<(String, usize), Wrong> {
    let mut content = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return Ok((content, i + 1)),
            '\\' => match chars.next() {
                Some((_, 'n')) => content.push('\n'),
                Some((_, c @ ('"' | '\\'))) => content.push(c),
                _ => {
                    let span = Span {
                        start: start + i,
                        end: start + i + 1,
                    };
                    return Err(Wrong::new(span, "after a backslash only \", \\ or n may stand"));
                }
            },
            c => content.push(c),
        }
    }
    Err(Wrong::new(
        Span {
            start,
            end: start + 1,
        },
        "the text that begins here has no closing \"",
    ))
}
