//! What the expressions of a benefit may name, and their compilation with it.

use super::{
    Compiler, NamedCode,
    names::{find, mentions, rests_on},
};
use crate::{
    lang::{Code, Expr, Scope, Span, Type, Wrong, parse},
    pack::{Benefit, Expression, Let, Mistake, Texts},
};
use karton_api::{Per, Rounding};
use std::collections::{BTreeMap, BTreeSet};

/// What the expressions of a benefit may name, beside facts and parameters.
#[derive(Default)]
pub(super) struct Frame<'b> {
    pub(super) named: Vec<Named<'b>>,
    /// In the order of `named`; none while one is not compiled, or wrong.
    pub(super) types: Vec<Option<Type>>,
    /// The slot of the first of `named`.
    pub(super) base: usize,
    /// The slot of `member`, where one of the household is meant at a time.
    pub(super) member: Option<usize>,
    /// Expressions beside those of `named`.
    pub(super) more: Vec<&'b Expression>,
    /// Other benefits and the slots of whether they qualify.
    pub(super) gates: BTreeMap<String, usize>,
    /// Those of them with conditions that nobody has confirmed.
    pub(super) unconfirmed: BTreeSet<String>,
}

/// A named expression while its benefit is put in order.
pub(super) struct Named<'b> {
    pub(super) name: &'b str,
    /// It stands in `rules/`, where what is wrong with it is said.
    pub(super) shared: bool,
    /// The condition it stands in; none for those of the whole benefit.
    pub(super) home: Option<usize>,
    pub(super) is: &'b Expression,
    pub(super) expr: Expr,
}

/// What type an expression must have.
pub(super) enum Wanted<'a> {
    Type(Type),
    /// A member of a message, which may name more: name, slot and type.
    Message(Type, &'a [(&'static str, usize, Type)]),
    /// Money for a period, with its rounding; whether `member` may be named.
    Amount(Per, Option<Rounding>, bool),
}

/// All expressions of a benefit that are no named ones.
pub(super) fn expressions(benefit: &Benefit) -> impl Iterator<Item = &Expression> {
    let conditions = benefit
        .conditions
        .iter()
        .flat_map(|condition| std::iter::once(&condition.when).chain(&condition.applies_if));
    let amount = benefit.amount.iter().flat_map(|amount| {
        let limits = amount
            .discretion
            .iter()
            .flat_map(|it| std::iter::once(&it.upto).chain(&it.atleast));
        std::iter::once(&amount.formula)
            .chain(amount.parts.iter().map(|part| &part.formula))
            .chain(limits)
    });
    let period = benefit
        .period
        .iter()
        .flat_map(|it| std::iter::once(&it.starts).chain(&it.ends));
    let notify = benefit
        .notify
        .iter()
        .flat_map(|it| it.send.iter().map(|(_, expression)| expression));
    let choices = benefit.kinds.iter().map(|it| &it.of);
    let choices = choices.chain(benefit.payees.iter().map(|it| &it.of));
    let durations = benefit.durations.iter().flat_map(|it| {
        std::iter::once(&it.have)
            .chain(&it.applies)
            .chain(&it.least)
            .chain(&it.most)
    });
    conditions
        .chain(amount)
        .chain(period)
        .chain(notify)
        .chain(choices)
        .chain(durations)
}

/// All sentences of a benefit with named values in them.
fn sentences(benefit: &Benefit) -> impl Iterator<Item = &Texts> {
    let conditions = benefit
        .conditions
        .iter()
        .flat_map(|condition| std::iter::once(&condition.says).chain(&condition.fails));
    let durations = benefit.durations.iter().map(|duration| &duration.says);
    conditions
        .chain(benefit.amount.iter().flat_map(|amount| &amount.says))
        .chain(durations)
}

