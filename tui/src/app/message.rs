//! What the client, its screens and the world say to each other.

use super::overlay::Overlay;
use crate::{
    api::{Answer, Ask, Fault, SignedIn},
    form::Ctx,
    i18n::{Lang, Say, Words},
    screens::Screen,
    term::Chord,
    theme::Theme,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A call under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// What something waits for. A timer exists only while somebody needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimerId {
    /// The busy cell: after 300 ms, then every second.
    Busy,
    /// The message line is emptied.
    Message,
    /// What was typed has settled: search, preview.
    Settle,
    /// Answers of other institutions are looked for.
    Poll,
    /// Nobody has pressed a key for long.
    Idle,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Msg {
    /// A key.
    Key(Chord),
    /// Text pasted as one.
    Paste(String),
    /// The terminal has another size.
    Resize(u16, u16),
    /// A call came back.
    Done(JobId, Box<Result<Answer, Fault>>),
    /// A timer ran out.
    Timer(TimerId),
    /// The drafts of earlier runs.
    Drafts(BTreeMap<String, Value>),
    /// A file was written, or it was said why not.
    Written(Result<String, String>),
}

/// What the client wants from the world.
#[derive(Debug, Clone, PartialEq)]
pub enum Cmd {
    /// Make this call.
    Call(JobId, Ask),
    /// Nobody waits for this call any more; what it does to the server stands.
    Cancel(JobId),
    /// Start a timer again, in milliseconds.
    Timer(TimerId, u64),
    /// A timer is not needed any more.
    StopTimer(TimerId),
    /// Keep a draft, or forget it.
    Draft(String, Option<Value>),
    /// Sign further calls with this token, or with none; keep it where the settings say.
    Token(Option<String>),
    /// Write a file into the folder the client was started in.
    Write {
        /// Its name.
        name: String,
        /// What is in it.
        bytes: Vec<u8>,
    },
    /// Ring.
    Bell,
    /// Leave.
    Quit,
}

/// How serious a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something is to be known.
    Note,
    /// Something did not go; the bell rings.
    Wrong,
}

/// An officer of the demo, who can be switched to with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOfficer {
    /// The account.
    pub user: String,
    /// Its password; fictional and printed in the README.
    pub password: String,
    /// Who it is.
    pub label: String,
    /// The words of the roles.
    pub roles: Vec<&'static str>,
    /// The office's code.
    pub office: String,
}

impl DemoOfficer {
    /// Who it is, with roles and office, in the language of the moment.
    pub fn says(&self, words: &Words) -> String {
        let roles: Vec<String> = self.roles.iter().map(|role| words.t(role)).collect();
        match roles.is_empty() {
            true => self.label.clone(),
            false => format!("{}, {} ({})", self.label, roles.join(", "), self.office),
        }
    }
}

/// A family of the demo to try something with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFamily {
    /// The name of the one who would apply.
    pub name: String,
    /// The national number.
    pub number: String,
    /// The story, by language.
    pub says: karton_api::common::Texts,
}

/// What a demo shows of itself; nothing where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Demo {
    /// The officers, the first of them signed in.
    pub officers: Vec<DemoOfficer>,
    /// Families to try.
    pub families: Vec<DemoFamily>,
}

/// What a screen may look at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The language.
    pub words: &'a Words,
    /// The styles.
    pub theme: Theme,
    /// Today, where the server is.
    pub today: karton_api::Date,
    /// Who is signed in.
    pub session: Option<&'a SignedIn>,
    /// Drafts that wait.
    pub drafts: &'a BTreeMap<String, Value>,
    /// Earlier answers, for F6.
    pub answers: &'a BTreeMap<String, String>,
    /// The demo.
    pub demo: &'a Demo,
    /// Where the server is.
    pub server: &'a str,
    /// Where the token is kept: the key of its words.
    pub secrets: &'static str,
    /// Cells of the terminal.
    pub size: (u16, u16),
}
impl<'a> Look<'a> {
    /// What a form must know.
    pub fn form(&self) -> Ctx<'a> {
        Ctx {
            today: self.today,
            words: self.words,
        }
    }
}

/// What a screen wants.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Wait for this call and open the screen of its answer; with `replace` in place of this one.
    Open {
        /// The call.
        ask: Ask,
        /// In place of this screen.
        replace: bool,
    },
    /// Wait for this call; the answer comes to this screen.
    Submit(Ask),
    /// Make this call beside the typing; an earlier one of the same kind is not wanted any more.
    Ask(Ask),
    /// Put this screen on top.
    Push(Box<Screen>),
    /// Put this screen in place of this one.
    Replace(Box<Screen>),
    /// Back to the screen below.
    Back,
    /// What a screen above found out, for the screen that is on top now.
    Tell(Box<Answer>),
    /// Back to the tasks.
    Home,
    /// Say something.
    Say(Say, Tone),
    /// Ring.
    Bell,
    /// Open a list, an editor or a question above the screen.
    Overlay(Box<Overlay>),
    /// Start a timer.
    Timer(TimerId, u64),
    /// A timer is not needed.
    StopTimer(TimerId),
    /// Keep a draft, or forget it.
    Draft(String, Option<Value>),
    /// Remember answers for F6.
    Answers(BTreeMap<String, String>),
    /// Write a file.
    Write(String, Vec<u8>),
}

/// What a screen is given besides the key: the look of things and a place for what it wants.
#[derive(Debug)]
pub struct Cx<'a> {
    /// What it may look at.
    pub look: Look<'a>,
    /// What it wants.
    pub out: Vec<Effect>,
    /// For keys of idempotency: never the same twice.
    pub seed: &'a mut u64,
}
impl Cx<'_> {
    /// Wants something.
    pub fn want(&mut self, effect: Effect) {
        self.out.push(effect);
    }
    /// Says that something did not go, and rings.
    pub fn wrong(&mut self, say: Say) {
        self.out.push(Effect::Say(say, Tone::Wrong));
    }
    /// A key of idempotency for something that must happen once.
    pub fn once(&mut self) -> String {
        *self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = *self.seed;
        *self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        format!("{high:016x}{:016x}", *self.seed)
    }
}

/// How the client is started.
#[derive(Debug, Clone)]
pub struct Start {
    /// Columns and rows.
    pub size: (u16, u16),
    /// Styles.
    pub theme: Theme,
    /// Language.
    pub lang: Lang,
    /// Somebody said it, or the system did; otherwise the country does.
    pub lang_said: bool,
    /// Where the server is, for people.
    pub server: String,
    /// Where the token is kept: the key of its words.
    pub secrets: &'static str,
    /// Today here, until the server says its own.
    pub today: karton_api::Date,
    /// The demo, if this is one.
    pub demo: Demo,
    /// Minutes until the screen locks; 0 for never.
    pub lock_minutes: u16,
    /// Random, for keys of idempotency.
    pub seed: u64,
}
