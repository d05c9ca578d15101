//! What the store knows against what a row says. Writes nothing.

use super::{
    columns::{Column, Columns, Past, Said, Somebody, said},
    sheet::Line,
    store::Outcome,
};
use crate::{access::Scope, persons, problem::Error, store::Tx, vals};
use karton_api::{Date, Id, imports::Finding, persons::NationalId, value::Person};
use karton_rules::pack::Pack;

fn finding(line: &Line, column: String, code: &str, message: &str) -> Finding {
    Finding {
        row: line.number.into(),
        column,
        code: code.into(),
        message: message.into(),
    }
}

/// What becomes of a row as things stand: `good`, `wrong`, `alike` or `known`.
pub(super) fn row(
    tx: &mut Tx,
    scope: &Scope,
    pack: &Pack,
    columns: &Columns,
    line: &Line,
    today: Date,
) -> Result<Outcome, Error> {
    let outcome = |state, findings| Outcome {
        line: line.number,
        state,
        number: None,
        household: None,
        person: None,
        findings,
    };
    match said(pack, columns, line, today) {
        Err(findings) => Ok(outcome("wrong", findings)),
        Ok(Said::Somebody(said)) => somebody(tx, scope, columns, line, &said),
        Ok(Said::Past(said)) => past(tx, pack, columns, line, &said),
    }
}

fn somebody(
    tx: &mut Tx,
    scope: &Scope,
    columns: &Columns,
    line: &Line,
    said: &Somebody,
) -> Result<Outcome, Error> {
    let number = said.who.national_id.as_ref();
    let mut outcome = Outcome {
        line: line.number,
        state: "good",
        number: number.map(|id| id.number.clone()),
        household: said.lives.as_ref().map(|(household, ..)| household.clone()),
        person: None,
        findings: Vec::new(),
    };
    if let Some(number) = number
        && let Some(known) = persons::store::by_number(tx, number)?
    {
        outcome.state = "known";
        outcome.person = Some(known);
        return Ok(outcome);
    }
    if !persons::candidates(tx, scope, &said.who, &persons::likeness::Lives::default(), None)?.is_empty() {
        outcome.state = "alike";
        outcome.findings.push(finding(
            line,
            columns.name(Column::Family),
            "likely-duplicate",
            "somebody who is known may be this person",
        ));
    }
    Ok(outcome)
}

/// The person of an award, by number or dossier.
pub(super) fn whose(tx: &mut Tx, pack: &Pack, said: &Past) -> Result<Option<Id<Person>>, Error> {
    if let (Some(number), Some(scheme)) = (&said.number, pack.country.id_schemes.first()) {
        let number = NationalId {
            scheme: scheme.code.clone(),
            number: number.clone(),
        };
        return persons::store::by_number(tx, &number);
    }
    match &said.dossier {
        Some(dossier) => persons::store::by_dossier(tx, dossier),
        None => Ok(None),
    }
}

fn past(tx: &mut Tx, pack: &Pack, columns: &Columns, line: &Line, said: &Past) -> Result<Outcome, Error> {
    let mut outcome = Outcome {
        line: line.number,
        state: "good",
        number: None,
        household: None,
        person: whose(tx, pack, said)?,
        findings: Vec::new(),
    };
    let Some(person) = outcome.person else {
        outcome.state = "wrong";
        let column = match &said.number {
            Some(_) => Column::Number,
            None => Column::Dossier,
        };
        outcome.findings.push(finding(
            line,
            columns.name(column),
            "unknown-person",
            "nobody is registered under this: import the people first",
        ));
        return Ok(outcome);
    };
    let there = tx.query(
        "SELECT starts FROM award WHERE beneficiary = $1 AND benefit = $2 AND (ends IS NULL OR ends > $3) AND starts < coalesce($4, 9223372036854775807)",
        vals![person, &said.benefit, said.from, said.until],
    )?;
    for row in &there {
        if row.get::<Date>(0)? == said.from {
            outcome.state = "known";
            return Ok(outcome);
        }
    }
    if !there.is_empty() {
        outcome.state = "wrong";
        outcome.findings.push(finding(
            line,
            columns.name(Column::From),
            "overlaps",
            "an award of the same benefit stands for some of these days",
        ));
    }
    Ok(outcome)
}
