//! The SQL of later decisions.

use crate::{
    access::Scope,
    decisions::{
        LetterInput,
        store::{letter_name, letter_state},
    },
    problem::{Error, Refusal},
    store::{Row, StoreError, Tx, Val},
    vals,
};
use karton_api::{
    Date, Id, Money, Per, Timestamp,
    amendments::{AmendmentKind, AmendmentState, AmendmentSummary, AmendmentsQuery, Correction},
    applications::{Confirmed, Returned},
    awards::{Entitlement, PartRef},
    common::Texts,
    decisions::LetterState,
    value::{self, Assessment, Award, Decision, Office, Officer, Person},
};
use serde::{Deserialize, Serialize};

/// What a later decision says, beside what is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// The amount so far.
    pub before: Option<Money>,
    /// The new one.
    pub amount: Option<Money>,
    /// For what period.
    pub per: Option<Per>,
    /// Only this part of the amount.
    pub part: Option<PartRef>,
    /// Its name, by language.
    pub part_name: Texts,
    /// Whose it is, by name.
    pub part_person: Option<String>,
    /// What is corrected.
    pub corrections: Vec<Correction>,
    /// What was confirmed.
    pub confirmed: Vec<Confirmed>,
    /// What was due before and is not any more.
    pub undue: Vec<Entitlement>,
    /// Of the first officer.
    pub paragraph: Option<String>,
    /// Of the second.
    pub second_paragraph: Option<String>,
    /// Why it went back or was given up.
    pub returned: Option<Returned>,
}

/// A later decision as it is stored.
#[derive(Debug, Clone)]
pub struct Amendment {
    /// Which; its matter shares it.
    pub id: Id<value::Amendment>,
    /// Grows with every change.
    pub revision: i64,
    /// The office.
    pub office: Id<Office>,
    /// Whose right.
    pub person: Id<Person>,
    /// The benefit's code.
    pub benefit: String,
    /// What it does.
    pub kind: AmendmentKind,
    /// The award it is about.
    pub award: Option<Id<Award>>,
    /// The decision it is about.
    pub decision: Option<Id<Decision>>,
    /// The later decision it corrects or annuls.
    pub target: Option<Id<value::Amendment>>,
    /// The number of the one it corrects or annuls, or of the award's decision.
    pub target_number: Option<String>,
    /// Where it stands.
    pub state: AmendmentState,
    /// First day of the month from which it holds.
    pub from: Option<Date>,
    /// A code of the pack.
    pub reason: Option<String>,
    /// The rest.
    pub content: Content,
    /// What a change rests on.
    pub assessment: Option<Id<Assessment>>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom; nobody where the system opened it.
    pub opened_by: Option<Id<Officer>>,
    /// The first officer,
    pub recommended_by: Option<Id<Officer>>,
    /// and when.
    pub recommended_at: Option<Timestamp>,
    /// The second officer,
    pub decided_by: Option<Id<Officer>>,
    /// and when.
    pub decided_at: Option<Timestamp>,
    /// For whom the second signed.
    pub deputy_for: Option<Id<Officer>>,
    /// Of the decisions' series.
    pub number: Option<String>,
    /// Where the letter stands.
    pub letter: Option<LetterState>,
    /// What it is made of, frozen.
    pub letter_input: Option<LetterInput>,
    /// The later decision that took its effect.
    pub annulled_by: Option<Id<value::Amendment>>,
    /// The body without whose own decision it brings nothing about.
    pub confirms: Option<String>,
    /// The second decision that it corrects or annuls.
    pub confirmation: Option<Id<value::Confirmation>>,
    /// The body that confirmed the right makes it, not the one that decided first.
    pub of_second: bool,
}

