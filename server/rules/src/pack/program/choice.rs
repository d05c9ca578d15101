//! What the claim decides about a benefit: its kind, and who is paid.

use super::{Compiler, Frame, Program};
use crate::{
    lang::{Code, Span, Type, Value, Wrong, hint},
    pack::{Benefit, Choice},
};

/// One of several, by the value of an expression.
#[derive(Debug)]
pub(crate) struct ChoiceCode<T> {
    pub(crate) code: Code,
    /// By the number of the text.
    each: Vec<(u32, T)>,
}

impl<T: Copy> ChoiceCode<T> {
    /// What a value stands for; the value itself where it is unknown or stands for nothing.
    pub(crate) fn of(&self, value: Value) -> Result<T, Value> {
        match value {
            Value::Text(number) => self
                .each
                .iter()
                .find(|(text, _)| *text == number)
                .map(|(_, one)| *one)
                .ok_or(Value::Fault(crate::lang::Fault::NoRow)),
            other => Err(other),
        }
    }
}

impl Compiler<'_> {
    /// Compiles what the claim decides.
    pub(super) fn choices(&mut self, benefit: &Benefit, frame: &Frame<'_>, program: &mut Program) {
        let mut slots = program.slots;
        program.kind = benefit
            .kinds
            .as_ref()
            .and_then(|choice| self.choice(choice, frame, &mut slots));
        program.payee = benefit
            .payees
            .as_ref()
            .and_then(|choice| self.choice(choice, frame, &mut slots));
        program.slots = slots;
    }

    /// Of a code every value must stand for something, and nothing else may; a text is whatever the expression makes it.
    fn choice<T: Copy>(
        &mut self,
        choice: &Choice<T>,
        frame: &Frame<'_>,
        slots: &mut usize,
    ) -> Option<ChoiceCode<T>> {
        let expr = self.parsed(&choice.of)?;
        let code = self.scoped(frame, None, slots, &choice.of, &expr, None)?;
        let mut wrong = Vec::new();
        match &code.ty {
            Type::Text => {}
            Type::Code(list) => {
                let codes = self.dictionary.lists.get(&**list);
                for name in codes.into_iter().flatten() {
                    if choice.each.iter().all(|(one, _)| one != name) {
                        wrong.push(format!("nothing is said for `{name}` of `{list}`"));
                    }
                }
                for (name, _) in &choice.each {
                    if codes.is_some_and(|codes| !codes.contains(name)) {
                        let near = hint(name, codes.into_iter().flatten().map(String::as_str));
                        wrong.push(format!("the code list `{list}` has no `{name}`{near}"));
                    }
                }
            }
            other => wrong.push(format!("a text or a code is needed here, this is a {other}")),
        }
        if !wrong.is_empty() {
            for message in wrong {
                self.wrong(&choice.of, Wrong::new(Span::default(), message));
            }
            return None;
        }
        let each = choice
            .each
            .iter()
            .map(|(name, one)| (self.dictionary.intern(name), *one));
        Some(ChoiceCode {
            each: each.collect(),
            code,
        })
    }
}
