//! Households made up from a number: the same one for the same number, whoever asks and in whatever order.

use jiff::ToSpan as _;
use karton_api::{Currency, Date, FactValue, Money, value::Record};
use karton_rules::{
    Input,
    assess::{Facts, Known, PersonFacts},
};

/// How somebody stands to the one who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kin {
    Oneself,
    Spouse,
    Child,
    Parent,
}

/// A household with all that the rules of the countries ask for.
#[derive(Debug, Default)]
pub(crate) struct Family {
    pub(crate) people: Vec<Human>,
    pub(crate) owned: bool,
    pub(crate) rooms: i64,
    pub(crate) shares_budget: bool,
    pub(crate) urban: bool,
    pub(crate) other_file: bool,
    pub(crate) undertaking: bool,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Human {
    pub(crate) birth: Date,
    pub(crate) kin: Kin,
    pub(crate) female: bool,
    pub(crate) resident: bool,
    pub(crate) work_capable: bool,
    pub(crate) pregnant: bool,
    pub(crate) alone: bool,
    pub(crate) adapted_education: bool,
    pub(crate) at_school: bool,
    pub(crate) former_child: bool,
    pub(crate) in_institution: bool,
    pub(crate) detained: bool,
    pub(crate) placed: bool,
    pub(crate) registered: bool,
    pub(crate) refused_work: bool,
    pub(crate) lifelong_support: bool,
    pub(crate) adapted_vehicle: bool,
    pub(crate) has_boat: bool,
    pub(crate) cares: bool,
    pub(crate) property_lost: bool,
    /// As Ukraine's groups are called.
    pub(crate) disability: &'static str,
    pub(crate) idle_months: i64,
    pub(crate) unemployment_benefit: i64,
    pub(crate) deposits: i64,
    pub(crate) half_units: i64,
    pub(crate) vehicles: Vec<(&'static str, i64)>,
    pub(crate) incomes: Vec<(Date, &'static str, i64)>,
    pub(crate) pensions: Vec<(Date, i64)>,
    /// Kind, area, whether it is the home.
    pub(crate) estates: Vec<(&'static str, i64, bool)>,
    pub(crate) disposals: Vec<Date>,
    pub(crate) left_work: Vec<(Date, bool)>,
    pub(crate) purchases: Vec<(&'static str, i64, Date)>,
    /// Benefit and amount.
    pub(crate) awards: Vec<(&'static str, i64)>,
}

/// What differs from country to country.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Land {
    /// The day of the assessment.
    pub(crate) today: Date,
    /// A usual wage of a month in minor units.
    pub(crate) wage: i64,
    pub(crate) incomes: &'static [&'static str],
    pub(crate) awards: &'static [&'static str],
}

/// `SplitMix64`: small, and enough for people who do not exist.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// From 0, below the bound.
    fn below(&mut self, bound: i64) -> i64 {
        (self.next() % bound.max(1).unsigned_abs()).cast_signed()
    }
    fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below(most - least + 1)
    }
    /// True for so many of a thousand.
    fn permille(&mut self, share: i64) -> bool {
        self.below(1_000) < share
    }
    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[(self.next() % from.len() as u64) as usize]
    }
}

/// Months back from today, 14 of them.
const MONTHS: i64 = 14;

fn month_back(today: Date, back: i64) -> Date {
    today.first_of_month().saturating_sub(back.months())
}

fn day_back(draw: &mut Draw, today: Date, months: i64) -> Date {
    let first = month_back(today, draw.below(months));
    first.saturating_add((draw.between(1, 28) - 1).days())
}

