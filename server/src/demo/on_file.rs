//! What an office has on file of a fictional household: what its registers would have answered, what it declared, what was granted on that, and
//! what waits to be decided. Worked out by the pack itself, so that every right in such a store is one that its rules give.

use super::waiting::Waiting;
use crate::{
    awards::{self, NewAward},
    evidence,
    facts::{NewFact, values},
    generate::{Asked, FictionalHousehold, FictionalPerson, OnFile, Population, Settings},
    house::House,
    persons,
    registers::AtHand,
};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use karton_api::{
    Date, FactValue, Id, Money, Per,
    persons::{Holder, SourceKind},
    value::{Household, Office, Officer, Person},
};
use karton_rules::{
    assess::{self, AwardInForce, Facts, Input, Known, Outcome, PersonFacts},
    lang::Scratch,
    pack::{Benefit, BenefitKind, EvidenceOf, HolderKind, Pack},
};
use std::collections::{BTreeMap, BTreeSet};

/// What a register said: the place of the person in the household, the service that was asked, and the facts.
type Answered<'p> = (usize, &'p karton_rules::pack::Service, Vec<(String, FactValue)>);

/// Who files, and what by.
pub(super) struct Filing<'a> {
    pub(super) house: &'a House,
    pub(super) settings: &'a Settings,
    pub(super) population: Population,
    pub(super) at_hand: AtHand,
    /// Took the applications that wait; none are left waiting where nobody works here.
    pub(super) officer: Option<Id<Officer>>,
}

/// A household that is filed: its ids, in the order of its members.
pub(super) struct Filed<'a> {
    pub(super) drawn: &'a FictionalHousehold,
    pub(super) people: Vec<Id<Person>>,
    pub(super) household: Id<Household>,
    pub(super) office: Id<Office>,
    /// What was granted before.
    pub(super) before: &'a [NewAward],
}

/// What is written of it.
#[derive(Default)]
pub(super) struct File {
    /// Each with the instant at which it was learnt.
    pub(super) facts: Vec<(NewFact, Timestamp)>,
    /// Each with the instant of its decision.
    pub(super) awards: Vec<(NewAward, Timestamp)>,
    pub(super) waiting: Vec<Waiting>,
}

/// What is known of a household while it is filed.
struct Knows {
    people: Vec<PersonFacts>,
    household: Facts,
}

