//! Short forms: joining a household, a recommendation, sending back.

use super::{
    Desk, FormKey, choices, done, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    widgets::{card_line, outcome_key, put},
};
use crate::{
    api::{Answer, Ask, Fault, Work},
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Choice, Field, Form, Kind, view},
    i18n::Say,
    screens::FORM_ACTS,
    term::Chord,
    text::wrap,
};
use karton_api::{
    FactValue, Id,
    applications::{Confirmed, Recommend, Return, ReturnTo},
    assessments::{Outcome, Verdict},
    catalogue::CodeList,
    persons::{AddMember, PersonView},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};
use std::collections::BTreeMap;

/// What short forms have in common: F10 sends, the server's errors go to their fields.
macro_rules! form_desk {
    () => {
        fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
            FORM_ACTS.to_vec()
        }
        fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
            match act {
                Act::Submit => self.submit(cx),
                _ => {
                    form_key(&mut self.form, chord, cx);
                }
            }
        }
        fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
            let did = form_key(&mut self.form, chord, cx);
            if did == FormKey::Finished {
                self.submit(cx);
            }
            did != FormKey::Ignored
        }
        fn typing(&self, _look: &Look<'_>) -> bool {
            true
        }
        fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
            form_paste(&mut self.form, text, cx);
        }
        fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
            let ctx = cx.look.form();
            self.form.choose(code, &ctx);
        }
        fn status(&self, look: &Look<'_>) -> Say {
            form_status(&self.form, look)
        }
        fn help(&self, _look: &Look<'_>) -> Vec<Line> {
            form_help(&self.form)
        }
    };
}

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
        let list: Vec<Choice> = choices(codes.get("relationships"), look.today)
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

/// A first officer's recommendation.
#[derive(Debug, Clone)]
pub struct RecommendForm {
    work: Work,
    /// The conditions an officer must speak about, in the order of the form.
    conditions: Vec<(String, Say)>,
    form: Form,
}

impl RecommendForm {
    /// For an application with its newest assessment; none without one.
    pub fn new(work: &Work, look: &Look<'_>) -> Option<RecommendForm> {
        let stored = work.assessment.as_ref()?;
        let ctx = look.form();
        let list = [Outcome::Grant, Outcome::Refuse].map(|o| {
            Choice::new(
                if o == Outcome::Grant { "grant" } else { "refuse" },
                Say::key(outcome_key(o)),
            )
        });
        let mut outcome =
            Field::new("outcome", Say::key("outcome"), Kind::Code(list.to_vec().into())).required();
        match stored.assessment.outcome {
            Outcome::Grant => outcome.put("grant"),
            Outcome::Refuse => outcome.put("refuse"),
            Outcome::Unknown | Outcome::Confirm => {}
        }
        let mut fields = vec![outcome];
        let mut conditions = Vec::new();
        for condition in &stored.assessment.conditions {
            if condition.verdict == Verdict::MustConfirm
                || (!condition.confirmed && condition.verdict == Verdict::NotMet)
            {
                let says = Say::table(&condition.text);
                let mut met = Field::new(
                    format!("met {}", condition.id),
                    Say::key("confirm-met"),
                    Kind::Bool,
                )
                .required();
                let mut reason = Field::new(
                    format!("reason {}", condition.id),
                    Say::key("confirm-reason"),
                    Kind::Text { max: 500 },
                )
                .required();
                met.help = says.clone();
                reason.help = says.clone();
                fields.push(met);
                fields.push(reason);
                conditions.push((condition.id.clone(), says));
            }
        }
        fields.push(Field::new(
            "note",
            Say::key("recommend-note"),
            Kind::Text { max: 500 },
        ));
        let mut form = Form::single(fields);
        form.settle(&ctx);
        Some(RecommendForm {
            work: work.clone(),
            conditions,
            form,
        })
    }
    fn body(&self, look: &Look<'_>) -> Option<Recommend> {
        let ctx = look.form();
        let text = |id: &str| {
            self.form
                .find("", id)
                .map(|f| f.text().trim().to_owned())
                .unwrap_or_default()
        };
        let outcome = match self.form.find("", "outcome")?.value(&ctx) {
            Ok(Some(FactValue::Code(code))) if code == "grant" => Outcome::Grant,
            _ => Outcome::Refuse,
        };
        let confirmed = self.conditions.iter().map(|(id, _)| Confirmed {
            condition: id.clone(),
            met: text(&format!("met {id}")) == "true",
            reason: text(&format!("reason {id}")),
        });
        let assessment = self.work.assessment.as_ref()?.id;
        Some(Recommend {
            assessment,
            outcome,
            confirmed: confirmed.collect(),
            note: Some(text("note")).filter(|n| !n.is_empty()),
        })
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let Some(body) = self.body(&cx.look) else { return };
        let outcome = cx.look.words.t(outcome_key(body.outcome));
        cx.want(confirm(
            Say::key("recommend-ask"),
            vec![Say::key("recommend-ask-says").with("outcome", outcome)],
            Act::Recommend,
        ));
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
                cx.want(Effect::Back);
                done(cx, "recommended");
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
        let mut line = 2;
        let about = self
            .form
            .current()
            .map(|f| look.words.say(&f.help))
            .unwrap_or_default();
        // What an officer must speak about stands in full; the one that the cursor is at is strong.
        for (_, says) in &self.conditions {
            let says = look.words.say(says);
            for (i, text) in wrap(&says, usize::from(area.width).saturating_sub(2))
                .iter()
                .take(2)
                .enumerate()
            {
                let style = if says == about {
                    look.theme.strong()
                } else {
                    Style::new()
                };
                put(
                    buffer,
                    area,
                    line,
                    &format!("{} {text}", if i == 0 { "!" } else { " " }),
                    style,
                );
                line += 1;
            }
        }
        let top = (line + u16::from(line > 2)).min(area.height);
        view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + top, area.width, area.height - top),
            &look.form(),
            look.theme,
        )
    }
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
        let mut list = vec![Choice::new("applicant", Say::key("return-applicant"))];
        if work.application.recommendation.is_some() {
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
