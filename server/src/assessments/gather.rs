//! What the rules may look at: people, facts that count, awards in force, and what is typed.

use crate::{
    access::Scope,
    awards,
    facts::{self, Counting, Stored},
    persons,
    problem::Error,
    protection,
    store::Tx,
};
use karton_api::{
    Date, FactValue, Id, Timestamp,
    assessments::{Answer, AnswerOf},
    persons::{FactStatus, Holder, PersonCard, SourceKind},
    value::{Fact, Household, Matter, Person},
};
use karton_rules::{
    assess::{FactRef, Facts, Input, Known, PersonFacts},
    pack::{Expression, Pack},
};
use std::collections::BTreeMap;

/// What an assessment is about.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Who asks.
    pub applicant: Id<Person>,
    /// The claim, once it is lodged.
    pub matter: Option<Id<Matter>>,
    /// The day the rules are run for.
    pub on: Date,
    /// The day of lodging; that of a preview, `on`.
    pub lodged: Date,
    /// As it was known at this instant.
    pub known_at: Timestamp,
}

/// The facts of one assessment, and what stands behind them.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// What the rules take.
    pub input: Input,
    /// The people, the applicant first, then the others of the household, then those the claim names.
    pub people: Vec<PersonCard>,
    /// How many of them are the household.
    pub members: usize,
    /// The household, where there is one.
    pub household: Option<Id<Household>>,
    /// When each stored fact was recorded.
    pub learnt: BTreeMap<Id<Fact>, Timestamp>,
    /// What other sources say where they say otherwise.
    pub others: Others,
    /// How many stored facts were read.
    pub seen: i64,
}

impl Gathered {
    /// Whether an expression holds on these facts; none where it cannot be said.
    pub fn holds(&self, pack: &Pack, expression: &Expression) -> Option<bool> {
        pack.holds(expression, &self.input, None)
    }
    /// The people of the household.
    pub fn household_people(&self) -> Vec<Id<Person>> {
        self.people
            .iter()
            .take(self.members)
            .map(|card| card.id)
            .collect()
    }
}

/// What other sources say otherwise than a fact that counts, by that fact: the newest word of each.
pub type Others = BTreeMap<Id<Fact>, Vec<Stored>>;

fn others(counting: &BTreeMap<(Holder, String), Counting>) -> Others {
    let mut found = Others::new();
    for it in counting.values().filter(|it| it.fact.id != typed_id()) {
        let mut heard = vec![it.fact.source];
        for other in &it.others {
            // Only the newest word of a source is its word.
            if heard.contains(&other.source) {
                continue;
            }
            heard.push(other.source);
            if other.value != it.fact.value {
                found.entry(it.fact.id).or_default().push(other.clone());
            }
        }
    }
    found
}

/// What other sources said otherwise when an assessment was made: facts are only added, so it can still be asked.
pub(super) fn others_then(
    tx: &mut Tx,
    pack: &Pack,
    holders: &[Holder],
    on: Date,
    at: Timestamp,
) -> Result<Others, Error> {
    let order = facts::model::order(&pack.country.rank);
    let known = facts::known(tx, holders, at)?;
    Ok(others(&facts::resolve(known, &order, on, at)))
}

/// The id of what is typed and not stored.
fn typed_id() -> Id<Fact> {
    Id::from_uuid(uuid::Uuid::nil())
}

/// Gathers what is known at an instant, with typed answers counting as the newest declarations. People of the household are looked at whatever
/// office holds them; the caller has checked that the applicant lies within the scope.
pub fn gather(
    tx: &mut Tx,
    pack: &Pack,
    scope: &Scope,
    about: &About,
    typed: &[Answer],
) -> Result<Gathered, Error> {
    let household = persons::household(tx, scope, about.applicant, about.on, about.known_at)?;
    let mut people = vec![persons::store::card_of(tx, scope, about.applicant)?];
    let mut relationships = vec!["self".to_owned()];
    if let Some(there) = &household {
        let mine = there
            .members
            .iter()
            .find(|member| member.card.id == about.applicant);
        let mine = mine.map_or("self", |member| member.relationship.as_str());
        for member in there
            .members
            .iter()
            .filter(|member| member.card.id != about.applicant)
        {
            people.push(member.card.clone());
            relationships.push(persons::to_applicant(mine, &member.relationship).to_owned());
        }
    }
    let members = people.len();
    let household = household.map(|there| there.id);

    let mut holders: Vec<Holder> = people.iter().map(|card| Holder::Person(card.id)).collect();
    holders.extend(household.map(Holder::Household));
    holders.extend(about.matter.map(Holder::Claim));
    let mut known = facts::known(tx, &holders, about.known_at)?;
    let mut seen = known.len();
    known.extend(as_typed(tx, typed, household, about)?);
    for person in named(&known) {
        if people.iter().all(|card| card.id != person) {
            people.extend(persons::store::cards(tx, scope, &[person])?);
            let more = facts::known(tx, &[Holder::Person(person)], about.known_at)?;
            seen += more.len();
            known.extend(more);
        }
    }

    let order = facts::model::order(&pack.country.rank);
    let counting = facts::resolve(known, &order, about.on, about.known_at);
    let mut learnt = BTreeMap::new();
    for it in counting.values().filter(|it| it.fact.id != typed_id()) {
        learnt.insert(it.fact.id, it.fact.recorded_at);
    }
    let others = others(&counting);
    let of = |holder: Holder| -> Facts {
        counting
            .iter()
            .filter(|((of, _), _)| *of == holder)
            .map(|((_, name), it)| (name.clone(), as_known(it)))
            .collect()
    };
    let claim = about.matter.map_or_else(typed_claim, Holder::Claim);
    let home = household.map_or_else(typed_household, Holder::Household);
    let mut taken = Vec::with_capacity(people.len());
    for (place, card) in people.iter().enumerate() {
        let granted = awards::of_person(tx, card.id)?;
        taken.push(PersonFacts {
            person: Some(card.id),
            name: Some(awards::store::full_name(card)),
            facts: given(
                card,
                relationships.get(place).map(String::as_str),
                about.on,
                of(Holder::Person(card.id)),
            ),
            awards: granted.own,
            family_awards: granted.family,
            awards_about: granted.about,
        });
    }
    let named = taken.split_off(members.min(taken.len()));
    let mut taken = taken.into_iter();
    let applicant = taken.next().unwrap_or_default();
    let input = Input {
        on: about.on,
        lodged: about.lodged,
        known_at: None,
        suspended: Vec::new(),
        applicant,
        members: taken.collect(),
        others: named,
        household: of(home),
        claim: of(claim),
    };
    Ok(Gathered {
        input,
        people,
        members,
        household,
        learnt,
        others,
        seen: i64::try_from(seen).unwrap_or(i64::MAX),
    })
}