impl Filing<'_> {
    /// What stands in the files about a household; nothing where nobody of it has asked for anything and nothing was looked into.
    pub(super) fn file(&self, it: &Filed<'_>) -> File {
        let Some(on_file) = self.settings.on_file(self.population, it.drawn) else {
            return File::default();
        };
        let clock = &self.house.clock;
        let at = super::population::morning(clock, on_file.asked_on);
        let mut file = File::default();
        let mut known = self.given(it, on_file.asked_on);
        let mut learn = |of: Option<usize>, name: &str, value: FactValue, source, known: &mut Knows| {
            let id = clock.id();
            let holder = match of.and_then(|place| it.people.get(place)) {
                Some(person) => Holder::Person(*person),
                None => Holder::Household(it.household),
            };
            let (kind, service, fresh_until): (SourceKind, Option<&str>, Option<Timestamp>) = source;
            let entry = Known {
                value: value.clone(),
                source: assess::FactRef {
                    fact: Some(id),
                    kind: crate::facts::store::source_name(kind).to_owned(),
                    service: service.map(str::to_owned),
                    as_of: Some(on_file.asked_on),
                    status: Some(status(kind).to_owned()),
                },
            };
            let facts = match of {
                Some(place) => known.people.get_mut(place).map(|person| &mut person.facts),
                None => Some(&mut known.household),
            };
            // What the identity card says is not learnt again; a register's word comes first and stays.
            let Some(facts) = facts.filter(|facts| !facts.contains_key(name)) else {
                return;
            };
            facts.insert(name.to_owned(), entry);
            let fact = NewFact {
                id,
                holder,
                name: name.to_owned(),
                value,
                from: on_file.asked_on,
                until: None,
                source: kind,
                service: service.map(str::to_owned),
                evidence: None,
                note: None,
                fresh_until,
                by: None,
            };
            file.facts.push((fact, at));
        };
        for (place, service, facts) in self.answers(it.drawn, &on_file) {
            let fresh = SignedDuration::from_hours(24 * i64::from(service.freshness_days));
            let fresh_until = at.checked_add(fresh).ok();
            for (name, value) in facts {
                let source = (SourceKind::Register, Some(service.code.as_str()), fresh_until);
                learn(Some(place), &name, value, source, &mut known);
            }
        }
        // Where they live was declared when they were registered.
        for person in &mut known.people {
            let home = &it.drawn.home;
            let lives = [
                ("municipality", FactValue::Code(home.municipality.clone())),
                ("address", FactValue::Text(home.address())),
            ];
            for (name, value) in lives {
                person
                    .facts
                    .entry(name.to_owned())
                    .or_insert_with(|| Known::declared(value));
            }
        }
        for (place, person) in it.drawn.members.iter().enumerate() {
            for (name, value, source) in true_of(person) {
                if self.takes(HolderKind::Person, name, &value) {
                    learn(Some(place), name, value, (source, None, None), &mut known);
                }
            }
        }
        let declared = (SourceKind::Declaration, None, None);
        let home = &it.drawn.home;
        let of_home = [
            ("tenure", FactValue::Code(home.tenure.clone())),
            ("dwelling_rooms", FactValue::Int(home.rooms)),
        ];
        for (name, value) in of_home {
            if self.takes(HolderKind::Household, name, &value) {
                learn(None, name, value, declared, &mut known);
            }
        }
        for said in &on_file.declared {
            let holder = said.member.map_or(HolderKind::Household, |_| HolderKind::Person);
            if let Some(value) = self.value(holder, &said.fact, &said.value) {
                learn(said.member, &said.fact, value, declared, &mut known);
            }
        }
        for (of, name, value) in self.proposed(&on_file, it.drawn) {
            learn(of, &name, value, declared, &mut known);
        }
        let mut scratch = Scratch::default();
        for asked in &on_file.asked {
            self.ask(it, (&on_file, asked), &mut known, &mut file, &mut scratch);
        }
        file
    }

    /// What the identity cards say, and what was granted before.
    fn given(&self, it: &Filed<'_>, on: Date) -> Knows {
        let card = |person: &FictionalPerson| {
            let mut facts = Facts::new();
            let mut put = |name: &str, value: Option<FactValue>| {
                let source = assess::FactRef {
                    kind: "document".to_owned(),
                    status: Some("verified".to_owned()),
                    ..assess::FactRef::default()
                };
                facts.extend(value.map(|value| (name.to_owned(), Known { value, source })));
            };
            put("birth_date", Some(FactValue::Date(person.birth_date)));
            put("sex", Some(FactValue::Code(person.sex.code().to_owned())));
            put("death_date", person.death_date.map(FactValue::Date));
            put(
                "alive",
                Some(FactValue::Bool(person.death_date.is_none_or(|died| died > on))),
            );
            facts
        };
        let own = |id: Id<Person>| {
            let mine = it.before.iter().filter(move |award| award.beneficiary == id);
            mine.map(in_force).collect::<Vec<_>>()
        };
        let of_family: Vec<AwardInForce> = it
            .before
            .iter()
            .filter(|award| award.household.is_some())
            .map(in_force)
            .collect();
        let people = it.drawn.members.iter().zip(&it.people).map(|(person, id)| {
            let name = format!(
                "{} {}",
                person.given_name,
                person.family_name.as_deref().unwrap_or_default()
            );
            PersonFacts {
                person: Some(*id),
                name: Some(name.trim().to_owned()),
                facts: card(person),
                awards: own(*id),
                family_awards: of_family.clone(),
                awards_about: Vec::new(),
            }
        });
        Knows {
            people: people.collect(),
            household: Facts::new(),
        }
    }

    /// What the registers say that are asked for these applications: each service once about a person.
    fn answers<'p>(&'p self, drawn: &FictionalHousehold, on_file: &OnFile) -> Vec<Answered<'p>> {
        let pack = &self.house.pack;
        let mut asked: BTreeSet<(usize, &str)> = BTreeSet::new();
        let named = |one: &Asked| one.about.as_ref().map(|(_, about)| *about);
        let claims = on_file
            .asked
            .iter()
            .map(|one| (&one.benefit, one.applicant, named(one)));
        let looked = on_file
            .looked
            .iter()
            .map(|(benefit, applicant)| (benefit, *applicant, None));
        for (benefit, applicant, named) in claims.chain(looked) {
            for need in pack
                .benefit(benefit)
                .into_iter()
                .flat_map(|benefit| &benefit.evidence)
            {
                let about: Vec<usize> = match &need.of {
                    EvidenceOf::Applicant => vec![applicant],
                    EvidenceOf::Members => (0..drawn.members.len()).collect(),
                    EvidenceOf::Claim(_) => named.into_iter().collect(),
                };
                asked.extend(about.into_iter().map(|place| (place, need.service.as_str())));
            }
        }
        let mut found = Vec::new();
        let mut about = None;
        for (place, code) in asked {
            // Nobody can be asked about without a number.
            let numbered = drawn
                .members
                .get(place)
                .is_some_and(|person| person.national_id.is_some());
            let Some(service) = pack.service(code).filter(|_| numbered) else {
                continue;
            };
            if !matches!(&about, Some((there, _)) if *there == place) {
                about = AtHand::look_up(self.settings, self.population, drawn, place).map(|it| (place, it));
            }
            let Some((_, truth)) = &about else { continue };
            let period = service.period_months.map(|months| {
                let first = on_file.asked_on.first_of_month();
                (
                    first.checked_sub(i64::from(months).months()).unwrap_or(first),
                    on_file.asked_on,
                )
            });
            let Some(answer) = self.at_hand.answer(code, truth, period) else {
                continue;
            };
            // What cannot be used is no fact for the registers' client either.
            if let Ok(facts) = evidence::facts_of(pack, service, answer.as_ref()) {
                found.push((place, service, facts));
            }
        }
        found
    }

    fn takes(&self, holder: HolderKind, name: &str, value: &FactValue) -> bool {
        let pack = &self.house.pack;
        let def = pack.fact(holder, name);
        def.is_some_and(|def| values::check(pack, def, value, name).is_empty())
    }

    fn value(&self, holder: HolderKind, name: &str, json: &serde_json::Value) -> Option<FactValue> {
        let pack = &self.house.pack;
        let value = evidence::value_of(pack, pack.fact(holder, name)?, json)?;
        self.takes(holder, name, &value).then_some(value)
    }

    /// What the forms propose where nothing else was said: of grown-ups, and of the household.
    fn proposed(
        &self,
        on_file: &OnFile,
        drawn: &FictionalHousehold,
    ) -> Vec<(Option<usize>, String, FactValue)> {
        let mut found = Vec::new();
        let asked = on_file.asked.iter().map(|asked| asked.benefit.as_str());
        let looked = on_file.looked.iter().map(|(benefit, _)| benefit.as_str());
        let benefits: BTreeSet<&str> = asked.chain(looked).collect();
        for (holder, name, value) in benefits.into_iter().flat_map(|benefit| self.defaults(benefit)) {
            match holder {
                HolderKind::Person => {
                    let grown = drawn.members.iter().enumerate();
                    let grown = grown.filter(|(_, person)| person.age(on_file.asked_on) >= 16);
                    found.extend(grown.map(|(place, _)| (Some(place), name.clone(), value.clone())));
                }
                HolderKind::Household => found.push((None, name, value)),
                HolderKind::Claim => {}
            }
        }
        found
    }

    /// The values that the form of a benefit proposes, as far as they are plain values.
    fn defaults(&self, benefit: &str) -> Vec<(HolderKind, String, FactValue)> {
        let pack = &self.house.pack;
        let form = pack.benefit(benefit).and_then(|benefit| pack.form(&benefit.form));
        let mut found = Vec::new();
        for page in form.into_iter().flat_map(|form| &form.pages) {
            let holder = page.of.holder();
            for field in page.fields.iter().filter(|field| field.required) {
                let proposed = field.default.as_ref().and_then(|default| {
                    let json = plain(&default.text)?;
                    self.value(holder, &field.fact, &json)
                });
                found.extend(proposed.map(|value| (holder, field.fact.clone(), value)));
            }
        }
        found
    }

    /// Works out what somebody asks for, and what becomes of it.
    fn ask(
        &self,
        it: &Filed<'_>,
        (on_file, asked): (&OnFile, &Asked),
        known: &mut Knows,
        file: &mut File,
        scratch: &mut Scratch,
    ) {
        let pack: &Pack = &self.house.pack;
        let Some(benefit) = pack.benefit(&asked.benefit) else {
            return;
        };
        if since(benefit).is_some_and(|first| first > on_file.asked_on) {
            return;
        }
        let mut claim: BTreeMap<String, FactValue> = BTreeMap::new();
        for (holder, name, value) in self.defaults(&asked.benefit) {
            if holder == HolderKind::Claim {
                claim.insert(name, value);
            }
        }
        for (name, json) in &asked.claim {
            claim.extend(
                self.value(HolderKind::Claim, name, json)
                    .map(|value| (name.clone(), value)),
            );
        }
        if let Some((fact, about)) = &asked.about {
            let person = it.people.get(*about).map(|person| FactValue::Person(*person));
            claim.extend(person.map(|person| (fact.clone(), person)));
        }
        let input = self.input(it, known, (on_file.asked_on, asked.applicant), &claim);
        // Of one person one application for a benefit is handled at a time.
        let applicant = it.people.get(asked.applicant);
        let handled = |before: &Waiting| {
            Some(&before.application.applicant) == applicant && before.application.benefit == asked.benefit
        };
        let waits = asked.waiting && !file.waiting.iter().any(handled);
        match self.officer.filter(|_| waits) {
            Some(officer) => {
                file.waiting
                    .extend(self.waiting(it, (on_file, asked, benefit), input, claim, officer));
            }
            None => {
                let granted = self.granted(it, (on_file, asked, benefit), input, known, scratch);
                file.awards.extend(granted);
            }
        }
    }

    /// The household as one of its members asks.
    fn input(
        &self,
        it: &Filed<'_>,
        known: &Knows,
        (on, applicant): (Date, usize),
        claim: &BTreeMap<String, FactValue>,
    ) -> Input {
        let relationships: Vec<&str> = it
            .drawn
            .members
            .iter()
            .map(|person| person.relationship.code())
            .collect();
        let mine = relationships.get(applicant).copied().unwrap_or("self");
        let mut people: Vec<PersonFacts> = Vec::with_capacity(known.people.len());
        for (place, person) in known.people.iter().enumerate() {
            let mut person = person.clone();
            let theirs = relationships.get(place).copied().unwrap_or("other");
            let code = match place == applicant {
                true => "self",
                false => persons::to_applicant(mine, theirs),
            };
            person.facts.insert(
                "relationship".to_owned(),
                Known::declared(FactValue::Code(code.to_owned())),
            );
            people.push(person);
        }
        let first = match applicant < people.len() {
            true => people.remove(applicant),
            false => PersonFacts::default(),
        };
        let claim = claim
            .iter()
            .map(|(name, value)| (name.clone(), Known::declared(value.clone())));
        Input {
            on,
            lodged: on,
            known_at: None,
            suspended: Vec::new(),
            applicant: first,
            members: people,
            others: Vec::new(),
            household: known.household.clone(),
            claim: claim.collect(),
        }
    }

    /// An award, where the rules give a right; it runs since some months, on what is known now.
    fn granted(
        &self,
        it: &Filed<'_>,
        (on_file, asked, benefit): (&OnFile, &Asked, &Benefit),
        input: Input,
        known: &mut Knows,
        scratch: &mut Scratch,
    ) -> Option<(NewAward, Timestamp)> {
        let pack: &Pack = &self.house.pack;
        let of_family = benefit.unit == HolderKind::Household;
        let there = (known.people.get(asked.applicant)?.awards.iter())
            .chain(
                known
                    .people
                    .iter()
                    .filter(|_| of_family)
                    .flat_map(|one| &one.awards),
            )
            .filter(|award| award.until.is_none_or(|until| until > on_file.asked_on));
        for other in there {
            let same = other.benefit == benefit.code && asked.about.is_none();
            if same || awards::excluded(pack, benefit, &other.benefit) {
                return None;
            }
        }
        let world = pack.prepare(&input);
        let found = pack.run(&benefit.code, &world, scratch)?;
        let kind = pack.paid(&benefit.code, &world, scratch)?;
        let in_kind = kind == BenefitKind::InKind;
        if !matches!(found.outcome, Outcome::Grant | Outcome::Confirm) {
            return None;
        }
        let minor = match found.amount_minor {
            Some(minor) if minor > 0 => minor,
            _ if in_kind => 0,
            _ => return None,
        };
        let monthly = kind == BenefitKind::Monthly;
        let months = if monthly { asked.months } else { 0 };
        let first = found.starts.unwrap_or(on_file.asked_on);
        let about = asked.about.as_ref().and_then(|(_, place)| it.people.get(*place));
        let born = asked
            .about
            .as_ref()
            .and_then(|(_, place)| it.drawn.members.get(*place));
        let born = born
            .or(it.drawn.members.get(asked.applicant))
            .map(|person| person.birth_date);
        let starts = first
            .checked_sub(months.months())
            .unwrap_or(first)
            .max(since(benefit).unwrap_or(first))
            .max(pack.country.covers_from)
            .max(born.unwrap_or(first))
            .min(first);
        let ends = match benefit
            .period
            .as_ref()
            .is_some_and(|period| period.ends.is_some())
        {
            true => assess::assess(pack, &benefit.code, &input)?.term?.ends,
            false => None,
        };
        let review = benefit
            .period
            .as_ref()
            .and_then(|period| period.review_every_months);
        let beneficiary = *it.people.get(asked.applicant)?;
        let award = NewAward {
            id: self.house.clock.id(),
            office: it.office,
            beneficiary,
            household: of_family.then_some(it.household),
            benefit: benefit.code.clone(),
            decision: None,
            decision_number: None,
            about: about.copied().filter(|_| benefit.about.is_some()),
            in_kind,
            amount: Money::new(minor, pack.country.currency),
            per: if kind == BenefitKind::OneOff {
                Per::Once
            } else {
                Per::Month
            },
            starts,
            ends: ends.filter(|ends| *ends > starts),
            review_on: review
                .and_then(|months| on_file.asked_on.checked_add(i64::from(months).months()).ok()),
            basis: (!in_kind).then(|| (pack.hash.clone(), input)),
            turned: false,
        };
        let force = in_force(&award);
        for (person, id) in known.people.iter_mut().zip(&it.people) {
            if *id == award.beneficiary {
                person.awards.push(force.clone());
            }
            if of_family {
                person.family_awards.push(force.clone());
            }
            if Some(*id) == award.about {
                person.awards_about.push(force.clone());
            }
        }
        let decided = super::population::morning(&self.house.clock, starts);
        Some((award, decided))
    }
}

