//! Small things that several screens draw.

use crate::{
    app::Look,
    form::{amount, date},
    term::Key,
    text::{fit, pad, visible, width},
};
use karton_api::{
    FactValue, Money, Per,
    applications::{ApplicationState, ApplicationSummary, EvidenceState},
    assessments::{Outcome, Verdict},
    catalogue::{CodeList, FieldKind},
    dossiers::Overlap,
    persons::{FactStatus, Name, PersonCard, SourceKind},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};
use std::collections::BTreeMap;

/// A list with a cursor. It turns pages; it does not scroll line by line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cursor(pub(super) usize);

impl Cursor {
    /// Takes a moving key; false when it is none.
    pub(super) fn key(&mut self, chord: crate::term::Chord, len: usize, page: usize) -> bool {
        use crate::term::Key;
        let last = len.saturating_sub(1);
        self.0 = match chord.key {
            _ if chord.ctrl => return false,
            Key::Down => (self.0 + 1).min(last),
            Key::Up => self.0.saturating_sub(1),
            Key::PageDown | Key::F(8) => (self.0 + page.max(1)).min(last),
            Key::PageUp | Key::F(7) => self.0.saturating_sub(page.max(1)),
            Key::Home => 0,
            Key::End => last,
            _ => return false,
        };
        true
    }
}

/// Words longer than this are not reversed where the cursor is.
const SELECTED_CELLS: usize = 30;

/// Draws the page of a list with the cursor; a row is its cells with their widths and styles. Gives the cursor's place.
pub(super) fn list(
    buffer: &mut Buffer,
    area: Rect,
    len: usize,
    cursor: Cursor,
    look: &Look<'_>,
    row: impl Fn(usize) -> Vec<(String, usize, Style)>,
) -> Option<Position> {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return None;
    }
    let page = usize::from(area.height);
    let first = cursor.0 / page * page;
    let mut place = None;
    for i in (first..len).take(page) {
        let y = area.y + u16::try_from(i - first).unwrap_or(0);
        let selected = i == cursor.0;
        let mut x = area.x;
        if selected {
            // A mark in the margin and the first words reversed: a whole reversed line would cost ten times the bytes.
            buffer.set_string(x.saturating_sub(1), y, "›", look.theme.key());
            place = Some(Position::new(x, y));
        }
        let mut short = selected;
        for (text, cells, style) in row(i) {
            let room = usize::from((area.x + area.width).saturating_sub(x));
            let text = fit(&text, cells.min(room));
            short &= crate::text::width(&text) <= SELECTED_CELLS;
            let style = if short { look.theme.selected() } else { style };
            buffer.set_string(x, y, &text, style);
            // A sign is reversed together with the words after it, a name alone.
            short &= cells <= 2;
            x += u16::try_from(cells + 1).unwrap_or(0);
            if x >= area.x + area.width {
                break;
            }
        }
    }
    place
}

/// Draws text in a style, cut at the area's edge.
pub(super) fn put(buffer: &mut Buffer, area: Rect, line: u16, text: &str, style: Style) {
    if line < area.height {
        buffer.set_string(area.x, area.y + line, fit(text, area.width.into()), style);
    }
}

/// Turns the pages of a text of so many lines, of which `page` are shown from the line `at`. Answers whether the key is one of those.
pub(super) fn turned(at: &mut usize, key: Key, page: usize, lines: usize) -> bool {
    let last = lines.saturating_sub(page);
    *at = match key {
        Key::PageDown | Key::F(8) | Key::Char(' ') => (*at + page).min(last),
        Key::PageUp | Key::F(7) => at.saturating_sub(page),
        Key::Down => (*at + 1).min(last),
        Key::Up => at.saturating_sub(1),
        Key::Home => 0,
        Key::End => last,
        _ => return false,
    };
    true
}

/// A line of tabs; the open one is reversed.
pub(super) fn tabs(buffer: &mut Buffer, area: Rect, names: &[String], open: usize, look: &Look<'_>) {
    let mut x = area.x;
    for (i, name) in names.iter().enumerate() {
        // Who hears the screen hears no colours.
        let text = match (look.theme.plain, i == open) {
            (true, true) => format!("[{name}]"),
            _ => format!(" {name} "),
        };
        let cells = u16::try_from(width(&text)).unwrap_or(0);
        if x + cells > area.right() {
            break;
        }
        buffer.set_string(
            x,
            area.y,
            &text,
            if i == open {
                look.theme.selected()
            } else {
                Style::new()
            },
        );
        x += cells + 1;
    }
}

