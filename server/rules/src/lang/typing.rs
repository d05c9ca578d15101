//! Which types meet, and how it is said when they do not.

use super::{Ratio, Type, ast::Op};
use karton_api::Per;

/// An exact amount as minor units.
pub(crate) fn minor(amount: Ratio, minor_units: u8) -> Option<i64> {
    let scaled = amount.checked_mul(Ratio::whole(10_i64.checked_pow(u32::from(minor_units))?))?;
    if scaled.decimals()? != 0 {
        return None;
    }
    i64::try_from(scaled.floor()).ok()
}

/// Whether a value of one type can stand where the other is needed.
pub(super) fn fits(found: &Type, needed: &Type) -> bool {
    joined(found, needed).as_ref() == Some(needed)
}

/// The type that holds values of both.
pub(super) fn joined(a: &Type, b: &Type) -> Option<Type> {
    Some(match (a, b) {
        _ if a == b => a.clone(),
        (Type::Int, Type::Decimal) | (Type::Decimal, Type::Int) => Type::Decimal,
        (Type::Money(p), Type::Share(q)) | (Type::Share(p), Type::Money(q)) if p == q => Type::Share(*p),
        (Type::Nothing, Type::List(_)) => b.clone(),
        (Type::List(_), Type::Nothing) => a.clone(),
        (Type::List(x), Type::List(y)) => Type::List(Box::new(joined(x, y)?)),
        _ => return None,
    })
}

pub(super) fn mismatch(needed: &Type, found: &Type) -> String {
    let why = match (needed, found) {
        (Type::Money(p) | Type::Share(p), Type::Money(q) | Type::Share(q)) if p != q => match (p, q) {
            (Per::Month, Per::Year) | (Per::Year, Per::Month) => {
                ": an amount per month is not an amount per year"
            }
            _ => {
                ": an amount for a period is not a single amount; monthly(m) and once(m) say so when the law does"
            }
        },
        (Type::Money(_), Type::Share(_)) => ": put it inside `round half up(…)` or another rounding",
        (Type::Money(_), Type::Int | Type::Decimal) => ": write an amount, such as EUR 10.00 per month",
        (Type::Int, Type::Decimal) => ": put it inside floor(…), ceiling(…) or a rounding",
        _ => "",
    };
    format!("{needed} was expected, this is {found}{why}")
}

pub(super) fn arithmetic(op: Op, a: &Type, b: &Type) -> Result<Type, String> {
    use Type::{Date, Decimal, Duration, Int, Money, Share};
    Ok(match (op, a, b) {
        (Op::Add, Date, Duration) | (Op::Subtract, Date, Duration) | (Op::Add, Duration, Date) => Date,
        (Op::Add | Op::Subtract, Duration, Duration) => Duration,
        (Op::Subtract, Date, Date) => {
            return Err("write days between(a, b), months between(a, b) or years between(a, b)".to_owned());
        }
        (
            Op::Add | Op::Subtract,
            Int | Decimal | Money(_) | Share(_),
            Int | Decimal | Money(_) | Share(_),
        ) => joined(a, b).ok_or_else(|| mismatch(a, b))?,
        (Op::Multiply, Int, Int) => Int,
        (Op::Multiply | Op::Divide, Int | Decimal, Int | Decimal) => Decimal,
        (Op::Multiply, Int, Money(p)) | (Op::Multiply, Money(p), Int) => Money(*p),
        (Op::Multiply, Int | Decimal, Money(p) | Share(p))
        | (Op::Multiply, Money(p) | Share(p), Int | Decimal) => Share(*p),
        (Op::Divide, Money(p) | Share(p), Int | Decimal) => Share(*p),
        (Op::Divide, Money(p) | Share(p), Money(q) | Share(q)) if p == q => Decimal,
        (Op::Divide, Money(_) | Share(_), Money(_) | Share(_)) => return Err(mismatch(a, b)),
        (Op::Multiply, Money(_) | Share(_), Money(_) | Share(_)) => {
            return Err("money times money has no meaning".to_owned());
        }
        _ => {
            let word = match op {
                Op::Add => "add",
                Op::Subtract => "subtract",
                Op::Multiply => "multiply",
                _ => "divide",
            };
            return Err(format!("`{}` cannot {word} {a} and {b}", op.sign()));
        }
    })
}
