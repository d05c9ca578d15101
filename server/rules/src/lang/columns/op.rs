//! Expressions made ready for columns: names resolved to columns, and each part told how deep inside walks it has to be worked out.

use super::Unit;
use crate::lang::{
    RowType, Type, Value,
    ast::Op as Sign,
    node::{Aggregate, Between, DatePart, Node, NodeKind, RoundTo},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A part of an expression, ready for columns.
#[derive(Debug)]
pub(crate) struct Op {
    pub(super) kind: OpKind,
    /// How many walks it stands in that it depends on: 0 has one value in each household, wherever it stands.
    pub(super) depth: usize,
    pub(super) unit: Unit,
}

#[derive(Debug)]
pub(super) enum OpKind {
    Const(Value),
    On,
    Lodged,
    Applicant,
    /// A named expression, by its slot.
    Let(usize),
    /// The element of the walk at this depth.
    Element(usize),
    PersonFact(Box<Op>, u32),
    HouseholdFact(u32),
    ClaimFact(u32),
    /// The table of its rows, and the column.
    Column(Box<Op>, usize, u32),
    Members,
    List(Vec<Op>),
    Map(Box<Op>, Box<Op>),
    Filter(Box<Op>, Box<Op>),
    Quantified {
        some: bool,
        list: Box<Op>,
        test: Box<Op>,
    },
    Parameter {
        parameter: u32,
        keys: Vec<Op>,
        day: Option<Box<Op>>,
    },
    Not(Box<Op>),
    Negate(Box<Op>),
    And(Box<Op>, Box<Op>),
    Or(Box<Op>, Box<Op>),
    Compare(Sign, Box<Op>, Box<Op>),
    Arithmetic(Sign, Box<Op>, Box<Op>),
    Between {
        value: Box<Op>,
        low: Box<Op>,
        high: Box<Op>,
        low_in: bool,
        high_in: bool,
    },
    Among(Box<Op>, Vec<Value>),
    InList(Box<Op>, Box<Op>),
    InPeriod(Box<Op>, Box<Op>),
    If(Box<Op>, Box<Op>, Box<Op>),
    LastMonths(i32, Box<Op>),
    Aggregate(Aggregate, Box<Op>, bool),
    /// The least or greatest of several values.
    Extreme(Aggregate, Vec<Op>),
    Average {
        rows: Box<Op>,
        month: Box<Op>,
        value: Box<Op>,
        period: Box<Op>,
        money: bool,
    },
    Concatenate(Vec<Op>),
    LatestMonths {
        rows: Box<Op>,
        month: Box<Op>,
        count: i64,
    },
    WorkingDays(Box<Op>, Box<Op>),
    WorkingDaysAfter(Box<Op>, Box<Op>),
    Round {
        mode: RoundTo,
        value: Box<Op>,
        digits: i64,
        money: bool,
        whole: bool,
    },
    BetweenDays(Between, Box<Op>, Box<Op>),
    DatePart(DatePart, Box<Op>),
}

/// The facts that expressions ask for.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    /// Members are walked through.
    pub(crate) members: bool,
    pub(crate) person: BTreeSet<u32>,
    pub(crate) household: BTreeSet<u32>,
    pub(crate) claim: BTreeSet<u32>,
    /// Kinds of rows, and which of their columns.
    pub(crate) rows: Vec<(Arc<RowType>, BTreeSet<u32>)>,
}

impl Needs {
    /// The table of a kind of rows.
    pub(crate) fn table(&mut self, row: &Arc<RowType>) -> usize {
        match self.find(row) {
            Some(found) => found,
            None => {
                self.rows.push((row.clone(), BTreeSet::new()));
                self.rows.len() - 1
            }
        }
    }
    pub(crate) fn find(&self, row: &RowType) -> Option<usize> {
        self.rows.iter().position(|(found, _)| **found == *row)
    }
}

/// Lowers the expressions of one benefit.
#[derive(Debug, Default)]
pub(crate) struct Lowering {
    pub(crate) needs: Needs,
    /// The depth of each walk that is open, by its slot.
    walks: BTreeMap<usize, usize>,
}

