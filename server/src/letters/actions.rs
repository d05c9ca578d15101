//! Reading a letter.

use super::{
    making,
    store::{self, Issued},
};
use crate::{
    access::{May, ReadDossiers, Scope},
    applications,
    decisions::{self, LetterInput, confirmations::store::About},
    house::House,
    matters, papers,
    problem::{Error, Refusal},
    protection,
    store::Tx,
};
use karton_api::{
    Id,
    decisions::{LetterForm, LetterQuery, LetterState},
    value::{self, Amendment, Application, Confirmation, Decision},
};

/// A letter in the shape that was asked for.
pub(super) struct Read {
    pub(super) form: LetterForm,
    pub(super) bytes: Vec<u8>,
    /// SHA-256 of the PDF as issued.
    pub(super) hash: String,
    /// The number it bears.
    pub(super) number: String,
}

/// The letter of a decision within the scope. Refuses with `LetterNotReady` and `LetterFailed`.
pub(super) async fn of_decision(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Decision>,
    query: LetterQuery,
) -> Result<Read, Error> {
    let scope = may.scope();
    let find = move |tx: &mut Tx| {
        let it = decisions::store::load(tx, &scope, id)?;
        let applicant = applications::store::load(tx, &scope, it.application)?.applicant;
        Ok((issued(tx, id.cast(), it.letter)?, it.number, applicant))
    };
    read(may, house, query, find).await
}

/// The letter of a later decision within the scope. Refuses in the same way.
pub(super) async fn of_amendment(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Amendment>,
    query: LetterQuery,
) -> Result<Read, Error> {
    let scope = may.scope();
    let find = move |tx: &mut Tx| {
        let it = decisions::amendments::store::load(tx, &scope, id)?;
        // Before the decision there is none.
        let letter = it.letter.ok_or(Refusal::LetterNotReady)?;
        Ok((
            issued(tx, id.cast(), letter)?,
            it.number.unwrap_or_default(),
            it.person,
        ))
    };
    read(may, house, query, find).await
}

/// The letter of a second decision within the scope. Refuses in the same way.
pub(super) async fn of_confirmation(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Confirmation>,
    query: LetterQuery,
) -> Result<Read, Error> {
    let scope = may.scope();
    let find = move |tx: &mut Tx| {
        let (it, person) = confirmation(tx, &scope, id)?;
        // What was sent back has none.
        let letter = it.letter.ok_or(Refusal::LetterNotReady)?;
        Ok((
            issued(tx, id.cast(), letter)?,
            it.number.unwrap_or_default(),
            person,
        ))
    };
    read(may, house, query, find).await
}

fn confirmation(
    tx: &mut Tx,
    scope: &Scope,
    id: Id<Confirmation>,
) -> Result<(decisions::confirmations::store::Confirmation, Id<value::Person>), Error> {
    let it = decisions::confirmations::store::load(tx, scope, id)?;
    let person = match it.about {
        About::Decision(first) => {
            let first = decisions::store::load(tx, scope, first)?;
            applications::store::load(tx, scope, first.application)?.applicant
        }
        About::Amendment(later) => decisions::amendments::store::load(tx, scope, later)?.person,
    };
    Ok((it, person))
}

/// The slip that goes with the letter of a second decision.
pub(super) async fn slip_of_confirmation(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Confirmation>,
    query: LetterQuery,
) -> Result<Read, Error> {
    let scope = may.scope();
    let find = move |tx: &mut Tx| {
        let (it, person) = confirmation(tx, &scope, id)?;
        let letter = it.letter.ok_or(Refusal::LetterNotReady)?;
        issued(tx, id.cast(), letter)?;
        let input = it.letter_input.ok_or(Refusal::LetterNotReady)?;
        Ok((input, it.number.unwrap_or_default(), person))
    };
    slip(may, house, query, find).await
}

/// The slip that goes with a decision's letter. Refuses with `NotProvided` where the pack has none, and as the letter does.
pub(super) async fn slip_of_decision(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Decision>,
    query: LetterQuery,
) -> Result<Read, Error> {
    let scope = may.scope();
    let find = move |tx: &mut Tx| {
        let it = decisions::store::load(tx, &scope, id)?;
        issued(tx, id.cast(), it.letter)?;
        let applicant = applications::store::load(tx, &scope, it.application)?.applicant;
        Ok((it.letter_input, it.number, applicant))
    };
    slip(may, house, query, find).await
}

/// The slip that goes with a later decision's letter.
pub(super) async fn slip_of_amendment(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Amendment>,
    query: LetterQuery,
) -> Result<Read, Error> {
    let scope = may.scope();
    let find = move |tx: &mut Tx| {
        let it = decisions::amendments::store::load(tx, &scope, id)?;
        let letter = it.letter.ok_or(Refusal::LetterNotReady)?;
        issued(tx, id.cast(), letter)?;
        let input = it.letter_input.ok_or(Refusal::LetterNotReady)?;
        Ok((input, it.number.unwrap_or_default(), it.person))
    };
    slip(may, house, query, find).await
}