/// A name and its value in two columns.
pub(super) fn pair(
    buffer: &mut Buffer,
    area: Rect,
    line: u16,
    name: &str,
    value: &str,
    column: usize,
    look: &Look<'_>,
) {
    if line >= area.height {
        return;
    }
    let y = area.y + line;
    buffer.set_string(area.x, y, pad(name, column), look.theme.quiet());
    let room = usize::from(area.width).saturating_sub(column + 1);
    buffer.set_string(
        area.x + u16::try_from(column + 1).unwrap_or(0),
        y,
        fit(value, room),
        Style::new(),
    );
}

pub(super) fn full_name(name: &Name) -> String {
    visible(format!("{} {}", name.given, name.family).trim())
}
/// What an application asks for, and on whose account where that is somebody else.
pub(super) fn asked_for(of: &ApplicationSummary, look: &Look<'_>) -> String {
    let benefit = visible(look.words.pick(&of.benefit_name));
    match &of.about {
        Some(about) => format!("{benefit} ({})", visible(about)),
        None => benefit,
    }
}

/// A card's line: name, number or birth date.
pub(super) fn card_line(card: &PersonCard) -> String {
    let number = card
        .national_id
        .as_ref()
        .map(|n| visible(&n.number))
        .or(card.birth_date.map(date::show))
        .unwrap_or_default();
    format!("{}  {number}", full_name(&card.name))
}
pub(super) fn money(money: Money, look: &Look<'_>) -> String {
    let places = look
        .session
        .and_then(|s| s.country.as_ref())
        .map_or(2, |c| u32::from(c.minor_units));
    // As in letters: a currency's own sign in its own language.
    let sign = match (money.currency.code(), look.words.lang().code()) {
        ("EUR", _) => "€",
        ("RON", "ro") => "lei",
        ("UAH", "uk") => "грн",
        (code, _) => code,
    };
    format!("{} {sign}", amount::show(money.minor, places, look.words.lang()))
}
pub(super) fn per(per: Per, look: &Look<'_>) -> String {
    match per {
        Per::Once => look.words.t("per-once"),
        Per::Month => look.words.t("per-month"),
        Per::Year => look.words.t("per-year"),
    }
}
pub(super) fn day(day: Option<karton_api::Date>) -> String {
    day.map_or_else(|| "–".to_owned(), date::show)
}
/// The last day of what ends before a day: people read a span of days as including both.
pub(super) fn last_day(ends: Option<karton_api::Date>) -> Option<karton_api::Date> {
    ends.and_then(|day| day.yesterday().ok())
}
/// An instant as day and time of day in UTC; the clerk's screen needs no seconds.
pub(super) fn instant(at: karton_api::Timestamp) -> String {
    let at = at.to_zoned(jiff::tz::TimeZone::system());
    format!("{} {:02}:{:02}", date::show(at.date()), at.hour(), at.minute())
}

/// The sign of a verdict: readable without colour.
pub(super) fn verdict(verdict: Verdict, look: &Look<'_>) -> (&'static str, Style) {
    match verdict {
        Verdict::Met => ("✓", look.theme.good()),
        Verdict::NotMet => ("✗", look.theme.bad()),
        Verdict::Unknown => ("?", look.theme.open()),
        Verdict::MustConfirm => ("!", look.theme.open()),
        Verdict::NotApplicable => ("·", look.theme.quiet()),
    }
}
pub(super) fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Grant => "outcome-grant",
        Outcome::Refuse => "outcome-refuse",
        Outcome::Unknown => "outcome-unknown",
        Outcome::Confirm => "outcome-confirm",
    }
}
pub(super) fn outcome_style(outcome: Outcome, look: &Look<'_>) -> Style {
    match outcome {
        Outcome::Grant => look.theme.good(),
        Outcome::Refuse => look.theme.bad(),
        Outcome::Unknown | Outcome::Confirm => look.theme.open(),
    }
}
pub(super) fn state_key(state: ApplicationState) -> &'static str {
    match state {
        ApplicationState::Draft => "state-draft",
        ApplicationState::Lodged => "state-lodged",
        ApplicationState::Recommended => "state-recommended",
        ApplicationState::Confirming => "state-confirming",
        ApplicationState::Decided => "state-decided",
        ApplicationState::Returned => "state-returned",
        ApplicationState::Withdrawn => "state-withdrawn",
        ApplicationState::Dismissed => "state-dismissed",
    }
}
pub(super) fn evidence_key(state: EvidenceState) -> (&'static str, &'static str) {
    match state {
        EvidenceState::Waiting => ("⋯", "evidence-waiting"),
        EvidenceState::Answered => ("✓", "evidence-answered"),
        EvidenceState::Nothing => ("○", "evidence-nothing"),
        EvidenceState::Silent => ("?", "evidence-silent"),
        EvidenceState::Unusable => ("✗", "evidence-unusable"),
        EvidenceState::Replaced => ("●", "evidence-replaced"),
    }
}
pub(super) fn source_key(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Finding => "source-finding",
        SourceKind::Register => "source-register",
        SourceKind::Document => "source-document",
        SourceKind::Visit => "source-visit",
        SourceKind::Declaration => "source-declaration",
        SourceKind::Import => "source-import",
    }
}
pub(super) fn fact_status(status: FactStatus) -> (&'static str, &'static str) {
    match status {
        FactStatus::Verified => ("✓", "fact-verified"),
        FactStatus::NotVerified => ("?", "fact-not-verified"),
        FactStatus::Contradicted => ("!", "fact-contradicted"),
    }
}

