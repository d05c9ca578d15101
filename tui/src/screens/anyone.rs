//! Naming somebody whom a form does not list: what is typed is looked for, and chosen among those found.

use super::widgets::card_line;
use crate::{
    api::Ask,
    app::{Cx, Effect, overlay::Overlay},
    form::{Choice, Form, Kind, Picker},
    i18n::Say,
    term::{Chord, Key},
};
use karton_api::persons::PersonHit;

/// Looks for what is typed in the field with the cursor where that names nobody of its list; whether it does.
pub(super) fn looks_for_somebody(form: &Form, chord: Chord, cx: &mut Cx<'_>) -> bool {
    let on = matches!(chord.key, Key::Enter | Key::Tab | Key::Down | Key::F(4)) && !chord.ctrl;
    let Some(field) = form
        .current()
        .filter(|field| on && matches!(field.kind, Kind::Person(_)))
    else {
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

/// Those found join the field's list: the only one is to be chosen and is answered, of several the officer chooses.
pub(super) fn found(form: &mut Form, hits: &[PersonHit], cx: &mut Cx<'_>) -> Option<String> {
    let page = form.pages.get(form.page())?.id.clone();
    let id = form.current()?.id.clone();
    let choices: Vec<Choice> = hits
        .iter()
        .map(|hit| Choice::new(hit.card.id.to_string(), Say::raw(card_line(&hit.card))))
        .collect();
    let field = form.find_mut(&page, &id)?;
    let Kind::Person(known) = &field.kind else {
        return None;
    };
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
        [only] => return Some(only.code.clone()),
        _ => cx.want(Effect::Overlay(Box::new(Overlay::Pick(Picker::new(
            label, choices, "",
        ))))),
    }
    None
}
