//! The client's heart: what it knows, what a message changes, and what it then wants from the world. Pure: no network,
//! no terminal, no clock; `update` returns what it wants as data and a test reads it like a letter.

pub mod keymap;
mod message;
pub mod overlay;
#[cfg(test)]
mod tests;
pub mod view;

use crate::{
    api::{Answer, Ask, Fault, SignedIn, admin::AdminAsk},
    form::{Choice, Picker},
    i18n::{Lang, Say, Words},
    screens::{Desk, Screen, SignIn, only_admin},
    term::{Chord, Key},
    theme::Theme,
};
use keymap::Act;
pub use message::{Cmd, Cx, Demo, DemoFamily, DemoOfficer, Effect, JobId, Look, Msg, Start, TimerId, Tone};
use overlay::{Confirm, Overlay};
use serde_json::Value;
use std::{
    collections::{BTreeMap, VecDeque},
    rc::Rc,
};

/// A call that the clerk waits for, and the keys pressed meanwhile.
#[derive(Debug, Clone)]
struct Waiting {
    job: JobId,
    ask: Ask,
    stay: Option<u64>,
    replace: bool,
    keys: VecDeque<Typed>,
    seconds: Option<u32>,
}
#[derive(Debug, Clone, PartialEq)]
enum Typed {
    Key(Chord),
    Text(String),
}
/// So many keys typed ahead are kept.
pub const TYPE_AHEAD: usize = 256;

#[derive(Debug, Clone)]
struct Layer {
    id: u64,
    screen: Screen,
}

/// Everything the client knows.
#[derive(Debug, Clone)]
pub struct App {
    size: (u16, u16),
    theme: Theme,
    words: Rc<Words>,
    lang_said: bool,
    server: String,
    secrets: &'static str,
    today: karton_api::Date,
    session: Option<SignedIn>,
    demo: Demo,
    stack: Vec<Layer>,
    overlay: Option<Overlay>,
    waiting: Option<Waiting>,
    background: BTreeMap<JobId, (u64, Ask)>,
    message: Option<(Say, Tone)>,
    offline: bool,
    /// Something that must happen once and whose answer nobody heard.
    unheard: Option<Ask>,
    drafts: BTreeMap<String, Value>,
    answers: BTreeMap<String, String>,
    lock_minutes: u16,
    last_id: u64,
    seed: u64,
}

