//! The SQL of cases: the case, who stands in it and who led it. What is kept in it lies below.

mod notes;
mod plans;
mod sheets;
mod watching;

pub(super) use notes::*;
pub(super) use plans::*;
pub(super) use sheets::*;
pub(super) use watching::*;

use super::model::{Closing, Opening, Stage};
use crate::{
    access::Scope,
    matters,
    problem::Error,
    store::{Row, Tx, Val},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    cases::CaseState,
    value::{self, Matter, Office, Officer, Participant, Person},
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
