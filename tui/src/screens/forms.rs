//! Short forms: joining a household, a recommendation, sending back.

use super::{
    Desk, FormKey, choices, done, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    said::said,
    second,
    widgets::{card_line, full_name, outcome_key, put, source_key, verdict},
};
use crate::{
    api::{Answer, Ask, Fault, SecondAsk, Work},
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Choice, Field, Form, Kind, Page, view},
    i18n::Say,
    screens::FORM_ACTS,
    term::Chord,
    text::{visible, wrap},
};
use karton_api::{
    FactValue, Id,
    applications::{Confirmed, Part, Recommend, Return, ReturnTo, Without},
    assessments::{Condition, Outcome, Verdict},
    catalogue::CodeList,
    confirmations::{Confirm, Says},
    persons::{AddMember, FactStatus, PersonView},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use std::collections::BTreeMap;

/// The keys of a screen that is one form: what is finished is sent, or looked at `after` each key where the form does more than that.
macro_rules! form_keys {
    () => {
        fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
            let did = form_key(&mut self.form, chord, cx);
            if did == FormKey::Finished {
                self.submit(cx);
            }
            did != FormKey::Ignored
        }
        fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
            form_paste(&mut self.form, text, cx);
        }
        $crate::screens::forms::form_keys!(said);
    };
    (after) => {
        fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
            let did = form_key(&mut self.form, chord, cx);
            self.after(did, cx)
        }
        fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
            let did = form_paste(&mut self.form, text, cx);
            self.after(did, cx);
        }
        $crate::screens::forms::form_keys!(said);
    };
    (said) => {
        fn typing(&self, _look: &Look<'_>) -> bool {
            true
        }
        fn status(&self, look: &Look<'_>) -> Say {
            form_status(&self.form, look)
        }
        fn help(&self, _look: &Look<'_>) -> Vec<Line> {
            form_help(&self.form)
        }
    };
}

/// What short forms have in common: F10 sends, the server's errors go to their fields.
macro_rules! form_desk {
    () => {
        $crate::screens::forms::form_desk!(Act::Submit);
    };
    // With another word for what F10 does.
    ($submit:expr) => {
        fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
            let mut acts = FORM_ACTS.to_vec();
            acts[0] = $submit;
            if self.form.pages.len() > 1 {
                acts.extend([Act::Previous, Act::Next]);
            }
            acts
        }
        fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
            let page = |key| Chord::of(key);
            match act {
                Act::Submit | Act::Reckon => self.submit(cx),
                Act::Previous => drop(self.key(page($crate::term::Key::PageUp), cx)),
                Act::Next => drop(self.key(page($crate::term::Key::PageDown), cx)),
                _ => {
                    form_key(&mut self.form, chord, cx);
                }
            }
        }
        fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
            let ctx = cx.look.form();
            self.form.choose(code, &ctx);
        }
        $crate::screens::forms::form_keys!();
    };
}

pub(super) use form_desk;
pub(super) use form_keys;

/// Somebody joins a household.
#[derive(Debug, Clone)]
pub struct MemberForm {
    head: Id<value::Person>,
    person: PersonView,
    form: Form,
}

impl MemberForm {
    /// As what, and since when.
    pub fn new(
        head: Id<value::Person>,
        person: PersonView,
        codes: &BTreeMap<String, CodeList>,
        look: &Look<'_>,
    ) -> MemberForm {
        let list: Vec<Choice> = choices(codes.get("relationships"), look)
            .into_iter()
            .filter(|c| c.code != "self")
            .collect();
        let mut from = Field::new("from", Say::key("member-from"), Kind::Date { past: true }).required();
        from.set(&FactValue::Date(look.today), &look.form());
        let mut form = Form::single(vec![
            Field::new("relationship", Say::key("relationship"), Kind::Code(list.into())).required(),
            from,
        ]);
        form.remember(look.answers);
        MemberForm { head, person, form }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let ctx = cx.look.form();
        let value = |id: &str| self.form.find("", id).and_then(|f| f.value(&ctx).ok().flatten());
        if let (Some(FactValue::Code(relationship)), Some(FactValue::Date(from))) =
            (value("relationship"), value("from"))
        {
            let body = AddMember {
                person: self.person.card.id,
                relationship,
                from,
            };
            let once = cx.once();
            cx.want(Effect::Submit(Ask::AddMember {
                head: self.head,
                body,
                once,
            }));
        }
    }
}

