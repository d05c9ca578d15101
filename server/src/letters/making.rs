//! The jobs that make letters.

use super::store::{self, Issued};
use crate::{
    access::{Actor, Scope},
    audit::{self, Entry},
    decisions::{self, LetterInput, confirmations::store::About},
    house::House,
    matters::{self, Decider, Done, Fresh},
    papers,
    problem::Error,
    store::{
        Tx,
        jobs::{self, Job, Setback, TRIES},
    },
};
use karton_api::{
    Id,
    decisions::LetterState,
    value::{self, Decision, Matter, Office},
};
use karton_letters::{Letter, render_markdown};
use karton_rules::pack::StepKind;
use sha2::{Digest as _, Sha256};

/// Whose letter is made.
#[derive(Debug, Clone, Copy)]
enum Paper {
    Decision(Id<Decision>),
    Request(Id<value::Letter>),
    Other(Id<value::Letter>),
    Amendment(Id<value::Amendment>),
    Confirmation(Id<value::Confirmation>),
}

impl Paper {
    /// The key of its letter.
    fn key(self) -> Id<value::Letter> {
        match self {
            Paper::Decision(id) => id.cast(),
            Paper::Request(id) | Paper::Other(id) => id,
            Paper::Amendment(id) => id.cast(),
            Paper::Confirmation(id) => id.cast(),
        }
    }
    fn set(self, tx: &mut Tx, letter: LetterState) -> Result<(), Error> {
        match self {
            Paper::Decision(id) => decisions::store::set_letter(tx, id, letter),
            Paper::Request(id) => decisions::store::set_request_letter(tx, id, letter),
            Paper::Other(id) => papers::store::set_letter(tx, id, letter),
            Paper::Amendment(id) => decisions::amendments::store::set_letter(tx, id, letter),
            Paper::Confirmation(id) => decisions::confirmations::store::set_letter(tx, id, letter),
        }
    }
    fn entry(self, what: &'static str) -> Entry {
        match self {
            Paper::Decision(id) => Entry::of(what).value("decision", id),
            Paper::Request(id) => Entry::of(what).value("request", id),
            Paper::Other(id) => Entry::of(what).value("paper", id),
            Paper::Amendment(id) => Entry::of(what).value("amendment", id),
            Paper::Confirmation(id) => Entry::of(what).value("confirmation", id),
        }
    }
}

/// What a job needs to know about its paper.
struct Wanted {
    paper: Paper,
    office: Id<Office>,
    matter: Id<Matter>,
    input: LetterInput,
    /// Whose step of the procedure waits for this letter and is done by it.
    completes: Option<Decider>,
}

/// Makes the letter of a decision. May be run twice: the first letter stays. What cannot be made at all, or not after all tries, is noted at
/// the decision as failed.
pub async fn make(house: House, job: Job) -> Result<(), Setback> {
    let id = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no decision's id".into()))?;
    run(&house, Paper::Decision(id), &job).await
}

/// Makes the letter of a later decision, in the same way.
pub async fn make_amendment(house: House, job: Job) -> Result<(), Setback> {
    let id = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no later decision's id".into()))?;
    run(&house, Paper::Amendment(id), &job).await
}

/// Makes the letter of a second decision, in the same way.
pub async fn make_confirmation(house: House, job: Job) -> Result<(), Setback> {
    let id = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no second decision's id".into()))?;
    run(&house, Paper::Confirmation(id), &job).await
}

/// Makes the letter that asks an applicant to complete an application, in the same way.
pub async fn make_request(house: House, job: Job) -> Result<(), Setback> {
    let id = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no request's id".into()))?;
    run(&house, Paper::Request(id), &job).await
}

/// Makes the letter of a receipt or dismissal, in the same way.
pub async fn make_paper(house: House, job: Job) -> Result<(), Setback> {
    let id = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no paper's id".into()))?;
    run(&house, Paper::Other(id), &job).await
}

async fn run(house: &House, paper: Paper, job: &Job) -> Result<(), Setback> {
    let later = |error: Error| Setback::Later(error.to_string());
    let Some(wanted) = wanted(house, paper).await.map_err(later)? else {
        return Ok(());
    };
    let input = wanted.input.clone();
    let template = match template(house, &input).await {
        Ok(template) => template,
        // A pack that cannot be read any more: nobody waits for this letter for ever.
        Err(why) if job.tries >= TRIES => {
            note(house, &wanted, None, job).await.map_err(later)?;
            return Err(Setback::Never(why.to_string()));
        }
        Err(why) => return Err(later(why)),
    };
    match tokio::task::spawn_blocking(move || issue(&input, &template)).await {
        Ok(Ok(issued)) => note(house, &wanted, Some(issued), job).await.map_err(later),
        Ok(Err(why)) => {
            note(house, &wanted, None, job).await.map_err(later)?;
            Err(Setback::Never(why))
        }
        Err(broken) if job.tries >= TRIES => {
            note(house, &wanted, None, job).await.map_err(later)?;
            Err(Setback::Never(broken.to_string()))
        }
        Err(broken) => Err(Setback::Later(broken.to_string())),
    }
}

