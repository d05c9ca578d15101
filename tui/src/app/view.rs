//! The frame around every screen: the bar, the message line, the keys; and what opens above.

use super::{
    App, Look, Tone, keymap,
    overlay::{Line, Overlay},
};
use crate::{
    form::{self, Kind, Picker, RowsEditor, date},
    screens::Desk,
    text::{fit, pad, width, wrap},
    theme::Theme,
};
use jiff::ToSpan;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// Draws everything; gives the place of the cursor. Reads, never changes.
pub fn draw(app: &App, buffer: &mut Buffer) -> Option<Position> {
    let area = buffer.area;
    if area.width < 60 || area.height < 16 {
        buffer.set_string(
            0,
            0,
            fit(&app.words.t("too-small"), usize::from(area.width)),
            Style::new(),
        );
        return None;
    }
    let look = app.look();
    bar(app, buffer);
    let body = Rect::new(1, 2, area.width - 2, area.height - 4);
    let mut cursor = app.screen().view(&look, buffer, body);
    match &app.overlay {
        None => footer(app, buffer),
        Some(overlay) => {
            // What lies above takes all keys, so that only its own are named.
            let keys = look.words.t(overlay.keys());
            buffer.set_string(
                1,
                area.height - 1,
                fit(&keys, usize::from(body.width)),
                Style::new(),
            );
            cursor = draw_overlay(overlay, &look, buffer, body);
        }
    }
    let said = message(app, buffer);
    // A screen without a place to type rests the cursor where its last word stands.
    let place = cursor.or(said).unwrap_or(Position::new(0, area.height - 1));
    Some(Position::new(
        place.x.min(area.width - 1),
        place.y.min(area.height - 1),
    ))
}

fn bar(app: &App, buffer: &mut Buffer) {
    let cells = usize::from(buffer.area.width);
    let style = app.theme.bar();
    let title = app.words.say(&app.screen().title(&app.look()));
    let who = match &app.session {
        Some(s) => crate::text::visible(&format!("{} · {}", s.name, app.words.pick(&s.office.name))),
        None => String::new(),
    };
    let link = if app.offline {
        format!("{}  ", app.words.t("offline"))
    } else {
        String::new()
    };
    let mark = if app.theme.plain { ":" } else { " │" };
    let left = format!(" Karton{mark} {title}");
    let right_room = cells.saturating_sub(width(&left).min(cells * 2 / 3) + 3);
    let right = format!("{} ", fit(&format!("{link}{who}"), right_room));
    let left = pad(&left, cells.saturating_sub(width(&right) + 1));
    buffer.set_string(0, 0, format!("{left} {right}"), style);
}

/// The message line: what is going on, or what was said. Gives the place after its last word.
fn message(app: &App, buffer: &mut Buffer) -> Option<Position> {
    let y = buffer.area.height - 2;
    let cells = usize::from(buffer.area.width) - 2;
    if let Some(waiting) = &app.waiting
        && let Some(seconds) = waiting.seconds
    {
        let typed = if waiting.keys.is_empty() {
            String::new()
        } else {
            format!(
                " · {}",
                app.words
                    .say(&crate::i18n::Say::key("typed-ahead").with("n", waiting.keys.len()))
            )
        };
        // What counts seconds would be read aloud each second.
        let text = if app.theme.plain {
            app.words.t("working")
        } else {
            format!("{} {seconds} s{typed}", app.words.t("working"))
        };
        buffer.set_string(1, y, fit(&text, cells), app.theme.open());
        return None;
    }
    let (text, style) = match &app.message {
        Some((say, tone)) => {
            let (mark, style) = match tone {
                Tone::Done => ("✓ ", app.theme.good()),
                Tone::Note => ("", Style::new()),
                Tone::Wrong => ("! ", app.theme.bad()),
            };
            (format!("{mark}{}", app.words.say(say)), style)
        }
        // The screen's own line speaks of keys that what lies above has taken.
        None if app.overlay.is_some() => return None,
        None => (
            app.words.say(&app.screen().status(&app.look())),
            app.theme.quiet(),
        ),
    };
    let text = fit(&text, cells);
    buffer.set_string(1, y, &text, style);
    let end = 1 + u16::try_from(width(&text)).unwrap_or(0);
    app.message
        .is_some()
        .then(|| Position::new(end.min(buffer.area.width - 1), y))
}

