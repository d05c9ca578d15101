//! Compiles a cross-check, and refuses what it must never look at.

use super::{
    Compiler, NamedCode,
    frame::{Frame, Named, Wanted},
    names::mentions,
};
use crate::{
    lang::{Code, Expr, Kind, Span, Type, Wrong},
    pack::{Expression, Sensitive, Signal, SignalOf},
};

/// A cross-check compiled.
#[derive(Debug, Default)]
pub(crate) struct SignalProgram {
    pub(crate) lets: Vec<NamedCode>,
    /// None where the house compares by itself.
    pub(crate) when: Option<Code>,
    /// The slot of `member`, where it is worked out for each.
    pub(crate) member: Option<usize>,
    pub(crate) slots: usize,
}

impl Compiler<'_> {
    /// Compiles a cross-check, and refuses what it must never look at.
    pub(in crate::pack) fn signal(&mut self, signal: &Signal) -> SignalProgram {
        let mut program = SignalProgram::default();
        let Some(when) = &signal.when else {
            return program;
        };
        let shared = self.shared.named.clone();
        let mut frame = Frame::default();
        for one in &signal.lets {
            if let Some(expr) = self.parsed(&one.is) {
                self.unbiased(&one.is, &expr);
                frame.named.push(Named {
                    name: &one.name,
                    home: None,
                    is: &one.is,
                    expr,
                    shared: false,
                });
            }
        }
        let Some(expr) = self.parsed(when) else {
            return program;
        };
        self.unbiased(when, &expr);
        let mut wanted = mentions(&expr);
        wanted.extend(frame.named.iter().flat_map(|one| mentions(&one.expr)));
        for _ in 0..=shared.len() {
            for (one, expr) in &shared {
                if wanted.contains(&one.name) && frame.named.iter().all(|other| other.name != one.name) {
                    self.unbiased(&one.is, expr);
                    wanted.extend(mentions(expr));
                    frame.named.push(Named {
                        name: &one.name,
                        home: None,
                        is: &one.is,
                        expr: expr.clone(),
                        shared: true,
                    });
                }
            }
        }
        let mut slots = frame.named.len();
        if signal.of == SignalOf::Members {
            program.member = Some(slots);
            frame.member = Some(slots);
            slots += 1;
        }
        program.lets = self.lets_of(&mut frame, &mut slots);
        self.sentence(&signal.says, &frame.named, None, when);
        program.when = self.scoped(
            &frame,
            None,
            &mut slots,
            when,
            &expr,
            Some(&Wanted::Type(Type::Bool)),
        );
        program.slots = slots;
        program
    }

    /// Where somebody comes from, what they believe and where they live is nothing that a suspicion may rest on. A place may only be looked up
    /// in a table of the law, whose limits may differ between town and village.
    fn unbiased(&self, expression: &Expression, expr: &Expr) {
        self.looks_at(expression, expr, false);
    }

    fn looks_at(&self, expression: &Expression, expr: &Expr, in_table: bool) {
        let named = match &expr.kind {
            Kind::Name(name) | Kind::Field(_, name) => Some(name.as_str()),
            _ => None,
        };
        let touchy = named.and_then(|name| {
            let holders = [
                &self.dictionary.person,
                &self.dictionary.household,
                &self.dictionary.claim,
            ];
            let of_list = holders.iter().find_map(|holder| match holder.find(name)?.1 {
                Type::Code(list) => Sensitive::of_name(list),
                _ => None,
            });
            let marked = self.sensitive.iter().find(|(fact, _)| fact == name);
            marked
                .map(|(_, what)| *what)
                .or_else(|| Sensitive::of_name(name))
                .or(of_list)
        });
        if let (Some(name), Some(what)) = (named, touchy)
            && !(in_table && what == Sensitive::Place)
        {
            let at = Span {
                start: expr.span.end.saturating_sub(name.len()),
                end: expr.span.end,
            };
            let message = format!(
                "a signal never looks at `{name}`: nationality, origin, religion and where somebody lives are no grounds for suspicion"
            );
            self.wrong(expression, Wrong::new(at, message));
        }
        let table = matches!(&expr.kind, Kind::Call(name, _) if name.contains('.'));
        for part in expr.kind.parts() {
            self.looks_at(expression, part, in_table || table);
        }
    }
}
