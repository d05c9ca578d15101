use super::store::{self, Key};
use crate::{
    access::{ManageUsers, May, WatchOperation},
    audit::{self, Entry},
    house::House,
    persons,
    problem::{Error, Refusal},
    store::{Dialect, jobs},
    users, vals,
};
use karton_api::{
    Id,
    administration::{Health, JobState, JobView, Relative, Sizes},
    value::{Job, Officer},
};

/// How the house is now.
pub(super) async fn health(_may: &May<WatchOperation>, house: &House) -> Result<Health, Error> {
    let now = house.clock.now();
    let since = now.saturating_sub(crate::access::sessions::IDLE).unwrap_or(now);
    let counts = house.store.read(move |tx| store::counts(tx, now, since)).await?;
    Ok(Health {
        karton: env!("CARGO_PKG_VERSION").into(),
        engine: match house.store.dialect() {
            Dialect::Sqlite => "sqlite".into(),
            Dialect::Postgres => "postgresql".into(),
        },
        schema: counts.schema,
        serving_since: house.opened_at,
        today: house.clock.today(),
        country: house.pack.country.id.clone(),
        pack: house.pack.hash.clone(),
        officers: counts.officers,
        sessions: counts.sessions,
        jobs: counts.jobs,
        sealed_at: counts.sealed_at,
        backup: counts.backup,
    })
}

/// What the store holds.
pub(super) async fn sizes(_may: &May<WatchOperation>, house: &House) -> Result<Sizes, Error> {
    house.store.read(store::sizes).await
}

/// Background work, one more than `limit` where there is more.
pub(super) async fn jobs(
    _may: &May<WatchOperation>,
    house: &House,
    state: Option<JobState>,
    after: Option<Key>,
    limit: usize,
) -> Result<Vec<JobView>, Error> {
    house
        .store
        .read(move |tx| store::jobs(tx, state, after, limit + 1))
        .await
}

/// Gives work that was given up its tries again. Refuses with `JobNotFailed` what waits or runs.
pub(super) async fn retry(may: &May<WatchOperation>, house: &House, id: Id<Job>) -> Result<JobView, Error> {
    let now = house.clock.now();
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let before = store::job_of(tx, id)?;
        if !jobs::revive(tx, id.cast(), now)? {
            return Err(Refusal::JobNotFailed.into());
        }
        let entry = Entry::of("job-retried")
            .value("job", id)
            .value("queue", before.queue);
        Ok((store::job_of(tx, id)?, entry))
    })
    .await
}

/// The dossiers an officer within the scope must not work on.
pub(super) async fn relatives(
    may: &May<ManageUsers>,
    house: &House,
    id: Id<Officer>,
) -> Result<Vec<Relative>, Error> {
    users::view(may, house, id).await?;
    house.store.read(move |tx| store::relatives(tx, id)).await
}

/// Declares a dossier the officer's own or a relative's.
pub(super) async fn declare(
    may: &May<ManageUsers>,
    house: &House,
    id: Id<Officer>,
    body: &Relative,
) -> Result<Vec<Relative>, Error> {
    let kin = if body.own {
        users::Kin::Own
    } else {
        users::Kin::Relative
    };
    change(may, house, id, &body.dossier, Some(kin)).await
}

/// Takes a declaration back.
pub(super) async fn withdraw(
    may: &May<ManageUsers>,
    house: &House,
    id: Id<Officer>,
    body: &Relative,
) -> Result<Vec<Relative>, Error> {
    change(may, house, id, &body.dossier, None).await
}

async fn change(
    may: &May<ManageUsers>,
    house: &House,
    id: Id<Officer>,
    dossier: &str,
    kin: Option<users::Kin>,
) -> Result<Vec<Relative>, Error> {
    users::view(may, house, id).await?;
    let number = dossier.trim().to_uppercase();
    if number.chars().count() > 100 {
        return Err(Error::field(
            "/dossier",
            "too-long",
            "This is no dossier's number.",
        ));
    }
    let now = house.clock.now();
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let person = persons::store::by_dossier(tx, &number)?;
        let person = person
            .ok_or_else(|| Error::field("/dossier", "unknown", "There is no dossier with this number."))?;
        let what = match kin {
            Some(kin) => {
                users::declare(tx, id, person, kin)?;
                "relative-declared"
            }
            None => {
                let gone = tx.exec(
                    "DELETE FROM officer_person WHERE officer = $1 AND person = $2",
                    vals![id, person],
                )?;
                if gone == 0 {
                    return Err(Error::field(
                        "/dossier",
                        "unknown",
                        "This dossier is not declared.",
                    ));
                }
                "relative-withdrawn"
            }
        };
        let entry = Entry::of(what).person(person).value("officer", id);
        Ok((store::relatives(tx, id)?, entry))
    })
    .await
}
