//! What is worked out lane by lane. Where all is known and fits into words it is one plain loop; everything else goes through the same
//! functions as a single evaluation.

use super::{
    Column, FAULT, KNOWN, Unit,
    column::{months_of, not_known, state_of, word},
    lists::is_better,
};
use crate::lang::{
    Fault, Value,
    ast::Op as Sign,
    look_up,
    node::{Aggregate, Between},
    ops,
    value::Lookup,
};
use karton_api::Date;
use std::rc::Rc;

/// One value from one.
pub(super) fn one(a: &Column, lanes: usize, unit: Unit, op: impl Fn(Value) -> Value) -> Column {
    let apply = |value: Value| {
        if state_of(value) == KNOWN {
            op(value)
        } else {
            value
        }
    };
    match a {
        Column::One(value) => Column::One(apply(*value)),
        other => Column::collect(unit, (0..lanes).map(|lane| apply(other.get(lane)))),
    }
}

/// One value from two.
pub(super) fn two(
    a: &Column,
    b: &Column,
    lanes: usize,
    unit: Unit,
    op: impl Fn(Value, Value) -> Value,
) -> Column {
    let apply = |a: Value, b: Value| match (state_of(a), state_of(b)) {
        (KNOWN, KNOWN) => op(a, b),
        (x, y) => not_known(x.max(y)),
    };
    match (a, b) {
        (Column::One(a), Column::One(b)) => Column::One(apply(*a, *b)),
        _ => Column::collect(unit, (0..lanes).map(|lane| apply(a.get(lane), b.get(lane)))),
    }
}

/// Two columns of which at least one differs from lane to lane, as words of one unit.
enum Pair<'a> {
    Both(&'a [i64], &'a [i64]),
    Left(&'a [i64], i64),
    Right(i64, &'a [i64]),
}

impl<'a> Pair<'a> {
    /// Nothing where one of them is no word or not known everywhere.
    fn of(a: &'a Column, b: &'a Column) -> Option<Pair<'a>> {
        match (a, b) {
            (Column::One(a), b) => Some(Pair::Right(word(*a)?, b.words()?)),
            (a, Column::One(b)) => Some(Pair::Left(a.words()?, word(*b)?)),
            (a, b) => Some(Pair::Both(a.words()?, b.words()?)),
        }
    }
    fn map<T>(&self, op: impl Fn(i64, i64) -> T) -> Vec<T> {
        match self {
            Pair::Both(a, b) => a.iter().zip(*b).map(|(a, b)| op(*a, *b)).collect(),
            Pair::Left(a, b) => a.iter().map(|a| op(*a, *b)).collect(),
            Pair::Right(a, b) => b.iter().map(|b| op(*a, *b)).collect(),
        }
    }
}

fn unit_of(column: &Column) -> Option<Unit> {
    match column {
        Column::One(value) => Some(match value {
            Value::Bool(_) => Unit::Bool,
            Value::Int(_) => Unit::Int,
            Value::Money(_) => Unit::Money,
            Value::Date(_) => Unit::Date,
            Value::Text(_) => Unit::Text,
            Value::Person(_) => Unit::Person,
            Value::Row(_) => Unit::Row,
            _ => return None,
        }),
        Column::Words { unit, .. } => Some(*unit),
        _ => None,
    }
}

pub(super) fn compare(sign: Sign, a: &Column, b: &Column, lanes: usize) -> Column {
    if let Some(pair) = Pair::of(a, b)
        && unit_of(a) == unit_of(b)
    {
        let at = match sign {
            Sign::Equal => pair.map(|a, b| i64::from(a == b)),
            Sign::NotEqual => pair.map(|a, b| i64::from(a != b)),
            Sign::Less => pair.map(|a, b| i64::from(a < b)),
            Sign::LessOrEqual => pair.map(|a, b| i64::from(a <= b)),
            Sign::Greater => pair.map(|a, b| i64::from(a > b)),
            _ => pair.map(|a, b| i64::from(a >= b)),
        };
        return Column::known(Unit::Bool, at);
    }
    two(a, b, lanes, Unit::Bool, |a, b| ops::holds(sign, a, b))
}

