//! The words of names, as they are stored for finding people.
//!
//! `person_token` holds every word of a name beside every other word of it, in both orders: what is typed first may be either, and the
//! second word is then a range in the same tree, however frequent the first one is. `name_token` holds each word once.

use crate::{
    problem::Error,
    search::tokens,
    store::{Tx, Val, insert_many},
    vals,
};
use karton_api::{Id, Timestamp, persons::Name, value::Person};

/// A name is found by so many of its words, the first ones.
const MOST_WORDS: usize = 8;
/// A word is kept and looked for up to this length, in characters: an index has no room for any length.
const LONGEST_WORD: usize = 60;

/// The words of a text as they are stored and looked for, in their order.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = tokens(text);
    for word in &mut words {
        if let Some((end, _)) = word.char_indices().nth(LONGEST_WORD) {
            word.truncate(end);
        }
    }
    words
}

/// The words by which a name is found, each once.
pub fn words_of(name: &Name) -> Vec<String> {
    let mut all = words(&name.family);
    all.extend(words(&name.given));
    let mut found = Vec::with_capacity(all.len().min(MOST_WORDS));
    for word in all {
        if found.len() < MOST_WORDS && !found.contains(&word) {
            found.push(word);
        }
    }
    found.sort_unstable();
    found
}

/// Every word beside every other; a single word stands beside nothing.
fn pairs(words: &[String]) -> impl Iterator<Item = (&str, &str)> {
    let alone = (words.len() == 1).then_some("");
    words.iter().flat_map(move |word| {
        let others = words.iter().filter(move |other| *other != word);
        others
            .map(String::as_str)
            .chain(alone)
            .map(|other| (word.as_str(), other))
    })
}

/// Rows of `person_token` for several people.
pub(super) fn insert<'a>(
    tx: &mut Tx,
    names: impl IntoIterator<Item = (Id<Person>, &'a [String])>,
) -> Result<(), Error> {
    let mut values: Vec<Val> = Vec::new();
    for (person, words) in names {
        for (word, other) in pairs(words) {
            values.extend([word.into(), other.into(), person.into()]);
        }
    }
    insert_many(
        tx,
        "INSERT INTO person_token (token, other, person)",
        3,
        values,
        "",
    )?;
    Ok(())
}

/// Notes words of which some may be new.
pub(super) fn note(tx: &mut Tx, words: &[String], now: Timestamp) -> Result<(), Error> {
    for word in words {
        // The word's row is only touched when it is new, so that frequent names do not make writers wait for each other.
        let known = tx.opt("SELECT 1 FROM name_token WHERE token = $1", vals![word])?;
        if known.is_none() {
            tx.exec(
                "INSERT INTO name_token (token, added_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                vals![word, now],
            )?;
        }
    }
    Ok(())
}

/// Adds the words of a person's new name. Those of the earlier ones stay: people are found by them too.
pub(super) fn add(tx: &mut Tx, person: Id<Person>, name: &Name, now: Timestamp) -> Result<(), Error> {
    let words = words_of(name);
    for (word, other) in pairs(&words) {
        tx.exec(
            "INSERT INTO person_token (token, other, person) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            vals![word, other, person],
        )?;
    }
    note(tx, &words, now)
}

/// Whether each of these beginnings begins a word of the name.
pub(super) fn fits(name: &Name, beginnings: &[String]) -> bool {
    let words = words_of(name);
    beginnings
        .iter()
        .all(|beginning| words.iter().any(|word| word.starts_with(beginning.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(given: &str, family: &str) -> Name {
        Name {
            given: given.into(),
            family: family.into(),
        }
    }

    #[test]
    fn words_stand_beside_each_other_in_both_orders() {
        let words = words_of(&name("Ana Marija", "Ana-Petrović"));
        assert_eq!(words, ["ana", "marija", "petrovic"]);
        let all: Vec<_> = pairs(&words).collect();
        assert_eq!(all.len(), 6);
        assert!(all.contains(&("petrovic", "ana")) && all.contains(&("ana", "petrovic")));
        assert_eq!(
            pairs(&words_of(&name("", "Sukarno"))).collect::<Vec<_>>(),
            [("sukarno", "")]
        );
        assert_eq!(pairs(&[]).count(), 0);
    }

    #[test]
    fn a_huge_name_is_kept_to_a_few_words_of_bounded_length() {
        let huge = name(&"x ".repeat(150), &"王小明".repeat(100));
        let words = words_of(&huge);
        assert_eq!(words.len(), 2);
        assert!(words.iter().all(|word| word.chars().count() <= LONGEST_WORD));
        let many: String = (0..100).map(|n| format!("ime{n} ")).collect();
        assert_eq!(words_of(&name(&many, "Petrović")).len(), MOST_WORDS);
        assert!(
            words_of(&name(&many, "Petrović")).contains(&"petrovic".to_owned()),
            "the family name comes first"
        );
    }
}
