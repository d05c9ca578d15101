//! Every benefit of Romania and of Ukraine once through the front door: a worked example of the pack is lodged with the answers its form asks for, the
//! registers' words are put in beside them, it is assessed as the example says, decided by a second officer, and its letter read.

use jiff::{SignedDuration, Unit};
use karton_api::{
    Date, FactValue, Id, Per,
    applications::{AmountSet, Confirmed, Decide, Recommend},
    assessments::{Answer, AnswerOf, Outcome, Verdict},
    client::Error,
    households::{DeathSource, RecordDeath},
    matters::{CompleteStep, StepState},
    organisations::{ChooseProvider, KeepOrganisation, ProviderEntry, SearchOrganisations},
    persons::{AddMember, Holder, Name, NationalId, RegisterPerson, SourceKind},
    problem::FieldError,
    session::Role,
    value::{self, Record},
};
use karton_rules::{
    assess::{Facts, Input, Outcome as Expected, PersonFacts},
    lang::Type,
    pack::{Benefit, Case, Form, HolderKind, Pack, PageOf},
};
use karton_server::{
    access::Actor,
    audit::{self, Entry},
    awards::{self, NewAward},
    facts::{self, NewFact},
};
use karton_tests::{
    house::{Country, Engine, House, Plan},
    officer::{Officer, Told, key},
};
use std::collections::BTreeMap;

/// What the identity card tells, and what follows from it.
const GIVEN: [&str; 6] = ["birth_date", "sex", "relationship", "alive", "death_date", "age"];

