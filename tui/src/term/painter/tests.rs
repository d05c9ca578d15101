use super::*;
use crate::term::Glyphs;
use proptest::prelude::*;
use ratatui::style::Style;

fn buffer(lines: &[&str]) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
    for (y, line) in lines.iter().enumerate() {
        buffer.set_string(0, y as u16, line, Style::new());
    }
    buffer
}

#[test]
fn a_typed_character_is_one_byte_and_a_dead_key_none() {
    let mut painter = Painter::new(Caps::XTERM, 80, 24);
    let mut screen = buffer(&["Ime:"]);
    painter.paint(&screen, Some(Position::new(10, 0)));
    for (i, c) in "Podgorica".chars().enumerate() {
        screen.set_string(10 + i as u16, 0, c.to_string(), Style::new());
        assert_eq!(
            painter.paint(&screen, Some(Position::new(11 + i as u16, 0))),
            [c as u8]
        );
        assert_eq!(painter.paint(&screen, Some(Position::new(11 + i as u16, 0))), b"");
    }
}

#[test]
fn colours_are_the_classic_ones_and_mono_has_none() {
    let mut screen = buffer(&[]);
    screen.set_string(
        0,
        0,
        "crveno",
        Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
    );
    screen.set_string(0, 1, "sivo", Style::new().fg(Color::DarkGray).bg(Color::Blue));
    let text = String::from_utf8(Painter::new(Caps::XTERM, 80, 24).paint(&screen, None)).unwrap();
    assert!(
        text.contains("\x1b[1;31m") && text.contains("90") && text.contains("44") && !text.contains("38;5"),
        "{text:?}"
    );
    let mono = Caps {
        colours: Colours::Mono,
        ..Caps::XTERM
    };
    let text = String::from_utf8(Painter::new(mono, 80, 24).paint(&screen, None)).unwrap();
    assert!(text.contains("\x1b[;1m") || text.contains("\x1b[1m"), "{text:?}");
    assert!(!text.contains("31") && !text.contains("44"), "{text:?}");
}

#[test]
fn blanks_are_erased_not_written() {
    let long = "x".repeat(40);
    let mut painter = Painter::new(Caps::XTERM, 80, 24);
    painter.paint(&buffer(&["", &long]), None);
    assert!(painter.paint(&buffer(&[""]), None).len() <= 10);
    painter.paint(&buffer(&["", &format!("{long} end")]), None);
    let mut screen = buffer(&[""]);
    screen.set_string(41, 1, "end", Style::new());
    assert!(painter.paint(&screen, None).len() <= 12);
}

#[test]
fn an_ascii_terminal_gets_only_ascii() {
    let caps = Caps {
        glyphs: Glyphs::Ascii,
        ..Caps::XTERM
    };
    let bytes = Painter::new(caps, 80, 24).paint(&buffer(&["✓ Žarko │ Đorđe … ──"]), None);
    assert!(bytes.is_ascii());
    assert!(String::from_utf8(bytes).unwrap().contains("+ Zarko | Dorde ~ --"));
}

/// What a real terminal shows after our bytes, against the cells we meant.
fn agrees(parser: &vt100::Parser, screen: &Buffer) -> Result<(), String> {
    for y in 0..screen.area.height {
        for x in 0..screen.area.width {
            let cell = &screen[(x, y)];
            if x > 0 && screen[(x - 1, y)].symbol().width() > 1 {
                continue;
            }
            let shown = parser.screen().cell(y, x).ok_or("no cell")?;
            let text = if shown.contents().is_empty() {
                " "
            } else {
                shown.contents()
            };
            if text != cell.symbol() {
                return Err(format!("{x},{y}: {text:?} instead of {:?}", cell.symbol()));
            }
            let visible = cell.symbol() != " " || cell.modifier.contains(Modifier::REVERSED);
            if visible
                && (shown.bold(), shown.inverse())
                    != (
                        cell.modifier.contains(Modifier::BOLD),
                        cell.modifier.contains(Modifier::REVERSED),
                    )
            {
                return Err(format!("{x},{y}: attributes"));
            }
            let underlined = cell.modifier.contains(Modifier::UNDERLINED);
            if shown.underline() != underlined && (visible || underlined) {
                return Err(format!("{x},{y}: underline"));
            }
        }
    }
    Ok(())
}

#[test]
fn what_a_wide_character_covered_is_written_when_it_is_gone() {
    let mut painter = Painter::new(Caps::XTERM, 40, 8);
    let mut parser = vt100::Parser::new(8.try_into().unwrap(), 40.try_into().unwrap(), 0);
    let mut screen = Buffer::empty(Rect::new(0, 0, 40, 8));
    for (x, text) in [(27, "a字"), (29, "š"), (14, "字ažaž─č─š漢č漢")] {
        screen.set_string(x, 2, text, Style::new());
        parser.process(&painter.paint(&screen, None));
        assert_eq!(agrees(&parser, &screen), Ok(()), "{text}");
        assert!(painter.paint(&screen, None).is_empty());
    }
}

prop_compose! {
    fn piece()(x in 0u16..40, y in 0u16..8, text in "[a-zčšž ✓─漢字]{1,24}", style in 0u8..6) -> (u16, u16, String, Style) {
        let style = match style {
            0 => Style::new(),
            1 => Style::new().add_modifier(Modifier::BOLD),
            2 => Style::new().add_modifier(Modifier::REVERSED),
            3 => Style::new().add_modifier(Modifier::UNDERLINED),
            4 => Style::new().fg(Color::Red).bg(Color::Blue),
            _ => Style::new().fg(Color::LightCyan).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        };
        (x, y, text, style)
    }
}

proptest! {
    #[test]
    fn whatever_is_drawn_the_terminal_shows_it(
        frames in prop::collection::vec(prop::collection::vec(piece(), 0..8), 1..6), ech: bool, cha: bool,
        cursor in (0u16..40, 0u16..8),
    ) {
        let mut painter = Painter::new(Caps { ech, cha, ..Caps::XTERM }, 40, 8);
        let mut parser = vt100::Parser::new(8.try_into().unwrap(), 40.try_into().unwrap(), 0);
        let mut screen = Buffer::empty(Rect::new(0, 0, 40, 8));
        for frame in frames {
            if frame.len() % 3 == 0 {
                screen = Buffer::empty(Rect::new(0, 0, 40, 8));
            }
            for (x, y, text, style) in frame {
                screen.set_string(x, y, &text, style);
            }
            parser.process(&painter.paint(&screen, Some(Position::new(cursor.0, cursor.1))));
            prop_assert_eq!(agrees(&parser, &screen), Ok(()));
            prop_assert_eq!(parser.screen().cursor_position(), (cursor.1, cursor.0));
            prop_assert!(painter.paint(&screen, Some(Position::new(cursor.0, cursor.1))).is_empty());
        }
    }
}
