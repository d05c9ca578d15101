//! Posting a notice with the decision, and sending it after the commit.

use super::store::{self, Stored};
use crate::{
    access::{Actor, Scope},
    audit::{self, Entry},
    gateway::{Failure, Question, Told},
    house::House,
    matters::{self, Done, Fresh},
    problem::Error,
    store::{
        Tx,
        jobs::{self, Job, NewJob, Setback},
    },
    vals,
};
use karton_api::{
    FactValue, Id, Timestamp,
    notices::NoticeState,
    value::{Decision, Matter, Notice, Office, Person},
};
use karton_rules::{
    assess::Message,
    pack::{Pack, StepKind},
    text,
};
use serde_json::{Map, Value};

/// The queue of the job that sends. Its payload is the notice's id.
pub const TELL: &str = "tell";
/// So often a notice is tried before its institution counts as silent. The worker waits longer after each.
const TRIES: u32 = 8;
/// Why nobody can be told.
pub(super) const NO_NUMBER: &str = "the person has no national number to tell of";

/// A notice to be posted.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// Made before the transaction,
    pub id: Id<Notice>,
    /// as that of its job.
    pub job: Id<Job>,
    /// Its matter.
    pub matter: Id<Matter>,
    /// In whose name.
    pub office: Id<Office>,
    /// What it tells of.
    pub decision: Id<Decision>,
    /// The applicant: about whom it is where the message names nobody.
    pub applicant: Id<Person>,
}

/// A value as other institutions read it: amounts as text with a point, days ISO 8601, codes those of the pack. People and tables are not sent.
pub(super) fn sent(pack: &Pack, value: &FactValue) -> Option<Value> {
    Some(match value {
        FactValue::Bool(yes) => Value::Bool(*yes),
        FactValue::Int(number) => Value::from(*number),
        FactValue::Decimal(text) | FactValue::Text(text) | FactValue::Code(text) => {
            Value::String(text.clone())
        }
        FactValue::Money(money) => {
            Value::String(text::minor(money.minor, pack.country.minor_units, "en").replace(',', ""))
        }
        FactValue::Date(day) => Value::String(day.to_string()),
        FactValue::Person(_) | FactValue::Rows(_) => return None,
    })
}

pub(super) fn number_of(tx: &mut Tx, person: Id<Person>) -> Result<Option<String>, Error> {
    Ok(tx
        .one("SELECT id_number FROM person WHERE id = $1", vals![person])?
        .get(0)?)
}

/// Posts a notice inside the transaction that decides, and the job that sends it.
pub fn post(
    tx: &mut Tx,
    pack: &Pack,
    new: &NewNotice,
    message: &Message,
    now: Timestamp,
) -> Result<(), Error> {
    let person = message.person.unwrap_or(new.applicant);
    let members: Map<String, Value> = message
        .members
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), sent(pack, value)?)))
        .collect();
    let nobody = number_of(tx, person)?.is_none();
    let notice = Stored {
        id: new.id,
        matter: new.matter,
        office: new.office,
        decision: Some(new.decision),
        run: None,
        person,
        service: message.service.clone(),
        message: new.id.to_string(),
        members,
        state: if nobody {
            NoticeState::Silent
        } else {
            NoticeState::Waiting
        },
        tries: 0,
        posted_at: now,
        answered_at: None,
        receipt: None,
        problem: nobody.then(|| NO_NUMBER.to_owned()),
    };
    store::insert(tx, &notice)?;
    if !nobody {
        jobs::post(tx, &NewJob::new(new.job, TELL, now).payload(new.id.to_string()))?;
    }
    Ok(())
}

/// The job: sends a notice once and enters what came. Comes back later while the institution does not answer. May be run twice: what was
/// taken is not sent again, and the message id is the same.
pub async fn tell(house: House, job: Job) -> Result<(), Setback> {
    let id: Id<Notice> = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no notice's id".into()))?;
    let found = house
        .store
        .read(move |tx| {
            let Some(notice) = store::one(tx, id)? else {
                return Ok(None);
            };
            let number = number_of(tx, notice.person)?;
            Ok::<_, Error>(number.map(|number| (notice, number)))
        })
        .await
        .map_err(|error| Setback::Later(error.to_string()))?;
    let Some((notice, number)) = found.filter(|(notice, _)| notice.state == NoticeState::Waiting) else {
        return Ok(());
    };
    let answer = match house.pack.service(&notice.service) {
        None => Err(Failure::Unusable(
            "the pack that is served has no such service".into(),
        )),
        Some(service) => {
            let question = Question {
                message: notice.message.clone(),
                national_id: number,
                from: None,
                until: None,
                user: "system".to_owned(),
                issue: notice.matter.to_string(),
            };
            house.gateway.tell(service, &question, &notice.members).await
        }
    };
    // The worker gives a job up after so many tries, and nobody would come back to the notice.
    let last = job.tries + 1 >= jobs::TRIES;
    match enter(&house, notice, answer, last).await {
        Ok(false) => Ok(()),
        Ok(true) => Err(Setback::Later("the institution is to be told again".into())),
        Err(error) => Err(Setback::Later(error.to_string())),
    }
}

/// Enters what the institution said; answers whether it is to be told again.
async fn enter(
    house: &House,
    sent: Stored,
    answer: Result<Told, Failure>,
    last: bool,
) -> Result<bool, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let steps = Fresh::new(&house.clock);
    let actor = Actor {
        officer: None,
        office: sent.office,
    };
    let (packs, scope) = (house.packs.clone(), Scope::under(sent.office));
    audit::write(&house.store, actor, now, move |tx| {
        let entry = Entry::of("institution-told")
            .person(sent.person)
            .matter(sent.matter)
            .value("service", &sent.service);
        tx.hold("matter", sent.matter)?;
        // This job may have run twice, or an officer may have sent it anew meanwhile.
        let Some(mut it) = store::one(tx, sent.id)? else {
            return Ok((false, entry.value("state", "gone")));
        };
        if it.state != NoticeState::Waiting || it.message != sent.message {
            return Ok((false, entry.value("state", "late")));
        }
        let mut again = false;
        match &answer {
            Ok(Told::Taken(receipt)) => {
                it.state = NoticeState::Taken;
                it.receipt = Some(receipt.clone());
                it.problem = None;
            }
            Ok(Told::Refused(why)) => {
                it.state = NoticeState::Refused;
                it.problem = Some(why.clone());
            }
            Err(failure) => {
                let counts = !matches!(failure, Failure::Resting { .. });
                it.problem = Some(failure.words().to_owned());
                again = !last && it.tries + u32::from(counts) < TRIES;
                it.tries += u32::from(counts);
                if !again {
                    it.state = NoticeState::Silent;
                }
            }
        }
        if answer.is_ok() {
            it.tries += 1;
        }
        if !again {
            it.answered_at = Some(now);
        }
        store::save(tx, &it)?;
        if it.state == NoticeState::Taken {
            let done = Done {
                by: None,
                at: now,
                on: today,
            };
            let (kind, mut steps) = (StepKind::Notify, steps.clone());
            match it.run {
                Some(run) => {
                    matters::complete_run(tx, &packs, &scope, it.matter, run, done, &mut steps)?;
                }
                None => {
                    matters::complete_kind(tx, &packs, &scope, it.matter, kind, done, &mut steps)?;
                }
            }
        }
        let state = store::state_name(it.state);
        Ok((again, entry.value("state", state).value("tries", it.tries)))
    })
    .await
}
