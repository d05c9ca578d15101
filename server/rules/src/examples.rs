//! What the worked examples of a benefit show: somebody is granted it; somebody is refused at the boundary; an amount stands on each side of
//! a change of the law; the household is an odd one.
//!
//! None of it but the last is the author's word. Whether a refusal stands at the boundary is tried out: one value is moved by its least step (one
//! cent, one day, one more), and the benefit must then be granted. A yes or no, a code or a thing that is there is turned round
//! instead; that counts only where no quantity decides over the benefit.

use crate::{
    assess::{Assessment, AwardInForce, Facts, Input, Known, Outcome, PersonFacts, assess},
    lang::Type,
    pack::{Benefit, Case, Pack},
};
use karton_api::{FactValue, Money};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Worked examples of one kind: on confirmed law, and on unconfirmed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// On confirmed law.
    pub confirmed: usize,
    /// On unconfirmed law.
    pub unconfirmed: usize,
}

impl Shown {
    fn add(&mut self, case: &Case) {
        *(if case.confirmed {
            &mut self.confirmed
        } else {
            &mut self.unconfirmed
        }) += 1;
    }
    /// None at all.
    pub fn is_none(self) -> bool {
        self == Shown::default()
    }
}

/// How many worked examples of each kind a benefit has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Kinds {
    /// Granted.
    pub granted: Shown,
    /// Refused, or left to the officer, one least step from being granted.
    pub boundary: Shown,
    /// An amount (of what is given in kind, an outcome) for which there is another one before or after a change of the same parameter;
    /// none where nothing that the benefit rests on ever changes.
    pub change: Option<Shown>,
    /// An odd household, by the author's word.
    pub odd: Shown,
}

impl Kinds {
    /// What is lacking, in the words of the reference.
    pub fn lacking(&self) -> Vec<&'static str> {
        let mut lacking = Vec::new();
        for (shown, name) in [
            (Some(self.granted), "granted"),
            (Some(self.boundary), "refused at the boundary"),
            (self.change, "an amount on each side of a change"),
            (Some(self.odd), "an odd household"),
        ] {
            if shown.is_some_and(Shown::is_none) {
                lacking.push(name);
            }
        }
        lacking
    }
}

/// Looks at the worked examples of a benefit.
pub fn kinds(pack: &Pack, benefit: &Benefit) -> Kinds {
    let assessed: Vec<(&Case, Assessment)> = (benefit.cases.iter())
        .filter_map(|case| Some((case, assess(pack, &benefit.code, &case.input)?)))
        .collect();
    let mut kinds = Kinds {
        change: change(pack, &assessed),
        ..Kinds::default()
    };
    let mut turned = Shown::default();
    for (case, found) in &assessed {
        if case.odd {
            kinds.odd.add(case);
        }
        match found.outcome {
            Outcome::Grant => kinds.granted.add(case),
            Outcome::Refuse | Outcome::Confirm => match boundary(pack, benefit, &case.input) {
                Some(Step::Measured) => kinds.boundary.add(case),
                Some(Step::Turned) => turned.add(case),
                None => {}
            },
            Outcome::Unknown => {}
        }
    }
    if kinds.boundary.is_none() && !measured(pack, benefit, &assessed) {
        kinds.boundary = turned;
    }
    kinds
}

/// Examples with the same parameter at another value; none where no parameter in use ever changes.
fn change(pack: &Pack, assessed: &[(&Case, Assessment)]) -> Option<Shown> {
    let mut seen: BTreeMap<&str, Vec<karton_api::Date>> = BTreeMap::new();
    let mut changes = false;
    for used in assessed.iter().flat_map(|(_, found)| &found.parameters) {
        seen.entry(&used.name).or_default().push(used.from);
        changes |= (pack.parameters.iter()).any(|it| it.name == used.name && it.at.len() > 1);
    }
    if !changes {
        return None;
    }
    let mut shown = Shown::default();
    for (case, found) in assessed {
        let says = found.amount.is_none() || case.expect.amount.or(case.expect.once).is_some();
        let other = |name: &str, from| seen.get(name).is_some_and(|all| all.iter().any(|it| *it != from));
        if says && found.parameters.iter().any(|used| other(&used.name, used.from)) {
            shown.add(case);
        }
    }
    Some(shown)
}

/// How far a refusal is from being granted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// A quantity by its least unit.
    Measured,
    /// A yes or no, a code, a thing that is there or not.
    Turned,
}

fn boundary(pack: &Pack, benefit: &Benefit, input: &Input) -> Option<Step> {
    let mut turned = false;
    let step = try_all(pack, input, &steps, &mut |step, moved| {
        let granted = assess(pack, &benefit.code, moved).is_some_and(|it| it.outcome == Outcome::Grant);
        turned |= granted;
        granted && step == Step::Measured
    });
    if step {
        Some(Step::Measured)
    } else if turned {
        Some(Step::Turned)
    } else {
        None
    }
}

