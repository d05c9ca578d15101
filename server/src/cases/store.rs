//! The SQL of cases.

use super::model::{Closing, Opening, PlanBody, PlanVersion, Stage};
use crate::{
    access::Scope,
    matters,
    problem::Error,
    store::{Row, Tx, Val},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    assessments::Answer,
    cases::{ActivityState, CaseState, NoteKind, PlanState},
    value::{self, Activity, Matter, Note, Office, Officer, Participant, Person, Watch},
};

/// A case as it is stored.
#[derive(Debug, Clone)]
pub(super) struct SocialCase {
    pub(super) id: Id<value::Case>,
    pub(super) revision: i64,
    pub(super) office: Id<Office>,
    pub(super) procedure: String,
    pub(super) person: Id<Person>,
    pub(super) number: String,
    pub(super) stage: Stage,
    pub(super) way: String,
    pub(super) reason: String,
    pub(super) priority: String,
    pub(super) note: Option<String>,
    pub(super) reported_on: Date,
    pub(super) reported_at: Timestamp,
    pub(super) reported_by: Id<Officer>,
    /// The key of the most urgent open step,
    pub(super) phase: Option<String>,
    /// and the last day of its term.
    pub(super) due_on: Option<Date>,
    pub(super) restricted: bool,
}

impl SocialCase {
    pub(super) fn matter(&self) -> Id<Matter> {
        self.id.cast()
    }
    pub(super) fn lead(&self) -> Option<Id<Officer>> {
        self.stage.opening().map(|opening| opening.lead)
    }
}

const COLUMNS: &str = "c.id, c.revision, c.office, c.procedure, c.person, c.number, c.state, c.way, c.reason, c.priority, c.note, \
     c.reported_on, c.reported_at, c.reported_by, c.lead_officer, c.opened_on, c.opened_by, c.opened_note, c.closed_on, c.closed_by, \
     c.closed_reason, c.closed_text, c.phase, c.due_on, EXISTS (SELECT 1 FROM restricted_matter x WHERE x.matter = c.id)";

pub(super) fn state_name(state: CaseState) -> &'static str {
    match state {
        CaseState::Reported => "reported",
        CaseState::Open => "open",
        CaseState::Closed => "closed",
    }
}

fn case(row: &Row) -> Result<SocialCase, Error> {
    let broken = || Error::fault("a case without what its state needs");
    let lead: Option<Id<Officer>> = row.get(14)?;
    let opening = match (
        lead,
        row.get::<Option<Date>>(15)?,
        row.get::<Option<Id<Officer>>>(16)?,
    ) {
        (Some(lead), Some(on), Some(by)) => Some(Opening {
            on,
            by,
            note: row.get(17)?,
            lead,
        }),
        _ => None,
    };
    let stage = match row.get::<String>(6)?.as_str() {
        "reported" => Stage::Reported,
        "open" => Stage::Open(opening.ok_or_else(broken)?),
        "closed" => Stage::Closed(
            opening,
            Closing {
                on: row.get::<Option<Date>>(18)?.ok_or_else(broken)?,
                by: row.get::<Option<Id<Officer>>>(19)?.ok_or_else(broken)?,
                reason: row.get::<Option<String>>(20)?.ok_or_else(broken)?,
                text: row.get::<Option<String>>(21)?.ok_or_else(broken)?,
            },
        ),
        other => return Err(Error::fault(format!("a case cannot be `{other}`"))),
    };
    Ok(SocialCase {
        id: row.get(0)?,
        revision: row.get(1)?,
        office: row.get(2)?,
        procedure: row.get(3)?,
        person: row.get(4)?,
        number: row.get(5)?,
        stage,
        way: row.get(7)?,
        reason: row.get(8)?,
        priority: row.get(9)?,
        note: row.get(10)?,
        reported_on: row.get(11)?,
        reported_at: row.get(12)?,
        reported_by: row.get(13)?,
        phase: row.get(22)?,
        due_on: row.get(23)?,
        restricted: row.get(24)?,
    })
}

