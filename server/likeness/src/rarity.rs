//! How rare a name is among all people, in bits.

use crate::card::Card;
use std::collections::HashMap;

/// As if so many people more were known, two of whom bear whatever is asked for: nobody is told apart by the smallness of a register.
const PRIOR: u64 = 500;

/// `-log2(share / all)` in hundredths, smoothed for small registers: of `all` people `share` bear it.
pub fn bits_of_share(share: u64, all: u64) -> i32 {
    let bears = share.saturating_add(2);
    let of = all.saturating_add(PRIOR).max(bears);
    hundredths_of_log2(of) - hundredths_of_log2(bears)
}

/// The logarithm to the base of two, in hundredths, rounded down; 0 for 0. By squaring in whole numbers, the same on every machine.
fn hundredths_of_log2(n: u64) -> i32 {
    if n == 0 {
        return 0;
    }
    let whole = n.ilog2();
    // The mantissa in [1, 2), with 31 bits behind the point.
    let mut mantissa = (u128::from(n) << 31) >> whole;
    let mut bits: u32 = 0;
    for _ in 0..10 {
        mantissa = (mantissa * mantissa) >> 31;
        bits <<= 1;
        if mantissa >= 1 << 32 {
            bits |= 1;
            mantissa >>= 1;
        }
    }
    let hundredths = whole * 100 + bits * 100 / 1024;
    i32::try_from(hundredths).unwrap_or(i32::MAX)
}

/// What is counted to know how rare it is: a word of a name, a street, a settlement.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Term(String);

impl Term {
    /// A word of a name.
    pub(crate) fn name(word: &str) -> Term {
        Term(format!("n {word}"))
    }
    /// A street or a second line of an address.
    pub(crate) fn street(text: &str) -> Term {
        Term(format!("s {text}"))
    }
    /// A house in a street of a settlement.
    pub(crate) fn home(street: &str, house: &str, place: &str) -> Term {
        Term(format!("h {street} {house} {place}"))
    }
    /// A settlement.
    pub(crate) fn place(text: &str) -> Term {
        Term(format!("p {text}"))
    }
    /// A post's number.
    pub(crate) fn postcode(text: &str) -> Term {
        Term(format!("c {text}"))
    }
    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Card {
    /// What of this card is counted, each once.
    pub fn terms(&self) -> Vec<Term> {
        let names = self.given.split(' ').chain(self.family.split(' '));
        let mut terms: Vec<Term> = names.filter(|word| !word.is_empty()).map(Term::name).collect();
        for text in [&self.street, &self.line] {
            if !text.is_empty() {
                terms.push(Term::street(text));
            }
        }
        if !self.place.is_empty() {
            terms.push(Term::place(&self.place));
        }
        if !self.postcode.is_empty() {
            terms.push(Term::postcode(&self.postcode));
        }
        terms.extend(self.home());
        terms.sort_unstable();
        terms.dedup();
        terms
    }
    /// The home, where the street is known.
    pub(crate) fn home(&self) -> Option<Term> {
        (!self.street.is_empty()).then(|| Term::home(&self.street, &self.house, &self.place))
    }
}

/// How many people have each of some terms.
#[derive(Debug, Clone, Default)]
pub struct Rarity {
    people: u64,
    bearers: HashMap<Term, u64>,
}

impl Rarity {
    /// Among so many people.
    pub fn among(people: u64) -> Rarity {
        Rarity {
            people,
            bearers: HashMap::new(),
        }
    }
    /// Among these people.
    pub fn of<'a>(cards: impl IntoIterator<Item = &'a Card>) -> Rarity {
        let mut rarity = Rarity::default();
        for card in cards {
            rarity.people += 1;
            for term in card.terms() {
                *rarity.bearers.entry(term).or_default() += 1;
            }
        }
        rarity
    }
    /// So many people have this.
    pub fn set(&mut self, term: Term, bearers: u64) {
        self.bearers.insert(term, bearers);
    }
    /// How rare a term is, in hundredths of bits.
    pub fn bits(&self, term: &Term) -> i32 {
        bits_of_share(self.bearers.get(term).copied().unwrap_or(0), self.people)
    }
    /// The logarithm of how many people have a term, in hundredths of bits.
    pub(crate) fn bits_of_bearers(&self, term: &Term) -> i32 {
        hundredths_of_log2(self.bearers.get(term).copied().unwrap_or(0))
    }
    /// How many people there are to be taken for another, in hundredths of bits.
    pub(crate) fn size(&self) -> i32 {
        hundredths_of_log2(self.people.saturating_add(PRIOR))
    }
    /// The rarest word of a name.
    pub(crate) fn of_name(&self, name: &str) -> i32 {
        let words = name.split(' ').filter(|word| !word.is_empty());
        words.map(|word| self.bits(&Term::name(word))).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right_to_a_hundredth() {
        for (n, hundredths) in [
            (1, 0),
            (2, 100),
            (3, 158),
            (10, 332),
            (1 << 40, 4000),
            (2_000_000, 2093),
        ] {
            let got = hundredths_of_log2(n);
            assert!((got - hundredths).abs() <= 1, "{n}: {got}");
        }
        assert_eq!(hundredths_of_log2(u64::MAX), 6399);
    }

    #[test]
    fn rare_says_more_than_usual_and_little_is_said_by_a_small_register() {
        assert!(bits_of_share(1, 2_000_000) > bits_of_share(30_000, 2_000_000));
        assert!(bits_of_share(1, 5) < 900);
        assert_eq!(bits_of_share(u64::MAX, 3), 0);
    }

    #[test]
    fn a_name_is_as_rare_as_its_rarest_word() {
        let card = |given: &str| Card {
            given: given.into(),
            ..Card::default()
        };
        let people = [
            card("ana"),
            card("ana"),
            card("ana"),
            card("ana"),
            card("ana bozica"),
        ];
        let rarity = Rarity::of(&people);
        assert_eq!(rarity.of_name("ana bozica"), rarity.of_name("bozica"));
        assert!(rarity.of_name("ana") < rarity.of_name("bozica"));
    }
}