impl Compiler<'_> {
    /// The names of a benefit: its own, and the shared ones that they and its sentences speak of.
    pub(super) fn frame<'b>(&self, benefit: &'b Benefit, shared: &'b [(Let, Expr)]) -> Frame<'b> {
        let mut named: Vec<Named<'b>> = Vec::new();
        let homes = std::iter::once((None, &benefit.lets));
        let homes = homes.chain(
            benefit
                .conditions
                .iter()
                .enumerate()
                .map(|(i, c)| (Some(i), &c.lets)),
        );
        for (home, lets) in homes {
            for one in lets {
                if let Some((first, _)) = shared.iter().find(|(other, _)| other.name == one.name) {
                    let message = format!("`{}` is named for all benefits in {}", one.name, first.place.file);
                    self.wrong(&one.is, Wrong::new(Span::default(), message));
                }
                if let Some(expr) = self.parsed(&one.is) {
                    named.push(Named {
                        name: &one.name,
                        home,
                        is: &one.is,
                        expr,
                        shared: false,
                    });
                }
            }
        }
        let mut wanted: BTreeSet<String> = named.iter().flat_map(|one| mentions(&one.expr)).collect();
        for expression in expressions(benefit) {
            if let Ok(expr) = parse(&expression.text) {
                wanted.extend(mentions(&expr));
            }
        }
        for says in sentences(benefit) {
            wanted.extend(
                says.0
                    .values()
                    .flat_map(|text| crate::text::names(text))
                    .map(str::to_owned),
            );
        }
        // As many rounds as there are names: each finds what those found before speak of.
        let mut there: BTreeSet<&str> = BTreeSet::new();
        for _ in 0..=shared.len() {
            let more: Vec<&(Let, Expr)> = shared
                .iter()
                .filter(|(one, _)| wanted.contains(&one.name) && !there.contains(one.name.as_str()))
                .collect();
            if more.is_empty() {
                break;
            }
            for (one, expr) in more {
                there.insert(&one.name);
                wanted.extend(mentions(expr));
                named.push(Named {
                    name: &one.name,
                    home: None,
                    is: &one.is,
                    expr: expr.clone(),
                    shared: true,
                });
            }
        }
        Frame {
            named,
            ..Frame::default()
        }
    }

    /// Compiles the named expressions of a frame in the order in which they are worked out.
    pub(super) fn lets_of(&mut self, frame: &mut Frame<'_>, slots: &mut usize) -> Vec<NamedCode> {
        frame.types = frame.named.iter().map(|_| None).collect();
        let mut lets = Vec::new();
        for at in self.order(&frame.named) {
            let Some(one) = frame.named.get(at) else { continue };
            if one.shared && self.shared.broken.contains(one.name) {
                continue;
            }
            let code = self.scoped(frame, one.home, slots, one.is, &one.expr, None);
            let Some(one) = frame.named.get(at) else { continue };
            if let Some(code) = code {
                if let Some(ty) = frame.types.get_mut(at) {
                    *ty = Some(code.ty.clone());
                }
                lets.push(NamedCode {
                    name: one.name.to_owned(),
                    text: one.is.text.clone(),
                    slot: frame.base + at,
                    code,
                });
            }
        }
        lets
    }

    /// Every `{name}` of a sentence must be a named expression.
    pub(super) fn sentence(&self, says: &Texts, named: &[Named<'_>], home: Option<usize>, near: &Expression) {
        for (language, text) in &says.0 {
            for name in crate::text::names(text) {
                if !matches!(find(named, home, name), Some(Some(_))) {
                    let hint = crate::lang::hint(name, named.iter().map(|one| one.name));
                    let message =
                        format!("the sentence in `{language}` names {{{name}}}, which is no let here{hint}");
                    let file = self.files.get(&near.source.file).map_or("", String::as_str);
                    // The nearest such name before the condition's own expression or after it.
                    let wanted = format!("{{{name}}}");
                    let here = near.source.offsets.first().copied().unwrap_or(0);
                    let all = file.match_indices(&wanted).map(|(at, _)| at);
                    let at = all.min_by_key(|at| at.abs_diff(here)).unwrap_or(here);
                    self.mistakes
                        .note(Mistake::at(&near.source.file, file, at, message));
                }
            }
        }
    }

    pub(super) fn scoped(
        &mut self,
        frame: &Frame<'_>,
        home: Option<usize>,
        slots: &mut usize,
        expression: &Expression,
        expr: &Expr,
        wanted: Option<&Wanted<'_>>,
    ) -> Option<Code> {
        let (named, types) = (frame.named.as_slice(), frame.types.as_slice());
        let facts = self.stand_alone();
        let mut scope = Scope::new(self.dictionary);
        scope.slots = *slots;
        scope.gates = Some(frame.gates.clone());
        scope.member = frame.member;
        let names: BTreeSet<&str> = named.iter().map(|one| one.name).collect();
        // Its own name is nothing that a named expression could mean.
        let own = named
            .iter()
            .find(|one| std::ptr::eq(one.is, expression))
            .map(|one| one.name);
        let hidden = names.iter().filter(|name| Some(**name) != own);
        let hidden = hidden.filter(|name| matches!(find(named, home, name), Some(Some(_))));
        scope.named = hidden.map(|name| (*name).to_owned()).collect();
        let mut broken = BTreeSet::new();
        for name in names {
            match find(named, home, name) {
                Some(Some(slot)) => match types.get(slot).cloned().flatten() {
                    Some(ty) => {
                        scope.lets.insert(name.to_owned(), Some((frame.base + slot, ty)));
                    }
                    None => {
                        broken.insert(name.to_owned());
                    }
                },
                Some(None) => {
                    scope.lets.insert(name.to_owned(), None);
                }
                None => {}
            }
        }
        // What rests on a name that is itself wrong is not reported again.
        let wrong = |name: &String| broken.contains(name) || self.shared.broken.contains(name);
        if rests_on(expr, &facts).iter().any(wrong) {
            return None;
        }
        if let Some(Wanted::Message(_, given)) = wanted {
            for (name, slot, ty) in *given {
                scope.lets.insert((*name).to_owned(), Some((*slot, ty.clone())));
            }
        }
        let code = match wanted {
            None => Code::compile(&mut scope, expr, None),
            Some(Wanted::Type(ty) | Wanted::Message(ty, _)) => Code::compile(&mut scope, expr, Some(ty)),
            Some(Wanted::Amount(per, rounding, member)) => {
                if *member {
                    scope.member = Some(scope.slots);
                    scope.slots += 1;
                }
                Code::amount(&mut scope, expr, *per, *rounding)
            }
        };
        *slots = scope.slots;
        code.map_err(|wrong| self.wrong(expression, wrong)).ok()
    }
}
