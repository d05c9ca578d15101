//! Dismissals: an application that is not taken up, because the term for its completion lapsed, somebody else is competent, or for another
//! reason of the pack. Two officers, a number, a letter, an appeal; nothing is said about the right itself. Law: general administrative
//! procedure (dismissal, forwarding to the competent body).

use super::{
    Application, Desk, handed_in, letter_values,
    model::{Act, Stage},
    store,
};
use crate::{
    access::{Decide as MayDecide, DeliverLetters, May, Recommend as MayRecommend},
    audit::{self, Entry},
    house::House,
    matters,
    papers::{self, Kind, LetterInput, Paper},
    problem::{Error, Refusal},
    store::{Tx, jobs::Job},
    users, vals,
};
use karton_api::{
    Date, Id, Timestamp,
    applications::{self as wire, Dismiss},
    common::{Reason, Texts},
    decisions::{Deliver, LetterState},
    value::{self, Letter, Officer},
};
use karton_rules::{
    pack::{LegalAct, Pack, StepKind},
    text,
};
use serde_json::json;

/// The class of dismissals' numbers.
const CLASS: &str = "O";
const DISMISSAL: &str = "dismissal";
const REASONS: &str = "dismissal_reasons";
/// The reason that needs a lapsed term.
const NOT_COMPLETED: &str = "not-completed";
/// The reason that needs a body to forward to.
const NOT_COMPETENT: &str = "not-competent";

/// A dismissal as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Dismissal {
    id: Id<Letter>,
    reason: String,
    words: String,
    forward_to: Option<String>,
    proposed_by: Id<Officer>,
    proposed_at: Timestamp,
    decided_by: Option<Id<Officer>>,
    decided_at: Option<Timestamp>,
    number: Option<String>,
    delivered_on: Option<Date>,
}

/// The dismissal of an application, proposed or decided; one that was not agreed to is none.
pub(super) fn of(tx: &mut Tx, application: Id<value::Application>) -> Result<Option<Dismissal>, Error> {
    let row = tx.opt(
        "SELECT id, reason, words, forward_to, proposed_by, proposed_at, decided_by, decided_at, number, delivered_on FROM dismissal
         WHERE application = $1 AND dropped_at IS NULL",
        vals![application],
    )?;
    row.map(|row| {
        Ok(Dismissal {
            id: row.get(0)?,
            reason: row.get(1)?,
            words: row.get(2)?,
            forward_to: row.get(3)?,
            proposed_by: row.get(4)?,
            proposed_at: row.get(5)?,
            decided_by: row.get(6)?,
            decided_at: row.get(7)?,
            number: row.get(8)?,
            delivered_on: row.get(9)?,
        })
    })
    .transpose()
}

/// As it travels.
pub(super) fn view(tx: &mut Tx, pack: &Pack, it: &Dismissal) -> Result<wire::Dismissal, Error> {
    let name = pack.codes.get(REASONS).and_then(|list| list.entry(&it.reason));
    let decided_by = it
        .decided_by
        .map(|id| users::officer_ref(tx, Some(id)))
        .transpose()?;
    Ok(wire::Dismissal {
        id: it.id,
        reason: it.reason.clone(),
        reason_name: name.map_or_else(Texts::new, |entry| entry.name.to_map()),
        words: it.words.clone(),
        forward_to: it.forward_to.clone(),
        proposed_by: users::officer_ref(tx, Some(it.proposed_by))?,
        proposed_at: it.proposed_at,
        decided_by,
        decided_at: it.decided_at,
        number: it.number.clone(),
        letter: papers::store::find(tx, it.id)?.map(|paper| paper.letter),
        delivered_on: it.delivered_on,
    })
}

/// The proposal is given up: it was not agreed to, or the completion came after all.
pub(super) fn drop_proposal(
    tx: &mut Tx,
    application: Id<value::Application>,
    now: Timestamp,
) -> Result<(), Error> {
    tx.exec(
        "UPDATE dismissal SET dropped_at = $2 WHERE application = $1 AND dropped_at IS NULL AND decided_at IS NULL",
        vals![application, now],
    )?;
    Ok(())
}

/// Whether a reason fits the state of the application. Pure.
fn fits(body: &Dismiss, stage: &Stage, today: Date) -> Result<(), Error> {
    let lapsed = matches!(stage, Stage::Returned { returned, .. } if returned.until < today);
    if body.reason == NOT_COMPLETED && !lapsed {
        return Err(Refusal::TermRuns.into());
    }
    match (body.reason == NOT_COMPETENT, &body.forward_to) {
        (true, None) => Err(Error::field(
            "/forward_to",
            "required",
            "Name the competent body and its address.",
        )),
        (false, Some(_)) => Err(Error::field(
            "/forward_to",
            "unexpected",
            "Only what another body is competent for is forwarded.",
        )),
        (true, Some(body)) if !(3..=300).contains(&body.chars().count()) => Err(Error::field(
            "/forward_to",
            "length",
            "Name the body in 3 to 300 characters.",
        )),
        _ => Ok(()),
    }
}

