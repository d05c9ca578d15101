use super::{
    Column, List, Unit,
    lists::{concatenated, domain_of, list_of},
    op::{Op, OpKind},
    values,
};
use crate::lang::{Fault, Value, node::DatePart, ops, value::Law};
use karton_api::Date;
use std::rc::Rc;

/// The facts of many households, laid out in columns. A fact or column that no expression asks for has none.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// How many households.
    pub(crate) lanes: usize,
    /// The day of assessment of each household.
    pub(crate) on: Rc<Column>,
    /// The day of lodging of each household.
    pub(crate) lodged: Rc<Column>,
    /// Values of parameters that were published later are not known yet.
    pub(crate) known_at: Date,
    /// The persons of each household, in their order.
    pub(crate) members: List,
    /// Whether these are all persons there are, so that person and lane are one number.
    pub(crate) only_members: bool,
    /// The first person of each household.
    pub(crate) applicants: Rc<Column>,
    /// By number of the fact, a lane for each person.
    pub(crate) persons: Vec<Option<Rc<Column>>>,
    /// By number of the fact, a lane for each household.
    pub(crate) household: Vec<Option<Rc<Column>>>,
    /// By number of the fact, a lane for each household.
    pub(crate) claim: Vec<Option<Rc<Column>>>,
    /// For each kind of rows its columns, a lane for each row.
    pub(crate) rows: Vec<Vec<Option<Rc<Column>>>>,
}

/// The lanes inside a walk: one for each element of each lane outside.
pub(super) struct Lanes {
    pub(super) count: usize,
    /// The lane outside of each lane.
    pub(super) up: Rc<Vec<u32>>,
    /// The household of each lane.
    pub(super) root: Rc<Vec<u32>>,
    /// The elements.
    pub(super) element: Rc<Column>,
}

/// Lanes that may be made before the work is given back undone.
const MOST_LANES: usize = 4_000_000;

/// Works expressions out over a sheet.
pub(crate) struct Work<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) law: &'a Law,
    slots: Vec<Option<Rc<Column>>>,
    /// The lanes of the walks that are open; the first walk has depth 1.
    pub(super) inner: Vec<Lanes>,
    made: usize,
}