/// Every kind with its name as stored.
const KINDS: [(AmendmentKind, &str); 6] = [
    (AmendmentKind::Change, "change"),
    (AmendmentKind::Suspend, "suspend"),
    (AmendmentKind::Resume, "resume"),
    (AmendmentKind::End, "end"),
    (AmendmentKind::Correct, "correct"),
    (AmendmentKind::Annul, "annul"),
];
/// Every state as stored. One that bears a number already and is not decided waits for the second body, or was not confirmed by it: the released table
/// knows four states, and what waits counts as on its way there.
const STATES: [(AmendmentState, &str, bool); 6] = [
    (AmendmentState::Open, "open", false),
    (AmendmentState::Recommended, "recommended", false),
    (AmendmentState::Confirming, "recommended", true),
    (AmendmentState::Decided, "decided", true),
    (AmendmentState::Dropped, "dropped", false),
    (AmendmentState::Refused, "dropped", true),
];

fn state_name(state: AmendmentState) -> &'static str {
    STATES
        .iter()
        .find(|(one, ..)| *one == state)
        .map_or("", |(_, name, _)| name)
}
fn state_of(name: &str, numbered: bool) -> Result<AmendmentState, Error> {
    STATES
        .iter()
        .find(|(_, it, number)| *it == name && *number == numbered)
        .map(|(one, ..)| *one)
        .ok_or_else(|| Error::fault(format!("a later decision cannot be `{name}`")))
}

fn name_of<K: PartialEq>(all: &'static [(K, &'static str)], wanted: K) -> &'static str {
    all.iter()
        .find(|(one, _)| *one == wanted)
        .map_or("", |(_, name)| name)
}
fn named<K: Copy>(all: &[(K, &str)], name: &str) -> Result<K, Error> {
    all.iter()
        .find(|(_, it)| *it == name)
        .map(|(one, _)| *one)
        .ok_or_else(|| Error::fault(format!("a later decision cannot be `{name}`")))
}

/// As it is stored.
pub fn kind_name(kind: AmendmentKind) -> &'static str {
    name_of(&KINDS, kind)
}

const COLUMNS: &str = "m.id, m.revision, m.office, m.person, m.benefit, m.kind, m.award, m.decision, m.target_number, m.state, m.from_on, \
     m.reason, m.content, m.assessment, m.opened_at, m.opened_by, m.recommended_by, m.recommended_at, m.decided_by, m.decided_at, \
     m.deputy_for, m.number, m.letter, m.letter_input, m.target, m.annulled_by, \
     m.confirms, m.confirmation, m.of_second";
/// Those that the second body makes are seen by the first one too.
const SCOPED: &str = "EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND (t.office = m.office
    OR m.of_second = 1 AND t.office = (SELECT f.office FROM decision f WHERE f.id = m.decision)))";

fn amendment(row: &Row) -> Result<Amendment, Error> {
    let letter: Option<String> = row.get(22)?;
    let input: Option<String> = row.get(23)?;
    let number: Option<String> = row.get(21)?;
    Ok(Amendment {
        id: row.get(0)?,
        revision: row.get(1)?,
        office: row.get(2)?,
        person: row.get(3)?,
        benefit: row.get(4)?,
        kind: named(&KINDS, &row.get::<String>(5)?)?,
        award: row.get(6)?,
        decision: row.get(7)?,
        target_number: row.get(8)?,
        state: state_of(&row.get::<String>(9)?, number.is_some())?,
        from: row.get(10)?,
        reason: row.get(11)?,
        content: serde_json::from_str(&row.get::<String>(12)?).map_err(Error::fault)?,
        assessment: row.get(13)?,
        opened_at: row.get(14)?,
        opened_by: row.get(15)?,
        recommended_by: row.get(16)?,
        recommended_at: row.get(17)?,
        decided_by: row.get(18)?,
        decided_at: row.get(19)?,
        deputy_for: row.get(20)?,
        number,
        letter: letter.as_deref().map(letter_state).transpose()?,
        letter_input: input
            .map(|input| serde_json::from_str(&input))
            .transpose()
            .map_err(Error::fault)?,
        target: row.get(24)?,
        annulled_by: row.get(25)?,
        confirms: row.get(26)?,
        confirmation: row.get(27)?,
        of_second: row.get::<i64>(28)? != 0,
    })
}

