use super::{
    Type,
    ast::{Expr, Kind, Span, Wrong},
    check::Scope,
    check_names::said,
    names::hint,
    node::{Aggregate, Between, DatePart, Node, NodeKind, RoundTo},
    typing::{joined, mismatch},
};
use karton_api::{Per, Rounding};

/// What a rule can call.
const FUNCTIONS: [&str; 33] = [
    "count",
    "sum",
    "min",
    "max",
    "average",
    "concatenate",
    "flatten",
    "contains",
    "floor",
    "ceiling",
    "round half up",
    "round half even",
    "round up",
    "round down",
    "monthly",
    "yearly",
    "once",
    "years between",
    "months between",
    "days between",
    "first of month",
    "working days between",
    "working days after",
    "count months",
    "latest months",
    "qualifies",
    "year",
    "month",
    "known",
    "date",
    "not",
    "some",
    "every",
];

/// What FEEL has and the rule language does not.
const FEEL_ONLY: [&str; 40] = [
    "mean",
    "median",
    "mode",
    "stddev",
    "product",
    "all",
    "any",
    "append",
    "sublist",
    "insert before",
    "remove",
    "reverse",
    "index of",
    "union",
    "distinct values",
    "duplicate values",
    "sort",
    "string",
    "number",
    "substring",
    "length",
    "upper",
    "lower",
    "matches",
    "replace",
    "split",
    "time",
    "duration",
    "decimal",
    "abs",
    "modulo",
    "sqrt",
    "log",
    "exp",
    "odd",
    "even",
    "today",
    "now",
    "context",
    "is",
];

