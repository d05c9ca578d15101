//! Fictional people of which some are written down twice, the second time by somebody else: with typing mistakes, in the other script,
//! without diacritics, moved, without a number. From a fixed seed, so that how well they are found can be held to a figure.

use jiff::civil::date;
use karton_api::persons::Name;
use karton_likeness::labelled::Labelled;
use karton_server::{
    generate::{FictionalHousehold, FictionalPerson, Population, Settings, pack_text},
    persons::likeness::{Lives, card_of},
};

/// A fixed sequence of draws.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What a clerk writes down of somebody.
#[derive(Clone)]
struct Written {
    name: Name,
    birth: Option<karton_api::Date>,
    sex: Option<String>,
    number: Option<String>,
    municipality: String,
    address: String,
}

impl Written {
    fn of(household: &FictionalHousehold, person: &FictionalPerson) -> Written {
        Written {
            name: Name {
                given: person.given_name.clone(),
                family: person.family_name.clone().unwrap_or_default(),
            },
            birth: Some(person.birth_date),
            sex: Some(person.sex.code().to_owned()),
            number: person.national_id.clone(),
            municipality: household.home.municipality.clone(),
            address: household.home.address(),
        }
    }
    fn labelled(&self, owner: usize) -> Labelled {
        let lives = Lives {
            municipality: self.municipality.clone(),
            address: self.address.clone(),
            phone: String::new(),
        };
        let told = (self.birth, self.sex.as_deref(), self.number.as_deref());
        Labelled {
            owner: owner.to_string(),
            file: 0,
            card: card_of(&self.name, told, &lives),
        }
    }
    /// The same person written down once more, elsewhere and by somebody else.
    fn again(&self, dice: &mut Dice) -> Written {
        let mut it = self.clone();
        match dice.below(10) {
            0..3 => {
                it.name.given = cyrillic(&it.name.given);
                it.name.family = cyrillic(&it.name.family);
                it.address = cyrillic(&it.address);
            }
            3..6 => {
                it.name.given = bare(&it.name.given);
                it.name.family = bare(&it.name.family);
            }
            _ => {}
        }
        if dice.chance(25) {
            it.name.given = slip(&it.name.given, dice);
        }
        if dice.chance(25) {
            it.name.family = slip(&it.name.family, dice);
        }
        if dice.chance(5) {
            std::mem::swap(&mut it.name.given, &mut it.name.family);
        }
        if let Some(born) = it.birth {
            let swapped = karton_api::Date::new(born.year(), born.day(), born.month()).ok();
            match dice.below(100) {
                0..6 => it.birth = swapped.or(it.birth),
                6..10 => it.birth = born.with().year(born.year() - 10).build().ok(),
                10..14 => it.birth = None,
                _ => {}
            }
        }
        // A wrong number does not pass its check digit: it is right or not there.
        if dice.chance(50) {
            it.number = None;
        }
        if dice.chance(20) {
            it.address = "Nova ulica 3, 85000 Bar".into();
            it.municipality = "ME-02".into();
        } else if dice.chance(15) {
            it.address = slip(&it.address, dice);
        } else if dice.chance(15) {
            it.address = String::new();
        }
        it
    }
}

