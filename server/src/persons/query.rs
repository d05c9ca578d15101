//! Finding people as one types.
//!
//! A text is a number, a birth date, a dossier's number or words of a name. Words are looked up by their beginning in the b-trees of
//! `person_token` and `name_token`, so that what was just registered is found at once and both engines give the same answers; only where
//! that finds nobody is one typing mistake forgiven, with the vocabulary in memory. Nothing is ever scanned: whatever is typed, the work is
//! bounded by the length of the page, and for several words by how many different names there are, not by how many people bear them.

use super::{
    names::{fits, words},
    store::{CARD, FOLLOWED, card},
};
use crate::{
    access::Scope,
    problem::Error,
    search::Vocabulary,
    store::{Dialect, Tx, Val},
    vals,
};
use karton_api::{
    Date, Id,
    persons::{FoundBy, PersonCard, PersonHit},
    value::Person,
};
use std::collections::HashSet;

/// The longest text looked for.
pub(super) const LONGEST_TEXT: usize = 200;
/// Words beyond these are not used: three words find anybody.
const MOST_WORDS: usize = 4;
/// How many words one mistake away are tried for each word.
const MOST_NEAR: usize = 8;
/// Words are counted up to this: a beginning shared by more different names is a poor one to start from, however many more there are.
const MANY_NAMES: i64 = 400;
/// So many names with the beginning of the leading word are gone through: beyond, more has to be typed.
const MOST_NAMES: i64 = 2_000;
/// With three words and more, so many people who have the first two are looked at for the others. Where there are more of them, the answer says
/// that it is not complete: only beginnings of a letter or two get that far.
const MOST_LOOKED_AT: i64 = 20_000;

/// What a text asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// What a national number begins with: digits, or the series of a document and digits.
    Number(String),
    /// A birth date.
    Birth(Date),
    /// A dossier's number.
    Dossier(String),
    /// The beginnings of words of a name, longest first.
    Words(Vec<String>),
    /// Nothing that could be looked for.
    Nothing,
}

/// Understands a text.
pub(super) fn understand(text: &str) -> Sought {
    let text = text.trim();
    if let Some(day) = as_day(text) {
        return Sought::Birth(day);
    }
    if text.len() >= 3 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Sought::Number(text.to_owned());
    }
    if let Some(number) = as_document(text) {
        return Sought::Number(number);
    }
    if text.contains('/') && text.bytes().any(|b| b.is_ascii_digit()) {
        return Sought::Dossier(text.to_uppercase());
    }
    let mut words = words(text);
    words.sort_by(|a, b| (b.len(), a).cmp(&(a.len(), b)));
    words.dedup();
    words.truncate(MOST_WORDS);
    if words.is_empty() {
        Sought::Nothing
    } else {
        Sought::Words(words)
    }
}

/// A number with a series before it, as passports have (`АА123456`, `АА 123456`), or with a hyphen, as records have (`19910824-00026`). No name
/// ends with six digits.
fn as_document(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| *c != ' ').collect();
    let series = bare.chars().take_while(|c| c.is_alphabetic()).count();
    let rest: Vec<char> = bare.chars().skip(series).collect();
    let digits = rest.iter().filter(|c| c.is_ascii_digit()).count();
    let hyphens = rest.len() - digits;
    let is_number = series <= 3
        && digits >= 6
        && hyphens <= 1
        && series + hyphens > 0
        && rest.iter().all(|c| c.is_ascii_digit() || *c == '-');
    is_number.then(|| bare.to_uppercase())
}

/// `14.03.1978`, `14.3.1978.`, `14/3/1978` or `1978-03-14`.
fn as_day(text: &str) -> Option<Date> {
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        return Some(day);
    }
    let mut parts = text.trim_end_matches('.').split(['.', '/']).map(str::trim);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// One page of hits in a stable order, from the hit number `from`. May answer one more than `limit`: then there are more. Says also whether some
