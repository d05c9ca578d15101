//! What the letters of an application have in common.

use super::{Application, Desk};
use crate::{assessments, awards::store::full_name, organisations, persons, problem::Error, store::Tx};
use karton_api::{FactValue, Id, value};
use karton_rules::pack::Pack;
use serde_json::{Value, json};

/// The language of letters.
pub(super) fn language(pack: &Pack) -> String {
    pack.country.languages.first().cloned().unwrap_or_default()
}

/// The legal body, with its seat.
pub(super) fn office(desk: &Desk, office: Id<value::Office>, language: &str) -> Value {
    let body = desk.house.offices.body(office);
    let seat = body.as_ref().and_then(|body| {
        let pack = &desk.house.pack;
        pack.office_seat(&body.code, body.municipality.as_deref(), language)
    });
    let seat = seat.map(str::to_owned);
    let name = body.and_then(|body| body.name.get(language).cloned());
    json!({ "name": name.unwrap_or_default(), "seat": seat })
}

/// The applicant as letters name one, with the address as it is known now; an organisation with its number in its name.
pub(super) fn applicant(tx: &mut Tx, desk: &Desk, it: &Application) -> Result<Value, Error> {
    match party(tx, desk, it)? {
        Some((organisation, _)) => Ok(organisation),
        None => person(tx, desk, it),
    }
}

/// The organisation that applies, and the person on whose account: of her no more than the name and the number. Nothing where a person applies.
pub fn party(tx: &mut Tx, desk: &Desk, it: &Application) -> Result<Option<(Value, Value)>, Error> {
    let Some(id) = it.organisation else {
        return Ok(None);
    };
    let pack = &desk.house.pack;
    let card = organisations::store::card(tx, id)?;
    let schemes = &pack.country.organisation_schemes;
    let scheme = schemes.iter().find(|scheme| scheme.code == card.number.scheme);
    let scheme = scheme.map_or("", |scheme| scheme.name.get(&language(pack)));
    let name = format!("{}, {scheme} {}", card.name, card.number.number);
    let employee = persons::store::card_of(tx, &desk.scope, it.applicant)?;
    let number = employee.national_id.as_ref().map(|id| id.number.clone());
    Ok(Some((
        json!({ "name": name, "national_id": null, "address": card.address }),
        json!({ "name": full_name(&employee), "national_id": number }),
    )))
}

/// On whose account an organisation applies; nothing where a person applies.
pub(super) fn employee(tx: &mut Tx, desk: &Desk, it: &Application) -> Result<Value, Error> {
    Ok(party(tx, desk, it)?.map_or(Value::Null, |(_, employee)| employee))
}

fn person(tx: &mut Tx, desk: &Desk, it: &Application) -> Result<Value, Error> {
    let card = persons::store::card_of(tx, &desk.scope, it.applicant)?;
    let gathered = assessments::gather(tx, &desk.house.pack, &desk.scope, &desk.about(it), &it.answers)?;
    let address = match gathered
        .input
        .applicant
        .facts
        .get("address")
        .map(|known| &known.value)
    {
        Some(FactValue::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let number = card.national_id.as_ref().map(|id| id.number.clone());
    Ok(json!({ "name": full_name(&card), "national_id": number, "address": address }))
}
