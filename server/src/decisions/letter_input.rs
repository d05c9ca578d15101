//! What a letter is made of, frozen when it is decided: the template's values as text in the language of letters. The reasoning is written from
//! the assessment's trace; an article stands only where the law behind it is confirmed.

use super::granting::Granting;
use crate::{
    applications::{self, Application, Desk},
    assessments::{self, Shown, Stored},
    awards::store::full_name,
    clock::days_since_1970,
    evidence,
    papers::LetterInput,
    persons,
    problem::Error,
    store::Tx,
    users,
};
use karton_api::{
    FactValue, Id, Money,
    applications::{AmountSet, Confirmed, EvidenceState, Part, Recommendation, Returned, Without},
    assessments::Outcome,
    organisations::{Payee, PayeeRole},
    persons::PersonCard,
    value::{Office, Officer, Person},
};
use karton_rules::{
    assess::{Amount, AssessedCondition, Facts, Input, Verdict},
    pack::{Benefit, BenefitKind, HolderKind, Pack},
    text,
};
use serde_json::{Value, json};

/// What a decision's letter is about.
pub(super) struct Decided<'a> {
    pub(super) number: &'a str,
    pub(super) application: &'a Application,
    pub(super) assessment: &'a Stored,
    pub(super) recommendation: &'a Recommendation,
    pub(super) outcome: Outcome,
    /// The name of the second officer.
    pub(super) second: &'a str,
    /// The approver for whom the second officer signs.
    pub(super) deputy_for: Option<Id<Officer>>,
    /// What is granted; none for a refusal.
    pub(super) granting: Option<&'a Granting>,
    /// The organisation that is paid; none where the beneficiary is.
    pub(super) payee: Option<&'a Payee>,
    /// The second officer's paragraph and amount.
    pub(super) paragraph: Option<&'a str>,
    pub(super) amount: Option<&'a AmountSet>,
}

/// Freezes the input of a decision's letter.
pub(super) fn of_decision(
    tx: &mut Tx,
    desk: &Desk,
    pack: &Pack,
    it: &Decided<'_>,
) -> Result<LetterInput, Error> {
    let language = language(pack);
    // An address that was protected since the assessment is not printed any more.
    let covered = assessments::store::cover(tx, it.assessment.clone())?;
    let it = &Decided {
        assessment: &covered,
        ..*it
    };
    let application = it.application;
    let benefit = pack
        .benefit(&application.benefit)
        .ok_or_else(|| Error::fault("a benefit that the pack does not have"))?;
    let trace = &it.assessment.trace;
    let granted = it.outcome == Outcome::Grant;
    let conditions: Vec<Value> = trace
        .conditions
        .iter()
        .map(|condition| said(benefit, condition, &it.recommendation.confirmed, &language))
        .collect();
    let rule = it
        .granting
        .and_then(|granting| granting.rule.as_ref().map(|rule| (granting, rule)));
    let calculation: Vec<Value> = rule
        .map(|(granting, rule)| sum(pack, rule, granting.money, &language))
        .into_iter()
        .collect();
    let period = it.granting.and_then(|granting| {
        let starts = granting.starts?;
        Some(json!({
            "starts": text::date(starts, &language),
            "ends": granting.ends.and_then(|ends| ends.yesterday().ok()).map(|last| text::date(last, &language)),
            "review_on": granting.review_on.map(|day| text::date(day, &language)),
        }))
    });
    let input = it
        .granting
        .map_or(&it.assessment.input, |granting| &granting.input);
    let amounts = [it.recommendation.amount.as_ref(), it.amount];
    let discretion = rule.and_then(|(_, rule)| rule.upto).map(|upto| {
        let reasons: Vec<&str> = amounts.iter().flatten().map(|set| set.reason.as_str()).collect();
        json!({ "upto": money(pack, upto, &language), "reasons": reasons })
    });
    let paragraphs: Vec<&str> = [it.recommendation.paragraph.as_deref(), it.paragraph]
        .into_iter()
        .flatten()
        .collect();
    let members = if benefit.unit == HolderKind::Household {
        members(tx, desk, pack, input, &language)?
    } else {
        Value::Null
    };
    let refused = refused(tx, desk, &it.recommendation.without, &language)?;
    let (applicant, employee) = asking(tx, desk, application, &input.applicant.facts)?;
    let provider = it
        .payee
        .filter(|payee| payee.role == PayeeRole::Provider)
        .map(|payee| applications::named_payee(pack, benefit, payee, &language));
    let payment = match it.payee {
        // Nothing of the claim's own account and address is told to an organisation.
        Some(payee) => {
            json!({ "channel": "bank", "account": payee.account, "payee": payee.organisation.name })
        }
        None => json!({
            "channel": written(&input.claim, "payment_channel"),
            "account": written(&input.claim, "account"),
            "payee": written(&input.claim, "payee_name"),
            "address": written(&input.applicant.facts, "address"),
        }),
    };
    let once = rule
        .map(|(_, rule)| rule.once_minor())
        .filter(|minor| *minor != 0);
    let once = once.map(|minor| money(pack, Money::new(minor, pack.country.currency), &language));
    let values = json!({
        "office": office_value(desk, pack, application.office, &language),
        "number": it.number,
        "date": text::date(desk.today, &language),
        "outcome": if granted { "grant" } else { "refuse" },
        "benefit": benefit_value(benefit, it.assessment.trace.kind, &language),
        "applicant": applicant,
        "employee": employee,
        "provider": provider,
        "representative": applications::representative(tx, desk, application.id)?,
        "members": members,
        "about": about(tx, desk, benefit, &input.claim)?,
        "informed": informed(pack, benefit, &language),
        "refused": refused,
        "amount": rule.map(|(granting, _)| money(pack, granting.money, &language)),
        "discretion": discretion,
        "period": period,
        "once": once,
        "payment": payment,
        "lodged": lodged(application, &language),
        "evidence": evidence(tx, desk, pack, application, &language)?,
        "conditions": conditions,
        "calculation": calculation,
        "acts": acts(pack, benefit, &language),
        "appeal": appeal(pack, &language),
        "signature": signature(tx, pack, it.deputy_for, &language)?,
        "officers": { "first": it.recommendation.by.name, "second": it.second },
        "paragraphs": paragraphs,
        "note": reasons(trace.conditions.as_slice(), it),
    });
    Ok(LetterInput {
        template: benefit.letter.clone(),
        pack: pack.hash.clone(),
        title: format!("{} {}", benefit.name.get(&language), it.number),
        language,
        date: desk.today,
        values,
    })
}

