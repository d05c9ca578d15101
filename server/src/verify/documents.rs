//! Documents: each row has its object, whole, and there is no object without a row.

use super::{Books, Depth};
use crate::{
    objects::{ContentHash, Listed, ObjectError, Objects},
    problem::Error,
    store::{Store, Tx},
    vals,
};
use std::collections::BTreeMap;

/// Of so many objects the content is read where not all of them are, spread over all.
const SAMPLE: usize = 200;

/// Every document has its newest version, and every text belongs to one.
pub(super) fn rows(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "document-without-version",
        &["document"],
        "its newest version is not there",
        "SELECT d.id FROM document d WHERE NOT EXISTS (SELECT 1 FROM document_version v WHERE v.document = d.id AND v.number = d.version)
            OR d.version <> (SELECT count(*) FROM document_version v WHERE v.document = d.id) ORDER BY d.id",
    )?;
    books.none(
        tx,
        "document-not-indexed",
        &["document"],
        "it cannot be found by its words",
        "SELECT d.id FROM document d WHERE NOT EXISTS (SELECT 1 FROM document_text t WHERE t.place = d.place AND t.document = d.id
            AND t.version = d.version) ORDER BY d.id",
    )?;
    books.none(
        tx,
        "document-of-another-matter",
        &["document", "decision"],
        "it belongs to a decision of another matter",
        "SELECT d.id, d.decision FROM document d JOIN decision x ON x.id = d.decision
         WHERE d.matter IS NULL OR d.matter <> x.application ORDER BY d.id",
    )?;
    books.none(
        tx,
        "document-leaving",
        &["object"],
        "a document needs it, and it is marked as leaving",
        "SELECT o.hash FROM stored_object o WHERE o.leaving <> 0 AND EXISTS (SELECT 1 FROM document_version v WHERE v.hash = o.hash)
         ORDER BY o.hash",
    )
}

/// Holds the store of objects against the rows: every object that is referred to is there with its length, its content is what its name says
/// (of a sample, or of all), and none is there that no row knows. Objects that nobody has filed yet have their row. Read shelf by shelf, so
/// that it can be done while the house is open.
pub async fn objects(store: &Store, objects: &Objects, depth: Depth, books: &mut Books) -> Result<(), Error> {
    let mut whole: Vec<ContentHash> = Vec::new();
    for first in 0..=u8::MAX {
        // Listed first: what arrives meanwhile has its row before its bytes.
        let listed = objects.shelf(first).await?;
        let rows = store.read(move |tx| shelf(tx, first)).await?;
        compare(&listed, &rows, books);
        whole.extend(
            listed
                .iter()
                .filter(|it| rows.contains_key(&it.hash))
                .map(|it| it.hash),
        );
    }
    let step = match depth {
        Depth::Full => 1,
        Depth::Sample => whole.len().div_ceil(SAMPLE).max(1),
    };
    for hash in whole.into_iter().step_by(step) {
        match objects.check(hash).await {
            Ok(()) => {}
            // Swept away meanwhile, or named as missing already.
            Err(ObjectError::Missing(_)) => {}
            Err(ObjectError::Corrupt(_)) => {
                let at = [("object", hash.to_string())];
                books.add("object-changed", at, "its content is not what was filed");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// A row's view of an object: its bytes, and whether a document needs it.
struct Known {
    size: u64,
    needed: bool,
}

fn shelf(tx: &mut Tx, first: u8) -> Result<BTreeMap<ContentHash, Known>, Error> {
    let (from, until) = (format!("{first:02x}"), format!("{first:02x}g"));
    let rows = tx.query(
        "SELECT o.hash, o.size, CASE WHEN EXISTS (SELECT 1 FROM document_version v WHERE v.hash = o.hash)
            OR EXISTS (SELECT 1 FROM document_upload u WHERE u.hash = o.hash) THEN 1 ELSE 0 END
         FROM stored_object o WHERE o.hash >= $1 AND o.hash < $2",
        vals![from, until],
    )?;
    let mut known = BTreeMap::new();
    for row in rows {
        let hash: String = row.get(0)?;
        let hash = hash.parse().map_err(|()| Error::fault("an object has no hash"))?;
        let (size, needed) = (row.get(1)?, row.get::<i64>(2)? == 1);
        known.insert(hash, Known { size, needed });
    }
    Ok(known)
}

fn compare(listed: &[Listed], rows: &BTreeMap<ContentHash, Known>, books: &mut Books) {
    let there: BTreeMap<ContentHash, u64> = listed.iter().map(|it| (it.hash, it.size)).collect();
    for (hash, known) in rows {
        let at = [("object", hash.to_string())];
        match there.get(hash) {
            // A claim without bytes is an arrival that broke off, which the sweep ends.
            None if known.needed => books.add("object-missing", at, "a document has lost its content"),
            Some(size) if *size != known.size => books.add("object-cut", at, "it is not as long as it was"),
            _ => {}
        }
    }
    for hash in there.keys().filter(|hash| !rows.contains_key(hash)) {
        let at = [("object", hash.to_string())];
        books.add("object-orphaned", at, "no document and no upload knows it");
    }
}
