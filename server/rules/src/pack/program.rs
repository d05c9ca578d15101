//! Compiles a benefit as a whole, and every expression that stands by itself.

mod choice;
mod frame;
mod gates;
mod message;
mod names;
mod signal;

pub(crate) use choice::ChoiceCode;
pub(crate) use gates::Gate;
pub(crate) use signal::SignalProgram;

use super::{
    Benefit, BenefitKind, Expression, Let, Mistake, PayeeKind, Service, model::Source, read::Mistakes,
};
use crate::lang::{Code, Dictionary, Expr, Scope, Type, Wrong, parse};
use frame::{Frame, Named, Wanted, expressions};
use karton_api::Per;
use names::find;
use std::collections::{BTreeMap, BTreeSet};

/// A benefit compiled: named expressions in the order they are worked out, conditions, amount and period.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) lets: Vec<NamedCode>,
    pub(crate) conditions: Vec<ConditionCode>,
    /// Other benefits whose conditions are worked out before.
    pub(crate) gates: Vec<Gate>,
    /// None where the amount has parts.
    pub(crate) amount: Option<Code>,
    pub(crate) parts: Vec<PartCode>,
    pub(crate) upto: Option<Code>,
    pub(crate) atleast: Option<Code>,
    pub(crate) starts: Option<Code>,
    pub(crate) ends: Option<Code>,
    /// The kind by what the claim says.
    pub(crate) kind: Option<ChoiceCode<BenefitKind>>,
    /// Who is paid by what the claim says.
    pub(crate) payee: Option<ChoiceCode<PayeeKind>>,
    /// What another institution is told, in the order of the benefit's file.
    pub(crate) notify: Vec<(String, Code)>,
    /// The messages of later decisions, in the order of the benefit's file.
    pub(crate) later: Vec<Vec<(String, Code)>>,
    /// Slots of the decision's number and day, for messages.
    pub(crate) decision_slots: (usize, usize, usize),
    /// In the order of the benefit's file.
    pub(crate) durations: Vec<DurationCode>,
    pub(crate) slots: usize,
    /// Names that the amount's sentence may use: place in `lets`.
    pub(crate) names: BTreeMap<String, usize>,
}

/// A duration compiled.
#[derive(Debug)]
pub(crate) struct DurationCode {
    pub(crate) applies: Option<Code>,
    pub(crate) have: Code,
    /// What is asked for, or allowed.
    pub(crate) of: Code,
}

#[derive(Debug)]
pub(crate) struct NamedCode {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) slot: usize,
    pub(crate) code: Code,
}

/// A part of the amount.
#[derive(Debug)]
pub(crate) struct PartCode {
    /// Its code in the benefit.
    pub(crate) part: String,
    /// Paid once, beside what is paid each month.
    pub(crate) once: bool,
    /// The slot of `member`, where it is worked out for each.
    pub(crate) member: Option<usize>,
    pub(crate) code: Code,
}

#[derive(Debug)]
pub(crate) struct ConditionCode {
    pub(crate) when: Code,
    pub(crate) applies_if: Option<Code>,
    /// Names that its sentences may use: place in `lets`.
    pub(crate) names: BTreeMap<String, usize>,
}

/// Compiles with the files at hand, so that mistakes can show their line.
pub(super) struct Compiler<'a> {
    pub(super) files: &'a BTreeMap<String, String>,
    pub(super) mistakes: &'a Mistakes,
    pub(super) dictionary: &'a mut Dictionary,
    pub(super) services: &'a [Service],
    pub(super) benefits: &'a [Benefit],
    pub(super) shared: Shared,
    /// Facts that a pack keeps out of signals.
    pub(super) sensitive: Vec<(String, super::Sensitive)>,
}

/// Names that benefits share.
#[derive(Default)]
pub(super) struct Shared {
    named: Vec<(Let, Expr)>,
    /// Those that are wrong themselves, or rest on one that is.
    broken: BTreeSet<String>,
}

pub(super) fn offset(source: &Source, at: usize) -> usize {
    source
        .offsets
        .get(at)
        .or(source.offsets.last())
        .copied()
        .unwrap_or(0)
}