/// The name of the template by which an applicant is asked to complete an application.
const COMPLETION: &str = "completion";

/// Freezes the input of the letter that asks the applicant to complete an application by a day; nothing where the pack has no such letter. What
/// the newest assessment did not know is named.
pub(super) fn of_request(
    tx: &mut Tx,
    desk: &Desk,
    pack: &Pack,
    application: &Application,
    returned: &Returned,
) -> Result<Option<LetterInput>, Error> {
    let language = language(pack);
    if pack.letter(COMPLETION, &language).is_none() {
        return Ok(None);
    }
    let benefit = pack
        .benefit(&application.benefit)
        .ok_or_else(|| Error::fault("a benefit that the pack does not have"))?;
    let newest = assessments::newest(tx, &desk.scope, application.id.cast())?
        .map(|stored| assessments::store::cover(tx, stored))
        .transpose()?;
    let mut missing: Vec<String> = Vec::new();
    if let Some(stored) = &newest {
        let shown = Shown {
            pack,
            input: &stored.input,
            learnt: &stored.learnt,
            others: None,
        };
        for fact in shown.assessment(&stored.trace).missing {
            let question = fact.question.get(&language).cloned().unwrap_or(fact.fact);
            missing.push(
                fact.name
                    .map_or_else(|| question.clone(), |name| format!("{name}: {question}")),
            );
        }
    }
    let known = newest
        .map(|stored| stored.input.applicant.facts)
        .unwrap_or_default();
    let number = application.number.clone().unwrap_or_default();
    let (applicant, employee) = asking(tx, desk, application, &known)?;
    let days = days_since_1970(returned.until) - days_since_1970(desk.today);
    let values = json!({
        "office": office_value(desk, pack, application.office, &language),
        "number": number,
        "date": text::date(desk.today, &language),
        "benefit": benefit_value(benefit, None, &language),
        "applicant": applicant,
        "employee": employee,
        "representative": applications::representative(tx, desk, application.id)?,
        "lodged": lodged(application, &language),
        "completion": { "days": days },
        "missing": missing,
        "note": returned.reason,
        "officers": { "first": returned.by.name },
    });
    Ok(Some(LetterInput {
        template: COMPLETION.to_owned(),
        pack: pack.hash.clone(),
        title: format!("{} {number}", benefit.name.get(&language)),
        language,
        date: desk.today,
        values,
    }))
}

