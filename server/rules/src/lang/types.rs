use karton_api::Per;
use std::{fmt, sync::Arc};

/// The type of an expression, found when the pack is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// An exact number.
    Decimal,
    /// Whole minor units, once or for a period.
    Money(Per),
    /// Money after a division or a product with a decimal: not whole minor units, it must go through a rounding.
    Share(Per),
    /// A day.
    Date,
    /// A number of months and days.
    Duration,
    /// A span of days, half open.
    Period,
    /// Free text.
    Text,
    /// An entry of the named code list.
    Code(Arc<str>),
    /// A person.
    Person,
    /// One row of a fact that is a list.
    Row(Arc<RowType>),
    /// A list. Lists never nest.
    List(Box<Type>),
    /// The empty list literal, which fits every list.
    Nothing,
}

/// The columns of a fact that is a list of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowType {
    /// The name of the fact.
    pub name: String,
    /// Name and type of each column, in the order of the dictionary.
    pub columns: Vec<(String, Type)>,
}

impl RowType {
    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(column, _)| column == name)
    }
}

impl Type {
    /// Reads a type as packs write it: `bool`, `money per month`, `code income_kinds` …
    pub fn parse(text: &str) -> Option<Type> {
        Some(match text {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "decimal" => Type::Decimal,
            "money" => Type::Money(Per::Once),
            "money per month" => Type::Money(Per::Month),
            "money per year" => Type::Money(Per::Year),
            "date" => Type::Date,
            "text" => Type::Text,
            "person" => Type::Person,
            _ => Type::Code(text.strip_prefix("code ")?.trim().into()),
        })
    }
    /// Whether the type is a number without a unit.
    pub fn is_number(&self) -> bool {
        matches!(self, Type::Int | Type::Decimal)
    }
    /// The type of a list's elements.
    pub fn element(&self) -> Option<&Type> {
        match self {
            Type::List(element) => Some(element),
            _ => None,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per = |per: &Per| match per {
            Per::Once => "",
            Per::Month => " per month",
            Per::Year => " per year",
        };
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("int"),
            Type::Decimal => f.write_str("decimal"),
            Type::Money(p) => write!(f, "money{}", per(p)),
            Type::Share(p) => write!(f, "unrounded money{}", per(p)),
            Type::Date => f.write_str("date"),
            Type::Duration => f.write_str("duration"),
            Type::Period => f.write_str("period"),
            Type::Text => f.write_str("text"),
            Type::Code(list) => write!(f, "code {list}"),
            Type::Person => f.write_str("person"),
            Type::Row(row) => write!(f, "row of {}", row.name),
            Type::List(element) => write!(f, "list of {element}"),
            Type::Nothing => f.write_str("empty list"),
        }
    }
}