/// The keys: what belongs to this screen from the left as far as there is room, help and menu always at the end.
fn footer(app: &App, buffer: &mut Buffer) {
    let y = buffer.area.height - 1;
    let typing = app.screen().typing(&app.look());
    let entry = |act: keymap::Act| {
        let action = keymap::action(act);
        (keymap::key_name(action, typing), app.words.t(action.words))
    };
    let cells =
        |(key, label): &(String, String)| u16::try_from(width(key) + width(label) + 3).unwrap_or(u16::MAX);
    let always = [keymap::Act::Help, keymap::Act::Menu];
    let mut acts = app.acts();
    acts.retain(|a| {
        !always.contains(a)
            && !matches!(
                a,
                keymap::Act::Language | keymap::Act::Quit | keymap::Act::Undo | keymap::Act::Open
            )
    });
    let tail: Vec<_> = always.into_iter().map(entry).collect();
    let mut room = (buffer.area.width + 1).saturating_sub(tail.iter().map(cells).sum());
    let mut shown = Vec::new();
    for entry in acts.into_iter().map(entry).filter(|(key, _)| !key.is_empty()) {
        if cells(&entry) > room.saturating_sub(1) {
            break;
        }
        room -= cells(&entry);
        shown.push(entry);
    }
    let mut x = 1;
    for (key, label) in shown.iter().chain(&tail) {
        buffer.set_string(x, y, key, app.theme.key());
        buffer.set_string(
            x + 1 + u16::try_from(width(key)).unwrap_or(0),
            y,
            label,
            Style::new(),
        );
        x += cells(&(key.clone(), label.clone()));
    }
}

fn draw_overlay(overlay: &Overlay, look: &Look<'_>, buffer: &mut Buffer, body: Rect) -> Option<Position> {
    match overlay {
        Overlay::Pick(picker) | Overlay::Officers(picker) | Overlay::Offices(picker, _) => {
            draw_picker(picker, None, look, buffer, body)
        }
        Overlay::Commands { menu, picker } => draw_picker(picker, Some(*menu), look, buffer, body),
        Overlay::Text { title, lines, at } => {
            let cells = usize::from(body.width).min(76);
            let lines = flow(lines, look, cells.saturating_sub(4));
            let area = boxed(
                &look.words.say(title),
                cells,
                lines.len() + 2,
                look.theme,
                buffer,
                body,
            );
            let room = usize::from(area.height);
            let at = (*at).min(lines.len().saturating_sub(room));
            for (i, (text, style)) in lines.iter().skip(at).take(room).enumerate() {
                buffer.set_string(area.x, area.y + u16::try_from(i).unwrap_or(0), text, *style);
            }
            Some(Position::new(area.x, area.y))
        }
        Overlay::Rows(editor) => draw_rows(editor, look, buffer, body),
        Overlay::Confirm(confirm) => {
            let cells = usize::from(body.width).min(64);
            let lines: Vec<String> = confirm
                .lines
                .iter()
                .flat_map(|l| wrap(&look.words.say(l), cells - 4))
                .collect();
            let area = boxed(
                &look.words.say(&confirm.title),
                cells,
                lines.len() + 4,
                look.theme,
                buffer,
                body,
            );
            for (i, line) in lines.iter().enumerate() {
                buffer.set_string(area.x, area.y + u16::try_from(i).unwrap_or(0), line, Style::new());
            }
            let y = area.y + area.height - 1;
            let text = look.words.t("confirm-keys");
            buffer.set_string(area.x, y, &text, look.theme.strong());
            Some(Position::new(
                area.x + u16::try_from(width(&text)).unwrap_or(0),
                y,
            ))
        }
        Overlay::Month(day) => draw_month(*day, look, buffer, body),
    }
}

/// Lines of a text as they fall at this width.
pub fn flow(lines: &[Line], look: &Look<'_>, cells: usize) -> Vec<(String, Style)> {
    let name = |line: &Line| {
        if let Line::Pair(name, _) = line {
            width(&look.words.say(name))
        } else {
            0
        }
    };
    // One column for all names, as wide as the longest but for very long ones.
    let column = (lines.iter().map(name).max().unwrap_or(0) + 2).clamp(10, 34.min(cells / 2));
    let mut out = Vec::new();
    for line in lines {
        match line {
            Line::Gap => out.push((String::new(), Style::new())),
            Line::Head(say) => out.push((fit(&look.words.say(say), cells), look.theme.heading())),
            Line::Text(level, say) => {
                let indent = usize::from(*level) * 2;
                for text in wrap(&look.words.say(say), cells.saturating_sub(indent)) {
                    out.push((format!("{:indent$}{text}", ""), Style::new()));
                }
            }
            Line::Pair(name, value) => {
                let name = look.words.say(name);
                let head = pad(&name, column.saturating_sub(1));
                for (i, text) in wrap(&look.words.say(value), cells.saturating_sub(column))
                    .iter()
                    .enumerate()
                {
                    let head = if i == 0 {
                        head.clone()
                    } else {
                        " ".repeat(column.saturating_sub(1))
                    };
                    out.push((format!("{head} {text}"), Style::new()));
                }
            }
        }
    }
    out
}

