use super::Ratio;
use karton_api::{Date, Per};
use std::fmt;

/// A part of an expression's text, in bytes, half open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// From the beginning of one to the end of another.
    pub fn to(self, other: Span) -> Span {
        Span {
            start: self.start,
            end: other.end,
        }
    }
}

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Wrong {
    /// The part that is wrong.
    pub span: Span,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Wrong {
    /// A mistake at a part of the text.
    pub fn new(span: Span, message: impl Into<String>) -> Wrong {
        Wrong {
            span,
            message: message.into(),
        }
    }
}

/// An expression as it was written. Two are equal when they say the same, wherever they stand.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
    /// Levels of nesting, so that nothing that walks it can run out of stack.
    pub(crate) depth: u32,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Op {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Op {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Op::Or => "or",
            Op::And => "and",
            Op::Equal => "=",
            Op::NotEqual => "!=",
            Op::Less => "<",
            Op::LessOrEqual => "<=",
            Op::Greater => ">",
            Op::GreaterOrEqual => ">=",
            Op::Add => "+",
            Op::Subtract => "-",
            Op::Multiply => "*",
            Op::Divide => "/",
        }
    }
    fn level(self) -> u8 {
        match self {
            Op::Or => 1,
            Op::And => 2,
            Op::Add | Op::Subtract => 4,
            Op::Multiply | Op::Divide => 5,
            _ => 3,
        }
    }
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `true`
    Bool(bool),
    /// `12`
    Int(i64),
    /// `12.5`
    Decimal(Ratio),
    /// `"text"`
    Text(String),
    /// `date("2026-01-31")`
    Date(Date),
    /// `EUR 152.88 per month`
    Money {
        /// Three capital letters.
        currency: String,
        /// The amount; the checker sees that it is whole minor units.
        amount: Ratio,
        /// Its period.
        per: Per,
    },
    /// `6 months`: months, then days.
    Duration(i32, i32),
    /// `last 3 months`, or those before a day: `last 3 months before d`
    LastMonths(i32, Option<Box<Expr>>),
    /// `[1, 2]`
    List(Vec<Expr>),
    /// A name.
    Name(String),
    /// `p.fact`
    Field(Box<Expr>, String),
    /// `l[condition]`
    Filter(Box<Expr>, Box<Expr>),
    /// A function or a table of parameters.
    Call(String, Vec<Expr>),
    /// `p at d`
    At(Box<Expr>, Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `not(x)`
    Not(Box<Expr>),
    /// `a + b`
    Binary(Op, Box<Expr>, Box<Expr>),
    /// `x in l`, a list or period.
    In(Box<Expr>, Box<Expr>),
    /// `x in [a..b]`; whether the ends belong to it.
    Between {
        /// What is looked at.
        value: Box<Expr>,
        /// The lower end.
        low: Box<Expr>,
        /// The upper end.
        high: Box<Expr>,
        /// `[`
        low_in: bool,
        /// `]`
        high_in: bool,
    },
    /// `if a then b else c`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `some x in l satisfies c`
    Some(String, Box<Expr>, Box<Expr>),
    /// `every x in l satisfies c`
    Every(String, Box<Expr>, Box<Expr>),
    /// `for x in l return e`
    For(String, Box<Expr>, Box<Expr>),
}

impl Kind {
    /// The parts of an expression, in order.
    pub fn parts(&self) -> Vec<&Expr> {
        match self {
            Kind::List(parts) | Kind::Call(_, parts) => parts.iter().collect(),
            Kind::Field(a, _) | Kind::Negate(a) | Kind::Not(a) | Kind::LastMonths(_, Some(a)) => vec![a],
            Kind::Filter(a, b)
            | Kind::At(a, b)
            | Kind::Binary(_, a, b)
            | Kind::In(a, b)
            | Kind::Some(_, a, b)
            | Kind::Every(_, a, b)
            | Kind::For(_, a, b) => vec![a, b],
            Kind::If(a, b, c) => vec![a, b, c],
            Kind::Between { value, low, high, .. } => vec![value, low, high],
            _ => Vec::new(),
        }
    }
    /// How tightly it binds when printed: 0 is the loosest.
    fn level(&self) -> u8 {
        match self {
            Kind::If(..) | Kind::Some(..) | Kind::Every(..) | Kind::For(..) => 0,
            Kind::Binary(op, ..) => op.level(),
            Kind::In(..) | Kind::Between { .. } => 3,
            Kind::Negate(_) => 6,
            Kind::At(..) | Kind::LastMonths(_, Some(_)) => 7,
            // Written with a sign or a space, so they need parentheses before a dot.
            Kind::Int(n) if *n < 0 => 6,
            Kind::Decimal(d) if *d < Ratio::whole(0) => 6,
            Kind::Money { .. }
            | Kind::Duration(..)
            | Kind::LastMonths(_, None)
            | Kind::Decimal(_)
            | Kind::Int(_) => 8,
            _ => 9,
        }
    }
}

/// Printing gives a text that parses to the same expression.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, parts: &[Expr]| {
            for (i, part) in parts.iter().enumerate() {
                write!(f, "{}{part}", if i > 0 { ", " } else { "" })?;
            }
            Ok(())
        };
        match &self.kind {
            Kind::Bool(b) => write!(f, "{b}"),
            Kind::Int(n) => write!(f, "{n}"),
            Kind::Decimal(d) if d.decimals() == Some(0) => write!(f, "{d}.0"),
            Kind::Decimal(d) => write!(f, "{d}"),
            Kind::Text(text) => write!(
                f,
                "\"{}\"",
                text.replace('\\', "\\\\")
                    .replace('"', "\\\"")
                    .replace('\n', "\\n")
            ),
            Kind::Date(d) => write!(f, "date(\"{d}\")"),
            Kind::Money {
                currency,
                amount,
                per,
            } => {
                write!(f, "{currency} {amount}")?;
                f.write_str(match per {
                    Per::Once => "",
                    Per::Month => " per month",
                    Per::Year => " per year",
                })
            }
            Kind::Duration(months, 0) if *months != 0 && months % 12 == 0 => {
                write!(f, "{} years", months / 12)
            }
            Kind::Duration(months, 0) if *months != 0 => write!(f, "{months} months"),
            Kind::Duration(_, days) => write!(f, "{days} days"),
            Kind::LastMonths(n, None) => write!(f, "last {n} months"),
            Kind::LastMonths(n, Some(day)) => write!(f, "last {n} months before {}", Inside(day, 8)),
            Kind::List(parts) => {
                f.write_str("[")?;
                list(f, parts)?;
                f.write_str("]")
            }
            Kind::Name(name) => f.write_str(name),
            Kind::Field(base, name) => write!(f, "{}.{name}", Inside(base, 9)),
            Kind::Filter(base, condition) => write!(f, "{}[{condition}]", Inside(base, 9)),
            Kind::Call(name, parts) => {
                write!(f, "{name}(")?;
                list(f, parts)?;
                f.write_str(")")
            }
            Kind::At(value, day) => write!(f, "{} at {}", Inside(value, 8), Inside(day, 8)),
            Kind::Negate(value) => write!(f, "-{}", Inside(value, 7)),
            Kind::Not(value) => write!(f, "not({value})"),
            Kind::Binary(op, a, b) => {
                let level = op.level();
                // Comparisons do not chain, so both sides bind tighter.
                let left = if level == 3 { 4 } else { level };
                write!(f, "{} {} {}", Inside(a, left), op.sign(), Inside(b, level + 1))
            }
            Kind::In(value, list) => write!(f, "{} in {}", Inside(value, 4), Inside(list, 4)),
            Kind::Between {
                value,
                low,
                high,
                low_in,
                high_in,
            } => write!(
                f,
                "{} in {}{}..{}{}",
                Inside(value, 4),
                if *low_in { '[' } else { '(' },
                Inside(low, 4),
                Inside(high, 4),
                if *high_in { ']' } else { ')' }
            ),
            Kind::If(a, b, c) => write!(f, "if {a} then {b} else {c}"),
            Kind::Some(name, l, c) => write!(f, "some {name} in {} satisfies {c}", Inside(l, 4)),
            Kind::Every(name, l, c) => write!(f, "every {name} in {} satisfies {c}", Inside(l, 4)),
            Kind::For(name, l, e) => write!(f, "for {name} in {} return {e}", Inside(l, 4)),
        }
    }
}

/// An expression where only those that bind at least so tightly stand without parentheses.
struct Inside<'a>(&'a Expr, u8);

impl fmt::Display for Inside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.kind.level() < self.1 {
            write!(f, "({})", self.0)
        } else {
            write!(f, "{}", self.0)
        }
    }
}
