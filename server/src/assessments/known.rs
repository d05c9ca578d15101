//! What was known at an instant: awards that were granted later, or turned later, are seen as they stood then.

use super::gather::Gathered;
use crate::{awards, problem::Error, store::Tx};
use karton_api::Timestamp;

/// Lays the awards as they were known at an instant into what was gathered; facts are gathered so already.
pub fn as_known(tx: &mut Tx, gathered: &mut Gathered, at: Timestamp) -> Result<(), Error> {
    let input = &mut gathered.input;
    let people = std::iter::once(&mut input.applicant)
        .chain(&mut input.members)
        .chain(&mut input.others);
    for one in people {
        let Some(person) = one.person else { continue };
        let then = awards::of_person_at(tx, person, Some(at))?;
        one.awards = then.own;
        one.family_awards = then.family;
        one.awards_about = then.about;
    }
    Ok(())
}
