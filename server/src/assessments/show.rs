//! An assessment as it travels: the rules' trace with names, questions and sources. Pure.

use super::{gather::Others, model::Doubt, text};
use karton_api::{
    Id, Timestamp,
    assessments::{
        self as wire, Amount, AnswerOf, Condition, FactSaid, FactSeen, MissingFact, Outcome, ParameterUsed,
        SumStep, ValueSeen, Verdict,
    },
    common::Texts,
    persons::{FactStatus, SourceKind},
    value::Fact,
};
use karton_rules::{
    assess::{self as rules, Facts, Holder, Input, Known, Printed},
    pack::{HolderKind, Pack},
};
use std::collections::BTreeMap;

/// What an assessment is shown with.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The pack it was made by.
    pub pack: &'a Pack,
    /// What the rules took.
    pub input: &'a Input,
    /// When each stored fact was recorded.
    pub learnt: &'a BTreeMap<Id<Fact>, Timestamp>,
    /// What other sources say otherwise, where that is shown beside what counts.
    pub others: Option<&'a Others>,
}

/// The outcome as it travels.
pub fn outcome(outcome: rules::Outcome) -> Outcome {
    match outcome {
        rules::Outcome::Grant => Outcome::Grant,
        rules::Outcome::Refuse => Outcome::Refuse,
        rules::Outcome::Unknown => Outcome::Unknown,
        rules::Outcome::Confirm => Outcome::Confirm,
    }
}

fn verdict(verdict: rules::Verdict) -> Verdict {
    match verdict {
        rules::Verdict::Met => Verdict::Met,
        rules::Verdict::NotMet => Verdict::NotMet,
        rules::Verdict::Unknown => Verdict::Unknown,
        rules::Verdict::MustConfirm => Verdict::MustConfirm,
        rules::Verdict::NotApplicable => Verdict::NotApplicable,
    }
}

