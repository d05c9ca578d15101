//! The SQL of letters.

use crate::{problem::Error, store::Tx, vals};
use karton_api::{Id, Timestamp, value};
use karton_letters::Letter;

/// A letter as issued.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) letter: Letter,
    pub(super) pdf: Vec<u8>,
    /// SHA-256 of the PDF, in hexadecimal.
    pub(super) hash: String,
}

/// Keeps a letter; answers whether it was the first of its paper. A second one changes nothing.
pub(super) fn insert(
    tx: &mut Tx,
    paper: Id<value::Letter>,
    it: &Issued,
    now: Timestamp,
) -> Result<bool, Error> {
    let kept = tx.exec(
        "INSERT INTO letter (paper, title, language, day, markdown, pdf, hash, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (paper) DO NOTHING",
        vals![
            paper,
            &it.letter.title,
            &it.letter.language,
            it.letter.date,
            &it.letter.markdown,
            &it.pdf,
            &it.hash,
            now
        ],
    )?;
    Ok(kept == 1)
}

/// The letter of a decision or request, once it is made. The caller has checked that it lies within the scope.
pub(super) fn of_paper(tx: &mut Tx, paper: Id<value::Letter>) -> Result<Option<Issued>, Error> {
    let row = tx.opt(
        "SELECT title, language, day, markdown, pdf, hash FROM letter WHERE paper = $1",
        vals![paper],
    )?;
    row.map(|row| {
        let letter = Letter {
            title: row.get(0)?,
            language: row.get(1)?,
            date: row.get(2)?,
            markdown: row.get(3)?,
        };
        Ok(Issued {
            letter,
            pdf: row.get(4)?,
            hash: row.get(5)?,
        })
    })
    .transpose()
}
