//! One benefit for many households: mass recalculation, what a change of the law costs.

use super::{
    assessment::Outcome,
    input::Input,
    kinds::{alone, counted_beside, with_amount},
    layout::{Laid, lay_out},
    run::Result,
};
use crate::{
    lang::{
        Code, Law, Scratch, Value,
        columns::{Column, Lowering, Needs, Op, Sheet, Work, slots},
    },
    pack::{Benefit, BenefitKind, ChoiceCode, Pack, Program},
};
use std::{collections::BTreeSet, rc::Rc};

/// The rules of a benefit made ready for many households. What comes out is what [`Pack::run`] gives for each of them; made once and
/// used by as many threads as there are.
#[derive(Debug)]
pub struct Batch<'p> {
    pack: &'p Pack,
    benefit: &'p Benefit,
    /// Nothing where the rules hold something that is only worked out one by one.
    plan: Option<Plan<'p>>,
}

/// Expressions in the order in which they are worked out, those left out that nothing rests on.
#[derive(Debug)]
pub(super) struct Plan<'p> {
    steps: Vec<Step>,
    conditions: Vec<Checked>,
    /// What the claim decides about the kind.
    kind: Option<(&'p ChoiceCode<BenefitKind>, Op)>,
    /// The whole amount, or its parts; whether each is paid once, beside what is paid each month.
    amount: Vec<(bool, Op)>,
    starts: Option<Op>,
    slots: usize,
    /// The facts it asks for.
    pub(super) needs: Needs,
}

#[derive(Debug)]
enum Step {
    /// A named expression.
    Let(usize, Op),
    /// Whether the conditions of another benefit are met: `when` and `if` of each.
    Gate(usize, Vec<(Op, Option<Op>)>),
}

#[derive(Debug)]
struct Checked {
    when: Op,
    applies_if: Option<Op>,
    unconfirmed: bool,
}

impl Pack {
    /// The rules of a benefit for many households. Nothing when there is no such benefit.
    pub fn batch(&self, benefit: &str) -> Option<Batch<'_>> {
        let at = self.benefits.iter().position(|found| found.code == benefit)?;
        let (benefit, program) = (self.benefits.get(at)?, self.programs.get(at)?);
        let mut lowering = Lowering::default();
        let mut plan = plan(benefit, program, &mut lowering);
        if let Some(plan) = &mut plan {
            plan.needs = lowering.needs;
        }
        Some(Batch {
            pack: self,
            benefit,
            plan,
        })
    }
}

/// Nothing where columns do not know what the rules hold. What they need is in `lowering`.
pub(super) fn plan<'p>(benefit: &Benefit, program: &'p Program, lowering: &mut Lowering) -> Option<Plan<'p>> {
    let conditions: Vec<_> = benefit.conditions.iter().zip(&program.conditions).collect();
    // What is paid once counts only where the claim may make it all there is.
    let parts = program
        .parts
        .iter()
        .filter(|part| !part.once || program.kind.is_some());
    let parts: Vec<_> = parts.collect();
    let whole = program.amount.iter().filter(|_| program.parts.is_empty());
    // What is asked for, outermost first: names that only sentences speak of are nobody's.
    let mut wanted = BTreeSet::new();
    let mut want = |code: &Code| slots(&code.node, &mut wanted);
    for (_, code) in &conditions {
        want(&code.when);
        code.applies_if.iter().for_each(&mut want);
    }
    parts.iter().for_each(|part| want(&part.code));
    whole.clone().chain(&program.starts).for_each(&mut want);
    program.kind.iter().for_each(|choice| want(&choice.code));
    for named in program.lets.iter().rev() {
        if wanted.contains(&named.slot) {
            slots(&named.code.node, &mut wanted);
        }
    }
    for gate in program.gates.iter().rev() {
        if wanted.contains(&gate.slot) {
            for (when, applies_if) in &gate.conditions {
                slots(&when.node, &mut wanted);
                applies_if.iter().for_each(|code| slots(&code.node, &mut wanted));
            }
        }
        for named in gate.lets.iter().rev() {
            if wanted.contains(&named.slot) {
                slots(&named.code.node, &mut wanted);
            }
        }
    }
    let mut steps = Vec::new();
    for gate in &program.gates {
        for named in gate.lets.iter().filter(|named| wanted.contains(&named.slot)) {
            steps.push(Step::Let(named.slot, lowering.lower(&named.code.node)?));
        }
        if wanted.contains(&gate.slot) {
            let mut conditions = Vec::new();
            for (when, applies_if) in &gate.conditions {
                let applies_if = match applies_if {
                    Some(code) => Some(lowering.lower(&code.node)?),
                    None => None,
                };
                conditions.push((lowering.lower(&when.node)?, applies_if));
            }
            steps.push(Step::Gate(gate.slot, conditions));
        }
    }
    for named in program.lets.iter().filter(|named| wanted.contains(&named.slot)) {
        steps.push(Step::Let(named.slot, lowering.lower(&named.code.node)?));
    }
    let mut checked = Vec::new();
    for (condition, code) in conditions {
        checked.push(Checked {
            when: lowering.lower(&code.when.node)?,
            applies_if: match &code.applies_if {
                Some(code) => Some(lowering.lower(&code.node)?),
                None => None,
            },
            unconfirmed: condition.confidence.is_unconfirmed(),
        });
    }
    let mut amount = Vec::new();
    for code in whole {
        amount.push((false, lowering.lower(&code.node)?));
    }
    for part in parts {
        let op = match part.member {
            Some(slot) => lowering.for_members(slot, &part.code.node)?,
            None => lowering.lower(&part.code.node)?,
        };
        amount.push((part.once, op));
    }
    let kind = match &program.kind {
        Some(choice) => Some((choice, lowering.lower(&choice.code.node)?)),
        None => None,
    };
    let starts = match &program.starts {
        Some(code) => Some(lowering.lower(&code.node)?),
        None => None,
    };
    Some(Plan {
        steps,
        conditions: checked,
        kind,
        amount,
        starts,
        slots: program.slots,
        needs: Needs::default(),
    })
}

