//! The forms of what is done in a case.

mod deed;
pub(super) mod fields;

use super::build::{self, Place};
use crate::{
    api::{Answer, Ask, CaseAsk, CaseKit, Fault, Once},
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Form, Page, view},
    i18n::Say,
    screens::{
        Desk, FORM_ACTS, FormKey, anyone, done, form_checks, form_help, form_key, form_paste, form_status,
        forms::rest,
        said::said,
        widgets::{card_line, full_name, put},
    },
    term::Chord,
    text::visible,
};
use fields::{fields, people};
use karton_api::{Id, assessments::Answer as Typed, value};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Open,
    Close,
    Return,
    Reopen,
    Lead,
    Appraise(String),
    Plan,
    Approve(Id<value::Plan>),
    Contact,
    Visit,
    Note,
    Correct(Id<value::Note>),
    Realise(Id<value::Activity>),
    Watch,
    Settle(Id<value::Watch>),
    Refer,
    Review,
    Person,
    EndPerson(Id<value::Participant>),
    Care,
    EndCare(Id<value::Care>),
    Name,
    EndName(Id<value::Named>),
}

impl What {
    fn title(&self) -> &'static str {
        match self {
            What::Open => "deed-open",
            What::Close => "deed-close",
            What::Return => "deed-return",
            What::Reopen => "deed-reopen",
            What::Lead => "deed-lead",
            What::Appraise(_) => "deed-appraise",
            What::Plan => "deed-plan",
            What::Approve(_) => "plan-approve-ask",
            What::Contact => "deed-contact",
            What::Visit => "deed-visit",
            What::Note => "deed-note",
            What::Correct(_) => "deed-correct",
            What::Realise(_) => "deed-realise",
            What::Watch => "deed-watch",
            What::Settle(_) => "deed-settle",
            What::Refer => "deed-refer",
            What::Review => "deed-review",
            What::Person => "deed-participant",
            What::EndPerson(_) => "deed-end-participant",
            What::Care => "deed-care",
            What::EndCare(_) => "deed-end-care",
            What::Name => "deed-name",
            What::EndName(_) => "deed-end-name",
        }
    }
    /// What cannot be taken back by another form is asked about first.
    fn asks(&self) -> bool {
        matches!(
            self,
            What::Open
                | What::Close
                | What::Return
                | What::Reopen
                | What::Lead
                | What::Appraise(_)
                | What::Plan
                | What::Approve(_)
                | What::Review
                | What::EndPerson(_)
                | What::Care
                | What::EndCare(_)
                | What::Name
                | What::EndName(_)
        )
    }
}

/// The page of a form, single or before the pages of the pack's form.
pub(super) const OWN: &str = "";

/// Something is done in a case.
#[derive(Debug, Clone)]
pub struct CaseForm {
    what: What,
    kit: CaseKit,
    form: Form,
    places: Vec<Place>,
    typed: Vec<Typed>,
    once: Once,
}

impl CaseForm {
    /// Nothing where there is no such thing to do.
    pub(super) fn new(what: What, kit: &CaseKit, look: &Look<'_>) -> Option<CaseForm> {
        let own = Page {
            id: OWN.to_owned(),
            title: Say::key(what.title()),
            fields: fields(&what, kit, look)?,
        };
        let mut pages: Vec<Page> = Some(own)
            .filter(|page| !page.fields.is_empty())
            .into_iter()
            .collect();
        let mut places = Vec::new();
        let mut earlier: Vec<Typed> = Vec::new();
        let named = match &what {
            What::Appraise(key) => {
                let step = kit.case.steps.iter().find(|step| step.key == *key)?;
                let sheet = kit
                    .case
                    .sheets
                    .iter()
                    .find(|sheet| sheet.step.as_deref() == Some(key.as_str()));
                earlier = sheet.map(|sheet| sheet.answers.clone()).unwrap_or_default();
                Some(step.form.clone()?)
            }
            What::Visit => Some(kit.case.visit_form.clone()?),
            _ => None,
        };
        if let Some(named) = named {
            let (home, people) = people(kit);
            let about = (kit.case.summary.person.id, home.as_slice(), people.as_slice());
            let (more, found) = build::pages(kit.forms.get(&named)?, about, &kit.codes, look);
            // What is done with a form stands at its end.
            let first = if matches!(what, What::Appraise(_)) {
                pages.pop()
            } else {
                None
            };
            pages.extend(more);
            pages.extend(first);
            places = found;
        }
        let mut form = Form::new(pages);
        form.remember(look.answers);
        build::fill(&mut form, &places, &earlier, &look.form());
        Some(CaseForm {
            what,
            kit: kit.clone(),
            form,
            places,
            typed: Vec::new(),
            once: Once::new(),
        })
    }
    /// The one thing of the case that the form is about, where its title does not say it.
    fn about(&self) -> String {
        let case = &self.kit.case;
        let name = match &self.what {
            What::Realise(id) => {
                let activities = case.plan.iter().flat_map(|plan| &plan.activities);
                activities
                    .into_iter()
                    .find(|it| it.id == *id)
                    .map(|it| it.what.clone())
            }
            What::Settle(id) => {
                let due = self.kit.dues.iter().find(|due| due.id == *id);
                due.map(|due| due.what.clone())
            }
            What::EndPerson(id) => case.people.iter().find(|it| it.id == *id).and_then(|it| {
                let card = it.person.as_ref().map(|card| full_name(&card.name));
                card.or(it.name.clone())
            }),
            What::EndCare(id) => case
                .care
                .iter()
                .find(|it| it.id == *id)
                .map(|it| full_name(&it.card.name)),
            What::EndName(id) => case
                .named
                .iter()
                .find(|it| it.id == *id)
                .map(|it| it.officer.name.clone()),
            What::Approve(_) => case.proposed.as_ref().map(|plan| plan.aim.clone()),
            _ => None,
        };
        name.map(|name| format!("  ·  {}", visible(&name)))
            .unwrap_or_default()
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        if self.deed(&cx.look).is_none() {
            return cx.wrong(Say::key("error-required"));
        }
        self.once = cx.once();
        if self.what.asks() {
            let lines = vec![
                Say::raw(card_line(&self.kit.case.summary.person)),
                Say::raw(self.kit.case.summary.number.clone()),
                Say::key("deed-ask-says"),
            ];
            return cx.want(confirm(Say::key(self.what.title()), lines, Act::Submit));
        }
        self.send(cx);
    }
    fn send(&mut self, cx: &mut Cx<'_>) {
        let Some(deed) = self.deed(&cx.look) else {
            return;
        };
        self.typed = build::answers(&self.form, &self.places, &cx.look.form());
        cx.want(Effect::Submit(Ask::Cases(CaseAsk::Do {
            id: self.kit.case.summary.id,
            deed: Box::new(deed),
            once: self.once.clone(),
        })));
    }
}

