//! How an application is handed in, and an application that is not taken up: two short forms at the window.

use super::{
    Desk, FORM_ACTS, FormKey, choices, done, form_checks, form_faults, form_help, form_key, form_paste,
    form_status,
    forms::{form_desk, form_keys},
    widgets::{card_line, put},
};
use crate::{
    api::{Answer, Ask, Fault, Once, Work},
    app::{
        Cx, Effect, Look, Tone, confirm,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Field, Form, Kind, Page, Picker, view},
    i18n::Say,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    FactValue, Id,
    applications::Dismiss,
    catalogue::CodeList,
    lodgings::{HandIn, IncomingPost, Representative},
    persons::{PersonCard, PersonHit},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use std::collections::BTreeMap;

/// How it is handed in: what is not said is as usual, the applicant at the counter.
#[derive(Debug, Clone)]
pub struct HandInForm {
    card: PersonCard,
    form: Form,
    /// The representative chosen from the register, with the words that stand in the field for them.
    chosen: Option<(Id<value::Person>, String)>,
    /// A name that stands as it was typed: nobody of the register is meant.
    as_typed: Option<String>,
    /// Who was found for what is typed.
    found: Vec<PersonCard>,
}

/// The entry of the list of those found that leaves the name as it was typed.
const AS_TYPED: &str = "as-typed";

/// As it goes to the server: somebody of the register has a name there already.
pub(super) fn sent(said: &HandIn) -> HandIn {
    let mut it = said.clone();
    if let Some(who) = it.representative.as_mut().filter(|who| who.person.is_some()) {
        who.name = None;
    }
    it
}

fn text(form: &Form, page: &str, id: &str) -> Option<String> {
    let field = form.find(page, id)?;
    Some(field.text().trim().to_owned()).filter(|text| !text.is_empty())
}

/// Lines as one types them: apart by semicolons.
fn lines(text: Option<String>) -> Vec<String> {
    text.unwrap_or_default()
        .split(';')
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

impl HandInForm {
    /// With what was said before.
    pub fn new(
        card: PersonCard,
        said: &HandIn,
        codes: &BTreeMap<String, CodeList>,
        look: &Look<'_>,
    ) -> HandInForm {
        let code = |id: &'static str, words: &'static str, list: &str| {
            Field::new(
                id,
                Say::key(words),
                Kind::Code(choices(codes.get(list), look).into()),
            )
        };
        let line =
            |id: &'static str, words: &'static str, max| Field::new(id, Say::key(words), Kind::Text { max });
        let day = |id: &'static str, words: &'static str| {
            Field::new(id, Say::key(words), Kind::Date { past: false })
        };
        let mut fields = vec![
            code("channel", "hand-in-channel", "channels").required(),
            day("post-on", "hand-in-post-on"),
            line("post-number", "hand-in-post-number", 40).help(Say::key("hand-in-post-help")),
            line("handed-in", "hand-in-what", 2000).help(Say::key("hand-in-lines-help")),
            line("missing", "hand-in-missing", 2000).help(Say::key("hand-in-lines-help")),
            day("bring-by", "hand-in-bring-by"),
            code("capacity", "hand-in-capacity", "capacities").help(Say::key("hand-in-capacity-help")),
            line("name", "hand-in-name", 200).help(Say::key("hand-in-name-help")),
            line("address", "hand-in-address", 200),
            line("phone", "hand-in-phone", 60),
            line("ground", "hand-in-ground", 300).help(Say::key("hand-in-ground-help")),
        ];
        let post = said.post.as_ref();
        let who = said.representative.as_ref();
        let ctx = look.form();
        for field in &mut fields {
            let day = match field.id.as_str() {
                "post-on" => post.map(|post| post.on),
                "bring-by" => said.bring_by,
                _ => None,
            };
            if let Some(day) = day {
                field.set(&FactValue::Date(day), &ctx);
                continue;
            }
            let put = match field.id.as_str() {
                "channel" => Some(said.channel.clone().unwrap_or_else(|| "counter".to_owned())),
                "post-number" => post.and_then(|post| post.number.clone()),
                "handed-in" => Some(said.handed_in.join("; ")),
                "missing" => Some(said.missing.join("; ")),
                "capacity" => who.map(|who| who.capacity.clone()),
                "name" => who.and_then(|who| who.name.clone()),
                "address" => who.and_then(|who| who.address.clone()),
                "phone" => who.and_then(|who| who.phone.clone()),
                "ground" => who.map(|who| who.ground.clone()),
                _ => None,
            };
            field.put(&put.unwrap_or_default());
        }
        let chosen = who.and_then(|who| Some((who.person?, who.name.clone()?)));
        let as_typed = who
            .filter(|who| who.person.is_none())
            .and_then(|who| who.name.clone());
        HandInForm {
            card,
            form: Form::new(vec![Page {
                id: String::new(),
                title: Say::key("title-hand-in"),
                fields,
            }]),
            chosen,
            as_typed,
            found: Vec::new(),
        }
    }
    /// Who acts, where the field still says what was chosen.
    fn person(&self) -> Option<Id<value::Person>> {
        let (person, words) = self.chosen.as_ref()?;
        (text(&self.form, "", "name").as_ref() == Some(words)).then_some(*person)
    }
    /// Looks for the name in the register when its field is left, once for what stands there.
    fn seeks(&self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let leaves = matches!(chord.key, Key::Enter | Key::Tab | Key::Down | Key::F(4)) && !chord.ctrl;
        if !leaves || self.form.current().is_none_or(|field| field.id != "name") {
            return false;
        }
        let Some(typed) = text(&self.form, "", "name").filter(|typed| typed.chars().count() > 1) else {
            return false;
        };
        let again = chord.key == Key::F(4);
        if self.person().is_some() || (self.as_typed.as_ref() == Some(&typed) && !again) {
            return false;
        }
        cx.want(Effect::Submit(Ask::Search {
            text: typed,
            cursor: None,
        }));
        true
    }
    /// Nobody, or those who may be meant: the officer chooses, also where it is only one.
    fn found(&mut self, hits: Vec<PersonHit>, cx: &mut Cx<'_>) {
        let typed = text(&self.form, "", "name").unwrap_or_default();
        let applicant = self.card.id;
        let others = hits.into_iter().map(|hit| hit.card);
        self.found = others.filter(|card| card.id != applicant).collect();
        if self.found.is_empty() {
            self.as_typed = Some(typed);
            cx.want(Effect::Say(Say::key("hand-in-nobody"), Tone::Note));
            form_key(&mut self.form, Chord::of(Key::Tab), cx);
            return;
        }
        let mut list: Vec<Choice> = self
            .found
            .iter()
            .map(|card| Choice::new(card.id.to_string(), Say::raw(card_line(card))))
            .collect();
        list.push(Choice::new(
            AS_TYPED,
            Say::key("hand-in-as-typed").with("name", visible(&typed)),
        ));
        let picker = Picker::new(Say::key("hand-in-name"), list, "");
        cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
    }
    fn takes(&mut self, code: &str, cx: &mut Cx<'_>) {
        let found = std::mem::take(&mut self.found);
        match found.into_iter().find(|card| card.id.to_string() == code) {
            Some(card) => {
                let words = card_line(&card);
                if let Some(field) = self.form.find_mut("", "name") {
                    field.put(&words);
                }
                self.chosen = Some((card.id, words.trim().to_owned()));
            }
            None => self.as_typed = text(&self.form, "", "name"),
        }
        form_key(&mut self.form, Chord::of(Key::Tab), cx);
    }
    fn body(&self, look: &Look<'_>) -> HandIn {
        let ctx = look.form();
        let day = |id: &str| match self.form.find("", id).and_then(|f| f.value(&ctx).ok().flatten()) {
            Some(FactValue::Date(day)) => Some(day),
            _ => None,
        };
        let text = |id: &str| text(&self.form, "", id);
        HandIn {
            channel: text("channel").filter(|code| code != "counter"),
            post: day("post-on").map(|on| IncomingPost {
                number: text("post-number"),
                on,
            }),
            representative: text("capacity").map(|capacity| Representative {
                capacity,
                ground: text("ground").unwrap_or_default(),
                person: self.person(),
                name: text("name"),
                address: text("address"),
                phone: text("phone"),
            }),
            handed_in: lines(text("handed-in")),
            missing: lines(text("missing")),
            bring_by: day("bring-by"),
        }
    }
    /// Says it at once where something cannot be right; the server looks at the rest.
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let body = self.body(&cx.look);
        let acts = ["name", "address", "phone", "ground"];
        let named = acts.iter().any(|id| text(&self.form, "", id).is_some());
        let needed = match (&body.channel, &body.post, &body.representative) {
            (Some(channel), None, _) if channel == "post" => Some("post-on"),
            // Somebody is named, and it is not said as what.
            (_, _, None) if named => Some("capacity"),
            (_, _, Some(who)) if who.name.is_none() => Some("name"),
            (_, _, Some(who)) if who.address.is_none() && who.person.is_none() => Some("address"),
            (_, _, Some(who)) if who.ground.chars().count() < 3 => Some("ground"),
            _ => None,
        };
        if let Some(id) = needed {
            self.form.fault("", id, Say::key("error-required"));
            return cx.wrong(Say::key("error-required"));
        }
        cx.want(Effect::Back);
        cx.want(Effect::Tell(Box::new(Answer::HandIn(Box::new(body)))));
    }
}

impl Desk for HandInForm {
    form_keys!(said);
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-hand-in")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        FORM_ACTS.to_vec()
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Submit => self.submit(cx),
            _ => {
                self.key(chord, cx);
            }
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        if self.seeks(chord, cx) {
            return true;
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
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        if !self.found.is_empty() && self.form.current().is_some_and(|field| field.id == "name") {
            return self.takes(code, cx);
        }
        let ctx = cx.look.form();
        self.form.choose(code, &ctx);
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Found(page)) => self.found(page.items, cx),
            Ok(_) => {}
            Err(fault) => cx.wrong(fault.say()),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &card_line(&self.card), look.theme.strong());
        put(buffer, area, 1, &look.words.t("hand-in-says"), look.theme.quiet());
        let fields = Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(3));
        view::draw(&self.form, buffer, fields, &look.form(), look.theme)
    }
}