/// A case that exists for whoever looks; [`Error::Missing`] otherwise.
pub(super) fn load(tx: &mut Tx, scope: &Scope, id: Id<value::Case>) -> Result<SocialCase, Error> {
    let mut values = vec![scope.val(), id.into()];
    let seen = matters::seen(scope, "c.id", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM social_case c WHERE c.id = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = c.office) AND {seen}"
    );
    tx.opt(&sql, &values)?
        .map_or(Err(Error::Missing), |row| case(&row))
}

/// Which cases of a list.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) lead: Option<Id<Officer>>,
    pub(super) state: Option<CaseState>,
    pub(super) person: Option<Id<Person>>,
    /// Those before this one: the newest stand first.
    pub(super) before: Option<Id<value::Case>>,
    pub(super) limit: usize,
}

pub(super) fn page(tx: &mut Tx, scope: &Scope, wanted: &Wanted) -> Result<Vec<SocialCase>, Error> {
    let mut values = vec![scope.val()];
    let mut bind = |value: Val| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut sql = format!(
        "SELECT {COLUMNS} FROM social_case c WHERE EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = c.office)"
    );
    sql.push_str(&matters::seen_by(scope, "c.id", &mut bind));
    if let Some(lead) = wanted.lead {
        sql.push_str(&format!(" AND c.lead_officer = {}", bind(lead.into())));
    }
    if let Some(state) = wanted.state {
        sql.push_str(&format!(" AND c.state = {}", bind(state_name(state).into())));
    }
    if let Some(person) = wanted.person {
        let person = bind(person.into());
        sql.push_str(&format!(
            " AND (c.person = {person} OR c.id IN (SELECT p.matter FROM case_person p WHERE p.person = {person} AND p.replaced_at IS NULL))"
        ));
    }
    if let Some(before) = wanted.before {
        sql.push_str(&format!(" AND c.id < {}", bind(before.into())));
    }
    let limit = bind(i64::try_from(wanted.limit).unwrap_or(201).into());
    sql.push_str(&format!(" ORDER BY c.id DESC LIMIT {limit}"));
    tx.query(&sql, &values)?.iter().map(case).collect()
}

pub(super) fn insert(tx: &mut Tx, it: &SocialCase) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO social_case (id, revision, office, procedure, person, number, state, way, reason, priority, note, reported_on, reported_at,
            reported_by, phase, due_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        vals![
            it.id,
            it.revision,
            it.office,
            &it.procedure,
            it.person,
            &it.number,
            state_name(it.stage.state()),
            &it.way,
            &it.reason,
            &it.priority,
            it.note.clone(),
            it.reported_on,
            it.reported_at,
            it.reported_by,
            it.phase.clone(),
            it.due_on
        ],
    )?;
    Ok(())
}

pub(super) fn save(tx: &mut Tx, it: &mut SocialCase) -> Result<(), Error> {
    let opening = it.stage.opening().cloned();
    let closing = match &it.stage {
        Stage::Closed(_, closing) => Some(closing.clone()),
        _ => None,
    };
    let changed = tx.exec(
        "UPDATE social_case SET revision = revision + 1, state = $3, lead_officer = $4, opened_on = $5, opened_by = $6, opened_note = $7,
            closed_on = $8, closed_by = $9, closed_reason = $10, closed_text = $11, phase = $12, due_on = $13, number = $14
         WHERE id = $1 AND revision = $2",
        vals![
            it.id,
            it.revision,
            state_name(it.stage.state()),
            opening.as_ref().map(|it| it.lead),
            opening.as_ref().map(|it| it.on),
            opening.as_ref().map(|it| it.by),
            opening.and_then(|it| it.note),
            closing.as_ref().map(|it| it.on),
            closing.as_ref().map(|it| it.by),
            closing.as_ref().map(|it| it.reason.clone()),
            closing.map(|it| it.text),
            it.phase.clone(),
            it.due_on,
            &it.number
        ],
    )?;
    if changed == 0 {
        return Err(Error::Changed(it.revision + 1));
    }
    it.revision += 1;
    Ok(())
}

