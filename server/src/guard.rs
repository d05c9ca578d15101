//! At every door at once: nobody comes to a dossier of their own family, and attempts that are refused are entered.
//!
//! Ids stand in paths. Whatever a path names (a person, a matter, a decision, an award, a piece of evidence, a step), this finds whose it is
//! before the handler runs, so that a new route need not think of it. Officers who have declared nobody pay nothing for it. What a body names is
//! the actions' own business (`persons::not_own`); their refusals are entered here too, and so is the 404 about another office's dossier, each
//! in a transaction of its own.

use crate::{
    access::{Scope, Session, sessions::Found},
    audit::{self, Entry},
    house::House,
    matters, persons,
    problem::{Error, Refusal, RefusedAs},
    store::Tx,
    vals,
};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use karton_api::{
    Id,
    common::OfficerRef,
    value::{Matter, Officer, Person},
};
use uuid::Uuid;

/// So many officers are named who may do it instead.
const MOST_TAKERS: usize = 5;

/// Whose a thing is that a path names.
#[derive(Debug, Clone, Copy)]
struct Whose {
    person: Id<Person>,
    /// Where the path names a matter or something of one.
    matter: Option<Id<Matter>>,
    /// It lies within the office's subtree.
    in_scope: bool,
}

/// One statement for everything that has an owner: this stands above the rooms, and an id is of one thing only.
const WHOSE: &str = "SELECT x.person, x.matter, EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $2 AND t.office = x.office) FROM (
        SELECT p.id AS person, CAST(NULL AS {ID}) AS matter, p.office AS office FROM person p WHERE p.id = $1
        UNION ALL SELECT m.person, m.id, m.office FROM matter m WHERE m.id = $1
        UNION ALL SELECT a.applicant, a.id, a.office FROM application a WHERE a.id = $1 AND a.lodged_at IS NULL
        UNION ALL SELECT a.applicant, a.id, d.office FROM decision d JOIN application a ON a.id = d.application WHERE d.id = $1
        UNION ALL SELECT a.applicant, a.id, d.office FROM confirmation c JOIN decision d ON d.id = c.decision
            JOIN application a ON a.id = d.application WHERE c.id = $1
        UNION ALL SELECT m.person, m.id, m.office FROM confirmation c JOIN amendment m ON m.id = c.amendment WHERE c.id = $1
        UNION ALL SELECT w.beneficiary, CAST(NULL AS {ID}), w.office FROM award w WHERE w.id = $1
        UNION ALL SELECT e.person, e.matter, e.office FROM evidence e WHERE e.id = $1
        UNION ALL SELECT s.person, s.matter, s.office FROM raised_signal s WHERE s.id = $1
        UNION ALL SELECT f.person, f.matter, f.office FROM document f WHERE f.id = $1
        UNION ALL SELECT m.person, m.id, r.office FROM paper r JOIN matter m ON m.id = r.matter WHERE r.id = $1
        UNION ALL SELECT l.applicant, CAST(NULL AS {ID}), l.office FROM lodging l WHERE l.id = $1
        UNION ALL SELECT n.person, n.matter, n.office FROM notice n WHERE n.id = $1
        UNION ALL SELECT m.person, m.id, m.office FROM step_run s JOIN matter m ON m.id = s.matter WHERE s.id = $1
    ) AS x";

fn whose(tx: &mut Tx, scope: &Scope, ids: &[Uuid]) -> Result<Vec<Whose>, Error> {
    let id_type = match tx.dialect() {
        crate::store::Dialect::Sqlite => "BLOB",
        crate::store::Dialect::Postgres => "uuid",
    };
    let sql = WHOSE.replace("{ID}", id_type);
    let mut found = Vec::new();
    for id in ids {
        let id: Id<Person> = Id::from_uuid(*id);
        for row in tx.query(&sql, vals![id, scope.val()])? {
            found.push(Whose {
                person: row.get(0)?,
                matter: row.get(1)?,
                in_scope: row.get(2)?,
            });
        }
    }
    Ok(found)
}

/// The ids that a path names.
fn named(path: &str) -> Vec<Uuid> {
    path.split('/')
        .filter(|part| part.len() == 36)
        .filter_map(|part| Uuid::try_parse(part).ok())
        .take(4)
        .collect()
}

/// Officers of the same office and with a role of this one's, for whom it is no dossier of their family.
fn takers(tx: &mut Tx, session: &Session, person: Id<Person>) -> Result<Vec<OfficerRef>, Error> {
    let rows = tx.query(
        "SELECT DISTINCT o.id, o.name FROM officer o JOIN officer_role mine ON mine.officer = $1 AND mine.office = $2
         JOIN officer_role r ON r.officer = o.id AND r.office = $2 AND r.role = mine.role
         WHERE o.disabled = 0 AND o.id <> $1 ORDER BY o.name, o.id LIMIT 50",
        vals![session.officer, session.office],
    )?;
    let mut takers = Vec::new();
    for row in rows {
        let id: Id<Officer> = row.get(0)?;
        if takers.len() < MOST_TAKERS && !persons::kin_of(tx, id, person)? {
            takers.push(OfficerRef {
                id,
                name: row.get(1)?,
            });
        }
    }
    Ok(takers)
}

