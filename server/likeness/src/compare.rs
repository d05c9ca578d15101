//! On which level each field of two cards agrees.

use crate::{
    card::Card,
    text::{Alike, alike, close, one_slip, skeleton},
};

/// A field two cards are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Given names.
    Given,
    /// Family names.
    Family,
    /// Whether given and family names stand in each other's place.
    Order,
    /// The birth date.
    Birth,
    /// The sex.
    Sex,
    /// The national number.
    Number,
    /// The street.
    Street,
    /// The number of the house.
    House,
    /// What an address has besides.
    Line,
    /// The settlement.
    Place,
    /// The post's number.
    Postcode,
    /// The municipality or state.
    Region,
    /// The telephone.
    Phone,
}

/// Every field, in the order of a [`Pattern`].
pub const FIELDS: [Field; 13] = [
    Field::Given,
    Field::Family,
    Field::Order,
    Field::Birth,
    Field::Sex,
    Field::Number,
    Field::Street,
    Field::House,
    Field::Line,
    Field::Place,
    Field::Postcode,
    Field::Region,
    Field::Phone,
];

impl Field {
    /// The stable name, as it travels.
    pub fn code(self) -> &'static str {
        match self {
            Field::Given => "given-name",
            Field::Family => "family-name",
            Field::Order => "name-order",
            Field::Birth => "birth-date",
            Field::Sex => "sex",
            Field::Number => "national-id",
            Field::Street => "street",
            Field::House => "house-number",
            Field::Line => "address-line",
            Field::Place => "place",
            Field::Postcode => "postcode",
            Field::Region => "municipality",
            Field::Phone => "phone",
        }
    }
}

/// How a field agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// One of the two is not known: says nothing.
    Unknown,
    /// Otherwise.
    Different,
    /// A part of it agrees: a month and a year, two of three parts.
    Part,
    /// A short form: an initial, the beginning, one of several names.
    Short,
    /// Several mistakes.
    Similar,
    /// One mistake.
    Near,
    /// In the other's place: day and month, given and family name, street and second line.
    Swapped,
    /// The same.
    Same,
}

/// Every level, in their order.
pub(crate) const LEVELS: [Level; 8] = [
    Level::Unknown,
    Level::Different,
    Level::Part,
    Level::Short,
    Level::Similar,
    Level::Near,
    Level::Swapped,
    Level::Same,
];

impl Level {
    /// The stable name, as it travels.
    pub fn code(self) -> &'static str {
        match self {
            Level::Unknown => "unknown",
            Level::Different => "different",
            Level::Part => "part",
            Level::Short => "short",
            Level::Similar => "similar",
            Level::Near => "near",
            Level::Swapped => "swapped",
            Level::Same => "same",
        }
    }
}

/// The level of each of [`FIELDS`].
pub type Pattern = [Level; FIELDS.len()];

/// Compares two cards field by field. The order of the two makes no difference.
pub fn compare(a: &Card, b: &Card) -> Pattern {
    let (given, family, order) = names(a, b);
    let (street, line) = streets(a, b);
    [
        given,
        family,
        order,
        birth(&a.birth, &b.birth),
        plain(&a.sex, &b.sex),
        number(&a.number, &b.number),
        street,
        house(&a.house, &b.house),
        line,
        text(&a.place, &b.place),
        number(&a.postcode, &b.postcode),
        plain(&a.region, &b.region),
        number(&a.phone, &b.phone),
    ]
}

fn known(a: &str, b: &str) -> bool {
    !a.is_empty() && !b.is_empty()
}

fn plain(a: &str, b: &str) -> Level {
    match known(a, b) {
        false => Level::Unknown,
        true if a == b => Level::Same,
        true => Level::Different,
    }
}

fn number(a: &str, b: &str) -> Level {
    match plain(a, b) {
        Level::Different if one_slip(a, b) => Level::Near,
        level => level,
    }
}

/// One of two numbers is often cut or has a letter more: `27` and `27a`.
fn house(a: &str, b: &str) -> Level {
    match plain(a, b) {
        Level::Different if a.starts_with(b) || b.starts_with(a) => Level::Part,
        level => level,
    }
}

fn text(a: &str, b: &str) -> Level {
    if !known(a, b) {
        return Level::Unknown;
    }
    match alike(&close(a), &close(b)) {
        Alike::Same => Level::Same,
        Alike::Near => Level::Near,
        Alike::Similar => Level::Similar,
        Alike::Not => Level::Different,
    }
}

/// An initial, the beginning of at least three letters, or some of several names.
fn is_short_for(short: &str, long: &str) -> bool {
    let begins = |short: &str, long: &str| {
        let letters = short.chars().count();
        (letters == 1 || letters >= 3) && long.starts_with(short)
    };
    let mut words = short.split(' ');
    let known = |word: &str| long.split(' ').any(|other| begins(word, other));
    words.all(known)
}

fn name(a: &str, b: &str) -> Level {
    match text(a, b) {
        Level::Same => Level::Same,
        level if known(a, b) && level != Level::Near && skeleton(&close(a)) == skeleton(&close(b)) => {
            Level::Near
        }
        level if known(a, b) && level != Level::Near && (is_short_for(a, b) || is_short_for(b, a)) => {
            Level::Short
        }
        level => level,
    }
}

/// Given and family names, straight or in each other's place, whichever agrees better.
fn names(a: &Card, b: &Card) -> (Level, Level, Level) {
    let (given, family) = (name(&a.given, &b.given), name(&a.family, &b.family));
    let straight = (given, family, Level::Unknown);
    if given >= Level::Short || family >= Level::Short {
        return straight;
    }
    let (given, family) = (name(&a.given, &b.family), name(&a.family, &b.given));
    let agrees = |level| level >= Level::Short;
    let unknown = |level| level == Level::Unknown;
    // Of a swapped pair of names nothing may differ.
    if (agrees(given) && (agrees(family) || unknown(family))) || (unknown(given) && agrees(family)) {
        (given, family, Level::Swapped)
    } else {
        straight
    }
}

/// Two dates of eight digits.
fn birth(a: &str, b: &str) -> Level {
    if !known(a, b) {
        return Level::Unknown;
    }
    if a == b {
        return Level::Same;
    }
    let (Some((year, month, day)), Some((other_year, other_month, other_day))) = (parts(a), parts(b)) else {
        return Level::Different;
    };
    let same = [year == other_year, month == other_month, day == other_day];
    if same[0] && month == other_day && day == other_month {
        return Level::Swapped;
    }
    if one_slip(a, b) {
        return Level::Near;
    }
    match same {
        [true, true, _] | [true, _, true] | [_, true, true] => Level::Part,
        _ => Level::Different,
    }
}

/// Year, month and day of eight digits.
pub(crate) fn parts(date: &str) -> Option<(&str, &str, &str)> {
    if date.len() != 8 || !date.is_ascii() {
        return None;
    }
    Some((&date[..4], &date[4..6], &date[6..]))
}

/// The street and the second line; each may stand in the other's place.
fn streets(a: &Card, b: &Card) -> (Level, Level) {
    let (street, line) = (text(&a.street, &b.street), text(&a.line, &b.line));
    if street >= Level::Similar || line >= Level::Similar {
        return (street, line);
    }
    let crossed = [text(&a.street, &b.line), text(&a.line, &b.street)];
    if crossed.iter().any(|level| *level >= Level::Similar) {
        (Level::Swapped, Level::Unknown)
    } else {
        (street, line)
    }
}