/// A country's offices in the story, and what its letters look like.
struct Land {
    country: Country,
    counter: &'static str,
    municipality: &'static str,
    account: &'static str,
    /// Why a condition holds that nothing proves, and why an amount is set.
    reasons: [&'static str; 2],
    first_day: &'static str,
    /// Words of English letters, which a letter in the country's language has not.
    foreign: [&'static str; 4],
}

const RO: Land = Land {
    country: Country::RO,
    counter: "CJ-054975",
    municipality: "54975",
    account: "RO49AAAA1B31007593840000",
    reasons: ["Văzut la dosar.", "După nevoia constatată."],
    first_day: "2023-03-01",
    foreign: [" the ", " and ", " of ", " month"],
};
const UA: Land = Land {
    country: Country::UA,
    counter: "SOC-53-01",
    municipality: "",
    account: "UA213223130000026007233566001",
    reasons: ["Перевірено за справою.", "За встановленою потребою."],
    first_day: "2023-01-01",
    foreign: [" the ", " and ", " of ", " month"],
};

/// How far an example is from what a counter meets most: nothing before it, another right or a death before it.
fn takes(case: &Case) -> Option<u8> {
    if plain(case) {
        return Some(2);
    }
    let input = &case.input;
    let living = |person: &PersonFacts| !person.facts.contains_key("death_date");
    let fits = case.expect.outcome == Expected::Grant
        && input.on == input.lodged
        && input.known_at.is_none()
        && input.suspended.is_empty()
        && input.applicant.facts.contains_key("birth_date")
        && std::iter::once(&input.applicant)
            .chain(&input.members)
            .all(living)
        && input.others.iter().all(|person| person.awards.is_empty());
    fits.then_some(1)
}

/// An example granted on the day of lodging, resting on no other award and no death.
fn plain(case: &Case) -> bool {
    let input = &case.input;
    let everybody = || {
        std::iter::once(&input.applicant)
            .chain(&input.members)
            .chain(&input.others)
    };
    case.expect.outcome == Expected::Grant
        && input.on == input.lodged
        && input.known_at.is_none()
        && input.suspended.is_empty()
        && everybody().all(|person| {
            person.awards.is_empty()
                && person.family_awards.is_empty()
                && person.awards_about.is_empty()
                && !person.facts.contains_key("death_date")
                && !matches!(
                    person.facts.get("alive").map(|known| &known.value),
                    Some(FactValue::Bool(false))
                )
        })
        && input.others.is_empty()
        && input.applicant.facts.contains_key("birth_date")
}

/// A new person's name, unlike all others.
fn name(benefit: &str, place: usize) -> Name {
    const SYLLABLES: [&str; 10] = ["ba", "co", "du", "fe", "gi", "lo", "mu", "na", "re", "ti"];
    let word = |mut number: usize| {
        let mut word = String::new();
        for _ in 0..4 {
            word.push_str(SYLLABLES[number % 10]);
            number = number / 10 + 7 * (number % 10 + 3);
        }
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    };
    let seed = benefit
        .bytes()
        .fold(0_usize, |sum, byte| sum * 31 % 99_991 + usize::from(byte));
    Name {
        given: word(seed * 13 + place),
        family: word(seed * 7 + 5),
    }
}

struct Story<'a> {
    land: &'a Land,
    house: &'a House,
    clerk: Officer,
    head: Officer,
}

fn code_of(facts: &Facts, name: &str) -> Option<String> {
    match &facts.get(name)?.value {
        FactValue::Code(code) => Some(code.clone()),
        _ => None,
    }
}

fn day_of(facts: &Facts, name: &str) -> Option<Date> {
    match &facts.get(name)?.value {
        FactValue::Date(day) => Some(*day),
        _ => None,
    }
}

/// The same value about the people of the house instead of those of the example.
fn translated(value: &FactValue, people: &BTreeMap<Id<value::Person>, Id<value::Person>>) -> FactValue {
    match value {
        FactValue::Person(id) => FactValue::Person(people.get(id).copied().unwrap_or(*id)),
        FactValue::Rows(rows) => FactValue::Rows(
            rows.iter()
                .map(|row| {
                    let cells = row
                        .iter()
                        .map(|(name, cell)| (name.clone(), translated(cell, people)));
                    cells.collect::<Record>()
                })
                .collect(),
        ),
        other => other.clone(),
    }
}

impl Story<'_> {
    async fn registers(&self, benefit: &str, place: usize, facts: &Facts) -> Id<value::Person> {
        let municipality = code_of(facts, "municipality")
            .or_else(|| Some(self.land.municipality.to_owned()).filter(|code| !code.is_empty()));
        let mut body = RegisterPerson {
            name: name(benefit, place),
            national_id: None,
            birth_date: day_of(facts, "birth_date"),
            sex: code_of(facts, "sex").or_else(|| Some("f".into())),
            municipality,
            address: None,
            not_the_same_as: Vec::new(),
        };
        if body.birth_date.is_none() {
            body.birth_date = Some("1980-06-15".parse().unwrap());
        }
        loop {
            match self.clerk.register_person(&key(), &body).await {
                Ok(view) => return view.card.id,
                Err(Error::Problem(problem)) if problem.slug() == "likely-duplicates" => {
                    body.not_the_same_as
                        .extend(problem.candidates.iter().map(|it| it.card.id));
                }
                Err(error) => panic!("{benefit}: nobody is registered: {error:?}"),
            }
        }
    }

    /// Of somebody who has died in the example, the death is recorded.
    async fn has_died(&self, id: Id<value::Person>, facts: &Facts) -> Result<(), String> {
        let Some(on) = day_of(facts, "death_date") else {
            return Ok(());
        };
        let view = self
            .clerk
            .person(id)
            .await
            .map_err(|error| format!("{error:?}"))?;
        let body = RecordDeath {
            on,
            source: DeathSource::Document,
            proof: "1/2026".into(),
            head: None,
        };
        let told = self.clerk.record_death(id, view.revision, &body).await;
        told.map(|_| ()).map_err(|error| format!("no death: {error:?}"))
    }

