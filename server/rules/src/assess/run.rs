use super::{
    assessment::{Outcome, Verdict},
    kinds::{alone, beside, kind_of, with_amount},
};
use crate::{
    lang::{Code, Context, Fault, Scratch, Value, World},
    pack::{Benefit, BenefitKind, Condition, ConditionCode, Gate, Pack, PartCode, Program},
};
use karton_api::Date;

/// The bare result of a benefit's rules: what mass runs need. The values of all named expressions stay in the
/// scratch memory until it is used again.
#[derive(Debug, Clone, PartialEq)]
pub struct Result {
    /// What comes out.
    pub outcome: Outcome,
    /// Minor units; none when nothing is granted, or it cannot be said.
    pub amount_minor: Option<i64>,
    /// First day.
    pub starts: Option<Date>,
}

impl Pack {
    /// Runs the rules of a benefit over prepared facts, without an explanation. Nothing when there is no such benefit.
    pub fn run(&self, benefit: &str, world: &World, scratch: &mut Scratch) -> Option<Result> {
        let at = self.benefits.iter().position(|found| found.code == benefit)?;
        let (benefit, program) = (self.benefits.get(at)?, self.programs.get(at)?);
        scratch.begin(program.slots);
        let context = Context {
            world,
            law: &self.law,
            scratch,
        };
        work_out_names(program, &context);
        let mut outcome = Outcome::Grant;
        for (condition, code) in benefit.conditions.iter().zip(&program.conditions) {
            outcome = worse(outcome, verdict(condition, code, &context));
        }
        let (kind, amount) = match outcome {
            Outcome::Grant | Outcome::Confirm => {
                let kind = kind_of(benefit, program, &context).ok();
                (
                    kind,
                    kind.and_then(|kind| amount_of(benefit, program, kind, &context)),
                )
            }
            _ => (None, None),
        };
        let starts = match (&program.starts, outcome) {
            (Some(code), Outcome::Grant | Outcome::Confirm) => Some(code.run(&context)),
            _ => None,
        };
        Some(result(benefit, (outcome, kind), amount, starts))
    }
}

/// Puts the value of every named expression into its slot, those of the benefits that this one rests on first.
pub(super) fn work_out_names(program: &Program, context: &Context<'_>) {
    for gate in &program.gates {
        for named in &gate.lets {
            context.set(named.slot, named.code.run(context));
        }
        context.set(gate.slot, qualifies(gate, context, |code| code.run(context)));
    }
    for named in &program.lets {
        context.set(named.slot, named.code.run(context));
    }
}

/// Whether the conditions of another benefit are met: one that is not decides, otherwise one that nobody knows.
pub(super) fn qualifies(gate: &Gate, context: &Context<'_>, mut run: impl FnMut(&Code) -> Value) -> Value {
    let mut found = Value::Bool(true);
    for (when, applies_if) in &gate.conditions {
        let applies = applies_if.as_ref().map_or(Value::Bool(true), &mut run);
        if applies == Value::Bool(false) {
            continue;
        }
        match (applies, run(when)) {
            (_, Value::Bool(true)) => {}
            (Value::Bool(true), Value::Bool(false)) => return Value::Bool(false),
            (Value::Bool(true), unknown) | (unknown, Value::Bool(_)) => {
                found = lacking(context, found, unknown)
            }
            (a, b) => found = lacking(context, found, context.both(a, b)),
        }
    }
    found
}

fn lacking(context: &Context<'_>, so_far: Value, unknown: Value) -> Value {
    if so_far == Value::Bool(true) {
        unknown
    } else {
        context.both(so_far, unknown)
    }
}

/// The amount: what the formula says, or the sum of its parts without those that are suspended. Nothing where the benefit has none.
pub(super) fn amount_of(
    benefit: &Benefit,
    program: &Program,
    kind: BenefitKind,
    context: &Context<'_>,
) -> Option<Value> {
    if kind == BenefitKind::InKind {
        return None;
    }
    if program.parts.is_empty() {
        return program.amount.as_ref().map(|code| code.run(context));
    }
    let alone = alone(benefit, kind);
    let mut sum = Value::Money(0);
    for part in program
        .parts
        .iter()
        .filter(|part| beside(part, alone) == Some(false))
    {
        each_of(part, context, |person| {
            if !context.world.is_suspended(&part.part, person) {
                sum = add(context, sum, part.code.run(context));
            }
        });
    }
    Some(sum)
}

/// Does something for each one a part is worked out for: once without anybody, or for every member in turn.
pub(super) fn each_of(part: &PartCode, context: &Context<'_>, mut work: impl FnMut(Option<u32>)) {
    match part.member {
        None => work(None),
        Some(slot) => {
            for person in 0..context.world.members {
                context.set(slot, Value::Person(person));
                work(Some(person));
            }
        }
    }
}

pub(super) fn add(context: &Context<'_>, a: Value, b: Value) -> Value {
    match (a, b) {
        (Value::Money(a), Value::Money(b)) => a
            .checked_add(b)
            .map_or(Value::Fault(Fault::TooLarge), Value::Money),
        (Value::Money(_), unknown) | (unknown, Value::Money(_)) => unknown,
        (a, b) => context.both(a, b),
    }
}

fn result(
    benefit: &Benefit,
    (outcome, kind): (Outcome, Option<BenefitKind>),
    amount: Option<Value>,
    starts: Option<Value>,
) -> Result {
    let amount_minor = match amount {
        Some(Value::Money(minor)) => Some(minor),
        _ => None,
    };
    let starts = match starts {
        Some(Value::Date(day)) => Some(day),
        _ => None,
    };
    Result {
        outcome: with_amount(benefit, outcome, kind, amount_minor.is_some()),
        amount_minor,
        starts,
    }
}

pub(super) fn verdict(condition: &Condition, code: &ConditionCode, context: &Context<'_>) -> Verdict {
    verdict_of(condition, applies(code, context), || code.when.run(context))
}

/// The value of the `if` of a condition; true where it has none.
pub(super) fn applies(code: &ConditionCode, context: &Context<'_>) -> Value {
    code.applies_if
        .as_ref()
        .map_or(Value::Bool(true), |code| code.run(context))
}

/// The verdict from the values of `if` and `when`.
pub(super) fn verdict_of(condition: &Condition, applies: Value, when: impl FnOnce() -> Value) -> Verdict {
    if applies == Value::Bool(false) {
        return Verdict::NotApplicable;
    }
    match (applies, when()) {
        (_, Value::Bool(true)) => Verdict::Met,
        (Value::Bool(true), Value::Bool(false)) if condition.confidence.is_unconfirmed() => {
            Verdict::MustConfirm
        }
        (Value::Bool(true), Value::Bool(false)) => Verdict::NotMet,
        _ => Verdict::Unknown,
    }
}

/// A refusal on confirmed law outranks what is unknown, that what an officer must confirm, and that a grant.
pub(super) fn worse(so_far: Outcome, verdict: Verdict) -> Outcome {
    match (so_far, verdict) {
        (Outcome::Refuse, _) | (_, Verdict::NotMet) => Outcome::Refuse,
        (Outcome::Unknown, _) | (_, Verdict::Unknown) => Outcome::Unknown,
        (Outcome::Confirm, _) | (_, Verdict::MustConfirm) => Outcome::Confirm,
        (Outcome::Grant, _) => Outcome::Grant,
    }
}
