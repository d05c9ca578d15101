//! Nobody works on, or looks into, a dossier of their own family: the officer's own, a declared relative's, and those of people who belong to
//! them by a household.

use crate::{
    problem::{Error, Refusal},
    store::Tx,
    vals,
};
use karton_api::{
    Id,
    value::{Officer, Person},
};

/// Of the declared people themselves; of those who live with one of them now; and of those who lived with the officer at any time as family:
/// children who moved out stay the officer's children. `$1` is the officer, `$2` the person.
const KIN: &str = "SELECT 1 FROM officer_person o WHERE o.officer = $1 AND (
        o.person = $2
        OR o.person IN (
            SELECT b.person FROM household_member a JOIN household_member b ON b.household = a.household
            WHERE a.person = $2 AND a.until_day IS NULL AND a.replaced_at IS NULL AND b.until_day IS NULL AND b.replaced_at IS NULL)
        OR (o.kind = 'self' AND o.person IN (
            SELECT b.person FROM household_member a JOIN household_member b ON b.household = a.household
            WHERE a.person = $2 AND a.replaced_at IS NULL AND b.replaced_at IS NULL AND a.relationship <> 'other' AND b.relationship <> 'other'
                AND (a.until_day IS NULL OR a.until_day > b.from_day) AND (b.until_day IS NULL OR b.until_day > a.from_day)))
    ) LIMIT 1";

/// Whether the person belongs to the officer's family.
pub fn kin_of(tx: &mut Tx, officer: Id<Officer>, person: Id<Person>) -> Result<bool, Error> {
    Ok(!tx.query(KIN, vals![officer, person])?.is_empty())
}

/// Whether the officer has declared anybody: most questions end here.
pub(super) fn has_declared(tx: &mut Tx, officer: Id<Officer>) -> Result<bool, Error> {
    let row = tx.query(
        "SELECT 1 FROM officer_person WHERE officer = $1 LIMIT 1",
        vals![officer],
    )?;
    Ok(!row.is_empty())
}

/// Refuses with `OwnDossier` where the person belongs to the officer's family.
pub fn not_own(tx: &mut Tx, officer: Id<Officer>, person: Id<Person>) -> Result<(), Error> {
    if kin_of(tx, officer, person)? {
        Err(Refusal::OwnDossier.into())
    } else {
        Ok(())
    }
}

/// The same for several people.
pub fn none_own(tx: &mut Tx, officer: Id<Officer>, people: &[Id<Person>]) -> Result<(), Error> {
    if !has_declared(tx, officer)? {
        return Ok(());
    }
    people.iter().try_for_each(|person| not_own(tx, officer, *person))
}