/// All slots that an expression reads.
pub(crate) fn slots(node: &Node, found: &mut BTreeSet<usize>) {
    if let NodeKind::Slot(slot) = node.kind {
        found.insert(slot);
    }
    for part in parts(node) {
        slots(part, found);
    }
}

/// All parts of an expression, those inside walks too.
fn parts(node: &Node) -> Vec<&Node> {
    match &node.kind {
        NodeKind::Map { list, body, .. } => vec![list, body],
        NodeKind::Filter { list, test, .. } | NodeKind::Quantified { list, test, .. } => vec![list, test],
        NodeKind::Average {
            rows,
            month,
            value,
            period,
            ..
        } => vec![rows, month, value, period],
        NodeKind::LatestMonths { rows, month, .. } => vec![rows, month],
        NodeKind::Concatenate(parts) => parts.iter().collect(),
        NodeKind::Known(value) => vec![value],
        _ => node.plain_parts(),
    }
}

impl Lowering {
    /// Begins another benefit, whose facts are counted by themselves; kinds of rows keep their tables.
    pub(crate) fn begin(&mut self) {
        let rows = std::mem::take(&mut self.needs.rows);
        *self = Lowering::default();
        self.needs.rows = rows;
    }
    /// Makes an expression ready; nothing when it holds something that columns do not know.
    pub(crate) fn lower(&mut self, node: &Node) -> Option<Op> {
        let unit = Unit::of(&node.ty);
        let money = matches!(node.ty, Type::Money(_) | Type::Share(_));
        let kind = match &node.kind {
            NodeKind::Const(Value::Person(0)) => OpKind::Applicant,
            NodeKind::Const(Value::Person(_) | Value::Rows { .. } | Value::List(..) | Value::Row(_)) => {
                return None;
            }
            NodeKind::Const(value) => OpKind::Const(*value),
            NodeKind::On => OpKind::On,
            NodeKind::Lodged => OpKind::Lodged,
            NodeKind::Slot(slot) => match self.walks.get(slot) {
                Some(depth) => {
                    return Some(Op {
                        kind: OpKind::Element(*depth),
                        depth: *depth,
                        unit,
                    });
                }
                None => OpKind::Let(*slot),
            },
            NodeKind::PersonFact(person, fact) => {
                self.needs.person.insert(*fact);
                self.list_fact(&node.ty);
                OpKind::PersonFact(self.boxed(person)?, *fact)
            }
            NodeKind::HouseholdFact(fact) => {
                self.needs.household.insert(*fact);
                self.list_fact(&node.ty);
                OpKind::HouseholdFact(*fact)
            }
            NodeKind::ClaimFact(fact) => {
                self.needs.claim.insert(*fact);
                self.list_fact(&node.ty);
                OpKind::ClaimFact(*fact)
            }
            NodeKind::Column(row, column) => {
                let Type::Row(ty) = &row.ty else { return None };
                let table = self.needs.table(ty);
                self.needs.rows.get_mut(table)?.1.insert(*column);
                OpKind::Column(self.boxed(row)?, table, *column)
            }
            NodeKind::Members => {
                self.needs.members = true;
                OpKind::Members
            }
            NodeKind::List(parts) => OpKind::List(self.all(parts)?),
            NodeKind::Map { list, slot, body } => {
                return self.walk(node, &[list], *slot, &[body], |list, [body]| {
                    OpKind::Map(list, body)
                });
            }
            NodeKind::Filter { list, slot, test } => {
                return self.walk(node, &[list], *slot, &[test], |list, [test]| {
                    OpKind::Filter(list, test)
                });
            }
            NodeKind::Quantified {
                some,
                list,
                slot,
                test,
            } => {
                let some = *some;
                return self.walk(node, &[list], *slot, &[test], |list, [test]| OpKind::Quantified {
                    some,
                    list,
                    test,
                });
            }
            NodeKind::LatestMonths {
                rows,
                slot,
                month,
                count,
            } => {
                let count = *count;
                return self.walk(node, &[rows], *slot, &[month], |rows, [month]| {
                    OpKind::LatestMonths { rows, month, count }
                });
            }
            NodeKind::Average {
                rows,
                slot,
                month,
                value,
                period,
            } => {
                let money = matches!(node.ty, Type::Money(_));
                // The period is asked once for all rows, outside of the walk.
                let asked = self.boxed(period)?;
                let outside = [&**rows, &**period];
                return self.walk(node, &outside, *slot, &[month, value], |rows, [month, value]| {
                    OpKind::Average {
                        rows,
                        month,
                        value,
                        period: asked,
                        money,
                    }
                });
            }
            NodeKind::Parameter { parameter, keys, day } => OpKind::Parameter {
                parameter: *parameter,
                keys: self.all(keys)?,
                day: match day {
                    Some(day) => Some(self.boxed(day)?),
                    None => None,
                },
            },
            NodeKind::Not(value) => OpKind::Not(self.boxed(value)?),
            NodeKind::Negate(value) => OpKind::Negate(self.boxed(value)?),
            NodeKind::And(a, b) => OpKind::And(self.boxed(a)?, self.boxed(b)?),
            NodeKind::Or(a, b) => OpKind::Or(self.boxed(a)?, self.boxed(b)?),
            NodeKind::Compare(op, a, b) => OpKind::Compare(*op, self.boxed(a)?, self.boxed(b)?),
            NodeKind::Arithmetic(op, a, b) => OpKind::Arithmetic(*op, self.boxed(a)?, self.boxed(b)?),
            NodeKind::Between {
                value,
                low,
                high,
                low_in,
                high_in,
            } => OpKind::Between {
                value: self.boxed(value)?,
                low: self.boxed(low)?,
                high: self.boxed(high)?,
                low_in: *low_in,
                high_in: *high_in,
            },
            NodeKind::InList(value, list) => match constants(list) {
                Some(constants) => OpKind::Among(self.boxed(value)?, constants),
                None => OpKind::InList(self.boxed(value)?, self.boxed(list)?),
            },
            NodeKind::InPeriod(day, period) => OpKind::InPeriod(self.boxed(day)?, self.boxed(period)?),
            NodeKind::If(condition, yes, no) => {
                OpKind::If(self.boxed(condition)?, self.boxed(yes)?, self.boxed(no)?)
            }
            NodeKind::LastMonths(count, day) => {
                let day = match day {
                    Some(day) => self.boxed(day)?,
                    None => Box::new(Op {
                        kind: OpKind::Lodged,
                        depth: 0,
                        unit: Unit::Date,
                    }),
                };
                OpKind::LastMonths(*count, day)
            }
            NodeKind::Aggregate(which, list) => match (&list.kind, which) {
                (NodeKind::List(parts), Aggregate::Min | Aggregate::Max) if !parts.is_empty() => {
                    OpKind::Extreme(*which, self.all(parts)?)
                }
                _ => OpKind::Aggregate(*which, self.boxed(list)?, money),
            },
            NodeKind::Concatenate(parts) => OpKind::Concatenate(self.all(parts)?),
            NodeKind::WorkingDays(a, b) => OpKind::WorkingDays(self.boxed(a)?, self.boxed(b)?),
            NodeKind::WorkingDaysAfter(a, b) => OpKind::WorkingDaysAfter(self.boxed(a)?, self.boxed(b)?),
            NodeKind::Round { mode, value, digits } => OpKind::Round {
                mode: *mode,
                value: self.boxed(value)?,
                digits: *digits,
                money: matches!(node.ty, Type::Money(_)),
                whole: node.ty == Type::Int,
            },
            NodeKind::Between2(unit, a, b) => OpKind::BetweenDays(*unit, self.boxed(a)?, self.boxed(b)?),
            NodeKind::DatePart(part, day) => OpKind::DatePart(*part, self.boxed(day)?),
            NodeKind::As(value) => {
                let inner = self.lower(value)?;
                return (inner.unit == unit).then_some(inner);
            }
            _ => return None,
        };
        let depth = kind.parts().map(|part| part.depth).max().unwrap_or(0);
        Some(Op { kind, depth, unit })
    }

