//! What cannot be held beside a claim: what is refused, what is suspended, where the person chooses and what each choice is worth.
//!
//! Nothing is decided here. What is granted each month is compared month against month; what is paid once, and what is owed for months that have
//! passed, stands apart, because it weighs only once.

use super::{
    assessment::Assessment,
    input::{AwardInForce, Input, PersonFacts},
    months::month,
};
use crate::pack::{Benefit, BenefitKind, BesideEffect, Confidence, Pack, Reach, Texts};
use jiff::ToSpan as _;
use karton_api::{Date, FactValue, Id, Money, Per, value};
use serde::{Deserialize, Serialize};

/// An award beside which a claim cannot simply be granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// Code of the other benefit.
    pub benefit: String,
    /// The other award, where it is one of the store.
    pub award: Option<Id<value::Award>>,
    /// Who has it, or whom it covers.
    pub person: Option<Id<value::Person>>,
    /// Whose awards are meant.
    pub of: Reach,
    /// What follows.
    pub effect: BesideEffect,
    /// The article; empty where confidence is memory or default.
    pub law: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// The sentence of it, where the pack has one.
    pub says: Option<Texts>,
    /// The condition that says so, by its id, where it is one.
    pub condition: Option<String>,
    /// Its first day.
    pub from: Date,
    /// The day after its last.
    pub until: Option<Date>,
    /// What it yields: each month, or once.
    pub amount: Money,
    /// It is paid once.
    pub once: bool,
}

/// What one side of a choice is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worth {
    /// Each month; none where it cannot be said.
    pub month: Option<Money>,
    /// Once beside it.
    pub once: Money,
    /// For months before the present one.
    pub arrears: Money,
}

/// Which side of a choice is worth more a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// What is asked for.
    Asked,
    /// What is held.
    Other,
    /// Both alike.
    Same,
}

impl Better {
    /// As packs write it.
    pub fn name(self) -> &'static str {
        match self {
            Better::Asked => "asked",
            Better::Other => "other",
            Better::Same => "same",
        }
    }
}

/// A claim and what stands beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Awards that cannot be held beside it, in the order of the pack.
    pub beside: Vec<Beside>,
    /// What is asked for.
    pub asked: Worth,
    /// What would be given up for it: the awards with the effect `choose` together.
    pub others: Worth,
    /// Which is worth more a month; none where there is nothing to choose, or it cannot be said.
    pub better: Option<Better>,
}

impl Choice {
    /// Whether the person has to choose.
    pub fn is_open(&self) -> bool {
        self.beside.iter().any(|one| one.effect == BesideEffect::Choose)
    }
}

/// More months in arrears are not counted: later decisions reach back no further.
const MOST_ARREARS: usize = 60;

