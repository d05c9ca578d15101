use super::{
    Type,
    ast::{Expr, Span, Wrong},
    check::Scope,
    compile::fun,
    node::{Node, NodeKind, RoundTo},
    typing::mismatch,
    value::{Context, Fun, Value},
};
use karton_api::{Per, Rounding};

/// An expression compiled to closures, with its parts for explanations.
pub struct Code {
    pub(crate) fun: Fun,
    /// What it was compiled from, for the work on many households at once.
    pub(crate) node: Node,
    /// Its type.
    pub ty: Type,
    /// Slots that it needs, those of named expressions included.
    pub(crate) slots: usize,
    pub(crate) trace: Traced,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code({})", self.ty)
    }
}

/// A part of an expression that can be worked out by itself, for explanations.
pub(crate) struct Traced {
    pub(crate) span: Span,
    pub(crate) ty: Type,
    pub(crate) fun: Fun,
    shape: Shape,
    parts: Vec<Traced>,
}

/// Which parts of an expression explain it.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    All,
    /// `if`: the condition and the branch taken.
    Branch,
    /// `and`: what is false decides, if anything is.
    And,
    /// `or`: what is true decides, if anything is.
    Or,
}

impl Code {
    /// Types an expression against a scope and compiles it.
    pub(crate) fn compile(scope: &mut Scope<'_>, expr: &Expr, ty: Option<&Type>) -> Result<Code, Wrong> {
        let node = match ty {
            Some(ty) => scope.expect(expr, ty)?,
            None => scope.check(expr)?,
        };
        Ok(Code {
            fun: fun(&node),
            ty: node.ty.clone(),
            slots: scope.slots,
            trace: traced(&node),
            node,
        })
    }
    /// Compiles the formula of an amount: money for a period. What is not whole minor units goes through the
    /// rounding of the rule.
    pub(crate) fn amount(
        scope: &mut Scope<'_>,
        expr: &Expr,
        per: Per,
        rounding: Option<Rounding>,
    ) -> Result<Code, Wrong> {
        let mut node = scope.check(expr)?;
        if let (true, Some(rounding)) = (node.ty == Type::Share(per), rounding) {
            let span = node.span;
            let kind = NodeKind::Round {
                mode: RoundTo::Named(rounding),
                value: Box::new(node),
                digits: 0,
            };
            node = Node::new(kind, Type::Money(per), span);
        }
        if node.ty != Type::Money(per) {
            return Err(Wrong::new(node.span, mismatch(&Type::Money(per), &node.ty)));
        }
        Ok(Code {
            fun: fun(&node),
            ty: node.ty.clone(),
            slots: scope.slots,
            trace: traced(&node),
            node,
        })
    }
    pub(crate) fn run(&self, context: &Context<'_>) -> Value {
        (self.fun)(context)
    }
}

fn traced(node: &Node) -> Traced {
    let shape = match node.kind {
        NodeKind::If(..) => Shape::Branch,
        NodeKind::And(..) => Shape::And,
        NodeKind::Or(..) => Shape::Or,
        _ => Shape::All,
    };
    let mut parts = Vec::new();
    for part in node.plain_parts() {
        // `a and b and c` reads as three parts, not as two of which one has two.
        let same = matches!(
            (&node.kind, &part.kind),
            (NodeKind::And(..), NodeKind::And(..)) | (NodeKind::Or(..), NodeKind::Or(..))
        );
        if shape != Shape::Branch && matches!(part.kind, NodeKind::Const(_)) {
            continue;
        }
        let inner = traced(part);
        if same {
            parts.extend(inner.parts);
        } else {
            parts.push(inner);
        }
    }
    let keep = shape == Shape::Branch;
    parts.retain(|part| keep || !part.is_plain(node));
    Traced {
        span: node.span,
        ty: node.ty.clone(),
        fun: fun(node),
        shape,
        parts,
    }
}

impl Traced {
    /// Constants and lists explain nothing by themselves.
    fn is_plain(&self, of: &Node) -> bool {
        self.span == of.span
            || matches!(
                self.ty,
                Type::List(_) | Type::Nothing | Type::Row(_) | Type::Person | Type::Duration
            )
    }
    /// Works out this part and those that explain it, and hands each on with its depth.
    pub(crate) fn walk(
        &self,
        context: &Context<'_>,
        depth: usize,
        sink: &mut dyn FnMut(usize, &Traced, Value),
    ) -> Value {
        let value = (self.fun)(context);
        sink(depth, self, value);
        match self.shape {
            Shape::Branch => {
                let [condition, yes, no] = self.parts.as_slice() else {
                    return value;
                };
                let taken = condition.walk(context, depth + 1, sink);
                match taken {
                    Value::Bool(true) => yes.walk(context, depth + 1, sink),
                    Value::Bool(false) => no.walk(context, depth + 1, sink),
                    _ => value,
                };
            }
            shape => {
                let decided = match (shape, value) {
                    (Shape::And, Value::Bool(false)) => Some(Value::Bool(false)),
                    (Shape::Or, Value::Bool(true)) => Some(Value::Bool(true)),
                    _ => None,
                };
                for part in &self.parts {
                    if decided.is_none_or(|decided| (part.fun)(context) == decided) {
                        part.walk(context, depth + 1, sink);
                    }
                }
            }
        }
        value
    }
}