/// Somebody who stands in a case.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) id: Id<Participant>,
    pub(super) role: String,
    pub(super) person: Option<Id<Person>>,
    pub(super) name: Option<String>,
    pub(super) note: Option<String>,
    pub(super) from: Date,
    pub(super) until: Option<Date>,
    pub(super) reason: Option<String>,
}

pub(super) fn insert_standing(
    tx: &mut Tx,
    matter: Id<Matter>,
    it: &Standing,
    (by, now): (Id<Officer>, Timestamp),
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO case_person (id, matter, role, person, name, note, from_day, until_day, recorded_at, recorded_by, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vals![
            it.id,
            matter,
            &it.role,
            it.person,
            it.name.clone(),
            it.note.clone(),
            it.from,
            it.until,
            now,
            by,
            it.reason.clone()
        ],
    )?;
    Ok(())
}

pub(super) fn close_standing(tx: &mut Tx, id: Id<Participant>, now: Timestamp) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_person SET replaced_at = $2 WHERE id = $1 AND replaced_at IS NULL",
        vals![id, now],
    )?;
    Ok(())
}

/// Everybody who stands in a case as it is known now, or stood.
pub(super) fn standings(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<Standing>, Error> {
    tx.query(
        "SELECT id, role, person, name, note, from_day, until_day, reason FROM case_person WHERE matter = $1 AND replaced_at IS NULL
         ORDER BY from_day, id LIMIT 500",
        vals![matter],
    )?
    .iter()
    .map(|row| {
        Ok(Standing {
            id: row.get(0)?,
            role: row.get(1)?,
            person: row.get(2)?,
            name: row.get(3)?,
            note: row.get(4)?,
            from: row.get(5)?,
            until: row.get(6)?,
            reason: row.get(7)?,
        })
    })
    .collect()
}

/// A filled form.
#[derive(Debug, Clone)]
pub(super) struct FilledSheet {
    pub(super) id: Id<Note>,
    pub(super) thing: Id<Note>,
    pub(super) form: String,
    pub(super) step: Option<String>,
    pub(super) version: u32,
    pub(super) on: Date,
    pub(super) answers: Vec<Answer>,
    pub(super) recorded_at: Timestamp,
    pub(super) recorded_by: Id<Officer>,
}

pub(super) fn insert_sheet(tx: &mut Tx, matter: Id<Matter>, it: &FilledSheet) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_sheet SET replaced_at = $2 WHERE thing = $1 AND replaced_at IS NULL",
        vals![it.thing, it.recorded_at],
    )?;
    tx.exec(
        "INSERT INTO case_sheet (id, thing, matter, form, step, version, on_day, answers, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![
            it.id,
            it.thing,
            matter,
            &it.form,
            it.step.clone(),
            it.version,
            it.on,
            serde_json::to_string(&it.answers).map_err(Error::fault)?,
            it.recorded_at,
            it.recorded_by
        ],
    )?;
    Ok(())
}

fn sheet(row: &Row) -> Result<FilledSheet, Error> {
    Ok(FilledSheet {
        id: row.get(0)?,
        thing: row.get(1)?,
        form: row.get(2)?,
        step: row.get(3)?,
        version: row.get(4)?,
        on: row.get(5)?,
        answers: serde_json::from_str(&row.get::<String>(6)?).map_err(Error::fault)?,
        recorded_at: row.get(7)?,
        recorded_by: row.get(8)?,
    })
}

const SHEET: &str = "id, thing, form, step, version, on_day, answers, recorded_at, recorded_by";

