//! What comes out. Pure.

use crate::problem::Error;
use karton_api::Date;
use karton_rules::pack::{BenefitKind, HolderKind};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// How a benefit is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paid {
    /// Each month: amounts are those of a month.
    Monthly,
    /// Once: amounts are what would be paid if everybody asked now.
    Once,
    /// It yields no money.
    InKind,
}

impl From<BenefitKind> for Paid {
    fn from(kind: BenefitKind) -> Paid {
        match kind {
            BenefitKind::Monthly => Paid::Monthly,
            BenefitKind::OneOff => Paid::Once,
            BenefitKind::InKind => Paid::InKind,
        }
    }
}

/// How many rights stand how. A right is a household's, a person's, or a person's on account of somebody, as the benefit says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Worked out.
    pub asked: u64,
    /// Nothing before, something after.
    pub gain: u64,
    /// Something before, nothing after.
    pub lose: u64,
    /// More than before.
    pub more: u64,
    /// Less than before.
    pub less: u64,
    /// As much as before.
    pub same: u64,
    /// No right by either version.
    pub neither: u64,
    /// One of the versions cannot say.
    pub unknown: u64,
    /// Granted and running on the day.
    pub running: u64,
    /// Of those that run: would be lost, or yield less.
    pub running_worse: u64,
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.asked += other.asked;
        self.gain += other.gain;
        self.lose += other.lose;
        self.more += other.more;
        self.less += other.less;
        self.same += other.same;
        self.neither += other.neither;
        self.unknown += other.unknown;
        self.running += other.running;
        self.running_worse += other.running_worse;
    }
    /// Anybody gets something else than before.
    pub fn moves(&self) -> bool {
        self.gain + self.lose + self.more + self.less > 0
    }
}

/// Counts with their amounts, in minor units; of rights that one of the versions cannot say nothing is counted in, so that the two can be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// How many.
    #[serde(flatten)]
    pub counts: Counts,
    /// All amounts by the old version.
    pub minor_before: i64,
    /// All amounts by the new one.
    pub minor_after: i64,
}

impl Sums {
    pub(super) fn add(&mut self, other: &Sums) -> Result<(), Error> {
        self.counts.add(&other.counts);
        let too_large = || Error::fault("a sum of amounts is larger than Karton counts");
        self.minor_before = (self.minor_before.checked_add(other.minor_before)).ok_or_else(too_large)?;
        self.minor_after = (self.minor_after.checked_add(other.minor_after)).ok_or_else(too_large)?;
        Ok(())
    }
    /// What it costs more than before; less where it is negative.
    pub fn difference(&self) -> i64 {
        self.minor_after.saturating_sub(self.minor_before)
    }
    /// One right that both versions have been asked for.
    pub(super) fn one(before: Worth, after: Worth, running: bool) -> Sums {
        let mut found = Sums::default();
        let counts = &mut found.counts;
        counts.asked = 1;
        let (kind, worse) = match (before, after) {
            (Worth::Unknown, _) | (_, Worth::Unknown) => (&mut counts.unknown, false),
            (Worth::Nothing, Worth::Nothing) => (&mut counts.neither, false),
            (Worth::Nothing, _) => (&mut counts.gain, false),
            (_, Worth::Nothing) => (&mut counts.lose, true),
            (Worth::Minor(before), Worth::Minor(after)) if after > before => (&mut counts.more, false),
            (Worth::Minor(before), Worth::Minor(after)) if after < before => (&mut counts.less, true),
            _ => (&mut counts.same, false),
        };
        *kind = 1;
        counts.running = u64::from(running);
        counts.running_worse = u64::from(running && worse);
        if counts.unknown == 0 {
            found.minor_before = before.minor();
            found.minor_after = after.minor();
        }
        found
    }
}

/// What a version gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worth {
    Nothing,
    Unknown,
    Minor(i64),
}

impl Worth {
    fn minor(self) -> i64 {
        match self {
            Worth::Minor(minor) => minor,
            Worth::Nothing | Worth::Unknown => 0,
        }
    }
}

