//! A running matter moved to the version of the pack that is in force. It never moves by itself: an officer who leads work says why.

use super::{actions, store};
use crate::{
    access::{LeadWork, May},
    audit::{self, Entry},
    house::House,
    http::{IfMatch, reason},
    packs::Packs,
    problem::{Error, Refusal},
    store::{Migration, Tx},
    vals,
};
use karton_api::{Id, matters as wire, value};
use karton_rules::pack::{Pack, Step};

use super::model::{Matter, StepRun, role_name};

/// Versions that matters were moved away from, in order.
pub const VERSIONS: Migration = Migration::both(
    341,
    "versions of matters",
    "CREATE TABLE matter_version (
        matter {ID} NOT NULL REFERENCES matter (id),
        place BIGINT NOT NULL,
        pack TEXT NOT NULL,
        version BIGINT NOT NULL,
        reason TEXT NOT NULL,
        moved_by {ID},
        moved_at BIGINT NOT NULL,
        PRIMARY KEY (matter, place)
    );",
);

/// A version that a matter was moved away from: the pack's hash, and the version of the procedure in it.
pub(super) type Left = (String, u32);

/// The versions that a matter was moved away from, the last one first.
pub(super) fn left(tx: &mut Tx, id: Id<value::Matter>) -> Result<Vec<Left>, Error> {
    let rows = tx.query(
        "SELECT pack, version FROM matter_version WHERE matter = $1 ORDER BY place DESC",
        vals![id],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// A step of a version that the matter was moved away from.
pub(super) fn step_of(
    tx: &mut Tx,
    packs: &Packs,
    matter: &Matter,
    left: &[Left],
    step: &str,
) -> Result<Option<Step>, Error> {
    for (hash, version) in left {
        let pack = packs.version(tx, hash)?;
        let of = pack
            .procedure(&matter.procedure)
            .filter(|procedure| procedure.version == *version);
        if let Some(step) = of.and_then(|procedure| procedure.step(step)) {
            return Ok(Some(step.clone()));
        }
    }
    Ok(None)
}

/// Whether another version has all that a matter needs to go on where it stands: its procedure, its benefit, and each open step as the same
/// kind of work, completed by the same act. Pure.
pub(super) fn fits(matter: &Matter, open: &[&StepRun], before: Option<&Pack>, to: &Pack) -> bool {
    let benefit = matter
        .benefit
        .as_deref()
        .is_none_or(|code| to.benefit(code).is_some());
    let Some(procedure) = to.procedure(&matter.procedure).filter(|_| benefit) else {
        return false;
    };
    open.iter().all(|run| {
        let Some(step) = procedure.step(&run.step) else {
            return false;
        };
        let was = before
            .and_then(|pack| pack.procedure(&matter.procedure))
            .and_then(|procedure| procedure.step(&run.step));
        was.is_none_or(|was| (was.kind, was.act) == (step.kind, step.act))
    })
}

/// Moves a matter to the version in force. Refuses with `VersionInForce` where it is on it, `StepNotInPack` where that version has no place
/// for it, `StepNotOpen` after its end, and `OwnDossier`. What was assessed before has to be assessed again.
pub(super) async fn move_on(
    may: &May<LeadWork>,
    house: &House,
    id: Id<value::Matter>,
    seen: IfMatch,
    why: &str,
) -> Result<wire::Matter, Error> {
    let why = reason(why, "/reason")?;
    let (now, scope, session) = (house.clock.now(), may.scope(), may.session().clone());
    let (inside, to) = (house.clone(), house.pack.clone());
    audit::write(&house.store, may.actor(), now, move |tx| {
        tx.hold("matter", id)?;
        let matter = store::load(tx, &scope, id)?;
        crate::persons::not_own(tx, session.officer, matter.person)?;
        seen.check(matter.revision)?;
        if matter.ended_at.is_some() {
            return Err(Refusal::StepNotOpen.into());
        }
        if matter.pack == to.hash {
            return Err(Refusal::VersionInForce.into());
        }
        let runs = store::steps(tx, id)?;
        let open: Vec<&StepRun> = runs.iter().filter(|run| run.is_open()).collect();
        // A version that this program no longer reads is one more reason to move.
        let before = store::pack_of(tx, &inside.packs, &matter).ok();
        if !fits(&matter, &open, before.as_deref(), &to) {
            return Err(Refusal::StepNotInPack.into());
        }
        let procedure = to.procedure(&matter.procedure).ok_or(Refusal::StepNotInPack)?;
        let place = left(tx, id)?.len();
        tx.exec(
            "INSERT INTO matter_version (matter, place, pack, version, reason, moved_by, moved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            vals![
                id,
                i64::try_from(place).unwrap_or(i64::MAX),
                &matter.pack,
                matter.version,
                &why,
                session.officer,
                now
            ],
        )?;
        tx.exec(
            "UPDATE matter SET revision = revision + 1, pack = $2, version = $3 WHERE id = $1",
            vals![id, &to.hash, procedure.version],
        )?;
        for run in open {
            let role = procedure
                .step(&run.step)
                .map_or("clerk", |step| role_name(step.role));
            tx.exec("UPDATE step_run SET role = $2 WHERE id = $1", vals![run.id, role])?;
        }
        let entry = Entry::of("matter-moved-to-version")
            .person(matter.person)
            .matter(id)
            .value("was", &matter.pack)
            .value("is", &to.hash);
        Ok((actions::see(tx, &inside, &scope, &session, id)?, entry))
    })
    .await
}