/// A box in the middle of the body, or the whole body where nothing is boxed; gives its inside.
fn boxed(title: &str, cells: usize, rows: usize, theme: Theme, buffer: &mut Buffer, body: Rect) -> Rect {
    if theme.plain {
        for y in body.y..body.bottom() {
            for x in body.x.saturating_sub(1)..(body.right() + 1).min(buffer.area.width) {
                buffer[(x, y)].reset();
            }
        }
        buffer.set_string(body.x, body.y, fit(title, body.width.into()), theme.heading());
        return Rect::new(
            body.x,
            body.y + 1,
            body.width,
            body.height.saturating_sub(1).max(1),
        );
    }
    let w = u16::try_from(cells).unwrap_or(u16::MAX).min(body.width);
    let h = u16::try_from(rows).unwrap_or(u16::MAX).min(body.height).max(3);
    let area = Rect::new(
        body.x + (body.width - w) / 2,
        body.y + (body.height - h) / 3,
        w,
        h,
    );
    // The screen below ends a cell before the box, so that words do not run into it.
    for y in area.y..area.bottom() {
        for x in area.x.saturating_sub(1)..(area.right() + 1).min(buffer.area.width) {
            buffer[(x, y)].reset();
        }
    }
    let line = "─".repeat(usize::from(w) - 2);
    buffer.set_string(area.x, area.y, format!("┌{line}┐"), theme.quiet());
    buffer.set_string(area.x, area.bottom() - 1, format!("└{line}┘"), theme.quiet());
    for y in area.y + 1..area.bottom() - 1 {
        buffer.set_string(area.x, y, "│", theme.quiet());
        buffer.set_string(area.right() - 1, y, "│", theme.quiet());
    }
    buffer.set_string(
        area.x + 2,
        area.y,
        format!(" {} ", fit(title, usize::from(w).saturating_sub(6))),
        theme.heading(),
    );
    Rect::new(area.x + 2, area.y + 1, w.saturating_sub(4), h - 2)
}

fn draw_picker(
    picker: &Picker,
    menu: Option<bool>,
    look: &Look<'_>,
    buffer: &mut Buffer,
    body: Rect,
) -> Option<Position> {
    let fitting = picker.fitting(look.words);
    let label = |c: &crate::form::Choice| look.words.say(&c.label);
    let widest = picker
        .choices
        .iter()
        .map(|c| width(&label(c)) + width(&look.words.say(&c.note)) + 10)
        .max()
        .unwrap_or(0);
    let typed = menu != Some(true);
    let rows = picker.choices.len() + 2 + usize::from(typed);
    let area = boxed(
        &look.words.say(&picker.title),
        widest.clamp(36, 72),
        rows,
        look.theme,
        buffer,
        body,
    );
    let mut y = area.y;
    let mut cursor = None;
    if typed {
        let text = format!("› {}", crate::text::visible(&picker.filter));
        buffer.set_string(area.x, y, fit(&text, area.width.into()), look.theme.strong());
        cursor = Some(Position::new(
            (area.x + u16::try_from(width(&text)).unwrap_or(0)).min(area.right()),
            y,
        ));
        y += 1;
    }
    let room = usize::from(area.bottom() - y);
    let first = picker.at / room.max(1) * room;
    for (i, choice) in fitting.iter().enumerate().skip(first).take(room) {
        let note = look.words.say(&choice.note);
        let letter = if menu == Some(true) {
            format!("{}  ", choice.code)
        } else {
            String::new()
        };
        let left = usize::from(area.width).saturating_sub(width(&note) + 1);
        let text = fit(&format!("{letter}{}", label(choice)), left);
        let style = if i == picker.at {
            look.theme.selected()
        } else {
            Style::new()
        };
        buffer.set_string(area.x, y, &text, style);
        let x = area.x + u16::try_from(left + 1).unwrap_or(0);
        buffer.set_string(x, y, fit(&note, area.width.into()), look.theme.quiet());
        if i == picker.at && (cursor.is_none() || look.theme.plain) {
            cursor = Some(Position::new(area.x, y));
        }
        y += 1;
    }
    if fitting.is_empty() {
        buffer.set_string(
            area.x,
            y.min(area.bottom() - 1),
            look.words.t("list-empty"),
            look.theme.quiet(),
        );
    }
    cursor
}

