//! What the names of an expression stand for: values of their own, facts of somebody, parameters.

use super::{
    RowType, Type,
    ast::{Expr, Kind, Op, Span, Wrong},
    check::{Scope, mapped},
    names::{given, hint},
    node::{Node, NodeKind},
    parse::dotted,
    value::Value,
};
use std::sync::Arc;

impl Scope<'_> {
    /// A name, or names with dots between them.
    pub(super) fn path(&mut self, expr: &Expr) -> Result<Node, Wrong> {
        if let Some(full) = dotted(expr) {
            let head = full.split('.').next().unwrap_or(&full);
            if !self.is_value(head) {
                return self.outer(&full, expr);
            }
        }
        match &expr.kind {
            Kind::Name(name) => self.value(name, expr.span),
            Kind::Field(base, name) => {
                if let Kind::Name(holder) = &base.kind
                    && self.local(holder).is_none()
                    && !self.lets.contains_key(holder)
                {
                    match holder.as_str() {
                        "household" => return self.household(name, expr.span),
                        "claim" => return self.claim(name, expr.span),
                        _ => {}
                    }
                }
                let base = self.check(base)?;
                self.field(base, name, expr.span)
            }
            _ => self.check(expr),
        }
    }

    /// Whether a name stands for something by itself, so that what follows its dot is a field of it.
    fn is_value(&self, name: &str) -> bool {
        self.local(name).is_some()
            || self.lets.contains_key(name)
            || matches!(name, "on" | "lodged" | "applicant" | "household" | "claim")
            || (name == "member" && self.member.is_some())
    }

    /// The innermost walk that knows a name, and the column or fact it is there.
    fn local(&self, name: &str) -> Option<(usize, Type, Option<u32>)> {
        self.walks.iter().rev().find_map(|walk| {
            if let Some(own) = &walk.name {
                return (own == name).then(|| (walk.slot, walk.ty.clone(), None));
            }
            if name == "item" {
                return Some((walk.slot, walk.ty.clone(), None));
            }
            let number = match &walk.ty {
                Type::Row(row) => row.column(name).and_then(|n| u32::try_from(n).ok())?,
                Type::Person => self.dictionary.person.find(name)?.0,
                _ => return None,
            };
            Some((walk.slot, walk.ty.clone(), Some(number)))
        })
    }

    fn value(&mut self, name: &str, span: Span) -> Result<Node, Wrong> {
        if let Some((slot, ty, part)) = self.local(name) {
            if self.named.contains(name) {
                let what = match (part, &ty) {
                    (None, _) => "the name of this loop".to_owned(),
                    (Some(_), Type::Row(row)) => format!("a column of `{}`", row.name),
                    (Some(_), _) => "a fact of the person".to_owned(),
                };
                let message = format!("`{name}` is {what} here and a let: call the let otherwise");
                return Err(Wrong::new(span, message));
            }
            let element = Node::new(NodeKind::Slot(slot), ty, span);
            return match part {
                None => Ok(element),
                Some(_) => self.field(element, name, span),
            };
        }
        match self.lets.get(name) {
            Some(Some((slot, ty))) => return Ok(Node::new(NodeKind::Slot(*slot), ty.clone(), span)),
            Some(None) => {
                return Err(Wrong::new(
                    span,
                    format!("two conditions name a `{name}`; name it once for the whole benefit"),
                ));
            }
            None => {}
        }
        match (name, self.member) {
            ("on", _) => Ok(Node::new(NodeKind::On, Type::Date, span)),
            ("lodged", _) => Ok(Node::new(NodeKind::Lodged, Type::Date, span)),
            ("applicant", _) => Ok(Node::new(NodeKind::Const(Value::Person(0)), Type::Person, span)),
            ("member", Some(slot)) => Ok(Node::new(NodeKind::Slot(slot), Type::Person, span)),
            ("household", _) => Err(Wrong::new(
                span,
                "name what of the household is meant: household.members, household.fact",
            )),
            ("claim", _) => Err(Wrong::new(
                span,
                "name which fact of the claim is meant: claim.fact",
            )),
            _ => Err(Wrong::new(span, format!("`{name}` is not known"))),
        }
    }

    /// A parameter's value on a day, or the awards in force then.
    pub(super) fn at(&mut self, value: &Expr, day: &Expr, span: Span) -> Result<Node, Wrong> {
        let day = self.expect(day, &Type::Date)?;
        let mut value = self.check(value)?;
        if let NodeKind::Parameter { day: place, .. } = &mut value.kind {
            *place = Some(Box::new(day));
            value.span = span;
            return Ok(value);
        }
        self.awards_at(value, day, span)
    }

    /// Awards of any day, of which only those in force on `day` are kept.
    fn awards_at(&mut self, mut list: Node, day: Node, span: Span) -> Result<Node, Wrong> {
        let element = list.ty.element().cloned();
        let (true, Some(row @ Type::Row(_))) = (of_any_day(&mut list), element) else {
            return Err(Wrong::new(
                list.span,
                "only a parameter and a list of awards have a value `at` a day",
            ));
        };
        let slot = self.slots;
        self.slots += 1;
        let column = |number| {
            let award = Node::new(NodeKind::Slot(slot), row.clone(), span);
            Node::new(NodeKind::Column(Box::new(award), number), Type::Date, span)
        };
        let compare = |op, a, b| {
            let kind = NodeKind::Compare(op, Box::new(a), Box::new(b));
            Box::new(Node::new(kind, Type::Bool, span))
        };
        let begun = compare(Op::LessOrEqual, column(given::AWARD_FROM), day.clone());
        let runs = compare(Op::Less, day, column(given::AWARD_UNTIL));
        let test = Box::new(Node::new(NodeKind::And(begun, runs), Type::Bool, span));
        let ty = list.ty.clone();
        let list = Box::new(list);
        Ok(Node::new(NodeKind::Filter { list, slot, test }, ty, span))
    }

    /// A parameter, or something nobody knows.
    fn outer(&mut self, full: &str, expr: &Expr) -> Result<Node, Wrong> {
        if let Some(parameter) = self.dictionary.parameter(full) {
            let (_, ty, keys) = &self.dictionary.parameters[parameter as usize];
            match keys.as_slice() {
                [] => {}
                [key] => {
                    let message = format!("`{full}` is a table: write {full}(key), the key is {key}");
                    return Err(Wrong::new(expr.span, message));
                }
                keys => {
                    let message = format!(
                        "`{full}` is a table: write {full}(…), its keys are {}",
                        said(keys)
                    );
                    return Err(Wrong::new(expr.span, message));
                }
            }
            let kind = NodeKind::Parameter {
                parameter,
                keys: Vec::new(),
                day: None,
            };
            return Ok(Node::new(kind, ty.clone(), expr.span));
        }
        let mut names: Vec<&str> = self
            .dictionary
            .parameters
            .iter()
            .map(|(name, _, _)| name.as_str())
            .collect();
        names.extend(self.lets.keys().map(String::as_str));
        names.extend(["on", "lodged", "applicant", "household", "claim"]);
        for walk in &self.walks {
            names.extend(walk.name.as_deref().or(Some("item")));
            match &walk.ty {
                Type::Row(row) if walk.name.is_none() => {
                    names.extend(row.columns.iter().map(|(name, _)| name.as_str()))
                }
                Type::Person if walk.name.is_none() => {
                    names.extend(self.dictionary.person.facts.iter().map(|(name, _)| name.as_str()));
                }
                _ => {}
            }
        }
        let near = hint(full, names);
        let what = if full.contains('.') {
            "there is no parameter"
        } else {
            "there is nothing here that is called"
        };
        let fact = if self.dictionary.person.find(full).is_some() {
            format!("; a fact of a person needs the person: applicant.{full}")
        } else if self.dictionary.household.find(full).is_some() {
            format!("; write household.{full}")
        } else if self.dictionary.claim.find(full).is_some() {
            format!("; write claim.{full}")
        } else {
            near
        };
        Err(Wrong::new(expr.span, format!("{what} `{full}`{fact}")))
    }

    fn household(&mut self, name: &str, span: Span) -> Result<Node, Wrong> {
        let members = Node::new(NodeKind::Members, Type::List(Box::new(Type::Person)), span);
        match name {
            "members" => return Ok(members),
            "awards" => return self.field(members, name, span),
            _ => {}
        }
        match self.dictionary.household.find(name) {
            Some((number, ty)) => Ok(Node::new(NodeKind::HouseholdFact(number), ty.clone(), span)),
            None => Err(self.no_fact("household", name, span)),
        }
    }

    fn claim(&mut self, name: &str, span: Span) -> Result<Node, Wrong> {
        match self.dictionary.claim.find(name) {
            Some((number, ty)) => Ok(Node::new(NodeKind::ClaimFact(number), ty.clone(), span)),
            None => Err(self.no_fact("claim", name, span)),
        }
    }

    fn no_fact(&self, holder: &str, name: &str, span: Span) -> Wrong {
        let own = match holder {
            "household" => &self.dictionary.household,
            "claim" => &self.dictionary.claim,
            _ => &self.dictionary.person,
        };
        let names = own.facts.iter().map(|(name, _)| name.as_str());
        let near = hint(name, names.chain((holder == "household").then_some("members")));
        let at = Span {
            start: span.end - name.len().min(span.end),
            end: span.end,
        };
        Wrong::new(at, format!("there is no fact `{name}` of a {holder}{near}"))
    }

    /// `base.name`
    pub(super) fn field(&mut self, base: Node, name: &str, span: Span) -> Result<Node, Wrong> {
        match base.ty.clone() {
            Type::Person => match self.dictionary.person.find(name) {
                Some((number, ty)) => {
                    let ty = ty.clone();
                    Ok(Node::new(NodeKind::PersonFact(Box::new(base), number), ty, span))
                }
                None => Err(self.no_fact("person", name, span)),
            },
            Type::Row(row) => column(base, &row, name, span),
            Type::List(element) => {
                let (slot, body) = self.walk(None, *element.clone(), |scope| {
                    let slot = scope.slots - 1;
                    scope.field(Node::new(NodeKind::Slot(slot), *element, span), name, span)
                })?;
                Ok(mapped(base, slot, body, span))
            }
            ty => Err(Wrong::new(span, format!("a {ty} has no `{name}`"))),
        }
    }
}

/// Types with commas between them.
pub(super) fn said(types: &[Type]) -> String {
    types
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Turns lists of awards in force today into those of any day; false where the node is no list of awards.
fn of_any_day(node: &mut Node) -> bool {
    match &mut node.kind {
        NodeKind::PersonFact(_, fact) => match given::of_any_day(*fact) {
            Some(other) => {
                *fact = other;
                true
            }
            None => false,
        },
        NodeKind::Map { body, .. } => of_any_day(body),
        _ => false,
    }
}

fn column(base: Node, row: &Arc<RowType>, name: &str, span: Span) -> Result<Node, Wrong> {
    let found = row
        .column(name)
        .and_then(|at| Some((u32::try_from(at).ok()?, row.columns.get(at)?.1.clone())));
    match found {
        Some((at, ty)) => Ok(Node::new(NodeKind::Column(Box::new(base), at), ty, span)),
        None => {
            let near = hint(name, row.columns.iter().map(|(name, _)| name.as_str()));
            let at = Span {
                start: span.end - name.len().min(span.end),
                end: span.end,
            };
            Err(Wrong::new(
                at,
                format!("rows of `{}` have no column `{name}`{near}", row.name),
            ))
        }
    }
}
