//! Parameters that follow from others, and from their own earlier values: worked out once, when the pack is loaded.

use super::{
    Derived, Expression, Literal, Mistake, Pack, Parameter, ParameterAt, ParameterValue, loader::dated_of,
    program::offset, read::Mistakes,
};
use crate::{
    assess::{Input, PersonFacts},
    lang::{Code, Context, Expr, Kind, Scope, Scratch, Type, Value, Wrong, parse},
};
use karton_api::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Works out what follows, in an order in which each rests on what is there; circles are mistakes.
pub(super) fn parameters(pack: &mut Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let mut maker = Maker {
        pack,
        files,
        mistakes,
    };
    let needs: Vec<BTreeSet<usize>> = (0..maker.pack.parameters.len())
        .map(|at| maker.needs(at))
        .collect();
    let mut done: Vec<bool> = needs.iter().map(BTreeSet::is_empty).collect();
    for at in 0..needs.len() {
        // Those that rest on nobody else may still follow from their own earlier values.
        if done[at] {
            maker.work_out(at, &needs[at]);
        }
    }
    for _ in 0..needs.len() {
        let ready = (0..needs.len()).find(|at| !done[*at] && needs[*at].iter().all(|need| done[*need]));
        let Some(at) = ready else { break };
        maker.work_out(at, &needs[at]);
        done[at] = true;
    }
    for (at, _) in done.iter().enumerate().filter(|(_, done)| !**done) {
        let parameter = &maker.pack.parameters[at];
        let message = format!("`{}` rests on itself, by way of other parameters", parameter.name);
        if let Some(expression) = expressions(parameter).next() {
            maker.wrong(expression, Wrong::new(crate::lang::Span::default(), message));
        }
    }
}

fn expressions(parameter: &Parameter) -> impl Iterator<Item = &Expression> {
    let is = parameter.is.iter().map(|derived| &derived.is);
    is.chain(parameter.at.iter().filter_map(|dated| dated.follows.as_ref()))
}

struct Maker<'a> {
    pack: &'a mut Pack,
    files: &'a BTreeMap<String, String>,
    mistakes: &'a Mistakes,
}

