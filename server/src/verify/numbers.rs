//! Numbers for people: what was drawn was issued, once each.

use super::Books;
use crate::{problem::Error, store::Tx};
use std::collections::{BTreeMap, BTreeSet};

/// Office, class and year of a series.
type Series = (String, String, i64);

/// Holds every issued number against its series: gaps, clashes, and numbers that were never drawn.
pub(super) fn series(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    let mut drawn: BTreeMap<Series, i64> = BTreeMap::new();
    for row in tx.query("SELECT office, class, year, last FROM series", &[])? {
        drawn.insert((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?);
    }
    // The pack names the series of cases: whatever class a case bears is one.
    let mut of_cases: BTreeSet<String> = BTreeSet::new();
    for row in tx.query("SELECT number FROM social_case", &[])? {
        of_cases.extend(read(&row.get::<String>(0)?).map(|((_, class, _), _)| class));
    }
    let papers = [
        ("Z", "SELECT number FROM application WHERE number IS NOT NULL"),
        (
            "R",
            "SELECT number FROM decision UNION ALL SELECT number FROM amendment WHERE number IS NOT NULL
                UNION ALL SELECT number FROM confirmation WHERE number IS NOT NULL",
        ),
        ("D", "SELECT dossier_number FROM person"),
        ("PP", "SELECT number FROM lodging"),
        (
            "P",
            "SELECT post_number FROM lodging WHERE post_number IS NOT NULL",
        ),
        ("O", "SELECT number FROM dismissal WHERE number IS NOT NULL"),
        ("PO", "SELECT number FROM paper WHERE variant = 'withdrawal'"),
    ];
    let cases = of_cases
        .iter()
        .map(|class| (class.as_str(), "SELECT number FROM social_case"));
    for (class, sql) in papers.into_iter().chain(cases) {
        let of_cases = of_cases.contains(class);
        let mut issued: BTreeMap<Series, BTreeSet<i64>> = BTreeMap::new();
        for row in tx.query(sql, &[])? {
            let number: String = row.get(0)?;
            let (number_read, other) = match read(&number) {
                Some(read) if read.0.1 == class => (Some(read), false),
                // Each kind of case has its own turn.
                Some(_) if of_cases => (None, true),
                _ => (None, false),
            };
            if other {
                continue;
            }
            let Some((series, place)) = number_read else {
                books.add(
                    "number-strange",
                    [("number", number)],
                    "this is no number of its series",
                );
                continue;
            };
            let (office, _, year) = &series;
            let number = format!("{office}-{class}-{year}/{place}");
            if place > drawn.get(&series).copied().unwrap_or(0) || place < 1 {
                books.add(
                    "number-not-drawn",
                    [("number", number)],
                    "this number was never drawn",
                );
            } else if !issued.entry(series).or_default().insert(place) {
                books.add(
                    "number-twice",
                    [("number", number)],
                    "this number was given twice",
                );
            }
        }
        for (series, last) in drawn.iter().filter(|(series, _)| series.1 == class) {
            let there = issued.remove(series).unwrap_or_default();
            for (first, last) in gaps(&there, *last) {
                let (office, class, year) = series;
                let from = format!("{office}-{class}-{year}/{first}");
                let to = (first != last).then(|| ("to", format!("{office}-{class}-{year}/{last}")));
                let at = std::iter::once(("number", from)).chain(to);
                books.add("number-gap", at, "drawn, but nothing bears it");
            }
        }
    }
    Ok(())
}

/// `CSR-01-Z-2025/18`: the series and the place in it.
fn read(number: &str) -> Option<(Series, i64)> {
    let (series, place) = number.rsplit_once('/')?;
    let (rest, year) = series.rsplit_once('-')?;
    let (office, class) = rest.rsplit_once('-')?;
    Some((
        (office.to_owned(), class.to_owned(), year.parse().ok()?),
        place.parse().ok()?,
    ))
}

/// The ranges between 1 and `last` that are not there.
fn gaps(there: &BTreeSet<i64>, last: i64) -> Vec<(i64, i64)> {
    let mut gaps = Vec::new();
    let mut next = 1;
    for place in there.iter().copied().chain([last + 1]) {
        if place > next {
            gaps.push((next, place - 1));
        }
        next = place + 1;
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_ranges() {
        assert_eq!(gaps(&BTreeSet::new(), 0), []);
        assert_eq!(gaps(&[1, 2, 3].into(), 3), []);
        assert_eq!(gaps(&[2, 5].into(), 7), [(1, 1), (3, 4), (6, 7)]);
    }

    #[test]
    fn a_number_is_read_from_behind() {
        let series = ("CSR-01".to_owned(), "Z".to_owned(), 2025);
        assert_eq!(read("CSR-01-Z-2025/18"), Some((series, 18)));
        assert_eq!(read("18"), None);
    }
}
