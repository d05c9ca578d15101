//! The likeness of two cards.

use crate::{
    card::Card,
    compare::{FIELDS, Field, Level, Pattern, compare},
    rarity::{Rarity, Term},
    weights::WEIGHTS,
};

/// Hundredths of bits from which a pair is worth a look.
pub const POSSIBLE: i32 = -200;
/// Hundredths of bits from which it is at least as likely as not that two cards are of one person: enough to ask whoever is registering
/// somebody.
pub const ASKED: i32 = 0;
/// Hundredths of bits from which two cards are of one person as good as certainly: to be judged first.
pub const CERTAIN: i32 = 700;
/// All of an address together speaks for one person with at most so much: whole families share it.
const MOST_OF_ADDRESS: i32 = 150;
/// With so much where neither given name nor birth date agrees.
const MOST_OF_KIN: i32 = -100;
/// And against with at most so much: who moves has all of it new.
const LEAST_OF_ADDRESS: i32 = -400;
/// The logarithm of so many people as live in a home without making it a crowd, in hundredths.
const FEW: i32 = 258;
/// A family name says no more than this where the address agrees: whole families share both.
const FAMILY_AT_HOME: i32 = 50;

/// Two national numbers that both bear out their check digit are not one number mistyped; one person in a thousand may have two.
const CHECKED_DIFFERENT: i32 = -1000;
/// A birth date says no more than this of two who share address and family name and have different given names: twins do.
const BIRTH_OF_TWINS: i32 = 400;

/// What a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Which field.
    pub field: Field,
    /// How it agrees.
    pub level: Level,
    /// For (positive) or against one person, in hundredths of bits.
    pub bits: i32,
}

/// How alike two cards are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// The sum of the reasons, in hundredths of bits.
    pub bits: i32,
    /// What each known field says, in the order of [`FIELDS`].
    pub reasons: Vec<Reason>,
}

impl Likeness {
    /// Whether it is worth asking whoever is registering one of the two: at least as likely as not, and not what a family shares. Brothers and
    /// sisters have one family name, twins one birth date too, and other given names; unless the national number agrees nobody is asked for that.
    pub fn asks(&self) -> bool {
        let level = |field: Field| {
            let reason = self.reasons.iter().find(|reason| reason.field == field);
            reason.map_or(Level::Unknown, |reason| reason.level)
        };
        let kin = level(Field::Given) == Level::Different
            && level(Field::Family) >= Level::Similar
            && level(Field::Number) < Level::Near;
        self.bits >= ASKED && !kin
    }
}

/// How alike two cards are, with the reasons. `rarity` knows the terms of both.
pub fn score(a: &Card, b: &Card, rarity: &Rarity) -> Likeness {
    weigh(&compare(a, b), (a, b), rarity)
}

