//! How somebody's applications stand, for whoever asks by telephone: what is awaited, from whom, until when, and nothing else.

use crate::{
    access::{AnswerInquiries, FindPersons, May, Scope},
    applications::{self, Application, Stage},
    decisions, evidence,
    house::House,
    matters, persons,
    problem::Error,
    store::Tx,
};
use karton_api::{
    Id,
    applications::ApplicationState,
    dossiers::Purpose,
    inquiries::{Awaits, Inquire, Inquiry, Standing},
    persons::{PersonCard, SearchPersons},
    value::Person,
};
use karton_rules::pack::{LegalAct, StepKind};

/// So many applications are told of.
const TOLD: usize = 5;
/// So many people are offered where several fit.
const OFFERED: u16 = 10;

/// Answers with the state of one person's applications, or with the people that fit. The look is entered with the purpose `phone`; people who
/// are only offered are not looked at.
pub(super) async fn inquire(
    may: &May<AnswerInquiries>,
    finds: &May<FindPersons>,
    house: &House,
    body: Inquire,
) -> Result<Inquiry, Error> {
    let text = body.text.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let person = match body.person {
        Some(person) => person,
        None if text.chars().count() < 2 => {
            return Err(Error::field(
                "/text",
                "length",
                "Type a number or at least two letters of the name.",
            ));
        }
        None => match by_text(finds, house, text).await? {
            Ok(person) => person,
            Err(people) => {
                return Ok(Inquiry {
                    people,
                    person: None,
                    cases: Vec::new(),
                });
            }
        },
    };
    let (scope, officer, inside) = (may.scope(), may.officer(), house.clone());
    let (card, cases) = house
        .store
        .read(move |tx| {
            persons::store::holding_office(tx, &scope, person)?;
            persons::not_own(tx, officer, person)?;
            let card = persons::store::card_of(tx, &scope, person)?;
            let mut found = applications::store::of_person(tx, &scope, person, 50)?;
            found.retain(|it| !matches!(it.stage, Stage::Draft));
            // What runs is asked about before what is over; each in its order of time.
            found.sort_by_key(over);
            found.truncate(TOLD);
            let cases = found
                .iter()
                .map(|it| standing(tx, &inside, &scope, it))
                .collect::<Result<Vec<_>, Error>>()?;
            Ok::<_, Error>((card, cases))
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), person, Purpose::Phone)
        .await?;
    Ok(Inquiry {
        people: Vec::new(),
        person: Some(card),
        cases,
    })
}

fn over(it: &Application) -> bool {
    matches!(
        it.stage.state(),
        ApplicationState::Decided | ApplicationState::Withdrawn | ApplicationState::Dismissed
    )
}

/// The one person who fits, or those who may be meant.
async fn by_text(
    may: &May<FindPersons>,
    house: &House,
    text: String,
) -> Result<Result<Id<Person>, Vec<PersonCard>>, Error> {
    let (scope, number) = (may.scope(), text.to_uppercase());
    let found = house
        .store
        .read(move |tx| applications::store::by_number(tx, &scope, &number))
        .await?;
    if let Some(found) = found {
        return Ok(Ok(found));
    }
    let body = SearchPersons {
        text,
        limit: Some(OFFERED),
        cursor: None,
    };
    let people: Vec<PersonCard> = persons::search(may, house, body)
        .await?
        .items
        .into_iter()
        .map(|hit| hit.card)
        .filter(|card| card.in_scope)
        .collect();
    Ok(match &people[..] {
        [only] => Ok(only.id),
        _ => Err(people),
    })
}

fn standing(tx: &mut Tx, house: &House, scope: &Scope, it: &Application) -> Result<Standing, Error> {
    let open = matters::open_steps(tx, &house.packs, scope, it.id.cast())?;
    let at = |act: LegalAct| open.iter().find(|step| step.act == Some(act));
    let proposed = at(LegalAct::Dismiss);
    let (awaits, until, asked_for) = match &it.stage {
        Stage::Draft | Stage::Withdrawn { .. } => (Awaits::Nobody, None, None),
        _ if proposed.is_some() => (Awaits::Decision, proposed.and_then(|step| step.due_on), None),
        Stage::Lodged { .. } => {
            let waits = open.iter().any(|step| step.kind == StepKind::Evidence)
                && !evidence::unanswered(tx, it.id.cast())?.is_empty();
            let who = if waits { Awaits::Registers } else { Awaits::Officer };
            (who, it.due_on, None)
        }
        Stage::Recommended { .. } => (Awaits::Decision, it.due_on, None),
        Stage::Confirming { .. } => {
            let due = at(LegalAct::Confirm).and_then(|step| step.due_on);
            (Awaits::Decision, due, None)
        }
        Stage::Returned { returned, .. } => (
            Awaits::Applicant,
            Some(returned.until),
            Some(returned.reason.clone()),
        ),
        Stage::Decided { decision, .. } => {
            let delivered = decisions::store::load(tx, scope, *decision)?.delivered_on;
            (delivered.map_or(Awaits::Delivery, |_| Awaits::Nobody), None, None)
        }
        Stage::Dismissed { .. } => {
            let waits =
                at(LegalAct::Deliver).is_some() || open.iter().any(|step| step.kind == StepKind::Letter);
            (if waits { Awaits::Delivery } else { Awaits::Nobody }, None, None)
        }
    };
    let step = open.first().map(|step| step.step.clone());
    let step = match step {
        None => None,
        Some(id) => {
            let matter = matters::store::load(tx, scope, it.id.cast())?;
            let pack = matters::store::pack_of(tx, &house.packs, &matter)?;
            let procedure = matters::store::procedure_of(&pack, &matter)?;
            procedure.step(&id).map(|step| step.name.0.clone())
        }
    };
    Ok(Standing {
        application: applications::summary(tx, house, scope, it)?,
        awaits,
        step,
        until,
        asked_for,
    })
}
