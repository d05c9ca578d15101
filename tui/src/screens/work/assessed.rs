//! What the rules say about an application, and what officers have said to it.

use super::WorkScreen;
use crate::{
    app::Look,
    i18n::Say,
    screens::{
        why,
        widgets::{list, money, outcome_key, outcome_style, per, put, verdict},
    },
    text::{fit, visible, width, wrap},
};
use karton_api::assessments::{Condition, StoredAssessment};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

impl WorkScreen {
    pub(super) fn assessment(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let Some(stored) = &self.work.assessment else {
            put(buffer, area, 0, &look.words.t("assessment-none"), Style::new());
            return None;
        };
        let a = &stored.assessment;
        put(
            buffer,
            area,
            0,
            &why::headline(a, look),
            outcome_style(a.outcome, look).add_modifier(Modifier::BOLD),
        );
        let mut line = 1;
        for note in self.notes(stored, look) {
            // Two lines at most, and it shows where words are missing.
            let note = fit(
                &format!("! {note}"),
                usize::from(area.width).saturating_mul(2).saturating_sub(12),
            );
            for text in &wrap(&note, area.width.into()) {
                put(buffer, area, line, text, look.theme.open());
                line += 1;
            }
        }
        line += 1;
        let body = Rect::new(
            area.x,
            area.y + line,
            area.width,
            area.height.saturating_sub(line),
        );
        let unconfirmed = look.words.t("unconfirmed-short");
        let article = |c: &Condition| width(if c.confirmed { &c.law } else { &unconfirmed });
        // An article is not cut where there is room for the whole of it: it is what is looked for.
        let law = a.conditions.iter().map(article).max().unwrap_or(0).clamp(13, 20);
        let text = usize::from(area.width).saturating_sub(law + 3);
        list(buffer, body, self.lines(), self.cursor, look, |i| {
            match (a.conditions.get(i), &a.amount) {
                (Some(c), _) => {
                    let (sign, style) = verdict(c.verdict, look);
                    let article = if c.confirmed {
                        visible(&c.law)
                    } else {
                        unconfirmed.clone()
                    };
                    vec![
                        (sign.to_owned(), 1, style),
                        (visible(look.words.pick(&c.text)), text, Style::new()),
                        (article, law, look.theme.quiet()),
                    ]
                }
                (None, Some(amount)) => {
                    let sum = format!(
                        "{}: {} {}",
                        look.words.t("amount"),
                        money(amount.money, look),
                        per(amount.per, look)
                    );
                    vec![
                        ("=".to_owned(), 1, look.theme.strong()),
                        (sum, text, look.theme.strong()),
                        (visible(&amount.law), law, look.theme.quiet()),
                    ]
                }
                (None, None) => Vec::new(),
            }
        })
    }
    /// What is to be known beside the conditions.
    fn notes(&self, stored: &StoredAssessment, look: &Look<'_>) -> Vec<String> {
        let a = &stored.assessment;
        let mut notes = why::differing(a, look);
        if stored.outdated {
            notes.push(look.words.t("assessment-outdated"));
        }
        if a.unconfirmed {
            notes.push(look.words.t("assessment-unconfirmed"));
        }
        if !stored.not_verified.is_empty() {
            let names: Vec<String> = stored
                .not_verified
                .iter()
                .map(|m| why::missing(m, look))
                .collect();
            notes.push(
                look.words.say(
                    &Say::key("assessment-not-verified")
                        .with("n", names.len())
                        .with("facts", names.join("; ")),
                ),
            );
        }
        if let Some(r) = &self.work.application.recommendation {
            let outcome = look.words.t(outcome_key(r.outcome));
            let note = r
                .note
                .as_deref()
                .map(|n| format!(" „{}“", visible(n)))
                .unwrap_or_default();
            let says = Say::key("recommended-by")
                .with("officer", &r.by.name)
                .with("outcome", outcome);
            notes.push(format!("{}{note}", look.words.say(&says)));
        }
        if let Some(dismissal) = &self.work.application.dismissal {
            let key = if dismissal.decided_at.is_some() {
                "dismissed-by"
            } else {
                "dismissal-proposed-by"
            };
            notes.push(
                look.words.say(
                    &Say::key(key)
                        .with(
                            "officer",
                            &dismissal
                                .decided_by
                                .as_ref()
                                .unwrap_or(&dismissal.proposed_by)
                                .name,
                        )
                        .with("reason", look.words.pick(&dismissal.reason_name)),
                ),
            );
        }
        if let Some(returned) = &self.work.application.returned {
            notes.push(
                look.words.say(
                    &Say::key("returned-by")
                        .with("officer", &returned.by.name)
                        .with("reason", &returned.reason),
                ),
            );
        }
        notes
    }
}
