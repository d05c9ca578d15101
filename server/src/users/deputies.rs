//! Deputies: who decides for an absent approver, from a day until a day.
//!
//! A deputy has an approver's role in that office on those days and no longer; what they decide says for whom. Four eyes stay: nobody decides what
//! they recommended themselves, deputy or not. An approver names their own, an administrator anybody's in the offices below.

use super::store;
use crate::{
    access::{May, NameDeputies, Scope, role_name},
    audit::{self, Entry},
    house::House,
    http::{self, Json, Path, Query, cursor},
    problem::{Error, Problems, Refusal},
    store::{Migration, Row, Tx},
    vals,
};
use axum::{extract::State, http::StatusCode};
use karton_api::{
    Date, Id, Timestamp,
    common::{Page, PageQuery},
    deputies::{Deputy, NewDeputy},
    session::Role,
    value::{self, Office, Officer},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The table of deputies. `until_on` is inclusive.
pub const DEPUTIES: Migration = Migration::both(
    163,
    "deputies of absent approvers",
    "CREATE TABLE deputy (
        id {ID} PRIMARY KEY,
        office {ID} NOT NULL REFERENCES office (id),
        absent {ID} NOT NULL REFERENCES officer (id),
        deputy {ID} NOT NULL REFERENCES officer (id),
        from_on BIGINT NOT NULL,
        until_on BIGINT NOT NULL,
        named_by {ID} NOT NULL,
        named_at BIGINT NOT NULL,
        ended_at BIGINT
    );
    CREATE INDEX deputy_deputy ON deputy (deputy, office);
    CREATE INDEX deputy_absent ON deputy (absent, office);",
);

/// A body without members.
#[derive(Debug, Clone, Copy, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Days of one absence at most.
const LONGEST: i32 = 366;

/// The routes.
pub(super) fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, name))
        .routes(routes!(end))
}

/// Deputies within the scope, the newest first.
#[utoipa::path(get, path = "/v1/deputies", tag = "administration", params(PageQuery),
    responses((status = 200, body = Page<Deputy>), Problems))]
