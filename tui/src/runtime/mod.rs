//! The only part that touches the world: the terminal, the network, files, timers. One thread, one loop: wait until something
//! happens, hand it to the client, do what it wants, draw once, write once. Nothing ticks.

mod clock;
mod drafts;
mod sealed;
mod secrets;

pub(crate) use clock::today;
pub(crate) use sealed::write_private;
pub(crate) use secrets::Secrets;

use crate::{
    api::{Answer, Ask, Fault, HttpApi},
    app::{App, Cmd, Demo, JobId, Msg, Start, TimerId, view},
    config::{EscDigit, Settings},
    term::{Caps, Chord, Colours, Glyphs, Key, Painter, guard::Guard, sequence},
    theme::Theme,
};
use anyhow::{Context, Result};
use crossterm::event::{Event, EventStream};
use drafts::Journal;
use futures_util::{
    FutureExt, Stream, StreamExt,
    future::{AbortHandle, LocalBoxFuture, abortable},
    stream::FuturesUnordered,
};
use ratatui::{buffer::Buffer, layout::Rect};
use serde_json::Value;
use std::{collections::BTreeMap, io::Write, path::PathBuf, time::Duration};
use tokio::time::Instant;

/// Drafts reach the disk this long after the first change that is not there yet.
const DRAFT_DELAY: Duration = Duration::from_millis(300);
/// Esc waits this long for a digit, where F-keys are typed so.
const ESC_DELAY: Duration = Duration::from_millis(600);

type Call = LocalBoxFuture<'static, (JobId, Option<Result<Answer, Fault>>)>;

struct Runtime {
    app: App,
    api: HttpApi,
    painter: Painter,
    out: Out,
    size: (u16, u16),
    calls: FuturesUnordered<Call>,
    aborts: BTreeMap<JobId, AbortHandle>,
    timers: BTreeMap<TimerId, Instant>,
    journal: Option<Journal>,
    /// Drafts belong to one officer at one server; others' stay in the journal unseen.
    unsaved: BTreeMap<String, Option<Value>>,
    save_at: Option<Instant>,
    esc_at: Option<Instant>,
    esc_digit: bool,
    secrets: Secrets,
    folder: PathBuf,
    quit: bool,
}

/// The terminal's capabilities under these settings.
pub(crate) fn caps(settings: &Settings) -> Caps {
    let env = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let locale = env("LC_ALL")
        .or_else(|| env("LC_CTYPE"))
        .or_else(|| env("LANG"))
        .unwrap_or_default();
    let term = env("TERM").unwrap_or_else(|| {
        if cfg!(windows) {
            "ms-terminal".to_owned()
        } else {
            String::new()
        }
    });
    let mut caps = Caps::of(&term, &locale);
    if settings.mono {
        caps.colours = Colours::Mono;
    }
    if settings.ascii {
        caps.glyphs = Glyphs::Ascii;
    }
    match settings.esc_digit {
        EscDigit::Auto => {}
        EscDigit::On => caps.esc_digit = true,
        EscDigit::Off => caps.esc_digit = false,
    }
    caps
}

/// Runs the client until the clerk leaves. Refuses when there is no terminal.
pub(crate) fn run(settings: &Settings, api: HttpApi, demo: Demo) -> Result<()> {
    let caps = caps(settings);
    let mut secrets = Secrets::of(settings);
    secrets.unlock(crate::oneshot::ask_passphrase)?;
    let guard = Guard::take(&caps)?;
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let app = App::new(Start {
        size,
        theme: Theme {
            mono: caps.colours == Colours::Mono,
            strong: settings.contrast,
            plain: settings.plain,
        },
        lang: settings.lang,
        lang_said: settings.lang_said,
        server: settings.server.clone(),
        secrets: secrets.words(),
        today: today(),
        demo,
        lock_minutes: settings.lock_minutes,
        seed: rand::random(),
    });
    let mut runtime = Runtime {
        app,
        api,
        painter: Painter::new(caps, size.0, size.1),
        out: Out::open(),
        size,
        calls: FuturesUnordered::new(),
        aborts: BTreeMap::new(),
        timers: BTreeMap::new(),
        journal: None,
        unsaved: BTreeMap::new(),
        save_at: None,
        esc_at: None,
        esc_digit: caps.esc_digit,
        secrets,
        folder: settings.state.clone(),
        quit: false,
    };
    // The first picture comes before anything that could make one wait: files, keyrings, the network.
    runtime.draw();
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the client cannot start")?;
    let result = tokio.block_on(runtime.live());
    runtime.save_drafts();
    let last = runtime.painter.leave();
    runtime.out.write(&last);
    drop(guard);
    result
}

