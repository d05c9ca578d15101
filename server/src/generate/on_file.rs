//! What an office would have on file of a household: what its members have asked for and what they declared, drawn by the pack's own settings
//! (`people/on_file.toml`).
//!
//! Drawn when it is asked for, from a place of its own, so that it moves nobody else's draws. Named families have their own stories and nothing of it.

use super::{
    Population,
    draw::Draw,
    found::Found,
    further::{Column, Drawing, Who, json},
    living::days_before,
    model::{FictionalHousehold, FictionalPerson},
    parameters::Parameters,
    settings::Settings,
    text::PackText,
};
use karton_api::Date;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

const FILE: &str = "people/on_file.toml";
/// A household was last asked about so many days ago, at least and at most.
const ASKED: (i64, i64) = (1, 27);
/// Rights run for so many months at most.
const MONTHS: i64 = 30;

/// `people/on_file.toml`; empty where the pack has none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default)]
    applies: Vec<Applies>,
    #[serde(default)]
    looked: Vec<Looked>,
    #[serde(default)]
    answer: Vec<Answer>,
}

/// Whose right to a benefit was looked into although nobody asks for it: registers were asked what its rules need, and nothing was granted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Looked {
    benefit: String,
    /// Who would apply.
    #[serde(default)]
    who: Who,
    /// In a thousand of them.
    permille: u32,
}

/// Who asks for a benefit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Applies {
    benefit: String,
    /// The applicant; whom it is granted on account of, where `about` names a fact.
    #[serde(default)]
    who: Who,
    /// The fact of the claim that names whom it is granted on account of; the head of the household applies.
    about: Option<String>,
    /// In a thousand of them.
    permille: u32,
    /// In a thousand of those who ask: not decided yet.
    #[serde(default)]
    waiting_permille: u32,
}

/// What is declared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    fact: String,
    /// Whose fact it is: of each member, of the household, or of a claim.
    #[serde(default)]
    of: Of,
    /// Of claims: only of these benefits.
    #[serde(default)]
    benefits: Vec<String>,
    /// The member; of the household and of a claim its head and its applicant.
    #[serde(default)]
    who: Who,
    #[serde(default = "always")]
    permille: u32,
    /// A single value, or rows.
    is: Option<Column>,
    #[serde(default)]
    row: BTreeMap<String, Column>,
    /// What the others declare; nothing where this is missing.
    otherwise: Option<toml::Value>,
}

fn always() -> u32 {
    1000
}

/// Whose fact something is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// Of one member.
    #[default]
    Person,
    /// Of all together.
    Household,
    /// Of what is asked for.
    Claim,
}

/// What an office has on file of one household.
#[derive(Debug, Clone, PartialEq)]
pub struct OnFile {
    /// The day on which they declared it, and registers were asked.
    pub asked_on: Date,
    /// What they have asked for.
    pub asked: Vec<Asked>,
    /// Benefits that were looked into without being asked for, and for whom, as a place in `members`.
    pub looked: Vec<(String, usize)>,
    /// What they declared of themselves and of the household.
    pub declared: Vec<Declared>,
}

/// Something that somebody has asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The benefit's code in the pack.
    pub benefit: String,
    /// Who, as a place in `members`.
    pub applicant: usize,
    /// On whose account: the fact of the claim, and the place in `members`.
    pub about: Option<(String, usize)>,
    /// Where it is granted: since so many months.
    pub months: i64,
    /// Nobody has decided yet.
    pub waiting: bool,
    /// What the claim says.
    pub claim: BTreeMap<String, Value>,
}

/// A fact that was declared.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// The place in `members`; none for a fact of the household.
    pub member: Option<usize>,
    /// Its name in the dictionary.
    pub fact: String,
    /// A single value or rows; amounts are texts with a point, days ISO 8601.
    pub value: Value,
}

/// Reads `people/on_file.toml`, which may be missing.
pub(super) fn read(text: &PackText, parameters: &Parameters, found: &mut Found) -> File {
    let Some(contents) = text.get(FILE) else {
        return File::default();
    };
    let Some(file) = found.toml_of::<File>(contents, FILE) else {
        return File::default();
    };
    for answer in &file.answer {
        let mut wrong = |why: &str| {
            let near = format!("fact = \"{}\"", answer.fact);
            found.wrong(text, FILE, &[&near], format!("{}: {why}", answer.fact));
        };
        if answer.is.is_some() != answer.row.is_empty() {
            wrong("an answer has either `is` or `row`");
        }
        for column in answer.is.iter().chain(answer.row.values()) {
            if let Err(why) = column.check(parameters) {
                wrong(why);
            }
        }
    }
    file
}

