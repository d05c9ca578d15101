//! Organisations: finding them as one types, one of them with what it asked for and what it is paid, and the forms by which it is registered and
//! entered as a provider.

use super::{
    Desk, FORM_ACTS, FormKey, Screen, choices, done, form_checks, form_faults, form_help, form_key,
    form_paste, form_status,
    forms::form_desk,
    widgets::{Cursor, day, full_name, list, money, outcome_key, pair, per, put, state_key, tabs},
};
use crate::{
    api::{
        Answer, Ask, Fault,
        parties::{EntryKit, PartyAnswer, PartyAsk, PartyKit, ProvidersKit},
    },
    app::{
        Cx, Effect, Look, TimerId,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Field, Form, Kind, Picker, view},
    i18n::Say,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    FactValue, Id,
    applications::{ApplicationState, NewApplication},
    organisations::{
        ChooseProvider, KeepOrganisation, Organisation, OrganisationCard, PayeeRole, ProviderEntry,
    },
    persons::NationalId,
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// Typing rests this long before it is looked for.
const SETTLE_MS: u64 = 150;

/// The screen of an answer.
pub(super) fn open(answer: PartyAnswer, look: &Look<'_>) -> Option<Screen> {
    Some(match answer {
        PartyAnswer::Found(..) => Screen::Organisations(Box::default()),
        PartyAnswer::Seen(kit) => Screen::Organisation(Box::new(OrganisationScreen::new(*kit))),
        PartyAnswer::EntryForm(kit) => Screen::ProviderEntry(Box::new(EntryForm::new(*kit, look))),
        PartyAnswer::Providers(kit) => Screen::Providers(Box::new(Providers::new(*kit))),
        PartyAnswer::Kept(_) | PartyAnswer::Begun(_) | PartyAnswer::Chosen(_) => return None,
    })
}

fn line_of(card: &OrganisationCard) -> String {
    format!("{}  {}", visible(&card.name), visible(&card.number.number))
}

/// Finding organisations as one types.
#[derive(Debug, Clone, Default)]
pub struct Organisations {
    text: String,
    asked: String,
    found: Vec<OrganisationCard>,
    more: bool,
    cursor: Cursor,
}

impl Organisations {
    fn typed(&mut self, cx: &mut Cx<'_>) {
        self.cursor = Cursor::default();
        if self.text.trim().chars().count() < 2 {
            self.found.clear();
            cx.want(Effect::StopTimer(TimerId::Settle));
        } else {
            cx.want(Effect::Timer(TimerId::Settle, SETTLE_MS));
        }
    }
    fn ask(&mut self, and_wait: bool, cx: &mut Cx<'_>) {
        self.asked = self.text.trim().to_owned();
        cx.want(Effect::StopTimer(TimerId::Settle));
        let ask = Ask::Parties(PartyAsk::Search {
            text: self.asked.clone(),
        });
        cx.want(if and_wait {
            Effect::Submit(ask)
        } else {
            Effect::Ask(ask)
        });
    }
}

impl Desk for Organisations {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-organisations"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-organisations")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        vec![Act::Open, Act::NewOrganisation]
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open if self.asked != self.text.trim() => self.ask(true, cx),
            Act::Open => match self.found.get(self.cursor.0) {
                Some(card) => {
                    let ask = Ask::Parties(PartyAsk::See { id: card.id });
                    cx.want(Effect::Open { ask, replace: false });
                }
                None => cx.wrong(Say::key("organisations-none")),
            },
            Act::NewOrganisation => {
                let form = OrganisationForm::new(None, self.text.trim(), &cx.look);
                cx.want(Effect::Push(Box::new(Screen::KeepOrganisation(Box::new(form)))));
            }
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Char(c) if !chord.ctrl && self.text.chars().count() < 100 => {
                self.text.push(c);
                self.typed(cx);
            }
            Key::Backspace => {
                self.text.pop();
                self.typed(cx);
            }
            _ => {
                let page = usize::from(cx.look.size.1).saturating_sub(8);
                return self.cursor.key(chord, self.found.len(), page);
            }
        }
        true
    }
    fn typing(&self, _look: &Look<'_>) -> bool {
        true
    }
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        let room = 100usize.saturating_sub(self.text.chars().count());
        self.text
            .extend(text.chars().filter(|c| !c.is_control()).take(room));
        self.typed(cx);
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Settle {
            self.ask(false, cx);
        }
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (
                Ask::Parties(PartyAsk::Search { text }),
                Ok(Answer::Parties(PartyAnswer::Found(found, more))),
            )
                // An answer to a question nobody asks any more is dropped.
                if *text == self.text.trim() => {
                    (self.found, self.more) = (found, more);
                    self.cursor = Cursor::default();
                }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        match (self.found.len(), self.more) {
            (0, _) => Say::key("organisations-how"),
            (count, false) => Say::key("organisations-count").with("count", count),
            (count, true) => Say::key("organisations-more").with("count", count),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let label = look.words.t("organisations-text");
        let typed = visible(&self.text);
        put(buffer, area, 0, &format!("{label}: {typed}"), look.theme.strong());
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        let name = usize::from(area.width).saturating_sub(46).clamp(20, 60);
        list(buffer, body, self.found.len(), self.cursor, look, |i| {
            let card = &self.found[i];
            vec![
                (visible(&card.name), name, Style::new()),
                (visible(&card.number.number), 12, look.theme.quiet()),
                (visible(&card.address), 30, look.theme.quiet()),
            ]
        });
        let at = label.chars().count() + 2 + typed.chars().count();
        let x = area.x + u16::try_from(at).unwrap_or(0).min(area.width.saturating_sub(1));
        Some(Position::new(x, area.y))
    }
}

