//! The list of people who look alike, and of merges: what is to be judged, what was, what waits for a second officer, what stands.

use crate::{
    api::{
        Answer, Ask, Fault,
        people::{PeopleAnswer, PeopleAsk},
    },
    app::{Cx, Effect, Look, keymap::Act},
    i18n::Say,
    screens::{
        Desk,
        widgets::{Cursor, day, full_name, list, put, tabs},
    },
    term::{Chord, Key},
};
use karton_api::{
    Id,
    duplicates::{DuplicatePair, MergeState, MergeView, PairState},
    persons::PersonCard,
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// A tab is a state of pairs or of merges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Pairs(PairState),
    Merges(MergeState),
}

const TABS: [(Tab, &str); 6] = [
    (Tab::Pairs(PairState::Open), "doubles-open"),
    (Tab::Pairs(PairState::Same), "doubles-same"),
    (Tab::Pairs(PairState::Unsure), "doubles-unsure"),
    (Tab::Pairs(PairState::Different), "doubles-different"),
    (Tab::Merges(MergeState::Proposed), "merges-proposed"),
    (Tab::Merges(MergeState::Merged), "merges-merged"),
];

/// The list.
#[derive(Debug, Clone)]
pub struct DoublesScreen {
    tab: Tab,
    pairs: Vec<DuplicatePair>,
    merges: Vec<MergeView>,
    cursor: Cursor,
    /// Whose pairs these are, where they are one person's.
    person: Option<Id<value::Person>>,
}

impl DoublesScreen {
    /// Pairs of a state.
    pub fn pairs(state: PairState, pairs: Vec<DuplicatePair>) -> DoublesScreen {
        DoublesScreen {
            tab: Tab::Pairs(state),
            pairs,
            merges: Vec::new(),
            cursor: Cursor::default(),
            person: None,
        }
    }
    /// Merges of a state.
    pub fn merges(state: MergeState, merges: Vec<MergeView>) -> DoublesScreen {
        DoublesScreen {
            tab: Tab::Merges(state),
            merges,
            ..DoublesScreen::pairs(PairState::Open, Vec::new())
        }
    }
    /// Only those of one person.
    pub(in crate::screens) fn of(mut self, person: Option<Id<value::Person>>) -> DoublesScreen {
        self.person = person;
        self
    }
    fn len(&self) -> usize {
        match self.tab {
            Tab::Pairs(_) => self.pairs.len(),
            Tab::Merges(_) => self.merges.len(),
        }
    }
    fn show(&self, tab: Tab, cx: &mut Cx<'_>) {
        let ask = match tab {
            Tab::Pairs(state) => PeopleAsk::Pairs {
                state,
                person: self.person,
            },
            Tab::Merges(state) => PeopleAsk::Merges { state },
        };
        cx.want(Effect::Submit(Ask::People(ask)));
    }
}

impl Desk for DoublesScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-doubles")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.len() > 0 {
            acts.push(Act::Open);
        }
        acts.extend([Act::Refresh, Act::Find]);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => {
                let ask = match self.tab {
                    Tab::Pairs(_) => self
                        .pairs
                        .get(self.cursor.0)
                        .map(|it| PeopleAsk::Pair { id: it.id }),
                    Tab::Merges(_) => self
                        .merges
                        .get(self.cursor.0)
                        .map(|it| PeopleAsk::Merge { id: it.id }),
                };
                if let Some(ask) = ask {
                    cx.want(Effect::Open {
                        ask: Ask::People(ask),
                        replace: false,
                    });
                }
            }
            Act::Refresh => self.show(self.tab, cx),
            Act::Find => super::super::find::open_empty(cx),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let at = TABS.iter().position(|(tab, _)| *tab == self.tab).unwrap_or(0);
        let step = match chord.key {
            Key::Tab | Key::Right => 1,
            Key::BackTab | Key::Left => TABS.len() - 1,
            _ => {
                let page = usize::from(cx.look.size.1).saturating_sub(9);
                return self.cursor.key(chord, self.len(), page);
            }
        };
        self.show(TABS[(at + step) % TABS.len()].0, cx);
        true
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        self.show(self.tab, cx);
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        let at = self.cursor.0;
        match result {
            Ok(Answer::People(PeopleAnswer::Pairs(state, pairs))) => {
                *self = DoublesScreen::pairs(state, pairs).of(self.person);
            }
            Ok(Answer::People(PeopleAnswer::Merges(state, merges))) => {
                *self = DoublesScreen::merges(state, merges).of(self.person);
            }
            Err(fault) => return cx.wrong(fault.say()),
            _ => return,
        }
        self.cursor.0 = at.min(self.len().saturating_sub(1));
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let names: Vec<String> = TABS.iter().map(|(_, key)| look.words.t(key)).collect();
        let open = TABS.iter().position(|(tab, _)| *tab == self.tab).unwrap_or(0);
        tabs(buffer, area, &names, open, look);
        let says = match self.tab {
            Tab::Pairs(_) => "doubles-says",
            Tab::Merges(_) => "merges-says",
        };
        put(buffer, area, 1, &look.words.t(says), look.theme.quiet());
        let body = Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(3));
        if self.len() == 0 {
            put(buffer, body, 0, &look.words.t("doubles-none"), Style::new());
            return None;
        }
        let name = (usize::from(area.width).saturating_sub(34) / 2).min(40);
        let who = |card: &PersonCard| (full_name(&card.name), name, Style::new());
        let born = |card: &PersonCard| (day(card.birth_date), 10, look.theme.quiet());
        list(buffer, body, self.len(), self.cursor, look, |i| match self.tab {
            Tab::Pairs(_) => {
                let it = &self.pairs[i];
                let sign = if it.certain { "!" } else { "·" };
                vec![
                    (sign.to_owned(), 1, look.theme.open()),
                    who(&it.one),
                    born(&it.one),
                    who(&it.other),
                    born(&it.other),
                    (points(it.bits), 4, look.theme.quiet()),
                ]
            }
            Tab::Merges(_) => {
                let it = &self.merges[i];
                vec![
                    (
                        if it.may.is_empty() { "·" } else { "!" }.to_owned(),
                        1,
                        look.theme.open(),
                    ),
                    who(&it.goes),
                    ("→".to_owned(), 10, look.theme.quiet()),
                    who(&it.stays),
                    (
                        day(Some(it.proposed_at.to_zoned(jiff::tz::TimeZone::system()).date())),
                        10,
                        look.theme.quiet(),
                    ),
                ]
            }
        })
    }
}

/// A weight in whole points: a bit is a point.
pub(super) fn points(bits: i32) -> String {
    format!("{:+}", (bits + bits.signum() * 50) / 100)
}
