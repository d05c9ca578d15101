//! The simulated registers of other institutions, as a process of their own.

use serde_json::Value;
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};
use tempfile::TempDir;

/// The registers, running. They end with this: their standard input is their lifeline.
#[derive(Debug)]
pub struct Registers {
    /// Where they are, without a path.
    pub url: String,
    faults: PathBuf,
    child: Child,
    lifeline: Option<ChildStdin>,
    _folder: TempDir,
}

impl Registers {
    /// Starts them over so many fictional people, as they are on the pack's demo day.
    pub fn start(program: &Path, persons: u64) -> Registers {
        Registers::of(program, persons, "me")
    }
    /// The same of another country.
    pub fn of(program: &Path, persons: u64, pack: &str) -> Registers {
        let folder = tempfile::tempdir().unwrap();
        let faults = folder.path().join("faults.toml");
        let mut child = Command::new(program)
            .args([
                "registers",
                "--pack",
                pack,
                "--listen",
                "127.0.0.1:0",
                "--json",
                "--stdin-lifeline",
            ])
            .args(["--persons", &persons.to_string(), "--faults"])
            .arg(&faults)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let said: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("the registers said {line:?}"));
        Registers {
            url: said["listening"].as_str().unwrap().to_owned(),
            faults,
            lifeline: child.stdin.take(),
            child,
            _folder: folder,
        }
    }

    /// From now on these services have this fault: the inside of a `[[fault]]` table.
    pub fn suffer(&self, fault: &str) {
        // A file is put in place whole, so that the registers never read half of one.
        let fresh = self.faults.with_extension("new");
        fs::write(&fresh, format!("[[fault]]\n{fault}\n")).unwrap();
        fs::rename(&fresh, &self.faults).unwrap();
    }

    /// From now on everything is as it should be.
    pub fn recover(&self) {
        let _ = fs::remove_file(&self.faults);
    }
}

impl Drop for Registers {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