impl Batch<'_> {
    /// Whether the rules are worked out for all households at once. What they hold that is not known there (nothing of today's
    /// language) is worked out one by one, with the same result.
    pub fn at_once(&self) -> bool {
        self.plan.is_some()
    }

    /// Lays the facts of some households out, only those that the rules ask for. A few hundred at a time stay in the processor's cache.
    pub fn lay_out<'i>(&self, inputs: &'i [Input]) -> Laid<'i> {
        match &self.plan {
            Some(plan) => lay_out(&self.pack.dictionary, &plan.needs, inputs),
            None => Laid::one_by_one(inputs),
        }
    }

    /// The results of the rules, in the order of the households.
    pub fn run(&self, laid: &Laid<'_>) -> Vec<Result> {
        let at_once = match (&self.plan, &laid.sheet) {
            (Some(plan), Some(sheet)) => {
                let found = plan.run(self.benefit, &self.pack.law, sheet);
                found.map(|found| found.into_iter().map(|(found, _)| found).collect::<Vec<_>>())
            }
            _ => None,
        };
        let mut scratch = Scratch::default();
        let mut one = |input: &Input| {
            let world = self.pack.prepare(input);
            let nothing = Result {
                outcome: Outcome::Unknown,
                amount_minor: None,
                starts: None,
            };
            self.pack
                .run(&self.benefit.code, &world, &mut scratch)
                .unwrap_or(nothing)
        };
        match at_once {
            None => laid.inputs.iter().map(one).collect(),
            Some(found) if laid.alone.is_empty() => found,
            Some(found) => {
                let mut found = found.into_iter();
                let inputs = laid.inputs.iter().enumerate();
                inputs
                    .map(|(at, input)| {
                        let next = if laid.alone.contains(&at) {
                            None
                        } else {
                            found.next()
                        };
                        next.unwrap_or_else(|| one(input))
                    })
                    .collect()
            }
        }
    }
}

