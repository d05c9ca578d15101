//! Cells become bytes: the shortest we know that turn the screen as it is into the screen as it should be.
//!
//! ratatui's own backends write 56 bytes for a typed character and 33 for a key that changes nothing; over a slow
//! line and on old terminals that is felt. This one keeps the cursor and the attributes across frames, writes the
//! classic colours only, and writes nothing when nothing changed. It compares whole buffers rather than taking
//! ratatui's `Backend` trait, because runs of blanks and short gaps can only be seen when the unchanged cells are too.

use super::caps::{Caps, Colours};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::{Position, Rect},
    style::{Color, Modifier},
};
use std::io::Write;
use unicode_width::UnicodeWidthStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    attributes: Modifier,
}
impl Pen {
    const PLAIN: Pen = Pen {
        fg: Color::Reset,
        bg: Color::Reset,
        attributes: Modifier::empty(),
    };
}

/// The screen as the terminal shows it, and how to change it.
#[derive(Debug)]
pub struct Painter {
    caps: Caps,
    shown: Buffer,
    pen: Pen,
    at: Option<(u16, u16)>,
    cursor_visible: bool,
    out: Vec<u8>,
}

const ATTRIBUTES: [(Modifier, &str, &str); 5] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::REVERSED, "7", "27"),
];

impl Painter {
    /// A painter for a terminal that has just been cleared, with the pen plain and the cursor shown at the top left.
    pub fn new(caps: Caps, width: u16, height: u16) -> Painter {
        Painter {
            caps,
            shown: Buffer::empty(Rect::new(0, 0, width, height)),
            pen: Pen::PLAIN,
            at: Some((0, 0)),
            cursor_visible: true,
            out: Vec::with_capacity(4096),
        }
    }

    /// The terminal has another size, or something else wrote on it: everything is drawn again.
    pub fn forget(&mut self, width: u16, height: u16) {
        self.out.extend_from_slice(b"\x1b[m\x1b[H\x1b[2J");
        self.shown = Buffer::empty(Rect::new(0, 0, width, height));
        self.pen = Pen::PLAIN;
        self.at = Some((0, 0));
    }

    /// The bytes that turn what is shown into `next`, with the cursor at `cursor` (hidden without one). They are for
    /// one `write`; empty when nothing changed. `next` must have the size given to `new` or `forget`.
    pub fn paint(&mut self, next: &Buffer, cursor: Option<Position>) -> Vec<u8> {
        let area = self.shown.area;
        let changed =
            (0..area.height).any(|y| (0..area.width).any(|x| !same(&self.shown[(x, y)], &next[(x, y)])));
        // A cursor that runs over the screen while it is drawn flickers; for a single character it does not.
        if cursor.is_none() && self.cursor_visible {
            self.out.extend_from_slice(b"\x1b[?25l");
            self.cursor_visible = false;
        }
        if changed {
            for y in 0..area.height {
                self.row(next, y);
            }
            self.shown = next.clone();
            self.cover();
        }
        if let Some(p) = cursor {
            self.go(
                p.x.min(area.width.saturating_sub(1)),
                p.y.min(area.height.saturating_sub(1)),
                None,
            );
            if !self.cursor_visible {
                self.out.extend_from_slice(b"\x1b[?25h");
                self.cursor_visible = true;
            }
        }
        std::mem::take(&mut self.out)
    }

    /// What lies under the right half of a wide character is not shown, whatever the buffer holds there: it is like no cell, so that it is
    /// written as soon as nothing covers it.
    fn cover(&mut self) {
        let area = self.shown.area;
        for y in 0..area.height {
            let mut x = 0;
            while x < area.width {
                let wide = self.shown[(x, y)].symbol().width() > 1;
                if wide && x + 1 < area.width {
                    self.shown[(x + 1, y)].set_symbol(COVERED);
                }
                x += if wide { 2 } else { 1 };
            }
        }
    }

    /// The bytes that leave the terminal plain, with its cursor shown.
    pub fn leave(&mut self) -> Vec<u8> {
        self.pen(Pen::PLAIN);
        if !self.cursor_visible {
            self.out.extend_from_slice(b"\x1b[?25h");
            self.cursor_visible = true;
        }
        std::mem::take(&mut self.out)
    }

