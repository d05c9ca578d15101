//! The form of a field visit on paper: the matter's number, whom it is about, and blanks to be filled in by hand. It is typed into the same
//! form afterwards, with the contact.

use super::{
    desk::Way,
    store::{self, SocialCase},
};
use crate::{access::Scope, house::House, matters::Blank, persons, problem::Error, store::Tx};
use karton_api::{Date, Timestamp};
use karton_letters::Letter;

/// What the paper shows, without anybody having written on it.
pub(super) fn sheet(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    it: &SocialCase,
    (today, now): (Date, Timestamp),
) -> Result<(Letter, String), Error> {
    let way = Way::of_house(house, tx, it)?;
    let form = way.rules()?.visit.clone().ok_or(Error::Missing)?;
    let form = way.pack.form(&form).ok_or(Error::Missing)?;
    let goals: Vec<String> = store::plans(tx, it.matter())?
        .into_iter()
        .find(|plan| plan.state == karton_api::cases::PlanState::Approved)
        .map(|plan| plan.body.goals.into_iter().map(|goal| goal.goal).collect())
        .unwrap_or_default();
    let blank = Blank {
        form,
        number: &it.number,
        office: &house.offices.to_ref(it.office).name,
        kind: &way.procedure()?.name.0,
        person: &persons::store::card_of(tx, scope, it.person)?,
        household: persons::household(tx, scope, it.person, today, now)?,
        goals,
    };
    Ok((blank.letter(&way.pack, today)?, it.number.clone()))
}