/// One benefit in one municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Code of the benefit.
    pub benefit: String,
    /// How it is paid.
    pub paid: Paid,
    /// Code of the municipality; none where nobody knows it.
    pub municipality: Option<String>,
    /// How many, and how much.
    #[serde(flatten)]
    pub sums: Sums,
}

/// A fact for want of which something cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lacking {
    /// Of whom it is not known.
    pub holder: HolderKind,
    /// Its name in the dictionary.
    pub fact: String,
    /// How many rights cannot be said without it; several facts may be lacking for one.
    pub rights: u64,
}

/// One benefit in the whole country; where its claim says how it is paid, once for each way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfBenefit {
    /// Its code.
    pub benefit: String,
    /// How it is paid.
    pub paid: Paid,
    /// How many, and how much.
    #[serde(flatten)]
    pub sums: Sums,
    /// Why it cannot be said, the most frequent fact first; stands with the way in which the benefit is usually paid.
    pub lacking: Vec<Lacking>,
}

/// All monthly benefits of one municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfMunicipality {
    /// Its code; none where nobody knows it.
    pub municipality: Option<String>,
    /// How many, and how much a month.
    #[serde(flatten)]
    pub sums: Sums,
}

/// What comes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// By the law of this day.
    pub on: Date,
    /// ISO 4217.
    pub currency: String,
    /// People looked at, as members of a household or alone.
    pub people: u64,
    /// Households, and people without one.
    pub households: u64,
    /// Benefits that were not worked out, because the two versions cannot decide them otherwise.
    pub untouched: Vec<String>,
    /// All monthly benefits together.
    pub monthly: Sums,
    /// All that is paid once.
    pub once: Sums,
    /// By benefit, in the order of the catalogue.
    pub benefits: Vec<OfBenefit>,
    /// By municipality, in the order of their codes.
    pub municipalities: Vec<OfMunicipality>,
    /// By benefit and municipality.
    pub rows: Vec<Row>,
}

/// What one worker has seen so far; benefits by their place in the plan.
#[derive(Debug, Default)]
pub(super) struct Fold {
    pub(super) people: u64,
    pub(super) households: u64,
    places: HashMap<Option<String>, usize>,
    municipalities: Vec<Option<String>>,
    rows: HashMap<(usize, Paid, usize), Sums>,
    pub(super) lacking: HashMap<(usize, HolderKind, String), u64>,
}

impl Fold {
    /// The place of a municipality in this fold.
    pub(super) fn place(&mut self, municipality: Option<&str>) -> usize {
        let code = municipality.map(str::to_owned);
        if let Some(place) = self.places.get(&code) {
            return *place;
        }
        let place = self.municipalities.len();
        self.municipalities.push(code.clone());
        self.places.insert(code, place);
        place
    }
    pub(super) fn count(&mut self, row: (usize, Paid, usize), one: &Sums) -> Result<(), Error> {
        self.rows.entry(row).or_default().add(one)
    }
    pub(super) fn lacks(&mut self, benefit: usize, holder: HolderKind, fact: &str, rights: u64) {
        let key = (benefit, holder, fact.to_owned());
        *self.lacking.entry(key).or_default() += rights;
    }
    pub(super) fn add(&mut self, other: Fold) -> Result<(), Error> {
        self.people += other.people;
        self.households += other.households;
        for ((benefit, paid, place), sums) in &other.rows {
            let municipality = other.municipalities.get(*place).cloned().flatten();
            let place = self.place(municipality.as_deref());
            self.count((*benefit, *paid, place), sums)?;
        }
        for (key, rights) in other.lacking {
            *self.lacking.entry(key).or_default() += rights;
        }
        Ok(())
    }
    /// By benefit and how it is paid, then by the municipality's code.
    pub(super) fn by_row(&self) -> BTreeMap<(usize, Paid, Option<String>), Sums> {
        let rows = self.rows.iter().map(|((benefit, paid, place), sums)| {
            let municipality = self.municipalities.get(*place).cloned().flatten();
            ((*benefit, *paid, municipality), *sums)
        });
        rows.collect()
    }
}
