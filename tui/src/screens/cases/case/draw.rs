//! How the parts of a case are drawn.

use super::{CaseScreen, Who};
use crate::{
    app::Look,
    form::date,
    i18n::Say,
    screens::{
        cases::{due_key, due_words, family, named},
        widgets::{day, full_name, instant, list, pair, put},
    },
    text::{visible, wrap},
};
use karton_api::{
    cases::{ActivityState, CaseState, PlanState},
    matters::StepState,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

pub(in crate::screens::cases) fn activity_key(state: ActivityState) -> (&'static str, &'static str) {
    match state {
        ActivityState::Open => ("○", "activity-open"),
        ActivityState::Done => ("✓", "activity-done"),
        ActivityState::Partly => ("◐", "activity-partly"),
        ActivityState::NotDone => ("✗", "activity-not-done"),
        ActivityState::Dropped => ("·", "activity-dropped"),
    }
}
pub(in crate::screens::cases) fn plan_key(state: PlanState) -> &'static str {
    match state {
        PlanState::Proposed => "plan-proposed",
        PlanState::Returned => "plan-returned",
        PlanState::Approved => "plan-approved",
        PlanState::Superseded => "plan-superseded",
    }
}
pub(super) fn state_key(state: CaseState) -> &'static str {
    match state {
        CaseState::Reported => "case-reported",
        CaseState::Open => "case-open",
        CaseState::Closed => "case-closed",
    }
}

fn capacity_key(capacity: &str) -> &'static str {
    match capacity {
        "lead" => "case-lead",
        "supervisor" => "capacity-supervisor",
        "granted" => "capacity-granted",
        "intake" => "capacity-intake",
        _ => "capacity-team",
    }
}

impl CaseScreen {
    pub(super) fn overview(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) {
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
        if let Some(before) = case.led.first() {
            let words = format!(
                "{}  {} {}: {}",
                visible(&before.officer.name),
                look.words.t("until"),
                instant(before.until),
                visible(&before.reason)
            );
            rows.push(("case-lead-before", words));
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
    pub(super) fn plan_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
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
    pub(super) fn notes_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
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
    pub(super) fn dues_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
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
    pub(super) fn people_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
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
        let people = self.people();
        let runs = |from: karton_api::Date, until: Option<karton_api::Date>| {
            format!(
                "{} – {}",
                date::show(from),
                until.map(date::show).unwrap_or_default()
            )
        };
        list(buffer, body, people.len(), self.cursor, look, |i| {
            let (role, name, when) = match &people[i] {
                Who::Stands(it) => {
                    let role = if it.role == "subject" {
                        look.words.t("role-subject")
                    } else {
                        named(&self.kit.codes, "case_roles", &it.role, look)
                    };
                    let card = it.person.as_ref().map(|card| full_name(&card.name));
                    let name = card.or(it.name.as_deref().map(visible));
                    (role, name.unwrap_or_default(), runs(it.from, it.until))
                }
                Who::Cares(it) => (
                    named(&self.kit.codes, "care_kinds", &it.kind, look),
                    full_name(&it.card.name),
                    runs(it.from, it.until),
                ),
                Who::Named(it) => (
                    format!("¤ {}", look.words.t(capacity_key(&it.capacity))),
                    visible(&it.officer.name),
                    format!(
                        "{} – {}",
                        instant(it.from),
                        it.until.map(instant).unwrap_or_default()
                    ),
                ),
            };
            vec![
                (role, 24, Style::new()),
                (name, 24, Style::new()),
                (when, 27, look.theme.quiet()),
            ]
        })
    }
    /// Filled forms, of each the newest version.
    pub(super) fn forms_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let sheets = &self.kit.case.sheets;
        if sheets.is_empty() {
            put(buffer, area, 0, &look.words.t("forms-none"), Style::new());
            return None;
        }
        let title = usize::from(area.width).saturating_sub(42);
        list(buffer, area, sheets.len(), self.cursor, look, |i| {
            let it = &sheets[i];
            vec![
                (day(Some(it.on)), 11, Style::new()),
                (visible(look.words.pick(&it.title)), title, Style::new()),
                (
                    look.words.say(&Say::key("plan-version").with("n", it.version)),
                    10,
                    look.theme.quiet(),
                ),
                (visible(&it.recorded_by.name), 16, look.theme.quiet()),
            ]
        })
    }
}