/// The line of a calculation: what the rule says, and the amount.
pub(super) fn sum(pack: &Pack, rule: &Amount, amount: Money, language: &str) -> Value {
    let says = rule.says.as_ref();
    let mut label = says.map_or_else(|| rule.formula.clone(), |says| says.get(language).to_owned());
    if !rule.law.is_empty() && !rule.confidence.is_unconfirmed() {
        label = format!("{label} ({})", rule.law);
    }
    json!({ "label": label, "value": money(pack, amount, language) })
}

/// The legal remedy that the country names.
pub(super) fn appeal(pack: &Pack, language: &str) -> Value {
    let appeal = pack.country.appeal.as_ref();
    appeal.map_or(
        Value::Null,
        |appeal| json!({ "days": appeal.days, "to": appeal.to.get(language) }),
    )
}

/// What stands around the names: title, stamp, and for whom a deputy signs.
pub(super) fn signature(
    tx: &mut Tx,
    pack: &Pack,
    deputy_for: Option<Id<Officer>>,
    language: &str,
) -> Result<Value, Error> {
    let Some(signature) = &pack.country.signature else {
        return Ok(Value::Null);
    };
    let absent = match deputy_for {
        Some(id) => Some(users::officer_ref(tx, Some(id))?.name),
        None => None,
    };
    Ok(json!({
        "title": signature.title.get(language),
        "deputy": signature.deputy.get(language),
        "deputy_for": absent,
        "stamp": signature.stamp.get(language),
        "electronic": signature.electronic.as_ref().map(|says| says.get(language)),
    }))
}

/// What of the application is refused, each with its reason.
fn refused(tx: &mut Tx, desk: &Desk, without: &[Without], language: &str) -> Result<Value, Error> {
    let mut lines = Vec::new();
    for one in without {
        let what = match &one.part {
            Part::Person(id) => full_name(&persons::store::card_of(tx, &desk.scope, *id)?),
            Part::Before(day) => {
                let last = day.yesterday().unwrap_or(*day);
                format!("– {}", text::date(last, language))
            }
            Part::After(day) => format!("{} –", text::date(*day, language)),
            Part::Component(what) => what.clone(),
        };
        lines.push(json!({ "what": what, "reason": one.reason }));
    }
    Ok(Value::Array(lines))
}

pub(super) fn language(pack: &Pack) -> String {
    pack.country.languages.first().cloned().unwrap_or_default()
}

pub(super) fn money(pack: &Pack, money: karton_api::Money, language: &str) -> String {
    text::money(money, pack.country.minor_units, language)
}

/// A text or code of a fact, as it was typed.
fn written(facts: &Facts, name: &str) -> Option<String> {
    match &facts.get(name)?.value {
        FactValue::Text(text) | FactValue::Code(text) => Some(text.clone()),
        _ => None,
    }
}

pub(super) fn office_value(desk: &Desk, pack: &Pack, office: Id<Office>, language: &str) -> Value {
    let body = desk.house.offices.body(office);
    let seat = body
        .as_ref()
        .and_then(|body| pack.office_seat(&body.code, body.municipality.as_deref(), language));
    let seat = seat.map(str::to_owned);
    let name = body.and_then(|body| body.name.get(language).cloned());
    json!({ "name": name.unwrap_or_default(), "seat": seat })
}

/// Who asks, as letters name them, and the employee on whose account an organisation does.
pub(super) fn asking(
    tx: &mut Tx,
    desk: &Desk,
    application: &Application,
    facts: &Facts,
) -> Result<(Value, Value), Error> {
    match applications::party(tx, desk, application)? {
        Some(both) => Ok(both),
        None => Ok((person(tx, desk, application.applicant, facts)?, Value::Null)),
    }
}

pub(super) fn benefit_value(benefit: &Benefit, kind: Option<BenefitKind>, language: &str) -> Value {
    let kind = match kind.unwrap_or(benefit.kind) {
        BenefitKind::Monthly => "monthly",
        BenefitKind::OneOff => "one-off",
        BenefitKind::InKind => "in-kind",
    };
    json!({ "code": benefit.code, "name": benefit.name.get(language), "kind": kind })
}

