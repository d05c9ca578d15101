//! What a matter is about besides its person: the award or the matter that somebody has to look at, and the day that counts for it.

use crate::{
    problem::Error,
    store::{Migration, Tx},
    vals,
};
use karton_api::{
    Date, Id,
    matters::TaskAbout,
    value::{Award, Matter},
};

/// One line for each matter that is about something.
pub const ABOUT: Migration = Migration::both(
    154,
    "what matters are about",
    "CREATE TABLE matter_about (
        matter {ID} PRIMARY KEY REFERENCES matter (id), what TEXT NOT NULL, award {ID}, other {ID}, day BIGINT
    );",
);

/// Notes what a new matter is about.
pub fn note(tx: &mut Tx, matter: Id<Matter>, about: &TaskAbout) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO matter_about (matter, what, award, other, day) VALUES ($1, $2, $3, $4, $5)",
        vals![matter, about.what.as_str(), about.award, about.matter, about.day],
    )?;
    Ok(())
}

/// What a matter is about, where that was noted.
pub(super) fn of(tx: &mut Tx, matter: Id<Matter>) -> Result<Option<TaskAbout>, Error> {
    let row = tx.opt(
        "SELECT what, award, other, day FROM matter_about WHERE matter = $1",
        vals![matter],
    )?;
    row.map(|row| {
        Ok(TaskAbout {
            what: row.get(0)?,
            award: row.get::<Option<Id<Award>>>(1)?,
            matter: row.get::<Option<Id<Matter>>>(2)?,
            day: row.get::<Option<Date>>(3)?,
        })
    })
    .transpose()
}
