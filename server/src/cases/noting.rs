//! What is written down as the work goes on: contacts, visits, notes, activities carried out, and the monitoring list.

use super::{
    desk::{self, Ids, Way, code, entry, inside, none_wrong, works_on},
    model, sheets,
    store::{self, SocialCase, Watched, Written},
    view,
};
use crate::{
    access::{May, WorkCases},
    applications::Desk,
    house::House,
    matters,
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{
    Date, Id,
    cases::{self as wire, ActivityState, ChangeNote, NewNote, NewWatch, NoteKind, Realise, SettleWatch},
    persons::SourceKind,
    value::{self, Activity, Note, Watch},
};

/// Writes down a contact, a visit or a note. A visit's form that was filled in on the spot is kept with it, and its facts come from the visit;
/// the line of the monitoring list that it does is done; the terms that watch for such a contact count anew.
pub(super) async fn write(
    may: &May<WorkCases>,
    house: &House,
    id: Id<value::Case>,
    body: NewNote,
) -> Result<wire::Note, Error> {
    let desk = Desk::of(may, house);
    let ids = Ids::new(&house.clock, body.answers.as_ref().map_or(0, Vec::len) + 4);
    desk::change(desk, id, move |desk, tx, it| {
        let mut ids = ids.clone();
        it.stage.not_closed()?;
        let contact = body.kind == NoteKind::Contact;
        let mut errors = Vec::new();
        match (&body.code, body.kind) {
            (Some(kind), NoteKind::Contact) => {
                code(&desk.house.pack, "contact_kinds", kind, "/code", &mut errors);
            }
            (None, NoteKind::Contact) => errors.push(model::wrong(
                "/code",
                "required",
                "say what kind of contact it was",
            )),
            (Some(_), NoteKind::Note) => errors.push(model::wrong("/code", "unknown", "a note has no kind")),
            (None, NoteKind::Note) => {}
            _ => errors.push(model::wrong(
                "/kind",
                "unknown",
                "this is written down by an act of its own",
            )),
        }
        let on = model::happened(body.on, (it.reported_on, desk.today), "/on", &mut errors);
        let time = model::time_of_day(body.time.as_ref(), "/time", &mut errors);
        let who = model::optional(body.who.as_ref(), 500, "/who", &mut errors);
        if contact && who.is_none() {
            errors.push(model::wrong("/who", "required", "say with whom"));
        }
        let text = model::text(&body.text, (3, 4000), "/text", &mut errors);
        let next_step = model::optional(body.next_step.as_ref(), 1000, "/next_step", &mut errors);
        none_wrong(errors)?;
        let sheet = match &body.answers {
            Some(answers) if contact => Some(visit_form(desk, tx, it, answers, on, &mut ids)?),
            Some(_) => return Err(Error::field("/answers", "unknown", "a note has no form")),
            None => None,
        };
        let note = ids.take()?;
        let written = Written {
            code: body.code.clone(),
            time,
            who,
            next_step,
            sheet,
            ..Written::new(
                note,
                body.kind,
                on,
                text.clone(),
                (desk.session.officer, desk.now),
            )
        };
        store::insert_note(tx, it.matter(), &written)?;
        if let Some(watch) = body.watch {
            let watch = store::open_watch(tx, it.matter(), watch)
                .map_err(|_| Error::field("/watch", "unknown", "this is not open on the monitoring list"))?;
            settle(desk, tx, it, &watch, ("done", on, &text), &mut ids)?;
        }
        if let (true, Some(kind)) = (contact, &body.code) {
            matters::renew(tx, &desk.house.packs, &inside(desk), it.matter(), kind, on)?;
        }
        desk::save(desk, tx, it)?;
        let what = if contact { "case-contact" } else { "case-note" };
        let entry = entry(what, it).value("kind", body.code.as_deref().unwrap_or("note"));
        Ok((view::note(tx, &written)?, entry))
    })
    .await
}

fn visit_form(
    desk: &Desk,
    tx: &mut Tx,
    it: &SocialCase,
    answers: &[karton_api::assessments::Answer],
    on: Date,
    ids: &mut Ids,
) -> Result<Id<Note>, Error> {
    let way = Way::of(desk, tx, it)?;
    let form = way
        .rules()?
        .visit
        .clone()
        .ok_or_else(|| Error::field("/answers", "unknown", "visits of such a case have no form"))?;
    let people: Vec<_> = store::standings(tx, it.matter())?
        .into_iter()
        .filter_map(|standing| standing.person)
        .collect();
    sheets::check(
        desk,
        tx,
        &way,
        (it.person, &people, Some(it.matter())),
        &form,
        answers,
    )?;
    let filling = sheets::Filling {
        form: &form,
        step: None,
        on,
        answers,
        source: SourceKind::Visit,
    };
    sheets::keep(desk, tx, it, &filling, ids)
}

/// Corrects what was written down: a new version, which takes the place of the one that was seen.
pub(super) async fn correct(
    may: &May<WorkCases>,
    house: &House,
    (id, thing): (Id<value::Case>, Id<Note>),
    seen: i64,
    body: ChangeNote,
) -> Result<wire::Note, Error> {
    let desk = Desk::of(may, house);
    let row = house.clock.id();
    desk::change(desk, id, move |desk, tx, it| {
        let before = store::versions(tx, it.matter(), thing)?
            .into_iter()
            .find(|version| version.replaced_at.is_none())
            .ok_or(Error::Missing)?;
        if i64::from(before.version) != seen {
            return Err(Error::Changed(i64::from(before.version)));
        }
        let mut errors = Vec::new();
        let on = model::happened(Some(body.on), (it.reported_on, desk.today), "/on", &mut errors);
        let time = model::time_of_day(body.time.as_ref(), "/time", &mut errors);
        let who = model::optional(body.who.as_ref(), 500, "/who", &mut errors);
        let text = model::text(&body.text, (3, 4000), "/text", &mut errors);
        let next_step = model::optional(body.next_step.as_ref(), 1000, "/next_step", &mut errors);
        none_wrong(errors)?;
        let written = Written {
            id: row,
            on,
            time,
            who,
            text,
            next_step,
            version: before.version + 1,
            recorded_at: desk.now,
            recorded_by: desk.session.officer,
            ..before
        };
        store::insert_note(tx, it.matter(), &written)?;
        store::save(tx, it)?;
        let entry = entry("case-note-corrected", it).value("version", written.version);
        Ok((view::note(tx, &written)?, entry))
    })
    .await
}

/// An activity of the plan in force was carried out, in part or not at all.
pub(super) async fn realise(
    may: &May<WorkCases>,
    house: &House,
    (id, activity): (Id<value::Case>, Id<Activity>),
    body: Realise,
) -> Result<wire::Note, Error> {
    let desk = Desk::of(may, house);
    let note = house.clock.id();
    desk::change(desk, id, move |desk, tx, it| {
        it.stage.worked_on()?;
        let states = store::activity_states(tx, it.matter())?;
        match states.get(&activity) {
            None => return Err(Error::Missing),
            Some(ActivityState::Open) => {}
            Some(_) => return Err(Refusal::AlreadySettled.into()),
        }
        let mut errors = Vec::new();
        if matches!(body.state, ActivityState::Open | ActivityState::Dropped) {
            errors.push(model::wrong(
                "/state",
                "unknown",
                "an activity is done, partly done or not done",
            ));
        }
        let on = model::happened(body.on, (it.reported_on, desk.today), "/on", &mut errors);
        let text = model::text(&body.text, (3, 4000), "/text", &mut errors);
        none_wrong(errors)?;
        store::set_activity(tx, activity, body.state)?;
        let state = store::activity_name(body.state);
        let written = Written {
            code: Some(state.to_owned()),
            activity: Some(activity),
            ..Written::new(
                note,
                NoteKind::Activity,
                on,
                text,
                (desk.session.officer, desk.now),
            )
        };
        store::insert_note(tx, it.matter(), &written)?;
        desk::save(desk, tx, it)?;
        Ok((
            view::note(tx, &written)?,
            entry("case-activity", it).value("state", state),
        ))
    })
    .await
}

/// Puts something on the monitoring list.
pub(super) async fn watch(
    may: &May<WorkCases>,
    house: &House,
    id: Id<value::Case>,
    body: NewWatch,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let row = house.clock.id();
    desk::act(desk, id, move |desk, tx, it| {
        it.stage.not_closed()?;
        let mut errors = Vec::new();
        code(&desk.house.pack, "watch_kinds", &body.kind, "/kind", &mut errors);
        let what = model::text(&body.what, (3, 500), "/what", &mut errors);
        let time = model::time_of_day(body.time.as_ref(), "/time", &mut errors);
        model::ahead(body.due_on, desk.today, "/due_on", &mut errors);
        if body.every_days.is_some_and(|days| !(1..=730).contains(&days)) {
            errors.push(model::wrong("/every_days", "range", "1 to 730 days"));
        }
        none_wrong(errors)?;
        if let Some(officer) = body.officer {
            works_on(desk, tx, it, officer, "/officer")?;
        }
        let watch = Watched {
            id: row,
            kind: body.kind.clone(),
            what,
            due_on: body.due_on,
            time,
            officer: body.officer,
            every_days: body.every_days,
        };
        store::insert_watch(tx, it.matter(), &watch, (desk.session.officer, desk.now))?;
        Ok(entry("case-watched", it).value("kind", &body.kind))
    })
    .await
}

/// A line of the monitoring list is done, or needed no longer. What comes again is put on it anew.
pub(super) async fn settle_watch(
    may: &May<WorkCases>,
    house: &House,
    (id, watch): (Id<value::Case>, Id<Watch>),
    body: SettleWatch,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let ids = Ids::new(&house.clock, 1);
    desk::act(desk, id, move |desk, tx, it| {
        let watch = store::open_watch(tx, it.matter(), watch)?;
        let mut errors = Vec::new();
        let on = model::happened(body.on, (it.reported_on, desk.today), "/on", &mut errors);
        let text = model::text(&body.text, (3, 2000), "/text", &mut errors);
        none_wrong(errors)?;
        let state = if body.dropped { "dropped" } else { "done" };
        settle(desk, tx, it, &watch, (state, on, &text), &mut ids.clone())?;
        Ok(entry("case-watch-settled", it).value("state", state))
    })
    .await
}

fn settle(
    desk: &Desk,
    tx: &mut Tx,
    it: &SocialCase,
    watch: &Watched,
    (state, on, text): (&str, Date, &str),
    ids: &mut Ids,
) -> Result<(), Error> {
    let by = (desk.session.officer, desk.now);
    store::settle_watch(tx, watch.id, (state, on, text), by)?;
    let next = watch
        .every_days
        .filter(|_| state == "done")
        .and_then(|every| model::again(on, every));
    if let Some(due_on) = next {
        let again = Watched {
            id: ids.take()?,
            due_on,
            ..watch.clone()
        };
        store::insert_watch(tx, it.matter(), &again, by)?;
    }
    Ok(())
}
