//! The SQL of second decisions.

use crate::{
    access::Scope,
    decisions::store::{letter_name, letter_state},
    papers::LetterInput,
    problem::{Error, Refusal},
    store::{Row, Tx},
    vals,
};
use karton_api::{
    Id, Timestamp,
    confirmations::Says,
    decisions::LetterState,
    value::{self, Office, Officer},
};

/// What a second body decided, as it is stored.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// Which.
    pub id: Id<value::Confirmation>,
    /// The office that decided.
    pub office: Id<Office>,
    /// On what.
    pub about: About,
    /// What.
    pub says: Says,
    /// Why, where it was not simply confirmed.
    pub reason: Option<String>,
    /// For people; none where the decision was sent back.
    pub number: Option<String>,
    /// Who decided.
    pub decided_by: Id<Officer>,
    /// When.
    pub decided_at: Timestamp,
    /// The approver for whom they signed.
    pub deputy_for: Option<Id<Officer>>,
    /// Where the letter stands, where there is one.
    pub letter: Option<LetterState>,
    /// What it is made of, frozen.
    pub letter_input: Option<LetterInput>,
    /// The later decision that took its effect, alone or with that of what it is about.
    pub annulled_by: Option<Id<value::Amendment>>,
}

/// What a second body decides on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A decision that grants.
    Decision(Id<value::Decision>),
    /// A later decision on a right that both bodies granted.
    Amendment(Id<value::Amendment>),
}

impl About {
    /// The decision that grants; nothing for a later one.
    pub fn decision(self) -> Option<Id<value::Decision>> {
        match self {
            About::Decision(id) => Some(id),
            About::Amendment(_) => None,
        }
    }
    fn amendment(self) -> Option<Id<value::Amendment>> {
        match self {
            About::Decision(_) => None,
            About::Amendment(id) => Some(id),
        }
    }
}

fn name(says: Says) -> &'static str {
    match says {
        Says::Confirm => "confirmed",
        Says::Refuse => "refused",
        Says::Return => "returned",
    }
}

const COLUMNS: &str = "c.id, c.office, c.decision, c.result, c.reason, c.number, c.decided_by, c.decided_at, c.deputy_for, c.letter, \
     c.letter_input, c.annulled_by, c.amendment";

fn confirmation(row: &Row) -> Result<Confirmation, Error> {
    let result: String = row.get(3)?;
    let says = [Says::Confirm, Says::Refuse, Says::Return]
        .into_iter()
        .find(|says| name(*says) == result)
        .ok_or_else(|| Error::fault(format!("a confirmation cannot be `{result}`")))?;
    let about = match (row.get(2)?, row.get(12)?) {
        (Some(decision), _) => About::Decision(decision),
        (None, Some(amendment)) => About::Amendment(amendment),
        (None, None) => return Err(Error::fault("a second decision on nothing")),
    };
    Ok(Confirmation {
        id: row.get(0)?,
        office: row.get(1)?,
        about,
        says,
        reason: row.get(4)?,
        number: row.get(5)?,
        decided_by: row.get(6)?,
        decided_at: row.get(7)?,
        deputy_for: row.get(8)?,
        letter: row
            .get::<Option<String>>(9)?
            .map(|letter| letter_state(&letter))
            .transpose()?,
        letter_input: row
            .get::<Option<String>>(10)?
            .map(|input| serde_json::from_str(&input))
            .transpose()
            .map_err(Error::fault)?,
        annulled_by: row.get(11)?,
    })
}

/// Writes what a second body decided.
pub(in crate::decisions) fn insert(tx: &mut Tx, it: &Confirmation) -> Result<(), Error> {
    let input = it.letter_input.as_ref().map(serde_json::to_string);
    tx.exec(
        "INSERT INTO confirmation (id, office, decision, result, reason, number, decided_by, decided_at, deputy_for, letter, letter_input,
            amendment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![
            it.id,
            it.office,
            it.about.decision(),
            name(it.says),
            it.reason.clone(),
            it.number.clone(),
            it.decided_by,
            it.decided_at,
            it.deputy_for,
            it.letter.map(letter_name),
            input.transpose().map_err(Error::fault)?,
            it.about.amendment()
        ],
    )?;
    Ok(())
}

