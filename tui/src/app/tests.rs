//! The whole client against a fake server in virtual time: keys in, calls and pictures out.

use super::{
    App, Cmd, Demo, DemoFamily, DemoOfficer, JobId, Msg, Start, TimerId,
    keymap::{action, chords},
    view,
};
use crate::{
    api::{Ask, fake::Fake},
    i18n::Lang,
    screens::Screen,
    term::{Caps, Chord, Key, Painter},
    theme::Theme,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use serde_json::Value;
use std::{cell::RefCell, collections::BTreeMap};

fn demo() -> Demo {
    let officer = |user: &str, label: &str| DemoOfficer {
        user: user.into(),
        password: "lozinka".into(),
        label: label.into(),
        roles: vec![],
        office: "CSR-01".into(),
    };
    let says = [
        ("cnr", "četvoročlana porodica bez prihoda"),
        ("en", "a family of four without income"),
    ];
    Demo {
        officers: vec![
            officer("ana", "Ana Vuković, referent"),
            officer("ivan", "Ivan Radulović, rukovodilac"),
        ],
        families: vec![DemoFamily {
            name: "Marija Perović".into(),
            number: "1506990205137".into(),
            says: says.map(|(l, t)| (l.to_owned(), t.to_owned())).into(),
        }],
    }
}

/// A desk with the client on it: virtual time, a fake server, a terminal that shows what was written.
pub(super) struct Desk_ {
    pub(super) app: App,
    pub(super) fake: RefCell<Fake>,
    now: u64,
    latency: Box<dyn FnMut() -> u64>,
    calls: Vec<(u64, JobId, Ask)>,
    timers: BTreeMap<TimerId, u64>,
    pub(super) journal: BTreeMap<String, Value>,
    pub(super) cmds: Vec<Cmd>,
}

impl Desk_ {
    pub(super) fn new(lang: Lang, size: (u16, u16), mono: bool) -> Desk_ {
        let app = App::new(Start {
            size,
            theme: Theme {
                mono,
                ..Theme::default()
            },
            lang,
            lang_said: true,
            server: "http://127.0.0.1:8640".into(),
            secrets: "secrets-memory",
            today: jiff::civil::date(2026, 1, 1),
            demo: demo(),
            lock_minutes: 15,
            seed: 7,
        });
        Desk_ {
            app,
            fake: RefCell::default(),
            now: 0,
            latency: Box::new(|| 0),
            calls: Vec::new(),
            timers: BTreeMap::new(),
            journal: BTreeMap::new(),
            cmds: Vec::new(),
        }
    }
    pub(super) fn plain(lang: Lang) -> Desk_ {
        let mut desk = Desk_::new(lang, (80, 24), false);
        desk.app.theme.plain = true;
        let cmds = desk.app.begin(None);
        desk.run(cmds);
        desk.settle();
        desk
    }
    pub(super) fn home() -> Desk_ {
        Desk_::home_in(Lang::CNR, (80, 24), false)
    }
    pub(super) fn home_in(lang: Lang, size: (u16, u16), mono: bool) -> Desk_ {
        let mut desk = Desk_::new(lang, size, mono);
        let cmds = desk.app.begin(None);
        desk.run(cmds);
        desk.settle();
        assert!(matches!(desk.app.screen(), Screen::Home(_)));
        desk
    }
    pub(super) fn slow(mut self, latency: impl FnMut() -> u64 + 'static) -> Desk_ {
        self.latency = Box::new(latency);
        self
    }
    fn run(&mut self, cmds: Vec<Cmd>) {
        for cmd in cmds {
            self.cmds.push(cmd.clone());
            match cmd {
                Cmd::Call(job, ask) => {
                    let due = self.now + (self.latency)();
                    self.calls.push((due, job, ask));
                }
                Cmd::Cancel(job) => self.calls.retain(|(_, j, _)| *j != job),
                Cmd::Timer(timer, ms) => {
                    self.timers.insert(timer, self.now + ms);
                }
                Cmd::StopTimer(timer) => {
                    self.timers.remove(&timer);
                }
                Cmd::Draft(key, Some(body)) => {
                    self.journal.insert(key, body);
                }
                Cmd::Draft(key, None) => {
                    self.journal.remove(&key);
                }
                _ => {}
            }
        }
    }
    fn msg(&mut self, msg: Msg) {
        let cmds = self.app.update(msg);
        self.run(cmds);
        self.no_key_twice();
    }
    /// Wherever the keys of a test lead: no two things that can be done there have the same key.
    fn no_key_twice(&self) {
        let typing = crate::screens::Desk::typing(self.app.screen(), &self.app.look());
        let acts = self.app.acts();
        for (i, act) in acts.iter().enumerate() {
            let one = action(*act);
            for other in acts[..i].iter().map(|other| action(*other)) {
                let letter = !typing && one.letter.is_some() && one.letter == other.letter;
                let chord = one.chord.is_some() && one.chord == other.chord;
                assert!(!letter && !chord, "{:?} and {:?}", one.act, other.act);
            }
        }
    }
    /// Lets time pass; everything due happens in order.
    pub(super) fn pass(&mut self, ms: u64) {
        let end = self.now + ms;
        loop {
            let call = self
                .calls
                .iter()
                .enumerate()
                .map(|(i, (due, _, _))| (*due, i))
                .min();
            let timer = self.timers.iter().map(|(t, due)| (*due, *t)).min();
            let next = [call.map(|c| c.0), timer.map(|t| t.0)]
                .into_iter()
                .flatten()
                .min();
            let Some(due) = next.filter(|d| *d <= end) else {
                break;
            };
            self.now = self.now.max(due);
            match (call, timer) {
                (Some((c, i)), t) if t.is_none_or(|t| c <= t.0) => {
                    let (_, job, ask) = self.calls.remove(i);
                    let result = self.fake.borrow_mut().answer(ask);
                    self.msg(Msg::Done(job, Box::new(result)));
                }
                (_, Some((_, timer))) => {
                    self.timers.remove(&timer);
                    self.msg(Msg::Timer(timer));
                }
                _ => break,
            }
        }
        self.now = end;
    }
    /// Until nothing is under way.
    pub(super) fn settle(&mut self) {
        self.pass(4000);
    }
    pub(super) fn press(&mut self, keys: &str) {
        for chord in chords(keys) {
            self.msg(Msg::Key(chord));
            self.pass(0);
        }
    }
    /// Keys, then whatever they bring.
    pub(super) fn keys(&mut self, keys: &str) {
        self.press(keys);
        self.settle();
    }
    pub(super) fn draw(&self) -> (Buffer, Option<Position>) {
        let (w, h) = self.app.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, w, h));
        let cursor = view::draw(&self.app, &mut buffer);
        (buffer, cursor)
    }
    /// The screen as text, the cursor's place below it.
    pub(super) fn picture(&self) -> String {
        let (buffer, cursor) = self.draw();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            for x in 0..buffer.area.width {
                line.push_str(buffer[(x, y)].symbol());
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.push_str(&format!(
            "cursor {cursor:?}\n",
            cursor = cursor.map(|c| (c.x, c.y))
        ));
        out
    }
    pub(super) fn sees(&self, text: &str) -> bool {
        self.picture().contains(text)
    }
    pub(super) fn asked(&self, f: impl Fn(&Ask) -> bool) -> usize {
        self.fake.borrow().asked.iter().filter(|a| f(a)).count()
    }
}

mod admin;
mod beside;
mod changes;
mod course;
mod documents;
mod hurried;
mod later;
mod organisations;
mod papers;
mod people;
mod pictures;
mod robot;
mod second;
mod steps;
mod visits;
mod window;

/// A frame's bytes after each key.
struct Wire {
    painter: Painter,
}
impl Wire {
    fn on(desk: &Desk_) -> Wire {
        let mut wire = Wire {
            painter: Painter::new(Caps::XTERM, desk.app.size.0, desk.app.size.1),
        };
        wire.frame(desk);
        wire
    }
    fn frame(&mut self, desk: &Desk_) -> usize {
        let (buffer, cursor) = desk.draw();
        self.painter.paint(&buffer, cursor).len()
    }
}