impl Runtime {
    async fn live(&mut self) -> Result<()> {
        match Journal::open(&self.folder) {
            Ok((journal, drafts)) => {
                self.journal = Some(journal);
                self.happened(Msg::Drafts(drafts));
            }
            Err(e) => self.happened(Msg::Written(Err(format!("{e:#}")))),
        }
        match self.secrets.token() {
            Ok(token) => {
                let cmds = self.app.begin(token);
                self.run(cmds);
            }
            Err(e) => self.happened(Msg::Written(Err(format!("{e:#}")))),
        }
        self.draw();
        let mut events = EventStream::new();
        let mut signals = signals()?;
        while !self.quit {
            let next = self.next_deadline();
            tokio::select! {
                biased;
                _ = signals.next() => self.quit = true,
                event = events.next() => match event {
                    Some(Ok(event)) => {
                        // A held key or a paste arrives as many events at once: one picture for all of them.
                        let mut packet = vec![event];
                        while packet.len() < sequence::MOST && let Some(event) = ready(&mut events).await {
                            packet.push(event);
                        }
                        for event in sequence::typed(&packet) {
                            if !self.quit {
                                self.event(event);
                            }
                        }
                    }
                    // The line was cut.
                    Some(Err(_)) | None => self.quit = true,
                },
                Some((job, result)) = self.calls.next(), if !self.calls.is_empty() => {
                    self.aborts.remove(&job);
                    if let Some(result) = result {
                        self.happened(Msg::Done(job, Box::new(result)));
                    }
                }
                () = until(next), if next.is_some() => self.deadline(),
            }
            if !self.quit {
                self.draw();
            }
        }
        Ok(())
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Key(key) => {
                let Some(chord) = Chord::read(key) else { return };
                if self.esc_at.take().is_some() {
                    match chord.after_esc() {
                        Some(f_key) => return self.happened(Msg::Key(f_key)),
                        None => self.happened(Msg::Key(Chord::of(Key::Esc))),
                    }
                }
                if self.esc_digit && chord == Chord::of(Key::Esc) {
                    self.esc_at = Some(Instant::now() + ESC_DELAY);
                    return;
                }
                self.happened(Msg::Key(chord));
            }
            Event::Paste(text) => self.happened(Msg::Paste(text)),
            Event::Resize(width, height) => {
                self.size = (width, height);
                self.painter.forget(width, height);
                self.happened(Msg::Resize(width, height));
            }
            _ => {}
        }
    }

    fn happened(&mut self, msg: Msg) {
        let cmds = self.app.update(msg);
        self.run(cmds);
    }

    fn run(&mut self, cmds: Vec<Cmd>) {
        for cmd in cmds {
            match cmd {
                Cmd::Call(job, ask) => self.call(job, ask),
                Cmd::Cancel(job) => {
                    if let Some(abort) = self.aborts.remove(&job) {
                        abort.abort();
                    }
                }
                Cmd::Timer(timer, ms) => {
                    self.timers
                        .insert(timer, Instant::now() + Duration::from_millis(ms));
                }
                Cmd::StopTimer(timer) => {
                    self.timers.remove(&timer);
                }
                Cmd::Draft(key, body) => {
                    self.unsaved.insert(key, body);
                    // Not put off by more typing: no more than this is ever lost.
                    self.save_at.get_or_insert(Instant::now() + DRAFT_DELAY);
                }
                Cmd::Token(token) => {
                    self.api.token(token.clone());
                    if let Err(e) = self.secrets.keep(token.as_deref()) {
                        self.happened(Msg::Written(Err(format!("{e:#}"))));
                    }
                }
                Cmd::Write { name, bytes } => {
                    let path = PathBuf::from(&name);
                    let written = write_private(&path, &bytes)
                        .map(|()| std::path::absolute(&path).unwrap_or(path).display().to_string());
                    self.happened(Msg::Written(written.map_err(|e| format!("{e:#}"))));
                }
                Cmd::Bell => self.out.write(b"\x07"),
                Cmd::Quit => self.quit = true,
            }
        }
    }

    fn call(&mut self, job: JobId, ask: Ask) {
        let (call, abort) = abortable(self.api.call(ask));
        self.aborts.insert(job, abort);
        self.calls
            .push(call.map(move |result| (job, result.ok())).boxed_local());
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.timers
            .values()
            .copied()
            .chain(self.save_at)
            .chain(self.esc_at)
            .min()
    }
    fn deadline(&mut self) {
        let now = Instant::now();
        if self.save_at.is_some_and(|at| at <= now) {
            self.save_drafts();
        }
        if self.esc_at.is_some_and(|at| at <= now) {
            self.esc_at = None;
            self.happened(Msg::Key(Chord::of(Key::Esc)));
        }
        let due: Vec<TimerId> = self
            .timers
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(t, _)| *t)
            .collect();
        for timer in due {
            self.timers.remove(&timer);
            self.happened(Msg::Timer(timer));
        }
    }

    fn save_drafts(&mut self) {
        self.save_at = None;
        let Some(journal) = &mut self.journal else { return };
        let mut failed = None;
        for (key, body) in std::mem::take(&mut self.unsaved) {
            if let Err(e) = journal.append(&key, body.as_ref()) {
                failed = Some(format!("{e:#}"));
            }
        }
        if let Some(why) = failed {
            self.happened(Msg::Written(Err(why)));
        }
    }

    fn draw(&mut self) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
        let cursor = view::draw(&self.app, &mut buffer);
        let bytes = self.painter.paint(&buffer, cursor);
        if !bytes.is_empty() {
            self.out.write(&bytes);
        }
    }
}

