//! What the letter of a later decision is made of, frozen when it is decided.

use super::{
    content,
    store::{self, Amendment},
};
use crate::{
    applications::{self, Desk},
    assessments, awards,
    decisions::{self, LetterInput, confirmations::store::Confirmation, letter_input},
    problem::{Error, Refusal},
    store::Tx,
    users,
};
use karton_api::{Money, Per, confirmations::Says};
use karton_rules::{
    pack::{BenefitKind, Step},
    text,
};
use serde_json::{Value, json};

/// Freezes the input of the letter.
pub(super) fn of(tx: &mut Tx, desk: &Desk, it: &Amendment, number: &str) -> Result<LetterInput, Error> {
    let pack = desk.house.pack.clone();
    let rule = pack.country.amendments.as_ref().ok_or(Refusal::NotProvided)?;
    let language = letter_input::language(&pack);
    let name = |id| users::officer_ref(tx, id).map(|officer| officer.name);
    let officers: Result<Vec<String>, Error> =
        [it.recommended_by, it.decided_by].into_iter().map(name).collect();
    let officers = officers?;
    let benefit = pack.benefit(&it.benefit);
    let granted = match it.award {
        Some(id) => Some(awards::store::load(tx, &desk.scope, id)?),
        None => None,
    };
    let kind = granted.as_ref().map(|award| match award.per {
        _ if award.in_kind => BenefitKind::InKind,
        Per::Once => BenefitKind::OneOff,
        Per::Month | Per::Year => BenefitKind::Monthly,
    });
    let benefit_value = benefit.map_or_else(
        || json!({ "code": it.benefit, "name": it.benefit, "kind": "monthly" }),
        |benefit| letter_input::benefit_value(benefit, kind, &language),
    );
    let facts = match it.award {
        Some(id) => awards::store::load(tx, &desk.scope, id)?
            .basis
            .map(|(_, input)| input.applicant.facts),
        None => None,
    };
    let stored = match it.assessment {
        Some(id) => Some(assessments::store::load(tx, &desk.scope, id)?),
        None => None,
    };
    let calculation: Vec<Value> = stored
        .as_ref()
        .and_then(|stored| stored.trace.amount.as_ref())
        .map(|amount| letter_input::sum(&pack, amount, amount.money, &language))
        .into_iter()
        .collect();
    let conditions: Vec<Value> = match (benefit, &stored) {
        (Some(benefit), Some(stored)) => stored
            .trace
            .conditions
            .iter()
            .map(|condition| letter_input::said(benefit, condition, &it.content.confirmed, &language))
            .collect(),
        _ => Vec::new(),
    };
    let money = |amount: Money| letter_input::money(&pack, amount, &language);
    let later = match it.target {
        Some(id) => Some(store::load(tx, &desk.scope, id)?),
        None => None,
    };
    let mut later = later.map(|target| {
        let on = target.decided_at.map(|at| desk.house.clock.day_of(at));
        json!({ "number": target.number, "date": on.map(|on| text::date(on, &language)) })
    });
    if let Some(id) = it.confirmation {
        let target = decisions::confirmations::store::load(tx, &desk.scope, id)?;
        let on = desk.house.clock.day_of(target.decided_at);
        later = Some(json!({ "number": target.number, "date": text::date(on, &language) }));
    }
    let target = match it.decision.filter(|_| later.is_none()) {
        Some(id) => {
            let target = decisions::store::load(tx, &desk.scope, id)?;
            let on = desk.house.clock.day_of(target.decided_at);
            Some(json!({ "number": target.number, "date": text::date(on, &language) }))
        }
        None => later.or_else(|| {
            it.target_number
                .as_ref()
                .map(|number| json!({ "number": number, "date": Value::Null }))
        }),
    };
    let undue: Vec<Value> = it
        .content
        .undue
        .iter()
        .map(|line| json!({ "month": text::date(line.month, &language), "amount": money(line.amount) }))
        .collect();
    let total = it
        .content
        .undue
        .iter()
        .try_fold(None, |sum: Option<Money>, line| match sum {
            None => Ok(Some(line.amount)),
            Some(sum) => sum.checked_add(line.amount).map(Some),
        });
    let total = total.map_err(Error::fault)?;
    let reason = it.reason.as_deref().and_then(|code| content::reason(&pack, code));
    let reason = reason.map(|entry| {
        json!({ "text": entry.name.get(&language), "law": entry.more.get("law").filter(|law| !law.is_empty()) })
    });
    let corrections: Vec<Value> = it
        .content
        .corrections
        .iter()
        .map(|line| json!({ "was": line.was, "is": line.is }))
        .collect();
    let paragraphs: Vec<&String> = [&it.content.paragraph, &it.content.second_paragraph]
        .into_iter()
        .flatten()
        .collect();
    let facts = facts.unwrap_or_default();
    let (applicant, employee) = match it.decision {
        Some(id) => {
            let decision = decisions::store::load(tx, &desk.scope, id)?;
            let application = applications::store::load(tx, &desk.scope, decision.application)?;
            letter_input::asking(tx, desk, &application, &facts)?
        }
        None => (letter_input::person(tx, desk, it.person, &facts)?, Value::Null),
    };
    let values = json!({
        "kind": store::kind_name(it.kind),
        "office": letter_input::office_value(desk, &pack, it.office, &language),
        "number": number,
        "date": text::date(desk.today, &language),
        "benefit": benefit_value,
        "applicant": applicant,
        "employee": employee,
        "target": target,
        "from": it.from.map(|day| text::date(day, &language)),
        "part": it.content.part.as_ref().map(|_| {
            json!({ "name": it.content.part_name.get(&language).cloned().unwrap_or_default(), "person": it.content.part_person })
        }),
        "before": it.content.before.map(money),
        "amount": it.content.amount.map(money),
        "corrections": corrections,
        "undue": undue,
        "undue_total": total.map(money),
        "reason": reason,
        "conditions": conditions,
        "calculation": calculation,
        "paragraphs": paragraphs,
        "acts": benefit.map(|benefit| letter_input::acts(&pack, benefit, &language)),
        "appeal": letter_input::appeal(&pack, &language),
        "signature": letter_input::signature(tx, &pack, it.deputy_for, &language)?,
        "officers": { "first": officers.first(), "second": officers.get(1) },
    });
    let title = benefit.map_or(it.benefit.as_str(), |benefit| benefit.name.get(&language));
    Ok(LetterInput {
        template: rule.letter.clone(),
        pack: pack.hash.clone(),
        title: format!("{title} {number}"),
        language,
        date: desk.today,
        values,
    })
}

