//! `codes/*.csv`: classifiers, offices, municipalities, holidays.

use super::{
    CodeEntry, CodeList, Columns, Holiday, MunicipalityRow, Names, OfficeRow, Texts,
    columns::Kept,
    read::{File, To},
};
use karton_api::Date;
use std::collections::BTreeMap;

/// The heading of a name that is the same in every language: a village's.
const NAME: &str = "name";

/// A CSV file with the place of its lines.
struct Rows {
    headings: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

fn csv(file: File<'_>, needed: &[&str]) -> Rows {
    let mut reader = ::csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(file.text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let offset = record
                    .position()
                    .map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
                rows.push((
                    offset,
                    record
                        .iter()
                        .map(|field| field.trim().to_owned())
                        .collect::<Vec<_>>(),
                ));
            }
            Err(e) => {
                let offset = e.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
                file.wrong(offset, "this line is not CSV in UTF-8");
            }
        }
    }
    let headings = if rows.is_empty() {
        Vec::new()
    } else {
        rows.remove(0).1
    };
    // A name that is the same in every language needs one column only.
    let languages = if headings.iter().any(|heading| heading == NAME) {
        &[]
    } else {
        file.languages
    };
    for needed in (needed.iter().copied()).chain(languages.iter().map(String::as_str)) {
        if !headings.iter().any(|heading| heading == needed) {
            file.wrong(0, format!("the column `{needed}` is missing"));
        }
    }
    rows.retain(|(offset, row)| {
        let good = row.len() == headings.len();
        if !good {
            file.wrong(
                *offset,
                format!(
                    "the line has {} columns, the heading {}",
                    row.len(),
                    headings.len()
                ),
            );
        }
        good
    });
    Rows { headings, rows }
}

impl Rows {
    fn get<'r>(&self, row: &'r [String], heading: &str) -> Option<&'r str> {
        let at = self.headings.iter().position(|found| found == heading)?;
        row.get(at).map(String::as_str).filter(|text| !text.is_empty())
    }
    fn date(&self, file: File<'_>, offset: usize, row: &[String], heading: &str) -> Option<Date> {
        let text = self.get(row, heading)?;
        let day = text.parse().ok();
        if day.is_none() {
            file.wrong(
                offset,
                format!("`{text}` in the column `{heading}` is not a day such as 2024-07-01"),
            );
        }
        day
    }
    /// Language and text, in the order of the country's languages.
    fn named<'r>(&self, file: File<'r>, offset: usize, row: &'r [String]) -> Vec<(&'r str, &'r str)> {
        let mut found = Vec::with_capacity(file.languages.len());
        for language in file.languages {
            match self.get(row, language).or_else(|| self.get(row, NAME)) {
                Some(text) => found.push((language.as_str(), text)),
                None => file.wrong(offset, format!("the text in `{language}` is missing")),
            }
        }
        found
    }
    fn texts(&self, file: File<'_>, offset: usize, row: &[String]) -> Texts {
        let owned = |(language, text): (&str, &str)| (language.to_owned(), text.to_owned());
        Texts(self.named(file, offset, row).into_iter().map(owned).collect())
    }
    fn names(&self, kept: &mut Kept, file: File<'_>, offset: usize, row: &[String]) -> Names {
        kept.names(self.named(file, offset, row))
    }
    fn more(&self, kept: &mut Kept, file: File<'_>, row: &[String], known: &[&str]) -> Columns {
        let own = |heading: &&String| {
            !known.contains(&heading.as_str())
                && heading.as_str() != NAME
                && !file.languages.contains(heading)
        };
        let more = (self.headings.iter().filter(own)).filter_map(|h| Some((h.as_str(), self.get(row, h)?)));
        kept.columns(more)
    }
    /// The code of a row, noted when it is missing or not the first of its kind.
    fn code(
        &self,
        file: File<'_>,
        offset: usize,
        row: &[String],
        seen: &mut std::collections::BTreeSet<String>,
    ) -> String {
        let code = self.get(row, "code").unwrap_or_default().to_owned();
        if code.is_empty() {
            file.wrong(offset, "the code is missing");
        } else if !seen.insert(code.clone()) {
            file.wrong(offset, format!("the code `{code}` is in the list twice"));
        }
        code
    }
}

pub(super) fn code_list(file: File<'_>, name: &str) -> CodeList {
    let rows = csv(file, &["code"]);
    let mut seen = std::collections::BTreeSet::new();
    let mut kept = Kept::default();
    let mut entries = Vec::with_capacity(rows.rows.len());
    for (offset, row) in &rows.rows {
        let entry = CodeEntry {
            code: rows.code(file, *offset, row, &mut seen),
            name: rows.names(&mut kept, file, *offset, row),
            from: rows.date(file, *offset, row, "from"),
            until: rows.date(file, *offset, row, "until"),
            more: rows.more(&mut kept, file, row, &["code", "from", "until"]),
        };
        if let (Some(from), Some(until)) = (entry.from, entry.until)
            && until <= from
        {
            file.wrong(*offset, format!("`{}` ends before it begins", entry.code));
        }
        entries.push(entry);
    }
    tree(file, &rows, &entries);
    CodeList::new(name.to_owned(), entries)
}

