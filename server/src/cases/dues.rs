//! What is due: the monitoring list of one case or of all, and the caseworker's calendar. The overdue stands first, because it is the oldest.

use super::store;
use crate::{
    access::Scope,
    house::House,
    matters, persons,
    problem::Error,
    store::{Tx, Val},
    users,
};
use karton_api::{
    Date, Id,
    cases::{Due, DueSource},
    value::{self, Officer, Watch},
};

/// Place of a line in the list.
pub(super) type Key = (Date, Id<Watch>);

/// Which lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) mine: Option<Id<Officer>>,
    pub(super) case: Option<Id<value::Case>>,
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
    pub(super) held: bool,
    pub(super) after: Option<Key>,
    pub(super) limit: usize,
}

/// Lines with a day later than this have no term.
const NO_TERM: i64 = 9_000_000;

const OPEN: &str = "SELECT 'watch' AS source, w.id AS id, w.matter AS matter, w.due_on AS day, w.time_of_day AS at, w.kind AS code, w.what AS what, \
        w.officer AS officer FROM case_watch w WHERE w.state = 'open'
    UNION ALL SELECT 'activity', a.id, a.matter, a.due_on, CAST(NULL AS TEXT), a.kind, a.what, a.officer FROM case_activity a WHERE a.state = 'open'
    UNION ALL SELECT 'step', s.id, s.matter, s.due_on, CAST(NULL AS TEXT), s.step, '', s.assigned_to FROM step_run s
        WHERE s.state IN ('open', 'started')";
const HELD: &str = " UNION ALL SELECT 'contact', n.thing, n.matter, n.on_day, n.time_of_day, coalesce(n.code, ''), n.text, n.recorded_by \
        FROM case_note n WHERE n.kind = 'contact' AND n.replaced_at IS NULL";

fn source(name: &str) -> Result<DueSource, Error> {
    match name {
        "watch" => Ok(DueSource::Watch),
        "activity" => Ok(DueSource::Activity),
        "step" => Ok(DueSource::Step),
        "contact" => Ok(DueSource::Contact),
        other => Err(Error::fault(format!("nothing due is a `{other}`"))),
    }
}

/// A page of what is due in cases that exist for whoever looks, by day.
pub(super) fn page(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    wanted: &Wanted,
    today: Date,
) -> Result<Vec<Due>, Error> {
    let mut values = vec![scope.val(), NO_TERM.into()];
    let mut bind = |value: Val| {
        values.push(value);
        format!("${}", values.len())
    };
    let lines = if wanted.held {
        format!("{OPEN}{HELD}")
    } else {
        OPEN.to_owned()
    };
    let mut sql = format!(
        "SELECT d.source, d.id, d.matter, d.day, d.at, d.code, d.what, d.officer, c.number, c.person FROM ({lines}) d
         JOIN social_case c ON c.id = d.matter
         WHERE d.day < $2 AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = c.office)"
    );
    sql.push_str(&matters::seen_by(scope, "c.id", &mut bind));
    if let Some(me) = wanted.mine {
        let me = bind(me.into());
        sql.push_str(&format!(
            " AND (d.officer = {me} OR (d.officer IS NULL AND c.lead_officer = {me}))"
        ));
    }
    if let Some(case) = wanted.case {
        sql.push_str(&format!(" AND d.matter = {}", bind(case.into())));
    }
    if let Some(from) = wanted.from {
        sql.push_str(&format!(" AND d.day >= {}", bind(from.into())));
    }
    if let Some(until) = wanted.until {
        sql.push_str(&format!(" AND d.day < {}", bind(until.into())));
    }
    if let Some((day, id)) = wanted.after {
        let (day, id) = (bind(day.into()), bind(id.into()));
        sql.push_str(&format!(" AND (d.day, d.id) > ({day}, {id})"));
    }
    let limit = bind(i64::try_from(wanted.limit).unwrap_or(201).into());
    sql.push_str(&format!(" ORDER BY d.day, d.id LIMIT {limit}"));
    let rows = tx.query(&sql, &values)?;
    let mut found = Vec::new();
    for row in &rows {
        let source = source(&row.get::<String>(0)?)?;
        let case: Id<value::Case> = row.get(2)?;
        let code: String = row.get(5)?;
        let officer: Option<Id<Officer>> = row.get(7)?;
        let on: Date = row.get(3)?;
        let name = if source == DueSource::Step {
            let it = store::load(tx, scope, case)?;
            let way = super::desk::Way::of_house(house, tx, &it)?;
            way.step(&code)?
                .map(|step| step.name.0.clone())
                .unwrap_or_default()
        } else {
            Default::default()
        };
        found.push(Due {
            case,
            number: row.get(8)?,
            person: persons::store::card_of(tx, scope, row.get(9)?)?,
            source,
            id: row.get(1)?,
            name,
            code,
            what: row.get(6)?,
            on,
            time: row.get(4)?,
            officer: officer
                .map(|officer| users::officer_ref(tx, Some(officer)))
                .transpose()?,
            overdue: source != DueSource::Contact && on < today,
        });
    }
    Ok(found)
}
