//! How a page of a form is drawn: a line a field, the answer underlined, the words of an error beside it.

use super::{Ctx, Field, Form, Kind, field::byte};
use crate::{
    text::{fit, pad, visible, width},
    theme::Theme,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// Draws the page with the cursor; gives the place of the hardware cursor. Fields keep their places whatever the size.
pub fn draw(form: &Form, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>, theme: Theme) -> Option<Position> {
    let area = area.intersection(buffer.area);
    let page = form.pages.get(form.page())?;
    // What does not apply now keeps its line, so that no field ever moves under the fingers.
    let shown: Vec<(usize, &Field)> = page.fields.iter().enumerate().collect();
    let longest = shown
        .iter()
        .map(|(_, f)| width(&label(f, ctx)))
        .max()
        .unwrap_or(0);
    let cells = usize::from(area.width);
    let widest = shown
        .iter()
        .map(|(_, f)| value_cells(f, ctx, cells))
        .max()
        .unwrap_or(0)
        .clamp(6, 15);
    let label_cells = longest.min(cells.saturating_sub(3 + widest)).min(48);
    let mut cursor = None;
    for (line, (index, field)) in shown.into_iter().enumerate() {
        let Some(y) = u16::try_from(line)
            .ok()
            .filter(|l| *l < area.height)
            .map(|l| area.y + l)
        else {
            break;
        };
        if !field.shown {
            let words = fit(&ctx.words.say(&field.label), label_cells);
            buffer.set_string(area.x + 2, y, words, theme.quiet());
            buffer.set_string(
                area.x + 3 + u16::try_from(label_cells).unwrap_or(0),
                y,
                "–",
                theme.quiet(),
            );
            continue;
        }
        let focused = index == form.field_index();
        let mark = if !field.error().is_nothing() {
            "!"
        } else if focused {
            "›"
        } else if field.taken().is_some() {
            "="
        } else {
            " "
        };
        let style = if field.error().is_nothing() {
            theme.key()
        } else {
            theme.bad()
        };
        buffer.set_string(area.x, y, mark, style);
        let style = if field.fixed {
            theme.quiet()
        } else {
            ratatui::style::Style::new()
        };
        buffer.set_string(area.x + 2, y, fit(&label(field, ctx), label_cells), style);
        let x = area.x + 3 + u16::try_from(label_cells).unwrap_or(0);
        let room = cells.saturating_sub(label_cells + 3);
        let place = draw_value(field, buffer, (x, y), room, focused, ctx, theme);
        if focused {
            cursor = Some(place);
        }
        let used = value_cells(field, ctx, room) + 2;
        if !field.error().is_nothing() && room > used + 8 {
            let words = fit(&ctx.words.say(field.error()), room - used);
            buffer.set_string(x + u16::try_from(used).unwrap_or(0), y, words, theme.bad());
        } else if let Some(words) = field.taken().filter(|_| room > used + 20) {
            let words = fit(&ctx.words.say(words), room - used);
            buffer.set_string(x + u16::try_from(used).unwrap_or(0), y, words, theme.quiet());
        }
    }
    cursor
}

/// Draws the place to type and what stands in it; gives the place of the cursor.
pub fn draw_value(
    field: &Field,
    buffer: &mut Buffer,
    (x, y): (u16, u16),
    room: usize,
    focused: bool,
    ctx: &Ctx<'_>,
    theme: Theme,
) -> Position {
    let cells = value_cells(field, ctx, room);
    let typing = focused && !field.fresh;
    let text = match field.kind {
        Kind::Secret | Kind::Bool | Kind::Rows(_) => field.display(ctx),
        _ if typing => visible(&field.text),
        _ => field.display(ctx),
    };
    let before = match field.kind {
        // What is not being typed is read from its beginning.
        _ if !focused => 0,
        Kind::Secret => field.caret,
        _ if typing => width(&visible(&field.text[..byte(&field.text, field.caret)])),
        _ if field.fresh && !matches!(field.kind, Kind::Text { .. }) => 0,
        _ => width(&text),
    };
    // A long answer slides so that the caret stays in its field.
    let slide = before.saturating_sub(cells.saturating_sub(1));
    let slid: String = if slide == 0 {
        text
    } else {
        skip_cells(&text, slide)
    };
    let style = if field.fixed { theme.quiet() } else { theme.field() };
    let shown = if typing || slide > 0 {
        cut(&slid, cells)
    } else {
        pad(&slid, cells)
    };
    buffer.set_string(x, y, shown, style);
    Position::new(
        x + u16::try_from((before - slide).min(cells.saturating_sub(1))).unwrap_or(0),
        y,
    )
}

/// How wide a field is drawn.
pub fn value_cells(field: &Field, ctx: &Ctx<'_>, room: usize) -> usize {
    let wanted = match &field.kind {
        Kind::Text { max } => (*max).clamp(4, 48),
        Kind::Secret => 24,
        Kind::Digits { len: 0, .. } => 20,
        Kind::Digits { len, mask, .. } => (*len).max(mask.len()),
        Kind::Int { max, .. } => max.to_string().len().clamp(3, 12),
        Kind::Decimal { .. } => 10,
        Kind::Money { .. } => 12,
        Kind::Date { .. } => 10,
        Kind::Bool => 4,
        Kind::Code(list) | Kind::Person(list) => list
            .iter()
            .map(|c| width(&ctx.words.say(&c.label)))
            .max()
            .unwrap_or(8)
            .clamp(8, 32),
        Kind::Rows(_) => 12,
    };
    wanted.min(room)
}

fn label(field: &Field, ctx: &Ctx<'_>) -> String {
    let text = ctx.words.say(&field.label);
    if field.required { format!("{text} *") } else { text }
}
fn cut(text: &str, cells: usize) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if width(&out) + width(c.encode_utf8(&mut [0; 4])) > cells {
            break;
        }
        out.push(c);
    }
    let missing = cells.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}
fn skip_cells(text: &str, cells: usize) -> String {
    let mut skipped = 0;
    text.chars()
        .skip_while(|c| {
            let go = skipped < cells;
            skipped += width(c.encode_utf8(&mut [0; 4]));
            go
        })
        .collect()
}
