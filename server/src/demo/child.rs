//! The simulated registers as a process: this program started again as `registers`, on a free port, ended with us.

use super::DemoArgs;
use anyhow::{Context as _, bail};
use karton_api::Date;
use std::{
    io::{BufRead as _, BufReader},
    process::{ChildStdin, Command, Stdio},
    sync::{Mutex, PoisonError},
};

/// The registers' process. Its standard input is its lifeline: it stops when that closes, however we end.
pub(super) struct Child {
    pub(super) url: String,
    process: Mutex<std::process::Child>,
    _lifeline: Option<ChildStdin>,
}

impl Child {
    /// Ends the process and waits for it.
    pub(super) fn stop(mut self) {
        self._lifeline = None;
        // It may be gone already.
        let _gone = self.process.lock().unwrap_or_else(PoisonError::into_inner).wait();
    }
}
impl Drop for Child {
    fn drop(&mut self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        // Both fail only where it has ended.
        let _killed = process.kill();
        let _waited = process.wait();
    }
}

/// Starts the registers with the demo's people and waits until they say their address.
pub(super) async fn start(args: &DemoArgs, today: Date) -> anyhow::Result<Child> {
    let program = std::env::current_exe().context("this program's own file")?;
    let mut command = Command::new(program);
    command
        .args([
            "registers",
            "--json",
            "--stdin-lifeline",
            "--listen",
            "127.0.0.1:0",
        ])
        .args(["--pack", &args.pack, "--today", &today.to_string()])
        .args([
            "--persons",
            &args.persons.to_string(),
            "--seed",
            &args.seed.to_string(),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(faults) = &args.faults {
        command.arg("--faults").arg(faults);
    }
    tokio::task::spawn_blocking(move || {
        let mut process = command.spawn().context("starting them")?;
        let lifeline = process.stdin.take();
        let Some(out) = process.stdout.take() else {
            bail!("they have no standard output")
        };
        let mut line = String::new();
        BufReader::new(out)
            .read_line(&mut line)
            .context("reading their address")?;
        let said: serde_json::Value =
            serde_json::from_str(&line).context("they did not say their address")?;
        let Some(url) = said.get("listening").and_then(|url| url.as_str()) else {
            bail!("they did not say their address")
        };
        Ok(Child {
            url: url.to_owned(),
            process: Mutex::new(process),
            _lifeline: lifeline,
        })
    })
    .await?
}