    /// Rights that the example rests on were decided before the house was there.
    async fn was_awarded(&self, id: Id<value::Person>, person: &PersonFacts) {
        let office = self.house.inside.offices.by_code(self.land.counter).unwrap().id;
        let awards: Vec<NewAward> = person
            .awards
            .iter()
            .map(|award| NewAward {
                id: self.house.clock.id(),
                office,
                beneficiary: id,
                household: None,
                benefit: award.benefit.clone(),
                decision: None,
                decision_number: None,
                about: None,
                in_kind: false,
                amount: award.amount,
                per: Per::Month,
                starts: award.from,
                ends: award.until,
                review_on: None,
                basis: None,
                turned: false,
            })
            .collect();
        if awards.is_empty() {
            return;
        }
        let actor = Actor {
            officer: None,
            office,
        };
        let now = self.house.clock.now();
        audit::write(&self.house.inside.store, actor, now, move |tx| {
            for award in &awards {
                awards::insert(tx, award)?;
            }
            Ok(((), Entry::of("evidence-arrived")))
        })
        .await
        .unwrap();
    }

    /// Where a provider is paid, one is registered, entered by the head of the office, and chosen.
    async fn chooses(
        &self,
        pack: &Pack,
        benefit: &Benefit,
        input: &Input,
        id: Id<value::Application>,
    ) -> Result<(), String> {
        let Some(rule) = &benefit.provider else {
            return Ok(());
        };
        let told = |error: Error| format!("no provider: {error:?}");
        // For what is asked for, where the example says it, otherwise for the first that the benefit names.
        let asked = input
            .household
            .values()
            .chain(input.claim.values())
            .find_map(|known| match &known.value {
                FactValue::Code(code) if rule.services.contains(code) => Some(code.clone()),
                _ => None,
            });
        let service = asked.unwrap_or_else(|| rule.services[0].clone());
        let rows = pack.people["organisations.csv"].lines();
        let rows = rows.filter(|line| !line.starts_with('#')).skip(1);
        let row: Vec<&str> = rows
            .map(|line| line.split(',').collect::<Vec<_>>())
            .next()
            .unwrap();
        let found = SearchOrganisations {
            text: row[1].into(),
            service: None,
            limit: None,
            cursor: None,
        };
        let known = self.clerk.search_organisations(&found).await.map_err(told)?;
        let provider = match known.items.first() {
            Some(there) => there.id,
            None => {
                let body = KeepOrganisation {
                    name: row[2].into(),
                    number: NationalId {
                        scheme: row[0].into(),
                        number: row[1].into(),
                    },
                    address: row[3].into(),
                    account: Some(row[4].into()).filter(|account: &String| !account.is_empty()),
                    phone: None,
                    sole_trader: false,
                };
                let there = self.clerk.register_organisation(&key(), &body).await;
                there.map_err(told)?.card.id
            }
        };
        let entry = ProviderEntry {
            register: rule.register.clone(),
            service: service.clone(),
            contract: "7/2024".into(),
            from: input.on,
            until: None,
        };
        self.head
            .enter_provider(provider, &key(), &entry)
            .await
            .map_err(told)?;
        let application = self.clerk.application(id).await.map_err(told)?;
        let body = ChooseProvider {
            organisation: provider,
            service,
        };
        let chosen = self.clerk.choose_provider(id, application.revision, &body).await;
        chosen.map(|_| ()).map_err(told)
    }

    /// The example's answers to what the form asks.
    fn answers(
        &self,
        pack: &Pack,
        form: &Form,
        people: &[(Id<value::Person>, &PersonFacts)],
        input: &Input,
        same: &BTreeMap<Id<value::Person>, Id<value::Person>>,
    ) -> Vec<Answer> {
        let mut found: Vec<Answer> = Vec::new();
        for page in &form.pages {
            let whose: Vec<(AnswerOf, &Facts)> = match page.of {
                PageOf::Claim => vec![(AnswerOf::Claim, &input.claim)],
                PageOf::Household => vec![(AnswerOf::Household, &input.household)],
                PageOf::Applicant => vec![(AnswerOf::Person(people[0].0), &people[0].1.facts)],
                PageOf::Members => people
                    .iter()
                    .map(|(id, person)| (AnswerOf::Person(*id), &person.facts))
                    .collect(),
            };
            for (of, facts) in whose {
                for field in &page.fields {
                    if pack.fact(page.of.holder(), &field.fact).is_none()
                        || GIVEN.contains(&field.fact.as_str())
                    {
                        continue;
                    }
                    let Some(known) = facts.get(&field.fact) else {
                        continue;
                    };
                    found.push(Answer {
                        of,
                        fact: field.fact.clone(),
                        value: translated(&known.value, same),
                    });
                }
            }
        }
        found
    }

