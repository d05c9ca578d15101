use super::{
    assessment::{
        Amount, AssessedCondition, Assessment, Holder, Missing, Outcome, PartAmount, Printed, Step, Term,
        Unconfirmed, UsedFact, UsedParameter, Verdict,
    },
    input::{FactRef, Input, PersonFacts},
    kinds::{alone, beside, with_amount},
    print::Printer,
    run::{add, applies, each_of, qualifies, verdict_of, worse},
};
use crate::{
    lang::{Code, Context, FactKey, Of, Read, Scratch, Type, Value},
    pack::{AmountRule, Benefit, BenefitKind, Confidence, ENGINE_VERSION, Pack, Program, Texts},
    text,
};
use karton_api::{Money, Per};
use std::collections::{BTreeMap, HashSet};

/// Runs the rules of a benefit over facts and keeps every reason. Nothing when the pack has no such benefit.
///
/// Pure: the same pack and input give the same answer for ever.
pub fn assess(pack: &Pack, benefit: &str, input: &Input) -> Option<Assessment> {
    assess_as(pack, benefit, input, None)
}

/// The same where the kind of the benefit was said before: that of an award, month by month.
pub(super) fn assess_as(
    pack: &Pack,
    benefit: &str,
    input: &Input,
    kind: Option<BenefitKind>,
) -> Option<Assessment> {
    let at = pack.benefits.iter().position(|found| found.code == benefit)?;
    let (benefit, program) = (pack.benefits.get(at)?, pack.programs.get(at)?);
    let world = pack.prepare(input);
    let mut scratch = Scratch::default();
    scratch.begin(program.slots);
    scratch.recording.set(true);
    let context = Context {
        world: &world,
        law: &pack.law,
        scratch: &scratch,
    };
    let mut explainer = Explainer {
        pack,
        program,
        input,
        context: &context,
        slots: BTreeMap::new(),
        all_reads: Vec::new(),
        seen: HashSet::new(),
        faults: Vec::new(),
    };
    Some(explainer.assess(benefit, kind))
}

/// Runs a stored assessment again. The answer is equal to the stored one when pack and engine are the same.
pub fn replay(pack: &Pack, stored: &Assessment, input: &Input) -> Option<Assessment> {
    assess(pack, &stored.benefit, input)
}

struct Explainer<'a> {
    pack: &'a Pack,
    program: &'a Program,
    input: &'a Input,
    context: &'a Context<'a>,
    /// What was read for each named expression, those it uses included.
    slots: BTreeMap<u32, Vec<Read>>,
    /// Each once, in the order in which they first came.
    all_reads: Vec<Read>,
    seen: HashSet<Read>,
    faults: Vec<String>,
}

