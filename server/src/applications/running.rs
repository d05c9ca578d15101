//! Whether the same is asked for already: the same benefit, for the same person or household, on the same account.

use super::Application;
use crate::{problem::Error, store::Tx, vals};
use karton_api::{
    FactValue, Id,
    assessments::{Answer, AnswerOf},
    value::Person,
};
use karton_rules::pack::Benefit;

/// On whose account the answers of a claim ask; none where the benefit is for whoever asks, or nobody is named.
pub fn account(benefit: &Benefit, answers: &[Answer]) -> Option<Id<Person>> {
    let fact = benefit.about.as_ref()?;
    let named = answers
        .iter()
        .rev()
        .filter(|it| it.of == AnswerOf::Claim && it.fact == *fact);
    named.into_iter().find_map(|answer| match answer.value {
        FactValue::Person(person) => Some(person),
        _ => None,
    })
}

/// What somebody asks for at the moment, but for one application: the benefit, and who asks.
pub const STATEMENT: &str = "SELECT about, CASE WHEN about IS NULL THEN answers END FROM application
    WHERE applicant = $1 AND benefit = $2 AND id <> $3 AND state IN ('lodged', 'recommended', 'returned')
        AND (organisation = $4 OR (organisation IS NULL AND cast($5 AS bigint) = 1)) LIMIT 200";

/// Whether an application of one of these people for the same benefit and on the same account is being handled, in the whole country; of an
/// organisation, its own on account of them. For another child the same benefit may be asked for at the same time.
pub(super) fn running(
    tx: &mut Tx,
    people: &[Id<Person>],
    (benefit, it): (&Benefit, &Application),
) -> Result<bool, Error> {
    for person in people {
        // What was lodged before the account stood beside it says it in its answers.
        let rows = tx.query(
            STATEMENT,
            vals![
                *person,
                &it.benefit,
                it.id,
                it.organisation,
                it.organisation.is_none()
            ],
        )?;
        for row in &rows {
            let about = match (row.get::<Option<Id<Person>>>(0)?, row.get::<Option<String>>(1)?) {
                (None, Some(answers)) => account(
                    benefit,
                    &serde_json::from_str::<Vec<Answer>>(&answers).map_err(Error::fault)?,
                ),
                (about, _) => about,
            };
            if about == it.about {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
