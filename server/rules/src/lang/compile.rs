use super::{
    Type,
    ast::Op,
    compile_lists::{aggregate, average, in_list, latest_months},
    look_up::parameter_value,
    node::{DatePart, Node, NodeKind},
    ops,
    value::{Context, Each, Fault, Fun, Read, Value, Walk},
};

/// Elements that one expression may keep.
pub(super) const MAX_KEPT: usize = 100_000;

pub(super) fn is_known(value: Value) -> bool {
    !matches!(value, Value::Unknown(_) | Value::Fault(_))
}

/// Hands on the elements of a list that has a value.
fn walk_value(context: &Context<'_>, list: Value, sink: &mut dyn FnMut(Value) -> Walk) -> Walk {
    match list {
        Value::Rows { at, count, width } => {
            for row in 0..count {
                if context.hand_on(Value::Row(at + row * width), sink) == Walk::Stop {
                    return Walk::Stop;
                }
            }
            Walk::On
        }
        Value::List(at, length) => {
            for i in 0..length {
                if context.hand_on(context.kept(at + i), sink) == Walk::Stop {
                    return Walk::Stop;
                }
            }
            Walk::On
        }
        other => sink(other),
    }
}

/// Compiles a list: what hands on its elements.
pub(super) fn each(node: &Node) -> Each {
    match &node.kind {
        NodeKind::Members => Box::new(|context, sink| {
            for person in 0..context.world.members {
                if context.hand_on(Value::Person(person), sink) == Walk::Stop {
                    return Walk::Stop;
                }
            }
            Walk::On
        }),
        NodeKind::List(parts) => {
            let parts: Vec<Fun> = parts.iter().map(fun).collect();
            Box::new(move |context, sink| {
                for part in &parts {
                    if context.hand_on(part(context), sink) == Walk::Stop {
                        return Walk::Stop;
                    }
                }
                Walk::On
            })
        }
        NodeKind::Map { list, slot, body } => {
            let (list, slot) = (each(list), *slot);
            if matches!(body.ty, Type::List(_) | Type::Nothing) {
                let body = each(body);
                return Box::new(move |context, sink| {
                    list(context, &mut |element| {
                        if !is_known(element) {
                            return sink(element);
                        }
                        context.set(slot, element);
                        body(context, sink)
                    })
                });
            }
            let body = fun(body);
            Box::new(move |context, sink| {
                list(context, &mut |element| {
                    if !is_known(element) {
                        return sink(element);
                    }
                    context.set(slot, element);
                    sink(body(context))
                })
            })
        }
        NodeKind::Filter { list, slot, test } => {
            let (list, slot, test) = (each(list), *slot, fun(test));
            Box::new(move |context, sink| {
                list(context, &mut |element| {
                    if !is_known(element) {
                        return sink(element);
                    }
                    context.set(slot, element);
                    match test(context) {
                        Value::Bool(true) => sink(element),
                        Value::Bool(false) => Walk::On,
                        unknown => sink(unknown),
                    }
                })
            })
        }
        NodeKind::If(condition, yes, no) => {
            let (condition, yes, no) = (fun(condition), each(yes), each(no));
            Box::new(move |context, sink| match condition(context) {
                Value::Bool(true) => yes(context, sink),
                Value::Bool(false) => no(context, sink),
                unknown => sink(unknown),
            })
        }
        NodeKind::LatestMonths {
            rows,
            slot,
            month,
            count,
        } => latest_months(each(rows), *slot, fun(month), *count),
        NodeKind::Concatenate(parts) => {
            let parts: Vec<Each> = parts.iter().map(each).collect();
            Box::new(move |context, sink| {
                for part in &parts {
                    if part(context, sink) == Walk::Stop {
                        return Walk::Stop;
                    }
                }
                Walk::On
            })
        }
        _ => {
            let value = fun(node);
            Box::new(move |context, sink| walk_value(context, value(context), sink))
        }
    }
}

