//! Filling pages: blocks one under the other, with the structure a screen reader follows.

use super::set::{Line, Setter, Style};
use crate::MAX_PAGES;
use crate::blocks::{Block, Place, Side, Span, plain};
use crate::{spaced, text};

/// A4 in points, and its margins.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
pub(super) const EDGE: f32 = 71.0;
pub(super) const TOP: f32 = 62.0;
const BOTTOM: f32 = HEIGHT - 72.0;

const BODY: Style = Style {
    size: 11.5,
    leading: 15.5,
    strong: false,
    side: Side::Left,
};

/// What a part of the structure is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    Heading { level: u16, title: String },
    Paragraph,
    List { numbered: bool },
    Item,
    Label,
    Body,
    Quote,
    Division,
    Table,
    Head,
    Rows,
    Row,
    ColumnHead,
    RowHead,
    Cell,
}

/// A part of the structure. Its content is what pieces point to it.
pub(super) struct Node {
    pub(super) role: Role,
    pub(super) children: Vec<usize>,
}

/// Something placed on a page; what belongs to no node is decoration.
pub(super) struct Piece {
    pub(super) node: Option<usize>,
    pub(super) what: What,
}

pub(super) enum What {
    /// A line in a column that begins at `x`, with its top at `y`.
    Text {
        x: f32,
        y: f32,
        line: Line,
    },
    Bar {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
    /// An empty cell, so that every row of a table has all its cells.
    Nothing,
}

/// A place in the outline.
pub(super) struct Mark {
    pub(super) title: String,
    pub(super) page: usize,
    pub(super) y: f32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) x: f32,
    pub(super) width: f32,
}

/// A list's number or dash, waiting for the first line of its item.
struct Marker {
    node: usize,
    x: f32,
    line: Line,
}

pub(super) struct Flow<'a> {
    pub(super) setter: Setter,
    pub(super) pages: Vec<Vec<Piece>>,
    pub(super) nodes: Vec<Node>,
    /// The outermost nodes.
    pub(super) roots: Vec<usize>,
    pub(super) marks: Vec<Mark>,
    /// More pages were needed than letters may have.
    pub(super) overflow: bool,
    pub(super) y: f32,
    space: f32,
    level: u16,
    markers: Vec<Marker>,
    language: &'a str,
}

impl<'a> Flow<'a> {
    pub(super) fn new(setter: Setter, language: &'a str) -> Self {
        Self {
            setter,
            pages: vec![Vec::new()],
            nodes: Vec::new(),
            roots: Vec::new(),
            marks: Vec::new(),
            overflow: false,
            y: TOP,
            space: 0.0,
            level: 0,
            markers: Vec::new(),
            language,
        }
    }

    pub(super) fn letter(&mut self, blocks: &[Block]) {
        self.blocks(
            blocks,
            Column {
                x: EDGE,
                width: WIDTH - 2.0 * EDGE,
            },
            Side::Left,
            None,
            7.0,
        );
    }

    /// Blocks with at least `gap` points between them.
    fn blocks(&mut self, blocks: &[Block], column: Column, side: Side, parent: Option<usize>, gap: f32) {
        let mut rest = blocks;
        while let ([block, after @ ..], false) = (rest, self.overflow) {
            self.gap(gap);
            rest = after;
            // A signature alone on a page would sign nothing.
            let (short, signature) = match (block, after.first()) {
                (Block::Paragraph(words), Some(next @ Block::Placed(Place::Signature, _))) => {
                    (plain(words).len() < 900, Some(next))
                }
                _ => (false, None),
            };
            match signature {
                Some(signature) if short => {
                    rest = after.get(1..).unwrap_or_default();
                    self.together(parent, |flow| {
                        flow.block(block, column, side, parent);
                        flow.gap(gap);
                        flow.block(signature, column, side, parent);
                    });
                }
                _ => self.block(block, column, side, parent),
            }
        }
    }

