//! How an application under way is drawn: its head, the evidence, and the steps below what others were told.

use super::WorkScreen;
use crate::{
    app::{
        Look,
        overlay::{Line, Overlay},
    },
    i18n::Say,
    screens::{
        second,
        widgets::{asked_for, card_line, day, evidence_key, full_name, instant, list, put, state_key},
    },
    text::{fit, visible, width, wrap},
};
use karton_api::{
    applications::{EvidenceItem, EvidenceState},
    matters::StepState,
    notices::{Notice, NoticeState},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

impl WorkScreen {
    /// When the decision is due and how that comes about: the term stands still while the applicant completes.
    fn due(&self, look: &Look<'_>) -> String {
        let due_on = self.work.application.summary.due_on;
        let say = match &self.work.application.term {
            Some(term) if term.due_on.is_none() => Say::key("due-stands-still")
                .with("since", day(term.pauses.last().map(|pause| pause.from)))
                .with(
                    "until",
                    day(self.work.application.returned.as_ref().map(|it| it.until)),
                ),
            Some(term) if term.stood_still > 0 => Say::key("due-on-after")
                .with("day", day(due_on))
                .with("first", day(Some(term.first_due_on)))
                .with("n", term.stood_still),
            _ => Say::key("due-on").with("day", day(due_on)),
        };
        look.words.say(&say)
    }
    pub(super) fn head(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) {
        let summary = &self.work.application.summary;
        let mut who = card_line(&summary.applicant);
        // An organisation that asks stands before the one on whose account; a provider who is paid behind.
        if let Some(organisation) = &summary.organisation {
            who = format!("{}  ·  {who}", visible(&organisation.name));
        }
        if let Some(chosen) = &self.work.application.provider {
            who = format!("{who}  →  {}", visible(&chosen.organisation.name));
        }
        put(buffer, area, 0, &who, look.theme.strong());
        // A long name gives way to how it stands and when it is due.
        let stands = format!(
            "  ·  {}  ·  {}",
            look.words.t(state_key(summary.state)),
            self.due(look)
        );
        let cells = usize::from(area.width);
        let name = fit(
            &asked_for(summary, look),
            cells.saturating_sub(width(&stands)).max(16),
        );
        put(buffer, area, 1, &format!("{name}{stands}"), Style::new());
        let decision = self.work.decision.as_ref();
        let standing = decision.and_then(|it| second::standing(it, cells, look));
        let older = self.may("move-version").then(|| {
            let act = look.words.t("act-move-version");
            look.words.say(&Say::key("version-older").with("act", act))
        });
        if let Some(says) = standing.or(older) {
            put(buffer, area, 2, &fit(&says, cells), look.theme.open());
        }
    }
    pub(super) fn evidence(&self, look: &Look<'_>, buffer: &mut Buffer, body: Rect) -> Option<Position> {
        if self.work.evidence.items.is_empty() {
            put(buffer, body, 0, &look.words.t("evidence-none"), Style::new());
            return None;
        }
        let name = usize::from(body.width).saturating_sub(41).min(60);
        list(
            buffer,
            body,
            self.work.evidence.items.len(),
            self.cursor,
            look,
            |i| {
                let item = &self.work.evidence.items[i];
                let (sign, state) = evidence_key(item.state);
                let style = match item.state {
                    EvidenceState::Answered | EvidenceState::Nothing | EvidenceState::Replaced => {
                        look.theme.good()
                    }
                    EvidenceState::Waiting | EvidenceState::Silent => look.theme.open(),
                    EvidenceState::Unusable => look.theme.bad(),
                };
                let differs = item.contradicts > 0;
                let state = if differs {
                    format!("! {}", look.words.t("evidence-differs"))
                } else {
                    look.words.t(state)
                };
                vec![
                    (sign.to_owned(), 1, style),
                    (visible(look.words.pick(&item.name)), name, Style::new()),
                    (full_name(&item.person.name), 20, Style::new()),
                    (state, 16, if differs { look.theme.bad() } else { style }),
                ]
            },
        )
    }
    pub(super) fn steps(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let body = self.notices(look, buffer, area);
        list(
            buffer,
            body,
            self.work.application.steps.len(),
            self.cursor,
            look,
            |i| {
                let step = &self.work.application.steps[i];
                let (sign, key) = match step.state {
                    StepState::Open => ("○", "step-open"),
                    StepState::Started => ("●", "step-started"),
                    StepState::Done => ("✓", "step-done"),
                    StepState::Dropped => ("·", "step-dropped"),
                };
                let who = step
                    .done_by
                    .as_ref()
                    .or(step.assigned_to.as_ref())
                    .map(|o| visible(&o.name))
                    .or(step.office.as_ref().map(|office| visible(&office.code)))
                    .unwrap_or_default();
                vec![
                    (
                        sign.to_owned(),
                        1,
                        if step.state == StepState::Done {
                            look.theme.good()
                        } else {
                            Style::new()
                        },
                    ),
                    (visible(look.words.pick(&step.name)), 26, Style::new()),
                    (look.words.t(key), 12, Style::new()),
                    (
                        day(step
                            .done_at
                            .map(|t| t.to_zoned(jiff::tz::TimeZone::system()).date())
                            .or(step.due_on)),
                        10,
                        look.theme.quiet(),
                    ),
                    (who, 24, look.theme.quiet()),
                ]
            },
        )
    }
    /// Whom other institutions' answers are awaited from, above the steps; gives the room that is left.
    fn notices(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Rect {
        let mut y = 0;
        for notice in &self.work.application.notices {
            let (sign, style) = match notice.state {
                NoticeState::Taken => ("✓", look.theme.good()),
                NoticeState::Waiting => ("○", look.theme.open()),
                NoticeState::Silent => ("?", look.theme.bad()),
                NoticeState::Refused => ("✗", look.theme.bad()),
            };
            let told = notice_said(notice, look);
            for line in wrap(&format!("{sign} {told}"), area.width.into()) {
                put(buffer, area, y, &line, style);
                y += 1;
            }
        }
        let used = if y > 0 { y + 1 } else { 0 };
        let used = used.min(area.height);
        Rect::new(area.x, area.y + used, area.width, area.height - used)
    }
}

/// How another institution stands to what it was told, as a sentence.
pub(in crate::screens) fn notice_said(notice: &Notice, look: &Look<'_>) -> String {
    let key = match notice.state {
        NoticeState::Taken => "notice-taken",
        NoticeState::Waiting => "notice-waiting",
        NoticeState::Silent => "notice-silent",
        NoticeState::Refused => "notice-refused",
    };
    let told = Say::key(key)
        .with("institution", visible(look.words.pick(&notice.institution)))
        .with("at", instant(notice.answered_at.unwrap_or(notice.posted_at)))
        .with("receipt", visible(notice.receipt.as_deref().unwrap_or("–")))
        .with("tries", notice.tries)
        .with("why", visible(notice.problem.as_deref().unwrap_or("–")));
    look.words.say(&told)
}

/// What there is to know about one piece of evidence.
pub(super) fn details(item: &EvidenceItem, look: &Look<'_>) -> Overlay {
    let (sign, state) = evidence_key(item.state);
    let mut lines = vec![
        Line::Pair(Say::key("evidence-institution"), Say::table(&item.institution)),
        Line::Pair(Say::key("col-person"), Say::raw(card_line(&item.person))),
        Line::Pair(
            Say::key("evidence-state"),
            Say::raw(format!("{sign} {}", look.words.t(state))),
        ),
        Line::Pair(Say::key("evidence-facts"), Say::raw(item.facts.to_string())),
        Line::Pair(
            Say::key("evidence-contradicts"),
            Say::raw(item.contradicts.to_string()),
        ),
        Line::Pair(Say::key("evidence-tries"), Say::raw(item.tries.to_string())),
        Line::Pair(Say::key("evidence-message"), Say::raw(item.message.clone())),
    ];
    if let Some(problem) = &item.problem {
        lines.push(Line::Text(0, Say::raw(problem.clone())));
    }
    Overlay::Text {
        title: Say::table(&item.name),
        lines,
        at: 0,
    }
}
