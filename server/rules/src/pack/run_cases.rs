//! Runs the worked examples of a pack and holds what comes out against what was expected.

use super::{
    Benefit, BenefitKind, BesideEffect, Case, Mistake, Pack, PayeeKind, Place, Reach, read::Mistakes,
};
use crate::assess::{Assessment, Better, Choice, Holder, Missing, Outcome, Verdict, assess, lives};
use crate::lang::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// Benefits whose examples stop at the measure of a list: then the others are not tried, a shared rule is likely what they have in common.
const MOST_STOPPED: usize = 3;

pub(super) fn check(pack: &Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let wrong = |place: &Place, message: String| {
        let text = files.get(&place.file).map_or("", String::as_str);
        mistakes.note(Mistake::at(&place.file, text, place.offset, message));
    };
    let endless = Fault::TooLong.to_string();
    let mut stopped = 0;
    for benefit in &pack.benefits {
        let before = stopped;
        let mut seen: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
        let mut reached: BTreeSet<(String, Reach)> = BTreeSet::new();
        let mut told: BTreeSet<String> = BTreeSet::new();
        for case in &benefit.cases {
            let Some(assessment) = assess(pack, &benefit.code, &case.input) else {
                continue;
            };
            let bodies = competent(pack, benefit, case);
            let beside = crate::assess::beside(pack, &case.input, &assessment);
            if let Some(choice) = &beside {
                reached.extend(choice.beside.iter().map(|one| (one.benefit.clone(), one.of)));
            }
            let chosen = beside.iter().flat_map(|choice| chosen(pack, case, choice));
            let found = differences(pack, case, &assessment);
            let failing = !found.is_empty();
            let ran = ran(pack, benefit, case, &mut told);
            for message in found.into_iter().chain(bodies).chain(chosen).chain(ran) {
                wrong(
                    &case.expect.place,
                    format!("the case \"{}\": {message}", case.name),
                );
            }
            // What takes its full measure once would take it in each of the other examples too.
            if failing && assessment.faults.iter().any(|fault| fault.contains(&endless)) {
                stopped += 1;
                break;
            }
            for (condition, assessed) in benefit.conditions.iter().zip(&assessment.conditions) {
                let verdicts = seen.entry(&condition.id).or_default();
                match assessed.verdict {
                    Verdict::Met => drop(verdicts.insert(true)),
                    Verdict::NotMet | Verdict::MustConfirm => drop(verdicts.insert(false)),
                    Verdict::Unknown | Verdict::NotApplicable => {}
                }
            }
        }
        if stopped > before {
            if stopped == MOST_STOPPED {
                return;
            }
            continue;
        }
        unreached(benefit, &seen, wrong);
        for duration in benefit.durations.iter().filter(|it| !told.contains(&it.id)) {
            let message = format!(
                "no case says how far `{}` has run (`ran` of `expect`)",
                duration.id
            );
            wrong(&duration.place, message);
        }
        // What becomes a condition is looked at with the conditions; of a bare code nothing follows that a case could show.
        for one in benefit
            .incompatible
            .iter()
            .filter(|one| one.effect != BesideEffect::Refuse)
        {
            if !reached.contains(&(one.benefit.clone(), one.of)) {
                let effect = one.effect.name();
                wrong(
                    &one.place,
                    format!("no case ever has `{}` beside it, to {effect}", one.benefit),
                );
            }
        }
    }
}

/// How durations have run otherwise than was expected; those that are known go to `told`.
fn ran(pack: &Pack, benefit: &Benefit, case: &Case, told: &mut BTreeSet<String>) -> Option<String> {
    let expected: BTreeSet<String> = case.expect.ran.as_ref()?.iter().cloned().collect();
    let number = |number: Option<i64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
    let mut found = BTreeSet::new();
    for one in pack.durations(&benefit.code, &case.input) {
        if one.holds.is_some() {
            told.insert(one.id.clone());
        }
        found.insert(format!("{} {} of {}", one.id, number(one.have), number(one.of)));
    }
    (expected != found).then(|| {
        format!(
            "expected durations: {}, got {}",
            joined(&expected),
            joined(&found)
        )
    })
}