/// The template by which a letter was frozen, from its version of the pack.
pub(super) async fn template(house: &House, input: &LetterInput) -> Result<String, Error> {
    let (packs, input) = (house.packs.clone(), input.clone());
    house
        .store
        .read(move |tx| {
            let pack = packs.version(tx, &input.pack)?;
            // What is filled in and what a pack's check knows must not part ways.
            #[cfg(test)]
            if let Some(kind) = pack.letter_kind(&input.template) {
                assert_eq!(
                    kind.without_place(&input.values),
                    None,
                    "{}: a value that letter_places.rs does not know",
                    input.template
                );
            }
            let template = pack.letter(&input.template, &input.language);
            template
                .map(str::to_owned)
                .ok_or_else(|| Error::fault(format!("the pack has no letter `{}`", input.template)))
        })
        .await
}

/// The frozen input; nothing where the letter is there or was given up.
async fn wanted(house: &House, paper: Paper) -> Result<Option<Wanted>, Error> {
    house
        .store
        .read(move |tx| {
            let (office, matter, letter, input, completes) = match paper {
                Paper::Decision(id) => {
                    let Some(office) = decisions::store::office_of(tx, id)? else {
                        return Ok(None);
                    };
                    let it = decisions::store::load(tx, &Scope::under(office), id)?;
                    let completes = Some(Decider::First);
                    (
                        it.office,
                        it.application.cast(),
                        it.letter,
                        it.letter_input,
                        completes,
                    )
                }
                Paper::Amendment(id) => {
                    let found = decisions::amendments::store::find(tx, id)?;
                    let Some((it, letter, input)) = found.and_then(|mut it| {
                        let (letter, input) = (it.letter?, it.letter_input.take()?);
                        Some((it, letter, input))
                    }) else {
                        return Ok(None);
                    };
                    (it.office, it.id.cast(), letter, input, Some(Decider::First))
                }
                Paper::Confirmation(id) => {
                    let found = decisions::confirmations::store::find(tx, id)?;
                    let Some((it, letter, input)) = found.and_then(|mut it| {
                        let (letter, input) = (it.letter?, it.letter_input.take()?);
                        Some((it, letter, input))
                    }) else {
                        return Ok(None);
                    };
                    let matter = match it.about {
                        About::Decision(first) => {
                            decisions::store::load(tx, &Scope::under(it.office), first)?
                                .application
                                .cast()
                        }
                        About::Amendment(later) => later.cast(),
                    };
                    (it.office, matter, letter, input, Some(Decider::Second))
                }
                Paper::Request(id) => {
                    let Some(it) = decisions::store::request_of(tx, id)? else {
                        return Ok(None);
                    };
                    (it.office, it.application.cast(), it.letter, it.letter_input, None)
                }
                Paper::Other(id) => {
                    let Some(it) = papers::store::find(tx, id)? else {
                        return Ok(None);
                    };
                    let completes = (it.kind == papers::Kind::Dismissal).then_some(Decider::First);
                    (it.office, it.matter.cast(), it.letter, it.letter_input, completes)
                }
            };
            if letter != LetterState::Making {
                return Ok(None);
            }
            Ok(Some(Wanted {
                paper,
                office,
                matter,
                input,
                completes,
            }))
        })
        .await
}

/// Fills the template and sets it; what is wrong is said without the letter's content.
pub(super) fn issue(input: &LetterInput, template: &str) -> Result<Issued, String> {
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

/// Keeps the letter, or notes that it could not be made, and ends the job in the same transaction. The step that a decision's letter completes
/// is done by it.
async fn note(house: &House, wanted: &Wanted, issued: Option<Issued>, job: &Job) -> Result<(), Error> {
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
    let (paper, id, packs, job) = (wanted.paper, wanted.matter, house.packs.clone(), job.clone());
    let completes = wanted.completes;
    audit::write(&house.store, actor, now, move |tx| {
        let matter = matters::store::load(tx, &scope, id)?;
        let entry = |what| paper.entry(what).person(matter.person).matter(id);
        let Some(issued) = &issued else {
            paper.set(tx, LetterState::Failed)?;
            return Ok(((), entry("letter-failed")));
        };
        if store::insert(tx, paper.key(), issued, now)? {
            paper.set(tx, LetterState::Ready)?;
            if let Some(of) = completes {
                let kind = (StepKind::Letter, of);
                matters::complete_kind_of(tx, &packs, &scope, id, kind, done, &mut fresh.clone())?;
            }
        }
        if !jobs::done(tx, &job)? {
            return Err(Error::fault("another worker has this letter"));
        }
        Ok(((), entry("letter-made").value("sha256", &issued.hash)))
    })
    .await
}
