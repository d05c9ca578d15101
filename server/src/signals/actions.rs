//! Raising signals, and what officers do with them.

use super::store::{self, NewSignal};
use crate::{
    access::{Actor, AnswerSignals, May, ReadSignals, Scope},
    assessments::{self, About},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    matters,
    problem::{Error, Refusal},
    store::{
        Tx,
        jobs::{self, Job, NewJob, Setback},
    },
    users, vals,
};
use karton_api::{
    Date, Id, Timestamp,
    common::{Page, Texts},
    session::Role,
    signals::{AnswerSignal, RaisedSignal, SignalDoes, SignalRate, SignalRates, SignalState, SignalsQuery},
    value::{self, Award, Matter, Office, Person, Signal},
};
use karton_rules::{
    assess::Input,
    pack::{Pack, SignalAct, SignalEvent},
};
use sha2::{Digest as _, Sha256};

/// The queue of the job that goes over everything that runs.
pub const SWEEP: &str = "signals";
/// So many rights are looked at in one transaction.
const BATCH: i64 = 50;

/// On whose facts signals are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// What happened.
    pub event: SignalEvent,
    /// The matter, where there is one.
    pub matter: Option<Id<Matter>>,
    /// The award, where one is looked at.
    pub award: Option<Id<Award>>,
    /// Whose it is.
    pub applicant: Id<Person>,
    /// The office that looks.
    pub office: Id<Office>,
}

/// Raises what the pack's cross-checks say over these facts; each once about one person of a subject. Answers how many are new.
pub fn raise(
    tx: &mut Tx,
    pack: &Pack,
    subject: Subject,
    benefit: &str,
    input: &Input,
    now: Timestamp,
) -> Result<u64, Error> {
    if pack.signals.is_empty() {
        return Ok(0);
    }
    let mut new = 0;
    for raised in pack.raised(subject.event, Some(benefit), input) {
        let of = raised.signal;
        let one = NewOf {
            subject,
            signal: of,
            person: raised.person.unwrap_or(subject.applicant),
            says: raised.says.0,
        };
        new += u64::from(store::insert(tx, &one.made(now), now)?);
    }
    Ok(new)
}

/// Looks at a running matter of a benefit on what is known now; a matter of something else raises nothing.
pub fn look(
    tx: &mut Tx,
    pack: &Pack,
    event: SignalEvent,
    (scope, matter): (&Scope, Id<Matter>),
    (today, now): (Date, Timestamp),
) -> Result<u64, Error> {
    if !pack.signals.iter().any(|signal| signal.on.contains(&event)) {
        return Ok(0);
    }
    let matter = matters::store::load(tx, scope, matter)?;
    let Some(benefit) = &matter.benefit else {
        return Ok(0);
    };
    let about = About {
        applicant: matter.person,
        matter: Some(matter.id),
        on: today,
        lodged: matter.begun_on,
        known_at: now,
    };
    let gathered = assessments::gather(tx, pack, scope, &about, &[])?;
    let subject = Subject {
        event,
        matter: Some(matter.id),
        award: None,
        applicant: matter.person,
        office: matter.office,
    };
    raise(tx, pack, subject, benefit, &gathered.input, now)
}

struct NewOf<'a> {
    subject: Subject,
    signal: &'a karton_rules::pack::Signal,
    person: Id<Person>,
    says: Texts,
}

