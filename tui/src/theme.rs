//! How things look: sixteen colours at most, each repeating what an attribute or a sign already says.

use ratatui::style::{Color, Modifier, Style};

/// The styles of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// Attributes only.
    pub mono: bool,
    /// Stronger contrast: nothing is dimmed.
    pub strong: bool,
    /// Laid out in one column for those who hear the screen: no boxes, nothing side by side, nothing that counts seconds.
    pub plain: bool,
}

impl Theme {
    fn colour(self, style: Style, fg: Color) -> Style {
        if self.mono { style } else { style.fg(fg) }
    }
    /// The line at the top.
    pub fn bar(self) -> Style {
        if self.mono {
            Style::new().add_modifier(Modifier::REVERSED)
        } else {
            Style::new().fg(Color::White).bg(Color::Blue)
        }
    }
    /// A heading.
    pub fn heading(self) -> Style {
        self.colour(Style::new().add_modifier(Modifier::BOLD), Color::Cyan)
    }
    /// What matters.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }
    /// What may be passed over.
    pub fn quiet(self) -> Style {
        if self.mono || self.strong {
            Style::new()
        } else {
            Style::new().fg(Color::DarkGray)
        }
    }
    /// A place to type.
    pub fn field(self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }
    /// The line or entry with the cursor.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
    /// The name of a key.
    pub fn key(self) -> Style {
        self.colour(Style::new().add_modifier(Modifier::BOLD), Color::Cyan)
    }
    /// Met, verified.
    pub fn good(self) -> Style {
        self.colour(Style::new(), Color::Green)
    }
    /// Not met, wrong.
    pub fn bad(self) -> Style {
        self.colour(Style::new().add_modifier(Modifier::BOLD), Color::LightRed)
    }
    /// Not known yet, needs a look.
    pub fn open(self) -> Style {
        self.colour(Style::new(), Color::Yellow)
    }
}
