//! The SQL of applications.

use super::model::{Lodged, Stage};
use crate::{
    access::Scope,
    matters,
    problem::{Error, Refusal},
    store::{Row, StoreError, Tx, Val},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    applications::ApplicationState,
    assessments::{Answer, Outcome},
    value::{self, Household, Office, Officer, Organisation, Person},
};

/// An application as it is stored.
#[derive(Debug, Clone)]
pub struct Application {
    /// Which; its matter shares it.
    pub id: Id<value::Application>,
    /// Grows with every change.
    pub revision: i64,
    /// Handles it.
    pub office: Id<Office>,
    /// The benefit's code.
    pub benefit: String,
    /// Who applies, or on whose account an organisation does.
    pub applicant: Id<Person>,
    /// The organisation that applies.
    pub organisation: Option<Id<Organisation>>,
    /// On whose account it asks, where that is not the applicant and somebody is named: the child, the deceased.
    pub about: Option<Id<Person>>,
    /// The household on the day of lodging.
    pub household: Option<Id<Household>>,
    /// Where it stands.
    pub stage: Stage,
    /// Drawn when it is lodged.
    pub number: Option<String>,
    /// What is typed.
    pub answers: Vec<Answer>,
    /// When the draft was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: Id<Officer>,
    /// The decision is due on.
    pub due_on: Option<Date>,
}

const COLUMNS: &str = "a.id, a.revision, a.office, a.benefit, a.applicant, a.household, a.state, a.number, a.answers, a.opened_at, \
     a.opened_by, a.lodged_at, a.lodged_on, a.due_on, a.recommendation, a.returned, a.outcome, a.decision, a.withdrawn, a.organisation, a.about";
const SCOPED: &str = "EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = a.office)";

/// The same, and only what exists for whoever looks; `values` holds the statement's values, the scope first, and takes what this binds.
fn scoped(scope: &Scope, values: &mut Vec<Val>) -> String {
    format!("{SCOPED} AND {}", matters::seen(scope, "a.id", values))
}

fn state_name(state: ApplicationState) -> &'static str {
    match state {
        ApplicationState::Draft => "draft",
        ApplicationState::Lodged => "lodged",
        // The released table knows no further state: what waits for a second body is handled still, and names its decision.
        ApplicationState::Recommended | ApplicationState::Confirming => "recommended",
        ApplicationState::Decided => "decided",
        ApplicationState::Returned => "returned",
        ApplicationState::Withdrawn => "withdrawn",
        // The released table knows no further state; the outcome tells them apart.
        ApplicationState::Dismissed => "decided",
    }
}

/// Stored as the outcome of an application that was not taken up.
const DISMISSED: &str = "dismiss";

fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Grant => "grant",
        Outcome::Refuse => "refuse",
        Outcome::Unknown => "unknown",
        Outcome::Confirm => "confirm",
    }
}

fn read_json<T: serde::de::DeserializeOwned>(text: Option<String>) -> Result<Option<T>, Error> {
    text.map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(Error::fault)
}
fn json<T: serde::Serialize>(value: Option<&T>) -> Result<Option<String>, Error> {
    value.map(serde_json::to_string).transpose().map_err(Error::fault)
}

