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
    let mut applying: Vec<_> = a
        .conditions
        .iter()
        .filter(|c| c.verdict != Verdict::NotApplicable)
        .collect();
    let count = |v: Verdict| applying.iter().filter(|c| c.verdict == v).count();
    let order = [
        Verdict::NotMet,
        Verdict::MustConfirm,
        Verdict::Unknown,
        Verdict::Met,
    ];
    let mut x = area.x;
    for v in order {
        let (sign, style) = verdict(v, look);
        let text = format!("{sign} {}", count(v));
        if x + 6 < area.right() {
            buffer.set_string(
                x,
                area.y + 3,
                &text,
                if count(v) > 0 { style } else { look.theme.quiet() },
            );
        }
        x += 6;
    }
    // What stands against the right comes first; what holds may fall off the end, for it is counted above.
    applying.sort_by_key(|c| order.iter().position(|v| *v == c.verdict));
    let missing = a.missing.len();
    let room = usize::from(area.height).saturating_sub(5 + if missing > 0 { 2 + missing.min(4) } else { 0 });
    let open = applying.iter().filter(|c| c.verdict != Verdict::Met).count();
    let lines_each = if applying.len() * 3 <= room {
        3
    } else if open * 2 <= room {
        2
    } else {
        1
    };
    let end = area.y + area.height;
    let mut line = 5;
    for c in applying {
        let (sign, style) = verdict(c.verdict, look);
        let each = if c.verdict == Verdict::Met && lines_each < 3 {
            1
        } else {
            lines_each
        };
        let mut lines = wrap(&visible(look.words.pick(&c.text)), cells);
        if lines.len() > each {
            let rest = lines.split_off(each - 1).join(" ");
            lines.push(fit(&rest, cells));
        }
        if usize::from(line) + lines.len() > room + 5 {
            break;
        }
        put(buffer, area, line, sign, style);
        for text in lines {
            if area.y + line < end {
                let style = if c.verdict == Verdict::Met {
                    look.theme.quiet()
                } else {
                    Style::new()
                };
                buffer.set_string(area.x + 2, area.y + line, text, style);
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
            // The given name is enough here: the household stands at the left.
            let who = m.name.as_deref().and_then(|n| n.split_whitespace().next());
            let who = who.map(|n| format!("{}: ", visible(n))).unwrap_or_default();
            put(
                buffer,
                area,
                line,
                &format!("? {who}{}", visible(look.words.pick(&m.question))),
                Style::new(),
            );
            line += 1;
        }
    }
}

/// Everything the panel knows, to read.
pub(in crate::screens) fn full(a: &Assessment, look: &Look<'_>) -> Overlay {
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
