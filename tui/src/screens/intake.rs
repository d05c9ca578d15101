//! An application, typed: pages drawn from the pack's form, and beside them what the rules say to it so far.

mod applies;
mod build;
mod merge;
mod panel;

use super::{
    Desk, FORM_ACTS, FormKey,
    anyone::{found, looks_for_somebody},
    find::Find,
    form_checks, form_help, form_key, form_paste, form_status,
    said::said as words_of,
    why,
    widgets::{card_line, full_name, put},
};
use crate::{
    api::{Answer, Ask, Fault, IntakeKit, Once, parties::PartyAsk},
    app::{Cx, Effect, Look, TimerId, Tone, confirm, keymap::Act, overlay::Line},
    form::{Form, Kept, view},
    i18n::Say,
    screens::{Screen, StatusScreen},
    term::{Chord, Key},
    text::{fit, visible},
};
use build::Place;
pub(super) use build::kind as field_kind;
use karton_api::{
    Id,
    applications::NewApplication,
    assessments::{Answer as Typed, AnswerOf, Assessment, Preview},
    catalogue::{FieldKind, FormPage, PageOf},
    lodgings::{HandIn, LodgeTogether},
    value,
};
use merge::Conflict;
pub(super) use panel::full;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use serde_json::json;
use std::collections::BTreeMap;

/// Typing rests this long before the rules are asked.
const SETTLE_MS: u64 = 250;

/// An intake.
#[derive(Debug, Clone)]
pub struct Intake {
    kit: IntakeKit,
    form: Form,
    /// Whose facts each page asks for.
    places: Vec<Place>,
    preview: Option<Assessment>,
    /// Whether the panel is shown where there is not room for everything.
    panel: bool,
    draft: Option<(Id<value::Application>, i64)>,
    /// The answers sent last, with the key they went under: the same again is the same intention.
    sent: Option<(Vec<Typed>, Once)>,
    /// The answers of the server's draft as this client last saw it: who changed what shows against these.
    base: Vec<Typed>,
    /// What two officers answered differently and nobody has settled yet.
    conflicts: Vec<Conflict>,
    restored: bool,
    /// The answers for which it is known which fields apply.
    known_for: Option<Vec<Typed>>,
    /// F10 waits for that too.
    then_submit: bool,
    /// How it is handed in, where that is not as usual.
    hand_in: HandIn,
    /// What the rules say to the other benefits that are applied for in the same go, in their order.
    others: Vec<Assessment>,
    /// Some answers are those of the last application.
    taken: bool,
}