/// Writes a new one. Refuses with `AmendmentRunning` where another one on the same award or decision is on its way.
pub(super) fn insert(tx: &mut Tx, it: &Amendment) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO amendment (id, revision, office, person, benefit, kind, award, decision, target_number, state, from_on, reason, content,
            opened_at, opened_by, target, confirmation, of_second)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        vals![
            it.id,
            it.revision,
            it.office,
            it.person,
            &it.benefit,
            kind_name(it.kind),
            it.award,
            it.decision,
            it.target_number.clone(),
            state_name(it.state),
            it.from,
            it.reason.clone(),
            serde_json::to_string(&it.content).map_err(Error::fault)?,
            it.opened_at,
            it.opened_by,
            it.target,
            it.confirmation,
            i64::from(it.of_second)
        ],
    )
    .map_err(|error| match error {
        StoreError::Unique(_) => Refusal::AmendmentRunning.into(),
        other => Error::from(other),
    })?;
    Ok(())
}

/// Saves what changed where the revision is still the one that was loaded, and gives it the next one; `Changed` otherwise.
pub(super) fn save(tx: &mut Tx, it: &mut Amendment) -> Result<(), Error> {
    let input = it
        .letter_input
        .as_ref()
        .map(serde_json::to_string)
        .transpose()
        .map_err(Error::fault)?;
    let changed = tx.exec(
        "UPDATE amendment SET revision = revision + 1, state = $3, from_on = $4, reason = $5, content = $6, assessment = $7,
            recommended_by = $8, recommended_at = $9, decided_by = $10, decided_at = $11, deputy_for = $12, number = $13, letter = $14,
            letter_input = $15, confirms = $16 WHERE id = $1 AND revision = $2",
        vals![
            it.id,
            it.revision,
            state_name(it.state),
            it.from,
            it.reason.clone(),
            serde_json::to_string(&it.content).map_err(Error::fault)?,
            it.assessment,
            it.recommended_by,
            it.recommended_at,
            it.decided_by,
            it.decided_at,
            it.deputy_for,
            it.number.clone(),
            it.letter.map(letter_name),
            input,
            it.confirms.clone()
        ],
    )?;
    if changed == 0 {
        return Err(Error::Changed(it.revision + 1));
    }
    it.revision += 1;
    Ok(())
}

/// A later decision within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<value::Amendment>) -> Result<Amendment, Error> {
    let sql = format!("SELECT {COLUMNS} FROM amendment m WHERE m.id = $2 AND {SCOPED}");
    tx.opt(&sql, vals![scope.val(), id])?
        .map_or(Err(Error::Missing), |row| amendment(&row))
}

/// One for the job that makes its letter; nothing where there is none.
pub fn find(tx: &mut Tx, id: Id<value::Amendment>) -> Result<Option<Amendment>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM amendment m WHERE m.id = $1");
    tx.opt(&sql, vals![id])?.as_ref().map(amendment).transpose()
}

