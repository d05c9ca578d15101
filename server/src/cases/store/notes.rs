//! The SQL of what is written down in a case.

use crate::{
    problem::Error,
    store::{Row, Tx},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    cases::NoteKind,
    value::{Activity, Matter, Note, Officer},
};

/// Something written down.
#[derive(Debug, Clone)]
pub(in crate::cases) struct Written {
    pub(in crate::cases) id: Id<Note>,
    pub(in crate::cases) thing: Id<Note>,
    pub(in crate::cases) kind: NoteKind,
    pub(in crate::cases) code: Option<String>,
    pub(in crate::cases) on: Date,
    pub(in crate::cases) time: Option<String>,
    pub(in crate::cases) who: Option<String>,
    pub(in crate::cases) text: String,
    pub(in crate::cases) next_step: Option<String>,
    pub(in crate::cases) activity: Option<Id<Activity>>,
    pub(in crate::cases) sheet: Option<Id<Note>>,
    /// What else belongs to it, as JSON: how far goals are reached, an opinion.
    pub(in crate::cases) detail: Option<String>,
    pub(in crate::cases) version: u32,
    pub(in crate::cases) recorded_at: Timestamp,
    pub(in crate::cases) recorded_by: Id<Officer>,
    pub(in crate::cases) replaced_at: Option<Timestamp>,
}

impl Written {
    /// The first version of something, with what everything that is written down has.
    pub(in crate::cases) fn new(
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

pub(in crate::cases) fn kind_name(kind: NoteKind) -> &'static str {
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
pub(in crate::cases) fn insert_note(tx: &mut Tx, matter: Id<Matter>, it: &Written) -> Result<(), Error> {
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
pub(in crate::cases) fn notes(
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
pub(in crate::cases) fn versions(
    tx: &mut Tx,
    matter: Id<Matter>,
    thing: Id<Note>,
) -> Result<Vec<Written>, Error> {
    let sql = format!(
        "SELECT {NOTE} FROM case_note WHERE matter = $1 AND thing = $2 ORDER BY version DESC LIMIT 200"
    );
    tx.query(&sql, vals![matter, thing])?.iter().map(note).collect()
}
