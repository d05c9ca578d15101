//! The text of a letter, read page by page.

use super::widgets::{put, turned};
use crate::{
    app::{Cx, Effect, Look, TimerId, confirm, keymap::Act},
    i18n::Say,
    term::Key,
    text::visible,
};
use karton_api::decisions::LetterState;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// A letter that is being made is looked for this often.
const POLL_MS: u64 = 700;

/// A letter that is being made is looked for again.
pub(super) fn watch(state: Option<LetterState>, cx: &mut Cx<'_>) {
    if state == Some(LetterState::Making) {
        cx.want(Effect::Timer(TimerId::Poll, POLL_MS));
    }
}

/// Whether it was handed over today.
pub(super) fn ask_delivery(cx: &mut Cx<'_>) {
    let today = crate::form::date::show(cx.look.today);
    cx.want(confirm(
        Say::key("deliver-ask"),
        vec![Say::key("deliver-says").with("day", today)],
        Act::Deliver,
    ));
}

/// The lines of a letter, and the first that is shown.
#[derive(Debug, Clone)]
pub(super) struct Leaves {
    lines: Vec<String>,
    at: usize,
}

impl Leaves {
    /// From its beginning; nothing where it has not been made.
    pub(super) fn of(text: Option<String>) -> Leaves {
        Leaves {
            lines: text.map(|t| t.lines().map(visible).collect()).unwrap_or_default(),
            at: 0,
        }
    }
    /// The letter as it is now, where one has read to.
    pub(super) fn again(&self, text: Option<String>) -> Leaves {
        Leaves {
            at: self.at,
            ..Leaves::of(text)
        }
    }
    fn page(look: &Look<'_>) -> usize {
        usize::from(look.size.1).saturating_sub(5).max(1)
    }
    /// Whether it is longer than the screen.
    pub(super) fn are_turned(&self, look: &Look<'_>) -> bool {
        self.lines.len() > Leaves::page(look)
    }
    /// Whether the key turned them.
    pub(super) fn turn(&mut self, key: Key, look: &Look<'_>) -> bool {
        // Nothing here is chosen, so that Enter reads on.
        let key = if key == Key::Enter { Key::PageDown } else { key };
        turned(&mut self.at, key, Leaves::page(look), self.lines.len())
    }
    /// Which page it is, of how many; nothing where it is one.
    pub(super) fn place(&self, look: &Look<'_>) -> Say {
        if !self.are_turned(look) {
            return Say::Nothing;
        }
        let page = Leaves::page(look);
        let pages = self.lines.len().div_ceil(page);
        let last = self.lines.len().saturating_sub(page);
        let at = if self.at >= last {
            pages
        } else {
            self.at / page + 1
        };
        Say::key("page-of").with("at", at).with("all", pages)
    }
    pub(super) fn draw(&self, state: LetterState, look: &Look<'_>, buffer: &mut Buffer, area: Rect) {
        match state {
            LetterState::Making => put(buffer, area, 0, &look.words.t("letter-making"), look.theme.open()),
            LetterState::Failed => put(buffer, area, 0, &look.words.t("letter-failed"), look.theme.bad()),
            LetterState::Ready => {
                // The bar has its blank line; the letter takes it too, for it is long.
                let area = Rect::new(area.x + 1, area.y - 1, area.width - 1, area.height + 1);
                for (y, line) in (0..area.height).zip(self.lines.iter().skip(self.at)) {
                    put(buffer, area, y, line, Style::new());
                }
            }
        }
    }
}