/// So many levels a tree has: people open it branch by branch.
const MOST_LEVELS: usize = 32;

/// A column `parent` makes a list a tree: every parent is one of its codes, and nobody stands above themselves.
fn tree(file: File<'_>, rows: &Rows, entries: &[CodeEntry]) {
    if !rows.headings.iter().any(|heading| heading == "parent") {
        return;
    }
    let above: BTreeMap<&str, &str> = (entries.iter())
        .filter_map(|entry| Some((entry.code.as_str(), entry.more.get("parent")?)))
        .collect();
    // A classifier's top may stand in another list, where all parents do (districts in regions).
    let codes: std::collections::BTreeSet<&str> = entries.iter().map(|entry| entry.code.as_str()).collect();
    let inside = |code: &str| codes.contains(code);
    let of_another = above.values().all(|parent| !inside(parent));
    for ((offset, _), entry) in rows.rows.iter().zip(entries) {
        let Some(parent) = above.get(entry.code.as_str()) else {
            continue;
        };
        if !of_another && !inside(parent) {
            file.wrong(
                *offset,
                format!("the parent of `{}`, `{parent}`, is not in the list", entry.code),
            );
        }
        let mut at = entry.code.as_str();
        for level in 0..=MOST_LEVELS {
            match above.get(at) {
                Some(_) if level == MOST_LEVELS => {
                    let message = format!("`{}` has more than {MOST_LEVELS} levels above it", entry.code);
                    file.wrong(*offset, message);
                }
                Some(next) if *next == entry.code => {
                    file.wrong(*offset, format!("`{}` stands above itself", entry.code));
                    break;
                }
                Some(next) => at = next,
                None => break,
            }
        }
    }
}

pub(super) fn offices(file: File<'_>) -> Vec<OfficeRow> {
    let rows = csv(file, &["code", "parent", "kind", "municipality"]);
    let mut seen = std::collections::BTreeSet::new();
    let mut kept = Kept::default();
    let mut found = Vec::new();
    for (offset, row) in &rows.rows {
        let kind = rows.get(row, "kind").unwrap_or_default().to_owned();
        if !matches!(kind.as_str(), "ministry" | "centre" | "unit" | "institution") {
            file.wrong(
                *offset,
                format!("`{kind}` is none of ministry, centre, unit, institution"),
            );
        }
        let parent = rows.get(row, "parent").map(str::to_owned);
        // Parents stand before their children, so that the tree has no circle.
        if let Some(parent) = &parent
            && !seen.contains(parent)
        {
            file.wrong(
                *offset,
                format!("the office above it, `{parent}`, does not stand in a line before"),
            );
        }
        if let Some(municipality) = rows.get(row, "municipality") {
            file.refer(To::Municipality, municipality, *offset);
        }
        found.push(OfficeRow {
            code: rows.code(file, *offset, row, &mut seen),
            parent,
            kind,
            municipality: rows.get(row, "municipality").map(str::to_owned),
            name: rows.texts(file, *offset, row),
            more: rows
                .more(&mut kept, file, row, &["code", "parent", "kind", "municipality"])
                .to_map(),
        });
    }
    found
}

pub(super) fn municipalities(file: File<'_>) -> Vec<MunicipalityRow> {
    let rows = csv(file, &["code"]);
    let mut seen = std::collections::BTreeSet::new();
    let mut kept = Kept::default();
    let mut found = Vec::new();
    for (offset, row) in &rows.rows {
        if let Some(centre) = rows.get(row, "centre") {
            file.refer(To::Office, centre, *offset);
        }
        found.push(MunicipalityRow {
            code: rows.code(file, *offset, row, &mut seen),
            centre: rows.get(row, "centre").map(str::to_owned),
            plate: rows.get(row, "plate").map(str::to_owned),
            name: rows.names(&mut kept, file, *offset, row),
            more: rows.more(&mut kept, file, row, &["code", "centre", "plate"]),
        });
    }
    found
}

pub(super) fn holidays(file: File<'_>) -> Vec<Holiday> {
    let rows = csv(file, &["date"]);
    let mut found: Vec<Holiday> = Vec::new();
    for (offset, row) in &rows.rows {
        if rows.get(row, "date").is_none() {
            file.wrong(*offset, "the day is missing");
        }
        if let Some(on) = rows.date(file, *offset, row, "date") {
            if found.iter().any(|other| other.on == on) {
                file.wrong(*offset, format!("the holiday {on} is there twice"));
            }
            found.push(Holiday {
                on,
                name: rows.texts(file, *offset, row),
            });
        }
    }
    found.sort_by_key(|holiday| holiday.on);
    found
}
