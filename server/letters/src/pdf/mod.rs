//! A letter as PDF/A-2a and PDF/UA-1: for the archive, and for readers who listen.
#![expect(
    clippy::float_arithmetic,
    reason = "these are points on a sheet of paper; no amount of money is calculated here"
)]

mod flow;
mod fonts;
mod set;
mod table;

use std::num::NonZeroU16;

use krilla::color::luma;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node as TagNode, TableHeaderScope, Tag,
    TagGroup, TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};

use crate::blocks::{Block, Side, Span};
use crate::{Letter, LetterError, MAX_PAGES, visible};
use flow::{EDGE, Flow, HEIGHT, Node, Piece, Role, WIDTH, What};
use set::{Line, Setter, Style};

/// Sets the letter. The same letter gives the same bytes.
pub(crate) fn write(letter: &Letter, blocks: &[Block]) -> Result<Vec<u8>, LetterError> {
    let fonts =
        fonts::bundled().ok_or_else(|| LetterError::Pdf("the bundled fonts cannot be read".into()))?;
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|e| LetterError::Pdf(format!("{e:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    });

    let title = visible::visible(letter.title.trim());
    if title.is_empty() {
        return Err(LetterError::Pdf("it has no title".into()));
    }
    let mut flow = Flow::new(Setter::new(fonts, &letter.language), &letter.language);
    flow.letter(blocks);
    if flow.overflow {
        return Err(LetterError::TooLarge {
            limit: MAX_PAGES,
            unit: "pages",
        });
    }

    let count = flow.pages.len();
    let mut content: Vec<Vec<Identifier>> = flow.nodes.iter().map(|_| Vec::new()).collect();
    for (n, pieces) in flow.pages.iter().enumerate() {
        let settings =
            PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| LetterError::Pdf("no such page".into()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill {
            paint: luma::Color::black().into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::default(),
        }));
        draw(&mut surface, pieces, &mut content);
        footer(&mut surface, &mut flow.setter, &title, n + 1, count);
        surface.finish();
        page.finish();
    }

    let mut tree = TagTree::new().with_lang(Some(letter.language.clone()));
    for root in &flow.roots {
        if let Some(group) = group(&flow.nodes, &mut content, *root) {
            tree.push(group);
        }
    }
    document.set_tag_tree(tree);
    document.set_outline(outline(&flow, &title));
    document.set_metadata(
        Metadata::new()
            .title(title)
            .language(letter.language.clone())
            .creator("Karton".into())
            .creation_date(date(letter.date)),
    );
    document.finish().map_err(|e| LetterError::Pdf(e.to_string()))
}

/// Draws a page's pieces, each stretch of one node's as one piece of tagged content.
fn draw(surface: &mut Surface<'_>, pieces: &[Piece], content: &mut [Vec<Identifier>]) {
    for stretch in pieces.chunk_by(|a, b| a.node == b.node) {
        let node = stretch.first().and_then(|piece| piece.node);
        let tag = match node {
            Some(_) => ContentTag::Other,
            None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        };
        let identifier = surface.start_tagged(tag);
        for piece in stretch {
            match &piece.what {
                What::Text { x, y, line } => draw_line(surface, line, *x, *y),
                What::Bar { x, y, width, height } => {
                    let mut path = PathBuilder::new();
                    if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                        path.push_rect(rect);
                    }
                    if let Some(path) = path.finish() {
                        surface.draw_path(&path);
                    }
                }
                What::Nothing => {}
            }
        }
        surface.end_tagged();
        if let Some(parts) = node.and_then(|node| content.get_mut(node)) {
            parts.push(identifier);
        }
    }
}

fn draw_line(surface: &mut Surface<'_>, line: &Line, x: f32, y: f32) {
    for run in &line.runs {
        let start = Point::from_xy(x + run.x, y + line.baseline);
        surface.draw_glyphs(start, &run.glyphs, run.font.clone(), &run.text, run.size, false);
    }
}

/// The title and the page's number at the foot; not part of what is read aloud.
fn footer(surface: &mut Surface<'_>, setter: &mut Setter, title: &str, page: usize, pages: usize) {
    let style = Style {
        size: 8.5,
        leading: 11.0,
        strong: false,
        side: Side::Left,
    };
    let (width, y) = (WIDTH - 2.0 * EDGE, HEIGHT - 46.0);
    let mut words = |text: String, side: Side, width: f32| {
        let lines = setter.lines(
            &[Span {
                text,
                ..Span::default()
            }],
            Style { side, ..style },
            width,
        );
        lines.into_iter().next()
    };
    let texts = [
        words(title.to_owned(), Side::Left, width * 0.8),
        words(format!("{page} / {pages}"), Side::Right, width),
    ];
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    for line in texts.iter().flatten() {
        draw_line(surface, line, EDGE, y);
    }
    surface.end_tagged();
}

fn group(nodes: &[Node], content: &mut [Vec<Identifier>], index: usize) -> Option<TagGroup> {
    let node = nodes.get(index)?;
    let own = content.get_mut(index).map(std::mem::take).unwrap_or_default();
    let mut children: Vec<TagNode> = own.into_iter().map(TagNode::from).collect();
    children.extend(
        node.children
            .iter()
            .filter_map(|child| group(nodes, content, *child))
            .map(TagNode::from),
    );
    (!children.is_empty()).then(|| TagGroup::with_children(tag(&node.role), children))
}

fn tag(role: &Role) -> TagKind {
    match role {
        Role::Heading { level, title } => Tag::Hn(
            NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN),
            Some(title.clone()),
        )
        .into(),
        Role::Paragraph => Tag::P.into(),
        Role::List { numbered: true } => Tag::L(ListNumbering::Decimal).into(),
        Role::List { numbered: false } => Tag::L(ListNumbering::Disc).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Quote => Tag::BlockQuote.into(),
        Role::Division => Tag::Div.into(),
        Role::Table => Tag::Table.into(),
        Role::Head => Tag::THead.into(),
        Role::Rows => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell => Tag::TD.into(),
    }
}

/// The headings as an outline; a letter without any has its title there.
fn outline(flow: &Flow<'_>, title: &str) -> Outline {
    let mut outline = Outline::new();
    for mark in &flow.marks {
        let place = XyzDestination::new(mark.page, Point::from_xy(0.0, mark.y));
        outline.push_child(OutlineNode::new(mark.title.clone(), place));
    }
    if flow.marks.is_empty() {
        outline.push_child(OutlineNode::new(
            title.to_owned(),
            XyzDestination::new(0, Point::from_xy(0.0, 0.0)),
        ));
    }
    outline
}

fn date(day: jiff::civil::Date) -> DateTime {
    let year = u16::try_from(day.year()).unwrap_or(0);
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    DateTime::new(year)
        .month(part(day.month()))
        .day(part(day.day()))
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
