//! Numbers for people: drawn last in a transaction, without gaps or clashes.

use super::{Migration, StoreError, Tx};
use crate::vals;

/// The table of series.
pub const MIGRATION: Migration = Migration::both(
    3,
    "series of numbers",
    "CREATE TABLE series (
        office TEXT NOT NULL, class TEXT NOT NULL, year BIGINT NOT NULL, last BIGINT NOT NULL,
        PRIMARY KEY (office, class, year)
    )",
);

/// Draws the next number, from 1, of the series of an office, a class of document and a year.
///
/// The series stays locked until the transaction ends, so that a number given back by a rollback is the next to be
/// given: draw it last. Drafts have none.
pub fn draw(tx: &mut Tx, office: &str, class: &str, year: i16) -> Result<i64, StoreError> {
    tx.one(
        "INSERT INTO series (office, class, year, last) VALUES ($1, $2, $3, 1)
         ON CONFLICT (office, class, year) DO UPDATE SET last = series.last + 1 RETURNING last",
        vals![office, class, year],
    )?
    .get(0)
}

/// Draws `many` numbers at once, for a bulk load in one transaction; answers the first of them. Nothing is drawn for none.
pub fn draw_block(tx: &mut Tx, office: &str, class: &str, year: i16, many: i64) -> Result<i64, StoreError> {
    let last: i64 = tx
        .one(
            "INSERT INTO series (office, class, year, last) VALUES ($1, $2, $3, $4)
             ON CONFLICT (office, class, year) DO UPDATE SET last = series.last + $4 RETURNING last",
            vals![office, class, year, many.max(0)],
        )?
        .get(0)?;
    Ok(last - many.max(0) + 1)
}
