//! Walks through lists, and what is asked of whole lists.

use super::{
    Column, FAULT, KNOWN, List, Unit,
    column::{greater, months_of, not_known, state_of},
    op::Op,
    values,
    work::{Lanes, Work},
};
use crate::lang::{Fault, Value, ast::Op as Sign, node::Aggregate, ops};
use karton_api::Rounding;
use std::{collections::BTreeSet, rc::Rc};

/// A column of lists as a list. A value that is no list stands for a list of which nothing is known.
pub(super) fn list_of(column: &Column, lanes: usize) -> List {
    match column {
        Column::List(list) => list.clone(),
        other => {
            let state = match other {
                Column::One(value) => state_of(*value).max(1),
                _ => FAULT,
            };
            List {
                up: Rc::new(Vec::new()),
                of: Rc::new(Column::known(Unit::Bool, Vec::new())),
                lacks: Some(vec![state; lanes]),
            }
        }
    }
}

/// The lanes inside a walk.
pub(super) fn domain_of(list: &List, outer: Option<&Vec<u32>>) -> Lanes {
    let root = match outer {
        None => list.up.clone(),
        Some(outer) => Rc::new(
            list.up
                .iter()
                .map(|lane| outer.get(*lane as usize).copied().unwrap_or(0))
                .collect(),
        ),
    };
    Lanes {
        count: list.up.len(),
        up: list.up.clone(),
        root,
        element: list.of.clone(),
    }
}

/// The states of a column's lanes, where not all are known.
fn states_of(column: &Column, lanes: usize) -> Option<Vec<u8>> {
    match column {
        Column::One(value) if state_of(*value) == KNOWN => None,
        Column::Words { states, .. } => states.clone(),
        _ => {
            let states: Vec<u8> = (0..lanes).map(|lane| column.state(lane)).collect();
            states.iter().any(|state| *state != KNOWN).then_some(states)
        }
    }
}

/// For each lane outside the greatest state of its lanes inside.
fn outwards(states: &[u8], up: &[u32], lanes: usize) -> Vec<u8> {
    let mut found = vec![KNOWN; lanes];
    for (lane, state) in up.iter().zip(states) {
        if let Some(place) = found.get_mut(*lane as usize) {
            *place = (*place).max(*state);
        }
    }
    found
}

/// Words of one lane each, also where all lanes have the same.
fn spread(column: &Column, lanes: usize, unit: Unit) -> Column {
    match column {
        Column::One(value) => Column::collect(unit, std::iter::repeat_n(*value, lanes)),
        other => other.clone(),
    }
}

/// The elements that are kept, with the lane of each.
fn kept(list: &List, keep: impl Fn(usize) -> bool) -> (Vec<u32>, Column) {
    let mut lanes = Vec::with_capacity(list.up.len());
    if let Column::Words {
        unit,
        at,
        states: None,
    } = &*list.of
    {
        let mut words = Vec::with_capacity(list.up.len());
        for (element, (lane, word)) in list.up.iter().zip(at).enumerate() {
            if keep(element) {
                lanes.push(*lane);
                words.push(*word);
            }
        }
        return (lanes, Column::known(*unit, words));
    }
    let mut places = Vec::with_capacity(list.up.len());
    for (place, lane) in (0_u32..).zip(list.up.iter()) {
        if keep(place as usize) {
            lanes.push(*lane);
            places.push(place);
        }
    }
    (lanes, list.of.gather(&places))
}

