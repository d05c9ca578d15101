//! My cases, my office's, the monitoring list with the overdue first, and my week day by day.

use super::{due_key, due_words};
use crate::{
    api::{Answer, Ask, CaseAnswer, CaseAsk, Fault},
    app::{Cx, Effect, Look, keymap::Act},
    form::date,
    i18n::Say,
    screens::{
        Desk,
        widgets::{Cursor, full_name, list, put, tabs},
    },
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    Date, Id,
    cases::{CaseState, CaseSummary, Due, DueSource},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};
use std::collections::BTreeMap;

const TABS: [&str; 4] = ["cases-mine", "cases-office", "cases-monitoring", "cases-week"];

/// The Monday of a day's week.
fn monday(day: Date) -> Date {
    let back = i32::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
}
fn weekday(day: Date) -> &'static str {
    const DAYS: [&str; 7] = ["day-1", "day-2", "day-3", "day-4", "day-5", "day-6", "day-7"];
    let place = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    DAYS.get(place).copied().unwrap_or("day-1")
}

/// The list of cases.
#[derive(Debug, Clone)]
pub struct CasesScreen {
    tab: usize,
    cases: Vec<CaseSummary>,
    dues: Vec<Due>,
    /// The Monday of the week that is shown.
    week: Option<Date>,
    cursor: Cursor,
    /// The cases of one person: there are no other tabs.
    of_person: bool,
}

impl CasesScreen {
    /// With my cases.
    pub fn new(cases: Vec<CaseSummary>) -> CasesScreen {
        CasesScreen {
            tab: 0,
            cases,
            dues: Vec::new(),
            week: None,
            cursor: Cursor::default(),
            of_person: false,
        }
    }
    /// With the cases of one person, which are there already.
    pub fn of_person(cases: Vec<CaseSummary>) -> CasesScreen {
        CasesScreen {
            of_person: true,
            ..CasesScreen::new(cases)
        }
    }
    fn len(&self) -> usize {
        if self.tab < 2 {
            self.cases.len()
        } else {
            self.dues.len()
        }
    }
    fn ask(&self, look: &Look<'_>) -> Ask {
        Ask::Cases(match self.tab {
            0 => CaseAsk::List { mine: true },
            1 => CaseAsk::List { mine: false },
            2 => CaseAsk::Monitoring,
            _ => CaseAsk::Week {
                from: self.week.unwrap_or_else(|| monday(look.today)),
            },
        })
    }
    fn show(&mut self, tab: usize, cx: &mut Cx<'_>) {
        self.tab = tab;
        self.cursor = Cursor::default();
        cx.want(Effect::Submit(self.ask(&cx.look)));
    }
    /// A week on or back.
    fn turn(&mut self, weeks: i32, cx: &mut Cx<'_>) {
        let from = self.week.unwrap_or_else(|| monday(cx.look.today));
        self.week = from.checked_add(jiff::Span::new().days(7 * weeks)).ok();
        self.cursor = Cursor::default();
        cx.want(Effect::Submit(self.ask(&cx.look)));
    }
    fn current(&self) -> Option<Id<value::Case>> {
        if self.tab < 2 {
            self.cases.get(self.cursor.0).map(|case| case.id)
        } else {
            self.dues.get(self.cursor.0).map(|due| due.case)
        }
    }
    fn open(&self, write: bool, cx: &mut Cx<'_>) {
        match self.current() {
            Some(id) => cx.want(Effect::Open {
                ask: Ask::Cases(CaseAsk::See { id, write }),
                replace: false,
            }),
            None => cx.want(Effect::Bell),
        }
    }
}