    /// A walk through a list, the first of `outside`: its element has the next depth below what the walk itself depends on.
    fn walk<const N: usize>(
        &mut self,
        node: &Node,
        outside: &[&Node],
        slot: usize,
        bodies: &[&Node; N],
        make: impl FnOnce(Box<Op>, [Box<Op>; N]) -> OpKind,
    ) -> Option<Op> {
        let mut read = BTreeSet::new();
        outside.iter().for_each(|part| slots(part, &mut read));
        bodies.iter().for_each(|body| slots(body, &mut read));
        read.remove(&slot);
        let depth = read.iter().filter_map(|slot| self.walks.get(slot)).max().copied();
        let depth = depth.unwrap_or(0);
        let list = self.boxed(outside.first()?)?;
        self.walks.insert(slot, depth + 1);
        let bodies = bodies.map(|body| self.boxed(body));
        self.walks.remove(&slot);
        let mut found = Vec::with_capacity(N);
        for body in bodies {
            found.push(body?);
        }
        let bodies: [Box<Op>; N] = found.try_into().ok()?;
        Some(Op {
            kind: make(list, bodies),
            depth,
            unit: Unit::of(&node.ty),
        })
    }

    /// Something worked out for every member, put in a slot, each by itself.
    pub(crate) fn for_members(&mut self, slot: usize, body: &Node) -> Option<Op> {
        self.needs.members = true;
        self.walks.insert(slot, 1);
        let body = self.lower(body);
        self.walks.remove(&slot);
        let members = Op {
            kind: OpKind::Members,
            depth: 0,
            unit: Unit::List,
        };
        let list = Op {
            kind: OpKind::Map(Box::new(members), Box::new(body?)),
            depth: 0,
            unit: Unit::List,
        };
        Some(Op {
            kind: OpKind::Aggregate(Aggregate::Sum, Box::new(list), true),
            depth: 0,
            unit: Unit::Money,
        })
    }

