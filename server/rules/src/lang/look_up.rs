//! Parameters and tables by day and keys.

use super::{
    compile::{fun, is_known, unknown_of},
    node::Node,
    ops,
    value::{Context, Dated, Fault, Fun, Looked, Lookup, MOST_KEYS, Read, Value},
};
use karton_api::Date;
use std::cmp::Ordering;

const NONE: Value = Value::Unknown(u32::MAX);

pub(super) fn parameter_value(parameter: u32, keys: &[Node], day: Option<&Node>) -> Fun {
    let day = day.map(fun);
    let day_of = move |context: &Context<'_>| {
        day.as_ref()
            .map_or(Value::Date(context.world.on), |day| day(context))
    };
    match keys {
        [] => Box::new(move |context| match day_of(context) {
            Value::Date(day) => look_up(context, parameter, &[], day),
            unknown => unknown,
        }),
        [key] => {
            let key = fun(key);
            Box::new(move |context| match (key(context), day_of(context)) {
                (key, day) if !is_known(key) => unknown_of(context, key, day),
                (key, Value::Date(day)) => look_up(context, parameter, &[key], day),
                (_, unknown) => unknown,
            })
        }
        keys => {
            let keys: Vec<Fun> = keys.iter().take(MOST_KEYS).map(fun).collect();
            Box::new(move |context| {
                let mut found = [NONE; MOST_KEYS];
                let mut unknown = None;
                for (place, key) in found.iter_mut().zip(&keys) {
                    *place = key(context);
                    if !is_known(*place) {
                        unknown = Some(unknown.map_or(*place, |so_far| context.both(so_far, *place)));
                    }
                }
                match (unknown, day_of(context)) {
                    (Some(unknown), day) => unknown_of(context, unknown, day),
                    (None, Value::Date(day)) => look_up(context, parameter, &found[..keys.len()], day),
                    (None, unknown) => unknown,
                }
            })
        }
    }
}

/// What a parameter holds on a day as far as it can be known, and its place among the dated values.
pub(super) fn dated(lookup: &Lookup, day: Date, known_at: Date) -> Option<(usize, &Dated)> {
    let holds = |dated: &Dated| dated.from <= day && dated.published <= known_at;
    let at = lookup.at.iter().rposition(holds)?;
    Some((at, lookup.at.get(at)?))
}

/// The value for known keys.
pub(super) fn looked(among_these: &Looked, keys: &[Value]) -> Value {
    let value = match (among_these, keys) {
        (Looked::One(value), _) => Some(*value),
        (Looked::Steps(rows), [Value::Int(key)]) => {
            rows.iter().rev().find(|(row, _)| row <= key).map(|(_, v)| *v)
        }
        (Looked::Named(rows), [Value::Text(key)]) => rows.iter().find(|(row, _)| row == key).map(|(_, v)| *v),
        (Looked::Rows { rows, up_to }, keys) => among(rows, keys, *up_to),
        _ => return Value::Fault(Fault::WrongType),
    };
    value.unwrap_or(Value::Fault(Fault::NoRow))
}

fn look_up(context: &Context<'_>, parameter: u32, keys: &[Value], day: Date) -> Value {
    let lookup = context.law.lookups.get(parameter as usize);
    let Some((at, found)) = lookup.and_then(|lookup| dated(lookup, day, context.world.known_at)) else {
        return Value::Fault(Fault::NoValueYet);
    };
    let value = looked(&found.value, keys);
    if is_known(value) && context.scratch.recording.get() {
        let mut noted = [NONE; MOST_KEYS];
        for (place, key) in noted.iter_mut().zip(keys) {
            *place = *key;
        }
        context.note(Read::Parameter {
            parameter,
            at: u32::try_from(at).unwrap_or(0),
            keys: noted,
            value,
            day,
        });
    }
    value
}

/// The one row that is left when the keys are looked at one after the other: a code's own row before the one for every other code, of
/// numbers, amounts and days the nearest on the right side.
fn among(rows: &[(Vec<Option<Value>>, Value)], keys: &[Value], up_to: bool) -> Option<Value> {
    let mut left: Vec<&(Vec<Option<Value>>, Value)> = rows.iter().collect();
    for (place, key) in keys.iter().enumerate() {
        let at = |row: &(Vec<Option<Value>>, Value)| row.0.get(place).copied().flatten();
        let best = if matches!(key, Value::Text(_)) {
            left.iter().filter_map(|row| at(row)).find(|cell| cell == key)
        } else {
            let on_side = left.iter().filter_map(|row| at(row)).filter(|cell| {
                let order = ops::compare(*cell, *key);
                order.is_some_and(|order| if up_to { order.is_ge() } else { order.is_le() })
            });
            let nearer = |a: &Value, b: &Value| {
                let order = ops::compare(*a, *b).unwrap_or(Ordering::Equal);
                if up_to { order.reverse() } else { order }
            };
            on_side.max_by(nearer)
        };
        left.retain(|row| at(row) == best);
    }
    left.first().map(|(_, value)| *value)
}
