//! Assessing an application: the rules over the facts known now, kept with everything they saw.

use super::{actions::Desk, model::Act, store, view};
use crate::{
    access::{May, ReadDossiers, TakeApplications},
    assessments::{self, NewAssessment},
    audit,
    house::House,
    matters,
    problem::{Error, Refusal},
};
use karton_api::{Id, assessments::StoredAssessment, dossiers::Purpose, value};
use karton_rules::{assess, pack::StepKind};

/// Assesses on today's facts and keeps it; the step of the procedure is done by it. Refuses with `StepNotOpen` before the evidence is in and
/// after the recommendation.
pub(super) async fn assess(
    may: &May<TakeApplications>,
    house: &House,
    id: Id<value::Application>,
) -> Result<StoredAssessment, Error> {
    let desk = Desk::of(may, house);
    let assessment = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let it = desk.load(tx, id)?;
        it.stage.allows(Act::Assess)?;
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        if !view::assessable(&matters::open_steps(tx, packs, scope, id.cast())?) {
            return Err(Refusal::StepNotOpen.into());
        }
        let matter = matters::store::load(tx, scope, id.cast())?;
        let pack = matters::store::pack_of(tx, packs, &matter)?;
        let gathered = assessments::gather(tx, &pack, scope, &desk.about(&it), &[])?;
        let trace = assess::assess(&pack, &it.benefit, &gathered.input).ok_or(Error::Missing)?;
        if !trace.faults.is_empty() {
            tracing::warn!(application = %id, faults = ?trace.faults, "rules that could not be worked out");
        }
        let new = NewAssessment {
            id: assessment,
            matter: id.cast(),
            claim: None,
            office: it.office,
            at: desk.now,
            by: desk.session.officer,
        };
        assessments::insert(tx, &new, &gathered, &trace)?;
        matters::complete_kind(
            tx,
            packs,
            scope,
            id.cast(),
            StepKind::Assess,
            desk.done(),
            &mut desk.fresh(),
        )?;
        let stored = assessments::store::load(tx, scope, assessment)?;
        let entry = assessments::actions::entry(&trace)
            .person(it.applicant)
            .matter(id)
            .value("assessment", assessment);
        Ok((
            assessments::stored_view(tx, packs, scope, &stored, desk.today)?,
            entry,
        ))
    })
    .await
}

/// The newest stored assessment; looking at it is looking into the dossier.
pub(super) async fn newest(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<value::Application>,
) -> Result<StoredAssessment, Error> {
    let (scope, inside, today) = (may.scope(), house.clone(), house.clock.today());
    let (shown, applicant) = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            let stored = assessments::newest(tx, &scope, id.cast())?.ok_or(Error::Missing)?;
            let shown = assessments::stored_view(tx, &inside.packs, &scope, &stored, today)?;
            Ok::<_, Error>((shown, it.applicant))
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), applicant, Purpose::default())
        .await?;
    Ok(shown)
}
