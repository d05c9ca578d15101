//! What shows only when a pack is looked at as a whole: labels that a screen cuts, procedures that never end, series that two kinds of
//! papers share, words that are no words, benefits with too few worked examples.

use super::{Benefit, Form, Mistake, Pack, Place, Procedure, Step, StepKind, read::Mistakes};
use std::collections::{BTreeMap, BTreeSet};

/// So many letters of a label stand on a screen of 80x24; each letter of the packs' languages is one cell wide.
const LABEL: usize = 48;
/// Worked examples that a benefit has at least: granted, refused at the boundary, an amount on each side of a change, an odd household.
const CASES: usize = 4;

struct Checker<'a> {
    files: &'a BTreeMap<String, String>,
    mistakes: &'a Mistakes,
}

impl Checker<'_> {
    fn wrong(&self, place: &Place, message: impl Into<String>) {
        self.at(&place.file, place.offset, message);
    }
    fn at(&self, file: &str, offset: usize, message: impl Into<String>) {
        if self.mistakes.is_full() {
            return;
        }
        let text = self.files.get(file).map_or("", String::as_str);
        self.mistakes.note(Mistake::at(file, text, offset, message));
    }
}

pub(super) fn check(pack: &Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let checker = Checker { files, mistakes };
    for form in &pack.forms {
        labels(&checker, pack, form);
    }
    for procedure in &pack.procedures {
        ends(&checker, procedure);
        circles(&checker, procedure);
    }
    series(&checker, pack);
    for (language, text) in &pack.words {
        let file = format!("words/{language}.ftl");
        words(&checker, &file, text);
        super::words::check(&file, text, mistakes);
    }
    for benefit in &pack.benefits {
        examples(&checker, benefit);
    }
    offices(&checker, pack);
}

/// A label that is longer than its place is cut on the screen, and nobody can read what is asked.
fn labels(checker: &Checker<'_>, pack: &Pack, form: &Form) {
    for page in &form.pages {
        for field in &page.fields {
            let question = || {
                pack.fact(page.of.holder(), &field.fact)
                    .map(|fact| &fact.question)
            };
            let label = field.label.as_ref().or_else(question);
            for (language, text) in label.iter().flat_map(|label| &label.0) {
                let letters = text.chars().count();
                if letters > LABEL {
                    checker.wrong(
                        &field.place,
                        format!(
                            "the label of `{}` has {letters} letters in `{language}`, a screen of 80x24 shows {LABEL}: {text}",
                            field.fact
                        ),
                    );
                }
            }
        }
    }
}

/// From every step the matter can come to an end: to a step after which nothing opens.
fn ends(checker: &Checker<'_>, procedure: &Procedure) {
    let mut ending: BTreeSet<&str> = (procedure.steps.iter())
        .filter(|step| step.next.is_empty())
        .map(|step| step.id.as_str())
        .collect();
    // As many rounds as there are steps: each finds those that lead to what was found before.
    for _ in 0..procedure.steps.len() {
        let before = ending.len();
        for step in &procedure.steps {
            let mut after = step.next.iter().chain(&step.returns);
            if after.any(|next| ending.contains(next.as_str())) {
                ending.insert(&step.id);
            }
        }
        if ending.len() == before {
            break;
        }
    }
    if let Some(step) = (procedure.steps.iter()).find(|step| !ending.contains(step.id.as_str())) {
        checker.wrong(
            &step.place,
            format!("from the step `{}` the matter never comes to an end", step.id),
        );
    }
}