    fn block(&mut self, block: &Block, column: Column, side: Side, parent: Option<usize>) {
        match block {
            Block::Heading { level, words } => self.heading(*level, words, column, side, parent),
            Block::Paragraph(words) => {
                let lines = self.setter.lines(words, Style { side, ..BODY }, column.width);
                let node = self.node(Role::Paragraph, parent);
                self.lines(node, lines, column.x);
            }
            Block::List { start, tight, items } => self.list(*start, *tight, items, column, parent),
            Block::Table(table) => {
                self.flush_markers();
                self.table(table, column, parent);
                self.gap(10.0);
            }
            Block::Quote(inner) => {
                let node = self.node(Role::Quote, parent);
                let inset = 18.0_f32.min(column.width / 8.0);
                let column = Column {
                    x: column.x + inset,
                    width: column.width - 2.0 * inset,
                };
                self.blocks(inner, column, side, Some(node), 5.0);
            }
            Block::Rule => {
                self.flush_markers();
                self.room(8.0);
                let bar = What::Bar {
                    x: column.x,
                    y: self.y + 4.0,
                    width: column.width,
                    height: 0.5,
                };
                self.put(None, bar);
                self.y += 8.0;
            }
            Block::Placed(place, inner) => {
                let half = column.width / 2.0;
                let right = Column {
                    x: column.x + half,
                    width: half,
                };
                // Between the lines of a signature there is room for the hand that signs.
                let (column, side, gap) = match place {
                    Place::Left => (column, Side::Left, 7.0),
                    Place::Center => (column, Side::Center, 5.0),
                    Place::Right => (column, Side::Right, 7.0),
                    Place::Signature => (right, Side::Center, 16.0),
                };
                if *place == Place::Signature {
                    self.gap(22.0);
                }
                let node = self.node(Role::Division, parent);
                self.together(Some(node), |flow| {
                    flow.blocks(inner, column, side, Some(node), gap)
                });
                self.gap(14.0);
            }
        }
    }

    fn heading(&mut self, level: u8, words: &[Span], column: Column, side: Side, parent: Option<usize>) {
        let (size, before, after) = match level {
            1 => (16.0, 20.0, 12.0),
            2 => (12.5, 16.0, 8.0),
            _ => (11.5, 10.0, 4.0),
        };
        let side = if level <= 2 { Side::Center } else { side };
        let style = Style {
            size,
            leading: size * 1.3,
            strong: true,
            side,
        };
        let title = plain(words).replace('\n', " ");
        let lines = match spaced::letters(&title, level, self.language) {
            Some(letters) => self.setter.spaced(&letters, style, column.width),
            None => self.setter.lines(words, style, column.width),
        };
        self.gap(before);
        // A heading stays with the first lines under it.
        let height: f32 = lines.iter().map(|line| line.height).sum();
        self.room(height + after + 2.0 * BODY.leading);
        // Structure may not skip a level, whatever the letter's look asks for.
        self.level = u16::from(level).min(self.level + 1);
        self.marks.push(Mark {
            title: title.clone(),
            page: self.pages.len() - 1,
            y: self.y,
        });
        let node = self.node(
            Role::Heading {
                level: self.level,
                title,
            },
            parent,
        );
        self.lines(node, lines, column.x);
        self.gap(after);
    }

    fn list(
        &mut self,
        start: Option<u64>,
        tight: bool,
        items: &[Vec<Block>],
        column: Column,
        parent: Option<usize>,
    ) {
        let list = self.node(
            Role::List {
                numbered: start.is_some(),
            },
            parent,
        );
        // The last number is the longest.
        let last = u64::try_from(items.len()).unwrap_or(u64::MAX).saturating_sub(1);
        let widest = self.label(start, last).map_or(0.0, |label| label.width);
        let indent = (widest + 4.0).min(column.width / 2.0);
        let inner = Column {
            x: column.x + indent,
            width: column.width - indent,
        };
        let gap = if tight { 2.0 } else { 6.0 };
        for (n, item) in (0_u64..).zip(items) {
            if self.overflow {
                return;
            }
            self.gap(gap);
            let node = self.node(Role::Item, Some(list));
            let marker = self.node(Role::Label, Some(node));
            if let Some(line) = self.label(start, n) {
                let x = column.x + (widest - line.width).max(0.0);
                self.markers.push(Marker {
                    node: marker,
                    x,
                    line,
                });
            }
            let body = self.node(Role::Body, Some(node));
            self.blocks(item, inner, Side::Left, Some(body), gap);
            self.flush_markers();
        }
    }

    fn label(&mut self, start: Option<u64>, n: u64) -> Option<Line> {
        let label = Span {
            text: format!("{} ", text::marker(start, n)),
            ..Span::default()
        };
        self.setter.lines(&[label], BODY, WIDTH).into_iter().next()
    }