impl Scope<'_> {
    pub(super) fn call(&mut self, name: &str, arguments: &[Expr], span: Span) -> Result<Node, Wrong> {
        if let Some(parameter) = self.dictionary.parameter(name) {
            return self.table(parameter, name, arguments, span);
        }
        let node = |kind, ty| Ok(Node::new(kind, ty, span));
        match (name, arguments) {
            ("count", [list]) => {
                let list = self.check(list)?;
                self.element(&list)?;
                node(NodeKind::Aggregate(Aggregate::Count, Box::new(list)), Type::Int)
            }
            ("sum", [list]) => {
                let list = self.check(list)?;
                let ty = self.summable(&list)?;
                node(NodeKind::Aggregate(Aggregate::Sum, Box::new(list)), ty)
            }
            ("min" | "max", [_, ..]) => self.extreme(name, arguments, span),
            ("average", [column, period]) => self.average(column, period, span),
            ("average", [_]) => Err(Wrong::new(
                span,
                "average needs its window: average(rows.net, last 3 months); write sum(l) / count(l) for a plain mean",
            )),
            ("concatenate", [_, _, ..]) => {
                let mut parts = Vec::new();
                let mut ty = Type::Nothing;
                for argument in arguments {
                    let part = self.check(argument)?;
                    self.element(&part)?;
                    ty = joined(&ty, &part.ty)
                        .ok_or_else(|| Wrong::new(part.span, mismatch(&ty, &part.ty)))?;
                    parts.push(part);
                }
                node(NodeKind::Concatenate(parts), ty)
            }
            ("flatten", [list]) => {
                let list = self.check(list)?;
                self.element(&list)?;
                Ok(list)
            }
            ("contains", [list, value]) => {
                let (list, value) = (self.check(list)?, self.check(value)?);
                self.element(&list)?;
                self.contained(value, list, span)
            }
            (
                "floor" | "ceiling" | "round half up" | "round half even" | "round up" | "round down",
                [value, rest @ ..],
            ) if rest.len() <= 1 => self.round(name, value, rest.first(), span),
            ("monthly" | "yearly" | "once", [value]) => self.unit(name, value, span),
            ("years between" | "months between" | "days between", [a, b]) => {
                let (a, b) = (self.expect(a, &Type::Date)?, self.expect(b, &Type::Date)?);
                let unit = match name {
                    "years between" => Between::Years,
                    "months between" => Between::Months,
                    _ => Between::Days,
                };
                node(NodeKind::Between2(unit, Box::new(a), Box::new(b)), Type::Int)
            }
            ("working days between", [a, b]) => {
                let (a, b) = (self.expect(a, &Type::Date)?, self.expect(b, &Type::Date)?);
                node(NodeKind::WorkingDays(Box::new(a), Box::new(b)), Type::Int)
            }
            ("working days after", [day, count]) => {
                let (day, count) = (self.expect(day, &Type::Date)?, self.expect(count, &Type::Int)?);
                node(
                    NodeKind::WorkingDaysAfter(Box::new(day), Box::new(count)),
                    Type::Date,
                )
            }
            ("count months", [days]) => {
                let days = self.check(days)?;
                if self.element(&days)? != Type::Date {
                    return Err(Wrong::new(
                        days.span,
                        "a list of dates was expected, such as rows.month",
                    ));
                }
                node(NodeKind::Aggregate(Aggregate::Months, Box::new(days)), Type::Int)
            }
            ("latest months", [rows, count]) => self.latest(rows, count, span),
            ("qualifies", [benefit]) => self.gate(benefit, span),
            ("first of month" | "year" | "month", [day]) => {
                let day = self.expect(day, &Type::Date)?;
                let (part, ty) = match name {
                    "year" => (DatePart::Year, Type::Int),
                    "month" => (DatePart::Month, Type::Int),
                    _ => (DatePart::FirstOfMonth, Type::Date),
                };
                node(NodeKind::DatePart(part, Box::new(day)), ty)
            }
            ("known", [value]) => {
                if !self.guards {
                    return Err(Wrong::new(
                        span,
                        "`known` may stand only in guards of forms and procedures: in a rule the unknown stays unknown",
                    ));
                }
                let value = self.check(value)?;
                node(NodeKind::Known(Box::new(value)), Type::Bool)
            }
            _ => Err(self.no_function(name, arguments.len(), span)),
        }
    }

    fn no_function(&self, name: &str, count: usize, span: Span) -> Wrong {
        let at = Span {
            start: span.start,
            end: span.start + name.len(),
        };
        if FUNCTIONS.contains(&name) {
            return Wrong::new(at, format!("`{name}` does not take {count} values"));
        }
        if FEEL_ONLY.contains(&name) {
            return Wrong::new(at, format!("FEEL's `{name}` is not part of the rule language"));
        }
        let tables = self
            .dictionary
            .parameters
            .iter()
            .filter(|(_, _, keys)| !keys.is_empty());
        let near = hint(
            name,
            FUNCTIONS
                .into_iter()
                .chain(tables.map(|(name, _, _)| name.as_str())),
        );
        Wrong::new(at, format!("there is no function or table `{name}`{near}"))
    }

    fn table(&mut self, parameter: u32, name: &str, arguments: &[Expr], span: Span) -> Result<Node, Wrong> {
        let Some((_, ty, keys)) = self.dictionary.parameters.get(parameter as usize).cloned() else {
            return Err(self.no_function(name, arguments.len(), span));
        };
        if keys.is_empty() {
            return Err(Wrong::new(
                span,
                format!("`{name}` is a single value, not a table: write it without parentheses"),
            ));
        }
        if keys.len() != arguments.len() {
            let takes = match keys.as_slice() {
                [key] => format!("`{name}` takes one key, which is {key}"),
                keys => format!("`{name}` takes {} keys: {}", keys.len(), said(keys)),
            };
            return Err(Wrong::new(span, takes));
        }
        let mut found = Vec::new();
        for (argument, key) in arguments.iter().zip(&keys) {
            found.push(self.expect(argument, key)?);
        }
        let kind = NodeKind::Parameter {
            parameter,
            keys: found,
            day: None,
        };
        Ok(Node::new(kind, ty, span))
    }

    /// Whether the conditions of another benefit are met.
    fn gate(&self, benefit: &Expr, span: Span) -> Result<Node, Wrong> {
        let (Some(gates), Kind::Text(code)) = (&self.gates, &benefit.kind) else {
            return Err(Wrong::new(
                span,
                "`qualifies(\"CODE\")` stands only in rules of benefits and names another benefit of the pack",
            ));
        };
        match gates.get(code) {
            Some(slot) => Ok(Node::new(NodeKind::Slot(*slot), Type::Bool, span)),
            None => Err(Wrong::new(
                benefit.span,
                format!("the pack has no benefit `{code}`, or its own rules are wrong"),
            )),
        }
    }

    /// The rows of the latest months that occur among them.
    fn latest(&mut self, rows: &Expr, count: &Expr, span: Span) -> Result<Node, Wrong> {
        let Kind::Int(months @ 1..=1200) = count.kind else {
            return Err(Wrong::new(
                count.span,
                "the number of months is written as a number from 1 to 1200",
            ));
        };
        let rows = self.check(rows)?;
        let element = self.dated_rows(&rows)?;
        let (slot, month) = self.walk(None, element.clone(), |scope| {
            let row = Node::new(NodeKind::Slot(scope.slots - 1), element, span);
            scope.field(row, "month", span)
        })?;
        let ty = rows.ty.clone();
        let kind = NodeKind::LatestMonths {
            rows: Box::new(rows),
            slot,
            month: Box::new(month),
            count: months,
        };
        Ok(Node::new(kind, ty, span))
    }

    /// The type of rows that have a column `month`.
    fn dated_rows(&self, rows: &Node) -> Result<Type, Wrong> {
        let element = self.element(rows)?;
        let has_month = matches!(&element, Type::Row(row) if row.columns.iter().any(|(c, ty)| c == "month" && *ty == Type::Date));
        if has_month {
            Ok(element)
        } else {
            Err(Wrong::new(
                rows.span,
                "rows with a column `month` of type date were expected",
            ))
        }
    }

    fn summable(&self, list: &Node) -> Result<Type, Wrong> {
        match self.element(list)? {
            ty @ (Type::Int | Type::Decimal | Type::Money(_) | Type::Share(_))
                if list.ty != Type::Nothing =>
            {
                Ok(ty)
            }
            _ if list.ty == Type::Nothing => Ok(Type::Int),
            ty => Err(Wrong::new(list.span, format!("a list of {ty} has no sum"))),
        }
    }

    fn extreme(&mut self, name: &str, arguments: &[Expr], span: Span) -> Result<Node, Wrong> {
        let list = match arguments {
            [list] => self.check(list)?,
            several => {
                let list = Expr {
                    kind: Kind::List(several.to_vec()),
                    span,
                    depth: 0,
                };
                self.check(&list)?
            }
        };
        let element = self.element(&list)?;
        let ordered = matches!(
            element,
            Type::Int | Type::Decimal | Type::Money(_) | Type::Share(_) | Type::Date
        );
        if !ordered || list.ty == Type::Nothing {
            return Err(Wrong::new(
                list.span,
                format!("a list of {element} has no `{name}`"),
            ));
        }
        let which = if name == "min" {
            Aggregate::Min
        } else {
            Aggregate::Max
        };
        Ok(Node::new(
            NodeKind::Aggregate(which, Box::new(list)),
            element,
            span,
        ))
    }

    fn average(&mut self, column: &Expr, period: &Expr, span: Span) -> Result<Node, Wrong> {
        let period = self.expect(period, &Type::Period)?;
        let Kind::Field(rows, name) = &column.kind else {
            return Err(Wrong::new(
                column.span,
                "a column of rows was expected, such as applicant.income.net",
            ));
        };
        let (rows, name) = match self.check(rows) {
            // `household.members.income.net`: the rows are what stands before the last dot.
            Ok(rows) => (rows, name),
            Err(wrong) => return Err(wrong),
        };
        let element = self.dated_rows(&rows)?;
        let mut month = None;
        let (slot, value) = self.walk(None, element.clone(), |scope| {
            let row = |span| Node::new(NodeKind::Slot(scope.slots - 1), element.clone(), span);
            let (a, b) = (row(span), row(column.span));
            month = Some(scope.field(a, "month", span)?);
            scope.field(b, name, column.span)
        })?;
        let ty = match value.ty {
            Type::Money(per) => Type::Money(per),
            Type::Int | Type::Decimal => Type::Decimal,
            ty => {
                return Err(Wrong::new(
                    column.span,
                    format!("a column of {ty} has no average"),
                ));
            }
        };
        let Some(month) = month else {
            return Err(Wrong::new(span, "rows with a month were expected"));
        };
        let kind = NodeKind::Average {
            rows: Box::new(rows),
            slot,
            month: Box::new(month),
            value: Box::new(value),
            period: Box::new(period),
        };
        Ok(Node::new(kind, ty, span))
    }

    fn round(&mut self, name: &str, value: &Expr, digits: Option<&Expr>, span: Span) -> Result<Node, Wrong> {
        let value = self.check(value)?;
        let most = i64::from(self.dictionary.minor_units);
        let given = match digits.map(|expr| (&expr.kind, expr.span)) {
            None => None,
            Some((Kind::Int(n), _)) if (-12..=12).contains(n) => Some(*n),
            Some((_, span)) => {
                return Err(Wrong::new(
                    span,
                    "the number of decimals is written as a number from -12 to 12",
                ));
            }
        };
        let (ty, digits) = match (&value.ty, given) {
            (Type::Money(per) | Type::Share(per), None) => (Type::Money(*per), most),
            (Type::Money(per) | Type::Share(per), Some(n)) if n <= most => (Type::Money(*per), n),
            (Type::Money(_) | Type::Share(_), Some(_)) => {
                return Err(Wrong::new(span, format!("money has {most} decimals at most")));
            }
            (Type::Int | Type::Decimal, None | Some(0)) => (Type::Int, 0),
            (Type::Int | Type::Decimal, Some(n)) if n < 0 => (Type::Int, n),
            (Type::Int | Type::Decimal, Some(n)) => (Type::Decimal, n),
            (ty, _) => return Err(Wrong::new(value.span, format!("a {ty} cannot be rounded"))),
        };
        // Values of money are counted in minor units.
        let digits = if matches!(ty, Type::Money(_)) {
            digits - most
        } else {
            digits
        };
        let mode = match name {
            "floor" => RoundTo::Floor,
            "ceiling" => RoundTo::Ceiling,
            "round half even" => RoundTo::Named(Rounding::HalfEven),
            "round up" => RoundTo::Named(Rounding::Up),
            "round down" => RoundTo::Named(Rounding::Down),
            _ => RoundTo::Named(Rounding::HalfUp),
        };
        Ok(Node::new(
            NodeKind::Round {
                mode,
                value: Box::new(value),
                digits,
            },
            ty,
            span,
        ))
    }

    fn unit(&mut self, name: &str, value: &Expr, span: Span) -> Result<Node, Wrong> {
        let value = self.check(value)?;
        let per = match name {
            "monthly" => Per::Month,
            "yearly" => Per::Year,
            _ => Per::Once,
        };
        let ty = match &value.ty {
            Type::Money(_) => Type::Money(per),
            Type::Share(_) => Type::Share(per),
            ty => {
                return Err(Wrong::new(
                    value.span,
                    format!("money was expected, this is {ty}"),
                ));
            }
        };
        Ok(Node::new(NodeKind::As(Box::new(value)), ty, span))
    }
}
