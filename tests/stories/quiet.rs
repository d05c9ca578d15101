//! A quiet client: what it writes fits a slow line, and where nothing happens it does nothing. Bytes and wake-ups are the same on every
//! machine, so they are held here; times are measured by the benchmarks.

use crate::{CLIENT, SERVER};
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::{fs, path::Path, time::Duration};

/// Nothing more is written after so long.
const QUIET: Duration = Duration::from_millis(150);

/// Bytes written for each of these keys, one after the other.
fn bytes_of(at: &mut Terminal, keys: &[&str]) -> Vec<usize> {
    let mut each = Vec::new();
    for key in keys {
        let before = at.bytes();
        at.types(key);
        at.settles(QUIET);
        each.push(at.bytes() - before);
    }
    each
}

fn median(mut numbers: Vec<usize>) -> usize {
    numbers.sort_unstable();
    numbers[numbers.len() / 2]
}

/// How often any thread of a process was woken, as the kernel counts.
#[cfg(target_os = "linux")]
fn wakes(process: u32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let mut wakes = 0;
    for task in tasks {
        let status = fs::read_to_string(task.unwrap().path().join("status")).unwrap();
        for line in status.lines() {
            if let Some(count) = line.strip_prefix("voluntary_ctxt_switches:") {
                wakes += count.trim().parse::<u64>().unwrap();
            }
        }
    }
    wakes
}

#[cfg(target_os = "linux")]
#[test]
fn a_clerk_who_types_moves_few_bytes_and_one_who_thinks_none() {
    let served = Served::start(Path::new(SERVER), 40, &[]);
    let home = tempfile::tempdir().unwrap();
    let mut at = Start::of(CLIENT, home.path())
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg("en")
        .run();
    at.waits_for("K A R T O N");
    at.settles(QUIET);
    let first = at.bytes();
    assert!(first <= 2_048, "the first picture takes {first} bytes");

    // A name, letter by letter, on the sign-in screen: nothing but the letters changes.
    let typed = bytes_of(
        &mut at,
        &["j", "e", "l", "e", "n", "a", ".", "p", "i", "p", "e", "r"],
    );
    assert!(median(typed.clone()) <= 8, "bytes of each letter: {typed:?}");
    assert!(
        typed.iter().all(|bytes| *bytes <= 80),
        "bytes of each letter: {typed:?}"
    );
    let moved = bytes_of(&mut at, &["<Tab>", "<BackTab>", "<Tab>", "<BackTab>"]);
    assert!(
        moved.iter().all(|bytes| *bytes <= 120),
        "bytes from field to field: {moved:?}"
    );
    for _ in 0..12 {
        at.types("<Backspace>");
    }
    let (account, password) = served.officer("clerk");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Mine");

    // On every screen of the way: whoever only looks wakes nobody and writes nothing.
    let rests = |at: &mut Terminal, where_: &str| {
        at.settles(Duration::from_millis(900));
        let (bytes, before) = (at.bytes(), wakes(at.process()));
        at.settles(Duration::from_millis(1_500));
        assert_eq!(at.bytes(), bytes, "bytes while nothing happens: {where_}");
        assert_eq!(
            wakes(at.process()),
            before,
            "wake-ups while nothing happens: {where_}"
        );
    };
    rests(&mut at, "the tasks");
    at.types("fvujotic");
    at.waits_for("Sara Vujotić");
    rests(&mut at, "the search");
    let list = bytes_of(&mut at, &["<Down>", "<Down>", "<Up>", "<Up>"]);
    assert!(
        list.iter().all(|bytes| *bytes <= 200),
        "bytes of each step in a list: {list:?}"
    );
    at.types("<Enter>");
    at.waits_for("Overview");
    rests(&mut at, "the dossier");
    at.types("a");
    at.waits_for("What is applied for?");
    at.types("MO<Enter>");
    at.waits_for("1/6");
    at.waits_for("Cannot say yet");
    rests(&mut at, "the intake");
}