pub(super) fn person(tx: &mut Tx, desk: &Desk, id: Id<Person>, facts: &Facts) -> Result<Value, Error> {
    let card = persons::store::card_of(tx, &desk.scope, id)?;
    Ok(
        json!({ "name": full_name(&card), "national_id": number(&card), "address": written(facts, "address") }),
    )
}

/// On account of whom the benefit is granted, where that is not the applicant.
fn about(tx: &mut Tx, desk: &Desk, benefit: &Benefit, claim: &Facts) -> Result<Value, Error> {
    let named = benefit.about.as_ref().and_then(|fact| claim.get(fact));
    let Some(FactValue::Person(person)) = named.map(|known| &known.value) else {
        return Ok(Value::Null);
    };
    let cards = persons::store::cards(tx, &desk.scope, &[*person])?;
    Ok(cards.first().map_or(
        Value::Null,
        |card| json!({ "name": full_name(card), "national_id": number(card) }),
    ))
}

/// The institution that is told of the decision.
fn informed(pack: &Pack, benefit: &Benefit, language: &str) -> Option<String> {
    let service = pack.service(&benefit.notify.as_ref()?.service)?;
    let name = pack.code_name("institutions", &service.institution, language)?;
    Some(name.to_owned())
}

fn number(card: &PersonCard) -> Option<&str> {
    card.national_id.as_ref().map(|id| id.number.as_str())
}

fn members(tx: &mut Tx, desk: &Desk, pack: &Pack, input: &Input, language: &str) -> Result<Value, Error> {
    let mut members = Vec::new();
    for person in std::iter::once(&input.applicant).chain(&input.members) {
        let Some(id) = person.person else { continue };
        let card = persons::store::card_of(tx, &desk.scope, id)?;
        let relationship = written(&person.facts, "relationship");
        let relationship = relationship.and_then(|code| {
            pack.code_name("relationships", &code, language)
                .map(str::to_owned)
        });
        members.push(
            json!({ "name": full_name(&card), "national_id": number(&card), "relationship": relationship }),
        );
    }
    Ok(Value::Array(members))
}

fn lodged(application: &Application, language: &str) -> Value {
    match (application.stage.lodged(), &application.number) {
        (Some(lodged), Some(number)) => json!({ "number": number, "date": text::date(lodged.on, language) }),
        _ => Value::Null,
    }
}

/// One line for each service: the day it was first asked, the message where there was only one, and how it ended.
fn evidence(
    tx: &mut Tx,
    desk: &Desk,
    pack: &Pack,
    application: &Application,
    language: &str,
) -> Result<Value, Error> {
    let items = evidence::store::items(tx, application.id.cast())?;
    let mut lines = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for item in &items {
        if told.contains(&item.service.as_str()) {
            continue;
        }
        told.push(&item.service);
        let same: Vec<_> = items
            .iter()
            .filter(|other| other.service == item.service)
            .collect();
        let service = pack.service(&item.service);
        let institution =
            service.and_then(|service| pack.code_name("institutions", &service.institution, language));
        let asked = same
            .iter()
            .map(|item| item.asked_at)
            .min()
            .unwrap_or(item.asked_at);
        let worst = same
            .iter()
            .map(|item| item.state)
            .max_by_key(|state| severity(*state))
            .unwrap_or(item.state);
        lines.push(json!({
            "service": service.map_or(item.service.as_str(), |service| service.name.get(language)),
            "institution": institution.unwrap_or_default(),
            "asked_on": text::date(desk.house.clock.day_of(asked), language),
            "reference": (same.len() == 1).then_some(item.message.as_str()),
            "status": state_word(worst),
        }));
    }
    Ok(Value::Array(lines))
}

fn severity(state: EvidenceState) -> u8 {
    match state {
        EvidenceState::Nothing => 0,
        EvidenceState::Answered => 1,
        EvidenceState::Replaced => 2,
        EvidenceState::Unusable => 3,
        EvidenceState::Silent | EvidenceState::Waiting => 4,
    }
}

fn state_word(state: EvidenceState) -> &'static str {
    match state {
        EvidenceState::Nothing => "nothing",
        EvidenceState::Answered => "answered",
        EvidenceState::Replaced => "replaced",
        EvidenceState::Unusable => "unusable",
        EvidenceState::Silent | EvidenceState::Waiting => "silent",
    }
}