    /// What a clerk answers where the example says nothing and the form wants something.
    fn anything(
        &self,
        pack: &Pack,
        holder: HolderKind,
        fact: &str,
        applicant: Id<value::Person>,
    ) -> FactValue {
        let def = pack
            .fact(holder, fact)
            .unwrap_or_else(|| panic!("no fact {fact}"));
        let today = self.house.clock.today();
        match &def.ty {
            Type::Bool => FactValue::Bool(["consent", "undertaking", "shares_budget"].contains(&fact)),
            Type::Int => FactValue::Int(1),
            Type::Decimal => FactValue::Decimal("1".into()),
            Type::Money { .. } => FactValue::Money(karton_api::Money::new(0, pack.country.currency)),
            Type::Date => FactValue::Date(today),
            Type::Person => FactValue::Person(applicant),
            Type::Code(list) => {
                let all = &pack.codes[list.as_ref()].entries;
                let post = all.iter().find(|entry| entry.code == "post");
                FactValue::Code(post.unwrap_or(&all[0]).code.clone())
            }
            Type::Text if fact == "account" => FactValue::Text(self.land.account.into()),
            Type::Text => FactValue::Text("probă".into()),
            _ => FactValue::Rows(Vec::new()),
        }
    }

    /// Adds an answer for each field that the server wants filled in.
    fn adds(
        &self,
        pack: &Pack,
        form: &Form,
        errors: &[FieldError],
        answers: &mut Vec<Answer>,
        applicant: Id<value::Person>,
    ) -> bool {
        let before = answers.len();
        for error in errors.iter().filter(|error| error.code == "required") {
            let path = error
                .pointer
                .trim_start_matches('/')
                .trim_start_matches("drafts/0/");
            let (whose, fact) = match path.split_once('/') {
                Some((person, fact)) if person.parse::<Id<value::Person>>().is_ok() => {
                    (Some(person.parse::<Id<value::Person>>().unwrap()), fact)
                }
                _ => (None, path),
            };
            let page = form.pages.iter().find(|page| {
                page.fields.iter().any(|field| field.fact == fact)
                    && whose.is_some() == (page.of.holder() == HolderKind::Person)
            });
            let Some(page) = page else { continue };
            let of = match (page.of, whose) {
                (PageOf::Claim, _) => AnswerOf::Claim,
                (PageOf::Household, _) => AnswerOf::Household,
                (_, Some(person)) => AnswerOf::Person(person),
                (_, None) => continue,
            };
            answers.push(Answer {
                of,
                fact: fact.to_owned(),
                value: self.anything(pack, page.of.holder(), fact, applicant),
            });
        }
        answers.len() > before
    }

    /// Facts of the example that no form has asked for, as registers and documents would bring them.
    async fn is_told(&self, told: Vec<(Holder, String, FactValue, SourceKind)>) {
        let now = self.house.clock.now();
        let from: Date = "2000-01-01".parse().unwrap();
        let office = self.house.inside.offices.by_code(self.land.counter).unwrap().id;
        let written: Vec<NewFact> = told
            .into_iter()
            .map(|(holder, name, value, source)| NewFact {
                id: self.house.clock.id(),
                holder,
                name,
                value,
                from,
                until: None,
                source,
                service: (source == SourceKind::Register).then(|| "story".to_owned()),
                evidence: None,
                note: None,
                fresh_until: now.checked_add(SignedDuration::from_hours(24 * 30)).ok(),
                by: None,
            })
            .collect();
        let actor = Actor {
            officer: None,
            office,
        };
        audit::write(&self.house.inside.store, actor, now, move |tx| {
            for fact in &written {
                facts::insert(tx, fact, now)?;
            }
            Ok(((), Entry::of("evidence-arrived")))
        })
        .await
        .unwrap();
    }

