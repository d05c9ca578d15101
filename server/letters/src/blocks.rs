//! A letter as blocks: what the reader makes of Markdown, and what all three outputs set.

/// A stretch of text in one style; a `\n` in it is a hard break.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) text: String,
    pub(crate) strong: bool,
    pub(crate) emphasis: bool,
}

/// Where lines or a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Center,
    Right,
}

/// How a `:::` block stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Left,
    Center,
    Right,
    /// On the right half, centred in it.
    Signature,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Heading {
        level: u8,
        words: Vec<Span>,
    },
    Paragraph(Vec<Span>),
    List {
        start: Option<u64>,
        tight: bool,
        items: Vec<Vec<Block>>,
    },
    Table(Table),
    Quote(Vec<Block>),
    Rule,
    Placed(Place, Vec<Block>),
}

/// A table; every row, `head` too, has as many cells as `sides`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) sides: Vec<Side>,
    pub(crate) head: Vec<Vec<Span>>,
    pub(crate) rows: Vec<Vec<Vec<Span>>>,
}

impl Table {
    /// Whether the table has a heading; one without has its first column as headings.
    pub(crate) fn has_head(&self) -> bool {
        self.head.iter().any(|cell| !cell.is_empty())
    }
}

/// The text of some spans without their style.
pub(crate) fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}