/// people whose name might fit were not looked at.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    vocabulary: &Vocabulary,
    text: &str,
    from: usize,
    limit: usize,
) -> Result<(Vec<PersonHit>, bool), Error> {
    let from_row = i64::try_from(from).unwrap_or(i64::MAX);
    let most = i64::try_from(limit + 1).unwrap_or(51);
    let one = |tx: &mut Tx, condition: &str, values: &[Val], found_by| {
        let mut all = vec![scope.val()];
        all.extend_from_slice(values);
        all.push(Val::Int(most));
        all.push(Val::Int(from_row));
        let (limit_at, offset_at) = (all.len() - 1, all.len());
        let sql = format!(
            "SELECT {CARD} FROM {FOLLOWED} JOIN office o ON o.id = p.office WHERE {condition} LIMIT ${limit_at} OFFSET ${offset_at}"
        );
        tx.query(&sql, &all)?
            .iter()
            .map(|row| {
                Ok(PersonHit {
                    card: card(row)?,
                    found_by,
                    formerly: None,
                    household: None,
                })
            })
            .collect::<Result<Vec<_>, Error>>()
            .map(|hits| (hits, false))
    };
    match understand(text) {
        Sought::Nothing => Ok((Vec::new(), false)),
        Sought::Birth(day) => one(
            tx,
            "q.birth_day = $2 ORDER BY q.birth_day, q.id",
            vals![day],
            FoundBy::BirthDate,
        ),
        Sought::Dossier(number) => one(
            tx,
            "q.dossier_number = $2",
            vals![number.as_str()],
            FoundBy::Number,
        ),
        Sought::Number(digits) => {
            let values = [digits.as_str().into(), next_digits(&digits).as_str().into()];
            let ids = distinct(tx, NUMBERS, &values, from, limit + 1)?;
            let fits = |card: &PersonCard| {
                card.national_id
                    .as_ref()
                    .is_some_and(|id| id.number.starts_with(&digits))
            };
            let mut hits = hits(tx, scope, &ids, |card| {
                if fits(card) {
                    FoundBy::Number
                } else {
                    FoundBy::FormerNumber
                }
            })?;
            for hit in hits
                .iter_mut()
                .filter(|hit| hit.found_by == FoundBy::FormerNumber)
            {
                let row = tx.query(
                    "SELECT number FROM person_former_number WHERE person = $3 AND number >= $1 AND number < $2 ORDER BY until_at DESC LIMIT 1",
                    &[digits.as_str().into(), next_digits(&digits).as_str().into(), hit.card.id.into()],
                )?;
                hit.formerly = row.first().map(|row| row.get(0)).transpose()?;
            }
            Ok((hits, false))
        }
        Sought::Words(words) => {
            // A single word leads whatever it begins; not asking spares a trip to the database.
            let counts = if words.len() > 1 {
                how_many(tx, &words)?
            } else {
                vec![1]
            };
            let (ids, incomplete) = by_words(tx, &words, &counts, from, limit + 1)?;
            if !ids.is_empty() || from > 0 || incomplete {
                let mut hits = hits(tx, scope, &ids, |card| {
                    if fits(&card.name, &words) {
                        FoundBy::Name
                    } else {
                        FoundBy::FormerName
                    }
                })?;
                for hit in hits.iter_mut().filter(|hit| hit.found_by == FoundBy::FormerName) {
                    hit.formerly = former_name(tx, hit.card.id, &words)?;
                }
                return Ok((hits, incomplete));
            }
            let ids = by_near_words(tx, vocabulary, (&words, &counts), limit + 1)?;
            Ok((hits(tx, scope, &ids, |_| FoundBy::Typo)?, false))
        }
    }
}

/// The digits after all that begin with these, for the end of a range: `129` after `128`; beyond `999` everything longer.
fn next_digits(digits: &str) -> String {
    format!("{digits}:")
}

/// Present and former numbers in one order; each side is cut before they are joined, so that neither tree is walked further than the page.
const NUMBERS: &str = "SELECT a.person FROM (
        SELECT * FROM (SELECT p.id_number AS number, p.id AS person FROM person p
            WHERE p.id_number >= $1 AND p.id_number < $2 ORDER BY p.id_number, p.id LIMIT $3) AS now
        UNION ALL
        SELECT * FROM (SELECT f.number AS number, f.person AS person FROM person_former_number f
            WHERE f.number >= $1 AND f.number < $2 ORDER BY f.number, f.scheme, f.person LIMIT $3) AS former
    ) AS a ORDER BY a.number, a.person LIMIT $3";

fn hits(
    tx: &mut Tx,
    scope: &Scope,
    ids: &[Id<Person>],
    found_by: impl Fn(&PersonCard) -> FoundBy,
) -> Result<Vec<PersonHit>, Error> {
    let cards = super::store::cards_found(tx, scope, ids)?;
    Ok(cards
        .into_iter()
        .map(|card| PersonHit {
            found_by: found_by(&card),
            card,
            formerly: None,
            household: None,
        })
        .collect())
}

