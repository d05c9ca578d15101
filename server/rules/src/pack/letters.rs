//! Looks over the templates of letters: whether they can be read, and whether what they ask for is there.

use super::{
    Mistake, Pack,
    letter_places::{LetterKind, Place, within},
    read::Mistakes,
};
use crate::lang::hint;
use minijinja::{
    machinery::{
        Span,
        ast::{BinOpKind, CallArg, Expr, Stmt},
        parse,
    },
    syntax::SyntaxConfig,
};
use std::collections::BTreeMap;

/// What a value may be put through. Those that would undo the escaping are not among them.
const FILTERS: [&str; 22] = [
    "paragraphs",
    "upper",
    "lower",
    "title",
    "capitalize",
    "trim",
    "join",
    "length",
    "count",
    "default",
    "d",
    "first",
    "last",
    "replace",
    "reverse",
    "sort",
    "unique",
    "list",
    "round",
    "abs",
    "slice",
    "batch",
];
/// The bytes of a template that is a letter.
const LARGEST: usize = 1 << 20;

/// Sums are the rules' affair; and texts put together from each other grow without end.
const NO_WORKING_OUT: &str =
    "a letter works nothing out and keeps nothing: it prints the values that it is given";

/// What a loop knows about itself.
const LOOP: Place = Place::Record(&[
    ("index", Place::Value),
    ("index0", Place::Value),
    ("revindex", Place::Value),
    ("revindex0", Place::Value),
    ("first", Place::Value),
    ("last", Place::Value),
    ("length", Place::Value),
    ("depth", Place::Value),
    ("previtem", Place::Value),
    ("nextitem", Place::Value),
]);

impl Pack {
    /// Whether a second decider's letter is made by this template.
    fn confirms_by(&self, name: &str) -> bool {
        let mut steps = self.procedures.iter().flat_map(|procedure| &procedure.steps);
        steps.any(|step| step.letter.as_deref() == Some(name))
    }
    /// Whether it is the letter of a second body on a later decision.
    fn confirms_later_by(&self, name: &str) -> bool {
        let rule = self.country.amendments.as_ref();
        let procedure = rule.and_then(|rule| self.procedure(&rule.procedure));
        let step = procedure.and_then(|procedure| procedure.step_of(super::LegalAct::Confirm));
        step.is_some_and(|step| step.letter.as_deref() == Some(name))
    }
    /// Of what kind a letter is; nothing where the house makes none by this template.
    pub fn letter_kind(&self, name: &str) -> Option<LetterKind> {
        let amendment = self.country.amendments.as_ref();
        let slip = self.country.delivery.as_ref();
        if amendment.is_some_and(|it| it.letter == name) {
            Some(LetterKind::Amendment)
        } else if slip.is_some_and(|it| it.slip == name) {
            Some(LetterKind::Slip)
        } else if self.benefits.iter().any(|benefit| benefit.letter == name) {
            Some(LetterKind::Decision)
        } else if self.confirms_later_by(name) {
            Some(LetterKind::LaterConfirmation)
        } else if self.confirms_by(name) {
            Some(LetterKind::Confirmation)
        } else {
            let by_name = LetterKind::BY_NAME.iter().find(|(known, _)| *known == name);
            by_name.map(|(_, kind)| *kind)
        }
    }
}

pub(super) fn check(pack: &Pack, mistakes: &Mistakes) {
    for (name, by_language) in &pack.letters {
        let kind = pack.letter_kind(name);
        for (language, text) in by_language {
            let mut checker = Checker {
                file: format!("letters/{name}.{language}.md"),
                text,
                mistakes,
                kind,
                scopes: Vec::new(),
            };
            checker.template();
        }
    }
}

struct Checker<'t> {
    file: String,
    text: &'t str,
    mistakes: &'t Mistakes,
    kind: Option<LetterKind>,
    /// Names that the template itself gives, the innermost last; nothing is known of what some of them hold.
    scopes: Vec<BTreeMap<&'t str, Option<Place>>>,
}

impl<'t> Checker<'t> {
    fn wrong(&self, offset: usize, message: impl Into<String>) {
        self.mistakes
            .note(Mistake::at(&self.file, self.text, offset, message));
    }

