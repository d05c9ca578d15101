//! What an officer can do with documents.

use super::{
    model::{self, Fields, Stuff},
    store::{self, Stored, Text, Wanted},
    text,
};
use crate::{
    access::{FileDocuments, May, ReadDossiers, Scope},
    applications,
    audit::{self, Entry},
    decisions, evidence,
    house::House,
    http::{self, cursor},
    matters,
    objects::{Content, ContentHash},
    persons,
    problem::Error,
    store::{
        Tx,
        jobs::{self, NewJob},
    },
};
use karton_api::{
    Id,
    common::Page,
    documents::{
        AddVersion, ChangeDocument, DocumentSummary, DocumentText, DocumentVersion, DocumentView,
        DocumentsQuery, FileDocument, TextState,
    },
    dossiers::Purpose,
    value::{self, Document, Officer},
};

/// Files a document in a dossier. What it is linked to must lie within the scope; a decision and a question to a register bring their matter
/// with them. Refuses with `OwnDossier`.
pub(super) async fn file(
    may: &May<FileDocuments>,
    house: &House,
    body: FileDocument,
) -> Result<DocumentView, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let mut fields = Fields::default();
    let shelf = fields.either(body.upload.is_some(), body.shelf.as_ref());
    fields.kind(&house.pack, &body.kind, today);
    let title = fields.line("/title", &body.title);
    let first = house.pack.country.languages.first().map_or("", String::as_str);
    let language = fields.language(body.language.as_deref().unwrap_or(first));
    fields.day("/dated_on", body.dated_on, today);
    fields.day("/received_on", body.received_on, today);
    let received_from = body.received_from.as_ref().filter(|from| !from.trim().is_empty());
    let received_from = received_from.map(|from| fields.line("/received_from", from));
    fields.done()?;
    let id = house.clock.id::<Document>();
    let job = house.clock.id();
    let (scope, officer, office) = (may.scope(), may.officer(), may.office());
    let (kind, retention) = (body.kind.clone(), model::class_of(&house.pack, &body.kind));
    let inside = house.clone();
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let matter = linked(tx, &scope, &body)?;
        persons::not_own(tx, officer, body.person)?;
        let stuff = stuff(
            tx,
            officer,
            body.upload,
            shelf.as_ref(),
            body.file_name.as_deref(),
        )?;
        let it = Stored {
            id,
            place: model::place(id),
            revision: 1,
            office,
            person: body.person,
            matter,
            decision: body.decision,
            evidence: body.evidence,
            kind: kind.clone(),
            retention: retention.clone(),
            title: title.clone(),
            language: language.clone(),
            dated_on: body.dated_on,
            received_on: body.received_on.unwrap_or(today),
            received_from: received_from.clone(),
            filed_at: now,
            newest: store::version_of(1, &stuff, None, now),
        };
        store::insert(tx, &it)?;
        added(tx, &it, officer, body.upload, NewJob::new(job, text::TEXT, now))?;
        let entry = entry("document-filed", &it).value("kind", &it.kind);
        Ok((view(tx, &inside, &scope, id)?, entry))
    })
    .await
}

/// Links must exist for the officer and belong together. Answers the matter.
fn linked(tx: &mut Tx, scope: &Scope, body: &FileDocument) -> Result<Option<Id<value::Matter>>, Error> {
    persons::store::holding_office(tx, scope, body.person).map_err(unknown("/person"))?;
    if let Some(matter) = body.matter {
        exists(tx, scope, matter).map_err(unknown("/matter"))?;
    }
    let mut matter = body.matter;
    let mut belongs = |pointer: &str, to: Id<value::Matter>| match matter {
        Some(other) if other != to => Err(Error::field(
            pointer,
            "differs",
            "This belongs to another matter.",
        )),
        _ => {
            matter = Some(to);
            Ok(())
        }
    };
    if let Some(decision) = body.decision {
        let decided = decisions::store::load(tx, scope, decision).map_err(unknown("/decision"))?;
        belongs("/decision", decided.application.cast())?;
    }
    if let Some(item) = body.evidence {
        asked(tx, body.matter, item)?;
    }
    Ok(matter)
}

/// The question to a register must be one of the matter's.
fn asked(tx: &mut Tx, of: Option<Id<value::Matter>>, item: Id<value::Evidence>) -> Result<(), Error> {
    let Some(of) = of else {
        return Err(Error::field(
            "/matter",
            "missing",
            "Say in which matter the register was asked.",
        ));
    };
    if !evidence::store::items(tx, of)?.iter().any(|it| it.id == item) {
        return Err(unknown("/evidence")(Error::Missing));
    }
    Ok(())
}

/// What is not there for the officer, at its field.
fn unknown(pointer: &'static str) -> impl Fn(Error) -> Error {
    move |error| match error {
        Error::Missing => Error::field(pointer, "unknown", "There is no such thing for you."),
        other => other,
    }
}

