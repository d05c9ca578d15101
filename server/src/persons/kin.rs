//! The dossiers an officer does not work on, declared by the officer. Administrators declare them too, and alone take them back.

use super::store;
use crate::{
    access::{BeSignedIn, May},
    audit::{self, Entry},
    house::House,
    http::Json,
    problem::{Error, Problems},
    store::{Migration, Tx},
    users, vals,
};
use axum::extract::State;
use karton_api::{
    Id, Timestamp,
    common::Page,
    kin::{DeclareKin, Kin, KinOf},
    value::Officer,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Who declared it, and when.
pub const MIGRATION: Migration = Migration::both(
    153,
    "who declared a relative",
    "ALTER TABLE officer_person ADD COLUMN declared_at BIGINT;
    ALTER TABLE officer_person ADD COLUMN declared_by {ID};",
);

/// More than this nobody declares.
const MOST: i64 = 500;

/// The routes.
pub(super) fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(own, declare_own))
}

fn list(tx: &mut Tx, officer: Id<Officer>) -> Result<Page<Kin>, Error> {
    let rows = tx.query(
        "SELECT p.dossier_number, k.kind, k.declared_at, k.declared_by FROM officer_person k JOIN person p ON p.id = k.person
         WHERE k.officer = $1 ORDER BY k.kind, p.dossier_number LIMIT $2",
        vals![officer, MOST],
    )?;
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        let (at, by): (Option<Timestamp>, Option<Id<Officer>>) = (row.get(2)?, row.get(3)?);
        items.push(Kin {
            dossier: row.get(0)?,
            kin: if row.get::<String>(1)? == "self" {
                KinOf::Own
            } else {
                KinOf::Relative
            },
            declared_at: at,
            declared_by: by.map(|by| users::officer_ref(tx, Some(by))).transpose()?,
        });
    }
    Ok(Page { items, next: None })
}

/// Declares a dossier of the officer's family.
async fn declare(
    may: &May<BeSignedIn>,
    house: &House,
    officer: Id<Officer>,
    body: DeclareKin,
) -> Result<Page<Kin>, Error> {
    let number = body.dossier.trim().to_uppercase();
    let (now, by) = (house.clock.now(), may.officer());
    let kin = match body.kin {
        KinOf::Own => users::Kin::Own,
        KinOf::Relative => users::Kin::Relative,
    };
    let declared = audit::tell(&house.store, may.actor(), now, move |tx| {
        let unknown = || Error::field("/dossier", "unknown", "there is no dossier of this number");
        let person = store::by_dossier(tx, &number)?.ok_or_else(unknown)?;
        users::declare(tx, officer, person, kin)?;
        tx.exec(
            "UPDATE officer_person SET declared_at = $3, declared_by = $4 WHERE officer = $1 AND person = $2",
            vals![officer, person, now, by],
        )?;
        let entry = Entry::of("relative-declared")
            .person(person)
            .value("officer", officer);
        Ok((list(tx, officer)?, entry))
    })
    .await?;
    house.sessions.forget(|session| session.officer == officer);
    Ok(declared)
}

/// The dossiers one does not work on.
#[utoipa::path(get, path = "/v1/session/kin", tag = "session", responses((status = 200, body = Page<Kin>), Problems))]
async fn own(may: May<BeSignedIn>, State(house): State<House>) -> Result<Json<Page<Kin>>, Error> {
    let officer = may.officer();
    Ok(Json(house.store.read(move |tx| list(tx, officer)).await?))
}

/// Declare a dossier one's own or a relative's.
#[utoipa::path(post, path = "/v1/session/kin", tag = "session", request_body = DeclareKin,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 200, body = Page<Kin>), Problems))]
async fn declare_own(
    may: May<BeSignedIn>,
    State(house): State<House>,
    Json(body): Json<DeclareKin>,
) -> Result<Json<Page<Kin>>, Error> {
    Ok(Json(declare(&may, &house, may.officer(), body).await?))
}
