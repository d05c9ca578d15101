//! Taking a case in, opening it, closing it, sending it back, taking it up again.

use super::{
    desk::{self, Ids, Way, code, entry, fit, inside, none_wrong},
    model::{self, Closing, Opening, Stage},
    people, sheets,
    store::{self, SocialCase, Standing},
    view,
};
use crate::{
    access::{LeadCases, May, Scope, TakeCases},
    applications::Desk,
    audit,
    house::House,
    http,
    matters::{self, Matter, NamedOn},
    persons,
    problem::{Error, Refusal},
    store::{Tx, numbers},
    users,
};
use karton_api::{
    FactValue, Id,
    cases::{self as wire, CaseState, CloseCase, NewCase, OpenCase, PlanState},
    common::Reason,
    persons::SourceKind,
    session::Role,
    value::{self, Officer},
};
use karton_rules::pack::{HolderKind, LegalAct, Pack};

/// The day before which nothing of a case was reported, in days before today.
const EARLIEST_DAYS: i32 = 3650;

/// Takes a case in: its matter begins, its number is drawn. Refuses with `OwnDossier`, and with `CaseRunning` where one of the same kind runs
/// for the same person (never for restricted cases: the answer would tell that there is one).
pub(super) async fn report(may: &May<TakeCases>, house: &House, body: NewCase) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let matter = house.clock.id();
    let ids = Ids::new(&house.clock, body.answers.len() + body.people.len() + 8);
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut ids = ids.clone();
        let pack = &desk.house.pack;
        let unknown = || Error::field("/procedure", "unknown", "the catalogue has no such kind of case");
        let procedure = pack
            .procedure(&body.procedure)
            .filter(|procedure| procedure.case.is_some())
            .ok_or_else(unknown)?;
        let way = Way::new(pack, &procedure.id);
        let rules = way.rules()?;
        let mut errors = Vec::new();
        code(pack, "case_ways", &body.way, "/way", &mut errors);
        code(pack, "case_reasons", &body.reason, "/reason", &mut errors);
        code(pack, "case_priorities", &body.priority, "/priority", &mut errors);
        let note = model::optional(body.note.as_ref(), 4000, "/note", &mut errors);
        let earliest = desk
            .today
            .checked_sub(jiff::Span::new().days(EARLIEST_DAYS))
            .unwrap_or(desk.today);
        let on = model::happened(body.on, (earliest, desk.today), "/on", &mut errors);
        if rules.restricted && body.supervisor.is_none() {
            errors.push(model::wrong(
                "/supervisor",
                "required",
                "say who decides on it: nobody else will see this case",
            ));
        }
        none_wrong(errors)?;
        let missing = |error: Error| match error {
            Error::Missing => Error::field("/person", "unknown", "there is no such dossier in this office"),
            other => other,
        };
        persons::store::holding_office(tx, &desk.scope, body.person).map_err(missing)?;
        persons::not_own(tx, desk.session.officer, body.person)?;
        tx.hold("person", body.person)?;
        if !rules.restricted && running(tx, &desk, &body)? {
            return Err(Refusal::CaseRunning.into());
        }
        let mut it = SocialCase {
            id: matter,
            revision: 1,
            office: desk.session.office,
            procedure: procedure.id.clone(),
            person: body.person,
            // Drawn last; until then its own id stands in its place.
            number: matter.to_string(),
            stage: Stage::Reported,
            way: body.way.clone(),
            reason: body.reason.clone(),
            priority: body.priority.clone(),
            note,
            reported_on: on,
            reported_at: desk.now,
            reported_by: desk.session.officer,
            phase: None,
            due_on: None,
            restricted: rules.restricted,
        };
        if pack.fact(HolderKind::Claim, "case_priority").is_some() {
            let value = FactValue::Code(body.priority.clone());
            sheets::claim_fact(&desk, tx, &it, ("case_priority", value), &mut ids, desk.now)?;
        }
        begin(tx, &desk, &it, &way, &body, &mut ids)?;
        if let Some(supervisor) = body.supervisor {
            fit(
                tx,
                supervisor,
                it.office,
                &[Role::Approver],
                it.person,
                "/supervisor",
            )?;
            if it.restricted && supervisor != desk.session.officer {
                name(tx, &desk, &it, supervisor, "supervisor", &mut ids)?;
            }
        }
        store::insert(tx, &it)?;
        let subject = Standing {
            id: ids.take()?,
            role: people::SUBJECT.to_owned(),
            person: Some(it.person),
            name: None,
            note: None,
            from: it.reported_on,
            until: None,
            reason: None,
        };
        store::insert_standing(tx, it.matter(), &subject, (desk.session.officer, desk.now))?;
        for (place, participant) in body.people.iter().enumerate() {
            people::take_in(
                &desk,
                tx,
                &it,
                rules,
                participant,
                &format!("/people/{place}"),
                &mut ids,
            )?;
        }
        let first = procedure
            .steps
            .first()
            .map(|step| (step.id.as_str(), step.form.as_deref()));
        if let Some((step, Some(form))) = first {
            let named: Vec<_> = body
                .people
                .iter()
                .filter_map(|participant| participant.person)
                .collect();
            let about = (it.person, named.as_slice(), Some(it.matter()));
            sheets::check(&desk, tx, &way, about, form, &body.answers)?;
            let filling = sheets::Filling {
                form,
                step: Some(step),
                on,
                answers: &body.answers,
                source: SourceKind::Declaration,
            };
            sheets::keep(&desk, tx, &it, &filling, &mut ids)?;
        } else if !body.answers.is_empty() {
            return Err(Error::field(
                "/answers",
                "unknown",
                "this kind of case has no form to begin with",
            ));
        }
        it.number = number(tx, &desk, &it, &rules.series)?;
        matters::store::set_number(tx, it.matter(), &it.number)?;
        desk::save(&desk, tx, &mut it)?;
        let entry = entry("case-reported", &it)
            .value("procedure", &it.procedure)
            .value("way", &it.way);
        Ok((
            view::see(tx, &desk.house, &inside(&desk), &desk.session, &it, desk.now)?,
            entry,
        ))
    })
    .await
}

