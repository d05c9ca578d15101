//! Who stands in a case, and who comes to care for whom by it.

use super::{
    desk::{self, Ids, Way, entry, inside, known_person, none_wrong},
    model,
    store::{self, SocialCase, Standing},
};
use crate::{
    access::{May, TakeCases, WorkCases},
    applications::Desk,
    house::House,
    matters,
    persons::{self, Care},
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{
    Date, Id,
    cases::{self as wire, EndTie, NewCare, NewParticipant},
    problem::FieldError,
    value::{self, Participant},
};
use karton_rules::pack::{CaseRules, LegalAct};

/// The role of the one a case is about.
pub(super) const SUBJECT: &str = "subject";
/// More people do not stand in one case.
const MOST: usize = 100;

/// Writes that somebody comes to stand in a case.
pub(super) fn take_in(
    desk: &Desk,
    tx: &mut Tx,
    it: &SocialCase,
    rules: &CaseRules,
    body: &NewParticipant,
    at: &str,
    ids: &mut Ids,
) -> Result<(), Error> {
    let mut errors: Vec<FieldError> = Vec::new();
    if !rules.roles.contains(&body.role) {
        errors.push(model::wrong(
            format!("{at}/role"),
            "unknown",
            "nobody stands so in such a case",
        ));
    }
    let name = model::optional(body.name.as_ref(), 300, &format!("{at}/name"), &mut errors);
    let note = model::optional(body.note.as_ref(), 2000, &format!("{at}/note"), &mut errors);
    let from = model::happened(
        body.from,
        (it.reported_on, desk.today),
        &format!("{at}/from"),
        &mut errors,
    );
    if body.person.is_some() == name.is_some() {
        errors.push(model::wrong(
            format!("{at}/person"),
            "one",
            "say a known person, or the name of somebody else",
        ));
    }
    none_wrong(errors)?;
    if let Some(person) = body.person {
        known_person(desk, tx, person, &format!("{at}/person"))?;
        persons::not_own(tx, desk.session.officer, person)?;
    }
    let there = store::standings(tx, it.matter())?;
    if there.len() >= MOST {
        return Err(Error::field(
            format!("{at}/person"),
            "too-many",
            format!("at most {MOST} people stand in a case"),
        ));
    }
    let twice = |standing: &Standing| {
        standing.role == body.role
            && standing.until.is_none()
            && standing.person.is_some()
            && standing.person == body.person
    };
    if there.iter().any(twice) {
        return Err(Error::field(
            format!("{at}/person"),
            "twice",
            "this person stands so in the case already",
        ));
    }
    let standing = Standing {
        id: ids.take()?,
        role: body.role.clone(),
        person: body.person,
        name,
        note,
        from,
        until: None,
        reason: None,
    };
    store::insert_standing(tx, it.matter(), &standing, (desk.session.officer, desk.now))
}

/// Somebody comes to stand in a case.
pub(super) async fn add(
    may: &May<TakeCases>,
    house: &House,
    id: Id<value::Case>,
    body: NewParticipant,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let ids = Ids::new(&house.clock, 1);
    desk::act(desk, id, move |desk, tx, it| {
        it.stage.not_closed()?;
        let way = Way::of(desk, tx, it)?;
        take_in(desk, tx, it, way.rules()?, &body, "", &mut ids.clone())?;
        Ok(entry("case-person-added", it).value("role", &body.role))
    })
    .await
}

/// Checks the day on which something ends, the day after the last.
fn ends(until: Date, (from, today): (Date, Date), errors: &mut Vec<FieldError>) {
    if until < from {
        errors.push(model::wrong(
            "/until",
            "before-beginning",
            format!("it began on {from}"),
        ));
    } else if Some(until) > today.tomorrow().ok() {
        errors.push(model::wrong("/until", "future", "this day has not come yet"));
    }
}

/// Somebody stands in a case no longer. The one it is about always does.
pub(super) async fn end(
    may: &May<WorkCases>,
    house: &House,
    (id, participant): (Id<value::Case>, Id<Participant>),
    body: EndTie,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let row = house.clock.id();
    desk::act(desk, id, move |desk, tx, it| {
        it.stage.not_closed()?;
        let there = store::standings(tx, it.matter())?
            .into_iter()
            .find(|standing| standing.id == participant && standing.until.is_none())
            .ok_or(Error::Missing)?;
        let mut errors = Vec::new();
        ends(body.until, (there.from, desk.today), &mut errors);
        let reason = model::text(&body.reason, (3, 2000), "/reason", &mut errors);
        if there.role == SUBJECT {
            errors.push(model::wrong(
                "/until",
                "subject",
                "the case is about this person: close it instead",
            ));
        }
        none_wrong(errors)?;
        store::close_standing(tx, there.id, desk.now)?;
        let ended = Standing {
            id: row,
            until: Some(body.until),
            reason: Some(reason),
            ..there
        };
        store::insert_standing(tx, it.matter(), &ended, (desk.session.officer, desk.now))?;
        Ok(entry("case-person-ended", it).value("role", &ended.role))
    })
    .await
}

/// Somebody becomes guardian or foster carer of a person of the case. Completes the step that waits for it.
pub(super) async fn care(
    may: &May<WorkCases>,
    house: &House,
    id: Id<value::Case>,
    body: NewCare,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let tie = house.clock.id();
    desk::act(desk, id, move |desk, tx, it| {
        it.stage.worked_on()?;
        let way = Way::of(desk, tx, it)?;
        let mut errors = Vec::new();
        if !way.rules()?.care.contains(&body.kind) {
            errors.push(model::wrong("/kind", "unknown", "such a case begins no such tie"));
        }
        let act = model::text(&body.act, (3, 300), "/act", &mut errors);
        if body.from > desk.today {
            errors.push(model::wrong("/from", "future", "this day has not come yet"));
        }
        if body.person == body.carer {
            errors.push(model::wrong("/carer", "same", "nobody is their own guardian"));
        }
        let standings = store::standings(tx, it.matter())?;
        if standings
            .iter()
            .all(|standing| standing.person != Some(body.person))
        {
            errors.push(model::wrong(
                "/person",
                "not-of-the-case",
                "this person does not stand in the case",
            ));
        }
        none_wrong(errors)?;
        let ward = known_person(desk, tx, body.person, "/person")?;
        let carer = known_person(desk, tx, body.carer, "/carer")?;
        persons::not_own(tx, desk.session.officer, body.carer)?;
        if ward.death_date.is_some_and(|died| body.from > died) {
            return Err(Error::field("/person", "dead", "this person had died by then"));
        }
        if carer.death_date.is_some() {
            return Err(Error::field("/carer", "dead", "this person has died"));
        }
        if carer
            .birth_date
            .is_some_and(|born| born.saturating_add(jiff::Span::new().years(18)) > body.from)
        {
            return Err(Error::field(
                "/carer",
                "minor",
                "only somebody of age cares for others by an act",
            ));
        }
        if persons::runs(tx, body.person, body.carer, &body.kind, body.from)? {
            return Err(Error::field("/carer", "twice", "this tie stands already"));
        }
        let care = Care {
            id: tie,
            person: body.person,
            carer: body.carer,
            kind: body.kind.clone(),
            act,
            from: body.from,
            until: None,
            matter: Some(it.matter()),
            recorded_at: desk.now,
            recorded_by: Some(desk.session.officer),
            reason: None,
        };
        persons::begin_care(tx, &care)?;
        let (packs, scope, matter) = (&desk.house.packs, inside(desk), it.matter());
        let open = matters::open_steps(tx, packs, &scope, matter)?;
        if open.iter().any(|step| step.act == Some(LegalAct::Place)) {
            let mut fresh = desk.fresh();
            matters::advance(
                tx,
                packs,
                &scope,
                matter,
                LegalAct::Place,
                desk.done(),
                &mut fresh,
            )?;
        }
        Ok(entry("case-care-began", it).value("kind", &body.kind))
    })
    .await
}

/// A tie of care that this case began ends.
pub(super) async fn end_care(
    may: &May<WorkCases>,
    house: &House,
    (id, tie): (Id<value::Case>, Id<value::Care>),
    body: EndTie,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let row = house.clock.id();
    desk::act(desk, id, move |desk, tx, it| {
        let there = persons::care_of(tx, tie)?;
        if there.matter != Some(it.matter()) {
            return Err(Error::Missing);
        }
        if there.until.is_some() {
            return Err(Refusal::AlreadySettled.into());
        }
        let mut errors = Vec::new();
        ends(body.until, (there.from, desk.today), &mut errors);
        let reason = model::text(&body.reason, (3, 2000), "/reason", &mut errors);
        none_wrong(errors)?;
        let ended = Care {
            id: row,
            until: Some(body.until),
            reason: Some(reason),
            recorded_at: desk.now,
            recorded_by: Some(desk.session.officer),
            ..there.clone()
        };
        persons::end_care(tx, &there, &ended)?;
        Ok(entry("case-care-ended", it).value("kind", &ended.kind))
    })
    .await
}