pub(super) fn arithmetic(sign: Sign, a: &Column, b: &Column, lanes: usize, unit: Unit) -> Column {
    if let (Some(pair), Some(x), Some(y)) = (Pair::of(a, b), unit_of(a), unit_of(b)) {
        let numbers = |unit: Unit| matches!(unit, Unit::Int | Unit::Money);
        let found = match sign {
            Sign::Add if x == y && numbers(x) => Some(pair.map(i64::overflowing_add)),
            Sign::Subtract if x == y && numbers(x) => Some(pair.map(i64::overflowing_sub)),
            Sign::Multiply if numbers(x) && numbers(y) && (x == Unit::Int || y == Unit::Int) => {
                Some(pair.map(i64::overflowing_mul))
            }
            _ => None,
        };
        if let Some(found) = found
            && unit.is_word()
            && found.iter().all(|(_, over)| !over)
        {
            return Column::known(unit, found.into_iter().map(|(word, _)| word).collect());
        }
    }
    two(a, b, lanes, unit, |a, b| ops::arithmetic(sign, a, b))
}

pub(super) fn not(a: &Column, lanes: usize) -> Column {
    match a {
        Column::Words { unit, at, states } => Column::Words {
            unit: *unit,
            at: at.iter().map(|word| word ^ 1).collect(),
            states: states.clone(),
        },
        other => one(other, lanes, Unit::Bool, |value| match value {
            Value::Bool(b) => Value::Bool(!b),
            other => other,
        }),
    }
}

/// `and`: what is false decides, whatever the other is.
pub(super) fn both_hold(a: &Column, b: &Column, lanes: usize) -> Column {
    logic(a, b, lanes, false)
}

/// `or`: what is true decides, whatever the other is.
pub(super) fn either_holds(a: &Column, b: &Column, lanes: usize) -> Column {
    logic(a, b, lanes, true)
}

fn logic(a: &Column, b: &Column, lanes: usize, decides: bool) -> Column {
    let constant = |value: &Column| match value {
        Column::One(Value::Bool(b)) => Some(*b),
        _ => None,
    };
    match (constant(a), constant(b)) {
        (Some(x), _) if x == decides => return Column::One(Value::Bool(decides)),
        (_, Some(y)) if y == decides => return Column::One(Value::Bool(decides)),
        (Some(_), _) => return b.clone(),
        (_, Some(_)) => return a.clone(),
        _ => {}
    }
    if let (Some(x), Some(y)) = (a.words(), b.words()) {
        let at = x.iter().zip(y);
        let at = if decides {
            at.map(|(x, y)| x | y).collect()
        } else {
            at.map(|(x, y)| x & y).collect()
        };
        return Column::known(Unit::Bool, at);
    }
    let lane = |lane: usize| {
        if a.is(lane, decides) || b.is(lane, decides) {
            return Value::Bool(decides);
        }
        match a.state(lane).max(b.state(lane)) {
            KNOWN => Value::Bool(!decides),
            state => not_known(state),
        }
    };
    Column::collect(Unit::Bool, (0..lanes).map(lane))
}

/// Whether a value is one of several constants.
pub(super) fn among(value: &Column, constants: &[Value], lanes: usize) -> Column {
    if let (Some(words), Some(unit)) = (value.words(), unit_of(value)) {
        let same = constants
            .iter()
            .all(|it| unit_of(&Column::One(*it)) == Some(unit));
        let known: Vec<i64> = constants.iter().filter_map(|it| word(*it)).collect();
        if same {
            let mut found = vec![0_i64; words.len()];
            for constant in known {
                for (found, word) in found.iter_mut().zip(words) {
                    *found |= i64::from(*word == constant);
                }
            }
            return Column::known(Unit::Bool, found);
        }
    }
    one(value, lanes, Unit::Bool, |value| {
        let same = |constant: &Value| ops::compare(value, *constant).is_some_and(|order| order.is_eq());
        Value::Bool(constants.iter().any(same))
    })
}