/// One letter too many, too few, another, or two swapped.
fn slip(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = usize::try_from(dice.below(letters.len() as u64 - 1)).unwrap();
    let other = char::from(b'a' + u8::try_from(dice.below(26)).unwrap());
    match dice.below(4) {
        0 => letters.insert(at, other),
        1 => {
            letters.remove(at);
        }
        2 => letters[at] = other,
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

/// Without diacritics, as on a foreign keyboard.
fn bare(text: &str) -> String {
    let plain = |c: char| match c {
        'č' | 'ć' => 'c',
        'Č' | 'Ć' => 'C',
        'š' | 'ś' => 's',
        'Š' | 'Ś' => 'S',
        'ž' | 'ź' => 'z',
        'Ž' | 'Ź' => 'Z',
        'đ' => 'd',
        'Đ' => 'D',
        other => other,
    };
    text.chars().map(plain).collect()
}

/// In Cyrillic, letter by letter as it is written in Montenegro.
fn cyrillic(text: &str) -> String {
    let pairs = [
        ("lj", "љ"),
        ("nj", "њ"),
        ("dž", "џ"),
        ("Lj", "Љ"),
        ("Nj", "Њ"),
        ("Dž", "Џ"),
    ];
    let mut text = text.to_owned();
    for (latin, letter) in pairs {
        text = text.replace(latin, letter);
    }
    let (latin, other) = ("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш");
    let one = |c: char| {
        let small = c.to_lowercase().next().unwrap_or(c);
        let found = latin
            .chars()
            .zip(other.chars())
            .find(|(from, _)| *from == small)
            .map(|(_, to)| to);
        match found {
            Some(to) if c.is_uppercase() => to.to_uppercase().next().unwrap_or(to),
            Some(to) => to,
            None => c,
        }
    };
    text.chars().map(one).collect()
}

/// As offices abroad write a name that comes to them by ear or from a passport.
fn abroad(text: &str, dice: &mut Dice) -> String {
    const MANNERS: [&[(&str, &str)]; 4] = [
        // English
        &[
            ("lj", "ly"),
            ("nj", "ny"),
            ("dž", "dzh"),
            ("č", "ch"),
            ("ć", "ch"),
            ("š", "sh"),
            ("ž", "zh"),
            ("đ", "dj"),
            ("j", "y"),
            ("c", "ts"),
        ],
        // German
        &[
            ("dž", "dsch"),
            ("č", "tsch"),
            ("ć", "tsch"),
            ("š", "sch"),
            ("ž", "z"),
            ("đ", "dj"),
            ("v", "w"),
            ("c", "z"),
        ],
        // Without signs, and what doubles at home does not there
        &[
            ("č", "c"),
            ("ć", "c"),
            ("š", "s"),
            ("ž", "z"),
            ("đ", "d"),
            ("ij", "i"),
            ("je", "e"),
        ],
        // From Cyrillic through a Russian passport
        &[
            ("lj", "li"),
            ("nj", "n"),
            ("č", "ch"),
            ("ć", "ch"),
            ("š", "sh"),
            ("ž", "zh"),
            ("đ", "dzh"),
            ("ja", "ia"),
            ("ju", "iu"),
            ("h", "kh"),
        ],
    ];
    let manner = MANNERS[usize::try_from(dice.below(4)).unwrap()];
    let mut text = text.to_lowercase();
    for (from, to) in manner {
        // What was written already is not written again.
        text = text.replace(from, &to.to_uppercase());
    }
    text.to_lowercase()
}

/// A population of which every tenth is written down twice.
pub fn written_twice(people: u64) -> Vec<Labelled> {
    population(people, |written, dice| written.again(dice))
}

/// The same with the second writing from abroad: the names spelt as they are there, nothing else wrong with them, half of them without a number.
pub fn written_abroad(people: u64) -> Vec<Labelled> {
    population(people, |written, dice| {
        let mut it = written.clone();
        it.name.given = abroad(&it.name.given, dice);
        it.name.family = abroad(&it.name.family, dice);
        if dice.chance(50) {
            it.number = None;
        }
        it.address = String::new();
        it
    })
}

fn population(people: u64, again: impl Fn(&Written, &mut Dice) -> Written) -> Vec<Labelled> {
    let settings = Settings::read(&pack_text("me").unwrap()).unwrap();
    let population = Population {
        seed: 7,
        persons: people,
        today: date(2025, 3, 10),
    };
    let mut dice = Dice(2025);
    let mut cards = Vec::new();
    for household in population.generate(&settings) {
        for person in &household.members {
            let owner = cards.len();
            let written = Written::of(&household, person);
            cards.push(written.labelled(owner));
            if dice.chance(10) {
                cards.push(again(&written, &mut dice).labelled(owner));
            }
        }
    }
    cards
}
