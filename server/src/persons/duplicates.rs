//! People who may be the one being registered. Looked for inside the transaction that registers, so that no way in can pass it by.

use super::{
    model::Checked,
    names::words_of,
    store::{CARD, card},
};
use crate::{
    access::Scope,
    problem::Error,
    store::{Tx, Val},
    vals,
};
use karton_api::{
    Date, Id,
    persons::{Candidate, PersonCard},
    value::Person,
};
use std::collections::BTreeMap;

/// How many people a block may bring before it is cut: a block that large tells nothing.
const LARGEST_BLOCK: i64 = 200;
/// How many words of the name are tried together with the birth date, the longest ones.
const WORDS_TRIED: usize = 4;
/// How many candidates an officer is shown.
const MOST_SHOWN: usize = 10;

/// What agrees between two people, and how much that weighs. The weights add up; [`ENOUGH`] makes a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Agrees {
    NationalId,
    Name,
    SimilarName,
    BirthDate,
    BirthDateSwapped,
    BirthDateUnknown,
    BirthYear,
}
const ENOUGH: u8 = 5;

impl Agrees {
    fn weight(self) -> u8 {
        match self {
            Agrees::NationalId => 9,
            Agrees::Name | Agrees::BirthDate => 3,
            Agrees::SimilarName | Agrees::BirthDateSwapped | Agrees::BirthDateUnknown => 2,
            Agrees::BirthYear => 1,
        }
    }
    fn code(self) -> &'static str {
        match self {
            Agrees::NationalId => "national-id",
            Agrees::Name => "name",
            Agrees::SimilarName => "similar-name",
            Agrees::BirthDate => "birth-date",
            Agrees::BirthDateSwapped => "birth-date-swapped",
            Agrees::BirthDateUnknown => "birth-date-unknown",
            Agrees::BirthYear => "birth-year",
        }
    }
}

/// Day and month swapped, where that is a day.
fn swapped(day: Date) -> Option<Date> {
    Date::new(day.year(), day.day(), day.month())
        .ok()
        .filter(|other| *other != day)
}

/// What agrees between the words of two names: all of them in any order, or all but one typing mistake in one of them.
fn names(a: &[String], b: &[String]) -> Option<Agrees> {
    if a == b {
        return Some(Agrees::Name);
    }
    let only_a: Vec<&String> = a.iter().filter(|word| !b.contains(word)).collect();
    let only_b: Vec<&String> = b.iter().filter(|word| !a.contains(word)).collect();
    let shares = a.len() > only_a.len();
    match (only_a.as_slice(), only_b.as_slice()) {
        ([], _) | (_, []) if shares => Some(Agrees::SimilarName),
        ([x], [y]) if shares && strsim::osa_distance(x, y) <= if x.len() > 6 { 2 } else { 1 } => {
            Some(Agrees::SimilarName)
        }
        _ => None,
    }
}

fn compare(new: &Checked, new_words: &[String], other: &PersonCard) -> Vec<Agrees> {
    let mut agrees = Vec::new();
    if new.national_id.is_some() && new.national_id == other.national_id {
        agrees.push(Agrees::NationalId);
    }
    agrees.extend(names(new_words, &words_of(&other.name)));
    if let (Some(a), Some(b)) = (new.birth_date, other.birth_date) {
        if a == b {
            agrees.push(Agrees::BirthDate);
        } else if swapped(a) == Some(b) {
            agrees.push(Agrees::BirthDateSwapped);
        } else if a.year() == b.year() {
            agrees.push(Agrees::BirthYear);
        }
    } else if agrees.contains(&Agrees::Name) {
        // Without a birth date on one side the same name is all there is to go by: worth a look.
        agrees.push(Agrees::BirthDateUnknown);
    }
    agrees
}