/// The latest earlier name of a person that these beginnings fit.
fn former_name(tx: &mut Tx, person: Id<Person>, words: &[String]) -> Result<Option<String>, Error> {
    let names = super::correcting::former_names(tx, person)?;
    let name = names.into_iter().find(|name| fits(name, words));
    Ok(name.map(|name| format!("{} {}", name.given, name.family).trim().to_owned()))
}

/// The beginning and the end of the range of words that begin like this one.
fn range(word: &str) -> [Val; 2] {
    [word.into(), format!("{word}\u{10FFFF}").into()]
}

/// How many different words of names begin like each of these, counted up to [`MANY_NAMES`].
fn how_many(tx: &mut Tx, words: &[String]) -> Result<Vec<i64>, Error> {
    let count = |place: usize| {
        format!(
            "(SELECT count(*) FROM (SELECT 1 FROM name_token WHERE token >= ${} AND token < ${} LIMIT {MANY_NAMES}) AS few{place})",
            place * 2 + 1,
            place * 2 + 2
        )
    };
    let counts: Vec<String> = (0..words.len()).map(count).collect();
    let values: Vec<Val> = words.iter().flat_map(|word| range(word)).collect();
    let row = tx.one(&format!("SELECT {}", counts.join(", ")), &values)?;
    (0..words.len()).map(|place| Ok(row.get(place)?)).collect()
}

/// People all of whose sought words begin different words of their name, those first in whose name a word stands exactly.
fn by_words(
    tx: &mut Tx,
    words: &[String],
    counts: &[i64],
    from: usize,
    most: usize,
) -> Result<(Vec<Id<Person>>, bool), Error> {
    if counts.contains(&0) {
        return Ok((Vec::new(), false));
    }
    // The word that begins the fewest names leads, the longest of those; then the next. `words` has the longest first.
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by_key(|place| counts.get(*place).copied());
    let mut ranked = order.iter().filter_map(|place| words.get(*place));
    let (Some(lead), second) = (ranked.next(), ranked.next()) else {
        return Ok((Vec::new(), false));
    };
    let mut values: Vec<Val> = range(lead).into();
    let Some(second) = second else {
        let sql = "SELECT p.person FROM person_token p WHERE p.token >= $1 AND p.token < $2 ORDER BY p.token, p.other, p.person LIMIT $3";
        return Ok((distinct(tx, sql, &values, from, most)?, false));
    };
    values.extend(range(second));
    let rest: Vec<&String> = ranked.collect();
    let names = format!(
        "(SELECT token FROM name_token WHERE token >= $1 AND token < $2 ORDER BY token LIMIT {MOST_NAMES}) n"
    );
    let wanted = "p.token = n.token AND p.other >= $3 AND p.other < $4";
    let limit = if rest.is_empty() {
        "$5".to_owned()
    } else {
        MOST_LOOKED_AT.to_string()
    };
    // Name by name in the order of the tree, each a range of its own. The planner of PostgreSQL is told so by the LIMIT within.
    let pairs = match tx.dialect() {
        Dialect::Sqlite => format!(
            "SELECT p.person FROM {names} CROSS JOIN person_token p WHERE {wanted} ORDER BY n.token, p.other, p.person LIMIT {limit}"
        ),
        Dialect::Postgres => format!(
            "SELECT q.person FROM {names} CROSS JOIN LATERAL (SELECT p.other, p.person FROM person_token p WHERE {wanted}
             ORDER BY p.other, p.person LIMIT {limit}) q ORDER BY n.token, q.other, q.person LIMIT {limit}"
        ),
    };
    if rest.is_empty() {
        return Ok((distinct(tx, &pairs, &values, from, most)?, false));
    }
    let looked_at = values.clone();
    let also = also(&mut values, &rest);
    let sql = format!(
        "SELECT f.person FROM ({pairs}) f WHERE {also} LIMIT ${}",
        values.len() + 1
    );
    let ids = distinct(tx, &sql, &values, from, most)?;
    // Whoever turns pages to the end of what was looked at is told that it was not all.
    let incomplete = ids.len() < most && {
        let count = tx.one(&format!("SELECT count(*) FROM ({pairs}) f"), &looked_at)?;
        count.get::<i64>(0)? >= MOST_LOOKED_AT
    };
    Ok((ids, incomplete))
}