/// Who is competent on the day of an example, in the municipality of its applicant.
fn competent(pack: &Pack, benefit: &Benefit, case: &Case) -> Vec<String> {
    let expect = &case.expect;
    if expect.decides.is_none() && expect.confirms.is_none() && expect.pays.is_none() {
        return Vec::new();
    }
    let municipality = lives(&case.input.applicant);
    let found = benefit.competent_on(pack, case.input.on, municipality);
    let none = "nobody";
    [
        ("decides", &expect.decides, found.map(|it| it.decides.as_str())),
        (
            "confirms",
            &expect.confirms,
            found.and_then(|it| it.confirms.as_deref()),
        ),
        ("pays", &expect.pays, found.map(|it| it.pays.as_str())),
    ]
    .into_iter()
    .filter_map(|(what, expected, found)| {
        let (expected, found) = (expected.as_deref()?, found.unwrap_or(none));
        (expected != found).then(|| format!("expected that `{expected}` {what}, got `{found}`"))
    })
    .collect()
}

/// How what stands beside a worked example differs from what was expected.
fn chosen(pack: &Pack, case: &Case, choice: &Choice) -> Vec<String> {
    let expect = &case.expect;
    let mut wrong = Vec::new();
    if let Some(expected) = &expect.beside {
        let found: BTreeSet<String> = (choice.beside.iter())
            .map(|one| format!("{} {}", one.benefit, one.effect.name()))
            .collect();
        if expected.iter().cloned().collect::<BTreeSet<_>>() != found {
            wrong.push(format!(
                "expected beside it: {}, got {}",
                joined(expected),
                joined(&found)
            ));
        }
    }
    let better = choice.better.map_or("none", Better::name);
    if let Some(expected) = expect.better.as_deref().filter(|expected| *expected != better) {
        wrong.push(format!(
            "expected {expected} to be worth more a month, got {better}"
        ));
    }
    let given_up = choice.others.month.map_or(0, |money| money.minor);
    if let Some(expected) = expect.given_up.filter(|expected| *expected != given_up) {
        let write = |minor| crate::text::minor(minor, pack.country.minor_units, "en");
        wrong.push(format!(
            "expected {} given up a month, got {}",
            write(expected),
            write(given_up)
        ));
    }
    wrong
}

fn unreached(benefit: &Benefit, seen: &BTreeMap<&str, BTreeSet<bool>>, wrong: impl Fn(&Place, String)) {
    for condition in &benefit.conditions {
        let verdicts = seen.get(condition.id.as_str()).cloned().unwrap_or_default();
        for (verdict, said) in [(true, "met"), (false, "not met")] {
            if !verdicts.contains(&verdict) {
                wrong(
                    &condition.place,
                    format!("no case ever finds the condition `{}` {said}", condition.id),
                );
            }
        }
    }
}

/// How a holder and fact are written in `missing`.
fn written(missing: &Missing) -> String {
    let holder = match missing.holder {
        Holder::Applicant { .. } => "applicant".to_owned(),
        Holder::Member { number, .. } => format!("member {number}"),
        Holder::Other { number, .. } => format!("other {number}"),
        Holder::Household => "household".to_owned(),
        Holder::Claim => "claim".to_owned(),
    };
    format!("{holder}.{}", missing.fact)
}