impl Desk for MemberForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-member")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                done(cx, "member-added");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &card_line(&self.person.card),
            look.theme.strong(),
        );
        view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + 2, area.width, 4),
            &look.form(),
            look.theme,
        )
    }
}

/// A first officer's recommendation: the outcome, then a page for each condition that needs the officer's own word.
#[derive(Debug, Clone)]
pub struct RecommendForm {
    work: Work,
    form: Form,
}

/// Whether a condition stands on unconfirmed law or on facts that nothing proves: then an officer says why it holds.
fn doubtful(condition: &Condition) -> bool {
    let unproved = condition
        .values
        .iter()
        .flat_map(|v| &v.facts)
        .any(|f| f.status != FactStatus::Verified);
    match condition.verdict {
        Verdict::NotApplicable => false,
        Verdict::MustConfirm => true,
        Verdict::Met | Verdict::NotMet | Verdict::Unknown => unproved || !condition.missing.is_empty(),
    }
}

/// The name under which what only the amount rests on is confirmed.
pub(super) const AMOUNT: &str = "amount";
/// The page that asks who of the household is left out; no condition is called so.
const LEFT_OUT: &str = ".left-out";

/// Who of the household may be left out: everybody but the applicant, by id and name.
fn others(work: &Work) -> impl Iterator<Item = (String, String)> {
    let applicant = work.application.summary.applicant.id;
    let members = work.application.household.iter().flat_map(|there| &there.members);
    members
        .filter(move |member| member.card.id != applicant)
        .map(|member| (member.card.id.to_string(), full_name(&member.card.name)))
}

/// The page on which an officer says of a condition whether it is met, and why.
pub(super) fn condition_page(condition: &Condition) -> Page {
    let mut met = Field::new("met", Say::key("confirm-met"), Kind::Bool).required();
    match condition.verdict {
        // The rules have spoken; to say otherwise than a fact, a finding is recorded and it is assessed again.
        Verdict::Met | Verdict::NotMet => {
            met.put(if condition.verdict == Verdict::Met {
                "true"
            } else {
                "false"
            });
            met.fixed = true;
        }
        Verdict::MustConfirm | Verdict::Unknown | Verdict::NotApplicable => {}
    }
    reasoned(&condition.id, Say::table(&condition.text), met)
}

/// The same for what only the amount rests on.
pub(super) fn amount_page() -> Page {
    let mut met = Field::new("met", Say::key("confirm-amount"), Kind::Bool).required();
    met.put("true");
    met.fixed = true;
    reasoned(AMOUNT, Say::key("amount"), met)
}

fn reasoned(id: &str, title: Say, met: Field) -> Page {
    let reason = Field::new("reason", Say::key("confirm-reason"), Kind::Text { max: 2000 }).required();
    Page {
        id: id.to_owned(),
        title,
        fields: vec![
            met,
            reason.same_as("confirm-reason").help(Say::key("confirm-help")),
        ],
    }
}

/// What was said on those pages, in their order.
pub(super) fn confirmations(form: &Form) -> Vec<Confirmed> {
    let text = |page: &str, id: &str| {
        form.find(page, id)
            .map(|field| field.text().trim().to_owned())
            .unwrap_or_default()
    };
    let pages = form.pages.iter().skip(1).filter(|page| page.id != LEFT_OUT);
    pages
        .map(|page| Confirmed {
            condition: page.id.clone(),
            met: text(&page.id, "met") == "true",
            reason: text(&page.id, "reason"),
        })
        .collect()
}