/// Likely duplicates of a registration, the likeliest first. `other_than` leaves out the person being corrected.
pub(crate) fn candidates(
    tx: &mut Tx,
    scope: &Scope,
    new: &Checked,
    other_than: Option<Id<Person>>,
) -> Result<Vec<Candidate>, Error> {
    let words = words_of(&new.name);
    let mut longest: Vec<&String> = words.iter().collect();
    longest.sort_by_key(|word| std::cmp::Reverse(word.len()));
    longest.truncate(WORDS_TRIED);
    let mut found: BTreeMap<Id<Person>, PersonCard> = BTreeMap::new();
    // Each block is cut in an order, so that an officer who looked at all that were shown is not shown others the next time.
    let mut block = |tx: &mut Tx, condition: &str, values: &[Val]| -> Result<(), Error> {
        let mut all = vec![scope.val()];
        all.extend_from_slice(values);
        let sql = format!("SELECT {CARD} FROM person p JOIN office o ON o.id = p.office WHERE {condition}");
        for row in tx.query(&sql, &all)? {
            let card = card(&row)?;
            found.insert(card.id, card);
        }
        Ok(())
    };
    if let Some(id) = &new.national_id {
        block(
            tx,
            "p.id_number = $2 AND p.id_scheme = $3",
            vals![id.number.as_str(), id.scheme.as_str()],
        )?;
    }
    for day in new.birth_date.into_iter().chain(new.birth_date.and_then(swapped)) {
        for word in &longest {
            let born_then = format!(
                "p.birth_day = $2 AND EXISTS (SELECT 1 FROM person_token a WHERE a.person = p.id AND a.token = $3)
                 ORDER BY p.birth_day, p.id LIMIT {LARGEST_BLOCK}"
            );
            block(tx, &born_then, vals![day, word.as_str()])?;
        }
    }
    // The whole name, whatever the birth date: the two longest words lead, or the only one.
    let pair = match longest.as_slice() {
        [] => None,
        [only] => Some((only.as_str(), "")),
        [a, b, ..] => Some((a.as_str(), b.as_str())),
    };
    if let Some((word, other)) = pair {
        let so_named = format!(
            "p.id IN (SELECT a.person FROM person_token a WHERE a.token = $2 AND a.other = $3 ORDER BY a.person LIMIT {LARGEST_BLOCK})"
        );
        block(tx, &so_named, vals![word, other])?;
    }
    let mut scored: Vec<(u8, Candidate)> = found
        .into_values()
        .filter(|card| Some(card.id) != other_than)
        .filter_map(|card| {
            let agrees = compare(new, &words, &card);
            let score = agrees.iter().map(|a| a.weight()).sum();
            let agrees = agrees.into_iter().map(|a| a.code().to_owned()).collect();
            (score >= ENOUGH).then_some((score, Candidate { card, agrees }))
        })
        .collect();
    scored.sort_by_key(|(score, candidate)| (std::cmp::Reverse(*score), candidate.card.id));
    Ok(scored
        .into_iter()
        .take(MOST_SHOWN)
        .map(|(_, candidate)| candidate)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = crate::search::tokens(text);
        words.sort();
        words
    }

    #[test]
    fn names_agree_in_any_order_and_with_one_mistake() {
        for (a, b, agrees) in [
            ("Marko Vujotić", "Вујотић Марко", Some(Agrees::Name)),
            ("Marko Vujotić", "Marko Vujotic", Some(Agrees::Name)),
            ("Marko Vujotić", "Marko Vujovotić", Some(Agrees::SimilarName)),
            ("Marko Vujotić", "Marko Petar Vujotić", Some(Agrees::SimilarName)),
            ("Marko Vujotić", "Mirko Vujotić", Some(Agrees::SimilarName)),
            ("Marko Vujotić", "Ana Vujotić", None),
            ("Marko Vujotić", "Ana Lučindol", None),
        ] {
            assert_eq!(names(&words(a), &words(b)), agrees, "{a} / {b}");
        }
    }

    #[test]
    fn a_day_is_swapped_only_where_that_is_a_day() {
        assert_eq!(
            swapped(jiff::civil::date(1978, 3, 4)),
            Some(jiff::civil::date(1978, 4, 3))
        );
        assert_eq!(swapped(jiff::civil::date(1978, 3, 14)), None);
        assert_eq!(swapped(jiff::civil::date(1978, 3, 3)), None);
    }
}