/// A claim that has no matter yet, and a household that is only the applicant: places for what is typed.
fn typed_claim() -> Holder {
    Holder::Claim(Id::from_uuid(uuid::Uuid::nil()))
}
fn typed_household() -> Holder {
    Holder::Household(Id::from_uuid(uuid::Uuid::nil()))
}

/// What is typed, as the newest declarations. A place typed for somebody whose address is protected is covered as if it were stored.
fn as_typed(
    tx: &mut Tx,
    typed: &[Answer],
    household: Option<Id<Household>>,
    about: &About,
) -> Result<Vec<Stored>, Error> {
    let mut typed = typed.to_vec();
    protection::cover_answers(tx, about.applicant, &mut typed)?;
    Ok(typed
        .iter()
        .filter_map(|answer| as_declared(answer, household, about))
        .collect())
}

/// What is typed, as the newest declaration.
fn as_declared(answer: &Answer, household: Option<Id<Household>>, about: &About) -> Option<Stored> {
    let holder = match answer.of {
        AnswerOf::Person(id) => Holder::Person(id),
        AnswerOf::Household => household.map_or_else(typed_household, Holder::Household),
        AnswerOf::Claim => about.matter.map_or_else(typed_claim, Holder::Claim),
    };
    Some(Stored {
        id: typed_id(),
        holder,
        name: answer.fact.clone(),
        value: answer.value.clone(),
        from: about.on,
        until: None,
        source: SourceKind::Declaration,
        service: None,
        evidence: None,
        note: None,
        fresh_until: None,
        recorded_at: about.known_at,
        recorded_by: None,
    })
}

/// People that facts of the claim name.
fn named(known: &[Stored]) -> Vec<Id<Person>> {
    let mut people: Vec<Id<Person>> = known
        .iter()
        .filter(|fact| matches!(fact.holder, Holder::Claim(_)))
        .filter_map(|fact| match &fact.value {
            FactValue::Person(person) => Some(*person),
            _ => None,
        })
        .collect();
    people.sort_unstable();
    people.dedup();
    people
}

fn as_known(it: &Counting) -> Known {
    let fact = &it.fact;
    Known {
        value: fact.value.clone(),
        source: FactRef {
            fact: (fact.id != typed_id()).then_some(fact.id),
            kind: facts::store::source_name(fact.source).to_owned(),
            service: fact.service.clone(),
            as_of: Some(fact.from),
            status: Some(status_name(it.status).to_owned()),
        },
    }
}

pub(super) fn status_name(status: FactStatus) -> &'static str {
    match status {
        FactStatus::Verified => "verified",
        FactStatus::NotVerified => "not-verified",
        FactStatus::Contradicted => "contradicted",
    }
}

/// What an identity card says.
pub(super) fn by_card(value: FactValue) -> Known {
    let source = FactRef {
        kind: "document".to_owned(),
        status: Some("verified".to_owned()),
        ..FactRef::default()
    };
    Known { value, source }
}

/// The facts of the dictionary, and those given by the identity card: birth date, sex, death, relationship to the applicant.
fn given(card: &PersonCard, relationship: Option<&str>, on: Date, mut facts: Facts) -> Facts {
    let mut put = |name: &str, value: Option<FactValue>| {
        if let Some(value) = value {
            facts.insert(name.to_owned(), by_card(value));
        }
    };
    put("birth_date", card.birth_date.map(FactValue::Date));
    put("sex", card.sex.clone().map(FactValue::Code));
    put("death_date", card.death_date.map(FactValue::Date));
    put(
        "alive",
        Some(FactValue::Bool(card.death_date.is_none_or(|died| died > on))),
    );
    put(
        "relationship",
        relationship.map(|code| FactValue::Code(code.to_owned())),
    );
    facts
}