/// Whether a quantity, however far it is moved, can cost somebody the benefit.
fn measured(pack: &Pack, benefit: &Benefit, assessed: &[(&Case, Assessment)]) -> bool {
    let granted = assessed
        .iter()
        .filter(|(_, found)| found.outcome == Outcome::Grant);
    granted.into_iter().any(|(case, _)| {
        try_all(pack, &case.input, &leaps, &mut |_, moved| {
            assess(pack, &benefit.code, moved)
                .is_some_and(|it| matches!(it.outcome, Outcome::Refuse | Outcome::Confirm))
        })
    })
}

/// Other values of one value, and what sort of step leads there.
type Others<'f> = dyn Fn(&Pack, &str, &FactValue) -> Vec<(Step, FactValue)> + 'f;

/// One least step away.
fn steps(pack: &Pack, list: &str, value: &FactValue) -> Vec<(Step, FactValue)> {
    match value {
        FactValue::Bool(it) => vec![(Step::Turned, FactValue::Bool(!it))],
        FactValue::Code(code) => {
            let all = pack.codes.get(list).into_iter().flat_map(|list| &list.entries);
            let others = all.filter(|it| it.code != *code).take(MOST_CODES);
            others
                .map(|it| (Step::Turned, FactValue::Code(it.code.clone())))
                .collect()
        }
        other => moved(other, 1),
    }
}

/// As far away as anybody's life goes.
fn leaps(_: &Pack, _: &str, value: &FactValue) -> Vec<(Step, FactValue)> {
    match value {
        FactValue::Date(_) => moved(value, 25_000),
        FactValue::Money(_) => moved(value, 1_000_000_000),
        FactValue::Int(_) | FactValue::Decimal(_) => moved(value, 1_000),
        _ => Vec::new(),
    }
}

/// Of a long list only so many codes are tried.
const MOST_CODES: usize = 60;

fn moved(value: &FactValue, by: i64) -> Vec<(Step, FactValue)> {
    let both = [by, -by];
    let measured = |it: FactValue| (Step::Measured, it);
    match value {
        FactValue::Int(it) => both
            .map(|by| measured(FactValue::Int(it.saturating_add(by))))
            .to_vec(),
        FactValue::Money(it) => both
            .map(|by| {
                measured(FactValue::Money(Money::new(
                    it.minor.saturating_add(by),
                    it.currency,
                )))
            })
            .to_vec(),
        FactValue::Date(it) => both
            .iter()
            .filter_map(|by| {
                Some(measured(FactValue::Date(
                    it.checked_add(jiff::Span::new().days(*by)).ok()?,
                )))
            })
            .collect(),
        FactValue::Decimal(text) => {
            let places = text.split_once('.').map_or(0, |(_, after)| after.len());
            let Ok(whole) = text.replace('.', "").parse::<i64>() else {
                return Vec::new();
            };
            both.map(|by| measured(FactValue::Decimal(decimal(whole.saturating_add(by), places))))
                .to_vec()
        }
        _ => Vec::new(),
    }
}

fn decimal(whole: i64, places: usize) -> String {
    let sign = if whole < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", whole.unsigned_abs(), width = places + 1);
    let (before, after) = digits.split_at(digits.len() - places);
    if places == 0 {
        format!("{sign}{before}")
    } else {
        format!("{sign}{before}.{after}")
    }
}

/// Puts every other value in the place of each value in turn, until `till` is content.
fn try_all(
    pack: &Pack,
    input: &Input,
    others: &Others<'_>,
    till: &mut dyn FnMut(Step, &Input) -> bool,
) -> bool {
    // The days of the assessment and of the application: together where they are one, otherwise each.
    for (on, lodged) in [(true, true), (true, false), (false, true)] {
        if on != lodged && input.on == input.lodged {
            continue;
        }
        let day = if on { input.on } else { input.lodged };
        for (step, value) in others(pack, "", &FactValue::Date(day)) {
            let FactValue::Date(day) = value else { continue };
            let mut moved = input.clone();
            if on {
                moved.on = day;
            }
            if lodged {
                moved.lodged = if on && input.on != input.lodged {
                    input.lodged
                } else {
                    day
                };
            }
            if till(step, &moved) {
                return true;
            }
        }
    }
    let list_of = |fact: &str| list(pack, fact);
    let mut tried = |at: &dyn Fn(&mut Input) -> Option<&mut Facts>, facts: &Facts| {
        facts.iter().any(|(name, known)| {
            let mut found = Vec::new();
            inside(pack, &list_of(name), &known.value, others, &mut found);
            found.into_iter().any(|(step, value)| {
                let mut moved = input.clone();
                let there = at(&mut moved).and_then(|facts| facts.get_mut(name));
                there.is_some_and(|known: &mut Known| {
                    known.value = value;
                    true
                }) && till(step, &moved)
            })
        })
    };
    if tried(&|it| Some(&mut it.household), &input.household)
        || tried(&|it| Some(&mut it.claim), &input.claim)
        || tried(&|it| Some(&mut it.applicant.facts), &input.applicant.facts)
    {
        return true;
    }
    for (n, person) in input.members.iter().enumerate() {
        if tried(&|it| it.members.get_mut(n).map(|it| &mut it.facts), &person.facts) {
            return true;
        }
    }
    for (n, person) in input.others.iter().enumerate() {
        if tried(&|it| it.others.get_mut(n).map(|it| &mut it.facts), &person.facts) {
            return true;
        }
    }
    let people = 1 + input.members.len() + input.others.len();
    (0..people).any(|n| awards(pack, input, n, others, till))
}

