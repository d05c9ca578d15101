//! Find a person as one types: any part of a name in any order and script, a number, a birth date, a dossier's number.

use super::{
    Desk,
    widgets::{Cursor, full_name, list, put},
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{
        Cx, Effect, Look, TimerId, Tone,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Picker, date},
    i18n::Say,
    term::{Chord, Key},
    text::{fold, visible},
};
use karton_api::{
    Id,
    dossiers::Purpose,
    persons::{FoundBy, PersonHit},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// Typing rests this long before it is looked for.
const SETTLE_MS: u64 = 120;

/// The find screen; with a `head` it chooses who joins that person's household.
#[derive(Debug, Clone)]
pub struct Find {
    text: String,
    asked: String,
    hits: Vec<PersonHit>,
    more: Option<String>,
    /// Too many share the beginning of the name: not everybody was looked at.
    incomplete: bool,
    cursor: Cursor,
    waiting: bool,
    then: Option<Chord>,
    head: Option<Id<value::Person>>,
    /// For whom something that was worked out becomes an application.
    apply: Option<String>,
    /// Why the dossier is opened, where it is not the usual.
    purpose: Option<Purpose>,
}

/// Why somebody looks, with the code of the contract.
const PURPOSES: [(&str, &str, Purpose); 5] = [
    ("application", "purpose-application", Purpose::Application),
    ("inquiry", "purpose-inquiry", Purpose::Inquiry),
    ("phone", "purpose-phone", Purpose::Phone),
    ("review", "purpose-review", Purpose::Review),
    ("case", "purpose-case", Purpose::Case),
];

/// An empty one, above the screen that asks for it.
pub(super) fn open_empty(cx: &mut Cx<'_>) {
    cx.want(Effect::Push(Box::new(super::Screen::Find(Find::new(None)))));
}

impl Find {
    /// Empty.
    pub fn new(head: Option<Id<value::Person>>) -> Find {
        Find {
            text: String::new(),
            asked: String::new(),
            hits: Vec::new(),
            more: None,
            incomplete: false,
            cursor: Cursor::default(),
            waiting: false,
            then: None,
            head,
            apply: None,
            purpose: None,
        }
    }
    /// Chooses who applies for a benefit.
    pub fn to_apply(benefit: String) -> Find {
        Find {
            apply: Some(benefit),
            ..Find::new(None)
        }
    }
    /// With something typed.
    pub fn with(text: &str) -> Find {
        Find {
            text: text.to_owned(),
            ..Find::new(None)
        }
    }
    fn typed(&mut self, cx: &mut Cx<'_>) {
        self.cursor.0 = 0;
        self.then = None;
        if self.text.trim().chars().count() < 2 {
            self.hits.clear();
            cx.want(Effect::StopTimer(TimerId::Settle));
        } else {
            cx.want(Effect::Timer(TimerId::Settle, SETTLE_MS));
        }
    }
    fn ask(&mut self, cx: &mut Cx<'_>) {
        self.asked = self.text.trim().to_owned();
        self.waiting = true;
        cx.want(Effect::StopTimer(TimerId::Settle));
        cx.want(Effect::Ask(Ask::Search {
            text: self.asked.clone(),
            cursor: None,
        }));
    }
    /// What is shown is not the answer to what is typed.
    fn is_behind(&self) -> bool {
        self.waiting || self.asked != self.text.trim()
    }
    /// Whoever types ahead of the answer moves in the answer when it comes; what is typed after that comes after that.
    fn ask_and_wait(&mut self, then: Chord, cx: &mut Cx<'_>) {
        self.asked = self.text.trim().to_owned();
        self.then = Some(then);
        self.waiting = true;
        cx.want(Effect::StopTimer(TimerId::Settle));
        cx.want(Effect::Submit(Ask::Search {
            text: self.asked.clone(),
            cursor: None,
        }));
    }
    fn open(&self, cx: &mut Cx<'_>) {
        let Some(hit) = self.hits.get(self.cursor.0) else {
            return;
        };
        let person = hit.card.id;
        match self.head {
            Some(head) => cx.want(Effect::Open {
                ask: Ask::MemberForm { head, person },
                replace: true,
            }),
            None if !hit.card.in_scope => {
                cx.wrong(Say::key("not-in-scope").with("office", cx.look.words.pick(&hit.card.office.name)))
            }
            None if self.apply.is_some() => {
                cx.want(Effect::Back);
                cx.want(Effect::Tell(Box::new(Answer::Chosen(Box::new(hit.card.clone())))));
            }
            None => cx.want(Effect::Open {
                ask: match self.purpose {
                    None => Ask::Dossier { person },
                    Some(purpose) => Ask::DossierFor { person, purpose },
                },
                replace: false,
            }),
        }
    }
    fn page(look: &Look<'_>) -> usize {
        usize::from(look.size.1).saturating_sub(7)
    }
}

/// For the eye: numbers and dates, then names that have every typed word whole, then words begun, then likely typing mistakes; among
/// equals those whose dossier opens here.
fn rank(hit: &PersonHit, typed: &str) -> (u8, bool) {
    let name = &hit.card.name;
    let (family, given) = (fold(&name.family), fold(&name.given));
    let whole = |word: &str| {
        given
            .split_whitespace()
            .chain(family.split_whitespace())
            .any(|w| w == word)
    };
    let rank = match hit.found_by {
        FoundBy::Number => 0,
        FoundBy::BirthDate => 1,
        FoundBy::Name if fold(typed).split_whitespace().all(whole) => 2,
        FoundBy::Name => 3,
        FoundBy::FormerNumber | FoundBy::FormerName => 4,
        FoundBy::Typo => 5,
    };
    (rank, !hit.card.in_scope)
}

/// Those found as people look through them: by rank, then by family and given name in the order of the language's alphabet.
fn in_order(mut hits: Vec<PersonHit>, typed: &str, words: &crate::i18n::Words) -> Vec<PersonHit> {
    hits.sort_by(|a, b| {
        let (one, other) = (&a.card, &b.card);
        rank(a, typed)
            .cmp(&rank(b, typed))
            .then_with(|| words.compare(&one.name.family, &other.name.family))
            .then_with(|| words.compare(&one.name.given, &other.name.given))
            .then_with(|| one.birth_date.cmp(&other.birth_date))
    });
    hits
}

impl Desk for Find {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-find"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(if self.head.is_some() {
            "title-member"
        } else {
            "title-find"
        })
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::Open, Act::Register];
        if self.head.is_none() && self.apply.is_none() {
            acts.push(Act::List);
        }
        if self.more.is_some() || self.hits.len() > 10 {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open if self.text.trim().is_empty() => cx.wrong(Say::key("find-how")),
            Act::Open | Act::Next | Act::Previous if self.is_behind() => self.ask_and_wait(chord, cx),
            Act::Open if self.hits.is_empty() => cx.wrong(Say::key("find-none-next")),
            Act::Open => self.open(cx),
            Act::Register => {
                let ask = Ask::RegisterForm {
                    text: self.text.trim().to_owned(),
                    head: self.head,
                };
                cx.want(Effect::Open {
                    ask,
                    replace: self.head.is_some(),
                });
            }
            Act::List => {
                let list = PURPOSES.map(|(code, words, _)| Choice::new(code, Say::key(words)));
                let picker = Picker::new(Say::key("purpose-title"), list.to_vec(), "");
                cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
            }
            Act::Previous | Act::Next => {
                self.cursor.key(chord, self.hits.len(), Find::page(&cx.look));
            }
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Char(c) if !chord.ctrl && self.text.chars().count() < 100 => {
                self.text.push(c);
                self.typed(cx);
            }
            Key::Backspace => {
                self.text.pop();
                self.typed(cx);
            }
            Key::Delete => {
                self.text.clear();
                self.typed(cx);
            }
            Key::Down | Key::Up | Key::PageDown | Key::PageUp | Key::End
                if self.is_behind() && !self.text.trim().is_empty() =>
            {
                self.ask_and_wait(chord, cx);
            }
            _ => return self.cursor.key(chord, self.hits.len(), Find::page(&cx.look)),
        }
        true
    }
    fn typing(&self, _look: &Look<'_>) -> bool {
        true
    }
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        let room = 100usize.saturating_sub(self.text.chars().count());
        self.text
            .extend(text.chars().filter(|c| !c.is_control()).take(room));
        self.typed(cx);
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        if let Some((_, words, purpose)) = PURPOSES.iter().find(|(it, ..)| *it == code) {
            self.purpose = Some(*purpose);
            let why = cx.look.words.t(words);
            cx.want(Effect::Say(Say::key("purpose-now").with("why", why), Tone::Done));
        }
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        if !self.text.is_empty() {
            self.typed(cx);
        }
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Settle {
            self.ask(cx);
        }
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        self.waiting = false;
        match (ask, result) {
            (Ask::Search { text, cursor }, Ok(Answer::Found(page))) => {
                if *text != self.asked {
                    return;
                }
                if cursor.is_none() {
                    self.hits.clear();
                }
                self.hits.extend(in_order(page.items, text, cx.look.words));
                self.more = page.next;
                self.incomplete = page.incomplete;
                match self.then.take() {
                    Some(Chord { key: Key::Enter, .. }) if self.hits.is_empty() => {
                        cx.wrong(Say::key("find-none-next"))
                    }
                    Some(Chord { key: Key::Enter, .. }) => self.open(cx),
                    Some(chord) => {
                        self.cursor.key(chord, self.hits.len(), Find::page(&cx.look));
                    }
                    None => {}
                }
            }
            (_, Err(fault)) => {
                // Nobody answered: that is not to say that there is nobody. The next key asks again.
                self.then = None;
                self.asked.clear();
                cx.wrong(fault.say());
            }
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        match self.hits.get(self.cursor.0) {
            Some(hit) if hit.found_by == FoundBy::Typo => Say::key("find-typo"),
            Some(PersonHit {
                found_by: FoundBy::FormerName | FoundBy::FormerNumber,
                formerly: Some(formerly),
                ..
            }) => Say::key("find-formerly").with("formerly", formerly),
            Some(hit) if !hit.card.in_scope => Say::key("find-elsewhere"),
            Some(_) if self.incomplete => Say::key("find-incomplete"),
            Some(PersonHit {
                household: Some(role),
                ..
            }) => match &role.head {
                None => Say::key("find-head"),
                Some(head) => Say::key("find-role")
                    .with("role", look.words.pick(&role.relationship_name))
                    .with("head", full_name(head)),
            },
            _ => Say::Nothing,
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let label = look.words.t("find-label");
        put(buffer, area, 0, &label, Style::new());
        let x = area.x + u16::try_from(crate::text::width(&label)).unwrap_or(0) + 1;
        let room = usize::from(area.right().saturating_sub(x)).min(40);
        let shown = visible(&self.text);
        let from = crate::text::width(&shown).saturating_sub(room.saturating_sub(1));
        let tail: String = shown.chars().skip(from).collect();
        buffer.set_string(x, area.y, crate::text::pad(&tail, room), look.theme.field());
        let cursor = Position::new(
            x + u16::try_from(crate::text::width(&tail).min(room.saturating_sub(1))).unwrap_or(0),
            area.y,
        );
        let body = Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(3));
        if self.hits.is_empty() {
            let key = if self.text.trim().chars().count() < 2 {
                "find-how"
            } else if self.waiting || self.asked != self.text.trim() {
                return Some(cursor);
            } else {
                "find-none"
            };
            for (i, line) in crate::text::wrap(&look.words.t(key), area.width.into())
                .iter()
                .enumerate()
            {
                put(
                    buffer,
                    area,
                    2 + u16::try_from(i).unwrap_or(0),
                    line,
                    look.theme.quiet(),
                );
            }
            return Some(cursor);
        }
        let name = usize::from(area.width).saturating_sub(49).max(16);
        let mut hx = area.x;
        for (key, cells) in [
            ("col-name", name),
            ("col-id", 13),
            ("col-born", 10),
            ("col-dossier", 22),
        ] {
            buffer.set_string(hx, area.y + 2, look.words.t(key), look.theme.quiet());
            hx += u16::try_from(cells + 1).unwrap_or(0);
        }
        list(buffer, body, self.hits.len(), self.cursor, look, |i| {
            let card = &self.hits[i].card;
            let style = if card.in_scope {
                Style::new()
            } else {
                look.theme.quiet()
            };
            let number = card
                .national_id
                .as_ref()
                .map(|n| visible(&n.number))
                .unwrap_or_default();
            let dossier = if card.in_scope {
                visible(&card.dossier_number)
            } else {
                format!("· {}", visible(look.words.pick(&card.office.name)))
            };
            let dead = if card.death_date.is_some() { " †" } else { "" };
            vec![
                (format!("{}{dead}", full_name(&card.name)), name, style),
                (number, 13, style),
                (card.birth_date.map(date::show).unwrap_or_default(), 10, style),
                (dossier, 22, style),
            ]
        });
        Some(cursor)
    }
}
