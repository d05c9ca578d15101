//! Deputies: who decides while the approver is away.

use super::{
    Desk, FORM_ACTS, FormKey, Screen, done, form_checks, form_faults, form_help, form_key, form_paste,
    form_status,
    forms::{form_desk, rest},
    widgets::{Cursor, day, list, put},
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Field, Form, Kind, view},
    i18n::Say,
    term::Chord,
    text::visible,
};
use karton_api::{
    Date, FactValue,
    deputies::{Deputy, NewDeputy},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The list.
#[derive(Debug, Clone)]
pub struct DeputiesScreen {
    items: Vec<Deputy>,
    cursor: Cursor,
}

impl DeputiesScreen {
    /// The newest first.
    pub fn new(items: Vec<Deputy>) -> DeputiesScreen {
        DeputiesScreen {
            items,
            cursor: Cursor::default(),
        }
    }
    fn current(&self) -> Option<&Deputy> {
        self.items.get(self.cursor.0)
    }
}

impl Desk for DeputiesScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-deputies")
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::AdminNew];
        let open = |it: &Deputy| it.ended_at.is_none() && it.until >= look.today;
        if self.current().is_some_and(open) {
            acts.push(Act::Withdraw);
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::AdminNew => cx.want(Effect::Push(Box::new(Screen::Deputy(Box::new(DeputyForm::new(
                &cx.look,
            )))))),
            Act::Withdraw => {
                if let Some(it) = self.current() {
                    let lines = vec![
                        Say::raw(visible(&it.deputy.name)),
                        Say::key("deputy-end-says").with("officer", visible(&it.absent.name)),
                    ];
                    cx.want(confirm(Say::key("deputy-end-ask"), lines, Act::Withdraw));
                }
            }
            Act::Refresh => cx.want(Effect::Submit(Ask::Deputies)),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        self.cursor.key(
            chord,
            self.items.len(),
            usize::from(cx.look.size.1).saturating_sub(8),
        )
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::Deputies));
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        if let Some(id) = self.current().map(|it| it.id) {
            let once = cx.once();
            cx.want(Effect::Submit(Ask::EndDeputy { id, once }));
        }
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (ask, Ok(Answer::Deputies(items))) => {
                self.items = items;
                self.cursor.0 = self.cursor.0.min(self.items.len().saturating_sub(1));
                if matches!(ask, Ask::EndDeputy { .. }) {
                    done(cx, "deputy-ended");
                }
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &look.words.t("deputies-say"), look.theme.quiet());
        if self.items.is_empty() {
            put(buffer, area, 2, &look.words.t("deputies-none"), Style::new());
            return None;
        }
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        // Beside the two names: a sign, the days, how it stands, and the gaps.
        let name = (usize::from(area.width).saturating_sub(44) / 2).min(30);
        list(buffer, body, self.items.len(), self.cursor, look, |i| {
            let it = &self.items[i];
            let (sign, style) = if it.active {
                ("✓", look.theme.good())
            } else {
                ("·", look.theme.quiet())
            };
            let state = if it.ended_at.is_some() {
                "deputy-over"
            } else if it.active {
                "deputy-active"
            } else if it.from > look.today {
                "deputy-coming"
            } else {
                "deputy-over"
            };
            vec![
                (sign.to_owned(), 1, style),
                (visible(&it.deputy.name), name, Style::new()),
                (visible(&it.absent.name), name, look.theme.quiet()),
                (
                    format!("{} – {}", day(Some(it.from)), day(Some(it.until))),
                    23,
                    Style::new(),
                ),
                (look.words.t(state), 12, style),
            ]
        })
    }
}

/// A deputy is named.
#[derive(Debug, Clone)]
pub struct DeputyForm {
    form: Form,
}

impl DeputyForm {
    /// From today on.
    fn new(look: &Look<'_>) -> DeputyForm {
        let deputy = Field::new("deputy", Say::key("deputy-account"), Kind::Text { max: 64 })
            .required()
            .help(Say::key("deputy-account-help"));
        let absent = Field::new("absent", Say::key("deputy-absent"), Kind::Text { max: 64 })
            .help(Say::key("deputy-absent-help"));
        let mut from = Field::new("from", Say::key("column-from"), Kind::Date { past: false }).required();
        from.set(&FactValue::Date(look.today), &look.form());
        let until = Field::new("until", Say::key("deputy-until"), Kind::Date { past: false }).required();
        DeputyForm {
            form: Form::single(vec![deputy, from, until, absent]),
        }
    }
    fn day(&self, id: &str, look: &Look<'_>) -> Option<Date> {
        match self
            .form
            .find("", id)
            .and_then(|field| field.value(&look.form()).ok().flatten())
        {
            Some(FactValue::Date(day)) => Some(day),
            _ => None,
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let text = |id: &str| {
            self.form
                .find("", id)
                .map(|f| f.text().trim().to_owned())
                .unwrap_or_default()
        };
        if let (Some(from), Some(until)) = (self.day("from", &cx.look), self.day("until", &cx.look)) {
            let body = NewDeputy {
                office: None,
                absent: Some(text("absent")).filter(|absent| !absent.is_empty()),
                deputy: text("deputy"),
                from,
                until,
            };
            let once = cx.once();
            cx.want(Effect::Submit(Ask::NameDeputy { body, once }));
        }
    }
}

impl Desk for DeputyForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-deputy")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Back);
                done(cx, "deputy-named");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &look.words.t("deputies-say"), look.theme.quiet());
        view::draw(&self.form, buffer, rest(area, 2), &look.form(), look.theme)
    }
}