/// What a fact says, in a line.
pub(super) fn value(
    value: &FactValue,
    kind: Option<&FieldKind>,
    codes: &BTreeMap<String, CodeList>,
    look: &Look<'_>,
) -> String {
    match value {
        FactValue::Bool(true) => look.words.t("yes"),
        FactValue::Bool(false) => look.words.t("no"),
        FactValue::Int(n) => n.to_string(),
        FactValue::Decimal(text) => text.replace('.', &look.words.lang().decimal().to_string()),
        FactValue::Money(m) => match kind {
            Some(FieldKind::Money { per: p }) if *p != Per::Once => {
                format!("{} {}", money(*m, look), per(*p, look))
            }
            _ => money(*m, look),
        },
        FactValue::Date(d) => date::show(*d),
        FactValue::Text(text) => visible(text),
        FactValue::Code(code) => {
            let list = if let Some(FieldKind::Code { list }) = kind {
                codes.get(list)
            } else {
                None
            };
            let name = list
                .and_then(|l| l.codes.iter().find(|c| c.code == *code))
                .map(|c| visible(look.words.pick(&c.name)));
            name.unwrap_or_else(|| visible(code))
        }
        FactValue::Person(id) => id.to_string(),
        FactValue::Rows(rows) if rows.is_empty() => look.words.t("rows-none"),
        FactValue::Rows(rows) => {
            let kinds: BTreeMap<&str, &FieldKind> = match kind {
                Some(FieldKind::Rows { columns }) => {
                    columns.iter().map(|c| (c.name.as_str(), &c.kind)).collect()
                }
                _ => BTreeMap::new(),
            };
            let row = |r: &karton_api::value::Record| {
                r.iter()
                    .map(|(name, v)| self::value(v, kinds.get(name.as_str()).copied(), codes, look))
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            format!(
                "{}: {}",
                look.words
                    .say(&crate::i18n::Say::key("rows-count").with("n", rows.len())),
                rows.iter().map(row).collect::<Vec<_>>().join("; ")
            )
        }
    }
}

/// What others pay for the same time, below its heading; at most so many. Gives the line after them.
pub(super) fn overlaps(
    all: &[Overlap],
    most: usize,
    look: &Look<'_>,
    buffer: &mut Buffer,
    area: Rect,
    line: u16,
) -> u16 {
    put(
        buffer,
        area,
        line,
        &look.words.t("overlaps"),
        look.theme.heading(),
    );
    let mut line = line + 1;
    for o in all.iter().take(most) {
        let (sign, style) = match o.incompatible {
            true => ("!", look.theme.bad()),
            false => ("·", Style::new()),
        };
        let text = format!(
            "{sign} {} · {} · {} – {} · {}",
            visible(&o.name),
            if o.benefit_name.is_empty() {
                visible(&o.benefit)
            } else {
                visible(look.words.pick(&o.benefit_name))
            },
            day(Some(o.from)),
            day(last_day(o.until)),
            visible(look.words.pick(&o.office.name))
        );
        put(buffer, area, line, &text, style);
        line += 1;
    }
    line
}
