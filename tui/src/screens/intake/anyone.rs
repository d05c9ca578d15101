//! Naming somebody who is not of the household: what is typed is looked for, and chosen among those found.

use super::{Desk, Intake};
use crate::{
    api::Ask,
    app::{Cx, Effect, overlay::Overlay},
    form::{Choice, Kind, Picker},
    i18n::Say,
    screens::widgets::card_line,
    term::{Chord, Key},
};
use karton_api::{catalogue::FieldKind, persons::PersonHit};

impl Intake {
    /// Looks for what is typed where anybody may be named and the household has nobody of that name; whether it does.
    pub(super) fn looks_for_somebody(&self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let on = matches!(chord.key, Key::Enter | Key::Tab | Key::Down | Key::F(4)) && !chord.ctrl;
        let Some(field) = self.form.current().filter(|_| on && self.takes_anyone()) else {
            return false;
        };
        let text = field.text().trim();
        if text.chars().count() < 2 || field.value(&cx.look.form()).is_ok() {
            return false;
        }
        cx.want(Effect::Submit(Ask::Search {
            text: text.to_owned(),
            cursor: None,
        }));
        true
    }

    fn takes_anyone(&self) -> bool {
        let (Some(page), Some(field)) = (self.form.pages.get(self.form.page()), self.form.current()) else {
            return false;
        };
        let of_page = |p: &&karton_api::catalogue::FormPage| page.id.split('#').next() == Some(p.id.as_str());
        let mut fields = self.kit.form.pages.iter().filter(of_page).flat_map(|p| &p.fields);
        fields.any(|f| f.fact == field.id && matches!(f.kind, FieldKind::Person { anyone: true }))
    }

    /// Those found join the field's list: the only one is chosen, of several the officer chooses.
    pub(super) fn found(&mut self, hits: Vec<PersonHit>, cx: &mut Cx<'_>) {
        let (page, id) = match (self.form.pages.get(self.form.page()), self.form.current()) {
            (Some(page), Some(field)) => (page.id.clone(), field.id.clone()),
            _ => return,
        };
        let choices: Vec<Choice> = hits
            .iter()
            .map(|hit| Choice::new(hit.card.id.to_string(), Say::raw(card_line(&hit.card))))
            .collect();
        let Some(field) = self.form.find_mut(&page, &id) else {
            return;
        };
        let Kind::Person(known) = &field.kind else { return };
        let mut list = known.to_vec();
        for choice in &choices {
            if list.iter().all(|known| known.code != choice.code) {
                list.push(choice.clone());
            }
        }
        field.kind = Kind::Person(list.into());
        let label = field.label.clone();
        match choices.as_slice() {
            [] => cx.wrong(Say::key("error-nobody")),
            [only] => self.chosen(&only.code.clone(), cx),
            _ => cx.want(Effect::Overlay(Box::new(Overlay::Pick(Picker::new(
                label, choices, "",
            ))))),
        }
    }
}
