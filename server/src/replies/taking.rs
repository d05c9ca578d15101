//! Taking a message of another institution.

use super::{
    door::FromGateway,
    store::{self, Stored},
};
use crate::{
    access::{Actor, Scope},
    audit::{self, Entry},
    evidence,
    facts::{self, NewFact, values},
    house::House,
    matters::{self, Done, Fresh},
    notices,
    problem::{Error, Refusal},
    signals,
    store::Tx,
    vals,
};
use karton_api::{
    FactValue, Id,
    notices::{Incoming, Taken},
    persons::{Holder, SourceKind},
    problem::FieldError,
    value::{Fact, Person, Reply},
};
use karton_rules::pack::{self, HolderKind, Pack};
use sha2::{Digest as _, Sha256};

/// Nothing that we send has a longer id.
const LONGEST: usize = 64;

fn wrong(pointer: &str, code: &str, message: &str) -> FieldError {
    FieldError {
        pointer: format!("/{pointer}"),
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

/// Takes a message, once: its content becomes facts, and the step that waits for it moves. Refuses with `NotAsked` where it answers nothing that
/// was sent to this institution, `NothingWaits` where no open step waits for it, `KeyReused` where its id was used for another one; what cannot
/// be read is answered with its pointer. Whoever is let in by the gateway and refused leaves an entry.
pub(super) async fn take(
    house: &House,
    from: FromGateway,
    service: &str,
    body: Incoming,
) -> Result<Taken, Error> {
    let code = house.pack.incoming(service).map(|message| message.code.clone());
    let taken = match code {
        Some(_) => taken(house, from, service, body).await,
        None => Err(Error::Missing),
    };
    if let Err(error) = &taken
        && !matches!(error, Error::Fault(_) | Error::Unavailable | Error::Slow)
    {
        let top = house.offices.top().ok_or_else(|| Error::fault("no office"))?.id;
        let actor = Actor {
            officer: None,
            office: top,
        };
        let why = error.problem().slug().to_owned();
        let named = house.pack.incoming(service).map(|message| message.code.clone());
        audit::write(&house.store, actor, house.clock.now(), move |_| {
            let entry = Entry::of("institution-not-heard").value("why", &why);
            let entry = named
                .iter()
                .fold(entry, |entry, code| entry.value("service", code));
            Ok(((), entry))
        })
        .await?;
    }
    taken
}

/// What every try of the transaction writes under.
#[derive(Clone)]
struct Ids {
    reply: Id<Reply>,
    facts: Vec<Id<Fact>>,
    steps: Fresh,
}

async fn taken(house: &House, from: FromGateway, service: &str, body: Incoming) -> Result<Taken, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let served = house.pack.clone();
    let message = served.incoming(service).ok_or(Error::Missing)?;
    let named = from.service.as_ref().is_none_or(|named| *named == message.xroad);
    if from.client != message.client || !named {
        return Err(Error::Denied("send-this-message"));
    }
    if body.in_reply_to.len() > LONGEST || body.in_reply_to.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err(Refusal::NotAsked.into());
    }
    let digest = digest(service, &body);
    let brought = read(&served, message, &body)?;
    let ids = Ids {
        reply: house.clock.id(),
        facts: brought.iter().map(|_| house.clock.id()).collect(),
        steps: Fresh::new(&house.clock),
    };
    // Whose it is has to be known before the entry's office is; it is looked at again inside.
    let told = {
        let asked = body.in_reply_to.clone();
        house
            .store
            .read(move |tx| notices::store::by_message(tx, &asked))
            .await?
    };
    let office = told.ok_or(Refusal::NotAsked)?.office;
    let actor = Actor {
        officer: None,
        office,
    };
    let (packs, code, institution) = (
        house.packs.clone(),
        message.code.clone(),
        message.institution.clone(),
    );
    let pack = served.clone();
    audit::write(&house.store, actor, now, move |tx| {
        let told = notices::store::by_message(tx, &body.in_reply_to)?.ok_or(Refusal::NotAsked)?;
        let to = pack.service(&told.service).map(|it| it.institution.as_str());
        if to != Some(institution.as_str()) {
            return Err(Refusal::NotAsked.into());
        }
        tx.hold("matter", told.matter)?;
        let entry = Entry::of("institution-heard")
            .person(told.person)
            .matter(told.matter)
            .value("service", &code);
        if let Some(before) = store::before(tx, &from.client, &from.message)? {
            if before.digest != digest {
                return Err(Refusal::KeyReused.into());
            }
            let taken = receipt(&body.national_id, before.id);
            return Ok((taken, entry.value("state", "again")));
        }
        if number(tx, told.person)?.as_deref() != Some(body.national_id.as_str()) {
            let says = "The message that this answers was about another person.";
            return Err(Error::Invalid(vec![wrong("national_id", "other-person", says)]));
        }
        let scope = Scope::under(told.office);
        let done = Done {
            by: None,
            at: now,
            on: today,
        };
        // What came stands before the step moves, so that the guards of what follows see it.
        let matter = matters::store::load(tx, &scope, told.matter)?;
        let restricted = matters::is_restricted(tx, told.matter)?;
        let mut written = Vec::new();
        for ((member, value), id) in brought.iter().zip(&ids.facts) {
            let (holder, from) = match member.holder {
                HolderKind::Person if restricted => continue,
                HolderKind::Person => (Holder::Person(told.person), today),
                _ => (Holder::Claim(told.matter), matter.begun_on),
            };
            written.push(NewFact {
                id: *id,
                holder,
                name: member.fact.clone(),
                value: value.clone(),
                from,
                until: None,
                source: SourceKind::Register,
                service: Some(code.clone()),
                evidence: Some(ids.reply.cast()),
                note: matter.number.clone().filter(|_| !restricted),
                fresh_until: None,
                by: None,
            });
        }
        facts::insert_all(tx, written.iter().map(|fact| (fact, now)))?;
        let mut steps = ids.steps.clone();
        let heard = matters::hear(tx, &packs, &scope, told.matter, &code, done, &mut steps)?;
        store::insert(
            tx,
            &Stored {
                id: ids.reply,
                matter: told.matter,
                run: heard.run,
                notice: told.id,
                client: from.client.clone(),
                message: from.message.clone(),
                service: code.clone(),
                digest: digest.clone(),
                brought: brought
                    .iter()
                    .map(|(member, value)| (member.from.clone(), value.clone()))
                    .collect(),
                completed: heard.completed,
                opened: heard.opened.clone(),
                received_at: now,
            },
        )?;
        if !restricted {
            signals::heard(tx, &pack, (&scope, told.person), (today, now))?;
        }
        let entry = entry
            .value("step", &heard.step)
            .value("facts", written.len())
            .value("opened", heard.opened.len());
        Ok((receipt(&body.national_id, ids.reply), entry))
    })
    .await
}