/// An application also while it is a draft, any other matter once it has begun.
fn exists(tx: &mut Tx, scope: &Scope, matter: Id<value::Matter>) -> Result<(), Error> {
    match applications::store::load(tx, scope, matter.cast()) {
        Err(Error::Missing) => matters::store::load(tx, scope, matter).map(drop),
        other => other.map(drop),
    }
}

/// What a version is made of: an upload of this officer, or a paper.
fn stuff(
    tx: &mut Tx,
    officer: Id<Officer>,
    upload: Option<Id<value::Upload>>,
    shelf: Option<&String>,
    name: Option<&str>,
) -> Result<Stuff, Error> {
    let Some(id) = upload else {
        return Ok(Stuff::Paper(shelf.cloned().unwrap_or_default()));
    };
    let it = store::upload(tx, id)?
        .filter(|it| it.officer == officer)
        .ok_or_else(unknown_upload)?;
    Ok(Stuff::file(
        it.hash,
        it.size,
        it.media,
        name.unwrap_or_default(),
        it.doubt,
    ))
}

fn unknown_upload() -> Error {
    Error::field(
        "/upload",
        "unknown",
        "There is no such upload of yours. Unfiled uploads are forgotten after a day.",
    )
}

/// A version has come: it is written, found by its title and name at once, and its text is read by a job.
fn added(
    tx: &mut Tx,
    it: &Stored,
    officer: Id<Officer>,
    upload: Option<Id<value::Upload>>,
    job: NewJob,
) -> Result<(), Error> {
    store::add_version(tx, it.id, &it.newest, officer)?;
    store::index(tx, it, &Text::default())?;
    if let Some(upload) = upload
        && !store::end_upload(tx, upload)?
    {
        return Err(unknown_upload());
    }
    if it.newest.text == TextState::Waiting {
        jobs::post(tx, &job.payload(format!("{} {}", it.id, it.newest.number)))?;
    }
    Ok(())
}

fn entry(what: &'static str, it: &Stored) -> Entry {
    let entry = Entry::of(what).person(it.person).value("document", it.id);
    match it.matter {
        Some(matter) => entry.matter(matter),
        None => entry,
    }
}

fn view(tx: &mut Tx, house: &House, scope: &Scope, id: Id<Document>) -> Result<DocumentView, Error> {
    let it = store::load(tx, scope, id)?;
    let summary = store::summaries(tx, house, scope, vec![it])?.pop();
    Ok(DocumentView {
        summary: summary.ok_or(Error::Missing)?,
        versions: store::versions(tx, id)?,
    })
}

/// A document with its versions.
pub(super) async fn see(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Document>,
) -> Result<DocumentView, Error> {
    let (scope, inside) = (may.scope(), house.clone());
    let seen = house.store.read(move |tx| view(tx, &inside, &scope, id)).await?;
    let person = seen.summary.person.id;
    house
        .looks
        .looked(house, may.actor(), person, Purpose::default())
        .await?;
    Ok(seen)
}

/// Corrects what is known about a document. Refuses with `Changed` where somebody was faster, and with `OwnDossier`.
pub(super) async fn change(
    may: &May<FileDocuments>,
    house: &House,
    id: Id<Document>,
    revision: i64,
    body: ChangeDocument,
) -> Result<DocumentView, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let mut fields = Fields::default();
    if let Some(kind) = &body.kind {
        fields.kind(&house.pack, kind, today);
    }
    let title = body.title.as_ref().map(|title| fields.line("/title", title));
    let language = body.language.as_ref().map(|language| fields.language(language));
    fields.day("/dated_on", body.dated_on, today);
    fields.day("/received_on", body.received_on, today);
    let from = body
        .received_from
        .as_ref()
        .map(|from| fields.line("/received_from", from));
    fields.done()?;
    let (scope, officer, inside) = (may.scope(), may.officer(), house.clone());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        tx.hold("document", id)?;
        let mut it = store::load(tx, &scope, id)?;
        persons::not_own(tx, officer, it.person)?;
        if it.revision != revision {
            return Err(Error::Changed(it.revision));
        }
        if let Some(kind) = &body.kind {
            it.retention = model::class_of(&inside.pack, kind);
            it.kind.clone_from(kind);
        }
        it.title = title.clone().unwrap_or(it.title);
        it.language = language.clone().unwrap_or(it.language);
        it.dated_on = body.dated_on.or(it.dated_on);
        it.received_on = body.received_on.unwrap_or(it.received_on);
        it.received_from = from.clone().or(it.received_from);
        if let Some(matter) = body.matter {
            if it.matter.is_some_and(|other| other != matter) {
                return Err(Error::field(
                    "/matter",
                    "differs",
                    "It belongs to another matter already.",
                ));
            }
            exists(tx, &scope, matter).map_err(unknown("/matter"))?;
            it.matter = Some(matter);
        }
        if let Some(item) = body.evidence {
            asked(tx, it.matter, item)?;
            it.evidence = Some(item);
        }
        save(tx, &it, revision)?;
        let known = store::text(tx, id, it.newest.number)?.unwrap_or_default();
        store::index(tx, &it, &known)?;
        let entry = entry("document-corrected", &it);
        Ok((view(tx, &inside, &scope, id)?, entry))
    })
    .await
}

