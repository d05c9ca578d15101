//! What came out, for people and for spreadsheet programs. Pure.

use super::model::{Counts, Impact, Paid, Sums};
use crate::csv_out::CsvOut;
use karton_rules::{Pack, pack::HolderKind, text::minor};
use std::fmt::Write as _;

/// So many facts are named of what cannot be said; the others are in the other forms of the answer.
const NAMED: usize = 6;

/// As tables in words, with names and amounts as people of a language write them; places and benefits in which nothing moves are left out of the
/// longest one.
pub fn in_words(found: &Impact, pack: &Pack, language: &str) -> String {
    let teller = Teller { pack, language };
    let mut out = format!(
        "{} people in {} households, by the law of {}\n",
        found.people, found.households, found.on
    );
    if !found.untouched.is_empty() {
        put(
            &mut out,
            format_args!(
                "decided alike by both versions, not worked out: {}",
                found.untouched.join(", ")
            ),
        );
    }
    if found.benefits.is_empty() {
        out.push_str("nobody would get anything else: the versions decide every benefit alike\n");
        return out;
    }
    for (paid, title, total) in [
        (
            Paid::Monthly,
            "paid monthly, amounts a month",
            Some(&found.monthly),
        ),
        (
            Paid::Once,
            "paid once, amounts if everybody asked now",
            Some(&found.once),
        ),
        (Paid::InKind, "in kind", None),
    ] {
        let of_kind = || found.benefits.iter().filter(move |it| it.paid == paid);
        if of_kind().next().is_none() {
            continue;
        }
        put(&mut out, format_args!("\n{title}"));
        let mut lines = vec![head(&["benefit", ""])];
        for it in of_kind() {
            let name = pack
                .benefit(&it.benefit)
                .map_or("", |benefit| benefit.name.get(language));
            lines.push(teller.line(&[&it.benefit, name], &it.sums));
        }
        if let Some(total) = total.filter(|_| of_kind().count() > 1) {
            lines.push(teller.line(&["all", ""], total));
        }
        aligned(&mut out, &lines);
    }
    let moving = |sums: &Sums| sums.counts.moves();
    if found.municipalities.iter().any(|it| moving(&it.sums)) {
        out.push_str("\nby municipality, everything paid monthly\n");
        let mut lines = vec![head(&["municipality"])];
        let places = found.municipalities.iter();
        lines.extend(places.map(|it| teller.line(&[&teller.place(it.municipality.as_deref())], &it.sums)));
        aligned(&mut out, &lines);
    }
    if found.rows.iter().any(|row| moving(&row.sums)) {
        out.push_str("\nby benefit and municipality, where anybody gets something else\n");
        let mut lines = vec![head(&["benefit", "municipality"])];
        for row in found.rows.iter().filter(|row| moving(&row.sums)) {
            let place = teller.place(row.municipality.as_deref());
            lines.push(teller.line(&[&row.benefit, &place], &row.sums));
        }
        aligned(&mut out, &lines);
    } else {
        out.push_str("\nnobody would get anything else\n");
    }
    if found.benefits.iter().any(|it| it.sums.counts.unknown > 0) {
        out.push_str("\ncannot be said, for want of\n");
        for it in found.benefits.iter().filter(|it| it.sums.counts.unknown > 0) {
            let mut facts: Vec<String> = (it.lacking.iter().take(NAMED))
                .map(|lacking| {
                    format!(
                        "{} ({})",
                        teller.fact(lacking.holder, &lacking.fact),
                        lacking.rights
                    )
                })
                .collect();
            if it.lacking.len() > NAMED {
                facts.push(format!("{} more", it.lacking.len() - NAMED));
            }
            if facts.is_empty() {
                // Every fact is there, and the rule cannot be worked out on them.
                facts.push("an amount that cannot be worked out".to_owned());
            }
            put(
                &mut out,
                format_args!("{}  {}: {}", it.benefit, it.sums.counts.unknown, facts.join(", ")),
            );
        }
    }
    out
}

/// As a table with a line for each benefit and municipality, amounts in minor units.
pub fn as_csv(found: &Impact) -> String {
    let mut out = CsvOut::with(&[
        "benefit",
        "paid",
        "municipality",
        "asked",
        "gain",
        "lose",
        "more",
        "less",
        "same",
        "neither",
        "unknown",
        "running",
        "running_worse",
        "minor_before",
        "minor_after",
        "currency",
    ]);
    for row in &found.rows {
        let paid = match row.paid {
            Paid::Monthly => "monthly",
            Paid::Once => "once",
            Paid::InKind => "in-kind",
        };
        let place = row.municipality.clone().unwrap_or_default();
        let mut cells = vec![row.benefit.clone(), paid.to_owned(), place];
        cells.extend(counted(&row.sums.counts).map(|count| count.to_string()));
        cells.extend([row.sums.minor_before, row.sums.minor_after].map(|minor| minor.to_string()));
        cells.push(found.currency.clone());
        out.line(&cells);
    }
    out.into_text()
}

fn counted(counts: &Counts) -> [u64; 10] {
    [
        counts.asked,
        counts.gain,
        counts.lose,
        counts.more,
        counts.less,
        counts.same,
        counts.neither,
        counts.unknown,
        counts.running,
        counts.running_worse,
    ]
}

fn head(first: &[&str]) -> Vec<String> {
    let counts = [
        "asked",
        "gain",
        "lose",
        "more",
        "less",
        "the same",
        "no right",
        "cannot be said",
        "running",
        "of these worse",
    ];
    let sums = ["before", "after", "difference"];
    first
        .iter()
        .chain(&counts)
        .chain(&sums)
        .map(|it| (*it).to_owned())
        .collect()
}

struct Teller<'a> {
    pack: &'a Pack,
    language: &'a str,
}

impl Teller<'_> {
    fn line(&self, first: &[&str], sums: &Sums) -> Vec<String> {
        let mut cells: Vec<String> = first.iter().map(|it| (*it).to_owned()).collect();
        cells.extend(counted(&sums.counts).map(|count| count.to_string()));
        let units = self.pack.country.minor_units;
        let amounts = [sums.minor_before, sums.minor_after, sums.difference()];
        cells.extend(amounts.map(|amount| minor(amount, units, self.language)));
        cells
    }
    fn place(&self, code: Option<&str>) -> String {
        let Some(code) = code else {
            return "(not known)".to_owned();
        };
        let name = self.pack.code_name("municipalities", code, self.language);
        name.unwrap_or(code).to_owned()
    }
    fn fact(&self, holder: HolderKind, name: &str) -> String {
        let whose = match holder {
            HolderKind::Person => "person",
            HolderKind::Household => "household",
            HolderKind::Claim => "claim",
        };
        format!("{whose}.{name}")
    }
}

/// Columns under each other: names to the left, numbers to the right.
fn aligned(out: &mut String, lines: &[Vec<String>]) {
    let columns = lines.first().map_or(0, Vec::len);
    let numbers = columns.saturating_sub(13);
    let cells = |column: usize| lines.iter().filter_map(move |line| line.get(column));
    let widths: Vec<usize> = (0..columns)
        .map(|column| cells(column).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    for line in lines {
        let mut text = String::new();
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            if column > 0 {
                text.push_str("  ");
            }
            // Writing to a String cannot fail.
            let _ = match column < numbers {
                true => write!(text, "{cell:<width$}"),
                false => write!(text, "{cell:>width$}"),
            };
        }
        put(out, format_args!("{}", text.trim_end()));
    }
}

fn put(out: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{line}");
}
