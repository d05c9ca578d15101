//! The country's classifier as a tree: branches open and close, and what is typed narrows it down to what matches and what stands above.

use super::{
    Desk,
    widgets::{Cursor, list, put},
};
use crate::{
    app::{Cx, Effect, Look, keymap::Act},
    i18n::Say,
    term::{Chord, Key},
    text::{fold, visible},
};
use karton_api::catalogue::{Code, CodeList};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};
use std::collections::BTreeSet;

/// One or more classifiers, one of them shown.
#[derive(Debug, Clone)]
pub struct Classifier {
    lists: Vec<CodeList>,
    at: usize,
    /// Codes whose branches are open.
    open: BTreeSet<String>,
    cursor: Cursor,
    typed: String,
}

/// A line of the tree.
struct Line<'a> {
    code: &'a Code,
    depth: usize,
    /// Whether anything stands below it.
    branch: bool,
}

impl Classifier {
    /// With the first one's first level open.
    pub fn new(lists: Vec<CodeList>) -> Classifier {
        let mut it = Classifier {
            lists,
            at: 0,
            open: BTreeSet::new(),
            cursor: Cursor::default(),
            typed: String::new(),
        };
        it.begin();
        it
    }
    fn codes(&self) -> &[Code] {
        self.lists.get(self.at).map_or(&[], |list| &list.codes)
    }
    fn begin(&mut self) {
        self.cursor = Cursor::default();
        self.typed.clear();
        self.open = self.tops().map(|code| code.code.clone()).collect();
    }
    /// What nothing of the list stands above.
    fn tops(&self) -> impl Iterator<Item = &Code> {
        let codes = self.codes();
        codes
            .iter()
            .filter(|code| above(code).is_none_or(|up| codes.iter().all(|it| it.code != up)))
    }
    fn below<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Code> {
        self.codes().iter().filter(move |it| above(it) == Some(code))
    }
    /// The lines as they stand, branches that are closed left out.
    fn lines(&self, look: &Look<'_>) -> Vec<Line<'_>> {
        let wanted = self.matching(look);
        let mut found = Vec::new();
        let mut stack: Vec<(&Code, usize)> = self.tops().map(|code| (code, 0)).collect();
        stack.reverse();
        while let Some((code, depth)) = stack.pop() {
            if wanted
                .as_ref()
                .is_some_and(|wanted| !wanted.contains(code.code.as_str()))
            {
                continue;
            }
            let mut children: Vec<&Code> = self.below(&code.code).collect();
            found.push(Line {
                code,
                depth,
                branch: !children.is_empty(),
            });
            if wanted.is_some() || self.open.contains(&code.code) {
                children.reverse();
                stack.extend(children.into_iter().map(|child| (child, depth + 1)));
            }
        }
        found
    }
    /// What matches the typed words, and all that stands above it; nothing where nothing is typed.
    fn matching(&self, look: &Look<'_>) -> Option<BTreeSet<&str>> {
        let typed = fold(self.typed.trim());
        if typed.is_empty() {
            return None;
        }
        let mut wanted = BTreeSet::new();
        for code in self.codes() {
            let text = fold(&format!("{} {}", code.code, look.words.pick(&code.name)));
            if !typed.split(' ').all(|word| text.contains(word)) {
                continue;
            }
            let mut at = Some(code);
            while let Some(one) = at {
                if !wanted.insert(one.code.as_str()) {
                    break;
                }
                at = above(one).and_then(|up| self.codes().iter().find(|it| it.code == up));
            }
        }
        Some(wanted)
    }
    fn turn(&mut self, open: bool, look: &Look<'_>) {
        let here = self.lines(look).get(self.cursor.0).map(|line| {
            let up = above(line.code).map(str::to_owned);
            (line.code.code.clone(), line.branch, up)
        });
        let Some((code, branch, up)) = here else { return };
        if open {
            if branch {
                self.open.insert(code);
            }
        } else if !self.open.remove(&code) || !branch {
            // On a leaf or a closed branch the cursor goes to what stands above.
            let at = up.and_then(|up| self.lines(look).iter().position(|line| line.code.code == up));
            if let Some(at) = at {
                self.cursor.0 = at;
            }
        }
    }
    fn toggle(&mut self, look: &Look<'_>) {
        let lines = self.lines(look);
        let here = lines.get(self.cursor.0);
        let closed = here.is_some_and(|line| !self.open.contains(&line.code.code));
        if here.is_some_and(|line| line.branch) {
            self.turn(closed, look);
        }
    }
    fn next(&mut self, step: usize) {
        let all = self.lists.len().max(1);
        self.at = (self.at + step) % all;
        self.begin();
    }
}

fn above(code: &Code) -> Option<&str> {
    code.more.get("parent").map(String::as_str)
}

impl Desk for Classifier {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-classifier")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::Open];
        if self.lists.len() > 1 {
            acts.extend([Act::Next, Act::Previous]);
        }
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => self.toggle(&cx.look),
            Act::Next => self.next(1),
            Act::Previous => self.next(self.lists.len().max(1) - 1),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Right => self.turn(true, &cx.look),
            Key::Left => self.turn(false, &cx.look),
            Key::Backspace => {
                self.typed.pop();
                self.cursor = Cursor::default();
            }
            Key::Char(c) if !chord.ctrl => {
                if self.typed.chars().count() < 60 {
                    self.typed.push(c);
                }
                self.cursor = Cursor::default();
            }
            _ => {
                let lines = self.lines(&cx.look).len();
                return self.cursor.key(chord, lines, 15);
            }
        }
        true
    }
    fn typing(&self, _look: &Look<'_>) -> bool {
        true
    }
    fn status(&self, look: &Look<'_>) -> Say {
        Say::key("classifier-count").with("count", self.lines(look).len())
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let says = if self.typed.is_empty() {
            look.words.t("classifier-says")
        } else {
            look.words
                .say(&Say::key("classifier-typed").with("text", visible(&self.typed)))
        };
        put(buffer, area, 0, &says, look.theme.quiet());
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        let lines = self.lines(look);
        if lines.is_empty() {
            put(
                buffer,
                body,
                0,
                &look.words.t("classifier-nothing"),
                look.theme.open(),
            );
            return None;
        }
        let narrowed = !self.typed.trim().is_empty();
        let width = usize::from(area.width).saturating_sub(14);
        list(buffer, body, lines.len(), self.cursor, look, |i| {
            let line = &lines[i];
            let sign = match (line.branch, narrowed || self.open.contains(&line.code.code)) {
                (false, _) => "·",
                (true, true) => "-",
                (true, false) => "+",
            };
            let name = format!(
                "{}{sign} {}",
                "  ".repeat(line.depth.min(8)),
                visible(look.words.pick(&line.code.name))
            );
            let style = if line.branch {
                look.theme.strong()
            } else {
                Style::new()
            };
            vec![
                (name, width, style),
                (visible(&line.code.code), 12, look.theme.quiet()),
            ]
        })
    }
}
