//! Who is competent for a benefit: from a day on, in the whole country or in some places only.
//!
//! The country's entries follow one another. An entry with a place lies over them, from its own day on and, where it says so, until a day: first
//! those that name a municipality, then those that name a column of `codes/municipalities.csv` (a county, a region), then the country's.

use super::{
    Benefit, Mistake, MunicipalityRow, Pack, Place,
    read::{Mistakes, Table, To},
};
use crate::lang::hint;
use karton_api::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Who is competent from a day on.
#[derive(Debug, Clone)]
pub struct Competent {
    /// First day.
    pub from: Date,
    /// The day after the last; only where it holds for some places.
    pub until: Option<Date>,
    /// Where.
    pub place: Territory,
    /// Code of a body.
    pub decides: String,
    /// Code of the body without whose own decision nothing is granted; none where the first one's is enough.
    pub confirms: Option<String>,
    /// Code of a body.
    pub pays: String,
    /// Where it is written.
    pub written: Place,
}

/// Where an entry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Territory {
    /// Everywhere else.
    Country,
    /// Municipalities with one of these values in a column of `codes/municipalities.csv`: `county`, `["B"]`.
    Column(String, Vec<String>),
    /// Codes of municipalities.
    Municipalities(Vec<String>),
}

impl Territory {
    /// Which lies over which: the greater one counts.
    fn rank(&self) -> u8 {
        match self {
            Territory::Country => 0,
            Territory::Column(..) => 1,
            Territory::Municipalities(_) => 2,
        }
    }
    fn holds(&self, municipality: Option<&MunicipalityRow>) -> bool {
        match (self, municipality) {
            (Territory::Country, _) => true,
            (Territory::Column(column, values), Some(row)) => row
                .more
                .get(column)
                .is_some_and(|value| values.iter().any(|it| it == value)),
            (Territory::Municipalities(codes), Some(row)) => codes.contains(&row.code),
            (_, None) => false,
        }
    }
}

impl Benefit {
    /// Who is competent on a day in a municipality; of the whole country where none is named or known. Nobody before the first entry.
    pub fn competent_on(&self, pack: &Pack, on: Date, municipality: Option<&str>) -> Option<&Competent> {
        let row = municipality.and_then(|code| pack.municipalities.iter().find(|row| row.code == code));
        let runs = |it: &&Competent| it.from <= on && it.until.is_none_or(|until| on < until);
        self.competent
            .iter()
            .filter(|it| runs(it) && it.place.holds(row))
            .max_by_key(|it| (it.place.rank(), it.from))
    }
}

/// `[[competent]]` of a benefit, in the order of its file.
pub(super) fn read(table: &Table<'_>) -> Vec<Competent> {
    let mut found: Vec<Competent> = Vec::new();
    for dated in table.tables("competent") {
        let from = dated.need("from").and_then(|item| item.date());
        let from = from.unwrap_or(Date::MIN);
        let it = Competent {
            from,
            until: dated.opt("until").and_then(|item| item.date()),
            place: territory(&dated),
            decides: dated.refer(To::Body, "decides"),
            confirms: dated
                .opt("confirms")
                .is_some()
                .then(|| dated.refer(To::Body, "confirms")),
            pays: dated.refer(To::Body, "pays"),
            written: dated.place(),
        };
        dated.finish();
        if it.confirms.as_ref() == Some(&it.decides) {
            dated.wrong(format!("`{}` cannot confirm what it decides itself", it.decides));
        }
        match (&it.place, it.until) {
            (Territory::Country, Some(_)) => {
                dated.wrong(
                    "only an entry for some places has `until`: the country's entries follow one another",
                );
            }
            (_, Some(until)) if until <= from => dated.wrong("`until` is a day after `from`"),
            _ => {}
        }
        let same = |other: &&Competent| other.place == it.place;
        let before = found.iter().rev().find(same);
        if before.is_some_and(|last| last.from >= from || last.until.is_some_and(|until| until > from)) {
            dated.wrong("the competent bodies overlap or are not in the order of their days");
        }
        found.push(it);
    }
    if found.is_empty() {
        table.wrong("nobody is competent: [[competent]] is missing");
    } else if found.iter().all(|it| it.place != Territory::Country) {
        table.wrong("nobody is competent elsewhere: one [[competent]] without a place is needed");
    }
    found
}