impl<'a> Work<'a> {
    pub(crate) fn new(sheet: &'a Sheet, law: &'a Law, slots: usize) -> Work<'a> {
        Work {
            sheet,
            law,
            slots: vec![None; slots],
            inner: Vec::new(),
            made: 0,
        }
    }

    /// Whether more was walked through than is done at once: what came out then says nothing.
    pub(crate) fn too_much(&self) -> bool {
        self.made > MOST_LANES
    }

    /// Names a value of every household.
    pub(crate) fn set(&mut self, slot: usize, column: Rc<Column>) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(column);
        }
    }

    /// The value of an expression in every household.
    pub(crate) fn run(&mut self, op: &Op) -> Rc<Column> {
        self.value(op, 0)
    }

    pub(super) fn lanes(&self, depth: usize) -> usize {
        match depth.checked_sub(1) {
            None => self.sheet.lanes,
            Some(at) => self.inner.get(at).map_or(0, |lanes| lanes.count),
        }
    }

    /// The value in every lane of a depth.
    pub(super) fn value(&mut self, op: &Op, depth: usize) -> Rc<Column> {
        let column = self.own(op);
        if op.depth == depth || matches!(*column, Column::One(_)) {
            return column;
        }
        let Some(last) = self.inner.get(depth.wrapping_sub(1)) else {
            return column;
        };
        if op.depth == 0 {
            let root = last.root.clone();
            return Rc::new(self.gathered(&column, &root));
        }
        // From lane to lane outwards.
        let mut from: Vec<u32> = last.up.to_vec();
        for lanes in self
            .inner
            .get(op.depth..depth - 1)
            .unwrap_or_default()
            .iter()
            .rev()
        {
            for lane in &mut from {
                *lane = lanes.up.get(*lane as usize).copied().unwrap_or(0);
            }
        }
        Rc::new(self.gathered(&column, &from))
    }

    /// The values of other lanes. Lists that become too long that way are not made.
    fn gathered(&mut self, column: &Column, from: &[u32]) -> Column {
        if let Column::List(list) = column {
            let begins = list.begins_of_all();
            let length = |lane: &u32| {
                let lane = *lane as usize;
                let (begin, end) = (begins.get(lane), begins.get(lane + 1));
                begin.zip(end).map_or(0, |(begin, end)| (end - begin) as usize)
            };
            self.made = self.made.saturating_add(from.iter().map(length).sum());
            if self.too_much() {
                return Column::One(Value::Fault(Fault::TooLong));
            }
        }
        column.gather(from)
    }

    /// The list in every lane of the depth where it belongs.
    pub(super) fn list(&mut self, op: &Op, depth: usize) -> List {
        let column = self.value(op, depth);
        list_of(&column, self.lanes(depth))
    }

    /// Works parts out for every element of a list, in lanes of their own.
    pub(super) fn inside<T>(&mut self, list: &List, depth: usize, work: impl FnOnce(&mut Self) -> T) -> T {
        let count = list.up.len();
        self.made = self.made.saturating_add(count);
        let outer = match depth.checked_sub(1) {
            None => None,
            Some(at) => self.inner.get(at).map(|lanes| lanes.root.clone()),
        };
        let lanes = domain_of(list, outer.as_deref());
        let beyond = self.inner.split_off(depth.min(self.inner.len()));
        self.inner.push(lanes);
        let found = work(self);
        self.inner.truncate(depth);
        self.inner.extend(beyond);
        found
    }

    /// The value at the depth where the expression belongs.
    fn own(&mut self, op: &Op) -> Rc<Column> {
        let depth = op.depth;
        if self.too_much() {
            return Rc::new(Column::One(Value::Fault(Fault::TooLong)));
        }
        let wrong = || Rc::new(Column::One(Value::Fault(Fault::WrongType)));
        let lanes = self.lanes(depth);
        let found = match &op.kind {
            OpKind::Const(value) => Column::One(*value),
            OpKind::On => return self.sheet.on.clone(),
            OpKind::Lodged => return self.sheet.lodged.clone(),
            OpKind::Applicant => return self.sheet.applicants.clone(),
            OpKind::Let(slot) => return self.slots.get(*slot).cloned().flatten().unwrap_or_else(wrong),
            OpKind::Element(depth) => {
                let lanes = depth.checked_sub(1).and_then(|at| self.inner.get(at));
                return lanes.map_or_else(wrong, |lanes| lanes.element.clone());
            }
            OpKind::PersonFact(person, fact) => {
                let Some(facts) = self.sheet.persons.get(*fact as usize).cloned().flatten() else {
                    return wrong();
                };
                let person = self.value(person, depth);
                let everybody = match (&*person, &*self.sheet.members.of) {
                    (Column::Words { at: a, .. }, Column::Words { at: b, .. }) => std::ptr::eq(a, b),
                    _ => false,
                };
                if everybody && self.sheet.only_members {
                    return facts;
                }
                let places = values::places(&person, lanes);
                values::of_known(self.gathered(&facts, &places), &person, lanes)
            }
            OpKind::HouseholdFact(fact) => {
                return self
                    .sheet
                    .household
                    .get(*fact as usize)
                    .cloned()
                    .flatten()
                    .unwrap_or_else(wrong);
            }
            OpKind::ClaimFact(fact) => {
                return self
                    .sheet
                    .claim
                    .get(*fact as usize)
                    .cloned()
                    .flatten()
                    .unwrap_or_else(wrong);
            }
            OpKind::Column(row, table, column) => {
                let cells = self
                    .sheet
                    .rows
                    .get(*table)
                    .and_then(|table| table.get(*column as usize));
                let Some(cells) = cells.cloned().flatten() else {
                    return wrong();
                };
                let row = self.value(row, depth);
                values::of_known(cells.gather(&values::places(&row, lanes)), &row, lanes)
            }
            OpKind::Members => Column::List(self.sheet.members.clone()),
            OpKind::Not(value) => values::not(&self.value(value, depth), lanes),
            OpKind::Negate(value) => {
                let value = self.value(value, depth);
                values::one(&value, lanes, op.unit, ops::negate)
            }
            OpKind::And(a, b) => {
                let a = self.value(a, depth);
                if matches!(*a, Column::One(Value::Bool(false))) {
                    return a;
                }
                let b = self.value(b, depth);
                values::both_hold(&a, &b, lanes)
            }
            OpKind::Or(a, b) => {
                let a = self.value(a, depth);
                if matches!(*a, Column::One(Value::Bool(true))) {
                    return a;
                }
                let b = self.value(b, depth);
                values::either_holds(&a, &b, lanes)
            }
            OpKind::Compare(sign, a, b) => {
                let (a, b) = (self.value(a, depth), self.value(b, depth));
                values::compare(*sign, &a, &b, lanes)
            }
            OpKind::Arithmetic(sign, a, b) => {
                let (a, b) = (self.value(a, depth), self.value(b, depth));
                values::arithmetic(*sign, &a, &b, lanes, op.unit)
            }
            OpKind::Between {
                value,
                low,
                high,
                low_in,
                high_in,
            } => {
                use crate::lang::ast::Op as Sign;
                let sign = |inclusive: bool| if inclusive { Sign::LessOrEqual } else { Sign::Less };
                let (value, low) = (self.value(value, depth), self.value(low, depth));
                let high = self.value(high, depth);
                let above = values::compare(sign(*low_in), &low, &value, lanes);
                let below = values::compare(sign(*high_in), &value, &high, lanes);
                values::both_hold(&above, &below, lanes)
            }
            OpKind::Among(value, constants) => values::among(&self.value(value, depth), constants, lanes),
            OpKind::InList(value, list) => {
                let value = self.value(value, depth);
                let list = self.list(list, depth);
                values::in_list(&value, &list, lanes)
            }
            OpKind::InPeriod(day, period) => {
                let (day, period) = (self.value(day, depth), self.value(period, depth));
                values::in_period(&day, &period, lanes)
            }
            OpKind::If(condition, yes, no) => {
                let condition = self.value(condition, depth);
                match *condition {
                    Column::One(Value::Bool(true)) => return self.value(yes, depth),
                    Column::One(Value::Bool(false)) => return self.value(no, depth),
                    _ => {}
                }
                let (yes, no) = (self.value(yes, depth), self.value(no, depth));
                if op.unit == Unit::List {
                    let (yes, no) = (list_of(&yes, lanes), list_of(&no, lanes));
                    Column::List(super::lists::chosen(&condition, &yes, &no, lanes))
                } else {
                    values::chosen(&condition, &yes, &no, lanes, op.unit)
                }
            }
            OpKind::LastMonths(count, day) => {
                let day = self.value(day, depth);
                values::one(&day, lanes, Unit::Other, |day| match day {
                    Value::Date(day) => ops::last_months(*count, day),
                    _ => Value::Fault(Fault::WrongType),
                })
            }
            OpKind::Parameter { parameter, keys, day } => {
                let keys: Vec<Rc<Column>> = keys.iter().map(|key| self.value(key, depth)).collect();
                let day = match day {
                    Some(day) => self.value(day, depth),
                    None if depth == 0 || matches!(*self.sheet.on, Column::One(_)) => self.sheet.on.clone(),
                    None => {
                        let on = Op {
                            kind: OpKind::On,
                            depth: 0,
                            unit: Unit::Date,
                        };
                        self.value(&on, depth)
                    }
                };
                let lookup = self.law.lookups.get(*parameter as usize);
                values::parameter(lookup, &keys, &day, self.sheet.known_at, lanes, op.unit)
            }
            OpKind::WorkingDays(a, b) => {
                let (a, b) = (self.value(a, depth), self.value(b, depth));
                let holidays = &self.law.holidays;
                values::two(&a, &b, lanes, op.unit, |a, b| match (a, b) {
                    (Value::Date(a), Value::Date(b)) => Value::Int(ops::working_days(a, b, holidays)),
                    _ => Value::Fault(Fault::WrongType),
                })
            }
            OpKind::WorkingDaysAfter(day, count) => {
                let (day, count) = (self.value(day, depth), self.value(count, depth));
                let holidays = &self.law.holidays;
                values::two(&day, &count, lanes, op.unit, |day, count| match (day, count) {
                    (Value::Date(day), Value::Int(count)) => ops::working_days_after(day, count, holidays),
                    _ => Value::Fault(Fault::WrongType),
                })
            }
            OpKind::Round {
                mode,
                value,
                digits,
                money,
                whole,
            } => {
                let value = self.value(value, depth);
                if *digits == 0 && (*money || *whole) && matches!(*value, Column::Words { .. }) {
                    return value;
                }
                values::one(&value, lanes, op.unit, |value| {
                    ops::round(*mode, value, *digits, *money, *whole)
                })
            }
            OpKind::BetweenDays(unit, a, b) => {
                let (a, b) = (self.value(a, depth), self.value(b, depth));
                values::between(*unit, &a, &b, lanes)
            }
            OpKind::DatePart(part, day) => {
                let day = self.value(day, depth);
                values::one(&day, lanes, op.unit, |day| match (day, part) {
                    (Value::Date(day), DatePart::Year) => Value::Int(i64::from(day.year())),
                    (Value::Date(day), DatePart::Month) => Value::Int(i64::from(day.month())),
                    (Value::Date(day), DatePart::FirstOfMonth) => Value::Date(day.first_of_month()),
                    _ => Value::Fault(Fault::WrongType),
                })
            }
            OpKind::Extreme(which, parts) => {
                let mut found: Option<Rc<Column>> = None;
                for part in parts {
                    let next = self.value(part, depth);
                    found = Some(match found {
                        None => next,
                        Some(so_far) => Rc::new(values::better(*which, &so_far, &next, lanes, op.unit)),
                    });
                }
                return found.unwrap_or_else(wrong);
            }
            OpKind::List(parts) => {
                let parts: Vec<Rc<Column>> = parts.iter().map(|part| self.value(part, depth)).collect();
                Column::List(super::lists::listed(&parts, lanes))
            }
            OpKind::Concatenate(parts) => {
                let parts: Vec<List> = parts.iter().map(|part| self.list(part, depth)).collect();
                Column::List(concatenated(&parts, lanes))
            }
            OpKind::Map(list, body) => self.map(list, body, depth),
            OpKind::Filter(list, test) => self.filter(list, test, depth),
            OpKind::Quantified { some, list, test } => self.quantified(*some, list, test, depth),
            OpKind::Aggregate(which, list, money) => {
                let list = self.list(list, depth);
                super::lists::aggregate(*which, &list, *money, lanes, op.unit)
            }
            OpKind::Average {
                rows,
                month,
                value,
                period,
                money,
            } => self.average((rows, month, value), period, *money, depth),
            OpKind::LatestMonths { rows, month, count } => self.latest_months(rows, month, *count, depth),
        };
        Rc::new(found)
    }
}