impl RecommendForm {
    /// For an application with its newest assessment; none without one. With `more`, a paragraph and a part that is refused are asked for too.
    pub fn new(work: &Work, more: bool, look: &Look<'_>) -> Option<RecommendForm> {
        let stored = work.assessment.as_ref()?;
        let ctx = look.form();
        let choice = |code: &str, o| Choice::new(code, Say::key(outcome_key(o)));
        let list = [choice("grant", Outcome::Grant), choice("refuse", Outcome::Refuse)];
        let mut outcome =
            Field::new("outcome", Say::key("outcome"), Kind::Code(list.to_vec().into())).required();
        match stored.assessment.outcome {
            Outcome::Grant => outcome.put("grant"),
            Outcome::Refuse => outcome.put("refuse"),
            Outcome::Unknown | Outcome::Confirm => {}
        }
        let note = Field::new("note", Say::key("recommend-note"), Kind::Text { max: 500 });
        let paragraph = Field::new("paragraph", Say::key("paragraph"), Kind::Text { max: 1500 })
            .help(Say::key("paragraph-help"));
        let later = Field::new("before", Say::key("without-before"), Kind::Date { past: false });
        let component = Field::new(
            "component",
            Say::key("without-component"),
            Kind::Text { max: 200 },
        );
        let why = Field::new("without", Say::key("without-reason"), Kind::Text { max: 2000 });
        let mut fields = vec![outcome, note];
        if more {
            fields.extend([paragraph, later, component, why]);
        }
        if let Some(upto) = super::amend::limit(work) {
            let kind = Kind::Money {
                currency: upto.currency,
                places: 2,
            };
            fields.insert(1, Field::new("amount", Say::key("set-amount"), kind));
            fields.insert(
                2,
                Field::new(
                    "amount-reason",
                    Say::key("set-amount-reason"),
                    Kind::Text { max: 2000 },
                ),
            );
        }
        let mut pages = vec![Page {
            id: String::new(),
            title: Say::key("act-recommend"),
            fields,
        }];
        for condition in stored.assessment.conditions.iter().filter(|c| doubtful(c)) {
            pages.push(condition_page(condition));
        }
        if stored.confirm.iter().any(|id| id == AMOUNT) {
            pages.push(amount_page());
        }
        if more {
            let others: Vec<Field> = others(work)
                .map(|(id, name)| {
                    Field::new(&id, Say::raw(name), Kind::Bool).help(Say::key("without-person-help"))
                })
                .collect();
            if !others.is_empty() {
                pages.push(Page {
                    id: LEFT_OUT.to_owned(),
                    title: Say::key("without-person"),
                    fields: others,
                });
            }
        }
        let mut form = Form::new(pages);
        form.remember(look.answers);
        form.settle(&ctx);
        Some(RecommendForm {
            work: work.clone(),
            form,
        })
    }
    fn text(&self, page: &str, id: &str) -> String {
        self.form
            .find(page, id)
            .map(|f| f.text().trim().to_owned())
            .unwrap_or_default()
    }
    /// What is refused while the rest is granted.
    fn without(&self, look: &Look<'_>) -> Vec<Without> {
        let reason = self.text("", "without");
        let day = self
            .form
            .find("", "before")
            .and_then(|field| field.value(&look.form()).ok().flatten());
        let mut parts = Vec::new();
        if let Some(FactValue::Date(day)) = day {
            parts.push(Part::Before(day));
        }
        for (id, _) in others(&self.work) {
            if self.text(LEFT_OUT, &id) == "true"
                && let Ok(person) = id.parse()
            {
                parts.push(Part::Person(person));
            }
        }
        let what = self.text("", "component");
        if !what.is_empty() {
            parts.push(Part::Component(what));
        }
        let parts = parts.into_iter().map(|part| Without {
            part,
            reason: reason.clone(),
        });
        parts.collect()
    }
    fn body(&self, look: &Look<'_>) -> Option<Recommend> {
        let outcome = if self.text("", "outcome") == "grant" {
            Outcome::Grant
        } else {
            Outcome::Refuse
        };
        let assessment = self.work.assessment.as_ref()?.id;
        let note = Some(self.text("", "note")).filter(|n| !n.is_empty());
        Some(Recommend {
            assessment,
            outcome,
            confirmed: confirmations(&self.form),
            note,
            paragraph: Some(self.text("", "paragraph")).filter(|text| !text.is_empty()),
            without: if outcome == Outcome::Grant {
                self.without(look)
            } else {
                Vec::new()
            },
            amount: super::amend::amount_set(
                &self.form,
                "",
                ("amount", "amount-reason"),
                super::amend::limit(&self.work).map(|upto| upto.currency),
                look,
            )
            .filter(|_| outcome == Outcome::Grant),
        })
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let Some(body) = self.body(&cx.look) else { return };
        let outcome = cx.look.words.t(outcome_key(body.outcome));
        let lines = vec![Say::key("recommend-ask-says").with("outcome", outcome)];
        cx.want(confirm(Say::key("recommend-ask"), lines, Act::Recommend));
    }
    /// The server's word on `/confirmed/3/reason` goes to the fourth condition.
    fn fault(&mut self, fault: &Fault, cx: &mut Cx<'_>) {
        for error in fault.problem().into_iter().flat_map(|p| p.errors.iter().rev()) {
            let own = match error.pointer.split('/').nth(1) {
                Some("paragraph") => Some("paragraph"),
                Some("without") => Some(if error.pointer.ends_with("reason") {
                    "without"
                } else {
                    "before"
                }),
                Some("amount") => Some(if error.pointer.ends_with("reason") {
                    "amount-reason"
                } else {
                    "amount"
                }),
                _ => None,
            };
            if let Some(id) = own {
                self.form.fault("", id, said(error, &cx.look));
                continue;
            }
            let mut parts = error.pointer.split('/').skip(2);
            let page = parts
                .next()
                .and_then(|n| n.parse::<usize>().ok())
                .and_then(|n| self.form.pages.get(n + 1));
            let page = page.map(|p| p.id.clone());
            if let (Some(page), Some(id)) = (page, parts.next()) {
                self.form.fault(&page, id, said(error, &cx.look));
            }
        }
        cx.wrong(fault.say());
    }
}