    fn list_fact(&mut self, ty: &Type) {
        if let Some(Type::Row(row)) = ty.element() {
            self.needs.table(row);
        }
    }
    fn boxed(&mut self, node: &Node) -> Option<Box<Op>> {
        self.lower(node).map(Box::new)
    }
    fn all(&mut self, nodes: &[Node]) -> Option<Vec<Op>> {
        nodes.iter().map(|node| self.lower(node)).collect()
    }
}

fn constants(list: &Node) -> Option<Vec<Value>> {
    let NodeKind::List(parts) = &list.kind else {
        return None;
    };
    let constant = |part: &Node| match part.kind {
        NodeKind::Const(value) => Some(value),
        _ => None,
    };
    parts.iter().map(constant).collect()
}

impl OpKind {
    /// The parts that are worked out where the whole is: not the insides of walks.
    fn parts(&self) -> impl Iterator<Item = &Op> {
        let found: Vec<&Op> = match self {
            OpKind::PersonFact(a, _)
            | OpKind::Column(a, _, _)
            | OpKind::Not(a)
            | OpKind::Negate(a)
            | OpKind::Among(a, _)
            | OpKind::LastMonths(_, a)
            | OpKind::Aggregate(_, a, _)
            | OpKind::DatePart(_, a) => vec![a],
            OpKind::Round { value, .. } => vec![value],
            OpKind::And(a, b)
            | OpKind::Or(a, b)
            | OpKind::Compare(_, a, b)
            | OpKind::Arithmetic(_, a, b)
            | OpKind::InList(a, b)
            | OpKind::InPeriod(a, b)
            | OpKind::WorkingDays(a, b)
            | OpKind::WorkingDaysAfter(a, b)
            | OpKind::BetweenDays(_, a, b) => vec![a, b],
            OpKind::If(a, b, c) => vec![a, b, c],
            OpKind::Between { value, low, high, .. } => vec![value, low, high],
            OpKind::List(parts) | OpKind::Concatenate(parts) | OpKind::Extreme(_, parts) => {
                parts.iter().collect()
            }
            OpKind::Parameter { keys, day, .. } => keys.iter().chain(day.as_deref()).collect(),
            _ => Vec::new(),
        };
        found.into_iter()
    }
}