impl Family {
    /// The household of a number.
    pub(crate) fn of(seed: u64, index: u64, land: &Land) -> Family {
        let mut draw = Draw(seed ^ index.wrapping_mul(0xD134_2543_DE82_EF95));
        let mut family = Family {
            owned: draw.permille(700),
            rooms: draw.between(1, 4),
            shares_budget: draw.permille(980),
            urban: draw.permille(600),
            other_file: draw.permille(10),
            undertaking: draw.permille(990),
            ..Family::default()
        };
        let single_parent = draw.permille(120);
        let poor = draw.permille(600);
        family
            .people
            .push(human(&mut draw, Kin::Oneself, 19, 85, poor, land));
        if !single_parent && draw.permille(550) {
            family
                .people
                .push(human(&mut draw, Kin::Spouse, 19, 80, poor, land));
        }
        let children = match draw.below(10) {
            0..4 => 0,
            4..7 => 1,
            7..9 => 2,
            _ => draw.between(3, 6),
        };
        for _ in 0..children.max(i64::from(single_parent)) {
            family
                .people
                .push(human(&mut draw, Kin::Child, 0, 22, poor, land));
        }
        if draw.permille(120) {
            family
                .people
                .push(human(&mut draw, Kin::Parent, 55, 92, poor, land));
        }
        family.people[0].alone = single_parent;
        family
    }
}

fn human(draw: &mut Draw, kin: Kin, least: i64, most: i64, poor: bool, land: &Land) -> Human {
    let age = draw.between(least, most);
    let today = land.today;
    let year = today
        .first_of_year()
        .saturating_sub((age + i64::from(draw.permille(500))).years());
    let month = year.saturating_add((draw.between(1, 12) - 1).months());
    let birth = month.saturating_add((draw.between(1, 28) - 1).days());
    let adult = age >= 18;
    let capable = adult && draw.permille(850);
    let works = adult && age < 65 && draw.permille(if poor { 150 } else { 600 });
    let mut it = Human {
        birth,
        kin,
        female: draw.permille(500),
        resident: draw.permille(985),
        work_capable: capable,
        pregnant: adult && draw.permille(15),
        alone: false,
        adapted_education: !adult && draw.permille(20),
        at_school: (6..20).contains(&age) && draw.permille(960),
        former_child: adult && draw.permille(5),
        in_institution: draw.permille(3),
        detained: adult && draw.permille(3),
        placed: !adult && draw.permille(10),
        registered: adult && !works && draw.permille(if poor { 850 } else { 300 }),
        refused_work: adult && draw.permille(10),
        lifelong_support: adult && draw.permille(30),
        adapted_vehicle: draw.permille(20),
        has_boat: adult && draw.permille(3),
        cares: adult && draw.permille(30),
        property_lost: draw.permille(5),
        disability: match draw.below(100) {
            0 => "I-A",
            1 => "II",
            2..4 => "III",
            _ => "none",
        },
        idle_months: if works || !capable { 0 } else { draw.below(6) },
        unemployment_benefit: 0,
        deposits: 0,
        half_units: if adult && draw.permille(150) {
            draw.below(6)
        } else {
            0
        },
        vehicles: Vec::new(),
        incomes: Vec::new(),
        pensions: Vec::new(),
        estates: Vec::new(),
        disposals: Vec::new(),
        left_work: Vec::new(),
        purchases: Vec::new(),
        awards: Vec::new(),
    };
    if works {
        let kind = if draw.permille(800) {
            land.incomes[0]
        } else {
            draw.pick(land.incomes)
        };
        let wage = land.wage * draw.between(10, if poor { 60 } else { 150 }) / 100;
        for back in 0..MONTHS {
            it.incomes
                .push((month_back(today, back), kind, wage + draw.below(100)));
        }
    }
    if adult && draw.permille(100) {
        let kind = draw.pick(land.incomes);
        for _ in 0..draw.between(1, 4) {
            let month = month_back(today, draw.below(MONTHS));
            it.incomes
                .push((month, kind, land.wage * draw.between(1, 20) / 100));
        }
    }
    if age >= 65 && draw.permille(if poor { 300 } else { 900 }) {
        let pension = land.wage * draw.between(5, 60) / 100;
        for back in 0..MONTHS {
            it.pensions.push((month_back(today, back), pension));
        }
    }
    if adult {
        it.unemployment_benefit = if it.registered && draw.permille(150) {
            land.wage / 6
        } else {
            0
        };
        it.deposits = if draw.permille(200) {
            land.wage * draw.below(500) / 100
        } else {
            0
        };
        if draw.permille(if poor { 80 } else { 400 }) {
            let kind = draw.pick(&["car", "car", "car", "van", "tractor"]);
            it.vehicles.push((kind, i64::from(today.year()) - draw.below(25)));
        }
        if draw.permille(450) {
            it.estates.push((
                draw.pick(&["house", "apartment"]),
                draw.between(30, 120),
                draw.permille(930),
            ));
        }
        if draw.permille(120) {
            let kind = draw.pick(&["farmland", "farmland", "building-land", "business"]);
            it.estates.push((kind, draw.between(100, 9_000), false));
        }
        if draw.permille(20) {
            it.disposals.push(day_back(draw, today, 40));
        }
        if draw.permille(60) {
            it.left_work.push((day_back(draw, today, 40), draw.permille(300)));
        }
        if draw.permille(60) {
            let what = draw.pick(&["dwelling", "vehicle", "goods", "treatment"]);
            let much = land.wage * draw.between(50, 1_500) / 100;
            it.purchases.push((what, much, day_back(draw, today, 24)));
        }
    }
    if !land.awards.is_empty() && draw.permille(80) {
        it.awards
            .push((draw.pick(land.awards), land.wage * draw.between(2, 20) / 100));
    }
    it
}

