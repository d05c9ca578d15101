//! What an officer can do with a draft.

use super::{
    model::{Act, Stage},
    parties, running,
    store::{self, Application},
    view,
};
use crate::{
    access::{Actor, May, Permission, Scope, Session, TakeApplications},
    assessments::{self, About},
    audit::{self, Entry},
    house::House,
    matters::{Done, Fresh},
    persons,
    problem::{Error, Refusal},
    store::Tx,
};
use jiff::civil::Date;
use karton_api::{
    FactValue, Id, Timestamp,
    applications::{self as wire, NewApplication, SaveDraft},
    assessments::Answer,
    value,
};
use karton_rules::pack::{Benefit, Form, Pack};

/// The claim's fact that names who has died.
const DECEASED: &str = "deceased";

/// What an action has at hand inside its transaction: who acts, when, and ids for steps that may open.
#[derive(Clone)]
pub struct Desk {
    /// The house.
    pub house: House,
    /// What the officer sees.
    pub scope: Scope,
    /// Who is signed in.
    pub session: Session,
    /// The instant, read once.
    pub now: Timestamp,
    /// Its day.
    pub today: Date,
    fresh: Fresh,
}

impl Desk {
    /// Fixes everything that must be the same when the transaction is run again.
    pub fn of<P: Permission>(may: &May<P>, house: &House) -> Desk {
        let now = house.clock.now();
        Desk {
            house: house.clone(),
            scope: may.scope(),
            session: may.session().clone(),
            now,
            today: house.clock.day_of(now),
            fresh: Fresh::new(&house.clock),
        }
    }
    /// The same with further ids for steps: for another application in the same transaction.
    pub fn beside(&self) -> Desk {
        Desk {
            fresh: Fresh::new(&self.house.clock),
            ..self.clone()
        }
    }
    /// In whose name.
    pub fn actor(&self) -> Actor {
        Actor {
            officer: Some(self.session.officer),
            office: self.session.office,
        }
    }
    /// Who does something, when.
    pub fn done(&self) -> Done {
        Done {
            by: Some(self.session.officer),
            at: self.now,
            on: self.today,
        }
    }
    /// Ids for steps, from the beginning.
    pub fn fresh(&self) -> Fresh {
        self.fresh.clone()
    }
    /// As the officer sees it.
    pub fn see(&self, tx: &mut Tx, it: &Application) -> Result<wire::Application, Error> {
        view::see(tx, &self.house, &self.scope, &self.session, it)
    }
    /// An application within the scope on which this officer may work: `OwnDossier` otherwise.
    pub fn load(&self, tx: &mut Tx, id: Id<value::Application>) -> Result<Application, Error> {
        // Who acts on it at the same moment takes turns and is refused by name.
        tx.hold("application", id)?;
        let it = store::load(tx, &self.scope, id)?;
        persons::not_own(tx, self.session.officer, it.applicant)?;
        Ok(it)
    }
    /// The facts of an application as they are known now, with what is typed.
    pub fn about(&self, it: &Application) -> About {
        let lodged = it.stage.lodged();
        About {
            applicant: it.applicant,
            matter: lodged.map(|_| it.id.cast()),
            on: self.today,
            lodged: lodged.map_or(self.today, |lodged| lodged.on),
            known_at: self.now,
        }
    }
}

/// The benefit and its form, by the pack that is served.
pub(super) fn catalogue<'p>(pack: &'p Pack, code: &str) -> Result<(&'p Benefit, &'p Form), Error> {
    let benefit = pack.benefit(code).ok_or_else(|| {
        Error::field(
            "/benefit",
            "unknown",
            "There is no such benefit in the catalogue.",
        )
    })?;
    let form = pack
        .form(&benefit.form)
        .ok_or_else(|| Error::fault(format!("no form `{}`", benefit.form)))?;
    Ok((benefit, form))
}

