//! The administrator's forms: an account with its roles, an office, and the dossiers an officer must not work on.

use super::super::{
    Desk, FORM_ACTS, FormKey, done, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    forms::{form_desk, form_keys, rest},
    said::said,
    widgets::{Cursor, list, put},
};
use super::office_name;
use crate::{
    api::{
        Answer, Ask, Fault,
        admin::{AdminAnswer, AdminAsk},
    },
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    form::{Choice, Field, Form, Kind, view},
    i18n::Say,
    screens::profile::role_words,
    term::Chord,
    text::visible,
};
use karton_api::{
    FactValue,
    administration::Relative,
    common::Texts,
    session::Role,
    users::{ChangeOffice, ChangeUser, FirstPassword, NewOffice, NewUser, Office, OfficeRoles, User},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

const ROLES: [(Role, &str); 5] = [
    (Role::Clerk, "clerk"),
    (Role::Caseworker, "caseworker"),
    (Role::Approver, "approver"),
    (Role::Admin, "admin"),
    (Role::Auditor, "auditor"),
];

/// An officer has roles in so many offices at most, on this form.
const OFFICES: usize = 3;

fn text(form: &Form, id: &str) -> String {
    form.find("", id)
        .map(|f| f.text().trim().to_owned())
        .unwrap_or_default()
}

/// The code that was chosen in a field; empty where there is none.
fn code(form: &Form, id: &str, look: &Look<'_>) -> String {
    match form.find("", id).map(|f| f.value(&look.form())) {
        Some(Ok(Some(FactValue::Code(code)))) => code,
        _ => String::new(),
    }
}

/// A new account, or one that is changed: who it is, and up to three offices with a role or two in each.
#[derive(Debug, Clone)]
pub struct AccountForm {
    user: Option<User>,
    form: Form,
    /// The first password, once there is one: shown until a key is pressed.
    first: Option<Box<FirstPassword>>,
}

impl AccountForm {
    /// For somebody new.
    pub fn open(offices: &[Office], look: &Look<'_>) -> AccountForm {
        AccountForm::new(None, offices, look)
    }
    /// For somebody who has an account.
    pub fn change(user: &User, offices: &[Office], look: &Look<'_>) -> AccountForm {
        AccountForm::new(Some(user), offices, look)
    }
    fn new(user: Option<&User>, offices: &[Office], look: &Look<'_>) -> AccountForm {
        let mut fields = Vec::new();
        if user.is_none() {
            fields.push(
                Field::new("user", Say::key("user"), Kind::Text { max: 64 })
                    .required()
                    .help(Say::key("admin-user-help")),
            );
        }
        let mut name = Field::new("name", Say::key("col-officer"), Kind::Text { max: 200 })
            .required()
            .help(Say::key("admin-name-help"));
        if let Some(user) = user {
            name.put(&user.name);
        }
        fields.push(name);
        let open = |office: &&Office| office.closed_on.is_none();
        let places: Vec<Choice> = offices
            .iter()
            .filter(open)
            .map(|office| Choice::new(office.code.clone(), Say::raw(office_name(office, look))))
            .collect();
        let roles: Vec<Choice> = ROLES
            .iter()
            .map(|(role, code)| Choice::new(*code, Say::key(role_words(*role))))
            .collect();
        for i in 0..OFFICES {
            let n = i + 1;
            let mut office = Field::new(
                format!("office{n}"),
                Say::key("admin-office-n").with("n", n),
                Kind::Code(places.clone().into()),
            );
            let field = |id: String, label: &'static str| {
                Field::new(id, Say::key(label).with("n", n), Kind::Code(roles.clone().into()))
            };
            let mut first = field(format!("role{n}"), "admin-role-n");
            let mut second = field(format!("more{n}"), "admin-role-too");
            if i == 0 {
                office = office.required();
                first = first.required();
            }
            if let Some(entry) = user.and_then(|user| user.roles.get(i)) {
                office.put(&entry.office);
                let code = |role: &Role| {
                    ROLES
                        .iter()
                        .find(|(known, _)| known == role)
                        .map_or("", |(_, c)| c)
                };
                if let Some(role) = entry.roles.first() {
                    first.put(code(role));
                }
                if let Some(role) = entry.roles.get(1) {
                    second.put(code(role));
                }
            }
            fields.extend([office, first, second]);
        }
        AccountForm {
            user: user.cloned(),
            form: Form::single(fields),
            first: None,
        }
    }
    /// Whether all roles of the account find room here: otherwise only the name is changed.
    fn fits(&self) -> bool {
        self.user.as_ref().is_none_or(|user| {
            user.roles.len() <= OFFICES && user.roles.iter().all(|entry| entry.roles.len() <= 2)
        })
    }
    fn roles(&self, look: &Look<'_>) -> Vec<OfficeRoles> {
        let role = |id: String| {
            let code = code(&self.form, &id, look);
            ROLES
                .iter()
                .find(|(_, known)| *known == code)
                .map(|(role, _)| *role)
        };
        let mut all: Vec<OfficeRoles> = Vec::new();
        for n in 1..=OFFICES {
            let office = code(&self.form, &format!("office{n}"), look);
            let mut roles: Vec<Role> = [role(format!("role{n}")), role(format!("more{n}"))]
                .into_iter()
                .flatten()
                .collect();
            roles.dedup();
            if office.is_empty() && roles.is_empty() {
                continue;
            }
            match all.iter_mut().find(|entry| entry.office == office) {
                Some(entry) => {
                    roles.retain(|role| !entry.roles.contains(role));
                    entry.roles.extend(roles);
                }
                None => all.push(OfficeRoles { office, roles }),
            }
        }
        all
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if self.first.is_some() {
            return cx.want(Effect::Back);
        }
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let (name, roles) = (text(&self.form, "name"), self.roles(&cx.look));
        let ask = match &self.user {
            None => AdminAsk::OpenAccount {
                body: NewUser {
                    user: text(&self.form, "user"),
                    name,
                    roles,
                },
                once: cx.once(),
            },
            Some(user) => AdminAsk::ChangeAccount {
                id: user.id,
                revision: user.revision,
                body: ChangeUser {
                    name: (name != user.name).then_some(name),
                    roles: self.fits().then_some(roles),
                    disabled: None,
                    leave_work: false,
                },
            },
        };
        cx.want(Effect::Submit(Ask::Admin(ask)));
    }
}

