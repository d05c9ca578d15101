//! A death, and what it ends. Nothing ends by itself: a task opens for every running award and matter, because ending a right takes two officers.

use crate::{
    access::{KeepPersons, May},
    audit::{self, Entry},
    awards,
    decisions::{self, Proposal},
    house::House,
    matters::{self, Done, Fresh, Matter},
    persons::{self, Death},
    problem::Error,
    store::Tx,
    vals,
};
use jiff::ToSpan as _;
use karton_api::{
    Date, Id,
    households::{DeathRecorded, DeathSource, RecordDeath},
    matters::TaskAbout,
    value::{self, Office, Person},
};

/// The pack's procedure of what has to be looked at after a death.
const AFTER_DEATH: &str = "after-death";
/// What a task is about: a right of the one who has died.
const OWN: &str = "award-of-the-dead";
/// So many tasks open at most.
const MOST: usize = 100;

/// What somebody has to look at.
struct Open {
    office: Id<Office>,
    person: Id<Person>,
    benefit: Option<String>,
    /// What it is about exists only for whoever is named on it.
    restricted: bool,
    about: TaskAbout,
}

/// Running matters of these people. Of a restricted one only those learn who are named on it: its task is restricted too.
fn running(tx: &mut Tx, person: Id<Person>, day: Date) -> Result<Vec<Open>, Error> {
    let rows = tx.query(
        "SELECT m.id, m.office, m.person, m.benefit, (SELECT count(*) FROM restricted_matter r WHERE r.matter = m.id)
         FROM matter m WHERE m.person = $1 AND m.ended_at IS NULL AND m.procedure <> $2
            AND NOT EXISTS (SELECT 1 FROM amendment a WHERE a.id = m.id) ORDER BY m.id LIMIT 100",
        vals![person, AFTER_DEATH],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Open {
                office: row.get(1)?,
                person: row.get(2)?,
                benefit: row.get(3)?,
                restricted: row.get::<i64>(4)? > 0,
                about: TaskAbout {
                    what: "matter-after-death".into(),
                    award: None,
                    matter: Some(row.get(0)?),
                    day: Some(day),
                },
            })
        })
        .collect()
}

/// Awards of a person that run on a day or later; of the household's only those that were granted to a household.
fn granted(tx: &mut Tx, person: Id<Person>, own: bool, day: Date) -> Result<Vec<Open>, Error> {
    let found = awards::running(tx, person, day)?;
    Ok(found
        .into_iter()
        .filter(|award| own || award.household.is_some())
        .map(|award| Open {
            office: award.office,
            person,
            benefit: Some(award.benefit),
            restricted: false,
            about: TaskAbout {
                what: if own { OWN } else { "award-of-the-household" }.into(),
                award: Some(award.id),
                matter: None,
                day: Some(day),
            },
        })
        .collect())
}

/// The first month without a right that ends with a day: a month that it touches is due as a whole.
fn first_without(ends: Date) -> Date {
    if ends.day() == 1 {
        return ends;
    }
    let next = ends.first_of_month().checked_add(1.month());
    next.unwrap_or(ends)
}

/// Records a death: the card, the history of the identity, the household, and a task for every running award and matter of the person and of the
/// household. Refuses days to come and days before birth, with `AlreadyDead`, `Changed` and `OwnDossier`.
pub(super) async fn record(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<Person>,
    revision: i64,
    body: RecordDeath,
) -> Result<DeathRecorded, Error> {
    let proof = body.proof.trim().to_owned();
    if !(3..=500).contains(&proof.chars().count()) {
        return Err(Error::field(
            "/proof",
            "length",
            "name the paper or message in 3 to 500 characters: title, number, date",
        ));
    }
    let source = match body.source {
        DeathSource::Register => "register",
        DeathSource::Document => "document",
        DeathSource::Declaration => "declaration",
    };
    let (now, today) = (house.clock.now(), house.clock.today());
    let death = Death {
        correction: house.clock.id(),
        change: house.clock.id(),
        on: body.on,
        proof,
        head: body.head,
        at: (now, today),
        officer: may.officer(),
    };
    let matters: Vec<(Id<value::Matter>, Fresh, Fresh)> = (0..MOST)
        .map(|_| {
            (
                house.clock.id(),
                Fresh::new(&house.clock),
                Fresh::new(&house.clock),
            )
        })
        .collect();
    let (scope, inside) = (may.scope(), house.clone());
    let recorded = audit::write(&house.store, may.actor(), now, move |tx| {
        let there = persons::household(tx, &scope, id, today, now)?;
        let (person, head) = persons::record_death(tx, &scope, id, revision, &death)?;
        persons::not_own(tx, death.officer, id)?;
        let pack = &inside.pack;
        let rule = pack.country.amendments.as_ref().and_then(|it| it.death.as_ref());
        let days = rule.map_or(0, |rule| i64::from(rule.days));
        let after = death.on.checked_add(days.days()).unwrap_or(death.on);
        let mut open = granted(tx, id, true, after)?;
        let mut running_matters = running(tx, id, after)?;
        for member in there.iter().flat_map(|there| &there.members) {
            let other = member.card.id;
            if other != id {
                open.extend(granted(tx, other, false, after)?);
                running_matters.extend(running(tx, other, after)?);
            }
        }
        // Restricted ones are not counted: whoever records a death may not know of them.
        let others = running_matters.iter().filter(|it| !it.restricted).count();
        let awards = open.len();
        open.extend(running_matters);
        let procedure = pack
            .procedure(AFTER_DEATH)
            .ok_or_else(|| Error::fault(format!("the pack has no procedure `{AFTER_DEATH}`")))?;
        let done = Done {
            by: None,
            at: now,
            on: today,
        };
        for (it, (matter, fresh, names)) in open.iter().zip(&matters) {
            if let (Some(rule), Some(award), OWN) = (rule, it.about.award, it.about.what.as_str()) {
                let proposal = Proposal {
                    rests: false,
                    id: matter.cast(),
                    award,
                    from: first_without(after),
                    reason: &rule.reason,
                };
                if decisions::propose_end(tx, &inside, &proposal, done, &mut fresh.clone())? {
                    matters::note(tx, *matter, &it.about)?;
                    continue;
                }
            }
            let new = Matter {
                id: *matter,
                revision: 1,
                office: it.office,
                procedure: procedure.id.clone(),
                version: procedure.version,
                pack: pack.hash.clone(),
                person: it.person,
                benefit: it.benefit.clone(),
                number: None,
                begun_at: now,
                begun_on: today,
                ended_at: None,
            };
            matters::begin(tx, pack, new, &mut fresh.clone())?;
            matters::note(tx, *matter, &it.about)?;
            if let Some(about) = it.about.matter.filter(|_| it.restricted) {
                matters::restrict_like(tx, *matter, about, now, &mut names.clone())?;
            }
        }
        let entry = Entry::of("death-recorded")
            .person(id)
            .value("source", source)
            .value("awards", awards)
            .value("matters", others);
        let recorded = DeathRecorded {
            person,
            awards: u32::try_from(awards).unwrap_or(u32::MAX),
            matters: u32::try_from(others).unwrap_or(u32::MAX),
            head,
        };
        Ok((recorded, entry))
    })
    .await?;
    Ok(recorded)
}
