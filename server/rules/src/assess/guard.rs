use super::input::Input;
use crate::{
    lang::{Code, Context, Scratch, Type, Value, World},
    pack::{Expression, Pack},
};
use karton_api::{FactValue, Money};

impl Pack {
    /// Whether a guard of a form or procedure holds over the facts typed so far; nothing while it is unknown.
    /// `member` is the person of a page of members: 0 the applicant, then the members.
    pub fn holds(&self, guard: &Expression, input: &Input, member: Option<usize>) -> Option<bool> {
        let code = guard.code.as_ref()?;
        let (value, _) = self.alone(code, input, member);
        if let Value::Bool(found) = value {
            Some(found)
        } else {
            None
        }
    }

    /// What an expression of a form gives as the value of a fact; nothing while it is unknown.
    pub fn value_of(
        &self,
        expression: &Expression,
        input: &Input,
        member: Option<usize>,
    ) -> Option<FactValue> {
        let code = expression.code.as_ref()?;
        let (value, world) = self.alone(code, input, member);
        fact_value(self, value, &code.ty, &world, input)
    }

    fn alone(&self, code: &Code, input: &Input, member: Option<usize>) -> (Value, World) {
        let world = self.prepare(input);
        let mut scratch = Scratch::default();
        scratch.begin(code.slots);
        let context = Context {
            world: &world,
            law: &self.law,
            scratch: &scratch,
        };
        if let Some(member) = member.and_then(|n| u32::try_from(n).ok()) {
            context.set(0, Value::Person(member));
        }
        let value = code.run(&context);
        (value, world)
    }
}

/// A value that was worked out, as the value of a fact; nothing for what is unknown, a fault or a list.
pub(super) fn fact_value(
    pack: &Pack,
    value: Value,
    ty: &Type,
    world: &World,
    input: &Input,
) -> Option<FactValue> {
    Some(match (value, ty) {
        (Value::Bool(b), _) => FactValue::Bool(b),
        (Value::Int(n), Type::Decimal) => FactValue::Decimal(n.to_string()),
        (Value::Int(n), _) => FactValue::Int(n),
        (Value::Ratio(r), Type::Decimal) => {
            r.decimals()?;
            FactValue::Decimal(r.to_string())
        }
        (Value::Money(minor), _) => FactValue::Money(Money::new(minor, pack.country.currency)),
        (Value::Date(day), _) => FactValue::Date(day),
        (Value::Text(number), Type::Code(_)) => {
            FactValue::Code(pack.dictionary.text(world, number).to_owned())
        }
        (Value::Text(number), _) => FactValue::Text(pack.dictionary.text(world, number).to_owned()),
        (Value::Person(number), _) => {
            let person = super::explain::everybody(input).nth(number as usize)?;
            FactValue::Person(person.person?)
        }
        _ => return None,
    })
}
