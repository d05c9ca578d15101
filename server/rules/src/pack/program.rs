//! Compiles a benefit as a whole, and every expression that stands by itself.

use super::{
    AmountRule, Benefit, BenefitKind, Expression, Mistake, Notify, Service, Texts, model::Source,
    read::Mistakes,
};
use crate::lang::{Code, Dictionary, Expr, Kind, Scope, Type, Wrong, parse};
use karton_api::Per;
use std::collections::{BTreeMap, BTreeSet};

/// A benefit compiled: named expressions in the order they are worked out, conditions, amount and period.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) lets: Vec<NamedCode>,
    pub(crate) conditions: Vec<ConditionCode>,
    pub(crate) amount: Option<Code>,
    pub(crate) upto: Option<Code>,
    pub(crate) atleast: Option<Code>,
    pub(crate) starts: Option<Code>,
    pub(crate) ends: Option<Code>,
    /// What another institution is told, in the order of the benefit's file.
    pub(crate) notify: Vec<(String, Code)>,
    /// Slots of the decision's number and day, for messages.
    pub(crate) decision_slots: (usize, usize),
    pub(crate) slots: usize,
    /// Names that the amount's sentence may use: place in `lets`.
    pub(crate) names: BTreeMap<String, usize>,
}

#[derive(Debug)]
pub(crate) struct NamedCode {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) slot: usize,
    pub(crate) code: Code,
}

#[derive(Debug)]
pub(crate) struct ConditionCode {
    pub(crate) when: Code,
    pub(crate) applies_if: Option<Code>,
    /// Names that its sentences may use: place in `lets`.
    pub(crate) names: BTreeMap<String, usize>,
}

/// Compiles with the files at hand, so that mistakes can show their line.
pub(super) struct Compiler<'a> {
    pub(super) files: &'a BTreeMap<String, String>,
    pub(super) mistakes: &'a Mistakes,
    pub(super) dictionary: &'a mut Dictionary,
    pub(super) services: &'a [Service],
}

fn offset(source: &Source, at: usize) -> usize {
    source
        .offsets
        .get(at)
        .or(source.offsets.last())
        .copied()
        .unwrap_or(0)
}

/// A named expression while its benefit is put in order.
struct Named<'b> {
    name: &'b str,
    /// The condition it stands in; none for those of the whole benefit.
    home: Option<usize>,
    is: &'b Expression,
    expr: Expr,
}