/// What stands beside a claim that was assessed over these facts. Nothing where the pack does not have its benefit.
pub fn beside(pack: &Pack, input: &Input, assessment: &Assessment) -> Option<Choice> {
    let asked = pack.benefit(&assessment.benefit)?;
    let starts = assessment.term.as_ref().map_or(assessment.on, |term| term.starts);
    let mut lines: Vec<Beside> = Vec::new();
    let mut codes: Vec<&str> = asked
        .incompatible
        .iter()
        .map(|one| one.benefit.as_str())
        .collect();
    let said_by_others = pack
        .benefits
        .iter()
        .filter(|other| other.code != asked.code && other.excludes(&asked.code));
    codes.extend(said_by_others.map(|other| other.code.as_str()));
    codes.dedup();
    for (place, code) in codes.iter().enumerate() {
        if codes.iter().take(place).any(|before| before == code) {
            continue;
        }
        for relation in pack.relations(asked, code) {
            for (person, award) in awards(asked, input, relation.of) {
                let runs = award.benefit == *code && award.until.is_none_or(|until| until > starts);
                let line = Beside {
                    benefit: award.benefit.clone(),
                    award: award.award,
                    person: person.person,
                    of: relation.of,
                    effect: relation.effect,
                    law: if relation.rule.confidence.is_unconfirmed() {
                        String::new()
                    } else {
                        relation.rule.law.clone()
                    },
                    confidence: relation.rule.confidence,
                    says: relation.rule.says.clone(),
                    // The other's own condition is about its own claims.
                    condition: (asked.excludes(code))
                        .then(|| relation.rule.condition.clone())
                        .flatten(),
                    from: award.from,
                    until: award.until,
                    amount: award.amount,
                    once: pack
                        .benefit(code)
                        .is_some_and(|it| it.kind == BenefitKind::OneOff),
                };
                if runs && !lines.iter().any(|other| same(other, &line)) {
                    lines.push(line);
                }
            }
        }
    }
    let currency = pack.country.currency;
    let none = Money::new(0, currency);
    let amount = assessment.amount.as_ref();
    let each_month = amount.filter(|amount| amount.per == Per::Month);
    let mine = Worth {
        month: match asked.kind {
            BenefitKind::Monthly => each_month.map(|amount| amount.money),
            BenefitKind::OneOff | BenefitKind::InKind => None,
        },
        once: amount.map_or(none, |amount| {
            let whole = if amount.per == Per::Once {
                amount.money.minor
            } else {
                0
            };
            Money::new(amount.once_minor().saturating_add(whole), currency)
        }),
        arrears: Money::new(arrears(pack, asked, input, assessment), currency),
    };
    let given_up = || lines.iter().filter(|one| one.effect == BesideEffect::Choose);
    let sum = |once: bool| {
        let all = given_up().filter(|one| one.once == once);
        all.fold(0_i64, |sum, one| sum.saturating_add(one.amount.minor))
    };
    let theirs = Worth {
        month: Some(Money::new(sum(false), currency)),
        once: Money::new(sum(true), currency),
        arrears: none,
    };
    let better = given_up().next().and(mine.month).and_then(|mine| {
        Some(match mine.minor.cmp(&theirs.month?.minor) {
            std::cmp::Ordering::Greater => Better::Asked,
            std::cmp::Ordering::Less => Better::Other,
            std::cmp::Ordering::Equal => Better::Same,
        })
    });
    Some(Choice {
        beside: lines,
        asked: mine,
        others: theirs,
        better,
    })
}

/// The same award: of the store by its id; of a worked example by what it is.
fn same(one: &Beside, other: &Beside) -> bool {
    match (one.award, other.award) {
        (Some(one), Some(other)) => one == other,
        _ => {
            (&one.benefit, one.from, one.until, one.amount)
                == (&other.benefit, other.from, other.until, other.amount)
                && (one.person == other.person || one.of == Reach::Members)
        }
    }
}

/// The awards that a reach looks at, each with whose it is or whom it covers.
fn awards<'i>(asked: &Benefit, input: &'i Input, of: Reach) -> Vec<(&'i PersonFacts, &'i AwardInForce)> {
    let household = || std::iter::once(&input.applicant).chain(&input.members);
    let mut found: Vec<(&PersonFacts, &AwardInForce)> = Vec::new();
    match of {
        Reach::Holder if asked.unit != crate::pack::HolderKind::Household => {
            found.extend(
                input
                    .applicant
                    .awards
                    .iter()
                    .map(|award| (&input.applicant, award)),
            );
        }
        Reach::Holder => {
            found.extend(household().flat_map(|one| one.awards.iter().map(move |award| (one, award))));
        }
        Reach::Members => {
            found.extend(household().flat_map(|one| one.awards.iter().map(move |award| (one, award))));
            found.extend(household().flat_map(|one| one.family_awards.iter().map(move |award| (one, award))));
        }
        Reach::About => {
            let named = asked.about.as_ref().and_then(|fact| input.claim.get(fact));
            let Some(FactValue::Person(about)) = named.map(|known| &known.value) else {
                return found;
            };
            let everybody = household().chain(&input.others);
            for one in everybody.filter(|one| one.person == Some(*about)) {
                found.extend(one.awards_about.iter().map(|award| (one, award)));
            }
        }
    }
    found
}

/// What is owed for the months from the first one of the right to the present one, each by its own parameters, in minor units.
fn arrears(pack: &Pack, asked: &Benefit, input: &Input, assessment: &Assessment) -> i64 {
    let (Some(term), BenefitKind::Monthly) = (&assessment.term, asked.kind) else {
        return 0;
    };
    let now = assessment.on.first_of_month();
    let mut day = term.starts.first_of_month();
    let mut sum = 0_i64;
    for _ in 0..MOST_ARREARS {
        if day >= now || term.ends.is_some_and(|ends| day >= ends) {
            break;
        }
        sum = sum.saturating_add(month(pack, &asked.code, input, day, false).unwrap_or(0));
        let Ok(next) = day.checked_add(1.month()) else {
            break;
        };
        day = next;
    }
    sum
}
