//! The parent's side: starts the child, feeds it, hears it out, ends it when it takes too long.

use super::{
    Kind, Outcome, Why,
    child::{LONGEST_ANSWER, MARK},
};
use crate::objects::{Content, ObjectError};
use std::{
    io::{self, Read as _, Write as _},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Semaphore;

/// The status of a program of Rust that broke off.
const PANICKED: i32 = 101;
/// Children at once.
const AT_ONCE: usize = 2;
/// By the clock on the wall; the child has its own bound by the time of the processor.
const LONGEST: Duration = Duration::from_secs(90);

/// Why nothing is known about a file; to be tried again.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    /// The child could not be started or spoken to.
    #[error("the reading process: {0}")]
    Process(#[from] io::Error),
    /// The file could not be fetched.
    #[error(transparent)]
    Object(#[from] ObjectError),
}

/// Starts processes that read files. Clones share the bound of how many run at once.
#[derive(Debug, Clone)]
pub struct Reader {
    program: PathBuf,
    arguments: Vec<String>,
    variable: Option<&'static str>,
    at_once: Arc<Semaphore>,
}

/// The hidden subcommand of `karton-server` and of the demo.
pub(super) const SUBCOMMAND: &str = "read-text";
/// In this crate's unit tests the program is the test harness; one of its tests does the subcommand's work when this is set.
#[cfg(test)]
pub(super) const STAND_IN: &str = "KARTON_STANDS_IN_FOR_READ_TEXT";

impl Reader {
    /// Starts this program again.
    pub fn this_program() -> io::Result<Reader> {
        let program = std::env::current_exe()?;
        #[cfg(not(test))]
        return Ok(Reader::program(program));
        #[cfg(test)]
        Ok(Reader {
            arguments: ["reading::tests::the_child", "--exact", "--nocapture"]
                .map(str::to_owned)
                .to_vec(),
            variable: Some(STAND_IN),
            ..Reader::program(program)
        })
    }

    /// Starts another program that knows the hidden subcommand.
    pub fn program(program: PathBuf) -> Reader {
        Reader {
            program,
            arguments: vec![SUBCOMMAND.to_owned()],
            variable: None,
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Reads the text of a file in a process of its own.
    pub async fn read(&self, kind: Kind, content: Content) -> Result<Outcome, NotRead> {
        let _turn = self.at_once.acquire().await;
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(variable) = self.variable {
            command.env(variable, "1");
        }
        let child = Arc::new(Mutex::new(command.spawn()?));
        let ended = Ended(Arc::clone(&child));
        let hearing = tokio::task::spawn_blocking(move || hear(&child, kind, content));
        match tokio::time::timeout(LONGEST, hearing).await {
            Ok(heard) => heard.unwrap_or_else(|broken| Err(io::Error::other(broken).into())),
            Err(_) => {
                drop(ended);
                Ok(Outcome::unreadable(Why::TooSlow, None))
            }
        }
    }
}

/// Ends the child when nobody waits for it any more.
struct Ended(Arc<Mutex<Child>>);
impl Drop for Ended {
    fn drop(&mut self) {
        // It fails only where it has ended.
        let _gone = lock(&self.0).kill();
    }
}

fn lock(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

fn hear(child: &Arc<Mutex<Child>>, kind: Kind, content: Content) -> Result<Outcome, NotRead> {
    let (input, output) = {
        let mut child = lock(child);
        (child.stdin.take(), child.stdout.take())
    };
    let (Some(mut input), Some(output)) = (input, output) else {
        return Err(io::Error::other("it has no standard input and output").into());
    };
    let feeding = std::thread::spawn(move || -> Result<(), ObjectError> {
        let mut content = content;
        // A child that hangs up has its reasons, which its end tells.
        let mut listening =
            serde_json::to_writer(&mut input, &kind).is_ok() && input.write_all(b"\n").is_ok();
        while let Some(chunk) = content.next_blocking() {
            let chunk = chunk?;
            if !listening {
                break;
            }
            listening = input.write_all(&chunk).is_ok();
        }
        Ok(())
    });
    let mut answer = Vec::new();
    let heard = output.take(LONGEST_ANSWER + (1 << 20)).read_to_end(&mut answer);
    let fed = feeding
        .join()
        .unwrap_or_else(|_| Err(ObjectError::Disk("feeding the reading process broke off".into())));
    let ended = {
        let mut child = lock(child);
        if fed.is_err() {
            let _gone = child.kill();
        }
        child.wait()?
    };
    fed?;
    heard?;
    match (parse(&answer), ended_how(ended)) {
        (Some(outcome), _) => Ok(outcome),
        (None, Some(why)) => Ok(Outcome::unreadable(why, None)),
        (None, None) => Err(io::Error::other(format!("it said nothing: {ended}")).into()),
    }
}

fn parse(answer: &[u8]) -> Option<Outcome> {
    let at = answer.windows(MARK.len()).position(|window| window == MARK)?;
    let rest = &answer[at + MARK.len()..];
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let length: usize = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
    serde_json::from_slice(rest.get(end + 1..)?.get(..length)?).ok()
}

/// What the way a child ended says of the file: it took too much of the processor's time, of memory or nesting, or something in it broke the
/// child off. Nothing where the child ended for reasons of its own.
fn ended_how(ended: ExitStatus) -> Option<Why> {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        // SIGXCPU, and SIGKILL where that was not enough.
        if matches!(ended.signal(), Some(24 | 9)) {
            return Some(Why::TooSlow);
        }
        if ended.signal().is_some() {
            return Some(Why::TooMuch);
        }
    }
    (ended.code() == Some(PANICKED)).then_some(Why::Broken)
}