/// Whether a case of the same kind runs for the same person within the scope.
fn running(tx: &mut Tx, desk: &Desk, body: &NewCase) -> Result<bool, Error> {
    let wanted = store::Wanted {
        person: Some(body.person),
        limit: 200,
        ..store::Wanted::default()
    };
    let found = store::page(tx, &desk.scope, &wanted)?;
    Ok(found.iter().any(|it| {
        it.person == body.person && it.procedure == body.procedure && it.stage.state() != CaseState::Closed
    }))
}

/// The matter begins, restricted from its first moment where its kind is; the step that reporting completes is done at once.
fn begin(
    tx: &mut Tx,
    desk: &Desk,
    it: &SocialCase,
    way: &Way,
    body: &NewCase,
    ids: &mut Ids,
) -> Result<(), Error> {
    let (pack, procedure): (&Pack, _) = (&way.pack, way.procedure()?);
    let matter = Matter {
        id: it.matter(),
        revision: 1,
        office: it.office,
        procedure: procedure.id.clone(),
        version: procedure.version,
        pack: pack.hash.clone(),
        person: it.person,
        benefit: None,
        number: None,
        begun_at: desk.now,
        begun_on: desk.today,
        ended_at: None,
    };
    let mut fresh = desk.fresh();
    matters::begin(tx, pack, matter, &mut fresh)?;
    if it.restricted {
        matters::restrict(tx, it.matter(), desk.now)?;
        let capacity = if body.supervisor == Some(desk.session.officer) {
            "supervisor"
        } else {
            "intake"
        };
        name(tx, desk, it, desk.session.officer, capacity, ids)?;
    }
    matters::advance(
        tx,
        &desk.house.packs,
        &inside(desk),
        it.matter(),
        LegalAct::Report,
        desk.done(),
        &mut fresh,
    )
}