    /// Fills in whatever forms stand in the way, and completes steps that somebody completes by hand, until an assessment can be made.
    async fn works_on(&self, pack: &Pack, id: Id<value::Application>, applicant: Id<value::Person>) {
        for _ in 0..8 {
            let steps = self.clerk.steps(id.cast()).await.unwrap().items;
            let assess = steps.iter().any(|step| {
                step.state == StepState::Open
                    && (step.kind == "assess" || step.act.as_deref() == Some("recommend"))
            });
            let waits = steps.iter().find(|step| {
                matches!(step.state, StepState::Open | StepState::Started)
                    && step.act.is_none()
                    && ["form", "evidence"].contains(&step.kind.as_str())
            });
            let Some(step) = waits else {
                assert!(assess, "nothing leads on: {steps:?}");
                return;
            };
            let mut body = CompleteStep::default();
            loop {
                match self.clerk.complete_step(id.cast(), step.id, &key(), &body).await {
                    Ok(_) => break,
                    Err(Error::Problem(problem)) if problem.status == 422 => {
                        let form = pack.form(step.form.as_deref().unwrap()).unwrap();
                        let more = self.adds(pack, form, &problem.errors, &mut body.answers, applicant);
                        assert!(more, "{}: {:?}", step.key, problem.errors);
                    }
                    Err(error) => panic!("{}: {error:?}", step.key),
                }
            }
        }
        panic!("there is always another step");
    }

