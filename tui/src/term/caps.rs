//! What a terminal can do, by its name. crossterm reads no terminfo, so the table is ours.

/// Which colours may be written. Colour repeats a meaning and never carries one alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// None: attributes only.
    Mono,
    /// SGR 30–37; bright becomes bold.
    Eight,
    /// SGR 30–37 and 90–97.
    Sixteen,
}

/// Which characters the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyphs {
    /// Everything a UTF-8 terminal with a full font shows.
    Full,
    /// Letters and line drawing, but no signs such as ✓ (the Linux console's 512 characters).
    Letters,
    /// ASCII only: letters lose their diacritics on the screen, never in the data.
    Ascii,
}

/// What may be written to this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Colours.
    pub colours: Colours,
    /// Characters.
    pub glyphs: Glyphs,
    /// `ECH`, `CSI n X`: erase n cells and stay.
    pub ech: bool,
    /// `CHA`, `CSI n G`: go to column n of the row.
    pub cha: bool,
    /// The alternate screen.
    pub alternate: bool,
    /// Bracketed paste.
    pub paste: bool,
    /// F-keys are typed as Esc and a digit, so Esc waits a moment for the digit.
    pub esc_digit: bool,
}

impl Caps {
    /// What `xterm` can do.
    pub const XTERM: Caps = Caps {
        colours: Colours::Sixteen,
        glyphs: Glyphs::Full,
        ech: true,
        cha: true,
        alternate: true,
        paste: true,
        esc_digit: false,
    };

    /// The capabilities of a terminal of this name in this locale (`LC_ALL`, `LC_CTYPE` or `LANG`).
    /// An unknown name is taken for a modest ANSI terminal.
    pub fn of(term: &str, locale: &str) -> Caps {
        let base = |name: &str| term == name || term.starts_with(&format!("{name}-"));
        let any = |names: &[&str]| names.iter().any(|n| base(n));
        let mut caps = if any(&[
            "xterm",
            "rxvt",
            "putty",
            "alacritty",
            "foot",
            "kitty",
            "wezterm",
            "konsole",
            "gnome",
            "vte",
            "st",
            "ms-terminal",
        ]) || any(&["tmux", "screen"])
        {
            Caps::XTERM
        } else if base("linux") {
            Caps {
                colours: Colours::Eight,
                glyphs: Glyphs::Letters,
                alternate: false,
                ..Caps::XTERM
            }
        } else if any(&["vt220", "vt320", "vt420", "vt510"]) {
            Caps {
                colours: Colours::Mono,
                cha: false,
                alternate: false,
                paste: false,
                ..Caps::XTERM
            }
        } else if any(&["vt100", "vt102", "dumb"]) {
            Caps {
                colours: Colours::Mono,
                ech: false,
                cha: false,
                alternate: false,
                paste: false,
                esc_digit: true,
                ..Caps::XTERM
            }
        } else {
            Caps {
                colours: Colours::Eight,
                ech: false,
                cha: false,
                ..Caps::XTERM
            }
        };
        let folded = locale.to_ascii_lowercase();
        if cfg!(unix) && !folded.contains("utf-8") && !folded.contains("utf8") {
            caps.glyphs = Glyphs::Ascii;
        }
        if base("putty") && caps.glyphs == Glyphs::Full {
            caps.glyphs = Glyphs::Letters;
        }
        caps
    }

    /// The character to write for a cell, in what the terminal can show. Never longer than one cell for one cell.
    pub(crate) fn glyph<'a>(&self, symbol: &'a str) -> &'a str {
        if symbol.is_ascii() || self.glyphs == Glyphs::Full {
            return symbol;
        }
        let sign = match symbol {
            "✓" => "+",
            "✗" => "x",
            "›" | "▸" | "→" => ">",
            "‹" | "←" => "<",
            "●" => "*",
            "○" => "o",
            "⋯" => "~",
            _ => "",
        };
        if !sign.is_empty() {
            return sign;
        }
        if self.glyphs == Glyphs::Letters {
            return symbol;
        }
        match symbol {
            "─" | "–" | "—" => "-",
            "│" | "┃" => "|",
            "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┬" | "┴" | "┼" => "+",
            "·" | "•" => ".",
            "…" => "~",
            "≤" => "<",
            "≥" => ">",
            "€" => "E",
            "č" | "ć" => "c",
            "Č" | "Ć" => "C",
            "š" | "ś" => "s",
            "Š" | "Ś" => "S",
            "ž" | "ź" => "z",
            "Ž" | "Ź" => "Z",
            "đ" => "d",
            "Đ" => "D",
            "“" | "”" | "„" | "»" | "«" => "\"",
            "’" | "‘" => "'",
            _ => "?",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_known_by_its_name() {
        assert_eq!(Caps::of("xterm-256color", "C.UTF-8"), Caps::XTERM);
        assert_eq!(Caps::of("vt220", "C.UTF-8").colours, Colours::Mono);
        assert!(!Caps::of("vt100", "C.UTF-8").ech);
        assert!(Caps::of("vt100", "C.UTF-8").esc_digit);
        assert_eq!(Caps::of("linux", "C.UTF-8").glyphs, Glyphs::Letters);
        assert_eq!(Caps::of("screen.linux", "C.UTF-8").colours, Colours::Eight);
        assert_eq!(
            Caps::of("tmux-256color", "").glyphs,
            if cfg!(unix) { Glyphs::Ascii } else { Glyphs::Full }
        );
    }

    #[test]
    fn every_sign_of_the_screens_has_an_ascii_twin() {
        let ascii = Caps {
            glyphs: Glyphs::Ascii,
            ..Caps::XTERM
        };
        for sign in [
            "✓", "✗", "›", "─", "│", "·", "…", "č", "Đ", "≤", "▸", "⋯", "●", "○",
        ] {
            assert!(ascii.glyph(sign).is_ascii() && ascii.glyph(sign) != "?", "{sign}");
        }
    }
}