/// Compiles a value. A list is worked out and kept.
pub(super) fn fun(node: &Node) -> Fun {
    match &node.kind {
        NodeKind::Const(value) => {
            let value = *value;
            Box::new(move |_| value)
        }
        NodeKind::On => Box::new(|context| Value::Date(context.world.on)),
        NodeKind::Lodged => Box::new(|context| Value::Date(context.world.lodged)),
        NodeKind::Slot(slot) => {
            let slot = *slot;
            Box::new(move |context| {
                context.note(Read::Slot(u32::try_from(slot).unwrap_or(u32::MAX)));
                context.slot(slot)
            })
        }
        NodeKind::PersonFact(person, fact) => person_fact(person, *fact),
        NodeKind::HouseholdFact(fact) => {
            let fact = *fact;
            Box::new(move |context| context.household(fact))
        }
        NodeKind::ClaimFact(fact) => {
            let fact = *fact;
            Box::new(move |context| context.claim(fact))
        }
        NodeKind::Column(row, column) => {
            let (row, column) = (fun(row), *column);
            Box::new(move |context| match row(context) {
                Value::Row(at) => context.cell(at + column),
                other if is_known(other) => Value::Fault(Fault::WrongType),
                unknown => unknown,
            })
        }
        NodeKind::Parameter { parameter, keys, day } => parameter_value(*parameter, keys, day.as_deref()),
        NodeKind::Not(value) => {
            let value = fun(value);
            Box::new(move |context| match value(context) {
                Value::Bool(b) => Value::Bool(!b),
                unknown => unknown,
            })
        }
        NodeKind::And(a, b) => {
            let (a, b) = (fun(a), fun(b));
            Box::new(move |context| match a(context) {
                Value::Bool(false) => Value::Bool(false),
                Value::Bool(true) => b(context),
                unknown => match b(context) {
                    Value::Bool(false) => Value::Bool(false),
                    Value::Bool(true) => unknown,
                    other => context.both(unknown, other),
                },
            })
        }
        NodeKind::Or(a, b) => {
            let (a, b) = (fun(a), fun(b));
            Box::new(move |context| match a(context) {
                Value::Bool(true) => Value::Bool(true),
                Value::Bool(false) => b(context),
                unknown => match b(context) {
                    Value::Bool(true) => Value::Bool(true),
                    Value::Bool(false) => unknown,
                    other => context.both(unknown, other),
                },
            })
        }
        NodeKind::Compare(op, a, b) => compare(*op, a, b),
        NodeKind::Arithmetic(op, a, b) => {
            let (op, a, b) = (*op, fun(a), fun(b));
            Box::new(move |context| two(context, a(context), b(context), |a, b| ops::arithmetic(op, a, b)))
        }
        NodeKind::Negate(value) => one(value, ops::negate),
        NodeKind::Between {
            value,
            low,
            high,
            low_in,
            high_in,
        } => {
            let (value, low, high) = (fun(value), fun(low), fun(high));
            let above = if *low_in { Op::LessOrEqual } else { Op::Less };
            let below = if *high_in { Op::LessOrEqual } else { Op::Less };
            Box::new(move |context| {
                let value = value(context);
                let above = two(context, low(context), value, |low, value| {
                    ops::holds(above, low, value)
                });
                if above == Value::Bool(false) {
                    return above;
                }
                let below = two(context, value, high(context), |value, high| {
                    ops::holds(below, value, high)
                });
                match (above, below) {
                    (_, Value::Bool(false)) | (Value::Bool(true), _) => below,
                    (unknown, Value::Bool(_)) => unknown,
                    (a, b) => context.both(a, b),
                }
            })
        }
        NodeKind::InPeriod(day, period) => {
            let (day, period) = (fun(day), fun(period));
            Box::new(move |context| {
                two(context, day(context), period(context), |day, period| {
                    match (day, period) {
                        (Value::Date(day), Value::Period(from, until)) => {
                            Value::Bool(from <= day && day < until)
                        }
                        _ => Value::Fault(Fault::WrongType),
                    }
                })
            })
        }
        NodeKind::InList(value, list) => in_list(value, list),
        NodeKind::Quantified {
            some,
            list,
            slot,
            test,
        } => {
            let (some, list, slot, test) = (*some, each(list), *slot, fun(test));
            Box::new(move |context| {
                let mut found = Value::Bool(!some);
                list(context, &mut |element| {
                    let verdict = if is_known(element) {
                        context.set(slot, element);
                        test(context)
                    } else {
                        element
                    };
                    match verdict {
                        Value::Bool(b) if b == some => {
                            found = Value::Bool(some);
                            return Walk::Stop;
                        }
                        Value::Bool(_) => {}
                        unknown if is_known(found) => found = unknown,
                        unknown => found = context.both(found, unknown),
                    }
                    Walk::On
                });
                found
            })
        }
        NodeKind::If(condition, yes, no) if !matches!(node.ty, Type::List(_) | Type::Nothing) => {
            let (condition, yes, no) = (fun(condition), fun(yes), fun(no));
            Box::new(move |context| match condition(context) {
                Value::Bool(true) => yes(context),
                Value::Bool(false) => no(context),
                fault @ Value::Fault(_) => fault,
                unknown => {
                    let (yes, no) = (yes(context), no(context));
                    let agree = is_known(yes)
                        && is_known(no)
                        && ops::compare(yes, no).is_some_and(|order| order.is_eq());
                    if agree { yes } else { unknown }
                }
            })
        }
        NodeKind::LastMonths(count, None) => {
            let count = *count;
            Box::new(move |context| ops::last_months(count, context.world.lodged))
        }
        NodeKind::LastMonths(count, Some(day)) => {
            let count = *count;
            one(day, move |day| match day {
                Value::Date(day) => ops::last_months(count, day),
                _ => Value::Fault(Fault::WrongType),
            })
        }
        NodeKind::WorkingDays(a, b) => {
            let (a, b) = (fun(a), fun(b));
            Box::new(move |context| {
                let law = context.law;
                two(context, a(context), b(context), |a, b| match (a, b) {
                    (Value::Date(a), Value::Date(b)) => Value::Int(ops::working_days(a, b, &law.holidays)),
                    _ => Value::Fault(Fault::WrongType),
                })
            })
        }
        NodeKind::WorkingDaysAfter(day, count) => {
            let (day, count) = (fun(day), fun(count));
            Box::new(move |context| {
                let law = context.law;
                two(context, day(context), count(context), |day, count| {
                    match (day, count) {
                        (Value::Date(day), Value::Int(count)) => {
                            // Days are gone through one by one, in weeks of seven.
                            match usize::try_from(count.saturating_mul(2)) {
                                Ok(days) if !context.spend(days) => Value::Fault(Fault::TooLong),
                                _ => ops::working_days_after(day, count, &law.holidays),
                            }
                        }
                        _ => Value::Fault(Fault::WrongType),
                    }
                })
            })
        }
        NodeKind::Aggregate(which, list) => aggregate(*which, list, &node.ty),
        NodeKind::Average {
            rows,
            slot,
            month,
            value,
            period,
        } => {
            let money = matches!(node.ty, Type::Money(_));
            average(each(rows), *slot, fun(month), fun(value), fun(period), money)
        }
        NodeKind::Round { mode, value, digits } => {
            let (mode, digits) = (*mode, *digits);
            let (money, whole) = (matches!(node.ty, Type::Money(_)), node.ty == Type::Int);
            one(value, move |value| ops::round(mode, value, digits, money, whole))
        }
        NodeKind::Between2(unit, a, b) => {
            let (unit, a, b) = (*unit, fun(a), fun(b));
            Box::new(move |context| {
                two(context, a(context), b(context), |a, b| match (a, b) {
                    (Value::Date(a), Value::Date(b)) => Value::Int(ops::between(unit, a, b)),
                    _ => Value::Fault(Fault::WrongType),
                })
            })
        }
        NodeKind::DatePart(part, day) => {
            let part = *part;
            one(day, move |day| match day {
                Value::Date(day) => match part {
                    DatePart::Year => Value::Int(i64::from(day.year())),
                    DatePart::Month => Value::Int(i64::from(day.month())),
                    DatePart::FirstOfMonth => Value::Date(day.first_of_month()),
                },
                _ => Value::Fault(Fault::WrongType),
            })
        }
        NodeKind::Known(value) => known(value),
        NodeKind::As(value) => fun(value),
        _ => kept(each(node)),
    }
}

