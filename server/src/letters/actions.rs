//! Reading a letter.

use super::store;
use crate::{
    access::{May, ReadDossiers},
    applications, decisions,
    house::House,
    problem::{Error, Refusal},
};
use karton_api::{
    Id,
    decisions::{LetterForm, LetterQuery, LetterState},
    value::Decision,
};

/// A letter in the shape that was asked for.
pub(super) struct Read {
    pub(super) form: LetterForm,
    pub(super) bytes: Vec<u8>,
    /// SHA-256 of the PDF as issued.
    pub(super) hash: String,
    /// The decision's number.
    pub(super) number: String,
}

/// The letter of a decision within the scope. Refuses with `LetterNotReady` and `LetterFailed`.
pub(super) async fn read(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Decision>,
    query: LetterQuery,
) -> Result<Read, Error> {
    let width = query.width.unwrap_or(80);
    if !(40..=200).contains(&width) {
        return Err(Error::field("width", "range", "A line has 40 to 200 characters."));
    }
    let form = query.form.unwrap_or(LetterForm::Pdf);
    let scope = may.scope();
    let (issued, number, applicant) = house
        .store
        .read(move |tx| {
            let it = decisions::store::load(tx, &scope, id)?;
            let applicant = applications::store::load(tx, &scope, it.application)?.applicant;
            let issued = store::of_decision(tx, id)?;
            match (issued, it.letter) {
                (Some(issued), _) => Ok((issued, it.number, applicant)),
                (None, LetterState::Failed) => Err(Error::from(Refusal::LetterFailed)),
                (None, _) => Err(Refusal::LetterNotReady.into()),
            }
        })
        .await?;
    house
        .looks
        .looked(
            house,
            may.actor(),
            applicant,
            karton_api::dossiers::Purpose::default(),
        )
        .await?;
    let bytes = match form {
        LetterForm::Pdf => issued.pdf,
        LetterForm::Text => issued.letter.to_text(usize::from(width)).into_bytes(),
        LetterForm::Html => issued.letter.to_html().into_bytes(),
    };
    Ok(Read {
        form,
        bytes,
        hash: issued.hash,
        number,
    })
}
