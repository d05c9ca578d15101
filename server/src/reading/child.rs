//! The child process: reads one file from standard input and answers on standard output.
//!
//! First line in: the kind, as JSON. Then the file, to the end. Out: a mark, the length of the answer, a line feed, and the answer as JSON.
//! Libraries may print beside it what they like, before it.

use super::{Kind, LONGEST_TEXT, Outcome, Why, read};
use serde::Serialize;
use std::{
    io::{self, BufRead as _, Read as _, Write as _},
    process::ExitCode,
};

/// What stands before the answer.
pub(super) const MARK: &[u8] = b"\n\x02karton-text ";
/// No answer is longer than this: every character of a text may need six bytes in JSON.
pub(super) const LONGEST_ANSWER: u64 = LONGEST_TEXT as u64 * 6 + 4096;
/// A larger file is not read.
const LARGEST_FILE: u64 = 256 << 20;

/// What the child may use.
const MEMORY: u64 = 1 << 30;
const SECONDS: u64 = 20;
const FILES: u64 = 16;

/// Does the hidden subcommand's work: bounds this process, reads the file, answers.
pub fn stand_in() -> ExitCode {
    match bound().and_then(|()| work()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// The system's own bounds: memory, time of the processor, open files, no file larger than nothing, no picture of memory when it ends.
fn bound() -> io::Result<()> {
    #[cfg(unix)]
    {
        use rlimit::{Resource, setrlimit};
        setrlimit(Resource::AS, MEMORY, MEMORY)?;
        setrlimit(Resource::CPU, SECONDS, SECONDS + 1)?;
        setrlimit(Resource::NOFILE, FILES, FILES)?;
        setrlimit(Resource::FSIZE, 0, 0)?;
        setrlimit(Resource::CORE, 0, 0)?;
    }
    Ok(())
}

fn work() -> io::Result<()> {
    let mut input = io::BufReader::with_capacity(64 * 1024, io::stdin().lock());
    let mut line = String::new();
    input.by_ref().take(64).read_line(&mut line)?;
    let kind: Kind = serde_json::from_str(&line)?;
    let mut bytes = Vec::new();
    input.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    let outcome = if bytes.len() as u64 > LARGEST_FILE {
        Outcome::unreadable(Why::TooLarge, None)
    } else {
        read(kind, &bytes)
    };
    drop(bytes);
    answer(&outcome)
}

fn answer(outcome: &impl Serialize) -> io::Result<()> {
    let answer = serde_json::to_vec(outcome)?;
    let mut out = io::stdout().lock();
    out.write_all(MARK)?;
    out.write_all(answer.len().to_string().as_bytes())?;
    out.write_all(b"\n")?;
    out.write_all(&answer)?;
    out.flush()
}
