//! Two officers at one draft: what only one of them changed is taken over, what both answered differently is asked.

use super::{Intake, build};
use crate::{
    app::{Cx, Effect, Tone, overlay::Overlay},
    form::{Choice, Picker},
    i18n::Say,
};
use karton_api::{
    FactValue,
    applications::Application,
    assessments::{Answer as Typed, AnswerOf},
};

const MINE: &str = "conflict:mine";
const THEIRS: &str = "conflict:theirs";

/// A question that two officers answered differently.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conflict {
    /// Page and id of the field.
    page: String,
    fact: String,
    theirs: Option<FactValue>,
}

fn find<'a>(answers: &'a [Typed], of: AnswerOf, fact: &str) -> Option<&'a FactValue> {
    answers
        .iter()
        .find(|a| a.of == of && a.fact == fact)
        .map(|a| &a.value)
}

impl Intake {
    /// Lays the server's draft beside this one, field by field, against what both began with.
    pub(super) fn merge(&mut self, server: Application, cx: &mut Cx<'_>) {
        let ctx = cx.look.form();
        let mine = build::answers(&self.form, &self.places, &ctx);
        let theirs = server.answers;
        self.conflicts.clear();
        let mut taken = 0;
        for place in &self.places {
            let Some(page) = self.form.pages.iter_mut().find(|p| p.id == place.page) else {
                continue;
            };
            for field in &mut page.fields {
                let m = find(&mine, place.of, &field.id);
                let t = find(&theirs, place.of, &field.id);
                let b = find(&self.base, place.of, &field.id);
                if m == t || t == b {
                    continue;
                }
                if m == b {
                    match t {
                        Some(value) => field.set(value, &ctx),
                        None => field.put(""),
                    }
                    taken += 1;
                } else {
                    self.conflicts.push(Conflict {
                        page: place.page.clone(),
                        fact: field.id.clone(),
                        theirs: t.cloned(),
                    });
                }
            }
        }
        self.base = theirs;
        self.draft = Some((server.summary.id, server.revision));
        self.changed(cx);
        if self.conflicts.is_empty() {
            let says = Say::key("draft-merged").with("n", taken);
            cx.want(Effect::Say(says, Tone::Note));
        } else {
            cx.wrong(Say::key("draft-changed").with("n", self.conflicts.len()));
            self.ask_conflict(cx);
        }
    }

    /// Puts the cursor at the first field that is not settled and asks whose answer stands.
    pub(super) fn ask_conflict(&mut self, cx: &mut Cx<'_>) {
        let Some(conflict) = self.conflicts.first().cloned() else {
            return;
        };
        let ctx = cx.look.form();
        let place = self.form.pages.iter().position(|p| p.id == conflict.page);
        let Some((page, at)) = place.and_then(|p| {
            let fields = &self.form.pages[p].fields;
            Some((p, fields.iter().position(|f| f.id == conflict.fact)?))
        }) else {
            self.conflicts.remove(0);
            return;
        };
        self.form.go((page, at));
        let field = &self.form.pages[page].fields[at];
        let mut other = field.clone();
        match &conflict.theirs {
            Some(value) => other.set(value, &ctx),
            None => other.put(""),
        }
        let shown = |field: &crate::form::Field| match field.display(&ctx) {
            text if text.trim().is_empty() => cx.look.words.t("conflict-empty"),
            text => text,
        };
        let mine = Say::key("conflict-mine").with("value", shown(field));
        let theirs = Say::key("conflict-theirs").with("value", shown(&other));
        let choices = vec![Choice::new(MINE, mine), Choice::new(THEIRS, theirs)];
        let picker = Picker::new(field.label.clone(), choices, MINE);
        cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
    }

    /// Takes whose answer stands; false when something else was chosen.
    pub(super) fn settle_conflict(&mut self, code: &str, cx: &mut Cx<'_>) -> bool {
        if self.conflicts.is_empty() || !matches!(code, MINE | THEIRS) {
            return false;
        }
        let conflict = self.conflicts.remove(0);
        if code == THEIRS {
            let ctx = cx.look.form();
            if let Some(field) = self.form.find_mut(&conflict.page, &conflict.fact) {
                match &conflict.theirs {
                    Some(value) => field.set(value, &ctx),
                    None => field.put(""),
                }
            }
        }
        self.changed(cx);
        if self.conflicts.is_empty() {
            cx.want(Effect::Say(Say::key("conflicts-settled"), Tone::Note));
        } else {
            self.ask_conflict(cx);
        }
        true
    }
}