/// The first officer proposes it; the matter waits for the second. Refuses with `StepNotOpen`, `OwnDossier`, and `TermRuns` where the
/// applicant can still complete the application.
pub(super) async fn propose(
    may: &May<MayRecommend>,
    house: &House,
    id: Id<value::Application>,
    body: Dismiss,
) -> Result<wire::Application, Error> {
    let mut body = body;
    body.words = crate::http::reason(&body.words, "/words")?;
    body.forward_to = body
        .forward_to
        .map(|text| text.replace('\0', "").trim().to_owned());
    let desk = Desk::of(may, house);
    let dismissal: Id<Letter> = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = desk.load(tx, id)?;
        it.stage.allows(Act::Dismiss)?;
        let pack = &desk.house.pack;
        if pack.codes.get(REASONS).and_then(|list| list.entry(&body.reason)).is_none() {
            return Err(Error::field("/reason", "unknown", "There is no such reason for a dismissal."));
        }
        fits(&body, &it.stage, desk.today)?;
        if of(tx, id)?.is_some() {
            return Err(Refusal::StepNotOpen.into());
        }
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        let aside = (LegalAct::Dismiss, body.words.as_str());
        matters::aside(tx, packs, scope, id.cast(), aside, desk.done(), &mut desk.fresh())?;
        tx.exec(
            "INSERT INTO dismissal (id, office, application, reason, words, forward_to, proposed_by, proposed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            vals![
                dismissal,
                it.office,
                id,
                &body.reason,
                &body.words,
                body.forward_to.clone(),
                desk.session.officer,
                desk.now
            ],
        )?;
        // The application has changed for whoever looks at it.
        store::save(tx, &mut it)?;
        let entry = Entry::of("dismissal-proposed").person(it.applicant).matter(id);
        Ok((desk.see(tx, &it)?, entry.value("reason", &body.reason)))
    })
    .await
}

/// The second officer does not agree: the matter goes back to where it was. Refuses with `StepNotOpen`, `OwnDossier`.
pub(super) async fn send_back(
    may: &May<MayDecide>,
    house: &House,
    id: Id<value::Application>,
    body: Reason,
) -> Result<wire::Application, Error> {
    let reason = crate::http::reason(&body.reason, "/reason")?;
    let desk = Desk::of(may, house);
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = desk.load(tx, id)?;
        it.stage.allows(Act::DecideDismissal)?;
        of(tx, id)?
            .filter(|there| there.decided_at.is_none())
            .ok_or(Refusal::StepNotOpen)?;
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        let matter = matters::store::load(tx, scope, id.cast())?;
        let pack = matters::store::pack_of(tx, packs, &matter)?;
        let procedure = matters::store::procedure_of(&pack, &matter)?;
        let to = match it.stage {
            Stage::Returned { .. } => matters::term::waiting_step(procedure),
            _ => procedure.steps.iter().find(|step| step.kind == StepKind::Assess),
        };
        let to = to.ok_or(Refusal::StepNotOpen)?.id.clone();
        matters::jump(
            tx,
            packs,
            scope,
            id.cast(),
            &to,
            &reason,
            desk.done(),
            &mut desk.fresh(),
        )?;
        drop_proposal(tx, id, desk.now)?;
        store::save(tx, &mut it)?;
        let entry = Entry::of("dismissal-returned").person(it.applicant).matter(id);
        Ok((desk.see(tx, &it)?, entry))
    })
    .await
}

/// The second officer decides it: number, letter, the end of the application. Refuses with `SecondOfficerNeeded`, `StepNotOpen`, `OwnDossier`.
pub(super) async fn decide(
    may: &May<MayDecide>,
    house: &House,
    id: Id<value::Application>,
) -> Result<wire::Application, Error> {
    let desk = Desk::of(may, house);
    let job: Id<Job> = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = desk.load(tx, id)?;
        let there = of(tx, id)?
            .filter(|there| there.decided_at.is_none())
            .ok_or(Refusal::StepNotOpen)?;
        if there.proposed_by == desk.session.officer {
            return Err(Refusal::SecondOfficerNeeded.into());
        }
        let before = it.clone();
        it.stage = it.stage.clone().dismiss(there.id)?;
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        matters::advance(
            tx,
            packs,
            scope,
            id.cast(),
            LegalAct::Dismiss,
            desk.done(),
            &mut desk.fresh(),
        )?;
        matters::store::run_on(tx, id.cast(), desk.today)?;
        store::save(tx, &mut it)?;
        // Numbers are drawn last: what follows only writes what bears the number.
        let number = super::number(tx, &desk, &it, CLASS)?;
        tx.exec(
            "UPDATE dismissal SET decided_by = $2, decided_at = $3, number = $4 WHERE id = $1",
            vals![there.id, desk.session.officer, desk.now, &number],
        )?;
        let paper = Paper {
            id: there.id,
            kind: Kind::Dismissal,
            office: it.office,
            matter: id.cast(),
            letter: LetterState::Making,
            issued_at: desk.now,
            letter_input: letter_input(tx, &desk, &before, &there, &number)?,
            number,
        };
        papers::post(tx, &paper, &[], job)?;
        let entry = Entry::of("dismissed").person(it.applicant).matter(id);
        let entry = entry.value("reason", &there.reason).value("dismissal", there.id);
        Ok((desk.see(tx, &it)?, entry))
    })
    .await
}