impl Work<'_> {
    /// The elements for which the test holds. Where that is not known, a part of the list is not.
    pub(super) fn filter(&mut self, list: &Op, test: &Op, depth: usize) -> Column {
        let list = self.list(list, depth);
        let test = self.inside(&list, depth, |work| work.value(test, depth + 1));
        let (up, of) = match test.words() {
            Some(holds) => kept(&list, |element| holds.get(element).is_some_and(|word| *word != 0)),
            None => kept(&list, |element| test.is(element, true)),
        };
        let lacks =
            states_of(&test, list.up.len()).map(|states| outwards(&states, &list.up, self.lanes(depth)));
        Column::List(List {
            up: Rc::new(up),
            of: Rc::new(of),
            lacks: greater(list.lacks, lacks.as_deref()),
        })
    }

    /// What the body gives for each element; lists are joined in.
    pub(super) fn map(&mut self, list: &Op, body: &Op, depth: usize) -> Column {
        let list = self.list(list, depth);
        let found = self.inside(&list, depth, |work| work.value(body, depth + 1));
        let lanes = self.lanes(depth);
        if body.unit == Unit::List {
            let inner = list_of(&found, list.up.len());
            let up = inner
                .up
                .iter()
                .map(|lane| list.up.get(*lane as usize).copied().unwrap_or(0));
            let lacks = inner
                .lacks
                .as_ref()
                .map(|states| outwards(states, &list.up, lanes));
            return Column::List(List {
                up: Rc::new(up.collect()),
                of: inner.of,
                lacks: greater(list.lacks, lacks.as_deref()),
            });
        }
        let Some(states) = states_of(&found, list.up.len()) else {
            let of = match &*found {
                Column::One(_) => Rc::new(spread(&found, list.up.len(), body.unit)),
                _ => found,
            };
            return Column::List(List { of, ..list });
        };
        let lacks = outwards(&states, &list.up, lanes);
        let known = List {
            up: list.up.clone(),
            of: Rc::new(spread(&found, list.up.len(), body.unit)),
            lacks: None,
        };
        let (up, of) = kept(&known, |element| states.get(element) == Some(&KNOWN));
        // Only known elements are left.
        let of = match of {
            Column::Words { unit, at, .. } => Column::known(unit, at),
            other => other,
        };
        Column::List(List {
            up: Rc::new(up),
            of: Rc::new(of),
            lacks: greater(list.lacks, Some(&lacks)),
        })
    }

    /// `some` and `every`: one element that decides outranks what is not known.
    pub(super) fn quantified(&mut self, some: bool, list: &Op, test: &Op, depth: usize) -> Column {
        let list = self.list(list, depth);
        let test = self.inside(&list, depth, |work| work.value(test, depth + 1));
        let lanes = self.lanes(depth);
        let mut decided = vec![0_i64; lanes];
        match test.words() {
            Some(holds) => {
                let flip = i64::from(!some);
                for (lane, word) in list.up.iter().zip(holds) {
                    if let Some(place) = decided.get_mut(*lane as usize) {
                        *place |= *word ^ flip;
                    }
                }
            }
            None => {
                for (element, lane) in list.up.iter().enumerate() {
                    if test.is(element, some)
                        && let Some(place) = decided.get_mut(*lane as usize)
                    {
                        *place = 1;
                    }
                }
            }
        }
        let lacks = states_of(&test, list.up.len()).map(|states| outwards(&states, &list.up, lanes));
        let mut states = greater(list.lacks, lacks.as_deref());
        if let Some(states) = &mut states {
            for (state, decided) in states.iter_mut().zip(&decided) {
                if *decided != 0 {
                    *state = KNOWN;
                }
            }
        }
        if !some {
            for place in &mut decided {
                *place ^= 1;
            }
        }
        Column::Words {
            unit: Unit::Bool,
            at: decided,
            states,
        }
    }

    /// The sum of a value over rows whose month lies in a period, by the number of its months.
    pub(super) fn average(
        &mut self,
        (rows, month, value): (&Op, &Op, &Op),
        period: &Op,
        money: bool,
        depth: usize,
    ) -> Column {
        let period = self.value(period, depth);
        let rows = self.list(rows, depth);
        let (months, added) = self.inside(&rows, depth, |work| {
            (work.value(month, depth + 1), work.value(value, depth + 1))
        });
        let lanes = self.lanes(depth);
        if let (Column::One(Value::Period(from, until)), Some(months), Some(added), true) =
            (&*period, months.words(), added.words(), money)
        {
            let (from, until) = (super::day_word(*from), super::day_word(*until));
            let within = |month: &i64| from <= *month && *month < until;
            let (sums, fits) = values::sums(&rows.up, added, lanes, |element| {
                months.get(element).is_some_and(within)
            });
            let count = months_of(until) - months_of(from);
            if fits && count > 0 {
                return Column::Words {
                    unit: Unit::Money,
                    at: sums.into_iter().map(|sum| half_up(sum, count)).collect(),
                    states: rows.lacks,
                };
            }
        }
        let begins = rows.begins(lanes);
        let of = |lane: usize| begins.get(lane).zip(begins.get(lane + 1));
        let average = |lane: usize| {
            let (from, until) = match period.get(lane) {
                Value::Period(from, until) => (from, until),
                other => return other,
            };
            let mut lacks = rows
                .lacks
                .as_ref()
                .and_then(|lacks| lacks.get(lane))
                .copied()
                .unwrap_or(KNOWN);
            let mut sum = if money { Value::Money(0) } else { Value::Int(0) };
            let Some((begin, end)) = of(lane) else {
                return Value::Fault(Fault::WrongType);
            };
            for element in *begin as usize..*end as usize {
                match months.get(element) {
                    Value::Date(day) if from <= day && day < until => match added.get(element) {
                        known if state_of(known) == KNOWN && state_of(sum) == KNOWN => {
                            sum = ops::arithmetic(Sign::Add, sum, known);
                        }
                        other => lacks = lacks.max(state_of(other)),
                    },
                    Value::Date(_) => {}
                    other => lacks = lacks.max(state_of(other)),
                }
            }
            if lacks != KNOWN {
                return not_known(lacks);
            }
            let count = ops::months(until) - ops::months(from);
            match sum {
                Value::Money(minor) if count > 0 => {
                    let average = Rounding::HalfUp.divide(i128::from(minor), i128::from(count));
                    i64::try_from(average).map_or(Value::Fault(Fault::TooLarge), Value::Money)
                }
                other if state_of(other) == KNOWN => ops::arithmetic(Sign::Divide, other, Value::Int(count)),
                other => other,
            }
        };
        let unit = if money { Unit::Money } else { Unit::Other };
        Column::collect(unit, (0..lanes).map(average))
    }

    /// The rows of the latest months that occur in each lane.
    pub(super) fn latest_months(&mut self, rows: &Op, month: &Op, count: i64, depth: usize) -> Column {
        let rows = self.list(rows, depth);
        let months = self.inside(&rows, depth, |work| work.value(month, depth + 1));
        let lanes = self.lanes(depth);
        let lacks = states_of(&months, rows.up.len()).map(|states| outwards(&states, &rows.up, lanes));
        let lacks = greater(rows.lacks.clone(), lacks.as_deref());
        let begins = rows.begins(lanes);
        let month_of = |element: usize| match months.get(element) {
            Value::Date(day) => Some(ops::months(day)),
            _ => None,
        };
        let mut keep = vec![false; rows.up.len()];
        for run in begins.windows(2) {
            let [begin, end] = run else { continue };
            let run = *begin as usize..*end as usize;
            let there: BTreeSet<i64> = run.clone().filter_map(month_of).collect();
            let last = usize::try_from(count)
                .ok()
                .and_then(|count| count.min(there.len()).checked_sub(1))
                .and_then(|back| there.iter().rev().nth(back));
            for element in run {
                if let Some(keep) = keep.get_mut(element) {
                    *keep = month_of(element)
                        .zip(last)
                        .is_some_and(|(month, last)| month >= *last);
                }
            }
        }
        let (up, of) = kept(&rows, |element| keep.get(element) == Some(&true));
        Column::List(List {
            up: Rc::new(up),
            of: Rc::new(of),
            lacks,
        })
    }
}

