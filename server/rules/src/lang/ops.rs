//! What operators do with known values. Types were checked before: a pair that cannot meet is a fault, never a panic.

use super::{
    Ratio,
    ast::Op,
    node::{Between, RoundTo},
    value::{Fault, Value},
};
use jiff::Span;
use karton_api::Date;
use std::cmp::Ordering;

/// Numbers and money as an exact number (money in minor units).
pub(super) fn ratio(value: Value) -> Option<Ratio> {
    match value {
        Value::Int(n) | Value::Money(n) => Some(Ratio::whole(n)),
        Value::Ratio(r) => Some(r),
        _ => None,
    }
}

pub(super) fn compare(a: Value, b: Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(x) | Value::Money(x), Value::Int(y) | Value::Money(y)) => Some(x.cmp(&y)),
        (Value::Date(x), Value::Date(y)) => Some(x.cmp(&y)),
        (Value::Bool(x), Value::Bool(y)) => Some(x.cmp(&y)),
        (Value::Text(x), Value::Text(y)) | (Value::Person(x), Value::Person(y)) => Some(x.cmp(&y)),
        _ => Some(ratio(a)?.cmp(&ratio(b)?)),
    }
}

pub(super) fn holds(op: Op, a: Value, b: Value) -> Value {
    let Some(order) = compare(a, b) else {
        return Value::Fault(Fault::WrongType);
    };
    Value::Bool(match op {
        Op::Equal => order.is_eq(),
        Op::NotEqual => order.is_ne(),
        Op::Less => order.is_lt(),
        Op::LessOrEqual => order.is_le(),
        Op::Greater => order.is_gt(),
        _ => order.is_ge(),
    })
}

fn or_too_large(value: Option<Value>) -> Value {
    value.unwrap_or(Value::Fault(Fault::TooLarge))
}

pub(super) fn arithmetic(op: Op, a: Value, b: Value) -> Value {
    match (op, a, b) {
        (Op::Add, Value::Int(x), Value::Int(y)) => or_too_large(x.checked_add(y).map(Value::Int)),
        (Op::Subtract, Value::Int(x), Value::Int(y)) => or_too_large(x.checked_sub(y).map(Value::Int)),
        (Op::Multiply, Value::Int(x), Value::Int(y)) => or_too_large(x.checked_mul(y).map(Value::Int)),
        (Op::Add, Value::Money(x), Value::Money(y)) => or_too_large(x.checked_add(y).map(Value::Money)),
        (Op::Subtract, Value::Money(x), Value::Money(y)) => or_too_large(x.checked_sub(y).map(Value::Money)),
        (Op::Multiply, Value::Money(x), Value::Int(y)) | (Op::Multiply, Value::Int(x), Value::Money(y)) => {
            or_too_large(x.checked_mul(y).map(Value::Money))
        }
        (Op::Add, Value::Date(d), Value::Duration(months, days))
        | (Op::Add, Value::Duration(months, days), Value::Date(d)) => later(d, months, days),
        (Op::Subtract, Value::Date(d), Value::Duration(months, days)) => {
            match (months.checked_neg(), days.checked_neg()) {
                (Some(months), Some(days)) => later(d, months, days),
                _ => Value::Fault(Fault::TooLarge),
            }
        }
        (Op::Add, Value::Duration(m, d), Value::Duration(n, e)) => or_too_large(
            m.checked_add(n)
                .zip(d.checked_add(e))
                .map(|(m, d)| Value::Duration(m, d)),
        ),
        (Op::Subtract, Value::Duration(m, d), Value::Duration(n, e)) => or_too_large(
            m.checked_sub(n)
                .zip(d.checked_sub(e))
                .map(|(m, d)| Value::Duration(m, d)),
        ),
        _ => {
            let (Some(x), Some(y)) = (ratio(a), ratio(b)) else {
                return Value::Fault(Fault::WrongType);
            };
            let found = match op {
                Op::Add => x.checked_add(y),
                Op::Subtract => x.checked_sub(y),
                Op::Multiply => x.checked_mul(y),
                _ if y.is_zero() => return Value::Fault(Fault::DivisionByZero),
                _ => x.checked_div(y),
            };
            or_too_large(found.map(Value::Ratio))
        }
    }
}

pub(super) fn negate(value: Value) -> Value {
    match value {
        Value::Int(n) => or_too_large(n.checked_neg().map(Value::Int)),
        Value::Money(n) => or_too_large(n.checked_neg().map(Value::Money)),
        Value::Ratio(r) => or_too_large(r.negate().map(Value::Ratio)),
        _ => Value::Fault(Fault::WrongType),
    }
}

