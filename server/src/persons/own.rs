//! Nobody works on a dossier of the household they live in, or that a declared relative lives in.

use crate::{
    problem::{Error, Refusal},
    store::Tx,
    vals,
};
use karton_api::{
    Id,
    value::{Officer, Person},
};

/// Refuses with `OwnDossier` where the person, or somebody who lives in the same household now, is the officer or a declared relative.
pub fn not_own(tx: &mut Tx, officer: Id<Officer>, person: Id<Person>) -> Result<(), Error> {
    let own = tx.query(
        "SELECT 1 FROM officer_person o WHERE o.officer = $1 AND (o.person = $2 OR o.person IN (
            SELECT b.person FROM household_member a JOIN household_member b ON b.household = a.household
            WHERE a.person = $2 AND a.until_day IS NULL AND a.replaced_at IS NULL AND b.until_day IS NULL AND b.replaced_at IS NULL)) LIMIT 1",
        vals![officer, person],
    )?;
    if own.is_empty() {
        Ok(())
    } else {
        Err(Refusal::OwnDossier.into())
    }
}
