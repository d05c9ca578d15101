//! What another institution is told once a right is granted.

use super::{explain::everybody, guard::fact_value, input::Input, run::work_out_names};
use crate::{
    lang::{Context, Scratch, Value},
    pack::{EvidenceOf, Pack},
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

impl Pack {
    /// The message that a granted benefit asks for, from the facts that were decided on; nothing where it asks for none.
    pub fn message(
        &self,
        benefit: &str,
        input: &Input,
        decision_number: &str,
        decided_on: Date,
    ) -> Option<Message> {
        let at = self.benefits.iter().position(|found| found.code == benefit)?;
        let (benefit, program) = (self.benefits.get(at)?, self.programs.get(at)?);
        let notify = benefit.notify.as_ref()?;
        let mut world = self.prepare(input);
        let number = u32::try_from(self.dictionary.texts.len() + world.texts.len()).ok()?;
        world.texts.push(decision_number.into());
        let mut scratch = Scratch::default();
        scratch.begin(program.slots);
        let context = Context {
            world: &world,
            law: &self.law,
            scratch: &scratch,
        };
        context.set(program.decision_slots.0, Value::Text(number));
        context.set(program.decision_slots.1, Value::Date(decided_on));
        work_out_names(program, &context);
        let members = program.notify.iter().filter_map(|(member, code)| {
            let value = fact_value(self, code.run(&context), &code.ty, &world, input)?;
            Some((member.clone(), value))
        });
        let members = members.collect();
        let person = match &notify.of {
            EvidenceOf::Applicant | EvidenceOf::Members => everybody(input).next()?.person,
            EvidenceOf::Claim(fact) => match input.claim.get(fact).map(|known| &known.value) {
                Some(FactValue::Person(person)) => Some(*person),
                _ => None,
            },
        };
        Some(Message {
            service: notify.service.clone(),
            person,
            members,
        })
    }
}