impl Desk for RecommendForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("act-recommend")
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        if let Some(body) = self.body(&cx.look) {
            let once = cx.once();
            cx.want(Effect::Submit(Ask::Recommend {
                id: self.work.application.summary.id,
                body,
                once,
            }));
        }
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                done(cx, "recommended");
            }
            Err(fault) => self.fault(&fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &card_line(&self.work.application.summary.applicant),
            look.theme.strong(),
        );
        let page = self.form.pages.get(self.form.page())?;
        let at = format!("{}/{}", self.form.page() + 1, self.form.pages.len());
        put(
            buffer,
            area,
            2,
            &format!("{at}  {}", look.words.t("recommend-page")),
            look.theme.heading(),
        );
        let mut line = 3;
        let stored = self.work.assessment.as_ref()?;
        let Some(condition) = stored.assessment.conditions.iter().find(|c| c.id == page.id) else {
            let others = self.form.pages.len() - 1;
            if others > 0 {
                let says = look.words.say(&Say::key("recommend-doubts").with("n", others));
                for text in wrap(&says, area.width.into()).iter().take(2) {
                    put(buffer, area, line, text, look.theme.open());
                    line += 1;
                }
            }
            return view::draw(
                &self.form,
                buffer,
                rest(area, line.max(4) + 1),
                &look.form(),
                look.theme,
            );
        };
        // The condition in full, and what in it nobody has proved: that is what the reason must answer.
        let (sign, style) = verdict(condition.verdict, look);
        let inner = Rect {
            x: area.x + 2,
            width: area.width.saturating_sub(2),
            ..area
        };
        put(buffer, area, line, sign, style);
        for text in wrap(
            &look.words.say(&page.title),
            usize::from(area.width).saturating_sub(2),
        )
        .iter()
        .take(3)
        {
            put(buffer, inner, line, text, look.theme.strong());
            line += 1;
        }
        let facts = condition
            .values
            .iter()
            .flat_map(|v| &v.facts)
            .filter(|f| f.status != FactStatus::Verified);
        let mut said: Vec<String> = Vec::new();
        for fact in facts {
            let who = fact
                .name
                .as_deref()
                .map(|n| format!("{}: ", visible(n)))
                .unwrap_or_default();
            let question = super::why::question(&fact.fact, &fact.question, look);
            let text = look.words.pick(&fact.text);
            let text = format!(
                "? {who}{}: {} ({})",
                question,
                visible(text),
                look.words.t(source_key(fact.source))
            );
            if !said.contains(&text) {
                said.push(text);
            }
        }
        said.extend(
            condition
                .missing
                .iter()
                .map(|m| format!("? {}", super::why::missing(m, look))),
        );
        let room = usize::from(area.height.saturating_sub(line + 4));
        for text in said.iter().take(room) {
            put(buffer, inner, line, text, look.theme.open());
            line += 1;
        }
        view::draw(&self.form, buffer, rest(area, line + 1), &look.form(), look.theme)
    }
}

