//! Applications of a fictional office that nobody has decided yet, written as lodging and assessing write them.

use super::{
    on_file::{Filed, Filing},
    population::morning,
};
use crate::{
    access::Scope,
    applications::{self, Application, Lodged, Stage},
    assessments::{self, Gathered, NewAssessment},
    audit::Entry,
    facts::NewFact,
    generate::{Asked, OnFile},
    house::House,
    matters::{self, Done, Fresh, Matter},
    problem::Error,
    store::{Tx, numbers},
};
use jiff::Timestamp;
use karton_api::{
    FactValue, Id,
    assessments::{Answer, AnswerOf},
    persons::{Holder, PersonCard, SourceKind},
    value::{self, Office, Officer},
};
use karton_rules::{
    assess::{self, Input},
    calendar,
    pack::{Benefit, LegalAct, Pack},
};
use std::collections::BTreeMap;

/// An application that nobody has decided yet.
pub(super) struct Waiting {
    pub(super) application: Application,
    matter: Matter,
    done: Done,
    fresh: Fresh,
    assessment: NewAssessment,
    gathered: Gathered,
    trace: assess::Assessment,
}

impl Filing<'_> {
    /// An application as it stands after lodging, assessed once.
    pub(super) fn waiting(
        &self,
        it: &Filed<'_>,
        (on_file, asked, benefit): (&OnFile, &Asked, &Benefit),
        input: Input,
        claim: BTreeMap<String, FactValue>,
        officer: Id<Officer>,
    ) -> Option<Waiting> {
        let (pack, clock): (&Pack, _) = (&self.house.pack, &self.house.clock);
        let procedure = pack.procedure(&benefit.procedure)?;
        let applicant = *it.people.get(asked.applicant)?;
        let id: Id<value::Application> = clock.id();
        let (at, on) = (morning(clock, on_file.asked_on), on_file.asked_on);
        let due = procedure
            .steps
            .iter()
            .find(|step| step.act == Some(LegalAct::Decide));
        let answers = claim.into_iter().map(|(fact, value)| Answer {
            of: AnswerOf::Claim,
            fact,
            value,
        });
        let answers: Vec<Answer> = answers.collect();
        let application = Application {
            organisation: None,
            about: applications::account(benefit, &answers),
            id,
            revision: 1,
            office: it.office,
            benefit: benefit.code.clone(),
            applicant,
            household: Some(it.household),
            stage: Stage::Lodged {
                lodged: Lodged { at, on },
                sent_back: None,
            },
            number: None,
            answers,
            opened_at: at,
            opened_by: officer,
            due_on: due
                .and_then(|step| step.due)
                .map(|due| calendar::due_on(on, due, pack)),
        };
        let matter = Matter {
            id: id.cast(),
            revision: 1,
            office: it.office,
            procedure: procedure.id.clone(),
            version: procedure.version,
            pack: pack.hash.clone(),
            person: applicant,
            benefit: Some(benefit.code.clone()),
            number: None,
            begun_at: at,
            begun_on: on,
            ended_at: None,
        };
        let trace = assess::assess(pack, &benefit.code, &input)?;
        let assessment = NewAssessment {
            id: clock.id(),
            matter: id.cast(),
            claim: None,
            office: it.office,
            at,
            by: officer,
        };
        let people: Vec<PersonCard> = Vec::new();
        let gathered = Gathered {
            members: 1 + input.members.len(),
            input,
            people,
            household: Some(it.household),
            learnt: BTreeMap::new(),
            others: Default::default(),
            seen: 0,
        };
        Some(Waiting {
            application,
            matter,
            done: Done {
                by: Some(officer),
                at,
                on,
            },
            fresh: Fresh::new(clock),
            assessment,
            gathered,
            trace,
        })
    }
}

impl Waiting {
    /// What its lodging leaves in the log.
    pub(super) fn entry(&self) -> (Timestamp, Entry) {
        let it = &self.application;
        let entry = Entry::of("lodged").person(it.applicant).matter(it.id);
        (
            self.done.at,
            entry.value("benefit", &it.benefit).value("first", true),
        )
    }

    /// Writes it as lodging and assessing do. The claim's facts have their ids from before the transaction.
    pub(super) fn write(
        &self,
        tx: &mut Tx,
        house: &House,
        top: Id<Office>,
        facts: &[NewFact],
    ) -> Result<(), Error> {
        let mut it = self.application.clone();
        let mut fresh = self.fresh.clone();
        applications::store::insert(tx, &it)?;
        matters::begin(tx, &house.pack, self.matter.clone(), &mut fresh)?;
        let (scope, id) = (Scope::under(top), self.matter.id);
        matters::advance(
            tx,
            &house.packs,
            &scope,
            id,
            LegalAct::Lodge,
            self.done,
            &mut fresh,
        )?;
        crate::facts::insert_all(tx, facts.iter().map(|fact| (fact, self.done.at)))?;
        assessments::insert(tx, &self.assessment, &self.gathered, &self.trace)?;
        let body = house
            .offices
            .body(it.office)
            .ok_or_else(|| Error::fault("an office without a legal body"))?;
        let year = self.done.on.year();
        let number = numbers::draw(tx, &body.code, "Z", year)?;
        let number = format!("{}-Z-{year}/{number}", body.code);
        matters::store::set_number(tx, id, &number)?;
        it.number = Some(number);
        applications::store::save(tx, &mut it)
    }

    /// What the claim says, as facts.
    pub(super) fn claim(&self, clock: &crate::clock::Clock) -> Vec<NewFact> {
        let said = self.application.answers.iter();
        let facts = said.map(|answer| NewFact {
            id: clock.id(),
            holder: Holder::Claim(self.matter.id),
            name: answer.fact.clone(),
            value: answer.value.clone(),
            from: self.done.on,
            until: None,
            source: SourceKind::Declaration,
            service: None,
            evidence: None,
            note: None,
            fresh_until: None,
            by: self.done.by,
        });
        facts.collect()
    }
}
