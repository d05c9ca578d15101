//! Takes the terminal and gives it back: on leaving, on a panic, on a signal.

use super::caps::Caps;
use std::{
    io::{self, IsTerminal, Write},
    sync::atomic::{AtomicBool, Ordering},
};

static TAKEN: AtomicBool = AtomicBool::new(false);
static ALTERNATE: AtomicBool = AtomicBool::new(false);

/// While this lives the terminal is ours: raw, cleared, wrapping off.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal. Refuses when input or output is not one. A panic gives it back before its message is shown.
    pub fn take(caps: &Caps) -> io::Result<Guard> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::new(
                io::ErrorKind::NotConnected,
                "a terminal is needed",
            ));
        }
        crossterm::terminal::enable_raw_mode()?;
        let mut start = String::new();
        if caps.alternate {
            start.push_str("\x1b[?1049h");
        }
        start.push_str("\x1b[H\x1b[2J");
        if caps.paste {
            start.push_str("\x1b[?2004h");
        }
        TAKEN.store(true, Ordering::SeqCst);
        ALTERNATE.store(caps.alternate, Ordering::SeqCst);
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            give_back();
            before(info);
        }));
        io::stdout().write_all(start.as_bytes())?;
        io::stdout().flush()?;
        Ok(Guard(()))
    }
}
impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back; safe to call at any time and more than once.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let end = if ALTERNATE.load(Ordering::SeqCst) {
        "\x1b[m\x1b[?2004l\x1b[?25h\x1b[?1049l"
    } else {
        "\x1b[m\x1b[?25h\x1b[H\x1b[2J"
    };
    // Nothing can be done for a terminal that is gone.
    let _ = io::stdout().write_all(end.as_bytes());
    let _ = io::stdout().flush();
    let _ = crossterm::terminal::disable_raw_mode();
}