impl App {
    /// The client at its sign-in screen.
    pub fn new(start: Start) -> App {
        App {
            size: start.size,
            theme: start.theme,
            words: Rc::new(Words::of(start.lang)),
            lang_said: start.lang_said,
            server: start.server,
            secrets: start.secrets,
            today: start.today,
            session: None,
            demo: start.demo,
            stack: vec![Layer {
                id: 0,
                screen: Screen::SignIn(SignIn::new("")),
            }],
            overlay: None,
            waiting: None,
            background: BTreeMap::new(),
            message: None,
            offline: false,
            unheard: None,
            drafts: BTreeMap::new(),
            answers: BTreeMap::new(),
            lock_minutes: start.lock_minutes,
            last_id: 0,
            seed: start.seed,
        }
    }
    /// Signs in with a token that was kept, or as the first officer of the demo.
    pub fn begin(&mut self, token: Option<String>) -> Vec<Cmd> {
        let mut cmds = Vec::new();
        if token.is_some() {
            cmds.push(Cmd::Token(token));
            self.wait(Ask::Session, None, true, &mut cmds);
        } else if let Some(officer) = self.demo.officers.first().cloned() {
            self.wait(
                Ask::SignIn {
                    user: officer.user,
                    password: officer.password,
                    office: None,
                },
                None,
                true,
                &mut cmds,
            );
        }
        cmds
    }
    /// The screen on top.
    pub fn screen(&self) -> &Screen {
        // The stack is never empty: what would empty it puts the sign-in screen there.
        &self.stack[self.stack.len() - 1].screen
    }
    /// Whether a call is waited for.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }
    /// What screens look at.
    pub fn look(&self) -> Look<'_> {
        Look {
            words: &self.words,
            theme: self.theme,
            today: self.today,
            session: self.session.as_ref(),
            drafts: &self.drafts,
            answers: &self.answers,
            demo: &self.demo,
            server: &self.server,
            secrets: self.secrets,
            size: self.size,
        }
    }

    /// Takes what happened; gives what is wanted.
    pub fn update(&mut self, msg: Msg) -> Vec<Cmd> {
        let mut cmds = Vec::new();
        match msg {
            Msg::Key(chord) => {
                self.rest(&mut cmds);
                self.typed(Typed::Key(chord), &mut cmds);
            }
            Msg::Paste(text) => self.typed(Typed::Text(text), &mut cmds),
            Msg::Resize(width, height) => self.size = (width, height),
            Msg::Done(job, result) => self.done(job, *result, &mut cmds),
            Msg::Timer(timer) => self.timer(timer, &mut cmds),
            Msg::Drafts(drafts) => self.drafts = drafts,
            Msg::Written(Ok(path)) => {
                self.say(Say::key("file-written").with("path", path), Tone::Done, &mut cmds)
            }
            Msg::Written(Err(why)) => self.say(
                Say::key("file-not-written").with("why", why),
                Tone::Wrong,
                &mut cmds,
            ),
        }
        cmds
    }

    fn typed(&mut self, typed: Typed, cmds: &mut Vec<Cmd>) {
        // What stands over the screen to be read is closed first; what is waited for behind it goes on.
        if matches!(self.overlay, Some(Overlay::Text { .. })) && typed == Typed::Key(Chord::of(Key::Esc)) {
            self.overlay = None;
            return;
        }
        if let Some(waiting) = &mut self.waiting {
            match typed {
                Typed::Key(Chord { key: Key::Esc, .. }) => self.stop_waiting(cmds),
                Typed::Key(chord) if chord == Chord::ctrl('q') => cmds.push(Cmd::Quit),
                other if waiting.keys.len() < TYPE_AHEAD => waiting.keys.push_back(other),
                _ => cmds.push(Cmd::Bell),
            }
            return;
        }
        match typed {
            Typed::Key(chord) => self.key(chord, cmds),
            Typed::Text(text) => self.paste(&text, cmds),
        }
    }

    /// Esc while waiting: nobody waits any more, but what was sent may have been done.
    fn stop_waiting(&mut self, cmds: &mut Vec<Cmd>) {
        let Some(waiting) = self.waiting.take() else {
            return;
        };
        cmds.push(Cmd::Cancel(waiting.job));
        cmds.push(Cmd::StopTimer(TimerId::Busy));
        if waiting.ask.changes() {
            self.unheard = Some(waiting.ask.clone());
        }
        let say = if waiting.ask.changes() {
            Say::key("stopped-maybe-saved")
        } else {
            Say::key("stopped")
        };
        self.say(say, Tone::Note, cmds);
        if !waiting.keys.is_empty() {
            cmds.push(Cmd::Bell);
        }
    }

    fn key(&mut self, chord: Chord, cmds: &mut Vec<Cmd>) {
        if self.message.take().is_some() {
            cmds.push(Cmd::StopTimer(TimerId::Message));
        }
        if self.overlay.is_some() {
            return match chord == Chord::ctrl('q') {
                true => cmds.push(Cmd::Quit),
                false => self.overlay_key(chord, cmds),
            };
        }
        let open = self.acts();
        let typing = self.screen().typing(&self.look());
        match keymap::meaning(chord, &open, typing, self.words.lang().cyrillic()) {
            Some(act) => self.act(act, chord, cmds),
            None => self.with_screen(cmds, |screen, cx| {
                if !screen.key(chord, cx) {
                    cx.want(Effect::Bell);
                }
            }),
        }
    }
    fn paste(&mut self, text: &str, cmds: &mut Vec<Cmd>) {
        match &mut self.overlay {
            Some(overlay) => overlay.paste(text),
            None => self.with_screen(cmds, |screen, cx| screen.paste(text, cx)),
        }
    }

    /// What can be done now: the screen's own first.
    pub fn acts(&self) -> Vec<Act> {
        let mut acts = self.screen().acts(&self.look());
        let signed_in =
            self.session.is_some() && !matches!(self.screen(), Screen::SignIn(_) | Screen::NewPassword(_));
        acts.extend([Act::Help, Act::Palette, Act::Menu]);
        let stays = match self.screen() {
            Screen::SignIn(s) => !s.may_leave(),
            Screen::NewPassword(_) => true,
            _ => false,
        };
        if self.stack.len() > 1 && !stays {
            acts.push(Act::Back);
        }
        if signed_in {
            acts.extend([Act::Home, Act::Profile]);
            // An administrator opens no dossiers, so that a call about one is not theirs to answer.
            if self.session.as_ref().is_some_and(|s| !only_admin(&s.roles))
                && !matches!(self.screen(), Screen::Phone(_))
            {
                acts.push(Act::Phone);
            }
            acts.push(Act::SwitchOfficer);
            if self.session.as_ref().is_some_and(|s| s.offices.len() > 1) {
                acts.push(Act::SwitchOffice);
            }
            acts.extend([Act::Lock, Act::SignOut]);
        }
        acts.extend([Act::Language, Act::Quit]);
        let mut once = Vec::new();
        for act in acts {
            if !once.contains(&act) {
                once.push(act);
            }
        }
        once
    }

    /// Does it: what concerns the whole client here, everything else on the screen.
    fn act(&mut self, act: Act, chord: Chord, cmds: &mut Vec<Cmd>) {
        match act {
            Act::Help => {
                self.overlay = Some(Overlay::help(
                    self.screen().help(&self.look()),
                    self.acts(),
                    self.screen().typing(&self.look()),
                ))
            }
            Act::Palette | Act::Menu => {
                let keep = |a: &Act| !matches!(a, Act::Palette | Act::Menu);
                let acts: Vec<Act> = self.acts().into_iter().filter(keep).collect();
                self.overlay = Some(Overlay::commands(act == Act::Menu, &acts));
            }
            Act::Language => {
                let country = self.session.as_ref().and_then(|session| session.country.as_ref());
                let next = self
                    .words
                    .lang()
                    .next(country.map_or(&[], |country| &country.languages));
                self.words = Rc::new(Words::of(next));
                self.lang_said = true;
                self.say(Say::key("language-now"), Tone::Done, cmds);
            }
            Act::Back => self.with_screen(cmds, |screen, cx| screen.leave(cx)),
            Act::Home => self.home(cmds),
            Act::Profile => self.push(Screen::profile(), cmds),
            Act::Phone => {
                if !matches!(self.screen(), Screen::Phone(_)) {
                    self.push(Screen::Phone(Box::default()), cmds);
                }
            }
            // On a shared computer the next officer types who it is; what the first one typed stays sealed under their name.
            Act::SwitchOfficer if self.demo.officers.len() < 2 => {
                self.overlay = None;
                self.push(Screen::SignIn(SignIn::next()), cmds);
            }
            Act::SwitchOfficer => {
                let list = self.demo.officers.iter().map(|o| Choice {
                    note: Say::raw(o.user.clone()),
                    ..Choice::new(o.user.clone(), Say::raw(o.says(&self.words)))
                });
                let now = self.session.as_ref().map_or("", |s| s.user.as_str());
                self.overlay = Some(Overlay::Officers(Picker::new(
                    Say::key("act-switch-officer"),
                    list.collect(),
                    now,
                )));
            }
            Act::SwitchOffice => self.offices(None),
            Act::Lock => self.lock(cmds),
            Act::SignOut => {
                self.session = None;
                self.wait(Ask::SignOut, None, true, cmds);
            }
            Act::Quit => cmds.push(Cmd::Quit),
            act => self.with_screen(cmds, |screen, cx| screen.act(act, chord, cx)),
        }
    }

    /// Asks in which of the officer's offices the work is done; with the password where it was typed just now.
    fn offices(&mut self, password: Option<String>) {
        let Some(session) = self.session.as_ref().filter(|s| s.offices.len() > 1) else {
            return;
        };
        let choice = |o: &karton_api::common::OfficeRef| Choice {
            note: Say::raw(o.code.clone()),
            ..Choice::new(o.code.clone(), Say::table(&o.name))
        };
        let picker = Picker::new(
            Say::key("offices-title"),
            session.offices.iter().map(choice).collect(),
            &session.office.code,
        );
        self.overlay = Some(Overlay::Offices(picker, password));
    }
    /// To work in another office is to sign in there; who has not typed the password just now types it.
    fn go_to_office(&mut self, office: String, password: Option<String>, cmds: &mut Vec<Cmd>) {
        let Some(session) = self.session.as_ref().filter(|s| s.office.code != office) else {
            return;
        };
        let user = session.user.clone();
        let known = self
            .demo
            .officers
            .iter()
            .find(|o| o.user == user)
            .map(|o| o.password.clone());
        match password.or(known) {
            Some(password) => {
                let office = Some(office);
                let ask = Ask::SignIn {
                    user,
                    password,
                    office,
                };
                self.wait(ask, None, true, cmds);
            }
            None => {
                let there = session.offices.iter().find(|o| o.code == office).cloned();
                if let Some(there) = there {
                    self.push(Screen::SignIn(SignIn::at_office(&user, there)), cmds);
                }
            }
        }
    }

    fn lock(&mut self, cmds: &mut Vec<Cmd>) {
        match self.screen() {
            // Going to another office can be given up with Esc, a lock cannot.
            Screen::SignIn(s) if s.may_leave() => self.drop_top(cmds),
            Screen::SignIn(_) => return,
            _ => {}
        }
        let user = self.session.as_ref().map_or(String::new(), |s| s.user.clone());
        self.overlay = None;
        let mut screen = SignIn::locked(&user);
        if let Some(session) = &self.session {
            screen = screen.in_office(&session.office);
        }
        self.push(Screen::SignIn(screen), cmds);
    }

    fn overlay_key(&mut self, chord: Chord, cmds: &mut Vec<Cmd>) {
        let Some(mut overlay) = self.overlay.take() else {
            return;
        };
        let look = self.look();
        let did = overlay.key(chord, &look);
        match did {
            overlay::Did::Stay => self.overlay = Some(overlay),
            overlay::Did::Refused(say) => {
                self.overlay = Some(overlay);
                self.say(say, Tone::Wrong, cmds);
            }
            overlay::Did::Closed => {}
            overlay::Did::Act(act) => {
                let chord = keymap::action(act).chord.unwrap_or(chord);
                self.act(act, chord, cmds);
            }
            overlay::Did::Chosen(code) => self.with_screen(cmds, |screen, cx| screen.chosen(&code, cx)),
            overlay::Did::Rows(rows) => self.with_screen(cmds, |screen, cx| screen.rows(rows, cx)),
            overlay::Did::Confirmed(act) => self.with_screen(cmds, |screen, cx| screen.confirmed(act, cx)),
            overlay::Did::Office(office, password) => self.go_to_office(office, password, cmds),
            overlay::Did::Officer(user) => {
                if let Some(officer) = self.demo.officers.iter().find(|o| o.user == user).cloned() {
                    self.wait(
                        Ask::SignIn {
                            user: officer.user,
                            password: officer.password,
                            office: None,
                        },
                        None,
                        true,
                        cmds,
                    );
                }
            }
        }
    }

    fn timer(&mut self, timer: TimerId, cmds: &mut Vec<Cmd>) {
        match timer {
            TimerId::Busy => {
                if let Some(waiting) = &mut self.waiting {
                    waiting.seconds = Some(waiting.seconds.map_or(0, |s| s + 1));
                    let first = waiting.seconds == Some(0);
                    cmds.push(Cmd::Timer(TimerId::Busy, if first { 700 } else { 1000 }));
                }
            }
            TimerId::Message => self.message = None,
            TimerId::Idle => self.lock(cmds),
            TimerId::Settle | TimerId::Poll => self.with_screen(cmds, |screen, cx| screen.timer(timer, cx)),
        }
    }

    /// A key was pressed: the time until the screen locks begins again.
    fn rest(&self, cmds: &mut Vec<Cmd>) {
        if self.lock_minutes > 0 && self.session.is_some() {
            cmds.push(Cmd::Timer(TimerId::Idle, u64::from(self.lock_minutes) * 60_000));
        }
    }

    fn done(&mut self, job: JobId, result: Result<Answer, Fault>, cmds: &mut Vec<Cmd>) {
        self.offline = matches!(result, Err(Fault::Offline(_)));
        if self.waiting.as_ref().is_some_and(|w| w.job == job) {
            if let Some(waiting) = self.waiting.take() {
                cmds.push(Cmd::StopTimer(TimerId::Busy));
                self.answered(waiting, result, cmds);
            }
        } else if let Some((layer, ask)) = self.background.remove(&job) {
            // What is asked beside the typing tells of a session's end too; nobody goes on typing against a closed door.
            let ended = matches!(&result, Err(Fault::Problem(problem)) if problem.status == 401);
            if ended && self.session.is_some() {
                self.session_ended(cmds);
            }
            // The screen below may still want to hear it; a screen that is gone does not.
            if self.stack.iter().any(|l| l.id == layer) {
                self.with_layer(layer, cmds, |screen, cx| screen.answer(&ask, result, cx));
            }
        }
    }

    fn answered(&mut self, waiting: Waiting, result: Result<Answer, Fault>, cmds: &mut Vec<Cmd>) {
        let Waiting {
            ask,
            stay,
            replace,
            keys,
            ..
        } = waiting;
        if ask.changes() {
            let heard = match &result {
                Ok(_) => true,
                Err(Fault::Problem(problem)) => problem.status < 500,
                Err(Fault::Offline(_) | Fault::Unreadable(_)) => false,
            };
            self.unheard = (!heard).then(|| ask.clone());
        }
        // Keys typed while it was asked which fields apply are typed into the form in any case.
        let ok = result.is_ok() || matches!(ask, Ask::Preview(_) | Ask::Previews(_));
        match (result, stay) {
            (Ok(Answer::SignedIn(session)), _) => self.signed_in(*session, &ask, cmds),
            (Ok(Answer::SignedOut), _) | (Err(_), None) if ask == Ask::SignOut => self.signed_out(cmds),
            (Err(Fault::Problem(problem)), _)
                if problem.status == 401 && !matches!(ask, Ask::SignIn { .. }) =>
            {
                self.session_ended(cmds);
            }
            (result, Some(layer)) => {
                self.with_layer(layer, cmds, |screen, cx| screen.answer(&ask, result, cx))
            }
            (Ok(answer), None) => {
                let opened = {
                    let mut cx = Cx {
                        look: self.look(),
                        out: Vec::new(),
                        seed: &mut 0,
                    };
                    let screen = Screen::open(&ask, answer, &mut cx);
                    (screen, cx.out)
                };
                if let Some(screen) = opened.0 {
                    if replace && self.stack.len() > 1 {
                        self.drop_top(cmds);
                    }
                    self.push(screen, cmds);
                    self.effects(self.top(), opened.1, cmds);
                }
            }
            (Err(fault), None) => self.say(fault.say(), Tone::Wrong, cmds),
        }
        if ok {
            for typed in keys {
                self.typed(typed, cmds);
            }
        } else if !keys.is_empty() {
            self.say_dropped(keys.len(), cmds);
        }
    }
    /// The server knows nothing of this session any more: whoever sits here signs in again above their work.
    fn session_ended(&mut self, cmds: &mut Vec<Cmd>) {
        if matches!(self.screen(), Screen::SignIn(_)) {
            cmds.push(Cmd::Token(None));
        } else {
            self.lock(cmds);
        }
        self.say(Say::key("session-ended"), Tone::Wrong, cmds);
    }
    fn say_dropped(&mut self, n: usize, cmds: &mut Vec<Cmd>) {
        if self.message.is_none() {
            self.say(Say::key("keys-dropped").with("n", n), Tone::Wrong, cmds);
        } else {
            cmds.push(Cmd::Bell);
        }
    }

    fn signed_in(&mut self, session: SignedIn, ask: &Ask, cmds: &mut Vec<Cmd>) {
        if let Some(token) = &session.token {
            cmds.push(Cmd::Token(Some(token.clone())));
        }
        self.today = session.today.unwrap_or(self.today);
        let resumed = matches!(self.screen(), Screen::SignIn(s) if s.is_locked())
            && self
                .session
                .as_ref()
                .is_some_and(|old| old.user == session.user && old.office == session.office);
        // Who names no office gets the first one, and is asked where there are several.
        let asks = matches!(ask, Ask::SignIn { office: None, .. }) && session.offices.len() > 1;
        let must_change = session.must_change_password;
        let typed = if let Ask::SignIn { password, .. } = ask {
            password.clone()
        } else {
            String::new()
        };
        // The country's first language, unless somebody asked for one that it has.
        let languages = session
            .country
            .as_ref()
            .map_or(&[][..], |country| &country.languages);
        let has = |lang: Lang| languages.iter().any(|code| code == lang.code());
        if (!self.lang_said || !has(self.words.lang()))
            && let Some(first) = languages
                .iter()
                .find_map(|code| Lang::of(code).filter(|lang| has(*lang)))
        {
            self.words = Rc::new(Words::of(first));
        }
        self.session = Some(session);
        self.rest(cmds);
        if resumed {
            self.drop_top(cmds);
        } else if must_change {
            self.clear(cmds);
            self.push(Screen::new_password(&typed), cmds);
        } else {
            self.clear(cmds);
            // Until their own list is there nobody sees the former officer's under their name.
            if let Some(bottom) = self.stack.first_mut() {
                bottom.screen = Screen::Gone;
            }
            self.wait(self.first_ask(), None, false, cmds);
            if asks {
                self.offices(Some(typed));
            }
        }
    }
    fn signed_out(&mut self, cmds: &mut Vec<Cmd>) {
        self.session = None;
        self.answers.clear();
        self.clear(cmds);
        cmds.push(Cmd::Token(None));
        cmds.push(Cmd::StopTimer(TimerId::Idle));
        self.push(Screen::SignIn(SignIn::new("")), cmds);
    }
    /// Away with all screens; whoever calls puts one there.
    fn clear(&mut self, cmds: &mut Vec<Cmd>) {
        self.overlay = None;
        while self.stack.len() > 1 {
            self.drop_top(cmds);
        }
    }
    /// What the start screen shows: an administrator's desk, or the tasks.
    fn first_ask(&self) -> Ask {
        match &self.session {
            Some(session) if only_admin(&session.roles) => Ask::Admin(AdminAsk::Accounts),
            _ => Ask::home(),
        }
    }
    fn is_start(&self) -> bool {
        matches!(self.screen(), Screen::Home(_))
            || (matches!(self.screen(), Screen::Admin(_))
                && self.session.as_ref().is_some_and(|s| only_admin(&s.roles)))
    }
    fn home(&mut self, cmds: &mut Vec<Cmd>) {
        while self.stack.len() > 1 && !self.is_start() {
            self.drop_top(cmds);
        }
        if self.is_start() {
            self.with_screen(cmds, |screen, cx| {
                screen.act(Act::Refresh, Chord::of(Key::F(5)), cx)
            });
        } else {
            self.wait(self.first_ask(), None, false, cmds);
        }
    }

    fn top(&self) -> u64 {
        self.stack[self.stack.len() - 1].id
    }
    fn push(&mut self, screen: Screen, cmds: &mut Vec<Cmd>) {
        self.last_id += 1;
        let layer = Layer {
            id: self.last_id,
            screen,
        };
        // The sign-in screen at the bottom gives way to the first real one, and what begins anew leaves nothing below it.
        let anew = match &layer.screen {
            Screen::Home(_) | Screen::NewPassword(_) => true,
            Screen::Admin(_) => self.session.as_ref().is_some_and(|s| only_admin(&s.roles)),
            Screen::SignIn(sign_in) => !sign_in.is_locked(),
            _ => {
                self.stack.len() == 1
                    && matches!(self.stack[0].screen, Screen::SignIn(_) | Screen::NewPassword(_))
            }
        };
        if anew {
            self.stack.clear();
        }
        self.stack.push(layer);
        let id = self.top();
        self.with_layer(id, cmds, |screen, cx| screen.entered(cx));
    }
    fn drop_top(&mut self, cmds: &mut Vec<Cmd>) {
        if self.stack.len() < 2 {
            return;
        }
        if let Some(layer) = self.stack.pop() {
            let gone: Vec<JobId> = self
                .background
                .iter()
                .filter(|(_, (l, _))| *l == layer.id)
                .map(|(j, _)| *j)
                .collect();
            for job in gone {
                self.background.remove(&job);
                cmds.push(Cmd::Cancel(job));
            }
            cmds.push(Cmd::StopTimer(TimerId::Settle));
            cmds.push(Cmd::StopTimer(TimerId::Poll));
        }
    }

    fn wait(&mut self, ask: Ask, stay: Option<u64>, replace: bool, cmds: &mut Vec<Cmd>) {
        let ask = ask.again(self.unheard.as_ref());
        self.last_id += 1;
        let job = JobId(self.last_id);
        // Keys typed ahead of a call that opens another one go on to it.
        let keys = self.waiting.take().map(|w| w.keys).unwrap_or_default();
        cmds.push(Cmd::Call(job, ask.clone()));
        cmds.push(Cmd::Timer(TimerId::Busy, 300));
        self.waiting = Some(Waiting {
            job,
            ask,
            stay,
            replace,
            keys,
            seconds: None,
        });
    }

    fn with_screen(&mut self, cmds: &mut Vec<Cmd>, f: impl FnOnce(&mut Screen, &mut Cx<'_>)) {
        self.with_layer(self.top(), cmds, f);
    }
    fn with_layer(&mut self, id: u64, cmds: &mut Vec<Cmd>, f: impl FnOnce(&mut Screen, &mut Cx<'_>)) {
        let Some(at) = self.stack.iter().position(|l| l.id == id) else {
            return;
        };
        let mut seed = self.seed;
        let mut screen = std::mem::replace(&mut self.stack[at].screen, Screen::Gone);
        let mut cx = Cx {
            look: self.look(),
            out: Vec::new(),
            seed: &mut seed,
        };
        f(&mut screen, &mut cx);
        let out = cx.out;
        self.seed = seed;
        self.stack[at].screen = screen;
        self.effects(id, out, cmds);
    }

    fn effects(&mut self, layer: u64, effects: Vec<Effect>, cmds: &mut Vec<Cmd>) {
        for effect in effects {
            match effect {
                Effect::Open { ask, replace } => self.wait(ask, None, replace, cmds),
                Effect::Submit(ask) => self.wait(ask, Some(layer), false, cmds),
                Effect::Ask(ask) => {
                    let same = |a: &Ask| std::mem::discriminant(a) == std::mem::discriminant(&ask);
                    let old: Vec<JobId> = self
                        .background
                        .iter()
                        .filter(|(_, (l, a))| *l == layer && same(a))
                        .map(|(j, _)| *j)
                        .collect();
                    for job in old {
                        self.background.remove(&job);
                        cmds.push(Cmd::Cancel(job));
                    }
                    self.last_id += 1;
                    let job = JobId(self.last_id);
                    self.background.insert(job, (layer, ask.clone()));
                    cmds.push(Cmd::Call(job, ask));
                }
                Effect::Push(screen) => self.push(*screen, cmds),
                Effect::Replace(screen) => {
                    self.drop_top(cmds);
                    self.push(*screen, cmds);
                }
                Effect::Back => {
                    if self.stack.len() > 1 {
                        self.drop_top(cmds);
                        self.with_screen(cmds, |screen, cx| screen.returned(cx));
                    }
                }
                Effect::Tell(answer) => self.with_screen(cmds, |screen, cx| screen.told(*answer, cx)),
                Effect::Home => self.home(cmds),
                Effect::Say(say, tone) => self.say(say, tone, cmds),
                Effect::Bell => cmds.push(Cmd::Bell),
                Effect::Overlay(overlay) => self.overlay = Some(*overlay),
                Effect::Timer(timer, ms) => cmds.push(Cmd::Timer(timer, ms)),
                Effect::StopTimer(timer) => cmds.push(Cmd::StopTimer(timer)),
                Effect::Draft(key, body) => {
                    match &body {
                        Some(body) => self.drafts.insert(key.clone(), body.clone()),
                        None => self.drafts.remove(&key),
                    };
                    cmds.push(Cmd::Draft(key, body));
                }
                Effect::Answers(answers) => self.answers = answers,
                Effect::Write(name, bytes) => cmds.push(Cmd::Write { name, bytes }),
            }
        }
    }

    fn say(&mut self, say: Say, tone: Tone, cmds: &mut Vec<Cmd>) {
        if tone == Tone::Wrong {
            cmds.push(Cmd::Bell);
        }
        if say.is_nothing() {
            return;
        }
        self.message = Some((say, tone));
        if tone == Tone::Done {
            cmds.push(Cmd::Timer(TimerId::Message, 6000));
        }
    }
}

/// Asks before something that cannot be taken back.
pub fn confirm(title: Say, lines: Vec<Say>, act: Act) -> Effect {
    Effect::Overlay(Box::new(Overlay::Confirm(Confirm { title, lines, act })))
}