impl Explainer<'_> {
    fn assess(&mut self, benefit: &Benefit, kind: Option<BenefitKind>) -> Assessment {
        let program = self.program;
        for gate in &program.gates {
            let mut rests_on = Vec::new();
            for named in &gate.lets {
                let (value, reads) = self.work_out(&named.code);
                self.context.set(named.slot, value);
                self.slots
                    .insert(u32::try_from(named.slot).unwrap_or(u32::MAX), reads);
            }
            let value = qualifies(gate, self.context, |code| {
                let (value, reads) = self.work_out(code);
                rests_on.extend(reads);
                value
            });
            self.context.set(gate.slot, value);
            self.slots
                .insert(u32::try_from(gate.slot).unwrap_or(u32::MAX), rests_on);
        }
        for named in &program.lets {
            let (value, reads) = self.work_out(&named.code);
            self.context.set(named.slot, value);
            self.slots
                .insert(u32::try_from(named.slot).unwrap_or(u32::MAX), reads);
        }
        let mut outcome = Outcome::Grant;
        let mut conditions = Vec::new();
        let mut missing = Vec::new();
        let mut unconfirmed = Vec::new();
        for (condition, code) in benefit.conditions.iter().zip(&program.conditions) {
            let (applies, mut reads) = match &code.applies_if {
                Some(code) => self.work_out(code),
                None => (applies(code, self.context), Vec::new()),
            };
            let mut when = Value::Bool(true);
            if applies != Value::Bool(false) {
                let (value, more) = self.work_out(&code.when);
                when = value;
                reads.extend(more);
            }
            let verdict = verdict_of(condition, applies, || when);
            outcome = worse(outcome, verdict);
            let lacking = if verdict == Verdict::Unknown {
                self.missing(self.context.both(applies, when))
            } else {
                Vec::new()
            };
            missing.extend(lacking.iter().cloned());
            if condition.confidence.is_unconfirmed() && verdict != Verdict::NotApplicable {
                unconfirmed.push(Unconfirmed::Condition {
                    id: condition.id.clone(),
                });
            }
            let says = match (&condition.fails, verdict) {
                (Some(fails), Verdict::NotMet | Verdict::MustConfirm) => fails,
                _ => &condition.says,
            };
            // Only the names that this condition speaks of or is made of.
            let names = &code.names;
            let values = self.values(names, &[&condition.says], &code.when);
            let steps = if verdict == Verdict::NotApplicable {
                code.applies_if
                    .as_ref()
                    .zip(condition.applies_if.as_ref())
                    .map(|(code, e)| self.steps(code, &e.text))
            } else {
                Some(self.steps(&code.when, &condition.when.text))
            };
            conditions.push(AssessedCondition {
                id: condition.id.clone(),
                verdict,
                law: printed_law(&condition.law, condition.confidence),
                confidence: condition.confidence,
                says: self.fill(says, names),
                values,
                facts: self.used_by(&reads),
                steps: steps.unwrap_or_default(),
                missing: lacking,
            });
        }
        let kind = kind.map_or_else(|| self.kind(benefit), Ok);
        let (amount, lacking) = match kind {
            Ok(kind) => self.amount(benefit, outcome, kind),
            Err(unknown) => (None, self.missing(unknown)),
        };
        let kind = kind.ok();
        outcome = with_amount(benefit, outcome, kind, amount.is_some());
        if outcome == Outcome::Unknown {
            missing.extend(lacking);
        }
        if let (Some(rule), Some(_)) = (&benefit.amount, &amount)
            && (rule.confidence.is_unconfirmed()
                || rule.parts.iter().any(|part| part.confidence.is_unconfirmed()))
        {
            unconfirmed.push(Unconfirmed::Amount);
        }
        let payee = match &program.payee {
            Some(choice) => choice.of(self.work_out(&choice.code).0).ok(),
            None => None,
        };
        let term = self.term(benefit, outcome, kind);
        let parameters = self.parameters();
        unconfirmed.extend(parameters.iter().filter_map(|used| {
            let name = used.name.clone();
            if used.confidence.is_unconfirmed() {
                Some(Unconfirmed::Parameter { name })
            } else {
                used.past_published.then_some(Unconfirmed::PastPublished { name })
            }
        }));
        unconfirmed.sort();
        unconfirmed.dedup();
        missing.sort();
        missing.dedup();
        if outcome != Outcome::Unknown {
            missing.clear();
        }
        Assessment {
            benefit: benefit.code.clone(),
            on: self.input.on,
            outcome,
            conditions,
            amount,
            kind: kind.filter(|_| benefit.kinds.is_some()),
            payee,
            term,
            missing,
            parameters,
            unconfirmed,
            faults: std::mem::take(&mut self.faults),
            pack_hash: self.pack.hash.clone(),
            engine: ENGINE_VERSION.to_owned(),
        }
    }

    /// Works out an expression and gives what it read; names stand for what they read themselves.
    fn work_out(&mut self, code: &Code) -> (Value, Vec<Read>) {
        self.context.scratch.reads.borrow_mut().clear();
        let value = code.run(self.context);
        let direct = self.context.scratch.reads.take();
        // Names that rest on names that rest on the same would otherwise double what they read at every step.
        let (mut reads, mut once) = (Vec::new(), HashSet::new());
        let mut add = |read: Read| {
            if once.insert(read) {
                reads.push(read);
            }
        };
        for read in direct {
            match read {
                Read::Slot(slot) => self
                    .slots
                    .get(&slot)
                    .into_iter()
                    .flatten()
                    .copied()
                    .for_each(&mut add),
                other => add(other),
            }
        }
        for read in &reads {
            if self.seen.insert(*read) {
                self.all_reads.push(*read);
            }
        }
        if let Value::Fault(fault) = value {
            let said = fault.to_string();
            if !self.faults.contains(&said) {
                self.faults.push(said);
            }
        }
        (value, reads)
    }

    fn values(&self, names: &BTreeMap<String, usize>, says: &[&Texts], code: &Code) -> Vec<Printed> {
        // Names in the sentence first, in its order; then names that the expression reads.
        let mut wanted: Vec<usize> = Vec::new();
        let mut want = |at: usize| {
            if !wanted.contains(&at) {
                wanted.push(at);
            }
        };
        for sentence in says.iter().flat_map(|says| says.0.values()) {
            text::names(sentence)
                .filter_map(|name| names.get(name))
                .for_each(|at| want(*at));
        }
        self.context.scratch.reads.borrow_mut().clear();
        code.run(self.context);
        for read in self.context.scratch.reads.take() {
            if let Read::Slot(slot) = read
                && let Some(at) = self
                    .program
                    .lets
                    .iter()
                    .position(|named| named.slot == slot as usize)
            {
                want(at);
            }
        }
        wanted.into_iter().filter_map(|at| self.printed(at)).collect()
    }

    /// The facts among what was read, each once.
    fn used_by(&self, reads: &[Read]) -> Vec<UsedFact> {
        let mut facts: Vec<UsedFact> = Vec::new();
        for read in reads {
            if let Read::Fact(key) = read {
                facts.push(self.used(*key));
            }
        }
        facts.sort();
        facts.dedup();
        facts
    }

    fn printed(&self, at: usize) -> Option<Printed> {
        let named = self.program.lets.get(at)?;
        let value = self.context.slot(named.slot);
        let slot = u32::try_from(named.slot).ok()?;
        let facts = self.used_by(self.slots.get(&slot).map_or(&[], Vec::as_slice));
        Some(Printed {
            name: named.name.clone(),
            unit: named.code.ty.to_string(),
            text: self.texts(value, &named.code.ty),
            expression: named.text.clone(),
            facts,
        })
    }

    fn fill(&self, says: &Texts, names: &BTreeMap<String, usize>) -> Texts {
        let fill = |(language, sentence): (&String, &String)| {
            let value = |name: &str| {
                let named = self.program.lets.get(*names.get(name)?)?;
                Some(self.print(self.context.slot(named.slot), &named.code.ty, language))
            };
            (language.clone(), text::fill(sentence, value))
        };
        Texts(says.0.iter().map(fill).collect())
    }

    fn steps(&self, code: &Code, source: &str) -> Vec<Step> {
        self.printer().steps(
            code,
            source,
            self.context,
            &self.pack.country.languages,
            Some(self.input),
        )
    }

    fn printer(&self) -> Printer<'_> {
        let (world, scratch) = (self.context.world, self.context.scratch);
        Printer {
            pack: self.pack,
            dictionary: &self.pack.dictionary,
            world,
            scratch,
        }
    }

    /// The kind on these facts; what is unknown of it otherwise.
    fn kind(&mut self, benefit: &Benefit) -> Result<BenefitKind, Value> {
        match &self.program.kind {
            None => Ok(benefit.kind),
            Some(choice) => choice.of(self.work_out(&choice.code).0),
        }
    }

    fn amount(
        &mut self,
        benefit: &Benefit,
        outcome: Outcome,
        kind: BenefitKind,
    ) -> (Option<Amount>, Vec<Missing>) {
        let program = self.program;
        let Some(rule) = &benefit.amount else {
            return (None, Vec::new());
        };
        if outcome == Outcome::Refuse || kind == BenefitKind::InKind {
            return (None, Vec::new());
        }
        let worked = match &program.amount {
            Some(code) => self.whole_amount(program, rule, code),
            None => self.amount_of_parts(program, rule, alone(benefit, kind)),
        };
        let Worked {
            minor,
            per,
            mut reads,
            steps,
            values,
            parts,
        } = match worked {
            Ok(worked) => worked,
            Err(value) => return (None, self.missing(value)),
        };
        let mut limits = [None, None];
        for (limit, code) in limits.iter_mut().zip([&program.upto, &program.atleast]) {
            let Some(code) = code else { continue };
            let (value, more) = self.work_out(code);
            reads.extend(more);
            let Value::Money(minor) = value else {
                return (None, self.missing(value));
            };
            *limit = Some(Money::new(minor, self.pack.country.currency));
        }
        let [upto, atleast] = limits;
        let names = &program.names;
        let says = rule.says.as_ref();
        let amount = Amount {
            money: Money::new(minor, self.pack.country.currency),
            per,
            law: printed_law(&rule.law, rule.confidence),
            confidence: rule.confidence,
            says: says.map(|says| self.fill(says, names)),
            formula: rule.formula.text.clone(),
            steps,
            values,
            facts: self.used_by(&reads),
            parts,
            upto,
            atleast,
        };
        (Some(amount), Vec::new())
    }

    fn whole_amount(&mut self, program: &Program, rule: &AmountRule, code: &Code) -> Result<Worked, Value> {
        let (value, reads) = self.work_out(code);
        let Value::Money(minor) = value else {
            return Err(value);
        };
        let says: Vec<&Texts> = rule.says.iter().collect();
        Ok(Worked {
            minor,
            per: per(code),
            reads,
            steps: self.steps(code, &rule.formula.text),
            values: self.values(&program.names, &says, code),
            parts: Vec::new(),
        })
    }

    /// The sum of the parts, each with its steps below that of the whole.
    fn amount_of_parts(
        &mut self,
        program: &Program,
        rule: &AmountRule,
        alone: bool,
    ) -> Result<Worked, Value> {
        let currency = self.pack.country.currency;
        let context = self.context;
        let mut worked = Worked {
            minor: 0,
            per: (program.parts.iter())
                .find(|part| beside(part, alone) == Some(false))
                .map_or(Per::Once, |part| per(&part.code)),
            reads: Vec::new(),
            steps: Vec::new(),
            values: Vec::new(),
            parts: Vec::new(),
        };
        let mut sum = Value::Money(0);
        let says: Vec<&Texts> = rule.says.iter().collect();
        for (part, code) in rule.parts.iter().zip(&program.parts) {
            let Some(once) = beside(code, alone) else { continue };
            each_of(code, context, |person| {
                let (value, reads) = self.work_out(&code.code);
                worked.reads.extend(reads);
                let suspended = context.world.is_suspended(&part.code, person);
                if !suspended && !once {
                    sum = add(context, sum, value);
                } else if once && !matches!(value, Value::Money(_)) {
                    // Nothing is granted while a part of it cannot be said.
                    sum = add(context, sum, value);
                }
                let Value::Money(minor) = value else { return };
                // Of a part for each member only those that it gives something are worth a line.
                if person.is_some() && minor == 0 {
                    return;
                }
                worked.parts.push(PartAmount {
                    code: part.code.clone(),
                    name: part.name.clone(),
                    law: printed_law(&part.law, part.confidence),
                    confidence: part.confidence,
                    of: person.map(|number| self.holder(Of::Person(number))),
                    money: Money::new(minor, currency),
                    once,
                    suspended,
                });
                worked.steps.extend(
                    self.steps(&code.code, &part.formula.text)
                        .into_iter()
                        .map(|step| Step {
                            depth: step.depth + 1,
                            ..step
                        }),
                );
                for value in self.values(&program.names, &says, &code.code) {
                    if !worked.values.contains(&value) {
                        worked.values.push(value);
                    }
                }
            });
        }
        let Value::Money(minor) = sum else {
            return Err(sum);
        };
        let ty = Type::Money(worked.per);
        let whole = Step {
            depth: 0,
            expression: rule.formula.text.clone(),
            unit: ty.to_string(),
            text: self.texts(sum, &ty),
        };
        worked.steps.insert(0, whole);
        Ok(Worked { minor, ..worked })
    }

    fn term(&mut self, benefit: &Benefit, outcome: Outcome, kind: Option<BenefitKind>) -> Option<Term> {
        let program = self.program;
        if !matches!(outcome, Outcome::Grant | Outcome::Confirm) {
            return None;
        }
        let Value::Date(starts) = self.work_out(program.starts.as_ref()?).0 else {
            return None;
        };
        // A single amount of a benefit that others have by months does not end.
        let ends = program
            .ends
            .as_ref()
            .filter(|_| !kind.is_some_and(|kind| alone(benefit, kind)));
        let ends = ends.map(|code| self.work_out(code).0);
        let ends = ends.and_then(|value| {
            if let Value::Date(day) = value {
                Some(day)
            } else {
                None
            }
        });
        let months = benefit
            .period
            .as_ref()
            .and_then(|period| period.review_every_months);
        let review_on = months.and_then(|months| {
            let span = jiff::Span::new().try_months(i64::from(months)).ok()?;
            starts.checked_add(span).ok()
        });
        let review_on = review_on.filter(|review| ends.is_none_or(|ends| *review < ends));
        Some(Term {
            starts,
            ends,
            review_on,
        })
    }

    fn parameters(&self) -> Vec<UsedParameter> {
        let mut found: Vec<UsedParameter> = Vec::new();
        for read in &self.all_reads {
            let Read::Parameter {
                parameter,
                at,
                keys,
                value,
                day,
            } = *read
            else {
                continue;
            };
            let Some(definition) = self.pack.parameters.get(parameter as usize) else {
                continue;
            };
            let Some(dated) = definition.at.get(at as usize) else {
                continue;
            };
            let keys: Vec<String> = definition
                .keys
                .iter()
                .zip(keys)
                .map(|(ty, key)| self.print(key, ty, ""))
                .collect();
            let key = (!keys.is_empty()).then(|| keys.join(", "));
            let used = UsedParameter {
                name: definition.name.clone(),
                key,
                text: self.texts(value, &definition.unit),
                from: dated.from,
                source: dated.source.clone(),
                confidence: dated.confidence,
                past_published: day >= self.pack.country.covers_until
                    || dated.until.is_some_and(|until| day >= until),
            };
            if !found.contains(&used) {
                found.push(used);
            }
        }
        found
    }

    fn missing(&self, value: Value) -> Vec<Missing> {
        let Value::Unknown(set) = value else {
            return Vec::new();
        };
        let keys = self.context.missing(set);
        let mut found: Vec<Missing> = keys
            .into_iter()
            .map(|key| Missing {
                holder: self.holder(key.0),
                fact: self.fact_name(key),
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }

    fn fact_name(&self, key: FactKey) -> String {
        self.pack.dictionary.fact_name(key).to_owned()
    }

    fn person(&self, number: u32) -> Option<&PersonFacts> {
        everybody(self.input).nth(number as usize)
    }

    fn holder(&self, of: Of) -> Holder {
        let members = self.input.members.len();
        match of {
            Of::Household => Holder::Household,
            Of::Claim => Holder::Claim,
            Of::Person(number) => {
                let person = self.person(number).and_then(|person| person.person);
                match number as usize {
                    0 => Holder::Applicant { person },
                    n if n <= members => Holder::Member { number: n, person },
                    n => Holder::Other {
                        number: n - members,
                        person,
                    },
                }
            }
        }
    }

    fn used(&self, key: FactKey) -> UsedFact {
        let fact = self.fact_name(key);
        let source: Option<FactRef> = match key.0 {
            Of::Person(number) => self.person(number).and_then(|person| person.facts.get(&fact)),
            Of::Household => self.input.household.get(&fact),
            Of::Claim => self.input.claim.get(&fact),
        }
        .map(|known| known.source.clone());
        UsedFact {
            holder: self.holder(key.0),
            fact,
            source,
        }
    }

    fn texts(&self, value: Value, ty: &Type) -> Texts {
        let languages = &self.pack.country.languages;
        Texts(
            languages
                .iter()
                .map(|language| (language.clone(), self.print(value, ty, language)))
                .collect(),
        )
    }

    fn print(&self, value: Value, ty: &Type, language: &str) -> String {
        self.printer().print(value, ty, language, Some(self.input))
    }
}

/// An amount that was worked out, with what it came from.
struct Worked {
    minor: i64,
    per: Per,
    reads: Vec<Read>,
    steps: Vec<Step>,
    values: Vec<Printed>,
    parts: Vec<PartAmount>,
}

fn per(code: &Code) -> Per {
    match code.ty {
        Type::Money(per) => per,
        _ => Per::Once,
    }
}

/// Everybody in the order of their numbers.
pub(super) fn everybody(input: &Input) -> impl Iterator<Item = &PersonFacts> {
    std::iter::once(&input.applicant)
        .chain(&input.members)
        .chain(&input.others)
}

/// An article that rests on memory or on the pack's invention is never printed.
fn printed_law(law: &str, confidence: Confidence) -> String {
    if confidence.is_unconfirmed() {
        String::new()
    } else {
        law.to_owned()
    }
}
