//! Forms of steps: what an officer fills in is held against the form, kept in versions with who handed it in, and becomes facts of the matter in
//! the transaction that completes the step.
//!
//! Whose word the facts are is the step's (`source`, that of a visit where the pack says nothing). What was found so outranks what was declared by
//! the pack's order of sources, and contradicts what it says otherwise; nothing that was declared is overwritten. Of a restricted matter only the
//! matter's own facts are written, because a dossier is open to the whole office.

use super::{model::Matter, restricted};
use crate::{
    access::{May, ReadDossiers, Scope},
    assessments::{self, About},
    audit::{self, Entry},
    facts::{self, NewFact},
    house::House,
    http::cursor,
    persons,
    problem::Error,
    protection,
    store::{Migration, Row, Tx},
    users, vals,
};
use karton_api::{
    Date, FactValue, Id, Timestamp,
    assessments::{Answer, AnswerOf},
    common::Page,
    dossiers::Purpose,
    matters::{self as wire, CompleteStep},
    persons::{Holder, SourceKind},
    problem::FieldError,
    value::{self, Fact, Officer, StepRun, StepSheet},
};
use karton_rules::pack::{Form, Pack, Step};

/// Filled forms of steps. Rows are only ever added.
pub const SHEETS: Migration = Migration::both(
    370,
    "forms filled in at steps",
    "CREATE TABLE step_sheet (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL REFERENCES matter (id), run {ID} NOT NULL REFERENCES step_run (id), step TEXT NOT NULL,
        form TEXT NOT NULL, source TEXT NOT NULL, version BIGINT NOT NULL, on_day BIGINT NOT NULL, answers TEXT NOT NULL,
        recorded_at BIGINT NOT NULL, recorded_by {ID} NOT NULL, UNIQUE (matter, step, version)
    );
    CREATE INDEX step_sheet_matter ON step_sheet (matter, id);",
);

/// What an officer hands in with a step, and ids for what is written.
#[derive(Debug, Clone)]
pub(super) struct HandedIn {
    body: CompleteStep,
    sheet: Id<StepSheet>,
    facts: Vec<Id<Fact>>,
}

impl HandedIn {
    /// Ids are fixed before the transaction, so that it can be run again.
    pub(super) fn new(clock: &crate::clock::Clock, body: CompleteStep) -> HandedIn {
        HandedIn {
            sheet: clock.id(),
            facts: body.answers.iter().map(|_| clock.id()).collect(),
            body,
        }
    }
    pub(super) fn answers(&self) -> usize {
        self.body.answers.len()
    }
}

/// Who fills in, when.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    pub(super) officer: Id<Officer>,
    pub(super) now: Timestamp,
    pub(super) today: Date,
}

