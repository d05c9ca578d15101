use super::{
    Type,
    ast::{Op, Span},
    value::Value,
};
use karton_api::Rounding;

/// A part of an expression with its type, names resolved.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) ty: Type,
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) enum NodeKind {
    Const(Value),
    On,
    Lodged,
    /// A named expression or the element of a walk through a list.
    Slot(usize),
    PersonFact(Box<Node>, u32),
    HouseholdFact(u32),
    ClaimFact(u32),
    /// A column of a row.
    Column(Box<Node>, u32),
    Members,
    List(Vec<Node>),
    /// Each element of a list, put in a slot, gives the body; a body that is a list is joined in.
    Map {
        list: Box<Node>,
        slot: usize,
        body: Box<Node>,
    },
    Filter {
        list: Box<Node>,
        slot: usize,
        test: Box<Node>,
    },
    /// `some` (true) and `every` (false).
    Quantified {
        some: bool,
        list: Box<Node>,
        slot: usize,
        test: Box<Node>,
    },
    Parameter {
        parameter: u32,
        keys: Vec<Node>,
        day: Option<Box<Node>>,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Compare(Op, Box<Node>, Box<Node>),
    Arithmetic(Op, Box<Node>, Box<Node>),
    Between {
        value: Box<Node>,
        low: Box<Node>,
        high: Box<Node>,
        low_in: bool,
        high_in: bool,
    },
    InList(Box<Node>, Box<Node>),
    InPeriod(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    /// The full months before the day of lodging, or before a day.
    LastMonths(i32, Option<Box<Node>>),
    Aggregate(Aggregate, Box<Node>),
    /// Sum of a column over rows whose month lies in a period, by the number of its months.
    Average {
        rows: Box<Node>,
        slot: usize,
        month: Box<Node>,
        value: Box<Node>,
        period: Box<Node>,
    },
    Concatenate(Vec<Node>),
    /// The rows of so many calendar months, the latest that occur among them.
    LatestMonths {
        rows: Box<Node>,
        slot: usize,
        month: Box<Node>,
        count: i64,
    },
    /// Working days after the first day, up to the second and with it.
    WorkingDays(Box<Node>, Box<Node>),
    /// The day so many working days after another.
    WorkingDaysAfter(Box<Node>, Box<Node>),
    Round {
        mode: RoundTo,
        value: Box<Node>,
        digits: i64,
    },
    Between2(Between, Box<Node>, Box<Node>),
    DatePart(DatePart, Box<Node>),
    Known(Box<Node>),
    /// The same value seen with another unit.
    As(Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aggregate {
    Count,
    Sum,
    Min,
    Max,
    /// How many different calendar months there are among days.
    Months,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    Years,
    Months,
    Days,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatePart {
    Year,
    Month,
    FirstOfMonth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoundTo {
    Floor,
    Ceiling,
    Named(Rounding),
}

impl Node {
    pub(crate) fn new(kind: NodeKind, ty: Type, span: Span) -> Node {
        Node { kind, ty, span }
    }
    /// Parts that have one value in this evaluation: not the insides of walks through lists.
    pub(crate) fn plain_parts(&self) -> Vec<&Node> {
        match &self.kind {
            NodeKind::PersonFact(a, _) | NodeKind::Column(a, _) | NodeKind::Not(a) | NodeKind::Negate(a) => {
                vec![a]
            }
            NodeKind::Known(_) => Vec::new(),
            NodeKind::Aggregate(_, a) | NodeKind::DatePart(_, a) | NodeKind::As(a) => vec![a],
            NodeKind::Round { value, .. } => vec![value],
            NodeKind::And(a, b)
            | NodeKind::Or(a, b)
            | NodeKind::Compare(_, a, b)
            | NodeKind::Arithmetic(_, a, b)
            | NodeKind::InList(a, b)
            | NodeKind::InPeriod(a, b)
            | NodeKind::Between2(_, a, b)
            | NodeKind::WorkingDays(a, b)
            | NodeKind::WorkingDaysAfter(a, b) => vec![a, b],
            NodeKind::LastMonths(_, Some(a)) => vec![a],
            NodeKind::If(a, b, c) => vec![a, b, c],
            NodeKind::Between { value, low, high, .. } => vec![value, low, high],
            NodeKind::Parameter { keys, day, .. } => keys.iter().chain(day.as_deref()).collect(),
            NodeKind::List(parts) => parts.iter().collect(),
            _ => Vec::new(),
        }
    }
}