/// An application that is not taken up: proposed by the first officer.
#[derive(Debug, Clone)]
pub struct DismissForm {
    work: Work,
    form: Form,
    once: Once,
}

impl DismissForm {
    /// With the reasons of the pack.
    pub fn new(work: Work, codes: &BTreeMap<String, CodeList>, look: &Look<'_>) -> DismissForm {
        let reasons = choices(codes.get("dismissal_reasons"), look);
        let lapsed = work
            .application
            .returned
            .as_ref()
            .is_some_and(|returned| returned.until < look.today);
        let mut reason =
            Field::new("reason", Say::key("dismiss-reason"), Kind::Code(reasons.into())).required();
        if lapsed {
            reason.put("not-completed");
        }
        let fields = vec![
            reason,
            Field::new("words", Say::key("dismiss-words"), Kind::Text { max: 2000 })
                .required()
                .help(Say::key("dismiss-words-help")),
            Field::new("forward_to", Say::key("dismiss-forward"), Kind::Text { max: 300 })
                .help(Say::key("dismiss-forward-help")),
        ];
        DismissForm {
            work,
            form: Form::single(fields),
            once: Once::new(),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let summary = &self.work.application.summary;
        let lines = vec![
            Say::raw(card_line(&summary.applicant)),
            Say::table(&summary.benefit_name),
            Say::key("dismiss-ask-says"),
        ];
        self.once = cx.once();
        cx.want(confirm(Say::key("dismiss-ask"), lines, Act::Dismiss));
    }
}

impl Desk for DismissForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("act-dismiss")
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::Dismiss {
            id: self.work.application.summary.id,
            body: Dismiss {
                reason: text(&self.form, "", "reason").unwrap_or_default(),
                words: text(&self.form, "", "words").unwrap_or_default(),
                forward_to: text(&self.form, "", "forward_to"),
            },
            once: self.once.clone(),
        }));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Back);
                done(cx, "dismissal-proposed");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let summary = &self.work.application.summary;
        put(
            buffer,
            area,
            0,
            &card_line(&summary.applicant),
            look.theme.strong(),
        );
        put(buffer, area, 1, &look.words.t("dismiss-says"), look.theme.quiet());
        let fields = Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(3));
        view::draw(&self.form, buffer, fields, &look.form(), look.theme)
    }
}