/// Filled forms, the newest version of each.
pub(super) fn sheets(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<FilledSheet>, Error> {
    let sql = format!(
        "SELECT {SHEET} FROM case_sheet WHERE matter = $1 AND replaced_at IS NULL ORDER BY thing LIMIT 200"
    );
    tx.query(&sql, vals![matter])?.iter().map(sheet).collect()
}

/// Every version of every form, the newest first.
pub(super) fn all_sheets(
    tx: &mut Tx,
    matter: Id<Matter>,
    before: Option<Id<Note>>,
    limit: usize,
) -> Result<Vec<FilledSheet>, Error> {
    let before = before.unwrap_or(Id::from_uuid(uuid::Uuid::max()));
    let sql =
        format!("SELECT {SHEET} FROM case_sheet WHERE matter = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    tx.query(&sql, vals![matter, before, i64::try_from(limit).unwrap_or(201)])?
        .iter()
        .map(sheet)
        .collect()
}

/// Something written down.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) id: Id<Note>,
    pub(super) thing: Id<Note>,
    pub(super) kind: NoteKind,
    pub(super) code: Option<String>,
    pub(super) on: Date,
    pub(super) time: Option<String>,
    pub(super) who: Option<String>,
    pub(super) text: String,
    pub(super) next_step: Option<String>,
    pub(super) activity: Option<Id<Activity>>,
    pub(super) sheet: Option<Id<Note>>,
    /// What else belongs to it, as JSON: how far goals are reached, an opinion.
    pub(super) detail: Option<String>,
    pub(super) version: u32,
    pub(super) recorded_at: Timestamp,
    pub(super) recorded_by: Id<Officer>,
    pub(super) replaced_at: Option<Timestamp>,
}

impl Written {
    /// The first version of something, with what everything that is written down has.
    pub(super) fn new(
        id: Id<Note>,
        kind: NoteKind,
        on: Date,
        text: String,
        (by, now): (Id<Officer>, Timestamp),
    ) -> Written {
        Written {
            id,
            thing: id,
            kind,
            code: None,
            on,
            time: None,
            who: None,
            text,
            next_step: None,
            activity: None,
            sheet: None,
            detail: None,
            version: 1,
            recorded_at: now,
            recorded_by: by,
            replaced_at: None,
        }
    }
}

pub(super) fn kind_name(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Contact => "contact",
        NoteKind::Note => "note",
        NoteKind::Activity => "activity",
        NoteKind::Review => "review",
        NoteKind::Referral => "referral",
    }
}
fn kind_of(name: &str) -> Result<NoteKind, Error> {
    match name {
        "contact" => Ok(NoteKind::Contact),
        "note" => Ok(NoteKind::Note),
        "activity" => Ok(NoteKind::Activity),
        "review" => Ok(NoteKind::Review),
        "referral" => Ok(NoteKind::Referral),
        other => Err(Error::fault(format!("nothing written down is `{other}`"))),
    }
}

const NOTE: &str = "id, thing, kind, code, on_day, time_of_day, who, text, next_step, activity, sheet, detail, version, recorded_at, \
                    recorded_by, replaced_at";

fn note(row: &Row) -> Result<Written, Error> {
    Ok(Written {
        id: row.get(0)?,
        thing: row.get(1)?,
        kind: kind_of(&row.get::<String>(2)?)?,
        code: row.get(3)?,
        on: row.get(4)?,
        time: row.get(5)?,
        who: row.get(6)?,
        text: row.get(7)?,
        next_step: row.get(8)?,
        activity: row.get(9)?,
        sheet: row.get(10)?,
        detail: row.get(11)?,
        version: row.get(12)?,
        recorded_at: row.get(13)?,
        recorded_by: row.get(14)?,
        replaced_at: row.get(15)?,
    })
}

/// Writes something down; an earlier version of the same thing is closed.
pub(super) fn insert_note(tx: &mut Tx, matter: Id<Matter>, it: &Written) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_note SET replaced_at = $2 WHERE thing = $1 AND replaced_at IS NULL",
        vals![it.thing, it.recorded_at],
    )?;
    tx.exec(
        "INSERT INTO case_note (id, thing, matter, kind, code, on_day, time_of_day, who, text, next_step, activity, sheet, detail, version,
            recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        vals![
            it.id,
            it.thing,
            matter,
            kind_name(it.kind),
            it.code.clone(),
            it.on,
            it.time.clone(),
            it.who.clone(),
            &it.text,
            it.next_step.clone(),
            it.activity,
            it.sheet,
            it.detail.clone(),
            it.version,
            it.recorded_at,
            it.recorded_by
        ],
    )?;
    Ok(())
}

