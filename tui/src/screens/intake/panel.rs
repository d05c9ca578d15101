//! The live panel: what the rules say to what is typed so far, readable without colour.

use super::super::{
    why,
    widgets::{money, outcome_key, outcome_style, per, put, verdict},
};
use crate::{
    app::{
        Look,
        overlay::{Line, Overlay},
    },
    i18n::Say,
    text::{fit, visible, wrap},
};
use karton_api::assessments::{Assessment, Verdict};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

/// Draws the panel.
pub(super) fn draw(assessment: Option<&Assessment>, buffer: &mut Buffer, area: Rect, look: &Look<'_>) {
    put(buffer, area, 0, &look.words.t("panel"), look.theme.heading());
    let Some(a) = assessment else {
        put(buffer, area, 2, &look.words.t("panel-none"), look.theme.quiet());
        return;
    };
    let style = outcome_style(a.outcome, look).add_modifier(Modifier::BOLD);
    put(buffer, area, 1, &look.words.t(outcome_key(a.outcome)), style);
    if let Some(amount) = &a.amount {
        put(
            buffer,
            area,
            2,
            &format!("{} {}", money(amount.money, look), per(amount.per, look)),
            look.theme.strong(),
        );
    }
    let cells = usize::from(area.width).saturating_sub(2);
    let applying: Vec<_> = a
        .conditions
        .iter()
        .filter(|c| c.verdict != Verdict::NotApplicable)
        .collect();
    let missing = a.missing.len();
    // What fits: each condition in two lines when there is room, in one otherwise.
    let room = usize::from(area.height).saturating_sub(4 + if missing > 0 { 2 + missing.min(4) } else { 0 });
    let lines_each = if applying.len() * 3 <= room {
        3
    } else if applying.len() * 2 <= room {
        2
    } else {
        1
    };
    let mut line = 4;
    for c in applying {
        let (sign, style) = verdict(c.verdict, look);
        let text = visible(look.words.pick(&c.text));
        let mut lines = wrap(&text, cells);
        if lines.len() > lines_each {
            let rest = lines.split_off(lines_each - 1).join(" ");
            lines.push(fit(&rest, cells));
        }
        if line + 1 >= area.height {
            break;
        }
        put(buffer, area, line, sign, style);
        for text in lines {
            if line < area.height {
                buffer.set_string(
                    area.x + 2,
                    area.y + line,
                    text,
                    if c.verdict == Verdict::Met {
                        look.theme.quiet()
                    } else {
                        Style::new()
                    },
                );
            }
            line += 1;
        }
    }
    if missing > 0 && line + 1 < area.height {
        line += 1;
        put(
            buffer,
            area,
            line,
            &look.words.say(&Say::key("panel-missing").with("n", missing)),
            look.theme.open(),
        );
        line += 1;
        for m in &a.missing {
            put(
                buffer,
                area,
                line,
                &format!("? {}", why::missing(m, look)),
                Style::new(),
            );
            line += 1;
        }
    }
}

/// Everything the panel knows, to read.
pub(super) fn full(a: &Assessment, look: &Look<'_>) -> Overlay {
    let mut lines = vec![Line::Head(Say::raw(why::headline(a, look))), Line::Gap];
    for c in &a.conditions {
        let (sign, _) = verdict(c.verdict, look);
        lines.push(Line::Text(
            0,
            Say::raw(format!("{sign} {}", look.words.pick(&c.text))),
        ));
        for value in &c.values {
            let text = value
                .text
                .as_ref()
                .map_or_else(|| look.words.t("not-known"), |t| visible(look.words.pick(t)));
            lines.push(Line::Text(2, Say::raw(format!("{} = {text}", value.name))));
        }
        let law = if c.confirmed {
            visible(&c.law)
        } else {
            look.words.t("unconfirmed-short")
        };
        lines.push(Line::Text(2, Say::raw(law)));
    }
    if !a.missing.is_empty() {
        lines.push(Line::Gap);
        lines.push(Line::Head(Say::key("why-missing")));
        lines.extend(
            a.missing
                .iter()
                .map(|m| Line::Text(1, Say::raw(why::missing(m, look)))),
        );
    }
    Overlay::Text {
        title: Say::key("panel"),
        lines,
        at: 0,
    }
}