    fn row(&mut self, next: &Buffer, y: u16) {
        let width = next.area.width;
        let mut x = 0;
        let mut torn = false; // the right half of a wide character that has gone
        while x < width {
            let cell = &next[(x, y)];
            let before = &self.shown[(x, y)];
            let wide = cell.symbol().width() > 1;
            let changed = torn || !same(before, cell);
            torn = changed && before.symbol().width() > 1 && !wide;
            if !changed {
                x += if wide { 2 } else { 1 };
                continue;
            }
            if let Some(n) = self.blanks(next, x, y) {
                self.go(x, y, Some(next));
                self.pen(pen_of(next, x, y));
                if x + n == width {
                    self.out.extend_from_slice(b"\x1b[K");
                } else {
                    let _ = write!(self.out, "\x1b[{n}X");
                }
                x += n;
                continue;
            }
            self.go(x, y, Some(next));
            self.pen(pen_of(next, x, y));
            let symbol = if self.caps.glyphs == super::Glyphs::Full {
                cell.symbol()
            } else {
                self.caps.glyph(cell.symbol())
            };
            self.out.extend_from_slice(symbol.as_bytes());
            let step = if wide { 2 } else { 1 };
            x += step;
            // At the right edge terminals differ on where the cursor stands.
            self.at = (x < width).then_some((x, y));
        }
    }

    /// The length of a run of plain blanks that is cheaper erased than written.
    fn blanks(&self, next: &Buffer, x: u16, y: u16) -> Option<u16> {
        let width = next.area.width;
        let plain = |x: u16| {
            let c = &next[(x, y)];
            c.symbol() == " "
                && c.bg == Color::Reset
                && !c.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED)
        };
        let mut end = x;
        let mut last = x;
        while end < width && plain(end) {
            if !same(&self.shown[(end, y)], &next[(end, y)]) {
                last = end;
            }
            end += 1;
        }
        if end == width && last - x >= 3 {
            return Some(end - x);
        }
        // `last` ends the run: what is blank already needs no erasing.
        let n = (last + 1).saturating_sub(x);
        (self.caps.ech && n >= 6 && last < end).then_some(n)
    }

    fn go(&mut self, x: u16, y: u16, next: Option<&Buffer>) {
        if self.at == Some((x, y)) {
            return;
        }
        let absolute = match (y, x) {
            (0, 0) => "\x1b[H".to_owned(),
            (_, 0) => format!("\x1b[{}H", y + 1),
            (0, _) => format!("\x1b[;{}H", x + 1),
            _ => format!("\x1b[{};{}H", y + 1, x + 1),
        };
        let mut best = absolute;
        let mut consider = |candidate: String| {
            if candidate.len() < best.len() {
                best = candidate;
            }
        };
        if let Some((cx, cy)) = self.at {
            let n = |n: u16| if n == 1 { String::new() } else { n.to_string() };
            if cy == y {
                if x > cx {
                    consider(format!("\x1b[{}C", n(x - cx)));
                    if let Some(text) = next.and_then(|b| self.gap(b, cx, x, y)) {
                        consider(text);
                    }
                } else {
                    consider("\x08".repeat(usize::from(cx - x)));
                    consider(format!("\x1b[{}D", n(cx - x)));
                }
                if x == 0 {
                    consider("\r".to_owned());
                }
            } else if y > cy {
                let down = "\n".repeat(usize::from(y - cy));
                if x == 0 {
                    consider(format!("\r{down}"));
                } else if x == cx {
                    consider(down);
                    consider(format!("\x1b[{}B", n(y - cy)));
                } else if x < cx {
                    consider(format!("{down}{}", "\x08".repeat(usize::from(cx - x))));
                }
            } else if x == cx {
                consider(format!("\x1b[{}A", n(cy - y)));
            }
        }
        self.out.extend_from_slice(best.as_bytes());
        self.at = Some((x, y));
    }

    /// The characters between here and there, when writing them again moves the cursor most cheaply.
    fn gap(&self, next: &Buffer, from: u16, to: u16, y: u16) -> Option<String> {
        if to - from > 8 {
            return None;
        }
        let mut text = String::new();
        for x in from..to {
            let symbol = self.caps.glyph(next[(x, y)].symbol());
            if symbol.width() != 1
                || pen_of(next, x, y) != self.pen
                || !same(&next[(x, y)], &self.shown[(x, y)])
            {
                return None;
            }
            text.push_str(symbol);
        }
        Some(text)
    }

    fn pen(&mut self, wanted: Pen) {
        let wanted = self.reduce(wanted);
        if wanted == self.pen {
            return;
        }
        let fresh = self.codes(Pen::PLAIN, wanted);
        let fresh = if fresh.is_empty() {
            String::new()
        } else {
            format!(";{fresh}")
        };
        let change = self.codes(self.pen, wanted);
        let reset = if fresh.is_empty() {
            "\x1b[m".to_owned()
        } else {
            format!("\x1b[{fresh}m")
        };
        let change = format!("\x1b[{change}m");
        let best = if change.len() <= reset.len() && change.len() > 3 {
            change
        } else {
            reset
        };
        self.out.extend_from_slice(best.as_bytes());
        self.pen = wanted;
    }

    /// The pen in what the terminal has.
    fn reduce(&self, pen: Pen) -> Pen {
        match self.caps.colours {
            Colours::Mono => Pen {
                fg: Color::Reset,
                bg: Color::Reset,
                ..pen
            },
            Colours::Sixteen => pen,
            Colours::Eight => {
                let (fg, bright) = base(pen.fg);
                let attributes = if bright {
                    pen.attributes | Modifier::BOLD
                } else {
                    pen.attributes
                };
                Pen {
                    fg,
                    bg: base(pen.bg).0,
                    attributes,
                }
            }
        }
    }

    fn codes(&self, from: Pen, to: Pen) -> String {
        let mut codes: Vec<String> = Vec::new();
        let weight = Modifier::BOLD | Modifier::DIM;
        let off = from.attributes - to.attributes;
        let mut have = from.attributes;
        for (attribute, _, code) in ATTRIBUTES {
            if off.contains(attribute) && have.contains(attribute) {
                codes.push(code.to_owned());
                have -= if weight.contains(attribute) {
                    weight
                } else {
                    attribute
                };
            }
        }
        for (attribute, code, _) in ATTRIBUTES {
            if to.attributes.contains(attribute) && !have.contains(attribute) {
                codes.push(code.to_owned());
            }
        }
        if from.fg != to.fg {
            codes.push(colour(to.fg, 30).to_string());
        }
        if from.bg != to.bg {
            codes.push(colour(to.bg, 40).to_string());
        }
        codes.join(";")
    }
}