/// Names an officer on a restricted case by an act whose reason is the act itself.
fn name(
    tx: &mut Tx,
    desk: &Desk,
    it: &SocialCase,
    officer: Id<Officer>,
    capacity: &str,
    ids: &mut Ids,
) -> Result<(), Error> {
    let named = NamedOn {
        id: ids.take()?,
        officer,
        capacity: capacity.to_owned(),
        reason: capacity.to_owned(),
        from: desk.now,
        until: None,
        by: Some(desk.session.officer),
    };
    matters::name(tx, it.matter(), &named)
}

/// `CSR-01-SR-2025/4`, from the series of the legal body, the kind of case and the year.
fn number(tx: &mut Tx, desk: &Desk, it: &SocialCase, series: &str) -> Result<String, Error> {
    let body = desk
        .house
        .offices
        .body(it.office)
        .ok_or_else(|| Error::fault("an office without a legal body"))?;
    let year = desk.today.year();
    let number = numbers::draw(tx, &body.code, series, year)?;
    Ok(format!("{}-{series}-{year}/{number}", body.code))
}

/// Opens what was reported and gives it to a caseworker. On a restricted case the one who leads it is named, and whoever took it in is so no
/// longer.
pub(super) async fn open(
    may: &May<LeadCases>,
    house: &House,
    id: Id<value::Case>,
    body: OpenCase,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let ids = Ids::new(&house.clock, 2);
    desk::act(desk, id, move |desk, tx, it| {
        let mut ids = ids.clone();
        let mut errors = Vec::new();
        let note = model::optional(body.note.as_ref(), 2000, "/note", &mut errors);
        none_wrong(errors)?;
        let opening = Opening {
            on: desk.today,
            by: desk.session.officer,
            note,
            lead: body.lead,
        };
        it.stage = it.stage.clone().open(opening)?;
        fit(tx, body.lead, it.office, &[Role::Caseworker], it.person, "/lead")?;
        if it.restricted {
            let there = matters::named(tx, it.matter())?;
            let runs = |named: &&NamedOn| named.until.is_none_or(|until| until > desk.now);
            for named in there
                .iter()
                .filter(runs)
                .filter(|named| named.capacity == "intake")
            {
                matters::end_name(tx, it.matter(), named.id, desk.session.officer, desk.now)?;
            }
            name(tx, desk, it, body.lead, "lead", &mut ids)?;
        }
        let mut fresh = desk.fresh();
        matters::advance(
            tx,
            &desk.house.packs,
            &inside(desk),
            it.matter(),
            LegalAct::Open,
            desk.done(),
            &mut fresh,
        )?;
        Ok(entry("case-opened", it).value("lead", body.lead))
    })
    .await
}

/// Closes a case that was proposed for it: never by the officer who proposed it.
pub(super) async fn close(
    may: &May<LeadCases>,
    house: &House,
    id: Id<value::Case>,
    body: CloseCase,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    desk::act(desk, id, move |desk, tx, it| {
        it.stage.worked_on()?;
        let mut errors = Vec::new();
        code(
            &desk.house.pack,
            "closing_reasons",
            &body.reason,
            "/reason",
            &mut errors,
        );
        let on = model::happened(body.on, (it.reported_on, desk.today), "/on", &mut errors);
        let text = model::text(&body.text, (3, 4000), "/text", &mut errors);
        none_wrong(errors)?;
        let (packs, scope, matter) = (&desk.house.packs, inside(desk), it.matter());
        let mut fresh = desk.fresh();
        matters::advance(
            tx,
            packs,
            &scope,
            matter,
            LegalAct::Close,
            desk.done(),
            &mut fresh,
        )?;
        matters::end(tx, packs, &scope, matter, &text, desk.done())?;
        store::drop_open(tx, matter, (desk.session.officer, desk.now), desk.today)?;
        it.stage = it.stage.clone().close(Closing {
            on,
            by: desk.session.officer,
            reason: body.reason.clone(),
            text,
        })?;
        Ok(entry("case-closed", it).value("reason", &body.reason))
    })
    .await
}