/// A list worked out and kept.
fn kept(list: Each) -> Fun {
    Box::new(move |context| {
        let mut found = context.scratch.buffers.borrow_mut().pop().unwrap_or_default();
        list(context, &mut |element| {
            found.push(element);
            if found.len() > MAX_KEPT {
                Walk::Stop
            } else {
                Walk::On
            }
        });
        let value = if found.len() > MAX_KEPT {
            Value::Fault(Fault::TooLong)
        } else {
            context.keep(&found)
        };
        found.clear();
        context.scratch.buffers.borrow_mut().push(found);
        value
    })
}

pub(super) fn one(value: &Node, op: impl Fn(Value) -> Value + Send + Sync + 'static) -> Fun {
    let value = fun(value);
    Box::new(move |context| {
        let value = value(context);
        if is_known(value) { op(value) } else { value }
    })
}

fn two(context: &Context<'_>, a: Value, b: Value, op: impl Fn(Value, Value) -> Value) -> Value {
    if is_known(a) && is_known(b) {
        op(a, b)
    } else {
        unknown_of(context, a, b)
    }
}

#[cold]
pub(super) fn unknown_of(context: &Context<'_>, a: Value, b: Value) -> Value {
    if is_known(a) {
        b
    } else if is_known(b) {
        a
    } else {
        context.both(a, b)
    }
}

