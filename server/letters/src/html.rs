//! A letter as one HTML document: structure first, so that a screen reader finds its way; no scripts, nothing fetched.

use std::fmt::Write as _;

use crate::blocks::{Block, Place, Side, Span, Table, plain};
use crate::{Letter, spaced, visible};

const STYLE: &str = "body{font-family:'Libertinus Serif',Georgia,serif;line-height:1.45;max-width:42em;margin:2em auto;padding:0 1em}\
h1,h2,.center{text-align:center}.right{text-align:right}.signature{margin-left:50%;text-align:center}\
.spaced{letter-spacing:.3em}.pair{letter-spacing:0}\
table{border-collapse:collapse;width:100%}th,td{padding:.25em .5em;border-bottom:1px solid;vertical-align:top;text-align:left}\
td.right,th.right{text-align:right}td.center,th.center{text-align:center}";

/// Writes the document.
pub(crate) fn write(letter: &Letter, blocks: &[Block]) -> String {
    let mut body = String::new();
    set(&mut body, blocks, &letter.language, false);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"dcterms.date\" content=\"{}\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escaped(&letter.language),
        letter.date,
        escaped(&letter.title),
    )
}

fn set(out: &mut String, blocks: &[Block], language: &str, tight: bool) {
    for block in blocks {
        match block {
            Block::Heading { level, words } => heading(out, *level, words, language),
            Block::Paragraph(words) if tight => {
                spans(out, words);
                out.push('\n');
            }
            Block::Paragraph(words) => {
                out.push_str("<p>");
                spans(out, words);
                out.push_str("</p>\n");
            }
            Block::List { start, tight, items } => list(out, *start, *tight, items, language),
            Block::Table(table) => self::table(out, table),
            Block::Quote(inner) => {
                out.push_str("<blockquote>\n");
                set(out, inner, language, false);
                out.push_str("</blockquote>\n");
            }
            Block::Rule => out.push_str("<hr>\n"),
            Block::Placed(place, inner) => {
                let class = match place {
                    Place::Left => "left",
                    Place::Center => "center",
                    Place::Right => "right",
                    Place::Signature => "signature",
                };
                let _ = writeln!(out, "<div class=\"{class}\">");
                set(out, inner, language, false);
                out.push_str("</div>\n");
            }
        }
    }
}

/// A spaced title keeps its word whole, so that it is read as a word; the spacing is only style.
fn heading(out: &mut String, level: u8, words: &[Span], language: &str) {
    match spaced::letters(&plain(words), level, language) {
        Some(letters) => {
            let _ = write!(out, "<h{level} class=\"spaced\">");
            for letter in letters {
                let mut signs = letter.chars();
                match (signs.next(), signs.as_str()) {
                    (Some(first), rest) if !rest.is_empty() => {
                        let _ = write!(out, "<span class=\"pair\">{first}</span>{rest}");
                    }
                    _ => out.push_str(&letter),
                }
            }
        }
        None => {
            let _ = write!(out, "<h{level}>");
            spans(out, words);
        }
    }
    let _ = writeln!(out, "</h{level}>");
}

fn list(out: &mut String, start: Option<u64>, tight: bool, items: &[Vec<Block>], language: &str) {
    let name = if start.is_some() { "ol" } else { "ul" };
    match start {
        Some(start) if start != 1 => {
            let _ = writeln!(out, "<ol start=\"{start}\">");
        }
        _ => {
            let _ = writeln!(out, "<{name}>");
        }
    }
    for item in items {
        out.push_str("<li>");
        set(out, item, language, tight);
        out.push_str("</li>\n");
    }
    let _ = writeln!(out, "</{name}>");
}

fn table(out: &mut String, table: &Table) {
    out.push_str("<table>\n");
    if table.has_head() {
        out.push_str("<thead>\n");
        row(out, &table.head, &table.sides, |_| Some("col"));
        out.push_str("</thead>\n");
    }
    out.push_str("<tbody>\n");
    for cells in &table.rows {
        row(out, cells, &table.sides, |n| {
            (n == 0 && !table.has_head()).then_some("row")
        });
    }
    out.push_str("</tbody>\n</table>\n");
}

/// A row; `heads` says which of its cells are headings, and of what.
fn row(out: &mut String, cells: &[Vec<Span>], sides: &[Side], heads: impl Fn(usize) -> Option<&'static str>) {
    out.push_str("<tr>");
    for (n, (cell, side)) in cells.iter().zip(sides).enumerate() {
        let class = match side {
            Side::Left => "",
            Side::Center => " class=\"center\"",
            Side::Right => " class=\"right\"",
        };
        let (open, close) = match heads(n) {
            Some(scope) => (format!("th scope=\"{scope}\""), "th"),
            None => ("td".to_owned(), "td"),
        };
        let _ = write!(out, "<{open}{class}>");
        spans(out, cell);
        let _ = write!(out, "</{close}>");
    }
    out.push_str("</tr>\n");
}

fn spans(out: &mut String, spans: &[Span]) {
    for span in spans {
        let text = span
            .text
            .split('\n')
            .map(escaped)
            .collect::<Vec<_>>()
            .join("<br>\n");
        let (open, close) = match (span.strong, span.emphasis) {
            (false, false) => ("", ""),
            (true, false) => ("<strong>", "</strong>"),
            (false, true) => ("<em>", "</em>"),
            (true, true) => ("<strong><em>", "</em></strong>"),
        };
        let _ = write!(out, "{open}{text}{close}");
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible::visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