impl Desk for AccountForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(if self.user.is_some() {
            "title-account"
        } else {
            "title-new-account"
        })
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Admin(AdminAnswer::First(first))) => self.first = Some(first),
            Ok(_) => {
                cx.want(Effect::Back);
                done(cx, "admin-done");
            }
            Err(fault) => {
                // `/roles/1/roles` stands at the second office.
                let place = fault
                    .problem()
                    .and_then(|p| p.errors.first())
                    .and_then(|e| e.pointer.strip_prefix("/roles/"))
                    .and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
                match (place, fault.problem().and_then(|p| p.errors.first())) {
                    (Some(place), Some(error)) => {
                        let says = said(error, &cx.look);
                        self.form.fault("", &format!("office{}", place + 1), says.clone());
                        cx.wrong(says);
                    }
                    _ => form_faults(&mut self.form, &fault, cx),
                }
            }
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        if let Some(first) = &self.first {
            put(
                buffer,
                area,
                1,
                &look.words.t("admin-first-password"),
                look.theme.heading(),
            );
            let line = format!("{}   {}", visible(&first.user.user), first.password);
            put(buffer, area, 3, &line, look.theme.strong());
            put(buffer, area, 5, &look.words.t("admin-first-says"), Style::new());
            put(
                buffer,
                area,
                6,
                &look.words.t("admin-first-done"),
                look.theme.quiet(),
            );
            return None;
        }
        let says = if self.fits() {
            "admin-account-says"
        } else {
            "admin-account-many"
        };
        put(buffer, area, 0, &look.words.t(says), look.theme.quiet());
        view::draw(&self.form, buffer, rest(area, 2), &look.form(), look.theme)
    }
}

/// A new office, or one that is changed.
#[derive(Debug, Clone)]
pub struct OfficeForm {
    office: Option<Office>,
    languages: Vec<String>,
    form: Form,
}

impl OfficeForm {
    /// A new one, below one that is open.
    pub fn open(offices: &[Office], look: &Look<'_>) -> OfficeForm {
        let mut fields = vec![
            Field::new("code", Say::key("admin-code"), Kind::Text { max: 20 })
                .required()
                .help(Say::key("admin-code-help")),
        ];
        let kinds = ["centre", "unit"].map(|kind| {
            Choice::new(
                kind,
                Say::key(if kind == "unit" {
                    "admin-unit"
                } else {
                    "admin-centre"
                }),
            )
        });
        fields.push(Field::new("kind", Say::key("admin-kind"), Kind::Code(kinds.to_vec().into())).required());
        let above: Vec<Choice> = offices
            .iter()
            .filter(|office| office.closed_on.is_none())
            .map(|office| Choice::new(office.code.clone(), Say::raw(office_name(office, look))))
            .collect();
        fields.push(Field::new("parent", Say::key("admin-parent"), Kind::Code(above.into())).required());
        OfficeForm::with(None, fields, look)
    }
    /// One there is.
    pub fn change(office: &Office, look: &Look<'_>) -> OfficeForm {
        OfficeForm::with(Some(office), Vec::new(), look)
    }
    fn with(office: Option<&Office>, mut fields: Vec<Field>, look: &Look<'_>) -> OfficeForm {
        let country = look.session.and_then(|s| s.country.as_ref());
        let languages = country.map(|c| c.languages.clone()).unwrap_or_default();
        for language in &languages {
            let label = Say::key("admin-name-in").with("language", language.as_str());
            let mut field = Field::new(language.clone(), label, Kind::Text { max: 200 }).required();
            if let Some(text) = office.and_then(|office| office.name.get(language)) {
                field.put(text);
            }
            fields.push(field);
        }
        let mut more = |id: &'static str, label: &'static str, text: Option<&String>| {
            let mut field = Field::new(id, Say::key(label), Kind::Text { max: 200 });
            if let Some(text) = text {
                field.put(text);
            }
            fields.push(field);
        };
        more(
            "address",
            "address",
            office.and_then(|office| office.address.as_ref()),
        );
        more(
            "phone",
            "admin-phone",
            office.and_then(|office| office.phone.as_ref()),
        );
        OfficeForm {
            office: office.cloned(),
            languages,
            form: Form::single(fields),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let of = |id: &str| text(&self.form, id);
        let name: Texts = self
            .languages
            .iter()
            .map(|language| (language.clone(), of(language)))
            .collect();
        let ask = match &self.office {
            None => AdminAsk::OpenOffice {
                body: NewOffice {
                    code: of("code"),
                    name,
                    kind: code(&self.form, "kind", &cx.look),
                    parent: code(&self.form, "parent", &cx.look),
                    municipality: None,
                    address: Some(of("address")),
                    phone: Some(of("phone")),
                },
                once: cx.once(),
            },
            Some(office) => AdminAsk::ChangeOffice {
                code: office.code.clone(),
                revision: office.revision,
                body: ChangeOffice {
                    name: Some(name),
                    address: Some(of("address")),
                    phone: Some(of("phone")),
                    closed: None,
                },
            },
        };
        cx.want(Effect::Submit(Ask::Admin(ask)));
    }
}

impl Desk for OfficeForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(if self.office.is_some() {
            "title-office"
        } else {
            "title-new-office"
        })
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Back);
                done(cx, "admin-done");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        if let Some(office) = &self.office {
            put(buffer, area, 0, &visible(&office.code), look.theme.strong());
        }
        view::draw(&self.form, buffer, rest(area, 2), &look.form(), look.theme)
    }
}

