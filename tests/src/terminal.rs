//! A program in a terminal of 80 by 24, typed into as a clerk would and read as a clerk would: from the screen.
//!
//! A thread reads what the program writes and keeps the screen (vt100); whoever waits for something wakes with every
//! piece that arrives. Nobody sleeps and nobody guesses how long something takes.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::{
    fmt::Write as _,
    io::{Read, Write},
    num::NonZeroU16,
    path::Path,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// Something that has not appeared after so long will not appear: longer than a question to a register may be held back.
const PATIENCE: Duration = Duration::from_secs(150);

/// A program running in a terminal of its own; it ends with this.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    seen: Arc<Seen>,
    reader: Option<JoinHandle<()>>,
    // Held so that the terminal stays open.
    _master: Box<dyn MasterPty + Send>,
    began: Instant,
    typed: usize,
}

struct Seen {
    state: Mutex<State>,
    more: Condvar,
}

struct State {
    screen: vt100::Parser,
    bytes: usize,
    first: Option<Instant>,
    last: Instant,
    ended: bool,
}

/// Where the program was started, and how.
#[derive(Debug, Clone)]
pub struct Start {
    command: CommandBuilder,
    rows: NonZeroU16,
    columns: NonZeroU16,
}

impl Start {
    /// A program with a clean environment: a terminal of 256 colours, English, UTF-8, and a home of its own.
    pub fn of(program: impl AsRef<Path>, home: &Path) -> Start {
        let mut command = CommandBuilder::new(program.as_ref().as_os_str());
        command.env_clear();
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("LANG", "en_US.UTF-8"),
            ("LC_ALL", "en_US.UTF-8"),
        ] {
            command.env(name, value);
        }
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for name in [
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_STATE_HOME",
            "XDG_CACHE_HOME",
            "XDG_RUNTIME_DIR",
        ] {
            command.env(name, home.as_os_str());
        }
        command.cwd(home.as_os_str());
        Start {
            command,
            rows: NonZeroU16::new(24).unwrap(),
            columns: NonZeroU16::new(80).unwrap(),
        }
    }
    /// With an argument.
    pub fn arg(mut self, arg: &str) -> Start {
        self.command.arg(arg);
        self
    }
    /// With a variable of the environment.
    pub fn env(mut self, name: &str, value: &str) -> Start {
        self.command.env(name, value);
        self
    }
    /// In a terminal of another size.
    pub fn size(mut self, columns: u16, rows: u16) -> Start {
        self.columns = NonZeroU16::new(columns).unwrap();
        self.rows = NonZeroU16::new(rows).unwrap();
        self
    }
    /// Starts it.
    pub fn run(self) -> Terminal {
        let size = PtySize {
            rows: self.rows.get(),
            cols: self.columns.get(),
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut output = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let began = Instant::now();
        let seen = Arc::new(Seen {
            state: Mutex::new(State {
                screen: vt100::Parser::new(self.rows, self.columns, 0),
                bytes: 0,
                first: None,
                last: began,
                ended: false,
            }),
            more: Condvar::new(),
        });
        let child = pair.slave.spawn_command(self.command).unwrap();
        drop(pair.slave);
        let watched = Arc::clone(&seen);
        let reader = std::thread::spawn(move || {
            let mut piece = [0; 8192];
            loop {
                let read = output.read(&mut piece).unwrap_or(0);
                let mut state = watched.state();
                if read == 0 {
                    state.ended = true;
                } else {
                    let now = Instant::now();
                    state.screen.process(&piece[..read]);
                    state.bytes += read;
                    state.first.get_or_insert(now);
                    state.last = now;
                }
                drop(state);
                watched.more.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Terminal {
            child,
            keys,
            seen,
            reader: Some(reader),
            _master: pair.master,
            began,
            typed: 0,
        }
    }
}

impl Seen {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Waits until the screen is as wanted; answers whether it came to that in time.
    fn wait(&self, patience: Duration, mut wanted: impl FnMut(&State) -> bool) -> bool {
        let until = Instant::now() + patience;
        let mut state = self.state();
        loop {
            if wanted(&state) {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || state.ended {
                return false;
            }
            let waited = self.more.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Terminal {
    /// Types keys: words in angle brackets are keys by name (`<F10>`, `<Enter>`, `<Tab>`, `<Esc>`, `<Down>`,
    /// `<Ctrl-P>`, `<Backspace>`), everything else is typed as it stands.
    pub fn types(&mut self, keys: &str) {
        let mut rest = keys;
        let mut bytes = Vec::new();
        while let Some(first) = rest.chars().next() {
            let named = rest
                .strip_prefix('<')
                .and_then(|rest| rest.split_once('>'))
                .and_then(|(name, after)| Some((key(name)?, after)));
            let after = match named {
                Some((code, after)) => {
                    bytes.extend_from_slice(code.as_bytes());
                    after
                }
                None => {
                    bytes.extend_from_slice(first.encode_utf8(&mut [0; 4]).as_bytes());
                    &rest[first.len_utf8()..]
                }
            };
            self.typed += 1;
            rest = after;
        }
        self.keys.write_all(&bytes).unwrap();
        self.keys.flush().unwrap();
    }

    /// The screen as text, a line for each row.
    pub fn screen(&self) -> String {
        self.seen.state().screen.screen().contents()
    }
    /// Whether the screen shows this now.
    pub fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }
    /// Where the cursor is: row and column from 0.
    pub fn cursor(&self) -> (u16, u16) {
        self.seen.state().screen.screen().cursor_position()
    }
    /// Bytes the program has written so far.
    pub fn bytes(&self) -> usize {
        self.seen.state().bytes
    }
    /// Keys typed so far.
    pub fn typed(&self) -> usize {
        self.typed
    }
    /// The process.
    pub fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Waits until the screen shows this; fails with the screen as it stands.
    #[track_caller]
    pub fn waits_for(&self, text: &str) {
        self.waits_until(&format!("`{text}`"), |screen| screen.contains(text));
    }
    /// Waits until the screen no longer shows this.
    #[track_caller]
    pub fn waits_without(&self, text: &str) {
        self.waits_until(&format!("no `{text}`"), |screen| !screen.contains(text));
    }
    /// Waits until the screen is as wanted.
    #[track_caller]
    pub fn waits_until(&self, what: &str, wanted: impl Fn(&str) -> bool) {
        let came = self
            .seen
            .wait(PATIENCE, |state| wanted(&state.screen.screen().contents()));
        assert!(
            came,
            "waited for {what}, and the screen shows:\n{}",
            self.framed()
        );
    }
    /// Waits for the first of several texts; answers which.
    #[track_caller]
    pub fn waits_for_one_of(&self, texts: &[&str]) -> usize {
        let mut found = None;
        self.seen.wait(PATIENCE, |state| {
            let screen = state.screen.screen().contents();
            found = texts.iter().position(|text| screen.contains(text));
            found.is_some()
        });
        found.unwrap_or_else(|| {
            panic!(
                "waited for one of {texts:?}, and the screen shows:\n{}",
                self.framed()
            )
        })
    }
    /// Waits until nothing has been written for so long: for measuring, never for telling a story.
    pub fn settles(&self, quiet: Duration) {
        loop {
            let before = self.bytes();
            if !self.seen.wait(quiet, |state| state.bytes != before) {
                return;
            }
        }
    }
    /// From the start of the program to the first piece it wrote.
    pub fn first_paint(&self) -> Option<Duration> {
        let first = self.seen.state().first;
        first.map(|first| first.duration_since(self.began))
    }
    /// From the start of the program to the last piece it wrote.
    pub fn last_paint(&self) -> Duration {
        self.seen.state().last.duration_since(self.began)
    }
    /// Waits for the end of the program; answers its exit status.
    #[track_caller]
    pub fn ends(&mut self) -> u32 {
        self.seen.wait(PATIENCE, |state| state.ended);
        assert!(
            self.seen.state().ended,
            "the program did not end:\n{}",
            self.framed()
        );
        self.child.wait().unwrap().exit_code()
    }
    /// Breaks the program off as a power cut would.
    pub fn is_cut(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
    /// The screen with a frame, for failures.
    pub fn framed(&self) -> String {
        let mut text = String::new();
        for line in self.screen().lines() {
            let _ = writeln!(text, "│{line}");
        }
        text
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take().filter(|reader| reader.is_finished()) {
            let _ = reader.join();
        }
    }
}

fn key(name: &str) -> Option<String> {
    let code = match name {
        "Enter" => "\r",
        "Tab" => "\t",
        "BackTab" => "\x1b[Z",
        "Esc" => "\x1b",
        "Space" => " ",
        "Backspace" => "\x7f",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Right" => "\x1b[C",
        "Left" => "\x1b[D",
        "Home" => "\x1b[H",
        "End" => "\x1b[F",
        "Delete" => "\x1b[3~",
        "PgUp" => "\x1b[5~",
        "PgDn" => "\x1b[6~",
        "F1" => "\x1bOP",
        "F2" => "\x1bOQ",
        "F3" => "\x1bOR",
        "F4" => "\x1bOS",
        "F5" => "\x1b[15~",
        "F6" => "\x1b[17~",
        "F7" => "\x1b[18~",
        "F8" => "\x1b[19~",
        "F9" => "\x1b[20~",
        "F10" => "\x1b[21~",
        "F11" => "\x1b[23~",
        "F12" => "\x1b[24~",
        _ => {
            let letter = name.strip_prefix("Ctrl-")?.chars().next()?;
            let code = u8::try_from(letter.to_ascii_uppercase()).ok()? & 0x1f;
            return Some(char::from(code).to_string());
        }
    };
    Some(code.to_owned())
}
