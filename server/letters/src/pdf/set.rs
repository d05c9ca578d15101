//! Setting text: spans to lines of glyphs, with parley.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use parley::{
    Alignment, AlignmentOptions, FontContext, FontFamily, FontFamilyName, FontStyle, FontWeight, Language,
    Layout, LayoutContext, LineHeight, OverflowWrap, StyleProperty,
};

use super::fonts::{self, Fonts};
use crate::blocks::{Side, Span};
use crate::visible;

/// A paragraph's text in one piece, and which span each part of it came from.
type Printable<'a> = (Rc<str>, Vec<(Range<usize>, Cow<'a, Span>)>);

/// How a run of lines is set. Sizes in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) leading: f32,
    pub(super) strong: bool,
    pub(super) side: Side,
}

/// One line, ready to be placed.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    /// From the line's top to its baseline, in points.
    pub(super) baseline: f32,
    pub(super) height: f32,
    pub(super) width: f32,
}

/// Glyphs of one face.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) font: Font,
    pub(super) size: f32,
    /// From the column's left edge.
    pub(super) x: f32,
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// The paragraph the glyphs' text ranges point into.
    pub(super) text: Rc<str>,
}

pub(super) struct Setter {
    fonts: &'static Fonts,
    context: FontContext,
    layout: LayoutContext<()>,
    language: Option<Language>,
}

impl Setter {
    pub(super) fn new(fonts: &'static Fonts, language: &str) -> Self {
        let language = Language::parse(language).ok();
        Self {
            fonts,
            context: fonts.context(),
            layout: LayoutContext::new(),
            language,
        }
    }

    /// The words as lines of a column.
    pub(super) fn lines(&mut self, spans: &[Span], style: Style, width: f32) -> Vec<Line> {
        let (text, mut layout) = self.whole(spans, style);
        self.broken(&mut layout, text, style, width)
    }

    /// A title set spaced; each of `letters` is kept together.
    pub(super) fn spaced(&mut self, letters: &[String], style: Style, width: f32) -> Vec<Line> {
        let spans = [Span {
            text: letters.concat(),
            ..Span::default()
        }];
        let (text, ranges) = self.printable(&spans, style, &[]);
        if *text != *spans[0].text {
            // Some letter is written by its number; there is no spacing that.
            return self.lines(&spans, style, width);
        }
        let mut gaps = Vec::new();
        let mut end = 0;
        for letter in letters.iter().take(letters.len().saturating_sub(1)) {
            let last = letter.chars().next_back().map_or(0, char::len_utf8);
            end += letter.len();
            gaps.push(end - last..end);
        }
        let mut layout = self.layout(&text, &ranges, style, &gaps);
        self.broken(&mut layout, text, style, width)
    }

    /// The narrowest and the widest a text would like to be.
    pub(super) fn wishes(&mut self, spans: &[Span], style: Style) -> (f32, f32) {
        let widths = self.whole(spans, style).1.calculate_content_widths();
        (widths.min, widths.max)
    }

    /// The text laid out without a hole. Each character alone has a sign in some face, but a letter and the marks on it come from one
    /// face; where none has them all, they too are written by their number.
    fn whole(&mut self, spans: &[Span], style: Style) -> (Rc<str>, Layout<()>) {
        let (text, ranges) = self.printable(spans, style, &[]);
        let mut layout = self.layout(&text, &ranges, style, &[]);
        layout.break_all_lines(None);
        let mut holes: Vec<Range<usize>> = Vec::new();
        for cluster in layout
            .lines()
            .flat_map(|line| line.runs())
            .flat_map(|run| run.visual_clusters())
        {
            if cluster.glyphs().any(|glyph| glyph.id == 0) && !cluster.is_hard_line_break() {
                holes.push(cluster.text_range());
            }
        }
        if holes.is_empty() {
            return (text, layout);
        }
        let (text, ranges) = self.printable(spans, style, &holes);
        let layout = self.layout(&text, &ranges, style, &[]);
        (text, layout)
    }