impl Intake {
    /// Draws it from its kit; with `local` the draft that waits in this client is put back.
    pub fn new(kit: IntakeKit, local: bool, look: &Look<'_>) -> Intake {
        let (form, places) = build::form(&kit, look);
        let draft = kit.draft.as_ref().map(|d| (d.summary.id, d.revision));
        let mut intake = Intake {
            kit,
            form,
            places,
            preview: None,
            panel: look.size.0 >= 76 && !look.theme.plain,
            draft,
            sent: None,
            base: Vec::new(),
            conflicts: Vec::new(),
            restored: false,
            known_for: None,
            then_submit: false,
            hand_in: HandIn::default(),
            others: Vec::new(),
            taken: false,
        };
        if let Some(last) = &intake.kit.last {
            intake.taken = build::take_over(&mut intake.form, &intake.places, &intake.kit.form, last, look);
        }
        if let Some(draft) = intake.kit.draft.clone() {
            build::fill(&mut intake.form, &intake.places, &draft.answers, &look.form());
            intake.base.clone_from(&draft.answers);
        }
        if local {
            intake.restore(look);
        }
        intake
    }
    /// The benefits' codes, with a plus between several.
    fn codes(&self) -> String {
        if self.kit.together.is_empty() {
            return self.kit.benefit.code.clone();
        }
        let codes: Vec<&str> = self.kit.together.iter().map(|(b, _)| b.code.as_str()).collect();
        codes.join("+")
    }
    /// Who asks: the person, or the organisation and on whose account.
    fn asking(&self) -> String {
        let person = card_line(&self.kit.person.card);
        let asks = self
            .kit
            .draft
            .as_ref()
            .and_then(|draft| draft.summary.organisation.as_ref());
        match asks {
            Some(organisation) => format!("{}  ·  {person}", visible(&organisation.name)),
            None => person,
        }
    }
    /// The answers that the form of one of several benefits asks for.
    fn answers_of(&self, form: &karton_api::catalogue::Form, all: &[Typed]) -> Vec<Typed> {
        let applicant = self.kit.person.card.id;
        all.iter()
            .filter(|answer| form.pages.iter().any(|page| asks(page, answer, applicant)))
            .cloned()
            .collect()
    }
    fn key_of_draft(&self, look: &Look<'_>) -> String {
        let user = look.session.map_or("", |s| s.user.as_str());
        format!("intake|{user}|{}|{}", self.codes(), self.kit.person.card.id)
    }
    fn restore(&mut self, look: &Look<'_>) {
        let Some(body) = look.drafts.get(&self.key_of_draft(look)) else {
            return;
        };
        let kept: Option<BTreeMap<String, Kept>> = body
            .get("kept")
            .and_then(|k| serde_json::from_value(k.clone()).ok());
        if let Some(kept) = kept {
            self.form.restore(&kept);
            self.restored = true;
        }
        let draft = body
            .get("draft")
            .and_then(|d| serde_json::from_value(d.clone()).ok());
        self.draft = draft.or(self.draft);
        let base = body
            .get("base")
            .and_then(|b| serde_json::from_value(b.clone()).ok());
        self.base = base.unwrap_or_default();
        let hand_in = body
            .get("hand_in")
            .and_then(|it| serde_json::from_value(it.clone()).ok());
        self.hand_in = hand_in.unwrap_or_default();
    }
    fn keep(&self, cx: &mut Cx<'_>) {
        let body = json!({ "name": full_name(&self.kit.person.card.name), "kept": self.form.kept(), "draft": self.draft, "base": self.base,
            "hand_in": self.hand_in });
        cx.want(Effect::Draft(self.key_of_draft(&cx.look), Some(body)));
    }
    fn changed(&mut self, cx: &mut Cx<'_>) {
        self.keep(cx);
        cx.want(Effect::Timer(TimerId::Settle, SETTLE_MS));
    }
    fn question(&self, cx: &Cx<'_>) -> Ask {
        let answers = build::answers(&self.form, &self.places, &cx.look.form());
        if !self.kit.together.is_empty() {
            let one =
                |(benefit, form): &(karton_api::catalogue::Benefit, karton_api::catalogue::Form)| Preview {
                    benefit: benefit.code.clone(),
                    applicant: self.kit.person.card.id,
                    on: None,
                    answers: self.answers_of(form, &answers),
                };
            return Ask::Previews(self.kit.together.iter().map(one).collect());
        }
        Ask::Preview(Preview {
            benefit: self.kit.benefit.code.clone(),
            applicant: self.kit.person.card.id,
            on: None,
            answers,
        })
    }
    fn ask(&self, cx: &mut Cx<'_>) {
        let ask = self.question(cx);
        cx.want(Effect::Ask(ask));
    }
    /// Waits for it: keys typed meanwhile come after the answer.
    fn ask_and_wait(&self, cx: &mut Cx<'_>) {
        let ask = self.question(cx);
        cx.want(Effect::StopTimer(TimerId::Settle));
        cx.want(Effect::Submit(ask));
    }
    /// Whether the field with the cursor may name somebody who is not of the household.
    fn takes_anyone(&self) -> bool {
        let (Some(page), Some(field)) = (self.form.pages.get(self.form.page()), self.form.current()) else {
            return false;
        };
        let of_page = |p: &&karton_api::catalogue::FormPage| page.id.split('#').next() == Some(p.id.as_str());
        let mut fields = self.kit.form.pages.iter().filter(of_page).flat_map(|p| &p.fields);
        fields.any(|f| f.fact == field.id && matches!(f.kind, FieldKind::Person { anyone: true }))
    }
    fn is_known(&self, cx: &Cx<'_>) -> bool {
        let conditional = self
            .form
            .pages
            .iter()
            .any(|p| p.fields.iter().any(|f| f.conditional));
        !conditional
            || self.known_for.as_ref() == Some(&build::answers(&self.form, &self.places, &cx.look.form()))
    }
    /// It is known which fields apply: what waited for it goes on.
    fn resume(&mut self, cx: &mut Cx<'_>) {
        self.known_for = Some(build::answers(&self.form, &self.places, &cx.look.form()));
        let ctx = cx.look.form();
        let before = (self.form.page(), self.form.field_index());
        let did = self.form.resume(&ctx);
        let did = super::after_form(&self.form, before, did, cx);
        self.after(did, cx);
        if std::mem::take(&mut self.then_submit) {
            self.submit(cx);
        }
    }
    fn after(&mut self, did: FormKey, cx: &mut Cx<'_>) -> bool {
        match did {
            FormKey::Changed => self.changed(cx),
            FormKey::Held => {
                self.keep(cx);
                self.ask_and_wait(cx);
            }
            FormKey::Finished => cx.want(Effect::Say(Say::key("intake-finished"), Tone::Note)),
            FormKey::Moved => {}
            FormKey::Ignored => return false,
        }
        true
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !self.conflicts.is_empty() {
            return self.ask_conflict(cx);
        }
        if !self.is_known(cx) {
            self.then_submit = true;
            return self.ask_and_wait(cx);
        }
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let mut lines = vec![Say::raw(self.asking())];
        let names = self.kit.together.iter().map(|(benefit, _)| &benefit.name);
        let said = self.preview.iter().chain(&self.others);
        if self.kit.together.is_empty() {
            lines.push(Say::table(&self.kit.benefit.name));
            lines.extend(said.map(|it| Say::raw(why::headline(it, &cx.look))));
        } else {
            let mut said = said;
            for name in names {
                let head = said
                    .next()
                    .map(|it| why::headline(it, &cx.look))
                    .unwrap_or_default();
                lines.push(Say::raw(format!("{}: {head}", visible(cx.look.words.pick(name)))));
            }
        }
        if let Some(who) = &self.hand_in.representative {
            let name = who.name.clone().unwrap_or_default();
            lines.push(Say::key("hand-in-by").with("name", name));
        }
        cx.want(confirm(Say::key("lodge-ask"), lines, Act::Submit));
    }
    /// The server's word on an answer: `/answers/3/value` is the fourth of those sent.
    fn fault(&mut self, fault: &Fault, cx: &mut Cx<'_>) {
        let mut placed = false;
        if let Some(problem) = fault.problem() {
            for error in problem.errors.iter().rev() {
                placed |= self.field_error(&error.pointer, words_of(error, &cx.look));
            }
        }
        cx.wrong(if placed {
            form_status(&self.form, &cx.look)
        } else {
            fault.say()
        });
    }
    /// Marks the answers of a preview that cannot be taken, and leaves the cursor where it is; whether there were any.
    fn marks(&mut self, ask: &Ask, fault: &Fault, cx: &mut Cx<'_>) -> bool {
        let mut said = None;
        for error in fault.problem().into_iter().flat_map(|problem| &problem.errors) {
            let Some(typed) = typed_at(ask, &error.pointer) else {
                continue;
            };
            let place = self
                .places
                .iter()
                .find(|place| place.of == typed.of && self.form.find(&place.page, &typed.fact).is_some());
            let Some(page) = place.map(|place| place.page.clone()) else {
                continue;
            };
            self.form.mark(&page, &typed.fact, words_of(error, &cx.look));
            let label = self
                .form
                .find(&page, &typed.fact)
                .map(|field| field.label.clone());
            said = said.or(label.map(|label| (label, cx.look.words.say(&words_of(error, &cx.look)))));
        }
        let Some((label, words)) = said else {
            return false;
        };
        cx.wrong(Say::raw(format!("{}: {words}", cx.look.words.say(&label))));
        true
    }
    fn field_error(&mut self, pointer: &str, words: Say) -> bool {
        // `/drafts/1/answers/3/value`: the fourth of those that the second benefit's form asks for.
        let several = pointer.strip_prefix("/drafts/").and_then(|rest| {
            let (place, rest) = rest.split_once('/')?;
            let place: usize = place.parse().ok()?;
            Some((self.kit.together.get(place)?, rest.to_owned()))
        });
        if let Some(((_, form), rest)) = several {
            let index = rest.strip_prefix("answers/").and_then(|r| r.split('/').next());
            let index = index.and_then(|n| n.parse::<usize>().ok());
            let sent = index.and_then(|i| {
                let (answers, _) = self.sent.as_ref()?;
                self.answers_of(form, answers).get(i).cloned()
            });
            let fact = match &sent {
                Some(answer) => answer.fact.clone(),
                None => rest.rsplit('/').next().unwrap_or_default().to_owned(),
            };
            let place = self.places.iter().find(|place| {
                sent.as_ref().is_none_or(|answer| answer.of == place.of)
                    && self.form.find(&place.page, &fact).is_some()
            });
            let page = place.map(|place| place.page.clone());
            return page.is_some_and(|page| self.form.fault(&page, &fact, words));
        }
        let index = pointer
            .strip_prefix("/answers/")
            .and_then(|r| r.split('/').next())
            .and_then(|n| n.parse::<usize>().ok());
        let sent = index.and_then(|i| {
            self.sent
                .as_ref()
                .and_then(|(answers, _)| answers.get(i))
                .cloned()
        });
        match sent {
            Some(answer) => match self
                .places
                .iter()
                .position(|p| p.of == answer.of && self.form.find(&p.page, &answer.fact).is_some())
            {
                Some(i) => self.form.fault(&self.places[i].page, &answer.fact, words),
                None => false,
            },
            None => {
                let fact = pointer.rsplit('/').next().unwrap_or(pointer).to_owned();
                let page = self
                    .places
                    .iter()
                    .find(|p| self.form.find(&p.page, &fact).is_some())
                    .map(|p| p.page.clone());
                page.is_some_and(|page| self.form.fault(&page, &fact, words))
            }
        }
    }
    fn panel_cells(&self, area: Rect, look: &Look<'_>) -> u16 {
        match area.width {
            _ if !self.panel => 0,
            _ if look.theme.plain => area.width,
            0..=74 => area.width,
            75..=109 => 28,
            _ => (area.width * 2 / 5).min(60),
        }
    }
}