/// Sends back what waits for the supervisor: a plan to be made again, a case that is not closed yet.
pub(super) async fn send_back(
    may: &May<LeadCases>,
    house: &House,
    id: Id<value::Case>,
    body: Reason,
) -> Result<wire::Case, Error> {
    let why = http::reason(&body.reason, "/reason")?;
    let desk = Desk::of(may, house);
    desk::act(desk, id, move |desk, tx, it| {
        it.stage.worked_on()?;
        let (packs, scope, matter) = (&desk.house.packs, inside(desk), it.matter());
        let open = matters::open_steps(tx, packs, &scope, matter)?;
        let waits = open
            .iter()
            .find(|step| matches!(step.act, Some(LegalAct::Approve | LegalAct::Close)))
            .ok_or(Refusal::StepNotOpen)?;
        if waits.act == Some(LegalAct::Approve) {
            let proposed = store::plans(tx, matter)?
                .into_iter()
                .find(|plan| plan.state == PlanState::Proposed)
                .ok_or(Refusal::StepNotOpen)?;
            let back = proposed.send_back(desk.session.officer, desk.now, why.clone())?;
            store::decide_plan(tx, &back)?;
        }
        let to = Way::of(desk, tx, it)?.instead(&waits.step, None)?;
        let mut fresh = desk.fresh();
        matters::branch(tx, packs, &scope, matter, &to, &why, desk.done(), &mut fresh)?;
        Ok(entry("case-returned", it).value("step", &waits.step))
    })
    .await
}

/// Takes a closed case up again, with whoever led it; it goes on with what follows its opening.
pub(super) async fn reopen(
    may: &May<LeadCases>,
    house: &House,
    id: Id<value::Case>,
    body: Reason,
) -> Result<wire::Case, Error> {
    let why = http::reason(&body.reason, "/reason")?;
    let desk = Desk::of(may, house);
    desk::act(desk, id, move |desk, tx, it| {
        it.stage = it.stage.clone().reopen()?;
        let way = Way::of(desk, tx, it)?;
        let opening = way
            .procedure()?
            .steps
            .iter()
            .find(|step| step.act == Some(LegalAct::Open))
            .ok_or(Refusal::CannotReopen)?;
        let (packs, scope) = (&desk.house.packs, inside(desk));
        let mut fresh = desk.fresh();
        matters::resume(
            tx,
            packs,
            &scope,
            it.matter(),
            &opening.id,
            &why,
            desk.done(),
            &mut fresh,
        )?;
        Ok(entry("case-reopened", it))
    })
    .await
}

/// Officers of this office, those above it and below it, who can lead a case or decide on one.
pub(super) fn officers(tx: &mut Tx, scope: &Scope) -> Result<Vec<wire::CaseOfficer>, Error> {
    let rows = tx.query(
        "SELECT DISTINCT o.id, o.name, r.role FROM officer o JOIN officer_role r ON r.officer = o.id
         WHERE o.disabled = 0 AND r.role IN ('caseworker', 'approver', 'auditor')
            AND (EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = r.office AND t.office = $1)
                OR EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = r.office))
         ORDER BY o.name, o.id, r.role LIMIT 600",
        crate::vals![scope.val()],
    )?;
    let mut found: Vec<wire::CaseOfficer> = Vec::new();
    for row in &rows {
        let id: Id<Officer> = row.get(0)?;
        let role: String = row.get(2)?;
        if found.last().is_none_or(|last| last.officer.id != id) {
            found.push(wire::CaseOfficer {
                officer: users::officer_as(Some(id), row.get(1)?),
                leads: false,
                supervises: false,
            });
        }
        if let Some(last) = found.last_mut() {
            last.leads |= role == "caseworker";
            last.supervises |= role == "approver";
        }
    }
    found.truncate(200);
    Ok(found)
}