impl Desk for CasesScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-cases")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.current().is_some() {
            acts.extend([Act::Open, Act::WriteDown]);
        }
        if self.tab == 3 {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts.push(Act::Find);
        if !self.of_person {
            acts.push(Act::Refresh);
        }
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => self.open(false, cx),
            Act::WriteDown => self.open(true, cx),
            Act::Previous => self.turn(-1, cx),
            Act::Next => self.turn(1, cx),
            Act::Find => cx.want(Effect::Push(Box::new(crate::screens::Screen::Find(
                crate::screens::Find::new(None),
            )))),
            Act::Refresh => cx.want(Effect::Submit(self.ask(&cx.look))),
            _ => {
                self.key(chord, cx);
            }
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let tabs = TABS.len();
        match chord.key {
            Key::Tab | Key::Right | Key::BackTab | Key::Left if self.of_person => return false,
            Key::Tab | Key::Right => self.show((self.tab + 1) % tabs, cx),
            Key::BackTab | Key::Left => self.show((self.tab + tabs - 1) % tabs, cx),
            Key::PageUp if self.tab == 3 => self.turn(-1, cx),
            Key::PageDown if self.tab == 3 => self.turn(1, cx),
            _ => {
                return self
                    .cursor
                    .key(chord, self.len(), usize::from(cx.look.size.1).saturating_sub(8));
            }
        }
        true
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::Cases(CaseAnswer::List(cases)))) => self.cases = cases,
            (Ask::Cases(CaseAsk::Week { from }), Ok(Answer::Cases(CaseAnswer::Dues(dues)))) => {
                self.week = Some(*from);
                self.dues = dues;
            }
            (_, Ok(Answer::Cases(CaseAnswer::Dues(dues)))) => self.dues = dues,
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
        self.cursor.0 = self.cursor.0.min(self.len().saturating_sub(1));
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        if self.of_person {
            return;
        }
        cx.want(Effect::Submit(self.ask(&cx.look)));
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let names: Vec<String> = TABS.iter().map(|key| look.words.t(key)).collect();
        if !self.of_person {
            tabs(buffer, area, &names, self.tab, look);
        }
        let body = Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(3));
        let wide = usize::from(area.width);
        if self.tab < 2 {
            if self.cases.is_empty() {
                put(buffer, area, 2, &look.words.t("cases-none"), Style::new());
                put(
                    buffer,
                    area,
                    3,
                    &look.words.t("cases-none-next"),
                    look.theme.quiet(),
                );
                return None;
            }
            let name = wide.saturating_sub(57);
            heading(
                buffer,
                area,
                &[
                    ("col-due", 11),
                    ("col-person", name),
                    ("col-task", 20),
                    ("col-number", 19),
                ],
                look,
            );
            return list(buffer, body, self.cases.len(), self.cursor, look, |i| {
                let case = &self.cases[i];
                let due = case.due_on.map(date::show).unwrap_or_default();
                let style = if case.overdue {
                    look.theme.bad()
                } else {
                    Style::new()
                };
                let phase = match case.state {
                    CaseState::Closed => look.words.t("case-closed"),
                    _ => visible(look.words.pick(&case.phase)),
                };
                let lock = if case.restricted { "¤ " } else { "" };
                vec![
                    (if case.overdue { format!("{due}!") } else { due }, 11, style),
                    (
                        format!("{lock}{}", full_name(&case.person.name)),
                        name,
                        Style::new(),
                    ),
                    (phase, 20, Style::new()),
                    (visible(&case.number), 19, look.theme.quiet()),
                ]
            });
        }
        if self.tab == 3 {
            let from = self.week.unwrap_or_else(|| monday(look.today));
            let until = from.checked_add(jiff::Span::new().days(6)).unwrap_or(from);
            put(
                buffer,
                area,
                1,
                &format!("{} – {}", date::show(from), date::show(until)),
                look.theme.heading(),
            );
        }
        if self.dues.is_empty() {
            put(buffer, area, 3, &look.words.t("dues-none"), Style::new());
            return None;
        }
        let what = wide.saturating_sub(57);
        heading(
            buffer,
            area,
            &[
                ("col-due", 15),
                ("col-time", 7),
                ("col-kind", 9),
                ("col-person", 20),
                ("col-what", what),
            ],
            look,
        );
        list(buffer, body, self.dues.len(), self.cursor, look, |i| {
            let due = &self.dues[i];
            // A day is named once, at its first line.
            let first = i == 0 || self.dues[i - 1].on != due.on || i == self.cursor.0;
            let day = if first {
                format!(
                    "{} {}{}",
                    look.words.t(weekday(due.on)),
                    date::show(due.on),
                    if due.overdue { "!" } else { "" }
                )
            } else {
                String::new()
            };
            let style = match (due.overdue, due.source) {
                (true, _) => look.theme.bad(),
                (false, DueSource::Contact) => look.theme.quiet(),
                _ => Style::new(),
            };
            vec![
                (day, 15, style),
                (visible(due.time.as_deref().unwrap_or("")), 7, style),
                (look.words.t(due_key(due.source)), 9, style),
                (full_name(&due.person.name), 20, Style::new()),
                (due_words(due, &BTreeMap::new(), look), what, Style::new()),
            ]
        })
    }
    fn status(&self, look: &Look<'_>) -> Say {
        match self.len() {
            0 => Say::Nothing,
            n if look.size.1 > 10 => Say::key("list-count").with("n", n).with("at", self.cursor.0 + 1),
            _ => Say::Nothing,
        }
    }
}

fn heading(buffer: &mut Buffer, area: Rect, columns: &[(&str, usize)], look: &Look<'_>) {
    let mut x = area.x;
    for (key, cells) in columns {
        if x < area.right() && area.height > 2 {
            buffer.set_string(
                x,
                area.y + 2,
                crate::text::fit(&look.words.t(key), *cells),
                look.theme.quiet(),
            );
        }
        x += u16::try_from(cells + 1).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(monday(date(2025, 3, 10)), date(2025, 3, 10));
        assert_eq!(monday(date(2025, 3, 16)), date(2025, 3, 10));
        assert_eq!(weekday(date(2025, 3, 16)), "day-7");
    }
}