/// The next event if it is there already. It is asked with the loop's own waker: the stream keeps the first it is given.
async fn ready(events: &mut EventStream) -> Option<Event> {
    std::future::poll_fn(|cx| match events.poll_next_unpin(cx) {
        std::task::Poll::Ready(Some(Ok(event))) => std::task::Poll::Ready(Some(event)),
        _ => std::task::Poll::Ready(None),
    })
    .await
}

async fn until(deadline: Option<Instant>) {
    if let Some(deadline) = deadline {
        tokio::time::sleep_until(deadline).await;
    }
}

/// The terminal's output without the line buffer of the library, which would cut a frame at every line feed.
struct Out(Option<std::fs::File>);
impl Out {
    fn open() -> Out {
        #[cfg(unix)]
        {
            use std::os::fd::AsFd;
            Out(std::io::stdout()
                .as_fd()
                .try_clone_to_owned()
                .ok()
                .map(std::fs::File::from))
        }
        #[cfg(not(unix))]
        Out(None)
    }
    /// One `write` where the terminal takes it. A line that is gone shows itself as the end of the input.
    fn write(&mut self, bytes: &[u8]) {
        let _ = match &mut self.0 {
            Some(file) => file.write_all(bytes),
            None => std::io::stdout()
                .write_all(bytes)
                .and_then(|()| std::io::stdout().flush()),
        };
    }
}

/// A cut line and the machine going down: drafts are written, the terminal is given back.
#[cfg(unix)]
fn signals() -> Result<impl Stream<Item = ()> + Unpin> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(futures_util::stream::poll_fn(move |cx| {
        if hangup.poll_recv(cx).is_ready()
            || terminate.poll_recv(cx).is_ready()
            || interrupt.poll_recv(cx).is_ready()
        {
            return std::task::Poll::Ready(Some(()));
        }
        std::task::Poll::Pending
    }))
}
#[cfg(not(unix))]
fn signals() -> Result<impl Stream<Item = ()> + Unpin> {
    Ok(futures_util::stream::pending())
}
