//! Signing in, unlocking, and the change of a first password.

use super::{
    Desk, FormKey, form_checks, form_faults, form_help, form_key, form_paste, form_status, forms::form_keys,
    widgets::put,
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    form::{Field, Form, Kind, view},
    i18n::Say,
    term::Chord,
};
use karton_api::common::OfficeRef;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// Who are you?
#[derive(Debug, Clone)]
pub struct SignIn {
    form: Form,
    locked: bool,
    /// The office to go to; none for the officer's first.
    office: Option<OfficeRef>,
    leaves: bool,
}

impl SignIn {
    /// The sign-in screen.
    pub fn new(user: &str) -> SignIn {
        let mut name = Field::new("user", Say::key("user"), Kind::Text { max: 60 }).required();
        name.put(user);
        let form = Form::single(vec![
            name,
            Field::new("password", Say::key("password"), Kind::Secret).required(),
        ]);
        SignIn {
            form,
            locked: false,
            office: None,
            leaves: false,
        }
    }
    /// The same over work that waits: only its officer comes back to it.
    pub fn locked(user: &str) -> SignIn {
        let mut screen = SignIn::new(user);
        if let Some(field) = screen.form.find_mut("", "user") {
            field.fixed = !user.is_empty();
        }
        let pages = std::mem::take(&mut screen.form.pages);
        SignIn {
            form: Form::new(pages),
            locked: true,
            office: None,
            leaves: false,
        }
    }
    /// The next officer at a shared computer types account and password; Esc stays with the first one.
    pub fn next() -> SignIn {
        SignIn {
            locked: true,
            leaves: true,
            ..SignIn::new("")
        }
    }
    /// The same to go on in another office; Esc stays in this one.
    pub fn at_office(user: &str, office: OfficeRef) -> SignIn {
        SignIn {
            office: Some(office),
            leaves: true,
            ..SignIn::locked(user)
        }
    }
    /// Under the lock: the office one was in.
    #[must_use]
    pub fn in_office(mut self, office: &OfficeRef) -> SignIn {
        self.office = Some(office.clone());
        self
    }
    /// Whether Esc goes back to the work below.
    pub fn may_leave(&self) -> bool {
        self.leaves
    }
    /// Whether work waits below.
    pub fn is_locked(&self) -> bool {
        self.locked
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let text = |id: &str| {
            self.form
                .find("", id)
                .map(|f| f.text().to_owned())
                .unwrap_or_default()
        };
        cx.want(Effect::Submit(Ask::SignIn {
            user: text("user").trim().to_owned(),
            password: text("password"),
            office: self.office.as_ref().map(|o| o.code.clone()),
        }));
    }
}

impl Desk for SignIn {
    form_keys!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(if self.locked {
            "title-locked"
        } else {
            "title-sign-in"
        })
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::Submit];
        if self.locked {
            acts.push(Act::SignOut);
        } else if look.demo.officers.len() > 1 {
            acts.push(Act::SwitchOfficer);
        }
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Submit => self.submit(cx),
            _ => cx.want(Effect::Bell),
        }
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        if let Err(fault) = result {
            if let Some(field) = self.form.find_mut("", "password") {
                field.put("");
            }
            form_faults(&mut self.form, &fault, cx);
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let area = Rect::new(
            area.x + 4,
            area.y + area.height / 5,
            area.width.saturating_sub(8),
            area.height - area.height / 5,
        );
        put(buffer, area, 0, "K A R T O N", look.theme.heading());
        put(buffer, area, 1, &look.words.t("tagline"), Style::new());
        put(
            buffer,
            area,
            3,
            &look.words.say(&Say::key("server-at").with("server", look.server)),
            look.theme.quiet(),
        );
        let cursor = view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + 5, area.width, 2),
            &look.form(),
            look.theme,
        );
        if let Some(office) = &self.office {
            let says = Say::key("sign-in-office").with("office", look.words.pick(&office.name));
            put(buffer, area, 4, &look.words.say(&says), Style::new());
        }
        let says = if self.leaves {
            "sign-in-leaves"
        } else if self.locked {
            "sign-in-locked"
        } else {
            "sign-in-says"
        };
        put(buffer, area, 8, &look.words.t(says), Style::new());
        if !look.demo.officers.is_empty() {
            put(
                buffer,
                area,
                10,
                &look.words.t("demo-officers"),
                look.theme.heading(),
            );
            for (i, officer) in look.demo.officers.iter().enumerate() {
                let line = u16::try_from(i).unwrap_or(0) + 11;
                put(
                    buffer,
                    area,
                    line,
                    &format!(
                        "{}  /  {}   {}",
                        officer.user,
                        officer.password,
                        officer.says(look.words)
                    ),
                    Style::new(),
                );
            }
        }
        cursor
    }
}

/// A first password is known to whoever gave it; before anything else it is changed.
#[derive(Debug, Clone)]
pub struct NewPassword {
    form: Form,
    old: String,
}

impl NewPassword {
    /// Asks for the old password only when it was not typed just now.
    pub fn new(old: &str) -> NewPassword {
        let secret =
            |id: &'static str, label: &'static str| Field::new(id, Say::key(label), Kind::Secret).required();
        let mut fields = vec![
            secret("new", "password-new").help(Say::key("password-rule")),
            secret("again", "password-again"),
        ];
        if old.is_empty() {
            fields.insert(0, secret("old", "password-old"));
        }
        NewPassword {
            form: Form::single(fields),
            old: old.to_owned(),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let text = |id: &str| self.form.find("", id).map(|f| f.text().to_owned());
        let (new, again) = (text("new").unwrap_or_default(), text("again").unwrap_or_default());
        if new.chars().count() < 12 {
            self.form.fault("", "new", Say::key("password-rule"));
            return cx.wrong(Say::key("password-rule"));
        }
        if new != again {
            self.form.fault("", "again", Say::key("password-differs"));
            return cx.wrong(Say::key("password-differs"));
        }
        cx.want(Effect::Submit(Ask::ChangePassword {
            old: text("old").unwrap_or_else(|| self.old.clone()),
            new,
        }));
    }
}

impl Desk for NewPassword {
    form_keys!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-password")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        vec![Act::Submit, Act::SignOut]
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Submit => self.submit(cx),
            _ => cx.want(Effect::Bell),
        }
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        if let Err(fault) = result {
            form_faults(&mut self.form, &fault, cx);
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 1, &look.words.t("password-why"), Style::new());
        put(
            buffer,
            area,
            2,
            &look.words.t("password-rule"),
            look.theme.quiet(),
        );
        view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + 4, area.width, 3),
            &look.form(),
            look.theme,
        )
    }
}