/// What is written down, the newest version of each, the newest day first.
pub(super) fn notes(
    tx: &mut Tx,
    matter: Id<Matter>,
    before: Option<(Date, Id<Note>)>,
    limit: usize,
) -> Result<Vec<Written>, Error> {
    let (day, thing) = before.unwrap_or((Date::MAX, Id::from_uuid(uuid::Uuid::max())));
    let sql = format!(
        "SELECT {NOTE} FROM case_note WHERE matter = $1 AND replaced_at IS NULL AND (on_day, thing) < ($2, $3)
         ORDER BY on_day DESC, thing DESC LIMIT $4"
    );
    tx.query(
        &sql,
        vals![matter, day, thing, i64::try_from(limit).unwrap_or(201)],
    )?
    .iter()
    .map(note)
    .collect()
}

/// Every version of one thing, the newest first.
pub(super) fn versions(tx: &mut Tx, matter: Id<Matter>, thing: Id<Note>) -> Result<Vec<Written>, Error> {
    let sql = format!(
        "SELECT {NOTE} FROM case_note WHERE matter = $1 AND thing = $2 ORDER BY version DESC LIMIT 200"
    );
    tx.query(&sql, vals![matter, thing])?.iter().map(note).collect()
}

fn plan_state(state: PlanState) -> &'static str {
    match state {
        PlanState::Proposed => "proposed",
        PlanState::Returned => "returned",
        PlanState::Approved => "approved",
        PlanState::Superseded => "superseded",
    }
}
fn plan_state_of(name: &str) -> Result<PlanState, Error> {
    match name {
        "proposed" => Ok(PlanState::Proposed),
        "returned" => Ok(PlanState::Returned),
        "approved" => Ok(PlanState::Approved),
        "superseded" => Ok(PlanState::Superseded),
        other => Err(Error::fault(format!("a plan cannot be `{other}`"))),
    }
}

pub(super) fn insert_plan(tx: &mut Tx, matter: Id<Matter>, it: &PlanVersion) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO case_plan (id, matter, version, state, body, review_on, proposed_at, proposed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            it.id,
            matter,
            it.version,
            plan_state(it.state),
            serde_json::to_string(&it.body).map_err(Error::fault)?,
            it.review_on,
            it.proposed_at,
            it.proposed_by
        ],
    )?;
    Ok(())
}

/// Writes the supervisor's word.
pub(super) fn decide_plan(tx: &mut Tx, it: &PlanVersion) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_plan SET state = $2, decided_at = $3, decided_by = $4, note = $5 WHERE id = $1 AND state = 'proposed'",
        vals![it.id, plan_state(it.state), it.decided_at, it.decided_by, it.note.clone()],
    )?;
    Ok(())
}

/// The plans in force before this one are so no longer.
pub(super) fn supersede(tx: &mut Tx, matter: Id<Matter>, by: Id<value::Plan>) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_plan SET state = 'superseded' WHERE matter = $1 AND state = 'approved' AND id <> $2",
        vals![matter, by],
    )?;
    Ok(())
}

