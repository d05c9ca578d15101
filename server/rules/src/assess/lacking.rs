//! What a bare run lacks: the facts that would settle an outcome nobody can say yet, without the rest of an explanation.

use super::{
    assessment::{Outcome, Verdict},
    kinds::kind_of,
    run::{amount_of, applies, verdict_of, work_out_names, worse},
};
use crate::{
    lang::{Context, Of, Scratch, Value, World},
    pack::{BenefitKind, HolderKind, Pack},
};

impl Pack {
    /// The facts that a benefit's rules wait for on prepared facts, each kind of holder and name once; nothing where the outcome can be said, where
    /// something cannot be worked out at all, or where there is no such benefit.
    pub fn lacking(&self, benefit: &str, world: &World, scratch: &mut Scratch) -> Vec<(HolderKind, &str)> {
        let at = self.benefits.iter().position(|found| found.code == benefit);
        let found = at.and_then(|at| Some((self.benefits.get(at)?, self.programs.get(at)?)));
        let Some((benefit, program)) = found else {
            return Vec::new();
        };
        scratch.begin(program.slots);
        let context = Context {
            world,
            law: &self.law,
            scratch,
        };
        work_out_names(program, &context);
        let mut outcome = Outcome::Grant;
        let mut unknown: Vec<Value> = Vec::new();
        for (condition, code) in benefit.conditions.iter().zip(&program.conditions) {
            let applies = applies(code, &context);
            let mut when = Value::Bool(true);
            if applies != Value::Bool(false) {
                when = code.when.run(&context);
            }
            let verdict = verdict_of(condition, applies, || when);
            if verdict == Verdict::Unknown {
                unknown.push(context.both(applies, when));
            }
            outcome = worse(outcome, verdict);
        }
        match outcome {
            Outcome::Refuse => return Vec::new(),
            Outcome::Grant | Outcome::Confirm => match kind_of(benefit, program, &context) {
                Ok(kind) => unknown.extend(amount_of(benefit, program, kind, &context)),
                Err(value) => unknown.push(value),
            },
            Outcome::Unknown => {}
        }
        let mut found: Vec<(HolderKind, &str)> = Vec::new();
        for value in unknown {
            let Value::Unknown(set) = value else { continue };
            found.extend(context.missing(set).into_iter().map(|key| {
                let holder = match key.0 {
                    Of::Person(_) => HolderKind::Person,
                    Of::Household => HolderKind::Household,
                    Of::Claim => HolderKind::Claim,
                };
                (holder, self.dictionary.fact_name(key))
            }));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How a benefit is paid on the facts that were worked out last with this scratch memory: where its claim says it, as it says; nothing where that is
    /// not known.
    pub fn paid(&self, benefit: &str, world: &World, scratch: &Scratch) -> Option<BenefitKind> {
        let at = self.benefits.iter().position(|found| found.code == benefit)?;
        let (benefit, program) = (self.benefits.get(at)?, self.programs.get(at)?);
        let context = Context {
            world,
            law: &self.law,
            scratch,
        };
        kind_of(benefit, program, &context).ok()
    }
}
