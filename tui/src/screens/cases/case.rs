//! A case: overview, plan, what was written down, what is due, the people around it, and the forms that were filled in.

pub(super) mod draw;

use super::{
    form::{CaseForm, What},
    named, sheets,
};
use crate::{
    api::{Answer, Ask, CaseAnswer, CaseAsk, CaseKit, CourseAsk, Fault},
    app::{
        Cx, Effect, Look,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Picker, date},
    i18n::Say,
    screens::{
        Desk, Screen,
        widgets::{Cursor, full_name, instant, put, tabs},
    },
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    cases::{ActivityState, DueSource, NamedOfficer, Note, NoteKind, Participant, Plan, Sheet},
    dossiers::Purpose,
    matters::{Step, StepState},
    persons::Carer,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

const TABS: [&str; 6] = [
    "tab-overview",
    "tab-plan",
    "tab-notes",
    "tab-monitoring",
    "tab-people",
    "tab-forms",
];

/// What can be chosen behind `+`, in its order, each with the word of the server that allows it.
const DEEDS: [(&str, &str, What); 11] = [
    ("contact", "deed-contact", What::Contact),
    ("contact", "deed-visit", What::Visit),
    ("note", "deed-note", What::Note),
    ("watch", "deed-watch", What::Watch),
    ("plan", "deed-plan", What::Plan),
    ("review", "deed-review", What::Review),
    ("refer", "deed-refer", What::Refer),
    ("participant", "deed-participant", What::Person),
    ("care", "deed-care", What::Care),
    ("name", "deed-name", What::Name),
    ("lead", "deed-lead", What::Lead),
];

/// A line of the people: who stands in the case, who cares for whom, which officers are named on it.
enum Who<'a> {
    Stands(&'a Participant),
    Cares(&'a Carer),
    Named(&'a NamedOfficer),
}

/// A case.
#[derive(Debug, Clone)]
pub struct CaseScreen {
    kit: CaseKit,
    tab: usize,
    cursor: Cursor,
    /// A new contact is begun as soon as the screen is there.
    write: bool,
}

impl CaseScreen {
    /// On its overview; with `write` a new contact is begun at once.
    pub fn new(kit: CaseKit, write: bool) -> CaseScreen {
        CaseScreen {
            kit,
            tab: 0,
            cursor: Cursor::default(),
            write,
        }
    }
    fn may(&self, act: &str) -> bool {
        self.kit.case.may.iter().any(|may| may == act)
    }
    fn ask(&self) -> Ask {
        Ask::Cases(CaseAsk::See {
            id: self.kit.case.summary.id,
            write: false,
        })
    }
    fn plan(&self) -> Option<&Plan> {
        self.kit.case.proposed.as_ref().or(self.kit.case.plan.as_ref())
    }
    fn len(&self) -> usize {
        match self.tab {
            1 => self.plan().map_or(0, |plan| plan.activities.len()),
            2 => self.kit.notes.len(),
            3 => self.kit.dues.len(),
            4 => self.people().len(),
            5 => self.kit.case.sheets.len(),
            _ => 0,
        }
    }
    fn people(&self) -> Vec<Who<'_>> {
        let case = &self.kit.case;
        let standing = case.people.iter().map(Who::Stands);
        let caring = case.care.iter().map(Who::Cares);
        let named = case.named.iter().map(Who::Named);
        standing.chain(caring).chain(named).collect()
    }
    /// What ends the line of the people with the cursor, where this officer may end it.
    fn ending(&self) -> Option<What> {
        if self.tab != 4 {
            return None;
        }
        match self.people().get(self.cursor.0)? {
            Who::Stands(it) if it.until.is_none() && it.role != "subject" && self.may("note") => {
                Some(What::EndPerson(it.id))
            }
            Who::Cares(it) if it.until.is_none() && self.may("care") => Some(What::EndCare(it.id)),
            Who::Named(it) if it.runs && it.capacity != "lead" && self.may("name") => {
                Some(What::EndName(it.id))
            }
            _ => None,
        }
    }
    fn sheet(&self) -> Option<&Sheet> {
        self.kit.case.sheets.get(self.cursor.0).filter(|_| self.tab == 5)
    }
    fn appraisable(&self) -> Option<&Step> {
        let open = |step: &&Step| matches!(step.state, StepState::Open | StepState::Started);
        self.kit
            .case
            .steps
            .iter()
            .filter(open)
            .find(|step| step.act.as_deref() == Some("appraise"))
    }
    fn push(&self, what: What, cx: &mut Cx<'_>) {
        match CaseForm::new(what, &self.kit, &cx.look) {
            Some(form) => cx.want(Effect::Push(Box::new(Screen::CaseForm(Box::new(form))))),
            None => cx.want(Effect::Bell),
        }
    }
    /// The main thing to decide now.
    fn decide(&self, cx: &mut Cx<'_>) {
        if self.may("open") {
            return self.push(What::Open, cx);
        }
        if self.may("close") {
            return self.push(What::Close, cx);
        }
        if self.may("reopen") {
            return self.push(What::Reopen, cx);
        }
        if let (true, Some(plan)) = (self.may("approve"), &self.kit.case.proposed) {
            return self.push(What::Approve(plan.id), cx);
        }
        cx.want(Effect::Bell);
    }
    fn open_line(&self, cx: &mut Cx<'_>) {
        match self.tab {
            1 => {
                let activity = self.plan().and_then(|plan| plan.activities.get(self.cursor.0));
                match activity {
                    Some(it)
                        if it.state == ActivityState::Open
                            && self.may("activity")
                            && self.kit.case.proposed.is_none() =>
                    {
                        self.push(What::Realise(it.id), cx);
                    }
                    _ => cx.want(Effect::Bell),
                }
            }
            2 => match self.kit.notes.get(self.cursor.0) {
                Some(note) => cx.want(Effect::Submit(Ask::Cases(CaseAsk::Versions {
                    id: self.kit.case.summary.id,
                    note: note.id,
                }))),
                None => cx.want(Effect::Bell),
            },
            3 => match self.kit.dues.get(self.cursor.0) {
                Some(due) if due.source == DueSource::Watch && self.may("watch") => {
                    self.push(What::Settle(due.id), cx)
                }
                Some(due) if due.source == DueSource::Activity && self.may("activity") => {
                    self.push(What::Realise(due.id.cast()), cx);
                }
                _ => cx.want(Effect::Bell),
            },
            4 => {
                let card = match self.people().get(self.cursor.0) {
                    Some(Who::Stands(it)) => it.person.as_ref(),
                    Some(Who::Cares(it)) => Some(&it.card),
                    _ => None,
                };
                match card {
                    Some(card) if card.in_scope => cx.want(Effect::Open {
                        ask: Ask::DossierFor {
                            person: card.id,
                            purpose: Purpose::Case,
                        },
                        replace: false,
                    }),
                    _ => cx.want(Effect::Bell),
                }
            }
            5 if self.sheet().is_some() => cx.want(Effect::Submit(Ask::Cases(CaseAsk::Sheets {
                id: self.kit.case.summary.id,
            }))),
            _ => cx.want(Effect::Bell),
        }
    }
    fn note_lines(&self, versions: &[Note], look: &Look<'_>) -> Overlay {
        let mut lines = Vec::new();
        for note in versions {
            lines.push(Line::Head(
                Say::key("note-version")
                    .with("n", note.version)
                    .with("at", instant(note.recorded_at)),
            ));
            lines.push(Line::Pair(
                Say::key("col-officer"),
                Say::raw(note.recorded_by.name.clone()),
            ));
            lines.push(Line::Pair(
                Say::key("col-due"),
                Say::raw(format!(
                    "{} {}",
                    date::show(note.on),
                    note.time.as_deref().unwrap_or("")
                )),
            ));
            if let Some(who) = &note.who {
                lines.push(Line::Pair(Say::key("field-who"), Say::raw(who.clone())));
            }
            lines.push(Line::Text(0, Say::raw(note.text.clone())));
            if let Some(next) = &note.next_step {
                lines.push(Line::Pair(Say::key("field-next"), Say::raw(next.clone())));
            }
            lines.push(Line::Gap);
        }
        let title = versions.first().map(|note| Say::raw(self.note_kind(note, look)));
        Overlay::Text {
            title: title.unwrap_or_default(),
            lines,
            at: 0,
        }
    }
    fn note_kind(&self, note: &Note, look: &Look<'_>) -> String {
        let code = note.code.as_deref().unwrap_or("");
        match note.kind {
            NoteKind::Contact => named(&self.kit.codes, "contact_kinds", code, look),
            NoteKind::Note => look.words.t("deed-note"),
            NoteKind::Activity => format!(
                "{}: {}",
                look.words.t("due-activity"),
                look.words.t(activity_key_of(code))
            ),
            NoteKind::Review => format!(
                "{}: {}",
                look.words.t("deed-review"),
                look.words.t(outcome_key(code))
            ),
            NoteKind::Referral => named(&self.kit.codes, "referral_bodies", code, look),
        }
    }
}

fn activity_key_of(code: &str) -> &'static str {
    match code {
        "done" => "activity-done",
        "partly" => "activity-partly",
        "not-done" => "activity-not-done",
        _ => "activity-open",
    }
}
fn outcome_key(code: &str) -> &'static str {
    match code {
        "change" => "review-change",
        "close" => "review-close",
        _ => "review-continue",
    }
}
impl Desk for CaseScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-case").with("number", &self.kit.case.summary.number)
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.appraisable().is_some() && self.may("appraise") {
            acts.push(Act::Assess);
        }
        if ["open", "approve", "close", "reopen"]
            .iter()
            .any(|act| self.may(act))
        {
            acts.push(Act::Decide);
        }
        if self.may("return") {
            acts.push(Act::Return);
        }
        if DEEDS.iter().any(|(act, ..)| self.may(act)) {
            acts.push(Act::WriteDown);
        }
        if self.len() > 0 {
            acts.push(Act::Open);
        }
        if self.tab == 2 && self.may("contact") && !self.kit.notes.is_empty() {
            acts.push(Act::CorrectNote);
        }
        if self.ending().is_some() {
            acts.push(Act::EndStanding);
        }
        if self.tab == 1 && self.plan().is_some() {
            acts.push(Act::Timeline);
        }
        if self.kit.case.visit_form.is_some() && self.may("contact") {
            acts.push(Act::SavePdf);
        }
        acts.extend([Act::Course, Act::Dossier, Act::Refresh]);
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Assess => match self.appraisable().map(|step| step.key.clone()) {
                Some(step) => self.push(What::Appraise(step), cx),
                None => cx.want(Effect::Bell),
            },
            Act::Decide => self.decide(cx),
            Act::Return => self.push(What::Return, cx),
            Act::WriteDown => {
                let choices = DEEDS.iter().filter(|(act, ..)| self.may(act));
                let choices = choices
                    .map(|(_, words, _)| Choice::new(*words, Say::key(words)))
                    .collect();
                let picker = Picker::new(Say::key("deed-title"), choices, "");
                cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
            }
            Act::Open => self.open_line(cx),
            Act::CorrectNote => match self.kit.notes.get(self.cursor.0).map(|note| note.id) {
                Some(note) => self.push(What::Correct(note), cx),
                None => cx.want(Effect::Bell),
            },
            Act::EndStanding => match self.ending() {
                Some(what) => self.push(what, cx),
                None => cx.want(Effect::Bell),
            },
            Act::Timeline => cx.want(Effect::Submit(Ask::Cases(CaseAsk::Plans {
                id: self.kit.case.summary.id,
            }))),
            Act::SavePdf => cx.want(Effect::Submit(Ask::Cases(CaseAsk::VisitSheet {
                id: self.kit.case.summary.id,
                number: self.kit.case.summary.number.clone(),
            }))),
            Act::Dossier => cx.want(Effect::Open {
                ask: Ask::DossierFor {
                    person: self.kit.case.summary.person.id,
                    purpose: Purpose::Case,
                },
                replace: false,
            }),
            Act::Course => cx.want(Effect::Open {
                ask: Ask::Course(CourseAsk::See {
                    matter: self.kit.case.summary.id.cast(),
                    number: self.kit.case.summary.number.clone(),
                }),
                replace: false,
            }),
            Act::Refresh => cx.want(Effect::Submit(self.ask())),
            _ => {
                self.key(chord, cx);
            }
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Tab | Key::Right => self.tab = (self.tab + 1) % TABS.len(),
            Key::BackTab | Key::Left => self.tab = (self.tab + TABS.len() - 1) % TABS.len(),
            // The number of a tab goes to it.
            Key::Char(c @ '1'..='6') if !chord.ctrl => {
                self.tab = usize::try_from(c as u32 - '1' as u32).unwrap_or(0)
            }
            _ => {
                return self
                    .cursor
                    .key(chord, self.len(), usize::from(cx.look.size.1).saturating_sub(8));
            }
        }
        self.cursor = Cursor::default();
        true
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        if let Some((_, _, what)) = DEEDS.iter().find(|(_, words, _)| *words == code) {
            self.push(what.clone(), cx);
        }
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.write) && self.may("contact") {
            self.push(What::Contact, cx);
        } else if self.may("approve") && self.kit.case.proposed.is_some() {
            // Who is to approve the plan reads it first.
            self.tab = 1;
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(self.ask()));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::Cases(CaseAnswer::Case(kit)))) => self.kit = *kit,
            (_, Ok(Answer::Cases(CaseAnswer::Versions(versions)))) => {
                let overlay = self.note_lines(&versions, &cx.look);
                cx.want(Effect::Overlay(Box::new(overlay)));
            }
            (_, Ok(Answer::Cases(CaseAnswer::Sheets(all)))) => {
                let here = self.sheet().map(|it| (it.form.clone(), it.step.clone(), it.id));
                if let Some(here) = here {
                    let overlay = sheets::of_form(&self.kit, &all, &here, &cx.look);
                    cx.want(Effect::Overlay(Box::new(overlay)));
                }
            }
            (_, Ok(Answer::Cases(CaseAnswer::Plans(plans)))) => {
                let overlay = sheets::of_plans(&self.kit, &plans, &cx.look);
                cx.want(Effect::Overlay(Box::new(overlay)));
            }
            (Ask::Cases(CaseAsk::VisitSheet { number, .. }), Ok(Answer::Bytes(bytes))) => {
                let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
                let name: String = number.chars().map(safe).collect();
                cx.want(Effect::Write(
                    format!("{}-{name}.pdf", cx.look.words.t("visit-file")),
                    bytes,
                ));
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
        self.cursor.0 = self.cursor.0.min(self.len().saturating_sub(1));
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let case = &self.kit.case;
        let lock = if case.summary.restricted { "¤ " } else { "" };
        let head = format!(
            "{lock}{}  ·  {}  ·  {}",
            full_name(&case.summary.person.name),
            visible(look.words.pick(&case.summary.procedure_name)),
            look.words.t(draw::state_key(case.summary.state))
        );
        put(buffer, area, 0, &head, look.theme.strong());
        let names: Vec<String> = TABS
            .iter()
            .enumerate()
            .map(|(i, key)| format!("{} {}", i + 1, look.words.t(key)))
            .collect();
        let line = Rect::new(area.x, area.y + 1, area.width, 1).intersection(area);
        if !line.is_empty() {
            tabs(buffer, line, &names, self.tab, look);
        }
        let body = Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(3));
        match self.tab {
            1 => self.plan_view(look, buffer, body),
            2 => self.notes_view(look, buffer, body),
            3 => self.dues_view(look, buffer, body),
            4 => self.people_view(look, buffer, body),
            5 => self.forms_view(look, buffer, body),
            _ => {
                self.overview(look, buffer, body);
                None
            }
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        match self.tab {
            2 if !self.kit.notes.is_empty() && self.may("contact") => Say::key("note-correct-says"),
            1 if look.size.1 > 10
                && self.len() > 0
                && self.may("activity")
                && self.kit.case.proposed.is_none() =>
            {
                Say::key("activity-says")
            }
            _ => Say::Nothing,
        }
    }
}