    /// The text in one piece with the styles' ranges. Characters no face has are written by their number, and so is what stands in
    /// `holes`, which are ranges of the text as it is without holes.
    fn printable<'a>(&self, spans: &'a [Span], style: Style, holes: &[Range<usize>]) -> Printable<'a> {
        let (mut text, mut ranges, mut at) = (String::new(), Vec::new(), 0);
        for span in spans {
            let from = text.len();
            let strong = || Span {
                strong: true,
                ..span.clone()
            };
            let span = if style.strong {
                Cow::Owned(strong())
            } else {
                Cow::Borrowed(span)
            };
            for c in span.text.chars() {
                let before = text.len();
                if c == '\n' {
                    // Who listens hears two words, so there is a space between them, hanging at the line's end.
                    text.push_str(" \n");
                } else if !self.fonts.can_print(c, &span) {
                    text.push_str(&visible::name(c));
                } else if holes.iter().any(|hole| hole.contains(&at)) {
                    text.push_str(&visible::name(c));
                    at += c.len_utf8();
                    continue;
                } else {
                    text.push(c);
                }
                at += text.len() - before;
            }
            ranges.push((from..text.len(), span));
        }
        (text.into(), ranges)
    }

    fn layout(
        &mut self,
        text: &str,
        ranges: &[(Range<usize>, Cow<'_, Span>)],
        style: Style,
        gaps: &[Range<usize>],
    ) -> Layout<()> {
        let families = [
            FontFamilyName::Named(fonts::TEXT.into()),
            FontFamilyName::Named(fonts::SIGNS.into()),
        ];
        let mut builder = self.layout.ranged_builder(&mut self.context, text, 1.0, false);
        builder.push_default(FontFamily::List(Cow::Borrowed(&families)));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(LineHeight::Absolute(style.leading));
        builder.push_default(OverflowWrap::BreakWord);
        builder.push_default(StyleProperty::Locale(self.language));
        for (range, span) in ranges {
            if span.strong {
                builder.push(FontWeight::BOLD, range.clone());
            }
            if span.emphasis {
                builder.push(FontStyle::Italic, range.clone());
            }
        }
        builder.set_line_break_override(Some(&|place| {
            let (Some(earlier), ' ') = (place.before_before, place.before) else {
                return None;
            };
            visible::stays_together(earlier, place.after).then_some(false)
        }));
        for gap in gaps {
            builder.push(StyleProperty::LetterSpacing(style.size * 0.35), gap.clone());
        }
        builder.build(text)
    }

    fn broken(&self, layout: &mut Layout<()>, text: Rc<str>, style: Style, width: f32) -> Vec<Line> {
        layout.break_all_lines(Some(width));
        let side = match style.side {
            Side::Left => Alignment::Left,
            Side::Center => Alignment::Center,
            Side::Right => Alignment::Right,
        };
        layout.align(side, AlignmentOptions::default());
        layout
            .lines()
            .map(|line| {
                let metrics = line.metrics();
                let mut x = metrics.offset;
                let mut runs = Vec::new();
                for run in line.runs() {
                    let from = x;
                    let glyphs = glyphs(&run, &text, &mut x);
                    if let (Some(font), false) = (self.fonts.font(run.font()), glyphs.is_empty()) {
                        let (font, text) = (font.clone(), Rc::clone(&text));
                        runs.push(Run {
                            font,
                            size: run.font_size(),
                            x: from,
                            glyphs,
                            text,
                        });
                    }
                }
                Line {
                    runs,
                    baseline: metrics.baseline - metrics.block_min_coord,
                    height: style.leading,
                    width: metrics.advance,
                }
            })
            .collect()
    }
}

/// The glyphs of one run in the order they are seen; `x` moves on by their advance.
fn glyphs(run: &parley::layout::Run<'_, ()>, text: &str, x: &mut f32) -> Vec<KrillaGlyph> {
    let size = run.font_size();
    let mut glyphs: Vec<KrillaGlyph> = Vec::new();
    for cluster in run.visual_clusters() {
        let range = cluster.text_range();
        if cluster.is_ligature_continuation() {
            if let Some(glyph) = glyphs.last_mut() {
                glyph.text_range.start = glyph.text_range.start.min(range.start);
                glyph.text_range.end = glyph.text_range.end.max(range.end);
            }
            continue;
        }
        // A hard break is no sign on paper.
        if text.get(range.clone()) == Some("\n") {
            continue;
        }
        for glyph in cluster.glyphs() {
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(glyph.id),
                glyph.advance / size,
                glyph.x / size,
                glyph.y / size,
                0.0,
                range.clone(),
                None,
            ));
            *x += glyph.advance;
        }
    }
    glyphs
}