    /// One benefit, by one of its examples; what went otherwise than expected.
    async fn tells(&self, pack: &Pack, benefit: &Benefit, case: &Case) -> Result<(), String> {
        let input = &case.input;
        let mut people: Vec<(Id<value::Person>, &PersonFacts)> = Vec::new();
        let mut same = BTreeMap::new();
        for (place, person) in std::iter::once(&input.applicant)
            .chain(&input.members)
            .enumerate()
        {
            let id = self.registers(&benefit.code, place, &person.facts).await;
            same.extend(person.person.map(|there| (there, id)));
            people.push((id, person));
        }
        let mut others: Vec<(Id<value::Person>, &PersonFacts)> = Vec::new();
        for (place, person) in (people.len()..).zip(&input.others) {
            let id = self.registers(&benefit.code, place, &person.facts).await;
            same.extend(person.person.map(|there| (there, id)));
            self.has_died(id, &person.facts).await?;
            others.push((id, person));
        }
        let head = people[0].0;
        for (id, person) in &people {
            self.was_awarded(*id, person).await;
        }
        for (id, person) in people.iter().skip(1) {
            let body = AddMember {
                person: *id,
                relationship: code_of(&person.facts, "relationship").unwrap_or_else(|| "other".into()),
                from: input.on,
            };
            let told = self.clerk.add_member(head, &key(), &body).await;
            told.map_err(|error| format!("no household: {error:?}"))?;
        }
        let form = pack.form(&benefit.form).unwrap();
        let mut answers = self.answers(pack, form, &people, input, &same);
        // What the registers know.
        let mut told = Vec::new();
        let asked = |of: AnswerOf, fact: &str, answers: &[Answer]| {
            answers
                .iter()
                .any(|answer| answer.of == of && answer.fact == fact)
        };
        for (id, person) in people.iter().chain(&others) {
            for (fact, known) in &person.facts {
                if !GIVEN.contains(&fact.as_str()) && !asked(AnswerOf::Person(*id), fact, &answers) {
                    let value = translated(&known.value, &same);
                    told.push((Holder::Person(*id), fact.clone(), value, SourceKind::Register));
                }
            }
        }
        self.is_told(told).await;
        let lodged = loop {
            let draft = Told(self.clerk.drafts(&benefit.code, head, answers.clone()).await.0);
            let draft = draft.0.map_err(|error| format!("no draft: {error:?}"))?;
            let id = draft.summary.id;
            // Which heating aid is due hangs on whom it is paid to, so the provider is chosen before the application is lodged.
            self.chooses(pack, benefit, input, id).await?;
            match self.clerk.lodge(id, &key()).await {
                Ok(lodged) => break lodged,
                Err(Error::Problem(problem)) if problem.status == 422 => {
                    if !self.adds(pack, form, &problem.errors, &mut answers, head) {
                        return Err(format!("not lodged: {:?}", problem.errors));
                    }
                }
                Err(error) => return Err(format!("not lodged: {error:?}")),
            }
        };
        let id = lodged.application.summary.id;
        // What is known of the household and the matter beside what was typed.
        let times = karton_api::common::BothTimes {
            as_of: None,
            known_at: None,
        };
        let mut told = Vec::new();
        let rest = |facts: &Facts, of: AnswerOf| -> Vec<(String, FactValue)> {
            let left = facts.iter().filter(|(fact, _)| !asked(of, fact, &answers));
            left.map(|(fact, known)| (fact.clone(), translated(&known.value, &same)))
                .collect()
        };
        for (fact, value) in rest(&input.claim, AnswerOf::Claim) {
            told.push((Holder::Claim(id.cast()), fact, value, SourceKind::Finding));
        }
        let home = rest(&input.household, AnswerOf::Household);
        if !home.is_empty() {
            let there = self.clerk.household(head, &times).await;
            let there = there.map_err(|error| format!("no household: {error:?}"))?;
            for (fact, value) in home {
                told.push((Holder::Household(there.id), fact, value, SourceKind::Document));
            }
        }
        self.is_told(told).await;
        self.works_on(pack, id, head).await;
        self.house.waits(SignedDuration::from_mins(1));
        let assessed = self
            .clerk
            .assesses(id)
            .await
            .0
            .map_err(|error| format!("not assessed: {error:?}"))?;
        let found = &assessed.assessment;
        if !matches!(found.outcome, Outcome::Grant) {
            let open: Vec<_> = found
                .conditions
                .iter()
                .filter(|it| !matches!(it.verdict, Verdict::Met | Verdict::NotApplicable))
                .map(|it| {
                    (
                        &it.id,
                        it.verdict,
                        it.missing.iter().map(|m| &m.fact).collect::<Vec<_>>(),
                    )
                })
                .collect();
            return Err(format!("{:?} instead of a grant: {open:?}", found.outcome));
        }
        let minor = found.amount.as_ref().map(|amount| amount.money.minor);
        if let Some(expected) = case.expect.amount
            && minor != Some(expected)
        {
            return Err(format!("{minor:?} instead of {expected}"));
        }
        let confirmed = assessed
            .confirm
            .iter()
            .map(|condition| Confirmed {
                condition: condition.clone(),
                met: true,
                reason: self.land.reasons[0].into(),
            })
            .collect();
        // An amount within a limit is set by the officers, with a reason.
        let set = found
            .amount
            .as_ref()
            .filter(|amount| amount.upto.is_some() || amount.atleast.is_some());
        let amount = set.map(|amount| AmountSet {
            money: amount.money,
            reason: self.land.reasons[1].into(),
        });
        let body = Recommend {
            assessment: assessed.id,
            outcome: Outcome::Grant,
            confirmed,
            note: None,
            paragraph: None,
            without: Vec::new(),
            amount: amount.clone(),
        };
        let recommended = self.clerk.recommend(id, &key(), &body).await;
        recommended.map_err(|error| format!("not recommended: {error:?}"))?;
        let body = Decide {
            assessment: assessed.id,
            outcome: Outcome::Grant,
            paragraph: None,
            // The second officer confirms it.
            amount,
        };
        let decided = self.head.decide(id, &key(), &body).await;
        let decision = decided.map_err(|error| format!("not decided: {error:?}"))?;
        let letter = self.clerk.reads_letter_text(self.house, decision.id).await;
        self.is_in_the_countrys_language(pack, benefit, &letter)
    }