/// Freezes the input of the second body's letter on a later decision: the values of the first one's, with what the second office says.
pub(super) fn of_second(
    tx: &mut Tx,
    desk: &Desk,
    it: &Amendment,
    said: &Confirmation,
    step: &Step,
) -> Result<LetterInput, Error> {
    let number = said.number.as_deref().unwrap_or_default();
    let mut input = of(tx, desk, it, number)?;
    let (pack, language) = (desk.house.pack.clone(), input.language.clone());
    let first_on = it.decided_at.map(|at| desk.house.clock.day_of(at));
    let first_office = letter_input::office_value(desk, &pack, it.office, &language);
    let first_by = users::officer_ref(tx, it.decided_by)?.name;
    let by = users::officer_ref(tx, Some(said.decided_by))?.name;
    let signature = letter_input::signature(tx, &pack, said.deputy_for, &language)?;
    if let Some(values) = input.values.as_object_mut() {
        let mut put = |name: &str, value: Value| values.insert(name.to_owned(), value);
        put(
            "office",
            letter_input::office_value(desk, &pack, said.office, &language),
        );
        put(
            "first",
            json!({
                "number": it.number,
                "date": first_on.map(|on| text::date(on, &language)),
                "office": first_office["name"],
                "officer": first_by,
            }),
        );
        let confirmed = said.says == Says::Confirm;
        put("says", json!(if confirmed { "confirm" } else { "refuse" }));
        put("refusal", json!(said.reason));
        put("signature", signature);
        put("officers", json!({ "first": first_by, "second": by }));
        if let Some(appeal) = &step.appeal {
            put(
                "appeal",
                json!({ "days": appeal.days, "to": appeal.to.get(&language) }),
            );
        }
    }
    if let Some(template) = &step.letter {
        input.template.clone_from(template);
    }
    Ok(input)
}
