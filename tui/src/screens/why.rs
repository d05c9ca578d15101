//! Why: every condition and every number opens what it was made of: rule, values, facts with their sources, dated parameters, law.

use super::widgets::{fact_status, instant, money, outcome_key, per, source_key};
use crate::{
    app::{
        Look,
        overlay::{Line, Overlay},
    },
    form::date,
    i18n::Say,
    text::visible,
};
use karton_api::assessments::{
    Amount, AnswerOf, Assessment, Condition, FactSaid, FactSeen, MissingFact, ParameterUsed, ValueSeen,
    Verdict,
};
use karton_api::{common::Texts, persons::SourceKind};

/// A rule as one line of words; the pack may break it where it likes.
fn one_line(rule: &str) -> String {
    rule.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn law(law: &str, confirmed: bool, confidence: &str, look: &Look<'_>) -> Line {
    if confirmed {
        Line::Pair(Say::key("why-law"), Say::raw(law))
    } else {
        // Unconfirmed law is never shown as an article alone.
        let words = look.words.say(
            &Say::key("why-unconfirmed")
                .with("law", law)
                .with("confidence", confidence),
        );
        Line::Pair(Say::key("why-law"), Say::raw(words))
    }
}

/// What is asked. What every person has is not in the pack's dictionary; its words are the client's own.
pub(super) fn question(fact: &str, question: &Texts, look: &Look<'_>) -> String {
    let words = visible(look.words.pick(question));
    let own = match fact {
        "birth_date" => "birth-date",
        "sex" => "sex",
        "relationship" => "relationship",
        "alive" => "fact-alive",
        "death_date" => "fact-death-date",
        "municipality" => "municipality",
        _ => return words,
    };
    if words == fact { look.words.t(own) } else { words }
}

/// Where what counts says otherwise than another source: both, each fact once. What a register says beside what was declared is told where the evidence
/// is; here it is what officers found.
pub(super) fn differing(assessment: &Assessment, look: &Look<'_>) -> Vec<String> {
    let values = assessment
        .conditions
        .iter()
        .flat_map(|condition| &condition.values);
    let facts = values.flat_map(|value| &value.facts);
    let sums = assessment.amount.iter().flat_map(|amount| &amount.steps);
    let mut told: Vec<(AnswerOf, &str)> = Vec::new();
    let mut said = Vec::new();
    for fact in facts.chain(sums.flat_map(|step| &step.facts)) {
        let found = matches!(
            fact.source,
            SourceKind::Visit | SourceKind::Finding | SourceKind::Document
        ) || fact.others.iter().any(|other| other.source == SourceKind::Visit);
        if !found || fact.others.is_empty() || told.contains(&(fact.of, fact.fact.as_str())) {
            continue;
        }
        told.push((fact.of, &fact.fact));
        let who = fact
            .name
            .as_deref()
            .map(|name| format!("{} · ", visible(name)))
            .unwrap_or_default();
        let words = Say::key("assessment-differs")
            .with(
                "question",
                format!("{who}{}", question(&fact.fact, &fact.question, look)),
            )
            .with("source", look.words.t(source_key(fact.source)))
            .with("value", visible(look.words.pick(&fact.text)))
            .with("others", others(fact, look));
        said.push(look.words.say(&words));
    }
    said
}

/// What other sources say: `declared: 3`.
fn others(fact: &FactSeen, look: &Look<'_>) -> String {
    let one = |other: &FactSaid| {
        format!(
            "{}: {}",
            look.words.t(source_key(other.source)),
            visible(look.words.pick(&other.text))
        )
    };
    let all: Vec<String> = fact.others.iter().map(one).collect();
    all.join("; ")
}

fn fact(fact: &FactSeen, look: &Look<'_>) -> Line {
    let (sign, status) = fact_status(fact.status);
    let who = fact
        .name
        .as_deref()
        .map(|n| format!("{} · ", visible(n)))
        .unwrap_or_default();
    let service = fact
        .service
        .as_deref()
        .map(|s| format!(" {}", visible(s)))
        .unwrap_or_default();
    let when = fact
        .recorded_at
        .map(|at| format!(", {}", instant(at)))
        .unwrap_or_default();
    let beside = if fact.others.is_empty() {
        String::new()
    } else {
        format!(" ≠ {}", others(fact, look))
    };
    let text = format!(
        "{sign} {who}{}: {} ({}{service}, {}{when}){beside}",
        question(&fact.fact, &fact.question, look),
        look.words.pick(&fact.text),
        look.words.t(source_key(fact.source)),
        look.words.t(status),
    );
    Line::Text(2, Say::raw(text))
}

pub(super) fn missing(fact: &MissingFact, look: &Look<'_>) -> String {
    let who = fact
        .name
        .as_deref()
        .map(|n| format!("{}: ", visible(n)))
        .unwrap_or_default();
    format!("{who}{}", question(&fact.fact, &fact.question, look))
}

fn parameters(all: &[ParameterUsed], rules: &str, look: &Look<'_>, lines: &mut Vec<Line>) {
    let named = |p: &&ParameterUsed| rules.contains(p.name.split('(').next().unwrap_or(&p.name));
    let used: Vec<&ParameterUsed> = all.iter().filter(named).collect();
    if used.is_empty() {
        return;
    }
    lines.push(Line::Gap);
    lines.push(Line::Head(Say::key("why-parameters")));
    for p in used {
        lines.push(Line::Pair(Say::table(&p.says), Say::table(&p.text)));
        let confidence = confidence(&p.confidence, look);
        lines.push(Line::Text(
            1,
            Say::key("why-parameter")
                .with("name", &p.name)
                .with("from", date::show(p.from))
                .with("source", &p.source)
                .with("confidence", confidence),
        ));
    }
}

fn confidence(code: &str, look: &Look<'_>) -> String {
    match code {
        "law" => look.words.t("confidence-law"),
        "published" => look.words.t("confidence-published"),
        "derived" => look.words.t("confidence-derived"),
        "memory" => look.words.t("confidence-memory"),
        "default" => look.words.t("confidence-default"),
        other => visible(other),
    }
}

/// What a value is called: the question where it is one fact's, else the rule's own word without its underscores.
fn named(value: &ValueSeen, look: &Look<'_>) -> Say {
    let mut asked: Vec<&str> = value.facts.iter().map(|f| f.fact.as_str()).collect();
    asked.sort_unstable();
    asked.dedup();
    let plain = |name: &str| {
        name.split(['.', '('])
            .any(|part| part.trim_end_matches(')') == asked[0])
    };
    match value.facts.first() {
        // A rule's own sum keeps the rule's word: it is not what was asked.
        Some(first) if asked.len() == 1 && !value.rule.contains(['(', ' ']) && plain(&value.rule) => {
            Say::raw(question(&first.fact, &first.question, look))
        }
        _ => Say::raw(value.name.replace('_', " ")),
    }
}

/// Why a condition holds or not.
pub(super) fn condition(condition: &Condition, assessment: &Assessment, look: &Look<'_>) -> Overlay {
    let verdict = match condition.verdict {
        Verdict::Met => "verdict-met",
        Verdict::NotMet => "verdict-not-met",
        Verdict::Unknown => "verdict-unknown",
        Verdict::MustConfirm => "verdict-must-confirm",
        Verdict::NotApplicable => "verdict-not-applicable",
    };
    let mut lines = vec![
        Line::Text(0, Say::table(&condition.text)),
        Line::Gap,
        Line::Pair(Say::key("why-verdict"), Say::key(verdict)),
        law(
            &condition.law,
            condition.confirmed,
            &confidence(&condition.confidence, look),
            look,
        ),
        Line::Pair(Say::key("why-rule"), Say::raw(one_line(&condition.rule))),
    ];
    if !condition.values.is_empty() {
        lines.push(Line::Gap);
        lines.push(Line::Head(Say::key("why-values")));
    }
    let mut rules = condition.rule.clone();
    for value in &condition.values {
        let text = value.text.as_ref().map_or(Say::key("not-known"), Say::table);
        lines.push(Line::Pair(named(value, look), text));
        if value.rule != value.name {
            lines.push(Line::Text(1, Say::raw(format!("= {}", one_line(&value.rule)))));
        }
        rules.push(' ');
        rules.push_str(&value.rule);
        lines.extend(value.facts.iter().map(|f| fact(f, look)));
    }
    if !condition.missing.is_empty() {
        lines.push(Line::Gap);
        lines.push(Line::Head(Say::key("why-missing")));
        lines.extend(
            condition
                .missing
                .iter()
                .map(|m| Line::Text(1, Say::raw(missing(m, look)))),
        );
    }
    parameters(&assessment.parameters, &rules, look, &mut lines);
    Overlay::Text {
        title: Say::key("why"),
        lines,
        at: 0,
    }
}

/// Why the amount is what it is.
pub(super) fn amount(amount: &Amount, assessment: &Assessment, look: &Look<'_>) -> Overlay {
    let sum = format!("{} {}", money(amount.money, look), per(amount.per, look));
    let unconfirmed = look.words.t("confidence-default");
    let mut lines = vec![
        Line::Pair(Say::key("amount"), Say::raw(sum)),
        law(&amount.law, amount.confirmed, &unconfirmed, look),
        Line::Pair(Say::key("why-formula"), Say::raw(one_line(&amount.rule))),
        Line::Gap,
        Line::Head(Say::key("why-sum")),
    ];
    let mut rules = amount.rule.clone();
    for step in &amount.steps {
        lines.push(Line::Pair(Say::raw(one_line(&step.rule)), Say::table(&step.text)));
        lines.extend(step.facts.iter().map(|f| fact(f, look)));
        rules.push(' ');
        rules.push_str(&step.rule);
    }
    parameters(&assessment.parameters, &rules, look, &mut lines);
    Overlay::Text {
        title: Say::key("why"),
        lines,
        at: 0,
    }
}

/// The outcome in a line: grant with the amount, refusal, what is missing.
pub(super) fn headline(assessment: &Assessment, look: &Look<'_>) -> String {
    let words = look.words.t(outcome_key(assessment.outcome));
    match &assessment.amount {
        Some(a) => format!("{words}: {} {}", money(a.money, look), per(a.per, look)),
        None => words,
    }
}
