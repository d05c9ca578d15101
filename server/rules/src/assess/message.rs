//! What another institution is told once a right is granted, and when a later decision touches it.

use super::{explain::everybody, guard::fact_value, input::Input, run::work_out_names};
use crate::{
    lang::{Code, Context, Scratch, Value},
    pack::{AmendmentKind, Benefit, EvidenceOf, Notify, Pack, Program},
};
use karton_api::{Date, FactValue, Id, value};

/// A message to a service of another institution.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Code of the service.
    pub service: String,
    /// Whom it is about; none where the claim does not name that person.
    pub person: Option<Id<value::Person>>,
    /// Its members in the order of the benefit's file. What nobody knows is left out.
    pub members: Vec<(String, FactValue)>,
}

/// The decision that a message tells of.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Its number.
    pub number: &'a str,
    /// The day on which it was decided.
    pub on: Date,
    /// The day from which a later decision holds; for a right itself none is asked for.
    pub from: Option<Date>,
}

impl Pack {
    /// The message that a granted benefit asks for, from the facts that were decided on; nothing where it asks for none.
    pub fn message(
        &self,
        benefit: &str,
        input: &Input,
        decision_number: &str,
        decided_on: Date,
    ) -> Option<Message> {
        let (_, program, notify) = self.told_of(benefit)?;
        let told = Told {
            number: decision_number,
            on: decided_on,
            from: None,
        };
        Some(self.composed(program, notify, (&notify.service, &program.notify), input, told))
    }

    /// Whether another institution is told when a later decision of this kind touches a right to the benefit.
    pub fn tells_later(&self, benefit: &str, kind: AmendmentKind) -> bool {
        self.told_of(benefit)
            .is_some_and(|(_, _, notify)| notify.later.iter().any(|later| later.on.contains(&kind)))
    }

    /// The message of a later decision, from the facts that the right rests on; nothing where the benefit asks for none of this kind.
    pub fn later_message(
        &self,
        benefit: &str,
        kind: AmendmentKind,
        input: &Input,
        told: Told<'_>,
    ) -> Option<Message> {
        let (_, program, notify) = self.told_of(benefit)?;
        let place = notify.later.iter().position(|later| later.on.contains(&kind))?;
        let (later, members) = (notify.later.get(place)?, program.later.get(place)?);
        Some(self.composed(program, notify, (&later.service, members), input, told))
    }

    fn told_of(&self, benefit: &str) -> Option<(&Benefit, &Program, &Notify)> {
        let at = self.benefits.iter().position(|found| found.code == benefit)?;
        let (benefit, program) = (self.benefits.get(at)?, self.programs.get(at)?);
        Some((benefit, program, benefit.notify.as_ref()?))
    }

    fn composed(
        &self,
        program: &Program,
        notify: &Notify,
        (service, members): (&str, &[(String, Code)]),
        input: &Input,
        told: Told<'_>,
    ) -> Message {
        let mut world = self.prepare(input);
        let number = u32::try_from(self.dictionary.texts.len() + world.texts.len()).unwrap_or(u32::MAX);
        world.texts.push(told.number.into());
        let mut scratch = Scratch::default();
        scratch.begin(program.slots);
        let context = Context {
            world: &world,
            law: &self.law,
            scratch: &scratch,
        };
        context.set(program.decision_slots.0, Value::Text(number));
        context.set(program.decision_slots.1, Value::Date(told.on));
        context.set(
            program.decision_slots.2,
            Value::Date(told.from.unwrap_or(told.on)),
        );
        work_out_names(program, &context);
        let members = members.iter().filter_map(|(member, code)| {
            let value = fact_value(self, code.run(&context), &code.ty, &world, input)?;
            Some((member.clone(), value))
        });
        let members = members.collect();
        let person = match &notify.of {
            EvidenceOf::Applicant | EvidenceOf::Members => {
                everybody(input).next().and_then(|person| person.person)
            }
            EvidenceOf::Claim(fact) => match input.claim.get(fact).map(|known| &known.value) {
                Some(FactValue::Person(person)) => Some(*person),
                _ => None,
            },
        };
        Message {
            service: service.to_owned(),
            person,
            members,
        }
    }
}
