//! The work queue: open steps, by their last day.

use super::{
    model::role_name,
    store::{due_of, procedure_of},
};
use crate::{
    access::{Scope, Session},
    clock::days_since_1970,
    http::cursor,
    packs::Packs,
    persons,
    problem::Error,
    store::{Tx, Val},
    users,
};
use karton_api::{
    Date, Id,
    common::Page,
    matters::{Queue, Task},
    value::{Office, StepRun},
};
use karton_rules::pack::{LegalAct, StepKind, StepRole};

/// Where a page begins: after this day and step.
pub(super) type After = (i64, Id<StepRun>);

/// Which part of the queue, for whom.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) queue: Queue,
    pub(super) limit: usize,
    pub(super) after: Option<After>,
    pub(super) today: Date,
    /// The offices of the officer's own legal body.
    pub(super) own: Vec<Id<Office>>,
}

pub(super) fn page(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    session: &Session,
    wanted: &Wanted,
) -> Result<Page<Task>, Error> {
    let mut values = vec![scope.val()];
    let mut bind = |value: Val| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut sql = "SELECT s.id, s.matter, s.step, s.due_on, s.assigned_to, s.barred, s.opened_at, s.office
         FROM office_tree t JOIN step_run s ON s.office = t.office
         WHERE t.ancestor = $1 AND s.state IN ('open', 'started')"
        .to_owned();
    sql.push_str(&super::seen_by(scope, "s.matter", &mut bind));
    if let Some(after) = wanted.after {
        let (due, step) = (bind(after.0.into()), bind(after.1.into()));
        sql.push_str(&format!(" AND (s.due_on, s.id) > ({due}, {step})"));
    }
    match wanted.queue {
        Queue::Office => {}
        Queue::Overdue => {
            let today = bind(days_since_1970(wanted.today).into());
            sql.push_str(&format!(" AND s.due_on < {today}"));
        }
        Queue::Mine => {
            let me = bind(session.officer.into());
            let roles: Vec<String> = [StepRole::Clerk, StepRole::Caseworker, StepRole::Approver]
                .into_iter()
                .filter(|role| {
                    super::officer_roles(*role)
                        .iter()
                        .any(|it| session.roles.contains(it))
                })
                .map(|role| format!("'{}'", role_name(role)))
                .collect();
            let open = if roles.is_empty() {
                "1 = 0".to_owned()
            } else {
                let own: Vec<String> = wanted.own.iter().map(|office| bind((*office).into())).collect();
                format!(
                    "s.role IN ({}) AND s.office IN ({})",
                    roles.join(", "),
                    own.join(", ")
                )
            };
            sql.push_str(&format!(
                " AND (s.assigned_to = {me} OR (s.assigned_to IS NULL AND {open}))"
            ));
        }
    }
    let limit = bind(i64::try_from(wanted.limit + 1).unwrap_or(201).into());
    sql.push_str(&format!(" ORDER BY s.due_on, s.id LIMIT {limit}"));
    let rows = tx.query(&sql, &values)?;
    let mut items = Vec::new();
    let mut last = None;
    for row in rows.iter().take(wanted.limit) {
        let (id, due): (Id<StepRun>, i64) = (row.get(0)?, row.get(3)?);
        last = Some((due, id));
        let matter = super::store::load(tx, scope, row.get(1)?)?;
        // Nobody is shown work on their own family.
        if session.kin && persons::kin_of(tx, session.officer, matter.person)? {
            continue;
        }
        let pack = packs.version(tx, &matter.pack)?;
        let key: String = row.get(2)?;
        let step = procedure_of(&pack, &matter)?
            .step(&key)
            .ok_or_else(|| Error::fault(format!("the procedure has no step `{key}`")))?;
        let due_on = due_of(due);
        let assigned: Option<Id<karton_api::value::Officer>> = row.get(4)?;
        let barred: Option<Id<karton_api::value::Officer>> = row.get(5)?;
        let office: Id<Office> = row.get(7)?;
        items.push(Task {
            id,
            matter: matter.id,
            name: step.name.0.clone(),
            kind: kind_name(step.kind).to_owned(),
            act: step.act.map(|act| act_name(act).to_owned()),
            form: step.form.clone(),
            role: role_name(step.role).to_owned(),
            step: key,
            number: matter.number.clone(),
            benefit: matter.benefit.clone(),
            person: persons::store::cards(tx, scope, &[matter.person])?.pop(),
            due_on,
            overdue: due_on.is_some_and(|due| due < wanted.today),
            assigned_to: assigned.map(|id| users::officer_ref(tx, Some(id))).transpose()?,
            opened_at: row.get(6)?,
            blocked: barred == Some(session.officer)
                || (office != matter.office && !wanted.own.contains(&office)),
            office: super::above::named(tx, &matter, office)?,
            about: super::about::of(tx, matter.id)?,
        });
    }
    let next = last
        .filter(|_| rows.len() > wanted.limit)
        .map(|last: After| cursor::encode(&last));
    Ok(Page { items, next })
}

/// As it travels.
pub(super) fn kind_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Form => "form",
        StepKind::Evidence => "evidence",
        StepKind::Assess => "assess",
        StepKind::Decide => "decide",
        StepKind::Letter => "letter",
        StepKind::Notify => "notify",
        StepKind::Pay => "pay",
        StepKind::Monitor => "monitor",
        StepKind::Review => "review",
        StepKind::Refer => "refer",
        StepKind::Close => "close",
    }
}

/// As it travels.
pub(super) fn act_name(act: LegalAct) -> &'static str {
    match act {
        LegalAct::Lodge => "lodge",
        LegalAct::Recommend => "recommend",
        LegalAct::Decide => "decide",
        LegalAct::Deliver => "deliver",
        LegalAct::Report => "report",
        LegalAct::Open => "open",
        LegalAct::Appraise => "appraise",
        LegalAct::Plan => "plan",
        LegalAct::Approve => "approve",
        LegalAct::Review => "review",
        LegalAct::Refer => "refer",
        LegalAct::Place => "place",
        LegalAct::Close => "close",
        LegalAct::Dismiss => "dismiss",
        LegalAct::Confirm => "confirm",
    }
}
