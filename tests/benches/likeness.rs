//! How well people are told apart at the shipped weights and thresholds: Febrl's data sets, and fictional people of the pack's generator copied
//! with mistakes, in the other script, without diacritics. Nothing here was used to estimate the weights.

use crate::{
    place::Size,
    table::{Figure, Table},
    time::timed,
};
use jiff::civil::date;
use karton_api::persons::Name;
use karton_likeness::{
    CERTAIN, POSSIBLE,
    labelled::{Found, Labelled, find, of_febrl},
};
use karton_server::{
    generate::{FictionalHousehold, FictionalPerson, Population, Settings, pack_text},
    persons::likeness::{Lives, card_of},
};
use std::{fs, path::Path};

fn febrl(files: &[&str]) -> Vec<Labelled> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/febrl");
    let read = |(file, name): (u8, &&str)| of_febrl(&fs::read_to_string(folder.join(name)).unwrap(), file);
    (0..).zip(files).flat_map(read).collect()
}

/// Hundred-thousandths as a number between 0 and 1.
fn shown(f1: usize) -> String {
    format!("{}.{:05}", f1 / 100_000, f1 % 100_000)
}

fn add(table: &mut Table, what: &str, found: &Found, aim: Option<usize>) {
    let (possible, certain) = (found.at(POSSIBLE), found.at(CERTAIN));
    let said = |it: karton_likeness::labelled::Quality| format!("{} wrong, {} missed", it.wrong, it.missed);
    let mut figure = Figure::new(
        format!("{what}: F1 of what is listed ({})", said(possible)),
        shown(possible.f1()),
    );
    if let Some(aim) = aim {
        // Aims are stated to four places.
        figure = figure.aim(format!(">= {}", shown(aim)), (possible.f1() + 5) / 10 >= aim / 10);
    }
    table.add(figure);
    table.add(Figure::new(
        format!("{what}: F1 of what is judged first ({})", said(certain)),
        shown(certain.f1()),
    ));
}

/// Everything of this group.
pub(crate) fn measure(size: &Size, table: &mut Table) {
    table.group("likely duplicates, at the shipped weights and thresholds");
    for (what, files, aim) in [
        ("Febrl 2", vec!["dataset2.csv"], 99_660),
        ("Febrl 3", vec!["dataset3.csv"], 99_830),
        ("Febrl 4", vec!["dataset4a.csv", "dataset4b.csv"], 99_980),
    ] {
        add(table, what, &find(&febrl(&files)), Some(aim));
    }
    let people = if size.quick { 2_000 } else { 10_000 };
    let (found, took) = timed(|| find(&copied(people)));
    add(table, "our own people with mistakes", &found, None);
    let each = took.as_nanos() / u128::from(people);
    table.add(Figure::new(
        "keys, blocks and comparing in memory, a person",
        format!("{each} ns"),
    ));
}

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

/// A population of which every tenth is written down twice.
fn copied(people: u64) -> Vec<Labelled> {
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
                cards.push(written.again(&mut dice).labelled(owner));
            }
        }
    }
    cards
}