impl Maker<'_> {
    fn wrong(&self, expression: &Expression, wrong: Wrong) {
        if self.mistakes.is_full() {
            return;
        }
        let file = &expression.source.file;
        let text = self.files.get(file).map_or("", String::as_str);
        let at = offset(&expression.source, wrong.span.start);
        self.mistakes.note(Mistake::at(file, text, at, wrong.message));
    }

    fn parsed(&self, expression: &Expression) -> Option<Expr> {
        let expr = parse(&expression.text).and_then(|expr| only_parameters(&expr).map(|()| expr));
        expr.map_err(|wrong| self.wrong(expression, wrong)).ok()
    }

    /// The other parameters that one rests on.
    fn needs(&self, at: usize) -> BTreeSet<usize> {
        let Some(parameter) = self.pack.parameters.get(at) else {
            return BTreeSet::new();
        };
        let mut found = BTreeSet::new();
        for expression in expressions(parameter) {
            if let Ok(expr) = parse(&expression.text) {
                let mut name = |name: &str| {
                    let number = self.pack.dictionary.parameter(name);
                    found.extend(number.and_then(|n| usize::try_from(n).ok()));
                };
                named(&expr, &mut name);
            }
        }
        if parameter.is.is_none() {
            found.remove(&at);
        }
        found
    }

    fn work_out(&mut self, at: usize, needs: &BTreeSet<usize>) {
        let Some(parameter) = self.pack.parameters.get(at).cloned() else {
            return;
        };
        let made = match &parameter.is {
            Some(derived) => self.derived(&parameter, derived, needs),
            None if parameter.at.iter().any(|dated| dated.follows.is_some()) => self.chained(&parameter),
            None => return,
        };
        let dictionary = &mut self.pack.dictionary;
        let looked = made
            .iter()
            .map(|dated| dated_of(dictionary, &parameter, dated))
            .collect();
        if let (Some(parameter), Some(lookup)) = (
            self.pack.parameters.get_mut(at),
            self.pack.law.lookups.get_mut(at),
        ) {
            parameter.at = made;
            lookup.at = looked;
        }
    }

    /// From each day on which one of those it rests on changes, once all of them have a value.
    fn derived(
        &mut self,
        parameter: &Parameter,
        derived: &Derived,
        needs: &BTreeSet<usize>,
    ) -> Vec<ParameterAt> {
        let Some(expr) = self.parsed(&derived.is) else {
            return Vec::new();
        };
        let rests_on: Vec<Parameter> = needs
            .iter()
            .filter_map(|at| self.pack.parameters.get(*at).cloned())
            .collect();
        if rests_on.is_empty() {
            let mut scope = Scope::new(&mut self.pack.dictionary);
            let wrong = match Code::compile(&mut scope, &expr, Some(&parameter.unit)) {
                Ok(_) => Wrong::new(
                    expr.span,
                    "this rests on no other parameter: write its value down",
                ),
                Err(wrong) => wrong,
            };
            self.wrong(&derived.is, wrong);
            return Vec::new();
        }
        let first = rests_on
            .iter()
            .filter_map(|one| one.at.first())
            .map(|dated| dated.from)
            .max();
        let mut days: BTreeSet<Date> = rests_on
            .iter()
            .flat_map(|one| one.at.iter().map(|dated| dated.from))
            .collect();
        days.retain(|day| first.is_some_and(|first| *day >= first));
        let mut made: Vec<ParameterAt> = Vec::new();
        // Where something it rests on was published after it counts, the value before stands until then: such a day has several values.
        let known = days.into_iter().flat_map(|from| {
            let late = rests_on.iter().flat_map(|one| &one.at);
            let late = late
                .filter(|dated| dated.from <= from)
                .filter_map(|dated| dated.published);
            let mut known: BTreeSet<Date> = late.filter(|published| *published > from).collect();
            known.insert(from);
            known.into_iter().map(move |at| (from, at))
        });
        for (from, at) in known.collect::<Vec<_>>() {
            let in_force = |one: &'_ Parameter| {
                let holds = |dated: &&ParameterAt| {
                    dated.from <= from && dated.published.is_none_or(|published| published <= at)
                };
                one.at.iter().rfind(holds).cloned()
            };
            let Some(in_force) = rests_on
                .iter()
                .map(in_force)
                .collect::<Option<Vec<ParameterAt>>>()
            else {
                continue;
            };
            let in_force = || in_force.iter();
            let Some(value) = self.value(&expr, &derived.is, parameter, None, (from, Some(at))) else {
                return made;
            };
            let confidence = in_force().map(|dated| dated.confidence).max();
            made.push(ParameterAt {
                from,
                until: in_force()
                    .filter_map(|dated| dated.until)
                    .filter(|until| *until > from)
                    .min(),
                published: in_force().filter_map(|dated| dated.published).max(),
                source: derived.source.clone(),
                confidence: confidence.unwrap_or(derived.confidence).max(derived.confidence),
                note: None,
                follows: None,
                differs: None,
                given: false,
                value: ParameterValue::One(value),
            });
        }
        made
    }

    /// Each value that follows from the one before; where one is written down too, the two are held against each other.
    fn chained(&mut self, parameter: &Parameter) -> Vec<ParameterAt> {
        let mut made: Vec<ParameterAt> = Vec::new();
        for dated in &parameter.at {
            let mut dated = dated.clone();
            if let (Some(follows), Some(last)) = (dated.follows.clone(), made.last().cloned())
                && let Some(expr) = self.parsed(&follows)
                && let Some(found) = self.followed(&expr, &follows, parameter, &last.value, dated.from)
            {
                if dated.given {
                    self.compare(&dated, &follows, &found);
                } else {
                    dated.value = found;
                }
            }
            made.push(dated);
        }
        made
    }

    fn followed(
        &mut self,
        expr: &Expr,
        follows: &Expression,
        parameter: &Parameter,
        before: &ParameterValue,
        from: Date,
    ) -> Option<ParameterValue> {
        Some(match before {
            ParameterValue::One(before) => {
                ParameterValue::One(self.value(expr, follows, parameter, Some(before), (from, None))?)
            }
            ParameterValue::Table(rows) => {
                let mut found = Vec::new();
                for (keys, before) in rows {
                    found.push((
                        keys.clone(),
                        self.value(expr, follows, parameter, Some(before), (from, None))?,
                    ));
                }
                ParameterValue::Table(found)
            }
        })
    }

    fn compare(&self, dated: &ParameterAt, follows: &Expression, found: &ParameterValue) {
        let pairs: Vec<(&Literal, &Literal)> = match (&dated.value, found) {
            (ParameterValue::One(written), ParameterValue::One(found)) => vec![(written, found)],
            (ParameterValue::Table(written), ParameterValue::Table(found)) => {
                let pair = |(keys, found): &'_ (Vec<Option<Literal>>, Literal)| {
                    let row = written.iter().find(|(own, _)| own == keys)?;
                    Some((&row.1, found.clone()))
                };
                let differs: Vec<_> = found.iter().filter_map(pair).filter(|(a, b)| *a != b).collect();
                if let Some((written, found)) = differs.first() {
                    self.differs(dated, follows, Some((written, found)));
                } else {
                    self.differs(dated, follows, None);
                }
                return;
            }
            _ => return,
        };
        let different = pairs.into_iter().find(|(a, b)| a != b);
        self.differs(dated, follows, different);
    }

    fn differs(&self, dated: &ParameterAt, follows: &Expression, different: Option<(&Literal, &Literal)>) {
        let message = match (different, &dated.differs) {
            (Some((written, found)), None) => format!(
                "what follows is {}, what is published from {} is {}: say why with `differs`",
                self.said(found),
                dated.from,
                self.said(written)
            ),
            (None, Some(_)) => {
                "the published value is the one that follows: `differs` has nothing to say".to_owned()
            }
            _ => return,
        };
        self.wrong(follows, Wrong::new(crate::lang::Span::default(), message));
    }

    fn said(&self, literal: &Literal) -> String {
        match literal {
            Literal::Money(minor) => crate::text::minor(*minor, self.pack.country.minor_units, "en"),
            Literal::Int(n) => n.to_string(),
            Literal::Decimal(ratio) => ratio.to_string(),
            Literal::Date(day) => day.to_string(),
            Literal::Bool(b) => b.to_string(),
            Literal::Text(text) => text.clone(),
        }
    }

    /// The value of an expression over parameters on a day, by the law as it was known on another where that is said.
    fn value(
        &mut self,
        expr: &Expr,
        expression: &Expression,
        parameter: &Parameter,
        before: Option<&Literal>,
        (on, known_at): (Date, Option<Date>),
    ) -> Option<Literal> {
        let before = before.and_then(|literal| value_of(&mut self.pack.dictionary, literal));
        let mut scope = Scope::new(&mut self.pack.dictionary);
        if before.is_some() {
            scope
                .lets
                .insert("before".to_owned(), Some((0, parameter.unit.clone())));
            scope.slots = 1;
        }
        let code = match Code::compile(&mut scope, expr, Some(&parameter.unit)) {
            Ok(code) => code,
            Err(wrong) => {
                self.wrong(expression, wrong);
                return None;
            }
        };
        let nobody = Input {
            on,
            lodged: on,
            known_at,
            suspended: Vec::new(),
            applicant: PersonFacts::default(),
            members: Vec::new(),
            others: Vec::new(),
            household: BTreeMap::new(),
            claim: BTreeMap::new(),
        };
        let world = crate::assess::prepare(&self.pack.dictionary, &nobody);
        let mut scratch = Scratch::default();
        scratch.begin(code.slots);
        let context = Context {
            world: &world,
            law: &self.pack.law,
            scratch: &scratch,
        };
        if let Some(before) = before {
            context.set(0, before);
        }
        let found = code.run(&context);
        let literal = match (found, &parameter.unit) {
            (Value::Int(n), Type::Decimal) => Some(Literal::Decimal(crate::lang::Ratio::whole(n))),
            (Value::Int(n), _) => Some(Literal::Int(n)),
            (Value::Ratio(ratio), _) => Some(Literal::Decimal(ratio)),
            (Value::Money(minor), _) => Some(Literal::Money(minor)),
            (Value::Date(day), _) => Some(Literal::Date(day)),
            (Value::Bool(b), _) => Some(Literal::Bool(b)),
            (Value::Text(number), _) => Some(Literal::Text(
                self.pack.dictionary.text(&world, number).to_owned(),
            )),
            _ => None,
        };
        if literal.is_none() {
            let why = match found {
                Value::Fault(fault) => fault.to_string(),
                _ => "it rests on something that is no parameter".to_owned(),
            };
            self.wrong(
                expression,
                Wrong::new(expr.span, format!("on {on} this cannot be worked out: {why}")),
            );
        }
        literal
    }
}