/// Weighs a pattern; `card` is either of the two.
fn weigh(pattern: &Pattern, cards: (&Card, &Card), rarity: &Rarity) -> Likeness {
    let mut reasons: Vec<Reason> = Vec::with_capacity(FIELDS.len());
    for ((field, level), weights) in FIELDS.into_iter().zip(pattern.iter().copied()).zip(WEIGHTS) {
        if level == Level::Unknown {
            continue;
        }
        let mut bits = i32::from(weights[level as usize]);
        if field == Field::Number && level == Level::Different && cards.0.checked && cards.1.checked {
            bits = CHECKED_DIFFERENT;
        }
        let rare = || {
            rare(field, cards.0, rarity)
                .zip(rare(field, cards.1, rarity))
                .map(|(a, b)| a.min(b))
        };
        match level {
            Level::Same => bits += rare().unwrap_or(0),
            Level::Near | Level::Similar | Level::Short => bits = bits.min(rare().unwrap_or(i32::MAX)),
            _ => {}
        }
        reasons.push(Reason { field, level, bits });
    }
    let address = |field: Field| {
        matches!(
            field,
            Field::Street | Field::House | Field::Line | Field::Place | Field::Postcode | Field::Region
        )
    };
    let home = |field: Field, level: Level| match field {
        Field::Street => level >= Level::Similar,
        Field::House => level == Level::Same,
        _ => false,
    };
    let at_home = reasons.iter().filter(|it| home(it.field, it.level)).count() == 2;
    let level = |field: Field| pattern[field as usize];
    // Of twins the addresses agree, or are not known.
    let twins = (at_home || level(Field::Street) == Level::Unknown)
        && level(Field::Given) == Level::Different
        && level(Field::Family) >= Level::Similar;
    for reason in &mut reasons {
        reason.bits = match reason.field {
            Field::Family if at_home => reason.bits.min(FAMILY_AT_HOME),
            Field::Birth if twins && at_home => reason.bits.min(BIRTH_OF_TWINS),
            _ => reason.bits,
        };
    }
    if twins && !at_home {
        // Where they live is not known: both together say no more than that the two are of one family.
        let said = |field| {
            reasons
                .iter()
                .find(|it| it.field == field)
                .map_or(0, |it| it.bits)
        };
        let over = said(Field::Family) + said(Field::Birth) - rarity.size();
        for reason in reasons.iter_mut().filter(|it| it.field == Field::Birth) {
            reason.bits -= over.clamp(0, reason.bits.max(0));
        }
    }
    let sum = |of: &dyn Fn(Field) -> bool| -> i32 {
        reasons.iter().filter(|it| of(it.field)).map(|it| it.bits).sum()
    };
    // Settlement, post and municipality say the same thing thrice: the one that says most counts.
    let where_ = |field: Field| matches!(field, Field::Place | Field::Postcode | Field::Region);
    let said = reasons.iter().filter(|it| where_(it.field)).map(|it| it.bits);
    let (most, spare) = said.fold((0, 0), |(most, sum), bits| (most.max(bits), sum + bits.max(0)));
    let lives = sum(&address) - (spare - most);
    let rest = sum(&|field| !address(field));
    // Of brothers and sisters nothing else agrees.
    let kin = level(Field::Given) == Level::Different && level(Field::Birth) <= Level::Different;
    let most = if kin { MOST_OF_KIN } else { MOST_OF_ADDRESS };
    let most = most + rarity.size() - crowd(cards, rarity);
    Likeness {
        bits: rest + lives.clamp(LEAST_OF_ADDRESS, most) - rarity.size(),
        reasons,
    }
}

/// How much less a home says in which more people live than are few: a house without a number, an institution. Hundredths of bits.
fn crowd((a, b): (&Card, &Card), rarity: &Rarity) -> i32 {
    match (a.home(), b.home()) {
        (Some(one), Some(other)) if one == other => (rarity.bits_of_bearers(&one) - FEW).max(0),
        _ => 0,
    }
}

/// How rare what agrees is, where that is counted.
fn rare(field: Field, card: &Card, rarity: &Rarity) -> Option<i32> {
    Some(match field {
        Field::Given => rarity.of_name(&card.given),
        Field::Family => rarity.of_name(&card.family),
        Field::Street => rarity.bits(&Term::street(&card.street)),
        Field::Line => rarity.bits(&Term::street(&card.line)),
        Field::Place => rarity.bits(&Term::place(&card.place)),
        Field::Postcode => rarity.bits(&Term::postcode(&card.postcode)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(given: &str, birth: &str, number: &str) -> Card {
        Card {
            given: given.into(),
            family: "vujotic".into(),
            birth: birth.into(),
            sex: "f".into(),
            number: number.into(),
            checked: !number.is_empty(),
            street: "lipa".into(),
            house: "7".into(),
            place: "niksic".into(),
            ..Card::default()
        }
    }

    #[test]
    fn nobody_is_asked_about_twins_or_sisters() {
        let among = Rarity::among(10_000);
        let asks = |a: &Card, b: &Card| score(a, b, &among).asks();
        let ana = card("ana", "20190504", "");
        assert!(!asks(&ana, &card("milica", "20190504", "")), "twins");
        assert!(!asks(&ana, &card("milica", "20170810", "")), "sisters");
        assert!(
            asks(&ana, &card("anna", "20190504", "")),
            "the same name written otherwise"
        );
        assert!(asks(&ana, &card("ana", "20190405", "")), "day and month swapped");
        let numbered = |given| card(given, "20190504", "0405019205004");
        assert!(
            asks(&numbered("ana"), &numbered("milica")),
            "two names under one number"
        );
        let other = card("milica", "20190504", "0405019205012");
        assert!(!asks(&numbered("ana"), &other), "two right numbers");
    }

    #[test]
    fn a_home_of_many_says_little() {
        let (a, b) = (card("ana", "", ""), card("ana", "", ""));
        let among = |people: u64| {
            let mut rarity = Rarity::among(10_000);
            for term in a.terms() {
                rarity.set(
                    term.clone(),
                    if Some(&term) == a.home().as_ref() {
                        people
                    } else {
                        20
                    },
                );
            }
            score(&a, &b, &rarity).bits
        };
        assert!(among(300) < among(4) - 400);
    }
}