/// A quotient rounded half away from zero, by a positive number of months.
fn half_up(sum: i64, count: i64) -> i64 {
    let (quotient, rest) = (sum / count, sum % count);
    if rest.unsigned_abs() * 2 >= count.unsigned_abs() && rest != 0 {
        quotient + rest.signum()
    } else {
        quotient
    }
}

/// What is asked of each lane's list as a whole.
pub(super) fn aggregate(which: Aggregate, list: &List, money: bool, lanes: usize, unit: Unit) -> Column {
    let with = |at: Vec<i64>, unit| Column::Words {
        unit,
        at,
        states: list.lacks.clone(),
    };
    match (which, list.of.words()) {
        (Aggregate::Count, _) => {
            let mut counts = vec![0_i64; lanes];
            for lane in list.up.iter() {
                if let Some(count) = counts.get_mut(*lane as usize) {
                    *count += 1;
                }
            }
            return with(counts, Unit::Int);
        }
        (Aggregate::Sum, Some(words)) if unit.is_word() => {
            let (sums, fits) = values::sums(&list.up, words, lanes, |_| true);
            if fits {
                return with(sums, unit);
            }
        }
        _ => {}
    }
    let begins = list.begins(lanes);
    let of_lane = |lane: usize| {
        let lacks = list
            .lacks
            .as_ref()
            .and_then(|lacks| lacks.get(lane))
            .copied()
            .unwrap_or(KNOWN);
        if lacks != KNOWN {
            return not_known(lacks);
        }
        let (Some(begin), Some(end)) = (begins.get(lane), begins.get(lane + 1)) else {
            return Value::Fault(Fault::WrongType);
        };
        let elements = (*begin as usize..*end as usize).map(|element| list.of.get(element));
        match which {
            Aggregate::Count => Value::Fault(Fault::WrongType),
            Aggregate::Sum => {
                let zero = if money { Value::Money(0) } else { Value::Int(0) };
                elements.fold(zero, |sum, element| {
                    if state_of(sum) == KNOWN {
                        ops::arithmetic(Sign::Add, sum, element)
                    } else {
                        sum
                    }
                })
            }
            Aggregate::Min | Aggregate::Max => elements
                .reduce(|so_far, element| {
                    if is_better(which, so_far, element) {
                        element
                    } else {
                        so_far
                    }
                })
                .unwrap_or(Value::Fault(Fault::EmptyList)),
            Aggregate::Months => {
                let months: BTreeSet<i64> = elements
                    .filter_map(|element| match element {
                        Value::Date(day) => Some(ops::months(day)),
                        _ => None,
                    })
                    .collect();
                i64::try_from(months.len()).map_or(Value::Fault(Fault::TooLarge), Value::Int)
            }
        }
    };
    Column::collect(unit, (0..lanes).map(of_lane))
}