/// The commonest shapes have closures of their own: fewer calls for the same meaning.
fn person_fact(person: &Node, fact: u32) -> Fun {
    match &person.kind {
        NodeKind::Slot(slot) => {
            let slot = *slot;
            Box::new(move |context| match context.slot(slot) {
                Value::Person(person) => {
                    context.note(Read::Slot(u32::try_from(slot).unwrap_or(u32::MAX)));
                    context.person(person, fact)
                }
                other if is_known(other) => Value::Fault(Fault::WrongType),
                unknown => unknown,
            })
        }
        NodeKind::Const(Value::Person(person)) => {
            let person = *person;
            Box::new(move |context| context.person(person, fact))
        }
        _ => {
            let person = fun(person);
            Box::new(move |context| match person(context) {
                Value::Person(person) => context.person(person, fact),
                other if is_known(other) => Value::Fault(Fault::WrongType),
                unknown => unknown,
            })
        }
    }
}

fn compare(op: Op, a: &Node, b: &Node) -> Fun {
    if let NodeKind::Const(constant) = b.kind {
        let a = fun(a);
        return Box::new(move |context| {
            let a = a(context);
            if is_known(a) {
                ops::holds(op, a, constant)
            } else {
                a
            }
        });
    }
    let (a, b) = (fun(a), fun(b));
    Box::new(move |context| two(context, a(context), b(context), |a, b| ops::holds(op, a, b)))
}

fn known(value: &Node) -> Fun {
    if matches!(value.ty, Type::List(_) | Type::Nothing) {
        let list = each(value);
        return Box::new(move |context| {
            let mut all = true;
            list(context, &mut |element| {
                all = is_known(element);
                if all { Walk::On } else { Walk::Stop }
            });
            Value::Bool(all)
        });
    }
    let value = fun(value);
    Box::new(move |context| Value::Bool(is_known(value(context))))
}
