//! Letters: what is kept is what was issued.

use super::Books;
use crate::{http::hex, problem::Error, store::Tx, vals};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Letters are read so many at a time.
const BATCH: i64 = 50;

/// Every letter has its paper and the bytes it was issued with; every paper that says so has its letter.
pub(super) fn letters(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "letter-missing",
        &["decision"],
        "its letter is said to be ready and is not there",
        "SELECT d.id FROM decision d WHERE d.letter = 'ready' AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.paper = d.id) ORDER BY d.id",
    )?;
    books.none(
        tx,
        "letter-missing",
        &["request", "application"],
        "its letter is said to be ready and is not there",
        "SELECT r.id, r.application FROM completion_request r
         WHERE r.letter = 'ready' AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.paper = r.id) ORDER BY r.id",
    )?;
    books.none(
        tx,
        "letter-missing",
        &["paper"],
        "its letter is said to be ready and is not there",
        "SELECT p.id FROM paper p WHERE p.letter = 'ready' AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.paper = p.id) ORDER BY p.id",
    )?;
    books.none(
        tx,
        "letter-missing",
        &["amendment"],
        "its letter is said to be ready and is not there",
        "SELECT m.id FROM amendment m WHERE m.letter = 'ready' AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.paper = m.id) ORDER BY m.id",
    )?;
    books.none(
        tx,
        "letter-missing",
        &["confirmation"],
        "its letter is said to be ready and is not there",
        "SELECT c.id FROM confirmation c WHERE c.letter = 'ready' AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.paper = c.id) ORDER BY c.id",
    )?;
    books.none(
        tx,
        "letter-of-nothing",
        &["letter"],
        "a letter belongs to no decision, no request and no paper",
        "SELECT l.paper FROM letter l WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = l.paper)
            AND NOT EXISTS (SELECT 1 FROM completion_request r WHERE r.id = l.paper)
            AND NOT EXISTS (SELECT 1 FROM paper p WHERE p.id = l.paper)
            AND NOT EXISTS (SELECT 1 FROM confirmation c WHERE c.id = l.paper)
            AND NOT EXISTS (SELECT 1 FROM amendment m WHERE m.id = l.paper) ORDER BY l.paper",
    )?;
    let mut after = Uuid::nil();
    loop {
        let rows = tx.query(
            "SELECT paper, pdf, hash FROM letter WHERE paper > $1 ORDER BY paper LIMIT $2",
            vals![after, BATCH],
        )?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.get(0)?;
        for row in &rows {
            let (paper, pdf, hash): (Uuid, Vec<u8>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if hex(&Sha256::digest(&pdf)) != hash {
                let at = [("letter", paper.to_string())];
                books.add("letter-changed", at, "its bytes are not those that were issued");
            }
        }
    }
}
