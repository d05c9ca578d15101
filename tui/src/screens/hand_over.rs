//! Handing over what an officer who leaves has in hand: what it is, and who gets it.

use super::{
    Desk, FORM_ACTS, FormKey, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    forms::{form_desk, rest},
    said::said,
    widgets::{day, put},
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{
        Cx, Effect, Look, confirm,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Field, Form, Kind, view},
    i18n::Say,
    term::Chord,
    text::{pad, visible},
};
use karton_api::{
    common::OfficerRef,
    deputies::{HandOver, HandedOver, OpenWork},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// What somebody leaves open, and the accounts that take it.
#[derive(Debug, Clone)]
pub struct HandOverForm {
    officer: OfficerRef,
    work: Vec<OpenWork>,
    form: Form,
}

impl HandOverForm {
    /// The earliest due first.
    pub fn new(officer: OfficerRef, work: Vec<OpenWork>) -> HandOverForm {
        let to = Field::new("to", Say::key("hand-over-to"), Kind::Text { max: 400 })
            .required()
            .help(Say::key("hand-over-to-help"));
        HandOverForm {
            officer,
            work,
            form: Form::single(vec![to]),
        }
    }
    fn accounts(&self) -> Vec<String> {
        let text = self.form.find("", "to").map(Field::text).unwrap_or_default();
        text.split([' ', ',', ';'])
            .filter(|account| !account.is_empty())
            .map(str::to_owned)
            .collect()
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if self.work.is_empty() {
            return cx.wrong(Say::key("hand-over-none"));
        }
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let lines = vec![
            Say::raw(visible(&self.officer.name)),
            Say::key("hand-over-ask-says")
                .with("n", self.work.len())
                .with("to", self.accounts().join(", ")),
        ];
        cx.want(confirm(Say::key("hand-over-ask"), lines, Act::Submit));
    }
    /// One piece of work as a line: what, which matter, until when.
    fn line(it: &OpenWork, look: &Look<'_>) -> (String, String) {
        let name = if it.step.is_some() {
            visible(look.words.pick(&it.name))
        } else {
            look.words.t("hand-over-draft")
        };
        let number = it.number.as_deref().or(it.benefit.as_deref()).unwrap_or("");
        (name, visible(number))
    }
    fn said(&self, told: &HandedOver, cx: &mut Cx<'_>) {
        let mut lines = vec![Line::Text(
            0,
            Say::key("hand-over-given").with("n", told.given.len()),
        )];
        for it in &told.given {
            let (name, number) = HandOverForm::line(it, &cx.look);
            let to = it.to.as_ref().map(|to| visible(&to.name)).unwrap_or_default();
            lines.push(Line::Pair(Say::raw(to), Say::raw(format!("{name} {number}"))));
        }
        if !told.left.is_empty() {
            lines.push(Line::Gap);
            lines.push(Line::Text(
                0,
                Say::key("hand-over-left").with("n", told.left.len()),
            ));
            for it in &told.left {
                let (name, number) = HandOverForm::line(it, &cx.look);
                lines.push(Line::Pair(Say::raw(number), Say::raw(name)));
            }
        }
        cx.want(Effect::Overlay(Box::new(Overlay::Text {
            title: Say::key("act-hand-over"),
            lines,
            at: 0,
        })));
    }
}

impl Desk for HandOverForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-hand-over").with("officer", visible(&self.officer.name))
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let once = cx.once();
        cx.want(Effect::Submit(Ask::HandOver {
            officer: self.officer.id,
            body: HandOver { to: self.accounts() },
            once,
        }));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::HandedOver(told)) => {
                cx.want(Effect::Back);
                self.said(&told, cx);
            }
            Ok(_) => cx.want(Effect::Back),
            Err(fault) => {
                // Which of the accounts it is, the pointer says; the field is one.
                let about = fault.problem().and_then(|problem| {
                    let error = problem.errors.first()?;
                    let place: usize = error.pointer.strip_prefix("/to/")?.parse().ok()?;
                    Some((
                        self.accounts().get(place)?.clone(),
                        cx.look.words.say(&said(error, &cx.look)),
                    ))
                });
                match about {
                    Some((account, message)) => {
                        let words = Say::raw(format!("{account}: {message}"));
                        self.form.fault("", "to", words.clone());
                        cx.wrong(words);
                    }
                    None => form_faults(&mut self.form, &fault, cx),
                }
            }
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &look.words.t("hand-over-says"),
            look.theme.quiet(),
        );
        let cursor = view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + 2, area.width, area.height.min(2)),
            &look.form(),
            look.theme,
        );
        let below = rest(area, 5);
        if self.work.is_empty() {
            put(buffer, below, 0, &look.words.t("hand-over-none"), Style::new());
            return cursor;
        }
        let head = Say::key("hand-over-open").with("n", self.work.len());
        put(buffer, below, 0, &look.words.say(&head), look.theme.heading());
        let room = usize::from(below.height.saturating_sub(1));
        let name = usize::from(below.width).saturating_sub(36).min(44);
        for (place, it) in self.work.iter().take(room).enumerate() {
            let (what, number) = HandOverForm::line(it, look);
            let line = format!("{} {} {}", pad(&what, name), pad(&number, 20), day(it.due_on));
            let at = u16::try_from(place + 1).unwrap_or(u16::MAX);
            put(buffer, below, at, &line, Style::new());
        }
        cursor
    }
}
