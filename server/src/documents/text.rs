//! The job that reads the text of a version.

use super::{
    sniff::Media,
    store::{self, Stored, Text},
};
use crate::{
    access::{Actor, Scope},
    audit::{self, Entry},
    house::House,
    objects::ObjectError,
    problem::Error,
    reading::{NotRead, Outcome, Why},
    store::jobs::{self, Job, Setback, TRIES},
};
use karton_api::{
    Id,
    documents::{TextProblem, TextState},
    value::Document,
};

/// The queue of texts to be read; the payload is the document's id and the version's number.
pub const TEXT: &str = "document-text";

/// Reads the text of a version in a process of its own and keeps it. May be run twice: the second finds it read. What cannot be read is noted
/// with why; only what cannot be fetched is tried again.
pub async fn read_text(house: House, job: Job) -> Result<(), Setback> {
    let later = |error: Error| Setback::Later(error.to_string());
    let unread = || Setback::Never("the payload is no document's version".into());
    let (id, number) = job.payload.split_once(' ').ok_or_else(unread)?;
    let id: Id<Document> = id.parse().map_err(|_| unread())?;
    let number: u32 = number.parse().map_err(|_| unread())?;
    let Some(hash) = wanted(&house, id, number).await.map_err(later)? else {
        return Ok(());
    };
    let (hash, media) = hash;
    let Some(kind) = media.kind() else { return Ok(()) };
    let hash = hash.parse().map_err(|()| unread())?;
    let read = async { house.reader.read(kind, house.objects.open(hash).await?).await };
    let outcome = match read.await {
        Ok(outcome) => outcome,
        // Bytes that are not there or not the same any more: `verify` names them, and nobody waits for this text for ever.
        Err(NotRead::Object(ObjectError::Missing(_) | ObjectError::Corrupt(_))) => Outcome::Unreadable {
            why: Why::Broken,
            place: None,
        },
        Err(error) if job.tries >= TRIES => {
            tracing::error!(%error, "a text could not be read after all tries");
            Outcome::Unreadable {
                why: Why::TooMuch,
                place: None,
            }
        }
        Err(error) => return Err(Setback::Later(error.to_string())),
    };
    note(&house, id, number, outcome, job).await.map_err(later)
}

/// The hash and the type of a version whose text is waited for.
async fn wanted(house: &House, id: Id<Document>, number: u32) -> Result<Option<(String, Media)>, Error> {
    house
        .store
        .read(move |tx| {
            let row = tx.opt(
                "SELECT hash, media FROM document_version WHERE document = $1 AND number = $2 AND text_state = 'waiting'",
                crate::vals![id, number],
            )?;
            row.map(|row| Ok((row.get(0)?, Media::named(&row.get::<String>(1)?))))
                .transpose()
        })
        .await
}

async fn note(house: &House, id: Id<Document>, number: u32, outcome: Outcome, job: Job) -> Result<(), Error> {
    let (state, problem, place, text) = match outcome {
        Outcome::Text { text, encoding, cut } => {
            (TextState::Read, None, None, Some(Text { text, encoding, cut }))
        }
        Outcome::Nothing => (TextState::None, None, None, None),
        Outcome::Unreadable { why, place } => (TextState::Failed, Some(problem_of(why)), place, None),
    };
    let Some(top) = house.offices.top() else {
        return Err(Error::fault("there are no offices"));
    };
    let scope = Scope::under(top.id);
    let it: Stored = house.store.read(move |tx| store::load(tx, &scope, id)).await?;
    let actor = Actor {
        officer: None,
        office: it.office,
    };
    audit::write(&house.store, actor, house.clock.now(), move |tx| {
        tx.hold("document", id)?;
        let it = store::load(tx, &scope, id)?;
        store::set_text(tx, id, number, state, problem, place.clone())?;
        // Of an older version it is only noted that it could be read: what is found is the newest.
        if let (Some(text), true) = (&text, it.newest.number == number) {
            store::index(tx, &it, text)?;
        }
        if !jobs::done(tx, &job)? {
            return Err(Error::fault("another worker has this text"));
        }
        let entry = Entry::of("document-text-read")
            .person(it.person)
            .value("document", id)
            .value("outcome", store::code(state)?);
        let entry = match it.matter {
            Some(matter) => entry.matter(matter),
            None => entry,
        };
        Ok(((), entry))
    })
    .await
}

fn problem_of(why: Why) -> TextProblem {
    match why {
        Why::Encrypted => TextProblem::Encrypted,
        Why::Broken => TextProblem::Broken,
        Why::TooLarge => TextProblem::TooLarge,
        Why::TooSlow => TextProblem::TooSlow,
        Why::TooMuch => TextProblem::TooMuch,
    }
}