fn differences(pack: &Pack, case: &Case, found: &Assessment) -> Vec<String> {
    let expect = &case.expect;
    let mut wrong = Vec::new();
    let with = |verdict: Verdict| -> BTreeSet<String> {
        found
            .conditions
            .iter()
            .filter(|c| c.verdict == verdict)
            .map(|c| c.id.clone())
            .collect()
    };
    if expect.outcome != found.outcome {
        let mut message = format!("expected {}, got {}", said(expect.outcome), said(found.outcome));
        for (verdict, what) in [
            (Verdict::NotMet, "not met"),
            (Verdict::MustConfirm, "to confirm"),
            (Verdict::Unknown, "unknown"),
        ] {
            let ids = with(verdict);
            if !ids.is_empty() {
                message.push_str(&format!("; {what}: {}", joined(&ids)));
            }
        }
        let missing: BTreeSet<String> = found.missing.iter().map(written).collect();
        if !missing.is_empty() {
            message.push_str(&format!("; missing: {}", joined(&missing)));
        }
        if !found.faults.is_empty() {
            message.push_str(&format!("; {}", found.faults.join(", ")));
        }
        wrong.push(message);
        return wrong;
    }
    let amount = found.amount.as_ref().map(|amount| amount.money.minor);
    if let Some(expected) = expect.amount.filter(|expected| Some(*expected) != amount) {
        let write = |minor| crate::text::minor(minor, pack.country.minor_units, "en");
        wrong.push(format!(
            "expected {}, got {}",
            write(expected),
            amount.map_or("no amount".to_owned(), write)
        ));
    }
    let once = found.amount.as_ref().map_or(0, crate::assess::Amount::once_minor);
    if let Some(expected) = expect.once.filter(|expected| *expected != once) {
        let write = |minor| crate::text::minor(minor, pack.country.minor_units, "en");
        wrong.push(format!("expected {} once, got {}", write(expected), write(once)));
    }
    if let Some(expected) = expect.kind {
        let kind = found.kind;
        if kind != Some(expected) {
            wrong.push(format!("expected the kind {expected:?}, got {kind:?}"));
        } else if expected == BenefitKind::InKind && amount.is_some() {
            wrong.push("expected no amount of what is given in kind".to_owned());
        }
    }
    if let Some(expected) = expect.payee.filter(|expected| Some(*expected) != found.payee) {
        wrong.push(format!(
            "expected as payee {}, got {}",
            expected.name(),
            found.payee.map_or("none", PayeeKind::name)
        ));
    }
    if let Some(proposed) = &found.amount {
        let outside = proposed
            .upto
            .is_some_and(|most| proposed.money.minor > most.minor)
            || proposed
                .atleast
                .is_some_and(|least| proposed.money.minor < least.minor);
        if outside {
            wrong.push("the proposed amount lies outside of its limits".to_owned());
        }
    }
    let starts = found.term.as_ref().map(|term| term.starts);
    let ends = found.term.as_ref().and_then(|term| term.ends);
    for (what, expected, found) in [("start", expect.starts, starts), ("end", expect.ends, ends)] {
        if let Some(expected) = expected.filter(|expected| Some(*expected) != found) {
            let found = found.map_or("none".to_owned(), |day| day.to_string());
            wrong.push(format!("expected {expected} as its {what}, got {found}"));
        }
    }
    for (what, expected, verdict) in [
        ("not met", &expect.not_met, Verdict::NotMet),
        ("to confirm", &expect.confirm, Verdict::MustConfirm),
    ] {
        let found = with(verdict);
        if let Some(expected) = expected
            && expected.iter().cloned().collect::<BTreeSet<_>>() != found
        {
            wrong.push(format!(
                "expected {what}: {}, got {}",
                joined(expected),
                joined(&found)
            ));
        }
    }
    if let Some(expected) = &expect.missing {
        let is = |expected: &str, missing: &Missing| expected == missing.fact || expected == written(missing);
        let all_there = expected.iter().all(|e| found.missing.iter().any(|m| is(e, m)));
        let no_more = found.missing.iter().all(|m| expected.iter().any(|e| is(e, m)));
        if !all_there || !no_more {
            let found: BTreeSet<String> = found.missing.iter().map(written).collect();
            wrong.push(format!(
                "expected missing: {}, got {}",
                joined(expected),
                joined(&found)
            ));
        }
    }
    let laws: BTreeSet<&str> = reasons(found).collect();
    for law in expect.because.iter().filter(|law| !laws.contains(law.as_str())) {
        wrong.push(format!("expected the reason {law}, got {}", joined(&laws)));
    }
    wrong
}

/// Articles that an outcome rests on: of what was decided, and of the amount.
fn reasons(found: &Assessment) -> impl Iterator<Item = &str> {
    let decided = found
        .conditions
        .iter()
        .filter(|c| matches!(c.verdict, Verdict::Met | Verdict::NotMet | Verdict::MustConfirm));
    let laws = decided
        .map(|c| c.law.as_str())
        .chain(found.amount.iter().map(|amount| amount.law.as_str()));
    laws.filter(|law| !law.is_empty())
}

fn said(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Grant => "grant",
        Outcome::Refuse => "refuse",
        Outcome::Unknown => "unknown",
        Outcome::Confirm => "confirm",
    }
}

fn joined<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.as_ref().to_owned()).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