fn letter_input(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    there: &Dismissal,
    number: &str,
) -> Result<LetterInput, Error> {
    let pack = &desk.house.pack;
    let language = letter_values::language(pack);
    if pack.letter(DISMISSAL, &language).is_none() {
        return Err(Error::fault("the pack has no letter `dismissal`"));
    }
    let benefit = pack
        .benefit(&it.benefit)
        .ok_or_else(|| Error::fault("a benefit that the pack does not have"))?;
    let first = users::officer_ref(tx, Some(there.proposed_by))?.name;
    let second = users::officer_ref(tx, Some(desk.session.officer))?.name;
    let lodged = it.stage.lodged();
    let returned = match &it.stage {
        Stage::Returned { returned, .. } => Some(returned),
        _ => None,
    };
    let asked = returned.map(|returned| {
        json!({
            "asked": text::date(desk.house.clock.day_of(returned.at), &language),
            "until": text::date(returned.until, &language),
            "reason": returned.reason,
        })
    });
    let values = json!({
        "office": letter_values::office(desk, it.office, &language),
        "number": number,
        "date": text::date(desk.today, &language),
        "benefit": { "code": benefit.code, "name": benefit.name.get(&language) },
        "applicant": letter_values::applicant(tx, desk, it)?,
        "employee": letter_values::employee(tx, desk, it)?,
        "representative": handed_in::representative(tx, desk, it.id)?,
        "lodged": lodged.map(|lodged| json!({ "number": it.number, "date": text::date(lodged.on, &language) })),
        "reason": { "code": there.reason, "name": pack.code_name(REASONS, &there.reason, &language) },
        "words": there.words,
        "forward_to": there.forward_to,
        "completion": asked,
        "appeal": pack.country.appeal.as_ref().map(|appeal| json!({ "days": appeal.days, "to": appeal.to.get(&language) })),
        "officers": { "first": first, "second": second },
    });
    Ok(LetterInput {
        template: DISMISSAL.to_owned(),
        pack: pack.hash.clone(),
        title: format!("{} {number}", benefit.name.get(&language)),
        language,
        date: desk.today,
        values,
    })
}

/// Notes the day on which its letter was handed over; the term for appeal runs from it. Refuses with `LetterNotReady` and `StepNotOpen`.
pub(super) async fn deliver(
    may: &May<DeliverLetters>,
    house: &House,
    id: Id<value::Application>,
    body: Deliver,
) -> Result<wire::Application, Error> {
    let desk = Desk::of(may, house);
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = desk.load(tx, id)?;
        it.stage.allows(Act::DeliverDismissal)?;
        let there = of(tx, id)?.ok_or(Refusal::StepNotOpen)?;
        let decided_at = there.decided_at.ok_or(Refusal::StepNotOpen)?;
        if there.delivered_on.is_some() {
            return Err(Refusal::StepNotOpen.into());
        }
        let letter = papers::store::find(tx, there.id)?.map(|paper| paper.letter);
        if letter != Some(LetterState::Ready) {
            return Err(Refusal::LetterNotReady.into());
        }
        if body.on > desk.today {
            return Err(Error::field("/on", "future", "This day has not come yet."));
        }
        if body.on < desk.house.clock.day_of(decided_at) {
            return Err(Error::field(
                "/on",
                "before-decision",
                "The decision was made later.",
            ));
        }
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        matters::advance(
            tx,
            packs,
            scope,
            id.cast(),
            LegalAct::Deliver,
            desk.done(),
            &mut desk.fresh(),
        )?;
        tx.exec(
            "UPDATE dismissal SET delivered_on = $2 WHERE id = $1",
            vals![there.id, body.on],
        )?;
        store::save(tx, &mut it)?;
        let entry = Entry::of("delivered").person(it.applicant).matter(id);
        Ok((desk.see(tx, &it)?, entry.value("dismissal", there.id)))
    })
    .await
}