/// The dossiers an officer must not work on, by number, and a line to declare another.
#[derive(Debug, Clone)]
pub struct RelativesScreen {
    user: User,
    relatives: Vec<Relative>,
    cursor: Cursor,
    form: Form,
}

impl RelativesScreen {
    /// As declared.
    pub fn new(user: User, relatives: Vec<Relative>) -> RelativesScreen {
        RelativesScreen {
            user,
            relatives,
            cursor: Cursor::default(),
            form: RelativesScreen::form(),
        }
    }
    fn form() -> Form {
        let dossier = Field::new("dossier", Say::key("admin-dossier"), Kind::Text { max: 100 })
            .required()
            .help(Say::key("admin-dossier-help"));
        Form::single(vec![
            dossier,
            Field::new("own", Say::key("admin-own"), Kind::Bool),
        ])
    }
    fn send(&mut self, dossier: String, own: bool, withdraw: bool, cx: &mut Cx<'_>) {
        let (id, once) = (self.user.id, cx.once());
        cx.want(Effect::Submit(Ask::Admin(AdminAsk::Relative {
            id,
            body: Relative { dossier, own },
            withdraw,
            once,
        })));
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if form_checks(&mut self.form, cx) {
            let own = self
                .form
                .find("", "own")
                .and_then(|f| f.value(&cx.look.form()).ok());
            let own = own.flatten() == Some(FactValue::Bool(true));
            let dossier = text(&self.form, "dossier");
            self.send(dossier, own, false, cx);
        }
    }
}

impl Desk for RelativesScreen {
    form_keys!(said);
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-relatives")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::Submit];
        if !self.relatives.is_empty() {
            acts.push(Act::AdminTakeBack);
        }
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Submit => self.submit(cx),
            Act::AdminTakeBack => {
                if let Some(relative) = self.relatives.get(self.cursor.0) {
                    self.send(relative.dossier.clone(), relative.own, true, cx);
                }
            }
            _ => {
                form_key(&mut self.form, chord, cx);
            }
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        use crate::term::Key;
        if matches!(chord.key, Key::PageDown | Key::PageUp) {
            let to = if chord.key == Key::PageDown {
                Key::Down
            } else {
                Key::Up
            };
            return self.cursor.key(Chord::of(to), self.relatives.len(), 1);
        }
        match form_key(&mut self.form, chord, cx) {
            FormKey::Finished => self.submit(cx),
            FormKey::Ignored => return false,
            _ => {}
        }
        true
    }
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        form_paste(&mut self.form, text, cx);
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Admin(AdminAnswer::Relatives(relatives))) => {
                self.relatives = relatives;
                self.cursor = Cursor::default();
                self.form = RelativesScreen::form();
                done(cx, "admin-done");
            }
            Ok(_) => {}
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &visible(&self.user.name), look.theme.strong());
        put(
            buffer,
            area,
            1,
            &look.words.t("admin-relatives-says"),
            look.theme.quiet(),
        );
        let body = Rect::new(area.x, area.y + 7, area.width, area.height.saturating_sub(7));
        list(buffer, body, self.relatives.len(), self.cursor, look, |i| {
            let relative = &self.relatives[i];
            let kind = if relative.own {
                "admin-own"
            } else {
                "admin-relative"
            };
            vec![
                (visible(&relative.dossier), 24, Style::new()),
                (look.words.t(kind), 30, look.theme.quiet()),
            ]
        });
        view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + 3, area.width, 3),
            &look.form(),
            look.theme,
        )
    }
}