/// A right by its name and the number of its decision, in the language of letters.
pub(super) fn benefit_and_number(pack: &Pack, benefit: &str, number: &str) -> String {
    let name = pack
        .benefit(benefit)
        .map_or(benefit, |benefit| benefit.name.get(&language(pack)));
    format!("{name}: {number}.")
}

/// A condition as the decision found it: where unconfirmed law was in question, the officer's word, and never an article.
pub(super) fn said(
    benefit: &Benefit,
    condition: &AssessedCondition,
    confirmed: &[Confirmed],
    language: &str,
) -> Value {
    let word = confirmed.iter().find(|word| word.condition == condition.id);
    let met_after_all = condition.verdict == Verdict::MustConfirm && word.is_some_and(|word| word.met);
    let verdict = match condition.verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not-met",
        Verdict::Unknown => "unknown",
        Verdict::NotApplicable => "not-applicable",
        Verdict::MustConfirm if met_after_all => "met",
        Verdict::MustConfirm => "must-confirm",
    };
    let mut sentence = condition.says.get(language).to_owned();
    if met_after_all
        && let Some(written) = benefit
            .conditions
            .iter()
            .find(|written| written.id == condition.id)
    {
        let value = |name: &str| {
            let printed = condition.values.iter().find(|value| value.name == name)?;
            Some(printed.text.get(language).to_owned())
        };
        sentence = text::fill(written.says.get(language), value);
    }
    let law = if condition.confidence.is_unconfirmed() {
        ""
    } else {
        condition.law.as_str()
    };
    json!({ "id": condition.id, "verdict": verdict, "text": sentence, "law": law, "confirmed": word.is_some() })
}

/// What the first officer said about conditions of unconfirmed law.
fn reasons(conditions: &[AssessedCondition], it: &Decided<'_>) -> Option<String> {
    let asked = |word: &&Confirmed| {
        conditions
            .iter()
            .any(|condition| condition.id == word.condition && condition.verdict == Verdict::MustConfirm)
    };
    let said: Vec<&str> = it
        .recommendation
        .confirmed
        .iter()
        .filter(asked)
        .map(|word| word.reason.trim())
        .collect();
    if said.is_empty() {
        None
    } else {
        Some(said.join("\n"))
    }
}

/// The laws that the benefit cites, with where they were published.
pub(super) fn acts(pack: &Pack, benefit: &Benefit, language: &str) -> Vec<String> {
    let cited = |code: &str| {
        benefit
            .law
            .iter()
            .any(|law| law.split_whitespace().next() == Some(code))
    };
    let acts = pack.country.acts.iter().filter(|act| cited(&act.code));
    acts.map(|act| {
        if act.gazette.is_empty() {
            act.name.get(language).to_owned()
        } else {
            format!("{} ({})", act.name.get(language), act.gazette)
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_only_what_was_established() {
        let pack = Pack::load(&crate::pack::files("me").unwrap()).unwrap();
        for (language, weighed) in [
            ("cnr", "Ocijenilo službeno lice: "),
            ("en", "Weighed by the officer: "),
        ] {
            let template = pack.letter("decision", language).unwrap();
            let condition = |verdict: &str, confirmed: bool, text: &str| json!({ "id": text, "verdict": verdict, "text": text, "law": "ZSDZ 22", "confirmed": confirmed });
            let values = json!({
                "outcome": "refuse", "number": "CSR-01-R-2025/1", "date": "10. mart 2025.",
                "office": { "name": "CSR" }, "benefit": { "name": "MO", "kind": "monthly" }, "applicant": { "name": "Marija" },
                "conditions": [
                    condition("not-met", false, "income is above"),
                    condition("met", false, "no land"),
                    condition("unknown", false, "no vehicle"),
                    condition("must-confirm", false, "no livestock"),
                    condition("must-confirm", true, "no contract"),
                    condition("not-applicable", false, "rooms"),
                ],
            });
            let letter = karton_letters::render_markdown(template, &values).unwrap();
            for unsaid in ["no vehicle", "no livestock", "rooms"] {
                assert!(!letter.contains(unsaid), "{unsaid} in {letter}");
            }
            assert!(letter.contains(&format!("{weighed}no contract")), "{letter}");
            assert_eq!(
                letter.matches("income is above (ZSDZ 22)").count(),
                2,
                "found, and the reason: {letter}"
            );
        }
    }
}