/// A day some months and then days later; a day that the month does not have becomes its last.
fn later(day: Date, months: i32, days: i32) -> Value {
    let span = Span::new()
        .try_months(i64::from(months))
        .and_then(|span| span.try_days(i64::from(days)));
    or_too_large(
        span.ok()
            .and_then(|span| day.checked_add(span).ok())
            .map(Value::Date),
    )
}

/// What a rounding gives: to so many decimals (fewer than none: tens, hundreds …).
pub(super) fn round(mode: RoundTo, value: Value, digits: i64, money: bool, whole: bool) -> Value {
    if digits == 0 && (money || whole) && matches!(value, Value::Money(_) | Value::Int(_)) {
        return value;
    }
    let Some(exact) = ratio(value) else {
        return Value::Fault(Fault::WrongType);
    };
    let power = u32::try_from(digits.abs())
        .ok()
        .and_then(|n| 10_i64.checked_pow(n))
        .map(Ratio::whole);
    let rounded = || {
        let power = power?;
        let scaled = if digits < 0 {
            exact.checked_div(power)?
        } else {
            exact.checked_mul(power)?
        };
        let to = match mode {
            RoundTo::Floor => scaled.floor(),
            RoundTo::Ceiling => scaled.ceiling(),
            RoundTo::Named(rounding) => scaled.round(rounding),
        };
        let to = Ratio::new(to, 1)?;
        let back = if digits < 0 {
            to.checked_mul(power)?
        } else {
            to.checked_div(power)?
        };
        Some(if money {
            Value::Money(i64::try_from(back.floor()).ok()?)
        } else if whole {
            Value::Int(i64::try_from(back.floor()).ok()?)
        } else {
            Value::Ratio(back)
        })
    };
    or_too_large(rounded())
}

/// Completed years, months or days from one day to another; negative when the second is earlier.
pub(super) fn between(unit: Between, a: Date, b: Date) -> i64 {
    if b < a {
        return -between(unit, b, a);
    }
    match unit {
        Between::Years => {
            i64::from(b.year()) - i64::from(a.year()) - i64::from((b.month(), b.day()) < (a.month(), a.day()))
        }
        Between::Months => months(b) - months(a) - i64::from(b.day() < a.day()),
        Between::Days => a.until(b).map_or(0, |span| i64::from(span.get_days())),
    }
}

/// Completed years of age on a day.
pub(crate) fn age(birth: Date, on: Date) -> i64 {
    between(Between::Years, birth, on)
}

/// Months since the year 0.
pub(super) fn months(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month())
}

/// The full calendar months before the month of a day.
pub(super) fn last_months(count: i32, before: Date) -> Value {
    let until = before.first_of_month();
    // Months are counted here, because this is asked for every row of a list.
    let month = months(until) - 1 - i64::from(count);
    let year = i16::try_from(month.div_euclid(12)).ok();
    let month = i8::try_from(month.rem_euclid(12) + 1).ok();
    let from = year
        .zip(month)
        .and_then(|(year, month)| Date::new(year, month, 1).ok());
    or_too_large(from.map(|from| Value::Period(from, until)))
}

/// Days on which offices are open after the first day, up to the second and with it; negative when the second is earlier.
pub(super) fn working_days(a: Date, b: Date, holidays: &[Date]) -> i64 {
    if b < a {
        return -working_days(b, a, holidays);
    }
    let days = between(Between::Days, a, b);
    let mut open = days / 7 * 5;
    let first = i64::from(a.weekday().to_monday_zero_offset());
    for more in 1..=days % 7 {
        open += i64::from((first + more) % 7 < 5);
    }
    let from = holidays.partition_point(|day| *day <= a);
    let until = holidays.partition_point(|day| *day <= b);
    let closed = holidays.get(from..until).unwrap_or_default();
    open - closed
        .iter()
        .map(|day| i64::from(day.weekday().to_monday_zero_offset() < 5))
        .sum::<i64>()
}

/// The day so many working days after another, which does not count itself.
pub(super) fn working_days_after(day: Date, count: i64, holidays: &[Date]) -> Value {
    /// Some eighty years: a term that is longer is a mistake.
    const MOST: u32 = 20_000;
    match u32::try_from(count) {
        Ok(count) if count <= MOST => Value::Date(crate::calendar::add_working_days(day, count, holidays)),
        _ => Value::Fault(Fault::TooLarge),
    }
}