    fn at(&self, span: Span, message: impl Into<String>) {
        self.wrong(usize::try_from(span.start_offset).unwrap_or(0), message);
    }

    fn template(&mut self) {
        if self.text.len() > LARGEST {
            return self.wrong(0, "a template is a letter, not a book");
        }
        // As the house reads them (karton-letters).
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build();
        match parse(self.text, "letter", syntax.unwrap_or_default()) {
            Ok(template) => {
                self.scopes.push(BTreeMap::new());
                self.statement(&template);
            }
            Err(error) => {
                let line = error.line().unwrap_or(1);
                let start = self.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
                let offset = error.range().map_or(start, |range| range.start);
                let said = error
                    .detail()
                    .map_or_else(|| error.kind().to_string(), str::to_owned);
                self.wrong(offset, format!("this is no template: {said}"));
            }
        }
    }

    fn inside(&mut self, names: BTreeMap<&'t str, Option<Place>>, body: &[Stmt<'t>]) {
        self.scopes.push(names);
        for statement in body {
            self.statement(statement);
        }
        self.scopes.pop();
    }

    fn statement(&mut self, statement: &Stmt<'t>) {
        match statement {
            Stmt::Template(it) => {
                for child in &it.children {
                    self.statement(child);
                }
            }
            Stmt::EmitRaw(_) => {}
            Stmt::EmitExpr(it) => {
                if let Some(Place::Record(_) | Place::List(_)) = self.expression(&it.expr) {
                    let message = "this is more than one value: name which is printed, or go through them";
                    self.at(it.expr.span(), message);
                }
            }
            Stmt::ForLoop(it) => {
                let item = match self.expression(&it.iter) {
                    Some(Place::List(item)) => Some(*item),
                    Some(Place::Value | Place::Record(_)) => {
                        self.at(it.iter.span(), "this is no list: nothing goes through it");
                        None
                    }
                    None => None,
                };
                let mut names = BTreeMap::from([("loop", Some(LOOP))]);
                match &it.target {
                    Expr::Var(target) => drop(names.insert(target.id, item)),
                    other => bound(other, &mut names),
                }
                self.scopes.push(names);
                if let Some(filter) = &it.filter_expr {
                    self.expression(filter);
                }
                for statement in &it.body {
                    self.statement(statement);
                }
                self.scopes.pop();
                self.inside(BTreeMap::new(), &it.else_body);
            }
            Stmt::IfCond(it) => {
                self.expression(&it.expr);
                self.inside(BTreeMap::new(), &it.true_body);
                self.inside(BTreeMap::new(), &it.false_body);
            }
            Stmt::WithBlock(it) => {
                self.at(it.span(), NO_WORKING_OUT);
                let mut names = BTreeMap::new();
                for (target, value) in &it.assignments {
                    let place = self.expression(value);
                    match target {
                        Expr::Var(target) => drop(names.insert(target.id, place)),
                        other => bound(other, &mut names),
                    }
                }
                self.inside(names, &it.body);
            }
            Stmt::Set(it) => {
                self.at(it.span(), NO_WORKING_OUT);
                let place = self.expression(&it.expr);
                if let (Expr::Var(target), Some(scope)) = (&it.target, self.scopes.last_mut()) {
                    scope.insert(target.id, place);
                }
            }
            Stmt::SetBlock(it) => {
                self.at(it.span(), NO_WORKING_OUT);
                self.inside(BTreeMap::new(), &it.body);
                if let (Expr::Var(target), Some(scope)) = (&it.target, self.scopes.last_mut()) {
                    scope.insert(target.id, Some(Place::Value));
                }
            }
            Stmt::AutoEscape(it) => self.at(
                it.enabled.span(),
                "values are always escaped: `autoescape` has no place in a letter",
            ),
            Stmt::FilterBlock(it) => {
                self.at(it.span(), NO_WORKING_OUT);
                self.expression(&it.filter);
                self.inside(BTreeMap::new(), &it.body);
            }
            Stmt::Do(it) => {
                self.at(it.span(), NO_WORKING_OUT);
                self.expression(&it.call.expr);
            }
        }
    }

    /// What an expression stands for, where that is known; what it names and is not there is said.
    fn expression(&mut self, expr: &Expr<'t>) -> Option<Place> {
        match expr {
            Expr::Var(it) => self.name(it.id, it.span()),
            Expr::GetAttr(it) => match self.expression(&it.expr)? {
                Place::Record(record) => {
                    let found = within(record, it.name);
                    if found.is_none() {
                        let near = hint(it.name, record.iter().map(|(name, _)| *name));
                        self.at(expr.span(), format!("there is no `{}` here{near}", it.name));
                    }
                    found
                }
                _ => {
                    self.at(
                        expr.span(),
                        format!("this has no `{}`: it is a value or a list", it.name),
                    );
                    None
                }
            },
            Expr::GetItem(it) => {
                self.expression(&it.subscript_expr);
                match self.expression(&it.expr)? {
                    Place::List(item) => Some(*item),
                    _ => None,
                }
            }
            Expr::Slice(it) => self.expression(&it.expr),
            Expr::UnaryOp(it) => {
                self.expression(&it.expr);
                None
            }
            Expr::BinOp(it) => {
                let (left, right) = (self.expression(&it.left), self.expression(&it.right));
                use BinOpKind::{Add, Concat, Div, FloorDiv, Mul, Pow, Rem, ScAnd, ScOr, Sub};
                match it.op {
                    // `people or []`, `title or "…"`: what is there where something is.
                    ScOr => left.or(right),
                    ScAnd => right,
                    Add | Sub | Mul | Div | FloorDiv | Rem | Pow | Concat => {
                        self.at(expr.span(), NO_WORKING_OUT);
                        None
                    }
                    _ => None,
                }
            }
            Expr::Compare(it) => {
                self.expression(&it.expr);
                for op in &it.ops {
                    self.expression(&op.expr);
                }
                None
            }
            Expr::IfExpr(it) => {
                self.expression(&it.test_expr);
                let place = self.expression(&it.true_expr);
                if let Some(other) = &it.false_expr {
                    self.expression(other);
                }
                place
            }
            Expr::Filter(it) => {
                if !FILTERS.contains(&it.name) {
                    let near = hint(it.name, FILTERS);
                    self.at(
                        expr.span(),
                        format!("`{}` is nothing that a value is put through{near}", it.name),
                    );
                }
                if let Some(value) = &it.expr {
                    self.expression(value);
                }
                self.arguments(&it.args);
                None
            }
            Expr::Test(it) => {
                self.expression(&it.expr);
                self.arguments(&it.args);
                None
            }
            Expr::Call(it) => {
                self.at(
                    expr.span(),
                    "a letter calls nothing: values are put through filters, `x | upper`",
                );
                self.arguments(&it.args);
                None
            }
            Expr::List(it) => {
                for item in &it.items {
                    self.expression(item);
                }
                None
            }
            Expr::Tuple(it) => {
                for item in &it.items {
                    self.expression(item);
                }
                None
            }
            Expr::Map(it) => {
                for value in &it.values {
                    self.expression(value);
                }
                None
            }
            Expr::Const(_) => None,
        }
    }

    fn arguments(&mut self, arguments: &[CallArg<'t>]) {
        for argument in arguments {
            match argument {
                CallArg::Pos(value)
                | CallArg::Kwarg(_, value)
                | CallArg::PosSplat(value)
                | CallArg::KwargSplat(value) => drop(self.expression(value)),
            }
        }
    }

    fn name(&self, name: &str, span: Span) -> Option<Place> {
        if let Some(own) = self.scopes.iter().rev().find_map(|scope| scope.get(name)) {
            return *own;
        }
        let kind = self.kind?;
        let found = kind.place(name);
        if found.is_none() {
            let own = self.scopes.iter().flat_map(BTreeMap::keys).copied();
            let near = hint(name, kind.names().into_iter().chain(own));
            self.at(
                span,
                format!("this letter knows nothing that is called `{name}`{near}"),
            );
        }
        found
    }
}

/// Names that a loop takes apart; nothing is known of what they hold.
fn bound<'t>(target: &Expr<'t>, names: &mut BTreeMap<&'t str, Option<Place>>) {
    match target {
        Expr::Var(it) => drop(names.insert(it.id, None)),
        Expr::List(it) => it.items.iter().for_each(|item| bound(item, names)),
        Expr::Tuple(it) => it.items.iter().for_each(|item| bound(item, names)),
        _ => {}
    }
}
