//! Letters as issued, listed beside the documents. They are read at their own place and never change.

use crate::{
    access::{May, ReadDossiers},
    house::House,
    http::{self, cursor},
    matters, persons,
    problem::Error,
    vals,
};
use karton_api::{
    Id,
    common::Page,
    documents::{IssuedPaper, IssuedQuery},
    dossiers::Purpose,
    value,
};

/// What was issued to a person, the newest first.
pub(super) async fn list(
    may: &May<ReadDossiers>,
    house: &House,
    query: IssuedQuery,
) -> Result<Page<IssuedPaper>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<Id<value::Letter>> = cursor::decode(query.cursor.as_deref())?;
    let scope = may.scope();
    let person = query.person;
    let found = house
        .store
        .read(move |tx| {
            persons::store::holding_office(tx, &scope, person)?;
            let last = after.unwrap_or(Id::from_uuid(uuid::Uuid::max()));
            let rows = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut values = vals![scope.val(), person, last, rows].to_vec();
            let seen = matters::seen(&scope, "a.id", &mut values);
            let of = query.application.map_or_else(String::new, |application| {
                values.push(application.into());
                format!(" AND a.id = ${}", values.len())
            });
            let sql = format!(
                "SELECT l.paper, l.title, coalesce(d.number, k.number, a.number), l.day, l.hash, a.id, d.id FROM letter l
                 LEFT JOIN decision d ON d.id = l.paper LEFT JOIN completion_request r ON r.id = l.paper
                 LEFT JOIN paper k ON k.id = l.paper
                 JOIN application a ON a.id = coalesce(d.application, r.application, k.matter)
                 WHERE a.applicant = $2 AND l.paper < $3 AND {seen}{of}
                    AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = a.office)
                 ORDER BY l.paper DESC LIMIT $4"
            );
            let rows = tx.query(&sql, &values)?;
            rows.iter()
                .map(|row| {
                    Ok(IssuedPaper {
                        id: row.get(0)?,
                        title: row.get(1)?,
                        number: row.get(2)?,
                        on: row.get(3)?,
                        sha256: row.get(4)?,
                        application: row.get(5)?,
                        decision: row.get(6)?,
                    })
                })
                .collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), person, Purpose::default())
        .await?;
    Ok(cursor::page(found, limit, |it| it.id))
}
