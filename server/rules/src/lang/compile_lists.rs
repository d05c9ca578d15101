//! What is asked of a whole list: membership, counts, sums, averages over months.

use super::{
    Type,
    ast::Op,
    compile::{MAX_KEPT, each, fun, is_known},
    node::{Aggregate, Node, NodeKind},
    ops,
    value::{Each, Fault, Fun, Value, Walk},
};
use karton_api::Rounding;

pub(super) fn in_list(value: &Node, list: &Node) -> Fun {
    if let NodeKind::List(parts) = &list.kind {
        let constants: Option<Vec<Value>> = parts
            .iter()
            .map(|part| {
                if let NodeKind::Const(value) = part.kind {
                    Some(value)
                } else {
                    None
                }
            })
            .collect();
        if let Some(constants) = constants {
            let value = fun(value);
            // A short list is as good as one comparison.
            let steps = constants.len() / 16;
            return Box::new(move |context| {
                let value = value(context);
                if !is_known(value) {
                    return value;
                }
                if steps > 0 && !context.spend(steps) {
                    return Value::Fault(Fault::TooLong);
                }
                Value::Bool(
                    constants
                        .iter()
                        .any(|c| ops::compare(value, *c).is_some_and(|order| order.is_eq())),
                )
            });
        }
    }
    let (value, list) = (fun(value), each(list));
    Box::new(move |context| {
        let value = value(context);
        if !is_known(value) {
            return value;
        }
        let mut found = Value::Bool(false);
        list(context, &mut |element| {
            if !is_known(element) {
                found = if is_known(found) {
                    element
                } else {
                    context.both(found, element)
                };
            } else if ops::compare(value, element).is_some_and(|order| order.is_eq()) {
                found = Value::Bool(true);
                return Walk::Stop;
            }
            Walk::On
        });
        found
    })
}

pub(super) fn aggregate(which: Aggregate, list: &Node, ty: &Type) -> Fun {
    let money = matches!(ty, Type::Money(_) | Type::Share(_));
    let list = each(list);
    Box::new(move |context| {
        let mut unknown: Option<Value> = None;
        let mut count = 0_i64;
        let mut months: Vec<i64> = Vec::new();
        let mut found = match which {
            Aggregate::Sum if money => Value::Money(0),
            Aggregate::Sum => Value::Int(0),
            _ => Value::Fault(Fault::EmptyList),
        };
        list(context, &mut |element| {
            if !is_known(element) {
                unknown = Some(unknown.map_or(element, |so_far| context.both(so_far, element)));
                return Walk::On;
            }
            count += 1;
            match which {
                Aggregate::Count => {}
                Aggregate::Months => {
                    if let Value::Date(day) = element {
                        months.push(ops::months(day));
                        if months.len() > MAX_KEPT * 2 {
                            months.sort_unstable();
                            months.dedup();
                        }
                    }
                }
                Aggregate::Sum if is_known(found) => found = ops::arithmetic(Op::Add, found, element),
                Aggregate::Sum => {}
                Aggregate::Min | Aggregate::Max => {
                    let better = match ops::compare(element, found) {
                        None => count == 1,
                        Some(order) if which == Aggregate::Min => order.is_lt(),
                        Some(order) => order.is_gt(),
                    };
                    if better {
                        found = element;
                    }
                }
            }
            Walk::On
        });
        match (unknown, which) {
            (Some(unknown), _) => unknown,
            (None, Aggregate::Count) => Value::Int(count),
            (None, Aggregate::Months) => {
                months.sort_unstable();
                months.dedup();
                i64::try_from(months.len()).map_or(Value::Fault(Fault::TooLarge), Value::Int)
            }
            (None, _) => found,
        }
    })
}

pub(super) fn average(rows: Each, slot: usize, month: Fun, value: Fun, period: Fun, money: bool) -> Fun {
    Box::new(move |context| {
        let (from, until) = match period(context) {
            Value::Period(from, until) => (from, until),
            other => return other,
        };
        let mut unknown: Option<Value> = None;
        let mut sum = if money { Value::Money(0) } else { Value::Int(0) };
        rows(context, &mut |row| {
            let mut lacks =
                |value| unknown = Some(unknown.map_or(value, |so_far| context.both(so_far, value)));
            if !is_known(row) {
                lacks(row);
                return Walk::On;
            }
            context.set(slot, row);
            match month(context) {
                Value::Date(day) if from <= day && day < until => match value(context) {
                    known if is_known(known) && is_known(sum) => sum = ops::arithmetic(Op::Add, sum, known),
                    known if is_known(known) => {}
                    other => lacks(other),
                },
                Value::Date(_) => {}
                other => lacks(other),
            }
            Walk::On
        });
        if let Some(unknown) = unknown {
            return unknown;
        }
        let months = ops::months(until) - ops::months(from);
        match sum {
            Value::Money(minor) if months > 0 => {
                let average = Rounding::HalfUp.divide(i128::from(minor), i128::from(months));
                i64::try_from(average).map_or(Value::Fault(Fault::TooLarge), Value::Money)
            }
            other if is_known(other) => ops::arithmetic(Op::Divide, other, Value::Int(months)),
            other => other,
        }
    })
}

/// Hands on the rows of the latest months that occur among them. A row whose month nobody knows may be any of them.
pub(super) fn latest_months(rows: Each, slot: usize, month: Fun, count: i64) -> Each {
    Box::new(move |context, sink| {
        let mut found: Vec<(i64, Value)> = Vec::new();
        let mut unknown: Option<Value> = None;
        rows(context, &mut |row| {
            let mut lacks =
                |value| unknown = Some(unknown.map_or(value, |so_far| context.both(so_far, value)));
            if !is_known(row) {
                lacks(row);
                return Walk::On;
            }
            context.set(slot, row);
            match month(context) {
                Value::Date(day) => found.push((ops::months(day), row)),
                other => lacks(other),
            }
            if found.len() > MAX_KEPT {
                unknown = Some(Value::Fault(Fault::TooLong));
                return Walk::Stop;
            }
            Walk::On
        });
        if let Some(unknown) = unknown {
            return sink(unknown);
        }
        let mut months: Vec<i64> = found.iter().map(|(month, _)| *month).collect();
        months.sort_unstable_by(|a, b| b.cmp(a));
        months.dedup();
        let last = usize::try_from(count)
            .ok()
            .and_then(|n| months.get(n.min(months.len()).checked_sub(1)?));
        let Some(last) = last.copied() else {
            return Walk::On;
        };
        for (_, row) in found.iter().filter(|(month, _)| *month >= last) {
            if context.hand_on(*row, sink) == Walk::Stop {
                return Walk::Stop;
            }
        }
        Walk::On
    })
}