/// One organisation.
#[derive(Debug, Clone)]
pub struct OrganisationScreen {
    kit: PartyKit,
    tab: usize,
    cursor: Cursor,
    /// What is to be asked for, while the employee is looked for.
    benefit: Option<String>,
}

/// What it asked for, what it is paid, what it is registered for.
const TABS: usize = 3;

impl OrganisationScreen {
    /// With what it asked for.
    pub fn new(kit: PartyKit) -> OrganisationScreen {
        OrganisationScreen {
            kit,
            tab: 0,
            cursor: Cursor::default(),
            benefit: None,
        }
    }
    fn id(&self) -> Id<value::Organisation> {
        self.kit.organisation.card.id
    }
    fn len(&self) -> usize {
        match self.tab {
            0 => self.kit.applications.len(),
            1 => self.kit.awards.len(),
            _ => self.kit.organisation.services.len(),
        }
    }
    /// Somebody is looked for, on whose account it asks.
    fn ask_for(&mut self, benefit: &str, cx: &mut Cx<'_>) {
        self.benefit = Some(benefit.to_owned());
        let find = super::Find::to_apply(benefit.to_owned());
        cx.want(Effect::Push(Box::new(Screen::Find(find))));
        cx.want(Effect::Say(
            Say::key("organisation-find-employee"),
            crate::app::Tone::Note,
        ));
    }
    fn again(&self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::Parties(PartyAsk::See { id: self.id() })));
    }
    fn approves(look: &Look<'_>) -> bool {
        look.session
            .is_some_and(|s| s.roles.contains(&karton_api::session::Role::Approver))
    }
}

