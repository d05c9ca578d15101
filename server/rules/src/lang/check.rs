use super::{
    RowType, Type,
    ast::{Expr, Kind, Op, Span, Wrong},
    names::{Dictionary, hint},
    node::{Node, NodeKind},
    parse::dotted,
    typing::{arithmetic, fits, joined, mismatch},
    value::Value,
};
use std::{collections::BTreeMap, sync::Arc};

/// What an expression may name beside facts and parameters, and the slots it was given.
pub(crate) struct Scope<'a> {
    pub(crate) dictionary: &'a mut Dictionary,
    /// Named expressions: slot and type; none where the name was given twice and is ambiguous.
    pub(crate) lets: BTreeMap<String, Option<(usize, Type)>>,
    /// `known(x)` may be written here.
    pub(crate) guards: bool,
    /// The person that `member` stands for, on pages of members.
    pub(crate) member: Option<usize>,
    /// The first slot that is free.
    pub(crate) slots: usize,
    pub(super) walks: Vec<Walked>,
}

/// The element of a walk through a list.
pub(super) struct Walked {
    /// Its name; none inside a filter, where it is `item` and its columns stand alone.
    name: Option<String>,
    slot: usize,
    ty: Type,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(dictionary: &'a mut Dictionary) -> Scope<'a> {
        Scope {
            dictionary,
            lets: BTreeMap::new(),
            guards: false,
            member: None,
            slots: 0,
            walks: Vec::new(),
        }
    }

    /// Types an expression.
    pub(crate) fn check(&mut self, expr: &Expr) -> Result<Node, Wrong> {
        let span = expr.span;
        let node = |kind, ty| Ok(Node::new(kind, ty, span));
        let constant = |value, ty| Ok(Node::new(NodeKind::Const(value), ty, span));
        match &expr.kind {
            Kind::Bool(b) => constant(Value::Bool(*b), Type::Bool),
            Kind::Int(n) => constant(Value::Int(*n), Type::Int),
            Kind::Decimal(d) => constant(Value::Ratio(*d), Type::Decimal),
            Kind::Text(text) => constant(Value::Text(self.dictionary.intern(text)), Type::Text),
            Kind::Date(day) => constant(Value::Date(*day), Type::Date),
            Kind::Duration(months, days) => constant(Value::Duration(*months, *days), Type::Duration),
            Kind::LastMonths(count) => node(NodeKind::LastMonths(*count), Type::Period),
            Kind::Money {
                currency,
                amount,
                per,
            } => {
                if *currency != self.dictionary.currency {
                    return Err(Wrong::new(
                        span,
                        format!("the currency of this pack is {}", self.dictionary.currency),
                    ));
                }
                let minor = super::typing::minor(*amount, self.dictionary.minor_units)
                    .ok_or_else(|| Wrong::new(span, "this amount is not a whole number of minor units"))?;
                constant(Value::Money(minor), Type::Money(*per))
            }
            Kind::List(parts) => self.list(parts, span),
            Kind::Name(_) | Kind::Field(..) => self.path(expr),
            Kind::Filter(list, test) => {
                let list = self.check(list)?;
                let element = self.element(&list)?;
                if matches!(test.kind, Kind::Int(_)) {
                    return Err(Wrong::new(
                        test.span,
                        "FEEL's l[1] (by position) is not part of the rule language",
                    ));
                }
                let (slot, test) = self.walk(None, element, |scope| scope.bool(test))?;
                let ty = list.ty.clone();
                node(
                    NodeKind::Filter {
                        list: Box::new(list),
                        slot,
                        test: Box::new(test),
                    },
                    ty,
                )
            }
            Kind::Call(name, arguments) => self.call(name, arguments, span),
            Kind::At(value, day) => {
                let day = self.expect(day, &Type::Date)?;
                let mut value = self.check(value)?;
                match &mut value.kind {
                    NodeKind::Parameter { day: place, .. } => *place = Some(Box::new(day)),
                    _ => return Err(Wrong::new(value.span, "only a parameter has a value `at` a day")),
                }
                value.span = span;
                Ok(value)
            }
            Kind::Negate(value) => {
                let value = self.check(value)?;
                match value.ty {
                    Type::Int | Type::Decimal | Type::Money(_) | Type::Share(_) => {
                        let ty = value.ty.clone();
                        node(NodeKind::Negate(Box::new(value)), ty)
                    }
                    ty => Err(Wrong::new(span, format!("a {ty} has no negative"))),
                }
            }
            Kind::Not(value) => {
                let value = self.bool(value)?;
                node(NodeKind::Not(Box::new(value)), Type::Bool)
            }
            Kind::Binary(op @ (Op::And | Op::Or), a, b) => {
                let (a, b) = (Box::new(self.bool(a)?), Box::new(self.bool(b)?));
                node(
                    if *op == Op::And {
                        NodeKind::And(a, b)
                    } else {
                        NodeKind::Or(a, b)
                    },
                    Type::Bool,
                )
            }
            Kind::Binary(op @ (Op::Add | Op::Subtract | Op::Multiply | Op::Divide), a, b) => {
                let (a, b) = (self.check(a)?, self.check(b)?);
                let ty = arithmetic(*op, &a.ty, &b.ty).map_err(|message| Wrong::new(span, message))?;
                node(NodeKind::Arithmetic(*op, Box::new(a), Box::new(b)), ty)
            }
            Kind::Binary(op, a, b) => {
                let (a, b) = self.pair(a, b)?;
                self.comparable(*op, &a, &b, span)?;
                node(NodeKind::Compare(*op, Box::new(a), Box::new(b)), Type::Bool)
            }
            Kind::Between {
                value,
                low,
                high,
                low_in,
                high_in,
            } => {
                let (value, low, high) = (self.check(value)?, self.check(low)?, self.check(high)?);
                self.comparable(Op::LessOrEqual, &low, &value, low.span)?;
                self.comparable(Op::LessOrEqual, &value, &high, high.span)?;
                let (value, low, high) = (Box::new(value), Box::new(low), Box::new(high));
                node(
                    NodeKind::Between {
                        value,
                        low,
                        high,
                        low_in: *low_in,
                        high_in: *high_in,
                    },
                    Type::Bool,
                )
            }
            Kind::In(value, list) => {
                let value = self.check(value)?;
                let list = self.check(list)?;
                self.contained(value, list, span)
            }
            Kind::If(condition, yes, no) => {
                let condition = self.bool(condition)?;
                let (yes, no) = self.pair(yes, no)?;
                let ty = self.join(&yes, &no)?;
                node(NodeKind::If(Box::new(condition), Box::new(yes), Box::new(no)), ty)
            }
            Kind::Some(name, list, test) | Kind::Every(name, list, test) => {
                let list = self.check(list)?;
                let element = self.element(&list)?;
                let (slot, test) = self.walk(Some(name), element, |scope| scope.bool(test))?;
                let some = matches!(expr.kind, Kind::Some(..));
                node(
                    NodeKind::Quantified {
                        some,
                        list: Box::new(list),
                        slot,
                        test: Box::new(test),
                    },
                    Type::Bool,
                )
            }
            Kind::For(name, list, body) => {
                let list = self.check(list)?;
                let element = self.element(&list)?;
                let (slot, body) = self.walk(Some(name), element, |scope| scope.check(body))?;
                Ok(mapped(list, slot, body, span))
            }
        }
    }

    /// Types an expression that must have a type; texts become codes where one is needed.
    pub(crate) fn expect(&mut self, expr: &Expr, ty: &Type) -> Result<Node, Wrong> {
        let node = self.check(expr)?;
        let node = self.coerced(node, ty)?;
        if fits(&node.ty, ty) {
            return Ok(node);
        }
        Err(Wrong::new(node.span, mismatch(ty, &node.ty)))
    }

    pub(super) fn bool(&mut self, expr: &Expr) -> Result<Node, Wrong> {
        self.expect(expr, &Type::Bool)
    }

    fn list(&mut self, parts: &[Expr], span: Span) -> Result<Node, Wrong> {
        let mut nodes = Vec::new();
        let mut ty: Option<Type> = None;
        for part in parts {
            let node = self.check(part)?;
            if matches!(node.ty, Type::List(_) | Type::Nothing) {
                return Err(Wrong::new(node.span, "lists never nest; write concatenate(a, b)"));
            }
            ty = Some(match ty {
                None => node.ty.clone(),
                Some(so_far) => joined(&so_far, &node.ty)
                    .ok_or_else(|| Wrong::new(node.span, mismatch(&so_far, &node.ty)))?,
            });
            nodes.push(node);
        }
        let ty = ty.map_or(Type::Nothing, |element| Type::List(Box::new(element)));
        Ok(Node::new(NodeKind::List(nodes), ty, span))
    }

    /// Walks through a list: the element has a slot while the body is typed.
    pub(super) fn walk(
        &mut self,
        name: Option<&String>,
        element: Type,
        body: impl FnOnce(&mut Self) -> Result<Node, Wrong>,
    ) -> Result<(usize, Node), Wrong> {
        let slot = self.slots;
        self.slots += 1;
        self.walks.push(Walked {
            name: name.cloned(),
            slot,
            ty: element,
        });
        let found = body(self);
        self.walks.pop();
        Ok((slot, found?))
    }

    pub(super) fn element(&self, list: &Node) -> Result<Type, Wrong> {
        match &list.ty {
            Type::List(element) => Ok((**element).clone()),
            Type::Nothing => Ok(Type::Bool),
            ty => Err(Wrong::new(
                list.span,
                format!("a list was expected, this is a {ty}"),
            )),
        }
    }

    /// A name, or names with dots between them.
    fn path(&mut self, expr: &Expr) -> Result<Node, Wrong> {
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

    /// A parameter, or something nobody knows.
    fn outer(&mut self, full: &str, expr: &Expr) -> Result<Node, Wrong> {
        if let Some(parameter) = self.dictionary.parameter(full) {
            let (_, ty, key) = &self.dictionary.parameters[parameter as usize];
            if let Some(key) = key {
                let message = format!("`{full}` is a table: write {full}(key), the key is {key}");
                return Err(Wrong::new(expr.span, message));
            }
            let kind = NodeKind::Parameter {
                parameter,
                key: None,
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

    /// Two sides of one type; a text becomes a code where the other side is one.
    pub(super) fn pair(&mut self, a: &Expr, b: &Expr) -> Result<(Node, Node), Wrong> {
        let (a, b) = (self.check(a)?, self.check(b)?);
        let a = self.coerced(a, &b.ty)?;
        let b = self.coerced(b, &a.ty)?;
        Ok((a, b))
    }

    /// A text literal as a code, where a code is needed; it must be in the list.
    pub(super) fn coerced(&self, mut node: Node, ty: &Type) -> Result<Node, Wrong> {
        match (ty, &mut node.kind) {
            (Type::Code(list), NodeKind::Const(Value::Text(number))) if node.ty == Type::Text => {
                let code = self
                    .dictionary
                    .texts
                    .get(*number as usize)
                    .cloned()
                    .unwrap_or_else(|| Arc::from(""));
                if let Some(codes) = self.dictionary.lists.get(&**list)
                    && !codes.contains(&*code)
                {
                    let near = hint(&code, codes.iter().map(String::as_str));
                    return Err(Wrong::new(
                        node.span,
                        format!("the code list `{list}` has no `{code}`{near}"),
                    ));
                }
                node.ty = ty.clone();
            }
            (Type::Code(_), NodeKind::If(_, yes, no)) if node.ty == Type::Text => {
                **yes = self.coerced((**yes).clone(), ty)?;
                **no = self.coerced((**no).clone(), ty)?;
                if yes.ty == *ty && no.ty == *ty {
                    node.ty = ty.clone();
                }
            }
            (Type::List(element), NodeKind::List(parts)) if matches!(**element, Type::Code(_)) => {
                for part in parts.iter_mut() {
                    *part = self.coerced(part.clone(), element)?;
                }
                if parts.iter().all(|part| part.ty == **element) {
                    node.ty = if parts.is_empty() {
                        Type::Nothing
                    } else {
                        ty.clone()
                    };
                }
            }
            _ => {}
        }
        Ok(node)
    }

    pub(super) fn contained(&mut self, value: Node, list: Node, span: Span) -> Result<Node, Wrong> {
        if list.ty == Type::Period {
            if value.ty != Type::Date {
                return Err(Wrong::new(value.span, mismatch(&Type::Date, &value.ty)));
            }
            let kind = NodeKind::InPeriod(Box::new(value), Box::new(list));
            return Ok(Node::new(kind, Type::Bool, span));
        }
        let list = self.coerced(list, &Type::List(Box::new(value.ty.clone())))?;
        let element = list.ty.element().cloned();
        let value = match &element {
            Some(element) => self.coerced(value, element)?,
            None => value,
        };
        match element {
            Some(element) if joined(&element, &value.ty).is_none() => {
                Err(Wrong::new(list.span, mismatch(&value.ty, &element)))
            }
            None if list.ty != Type::Nothing => Err(Wrong::new(
                list.span,
                format!(
                    "after `in` a range, a list or a period stands, this is a {}",
                    list.ty
                ),
            )),
            _ => Ok(Node::new(
                NodeKind::InList(Box::new(value), Box::new(list)),
                Type::Bool,
                span,
            )),
        }
    }

    fn comparable(&self, op: Op, a: &Node, b: &Node, span: Span) -> Result<(), Wrong> {
        let Some(ty) = joined(&a.ty, &b.ty) else {
            return Err(Wrong::new(span, mismatch(&a.ty, &b.ty)));
        };
        let ordered = matches!(
            ty,
            Type::Int | Type::Decimal | Type::Money(_) | Type::Share(_) | Type::Date
        );
        let equals = matches!(op, Op::Equal | Op::NotEqual);
        let equal = matches!(ty, Type::Bool | Type::Text | Type::Code(_) | Type::Person);
        if ordered || (equals && equal) {
            return Ok(());
        }
        let what = if equals { "compared" } else { "put in order" };
        Err(Wrong::new(span, format!("a {ty} cannot be {what}")))
    }

    fn join(&self, a: &Node, b: &Node) -> Result<Type, Wrong> {
        joined(&a.ty, &b.ty).ok_or_else(|| Wrong::new(b.span, mismatch(&a.ty, &b.ty)))
    }
}

/// Each element of a list gives the body. A body that is a list is joined in, so lists never nest.
pub(super) fn mapped(list: Node, slot: usize, body: Node, span: Span) -> Node {
    let ty = match &body.ty {
        Type::List(_) | Type::Nothing => body.ty.clone(),
        one => Type::List(Box::new(one.clone())),
    };
    Node::new(
        NodeKind::Map {
            list: Box::new(list),
            slot,
            body: Box::new(body),
        },
        ty,
        span,
    )
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
