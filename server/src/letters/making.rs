//! The job that makes a decision's letter.

use super::store::{self, Issued};
use crate::{
    access::{Actor, Scope},
    audit::{self, Entry},
    decisions::{self, LetterInput},
    house::House,
    matters::{self, Done, Fresh},
    problem::Error,
    store::jobs::{self, Job, Setback, TRIES},
};
use karton_api::{
    Id,
    decisions::LetterState,
    value::{Application, Decision, Office},
};
use karton_letters::{Letter, render_markdown};
use karton_rules::pack::StepKind;
use sha2::{Digest as _, Sha256};

/// What the job needs to know about the decision.
struct Wanted {
    office: Id<Office>,
    application: Id<Application>,
    input: LetterInput,
    template: String,
}

/// Makes the letter of a decision. May be run twice: the first letter stays. What cannot be made at all, or not after all tries, is noted at
/// the decision as failed.
pub async fn make(house: House, job: Job) -> Result<(), Setback> {
    let decision: Id<Decision> = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no decision's id".into()))?;
    let wanted = match wanted(&house, decision).await {
        Ok(Some(wanted)) => wanted,
        Ok(None) => return Ok(()),
        Err(error) => return Err(Setback::Later(error.to_string())),
    };
    let (input, template) = (wanted.input.clone(), wanted.template.clone());
    let made = tokio::task::spawn_blocking(move || issue(&input, &template)).await;
    let issued = match made {
        Ok(Ok(issued)) => issued,
        Ok(Err(why)) => {
            note(&house, &wanted, decision, None, &job)
                .await
                .map_err(|error| Setback::Later(error.to_string()))?;
            return Err(Setback::Never(why));
        }
        Err(broken) if job.tries >= TRIES => {
            note(&house, &wanted, decision, None, &job)
                .await
                .map_err(|error| Setback::Later(error.to_string()))?;
            return Err(Setback::Never(broken.to_string()));
        }
        Err(broken) => return Err(Setback::Later(broken.to_string())),
    };
    note(&house, &wanted, decision, Some(issued), &job)
        .await
        .map_err(|error| Setback::Later(error.to_string()))
}

/// The decision's frozen input and its template; nothing where the letter is there or was given up.
async fn wanted(house: &House, decision: Id<Decision>) -> Result<Option<Wanted>, Error> {
    let inside = house.clone();
    house
        .store
        .read(move |tx| {
            let Some(office) = decisions::store::office_of(tx, decision)? else {
                return Ok(None);
            };
            let it = decisions::store::load(tx, &Scope::under(office), decision)?;
            if it.letter != LetterState::Making {
                return Ok(None);
            }
            let input = it.letter_input;
            let pack = inside.packs.version(tx, &input.pack)?;
            let template = pack.letter(&input.template, &input.language);
            let template = template
                .ok_or_else(|| Error::fault(format!("the pack has no letter `{}`", input.template)))?;
            Ok(Some(Wanted {
                office,
                application: it.application,
                template: template.to_owned(),
                input,
            }))
        })
        .await
}

/// Fills the template and sets it; what is wrong is said without the letter's content.
fn issue(input: &LetterInput, template: &str) -> Result<Issued, String> {
    let markdown = render_markdown(template, &input.values).map_err(|error| error.to_string())?;
    let letter = Letter {
        title: input.title.clone(),
        language: input.language.clone(),
        date: input.date,
        markdown,
    };
    let pdf = letter.to_pdf().map_err(|error| error.to_string())?;
    let hash = crate::http::hex(&Sha256::digest(&pdf));
    Ok(Issued { letter, pdf, hash })
}

/// Keeps the letter, or notes that it could not be made, and ends the job in the same transaction; the procedure goes on.
async fn note(
    house: &House,
    wanted: &Wanted,
    decision: Id<Decision>,
    issued: Option<Issued>,
    job: &Job,
) -> Result<(), Error> {
    let now = house.clock.now();
    let fresh = Fresh::new(&house.clock);
    let done = Done {
        by: None,
        at: now,
        on: house.clock.day_of(now),
    };
    let actor = Actor {
        officer: None,
        office: wanted.office,
    };
    let scope = Scope::under(wanted.office);
    let (application, packs, job) = (wanted.application, house.packs.clone(), job.clone());
    audit::write(&house.store, actor, now, move |tx| {
        let matter = matters::store::load(tx, &scope, application.cast())?;
        let entry = |what| {
            Entry::of(what)
                .person(matter.person)
                .matter(application)
                .value("decision", decision)
        };
        let Some(issued) = &issued else {
            decisions::store::set_letter(tx, decision, LetterState::Failed)?;
            return Ok(((), entry("letter-failed")));
        };
        if store::insert(tx, decision, issued, now)? {
            decisions::store::set_letter(tx, decision, LetterState::Ready)?;
            matters::complete_kind(
                tx,
                &packs,
                &scope,
                application.cast(),
                StepKind::Letter,
                done,
                &mut fresh.clone(),
            )?;
        }
        if !jobs::done(tx, &job)? {
            return Err(Error::fault("another worker has this letter"));
        }
        Ok(((), entry("letter-made").value("sha256", &issued.hash)))
    })
    .await
}
