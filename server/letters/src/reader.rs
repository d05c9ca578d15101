//! Markdown to blocks. What letters do not have is kept as it was written, and the first such place is reported.

use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{Alignment, Event, OffsetIter, Options, Parser, Tag, TagEnd};

use crate::blocks::{Block, Place, Side, Span, Table};
use crate::template::NOTHING;
use crate::{LetterError, visible};

/// How deep lists and quotations may stand in one another.
const MAX_DEPTH: usize = 6;

/// What was read, and what cannot stand in a letter.
pub(crate) struct Reading {
    pub(crate) blocks: Vec<Block>,
    /// Each with the byte at which it begins, as they were met.
    pub(crate) problems: Vec<(usize, LetterError)>,
}

impl Reading {
    /// The first thing that cannot stand in a letter.
    pub(crate) fn problem(&self) -> Option<LetterError> {
        self.problems.first().map(|(_, problem)| problem.clone())
    }
}

/// Reads a letter's Markdown.
pub(crate) fn read(markdown: &str) -> Reading {
    let mut reading = Reading {
        blocks: Vec::new(),
        problems: Vec::new(),
    };
    // The place, its line, and the byte at which the line begins.
    let mut open: Option<(Place, usize, usize)> = None;
    let (mut from, mut line) = (0, 0);
    let mut at = 0;
    for (number, text) in (1..).zip(markdown.split_inclusive('\n')) {
        let end = at + text.len();
        if let Some(name) = text.trim_end().strip_prefix(":::") {
            section(
                &mut reading,
                (&markdown[from..at], from, line),
                open.map(|(place, _, _)| place),
            );
            let (next, complaint) = fence(name.trim(), open.is_some());
            open = next.map(|place| (place, number, at));
            if let Some(reason) = complaint {
                let problem = LetterError::Block { line: number, reason };
                reading.problems.push((at, problem));
            }
            (from, line) = (end, number);
        }
        at = end;
    }
    section(
        &mut reading,
        (&markdown[from..], from, line),
        open.map(|(place, _, _)| place),
    );
    if let Some((_, line, at)) = open {
        let reason = "this block has no closing :::";
        reading.problems.push((at, LetterError::Block { line, reason }));
    }
    reading
}

/// The place a `:::` line opens, and what is wrong with it.
fn fence(name: &str, inside: bool) -> (Option<Place>, Option<&'static str>) {
    let place = match name {
        "" if inside => return (None, None),
        "" => return (None, Some("::: closes a block that was never opened")),
        "left" => Place::Left,
        "center" => Place::Center,
        "right" => Place::Right,
        "signature" => Place::Signature,
        _ => return (None, Some("a block is called left, center, right or signature")),
    };
    (
        Some(place),
        inside.then_some("blocks do not nest: close the one before with :::"),
    )
}

/// Reads the Markdown between two fences; so many bytes and lines stand before it.
fn section(reading: &mut Reading, (markdown, at, line): (&str, usize, usize), place: Option<Place>) {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES)
        .into_offset_iter()
        .peekable();
    let mut reader = Reader {
        events,
        markdown,
        at,
        line,
        problems: Vec::new(),
    };
    let blocks = reader.blocks(0);
    reading.problems.append(&mut reader.problems);
    match place {
        Some(place) if !blocks.is_empty() => reading.blocks.push(Block::Placed(place, blocks)),
        _ => reading.blocks.extend(blocks),
    }
}

struct Reader<'a> {
    events: Peekable<OffsetIter<'a>>,
    markdown: &'a str,
    /// Bytes before it.
    at: usize,
    /// Lines before it.
    line: usize,
    problems: Vec<(usize, LetterError)>,
}