/// The answer that a pointer of a preview's refusal means: `/answers/3/value`, for several `/drafts/1/answers/3/value`.
fn typed_at(ask: &Ask, pointer: &str) -> Option<Typed> {
    let (answers, rest) = match ask {
        Ask::Preview(question) => (&question.answers, pointer),
        Ask::Previews(questions) => {
            let (place, _) = pointer.strip_prefix("/drafts/")?.split_once('/')?;
            let rest = pointer.get("/drafts/".len() + place.len()..)?;
            (&questions.get(place.parse::<usize>().ok()?)?.answers, rest)
        }
        _ => return None,
    };
    let place = rest.strip_prefix("/answers/")?.split('/').next()?;
    answers.get(place.parse::<usize>().ok()?).cloned()
}

/// Whether a page of a benefit's form asks for an answer.
fn asks(page: &FormPage, answer: &Typed, applicant: Id<value::Person>) -> bool {
    asks_for(page, answer.of, &answer.fact, applicant)
}
fn asks_for(page: &FormPage, of: AnswerOf, fact: &str, applicant: Id<value::Person>) -> bool {
    let whose = match (page.of, of) {
        (PageOf::Members, AnswerOf::Person(_))
        | (PageOf::Household, AnswerOf::Household)
        | (PageOf::Claim, AnswerOf::Claim) => true,
        (PageOf::Applicant, AnswerOf::Person(id)) => id == applicant,
        _ => false,
    };
    whose && page.fields.iter().any(|field| field.fact == fact)
}

