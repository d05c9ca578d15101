//! The Markdown of a template before it is filled: whether what its author wrote can stand in a letter.

use crate::{LetterError, reader};

/// A template's text as it would be with some value in each place, and where its bytes stand in the template.
struct Filled {
    text: String,
    /// Where a piece begins in the text, and where in the template; ascending.
    pieces: Vec<(usize, usize)>,
}

impl Filled {
    fn add(&mut self, text: &str, at: usize) {
        if !text.is_empty() {
            self.pieces.push((self.text.len(), at));
            self.text.push_str(text);
        }
    }
    /// The byte of the template at which a byte of the text stands.
    fn place(&self, byte: usize) -> usize {
        let after = self.pieces.partition_point(|(begins, _)| *begins <= byte);
        let piece = after.checked_sub(1).and_then(|at| self.pieces.get(at));
        piece.map_or(0, |(begins, at)| at + (byte - begins))
    }
}

/// What stands between `{` and `}` of a template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Value,
    Statement,
    Comment,
}

/// The next mark from a byte on: what it is, where it begins and where it ends.
fn mark(template: &str, from: usize) -> Option<(Mark, usize, usize)> {
    let kinds = [
        ("{{", "}}", Mark::Value),
        ("{%", "%}", Mark::Statement),
        ("{#", "#}", Mark::Comment),
    ];
    let rest = &template[from..];
    let begins = |(open, _, _): &(&str, &str, Mark)| rest.find(open);
    let (open, close, kind) = kinds
        .into_iter()
        .filter(|it| begins(it).is_some())
        .min_by_key(begins)?;
    let start = from + rest.find(open)?;
    let end = template[start..].find(close)? + start + close.len();
    Some((kind, start, end))
}

/// All branches one after another, every loop once, a word for each value; lines with statements alone leave no trace, as when it is filled.
fn filled(template: &str) -> Filled {
    let mut filled = Filled {
        text: String::new(),
        pieces: Vec::new(),
    };
    let mut at = 0;
    while let Some((kind, start, end)) = mark(template, at) {
        let before = &template[at..start];
        // A statement takes the blanks before it in its line, and the end of the line after it.
        let alone = kind != Mark::Value;
        let kept = match before.rfind('\n') {
            Some(line) if alone && before[line + 1..].trim().is_empty() => &before[..=line],
            None if alone && at == 0 && before.trim().is_empty() => "",
            _ => before,
        };
        filled.add(kept, at);
        if kind == Mark::Value {
            filled.add("x", start);
        }
        at = end;
        if alone && template[at..].starts_with('\n') {
            at += 1;
        }
    }
    filled.add(&template[at..], at);
    filled
}

/// Everything in a template that cannot stand in a letter, each with the byte of the template at which it begins.
///
/// Each branch is looked at, whatever the values; how blocks (`:::`) open and close across branches shows only when it is filled.
pub fn check_markdown(template: &str) -> Vec<(usize, LetterError)> {
    let filled = filled(template);
    let mut found: Vec<(usize, LetterError)> = reader::read(&filled.text)
        .problems
        .into_iter()
        .map(|(byte, problem)| {
            let at = filled.place(byte);
            let line = template[..at].matches('\n').count() + 1;
            let problem = match problem {
                LetterError::Unsupported { found, .. } => LetterError::Unsupported { line, found },
                LetterError::Block { reason, .. } => LetterError::Block { line, reason },
                other => other,
            };
            (at, problem)
        })
        .collect();
    // One branch may open a block and another one too: only names that are none are certain.
    found.retain(|(at, problem)| match problem {
        LetterError::Block { .. } => {
            let name = template[*at..].lines().next().unwrap_or_default();
            let name = name.trim_start_matches(':').trim();
            !["", "left", "center", "right", "signature"].contains(&name) && !name.contains('{')
        }
        _ => true,
    });
    found.sort_by_key(|(at, _)| *at);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(template: &str) -> Vec<(&str, String)> {
        let mut found = Vec::new();
        for (at, problem) in check_markdown(template) {
            let here = template[at..].split([' ', '\n']).next().unwrap_or_default();
            found.push((here, problem.to_string()));
        }
        found
    }

    #[test]
    fn every_unsupported_place_of_every_branch_is_found_where_it_stands() {
        let template = "# {{ title }}\n\n{% if a %}\nsee [here](https://a.test) and `code`\n{% else %}\n\n    indented\n{% endif %}\n\n\
                        ::: middle\n<b>bold</b>\n:::\n";
        let found = places(template);
        let lines: Vec<&str> = found.iter().map(|(here, _)| *here).collect();
        assert_eq!(
            lines,
            [
                "[here](https://a.test)",
                "`code`",
                "indented",
                ":::",
                "<b>bold</b>",
                "</b>"
            ]
        );
        assert_eq!(
            found[0].1,
            "line 4 of the letter: a link cannot stand in a letter"
        );
        assert!(
            found[2].1.starts_with("line 7 of the letter: code"),
            "{}",
            found[2].1
        );
    }

    #[test]
    fn what_is_in_order_says_nothing() {
        let template = "::: center\n{{ a }}\n:::\n\n{% for row in rows %}\n| {{ row.a }} | {{ row.b }} |\n{% endfor %}\n\n{% if b %}\n\
                        1. **{{ c }}**\n{% endif %}\n{# <b>for people</b> #}\n";
        assert_eq!(places(template), []);
        // A block may begin in either branch.
        let either = "{% if a %}\n::: right\n{% else %}\n::: left\n{% endif %}\n{{ b }}\n:::\n";
        assert_eq!(places(either), []);
    }
}