/// The layer. It stands within that of repeated requests, so that what is kept for a repeat is what was answered.
pub(crate) async fn layer(State(house): State<House>, request: Request, next: Next) -> Response {
    let Some(Found(Some(session))) = request.extensions().get::<Found>().cloned() else {
        return next.run(request).await;
    };
    let ids = named(request.uri().path());
    let attempt = Attempt {
        method: request.method().to_string(),
        route: request
            .extensions()
            .get::<MatchedPath>()
            .map_or_else(String::new, |path| path.as_str().to_owned()),
    };
    if session.kin && !ids.is_empty() {
        match own(&house, &session, &ids).await {
            Ok(None) => {}
            Ok(Some((of, others))) => {
                return match enter(&house, &session, &attempt, "own-dossier", Some(of)).await {
                    Ok(()) => Error::Own(others).into_response(),
                    Err(error) => error.into_response(),
                };
            }
            Err(error) => return error.into_response(),
        }
    }
    let response = next.run(request).await;
    let Some(RefusedAs(slug)) = response.extensions().get::<RefusedAs>().cloned() else {
        return response;
    };
    let entered = match slug.as_str() {
        "not-found" if !ids.is_empty() => elsewhere(&house, &session, &attempt, &ids).await,
        slug if slug == Refusal::OwnDossier.slug() => {
            enter(&house, &session, &attempt, "own-dossier", None).await
        }
        slug if slug == Refusal::NotNamed.slug() => refused_room(&house, &session, &attempt, &ids).await,
        _ => Ok(()),
    };
    match entered {
        Ok(()) => response,
        Err(error) => error.into_response(),
    }
}

/// What was tried.
struct Attempt {
    method: String,
    route: String,
}

/// Whether one of these things belongs to the officer's family, and who may take over.
async fn own(
    house: &House,
    session: &Session,
    ids: &[Uuid],
) -> Result<Option<(Whose, Vec<OfficerRef>)>, Error> {
    let (session, ids) = (session.clone(), ids.to_vec());
    house
        .store
        .read(move |tx| {
            for of in whose(tx, &Scope::under(session.office), &ids)? {
                if persons::kin_of(tx, session.officer, of.person)? {
                    return Ok(Some((of, takers(tx, &session, of.person)?)));
                }
            }
            Ok(None)
        })
        .await
}

/// Enters the attempt at something that exists and is not for this officer: of another office, or a matter on which they are not named. What does
/// not exist, or is merely empty, is nobody's.
async fn elsewhere(house: &House, session: &Session, attempt: &Attempt, ids: &[Uuid]) -> Result<(), Error> {
    let (ids, here, now) = (ids.to_vec(), session.clone(), house.clock.now());
    let hidden = house
        .store
        .read(move |tx| {
            for of in whose(tx, &Scope::under(here.office), &ids)? {
                let seen = match of.matter {
                    Some(matter) => matters::exists_for(tx, matter, here.officer, now)?,
                    None => true,
                };
                if !of.in_scope || !seen {
                    return Ok(Some(of));
                }
            }
            Ok::<_, Error>(None)
        })
        .await?;
    match hidden {
        Some(of) => enter(house, session, attempt, "not-found", Some(of)).await,
        None => Ok(()),
    }
}

/// Enters the attempt at a restricted room.
async fn refused_room(
    house: &House,
    session: &Session,
    attempt: &Attempt,
    ids: &[Uuid],
) -> Result<(), Error> {
    let (ids, office) = (ids.to_vec(), session.office);
    let of = house
        .store
        .read(move |tx| Ok::<_, Error>(whose(tx, &Scope::under(office), &ids)?.into_iter().next()))
        .await?;
    enter(house, session, attempt, "not-named", of).await
}

async fn enter(
    house: &House,
    session: &Session,
    attempt: &Attempt,
    why: &'static str,
    of: Option<Whose>,
) -> Result<(), Error> {
    let mut entry = Entry::of("refused")
        .value("why", why)
        .value("method", &attempt.method)
        .value("route", &attempt.route);
    // An entry about a matter is covered by the log where the matter is restricted; it must not name the person beside it.
    match of {
        Some(Whose {
            matter: Some(matter), ..
        }) => entry = entry.matter(matter),
        Some(of) => entry = entry.person(of.person),
        None => {}
    }
    audit::enter(&house.store, session.actor(), house.clock.now(), entry).await
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn ids_are_read_from_any_place_of_a_path() {
        let id = "01939c2e-0000-7000-8000-000000000001";
        assert_eq!(
            named(&format!("/v1/persons/{id}/household/changes/{id}/undo")).len(),
            2
        );
        assert!(named("/v1/persons/search").is_empty());
        assert!(named("/v1/users/0193").is_empty());
    }
}