impl Desk for OrganisationScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-organisation")
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.tab < 2 && self.len() > 0 {
            acts.push(Act::Open);
        }
        if !self.kit.benefits.is_empty() {
            acts.push(Act::Apply);
        }
        acts.push(Act::Change);
        if OrganisationScreen::approves(look) {
            acts.push(Act::Record);
        }
        acts.extend([Act::Previous, Act::Next, Act::Refresh]);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => {
                let ask = match self.tab {
                    0 => self.kit.applications.get(self.cursor.0).map(|it| match it.state {
                        ApplicationState::Draft => Ask::Intake {
                            benefit: it.benefit.clone(),
                            person: it.applicant.id,
                            draft: Some(it.id),
                            local: false,
                        },
                        _ => Ask::Application { id: it.id },
                    }),
                    1 => self.kit.awards.get(self.cursor.0).map(|it| Ask::Dossier {
                        person: it.beneficiary.id,
                    }),
                    _ => None,
                };
                match ask {
                    Some(ask) => cx.want(Effect::Open { ask, replace: false }),
                    None => cx.want(Effect::Bell),
                }
            }
            Act::Apply => match self.kit.benefits.as_slice() {
                [] => cx.want(Effect::Bell),
                [only] => {
                    let code = only.code.clone();
                    self.ask_for(&code, cx);
                }
                several => {
                    let list = several
                        .iter()
                        .map(|it| Choice::new(it.code.clone(), Say::table(&it.name)));
                    let picker = Picker::new(Say::key("organisation-asks-for"), list.collect(), "");
                    cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
                }
            },
            Act::Change => {
                let form = OrganisationForm::new(Some(&self.kit.organisation), "", &cx.look);
                cx.want(Effect::Push(Box::new(Screen::KeepOrganisation(Box::new(form)))));
            }
            Act::Record => cx.want(Effect::Open {
                ask: Ask::Parties(PartyAsk::EntryForm { id: self.id() }),
                replace: false,
            }),
            Act::Next | Act::Previous => {
                let step = if act == Act::Next { 1 } else { TABS - 1 };
                self.tab = (self.tab + step) % TABS;
                self.cursor = Cursor::default();
            }
            Act::Refresh => self.again(cx),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Right => self.act(Act::Next, chord, cx),
            Key::Left => self.act(Act::Previous, chord, cx),
            _ => {
                let page = usize::from(cx.look.size.1).saturating_sub(14);
                let len = self.len();
                return self.cursor.key(chord, len, page);
            }
        }
        true
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        self.ask_for(code, cx);
    }
    fn told(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        if let (Answer::Chosen(card), Some(benefit)) = (answer, self.benefit.take()) {
            let body = NewApplication {
                benefit,
                applicant: card.id,
                organisation: Some(self.id()),
                answers: Vec::new(),
            };
            let once = cx.once();
            cx.want(Effect::Submit(Ask::Parties(PartyAsk::Begin { body, once })));
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        // In the background: whoever was chosen is being applied for already.
        cx.want(Effect::Ask(Ask::Parties(PartyAsk::See { id: self.id() })));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Parties(PartyAnswer::Seen(kit))) => {
                self.kit = *kit;
                self.cursor.0 = self.cursor.0.min(self.len().saturating_sub(1));
            }
            Ok(Answer::Parties(PartyAnswer::Begun(draft))) => cx.want(Effect::Open {
                ask: Ask::Intake {
                    benefit: draft.summary.benefit.clone(),
                    person: draft.summary.applicant.id,
                    draft: Some(draft.summary.id),
                    local: false,
                },
                replace: false,
            }),
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let it = &self.kit.organisation;
        put(buffer, area, 0, &line_of(&it.card), look.theme.strong());
        let kind = if it.sole_trader {
            "organisation-trader"
        } else {
            "organisation-body"
        };
        let none = || look.words.t("organisation-none");
        let rows = [
            ("organisation-kind", look.words.t(kind)),
            ("address", visible(&it.card.address)),
            (
                "organisation-account",
                it.account.as_deref().map_or_else(none, visible),
            ),
            (
                "organisation-phone",
                it.phone.as_deref().map_or_else(none, visible),
            ),
        ];
        for (line, (key, text)) in (1..).zip(&rows) {
            pair(buffer, area, line, &look.words.t(key), text, 18, look);
        }
        let names = ["organisation-asked", "organisation-paid", "organisation-services"];
        let names: Vec<String> = names.iter().map(|key| look.words.t(key)).collect();
        let head = Rect::new(area.x, area.y + 6, area.width, 1);
        tabs(buffer, head, &names, self.tab, look);
        let body = Rect::new(area.x, area.y + 7, area.width, area.height.saturating_sub(7));
        if self.len() == 0 {
            put(
                buffer,
                body,
                0,
                &look.words.t("organisation-nothing"),
                Style::new(),
            );
            return None;
        }
        let wide = usize::from(area.width);
        list(buffer, body, self.len(), self.cursor, look, |i| match self.tab {
            0 => {
                let it = &self.kit.applications[i];
                let state = match it.outcome {
                    Some(outcome) => look.words.t(outcome_key(outcome)),
                    None => look.words.t(state_key(it.state)),
                };
                vec![
                    (it.number.clone().unwrap_or_default(), 20, look.theme.quiet()),
                    (it.benefit.clone(), 6, Style::new()),
                    (
                        full_name(&it.applicant.name),
                        wide.saturating_sub(56).max(16),
                        Style::new(),
                    ),
                    (state, 14, Style::new()),
                    (day(it.lodged_on), 10, look.theme.quiet()),
                ]
            }
            1 => {
                let it = &self.kit.awards[i];
                let role = match it.payee.as_ref().map(|payee| payee.role) {
                    Some(PayeeRole::Provider) => "payee-provider",
                    _ => "payee-applicant",
                };
                let sum = if it.in_kind {
                    look.words.t("in-kind")
                } else {
                    format!("{} {}", money(it.amount, look), per(it.per, look))
                };
                vec![
                    (it.benefit.clone(), 6, Style::new()),
                    (
                        full_name(&it.beneficiary.name),
                        wide.saturating_sub(62).max(16),
                        Style::new(),
                    ),
                    (look.words.t(role), 12, look.theme.quiet()),
                    (sum, 22, Style::new()),
                    (day(Some(it.starts)), 10, look.theme.quiet()),
                ]
            }
            _ => {
                let it = &self.kit.organisation.services[i];
                vec![
                    (visible(&it.service), 24, Style::new()),
                    (
                        visible(&it.contract),
                        wide.saturating_sub(52).max(10),
                        look.theme.quiet(),
                    ),
                    (day(Some(it.from)), 10, Style::new()),
                    (day(it.until), 10, Style::new()),
                ]
            }
        })
    }
}