fn territory(table: &Table<'_>) -> Territory {
    let column = table.opt("where").and_then(|item| {
        let of = item.table()?;
        let mut columns: Vec<(String, Vec<String>)> = Vec::new();
        for (column, values) in of.entries() {
            let values = values.array()?;
            let texts = values.iter().filter_map(|value| Some(value.text()?.to_owned()));
            columns.push((column.to_owned(), texts.collect()));
        }
        if columns.len() != 1 || columns.iter().any(|(_, values)| values.is_empty()) {
            item.wrong("`where` names one column of municipalities.csv and its values: { county = [\"B\"] }");
        }
        columns.pop()
    });
    let named = table.opt("municipality").is_some();
    let codes = table.refer_all(To::Municipality, "municipality");
    if named && codes.is_empty() {
        table.wrong("`municipality` names at least one municipality");
    }
    match (column, named) {
        (Some(_), true) => {
            table.wrong("an entry names municipalities or a column of them, not both");
            Territory::Municipalities(codes)
        }
        (Some((column, values)), false) => Territory::Column(column, values),
        (None, true) => Territory::Municipalities(codes),
        (None, false) => Territory::Country,
    }
}

/// Places exist, and nowhere are two entries of one rank competent at the same time.
pub(super) fn check(pack: &Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let wrong = |place: &Place, message: String| note(mistakes, files, place, message);
    for benefit in &pack.benefits {
        let placed = |it: &&Competent| it.place != Territory::Country;
        let placed: Vec<&Competent> = benefit.competent.iter().filter(placed).collect();
        for it in &placed {
            let Territory::Column(column, values) = &it.place else {
                continue;
            };
            let there: BTreeSet<&str> = (pack.municipalities.iter())
                .filter_map(|row| row.more.get(column))
                .collect();
            if there.is_empty() {
                let columns: BTreeSet<&str> = (pack.municipalities.iter())
                    .flat_map(|row| row.more.iter().map(|(column, _)| column))
                    .collect();
                let near = hint(column, columns);
                wrong(
                    &it.written,
                    format!("municipalities.csv has no column `{column}`{near}"),
                );
                continue;
            }
            for value in values.iter().filter(|value| !there.contains(value.as_str())) {
                let near = hint(value, there.iter().copied());
                wrong(
                    &it.written,
                    format!("no municipality has `{value}` as its `{column}`{near}"),
                );
            }
        }
        // Entries of one place follow one another; here those of different places that share a municipality.
        for (at, it) in placed.iter().enumerate() {
            let overlaps = |other: &&&Competent| {
                other.place != it.place
                    && other.place.rank() == it.place.rank()
                    && it.until.is_none_or(|until| other.from < until)
                    && other.until.is_none_or(|until| it.from < until)
            };
            for other in placed.iter().take(at).filter(overlaps) {
                let both = |row: &&MunicipalityRow| it.place.holds(Some(row)) && other.place.holds(Some(row));
                if let Some(row) = pack.municipalities.iter().find(both) {
                    let day = it.from.max(other.from);
                    wrong(
                        &it.written,
                        format!("from {day} two entries are competent in `{}`", row.code),
                    );
                }
            }
        }
    }
}

/// A note at a place of a file.
pub(super) fn note(mistakes: &Mistakes, files: &BTreeMap<String, String>, place: &Place, message: String) {
    let text = files.get(&place.file).map_or("", String::as_str);
    mistakes.note(Mistake::at(&place.file, text, place.offset, message));
}
