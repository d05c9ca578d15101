//! The letter of a second decision: the values of the first one's, with what the second office says.

use super::store::Confirmation;
use crate::{
    applications::{self, Application, Desk},
    assessments::Stored,
    decisions::{
        granting::Granting,
        letter_input::{self, Decided},
        store::Decision,
    },
    papers::LetterInput,
    problem::Error,
    store::Tx,
    users,
};
use karton_api::{applications::Recommendation, assessments::Outcome, confirmations::Says};
use karton_rules::{
    pack::{Pack, Step},
    text,
};
use serde_json::json;

/// What it is about.
pub(super) struct Confirmed<'a> {
    pub(super) application: &'a Application,
    pub(super) assessment: &'a Stored,
    pub(super) recommendation: &'a Recommendation,
    pub(super) first: &'a Decision,
    pub(super) granting: &'a Granting,
    /// The step of the second decider, with the template's name and the remedy.
    pub(super) step: &'a Step,
}

/// Freezes the input of its letter.
pub(super) fn of(
    tx: &mut Tx,
    desk: &Desk,
    pack: &Pack,
    it: &Confirmation,
    about: &Confirmed<'_>,
) -> Result<LetterInput, Error> {
    let language = letter_input::language(pack);
    let number = it.number.as_deref().unwrap_or_default();
    let by = users::officer_ref(tx, Some(it.decided_by))?.name;
    let granted = it.says == Says::Confirm;
    let payee = match granted {
        true => applications::paid(tx, desk, pack, about.application, &about.assessment.trace)?,
        false => None,
    };
    let decided = Decided {
        number,
        application: about.application,
        assessment: about.assessment,
        recommendation: about.recommendation,
        outcome: if granted { Outcome::Grant } else { Outcome::Refuse },
        second: &by,
        deputy_for: it.deputy_for,
        granting: granted.then_some(about.granting),
        payee: payee.as_ref(),
        paragraph: about.first.paragraph.as_deref(),
        amount: about
            .first
            .granted
            .as_ref()
            .and_then(|granted| granted.amount.as_ref()),
    };
    let mut input = letter_input::of_decision(tx, desk, pack, &decided)?;
    let first_by = users::officer_ref(tx, Some(about.first.decided_by))?.name;
    let first_on = desk.house.clock.day_of(about.first.decided_at);
    let first_office = letter_input::office_value(desk, pack, about.application.office, &language);
    if let Some(values) = input.values.as_object_mut() {
        values.insert(
            "office".into(),
            letter_input::office_value(desk, pack, it.office, &language),
        );
        values.insert(
            "first".into(),
            json!({
                "number": about.first.number,
                "date": text::date(first_on, &language),
                "office": first_office["name"],
                "officer": first_by,
            }),
        );
        values.insert("reason".into(), json!(it.reason));
        if let Some(appeal) = &about.step.appeal {
            let remedy = json!({ "days": appeal.days, "to": appeal.to.get(&language) });
            values.insert("appeal".into(), remedy);
        }
    }
    if let Some(template) = &about.step.letter {
        input.template.clone_from(template);
    }
    Ok(input)
}
