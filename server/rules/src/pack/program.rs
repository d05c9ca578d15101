//! Compiles a benefit as a whole, and every expression that stands by itself.

mod choice;

pub(crate) use choice::ChoiceCode;

use super::{
    Benefit, BenefitKind, Condition, Expression, Let, Mistake, Notify, PayeeKind, Service, Signal, SignalOf,
    Texts, model::Source, read::Mistakes,
};
use crate::lang::{Code, Dictionary, Expr, Kind, Scope, Span, Type, Wrong, parse};
use karton_api::{Per, Rounding};
use std::collections::{BTreeMap, BTreeSet};

/// A benefit compiled: named expressions in the order they are worked out, conditions, amount and period.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) lets: Vec<NamedCode>,
    pub(crate) conditions: Vec<ConditionCode>,
    /// Other benefits whose conditions are worked out before.
    pub(crate) gates: Vec<Gate>,
    /// None where the amount has parts.
    pub(crate) amount: Option<Code>,
    pub(crate) parts: Vec<PartCode>,
    pub(crate) upto: Option<Code>,
    pub(crate) atleast: Option<Code>,
    pub(crate) starts: Option<Code>,
    pub(crate) ends: Option<Code>,
    /// The kind by what the claim says.
    pub(crate) kind: Option<ChoiceCode<BenefitKind>>,
    /// Who is paid by what the claim says.
    pub(crate) payee: Option<ChoiceCode<PayeeKind>>,
    /// What another institution is told, in the order of the benefit's file.
    pub(crate) notify: Vec<(String, Code)>,
    /// The messages of later decisions, in the order of the benefit's file.
    pub(crate) later: Vec<Vec<(String, Code)>>,
    /// Slots of the decision's number and day, for messages.
    pub(crate) decision_slots: (usize, usize, usize),
    /// In the order of the benefit's file.
    pub(crate) durations: Vec<DurationCode>,
    pub(crate) slots: usize,
    /// Names that the amount's sentence may use: place in `lets`.
    pub(crate) names: BTreeMap<String, usize>,
}

/// A duration compiled.
#[derive(Debug)]
pub(crate) struct DurationCode {
    pub(crate) have: Code,
    /// What is asked for, or allowed.
    pub(crate) of: Code,
}

#[derive(Debug)]
pub(crate) struct NamedCode {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) slot: usize,
    pub(crate) code: Code,
}

/// The conditions of another benefit, and the slot of whether they are met.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) lets: Vec<NamedCode>,
    /// `when` and `if`.
    pub(crate) conditions: Vec<(Code, Option<Code>)>,
    pub(crate) slot: usize,
}

/// A part of the amount.
#[derive(Debug)]
pub(crate) struct PartCode {
    /// Its code in the benefit.
    pub(crate) part: String,
    /// Paid once, beside what is paid each month.
    pub(crate) once: bool,
    /// The slot of `member`, where it is worked out for each.
    pub(crate) member: Option<usize>,
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
    pub(super) benefits: &'a [Benefit],
    pub(super) shared: Shared,
}

/// Names that benefits share.
#[derive(Default)]
pub(super) struct Shared {
    named: Vec<(Let, Expr)>,
    /// Those that are wrong themselves, or rest on one that is.
    broken: BTreeSet<String>,
}

/// What no signal may look at.
const FORBIDDEN: [&str; 13] = [
    "citizenship",
    "nationality",
    "ethnicity",
    "origin",
    "religion",
    "belief",
    "language",
    "mother_tongue",
    "race",
    "address",
    "municipality",
    "settlement",
    "birth_place",
];

/// A cross-check compiled.
#[derive(Debug, Default)]
pub(crate) struct SignalProgram {
    pub(crate) lets: Vec<NamedCode>,
    /// None where the house compares by itself.
    pub(crate) when: Option<Code>,
    /// The slot of `member`, where it is worked out for each.
    pub(crate) member: Option<usize>,
    pub(crate) slots: usize,
}