fn receipt(national_id: &str, id: Id<Reply>) -> Taken {
    Taken {
        national_id: national_id.to_owned(),
        taken: true,
        receipt: id.to_string(),
    }
}

fn number(tx: &mut Tx, person: Id<Person>) -> Result<Option<String>, Error> {
    Ok(tx
        .one("SELECT id_number FROM person WHERE id = $1", vals![person])?
        .get(0)?)
}

/// The same content has the same digest, in whatever order its members stand.
fn digest(service: &str, body: &Incoming) -> String {
    let mut hash = Sha256::new();
    let part = |hash: &mut Sha256, text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    for text in [service, &body.national_id, &body.in_reply_to] {
        part(&mut hash, text);
    }
    for (member, value) in &body.members {
        part(&mut hash, member);
        part(&mut hash, &value.to_string());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The members of a message as values of facts; every mistake with its pointer.
fn read(
    pack: &Pack,
    message: &pack::Incoming,
    body: &Incoming,
) -> Result<Vec<(pack::Brings, FactValue)>, Error> {
    let mut errors = Vec::new();
    let mut found = Vec::new();
    for member in body.members.keys() {
        if message.brings.iter().all(|it| it.from != *member) {
            let short: String = member.chars().take(60).collect();
            errors.push(wrong(&short, "unknown", "This message has no such member."));
        }
    }
    for brings in &message.brings {
        let json = body.members.get(&brings.from).filter(|json| !json.is_null());
        let Some(json) = json else {
            if brings.required {
                errors.push(wrong(&brings.from, "required", "This member is missing."));
            }
            continue;
        };
        let Some(def) = pack.fact(brings.holder, &brings.fact) else {
            continue;
        };
        match evidence::value_of(pack, def, json) {
            None => errors.push(wrong(
                &brings.from,
                "type",
                "This member is not what the message promises.",
            )),
            Some(value) => {
                let wrong = values::check(pack, def, &value, &format!("/{}", brings.from));
                if wrong.is_empty() {
                    found.push((brings.clone(), value));
                }
                errors.extend(wrong);
            }
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(Error::Invalid(errors))
    }
}
