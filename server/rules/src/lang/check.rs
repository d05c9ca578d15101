use super::{
    Type,
    ast::{Expr, Kind, Op, Span, Wrong},
    names::{Dictionary, hint},
    node::{Node, NodeKind},
    typing::{arithmetic, fits, joined, mismatch},
    value::Value,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What an expression may name beside facts and parameters, and the slots it was given.
pub(crate) struct Scope<'a> {
    pub(crate) dictionary: &'a mut Dictionary,
    /// Named expressions: slot and type; none where the name was given twice and is ambiguous.
    pub(crate) lets: BTreeMap<String, Option<(usize, Type)>>,
    /// Named expressions that a column or the name of a loop would hide.
    pub(crate) named: BTreeSet<String>,
    /// `known(x)` may be written here.
    pub(crate) guards: bool,
    /// The person that `member` stands for, on pages of members.
    pub(crate) member: Option<usize>,
    /// Other benefits whose conditions are worked out, each with the slot of its answer; nothing outside of a benefit's rules.
    pub(crate) gates: Option<BTreeMap<String, usize>>,
    /// The first slot that is free.
    pub(crate) slots: usize,
    pub(super) walks: Vec<Walked>,
}

/// The element of a walk through a list.
pub(super) struct Walked {
    /// Its name; none inside a filter, where it is `item` and its columns stand alone.
    pub(super) name: Option<String>,
    pub(super) slot: usize,
    pub(super) ty: Type,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(dictionary: &'a mut Dictionary) -> Scope<'a> {
        Scope {
            dictionary,
            lets: BTreeMap::new(),
            named: BTreeSet::new(),
            guards: false,
            gates: None,
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
            Kind::LastMonths(count, before) => {
                let before = match before {
                    Some(day) => Some(Box::new(self.expect(day, &Type::Date)?)),
                    None => None,
                };
                node(NodeKind::LastMonths(*count, before), Type::Period)
            }
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
            Kind::At(value, day) => self.at(value, day, span),
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
