//! The dossier: overview, household, facts with their sources, applications, history.

use super::{
    Desk,
    changes::identity_lines,
    find::Find,
    widgets::{
        Cursor, asked_for, day, fact_status, full_name, instant, last_day, list, money, overlaps, pair, per,
        put, source_key, state_key, tabs, value,
    },
};
use crate::{
    api::{About, Answer, Ask, CaseAsk, DossierKit, Fault, What, documents::DocumentAsk, people::PeopleAsk},
    app::{
        Cx, Effect, Look,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Picker},
    i18n::Say,
    screens::Screen,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    Per,
    applications::ApplicationState,
    awards::Award,
    dossiers::{Purpose, TimelineEvent},
    persons::{FactStatus, FactView},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

const TABS: [&str; 5] = [
    "tab-overview",
    "tab-household",
    "tab-facts",
    "tab-applications",
    "tab-timeline",
];

/// A change of another kind than those of [`What`]: the dossier goes to another centre.
const TRANSFER: &str = "change-transfer";

/// The colour that repeats a status's sign.
fn sign_style(status: FactStatus, look: &Look<'_>) -> Style {
    match status {
        FactStatus::Verified => look.theme.good(),
        FactStatus::NotVerified => look.theme.open(),
        FactStatus::Contradicted => look.theme.bad(),
    }
}

/// A dossier.
#[derive(Debug, Clone)]
pub struct DossierScreen {
    kit: DossierKit,
    /// Why it was opened, where that is not the usual: what is looked at from here has the same purpose.
    purpose: Option<Purpose>,
    tab: usize,
    cursor: Cursor,
}

/// The question for a dossier.
pub(super) fn dossier_for(
    person: karton_api::Id<karton_api::value::Person>,
    purpose: Option<Purpose>,
) -> Ask {
    match purpose {
        None => Ask::Dossier { person },
        Some(purpose) => Ask::DossierFor { person, purpose },
    }
}

impl DossierScreen {
    /// On its overview.
    pub fn new(kit: DossierKit, purpose: Option<Purpose>) -> DossierScreen {
        DossierScreen {
            kit,
            purpose,
            tab: 0,
            cursor: Cursor::default(),
        }
    }
    /// Its question again, for the same purpose.
    fn again(&self) -> Ask {
        dossier_for(self.person(), self.purpose)
    }
    fn len(&self) -> usize {
        match self.tab {
            1 => self.kit.dossier.household.as_ref().map_or(0, |h| h.members.len()),
            2 => self.kit.facts.len(),
            3 => self.kit.dossier.applications.len(),
            4 => self.kit.timeline.len(),
            _ => 0,
        }
    }
    /// Awards that a later decision may change.
    fn running(&self) -> Vec<&Award> {
        let awards = self.kit.dossier.awards.iter();
        awards
            .filter(|award| award.in_force && award.per != Per::Once)
            .collect()
    }
    fn amend(award: &Award, cx: &mut Cx<'_>) {
        let about = Box::new(About::Award(Box::new(award.clone())));
        cx.want(Effect::Open {
            ask: Ask::AmendForm { about },
            replace: false,
        });
    }
    fn show(&mut self, tab: usize) {
        self.tab = tab;
        self.cursor = Cursor::default();
    }
    fn person(&self) -> karton_api::Id<karton_api::value::Person> {
        self.kit.dossier.person.card.id
    }
    /// What can be changed here now: what concerns the household first where that is looked at.
    fn changes(&self, look: &Look<'_>) -> Vec<Choice> {
        let dossier = &self.kit.dossier;
        let together = dossier.household.as_ref().is_some_and(|h| h.members.len() > 1);
        let fits = |what: &What| match what {
            What::Split | What::Leave | What::Head => together,
            What::Undo | What::Join => dossier.household.is_some(),
            What::Death => dossier.person.card.death_date.is_none(),
            _ => true,
        };
        let mut all: Vec<What> = What::ALL.into_iter().filter(fits).collect();
        if self.tab == 1 {
            let of_household = |what: &What| {
                !matches!(
                    what,
                    What::Split | What::Leave | What::Head | What::Join | What::Move | What::Undo
                )
            };
            all.sort_by_key(of_household);
        }
        let mut all: Vec<Choice> = all
            .into_iter()
            .map(|what| Choice::new(what.words(), Say::key(what.words())))
            .collect();
        let leads = |s: &crate::api::SignedIn| {
            s.roles.iter().any(|role| {
                matches!(
                    role,
                    karton_api::session::Role::Caseworker | karton_api::session::Role::Approver
                )
            })
        };
        if look.session.is_some_and(leads) {
            all.push(Choice::new(TRANSFER, Say::key(TRANSFER)));
        }
        all
    }
    fn question(&self, fact: &FactView, look: &Look<'_>) -> String {
        self.kit
            .dictionary
            .get(&fact.fact)
            .map_or_else(|| visible(&fact.fact), |d| visible(look.words.pick(&d.question)))
    }
    fn says(&self, fact: &FactView, look: &Look<'_>) -> String {
        value(
            &fact.value,
            self.kit.dictionary.get(&fact.fact).map(|d| &d.kind),
            &self.kit.codes,
            look,
        )
    }
    fn code(&self, list: &str, code: &str, look: &Look<'_>) -> String {
        let found = self
            .kit
            .codes
            .get(list)
            .and_then(|l| l.codes.iter().find(|c| c.code == code));
        found.map_or_else(|| visible(code), |c| visible(look.words.pick(&c.name)))
    }
    fn open(&self, cx: &mut Cx<'_>) {
        match self.tab {
            1 => {
                let member = self
                    .kit
                    .dossier
                    .household
                    .as_ref()
                    .and_then(|h| h.members.get(self.cursor.0));
                if let Some(member) = member.filter(|m| m.card.id != self.person()) {
                    cx.want(Effect::Open {
                        ask: dossier_for(member.card.id, self.purpose),
                        replace: false,
                    });
                }
            }
            2 => {
                if let Some(fact) = self.kit.facts.get(self.cursor.0) {
                    cx.want(Effect::Overlay(Box::new(self.fact_lines(fact, &cx.look))));
                }
            }
            3 => {
                if let Some(a) = self.kit.dossier.applications.get(self.cursor.0) {
                    let ask = if a.state == ApplicationState::Draft {
                        Ask::Intake {
                            benefit: a.benefit.clone(),
                            person: a.applicant.id,
                            draft: Some(a.id),
                            local: false,
                        }
                    } else {
                        Ask::Application { id: a.id }
                    };
                    cx.want(Effect::Open { ask, replace: false });
                }
            }
            4 => {
                let case = self.kit.timeline.get(self.cursor.0).and_then(|e| e.case);
                if let Some(id) = case {
                    let ask = Ask::Cases(CaseAsk::See { id, write: false });
                    cx.want(Effect::Open { ask, replace: false });
                }
                if let Some(id) = self.kit.timeline.get(self.cursor.0).and_then(|e| e.application) {
                    cx.want(Effect::Open {
                        ask: Ask::Application { id },
                        replace: false,
                    });
                }
            }
            _ => cx.want(Effect::Bell),
        }
    }
    fn fact_lines(&self, fact: &FactView, look: &Look<'_>) -> Overlay {
        let (sign, status) = fact_status(fact.status);
        let mut lines = vec![
            Line::Text(0, Say::raw(self.says(fact, look))),
            Line::Gap,
            Line::Pair(
                Say::key("fact-status"),
                Say::raw(format!("{sign} {}", look.words.t(status))),
            ),
            Line::Pair(
                Say::key("fact-source"),
                Say::raw(format!(
                    "{} {}",
                    look.words.t(source_key(fact.source)),
                    fact.service.as_deref().unwrap_or("")
                )),
            ),
            Line::Pair(
                Say::key("fact-period"),
                Say::raw(format!("{} – {}", day(Some(fact.from)), day(fact.until))),
            ),
            Line::Pair(Say::key("fact-recorded"), Say::raw(instant(fact.recorded_at))),
        ];
        if let Some(by) = &fact.recorded_by {
            lines.push(Line::Pair(Say::key("col-officer"), Say::raw(by.name.clone())));
        }
        if let Some(note) = &fact.note {
            lines.push(Line::Pair(Say::key("note"), Say::raw(note.clone())));
        }
        let counts = if fact.counts {
            "fact-counts"
        } else {
            "fact-counts-not"
        };
        lines.push(Line::Text(0, Say::key(counts)));
        if fact.stale {
            lines.push(Line::Text(0, Say::key("fact-stale")));
        }
        Overlay::Text {
            title: Say::raw(self.question(fact, look)),
            lines,
            at: 0,
        }
    }
    fn event(&self, event: &TimelineEvent, look: &Look<'_>) -> String {
        let key = match event.what.as_str() {
            "registered" => "event-registered",
            "member-joined" => "event-member-joined",
            "lodged" => "event-lodged",
            "evidence-arrived" => "event-evidence-arrived",
            "assessed" => "event-assessed",
            "recommended" => "event-recommended",
            "decided" => "event-decided",
            "returned" => "event-returned",
            "letter-made" => "event-letter-made",
            "delivered" => "event-delivered",
            "fact-recorded" => "event-fact-recorded",
            "corrected" => "event-corrected",
            "member-left" => "event-member-left",
            "household-split" => "event-household-split",
            "households-joined" => "event-households-joined",
            "head-changed" => "event-head-changed",
            "household-change-undone" => "event-household-change-undone",
            "death-recorded" => "event-death-recorded",
            "moved" => "event-moved",
            "address-protected" => "event-address-protected",
            "protection-ended" => "event-protection-ended",
            "transfer-asked" => "event-transfer-asked",
            "transfer-accepted" => "event-transfer-accepted",
            "transfer-refused" => "event-transfer-refused",
            "pair-judged" => "event-pair-judged",
            "merge-proposed" => "event-merge-proposed",
            "merged" => "event-merged",
            "merge-declined" => "event-merge-declined",
            "merge-undone" => "event-merge-undone",
            "case-reported" => "event-case-reported",
            "case-opened" => "event-case-opened",
            "case-plan-approved" => "event-case-plan-approved",
            "case-contact" => "event-case-contact",
            "case-reviewed" => "event-case-reviewed",
            "case-referred" => "event-case-referred",
            "case-care-began" => "event-case-care-began",
            "case-care-ended" => "event-case-care-ended",
            "case-closed" => "event-case-closed",
            "case-reopened" => "event-case-reopened",
            _ => "event-other",
        };
        let mut words = if key == "event-other" {
            visible(&event.what)
        } else {
            look.words.t(key)
        };
        let values: Vec<&str> = event
            .values
            .values()
            .map(String::as_str)
            .filter(|v| v.len() < 40)
            .collect();
        if !values.is_empty() {
            words = format!("{words} · {}", visible(&values.join(", ")));
        }
        words
    }
    fn overview(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) {
        let card = &self.kit.dossier.person.card;
        let number = card
            .national_id
            .as_ref()
            .map_or_else(|| look.words.t("no-number"), |n| visible(&n.number));
        let rows = [
            ("col-id", number),
            ("birth-date", day(card.birth_date)),
            (
                "sex",
                card.sex
                    .as_deref()
                    .map(|s| self.code("sexes", s, look))
                    .unwrap_or_default(),
            ),
            ("col-dossier", visible(&card.dossier_number)),
            ("col-office", visible(look.words.pick(&card.office.name))),
            (
                "registered-at",
                format!(
                    "{}  {}",
                    instant(self.kit.dossier.person.registered_at),
                    visible(&self.kit.dossier.person.registered_by.name)
                ),
            ),
        ];
        let mut line = 0;
        if card.death_date.is_some() {
            put(
                buffer,
                area,
                line,
                &format!("† {}", day(card.death_date)),
                look.theme.bad(),
            );
            line += 1;
        }
        for (key, text) in &rows {
            pair(buffer, area, line, &look.words.t(key), text, 18, look);
            line += 1;
        }
        line += 1;
        put(buffer, area, line, &look.words.t("awards"), look.theme.heading());
        line += 1;
        if self.kit.dossier.awards.is_empty() {
            put(
                buffer,
                area,
                line,
                &look.words.t("awards-none"),
                look.theme.quiet(),
            );
            line += 1;
        }
        for award in self.kit.dossier.awards.iter().take(5) {
            let sign = match (award.in_force, award.suspended) {
                (true, true) => "‖",
                (true, false) => "✓",
                (false, _) => "·",
            };
            let text = format!(
                "{sign} {}  {} {}  {} – {}",
                visible(look.words.pick(&award.benefit_name)),
                money(award.amount, look),
                per(award.per, look),
                day(Some(award.starts)),
                day(last_day(award.ends))
            );
            let text = match &award.payee {
                Some(payee) => format!("{text}  → {}", visible(&payee.organisation.name)),
                None => text,
            };
            put(
                buffer,
                area,
                line,
                &text,
                if award.in_force {
                    Style::new()
                } else {
                    look.theme.quiet()
                },
            );
            line += 1;
        }
        if !self.kit.dossier.cases.is_empty() {
            line += 1;
            put(
                buffer,
                area,
                line,
                &look.words.t("title-cases"),
                look.theme.heading(),
            );
            line += 1;
            for case in self.kit.dossier.cases.iter().take(4) {
                let text = format!(
                    "· {}  {}  {}",
                    visible(look.words.pick(&case.procedure_name)),
                    visible(&case.number),
                    day(Some(case.reported_on))
                );
                put(buffer, area, line, &text, Style::new());
                line += 1;
            }
        }
        if !self.kit.dossier.overlaps.is_empty() {
            line += 1;
            overlaps(&self.kit.dossier.overlaps, 4, look, buffer, area, line);
        }
    }
}

impl Desk for DossierScreen {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-dossier"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        let card = &self.kit.dossier.person.card;
        Say::raw(format!(
            "{} · {}",
            full_name(&card.name),
            visible(&card.dossier_number)
        ))
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::Apply, Act::ReportCase, Act::Change];
        let proposes = look
            .session
            .is_some_and(|s| s.roles.contains(&karton_api::session::Role::Caseworker));
        if proposes && !self.running().is_empty() {
            acts.push(Act::Amend);
        }
        acts.push(Act::Join);
        if self.tab == 2 {
            acts.insert(0, Act::Record);
        }
        if self.len() > 0 {
            acts.push(Act::Open);
        }
        if !self.kit.dossier.cases.is_empty() {
            acts.push(Act::Cases);
        }
        acts.extend([
            Act::Household,
            Act::Facts,
            Act::Applications,
            Act::Timeline,
            Act::Documents,
            Act::Record,
            Act::Refresh,
            Act::Find,
            Act::Doubles,
        ]);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Apply => cx.want(Effect::Open {
                ask: Ask::Benefits {
                    person: self.person(),
                },
                replace: false,
            }),
            Act::ReportCase => cx.want(Effect::Open {
                ask: Ask::Cases(CaseAsk::Begin {
                    person: self.person(),
                }),
                replace: false,
            }),
            Act::Cases => {
                let cases = self.kit.dossier.cases.clone();
                cx.want(Effect::Push(Box::new(Screen::Cases(Box::new(
                    super::CasesScreen::of_person(cases),
                )))));
            }
            Act::Join => cx.want(Effect::Push(Box::new(Screen::Find(Find::new(Some(
                self.person(),
            )))))),
            Act::Change => {
                let list = self.changes(&cx.look);
                cx.want(Effect::Overlay(Box::new(Overlay::Pick(Picker::new(
                    Say::key("act-change"),
                    list,
                    "",
                )))));
            }
            Act::Amend => match self.running()[..] {
                [only] => DossierScreen::amend(only, cx),
                _ => {
                    let choice = |award: &&Award| Choice {
                        note: Say::raw(money(award.amount, &cx.look)),
                        ..Choice::new(award.id.to_string(), Say::table(&award.benefit_name))
                    };
                    let list = self.running().iter().map(choice).collect();
                    let picker = Picker::new(Say::key("act-amend"), list, "");
                    cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
                }
            },
            Act::Open => self.open(cx),
            Act::Record => {
                let fact = self.kit.facts.get(self.cursor.0).filter(|_| self.tab == 2);
                let ask = Ask::FactForm {
                    person: Box::new(self.kit.dossier.person.clone()),
                    fact: fact.map(|f| f.fact.clone()),
                };
                cx.want(Effect::Open { ask, replace: false });
            }
            Act::Documents => cx.want(Effect::Open {
                ask: Ask::Documents(DocumentAsk::List {
                    person: self.person(),
                    matter: None,
                }),
                replace: false,
            }),
            Act::Doubles => cx.want(Effect::Open {
                ask: Ask::People(PeopleAsk::Pairs {
                    state: karton_api::duplicates::PairState::Open,
                    person: Some(self.person()),
                }),
                replace: false,
            }),
            Act::Household => self.show(1),
            Act::Facts => self.show(2),
            Act::Applications => self.show(3),
            Act::Timeline => self.show(4),
            Act::Refresh => cx.want(Effect::Submit(self.again())),
            Act::Find => cx.want(Effect::Push(Box::new(Screen::Find(Find::new(None))))),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Tab | Key::Right => self.show((self.tab + 1) % TABS.len()),
            Key::BackTab | Key::Left => self.show((self.tab + TABS.len() - 1) % TABS.len()),
            Key::Char(c) if ('1'..='5').contains(&c) && !chord.ctrl => {
                self.show(c.to_digit(10).map_or(0, |n| n as usize) - 1)
            }
            _ => {
                return self.len() > 0
                    && self
                        .cursor
                        .key(chord, self.len(), usize::from(cx.look.size.1).saturating_sub(8));
            }
        }
        true
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let chosen = self
            .running()
            .into_iter()
            .find(|award| award.id.to_string() == code);
        if let Some(award) = chosen {
            return DossierScreen::amend(award, cx);
        }
        if code == TRANSFER {
            return cx.want(Effect::Open {
                ask: Ask::People(PeopleAsk::TransferForm {
                    person: self.person(),
                    to: None,
                }),
                replace: false,
            });
        }
        let Some(what) = What::ALL.into_iter().find(|what| what.words() == code) else {
            return;
        };
        let ask = Ask::ChangeForm {
            person: self.person(),
            what,
        };
        cx.want(match what {
            What::Identity => Effect::Submit(ask),
            _ => Effect::Open { ask, replace: false },
        });
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Change(kit)) => {
                let lines = identity_lines(&kit.identity, &cx.look);
                cx.want(Effect::Overlay(Box::new(lines)));
            }
            Ok(Answer::Dossier(kit)) => {
                self.kit = *kit;
                self.cursor.0 = self.cursor.0.min(self.len().saturating_sub(1));
            }
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(self.again()));
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let names: Vec<String> = TABS
            .iter()
            .enumerate()
            .map(|(i, key)| format!("{} {}", i + 1, look.words.t(key)))
            .collect();
        tabs(buffer, area, &names, self.tab, look);
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        let wide = area.width >= 100;
        match self.tab {
            1 => match &self.kit.dossier.household {
                Some(h) => {
                    let below = body.y + u16::try_from(h.members.len() + 1).unwrap_or(body.height);
                    for (line, other) in (below..body.bottom()).zip(&h.contradictions) {
                        let who = h.members.iter().find(|m| m.card.id == other.person);
                        let says = Say::key("household-contradiction")
                            .with("who", who.map(|m| full_name(&m.card.name)).unwrap_or_default())
                            .with("head", other.head.as_ref().map(full_name).unwrap_or_default())
                            .with("from", day(Some(other.from)));
                        put(
                            buffer,
                            Rect::new(body.x, line, body.width, 1),
                            0,
                            &look.words.say(&says),
                            look.theme.bad(),
                        );
                    }
                    list(buffer, body, h.members.len(), self.cursor, look, |i| {
                        let m = &h.members[i];
                        vec![
                            (full_name(&m.card.name), 30, Style::new()),
                            (
                                self.code("relationships", &m.relationship, look),
                                16,
                                Style::new(),
                            ),
                            (day(m.card.birth_date), 10, Style::new()),
                            (
                                m.card
                                    .national_id
                                    .as_ref()
                                    .map(|n| visible(&n.number))
                                    .unwrap_or_default(),
                                13,
                                look.theme.quiet(),
                            ),
                        ]
                    })
                }
                None => {
                    put(buffer, body, 0, &look.words.t("household-none"), Style::new());
                    None
                }
            },
            2 if self.kit.facts.is_empty() => {
                put(buffer, body, 0, &look.words.t("facts-none"), Style::new());
                None
            }
            2 => {
                let question = if wide { 44 } else { 32 };
                let says = usize::from(area.width).saturating_sub(question + if wide { 32 } else { 19 });
                list(buffer, body, self.kit.facts.len(), self.cursor, look, |i| {
                    let fact = &self.kit.facts[i];
                    let (sign, _) = fact_status(fact.status);
                    let style = if fact.counts {
                        Style::new()
                    } else {
                        look.theme.quiet()
                    };
                    let mark = if fact.counts { "" } else { "· " };
                    let mut row = vec![
                        (
                            sign.to_owned(),
                            1,
                            if fact.counts {
                                sign_style(fact.status, look)
                            } else {
                                style
                            },
                        ),
                        (format!("{mark}{}", self.question(fact, look)), question, style),
                        (self.says(fact, look), says, style),
                        (
                            format!(
                                "{}{}",
                                look.words.t(source_key(fact.source)),
                                if fact.stale { " ⋯" } else { "" }
                            ),
                            13,
                            look.theme.quiet(),
                        ),
                    ];
                    if wide {
                        row.push((day(Some(fact.from)), 10, look.theme.quiet()));
                    }
                    row
                })
            }
            3 if self.kit.dossier.applications.is_empty() => {
                put(buffer, body, 0, &look.words.t("applications-none"), Style::new());
                put(
                    buffer,
                    body,
                    1,
                    &look.words.t("applications-none-next"),
                    look.theme.quiet(),
                );
                None
            }
            3 => list(
                buffer,
                body,
                self.kit.dossier.applications.len(),
                self.cursor,
                look,
                |i| {
                    let a = &self.kit.dossier.applications[i];
                    let name = usize::from(area.width).saturating_sub(46);
                    vec![
                        (day(a.lodged_on), 10, Style::new()),
                        (asked_for(a, look), name, Style::new()),
                        (
                            visible(a.number.as_deref().unwrap_or("–")),
                            19,
                            look.theme.quiet(),
                        ),
                        (look.words.t(state_key(a.state)), 14, Style::new()),
                    ]
                },
            ),
            4 => list(buffer, body, self.kit.timeline.len(), self.cursor, look, |i| {
                let e = &self.kit.timeline[i];
                let who = e.officer.as_ref().map(|o| visible(&o.name)).unwrap_or_default();
                let words = usize::from(area.width).saturating_sub(38);
                vec![
                    (instant(e.at), 16, look.theme.quiet()),
                    (self.event(e, look), words, Style::new()),
                    (who, 20, look.theme.quiet()),
                ]
            }),
            _ => {
                self.overview(look, buffer, body);
                None
            }
        }
    }
}