/// Puts the server's words at their fields: `/answers/2/…` is the third answer sent, `/goals/0/…` a row of the table.
pub(in crate::screens) fn faults(
    form: &mut Form,
    fault: &Fault,
    typed: &[Typed],
    places: &[Place],
    cx: &mut Cx<'_>,
) {
    let mut placed = false;
    let errors = fault
        .problem()
        .map(|problem| problem.errors.clone())
        .unwrap_or_default();
    for error in errors.iter().rev() {
        let (page, field) = build::place_of(&error.pointer, typed, places).unwrap_or_else(|| {
            let mut parts = error.pointer.trim_start_matches('/').split('/');
            let first = parts.next().unwrap_or("");
            (OWN.to_owned(), first.to_owned())
        });
        let row: Option<usize> = error.pointer.split('/').nth(2).and_then(|part| part.parse().ok());
        let message = cx.look.words.say(&said(error, &cx.look));
        let words = match row {
            Some(row) if page.is_empty() => format!("{}: {message}", row + 1),
            _ => message,
        };
        let found = form.fault(&page, &field, Say::raw(words.clone()));
        // What a form lacks is named by its fact.
        let fact = error.pointer.rsplit('/').next().unwrap_or("");
        placed |= found
            || places
                .iter()
                .any(|place| form.fault(build::page_of(place), fact, Say::raw(words.clone())));
    }
    match (placed, errors.first()) {
        (true, _) => cx.wrong(form_status(form, &cx.look)),
        (false, Some(error)) => cx.wrong(Say::raw(format!("{}: {}", error.pointer, error.message))),
        (false, None) => cx.wrong(fault.say()),
    }
}

/// What both forms do with keys.
macro_rules! typed_form {
    () => {
        fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
            let mut acts = FORM_ACTS.to_vec();
            if self.form.pages.len() > 1 {
                acts.extend([Act::Previous, Act::Next]);
            }
            acts
        }
        fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
            match act {
                Act::Submit => self.submit(cx),
                Act::Previous => {
                    form_key(&mut self.form, Chord::of(crate::term::Key::PageUp), cx);
                }
                Act::Next => {
                    form_key(&mut self.form, Chord::of(crate::term::Key::PageDown), cx);
                }
                _ => {
                    self.key(chord, cx);
                }
            }
        }
        fn typing(&self, _look: &Look<'_>) -> bool {
            true
        }
        fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
            form_paste(&mut self.form, text, cx);
        }
        fn rows(&mut self, rows: Vec<Vec<String>>, _cx: &mut Cx<'_>) {
            self.form.put_rows(rows);
        }
        fn status(&self, look: &Look<'_>) -> Say {
            form_status(&self.form, look)
        }
        fn help(&self, _look: &Look<'_>) -> Vec<Line> {
            form_help(&self.form)
        }
    };
}

pub(super) use typed_form;

/// Draws a form below its heading, with the page's title where there are several.
pub(in crate::screens) fn draw(
    form: &Form,
    head: &str,
    look: &Look<'_>,
    buffer: &mut Buffer,
    area: Rect,
) -> Option<Position> {
    put(buffer, area, 0, head, look.theme.strong());
    let (at, of) = form.page_of();
    if let Some(page) = form.pages.get(form.page()) {
        let title = visible(&look.words.say(&page.title));
        let title = if of > 1 {
            format!("{at}/{of}  {title}")
        } else {
            title
        };
        put(buffer, area, 1, &title, look.theme.heading());
    }
    view::draw(form, buffer, rest(area, 3), &look.form(), look.theme)
}

impl Desk for CaseForm {
    typed_form!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(self.what.title())
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        if anyone::looks_for_somebody(&self.form, chord, cx) {
            return true;
        }
        let did = form_key(&mut self.form, chord, cx);
        if did == FormKey::Finished {
            self.submit(cx);
        }
        did != FormKey::Ignored
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let ctx = cx.look.form();
        self.form.choose(code, &ctx);
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        self.send(cx);
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (Ask::Search { .. }, Ok(Answer::Found(page))) => {
                if let Some(only) = anyone::found(&mut self.form, &page.items, cx) {
                    self.chosen(&only, cx);
                }
            }
            (Ask::Search { .. }, Err(fault)) => cx.wrong(fault.say()),
            (_, Ok(_)) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                done(cx, "case-done");
            }
            (_, Err(fault)) => faults(&mut self.form, &fault, &self.typed, &self.places, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let summary = &self.kit.case.summary;
        let head = format!(
            "{}  ·  {}{}",
            full_name(&summary.person.name),
            visible(&summary.number),
            self.about()
        );
        draw(&self.form, &head, look, buffer, area)
    }
}
