//! Which cross-checks are raised over the facts of an assessment.

use super::{Input, Printer, explain::everybody};
use crate::{
    lang::{Context, Scratch, Value, World},
    pack::{Pack, Signal, SignalEvent, SignalProgram, Texts},
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
            if meant(signal) {
                self.look(signal, program, input, &world, &mut scratch, &mut found);
            }
        }
        found
    }

    /// What one cross-check finds over these facts, whenever it is looked at.
    pub(crate) fn looked_at(&self, signal: &str, input: &Input) -> Vec<Raised<'_>> {
        let world = self.prepare(input);
        let (mut scratch, mut found) = (Scratch::default(), Vec::new());
        for (signal, program) in
            (self.signals.iter().zip(&self.signal_programs)).filter(|(it, _)| it.id == signal)
        {
            self.look(signal, program, input, &world, &mut scratch, &mut found);
        }
        found
    }

    fn look<'p>(
        &'p self,
        signal: &'p Signal,
        program: &SignalProgram,
        input: &Input,
        world: &World,
        scratch: &mut Scratch,
        found: &mut Vec<Raised<'p>>,
    ) {
        let Some(when) = &program.when else {
            return;
        };
        let people = match program.member {
            Some(_) => 0..world.members,
            None => 0..1,
        };
        for number in people {
            scratch.begin(program.slots);
            let context = Context {
                world,
                law: &self.law,
                scratch,
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
                world,
                scratch,
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
}
