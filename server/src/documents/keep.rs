//! Keeping the store of objects and the database together: which objects are needed, and removing those that are not.

use crate::{
    house::House,
    objects::ContentHash,
    problem::Error,
    store::{Tx, Val},
    vals,
};
use jiff::SignedDuration;

/// An upload that nobody has filed, and an object that nothing refers to, are kept for so long.
const UNFILED: SignedDuration = SignedDuration::from_hours(24);
/// So many at a time.
const AT_ONCE: i64 = 200;

/// The objects that documents and uploads refer to, in order, after a hash where one is named: what a copy of a store must hold. At most
/// `rows`, each with its bytes.
pub fn needed(
    tx: &mut Tx,
    after: Option<ContentHash>,
    rows: usize,
) -> Result<Vec<(ContentHash, u64)>, Error> {
    let after = after.map_or_else(String::new, |hash| hash.to_string());
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    tx.query(
        "SELECT o.hash, o.size FROM stored_object o WHERE o.hash > $1 AND o.leaving = 0
            AND (EXISTS (SELECT 1 FROM document_version v WHERE v.hash = o.hash)
                OR EXISTS (SELECT 1 FROM document_upload u WHERE u.hash = o.hash))
         ORDER BY o.hash LIMIT $2",
        vals![after, rows],
    )?
    .iter()
    .map(|row| {
        let hash: String = row.get(0)?;
        let hash = hash.parse().map_err(|()| Error::fault("an object has no hash"))?;
        Ok((hash, row.get(1)?))
    })
    .collect()
}

/// Removes uploads that nobody has filed for a day, objects that nothing refers to, and files of processes that are no more. Answers how many
/// objects went. Nothing of a document is ever removed.
///
/// An object is first marked as leaving, in the transaction that sees that nothing refers to it; whoever brings the same bytes meanwhile is
/// asked to try again in a moment. Then its bytes go, then its row: a sweep that breaks off is ended by the next one.
pub async fn sweep(house: &House) -> Result<usize, Error> {
    house.objects.tidy().await?;
    let now = house.clock.now();
    let before = now.saturating_sub(UNFILED).map_err(Error::fault)?;
    let mut removed = 0;
    loop {
        // Housekeeping of what nobody refers to: nothing anybody did, so no entry.
        let leaving: Vec<String> = house
            .store
            .write(move |tx| {
                tx.exec("DELETE FROM document_upload WHERE at < $1", vals![before])?;
                tx.exec(
                    "UPDATE stored_object SET leaving = 1 WHERE leaving = 0 AND claimed_at < $1
                        AND NOT EXISTS (SELECT 1 FROM document_version v WHERE v.hash = stored_object.hash)
                        AND NOT EXISTS (SELECT 1 FROM document_upload u WHERE u.hash = stored_object.hash)",
                    vals![before],
                )?;
                let rows = tx.query(
                    "SELECT hash FROM stored_object WHERE leaving = 1 ORDER BY hash LIMIT $1",
                    vals![AT_ONCE],
                )?;
                rows.iter()
                    .map(|row| Ok(row.get(0)?))
                    .collect::<Result<_, Error>>()
            })
            .await?;
        if leaving.is_empty() {
            return Ok(removed);
        }
        for hash in &leaving {
            let hash = hash.parse().map_err(|()| Error::fault("an object has no hash"))?;
            house.objects.remove(hash).await?;
        }
        removed += leaving.len();
        house
            .store
            .write(move |tx| {
                for hash in &leaving {
                    let gone = [Val::from(hash)];
                    tx.exec("DELETE FROM stored_object WHERE hash = $1 AND leaving = 1", &gone)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
}
