//! Finding documents by words of their content, title and file name, and by type.

use super::{
    super::{
        Desk, choices,
        widgets::{Cursor, full_name, list, put},
    },
    cells,
};
use crate::{
    api::{
        Answer, Ask, Fault,
        documents::{DocumentAnswer, DocumentAsk},
    },
    app::{Cx, Effect, Look, keymap::Act, overlay::Overlay},
    form::{Choice, Picker},
    i18n::Say,
    term::{Chord, Key},
    text::{pad, visible, width},
};
use karton_api::{catalogue::CodeList, documents::DocumentHit};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The search.
#[derive(Debug, Clone)]
pub struct FindDocuments {
    text: String,
    kinds: Vec<Choice>,
    kind: Option<usize>,
    /// What was looked for: words and type.
    asked: Option<(String, Option<String>)>,
    hits: Vec<DocumentHit>,
    more: Option<String>,
    cursor: Cursor,
}

impl FindDocuments {
    /// Empty.
    pub fn new(kinds: CodeList, look: &Look<'_>) -> FindDocuments {
        FindDocuments {
            text: String::new(),
            kinds: choices(Some(&kinds), look),
            kind: None,
            asked: None,
            hits: Vec::new(),
            more: None,
            cursor: Cursor::default(),
        }
    }
    fn code(&self) -> Option<String> {
        self.kinds.get(self.kind?).map(|choice| choice.code.clone())
    }
    fn wanted(&self) -> (String, Option<String>) {
        (self.text.trim().to_owned(), self.code())
    }
    /// What is shown is not the answer to what is typed.
    fn is_behind(&self) -> bool {
        self.asked.as_ref() != Some(&self.wanted())
    }
    fn ask(&mut self, cursor: Option<String>, cx: &mut Cx<'_>) {
        let (text, kind) = self.wanted();
        if text.is_empty() && kind.is_none() {
            return cx.wrong(Say::key("find-documents-how"));
        }
        cx.want(Effect::Submit(Ask::Documents(DocumentAsk::Search {
            text,
            kind,
            cursor,
        })));
    }
    fn page(look: &Look<'_>) -> usize {
        usize::from(look.size.1).saturating_sub(10)
    }
}

impl Desk for FindDocuments {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-find-documents")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::Open, Act::List];
        if self.more.is_some() {
            acts.push(Act::Next);
        }
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open if self.is_behind() => self.ask(None, cx),
            Act::Open => match self.hits.get(self.cursor.0) {
                Some(hit) => cx.want(Effect::Open {
                    ask: Ask::Documents(DocumentAsk::Open { id: hit.document.id }),
                    replace: false,
                }),
                None => cx.wrong(Say::key("find-documents-none")),
            },
            Act::List => {
                let none = Choice::new("-".to_owned(), Say::key("find-documents-any"));
                let list = std::iter::once(none).chain(self.kinds.iter().cloned()).collect();
                let picker = Picker::new(Say::key("file-kind"), list, "");
                cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
            }
            Act::Next if self.cursor.0 + 1 >= self.hits.len() => {
                if let Some(more) = self.more.clone() {
                    self.ask(Some(more), cx);
                }
            }
            Act::Next | Act::Previous => {
                self.cursor
                    .key(chord, self.hits.len(), FindDocuments::page(&cx.look));
            }
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Char(c) if !chord.ctrl && self.text.chars().count() < 200 => self.text.push(c),
            Key::Backspace => {
                self.text.pop();
            }
            Key::Delete => self.text.clear(),
            _ => {
                return self
                    .cursor
                    .key(chord, self.hits.len(), FindDocuments::page(&cx.look));
            }
        }
        true
    }
    fn typing(&self, _look: &Look<'_>) -> bool {
        true
    }
    fn paste(&mut self, text: &str, _cx: &mut Cx<'_>) {
        let room = 200usize.saturating_sub(self.text.chars().count());
        self.text
            .extend(text.chars().filter(|c| !c.is_control()).take(room));
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        self.kind = self.kinds.iter().position(|choice| choice.code == code);
        if !self.text.trim().is_empty() || self.kind.is_some() {
            self.ask(None, cx);
        }
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (
                Ask::Documents(DocumentAsk::Search { text, kind, cursor }),
                Ok(Answer::Documents(DocumentAnswer::Found(page))),
            ) => {
                if cursor.is_none() {
                    self.hits.clear();
                    self.cursor = Cursor::default();
                }
                self.asked = Some((text.clone(), kind.clone()));
                self.hits.extend(page.items);
                self.more = page.next;
                if self.hits.is_empty() {
                    cx.wrong(Say::key("find-documents-none"));
                }
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        match self.hits.get(self.cursor.0).and_then(|hit| hit.snippet.as_ref()) {
            Some(_) if !self.is_behind() => Say::Nothing,
            None if !self.hits.is_empty() && !self.is_behind() && !self.text.trim().is_empty() => {
                Say::raw(look.words.t("found-in-title"))
            }
            _ => Say::key("find-documents-how"),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let label = look.words.t("find-documents-label");
        put(buffer, area, 0, &label, Style::new());
        let x = area.x + u16::try_from(width(&label)).unwrap_or(0) + 1;
        let room = usize::from(area.right().saturating_sub(x)).min(50);
        let shown = visible(&self.text);
        let from = width(&shown).saturating_sub(room.saturating_sub(1));
        let tail: String = shown.chars().skip(from).collect();
        buffer.set_string(x, area.y, pad(&tail, room), look.theme.field());
        let at = u16::try_from(width(&tail).min(room.saturating_sub(1))).unwrap_or(0);
        let cursor = Position::new(x + at, area.y);
        let kind = match self.kind.and_then(|kind| self.kinds.get(kind)) {
            Some(choice) => look.words.say(&choice.label),
            None => look.words.t("find-documents-any"),
        };
        let line = format!("{}: {kind}", look.words.t("file-kind"));
        put(buffer, area, 1, &line, look.theme.quiet());
        let wide = usize::from(area.width).saturating_sub(51).max(16);
        let body = Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(6));
        list(buffer, body, self.hits.len(), self.cursor, look, |i| {
            cells(&self.hits[i].document, look, wide)
        });
        if let Some(hit) = self.hits.get(self.cursor.0) {
            let foot = Rect::new(area.x, area.bottom().saturating_sub(2), area.width, 2);
            put(
                buffer,
                foot,
                0,
                &full_name(&hit.document.person.name),
                look.theme.strong(),
            );
            if let Some(snippet) = &hit.snippet {
                let half = usize::from(area.width).saturating_sub(width(&snippet.hit) + 4) / 2;
                let before: Vec<char> = snippet.before.chars().collect();
                let before: String = before[before.len().saturating_sub(half)..].iter().collect();
                let after: String = snippet.after.chars().take(half).collect();
                let (before, hit, after) = (visible(&before), visible(&snippet.hit), visible(&after));
                let line = format!("…{before}[{hit}]{after}…");
                put(buffer, foot, 1, &line, Style::new());
            }
        }
        Some(cursor)
    }
}
