//! Cards of which it is known whom they belong to, for measuring and estimating.

use crate::{
    card::Card,
    keys::{Key, MOST_OF_A_KEY, keys},
    rarity::Rarity,
    score::score,
};
use std::collections::{BTreeMap, HashMap};

/// A card whose owner is known.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// Cards with the same owner are of one person.
    pub owner: String,
    /// The file it comes from: where there are two, only pairs between them count.
    pub file: u8,
    /// The card.
    pub card: Card,
}

/// One of Febrl's files: records a line, a first line with the names of the columns.
pub fn of_febrl(text: &str, file: u8) -> Vec<Labelled> {
    let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let mut fields = line
                .split(',')
                .map(|field| field.trim().replace('-', " ").replace('\'', ""));
            let mut next = || fields.next().unwrap_or_default();
            let owner = next().split(' ').nth(1).unwrap_or_default().to_owned();
            let (given, family, house, street, line) = (next(), next(), next(), next(), next());
            let (place, postcode, region, birth, number) = (next(), next(), next(), next(), next());
            let card = Card {
                given,
                family,
                birth,
                number,
                street,
                house,
                line,
                place,
                postcode,
                region,
                ..Card::default()
            };
            Labelled { owner, file, card }
        })
        .collect()
}

/// A pair that shares a key, with its likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scored {
    /// The places of the two.
    pub pair: (usize, usize),
    /// Hundredths of bits.
    pub bits: i32,
    /// They are of one person.
    pub one: bool,
}

/// What was found among cards.
#[derive(Debug, Clone)]
pub struct Found {
    /// Every pair that shares a key.
    pub pairs: Vec<Scored>,
    /// How many pairs of one person there are.
    pub truly: usize,
}

/// How well a threshold finds pairs of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    /// Pairs of one person that were found.
    pub right: usize,
    /// Pairs of two people that were taken for one.
    pub wrong: usize,
    /// Pairs of one person that were missed.
    pub missed: usize,
}

impl Quality {
    /// The harmonic mean of precision and recall, in hundred-thousandths, rounded.
    pub fn f1(self) -> usize {
        let of = 2 * self.right + self.wrong + self.missed;
        (2 * self.right * 100_000 + of / 2).checked_div(of).unwrap_or(0)
    }
}

fn counts(a: &Labelled, b: &Labelled, two_files: bool) -> bool {
    !two_files || a.file != b.file
}

/// Compares all that share a key, as a register would be gone through.
pub fn find(cards: &[Labelled]) -> Found {
    let two_files = cards.iter().any(|it| it.file != 0);
    let rarity = Rarity::of(cards.iter().map(|it| &it.card));
    let all: Vec<Vec<Key>> = cards.iter().map(|it| keys(&it.card)).collect();
    let mut blocks: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (place, keys) in all.iter().enumerate() {
        for key in keys {
            blocks.entry(*key).or_default().push(place);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut pairs = Vec::new();
    for block in blocks.values().filter(|block| block.len() <= MOST_OF_A_KEY) {
        for (place, b) in block.iter().enumerate() {
            for a in block.iter().take(place) {
                let (Some(one), Some(other)) = (cards.get(*a), cards.get(*b)) else {
                    continue;
                };
                if counts(one, other, two_files) && seen.insert((*a, *b)) {
                    pairs.push(Scored {
                        pair: (*a, *b),
                        bits: score(&one.card, &other.card, &rarity).bits,
                        one: one.owner == other.owner,
                    });
                }
            }
        }
    }
    Found {
        pairs,
        truly: truly(cards, two_files),
    }
}

/// What came of comparing very many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Pairs that were compared.
    pub compared: u64,
    /// With everything from the threshold on taken for one person.
    pub quality: Quality,
}

/// The same as [`find`] at one threshold, without keeping the pairs: memory grows with the cards only.
pub fn tally(cards: &[Labelled], bits: i32) -> Tally {
    let two_files = cards.iter().any(|it| it.file != 0);
    let rarity = Rarity::of(cards.iter().map(|it| &it.card));
    let mut shared: Vec<(Key, usize)> = Vec::new();
    let mut own: Vec<Vec<Key>> = Vec::with_capacity(cards.len());
    for (place, it) in cards.iter().enumerate() {
        let keys = keys(&it.card);
        shared.extend(keys.iter().map(|key| (*key, place)));
        own.push(keys);
    }
    shared.sort_unstable();
    let blocks = || {
        shared
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|block| (2..=MOST_OF_A_KEY).contains(&block.len()))
    };
    let counted: std::collections::HashSet<Key> =
        blocks().filter_map(|block| Some(block.first()?.0)).collect();
    for keys in &mut own {
        keys.retain(|key| counted.contains(key));
    }
    // A pair belongs to the smallest key that both have.
    let belongs = |a: usize, b: usize, key: Key| {
        let (Some(of_a), Some(of_b)) = (own.get(a), own.get(b)) else {
            return false;
        };
        of_a.iter().find(|it| of_b.binary_search(it).is_ok()) == Some(&key)
    };
    let (mut compared, mut right, mut wrong) = (0_u64, 0, 0);
    for block in blocks() {
        for (place, (key, b)) in block.iter().enumerate() {
            for (_, a) in block.iter().take(place) {
                let (Some(one), Some(other)) = (cards.get(*a), cards.get(*b)) else {
                    continue;
                };
                if !counts(one, other, two_files) || !belongs(*a, *b, *key) {
                    continue;
                }
                compared += 1;
                if score(&one.card, &other.card, &rarity).bits >= bits {
                    if one.owner == other.owner {
                        right += 1;
                    } else {
                        wrong += 1;
                    }
                }
            }
        }
    }
    let missed = truly(cards, two_files) - right;
    Tally {
        compared,
        quality: Quality { right, wrong, missed },
    }
}

fn truly(cards: &[Labelled], two_files: bool) -> usize {
    let mut owned: HashMap<&str, Vec<&Labelled>> = HashMap::new();
    for card in cards {
        owned.entry(&card.owner).or_default().push(card);
    }
    let pairs = |of_one: &Vec<&Labelled>| -> usize {
        let of = |(place, b): (usize, &&Labelled)| {
            of_one
                .iter()
                .take(place)
                .filter(|a| counts(a, b, two_files))
                .count()
        };
        of_one.iter().enumerate().map(of).sum()
    };
    owned.values().map(pairs).sum()
}

impl Found {
    /// With everything from these hundredths of bits on taken for one person.
    pub fn at(&self, bits: i32) -> Quality {
        let taken = || self.pairs.iter().filter(|pair| pair.bits >= bits);
        let right = taken().filter(|pair| pair.one).count();
        Quality {
            right,
            wrong: taken().count() - right,
            missed: self.truly - right,
        }
    }
}