fn save(tx: &mut Tx, it: &Stored, seen: i64) -> Result<(), Error> {
    if store::update(tx, it, seen)? {
        Ok(())
    } else {
        Err(Error::Changed(seen + 1))
    }
}

/// Adds a version; the earlier ones stay as they are. Refuses with `OwnDossier`.
pub(super) async fn add_version(
    may: &May<FileDocuments>,
    house: &House,
    id: Id<Document>,
    body: AddVersion,
) -> Result<DocumentView, Error> {
    let now = house.clock.now();
    let mut fields = Fields::default();
    let shelf = fields.either(body.upload.is_some(), body.shelf.as_ref());
    fields.done()?;
    let reason = http::reason(&body.reason, "/reason")?;
    let job = house.clock.id();
    let (scope, officer, inside) = (may.scope(), may.officer(), house.clone());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        tx.hold("document", id)?;
        let mut it = store::load(tx, &scope, id)?;
        persons::not_own(tx, officer, it.person)?;
        let stuff = stuff(
            tx,
            officer,
            body.upload,
            shelf.as_ref(),
            body.file_name.as_deref(),
        )?;
        it.newest = store::version_of(it.newest.number + 1, &stuff, Some(reason.clone()), now);
        save(tx, &it, it.revision)?;
        added(tx, &it, officer, body.upload, NewJob::new(job, text::TEXT, now))?;
        let entry = entry("document-version-added", &it).value("version", it.newest.number);
        Ok((view(tx, &inside, &scope, id)?, entry))
    })
    .await
}

/// The documents of a dossier, a matter, a decision or a question to a register, the newest first.
pub(super) async fn list(
    may: &May<ReadDossiers>,
    house: &House,
    query: DocumentsQuery,
) -> Result<Page<DocumentSummary>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<Id<Document>> = cursor::decode(query.cursor.as_deref())?;
    let said = query.person.is_some()
        || query.matter.is_some()
        || query.decision.is_some()
        || query.evidence.is_some();
    if !said {
        return Err(Error::field(
            "person",
            "missing",
            "Say whose documents: of a person, a matter, a decision or a question to a register.",
        ));
    }
    let (scope, inside) = (may.scope(), house.clone());
    let found = house
        .store
        .read(move |tx| {
            if let Some(person) = query.person {
                persons::store::holding_office(tx, &scope, person)?;
            }
            let stored = Wanted::within(&scope)
                .and_where("d.person = {}", query.person)
                .and_where("d.matter = {}", query.matter)
                .and_where("d.decision = {}", query.decision)
                .and_where("d.evidence = {}", query.evidence)
                .page(tx, after, limit + 1)?;
            store::summaries(tx, &inside, &scope, stored)
        })
        .await?;
    let mut people: Vec<Id<value::Person>> = query.person.into_iter().collect();
    people.extend(found.iter().map(|it| it.person.id));
    people.sort_unstable();
    people.dedup();
    for person in people {
        house
            .looks
            .looked(house, may.actor(), person, Purpose::default())
            .await?;
    }
    Ok(cursor::page(found, limit, |it| it.id))
}

/// The text of the newest version. Leaves an entry of its own.
pub(super) async fn text_of(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Document>,
) -> Result<DocumentText, Error> {
    let scope = may.scope();
    let (it, text) = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            let text = store::text(tx, id, it.newest.number)?.unwrap_or_default();
            Ok::<_, Error>((it, text))
        })
        .await?;
    opened(may, house, &it, it.newest.number).await?;
    Ok(DocumentText {
        version: it.newest.number,
        state: it.newest.text,
        problem: it.newest.text_problem,
        place: it.newest.text_place,
        text: text.text,
        cut: text.cut,
        encoding: text.encoding,
    })
}

/// The bytes of a version, the newest where none is named; [`Error::Missing`] where it is paper. Leaves an entry of its own.
pub(super) async fn content(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Document>,
    number: Option<u32>,
) -> Result<(DocumentVersion, ContentHash, Content), Error> {
    let scope = may.scope();
    let (it, versions) = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            Ok::<_, Error>((it, store::versions(tx, id)?))
        })
        .await?;
    let number = number.unwrap_or(it.newest.number);
    let version = versions
        .into_iter()
        .find(|version| version.number == number)
        .ok_or(Error::Missing)?;
    let hash = version.sha256.as_deref().ok_or(Error::Missing)?;
    let hash: ContentHash = hash
        .parse()
        .map_err(|()| Error::fault("a document has no hash"))?;
    let content = house.objects.open(hash).await?;
    opened(may, house, &it, number).await?;
    Ok((version, hash, content))
}

async fn opened(may: &May<ReadDossiers>, house: &House, it: &Stored, number: u32) -> Result<(), Error> {
    let entry = entry("document-opened", it).value("version", number);
    audit::enter(&house.store, may.actor(), house.clock.now(), entry).await
}