/// What is left of an area below so many lines.
pub(super) fn rest(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect::new(area.x, area.y + lines, area.width, area.height - lines)
}

/// Sending back, with the reason.
#[derive(Debug, Clone)]
pub struct ReturnForm {
    work: Work,
    form: Form,
}

impl ReturnForm {
    /// To the applicant, or to the first officer once there is a recommendation.
    pub fn new(work: &Work) -> ReturnForm {
        // A dismissal that was proposed goes back to the officer who proposed it, and nowhere else.
        let mut list = match work.application.may.iter().any(|it| it == "decide-dismissal") {
            true => vec![Choice::new("first", Say::key("return-assessment"))],
            false => vec![Choice::new("applicant", Say::key("return-applicant"))],
        };
        // The second body of two sends back to the first one, or refuses.
        if work.application.may.iter().any(|it| it == "confirm") {
            list = vec![
                Choice::new("decider", Say::key("chain-return")),
                Choice::new("refuse", Say::key("chain-refuse")),
            ];
        } else if work.application.recommendation.is_some() {
            list.insert(0, Choice::new("assessment", Say::key("return-assessment")));
        }
        let first = list[0].code.clone();
        let mut to = Field::new("to", Say::key("return-to"), Kind::Code(list.into())).required();
        to.put(&first);
        let reason = Field::new("reason", Say::key("reason"), Kind::Text { max: 2000 })
            .required()
            .help(Say::key("help-return"));
        ReturnForm {
            work: work.clone(),
            form: Form::single(vec![to, reason]),
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
        if let ("decider" | "refuse", Some(first)) = (text("to").as_str(), &self.work.decision) {
            let says = match text("to").as_str() {
                "refuse" => Says::Refuse,
                _ => Says::Return,
            };
            let body = Confirm {
                decision: first.id,
                says,
                reason: Some(text("reason")),
            };
            let (id, once) = (self.work.application.summary.id, cx.once());
            return cx.want(Effect::Submit(Ask::Second(SecondAsk::Confirm { id, body, once })));
        }
        if text("to") == "first" {
            let once = cx.once();
            return cx.want(Effect::Submit(Ask::ReturnDismissal {
                id: self.work.application.summary.id,
                body: karton_api::common::Reason {
                    reason: text("reason"),
                },
                once,
            }));
        }
        let to = if text("to") == "assessment" {
            ReturnTo::Assessment
        } else {
            ReturnTo::Applicant
        };
        let once = cx.once();
        let body = Return {
            to,
            reason: text("reason"),
        };
        cx.want(Effect::Submit(Ask::Return {
            id: self.work.application.summary.id,
            body,
            once,
        }));
    }
}

impl Desk for ReturnForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("act-return")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Decision(first)) if second::said(&first).is_some_and(|it| it.says == Says::Refuse) => {
                let number = second::said(&first).and_then(|it| it.number.clone());
                cx.want(Effect::Back);
                cx.want(Effect::Say(
                    Say::key("chain-done").with("number", number.unwrap_or_default()),
                    crate::app::Tone::Done,
                ));
            }
            Ok(_) => {
                cx.want(Effect::Back);
                done(cx, "returned");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &card_line(&self.work.application.summary.applicant),
            look.theme.strong(),
        );
        put(buffer, area, 1, &look.words.t("return-says"), look.theme.quiet());
        view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + 3, area.width, 4),
            &look.form(),
            look.theme,
        )
    }
}