fn application(row: &Row) -> Result<Application, Error> {
    let id = row.get(0)?;
    let broken = || Error::fault(format!("application {id}: the state and its data do not agree"));
    let lodged = row
        .get::<Option<Timestamp>>(11)?
        .zip(row.get(12)?)
        .map(|(at, on)| Lodged { at, on });
    let recommendation = read_json(row.get(14)?)?;
    let returned = read_json(row.get(15)?)?;
    let stage = match row.get::<String>(6)?.as_str() {
        "draft" => Stage::Draft,
        "lodged" => Stage::Lodged {
            lodged: lodged.ok_or_else(broken)?,
            sent_back: returned,
        },
        "recommended" if row.get::<Option<Id<value::Decision>>>(17)?.is_some() => Stage::Confirming {
            lodged: lodged.ok_or_else(broken)?,
            recommendation: recommendation.ok_or_else(broken)?,
            decision: row.get::<Option<_>>(17)?.ok_or_else(broken)?,
        },
        "recommended" => Stage::Recommended {
            lodged: lodged.ok_or_else(broken)?,
            recommendation: recommendation.ok_or_else(broken)?,
        },
        "returned" => Stage::Returned {
            lodged: lodged.ok_or_else(broken)?,
            returned: returned.ok_or_else(broken)?,
        },
        "decided" if row.get::<Option<String>>(16)?.as_deref() == Some(DISMISSED) => Stage::Dismissed {
            lodged: lodged.ok_or_else(broken)?,
            dismissal: row.get::<Option<_>>(17)?.ok_or_else(broken)?,
        },
        "decided" => Stage::Decided {
            lodged: lodged.ok_or_else(broken)?,
            recommendation: recommendation.ok_or_else(broken)?,
            outcome: match row.get::<Option<String>>(16)?.as_deref() {
                Some("grant") => Outcome::Grant,
                Some("refuse") => Outcome::Refuse,
                _ => return Err(broken()),
            },
            decision: row.get::<Option<_>>(17)?.ok_or_else(broken)?,
        },
        "withdrawn" => Stage::Withdrawn {
            lodged,
            withdrawn: read_json(row.get(18)?)?.ok_or_else(broken)?,
        },
        _ => return Err(broken()),
    };
    Ok(Application {
        id,
        revision: row.get(1)?,
        office: row.get(2)?,
        benefit: row.get(3)?,
        applicant: row.get(4)?,
        organisation: row.get(19)?,
        about: row.get(20)?,
        household: row.get(5)?,
        stage,
        number: row.get(7)?,
        answers: serde_json::from_str(&row.get::<String>(8)?).map_err(Error::fault)?,
        opened_at: row.get(9)?,
        opened_by: row.get(10)?,
        due_on: row.get(13)?,
    })
}

/// An application within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<value::Application>) -> Result<Application, Error> {
    let mut values = vals![scope.val(), id].to_vec();
    let scoped = scoped(scope, &mut values);
    let sql = format!("SELECT {COLUMNS} FROM application a WHERE a.id = $2 AND {scoped}");
    tx.opt(&sql, &values)?
        .map_or(Err(Error::Missing), |row| application(&row))
}

/// The applications of a person within the scope, newest first.
pub fn of_person(
    tx: &mut Tx,
    scope: &Scope,
    person: Id<Person>,
    limit: usize,
) -> Result<Vec<Application>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values = vals![scope.val(), person, limit].to_vec();
    let scoped = scoped(scope, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM application a WHERE a.applicant = $2 AND {scoped} ORDER BY a.opened_at DESC, a.id DESC LIMIT $3"
    );
    tx.query(&sql, &values)?.iter().map(application).collect()
}

/// The applications of an organisation within the scope, newest first, after that place.
pub(super) fn of_organisation(
    tx: &mut Tx,
    scope: &Scope,
    organisation: Id<Organisation>,
    after: Option<(Timestamp, Id<value::Application>)>,
    limit: usize,
) -> Result<Vec<Application>, Error> {
    let (at, id) = after.unwrap_or((Timestamp::MAX, Id::from_uuid(uuid::Uuid::max())));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values = vals![scope.val(), organisation, at, id, limit].to_vec();
    let scoped = scoped(scope, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM application a WHERE a.organisation = $2 AND {scoped} AND (a.opened_at, a.id) < ($3, $4)
         ORDER BY a.opened_at DESC, a.id DESC LIMIT $5"
    );
    tx.query(&sql, &values)?.iter().map(application).collect()
}

/// Recommended applications of a benefit and outcome within the scope, by the instant of lodging, after that place.
pub fn recommended(
    tx: &mut Tx,
    scope: &Scope,
    benefit: &str,
    outcome: Outcome,
    after: Option<(i64, Id<value::Application>)>,
    limit: usize,
) -> Result<Vec<Application>, Error> {
    let (at, id) = after.unwrap_or((i64::MIN, Id::from_uuid(uuid::Uuid::nil())));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // The recommendation is our own JSON: its outcome stands in it exactly so.
    let wanted = format!("%\"outcome\":\"{}\"%", outcome_name(outcome));
    let mut values = vals![scope.val(), benefit, at, id, wanted, limit].to_vec();
    let scoped = scoped(scope, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM application a WHERE a.state = 'recommended' AND a.decision IS NULL AND a.benefit = $2 AND {scoped}
            AND (a.lodged_at, a.id) > ($3, $4) AND a.recommendation LIKE $5 ORDER BY a.lodged_at, a.id LIMIT $6"
    );
    tx.query(&sql, &values)?
        .iter()
        .map(application)
        .filter(|it| {
            it.as_ref().map_or(true, |it| {
                it.stage.recommendation().is_some_and(|it| it.outcome == outcome)
            })
        })
        .collect()
}

