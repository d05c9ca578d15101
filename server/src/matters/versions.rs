//! A running matter moved to the version of the pack that is in force. It never moves by itself: an officer who leads work says why.

use super::{actions, store};
use crate::{
    access::{LeadWork, May},
    audit::{self, Entry},
    house::House,
    http::{IfMatch, reason},
    pack::Files,
    packs::Packs,
    packs_compared::compare,
    problem::{Error, Refusal},
    store::{Migration, Tx},
    vals,
};
use karton_api::{
    Id, matters as wire,
    upgrades::{MatterVersion, PackChange},
    value,
};
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

/// So many differences are shown to whoever moves a matter.
const SHOWN: usize = 200;

/// Files of a pack that are a matter's own, among those of all benefits and procedures.
struct Own<'f> {
    /// `catalogue/mo/`.
    folder: Option<&'f str>,
    /// The procedure's, and that of the one it is like.
    procedures: Vec<&'f str>,
}

impl<'f> Own<'f> {
    fn of(files: &'f Files, benefit: Option<&str>, procedure: &str) -> Own<'f> {
        let top = |file: &str| files.get(file).and_then(|text| text.parse::<toml::Table>().ok());
        let word = |table: &toml::Table, name: &str| Some(table.get(name)?.as_str()?.to_owned());
        let folder = files.keys().find_map(|file| {
            let folder = file.strip_suffix("benefit.toml")?;
            let code = word(&top(file)?, "code");
            (folder.starts_with("catalogue/") && code.as_deref() == benefit).then_some(folder)
        });
        let all: Vec<(&str, toml::Table)> = files
            .keys()
            .filter(|file| file.starts_with("procedures/"))
            .filter_map(|file| Some((file.as_str(), top(file)?)))
            .collect();
        let like = all
            .iter()
            .find(|(_, table)| word(table, "id").as_deref() == Some(procedure))
            .and_then(|(_, table)| word(table, "like"));
        let mine = |table: &toml::Table| {
            let id = word(table, "id");
            id.as_deref() == Some(procedure) || (id.is_some() && id == like)
        };
        let procedures = all.iter().filter(|(_, table)| mine(table));
        Own {
            folder,
            procedures: procedures.map(|(file, _)| *file).collect(),
        }
    }
    /// Whether a file says something about the matter: its own benefit and procedure, and whatever is neither another one's nor of no matter
    /// at all.
    fn concerns(&self, file: &str) -> bool {
        let beside = ["signals/", "reports/", "own-registers/", "people/"];
        match file {
            "imports.toml" => false,
            _ if beside.iter().any(|folder| file.starts_with(folder)) => false,
            _ if file.starts_with("catalogue/") => self.folder.is_some_and(|own| file.starts_with(own)),
            _ if file.starts_with("procedures/") => self.procedures.contains(&file),
            _ => true,
        }
    }
}

/// What it would mean to move a matter to the version in force.
pub(super) async fn version(
    may: &May<LeadWork>,
    house: &House,
    id: Id<value::Matter>,
) -> Result<MatterVersion, Error> {
    let (scope, officer) = (may.scope(), may.officer());
    let (inside, to) = (house.clone(), house.pack.clone());
    let found = house.store.read(move |tx| {
        let matter = store::load(tx, &scope, id)?;
        crate::persons::not_own(tx, officer, matter.person)?;
        let runs = store::steps(tx, id)?;
        let open: Vec<&StepRun> = runs.iter().filter(|run| run.is_open()).collect();
        let before = store::pack_of(tx, &inside.packs, &matter).ok();
        let moves = matter.ended_at.is_none() && matter.pack != to.hash;
        let fits = moves && fits(&matter, &open, before.as_deref(), &to);
        let files = match moves {
            true => (Packs::files(tx, &matter.pack)?, Packs::files(tx, &to.hash)?),
            false => (None, None),
        };
        Ok::<_, Error>((matter, to.hash.clone(), fits, files))
    });
    let (matter, in_force, fits, files) = found.await?;
    let (benefit, procedure) = (matter.benefit.clone(), matter.procedure.clone());
    let changes = tokio::task::spawn_blocking(move || {
        let (Some(was), Some(is)) = files else {
            return Vec::new();
        };
        let own = |files| Own::of(files, benefit.as_deref(), &procedure);
        let (before, after) = (own(&was), own(&is));
        let mut changes = compare(&was, &is);
        changes.retain(|change| before.concerns(&change.file) || after.concerns(&change.file));
        changes
    })
    .await
    .map_err(Error::fault)?;
    let more = changes.len().saturating_sub(SHOWN);
    let shown = changes.into_iter().take(SHOWN).map(|change| PackChange {
        file: change.file,
        place: change.place,
        was: change.was,
        is: change.is,
    });
    Ok(MatterVersion {
        revision: matter.revision,
        runs_on: matter.pack,
        in_force,
        fits,
        changes: shown.collect(),
        more: i64::try_from(more).unwrap_or(i64::MAX),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_something_about_a_matter_is_shown_with_it() {
        let text = |text: &str| text.to_owned();
        let files: Files = [
            ("catalogue/mo/benefit.toml", text("code = \"MO\"")),
            ("catalogue/li/benefit.toml", text("code = \"LI\"")),
            ("procedures/a.toml", text("id = \"short\"\nlike = \"long\"")),
            ("procedures/b.toml", text("id = \"long\"")),
            ("procedures/c.toml", text("id = \"other\"")),
        ]
        .map(|(file, text)| (file.to_owned(), text))
        .into();
        let own = Own::of(&files, Some("MO"), "short");
        for file in [
            "catalogue/mo/form.toml",
            "procedures/a.toml",
            "procedures/b.toml",
            "parameters/mo.toml",
            "letters/shared.cnr.md",
        ] {
            assert!(own.concerns(file), "{file}");
        }
        for file in [
            "catalogue/li/benefit.toml",
            "procedures/c.toml",
            "signals/all.toml",
            "people/names.csv",
        ] {
            assert!(!own.concerns(file), "{file}");
        }
        let case = Own::of(&files, None, "other");
        assert!(!case.concerns("catalogue/mo/benefit.toml") && case.concerns("procedures/c.toml"));
    }
}
