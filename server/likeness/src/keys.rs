//! Whom to compare with whom: people who share a key.
//!
//! A key is a hash of a few things that seldom all go wrong at once. Each person has about ten; two cards are compared if they share one that
//! is not shared by too many. No pair is compared twice: it belongs to the smallest key that both have.

use crate::{
    card::Card,
    compare::parts,
    text::{close, skeleton},
};

/// A key shared by more people than this says nothing: nobody is compared by it.
pub const MOST_OF_A_KEY: usize = 100;

/// A key, stable for ever: it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub i64);

/// FNV-1a with 64 bits. The kind stands first, so that keys of different kinds do not meet.
fn key(kind: u8, texts: &[&str]) -> Key {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    eat(kind);
    for text in texts {
        eat(0);
        text.bytes().for_each(&mut eat);
    }
    Key(hash.cast_signed())
}

/// The consonants of a word as they sound, at most four, with its first letter: what typing mistakes and spellings leave.
fn sound(word: &str) -> String {
    let mut sound = String::with_capacity(4);
    let mut last = ' ';
    for (place, letter) in skeleton(&close(word)).chars().enumerate() {
        let class = match letter {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w' | 'j' => ' ',
            'b' | 'p' | 'f' | 'v' => 'b',
            'c' | 'g' | 'k' | 'q' | 's' | 'x' | 'z' => 'c',
            'd' | 't' => 'd',
            'm' | 'n' => 'm',
            other => other,
        };
        if place == 0 {
            sound.push(if class == ' ' { letter } else { class });
        } else if class != ' ' && class != last {
            sound.push(class);
        }
        last = class;
        if sound.len() >= 4 {
            break;
        }
    }
    sound
}

/// The letters in the order of the alphabet: swapped neighbours make no difference.
fn sorted(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

/// The keys of a card, in their order, each once.
pub fn keys(card: &Card) -> Vec<Key> {
    let mut keys = Vec::with_capacity(14);
    let (given, family, street) = (sound(&card.given), sound(&card.family), sound(&card.street));
    // In whatever order the two were written.
    let (one, other) = if given <= family {
        (&given, &family)
    } else {
        (&family, &given)
    };
    let mut add = |kind: u8, texts: &[&str]| {
        if texts.iter().all(|text| !text.is_empty()) {
            keys.push(key(kind, texts));
        }
    };
    let postcode = sorted(&card.postcode);
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    let (head, tail) = card
        .number
        .split_at_checked(card.number.len() / 2)
        .unwrap_or((&card.number, ""));
    add(1, &[&sorted(head), &sorted(tail)]);
    if let Some((year, month, day)) = parts(&card.birth) {
        // Day and month in whatever order.
        let (low, high) = if month <= day { (month, day) } else { (day, month) };
        for name in [&card.given, &card.family] {
            add(2, &[year, low, high, &first(name)]);
        }
        add(3, &[year, one, other]);
    }
    add(5, &[one, other]);
    for sound in [&given, &family] {
        add(6, &[&street, &card.house, sound]);
        add(10, &[&postcode, sound]);
    }
    add(7, &[&card.phone]);
    add(12, &[&street, &card.house, &postcode]);
    keys.sort_unstable();
    keys.dedup();
    keys
}
