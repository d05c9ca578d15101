//! A case: overview, plan, what was written down, what is due, and the people around it.

use super::{
    due_key, due_words, family,
    form::{CaseForm, What},
    named,
};
use crate::{
    api::{Answer, Ask, CaseAnswer, CaseAsk, CaseKit, Deed, Fault},
    app::{
        Cx, Effect, Look, confirm,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Picker, date},
    i18n::Say,
    screens::{
        Desk, Screen, done,
        widgets::{Cursor, day, full_name, instant, list, pair, put, tabs},
    },
    term::{Chord, Key},
    text::{visible, wrap},
};
use karton_api::{
    cases::{ActivityState, ApprovePlan, CaseState, DueSource, Note, NoteKind, Plan, PlanState},
    matters::{Step, StepState},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

const TABS: [&str; 5] = [
    "tab-overview",
    "tab-plan",
    "tab-notes",
    "tab-monitoring",
    "tab-people",
];

/// What can be chosen behind `+`, in its order, each with the word of the server that allows it.
const DEEDS: [(&str, &str, What); 10] = [
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
];

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
            4 => self.kit.case.people.len(),
            _ => 0,
        }
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
            let lines = vec![
                Say::key("plan-version").with("n", plan.version),
                Say::raw(plan.aim.clone()),
                Say::key("plan-approve-says"),
            ];
            return cx.want(confirm(Say::key("plan-approve-ask"), lines, Act::Decide));
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
            4 => match self
                .kit
                .case
                .people
                .get(self.cursor.0)
                .and_then(|it| it.person.as_ref())
            {
                Some(card) if card.in_scope => cx.want(Effect::Open {
                    ask: Ask::Dossier { person: card.id },
                    replace: false,
                }),
                _ => cx.want(Effect::Bell),
            },
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
fn activity_key(state: ActivityState) -> (&'static str, &'static str) {
    match state {
        ActivityState::Open => ("○", "activity-open"),
        ActivityState::Done => ("✓", "activity-done"),
        ActivityState::Partly => ("◐", "activity-partly"),
        ActivityState::NotDone => ("✗", "activity-not-done"),
        ActivityState::Dropped => ("·", "activity-dropped"),
    }
}
fn outcome_key(code: &str) -> &'static str {
    match code {
        "change" => "review-change",
        "close" => "review-close",
        _ => "review-continue",
    }
}
fn plan_key(state: PlanState) -> &'static str {
    match state {
        PlanState::Proposed => "plan-proposed",
        PlanState::Returned => "plan-returned",
        PlanState::Approved => "plan-approved",
        PlanState::Superseded => "plan-superseded",
    }
}
fn state_key(state: CaseState) -> &'static str {
    match state {
        CaseState::Reported => "case-reported",
        CaseState::Open => "case-open",
        CaseState::Closed => "case-closed",
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
        if self.kit.case.visit_form.is_some() && self.may("contact") {
            acts.push(Act::SavePdf);
        }
        acts.extend([Act::Dossier, Act::Refresh]);
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
            Act::SavePdf => cx.want(Effect::Submit(Ask::Cases(CaseAsk::VisitSheet {
                id: self.kit.case.summary.id,
                number: self.kit.case.summary.number.clone(),
            }))),
            Act::Dossier => cx.want(Effect::Open {
                ask: Ask::Dossier {
                    person: self.kit.case.summary.person.id,
                },
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
            Key::Char(c @ '1'..='5') if !chord.ctrl => {
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
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        if let Some(plan) = &self.kit.case.proposed {
            let deed = Deed::Approve(ApprovePlan {
                plan: plan.id,
                note: None,
            });
            let once = cx.once();
            cx.want(Effect::Submit(Ask::Cases(CaseAsk::Do {
                id: self.kit.case.summary.id,
                deed: Box::new(deed),
                once,
            })));
        }
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.write) && self.may("contact") {
            self.push(What::Contact, cx);
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(self.ask()));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (Ask::Cases(CaseAsk::Do { .. }), Ok(Answer::Cases(CaseAnswer::Case(kit)))) => {
                self.kit = *kit;
                done(cx, "case-done");
            }
            (_, Ok(Answer::Cases(CaseAnswer::Case(kit)))) => self.kit = *kit,
            (_, Ok(Answer::Cases(CaseAnswer::Versions(versions)))) => {
                let overlay = self.note_lines(&versions, &cx.look);
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
            look.words.t(state_key(case.summary.state))
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
            _ => {
                self.overview(look, buffer, body);
                None
            }
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        match self.tab {
            2 if !self.kit.notes.is_empty() && self.may("contact") => Say::key("note-correct-says"),
            1 if look.size.1 > 10 && self.len() > 0 && self.may("activity") => Say::key("activity-says"),
            _ => Say::Nothing,
        }
    }
}

impl CaseScreen {
    fn overview(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) {
        let case = &self.kit.case;
        let code = |list: &str, code: &str| named(&self.kit.codes, list, code, look);
        let mut rows: Vec<(&str, String)> = vec![
            (
                "case-came",
                format!(
                    "{}  {}  {}",
                    date::show(case.summary.reported_on),
                    code("case_ways", &case.way),
                    visible(&case.reported_by.name)
                ),
            ),
            ("case-why", code("case_reasons", &case.reason)),
            ("case-priority", code("case_priorities", &case.summary.priority)),
        ];
        if let Some(note) = &case.note {
            rows.push(("note", visible(note)));
        }
        if let Some(lead) = &case.summary.lead {
            rows.push(("case-lead", visible(&lead.name)));
        }
        if let Some(opened) = &case.opened {
            rows.push((
                "case-opened",
                format!("{}  {}", date::show(opened.on), visible(&opened.by.name)),
            ));
        }
        if let Some(closed) = &case.closed {
            let why = code("closing_reasons", &closed.reason);
            rows.push((
                "case-closed",
                format!("{}  {}  {why}", date::show(closed.on), visible(&closed.by.name)),
            ));
            rows.push(("case-outcome", visible(&closed.text)));
        }
        let mut line = 0;
        for (key, text) in &rows {
            pair(buffer, area, line, &look.words.t(key), text, 18, look);
            line += 1;
        }
        line += 1;
        put(
            buffer,
            area,
            line,
            &look.words.t("case-steps"),
            look.theme.heading(),
        );
        line += 1;
        let width = usize::from(area.width);
        let room = usize::from(area.height.saturating_sub(line));
        let skipped = case.steps.len().saturating_sub(room);
        for step in case.steps.iter().skip(skipped) {
            let (sign, style) = match step.state {
                StepState::Done => ("✓", look.theme.quiet()),
                StepState::Dropped => ("·", look.theme.quiet()),
                StepState::Open | StepState::Started if step.due_on.is_some_and(|due| due < look.today) => {
                    ("!", look.theme.bad())
                }
                StepState::Open | StepState::Started => ("○", Style::new()),
            };
            let when = match step.done_at {
                Some(at) => instant(at),
                None => step
                    .due_on
                    .map(|due| format!("{} {}", look.words.t("until"), date::show(due)))
                    .unwrap_or_default(),
            };
            let name = crate::text::pad(
                &visible(look.words.pick(&step.name)),
                width.saturating_sub(45).max(20),
            );
            let who = step
                .done_by
                .as_ref()
                .or(step.assigned_to.as_ref())
                .map(|it| visible(&it.name))
                .unwrap_or_default();
            put(
                buffer,
                area,
                line,
                &format!("{sign} {name} {when:18} {who}"),
                style,
            );
            line += 1;
        }
    }
    fn plan_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let Some(plan) = self.plan() else {
            put(buffer, area, 0, &look.words.t("plan-none"), Style::new());
            return None;
        };
        let head = format!(
            "{} · {} · {} {}",
            look.words.say(&Say::key("plan-version").with("n", plan.version)),
            look.words.t(plan_key(plan.state)),
            look.words.t("plan-review-on"),
            date::show(plan.review_on)
        );
        put(buffer, area, 0, &head, look.theme.heading());
        let mut line = 1;
        if let Some(note) = &plan.note {
            put(buffer, area, line, &visible(note), look.theme.open());
            line += 1;
        }
        let cells = usize::from(area.width);
        for text in wrap(&visible(&plan.aim), cells).into_iter().take(2) {
            put(buffer, area, line, &text, Style::new());
            line += 1;
        }
        for (place, goal) in plan.goals.iter().enumerate() {
            let reached = goal
                .reached
                .map(|percent| format!(" {percent} %"))
                .unwrap_or_default();
            let text = format!(
                "{}. {} ({}){reached}",
                place + 1,
                visible(&goal.goal),
                date::show(goal.due_on)
            );
            put(buffer, area, line, &text, look.theme.strong());
            line += 1;
        }
        let top = line + 1;
        let body = Rect::new(
            area.x,
            area.y + top.min(area.height),
            area.width,
            area.height.saturating_sub(top),
        );
        let what = cells.saturating_sub(46);
        list(buffer, body, plan.activities.len(), self.cursor, look, |i| {
            let it = &plan.activities[i];
            let (sign, state) = activity_key(it.state);
            let late = it.state == ActivityState::Open && it.due_on < look.today;
            let who = it
                .officer
                .as_ref()
                .map(|o| o.name.as_str())
                .or(it.responsible.as_deref())
                .unwrap_or("");
            vec![
                (sign.to_owned(), 1, Style::new()),
                (format!("{}.", usize::from(it.goal) + 1), 3, look.theme.quiet()),
                (visible(&it.what), what, Style::new()),
                (
                    day(Some(it.due_on)),
                    11,
                    if late { look.theme.bad() } else { Style::new() },
                ),
                (visible(who), 15, look.theme.quiet()),
                (look.words.t(state), 10, look.theme.quiet()),
            ]
        })
    }
    fn notes_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        if self.kit.notes.is_empty() {
            put(buffer, area, 0, &look.words.t("notes-none"), Style::new());
            return None;
        }
        let kind = usize::from(area.width / 5).min(22);
        let text = usize::from(area.width).saturating_sub(37 + kind);
        list(buffer, area, self.kit.notes.len(), self.cursor, look, |i| {
            let note = &self.kit.notes[i];
            let version = if note.version > 1 {
                format!(" v{}", note.version)
            } else {
                String::new()
            };
            vec![
                (day(Some(note.on)), 11, Style::new()),
                (visible(note.time.as_deref().unwrap_or("")), 5, look.theme.quiet()),
                (
                    format!("{}{version}", self.note_kind(note, look)),
                    kind,
                    Style::new(),
                ),
                (visible(&note.text), text, Style::new()),
                (visible(&note.recorded_by.name), 16, look.theme.quiet()),
            ]
        })
    }
    fn dues_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        if self.kit.dues.is_empty() {
            put(buffer, area, 0, &look.words.t("dues-none"), Style::new());
            return None;
        }
        let what = usize::from(area.width).saturating_sub(47);
        list(buffer, area, self.kit.dues.len(), self.cursor, look, |i| {
            let due = &self.kit.dues[i];
            let style = if due.overdue {
                look.theme.bad()
            } else {
                Style::new()
            };
            vec![
                (
                    format!("{}{}", date::show(due.on), if due.overdue { "!" } else { "" }),
                    12,
                    style,
                ),
                (visible(due.time.as_deref().unwrap_or("")), 5, style),
                (look.words.t(due_key(due.source)), 9, look.theme.quiet()),
                (due_words(due, &self.kit.codes, look), what, Style::new()),
                (
                    due.officer
                        .as_ref()
                        .map(|it| visible(&it.name))
                        .unwrap_or_default(),
                    16,
                    look.theme.quiet(),
                ),
            ]
        })
    }
    fn people_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let signs = if look.theme.plain {
            family::PLAIN
        } else {
            family::DRAWN
        };
        let lines = family::lines(&self.kit.family, &self.kit.codes, signs, look);
        let drawn = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .min(area.height.saturating_sub(4));
        for (place, line) in lines.iter().take(usize::from(drawn)).enumerate() {
            put(
                buffer,
                area,
                u16::try_from(place).unwrap_or(0),
                line,
                Style::new(),
            );
        }
        let mut top = drawn + 1;
        if self.kit.case.summary.restricted {
            let runs: Vec<String> = self
                .kit
                .case
                .named
                .iter()
                .filter(|named| named.runs)
                .map(|named| visible(&named.officer.name))
                .collect();
            put(
                buffer,
                area,
                top,
                &format!("¤ {}: {}", look.words.t("case-named"), runs.join(", ")),
                look.theme.open(),
            );
            top += 1;
        }
        let body = Rect::new(
            area.x,
            area.y + top.min(area.height),
            area.width,
            area.height.saturating_sub(top),
        );
        list(buffer, body, self.kit.case.people.len(), self.cursor, look, |i| {
            let it = &self.kit.case.people[i];
            let role = if it.role == "subject" {
                look.words.t("role-subject")
            } else {
                named(&self.kit.codes, "case_roles", &it.role, look)
            };
            let name = it
                .person
                .as_ref()
                .map(|card| full_name(&card.name))
                .or(it.name.as_deref().map(visible));
            vec![
                (role, 24, Style::new()),
                (name.unwrap_or_default(), 26, Style::new()),
                (
                    format!(
                        "{} – {}",
                        date::show(it.from),
                        it.until.map(date::show).unwrap_or_default()
                    ),
                    25,
                    look.theme.quiet(),
                ),
            ]
        })
    }
}