    fn is_in_the_countrys_language(
        &self,
        pack: &Pack,
        benefit: &Benefit,
        letter: &str,
    ) -> Result<(), String> {
        let language = &pack.country.languages[0];
        for gap in [
            "{{",
            "{%",
            "}}",
            "undefined",
            "None",
            "none",
            "null",
            "  ,",
            "..",
            "??",
        ] {
            if letter.contains(gap) && !(gap == ".." && letter.contains("...")) {
                return Err(format!("`{gap}` stands in the letter: {letter}"));
            }
        }
        for foreign in self.land.foreign {
            if letter.contains(foreign) {
                return Err(format!("the letter says `{foreign}`: {letter}"));
            }
        }
        let named = |text: &str| letter.to_lowercase().contains(&text.to_lowercase());
        let english = benefit.name.get("en");
        if named(english) && english != benefit.name.get(language) {
            return Err(format!("the letter calls it `{english}`: {letter}"));
        }
        let letters = || letter.chars().filter(|c| c.is_alphabetic());
        let cyrillic = letters().filter(|c| ('\u{400}'..='\u{52f}').contains(c)).count();
        let all = letters().count();
        let right = match language.as_str() {
            "uk" => cyrillic * 10 > all * 8,
            _ => cyrillic == 0 && letter.contains(['ă', 'ș', 'ț', 'î']),
        };
        if right && all > 300 {
            Ok(())
        } else {
            Err(format!("the letter is not in `{language}`: {letter}"))
        }
    }
}

/// Tells every benefit of a country; answers how many could be told and what went wrong.
async fn tell(land: &Land, engine: Engine) {
    let first: Date = land.first_day.parse().unwrap();
    let Some(house) = Plan::on(engine).country(land.country.on(first)).open().await else {
        return;
    };
    let roles = [Role::Clerk, Role::Caseworker];
    house.officer("counter", land.counter, &roles).await;
    house.officer("decider", land.counter, &[Role::Approver]).await;
    let pack = house.inside.pack.clone();
    let mut told: Vec<(&Benefit, &Case)> = Vec::new();
    let mut none = Vec::new();
    for benefit in &pack.benefits {
        let fit = benefit.cases.iter().filter(|case| case.input.on >= first);
        let fit = fit.filter_map(|case| Some(((takes(case)?, case.input.on), case)));
        match fit.max_by_key(|(rank, _)| *rank) {
            Some((_, case)) => told.push((benefit, case)),
            None => none.push(benefit.code.as_str()),
        }
    }
    assert!(
        none.is_empty(),
        "benefits without an example that a counter can take: {none:?}"
    );
    told.sort_by_key(|(_, case)| case.input.on);
    let mut wrong = Vec::new();
    for (benefit, case) in told {
        let days = house
            .clock
            .today()
            .until((Unit::Day, case.input.on))
            .unwrap()
            .get_days();
        if days > 0 {
            house.waits(SignedDuration::from_hours(24 * i64::from(days)));
        }
        let story = Story {
            land,
            house: &house,
            clerk: house.signs_in("counter").await,
            head: house.signs_in("decider").await,
        };
        if let Err(says) = story.tells(&pack, benefit, case).await {
            wrong.push(format!("{} ({}): {says}", benefit.code, case.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} went otherwise:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_benefit_of_romania_is_lodged_decided_and_written_on_sqlite() {
    tell(&RO, Engine::Sqlite).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_benefit_of_romania_is_lodged_decided_and_written_on_postgres() {
    tell(&RO, Engine::Postgres).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_benefit_of_ukraine_is_lodged_decided_and_written_on_sqlite() {
    tell(&UA, Engine::Sqlite).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_benefit_of_ukraine_is_lodged_decided_and_written_on_postgres() {
    tell(&UA, Engine::Postgres).await;
}