/// The one that is on its way for an award, if there is one.
pub(super) fn running(tx: &mut Tx, award: Id<Award>) -> Result<Option<Id<value::Amendment>>, Error> {
    let row = tx.opt(
        "SELECT id FROM amendment WHERE award = $1 AND state IN ('open', 'recommended')",
        vals![award],
    )?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

fn summary(row: &Row) -> Result<AmendmentSummary, Error> {
    let number: Option<String> = row.get(4)?;
    Ok(AmendmentSummary {
        id: row.get(0)?,
        kind: named(&KINDS, &row.get::<String>(1)?)?,
        state: state_of(&row.get::<String>(2)?, number.is_some())?,
        from: row.get(3)?,
        number,
        opened_at: row.get(5)?,
        annulled: row.get::<Option<Id<value::Amendment>>>(6)?.is_some(),
    })
}

/// A page within the scope, the newest first.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    query: &AmendmentsQuery,
    before: Option<Id<value::Amendment>>,
    limit: usize,
) -> Result<Vec<AmendmentSummary>, Error> {
    let mut values = vec![scope.val()];
    let mut bind = |value: Val| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut sql = format!(
        "SELECT m.id, m.kind, m.state, m.from_on, m.number, m.opened_at, m.annulled_by FROM amendment m WHERE {SCOPED}"
    );
    if let Some(award) = query.award {
        sql.push_str(&format!(" AND m.award = {}", bind(award.into())));
    }
    if let Some(decision) = query.decision {
        let decision = bind(decision.into());
        sql.push_str(&format!(
            " AND (m.decision = {decision} OR m.award = (SELECT d.award FROM decision d WHERE d.id = {decision}))"
        ));
    }
    if let Some(target) = query.amendment {
        sql.push_str(&format!(" AND m.target = {}", bind(target.into())));
    }
    if let Some(person) = query.person {
        sql.push_str(&format!(" AND m.person = {}", bind(person.into())));
    }
    if let Some(before) = before {
        sql.push_str(&format!(" AND m.id < {}", bind(before.into())));
    }
    let limit = bind(i64::try_from(limit).unwrap_or(200).into());
    sql.push_str(&format!(" ORDER BY m.id DESC LIMIT {limit}"));
    tx.query(&sql, &values)?.iter().map(summary).collect()
}

/// Later decisions on a decision or its award, newest first, at most 50.
pub fn of_decision(
    tx: &mut Tx,
    scope: &Scope,
    decision: Id<Decision>,
) -> Result<Vec<AmendmentSummary>, Error> {
    let query = AmendmentsQuery {
        decision: Some(decision),
        ..AmendmentsQuery::default()
    };
    page(tx, scope, &query, None, 50)
}

/// Later decisions on a later decision, newest first, at most 50.
pub(super) fn on_it(
    tx: &mut Tx,
    scope: &Scope,
    id: Id<value::Amendment>,
) -> Result<Vec<AmendmentSummary>, Error> {
    let query = AmendmentsQuery {
        amendment: Some(id),
        ..AmendmentsQuery::default()
    };
    page(tx, scope, &query, None, 50)
}

/// Later decisions on a second decision, newest first, at most 50. The caller has checked that what that one is about lies within the scope.
pub fn on_confirmation(tx: &mut Tx, id: Id<value::Confirmation>) -> Result<Vec<AmendmentSummary>, Error> {
    tx.query(
        "SELECT m.id, m.kind, m.state, m.from_on, m.number, m.opened_at, m.annulled_by FROM amendment m WHERE m.confirmation = $1
         ORDER BY m.id DESC LIMIT 50",
        vals![id],
    )?
    .iter()
    .map(summary)
    .collect()
}

/// Notes where the letter stands.
pub fn set_letter(tx: &mut Tx, id: Id<value::Amendment>, letter: LetterState) -> Result<(), Error> {
    tx.exec(
        "UPDATE amendment SET letter = $2 WHERE id = $1",
        vals![id, letter_name(letter)],
    )?;
    Ok(())
}

/// Notes that a decision has lost its effect. Refuses with `DecisionAnnulled` where it had already.
pub(super) fn annul(tx: &mut Tx, decision: Id<Decision>, by: Id<value::Amendment>) -> Result<(), Error> {
    let done = tx.exec(
        "UPDATE decision SET annulled_by = $2 WHERE id = $1 AND annulled_by IS NULL",
        vals![decision, by],
    )?;
    if done == 1 {
        Ok(())
    } else {
        Err(Refusal::DecisionAnnulled.into())
    }
}

/// Notes that a later decision has lost its effect. Refuses with `DecisionAnnulled` where it had already.
pub(super) fn annul_later(
    tx: &mut Tx,
    id: Id<value::Amendment>,
    by: Id<value::Amendment>,
) -> Result<(), Error> {
    let done = tx.exec(
        "UPDATE amendment SET annulled_by = $2, revision = revision + 1 WHERE id = $1 AND annulled_by IS NULL",
        vals![id, by],
    )?;
    if done == 1 {
        Ok(())
    } else {
        Err(Refusal::DecisionAnnulled.into())
    }
}