impl Desk for Intake {
    fn title(&self, look: &Look<'_>) -> Say {
        if !self.kit.together.is_empty() {
            return Say::key("title-together").with("codes", visible(&self.codes().replace('+', " + ")));
        }
        Say::raw(format!(
            "{} · {}",
            visible(&self.kit.benefit.code),
            visible(look.words.pick(&self.kit.benefit.name))
        ))
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = FORM_ACTS.to_vec();
        acts.extend([Act::HandIn, Act::Panel, Act::Join, Act::Why]);
        if self.kit.benefit.provider.is_some() && self.draft.is_some() {
            acts.push(Act::Provider);
        }
        if self.form.pages.len() > 1 {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts.push(Act::Discard);
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Submit => self.submit(cx),
            Act::Panel => self.panel = !self.panel,
            Act::Why => match &self.preview {
                Some(assessment) => cx.want(Effect::Overlay(Box::new(panel::full(assessment, &cx.look)))),
                None => cx.wrong(Say::key("preview-none")),
            },
            Act::Join => cx.want(Effect::Push(Box::new(Screen::Find(Find::new(Some(
                self.kit.person.card.id,
            )))))),
            Act::Provider => {
                let Some((application, revision)) = self.draft else {
                    return;
                };
                cx.want(Effect::Open {
                    ask: Ask::Parties(PartyAsk::Providers {
                        application,
                        revision,
                        benefit: self.kit.benefit.code.clone(),
                    }),
                    replace: false,
                });
            }
            Act::HandIn => cx.want(Effect::Open {
                ask: Ask::HandInForm {
                    card: Box::new(self.kit.person.card.clone()),
                    said: Box::new(self.hand_in.clone()),
                },
                replace: false,
            }),
            Act::Previous => {
                self.key(Chord::of(Key::PageUp), cx);
            }
            Act::Next => {
                self.key(Chord::of(Key::PageDown), cx);
            }
            Act::Discard => cx.want(confirm(
                Say::key("discard-ask"),
                vec![Say::key("discard-says")],
                Act::Discard,
            )),
            _ => {
                self.key(chord, cx);
            }
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let known = self.is_known(cx);
        self.form.know(known);
        if self.takes_anyone() && looks_for_somebody(&self.form, chord, cx) {
            return true;
        }
        let did = form_key(&mut self.form, chord, cx);
        self.after(did, cx)
    }
    fn typing(&self, _look: &Look<'_>) -> bool {
        true
    }
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        let did = form_paste(&mut self.form, text, cx);
        self.after(did, cx);
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        if self.settle_conflict(code, cx) {
            return;
        }
        let ctx = cx.look.form();
        let before = (self.form.page(), self.form.field_index());
        let did = self.form.choose(code, &ctx);
        let did = super::after_form(&self.form, before, did, cx);
        self.after(did, cx);
    }
    fn rows(&mut self, rows: Vec<Vec<String>>, cx: &mut Cx<'_>) {
        self.form.put_rows(rows);
        self.changed(cx);
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        if self.restored {
            cx.want(Effect::Say(Say::key("draft-restored"), Tone::Note));
        } else if let (true, Some(last)) = (self.taken, &self.kit.last) {
            let number = last.summary.number.clone().unwrap_or_default();
            cx.want(Effect::Say(
                Say::key("intake-taken").with("number", number),
                Tone::Note,
            ));
        }
        self.ask(cx);
    }
    fn told(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        if let Answer::Application(it) = &answer {
            // The provider is chosen: the draft has another revision now.
            self.draft = self.draft.map(|_| (it.summary.id, it.revision));
            self.keep(cx);
        }
        if let Answer::HandIn(said) = answer {
            self.hand_in = *said;
            self.keep(cx);
            cx.want(Effect::Say(Say::key("hand-in-noted"), Tone::Done));
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        // Somebody may have joined the household: each member has pages of their own.
        cx.want(Effect::Submit(Ask::Household {
            person: self.kit.person.card.id,
        }));
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Settle {
            self.ask(cx);
        }
    }
    fn leave(&mut self, cx: &mut Cx<'_>) {
        if self.form.dirty() {
            self.keep(cx);
            cx.want(Effect::Say(Say::key("draft-kept"), Tone::Note));
        }
        cx.want(Effect::Back);
    }
    fn confirmed(&mut self, act: Act, cx: &mut Cx<'_>) {
        if act == Act::Discard {
            cx.want(Effect::Draft(self.key_of_draft(&cx.look), None));
            cx.want(Effect::Back);
            return;
        }
        let answers = build::answers(&self.form, &self.places, &cx.look.form());
        let once = match &self.sent {
            Some((sent, once)) if *sent == answers => once.clone(),
            _ => cx.once(),
        };
        self.sent = Some((answers.clone(), once.clone()));
        if !self.kit.together.is_empty() {
            let one = |(benefit, form): &(karton_api::catalogue::Benefit, karton_api::catalogue::Form)| {
                NewApplication {
                    benefit: benefit.code.clone(),
                    applicant: self.kit.person.card.id,
                    organisation: None,
                    answers: self.answers_of(form, &answers),
                }
            };
            let body = LodgeTogether {
                applications: Vec::new(),
                drafts: self.kit.together.iter().map(one).collect(),
                hand_in: super::hand_in::sent(&self.hand_in),
            };
            return cx.want(Effect::Submit(Ask::LodgeTogether {
                body: Box::new(body),
                once,
            }));
        }
        cx.want(Effect::Submit(match self.draft {
            Some((id, revision)) => Ask::SaveDraft {
                id,
                revision,
                answers,
            },
            None => Ask::OpenDraft {
                benefit: self.kit.benefit.code.clone(),
                person: self.kit.person.card.id,
                answers,
                once,
            },
        }));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (Ask::Preview(question), Ok(Answer::Previewed(previewed))) => {
                self.preview = Some(previewed.assessment);
                // An answer to what has been typed over since says nothing about the fields.
                if question.answers == build::answers(&self.form, &self.places, &cx.look.form()) {
                    applies::insist(&mut self.form, &self.places, &self.kit);
                    build::show(&mut self.form, &self.places, &previewed.hidden);
                    self.resume(cx);
                }
            }
            (Ask::Previews(questions), Ok(Answer::Previews(said))) => {
                let answers = build::answers(&self.form, &self.places, &cx.look.form());
                let same = questions
                    .iter()
                    .zip(&self.kit.together)
                    .all(|(question, (_, form))| question.answers == self.answers_of(form, &answers));
                if same {
                    // What every form that asks for it hides is hidden.
                    let applicant = self.kit.person.card.id;
                    let forms = || said.iter().zip(&self.kit.together);
                    let hidden: Vec<_> = said
                        .iter()
                        .flat_map(|it| &it.hidden)
                        .filter(|field| {
                            forms().all(|(it, (_, form))| {
                                it.hidden.iter().any(|h| h.of == field.of && h.fact == field.fact)
                                    || !form
                                        .pages
                                        .iter()
                                        .any(|page| asks_for(page, field.of, &field.fact, applicant))
                            })
                        })
                        .cloned()
                        .collect();
                    applies::insist(&mut self.form, &self.places, &self.kit);
                    build::show(&mut self.form, &self.places, &hidden);
                }
                let mut said = said.into_iter().map(|it| it.assessment);
                self.preview = said.next();
                self.others = said.collect();
                if same {
                    self.resume(cx);
                }
            }
            (_, Ok(Answer::LodgedTogether(lodged, beside))) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Draft(self.key_of_draft(&cx.look), None));
                if let Some(status) = StatusScreen::together(lodged.lodged, beside) {
                    cx.want(Effect::Replace(Box::new(Screen::Status(Box::new(status)))));
                }
            }
            (_, Ok(Answer::Household(household))) => {
                let kept = self.form.kept();
                self.kit.household = household;
                let at = (self.form.page(), self.form.field_index());
                let (form, places) = build::form(&self.kit, &cx.look);
                self.form = form;
                self.places = places;
                self.form.restore(&kept);
                self.form.go(at);
                self.ask(cx);
            }
            (Ask::Draft { .. }, Ok(Answer::Application(theirs))) => self.merge(*theirs, cx),
            (_, Ok(Answer::Application(application))) => {
                self.base.clone_from(&application.answers);
                self.draft = Some((application.summary.id, application.revision));
                self.keep(cx);
                // One key for one draft as it stands: lodging it twice is lodging it once.
                let once = format!("lodge-{}-{}", application.summary.id, application.revision);
                cx.want(Effect::Submit(Ask::Lodge {
                    id: application.summary.id,
                    hand_in: Box::new(super::hand_in::sent(&self.hand_in)),
                    once,
                }));
            }
            (_, Ok(Answer::Lodged(lodged, beside))) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Draft(self.key_of_draft(&cx.look), None));
                cx.want(Effect::Replace(Box::new(Screen::Status(Box::new(
                    StatusScreen::new(*lodged, beside),
                )))));
            }
            (Ask::SaveDraft { id, .. }, Err(Fault::Problem(problem))) if problem.status == 412 => {
                // Somebody saved the same draft meanwhile: their answers are laid beside these.
                cx.want(Effect::Submit(Ask::Draft { id: *id }));
            }
            (Ask::Search { .. }, Ok(Answer::Found(page))) => {
                if let Some(only) = found(&mut self.form, &page.items, cx) {
                    self.chosen(&only, cx);
                }
            }
            // The panel is a help beside the typing: without a connection it says so, and what applies is told here as far as it can be.
            (Ask::Preview(_) | Ask::Previews(_), Err(fault)) => {
                applies::show(&mut self.form, &self.places, &self.kit, &cx.look.form());
                self.then_submit = false;
                self.resume(cx);
                if !matches!(fault, Fault::Offline(_)) && !self.marks(ask, &fault, cx) {
                    self.fault(&fault, cx);
                }
            }
            (_, Err(fault)) => self.fault(&fault, cx),
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        form_status(&self.form, look)
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        let mut lines = form_help(&self.form);
        if !self.kit.benefit.law.is_empty() {
            lines.push(Line::Text(
                0,
                Say::key("help-law").with("law", self.kit.benefit.law.join(", ")),
            ));
        }
        lines
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let side = self.panel_cells(area, look);
        if side == area.width {
            panel::draw(self.preview.as_ref(), buffer, area, look);
            return None;
        }
        let gap = if side > 0 { side + 2 } else { 0 };
        let left = Rect::new(area.x, area.y, area.width - gap, area.height);
        put(buffer, left, 0, &self.asking(), look.theme.strong());
        let members = self.kit.household.as_ref().map_or(&[][..], |h| &h.members[..]);
        let names: Vec<String> = members
            .iter()
            .filter(|m| m.card.id != self.kit.person.card.id)
            .map(|m| visible(&m.card.name.given))
            .collect();
        let household = match names.len() {
            0 => look.words.t("intake-alone"),
            n => look.words.say(
                &Say::key("intake-household")
                    .with("n", n + 1)
                    .with("names", names.join(", ")),
            ),
        };
        put(buffer, left, 1, &household, look.theme.quiet());
        let page = self.form.pages.get(self.form.page());
        let title = page.map(|p| look.words.say(&p.title)).unwrap_or_default();
        let (nth, all) = self.form.page_of();
        let at = format!("{nth}/{all}");
        put(
            buffer,
            left,
            2,
            &fit(&format!("{at}  {title}"), left.width.into()),
            look.theme.heading(),
        );
        if !self.kit.together.is_empty() {
            // What the rules say to each, in one line: the panel has room for the first only.
            let said: Vec<String> = self
                .kit
                .together
                .iter()
                .zip(self.preview.iter().chain(&self.others))
                .map(|((benefit, _), it)| {
                    let word = look.words.t(super::widgets::outcome_key(it.outcome));
                    format!("{}: {word}", visible(&benefit.code))
                })
                .collect();
            let said = fit(&said.join(" · "), left.width.into());
            put(buffer, left, 3, &said, look.theme.open());
        }
        let fields = Rect::new(
            left.x,
            left.y + 4,
            left.width.saturating_sub(1),
            left.height.saturating_sub(4),
        );
        let cursor = view::draw(&self.form, buffer, fields, &look.form(), look.theme);
        if side > 0 {
            for y in area.y..area.bottom() {
                buffer.set_string(left.right(), y, "│", look.theme.quiet());
            }
            panel::draw(
                self.preview.as_ref(),
                buffer,
                Rect::new(left.right() + 2, area.y, side, area.height),
                look,
            );
        }
        cursor
    }
}