fn draw_rows(editor: &RowsEditor, look: &Look<'_>, buffer: &mut Buffer, body: Rect) -> Option<Position> {
    let rows = editor.rows();
    let ctx = look.form();
    let area = boxed(
        &look.words.say(&editor.title),
        body.width.into(),
        (rows.len() + 5).max(9),
        look.theme,
        buffer,
        body,
    );
    let heads: Vec<String> = editor.columns.iter().map(|c| look.words.say(&c.label)).collect();
    // Days and numbers have the room they need, as long as it is no more than an equal share; words share the rest, texts the larger part.
    let parts = |field: &form::Field| match field.kind {
        Kind::Text { .. } => 3,
        Kind::Code(_) | Kind::Person(_) => 2,
        _ => 0,
    };
    let (wide, fields) = (usize::from(area.width), &rows[0].fields);
    let per = wide / editor.columns.len().max(1);
    let exact = fields.iter().zip(&heads).filter(|(f, _)| parts(f) == 0);
    let exact: usize = exact
        .map(|(f, head)| form::view::value_cells(f, &ctx, per).max(width(head).min(per)) + 2)
        .sum();
    let all: usize = fields.iter().map(parts).sum();
    let room_of = |field: &form::Field| match parts(field) {
        0 => per + 2,
        some => (wide.saturating_sub(exact) * some / all.max(1)).max(per / 2),
    };
    let cells: Vec<usize> = fields
        .iter()
        .map(|f| form::view::value_cells(f, &ctx, room_of(f).saturating_sub(2)))
        .collect();
    let columns: Vec<usize> = cells
        .iter()
        .zip(&heads)
        .zip(fields)
        .map(|((c, h), f)| (*c).max(width(h).min(room_of(f).saturating_sub(2))) + 2)
        .collect();
    let mut x = area.x;
    for (head, column) in heads.iter().zip(&columns) {
        buffer.set_string(x, area.y, fit(head, column - 1), look.theme.strong());
        x += u16::try_from(*column).unwrap_or(0);
    }
    let room = usize::from(area.height).saturating_sub(3);
    let first = editor.form.page() / room.max(1) * room.max(1);
    let mut cursor = None;
    for (i, row) in rows.iter().enumerate().skip(first).take(room) {
        let y = area.y + 1 + u16::try_from(i - first).unwrap_or(0);
        let mut x = area.x;
        for (j, field) in row.fields.iter().enumerate() {
            let focused = i == editor.form.page() && j == editor.form.field_index();
            let place = form::view::draw_value(field, buffer, (x, y), cells[j], focused, &ctx, look.theme);
            if focused {
                cursor = Some(place);
            }
            x += u16::try_from(columns[j]).unwrap_or(0);
        }
    }
    let current = editor
        .form
        .current()
        .map(|f| look.words.say(f.error()))
        .unwrap_or_default();
    let (text, style) = if current.is_empty() {
        (look.words.t("rows-keys"), look.theme.quiet())
    } else {
        (current, look.theme.bad())
    };
    buffer.set_string(area.x, area.bottom() - 1, fit(&text, area.width.into()), style);
    cursor
}

fn draw_month(day: jiff::civil::Date, look: &Look<'_>, buffer: &mut Buffer, body: Rect) -> Option<Position> {
    let area = boxed(&date::show(day), 26, 10, look.theme, buffer, body);
    let heads = look
        .words
        .lang()
        .weekdays()
        .iter()
        .map(|d| pad(d, 3))
        .collect::<String>();
    buffer.set_string(area.x, area.y, heads, look.theme.quiet());
    let first = day.first_of_month();
    let mut cursor = None;
    for n in 0..i32::from(day.days_in_month()) {
        let here = first.saturating_add(n.days());
        let column = u16::try_from(here.weekday().to_monday_zero_offset()).unwrap_or(0);
        let week = (n + i32::from(first.weekday().to_monday_zero_offset())) / 7;
        let (x, y) = (area.x + column * 3, area.y + 1 + u16::try_from(week).unwrap_or(0));
        let style = if here == day {
            look.theme.selected()
        } else if here == look.today {
            look.theme.strong()
        } else {
            Style::new()
        };
        if y < area.bottom() {
            buffer.set_string(x, y, format!("{:>2}", here.day()), style);
        }
        if here == day {
            cursor = Some(Position::new(x + 1, y));
        }
    }
    cursor
}
