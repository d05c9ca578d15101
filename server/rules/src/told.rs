//! An assessment as text: what a clerk sees in the panel, for a terminal without one.

use crate::{
    assess::{Assessment, Holder, Missing, Outcome, Step, UsedFact, Verdict},
    pack::Pack,
    text,
};
use std::fmt::Write;

/// The whole explanation in a language: the outcome, each condition with its values, facts and steps, the amount, the term, the parameters, what
/// is missing and what is not confirmed.
pub fn told(pack: &Pack, found: &Assessment, language: &str) -> String {
    let mut out = String::new();
    let name = pack
        .benefit(&found.benefit)
        .map_or("", |benefit| benefit.name.get(language));
    let day = text::date(found.on, language);
    let _ = writeln!(
        out,
        "{} – {name}, {day}: {}",
        found.benefit,
        outcome(found.outcome)
    );
    for condition in &found.conditions {
        let law = if condition.law.is_empty() {
            format!(" ({})", condition.confidence.name())
        } else {
            format!(" ({})", condition.law)
        };
        let _ = writeln!(
            out,
            "\n[{}] {}{law}",
            verdict(condition.verdict),
            condition.says.get(language)
        );
        for value in &condition.values {
            let _ = writeln!(
                out,
                "    {} = {}  ← {}",
                value.name,
                value.text.get(language),
                one_line(&value.expression)
            );
        }
        steps(&mut out, &condition.steps, language);
        facts(&mut out, &condition.facts);
        missing(&mut out, &condition.missing);
    }
    if let Some(amount) = &found.amount {
        let written = |minor| {
            text::money(
                karton_api::Money::new(minor, amount.money.currency),
                pack.country.minor_units,
                language,
            )
        };
        let law = if amount.law.is_empty() {
            amount.confidence.name()
        } else {
            &amount.law
        };
        let _ = writeln!(out, "\namount {} ({law})", written(amount.money.minor));
        for part in &amount.parts {
            let whose = part
                .of
                .as_ref()
                .map(|of| format!(", {}", holder(of)))
                .unwrap_or_default();
            let once = if part.once { ", once" } else { "" };
            let suspended = if part.suspended { ", suspended" } else { "" };
            let _ = writeln!(
                out,
                "    {} {}{whose}{once}{suspended}: {}",
                part.code,
                part.name.get(language),
                written(part.money.minor)
            );
        }
        for value in &amount.values {
            let _ = writeln!(
                out,
                "    {} = {}  ← {}",
                value.name,
                value.text.get(language),
                one_line(&value.expression)
            );
        }
        steps(&mut out, &amount.steps, language);
        facts(&mut out, &amount.facts);
    }
    if let Some(term) = &found.term {
        let ends = term.ends.map_or(String::new(), |day| {
            format!(", ends before {}", text::date(day, language))
        });
        let review = term.review_on.map_or(String::new(), |day| {
            format!(", review on {}", text::date(day, language))
        });
        let _ = writeln!(out, "\nfrom {}{ends}{review}", text::date(term.starts, language));
    }
    if !found.parameters.is_empty() {
        let _ = writeln!(out, "\nparameters");
    }
    for used in &found.parameters {
        let key = used
            .key
            .as_ref()
            .map(|key| format!("({key})"))
            .unwrap_or_default();
        let past = if used.past_published { ", unconfirmed" } else { "" };
        let _ = writeln!(
            out,
            "    {}{key} = {} (from {}, {}, {}{past})",
            used.name,
            used.text.get(language),
            text::date(used.from, language),
            used.source,
            used.confidence.name()
        );
    }
    if !found.missing.is_empty() {
        let _ = writeln!(out);
        missing(&mut out, &found.missing);
    }
    for fault in &found.faults {
        let _ = writeln!(out, "\nfault: {fault}");
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn steps(out: &mut String, steps: &[Step], language: &str) {
    for step in steps {
        let indent = "  ".repeat(step.depth);
        let _ = writeln!(
            out,
            "      {indent}{} = {}",
            one_line(&step.expression),
            step.text.get(language)
        );
    }
}

fn facts(out: &mut String, facts: &[UsedFact]) {
    let said: Vec<String> = facts
        .iter()
        .map(|fact| {
            let source = fact
                .source
                .as_ref()
                .map_or("unknown", |source| source.kind.as_str());
            format!("{}.{} ({source})", holder(&fact.holder), fact.fact)
        })
        .collect();
    if !said.is_empty() {
        let _ = writeln!(out, "    facts: {}", said.join(", "));
    }
}

fn missing(out: &mut String, missing: &[Missing]) {
    let said: Vec<String> = missing
        .iter()
        .map(|it| format!("{}.{}", holder(&it.holder), it.fact))
        .collect();
    if !said.is_empty() {
        let _ = writeln!(out, "    missing: {}", said.join(", "));
    }
}

/// As worked examples write whom a fact is of.
fn holder(of: &Holder) -> String {
    match of {
        Holder::Applicant { .. } => "applicant".to_owned(),
        Holder::Member { number, .. } => format!("member {number}"),
        Holder::Other { number, .. } => format!("other {number}"),
        Holder::Household => "household".to_owned(),
        Holder::Claim => "claim".to_owned(),
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Grant => "granted",
        Outcome::Refuse => "refused",
        Outcome::Unknown => "cannot be said yet",
        Outcome::Confirm => "an officer must confirm",
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not met",
        Verdict::Unknown => "unknown",
        Verdict::MustConfirm => "to confirm",
        Verdict::NotApplicable => "does not apply",
    }
}