fn wrong(pointer: impl Into<String>, code: &str, message: &str) -> FieldError {
    FieldError {
        pointer: pointer.into(),
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

fn none_wrong(errors: Vec<FieldError>) -> Result<(), Error> {
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

/// The form of a step: the one in force, because what is typed today has to be understood today; that of the matter's version where there is none.
pub(super) fn form_of<'p>(now: &'p Pack, then: &'p Pack, step: &Step) -> Result<Option<&'p Form>, Error> {
    let Some(id) = &step.form else { return Ok(None) };
    now.form(id)
        .or_else(|| then.form(id))
        .map(Some)
        .ok_or_else(|| Error::fault(format!("no form `{id}`")))
}

/// Checks what is handed in with a step and writes it. Every mistake is answered with its pointer, and then nothing is written.
pub(super) fn fill(
    tx: &mut Tx,
    (pack, then): (&Pack, &Pack),
    scope: &Scope,
    (matter, step, run): (&Matter, &Step, Id<StepRun>),
    handed: &HandedIn,
    by: By,
) -> Result<(), Error> {
    let body = &handed.body;
    let Some(form) = form_of(pack, then, step)? else {
        let mut errors = Vec::new();
        if body.on.is_some() {
            errors.push(wrong("/on", "unexpected", "This step has no form."));
        }
        if !body.answers.is_empty() {
            errors.push(wrong("/answers", "unexpected", "This step has no form."));
        }
        return none_wrong(errors);
    };
    let on = body.on.unwrap_or(by.today);
    if on < matter.begun_on || on > by.today {
        let says = "This day lies before the matter began, or has not come yet.";
        return Err(Error::field("/on", "range", says));
    }
    let household = persons::household(tx, scope, matter.person, by.today, by.now)?;
    let mut people = vec![persons::store::card_of(tx, scope, matter.person)?];
    for member in household.iter().flat_map(|there| &there.members) {
        if member.card.id != matter.person {
            people.push(member.card.clone());
        }
    }
    let mut known = people.clone();
    for answer in &body.answers {
        if let FactValue::Person(id) = answer.value {
            known.extend(persons::store::cards(tx, scope, &[id])?);
        }
    }
    let mut errors = assessments::check_answers(pack, form, &body.answers, &people, &known);
    let restricted = restricted::is_restricted(tx, matter.id)?;
    for (place, answer) in body.answers.iter().enumerate() {
        if answer.of == AnswerOf::Household && household.is_none() {
            let says = "This person has no household: leave the household's questions empty.";
            errors.push(wrong(format!("/answers/{place}/of"), "no-household", says));
        }
    }
    none_wrong(errors)?;
    let about = About {
        applicant: matter.person,
        matter: Some(matter.id),
        on: by.today,
        lodged: matter.begun_on,
        known_at: by.now,
    };
    let gathered = assessments::gather(tx, pack, scope, &about, &body.answers)?;
    none_wrong(assessments::unanswered(pack, form, &gathered, &body.answers))?;
    insert(tx, matter, (step, run, &form.id), on, handed, by)?;
    let mut written = Vec::new();
    for (answer, id) in body.answers.iter().zip(&handed.facts) {
        let (holder, from) = match (answer.of, &household) {
            // The claim is one thing from its beginning.
            (AnswerOf::Claim, _) => (Holder::Claim(matter.id), matter.begun_on),
            _ if restricted => continue,
            (AnswerOf::Person(person), _) => (Holder::Person(person), on),
            (AnswerOf::Household, Some(household)) => (Holder::Household(household.id), on),
            (AnswerOf::Household, None) => continue,
        };
        written.push(NewFact {
            id: *id,
            holder,
            name: answer.fact.clone(),
            value: answer.value.clone(),
            from,
            until: None,
            source: step.source,
            service: None,
            evidence: Some(handed.sheet.cast()),
            note: matter.number.clone().filter(|_| !restricted),
            fresh_until: None,
            by: Some(by.officer),
        });
    }
    facts::insert_all(tx, written.iter().map(|fact| (fact, by.now)))
}

fn insert(
    tx: &mut Tx,
    matter: &Matter,
    (step, run, form): (&Step, Id<StepRun>, &str),
    on: Date,
    handed: &HandedIn,
    by: By,
) -> Result<(), Error> {
    let before: i64 = tx
        .one(
            "SELECT count(*) FROM step_sheet WHERE matter = $1 AND step = $2",
            vals![matter.id, &step.id],
        )?
        .get(0)?;
    tx.exec(
        "INSERT INTO step_sheet (id, matter, run, step, form, source, version, on_day, answers, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vals![
            handed.sheet,
            matter.id,
            run,
            &step.id,
            form,
            facts::store::source_name(step.source),
            before + 1,
            on,
            serde_json::to_string(&handed.body.answers).map_err(Error::fault)?,
            by.now,
            by.officer
        ],
    )?;
    Ok(())
}

/// A filled form as it is stored.
struct Filled {
    id: Id<StepSheet>,
    step: String,
    form: String,
    source: String,
    version: u32,
    on: Date,
    answers: Vec<Answer>,
    recorded_at: Timestamp,
    recorded_by: Id<Officer>,
}

fn filled(row: &Row) -> Result<Filled, Error> {
    Ok(Filled {
        id: row.get(0)?,
        step: row.get(1)?,
        form: row.get(2)?,
        source: row.get(3)?,
        version: row.get(4)?,
        on: row.get(5)?,
        answers: serde_json::from_str(&row.get::<String>(6)?).map_err(Error::fault)?,
        recorded_at: row.get(7)?,
        recorded_by: row.get(8)?,
    })
}

fn source_of(name: &str) -> SourceKind {
    match name {
        "document" => SourceKind::Document,
        "finding" => SourceKind::Finding,
        "declaration" => SourceKind::Declaration,
        _ => SourceKind::Visit,
    }
}

fn shown(tx: &mut Tx, pack: &Pack, matter: &Matter, it: Filled) -> Result<wire::StepSheet, Error> {
    let mut answers = it.answers;
    protection::cover_answers(tx, matter.person, &mut answers)?;
    Ok(wire::StepSheet {
        id: it.id,
        step: it.step,
        title: pack
            .form(&it.form)
            .map(|form| form.title.0.clone())
            .unwrap_or_default(),
        form: it.form,
        version: it.version,
        source: source_of(&it.source),
        on: it.on,
        answers,
        recorded_at: it.recorded_at,
        recorded_by: users::officer_ref(tx, Some(it.recorded_by))?,
    })
}

/// The filled forms of a matter in all their versions, the newest first; looking at them is looking into the dossier.
pub(super) async fn sheets(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<value::Matter>,
    (most, before): (usize, Option<Id<StepSheet>>),
) -> Result<Page<wire::StepSheet>, Error> {
    let (scope, inside) = (may.scope(), house.clone());
    let before = before.unwrap_or(Id::from_uuid(uuid::Uuid::max()));
    let limit = i64::try_from(most + 1).unwrap_or(201);
    let (items, person, restricted) = house
        .store
        .read(move |tx| {
            let matter = super::store::load(tx, &scope, id)?;
            let pack = super::store::pack_of(tx, &inside.packs, &matter)?;
            let rows = tx.query(
                "SELECT id, step, form, source, version, on_day, answers, recorded_at, recorded_by FROM step_sheet
                 WHERE matter = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                vals![id, before, limit],
            )?;
            let mut items = Vec::new();
            for row in &rows {
                let it = filled(row)?;
                let titled = if inside.pack.form(&it.form).is_some() {
                    &inside.pack
                } else {
                    &pack
                };
                items.push(shown(tx, titled, &matter, it)?);
            }
            let restricted = restricted::is_restricted(tx, id)?;
            Ok::<_, Error>((items, matter.person, restricted))
        })
        .await?;
    looked(may, house, (id, person, restricted)).await?;
    Ok(cursor::page(items, most, |sheet| sheet.id))
}

/// The entry of a look: that of a restricted matter stands under it, where only those see it who are named.
pub async fn looked<P: crate::access::Permission>(
    may: &May<P>,
    house: &House,
    (id, person, restricted): (Id<value::Matter>, Id<value::Person>, bool),
) -> Result<(), Error> {
    if restricted {
        let entry = Entry::of("matter-looked").person(person).matter(id);
        return audit::enter(&house.store, may.actor(), house.clock.now(), entry).await;
    }
    house
        .looks
        .looked(house, may.actor(), person, Purpose::default())
        .await
}