/// Whether a later element is to stand instead of an earlier one.
pub(super) fn is_better(which: Aggregate, so_far: Value, element: Value) -> bool {
    ops::compare(element, so_far).is_some_and(|order| {
        if which == Aggregate::Min {
            order.is_lt()
        } else {
            order.is_gt()
        }
    })
}

/// Lists one after the other in each lane.
pub(super) fn concatenated(parts: &[List], lanes: usize) -> List {
    joined(parts, lanes, |_| parts.len(), |_, part| part)
}

/// The one list or the other in each lane. Where nobody knows which, nothing is known of it.
pub(super) fn chosen(condition: &Column, yes: &List, no: &List, lanes: usize) -> List {
    let parts = [yes.clone(), no.clone()];
    let take = |lane: usize| usize::from(condition.state(lane) == KNOWN);
    let mut found = joined(&parts, lanes, take, |lane, _| {
        usize::from(!condition.is(lane, true))
    });
    let mut lacks = vec![KNOWN; lanes];
    for (lane, lacks) in lacks.iter_mut().enumerate() {
        let of = if condition.is(lane, true) { yes } else { no };
        let own = of
            .lacks
            .as_ref()
            .and_then(|lacks| lacks.get(lane))
            .copied()
            .unwrap_or(KNOWN);
        *lacks = match condition.state(lane) {
            KNOWN => own,
            state => state,
        };
    }
    found.lacks = Some(lacks);
    found
}

/// Some of the lists of each lane, one after the other: how many of them, and which is the next.
fn joined(
    parts: &[List],
    lanes: usize,
    take: impl Fn(usize) -> usize,
    which: impl Fn(usize, usize) -> usize,
) -> List {
    let begins: Vec<Vec<u32>> = parts.iter().map(|part| part.begins(lanes)).collect();
    let (mut up, mut found) = (Vec::new(), Vec::new());
    for lane in 0..lanes {
        for next in 0..take(lane) {
            let part = which(lane, next);
            let (Some(list), Some(begins)) = (parts.get(part), begins.get(part)) else {
                continue;
            };
            let (Some(begin), Some(end)) = (begins.get(lane), begins.get(lane + 1)) else {
                continue;
            };
            for element in *begin as usize..*end as usize {
                up.push(u32::try_from(lane).unwrap_or(u32::MAX));
                found.push(list.of.get(element));
            }
        }
    }
    // Numbers of two kinds in one list stay values.
    let mut units = parts
        .iter()
        .filter(|part| !part.up.is_empty())
        .map(|part| match &*part.of {
            Column::Words { unit, .. } => *unit,
            _ => Unit::Other,
        });
    let first = units.next().unwrap_or(Unit::Other);
    let unit = if units.all(|unit| unit == first) {
        first
    } else {
        Unit::Other
    };
    let mut lacks = None;
    for part in parts {
        lacks = greater(lacks, part.lacks.as_deref());
    }
    List {
        up: Rc::new(up),
        of: Rc::new(Column::collect(unit, found.into_iter())),
        lacks,
    }
}

/// A list written out: each part is an element of every lane.
pub(super) fn listed(parts: &[Rc<Column>], lanes: usize) -> List {
    let (mut up, mut found) = (Vec::new(), Vec::new());
    let mut lacks = vec![KNOWN; lanes];
    for (lane, lacks) in lacks.iter_mut().enumerate() {
        for part in parts {
            let value = part.get(lane);
            match state_of(value) {
                KNOWN => {
                    up.push(u32::try_from(lane).unwrap_or(u32::MAX));
                    found.push(value);
                }
                state => *lacks = (*lacks).max(state),
            }
        }
    }
    let unit = match parts.first().map(|part| &**part) {
        Some(Column::Words { unit, .. }) => *unit,
        _ => Unit::Other,
    };
    // Numbers of two kinds in one list stay values.
    let same = parts
        .iter()
        .all(|part| matches!(&**part, Column::Words { unit: found, .. } if *found == unit));
    List {
        up: Rc::new(up),
        of: Rc::new(Column::collect(
            if same { unit } else { Unit::Other },
            found.into_iter(),
        )),
        lacks: Some(lacks),
    }
}