/// The symbol of no cell of a screen: control characters are made visible before they come here.
const COVERED: &str = "\u{1}";

fn same(a: &Cell, b: &Cell) -> bool {
    // A blank's foreground cannot be seen.
    let unseen = a.symbol() == " "
        && b.symbol() == " "
        && !(a.modifier | b.modifier).intersects(Modifier::REVERSED | Modifier::UNDERLINED);
    a.symbol() == b.symbol() && a.bg == b.bg && (unseen || (a.fg == b.fg && a.modifier == b.modifier))
}

/// The pen of a cell. A plain blank takes any foreground, so it asks for the plainest only where it can be seen.
fn pen_of(buffer: &Buffer, x: u16, y: u16) -> Pen {
    let cell = &buffer[(x, y)];
    if cell.symbol() == " "
        && !cell
            .modifier
            .intersects(Modifier::REVERSED | Modifier::UNDERLINED)
    {
        return Pen {
            bg: cell.bg,
            ..Pen::PLAIN
        };
    }
    Pen {
        fg: cell.fg,
        bg: cell.bg,
        attributes: cell.modifier,
    }
}

fn base(colour: Color) -> (Color, bool) {
    match colour {
        Color::DarkGray => (Color::Reset, false),
        Color::LightRed => (Color::Red, true),
        Color::LightGreen => (Color::Green, true),
        Color::LightYellow => (Color::Yellow, true),
        Color::LightBlue => (Color::Blue, true),
        Color::LightMagenta => (Color::Magenta, true),
        Color::LightCyan => (Color::Cyan, true),
        Color::White => (Color::Gray, true),
        other => (other, false),
    }
}

/// The classic code. Colours outside the sixteen are never used and count as the default.
fn colour(colour: Color, start: u8) -> u8 {
    let (index, bright) = match colour {
        Color::Black => (0, false),
        Color::Red => (1, false),
        Color::Green => (2, false),
        Color::Yellow => (3, false),
        Color::Blue => (4, false),
        Color::Magenta => (5, false),
        Color::Cyan => (6, false),
        Color::Gray => (7, false),
        Color::DarkGray => (0, true),
        Color::LightRed => (1, true),
        Color::LightGreen => (2, true),
        Color::LightYellow => (3, true),
        Color::LightBlue => (4, true),
        Color::LightMagenta => (5, true),
        Color::LightCyan => (6, true),
        Color::White => (7, true),
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => return start + 9,
    };
    if bright { start + 60 + index } else { start + index }
}

#[cfg(test)]
mod tests;