async fn list(
    may: May<NameDeputies>,
    State(house): State<House>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Deputy>>, Error> {
    let limit = http::limit(page.limit)?;
    let before: Option<Id<value::Deputy>> = cursor::decode(page.cursor.as_deref())?;
    let (scope, inside, today) = (may.scope(), house.clone(), house.clock.today());
    let rows = house
        .store
        .read(move |tx| {
            let last = before.unwrap_or_else(|| Id::from_uuid(uuid::Uuid::max()));
            let sql = format!(
                "SELECT {COLUMNS} FROM deputy d WHERE d.id < $2
                    AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = d.office)
                 ORDER BY d.id DESC LIMIT $3"
            );
            let most = i64::try_from(limit + 1).unwrap_or(201);
            let rows = tx.query(&sql, vals![scope.val(), last, most])?;
            rows.iter()
                .map(|row| show(tx, &inside, row, today))
                .collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    Ok(Json(cursor::page(rows, limit, |it| it.id)))
}

/// Name a deputy for an absent approver.
#[utoipa::path(post, path = "/v1/deputies", tag = "administration", request_body = NewDeputy,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Deputy), Problems))]
async fn name(
    may: May<NameDeputies>,
    State(house): State<House>,
    Json(body): Json<NewDeputy>,
) -> Result<(StatusCode, Json<Deputy>), Error> {
    let now = house.clock.now();
    let today = house.clock.day_of(now);
    days(body.from, body.until, today)?;
    let office = match &body.office {
        None => may.office(),
        Some(code) => {
            let office = house.offices.by_code(code);
            office
                .map(|office| office.id)
                .ok_or_else(|| unknown("/office", "There is no such office."))?
        }
    };
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let id: Id<value::Deputy> = house.clock.id();
    let made = audit::tell(&house.store, may.actor(), now, move |tx| {
        let admin = session.roles.contains(&Role::Admin);
        within(tx, &scope, office)?;
        let absent = match &body.absent {
            None => session.officer,
            Some(account) => account_of(tx, account, "/absent")?,
        };
        // A deputy's own deputy would be nobody's choice.
        if !admin && (absent != session.officer || session.deputy_for.is_some()) {
            return Err(Error::field(
                "/absent",
                "not-yours",
                "An approver names their own deputy; for others an administrator does.",
            ));
        }
        if !has_role(tx, absent, office, &[Role::Approver])? {
            return Err(Error::field(
                "/absent",
                "no-approver",
                "This officer is no approver in that office.",
            ));
        }
        let deputy = account_of(tx, &body.deputy, "/deputy")?;
        if deputy == absent || has_role(tx, deputy, office, &[Role::Approver])? {
            return Err(Error::field(
                "/deputy",
                "approver-already",
                "An approver of that office decides there without being named.",
            ));
        }
        if !has_role(tx, deputy, office, &[Role::Clerk, Role::Caseworker])? {
            return Err(Error::field(
                "/deputy",
                "not-there",
                "Only somebody who works in that office decides there.",
            ));
        }
        tx.hold("officer", absent)?;
        let overlapping = tx.query(
            "SELECT 1 FROM deputy WHERE absent = $1 AND office = $2 AND ended_at IS NULL AND from_on <= $4 AND until_on >= $3 LIMIT 1",
            vals![absent, office, body.from, body.until],
        )?;
        if !overlapping.is_empty() {
            return Err(Refusal::DeputyNamed.into());
        }
        tx.exec(
            "INSERT INTO deputy (id, office, absent, deputy, from_on, until_on, named_by, named_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            vals![
                id,
                office,
                absent,
                deputy,
                body.from,
                body.until,
                session.officer,
                now
            ],
        )?;
        let entry = Entry::of("deputy-named")
            .value("deputy", deputy)
            .value("absent", absent)
            .value("from", body.from)
            .value("until", body.until);
        Ok((load(tx, &inside, &scope, id, today)?, entry))
    })
    .await?;
    let deputy = made.deputy.id;
    house.sessions.forget(|session| session.officer == deputy);
    Ok((StatusCode::CREATED, Json(made)))
}

/// End it before its last day.
#[utoipa::path(post, path = "/v1/deputies/{id}/end", tag = "administration", request_body = Nothing,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Deputy), Problems))]
async fn end(
    may: May<NameDeputies>,
    State(house): State<House>,
    Path(id): Path<Id<value::Deputy>>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Json<Deputy>, Error> {
    let now = house.clock.now();
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let today = house.clock.day_of(now);
    let ended = audit::tell(&house.store, may.actor(), now, move |tx| {
        let it = load(tx, &inside, &scope, id, today)?;
        if !session.roles.contains(&Role::Admin) && it.absent.id != session.officer {
            return Err(Error::Missing);
        }
        let done = tx.exec(
            "UPDATE deputy SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL",
            vals![id, now],
        )?;
        if done == 0 {
            return Err(Refusal::StepNotOpen.into());
        }
        let entry = Entry::of("deputy-ended")
            .value("deputy", it.deputy.id)
            .value("absent", it.absent.id);
        Ok((load(tx, &inside, &scope, id, today)?, entry))
    })
    .await?;
    let deputy = ended.deputy.id;
    house.sessions.forget(|session| session.officer == deputy);
    Ok(Json(ended))
}

/// A day or more, not over already, at most a year.
fn days(from: Date, until: Date, today: Date) -> Result<(), Error> {
    let wrong = |code: &str, says: &str| Err(Error::field("/until", code, says));
    if until < from {
        return wrong("before-from", "The last day is not before the first.");
    }
    if until < today {
        return wrong("past", "These days are over.");
    }
    let length = from.until(until).map_or(i32::MAX, |span| span.get_days());
    if length >= LONGEST {
        return wrong("range", "At most a year.");
    }
    Ok(())
}

fn unknown(pointer: &str, says: &str) -> Error {
    Error::field(pointer, "unknown", says)
}

fn within(tx: &mut Tx, scope: &Scope, office: Id<Office>) -> Result<(), Error> {
    let sql = "SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = $2";
    match tx.opt(sql, vals![scope.val(), office])? {
        Some(_) => Ok(()),
        None => Err(unknown("/office", "There is no such office below yours.")),
    }
}

fn account_of(tx: &mut Tx, account: &str, pointer: &str) -> Result<Id<Officer>, Error> {
    let found = store::by_name(tx, &super::fold_account(account))?.filter(|account| !account.disabled);
    found
        .map(|account| account.id)
        .ok_or_else(|| unknown(pointer, "There is no such account in use."))
}

fn has_role(tx: &mut Tx, officer: Id<Officer>, office: Id<Office>, roles: &[Role]) -> Result<bool, Error> {
    for role in roles {
        let sql = "SELECT 1 FROM officer_role WHERE officer = $1 AND office = $2 AND role = $3";
        if tx.opt(sql, vals![officer, office, role_name(*role)])?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

const COLUMNS: &str = "d.id, d.office, d.absent, d.deputy, d.from_on, d.until_on, d.ended_at";

fn load(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    id: Id<value::Deputy>,
    today: Date,
) -> Result<Deputy, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM deputy d WHERE d.id = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = d.office)"
    );
    let row = tx.opt(&sql, vals![scope.val(), id])?.ok_or(Error::Missing)?;
    show(tx, house, &row, today)
}

fn show(tx: &mut Tx, house: &House, row: &Row, today: Date) -> Result<Deputy, Error> {
    let (from, until): (Date, Date) = (row.get(4)?, row.get(5)?);
    let ended_at: Option<Timestamp> = row.get(6)?;
    Ok(Deputy {
        id: row.get(0)?,
        office: house.offices.to_ref(row.get(1)?),
        absent: store::officer_ref(tx, Some(row.get(2)?))?,
        deputy: store::officer_ref(tx, Some(row.get(3)?))?,
        from,
        until,
        active: ended_at.is_none() && (from..=until).contains(&today),
        ended_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_absence_has_days_that_are_not_over_and_at_most_a_year() {
        let today = date(2025, 3, 10);
        let code = |from, until| match days(from, until, today) {
            Err(Error::Invalid(fields)) => fields[0].code.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(code(today, today), "Ok(())");
        assert_eq!(code(date(2025, 3, 1), today), "Ok(())");
        assert_eq!(code(date(2025, 3, 11), date(2025, 3, 10)), "before-from");
        assert_eq!(code(date(2025, 3, 1), date(2025, 3, 9)), "past");
        assert_eq!(code(today, date(2026, 3, 10)), "Ok(())");
        assert_eq!(code(today, date(2026, 3, 11)), "range");
    }
}