impl NewOf<'_> {
    fn made(self, now: Timestamp) -> NewSignal {
        let signal = self.signal;
        let subject = match (self.subject.award, self.subject.matter) {
            (Some(award), _) => award.uuid(),
            (None, Some(matter)) => matter.uuid(),
            (None, None) => self.person.uuid(),
        };
        // Made of what it is about, so that a transaction that is run again writes the same.
        let mut hash = Sha256::new();
        for part in [subject.as_bytes(), self.person.uuid().as_bytes()] {
            hash.update(part);
        }
        hash.update(signal.id.as_bytes());
        let mut random = [0; 10];
        random
            .iter_mut()
            .zip(hash.finalize())
            .for_each(|(to, from)| *to = from);
        let days = jiff::SignedDuration::from_hours(24 * i64::from(signal.expires_days));
        NewSignal {
            id: Id::at(now, random),
            signal: signal.id.clone(),
            subject,
            matter: self.subject.matter,
            person: self.person,
            office: self.subject.office,
            name: signal.name.0.clone(),
            says: self.says,
            law: signal.law.clone().filter(|_| !signal.confidence.is_unconfirmed()),
            does: match signal.act {
                SignalAct::Warn => SignalDoes::Warn,
                SignalAct::Look => SignalDoes::Look,
                SignalAct::Stop => SignalDoes::Stop,
            },
            who: signal.who.clone(),
            expires_at: now.checked_add(days).unwrap_or(Timestamp::MAX),
        }
    }
}

/// Refuses with `SignalWaits` where a signal that stops has no answer yet. Whatever the answer is, it stops no longer.
pub fn none_stops(tx: &mut Tx, matter: Id<Matter>, now: Timestamp) -> Result<(), Error> {
    if store::stops(tx, matter, now)? {
        return Err(Refusal::SignalWaits.into());
    }
    Ok(())
}

/// Signals of a state within the scope, the newest first.
pub(super) async fn list(
    may: &May<ReadSignals>,
    house: &House,
    query: SignalsQuery,
) -> Result<Page<RaisedSignal>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<(Timestamp, Id<Signal>)> = cursor::decode(query.cursor.as_deref())?;
    let (scope, now, inside) = (may.scope(), house.clock.now(), house.clone());
    let which = (query.state.unwrap_or(SignalState::Open), query.matter);
    let officer = may.officer();
    let page = house
        .store
        .read(move |tx| {
            let rows = store::list(tx, (&inside.offices, &scope), which, after, (limit + 1, now))?;
            // Divided first: a page from which something is left out still leads to the next.
            let mut page = cursor::page(rows, limit, |row| (row.raised_at, row.id));
            // What is about one's own family is looked into by somebody else.
            let mut others = Vec::with_capacity(page.items.len());
            for row in page.items {
                if users::not_own(tx, officer, &[row.person.id]).is_ok() {
                    others.push(row);
                }
            }
            page.items = others;
            Ok::<_, Error>(page)
        })
        .await?;
    house
        .searches
        .settled(house, may, "signals", page.items.len())
        .await?;
    Ok(page)
}

/// One signal within the scope.
pub(super) async fn see(
    may: &May<ReadSignals>,
    house: &House,
    id: Id<Signal>,
) -> Result<RaisedSignal, Error> {
    let (scope, now, inside, officer) = (may.scope(), house.clock.now(), house.clone(), may.officer());
    let signal = house
        .store
        .read(move |tx| {
            let signal = store::load(tx, (&inside.offices, &scope), id, now)?;
            users::not_own(tx, officer, &[signal.person.id])?;
            Ok::<_, Error>(signal)
        })
        .await?;
    house.searches.settled(house, may, "signals", 1).await?;
    Ok(signal)
}

