//! Lines of which each can be opened: how an application stands beside everything else, on the status after lodging and on a screen of its own.

use super::{
    beside, why,
    widgets::{day, last_day, money, put, verdict},
};
use crate::{
    app::{
        Look,
        overlay::{Line, Overlay},
    },
    i18n::Say,
    term::{Chord, Key},
    text::{visible, wrap},
};
use karton_api::{
    assessments::{Assessment, PossibleRight, Verdict},
    common::Texts,
    dossiers::Overlap,
    standing::{Beside, BesideEffect, ClaimStanding, StandingKind, StandingLine},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// What Enter on a line opens.
#[derive(Debug, Clone)]
pub(super) enum Opens {
    /// The application itself.
    Application,
    /// The choice between two rights.
    Choose(Box<Beside>),
    /// What it says, at length.
    Text(Box<Overlay>),
}

/// A line, or a heading between lines.
#[derive(Debug, Clone)]
pub(super) struct Row {
    text: String,
    style: Style,
    opens: Option<Opens>,
}

impl Row {
    pub(super) fn head(text: String, look: &Look<'_>) -> Row {
        Row {
            text,
            style: look.theme.heading(),
            opens: None,
        }
    }
    pub(super) fn gap() -> Row {
        Row {
            text: String::new(),
            style: Style::new(),
            opens: None,
        }
    }
    pub(super) fn plain(text: String, style: Style) -> Row {
        Row {
            text,
            style,
            opens: None,
        }
    }
    pub(super) fn new(text: String, style: Style, opens: Opens) -> Row {
        Row {
            text,
            style,
            opens: Some(opens),
        }
    }
}

/// Rows with a cursor on those that open something.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rows {
    at: usize,
}

impl Rows {
    /// What Enter opens.
    pub(super) fn opens<'r>(&self, rows: &'r [Row]) -> Option<&'r Opens> {
        let mut all = rows.iter().filter_map(|row| row.opens.as_ref());
        all.nth(self.at.min(last_of(rows)))
    }
    /// Takes a moving key; false when it is none.
    pub(super) fn key(&mut self, chord: Chord, rows: &[Row], page: usize) -> bool {
        if chord.ctrl {
            return false;
        }
        let last = last_of(rows);
        self.at = match chord.key {
            Key::Down => (self.at + 1).min(last),
            Key::Up => self.at.saturating_sub(1),
            Key::PageDown | Key::F(8) => (self.at + page.max(1)).min(last),
            Key::PageUp | Key::F(7) => self.at.saturating_sub(page.max(1)),
            Key::Home => 0,
            Key::End => last,
            _ => return false,
        };
        true
    }
    /// Draws the page with the cursor. Where there are several, the last line says which.
    pub(super) fn draw(
        &self,
        rows: &[Row],
        look: &Look<'_>,
        buffer: &mut Buffer,
        area: Rect,
    ) -> Option<Position> {
        let whole = usize::from(area.height);
        let width = usize::from(area.width);
        let last = last_of(rows);
        // Each line in so many lines of the screen as it takes, two at most: the rest is read by opening it.
        let mut shown: Vec<(bool, bool, String, Style)> = Vec::new();
        let mut item = 0;
        let mut cursor = 0;
        for row in rows {
            let here = row.opens.is_some() && item == self.at.min(last);
            item += usize::from(row.opens.is_some());
            if here {
                cursor = shown.len();
            }
            let mut parts = wrap(&row.text, width);
            let all = if row.opens.is_some() { 2 } else { 3 };
            if parts.len() > all {
                parts.truncate(all);
                if let Some(last) = parts.last_mut() {
                    last.push('…');
                }
            }
            if parts.is_empty() {
                parts.push(String::new());
            }
            for (place, part) in parts.into_iter().enumerate() {
                let part = if place > 0 && row.opens.is_some() {
                    format!("  {part}")
                } else {
                    part
                };
                shown.push((here, place == 0, part, row.style));
            }
        }
        let page = if shown.len() > whole {
            whole.saturating_sub(1)
        } else {
            whole
        };
        let first = cursor / page.max(1) * page.max(1);
        let mut place = None;
        for (line, (here, begins, text, style)) in shown.iter().skip(first).take(page).enumerate() {
            let line = u16::try_from(line).unwrap_or(0);
            let style = if *here {
                look.theme.strong().patch(*style)
            } else {
                *style
            };
            put(buffer, area, line, text, style);
            if *here && *begins {
                let y = area.y + line;
                buffer.set_string(area.x.saturating_sub(1), y, "›", look.theme.key());
                place = Some(Position::new(area.x, y));
            }
        }
        if page < shown.len() && page > 0 {
            let says = Say::key("page-of")
                .with("at", first / page + 1)
                .with("all", shown.len().div_ceil(page));
            let foot = area.height.saturating_sub(1);
            put(buffer, area, foot, &look.words.say(&says), look.theme.quiet());
        }
        place
    }
}