/// The condition that the person `f.person` has a word for each of these beginnings.
fn also(values: &mut Vec<Val>, words: &[&String]) -> String {
    let mut conditions = Vec::new();
    for word in words {
        let at = values.len() + 1;
        conditions.push(format!(
            "EXISTS (SELECT 1 FROM person_token b WHERE b.person = f.person AND b.token >= ${at} AND b.token < ${})",
            at + 1
        ));
        values.extend(range(word));
    }
    conditions.join(" AND ")
}

/// The people of a query whose last argument is its LIMIT, each once. Who has several words that fit comes several times, so more is read
/// until the page is full.
fn distinct(
    tx: &mut Tx,
    sql: &str,
    values: &[Val],
    from: usize,
    most: usize,
) -> Result<Vec<Id<Person>>, Error> {
    let mut reads = from + most;
    loop {
        let mut all = values.to_vec();
        all.push(Val::Int(i64::try_from(reads).unwrap_or(i64::MAX)));
        let rows = tx.query(sql, &all)?;
        let mut seen = HashSet::with_capacity(rows.len());
        let mut ids: Vec<Id<Person>> = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = row.get(0)?;
            if seen.insert(id) {
                ids.push(id);
            }
        }
        // Nobody comes more often than a name has pairs of words.
        if ids.len() >= from + most || rows.len() < reads || reads >= (from + most) * 64 {
            return Ok(ids.into_iter().skip(from).take(most).collect());
        }
        reads *= 4;
    }
}

/// People found when one word of those sought is replaced by whole words that are a mistake away. Where a word begins no name at all the
/// mistake is in it.
fn by_near_words(
    tx: &mut Tx,
    vocabulary: &Vocabulary,
    (words, counts): (&[String], &[i64]),
    most: usize,
) -> Result<Vec<Id<Person>>, Error> {
    let unknown = counts.iter().filter(|count| **count == 0).count();
    let mut ids: Vec<Id<Person>> = Vec::new();
    if unknown > 1 {
        return Ok(ids);
    }
    for (place, word) in words.iter().enumerate() {
        if unknown == 1 && counts.get(place) != Some(&0) {
            continue;
        }
        let near = vocabulary.near(word, MOST_NEAR);
        let Some(last) = near.last() else { continue };
        // Filled up with the last one, so that there is one statement for any number.
        let mut values: Vec<Val> = near
            .iter()
            .chain(std::iter::repeat(last))
            .take(MOST_NEAR)
            .map(Val::from)
            .collect();
        let asked: Vec<String> = (1..=MOST_NEAR).map(|place| format!("${place}")).collect();
        let mut sql = format!(
            "SELECT f.person FROM person_token f WHERE f.token IN ({})",
            asked.join(", ")
        );
        let mut rest: Vec<&String> = words
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .map(|(_, word)| word)
            .collect();
        if !rest.is_empty() {
            let at = values.len() + 1;
            sql.push_str(&format!(" AND f.other >= ${at} AND f.other < ${}", at + 1));
            values.extend(range(rest.remove(0)));
        }
        sql.push_str(" ORDER BY f.token, f.other, f.person LIMIT ");
        if rest.is_empty() {
            sql.push_str(&format!("${}", values.len() + 1));
        } else {
            let also = also(&mut values, &rest);
            sql = format!(
                "SELECT f.person FROM ({sql}{MOST_LOOKED_AT}) f WHERE {also} LIMIT ${}",
                values.len() + 1
            );
        }
        for id in distinct(tx, &sql, &values, 0, most)? {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.len() >= most {
            break;
        }
    }
    ids.truncate(most);
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_text_is_understood_by_its_shape() {
        for (text, sought) in [
            ("14.03.1978", Sought::Birth(date(1978, 3, 14))),
            ("14.3.1978.", Sought::Birth(date(1978, 3, 14))),
            ("1978-03-14", Sought::Birth(date(1978, 3, 14))),
            (
                "31.02.1978",
                Sought::Words(vec!["1978".into(), "02".into(), "31".into()]),
            ),
            ("1403978", Sought::Number("1403978".into())),
            ("аа 123456", Sought::Number("АА123456".into())),
            ("19910824-00026", Sought::Number("19910824-00026".into())),
            ("m 12345", Sought::Words(vec!["12345".into(), "m".into()])),
            ("csr-01-d-2025/17", Sought::Dossier("CSR-01-D-2025/17".into())),
            (
                "  Марко Вујотић ",
                Sought::Words(vec!["vujotic".into(), "marko".into()]),
            ),
            ("  ", Sought::Nothing),
        ] {
            assert_eq!(understand(text), sought, "{text}");
        }
    }
}