/// Every version, the newest first.
pub(super) fn plans(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<PlanVersion>, Error> {
    tx.query(
        "SELECT id, version, state, body, review_on, proposed_at, proposed_by, decided_at, decided_by, note FROM case_plan WHERE matter = $1
         ORDER BY version DESC LIMIT 200",
        vals![matter],
    )?
    .iter()
    .map(|row| {
        Ok(PlanVersion {
            id: row.get(0)?,
            version: row.get(1)?,
            state: plan_state_of(&row.get::<String>(2)?)?,
            body: serde_json::from_str::<PlanBody>(&row.get::<String>(3)?).map_err(Error::fault)?,
            review_on: row.get(4)?,
            proposed_at: row.get(5)?,
            proposed_by: row.get(6)?,
            decided_at: row.get(7)?,
            decided_by: row.get(8)?,
            note: row.get(9)?,
        })
    })
    .collect()
}

pub(super) fn activity_name(state: ActivityState) -> &'static str {
    match state {
        ActivityState::Open => "open",
        ActivityState::Done => "done",
        ActivityState::Partly => "partly",
        ActivityState::NotDone => "not-done",
        ActivityState::Dropped => "dropped",
    }
}
fn activity_of(name: &str) -> Result<ActivityState, Error> {
    match name {
        "open" => Ok(ActivityState::Open),
        "done" => Ok(ActivityState::Done),
        "partly" => Ok(ActivityState::Partly),
        "not-done" => Ok(ActivityState::NotDone),
        "dropped" => Ok(ActivityState::Dropped),
        other => Err(Error::fault(format!("an activity cannot be `{other}`"))),
    }
}

/// Somebody led a case until another did.
#[derive(Debug, Clone)]
pub(super) struct Led {
    pub(super) id: Id<value::Led>,
    pub(super) officer: Id<Officer>,
    pub(super) until: Timestamp,
    pub(super) by: Id<Officer>,
    pub(super) reason: String,
}

pub(super) fn insert_led(tx: &mut Tx, matter: Id<Matter>, it: &Led) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO case_lead (id, matter, officer, until_at, ended_by, reason) VALUES ($1, $2, $3, $4, $5, $6)",
        vals![it.id, matter, it.officer, it.until, it.by, &it.reason],
    )?;
    Ok(())
}

/// Who led a case before, the last first.
pub(super) fn led(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<Led>, Error> {
    tx.query(
        "SELECT id, officer, until_at, ended_by, reason FROM case_lead WHERE matter = $1 ORDER BY until_at DESC, id DESC LIMIT 50",
        vals![matter],
    )?
    .iter()
    .map(|row| {
        Ok(Led {
            id: row.get(0)?,
            officer: row.get(1)?,
            until: row.get(2)?,
            by: row.get(3)?,
            reason: row.get(4)?,
        })
    })
    .collect()
}

/// What waits for one officer in a case waits for another: lines of the monitoring list, and activities of the plan in force.
pub(super) fn pass_on(
    tx: &mut Tx,
    matter: Id<Matter>,
    from: Id<Officer>,
    to: Id<Officer>,
) -> Result<(), Error> {
    for table in ["case_watch", "case_activity"] {
        tx.exec(
            &format!("UPDATE {table} SET officer = $3 WHERE matter = $1 AND officer = $2 AND state = 'open'"),
            vals![matter, from, to],
        )?;
    }
    Ok(())
}

/// Who has to do what is still to be done of the plan in force: whoever the plan says, or whoever it was passed on to.
pub(super) fn doers(
    tx: &mut Tx,
    matter: Id<Matter>,
) -> Result<std::collections::BTreeMap<Id<Activity>, Option<Id<Officer>>>, Error> {
    tx.query(
        "SELECT id, officer FROM case_activity WHERE matter = $1 AND state = 'open'",
        vals![matter],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, row.get(1)?)))
    .collect()
}

/// The state of every activity that was ever in force.
pub(super) fn activity_states(
    tx: &mut Tx,
    matter: Id<Matter>,
) -> Result<std::collections::BTreeMap<Id<Activity>, ActivityState>, Error> {
    tx.query(
        "SELECT id, state FROM case_activity WHERE matter = $1",
        vals![matter],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, activity_of(&row.get::<String>(1)?)?)))
    .collect()
}

/// How far goals are reached by the last review.
pub(super) fn reached(
    tx: &mut Tx,
    matter: Id<Matter>,
) -> Result<std::collections::BTreeMap<Id<Activity>, u8>, Error> {
    tx.query(
        "SELECT id, reached FROM case_goal WHERE matter = $1 AND reached IS NOT NULL",
        vals![matter],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, row.get(1)?)))
    .collect()
}