impl Settings {
    /// What an office has on file of a drawn household; nothing where nobody of it has asked for anything and nothing was looked into.
    pub fn on_file(&self, population: Population, household: &FictionalHousehold) -> Option<OnFile> {
        let today = population.today;
        if household.story.is_some() {
            return None;
        }
        let mut draw = Draw::of(population.seed ^ 0x006F_6E20_6669_6C65, household.index);
        let asked_on = days_before(today, draw.between(ASKED.0, ASKED.1));
        let mut asked: Vec<Asked> = Vec::new();
        for applies in &self.on_file.applies {
            for (place, person) in household.members.iter().enumerate() {
                if !applies.who.has(household, person, today) {
                    continue;
                }
                // Drawn for everybody, so that who asks for one benefit does not move who asks for another.
                let (asks, waits) = (
                    draw.chance(applies.permille),
                    draw.chance(applies.waiting_permille),
                );
                let months = draw.between(0, MONTHS);
                let applicant = if applies.about.is_some() { 0 } else { place };
                let there =
                    |before: &Asked| before.benefit == applies.benefit && before.applicant == applicant;
                let named = |before: &Asked| before.about.as_ref().is_some_and(|(_, about)| *about == place);
                let twice = |before: &Asked| there(before) && (applies.about.is_none() || named(before));
                if !asks || asked.iter().any(twice) {
                    continue;
                }
                asked.push(Asked {
                    benefit: applies.benefit.clone(),
                    applicant,
                    about: applies.about.clone().map(|fact| (fact, place)),
                    months,
                    waiting: waits,
                    claim: BTreeMap::new(),
                });
            }
        }
        let looked = self.looked(population, household);
        if asked.is_empty() && looked.is_empty() {
            return None;
        }
        let mut declared = Vec::new();
        for (at, answer) in (0_u64..).zip(&self.on_file.answer) {
            let value = |person: &FictionalPerson, place: usize| {
                let place = u64::try_from(place).unwrap_or(u64::MAX);
                let mut drawing = Drawing {
                    settings: self,
                    today: asked_on,
                    born: person.birth_date,
                    draw: Draw::of(
                        population.seed ^ 0x616E_7377_6572_0000 ^ (at << 40),
                        household.index * 64 + place,
                    ),
                };
                answer.value(household, person, &mut drawing)
            };
            match answer.of {
                Of::Person => {
                    for (place, person) in household.members.iter().enumerate() {
                        declared.extend(value(person, place).map(|value| Declared {
                            member: Some(place),
                            fact: answer.fact.clone(),
                            value,
                        }));
                    }
                }
                Of::Household => {
                    let head = household.members.first().and_then(|head| value(head, 0));
                    declared.extend(head.map(|value| Declared {
                        member: None,
                        fact: answer.fact.clone(),
                        value,
                    }));
                }
                Of::Claim => {
                    for one in &mut asked {
                        if !answer.benefits.is_empty() && !answer.benefits.contains(&one.benefit) {
                            continue;
                        }
                        let applicant = household.members.get(one.applicant);
                        let value = applicant.and_then(|applicant| value(applicant, one.applicant));
                        one.claim.extend(value.map(|value| (answer.fact.clone(), value)));
                    }
                }
            }
        }
        Some(OnFile {
            asked_on,
            asked,
            looked,
            declared,
        })
    }

    /// Drawn from a place of its own, so that it moves nobody who asks.
    fn looked(&self, population: Population, household: &FictionalHousehold) -> Vec<(String, usize)> {
        let mut draw = Draw::of(population.seed ^ 0x006C_6F6F_6B65_6421, household.index);
        let mut found = Vec::new();
        for looked in &self.on_file.looked {
            for (place, person) in household.members.iter().enumerate() {
                let is = looked.who.has(household, person, population.today) && draw.chance(looked.permille);
                found.extend(is.then(|| (looked.benefit.clone(), place)));
            }
        }
        found
    }
}

impl Answer {
    fn value(
        &self,
        household: &FictionalHousehold,
        person: &FictionalPerson,
        drawing: &mut Drawing<'_>,
    ) -> Option<Value> {
        let is = self.who.has(household, person, drawing.today) && drawing.draw.chance(self.permille);
        match &self.is {
            _ if !is => self.otherwise.as_ref().map(json),
            Some(column) => drawing.value(column, None),
            None => Some(Value::Array(vec![drawing.row(&self.row, None)])),
        }
    }
}