/// Whose application bears a number, within the scope.
pub fn by_number(tx: &mut Tx, scope: &Scope, number: &str) -> Result<Option<Id<Person>>, Error> {
    let mut values = vals![scope.val(), number].to_vec();
    let scoped = scoped(scope, &mut values);
    let sql = format!("SELECT a.applicant FROM application a WHERE a.number = $2 AND {scoped}");
    let row = tx.opt(&sql, &values)?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// The drafts that an officer keeps within the scope, the oldest first, each with its benefit.
pub(super) fn drafts_of(
    tx: &mut Tx,
    scope: &Scope,
    officer: Id<Officer>,
    limit: usize,
) -> Result<Vec<(Id<value::Application>, String)>, Error> {
    let sql = format!(
        "SELECT a.id, a.benefit FROM application a WHERE a.opened_by = $2 AND a.state = 'draft' AND {SCOPED} ORDER BY a.id LIMIT $3"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = tx.query(&sql, vals![scope.val(), officer, limit])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Somebody else keeps a draft from now on; who opened it stays in the log.
pub(super) fn keep_draft(tx: &mut Tx, id: Id<value::Application>, officer: Id<Officer>) -> Result<(), Error> {
    tx.exec(
        "UPDATE application SET opened_by = $2, revision = revision + 1 WHERE id = $1 AND state = 'draft'",
        vals![id, officer],
    )?;
    Ok(())
}

/// Writes a new draft.
pub fn insert(tx: &mut Tx, it: &Application) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO application (id, revision, office, benefit, applicant, state, answers, opened_at, opened_by, organisation, about)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vals![
            it.id,
            it.revision,
            it.office,
            &it.benefit,
            it.applicant,
            state_name(it.stage.state()),
            serde_json::to_string(&it.answers).map_err(Error::fault)?,
            it.opened_at,
            it.opened_by,
            it.organisation,
            it.about
        ],
    )?;
    Ok(())
}

/// Saves a changed application where the revision is still the one that was loaded, and gives it the next one. Refuses with `Changed`, and
/// with `AlreadyRunning` where another one for the same benefit and account was lodged at the same instant.
pub fn save(tx: &mut Tx, it: &mut Application) -> Result<(), Error> {
    let lodged = it.stage.lodged();
    let (returned, withdrawn, decided) = match &it.stage {
        Stage::Lodged { sent_back, .. } => (sent_back.as_ref(), None, None),
        Stage::Returned { returned, .. } => (Some(returned), None, None),
        Stage::Withdrawn { withdrawn, .. } => (None, Some(withdrawn), None),
        Stage::Decided {
            outcome, decision, ..
        } => (None, None, Some((Some(outcome_name(*outcome)), *decision))),
        Stage::Confirming { decision, .. } => (None, None, Some((None, *decision))),
        Stage::Dismissed { dismissal, .. } => (None, None, Some((Some(DISMISSED), dismissal.cast()))),
        Stage::Draft | Stage::Recommended { .. } => (None, None, None),
    };
    let changed = tx
        .exec(
            "UPDATE application SET revision = revision + 1, household = $3, state = $4, number = $5, answers = $6, lodged_at = $7,
                lodged_on = $8, due_on = $9, recommendation = $10, returned = $11, outcome = $12, decision = $13, withdrawn = $14,
                about = $15
             WHERE id = $1 AND revision = $2",
            vals![
                it.id,
                it.revision,
                it.household,
                state_name(it.stage.state()),
                it.number.clone(),
                serde_json::to_string(&it.answers).map_err(Error::fault)?,
                lodged.map(|lodged| lodged.at),
                lodged.map(|lodged| lodged.on),
                it.due_on,
                json(it.stage.recommendation())?,
                json(returned)?,
                decided.and_then(|(outcome, _)| outcome),
                decided.map(|(_, decision)| decision),
                json(withdrawn)?,
                it.about
            ],
        )
        .map_err(|error| match error {
            StoreError::Unique(place) if place.contains("benefit") || place.contains("running") => {
                Refusal::AlreadyRunning.into()
            }
            other => Error::from(other),
        })?;
    if changed == 0 {
        return Err(Error::Changed(it.revision + 1));
    }
    it.revision += 1;
    Ok(())
}
