//! How far durations have run: those that a benefit names, and rights that have an end.

use super::{
    Input, Printer,
    input::{AwardInForce, PersonFacts},
    run::work_out_names,
};
use crate::{
    lang::{Context, Scratch, Value},
    pack::{Confidence, Pack, Texts},
    text,
};
use karton_api::Date;

/// What there is of a duration.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// Its name in the benefit.
    pub id: String,
    /// The article; empty where confidence is memory or default.
    pub law: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// The sentence with its values filled in.
    pub says: Texts,
    /// How much there is; none where it is not known.
    pub have: Option<i64>,
    /// How much is asked for, or allowed.
    pub of: Option<i64>,
    /// At least so much is asked for; otherwise at most so much is allowed.
    pub least: bool,
    /// It is as the law wants it; none where that is not known.
    pub holds: Option<bool>,
}

impl Pack {
    /// The durations of a benefit over these facts, in the order of the pack.
    pub fn durations(&self, benefit: &str, input: &Input) -> Vec<Ran> {
        let Some(at) = self.benefits.iter().position(|found| found.code == benefit) else {
            return Vec::new();
        };
        let (Some(benefit), Some(program)) = (self.benefits.get(at), self.programs.get(at)) else {
            return Vec::new();
        };
        let world = self.prepare(input);
        let mut scratch = Scratch::default();
        scratch.begin(program.slots);
        let context = Context {
            world: &world,
            law: &self.law,
            scratch: &scratch,
        };
        work_out_names(program, &context);
        let printer = Printer {
            pack: self,
            dictionary: &self.dictionary,
            world: &world,
            scratch: &scratch,
        };
        let number = |value: Value| match value {
            Value::Int(number) => Some(number),
            _ => None,
        };
        let all = benefit.durations.iter().zip(&program.durations);
        let told = all.filter(|(_, code)| {
            let applies = code.applies.as_ref().map(|applies| applies.run(&context));
            !matches!(applies, Some(Value::Bool(false)))
        });
        told.map(|(duration, code)| {
            let have = number(code.have.run(&context));
            let of = number(code.of.run(&context));
            let fill = |(language, sentence): (&String, &String)| {
                let value = |name: &str| {
                    let place = program.names.get(name)?;
                    let named = program.lets.get(*place)?;
                    Some(printer.print(context.slot(named.slot), &named.code.ty, language, Some(input)))
                };
                (language.clone(), text::fill(sentence, value))
            };
            Ran {
                id: duration.id.clone(),
                law: if duration.confidence.is_unconfirmed() {
                    String::new()
                } else {
                    duration.law.clone()
                },
                confidence: duration.confidence,
                says: Texts(duration.says.0.iter().map(fill).collect()),
                have,
                of,
                least: duration.least.is_some(),
                holds: have.zip(of).map(|(have, of)| {
                    if duration.least.is_some() {
                        have >= of
                    } else {
                        have <= of
                    }
                }),
            }
        })
        .collect()
    }
}

/// Rights of the household that run on a day and have an end: whose, which, the calendar months that have begun and all of them.
pub fn months_run(input: &Input) -> Vec<(&PersonFacts, &AwardInForce, i64, i64)> {
    let people = std::iter::once(&input.applicant).chain(&input.members);
    let running = people.flat_map(|one| one.awards.iter().map(move |award| (one, award)));
    running
        .filter(|(_, award)| award.from <= input.on)
        .filter_map(|(one, award)| {
            let last = award.until.filter(|until| *until > input.on)?.yesterday().ok()?;
            let passed = calendar_months(award.from, input.on);
            Some((one, award, passed, calendar_months(award.from, last)))
        })
        .collect()
}

/// Calendar months that two days touch, both included.
pub fn calendar_months(from: Date, to: Date) -> i64 {
    let number = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    number(to) - number(from) + 1
}