/// The place of the last row that opens something.
fn last_of(rows: &[Row]) -> usize {
    rows.iter()
        .filter(|row| row.opens.is_some())
        .count()
        .saturating_sub(1)
}

fn text(title: &'static str, lines: Vec<Line>) -> Opens {
    Opens::Text(Box::new(Overlay::Text {
        title: Say::key(title),
        lines,
        at: 0,
    }))
}

fn pair(key: &'static str, value: impl Into<String>) -> Line {
    Line::Pair(Say::key(key), Say::raw(value.into()))
}

/// A pair where there is something to be said.
fn some(lines: &mut Vec<Line>, key: &'static str, value: Option<String>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        lines.push(pair(key, value));
    }
}

fn named(texts: &Texts, code: &str, look: &Look<'_>) -> String {
    if texts.is_empty() {
        visible(code)
    } else {
        visible(look.words.pick(texts))
    }
}

fn sentence(texts: &Texts, look: &Look<'_>) -> Option<String> {
    (!texts.is_empty()).then(|| visible(look.words.pick(texts)))
}

/// Why two rights touch, in a word.
fn effect(name: &str) -> &'static str {
    match name {
        "suspend" => "beside-suspend",
        "choose" => "beside-choose",
        _ => "beside-refuse",
    }
}

/// A benefit that somebody has or had.
pub(super) fn overlap(of: &Overlap, look: &Look<'_>) -> Row {
    let benefit = named(&of.benefit_name, &of.benefit, look);
    let for_whom = of.about.as_ref().or(of.covers.as_ref());
    let for_whom = for_whom.map_or_else(String::new, |name| format!(" ({})", visible(name)));
    let mut line = format!(
        "{} {} · {benefit}{for_whom} · {} – {} · {}",
        if of.incompatible { "!" } else { "·" },
        visible(&of.name),
        day(Some(of.from)),
        day(last_day(of.until)),
        visible(look.words.pick(&of.office.name))
    );
    let reason = match (&of.effect, of.same) {
        (Some(name), _) => Some(look.words.t(effect(name))),
        (None, true) => Some(look.words.t("overlap-same")),
        (None, false) => None,
    };
    let article = of.law.as_ref().or(of.ground.as_ref().filter(|_| of.same));
    if let Some(reason) = &reason {
        line.push_str(&format!(" · {reason}"));
        if let Some(article) = article {
            line.push_str(&format!(" [{}]", visible(article)));
        }
    }
    let mut lines = vec![
        pair("line-person", visible(&of.name)),
        pair("line-benefit", format!("{benefit} ({})", visible(&of.benefit))),
    ];
    some(&mut lines, "line-about", of.about.as_deref().map(visible));
    some(&mut lines, "line-covers", of.covers.as_deref().map(visible));
    let until = format!("{} – {}", day(Some(of.from)), day(last_day(of.until)));
    lines.push(pair("line-term", until));
    lines.push(pair("line-office", visible(look.words.pick(&of.office.name))));
    some(&mut lines, "line-reason", reason);
    some(&mut lines, "line-says", sentence(&of.says, look));
    some(&mut lines, "why-law", of.law.as_deref().map(visible));
    some(&mut lines, "line-ground", of.ground.as_deref().map(visible));
    let style = if of.incompatible {
        look.theme.bad()
    } else {
        Style::new()
    };
    Row::new(line, style, text("line-title", lines))
}

/// A household, file, dossier, term or duration.
pub(super) fn standing(of: &StandingLine, look: &Look<'_>) -> Row {
    let told = beside::line(of, look);
    // What it says stands first, without the sign.
    let says = told
        .split_once(' ')
        .map_or(told.as_str(), |(_, says)| says)
        .to_owned();
    let mut lines = vec![Line::Text(0, Say::raw(says)), Line::Gap];
    some(&mut lines, "line-person", Some(visible(&of.name)));
    some(
        &mut lines,
        "line-benefit",
        of.benefit
            .as_ref()
            .map(|code| format!("{} ({})", named(&of.benefit_name, code, look), visible(code))),
    );
    some(&mut lines, "line-about", of.about.as_deref().map(visible));
    some(
        &mut lines,
        "line-office",
        of.office
            .as_ref()
            .map(|office| visible(look.words.pick(&office.name))),
    );
    if of.from.is_some() || of.until.is_some() {
        let until = format!("{} – {}", day(of.from), day(last_day(of.until)));
        lines.push(pair("line-term", until));
    }
    some(&mut lines, "line-says", sentence(&of.says, look));
    some(&mut lines, "why-law", of.law.as_deref().map(visible));
    if of.kind == StandingKind::Duration {
        let word = match of.holds {
            Some(true) => "line-holds",
            Some(false) => "line-holds-not",
            None => "line-not-known",
        };
        lines.push(pair("line-reason", look.words.t(word)));
        if of.law.is_none() {
            lines.push(pair("why-law", look.words.t("line-unconfirmed")));
        }
    }
    let style = match (of.kind, of.holds) {
        (StandingKind::Duration, Some(false)) => look.theme.bad(),
        (StandingKind::Duration, None) => look.theme.open(),
        _ => Style::new(),
    };
    Row::new(told, style, text("line-title", lines))
}