/// Whether a value is an element of its lane's list.
pub(super) fn in_list(value: &Column, list: &super::List, lanes: usize) -> Column {
    let mut found: Vec<Value> = (0..lanes)
        .map(
            |lane| match list.lacks.as_ref().and_then(|lacks| lacks.get(lane)).copied() {
                None | Some(KNOWN) => Value::Bool(false),
                Some(state) => not_known(state),
            },
        )
        .collect();
    for (element, lane) in list.up.iter().enumerate() {
        let lane = *lane as usize;
        let same = ops::compare(value.get(lane), list.of.get(element)).is_some_and(|order| order.is_eq());
        if let (true, Some(found)) = (same, found.get_mut(lane)) {
            *found = Value::Bool(true);
        }
    }
    let known = |(lane, found)| match value.state(lane) {
        KNOWN => found,
        state => not_known(state),
    };
    Column::collect(Unit::Bool, found.into_iter().enumerate().map(known))
}

pub(super) fn in_period(day: &Column, period: &Column, lanes: usize) -> Column {
    if let (Some(days), Column::One(Value::Period(from, until))) = (day.words(), period) {
        let (from, until) = (super::day_word(*from), super::day_word(*until));
        return Column::bools(days.iter().map(|day| from <= *day && *day < until));
    }
    two(day, period, lanes, Unit::Bool, |day, period| {
        match (day, period) {
            (Value::Date(day), Value::Period(from, until)) => Value::Bool(from <= day && day < until),
            _ => Value::Fault(Fault::WrongType),
        }
    })
}

/// `if`: where the condition is unknown, both branches must agree.
pub(super) fn chosen(condition: &Column, yes: &Column, no: &Column, lanes: usize, unit: Unit) -> Column {
    if let (Some(words), true) = (condition.words(), unit.is_word())
        && unit_of(yes) == unit_of(no)
        && let Some(pair) = Pair::of(yes, no)
    {
        let at = match pair {
            Pair::Both(yes, no) => {
                let both = yes.iter().zip(no);
                words
                    .iter()
                    .zip(both)
                    .map(|(holds, (yes, no))| if *holds != 0 { *yes } else { *no })
                    .collect()
            }
            Pair::Left(yes, no) => words
                .iter()
                .zip(yes)
                .map(|(holds, yes)| if *holds != 0 { *yes } else { no })
                .collect(),
            Pair::Right(yes, no) => words
                .iter()
                .zip(no)
                .map(|(holds, no)| if *holds != 0 { yes } else { *no })
                .collect(),
        };
        return Column::known(unit, at);
    }
    let lane = |lane: usize| match condition.get(lane) {
        Value::Bool(true) => yes.get(lane),
        Value::Bool(false) => no.get(lane),
        Value::Unknown(_) => {
            let (yes, no) = (yes.get(lane), no.get(lane));
            let known = state_of(yes) == KNOWN && state_of(no) == KNOWN;
            let agree = known && ops::compare(yes, no).is_some_and(|order| order.is_eq());
            if agree { yes } else { Value::Unknown(0) }
        }
        _ => not_known(FAULT),
    };
    Column::collect(unit, (0..lanes).map(lane))
}

/// The lesser or greater of two, the first where they are equal.
pub(super) fn better(which: Aggregate, a: &Column, b: &Column, lanes: usize, unit: Unit) -> Column {
    if let Some(pair) = Pair::of(a, b)
        && unit.is_word()
        && unit_of(a) == unit_of(b)
    {
        let at = if which == Aggregate::Min {
            pair.map(i64::min)
        } else {
            pair.map(i64::max)
        };
        return Column::known(unit, at);
    }
    two(
        a,
        b,
        lanes,
        unit,
        |a, b| if is_better(which, a, b) { b } else { a },
    )
}

/// The numbers of the persons or rows that are named.
pub(super) fn places(named: &Column, lanes: usize) -> Vec<u32> {
    let place = |word: i64| u32::try_from(word).unwrap_or(u32::MAX);
    match named {
        Column::Words { at, states: None, .. } => at.iter().map(|word| place(*word)).collect(),
        // Who is not known has no place.
        other => (0..lanes)
            .map(|lane| word(other.get(lane)).map_or(u32::MAX, place))
            .collect(),
    }
}