fn person(input: &mut Input, n: usize) -> Option<&mut PersonFacts> {
    let members = input.members.len();
    match n.checked_sub(1) {
        None => Some(&mut input.applicant),
        Some(n) if n < members => input.members.get_mut(n),
        Some(n) => input.others.get_mut(n - members),
    }
}

/// Awards begin and end a day earlier or later, or are not there.
fn awards(
    pack: &Pack,
    input: &Input,
    n: usize,
    others: &Others<'_>,
    till: &mut dyn FnMut(Step, &Input) -> bool,
) -> bool {
    type Of = fn(&mut PersonFacts) -> &mut Vec<AwardInForce>;
    let kinds: [Of; 3] = [
        |it| &mut it.awards,
        |it| &mut it.family_awards,
        |it| &mut it.awards_about,
    ];
    for of in kinds {
        let mut whole = input.clone();
        let Some(held) = person(&mut whole, n).map(|it| of(it).clone()) else {
            continue;
        };
        for (at, award) in held.iter().enumerate() {
            let mut changed: Vec<(Step, Option<AwardInForce>)> = vec![(Step::Turned, None)];
            for (step, value) in others(pack, "", &FactValue::Date(award.from)) {
                if let FactValue::Date(from) = value {
                    changed.push((
                        step,
                        Some(AwardInForce {
                            from,
                            ..award.clone()
                        }),
                    ));
                }
            }
            for (step, value) in award
                .until
                .map_or(Vec::new(), |it| others(pack, "", &FactValue::Date(it)))
            {
                if let FactValue::Date(until) = value {
                    changed.push((
                        step,
                        Some(AwardInForce {
                            until: Some(until),
                            ..award.clone()
                        }),
                    ));
                }
            }
            for (step, other) in changed {
                let mut moved = input.clone();
                if let Some(held) = person(&mut moved, n).map(of) {
                    match other {
                        Some(other) => held.splice(at..=at, [other]).for_each(drop),
                        None => drop(held.remove(at)),
                    }
                }
                if till(step, &moved) {
                    return true;
                }
            }
        }
    }
    false
}

/// The code list of a fact; nothing where it has none.
fn list(pack: &Pack, fact: &str) -> String {
    let found = pack.facts.iter().find(|it| it.name == fact);
    match found.map(|it| &it.ty) {
        Some(Type::Code(list)) => list.to_string(),
        _ => String::new(),
    }
}

/// Other values of a value; of rows, of each cell in turn, and without each row.
fn inside(
    pack: &Pack,
    list: &str,
    value: &FactValue,
    others: &Others<'_>,
    found: &mut Vec<(Step, FactValue)>,
) {
    let FactValue::Rows(rows) = value else {
        found.extend(others(pack, list, value));
        return;
    };
    // An average is moved by a cent only when every month of it is.
    if rows.len() > 1 {
        let columns: BTreeSet<&String> = rows.iter().flat_map(BTreeMap::keys).collect();
        for column in columns {
            let all: Vec<Vec<(Step, FactValue)>> = (rows.iter())
                .map(|row| {
                    row.get(column)
                        .map_or_else(Vec::new, |cell| others(pack, "", cell))
                })
                .collect();
            for n in 0..all.iter().map(Vec::len).min().unwrap_or_default() {
                let mut moved = rows.clone();
                for (row, other) in moved.iter_mut().zip(&all) {
                    if let Some((_, value)) = other.get(n) {
                        row.insert(column.clone(), value.clone());
                    }
                }
                if let Some((step, _)) = all.first().and_then(|it| it.get(n)) {
                    found.push((*step, FactValue::Rows(moved)));
                }
            }
        }
    }
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in row {
            for (step, other) in others(pack, "", cell) {
                let mut rows = rows.clone();
                if let Some(cell) = rows.get_mut(at).and_then(|row| row.get_mut(column)) {
                    *cell = other;
                }
                found.push((step, FactValue::Rows(rows)));
            }
        }
        let mut fewer = rows.clone();
        fewer.remove(at);
        found.push((Step::Turned, FactValue::Rows(fewer)));
    }
}
