//! Which cross-checks are raised over the facts of an assessment.

use super::{Input, Printer, explain::everybody};
use crate::{
    lang::{Context, Scratch, Value},
    pack::{Pack, Signal, SignalEvent, Texts},
    text,
};
use karton_api::{Id, value::Person};

/// A signal that is raised.
#[derive(Debug, Clone, PartialEq)]
pub struct Raised<'p> {
    /// Which.
    pub signal: &'p Signal,
    /// About whom, where it is looked at for each member.
    pub person: Option<Id<Person>>,
    /// Its sentence with the values filled in.
    pub says: Texts,
}

/// Signals are told apart by their id.
impl PartialEq for Signal {
    fn eq(&self, other: &Signal) -> bool {
        self.id == other.id
    }
}

impl Pack {
    /// The cross-checks that are raised at an event over these facts, for a benefit or for any. What nobody knows raises nothing, and what the
    /// house compares by itself is not among them.
    pub fn raised(&self, event: SignalEvent, benefit: Option<&str>, input: &Input) -> Vec<Raised<'_>> {
        let meant = |signal: &Signal| {
            let of = |code: &str| signal.benefits.is_empty() || signal.benefits.iter().any(|it| it == code);
            signal.on.contains(&event) && benefit.is_none_or(of)
        };
        let world = self.prepare(input);
        let mut scratch = Scratch::default();
        let mut found = Vec::new();
        for (signal, program) in self.signals.iter().zip(&self.signal_programs) {
            let (true, Some(when)) = (meant(signal), &program.when) else {
                continue;
            };
            let people = match program.member {
                Some(_) => 0..world.members,
                None => 0..1,
            };
            for number in people {
                scratch.begin(program.slots);
                let context = Context {
                    world: &world,
                    law: &self.law,
                    scratch: &scratch,
                };
                if let Some(slot) = program.member {
                    context.set(slot, Value::Person(number));
                }
                for named in &program.lets {
                    context.set(named.slot, named.code.run(&context));
                }
                if when.run(&context) != Value::Bool(true) {
                    continue;
                }
                let printer = Printer {
                    pack: self,
                    dictionary: &self.dictionary,
                    world: &world,
                    scratch: &scratch,
                };
                let fill = |(language, sentence): (&String, &String)| {
                    let value = |name: &str| {
                        let named = program.lets.iter().find(|named| named.name == name)?;
                        Some(printer.print(context.slot(named.slot), &named.code.ty, language, Some(input)))
                    };
                    (language.clone(), text::fill(sentence, value))
                };
                let person = program.member.and(everybody(input).nth(number as usize));
                found.push(Raised {
                    signal,
                    person: person.and_then(|it| it.person),
                    says: Texts(signal.says.0.iter().map(fill).collect()),
                });
            }
        }
        found
    }
}