/// What was found of persons or rows, not known where it is not known who they are.
pub(super) fn of_known(found: Column, named: &Column, lanes: usize) -> Column {
    if (0..lanes).all(|lane| named.state(lane) == KNOWN) {
        return found;
    }
    match found {
        Column::Words { unit, at, states } => {
            let named: Vec<u8> = (0..lanes).map(|lane| named.state(lane)).collect();
            Column::Words {
                unit,
                at,
                // Who is not known has no facts, whatever was picked for them.
                states: Some(match states {
                    None => named,
                    Some(states) => states
                        .into_iter()
                        .zip(named)
                        .map(|(own, named)| if named == KNOWN { own } else { named })
                        .collect(),
                }),
            }
        }
        Column::List(mut list) => {
            let named: Vec<u8> = (0..lanes).map(|lane| named.state(lane)).collect();
            let own = list.lacks.take().unwrap_or_else(|| vec![KNOWN; lanes]);
            let states = own.into_iter().zip(&named);
            list.lacks = Some(
                states
                    .map(|(own, named)| if *named == KNOWN { own } else { *named })
                    .collect(),
            );
            Column::List(list)
        }
        other => Column::Values(
            (0..lanes)
                .map(|lane| match named.state(lane) {
                    KNOWN => other.get(lane),
                    state => not_known(state),
                })
                .collect(),
        ),
    }
}

/// A parameter in every lane. What holds on the day is found once where the day is the same in all.
pub(super) fn parameter(
    lookup: Option<&Lookup>,
    keys: &[Rc<Column>],
    day: &Column,
    known_at: Date,
    lanes: usize,
    unit: Unit,
) -> Column {
    let dated = |day: Date| lookup.and_then(|lookup| look_up::dated(lookup, day, known_at));
    let fixed = match day {
        Column::One(Value::Date(day)) => Some(dated(*day)),
        _ => None,
    };
    let mut recent: Option<(Vec<Value>, Value)> = None;
    let mut lane = |lane: usize| {
        let mut state = day.state(lane);
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            let key = key.get(lane);
            state = state.max(state_of(key));
            found.push(key);
        }
        if state != KNOWN {
            return not_known(state);
        }
        let dated = match (fixed, day.get(lane)) {
            (Some(dated), _) => dated,
            (None, Value::Date(day)) => dated(day),
            (None, _) => return Value::Fault(Fault::WrongType),
        };
        if fixed.is_some()
            && let Some((keys, value)) = &recent
            && *keys == found
        {
            return *value;
        }
        let value = match dated {
            Some((_, dated)) => look_up::looked(&dated.value, &found),
            None => Value::Fault(Fault::NoValueYet),
        };
        recent = Some((found, value));
        value
    };
    let same = |column: &Column| matches!(column, Column::One(_));
    if same(day) && keys.iter().all(|key| same(key)) {
        return Column::One(lane(0));
    }
    Column::collect(unit, (0..lanes).map(lane))
}

/// Completed years, months or days.
pub(super) fn between(unit: Between, a: &Column, b: &Column, lanes: usize) -> Column {
    if let Some(pair) = Pair::of(a, b)
        && unit_of(a) == Some(Unit::Date)
        && unit_of(b) == Some(Unit::Date)
        && unit != Between::Days
    {
        let completed = |a: i64, b: i64| {
            let months = months_of(b) - months_of(a) - i64::from(b & 31 < a & 31);
            if unit == Between::Months {
                months
            } else {
                months.div_euclid(12)
            }
        };
        let at = pair.map(|a, b| if b < a { -completed(b, a) } else { completed(a, b) });
        return Column::known(Unit::Int, at);
    }
    two(a, b, lanes, Unit::Int, |a, b| match (a, b) {
        (Value::Date(a), Value::Date(b)) => Value::Int(ops::between(unit, a, b)),
        _ => Value::Fault(Fault::WrongType),
    })
}

/// The sum of the elements of each lane, and whether all sums fit.
pub(super) fn sums(
    up: &[u32],
    added: &[i64],
    lanes: usize,
    counts: impl Fn(usize) -> bool,
) -> (Vec<i64>, bool) {
    let mut sums = vec![0_i64; lanes];
    let mut over = false;
    for (element, (lane, word)) in up.iter().zip(added).enumerate() {
        if counts(element)
            && let Some(sum) = sums.get_mut(*lane as usize)
        {
            let (found, too_much) = sum.overflowing_add(*word);
            *sum = found;
            over |= too_much;
        }
    }
    (sums, !over)
}