fn value_of(dictionary: &mut crate::lang::Dictionary, literal: &Literal) -> Option<Value> {
    Some(match literal {
        Literal::Bool(b) => Value::Bool(*b),
        Literal::Int(n) => Value::Int(*n),
        Literal::Decimal(ratio) => Value::Ratio(*ratio),
        Literal::Money(minor) => Value::Money(*minor),
        Literal::Date(day) => Value::Date(*day),
        Literal::Text(text) => Value::Text(dictionary.intern(text)),
    })
}

/// Every name with its dots, and every function.
fn named(expr: &Expr, sink: &mut dyn FnMut(&str)) {
    if let Some(full) = crate::lang::dotted(expr) {
        sink(&full);
        return;
    }
    if let Kind::Call(name, _) = &expr.kind {
        sink(name);
    }
    for part in expr.kind.parts() {
        named(part, sink);
    }
}

/// A parameter knows nobody: what is said of people or of an application is no part of it.
fn only_parameters(expr: &Expr) -> Result<(), Wrong> {
    if let Kind::Name(name) = &expr.kind
        && matches!(
            name.as_str(),
            "applicant" | "household" | "claim" | "lodged" | "member"
        )
    {
        let message = format!("a parameter rests on other parameters only, not on `{name}`");
        return Err(Wrong::new(expr.span, message));
    }
    if let Kind::LastMonths(_, None) = &expr.kind {
        return Err(Wrong::new(
            expr.span,
            "a parameter knows no day of lodging: write `before` a day",
        ));
    }
    expr.kind.parts().into_iter().try_for_each(only_parameters)
}