/// Says what came of a look, again if need be. Refuses with `OwnDossier`, with `Changed` where somebody was faster, and with the field where
/// the signal has lapsed. Who looks is the pack's `who`; a head of office may always.
pub(super) async fn answer(
    may: &May<AnswerSignals>,
    house: &House,
    (id, revision): (Id<Signal>, i64),
    body: AnswerSignal,
) -> Result<RaisedSignal, Error> {
    let note = http::reason(&body.note, "/note")?;
    let (scope, officer, now) = (may.scope(), may.officer(), house.clock.now());
    let (inside, roles) = (house.clone(), may.session().roles.clone());
    audit::write(&house.store, may.actor(), now, move |tx| {
        let at = (&inside.offices, &scope);
        let signal = store::load(tx, at, id, now)?;
        users::not_own(tx, officer, &[signal.person.id])?;
        let looks = |role: &Role| *role == Role::Approver || crate::access::role_name(*role) == signal.who;
        if !roles.iter().any(looks) {
            return Err(Refusal::AnotherLooks.into());
        }
        if signal.state == SignalState::Lapsed {
            return Err(Refusal::SignalLapsed.into());
        }
        if !store::answer(tx, (id, revision), (body.outcome, &note), (officer, now))? {
            return Err(Error::Changed(store::load(tx, at, id, now)?.revision));
        }
        let entry = Entry::of("signal-answered")
            .person(signal.person.id)
            .value("signal", &signal.signal)
            .value("outcome", store::outcome_name(body.outcome));
        let entry = match signal.matter {
            Some(matter) => entry.matter(matter),
            None => entry,
        };
        Ok((store::load(tx, at, id, now)?, entry))
    })
    .await
}

/// How often each of the pack's signals was right within the scope.
pub(super) async fn rates(may: &May<ReadSignals>, house: &House) -> Result<SignalRates, Error> {
    let (scope, now) = (may.scope(), house.clock.now());
    let mut counted = house.store.read(move |tx| store::rates(tx, &scope, now)).await?;
    let rate = |signal: &karton_rules::pack::Signal| {
        let [raised, open, lapsed, confirmed, unfounded, unclear] =
            counted.remove(&signal.id).unwrap_or_default();
        let told = confirmed + unfounded;
        SignalRate {
            signal: signal.id.clone(),
            name: signal.name.0.clone(),
            raised,
            open,
            lapsed,
            confirmed,
            unfounded,
            unclear,
            hit_permille: (told > 0).then(|| confirmed * 1000 / told),
        }
    };
    Ok(SignalRates {
        items: house.pack.signals.iter().map(rate).collect(),
    })
}

/// Calls for the daily look over everything that runs, where the pack asks for one and today's has not been.
pub async fn call_if_due(house: &House) -> Result<(), Error> {
    let wanted = |signal: &karton_rules::pack::Signal| {
        signal.kind.is_some()
            || signal.on.contains(&SignalEvent::Daily)
            || signal.on.contains(&SignalEvent::Monthly)
    };
    if !house.pack.signals.iter().any(wanted) {
        return Ok(());
    }
    let (id, now, today) = (house.clock.id(), house.clock.now(), house.clock.today());
    house
        .store
        .write(move |tx| {
            if store::swept(tx)?.is_none_or(|last| last < today) {
                jobs::post(tx, &NewJob::new(id, SWEEP, now).once("day"))?;
            }
            Ok(())
        })
        .await
}

/// Goes over everything that runs, in short transactions, so that the counter works on meanwhile. What was raised before is not raised again.
pub async fn sweep(house: House, _job: Job) -> Result<(), Setback> {
    swept(&house)
        .await
        .map_err(|error| Setback::Later(error.to_string()))
}

async fn swept(house: &House) -> Result<(), Error> {
    let (today, now) = (house.clock.today(), house.clock.now());
    let top = house.offices.top().ok_or_else(|| Error::fault("no office"))?.id;
    let last = house.store.read(store::swept).await?;
    let monthly = last.is_none_or(|last| (last.year(), last.month()) != (today.year(), today.month()));
    let actor = Actor {
        officer: None,
        office: top,
    };
    let mut after: Option<Id<Award>> = None;
    loop {
        let (inside, from) = (house.clone(), after);
        let reached = house
            .store
            .write(move |tx| {
                let rows = running(tx, from, today)?;
                let reached = rows.last().map(|row| row.award);
                let mut new = 0;
                for row in &rows {
                    new += look_at(tx, &inside.pack, top, row, (today, monthly), now)?;
                }
                enter(tx, actor, now, new)?;
                Ok::<_, Error>(reached)
            })
            .await?;
        match reached {
            Some(reached) => after = Some(reached),
            None => break,
        }
    }
    let inside = house.clone();
    house
        .store
        .write(move |tx| {
            let new = shared(tx, &inside.pack, today, now)?;
            store::set_swept(tx, today)?;
            enter(tx, actor, now, new)
        })
        .await
}