/// A slip is made when it is asked for, from the letter's own values: it is a form to be signed, not an act.
async fn slip<F>(may: &May<ReadDossiers>, house: &House, query: LetterQuery, find: F) -> Result<Read, Error>
where
    F: Fn(&mut Tx) -> Result<(LetterInput, String, Id<value::Person>), Error> + Send + Sync + 'static,
{
    let width = width(&query)?;
    let rule = house.pack.country.delivery.as_ref().ok_or(Refusal::NotProvided)?;
    let (mut input, number, person) = house.store.read(find).await?;
    // The paper of today's pack, whatever the letter's was.
    input.template.clone_from(&rule.slip);
    input.pack.clone_from(&house.pack.hash);
    let template = making::template(house, &input).await?;
    let made = tokio::task::spawn_blocking(move || making::issue(&input, &template))
        .await
        .map_err(Error::fault)?
        .map_err(Error::fault)?;
    let form = query.form.unwrap_or(LetterForm::Pdf);
    looked(may, house, person).await?;
    Ok(shaped(made, form, width, number))
}

/// The newest letter that asks the applicant to complete an application within the scope. Refuses in the same way.
pub(super) async fn of_request(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Application>,
    query: LetterQuery,
) -> Result<Read, Error> {
    let scope = may.scope();
    let find = move |tx: &mut Tx| {
        let it = decisions::store::newest_request(tx, &scope, id)?;
        let application = applications::store::load(tx, &scope, id)?;
        Ok((
            issued(tx, it.id, it.letter)?,
            application.number.unwrap_or_default(),
            application.applicant,
        ))
    };
    read(may, house, query, find).await
}

/// The letter of a paper within the scope. Refuses in the same way.
pub(super) async fn of_paper(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<value::Letter>,
    query: LetterQuery,
) -> Result<Read, Error> {
    let scope = may.scope();
    let find = move |tx: &mut Tx| {
        let it = papers::store::load(tx, &scope, id)?;
        let person = matters::store::load(tx, &scope, it.matter)?.person;
        Ok((issued(tx, id, it.letter)?, it.number, person))
    };
    read(may, house, query, find).await
}

/// A paper within the scope.
pub(super) async fn paper(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<value::Letter>,
) -> Result<karton_api::lodgings::Paper, Error> {
    let scope = may.scope();
    let (found, person) = house
        .store
        .read(move |tx| {
            let it = papers::store::load(tx, &scope, id)?;
            let person = matters::store::load(tx, &scope, it.matter)?.person;
            Ok::<_, Error>((it.view(), person))
        })
        .await?;
    house
        .looks
        .looked(
            house,
            may.actor(),
            person,
            karton_api::dossiers::Purpose::default(),
        )
        .await?;
    Ok(found)
}

fn issued(tx: &mut Tx, paper: Id<value::Letter>, letter: LetterState) -> Result<Issued, Error> {
    match (store::of_paper(tx, paper)?, letter) {
        (Some(issued), _) => Ok(issued),
        (None, LetterState::Failed) => Err(Refusal::LetterFailed.into()),
        (None, _) => Err(Refusal::LetterNotReady.into()),
    }
}

async fn read<F>(may: &May<ReadDossiers>, house: &House, query: LetterQuery, find: F) -> Result<Read, Error>
where
    F: Fn(&mut Tx) -> Result<(Issued, String, Id<value::Person>), Error> + Send + Sync + 'static,
{
    let width = width(&query)?;
    let form = query.form.unwrap_or(LetterForm::Pdf);
    let find = move |tx: &mut Tx| {
        let (issued, number, applicant) = find(tx)?;
        // Made before the address was protected, and never made again: nobody is handed it by a screen.
        let secrets = protection::secrets(tx, applicant)?;
        if secrets
            .iter()
            .any(|secret| secret.stands_in(&issued.letter.markdown))
        {
            return Err(Refusal::AddressProtected.into());
        }
        Ok::<_, Error>((issued, number, applicant))
    };
    let (issued, number, applicant) = house.store.read(find).await?;
    looked(may, house, applicant).await?;
    Ok(shaped(issued, form, width, number))
}

fn width(query: &LetterQuery) -> Result<u16, Error> {
    let width = query.width.unwrap_or(80);
    if (40..=200).contains(&width) {
        Ok(width)
    } else {
        Err(Error::field("width", "range", "A line has 40 to 200 characters."))
    }
}

async fn looked(may: &May<ReadDossiers>, house: &House, person: Id<value::Person>) -> Result<(), Error> {
    let purpose = karton_api::dossiers::Purpose::default();
    house.looks.looked(house, may.actor(), person, purpose).await
}

fn shaped(issued: Issued, form: LetterForm, width: u16, number: String) -> Read {
    let bytes = match form {
        LetterForm::Pdf => issued.pdf,
        LetterForm::Text => issued.letter.to_text(usize::from(width)).into_bytes(),
        LetterForm::Html => issued.letter.to_html().into_bytes(),
    };
    Read {
        form,
        bytes,
        hash: issued.hash,
        number,
    }
}
