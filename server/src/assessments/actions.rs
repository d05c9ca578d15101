//! What an officer can do: work out what is known so far.

use super::{
    check,
    gather::{About, gather},
    show::Shown,
};
use crate::{
    access::{May, PreviewAssessments},
    audit::{self, Entry},
    house::House,
    persons,
    problem::Error,
};
use karton_api::{
    FactValue, Id,
    assessments::{PossibleRight, PossibleRights, Preview, Previewed},
    value::Person,
};
use karton_rules::assess;

/// Works out an entitlement on what is known and typed; writes nothing but that somebody looked. The dossier of the applicant must lie within
/// the scope.
pub(super) async fn preview(
    may: &May<PreviewAssessments>,
    house: &House,
    body: Preview,
) -> Result<Previewed, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let on = body.on.unwrap_or(today);
    if !crate::facts::values::plausible(on) {
        return Err(Error::field(
            "/on",
            "range",
            "This day is out of the calendar that is kept.",
        ));
    }
    let (scope, pack, officer) = (may.scope(), house.pack.clone(), may.officer());
    let applicant = body.applicant;
    let shown = house
        .store
        .read(move |tx| {
            let benefit = pack.benefit(&body.benefit);
            let benefit = benefit.ok_or_else(|| {
                Error::field(
                    "/benefit",
                    "unknown",
                    "There is no such benefit in the catalogue.",
                )
            })?;
            let form = pack
                .form(&benefit.form)
                .ok_or_else(|| Error::fault(format!("no form `{}`", benefit.form)))?;
            persons::store::holding_office(tx, &scope, body.applicant)?;
            persons::not_own(tx, officer, body.applicant)?;
            let about = About {
                applicant: body.applicant,
                matter: None,
                on,
                lodged: on,
                known_at: now,
            };
            let bare = gather(tx, &pack, &scope, &about, &[])?;
            let household = bare.people.get(..bare.members).unwrap_or_default();
            let mut known = bare.people.clone();
            for answer in &body.answers {
                if let FactValue::Person(id) = answer.value {
                    known.extend(persons::store::cards(tx, &scope, &[id])?);
                }
            }
            let errors = check::answers(&pack, form, &body.answers, household, &known);
            if !errors.is_empty() {
                return Err(Error::Invalid(errors));
            }
            let gathered = gather(tx, &pack, &scope, &about, &body.answers)?;
            let form = check::form_now(&pack, form, &gathered, &body.answers);
            let trace = assess::assess(&pack, &benefit.code, &gathered.input).ok_or(Error::Missing)?;
            let shown = Shown {
                pack: &pack,
                input: &gathered.input,
                learnt: &gathered.learnt,
                others: Some(&gathered.others),
            };
            Ok(Previewed {
                assessment: shown.assessment(&trace),
                hidden: form.hidden,
                problems: form.problems,
            })
        })
        .await?;
    house
        .looks
        .looked(
            house,
            may.actor(),
            applicant,
            karton_api::dossiers::Purpose::default(),
        )
        .await?;
    Ok(shown)
}

/// The most rights that are told of.
const MOST_POSSIBLE: usize = 100;

/// Rights that the household of a person may also have on what is known today. Writes nothing but that somebody looked. The dossier must lie
/// within the scope.
pub(super) async fn possible(
    may: &May<PreviewAssessments>,
    house: &House,
    id: Id<Person>,
) -> Result<PossibleRights, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let (scope, pack) = (may.scope(), house.pack.clone());
    let items = house
        .store
        .read(move |tx| {
            persons::store::holding_office(tx, &scope, id)?;
            let about = About {
                applicant: id,
                matter: None,
                on: today,
                lodged: today,
                known_at: now,
            };
            let gathered = gather(tx, &pack, &scope, &about, &[])?;
            let kinship = |mine: &str, theirs: &str| persons::to_applicant(mine, theirs).to_owned();
            let shown = Shown {
                pack: &pack,
                input: &gathered.input,
                learnt: &gathered.learnt,
                others: Some(&gathered.others),
            };
            let name = |id: Id<Person>| {
                let card = gathered.people.iter().find(|card| card.id == id);
                card.map(crate::awards::store::full_name).unwrap_or_default()
            };
            let found = assess::possible(&pack, &gathered.input, &kinship);
            Ok::<_, Error>(
                found
                    .into_iter()
                    .filter_map(|it| {
                        let applicant = it.applicant?;
                        let benefit = pack.benefit(&it.assessment.benefit)?;
                        Some(PossibleRight {
                            benefit_name: benefit.name.0.clone(),
                            applicant,
                            applicant_name: name(applicant),
                            about: it.about,
                            about_name: it.about.map(name),
                            assessment: shown.assessment(&it.assessment),
                        })
                    })
                    .take(MOST_POSSIBLE)
                    .collect(),
            )
        })
        .await?;
    let purpose = karton_api::dossiers::Purpose::default();
    house.looks.looked(house, may.actor(), id, purpose).await?;
    Ok(PossibleRights { items })
}

/// The entry of an assessment that was kept.
pub fn entry(trace: &assess::Assessment) -> Entry {
    let outcome = match trace.outcome {
        assess::Outcome::Grant => "grant",
        assess::Outcome::Refuse => "refuse",
        assess::Outcome::Unknown => "unknown",
        assess::Outcome::Confirm => "confirm",
    };
    audit::Entry::of("assessed")
        .value("benefit", &trace.benefit)
        .value("outcome", outcome)
}