/// Holds what is typed against the dictionary, the form and the household.
pub(super) fn check(
    desk: &Desk,
    tx: &mut Tx,
    form: &Form,
    it: &Application,
    typed: &[Answer],
) -> Result<(), Error> {
    let household = persons::household(tx, &desk.scope, it.applicant, desk.today, desk.now)?;
    let mut people = vec![persons::store::card_of(tx, &desk.scope, it.applicant)?];
    let members = household
        .into_iter()
        .flat_map(|there| there.members)
        .map(|member| member.card);
    people.extend(members.filter(|card| card.id != it.applicant));
    let mut known = people.clone();
    for answer in typed {
        if let FactValue::Person(id) = answer.value {
            known.extend(persons::store::cards(tx, &desk.scope, &[id])?);
        }
    }
    let errors = assessments::check_answers(&desk.house.pack, form, typed, &people, &known);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

/// Nobody applies after death, and nothing is asked for somebody who has died, except where the pack says so: a claim names them as `deceased`, and
/// who bore the costs of the funeral applies. Refuses with `ApplicantDied`, and at the answer that names a dead person as something else.
pub(super) fn alive(
    tx: &mut Tx,
    scope: &Scope,
    applicant: Id<value::Person>,
    answers: &[Answer],
) -> Result<(), Error> {
    if persons::store::card_of(tx, scope, applicant)?
        .death_date
        .is_some()
    {
        return Err(Refusal::ApplicantDied.into());
    }
    for (place, answer) in answers
        .iter()
        .enumerate()
        .filter(|(_, answer)| answer.fact != DECEASED)
    {
        let FactValue::Person(named) = answer.value else {
            continue;
        };
        let card = persons::store::cards(tx, scope, &[named])?.pop();
        if card.is_some_and(|card| card.death_date.is_some()) {
            let says = "This person has died. Only who is named as the deceased can be.";
            return Err(Error::field(
                format!("/answers/{place}/value/value"),
                "died",
                says,
            ));
        }
    }
    Ok(())
}

/// Opens a draft for a person of the scope. Refuses with `OwnDossier`.
pub(super) async fn open(
    may: &May<TakeApplications>,
    house: &House,
    body: NewApplication,
) -> Result<wire::Application, Error> {
    let desk = Desk::of(may, house);
    let id = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let draft = insert(&desk, tx, id, &body)?;
        let entry = Entry::of("draft-opened")
            .person(draft.applicant)
            .matter(id)
            .value("benefit", &draft.benefit);
        Ok((desk.see(tx, &draft)?, entry))
    })
    .await
}

/// Writes a new draft inside a transaction.
pub(super) fn insert(
    desk: &Desk,
    tx: &mut Tx,
    id: Id<value::Application>,
    body: &NewApplication,
) -> Result<Application, Error> {
    let (benefit, form) = catalogue(&desk.house.pack, &body.benefit)?;
    let unknown = |error: Error| match error {
        Error::Missing => Error::field(
            "/applicant",
            "unknown",
            "There is no such dossier in this office.",
        ),
        other => other,
    };
    persons::store::holding_office(tx, &desk.scope, body.applicant).map_err(unknown)?;
    persons::not_own(tx, desk.session.officer, body.applicant)?;
    alive(tx, &desk.scope, body.applicant, &body.answers)?;
    parties::asks(tx, benefit, body.organisation)?;
    let draft = Application {
        id,
        revision: 1,
        office: desk.session.office,
        benefit: benefit.code.clone(),
        applicant: body.applicant,
        organisation: body.organisation,
        about: running::account(benefit, &body.answers),
        household: None,
        stage: Stage::Draft,
        number: None,
        answers: body.answers.clone(),
        opened_at: desk.now,
        opened_by: desk.session.officer,
        due_on: None,
    };
    check(desk, tx, form, &draft, &draft.answers)?;
    store::insert(tx, &draft)?;
    Ok(draft)
}

/// Replaces what is typed. Refuses with `Changed` where somebody saved meanwhile, and `NotADraft` once it is lodged.
pub(super) async fn save(
    may: &May<TakeApplications>,
    house: &House,
    id: Id<value::Application>,
    revision: i64,
    body: SaveDraft,
) -> Result<wire::Application, Error> {
    let desk = Desk::of(may, house);
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut draft = desk.load(tx, id)?;
        draft.stage.allows(Act::Save)?;
        if draft.revision != revision {
            return Err(Error::Changed(draft.revision));
        }
        let (benefit, form) = catalogue(&desk.house.pack, &draft.benefit)?;
        check(&desk, tx, form, &draft, &body.answers)?;
        draft.answers = body.answers.clone();
        draft.about = running::account(benefit, &draft.answers);
        store::save(tx, &mut draft)?;
        let entry = Entry::of("draft-saved")
            .person(draft.applicant)
            .matter(id)
            .value("answers", draft.answers.len());
        Ok((desk.see(tx, &draft)?, entry))
    })
    .await
}
