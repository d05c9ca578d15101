//! Packs as tests read them.

use karton_rules::{Mistake, Pack};
use std::{collections::BTreeMap, path::Path};

/// All files of a pack's folder, by their path inside it.
pub(crate) fn files(folder: impl AsRef<Path>) -> BTreeMap<String, String> {
    crate::folder::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap()
}

/// Breaks one file of the small pack and gives the mistakes.
pub(crate) fn broken(file: &str, from: &str, to: &str) -> (BTreeMap<String, String>, Vec<Mistake>) {
    let mut files = files("tests/small");
    let text = files.get_mut(file).unwrap_or_else(|| panic!("no file {file}"));
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    let mistakes = Pack::load(&files).err().unwrap_or_default();
    (files, mistakes)
}

/// Breaks a file and asks for a mistake where `at` stands (its `^`), saying all of `said`.
pub(crate) fn finds(file: &str, from: &str, to: &str, at: &str, said: &str) {
    let (files, mistakes) = broken(file, from, to);
    let text = &files[file];
    let needle = at.replace('^', "");
    let offset = text
        .find(&needle)
        .unwrap_or_else(|| panic!("{file} has no {needle}"))
        + at.find('^').unwrap_or(0);
    let line = text[..offset].matches('\n').count() + 1;
    let column = text[..offset]
        .rsplit('\n')
        .next()
        .map_or(0, |start| start.chars().count())
        + 1;
    let found = mistakes
        .iter()
        .any(|m| m.file == file && (m.line, m.column) == (line, column) && m.message.contains(said));
    let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(
        found,
        "expected {file}:{line}:{column}: … {said} …\nfound:\n{}",
        all.join("\n")
    );
}
