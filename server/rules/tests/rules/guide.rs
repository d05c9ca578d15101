//! The authors' guide, done as it stands there: its blocks laid over a copy of Montenegro's pack, and what it says is printed.

use crate::common::files;
use karton_api::Date;
use karton_rules::{Pack, assess::assess, show, told};
use std::{collections::BTreeMap, path::Path};

const BENEFIT: &str = "catalogue/SCHOOL/benefit.toml";

/// What the first line of a block that is a file ends with.
const FILES: [&str; 2] = [".toml", ".md"];

/// The indented blocks of the guide, without their indentation.
fn blocks() -> Vec<String> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pack-author.md");
    let text = std::fs::read_to_string(guide).unwrap();
    let mut found: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("    ") {
            Some(line) => {
                // A file or a command begins a block of its own, also right after another.
                let begins = line.starts_with("# ") && FILES.iter().any(|ending| line.ends_with(ending));
                if !inside || begins || line.starts_with("$ ") {
                    found.push(String::new());
                }
                let block = found.last_mut().unwrap();
                block.push_str(line);
                block.push('\n');
                inside = true;
            }
            None if line.is_empty() => {
                if let Some(block) = found.last_mut().filter(|_| inside) {
                    block.push('\n');
                }
            }
            None => inside = false,
        }
    }
    found
}

/// Montenegro's pack with the files of the guide, and the family.
fn laid_over() -> (BTreeMap<String, String>, String) {
    let mut pack = files("../../fixtures/me");
    let mut family = String::new();
    for block in blocks() {
        let Some((name, rest)) = block.strip_prefix("# ").and_then(|block| block.split_once('\n')) else {
            continue;
        };
        if name == "family.toml" {
            rest.clone_into(&mut family);
            continue;
        }
        let text = pack.entry(name.to_owned()).or_default();
        text.push('\n');
        text.push_str(rest);
    }
    (pack, family)
}

/// What stands under a command.
fn printed(command: &str) -> String {
    let found = blocks().into_iter().find_map(|block| {
        let rest = block.strip_prefix("$ karton-server ")?;
        let (first, rest) = rest.split_once('\n')?;
        first.starts_with(command).then(|| rest.trim_end().to_owned())
    });
    found.unwrap_or_else(|| panic!("the guide has no {command}"))
}

fn load(files: &BTreeMap<String, String>) -> Pack {
    Pack::load(files).unwrap_or_else(|mistakes| {
        let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{}", said.join("\n"))
    })
}

/// Blanks at the ends of lines and those that do not break are nothing that a guide shows.
fn plain(text: &str) -> String {
    let lines: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| line.replace('\u{a0}', " ").trim_end().to_owned())
        .collect();
    lines.join("\n")
}

#[test]
fn the_benefit_of_the_guide_is_built_from_nothing_and_its_examples_come_out() {
    let (files, family) = laid_over();
    let before = load(&crate::common::files("../../fixtures/me"));
    let pack = load(&files);
    assert_eq!(pack.benefits.len(), before.benefits.len() + 1);
    let benefit = pack.benefit("SCHOOL").unwrap();
    assert_eq!((benefit.conditions.len(), benefit.cases.len()), (3, 8));
    let on = Date::constant(2025, 2, 10);
    let shown = show::show(&pack, "SCHOOL", on, "en").unwrap();
    assert_eq!(plain(&shown), printed("pack show SCHOOL --on 2025-02-10"));
    let input = pack.read_facts("family.toml", &family, on).unwrap();
    let explained = told::told(&pack, &assess(&pack, "SCHOOL", &input).unwrap(), "en");
    assert_eq!(plain(&explained), printed("pack explain SCHOOL family.toml"));
    let on = Date::constant(2024, 9, 10);
    let found = show::eval_text(&pack, "working days after(lodged, 10)", None, on, "en").unwrap();
    assert_eq!(
        format!("{} ({})", found.value, found.unit),
        printed("pack eval 'working days after(lodged, 10)'")
    );
}

#[test]
fn the_mistake_that_the_guide_shows_is_shown_so() {
    let (mut files, _) = laid_over();
    let text = files.get_mut(BENEFIT).unwrap();
    *text = text.replacen("when = \"count > 0\"", "when = \"counts > 0\"", 1);
    let mistakes = Pack::load(&files).unwrap_err();
    assert_eq!(mistakes.len(), 1, "{mistakes:#?}");
    assert_eq!(mistakes[0].to_string(), printed("pack check"));
}