/// A look that raised nothing has changed nothing, and has no entry.
fn enter(tx: &mut Tx, actor: Actor, now: Timestamp, new: u64) -> Result<(), Error> {
    if new > 0 {
        audit::append(tx, actor, now, &Entry::of("signals-raised").value("count", new))?;
    }
    Ok(())
}

/// A right that runs.
struct Running {
    award: Id<Award>,
    office: Id<Office>,
    beneficiary: Id<Person>,
    benefit: String,
    matter: Option<Id<Matter>>,
}

fn running(tx: &mut Tx, after: Option<Id<Award>>, today: Date) -> Result<Vec<Running>, Error> {
    let after = after.unwrap_or_else(|| Id::from_uuid(uuid::Uuid::nil()));
    let rows = tx.query(
        "SELECT a.id, a.office, a.beneficiary, a.benefit, d.application FROM award a LEFT JOIN decision d ON d.id = a.decision
         WHERE a.id > $1 AND a.per <> 'once' AND a.starts <= $2 AND (a.ends IS NULL OR a.ends > $2) ORDER BY a.id LIMIT $3",
        vals![after, today, BATCH],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Running {
                award: row.get(0)?,
                office: row.get(1)?,
                beneficiary: row.get(2)?,
                benefit: row.get(3)?,
                matter: row.get(4)?,
            })
        })
        .collect()
}

fn look_at(
    tx: &mut Tx,
    pack: &Pack,
    top: Id<Office>,
    row: &Running,
    (today, monthly): (Date, bool),
    now: Timestamp,
) -> Result<u64, Error> {
    let about = About {
        applicant: row.beneficiary,
        matter: row.matter,
        on: today,
        lodged: today,
        known_at: now,
    };
    let gathered = assessments::gather(tx, pack, &Scope::under(top), &about, &[])?;
    let mut new = 0;
    let events = [(SignalEvent::Daily, true), (SignalEvent::Monthly, monthly)];
    for (event, _) in events.into_iter().filter(|(_, due)| *due) {
        let subject = Subject {
            event,
            matter: row.matter,
            award: Some(row.award),
            applicant: row.beneficiary,
            office: row.office,
        };
        new += raise(tx, pack, subject, &row.benefit, &gathered.input, now)?;
    }
    Ok(new)
}

/// What only the house can compare: running rights that are paid to one account, households that say that they live at one address.
fn shared(tx: &mut Tx, pack: &Pack, today: Date, now: Timestamp) -> Result<u64, Error> {
    let mut new = 0;
    for signal in &pack.signals {
        let Some(kind) = signal.kind else { continue };
        for (row, count) in store::sharing(tx, kind, i64::from(signal.least), today)? {
            let count = count.to_string();
            let says = signal.says.0.iter();
            let says = says.map(|(language, text)| (language.clone(), text.replace("{count}", &count)));
            let made = NewOf {
                subject: Subject {
                    event: SignalEvent::Daily,
                    matter: row.matter,
                    award: Some(row.award),
                    applicant: row.person,
                    office: row.office,
                },
                signal,
                person: row.person,
                says: says.collect(),
            };
            new += u64::from(store::insert(tx, &made.made(now), now)?);
        }
    }
    Ok(new)
}

/// An application is looked at in its matter.
pub fn of_matter(
    event: SignalEvent,
    matter: Id<value::Application>,
    applicant: Id<Person>,
    office: Id<Office>,
) -> Subject {
    Subject {
        event,
        matter: Some(matter.cast()),
        award: None,
        applicant,
        office,
    }
}
