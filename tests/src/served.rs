//! The server as a process of its own, with the registers as another beside it: what the client meets in an office.

use serde_json::Value;
use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// `karton-server demo`, running. It ends with this, and the registers with it.
#[derive(Debug)]
pub struct Served {
    /// Where the server is.
    pub url: String,
    /// What it said of itself: officers, families, the shown day.
    pub said: Value,
    child: Child,
}

impl Served {
    /// Starts it over so many fictional people, with these further arguments.
    pub fn start(program: &Path, persons: u64, more: &[&str]) -> Served {
        let mut child = Command::new(program)
            .args([
                "demo",
                "--json",
                "--listen",
                "127.0.0.1:0",
                "--persons",
                &persons.to_string(),
            ])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the server said {line:?}"));
        Served {
            url: said["url"].as_str().unwrap().to_owned(),
            said,
            child,
        }
    }
    /// The process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
    /// The account of the first officer with this role, and the password.
    pub fn officer(&self, role: &str) -> (String, String) {
        let officers = self.said["officers"].as_array().unwrap();
        let has = |officer: &&Value| officer["roles"].as_array().unwrap().iter().any(|it| it == role);
        let officer = officers
            .iter()
            .find(has)
            .unwrap_or_else(|| panic!("nobody is {role}: {officers:?}"));
        let text = |name: &str| officer[name].as_str().unwrap().to_owned();
        (text("account"), text("password"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
