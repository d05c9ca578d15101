//! An application taken back by whoever lodged it, and the confirmation that is given for it. Law: general administrative procedure (a party
//! gives its request up by a written word; the matter ends without a decision).

use super::{
    Application, Desk, handed_in, letter_values,
    model::{Act, Stage, Withdrawn},
    store,
};
use crate::{
    access::{May, TakeApplications},
    audit::{self, Entry},
    house::House,
    matters,
    papers::{self, Kind, LetterInput, Paper},
    problem::Error,
    store::{Tx, jobs::Job},
    users,
};
use karton_api::{
    Id,
    applications::{self as wire, Withdraw},
    decisions::LetterState,
    lodgings,
    value::{self, Letter},
};
use karton_rules::text;
use serde_json::json;

/// The template of the confirmation; a pack without it gives none.
const WITHDRAWAL: &str = "withdrawal";
/// The class of their numbers.
const CLASS: &str = "PO";

/// The applicant takes it back, whatever its state before the decision, by a written word once it is lodged; its matter ends, and what was
/// lodged is confirmed as taken back.
pub(super) async fn withdraw(
    may: &May<TakeApplications>,
    house: &House,
    id: Id<value::Application>,
    body: Withdraw,
) -> Result<wire::Application, Error> {
    let reason = crate::http::reason(&body.reason, "/reason")?;
    let document = body
        .document
        .map(|text| text.replace('\0', "").trim().to_owned())
        .filter(|text| !text.is_empty());
    if document
        .as_ref()
        .is_some_and(|text| !(3..=500).contains(&text.chars().count()))
    {
        return Err(Error::field(
            "/document",
            "length",
            "Name what the applicant wrote in 3 to 500 characters: title, number, day.",
        ));
    }
    let desk = Desk::of(may, house);
    let (paper, job): (Id<Letter>, Id<Job>) = (house.clock.id(), house.clock.id());
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = desk.load(tx, id)?;
        let lodged = it.stage.lodged().is_some();
        it.stage.allows(Act::Withdraw)?;
        if lodged && document.is_none() {
            return Err(Error::field(
                "/document",
                "required",
                "Name what the applicant wrote or signed: what is lodged is taken back in writing.",
            ));
        }
        let before = it.clone();
        let withdrawn = Withdrawn {
            reason: reason.clone(),
            document: document.clone(),
            at: desk.now,
            by: desk.session.officer,
        };
        it.stage = it.stage.clone().withdraw(withdrawn)?;
        if lodged {
            matters::end(
                tx,
                &desk.house.packs,
                &desk.scope,
                id.cast(),
                &reason,
                desk.done(),
            )?;
            matters::store::run_on(tx, id.cast(), desk.today)?;
            super::dismissals::drop_proposal(tx, id, desk.now)?;
        }
        store::save(tx, &mut it)?;
        if let (true, Some(document)) = (lodged, &document) {
            confirm(tx, &desk, &before, document, (paper, job))?;
        }
        Ok((
            desk.see(tx, &it)?,
            Entry::of("withdrawn").person(it.applicant).matter(id),
        ))
    })
    .await
}

/// Numbers it and has its letter made.
fn confirm(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    document: &str,
    (id, job): (Id<Letter>, Id<Job>),
) -> Result<(), Error> {
    let pack = &desk.house.pack;
    let language = letter_values::language(pack);
    if pack.letter(WITHDRAWAL, &language).is_none() {
        return Ok(());
    }
    let benefit = pack
        .benefit(&it.benefit)
        .ok_or_else(|| Error::fault("a benefit that the pack does not have"))?;
    let lodged = it.stage.lodged();
    let mut values = json!({
        "office": letter_values::office(desk, it.office, &language),
        "date": text::date(desk.today, &language),
        "officer": users::officer_ref(tx, Some(desk.session.officer))?.name,
        "benefit": { "code": benefit.code, "name": benefit.name.get(&language) },
        "applicant": letter_values::applicant(tx, desk, it)?,
        "employee": letter_values::employee(tx, desk, it)?,
        "representative": handed_in::representative(tx, desk, it.id)?,
        "lodged": lodged.map(|lodged| json!({ "number": it.number, "date": text::date(lodged.on, &language) })),
        "document": document,
    });
    // Numbers are drawn last: what follows only writes what bears the number.
    let number = super::number(tx, desk, it, CLASS)?;
    if let Some(values) = values.as_object_mut() {
        values.insert("number".to_owned(), json!(number));
    }
    let paper = Paper {
        id,
        kind: Kind::Withdrawal,
        office: it.office,
        matter: it.id.cast(),
        number: number.clone(),
        issued_at: desk.now,
        letter: LetterState::Making,
        letter_input: LetterInput {
            template: WITHDRAWAL.to_owned(),
            pack: pack.hash.clone(),
            title: format!("{} {number}", benefit.name.get(&language)),
            language,
            date: desk.today,
            values,
        },
    };
    papers::post(tx, &paper, &[], job)
}

/// The confirmation of an application that was taken back; none where none was given.
pub(super) fn paper_of(tx: &mut Tx, it: &Application) -> Result<Option<lodgings::Paper>, Error> {
    if !matches!(it.stage, Stage::Withdrawn { .. }) {
        return Ok(None);
    }
    let papers = papers::store::of_matter(tx, it.id.cast())?;
    let ours = papers.iter().find(|paper| paper.kind == Kind::Withdrawal);
    Ok(ours.map(Paper::view))
}