pub(crate) fn code(code: &str) -> FactValue {
    FactValue::Code(code.to_owned())
}

pub(crate) fn text(text: &str) -> FactValue {
    FactValue::Text(text.to_owned())
}

pub(crate) fn money(minor: i64, currency: Currency) -> FactValue {
    FactValue::Money(Money::new(minor, currency))
}

pub(crate) fn known<const N: usize>(facts: [(&str, FactValue); N]) -> Facts {
    facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Known::declared(value)))
        .collect()
}

pub(crate) fn rows<T, const N: usize>(
    from: &[T],
    columns: impl Fn(&T) -> [(&'static str, FactValue); N],
) -> FactValue {
    let row = |it: &T| -> Record {
        columns(it)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    FactValue::Rows(from.iter().map(row).collect())
}

/// Facts that are called alike in all countries.
pub(crate) fn common(it: &Human, currency: Currency) -> Facts {
    known([
        ("birth_date", FactValue::Date(it.birth)),
        ("sex", code(if it.female { "f" } else { "m" })),
        (
            "relationship",
            code(match it.kin {
                Kin::Oneself => "self",
                Kin::Spouse => "spouse",
                Kin::Child => "child",
                Kin::Parent => "parent",
            }),
        ),
        (
            "residence_kind",
            code(if it.resident { "residence" } else { "none" }),
        ),
        ("in_regular_education", FactValue::Bool(it.at_school)),
        ("registered_unemployed", FactValue::Bool(it.registered)),
        ("refused_work", FactValue::Bool(it.refused_work)),
        ("unemployment_benefit", money(it.unemployment_benefit, currency)),
        (
            "income",
            rows(&it.incomes, |(month, kind, net)| {
                [
                    ("month", FactValue::Date(*month)),
                    ("payer", text("Primjer")),
                    ("kind", code(kind)),
                    ("net", money(*net, currency)),
                ]
            }),
        ),
        (
            "pension",
            rows(&it.pensions, |(month, net)| {
                [
                    ("month", FactValue::Date(*month)),
                    ("kind", code("old-age")),
                    ("net", money(*net, currency)),
                ]
            }),
        ),
        (
            "vehicles",
            rows(&it.vehicles, |(kind, year)| {
                [
                    ("plate", text("PG")),
                    ("kind", code(kind)),
                    ("year", FactValue::Int(*year)),
                ]
            }),
        ),
        (
            "real_estate",
            rows(&it.estates, |(kind, area, home)| {
                [
                    ("kind", code(kind)),
                    ("area_m2", FactValue::Int(*area)),
                    ("home", FactValue::Bool(*home)),
                ]
            }),
        ),
    ])
}

/// An application of a household: the first of its people asks.
pub(crate) fn input(today: Date, mut people: Vec<PersonFacts>, household: Facts, claim: Facts) -> Input {
    let applicant = people.remove(0);
    Input {
        on: today,
        lodged: today,
        known_at: None,
        suspended: Vec::new(),
        applicant,
        members: people,
        others: Vec::new(),
        household,
        claim,
    }
}
