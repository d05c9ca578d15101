//! Where the pages of a store are: ranges of ids, so that none is read twice and memory does not grow.

use crate::{
    problem::Error,
    store::{Store, Tx},
    vals,
};
use uuid::Uuid;

/// So many households make a page.
const HOUSEHOLDS: i64 = 250;
/// So many people are looked through at once for those who live in no household.
const PEOPLE: i64 = 4_000;

/// Which rows a page takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Households by their ids.
    Households,
    /// People by their ids who live in no household on the day.
    Alone,
}

/// A page: everything after one id, up to and with another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) of: Of,
    pub(super) after: Uuid,
    pub(super) upto: Uuid,
    /// How many households it has, for the progress.
    pub(super) households: u64,
}

/// Where the pages are.
#[derive(Debug)]
pub(super) struct Pages {
    of: Of,
    after: Uuid,
}

impl Default for Pages {
    fn default() -> Pages {
        Pages {
            of: Of::Households,
            after: Uuid::nil(),
        }
    }
}

impl Pages {
    /// The next page; nothing after the last one.
    pub(super) async fn next(&mut self, store: &Store) -> Result<Option<Page>, Error> {
        loop {
            let (of, after) = (self.of, self.after);
            let found = store.read(move |tx| last(tx, of, after)).await?;
            match (found, of) {
                (Some((upto, many)), of) => {
                    self.after = upto;
                    let households = if of == Of::Households { many } else { 0 };
                    return Ok(Some(Page {
                        of,
                        after,
                        upto,
                        households,
                    }));
                }
                (None, Of::Households) => {
                    *self = Pages {
                        of: Of::Alone,
                        after: Uuid::nil(),
                    }
                }
                (None, Of::Alone) => return Ok(None),
            }
        }
    }
}

/// The last id of a page and how many there are.
fn last(tx: &mut Tx, of: Of, after: Uuid) -> Result<Option<(Uuid, u64)>, Error> {
    let (table, most) = match of {
        Of::Households => ("household", HOUSEHOLDS),
        Of::Alone => ("person", PEOPLE),
    };
    let sql = format!("SELECT id FROM {table} WHERE id > $1 ORDER BY id LIMIT $2");
    let rows = tx.query(&sql, vals![after, most])?;
    let upto = rows.last().map(|row| row.get(0)).transpose()?;
    Ok(upto.map(|upto| (upto, rows.len() as u64)))
}

/// How many households there are, and whether anybody was ever merged into somebody else.
pub(super) fn count(tx: &mut Tx) -> Result<(u64, bool), Error> {
    let all = tx.one("SELECT count(*) FROM household", &[])?.get(0)?;
    let merged = tx.query("SELECT 1 FROM person WHERE merged_into IS NOT NULL LIMIT 1", &[])?;
    Ok((all, !merged.is_empty()))
}
