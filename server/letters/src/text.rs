//! A letter for the terminal: plain lines, wrapped by the width characters take on the screen.

use unicode_width::UnicodeWidthChar;

use crate::blocks::{Block, Place, Side, Span, Table, plain};
use crate::{spaced, visible};

/// Sets the blocks `width` columns wide.
pub(crate) fn write(blocks: &[Block], language: &str, width: usize) -> String {
    let mut lines = set(blocks, language, width, Side::Left, false);
    for line in &mut lines {
        line.truncate(line.trim_end().len());
        line.push('\n');
    }
    lines.concat()
}

/// Blocks as lines, with an empty line between them unless they stand tight.
fn set(blocks: &[Block], language: &str, width: usize, side: Side, tight: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        if !lines.is_empty() && !tight {
            lines.push(String::new());
        }
        match block {
            Block::Heading { level, words } => {
                let text = plain(words);
                let text = spaced::letters(&text, *level, language).map_or(text, |letters| letters.join(" "));
                let side = if *level <= 2 { Side::Center } else { side };
                lines.extend(wrap(&text, width).iter().map(|line| aligned(line, width, side)));
            }
            Block::Paragraph(words) => {
                lines.extend(
                    wrap(&plain(words), width)
                        .iter()
                        .map(|line| aligned(line, width, side)),
                );
            }
            Block::List { start, tight, items } => lines.extend(list(*start, *tight, items, language, width)),
            Block::Table(table) => lines.extend(self::table(table, width)),
            Block::Quote(inner) => {
                let inner = set(inner, language, inside(width, 2), side, false);
                lines.extend(inner.iter().map(|line| format!("│ {line}")));
            }
            Block::Rule => lines.push("─".repeat(width)),
            Block::Placed(place, inner) => lines.extend(placed(*place, inner, language, width)),
        }
    }
    lines
}

fn placed(place: Place, blocks: &[Block], language: &str, width: usize) -> Vec<String> {
    let side = match place {
        Place::Left => Side::Left,
        Place::Center => Side::Center,
        Place::Right => Side::Right,
        Place::Signature => {
            let half = width / 2;
            let lines = set(blocks, language, half, Side::Center, false);
            return lines
                .iter()
                .map(|line| format!("{}{line}", " ".repeat(width - half)))
                .collect();
        }
    };
    set(blocks, language, width, side, false)
}

fn list(start: Option<u64>, tight: bool, items: &[Vec<Block>], language: &str, width: usize) -> Vec<String> {
    let markers: Vec<String> = (0_u64..).zip(items).map(|(n, _)| marker(start, n)).collect();
    let indent = markers.iter().map(|m| m.chars().count()).max().unwrap_or(0) + 1;
    let mut lines = Vec::new();
    for (marker, item) in markers.iter().zip(items) {
        if !lines.is_empty() && !tight {
            lines.push(String::new());
        }
        let inner = set(item, language, inside(width, indent), Side::Left, tight);
        let first = inner.first().map(String::as_str).unwrap_or_default();
        lines.push(format!("{marker:>at$} {first}", at = indent - 1));
        lines.extend(
            inner
                .iter()
                .skip(1)
                .map(|line| format!("{}{line}", " ".repeat(indent))),
        );
    }
    lines
}

/// What stands before the `n`-th item (from 0) of a list that begins with `start`.
pub(crate) fn marker(start: Option<u64>, n: u64) -> String {
    start.map_or_else(|| "–".to_owned(), |start| format!("{}.", start.saturating_add(n)))
}

/// What is left of a width for what is indented; never nothing.
fn inside(width: usize, indent: usize) -> usize {
    width.saturating_sub(indent).max(8)
}

const GAP: usize = 2;

