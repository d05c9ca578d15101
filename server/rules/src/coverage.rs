//! How much of a country's law a pack holds, and how well it is founded: confirmed and unconfirmed counted apart.

use crate::{
    examples::{Kinds, kinds},
    pack::{Benefit, BenefitKind, Confidence, Pack},
};
use serde::Serialize;

/// How much of a benefit's rule is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Code of the benefit.
    pub benefit: String,
    /// Conditions on the law's text, published or derived.
    pub confirmed: usize,
    /// Conditions from memory or invented: the officer confirms them.
    pub unconfirmed: usize,
    /// The amount's rule is confirmed; none for benefits in kind.
    pub amount_confirmed: Option<bool>,
    /// Worked examples on confirmed law.
    pub cases_confirmed: usize,
    /// Worked examples on unconfirmed law.
    pub cases_unconfirmed: usize,
    /// What the worked examples show.
    pub kinds: Kinds,
}

/// What a pack holds as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Whole {
    /// Benefits of the country's catalogue that are there.
    pub benefits: usize,
    /// All benefits of the country's catalogue; as many as are there where the country lists none.
    pub of_benefits: usize,
    /// Codes of the country's lists that are not there: benefits, procedures, services.
    pub lacking: Vec<String>,
    /// Benefits in money, and in kind.
    pub in_kind: usize,
    /// Procedures.
    pub procedures: usize,
    /// Procedures of social work among them.
    pub of_cases: usize,
    /// Procedures of social work that the country's list names, and how many of them are there.
    pub listed_procedures: Listed,
    /// Services of other institutions that are asked, or told.
    pub services: usize,
    /// Services that the country's list names, and how many of them are there.
    pub listed_services: Listed,
    /// Institutions whose services they are.
    pub institutions: usize,
    /// Registers that the institution keeps itself.
    pub own_registers: usize,
    /// Cross-checks.
    pub signals: usize,
    /// Forms.
    pub forms: usize,
    /// Facts of the dictionary.
    pub facts: usize,
    /// Dated values of parameters that are confirmed.
    pub values_confirmed: usize,
    /// Dated values from memory or invented.
    pub values_unconfirmed: usize,
    /// Conditions that are confirmed.
    pub conditions_confirmed: usize,
    /// Conditions from memory or invented.
    pub conditions_unconfirmed: usize,
    /// Incompatibilities that are confirmed: benefit, whose, and what follows.
    pub beside_confirmed: usize,
    /// Incompatibilities from memory, or of which only the code is written.
    pub beside_unconfirmed: usize,
    /// Worked examples on confirmed law.
    pub cases_confirmed: usize,
    /// Worked examples on unconfirmed law.
    pub cases_unconfirmed: usize,
}

/// How much of a country's list is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Of those on the list.
    pub there: usize,
    /// On the list; none where the country lists none.
    pub of: usize,
}

fn listed(codes: &[String], there: impl Fn(&str) -> bool, lacking: &mut Vec<String>) -> Listed {
    let (found, missing): (Vec<&String>, Vec<&String>) = codes.iter().partition(|code| there(code));
    lacking.extend(missing.into_iter().cloned());
    Listed {
        there: found.len(),
        of: codes.len(),
    }
}

/// How many of so many, in hundredths, rounded down; all of none.
pub fn percent(part: usize, rest: usize) -> usize {
    (part * 100).checked_div(part + rest).unwrap_or(100)
}

fn parted<T>(all: impl IntoIterator<Item = T>, confirmed: impl Fn(&T) -> bool) -> (usize, usize) {
    let mut found = (0, 0);
    for one in all {
        *(if confirmed(&one) {
            &mut found.0
        } else {
            &mut found.1
        }) += 1;
    }
    found
}

/// Counts what is confirmed and what is not, by benefit, apart, and tries out what the worked examples show.
pub fn coverage(pack: &Pack) -> Vec<Coverage> {
    let mut rows = counted(pack);
    for (row, benefit) in rows.iter_mut().zip(&pack.benefits) {
        row.kinds = kinds(pack, benefit);
    }
    rows
}

fn counted(pack: &Pack) -> Vec<Coverage> {
    let of = |benefit: &Benefit| {
        let (confirmed, unconfirmed) = parted(&benefit.conditions, |it| !it.confidence.is_unconfirmed());
        let (cases_confirmed, cases_unconfirmed) = parted(&benefit.cases, |case| case.confirmed);
        Coverage {
            benefit: benefit.code.clone(),
            confirmed,
            unconfirmed,
            amount_confirmed: benefit.amount.as_ref().map(|amount| {
                let parts = amount.parts.iter().map(|part| part.confidence);
                !std::iter::once(amount.confidence)
                    .chain(parts)
                    .any(Confidence::is_unconfirmed)
            }),
            cases_confirmed,
            cases_unconfirmed,
            kinds: Kinds::default(),
        }
    };
    pack.benefits.iter().map(of).collect()
}

/// Counts a pack as a whole.
pub fn whole(pack: &Pack) -> Whole {
    let all = &pack.country.catalogue;
    let there = |code: &&String| pack.benefit(code).is_some();
    let dated = pack.parameters.iter().flat_map(|parameter| &parameter.at);
    let (values_confirmed, values_unconfirmed) = parted(dated, |it| !it.confidence.is_unconfirmed());
    let beside = pack.benefits.iter().flat_map(|benefit| &benefit.incompatible);
    let (beside_confirmed, beside_unconfirmed) = parted(beside, |it| !it.confidence.is_unconfirmed());
    let by_benefit = counted(pack);
    let sum = |of: fn(&Coverage) -> usize| by_benefit.iter().map(of).sum();
    let mut institutions: Vec<&str> = pack.services.iter().map(|it| it.institution.as_str()).collect();
    institutions.sort_unstable();
    institutions.dedup();
    let mut lacking: Vec<String> = all.iter().filter(|code| !there(code)).cloned().collect();
    let case = |code: &str| {
        (pack.procedures.iter()).any(|it| it.case.as_ref().is_some_and(|case| case.code == code))
    };
    let listed_procedures = listed(&pack.country.procedures, case, &mut lacking);
    let service = |code: &str| pack.service(code).is_some();
    let listed_services = listed(&pack.country.services, service, &mut lacking);
    Whole {
        benefits: if all.is_empty() {
            pack.benefits.len()
        } else {
            all.iter().filter(there).count()
        },
        of_benefits: if all.is_empty() {
            pack.benefits.len()
        } else {
            all.len()
        },
        lacking,
        listed_procedures,
        listed_services,
        in_kind: (pack.benefits.iter())
            .filter(|it| it.kind == BenefitKind::InKind)
            .count(),
        procedures: pack.procedures.len(),
        of_cases: pack.procedures.iter().filter(|it| it.case.is_some()).count(),
        services: pack.services.len(),
        institutions: institutions.len(),
        own_registers: pack.own_registers.len(),
        signals: pack.signals.len(),
        forms: pack.forms.len(),
        facts: pack.facts.len(),
        values_confirmed,
        values_unconfirmed,
        conditions_confirmed: sum(|it| it.confirmed),
        conditions_unconfirmed: sum(|it| it.unconfirmed),
        beside_confirmed,
        beside_unconfirmed,
        cases_confirmed: sum(|it| it.cases_confirmed),
        cases_unconfirmed: sum(|it| it.cases_unconfirmed),
    }
}