/// Steps that open each other for ever: what is done again and again is a review or watched, and a way back is what is sent back
/// (`returns`) or a step with a guard.
fn circles(checker: &Checker<'_>, procedure: &Procedure) {
    let on = |id: &str| -> Vec<&str> {
        let step = procedure.step(id);
        let next = step.iter().flat_map(|step| &step.next).map(String::as_str);
        let goes_on =
            |step: &Step| step.guard.is_none() && !matches!(step.kind, StepKind::Review | StepKind::Monitor);
        next.filter(|next| procedure.step(next).is_some_and(goes_on))
            .collect()
    };
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for step in &procedure.steps {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open = on(&step.id);
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(on(id));
            }
        }
        // Those of one circle are said once, at the first of them.
        if seen.contains(step.id.as_str()) && !told.contains(step.id.as_str()) {
            checker.wrong(
                &step.place,
                format!(
                    "the step `{}` leads to itself for ever: a way back is `returns`, a step with a guard, or a review",
                    step.id
                ),
            );
            told.extend(seen);
        }
    }
}

/// Numbers of two kinds of papers must not look alike.
fn series(checker: &Checker<'_>, pack: &Pack) {
    let registers = pack.own_registers.iter().filter_map(|register| {
        let series = &register.extract.as_ref()?.series;
        Some((series, &register.id, &register.place))
    });
    let mut found: BTreeMap<&String, &String> = BTreeMap::new();
    for (series, id, place) in registers.filter(|(series, ..)| !series.is_empty()) {
        let cases = pack
            .procedures
            .iter()
            .find(|procedure| procedure.case.as_ref().is_some_and(|case| case.series == *series));
        let taken = found.insert(series, id).or(cases.map(|procedure| &procedure.id));
        if let Some(other) = taken {
            checker.wrong(place, format!("the series `{series}` is that of `{other}` too"));
        }
    }
}

/// A file of Fluent: each message a name, `=` and a text, once.
fn words(checker: &Checker<'_>, file: &str, text: &str) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let offset = at;
        at += line.len();
        let starts = line.chars().next();
        if line.trim().is_empty() || matches!(starts, Some('#' | ' ' | '\t' | '}')) {
            continue;
        }
        let (id, value) = line.split_once('=').unwrap_or((line, ""));
        let id = id.trim_end();
        let name = id.strip_prefix('-').unwrap_or(id);
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !line.contains('=') || !is_name {
            checker.at(
                file,
                offset,
                "this is no message of Fluent: a name, `=` and a text; further lines of a text begin with a blank",
            );
            continue;
        }
        let goes_on = lines
            .peek()
            .is_some_and(|next| next.starts_with([' ', '\t']) && !next.trim().is_empty());
        if value.trim().is_empty() && !goes_on {
            checker.at(file, offset, format!("`{id}` has no text"));
        }
        if !seen.insert(id) {
            checker.at(file, offset, format!("`{id}` is there twice"));
        }
    }
}

fn examples(checker: &Checker<'_>, benefit: &Benefit) {
    let found = benefit.cases.len();
    // Without the file there is a mistake already.
    let file = benefit.place.file.replace("benefit.toml", "cases.toml");
    if found < CASES && checker.files.contains_key(&file) {
        let message = format!(
            "`{}` has {found} worked examples, at least {CASES} are needed: granted, refused at the boundary, an amount on each side of a change, an odd household",
            benefit.code
        );
        checker.at(&file, 0, message);
    }
}

/// Decisions need a body that makes them, and data an office that holds them.
fn offices(checker: &Checker<'_>, pack: &Pack) {
    const FILE: &str = "codes/offices.csv";
    let mut tops = pack.offices.iter().filter(|office| office.parent.is_none());
    match (tops.next(), tops.next()) {
        (None, _) => checker.at(
            FILE,
            0,
            "there is no office: one without `parent` stands above all others",
        ),
        (Some(first), Some(second)) => {
            let text = checker.files.get(FILE).map_or("", String::as_str);
            let line = text.find(&format!("\n{},", second.code)).map_or(0, |at| at + 1);
            let message = format!(
                "`{}` has no office above it, as `{}`; one office stands above all others",
                second.code, first.code
            );
            checker.at(FILE, line, message);
        }
        _ => {}
    }
}
