//! The condition of a form's field, as far as a client can tell it by itself. Pure.

use karton_api::{
    Date, FactValue,
    catalogue::{Than, When, Whose},
};
use karton_rules::{
    assess::{Input, PersonFacts},
    lang::{Expr, Kind, Op, Type, parse},
    pack::{Expression, HolderKind, Pack},
    show,
};

/// Facts of nobody, for what rests on no facts.
pub(super) fn nothing(today: Date) -> Input {
    Input {
        on: today,
        lodged: today,
        known_at: None,
        suspended: Vec::new(),
        applicant: PersonFacts::default(),
        members: Vec::new(),
        others: Vec::new(),
        household: Default::default(),
        claim: Default::default(),
    }
}

/// What a client can tell; `Unsaid` stands for what only the rules can.
pub(super) fn simple(pack: &Pack, expression: &Expression, today: Date) -> When {
    let sayer = Sayer { pack, today };
    parse(&expression.text).map_or(When::Unsaid, |expr| sayer.said(&expr))
}

struct Sayer<'p> {
    pack: &'p Pack,
    today: Date,
}

impl Sayer<'_> {
    fn said(&self, expr: &Expr) -> When {
        match &expr.kind {
            Kind::Binary(Op::And, a, b) => When::All {
                of: vec![self.said(a), self.said(b)],
            },
            Kind::Binary(Op::Or, a, b) => When::Any {
                of: vec![self.said(a), self.said(b)],
            },
            Kind::Not(a) => When::Not {
                of: Box::new(self.said(a)),
            },
            Kind::Binary(op, a, b) => match than(*op) {
                Some(than) => self.compared(than, a, b).unwrap_or(When::Unsaid),
                None => When::Unsaid,
            },
            Kind::Field(..) => self.holds(expr).unwrap_or(When::Unsaid),
            _ => When::Unsaid,
        }
    }

    /// A yes-or-no fact by itself.
    fn holds(&self, expr: &Expr) -> Option<When> {
        let (whose, fact, ty) = self.fact(expr)?;
        (ty == Type::Bool).then_some(When::Fact {
            whose,
            fact,
            than: Than::Equal,
            value: FactValue::Bool(true),
        })
    }

    fn compared(&self, than: Than, a: &Expr, b: &Expr) -> Option<When> {
        if a.to_string() == "count(household.members)"
            && let FactValue::Int(value) = self.value(b, &Type::Int)?
        {
            return Some(When::Members { than, value });
        }
        let (whose, fact, ty) = self.fact(a)?;
        let value = self.value(b, &ty)?;
        Some(When::Fact {
            whose,
            fact,
            than,
            value,
        })
    }

    /// `claim.fact`, `household.fact`, `member.fact`, `applicant.fact`.
    fn fact(&self, expr: &Expr) -> Option<(Whose, String, Type)> {
        let Kind::Field(base, name) = &expr.kind else {
            return None;
        };
        let Kind::Name(holder) = &base.kind else {
            return None;
        };
        let (whose, kind) = match holder.as_str() {
            "applicant" => (Whose::Applicant, HolderKind::Person),
            "member" => (Whose::Member, HolderKind::Person),
            "household" => (Whose::Household, HolderKind::Household),
            "claim" => (Whose::Claim, HolderKind::Claim),
            _ => return None,
        };
        let ty = match (kind, name.as_str()) {
            (HolderKind::Person, "age") => Type::Int,
            (HolderKind::Person, "sex") => Type::Code("sexes".into()),
            (HolderKind::Person, "birth_date") => Type::Date,
            _ => self.pack.fact(kind, name)?.ty.clone(),
        };
        Some((whose, name.clone(), ty))
    }

    /// A literal, or a parameter of whole numbers as it stands today.
    fn value(&self, expr: &Expr, ty: &Type) -> Option<FactValue> {
        Some(match (&expr.kind, ty) {
            (Kind::Bool(b), Type::Bool) => FactValue::Bool(*b),
            (Kind::Int(n), Type::Int) => FactValue::Int(*n),
            (Kind::Date(day), Type::Date) => FactValue::Date(*day),
            (Kind::Text(code), Type::Code(_)) => FactValue::Code(code.to_string()),
            (Kind::Text(text), Type::Text) => FactValue::Text(text.to_string()),
            (Kind::Field(..), Type::Int) => {
                let found = show::eval_text(self.pack, &expr.to_string(), None, self.today, "").ok()?;
                FactValue::Int(found.value.parse().ok()?)
            }
            _ => return None,
        })
    }
}

fn than(op: Op) -> Option<Than> {
    Some(match op {
        Op::Equal => Than::Equal,
        Op::NotEqual => Than::NotEqual,
        Op::Less => Than::Less,
        Op::LessOrEqual => Than::LessOrEqual,
        Op::Greater => Than::Greater,
        Op::GreaterOrEqual => Than::GreaterOrEqual,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_can_tell_is_said_and_the_rest_is_left_to_the_rules() {
        let pack = Pack::load(&crate::pack::files("me").unwrap()).unwrap();
        let today = pack.country.demo_today.unwrap();
        let field = |form: &str, fact: &str| {
            let fields = pack
                .form(form)
                .unwrap()
                .pages
                .iter()
                .flat_map(|page| &page.fields);
            let found = fields
                .filter(|field| field.fact == fact)
                .find_map(|field| field.when.as_ref());
            simple(&pack, found.unwrap(), today)
        };
        let is = |whose, fact: &str, than, value| When::Fact {
            whose,
            fact: fact.into(),
            than,
            value,
        };
        let bank = FactValue::Code("bank".into());
        assert_eq!(
            field("mo", "account"),
            is(Whose::Claim, "payment_channel", Than::Equal, bank)
        );
        assert_eq!(
            field("mo", "shares_budget"),
            When::Members {
                than: Than::Greater,
                value: 1
            }
        );
        let age = |than, years| is(Whose::Member, "age", than, FactValue::Int(years));
        assert_eq!(
            field("mo", "work_capable"),
            When::All {
                of: vec![age(Than::GreaterOrEqual, 18), age(Than::Less, 65)]
            },
            "the parameter as it stands today"
        );
        assert_eq!(
            field("nnj", "guardian"),
            When::Not {
                of: Box::new(When::Unsaid)
            }
        );
    }
}