/// An organisation is registered, or what is written of it is put right.
#[derive(Debug, Clone)]
pub struct OrganisationForm {
    stands: Option<(Id<value::Organisation>, i64)>,
    form: Form,
}

impl OrganisationForm {
    /// With what stands, or with what was typed to find it.
    pub fn new(stands: Option<&Organisation>, typed: &str, look: &Look<'_>) -> OrganisationForm {
        let schemes: Vec<Choice> = look
            .session
            .and_then(|session| session.country.as_ref())
            .into_iter()
            .flat_map(|country| &country.organisation_schemes)
            .map(|scheme| Choice::new(scheme.code.clone(), Say::table(&scheme.name)))
            .collect();
        let first = schemes
            .first()
            .map(|scheme| scheme.code.clone())
            .unwrap_or_default();
        let text =
            |id: &'static str, words: &'static str, max| Field::new(id, Say::key(words), Kind::Text { max });
        let mut fields = vec![
            text("name", "organisation-name", 200).required(),
            Field::new(
                "scheme",
                Say::key("organisation-scheme"),
                Kind::Code(schemes.into()),
            )
            .required(),
            text("number", "organisation-number", 50).required(),
            text("address", "address", 200).required(),
            text("account", "organisation-account", 40).help(Say::key("organisation-account-help")),
            text("phone", "organisation-phone", 60),
            Field::new("sole_trader", Say::key("organisation-trader"), Kind::Bool).required(),
        ];
        let digits = typed.len() >= 3 && typed.bytes().all(|b| b.is_ascii_digit());
        for field in &mut fields {
            let put = match (field.id.as_str(), stands) {
                ("name", Some(it)) => Some(it.card.name.clone()),
                ("name", None) if !digits => Some(typed.to_owned()),
                ("number", Some(it)) => Some(it.card.number.number.clone()),
                ("number", None) if digits => Some(typed.to_owned()),
                ("address", Some(it)) => Some(it.card.address.clone()),
                ("account", Some(it)) => it.account.clone(),
                ("phone", Some(it)) => it.phone.clone(),
                _ => None,
            };
            match (field.id.as_str(), put) {
                ("scheme", _) => {
                    let scheme = stands.map_or(&first, |it| &it.card.number.scheme).clone();
                    field.set(&FactValue::Code(scheme), &look.form());
                }
                ("sole_trader", _) => {
                    let trader = stands.is_some_and(|it| it.sole_trader);
                    field.set(&FactValue::Bool(trader), &look.form());
                }
                (_, Some(text)) => field.put(&text),
                _ => {}
            }
        }
        OrganisationForm {
            stands: stands.map(|it| (it.card.id, it.revision)),
            form: Form::single(fields),
        }
    }
    fn text(&self, id: &str) -> String {
        let field = self.form.find("", id);
        field
            .map(|field| field.text().trim().to_owned())
            .unwrap_or_default()
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let ctx = cx.look.form();
        let value = |id: &str| {
            self.form
                .find("", id)
                .and_then(|field| field.value(&ctx).ok().flatten())
        };
        let scheme = match value("scheme") {
            Some(FactValue::Code(code)) => code,
            _ => String::new(),
        };
        let said = |id: &str| Some(self.text(id)).filter(|text| !text.is_empty());
        let body = KeepOrganisation {
            name: self.text("name"),
            number: NationalId {
                scheme,
                number: self.text("number"),
            },
            address: self.text("address"),
            account: said("account"),
            phone: said("phone"),
            sole_trader: value("sole_trader") == Some(FactValue::Bool(true)),
        };
        let once = cx.once();
        cx.want(Effect::Submit(Ask::Parties(PartyAsk::Keep {
            stands: self.stands,
            body,
            once,
        })));
    }
}

impl Desk for OrganisationForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(if self.stands.is_some() {
            "title-organisation-change"
        } else {
            "title-organisation-new"
        })
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Parties(PartyAnswer::Kept(it))) => {
                cx.want(Effect::Back);
                if self.stands.is_none() {
                    let ask = Ask::Parties(PartyAsk::See { id: it.card.id });
                    cx.want(Effect::Open { ask, replace: false });
                }
                done(cx, "organisation-kept");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &look.words.t("organisation-form-says"),
            look.theme.quiet(),
        );
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        view::draw(&self.form, buffer, body, &look.form(), look.theme)
    }
}

