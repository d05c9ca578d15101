//! An application worked out as of any day, with the law of that day and with what was known at an instant: for an appeal, or where a law was
//! published late. Nothing is written; the assessments that were kept stay what they were.

use super::{actions::Desk, store};
use crate::{
    access::{May, PreviewAssessments},
    assessments::{self, About, Shown},
    house::House,
    persons,
    problem::Error,
};
use karton_api::{
    Id, Money,
    assessments::{AssessedThen, ThenQuery},
    awards::Entitlement,
    dossiers::Purpose,
    value,
};
use karton_rules::assess;

/// Works it out. `as_of` and `known_at` are today and now where they are not said; an instant to come is an error at its field.
pub(super) async fn see(
    may: &May<PreviewAssessments>,
    house: &House,
    id: Id<value::Application>,
    query: ThenQuery,
) -> Result<AssessedThen, Error> {
    let desk = Desk::of(may, house);
    let as_of = query.as_of.unwrap_or(desk.today);
    if !crate::facts::values::plausible(as_of) {
        let says = "This day is out of the calendar that is kept.";
        return Err(Error::field("/as_of", "range", says));
    }
    if query.known_at.is_some_and(|known_at| known_at > desk.now) {
        let says = "Nobody knows yet what will be known then.";
        return Err(Error::field("/known_at", "future", says));
    }
    let known_at = query.known_at.unwrap_or(desk.now);
    let known_on = house.clock.day_of(known_at);
    let actor = desk.actor();
    let (found, applicant) = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &desk.scope, id)?;
            persons::not_own(tx, desk.session.officer, it.applicant)?;
            let lodged = it.stage.lodged();
            let about = About {
                applicant: it.applicant,
                matter: lodged.map(|_| it.id.cast()),
                on: as_of,
                lodged: lodged.map_or(as_of, |lodged| lodged.on),
                known_at,
            };
            let typed = if lodged.is_some() { &[][..] } else { &it.answers };
            let pack = &desk.house.pack;
            let mut gathered = assessments::gather(tx, pack, &desk.scope, &about, typed)?;
            assessments::as_known(tx, &mut gathered, known_at)?;
            gathered.input.known_at = Some(known_on);
            let trace = assess::assess(pack, &it.benefit, &gathered.input).ok_or(Error::Missing)?;
            let from = trace.term.as_ref().map(|term| term.starts);
            let currency = pack.country.currency;
            // What the law that became known since owes for these months, on the facts known then.
            let arrears = from.filter(|from| *from <= as_of).map_or_else(Vec::new, |from| {
                let days = (known_on, desk.today);
                assess::arrears(pack, &it.benefit, &gathered.input, (from, as_of), days)
            });
            let shown = Shown {
                pack,
                input: &gathered.input,
                learnt: &gathered.learnt,
                others: Some(&gathered.others),
            };
            let found = AssessedThen {
                as_of,
                known_at,
                assessment: shown.assessment(&trace),
                arrears: arrears
                    .into_iter()
                    .map(|(month, minor)| Entitlement {
                        month,
                        amount: Money::new(minor, currency),
                    })
                    .collect(),
            };
            Ok::<_, Error>((found, it.applicant))
        })
        .await?;
    house
        .looks
        .looked(house, actor, applicant, Purpose::default())
        .await?;
    Ok(found)
}