    /// Places lines, two at least on either side of a page break where there are as many.
    fn lines(&mut self, node: usize, lines: Vec<Line>, x: f32) {
        let mut rest = lines.into_iter();
        while rest.len() > 0 {
            let height = rest.as_slice().first().map_or(BODY.leading, |line| line.height);
            let start = self.y + if self.fresh() { 0.0 } else { self.space };
            let mut fit = (0..rest.len())
                .take_while(|n| start + height * (*n as f32 + 1.0) <= BOTTOM)
                .count();
            if fit < rest.len() {
                if rest.len() - fit == 1 {
                    fit = fit.saturating_sub(1);
                }
                if fit < 2 && !self.fresh() {
                    fit = 0;
                }
                if fit == 0 && self.fresh() {
                    fit = 1;
                }
            }
            for line in rest.by_ref().take(fit) {
                self.line(node, line, x);
            }
            if rest.len() > 0 {
                self.new_page();
            }
        }
    }

    fn line(&mut self, node: usize, line: Line, x: f32) {
        self.settle();
        let y = self.y;
        for marker in std::mem::take(&mut self.markers) {
            self.put(
                Some(marker.node),
                What::Text {
                    x: marker.x,
                    y,
                    line: marker.line,
                },
            );
        }
        self.y += line.height;
        self.put(Some(node), What::Text { x, y, line });
    }

    /// Numbers whose item has no line of its own stand on one.
    fn flush_markers(&mut self) {
        if let Some(height) = self.markers.first().map(|marker| marker.line.height) {
            self.room(height);
            let y = self.y;
            for marker in std::mem::take(&mut self.markers) {
                self.put(
                    Some(marker.node),
                    What::Text {
                        x: marker.x,
                        y,
                        line: marker.line,
                    },
                );
            }
            self.y += height;
        }
    }

    /// Runs `fill`, and runs it again on a new page if a page broke within it.
    fn together(&mut self, parent: Option<usize>, fill: impl Fn(&mut Self)) {
        let (pages, pieces) = (self.pages.len(), self.pages.last().map_or(0, Vec::len));
        let (nodes, marks, level) = (self.nodes.len(), self.marks.len(), self.level);
        let fresh = self.fresh();
        let waiting = self.markers.len();
        fill(self);
        // Waiting list numbers have been placed with the first try, so such a block stays where it is.
        if self.pages.len() == pages || fresh || waiting > 0 {
            return;
        }
        self.pages.truncate(pages);
        if let Some(page) = self.pages.last_mut() {
            page.truncate(pieces);
        }
        self.nodes.truncate(nodes);
        self.marks.truncate(marks);
        self.level = level;
        self.siblings(parent).retain(|child| *child < nodes);
        self.new_page();
        fill(self);
    }

    fn siblings(&mut self, parent: Option<usize>) -> &mut Vec<usize> {
        match parent.and_then(|parent| self.nodes.get_mut(parent)) {
            Some(node) => &mut node.children,
            None => &mut self.roots,
        }
    }

    pub(super) fn node(&mut self, role: Role, parent: Option<usize>) -> usize {
        let node = self.nodes.len();
        self.siblings(parent).push(node);
        self.nodes.push(Node {
            role,
            children: Vec::new(),
        });
        node
    }

    pub(super) fn put(&mut self, node: Option<usize>, what: What) {
        if let Some(page) = self.pages.last_mut() {
            page.push(Piece { node, what });
        }
    }

    /// Asks for at least this much space before what comes next.
    fn gap(&mut self, points: f32) {
        self.space = self.space.max(points);
    }

    /// Takes the space asked for; none at the top of a page.
    fn settle(&mut self) {
        if !self.fresh() {
            self.y += self.space;
        }
        self.space = 0.0;
    }

    /// Takes the space asked for and begins a new page where less than `height` is left.
    pub(super) fn room(&mut self, height: f32) {
        self.settle();
        if self.left() < height && !self.fresh() {
            self.new_page();
        }
    }

    /// What is left of the page, in points.
    pub(super) fn left(&self) -> f32 {
        BOTTOM - self.y
    }

    pub(super) fn fresh(&self) -> bool {
        self.y <= TOP
    }

    pub(super) fn new_page(&mut self) {
        self.y = TOP;
        self.space = 0.0;
        if self.pages.len() < MAX_PAGES {
            self.pages.push(Vec::new());
        } else {
            // The letter will be refused; what is set from here on is thrown away.
            self.overflow = true;
            if let Some(page) = self.pages.last_mut() {
                page.clear();
            }
        }
    }
}