pub(super) fn set_reached(
    tx: &mut Tx,
    matter: Id<Matter>,
    goal: Id<Activity>,
    percent: u8,
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO case_goal (id, matter, reached) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET reached = excluded.reached",
        vals![goal, matter, percent],
    )?;
    Ok(())
}

/// The activities of a plan come into force: those that are settled stay so, those that it no longer has are dropped.
pub(super) fn put_in_force(tx: &mut Tx, matter: Id<Matter>, plan: &PlanBody) -> Result<(), Error> {
    for (id, state) in activity_states(tx, matter)? {
        if state == ActivityState::Open && plan.activities.iter().all(|it| it.id != id) {
            set_activity(tx, id, ActivityState::Dropped)?;
        }
    }
    for it in &plan.activities {
        tx.exec(
            "INSERT INTO case_activity (id, matter, kind, what, officer, due_on, state) VALUES ($1, $2, $3, $4, $5, $6, 'open')
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, what = excluded.what, officer = excluded.officer, due_on = excluded.due_on",
            vals![it.id, matter, &it.kind, &it.what, it.officer, it.due_on],
        )?;
    }
    Ok(())
}

pub(super) fn set_activity(tx: &mut Tx, id: Id<Activity>, state: ActivityState) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_activity SET state = $2 WHERE id = $1",
        vals![id, activity_name(state)],
    )?;
    Ok(())
}

/// A line of the monitoring list.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    pub(super) id: Id<Watch>,
    pub(super) kind: String,
    pub(super) what: String,
    pub(super) due_on: Date,
    pub(super) time: Option<String>,
    pub(super) officer: Option<Id<Officer>>,
    pub(super) every_days: Option<u16>,
}

pub(super) fn insert_watch(
    tx: &mut Tx,
    matter: Id<Matter>,
    it: &Watched,
    (by, now): (Id<Officer>, Timestamp),
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO case_watch (id, matter, kind, what, due_on, time_of_day, officer, every_days, state, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10)",
        vals![
            it.id,
            matter,
            &it.kind,
            &it.what,
            it.due_on,
            it.time.clone(),
            it.officer,
            it.every_days,
            now,
            by
        ],
    )?;
    Ok(())
}

/// A line that is still open; [`Error::Missing`] otherwise.
pub(super) fn open_watch(tx: &mut Tx, matter: Id<Matter>, id: Id<Watch>) -> Result<Watched, Error> {
    let row = tx.opt(
        "SELECT id, kind, what, due_on, time_of_day, officer, every_days FROM case_watch WHERE matter = $1 AND id = $2 AND state = 'open'",
        vals![matter, id],
    )?;
    let row = row.ok_or(Error::Missing)?;
    Ok(Watched {
        id: row.get(0)?,
        kind: row.get(1)?,
        what: row.get(2)?,
        due_on: row.get(3)?,
        time: row.get(4)?,
        officer: row.get(5)?,
        every_days: row.get(6)?,
    })
}

/// Settles a line: done on a day, or dropped.
pub(super) fn settle_watch(
    tx: &mut Tx,
    id: Id<Watch>,
    (state, on, outcome): (&str, Date, &str),
    (by, now): (Id<Officer>, Timestamp),
) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_watch SET state = $2, settled_on = $3, outcome = $4, settled_by = $5, settled_at = $6 WHERE id = $1 AND state = 'open'",
        vals![id, state, on, outcome, by, now],
    )?;
    Ok(())
}

/// A closed case watches nothing any more.
pub(super) fn drop_open(
    tx: &mut Tx,
    matter: Id<Matter>,
    (by, now): (Id<Officer>, Timestamp),
    on: Date,
) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_watch SET state = 'dropped', settled_on = $2, settled_by = $3, settled_at = $4 WHERE matter = $1 AND state = 'open'",
        vals![matter, on, by, now],
    )?;
    tx.exec(
        "UPDATE case_activity SET state = 'dropped' WHERE matter = $1 AND state = 'open'",
        vals![matter],
    )?;
    Ok(())
}
