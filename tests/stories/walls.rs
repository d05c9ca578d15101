//! Walls: what may lean on what.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The rooms in the order of the work. Each may use those before it and none after it.
const ROOMS: &[&str] = &[
    "offices",
    "users",
    "persons",
    "protection",
    "facts",
    "organisations",
    "duplicates",
    "awards",
    "assessments",
    "matters",
    "notices",
    "signals",
    "evidence",
    "replies",
    "papers",
    "applications",
    "decisions",
    "letters",
    "merges",
    "cases",
    "dossiers",
    "documents",
];

/// What lies below the rooms and knows none of them.
const CELLAR: &[&str] = &[
    "clock",
    "store",
    "problem",
    "audit",
    "access",
    "pack",
    "packs",
    "http",
    "search",
    "gateway",
    "objects",
    "reading",
    "backup",
    "csv_out",
    "packs_compared",
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Source files below a folder, tests left out.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name == "tests" || name == "tests.rs" || name == "testing.rs" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The first names after `crate::` in a source text: `crate::a::b` gives `a`, `crate::{a, b::{c, d}}` gives `a` and `b`.
fn leans_on(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    for (at, _) in code.match_indices("crate::") {
        let line = code[..at].rsplit('\n').next().unwrap_or_default();
        if line.trim_start().starts_with("//") {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let name = |text: &str| -> String {
            text.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        };
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(name(rest));
            continue;
        };
        let (mut depth, mut fresh) = (0, true);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if fresh && !c.is_whitespace() => {
                    names.insert(name(&group[at..]));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    names
}

#[test]
fn names_after_crate_are_read_as_rust_reads_them() {
    let text = "use crate::{\n    a::{b, c},\n    d,\n    e::f as g,\n};\nuse crate::h::i;\n// crate::j\nfn k() { crate::l::m() }\n#[cfg(test)]\nmod tests { use crate::n; }";
    let expected = ["a", "d", "e", "h", "l"].map(str::to_owned);
    assert_eq!(leans_on(text), BTreeSet::from(expected));
}

#[test]
fn no_room_leans_on_a_room_after_it_and_the_cellar_on_none() {
    let server = repository().join("server/src");
    let place: BTreeMap<&str, usize> = ROOMS
        .iter()
        .enumerate()
        .map(|(place, room)| (*room, place))
        .collect();
    let mut broken = Vec::new();
    let mut seen = 0;
    for part in ROOMS.iter().chain(CELLAR) {
        let mut files = vec![server.join(format!("{part}.rs"))];
        if server.join(part).is_dir() {
            files.extend(sources(&server.join(part)));
        }
        for file in files.iter().filter(|file| file.is_file()) {
            seen += 1;
            for other in leans_on(&fs::read_to_string(file).unwrap()) {
                let above = match (place.get(part), place.get(other.as_str())) {
                    (Some(mine), Some(others)) => others > mine,
                    (None, Some(_)) => true,
                    (_, None) => false,
                };
                if above {
                    let file = file.strip_prefix(&server).unwrap().display().to_string();
                    broken.push(format!("{file} leans on {other}"));
                }
            }
        }
    }
    assert!(seen > 60, "the rooms were read: {seen} files");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_part_of_the_server_has_its_place() {
    // What stands beside the rooms: the frame that puts them together, and what is not a room at all.
    const BESIDE: &[&str] = &[
        "house",
        "guard",
        "impact",
        "imports",
        "administration",
        "upgrades",
        "router",
        "migrations",
        "serve",
        "cli",
        "lib",
        "main",
        "registers",
        "generate",
        "demo",
        "logbook",
        "catalogue",
        "config",
        "verify",
        "stories",
        "tests",
    ];
    for entry in fs::read_dir(repository().join("server/src")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let name = name.trim_end_matches(".rs");
        assert!(
            [ROOMS, CELLAR, BESIDE].iter().any(|parts| parts.contains(&name)),
            "`{name}` has no place in the order of the house"
        );
    }
}

/// The crates a package is built from.
fn tree(package: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "-p",
            package,
            "-e",
            "normal,build",
            "--prefix",
            "none",
        ])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn holds(tree: &str, package: &str) -> bool {
    tree.lines().any(|line| line.split(' ').next() == Some(package))
}

#[test]
fn the_client_that_is_handed_out_holds_no_server() {
    let client = tree("karton");
    assert!(holds(&client, "karton-api"), "the tree was read");
    for package in [
        "karton-server",
        "karton-rules",
        "karton-letters",
        "axum",
        "rusqlite",
        "tokio-postgres",
    ] {
        assert!(!holds(&client, package), "the client holds {package}");
    }
}

#[test]
fn the_rules_open_nothing_and_wait_for_nothing() {
    let rules = tree("karton-rules");
    assert!(holds(&rules, "karton-api"), "the tree was read");
    for package in [
        "tokio",
        "rusqlite",
        "tokio-postgres",
        "axum",
        "reqwest",
        "hyper",
        "rand",
        "karton-server",
    ] {
        assert!(!holds(&rules, package), "the rules hold {package}");
    }
}
