//! Forms of a case: held against the dictionary, kept in versions, and turned into facts where the case is not restricted.

use super::{
    desk::{Ids, Way, none_wrong},
    store::{self, FilledSheet, SocialCase},
};
use crate::{
    applications::Desk,
    assessments::{self, About},
    facts::{self, NewFact, values},
    persons,
    problem::Error,
    store::Tx,
};
use karton_api::{
    Date, Id, Timestamp,
    assessments::{Answer, AnswerOf},
    persons::{Holder, SourceKind},
    value::{Matter, Note, Person},
};

/// A form to be kept.
pub(super) struct Filling<'a> {
    pub(super) form: &'a str,
    /// The step it is filled in for; none for a visit's.
    pub(super) step: Option<&'a str>,
    pub(super) on: Date,
    pub(super) answers: &'a [Answer],
    /// Whose word its facts are.
    pub(super) source: SourceKind,
}

/// Checks what is typed; every mistake with its pointer.
pub(super) fn check(
    desk: &Desk,
    tx: &mut Tx,
    way: &Way,
    (person, people, matter): (Id<Person>, &[Id<Person>], Option<Id<Matter>>),
    form: &str,
    typed: &[Answer],
) -> Result<(), Error> {
    let form = way
        .pack
        .form(form)
        .ok_or_else(|| Error::fault(format!("no form `{form}`")))?;
    let mut cards = vec![persons::store::card_of(tx, &desk.scope, person)?];
    let household = persons::household(tx, &desk.scope, person, desk.today, desk.now)?;
    let members = household.into_iter().flat_map(|there| there.members);
    cards.extend(members.map(|member| member.card).filter(|card| card.id != person));
    let home: Vec<_> = cards.clone();
    cards.extend(persons::store::cards(tx, &desk.scope, people)?);
    let mut errors = assessments::check_answers(&way.pack, form, typed, &home, &cards);
    for (place, answer) in typed.iter().enumerate() {
        for (pointer, named) in values::people(&answer.value, &format!("/answers/{place}/value/value")) {
            if cards.iter().all(|card| card.id != named) {
                errors.push(super::model::wrong(
                    pointer,
                    "not-of-the-case",
                    "this person does not stand in the case: add them first",
                ));
            }
        }
    }
    none_wrong(errors)?;
    let about = About {
        applicant: person,
        matter,
        on: desk.today,
        lodged: desk.today,
        known_at: desk.now,
    };
    let gathered = assessments::gather(tx, &way.pack, &desk.scope, &about, typed)?;
    none_wrong(assessments::missing_required(&way.pack, form, &gathered, typed))
}

/// Keeps a filled form: a new one, or a new version of the one for the same step. Answers its id.
pub(super) fn keep(
    desk: &Desk,
    tx: &mut Tx,
    it: &SocialCase,
    filling: &Filling<'_>,
    ids: &mut Ids,
) -> Result<Id<Note>, Error> {
    let before = match filling.step {
        Some(step) => store::sheets(tx, it.matter())?
            .into_iter()
            .find(|sheet| sheet.step.as_deref() == Some(step)),
        None => None,
    };
    let id = ids.take()?;
    let sheet = FilledSheet {
        id,
        thing: before.as_ref().map_or(id, |before| before.thing),
        form: filling.form.to_owned(),
        step: filling.step.map(str::to_owned),
        version: before.map_or(1, |before| before.version + 1),
        on: filling.on,
        answers: filling.answers.to_vec(),
        recorded_at: desk.now,
        recorded_by: desk.session.officer,
    };
    store::insert_sheet(tx, it.matter(), &sheet)?;
    declare(desk, tx, it, filling, Some(id), ids)?;
    Ok(id)
}

/// Writes the facts of a form. Those of the matter stay with it; those of people and the household are written only where the case is open to
/// its office, because a dossier is.
pub(super) fn declare(
    desk: &Desk,
    tx: &mut Tx,
    it: &SocialCase,
    filling: &Filling<'_>,
    sheet: Option<Id<Note>>,
    ids: &mut Ids,
) -> Result<(), Error> {
    let household = persons::household(tx, &desk.scope, it.person, desk.today, desk.now)?;
    for answer in filling.answers {
        let holder = match (answer.of, &household) {
            (AnswerOf::Claim, _) => Holder::Claim(it.matter()),
            _ if it.restricted => continue,
            (AnswerOf::Person(person), _) => Holder::Person(person),
            (AnswerOf::Household, Some(household)) => Holder::Household(household.id),
            (AnswerOf::Household, None) => {
                return Err(Error::field(
                    "/answers",
                    "no-household",
                    "this person has no household: leave the household's questions empty",
                ));
            }
        };
        let new = NewFact {
            id: ids.take()?,
            holder,
            name: answer.fact.clone(),
            value: answer.value.clone(),
            from: filling.on,
            until: None,
            source: filling.source,
            service: None,
            evidence: sheet.map(Id::cast),
            note: Some(it.number.clone()).filter(|_| !it.restricted),
            fresh_until: None,
            by: Some(desk.session.officer),
        };
        facts::insert(tx, &new, desk.now)?;
    }
    Ok(())
}

/// One claim's fact, for the guards of the procedure.
pub(super) fn claim_fact(
    desk: &Desk,
    tx: &mut Tx,
    it: &SocialCase,
    (name, value): (&str, karton_api::FactValue),
    ids: &mut Ids,
    now: Timestamp,
) -> Result<(), Error> {
    let new = NewFact {
        id: ids.take()?,
        holder: Holder::Claim(it.matter()),
        name: name.to_owned(),
        value,
        from: it.reported_on,
        until: None,
        source: SourceKind::Declaration,
        service: None,
        evidence: None,
        note: None,
        fresh_until: None,
        by: Some(desk.session.officer),
    };
    facts::insert(tx, &new, now)
}
