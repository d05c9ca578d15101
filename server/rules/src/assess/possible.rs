//! Rights that nobody has asked for and that the known facts would open.
//!
//! A right is told of when no condition fails, at least one that stands on confirmed law is met, and nothing is missing
//! but what the claim itself would say without a paper. So nobody is sent away with hopes that rest on a missing finding.

use super::{
    assessment::{AssessedCondition, Assessment, Holder, Missing, Outcome, Verdict},
    explain::assess,
    input::{AwardInForce, FactRef, Input, Known, PersonFacts},
};
use crate::pack::{ApplicantKind, Benefit, BenefitKind, HolderKind, Pack, Reach};
use karton_api::{Date, FactValue, Id, value::Person};

/// A right that somebody of the household may also have.
#[derive(Debug, Clone, PartialEq)]
pub struct PossibleRight {
    /// Who would apply.
    pub applicant: Option<Id<Person>>,
    /// On whose account, where it is granted on somebody's.
    pub about: Option<Id<Person>>,
    /// What the rules say on the facts known, with its reasons.
    pub assessment: Assessment,
}

/// Grown-ups apply for what is granted on account of somebody else.
const OF_AGE: i64 = 18;

/// The code of the municipality in which somebody is known to live.
pub fn lives(person: &PersonFacts) -> Option<&str> {
    match &person.facts.get("municipality")?.value {
        FactValue::Code(code) => Some(code),
        _ => None,
    }
}

/// Rights that members of the household may also have on the day of the input, in the order of the catalogue; the claim's
/// own facts are not looked at. `kinship` says what a member is to a new applicant, from what both are to the present one.
pub fn possible(pack: &Pack, input: &Input, kinship: &dyn Fn(&str, &str) -> String) -> Vec<PossibleRight> {
    let mut asking = vec![bare(input)];
    for place in 0..input.members.len() {
        asking.extend(asked_by(input, place, kinship));
    }
    asking.retain(|it| alive(&it.applicant, it.on));
    let mut found = Vec::new();
    for benefit in &pack.benefits {
        let municipality = lives(&input.applicant);
        if benefit.competent_on(pack, input.on, municipality).is_none() {
            continue;
        }
        // What an employer asks for nobody of the family can; what is left to the officers' judgement no fact promises.
        let judged = benefit
            .amount
            .as_ref()
            .is_some_and(|amount| amount.discretion.is_some());
        if judged || benefit.applicant == ApplicantKind::Organisation {
            continue;
        }
        match (benefit.unit, &benefit.about) {
            (HolderKind::Person, Some(fact)) => {
                let people = everybody(input).filter_map(|one| Some((one, one.person?)));
                for (one, about) in people.filter(|(one, _)| alive(one, input.on)) {
                    // Nobody is granted the same on the same account; what is paid once stands for good.
                    if runs(&one.awards_about, &benefit.code, input.on) {
                        continue;
                    }
                    let grown = asking.iter().filter(|it| grown(&it.applicant, it.on));
                    found.extend(
                        grown
                            .filter_map(|it| likely(pack, benefit, it, Some((fact, about))))
                            .next(),
                    );
                }
            }
            (HolderKind::Person, None) => {
                found.extend(asking.iter().filter_map(|it| likely(pack, benefit, it, None)));
            }
            _ => {
                let grown = asking.iter().filter(|it| grown(&it.applicant, it.on));
                found.extend(grown.filter_map(|it| likely(pack, benefit, it, None)).next());
            }
        }
    }
    found
}

/// The input without what this time is asked for.
fn bare(input: &Input) -> Input {
    Input {
        claim: Default::default(),
        others: Vec::new(),
        ..input.clone()
    }
}

/// The same household with the member at this place as applicant.
fn asked_by(input: &Input, place: usize, kinship: &dyn Fn(&str, &str) -> String) -> Option<Input> {
    let mut turned = bare(input);
    let mine = relationship(input.members.get(place)?);
    let applicant = turned.members.remove(place);
    let before = std::mem::replace(&mut turned.applicant, applicant);
    turned.members.insert(0, before);
    for member in &mut turned.members {
        let theirs = kinship(&mine, &relationship(member));
        put_relationship(member, theirs);
    }
    put_relationship(&mut turned.applicant, "self".to_owned());
    Some(turned)
}