/// An award that cannot be held beside what is asked for.
pub(super) fn beside_row(one: &Beside, look: &Look<'_>) -> Row {
    let [first, second] = beside::beside_lines(one, look);
    let line = format!("{first} · {}", second.trim_start());
    let style = look.theme.bad();
    if one.effect == BesideEffect::Choose {
        return Row::new(line, style, Opens::Choose(Box::new(one.clone())));
    }
    let mut lines = vec![
        Line::Text(0, Say::raw(first)),
        Line::Text(0, Say::raw(second)),
        Line::Gap,
    ];
    some(&mut lines, "line-says", sentence(&one.says, look));
    some(&mut lines, "why-law", one.law.as_deref().map(visible));
    Row::new(line, style, text("line-title", lines))
}

/// The conditions of an assessment with these verdicts, in this order.
pub(super) fn conditions(of: &Assessment, order: &[Verdict], look: &Look<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for wanted in order {
        for condition in of.conditions.iter().filter(|it| it.verdict == *wanted) {
            let (sign, style) = verdict(condition.verdict, look);
            let line = format!("{sign} {}", visible(look.words.pick(&condition.text)));
            let style = if *wanted == Verdict::Met {
                Style::new()
            } else {
                style
            };
            let opens = Opens::Text(Box::new(why::condition(condition, of, look)));
            rows.push(Row::new(line, style, opens));
        }
    }
    rows
}

/// A right somebody may also have: whose, what, on whose account, how much, and the first reason with its article; opened, all its reasons.
pub(super) fn possible(right: &PossibleRight, look: &Look<'_>) -> Row {
    let mut line = format!(
        "+ {} · {}",
        visible(&right.applicant_name),
        visible(look.words.pick(&right.benefit_name))
    );
    if let Some(about) = &right.about_name {
        line.push_str(&format!(" ({})", visible(about)));
    }
    let amount = right.assessment.amount.as_ref().map(|it| money(it.money, look));
    if let Some(amount) = &amount {
        line.push_str(&format!(" · {amount}"));
    }
    let mut lines = vec![
        pair("line-person", visible(&right.applicant_name)),
        pair(
            "line-benefit",
            format!(
                "{} ({})",
                visible(look.words.pick(&right.benefit_name)),
                visible(&right.assessment.benefit)
            ),
        ),
    ];
    some(&mut lines, "line-about", right.about_name.as_deref().map(visible));
    some(&mut lines, "amount", amount);
    lines.push(Line::Gap);
    let told = right.assessment.conditions.iter();
    let mut first = true;
    for condition in told.filter(|it| it.verdict != Verdict::NotApplicable) {
        let (sign, _) = verdict(condition.verdict, look);
        let mut says = format!("{sign} {}", visible(look.words.pick(&condition.text)));
        if condition.confirmed && !condition.law.is_empty() {
            let article = format!(" [{}]", visible(&condition.law));
            if first && condition.verdict == Verdict::Met {
                line.push_str(&format!(
                    " · {}{article}",
                    visible(look.words.pick(&condition.text))
                ));
                first = false;
            }
            says.push_str(&article);
        }
        lines.push(Line::Text(0, Say::raw(says)));
    }
    Row::new(line, Style::new(), text("possible-rights", lines))
}

/// What stands beside an application: what cannot be held with it first, then what else is to be seen, then other benefits.
pub(super) fn of_standing(it: &ClaimStanding, look: &Look<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(choice) = &it.choice {
        rows.push(Row::head(look.words.t("beside-heading"), look));
        for one in &choice.beside {
            rows.push(beside_row(one, look));
            if let Some(says) = sentence(&one.says, look) {
                rows.push(Row::plain(format!("  {says}"), look.theme.quiet()));
            }
        }
        if choice.beside.iter().any(|one| one.effect == BesideEffect::Choose) {
            rows.extend(beside::worth_rows(choice, look));
        }
        rows.push(Row::gap());
    }
    if !it.lines.is_empty() {
        rows.push(Row::head(look.words.t("standing-heading"), look));
        rows.extend(it.lines.iter().map(|one| standing(one, look)));
        rows.push(Row::gap());
    }
    if !it.overlaps.is_empty() {
        rows.push(Row::head(look.words.t("overlaps"), look));
        rows.extend(it.overlaps.iter().map(|one| overlap(one, look)));
    }
    rows
}