impl Plan<'_> {
    /// The results of a sheet with the kind of each that is granted; nothing where there was too much to walk through at once.
    pub(super) fn run(
        &self,
        benefit: &Benefit,
        law: &Law,
        sheet: &Sheet,
    ) -> Option<Vec<(Result, Option<BenefitKind>)>> {
        let mut work = Work::new(sheet, law, self.slots);
        let found = self.results(benefit, &mut work, sheet.lanes);
        (!work.too_much()).then_some(found)
    }

    fn results(
        &self,
        benefit: &Benefit,
        work: &mut Work<'_>,
        lanes: usize,
    ) -> Vec<(Result, Option<BenefitKind>)> {
        for step in &self.steps {
            let (slot, column) = match step {
                Step::Let(slot, op) => (*slot, work.run(op)),
                Step::Gate(slot, conditions) => (*slot, Rc::new(qualifies(conditions, work, lanes))),
            };
            work.set(slot, column);
        }
        let mut outcomes = vec![GRANT; lanes];
        for condition in &self.conditions {
            let applies = condition.applies_if.as_ref().map(|op| work.run(op));
            let when = work.run(&condition.when);
            let not_met = if condition.unconfirmed { CONFIRM } else { REFUSE };
            weigh(&mut outcomes, applies.as_deref(), &when, not_met);
        }
        let granted = |outcome: &u8| *outcome <= CONFIRM;
        let any = outcomes.iter().any(granted);
        let mut granted_only = |op: &Op| any.then(|| work.run(op));
        let amounts = self
            .amount
            .iter()
            .map(|(once, op)| Some((*once, granted_only(op)?)));
        let amounts: Vec<(bool, Rc<Column>)> = amounts.flatten().collect();
        let starts = self.starts.as_ref().and_then(&mut granted_only);
        let kinds = self.kind.as_ref().map(|(choice, op)| (choice, granted_only(op)));
        let kind_of = |lane: usize| match &kinds {
            None => Some(benefit.kind),
            Some((choice, kinds)) => choice.of(kinds.as_ref()?.get(lane)).ok(),
        };
        let one = |(lane, outcome): (usize, u8)| {
            let mut found = Result {
                outcome: outcome_of(outcome),
                amount_minor: None,
                starts: None,
            };
            let kind = granted(&outcome).then(|| kind_of(lane)).flatten();
            if granted(&outcome) {
                found.amount_minor = kind.and_then(|kind| sum(benefit, kind, &amounts, lane));
                found.starts = match starts.as_ref().map(|starts| starts.get(lane)) {
                    Some(Value::Date(day)) => Some(day),
                    _ => None,
                };
                found.outcome = with_amount(benefit, found.outcome, kind, found.amount_minor.is_some());
            }
            (found, kind)
        };
        outcomes.into_iter().enumerate().map(one).collect()
    }
}

/// The amount, or the sum of its parts that count; nothing where it is not known or too large, or where it is in kind.
fn sum(benefit: &Benefit, kind: BenefitKind, amounts: &[(bool, Rc<Column>)], lane: usize) -> Option<i64> {
    if kind == BenefitKind::InKind {
        return None;
    }
    let parts = benefit
        .amount
        .as_ref()
        .is_some_and(|amount| !amount.parts.is_empty());
    let alone = alone(benefit, kind);
    let mut sum = parts.then_some(0_i64);
    for (once, amount) in amounts {
        if parts && counted_beside(*once, alone) != Some(false) {
            continue;
        }
        let Value::Money(minor) = amount.get(lane) else {
            return None;
        };
        sum = Some(sum.unwrap_or(0).checked_add(minor)?);
    }
    sum
}

/// Outcomes in the order in which they outrank each other.
const GRANT: u8 = 0;
const CONFIRM: u8 = 1;
const UNKNOWN: u8 = 2;
const REFUSE: u8 = 3;

fn outcome_of(rank: u8) -> Outcome {
    match rank {
        GRANT => Outcome::Grant,
        CONFIRM => Outcome::Confirm,
        UNKNOWN => Outcome::Unknown,
        _ => Outcome::Refuse,
    }
}

/// Weighs a condition in: what it is where it does not hold.
fn weigh(outcomes: &mut [u8], applies: Option<&Column>, when: &Column, not_met: u8) {
    if let (None, Some(words)) = (applies, when.words()) {
        for (outcome, word) in outcomes.iter_mut().zip(words) {
            *outcome = (*outcome).max(if *word == 0 { not_met } else { GRANT });
        }
        return;
    }
    for (lane, outcome) in outcomes.iter_mut().enumerate() {
        let applied = |wanted| applies.map_or(wanted, |applies| applies.is(lane, wanted));
        let rank = if when.is(lane, true) || (applies.is_some() && applied(false)) {
            GRANT
        } else if applied(true) && when.is(lane, false) {
            not_met
        } else {
            UNKNOWN
        };
        *outcome = (*outcome).max(rank);
    }
}

/// Whether the conditions of another benefit are met: one that is not decides, otherwise one that nobody knows.
fn qualifies(conditions: &[(Op, Option<Op>)], work: &mut Work<'_>, lanes: usize) -> Column {
    let mut outcomes = vec![GRANT; lanes];
    for (when, applies_if) in conditions {
        let applies = applies_if.as_ref().map(|op| work.run(op));
        let when = work.run(when);
        weigh(&mut outcomes, applies.as_deref(), &when, REFUSE);
    }
    let value = |outcome| match outcome {
        GRANT => Value::Bool(true),
        REFUSE => Value::Bool(false),
        _ => Value::Unknown(0),
    };
    Column::collect(crate::lang::columns::Unit::Bool, outcomes.into_iter().map(value))
}
