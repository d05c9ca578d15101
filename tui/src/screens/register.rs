//! Register a person, and look at who may be the same one.

use super::{
    Desk, FormKey, choices, done, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    forms::form_keys,
    widgets::{Cursor, full_name, list, put},
};
use crate::{
    api::{Answer, Ask, Fault, Once},
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    form::{Field, Form, Kind, check, date, view},
    i18n::Say,
    screens::{FORM_ACTS, Screen},
    term::Chord,
    text::visible,
};
use karton_api::{
    FactValue, Id,
    catalogue::CodeList,
    persons::{Candidate, Name, NationalId, RegisterPerson},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};
use std::collections::BTreeMap;

/// A new person.
#[derive(Debug, Clone)]
pub struct Register {
    form: Form,
    head: Option<Id<value::Person>>,
    once: Once,
}

impl Register {
    /// An empty card; what was searched for stands in it already. With a `head` the new person joins that household.
    pub fn new(
        text: &str,
        head: Option<Id<value::Person>>,
        codes: &BTreeMap<String, CodeList>,
        look: &Look<'_>,
    ) -> Register {
        let scheme = look
            .session
            .and_then(|s| s.country.as_ref())
            .and_then(|c| c.id_schemes.first());
        let check = scheme.and_then(|s| check::Check::named(&s.check));
        let label = scheme.map_or(Say::key("col-id"), |s| Say::table(&s.name));
        let mut number = Field::new(
            "number",
            label,
            Kind::Digits {
                len: check.map_or(0, check::Check::length),
                check,
                mask: "",
            },
        );
        let (mut given, mut family) = (String::new(), String::new());
        if text.chars().all(|c| c.is_ascii_digit()) {
            number.put(text);
        } else if let Some((first, rest)) = text.split_once(' ') {
            (given, family) = (first.to_owned(), rest.trim().to_owned());
        } else {
            family = text.to_owned();
        }
        let text_field = |id: &str, key: &'static str, max: usize, value: &str| {
            let mut field = Field::new(id, Say::key(key), Kind::Text { max });
            field.put(value);
            field
        };
        let code = |id: &str, key: &'static str, list: &str| {
            Field::new(
                id,
                Say::key(key),
                Kind::Code(choices(codes.get(list), look).into()),
            )
        };
        let mut form = Form::single(vec![
            number.help(Say::key("help-national-id")),
            text_field("given", "given-name", 100, &given),
            text_field("family", "family-name", 100, &family),
            Field::new("birth_date", Say::key("birth-date"), Kind::Date { past: true }),
            code("sex", "sex", "sexes"),
            code("municipality", "municipality", "municipalities"),
            text_field("address", "address", 200, ""),
        ]);
        form.remember(look.answers);
        Register {
            form,
            head,
            once: String::new(),
        }
    }
    /// What the number says need not be typed.
    fn told_by_number(&mut self, cx: &Cx<'_>) {
        let ctx = cx.look.form();
        let field = self.form.find("", "number");
        let number = field.and_then(|f| match f.kind {
            Kind::Digits {
                check: Some(check), ..
            } if f.answered() && f.value(&ctx).is_ok() => Some((check, f.text().to_owned())),
            _ => None,
        });
        let born = number
            .as_ref()
            .and_then(|(check, n)| check.born(n).ok().flatten());
        let sex = number
            .as_ref()
            .and_then(|(check, n)| check.woman(n))
            .map(|w| if w { "f" } else { "m" });
        if let Some(field) = self.form.find_mut("", "birth_date") {
            if let Some(born) = born {
                field.set(&FactValue::Date(born), &ctx);
            }
            field.fixed = born.is_some();
        }
        if let Some(field) = self.form.find_mut("", "sex") {
            let known = matches!((&field.kind, sex), (Kind::Code(list), Some(sex)) if list.iter().any(|c| c.code == sex));
            if let (true, Some(sex)) = (known, sex) {
                field.put(sex);
            }
            field.fixed = known;
        }
    }
    fn body(&self, cx: &Cx<'_>) -> RegisterPerson {
        let ctx = cx.look.form();
        let text = |id: &str| {
            self.form
                .find("", id)
                .map(|f| f.text().trim().to_owned())
                .unwrap_or_default()
        };
        let some = |id: &str| Some(text(id)).filter(|t| !t.is_empty());
        let scheme = cx
            .look
            .session
            .and_then(|s| s.country.as_ref())
            .and_then(|c| c.id_schemes.first())
            .map(|s| s.code.clone());
        let day = match self.form.find("", "birth_date").map(|f| f.value(&ctx)) {
            Some(Ok(Some(FactValue::Date(day)))) => Some(day),
            _ => None,
        };
        RegisterPerson {
            name: Name {
                given: text("given"),
                family: text("family"),
            },
            national_id: some("number")
                .zip(scheme)
                .map(|(number, scheme)| NationalId { scheme, number }),
            birth_date: day,
            sex: some("sex"),
            municipality: some("municipality"),
            address: some("address"),
            not_the_same_as: Vec::new(),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        self.told_by_number(cx);
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let body = self.body(cx);
        if body.name.given.is_empty() && body.name.family.is_empty() {
            self.form.fault("", "given", Say::key("error-required"));
            return cx.wrong(Say::key("name-needed"));
        }
        if body.national_id.is_none() && body.birth_date.is_none() {
            self.form.fault("", "birth_date", Say::key("birth-date-needed"));
            return cx.wrong(Say::key("birth-date-needed"));
        }
        // A changed card is another intention: the key goes with what is sent.
        self.once = cx.once();
        cx.want(Effect::Submit(Ask::Register {
            body,
            once: self.once.clone(),
        }));
    }
    fn after(&mut self, did: FormKey, cx: &mut Cx<'_>) -> bool {
        self.told_by_number(cx);
        if did == FormKey::Finished {
            self.submit(cx);
        }
        did != FormKey::Ignored
    }
}

