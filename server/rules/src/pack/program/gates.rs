//! What a benefit rests on: the conditions of others, worked out before its own.

use super::{
    Compiler, NamedCode,
    frame::{Frame, Wanted},
};
use crate::{
    lang::{Code, Expr, Kind, Span, Type, Wrong, parse},
    pack::{Condition, Expression},
};

/// The conditions of another benefit, and the slot of whether they are met.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) lets: Vec<NamedCode>,
    /// `when` and `if`.
    pub(crate) conditions: Vec<(Code, Option<Code>)>,
    pub(crate) slot: usize,
}

/// Other benefits that one can rest on, those they rest on themselves among them.
const MOST_GATES: usize = 32;

/// The benefits that an expression asks for by `qualifies("CODE")`.
fn qualifying(expr: &Expr, sink: &mut dyn FnMut(String, Span)) {
    if let Kind::Call(name, arguments) = &expr.kind
        && name == "qualifies"
        && let [one] = arguments.as_slice()
        && let Kind::Text(code) = &one.kind
    {
        sink(code.clone(), one.span);
    }
    for part in expr.kind.parts() {
        qualifying(part, sink);
    }
}

impl Compiler<'_> {
    /// Finds the other benefits that a frame asks for, and compiles their conditions before it.
    pub(super) fn gates_of(
        &mut self,
        frame: &mut Frame<'_>,
        slots: &mut usize,
        gates: &mut Vec<Gate>,
        stack: &mut Vec<String>,
    ) {
        let mut asked: Vec<(String, &Expression, Span)> = Vec::new();
        for one in &frame.named {
            qualifying(&one.expr, &mut |code, span| asked.push((code, one.is, span)));
        }
        let more: Vec<(&Expression, Expr)> = frame
            .more
            .iter()
            .filter_map(|expression| Some((*expression, parse(&expression.text).ok()?)))
            .collect();
        for (expression, expr) in &more {
            qualifying(expr, &mut |code, span| asked.push((code, expression, span)));
        }
        for (code, expression, span) in asked {
            if frame.gates.contains_key(&code) {
                continue;
            }
            if stack.contains(&code) {
                let circle = stack.join(" → ");
                self.wrong(
                    expression,
                    Wrong::new(
                        span,
                        format!("benefits rest on each other in a circle: {circle} → {code}"),
                    ),
                );
                continue;
            }
            if gates.len() >= MOST_GATES {
                self.wrong(
                    expression,
                    Wrong::new(span, format!("a benefit rests on at most {MOST_GATES} others")),
                );
                continue;
            }
            let benefits = self.benefits;
            let Some(other) = benefits.iter().find(|benefit| benefit.code == code) else {
                continue;
            };
            let confirmed = other
                .conditions
                .iter()
                .all(|condition| !condition.confidence.is_unconfirmed());
            stack.push(code.clone());
            let shared = self.shared.named.clone();
            let mut inner = self.frame(other, &shared);
            inner.more = other
                .conditions
                .iter()
                .flat_map(|condition| std::iter::once(&condition.when).chain(&condition.applies_if))
                .collect();
            inner.base = *slots;
            *slots += inner.named.len();
            self.gates_of(&mut inner, slots, gates, stack);
            let lets = self.lets_of(&mut inner, slots);
            let mut conditions = Vec::new();
            for (i, condition) in other.conditions.iter().enumerate() {
                let mut compile = |expression: &Expression| {
                    let expr = self.parsed(expression)?;
                    self.scoped(
                        &inner,
                        Some(i),
                        slots,
                        expression,
                        &expr,
                        Some(&Wanted::Type(Type::Bool)),
                    )
                };
                let when = compile(&condition.when);
                let applies_if = condition.applies_if.as_ref().and_then(&mut compile);
                conditions.extend(when.map(|when| (when, applies_if)));
            }
            stack.pop();
            let slot = *slots;
            *slots += 1;
            frame.gates.insert(code.clone(), slot);
            if !confirmed {
                frame.unconfirmed.insert(code);
            }
            gates.push(Gate {
                lets,
                conditions,
                slot,
            });
        }
    }

    /// What rests on another benefit's unconfirmed conditions is not confirmed itself.
    pub(super) fn founded(
        &self,
        frame: &Frame<'_>,
        condition: &Condition,
        expression: &Expression,
        expr: &Expr,
    ) {
        if condition.confidence.is_unconfirmed() {
            return;
        }
        qualifying(expr, &mut |code, span| {
            if frame.unconfirmed.contains(&code) {
                let message = format!(
                    "`{code}` has conditions that are not confirmed, so this one is not either: its confidence is memory or default"
                );
                self.wrong(expression, Wrong::new(span, message));
            }
        });
    }
}