/// What a provider is registered for is entered.
#[derive(Debug, Clone)]
pub struct EntryForm {
    kit: EntryKit,
    form: Form,
}

impl EntryForm {
    /// From today on.
    pub fn new(kit: EntryKit, look: &Look<'_>) -> EntryForm {
        let services: Vec<Choice> = kit
            .registers
            .iter()
            .flat_map(|(_, codes)| choices(Some(codes), look))
            .collect();
        let mut from = Field::new("from", Say::key("entry-from"), Kind::Date { past: false }).required();
        from.set(&FactValue::Date(look.today), &look.form());
        let form = Form::single(vec![
            Field::new("service", Say::key("entry-service"), Kind::Code(services.into())).required(),
            Field::new("contract", Say::key("entry-contract"), Kind::Text { max: 100 }).required(),
            from,
            Field::new("until", Say::key("entry-until"), Kind::Date { past: false })
                .help(Say::key("entry-until-help")),
        ]);
        EntryForm { kit, form }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let ctx = cx.look.form();
        let value = |id: &str| {
            self.form
                .find("", id)
                .and_then(|field| field.value(&ctx).ok().flatten())
        };
        let (Some(FactValue::Code(service)), Some(FactValue::Date(from))) = (value("service"), value("from"))
        else {
            return;
        };
        let has = |(_, codes): &&(String, karton_api::catalogue::CodeList)| {
            codes.codes.iter().any(|code| code.code == service)
        };
        let Some((register, _)) = self.kit.registers.iter().find(has) else {
            return;
        };
        let body = ProviderEntry {
            register: register.clone(),
            contract: match value("contract") {
                Some(FactValue::Text(text)) => text,
                _ => String::new(),
            },
            until: match value("until") {
                Some(FactValue::Date(day)) => Some(day),
                _ => None,
            },
            service,
            from,
        };
        let (id, once) = (self.kit.organisation.card.id, cx.once());
        cx.want(Effect::Submit(Ask::Parties(PartyAsk::Enter { id, body, once })));
    }
}

impl Desk for EntryForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-provider-entry")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Parties(PartyAnswer::Kept(_))) => {
                cx.want(Effect::Back);
                done(cx, "entry-kept");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &line_of(&self.kit.organisation.card),
            look.theme.strong(),
        );
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        view::draw(&self.form, buffer, body, &look.form(), look.theme)
    }
}

/// Who is to be paid for an application, to choose from.
#[derive(Debug, Clone)]
pub struct Providers {
    kit: ProvidersKit,
    cursor: Cursor,
}

impl Providers {
    /// Those who are registered for it today.
    pub fn new(kit: ProvidersKit) -> Providers {
        Providers {
            kit,
            cursor: Cursor::default(),
        }
    }
}

impl Desk for Providers {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-providers")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        vec![Act::Open]
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match (act, self.kit.items.get(self.cursor.0)) {
            (Act::Open, Some((card, service))) => cx.want(Effect::Submit(Ask::Parties(PartyAsk::Choose {
                application: self.kit.application,
                revision: self.kit.revision,
                body: ChooseProvider {
                    organisation: card.id,
                    service: service.clone(),
                },
            }))),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let page = usize::from(cx.look.size.1).saturating_sub(8);
        self.cursor.key(chord, self.kit.items.len(), page)
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Parties(PartyAnswer::Chosen(it))) => {
                cx.want(Effect::Back);
                cx.want(Effect::Tell(Box::new(Answer::Application(it))));
                done(cx, "provider-chosen");
            }
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &look.words.t("providers-says"),
            look.theme.quiet(),
        );
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        if self.kit.items.is_empty() {
            put(buffer, body, 0, &look.words.t("providers-none"), Style::new());
            return None;
        }
        let name = usize::from(area.width).saturating_sub(46).clamp(20, 60);
        list(buffer, body, self.kit.items.len(), self.cursor, look, |i| {
            let (card, service) = &self.kit.items[i];
            let named = self.kit.services.codes.iter().find(|code| code.code == *service);
            let service = named.map_or(service.as_str(), |code| look.words.pick(&code.name));
            vec![
                (visible(&card.name), name, Style::new()),
                (visible(&card.number.number), 12, look.theme.quiet()),
                (visible(service), 30, Style::new()),
            ]
        })
    }
}