/// Where a registered person leads: into the household that waits, or to the new dossier.
fn registered(person: Id<value::Person>, head: Option<Id<value::Person>>, cx: &mut Cx<'_>) {
    done(cx, "registered");
    let ask = match head {
        Some(head) => Ask::MemberForm { head, person },
        None => Ask::Dossier { person },
    };
    cx.want(Effect::Open { ask, replace: true });
}

impl Desk for Register {
    form_keys!(after);
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-register")
    }
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
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let ctx = cx.look.form();
        self.form.choose(code, &ctx);
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::Person(person))) => {
                cx.want(Effect::Answers(self.form.answers()));
                registered(person.card.id, self.head, cx);
            }
            (Ask::Register { body, .. }, Err(Fault::Problem(problem))) if !problem.candidates.is_empty() => {
                let screen = Duplicates {
                    body: body.clone(),
                    candidates: problem.candidates,
                    cursor: Cursor::default(),
                    head: self.head,
                };
                cx.wrong(Say::key("duplicates-found"));
                cx.want(Effect::Push(Box::new(Screen::Duplicates(Box::new(screen)))));
            }
            (_, Err(fault)) => form_faults(&mut self.form, &fault, cx),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &look.words.t("register-says"),
            look.theme.quiet(),
        );
        view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + 2, area.width, 8),
            &look.form(),
            look.theme,
        )
    }
}

/// Who may be the same person, beside what was typed.
#[derive(Debug, Clone)]
pub struct Duplicates {
    body: RegisterPerson,
    candidates: Vec<Candidate>,
    cursor: Cursor,
    head: Option<Id<value::Person>>,
}

