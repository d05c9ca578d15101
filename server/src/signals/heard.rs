//! What another institution sends about somebody is looked at for the rights that run, as a register's answer is for an application.

use super::actions::{Subject, raise};
use crate::{
    access::Scope,
    assessments::{self, About},
    awards, persons,
    problem::Error,
    store::Tx,
};
use karton_api::{Date, Id, Timestamp, value::Person};
use karton_rules::pack::{Pack, SignalEvent};

/// Looks at the rights that a person or somebody of the household holds, on what is known now. Answers how many signals are new.
pub fn heard(
    tx: &mut Tx,
    pack: &Pack,
    (scope, person): (&Scope, Id<Person>),
    (today, now): (Date, Timestamp),
) -> Result<u64, Error> {
    let event = SignalEvent::Register;
    if !pack.signals.iter().any(|signal| signal.on.contains(&event)) {
        return Ok(0);
    }
    let mut people = vec![person];
    let home = persons::household(tx, scope, person, today, now)?;
    for member in home.iter().flat_map(|home| &home.members) {
        if !people.contains(&member.card.id) {
            people.push(member.card.id);
        }
    }
    let mut new = 0;
    for holder in people {
        for award in awards::store::running(tx, holder, today)? {
            if award.starts > today {
                continue;
            }
            let whole = Scope::under(award.office);
            let about = About {
                applicant: award.beneficiary,
                matter: None,
                on: today,
                lodged: today,
                known_at: now,
            };
            let gathered = assessments::gather(tx, pack, &whole, &about, &[])?;
            let subject = Subject {
                event,
                matter: None,
                award: Some(award.id),
                applicant: award.beneficiary,
                office: award.office,
            };
            new += raise(tx, pack, subject, &award.benefit, &gathered.input, now)?;
        }
    }
    Ok(new)
}
