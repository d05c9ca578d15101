//! The words of all names, in memory, for one typing mistake.
//!
//! Each word is filed under itself and under itself without one of its letters; two words that are one mistake apart (a letter too many, too
//! few, another, or two swapped) meet under one of these keys. Keys are 64-bit hashes in a sorted list: 16 bytes a key, no pointers.

use crate::{
    problem::Error,
    store::{Store, Tx},
    vals,
};
use jiff::Timestamp;
use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

/// How long another server's new words may stay unknown here.
const REFRESH_AFTER_MICROS: i64 = 1_000_000;
/// Words written by a transaction that began earlier may appear later than their time says.
const OVERLAP_MICROS: i64 = 60_000_000;
/// Words shorter than this are not looked for with a mistake: almost anything is one letter away.
const SHORTEST: usize = 3;

/// The vocabulary of names. Cheap to clone; clones share it.
#[derive(Clone, Default)]
pub struct Vocabulary(Arc<Shared>);

#[derive(Default)]
struct Shared {
    words: RwLock<Words>,
    loaded: Mutex<Option<Timestamp>>,
}

#[derive(Default)]
struct Words {
    all: Vec<Box<str>>,
    known: HashSet<Box<str>>,
    /// (key, index into `all`), sorted up to `sorted`; what came since stands behind.
    keys: Vec<(u64, u32)>,
    sorted: usize,
}

fn hash(word: impl Iterator<Item = char>) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.for_each(|letter| letter.hash(&mut hasher));
    hasher.finish()
}

/// The keys of a word: itself, and itself without each of its letters.
fn keys(word: &str) -> Vec<u64> {
    let length = word.chars().count();
    let mut keys: Vec<u64> = (0..length)
        .map(|left_out| {
            hash(
                word.chars()
                    .enumerate()
                    .filter(move |(i, _)| *i != left_out)
                    .map(|(_, letter)| letter),
            )
        })
        .chain([hash(word.chars())])
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl Words {
    fn add(&mut self, word: &str) {
        if self.known.contains(word) {
            return;
        }
        let Ok(index) = u32::try_from(self.all.len()) else {
            return;
        };
        self.known.insert(word.into());
        self.all.push(word.into());
        self.keys.extend(keys(word).into_iter().map(|key| (key, index)));
        // A few hundred unsorted keys are searched one by one; more are sorted in.
        if self.keys.len() - self.sorted > 4096 {
            self.sort();
        }
    }
    fn sort(&mut self) {
        self.keys.sort_unstable();
        self.keys.shrink_to_fit();
        self.sorted = self.keys.len();
    }
    fn near(&self, word: &str) -> Vec<&str> {
        let mut found: Vec<u32> = Vec::new();
        for key in keys(word) {
            let start = self.keys[..self.sorted].partition_point(|(other, _)| *other < key);
            found.extend(
                self.keys[start..self.sorted]
                    .iter()
                    .take_while(|(other, _)| *other == key)
                    .map(|(_, i)| *i),
            );
            found.extend(
                self.keys[self.sorted..]
                    .iter()
                    .filter(|(other, _)| *other == key)
                    .map(|(_, i)| *i),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
            .into_iter()
            .filter_map(|index| self.all.get(index as usize).map(AsRef::as_ref))
            .filter(|other| *other != word && strsim::osa_distance(other, word) == 1)
            .collect()
    }
}

impl Vocabulary {
    /// Takes in the words of a name that was just committed here.
    pub fn add<'a>(&self, words: impl IntoIterator<Item = &'a str>) {
        let mut known = self.0.words.write().unwrap_or_else(PoisonError::into_inner);
        words.into_iter().for_each(|word| known.add(word));
    }

    /// Words one mistake away, at most `most`, in alphabetical order.
    pub fn near(&self, word: &str, most: usize) -> Vec<String> {
        if word.chars().count() < SHORTEST {
            return Vec::new();
        }
        let known = self.0.words.read().unwrap_or_else(PoisonError::into_inner);
        let mut near: Vec<String> = known.near(word).into_iter().map(str::to_owned).collect();
        near.sort_unstable();
        near.truncate(most);
        near
    }

    /// Reads the words that came since the last time, if that is more than a second ago (or `at_once`).
    pub async fn refresh(&self, store: &Store, now: Timestamp, at_once: bool) -> Result<(), Error> {
        let last = {
            let mut loaded = self.loaded();
            let last = *loaded;
            let due =
                last.is_none_or(|last| now.as_microsecond() - last.as_microsecond() > REFRESH_AFTER_MICROS);
            if !(due || at_once) {
                return Ok(());
            }
            // Whoever searches meanwhile does not read the same again.
            *loaded = Some(now);
            last
        };
        let since = last.map_or(i64::MIN, |last| last.as_microsecond() - OVERLAP_MICROS);
        let words: Result<Vec<String>, Error> = store
            .read(move |tx: &mut Tx| {
                tx.query("SELECT token FROM name_token WHERE added_at >= $1", vals![since])?
                    .iter()
                    .map(|row| Ok(row.get(0)?))
                    .collect()
            })
            .await;
        let words = words.inspect_err(|_| *self.loaded() = last)?;
        let mut known = self.0.words.write().unwrap_or_else(PoisonError::into_inner);
        words.iter().for_each(|word| known.add(word));
        if last.is_none() {
            known.sort();
        }
        Ok(())
    }

    fn loaded(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.0.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mistake_of_any_kind_is_forgiven_and_two_are_not() {
        let words = Vocabulary::default();
        words.add(["petrovic", "petranovic", "markovic", "jovanovic", "ana"]);
        for typed in ["petrovc", "petrovicc", "petrofic", "pertovic"] {
            assert_eq!(words.near(typed, 8), ["petrovic"], "{typed}");
        }
        assert!(words.near("ptrvic", 8).is_empty());
        assert!(
            words.near("petrovic", 8).is_empty(),
            "the word itself is not one mistake away"
        );
        assert!(words.near("an", 8).is_empty(), "two letters are too few");
    }

    #[test]
    fn words_that_came_after_sorting_are_found_too() {
        let words = Vocabulary::default();
        for n in 0..3_000 {
            words.add([format!("ime{n:04}").as_str()]);
        }
        words.add(["obradovic"]);
        assert_eq!(words.near("obradovik", 8), ["obradovic"]);
        assert!(words.near("ime0007", 50).contains(&"ime0008".to_owned()));
    }
}