impl<'a> Reader<'a> {
    /// Blocks up to the end of the one that holds them.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        // A tight list's item holds text without a paragraph around it.
        let mut loose = Words::default();
        while let Some((event, range)) = self.events.next() {
            let block = match event {
                Event::End(end) if !matches!(end, TagEnd::Emphasis | TagEnd::Strong) => break,
                Event::Rule => Block::Rule,
                Event::Start(Tag::Paragraph) => Block::Paragraph(self.words()),
                Event::Start(Tag::Heading { level, .. }) => Block::Heading {
                    level: level as u8,
                    words: self.words(),
                },
                Event::Start(Tag::BlockQuote(_) | Tag::List(_)) if depth >= MAX_DEPTH => {
                    Block::Paragraph(self.refuse("so much inside one another", range, true))
                }
                Event::Start(Tag::BlockQuote(_)) => Block::Quote(self.blocks(depth + 1)),
                Event::Start(Tag::List(start)) => self.list(start, depth + 1),
                Event::Start(Tag::Table(sides)) => Block::Table(self.table(&sides)),
                Event::Start(Tag::CodeBlock(_)) => {
                    Block::Paragraph(self.refuse("code (or a line indented by four spaces)", range, true))
                }
                Event::Start(Tag::HtmlBlock) => Block::Paragraph(self.refuse("HTML", range, true)),
                other => {
                    self.inline(other, range, &mut loose);
                    continue;
                }
            };
            loose.flush_into(&mut blocks);
            push(&mut blocks, block);
        }
        loose.flush_into(&mut blocks);
        blocks
    }

    fn list(&mut self, start: Option<u64>, depth: usize) -> Block {
        let (mut items, mut tight) = (Vec::new(), true);
        while let Some((Event::Start(Tag::Item), _)) = self.events.next() {
            // Only in a loose list does an item begin with a paragraph.
            tight &= !matches!(self.events.peek(), Some((Event::Start(Tag::Paragraph), _)));
            items.push(self.blocks(depth));
        }
        Block::List { start, tight, items }
    }

    fn table(&mut self, sides: &[Alignment]) -> Table {
        let sides: Vec<Side> = sides
            .iter()
            .map(|side| match side {
                Alignment::Center => Side::Center,
                Alignment::Right => Side::Right,
                Alignment::Left | Alignment::None => Side::Left,
            })
            .collect();
        let (mut head, mut rows) = (Vec::new(), Vec::new());
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead) => head = self.cells(sides.len()),
                Event::Start(Tag::TableRow) => rows.push(self.cells(sides.len())),
                _ => break,
            }
        }
        Table { sides, head, rows }
    }

    fn cells(&mut self, columns: usize) -> Vec<Vec<Span>> {
        let mut cells = Vec::with_capacity(columns);
        while let Some((Event::Start(Tag::TableCell), _)) = self.events.next() {
            cells.push(self.words());
        }
        cells.resize(columns, Vec::new());
        cells
    }

    /// Words up to the end of the block that holds them.
    fn words(&mut self) -> Vec<Span> {
        let (mut words, mut depth) = (Words::default(), 0_usize);
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::Start(Tag::Emphasis | Tag::Strong) => depth += 1,
                Event::End(_) if depth == 0 => break,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            self.inline(event, range, &mut words);
        }
        words.finish()
    }

    fn inline(&mut self, event: Event<'a>, range: Range<usize>, words: &mut Words) {
        match event {
            Event::Text(text) => words.push(&visible::visible(&text.replace(NOTHING, ""))),
            Event::SoftBreak => words.push(" "),
            Event::HardBreak => words.push("\n"),
            Event::Start(Tag::Emphasis) => words.emphasis += 1,
            Event::End(TagEnd::Emphasis) => words.emphasis -= 1,
            Event::Start(Tag::Strong) => words.strong += 1,
            Event::End(TagEnd::Strong) => words.strong -= 1,
            Event::Code(_) => words.extend(self.refuse("code", range, false)),
            Event::Start(Tag::Link { .. }) => words.extend(self.refuse("a link", range, true)),
            Event::Start(Tag::Image { .. }) => words.extend(self.refuse("a picture", range, true)),
            Event::Start(_) => words.extend(self.refuse("this Markdown", range, true)),
            Event::Html(_) | Event::InlineHtml(_) => words.extend(self.refuse("HTML", range, false)),
            _ => words.extend(self.refuse("this Markdown", range, false)),
        }
    }

    /// Notes what cannot stand in a letter, passes over it, and gives it as it was written.
    fn refuse(&mut self, found: &'static str, range: Range<usize>, opened: bool) -> Vec<Span> {
        let line = self.line + 1 + self.markdown[..range.start].matches('\n').count();
        let problem = LetterError::Unsupported { line, found };
        self.problems.push((self.at + range.start, problem));
        let mut depth = usize::from(opened);
        while depth > 0 {
            match self.events.next() {
                Some((Event::Start(_), _)) => depth += 1,
                Some((Event::End(_), _)) => depth -= 1,
                Some(_) => {}
                None => break,
            }
        }
        vec![Span {
            text: visible::visible(&self.markdown[range]),
            ..Span::default()
        }]
    }
}

/// Text as it gathers, in the style that holds.
#[derive(Default)]
struct Words {
    spans: Vec<Span>,
    strong: usize,
    emphasis: usize,
}

impl Words {
    fn push(&mut self, text: &str) {
        let (strong, emphasis) = (self.strong > 0, self.emphasis > 0);
        match self.spans.last_mut() {
            Some(last) if last.strong == strong && last.emphasis == emphasis => last.text.push_str(text),
            _ => self.spans.push(Span {
                text: text.to_owned(),
                strong,
                emphasis,
            }),
        }
    }

    fn extend(&mut self, spans: Vec<Span>) {
        for span in spans {
            self.push(&span.text);
        }
    }

    /// The words without what is empty; nothing where they say nothing.
    fn finish(mut self) -> Vec<Span> {
        self.spans.retain(|span| !span.text.is_empty());
        if self.spans.iter().all(|span| span.text.trim().is_empty()) {
            Vec::new()
        } else {
            self.spans
        }
    }

    fn flush_into(&mut self, blocks: &mut Vec<Block>) {
        push(blocks, Block::Paragraph(std::mem::take(self).finish()));
    }
}

/// Adds a block that says something.
fn push(blocks: &mut Vec<Block>, block: Block) {
    match &block {
        Block::Paragraph(words) | Block::Heading { words, .. } if words.is_empty() => {}
        _ => blocks.push(block),
    }
}