/// What a second body decided on a decision, the newest first: one that stands, if there is one, and those that were annulled. The caller has checked that
/// the decision lies within the scope.
pub fn of_decision(tx: &mut Tx, decision: Id<value::Decision>) -> Result<Vec<Confirmation>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM confirmation c WHERE c.decision = $1 ORDER BY c.decided_at DESC, c.id DESC LIMIT 20"
    );
    tx.query(&sql, vals![decision])?
        .iter()
        .map(confirmation)
        .collect()
}

/// What it decided on a later decision; nothing while it has not. The caller has checked that this lies within the scope.
pub fn of_amendment(tx: &mut Tx, amendment: Id<value::Amendment>) -> Result<Option<Confirmation>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM confirmation c WHERE c.amendment = $1");
    tx.opt(&sql, vals![amendment])?
        .as_ref()
        .map(confirmation)
        .transpose()
}

/// The same by its id, for the job that makes its letter.
pub fn find(tx: &mut Tx, id: Id<value::Confirmation>) -> Result<Option<Confirmation>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM confirmation c WHERE c.id = $1");
    tx.opt(&sql, vals![id])?.as_ref().map(confirmation).transpose()
}

/// The same where what it is about lies within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<value::Confirmation>) -> Result<Confirmation, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM confirmation c LEFT JOIN decision d ON d.id = c.decision LEFT JOIN amendment m ON m.id = c.amendment WHERE c.id = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = coalesce(d.office, m.office))"
    );
    tx.opt(&sql, vals![scope.val(), id])?
        .map_or(Err(Error::Missing), |row| confirmation(&row))
}

/// Notes where its letter stands.
pub fn set_letter(tx: &mut Tx, id: Id<value::Confirmation>, letter: LetterState) -> Result<(), Error> {
    tx.exec(
        "UPDATE confirmation SET letter = $2 WHERE id = $1",
        vals![id, letter_name(letter)],
    )?;
    Ok(())
}

/// What it confirmed or refused has lost its effect, and so has it.
pub fn annul(tx: &mut Tx, about: About, by: Id<value::Amendment>) -> Result<(), Error> {
    tx.exec(
        "UPDATE confirmation SET annulled_by = $3 WHERE (decision = $1 OR amendment = $2) AND annulled_by IS NULL",
        vals![about.decision(), about.amendment(), by],
    )?;
    Ok(())
}

/// It alone has lost its effect: what the first body decided waits for it again. Refuses with `DecisionAnnulled` where it had already.
pub fn annul_alone(
    tx: &mut Tx,
    id: Id<value::Confirmation>,
    decision: Id<value::Decision>,
    by: Id<value::Amendment>,
) -> Result<(), Error> {
    let done = tx.exec(
        "UPDATE confirmation SET annulled_by = $2 WHERE id = $1 AND annulled_by IS NULL",
        vals![id, by],
    )?;
    if done != 1 {
        return Err(Refusal::DecisionAnnulled.into());
    }
    tx.exec("UPDATE decision SET award = NULL WHERE id = $1", vals![decision])?;
    Ok(())
}

/// The first decision was sent back: it has no effect any more, and another one may stand on its application.
pub(super) fn send_back(tx: &mut Tx, it: &Confirmation) -> Result<(), Error> {
    tx.exec(
        "UPDATE decision SET returned_by = $2 WHERE id = $1",
        vals![it.about.decision(), it.id],
    )?;
    Ok(())
}

/// What the first decision grants is awarded now.
pub(super) fn award(
    tx: &mut Tx,
    decision: Id<value::Decision>,
    award: Id<value::Award>,
) -> Result<(), Error> {
    tx.exec(
        "UPDATE decision SET award = $2 WHERE id = $1 AND award IS NULL",
        vals![decision, award],
    )?;
    Ok(())
}
