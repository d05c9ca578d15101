//! How well people are told apart at the shipped weights and thresholds: Febrl's data sets, and fictional people of the pack's generator copied
//! with mistakes, in the other script, without diacritics. Nothing here was used to estimate the weights.

use crate::{
    place::Size,
    table::{Figure, Table},
    time::timed,
};
use karton_likeness::{
    CERTAIN, POSSIBLE,
    labelled::{Found, Labelled, find, of_febrl, tally},
};
use karton_tests::written_twice::{written_abroad, written_twice};
use std::{fs, path::Path};

fn febrl(files: &[&str]) -> Vec<Labelled> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/febrl");
    let read = |(file, name): (u8, &&str)| of_febrl(&fs::read_to_string(folder.join(name)).unwrap(), file);
    (0..).zip(files).flat_map(read).collect()
}

/// Hundred-thousandths as a number between 0 and 1.
fn shown(f1: usize) -> String {
    format!("{}.{:05}", f1 / 100_000, f1 % 100_000)
}

fn add(table: &mut Table, what: &str, found: &Found, aim: Option<usize>) {
    let (possible, certain) = (found.at(POSSIBLE), found.at(CERTAIN));
    let said = |it: karton_likeness::labelled::Quality| format!("{} wrong, {} missed", it.wrong, it.missed);
    let mut figure = Figure::new(
        format!("{what}: F1 of what is listed ({})", said(possible)),
        shown(possible.f1()),
    );
    if let Some(aim) = aim {
        // Aims are stated to four places.
        figure = figure.aim(format!(">= {}", shown(aim)), (possible.f1() + 5) / 10 >= aim / 10);
    }
    table.add(figure);
    table.add(Figure::new(
        format!("{what}: F1 of what is judged first ({})", said(certain)),
        shown(certain.f1()),
    ));
}

/// Everything of this group.
pub(crate) fn measure(size: &Size, table: &mut Table) {
    table.group("likely duplicates, at the shipped weights and thresholds");
    for (what, files, aim) in [
        ("Febrl 2", vec!["dataset2.csv"], 99_660),
        ("Febrl 3", vec!["dataset3.csv"], 99_830),
        ("Febrl 4", vec!["dataset4a.csv", "dataset4b.csv"], 99_980),
    ] {
        add(table, what, &find(&febrl(&files)), Some(aim));
    }
    let people = if size.quick { 2_000 } else { 10_000 };
    let (found, took) = timed(|| find(&written_twice(people)));
    add(table, "our own people with mistakes", &found, None);
    add(
        table,
        "our own people spelt abroad",
        &find(&written_abroad(people)),
        None,
    );
    let each = took.as_nanos() / u128::from(people);
    table.add(Figure::new(
        "keys, blocks and comparing in memory, a person",
        format!("{each} ns"),
    ));
    // How many go through memory in the large run: two million unless said otherwise.
    let many = std::env::var("KARTON_BENCH_ALIKE")
        .ok()
        .and_then(|said| said.parse().ok());
    let many: u64 = many.unwrap_or(if size.quick { 20_000 } else { 2_000_000 });
    let cards = written_twice(many);
    let (found, took) = timed(|| tally(&cards, POSSIBLE));
    table.add(Figure::new(
        format!(
            "{} cards compared in memory, {} pairs; F1 of what is listed {}",
            cards.len(),
            found.compared,
            shown(found.quality.f1())
        ),
        format!("{} s", took.as_secs()),
    ));
}