impl Compiler<'_> {
    pub(super) fn wrong(&self, expression: &Expression, wrong: Wrong) {
        if self.mistakes.is_full() {
            return;
        }
        let file = &expression.source.file;
        let text = self.files.get(file).map_or("", String::as_str);
        let at = offset(&expression.source, wrong.span.start);
        self.mistakes.note(Mistake::at(file, text, at, wrong.message));
    }

    fn parsed(&self, expression: &Expression) -> Option<Expr> {
        if expression.source.file.is_empty() {
            return None;
        }
        parse(&expression.text)
            .map_err(|wrong| self.wrong(expression, wrong))
            .ok()
    }

    /// Compiles an expression that stands by itself: of a form or a procedure. `member` has the first slot.
    pub(super) fn alone(&mut self, expression: &mut Expression, ty: &Type, member: bool) {
        let Some(expr) = self.parsed(expression) else {
            return;
        };
        let mut scope = Scope::new(self.dictionary);
        scope.guards = true;
        scope.member = member.then_some(0);
        scope.slots = usize::from(member);
        match Code::compile(&mut scope, &expr, Some(ty)) {
            Ok(code) => expression.code = Some(std::sync::Arc::new(code)),
            Err(wrong) => self.wrong(expression, wrong),
        }
    }

    /// Looks at the names that the benefits share, each once; those that are wrong themselves are said here and nowhere else.
    pub(super) fn share(&mut self, lets: &[Let]) {
        let mut shared = Shared::default();
        for one in lets {
            match self.parsed(&one.is) {
                Some(expr) => shared.named.push((one.clone(), expr)),
                None => {
                    shared.broken.insert(one.name.clone());
                }
            }
        }
        self.shared = shared;
        let shared = self.shared.named.clone();
        let named = shared.iter().map(|(one, expr)| Named {
            name: &one.name,
            home: None,
            is: &one.is,
            expr: expr.clone(),
            shared: false,
        });
        let mut frame = Frame {
            named: named.collect(),
            ..Frame::default()
        };
        let mut slots = frame.named.len();
        let mut gates = Vec::new();
        self.gates_of(&mut frame, &mut slots, &mut gates, &mut Vec::new());
        self.lets_of(&mut frame, &mut slots);
        let broken = frame
            .named
            .iter()
            .zip(&frame.types)
            .filter(|(_, ty)| ty.is_none());
        let broken: Vec<String> = broken.map(|(one, _)| one.name.to_owned()).collect();
        self.shared.broken.extend(broken);
    }

    pub(super) fn benefit(&mut self, benefit: &Benefit) -> Program {
        let shared = self.shared.named.clone();
        let mut frame = self.frame(benefit, &shared);
        frame.more = expressions(benefit).collect();
        let mut program = Program {
            slots: frame.named.len(),
            ..Program::default()
        };
        let mut stack = vec![benefit.code.clone()];
        self.gates_of(&mut frame, &mut program.slots, &mut program.gates, &mut stack);
        program.lets = self.lets_of(&mut frame, &mut program.slots);
        let frame = frame;
        program.names = names_of(&frame, &program, None);
        self.conditions(benefit, &frame, &mut program);
        self.amount(benefit, &frame, &mut program);
        self.durations(benefit, &frame, &mut program);
        self.period(benefit, &frame, &mut program);
        if let Some(amount) = &benefit.amount
            && let Some(says) = &amount.says
        {
            self.sentence(says, &frame.named, None, &amount.formula);
        }
        for duration in &benefit.durations {
            self.sentence(&duration.says, &frame.named, None, &duration.have);
        }
        self.choices(benefit, &frame, &mut program);
        if let Some(notify) = &benefit.notify {
            self.message(notify, &frame, &mut program);
        }
        program
    }

    fn conditions(&mut self, benefit: &Benefit, frame: &Frame<'_>, program: &mut Program) {
        for (i, condition) in benefit.conditions.iter().enumerate() {
            self.sentence(&condition.says, &frame.named, Some(i), &condition.when);
            if let Some(fails) = &condition.fails {
                self.sentence(fails, &frame.named, Some(i), &condition.when);
            }
            let mut compile = |expression: &Expression| {
                let expr = self.parsed(expression)?;
                self.founded(frame, condition, expression, &expr);
                let wanted = Wanted::Type(Type::Bool);
                self.scoped(
                    frame,
                    Some(i),
                    &mut program.slots,
                    expression,
                    &expr,
                    Some(&wanted),
                )
            };
            let when = compile(&condition.when);
            let applies_if = condition.applies_if.as_ref().and_then(&mut compile);
            let names = names_of(frame, program, Some(i));
            program.conditions.extend(when.map(|when| ConditionCode {
                when,
                applies_if,
                names,
            }));
        }
    }

    /// An expression of the whole benefit.
    fn whole(
        &mut self,
        frame: &Frame<'_>,
        slots: &mut usize,
        expression: &Expression,
        wanted: Wanted<'_>,
    ) -> Option<Code> {
        let expr = self.parsed(expression)?;
        self.scoped(frame, None, slots, expression, &expr, Some(&wanted))
    }

    fn amount(&mut self, benefit: &Benefit, frame: &Frame<'_>, program: &mut Program) {
        let Some(amount) = &benefit.amount else { return };
        let per = match benefit.kind {
            BenefitKind::Monthly => Per::Month,
            _ => Per::Once,
        };
        let all = || Wanted::Amount(per, amount.rounding, false);
        if amount.parts.is_empty() {
            program.amount = self.whole(frame, &mut program.slots, &amount.formula, all());
        }
        for part in &amount.parts {
            // The member of a part for each has the first slot that is free.
            let free = program.slots;
            let per_part = if part.once { Per::Once } else { per };
            let wanted = Wanted::Amount(per_part, amount.rounding, part.of_members);
            if let Some(code) = self.whole(frame, &mut program.slots, &part.formula, wanted) {
                program.parts.push(PartCode {
                    part: part.code.clone(),
                    once: part.once && per == Per::Month,
                    member: part.of_members.then_some(free),
                    code,
                });
            }
        }
        if let Some(limits) = &amount.discretion {
            program.upto = self.whole(frame, &mut program.slots, &limits.upto, all());
            program.atleast = limits
                .atleast
                .as_ref()
                .and_then(|least| self.whole(frame, &mut program.slots, least, all()));
        }
    }

    fn durations(&mut self, benefit: &Benefit, frame: &Frame<'_>, program: &mut Program) {
        for duration in &benefit.durations {
            let mut compile = |expression: &Expression, wanted: Type| {
                self.whole(frame, &mut program.slots, expression, Wanted::Type(wanted))
            };
            let applies = duration.applies.as_ref();
            let applies = applies.and_then(|applies| compile(applies, Type::Bool));
            let have = compile(&duration.have, Type::Int);
            let of = duration.least.as_ref().or(duration.most.as_ref());
            let of = of.and_then(|of| compile(of, Type::Int));
            program
                .durations
                .extend(have.zip(of).map(|(have, of)| DurationCode { applies, have, of }));
        }
    }

    fn period(&mut self, benefit: &Benefit, frame: &Frame<'_>, program: &mut Program) {
        let Some(period) = &benefit.period else { return };
        let day = || Wanted::Type(Type::Date);
        program.starts = self.whole(frame, &mut program.slots, &period.starts, day());
        program.ends = period
            .ends
            .as_ref()
            .and_then(|ends| self.whole(frame, &mut program.slots, ends, day()));
    }
}

/// The place in `lets` of each name that may be used at a place.
fn names_of(frame: &Frame<'_>, program: &Program, home: Option<usize>) -> BTreeMap<String, usize> {
    let place = |slot: usize| program.lets.iter().position(|one| one.slot == slot);
    let names: BTreeSet<&str> = frame.named.iter().map(|one| one.name).collect();
    let found = names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), place(find(&frame.named, home, name)??)?)));
    found.collect()
}
