//! Finding people as one types.
//!
//! A text is a number, a birth date, a dossier's number or words of a name. Words are looked up by their beginning in the b-tree of
//! `person_token`, so that what was just registered is found at once and both engines give the same answers; only where that finds nobody is
//! one typing mistake forgiven, with the vocabulary in memory. Nothing else is ever scanned.

use super::store::{CARD, card};
use crate::{
    access::Scope,
    problem::Error,
    search::{Vocabulary, tokens},
    store::{Tx, Val},
    vals,
};
use karton_api::{
    Date, Id,
    persons::{FoundBy, PersonHit},
    value::Person,
};

/// The longest text looked for.
pub const LONGEST_TEXT: usize = 200;
/// Words beyond these are not used: three words find anybody.
const MOST_WORDS: usize = 6;
/// How many words one mistake away are tried for each word.
const MOST_NEAR: usize = 8;

/// What a text asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// Digits at the beginning of a national number.
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
    if text.contains('/') && text.bytes().any(|b| b.is_ascii_digit()) {
        return Sought::Dossier(text.to_uppercase());
    }
    let mut words = tokens(text);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words.truncate(MOST_WORDS);
    if words.is_empty() {
        Sought::Nothing
    } else {
        Sought::Words(words)
    }
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

/// The first text after all that begin with `prefix`: the upper bound of a range.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// One page of hits in a stable order, after the person `after_id` if one is given. May answer one more than `limit`: then there are more.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    vocabulary: &Vocabulary,
    text: &str,
    from: usize,
    limit: usize,
) -> Result<Vec<PersonHit>, Error> {
    let from_row = i64::try_from(from).unwrap_or(i64::MAX);
    let most = i64::try_from(limit + 1).unwrap_or(51);
    let one = |tx: &mut Tx, condition: &str, values: &[Val], found_by| {
        let mut all = vec![scope.val()];
        all.extend_from_slice(values);
        all.push(Val::Int(most));
        all.push(Val::Int(from_row));
        let (limit_at, offset_at) = (all.len() - 1, all.len());
        let sql = format!(
            "SELECT {CARD} FROM person p JOIN office o ON o.id = p.office WHERE {condition} LIMIT ${limit_at} OFFSET ${offset_at}"
        );
        tx.query(&sql, &all)?
            .iter()
            .map(|row| {
                Ok(PersonHit {
                    card: card(row)?,
                    found_by,
                })
            })
            .collect::<Result<Vec<_>, Error>>()
    };
    match understand(text) {
        Sought::Nothing => Ok(Vec::new()),
        Sought::Birth(day) => one(
            tx,
            "p.birth_day = $2 ORDER BY p.birth_day, p.id",
            vals![day],
            FoundBy::BirthDate,
        ),
        Sought::Dossier(number) => one(
            tx,
            "p.dossier_number = $2",
            vals![number.as_str()],
            FoundBy::Number,
        ),
        Sought::Number(digits) => one(
            tx,
            "p.id_number >= $2 AND p.id_number < $3 ORDER BY p.id_number, p.id",
            vals![digits.as_str(), next_digits(&digits).as_str()],
            FoundBy::Number,
        ),
        Sought::Words(words) => {
            let ids = by_words(tx, &words, from, limit + 1)?;
            if !ids.is_empty() || from > 0 {
                return hits(tx, scope, &ids, FoundBy::Name);
            }
            let ids = by_near_words(tx, vocabulary, &words, limit + 1)?;
            hits(tx, scope, &ids, FoundBy::Typo)
        }
    }
}

/// The digits after all that begin with these, for the end of a range: `129` after `128`; beyond `999` everything longer.
fn next_digits(digits: &str) -> String {
    format!("{digits}:")
}

fn hits(tx: &mut Tx, scope: &Scope, ids: &[Id<Person>], found_by: FoundBy) -> Result<Vec<PersonHit>, Error> {
    let cards = super::store::cards(tx, scope, ids)?;
    Ok(cards
        .into_iter()
        .map(|card| PersonHit { card, found_by })
        .collect())
}

/// People all of whose sought words begin words of their name. The rarest word leads; the others are looked up person by person.
fn by_words(tx: &mut Tx, words: &[String], from: usize, most: usize) -> Result<Vec<Id<Person>>, Error> {
    let mut words: Vec<(usize, &String)> = words
        .iter()
        .map(|word| Ok((how_many(tx, word)?, word)))
        .collect::<Result<_, Error>>()?;
    words.sort_by_key(|(count, word)| (*count, std::cmp::Reverse(word.len())));
    let Some((_, first)) = words.first() else {
        return Ok(Vec::new());
    };
    let mut values = vec![Val::from(first.as_str()), Val::from(after(first))];
    let mut sql = "SELECT a.person FROM person_token a WHERE a.token >= $1 AND a.token < $2".to_owned();
    for (place, (_, word)) in words.iter().enumerate().skip(1) {
        let at = place * 2 + 1;
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM person_token b WHERE b.person = a.person AND b.token >= ${at} AND b.token < ${})",
            at + 1
        ));
        values.push(Val::from(word.as_str()));
        values.push(Val::from(after(word)));
    }
    // Exact words stand first in the order of the tree. A person whose name has two such words would come twice: read on past that.
    sql.push_str(&format!(
        " ORDER BY a.token, a.person LIMIT ${}",
        values.len() + 1
    ));
    values.push(Val::Int(i64::try_from((from + most) * 2 + 8).unwrap_or(i64::MAX)));
    let mut ids: Vec<Id<Person>> = Vec::new();
    for row in tx.query(&sql, &values)? {
        let id = row.get(0)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids.into_iter().skip(from).take(most).collect())
}

/// How many names have a word with this beginning, counted up to 200.
fn how_many(tx: &mut Tx, word: &str) -> Result<usize, Error> {
    let row = tx.one(
        "SELECT count(*) FROM (SELECT 1 FROM person_token WHERE token >= $1 AND token < $2 LIMIT 200) AS few",
        vals![word, after(word).as_str()],
    )?;
    Ok(usize::try_from(row.get::<i64>(0)?).unwrap_or(0))
}

/// People found when one word of those sought is replaced by one that is a mistake away.
fn by_near_words(
    tx: &mut Tx,
    vocabulary: &Vocabulary,
    words: &[String],
    most: usize,
) -> Result<Vec<Id<Person>>, Error> {
    let mut ids = Vec::new();
    for (place, word) in words.iter().enumerate() {
        for near in vocabulary.near(word, MOST_NEAR) {
            let mut other = words.to_vec();
            if let Some(slot) = other.get_mut(place) {
                *slot = near;
            }
            for id in by_words(tx, &other, 0, most)? {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            if ids.len() >= most {
                ids.truncate(most);
                return Ok(ids);
            }
        }
    }
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
                Sought::Words(vec!["1978".into(), "31".into(), "02".into()]),
            ),
            ("1403978", Sought::Number("1403978".into())),
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