impl Desk for Duplicates {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-duplicates")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        vec![Act::Open, Act::Register]
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => {
                if let Some(candidate) = self.candidates.get(self.cursor.0) {
                    let person = candidate.card.id;
                    cx.want(Effect::Back);
                    let ask = match self.head {
                        Some(head) => Ask::MemberForm { head, person },
                        None => Ask::Dossier { person },
                    };
                    cx.want(Effect::Open { ask, replace: true });
                }
            }
            Act::Register => cx.want(crate::app::confirm(
                Say::key("duplicates-ask"),
                vec![Say::key("duplicates-ask-says").with("n", self.candidates.len())],
                Act::Register,
            )),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, _cx: &mut Cx<'_>) -> bool {
        self.cursor.key(chord, self.candidates.len(), 3)
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let mut body = self.body.clone();
        body.not_the_same_as = self.candidates.iter().map(|c| c.card.id).collect();
        let once = cx.once();
        cx.want(Effect::Submit(Ask::Register { body, once }));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Person(person)) => {
                cx.want(Effect::Back);
                registered(person.card.id, self.head, cx);
            }
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &look.words.t("duplicates-says"), Style::new());
        let column = usize::from(area.width).saturating_sub(18) / 2;
        let chosen = self.candidates.get(self.cursor.0)?;
        let born = |d: Option<karton_api::Date>| d.map(date::show).unwrap_or_default();
        let number = |n: &Option<NationalId>| n.as_ref().map(|n| visible(&n.number)).unwrap_or_default();
        let agrees = |code: &str| chosen.agrees.iter().any(|a| a.starts_with(code));
        let card = &chosen.card;
        let name_agrees = agrees("name") || agrees("similar-name");
        let rows = [
            (
                "col-name",
                full_name(&self.body.name),
                full_name(&card.name),
                name_agrees,
            ),
            (
                "col-id",
                number(&self.body.national_id),
                number(&card.national_id),
                agrees("national-id"),
            ),
            (
                "col-born",
                born(self.body.birth_date),
                born(card.birth_date),
                agrees("birth-date"),
            ),
            (
                "col-office",
                String::new(),
                visible(look.words.pick(&card.office.name)),
                false,
            ),
            ("col-dossier", String::new(), visible(&card.dossier_number), false),
        ];
        let x = |n: usize| area.x + u16::try_from(n).unwrap_or(0);
        if look.theme.plain {
            let heads = format!(
                "{} / {}",
                look.words.t("duplicates-typed"),
                look.words.t("duplicates-known")
            );
            put(buffer, area, 2, &heads, look.theme.heading());
        } else {
            buffer.set_string(
                x(14),
                area.y + 2,
                look.words.t("duplicates-typed"),
                look.theme.heading(),
            );
            buffer.set_string(
                x(16 + column),
                area.y + 2,
                look.words.t("duplicates-known"),
                look.theme.heading(),
            );
        }
        for (i, (key, typed, known, same)) in rows.iter().enumerate() {
            if look.theme.plain {
                let sign = if *same { "= " } else { "" };
                let text = format!("{}: {sign}{typed} / {known}", look.words.t(key));
                put(
                    buffer,
                    area,
                    3 + u16::try_from(i).unwrap_or(0),
                    &text,
                    Style::new(),
                );
                continue;
            }
            let y = area.y + 3 + u16::try_from(i).unwrap_or(0);
            buffer.set_string(area.x, y, look.words.t(key), look.theme.quiet());
            buffer.set_string(x(14), y, crate::text::fit(typed, column), Style::new());
            if *same {
                buffer.set_string(x(14 + column), y, "=", look.theme.open());
            }
            buffer.set_string(
                x(16 + column),
                y,
                crate::text::fit(known, column),
                if *same { look.theme.strong() } else { Style::new() },
            );
        }
        put(
            buffer,
            area,
            10,
            &look.words.t("duplicates-list"),
            look.theme.heading(),
        );
        let body = Rect::new(area.x, area.y + 11, area.width, area.height.saturating_sub(11));
        list(buffer, body, self.candidates.len(), self.cursor, look, |i| {
            let card = &self.candidates[i].card;
            vec![
                (full_name(&card.name), 32, Style::new()),
                (number(&card.national_id), 14, Style::new()),
                (born(card.birth_date), 10, Style::new()),
                (
                    visible(look.words.pick(&card.office.name)),
                    20,
                    look.theme.quiet(),
                ),
            ]
        })
    }
}