/// What a paper or the person would say, under the names of the facts.
fn true_of(person: &FictionalPerson) -> Vec<(&'static str, FactValue, SourceKind)> {
    let truth = &person.truth;
    let said = SourceKind::Declaration;
    let yes = FactValue::Bool;
    let adapted = truth.schooling.as_ref().is_some_and(|school| school.adapted);
    let mut found = vec![
        ("work_capable", yes(truth.work_capable), said),
        ("pregnant", yes(truth.pregnant), said),
        ("adapted_education", yes(adapted), said),
        (
            "former_child_without_care",
            yes(truth.former_child_without_care),
            said,
        ),
    ];
    if let Some(finding) = &truth.disability {
        let paper = SourceKind::Document;
        found.extend([
            ("severe_disability", yes(finding.severe), paper),
            ("disability_degree", FactValue::Int(finding.degree), paper),
            ("disability_lasting", yes(finding.lasting), paper),
        ]);
    }
    found
}

fn status(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Declaration | SourceKind::Import => "not-verified",
        _ => "verified",
    }
}

/// The first day on which anybody is competent for a benefit.
fn since(benefit: &Benefit) -> Option<Date> {
    benefit.competent.iter().map(|one| one.from).min()
}

fn in_force(award: &NewAward) -> AwardInForce {
    AwardInForce {
        benefit: award.benefit.clone(),
        from: award.starts,
        until: award.ends,
        amount: award.amount,
        award: Some(award.id),
    }
}

/// A plain value of the rule language as JSON: `true`, `"code"`, `3`, `0.0`, `UAH 0.00`.
fn plain(text: &str) -> Option<serde_json::Value> {
    let text = text.trim();
    if let Some(inside) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Some(inside.into());
    }
    if let Ok(yes) = text.parse::<bool>() {
        return Some(yes.into());
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    let amount = text.rsplit(' ').next()?;
    let exact = amount.chars().all(|c| c.is_ascii_digit() || c == '.') && !amount.is_empty();
    exact.then(|| amount.into())
}
