//! Faults that are switched on by a file, to see how the office copes when others do not answer as they should.
//!
//! The file is TOML and read again whenever it changes; a file that is not there means no faults.
//!
//! ```toml
//! [[fault]]
//! service = "tax.income"       # or "*" for all
//! kind = "slow"                # slow, down, status, garbage, wrong-person, huge; of messages also refuses, no-reply, twice, wrong-id
//! ms = 4000                    # slow: how long the answer waits, at most ten minutes
//! # status = 503               # status: the answer's status, 500 if not said
//! # percent = 25               # of the requests, spread evenly; all if not said
//! # once = true                # only the first request after the file was read
//! # national_id = "…"          # only requests about this person
//! ```
//!
//! - `slow` waits and then answers as always; it goes together with one of the others.
//! - `down` closes the connection without a word.
//! - `status` answers with an error of the institution.
//! - `garbage` answers 200 with bytes that are neither UTF-8 nor JSON.
//! - `wrong-person` answers about somebody else, with their number.
//! - `huge` answers with more than 100 MB.
//! - `refuses` does not take a message, and says so.
//! - `no-reply` takes a message and never sends what becomes of it.
//! - `twice` sends each of those messages twice under one id.
//! - `wrong-id` sends them as answers to a message that nobody sent.

use serde::Deserialize;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Slow,
    Down,
    Status,
    Garbage,
    WrongPerson,
    Huge,
    Refuses,
    NoReply,
    Twice,
    WrongId,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    service: String,
    kind: Kind,
    #[serde(default)]
    ms: u64,
    #[serde(default = "internal_error")]
    status: u16,
    #[serde(default = "always")]
    percent: u64,
    #[serde(default)]
    once: bool,
    national_id: Option<String>,
    /// Requests that this fault was asked for.
    #[serde(skip)]
    seen: u64,
}

fn internal_error() -> u16 {
    500
}
fn always() -> u64 {
    100
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    fault: Vec<Fault>,
}

/// What one request suffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Suffered {
    pub(super) wait: Duration,
    /// The first fault that applies and is not `slow`, with its status.
    pub(super) then: Option<(Kind, u16)>,
}

const LONGEST_FILE: u64 = 64 << 10;
const LONGEST_WAIT_MS: u64 = 600_000;

/// The faults file and what was read from it last.
#[derive(Debug)]
pub(super) struct Faults {
    file: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    contents: String,
    faults: Vec<Fault>,
    /// Why the file as it is now cannot be used; the faults read before stay.
    mistake: Option<String>,
}

impl Faults {
    /// Refuses a file that cannot be used as it is now.
    pub(super) fn new(file: Option<PathBuf>) -> anyhow::Result<Faults> {
        let faults = Faults {
            file,
            state: Mutex::default(),
        };
        match faults.mistake() {
            Some(mistake) => Err(anyhow::anyhow!("the faults file: {mistake}")),
            None => Ok(faults),
        }
    }

    /// Why the file as it is now cannot be used.
    pub(super) fn mistake(&self) -> Option<String> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(&mut state);
        state.mistake.clone()
    }

    /// What a request to a service about a person suffers; counts it.
    pub(super) fn suffer(&self, service: &str, national_id: &str) -> Suffered {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(&mut state);
        let mut suffered = Suffered::default();
        for fault in &mut state.faults {
            let meant = (fault.service == "*" || fault.service == service)
                && fault
                    .national_id
                    .as_deref()
                    .is_none_or(|meant| meant == national_id);
            if !meant {
                continue;
            }
            fault.seen += 1;
            let due = fault.seen * fault.percent / 100 > (fault.seen - 1) * fault.percent / 100;
            if fault.once && fault.seen > 1 || !(due || fault.once) {
                continue;
            }
            match fault.kind {
                Kind::Slow => suffered.wait = suffered.wait.max(Duration::from_millis(fault.ms)),
                kind => suffered.then = suffered.then.or(Some((kind, fault.status))),
            }
        }
        suffered
    }

    fn read(&self, state: &mut State) {
        let Some(file) = &self.file else { return };
        let contents = match contents(file) {
            Ok(contents) => contents,
            Err(error) => {
                state.mistake = Some(error.to_string());
                // No file has this text, so that the next one that can be read is looked at.
                state.contents = "\0".to_owned();
                return;
            }
        };
        if contents == state.contents {
            return;
        }
        match parse(&contents) {
            Ok(faults) => {
                state.faults = faults;
                state.mistake = None;
            }
            Err(mistake) => {
                tracing::warn!(%mistake, "the faults file cannot be used; the faults stay as they were");
                state.mistake = Some(mistake);
            }
        }
        state.contents = contents;
    }
}

fn contents(file: &Path) -> io::Result<String> {
    match std::fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error),
        Ok(about) if about.len() > LONGEST_FILE => return Err(io::Error::other("longer than 64 KB")),
        Ok(_) => {}
    }
    std::fs::read_to_string(file)
}

fn parse(contents: &str) -> Result<Vec<Fault>, String> {
    let file: File = toml::from_str(contents).map_err(|error| error.to_string())?;
    for fault in &file.fault {
        if fault.percent > 100 {
            return Err(format!("{}: percent is at most 100", fault.service));
        }
        if fault.ms > LONGEST_WAIT_MS {
            return Err(format!("{}: ms is at most 600000", fault.service));
        }
        if !(400..600).contains(&fault.status) {
            return Err(format!("{}: status is from 400 to 599", fault.service));
        }
    }
    Ok(file.fault)
}
