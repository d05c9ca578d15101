//! A running matter on its way to the version of the pack that is in force: what that changes of what concerns it, and why it is moved.

use super::{
    Desk, FORM_ACTS, FormKey, done, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    widgets::{Cursor, list, put},
};
use crate::{
    api::{Answer, Ask, Fault, versions::VersionAsk},
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Field, Form, Kind, view},
    i18n::Say,
    term::{Chord, Key},
    text::{fit, visible},
};
use karton_api::{
    Id,
    common::Reason,
    upgrades::{MatterVersion, PackChange},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// Lines above the list of what changes.
const HEAD: u16 = 7;

/// What moving a matter changes, with the reason for it.
#[derive(Debug, Clone)]
pub struct VersionScreen {
    matter: Id<value::Matter>,
    head: String,
    version: MatterVersion,
    form: Form,
    cursor: Cursor,
}

/// The sign, the place and both values of a difference.
fn row(change: &PackChange, wide: usize, look: &Look<'_>) -> Vec<(String, usize, Style)> {
    let (sign, style) = match (&change.was, &change.is) {
        (None, _) => ("+", look.theme.good()),
        (_, None) => ("−", look.theme.bad()),
        _ => ("~", look.theme.open()),
    };
    let values = [change.was.as_deref(), change.is.as_deref()];
    let values: Vec<String> = values.into_iter().flatten().map(visible).collect();
    let place = match change.place.is_empty() {
        true => &change.file,
        false => &change.place,
    };
    vec![
        (sign.to_owned(), 1, style),
        (visible(place), 30, Style::new()),
        (values.join(" → "), wide.saturating_sub(35), look.theme.quiet()),
    ]
}

impl VersionScreen {
    /// With what would change.
    pub fn new(matter: Id<value::Matter>, head: String, version: MatterVersion) -> VersionScreen {
        let why = Field::new("reason", Say::key("reason"), Kind::Text { max: 2000 })
            .required()
            .help(Say::key("version-reason-help"));
        VersionScreen {
            matter,
            head,
            version,
            form: Form::single(vec![why]),
            cursor: Cursor::default(),
        }
    }
    /// Nothing to move: the matter runs on the version in force, or has ended.
    fn there(&self) -> bool {
        self.version.runs_on == self.version.in_force
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !self.version.fits || !form_checks(&mut self.form, cx) {
            return cx.want(Effect::Bell);
        }
        let lines = vec![
            Say::raw(self.head.clone()),
            Say::key("version-ask-says"),
            Say::key("version-ask-then"),
        ];
        cx.want(confirm(Say::key("version-ask"), lines, Act::Submit));
    }
    fn page(look: &Look<'_>) -> usize {
        usize::from(look.size.1)
            .saturating_sub(usize::from(HEAD) + 4)
            .max(1)
    }
}

impl Desk for VersionScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("act-move-version")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = match self.version.fits {
            true => FORM_ACTS.to_vec(),
            false => Vec::new(),
        };
        if self.version.changes.len() > 1 {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Submit => self.submit(cx),
            Act::Previous | Act::Next => drop(self.key(chord, cx)),
            _ => drop(form_key(&mut self.form, chord, cx)),
        }
    }
    fn typing(&self, _look: &Look<'_>) -> bool {
        true
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let turns = matches!(
            chord.key,
            Key::Up | Key::Down | Key::PageUp | Key::PageDown | Key::F(7) | Key::F(8)
        );
        if turns {
            let page = VersionScreen::page(&cx.look);
            return self.cursor.key(chord, self.version.changes.len(), page);
        }
        if !self.version.fits {
            return false;
        }
        let did = form_key(&mut self.form, chord, cx);
        if did == FormKey::Finished {
            self.submit(cx);
        }
        did != FormKey::Ignored
    }
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        form_paste(&mut self.form, text, cx);
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let why = self.form.find("", "reason");
        let reason = why.map(|field| field.text().trim().to_owned());
        cx.want(Effect::Submit(Ask::Version(VersionAsk::Move {
            matter: self.matter,
            revision: self.version.revision,
            why: Reason {
                reason: reason.unwrap_or_default(),
            },
        })));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Version(version)) => self.version = *version,
            Ok(_) => {
                cx.want(Effect::Back);
                done(cx, "version-moved");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        match self.version.changes.get(self.cursor.0) {
            Some(change) => Say::raw(visible(&format!("{}  {}", change.file, change.place))),
            None => form_status(&self.form, look),
        }
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        let mut lines = vec![Line::Text(0, Say::key("version-help"))];
        if let Some(change) = self.version.changes.get(self.cursor.0) {
            let value = |text: &Option<String>| Say::raw(visible(text.as_deref().unwrap_or("–")));
            lines.extend([
                Line::Gap,
                Line::Head(Say::raw(visible(&change.file))),
                Line::Text(0, Say::raw(visible(&change.place))),
                Line::Pair(Say::key("version-was"), value(&change.was)),
                Line::Pair(Say::key("version-is"), value(&change.is)),
                Line::Gap,
            ]);
        }
        lines.extend(form_help(&self.form));
        lines
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &self.head, look.theme.strong());
        let (says, style) = match (self.there(), self.version.fits) {
            (true, _) => ("version-there", look.theme.good()),
            (false, true) => ("version-says", Style::new()),
            (false, false) => ("version-no-place", look.theme.bad()),
        };
        for (line, text) in crate::text::wrap(&look.words.t(says), area.width.into())
            .iter()
            .take(2)
            .enumerate()
        {
            put(buffer, area, 1 + u16::try_from(line).unwrap_or(0), text, style);
        }
        let cursor = match self.version.fits {
            true => {
                let field = Rect::new(area.x, area.y + 3, area.width, 2);
                view::draw(&self.form, buffer, field, &look.form(), look.theme)
            }
            false => None,
        };
        if self.there() {
            return cursor;
        }
        let shown = self.version.changes.len();
        let all = u64::try_from(shown).unwrap_or(0) + self.version.more.unsigned_abs();
        let counted = match all {
            0 => look.words.t("version-no-changes"),
            n => look.words.say(&Say::key("version-changes").with("n", n)),
        };
        put(
            buffer,
            area,
            HEAD - 2,
            &fit(&counted, area.width.into()),
            look.theme.heading(),
        );
        let body = Rect::new(
            area.x,
            area.y + HEAD,
            area.width,
            area.height.saturating_sub(HEAD),
        );
        let wide = usize::from(area.width);
        let place = list(buffer, body, shown, self.cursor, look, |i| {
            row(&self.version.changes[i], wide, look)
        });
        cursor.or(place)
    }
}