impl Compiler<'_> {
    pub(super) fn wrong(&self, expression: &Expression, wrong: Wrong) {
        let file = &expression.source.file;
        let text = self.files.get(file).map_or("", String::as_str);
        let at = offset(&expression.source, wrong.span.start);
        self.mistakes.note(Mistake::at(file, text, at, wrong.message));
    }

    fn parsed(&self, expression: &Expression) -> Option<Expr> {
        if expression.source.file.is_empty() {
            return None;
        }
        parse(&expression.text)
            .map_err(|wrong| self.wrong(expression, wrong))
            .ok()
    }

    /// Compiles an expression that stands by itself: of a form or a procedure. `member` has the first slot.
    pub(super) fn alone(&mut self, expression: &mut Expression, ty: &Type, member: bool) {
        let Some(expr) = self.parsed(expression) else {
            return;
        };
        let mut scope = Scope::new(self.dictionary);
        scope.guards = true;
        scope.member = member.then_some(0);
        scope.slots = usize::from(member);
        match Code::compile(&mut scope, &expr, Some(ty)) {
            Ok(code) => expression.code = Some(std::sync::Arc::new(code)),
            Err(wrong) => self.wrong(expression, wrong),
        }
    }

    pub(super) fn benefit(&mut self, benefit: &Benefit) -> Program {
        let mut named = Vec::new();
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
                if let Some(expr) = self.parsed(&one.is) {
                    named.push(Named {
                        name: &one.name,
                        home,
                        is: &one.is,
                        expr,
                    });
                }
            }
        }
        let order = self.order(&named);
        let mut program = Program {
            slots: named.len(),
            ..Program::default()
        };
        let mut types: Vec<Option<Type>> = named.iter().map(|_| None).collect();
        for at in order {
            let Some(one) = named.get(at) else { continue };
            if let Some(code) = self.scoped(
                &named,
                &types,
                one.home,
                &mut program.slots,
                one.is,
                &one.expr,
                None,
            ) {
                types[at] = Some(code.ty.clone());
                program.lets.push(NamedCode {
                    name: one.name.to_owned(),
                    text: one.is.text.clone(),
                    slot: at,
                    code,
                });
            }
        }
        let place = |slot: usize| program.lets.iter().position(|one| one.slot == slot);
        let names_of = |home| {
            let names: BTreeSet<&str> = named.iter().map(|one| one.name).collect();
            let found = names
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), place(find(&named, home, name)??)?)));
            found.collect::<BTreeMap<_, _>>()
        };
        program.names = names_of(None);
        let condition_names: Vec<_> = (0..benefit.conditions.len()).map(|i| names_of(Some(i))).collect();
        let mut slots = program.slots;
        for ((i, condition), names) in benefit.conditions.iter().enumerate().zip(condition_names) {
            self.sentence(&condition.says, &named, Some(i), &condition.when);
            if let Some(fails) = &condition.fails {
                self.sentence(fails, &named, Some(i), &condition.when);
            }
            let mut compile = |expression: &Expression| {
                let expr = self.parsed(expression)?;
                self.scoped(
                    &named,
                    &types,
                    Some(i),
                    &mut slots,
                    expression,
                    &expr,
                    Some(&Wanted::Type(Type::Bool)),
                )
            };
            let when = compile(&condition.when);
            let applies_if = condition.applies_if.as_ref().and_then(&mut compile);
            if let Some(when) = when {
                program.conditions.push(ConditionCode {
                    when,
                    applies_if,
                    names,
                });
            }
        }
        let mut compile = |expression: &Expression, wanted: Wanted<'_>| {
            let expr = self.parsed(expression)?;
            self.scoped(&named, &types, None, &mut slots, expression, &expr, Some(&wanted))
        };
        if let Some(amount) = &benefit.amount {
            let per = if benefit.kind == BenefitKind::Monthly {
                Per::Month
            } else {
                Per::Once
            };
            program.amount = compile(&amount.formula, Wanted::Amount(per, amount));
            if let Some(limits) = &amount.discretion {
                program.upto = compile(&limits.upto, Wanted::Amount(per, amount));
                program.atleast = limits
                    .atleast
                    .as_ref()
                    .and_then(|least| compile(least, Wanted::Amount(per, amount)));
            }
        }
        if let Some(period) = &benefit.period {
            program.starts = compile(&period.starts, Wanted::Type(Type::Date));
            program.ends = period
                .ends
                .as_ref()
                .and_then(|ends| compile(ends, Wanted::Type(Type::Date)));
        }
        if let Some((says, amount)) = benefit
            .amount
            .as_ref()
            .and_then(|amount| Some((amount.says.as_ref()?, amount)))
        {
            self.sentence(says, &named, None, &amount.formula);
        }
        program.slots = slots;
        if let Some(notify) = &benefit.notify {
            self.message(notify, &named, &types, &mut program);
        }
        program
    }

    /// What is sent to another institution: each member of the type that its service takes.
    fn message(
        &mut self,
        notify: &Notify,
        named: &[Named<'_>],
        types: &[Option<Type>],
        program: &mut Program,
    ) {
        program.decision_slots = (program.slots, program.slots + 1);
        let mut slots = program.slots + 2;
        let given = [
            ("decision_number", program.decision_slots.0, Type::Text),
            ("decided_on", program.decision_slots.1, Type::Date),
        ];
        let service = self
            .services
            .iter()
            .find(|service| service.code == notify.service);
        for (member, expression) in &notify.send {
            let Some((_, ty)) = service.and_then(|it| it.takes.iter().find(|(name, _)| name == member))
            else {
                // The service is missing or takes no such member: said where references are checked.
                continue;
            };
            let Some(expr) = self.parsed(expression) else {
                continue;
            };
            let wanted = Wanted::Message(ty.clone(), &given);
            let code = self.scoped(named, types, None, &mut slots, expression, &expr, Some(&wanted));
            program.notify.extend(code.map(|code| (member.clone(), code)));
        }
        program.slots = slots;
    }

    /// Every `{name}` of a sentence must be a named expression.
    fn sentence(&self, says: &Texts, named: &[Named<'_>], home: Option<usize>, near: &Expression) {
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

    #[expect(
        clippy::too_many_arguments,
        reason = "one place that knows what an expression of a benefit may name"
    )]
    fn scoped(
        &mut self,
        named: &[Named<'_>],
        types: &[Option<Type>],
        home: Option<usize>,
        slots: &mut usize,
        expression: &Expression,
        expr: &Expr,
        wanted: Option<&Wanted<'_>>,
    ) -> Option<Code> {
        let mut scope = Scope::new(self.dictionary);
        scope.slots = *slots;
        let names: BTreeSet<&str> = named.iter().map(|one| one.name).collect();
        let mut broken = BTreeSet::new();
        for name in names {
            match find(named, home, name) {
                Some(Some(slot)) => match types.get(slot).cloned().flatten() {
                    Some(ty) => {
                        scope.lets.insert(name.to_owned(), Some((slot, ty)));
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
        if mentions(expr).iter().any(|name| broken.contains(name)) {
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
            Some(Wanted::Amount(per, rule)) => Code::amount(&mut scope, expr, *per, rule.rounding),
        };
        *slots = scope.slots;
        code.map_err(|wrong| self.wrong(expression, wrong)).ok()
    }

    /// The order in which named expressions are worked out; circles are mistakes.
    fn order(&self, named: &[Named<'_>]) -> Vec<usize> {
        let facts: BTreeSet<String> = self.stand_alone();
        let needs: Vec<Vec<usize>> = named
            .iter()
            .map(|one| {
                let mut found = BTreeSet::new();
                needed(&one.expr, &facts, false, &mut Vec::new(), &mut found);
                found
                    .iter()
                    .filter_map(|name| find(named, one.home, name)?)
                    .collect()
            })
            .collect();
        let mut order = Vec::new();
        let mut done = vec![false; named.len()];
        // As many rounds as there are names: each finds all whose needs are done.
        for _ in 0..named.len() {
            for at in 0..named.len() {
                if !done[at] && needs[at].iter().all(|need| done[*need]) {
                    done[at] = true;
                    order.push(at);
                }
            }
        }
        if let Some(first) = (0..named.len()).find(|at| !done[*at]) {
            let mut circle = vec![first];
            let mut at = first;
            while let Some(next) = needs[at].iter().copied().find(|next| !done[*next]) {
                if let Some(from) = circle.iter().position(|seen| *seen == next) {
                    circle.drain(..from);
                    break;
                }
                circle.push(next);
                at = next;
            }
            let first = circle[0];
            let names: Vec<&str> = circle.iter().chain([&first]).map(|at| named[*at].name).collect();
            let message = format!("named expressions go in a circle: {}", names.join(" → "));
            self.wrong(named[first].is, Wrong::new(crate::lang::Span::default(), message));
        }
        order
    }

    /// Names that can stand alone inside a filter: facts of a person and columns of rows.
    fn stand_alone(&self) -> BTreeSet<String> {
        let holders = [
            &self.dictionary.person,
            &self.dictionary.household,
            &self.dictionary.claim,
        ];
        let mut found: BTreeSet<String> = self
            .dictionary
            .person
            .facts
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        for (_, ty) in holders.iter().flat_map(|holder| &holder.facts) {
            if let Some(Type::Row(row)) = ty.element() {
                found.extend(row.columns.iter().map(|(name, _)| name.clone()));
            }
        }
        found
    }
}

/// What type an expression must have.
enum Wanted<'a> {
    Type(Type),
    /// A member of a message, which may name more: name, slot and type.
    Message(Type, &'a [(&'static str, usize, Type)]),
    Amount(Per, &'a AmountRule),
}

/// What a name means in a condition or the rest of a benefit: its slot, nothing when it is ambiguous.
fn find(named: &[Named<'_>], home: Option<usize>, name: &str) -> Option<Option<usize>> {
    let all: Vec<usize> = (0..named.len()).filter(|at| named[*at].name == name).collect();
    let own = all.iter().find(|at| home.is_some() && named[**at].home == home);
    let shared = all.iter().find(|at| named[**at].home.is_none());
    match (own.or(shared), all.as_slice()) {
        (Some(at), _) => Some(Some(*at)),
        (None, []) => None,
        (None, [only]) => Some(Some(*only)),
        (None, _) => Some(None),
    }
}

/// Names that an expression needs, those bound inside it not among them.
fn needed(
    expr: &Expr,
    facts: &BTreeSet<String>,
    filter: bool,
    bound: &mut Vec<String>,
    found: &mut BTreeSet<String>,
) {
    match &expr.kind {
        Kind::Name(name) => {
            let column = filter && facts.contains(name);
            if !column && !bound.contains(name) {
                found.insert(name.clone());
            }
        }
        Kind::Filter(list, test) => {
            needed(list, facts, filter, bound, found);
            needed(test, facts, true, bound, found);
        }
        Kind::Some(name, list, body) | Kind::Every(name, list, body) | Kind::For(name, list, body) => {
            needed(list, facts, filter, bound, found);
            bound.push(name.clone());
            needed(body, facts, filter, bound, found);
            bound.pop();
        }
        kind => kind
            .parts()
            .into_iter()
            .for_each(|part| needed(part, facts, filter, bound, found)),
    }
}

fn mentions(expr: &Expr) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    needed(expr, &BTreeSet::new(), false, &mut Vec::new(), &mut found);
    found
}