fn table(table: &Table, width: usize) -> Vec<String> {
    let cells = |row: &[Vec<Span>]| row.iter().map(|cell| plain(cell)).collect::<Vec<String>>();
    let head = cells(&table.head);
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| cells(row)).collect();
    let natural: Vec<usize> = (0..head.len())
        .map(|n| {
            let column = std::iter::once(&head).chain(&rows).filter_map(|row| row.get(n));
            column
                .flat_map(|cell| cell.split('\n'))
                .map(columns)
                .max()
                .unwrap_or(0)
                .max(1)
        })
        .collect();
    let Some(widths) = shares(&natural, width) else {
        return stacked(&head, &rows, width);
    };
    let mut lines = Vec::new();
    if table.has_head() {
        lines.extend(row(&head, &widths, &table.sides));
        let bars: Vec<String> = widths.iter().map(|w| "─".repeat(*w)).collect();
        lines.push(bars.join(&" ".repeat(GAP)));
    }
    for cells in &rows {
        lines.extend(row(cells, &widths, &table.sides));
    }
    lines
}

/// The columns' widths: their own where all fit, else the widest ones cut to a common measure; `None` where that would leave a column
/// too narrow to read.
fn shares(natural: &[usize], width: usize) -> Option<Vec<usize>> {
    let room = width.checked_sub(GAP * natural.len().saturating_sub(1))?;
    let cut = |cap: usize| natural.iter().map(|n| (*n).min(cap)).sum::<usize>();
    let cap = (1..=width).rev().find(|cap| cut(*cap) <= room)?;
    let widest = natural.iter().max().copied().unwrap_or(0);
    if cap < widest.min(6) {
        return None;
    }
    let mut widths: Vec<usize> = natural.iter().map(|n| (*n).min(cap)).collect();
    // What the common measure leaves over goes to the first column that wants it.
    let mut left = room - widths.iter().sum::<usize>();
    for (width, natural) in widths.iter_mut().zip(natural) {
        let more = left.min(natural - *width);
        *width += more;
        left -= more;
    }
    Some(widths)
}

fn row(cells: &[String], widths: &[usize], sides: &[Side]) -> Vec<String> {
    let wrapped: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, w)| wrap(cell, *w)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|n| {
            let parts = wrapped
                .iter()
                .zip(widths)
                .zip(sides)
                .map(|((cell, width), side)| {
                    let text = aligned(cell.get(n).map_or("", String::as_str), *width, *side);
                    let rest = width.saturating_sub(columns(&text));
                    text + &" ".repeat(rest)
                });
            parts.collect::<Vec<_>>().join(&" ".repeat(GAP))
        })
        .collect()
}

/// A table with more columns than the screen holds: each row as lines of "heading: value".
fn stacked(head: &[String], rows: &[Vec<String>], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for row in rows {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        for (name, value) in head.iter().zip(row) {
            let name = if name.is_empty() {
                String::new()
            } else {
                format!("{name}: ")
            };
            lines.extend(wrap(&format!("{name}{value}"), width));
        }
    }
    lines
}

fn aligned(line: &str, width: usize, side: Side) -> String {
    let room = width.saturating_sub(columns(line));
    let before = match side {
        Side::Left => 0,
        Side::Center => room / 2,
        Side::Right => room,
    };
    format!("{}{line}", " ".repeat(before))
}

/// The columns a text takes on the screen: none for combining marks, two for wide characters.
fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Breaks text at spaces (and at its own line breaks), a word that is too long anywhere but before a combining mark.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let (mut line, mut used) = (String::new(), 0);
        for word in words(paragraph, width) {
            let need = columns(&word);
            if used > 0 && used + 1 + need > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            for c in word.chars() {
                let take = c.width().unwrap_or(0);
                if used > 0 && used + take > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += take;
            }
        }
        lines.push(line);
    }
    lines
}

/// The words of a line; a date or an amount is one word where it fits on a line.
fn words(line: &str, width: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last) if together(last, word) && columns(last) + 1 + columns(word) <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn together(before: &str, after: &str) -> bool {
    match (before.chars().next_back(), after.chars().next()) {
        (Some(before), Some(after)) => visible::stays_together(before, after),
        _ => false,
    }
}