impl Shown<'_> {
    /// The whole of it.
    pub fn assessment(&self, trace: &rules::Assessment) -> wire::Assessment {
        let benefit = self.pack.benefit(&trace.benefit);
        let conditions = trace.conditions.iter().map(|it| {
            let written =
                benefit.and_then(|benefit| benefit.conditions.iter().find(|condition| condition.id == it.id));
            Condition {
                id: it.id.clone(),
                verdict: verdict(it.verdict),
                text: it.says.0.clone(),
                law: it.law.clone(),
                confirmed: !it.confidence.is_unconfirmed(),
                confidence: it.confidence.name().to_owned(),
                rule: written
                    .map(|condition| condition.when.text.clone())
                    .unwrap_or_default(),
                values: self.values(it),
                missing: it
                    .missing
                    .iter()
                    .map(|missing| self.missing(&missing.holder, &missing.fact))
                    .collect(),
            }
        });
        wire::Assessment {
            benefit: trace.benefit.clone(),
            on: trace.on,
            outcome: outcome(trace.outcome),
            conditions: conditions.collect(),
            amount: trace.amount.as_ref().map(|amount| self.amount(amount)),
            starts: trace.term.as_ref().map(|term| term.starts),
            ends: trace.term.as_ref().and_then(|term| term.ends),
            review_on: trace.term.as_ref().and_then(|term| term.review_on),
            missing: trace
                .missing
                .iter()
                .map(|missing| self.missing(&missing.holder, &missing.fact))
                .collect(),
            parameters: trace.parameters.iter().map(|used| self.parameter(used)).collect(),
            unconfirmed: !trace.unconfirmed.is_empty(),
            pack: trace.pack_hash.clone(),
            engine: trace.engine.clone(),
        }
    }

    /// The facts behind doubts, each once.
    pub fn not_verified(&self, doubts: &[Doubt]) -> Vec<MissingFact> {
        let mut found: Vec<MissingFact> = Vec::new();
        for doubt in doubts {
            let fact = self.missing(&doubt.fact.holder, &doubt.fact.fact);
            if !found.contains(&fact) {
                found.push(fact);
            }
        }
        found
    }

    /// The named values of a condition, and what it read without a name.
    fn values(&self, condition: &rules::AssessedCondition) -> Vec<ValueSeen> {
        let mut values: Vec<ValueSeen> = condition.values.iter().map(|value| self.value(value)).collect();
        let named = |fact: &rules::UsedFact| condition.values.iter().any(|value| value.facts.contains(fact));
        for used in condition.facts.iter().filter(|used| !named(used)) {
            let seen: Vec<FactSeen> = self.fact(used).into_iter().collect();
            values.push(ValueSeen {
                name: used.fact.clone(),
                rule: used.fact.clone(),
                text: seen.first().map(|fact| fact.text.clone()),
                facts: seen,
            });
        }
        values
    }

    fn value(&self, value: &Printed) -> ValueSeen {
        let known = value
            .text
            .0
            .values()
            .all(|text| !text.starts_with(karton_rules::text::UNKNOWN));
        ValueSeen {
            name: value.name.clone(),
            rule: value.expression.clone(),
            text: known.then(|| value.text.0.clone()),
            facts: value.facts.iter().filter_map(|used| self.fact(used)).collect(),
        }
    }

    fn amount(&self, amount: &rules::Amount) -> Amount {
        let mut steps: Vec<SumStep> = amount
            .values
            .iter()
            .map(|value| SumStep {
                rule: format!("{} = {}", value.name, value.expression),
                text: value.text.0.clone(),
                facts: value.facts.iter().filter_map(|used| self.fact(used)).collect(),
            })
            .collect();
        if let Some(whole) = amount.steps.first() {
            steps.push(SumStep {
                rule: whole.expression.clone(),
                text: whole.text.0.clone(),
                facts: Vec::new(),
            });
        }
        Amount {
            money: amount.money,
            per: amount.per,
            law: amount.law.clone(),
            confirmed: !amount.confidence.is_unconfirmed(),
            rule: amount.formula.clone(),
            steps,
            upto: amount.upto,
            atleast: amount.atleast,
        }
    }

    fn parameter(&self, used: &rules::UsedParameter) -> ParameterUsed {
        let says = self
            .pack
            .parameters
            .iter()
            .find(|it| it.name == used.name)
            .and_then(|it| it.says.as_ref());
        ParameterUsed {
            name: used
                .key
                .as_ref()
                .map_or_else(|| used.name.clone(), |key| format!("{}({key})", used.name)),
            says: says.map_or_else(|| self.every_language(&used.name), |says| says.0.clone()),
            text: used.text.0.clone(),
            from: used.from,
            source: used.source.clone(),
            confidence: used.confidence.name().to_owned(),
        }
    }

    fn every_language(&self, text: &str) -> Texts {
        self.pack
            .country
            .languages
            .iter()
            .map(|language| (language.clone(), text.to_owned()))
            .collect()
    }

    fn question(&self, holder: &Holder, fact: &str) -> Texts {
        let def = self.pack.fact(kind_of(holder), fact);
        def.map_or_else(|| self.every_language(fact), |def| def.question.0.clone())
    }

    fn missing(&self, holder: &Holder, fact: &str) -> MissingFact {
        let (of, name) = self.who(holder);
        MissingFact {
            of,
            name,
            fact: fact.to_owned(),
            question: self.question(holder, fact),
        }
    }

    fn fact(&self, used: &rules::UsedFact) -> Option<FactSeen> {
        let known = self.known(&used.holder, &used.fact)?;
        let (of, name) = self.who(&used.holder);
        let def = self.pack.fact(kind_of(&used.holder), &used.fact);
        let others = known.source.fact.and_then(|id| self.others?.get(&id));
        let others = others.into_iter().flatten().map(|said| FactSaid {
            source: said.source,
            text: text::texts(self.pack, def, &said.value, self.input),
            recorded_at: said.recorded_at,
        });
        Some(FactSeen {
            others: others.collect(),
            of,
            name,
            fact: used.fact.clone(),
            question: self.question(&used.holder, &used.fact),
            text: text::texts(self.pack, def, &known.value, self.input),
            source: source_of(&known.source.kind),
            service: known.source.service.clone(),
            status: status_of(known.source.status.as_deref()),
            recorded_at: known.source.fact.and_then(|id| self.learnt.get(&id).copied()),
            id: known.source.fact,
        })
    }

    fn facts_of(&self, holder: &Holder) -> Option<&Facts> {
        Some(match holder {
            Holder::Applicant { .. } => &self.input.applicant.facts,
            Holder::Member { number, .. } => &self.input.members.get(number.checked_sub(1)?)?.facts,
            Holder::Other { number, .. } => &self.input.others.get(number.checked_sub(1)?)?.facts,
            Holder::Household => &self.input.household,
            Holder::Claim => &self.input.claim,
        })
    }

    fn known(&self, holder: &Holder, fact: &str) -> Option<&Known> {
        self.facts_of(holder)?.get(fact)
    }

    fn who(&self, holder: &Holder) -> (AnswerOf, Option<String>) {
        let person = match holder {
            Holder::Applicant { .. } => Some(&self.input.applicant),
            Holder::Member { number, .. } => number.checked_sub(1).and_then(|at| self.input.members.get(at)),
            Holder::Other { number, .. } => number.checked_sub(1).and_then(|at| self.input.others.get(at)),
            Holder::Household => return (AnswerOf::Household, None),
            Holder::Claim => return (AnswerOf::Claim, None),
        };
        match person {
            Some(found) => (
                found.person.map_or(AnswerOf::Claim, AnswerOf::Person),
                found.name.clone(),
            ),
            None => (AnswerOf::Claim, None),
        }
    }
}

pub(super) fn kind_of(holder: &Holder) -> HolderKind {
    match holder {
        Holder::Household => HolderKind::Household,
        Holder::Claim => HolderKind::Claim,
        Holder::Applicant { .. } | Holder::Member { .. } | Holder::Other { .. } => HolderKind::Person,
    }
}

fn source_of(kind: &str) -> SourceKind {
    match kind {
        "finding" => SourceKind::Finding,
        "register" => SourceKind::Register,
        "document" => SourceKind::Document,
        "visit" => SourceKind::Visit,
        "import" => SourceKind::Import,
        _ => SourceKind::Declaration,
    }
}

fn status_of(status: Option<&str>) -> FactStatus {
    match status {
        Some("verified") => FactStatus::Verified,
        Some("contradicted") => FactStatus::Contradicted,
        _ => FactStatus::NotVerified,
    }
}