/// What the expressions of a benefit may name, beside facts and parameters.
#[derive(Default)]
struct Frame<'b> {
    named: Vec<Named<'b>>,
    /// In the order of `named`; none while one is not compiled, or wrong.
    types: Vec<Option<Type>>,
    /// The slot of the first of `named`.
    base: usize,
    /// The slot of `member`, where one of the household is meant at a time.
    member: Option<usize>,
    /// Expressions beside those of `named`.
    more: Vec<&'b Expression>,
    /// Other benefits and the slots of whether they qualify.
    gates: BTreeMap<String, usize>,
    /// Those of them with conditions that nobody has confirmed.
    unconfirmed: BTreeSet<String>,
}

/// Other benefits that one can rest on, those they rest on themselves among them.
const MOST_GATES: usize = 32;

/// All expressions of a benefit that are no named ones.
fn expressions(benefit: &Benefit) -> impl Iterator<Item = &Expression> {
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
    let durations = benefit
        .durations
        .iter()
        .flat_map(|it| std::iter::once(&it.have).chain(&it.least).chain(&it.most));
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

/// The benefits that an expression asks for by `qualifies("CODE")`.
fn qualifying(expr: &Expr, sink: &mut dyn FnMut(String, Span)) {
    if let Kind::Call(name, arguments) = &expr.kind
        && name == "qualifies"
        && let [one] = arguments.as_slice()
        && let Kind::Text(code) = &one.kind
    {
        sink(code.clone(), one.span);
    }
    for part in expr.kind.parts() {
        qualifying(part, sink);
    }
}

pub(super) fn offset(source: &Source, at: usize) -> usize {
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
    /// It stands in `rules/`, where what is wrong with it is said.
    shared: bool,
    /// The condition it stands in; none for those of the whole benefit.
    home: Option<usize>,
    is: &'b Expression,
    expr: Expr,
}

impl Compiler<'_> {
    pub(super) fn wrong(&self, expression: &Expression, wrong: Wrong) {
        if self.mistakes.is_full() {
            return;
        }
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

    /// Looks at the names that the benefits share, each once; those that are wrong themselves are said here and nowhere else.
    pub(super) fn share(&mut self, lets: &[Let]) {
        let mut shared = Shared::default();
        for one in lets {
            match self.parsed(&one.is) {
                Some(expr) => shared.named.push((one.clone(), expr)),
                None => {
                    shared.broken.insert(one.name.clone());
                }
            }
        }
        self.shared = shared;
        let shared = self.shared.named.clone();
        let named = shared.iter().map(|(one, expr)| Named {
            name: &one.name,
            home: None,
            is: &one.is,
            expr: expr.clone(),
            shared: false,
        });
        let mut frame = Frame {
            named: named.collect(),
            ..Frame::default()
        };
        let mut slots = frame.named.len();
        let mut gates = Vec::new();
        self.gates_of(&mut frame, &mut slots, &mut gates, &mut Vec::new());
        self.lets_of(&mut frame, &mut slots);
        let broken = frame
            .named
            .iter()
            .zip(&frame.types)
            .filter(|(_, ty)| ty.is_none());
        let broken: Vec<String> = broken.map(|(one, _)| one.name.to_owned()).collect();
        self.shared.broken.extend(broken);
    }

    /// The names of a benefit: its own, and the shared ones that they and its sentences speak of.
    fn frame<'b>(&self, benefit: &'b Benefit, shared: &'b [(Let, Expr)]) -> Frame<'b> {
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

    /// Finds the other benefits that a frame asks for, and compiles their conditions before it.
    fn gates_of(
        &mut self,
        frame: &mut Frame<'_>,
        slots: &mut usize,
        gates: &mut Vec<Gate>,
        stack: &mut Vec<String>,
    ) {
        let mut asked: Vec<(String, &Expression, Span)> = Vec::new();
        for one in &frame.named {
            qualifying(&one.expr, &mut |code, span| asked.push((code, one.is, span)));
        }
        let more: Vec<(&Expression, Expr)> = frame
            .more
            .iter()
            .filter_map(|expression| Some((*expression, parse(&expression.text).ok()?)))
            .collect();
        for (expression, expr) in &more {
            qualifying(expr, &mut |code, span| asked.push((code, expression, span)));
        }
        for (code, expression, span) in asked {
            if frame.gates.contains_key(&code) {
                continue;
            }
            if stack.contains(&code) {
                let circle = stack.join(" → ");
                self.wrong(
                    expression,
                    Wrong::new(
                        span,
                        format!("benefits rest on each other in a circle: {circle} → {code}"),
                    ),
                );
                continue;
            }
            if gates.len() >= MOST_GATES {
                self.wrong(
                    expression,
                    Wrong::new(span, format!("a benefit rests on at most {MOST_GATES} others")),
                );
                continue;
            }
            let benefits = self.benefits;
            let Some(other) = benefits.iter().find(|benefit| benefit.code == code) else {
                continue;
            };
            let confirmed = other
                .conditions
                .iter()
                .all(|condition| !condition.confidence.is_unconfirmed());
            stack.push(code.clone());
            let shared = self.shared.named.clone();
            let mut inner = self.frame(other, &shared);
            inner.more = other
                .conditions
                .iter()
                .flat_map(|condition| std::iter::once(&condition.when).chain(&condition.applies_if))
                .collect();
            inner.base = *slots;
            *slots += inner.named.len();
            self.gates_of(&mut inner, slots, gates, stack);
            let lets = self.lets_of(&mut inner, slots);
            let mut conditions = Vec::new();
            for (i, condition) in other.conditions.iter().enumerate() {
                let mut compile = |expression: &Expression| {
                    let expr = self.parsed(expression)?;
                    self.scoped(
                        &inner,
                        Some(i),
                        slots,
                        expression,
                        &expr,
                        Some(&Wanted::Type(Type::Bool)),
                    )
                };
                let when = compile(&condition.when);
                let applies_if = condition.applies_if.as_ref().and_then(&mut compile);
                conditions.extend(when.map(|when| (when, applies_if)));
            }
            stack.pop();
            let slot = *slots;
            *slots += 1;
            frame.gates.insert(code.clone(), slot);
            if !confirmed {
                frame.unconfirmed.insert(code);
            }
            gates.push(Gate {
                lets,
                conditions,
                slot,
            });
        }
    }

    /// Compiles the named expressions of a frame in the order in which they are worked out.
    fn lets_of(&mut self, frame: &mut Frame<'_>, slots: &mut usize) -> Vec<NamedCode> {
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

    pub(super) fn benefit(&mut self, benefit: &Benefit) -> Program {
        let shared = self.shared.named.clone();
        let mut frame = self.frame(benefit, &shared);
        frame.more = expressions(benefit).collect();
        let mut slots = frame.named.len();
        let mut program = Program::default();
        let mut stack = vec![benefit.code.clone()];
        self.gates_of(&mut frame, &mut slots, &mut program.gates, &mut stack);
        program.lets = self.lets_of(&mut frame, &mut slots);
        let frame = frame;
        let place = |slot: usize| program.lets.iter().position(|one| one.slot == slot);
        let names_of = |home| {
            let names: BTreeSet<&str> = frame.named.iter().map(|one| one.name).collect();
            let found = names
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), place(find(&frame.named, home, name)??)?)));
            found.collect::<BTreeMap<_, _>>()
        };
        program.names = names_of(None);
        let condition_names: Vec<_> = (0..benefit.conditions.len()).map(|i| names_of(Some(i))).collect();
        for ((i, condition), names) in benefit.conditions.iter().enumerate().zip(condition_names) {
            self.sentence(&condition.says, &frame.named, Some(i), &condition.when);
            if let Some(fails) = &condition.fails {
                self.sentence(fails, &frame.named, Some(i), &condition.when);
            }
            let mut compile = |expression: &Expression| {
                let expr = self.parsed(expression)?;
                self.founded(&frame, condition, expression, &expr);
                self.scoped(
                    &frame,
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
            // The member of a part for each has the first slot that is free.
            let free = slots;
            let expr = self.parsed(expression)?;
            let code = self.scoped(&frame, None, &mut slots, expression, &expr, Some(&wanted))?;
            Some((free, code))
        };
        let code = |(_, code): (usize, Code)| code;
        if let Some(amount) = &benefit.amount {
            let per = if benefit.kind == BenefitKind::Monthly {
                Per::Month
            } else {
                Per::Once
            };
            let wanted = |member| Wanted::Amount(per, amount.rounding, member);
            let once = |member| Wanted::Amount(Per::Once, amount.rounding, member);
            if amount.parts.is_empty() {
                program.amount = compile(&amount.formula, wanted(false)).map(code);
            }
            for part in &amount.parts {
                let of = part.of_members;
                let wanted = if part.once { once(of) } else { wanted(of) };
                if let Some((free, code)) = compile(&part.formula, wanted) {
                    program.parts.push(PartCode {
                        part: part.code.clone(),
                        once: part.once && per == Per::Month,
                        member: part.of_members.then_some(free),
                        code,
                    });
                }
            }
            if let Some(limits) = &amount.discretion {
                program.upto = compile(&limits.upto, wanted(false)).map(code);
                program.atleast = limits
                    .atleast
                    .as_ref()
                    .and_then(|least| compile(least, wanted(false)).map(code));
            }
        }
        for duration in &benefit.durations {
            let mut whole = |expression: &Expression| compile(expression, Wanted::Type(Type::Int)).map(code);
            let have = whole(&duration.have);
            let of = duration
                .least
                .as_ref()
                .or(duration.most.as_ref())
                .and_then(&mut whole);
            program
                .durations
                .extend(have.zip(of).map(|(have, of)| DurationCode { have, of }));
        }
        if let Some(period) = &benefit.period {
            program.starts = compile(&period.starts, Wanted::Type(Type::Date)).map(code);
            program.ends = period
                .ends
                .as_ref()
                .and_then(|ends| compile(ends, Wanted::Type(Type::Date)).map(code));
        }
        if let Some((says, amount)) = benefit
            .amount
            .as_ref()
            .and_then(|amount| Some((amount.says.as_ref()?, amount)))
        {
            self.sentence(says, &frame.named, None, &amount.formula);
        }
        for duration in &benefit.durations {
            self.sentence(&duration.says, &frame.named, None, &duration.have);
        }
        program.slots = slots;
        self.choices(benefit, &frame, &mut program);
        if let Some(notify) = &benefit.notify {
            self.message(notify, &frame, &mut program);
        }
        program
    }

    /// Compiles a cross-check, and refuses what it must never look at.
    pub(super) fn signal(&mut self, signal: &Signal) -> SignalProgram {
        let mut program = SignalProgram::default();
        let Some(when) = &signal.when else {
            return program;
        };
        let shared = self.shared.named.clone();
        let mut frame = Frame::default();
        for one in &signal.lets {
            if let Some(expr) = self.parsed(&one.is) {
                self.unbiased(&one.is, &expr);
                frame.named.push(Named {
                    name: &one.name,
                    home: None,
                    is: &one.is,
                    expr,
                    shared: false,
                });
            }
        }
        let Some(expr) = self.parsed(when) else {
            return program;
        };
        self.unbiased(when, &expr);
        let mut wanted = mentions(&expr);
        wanted.extend(frame.named.iter().flat_map(|one| mentions(&one.expr)));
        for _ in 0..=shared.len() {
            for (one, expr) in &shared {
                if wanted.contains(&one.name) && frame.named.iter().all(|other| other.name != one.name) {
                    self.unbiased(&one.is, expr);
                    wanted.extend(mentions(expr));
                    frame.named.push(Named {
                        name: &one.name,
                        home: None,
                        is: &one.is,
                        expr: expr.clone(),
                        shared: true,
                    });
                }
            }
        }
        let mut slots = frame.named.len();
        if signal.of == SignalOf::Members {
            program.member = Some(slots);
            frame.member = Some(slots);
            slots += 1;
        }
        program.lets = self.lets_of(&mut frame, &mut slots);
        self.sentence(&signal.says, &frame.named, None, when);
        program.when = self.scoped(
            &frame,
            None,
            &mut slots,
            when,
            &expr,
            Some(&Wanted::Type(Type::Bool)),
        );
        program.slots = slots;
        program
    }

    /// Where somebody comes from, what they believe and where they live is nothing that a suspicion may rest on.
    fn unbiased(&self, expression: &Expression, expr: &Expr) {
        let named = match &expr.kind {
            Kind::Name(name) | Kind::Field(_, name) => Some(name.as_str()),
            _ => None,
        };
        let list = named.and_then(|name| {
            let holders = [
                &self.dictionary.person,
                &self.dictionary.household,
                &self.dictionary.claim,
            ];
            holders.iter().find_map(|holder| match holder.find(name)?.1 {
                Type::Code(list) => Some(list.to_string()),
                _ => None,
            })
        });
        let forbidden = |name: &str| {
            let whole = |word: &str| {
                name == word || name.ends_with(&format!("_{word}")) || name.starts_with(&format!("{word}_"))
            };
            FORBIDDEN.iter().any(|word| whole(word))
        };
        if let Some(name) = named
            && (forbidden(name) || list.is_some_and(|list| forbidden(&list) || list == "citizenships"))
        {
            let at = Span {
                start: expr.span.end.saturating_sub(name.len()),
                end: expr.span.end,
            };
            let message = format!(
                "a signal never looks at `{name}`: nationality, origin, religion and where somebody lives are no grounds for suspicion"
            );
            self.wrong(expression, Wrong::new(at, message));
        }
        for part in expr.kind.parts() {
            self.unbiased(expression, part);
        }
    }

    /// What rests on another benefit's unconfirmed conditions is not confirmed itself.
    fn founded(&self, frame: &Frame<'_>, condition: &Condition, expression: &Expression, expr: &Expr) {
        if condition.confidence.is_unconfirmed() {
            return;
        }
        qualifying(expr, &mut |code, span| {
            if frame.unconfirmed.contains(&code) {
                let message = format!(
                    "`{code}` has conditions that are not confirmed, so this one is not either: its confidence is memory or default"
                );
                self.wrong(expression, Wrong::new(span, message));
            }
        });
    }

    /// What is sent to another institution once a right is granted, and when later decisions touch it.
    fn message(&mut self, notify: &Notify, frame: &Frame<'_>, program: &mut Program) {
        program.decision_slots = (program.slots, program.slots + 1, program.slots + 2);
        program.slots += 3;
        let (number, on, from) = program.decision_slots;
        let given = [
            ("decision_number", number, Type::Text),
            ("decided_on", on, Type::Date),
            ("effective_from", from, Type::Date),
        ];
        let [number, on, _] = given.clone();
        program.notify = self.members((&notify.service, &notify.send), frame, &[number, on], program);
        for later in &notify.later {
            let members = self.members((&later.service, &later.send), frame, &given, program);
            program.later.push(members);
        }
    }

    /// Each member of a message, of the type that its service takes.
    fn members(
        &mut self,
        (service, send): (&str, &[(String, Expression)]),
        frame: &Frame<'_>,
        given: &[(&'static str, usize, Type)],
        program: &mut Program,
    ) -> Vec<(String, Code)> {
        let mut slots = program.slots;
        let service = self.services.iter().find(|found| found.code == service);
        let mut members = Vec::new();
        for (member, expression) in send {
            let Some((_, ty)) = service.and_then(|it| it.takes.iter().find(|(name, _)| name == member))
            else {
                // The service is missing or takes no such member: said where references are checked.
                continue;
            };
            let Some(expr) = self.parsed(expression) else {
                continue;
            };
            let wanted = Wanted::Message(ty.clone(), given);
            let code = self.scoped(frame, None, &mut slots, expression, &expr, Some(&wanted));
            members.extend(code.map(|code| (member.clone(), code)));
        }
        program.slots = slots;
        members
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

    fn scoped(
        &mut self,
        frame: &Frame<'_>,
        home: Option<usize>,
        slots: &mut usize,
        expression: &Expression,
        expr: &Expr,
        wanted: Option<&Wanted<'_>>,
    ) -> Option<Code> {
        let (named, types) = (frame.named.as_slice(), frame.types.as_slice());
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
        let rests_on = |name: &String| broken.contains(name) || self.shared.broken.contains(name);
        if mentions(expr).iter().any(rests_on) {
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
            self.wrong(named[first].is, Wrong::new(Span::default(), message));
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
    /// Money for a period, with its rounding; whether `member` may be named.
    Amount(Per, Option<Rounding>, bool),
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