fn relationship(person: &PersonFacts) -> String {
    match person.facts.get("relationship").map(|known| &known.value) {
        Some(FactValue::Code(code)) => code.clone(),
        _ => "self".to_owned(),
    }
}

fn put_relationship(person: &mut PersonFacts, code: String) {
    let known = person
        .facts
        .entry("relationship".to_owned())
        .or_insert_with(|| Known {
            value: FactValue::Code(String::new()),
            source: FactRef::default(),
        });
    known.value = FactValue::Code(code);
}

fn everybody(input: &Input) -> impl Iterator<Item = &PersonFacts> {
    std::iter::once(&input.applicant).chain(&input.members)
}

fn alive(person: &PersonFacts, on: Date) -> bool {
    let fact = |name: &str| person.facts.get(name).map(|known| &known.value);
    !matches!(fact("alive"), Some(FactValue::Bool(false)))
        && !matches!(fact("death_date"), Some(FactValue::Date(died)) if *died <= on)
}

fn grown(person: &PersonFacts, on: Date) -> bool {
    match person.facts.get("birth_date").map(|known| &known.value) {
        Some(FactValue::Date(born)) => crate::lang::age(*born, on) >= OF_AGE,
        _ => true,
    }
}

fn runs(awards: &[AwardInForce], benefit: &str, on: Date) -> bool {
    awards.iter().any(|award| {
        award.benefit == benefit && award.from <= on && award.until.is_none_or(|until| on < until)
    })
}

/// Whether the holder has it already, or has what excludes it.
fn stands_in_the_way(pack: &Pack, benefit: &Benefit, input: &Input) -> bool {
    // What is looked at on account of somebody is a condition of the benefit.
    let excludes = |other: &str| {
        let relations = pack.relations(benefit, other);
        relations.iter().any(|relation| relation.of != Reach::About)
    };
    let of_household = benefit.unit == HolderKind::Household;
    let held = everybody(input).take(if of_household { usize::MAX } else { 1 });
    held.flat_map(|one| one.awards.iter().chain(&one.family_awards))
        .filter(|award| award.from <= input.on && award.until.is_none_or(|until| input.on < until))
        .any(|award| {
            let same = award.benefit == benefit.code
                && benefit.about.is_none()
                && benefit.kind != BenefitKind::OneOff;
            same || excludes(&award.benefit)
        })
}

fn likely(
    pack: &Pack,
    benefit: &Benefit,
    input: &Input,
    about: Option<(&String, Id<Person>)>,
) -> Option<PossibleRight> {
    if stands_in_the_way(pack, benefit, input) {
        return None;
    }
    let assessment = match about {
        Some((fact, person)) => {
            let mut input = input.clone();
            let named = Known::declared(FactValue::Person(person));
            input.claim.insert(fact.clone(), named);
            assess(pack, &benefit.code, &input)?
        }
        None => assess(pack, &benefit.code, input)?,
    };
    let sound = assessment
        .conditions
        .iter()
        .any(|it| it.verdict == Verdict::Met && !it.confidence.is_unconfirmed());
    let open = |it: &AssessedCondition| match it.verdict {
        Verdict::Met | Verdict::NotApplicable => true,
        Verdict::NotMet | Verdict::MustConfirm => false,
        Verdict::Unknown => {
            let loose = it.confidence.is_unconfirmed();
            it.missing
                .iter()
                .all(|missing| said_by_the_claim(pack, missing, loose))
        }
    };
    let of_claim = |missing: &Missing| missing.holder == Holder::Claim;
    (assessment.outcome != Outcome::Refuse
        && sound
        && assessment.conditions.iter().all(open)
        && assessment.missing.iter().all(of_claim))
    .then(|| PossibleRight {
        applicant: input.applicant.person,
        about: about.map(|(_, person)| person),
        assessment,
    })
}

/// Whether the claim itself would say it: without a paper, or where the law behind it is not confirmed anyway.
fn said_by_the_claim(pack: &Pack, missing: &Missing, loose: bool) -> bool {
    missing.holder == Holder::Claim
        && (loose
            || pack
                .fact(HolderKind::Claim, &missing.fact)
                .is_some_and(|fact| !fact.proof))
}
