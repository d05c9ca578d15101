//! Handing over what an officer leaves open: every step they hold and every draft they keep, in one action, to one or several others in turn.
//! Nobody's name is among it, so that an administrator may do it.

use super::store;
use crate::{
    access::{HandOverWork, May},
    audit::{self, Entry},
    house::House,
    http::{self, Json, Path, Query, cursor},
    matters,
    problem::{Error, Problems},
    store::Tx,
    users,
};
use axum::extract::State;
use karton_api::{
    Id,
    common::{Page, PageQuery, Texts},
    deputies::{HandOver, HandedOver, OpenWork},
    session::Role,
    value::{self, Officer},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The most that one officer hands over at once.
const MOST: usize = 1000;

/// The routes.
pub(super) fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(work))
        .routes(routes!(hand_over))
}

/// What an officer leaves open within the scope: steps by their last day, then drafts.
#[utoipa::path(get, path = "/v1/users/{id}/work", tag = "administration",
    params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<OpenWork>), Problems))]
async fn work(
    may: May<HandOverWork>,
    State(house): State<House>,
    Path(id): Path<Id<Officer>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<OpenWork>>, Error> {
    let limit = http::limit(page.limit)?;
    let after: usize = cursor::decode(page.cursor.as_deref())?.unwrap_or(0);
    let (scope, packs) = (may.scope(), house.packs.clone());
    let all = house
        .store
        .read(move |tx| {
            users::load(tx, id)?;
            let mut all: Vec<OpenWork> = matters::held_by(tx, &packs, &scope, id, MOST)?
                .iter()
                .map(step)
                .collect();
            for draft in store::drafts_of(tx, &scope, id, MOST)? {
                all.push(of_draft(&draft));
            }
            Ok::<_, Error>(all)
        })
        .await?;
    let there = all.len();
    let items: Vec<OpenWork> = all.into_iter().skip(after).take(limit).collect();
    let read = after.saturating_add(items.len());
    Ok(Json(Page {
        items,
        next: (read < there).then(|| cursor::encode(&read)),
    }))
}

fn step(held: &matters::Held) -> OpenWork {
    OpenWork {
        step: Some(held.step),
        matter: held.matter,
        name: held.name.clone(),
        number: held.number.clone(),
        benefit: held.benefit.clone(),
        due_on: held.due_on,
        to: None,
    }
}

fn of_draft((id, benefit): &(Id<value::Application>, String)) -> OpenWork {
    OpenWork {
        step: None,
        matter: id.cast(),
        name: Texts::new(),
        number: None,
        benefit: Some(benefit.clone()),
        due_on: None,
        to: None,
    }
}

/// Give everything that an officer leaves open to others, in turn; what none of them may do goes back to the office's queue.
#[utoipa::path(post, path = "/v1/users/{id}/hand-over", tag = "administration", request_body = HandOver,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = HandedOver), Problems))]
async fn hand_over(
    may: May<HandOverWork>,
    State(house): State<House>,
    Path(id): Path<Id<Officer>>,
    Json(body): Json<HandOver>,
) -> Result<Json<HandedOver>, Error> {
    if !(1..=20).contains(&body.to.len()) {
        return Err(Error::field("/to", "length", "Name 1 to 20 accounts."));
    }
    let now = house.clock.now();
    let (scope, packs) = (may.scope(), house.packs.clone());
    let done = audit::tell(&house.store, may.actor(), now, move |tx| {
        users::load(tx, id)?;
        let to = takers(tx, id, &body)?;
        let mut answer = HandedOver {
            given: Vec::new(),
            left: Vec::new(),
        };
        let mut turn = 0;
        for held in matters::held_by(tx, &packs, &scope, id, MOST)? {
            let next = next_of(&to, turn, |officer| matters::may_hold(tx, &held, officer, now))?;
            matters::hand(tx, &packs, &scope, &held, next.map(|at| to[at]))?;
            let mut line = step(&held);
            match next {
                Some(at) => {
                    turn = at + 1;
                    line.to = Some(users::officer_ref(tx, Some(to[at]))?);
                    answer.given.push(line);
                }
                None => answer.left.push(line),
            }
        }
        for draft in store::drafts_of(tx, &scope, id, MOST)? {
            let office = store::load(tx, &scope, draft.0)?.office;
            let takes = &[Role::Clerk, Role::Caseworker];
            let next = next_of(&to, turn, |officer| users::works_in(tx, officer, office, takes))?;
            let mut line = of_draft(&draft);
            match next {
                Some(at) => {
                    turn = at + 1;
                    store::keep_draft(tx, draft.0, to[at])?;
                    line.to = Some(users::officer_ref(tx, Some(to[at]))?);
                    answer.given.push(line);
                }
                None => answer.left.push(line),
            }
        }
        let entry = Entry::of("work-handed-over")
            .value("officer", id)
            .value("given", answer.given.len())
            .value("left", answer.left.len());
        Ok((answer, entry))
    })
    .await?;
    Ok(Json(done))
}

/// The accounts named, each once and in use, and not the officer who leaves.
fn takers(tx: &mut Tx, from: Id<Officer>, body: &HandOver) -> Result<Vec<Id<Officer>>, Error> {
    let mut to = Vec::new();
    for (place, account) in body.to.iter().enumerate() {
        let found = users::by_name(tx, &users::fold_account(account))?.filter(|account| !account.disabled);
        let found = found.filter(|found| found.id != from && !to.contains(&found.id));
        let found = found.ok_or_else(|| {
            Error::field(
                format!("/to/{place}"),
                "unknown",
                "There is no such other account in use, or it is named twice.",
            )
        })?;
        to.push(found.id);
    }
    Ok(to)
}

/// The next of the takers, from `turn` on in a circle, who may have it.
fn next_of(
    to: &[Id<Officer>],
    turn: usize,
    mut may: impl FnMut(Id<Officer>) -> Result<bool, Error>,
) -> Result<Option<usize>, Error> {
    for step in 0..to.len() {
        let at = (turn + step) % to.len();
        if may(to[at])? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use karton_api::Timestamp;

    #[test]
    fn everybody_gets_their_turn_who_may() {
        let to: Vec<Id<Officer>> = (1..=3).map(|n| Id::at(Timestamp::UNIX_EPOCH, [n; 10])).collect();
        assert_eq!(next_of(&to, 0, |_| Ok(true)).unwrap(), Some(0));
        assert_eq!(next_of(&to, 3, |_| Ok(true)).unwrap(), Some(0));
        assert_eq!(next_of(&to, 1, |one| Ok(one == to[0])).unwrap(), Some(0));
        assert_eq!(next_of(&to, 0, |_| Ok(false)).unwrap(), None);
        assert_eq!(next_of(&[], 0, |_| Ok(true)).unwrap(), None);
    }
}
